import type { Reach } from '../../../sql/locks.ts'
import { classOf, is, isNot, isOneOf } from './qualified.ts'

/**
 * Queries that lead from the relation `r` to others, each with the word by which it got there and a lock mode: `r` has
 * the number of the lock that was asked for (`no`), and `via`, `named` for the relation itself.
 */
export function stepsTo(reach: Reach): readonly string[] {
  return steps[reach]
}

const wished = `wish w where w.no ${is} r.no`
const family = ['named', 'children']
const emptied = [...family, 'referencing-chain']

/** A step that is taken only where it was wished for. */
function step(reach: Reach, from: readonly string[], sql: string): string {
  return `${sql} and ${isOneOf('w.reach', reach)} and ${isOneOf('r.via', ...from)}`
}

/** Partitions and children of what was reached another way are locked as it is. */
function below(via: string): string {
  return `select i.inhrelid, r.via, r.mode from pg_catalog.pg_inherits i where i.inhparent ${is} r.oid and ${isOneOf('r.via', via)}`
}

/** Whether a foreign key is the one wished for; `key` holds the columns at this end of it. */
const isWishedKey = (key: 'conkey' | 'confkey') => `(w.kind is null
  or (${isOneOf('w.kind', 'constraint')} and k.conname ${is} w.part)
  or (${isOneOf('w.kind', 'column')} and exists (select from pg_catalog.pg_attribute a
    where a.attrelid ${is} r.oid and a.attname ${is} w.part and a.attnum ${is} any (k.${key}))))`

const isWishedIndex = `(w.kind is null
  or (${isOneOf('w.kind', 'index')} and exists (select from pg_catalog.pg_class c where c.oid ${is} x.indexrelid and c.relname ${is} w.part))
  or (${isOneOf('w.kind', 'constraint')} and exists (select from pg_catalog.pg_constraint k
    where k.conrelid ${is} r.oid and k.conname ${is} w.part and k.conindid ${is} x.indexrelid and ${isOneOf('k.contype', 'p', 'u', 'x')})))`

const isWishedSequence = `(w.kind is null or exists (select from pg_catalog.pg_attribute a
  where a.attrelid ${is} r.oid and a.attnum ${is} d.refobjsubid and a.attname ${is} w.part))`

/** What the query of a view names. */
const readBy = (mode: string, from: string) => `select d.refobjid, 'underlying', ${mode}
  from pg_catalog.pg_rewrite v join pg_catalog.pg_depend d on d.objid ${is} v.oid, ${from}
  and v.ev_class ${is} r.oid and ${isOneOf('v.ev_type', '1')} and d.classid ${is} ${classOf('pg_rewrite')}
  and d.refclassid ${is} ${classOf('pg_class')} and d.refobjid ${isNot} r.oid`

/** Reading a materialized view touches nothing below it. */
const isView = `exists (select from pg_catalog.pg_class c where c.oid ${is} r.oid and ${isOneOf('c.relkind', 'v')})`

const throughViews = `${readBy('r.mode', `(select) as nothing where ${isOneOf('r.via', 'underlying')}`)} and ${isView}`

const steps: Readonly<Record<Reach, readonly string[]>> = {
  children: [
    step('children', family, `select i.inhrelid, 'children', w.mode from pg_catalog.pg_inherits i, ${wished} and i.inhparent ${is} r.oid`),
  ],
  partitions: [
    step(
      'partitions',
      family,
      `select c.oid, 'children', w.mode from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid ${is} i.inhrelid, ${wished}
        and i.inhparent ${is} r.oid and c.relispartition`,
    ),
  ],
  parent: [
    step(
      'parent',
      ['named'],
      `select i.inhparent, 'parent', w.mode from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid ${is} i.inhrelid, ${wished}
        and i.inhrelid ${is} r.oid and c.relispartition`,
    ),
    `select t.partdefid, 'sibling', r.mode from pg_catalog.pg_partitioned_table t where t.partrelid ${is} r.oid and ${isOneOf('r.via', 'parent')}`,
  ],
  default: [
    step(
      'default',
      ['named'],
      `select t.partdefid, 'default', w.mode from pg_catalog.pg_partitioned_table t, ${wished} and t.partrelid ${is} r.oid`,
    ),
    below('default'),
  ],
  referenced: [
    step(
      'referenced',
      family,
      `select k.confrelid, 'referenced', w.mode from pg_catalog.pg_constraint k, ${wished}
        and k.conrelid ${is} r.oid and ${isOneOf('k.contype', 'f')} and ${isWishedKey('conkey')}`,
    ),
    below('referenced'), // their constraints have names of their own
  ],
  referencing: [
    step(
      'referencing',
      family,
      `select k.conrelid, 'referencing', w.mode from pg_catalog.pg_constraint k, ${wished}
        and k.confrelid ${is} r.oid and ${isOneOf('k.contype', 'f')} and ${isWishedKey('confkey')}`,
    ),
  ],
  'referencing-chain': [
    step(
      'referencing-chain',
      emptied,
      `select k.conrelid, 'referencing-chain', w.mode from pg_catalog.pg_constraint k, ${wished}
        and k.confrelid ${is} r.oid and ${isOneOf('k.contype', 'f')}`,
    ),
  ],
  table: [step('table', family, `select x.indrelid, 'table', w.mode from pg_catalog.pg_index x, ${wished} and x.indexrelid ${is} r.oid`)],
  indexes: [
    step(
      'indexes',
      emptied,
      `select x.indexrelid, 'indexes', w.mode from pg_catalog.pg_index x, ${wished} and x.indrelid ${is} r.oid and ${isWishedIndex}`,
    ),
  ],
  sequences: [
    step(
      'sequences',
      emptied,
      `select c.oid, 'sequences', w.mode from pg_catalog.pg_depend d join pg_catalog.pg_class c on c.oid ${is} d.objid, ${wished}
        and d.refclassid ${is} ${classOf('pg_class')} and d.refobjid ${is} r.oid and d.classid ${is} ${classOf('pg_class')}
        and ${isOneOf('d.deptype', 'a', 'i')} and ${isOneOf('c.relkind', 'S')} and ${isWishedSequence}`,
    ),
  ],
  underlying: [step('underlying', family, `${readBy('w.mode', wished)} and ${isView}`), throughViews, below('underlying')],
  source: [step('source', ['named'], readBy('w.mode', wished)), throughViews, below('underlying')],
  parts: [],
  dependents: [],
}
