// src/canary/verdict.ts
/** The states of the windows that could not be judged, the most frequent first. */
function whyUnusable(windows) {
	const counts = /* @__PURE__ */ new Map();
	for (const { mark, sample } of windows) {
		if (mark !== "unusable") continue;
		const why = stateOf(sample);
		counts.set(why, (counts.get(why) ?? 0) + 1);
	}
	return [...counts].sort((one, other) => other[1] - one[1]).map(([why, count]) => `${count} × ${why}`).join(", ") || "the last one is missing";
}
/** Why a window has no number that may be judged, for people. */
function stateOf(sample) {
	return sample.state === "error" ? sample.message : states[sample.state];
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
export { round as a, whyUnusable as c, spread as i, median as n, stateOf as o, slope as r, states as s, chanceOfAtLeast as t };
