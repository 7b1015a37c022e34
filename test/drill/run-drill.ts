import { makeScratchCluster } from '../../src/adapters/postgres/scratch.ts'
import { openSource } from '../../src/adapters/postgres/source.ts'
import { makeWorkspace } from '../../src/adapters/workspace.ts'
import type { Context } from '../../src/commands/command.ts'
import restoreDrill from '../../src/commands/restore-drill.ts'
import type { InputName, InputValues } from '../../src/inputs.ts'
import { fakeContext } from '../fakes/context.ts'
import { givenTo } from '../fakes/given.ts'
import type { MemoryStore } from '../fakes/store.ts'
import { binDir } from '../postgres/server.ts'

const given = {
  store: 'file:///srv/backups',
  'pg-bin-dir': binDir,
  'install-tools': false,
  'allow-unsafe-client': true, // Debian's client lags behind the safe minors
  amcheck: 'never',
} as const

export interface DrillOptions {
  /** Where temporary folders are made. */
  readonly root: string
  readonly store: MemoryStore
  /** Files of smoke queries by name. */
  readonly smoke?: Readonly<Record<string, string>>
  readonly inputs?: { readonly [Name in InputName]?: InputValues[Name] | undefined }
  readonly context?: Partial<Context>
}

/** The command with the real cluster and a store in memory. */
export async function runDrill({ root, store, smoke, inputs, context: more }: DrillOptions) {
  const { context, lines } = fakeContext({
    openStore: async () => store,
    makeFolder: () => makeWorkspace({ roots: [root] }),
    openSource: (database, { stateSchema, lockWaitTimeoutMs, ...tools }) =>
      openSource({
        database,
        tools,
        stateSchema,
        lockWaitTimeoutMs,
        now: () => new Date(),
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
    givenTo(restoreDrill, { ...given, ...(smoke === undefined ? {} : { smoke: '/srv/app/db/smoke' }), ...inputs } as Partial<InputValues>),
    context,
  )
  const checks = Object.fromEntries((outcome.checks ?? []).map(({ id, status }) => [id, status]))
  return { outcome, checks, lines, store }
}
