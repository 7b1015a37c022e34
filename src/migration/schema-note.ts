import { z } from 'zod'

/**
 * What the schema of a database was made of at some moment: a short hash for each part of each object, so that another
 * moment can be compared and what changed can be named. `public.users` has the parts `table`, `column email` and so on.
 */
export const schemaNoteShape = z.object({
  /** Whose words the hashes are of: another major version may say the same in others. */
  serverMajor: z.int(),
  objects: z.record(z.string(), z.record(z.string(), z.string())),
  /** The table that each partition belongs to. */
  partitions: z.record(z.string(), z.string()).optional(),
})
export type SchemaNote = z.infer<typeof schemaNoteShape>

/** A note, and the run that took it. */
export interface RecordedSchema {
  readonly note: SchemaNote
  readonly project: string
  readonly release: string
  readonly at: Date
}

/** What changed from one moment to another, an object or a part of one a line. */
export function schemaChanges(before: SchemaNote, now: SchemaNote): readonly string[] {
  const sameWords = before.serverMajor === now.serverMajor
  const names = [...new Set([...Object.keys(before.objects), ...Object.keys(now.objects)])].sort()
  const partitions = new PartitionChanges(before, now)
  const changes = names.flatMap((name) => {
    const [old, found] = [before, now].map(({ objects }) => (Object.hasOwn(objects, name) ? objects[name] : undefined))
    if (partitions.take(name, old === undefined ? 'added' : found === undefined ? 'removed' : undefined)) return []
    if (old === undefined) return [`${whole(found)} ${name} was added`]
    if (found === undefined) return [`${whole(old)} ${name} was removed`]
    return partChanges(name, old, found, sameWords)
  })
  return [...partitions.lines(), ...changes]
}

/** A job that makes partitions every day would bury what somebody should look at: they are counted by table. */
class PartitionChanges {
  readonly #notes: readonly SchemaNote[]
  readonly #found = new Map<string, string[]>()

  constructor(...notes: readonly SchemaNote[]) {
    this.#notes = notes
  }

  /** Whether a whole object is only another partition of a table that stays. */
  take(name: string, change: 'added' | 'removed' | undefined): boolean {
    const note = change === 'added' ? this.#notes[1] : this.#notes[0]
    if (change === undefined || note === undefined) return false
    let parent = parentOf(note, name)
    for (let levels = 0; parent !== undefined && !this.#isInBoth(parent) && levels < 100; levels++) parent = parentOf(note, parent)
    if (parent === undefined || !this.#isInBoth(parent)) return false
    const key = JSON.stringify([parent, change])
    this.#found.set(key, [...(this.#found.get(key) ?? []), name])
    return true
  }

  lines(): string[] {
    return [...this.#found].map(([key, names]) => {
      const [parent, change] = JSON.parse(key) as [string, string]
      const which =
        names.length === 1
          ? `a partition was ${change}, ${names[0]}`
          : `${names.length} partitions were ${change}, ${names[0]} to ${names.at(-1)}`
      return `${whole(this.#notes[1]?.objects[parent])} ${parent}: ${which}`
    })
  }

  #isInBoth(name: string): boolean {
    return this.#notes.every(({ objects }) => Object.hasOwn(objects, name))
  }
}

function parentOf({ partitions = {} }: SchemaNote, name: string): string | undefined {
  return Object.hasOwn(partitions, name) ? partitions[name] : undefined
}

type Parts = Readonly<Record<string, string>>

function partChanges(name: string, old: Parts, found: Parts, sameWords: boolean): string[] {
  const parts = [...new Set([...Object.keys(old), ...Object.keys(found)])].sort()
  const about = `${whole(found)} ${name}`
  return parts.flatMap((part) => {
    const [before, now] = [old, found].map((one) => (Object.hasOwn(one, part) ? one[part] : undefined))
    const what = part.includes(' ') ? `${about}: ${part}` : about
    if (before === undefined) return [`${what} was added`]
    if (now === undefined) return [`${what} was removed`]
    return before === now || !sameWords ? [] : [`${what} was changed`]
  })
}

/** The kind of the object itself; its parts have a name behind their kind. */
function whole(parts: Parts | undefined): string {
  return (Object.keys(parts ?? {}).find((part) => !part.includes(' ')) ?? 'object').replaceAll('-', ' ')
}
