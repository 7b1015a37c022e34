import type { ReleaseError } from '../../errors.ts'
import type { RelationName } from '../../sql/locks/names.ts'
import { MappedText } from '../../sql/mapped-text.ts'
import { parseStatements } from '../../sql/parse.ts'
import type { Attachment } from '../catalog.ts'
import { lockNeeds, unknownNeeds } from '../lock-needs.ts'
import { type Job, noted } from '../stand-alone-job.ts'
import { targetsOf } from './old-transactions.ts'
import { runPatiently, waitForOld } from './run-patiently.ts'

/**
 * DETACH PARTITION CONCURRENTLY. Once its first step is done the partition is on its way out, and only FINALIZE goes
 * on from there. Its last step locks the partition against everybody: when the application has to queue behind it,
 * it is cancelled, and finished in short attempts.
 */
export async function detachPartition(job: Job, table: RelationName, partition: RelationName): Promise<ReleaseError | undefined> {
  const { executor, script } = job.tools
  const { catalog, books } = executor
  const found = await catalog.attachment(table, partition)
  if (found?.state === 'detached' && job.known?.state === 'started') {
    await books.saveStep(script.migration, job.finished)
    return undefined
  }
  const what = `detaching ${partition.name}`
  const targets = found === undefined ? [] : targetsOf([found.table, found.partition], 'AccessExclusive')
  const state = async () => (await catalog.attachment(table, partition))?.state
  if (found === undefined) return runPatiently(job, { what, relations: [] })
  if (found.state === 'pending' && job.known !== undefined) {
    return noted(job, async (begin) => {
      await begin()
      return finalize(job, found, what)
    })
  }
  return runPatiently(job, {
    what,
    relations: targets,
    ready: () => waitForOld(job, what, { targets, snapshots: false }),
    clean: async () => ((await state()) === 'pending' ? pendingNote : ''),
    halfWay: { isReached: async () => (await state()) === 'pending', finish: () => finalize(job, found, what) },
  })
}

const pendingNote = ' It is half-way: the partition is no longer read through its table. The next run finishes it.'

async function finalize(job: Job, { table, partition }: Attachment, what: string): Promise<ReleaseError | undefined> {
  const { progress, script, send } = job.tools
  progress(`${script.migration.id}: ${what} is half-way; the rest is done in short attempts`)
  await waitForOld(job, what, { targets: targetsOf([table, partition], 'AccessExclusive'), snapshots: true })
  const sql = `alter table ${table.name} detach partition ${partition.name} finalize`
  const parsed = await parseStatements(sql)
  const needs = 'problem' in parsed ? unknownNeeds(parsed.problem.message) : lockNeeds(parsed.statements)
  const rest = { statements: [0], transactional: false, concurrent: false, session: false, effect: undefined, needs }
  return send({ sql: MappedText.generated(sql, job.unit.sql.fileOffset(0)), ...rest })
}
