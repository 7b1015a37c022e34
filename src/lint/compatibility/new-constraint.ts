import type { AlterTableCmd, Constraint, Node } from '@pgsql/types'
import { nameOf, wordsOf } from '../../sql/locks/names.ts'
import { findTable, indexesOf, type Table, type TableConstraint, tableById } from '../../sql/schema/schema.ts'
import type { Severity } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'
import { mayBeFalse, type OldValue } from './may-be-false.ts'
import { isOldColumn } from './old-objects.ts'
import { sameNode } from './same-node.ts'
import { listed } from './sql-text.ts'
import { allowsAllOf } from './widens.ts'

/** What a new constraint forbids that the old code may do. */
export interface NewLimit {
  readonly severity: Severity
  /** For a sentence that begins with the table's writes. */
  readonly forbids: string
  readonly kind: 'not null' | 'check' | 'unique' | 'primary' | 'foreign' | 'exclusion'
  readonly columns: readonly string[]
}

/** What a command of ALTER TABLE forbids on an old table; `undefined` when the old code cannot meet it. */
export function newLimit(
  scope: StatementScope,
  table: Table | undefined,
  { subtype, name = '', def }: AlterTableCmd,
): NewLimit | undefined {
  if (subtype === 'AT_SetNotNull') return notNull(scope, table, [name])
  if (subtype !== 'AT_AddConstraint' || def === undefined || !('Constraint' in def)) return undefined
  return ofConstraint(scope, table, def.Constraint)
}

function ofConstraint(scope: StatementScope, table: Table | undefined, constraint: Constraint): NewLimit | undefined {
  const columns = wordsOf(constraint.keys)
  switch (constraint.contype) {
    case 'CONSTR_NOTNULL':
      return notNull(scope, table, columns)
    case 'CONSTR_CHECK':
      return check(scope, table, constraint)
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
      return key(scope, table, constraint, columns)
    case 'CONSTR_FOREIGN':
      return foreign(scope, table, constraint)
    case 'CONSTR_EXCLUSION':
      return { kind: 'exclusion', severity: 'warning', columns: [], forbids: 'rows that exclude each other' }
    default:
      return undefined
  }
}

function notNull(scope: StatementScope, table: Table | undefined, names: readonly string[]): NewLimit | undefined {
  const columns = names.filter((name) => {
    if (!isOldColumn(scope, table, name)) return false
    return table?.columns.get(name)?.notNull !== true && !isCheckedNotNull(table, name)
  })
  if (columns.length === 0) return undefined
  return { kind: 'not null', severity: 'error', columns, forbids: `NULL in ${listed(columns)}` }
}

/** A check that forbids NULL was told of when it came, or came in an earlier release. */
function isCheckedNotNull(table: Table | undefined, column: string): boolean {
  return [...(table?.constraints.values() ?? [])].some(
    (one) =>
      (one.kind === 'not-null' && one.column === column) ||
      (one.kind === 'check' && isDefinitelyFalse(one.expression, (name) => (name === column ? 'null' : 'fits'))),
  )
}

function isDefinitelyFalse(expression: Node, put: (column: string) => OldValue): boolean {
  return mayBeFalse(expression, put) && !mayBeTrue(expression, put)
}

function mayBeTrue(expression: Node, put: (column: string) => OldValue): boolean {
  return mayBeFalse({ BoolExpr: { boolop: 'NOT_EXPR', args: [expression] } }, put)
}

function check(scope: StatementScope, table: Table | undefined, { raw_expr: expression }: Constraint): NewLimit | undefined {
  if (expression === undefined) return undefined
  const released = tableById(scope.release.before, table?.id)
  const before = [...(released?.constraints.values() ?? [])]
  if (before.some((one) => one.kind === 'check' && allowsAllOf(expression, one.expression))) return undefined
  if (!mayBeFalse(expression, (name) => writtenByOldCode(scope, table, name))) return undefined
  return { kind: 'check', severity: 'warning', columns: [], forbids: 'what it does not allow' }
}

function writtenByOldCode(scope: StatementScope, table: Table | undefined, name: string): OldValue {
  const column = table?.columns.get(name)
  if (column === undefined) return 'anything'
  if (!scope.isNew(column)) return 'anything'
  const isFilled = column.default !== undefined || column.generated !== undefined || column.identity !== undefined || column.type.serial
  return isFilled ? 'fits' : 'null'
}

function key(
  scope: StatementScope,
  table: Table | undefined,
  { contype, indexname }: Constraint,
  keys: readonly string[],
): NewLimit | undefined {
  const index =
    indexname === undefined || table === undefined ? undefined : indexesOf(scope.schema, table).find((one) => one.name === indexname)
  const columns = index === undefined ? keys : index.keys.flatMap(({ column }) => column ?? [])
  const primary = contype === 'CONSTR_PRIMARY'
  const nulls = primary ? notNull(scope, table, columns) : undefined
  // an index that exists already made the rows unique when it came
  const limit = indexname !== undefined ? undefined : uniqueLimit(scope, table, columns)
  if (limit === undefined && nulls === undefined) return undefined
  const forbids = [nulls?.forbids, limit?.forbids].filter((one) => one !== undefined).join(' and ')
  return { kind: primary ? 'primary' : 'unique', severity: nulls?.severity ?? 'warning', columns, forbids }
}

/**
 * Rows that are the same in these columns, where the index has them (`predicate`); `undefined` when they could not be
 * before, or the old code writes no such row.
 */
export function uniqueLimit(
  scope: StatementScope,
  table: Table | undefined,
  columns: readonly string[],
  predicate?: Node,
): NewLimit | undefined {
  const written = (name: string) => writtenByOldCode(scope, table, name)
  if (columns.some((name) => table !== undefined && written(name) === 'null')) return undefined
  if (predicate !== undefined && !mayBeTrue(predicate, written)) return undefined
  const released = tableById(scope.release.before, table?.id)
  // writes of the old code fail at the other name already
  if (released?.complete && columns.some((name) => isOldColumn(scope, table, name) && !released.columns.has(name))) return undefined
  const isUnique =
    released !== undefined &&
    indexesOf(scope.release.before, released).some(
      (one) =>
        one.unique &&
        (one.predicate === undefined || sameNode(one.predicate, predicate)) &&
        one.keys.every(({ column }) => column !== undefined && columns.includes(column)),
    )
  return isUnique ? undefined : { kind: 'unique', severity: 'warning', columns, forbids: `a second row with the same ${listed(columns)}` }
}

function foreign(scope: StatementScope, table: Table | undefined, constraint: Constraint): NewLimit | undefined {
  const columns = wordsOf(constraint.fk_attrs)
  if (columns.some((name) => table !== undefined && !isOldColumn(scope, table, name))) return undefined
  const partner = findTable(scope.schema, nameOf(constraint.pktable))
  const released = tableById(scope.release.before, table?.id)
  const same = (one: TableConstraint) =>
    one.kind === 'foreign' && one.references.id === partner?.id && partner !== undefined && one.columns.join() === columns.join()
  if ([...(released?.constraints.values() ?? [])].some(same)) return undefined
  const other = tableName(nameOf(constraint.pktable))
  return {
    kind: 'foreign',
    severity: 'warning',
    columns,
    forbids: `${listed(columns)} without its row in ${other}, and the removal of rows of ${other} that are referred to`,
  }
}
