import { type DrillRecord, readRecord, recordPrefix, recordsNewestFirst, type UnreadableRecord } from '../backup/drill-record.ts'
import type { Store } from '../backup/store.ts'
import type { Check } from '../result.ts'
import { formatMoment } from '../units.ts'

/** What is known of the drills of one backup: the newest that decides, and how many newer ones could not tell. */
export interface LastDrill {
  readonly drill: DrillRecord | UnreadableRecord | undefined
  readonly inconclusive: number
}

/** Reads the backup's own records, the newest first, and no more of them than it needs. */
export async function lastDrill(store: Store, dumpKey: string): Promise<LastDrill> {
  const objects = await store.list(recordPrefix(dumpKey))
  let inconclusive = 0
  for (const one of recordsNewestFirst(objects)) {
    const drill = await readRecord(store, one)
    if (drill === undefined) continue
    if ('problem' in drill || drill.verdict !== 'inconclusive') return { drill, inconclusive }
    inconclusive++
  }
  return { drill: undefined, inconclusive }
}

/** What a look at the backup says of it. */
export function checkRestored({ drill, inconclusive }: LastDrill): Check {
  const id = 'restored'
  if (drill === undefined) {
    const message = inconclusive === 0 ? 'never drilled' : `never restored by a drill; ${inconclusive} could not tell`
    return { id, status: 'not-checked', message }
  }
  if ('problem' in drill) return { id, status: 'not-checked', message: `the record ${drill.recordKey} cannot be read: ${drill.problem}` }
  const when = formatMoment(drill.at)
  if (drill.verdict === 'fail') return { id, status: 'fail', message: `its drill of ${when} failed: ${drill.reason.replace(/\.$/, '')}` }
  if (drill.levels.length === 0) return { id, status: 'not-checked', message: `its drill of ${when} does not say what it showed` }
  return { id, status: 'pass', value: drill.levels.join(', '), message: `by its drill of ${when}` }
}
