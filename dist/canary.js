import { n as withDefaults } from "./check.js";
import { r as messageOf, t as ReleaseError } from "./errors.js";
import { s as plural } from "./units.js";
import { c as lockInputNames, l as lockPolicy, o as databaseInputNames, s as databaseInputs } from "./drill-record.js";
import { t as checkIdentity } from "./migration-state.js";
import { t as openDatabase } from "./open-database.js";
import { t as _usingCtx } from "./usingCtx.js";
import { t as nameCommand } from "./argument-list.js";
import { t as defineCommand } from "./command.js";
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
// src/canary/verdict.ts
/** The states of the windows that could not be judged, the most frequent first. */
function whyUnusable(windows) {
	const counts = /* @__PURE__ */ new Map();
	for (const { mark, sample } of windows) {
		if (mark !== "unusable") continue;
		const why = sample.state === "error" ? sample.message : states[sample.state];
		counts.set(why, (counts.get(why) ?? 0) + 1);
	}
	return [...counts].sort((one, other) => other[1] - one[1]).map(([why, count]) => `${count} × ${why}`).join(", ") || "the last one is missing";
}
const states = {
	value: "too few requests",
	empty: "no data",
	nan: "not a number",
	stale: "old data",
	saturated: "beyond the largest bucket of the histogram",
	"too-little-traffic": "too few requests"
};
/** Four digits, as people compare them. */
function round(value) {
	return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}
// src/canary/robust.ts
/** The middle value; of an even number, the mean of the two. NaN of none. */
function median(values) {
	if (values.length === 0) return NaN;
	const sorted = [...values].sort((one, other) => one - other);
	const half = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
/** Median absolute deviation, times 1.4826 so that it estimates the standard deviation of normal values. */
function spread(values) {
	const middle = median(values);
	return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
}
/** Median of the slopes between all pairs, in units a step: a trend that single outliers do not make (Theil, Sen). */
function slope(values) {
	const slopes = [];
	for (let one = 0; one < values.length; one++) for (let other = one + 1; other < values.length; other++) slopes.push((values[other] - values[one]) / (other - one));
	return slopes.length === 0 ? 0 : median(slopes);
}
/**
* Probability of at least `count` of `total` events, when each falls into the watch with the probability `share`: the
* exact conditional test of two Poisson rates (Przyborowski and Wilenski, 1940).
*/
function chanceOfAtLeast(count, total, share) {
	if (count <= 0) return 1;
	let sum = 0;
	for (let events = count; events <= total; events++) {
		const term = Math.exp(logBinomial(total, events) + events * Math.log(share) + (total - events) * Math.log1p(-share));
		sum += term;
		if (events > total * share && term < sum * 1e-12) break;
	}
	return Math.min(1, sum);
}
function logBinomial(total, chosen) {
	return logFactorial(total) - logFactorial(chosen) - logFactorial(total - chosen);
}
/** Stirling's series, exact to ten digits from 16 on. */
function logFactorial(value) {
	if (value < 16) {
		let product = 1;
		for (let factor = 2; factor <= value; factor++) product *= factor;
		return Math.log(product);
	}
	const inverse = 1 / value;
	return (value + .5) * Math.log(value) - value + .5 * Math.log(2 * Math.PI) + inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260;
}
/** `undefined` when too few windows have a value. */
function baselineOf(samples, direction) {
	const values = samples.flatMap(({ sample }) => sample.state === "value" ? [sample.value] : []);
	if (values.length < 5) return void 0;
	const middle = median(values);
	const deviation = spread(values);
	const isOutlier = (value) => isFarOff(value, middle, deviation, direction);
	const usual = values.filter((value) => !isOutlier(value));
	return {
		windows: values.length,
		asked: samples.length,
		median: middle,
		spread: deviation,
		worst: direction === "up" ? Math.max(...usual) : Math.min(...usual),
		outliers: values.length - usual.length
	};
}
/** Beyond six robust deviations and beyond the double: an incident, and not the tail of what is normal. */
function isFarOff(value, middle, deviation, direction) {
	return Math.abs(value - middle) > 6 * deviation && (direction === "up" ? value > 2 * middle : value < middle / 2);
}
// src/canary/judge-logs.ts
/** Lines are rare: fewer than these say nothing. */
const fewestLines = 5;
const significance = .01;
/**
* Lines that should not be there. With a baseline: suspicious when so many would come by chance at most once in a
* hundred watches, are at least 5, and twice the baseline's rate; bad when two windows in a row are so by themselves. Of a
* pattern that the baseline has never seen, one line is suspicious and three are bad.
*/
function judgeLogs({ check, baseline: before, windows, expected }) {
	const earlier = tally(before);
	const judged = windows.map((one) => ({
		...one,
		mark: markOf$1(one, earlier, check.max)
	}));
	const usable = judged.filter(({ mark }) => mark !== "unusable").length;
	const seen = tally(windows);
	const rate = earlier.ms === 0 ? void 0 : earlier.lines / earlier.ms * seen.ms;
	const facts = {
		id: check.id,
		windows: judged,
		usable,
		expected,
		baseline: void 0,
		lines: void 0,
		ratio: rate ? seen.lines / rate : void 0
	};
	const expectedLines = rate === void 0 ? "none" : String(Math.round(rate * 10) / 10);
	const otherwise = `${expectedLines} lines are usual in this time.`;
	const needed = Math.ceil(expected * 5 / 6);
	if (earlier.ms === 0 && check.max === void 0) return {
		...facts,
		decision: "hold",
		reason: "There is no baseline: no window before the deploy could be read.",
		otherwise: "A baseline, or max."
	};
	if (earlier.lines === 0 && check.max === void 0 && seen.lines >= 3) return {
		...facts,
		decision: "abort",
		reason: `${seen.lines} lines of a kind that the baseline has never seen.`,
		otherwise: "At most 2 such lines."
	};
	if (judged.some(({ mark }, index) => mark === "bad" && judged[index + 1]?.mark === "bad")) return {
		...facts,
		decision: "abort",
		reason: `Two windows in a row have far more lines than the baseline: ${seen.lines} so far.`,
		otherwise
	};
	if (windows.length < expected) return {
		...facts,
		decision: "hold",
		reason: `The watch is not over: ${windows.length} of ${expected} windows.`,
		otherwise: "The rest of the watch."
	};
	if (usable < needed || judged.at(-1)?.mark === "unusable") return {
		...facts,
		decision: "hold",
		reason: `${usable} of ${expected} windows can be judged, ${needed} are needed: ${whyUnusable(judged)}.`,
		otherwise
	};
	if (isExcess(seen, earlier, check.max)) return {
		...facts,
		decision: "hold",
		reason: `${seen.lines} lines, where ${expectedLines} are usual.`,
		otherwise
	};
	return {
		...facts,
		decision: "promote",
		reason: `${seen.lines} lines, where ${expectedLines} are usual.`,
		otherwise
	};
}
function tally(samples) {
	const counted = samples.flatMap(({ window, sample }) => sample.state === "value" ? [{
		lines: sample.value,
		ms: window.endMs - window.startMs
	}] : []);
	return {
		lines: counted.reduce((sum, { lines }) => sum + lines, 0),
		ms: counted.reduce((sum, { ms }) => sum + ms, 0)
	};
}
function markOf$1(one, earlier, max) {
	if (one.sample.state !== "value" || !Number.isFinite(one.sample.value)) return "unusable";
	return isExcess(tally([one]), earlier, max) ? "bad" : "good";
}
function isExcess(seen, earlier, max) {
	if (max !== void 0 && seen.lines > max) return true;
	if (earlier.ms === 0) return false;
	if (earlier.lines === 0) return seen.lines >= 1;
	const share = seen.ms / (seen.ms + earlier.ms);
	const often = seen.lines / seen.ms >= 2 * earlier.lines / earlier.ms;
	return seen.lines >= fewestLines && often && chanceOfAtLeast(seen.lines, seen.lines + earlier.lines, share) <= significance;
}
// src/canary/lines.ts
/**
* hold = max(ratio × median, median + 3 deviations, floor); abort = max(ratio × median, 1.25 × the baseline's worst, hold).
* Mirrored where less is worse. An absolute limit of the check lowers both. Without a baseline only that limit is left.
*/
function linesOf(check, baseline) {
	const { holdRatio, abortRatio, floor } = withDefaults(check);
	const limit = check.max ?? Number.POSITIVE_INFINITY;
	if (baseline === void 0) return check.max === void 0 ? void 0 : {
		hold: limit,
		abort: limit
	};
	const { median, spread, worst } = baseline;
	if (check.direction === "down") {
		const hold = Math.min(median / holdRatio, median - 3 * spread);
		return {
			hold,
			abort: Math.min(median / abortRatio, worst / 1.25, hold)
		};
	}
	const hold = Math.max(holdRatio * median, median + 3 * spread, floor);
	const abort = Math.max(abortRatio * median, 1.25 * worst, hold);
	return {
		hold: Math.min(hold, limit),
		abort: Math.min(abort, limit)
	};
}
// src/canary/judge.ts
/** Judges one check from what was seen so far. A watch that is not over is never `promote`, unless `expected` windows are there. */
function judgeCheck(watched) {
	return watched.check.kind === "logs" ? judgeLogs(watched) : judgeValues(watched);
}
function judgeValues({ check, baseline: before, windows, expected }) {
	const baseline = check.baseline === "none" ? void 0 : baselineOf(before, check.direction);
	const lines = linesOf(check, baseline);
	const judged = windows.map((one) => ({
		...one,
		mark: markOf(one.sample, lines, check)
	}));
	const usable = judged.filter(({ mark }) => mark !== "unusable");
	const values = usable.flatMap(({ sample }) => sample.state === "value" ? [sample.value] : []);
	const ratio = baseline === void 0 || values.length === 0 || baseline.median === 0 ? void 0 : median(values) / baseline.median;
	const facts = {
		id: check.id,
		windows: judged,
		usable: usable.length,
		expected,
		baseline,
		lines,
		ratio
	};
	return {
		...facts,
		...decide$1(check, facts, values)
	};
}
/** Compared only as numbers that are there: a NaN is above no line, and no good news either. */
function markOf(sample, lines, check) {
	if (sample.state !== "value" || !Number.isFinite(sample.value) || lines === void 0) return "unusable";
	const { minRequests } = withDefaults(check);
	if (sample.requests !== void 0 && sample.requests < minRequests) return "unusable";
	const beyond = (line) => check.direction === "up" ? sample.value > line : sample.value < line;
	return beyond(lines.abort) ? "bad" : beyond(lines.hold) ? "suspicious" : "good";
}
function decide$1(check, facts, values) {
	const { windows, usable, expected, lines } = facts;
	if (lines === void 0) return {
		decision: "hold",
		reason: "There is no baseline: too few windows before the deploy have a value.",
		otherwise: "A baseline of at least 5 windows, or baseline: none with max."
	};
	const bad = windows.findIndex(({ mark }, index) => mark === "bad" && windows[index + 1]?.mark === "bad");
	if (bad >= 0) return {
		decision: "abort",
		reason: `Two windows in a row are beyond ${round(lines.abort)}: ${round(numberIn(windows[bad]))} and ${round(numberIn(windows[bad + 1]))}.`,
		otherwise: `No two windows in a row beyond ${round(lines.abort)}.`
	};
	if (windows.length < expected) return {
		decision: "hold",
		reason: `The watch is not over: ${windows.length} of ${expected} windows.`,
		otherwise: "The rest of the watch."
	};
	const needed = Math.ceil(expected * 5 / 6);
	if (usable < needed || windows.at(-1)?.mark === "unusable") return {
		decision: "hold",
		reason: `${usable} of ${expected} windows can be judged, ${needed} are needed${usable >= needed ? ", the last among them" : ""}: ${whyUnusable(windows)}.`,
		otherwise: `At least ${needed} windows with a value, the last among them.`
	};
	const suspicious = windows.filter(({ mark }) => mark === "suspicious" || mark === "bad").length;
	const tolerated = Math.max(2, Math.ceil(expected / 3)) - 1;
	if (suspicious > tolerated) return {
		decision: "hold",
		reason: `${suspicious} of ${expected} windows are beyond ${round(lines.hold)}.`,
		otherwise: `At most ${tolerated} of ${expected} windows beyond ${round(lines.hold)}.`
	};
	if (check.kind === "gauge" && isGrowing(values, facts.baseline)) return {
		decision: "hold",
		reason: `It grows from window to window, and is at twice the baseline or more: ${values.slice(-2).map(round).join(", then ")}.`,
		otherwise: "A level that falls in one of the last two windows, or stays below twice the baseline."
	};
	return {
		decision: "promote",
		reason: `${usable} of ${expected} windows were judged, ${suspicious} of them beyond ${round(lines.hold)}.`,
		otherwise: `Two windows in a row beyond ${round(lines.abort)} abort; ${tolerated + 1} beyond ${round(lines.hold)} hold.`
	};
}
function isGrowing(values, baseline) {
	const [earlier = 0, before = 0, last = 0] = values.slice(-3);
	return baseline !== void 0 && values.length >= 3 && slope(values) > 0 && last >= 2 * baseline.median && last > 0 && before >= earlier && last >= before;
}
function numberIn(window) {
	return window?.sample.state === "value" ? window.sample.value : NaN;
}
// src/canary/watch.ts
/**
* Watches a release window by window. Ends early with an abort, never with a promote; a signal ends it as a hold. Windows
* that have passed already are asked for at once.
*/
async function watch(plan, tools) {
	const { clock, signal } = tools;
	const runs = await Promise.all(plan.checks.map((check) => startRun(check, plan, tools)));
	for (;;) {
		const now = clock.now().getTime();
		const due = runs.filter((run) => run.dueMs(plan.settleMs) <= now);
		await Promise.all(due.map((run) => run.ask(now - plan.settleMs, tools)));
		const verdicts = runs.map((run) => run.verdict());
		if (due.length > 0) tools.seen(verdicts);
		const complete = runs.every((run) => run.isOver());
		if (complete || signal.aborted || conclude(plan.checks, verdicts).decision === "abort") return {
			...conclude(plan.checks, verdicts),
			verdicts,
			complete
		};
		const next = Math.min(...runs.filter((run) => !run.isOver()).map((run) => run.dueMs(plan.settleMs)));
		await clock.sleep(Math.max(0, next - clock.now().getTime()), signal);
	}
}
/** Abort before hold before promote; a dry run counts for nothing. */
function conclude(checks, verdicts) {
	const counting = verdicts.filter((_, index) => checks[index]?.["dry-run"] !== true);
	const deciding = ["abort", "hold"].flatMap((decision) => counting.filter((one) => one.decision === decision))[0];
	return {
		decision: deciding?.decision ?? (counting.length === 0 ? "hold" : "promote"),
		deciding
	};
}
async function startRun(check, plan, { probes, signal }) {
	const control = check.control !== void 0;
	const spans = check.baseline === "none" ? [] : baselineSpans(check, plan.timeline, control ? {
		kind: "before",
		days: 0
	} : plan.baseline);
	const baseline = [];
	for (const span of spans) baseline.push(...await askFor(check, span, control, probes, signal));
	return new Run(check, windowsOf(check, plan.timeline), baseline, control);
}
var Run = class {
	#check;
	#windows;
	#baseline;
	#control;
	#seen = [];
	constructor(check, windows, baseline, control) {
		this.#check = check;
		this.#windows = windows;
		this.#baseline = [...baseline];
		this.#control = control;
	}
	isOver() {
		return this.#seen.length >= this.#windows.length;
	}
	/** When the next window can be asked for. */
	dueMs(settleMs) {
		return (this.#windows[this.#seen.length]?.endMs ?? Number.POSITIVE_INFINITY) + settleMs;
	}
	/** Asks for every window that was over by then, in one request, and one more for the old version beside it. */
	async ask(untilMs, { probes, signal }) {
		const due = this.#windows.slice(this.#seen.length).filter(({ endMs }) => endMs <= untilMs);
		if (this.#control) this.#baseline.push(...await askFor(this.#check, due, true, probes, signal));
		this.#seen.push(...await askFor(this.#check, due, false, probes, signal));
	}
	verdict() {
		return judgeCheck({
			check: this.#check,
			baseline: this.#baseline,
			windows: this.#seen,
			expected: this.#windows.length
		});
	}
};
async function askFor(check, windows, control, probes, signal) {
	if (windows.length === 0) return [];
	const samples = await probes.for(check).sample(check, windows, {
		control,
		signal
	});
	return windows.map((window, index) => ({
		window,
		sample: samples[index] ?? missing
	}));
}
const missing = {
	state: "error",
	message: "the source left this window out"
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
		rows.push({
			id: check.id,
			...backtest(check, moments, samples, rules)
		});
		context.log.info(`${check.id}: ${JSON.stringify(rows.at(-1))}`);
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
		context.log.info(`${check.id}: ${one.problems.join(" ") || "can be judged"}`);
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
	if (check.kind === "logs") return values.length === 0 ? ["No window of the baseline could be read."] : [];
	const baseline = baselineOf(samples, check.direction);
	if (baseline === void 0) return [`The baseline has a value in ${values.length} of ${samples.length} windows; 5 are needed.`];
	const poor = values.filter(({ requests }) => requests !== void 0 && requests < minRequests).length;
	if (poor * 2 > values.length) return [`${poor} of ${values.length} windows of the baseline have fewer than ${minRequests} requests: a watch would have nothing to judge.`];
	const lines = linesOf(check, baseline);
	return lines === void 0 || Number.isFinite(lines.abort) ? [] : ["No value could ever be beyond its abort line."];
}
// src/commands/canary-record.ts
/**
* Notes the verdict in the history, where an abort or a hold bars the post phase. Returns what became of that, for people:
* a verdict that could not be noted is a verdict all the same.
*/
async function recordCanary({ decision, deciding }, target, inputs, context) {
	if (target === void 0) return "not noted in a history: no database was given, and the post phase is not barred";
	try {
		try {
			var _usingCtx$2 = _usingCtx();
			const database = _usingCtx$2.a(await openDatabase(target, inputs, context));
			if (await checkIdentity(database, context) === void 0) return "not noted in a history: no migration has run here yet";
			await database.lock(context.project, lockPolicy(inputs, context));
			await database.state.recordCanary({
				verdict: decision,
				reason: deciding?.reason ?? "",
				accepted: false
			});
			return decision === "promote" ? "noted in the history" : "noted in the history: the post phase is barred";
		} catch (_) {
			_usingCtx$2.e = _;
		} finally {
			await _usingCtx$2.d();
		}
	} catch (error) {
		context.log.warn(`the verdict was not noted in the history: ${messageOf(error)}`);
		return `not noted in the history, and the post phase is not barred: ${messageOf(error)}`;
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
		await running.catch(() => {});
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
	optional: ["database-url"],
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
			const plan = planOf(checks, inputs, context);
			if (inputs["check-only"]) return canaryCheckOnly(plan, probes, context);
			if (inputs.backtest) return canaryBacktest(plan, probes, context);
			const end = await withTraffic(inputs.traffic, context, () => watch(plan, toolsOf(probes, context)));
			return outcomeOf(end, await recordCanary(end, database, inputs, context), plan, probes, inputs["on-hold"], context);
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
/** Throws `invalid-input` when there is no check, or two have one name. */
function namedChecks(checks) {
	if (checks === void 0) throw new ReleaseError("invalid-input", "There is nothing to watch: no check was given.", { hint: "Write canary.checks in shiplock.yml; docs/canary.md has one of each kind to start from." });
	const twice = checks.find(({ id }, index) => checks.findIndex((one) => one.id === id) !== index);
	if (twice === void 0) return checks;
	throw new ReleaseError("invalid-input", `Two checks have the name ${twice.id}.`, { hint: "Give each check of canary.checks a name of its own." });
}
function planOf(checks, inputs, { clock }) {
	const now = clock.now().getTime();
	const { since, "deployed-at": deployedAt } = inputs;
	if (since !== void 0 && deployedAt !== void 0) throw new ReleaseError("invalid-input", "since and deployed-at both say when the watch begins.", { hint: "Give one of them." });
	const deployedMs = momentMs(since ?? deployedAt, now);
	const timeline = {
		deployedMs,
		warmupMs: inputs.warmup,
		durationMs: inputs.duration
	};
	const endMs = deployedMs + inputs.warmup + inputs.duration + inputs.settle;
	if (since !== void 0 && endMs > now) throw new ReleaseError("invalid-input", "The watch that since names is not over yet.", { hint: "Name a time at least duration, warmup and settle ago; or use deployed-at, which waits for the rest." });
	for (const check of checks) {
		if (windowsOf(check, timeline).length >= 2) continue;
		throw new ReleaseError("invalid-input", `The duration has no room for two windows of the check ${check.id}.`, { hint: `Its windows have ${withDefaults(check).windowMs / 1e3} s: raise duration, or lower window.` });
	}
	return {
		checks,
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
function toolsOf(probes, { clock, signal, log }) {
	const told = /* @__PURE__ */ new Map();
	return {
		probes,
		clock,
		signal,
		seen(verdicts) {
			for (const { id, windows, lines, expected } of verdicts) {
				for (const [index, { window, sample, mark }] of windows.entries()) {
					if (index < (told.get(id) ?? 0)) continue;
					const value = sample.state === "value" ? round(sample.value) : sample.state;
					const line = lines === void 0 ? "" : `, hold above ${round(lines.hold)}, abort above ${round(lines.abort)}`;
					const at = new Date(window.endMs).toISOString().slice(11, 16);
					log.info(`${at} ${id} ${index + 1}/${expected}: ${value}, ${mark}${line}`);
				}
				told.set(id, windows.length);
			}
		}
	};
}
function outcomeOf(end, recorded, plan, probes, onHold, context) {
	const { decision, deciding, verdicts, complete } = end;
	const reason = deciding !== void 0 ? `${deciding.id}: ${deciding.reason}` : decision === "promote" ? `${verdicts.length} checks, and none of them holds or aborts.` : "No check counts for the verdict: all of them are dry runs.";
	return {
		verdict: decision,
		reason: context.signal.aborted ? `The watch was stopped by a signal. ${reason}` : reason,
		...decision === "hold" && onHold === "warn" ? { exitCode: 0 } : {},
		checks: verdicts.map((one, index) => ({
			id: one.id,
			status: plan.checks[index]?.["dry-run"] ? "not-checked" : one.decision === "promote" ? "pass" : "fail",
			message: one.reason
		})),
		outputs: {
			deciding: deciding?.id ?? "",
			windows: verdicts.reduce((sum, { usable }) => sum + usable, 0)
		},
		details: {
			complete,
			recorded,
			deployedAt: new Date(plan.timeline.deployedMs).toISOString(),
			watched: verdicts.map((one, index) => {
				const check = plan.checks[index];
				return {
					...one,
					kind: check.kind,
					dryRun: check["dry-run"],
					direction: check.direction,
					query: probes.for(check).queryOf(check)
				};
			})
		}
	};
}
export { canary_default as default };
