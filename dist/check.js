import { a as parseDuration } from "./units.js";
import { a as boolean, d as number, h as string, m as strictObject, r as _enum } from "./schemas.js";
// src/canary/check.ts
/**
* What a check measures, and with it which rule judges it: `latency` (a quantile, in need of enough requests), `ratio`
* (a share of requests, such as errors), `rate` (events a second), `per-request` (work a request, such as database calls),
* `gauge` (a level, such as a queue's depth) and `logs` (lines that should not be there).
*/
const checkKinds = [
	"latency",
	"ratio",
	"rate",
	"per-request",
	"gauge",
	"logs"
];
const duration = string().transform((text, context) => {
	const ms = parseDuration(text);
	if (ms === void 0) context.addIssue({
		code: "custom",
		message: "must be a duration with a unit, such as 5m"
	});
	return ms ?? 0;
});
const factor = number().gt(1);
/** A check as `shiplock.yml` writes it. */
const checkSchema = strictObject({
	id: string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "must be a short name of letters, digits, dot, dash and underscore"),
	kind: _enum(checkKinds),
	prometheus: string().min(1).optional().describe("Query whose value is judged. $window stands for the length of a window."),
	loki: string().min(1).optional().describe("Stream selector and filters of the lines that are counted."),
	sql: string().min(1).optional().describe("Query of one row with one number, asked at the end of each window."),
	requests: string().min(1).optional().describe("PromQL: how many requests a window had. What a check judges needs enough of them."),
	control: string().min(1).optional().describe("PromQL: the same for the old version, which runs beside the new one. It takes the place of earlier days."),
	live: string().min(1).optional().describe("LogQL stream selector that always has lines, when it is another than that of loki."),
	exclude: string().min(1).optional().describe("Regular expression of lines that do not count."),
	window: duration.optional().describe("Length of one window."),
	direction: _enum(["up", "down"]).default("up").describe("Which way is worse."),
	series: _enum([
		"one",
		"worst",
		"sum"
	]).default("one").describe("What to make of a query that returns several series."),
	empty: _enum(["no-data", "zero"]).default("no-data").describe("What an empty answer means."),
	"hold-ratio": factor.optional().describe("Times the baseline at which a window is suspicious."),
	"abort-ratio": factor.optional().describe("Times the baseline at which a window is bad."),
	floor: number().optional().describe("Values up to here are never suspicious, whatever the baseline."),
	max: number().optional().describe("Values above are bad, whatever the baseline."),
	"min-requests": number().int().min(1).optional().describe("Requests that a window needs to count."),
	baseline: _enum(["required", "none"]).default("required").describe("none: judged by max alone."),
	"dry-run": boolean().default(false).describe("Shown, and left out of the verdict.")
}).superRefine((check, context) => {
	const sources = [
		"prometheus",
		"loki",
		"sql"
	].filter((one) => check[one] !== void 0);
	const problem = (message) => context.addIssue({
		code: "custom",
		message
	});
	if (sources.length !== 1) problem("needs exactly one of prometheus, loki and sql");
	if (check.kind === "logs" && check.loki === void 0) problem("kind: logs needs loki");
	if (check.loki !== void 0 && check.kind !== "logs") problem("loki needs kind: logs");
	if ((check.kind === "latency" || check.kind === "per-request") && check.prometheus !== void 0 && check.requests === void 0) problem(`kind: ${check.kind} needs requests`);
	if (check.baseline === "none" && check.max === void 0) problem("baseline: none needs max");
	if (check.direction === "down" && check.max !== void 0) problem("max needs direction: up");
});
/** What a kind takes when the check does not say. Sources of the numbers: docs/canary.md. */
function withDefaults(check) {
	const { kind } = check;
	return {
		windowMs: check.window ?? (kind === "per-request" ? 6e4 : 3e5),
		holdRatio: check["hold-ratio"] ?? (kind === "per-request" ? 3 : 1.3),
		abortRatio: check["abort-ratio"] ?? (kind === "per-request" ? 10 : 2),
		floor: check.floor ?? (kind === "ratio" ? .01 : 0),
		minRequests: check["min-requests"] ?? (kind === "latency" || kind === "ratio" || kind === "per-request" ? 100 : 0)
	};
}
export { withDefaults as n, checkSchema as t };
