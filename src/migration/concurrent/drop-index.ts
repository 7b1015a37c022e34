import type { ReleaseError } from '../../errors.ts'
import type { RelationName } from '../../sql/locks/names.ts'
import { doubt, type Job } from '../stand-alone-job.ts'
import { targetsOf } from './old-transactions.ts'
import { runPatiently, waitForOld } from './run-patiently.ts'

/**
 * DROP INDEX CONCURRENTLY. Its first step takes the index from every query and only then waits for all who use the
 * table: so nothing is begun while somebody would keep it there. Interrupted, it is right to run it again.
 */
export async function dropIndex(job: Job, name: RelationName): Promise<ReleaseError | undefined> {
  const { executor, script } = job.tools
  const { catalog, books } = executor
  const found = await catalog.index(name)
  if (job.known?.state === 'started' && found === undefined) {
    await books.saveStep(script.migration, job.finished)
    return undefined
  }
  // under a search path the same name may mean another index once the first is gone
  if (job.known !== undefined && found?.first === false && found.index.valid)
    throw doubt(job, `There is another index of this name now, ${found.index.name}. `)
  const what = `dropping ${found?.index.name ?? name.name}`
  const targets = found === undefined ? [] : targetsOf([found.table], 'AccessExclusive')
  return runPatiently(job, {
    what,
    relations: targets,
    ready: () => waitForOld(job, what, { targets, snapshots: false }),
    clean: async () => {
      const left = await catalog.index(name)
      if (found === undefined || left === undefined || left.index.valid || left.index.oid !== found.index.oid) return ''
      return ' It is invalid now: no query uses it, and each write still maintains it, until it is dropped.'
    },
  })
}
