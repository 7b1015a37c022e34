import { t as ReleaseError } from "./errors.js";
import { N as planAdoption, P as appliedAttempts, l as refuseOtherProject, t as checkIdentity } from "./migration-state.js";
import { r as refusePublished } from "./publishing.js";
import { n as refuseElsewhere } from "./state.js";
import { t as defineCommand } from "./command.js";
import { c as lockInputNames, l as lockPolicy, o as databaseInputNames, s as databaseInputs } from "./drill-record.js";
import { t as liveRelease } from "./present.js";
import { c as plural, i as formatMoment } from "./units.js";
import { t as openDatabase } from "./open-database.js";
import { t as _usingCtx } from "./usingCtx.js";
// src/commands/ledger-show.ts
/** Which release is live, which was before it, and what is held back, as the history of the environment has it. Changes nothing. */
async function showLedger(database, context) {
	await checkIdentity(database, context);
	const { rows } = await database.state.history();
	const live = liveRelease(rows);
	const deploys = rows.filter((row) => row.event === "deployed");
	const newest = deploys.at(-1);
	const before = previousOf(deploys);
	const ran = new Set(appliedAttempts(rows).map(({ version }) => version));
	const heldBack = newest?.migrations.filter(({ phase, version }) => phase === "post" && !ran.has(version)) ?? [];
	return {
		verdict: "pass",
		reason: sentenceOf(live?.release, newest, heldBack.length, context.environment),
		outputs: {
			release: live?.release ?? "",
			commit: live?.commit ?? "",
			previous: before?.release ?? "",
			"previous-commit": before?.commit ?? "",
			"held-back": live === void 0 ? 0 : heldBack.length
		},
		details: {
			action: "show",
			database: database.description,
			live: live === void 0 ? void 0 : shown(newest),
			previous: shown(before),
			heldBack: heldBack.map(({ version, name }) => name ?? version)
		}
	};
}
/** The newest deploy of another release than the newest of all. */
function previousOf(deploys) {
	const newest = deploys.at(-1);
	return deploys.findLast(({ release, commit }) => release !== newest?.release && (commit === void 0 || commit !== newest?.commit));
}
function shown(row) {
	return row === void 0 ? void 0 : {
		release: row.release,
		commit: row.commit,
		at: row.at.toISOString()
	};
}
function sentenceOf(live, newest, heldBack, environment) {
	if (newest === void 0) return `No release is recorded as deployed in ${environment}.`;
	if (live === void 0) return `A rollback was noted in ${environment}, and no deploy since: which code is live is not known, and the post phase is shut.`;
	const held = heldBack === 0 ? "nothing is held back" : `${plural(heldBack, "post migration")} held back`;
	return `${live} is live in ${environment}, deployed ${formatMoment(newest.at)}; ${held}.`;
}
// src/commands/ledger.ts
var ledger_default = defineCommand({
	summary: "Look at the books with \"ledger show\"; mend them by hand, with a reason: \"ledger adopt\" when the database was copied or has moved.",
	inputs: [
		...databaseInputNames,
		"publish-state",
		"action",
		"reason",
		...lockInputNames,
		"dry-run"
	],
	positional: "action",
	outputs: {
		release: "show: the release that is live; empty where that is not known.",
		commit: "show: its commit.",
		previous: "show: the release that was live before it.",
		"previous-commit": "show: its commit.",
		"held-back": "show: how many post migrations of the live release have not run."
	},
	async run(inputs, context) {
		try {
			var _usingCtx$1 = _usingCtx();
			const { action } = inputs;
			const reason = action === "show" ? "" : reasonOf(inputs);
			const target = _usingCtx$1.a(await databaseInputs(inputs, context));
			const database = _usingCtx$1.a(await openDatabase(target, inputs, context));
			if (action === "show") return await showLedger(database, context);
			await database.lock(context.project, lockPolicy(inputs, context));
			refusePublished(await database.publishing(), inputs["publish-state"]);
			return await { adopt }[action](database, {
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
