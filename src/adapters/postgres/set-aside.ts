import type pg from 'pg'
import { messageOf, systemCode } from '../../errors.ts'
import { asideName, type FoundIndex, type FoundTable, type SetAside } from '../../migration/catalog.ts'
import { quoteName } from '../../migration/ledger.ts'

/**
 * Renames an invalid index under a lock of the table that every builder of an index needs for itself, after looking
 * whether it is still the one that was found. Readers and writers go on meanwhile.
 */
export async function setAsideIndex(client: pg.Client, index: FoundIndex, table: FoundTable, waitMs: number): Promise<SetAside> {
  const name = asideName(index.oid)
  try {
    await client.query('begin')
    await client.query(`set local search_path = pg_catalog; set local lock_timeout = ${Math.round(waitMs)}`)
    // a materialized view cannot be locked by a statement; who works on it is seen in the list of locks
    if (table.kind === 'table') await client.query(`lock table only ${table.name} in share update exclusive mode`)
    const { rowCount } = await client.query(stillTheSame, [index.oid, table.oid, index.relname, table.schema])
    if (rowCount === 0) return { state: 'changed' }
    await client.query(`alter index ${index.name} rename to ${name}`)
    await client.query('commit')
    return { state: 'done', name: `${quoteName(table.schema)}.${quoteName(name)}` }
  } catch (error) {
    return systemCode(error) === '55P03' ? { state: 'busy' } : { state: 'refused', reason: messageOf(error) }
  } finally {
    await client.query('rollback').catch(() => {}) // a lost connection is noticed by the next statement
  }
}

const stillTheSame = `
  select from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
  where i.indexrelid = $1::oid and i.indrelid = $2::oid and c.relname = $3 and n.nspname = $4
    and not i.indisvalid and c.relkind = 'i' and not c.relispartition
    and not exists (select from pg_constraint o where o.conindid = c.oid)
    and not exists (
      select from pg_locks l
      where l.locktype = 'relation' and l.relation in (i.indexrelid, i.indrelid) and l.pid is distinct from pg_backend_pid()
        and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        and l.granted and l.database = (select oid from pg_database where datname = current_database()))`
