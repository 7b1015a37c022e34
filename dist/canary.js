import { Gt as formatMoment, Jt as plural, L as withDefaults, Qt as oneLine, R as atDeploy, Wt as formatDuration, fn as messageOf, un as ReleaseError, xt as nameCommand } from "./start.js";
import { a as round, o as stateOf } from "./robust.js";
import { i as turns, n as linesOf, r as baselineOf, t as judgeCheck } from "./judge.js";
import { $ as lastDeployed, G as refuseBarred, _t as databaseInputs, gt as databaseInputNames, t as checkIdentity, vt as lockInputNames, yt as lockPolicy } from "./migrations.js";
import { t as openDatabase } from "./open-database.js";
import { t as _usingCtx } from "./usingCtx.js";
import { t as defineCommand } from "./command.js";
import { setMaxListeners } from "node:events";
// src/canary/live-table.ts
const widestId = 24;
const widestLine = 80;
/** The lines of a log that show a watch as it goes: one for each check when it begins, then one a window. */
var LiveTable = class {
	#idWidth;
	#told = /* @__PURE__ */ new Map();
	constructor(ids) {
		this.#idWidth = Math.min(widestId, Math.max(...ids.map((id) => id.length)));
	}
	/** What is new since the last call for this check. */
	linesOf(verdict) {
		const { id, windows } = verdict;
		const told = this.#told.get(id);
		this.#told.set(id, windows.length);
		return [...told === void 0 ? [clip(`${short(id)}: ${beginning(verdict)}`)] : [], ...windows.slice(told ?? 0).map((window, index) => this.#row(verdict, window, (told ?? 0) + index + 1))];
	}
	#row({ id, expected, baseline }, { window, sample, mark }, number) {
		const at = new Date(window.endMs).toISOString().slice(11, 16);
		const name = short(id).padEnd(this.#idWidth);
		const place = `${number}/${expected}`.padStart(String(expected).length * 2 + 1);
		if (sample.state !== "value") return clip(`${at}  ${name}  ${place}  ${mark}: ${oneLine(stateOf(sample))}`);
		const ratio = baseline === void 0 || baseline.median === 0 ? "" : `${round(sample.value / baseline.median)} ×`;
		return clip(`${at}  ${name}  ${place}  ${round(sample.value).padStart(9)}  ${ratio.padStart(8)}  ${mark}`);
	}
};
function beginning({ baseline, lines, counted }) {
	if (counted !== void 0) return counted.usual === void 0 ? "no baseline" : `${counted.baselineLines} lines in ${counted.baselineWindows} windows before`;
	const limits = lines === void 0 ? "" : `suspicious beyond ${round(lines.hold)}, bad beyond ${round(lines.abort)}`;
	return [baseline === void 0 ? "no baseline" : `${round(baseline.median)} ± ${round(baseline.spread)} before`, limits].filter(Boolean).join(", ");
}
function short(id) {
	return id.length > widestId ? `${id.slice(0, 23)}…` : id;
}
function clip(line) {
	return line.length > widestLine ? `${line.slice(0, 79)}…` : line;
}
// src/canary/ask.ts
/** Connections at once: the database has other work. Sources over HTTP see to this themselves. */
const mostSessions = 2;
function asker(probes, signal) {
	const turn = turns(mostSessions);
	return async (check, windows, control) => {
		if (windows.length === 0) return [];
		const sample = async () => signal.aborted ? [] : sampleSafely(check, windows, control, probes, signal);
		const samples = await (check.sql === void 0 ? sample() : turn(sample));
		const answered = windows.map((window, index) => ({
			window,
			sample: samples[index] ?? missing
		}));
		const cut = signal.aborted ? answered.findIndex(({ sample }) => sample.state === "error") : -1;
		return cut < 0 ? answered : answered.slice(0, cut);
	};
}
const missing = {
	state: "error",
	message: "the source left this window out"
};
async function sampleSafely(check, windows, control, probes, signal) {
	try {
		return await probes.for(check).sample(check, windows, {
			control,
			signal
		});
	} catch (error) {
		const message = `Shiplock failed to ask: ${messageOf(error)}`;
		return windows.map(() => ({
			state: "error",
			message
		}));
	}
}
// src/canary/timeline.ts
/** The windows of a watch, from the end of the warm-up on; what is left of the duration is no window. */
function windowsOf(check, { deployedMs, warmupMs, durationMs }) {
	return tile(deployedMs + warmupMs, durationMs, withDefaults(check).windowMs);
}
const dayMs = 864e5;
/** What a watch is compared with, span by span: the oldest day first, the time before the deploy last. Each span is one request. */
function baselineSpans(check, timeline, { kind, days }) {
	const { windowMs } = withDefaults(check);
	const { deployedMs, warmupMs, durationMs } = timeline;
	const earlier = kind === "before" ? [] : Array.from({ length: days }, (_, index) => tile(deployedMs + warmupMs - (days - index) * dayMs, durationMs, windowMs));
	const count = Math.floor(durationMs / windowMs);
	const before = kind === "days" ? [] : [tile(deployedMs - count * windowMs, durationMs, windowMs)];
	return [...earlier, ...before].filter((span) => span.length > 0);
}
function tile(startMs, durationMs, windowMs) {
	return Array.from({ length: Math.floor(durationMs / windowMs) }, (_, index) => ({
		startMs: startMs + index * windowMs,
		endMs: startMs + (index + 1) * windowMs
	}));
}
// src/canary/watch.ts
/**
* Watches a release window by window. Ends early with an abort, never with a promote; a signal ends it as a hold. Windows
* that have passed already are asked for at once. Each check goes its own way, so that one whose source is slow delays none.
*/
async function watch(plan, tools) {
	const { checks } = plan;
	const over = new AbortController();
	setMaxListeners(0, over.signal);
	const stop = () => over.abort();
	if (tools.signal.aborted) stop();
	tools.signal.addEventListener("abort", stop, { once: true });
	const ask = asker(tools.probes, over.signal);
	const runs = checks.map((check) => new Run(check, plan));
	try {
		await Promise.all(runs.map((run) => follow(run, plan.settleMs, ask, over, tools)));
	} finally {
		tools.signal.removeEventListener("abort", stop);
	}
	const verdicts = runs.map((run) => run.verdict());
	const { decision, deciding } = conclude(checks, verdicts);
	const stopped = tools.signal.aborted;
	return {
		decision: stopped && decision === "promote" ? "hold" : decision,
		deciding,
		verdicts,
		complete: runs.every((run) => run.isOver()),
		stopped
	};
}
async function follow(run, settleMs, ask, over, { clock, seen }) {
	await run.compare(ask);
	while (!run.isOver() && !over.signal.aborted) {
		await clock.sleep(Math.max(0, run.nextEndMs() + settleMs - clock.now().getTime()), over.signal);
		if (over.signal.aborted) return;
		if (!await run.ask(clock.now().getTime() - settleMs, ask)) continue;
		const verdict = run.verdict();
		seen(verdict);
		if (verdict.decision === "abort" && !run.check["dry-run"]) over.abort();
	}
}
/** Abort before hold before what is not over yet before promote; a dry run counts for nothing. */
function conclude(checks, verdicts) {
	const counting = verdicts.filter((_, index) => checks[index]?.["dry-run"] !== true);
	const rank = ({ decision, pending }) => decision === "abort" ? 0 : pending ? 2 : 1;
	const [deciding] = counting.filter(({ decision }) => decision !== "promote").sort((one, other) => rank(one) - rank(other));
	return {
		decision: deciding?.decision ?? (counting.length === 0 ? "hold" : "promote"),
		deciding
	};
}
/** One check on its way through the watch. */
var Run = class {
	check;
	#windows;
	#spans;
	#control;
	#baseline = [];
	#seen = [];
	constructor(check, { timeline, baseline }) {
		this.check = check;
		this.#windows = windowsOf(check, timeline);
		this.#control = check.control !== void 0;
		this.#spans = check.baseline === "none" ? [] : baselineSpans(check, timeline, this.#control ? {
			kind: "before",
			days: 0
		} : baseline);
	}
	isOver() {
		return this.#seen.length >= this.#windows.length;
	}
	/** When the next window is over. */
	nextEndMs() {
		return this.#windows[this.#seen.length]?.endMs ?? Number.POSITIVE_INFINITY;
	}
	/** Asks for the baseline, a request a span. */
	async compare(ask) {
		for (const span of this.#spans) this.#baseline.push(...await ask(this.check, span, this.#control));
	}
	/**
	* Asks for every window that was over by then, in one request, and one more for the old version beside it. False when
	* there was none.
	*/
	async ask(untilMs, ask) {
		const due = this.#windows.slice(this.#seen.length).filter(({ endMs }) => endMs <= untilMs);
		if (due.length === 0) return false;
		if (this.#control) this.#baseline.push(...await ask(this.check, due, true));
		this.#seen.push(...await ask(this.check, due, false));
		return true;
	}
	verdict() {
		return judgeCheck({
			check: this.check,
			baseline: this.#baseline,
			windows: this.#seen,
			expected: this.#windows.length
		});
	}
};
// src/canary/backtest.ts
/**
* Judges a watch as if a release had gone live at each of the moments. `samples` are the check's windows of all that time,
* of the length that its windows have, found by their beginning.
*/
function backtest(check, moments, samples, plan) {
	const ends = {
		promote: 0,
		hold: 0,
		abort: 0,
		unknown: 0
	};
	for (const deployedMs of moments) {
		const timeline = {
			deployedMs,
			warmupMs: plan.warmupMs,
			durationMs: plan.durationMs
		};
		const find = (windows) => windows.flatMap(({ startMs }) => samples.get(startMs) ?? []);
		const windows = windowsOf(check, timeline);
		const seen = find(windows);
		const baseline = baselineSpans(check, timeline, plan.baseline).flatMap(find);
		if (seen.length < windows.length) ends.unknown++;
		else ends[decide(check, baseline, seen)]++;
	}
	return ends;
}
/** As the watch runs: it aborts at the first window that says so. */
function decide(check, baseline, windows) {
	const expected = windows.length;
	for (let seen = 2; seen < expected; seen++) if (judgeCheck({
		check,
		baseline,
		windows: windows.slice(0, seen),
		expected
	}).decision === "abort") return "abort";
	return judgeCheck({
		check,
		baseline,
		windows,
		expected
	}).decision;
}
const hourMs = 36e5;
/** Every hour of the days, and the windows that judging them takes, in the order of time. */
function backtestWindows(check, nowMs, days, plan) {
	const { windowMs } = withDefaults(check);
	const last = Math.floor((nowMs - plan.warmupMs - plan.durationMs) / hourMs) * hourMs;
	const moments = Array.from({ length: days * 24 }, (_, index) => last - (days * 24 - 1 - index) * hourMs);
	const earliest = Math.min(...moments.flatMap((deployedMs) => {
		const timeline = {
			deployedMs,
			warmupMs: plan.warmupMs,
			durationMs: plan.durationMs
		};
		return [windowsOf(check, timeline), ...baselineSpans(check, timeline, plan.baseline)].flatMap((span) => span[0]?.startMs ?? []);
	}));
	const count = Math.ceil((nowMs - earliest) / windowMs) - 1;
	return {
		moments,
		windows: Array.from({ length: Math.max(0, count) }, (_, index) => ({
			startMs: earliest + index * windowMs,
			endMs: earliest + (index + 1) * windowMs
		}))
	};
}
// src/commands/canary-backtest.ts
/** Windows of one request: sources refuse more than 11,000 points. */
const mostWindows = 2e3;
/** Measures how often a watch would have raised an alarm when nothing was released, at every hour of the earlier days. */
async function canaryBacktest(plan, probes, context) {
	const { warmupMs, durationMs } = plan.timeline;
	const rules = {
		warmupMs,
		durationMs,
		baseline: plan.baseline
	};
	const now = context.clock.now().getTime();
	const rows = [];
	for (const check of plan.checks) {
		const { moments, windows } = backtestWindows(check, now, plan.baseline.days, rules);
		const samples = /* @__PURE__ */ new Map();
		for (let from = 0; from < windows.length; from += mostWindows) {
			const part = windows.slice(from, from + mostWindows);
			const answers = await probes.for(check).sample(check, part, {
				control: false,
				signal: context.signal
			});
			for (const [index, window] of part.entries()) samples.set(window.startMs, {
				window,
				sample: answers[index] ?? { state: "empty" }
			});
		}
		const ends = backtest(check, moments, samples, rules);
		rows.push({
			id: check.id,
			...ends
		});
		context.log.info(`${check.id}: ${ends.promote} promote, ${ends.hold} hold, ${ends.abort} abort, ${ends.unknown} without data`);
	}
	const judged = rows.reduce((sum, { promote, hold, abort }) => sum + promote + hold + abort, 0);
	const alarms = rows.reduce((sum, { hold, abort }) => sum + hold + abort, 0);
	return {
		verdict: judged === 0 ? "inconclusive" : "pass",
		reason: judged === 0 ? "The sources hold too little history to judge a single watch." : `${alarms} of ${judged} watches would have raised an alarm although nothing was released: ${(100 * alarms / judged).toFixed(1)} %.`,
		outputs: {
			deciding: "",
			windows: judged
		},
		details: {
			backtest: rows,
			days: plan.baseline.days
		}
	};
}
// src/commands/canary-check-only.ts
/** Looks whether each check could be judged, and whether a watch could end in promote. */
async function canaryCheckOnly(plan, probes, context) {
	const examined = [];
	for (const check of plan.checks) {
		const one = await examine(check, plan, probes, context.signal);
		examined.push({
			id: check.id,
			query: probes.for(check).queryOf(check),
			...one
		});
		context.log.info(`${check.id}: ${one.problems.length === 0 ? "can be judged" : "cannot be judged"}`);
	}
	const counting = examined.filter((_, index) => plan.checks[index]?.["dry-run"] !== true);
	const open = counting.filter(({ problems }) => problems.length > 0);
	const reason = counting.length === 0 ? "Every check is a dry run: a watch could never end in promote." : open.length > 0 ? `${plural(open.length, "check")} of ${counting.length} cannot be judged: a watch could not end in promote.` : `${plural(counting.length, "check")} can be judged.`;
	return {
		verdict: counting.length > 0 && open.length === 0 ? "pass" : "inconclusive",
		reason,
		checks: examined.map(({ id, problems }, index) => {
			if (plan.checks[index]?.["dry-run"]) return {
				id,
				status: "not-checked",
				message: "a dry run"
			};
			return problems.length === 0 ? {
				id,
				status: "pass"
			} : {
				id,
				status: "fail",
				message: problems.join(" ")
			};
		}),
		outputs: {
			deciding: open[0]?.id ?? "",
			windows: examined.reduce((sum, { windows }) => sum + windows, 0)
		},
		details: {
			checkOnly: true,
			examined
		}
	};
}
async function examine(check, plan, probes, signal) {
	const probe = probes.for(check);
	const control = check.control !== void 0;
	const spans = baselineSpans(check, plan.timeline, control ? {
		kind: "before",
		days: 0
	} : plan.baseline);
	const found = await probe.examine(check, spans.at(-1) ?? [], signal);
	const samples = [];
	for (const span of spans) {
		const answers = await probe.sample(check, span, {
			control,
			signal
		});
		samples.push(...span.map((window, index) => ({
			window,
			sample: answers[index] ?? { state: "empty" }
		})));
	}
	const windows = samples.filter(({ sample }) => sample.state === "value").length;
	return {
		...found,
		windows,
		problems: [...found.problems, ...withoutEvidence(check, samples)]
	};
}
function withoutEvidence(check, samples) {
	if (check.baseline === "none") return [];
	const { minRequests } = withDefaults(check);
	const values = samples.flatMap(({ sample }) => sample.state === "value" ? [sample] : []);
	if (values.length < 5) return [`The baseline has a value in ${values.length} of ${samples.length} windows; 5 are needed.`];
	if (check.kind === "logs") return [];
	const poor = values.filter(({ requests }) => requests !== void 0 && requests < minRequests).length;
	if (poor * 2 > values.length) return [`${poor} of ${values.length} windows of the baseline have fewer than ${minRequests} requests: a watch would have nothing to judge.`];
	const lines = linesOf(check, baselineOf(samples, check.direction));
	return lines === void 0 || Number.isFinite(lines.abort) ? [] : ["No value could ever be beyond its abort line."];
}
// src/canary/redact-line.ts
const longestLine = 300;
/** What logs hold and reports must not: who it was, and what opens doors. Known secrets are taken out later, everywhere. */
const patterns = [
	[/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, "$1***@"],
	[/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, "***@***"],
	[/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, "***"],
	[/\b(bearer|basic)\s+[\w.~+/=-]+/gi, "$1 ***"],
	[/(["']?\b[\w-]*(?:passw(?:or)?d|passwd|pwd|secret|token|api[_-]?key|authorization|cookie|session)[\w-]*["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&}]+)/gi, "$1***"],
	[/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, "*.*.*.*"],
	[/\b(?:\d[ -]?){12,18}\d\b/g, "***"],
	[/\b[A-Za-z0-9+/_-]{32,}={0,2}/g, "***"]
];
/** A line of the team's log as it may stand in a report: shortened, without addresses, keys, cards and long numbers. */
function redactLine(line) {
	const clean = patterns.reduce((text, [pattern, by]) => text.replace(pattern, by), line.slice(0, 4 * longestLine));
	return clean.length > longestLine ? `${clean.slice(0, longestLine)} …` : clean;
}
// src/commands/canary-lines.ts
const mostLines = 5;
/** Lines of the window that has the most, of a check of kind logs that does not promote. They are for people, and change no verdict. */
async function sampleLines(check, verdict, probes, context) {
	const { decision, windows } = verdict;
	const counts = windows.map(({ sample }) => sample.state === "value" ? sample.value : 0);
	const worst = windows[counts.indexOf(Math.max(0, ...counts))];
	const probe = probes.for(check);
	if (decision === "promote" || check.kind !== "logs" || probe.lines === void 0 || worst === void 0 || !counts.some((count) => count > 0)) return [];
	if (context.signal.aborted) return [];
	try {
		return (await probe.lines(check, worst.window, mostLines, context.signal)).slice(0, mostLines).map(redactLine);
	} catch (error) {
		context.log.warn(`${check.id}: the lines could not be read: ${messageOf(error)}`);
		return [];
	}
}
// src/commands/canary-outcome.ts
/** The one reason for the verdict. */
function reasonOf({ decision, deciding, verdicts, stopped }) {
	const reason = deciding !== void 0 ? `${deciding.id}: ${deciding.reason}` : decision === "promote" ? `${plural(verdicts.length, "check")}, and none of them holds or aborts.` : stopped ? "" : "No check counts for the verdict: all of them are dry runs.";
	return stopped ? `The watch was stopped by a signal. ${reason}`.trim() : reason;
}
function canaryOutcome(ended, { checks, timeline, baseline, settleMs }, probes, context) {
	const { end, record, lines, onHold } = ended;
	const { deciding, verdicts, complete, stopped } = end;
	return {
		verdict: decisionOf(ended),
		reason: record.beforeDeploy ?? reasonOf(end),
		...isForgiven(ended) ? { exitCode: 0 } : {},
		checks: verdicts.map((one, index) => ({
			id: one.id,
			status: checks[index]?.["dry-run"] || one.pending ? "not-checked" : one.decision === "promote" ? "pass" : "fail",
			message: one.reason
		})),
		outputs: {
			deciding: deciding?.id ?? "",
			windows: verdicts.reduce((sum, { usable }) => sum + usable, 0)
		},
		details: {
			complete,
			stopped,
			onHold,
			deciding: deciding?.id,
			deployedAt: new Date(timeline.deployedMs).toISOString(),
			warmupMs: timeline.warmupMs,
			durationMs: timeline.durationMs,
			settleMs,
			baseline,
			watchedMs: watchedMs(end, timeline.deployedMs + timeline.warmupMs),
			record,
			watched: verdicts.map((one, index) => {
				const check = checks[index];
				return {
					...one,
					kind: check.kind,
					dryRun: check["dry-run"],
					direction: check.direction,
					query: probes.for(check).queryOf(check),
					sampleLines: (lines.get(one.id) ?? []).map((line) => context.redact(line))
				};
			})
		}
	};
}
function decisionOf({ end, record }) {
	return record.beforeDeploy === void 0 ? end.decision : "hold";
}
/** A hold is let through only when it was noted: what bars the post phase must not get lost. A signal is never let through. */
function isForgiven(ended) {
	const { end, record, onHold, hasDatabase } = ended;
	const isKept = record.noted || record.postBarred === false || !hasDatabase;
	return decisionOf(ended) === "hold" && onHold === "warn" && !end.stopped && isKept;
}
function watchedMs({ verdicts }, fromMs) {
	return Math.max(0, ...verdicts.map(({ windows }) => (windows.at(-1)?.window.endMs ?? fromMs) - fromMs));
}
/**
* Why a watch says nothing of the release that is live: its windows begin before that was recorded as deployed, and show the
* code of before. `undefined` when they do not.
*/
function whyBeforeDeploy({ verdicts }, { release, at }) {
	const startMs = Math.min(...verdicts.flatMap(({ windows }) => windows[0]?.window.startMs ?? []));
	if (!(startMs < at.getTime() - 6e4)) return void 0;
	return `The first window begins on ${formatMoment(new Date(startMs))}, before ${release} was recorded as deployed on ${formatMoment(at)}: it shows the code of before.`;
}
// src/canary/in-environment.ts
const queries = [
	"prometheus",
	"requests",
	"control",
	"loki",
	"live"
];
/**
* A check's queries with the name of the environment in the place of `$environment`: one list of checks serves all of them.
* SQL asks the database of the environment, and needs none.
*/
function inEnvironment(check, environment) {
	const filled = queries.flatMap((part) => {
		const query = check[part];
		return query === void 0 ? [] : [[part, query.replaceAll("$environment", () => environment)]];
	});
	return {
		...check,
		...Object.fromEntries(filled)
	};
}
// src/commands/canary-plan.ts
/** What is watched, and when. Throws `invalid-input` for what could never be a watch. */
function canaryPlan(checks, inputs, { clock, environment }) {
	const now = clock.now().getTime();
	const { since, "deployed-at": deployedAt } = inputs;
	if (since !== void 0 && deployedAt !== void 0) throw new ReleaseError("invalid-input", "since and deployed-at both say when the watch begins.", { hint: "Give one of them." });
	const deployedMs = momentMs(since ?? deployedAt, now);
	if (deployedAt !== void 0 && deployedMs > now + 6e4) throw new ReleaseError("invalid-input", `deployed-at lies ${formatDuration(deployedMs - now)} in the future.`, { hint: "Give the time at which the deploy ended, with its time zone, such as 2026-11-21T14:00:00Z; start the canary after the deploy." });
	const timeline = {
		deployedMs,
		warmupMs: inputs.warmup,
		durationMs: inputs.duration
	};
	const endMs = deployedMs + inputs.warmup + inputs.duration + inputs.settle;
	if (since !== void 0 && endMs > now) throw new ReleaseError("invalid-input", "The watch that since names is not over yet.", { hint: "Name a time at least duration, warmup and settle ago; or use deployed-at, which waits for the rest." });
	for (const check of checks) {
		if (windowsOf(check, timeline).length >= 2) continue;
		throw new ReleaseError("invalid-input", `The duration has no room for two windows of the check ${check.id}.`, { hint: `Its windows have ${formatDuration(withDefaults(check).windowMs)}: raise duration, or lower window.` });
	}
	return {
		checks: checks.map((check) => inEnvironment(atDeploy(check, deployedMs), environment)),
		timeline,
		baseline: {
			kind: inputs.baseline,
			days: inputs["baseline-days"]
		},
		settleMs: inputs.settle
	};
}
function momentMs(moment, now) {
	if (moment === void 0) return now;
	return "at" in moment ? moment.at : now - moment.agoMs;
}
/** Throws `invalid-input` when there is no check, or two have one name. */
function namedChecks(checks) {
	if (checks === void 0) throw new ReleaseError("invalid-input", "There is nothing to watch: no check was given.", { hint: "Write canary.checks in shiplock.yml; docs/canary.md has one of each kind to start from." });
	const twice = checks.find(({ id }, index) => checks.findIndex((one) => one.id === id) !== index);
	if (twice === void 0) return checks;
	throw new ReleaseError("invalid-input", `Two checks have the name ${twice.id}.`, { hint: "Give each check of canary.checks a name of its own." });
}
// src/commands/canary-record.ts
/** A runner kills us 7.5 s after its signal, and the result is written before. */
const graceMs$1 = 3e3;
/**
* Notes the verdict in the history, where an abort or a hold bars the post phase; a promote from windows of before the last
* deploy is noted as a hold. Never rejects: a verdict that could not
* be noted is a verdict all the same.
*/
async function recordCanary(end, reason, target, inputs, context) {
	if (target === void 0) return {
		...unknown,
		why: "no database was given"
	};
	try {
		return await withinGrace(context, async (signal) => {
			try {
				var _usingCtx$2 = _usingCtx();
				return await note(end, reason, _usingCtx$2.a(await openDatabase(target, inputs, context)), inputs, {
					...context,
					signal
				});
			} catch (_) {
				_usingCtx$2.e = _;
			} finally {
				await _usingCtx$2.d();
			}
		});
	} catch (error) {
		const why = context.redact(messageOf(error));
		context.log.warn(`the verdict was not noted in the history: ${why}`);
		return {
			...unknown,
			why
		};
	}
}
const unknown = {
	noted: false,
	why: void 0,
	beforeDeploy: void 0,
	postBarred: void 0,
	live: void 0,
	before: void 0
};
async function note(end, reason, database, inputs, context) {
	if (await checkIdentity(database, context) === void 0) return {
		...unknown,
		postBarred: false,
		why: "no migration has run here yet, so that there is no history"
	};
	await database.lock(context.project, lockPolicy(inputs, context));
	const live = lastDeployed((await database.state.history()).rows);
	const beforeDeploy = end.decision === "promote" && live !== void 0 ? whyBeforeDeploy(end, live) : void 0;
	const verdict = beforeDeploy === void 0 ? end.decision : "hold";
	await database.state.recordCanary({
		verdict,
		reason: context.redact(beforeDeploy ?? reason),
		accepted: false
	});
	const { rows } = await database.state.history();
	return {
		noted: true,
		why: void 0,
		beforeDeploy,
		postBarred: isBarred(rows),
		live: live === void 0 ? void 0 : {
			release: live.release,
			at: live.at.toISOString()
		},
		before: live === void 0 ? void 0 : lastDeployed(rows.filter((row) => row.release !== live.release))?.release
	};
}
function isBarred(rows) {
	try {
		refuseBarred(rows, lastDeployed(rows));
		return false;
	} catch (error) {
		if (error instanceof ReleaseError) return true;
		throw error;
	}
}
/** Gives the work a few seconds more when a signal stops the run, or has stopped it. */
async function withinGrace({ signal, clock }, work) {
	const [late, done] = [new AbortController(), new AbortController()];
	let begin = () => {};
	const givenUp = new Promise((_, reject) => {
		begin = () => void clock.sleep(graceMs$1, done.signal).then(() => {
			late.abort();
			reject(/* @__PURE__ */ new Error("the run was stopped before it could be noted"));
		});
	});
	givenUp.catch(() => {});
	if (signal.aborted) begin();
	else signal.addEventListener("abort", begin, { once: true });
	try {
		return await Promise.race([work(late.signal), givenUp]);
	} finally {
		done.abort();
		signal.removeEventListener("abort", begin);
	}
}
// src/commands/canary-sources.ts
const parts = [
	"url",
	"token",
	"user",
	"password",
	"headers",
	"tenant",
	"ca"
];
const sourceInputNames = [
	...parts.map((part) => `prometheus-${part}`),
	...parts.map((part) => `loki-${part}`),
	"allow-warnings"
];
/** The sources that the checks ask. Throws `invalid-input` for one that was not given. */
async function sourcesFor(checks, inputs, database, context) {
	const asks = (source) => checks.find((check) => check[source] !== void 0)?.id;
	const [prometheus, loki] = [await metricsSource("prometheus", inputs, context), await metricsSource("loki", inputs, context)];
	const missing = [
		prometheus === void 0 ? [asks("prometheus"), "prometheus-url"] : [],
		loki === void 0 ? [asks("loki"), "loki-url"] : [],
		database === void 0 ? [asks("sql"), "database-url"] : []
	].filter(([id]) => id !== void 0);
	if (missing.length > 0) throw new ReleaseError("invalid-input", missing.map(([id, name]) => `The check ${id} needs ${name}.`).join(" "), { hint: "Give it as input, flag or in shiplock.yml; database-url as DATABASE_URL." });
	return {
		prometheus,
		loki,
		database,
		allowWarnings: inputs["allow-warnings"]
	};
}
async function metricsSource(kind, inputs, context) {
	const url = inputs[`${kind}-url`];
	if (url === void 0) return void 0;
	const [token, user, password] = [
		inputs[`${kind}-token`],
		inputs[`${kind}-user`],
		inputs[`${kind}-password`]
	];
	if (user === void 0 !== (password === void 0) || token !== void 0 && user !== void 0) throw new ReleaseError("invalid-input", `Sign in to ${kind} with ${kind}-token, or with ${kind}-user and ${kind}-password.`, { hint: "Grafana Cloud takes the number of the instance as user, and an access policy token as password." });
	const tenant = inputs[`${kind}-tenant`];
	return {
		url: url.replace(/\/+$/, ""),
		headers: {
			...token === void 0 ? {} : { authorization: `Bearer ${token}` },
			...user === void 0 ? {} : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` },
			...tenant === void 0 ? {} : { "x-scope-orgid": tenant },
			...inputs[`${kind}-headers`]
		},
		ca: await context.readAuthority(inputs[`${kind}-ca`])
	};
}
// src/commands/canary-traffic.ts
const graceMs = 1e3;
/** Runs the team's command that makes traffic for as long as the watch lasts. */
async function withTraffic(command, context, work) {
	if (command === void 0) return work();
	const stop = new AbortController();
	const interrupt = () => stop.abort();
	context.signal.addEventListener("abort", interrupt, { once: true });
	const running = context.runTeamProgram(command, {
		env: {},
		signal: stop.signal
	}).then(({ exitCode }) => {
		if (!stop.signal.aborted) context.log.warn(`${nameCommand(command)} ended with ${exitCode ?? "a signal"} before the watch did: the traffic that it made is over`);
	}, (error) => {
		stop.abort();
		throw error;
	});
	running.catch(() => {});
	try {
		const failed = running.then(() => new Promise(() => {}));
		return await Promise.race([work(), failed]);
	} finally {
		stop.abort();
		context.signal.removeEventListener("abort", interrupt);
		const ended = running.catch(() => {});
		await (context.signal.aborted ? Promise.race([ended, context.clock.sleep(graceMs)]) : ended);
	}
}
// src/commands/canary.ts
var canary_default = defineCommand({
	summary: "Watch a release on metrics, logs and SQL beside what was normal before: promote, hold or abort.",
	inputs: [
		...databaseInputNames,
		...lockInputNames,
		"canary-checks",
		...sourceInputNames,
		"duration",
		"warmup",
		"settle",
		"baseline",
		"baseline-days",
		"deployed-at",
		"since",
		"check-only",
		"backtest",
		"traffic",
		"on-hold"
	],
	optional: ["database-url", "canary-checks"],
	outputs: {
		deciding: "The check that decided; empty when all of them promote.",
		windows: "How many windows were judged, of all checks together."
	},
	async run(inputs, context) {
		try {
			var _usingCtx$1 = _usingCtx();
			const checks = namedChecks(inputs["canary-checks"]);
			const url = inputs["database-url"];
			const database = _usingCtx$1.a(url === void 0 ? void 0 : await databaseInputs({
				...inputs,
				"database-url": url
			}, context));
			const probes = _usingCtx$1.a(await context.openProbes(await sourcesFor(checks, inputs, database, context)));
			const plan = canaryPlan(checks, inputs, context);
			if (inputs["check-only"]) return canaryCheckOnly(plan, probes, context);
			if (inputs.backtest) return canaryBacktest(plan, probes, context);
			const { clock, signal, log } = context;
			const table = new LiveTable(checks.map(({ id }) => id));
			const seen = (verdict) => {
				for (const line of table.linesOf(verdict)) log.info(line);
			};
			const end = await withTraffic(inputs.traffic, context, () => watch(plan, {
				probes,
				clock,
				signal,
				seen
			}));
			const record = await recordCanary(end, reasonOf(end), database, inputs, context);
			const lines = /* @__PURE__ */ new Map();
			for (const [index, verdict] of end.verdicts.entries()) {
				const check = plan.checks[index];
				if (check !== void 0) lines.set(check.id, await sampleLines(check, verdict, probes, context));
			}
			return canaryOutcome({
				end,
				record,
				lines,
				onHold: inputs["on-hold"],
				hasDatabase: database !== void 0
			}, plan, probes, context);
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
export { canary_default as default };
