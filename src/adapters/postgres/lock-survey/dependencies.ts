import { classOf, is, isOneOf } from './qualified.ts'

/** Where a DROP starts: with the relation, or with the part of it that is named. */
const starts = [
  `select ${classOf('pg_class')}, r.oid, 0 where w.kind is null`,
  `select ${classOf('pg_class')}, r.oid, a.attnum::pg_catalog.int4 from pg_catalog.pg_attribute a
    where ${isOneOf('w.kind', 'column')} and a.attrelid ${is} r.oid and a.attname ${is} w.part`,
  part('constraint', 'pg_constraint', 'conrelid', 'conname'),
  part('trigger', 'pg_trigger', 'tgrelid', 'tgname'),
  part('rule', 'pg_rewrite', 'ev_class', 'rulename'),
  part('policy', 'pg_policy', 'polrelid', 'polname'),
]

function part(kind: string, catalog: string, relation: string, name: string): string {
  return `select ${classOf(catalog)}, p.oid, 0 from pg_catalog.${catalog} p
    where ${isOneOf('w.kind', kind)} and p.${relation} ${is} r.oid and p.${name} ${is} w.part`
}

/**
 * Whatever goes with them: dependencies of every kind but the normal one, which only CASCADE follows. It also goes up
 * from an internal part, such as a view's rule, to the whole. https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
export const fallen = `
  fallen(cascades, mode, class, object, part) as (
    select ${isOneOf('w.reach', 'dependents')}, w.mode, s.class, s.object, s.part
    from wish w join reached r on r.no ${is} w.no cross join lateral (${starts.join(' union all ')}) as s(class, object, part)
    where ${isOneOf('w.reach', 'parts', 'dependents')} and ${isOneOf('r.via', 'named', 'children')}
    union
    select f.cascades, f.mode, s.class, s.object, s.part from fallen f cross join lateral (
      select d.classid, d.objid, d.objsubid from pg_catalog.pg_depend d
        where d.refclassid ${is} f.class and d.refobjid ${is} f.object and (f.part ${is} 0 or d.refobjsubid ${is} f.part)
          and (f.cascades or not ${isOneOf('d.deptype', 'n')})
      union all
      select d.refclassid, d.refobjid, d.refobjsubid from pg_catalog.pg_depend d
        where f.cascades and d.classid ${is} f.class and d.objid ${is} f.object and ${isOneOf('d.deptype', 'i')}) as s(class, object, part))`

/** The relation that is locked when an object of a catalog is dropped. */
function holder(catalog: string, relation: string, { object, kind } = { object: 'oid', kind: catalog }): string {
  return `select h.${relation} from pg_catalog.${catalog} h where f.class ${is} ${classOf(kind)} and h.${object} ${is} f.object`
}

const holders = [
  holder('pg_class', 'oid'),
  holder('pg_index', 'indrelid', { object: 'indexrelid', kind: 'pg_class' }),
  holder('pg_constraint', 'conrelid'),
  holder('pg_trigger', 'tgrelid'),
  holder('pg_rewrite', 'ev_class'),
  holder('pg_attrdef', 'adrelid'),
  holder('pg_policy', 'polrelid'),
]

export const fallenRelations = `select s.oid, f.mode from fallen f cross join lateral (${holders.join(' union all ')}) as s(oid)`
