import { n as withDefaults, r as atDeploy } from "./check.js";
import { i as baselineOf, n as linesOf, r as round, t as judgeCheck } from "./judge.js";
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
		checks: checks.map((check) => atDeploy(check, deployedMs)),
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
