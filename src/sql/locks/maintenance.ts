import type {
  ClusterStmt,
  CopyStmt,
  LockStmt,
  Node,
  RangeVar,
  RefreshMatViewStmt,
  ReindexStmt,
  TruncateStmt,
  VacuumStmt,
} from '@pgsql/types'
import { rebuildsIndexes } from './constraint.ts'
import { lockModes } from './mode.ts'
import { hasOption, isOnly, nameOf } from './names.ts'
import { queryLocks } from './query.ts'
import { combine, lock, type ReachLock, type StatementLocks } from './statement-locks.ts'

/** Instant, since it makes new files; triggers for it may do anything. */
export function truncate({ relations, restart_seqs, behavior }: TruncateStmt): StatementLocks {
  const beside: ReachLock[] = [
    rebuildsIndexes,
    ...(restart_seqs === true ? [{ to: 'sequences', mode: 'AccessExclusive' } as const] : []),
    ...(behavior === 'DROP_CASCADE' ? [{ to: 'referencing-chain', mode: 'AccessExclusive' } as const] : []),
  ]
  const locks = rangesIn(relations).map((one) => lock(nameOf(one), 'AccessExclusive', ...family(one, 'AccessExclusive'), ...beside))
  return combine({ locks, definesOnly: false })
}

/** LOCK TABLE goes down to partitions and children, and through views to what they read. */
export function lockTable({ relations, mode = 8 }: LockStmt): StatementLocks {
  const named = lockModes[mode - 1] ?? 'AccessExclusive' // the parser counts as the server does, from 1
  return combine({
    locks: rangesIn(relations).map((one) => lock(nameOf(one), named, ...family(one, named), { to: 'underlying', mode: named })),
  })
}

/** Plain VACUUM gives way to everybody but definitions; FULL writes the table anew. */
export function vacuum({ rels, options, is_vacuumcmd }: VacuumStmt): StatementLocks {
  const isFull = is_vacuumcmd === true && hasOption(options, 'full')
  const mode = isFull ? 'AccessExclusive' : 'ShareUpdateExclusive'
  const tables = (rels ?? []).flatMap((one) => ('VacuumRelation' in one ? (one.VacuumRelation.relation ?? []) : []))
  const locks = tables.map((one) => lock(nameOf(one), mode, ...family(one, mode), ...(isFull ? [rebuildsIndexes] : [])))
  return combine({ locks, ...onRows, ...(tables.length === 0 ? { unknown: 'it goes through every table of the database' } : {}) })
}

export function cluster({ relation }: ClusterStmt): StatementLocks {
  if (relation === undefined) return combine({ unknown: 'it goes through every table that was clustered before' })
  const partitions = { to: 'partitions', mode: 'AccessExclusive' } as const
  return combine({ locks: [lock(nameOf(relation), 'AccessExclusive', partitions, rebuildsIndexes)], ...onRows })
}

/** Readers open every index of a table, so that a plain REINDEX keeps them out as well as writers. */
export function reindex({ kind, relation, params }: ReindexStmt): StatementLocks {
  const concurrent = hasOption(params, 'concurrently')
  const onTable = concurrent ? 'ShareUpdateExclusive' : 'Share'
  const onIndex = concurrent ? 'ShareUpdateExclusive' : 'AccessExclusive'
  switch (kind) {
    case 'REINDEX_OBJECT_TABLE': {
      const reach = [
        { to: 'partitions', mode: onTable },
        { to: 'indexes', mode: onIndex },
      ] as const
      return combine({ locks: [lock(nameOf(relation), onTable, ...reach)], ...onRows })
    }
    case 'REINDEX_OBJECT_INDEX': {
      const reach = [
        { to: 'partitions', mode: onIndex },
        { to: 'table', mode: onTable },
      ] as const
      return combine({ locks: [lock(nameOf(relation), onIndex, ...reach)], ...onRows })
    }
    default:
      return combine({ unknown: 'it goes through every table of a schema or database' })
  }
}

export function refresh({ relation, concurrent, skipData }: RefreshMatViewStmt): StatementLocks {
  const mode = concurrent === true ? 'Exclusive' : 'AccessExclusive'
  const reach: ReachLock[] = [
    ...(concurrent === true ? [] : [rebuildsIndexes]),
    ...(skipData === true ? [] : [{ to: 'source', mode: 'AccessShare' } as const]),
  ]
  return combine({ locks: [lock(nameOf(relation), mode, ...reach)], ...onRows, work: skipData === true ? 'catalog' : 'rows' })
}

/** COPY into a table is an INSERT, out of it a SELECT. */
export function copy({ relation, query, is_from, whereClause }: CopyStmt): StatementLocks {
  const read = relation === undefined ? query : { RangeVar: relation }
  const moved = is_from === true ? { InsertStmt: { relation } } : read
  return combine(queryLocks(moved, 'run'), queryLocks(whereClause, 'run'), onRows)
}

const onRows = { work: 'rows', definesOnly: false } as const

function family(relation: RangeVar, mode: ReachLock['mode']): ReachLock[] {
  return isOnly(relation) ? [] : [{ to: 'children', mode }]
}

function rangesIn(nodes: readonly Node[] | undefined): RangeVar[] {
  return (nodes ?? []).flatMap((one) => ('RangeVar' in one ? [one.RangeVar] : []))
}
