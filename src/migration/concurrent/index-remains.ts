import type { IndexStatement } from '../../sql/index-statement.ts'
import { asideName, type FoundIndex, type FoundTable } from '../catalog.ts'
import { interrupted } from '../execution-errors.ts'
import { type Job, placeOfJob, waitToolsOf } from '../stand-alone-job.ts'
import { dropRemains } from './drop-remains.ts'
import { invalidIndex, outwaited } from './errors.ts'
import { targetsOf } from './old-transactions.ts'
import { blame, tooLong, waitedBy, waitForOld } from './run-patiently.ts'
import { Ages, type WaitTools, waitOut } from './waiting.ts'

/** Where an index is to be built. */
export interface Site {
  readonly job: Job
  readonly statement: IndexStatement
  readonly table: FoundTable
  /** Such as `building accounts_email_idx`. */
  readonly what: string
}

/**
 * Makes ready for a build: nobody is in its way who would hold it up for long, and no half-built index has its name.
 * Returns the indexes that the table has then. A valid one of that name is left to the server to speak of.
 */
export async function clearWay(site: Site): Promise<readonly FoundIndex[]> {
  const { job, statement, table, what } = site
  for (let waited = false; ; ) {
    const indexes = await job.tools.executor.catalog.indexes(table)
    if (indexes.some(({ relname, valid }) => valid && relname === statement.name)) return indexes
    if (!waited) {
      await waitForOld(job, what, { targets: targetsOf([table], 'Share', 'ShareUpdateExclusive'), snapshots: true })
      waited = true
      continue
    }
    const remains = await findRemains(site, indexes)
    if (remains === undefined) return indexes
    await removeRemains(site, remains)
    waited = false
  }
}

/** After a build that failed: drops what it left. Says what became of it, as a sentence after a blank, or nothing. */
export async function clearOwn(site: Site, before: readonly FoundIndex[], ownOid: string | undefined, tools: WaitTools): Promise<string> {
  const { job, statement, table } = site
  const known = new Set(before.map(({ oid }) => oid))
  const fresh = (await job.tools.executor.catalog.indexes(table)).filter(({ oid, valid }) => !valid && !known.has(oid))
  const own = fresh.find(({ oid }) => oid === ownOid) ?? (await likeOurs(site, fresh))
  if (own === undefined) {
    const named = fresh.find(({ relname }) => relname === statement.name)
    return named === undefined ? '' : ` ${named.name} is there, invalid, and it is not certain that this statement made it.`
  }
  const end = await dropRemains(own, table, job, tools)
  if (end.state === 'dropped') return ' The half-built index was dropped.'
  const name = end.state === 'waits' ? end.name : own.name
  const why = { again: 'somebody works on it', waits: 'dropping it waits for others too', refused: 'it could not be dropped' }[end.state]
  return ` The half-built index is still there as ${name}: ${why}. The next run sees to it; by hand: drop index concurrently ${name}.`
}

/** An invalid index in the statement's place, wherever it comes from. */
async function findRemains(site: Site, indexes: readonly FoundIndex[]): Promise<FoundIndex | undefined> {
  const { statement, job } = site
  const invalid = indexes.filter(({ valid }) => !valid)
  const aside = invalid.find(({ oid, relname }) => relname === asideName(oid))
  if (aside !== undefined) return aside
  if (statement.name !== undefined) return invalid.find(({ relname }) => relname === statement.name)
  return job.known === undefined ? undefined : likeOurs(site, invalid) // without a name only an earlier try tells of it
}

/** Drops an invalid index, or waits for whoever is building it; either way everything has to be looked at again. */
async function removeRemains(site: Site, index: FoundIndex): Promise<void> {
  const { job, table, what } = site
  const { budget, now, sleep, signal } = waitToolsOf(job)
  if (await waitForBuilder(site, index)) return
  const reason = index.relname === asideName(index.oid) ? undefined : await whyNotOurs(site, index)
  if (reason !== undefined) throw invalidIndex(placeOfJob(job), index.name, reason)
  const end = await dropRemains(index, table, job, waitToolsOf(job))
  if (end.state === 'dropped') return
  if (end.state === 'refused') throw invalidIndex(placeOfJob(job), index.name, `It could not be dropped: ${end.reason}.`)
  if (end.state === 'waits' && !signal.aborted) {
    blame(job, end.blockers)
    const left = ` An earlier build left ${index.name} invalid; it has to be dropped first, and is called ${end.name} now.`
    throw outwaited(waitedBy(job, what, end.blockers), left)
  }
  if (signal.aborted) throw interrupted()
  if (budget.leftMs <= 0) throw tooLong(job, what, [])
  const from = now()
  await sleep(250, signal)
  budget.leftMs -= now() - from
}

/** Whether somebody works on an index, or on its table in a way that building one does; waits until they have ended. */
async function waitForBuilder({ job, table, what }: Site, index: FoundIndex): Promise<boolean> {
  const { executor, now } = job.tools
  const ages = new Ages()
  const builders = async () => {
    const holders = await executor.holders(targetsOf([table, index], 'ShareUpdateExclusive'))
    return ages.of(
      holders.filter(({ kind }) => kind !== 'autovacuum'),
      now(),
    )
  }
  if ((await builders()).length === 0) return false
  const text = `${what} waits, since ${index.name} is not finished,`
  const still = await waitOut({ text, inTheWay: builders, mayMeetOthers: false }, waitToolsOf(job))
  if (still.length > 0) throw tooLong(job, what, still)
  return true
}

async function whyNotOurs(site: Site, index: FoundIndex): Promise<string | undefined> {
  if (index.bound) return 'It belongs to an index of a partitioned table or to a constraint, so it is not for this statement to drop.'
  const alike = await site.job.tools.executor.catalog.alike(site.statement, site.table)
  if ('problem' in alike) return `Whether it is what this statement builds could not be found out: ${alike.problem}.`
  return alike.oids.has(index.oid) ? undefined : 'It is another index than this statement builds.'
}

/** The first of these that is what the statement builds, under the name that it has, or would be given. */
async function likeOurs({ statement, table, job }: Site, indexes: readonly FoundIndex[]): Promise<FoundIndex | undefined> {
  if (indexes.length === 0) return undefined
  const alike = await job.tools.executor.catalog.alike(statement, table)
  if ('problem' in alike) return undefined
  return indexes.find(
    ({ oid, relname, bound }) => !bound && alike.oids.has(oid) && (relname === statement.name || isNumbered(relname, alike)),
  )
}

/** The server puts a number behind a name that is taken. */
function isNumbered(relname: string, { chosenName }: { readonly chosenName: string | undefined }): boolean {
  return chosenName !== undefined && relname.startsWith(chosenName) && /^\d*$/.test(relname.slice(chosenName.length))
}
