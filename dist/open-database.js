import { un as ReleaseError } from "./start.js";
// src/commands/open-database.ts
/** Opens the database with its history where it is kept. Throws `invalid-input` when that is a store that nobody named. */
async function openDatabase(target, inputs, context, { acceptStandby = false } = {}) {
	const { history } = inputs;
	if (history === "store" && context.storeUrl === void 0) throw new ReleaseError("invalid-input", "history: store keeps the history in the store, and no store was named.", { hint: "Set store to one place that everybody who releases to this environment can reach; the folder .shiplock/ of one machine is not enough." });
	return context.openMigrationDatabase(target, {
		stateSchema: inputs["state-schema"],
		history,
		acceptStandby
	});
}
export { openDatabase as t };
