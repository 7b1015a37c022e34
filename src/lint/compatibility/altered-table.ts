import type { AlterTableCmd, AlterTableStmt } from '@pgsql/types'
import type { RelationName } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import type { Table } from '../../sql/schema/schema.ts'
import type { StatementScope } from '../scope.ts'
import { oldTable } from './old-objects.ts'

export interface AlteredTable {
  readonly name: RelationName
  /** `undefined` when the model does not know it. */
  readonly table: Table | undefined
  readonly commands: readonly AlterTableCmd[]
}

/** A table that an ALTER TABLE changes and that code which still runs may use; `undefined` for anything else. */
export function alteredOldTable(scope: StatementScope, { relation, objtype, cmds }: AlterTableStmt): AlteredTable | undefined {
  if (objtype !== 'OBJECT_TABLE' && objtype !== 'OBJECT_FOREIGN_TABLE') return undefined
  const old = oldTable(scope, relation)
  return old === undefined ? undefined : { ...old, commands: nodesOf(cmds, 'AlterTableCmd') }
}
