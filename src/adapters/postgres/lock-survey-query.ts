// The search path is the application's: whatever can be looked up by it is named with its schema. IN, USING and a CASE
// with a value cannot be, since they find their operator by the path.
const is = 'operator(pg_catalog.=)'
const isNot = 'operator(pg_catalog.<>)'
const classOf = (table: string) => `'pg_catalog.${table}'::pg_catalog.regclass::pg_catalog.oid`
const isOneOf = (value: string, ...choices: string[]) =>
  `${value}::pg_catalog.text ${is} any (array[${choices.map((choice) => `'${choice}'`).join(', ')}]::pg_catalog.text[])`

/** What was asked: the relations by name, and what is reached from each. `$1` and `$2` are JSON, modes are numbers. */
const asked = `
  asked as (
    select no, schema::pg_catalog.name as schema, name::pg_catalog.name as name, mode
    from pg_catalog.json_to_recordset($1::pg_catalog.json)
      as t(no pg_catalog.int4, schema pg_catalog.text, name pg_catalog.text, mode pg_catalog.int4)),
  place as (
    select n.oid, p.position
    from pg_catalog.unnest(pg_catalog.current_schemas(true)) with ordinality as p(name, position)
    join pg_catalog.pg_namespace n on n.nspname ${is} p.name),
  named as (
    select distinct on (a.no) a.no, c.oid, a.mode
    from asked a
    join pg_catalog.pg_class c on c.relname ${is} a.name
    join pg_catalog.pg_namespace n on n.oid ${is} c.relnamespace
    left join place p on p.oid ${is} n.oid
    where case when a.schema is null then p.position is not null else n.nspname ${is} a.schema end
    order by a.no, p.position),
  wish as (
    select w.no, w.reach, w.mode, w.kind, w.part::pg_catalog.name as part
    from pg_catalog.json_to_recordset($2::pg_catalog.json)
      as w(no pg_catalog.int4, reach pg_catalog.text, mode pg_catalog.int4, kind pg_catalog.text, part pg_catalog.text)
    where not (${isOneOf('w.reach', 'children')} and w.kind is not null) or exists (
      select from named m join pg_catalog.pg_constraint k on k.conrelid ${is} m.oid
      where m.no ${is} w.no and k.conname ${is} w.part::pg_catalog.name and ${isOneOf('k.contype', 'c', 'n')}))`

/** A step from a relation to others; only those that were wished for. */
const step = (reach: string, from: readonly string[], sql: string) =>
  `${sql} and ${isOneOf('w.reach', reach)} and ${isOneOf('r.via', ...from)}`
const wishes = `wish w where w.no ${is} r.no`
const family = ['named', 'children']
const emptied = [...family, 'referencing-chain']

/** Whether a foreign key is the one wished for; `key` holds the columns at this end of it. */
const isWishedKey = (key: string) => `(w.kind is null
  or (${isOneOf('w.kind', 'constraint')} and k.conname ${is} w.part)
  or (${isOneOf('w.kind', 'column')} and exists (select from pg_catalog.pg_attribute a
    where a.attrelid ${is} r.oid and a.attname ${is} w.part and a.attnum ${is} any (k.${key}))))`

const isWishedIndex = `(w.kind is null
  or (${isOneOf('w.kind', 'index')} and exists (select from pg_catalog.pg_class c where c.oid ${is} x.indexrelid and c.relname ${is} w.part))
  or (${isOneOf('w.kind', 'constraint')} and exists (select from pg_catalog.pg_constraint k
    where k.conrelid ${is} r.oid and k.conname ${is} w.part and k.conindid ${is} x.indexrelid and ${isOneOf('k.contype', 'p', 'u', 'x')})))`

const isWishedSequence = `(w.kind is null or exists (select from pg_catalog.pg_attribute a
  where a.attrelid ${is} r.oid and a.attnum ${is} d.refobjsubid and a.attname ${is} w.part))`

const steps = [
  step('children', family, `select i.inhrelid, 'children', w.mode from pg_catalog.pg_inherits i, ${wishes} and i.inhparent ${is} r.oid`),
  step(
    'partitions',
    family,
    `select c.oid, 'children', w.mode from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid ${is} i.inhrelid, ${wishes}
      and i.inhparent ${is} r.oid and c.relispartition`,
  ),
  `select i.inhrelid, r.via, r.mode from pg_catalog.pg_inherits i
    where i.inhparent ${is} r.oid and ${isOneOf('r.via', 'default', 'referenced', 'referencing', 'referencing-chain', 'underlying')}`,
  step(
    'default',
    ['named'],
    `select t.partdefid, 'default', w.mode from pg_catalog.pg_partitioned_table t, ${wishes} and t.partrelid ${is} r.oid`,
  ),
  step(
    'parent',
    ['named'],
    `select i.inhparent, 'parent', w.mode from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid ${is} i.inhrelid, ${wishes}
      and i.inhrelid ${is} r.oid and c.relispartition`,
  ),
  `select t.partdefid, 'sibling', r.mode from pg_catalog.pg_partitioned_table t where t.partrelid ${is} r.oid and ${isOneOf('r.via', 'parent')}`,
  step(
    'referenced',
    family,
    `select k.confrelid, 'referenced', w.mode from pg_catalog.pg_constraint k, ${wishes}
      and k.conrelid ${is} r.oid and ${isOneOf('k.contype', 'f')} and ${isWishedKey('conkey')}`,
  ),
  step(
    'referencing',
    family,
    `select k.conrelid, 'referencing', w.mode from pg_catalog.pg_constraint k, ${wishes}
      and k.confrelid ${is} r.oid and ${isOneOf('k.contype', 'f')} and ${isWishedKey('confkey')}`,
  ),
  step(
    'referencing-chain',
    emptied,
    `select k.conrelid, 'referencing-chain', w.mode from pg_catalog.pg_constraint k, ${wishes}
      and k.confrelid ${is} r.oid and ${isOneOf('k.contype', 'f')}`,
  ),
  step('table', family, `select x.indrelid, 'table', w.mode from pg_catalog.pg_index x, ${wishes} and x.indexrelid ${is} r.oid`),
  step(
    'indexes',
    emptied,
    `select x.indexrelid, 'indexes', w.mode from pg_catalog.pg_index x, ${wishes} and x.indrelid ${is} r.oid and ${isWishedIndex}`,
  ),
  step(
    'sequences',
    emptied,
    `select c.oid, 'sequences', w.mode from pg_catalog.pg_depend d join pg_catalog.pg_class c on c.oid ${is} d.objid, ${wishes}
      and d.refclassid ${is} ${classOf('pg_class')} and d.refobjid ${is} r.oid and d.classid ${is} ${classOf('pg_class')}
      and ${isOneOf('d.deptype', 'a', 'i')} and ${isOneOf('c.relkind', 'S')} and ${isWishedSequence}`,
  ),
  step(
    'underlying',
    [...family, 'underlying'],
    `select d.refobjid, 'underlying', w.mode from pg_catalog.pg_rewrite v join pg_catalog.pg_depend d on d.objid ${is} v.oid, ${wishes}
      and v.ev_class ${is} r.oid and ${isOneOf('v.ev_type', '1')} and d.classid ${is} ${classOf('pg_rewrite')}
      and d.refclassid ${is} ${classOf('pg_class')} and d.refobjid ${isNot} r.oid
      and (${isOneOf('r.via', 'named')} or exists (
        select from pg_catalog.pg_class c where c.oid ${is} r.oid and ${isOneOf('c.relkind', 'v')}))`,
  ),
]

/** Relations from relations. What a materialized view reads matters only when that very view is named. */
const reached = `
  reached(no, oid, via, mode) as (
    select no, oid, 'named', mode from named
    union
    select r.no, s.oid, s.via, s.mode from reached r cross join lateral (
      ${steps.join('\n      union all\n      ')}) as s(oid, via, mode))`

/**
 * What goes with an object: dependencies of every kind but the normal one, which only CASCADE follows. It also goes up
 * from an internal part, such as a view's rule, to the whole. https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
const fallen = `
  fallen(cascades, mode, class, object, part) as (
    select ${isOneOf('w.reach', 'dependents')}, w.mode, s.class, s.object, s.part
    from wish w join reached r on r.no ${is} w.no cross join lateral (
      select ${classOf('pg_class')}, r.oid, 0 where w.kind is null
      union all
      select ${classOf('pg_class')}, r.oid, a.attnum::pg_catalog.int4 from pg_catalog.pg_attribute a
        where ${isOneOf('w.kind', 'column')} and a.attrelid ${is} r.oid and a.attname ${is} w.part
      union all
      select ${classOf('pg_constraint')}, k.oid, 0 from pg_catalog.pg_constraint k
        where ${isOneOf('w.kind', 'constraint')} and k.conrelid ${is} r.oid and k.conname ${is} w.part
      union all
      select ${classOf('pg_trigger')}, t.oid, 0 from pg_catalog.pg_trigger t
        where ${isOneOf('w.kind', 'trigger')} and t.tgrelid ${is} r.oid and t.tgname ${is} w.part) as s(class, object, part)
    where ${isOneOf('w.reach', 'parts', 'dependents')} and ${isOneOf('r.via', ...family)}
    union
    select f.cascades, f.mode, s.class, s.object, s.part from fallen f cross join lateral (
      select d.classid, d.objid, d.objsubid from pg_catalog.pg_depend d
        where d.refclassid ${is} f.class and d.refobjid ${is} f.object and (f.part ${is} 0 or d.refobjsubid ${is} f.part)
          and (f.cascades or not ${isOneOf('d.deptype', 'n')})
      union all
      select d.refclassid, d.refobjid, d.refobjsubid from pg_catalog.pg_depend d
        where f.cascades and d.classid ${is} f.class and d.objid ${is} f.object and ${isOneOf('d.deptype', 'i')}) as s(class, object, part))`

/** The relation that is locked when an object of a catalog is dropped. */
const holder = (table: string, object: string, relation: string) =>
  `select x.${relation} from pg_catalog.${table} x where f.class ${is} ${classOf(table === 'pg_index' ? 'pg_class' : table)} and x.${object} ${is} f.object`
const holders = [
  holder('pg_class', 'oid', 'oid'),
  holder('pg_index', 'indexrelid', 'indrelid'),
  holder('pg_constraint', 'oid', 'conrelid'),
  holder('pg_trigger', 'oid', 'tgrelid'),
  holder('pg_rewrite', 'oid', 'ev_class'),
  holder('pg_attrdef', 'oid', 'adrelid'),
  holder('pg_policy', 'oid', 'polrelid'),
]

/** Any one of these rights allows LOCK TABLE in the mode. https://www.postgresql.org/docs/current/sql-lock.html */
const rights = `case
  when v.major operator(pg_catalog.>=) 16 then pg_catalog.concat_ws(',', 'update,delete,truncate',
    case when v.major operator(pg_catalog.>=) 17 then 'maintain' end,
    case when t.mode operator(pg_catalog.<=) 2 then 'insert' end, case when t.mode ${is} 0 then 'select' end)
  when t.mode ${is} 0 then 'select'
  when t.mode ${is} 2 then 'insert,update,delete,truncate'
  else 'update,delete,truncate' end`

export const surveyQuery = `
with recursive ${asked}, ${reached}, ${fallen},
  taken as (
    select h.oid, pg_catalog.max(h.mode) as mode, pg_catalog.array_agg(distinct h.mode) as modes
    from (
      select r.oid, r.mode from reached r
      union all
      select s.oid, f.mode from fallen f cross join lateral (${holders.join(' union all ')}) as s(oid)) as h
    group by h.oid)
select c.oid::pg_catalog.text as oid, n.nspname::pg_catalog.text as schema, c.relname::pg_catalog.text as table, t.modes,
  ${isOneOf('c.relkind', 'r', 'p')} and pg_catalog.has_schema_privilege(n.oid, 'usage')
    and coalesce(pg_catalog.has_table_privilege(c.oid, ${rights}), false) as lockable
from taken t
join pg_catalog.pg_class c on c.oid ${is} t.oid
join pg_catalog.pg_namespace n on n.oid ${is} c.relnamespace
cross join (select pg_catalog.current_setting('server_version_num')::pg_catalog.int4 operator(pg_catalog./) 10000 as major) as v
where c.relpersistence ${isNot} 't' and not ${isOneOf('n.nspname', 'pg_catalog', 'pg_toast', 'information_schema')}
order by n.nspname, c.relname`
