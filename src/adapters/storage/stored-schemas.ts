import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { Store } from '../../backup/store.ts'
import { type RecordedSchema, schemaNoteShape } from '../../migration/schema-note.ts'

const stored = z.object({
  stamp: z.string(),
  project: z.string(),
  release: z.string(),
  at: z.iso.datetime(),
  note: schemaNoteShape,
})

/** Notes of the schema, numbered from 1: beside the entries of the history, which are read again by every run. */
export class StoredSchemas {
  readonly #store: Store
  readonly #folder: string

  constructor(store: Store, folder: string) {
    this.#store = store
    this.#folder = folder
  }

  async put(one: z.input<typeof stored>): Promise<void> {
    const number = Number(/(\d{12})\.json$/.exec((await this.#last()) ?? '')?.[1] ?? 0) + 1
    const key = `${this.#folder}${String(number).padStart(12, '0')}.json`
    await this.#store.put(key, Readable.from([`${JSON.stringify(one)}\n`]), AbortSignal.any([]))
  }

  /** The last, if it is of the database with this stamp; one that cannot be read says nothing. */
  async newest(stamp: string): Promise<RecordedSchema | undefined> {
    const key = await this.#last()
    if (key === undefined) return undefined
    const one = stored.safeParse(parse(await text(await this.#store.get(key)))).data
    if (one?.stamp !== stamp) return undefined
    return { note: one.note, project: one.project, release: one.release, at: new Date(one.at) }
  }

  async #last(): Promise<string | undefined> {
    const keys = (await this.#store.list(this.#folder)).map(({ key }) => key).filter((key) => /\/\d{12}\.json$/.test(key))
    return keys.sort().at(-1)
  }
}

function parse(given: string): unknown {
  try {
    return JSON.parse(given)
  } catch {
    return undefined
  }
}
