import { nowMs, pause } from '../clock.ts'
import { others, type Place } from '../server.ts'

/** What was seen from outside of an executor, on the clock of `nowMs`. */
export interface Seen {
  /** Its first connection. */
  readonly connectedAt: number | undefined
  /** The column is there for everybody. */
  readonly appliedAt: number | undefined
  /** The longest time that it had told the server to wait for locks while it stood in a queue. */
  readonly limitMs: number | undefined
}

export interface Watch {
  readonly seen: Seen
  stop(): Promise<void>
}

const everyMs = 5

/** Looks every 5 ms, alike for all executors. */
export async function startWatch(place: Place): Promise<Watch> {
  const client = await place.connect('watch')
  const { rows } = await client.query<{ oid: number }>(`select 'accounts'::regclass::oid::int as oid`)
  const look = {
    name: 'look',
    text: `select a.wait_event_type = 'Lock' as queued, left(a.query, 2000) as query,
        exists (select from pg_attribute where attrelid = $1 and attname = 'note' and not attisdropped) as applied
      from (values (1)) always left join pg_stat_activity a on ${others}`,
    values: [rows[0]?.oid],
  }
  const seen: { -readonly [Key in keyof Seen]: Seen[Key] } = { connectedAt: undefined, appliedAt: undefined, limitMs: undefined }
  let stopping = false

  async function watch(): Promise<void> {
    while (!stopping) {
      const due = nowMs() + everyMs
      const found = await client.query<{ queued: boolean | null; query: string | null; applied: boolean }>(look)
      const now = nowMs()
      for (const { queued, query, applied } of found.rows) {
        if (query !== null) seen.connectedAt ??= now
        if (applied) seen.appliedAt ??= now
        if (queued) seen.limitMs = Math.max(seen.limitMs ?? 0, limitIn(query ?? ''))
      }
      await pause(due - now)
    }
  }

  const watching = watch()
  watching.catch(() => {}) // whoever stops the watch learns of it
  return {
    seen,
    stop: () => {
      stopping = true
      return watching
    },
  }
}

/** What a message says of itself: the limit of the statement, which bounds all its locks together, before that of each lock. */
function limitIn(message: string): number {
  for (const setting of ['statement_timeout', 'lock_timeout']) {
    const values = [...message.matchAll(new RegExp(`\\b${setting}\\W+(\\d+)\\s*(ms|s)?`, 'g'))].map(
      ([, number, unit]) => Number(number) * (unit === 's' ? 1000 : 1),
    )
    const limits = values.filter((ms) => ms > 0)
    if (limits.length > 0) return Math.max(...limits)
  }
  return Number.POSITIVE_INFINITY
}
