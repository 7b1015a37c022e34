import { n as messageOf, t as ReleaseError } from "./errors.js";
import { r as MappedText } from "./layouts.js";
import { n as utf16FromCodePoints } from "./position.js";
import { o as plural, r as formatDuration } from "./units.js";
import { a as migrationsFor, i as readState, n as prepareScripts, o as placeIn, r as readMigrations, t as migrationInputNames } from "./migration-state.js";
import { t as defineCommand } from "./command.js";
import { n as databaseInputs } from "./database-inputs.js";
import { t as _usingCtx } from "./usingCtx.js";
import { createHash } from "node:crypto";
// src/migration/execute.ts
/** One attempt's limit in the queue for a lock; the application waits behind it for no longer. */
const lockTimeoutMs = 1e3;
/** Runs the migrations in order and stops at the first that fails. What was done is in the report, whatever happens. */
async function runScripts(scripts, executor, policy) {
	const applied = [];
	let failed;
	let stopped;
	let done = 0;
	for (const script of scripts) {
		if (policy.signal.aborted) stopped = interrupted("The run was stopped by a signal between two migrations.");
		if (stopped !== void 0 || failed !== void 0) break;
		const { migration } = script;
		const started = policy.now();
		const run = new MigrationRun(script, executor, policy);
		try {
			if (done > 0) await executor.resetSession();
			const attempt = await executor.beginAttempt(migration);
			policy.progress(`${migration.id}: started`);
			const error = await run.apply();
			const durationMs = policy.now() - started;
			const state = error === void 0 ? "applied" : await stateAfter(error, migration, executor);
			if (state === "applied" || state === "applied-unreported") {
				applied.push({
					id: migration.id,
					version: migration.version,
					phase: migration.phase,
					durationMs,
					attempts: run.attempts
				});
				policy.progress(`${migration.id}: applied in ${formatDuration(durationMs)}`);
			} else if (error !== void 0) failed = {
				id: migration.id,
				version: migration.version,
				path: migration.path,
				error,
				durationMs,
				attempts: run.attempts,
				sqlstate: run.sqlstate,
				stepsDone: run.stepsDone
			};
			done++;
			await executor.endAttempt(attempt, state, durationMs, error?.code);
		} catch (cause) {
			stopped = booksLost(cause);
		}
	}
	const seen = applied.length + (failed === void 0 ? 0 : 1);
	return {
		applied,
		failed,
		stopped: failed === void 0 ? stopped : void 0,
		notRun: scripts.slice(seen).map(({ migration }) => migration.id)
	};
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
var MigrationRun = class {
	attempts = 0;
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
		const record = this.#executor.record(migration);
		try {
			if (migration.transactional) {
				const sql = units[0]?.sql ?? MappedText.generated("");
				return await this.#sendWithRetries(await this.#transaction(sql, record, true));
			}
			for (const [index, unit] of units.entries()) {
				const error = await this.#step(unit, index);
				if (error !== void 0) return error;
				this.stepsDone = index + 1;
			}
			return await this.#sendWithRetries(await this.#transaction(MappedText.generated(""), record, true));
		} catch (error) {
			if (error instanceof ReleaseError) return error;
			throw error;
		}
	}
	async #step(unit, index) {
		const { migration } = this.#script;
		const hash = createHash("sha256").update(unit.sql.text).digest("hex");
		const known = (await this.#executor.steps(migration)).find((step) => step.index === index);
		if (known !== void 0 && known.hash !== hash) return new ReleaseError("checksum-mismatch", `${migration.path} was edited after its first ${index + 1} statements ran.`, {
			at: migration.path,
			hint: "Restore the file from version control; what has run stays done."
		});
		if (known?.state === "finished") {
			this.#policy.progress(`${migration.id}: statement ${index + 1} ran before`);
			return;
		}
		const finished = {
			index,
			hash,
			state: "finished"
		};
		if (unit.transactional) return this.#sendWithRetries(await this.#transaction(unit.sql, this.#executor.recordStep(migration, finished), false));
		if (known?.state === "started" && await this.#tookEffect(unit, index)) {
			await this.#executor.saveStep(migration, finished);
			return;
		}
		await this.#executor.saveStep(migration, {
			index,
			hash,
			state: "started"
		});
		this.attempts++;
		const outcome = await this.#executor.send(unit.sql.text, this.#policy.signal);
		if (outcome.state === "done") {
			await this.#executor.saveStep(migration, finished);
			return;
		}
		return this.#errorOf(outcome, unit.sql, 0);
	}
	/** Decides from the catalog about a statement that was under way when an earlier run ended. */
	async #tookEffect(unit, index) {
		const { migration } = this.#script;
		const place = placeIn(migration, unit.sql, 0);
		if (unit.effect === void 0) throw inDoubt(place, index);
		if (unit.effect.kind === "repeatable") return false;
		const state = await this.#executor.effectState(unit.effect);
		if (state === "busy") throw inDoubt(place, index, `Somebody is working on ${unit.effect.name} right now. `);
		if (state === "invalid" && unit.effect.kind === "index-created") {
			this.#policy.progress(`${migration.id}: an earlier run left ${unit.effect.name} invalid; it is dropped and built again`);
			await this.#executor.dropInvalidIndex(unit.effect);
			return false;
		}
		return unit.effect.kind === "index-created" ? state === "done" : state === "absent";
	}
	/** One message, so that no lock is held across a round trip; the record is in the same transaction. */
	async #transaction(sql, record, guarded) {
		const opening = ["begin", `set local lock_timeout = '${lockTimeoutMs}ms'`];
		const guard = guarded ? await this.#executor.guard(this.#script.migration) : [];
		const closing = [
			this.#executor.restoreRole,
			record,
			"commit"
		];
		const before = [...opening, ...guard];
		return {
			message: MappedText.join(MappedText.generated(`${before.join(";\n")};\n`), sql, MappedText.generated(`\n;${closing.join(";\n")}`)),
			before: before.length,
			guardAt: before.length - 1
		};
	}
	/** A lock that was not granted in time takes the whole transaction back: trying again is safe. */
	async #sendWithRetries({ message, before, guardAt }) {
		const deadline = this.#policy.now() + this.#policy.lockBudgetMs;
		for (let tries = 1;; tries++) {
			this.attempts++;
			const outcome = await this.#executor.send(message.text, this.#policy.signal);
			if (outcome.state === "done") return void 0;
			if (outcome.state === "lost") return this.#errorOf(outcome, message, before);
			await this.#executor.send("rollback", AbortSignal.any([]));
			const { failure } = outcome;
			if (failure.sqlstate === "22012" && failure.completed === guardAt && guardAt > 1) return ledgerMoved(this.#script.migration);
			const lockTimeout = failure.sqlstate === "55P03";
			const delay = Math.min(5e3, 500 * 2 ** Math.min(tries - 1, 4)) * (.7 + .6 * Math.random());
			if (!lockTimeout || this.#policy.signal.aborted) return this.#errorOf(outcome, message, before);
			if (this.#policy.now() + delay > deadline) return this.#lockError(failure, message, before, tries);
			this.#policy.progress(`${this.#script.migration.id}: a lock is held by somebody else; attempt ${tries + 1} in ${formatDuration(delay)}`);
			await this.#policy.sleep(delay, this.#policy.signal);
			if (this.#policy.signal.aborted) return interrupted();
		}
	}
	#lockError(failure, sql, before, tries) {
		this.sqlstate = failure.sqlstate;
		const place = this.#placeOf(failure, sql, before);
		return new ReleaseError("lock-not-obtained", `${place}: another session held a lock for longer than lock-budget (${formatDuration(this.#policy.lockBudgetMs)}, ${tries} attempts). Nothing of this migration was applied.`, {
			at: place,
			hint: "See who holds it: select * from pg_stat_activity where state <> 'idle' order by xact_start. Then run the same command again."
		});
	}
	#errorOf(outcome, sql, before) {
		if (outcome.state === "lost") return new ReleaseError("connection-lost", `The connection broke while ${this.#script.migration.id} ran: ${outcome.reason}`, { hint: "Run the same command again: the ledger says what was applied, and nothing runs twice." });
		const { failure } = outcome;
		this.sqlstate = failure.sqlstate;
		if (this.#policy.signal.aborted) return interrupted();
		const place = this.#placeOf(failure, sql, before);
		const message = this.#policy.showData ? failure.message : withoutLiterals(failure.message);
		const detail = this.#policy.showData && failure.detail ? ` ${failure.detail}` : "";
		const kept = this.stepsDone > 0 ? ` The ${this.stepsDone} statements before it stay done.` : this.#script.migration.transactional ? " Nothing of this migration was applied." : "";
		return new ReleaseError("migration-failed", `${place}: ${message} (SQLSTATE ${failure.sqlstate ?? "unknown"}).${detail}${kept}`, {
			at: place,
			hint: failure.hint ?? "Correct the migration and run the same command again: it goes on where it stopped."
		});
	}
	/** The server's position when it gives one; else the statement after the last that ended. */
	#placeOf(failure, sql, before) {
		const { migration, units } = this.#script;
		if (failure.position !== void 0) {
			const offset = utf16FromCodePoints(sql.text, failure.position);
			if (sql.fileOffset(offset) !== void 0) return placeIn(migration, sql, offset);
		}
		const unit = units.find((one) => sql === one.sql || sql.text.includes(one.sql.text));
		const statement = unit?.statements[failure.completed - before];
		return unit === void 0 || statement === void 0 ? migration.path : placeIn(migration, unit.sql, statement);
	}
};
/** Messages can quote values from rows (`invalid input syntax for type integer: "…"`); names stay, values go. */
function withoutLiterals(message) {
	return /invalid input syntax|invalid input value|out of range|malformed|cannot cast/.test(message) ? message.replace(/: ".*"$/s, ": (value not shown; show-data: true prints it)") : message;
}
function interrupted(message = "The run was stopped by a signal; the migration under way was cancelled on the server.") {
	return new ReleaseError("interrupted", message, { hint: "Run the same command again: it goes on where it stopped." });
}
/** The connection that keeps the books broke: what it holds, the runner lock above all, is gone with it. */
function booksLost(cause) {
	if (cause instanceof ReleaseError) return cause;
	return new ReleaseError("connection-lost", `The connection that holds the lock and writes the history broke: ${messageOf(cause)}`, {
		hint: "Run the same command again: the ledger says what was applied, and nothing runs twice.",
		cause
	});
}
function ledgerMoved(migration) {
	return new ReleaseError("ledger-moved", `Another program changed the version table before ${migration.id} ran; nothing of it was applied.`, { hint: "A service that migrates at boot, or a colleague, runs migrations too. Wait until it has ended and run plan again." });
}
function inDoubt(place, index, note = "") {
	return new ReleaseError("in-doubt-statement", `${place}: an earlier run ended while this statement was under way. ${note}The catalog does not tell whether it took effect.`, {
		at: place,
		hint: `Look at the database. If it took effect: update the row of this version and index ${index} in the table "step" of the state schema to state 'finished'. If it did not: delete that row. Then run the same command again.`
	});
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
					reason: run.length === 0 ? `Nothing is pending in phase ${phase}.` : `${plural(run.length, "migration")} would run; nothing was changed.`,
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
			const { ledger } = await readState(inputs, read, database, context);
			await database.prepare(ledger);
			const closed = await database.closeOpenAttempts(ledger);
			const executor = _usingCtx$1.a(await database.executor(ledger));
			const state = await readState(inputs, read, database, context);
			const { run, heldBack } = migrationsFor(phase, state.plans, state.evidence, state.policy);
			const digest = state.digest(phase, run);
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
		reason: applied.length === 0 ? `Nothing is pending in phase ${details.phase}.` : `${plural(applied.length, "migration")} applied in phase ${details.phase}.`
	};
	const total = applied.length + notRun.length + (failed === void 0 ? 0 : 1);
	const reason = `${applied.length} of ${total} applied; ${failed === void 0 ? "" : `${failed.id} was not, and `}${plural(notRun.length, "migration")} did not start.`;
	return {
		...common,
		verdict: error.verdict,
		reason,
		error
	};
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
