import type pg from 'pg'

const user = (alias: string) =>
  `${alias}.relnamespace in (select oid from pg_namespace where nspname in ('public', 'app', 'other', 'moved'))`
const name = (oid: string) =>
  `(select space.nspname || '.' || rel.relname from pg_class rel join pg_namespace space on space.oid = rel.relnamespace where rel.oid = ${oid})`
const columns = (rel: string, keys: string) =>
  `(select string_agg(a.attname, ', ' order by nth.at) from unnest(${keys}) with ordinality nth(num, at) join pg_attribute a on a.attrelid = ${rel} and a.attnum = nth.num)`
const schemaOf = (alias: string) => `case when ${alias}.nspname = 'pg_catalog' then '' else ${alias}.nspname || '.' end`
const type = (
  oid: string,
  mod: string,
) => `(select case when el.oid is not null then ${schemaOf('eln')} || el.typname else ${schemaOf('tyn')} || ty.typname end
    || coalesce(substring(format_type(${oid}, ${mod}) from '\\(.*\\)'), '') || case when el.oid is not null then '[]' else '' end
  from pg_type ty join pg_namespace tyn on tyn.oid = ty.typnamespace left join pg_type el on el.oid = ty.typelem and ty.typcategory = 'A'
  left join pg_namespace eln on eln.oid = el.typnamespace where ty.oid = ${oid})`
const words = (...parts: string[]) => `concat_ws(' ', ${parts.join(', ')})`
const when = (condition: string, text: string) => `case when ${condition} then '${text}' end`

const query = `
select 'table ' || ${name('c.oid')} as object, ${words(
  `case c.relkind when 'p' then 'partitioned' when 'f' then 'foreign' else 'ordinary' end`,
  `c.relpersistence`,
  when('c.relrowsecurity', 'row security'),
  when('c.relforcerowsecurity', 'forced'),
  `case c.relreplident when 'f' then 'full' when 'n' then 'nothing' when 'i' then coalesce((select ${name('i.indexrelid')} from pg_index i where i.indrelid = c.oid and i.indisreplident), 'nothing') end`,
  `case when c.relispartition then 'partition' end`,
  `(select string_agg(${name('i.inhparent')}, ', ' order by ${name('i.inhparent')}) from pg_inherits i where i.inhrelid = c.oid)`,
  `(select string_agg(o, ', ' order by o) from unnest(c.reloptions) o)`,
)} as facts from pg_class c where c.relkind in ('r', 'p', 'f') and ${user('c')}
union all
select 'column ' || ${name('c.oid')} || '.' || a.attname, ${words(
  type('a.atttypid', 'a.atttypmod'),
  when('a.attnotnull', 'not null'),
  when(`a.atthasdef and a.attgenerated = ''`, 'default'),
  `nullif(a.attgenerated, '')`,
  `nullif(a.attidentity, '')`,
  `a.attinhcount`,
  when('a.attislocal', 'local'),
)} from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relkind in ('r', 'p', 'f') and a.attnum > 0 and not a.attisdropped and ${user('c')}
union all
select 'constraint ' || ${name('c.oid')} || '.' || k.conname, ${words(
  'k.contype',
  `case when k.contype <> 'c' then ${columns('k.conrelid', 'k.conkey')} else (select string_agg(a.attname, ', ' order by a.attname) from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any(k.conkey)) end`,
  `case when k.confrelid <> 0 then ${name('k.confrelid')} end`,
  columns('k.confrelid', 'k.confkey'),
  `nullif(trim(k.confdeltype::text || k.confupdtype::text), '')`,
  when('k.condeferrable', 'deferrable'),
  when('k.condeferred', 'deferred'),
  when('not k.convalidated', 'not valid'),
  `case when k.contype = 'c' then k.coninhcount end`,
  when(`k.contype = 'c' and k.conislocal`, 'local'),
)} from pg_constraint k join pg_class c on c.oid = k.conrelid
  where ${user('c')} and k.contype in ('c', 'p', 'u', 'f', 'x')
  and not exists (select from pg_constraint above where above.oid = k.conparentid and above.conrelid = k.conrelid)
union all
select 'index ' || ${name('c.oid')}, ${words(
  name('i.indrelid'),
  `(select string_agg(coalesce(a.attname, '?') || case when i.indoption[k.at - 1] & 1 = 1 then ' desc' else '' end, ', ' order by k.at) from unnest(i.indkey::int[]) with ordinality k(num, at) left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num where k.at <= i.indnkeyatts)`,
  `(select 'include ' || string_agg(a.attname, ', ' order by k.at) from unnest(i.indkey::int[]) with ordinality k(num, at) join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num where k.at > i.indnkeyatts)`,
  `(select '[' || string_agg(a.attname, ', ' order by a.attnum) || ']' from pg_attribute a where a.attrelid = c.oid)`,
  `(select amname from pg_am where oid = c.relam)`,
  when('i.indisunique', 'unique'),
  when('i.indpred is not null', 'partial'),
  when('not i.indisvalid', 'invalid'),
  `(select 'part of ' || ${name('h.inhparent')} from pg_inherits h where h.inhrelid = c.oid)`,
)} from pg_index i join pg_class c on c.oid = i.indexrelid where ${user('c')}
union all
select 'view ' || ${name('c.oid')}, ${words(
  'c.relkind',
  `(select '(' || string_agg(a.attname, ', ' order by a.attnum) || ')' from pg_attribute a where a.attrelid = c.oid and a.attnum > 0)`,
  `(select string_agg(distinct ${name('d.refobjid')} || coalesce('.' || a.attname, ''), ', ' order by ${name('d.refobjid')} || coalesce('.' || a.attname, ''))
    from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
    left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid and d.refobjsubid > 0
    where r.ev_class = c.oid and r.rulename = '_RETURN' and d.refobjid <> c.oid)`,
  when('not c.relispopulated', 'not filled'),
)} from pg_class c where c.relkind in ('v', 'm') and ${user('c')}
union all
select 'sequence ' || ${name('c.oid')}, ${words(
  `(select typname from pg_type where oid = s.seqtypid)`,
  `(select ${name('d.refobjid')} || '.' || a.attname from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') and d.refobjsubid > 0)`,
)} from pg_class c join pg_sequence s on s.seqrelid = c.oid where ${user('c')}
union all
select 'type ' || n.nspname || '.' || t.typname, ${words(
  't.typtype',
  `(select string_agg(enumlabel, ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid)`,
  `case when t.typtype = 'd' then ${type('t.typbasetype', 't.typtypmod')} end`,
  when('t.typnotnull', 'not null'),
  when('t.typdefault is not null', 'default'),
  `(select string_agg(conname || case when convalidated then '' else ' not valid' end, ', ' order by conname) from pg_constraint where contypid = t.oid and contype = 'c')`,
  `(select string_agg(a.attname || ' ' || ${type('a.atttypid', 'a.atttypmod')}, ', ' order by a.attnum) from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)`,
)} from pg_type t join pg_namespace n on n.oid = t.typnamespace where n.nspname in ('public', 'app', 'other', 'moved')
  and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c')))
union all
select 'function ' || n.nspname || '.' || p.proname || '(' || coalesce((select string_agg(${type('k.t', '-1')}, ', ' order by k.at) from unnest(p.proargtypes) with ordinality k(t, at)), '') || ')',
  ${words('p.prokind', 'p.provolatile')} from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname in ('public', 'app', 'other', 'moved') and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype in ('i', 'e'))
union all
select 'trigger ' || ${name('c.oid')} || '.' || t.tgname, ${words(when(`t.tgenabled = 'D'`, 'disabled'))}
  from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal and ${user('c')}
union all
select 'policy ' || ${name('c.oid')} || '.' || p.polname, ${words('p.polcmd', when('p.polpermissive', 'permissive'), when('p.polqual is not null', 'using'), when('p.polwithcheck is not null', 'check'))}
  from pg_policy p join pg_class c on c.oid = p.polrelid where ${user('c')}
union all
select 'rule ' || ${name('c.oid')} || '.' || r.rulename, '' from pg_rewrite r join pg_class c on c.oid = r.ev_class where r.rulename <> '_RETURN' and ${user('c')}
union all
select 'publication ' || p.pubname, ${words(
  when('p.puballtables', 'all'),
  `(select string_agg(${name('r.prrelid')} || case when r.prattrs is not null or r.prqual is not null then ' …' else '' end, ', ' order by ${name('r.prrelid')}) from pg_publication_rel r where r.prpubid = p.oid)`,
  `(select 'schemas ' || string_agg(s.nspname, ', ' order by s.nspname) from pg_publication_namespace x join pg_namespace s on s.oid = x.pnnspid where x.pnpubid = p.oid)`,
)} from pg_publication p`

/** What a server has in the schemas of the tests, as `modelFacts` says it of the model. */
export async function catalogFacts(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ object: string; facts: string | null }>(query)
  return new Map(rows.map(({ object, facts }) => [object, facts ?? '']))
}
