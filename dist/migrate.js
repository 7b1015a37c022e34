import { n as messageOf, t as ReleaseError } from "./errors.js";
import { o as plural, r as formatDuration } from "./units.js";
import { r as MappedText } from "./layouts.js";
import { n as utf16FromCodePoints } from "./position.js";
import { a as readState, i as readMigrations, l as databaseInputs, n as migrationInputNames, o as migrationsFor, r as prepareScripts, s as placeIn } from "./migration-state.js";
import { t as defineCommand } from "./command.js";
import { t as _usingCtx } from "./usingCtx.js";
import { createHash } from "node:crypto";
// src/migration/execution-errors.ts
const goesOn = "Run the same command again: it goes on where it stopped.";
const correctAndRun = "Correct the migration and run the same command again: it goes on where it stopped.";
const correctAndDeploy = "Correct the migration, deploy the release that holds it, run \"shiplock record deployed\", and then the post phase again: it goes on where it stopped.";
const ledgerDecides = "Run the same command again: the ledger says what was applied, and nothing runs twice.";
/** The server refused a statement. Without `showData`, values that may come from rows are left out. */
function migrationFailed(failure, { phase, place, kept, showData, inFile }) {
	const quotesRows = !showData && mayQuoteRows(failure.sqlstate, inFile);
	const message = quotesRows ? withoutQuotes(failure.message) : failure.message;
	const hint = quotesRows && failure.hint !== void 0 ? withoutQuotes(failure.hint) : failure.hint;
	const detail = showData && failure.detail ? ` ${failure.detail}` : "";
	return new ReleaseError("migration-failed", `${place}: ${message} (SQLSTATE ${failure.sqlstate ?? "unknown"}).${detail}${kept}`, {
		at: place,
		hint: hint ?? (phase === "pre" ? correctAndRun : correctAndDeploy)
	});
}
/** What stays of a migration that stopped. */
function keptText(migration, stepsDone) {
	if (stepsDone > 0) return ` The ${plural(stepsDone, "statement")} before it stay done.`;
	return migration.transactional ? " Nothing of this migration was applied." : "";
}
function lockNotObtained(place, budgetMs, tries, kept) {
	return new ReleaseError("lock-not-obtained", `${place}: another session held a lock for longer than lock-budget (${formatDuration(budgetMs)}, ${plural(tries, "attempt")}).${kept}`, {
		at: place,
		hint: "See who holds it: select * from pg_stat_activity where state <> 'idle' order by xact_start. Then run the same command again."
	});
}
function interrupted(message = "The run was stopped by a signal; the migration under way was cancelled on the server.") {
	return new ReleaseError("interrupted", message, { hint: goesOn });
}
function connectionLost(migration, reason) {
	return new ReleaseError("connection-lost", `The connection broke while ${migration.id} ran: ${reason}`, { hint: ledgerDecides });
}
/** The connection that keeps the books broke: what it holds, the runner lock above all, is gone with it. */
function booksLost(cause) {
	if (cause instanceof ReleaseError) return cause;
	return new ReleaseError("connection-lost", `The connection that holds the lock and writes the history broke: ${messageOf(cause)}`, {
		hint: ledgerDecides,
		cause
	});
}
function ledgerMoved(migration) {
	return new ReleaseError("ledger-moved", `Another program changed the version table before ${migration.id} ran; nothing of it was applied.`, { hint: "A service that migrates at boot, or a colleague, runs migrations too. Wait until it has ended and run plan again." });
}
function editedHalfway(migration, what) {
	return new ReleaseError("checksum-mismatch", `${migration.path} was edited after ${what} ran.`, {
		at: migration.path,
		hint: "Restore the file from version control; what has run stays done, and the next run goes on after it."
	});
}
/** `index` counts from 0, as the table `step` does. */
function inDoubt(place, index, note = "") {
	return new ReleaseError("in-doubt-statement", `${place}: an earlier run ended while this statement was under way. ${note}The catalog does not tell whether it took effect.`, {
		at: place,
		hint: `Look at the database. If it took effect: update the row of this version and index ${index} in the table "step" of the state schema to state 'finished'. If it did not: delete that row. Then run the same command again.`
	});
}
function leftInvalid(place, name) {
	return new ReleaseError("migration-failed", `${place}: the index ${name} is there, but invalid: IF NOT EXISTS took a half-built one for the index.`, {
		at: place,
		hint: `Drop it with DROP INDEX CONCURRENTLY ${name} when nobody is building it, and run the same command again.`
	});
}
/**
* Whether a message may quote a value from a row. Errors about names (42) and constraints (23) quote names, unless the
* text comes from a function called at run time, which has no place in the file; data errors (22), raised ones (P0) and
* those of other classes may quote anything. https://www.postgresql.org/docs/current/errcodes-appendix.html
*/
function mayQuoteRows(sqlstate, inFile) {
	const kind = sqlstate?.slice(0, 2) ?? "";
	if ([
		"22",
		"P0",
		"XX",
		"38",
		"39",
		""
	].includes(kind)) return true;
	return sqlstate === "42601" && !inFile;
}
function withoutQuotes(text) {
	return text.replace(/"[^"]*"|'[^']*'/g, "(value not shown; show-data prints it)");
}
// src/migration/migration-run.ts
/** One attempt's limit in the queue for a lock; the application waits behind it for no longer. */
const lockTimeoutMs = 1e3;
/** One migration on its way. */
var MigrationRun = class {
	/** Attempts at its locks; 1 when they were free. */
	attempts = 1;
	/** Statements of a file outside a transaction that are done and stay done. */
	stepsDone = 0;
	sqlstate;
	#script;
	#executor;
	#policy;
	constructor(script, executor, policy) {
		this.#script = script;
		this.#executor = executor;
		this.#policy = policy;
	}
	/** The error when the migration was not applied; nothing of it is kept then, but finished steps. */
	async apply() {
		const { migration, units } = this.#script;
		try {
			const steps = await this.#executor.steps(migration);
			if (migration.transactional) {
				if (steps.length > 0) return editedHalfway(migration, `${steps.length} of its statements`);
				return await this.#send(await this.#transaction(units[0]?.sql ?? MappedText.generated(""), this.#executor.record(migration), true));
			}
			await this.#limitLocks(true);
			for (const [index, unit] of units.entries()) {
				const error = unit.session ? await this.#send(alone(unit)) : await this.#step(unit, index, steps);
				if (error !== void 0) return error;
				if (!unit.session) this.stepsDone++;
			}
			return await this.#send(await this.#transaction(MappedText.generated(""), this.#executor.record(migration), true));
		} catch (error) {
			if (error instanceof ReleaseError) return error;
			throw error;
		}
	}
	async #step(unit, index, steps) {
		const { migration } = this.#script;
		const hash = createHash("sha256").update(unit.sql.text).digest("hex");
		const known = steps.find((step) => step.index === index);
		if (known !== void 0 && known.state !== "failed" && known.hash !== hash) return editedHalfway(migration, `its statement ${index + 1}`);
		if (known?.state === "finished") {
			this.#policy.progress(`${migration.id}: statement ${index + 1} ran before`);
			return;
		}
		const finished = {
			index,
			hash,
			state: "finished"
		};
		if (unit.transactional) return this.#send(await this.#transaction(unit.sql, this.#executor.recordStep(migration, finished), false));
		if (known?.state === "started" && await this.#tookEffect(unit, index)) {
			await this.#executor.saveStep(migration, finished);
			return;
		}
		return this.#standAlone(unit, finished, known);
	}
	/** A statement that no transaction can hold: noted before and after, since only that tells later what became of it. */
	async #standAlone(unit, finished, known) {
		const { migration } = this.#script;
		const { effect } = unit;
		if (effect?.kind === "index-created" && known === void 0 && await this.#executor.effectState(effect) !== "absent") {
			const error = await this.#send(alone(unit));
			if (error !== void 0) return error;
			if (await this.#executor.effectState(effect) !== "done") return leftInvalid(placeIn(migration, unit.sql, 0), effect.name);
			await this.#executor.saveStep(migration, finished);
			return;
		}
		if (effect?.kind === "index-created" && known !== void 0) await this.#dropHalfBuilt(unit, finished.index);
		await this.#executor.saveStep(migration, {
			...finished,
			state: "started"
		});
		if (unit.concurrent) await this.#limitLocks(false);
		const error = await this.#send(alone(unit));
		if (error?.code === "connection-lost") return error;
		if (unit.concurrent) await this.#limitLocks(true);
		await this.#executor.saveStep(migration, error === void 0 ? finished : {
			...finished,
			state: "failed"
		});
		return error;
	}
	/** The name was free when our first attempt began, so an invalid index of it, on the same table, is what that left. */
	async #dropHalfBuilt(unit, index) {
		const { effect } = unit;
		if (effect?.kind !== "index-created") return;
		const state = await this.#executor.effectState(effect);
		if (state === "busy") throw inDoubt(placeIn(this.#script.migration, unit.sql, 0), index, `Somebody is working on ${effect.name} right now. `);
		if (state !== "invalid") return;
		this.#policy.progress(`${this.#script.migration.id}: an earlier attempt left ${effect.name} invalid; it is dropped and built again`);
		await this.#limitLocks(false);
		await this.#executor.dropInvalidIndex(effect);
		await this.#limitLocks(true);
	}
	/** Decides from the catalog about a statement that was under way when an earlier run ended. */
	async #tookEffect(unit, index) {
		if (unit.effect === void 0) throw inDoubt(placeIn(this.#script.migration, unit.sql, 0), index);
		if (unit.effect.kind === "repeatable") return false;
		const state = await this.#executor.effectState(unit.effect);
		return unit.effect.kind === "index-created" ? state === "done" : state === "absent";
	}
	/** Concurrent builds wait for others by design: a limit would only leave them invalid. */
	async #limitLocks(limited) {
		await this.#executor.send(`set lock_timeout = '${limited ? lockTimeoutMs : 0}ms'`, AbortSignal.any([]));
	}
	/** One message, so that no lock is held across a round trip; the record is in the same transaction. */
	async #transaction(sql, record, guarded) {
		const guard = guarded ? await this.#executor.guard(this.#script.migration) : [];
		const opening = [
			"begin",
			`set local lock_timeout = '${lockTimeoutMs}ms'`,
			...guard
		];
		const closing = [
			this.#executor.restoreRole,
			record,
			"commit"
		];
		return {
			text: MappedText.join(MappedText.generated(`${opening.join(";\n")};\n`), sql, MappedText.generated(`\n;${closing.join(";\n")}`)),
			before: opening.length,
			guardAt: guard.length > 0 ? opening.length - 1 : void 0
		};
	}
	/** A lock that was not granted in time takes the whole message back: trying again is safe. */
	async #send(message) {
		const { migration } = this.#script;
		const { lockBudgetMs, signal, now, sleep, progress } = this.#policy;
		const deadline = now() + lockBudgetMs;
		for (let tries = 1;; tries++) {
			if (tries > 1) this.attempts++;
			const outcome = await this.#executor.send(message.text.text, signal);
			if (outcome.state === "done") return void 0;
			if (outcome.state === "failed" && message.before > 0) await this.#executor.send("rollback", AbortSignal.any([]));
			if (outcome.state === "lost" || outcome.failure.sqlstate !== "55P03" || signal.aborted) return this.#errorOf(outcome, message);
			const delay = Math.min(5e3, 500 * 2 ** Math.min(tries - 1, 4)) * (.7 + .6 * Math.random());
			if (now() + delay > deadline) {
				this.sqlstate = outcome.failure.sqlstate;
				return lockNotObtained(this.#placeOf(outcome.failure, message), lockBudgetMs, tries, keptText(migration, this.stepsDone));
			}
			progress(`${migration.id}: a lock is held by somebody else; attempt ${tries + 1} in ${formatDuration(delay)}`);
			await sleep(delay, signal);
			if (signal.aborted) return interrupted();
		}
	}
	#errorOf(outcome, message) {
		const { migration } = this.#script;
		if (outcome.state === "lost") return connectionLost(migration, outcome.reason);
		const { failure } = outcome;
		this.sqlstate = failure.sqlstate;
		if (this.#policy.signal.aborted) return interrupted();
		if (failure.sqlstate === "22012" && failure.completed === message.guardAt) return ledgerMoved(migration);
		return migrationFailed(failure, {
			phase: migration.phase,
			place: this.#placeOf(failure, message),
			kept: keptText(migration, this.stepsDone),
			showData: this.#policy.showData,
			inFile: failure.position !== void 0
		});
	}
	/** The server's position when it gives one; else the statement after the last that ended. */
	#placeOf(failure, { text, before }) {
		const { migration, units } = this.#script;
		if (failure.position !== void 0) {
			const offset = utf16FromCodePoints(text.text, failure.position);
			if (text.fileOffset(offset) !== void 0) return placeIn(migration, text, offset);
		}
		const unit = units.find((one) => text === one.sql || before > 0 && text.text.includes(one.sql.text));
		const statement = unit?.statements[failure.completed - before];
		return unit === void 0 || statement === void 0 ? migration.path : placeIn(migration, unit.sql, statement);
	}
};
function alone(unit) {
	return {
		text: unit.sql,
		before: 0,
		guardAt: void 0
	};
}
// src/migration/execute.ts
/** Runs the migrations in order and stops at the first that fails. What was done is in the report, whatever happens. */
async function runScripts(scripts, executor, policy) {
	const applied = [];
	for (const [index, script] of scripts.entries()) {
		const rest = (from) => scripts.slice(from).map(({ migration }) => migration.id);
		if (policy.signal.aborted) return {
			applied,
			failed: void 0,
			stopped: interrupted("The run was stopped by a signal between two migrations."),
			notRun: rest(index)
		};
		const { done, failed, stopped } = await runOne(script, executor, policy, index > 0);
		if (done !== void 0) applied.push(done);
		if (failed !== void 0) return {
			applied,
			failed,
			stopped: void 0,
			notRun: rest(index + 1)
		};
		if (stopped !== void 0) return {
			applied,
			failed: void 0,
			stopped,
			notRun: rest(done === void 0 ? index : index + 1)
		};
	}
	return {
		applied,
		failed: void 0,
		stopped: void 0,
		notRun: []
	};
}
async function runOne(script, executor, policy, reset) {
	const { migration } = script;
	const started = policy.now();
	const run = new MigrationRun(script, executor, policy);
	const facts = () => ({
		id: migration.id,
		version: migration.version,
		durationMs: policy.now() - started,
		attempts: run.attempts
	});
	const failure = (error) => ({
		...facts(),
		path: migration.path,
		error,
		sqlstate: run.sqlstate,
		stepsDone: run.stepsDone
	});
	let attempt;
	try {
		if (reset) await executor.resetSession();
		attempt = await executor.beginAttempt(migration);
	} catch (cause) {
		return { stopped: booksLost(cause) };
	}
	policy.progress(`${migration.id}: started`);
	let error;
	try {
		error = await run.apply();
	} catch (cause) {
		error = booksLost(cause);
	}
	const state = error === void 0 ? "applied" : await stateAfter(error, migration, executor);
	const isApplied = state === "applied" || state === "applied-unreported";
	const done = isApplied ? {
		...facts(),
		phase: migration.phase
	} : void 0;
	if (done !== void 0) policy.progress(`${migration.id}: applied in ${formatDuration(done.durationMs)}`);
	const failed = error === void 0 || isApplied ? void 0 : failure(error);
	try {
		await executor.endAttempt(attempt, state, policy.now() - started, error?.code);
		return {
			...done && { done },
			...failed && { failed }
		};
	} catch (cause) {
		return {
			...done && { done },
			...failed ? { failed } : { stopped: booksLost(cause) }
		};
	}
}
/** After a lost connection the version table decides; otherwise the failure is what the server said. */
async function stateAfter(error, migration, executor) {
	if (error.code !== "connection-lost") return "failed";
	try {
		return (await executor.settle()).some((entry) => entry.version === migration.version) ? "applied-unreported" : "not-applied";
	} catch {
		return "running";
	}
}
// src/commands/migrate.ts
var migrate_default = defineCommand({
	summary: "Apply the migrations of one phase.",
	inputs: [
		...migrationInputNames,
		"phase",
		"dry-run",
		"on-locked",
		"lock-wait",
		"show-data"
	],
	outputs: {
		applied: "Number of migrations that this run applied.",
		pending: "Number of migrations of the phase that have not run.",
		digest: "SHA-256 of the plan that ran."
	},
	async run(inputs, context) {
		try {
			var _usingCtx$1 = _usingCtx();
			const phase = phaseOf(inputs.phase, context);
			const read = await readMigrations(inputs, context);
			const database = _usingCtx$1.a(await context.openMigrationDatabase(await databaseInputs(inputs, context), { stateSchema: inputs["state-schema"] }));
			if (inputs["dry-run"]) {
				const state = await readState(inputs, read, database, context);
				const { run, heldBack } = migrationsFor(phase, state.plans, state.evidence, state.policy);
				await prepareScripts(run, database);
				return {
					verdict: "pass",
					reason: run.length === 0 ? nothingToRun(phase, heldBack.length) : `${plural(run.length, "migration")} would run; nothing was changed.`,
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
						heldBack: heldBack.map(({ id }) => id)
					}
				};
			}
			await database.lock(context.project, inputs["on-locked"] === "wait" ? inputs["lock-wait"] : 0, context.signal);
			const first = await readState(inputs, read, database, context);
			const { ledger } = first;
			await database.prepare(ledger);
			const executor = _usingCtx$1.a(await database.executor(ledger));
			const closed = await database.closeOpenAttempts(ledger);
			const state = await readState(inputs, read, database, context);
			const { run, heldBack } = migrationsFor(phase, state.plans, state.evidence, state.policy);
			const digest = (first.stamped ? state : first).digest(phase, run);
			return outcomeOf(await runScripts(await prepareScripts(run, database), executor, {
				lockBudgetMs: inputs["lock-budget"],
				signal: context.signal,
				now: () => context.clock.monotonic(),
				sleep: (ms, signal) => context.clock.sleep(ms, signal),
				showData: inputs["show-data"],
				progress: (line) => context.log.info(line)
			}), {
				phase,
				digest,
				database: database.description,
				heldBack: heldBack.map(({ id }) => id),
				closed
			});
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
/** `SKIP_POST_DEPLOYMENT_MIGRATIONS`, when not empty, turns all into pre, as teams that come from Rails know it. */
function phaseOf(phase, context) {
	if (!context.variables.SKIP_POST_DEPLOYMENT_MIGRATIONS) return phase;
	if (phase === "post") throw new ReleaseError("post-not-allowed", "Phase post was asked for while SKIP_POST_DEPLOYMENT_MIGRATIONS is set.", { hint: "Unset the variable in the step that runs the post migrations." });
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
function nothingToRun(phase, heldBack) {
	if (phase !== "post" || heldBack === 0) return `Nothing is pending in phase ${phase}.`;
	return `Nothing runs: ${plural(heldBack, "post migration")} stay held back, because the release that is recorded as deployed does not contain them.`;
}
function describeFailure({ id, path, error, sqlstate, attempts, durationMs, stepsDone }) {
	return {
		id,
		path,
		message: error.message,
		sqlstate,
		attempts,
		durationMs,
		stepsDone
	};
}
export { migrate_default as default };
