import type pg from 'pg'
import { quoteTable, type TableName } from '../../../migration/ledger.ts'
import type { ColumnName } from '../../../rollback/down/rescue-source.ts'
import { restoreEnum } from '../../../rollback/down/restore-enum.ts'
import { whenMissing } from '../../../rollback/down/when-missing.ts'
import { readSequence } from './table-facts.ts'

interface Needed {
  readonly kind: 'schema' | 'enum' | 'domain' | 'composite' | 'range' | 'function' | 'sequence'
  /** Quoted, with its schema; of a function with its arguments. */
  readonly name: string
  readonly definition: string | null
  readonly labels: readonly string[] | null
}

/**
 * Schemas, types, functions and sequences that definitions lean on, what others need first. Those of extensions are left
 * out: an extension comes back as a whole.
 */
export async function readPrerequisites(
  client: pg.Client,
  tables: readonly TableName[],
  columns: readonly ColumnName[],
): Promise<readonly string[]> {
  const { rows } = await client.query<Needed>(neededQuery, [
    tables.map(quoteTable),
    columns.map(({ table }) => quoteTable(table)),
    columns.map(({ column }) => column),
  ])
  const statements: string[] = []
  for (const one of rows) statements.push(await statementOf(client, one))
  return statements
}

async function statementOf(client: pg.Client, { kind, name, definition, labels }: Needed): Promise<string> {
  if (kind === 'schema') return whenMissing('pg_catalog.to_regnamespace', name, [`create schema ${name}`])
  if (kind === 'enum') return restoreEnum(name, labels ?? [])
  if (kind === 'function') return whenMissing(`pg_catalog.to_regprocedure`, name, [definition ?? ''])
  if (kind !== 'sequence') return whenMissing('pg_catalog.to_regtype', name, [definition ?? ''])
  const { options, last, called } = await readSequence(client, name)
  const made = [`create sequence ${name} ${options}`, `perform pg_catalog.setval('${name.replaceAll("'", "''")}', ${last}, ${called})`]
  return whenMissing('pg_catalog.to_regclass', name, made)
}

const neededQuery = `
  with recursive seeds(classid, objid) as (
    select 'pg_class'::regclass::oid, t.name::regclass::oid from unnest($1::text[]) as t(name)
    union select 'pg_class'::regclass::oid, i.indexrelid from unnest($1::text[]) as t(name) join pg_index i on i.indrelid = t.name::regclass
    union select 'pg_attrdef'::regclass::oid, d.oid from unnest($1::text[]) as t(name) join pg_attrdef d on d.adrelid = t.name::regclass
    union select 'pg_constraint'::regclass::oid, k.oid from unnest($1::text[]) as t(name) join pg_constraint k on k.conrelid = t.name::regclass
    union select 'pg_trigger'::regclass::oid, g.oid from unnest($1::text[]) as t(name) join pg_trigger g on g.tgrelid = t.name::regclass
      where not g.tgisinternal
    union select 'pg_policy'::regclass::oid, p.oid from unnest($1::text[]) as t(name) join pg_policy p on p.polrelid = t.name::regclass
    union select x.classid, x.objid from unnest($2::text[], $3::text[]) as t(name, attribute)
      join pg_attribute a on a.attrelid = t.name::regclass and a.attname = t.attribute and not a.attisdropped
      cross join lateral (
        select 'pg_type'::regclass::oid as classid, a.atttypid as objid
        union all select 'pg_attrdef'::regclass::oid, d.oid from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum
      ) x
  ), needed(classid, objid, depth) as (
    select classid, objid, 0 from seeds
    union
    select p.refclassid, p.refobjid, needed.depth + 1 from needed
      join pg_depend p on p.classid = needed.classid and p.objid = needed.objid
    where needed.depth < 12 and p.refclassid in ('pg_type'::regclass, 'pg_proc'::regclass, 'pg_namespace'::regclass, 'pg_class'::regclass)
      and (p.refclassid <> 'pg_class'::regclass or exists (select from pg_class c where c.oid = p.refobjid and c.relkind in ('S', 'c')))
  ), own as (
    select classid, objid, max(depth) as depth from needed
    where not exists (select from pg_depend e where e.classid = needed.classid and e.objid = needed.objid and e.deptype = 'e')
    group by classid, objid
  )
  select * from (
    select 'schema' as kind, quote_ident(n.nspname) as name, null as definition, null::text[] as labels, 1000 as depth
    from own join pg_namespace n on n.oid = own.objid where own.classid = 'pg_namespace'::regclass and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    union all
    select case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'c' then 'composite' else 'range' end, format('%I.%I', n.nspname, t.typname),
      case t.typtype
        when 'd' then format('create domain %I.%I as %s', n.nspname, t.typname, concat_ws(' ', format_type(t.typbasetype, t.typtypmod),
          'default ' || t.typdefault, case when t.typnotnull then 'not null' end,
          (select string_agg(format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), ' ' order by k.conname) from pg_constraint k
            where k.contypid = t.oid and k.contype = 'c')))
        when 'c' then format('create type %I.%I as (%s)', n.nspname, t.typname, (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
          from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped))
        when 'r' then (select format('create type %I.%I as range (subtype = %s)', n.nspname, t.typname, format_type(r.rngsubtype, null)) from pg_range r where r.rngtypid = t.oid)
      end,
      (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid), own.depth
    from own join pg_type t on t.oid = own.objid join pg_namespace n on n.oid = t.typnamespace
    where own.classid = 'pg_type'::regclass and n.nspname not in ('pg_catalog', 'information_schema')
      and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c')))
    union all
    select 'function', f.oid::regprocedure::text, pg_get_functiondef(f.oid), null, own.depth
    from own join pg_proc f on f.oid = own.objid join pg_namespace n on n.oid = f.pronamespace
    where own.classid = 'pg_proc'::regclass and n.nspname not in ('pg_catalog', 'information_schema') and f.prokind in ('f', 'p')
    union all
    select 'sequence', format('%I.%I', n.nspname, c.relname), null, null, own.depth
    from own join pg_class c on c.oid = own.objid and c.relkind = 'S' join pg_namespace n on n.oid = c.relnamespace
    where own.classid = 'pg_class'::regclass and c.oid not in (select unnest($1::text[])::regclass)
      and not exists (select from pg_depend p where p.classid = 'pg_class'::regclass and p.objid = c.oid and p.deptype in ('a', 'i') and p.refobjsubid > 0)
  ) as found
  order by depth desc, kind, name`
