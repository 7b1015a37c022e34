import { Jt as plural, Qt as oneLine, U as interrupted, Wt as formatDuration, fn as messageOf, pn as systemCode, un as ReleaseError, xt as nameCommand } from "./start.js";
import { $ as lastDeployed, A as migrationWay, E as backupRequired, F as keyOf, I as lockNeeds, L as touchesOnly, N as teamCommandOf, O as commandFor, S as requirementOf, _t as databaseInputs, a as prepareScripts, c as readState, ct as refuseTargetVersion, f as drillDemandOf, h as drillRequired, i as migrationInputNames, j as refuseTeamPhase, lt as skipVariable, m as lookForDrill, pt as MappedText, r as ledgerOptions, s as readMigrations, st as plainEnvironment, vt as lockInputNames, w as standingsOf, x as lookInStore, yt as lockPolicy } from "./migrations.js";
import { _ as ledgerMoved, a as refuseTunnel, c as previewScript, d as transactionMessage, f as placeOf, g as keptText, h as interrupted$1, i as guardCheck, l as MigrationRun, m as connectionLost, n as describeUnfinished, o as runGuarded, p as booksLost, r as environmentOf, s as staysOpen, t as runPolicy, u as forgetsSteps, v as migrationFailed, y as overtaken } from "./run-policy.js";
import { n as noteLedger } from "./ledger-note.js";
import { r as refusePublished } from "./publishing.js";
import { a as wouldRun, c as warnBeforePost, d as waiverNames, f as waiverOf, h as renumbered, i as nothingToRun, l as wayBackByCommand, m as settledElsewhere, n as decideRun, o as afterRun, r as mayRun, s as describeWayBack, t as skipUnheard, u as wayBackOf } from "./skip-unheard.js";
import { t as defineCommand } from "./command.js";
import { i as noteSchema } from "./present.js";
import { t as openDatabase } from "./open-database.js";
import { t as readTeamState } from "./team-state.js";
import { t as _usingCtx } from "./usingCtx.js";
import { i as judgeByVersions, n as rehearseLocks, o as mayHaveRunEarly, r as endsOf, s as refuseMoreThanPhase, t as rehearsalInputNames } from "./rehearse-locks.js";
// src/migration/batch.ts
/** More in one message would make a failure's rest hard to follow, and saves no time. */
const largestBatch = 25;
/**
* The scripts from the first on that may share a message: plain definitions that touch nothing but relations that this
* run makes, so that no lock of theirs can be in anybody's way. `made` are the relations made so far.
*/
function batchOf(scripts, made) {
	const known = new Set(made);
	const batch = [];
	for (const script of scripts) {
		const [unit] = script.units;
		if (batch.length === largestBatch || forgetsSteps(script) || unit === void 0) break;
		if (script.migration.phase !== scripts[0]?.migration.phase || !touchesOnly(known, unit.needs)) break;
		for (const name of unit.needs.creates) known.add(keyOf(name));
		batch.push(script);
	}
	return batch.length > 1 ? batch : [];
}
/** Each member is a transaction of its own, with its version row; an error leaves those before it committed. */
function batchMessage(batch, ledger, reset, stallBudgetMs) {
	const members = [];
	const texts = [];
	let statements = 0;
	for (const [index, script] of batch.entries()) {
		const { migration, units } = script;
		const closing = [...ledger.record(migration), "commit"];
		const message = transactionMessage({
			reset: index === 0 ? reset : [],
			limits: {
				limitMs: stallBudgetMs,
				displace: void 0
			},
			needs: lockNeeds([]),
			stallBudgetMs,
			targets: [],
			guard: ledger.guard(migration, index > 0),
			durable: index === batch.length - 1,
			sql: units[0]?.sql ?? MappedText.generated(""),
			closing
		});
		const own = units[0]?.statements.length ?? 0;
		members.push({
			script,
			before: statements + message.before,
			guardAt: message.guardAt === void 0 ? void 0 : statements + message.guardAt,
			end: statements + message.before + own + closing.length
		});
		statements += message.before + own + closing.length;
		texts.push(message.text, MappedText.generated(";\n"));
	}
	return {
		text: MappedText.join(...texts),
		members
	};
}
// src/migration/execute.ts
/** Runs the migrations in order and stops at the first that fails. What was done is in the report, whatever happens. */
async function runScripts(scripts, executor, policy) {
	const run = new Run(scripts, executor, policy);
	try {
		await run.all();
	} catch (cause) {
		run.stop(booksLost(cause));
	}
	return run.report();
}
var Run = class {
	#scripts;
	#executor;
	#policy;
	#applied = [];
	#unsure = [];
	#failed;
	#stopped;
	#next = 0;
	/** Relations that this run has made: nobody else uses them yet. */
	#made = /* @__PURE__ */ new Set();
	/** What earlier runs did of the migrations, by version. */
	#steps = /* @__PURE__ */ new Map();
	/** Whether the session may hold what a migration left in it. */
	#used = false;
	constructor(scripts, executor, policy) {
		this.#scripts = scripts;
		this.#executor = executor;
		this.#policy = policy;
	}
	async all() {
		if (this.#scripts.length === 0) return;
		await this.#executor.bookOnce(new Set(this.#scripts.map(({ migration }) => migration.phase)));
		this.#steps = await this.#executor.books.steps();
		while (this.#next < this.#scripts.length && this.#failed === void 0 && this.#stopped === void 0) {
			if (this.#policy.signal.aborted) return this.stop(interrupted$1("The run was stopped by a signal between two migrations."));
			const batch = this.#withoutSteps(batchOf(this.#scripts.slice(this.#next), this.#made));
			const creates = batch.flatMap(({ units }) => units.flatMap(({ needs }) => needs.creates));
			if (batch.length < 2 || (await this.#executor.survey([], creates)).taken || !await this.#batch(batch)) await this.#one();
		}
		await this.#executor.books.flush();
	}
	/** Up to the first of which an earlier run has noted statements: that one runs by itself, in its turn. */
	#withoutSteps(batch) {
		const noted = batch.findIndex(({ migration }) => this.#steps.has(migration.version));
		return noted === -1 ? batch : batch.slice(0, noted);
	}
	stop(error) {
		this.#stopped ??= this.#failed === void 0 ? error : void 0;
	}
	report() {
		const notRun = this.#scripts.slice(this.#next).map(({ migration }) => migration.id);
		return {
			applied: this.#applied,
			failed: this.#failed,
			stopped: this.#stopped,
			notRun,
			unsure: this.#unsure
		};
	}
	async #one() {
		const script = this.#scripts[this.#next];
		const { migration } = script;
		const { now, progress } = this.#policy;
		const run = new MigrationRun(script, this.#executor, this.#policy, this.#used);
		const [attempt = ""] = await this.#executor.books.begin([migration]);
		const started = now();
		progress(`${migration.id}: started`);
		let error;
		try {
			error = await run.apply(this.#steps.get(migration.version) ?? []);
			for (const name of run.made) this.#made.add(keyOf(name));
		} catch (cause) {
			error = booksLost(cause);
		}
		this.#next++;
		this.#used ||= script.units.some(({ needs }) => !needs.definesOnly);
		const state = error === void 0 ? "applied" : await this.#stateAfter(error, migration);
		const facts = {
			id: migration.id,
			version: migration.version,
			durationMs: now() - started,
			attempts: run.attempts
		};
		if (state === "running") this.#unsure.push(migration.version);
		if (isApplied(state)) this.#note(migration, facts);
		else if (error !== void 0) {
			const { sqlstate, stepsDone, blockers } = run;
			this.#failed = {
				...facts,
				path: migration.path,
				error,
				sqlstate,
				stepsDone,
				blockers
			};
		}
		await this.#end([{
			id: attempt,
			state,
			durationMs: now() - started,
			error: error?.code
		}]);
	}
	/** False when the first that is left has to be tried by itself. */
	async #batch(batch) {
		const { now, progress, stallBudgetMs, signal } = this.#policy;
		const { books, ledger } = this.#executor;
		const attempts = await books.begin(batch.map(({ migration }) => migration));
		const started = now();
		progress(`${batch[0]?.migration.id} to ${batch.at(-1)?.migration.id}: started together, since they touch only new tables`);
		const { text, members } = batchMessage(batch, ledger, this.#used ? ledger.resetSession : [], stallBudgetMs);
		const outcome = await this.#executor.send(text.text, signal);
		if (outcome.state === "failed") await this.#executor.send(takeBack, AbortSignal.any([]));
		const durationMs = (now() - started) / batch.length;
		const lost = outcome.state === "lost" ? connectionLost(batch[0]?.migration, outcome.reason) : void 0;
		const decided = lost === void 0 ? void 0 : await this.#appliedAfterLoss(this.#next + batch.length);
		const done = outcome.state === "done" ? Number.POSITIVE_INFINITY : outcome.state === "failed" ? outcome.failure.completed : 0;
		const stateOf = (member) => {
			if (lost === void 0) return member.end <= done ? "applied" : "not-applied";
			if (decided === void 0) return "running";
			return decided.has(member.script.migration.version) ? "applied-unreported" : "not-applied";
		};
		const ends = members.map((member, index) => ({
			id: attempts[index] ?? "",
			state: stateOf(member),
			durationMs
		}));
		this.#unsure.push(...members.flatMap(({ script }, index) => ends[index]?.state === "running" ? [script.migration.version] : []));
		for (const [index, member] of members.entries()) {
			if (!isApplied(ends[index]?.state)) break;
			const { migration, units } = member.script;
			this.#note(migration, {
				id: migration.id,
				version: migration.version,
				durationMs,
				attempts: 1
			});
			for (const name of units.flatMap(({ needs }) => needs.creates)) this.#made.add(keyOf(name));
			this.#next++;
		}
		if (outcome.state !== "lost") ledger.recorded(batch[0]?.migration, outcome.value);
		const stoppedAt = members.find((_, index) => !isApplied(ends[index]?.state));
		let again = false;
		if (stoppedAt !== void 0) {
			const error = lost ?? (outcome.state === "failed" ? this.#errorOf(outcome.failure, stoppedAt, text) : void 0);
			again = error === void 0;
			if (error !== void 0) {
				this.#failed = failedMember(stoppedAt, error, durationMs, outcome);
				this.#next++;
				const index = members.indexOf(stoppedAt);
				if (lost === void 0) ends[index] = {
					...ends[index],
					state: "failed",
					error: error.code
				};
			}
		}
		await this.#end(ends);
		return !again;
	}
	/** `undefined` for a refusal that trying again by itself may cure. */
	#errorOf(failure, member, text) {
		const { migration } = member.script;
		if (this.#policy.signal.aborted) return interrupted$1();
		if (["55P03", "40P01"].includes(failure.sqlstate ?? "")) return void 0;
		if (failure.sqlstate === "22012" && failure.completed === member.guardAt) return ledgerMoved(migration);
		return migrationFailed(failure, {
			phase: migration.phase,
			place: placeOf(failure, {
				text,
				before: member.before
			}, member.script),
			kept: keptText(migration, 0),
			showData: this.#policy.showData,
			inFile: failure.position !== void 0
		});
	}
	#note({ phase, checksum }, facts) {
		this.#applied.push({
			...facts,
			phase,
			checksum
		});
		this.#policy.progress(`${facts.id}: applied in ${formatDuration(facts.durationMs)}`);
	}
	/** Writes at once what must be known whatever happens next; an open row is closed by the next run otherwise. */
	async #end(ends) {
		for (const end of ends) this.#executor.books.end(end);
		if (this.#failed === void 0) return;
		await this.#executor.books.flush().catch(() => {});
	}
	/** After a lost connection the version table decides; otherwise the failure is what the server said. */
	async #stateAfter(error, migration) {
		if (error.code !== "connection-lost") return "failed";
		const applied = await this.#appliedAfterLoss(this.#next);
		if (applied === void 0) return "running";
		return applied.has(migration.version) ? "applied-unreported" : "not-applied";
	}
	/**
	* What the version table holds, and nothing when nobody can be asked. Another run may have had the lock meanwhile: when
	* it went on with what stands from `rest` on, that is not ours any more.
	*/
	async #appliedAfterLoss(rest) {
		try {
			const applied = new Set((await this.#executor.settle()).map(({ version }) => version));
			const steps = await this.#executor.books.steps();
			const isOthers = ({ migration: { version } }) => applied.has(version) || JSON.stringify(steps.get(version)) !== JSON.stringify(this.#steps.get(version));
			if (this.#scripts.slice(rest).some(isOthers)) this.stop(overtaken());
			return applied;
		} catch {
			return;
		}
	}
};
/**
* Ends the transaction that failed. Those before it in the message left their way to the disk to a commit that did not
* come: this one's record is written, and all before it. https://www.postgresql.org/docs/current/wal-async-commit.html
*/
const takeBack = "rollback;\nselect pg_catalog.pg_logical_emit_message(true, 'shiplock', '')";
function isApplied(state) {
	return state === "applied" || state === "applied-unreported";
}
function failedMember({ script: { migration } }, error, durationMs, outcome) {
	return {
		id: migration.id,
		version: migration.version,
		path: migration.path,
		error,
		durationMs,
		attempts: 1,
		sqlstate: outcome.failure?.sqlstate,
		stepsDone: 0,
		blockers: []
	};
}
// src/backup/attestation.ts
const longestEvidence = 200;
/** Only an exit status of 0 together with a line of evidence attests anything. */
function judgeAttestation(command, end) {
	const name = nameCommand(command);
	if (end.exitCode !== 0) {
		const how = end.signal === void 0 ? `with exit status ${end.exitCode}` : `by ${end.signal}`;
		const last = end.lastLines.slice(-3).map(shortened).filter(Boolean).join(" / ");
		return { refused: `${name} was ended ${how}${last === "" ? "" : `: ${last}`}` };
	}
	const evidence = shortened(end.firstLine ?? "");
	return evidence === "" ? { refused: `${name} ended with 0, but its first line of output holds no evidence` } : { evidence };
}
function shortened(line) {
	return [...oneLine(line)].slice(0, longestEvidence).join("");
}
// src/commands/attest.ts
/** A migration waits for the answer, with the lock of the database held. */
const longestMs = 6e4;
/** Asks the team's command whether another kind of backup is there. */
async function attest(command, context) {
	const late = new AbortController();
	const ended = new AbortController();
	context.clock.sleep(longestMs, ended.signal).then(() => late.abort());
	try {
		const env = plainEnvironment(context.variables);
		const end = await context.runTeamProgram(command, {
			env,
			signal: AbortSignal.any([context.signal, late.signal])
		});
		if (context.signal.aborted) throw interrupted(void 0);
		if (late.signal.aborted) return { refused: `${nameCommand(command)} was stopped after ${formatDuration(longestMs)} without an answer` };
		return judgeAttestation(command, end);
	} catch (error) {
		const code = error instanceof ReleaseError ? void 0 : systemCode(error);
		if (code === void 0) throw error;
		return { refused: `${nameCommand(command)} could not be started (${code})` };
	} finally {
		ended.abort();
	}
}
// src/commands/require-backup.ts
/**
* The backup that a run may rely upon, a stored one or else what the team's command attests; `undefined` when none is
* required. Throws `backup-required`. Takes the lock for granted, so that nothing moves until the run begins.
*/
async function requireBackup(about, inputs, context) {
	const asked = requirementOf(inputs);
	if (asked === void 0) return void 0;
	if (await about.database.isFresh()) return nothingToLose;
	const standings = await standingsOf(about, [about.phase], inputs, context);
	const looked = await lookInStore(about.database, standings, asked, inputs, context);
	const heads = standings[0]?.heads ?? [];
	if (typeof looked !== "string" && looked.found !== void 0) return storedReliance(looked, looked.found, about.phase, heads, context);
	const attested = inputs["attest-command"] === void 0 ? void 0 : await attest(inputs["attest-command"], context);
	if (attested !== void 0 && "evidence" in attested) return attestedReliance(attested, about.phase, heads);
	throw backupRequired(asked, looked, context, attested?.refused);
}
const nothingToLose = { check: {
	id: "backup",
	status: "not-checked",
	message: "the database holds no table, so there is nothing to lose"
} };
function storedReliance({ newest, ignored }, { backup: { manifest }, ageMs, when }, phase, heads, { log }) {
	const { id, level, dump } = manifest;
	for (const { manifestKey, problem } of ignored) log.warn(`${manifestKey} cannot be used: ${problem}`);
	if (newest !== void 0) log.warn(`the newest backup, ${newest.backup.manifest.id}, does not count: ${newest.problem}`);
	const age = formatDuration(Math.max(0, ageMs));
	log.info(`relying on the backup ${id} (${level}, ${age} old, of the version tables as they ${when})`);
	return {
		check: {
			id: "backup",
			status: "pass",
			value: level,
			message: `${id}, ${age} old, of the version tables as they ${when}`
		},
		backup: {
			id,
			level,
			snapshotAt: dump.snapshotAt,
			ageMs
		},
		relied: {
			phase,
			id,
			level,
			snapshotAt: dump.snapshotAt,
			heads
		}
	};
}
/** Attested is all that it is: nobody here has seen that backup. */
function attestedReliance({ evidence }, phase, heads) {
	return {
		check: {
			id: "backup",
			status: "pass",
			value: "attested",
			message: evidence
		},
		backup: {
			level: "attested",
			evidence
		},
		relied: {
			phase,
			level: "attested",
			evidence,
			heads
		}
	};
}
// src/commands/require-drill.ts
/**
* The drill that a run may rely upon, or the waiver that it goes on with; `undefined` when none is required. Throws
* `drill-required`. Takes the lock for granted, so that nothing moves until the run begins.
*/
async function requireDrill({ database }, inputs, waiver, context) {
	const demand = drillDemandOf(inputs);
	if (demand === void 0) return void 0;
	if (await database.isFresh()) return { check: notChecked("the database holds no table, so there is nothing to lose") };
	const refusal = (looked) => drillRequired(demand, looked, context);
	if (waiver === void 0) {
		const looked = await lookForDrill(database, demand, context);
		if (looked.found === void 0) throw refusal(looked);
		return reliance(looked, looked.found, demand, context);
	}
	try {
		const looked = await lookForDrill(database, demand, context);
		if (looked.found !== void 0) return reliance(looked, looked.found, demand, context);
		return waived(waiver, refusal(looked), context);
	} catch (error) {
		if (error instanceof ReleaseError) return waived(waiver, error, context);
		throw error;
	}
}
function reliance({ refused }, { drill, ageMs }, { level }, { log }) {
	for (const { name, problem } of refused) log.warn(`the newest drill, ${name}, does not count: ${problem}`);
	const backup = drill.backupId ?? drill.dumpKey;
	const age = formatDuration(Math.max(0, ageMs));
	log.info(`relying on the drill ${drill.id} of the backup ${backup} (${drill.levels.join(", ")}, ${age} ago)`);
	return { check: {
		id: "drill",
		status: "pass",
		value: `${drill.id}: ${drill.levels.join(", ")}`,
		limit: level,
		message: `of the backup ${backup}, ${age} ago`
	} };
}
function waived(waiver, { message }, { log }) {
	log.warn(`the drill is waived by ${waiver.by}: ${waiver.reason}. ${message}`);
	return {
		check: notChecked(`waived: ${waiver.reason}`),
		waived: waiver
	};
}
function notChecked(message) {
	return {
		id: "drill",
		status: "not-checked",
		message
	};
}
// src/commands/meet-requirements.ts
/** Nothing to run needs nothing. */
const noFooting = {
	checks: [],
	details: {},
	notes: [],
	record: async () => {}
};
/** Throws `backup-required` or `drill-required`. */
async function meetRequirements(about, inputs, waiver, context) {
	const backup = await requireBackup(about, inputs, context);
	const drill = await requireDrill(about, inputs, waiver, context);
	return {
		checks: [backup?.check, drill?.check].filter((check) => check !== void 0),
		details: backup?.backup === void 0 ? {} : { backup: backup.backup },
		notes: waiver === void 0 || drill?.waived !== void 0 ? [] : [needless(drill !== void 0)],
		async record(state) {
			if (backup?.relied !== void 0) await state.recordBackup(backup.relied);
			if (drill?.waived !== void 0) await state.recordWaiver(drill.waived);
		}
	};
}
function needless(isRequired) {
	return isRequired ? "waive: drill was not needed, and nothing is waived." : "waive: drill has no effect: require-drill is not set.";
}
// src/commands/dry-run-footing.ts
/** A dry run says first what would run, and then that it would be refused. `what` would run, such as "2 migrations". */
async function footingInDryRun(what, meet) {
	try {
		return { met: await meet() };
	} catch (error) {
		const lack = error instanceof ReleaseError ? lacking(error) : void 0;
		if (!(error instanceof ReleaseError) || lack === void 0) throw error;
		return {
			met: noFooting,
			refused: {
				verdict: error.verdict,
				reason: `${what} would be refused for lack of ${lack}.`,
				error
			}
		};
	}
}
/** What the run would be refused for; `undefined` for an error of another kind. */
function lacking({ code }) {
	if (code === "backup-required") return "a backup";
	return code === "drill-required" ? "a drill" : void 0;
}
// src/commands/migrate-by-command.ts
/** `migrate` where only the team's own program can run the migrations: its exit code decides. */
async function migrateByCommand(phase, team, inputs, context) {
	try {
		var _usingCtx$3 = _usingCtx();
		const waiver = waiverOf(phase, inputs, context);
		const target = _usingCtx$3.a(await databaseInputs(inputs, context));
		refuseTunnel(target);
		const database = _usingCtx$3.a(await openDatabase(target, inputs, context));
		if (!inputs["dry-run"]) await database.lock(context.project, lockPolicy(inputs, context));
		const { evidence, digest } = await readTeamState(team, inputs, database, context);
		refuseTeamPhase(phase, evidence, {
			release: context.release,
			commit: context.run.commit
		}, inputs["allow-unphased"]);
		const command = commandFor(team, phase);
		const observer = await database.commandObserver();
		const environment = environmentOf(phase, observer, database, target, inputs, context);
		const facts = {
			phase,
			layout: "command",
			runs: command,
			database: database.description,
			digest: digest(phase),
			...describeWayBack(wayBackByCommand)
		};
		refusePublished(await database.publishing(), inputs["publish-state"]);
		const about = {
			phase,
			database,
			ledger: void 0,
			history: evidence.history
		};
		const meet = () => meetRequirements(about, inputs, waiver, context);
		if (inputs["dry-run"]) {
			const { met, refused } = await footingInDryRun(nameCommand(command), meet);
			return {
				...describeDryRun$1({
					...facts,
					...shownOf(met)
				}, environment),
				checks: met.checks,
				...refused
			};
		}
		const footing = await meet();
		const { record, checks, notes } = footing;
		const shown = shownOf(footing);
		await database.prepareState(inputs["publish-state"]);
		for (const note of notes) context.log.warn(note);
		await record(database.state);
		const unfinished = await observer.closeUnfinished(inputs["on-locked"] === "fail" ? 0 : inputs["lock-wait"], context.signal);
		for (const run of unfinished) context.log.warn(describeUnfinished(run));
		if (phase === "post") warnBeforePost(wayBackByCommand, context);
		const report = await runGuarded({
			phase,
			command,
			environment
		}, observer, inputs, context);
		await noteSchema(database, inputs["migrations-table"], true, context);
		const outcome = outcomeOf$2(report, {
			...facts,
			...shown,
			unfinished: unfinished.map((run) => ({
				...run,
				startedAt: run.startedAt.toISOString()
			}))
		});
		return {
			...outcome,
			checks: [...checks, ...outcome.checks ?? []]
		};
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
function shownOf({ details, notes }) {
	return {
		...details,
		...notes.length === 0 ? {} : { notes }
	};
}
function describeDryRun$1(facts, { added, withheld }) {
	return {
		verdict: "pass",
		reason: `${nameCommand(facts.runs)} would run for phase ${facts.phase}; nothing was changed.`,
		outputs: { digest: facts.digest },
		details: {
			...facts,
			dryRun: true,
			environmentAdded: added,
			environmentWithheld: withheld
		}
	};
}
function outcomeOf$2({ error, lastLines, ...report }, facts) {
	const common = {
		checks: [guardCheck(report)],
		outputs: { digest: facts.digest },
		details: {
			...facts,
			...report,
			...error === void 0 ? {} : { output: lastLines }
		}
	};
	if (error !== void 0) return {
		...common,
		verdict: error.verdict,
		reason: error.message,
		error
	};
	const unseen = report.guarded === 0 ? " The lock guard saw no connection of it." : "";
	return {
		...common,
		verdict: "pass",
		reason: `${nameCommand(facts.runs)} ended with exit status 0 in phase ${facts.phase} after ${formatDuration(report.durationMs)}.${unseen}`
	};
}
// src/commands/team-outcome.ts
function describeDryRun(command, run, heldBack, facts, { added, withheld }) {
	return {
		verdict: "pass",
		reason: run.length === 0 ? nothingToRun(facts.phase, heldBack.length) : `${plural(run.length, "migration")} would be run by ${nameCommand(command)}; nothing was changed.`,
		outputs: {
			applied: 0,
			pending: run.length,
			digest: facts.digest
		},
		details: {
			...facts,
			dryRun: true,
			applied: [],
			notRun: run.map(({ id }) => id),
			...run.length === 0 ? {} : {
				runs: command,
				environmentAdded: added,
				environmentWithheld: withheld
			}
		}
	};
}
function outcomeOf$1(command, { applied, early, failed, notRun, error }, { error: _, lastLines, ...report }, facts) {
	const pending = notRun.length + (failed === void 0 ? 0 : 1);
	const common = {
		outputs: {
			applied: applied.length + early.length,
			pending,
			digest: facts.digest
		},
		details: {
			...facts,
			...report,
			applied: [...applied, ...early].map(({ id, version }) => ({
				id,
				version
			})),
			notRun: notRun.map(({ id }) => id),
			...failed === void 0 ? {} : { failed: {
				id: failed.id,
				path: failed.path
			} },
			...error === void 0 ? {} : { output: lastLines }
		}
	};
	const done = `${applied.length} of ${applied.length + pending} applied`;
	if (error !== void 0) {
		const tooEarly = early.length === 0 ? "" : `, and ${plural(early.length, "post migration")} too early`;
		return {
			...common,
			verdict: error.verdict,
			reason: `${done}${tooEarly}: ${error.message}`,
			error
		};
	}
	return {
		...common,
		verdict: "pass",
		reason: `${plural(applied.length, "migration")} applied in phase ${facts.phase} by ${nameCommand(command)}.`
	};
}
// src/commands/migrate-by-team.ts
/** `migrate` where the files are known and the team's own program runs them: the version table says what it did. */
async function migrateByTeam(phase, read, program, inputs, context) {
	try {
		var _usingCtx$2 = _usingCtx();
		refuseTargetVersion(program, context.variables);
		const waiver = waiverOf(phase, inputs, context);
		const target = _usingCtx$2.a(await databaseInputs(inputs, context));
		refuseTunnel(target);
		const database = _usingCtx$2.a(await openDatabase(target, inputs, context));
		if (!inputs["dry-run"]) await database.lock(context.project, lockPolicy(inputs, context), ledgerOptions(inputs, read, context));
		const first = await readState(inputs, read, database, context);
		const { ledger } = first;
		const command = commandFor(teamCommandOf(inputs, program), phase);
		const observer = await database.commandObserver();
		const environment = environmentOf(phase, observer, database, target, inputs, context);
		const about = {
			phase,
			database,
			ledger,
			history: first.evidence.history.rows
		};
		const decide = async (state) => {
			const decided = await decideRun(phase, state, inputs, context);
			refuseMoreThanPhase(phase, command, decided, lastDeployed(state.evidence.history.rows)?.release);
			return decided;
		};
		if (inputs["dry-run"]) {
			const { run, heldBack, notes } = await decide(first);
			refusePublished(await database.publishing(), inputs["publish-state"]);
			const { met, refused } = await footingInDryRun(plural(run.length, "migration"), async () => run.length === 0 ? noFooting : await meetRequirements(about, inputs, waiver, context));
			const unheard = await skipUnheard(phase, run, heldBack, context);
			return {
				...describeDryRun(command, run, heldBack, {
					...factsOf(phase, first, run, heldBack, database),
					...describeWayBack(await wayBackOf(run, first, database.serverMajor, inputs, context)),
					...met.details,
					notes: [
						...notes,
						...met.notes,
						...unheard
					]
				}, environment),
				checks: met.checks,
				...refused
			};
		}
		const footing = wouldRun(phase, first).length === 0 ? noFooting : await meetRequirements(about, inputs, waiver, context);
		await database.prepareState(inputs["publish-state"]);
		const unfinished = await observer.closeUnfinished(inputs["on-locked"] === "fail" ? 0 : inputs["lock-wait"], context.signal);
		for (const one of unfinished) context.log.warn(describeUnfinished(one));
		const closed = await database.closeOpenAttempts(ledger);
		const state = await readState(inputs, read, database, context, first);
		const { run, heldBack, older, ...decision } = await decide(state);
		const notes = [
			...unfinished.some((one) => one.phase === "pre") ? mayHaveRunEarly(state.evidence) : [],
			...decision.notes,
			...footing.notes,
			...await skipUnheard(phase, run, heldBack, context)
		];
		for (const note of notes) context.log.warn(note);
		if (older !== void 0) await database.state.recordOlderAllowed(older);
		await footing.record(database.state);
		const wayBack = await wayBackOf(run, state, database.serverMajor, inputs, context);
		const facts = {
			...factsOf(phase, first.stamped ? state : first, run, heldBack, database),
			closed,
			notes,
			...footing.details
		};
		if (run.length === 0) {
			const ledgerNow = noteLedger(state.evidence, { begun: [] }, database.serverMajor);
			const details = {
				...facts,
				applied: [],
				notRun: [],
				ledger: ledgerNow
			};
			const outputs = {
				applied: 0,
				pending: 0,
				digest: facts.digest
			};
			return {
				verdict: "pass",
				reason: nothingToRun(phase, heldBack.length),
				outputs,
				details,
				checks: footing.checks
			};
		}
		if (phase === "post") warnBeforePost(wayBack, context);
		const books = database.state.books();
		const ids = await books.begin(run);
		const report = await runGuarded({
			phase,
			command,
			environment
		}, observer, inputs, context);
		const versions = await versionsAfter(report, ledger, database);
		const before = new Set(state.evidence.entries.map(({ version }) => version));
		const alone = judgeByVersions({
			command,
			run,
			heldBack,
			before,
			versions,
			report
		}, program);
		const judged = {
			...alone,
			error: await besideOther(alone.error, ledger, database)
		};
		for (const end of endsOf(judged, run, ids, report)) books.end(end);
		if (judged.early.length > 0) {
			const earlyIds = await books.begin(judged.early);
			for (const id of earlyIds) books.end({
				id,
				state: "applied",
				durationMs: void 0
			});
		}
		await books.flush();
		await noteSchema(database, inputs["migrations-table"], true, context);
		const applied = [...judged.applied, ...judged.early];
		const halfDone = judged.failed !== void 0 && !judged.failed.transactional ? [judged.failed] : [];
		return {
			...outcomeOf$1(command, judged, report, {
				...facts,
				runs: command,
				heldBack: heldBack.filter((one) => !judged.early.includes(one)).map(({ id }) => id),
				unfinished: unfinished.map((one) => ({
					...one,
					startedAt: one.startedAt.toISOString()
				})),
				...afterRun(wayBack, /* @__PURE__ */ new Set([...applied, ...halfDone])),
				ledger: noteLedger(state.evidence, {
					applied,
					begun: halfDone.map(({ version }) => version)
				}, database.serverMajor),
				notes: [...notes, ...halfDone.map(({ id }) => `${id} runs outside a transaction: what of it ran before the failure stays done.`)]
			}),
			checks: [...footing.checks, guardCheck(report)]
		};
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
function factsOf(phase, state, run, heldBack, { description }) {
	const { layout } = state.ledger;
	return {
		phase,
		layout: layout.name,
		database: description,
		digest: state.digest(phase, run),
		heldBack: heldBack.map(({ id }) => id)
	};
}
/** A program of an earlier run that was killed may have had no connection yet when this one was started. */
async function besideOther(error, ledger, database) {
	const other = error?.code === "migration-failed" ? await database.toolAtWork(ledger).catch(() => void 0) : void 0;
	if (error === void 0 || other === void 0) return error;
	return new ReleaseError(other.code, `${error.message} ${other.message}`, { ...other.hint === void 0 ? {} : { hint: other.hint } });
}
/** Throws `connection-lost` or `run-in-progress`: then the rows stay open, and the next run closes them from the version table. */
async function versionsAfter(report, ledger, database) {
	if (staysOpen(report)) throw report.error;
	try {
		return new Set((await database.entries(ledger)).map(({ version }) => version));
	} catch (cause) {
		if (cause instanceof ReleaseError) throw cause;
		throw new ReleaseError("connection-lost", `The program has ended, and the version table could not be read after it: ${messageOf(cause)}.`, {
			hint: "Run the same command again: the version table says what has run.",
			cause
		});
	}
}
// src/commands/migrate.ts
var migrate_default = defineCommand({
	summary: "Apply the migrations of one phase.",
	inputs: [
		...migrationInputNames,
		"phase",
		"stall-budget",
		...rehearsalInputNames,
		...waiverNames,
		"store",
		"dry-run",
		...lockInputNames,
		"show-data"
	],
	optional: ["store"],
	outputs: {
		applied: "Number of migrations that this run applied.",
		pending: "Number of migrations of the phase that have not run.",
		digest: "SHA-256 of the plan that ran."
	},
	async run(inputs, context) {
		try {
			var _usingCtx$1 = _usingCtx();
			const phase = phaseOf(inputs.phase, context);
			const way = migrationWay(inputs);
			if (way.kind === "command") return migrateByCommand(phase, way.command, inputs, context);
			const read = await readMigrations(inputs, context);
			const { runBy } = read.layout;
			if (runBy !== void 0) return migrateByTeam(phase, read, runBy, inputs, context);
			const waiver = waiverOf(phase, inputs, context);
			const target = _usingCtx$1.a(await databaseInputs(inputs, context));
			const database = _usingCtx$1.a(await openDatabase(target, inputs, context));
			if (inputs["dry-run"]) {
				const state = await readState(inputs, read, database, context);
				const { run, heldBack, notes } = await decideRun(phase, state, inputs, context);
				refusePublished(await database.publishing(state.ledger), state.ledger.publishState);
				const statements = await previewOf(await prepareScripts(run, database, state.ledger.layout), state.ledger, database, inputs["stall-budget"]);
				const wayBack = await wayBackOf(run, state, database.serverMajor, inputs, context);
				if (phase === "post") warnBeforePost(wayBack, context);
				for (const { sql } of statements) context.log.foreign(sql);
				const about = {
					phase,
					database,
					ledger: state.ledger,
					history: state.evidence.history.rows
				};
				const { met, refused } = await footingInDryRun(plural(run.length, "migration"), async () => run.length === 0 ? noFooting : await meetRequirements(about, inputs, waiver, context));
				return {
					...refused ?? {
						verdict: "pass",
						reason: dryRunReason(phase, run, heldBack),
						checks: met.checks
					},
					outputs: {
						applied: 0,
						pending: run.length,
						digest: state.digest(phase, run)
					},
					details: {
						phase,
						dryRun: true,
						database: database.description,
						applied: [],
						notRun: run.map(({ id }) => id),
						statements,
						heldBack: heldBack.map(({ id }) => id),
						...describeWayBack(wayBack),
						notes: [...notes, ...met.notes],
						...met.details
					}
				};
			}
			await database.lock(context.project, lockPolicy(inputs, context), ledgerOptions(inputs, read, context));
			const first = await readState(inputs, read, database, context);
			const { ledger } = first;
			const about = {
				phase,
				database,
				ledger,
				history: first.evidence.history.rows
			};
			const footing = wouldRun(phase, first).length === 0 ? noFooting : await meetRequirements(about, inputs, waiver, context);
			if (mayRun(phase, first.plans)) await database.requireRights(ledger);
			await database.prepare(ledger);
			const executor = _usingCtx$1.a(await database.executor(ledger));
			const closed = await database.closeOpenAttempts(ledger);
			const state = await readState(inputs, read, database, context, first);
			const { run, heldBack, older, ...decision } = await decideRun(phase, state, inputs, context);
			const steps = await database.state.finishedSteps();
			const notes = [
				...decision.notes,
				...footing.notes,
				...settledElsewhere(steps.keys(), state.evidence),
				...renumbered(state.evidence)
			];
			for (const note of notes) context.log.warn(note);
			if (older !== void 0) await database.state.recordOlderAllowed(older);
			await footing.record(database.state);
			const digest = (first.stamped ? state : first).digest(phase, run);
			const scripts = await prepareScripts(run, database, state.ledger.layout);
			const wayBack = await wayBackOf(run, state, database.serverMajor, inputs, context);
			if (phase === "post") warnBeforePost(wayBack, context);
			const report = await runScripts(state.plans.applied === 0 ? scripts : await rehearseLocks(scripts, target, inputs, context), executor, runPolicy(inputs, context));
			if (![report.failed?.error, report.stopped].some((error) => error?.code === "connection-lost")) await noteSchema(database, inputs["migrations-table"], run.length > 0, context);
			const halfDone = run.filter(({ id, transactional }) => id === report.failed?.id && !transactional).map(({ version }) => version);
			const begun = [
				...steps.keys(),
				...report.unsure,
				...halfDone
			];
			return {
				...outcomeOf(report, {
					phase,
					digest,
					database: database.description,
					heldBack: heldBack.map(({ id }) => id),
					closed,
					...afterRun(wayBack, touchedBy(report, run)),
					ledger: noteLedger(state.evidence, {
						applied: report.applied,
						begun
					}, database.serverMajor),
					notes,
					...footing.details
				}),
				checks: footing.checks
			};
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
/** Migrations of which anything has run: a file outside a transaction may have stopped half-way. */
function touchedBy({ applied, failed }, run) {
	const versions = new Set(applied.map(({ version }) => version));
	if ((failed?.stepsDone ?? 0) > 0) versions.add(failed?.version ?? "");
	return new Set(run.filter(({ version }) => versions.has(version)));
}
function dryRunReason(phase, run, heldBack) {
	if (run.length === 0) return nothingToRun(phase, heldBack.length);
	return `${plural(run.length, "migration")} would run; nothing was changed.`;
}
/** Every message in order, as it would be sent. */
async function previewOf(scripts, ledger, database, stallBudgetMs) {
	try {
		var _usingCtx3 = _usingCtx();
		if (scripts.length === 0) return [];
		const preview = _usingCtx3.a(await database.preview(ledger));
		const statements = [];
		for (const script of scripts) {
			const messages = await previewScript(script, preview, stallBudgetMs);
			statements.push({
				id: script.migration.id,
				sql: messages.map((one) => `${one};\n`).join("\n")
			});
		}
		return statements;
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
/** `SKIP_POST_DEPLOYMENT_MIGRATIONS`, when not empty, turns all into pre, as teams that come from Rails know it. */
function phaseOf(phase, context) {
	if (!context.variables["SKIP_POST_DEPLOYMENT_MIGRATIONS"]) return phase;
	if (phase === "post") throw new ReleaseError("post-not-allowed", `Phase post was asked for while ${skipVariable} is set.`, { hint: "Unset the variable in the step that runs the post migrations." });
	return "pre";
}
function outcomeOf({ applied, failed, stopped, notRun }, details) {
	const error = failed?.error ?? stopped;
	const common = {
		outputs: {
			applied: applied.length,
			pending: notRun.length + (failed === void 0 ? 0 : 1),
			digest: details.digest
		},
		details: {
			...details,
			applied,
			notRun,
			...failed === void 0 ? {} : { failed: describeFailure(failed) }
		}
	};
	if (error === void 0) return {
		...common,
		verdict: "pass",
		reason: applied.length === 0 ? nothingToRun(details.phase, details.heldBack.length) : `${plural(applied.length, "migration")} applied in phase ${details.phase}.`
	};
	const total = applied.length + notRun.length + (failed === void 0 ? 0 : 1);
	const reason = `${applied.length} of ${total} applied; ${failed === void 0 ? "" : `${failed.id} was not${notRun.length > 0 ? ", and " : "."}`}${notRun.length > 0 ? `${plural(notRun.length, "migration")} did not start.` : ""}`;
	return {
		...common,
		verdict: error.verdict,
		reason,
		error
	};
}
function describeFailure({ error, version: _, ...facts }) {
	return {
		...facts,
		message: error.message
	};
}
export { migrate_default as default };
