import { type Reach, reaches } from '../../../sql/locks.ts'
import { fallen, fallenRelations } from './dependencies.ts'
import { is, isNot, isOneOf } from './qualified.ts'
import { stepsTo } from './steps.ts'

/** One query for the relations asked for and those reached from them. Modes are numbers, the lists JSON as SQL constants. */
export function surveyQuery(asked: { readonly named: string; readonly wishes: string; readonly reach: ReadonlySet<Reach> }): string {
  // only what was wished for: the whole query would take longer to plan than a small migration takes to run
  const wanted = reaches.filter((reach) => asked.reach.has(reach))
  const steps = [...new Set(wanted.flatMap(stepsTo))]
  const drops = wanted.includes('parts') || wanted.includes('dependents')
  return `
with recursive ${names(asked.named)}, ${wishes(asked.wishes)}, ${reached(steps)}, ${drops ? `${fallen}, ` : ''}
  taken as (
    select h.oid, pg_catalog.max(h.mode) as mode, pg_catalog.array_agg(distinct h.mode) as modes
    from (select r.oid, r.mode from reached r ${drops ? `union all ${fallenRelations}` : ''}) as h group by h.oid)
select c.oid::pg_catalog.text as oid, n.nspname::pg_catalog.text as schema, c.relname::pg_catalog.text as table, t.modes,
  ${isOneOf('c.relkind', 'r', 'p')} and pg_catalog.has_schema_privilege(n.oid, 'usage')
    and coalesce(pg_catalog.has_table_privilege(c.oid, ${rights}), false) as lockable
from taken t
join pg_catalog.pg_class c on c.oid ${is} t.oid
join pg_catalog.pg_namespace n on n.oid ${is} c.relnamespace
cross join (select pg_catalog.current_setting('server_version_num')::pg_catalog.int4 operator(pg_catalog./) 10000 as major) as v
where c.relpersistence ${isNot} 't' and not ${isOneOf('n.nspname', 'pg_catalog', 'pg_toast', 'information_schema')}
order by n.nspname, c.relname`
}

/** Names are found as the server finds them, in the schemas of the search path that exist and may be used. */
const names = (json: string) => `
  named as (
    select distinct on (a.no) a.no, c.oid, a.mode
    from pg_catalog.json_to_recordset(${json}::pg_catalog.json)
      as a(no pg_catalog.int4, schema pg_catalog.text, name pg_catalog.text, mode pg_catalog.int4)
    join pg_catalog.pg_class c on c.relname ${is} a.name::pg_catalog.name
    join pg_catalog.pg_namespace n on n.oid ${is} c.relnamespace
    left join pg_catalog.unnest(pg_catalog.current_schemas(true)) with ordinality as p(name, position) on p.name ${is} n.nspname
    where case when a.schema is null then p.position is not null else n.nspname ${is} a.schema::pg_catalog.name end
    order by a.no, p.position)`

/** Children of one that has no such constraint do not have it either, and are left alone. */
const wishes = (json: string) => `
  wish as (
    select w.no, w.reach, w.mode, w.kind, w.part::pg_catalog.name as part
    from pg_catalog.json_to_recordset(${json}::pg_catalog.json)
      as w(no pg_catalog.int4, reach pg_catalog.text, mode pg_catalog.int4, kind pg_catalog.text, part pg_catalog.text)
    where not (${isOneOf('w.reach', 'children')} and w.kind is not null) or exists (
      select from named m join pg_catalog.pg_constraint k on k.conrelid ${is} m.oid
      where m.no ${is} w.no and k.conname ${is} w.part::pg_catalog.name and ${isOneOf('k.contype', 'c', 'n')}))`

const reached = (steps: readonly string[]) => `
  reached(no, oid, via, mode) as (
    select no, oid, 'named', mode from named
    ${steps.length === 0 ? '' : 'union select r.no, s.oid, s.via, s.mode from reached r cross join lateral ('}
    ${steps.join(' union all ')}${steps.length === 0 ? '' : ') as s(oid, via, mode)'})`

/** Any one of these rights allows LOCK TABLE in the mode. https://www.postgresql.org/docs/current/sql-lock.html */
const rights = `case
  when v.major operator(pg_catalog.>=) 16 then pg_catalog.concat_ws(',', 'update,delete,truncate',
    case when v.major operator(pg_catalog.>=) 17 then 'maintain' end,
    case when t.mode operator(pg_catalog.<=) 2 then 'insert' end, case when t.mode ${is} 0 then 'select' end)
  when t.mode ${is} 0 then 'select'
  when t.mode ${is} 2 then 'insert,update,delete,truncate'
  else 'update,delete,truncate' end`
