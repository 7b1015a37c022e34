import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { recordsPrefix } from '../backup/record.ts'
import type { Store, StoredObject } from '../backup/store.ts'
import { messageOf, ReleaseError } from '../errors.ts'

/** The result of a command as it was kept in the store. */
export type StoredRecord = z.output<typeof recordSchema> & { readonly key: string }

/** One that is there and says nothing. */
export interface DamagedRecord {
  readonly key: string
  readonly damaged: string
}

export interface RecordPlace {
  readonly project: string
  readonly commit: string
  readonly environment: string
}

/** Records of a commit in an environment, by command, the newest first. */
export type RecordList = (command: string) => readonly StoredObject[]

const largestBytes = 4 * 1024 * 1024

const recordSchema = z.looseObject({
  command: z.string(),
  environment: z.string().optional(),
  verdict: z.string(),
  reason: z.string(),
  release: z.string().optional(),
  finishedAt: z.iso.datetime(),
  /** Older records do not say who ran them. */
  run: z
    .object({
      id: z.string(),
      attempt: z.string(),
      actor: z.string().optional(),
      actorId: z.string().optional(),
      triggeringActor: z.string().optional(),
      event: z.string().optional(),
    })
    .optional(),
})

/** Throws `records-unread` when the store cannot be asked. */
export async function listRecords(store: Store, { project, commit, environment }: RecordPlace): Promise<RecordList> {
  const prefix = recordsPrefix(project, commit, environment)
  const objects = await asked(store, () => store.list(prefix))
  return (command) => {
    const isOfCommand = (file: string) =>
      /^\d{8}T\d{6}Z-/.test(file) && file.startsWith(`${command}-`, stampLength) && file.endsWith('.json')
    return objects.filter(({ key }) => isOfCommand(key.slice(prefix.length))).reverse()
  }
}

const stampLength = '20261121T140410Z-'.length

/** Throws `records-unread` when the store cannot be asked; what it holds may still be damaged. */
export async function readRecord(
  store: Store,
  { key, sizeBytes }: StoredObject,
  place: RecordPlace,
): Promise<StoredRecord | DamagedRecord> {
  if (sizeBytes > largestBytes) return { key, damaged: 'it is too large for a record' }
  const content = await asked(store, async () => text(await store.get(key)))
  let json: unknown
  try {
    json = JSON.parse(content)
  } catch {
    return { key, damaged: 'it is no JSON' }
  }
  const record = recordSchema.safeParse(json)
  if (!record.success) return { key, damaged: `it lacks what a record has (${record.error.issues[0]?.path.join('.') || 'no object'})` }
  const { environment = place.environment, command } = record.data
  if (environment !== place.environment || !key.includes(`Z-${command}-`))
    return { key, damaged: 'it is of another place than its key says' }
  return { ...record.data, key }
}

async function asked<T>(store: Store, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    const hint = cause instanceof ReleaseError ? cause.hint : undefined
    throw new ReleaseError(
      'records-unread',
      `The records in ${store.description} cannot be read: ${messageOf(cause).replace(/\.$/, '')}.`,
      {
        hint: hint ?? 'Check store and its keys; the gate reads what earlier steps of the release kept there.',
        cause,
      },
    )
  }
}
