import { At as literal, Ft as string, It as tuple, Jt as plural, L as withDefaults, Lt as union$1, Mt as number, Nt as object, Pt as record, Rt as unknown, Tt as array, Wt as formatDuration, an as describeConnection, fn as messageOf, h as nearestWords, pn as systemCode, pt as systemClock, qt as parseDuration, wt as _enum } from "./start.js";
import { i as turns, t as judgeCheck } from "./judge.js";
import { a as esm_default, t as openClient } from "./client3.js";
import { i as assumeRole } from "./session2.js";
import { t as _usingCtx } from "./usingCtx.js";
import { request } from "node:http";
import { rootCertificates } from "node:tls";
import { request as request$1 } from "node:https";
// src/adapters/metrics/http.ts
/** What a source did instead of giving data, in words that may be shown. */
var SourceError = class extends Error {
	/** The status of the answer, where there was one. */
	status;
	constructor(message, status) {
		super(message);
		this.name = "SourceError";
		this.status = status;
	}
};
const tries = 3;
const largestBytes = 33554432;
/** Who asks for more patience than this will not answer within this window. */
const longestWaitMs = 3e4;
/** Hosted servers answer the fiftieth check at once with 429. */
const mostAtOnce = 6;
function metricsClient(source, options) {
	const { name, sleep, timeoutMs = 3e4 } = options;
	const turn = turns(mostAtOnce);
	let method = "POST";
	async function ask(path, form, signal) {
		for (let attempt = 1;; attempt++) {
			const end = await turn(() => attemptOnce(source, {
				method,
				path,
				form,
				timeoutMs
			}, signal));
			if (signal.aborted) throw new SourceError(`${name} was not asked to the end: the watch was stopped`);
			if (end.status === 405 && method === "POST") {
				method = "GET";
				attempt--;
				continue;
			}
			const failure = failureOf(end, name, source);
			if (failure === void 0) return {
				body: end.body,
				dateMs: end.dateMs
			};
			const waitMs = end.retryAfterMs ?? 500 * 2 ** (attempt - 1);
			if (!(end.status === void 0 || end.status === 429 || end.status >= 500) || attempt === tries || waitMs > longestWaitMs) throw failure;
			await sleep(waitMs, signal);
		}
	}
	return { ask };
}
function attemptOnce(source, { method, path, form, timeoutMs }, signal) {
	const text = new URLSearchParams(form).toString();
	const url = new URL(`${source.url}${path}${method === "GET" && text !== "" ? `?${text}` : ""}`);
	const start = url.protocol === "https:" ? request$1 : request;
	const headers = {
		...source.headers,
		accept: "application/json",
		...method === "POST" ? {
			"content-type": "application/x-www-form-urlencoded",
			"content-length": String(Buffer.byteLength(text))
		} : {}
	};
	return new Promise((resolve) => {
		const stop = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
		const broken = (error) => {
			resolve({
				status: void 0,
				body: "",
				type: "",
				dateMs: void 0,
				retryAfterMs: void 0,
				broken: signal.aborted ? "stopped" : stop.aborted ? `no whole answer within ${timeoutMs / 1e3} s` : networkFault(error)
			});
		};
		try {
			const ca = source.ca === void 0 ? {} : { ca: [...rootCertificates, source.ca] };
			const sent = start(url, {
				method,
				headers,
				signal: stop,
				...ca
			}, (response) => {
				readBody(response).then((body) => resolve({
					...factsOf(response),
					body
				}), broken);
			});
			sent.once("error", broken);
			sent.end(method === "POST" ? text : void 0);
		} catch (error) {
			broken(error);
		}
	});
}
function readBody(response) {
	return new Promise((resolve, reject) => {
		const parts = [];
		let bytes = 0;
		response.on("data", (part) => {
			parts.push(part);
			bytes += part.length;
			if (bytes > largestBytes) response.destroy(/* @__PURE__ */ new Error("the answer is larger than 32 MiB"));
		});
		response.once("error", reject);
		response.once("end", () => resolve(Buffer.concat(parts).toString("utf8")));
	});
}
function factsOf({ statusCode, headers }) {
	const date = Date.parse(headers.date ?? "");
	const retryAfter = headers["retry-after"];
	const seconds = retryAfter === void 0 ? NaN : Number(retryAfter);
	const until = retryAfter === void 0 ? NaN : Date.parse(retryAfter) - (Number.isNaN(date) ? Date.now() : date);
	const wait = Number.isNaN(seconds) ? until : seconds * 1e3;
	return {
		status: statusCode,
		type: headers["content-type"] ?? "",
		dateMs: Number.isNaN(date) ? void 0 : date,
		retryAfterMs: Number.isNaN(wait) ? void 0 : Math.max(0, wait)
	};
}
/** Names of the network and of TLS alone: a whole message may hold what was sent. */
function networkFault(error) {
	const code = systemCode(error);
	if (code === "ERR_INVALID_CHAR" || code === "ERR_INVALID_HTTP_TOKEN") return "a header holds a character that HTTP does not allow";
	if (code === "ECONNRESET" || code === "HPE_INVALID_CONSTANT") return `the connection broke before the answer was whole (${code})`;
	return code ?? messageOf(error);
}
/** `undefined` for an answer that may be read as data. */
function failureOf({ status, body, type, retryAfterMs, broken }, name, source) {
	const where = `${name} (${source.url.split("?")[0]})`;
	if (status === void 0) return new SourceError(`${where} gave no answer: ${broken ?? "unknown"}`);
	const said = whatItSaid(body, type, source);
	const detail = said === "" ? "" : `: ${said}`;
	if (status === 401) return new SourceError(`${where} refused the sign-in (401)${detail}`, status);
	if (status === 403) return new SourceError(`${where} does not allow this query (403)${detail}`, status);
	if (status === 429) return new SourceError(`${where} is asked too often (429)${detail}${retryAfterMs === void 0 ? "" : `; it asks to wait ${Math.round(retryAfterMs / 1e3)} s`}`, status);
	if (status >= 300 && status < 400) return new SourceError(`${where} sends on to another address (${status}): is there a sign-in page in front of it?`, status);
	if (status !== 200) return new SourceError(`${where} answered ${status}${detail}`, status);
	if (type.includes("json")) return void 0;
	return new SourceError(`${where} answered with ${type.split(";")[0] || "no content type"} instead of data: is there a sign-in page in front of it?`, status);
}
const longestText = 300;
/** The server's own words: of an error in JSON, or of plain text whatever it calls itself; never a page, never what we signed in with. */
function whatItSaid(body, type, { headers }) {
	if (type.includes("html") || body.trimStart().startsWith("<")) return "";
	let text = body;
	try {
		const { error, message } = JSON.parse(body);
		text = typeof error === "string" ? error : typeof message === "string" ? message : "";
	} catch {}
	return shown(text, headers);
}
/** A source's text on one line, short, and without anything of the headers. */
function shown(text, headers) {
	const secrets = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)]);
	let clean = text;
	for (const secret of secrets.filter(({ length }) => length >= 4).sort((one, other) => other.length - one.length)) clean = clean.replaceAll(secret, "***");
	const line = clean.replace(/\s+/g, " ").trim();
	return line.length > longestText ? `${line.slice(0, longestText)} …` : line;
}
// src/adapters/metrics/ask-in-parts.ts
/** One request a part. What the source says instead of data is a state of that part's windows. */
async function askInParts(windows, most, ask) {
	const samples = [];
	for (let from = 0; from < windows.length; from += most) {
		const part = windows.slice(from, from + most);
		try {
			samples.push(...await ask(part));
		} catch (error) {
			if (!(error instanceof SourceError)) throw error;
			samples.push(...part.map(() => ({
				state: "error",
				message: error.message
			})));
		}
	}
	return samples;
}
// src/adapters/metrics/logql.ts
/**
* Reads the stream selector at the beginning of a log query: a brace within quotes or backticks does not end it.
* `undefined` for a text that does not begin with one, as that of a metric query.
*/
function readLogQuery(query) {
	const matched = /^\s*(?:#[^\n]*\n\s*)*\{(?:"(?:\\.|[^"\\])*"|`[^`]*`|#[^\n]*|[^"`{}#])*\}/s.exec(query);
	if (matched === null) return void 0;
	return {
		selector: matched[0].trim(),
		pipeline: query.slice(matched[0].length)
	};
}
/** A text as LogQL quotes it. */
function quote(text) {
	return text.includes("`") ? JSON.stringify(text) : `\`${text}\``;
}
/** How many lines of a query each window has. The line break ends a comment of the user. */
function countOf({ selector, pipeline }, exclude, seconds) {
	return `sum(count_over_time(${selector}${pipeline}${exclusion(exclude)}\n[${seconds}s]))`;
}
function linesOf({ selector, pipeline }, exclude) {
	return `${selector}${pipeline}${exclusion(exclude)}`;
}
function exclusion(exclude) {
	return exclude === void 0 ? "" : `\n!~ ${quote(exclude)}`;
}
// src/adapters/metrics/matrix.ts
const point$1 = tuple([number(), string()]);
const series = object({
	metric: record(string(), string()),
	values: array(point$1).optional(),
	value: point$1.optional()
});
const texts = array(string()).nullish();
const envelope = object({
	status: _enum(["success", "error"]),
	error: string().optional(),
	data: unknown().optional(),
	warnings: texts
});
const numbers = object({
	resultType: _enum(["matrix", "vector"]),
	result: array(series).nullable()
});
/** What an answer holds below `data`. Throws `SourceError` for one that is no success, or not whole. */
function dataOf({ body }, { name, source, allowWarnings }) {
	const parsed = envelope.safeParse(parseJson(body));
	if (!parsed.success) throw new SourceError(`${name} answered with something else than the result of a query`, 200);
	const { status, error = "", data, warnings } = parsed.data;
	if (status === "error") throw new SourceError(`${name} answered with an error: ${shown(error, source.headers)}`, 200);
	if (!allowWarnings && warnings?.length) throw new SourceError(`${name} calls its answer partial: ${shown(warnings.join("; "), source.headers)}`, 200);
	return data;
}
/** Throws `SourceError` for an answer without series. Loki's `null` is one without any. */
function seriesOf(answer, reading) {
	const parsed = numbers.safeParse(dataOf(answer, reading));
	if (!parsed.success) throw new SourceError(`${reading.name} answered with something else than series`, 200);
	return (parsed.data.result ?? []).map(({ metric, values, value }) => ({
		labels: metric,
		values: new Map((values ?? (value === void 0 ? [] : [value])).map(([at, text]) => [Math.round(at * 1e3), numberOf(text, reading.name)]))
	}));
}
/** Throws `SourceError` when it speaks of other moments than those that were asked for: they would be judged as others. */
function refuseOtherTimes(found, asked, name) {
	for (const { values } of found) for (const at of values.keys()) if (!asked.has(at)) throw new SourceError(`${name} answered for other times than it was asked for`, 200);
}
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** A number as servers write it; anything else would be read as zero, or not at all. Throws `SourceError`. */
function numberOf(text, name) {
	if (text === "+Inf" || text === "Inf") return Number.POSITIVE_INFINITY;
	if (text === "-Inf") return Number.NEGATIVE_INFINITY;
	if (text === "NaN") return NaN;
	if (decimal.test(text)) return Number(text);
	throw new SourceError(`${name} answered with a value that is not a number`, 200);
}
function parseJson(body) {
	try {
		return JSON.parse(body);
	} catch {
		return;
	}
}
/** Label pairs as PromQL writes them, for people. */
function describeLabels(labels) {
	const { __name__: name = "", ...rest } = labels;
	const pairs = Object.entries(rest).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
	return pairs.length === 0 && name !== "" ? name : `${name}{${pairs.join(", ")}}`;
}
const point = tuple([number(), string()]);
const timeAnswer = union$1([object({
	resultType: literal("scalar"),
	result: point
}), object({
	resultType: literal("vector"),
	result: array(object({ value: point })).min(1)
})]);
/** Compares clocks: that of the server that evaluates, and that of whatever answers for it. */
async function clockSkew(source, signal) {
	const before = source.now().getTime();
	const answer = await source.client.ask("/api/v1/query", {
		query: "time()",
		nocache: "1"
	}, signal);
	const after = source.now().getTime();
	const parsed = timeAnswer.safeParse(dataOf(answer, source));
	const text = parsed.success ? parsed.data.resultType === "scalar" ? parsed.data.result[1] : parsed.data.result[0]?.value[1] : void 0;
	return describeSkew(source.name, [text === void 0 ? void 0 : numberOf(text, source.name) * 1e3, answer.dateMs], before, after);
}
/** A problem for clocks that differ by more than ten seconds from the time between two looks at ours. */
function describeSkew(name, theirs, before, after) {
	const worst = theirs.map((at) => at === void 0 ? 0 : at < before ? at - before : at > after ? at - after : 0).reduce((one, other) => Math.abs(other) > Math.abs(one) ? other : one, 0);
	if (Math.abs(worst) <= 1e4) return [];
	const way = worst > 0 ? "ahead of" : "behind";
	return [`The clock of ${name} is ${formatDuration(Math.abs(worst))} ${way} that of this machine: windows would be read at the wrong time.`];
}
// src/canary/can-fail.ts
/** Whether these windows would abort if every value were beyond the line: a check that cannot fail proves nothing. */
function canFail(check, windows) {
	const impossible = {
		...check,
		kind: check.kind === "logs" ? "logs" : "gauge",
		direction: "up",
		baseline: "none",
		max: -Number.MAX_VALUE
	};
	return judgeCheck({
		check: impossible,
		baseline: [],
		windows,
		expected: windows.length
	}).decision === "abort";
}
// src/adapters/metrics/examine-samples.ts
/** What the samples of the time before a deploy say about a check. That there are none is left to who knows why. */
function examineSamples(check, windows, samples) {
	const problems = /* @__PURE__ */ new Set();
	const notes = /* @__PURE__ */ new Set();
	const of = (state) => samples.filter((one) => one.state === state);
	for (const { message } of of("error")) problems.add(sentence(message));
	const [newest] = of("stale").slice(-1);
	if (newest !== void 0 && samples.at(-1)?.state === "stale") problems.add(`The newest data is ${formatDuration(newest.ageMs)} older than the end of the last window.`);
	const saturated = of("saturated");
	if (saturated.length > 0) {
		const text = `${saturated.length} of ${samples.length} windows lie beyond the largest bucket of the histogram: nothing above can be seen. Add larger buckets.`;
		if (saturated.length * 2 > samples.length) problems.add(text);
		else notes.add(text);
	}
	const quiet = of("too-little-traffic");
	if (quiet.length * 2 > samples.length) {
		const most = Math.max(...quiet.map(({ requests }) => requests));
		problems.add(`${quiet.length} of ${samples.length} windows have at most ${Math.round(most)} requests, fewer than ${withDefaults(check).minRequests}: lower min-requests, make window longer, or let canary.traffic make some.`);
	}
	if (of("nan").length * 2 > samples.length) problems.add("Most windows are not a number, as a division of zero by zero is.");
	const judged = windows.map((window, index) => ({
		window,
		sample: samples[index] ?? { state: "empty" }
	}));
	if (problems.size === 0 && of("value").length > 0 && !canFail(check, judged)) problems.add("It could not fail even if every value were bad: no two windows in a row have a value.");
	return {
		problems: [...problems],
		notes: [...notes]
	};
}
/** A message as it stands alone. */
function sentence(message) {
	const text = message.charAt(0).toUpperCase() + message.slice(1);
	return /[.?!…]$/.test(text) ? text : `${text}.`;
}
// src/adapters/metrics/promql.ts
const pattern = /#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|\d[\w.]*|[A-Za-z_:][\w:]*|\s+|[^\s]/g;
/** Words, strings, numbers and single characters of a query; comments and space left out. */
function tokensOf(query) {
	return [...query.matchAll(pattern)].map((match) => ({
		text: match[0],
		at: match.index
	})).filter(({ text }) => !text.startsWith("#") && text.trim() !== "");
}
const aggregations = /* @__PURE__ */ new Set([
	"sum",
	"min",
	"max",
	"avg",
	"group",
	"stddev",
	"stdvar",
	"count",
	"count_values",
	"bottomk",
	"topk",
	"quantile"
]);
const groupings = /* @__PURE__ */ new Set([
	"by",
	"without",
	"on",
	"ignoring",
	"group_left",
	"group_right"
]);
const otherWords = /* @__PURE__ */ new Set([
	"and",
	"or",
	"unless",
	"bool",
	"offset",
	"atan2",
	"inf",
	"nan"
]);
const isName = (text) => text !== void 0 && /^[A-Za-z_:]/.test(text);
/** The series that a query reads. */
function selectorsOf(query) {
	const tokens = tokensOf(query);
	const found = [];
	for (let index = 0; index < tokens.length; index++) {
		const text = tokens[index].text;
		const next = tokens[index + 1]?.text;
		const word = text.toLowerCase();
		if (groupings.has(word)) {
			if (next === "(") index = closing(tokens, index + 1);
			continue;
		}
		const isCall = next === "(" || aggregations.has(word) && groupings.has(next?.toLowerCase() ?? "");
		const isMetric = isName(text) && !isCall && !otherWords.has(word);
		if (!isMetric && text !== "{") {
			if (text === "[") index = closing(tokens, index);
			continue;
		}
		const matchers = isMetric ? next === "{" ? index + 1 : void 0 : index;
		let last = matchers === void 0 ? index : closing(tokens, matchers);
		const end = tokens[last];
		const selector = query.slice(tokens[index].at, end.at + end.text.length);
		let range;
		if (tokens[last + 1]?.text === "[") {
			range = tokens[last + 2]?.text;
			last = closing(tokens, last + 1);
		}
		const shifted = ["offset", "@"].includes(tokens[last + 1]?.text.toLowerCase() ?? "");
		found.push({
			text: selector,
			metric: isMetric ? text : void 0,
			range,
			shifted
		});
		index = last;
	}
	return found;
}
/** Whether a query is a number and no series: those cannot be labelled. */
function isScalar(query) {
	const tokens = tokensOf(query);
	let numbers = 0;
	for (let index = 0; index < tokens.length; index++) {
		const text = tokens[index].text.toLowerCase();
		if ([
			"scalar",
			"time",
			"pi"
		].includes(text) && tokens[index + 1]?.text === "(") {
			index = closing(tokens, index + 1);
			numbers++;
		} else if (/^\d/.test(text) || text === "inf" || text === "nan") numbers++;
		else if (isName(text) && text !== "bool" && text !== "atan2") return false;
		else if ("{\"'`".includes(text[0])) return false;
	}
	return numbers > 0;
}
/** Whether a comparison leaves series out, as alerts are written: such a query has no value while all is well. */
function hasFilter(query) {
	const tokens = tokensOf(query);
	let depth = 0;
	return tokens.some(({ text }, index) => {
		if (text === "{") depth++;
		if (text === "}") depth--;
		const before = tokens[index - 1]?.text;
		const isComparison = text === ">" || text === "<" || text === "=" && (before === "=" || before === "!");
		const after = tokens[index + 1]?.text === "=" ? tokens[index + 2]?.text : tokens[index + 1]?.text;
		return depth === 0 && isComparison && after?.toLowerCase() !== "bool";
	});
}
/**
* The same query with every observation beyond the largest bucket: what it returns when its quantiles are saturated, in
* the same units and for the same series. `undefined` when it has no quantile of a histogram.
*/
function saturatedForm(query) {
	const tokens = tokensOf(query);
	const at = tokens.findIndex(({ text }, index) => text === "histogram_quantile" && tokens[index + 1]?.text === "(");
	if (at === -1) return void 0;
	const open = tokens[at + 1];
	const last = closing(tokens, at + 1);
	const close = tokens[last];
	const comma = commaOf(tokens, at + 1, last);
	if (comma === void 0) return void 0;
	const quantile = query.slice(open.at + 1, comma.at);
	const buckets = query.slice(comma.at + 1, close.at);
	const all = `((\n${buckets}\n) + on (le) group_left () label_replace(vector(1e300), "le", "+Inf", "", "")) or ((\n${buckets}\n) unless on (le) vector(0))`;
	const rest = query.slice(close.at + 1);
	return `${query.slice(0, open.at + 1)}${quantile}, ${all})${saturatedForm(rest) ?? rest}`;
}
function commaOf(tokens, open, close) {
	for (let index = open + 1; index < close; index++) {
		const { text } = tokens[index];
		if (text === ",") return tokens[index];
		if ("([{".includes(text)) index = closing(tokens, index);
	}
}
const pairs = {
	"(": ")",
	"[": "]",
	"{": "}"
};
/** The index of the bracket that closes the one at `open`; the last token when none does. */
function closing(tokens, open) {
	const opener = tokens[open]?.text ?? "";
	let depth = 0;
	for (let index = open; index < tokens.length; index++) {
		const { text } = tokens[index];
		if (text === opener) depth++;
		if (text === pairs[opener] && --depth === 0) return index;
	}
	return tokens.length - 1;
}
// src/adapters/metrics/prometheus-query.ts
/** The label that tells the parts of a query apart. */
const partLabel = "shiplock";
/** Series named in one query are looked at up to here, for the age of their newest sample. */
const mostSelectors = 6;
/** A check's expression, with the length of its windows filled in. */
function expressionOf(check, part) {
	return check[part]?.replaceAll("$window", `${withDefaults(check).windowMs / 1e3}s`);
}
/** The series of which the newest sample can be told: those read at the time of the evaluation. */
function currentSelectors(check, control) {
	const found = (control ? [expressionOf(check, "control")] : [expressionOf(check, "prometheus"), expressionOf(check, "requests")]).flatMap((part) => part === void 0 ? [] : selectorsOf(part)).filter(({ shifted }) => !shifted);
	return found.filter(({ text }, index) => found.findIndex((one) => one.text === text) === index).slice(0, mostSelectors);
}
/**
* All that is asked about a check, as one query: its value, the requests, what the value would be beyond the largest
* bucket, and the time of the newest sample of each selector. A label tells them apart, so that `or` keeps all of them.
*/
function wholeQuery$1(check, control) {
	const value = expressionOf(check, control ? "control" : "prometheus") ?? "";
	const requests = control ? void 0 : expressionOf(check, "requests");
	const ceiling = saturatedForm(value);
	return union([
		["value", value],
		...requests === void 0 ? [] : [["requests", requests]],
		...ceiling === void 0 ? [] : [["ceiling", ceiling]],
		...currentSelectors(check, control).map(({ text }, index) => [`newest${index}`, `max(timestamp(${text}))`])
	]);
}
function union(parts) {
	return parts.map(([name, query]) => {
		return `label_replace(${isScalar(query) ? `vector(\n${query}\n)` : `(\n${query}\n)`}, "${partLabel}", "${name}", "", "")`;
	}).join(" or ");
}
// src/adapters/metrics/loki-query.ts
const secondsOf = (check) => withDefaults(check).windowMs / 1e3;
/** How many lines a window has; `undefined` for a text that is no log query. */
function countQuery(check) {
	const read = readLogQuery(check.loki ?? "");
	return read === void 0 ? void 0 : countOf(read, check.exclude, secondsOf(check));
}
/** What shows that there are lines at all: the same streams without any filter, or those that the check names. */
function liveQuery(check) {
	return check.live ?? readLogQuery(check.loki ?? "")?.selector ?? "";
}
/** Both counts in one query, told apart by a label. Throws `SourceError` when one of them is no log query. */
function wholeQuery(check) {
	const [lines, live] = [countQuery(check), readLogQuery(liveQuery(check))];
	if (lines === void 0 || live === void 0) throw new SourceError(`${lines === void 0 ? "loki" : "live"} of the check ${check.id} needs a stream selector, such as {app="shop"}, at its beginning`);
	const labelled = (query, part) => `label_replace(${query}, "${partLabel}", "${part}", "", "")`;
	return `${labelled(lines, "lines")} or ${labelled(countOf(live, void 0, secondsOf(check)), "live")}`;
}
/** Beyond what a number of JavaScript holds exactly. */
function nanoseconds(ms) {
	return String(BigInt(Math.round(ms)) * 1000000n);
}
// src/adapters/metrics/loki-examine.ts
async function examineLoki(source, check, windows, ask) {
	if (readLogQuery(check.loki ?? "") === void 0) return {
		problems: ["loki takes a stream selector and filters, such as {app=\"shop\"} |= \"ERROR\"; the counting is done here."],
		notes: [],
		series: []
	};
	const samples = await ask.sample();
	const { problems, notes } = examineSamples(check, windows, samples);
	const series = [];
	const live = liveQuery(check);
	if (problems.length === 0 && !samples.some(({ state }) => state === "value")) problems.push(`${live} has no lines in these windows: do its labels match any stream, and is the tenant the right one?`);
	else {
		const empty = samples.filter(({ state }) => state === "empty").length;
		if (empty > 0) notes.push(`${live} has no lines at all in ${empty} of ${plural(samples.length, "window")}: they cannot be judged.`);
	}
	try {
		const before = source.now().getTime();
		const answer = await source.client.ask("/loki/api/v1/series", seriesForm(readLogQuery(live)?.selector ?? live, windows), ask.signal);
		problems.push(...describeSkew(source.name, [answer.dateMs], before - 1e3, source.now().getTime()));
		const found = dataOf(answer, source);
		if (Array.isArray(found)) series.push(...found.slice(0, 20).map((labels) => describeLabels(labels)));
	} catch (error) {
		if (!(error instanceof SourceError)) throw error;
		if (problems.length === 0) notes.push(sentence(`the streams could not be listed: ${error.message}`));
	}
	if (check.empty === "zero") notes.push("A window without any line counts as none of these lines, also when the log itself has stopped: empty: no-data would tell.");
	return {
		problems,
		notes,
		series
	};
}
function seriesForm(selector, windows) {
	return {
		"match[]": selector,
		start: nanoseconds(windows[0]?.startMs ?? 0),
		end: nanoseconds(windows.at(-1)?.endMs ?? 0)
	};
}
// src/adapters/metrics/loki.ts
const mostPoints$1 = 1e4;
/** Loki refuses spans of more than thirty days and an hour. */
const mostMs = 2592e6;
function lokiProbe(source) {
	const ask = (check, windows, signal) => {
		return askInParts(windows, Math.max(1, Math.min(mostPoints$1, Math.floor(mostMs / withDefaults(check).windowMs) - 1)), (part) => askForCounts(source, check, part, signal));
	};
	return {
		sample: (check, windows, { signal }) => ask(check, windows, signal),
		examine: (check, windows, signal) => examineLoki(source, check, windows, {
			sample: () => ask(check, windows, signal),
			signal
		}),
		queryOf: (check) => countQuery(check) ?? check.loki ?? "",
		lines: (check, window, limit, signal) => newestLines(source, check, window, limit, signal)
	};
}
async function askForCounts(source, check, windows, signal) {
	const [first, last] = [windows[0], windows.at(-1)];
	if (first === void 0 || last === void 0) return [];
	const form = {
		query: wholeQuery(check),
		start: nanoseconds(first.endMs),
		end: nanoseconds(last.endMs + 1),
		step: String(withDefaults(check).windowMs / 1e3)
	};
	const found = seriesOf(await source.client.ask("/loki/api/v1/query_range", form, signal), source);
	refuseOtherTimes(found, new Set(windows.map(({ endMs }) => endMs)), source.name);
	const [lines, live] = [part(found, "lines"), part(found, "live")];
	return windows.map(({ endMs }) => countSample(lines?.values.get(endMs), live?.values.get(endMs), check));
}
/** Loki leaves steps without lines out: none of a kind is zero only where there are others. */
function countSample(lines, live, check) {
	if (lines !== void 0) return Number.isFinite(lines) ? {
		state: "value",
		value: lines
	} : { state: "nan" };
	return live !== void 0 && live > 0 && Number.isFinite(live) || check.empty === "zero" ? {
		state: "value",
		value: 0
	} : { state: "empty" };
}
function part(found, name) {
	return found.find(({ labels }) => labels[partLabel] === name);
}
const streams = object({
	resultType: literal("streams"),
	result: array(object({ values: array(tuple([string(), string()]).rest(unknown())) })).nullable()
});
/** For the report: that they could not be read is said in their place, and changes no verdict. */
async function newestLines(source, check, { startMs, endMs }, limit, signal) {
	const read = readLogQuery(check.loki ?? "");
	if (read === void 0) return [];
	const form = {
		query: linesOf(read, check.exclude),
		start: nanoseconds(startMs),
		end: nanoseconds(endMs),
		limit: String(limit),
		direction: "backward"
	};
	try {
		const parsed = streams.safeParse(dataOf(await source.client.ask("/loki/api/v1/query_range", form, signal), source));
		if (!parsed.success) throw new SourceError(`${source.name} answered with something else than lines`);
		return (parsed.data.result ?? []).flatMap(({ values }) => values.map(([at, line]) => ({
			at: BigInt(at),
			line
		}))).sort((one, other) => other.at > one.at ? 1 : other.at < one.at ? -1 : 0).slice(0, limit).map(({ line }) => line);
	} catch (error) {
		if (!(error instanceof SourceError)) throw error;
		return [`(the lines could not be read: ${error.message})`];
	}
}
// src/adapters/metrics/prometheus-examine.ts
const fewestScrapes = 4;
async function examinePrometheus(source, check, windows, ask) {
	const problems = [];
	const notes = [];
	const series = /* @__PURE__ */ new Set();
	try {
		const parsed = await parseEach(source, check, ask.signal);
		if (parsed.length > 0) return {
			problems: parsed,
			notes,
			series: []
		};
		for (const control of check.control === void 0 ? [false] : [false, true]) {
			const samples = await ask.sample(control);
			const found = examineSamples(check, windows, samples);
			problems.push(...found.problems);
			notes.push(...found.notes);
			for (const { labels } of (await ask.parts(control)).value) series.add(describeLabels(labels));
			if (found.problems.length === 0 && !samples.some(({ state }) => state === "value")) problems.push(await whyEmpty(source, check, control, notes, ask.signal));
		}
		problems.push(...await clockSkew(source, ask.signal));
		problems.push(...await fewScrapes(source, check, windows, ask.signal));
	} catch (error) {
		if (!(error instanceof SourceError)) throw error;
		problems.push(sentence(error.message));
	}
	notes.push(...overlaps(check));
	if (check.empty === "zero" && check.requests === void 0) notes.push("An answer without data counts as zero, also when the source of the data is dead: requests would tell.");
	return {
		problems: [...new Set(problems)],
		notes: [...new Set(notes)],
		series: [...series]
	};
}
/** Each expression by itself, so that a place in the server's message is one in the user's text. */
async function parseEach(source, check, signal) {
	const problems = [];
	for (const part of [
		"prometheus",
		"requests",
		"control"
	]) {
		const query = expressionOf(check, part);
		if (query === void 0) continue;
		try {
			dataOf(await source.client.ask("/api/v1/query", { query }, signal), source);
		} catch (error) {
			if (!(error instanceof SourceError) || error.status !== 400 && error.status !== 422) throw error;
			problems.push(sentence(`${part}: ${error.message}`));
		}
	}
	return problems;
}
async function whyEmpty(source, check, control, notes, signal) {
	const query = expressionOf(check, control ? "control" : "prometheus") ?? "";
	const what = control ? "The control" : "The query";
	if (hasFilter(query)) return `${what} returns no data. It holds a comparison, which leaves out all that is well: take it out, and let the lines decide.`;
	const names = selectorsOf(query).flatMap(({ metric }) => metric ?? []);
	const existing = await metricNames(source, notes, signal);
	const unknown = existing === void 0 ? [] : names.filter((name) => !existing.has(name));
	if (unknown.length === 0 || existing === void 0) return `${what} returns no data in these windows: do its labels match any series?`;
	return unknown.map((name) => {
		const near = nearestWords(name, existing, 3);
		return `There is no metric ${name}.${near.length === 0 ? "" : ` The nearest names are ${near.join(", ")}.`}`;
	}).join(" ");
}
/** `undefined` for servers that do not list them. */
async function metricNames(source, notes, signal) {
	try {
		const data = dataOf(await source.client.ask("/api/v1/label/__name__/values", {}, signal), source);
		if (Array.isArray(data)) return new Set(data.filter((name) => typeof name === "string"));
	} catch (error) {
		if (!(error instanceof SourceError)) throw error;
	}
	notes.push(`${source.name} does not list its metrics, so whether the names exist could not be looked up.`);
}
async function fewScrapes(source, check, windows, signal) {
	const { windowMs } = withDefaults(check);
	const selectors = currentSelectors(check, false);
	const last = windows.at(-1);
	if (selectors.length === 0 || last === void 0) return [];
	const form = {
		query: union(selectors.map(({ text }, index) => [String(index), `max(count_over_time(${text}[${windowMs / 1e3}s]))`])),
		time: String(last.endMs / 1e3),
		nocache: "1"
	};
	return seriesOf(await source.client.ask("/api/v1/query", form, signal), source).flatMap(({ labels, values }) => {
		const count = [...values.values()][0] ?? 0;
		if (count >= fewestScrapes) return [];
		const needed = Math.ceil(fewestScrapes * windowMs / count / 6e4);
		return `${selectors[Number(labels[partLabel])]?.text} has ${count} samples in a window, and needs ${fewestScrapes}: make window ${needed}m or longer, or scrape more often.`;
	});
}
/** Ranges longer than the window make neighbours share data: one bad minute would count twice. */
function overlaps(check) {
	const { windowMs } = withDefaults(check);
	const longer = selectorsOf(expressionOf(check, "prometheus") ?? "").flatMap(({ range, shifted }) => {
		const ms = shifted ? void 0 : parseDuration(range ?? "");
		return range !== void 0 && ms !== void 0 && ms > windowMs ? [range] : [];
	});
	return [...new Set(longer)].map((range) => `The query reads ${range}, which is longer than its window: neighbouring windows share data. Write $window in its place.`);
}
// src/adapters/metrics/prometheus-samples.ts
function partsOf(found) {
	const part = (name) => found.filter(({ labels }) => labels[partLabel]?.replace(/\d+$/, "") === name).map(({ labels: { [partLabel]: _, ...labels }, values }) => ({
		labels,
		values
	}));
	return {
		value: part("value"),
		requests: part("requests"),
		ceiling: part("ceiling"),
		newest: part("newest")
	};
}
/** What an answer says of one window. Exactly one thing of it is a value. */
function sampleOf$1(check, parts, { endMs }, { control, selectors }) {
	const at = (list) => list.flatMap(({ labels, values }) => pair(labels, values.get(endMs)));
	const [values, newest] = [at(parts.value), at(parts.newest)];
	const { minRequests, windowMs } = withDefaults(check);
	const counted = at(parts.requests);
	const requests = control || check.requests === void 0 ? void 0 : sum(counted.map(({ value }) => value || 0));
	const isQuiet = requests !== void 0 && requests < minRequests;
	if (values.length === 0 && check.empty === "no-data") return isQuiet && requests > 0 ? {
		state: "too-little-traffic",
		requests
	} : { state: "empty" };
	if (selectors > 0 && newest.length === 0 && check.empty === "no-data") return { state: "empty" };
	const fault = distrust(newest, counted, endMs);
	if (fault !== void 0) return {
		state: "error",
		message: fault
	};
	const ageMs = Math.max(0, ...newest.map(({ value }) => endMs - value * 1e3));
	if (ageMs > windowMs / 2) return {
		state: "stale",
		ageMs: Math.round(ageMs)
	};
	if (isQuiet) return {
		state: "too-little-traffic",
		requests
	};
	if (check.series === "one" && values.length > 1) return {
		state: "error",
		message: severalSeries(values.map(({ labels }) => labels))
	};
	const value = values.length === 0 ? 0 : oneOf(values.map((one) => one.value), check);
	const isSaturated = values.some((one) => one.value === Number.POSITIVE_INFINITY || isAtCeiling(one, at(parts.ceiling)));
	if (parts.ceiling.length > 0 && isSaturated) return {
		state: "saturated",
		value,
		requests
	};
	return Number.isFinite(value) ? {
		state: "value",
		value,
		requests
	} : { state: "nan" };
}
/** Why what was said of the data itself cannot be true. */
function distrust(newest, requests, endMs) {
	if (newest.some(({ value }) => !Number.isFinite(value))) return "the time of the newest data is not a number";
	if (newest.some(({ value }) => value * 1e3 > endMs + 1e4)) return "the newest data is from after the end of the window";
	const finite = requests.filter(({ value }) => Number.isFinite(value));
	return requests.length > 0 && finite.length === 0 || requests.some(({ value }) => Math.abs(value) === Number.POSITIVE_INFINITY) ? "requests is not a number" : void 0;
}
function pair(labels, value) {
	return value === void 0 ? [] : [{
		labels,
		value
	}];
}
function isAtCeiling({ labels, value }, ceilings) {
	const key = describeLabels(labels);
	return ceilings.some((one) => describeLabels(one.labels) === key && one.value === value);
}
/** A series that is not a number, such as a route without requests, is not the worst while another is one. */
function oneOf(values, check) {
	if (check.series !== "worst") return sum(values);
	const numbers = values.filter((value) => !Number.isNaN(value));
	if (numbers.length === 0) return NaN;
	return check.direction === "up" ? Math.max(...numbers) : Math.min(...numbers);
}
function sum(values) {
	return values.reduce((total, value) => total + value, 0);
}
function severalSeries(found) {
	const names = found.slice(0, 3).map(describeLabels);
	const more = found.length > 3 ? ` and ${found.length - 3} more` : "";
	return `the query returns ${found.length} series, where one is needed: ${names.join(", ")}${more}; add an aggregation, or say series: worst or sum`;
}
// src/adapters/metrics/prometheus.ts
/** Servers refuse more than 11,000 points a series. */
const mostPoints = 1e4;
/** Prometheus, and whatever speaks its HTTP API (Mimir, VictoriaMetrics, Thanos). */
function prometheusProbe(source) {
	const ask = (check, windows, control, signal) => askInParts(windows, mostPoints, async (part) => {
		const parts = await askForParts(source, check, part, control, signal);
		const selectors = currentSelectors(check, control).length;
		return part.map((window) => sampleOf$1(check, parts, window, {
			control,
			selectors
		}));
	});
	return {
		sample: (check, windows, { control, signal }) => ask(check, windows, control, signal),
		examine: (check, windows, signal) => examinePrometheus(source, check, windows, {
			sample: (control) => ask(check, windows, control, signal),
			parts: (control) => askForParts(source, check, windows, control, signal),
			signal
		}),
		queryOf: (check) => expressionOf(check, "prometheus") ?? ""
	};
}
async function askForParts(source, check, windows, control, signal) {
	const [first, last] = [windows[0], windows.at(-1)];
	if (first === void 0 || last === void 0) return partsOf([]);
	const form = {
		query: wholeQuery$1(check, control),
		start: String(first.endMs / 1e3),
		end: String(last.endMs / 1e3),
		step: String(withDefaults(check).windowMs / 1e3),
		nocache: "1"
	};
	const found = seriesOf(await source.client.ask("/api/v1/query_range", form, signal), source);
	refuseOtherTimes(found, new Set(windows.map(({ endMs }) => endMs)), source.name);
	return partsOf(found);
}
// src/adapters/metrics/sql-number.ts
/** Asks for one row with one number, in a read-only transaction. What the server says instead is a state of the sample. */
async function askForNumber(client, sql, window, timeoutMs) {
	await client.query(`begin transaction read only; set local statement_timeout = ${Math.max(1, Math.round(timeoutMs))}`);
	await client.query("select");
	const answer = await rowsOf(client, withMoments(sql, window), timeoutMs + graceMs).catch((error) => {
		if (error instanceof esm_default.DatabaseError) return error;
		throw error;
	});
	await client.query("rollback");
	if (answer instanceof esm_default.DatabaseError) return {
		state: "error",
		message: `the database answered: ${answer.message} (${answer.code})`
	};
	return sampleOf(answer);
}
/** For the way there and back, beyond the time that the server itself allows. */
const graceMs = 5e3;
const moment = /\$(start|end)\b(?!\$)/g;
/** Whether a query can be asked for any window. */
function hasMoments(sql) {
	return sql.search(moment) !== -1;
}
/** `$start` and `$end` become parameters, in the order in which they stand. */
function withMoments(sql, { startMs, endMs }) {
	const values = [];
	return {
		text: sql.replace(moment, (_, name) => {
			const at = new Date(name === "start" ? startMs : endMs).toISOString();
			if (!values.includes(at)) values.push(at);
			return `$${values.indexOf(at) + 1}::pg_catalog.timestamptz`;
		}),
		values
	};
}
function rowsOf(client, { text, values }, withinMs) {
	const kept = [];
	let count = 0;
	const query = new esm_default.Query({
		text,
		values,
		rowMode: "array",
		queryMode: "extended",
		types: { getTypeParser: () => String }
	});
	let timer;
	return new Promise((resolve, reject) => {
		timer = setTimeout(() => reject(/* @__PURE__ */ new Error(`it gave no answer within ${withinMs / 1e3} s`)), withinMs);
		query.on("row", (row) => {
			count++;
			if (kept.length < 2) kept.push(row);
		});
		query.on("error", reject);
		query.on("end", () => resolve({
			rows: kept,
			columns: kept[0]?.length ?? 0,
			count
		}));
		client.query(query);
	}).finally(() => clearTimeout(timer));
}
function sampleOf({ rows, columns, count }) {
	if (count === 0) return { state: "empty" };
	if (count > 1 || columns !== 1) return {
		state: "error",
		message: `the query returns ${count} rows of ${columns} columns, where one number is needed`
	};
	const text = rows[0]?.[0] ?? null;
	if (text === null) return { state: "empty" };
	if (/^(?:NaN|-?Infinity)$/.test(text)) return { state: "nan" };
	if (!/^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return {
		state: "error",
		message: "the query returns something else than a number: cast it, or use extract(epoch from …)"
	};
	return Number.isFinite(Number(text)) ? {
		state: "value",
		value: Number(text)
	} : { state: "nan" };
}
// src/adapters/metrics/sql.ts
/**
* The database itself. A query that names `$start` and `$end` is asked for any window; any other tells what is so at this
* moment, which stands for the window that has just ended, and for none before.
*/
function sqlProbe(source) {
	return {
		sample: (check, windows, { signal }) => sampleAll(source, check, windows, signal),
		examine: (check, windows, signal) => examine(source, check, windows, signal),
		queryOf: (check) => check.sql ?? ""
	};
}
/** How long the present stands for a window that has ended, at least: the data of metrics takes as long to settle. */
const freshMs = 12e4;
async function sampleAll(source, check, windows, signal) {
	const sql = check.sql ?? "";
	const { windowMs } = withDefaults(check);
	const now = source.now().getTime();
	const isPresent = ({ endMs }, index) => index === windows.length - 1 && Math.abs(now - endMs) <= Math.max(freshMs, windowMs);
	const asked = windows.map((window, index) => hasMoments(sql) || isPresent(window, index));
	if (!asked.includes(true)) return windows.map(() => ({ state: "empty" }));
	const timeoutMs = Math.min(1e4, windowMs / 10);
	const samples = [];
	try {
		try {
			var _usingCtx$1 = _usingCtx();
			const session = _usingCtx$1.a(await openReader(source, timeoutMs));
			const stop = () => void session[Symbol.asyncDispose]();
			signal.addEventListener("abort", stop, { once: true });
			try {
				for (const [index, window] of windows.entries()) {
					if (signal.aborted) throw new Error("the watch was stopped");
					const sample = asked[index] ? await askForNumber(session.client, sql, window, timeoutMs) : { state: "empty" };
					samples.push(sample.state === "empty" && asked[index] && check.empty === "zero" ? {
						state: "value",
						value: 0
					} : sample);
				}
			} finally {
				signal.removeEventListener("abort", stop);
			}
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	} catch (error) {
		const message = `${describeConnection(source.database.connection)}: ${messageOf(error)}`;
		while (samples.length < windows.length) samples.push({
			state: "error",
			message
		});
	}
	return samples;
}
/** A session that can write nothing, waits for no lock, and ends by itself when nobody is there any more. */
async function openReader({ database, applicationName }, timeoutMs) {
	const session = await openClient({
		...database,
		applicationName
	});
	try {
		await assumeRole(session.client, database.role);
		await session.client.query(`set default_transaction_read_only = on; set lock_timeout = '1s'; set idle_in_transaction_session_timeout = '10s'; set statement_timeout = ${Math.round(timeoutMs)}`);
		return session;
	} catch (error) {
		await session[Symbol.asyncDispose]();
		throw error;
	}
}
async function examine(source, check, windows, signal) {
	const sql = check.sql ?? "";
	const { windowMs } = withDefaults(check);
	const now = source.now().getTime();
	const moments = hasMoments(sql);
	const asked = moments ? windows : [{
		startMs: now - windowMs,
		endMs: now
	}];
	const samples = await sampleAll(source, check, asked, signal);
	const judged = moments ? {
		windows: asked,
		samples
	} : twice(asked, samples, windowMs);
	const { problems, notes } = examineSamples(check, judged.windows, judged.samples);
	if (problems.length === 0 && !samples.some(({ state }) => state === "value")) problems.push("The query returns no number: no row, or NULL.");
	if (!moments && check.baseline === "required") problems.push(check.max === void 0 ? "It could never be judged: a database tells what is so now, and not what was so on earlier days. Give max and baseline: none, or name $start and $end in the query." : "A database tells what is so now, and not what was so on earlier days: say baseline: none, so that max alone judges it, or name $start and $end in the query.");
	if (moments) problems.push(...await skew(source));
	if (check.requests !== void 0) notes.push("requests is asked of Prometheus, and does not count for a check in SQL.");
	return {
		problems,
		notes,
		series: []
	};
}
function twice(windows, samples, windowMs) {
	return {
		windows: [...windows.map(({ startMs, endMs }) => ({
			startMs: startMs - windowMs,
			endMs: endMs - windowMs
		})), ...windows],
		samples: [...samples, ...samples]
	};
}
/** The windows are named by this machine's clock, the rows by the server's. */
async function skew(source) {
	try {
		try {
			var _usingCtx3 = _usingCtx();
			const session = _usingCtx3.a(await openReader(source, 1e4));
			const before = source.now().getTime();
			const { rows } = await session.client.query("select pg_catalog.date_part('epoch', pg_catalog.clock_timestamp())::text as at");
			return describeSkew(describeConnection(source.database.connection), [Number(rows[0]?.at) * 1e3], before, source.now().getTime());
		} catch (_) {
			_usingCtx3.e = _;
		} finally {
			await _usingCtx3.d();
		}
	} catch (error) {
		return [sentence(messageOf(error))];
	}
}
// src/adapters/metrics/probes.ts
/** One probe a source. Each connects when a check asks it, and holds nothing in between. */
function openProbes(wanted, surroundings = systemClock) {
	const { now, sleep, applicationName = "shiplock" } = surroundings;
	const { allowWarnings, database } = wanted;
	const overHttp = (name, source) => ({
		name,
		source,
		allowWarnings,
		now,
		client: metricsClient(source, {
			name,
			sleep
		})
	});
	const probes = {
		...wanted.prometheus === void 0 ? {} : { prometheus: prometheusProbe(overHttp("Prometheus", wanted.prometheus)) },
		...wanted.loki === void 0 ? {} : { loki: lokiProbe(overHttp("Loki", wanted.loki)) },
		...database === void 0 ? {} : { sql: sqlProbe({
			database,
			applicationName,
			now
		}) }
	};
	return {
		for(check) {
			const probe = probes[check.prometheus !== void 0 ? "prometheus" : check.loki !== void 0 ? "loki" : "sql"];
			if (probe === void 0) throw new Error(`no source for the check ${check.id}`);
			return probe;
		},
		async [Symbol.asyncDispose]() {}
	};
}
export { openProbes };
