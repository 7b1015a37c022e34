import { Jt as plural, un as ReleaseError, xt as nameCommand } from "./start.js";
import { $ as lastDeployed, Z as appliedAttempts } from "./migrations.js";
import { t as _usingCtx } from "./usingCtx.js";
// src/migration/team-versions.ts
function judgeByVersions(evidence, { honourSkip }) {
	const { command, run, heldBack, before, versions, report } = evidence;
	const isIn = ({ version }) => versions.has(version);
	const early = heldBack.filter(isIn);
	const missing = run.filter((one) => !isIn(one));
	const failed = report.exitCode !== 0 && (report.exitCode !== void 0 || report.signal !== void 0) ? missing[0] : void 0;
	const error = missing.length === 0 && report.error?.code === "wrong-database" ? void 0 : report.error;
	return {
		applied: run.filter(isIn),
		early,
		failed,
		notRun: missing.filter((one) => one !== failed),
		error: early.length > 0 ? ranEarly(command, early, honourSkip) : error ?? ledgerMoved(command, before, versions, [...run, ...heldBack].map(({ version }) => version)) ?? (missing.length > 0 ? notRun(command, missing, honourSkip) : void 0)
	};
}
/** How each attempt ended; `ids` are those of the migrations that were to run. */
function endsOf({ applied, failed }, run, ids, { durationMs, error }) {
	return run.map((one, index) => {
		const state = applied.includes(one) ? "applied" : one === failed ? "failed" : "not-applied";
		return {
			id: ids[index] ?? "",
			state,
			durationMs: run.length === 1 ? durationMs : void 0,
			error: one === failed ? error?.code ?? "migration-failed" : void 0
		};
	});
}
function ranEarly(command, early, honourSkip) {
	const which = plural(early.length, "post migration");
	return new ReleaseError("post-ran-early", `${nameCommand(command)} ran ${which} before the deploy (${namesOf(early)}): the application does not honour SKIP_POST_DEPLOYMENT_MIGRATIONS. Code that is live may need what ${early.length === 1 ? "it has" : "they have"} removed.`, { hint: `Look at once whether the live code still works; deploying the new release may be the quickest way out. ${honourSkip}` });
}
/** What nobody had planned: the program, or somebody beside it, wrote other versions or took some out. */
function ledgerMoved(command, before, after, expected) {
	const added = [...after].filter((version) => !before.has(version) && !expected.includes(version));
	const gone = [...before].filter((version) => !after.has(version) && !expected.includes(version));
	if (added.length + gone.length === 0) return void 0;
	const parts = [...added.length === 0 ? [] : [`holds what was not to run (${listOf(added)})`], ...gone.length === 0 ? [] : [`lacks what had run before (${listOf(gone)})`]];
	return new ReleaseError("ledger-moved", `After ${nameCommand(command)} the version table ${parts.join(", and ")}.`, { hint: [
		...added.length === 0 ? [] : ["Does the program read folders that are not among migrations.pre and migrations.post, such as those of an engine, or did somebody migrate beside it? Bring those files into the checkout."],
		...gone.length === 0 ? [] : ["Does the program take back more than the one version that it is given? See in its output what is gone from the schema too."],
		"Then \"shiplock plan\" shows where things stand."
	].join(" ") });
}
/**
* Says that a run of the pre phase that was killed may have run post migrations: they are in the version table, no run says
* that it ran them, and the code that is live does not contain them.
*/
function mayHaveRunEarly({ migrations, entries, history: { rows } }) {
	const known = new Set([...appliedAttempts(rows), ...lastDeployed(rows)?.migrations ?? []].map(({ version }) => version));
	const isIn = new Set(entries.map(({ version }) => version));
	const unaccounted = migrations.filter(({ phase, version }) => phase === "post" && isIn.has(version) && !known.has(version));
	if (unaccounted.length === 0) return [];
	return [`${plural(unaccounted.length, "post migration")} (${namesOf(unaccounted)}) ${unaccounted.length === 1 ? "stands" : "stand"} in the version table, and no run here says that it ran ${unaccounted.length === 1 ? "it" : "them"}: the program of the run that was killed may have, before the deploy. Look whether the live code still works`];
}
function notRun(command, missing, honourSkip) {
	const { length } = missing;
	const isPost = missing.every(({ phase }) => phase === "post");
	return new ReleaseError("version-missing", `${nameCommand(command)} ended with exit status 0, and the version table does not hold ${plural(length, "migration")} that ${length === 1 ? "was" : "were"} to run: ${namesOf(missing)}.`, { hint: isPost ? `The program does not read the folder of post migrations. ${honourSkip}` : "See to it that the command migrates this database and reads these folders: its environment, its database.yml, its migrations_paths, and its version table, where that has another name (migrations.table)." });
}
function namesOf(migrations) {
	return listOf(migrations.map(({ id }) => id));
}
function listOf(names) {
	const shown = names.slice(0, 5);
	return [...shown, ...names.length > shown.length ? [`${names.length - shown.length} more`] : []].join(", ");
}
/** Throws `post-not-allowed` where the program, which runs everything that is pending, would run more than the phase has. */
function refuseMoreThanPhase(phase, command, { run, heldBack }, deployed) {
	if (phase === "pre" || run.length === 0 || heldBack.length === 0) return;
	const live = deployed ?? "the release that is live";
	throw new ReleaseError("post-not-allowed", `${nameCommand(command)} runs everything that is pending, and ${live} does not contain ${plural(heldBack.length, "post migration")} of this checkout (${namesOf(heldBack)}).`, { hint: `Run the post phase from the checkout of ${live}; or deploy this release and record it first.` });
}
// src/migration/rehearsed-needs.ts
/** Whether the text leaves open what a migration locks, so that a rehearsal can tell more. */
function leavesOpen({ migration, units }) {
	return migration.transactional && units.some(({ needs }) => needs.unknown !== void 0);
}
/**
* The script with what a rehearsal saw it lock. Those locks are looked out for, and not taken at the start: nobody
* knows which statement takes them. What depends on rows was not seen, so the text still counts as open.
*/
function withRehearsed(script, outcome) {
	if (outcome === void 0 || "failed" in outcome || !leavesOpen(script)) return script;
	const seen = outcome.locks.filter(({ kind }) => kind !== "sequence").map(asLock);
	return {
		...script,
		units: script.units.map((unit) => ({
			...unit,
			needs: {
				...unit.needs,
				locks: [...unit.needs.locks, ...seen]
			}
		}))
	};
}
function asLock({ schema, name, mode }) {
	return {
		schema,
		name,
		mode,
		reach: []
	};
}
// src/commands/rehearse-locks.ts
const rehearsalInputNames = ["rehearse-locks", "pg-bin-dir"];
/** Has migrations whose text leaves open what they lock tried on an empty copy of the schema, when there are any and a copy can be had. */
async function rehearseLocks(scripts, database, inputs, context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const until = scripts.findLastIndex(leavesOpen);
		if (until < 0 || inputs["rehearse-locks"] === "never") return scripts;
		const made = await context.makeRehearsal(database, { binDir: inputs["pg-bin-dir"] });
		if ("notPossible" in made) {
			context.log.info(`what ${scripts.find(leavesOpen)?.migration.id} locks is learnt from a short attempt; ${made.notPossible}`);
			return scripts;
		}
		const outcomes = await _usingCtx$1.a(made).run(scripts.slice(0, until + 1).map(({ migration, units }) => ({
			sql: units.map(({ sql }) => sql.text).join(";\n"),
			transactional: migration.transactional
		})));
		return scripts.map((script, index) => withRehearsed(script, outcomes[index]));
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
export { ledgerMoved as a, judgeByVersions as i, rehearseLocks as n, mayHaveRunEarly as o, endsOf as r, refuseMoreThanPhase as s, rehearsalInputNames as t };
