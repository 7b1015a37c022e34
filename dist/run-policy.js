import { E as utf16FromCodePoints, Gt as formatMoment, Jt as plural, Wt as formatDuration, Yt as wholeSeconds, fn as messageOf, gt as isRepeatable, pn as systemCode, un as ReleaseError, vt as placeIn, x as scanTokens, xt as nameCommand, y as parseStatements } from "./start.js";
import { I as lockNeeds, P as hashOf, R as unknownNeeds, an as modeInSql, in as lockModes, ot as guardLostBy, pt as MappedText, ut as teamEnvironment, wn as quoteName } from "./migrations.js";
import { t as asideName } from "./catalog.js";
// src/migration/execution-errors.ts
const goesOn = "Run the same command again: it goes on where it stopped.";
const correctAndRun = "Correct the migration and run the same command again: it goes on where it stopped.";
const correctAndDeploy = "Correct the migration, deploy the release that holds it, run \"shiplock record deployed\", and then the post phase again: it goes on where it stopped.";
const ledgerDecides = "Run the same command again: the ledger says what was applied, and nothing runs twice.";
/** The server refused a statement. Without `showData`, values that may come from rows are left out. */
function migrationFailed(failure, { phase, place, kept, showData, inFile, hint: instead }) {
	const quotesRows = !showData && mayQuoteRows(failure.sqlstate, inFile);
	const message = quotesRows ? withoutQuotes(failure.message) : failure.message;
	const hint = quotesRows && failure.hint !== void 0 ? withoutQuotes(failure.hint) : failure.hint;
	const detail = showData && failure.detail ? ` ${failure.detail}` : "";
	return new ReleaseError("migration-failed", `${place}: ${message} (SQLSTATE ${failure.sqlstate ?? "unknown"}).${detail}${kept}`, {
		at: place,
		hint: instead ?? hint ?? (phase === "pre" ? correctAndRun : correctAndDeploy)
	});
}
/** What to do about a way back that the server refused: the file that ran is not to be edited. */
function wayBackFailed({ transactional }) {
	if (!transactional) return goesOn;
	return "The schema and the version table are as they were. Look what the statement met; where this way back cannot work, ship a hotfix: \"shiplock rollback --shape hotfix\".";
}
/** What to do about a mark that the server refused: no file is to be corrected for it. */
const markRefused = "The server refused what the mark writes into the version table: look at its rights, triggers and constraints. The same command with --dry-run shows the statements.";
/** What stays of a migration that stopped. */
function keptText(migration, stepsDone, isReversal = false) {
	if (stepsDone > 0) return ` The ${plural(stepsDone, "statement")} before it stay done.`;
	if (isReversal) return migration.transactional ? " Nothing was taken back." : "";
	return migration.transactional ? " Nothing of this migration was applied." : "";
}
/** The budget ended while somebody was in the way, or kept coming back. */
function lockNotObtained({ id, path }, budgetMs, { attempts, blockers, advice }, kept) {
	const tries = attempts === 0 ? "it was never worth asking, so nobody had to wait behind it" : plural(attempts, "attempt");
	const who = blockers.length === 0 ? "" : ` In the way: ${blockers.slice(0, 5).join("; ")}.`;
	return new ReleaseError("lock-not-obtained", `${id}: the locks were not free within lock-budget (${formatDuration(budgetMs)}; ${tries}).${who}${kept}`, {
		at: path,
		hint: `${advice ?? "Run the same command again when that work has ended."} Nothing waits now; the next run goes on where this one stopped.`
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
/** The lock was lost with the connection, and another run had it until it was ours again. */
function overtaken() {
	return new ReleaseError("connection-lost", "While the connection was broken, another run went on with these migrations.", { hint: ledgerDecides });
}
function ledgerMoved(migration) {
	return new ReleaseError("ledger-moved", `Another program changed the version table before ${migration.id} ran; nothing of it was applied.`, { hint: "A service that migrates at boot, or a colleague, runs migrations too. Wait until it has ended and run plan again." });
}
/** The same where nothing was to run. */
function movedBeforeMark({ id }) {
	return new ReleaseError("ledger-moved", `Another program changed the version table before ${id} was marked in it; nothing was changed.`, { hint: "A service that migrates at boot, or a colleague, may have done it. Look with --dry-run, and then run the same command again." });
}
/** Somebody wrote between the look and the locks. */
function lossChanged({ id, path }) {
	return new ReleaseError("loss-changed", `What ${id} would lose is no longer what was counted and saved: rows were written meanwhile. Nothing was taken back.`, {
		at: path,
		hint: "Stop the writers of these tables, then start again without confirm: it counts anew and shows the phrase to type."
	});
}
function editedHalfway(migration, what) {
	return new ReleaseError("checksum-mismatch", `${migration.path} was edited after ${what} ran.`, {
		at: migration.path,
		hint: "Restore the file from version control; what has run stays done, and the next run goes on after it."
	});
}
function inDoubt(place, { tookEffect, didNot }, note = "") {
	return new ReleaseError("in-doubt-statement", `${place}: an earlier run ended while this statement was under way. ${note}The catalog does not tell whether it took effect.`, {
		at: place,
		hint: `Look at the database. If it took effect: ${tookEffect} If it did not: ${didNot} Then run the same command again.`
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
// src/migration/failure-place.ts
/** Where in the file a message failed: the server's position when it gives one, else the statement after the last that ended. */
function placeOf(failure, { text, before }, { migration, units }) {
	if (failure.position !== void 0) {
		const offset = utf16FromCodePoints(text.text, failure.position);
		if (text.fileOffset(offset) !== void 0) return placeIn(migration, text, offset);
	}
	const unit = units.find((one) => text === one.sql || before > 0 && text.text.includes(one.sql.text));
	const statement = unit?.statements[failure.completed - before];
	return unit === void 0 || statement === void 0 ? migration.path : placeIn(migration, unit.sql, statement);
}
// src/migration/holder.ts
/** One line that names a holder as what it is. `aged` is how long it has been seen, when its own age is hidden. */
function describeHolder(holder, aged) {
	const { pid, relation, ageMs, kind, prepared } = holder;
	const since = ageMs === void 0 ? `${aged > 0 ? `seen for ${formatDuration(aged)}; ` : ""}its age is hidden without pg_read_all_stats` : formatDuration(ageMs);
	if (kind === "prepared") return `prepared transaction ${prepared ?? ""} on ${relation}, ${since}`;
	if (kind === "wraparound") return `autovacuum to prevent wraparound, which must not be cancelled, process ${pid} on ${relation}, ${since}`;
	if (kind === "autovacuum") return `autovacuum, process ${pid} on ${relation}, ${since}`;
	return `${what(holder)}process ${pid}${who(holder)} on ${relation}, ${since}`;
}
/** What a person can do about it, when it is of a kind that does not end by itself. */
function adviceFor({ kind, state, pid, prepared, application }) {
	if (kind === "prepared") return `commit prepared '${prepared ?? ""}', or rollback prepared '${prepared ?? ""}', ends it.`;
	if (kind === "wraparound") return "Let that vacuum end; it protects the database, and comes back when it is cancelled.";
	if (application === "pg_dump") return "Let the dump end, or run the migration at another hour than the backup.";
	if (state?.startsWith("idle in transaction")) return `Its transaction is open and does nothing: select pg_terminate_backend(${pid}) ends it, when its owner agrees.`;
}
function what({ application, state }) {
	if (application === "pg_dump") return "a running pg_dump, ";
	return state?.startsWith("idle in transaction") ? "a session that is idle in transaction, " : "";
}
function who({ user, application }) {
	const facts = [user && `user ${user}`, application && `application ${application}`].filter(Boolean);
	return facts.length === 0 ? "" : ` (${facts.join(", ")})`;
}
/** What is learnt about a table counts after it was watched for so long. */
const watchMs = 1e3;
const memoryMs = 3e4;
/** With several relations a wait can become a deadlock, which the server may solve at the application's cost after 1 s. */
const severalMs = 500;
const quickPollMs = 50;
const slowPollMs = 150;
const longWaitMs = 1e4;
/**
* Learns from watching who holds conflicting locks for how long, and says when asking makes sense. A limit shorter
* than the table's normal transactions never gets the lock, a longer one makes the application wait for nothing: so
* the limit is 1.5 × the 98th percentile of the lifetimes seen, between 100 ms and the stall budget, and nobody asks
* while a transaction older than that is in the way.
*/
var Traffic = class {
	#seen = /* @__PURE__ */ new Map();
	#lifetimes = [];
	#capMs;
	#since;
	#boost = 1;
	#notBefore = 0;
	#displaceable = true;
	#now = 0;
	/** `stallBudgetMs`: what the application may wait behind one attempt; `relations`: how many are locked. */
	constructor(stallBudgetMs, relations) {
		this.#capMs = relations > 1 ? Math.min(severalMs, stallBudgetMs) : stallBudgetMs;
	}
	/** Takes in who is in the way now; `now` never runs backwards. */
	sample(holders, now) {
		this.#now = now;
		if (holders.length > 0) this.#since ??= now;
		const present = new Set(holders.map(({ key }) => key));
		for (const [key, { age }] of this.#seen) {
			if (present.has(key)) continue;
			this.#seen.delete(key);
			this.#lifetimes.push({
				at: now,
				ms: age
			});
		}
		while (this.#lifetimes[0] !== void 0 && this.#lifetimes[0].at < now - memoryMs) this.#lifetimes.shift();
		for (const holder of holders) {
			const first = this.#seen.get(holder.key)?.first ?? now;
			this.#seen.set(holder.key, {
				first,
				age: holder.ageMs ?? now - first,
				holder
			});
		}
	}
	advise() {
		const limitMs = this.limitMs;
		const old = this.inTheWay;
		if (old.length === 0 && this.#now >= this.#notBefore) return {
			act: "ask",
			limitMs
		};
		if (old.length > 0 && old.every(({ holder }) => holder.kind === "autovacuum") && this.#displaceable && this.#now >= this.#notBefore) return {
			act: "displace",
			limitMs
		};
		return {
			act: "wait",
			pollMs: Math.max(0, ...old.map(({ age }) => age)) > longWaitMs ? slowPollMs : quickPollMs
		};
	}
	/** An attempt ended without the locks. Pauses keep the share of time in which the application waits below a fifth. */
	refused(now, limitMs) {
		this.#boost = Math.min(8, this.#boost * 1.5);
		this.#notBefore = now + 4 * limitMs * (.7 + .6 * Math.random());
		this.#since ??= now;
	}
	/** A vacuum that does not give way is one to prevent wraparound, also where the role may not see that. */
	notDisplaced() {
		this.#displaceable = false;
	}
	/** Who is too old to wait for in a queue, and for how long, the oldest first. */
	get inTheWay() {
		const limit = this.limitMs;
		return [...this.#seen.values()].filter(({ age }) => age > limit).sort((a, b) => b.age - a.age);
	}
	get limitMs() {
		const learnt = this.#since !== void 0 && this.#now - this.#since >= watchMs ? 1.5 * this.#normal() * this.#boost : 0;
		return Math.round(Math.min(this.#capMs, Math.max(100, learnt)));
	}
	/** The 98th percentile of lifetimes that an attempt could outlast. */
	#normal() {
		const sorted = this.#lifetimes.map(({ ms }) => ms).filter((ms) => ms <= this.#capMs).sort((a, b) => a - b);
		return sorted[Math.ceil(sorted.length * .98) - 1] ?? 0;
	}
};
// src/migration/lock-attempts.ts
/** What takes no longer is not worth a line. */
const quietMs$1 = 1e3;
const pollMs$1 = 50;
/**
* Sends a message when nobody is in the way of its locks. While somebody is, no request of ours stands in a queue, so
* that nobody queues behind it; each attempt's limit is learnt from the relations' own traffic.
*/
async function sendWhenFree(request, tools) {
	const { executor, signal, now } = tools;
	const survey = await executor.survey(request.needs.locks, request.needs.creates);
	const watched = new Map(survey.targets.map((target) => [target.oid, target]));
	const first = lockable(await firstOf(request, executor, survey.targets));
	const traffic = new Traffic(tools.stallBudgetMs, watched.size);
	let behind = [];
	if (lockable(survey.targets).length === 0) traffic.notDisplaced();
	for (let attempts = 1;; attempts++) {
		const from = now();
		const gap = await waitForGap(request, traffic, [...watched.values()], tools);
		request.budget.leftMs -= now() - from;
		const displace = gap.act === "displace" ? {
			ms: executor.deadlockTimeoutMs + 500,
			targets: lockable([...watched.values()])
		} : void 0;
		const limits = {
			limitMs: gap.limitMs,
			displace
		};
		const message = request.compose(limits, first);
		if (gap.act === "stop") return {
			...stopped(message, traffic, behind),
			attempts: attempts - 1,
			makes: []
		};
		await request.limitSession?.(limits.limitMs);
		const sent = now();
		const seen = (queue) => {
			for (const target of queue.targets) if (!watched.has(target.oid)) watched.set(target.oid, target);
			if (queue.behind.length > 0) behind = queue.behind;
		};
		const outcome = await watching(executor.send(message.text.text, signal), seen, request, tools);
		if (outcome.state === "failed" && message.before > 0) await executor.send("rollback", AbortSignal.any([]));
		if (!(outcome.state === "failed" && isRefusal(outcome.failure, message)) || signal.aborted) {
			const makes = survey.taken ? [] : request.needs.creates;
			return {
				outcome,
				message,
				attempts,
				blockers: [],
				advice: void 0,
				exhausted: false,
				makes
			};
		}
		request.budget.leftMs -= now() - sent;
		if (message.displacedAt !== void 0 && outcome.failure.completed < message.displacedAt) traffic.notDisplaced();
		traffic.refused(now(), limits.limitMs);
		const gaveUp = `attempt ${attempts} was given up after ${formatDuration(now() - sent)}, so that nobody waits longer behind it`;
		tools.live({ text: `${request.id}: ${gaveUp}` });
	}
}
/** Locks at the start are a courtesy: whoever needs them later asks with the same limit. */
async function firstOf({ needs }, executor, all) {
	if (needs.first.length === needs.locks.length) return all;
	return needs.first.length === 0 ? [] : (await executor.survey(needs.first, [])).targets;
}
function lockable(targets) {
	return targets.filter((target) => target.lockable);
}
async function waitForGap({ id, budget }, traffic, targets, { executor, signal, now, sleep, live }) {
	const deadline = now() + budget.leftMs;
	const from = now();
	for (;;) {
		if (targets.length > 0) traffic.sample(await executor.holders(targets), now());
		else traffic.sample([], now());
		const advice = traffic.advise();
		if (signal.aborted || now() > deadline) return {
			act: "stop",
			limitMs: traffic.limitMs
		};
		if (advice.act !== "wait") return {
			act: advice.act,
			limitMs: advice.limitMs
		};
		const [oldest, ...others] = traffic.inTheWay;
		if (oldest !== void 0 && now() - from > quietMs$1) {
			const more = others.length > 0 ? `, and ${others.length} more` : "";
			const waited = `${formatDuration(wholeSeconds(now() - from))} of at most ${formatDuration(wholeSeconds(budget.leftMs))}`;
			live({ text: `${id}: waits without queueing for ${describeHolder(oldest.holder, oldest.age)}${more} (${waited})` });
		}
		await sleep(Math.min(advice.pollMs, Math.max(1, deadline - now())), signal);
	}
}
/** Who is in the way now, else those behind whom the last attempt waited. */
function stopped(message, traffic, behind) {
	const now = traffic.inTheWay;
	const blockers = now.length > 0 ? now : behind.map((holder) => ({
		holder,
		age: 0
	}));
	return {
		outcome: {
			state: "failed",
			failure: {
				sqlstate: "55P03",
				message: "not attempted",
				detail: void 0,
				hint: void 0,
				position: void 0,
				completed: message.before
			},
			value: void 0
		},
		message,
		blockers: blockers.map(({ holder, age }) => describeHolder(holder, age)),
		advice: blockers.map(({ holder }) => adviceFor(holder)).find((one) => one !== void 0),
		exhausted: true
	};
}
/** Lock timeout, the bound over several locks, and a deadlock take the whole transaction back: trying again is safe. */
function isRefusal(failure, message) {
	if (failure.sqlstate === "55P03") return true;
	if (message.before === 0) return false;
	return failure.sqlstate === "40P01" || failure.sqlstate === "57014" && failure.completed < message.before;
}
/** Learns for what the statement queues while it is under way, and shows that it is. */
async function watching(sending, seen, { id }, { executor, now, sleep, live }) {
	const over = new AbortController();
	const outcome = sending.finally(() => over.abort());
	const from = now();
	for (let pause = 20;; pause = now() - from > 2 * quietMs$1 ? 1e3 : pollMs$1) {
		await Promise.race([sleep(pause, over.signal), outcome.catch(() => {})]);
		if (over.signal.aborted) return outcome;
		await executor.queue().then(seen, () => {});
		if (over.signal.aborted) return outcome;
		if (now() - from > 2 * quietMs$1) live({ text: `${id}: running for ${formatDuration(wholeSeconds(now() - from))}` });
	}
}
// src/migration/message.ts
/**
* One transaction as one message, so that no lock is held across a round trip. `lock_timeout` counts for each lock, so
* a statement timeout bounds the sum while the named ones are taken.
*/
function transactionMessage(parts) {
	const { reset, limits, needs, stallBudgetMs, targets, guard, checks = [], durable = true, sql, closing } = parts;
	const weak = isWeak(needs);
	const limitMs = weak ? Math.max(limits.limitMs, stallBudgetMs) : limits.limitMs;
	const displace = limits.displace === void 0 ? [] : [...timeouts(limits.displace.ms), lockStatement(limits.displace.targets, "ShareUpdateExclusive")];
	const strong = weak || targets.length === 0 ? [] : [...timeouts(limitMs), lockStatement(targets)];
	const locking = displace.length + strong.length === 0 ? [] : [
		...displace,
		...strong,
		...timeouts(limitMs, 0)
	];
	const settings = durable ? [] : ["set local synchronous_commit = off"];
	const beginning = [
		...reset.length === 0 ? [] : [
			"begin",
			...reset,
			"commit"
		],
		"begin",
		...settings
	];
	const asking = [
		...beginning,
		`set local lock_timeout = '${limitMs}ms'`,
		...guard,
		...locking
	];
	const checking = checks.length === 0 ? [] : [
		`set local statement_timeout = '${stallBudgetMs}ms'`,
		...checks,
		"set local statement_timeout = '0'"
	];
	const opening = [...asking, ...checking];
	return {
		text: MappedText.join(MappedText.generated(`${opening.join(";\n")};\n`), sql, MappedText.generated(`\n;${closing.join(";\n")}`)),
		before: opening.length,
		guardAt: guard.length > 0 ? beginning.length + guard.length : void 0,
		checks: checks.length === 0 ? void 0 : {
			from: asking.length + 1,
			count: checks.length
		},
		displacedAt: displace.length > 0 ? beginning.length + 1 + guard.length + displace.length : void 0
	};
}
/** A statement that no transaction can hold, or a setting of the session. */
function aloneMessage(sql) {
	return {
		text: sql,
		before: 0,
		guardAt: void 0,
		checks: void 0,
		displacedAt: void 0
	};
}
/** What a script's own transaction asks of the version table first, and what it writes there last. */
function bookkeeping({ migration, reversal, mark }, ledger) {
	if (mark !== void 0) return {
		guard: ledger.reversalGuard(migration),
		record: ledger.mark(migration, mark)
	};
	return reversal === void 0 ? {
		guard: ledger.guard(migration),
		record: ledger.record(migration)
	} : {
		guard: ledger.reversalGuard(migration),
		record: [ledger.erase(migration)]
	};
}
/**
* Whether what is noted of a migration's statements goes with its end: of a repeatable one too, since it may have been
* begun outside a transaction with another text.
*/
function forgetsSteps({ migration, mark }) {
	return !migration.transactional || mark !== void 0 || isRepeatable(migration);
}
function closingOf(ledger, record) {
	return [
		ledger.restoreRole,
		...record,
		"commit"
	];
}
/** Modes that only the strongest ones conflict with. */
const weakModes = [
	"AccessShare",
	"RowShare",
	"RowExclusive"
];
function isWeak({ locks, unknown }) {
	return unknown === void 0 && locks.every(({ mode }) => weakModes.includes(mode));
}
function timeouts(lockMs, statementMs = lockMs) {
	return [`set local lock_timeout = '${lockMs}ms'`, `set local statement_timeout = '${statementMs}ms'`];
}
/** One statement for all, the strongest mode first and names in order, so that two runs ask in the same order. */
function lockStatement(targets, mode) {
	const groups = lockModes.toReversed().flatMap((one) => {
		const names = targets.filter((target) => (mode ?? target.mode) === one).map(({ name }) => name);
		return names.length === 0 ? [] : [`lock table only ${[...new Set(names)].sort().join(", only ")} in ${modeInSql(one)} mode`];
	});
	if (groups.length === 1) return groups[0];
	const body = groups.join("; ");
	let tag = "$shiplock$";
	while (body.includes(tag)) tag = `$${tag.slice(1, -1)}_$`;
	return `do ${tag} begin ${body}; end ${tag}`;
}
// src/sql/index-statement.ts
/** Reads a text that holds one CREATE INDEX; `undefined` for any other text. */
async function readIndexStatement(sql) {
	const parsed = await parseStatements(sql);
	const node = "problem" in parsed ? void 0 : parsed.statements[0]?.node;
	if (node === void 0 || !("IndexStmt" in node)) return void 0;
	const { idxname, relation, indexParams = [], unique, if_not_exists, nulls_not_distinct } = node.IndexStmt;
	if (relation?.relname === void 0) return void 0;
	const bytes = Buffer.from(sql, "utf8");
	const tokens = (await scanTokens(sql)).filter(({ start }) => start >= (relation.location ?? 0));
	const start = tokens.find(({ text }) => text === "(" || text.toLowerCase() === "using")?.start ?? bytes.length;
	const end = tokens.findLast(({ text }) => text !== ";")?.end;
	const where = outermost(tokens).findLast(({ text }) => text.toLowerCase() === "where");
	const keys = indexParams.map((param) => "IndexElem" in param ? param.IndexElem.name : void 0);
	return {
		table: {
			schema: relation.schemaname,
			name: relation.relname
		},
		name: idxname || void 0,
		unique: unique === true,
		ifNotExists: if_not_exists === true,
		tail: bytes.toString("utf8", start, end),
		columns: keys.every((key) => key !== void 0 && key !== "") ? keys : void 0,
		predicate: where === void 0 ? void 0 : bytes.toString("utf8", where.end, end).trim(),
		nullsDistinct: nulls_not_distinct !== true
	};
}
/** Those that stand in no bracket. */
function outermost(tokens) {
	let depth = 0;
	return tokens.filter(({ text }) => {
		if (text === "(" || text === "[") depth++;
		if (text === ")" || text === "]") depth--;
		return depth === 0;
	});
}
// src/migration/stand-alone-job.ts
function placeOfJob({ unit, tools }) {
	return placeIn(tools.script.migration, unit.sql, 0);
}
function keptOf({ tools }) {
	return keptText(tools.script.migration, tools.account.stepsDone);
}
function waitToolsOf({ tools }) {
	const { budget, signal, now, sleep, live, executor, script } = tools;
	return {
		id: script.migration.id,
		budget,
		signal,
		now,
		sleep,
		live,
		executor
	};
}
/** The server refused the statement; `note` says what became of the half-done work. */
function refusal(job, failure, note, hint) {
	const { script, showData, account } = job.tools;
	account.sqlstate = failure.sqlstate;
	return migrationFailed(hint === void 0 ? failure : {
		...failure,
		hint
	}, {
		phase: script.migration.phase,
		place: placeOf(failure, {
			text: job.unit.sql,
			before: 0
		}, script),
		kept: `${note}${keptOf(job)}`,
		showData,
		inFile: failure.position !== void 0
	});
}
/** The statement was under way when an earlier run ended, and what became of it cannot be looked up. */
function doubt(job, note = "") {
	const { executor, script } = job.tools;
	return inDoubt(placeOfJob(job), {
		...executor.books.settling(script.migration, job.finished.index),
		...markingOf(job)
	}, note);
}
/** Where one statement decides about the whole migration, a command says so: it needs no rights by hand, and is kept with its reason. */
function markingOf({ finished, tools }) {
	const { migration, units, reversal } = tools.script;
	const own = [...units.keys()].filter((index) => units[index]?.session === false);
	const command = (as) => `shiplock ledger mark-${as} --migration ${migration.id} --reason "…".`;
	return {
		...finished.index === own.at(-1) ? { tookEffect: command(reversal === void 0 ? "applied" : "reverted") } : {},
		...finished.index === own[0] ? { didNot: command(reversal === void 0 ? "reverted" : "applied") } : {}
	};
}
/**
* Notes a statement before it begins and after it has ended: only that tells a later run what became of it. `work` says
* when it begins; what fails before that is as if it had not been tried.
*/
async function noted({ finished, tools }, work) {
	const { books } = tools.executor;
	const { migration } = tools.script;
	let begun = false;
	const begin = async () => {
		await books.saveStep(migration, {
			...finished,
			state: "started"
		});
		begun = true;
	};
	const error = await work(begin).catch((cause) => {
		if (cause instanceof ReleaseError) return cause;
		throw cause;
	});
	if (begun && error?.code !== "connection-lost") await books.saveStep(migration, error === void 0 ? finished : {
		...finished,
		state: "failed"
	});
	return error;
}
// src/migration/concurrent/duplicates.ts
/** How to find the rows that stand in the way of a unique index; none of their values is printed here. */
function duplicatesHint({ columns, predicate, nullsDistinct }, table) {
	const then = "Make them unique, and run the same command again.";
	if (columns === void 0) return `Several rows of ${table.name} have the same key. ${then}`;
	const list = columns.map(quoteName).join(", ");
	const conditions = [...predicate === void 0 ? [] : [`(${predicate})`], ...nullsDistinct ? columns.map((column) => `${quoteName(column)} is not null`) : []];
	const where = conditions.length === 0 ? "" : ` where ${conditions.join(" and ")}`;
	return `These rows are in the way: select ${list}, count(*) from ${table.name}${where} group by ${list} having count(*) > 1; ${then}`;
}
// src/migration/concurrent/errors.ts
/** The budget ended before anything was begun. */
function neverStarted({ place, what, budgetMs, blockers, kept }) {
	return new ReleaseError("lock-not-obtained", `${place}: ${what} was not started, since it would have had to wait for others until they end, and lock-budget (${formatDuration(budgetMs)}) was over first.${inTheWay(blockers)}${kept}`, {
		at: place,
		hint: `${advice(blockers)} Nothing waits now.`
	});
}
/** The budget ended while it waited; `left` says what became of the half-done work. */
function outwaited({ place, what, budgetMs, blockers, kept }, left) {
	return new ReleaseError("lock-not-obtained", `${place}: ${what} had to wait for others longer than lock-budget (${formatDuration(budgetMs)}), and was cancelled.${inTheWay(blockers)}${left}${kept}`, {
		at: place,
		hint: `${advice(blockers)} The next run goes on where this one stopped.`
	});
}
/** An invalid index has the name, and it is not for us to take it away. */
function invalidIndex(place, index, why) {
	return new ReleaseError("invalid-index", `${place}: the index ${index} is there, but invalid: no query uses it. ${why}`, {
		at: place,
		hint: `When nobody needs it: drop index concurrently ${index}; then run the same command again.`
	});
}
/** IF NOT EXISTS asks for the name alone. */
function nameTaken(place, index, table) {
	return new ReleaseError("migration-failed", `${place}: IF NOT EXISTS skipped the statement: something else is called ${index}, and ${table} has no such index.`, {
		at: place,
		hint: "Give the index another name, and run the same command again."
	});
}
function inTheWay(blockers) {
	const who = blockers.slice(0, 5).map(({ holder, age }) => describeHolder(holder, age));
	return who.length === 0 ? "" : ` In the way: ${who.join("; ")}.`;
}
function advice(blockers) {
	return blockers.map(({ holder }) => adviceFor(holder)).find((one) => one !== void 0) ?? "Run the same command again when that work has ended.";
}
/**
* Waits, asking for nothing, until nobody is in the way; returns who still is when the budget has ended.
*
* A database that always has long queries never has a moment without one. What waits by design waits only for those
* who were there when it began, so it may begin when the first ones have gone, as long as that took no more than half
* of the budget: the other half will do for those who have come since.
*/
async function waitOut({ text, inTheWay, mayMeetOthers }, tools) {
	const { id, budget, signal, now, sleep, live } = tools;
	const from = now();
	const givenMs = budget.leftMs;
	let first;
	try {
		for (;;) {
			const blockers = [...await inTheWay()].sort((a, b) => b.age - a.age);
			const waitedMs = now() - from;
			if (signal.aborted) throw interrupted("The run was stopped by a signal while it waited for others; nothing was started.");
			if (blockers.length === 0) return [];
			first ??= new Set(blockers.map(({ holder }) => holder.key));
			const renewed = !blockers.some(({ holder }) => first?.has(holder.key));
			if (mayMeetOthers && renewed && waitedMs <= givenMs / 2) return [];
			if (waitedMs >= givenMs) return blockers;
			if (waitedMs > 1e3) live({ text: `${id}: ${text} ${waitingFor(blockers, waitedMs, givenMs)}` });
			await sleep(Math.min(waitedMs < 1e4 ? 250 : 1e3, Math.max(1, givenMs - waitedMs)), signal);
		}
	} finally {
		budget.leftMs -= now() - from;
	}
}
/** Who is waited for, and how much of the budget that has taken. */
function waitingFor([oldest, ...others], waitedMs, givenMs) {
	return `${oldest === void 0 ? "for others" : `for ${describeHolder(oldest.holder, oldest.age)}`}${others.length > 0 ? `, and ${others.length} more` : ""} (${formatDuration(wholeSeconds(waitedMs))} of at most ${formatDuration(wholeSeconds(givenMs))})`;
}
/** Gives an age to those whose own is hidden from this role. */
var Ages = class {
	#seen = /* @__PURE__ */ new Map();
	of(holders, now) {
		return holders.map((holder) => {
			const first = this.#seen.get(holder.key) ?? now;
			this.#seen.set(holder.key, first);
			return {
				holder,
				age: holder.ageMs ?? now - first
			};
		});
	}
};
// src/migration/concurrent/old-transactions.ts
/** A transaction of this age is not likely to end soon by itself. */
const oldMs = 1e4;
function targetsOf(relations, ...modes) {
	return relations.flatMap(({ oid, name }) => modes.map((mode) => ({
		oid,
		name,
		mode,
		lockable: false
	})));
}
/**
* Looks for transactions that would hold a statement up for long. One whose age is hidden is taken for an old one when
* it was there at the first look. A plain autovacuum is none of them: it gives way to whoever waits for it.
*/
function oldOnes({ targets, snapshots }, executor, budgetMs, now) {
	const ages = new Ages();
	let first;
	return async () => {
		const all = await everyone(targets, snapshots, executor);
		first ??= new Set(all.map(({ key }) => key));
		return ages.of(all, now()).filter(({ holder, age }) => holder.ageMs === void 0 && first?.has(holder.key) || age > Math.min(oldMs, budgetMs));
	};
}
async function everyone(targets, snapshots, executor) {
	const holders = new Map((snapshots ? await executor.watch.snapshots() : []).map((holder) => [holder.key, holder]));
	for (const holder of await executor.holders(targets)) holders.set(holder.key, holder);
	return [...holders.values()].filter(({ kind }) => kind !== "autovacuum");
}
// src/migration/watch.ts
/** A phase in which nothing is done until others have ended. */
function isWaiting(progress) {
	return progress?.phase.startsWith("waiting for") === true;
}
/** `what` is said where the server tells no progress. */
function describeProgress(progress, what, forMs) {
	if (progress?.subject === void 0) return { text: `${what} for ${formatDuration(wholeSeconds(forMs))}` };
	const { work, phase, subject, share } = progress;
	const [, stage, step] = /^(index validation|building index): (.*)$/.exec(phase) ?? [];
	const doing = `${stage === "index validation" ? "checking" : work} ${subject}`;
	return {
		text: phase === "building index" ? doing : `${doing}, ${step ?? phase}`,
		share
	};
}
// src/migration/concurrent/send-watched.ts
const never = AbortSignal.any([]);
/**
* Sends a statement that may take its time, and watches it instead of limiting it. Only the time counts in which it
* waits for others; when no budget is left it is cancelled on the server.
*/
async function sendWatched({ sql, what, relations, stallBudgetMs = Number.POSITIVE_INFINITY }, tools) {
	const { executor, budget, signal, id, now, sleep, live } = tools;
	const over = new AbortController();
	const stop = new AbortController();
	const ages = new Ages();
	const from = now();
	const givenMs = budget.leftMs;
	let cancelled;
	let blockers = [];
	let indexOid;
	let queuedSince;
	const sending = executor.send(sql, AbortSignal.any([signal, stop.signal])).finally(() => over.abort());
	for (let last = from;;) {
		await Promise.race([sleep(now() - from < 1e4 ? 250 : 1e3, over.signal), sending]);
		if (over.signal.aborted) break;
		const seen = await look(executor, relations).catch(() => void 0);
		const at = now();
		const behind = ages.of(seen?.behind ?? [], at);
		if (behind.length > 0) blockers = [...behind].sort((a, b) => b.age - a.age);
		const waits = behind.length > 0 || isWaiting(seen?.progress);
		if (waits) budget.leftMs -= at - last;
		last = at;
		indexOid ??= seen?.progress?.indexOid;
		queuedSince = seen?.queuesExclusively === true ? queuedSince ?? at : void 0;
		if (waits && budget.leftMs <= 0) cancelled ??= "budget";
		if (queuedSince !== void 0 && at - queuedSince > stallBudgetMs) cancelled ??= "queue";
		if (cancelled !== void 0) stop.abort();
		else if (behind.length > 0 && at - from > 1e3) live({ text: `${id}: ${what} waits ${waitingFor(blockers, givenMs - budget.leftMs, givenMs)}` });
		else if (at - from > 1e3) {
			const { text, share } = describeProgress(seen?.progress, what, at - from);
			live({
				text: `${id}: ${text}`,
				share
			});
		}
	}
	const outcome = await sending;
	if (signal.aborted || cancelled !== void 0) await settleCancel(executor);
	return {
		outcome,
		cancelled: outcome.state === "failed" && outcome.failure.sqlstate === "57014" ? cancelled : void 0,
		blockers,
		indexOid
	};
}
async function look(executor, relations) {
	const { behind, targets } = await executor.queue();
	const progress = await executor.watch.progress().catch(() => void 0);
	const relation = progress?.phase === "waiting for old snapshots" ? "an older snapshot" : targets[0]?.name ?? relations[0]?.name;
	const named = behind.map((holder) => relation === void 0 ? holder : {
		...holder,
		relation
	});
	const prepared = behind.some(({ kind }) => kind === "prepared") ? (await executor.holders(relations)).filter(({ kind }) => kind === "prepared") : [];
	return {
		behind: prepared.length > 0 ? [...named.filter(({ kind }) => kind !== "prepared"), ...prepared] : named,
		progress,
		queuesExclusively: targets.some(({ mode }) => mode === "AccessExclusive")
	};
}
/** A cancellation may still be on its way: it must not meet the next statement. */
async function settleCancel(executor) {
	await executor.queue().catch(() => {});
	await executor.send("select 1", never);
}
/**
* Takes the limits off the session for a while: a statement that waits by design would only be left half-done by one.
* They are put back as they were, since the statements of the file that follow may count on them.
*/
async function withoutLimits(executor, work) {
	const names = "('lock_timeout', 'statement_timeout', 'transaction_timeout')";
	const read = await executor.send(`select pg_catalog.string_agg(name || '=' || setting, ' ') from pg_catalog.pg_settings where name in ${names}`, never);
	await executor.send(`select pg_catalog.set_config(name, '0', false) from pg_catalog.pg_settings where name in ${names}`, never);
	try {
		return await work();
	} finally {
		const settings = (read.state === "done" ? (read.value ?? "").split(" ") : []).map((one) => one.split("=")).filter(([name]) => name);
		for (const [name, value] of settings) await executor.send(`select pg_catalog.set_config('${name}', '${Number(value)}', false)`, never);
	}
}
// src/migration/concurrent/drop-remains.ts
/**
* Drops an invalid index that has been found to be the statement's own. Between finding and dropping it somebody may
* make it whole, or put another in its place: so it is looked at once more under a lock, and renamed there. What is
* dropped then has a name that nobody else knows.
*/
async function dropRemains(index, table, job, tools) {
	const { executor, script } = job.tools;
	if (index.relname === asideName(index.oid)) return dropHalfBuilt(index.name, table, job, tools);
	const aside = await executor.catalog.setAside(index, table, executor.deadlockTimeoutMs + 500);
	if (aside.state === "refused") return aside;
	if (aside.state !== "done") return { state: "again" };
	job.tools.progress(`${script.migration.id}: ${index.name} was left half-built; it is dropped`);
	return dropHalfBuilt(aside.name, table, job, tools);
}
/** Drops by name; who has this name is certain. */
async function dropHalfBuilt(name, table, job, tools) {
	const sql = `drop index concurrently if exists ${name}`;
	const relations = targetsOf([table], "AccessExclusive");
	for (let tries = 1;; tries++) {
		const end = await sendWatched({
			sql,
			what: `dropping the half-built ${name}`,
			relations
		}, {
			...waitToolsOf(job),
			...tools
		});
		const { outcome, blockers } = end;
		if (outcome.state === "done") return { state: "dropped" };
		if (outcome.state === "lost") throw connectionLost(job.tools.script.migration, outcome.reason);
		if (end.cancelled !== void 0 || tools.signal.aborted) return {
			state: "waits",
			name,
			blockers
		};
		if (tries === 2) return {
			state: "refused",
			reason: outcome.failure.message
		};
	}
}
// src/migration/concurrent/run-patiently.ts
/** Failures that come from what else happens on the server, and not from the statement: deadlock, lock timeout, cancelled. */
const passing = [
	"40P01",
	"55P03",
	"57014"
];
/** Dropping waits for others too; at some point it has to be left to the next run. */
const cleaningMs = 1e4;
/** A runner grants little time to a job that it stops. */
const hurriedMs = 2e3;
/** Runs a statement that waits for others by design, without limits on the server; once more when what failed may pass by itself. */
function runPatiently(job, patient) {
	return noted(job, async (begin) => {
		let failures = 0;
		for (;;) {
			await patient.ready?.();
			await begin();
			const stallBudgetMs = patient.halfWay === void 0 ? void 0 : job.tools.stallBudgetMs;
			const end = await sendWatched({
				sql: job.unit.sql.text,
				...patient,
				stallBudgetMs
			}, waitToolsOf(job));
			const verdict = end.outcome.state === "done" ? await patient.confirm?.() : await afterFailure(job, patient, end, ++failures);
			if (verdict !== "again") return verdict;
		}
	});
}
async function afterFailure(job, patient, end, failures) {
	const { script, signal, account, progress } = job.tools;
	const { outcome, cancelled } = end;
	if (outcome.state === "lost") return connectionLost(script.migration, outcome.reason);
	if (outcome.state === "done") return void 0;
	const { sqlstate = "", message } = outcome.failure;
	const passes = !signal.aborted && cancelled !== "budget" && passing.includes(sqlstate);
	if (passes && await patient.halfWay?.isReached()) return patient.halfWay?.finish();
	const again = passes && failures === 1;
	const note = await patient.clean?.(end, cleaningTools(job, again)) ?? "";
	if (!again) return failureOf(job, patient, end, outcome.failure, note);
	account.attempts++;
	progress(`${script.migration.id}: ${message} (SQLSTATE ${sqlstate}); ${patient.what} is tried once more`);
	return "again";
}
/** Before a statement begins: waits until nobody is in its way who would hold it up for long. */
async function waitForOld(job, what, inTheWay) {
	const { executor, lockBudgetMs, now } = job.tools;
	const old = oldOnes(inTheWay, executor, lockBudgetMs, now);
	const blockers = await waitOut({
		text: `${what} waits`,
		inTheWay: old,
		mayMeetOthers: true
	}, waitToolsOf(job));
	if (blockers.length > 0) throw tooLong(job, what, blockers);
}
/** The budget ended while nothing was under way. */
function tooLong(job, what, blockers) {
	blame(job, blockers);
	return neverStarted(waitedBy(job, what, blockers));
}
async function failureOf(job, patient, end, failure, note) {
	if (job.tools.signal.aborted) return interrupted(`The run was stopped by a signal; ${patient.what} was cancelled on the server.${note}`);
	if (end.cancelled === void 0) return refusal(job, failure, note, await patient.advise?.(failure));
	blame(job, end.blockers);
	return outwaited(waitedBy(job, patient.what, end.blockers), note);
}
function waitedBy(job, what, blockers) {
	return {
		place: placeOfJob(job),
		what,
		budgetMs: job.tools.lockBudgetMs,
		blockers,
		kept: keptOf(job)
	};
}
/** Keeps who was in the way for the result. */
function blame({ tools }, blockers) {
	tools.account.blockers = blockers.map(({ holder, age }) => describeHolder(holder, age));
}
function cleaningTools(job, again) {
	const tools = waitToolsOf(job);
	if (again) return tools;
	const { aborted } = job.tools.signal;
	return {
		...tools,
		signal: aborted ? AbortSignal.any([]) : tools.signal,
		budget: { leftMs: aborted ? hurriedMs : cleaningMs }
	};
}
// src/migration/concurrent/index-remains.ts
/**
* Makes ready for a build: nobody is in its way who would hold it up for long, and no half-built index has its name.
* Returns the indexes that the table has then. A valid one of that name is left to the server to speak of.
*/
async function clearWay(site) {
	const { job, statement, table, what } = site;
	for (let waited = false;;) {
		const indexes = await job.tools.executor.catalog.indexes(table);
		if (indexes.some(({ relname, valid }) => valid && relname === statement.name)) return indexes;
		if (!waited) {
			await waitForOld(job, what, {
				targets: targetsOf([table], "Share", "ShareUpdateExclusive"),
				snapshots: true
			});
			waited = true;
			continue;
		}
		const remains = await findRemains(site, indexes);
		if (remains === void 0) return indexes;
		await removeRemains(site, remains);
		waited = false;
	}
}
/** After a build that failed: drops what it left. Says what became of it, as a sentence after a blank, or nothing. */
async function clearOwn(site, before, ownOid, tools) {
	const { job, statement, table } = site;
	const known = new Set(before.map(({ oid }) => oid));
	const fresh = (await job.tools.executor.catalog.indexes(table)).filter(({ oid, valid }) => !valid && !known.has(oid));
	const own = fresh.find(({ oid }) => oid === ownOid) ?? await likeOurs(site, fresh);
	if (own === void 0) {
		const named = fresh.find(({ relname }) => relname === statement.name);
		return named === void 0 ? "" : ` ${named.name} is there, invalid, and it is not certain that this statement made it.`;
	}
	const end = await dropRemains(own, table, job, tools);
	if (end.state === "dropped") return " The half-built index was dropped.";
	const name = end.state === "waits" ? end.name : own.name;
	return ` The half-built index is still there as ${name}: ${{
		again: "somebody works on it",
		waits: "dropping it waits for others too",
		refused: "it could not be dropped"
	}[end.state]}. The next run sees to it; by hand: drop index concurrently ${name}.`;
}
/** An invalid index in the statement's place, wherever it comes from. */
async function findRemains(site, indexes) {
	const { statement, job } = site;
	const invalid = indexes.filter(({ valid }) => !valid);
	const aside = invalid.find(({ oid, relname }) => relname === asideName(oid));
	if (aside !== void 0) return aside;
	if (statement.name !== void 0) return invalid.find(({ relname }) => relname === statement.name);
	return job.known === void 0 ? void 0 : likeOurs(site, invalid);
}
/** Drops an invalid index, or waits for whoever is building it; either way everything has to be looked at again. */
async function removeRemains(site, index) {
	const { job, table, what } = site;
	const { budget, now, sleep, signal } = waitToolsOf(job);
	if (await waitForBuilder(site, index)) return;
	const reason = index.relname === asideName(index.oid) ? void 0 : await whyNotOurs(site, index);
	if (reason !== void 0) throw invalidIndex(placeOfJob(job), index.name, reason);
	const end = await dropRemains(index, table, job, waitToolsOf(job));
	if (end.state === "dropped") return;
	if (end.state === "refused") throw invalidIndex(placeOfJob(job), index.name, `It could not be dropped: ${end.reason}.`);
	if (end.state === "waits" && !signal.aborted) {
		blame(job, end.blockers);
		const left = ` An earlier build left ${index.name} invalid; it has to be dropped first, and is called ${end.name} now.`;
		throw outwaited(waitedBy(job, what, end.blockers), left);
	}
	if (signal.aborted) throw interrupted();
	if (budget.leftMs <= 0) throw tooLong(job, what, []);
	const from = now();
	await sleep(250, signal);
	budget.leftMs -= now() - from;
}
/** Whether somebody works on an index, or on its table in a way that building one does; waits until they have ended. */
async function waitForBuilder({ job, table, what }, index) {
	const { executor, now } = job.tools;
	const ages = new Ages();
	const builders = async () => {
		const holders = await executor.holders(targetsOf([table, index], "ShareUpdateExclusive"));
		return ages.of(holders.filter(({ kind }) => kind !== "autovacuum"), now());
	};
	if ((await builders()).length === 0) return false;
	const still = await waitOut({
		text: `${what} waits, since ${index.name} is not finished,`,
		inTheWay: builders,
		mayMeetOthers: false
	}, waitToolsOf(job));
	if (still.length > 0) throw tooLong(job, what, still);
	return true;
}
async function whyNotOurs(site, index) {
	if (index.bound) return "It belongs to an index of a partitioned table or to a constraint, so it is not for this statement to drop.";
	const alike = await site.job.tools.executor.catalog.alike(site.statement, site.table);
	if ("problem" in alike) return `Whether it is what this statement builds could not be found out: ${alike.problem}.`;
	return alike.oids.has(index.oid) ? void 0 : "It is another index than this statement builds.";
}
/** The first of these that is what the statement builds, under the name that it has, or would be given. */
async function likeOurs({ statement, table, job }, indexes) {
	if (indexes.length === 0) return void 0;
	const alike = await job.tools.executor.catalog.alike(statement, table);
	if ("problem" in alike) return void 0;
	return indexes.find(({ oid, relname, bound }) => !bound && alike.oids.has(oid) && (relname === statement.name || isNumbered(relname, alike)));
}
/** The server puts a number behind a name that is taken. */
function isNumbered(relname, { chosenName }) {
	return chosenName !== void 0 && relname.startsWith(chosenName) && /^\d*$/.test(relname.slice(chosenName.length));
}
// src/migration/concurrent/partitioned-index.ts
/** More would not be read; the pattern is clear by then. */
const shown = 12;
/**
* The server builds no index of a partitioned table concurrently. The way round: an index on the parent alone, which
* stays invalid until each partition's own index, built concurrently, has been attached to it.
*/
function pieceByPiece(statement, table, partitions) {
	const { unique, tail } = statement;
	const create = unique ? "create unique index" : "create index";
	const stem = statement.name ?? `${table.relname}_idx`;
	const taken = /* @__PURE__ */ new Set([stem]);
	const indexes = /* @__PURE__ */ new Map([[table.oid, `${quoteName(table.schema)}.${quoteName(stem)}`]]);
	const lines = [`${create} ${quoteName(stem)} on only ${table.name} ${tail};`];
	for (const { oid, relname, schema, name, parent, partitioned } of partitions) {
		const own = quoteName(freeName(`${relname}_${stem}`, taken));
		indexes.set(oid, `${quoteName(schema)}.${own}`);
		lines.push(`${create} ${partitioned ? `${own} on only` : `concurrently ${own} on`} ${name} ${tail};`, `alter index ${indexes.get(parent)} attach partition ${indexes.get(oid)};`);
	}
	const more = lines.length > shown ? [`-- and so on, ${lines.length} statements in all`] : [];
	return [
		"Build it piece by piece, in a file outside a transaction; the index of the parent becomes valid with its last partition:",
		...lines.slice(0, shown),
		...more
	].join("\n");
}
/** Names have at most 63 bytes; what the server cuts off might be what tells two of them apart. */
function freeName(wanted, taken) {
	for (let count = 0;; count++) {
		const number = count === 0 ? "" : `_${count}`;
		const name = `${cut(wanted, 63 - number.length)}${number}`;
		if (taken.has(name)) continue;
		taken.add(name);
		return name;
	}
}
function cut(text, bytes) {
	const characters = [...text];
	while (Buffer.byteLength(characters.join("")) > bytes) characters.pop();
	return characters.join("");
}
// src/migration/concurrent/build-index.ts
/** CREATE INDEX CONCURRENTLY. Success means that the index is there and valid, whatever IF NOT EXISTS takes for granted. */
async function buildIndex(job) {
	const { executor, script, progress } = job.tools;
	const statement = await readIndexStatement(job.unit.sql.text);
	const table = statement && await executor.catalog.table(statement.table);
	if (statement === void 0 || table === void 0) return runPatiently(job, {
		what: "building an index",
		relations: []
	});
	const what = `building ${statement.name ?? `an index on ${table.name}`}`;
	const site = {
		job,
		statement,
		table,
		what
	};
	if (job.known?.state === "started" && await isBuilt(site)) {
		progress(`${script.migration.id}: ${what} had ended when an earlier run was cut off`);
		await executor.books.saveStep(script.migration, job.finished);
		return;
	}
	if (table.kind === "partitioned") return runPatiently(job, {
		what,
		relations: [],
		advise: () => partitionedHint(site)
	});
	return build(site);
}
/** IF NOT EXISTS may meet an index that somebody began meanwhile: that one is waited for, or cleared away, in the next round. */
const rounds = 3;
function build(site) {
	const { job, statement, table, what } = site;
	let before = [];
	let round = 0;
	return runPatiently(job, {
		what,
		relations: targetsOf([table], "Share"),
		ready: async () => {
			before = await clearWay(site);
		},
		confirm: async () => {
			if (statement.name === void 0) return void 0;
			const built = (await job.tools.executor.catalog.indexes(table)).find(({ relname }) => relname === statement.name);
			if (built === void 0) return nameTaken(placeOfJob(job), statement.name, table.name);
			if (!built.valid) return ++round < rounds ? "again" : invalidIndex(placeOfJob(job), built.name, "IF NOT EXISTS took it for the index.");
			if (before.some(({ oid }) => oid === built.oid)) await warnOfAnother(site, built);
		},
		clean: (end, tools) => clearOwn(site, before, end.indexOid, tools),
		advise: async (failure) => adviceOn(failure, site)
	});
}
/**
* Whether the statement of an earlier run took effect: its index is there, whole, and as the statement has it. Without
* a name any index like it will do, since a second one would serve nobody.
*/
async function isBuilt(site) {
	const { job, statement, table } = site;
	const { catalog } = job.tools.executor;
	const valid = (await catalog.indexes(table)).filter((index) => index.valid);
	const candidates = statement.name === void 0 ? valid : valid.filter(({ relname }) => relname === statement.name);
	if (candidates.length === 0) return false;
	const alike = await catalog.alike(statement, table);
	if ("problem" in alike) throw doubt(job, `There is an index of this name, and whether it is this one could not be found out: ${alike.problem}. `);
	return candidates.some(({ oid }) => alike.oids.has(oid));
}
async function warnOfAnother({ job, statement, table }, found) {
	const { executor, progress, script } = job.tools;
	const alike = await executor.catalog.alike(statement, table);
	if ("problem" in alike || alike.oids.has(found.oid)) return;
	progress(`${script.migration.id}: IF NOT EXISTS skipped ${found.name}: an index of this name is there, with another definition`);
}
function adviceOn({ sqlstate }, { statement, table }) {
	if (sqlstate === "23505") return duplicatesHint(statement, table);
	if (sqlstate === "53100") return "Make room on the disk of the server, and run the same command again.";
}
async function partitionedHint({ job, statement, table }) {
	return pieceByPiece(statement, table, await job.tools.executor.catalog.partitions(table));
}
// src/migration/concurrent/detach-partition.ts
/**
* DETACH PARTITION CONCURRENTLY. Once its first step is done the partition is on its way out, and only FINALIZE goes
* on from there. Its last step locks the partition against everybody: when the application has to queue behind it,
* it is cancelled, and finished in short attempts.
*/
async function detachPartition(job, table, partition) {
	const { executor, script } = job.tools;
	const { catalog, books } = executor;
	const found = await catalog.attachment(table, partition);
	if (found?.state === "detached" && job.known?.state === "started") {
		await books.saveStep(script.migration, job.finished);
		return;
	}
	const what = `detaching ${partition.name}`;
	const targets = found === void 0 ? [] : targetsOf([found.table, found.partition], "AccessExclusive");
	const state = async () => (await catalog.attachment(table, partition))?.state;
	if (found === void 0) return runPatiently(job, {
		what,
		relations: []
	});
	if (found.state === "pending" && job.known !== void 0) return noted(job, async (begin) => {
		await begin();
		return finalize(job, found, what);
	});
	return runPatiently(job, {
		what,
		relations: targets,
		ready: () => waitForOld(job, what, {
			targets,
			snapshots: false
		}),
		clean: async () => await state() === "pending" ? pendingNote : "",
		halfWay: {
			isReached: async () => await state() === "pending",
			finish: () => finalize(job, found, what)
		}
	});
}
const pendingNote = " It is half-way: the partition is no longer read through its table. The next run finishes it.";
async function finalize(job, { table, partition }, what) {
	const { progress, script, send } = job.tools;
	progress(`${script.migration.id}: ${what} is half-way; the rest is done in short attempts`);
	await waitForOld(job, what, {
		targets: targetsOf([table, partition], "AccessExclusive"),
		snapshots: true
	});
	const sql = `alter table ${table.name} detach partition ${partition.name} finalize`;
	const parsed = await parseStatements(sql);
	const rest = {
		statements: [0],
		transactional: false,
		concurrent: false,
		session: false,
		effect: void 0,
		needs: "problem" in parsed ? unknownNeeds(parsed.problem.message) : lockNeeds(parsed.statements)
	};
	return send({
		sql: MappedText.generated(sql, job.unit.sql.fileOffset(0)),
		...rest
	});
}
// src/migration/concurrent/drop-index.ts
/**
* DROP INDEX CONCURRENTLY. Its first step takes the index from every query and only then waits for all who use the
* table: so nothing is begun while somebody would keep it there. Interrupted, it is right to run it again.
*/
async function dropIndex(job, name) {
	const { executor, script } = job.tools;
	const { catalog, books } = executor;
	const found = await catalog.index(name);
	if (job.known?.state === "started" && found === void 0) {
		await books.saveStep(script.migration, job.finished);
		return;
	}
	if (job.known !== void 0 && found?.first === false && found.index.valid) throw doubt(job, `There is another index of this name now, ${found.index.name}. `);
	const what = `dropping ${found?.index.name ?? name.name}`;
	const targets = found === void 0 ? [] : targetsOf([found.table], "AccessExclusive");
	return runPatiently(job, {
		what,
		relations: targets,
		ready: () => waitForOld(job, what, {
			targets,
			snapshots: false
		}),
		clean: async () => {
			const left = await catalog.index(name);
			if (found === void 0 || left === void 0 || left.index.valid || left.index.oid !== found.index.oid) return "";
			return " It is invalid now: no query uses it, and each write still maintains it, until it is dropped.";
		}
	});
}
// src/migration/concurrent/rebuild-index.ts
/**
* REINDEX CONCURRENTLY builds a second index beside each one. What an interrupted one leaves of those is dropped when
* it was not there before and nobody works on its table; what an earlier run may have left is only named.
*/
async function rebuildIndexes(job, relation) {
	const { executor, progress, script } = job.tools;
	const { catalog } = executor;
	const tables = relation === void 0 ? [] : await catalog.rebuiltTables(relation);
	const what = `rebuilding ${relation?.name ?? "indexes"}`;
	const targets = targetsOf(tables, "AccessExclusive");
	let before = /* @__PURE__ */ new Set();
	const error = await runPatiently(job, {
		what,
		relations: targets,
		ready: async () => {
			await waitForOld(job, what, {
				targets,
				snapshots: true
			});
			before = new Set((await catalog.rebuildRemains(relation)).map(({ oid }) => oid));
		},
		clean: async (_, tools) => {
			if (relation === void 0) return "";
			const fresh = (await catalog.rebuildRemains(relation)).filter(({ oid }) => !before.has(oid));
			for (const remains of fresh) await dropUnused(remains, job, tools);
			return "";
		}
	});
	if (error?.code === "connection-lost") return error;
	for (const { name, table } of await catalog.rebuildRemains(relation)) progress(`${script.migration.id}: ${name} is left, invalid, of an interrupted REINDEX of ${table.name}; when nobody is at it: drop index concurrently ${name};`);
	return error;
}
async function dropUnused({ oid, relname, name, table }, job, tools) {
	const { executor, progress, script } = job.tools;
	if ((await executor.holders(targetsOf([table, {
		oid,
		relname,
		name
	}], "ShareUpdateExclusive"))).some(({ kind }) => kind !== "autovacuum")) return;
	progress(`${script.migration.id}: ${name} was left half-built; it is dropped`);
	await dropHalfBuilt(name, table, job, tools);
}
// src/migration/stand-alone.ts
/** Runs a statement whose record cannot commit with it: noted before and after, since only that tells later what became of it. */
async function runAlone(unit, finished, known, tools) {
	const job = {
		unit,
		finished,
		known,
		tools
	};
	if (unit.concurrent) return withoutLimits(tools.executor, () => runConcurrent(job, unit.effect));
	if (known?.state === "started" && await tookEffect(job)) {
		await tools.executor.books.saveStep(tools.script.migration, finished);
		return;
	}
	return noted(job, async (begin) => {
		await begin();
		return tools.send(unit);
	});
}
async function runConcurrent(job, effect) {
	switch (effect?.kind) {
		case "index-created": return buildIndex(job);
		case "index-dropped": return dropIndex(job, effect.index);
		case "index-rebuilt": return rebuildIndexes(job, effect.relation);
		case "partition-detached": return detachPartition(job, effect.table, effect.partition);
		case "repeatable": return runPatiently(job, {
			what: "vacuuming",
			relations: []
		});
		default: return runPatiently(job, {
			what: "running",
			relations: []
		});
	}
}
/** Decides from the catalog about a statement that was under way when an earlier run ended. */
async function tookEffect(job) {
	const { effect } = job.unit;
	const { catalog } = job.tools.executor;
	if (effect?.kind === "object-created") return catalog.exists(effect.what, effect.name);
	if (effect?.kind === "object-dropped") return !await catalog.exists(effect.what, effect.name);
	if (effect?.kind === "repeatable") return false;
	throw doubt(job);
}
// src/migration/migration-run.ts
/** One migration on its way. */
var MigrationRun = class {
	/** Attempts at its locks; 1 when they were free. */
	attempts = 1;
	/** Statements of a file outside a transaction that are done and stay done. */
	stepsDone = 0;
	sqlstate;
	/** Who was in the way when the lock budget ended. */
	blockers = [];
	/** Relations that it made and that were not there before. */
	made = [];
	#script;
	#executor;
	#policy;
	#budget;
	/** Whether the session may hold what an earlier migration left in it. */
	#reset;
	constructor(script, executor, policy, reset) {
		this.#script = script;
		this.#executor = executor;
		this.#policy = policy;
		this.#budget = { leftMs: policy.lockBudgetMs };
		this.#reset = reset;
	}
	/** The error when the migration was not applied; nothing of it is kept then, but finished steps. */
	async apply(steps) {
		const { migration, units, mark } = this.#script;
		try {
			if (mark !== void 0) return await this.#recorded(MappedText.generated(""), lockNeeds([]));
			if (migration.transactional) {
				if (steps.length > 0) return editedHalfway(migration, `${steps.length} of its statements`);
				const [unit] = units;
				return await this.#recorded(unit?.sql ?? MappedText.generated(""), unit?.needs ?? lockNeeds([]));
			}
			if (this.#reset) await this.#resetSession();
			for (const [index, unit] of units.entries()) {
				const error = unit.session ? await this.#send(unit) : await this.#step(unit, index, steps);
				if (error !== void 0) return error;
				if (!unit.session) this.stepsDone++;
			}
			return await this.#recorded(MappedText.generated(""), lockNeeds([]));
		} catch (error) {
			if (error instanceof ReleaseError) return error;
			throw error;
		}
	}
	async #step(unit, index, steps) {
		const { migration } = this.#script;
		const { books } = this.#executor;
		const hash = hashOf(unit);
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
		const record = unit.transactional ? books.recordStep(migration, finished) : void 0;
		if (record !== void 0) return this.#transaction(unit.sql, unit.needs, [record]);
		const context = {
			script: this.#script,
			executor: this.#executor,
			budget: this.#budget,
			account: this
		};
		const send = (one) => one.transactional ? this.#transaction(one.sql, one.needs, []) : this.#send(one);
		return runAlone(unit, finished, known, {
			...this.#policy,
			...context,
			send
		});
	}
	/** The migration's text together with its version row, which comes or, with a way back, goes. */
	#recorded(sql, needs) {
		const { migration, reversal } = this.#script;
		const { books } = this.#executor;
		const forget = forgetsSteps(this.#script) ? books.forgetSteps(migration) : void 0;
		const { guard, record } = bookkeeping(this.#script, this.#executor.ledger);
		return this.#transaction(sql, needs, [...forget === void 0 ? [] : [forget], ...record], guard, reversal?.checks);
	}
	async #transaction(sql, needs, record, guard = [], checks = []) {
		const { migration } = this.#script;
		const { ledger } = this.#executor;
		const compose = (limits, targets) => transactionMessage({
			reset: this.#reset && migration.transactional ? ledger.resetSession : [],
			limits,
			needs,
			stallBudgetMs: this.#policy.stallBudgetMs,
			targets,
			guard,
			checks,
			sql,
			closing: closingOf(ledger, record)
		});
		const end = await this.#attempt({
			needs,
			compose
		});
		if (end.outcome.state !== "done") return this.#errorOf(end, end.outcome);
		if (guard.length > 0 && this.#script.reversal === void 0 && this.#script.mark === void 0) ledger.recorded(migration, end.outcome.value);
	}
	/** A statement by itself, which no transaction of ours holds. */
	async #send(unit) {
		const end = await this.#attempt({
			needs: unit.session ? lockNeeds([]) : unit.needs,
			compose: () => aloneMessage(unit.sql),
			...unit.session ? {} : { limitSession: (ms) => this.#limitLocks(ms) }
		});
		return end.outcome.state === "done" ? void 0 : this.#errorOf(end, end.outcome);
	}
	async #attempt(request) {
		const { migration } = this.#script;
		const end = await sendWhenFree({
			...request,
			id: migration.id,
			budget: this.#budget
		}, {
			...this.#policy,
			executor: this.#executor
		});
		this.attempts += Math.max(0, end.attempts - 1);
		if (end.outcome.state === "done") this.made.push(...end.makes);
		return end;
	}
	async #limitLocks(ms) {
		await this.#executor.send(`set lock_timeout = '${ms}ms'`, AbortSignal.any([]));
	}
	async #resetSession() {
		const outcome = await this.#executor.send([
			"begin",
			...this.#executor.ledger.resetSession,
			"commit"
		].join(";\n"), AbortSignal.any([]));
		if (outcome.state === "lost") throw connectionLost(this.#script.migration, outcome.reason);
	}
	#errorOf(end, outcome) {
		const { migration, reversal, mark } = this.#script;
		const { lockBudgetMs, signal, showData } = this.#policy;
		if (outcome.state === "lost") return connectionLost(migration, outcome.reason);
		const { failure } = outcome;
		this.sqlstate = failure.sqlstate;
		if (signal.aborted) return interrupted();
		const kept = mark === void 0 ? keptText(migration, this.stepsDone, reversal !== void 0) : " Nothing was changed.";
		if (end.exhausted) {
			this.blockers = end.blockers;
			return lockNotObtained(migration, lockBudgetMs, end, kept);
		}
		const { guardAt, checks } = end.message;
		if (failure.sqlstate === "22012" && failure.completed === guardAt) return mark === void 0 ? ledgerMoved(migration) : movedBeforeMark(migration);
		const check = checks === void 0 ? -1 : failure.completed - checks.from;
		if (failure.sqlstate === "22012" && check >= 0 && check < (checks?.count ?? 0)) return lossChanged(migration);
		return migrationFailed(failure, {
			phase: migration.phase,
			place: placeOf(failure, end.message, this.#script),
			kept,
			showData,
			inFile: failure.position !== void 0,
			...mark === void 0 ? {} : { hint: markRefused },
			...reversal === void 0 ? {} : { hint: wayBackFailed(migration) }
		});
	}
};
// src/migration/preview.ts
/** The messages of one migration in order, as a first attempt would send them. */
async function previewScript(script, preview, stallBudgetMs) {
	const { migration, units, reversal, mark } = script;
	const { ledger, books } = preview;
	const transaction = async (sql, needs, record, guard, checks = []) => {
		const { targets } = await preview.survey(needs.first, []);
		return transactionMessage({
			reset: [],
			limits: {
				limitMs: 100,
				displace: void 0
			},
			needs,
			stallBudgetMs,
			targets: targets.filter(({ lockable }) => lockable),
			guard,
			checks,
			sql,
			closing: closingOf(ledger, record)
		}).text.text;
	};
	const own = bookkeeping(script, ledger);
	const nothing = MappedText.generated("");
	if (migration.transactional && mark === void 0) {
		const [unit] = units;
		const forget = forgetsSteps(script) ? books.forgetSteps(migration) : void 0;
		const record = [...forget === void 0 ? [] : [forget], ...own.record];
		return [await transaction(unit?.sql ?? nothing, unit?.needs ?? lockNeeds([]), record, own.guard, reversal?.checks)];
	}
	const messages = [];
	for (const [index, unit] of units.entries()) {
		const step = books.recordStep(migration, {
			index,
			hash: hashOf(unit),
			state: "finished"
		});
		messages.push(unit.transactional ? await transaction(unit.sql, unit.needs, step === void 0 ? [] : [step], []) : unit.sql.text);
	}
	const forget = books.forgetSteps(migration);
	const record = [...forget === void 0 ? [] : [forget], ...own.record];
	return [...messages, await transaction(nothing, lockNeeds([]), record, own.guard)];
}
// src/migration/lock-guard.ts
const pollMs = 100;
const blindPollMs = 1e3;
const keptWaits = 20;
/** Watches the queue for locks while a command runs whose statements nobody but itself knows. */
var LockGuard = class {
	#observer;
	#policy;
	#pids = /* @__PURE__ */ new Set();
	#elsewhere = /* @__PURE__ */ new Map();
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
			const { pids, elsewhere, waits } = await this.#observer.look();
			for (const pid of pids) this.#pids.add(pid);
			for (const [pid, database] of elsewhere) this.#elsewhere.set(pid, database);
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
			elsewhere: [...new Set(this.#elsewhere.values())].sort(),
			onlyElsewhere: this.#pids.size > 0 && this.#elsewhere.size === this.#pids.size,
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
/** Whether its row stays open, for the next run to close: the end could not be written, or is not there yet. */
function staysOpen({ error }) {
	return error?.code === "connection-lost" || error?.code === "run-in-progress";
}
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
	const left = stop.signal.aborted || end instanceof ReleaseError ? [] : await observer.leftAtWork(policy.signal).catch(() => []);
	const facts = {
		...guard.report,
		durationMs: Math.round(policy.now() - startedAt)
	};
	const ended = end instanceof ReleaseError ? void 0 : end;
	const stopped = !stop.signal.aborted ? void 0 : policy.signal.aborted ? "signal" : "budget";
	if (left.length > 0) return {
		...ended,
		...facts,
		error: stillAtWork(command, left)
	};
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
	if (exitCode === 0) return facts.onlyElsewhere ? workedElsewhere(command, facts) : void 0;
	const how = signal === void 0 ? `ended with exit status ${exitCode}` : `was ended by ${signal}, which Shiplock did not send,`;
	return new ReleaseError("migration-failed", `${name} ${how} after ${formatDuration(facts.durationMs)}.${lastWait(facts)}`, { hint: `Its output stands in the log, the last lines in the result. Correct the cause and run the same command again: ${itsTable}` });
}
function lastWait({ waits }) {
	const last = waits.at(-1);
	if (last === void 0) return "";
	return ` It last waited ${formatDuration(last.waitedMs)} for ${last.waitsFor}${last.heldBy.length === 0 ? "" : `, held by ${last.heldBy.join(" and ")}`}.`;
}
function stillAtWork(command, pids) {
	return new ReleaseError("run-in-progress", `${nameCommand(command)} has ended, and something that it left behind is still at work in the database (server process ${pids.join(", ")}).`, { hint: "Let the command end after everything that it starts. Run the same command again: it waits until that has ended." });
}
function workedElsewhere(command, { guarded, elsewhere }) {
	return new ReleaseError("wrong-database", `${nameCommand(command)} ended with exit status 0, and it worked elsewhere: ${plural(guarded, "connection")} to ${elsewhere.join(" and ")} ${guarded === 1 ? "was" : "were"} seen, and none to the database of this run.`, { hint: "What does the program take its connection from? A file of its own, such as a database.yml with a url, can take the place of DATABASE_URL. See what was changed there." });
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
function environmentOf(phase, { applicationName, encrypted }, { serverMajor }, { connection, tls, role }, inputs, { variables, log }) {
	const authority = inputs["database-ca"] ?? connection.sslrootcert;
	const stallBudgetMs = inputs["stall-budget"];
	for (const loss of guardLostBy(variables.DATABASE_URL)) log.warn(loss);
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
function guardCheck({ guarded, elsewhere, onlyElsewhere, cancelled, waitedMs, wasBlind }) {
	const id = "lock-guard";
	if (guarded === 0) return {
		id,
		status: "not-checked",
		message: "no connection of the command was seen: it made none, or only short ones, or its driver does not send PGAPPNAME"
	};
	const places = elsewhere.join(" and ");
	if (onlyElsewhere) return {
		id,
		status: "not-checked",
		value: guarded,
		message: `every connection that was seen went to ${places}`
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
		message: `${waited}, ${plural(cancelled, "statement")} cancelled${elsewhere.length === 0 ? "" : `; some of them were to ${places}, which this run is not for`}`
	};
}
function describeUnfinished({ phase, release, startedAt }) {
	return `the run of phase ${phase} for ${release}, started ${formatMoment(startedAt)}, ended before it could say what became of its command`;
}
// src/commands/run-policy.ts
/** How statements are run, whichever way they go. */
function runPolicy(inputs, { clock, log, signal }) {
	return {
		lockBudgetMs: inputs["lock-budget"],
		signal,
		now: () => clock.monotonic(),
		sleep: (ms, until) => clock.sleep(ms, until),
		showData: inputs["show-data"],
		stallBudgetMs: inputs["stall-budget"],
		progress: (line) => log.info(line),
		live: (line) => log.live(line)
	};
}
export { ledgerMoved as _, refuseTunnel as a, previewScript as c, transactionMessage as d, placeOf as f, keptText as g, interrupted as h, guardCheck as i, MigrationRun as l, connectionLost as m, describeUnfinished as n, runGuarded as o, booksLost as p, environmentOf as r, staysOpen as s, runPolicy as t, forgetsSteps as u, migrationFailed as v, overtaken as y };
