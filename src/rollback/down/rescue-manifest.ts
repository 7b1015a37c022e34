import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { z } from 'zod'
import type { Store } from '../../backup/store.ts'
import { ReleaseError } from '../../errors.ts'

const count = z.string().regex(/^\d+$/)

/** The JSON that is written last, once the file was read back: without it, a file is no rescue copy. */
export const rescueManifestSchema = z.object({
  schema: z.literal('shiplock/rescue-manifest@1'),
  tool: z.string(),
  project: z.string(),
  environment: z.string(),
  migration: z.string(),
  run: z.object({ id: z.string(), attempt: z.string(), host: z.string() }),
  source: z.object({
    database: z.string(),
    serverVersion: z.string(),
    systemIdentifier: z.string().optional(),
    databaseOid: z.string(),
    snapshotAt: z.iso.datetime(),
  }),
  object: z.object({ key: z.string(), sizeBytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/), rows: count }),
  losses: z.array(z.object({ what: z.string(), place: z.string(), count: count.optional(), mark: z.string().optional() })),
  /** One line for a shell. */
  command: z.string(),
})
export type RescueManifest = z.infer<typeof rescueManifestSchema>

/** Throws `rescue-failed` when the store gives back something else than was written. */
export async function writeRescueManifest(store: Store, key: string, manifest: RescueManifest, signal: AbortSignal): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify(rescueManifestSchema.parse(manifest), undefined, 2)}\n`)
  await store.put(key, Readable.from([bytes]), signal)
  if ((await buffer(await store.get(key))).equals(bytes)) return
  throw new ReleaseError('rescue-failed', `${key}: the store gives back something else than was written.`, {
    hint: 'Nothing was changed in the database. Look after the store, and run it again.',
  })
}
