import type pg from 'pg'
import { quoteTable } from '../../migration/ledger.ts'
import type { LockTarget } from '../../migration/lock-target.ts'
import { type LockMode, lockModes, type RelationLock, strongerMode } from '../../sql/locks.ts'
import { surveyQuery } from './lock-survey-query.ts'

/**
 * The relations of the database that the locks fall on, each once with its strongest mode. Names are resolved by the
 * session's own search path; what does not exist is left out, and so are the server's catalogs and temporary tables.
 */
export async function surveyLocks(client: pg.Client, locks: readonly RelationLock[]): Promise<readonly LockTarget[]> {
  if (locks.length === 0) return []
  const named = locks.map(({ schema, name, mode }, no) => ({ no, schema, name, mode: lockModes.indexOf(mode) }))
  const wishes = locks.flatMap(({ reach }, no) =>
    reach.map(({ to, mode, only }) => ({ no, reach: to, mode: lockModes.indexOf(mode), kind: only?.kind, part: only?.name })),
  )
  const { rows } = await client.query<SurveyRow>(surveyQuery, [JSON.stringify(named), JSON.stringify(wishes)])
  return rows.map(({ oid, schema, table, modes, lockable }) => {
    const mode = modes.map((index) => lockModes[index] as LockMode).reduce(strongerMode)
    return { oid, name: quoteTable({ schema, table }), mode, lockable }
  })
}

interface SurveyRow {
  readonly oid: string
  readonly schema: string
  readonly table: string
  /** Indexes in `lockModes`. */
  readonly modes: readonly number[]
  readonly lockable: boolean
}
