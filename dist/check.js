import { o as parseDuration } from "./units.js";
import { a as boolean, d as number, g as string, h as strictObject, i as array, m as record, p as preprocess, r as _enum, v as union, w as NEVER, y as unknown } from "./schemas.js";
// src/canary/templates.ts
/** The names of a metric, a label and a matcher, as a team's own metrics have them. */
const metric = string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, "must be the name of a metric");
const label = string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "must be the name of a label");
const matchers = string().regex(/^[^{}]+$/, "must hold matchers without braces, such as job=\"shop\"");
const range = string().regex(/^\d+[smhdw]$/, "must be a length of time, such as 1d");
const latency = strictObject({
	histogram: metric.describe("Histogram of the duration of requests, without _bucket."),
	"route-label": label.default("route"),
	matchers: matchers.optional(),
	quantile: number().gt(0).lt(1).default(.95),
	top: number().int().min(1).max(20).default(5),
	over: range.default("1d").describe("How far before the deploy the traffic is looked at."),
	routes: array(string().min(1)).min(1).max(50).optional().describe("The routes themselves, in place of the busiest.")
});
const calls = strictObject({
	calls: metric,
	requests: metric,
	matchers: matchers.optional()
});
const depth = strictObject({
	metric,
	matchers: matchers.optional()
});
const lines = strictObject({
	selector: string().regex(/^\{.+\}$/s, "must be a stream selector with its braces"),
	pattern: string().min(1).default("panic|FATAL|ERROR")
});
/** The four signals that a release changes first, as checks with the names of a team's own metrics. */
const templates = {
	"p95-top-routes": template(latency, topRoutes),
	"db-calls-per-request": template(calls, callsPerRequest),
	"queue-depth": template(depth, queueDepth),
	"error-logs": template(lines, errorLogs)
};
const templateNames = Object.keys(templates);
function template(schema, make) {
	return (given) => {
		const parsed = schema.safeParse(given ?? {});
		return parsed.success ? make(parsed.data) : parsed.error.issues.map(({ path, message }) => `with.${path.join(".")}: ${message}`);
	};
}
/** What a check with `template` stands for: what it says itself counts more. The problems, when there are any. */
function expandTemplate(given) {
	const { template: name, with: parameters, ...own } = given;
	const expand = templates[name];
	if (typeof name !== "string" || !Object.hasOwn(templates, name)) return [`template must be one of ${templateNames.join(", ")}`];
	const fields = expand(parameters);
	return Array.isArray(fields) ? fields : {
		...fields,
		...own
	};
}
/**
* The worst quantile of the busiest routes. Which those are is read once, at the time of the deploy: a release that makes
* a route slow, and its users leave, must not replace it by another. The least busy of them needs enough requests, and one
* that is gone counts as one without any.
*/
function topRoutes({ histogram, "route-label": route, matchers: given, quantile, top, over, routes }) {
	const own = braces(given, routes === void 0 ? void 0 : `${route}=~${JSON.stringify(routes.map(escapePattern).join("|"))}`);
	const busiest = `topk(${top}, sum by (${route}) (increase(${histogram}_count${own}[${over}] @ $deployed)))`;
	const [among, number] = routes === void 0 ? [` and on (${route}) ${busiest}`, `count(${busiest})`] : ["", `${new Set(routes).size}`];
	const each = `sum by (${route}) (increase(${histogram}_count${own}[$window]))${among}`;
	return {
		kind: "latency",
		series: "worst",
		prometheus: `histogram_quantile(${quantile}, sum by (le, ${route}) (rate(${histogram}_bucket${own}[$window]))${among})`,
		requests: `min(${each}) * (count(${each}) == bool ${number})`
	};
}
function callsPerRequest({ calls: count, requests, matchers: given }) {
	const increase = (one) => `sum(increase(${one}${braces(given)}[$window]))`;
	return {
		kind: "per-request",
		prometheus: `${increase(count)} / ${increase(requests)}`,
		requests: increase(requests)
	};
}
/** The mean over the window: a single moment may be a lucky one. */
function queueDepth({ metric: name, matchers: given }) {
	return {
		kind: "gauge",
		prometheus: `sum(avg_over_time(${name}${braces(given)}[$window]))`
	};
}
function errorLogs({ selector, pattern }) {
	return {
		kind: "logs",
		loki: `${selector} |~ ${JSON.stringify(pattern)}`
	};
}
function braces(...all) {
	const given = all.filter((one) => one !== void 0);
	return given.length === 0 ? "" : `{${given.join(", ")}}`;
}
function escapePattern(text) {
	return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
/** A check's queries with the time of the deploy, in seconds, in the place of `$deployed`. */
function atDeploy(check, deployedMs) {
	const seconds = String(Math.floor(deployedMs / 1e3));
	const filled = [
		"prometheus",
		"requests",
		"control"
	].flatMap((part) => {
		const query = check[part];
		return query === void 0 ? [] : [[part, query.replaceAll("$deployed", seconds)]];
	});
	return {
		...check,
		...Object.fromEntries(filled)
	};
}
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
const windowLength = string().transform((text, context) => {
	const ms = parseDuration(text);
	if (ms !== void 0 && ms >= 1e3 && ms % 1e3 === 0) return ms;
	context.addIssue({
		code: "custom",
		message: "must be a duration of whole seconds, at least 1s, such as 5m"
	});
	return NEVER;
});
const factor = number().gt(1);
const written = strictObject({
	id: string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "must be a short name of letters, digits, dot, dash and underscore"),
	kind: _enum(checkKinds),
	prometheus: string().min(1).optional().describe("Query whose value is judged. $window stands for the length of a window, $environment for the environment."),
	loki: string().min(1).optional().describe("Stream selector and filters of the lines that are counted."),
	sql: string().min(1).optional().describe("Query of one row with one number, asked at the end of each window."),
	requests: string().min(1).optional().describe("PromQL: how many requests a window had. What a check judges needs enough of them."),
	control: string().min(1).optional().describe("PromQL: the same for the old version, which runs beside the new one. It takes the place of earlier days."),
	live: string().min(1).optional().describe("LogQL stream selector that always has lines, when it is another than that of loki."),
	exclude: string().min(1).optional().describe("Regular expression of lines that do not count."),
	window: windowLength.optional().describe("Length of one window."),
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
});
const fields = written.superRefine((check, context) => {
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
	const abortRatio = check["abort-ratio"];
	const holdRatio = check["hold-ratio"] ?? usualHoldRatio(check.kind);
	if (abortRatio !== void 0 && abortRatio < holdRatio) problem(`abort-ratio (${abortRatio}) must not be below hold-ratio (${holdRatio})`);
	if (check.baseline === "none" && check.max === void 0) problem("baseline: none needs max");
	if (check.direction === "down" && check.max !== void 0) problem("max needs direction: up");
});
/** A check as `shiplock.yml` writes it: its fields, or a template with parameters and whatever is to be otherwise. */
const checkSchema = preprocess((given, context) => {
	if (typeof given !== "object" || given === null || !("template" in given)) return given;
	const expanded = expandTemplate(given);
	if (!isProblems(expanded)) return expanded;
	for (const message of expanded) context.addIssue({
		code: "custom",
		message
	});
	return NEVER;
}, fields);
union([written, written.partial().extend({
	id: written.shape.id,
	template: _enum(templateNames).describe("A check for one of the usual signals, made from the names of metrics."),
	with: record(string(), unknown()).optional().describe("Parameters of the template.")
})]);
function isProblems(expanded) {
	return Array.isArray(expanded);
}
function usualHoldRatio(kind) {
	return kind === "per-request" ? 3 : 1.3;
}
/** What a kind takes when the check does not say. Sources of the numbers: docs/canary.md. */
function withDefaults(check) {
	const { kind } = check;
	return {
		windowMs: check.window ?? (kind === "per-request" ? 6e4 : 3e5),
		holdRatio: check["hold-ratio"] ?? usualHoldRatio(kind),
		abortRatio: check["abort-ratio"] ?? (kind === "per-request" ? 10 : 2),
		floor: check.floor ?? (kind === "ratio" ? .01 : 0),
		minRequests: check["min-requests"] ?? (kind === "latency" || kind === "ratio" || kind === "per-request" ? 100 : 0)
	};
}
export { withDefaults as n, atDeploy as r, checkSchema as t };
