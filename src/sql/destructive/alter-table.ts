import type { AlterTableCmd, AlterTableStmt, Node } from '@pgsql/types'
import { optionsOf } from '../locks/names.ts'
import { objectName } from './drop.ts'
import { carriedOut } from './query.ts'

/** ALTER TABLE and its kin for views, sequences, indexes and types. */
export function alterTable({ cmds, objtype }: AlterTableStmt): string | undefined {
  const what = objectName(objtype ?? 'OBJECT_TABLE')
  for (const one of cmds ?? []) {
    const part = 'AlterTableCmd' in one ? alteration(one.AlterTableCmd) : 'something unknown'
    if (part !== undefined) return `ALTER ${what} … ${part}`
  }
  return undefined
}

function alteration(command: AlterTableCmd): string | undefined {
  const { subtype = '', behavior, def } = command
  if (behavior === 'DROP_CASCADE') return `${namedAlterations[subtype] ?? words(subtype)} CASCADE`
  if (subtype === 'AT_SetIdentity') return restarts(def) ? 'RESTART' : undefined
  if (!harmlessAlterations.has(subtype)) return namedAlterations[subtype] ?? words(subtype)
  return carriedOut(def)
}

function restarts(def: Node | undefined): boolean {
  return def !== undefined && 'List' in def && optionsOf(def.List.items).some(({ defname }) => defname === 'restart')
}

/** `AT_DropConstraint` as `DROP CONSTRAINT`. */
function words(subtype: string): string {
  return subtype
    .replace('AT_', '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase()
}

/** Subcommands that add, check or describe. */
const harmlessAlterations: ReadonlySet<string> = new Set(
  `AddColumn ColumnDefault DropNotNull SetNotNull DropExpression SetStatistics SetOptions ResetOptions SetStorage SetCompression
  AddConstraint AlterConstraint ValidateConstraint DropConstraint ChangeOwner ClusterOn DropCluster SetLogged SetAccessMethod SetTableSpace
  SetRelOptions ResetRelOptions EnableTrig EnableAlwaysTrig EnableReplicaTrig DisableTrig EnableTrigAll DisableTrigAll
  EnableTrigUser DisableTrigUser EnableRule EnableAlwaysRule EnableReplicaRule DisableRule AddInherit AddOf DropOf
  ReplicaIdentity EnableRowSecurity DisableRowSecurity ForceRowSecurity NoForceRowSecurity AttachPartition AddIdentity
  AlterColumnGenericOptions GenericOptions`
    .split(/\s+/)
    .map((name) => `AT_${name}`),
)

const namedAlterations: Readonly<Record<string, string>> = {
  AT_DropColumn: 'DROP COLUMN',
  AT_AlterColumnType: 'ALTER COLUMN TYPE',
  AT_DetachPartition: 'DETACH PARTITION',
  AT_DetachPartitionFinalize: 'DETACH PARTITION',
  AT_DropInherit: 'NO INHERIT',
  AT_SetUnLogged: 'SET UNLOGGED',
  AT_DropIdentity: 'DROP IDENTITY',
  AT_SetExpression: 'SET EXPRESSION',
}
