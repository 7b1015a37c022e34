import type pg from 'pg'
import { z } from 'zod'
import type { AttemptState, History, HistoryRow, ReversalState } from '../../migration/history.ts'
import { quoteName, quoteText } from '../../migration/ledger.ts'
import type { StateScope } from '../../migration/state.ts'
import { readState } from './state.ts'

const phase = z.enum(['pre', 'post'])

/** Facts that another version of Shiplock writes and this one does not know are left out. */
const events = ['migration', 'reversal', 'command', 'deployed', 'rollback', 'canary', 'backup', 'waived'] as const

const historyRow = z.object({
  event: z.enum(events),
  current: z.boolean(),
  phase: phase.or(z.literal('all')).nullable(),
  version: z.string().nullable(),
  name: z.string().nullable(),
  checksum: z.string().nullable(),
  state: z.enum(['running', 'applied', 'failed', 'applied-unreported', 'not-applied', 'unknown', 'reverted', 'not-reverted']).nullable(),
  release: z.string(),
  commit: z.string().nullable(),
  started_at: z.date(),
  detail: z.unknown(),
})

const deployDetail = z.object({
  migrations: z.array(z.object({ version: z.string(), phase, checksum: z.string(), name: z.string().optional() })),
})

/** What is not known to be good counts as a hold. */
const canaryDetail = z
  .object({ verdict: z.enum(['promote', 'abort', 'hold']).catch('hold'), reason: z.string().catch(''), accepted: z.boolean().catch(false) })
  .catch({ verdict: 'hold', reason: '', accepted: false })

/** What cannot be read says of no table how it stood. */
const backupDetail = z
  .object({ phase: phase.or(z.literal('all')), heads: z.array(z.object({ table: z.string(), head: z.string(), empty: z.boolean() })) })
  .catch({ phase: 'all', heads: [] })

/** That a person changed the books; the detail of what ran says other things, or nothing. */
const handDetail = z.object({
  byHand: z.object({
    action: z.enum(['mark-applied', 'mark-reverted', 'clear-dirty']),
    reason: z.string(),
    who: z.string(),
    wasApplied: z.boolean(),
  }),
})

/** Nothing is decided by a waiver: one that cannot be read is shown as what it is. */
const waiverDetail = z
  .object({ what: z.literal('drill'), phase: phase.or(z.literal('all')), reason: z.string(), by: z.string() })
  .catch({ what: 'drill', phase: 'all', reason: 'unreadable', by: 'unknown' })

export async function readHistory(client: pg.Client, schema: string, { project, environment }: StateScope): Promise<History> {
  const s = quoteName(schema)
  const { rows } = await readState(
    client,
    schema,
    `select event, coalesce(environment = ${quoteText(environment)} and stamp = (select id from ${s}.stamp), false) as current,
       phase, version, name, checksum, state, release, commit, started_at, detail
     from ${s}.history where project = ${quoteText(project)} and event in (${events.map(quoteText).join(', ')}) order by id`,
  )
  const parsed = z.array(historyRow).parse(rows)
  const of = (current: boolean) => parsed.filter((row) => row.current === current).map(toHistoryRow)
  return { rows: of(true), former: of(false) }
}

function toHistoryRow(row: z.output<typeof historyRow>): HistoryRow {
  const common = { release: row.release, commit: row.commit ?? undefined, at: row.started_at }
  if (row.event === 'deployed') return { event: 'deployed', ...common, ...(deployDetail.safeParse(row.detail).data ?? { migrations: [] }) }
  if (row.event === 'canary') return { event: 'canary', ...common, ...canaryDetail.parse(row.detail) }
  if (row.event === 'backup') return { event: 'backup', ...common, ...backupDetail.parse(row.detail) }
  if (row.event === 'waived') return { event: 'waived', ...common, ...waiverDetail.parse(row.detail) }
  if (row.event === 'rollback') return { event: 'rollback', ...common }
  if (row.event === 'command') return { event: 'command', ...common, phase: row.phase ?? 'pre', state: attemptState(row.state) }
  const migration = {
    phase: row.phase === 'post' ? ('post' as const) : ('pre' as const),
    version: row.version ?? '',
    name: row.name ?? '',
    checksum: row.checksum ?? '',
    ...handDetail.safeParse(row.detail).data,
  }
  if (row.event === 'reversal') return { event: 'reversal', ...common, ...migration, state: reversalState(row.state) }
  return { event: 'migration', ...common, ...migration, state: attemptState(row.state) }
}

type RowState = z.output<typeof historyRow>['state']

function attemptState(state: RowState): AttemptState {
  return state === null || state === 'reverted' || state === 'not-reverted' ? 'not-applied' : state
}

function reversalState(state: RowState): ReversalState {
  return state === 'running' || state === 'reverted' || state === 'failed' ? state : 'not-reverted'
}

/** A fact of the release, ended as soon as it is written. */
interface Fact {
  readonly event: 'deployed' | 'canary' | 'rollback' | 'older-allowed' | 'adopted' | 'backup' | 'waived' | 'schema'
  readonly detail: unknown
}

/** The statement that writes a fact; its stamp's id comes from a table or a WITH of one row. */
export function factStatement(
  schema: string,
  stamp: string,
  { event, detail }: Fact,
  scope: StateScope,
): { text: string; values: unknown[] } {
  const { project, environment, release, run } = scope
  return {
    text: `insert into ${quoteName(schema)}.history (project, environment, stamp, event, release, commit, run, attempt, host, finished_at, detail)
      select $1, $2, id, $3, $4, $5, $6, $7, $8, clock_timestamp(), $9::jsonb from ${stamp}`,
    values: [project, environment, event, release, run.commit ?? null, run.id, run.attempt, run.host, JSON.stringify(detail)],
  }
}
