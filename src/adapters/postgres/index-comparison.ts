import type pg from 'pg'
import { messageOf } from '../../errors.ts'
import type { Alike, FoundTable } from '../../migration/catalog.ts'
import { quoteName } from '../../migration/ledger.ts'
import type { IndexStatement } from '../../sql/index-statement.ts'

/**
 * Builds the statement's index on an empty temporary table with the same columns, and the same name, so that the
 * statement reads the same there; compares what the catalog says of it with each of the table's indexes, and takes
 * everything back. Two texts of one definition differ in many ways, what the server makes of them in none.
 */
export async function compareIndexes(client: pg.Client, statement: IndexStatement, table: FoundTable): Promise<Alike> {
  const copy = `pg_temp.${quoteName(table.relname)}`
  const name = statement.name === undefined ? '' : quoteName(statement.name)
  const columns = `(like ${table.name})`
  try {
    await client.query('begin')
    await client.query("set local lock_timeout = '2s'; set local statement_timeout = '10s'; set local jit = off")
    // a temporary index without a place of its own goes elsewhere than others do
    await client.query("select pg_catalog.set_config('temp_tablespaces', pg_catalog.current_setting('default_tablespace'), true)")
    await client.query(`create temporary table ${quoteName(table.relname)} ${columns}`)
    await client.query(`create ${statement.unique ? 'unique ' : ''}index ${name} on ${copy} ${statement.tail}`)
    await client.query('set local search_path = pg_catalog')
    const { rows } = await client.query<{ oid: string; name: string; own: boolean; alike: boolean }>(comparison, [table.oid, copy])
    const alike = rows.filter((row) => !row.own && row.alike).map(({ oid }) => oid)
    const chosenName = statement.name === undefined ? rows.find(({ own }) => own)?.name : undefined
    return { oids: new Set(alike), chosenName }
  } catch (error) {
    return { problem: messageOf(error) }
  } finally {
    await client.query('rollback').catch(() => {}) // a lost connection is noticed by the next statement
  }
}

/** All that tells two indexes apart but name, place in the table and validity; columns are compared by name, not by number. */
const comparison = `
  with described as (
    select i.indexrelid as oid, c.relname as name, i.indrelid <> $1::oid as own,
      jsonb_build_array(
        c.relam, c.reltablespace, i.indisunique, i.indisexclusion, i.indimmediate, to_jsonb(i) -> 'indnullsnotdistinct',
        i.indnkeyatts, i.indnatts, i.indclass::text, i.indcollation::text, i.indoption::text,
        pg_get_expr(i.indpred, i.indrelid),
        (select jsonb_agg(pg_get_indexdef(i.indexrelid, k, false) order by k) from generate_series(1, i.indnatts) k),
        (select jsonb_agg(o order by o) from unnest(c.reloptions) o),
        (select jsonb_agg(a.attoptions::text order by a.attnum) from pg_attribute a where a.attrelid = i.indexrelid)
      ) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid in ($1::oid, $2::regclass)
  )
  select d.oid::text as oid, d.name, d.own, d.definition = (select definition from described where own) as alike from described d`
