import type pg from 'pg'
import { quoteTable, type TableName } from '../../../migration/ledger.ts'
import type { ColumnFacts, Dependent, SequencePosition, TableFacts } from '../../../rollback/down/rescue-source.ts'

/** Needs a search path that begins with `pg_catalog`, as all that is read here: then every other name comes with its schema. */
export async function readTableFacts(client: pg.Client, table: TableName, lost: readonly string[]): Promise<TableFacts> {
  const name = quoteTable(table)
  const columns = await client.query<Omit<ColumnFacts, 'sequence'> & { readonly owned: string | null }>(columnsQuery, [name])
  const sequences: SequencePosition[] = []
  const facts: ColumnFacts[] = []
  for (const { owned, ...column } of columns.rows) {
    const sequence = owned === null ? undefined : await readSequence(client, owned)
    if (sequence !== undefined) sequences.push(sequence)
    facts.push({ ...withoutNull(column), sequence })
  }
  const { rows: equal } = await client.query<{ name: string; operator: string }>(equalityQuery, [name])
  const { rows: deferred } = await client.query('select from pg_index where indrelid = $1::regclass and not indimmediate', [name])
  const { rows: dependents } = await client.query<Dependent>(dependentsQuery, [name, lost])
  return {
    columns: facts,
    equality: Object.fromEntries(equal.map((one) => [one.name, one.operator])),
    deferrable: deferred.length > 0,
    dependents: dependents.map(withoutNull),
    sequences,
  }
}

/** The options and the position of a sequence by its quoted name. */
export async function readSequence(client: pg.Client, name: string): Promise<SequencePosition & { readonly options: string }> {
  const { rows } = await client.query<{ options: string }>(
    `select format('as %s increment by %s minvalue %s maxvalue %s start with %s cache %s %s', format_type(seqtypid, null), seqincrement,
       seqmin, seqmax, seqstart, seqcache, case when seqcycle then 'cycle' else 'no cycle' end) as options
     from pg_sequence where seqrelid = $1::regclass`,
    [name],
  )
  return { ...(await readPosition(client, name)), options: rows[0]?.options ?? '' }
}

export async function readPosition(client: pg.Client, name: string): Promise<SequencePosition> {
  const { rows } = await client.query<{ last: string; called: boolean }>(
    `select last_value::text as last, is_called as called from ${name}`,
  )
  return { name, last: rows[0]?.last ?? '1', called: rows[0]?.called ?? false }
}

export function withoutNull<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? undefined])) as Row
}

export const quotedName = `format('%I.%I', n.nspname, c.relname)`

const columnsQuery = `
  select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
    case when a.attcollation <> t.typcollation then (select format('%I.%I', cn.nspname, co.collname) from pg_collation co
      join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation) end as collation,
    a.attnotnull as "notNull",
    case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as default,
    case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity,
    case when a.attgenerated <> '' then format('(%s) %s', pg_get_expr(d.adbin, d.adrelid),
      case a.attgenerated when 's' then 'stored' else 'virtual' end) end as generated,
    col_description(a.attrelid, a.attnum) as comment,
    coalesce((select array_agg(format('grant %s (%I) on table %s to %s%s', g.privilege_type, a.attname, $1::text,
        case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end,
        case when g.is_grantable then ' with grant option' else '' end))
      from aclexplode(a.attacl) g), '{}') as grants,
    (select ${quotedName} from pg_depend p join pg_class c on c.oid = p.objid and c.relkind = 'S' join pg_namespace n on n.oid = c.relnamespace
      where p.classid = 'pg_class'::regclass and p.refclassid = 'pg_class'::regclass and p.refobjid = a.attrelid and p.refobjsubid = a.attnum
        and p.deptype in ('a', 'i') limit 1) as owned
  from pg_attribute a join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`

/** The operator by which a unique index tells its values apart. */
const equalityQuery = `
  select distinct on (a.attname) a.attname::text as name, format('operator(%I.%s)', n.nspname, o.oprname) as operator
  from pg_index i
    cross join lateral unnest(i.indkey::int2[], i.indclass::oid[]) with ordinality as k (attnum, opclass, at)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
    join pg_opclass oc on oc.oid = k.opclass
    join pg_amop m on m.amopfamily = oc.opcfamily and m.amoplefttype = oc.opcintype and m.amoprighttype = oc.opcintype and m.amopstrategy = 3
    join pg_operator o on o.oid = m.amopopr join pg_namespace n on n.oid = o.oprnamespace
  where i.indrelid = $1::regclass and i.indisunique and k.at <= i.indnkeyatts
  order by a.attname, i.indisprimary desc`

/** What the catalog drops together with columns, other than their defaults: constraints, indexes and statistics. */
const dependentsQuery = `
  with named as (select attnum from pg_attribute where attrelid = $1::regclass and attname = any ($2::name[]) and not attisdropped),
  lost as (
    select attnum from named
    union select p.objsubid::int2 from pg_depend p join named on named.attnum = p.refobjsubid
    where p.classid = 'pg_class'::regclass and p.refclassid = 'pg_class'::regclass and p.objid = $1::regclass and p.refobjid = $1::regclass
      and p.objsubid > 0
  ),
  found as (
    select distinct p.classid, p.objid from pg_depend p join lost on lost.attnum = p.refobjsubid
    where p.refclassid = 'pg_class'::regclass and p.refobjid = $1::regclass
  )
  select 'constraint' as kind, k.conrelid::regclass::text as on, k.conname::text as name, pg_get_constraintdef(k.oid) as definition,
    k.contype = 'f' as "isForeign", obj_description(k.oid, 'pg_constraint') as comment,
    case k.contype when 'p' then 0 when 'u' then 1 when 'x' then 2 when 'c' then 3 else 4 end as place
  from pg_constraint k join found on found.classid = 'pg_constraint'::regclass and found.objid = k.oid
  where k.conparentid = 0 and k.contype in ('p', 'u', 'x', 'c', 'f')
  union all
  select 'index', $1::text, ${quotedName}, regexp_replace(pg_get_indexdef(c.oid), case when c.relkind = 'I' then ' ON ONLY ' else '^$' end, ' ON '),
    false, obj_description(c.oid, 'pg_class'), 2
  from pg_class c join found on found.classid = 'pg_class'::regclass and found.objid = c.oid join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('i', 'I') and not exists (select from pg_depend q where q.classid = 'pg_class'::regclass and q.objid = c.oid and q.deptype = 'i')
    and not c.relispartition
  union all
  select 'statistics', $1::text, format('%I.%I', n.nspname, s.stxname), pg_get_statisticsobjdef(s.oid), false,
    obj_description(s.oid, 'pg_statistic_ext'), 5
  from pg_statistic_ext s join found on found.classid = 'pg_statistic_ext'::regclass and found.objid = s.oid
    join pg_namespace n on n.oid = s.stxnamespace
  order by place, name`
