import type pg from 'pg'
import { quoteTable, quoteText } from '../../migration/ledger.ts'
import type { LockTarget } from '../../migration/lock-target.ts'
import { type LockMode, lockModes, type RelationLock, strongerMode } from '../../sql/locks.ts'
import { surveyQuery } from './lock-survey-query.ts'

/**
 * The relations of the database that the locks fall on, each once with its strongest mode. Names are resolved by the
 * session's own search path; what does not exist is left out, and so are the server's catalogs and temporary tables.
 * One round trip; inside a transaction of the caller's, its later queries are not compiled (`jit`) either.
 */
export async function surveyLocks(client: pg.Client, locks: readonly RelationLock[]): Promise<readonly LockTarget[]> {
  if (locks.length === 0) return []
  const named = locks.map(({ schema, name, mode }, no) => ({ no, schema, name, mode: lockModes.indexOf(mode) }))
  const wishes = locks.flatMap(({ reach }, no) =>
    reach.map(({ to, mode, only }) => ({ no, reach: to, mode: lockModes.indexOf(mode), kind: only?.kind, part: only?.name })),
  )
  // compiling this query takes a hundred times as long as running it
  const sql = surveyQuery.replace(/\$[12]/g, (place) => quoteText(JSON.stringify(place === '$1' ? named : wishes)))
  const message = client.query(`begin; set local jit = off; ${sql}; commit`)
  const answers = (await message.catch((error: unknown) => rolledBack(client, error))) as unknown as pg.QueryResult<SurveyRow>[]
  const rows = answers[2]?.rows ?? []
  return rows.map(({ oid, schema, table, modes, lockable }) => {
    const mode = modes.map((index) => lockModes[index] as LockMode).reduce(strongerMode)
    return { oid, name: quoteTable({ schema, table }), mode, lockable }
  })
}

async function rolledBack(client: pg.Client, error: unknown): Promise<never> {
  await client.query('rollback').catch(() => {})
  throw error
}

interface SurveyRow {
  readonly oid: string
  readonly schema: string
  readonly table: string
  /** Indexes in `lockModes`. */
  readonly modes: readonly number[]
  readonly lockable: boolean
}
