import { i as systemCode, r as messageOf, t as ReleaseError } from "./errors.js";
import { c as plural, i as formatMoment, r as formatDuration } from "./units.js";
import { t as nameCommand } from "./argument-list.js";
import { t as _usingCtx } from "./usingCtx.js";
import { B as appliedAttempts, H as lastDeployed } from "./migration-state.js";
import { i as teamEnvironment } from "./team-environment.js";
import { c as interrupted } from "./run-policy.js";
// src/migration/lock-guard.ts
const pollMs = 100;
const blindPollMs = 1e3;
const keptWaits = 20;
/** Watches the queue for locks while a command runs whose statements nobody but itself knows. */
var LockGuard = class {
	#observer;
	#policy;
	#pids = /* @__PURE__ */ new Set();
	#episodes = /* @__PURE__ */ new Map();
	#waits = [];
	#cancelled = 0;
	#waitedMs = 0;
	/** Set while the command waited at the last look. */
	#waitingAt;
	#isBlind = false;
	#wasBlind = false;
	#toldRights = false;
	constructor(observer, policy) {
		this.#observer = observer;
		this.#policy = policy;
	}
	/** Looks again and again until the command has ended. Once `stop` has fired, everything of the command is cancelled. */
	async watch(ended, stop) {
		const over = new AbortController();
		const end = ended.catch(() => {}).then(() => over.abort());
		let looking = Promise.resolve();
		while (!over.signal.aborted) {
			looking = this.look(stop);
			await Promise.race([looking, end]);
			await this.#policy.sleep(this.#isBlind ? blindPollMs : pollMs, over.signal);
		}
		const answered = new AbortController();
		looking.then(() => answered.abort());
		await this.#policy.sleep(blindPollMs, answered.signal);
		if (stop.signal.aborted) await this.look(stop);
		for (const episode of this.#episodes.values()) this.#note(episode);
		this.#episodes.clear();
	}
	/** One look; fires `stop` when the budget for all locks is used up. */
	async look(stop) {
		try {
			const { pids, waits } = await this.#observer.look();
			for (const pid of pids) this.#pids.add(pid);
			if (stop.signal.aborted) await this.#observer.cancel(pids);
			else await this.#cancel(this.#overdue(waits));
			this.#isBlind = false;
		} catch (error) {
			if (!this.#isBlind) this.#policy.warn(`the queue for locks cannot be watched at the moment: ${messageOf(error)}`);
			this.#isBlind = true;
			this.#wasBlind = true;
			this.#waitingAt = void 0;
		}
		if (this.#waitedMs > this.#policy.lockBudgetMs) stop.abort();
	}
	get report() {
		return {
			guarded: this.#pids.size,
			cancelled: this.#cancelled,
			waitedMs: Math.round(this.#waitedMs),
			waits: this.#waits,
			wasBlind: this.#wasBlind
		};
	}
	/** Takes the waits into the books; returns those behind which others have queued for long enough. */
	#overdue(waits) {
		const now = this.#policy.now();
		const counted = waits.filter(({ kind }) => kind !== "by-design");
		if (counted.length > 0 && this.#waitingAt !== void 0) this.#waitedMs += now - this.#waitingAt;
		this.#waitingAt = counted.length > 0 ? now : void 0;
		for (const [key, episode] of this.#episodes) {
			if (counted.some((wait) => wait.key === key)) continue;
			this.#note(episode);
			this.#episodes.delete(key);
		}
		for (const wait of counted) {
			const episode = this.#episodes.get(wait.key) ?? {
				since: now,
				last: wait,
				state: "waiting"
			};
			this.#episodes.set(wait.key, episode);
			episode.last = wait;
		}
		return [...this.#episodes.values()].filter(({ since, last, state }) => last.kind === "queue" && state === "waiting" && now - since >= this.#policy.stallBudgetMs);
	}
	async #cancel(overdue) {
		if (overdue.length === 0) return;
		const refused = await this.#observer.cancel(overdue.map(({ last }) => last.pid));
		for (const episode of overdue) episode.state = refused.includes(episode.last.pid) ? "refused" : "cancelled";
		this.#cancelled += overdue.length - refused.length;
		if (refused.length === 0 || this.#toldRights) return;
		this.#toldRights = true;
		this.#policy.warn("the role of this run may not cancel the command's statements: make it a member of the command's role, or of pg_signal_backend");
	}
	/** One line for each wait that is over and was long: who waited, for what, and who held it. */
	#note({ since, last, state }) {
		const waitedMs = Math.round(this.#policy.now() - since);
		const cancelled = state === "cancelled";
		if (!cancelled && waitedMs < this.#policy.stallBudgetMs / 2) return;
		const { pid, waitsFor, heldBy } = last;
		const held = heldBy.length === 0 ? "" : `, held by ${heldBy.join(" and ")}`;
		this.#policy.progress(`server process ${pid} of the command waited ${formatDuration(waitedMs)} for ${waitsFor}${held}${cancelled ? "; its statement was cancelled" : ""}`);
		this.#waits.push({
			waitsFor,
			heldBy,
			waitedMs,
			cancelled
		});
		if (this.#waits.length > keptWaits) this.#waits.shift();
	}
};
// src/migration/team-run.ts
const itsTable = "its own version table says what has run.";
/** Runs the team's own command under the guard. Its exit code decides, unless it had to be stopped. */
async function runTeamCommand({ phase, command, start }, observer, policy) {
	if (policy.signal.aborted) throw interrupted("The run was stopped by a signal before the command was started.");
	const id = await observer.begin(phase, command[0] ?? "");
	const startedAt = policy.now();
	const stop = new AbortController();
	const interrupt = () => stop.abort();
	policy.signal.addEventListener("abort", interrupt, { once: true });
	const guard = new LockGuard(observer, policy);
	const ending = start(stop.signal).catch((cause) => notStarted(command, cause));
	await guard.watch(ending, stop);
	policy.signal.removeEventListener("abort", interrupt);
	const end = await ending;
	const facts = {
		...guard.report,
		durationMs: Math.round(policy.now() - startedAt)
	};
	const ended = end instanceof ReleaseError ? void 0 : end;
	const stopped = !stop.signal.aborted ? void 0 : policy.signal.aborted ? "signal" : "budget";
	const error = end instanceof ReleaseError ? end : errorOf(command, end, stopped, facts, policy.lockBudgetMs);
	try {
		await observer.end(id, stateOf(ended, error), facts.durationMs, error?.code, policy.signal);
		return {
			...ended,
			...facts,
			error
		};
	} catch (cause) {
		return {
			...ended,
			...facts,
			error: error ?? notRecorded(command, cause)
		};
	}
}
/** A command that was stopped and still ended with 0 may have done all of its work, or none. */
function stateOf(ended, error) {
	if (ended === void 0) return "not-applied";
	if (error === void 0) return "applied";
	return ended.exitCode === 0 ? "unknown" : "failed";
}
function errorOf(command, { exitCode, signal }, stopped, facts, lockBudgetMs) {
	const name = nameCommand(command);
	if (stopped === "signal") return interrupted(`The run was stopped by a signal, and ${name} with it.`);
	if (stopped === "budget") return new ReleaseError("lock-not-obtained", `${name} was stopped: it had waited for locks for longer than lock-budget (${formatDuration(lockBudgetMs)}).${lastWait(facts)}`, { hint: "See who holds the lock, and run the same command again. What it had committed stays done." });
	if (exitCode === 0) return void 0;
	const how = signal === void 0 ? `with exit status ${exitCode}` : `by ${signal}, which Shiplock did not send,`;
	return new ReleaseError("migration-failed", `${name} was ended ${how} after ${formatDuration(facts.durationMs)}.${lastWait(facts)}`, { hint: `Its output stands in the log, the last lines in the result. Correct the cause and run the same command again: ${itsTable}` });
}
function lastWait({ waits }) {
	const last = waits.at(-1);
	if (last === void 0) return "";
	return ` It last waited ${formatDuration(last.waitedMs)} for ${last.waitsFor}${last.heldBy.length === 0 ? "" : `, held by ${last.heldBy.join(" and ")}`}.`;
}
/** The row stays open, and the next run says so. */
function notRecorded(command, cause) {
	return new ReleaseError("connection-lost", `${nameCommand(command)} ended with exit status 0, but that could not be written to the history: ${messageOf(cause)}.`, {
		hint: `Run the same command again: ${itsTable}`,
		cause
	});
}
function notStarted(command, cause) {
	return new ReleaseError("command-not-found", `${nameCommand(command.slice(0, 1))} could not be started (${systemCode(cause) ?? String(cause)}).`, {
		hint: "Check migrations.command: a program in PATH, or a path from the folder of shiplock.yml, with the right to run. There is no shell; the first entry is the program alone.",
		cause
	});
}
// src/commands/guarded-program.ts
/** The program opens a connection of its own. Throws `invalid-input`. */
function refuseTunnel({ tunnel }) {
	if (tunnel === void 0) return;
	throw new ReleaseError("invalid-input", "The team's own program opens its own connection, and does not work with connect.", { hint: "Run this step where the database can be reached, or open the tunnel in a step before and leave connect out." });
}
function environmentOf(phase, { applicationName, encrypted }, { serverMajor }, { connection, tls, role }, inputs, { variables }) {
	const authority = inputs["database-ca"] ?? connection.sslrootcert;
	const stallBudgetMs = inputs["stall-budget"];
	return teamEnvironment({
		variables,
		phase,
		connection,
		tls,
		encrypted,
		authority,
		role,
		serverMajor,
		applicationName,
		stallBudgetMs
	});
}
/** Starts the program and watches what it waits for, until it has ended. */
async function runGuarded({ phase, command, environment }, observer, inputs, context) {
	context.log.info(`${nameCommand(command)}: started, phase ${phase}`);
	return runTeamCommand({
		phase,
		command,
		start: (signal) => context.runTeamProgram(command, {
			env: environment.variables,
			signal
		})
	}, observer, {
		stallBudgetMs: inputs["stall-budget"],
		lockBudgetMs: inputs["lock-budget"],
		signal: context.signal,
		now: () => context.clock.monotonic(),
		sleep: (ms, signal) => context.clock.sleep(ms, signal),
		progress: (line) => context.log.info(line),
		warn: (line) => context.log.warn(line)
	});
}
/** A guard that saw nothing, or could not look, has shown nothing. */
function guardCheck({ guarded, cancelled, waitedMs, wasBlind }) {
	const id = "lock-guard";
	if (guarded === 0) return {
		id,
		status: "not-checked",
		message: "no connection of the command was seen: it made none, or only short ones, or its driver does not send PGAPPNAME"
	};
	if (wasBlind) return {
		id,
		status: "not-checked",
		value: guarded,
		message: "the queue for locks could not be watched all the time"
	};
	const waited = waitedMs === 0 ? "no wait for a lock was seen" : `waited ${formatDuration(waitedMs)} for locks`;
	return {
		id,
		status: "pass",
		value: plural(guarded, "connection"),
		message: `${waited}, ${plural(cancelled, "statement")} cancelled`
	};
}
function describeUnfinished({ phase, release, startedAt }) {
	return `the run of phase ${phase} for ${release}, started ${formatMoment(startedAt)}, ended before it could say what became of its command`;
}
// src/migration/team-versions.ts
function judgeByVersions(evidence, { honourSkip }) {
	const { command, run, heldBack, before, versions, report } = evidence;
	const isIn = ({ version }) => versions.has(version);
	const early = heldBack.filter(isIn);
	const missing = run.filter((one) => !isIn(one));
	const failed = report.exitCode !== 0 && (report.exitCode !== void 0 || report.signal !== void 0) ? missing[0] : void 0;
	return {
		applied: run.filter(isIn),
		early,
		failed,
		notRun: missing.filter((one) => one !== failed),
		error: early.length > 0 ? ranEarly(command, early, honourSkip) : report.error ?? ledgerMoved(command, before, versions, [...run, ...heldBack].map(({ version }) => version)) ?? (missing.length > 0 ? notRun(command, missing, honourSkip) : void 0)
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
	return new ReleaseError("ledger-moved", `After ${nameCommand(command)} the version table ${parts.join(", and ")}.`, { hint: "Does the program read folders that are not among migrations.pre and migrations.post, such as those of an engine, or did somebody migrate beside it? Look at its output, bring those files into the checkout, and run \"shiplock plan\"." });
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
	return [`${plural(unaccounted.length, "post migration")} (${namesOf(unaccounted)}) stand in the version table, and no run here says that it ran ${unaccounted.length === 1 ? "it" : "them"}: the program of the run that was killed may have, before the deploy. Look whether the live code still works`];
}
function notRun(command, missing, honourSkip) {
	const { length } = missing;
	const isPost = missing.every(({ phase }) => phase === "post");
	return new ReleaseError("version-missing", `${nameCommand(command)} ended with exit status 0, and the version table does not hold ${plural(length, "migration")} that ${length === 1 ? "was" : "were"} to run: ${namesOf(missing)}.`, { hint: isPost ? `The program does not read the folder of post migrations. ${honourSkip}` : "See to it that the command migrates this database and reads these folders: its environment, its database.yml, and its migrations_paths." });
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
export { ledgerMoved as a, describeUnfinished as c, refuseTunnel as d, runGuarded as f, judgeByVersions as i, environmentOf as l, rehearseLocks as n, mayHaveRunEarly as o, endsOf as r, refuseMoreThanPhase as s, rehearsalInputNames as t, guardCheck as u };
