import type { ReleaseError } from '../../errors.ts'
import { readIndexStatement } from '../../sql/index-statement.ts'
import type { FoundIndex } from '../catalog.ts'
import type { SqlFailure } from '../executor.ts'
import { doubt, type Job, placeOfJob } from '../stand-alone-job.ts'
import { duplicatesHint } from './duplicates.ts'
import { invalidIndex, nameTaken } from './errors.ts'
import { clearOwn, clearWay, type Site } from './index-remains.ts'
import { targetsOf } from './old-transactions.ts'
import { pieceByPiece } from './partitioned-index.ts'
import { runPatiently } from './run-patiently.ts'

/** CREATE INDEX CONCURRENTLY. Success means that the index is there and valid, whatever IF NOT EXISTS takes for granted. */
export async function buildIndex(job: Job): Promise<ReleaseError | undefined> {
  const { executor, script, progress } = job.tools
  const statement = await readIndexStatement(job.unit.sql.text)
  const table = statement && (await executor.catalog.table(statement.table))
  if (statement === undefined || table === undefined) return runPatiently(job, { what: 'building an index', relations: [] })
  const what = `building ${statement.name ?? `an index on ${table.name}`}`
  const site: Site = { job, statement, table, what }
  if (job.known?.state === 'started' && (await isBuilt(site))) {
    progress(`${script.migration.id}: ${what} had ended when an earlier run was cut off`)
    await executor.books.saveStep(script.migration, job.finished)
    return undefined
  }
  // the server refuses it at once: there is nothing to be made ready or taken away
  if (table.kind === 'partitioned') return runPatiently(job, { what, relations: [], advise: () => partitionedHint(site) })
  return build(site)
}

/** IF NOT EXISTS may meet an index that somebody began meanwhile: that one is waited for, or cleared away, in the next round. */
const rounds = 3

function build(site: Site): Promise<ReleaseError | undefined> {
  const { job, statement, table, what } = site
  let before: readonly FoundIndex[] = []
  let round = 0
  return runPatiently(job, {
    what,
    relations: targetsOf([table], 'Share'),
    ready: async () => {
      before = await clearWay(site)
    },
    confirm: async () => {
      if (statement.name === undefined) return undefined
      const built = (await job.tools.executor.catalog.indexes(table)).find(({ relname }) => relname === statement.name)
      if (built === undefined) return nameTaken(placeOfJob(job), statement.name, table.name)
      if (!built.valid)
        return ++round < rounds ? 'again' : invalidIndex(placeOfJob(job), built.name, 'IF NOT EXISTS took it for the index.')
      if (before.some(({ oid }) => oid === built.oid)) await warnOfAnother(site, built)
      return undefined
    },
    clean: (end, tools) => clearOwn(site, before, end.indexOid, tools),
    advise: async (failure) => adviceOn(failure, site),
  })
}

/**
 * Whether the statement of an earlier run took effect: its index is there, whole, and as the statement has it. Without
 * a name any index like it will do, since a second one would serve nobody.
 */
async function isBuilt(site: Site): Promise<boolean> {
  const { job, statement, table } = site
  const { catalog } = job.tools.executor
  const valid = (await catalog.indexes(table)).filter((index) => index.valid)
  const candidates = statement.name === undefined ? valid : valid.filter(({ relname }) => relname === statement.name)
  if (candidates.length === 0) return false
  const alike = await catalog.alike(statement, table)
  if ('problem' in alike) {
    const note = `There is an index of this name, and whether it is this one could not be found out: ${alike.problem}. `
    throw doubt(job, note)
  }
  return candidates.some(({ oid }) => alike.oids.has(oid))
}

async function warnOfAnother({ job, statement, table }: Site, found: FoundIndex): Promise<void> {
  const { executor, progress, script } = job.tools
  const alike = await executor.catalog.alike(statement, table)
  if ('problem' in alike || alike.oids.has(found.oid)) return
  progress(`${script.migration.id}: IF NOT EXISTS skipped ${found.name}: an index of this name is there, with another definition`)
}

function adviceOn({ sqlstate }: SqlFailure, { statement, table }: Site): string | undefined {
  if (sqlstate === '23505') return duplicatesHint(statement, table)
  if (sqlstate === '53100') return 'Make room on the disk of the server, and run the same command again.'
  return undefined
}

async function partitionedHint({ job, statement, table }: Site): Promise<string> {
  return pieceByPiece(statement, table, await job.tools.executor.catalog.partitions(table))
}
