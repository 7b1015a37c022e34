import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { z } from 'zod'
import { messageOf, ReleaseError } from '../errors.ts'
import { catalogObjectSchema } from './content.ts'
import { contentsKeyOf, rolesKeyOf } from './key.ts'
import { membershipSchema } from './membership.ts'
import type { Store } from './store.ts'

const schemaName = 'shiplock/backup-contents@1'

const contentsSchema = z.object({
  schema: z.literal(schemaName),
  /** Whose words the definitions are in: another major version may say the same in others. */
  serverMajor: z.int().positive(),
  /** Of all roles of the server, as they were beside the roles; missing where none are kept, and in older backups. */
  memberships: z.array(membershipSchema).optional(),
  objects: z.array(catalogObjectSchema),
})
type Contents = z.infer<typeof contentsSchema>

/** An object that lies beside a dump, as its manifest names it. */
export const besideSchema = z.object({
  key: z.string(),
  sizeBytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
type Beside = z.infer<typeof besideSchema>

/** Keeps the list of what a dump holds beside it: in the manifest it would have to be read whenever a backup is looked for. */
export function writeContents(store: Store, dumpKey: string, given: Omit<Contents, 'schema'>, signal: AbortSignal): Promise<Beside> {
  const contents: Contents = { schema: schemaName, ...given }
  const lines = contents.objects.map((object) => JSON.stringify(object)).join(',\n')
  const head = JSON.stringify({ ...contents, objects: undefined }).slice(0, -1)
  return write(store, contentsKeyOf(dumpKey), `${head},"objects":[\n${lines}\n]}\n`, signal)
}

export function writeRoles(store: Store, dumpKey: string, sql: string, signal: AbortSignal): Promise<Beside> {
  return write(store, rolesKeyOf(dumpKey), sql, signal)
}

/** Throws `backup-damaged` when what lies there is not what the manifest names. */
export async function readContents(store: Store, beside: Beside): Promise<Contents> {
  const bytes = await readBeside(store, beside)
  try {
    return contentsSchema.parse(JSON.parse(bytes.toString()))
  } catch (error) {
    throw damaged(beside.key, messageOf(error), error)
  }
}

/** The bytes of an object that lies beside a dump. Throws `backup-damaged` when they are not what the manifest names. */
export async function readBeside(store: Store, { key, sizeBytes, sha256 }: Beside): Promise<Buffer> {
  const found = await store.head(key)
  if (found?.sizeBytes !== sizeBytes) throw damaged(key, found === undefined ? 'it is missing' : 'it has another size')
  const bytes = await buffer(await store.get(key))
  if (hashOf(bytes) !== sha256) throw damaged(key, 'its SHA-256 is another one')
  return bytes
}

async function write(store: Store, key: string, content: string, signal: AbortSignal): Promise<Beside> {
  const bytes = Buffer.from(content)
  await store.put(key, Readable.from([bytes]), signal, { expectedBytes: bytes.length })
  return { key, sizeBytes: bytes.length, sha256: hashOf(bytes) }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function damaged(key: string, problem: string, cause?: unknown): ReleaseError {
  return new ReleaseError('backup-damaged', `${key} is not what was written beside the dump: ${problem}.`, {
    hint: 'Name another backup with key, or make a new one with backup.',
    cause,
  })
}
