import { L as withDefaults } from "./start.js";
import { a as round, c as whyUnusable, i as spread, n as median, r as slope, t as chanceOfAtLeast } from "./robust.js";
// src/canary/turns.ts
function turns(atOnce) {
	let free = atOnce;
	const waiting = [];
	return async (work) => {
		if (free > 0) free--;
		else await new Promise((resolve) => waiting.push(resolve));
		try {
			return await work();
		} finally {
			const next = waiting.shift();
			if (next === void 0) free++;
			else next();
		}
	};
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
// src/canary/insufficient.ts
/** Why nothing can be promoted yet, whatever the windows say: the watch is not over, or too few of them can be judged. */
function insufficient({ windows, usable, expected }, what) {
	if (windows.length < expected) return {
		decision: "hold",
		reason: `The watch is not over: ${windows.length} of ${expected} windows.`,
		otherwise: "The rest of the watch.",
		pending: true
	};
	const needed = Math.ceil(expected * 5 / 6);
	if (usable >= needed && windows.at(-1)?.mark !== "unusable") return void 0;
	return {
		decision: "hold",
		reason: `${usable} of ${expected} windows can be judged, ${needed} are needed${usable >= needed ? ", the last among them" : ""}: ${whyUnusable(windows)}.`,
		otherwise: `At least ${needed} windows with a ${what}, the last among them.`
	};
}
// src/canary/judge-logs.ts
/** Lines are rare: fewer than these say nothing. */
const fewestLines = 5;
/** Of a pattern that the baseline has never seen, so many are no accident. */
const fewestUnseen = 3;
const significance = .01;
/**
* Lines that should not be there. With a baseline: suspicious when so many would come by chance at most once in a
* hundred watches, are at least 5, and twice the baseline's rate; bad when two windows in a row are so by themselves. Of a
* pattern that the baseline has never seen, one line is suspicious and three are bad.
*/
function judgeLogs({ check, baseline: before, windows, expected }) {
	const earlier = tally(check.baseline === "none" ? [] : before);
	const judged = windows.map((one) => ({
		...one,
		mark: markOf$1(one, earlier, check)
	}));
	const seen = tally(windows);
	const usual = earlier.windows < 5 ? void 0 : earlier.lines / earlier.ms * seen.ms;
	const facts = {
		id: check.id,
		windows: judged,
		usable: judged.filter(({ mark }) => mark !== "unusable").length,
		expected,
		baseline: void 0,
		lines: void 0,
		ratio: usual ? seen.lines / usual : void 0,
		counted: {
			lines: seen.lines,
			usual,
			baselineLines: earlier.lines,
			baselineWindows: earlier.windows
		}
	};
	return {
		...facts,
		pending: false,
		...decide$1(check, facts, {
			seen,
			earlier,
			usual
		})
	};
}
function decide$1(check, { windows, usable, expected }, { seen, earlier, usual }) {
	const { max, floor = 0 } = check;
	const usualText = usual === void 0 ? "none" : String(Math.round(usual * 10) / 10);
	const limit = max === void 0 ? `About ${usualText} lines are usual in this time.` : `At most ${max} lines in each window.`;
	const isUnseen = usual !== void 0 && earlier.lines === 0;
	if (usual === void 0 && max === void 0) return withoutBaseline$1;
	if (isUnseen && max === void 0 && seen.most > floor && seen.lines >= fewestUnseen) return {
		decision: "abort",
		reason: `${seen.lines} lines of a kind that the baseline has never seen.`,
		otherwise: `At most 2 such lines; none promotes.`
	};
	if (windows.some(({ mark }, index) => mark === "bad" && windows[index + 1]?.mark === "bad")) return {
		decision: "abort",
		reason: `Two windows in a row have far too many lines: ${seen.lines} so far.`,
		otherwise: limit
	};
	const short = insufficient({
		windows,
		usable,
		expected
	}, "count");
	if (short !== void 0) return short;
	if (usual === void 0 && check.baseline === "required") return withoutBaseline$1;
	if (max !== void 0 && seen.most > max) return {
		decision: "hold",
		reason: `A window has ${seen.most} lines, where at most ${max} may be.`,
		otherwise: limit
	};
	if (windows.at(-1)?.mark === "bad") return {
		decision: "hold",
		reason: `The last window has far too many lines: ${seen.lines} in all; no later one can confirm or clear it.`,
		otherwise: `A last window with as many lines as usual. ${limit}`
	};
	const found = usual === void 0 ? `${seen.lines} lines.` : `${seen.lines} lines, where ${usualText} are usual.`;
	return {
		decision: usual !== void 0 && seen.most > floor && isExcess(seen, earlier) ? "hold" : "promote",
		reason: found,
		otherwise: limit
	};
}
const withoutBaseline$1 = {
	decision: "hold",
	reason: `There is no baseline: fewer than 5 windows before the deploy could be read.`,
	otherwise: `A baseline of at least 5 windows, or baseline: none with max.`
};
function tally(samples) {
	const counted = samples.flatMap(({ window, sample }) => sample.state === "value" && Number.isFinite(sample.value) ? [{
		lines: sample.value,
		ms: window.endMs - window.startMs
	}] : []);
	return {
		lines: counted.reduce((sum, { lines }) => sum + lines, 0),
		ms: counted.reduce((sum, { ms }) => sum + ms, 0),
		windows: counted.length,
		most: counted.reduce((most, { lines }) => Math.max(most, lines), 0)
	};
}
function markOf$1(one, earlier, { max, floor = 0 }) {
	const { sample } = one;
	if (sample.state !== "value" || !Number.isFinite(sample.value)) return "unusable";
	if (max !== void 0 && sample.value > max) return "bad";
	if (sample.value <= floor || earlier.windows < 5) return "good";
	if (earlier.lines === 0) return sample.value >= fewestUnseen ? "bad" : "suspicious";
	return isExcess(tally([one]), earlier) ? "bad" : "good";
}
function isExcess(seen, earlier) {
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
		pending: false,
		...decide(check, facts, values)
	};
}
/** Compared only as numbers that are there: a NaN is above no line, and no good news either. */
function markOf(sample, lines, check) {
	if (sample.state !== "value" || !Number.isFinite(sample.value) || lines === void 0) return "unusable";
	const { minRequests } = withDefaults(check);
	if (sample.requests !== void 0 && !(Number.isFinite(sample.requests) && sample.requests >= minRequests)) return "unusable";
	const beyond = (line) => check.direction === "up" ? sample.value > line : sample.value < line;
	return beyond(lines.abort) ? "bad" : beyond(lines.hold) ? "suspicious" : "good";
}
function decide(check, facts, values) {
	const { windows, usable, expected, lines } = facts;
	if (lines === void 0) return withoutBaseline;
	const bad = windows.findIndex(({ mark }, index) => mark === "bad" && windows[index + 1]?.mark === "bad");
	if (bad >= 0) return {
		decision: "abort",
		reason: `Two windows in a row are beyond ${round(lines.abort)}: ${round(numberIn(windows[bad]))} and ${round(numberIn(windows[bad + 1]))}.`,
		otherwise: `No two windows in a row beyond ${round(lines.abort)}.`
	};
	const short = insufficient({
		windows,
		usable,
		expected
	}, "value");
	if (short !== void 0) return short;
	if (facts.baseline === void 0 && check.baseline === "required") return withoutBaseline;
	const suspicious = windows.filter(({ mark }) => mark === "suspicious" || mark === "bad").length;
	const tolerated = Math.ceil(expected / 3) - 1;
	if (suspicious > tolerated) return {
		decision: "hold",
		reason: `${suspicious} of ${expected} windows are beyond ${round(lines.hold)}.`,
		otherwise: `At most ${tolerated} of ${expected} windows beyond ${round(lines.hold)}.`
	};
	const last = windows.at(-1);
	if (last?.mark === "bad") return {
		decision: "hold",
		reason: `The last window is beyond ${round(lines.abort)}: ${round(numberIn(last))}; no later one can confirm or clear it.`,
		otherwise: `A last window that is not beyond ${round(lines.abort)}; one more that is would abort.`
	};
	if (check.kind === "gauge" && isGrowing(values, facts.baseline)) return {
		decision: "hold",
		reason: `It grows from window to window, and is at twice the baseline or more: ${values.slice(-2).map(round).join(", then ")}.`,
		otherwise: "A level that falls in one of the last two windows, or stays below twice the baseline."
	};
	const beyondAbort = windows.filter(({ mark }) => mark === "bad").length;
	return {
		decision: "promote",
		reason: `${usable} of ${expected} windows were judged, ${suspicious} of them beyond ${round(lines.hold)}${beyondAbort === 0 ? "" : `, ${beyondAbort} even beyond the abort line ${round(lines.abort)}`}.`,
		otherwise: `Two windows in a row beyond ${round(lines.abort)} abort; ${tolerated + 1} beyond ${round(lines.hold)} hold.`
	};
}
/** An absolute limit alone promotes only where the check says that it is enough. */
const withoutBaseline = {
	decision: "hold",
	reason: `There is no baseline: fewer than 5 windows before the deploy have a value.`,
	otherwise: `A baseline of at least 5 windows, or baseline: none with max.`
};
function isGrowing(values, baseline) {
	const [earlier = 0, before = 0, last = 0] = values.slice(-3);
	return baseline !== void 0 && values.length >= 3 && slope(values) > 0 && last >= 2 * baseline.median && last > 0 && before >= earlier && last >= before;
}
function numberIn(window) {
	return window?.sample.state === "value" ? window.sample.value : NaN;
}
export { turns as i, linesOf as n, baselineOf as r, judgeCheck as t };
