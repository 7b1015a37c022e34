import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import type { Context, DatabaseInputs } from './command.ts'

type Given = Pick<InputValues, 'state-schema' | 'history'>

/** Opens the database with its history where it is kept. Throws `invalid-input` when that is a store that nobody named. */
export async function openDatabase(
  target: DatabaseInputs,
  inputs: Given,
  context: Context,
  { acceptStandby = false } = {},
): Promise<MigrationDatabase> {
  const { history } = inputs
  if (history === 'store' && context.storeUrl === undefined) {
    throw new ReleaseError('invalid-input', 'history: store keeps the history in the store, and no store was named.', {
      hint: 'Set store to one place that everybody who releases to this environment can reach; the folder .shiplock/ of one machine is not enough.',
    })
  }
  return context.openMigrationDatabase(target, { stateSchema: inputs['state-schema'], history, acceptStandby })
}
