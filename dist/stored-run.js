import { t as StoredState } from "./stored-state.js";
// src/adapters/storage/stored-run.ts
/** No database has this identity: then the newest stamp of the environment counts. */
const nowhere = {
	systemIdentifier: void 0,
	databaseOid: "",
	address: ""
};
/** The history that a store holds of an environment; `undefined` when there is none. Reads only. */
async function readStoredRun(store, scope, now) {
	const state = new StoredState(store, scope, nowhere, now);
	if (await state.stamp() === void 0) return void 0;
	const { steps } = await state.replayed();
	return {
		history: await state.history(),
		begun: new Set(steps.keys())
	};
}
export { readStoredRun };
