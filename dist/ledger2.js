import { t as ReleaseError } from "./errors.js";
import { c as refuseOtherProject, z as planAdoption } from "./migration-state.js";
import { r as refusePublished } from "./publishing.js";
import { t as refuseElsewhere } from "./state.js";
import { t as defineCommand } from "./command.js";
import { c as lockInputNames, l as lockPolicy, o as databaseInputNames, s as databaseInputs } from "./drill-record.js";
import { t as openDatabase } from "./open-database.js";
import { t as _usingCtx } from "./usingCtx.js";
// src/commands/ledger.ts
var ledger_default = defineCommand({
	summary: "Mend the books by hand, with a reason: \"ledger adopt\" when the database was copied or has moved.",
	inputs: [
		...databaseInputNames,
		"publish-state",
		"action",
		"reason",
		...lockInputNames,
		"dry-run"
	],
	positional: "action",
	outputs: {},
	async run(inputs, context) {
		try {
			var _usingCtx$1 = _usingCtx();
			const reason = reasonOf(inputs);
			const target = _usingCtx$1.a(await databaseInputs(inputs, context));
			const database = _usingCtx$1.a(await openDatabase(target, inputs, context));
			await database.lock(context.project, lockPolicy(inputs, context));
			refusePublished(await database.publishing(), inputs["publish-state"]);
			return await { adopt }[inputs.action](database, {
				reason,
				dryRun: inputs["dry-run"]
			}, context);
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
/** A dry run only looks, and may be asked for before anybody knows the reason. */
function reasonOf({ action, reason, "dry-run": dryRun }) {
	if (reason !== void 0 || dryRun) return reason ?? "";
	throw new ReleaseError("invalid-input", `ledger ${action} needs a reason.`, { hint: `It is kept in the history: shiplock ledger ${action} --reason "…". With --dry-run it shows what would change.` });
}
async function adopt(database, { reason, dryRun }, context) {
	refuseElsewhere(await database.stateElsewhere(), database.state);
	const stamp = await database.state.stamp();
	refuseOtherProject(context.projectGiven ? [] : await database.state.projects(), context);
	const adoption = planAdoption(stamp, database.identity, context.environment);
	const details = {
		action: "adopt",
		dryRun,
		database: database.description,
		stamp,
		found: {
			...database.identity,
			environment: context.environment
		}
	};
	if (adoption === void 0) return {
		verdict: "pass",
		reason: `The stamp says ${context.environment}, and this is that database; there is nothing to adopt.`,
		details
	};
	if (!dryRun) await database.state.adopt(adoption, reason);
	const done = dryRun ? "would be adopted; nothing was changed" : "is adopted";
	return {
		verdict: "pass",
		reason: `${database.description} ${done}: ${consequenceOf(adoption)}`,
		details: {
			...details,
			kind: adoption.kind,
			...reason === "" ? {} : { why: reason }
		}
	};
}
function consequenceOf({ kind, from, to }) {
	if (kind === "moved") return `it is ${to.environment} in another place, and its history goes on.`;
	return `it is ${to.environment} now, with a stamp of its own. The history of ${from.environment} no longer counts for its phases; the versions in its ledger stay known.`;
}
export { ledger_default as default };
