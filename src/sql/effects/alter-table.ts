import type { AlterTableCmd, AlterTableStmt, Node } from '@pgsql/types'
import { isOnly, nameOf } from '../locks/names.ts'
import { nodesOf } from '../node.ts'
import type { Schema, Table } from '../schema/schema.ts'
import { addColumn } from './add-column.ts'
import { changeType } from './change-type.ts'
import { indexesOnColumn } from './columns-of.ts'
import { addConstraint, setNotNull, validateConstraint, validateKey } from './constraint.ts'
import { attachPartition } from './partition.ts'
import { TablePlans } from './table-plan.ts'
import { type EffectContext, familyOf, type Heap, indexesOn, rewriteWhole } from './work.ts'

/** ALTER TABLE and its kin. */
export function alterTable(context: EffectContext, { relation, cmds, objtype }: AlterTableStmt): void {
  if (objtype !== undefined && !withRows.has(objtype)) return
  const target = context.find(nameOf(relation))
  const plans = new TablePlans()
  const family = isOnly(relation) ? [target] : familyOf(context.schema, target)
  const commands = nodesOf(cmds, 'AlterTableCmd')
  const dropped = new Set(commands.flatMap(({ subtype, name }) => (subtype === 'AT_DropConstraint' ? (name ?? []) : [])))
  const alteration: Alteration = { context, plans, target, family, dropped }
  for (const command of commands) alterations[command.subtype ?? '']?.(alteration, command)
  plans.carryOut(context)
}

const withRows: ReadonlySet<string> = new Set(['OBJECT_TABLE', 'OBJECT_MATVIEW', 'OBJECT_INDEX'])

/** One ALTER TABLE while it is read. */
export interface Alteration {
  readonly context: EffectContext
  readonly plans: TablePlans
  /** The relation that it names. */
  readonly target: Heap
  /** The target and, unless ONLY is written, all below it. */
  readonly family: readonly Heap[]
  /** Names of constraints that it drops, wherever they stand in it: that is done first. */
  readonly dropped: ReadonlySet<string>
}

type Alter = (alteration: Alteration, command: AlterTableCmd) => void

const alterations: Readonly<Record<string, Alter>> = {
  AT_AddColumn: (alteration, { def, missing_ok }) => {
    if (def === undefined || !('ColumnDef' in def)) return
    addColumn(alteration, def.ColumnDef, { ifNotExists: missing_ok === true })
  },
  AT_DropColumn: ({ context, plans, family }, { name = '' }) => {
    for (const table of family) for (const index of indexesOnColumn(context.schema, table, name)) plans.of(table).gone.add(index)
  },
  AT_DropConstraint: ({ context, plans, family }, { name = '' }) => {
    for (const table of family) for (const index of indexesOfConstraint(context.schema, table, name)) plans.of(table).gone.add(index)
  },
  AT_AddConstraint: (alteration, { def }) => {
    if (def !== undefined && 'Constraint' in def) addConstraint(alteration, def.Constraint)
  },
  AT_ValidateConstraint: (alteration, { name = '' }) => validateConstraint(alteration, name),
  AT_AlterConstraint: (alteration, { def }) => enforce(alteration, def),
  AT_SetNotNull: (alteration, { name = '' }) => setNotNull(alteration, name),
  AT_AlterColumnType: (alteration, command) => changeType(alteration, command),
  AT_SetExpression: setExpression,
  AT_SetLogged: (alteration) => setPersistence(alteration, 'permanent'),
  AT_SetUnLogged: (alteration) => setPersistence(alteration, 'unlogged'),
  AT_SetAccessMethod: ({ context, target }, { name }) => {
    // it is the one that a table has unless somebody chose another
    if (name !== undefined && name !== 'heap') rewriteWhole(context, target)
  },
  AT_SetTableSpace: ({ context, target }) => context.work.rewrite(target), // copied as it is; its indexes stay where they are
  AT_AttachPartition: (alteration, { def }) => {
    if (def !== undefined && 'PartitionCmd' in def) attachPartition(alteration, def.PartitionCmd)
  },
}

function indexesOfConstraint(schema: Schema, table: Heap, name: string) {
  return indexesOn(schema, table).filter(({ constraint }) => constraint === name)
}

/** ENFORCED, since PostgreSQL 18, has the rows looked through again. */
function enforce({ context, plans, target }: Alteration, def: Node | undefined): void {
  if (def === undefined || !('ATAlterConstraint' in def) || def.ATAlterConstraint.alterEnforceability !== true) return
  if (def.ATAlterConstraint.is_enforced !== true) return
  const constraint = target.kind === 'table' ? target.constraints.get(def.ATAlterConstraint.conname ?? '') : undefined
  if (constraint?.kind !== 'foreign') return
  const { id, name } = constraint.references
  validateKey(context, plans, target, context.schema.relations.get(id ?? -1) ?? context.find(name))
}

function setPersistence({ context, target }: Alteration, persistence: Table['persistence']): void {
  if (target.kind === 'table' && target.persistence === persistence) return
  rewriteWhole(context, target)
}

/** Stored values are computed anew; virtual ones have none, but NOT NULL is checked of them. */
function setExpression({ context, plans, family }: Alteration, { name = '' }: AlterTableCmd): void {
  for (const table of family) {
    const column = table.kind === 'table' ? table.columns.get(name) : undefined
    const plan = plans.of(table)
    if (column?.generated?.kind !== 'virtual') {
      plan.rewrites = true
      for (const index of indexesOnColumn(context.schema, table, name)) plan.remade.add(index)
    } else if (column.notNull) plan.scans = true
  }
}
