import type { AlterTableCmd, AlterTableStmt } from '@pgsql/types'
import { allowsAllOf } from '../../lint/compatibility/widens.ts'
import { nameOf, type RelationName } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { type Table, type TableConstraint, tableById } from '../../sql/schema/schema.ts'
import type { Concern } from '../concern.ts'
import { foreignKeyConcern } from './constraints.ts'
import { concern, isNew, type Meets, oldTable } from './meets.ts'
import { newColumnConcerns } from './new-column.ts'
import { limitsOfPart } from './partition.ts'
import { viewOptionConcerns } from './view.ts'

/** What the rules of `lint` judge by themselves: without a finding these leave the target's code as it was. */
const judgedByLint: ReadonlySet<string> = new Set([
  'AT_SetNotNull',
  'AT_DropNotNull',
  'AT_DropColumn',
  'AT_AlterColumnType',
  'AT_ColumnDefault',
  'AT_DetachPartition',
])

/** What no query notices. */
const unseen: ReadonlySet<string> = new Set(
  [
    'ValidateConstraint',
    'SetStatistics',
    'SetOptions',
    'ResetOptions',
    'SetStorage',
    'SetCompression',
    'SetTableSpace',
    'ClusterOn',
    'DropCluster',
    'SetLogged',
    'SetUnLogged',
    'ReplicaIdentity',
    'DetachPartitionFinalize',
  ].map((name) => `AT_${name}`),
)

export function alterTableConcerns(meets: Meets, { relation, cmds, objtype }: AlterTableStmt): readonly Concern[] {
  const name = nameOf(relation)
  const commands = nodesOf(cmds, 'AlterTableCmd')
  if (objtype === 'OBJECT_INDEX') return []
  const old = oldTable(meets, name)
  if (old === undefined) {
    const limits = commands.some(({ subtype }) => subtype === 'AT_AddConstraint' || subtype === 'AT_SetNotNull')
    return [...commands.flatMap((command) => constraintOf(meets, command)), ...(limits ? limitsOfPart(meets, name) : [])]
  }
  return commands.flatMap((command) => ofCommand(meets, name, old.table, command))
}

function ofCommand(meets: Meets, name: RelationName, table: Table | undefined, command: AlterTableCmd): readonly Concern[] {
  const { subtype = '', def, name: part = '' } = command
  if (judgedByLint.has(subtype) || unseen.has(subtype)) return []
  const writes = { by: 'writes', to: name.name } as const
  const use = { by: 'use', of: name.name } as const
  switch (subtype) {
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
      return table === undefined ? viewOptionConcerns(name.name, def) : []
    case 'AT_AddColumn':
      return def !== undefined && 'ColumnDef' in def ? newColumnConcerns(meets, name, def.ColumnDef) : []
    case 'AT_AddConstraint':
      return constraintOf(meets, command)
    case 'AT_DropConstraint':
      return dropped(meets, name, table, part)
    case 'AT_EnableRowSecurity':
    case 'AT_ForceRowSecurity':
    case 'AT_DisableRowSecurity':
    case 'AT_NoForceRowSecurity':
      return [concern('changes-meaning', `Row security of ${name.name} shows and accepts other rows than before.`, use, [name.name])]
    case 'AT_AddIdentity':
      return [concern('breaks-writes', `${part} of ${name.name} gets its values from the server now.`, writes, [part, name.name])]
    case 'AT_EnableTrig':
    case 'AT_EnableAlwaysTrig':
    case 'AT_DisableTrig':
    case 'AT_EnableTrigAll':
    case 'AT_EnableTrigUser':
    case 'AT_DisableTrigAll':
    case 'AT_DisableTrigUser':
      return [concern('changes-meaning', `Triggers of ${name.name} run otherwise than before.`, writes, [name.name])]
    case 'AT_AttachPartition':
    case 'AT_AddInherit':
    case 'AT_DropInherit':
      return [concern('changes-meaning', `${name.name} holds other rows than before.`, use, [name.name])]
    case 'AT_ChangeOwner':
      return [concern('breaks-reads', `${name.name} belongs to another role now: its rights may be others.`, use, [name.name])]
    default:
      return [concern('unknown', `What this does to ${name.name} is not judged.`, use, [name.name])]
  }
}

/** The partner of a new foreign key; the table's own side is for the rules of `lint`. */
function constraintOf(meets: Meets, { def }: AlterTableCmd): readonly Concern[] {
  if (def === undefined || !('Constraint' in def) || def.Constraint.contype !== 'CONSTR_FOREIGN') return []
  return foreignKeyConcern(meets, def.Constraint)
}

/** What a constraint kept out may be read now. */
function dropped(meets: Meets, { name }: RelationName, table: Table | undefined, part: string): readonly Concern[] {
  const constraint = table?.constraints.get(part)
  if (constraint !== undefined && isNew(meets, constraint)) return []
  if (constraint?.kind === 'primary' || constraint?.kind === 'unique') return []
  if (
    constraint !== undefined &&
    [...(tableById(meets.now, table?.id)?.constraints.values() ?? [])].some((one) => keepsOut(one, constraint))
  )
    return []
  const because = `${name} may hold rows that ${part === '' ? 'the constraint' : part} kept out.`
  return [concern('changes-meaning', because, { by: 'use', of: name }, [part, name])]
}

/** Whether a constraint that is there keeps out all that another one did. */
function keepsOut(one: TableConstraint, other: TableConstraint): boolean {
  if (one.kind === 'check' && other.kind === 'check') return allowsAllOf(other.expression, one.expression)
  if (one.kind !== 'foreign' || other.kind !== 'foreign') return false
  const what = ({ columns, references, onDelete, onUpdate }: typeof one) =>
    JSON.stringify([columns, references.id, references.columns, onDelete, onUpdate])
  return what(one) === what(other)
}
