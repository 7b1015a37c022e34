import type { Node } from '@pgsql/types'
import { nameOf } from '../../locks/names.ts'
import { childTables } from '../remove.ts'
import { findRelation, findTable, type Schema, type Table } from '../schema.ts'
import type { Alteration } from './alteration.ts'
import { becomePartition, joinParent, keepBoundAsCheck, leaveParent, takeParts } from './inherit.ts'
import { optionTexts } from './storage-options.ts'

export const tableAlterations: Readonly<Record<string, Alteration>> = {
  AT_AttachPartition: ({ schema, table, origin }, { def }) => {
    if (def === undefined || !('PartitionCmd' in def)) return
    const child = findTable(schema, nameOf(def.PartitionCmd.name))
    if (child === undefined || child.partitionOf !== undefined) return
    joinParent(table, child, true)
    becomePartition(table, child, def.PartitionCmd.bound ?? {})
    takeParts(schema, table, child, origin)
  },
  AT_DetachPartition: ({ schema, table, origin }, { def }) => {
    if (def === undefined || !('PartitionCmd' in def)) return
    const child = findTable(schema, nameOf(def.PartitionCmd.name))
    if (child?.partitionOf?.parent !== table.id) return
    leaveParent(schema, table, child)
    if (def.PartitionCmd.concurrent) keepBoundAsCheck(schema, table, child, origin)
  },
  AT_AddInherit: ({ schema, table }, { def }) => {
    const parent = tableNamed(schema, def)
    if (parent === undefined || table.parents.has(parent.id)) return
    table.parents.add(parent.id)
    joinParent(parent, table, false)
  },
  AT_DropInherit: ({ schema, table }, { def }) => {
    const parent = tableNamed(schema, def)
    if (parent !== undefined) leaveParent(schema, parent, table)
  },
  AT_SetRelOptions: ({ table }, { def }) => {
    table.options = optionTexts(table.options, listed(def))
  },
  AT_ResetRelOptions: ({ table }, { def }) => {
    table.options = optionTexts(table.options, listed(def), true)
  },
  AT_ReplicaIdentity: ({ schema, table }, { def }) => {
    if (def === undefined || !('ReplicaIdentityStmt' in def)) return
    const { identity_type: type, name = '' } = def.ReplicaIdentityStmt
    const index = type === 'i' ? findRelation(schema, { schema: table.schema, name }) : undefined
    if (index !== undefined) table.replicaIdentity = { kind: 'index', index: index.id }
    else table.replicaIdentity = { kind: type === 'f' ? 'full' : type === 'n' ? 'nothing' : 'default' }
  },
  AT_EnableRowSecurity: ({ table }) => {
    table.rowSecurity = true
  },
  AT_DisableRowSecurity: ({ table }) => {
    table.rowSecurity = false
  },
  AT_ForceRowSecurity: ({ table }) => {
    table.rowSecurityForced = true
  },
  AT_NoForceRowSecurity: ({ table }) => {
    table.rowSecurityForced = false
  },
  AT_SetLogged: ({ table }) => {
    if (table.form !== 'partitioned') table.persistence = 'permanent' // a partitioned table has no file that could be logged
  },
  AT_SetUnLogged: ({ table }) => {
    if (table.form !== 'partitioned') table.persistence = 'unlogged'
  },
  AT_EnableTrig: ({ schema, table, only }, { name }) => switchTriggers(schema, table, name, true, only),
  AT_EnableAlwaysTrig: ({ schema, table, only }, { name }) => switchTriggers(schema, table, name, true, only),
  AT_EnableReplicaTrig: ({ schema, table, only }, { name }) => switchTriggers(schema, table, name, true, only),
  AT_DisableTrig: ({ schema, table, only }, { name }) => switchTriggers(schema, table, name, false, only),
  AT_EnableTrigAll: ({ schema, table, only }) => switchTriggers(schema, table, undefined, true, only),
  AT_EnableTrigUser: ({ schema, table, only }) => switchTriggers(schema, table, undefined, true, only),
  AT_DisableTrigAll: ({ schema, table, only }) => switchTriggers(schema, table, undefined, false, only),
  AT_DisableTrigUser: ({ schema, table, only }) => switchTriggers(schema, table, undefined, false, only),
}

function switchTriggers(schema: Schema, table: Table, name: string | undefined, enabled: boolean, only: boolean): void {
  for (const [key, trigger] of table.triggers) if (name === undefined || key === name) trigger.enabled = enabled
  if (only || table.form !== 'partitioned') return
  for (const child of childTables(schema, table)) {
    for (const [key, trigger] of child.triggers) {
      if (trigger.inherited && (name === undefined || key === name)) switchTriggers(schema, child, key, enabled, only)
    }
  }
}

function tableNamed(schema: Schema, def: Node | undefined): Table | undefined {
  return def !== undefined && 'RangeVar' in def ? findTable(schema, nameOf(def.RangeVar)) : undefined
}

function listed(def: Node | undefined): readonly Node[] | undefined {
  return def !== undefined && 'List' in def ? def.List.items : undefined
}
