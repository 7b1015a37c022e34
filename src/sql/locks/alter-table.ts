import type { AlterTableCmd, AlterTableStmt, Node, RangeVar } from '@pgsql/types'
import { addColumn, addConstraint, everyChild, everyPartition, rebuildsIndexes, type TableFinding } from './constraint.ts'
import { type LockMode, strongerMode } from './mode.ts'
import { isOnly, nameOf, nameOfWords, wordsOf } from './names.ts'
import { alterPartitions } from './partition.ts'
import { queryLocks } from './query.ts'
import { combine, type Finding, lock, type ReachLock, type StatementLocks } from './statement-locks.ts'
import { optionsMode } from './storage-options.ts'

/**
 * ALTER TABLE and its kin for indexes, sequences, views and types: one lock for all subcommands, the strongest.
 * Source: AlterTableGetLockLevel in PostgreSQL 13 to 18, and locks read back from servers of these versions.
 */
export function alterTable({ relation, cmds, objtype }: AlterTableStmt): StatementLocks {
  const commands = (cmds ?? []).flatMap((one) => ('AlterTableCmd' in one ? [one.AlterTableCmd] : []))
  const findings = commands.flatMap((one) => alterations(one, relation, objtype))
  const mode = findings.reduce<LockMode>((strongest, one) => strongerMode(strongest, one.mode), 'AccessShare')
  const reach = findings.flatMap((one) => one.reach ?? []).map((one) => (isFamily(one) ? { ...one, mode } : one))
  const kept = objtype === 'OBJECT_INDEX' ? reach.filter((one) => !isFamily(one)) : reach
  return combine({ locks: [lock(nameOf(relation), mode, ...kept)] }, ...findings)
}

/** Subcommands go down to children with the lock that the statement has. */
function isFamily({ to }: ReachLock): boolean {
  return to === 'children' || to === 'partitions'
}

function alterations(command: AlterTableCmd, relation: RangeVar | undefined, objtype: string | undefined): TableFinding[] {
  if (objtype === 'OBJECT_TYPE') return [alterComposite(command)]
  const found = alteration(command, objtype === 'OBJECT_INDEX')
  // what falls with a column or a constraint is marked in the children as well
  if (!isOnly(relation) || ['AT_DropColumn', 'AT_DropConstraint'].includes(command.subtype ?? '')) return found
  return found.map((one) => ({ ...one, reach: (one.reach ?? []).filter((to) => !isFamily(to)) }))
}

/** An attribute of a composite type; CASCADE goes on to the tables made OF the type. */
function alterComposite({ subtype, behavior }: AlterTableCmd): TableFinding {
  if (behavior !== 'DROP_CASCADE') return { mode: 'AccessExclusive' }
  const dependents = { to: 'dependents', mode: 'AccessExclusive' } as const
  return { mode: 'AccessExclusive', reach: [dependents], work: subtype === 'AT_AlterColumnType' ? 'rows' : 'catalog' }
}

function alteration(command: AlterTableCmd, isIndex: boolean): TableFinding[] {
  const { subtype = '', def } = command
  const fixed = fixedAlterations[subtype]
  if (fixed !== undefined) return [fixed]
  const written = writtenAlterations[subtype]
  if (written !== undefined) return [written(command)]
  if (subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def) return addColumn(def.ColumnDef)
  if (subtype === 'AT_AddConstraint' && def !== undefined && 'Constraint' in def) return [addConstraint(def.Constraint)]
  const partition = def !== undefined && 'PartitionCmd' in def ? alterPartitions(subtype, def.PartitionCmd, isIndex) : undefined
  return [partition ?? { mode: 'AccessExclusive', unknown: `ALTER TABLE with the subcommand ${subtype} is not known` }]
}

const strongest: TableFinding = { mode: 'AccessExclusive' }
const inFamily: TableFinding = { mode: 'AccessExclusive', reach: [everyChild] }
const maintenance: TableFinding = { mode: 'ShareUpdateExclusive' }
const trigger: TableFinding = { mode: 'ShareRowExclusive', reach: [{ to: 'partitions', mode: 'ShareRowExclusive' }] }
const logging: TableFinding = {
  mode: 'AccessExclusive',
  work: 'rows',
  reach: [
    rebuildsIndexes,
    { to: 'sequences', mode: 'AccessExclusive' },
    { to: 'referenced', mode: 'AccessShare' },
    { to: 'referencing', mode: 'AccessShare' },
  ],
}
const owner: TableFinding = { mode: 'AccessExclusive', reach: [rebuildsIndexes, { to: 'sequences', mode: 'AccessExclusive' }] }

const fixedAlterations: Readonly<Record<string, TableFinding>> = {
  AT_ColumnDefault: inFamily,
  AT_DropNotNull: inFamily,
  AT_SetNotNull: { ...inFamily, work: 'rows' },
  AT_SetExpression: { mode: 'AccessExclusive', reach: [everyChild, rebuildsIndexes], work: 'rows' },
  AT_DropExpression: inFamily,
  AT_SetStatistics: { ...maintenance, reach: [{ to: 'children', mode: 'ShareUpdateExclusive' }] },
  AT_SetOptions: maintenance,
  AT_ResetOptions: maintenance,
  AT_SetStorage: inFamily,
  AT_SetCompression: strongest,
  AT_AddIdentity: { mode: 'AccessExclusive', reach: [everyPartition] },
  AT_AlterColumnGenericOptions: strongest,
  AT_ChangeOwner: owner,
  AT_DropCluster: maintenance,
  AT_SetLogged: logging,
  AT_SetUnLogged: logging,
  AT_DropOids: strongest,
  AT_SetAccessMethod: { mode: 'AccessExclusive', reach: [rebuildsIndexes], work: 'rows' },
  AT_SetTableSpace: { ...strongest, work: 'rows' },
  AT_EnableTrig: trigger,
  AT_EnableAlwaysTrig: trigger,
  AT_EnableReplicaTrig: trigger,
  AT_DisableTrig: trigger,
  AT_EnableTrigAll: trigger,
  AT_DisableTrigAll: trigger,
  AT_EnableTrigUser: trigger,
  AT_DisableTrigUser: trigger,
  AT_EnableRule: strongest,
  AT_EnableAlwaysRule: strongest,
  AT_EnableReplicaRule: strongest,
  AT_DisableRule: strongest,
  AT_DropOf: strongest,
  AT_EnableRowSecurity: strongest,
  AT_DisableRowSecurity: strongest,
  AT_ForceRowSecurity: strongest,
  AT_NoForceRowSecurity: strongest,
  AT_GenericOptions: strongest,
}

/** Those whose locks depend on what is written in them. */
const writtenAlterations: Readonly<Record<string, (command: AlterTableCmd) => TableFinding>> = {
  AT_SetRelOptions: ({ def }) => ({ mode: optionsMode(def) }),
  AT_ResetRelOptions: ({ def }) => ({ mode: optionsMode(def) }),
  AT_AlterColumnType: alterColumnType,
  AT_DropColumn: ({ name = '', behavior }) => drops('column', name, behavior, everyChild),
  AT_DropConstraint: ({ name = '', behavior }) => {
    const only = { kind: 'constraint', name } as const
    const referenced = { to: 'referenced', mode: 'AccessExclusive', only } as const
    return drops('constraint', name, behavior, { ...everyChild, only }, referenced)
  },
  AT_ValidateConstraint: validateConstraint,
  AT_AlterConstraint: alterConstraint,
  AT_SetIdentity: ({ name = '' }) => identity(name, 'ShareRowExclusive'),
  AT_DropIdentity: ({ name = '' }) => identity(name, 'AccessExclusive'),
  AT_ClusterOn: ({ name = '' }) => ({ mode: 'ShareUpdateExclusive', reach: [index(name, 'ShareUpdateExclusive')] }),
  AT_ReplicaIdentity: replicaIdentity,
  AT_AddInherit: ({ def }) => ({ mode: 'AccessExclusive', locks: [lock(parentIn(def), 'ShareUpdateExclusive')] }),
  AT_DropInherit: ({ def }) => ({ mode: 'AccessExclusive', locks: [lock(parentIn(def), 'AccessShare')] }),
  AT_AddOf: ({ def }) => ({ mode: 'AccessExclusive', locks: [lock(nameOfWords(wordsOf(def)), 'AccessShare')] }),
}

/** Indexes are built anew, and foreign keys at either end of the column are made anew. */
function alterColumnType({ name = '', def }: AlterTableCmd): TableFinding {
  const only = { kind: 'column', name } as const
  const using: Finding = def !== undefined && 'ColumnDef' in def ? queryLocks(def.ColumnDef.raw_default, 'run') : {}
  const reach: ReachLock[] = [
    everyChild,
    rebuildsIndexes,
    { to: 'referenced', mode: 'AccessExclusive', only },
    { to: 'referencing', mode: 'AccessExclusive', only },
    { to: 'sequences', mode: 'ShareRowExclusive', only },
  ]
  return { ...using, mode: 'AccessExclusive', reach, work: 'rows' }
}

function drops(kind: 'column' | 'constraint', name: string, behavior: AlterTableCmd['behavior'], ...beside: ReachLock[]): TableFinding {
  const to = behavior === 'DROP_CASCADE' ? 'dependents' : 'parts'
  return { mode: 'AccessExclusive', reach: [...beside, { to, mode: 'AccessExclusive', only: { kind, name } }] }
}

function validateConstraint({ name = '' }: AlterTableCmd): TableFinding {
  const mode = 'ShareUpdateExclusive'
  const only = { kind: 'constraint', name } as const
  return {
    mode,
    reach: [
      { to: 'children', mode, only },
      { to: 'partitions', mode },
      { to: 'referenced', mode: 'RowShare', only },
    ],
    work: 'rows',
  }
}

/** ENFORCED makes or drops the triggers of a foreign key, at both ends. */
function alterConstraint({ def }: AlterTableCmd): TableFinding {
  if (def === undefined || !('ATAlterConstraint' in def)) return { ...inFamily, unknown: 'ALTER CONSTRAINT does not say what it alters' }
  const { conname = '', alterEnforceability, is_enforced, alterInheritability } = def.ATAlterConstraint
  const family = alterInheritability === true ? everyChild : everyPartition
  if (alterEnforceability !== true) return { mode: 'AccessExclusive', reach: [family] }
  const mode = is_enforced === true ? 'ShareRowExclusive' : 'AccessExclusive' // triggers are made, or dropped
  const referenced = { to: 'referenced', mode, only: { kind: 'constraint', name: conname } } as const
  return { mode: 'AccessExclusive', reach: [family, referenced], work: is_enforced === true ? 'rows' : 'catalog' }
}

function identity(name: string, mode: LockMode): TableFinding {
  return { mode: 'AccessExclusive', reach: [everyPartition, { to: 'sequences', mode, only: { kind: 'column', name } }] }
}

function index(name: string, mode: LockMode): ReachLock {
  return { to: 'indexes', mode, only: { kind: 'index', name } }
}

function replicaIdentity({ def }: AlterTableCmd): TableFinding {
  const name = def !== undefined && 'ReplicaIdentityStmt' in def ? def.ReplicaIdentityStmt.name : undefined
  return name === undefined ? strongest : { mode: 'AccessExclusive', reach: [index(name, 'Share')] }
}

function parentIn(def: Node | undefined) {
  return nameOf(def !== undefined && 'RangeVar' in def ? def.RangeVar : undefined)
}
