import type { Store } from '../backup/store.ts'
import type { WorkflowRun } from './protection/environment.ts'
import { personOf } from './protection/person.ts'
import { listRecords, type RecordPlace, readRecord, type StoredRecord } from './records.ts'

/** Runs that made a plan, as their records tell it. */
interface Planners {
  readonly runs: readonly WorkflowRun[]
  /** Keys of records that say nothing. */
  readonly damaged: readonly string[]
}

/** Every run that made the plan with this digest for this commit. Throws `records-unread`. */
export async function findPlanners(store: Store, place: RecordPlace, digest: string): Promise<Planners> {
  const list = await listRecords(store, place)
  const runs: WorkflowRun[] = []
  const damaged: string[] = []
  for (const object of list('plan')) {
    const record = await readRecord(store, object, place)
    if ('damaged' in record) damaged.push(record.key)
    else if (holds(record, digest) && record.run !== undefined) runs.push(runOf(record.run, place.commit))
  }
  return { runs, damaged }
}

function holds({ digests }: StoredRecord, digest: string): boolean {
  return typeof digests === 'object' && digests !== null && Object.values(digests).includes(digest)
}

function runOf(run: NonNullable<StoredRecord['run']>, commit: string): WorkflowRun {
  const { id, attempt, event, actor, actorId, triggeringActor } = run
  const people = [personOf(actor, actorId), personOf(triggeringActor === actor ? undefined : triggeringActor, undefined)]
  return { id, attempt: Number(attempt), event, commit, people: people.filter((one) => one !== undefined) }
}
