import { z } from 'zod'

/**
 * What the schema of a database was made of at some moment: a short hash for each part of each object, so that another
 * moment can be compared and what changed can be named. `public.users` has the parts `table`, `column email` and so on.
 */
export const schemaNoteShape = z.object({
  /** Whose words the hashes are of: another major version may say the same in others. */
  serverMajor: z.int(),
  objects: z.record(z.string(), z.record(z.string(), z.string())),
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
  return names.flatMap((name) => {
    const [old, found] = [before, now].map(({ objects }) => (Object.hasOwn(objects, name) ? objects[name] : undefined))
    if (old === undefined) return [`${whole(found)} ${name} was added`]
    if (found === undefined) return [`${whole(old)} ${name} was removed`]
    return partChanges(name, old, found, sameWords)
  })
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
  return Object.keys(parts ?? {}).find((part) => !part.includes(' ')) ?? 'object'
}
