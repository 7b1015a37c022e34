import { Jt as plural, un as ReleaseError } from "./start.js";
import { n as noteLedger } from "./ledger-note.js";
import { r as refusePublished } from "./publishing.js";
import { $ as lastDeployed, A as migrationWay, M as refuseTeamRecord, _t as databaseInputs, c as readState, et as newest, i as migrationInputNames, s as readMigrations, t as checkIdentity, vt as lockInputNames, yt as lockPolicy } from "./migrations.js";
import { t as defineCommand } from "./command.js";
import { t as openDatabase } from "./open-database.js";
import { t as readTeamState } from "./team-state.js";
import { t as _usingCtx } from "./usingCtx.js";
// src/commands/record-by-command.ts
/** `record deployed` where no file says what a release contains: its name and its commit are what is noted. */
async function recordByCommand(team, inputs, context) {
	try {
		var _usingCtx$3 = _usingCtx();
		const { release, environment } = context;
		const target = _usingCtx$3.a(await databaseInputs(inputs, context));
		const database = _usingCtx$3.a(await openDatabase(target, inputs, context));
		await database.lock(context.project, lockPolicy(inputs, context));
		const { evidence } = await readTeamState(team, inputs, database, context);
		refuseTeamRecord(evidence.history, {
			release,
			commit: context.run.commit
		});
		const details = {
			fact: inputs.fact,
			release,
			layout: "command",
			dryRun: inputs["dry-run"]
		};
		refusePublished(await database.publishing(), inputs["publish-state"]);
		if (inputs["dry-run"]) return {
			verdict: "pass",
			reason: `${release} would be recorded as deployed; nothing was changed.`,
			details
		};
		await database.prepareState(inputs["publish-state"]);
		await database.state.recordDeployed([]);
		return {
			verdict: "pass",
			reason: `${release} is recorded as deployed in ${environment}; its post phase may run now.`,
			outputs: { at: context.clock.now().toISOString() },
			details
		};
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
// src/commands/record-promoted.ts
/** Notes that a person lets the release stay in spite of what the canary ended in. Throws `post-not-allowed` when there is nothing to decide. */
async function recordPromoted(inputs, context) {
	try {
		var _usingCtx$2 = _usingCtx();
		const { reason } = inputs;
		if (reason === void 0) throw new ReleaseError("invalid-input", "reason is missing: it says why the release stays in spite of the canary.", { hint: "Run it again with --reason \"…\"; it is kept in the history." });
		const target = _usingCtx$2.a(await databaseInputs(inputs, context));
		const database = _usingCtx$2.a(await openDatabase(target, inputs, context));
		await database.lock(context.project, lockPolicy(inputs, context));
		await checkIdentity(database, context);
		const { rows } = await database.state.history();
		const deployed = lastDeployed(rows);
		const watched = newest(rows.filter((row) => row.event === "canary" && (deployed === void 0 || row.at >= deployed.at)));
		if (watched?.event !== "canary" || watched.verdict === "promote") throw new ReleaseError("post-not-allowed", "No canary since the last deploy ended in a hold or an abort: there is nothing to decide.", { hint: "Run \"shiplock canary\" to watch the release, or \"shiplock record deployed\" after a deploy." });
		const details = {
			fact: "promoted",
			release: context.release,
			after: watched.verdict,
			dryRun: inputs["dry-run"]
		};
		const of = `after the canary of ${watched.release} ended in ${watched.verdict}`;
		if (inputs["dry-run"]) return {
			verdict: "pass",
			reason: `${context.release} would be recorded as promoted ${of}; nothing was changed.`,
			details
		};
		await database.state.recordCanary({
			verdict: "promote",
			reason,
			accepted: true
		});
		return {
			verdict: "pass",
			reason: `${context.release} is recorded as promoted ${of}; the post phase is open again.`,
			details
		};
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
// src/commands/record.ts
var record_default = defineCommand({
	summary: "Note a fact of the release: \"record deployed\" after the deploy command ended with 0, \"record promoted\" to go on after a hold.",
	inputs: [
		...migrationInputNames,
		"fact",
		"reason",
		...lockInputNames,
		"dry-run"
	],
	positional: "fact",
	outputs: { at: "When it was noted, for the input deployed-at of a canary in a later job; empty in a dry run." },
	async run(inputs, context) {
		try {
			var _usingCtx$1 = _usingCtx();
			if (inputs.fact === "promoted") return recordPromoted(inputs, context);
			const way = migrationWay(inputs);
			if (way.kind === "command") return recordByCommand(way.command, inputs, context);
			const read = await readMigrations(inputs, context);
			const target = _usingCtx$1.a(await databaseInputs(inputs, context));
			const database = _usingCtx$1.a(await openDatabase(target, inputs, context));
			await database.lock(context.project, lockPolicy(inputs, context));
			const { ledger, plans, evidence } = await readState(inputs, read, database, context);
			if (plans.pre.length > 0) throw new ReleaseError("post-not-allowed", `${plural(plans.pre.length, "pre migration")} of this release ${plans.pre.length === 1 ? "has" : "have"} not run (${plans.pre[0]?.id} first), so its code cannot be live.`, { hint: "Run this command from the checkout of the release that was deployed, after its pre phase." });
			const contained = read.migrations.map(({ version, phase, checksum, id }) => ({
				version,
				phase,
				checksum,
				name: id
			}));
			const details = {
				fact: inputs.fact,
				release: context.release,
				migrations: contained.length,
				dryRun: inputs["dry-run"]
			};
			refusePublished(await database.publishing(ledger), ledger.publishState);
			if (inputs["dry-run"]) return {
				verdict: "pass",
				reason: `${context.release} would be recorded as deployed; nothing was changed.`,
				details
			};
			await database.requireRights(ledger);
			await database.prepare(ledger);
			const begun = (await database.state.finishedSteps()).keys();
			await database.state.recordDeployed(contained);
			return {
				verdict: "pass",
				reason: `${context.release} is recorded as deployed in ${context.environment}; ${plans.post.length === 0 ? "no post migration waits for it" : `${plural(plans.post.length, "post migration")} may run now`}.`,
				outputs: { at: context.clock.now().toISOString() },
				details: {
					...details,
					ledger: noteLedger(evidence, { begun }, database.serverMajor)
				}
			};
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
export { record_default as default };
