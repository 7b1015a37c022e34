import type { Store } from '../../backup/store.ts'
import type { StateScope } from '../../migration/state.ts'
import type { StoredRun } from '../../rollback/known.ts'
import { StoredState } from './stored-state.ts'

/** No database has this identity: then the newest stamp of the environment counts. */
const nowhere = { systemIdentifier: undefined, databaseOid: '', address: '' }

/** The history that a store holds of an environment; `undefined` when there is none. Reads only. */
export async function readStoredRun(store: Store, scope: StateScope, now: () => Date): Promise<StoredRun | undefined> {
  const state = new StoredState(store, scope, nowhere, now)
  if ((await state.stamp()) === undefined) return undefined
  const { steps } = await state.replayed()
  return { history: await state.history(), begun: new Set(steps.keys()) }
}
