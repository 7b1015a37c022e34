import { type Check, withDefaults } from '../../canary/check.ts'
import type { Examination, Probe } from '../../canary/probe.ts'
import type { Sample, Window } from '../../canary/sample.ts'
import type { DatabaseInputs } from '../../commands/command.ts'
import { describeConnection } from '../../connection.ts'
import { messageOf } from '../../errors.ts'
import { openClient } from '../postgres/client.ts'
import { assumeRole } from '../postgres/session.ts'
import { describeSkew } from './clock-skew.ts'
import { examineSamples, sentence } from './examine-samples.ts'
import { askForNumber, hasMoments } from './sql-number.ts'

interface SqlSource {
  readonly database: DatabaseInputs
  readonly applicationName: string
  readonly now: () => Date
}

/**
 * The database itself. A query that names `$start` and `$end` is asked for any window; any other tells what is so at this
 * moment, which stands for the window that has just ended, and for none before.
 */
export function sqlProbe(source: SqlSource): Probe {
  return {
    sample: (check, windows, { signal }) => sampleAll(source, check, windows, signal),
    examine: (check, windows, signal) => examine(source, check, windows, signal),
    queryOf: (check) => check.sql ?? '',
  }
}

/** How long the present stands for a window that has ended, at least: the data of metrics takes as long to settle. */
const freshMs = 2 * 60_000

async function sampleAll(source: SqlSource, check: Check, windows: readonly Window[], signal: AbortSignal): Promise<readonly Sample[]> {
  const sql = check.sql ?? ''
  const { windowMs } = withDefaults(check)
  const now = source.now().getTime()
  const isPresent = ({ endMs }: Window, index: number) =>
    index === windows.length - 1 && Math.abs(now - endMs) <= Math.max(freshMs, windowMs)
  const asked = windows.map((window, index) => hasMoments(sql) || isPresent(window, index))
  if (!asked.includes(true)) return windows.map(() => ({ state: 'empty' }))
  const timeoutMs = Math.min(10_000, windowMs / 10)
  const samples: Sample[] = []
  try {
    await using session = await openReader(source, timeoutMs)
    const stop = () => void session[Symbol.asyncDispose]()
    signal.addEventListener('abort', stop, { once: true })
    try {
      for (const [index, window] of windows.entries()) {
        if (signal.aborted) throw new Error('the watch was stopped')
        const sample = asked[index] ? await askForNumber(session.client, sql, window, timeoutMs) : ({ state: 'empty' } as const)
        samples.push(sample.state === 'empty' && asked[index] && check.empty === 'zero' ? { state: 'value', value: 0 } : sample)
      }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  } catch (error) {
    const message = `${describeConnection(source.database.connection)}: ${messageOf(error)}`
    while (samples.length < windows.length) samples.push({ state: 'error', message })
  }
  return samples
}

/** A session that can write nothing, waits for no lock, and ends by itself when nobody is there any more. */
async function openReader({ database, applicationName }: SqlSource, timeoutMs: number) {
  const session = await openClient({ ...database, applicationName })
  try {
    await assumeRole(session.client, database.role)
    await session.client.query(
      `set default_transaction_read_only = on; set lock_timeout = '1s'; set idle_in_transaction_session_timeout = '10s'; set statement_timeout = ${Math.round(timeoutMs)}`,
    )
    return session
  } catch (error) {
    await session[Symbol.asyncDispose]()
    throw error
  }
}

async function examine(source: SqlSource, check: Check, windows: readonly Window[], signal: AbortSignal): Promise<Examination> {
  const sql = check.sql ?? ''
  const { windowMs } = withDefaults(check)
  const now = source.now().getTime()
  const moments = hasMoments(sql)
  const asked = moments ? windows : [{ startMs: now - windowMs, endMs: now }]
  const samples = await sampleAll(source, check, asked, signal)
  // a level of this moment is judged as if it stayed
  const judged = moments ? { windows: asked, samples } : twice(asked, samples, windowMs)
  const { problems, notes } = examineSamples(check, judged.windows, judged.samples)
  if (problems.length === 0 && !samples.some(({ state }) => state === 'value')) {
    problems.push('The query returns no number: no row, or NULL.')
  }
  if (!moments && check.baseline === 'required') {
    problems.push(
      check.max === undefined
        ? 'It could never be judged: a database tells what is so now, and not what was so on earlier days. Give max and baseline: none, or name $start and $end in the query.'
        : 'A database tells what is so now, and not what was so on earlier days: say baseline: none, so that max alone judges it, or name $start and $end in the query.',
    )
  }
  if (moments) problems.push(...(await skew(source)))
  if (check.requests !== undefined) notes.push('requests is asked of Prometheus, and does not count for a check in SQL.')
  return { problems, notes, series: [] }
}

function twice(windows: readonly Window[], samples: readonly Sample[], windowMs: number) {
  const before = windows.map(({ startMs, endMs }) => ({ startMs: startMs - windowMs, endMs: endMs - windowMs }))
  return { windows: [...before, ...windows], samples: [...samples, ...samples] }
}

/** The windows are named by this machine's clock, the rows by the server's. */
async function skew(source: SqlSource): Promise<string[]> {
  try {
    await using session = await openReader(source, 10_000)
    const before = source.now().getTime()
    const { rows } = await session.client.query<{ at: string }>(
      "select pg_catalog.date_part('epoch', pg_catalog.clock_timestamp())::text as at",
    )
    return describeSkew(describeConnection(source.database.connection), [Number(rows[0]?.at) * 1000], before, source.now().getTime())
  } catch (error) {
    return [sentence(messageOf(error))]
  }
}
