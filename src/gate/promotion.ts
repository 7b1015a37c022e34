import { clockSkewMs } from '../backup/age.ts'
import type { Store, StoredObject } from '../backup/store.ts'
import type { Check } from '../result.ts'
import { formatDuration } from '../units.ts'
import { oneLine } from '../visible-text.ts'
import { listRecords, type RecordList, type RecordPlace, readRecord, type StoredRecord } from './records.ts'

/** What an earlier environment must have shown of a commit before the next one may have it. */
export interface PromotionDemand {
  readonly place: RecordPlace
  /** Commands whose newest record must be a success. */
  readonly commands: readonly string[]
  readonly maxAgeMs: number
  readonly now: Date
}

/** What became of one command there. */
export interface PromotionStep {
  readonly command: string
  readonly check: Check
  /** Missing where there is none. */
  readonly record?: { readonly key: string; readonly verdict: string; readonly finishedAt: string; readonly release: string | undefined }
  /** Why nobody can tell; then the check is no failure. */
  readonly unknown?: string
}

/** Looks at each command's newest record of this very commit. Throws `records-unread`. */
export async function judgePromotion(store: Store, demand: PromotionDemand): Promise<readonly PromotionStep[]> {
  const list = await listRecords(store, demand.place)
  const steps: PromotionStep[] = []
  for (const command of demand.commands) steps.push(await judgeStep(command, list, store, demand))
  return steps
}

async function judgeStep(command: string, list: RecordList, store: Store, demand: PromotionDemand): Promise<PromotionStep> {
  const { environment, commit } = demand.place
  for (const object of candidates(command, list)) {
    const record = await readRecord(store, object, demand.place)
    if ('damaged' in record) return undecided(command, `the record ${record.key} is damaged: ${record.damaged}`)
    if (!counts(record)) continue
    return judged(command, record, demand)
  }
  const message = `${command} has no record of ${commit.slice(0, 12)} in ${environment}`
  return { command, check: { id: idOf(command), status: 'fail', message } }
}

/** A person who promotes after a hold notes it with `record`, whose records say so beside those of the canary. */
function candidates(command: string, list: RecordList): readonly StoredObject[] {
  if (command !== 'canary') return list(command)
  const stampOf = ({ key }: StoredObject) => key.slice(key.lastIndexOf('/') + 1)
  return [...list('canary'), ...list('record')].sort((one, other) => (stampOf(one) < stampOf(other) ? 1 : -1))
}

/** A look at the checks beforehand or at earlier days is no watch, and a deploy that was noted is no promotion. */
function counts({ command, checkOnly, backtest, fact }: StoredRecord): boolean {
  if (command === 'canary') return checkOnly !== true && backtest === undefined
  return command !== 'record' || fact === 'promoted'
}

function judged(command: string, record: StoredRecord, { place, maxAgeMs, now }: PromotionDemand): PromotionStep {
  const { key, verdict, finishedAt, release } = record
  const facts = { command, record: { key, verdict, finishedAt, release } }
  const ageMs = now.getTime() - Date.parse(finishedAt)
  const age = formatDuration(Math.max(0, ageMs))
  const check = { id: idOf(command), value: `${verdict}, ${age} ago` }
  if (ageMs < -clockSkewMs) return { ...facts, ...undecided(command, `the record ${key} says that it is from the future`) }
  if (!succeeded(record)) {
    const message = `the newest ${command} in ${place.environment} ended in ${verdict}: ${record.reason}`
    return { ...facts, check: { ...check, status: 'fail', message: oneLine(message) } }
  }
  const limit = formatDuration(maxAgeMs)
  if (ageMs > maxAgeMs) {
    const message = `the newest ${command} in ${place.environment} is ${age} old, and ${limit} is the limit`
    return { ...facts, check: { ...check, status: 'fail', limit, message } }
  }
  return { ...facts, check: { ...check, status: 'pass', limit } }
}

/** A watch ends well in one word alone; everything else in `pass`. */
function succeeded({ command, verdict }: StoredRecord): boolean {
  return verdict === (command === 'canary' ? 'promote' : 'pass')
}

function undecided(command: string, why: string): PromotionStep {
  return { command, check: { id: idOf(command), status: 'not-checked', message: oneLine(why) }, unknown: oneLine(why) }
}

function idOf(command: string): string {
  return `promoted-${command}`
}
