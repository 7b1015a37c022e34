import type { AlterTableCmd, AlterTableStmt } from '@pgsql/types'
import { nameOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { columnType } from '../column-type.ts'
import { findRelation, findType, type Origin, type Schema } from '../schema.ts'
import { columnAlterations } from './alter-column.ts'
import { constraintAlterations } from './alter-constraint.ts'
import { tableAlterations } from './alter-options.ts'
import type { Alteration } from './alteration.ts'
import { attachIndex } from './attach-index.ts'

export function alterTable(schema: Schema, { relation, cmds, objtype }: AlterTableStmt, origin: Origin): void {
  const commands = nodesOf(cmds, 'AlterTableCmd')
  if (objtype === 'OBJECT_TYPE') {
    alterComposite(schema, nameOf(relation), commands)
    return
  }
  const found = findRelation(schema, nameOf(relation))
  if (found?.kind === 'index') {
    for (const { subtype, def } of commands) if (subtype === 'AT_AttachPartition') attachIndex(schema, found, def)
  }
  if (found?.kind !== 'table') return
  const place = { schema, table: found, origin, only: relation?.inh !== true }
  const sorted = commands.map((command, index) => ({ command, index, pass: passOf(command) }))
  for (const { command } of sorted.sort((a, b) => a.pass - b.pass || a.index - b.index))
    alterations[command.subtype ?? '']?.(place, command)
}

const alterations: Readonly<Record<string, Alteration>> = { ...columnAlterations, ...constraintAlterations, ...tableAlterations }

/** The server sorts the subcommands of one statement into passes: what goes away first, constraints at the end. */
function passOf({ subtype, def }: AlterTableCmd): number {
  const named = passes[subtype ?? '']
  if (named !== undefined) return named
  if (subtype === 'AT_ColumnDefault') return def === undefined ? 0 : 5
  if (subtype !== 'AT_AddConstraint' || def === undefined || !('Constraint' in def)) return 6
  return ['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_EXCLUSION'].includes(def.Constraint.contype ?? '') ? 4 : 5
}

const passes: Readonly<Record<string, number>> = {
  AT_DropColumn: 0,
  AT_DropConstraint: 0,
  AT_DropNotNull: 0,
  AT_DropIdentity: 0,
  AT_DropExpression: 0,
  AT_AlterColumnType: 1,
  AT_AddColumn: 2,
  AT_SetExpression: 2,
  AT_SetNotNull: 3,
  AT_AddIdentity: 5,
}

/** ALTER TYPE of a composite type is an ALTER TABLE to the parser. */
function alterComposite(schema: Schema, name: { schema: string | undefined; name: string }, commands: readonly AlterTableCmd[]): void {
  const type = findType(schema, name)
  if (type?.kind !== 'composite') return
  for (const { subtype, name: attribute = '', def } of commands) {
    if (subtype === 'AT_DropColumn') type.attributes.delete(attribute)
    if (def === undefined || !('ColumnDef' in def)) continue
    const changed = columnType(schema, def.ColumnDef.typeName)
    if (subtype === 'AT_AddColumn') type.attributes.set(def.ColumnDef.colname ?? '', changed)
    if (subtype === 'AT_AlterColumnType') type.attributes.set(attribute, changed)
  }
}
