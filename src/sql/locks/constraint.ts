import type { ColumnDef, Constraint, Node } from '@pgsql/types'
import { isBuiltinType, isSerial } from './builtins.ts'
import type { LockMode } from './mode.ts'
import { nameOf, wordsOf } from './names.ts'
import { isVolatileExpression, queryLocks } from './query.ts'
import { type Finding, lock, type ReachLock } from './statement-locks.ts'

/** What a subcommand of ALTER TABLE, or a part of a table's definition, asks of the table that it stands in. */
export interface TableFinding extends Finding {
  readonly mode: LockMode
  readonly reach?: readonly ReachLock[]
}

/** The table of another foreign key's end; its partitions get triggers too. */
export function foreignKeyPartner(constraint: Constraint): Finding {
  const partitions = { to: 'partitions', mode: 'ShareRowExclusive' } as const
  return { locks: [lock(nameOf(constraint.pktable), 'ShareRowExclusive', partitions)] }
}

/** `ALTER TABLE … ADD CONSTRAINT`. Since PostgreSQL 18 it locks inheritance children whatever the kind. */
export function addConstraint(constraint: Constraint): TableFinding {
  const checks = constraint.skip_validation !== true
  switch (constraint.contype) {
    case 'CONSTR_CHECK':
    case 'CONSTR_NOTNULL': {
      const read = checks ? queryLocks(constraint.raw_expr, 'run') : queryLocks(constraint.raw_expr, 'analyzed')
      return { ...read, mode: 'AccessExclusive', reach: [everyChild], work: checks ? 'rows' : 'catalog' }
    }
    case 'CONSTR_FOREIGN': {
      const reach = [{ to: 'children', mode: 'ShareRowExclusive' }] as const
      return { ...foreignKeyPartner(constraint), mode: 'ShareRowExclusive', reach, work: checks ? 'rows' : 'catalog' }
    }
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
    case 'CONSTR_EXCLUSION':
      return addKey(constraint)
    default:
      return { mode: 'AccessExclusive', work: 'rows', unknown: `it adds a constraint of the kind ${constraint.contype}` }
  }
}

/** A primary key makes its columns NOT NULL, and so has to look at the rows even when its index is there. */
function addKey(constraint: Constraint): TableFinding {
  const isPrimary = constraint.contype === 'CONSTR_PRIMARY'
  const { indexname } = constraint
  if (indexname === undefined) {
    const read = queryLocks([constraint.exclusions, constraint.where_clause], 'run')
    return { ...read, mode: 'AccessExclusive', reach: [everyChild], work: 'rows' }
  }
  const only = { kind: 'index', name: indexname } as const
  const reach = [everyChild, { to: 'indexes', mode: 'ShareUpdateExclusive', only }] as const
  return { mode: 'AccessExclusive', reach, work: isPrimary ? 'rows' : 'catalog' }
}

export const everyChild = { to: 'children', mode: 'AccessExclusive' } as const
export const everyPartition = { to: 'partitions', mode: 'AccessExclusive' } as const
export const rebuildsIndexes = { to: 'indexes', mode: 'AccessExclusive' } as const

/** `ALTER TABLE … ADD COLUMN`: instant as long as every row gets the same value and nothing has to be checked. */
export function addColumn(column: ColumnDef): TableFinding[] {
  const constraints = constraintsOf(column.constraints)
  const isNull = !constraints.some((one) => ['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY'].includes(one.contype ?? ''))
  const added = constraints.map((one) => columnConstraint(one, isNull))
  const rewrites = added.some((one) => one.reach?.includes(rebuildsIndexes)) || mustCompute(column)
  const reach = rewrites ? [everyChild, rebuildsIndexes] : [everyChild]
  return [{ mode: 'AccessExclusive', reach, work: rewrites ? 'rows' : 'catalog' }, ...added]
}

/** `serial` numbers the rows, and a domain may have checks: only the catalog knows which types are domains. */
function mustCompute({ typeName }: ColumnDef): boolean {
  const words = wordsOf(typeName?.names)
  return isSerial(words) || typeName?.pct_type === true || !isBuiltinType(words)
}

function columnConstraint(constraint: Constraint, isNull: boolean): TableFinding {
  const { contype, raw_expr } = constraint
  switch (contype) {
    case 'CONSTR_DEFAULT':
      return { ...queryLocks(raw_expr, 'run'), ...(isVolatileExpression(raw_expr) ? computed : { mode: 'AccessExclusive' }) }
    case 'CONSTR_GENERATED':
      return { ...queryLocks(raw_expr, 'run'), ...(constraint.generated_kind === 'v' ? { mode: 'AccessExclusive' } : computed) }
    case 'CONSTR_IDENTITY':
      return computed
    case 'CONSTR_FOREIGN':
      // a column full of nulls refers to nothing, and is not checked
      return { ...addConstraint(constraint), ...(isNull ? { work: 'catalog' } : {}) }
    case 'CONSTR_NOTNULL':
      return { mode: 'AccessExclusive', work: isNull ? 'rows' : 'catalog' }
    case 'CONSTR_CHECK':
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
      return addConstraint(constraint)
    default:
      return { mode: 'AccessExclusive' } // NULL, DEFERRABLE and its kin describe what stands before them
  }
}

const computed: TableFinding = { mode: 'AccessExclusive', reach: [rebuildsIndexes], work: 'rows' }

export function constraintsOf(nodes: readonly Node[] | undefined): Constraint[] {
  return (nodes ?? []).flatMap((one) => ('Constraint' in one ? [one.Constraint] : []))
}
