import type pg from 'pg'
import type { SourceDatabase } from '../../backup/dump.ts'
import { systemCode } from '../../errors.ts'
import { pinSettings } from './content/settings.ts'
import { listTables } from './content/tables.ts'

type Snapshot = Pick<SourceDatabase, 'snapshot' | 'runnerAt'>

interface Sessions {
  /** Stays idle in its transaction: the snapshot lives as long as that. */
  readonly owner: pg.Client
  /** Reads beside the dump. */
  readonly reader: pg.Client
  readonly now: () => Date
  /** How long to wait for tables that somebody locks; absent: nothing is locked, since nothing will be dumped. */
  readonly lockWaitTimeoutMs: number | undefined
}

const tries = 3

/**
 * Exports a snapshot and opens the reader's transaction on it. The tables are locked before the snapshot is taken:
 * TRUNCATE, and whatever rewrites a table, leave nothing in it for older snapshots, so that a dump that begins a moment
 * later would miss its rows without an error. https://www.postgresql.org/docs/current/mvcc-caveats.html
 */
export async function openSnapshot(sessions: Sessions): Promise<Snapshot> {
  const { owner, reader, now, lockWaitTimeoutMs } = sessions
  await pinSettings(reader)
  await reader.query(`set lock_timeout = ${Math.trunc(lockWaitTimeoutMs ?? 0)}`)
  if (lockWaitTimeoutMs === undefined) await reader.query(begin)
  else await lockTables(reader)
  await owner.query(begin)
  const runnerAt = now()
  // the moment is the one at which the statement began: whatever was committed before it is in the snapshot
  const { rows } = await owner.query<Snapshot['snapshot']>(
    'select pg_catalog.pg_export_snapshot() as id, pg_catalog.statement_timestamp() as at',
  )
  const [snapshot] = rows
  if (snapshot === undefined) throw new Error('pg_export_snapshot() returned nothing')
  await reader.query(`set transaction snapshot '${snapshot.id}'`)
  return { snapshot, runnerAt }
}

const begin = 'begin isolation level repeatable read, read only'

/** Leaves a transaction that has locks and no snapshot yet. A table that was dropped since it was listed is looked for again. */
async function lockTables(client: pg.Client): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const tables = await listTables(client)
    await client.query(begin)
    try {
      if (tables.length > 0) await client.query(`lock table ${tables.map(({ name }) => `only ${name}`).join(', ')} in access share mode`)
      return
    } catch (error) {
      await client.query('rollback')
      if (systemCode(error) !== '42P01' || attempt === tries) throw error
    }
  }
}
