import type pg from 'pg'
import type { SequenceContent } from '../../../backup/content.ts'
import { isConfigured, notOfExtension, ownSchema } from './tables.ts'

interface Sequence {
  readonly name: string
  readonly unlogged: boolean
  /** The owning column, where the first column of an index makes its greatest value cheap. */
  readonly source: string | null
  readonly column: string | null
}

/** How many are read in one query. */
const batchSize = 100

/** The state of every sequence at this moment, not at the snapshot's, and beside it what its column has reached under the snapshot. */
export async function readSequences(client: pg.Client, readable: (sequence: Sequence) => boolean): Promise<SequenceContent[]> {
  const sequences = await listSequences(client)
  const found = new Map<string, SequenceContent>()
  const wanted = sequences.filter(readable)
  for (let start = 0; start < wanted.length; start += batchSize) {
    const batch = wanted.slice(start, start + batchSize)
    const { rows } = await client.query<{ place: number; last: string; called: boolean; greatest: string | null }>(
      batch.map(query).join('\nunion all '),
    )
    for (const { place, last, called, greatest } of rows) {
      const { name } = batch[place] as Sequence
      found.set(name, { name, lastValue: last, isCalled: called, ...(greatest === null ? {} : { ownerMax: greatest }) })
    }
  }
  return sequences.map(({ name }) => found.get(name) ?? { name, notDumped: 'unlogged on a standby' })
}

function query({ name, source, column }: Sequence, place: number): string {
  const greatest = source === null || column === null ? 'null' : `(select max(${column})::text from ${source})`
  return `select ${place} as place, last_value::text as last, is_called as called, ${greatest} as greatest from ${name}`
}

/** One that counts down has no greatest value that would say anything. */
async function listSequences(client: pg.Client): Promise<Sequence[]> {
  const { rows } = await client.query<Sequence>(`
    select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, c.relpersistence = 'u' as unlogged, owner.source, owner.column
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
    left join lateral (
      select case t.relkind when 'r' then 'only ' else '' end || quote_ident(tn.nspname) || '.' || quote_ident(t.relname) as source,
        quote_ident(a.attname) as column
      from pg_depend d
        join pg_class t on t.oid = d.refobjid join pg_namespace tn on tn.oid = t.relnamespace
        join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
        and d.deptype in ('a', 'i') and s.seqincrement > 0 and t.relkind in ('r', 'p')
        and exists (select from pg_index i join pg_class ic on ic.oid = i.indexrelid join pg_am m on m.oid = ic.relam
          where i.indrelid = t.oid and i.indkey[0] = a.attnum and i.indisvalid and i.indpred is null and m.amname = 'btree')
      limit 1) owner on true
    where c.relkind = 'S' and c.relpersistence <> 't' and (${ownSchema} and ${notOfExtension('pg_class', 'c.oid')} or ${isConfigured})
    order by n.nspname, c.relname`)
  return rows
}
