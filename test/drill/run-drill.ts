import { readFile } from 'node:fs/promises'
import { makeScratchCluster } from '../../src/adapters/postgres/scratch.ts'
import { openSource } from '../../src/adapters/postgres/source.ts'
import { makeWorkspace } from '../../src/adapters/workspace.ts'
import { manifestKeyOf } from '../../src/backup/key.ts'
import type { Manifest } from '../../src/backup/manifest.ts'
import type { Context } from '../../src/commands/command.ts'
import restoreDrill from '../../src/commands/restore-drill.ts'
import { fakeContext } from '../fakes/context.ts'
import { type MemoryStore, memoryStore } from '../fakes/store.ts'
import { binDir } from '../postgres/server.ts'

const given = {
  store: 'file:///srv/backups',
  key: undefined,
  file: undefined,
  source: 'stored',
  'database-url': undefined,
  'expect-database': undefined,
  'lock-wait-timeout': 30_000,
  'max-backup-age': undefined,
  'max-data-loss': undefined,
  'max-restore-time': undefined,
  'min-tables': 1,
  smoke: undefined,
  'smoke-timeout': 10_000,
  amcheck: 'never',
  keep: false,
  'pg-bin-dir': binDir,
  'install-tools': false,
  'show-data': false,
  'state-schema': 'shiplock',
}

export interface DrillOptions {
  /** Where temporary folders are made. */
  readonly root: string
  readonly store: MemoryStore
  /** Files of smoke queries by name. */
  readonly smoke?: Readonly<Record<string, string>>
  readonly inputs?: Partial<Record<keyof typeof given, unknown>>
  readonly context?: Partial<Context>
}

/** The command with the real cluster and a store in memory. */
export async function runDrill({ root, store, smoke, inputs, context: more }: DrillOptions) {
  const { context, lines } = fakeContext({
    openStore: async () => store,
    makeFolder: () => makeWorkspace({ roots: [root] }),
    openSource: (database, { stateSchema, ...tools }) =>
      openSource({
        database,
        tools,
        stateSchema,
        env: process.env,
        applicationName: 'drill',
        roots: [root],
        say: (text) => lines.push(text),
      }),
    makeScratchCluster: (wanted) =>
      makeScratchCluster({ ...wanted, roots: [root], env: process.env, say: (text) => lines.push(text), signal: context.signal }),
    readFolder: async () =>
      smoke === undefined
        ? undefined
        : Object.entries(smoke).map(([name, text]) => ({ name, path: `db/smoke/${name}`, bytes: Buffer.from(text) })),
    ...more,
  })
  const outcome = await restoreDrill.run(
    { ...given, ...(smoke === undefined ? {} : { smoke: '/srv/app/db/smoke' }), ...inputs } as never,
    context,
  )
  const checks = Object.fromEntries((outcome.checks ?? []).map(({ id, status }) => [id, status]))
  return { outcome, checks, lines, store }
}

/** A store with one backup, whose manifest may say something else than the truth. */
export async function storeWith(manifest: Manifest, archivePath: string): Promise<MemoryStore> {
  const store = memoryStore()
  store.objects.set(manifest.object.key, await readFile(archivePath))
  store.objects.set(manifestKeyOf(manifest.object.key), Buffer.from(JSON.stringify(manifest)))
  return store
}
