import { n as withDefaults } from "./check.js";
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
		...decide(check, facts, values)
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
function decide(check, facts, values) {
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
export { baselineOf as i, linesOf as n, round as r, judgeCheck as t };
