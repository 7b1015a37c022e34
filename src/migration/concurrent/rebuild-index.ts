import type { ReleaseError } from '../../errors.ts'
import type { RelationName } from '../../sql/locks/names.ts'
import type { RebuildRemains } from '../catalog.ts'
import type { Job } from '../stand-alone-job.ts'
import { dropHalfBuilt } from './drop-remains.ts'
import { targetsOf } from './old-transactions.ts'
import { runPatiently, waitForOld } from './run-patiently.ts'
import type { WaitTools } from './waiting.ts'

/**
 * REINDEX CONCURRENTLY builds a second index beside each one. What an interrupted one leaves of those is dropped when
 * it was not there before and nobody works on its table; what an earlier run may have left is only named.
 */
export async function rebuildIndexes(job: Job, relation: RelationName | undefined): Promise<ReleaseError | undefined> {
  const { executor, progress, script } = job.tools
  const { catalog } = executor
  const tables = relation === undefined ? [] : await catalog.rebuiltTables(relation)
  const what = `rebuilding ${relation?.name ?? 'indexes'}`
  const targets = targetsOf(tables, 'AccessExclusive')
  let before: ReadonlySet<string> = new Set()
  const error = await runPatiently(job, {
    what,
    relations: targets,
    ready: async () => {
      await waitForOld(job, what, { targets, snapshots: true })
      before = new Set((await catalog.rebuildRemains(relation)).map(({ oid }) => oid))
    },
    clean: async (_, tools) => {
      if (relation === undefined) return ''
      const fresh = (await catalog.rebuildRemains(relation)).filter(({ oid }) => !before.has(oid))
      for (const remains of fresh) await dropUnused(remains, job, tools)
      return ''
    },
  })
  if (error?.code === 'connection-lost') return error
  for (const { name, table } of await catalog.rebuildRemains(relation)) {
    progress(
      `${script.migration.id}: ${name} is left, invalid, of an interrupted REINDEX of ${table.name}; when nobody is at it: drop index concurrently ${name};`,
    )
  }
  return error
}

async function dropUnused({ oid, relname, name, table }: RebuildRemains, job: Job, tools: WaitTools): Promise<void> {
  const { executor, progress, script } = job.tools
  const users = await executor.holders(targetsOf([table, { oid, relname, name }], 'ShareUpdateExclusive'))
  if (users.some(({ kind }) => kind !== 'autovacuum')) return
  progress(`${script.migration.id}: ${name} was left half-built; it is dropped`)
  await dropHalfBuilt(name, table, job, tools) // what is still there afterwards is named
}
