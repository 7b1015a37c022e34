import { $t as visible, Ct as datetime, Et as boolean, Ft as string, Gt as formatMoment, Jt as plural, Kt as formatSize, Lt as union, Mt as number$1, Nt as object, Pt as record$1, Qt as oneLine, Rt as unknown, St as showArguments, Tt as array, Ut as formatCount, Wt as formatDuration, Zt as harmless, bt as shownVersion, wt as _enum } from "./start.js";
import { a as round, n as median, s as states } from "./robust.js";
import { t as gateCheckNames } from "./check-names.js";
// src/report/command-report.ts
/** How grave a finding is, in a table. */
const severityWords = {
	error: "✖ error",
	warning: "! warning",
	advice: "advice"
};
/** A moment of a result for people. */
function moment(text) {
	return text === void 0 ? void 0 : formatMoment(text);
}
function codeCell(text) {
	return text === void 0 ? "" : { code: text };
}
/** Without those that the result does not hold. */
function knownFacts(facts) {
	return facts.flatMap(([name, value]) => value === void 0 || value === "" ? [] : [[name, value]]);
}
// src/report/lenient.ts
/** A report is also made of a result that is not whole: what is missing or malformed is left out, and nothing throws. */
const text = string().optional().catch(void 0);
const number = number$1().optional().catch(void 0);
const flag = boolean().optional().catch(void 0);
/** Texts of a list; an absent list is empty. */
const texts = list(string());
/** The entries of a list that fit; an absent list is empty. */
function list(entry) {
	return array(unknown()).catch([]).transform((all) => all.flatMap((one) => entry.safeParse(one).data ?? []));
}
/** An object whose absence reads as one without fields. */
function fields(shape) {
	const object$1 = object(shape);
	return object$1.catch(() => object$1.parse({}));
}
const details$19 = fields({
	made: flag,
	dryRun: flag,
	previous: fields({
		id: text,
		snapshotAt: text,
		sizeBytes: number,
		databaseBytes: number,
		tables: number,
		rows: number
	}),
	retention: fields({
		mode: text,
		class: text,
		removed: list(object({
			key: string(),
			snapshotAt: text,
			sizeBytes: number,
			why: text
		})),
		kept: number,
		keptBecause: list(object({
			why: string(),
			count: number$1()
		})),
		leftovers: list(object({
			key: string(),
			sizeBytes: number,
			removed: flag
		})),
		warnings: texts
	}),
	restoreByHand: texts,
	drill: fields({
		at: text,
		verdict: text,
		levels: texts
	}),
	notes: texts,
	manifest: fields({
		id: text,
		level: text,
		object: fields({
			key: text,
			sizeBytes: number,
			sha256: text
		}),
		source: fields({
			database: text,
			serverVersion: text,
			sizeBytes: number
		}),
		dump: fields({
			clientVersion: text,
			snapshotAt: text
		}),
		tables: list(object({
			name: string(),
			rows: number
		}))
	})
});
const checkNames$2 = /* @__PURE__ */ new Map([
	["dump-exit", "pg_dump ended with 0"],
	["landed", "size and part checksums agree"],
	["sha256", "SHA-256 of the stored bytes"],
	["decoded", "decoded to the last byte"],
	["archive-rows", "the archive holds the rows of the snapshot"],
	["min-tables", "enough tables"],
	["min-size", "large enough"],
	["shrink", "not much smaller than the previous one"],
	["standby-lag", "the standby is not far behind"],
	["roles", "roles kept beside the dump, without passwords"],
	["retention", "what becomes of older backups"],
	["fresh", "younger than the limit"],
	["environment", "belongs to this environment"],
	["newest", "is the newest there is"],
	["made", "passed the checks of its own run"],
	["stamp", "is of this very database"],
	["ledger-heads", "holds the version tables as they stand"],
	["restored", "was restored by a drill"]
]);
/** What a backup can be, step by step, with the checks that show it. */
const ladder = [
	{
		level: "dumped",
		word: "dumped",
		checks: ["dump-exit"],
		means: "pg_dump ended with 0"
	},
	{
		level: "landed",
		word: "landed",
		checks: ["landed"],
		means: "size and part checksums agree"
	},
	{
		level: "read-back",
		word: "read back",
		checks: ["sha256", "decoded"],
		means: "SHA-256 of the stored bytes, and decoded to the end"
	},
	{
		level: "restored",
		word: "restored",
		checks: [],
		means: "loaded into a scratch cluster"
	},
	{
		level: "equal",
		word: "equal",
		checks: [],
		means: "holds what the manifest says"
	},
	{
		level: "usable",
		word: "usable",
		checks: [],
		means: "smoke queries pass"
	}
];
function backupDetail(command) {
	const given = details$19.parse(command);
	const { manifest, restoreByHand } = given;
	const { id, object, source, dump, tables } = manifest;
	const known = id !== void 0 || command.checks.length > 0;
	const content = tables.length === 0 ? "" : `${plural(tables.length, "table")}, ${describeRows(tables)}`;
	const steps = known ? stepsOf(command, given) : [];
	return {
		word: command.verdict !== "pass" ? void 0 : given.made === false ? "Nothing to do" : given.dryRun === true ? "Dry run" : void 0,
		facts: knownFacts([
			["Backup", codeCell(id)],
			["Object", codeCell(object.key)],
			["Size", object.sizeBytes === void 0 ? void 0 : sizeText(object.sizeBytes)],
			["SHA-256", codeCell(object.sha256)],
			["Database", source.database],
			["Versions", versions(source.serverVersion, dump.clientVersion)],
			["Holds the state of", moment(dump.snapshotAt)],
			["Content", command.reason.includes(content) ? void 0 : content]
		]),
		tables: [
			...known ? [ladderTable(steps)] : [],
			...given.previous.id === void 0 ? [] : [comparisonTable$1(given)],
			...tables.length === 0 ? [] : [{
				title: `Rows of ${plural(tables.length, "table")}`,
				headers: ["Table", "Rows"],
				rows: tables.map(({ name, rows }) => [codeCell(name), rows === void 0 ? "not counted" : formatCount(rows)]),
				folded: true
			}],
			...retentionTable(given.retention)
		],
		notes: [
			...given.notes,
			...given.retention.warnings,
			...command.verdict === "pass" && known ? [outlook(command, given)] : []
		],
		script: restoreByHand.length === 0 ? void 0 : {
			title: "How to restore it by hand, with plain PostgreSQL tools",
			lines: restoreByHand
		},
		checkNames: checkNames$2,
		shownElsewhere: new Set(known ? ladder.flatMap(({ checks }) => checks) : [])
	};
}
function sizeText(bytes) {
	const size = formatSize(bytes);
	return size.endsWith(" B") ? size : `${size} (${plural(bytes, "byte")})`;
}
function outlook(command, { drill }) {
	if (drill.verdict === "pass") return `It was last restored by the drill of ${moment(drill.at) ?? "an unknown moment"}.`;
	return isNew(command) ? "It has not been restored yet: that is the drill's job." : "Whether it can be restored is for the drill to show.";
}
/** Sizes beside those of the backup before. */
function comparisonTable$1({ manifest, previous }) {
	const rows = isCounted(manifest.tables) ? sumRows(manifest.tables) : void 0;
	const line = (name, now, before, format) => now === void 0 || before === void 0 ? [] : [[
		name,
		format(now),
		format(before),
		change(now, before)
	]];
	return {
		title: `Compared with the backup before, of ${moment(previous.snapshotAt) ?? "an unknown moment"}`,
		headers: [
			"",
			"This one",
			"The one before",
			"Change"
		],
		rows: [
			...line("Dump", manifest.object.sizeBytes, previous.sizeBytes, formatSize),
			...line("Database on the server", manifest.source.sizeBytes, previous.databaseBytes, formatSize),
			...line("Tables", manifest.tables.length, previous.tables, formatCount),
			...line("Rows", rows, previous.rows, formatCount)
		]
	};
}
function describeRows(tables) {
	return `${isCounted(tables) ? "" : "at least "}${plural(sumRows(tables), "row")}`;
}
function isCounted(tables) {
	return tables.every(({ rows }) => rows !== void 0);
}
function sumRows(tables) {
	return tables.reduce((sum, { rows = 0 }) => sum + rows, 0);
}
/** What went or would go; when nothing does, the check says all there is to say. */
function retentionTable({ mode, class: name = "", removed, kept, keptBecause, leftovers }) {
	if (removed.length + leftovers.length === 0) return [];
	const becomes = mode === "apply" ? "deleted" : "would be deleted";
	const size = (bytes) => bytes === void 0 ? "" : formatSize(bytes);
	return [{
		title: `Older backups of ${name}: ${formatCount(removed.length)} ${becomes}, ${formatCount(kept ?? 0)} kept`,
		headers: [
			"Backup",
			"Size",
			"What becomes of it",
			"Why"
		],
		rows: [
			...removed.map(({ key, sizeBytes, why = "" }) => [
				codeCell(key),
				size(sizeBytes),
				becomes,
				why
			]),
			...leftovers.map((one) => [
				codeCell(one.key),
				size(one.sizeBytes),
				one.removed === true ? "deleted" : "left over",
				"its run did not reach its end"
			]),
			...keptBecause.map(({ why, count }) => [
				plural(count, "backup"),
				"",
				"kept",
				why
			])
		],
		folded: true
	}];
}
function change(now, before) {
	if (before === 0) return now === 0 ? "none" : "new";
	const percent = 100 * (now - before) / before;
	return now === before ? "none" : `${percent > 0 ? "+" : "−"}${Math.abs(percent).toFixed(1)} %`;
}
/** A backup that was made a moment ago cannot have been restored; an older one may have been. */
function isNew({ command }) {
	return command === "backup";
}
/** A step counts when its own checks passed, or when it has none here and the manifest was written at its level; never above one that failed. */
function stepsOf(command, { manifest: { level }, drill }) {
	const written = ladder.findIndex((step) => step.level === level);
	let broken = false;
	return ladder.map(({ word, means, checks }, index) => {
		if (checks.length === 0 && !isNew(command)) return {
			word,
			means,
			state: drilledState(word, drill, broken)
		};
		const found = command.checks.filter(({ id }) => checks.includes(id));
		const state = broken ? "not reached" : stateOf(found.map(({ status }) => status), checks.length, index <= written);
		broken ||= state === "failed" || state === "not reached";
		return {
			word,
			means,
			state
		};
	});
}
/** What a drill showed counts on, unless the stored bytes are found to be others now. */
function drilledState(word, { verdict, levels }, broken) {
	if (levels.includes(word)) return broken ? "not reached" : "reached";
	if (verdict !== "fail") return "not checked";
	return word === "restored" ? "failed" : "not reached";
}
function stateOf(statuses, needed, written) {
	if (statuses.includes("fail")) return "failed";
	if (statuses.includes("not-checked")) return "not checked";
	if (written || needed > 0 && statuses.length === needed) return "reached";
	return "not reached";
}
function ladderTable(steps) {
	const signs = {
		reached: "✔ ",
		failed: "✖ ",
		"not checked": "",
		"not reached": ""
	};
	return {
		title: "What is proved, and what is not",
		headers: [
			"The backup is",
			"State",
			"Which means"
		],
		rows: steps.map(({ word, means, state }) => [
			word,
			signs[state] + state,
			means
		])
	};
}
function versions(server, client) {
	return [server && `server ${server}`, client && `pg_dump ${client}`].filter(Boolean).join(", ");
}
// src/report/commands/canary-backtest.ts
const details$18 = fields({
	days: number,
	backtest: list(object({
		id: text,
		promote: number,
		hold: number,
		abort: number,
		unknown: number
	}))
});
/** How often each check would have raised an alarm when nothing was released. */
function backtestDetail(command) {
	const { backtest, days } = details$18.parse(command);
	return {
		what: `canary${command.environment === void 0 ? "" : ` ${command.environment}`}, backtest${days === void 0 ? "" : `, every hour of ${days} days`}: nothing was watched`,
		tables: [{
			title: "How watches would have ended when nothing was released",
			headers: [
				"Check",
				"Promote",
				"Hold",
				"Abort",
				"False alarms",
				"Without data"
			],
			rows: backtest.map(({ id, promote = 0, hold = 0, abort = 0, unknown = 0 }) => [
				codeCell(id),
				...[
					promote,
					hold,
					abort
				].map(formatCount),
				promote + hold + abort === 0 ? "not known" : `${(100 * (hold + abort) / (promote + hold + abort)).toFixed(1)} %`,
				formatCount(unknown)
			])
		}],
		notes: ["A release on that day may be among them: look at the hours before you widen a line. A check with many false alarms wants a longer window, a floor, or dry-run."]
	};
}
// src/report/commands/canary-tables.ts
const marks = [
	"good",
	"suspicious",
	"bad",
	"unusable"
];
const mostWindows = 1e3;
/** What was normal, what is now, and where the lines are. */
function comparisonTable(watched) {
	return {
		title: "Beside what was normal before",
		headers: [
			"Check",
			"Decision",
			"Baseline",
			"Canary",
			"Ratio",
			"Hold line",
			"Abort line",
			"Windows"
		],
		rows: watched.map((one) => [
			codeCell(one.id),
			decisionOf(one),
			baselineOf(one),
			canaryOf(one),
			one.ratio === void 0 ? "" : `${round(one.ratio)} ×`,
			lineOf(one, one.lines.hold),
			lineOf(one, one.lines.abort),
			windowsOf(one)
		])
	};
}
function decisionOf({ decision = "", pending, dryRun }) {
	const said = pending === true ? "not over" : decision;
	return dryRun === true ? `${said}, a dry run` : said;
}
function baselineOf({ kind, baseline, counted }) {
	if (kind === "logs") {
		const { baselineLines, baselineWindows } = counted;
		return baselineLines === void 0 || !baselineWindows ? "none" : `${baselineLines} lines, n = ${baselineWindows}`;
	}
	const { median: middle, spread, windows, outliers = 0 } = baseline;
	if (middle === void 0) return "none";
	const left = outliers > 0 ? `, ${outliers} far off` : "";
	return `${round(middle)} ± ${round(spread ?? NaN)}, n = ${windows ?? "?"}${left}`;
}
function canaryOf({ kind, windows, counted }) {
	if (kind === "logs") return counted.lines === void 0 ? "" : `${counted.lines} lines`;
	const values = windows.flatMap((one) => one.mark === "unusable" || one.sample.value === void 0 ? [] : [one.sample.value]);
	return values.length === 0 ? "no value" : round(median(values));
}
function lineOf({ direction }, line) {
	return line === void 0 ? "" : `${direction === "down" ? "<" : ">"} ${round(line)}`;
}
function windowsOf({ windows, expected }) {
	const parts = marks.map((mark) => [mark, windows.filter((one) => one.mark === mark).length]).filter(([, count]) => count > 0).map(([mark, count]) => `${count} ${mark}`);
	return `${windows.length} of ${expected ?? "?"}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}
function otherwiseTable(mattering) {
	return {
		title: "What would change this decision",
		headers: ["Check", "It would take"],
		rows: mattering.map(({ id, otherwise }) => [codeCell(id), otherwise ?? ""])
	};
}
/** Text of the team's own logs, which nobody here has written. */
function lineTables(mattering) {
	return mattering.filter(({ sampleLines }) => sampleLines.length > 0).map(({ id, sampleLines }) => ({
		title: `Lines that ${id ?? "the check"} counted, shortened and without what may be private`,
		headers: ["Line"],
		rows: sampleLines.map((line) => [codeCell(line)])
	}));
}
/** Every window, so that a reader can judge for himself. */
function windowTable(watched) {
	return {
		title: "Every window",
		headers: [
			"Check",
			"Window, UTC",
			"Value",
			"Requests",
			"Judged"
		],
		rows: watched.flatMap(({ id, windows }) => windows.map((one) => [
			codeCell(id),
			`${clockTime(one.window.startMs)} to ${clockTime(one.window.endMs)}`,
			whatWasSeen(one),
			one.sample.requests === void 0 ? "" : round(one.sample.requests),
			one.mark ?? ""
		])).slice(0, mostWindows),
		folded: true
	};
}
function whatWasSeen({ sample: { state, value, message, ageMs } }) {
	if (state === "value") return value === void 0 ? "not a number" : round(value);
	if (state === "error") return message ?? "error";
	const named = Object.hasOwn(states, state ?? "") ? states[state] : state ?? "";
	return ageMs === void 0 ? named : `${named}, ${formatDuration(ageMs)}`;
}
/** `14:05`, in UTC. */
function clockTime(ms) {
	const moment = new Date(ms ?? NaN);
	return Number.isNaN(moment.getTime()) ? "?" : moment.toISOString().slice(11, 16);
}
// src/report/commands/canary-chart.ts
const mostCharts = 5;
/** Windows and lines of the checks that decided something; a window without a value is named as such, and has no bar. */
function chartsOf(checks) {
	return checks.map(chartOf).filter((chart) => chart !== void 0).slice(0, mostCharts);
}
function chartOf({ id, lines, windows, kind }) {
	const bars = windows.slice(-36).map(({ window, sample, mark }) => {
		const isValue = mark !== "unusable" && sample.value !== void 0 && Number.isFinite(sample.value);
		const at = clockTime(window.startMs).replace(":", "h");
		return isValue ? {
			label: at,
			value: plain$1(sample.value),
			isValue
		} : {
			label: `${at} none`,
			value: 0,
			isValue
		};
	});
	if (bars.filter(({ isValue }) => isValue).length < 2) return void 0;
	const { hold, abort } = lines;
	const levels = [hold, abort].filter((line) => line !== void 0).map(plain$1);
	const named = [hold === void 0 ? "" : `hold ${round(hold)}`, abort === void 0 ? "" : `abort ${round(abort)}`].filter(Boolean);
	return {
		title: [id ?? "check", ...named].join(" / "),
		unit: kind === "logs" ? "lines" : "value",
		bars: bars.map(({ label, value }) => ({
			label,
			value
		})),
		levels: [...new Set(levels)]
	};
}
/** Mermaid takes no exponents. */
function plain$1(value) {
	const short = Number(value.toPrecision(5));
	return /e/.test(String(short)) ? Math.abs(short) < 1 ? 0 : Number.MAX_SAFE_INTEGER * Math.sign(short) : short;
}
// src/report/commands/canary-queries.ts
/** The queries as they were sent, to be tried by hand. */
function queryBlocks(checks) {
	const blocks = checks.flatMap(({ id, query }) => query === void 0 ? [] : [{
		intro: id ?? "",
		text: query,
		language: "text"
	}]);
	return blocks.length === 0 ? [] : [{
		title: "Queries as sent",
		blocks
	}];
}
// src/report/commands/canary-check-only.ts
const details$17 = fields({ examined: list(object({
	id: text,
	query: text,
	windows: number,
	notes: texts,
	series: texts
})) });
/** Most series of a check that are listed: a query that returns a thousand is wrong in any case. */
const mostSeries = 20;
/** Whether each check could be judged, before anything is deployed. */
function checkOnlyDetail(command) {
	const { examined } = details$17.parse(command);
	return {
		what: `canary${command.environment === void 0 ? "" : ` ${command.environment}`}, checks only: nothing was watched`,
		tables: [{
			title: "Good to know",
			headers: ["Check", "Note"],
			rows: examined.flatMap(({ id, notes }) => notes.map((note) => [codeCell(id), note]))
		}, {
			title: "What was found in the baseline",
			headers: [
				"Check",
				"Windows with a value",
				"Series"
			],
			rows: examined.map(({ id, windows, series }) => [
				codeCell(id),
				windows === void 0 ? "" : String(windows),
				`${series.slice(0, mostSeries).join(", ")}${series.length > mostSeries ? ` and ${series.length - mostSeries} more` : ""}`
			]),
			folded: true
		}].filter(({ rows }) => rows.length > 0),
		blocks: queryBlocks(examined)
	};
}
// src/report/commands/canary-details.ts
const window = object({
	window: fields({
		startMs: number,
		endMs: number
	}),
	sample: fields({
		state: text,
		value: number,
		requests: number,
		ageMs: number,
		message: text
	}),
	mark: text
});
/** What a watch leaves in the result. */
const canaryDetails = fields({
	complete: flag,
	stopped: flag,
	onHold: text,
	deciding: text,
	deployedAt: text,
	warmupMs: number,
	durationMs: number,
	watchedMs: number,
	record: fields({
		noted: flag,
		why: text,
		beforeDeploy: text,
		postBarred: flag,
		live: fields({
			release: text,
			at: text
		}),
		before: text
	}),
	watched: list(object({
		id: text,
		kind: text,
		decision: text,
		pending: flag,
		otherwise: text,
		usable: number,
		expected: number,
		dryRun: flag,
		direction: text,
		query: text,
		ratio: number,
		baseline: fields({
			windows: number,
			asked: number,
			median: number,
			spread: number,
			outliers: number
		}),
		lines: fields({
			hold: number,
			abort: number
		}),
		counted: fields({
			lines: number,
			usual: number,
			baselineLines: number,
			baselineWindows: number
		}),
		windows: list(window),
		sampleLines: texts
	}))
});
// src/report/commands/canary-follow.ts
/** What is live, and whether the post phase may run. */
function factsAfter({ verdict, release }, { record }) {
	const { live, noted, why } = record;
	const isAgainst = verdict === "abort" || verdict === "hold";
	const wasWatched = isAgainst || verdict === "promote";
	const recorded = live.release === void 0 ? void 0 : `${live.release}, recorded as deployed ${moment(live.at) ?? ""}`.trim();
	const liveText = recorded ?? (release === void 0 ? void 0 : `${release}, as this run was told`);
	return [
		["Live", isAgainst && liveText !== void 0 ? `${liveText}; nothing was rolled back` : recorded],
		["Compared with a deploy", wasWatched && live.release === void 0 ? notCompared(why) : void 0],
		["Post phase", postPhase(record, verdict)],
		["History", noted === true ? "the verdict is noted" : why === void 0 ? void 0 : `the verdict is not noted: ${why}`]
	];
}
/** Nobody knows then whether the windows are those of the release. */
function notCompared(why) {
	return `no: ${why ?? "no release is recorded as deployed"}`;
}
function postPhase({ postBarred: barred, noted }, verdict) {
	if (barred === true) return verdict === "promote" ? "shut, by what came before this watch" : "shut, until a person or a new deploy opens it";
	if (verdict !== "abort" && verdict !== "hold") return barred === false ? "open" : void 0;
	return isUnguarded(noted, barred) ? "not barred by this verdict: do not run it" : "not barred by this verdict";
}
/** Whether there may be a post phase that a verdict against the release does not shut. */
function isUnguarded(noted, barred) {
	return noted !== true && barred === void 0;
}
/** What can be typed now. Going back is the team's own deploy command, which nobody here knows. */
function followTable(command, { record, deployedAt }) {
	const { verdict, environment } = command;
	const isAgainst = verdict === "abort" || verdict === "hold";
	const where = environment === void 0 ? "" : ` --environment ${shellWord(environment)}`;
	const rows = [];
	const again = (at) => `shiplock canary${where} --deployed-at ${shellWord(at)}`;
	if (isAgainst && isUnguarded(record.noted, record.postBarred)) {
		rows.push(["Do not run the post phase: nothing bars it, since the history does not know of this verdict", ""]);
		rows.push(["Have the verdict noted, which bars it: give database-url (as DATABASE_URL), and judge the same windows again", deployedAt === void 0 ? "" : { code: again(deployedAt) }]);
	} else if (record.beforeDeploy !== void 0 && record.live.at !== void 0) rows.push(["Watch the release from when it was recorded as deployed", { code: again(record.live.at) }]);
	else if (verdict === "hold" && deployedAt !== void 0) rows.push(["Judge the same windows again, when the sources have what was missing", { code: again(deployedAt) }]);
	if (isAgainst || record.postBarred === true) {
		const before = record.before;
		const release = before === void 0 ? "" : ` --release ${shellWord(before)}`;
		if (before !== void 0 && record.noted === true) rows.push([`See whether the code of ${before} works on this schema; changes nothing`, { code: `shiplock rollback${where} --to ${shellWord(before)} --dry-run` }]);
		rows.push([`Go back: deploy ${before ?? "the release before"} with your own command${record.noted === true ? ", then from its checkout" : ""}`, record.noted === true ? { code: `shiplock record deployed${where}${release}` } : ""]);
	}
	if (record.postBarred === true) rows.push(["Let it stay all the same, which opens the post phase; the reason is kept", { code: `shiplock record promoted${where} --reason "…"` }]);
	return {
		title: "What can follow",
		headers: ["To", "Type"],
		rows
	};
}
/** A word of a command line, quoted where a shell would read more into it. */
function shellWord(text) {
	return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
// src/report/commands/canary.ts
const ranks = /* @__PURE__ */ new Map([["abort", 0], ["hold", 1]]);
/** A watch, a look before a deploy, or a backtest: each has a report of its own. */
function canaryDetail(command) {
	if (flag.parse(command.checkOnly) === true) return checkOnlyDetail(command);
	if (command.backtest !== void 0) return backtestDetail(command);
	const given = canaryDetails.parse(command);
	const watched = [...given.watched].sort((one, other) => rankOf(one, given) - rankOf(other, given));
	const mattering = watched.filter((one) => one.id === given.deciding || isAgainst(one));
	return {
		what: whatOf(command, given),
		facts: knownFacts([
			["Deployed", moment(given.deployedAt)],
			["Warm-up, not judged", given.warmupMs === void 0 ? void 0 : formatDuration(given.warmupMs)],
			["Deciding check", codeCell(given.deciding)],
			...factsAfter(command, given)
		]),
		tables: [
			comparisonTable(watched),
			otherwiseTable(mattering),
			...lineTables(mattering),
			followTable(command, given),
			windowTable(watched)
		].filter(({ rows }) => rows.length > 0),
		notes: given.stopped === true ? ["It was stopped from outside: what had not been seen by then is no evidence, and counts for nothing."] : [],
		blocks: queryBlocks(watched),
		chartGroup: {
			title: "Windows of each check that mattered",
			charts: chartsOf(mattering)
		}
	};
}
function isAgainst({ decision, dryRun, pending }) {
	return decision !== "promote" && dryRun !== true && pending !== true;
}
/** The deciding check first, then the gravest; what is only shown comes last. */
function rankOf({ id, decision, dryRun }, { deciding }) {
	if (dryRun === true) return 4;
	return id !== void 0 && id === deciding ? -1 : ranks.get(decision ?? "") ?? 2;
}
function whatOf({ command, environment, release }, { watchedMs, durationMs, complete }) {
	const where = [command, environment].filter(Boolean).join(" ");
	if (watchedMs === void 0 || durationMs === void 0) return where;
	const time = complete === true ? formatDuration(watchedMs) : `${formatDuration(watchedMs)} of ${formatDuration(durationMs)}`;
	return `${where}: ${release ?? "the release"} was watched for ${time}`;
}
// src/report/commands/config-check.ts
const key = object({
	name: string(),
	path: text,
	line: number,
	condition: text,
	new: flag
});
const details$16 = fields({
	unconfigured: flag,
	base: text,
	sources: list(object({
		source: string(),
		count: number$1()
	})),
	counts: fields({
		required: number,
		present: number,
		off: number,
		optional: number,
		unknown: number
	}),
	missing: list(key),
	questions: list(object({
		condition: string(),
		answers: texts,
		keys: list(key)
	})),
	takenAsOff: list(key),
	unused: texts,
	nearMisses: list(object({
		found: string(),
		meant: string(),
		why: string()
	})),
	paste: text,
	notes: texts
});
function configCheckDetail(command) {
	const { unconfigured, base, sources, counts, missing, questions, takenAsOff, unused, nearMisses, paste, notes } = details$16.parse(command);
	const near = new Map(nearMisses.map(({ found, meant }) => [meant, found]));
	return {
		word: unconfigured ? "Nothing to do" : void 0,
		what: ["config-check", ...command.environment === void 0 ? [] : [command.environment]].join(" "),
		facts: knownFacts([
			["Read", sources.map(({ source, count }) => `${source} (${plural(count, "name")})`).join(", ")],
			["Live release", codeCell(base?.slice(0, 12))],
			["Off here", counts.off ? plural(counts.off, "conditional key") : void 0],
			["Optional", counts.optional ? plural(counts.optional, "key") : void 0],
			["Not the release's", counts.unknown ? `${plural(counts.unknown, "name")} on the host` : void 0]
		]),
		tables: [
			...missing.length === 0 ? [] : [missingTable(missing, near, base !== void 0)],
			...questions.length === 0 ? [] : [questionTable(questions)],
			...nearMisses.length === 0 ? [] : [nearTable(nearMisses)],
			...takenAsOff.length === 0 ? [] : [offTable(takenAsOff)],
			...unused.length === 0 ? [] : [unusedTable(unused)]
		],
		notes,
		blocks: paste ? [{
			title: "Lines to paste on the host",
			blocks: [{
				intro: "Give each a value:",
				text: paste,
				language: "sh"
			}]
		}] : [],
		checkNames: /* @__PURE__ */ new Map([["required-keys", "Required keys"], ["conditional-keys", "Conditional keys"]])
	};
}
function missingTable(missing, near, isCompared) {
	return {
		title: "Missing on the host",
		headers: [
			"Key",
			"Required by",
			"Since",
			"When",
			"The host has"
		],
		rows: missing.map((one) => [
			codeCell(one.name),
			codeCell(placeOf(one)),
			isCompared ? one.new ? "this release" : "before this release" : "",
			codeCell(one.condition),
			codeCell(near.get(one.name))
		])
	};
}
function questionTable(questions) {
	return {
		title: "Conditions to decide, with config-vars",
		headers: [
			"Does this hold on the host?",
			"Then it needs",
			"Where",
			"Answer, or =false"
		],
		rows: questions.map(({ condition, answers, keys }) => [
			codeCell(condition),
			codeCell(keys.map(({ name }) => name).join(", ")),
			codeCell(keys[0] === void 0 ? void 0 : placeOf(keys[0])),
			codeCell(answers.map((one) => `${one}=true`).join(", "))
		])
	};
}
function nearTable(nearMisses) {
	return {
		title: "Names on the host that the release ignores, and that look misspelt",
		headers: [
			"The host has",
			"Meant, it seems",
			"Why"
		],
		rows: nearMisses.map(({ found, meant, why }) => [
			codeCell(found),
			codeCell(meant),
			why
		])
	};
}
function offTable(keys) {
	return {
		title: "Taken as off: the live release has the same condition, and runs without",
		headers: [
			"Key",
			"Where",
			"When"
		],
		rows: keys.map((one) => [
			codeCell(one.name),
			codeCell(placeOf(one)),
			codeCell(one.condition)
		]),
		folded: true
	};
}
function unusedTable(names) {
	return {
		title: "No longer used: the live release knows these names, the new one does not",
		headers: ["The host has"],
		rows: names.map((name) => [codeCell(name)]),
		folded: true
	};
}
function placeOf({ path, line }) {
	return path === void 0 ? "config-command" : `${path}:${line}`;
}
// src/report/commands/demo.ts
const details$15 = fields({
	serverVersion: text,
	rows: number,
	break: text,
	steps: list(fields({
		id: text,
		command: text,
		ms: number,
		verdict: text,
		queries: number,
		failed: number,
		slowestMs: number,
		slowest: text
	})),
	application: fields({
		queries: number,
		failed: number,
		slowestMs: number,
		slowest: text,
		firstError: text
	})
});
const checkNames$1 = /* @__PURE__ */ new Map([
	["plan", "the plan is made"],
	["backup", "a backup of the old schema is read back"],
	["migrate-pre", "the pre phase is applied"],
	["deploy", "version 1 is replaced by version 2"],
	["record-deployed", "the deploy is recorded"],
	["columns-equal", "no write of either version is lost"],
	["migrate-post", "the post phase is applied"],
	["backup-after", "a backup of the new schema is read back"],
	["restore-drill", "that backup is restored and compared"],
	["application-errors", "queries of the application that failed"],
	["nothing-left-behind", "nothing is left behind"]
]);
function demoDetail(command) {
	const given = details$15.parse(command);
	const { serverVersion, rows, application } = given;
	return {
		what: given.break === void 0 ? "demo" : `demo, with the break ${given.break}`,
		facts: knownFacts([
			["Server", serverVersion && `PostgreSQL ${serverVersion}, removed again`],
			["Orders at the start", rows === void 0 ? void 0 : formatCount(rows)],
			["First error of the application", codeCell(application.firstError)]
		]),
		tables: given.steps.length === 0 ? [] : [timeline(given)],
		notes: given.break === "drop-early" ? [brokenNote] : [],
		checkNames: checkNames$1
	};
}
const brokenNote = "What happened: the column was dropped before the deploy, so that version 1 asked for something that was gone until its last worker had been replaced. A file in db/post_migrations waits until \"record deployed\" has said that no old code is left: then nobody misses the column. \"shiplock demo\" shows that.";
function timeline({ steps, application }) {
	const total = steps.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
	return {
		title: "Timeline, and what the application met meanwhile",
		headers: [
			"Step",
			"Took",
			"Queries",
			"Failed",
			"Slowest",
			"Which was"
		],
		rows: [...steps, {
			...application,
			id: void 0,
			command: "together",
			ms: total,
			verdict: void 0
		}].map((one) => [
			`${one.verdict === "pass" || one.verdict === void 0 ? "" : "✖ "}${one.command ?? one.id ?? ""}`,
			milliseconds(one.ms),
			one.queries === void 0 ? "" : formatCount(one.queries),
			one.failed === void 0 ? "" : `${one.failed > 0 ? "✖ " : ""}${formatCount(one.failed)}`,
			milliseconds(one.slowestMs),
			one.slowest ?? ""
		])
	};
}
function milliseconds(ms) {
	return ms === void 0 ? "" : formatDuration(ms);
}
// src/report/commands/contract-table.ts
/** What a digest covers, as a result holds it. */
const contractFields = object({
	environment: text,
	phase: text,
	layout: text,
	folders: texts,
	tables: list(object({
		table: text,
		head: text
	})),
	stamp: string().nullish().catch(void 0),
	migrations: list(object({
		id: text,
		checksum: text,
		transactional: boolean().optional().catch(void 0)
	})),
	command: texts,
	policy: record$1(string(), union([
		string(),
		number$1(),
		boolean()
	])).catch({})
});
/** All that an approval of a phase covers, for whoever wants to know. */
function contractTable({ phase, ...rest }) {
	const { environment, layout, folders, tables, stamp, migrations, command, policy } = rest;
	const rows = [
		["environment", codeCell(environment)],
		["layout", codeCell(layout)],
		...folders.map((folder) => ["folder", codeCell(folder)]),
		...command.length === 0 ? [] : [["command", codeCell(showArguments(command))]],
		["stamp", stamp === null ? "none yet" : codeCell(stamp)],
		...tables.map(({ table, head }) => [`head of ${table ?? "a version table"}`, codeCell(head)]),
		...migrations.map(({ id, checksum, transactional }) => [id ?? "a migration", codeCell(`${checksum ?? ""}${transactional === false ? ", outside a transaction" : ""}`)]),
		...Object.entries(policy).map(([name, value]) => [name, codeCell(name === "lock-budget" && typeof value === "number" ? formatDuration(value) : String(value))])
	];
	return {
		title: `What the digest of phase ${phase ?? "unknown"} covers`,
		headers: ["", "Is"],
		rows,
		folded: true,
		onlySummary: true
	};
}
// src/report/commands/gate-passage.ts
const plan = object({
	run: text,
	by: texts
});
const record = object({
	command: text,
	status: text,
	verdict: text,
	finishedAt: text,
	release: text,
	key: text
});
const details$14 = fields({
	protection: fields({
		repository: text,
		name: text,
		approvedBy: texts
	}),
	secondPerson: fields({
		planned: list(plan),
		startedBy: texts,
		event: text
	}),
	promotion: fields({
		from: text,
		commit: text,
		records: list(record)
	})
});
/** Who let a release through, and what its commit has passed before; the checks say whether that is enough. */
function passageDetail(command) {
	const { protection, secondPerson, promotion } = details$14.parse(command);
	const { from, commit, records } = promotion;
	const planners = secondPerson.planned.map(({ run, by }) => `${by.join(" and ") || "nobody knows"} (run ${run ?? "unknown"})`);
	return {
		facts: knownFacts([
			["Repository", codeCell(protection.repository)],
			["Approved by", protection.approvedBy.join(", ") || void 0],
			["Planned by", planners.join(", ") || void 0],
			["Started by", secondPerson.startedBy.join(" and ") || void 0]
		]),
		tables: records.length === 0 ? [] : [{
			title: `What ${commit?.slice(0, 12) ?? "the commit"} has passed in ${from ?? "the environment before"}`,
			headers: [
				"Command",
				"Verdict",
				"Ended",
				"Release",
				"Record"
			],
			rows: records.map((one) => [
				codeCell(one.command),
				one.verdict ?? "no record",
				moment(one.finishedAt) ?? "",
				codeCell(one.release),
				codeCell(one.key)
			]),
			folded: true
		}]
	};
}
// src/report/commands/gate.ts
const difference = object({
	what: text,
	text: string()
});
const details$13 = fields({
	phase: text,
	database: text,
	digest: text,
	approvedDigest: text,
	contract: contractFields.optional().catch(void 0),
	differences: list(difference),
	opensAt: text,
	busyHoursAllowed: fields({
		reason: text,
		by: text
	}),
	notes: texts
});
function gateDetail(command) {
	const { phase, database, digest, approvedDigest, contract, differences, opensAt, busyHoursAllowed, notes } = details$13.parse(command);
	const passage = passageDetail(command);
	return {
		what: `${["gate", command.environment].filter(Boolean).join(" ")}${phase === void 0 ? "" : `, phase ${phase}`}`,
		tables: [
			...differences.length === 0 ? [] : [differenceTable(differences)],
			...contract === void 0 || differences.length > 0 || approvedDigest === digest ? [] : [contractTable(contract)],
			...passage.tables
		],
		facts: knownFacts([
			["Database", database],
			["Approved", codeCell(approvedDigest?.slice(0, 12))],
			["Now", approvedDigest === digest ? void 0 : codeCell(digest?.slice(0, 12))],
			["Quiet hours begin", moment(opensAt)],
			["Busy hours allowed by", busyHoursAllowed.by],
			...passage.facts
		]),
		notes: [...notes, "Nothing has been changed."],
		checkNames: gateCheckNames
	};
}
function differenceTable(differences) {
	return {
		title: "Changed since the approval",
		headers: ["What", "How"],
		rows: differences.map(({ what, text }) => [what ?? "", text])
	};
}
// src/report/commands/init.ts
const details$12 = fields({
	written: texts,
	kept: texts,
	dryRun: flag,
	next: texts,
	files: list(fields({
		name: text,
		standing: text
	})),
	toPaste: list(object({
		intro: string(),
		text: string()
	}))
});
function initDetail(command) {
	const { written, kept, dryRun, next, files, toPaste } = details$12.parse(command);
	const rows = [
		...written.map((path) => [codeCell(path), dryRun ? "would be written" : "written"]),
		...kept.map((path) => [codeCell(path), "there already, left alone"]),
		...files.map(({ name, standing }) => [codeCell(name), standing ?? ""])
	];
	return {
		word: command.verdict === "pass" && dryRun ? "Dry run" : void 0,
		what: "init",
		tables: rows.length === 0 ? [] : [{
			title: "Files",
			headers: ["File", ""],
			rows
		}],
		notes: [...next, ...toPaste.map(pasted)]
	};
}
/** With the lines as they are to be pasted below what is said of them. */
function pasted({ intro, text }) {
	return `\n${intro}\n\n${text.replace(/^(?=.)/gm, "    ").trimEnd()}`;
}
// src/report/commands/ledger.ts
const identity = {
	environment: text,
	systemIdentifier: text,
	databaseOid: text,
	address: text
};
const deploy = {
	release: text,
	commit: text,
	at: text
};
const details$11 = fields({
	action: text,
	dryRun: flag,
	database: text,
	kind: text,
	why: text,
	live: fields(deploy),
	previous: fields(deploy),
	heldBack: texts,
	migration: text,
	phase: text,
	as: text,
	table: text,
	change: text,
	who: text,
	statements: texts,
	notes: texts,
	stamp: fields({
		...identity,
		id: text
	}),
	found: fields(identity)
});
function ledgerDetail(command) {
	const given = details$11.parse(command);
	const { action, dryRun, database, kind, why, migration, phase, as, table, change, who } = given;
	if (action === "show") return shownDetail(given, command.environment);
	const passed = command.verdict === "pass" && action !== void 0;
	return {
		word: passed && kind === void 0 && migration === void 0 ? "Nothing to do" : passed && dryRun ? "Dry run" : void 0,
		what: [
			"ledger",
			action,
			command.environment
		].filter((part) => part !== void 0).join(" "),
		facts: knownFacts([
			["Database", database],
			["Kind", codeCell(kind)],
			["Migration", codeCell(migration)],
			["Phase", phase],
			["Counts as", as],
			["Version table", table === void 0 || change === void 0 ? void 0 : `${table}: ${change}`],
			["By", who],
			["Reason", why]
		]),
		notes: given.notes,
		blocks: given.statements.length === 0 ? [] : [{
			title: "Statements",
			blocks: [{
				intro: "What is sent to the server:",
				text: given.statements.join(";\n"),
				language: "sql"
			}]
		}],
		tables: given.stamp.id === void 0 ? [] : [identityTable(given)]
	};
}
function shownDetail({ database, live, previous, heldBack }, environment) {
	const named = ({ release, commit, at }) => release === void 0 ? void 0 : [
		release,
		commit === void 0 ? "" : `(${commit.slice(0, 12)})`,
		moment(at)
	].join(" ");
	return {
		what: ["ledger show", environment].filter((part) => part !== void 0).join(" "),
		facts: knownFacts([
			["Database", database],
			["Live", named(live)],
			["Before it", named(previous)],
			["Held back", heldBack.join(", ")]
		])
	};
}
function identityTable({ stamp, found }) {
	const row = (name, said, is) => [
		name,
		codeCell(said),
		codeCell(is),
		said === void 0 || is === void 0 ? "not known" : said === is ? "same" : "differs"
	];
	return {
		title: "Which database this is",
		headers: [
			"",
			"Stamp",
			"Database",
			""
		],
		rows: [
			row("Environment", stamp.environment, found.environment),
			row("Server cluster (system identifier)", stamp.systemIdentifier, found.systemIdentifier),
			row("Database (oid)", stamp.databaseOid, found.databaseOid),
			row("Address (hash of host, port and name)", stamp.address?.slice(0, 12), found.address?.slice(0, 12))
		]
	};
}
// src/report/commands/lint.ts
const place = object({
	line: number$1(),
	column: number$1()
});
const remedyFile = object({
	phase: text,
	transactional: boolean().catch(true),
	sql: string(),
	note: text
});
const finding = object({
	rule: string().regex(/^[a-z0-9-]+$/).catch("unknown-rule"),
	severity: _enum([
		"error",
		"warning",
		"advice"
	]).catch("error"),
	path: string().catch(""),
	start: place.catch({
		line: 1,
		column: 1
	}),
	message: string().catch(""),
	harm: string().catch(""),
	remedy: string().catch(""),
	instead: list(remedyFile),
	source: object({
		text: string(),
		from: number$1().min(0),
		width: number$1()
	}).optional().catch(void 0)
});
const setting = object({
	name: text,
	base: text,
	proposed: text
});
const accepted = object({
	rule: text,
	path: text,
	line: number,
	reason: text
});
const details$10 = fields({
	checked: number,
	older: number,
	findings: list(finding),
	suppressed: list(accepted),
	settings: list(setting),
	notes: texts
});
function lintDetail(command) {
	const { checked, older, findings, suppressed, settings, notes } = details$10.parse(command);
	const quiet = findings.length === 0 && settings.length === 0 && suppressed.length === 0 && notes.length === 0;
	return {
		what: "lint",
		word: command.verdict === "pass" && checked === 0 && findings.length === 0 ? "Nothing to do" : void 0,
		brief: quiet && command.verdict === "pass" && command.error === void 0,
		findings: findings.map(({ path, start, source, ...rest }) => ({
			...rest,
			at: `${path}:${start.line}:${start.column}`,
			source: source === void 0 ? void 0 : {
				...source,
				line: start.line
			}
		})),
		tables: [...settings.length === 0 ? [] : [settingTable(settings)], ...suppressed.length === 0 ? [] : [acceptedTable(suppressed)]],
		notes: [...notes, ...older ? [`${plural(older, "older file")} ${older === 1 ? "was" : "were"} left alone.`] : []],
		checkNames: /* @__PURE__ */ new Map([["contents", "what the migrations do"]]),
		blocks: remedies(findings)
	};
}
function settingTable(settings) {
	return {
		title: "config-changed: until it is merged, the settings of the base count",
		headers: [
			"Setting",
			"Of the base",
			"Proposed"
		],
		rows: settings.map(({ name, base, proposed }) => [
			codeCell(name),
			codeCell(base ?? "not set"),
			codeCell(proposed ?? "not set")
		])
	};
}
function acceptedTable(suppressed) {
	return {
		title: `${plural(suppressed.length, "finding")} accepted in the files`,
		headers: [
			"Where",
			"Rule",
			"Reason"
		],
		rows: suppressed.map(({ path, line, rule, reason }) => [
			codeCell(`${path}:${line}`),
			codeCell(rule),
			reason ?? ""
		]),
		folded: true
	};
}
/** What to paste, rule by rule. */
function remedies(findings) {
	const helped = findings.filter(({ instead }) => instead.length > 0);
	return [...new Set(helped.map(({ rule }) => rule))].map((rule) => {
		const blocks = helped.filter((one) => one.rule === rule).flatMap(({ path, start, instead }) => instead.map(({ phase, transactional, sql, note }) => ({
			intro: [`In place of ${path}:${start.line}, a ${phase ?? "pre"} migration${transactional ? "" : " that runs outside a transaction"}`, note === void 0 ? ":" : ` (${note}):`].join(""),
			text: sql,
			language: "sql"
		})));
		return {
			title: `What to write instead: ${rule}`,
			blocks
		};
	});
}
// src/report/commands/team-command.ts
const details$9 = fields({
	runs: texts,
	exitCode: number,
	signal: text,
	durationMs: number,
	waits: list(object({
		waitsFor: text,
		heldBy: texts,
		waitedMs: number,
		cancelled: flag
	})),
	output: texts,
	unfinished: list(object({
		phase: text,
		release: text,
		startedAt: text
	})),
	environmentAdded: record$1(string(), string()).catch({}),
	environmentWithheld: texts
});
/** What a run of the team's own command adds to the report of `migrate`; empty where there was none. */
function teamCommandDetail(command) {
	const given = details$9.parse(command);
	if (given.runs.length === 0) return {
		facts: [],
		tables: []
	};
	return {
		facts: [
			["Command", codeCell(showArguments(given.runs))],
			["Ended", endOf(given)],
			["Time", given.durationMs === void 0 ? void 0 : formatDuration(given.durationMs)]
		],
		tables: [
			waitTable(given),
			unfinishedTable(given),
			environmentTable(given),
			outputTable(given)
		].filter(({ rows }) => rows.length > 0)
	};
}
const teamCheckNames = /* @__PURE__ */ new Map([["lock-guard", "waits for locks were watched"]]);
function endOf({ exitCode, signal }) {
	if (signal !== void 0) return `by ${signal}`;
	return exitCode === void 0 ? void 0 : `with exit status ${exitCode}`;
}
function waitTable({ waits }) {
	return {
		title: "Waits for locks",
		headers: [
			"For",
			"Held by",
			"Time",
			"Result"
		],
		rows: waits.map(({ waitsFor, heldBy, waitedMs, cancelled }) => [
			waitsFor ?? "",
			heldBy.join(" and "),
			waitedMs === void 0 ? "" : formatDuration(waitedMs),
			cancelled ? "the statement was cancelled" : ""
		])
	};
}
function unfinishedTable({ unfinished }) {
	return {
		title: "Left open by an earlier run; what became of its command is not known",
		headers: [
			"Phase",
			"Release",
			"Started"
		],
		rows: unfinished.map(({ phase, release, startedAt }) => [
			phase ?? "",
			codeCell(release),
			moment(startedAt) ?? ""
		])
	};
}
function environmentTable({ environmentAdded, environmentWithheld }) {
	return {
		title: "The command's environment",
		headers: ["Variable", "Value"],
		rows: [...Object.entries(environmentAdded).map(([name, value]) => [codeCell(name), codeCell(value)]), ...environmentWithheld.map((name) => [codeCell(name), "left out"])]
	};
}
function outputTable({ output }) {
	return {
		title: "The command's last lines",
		headers: ["Output"],
		rows: output.map((line) => [codeCell(line)]),
		folded: true
	};
}
// src/report/commands/way-back.ts
const step = object({
	id: text,
	phase: text,
	shape: text,
	against: list(object({
		at: text,
		because: text
	})),
	down: fields({
		kind: text,
		exists: flag,
		what: text,
		at: text
	})
});
const said = fields({ wayBack: fields({ sentence: text }) });
const details$8 = fields({ wayBack: fields({
	to: text.nullable(),
	steps: list(step)
}) });
/** One sentence: until when, or whether, older code may come back; `undefined` in results without it. */
function wayBackSentence(command) {
	return said.parse(command).wayBack.sentence;
}
/** What is open after each migration. */
function wayBackTables(command) {
	const { steps, to } = details$8.parse(command).wayBack;
	if (steps.length === 0) return [];
	return [{
		title: `The way back${to == null ? "" : ` to ${to}`} after each migration, by rules`,
		headers: [
			"After",
			"Way back",
			"Its down",
			"Why"
		],
		rows: steps.map((one) => [
			codeCell(one.phase === void 0 ? one.id : `${one.id} (${one.phase})`),
			one.shape === "undecided" ? "not known" : one.shape ?? "",
			downOf(one),
			one.against.map(({ at, because }) => `${at}: ${because}`).join(" ")
		]),
		...steps.every(({ shape }) => shape === "code-only") ? { folded: true } : {}
	}];
}
function downOf({ down: { kind, exists, what, at } }) {
	const where = at === void 0 ? "" : ` (${at})`;
	switch (kind) {
		case "lossless": return "loses nothing";
		case "lossy": return `loses ${what ?? "data"}${where}`;
		case "impossible": return `${exists ? "" : "none; "}brings not everything back: ${what ?? ""}${where}`;
		case "unread": return "not read";
		default: return kind === "missing" ? "none" : "";
	}
}
// src/report/commands/migrate.ts
const details$7 = fields({
	phase: text,
	dryRun: flag,
	database: text,
	digest: text,
	runs: texts,
	applied: list(object({
		id: text,
		version: text,
		durationMs: number,
		attempts: number
	})),
	failed: fields({
		id: text,
		path: text,
		sqlstate: text,
		attempts: number,
		durationMs: number,
		stepsDone: number
	}),
	notRun: texts,
	heldBack: texts,
	closed: list(object({
		version: text,
		state: text
	})),
	notes: texts,
	backup: fields({
		id: text,
		level: text,
		snapshotAt: text,
		evidence: text
	})
});
function migrateDetail(command) {
	const given = details$7.parse(command);
	const team = teamCommandDetail(command);
	const where = command.environment === void 0 ? "" : ` ${command.environment}`;
	return {
		word: command.verdict === "pass" ? wordOf$1(given) : void 0,
		what: `migrate${where}${given.phase === void 0 ? "" : `, phase ${given.phase}`}`,
		facts: knownFacts([
			...team.facts,
			["Database", given.database],
			["Relies on", backupOf(given)],
			["The way back", wayBackSentence(command)],
			["Plan digest", codeCell(given.digest?.slice(0, 12))]
		]),
		tables: [
			...[migrationTable(given), closedTable(given)].filter(({ rows }) => rows.length > 0),
			...wayBackTables(command),
			...team.tables
		],
		checkNames: new Map([
			...teamCheckNames,
			["backup", "a backup to go back to"],
			["drill", "a drill that shows what such a backup is worth"]
		]),
		notes: given.notes
	};
}
/** A kind of backup that a command attested is never more than that. */
function backupOf({ backup: { id, level, snapshotAt, evidence } }) {
	if (level === "attested") return `another kind of backup, attested: ${evidence ?? ""}`;
	return id === void 0 ? void 0 : `the backup ${id} (${level?.replace("-", " ")}, snapshot ${moment(snapshotAt)})`;
}
function wordOf$1({ dryRun, runs, applied, notRun, closed, phase }) {
	if (dryRun && (notRun.length > 0 || runs.length > 0)) return "Dry run";
	if (runs.length > 0) return void 0;
	return phase !== void 0 && applied.length === 0 && closed.length === 0 ? "Nothing to do" : void 0;
}
function migrationTable({ phase, dryRun, applied, failed, notRun, heldBack }) {
	const name = failed.id ?? failed.path;
	return {
		title: "Migrations",
		headers: [
			"Migration",
			"Result",
			"Time",
			"Attempts"
		],
		rows: [
			...applied.map((one) => row(one.id ?? one.version, "applied", one)),
			...name === void 0 ? [] : [row(name, failure(failed), failed)],
			...notRun.map((id) => row(id, dryRun ? "would run" : "not run")),
			...heldBack.map((id) => row(id, phase === "pre" ? "held back for phase post" : "held back"))
		]
	};
}
function row(name, result, took = {}) {
	return [
		codeCell(name),
		result,
		took.durationMs === void 0 ? "" : formatDuration(took.durationMs),
		took.attempts?.toString() ?? ""
	];
}
function failure({ sqlstate, stepsDone }) {
	const state = sqlstate === void 0 ? "" : `, SQLSTATE ${sqlstate}`;
	if (!stepsDone) return `✖ not applied${state}`;
	return `✖ not finished${state}; ${plural(stepsDone, "statement")} before it ${stepsDone === 1 ? "stays" : "stay"} done`;
}
/** Attempts of a dead run, of migrations or of ways back, and what the version table says of them. */
function closedTable({ closed }) {
	const states = /* @__PURE__ */ new Map([
		["applied-unreported", "had been applied, but the run ended before it said so"],
		["not-applied", "had not been applied"],
		["reverted", "had been taken back, but the run ended before it said so"],
		["not-reverted", "had not been taken back"]
	]);
	return {
		title: "Left open by an earlier run, closed from the ledger",
		headers: ["Version", "State"],
		rows: closed.map(({ version, state }) => [codeCell(version === void 0 ? void 0 : shownVersion(version)), states.get(state ?? "") ?? state ?? ""])
	};
}
// src/report/commands/new.ts
const details$6 = fields({
	path: text,
	notes: texts
});
function newDetail(command) {
	const { path, notes } = details$6.parse(command);
	return {
		what: "new",
		facts: knownFacts([["File", codeCell(path)]]),
		notes
	};
}
// src/report/commands/changed-keys.ts
/** Keys of the configuration that are not as the live release has them. */
const changedKeysFields = fields({
	since: text,
	added: list(object({
		name: string(),
		need: _enum([
			"required",
			"conditional",
			"optional"
		])
	})),
	removed: texts,
	becameRequired: texts
});
function changedKeysText(keys, problem) {
	if (keys === void 0) return problem && `what changed is not known: ${problem}`;
	const count = rowsOf(keys).length;
	return `${count === 0 ? "no change" : plural(count, "change")} since ${keys.since ?? "the live release"}`;
}
function changedKeysTables(keys) {
	const rows = keys === void 0 ? [] : rowsOf(keys);
	if (rows.length === 0) return [];
	return [{
		title: `Configuration keys that changed since ${keys?.since ?? "the live release"}`,
		headers: ["Key", "Change"],
		rows
	}];
}
function rowsOf({ added, removed, becameRequired }) {
	return [
		...added.map(({ name, need }) => [codeCell(name), `new, ${need}`]),
		...becameRequired.map((name) => [codeCell(name), "required now"]),
		...removed.map((name) => [codeCell(name), "no longer used"])
	];
}
// src/report/commands/plan.ts
const duration = object({
	durationMs: number$1(),
	environment: text,
	release: text
});
const migration = object({
	id: text,
	version: text,
	path: text,
	transactional: flag,
	heldBack: flag,
	unwrapped: flag,
	warning: text,
	/** Null when nothing is known; absent from results that older versions wrote. */
	expected: duration.nullish().catch(void 0),
	long: flag,
	destructive: text
});
const hazard = object({
	rule: text,
	severity: _enum([
		"error",
		"warning",
		"advice"
	]).catch("error"),
	path: text,
	line: number,
	message: text
});
const reliance = object({
	what: _enum(["backup", "drill"]),
	phase: text,
	id: text,
	level: text,
	ageMs: number
});
const outsideFields = object({
	since: fields({
		release: text,
		at: text
	}),
	count: number,
	changes: texts
});
const debt = object({
	id: text,
	since: text,
	ageMs: number
});
const details$5 = fields({
	database: text,
	serverVersion: text,
	applied: number,
	layout: text,
	layoutShownBy: text,
	phases: list(object({
		phase: text,
		pending: list(migration),
		runs: texts,
		last: fields({
			state: text,
			release: text,
			at: text
		}),
		warning: text
	})),
	drift: fields({
		ahead: texts,
		unchecked: number
	}),
	debts: list(debt),
	longMigrationMs: number,
	durationsProblem: text,
	hazards: list(hazard),
	relies: list(reliance),
	outside: outsideFields.optional().catch(void 0),
	outsideProblem: text,
	keys: changedKeysFields.optional().catch(void 0),
	keysProblem: text,
	contracts: fields({
		pre: contractFields.optional().catch(void 0),
		post: contractFields.optional().catch(void 0)
	}),
	releaseNotes: text,
	obstacles: texts,
	notes: texts,
	subscriberSql: texts,
	digests: fields({
		pre: text,
		post: text,
		all: text
	})
});
function planDetail(command) {
	const parsed = details$5.parse(command);
	const { database, serverVersion, applied, phases, drift, debts, digests, longMigrationMs, durationsProblem } = parsed;
	const { layout, layoutShownBy } = parsed;
	const { obstacles, notes, subscriberSql, hazards, relies, outside, outsideProblem, contracts, releaseNotes, keys, keysProblem } = parsed;
	const passed = command.verdict === "pass";
	const pending = phases.reduce((sum, { pending, runs }) => sum + pending.length + runs.length, 0);
	const byCommand = phases.filter(({ runs }) => runs.length > 0);
	return {
		word: passed && phases.length > 0 && pending === 0 ? "Nothing to do" : void 0,
		facts: knownFacts([
			["Database", database],
			["Server", serverVersion && `PostgreSQL ${serverVersion}`],
			["Applied so far", applied === void 0 ? void 0 : formatCount(applied)],
			["Layout", layoutShownBy && `${layout}: ${layoutShownBy}`],
			["Ahead of the files", drift.ahead.join(", ")],
			["Edits not checked", drift.unchecked ? `${plural(drift.unchecked, "applied migration")} without a recorded checksum` : void 0],
			[`Long migrations${over(longMigrationMs)}`, longOnes(phases)],
			["Took elsewhere", durationsProblem && `not fully known: ${durationsProblem}`],
			...relies.map(relianceFact),
			["Changed outside Shiplock", outsideText(outside, outsideProblem)],
			["Configuration keys", changedKeysText(keys, keysProblem)],
			["The way back", wayBackSentence(command)],
			["Digest, phase pre", codeCell(digests.pre)],
			["Digest, phase post", codeCell(digests.post)],
			["Digest, both phases", codeCell(digests.all)]
		]),
		tables: [
			...phases.filter(({ pending }) => pending.length > 0).flatMap(({ phase, pending }) => [phaseTable$1(phase, pending, hazards), ...hazardTables(phase, pending, hazards)]),
			...wayBackTables(command),
			...outside === void 0 || outside.changes.length === 0 ? [] : [outsideTable(outside)],
			...changedKeysTables(keys),
			...byCommand.length === 0 ? [] : [commandTable$1(byCommand)],
			...debts.length === 0 ? [] : [debtTable(debts)],
			...subscriberSql.length === 0 ? [] : [subscriberTable(subscriberSql)],
			...[contracts.pre, contracts.post].flatMap((one) => one === void 0 || pending === 0 ? [] : [contractTable(one)])
		],
		blocks: releaseNotes === void 0 ? [] : [{
			title: "Release notes",
			blocks: [{
				intro: "To be pasted into the release notes:",
				text: releaseNotes,
				language: "markdown"
			}]
		}],
		notes: [
			...obstacles.map((one) => `migrate would refuse ${one}`),
			...notes,
			...passed ? ["Nothing has been changed."] : []
		]
	};
}
function phaseTable$1(phase, pending, hazards) {
	return {
		title: {
			pre: "Phase pre, before the deploy",
			post: "Phase post, when no old code is left"
		}[phase ?? ""] ?? `Phase ${phase ?? "unknown"}`,
		headers: [
			"#",
			"Migration",
			"Runs",
			"Took elsewhere",
			"Hazards",
			"Note"
		],
		rows: pending.map((one, index) => [
			String(index + 1),
			codeCell(one.path ?? one.id ?? one.version),
			{
				true: "in a transaction",
				false: "outside a transaction",
				undefined: ""
			}[`${one.transactional}`],
			tookElsewhere(one),
			hazardCount(hazards.filter(({ path }) => path === one.path)),
			[
				one.long && "long",
				one.destructive && `destructive: ${one.destructive}`,
				one.heldBack && "held back",
				one.unwrapped && "its outer begin and commit are taken off",
				one.warning
			].filter(Boolean).join("; ")
		])
	};
}
const severities = [
	"error",
	"warning",
	"advice"
];
function hazardCount(hazards) {
	return severities.map((severity) => [severity, hazards.filter((one) => one.severity === severity).length]).filter(([, count]) => count > 0).map(([severity, count]) => severity === "advice" ? `${count} advice` : plural(count, severity)).join(", ");
}
function hazardTables(phase, pending, hazards) {
	const these = hazards.filter((one) => pending.some(({ path }) => path === one.path));
	if (these.length === 0) return [];
	return [{
		title: `What lint says of phase ${phase ?? "unknown"}`,
		headers: [
			"",
			"Rule",
			"Where",
			"Problem"
		],
		rows: these.map(({ severity, rule, path, line, message }) => [
			severityWords[severity],
			codeCell(rule),
			codeCell(`${path}:${line}`),
			message ?? ""
		])
	}];
}
function relianceFact({ what, phase, id, level, ageMs }) {
	return [`${what === "backup" ? "Backup" : "Drill"}, phase ${phase ?? "unknown"}`, `${id ?? "unknown"} (${level ?? "unknown"})${ageMs === void 0 ? "" : `, ${formatDuration(ageMs)} old`}`];
}
function outsideText(outside, problem) {
	if (outside === void 0) return problem === void 0 ? void 0 : `not known: ${problem}`;
	const { count, changes } = outside;
	if (changes.length > 0) return void 0;
	return `${plural(count ?? changes.length, "change")} ${sinceText(outside)}`;
}
function sinceText({ since }) {
	return `since the run of ${since.release ?? "an unknown release"}, ${moment(since.at) ?? "at an unknown time"}`;
}
function outsideTable(outside) {
	const { count = 0, changes } = outside;
	const rest = count - changes.length;
	return {
		title: `Changed outside Shiplock ${sinceText(outside)}`,
		headers: ["Change"],
		rows: [...changes.map((change) => [change]), ...rest > 0 ? [[`… and ${formatCount(rest)} more`]] : []]
	};
}
function tookElsewhere({ expected }) {
	if (expected === void 0) return "";
	if (expected === null) return "not known";
	const { durationMs, environment, release } = expected;
	const where = environment === void 0 ? "" : ` in ${environment}`;
	return `${formatDuration(durationMs)}${where}${release === void 0 ? "" : `, ${release}`}`;
}
function over(limitMs) {
	return limitMs === void 0 ? "" : ` (over ${formatDuration(limitMs).replace(".0 s", " s")})`;
}
/** In a line of their own, since release notes have to name them. */
function longOnes(phases) {
	return phases.flatMap(({ pending }) => pending.filter((one) => one.long)).map((one) => `${one.id ?? one.path ?? one.version} (${tookElsewhere(one)})`).join("; ");
}
function commandTable$1(phases) {
	return {
		title: "The team's own command",
		headers: [
			"Phase",
			"Command",
			"Last run",
			"Note"
		],
		rows: phases.map(({ phase, runs, last, warning }) => [
			phase ?? "",
			codeCell(showArguments(runs)),
			[
				last.state,
				last.release,
				moment(last.at)
			].filter(Boolean).join(", "),
			warning ?? ""
		])
	};
}
function subscriberTable(statements) {
	return {
		title: "To be run in every database that subscribes, before publish-state: true",
		headers: ["SQL"],
		rows: statements.map((statement) => [codeCell(`${statement};`)])
	};
}
function debtTable(debts) {
	return {
		title: "Post migrations of a deployed release that have not run",
		headers: [
			"Migration",
			"Deployed",
			"Age"
		],
		rows: debts.map(({ id, since, ageMs }) => [
			codeCell(id),
			moment(since) ?? "",
			ageMs === void 0 ? "" : formatDuration(ageMs)
		])
	};
}
// src/report/commands/record.ts
const details$4 = fields({
	fact: text,
	release: text,
	migrations: number,
	dryRun: flag
});
function recordDetail(command) {
	const { fact, release, migrations, dryRun } = details$4.parse(command);
	const where = command.environment === void 0 ? "" : ` ${command.environment}`;
	return {
		word: dryRun && command.verdict === "pass" ? "Dry run" : void 0,
		what: `record${fact === void 0 ? "" : ` ${fact}`}${where}`,
		facts: knownFacts([["Release", codeCell(release)], ["Migrations in it", migrations === void 0 ? void 0 : formatCount(migrations)]])
	};
}
// src/report/commands/restore-drill.ts
const value = union([string(), number$1().transform((one) => formatCount(one))]).optional().catch(void 0);
const details$3 = fields({
	backup: fields({
		origin: text,
		id: text,
		key: text,
		name: text,
		snapshotAt: text,
		sizeBytes: number
	}),
	recoveryTimeMs: number,
	recoveryPointMs: number,
	machine: fields({
		cpus: number,
		memoryBytes: number
	}),
	isolation: text,
	level: text,
	phases: list(object({
		name: text,
		ms: number
	})),
	mismatches: list(object({
		object: text,
		expected: value,
		found: value
	})),
	smoke: list(object({
		file: text,
		line: number,
		status: text,
		message: text
	})),
	notRestored: texts,
	notes: texts,
	history: list(object({
		at: datetime(),
		verdict: text,
		level: text,
		recoveryTimeMs: number,
		sizeBytes: number,
		machine: fields({
			cpus: number,
			memoryBytes: number
		})
	}))
});
const statuses = /* @__PURE__ */ new Map([
	["pass", "✔ passed"],
	["fail", "✖ failed"],
	["not-checked", "not checked"]
]);
const checkNames = /* @__PURE__ */ new Map([
	["backup-age", "age of the backup"],
	["recovery-point", "recovery point"],
	["restored", "restored without an error"],
	["min-tables", "enough tables"],
	["row-counts", "row counts"],
	["fingerprints", "fingerprints"],
	["sequences", "sequences"],
	["schema", "schema"],
	["owners", "owners"],
	["grants", "grants"],
	["extensions", "extensions"],
	["locale", "locale"],
	["large-objects", "large objects"],
	["ledger-heads", "version tables"],
	["memberships", "memberships of roles"],
	["contents", "contents"],
	["smoke", "smoke queries"],
	["amcheck", "pg_amcheck"],
	["recovery-time", "recovery time"]
]);
const origins = /* @__PURE__ */ new Map([
	["dump", "a dump without a manifest"],
	["file", "a file of this machine"],
	["fresh", "the database as it was at that moment"]
]);
function drillDetail(command) {
	const given = details$3.parse(command);
	const { backup, recoveryTimeMs, recoveryPointMs, machine, isolation, level, notRestored } = given;
	const passed = command.verdict === "pass";
	const isChecked = (id) => command.checks.some((check) => check.id === id && check.value !== void 0);
	const leftOut = `Not restored, since it needs a superuser or belongs to a server: ${plural(notRestored.length, "object")}, listed below.`;
	return {
		facts: knownFacts([
			["Backup", codeCell(backup.id ?? backup.key ?? backup.name)],
			["Source", origins.get(backup.origin ?? "")],
			["Holds the state of", moment(backup.snapshotAt)],
			["Size", backup.sizeBytes === void 0 ? void 0 : formatSize(backup.sizeBytes)],
			["Recovery time", recoveryTimeMs === void 0 || isChecked("recovery-time") ? void 0 : `${formatDuration(recoveryTimeMs)} on this runner`],
			["Recovery point", recoveryPointMs === void 0 || isChecked("recovery-point") ? void 0 : `${formatDuration(recoveryPointMs)} before this drill`],
			["Machine", machineOf(machine)],
			["Isolation", isolation],
			["Reached", level]
		]),
		tables: [
			mismatchTable(given),
			foldedWhen(passed, smokeTable(given)),
			foldedWhen(passed, phaseTable(given)),
			historyTable(given),
			notRestoredTable(given)
		].filter(({ rows }) => rows.length > 0),
		notes: [...given.notes, ...notRestored.length === 0 ? [] : [leftOut]],
		chart: historyChart(command, given) ?? phaseChart(given),
		checkNames
	};
}
/** Nobody has to look where all went well. */
function foldedWhen(passed, table) {
	return passed ? {
		...table,
		folded: true
	} : table;
}
function mismatchTable({ mismatches }) {
	return {
		title: "Not equal to the manifest",
		headers: [
			"Object",
			"Expected",
			"Found"
		],
		rows: mismatches.map(({ object, expected, found }) => [
			codeCell(object),
			expected ?? "",
			found ?? ""
		])
	};
}
function smokeTable({ smoke }) {
	return {
		title: "Smoke queries",
		headers: [
			"Query",
			"Result",
			"Message"
		],
		rows: smoke.map(({ file, line, status, message }) => [
			codeCell(line === void 0 ? file : `${file ?? ""}:${line}`),
			statuses.get(status ?? "") ?? status ?? "",
			message ?? ""
		])
	};
}
function phaseTable({ phases }) {
	return {
		title: "Time of each phase, on this runner",
		headers: ["Phase", "Time"],
		rows: phases.map(({ name, ms }) => [name ?? "", ms === void 0 ? "" : formatDuration(ms)])
	};
}
function notRestoredTable({ notRestored }) {
	return {
		title: `Not restored (${notRestored.length})`,
		headers: ["Object"],
		rows: notRestored.map((object) => [codeCell(object)]),
		folded: true
	};
}
/** The newest first: a log shows the first rows of a folded table. */
function historyTable({ history }) {
	return {
		title: history.length === 1 ? "The drill before this one" : `The ${history.length} drills before this one`,
		headers: [
			"When",
			"Dump",
			"Recovery time",
			"Verdict",
			"Machine"
		],
		rows: [...history].reverse().map(({ at, sizeBytes, recoveryTimeMs, verdict, level, machine }) => [
			moment(at)?.replace(/:\d\d UTC$/, " UTC") ?? "",
			sizeBytes === void 0 ? "" : formatSize(sizeBytes),
			recoveryTimeMs === void 0 ? "" : formatDuration(recoveryTimeMs),
			[verdict, level].filter(Boolean).join(", "),
			sizeOf(machine)
		]),
		folded: true
	};
}
/** One bar a drill, this one last. */
function historyChart({ finishedAt }, { history, recoveryTimeMs }) {
	const measured = [...history, {
		at: finishedAt ?? "",
		recoveryTimeMs
	}].flatMap(({ at, recoveryTimeMs: ms }) => ms === void 0 ? [] : [{
		at,
		ms
	}]);
	const days = new Set(measured.map(({ at }) => at.slice(5, 10)));
	if (measured.length < 2) return void 0;
	const labelOf = (at) => days.size === measured.length ? at.slice(5, 10) : at.slice(5, 16).replace("T", " ");
	return {
		title: "Recovery time from drill to drill",
		unit: "seconds",
		bars: measured.map(({ at, ms }) => ({
			label: labelOf(at),
			value: Math.round(ms / 100) / 10
		}))
	};
}
function phaseChart({ phases }) {
	const bars = phases.flatMap(({ name, ms }) => name === void 0 || ms === void 0 ? [] : [{
		label: name,
		value: Math.round(ms / 100) / 10
	}]);
	return bars.length < 2 || bars.length > 40 ? void 0 : {
		title: "Where the recovery time went",
		unit: "seconds",
		bars
	};
}
function machineOf(machine) {
	const size = sizeOf(machine);
	return size === "" ? "" : `${size}, on this runner`;
}
function sizeOf({ cpus, memoryBytes }) {
	return [cpus === void 0 ? void 0 : plural(cpus, "CPU"), memoryBytes === void 0 ? void 0 : formatSize(memoryBytes)].filter(Boolean).join(", ");
}
// src/report/commands/rollback-issue.ts
const details$2 = fields({
	issue: fields({
		url: text,
		isNew: flag
	}),
	issueDraft: text
});
/** The issue that says what happened, or the address where a person opens it. */
function issueDetail(command) {
	const { issue, issueDraft } = details$2.parse(command);
	return {
		facts: knownFacts([["Issue", issue.url === void 0 ? void 0 : codeCell(issue.isNew ? issue.url : `${issue.url} (a comment below it)`)]]),
		tables: issueDraft === void 0 ? [] : [{
			title: "The issue, to open by hand",
			headers: ["Address to open"],
			rows: [[codeCell(issueDraft)]],
			folded: true
		}]
	};
}
// src/report/commands/rollback-down.ts
const loss = object({
	what: text,
	unit: text,
	count: text,
	place: text,
	statement: text,
	fails: flag
});
const details$1 = fields({
	database: text,
	from: text,
	to: text,
	commit: text,
	dryRun: flag,
	recorded: flag,
	state: text,
	phrase: text,
	migration: fields({
		id: text,
		phase: text,
		path: text,
		commit: text,
		transactional: flag
	}),
	losses: list(loss),
	statements: texts,
	changes: list(object({
		object: text,
		change: text
	})),
	after: fields({
		shape: text,
		deciding: text
	}),
	durationMs: number,
	attempts: number,
	rescue: fields({
		kind: text,
		id: text,
		key: text,
		snapshotAt: text,
		sha256: text,
		rows: number,
		command: text
	}),
	leftBehind: texts,
	closed: list(object({
		version: text,
		state: text
	})),
	checklist: texts,
	notes: texts
});
function rollbackDownDetail(command) {
	const given = details$1.parse(command);
	const { database, from, to, commit, recorded, migration, phrase, after, durationMs, attempts, rescue, statements, notes, checklist, dryRun } = given;
	const where = command.environment === void 0 ? [] : [command.environment];
	const took = durationMs === void 0 ? void 0 : `${formatDuration(durationMs)}${(attempts ?? 1) > 1 ? `, ${attempts} attempts at the locks` : ""}`;
	const told = issueDetail(command);
	return {
		word: command.verdict === "pass" && dryRun ? "Dry run" : wordOf(given, command),
		what: [
			"rollback",
			...to === void 0 ? [] : [`to ${to}`],
			...where
		].join(" "),
		facts: knownFacts([
			["Database", database],
			["From", codeCell(from)],
			["To", codeCell(commit === void 0 ? to : `${to} (${commit.slice(0, 12)})`)],
			["Migration", codeCell(migration.id)],
			["Way back from", codeCell(migration.path === void 0 ? void 0 : `${migration.path} at ${migration.commit?.slice(0, 12)}`)],
			["To confirm, type", codeCell(phrase)],
			["Schema", stateText(given)],
			["Took", took],
			["Code that may run after it", codeText(after.shape, to)],
			["Speaks against it", after.deciding],
			["Gives the data back", rescueText(rescue)],
			["Recorded", recorded ? "yes: the post phase stays shut until the next deploy is recorded" : "no"],
			...told.facts
		]),
		tables: [
			lossTable(given),
			changeTable(given),
			behindTable$1(given),
			commandTable(given),
			closedTable(given),
			...told.tables
		].filter(({ rows }) => rows.length > 0),
		checkNames: /* @__PURE__ */ new Map([["target-ci", "Checks of the target on GitHub"]]),
		notes: [...notes, ...checklist],
		blocks: statements.length === 0 ? [] : [{
			title: "Statements",
			blocks: [{
				intro: "What is sent to the server:",
				text: statements.join(";\n"),
				language: "sql"
			}]
		}]
	};
}
function wordOf({ state }, { verdict }) {
	return state === "reverted-before" && verdict === "pass" ? "Nothing to do" : void 0;
}
function stateText({ state, migration }) {
	return (/* @__PURE__ */ new Map([
		["not-begun", "as it was: nothing was changed"],
		["reverted", `${migration.id} is taken back, and in no version table any more`],
		["reverted-before", `${migration.id} had been taken back before; nothing was changed now`],
		["failed", migration.transactional === false ? `${migration.id} is not taken back; statements that had finished stay done` : "as it was: nothing was taken back"],
		["not-reverted", "as it was: nothing was taken back"],
		["running", "not known: start the same command again, and it says so"]
	])).get(state ?? "");
}
function codeText(shape, to) {
	return (/* @__PURE__ */ new Map([
		["code-only", `that of ${to}, by rules`],
		["hotfix", `not that of ${to}, by rules`],
		["undecided", `whether that of ${to} may is not known`]
	])).get(shape ?? "");
}
function rescueText({ kind, id, key, snapshotAt, rows }) {
	if (kind === "backup") return `the backup ${id}, of ${moment(snapshotAt)}; what was written since is not in it`;
	return key === void 0 ? void 0 : codeCell(`${key} (${rows} rows, read back)`);
}
function lossTable({ losses, state }) {
	return {
		title: state === "reverted" ? "What was lost" : "What would be lost",
		headers: [
			"What",
			"How much",
			"Where",
			"Statement"
		],
		rows: losses.map(({ what, unit, count, place, statement, fails }) => [
			what ?? "",
			`${count === void 0 ? "nobody can count it" : `${count} ${unit}`}${fails ? "; on them the statement fails" : ""}`,
			codeCell(place),
			codeCell(statement?.slice(0, 120))
		])
	};
}
function changeTable({ changes }) {
	return {
		title: "What is different in the schema then",
		headers: ["Object", "Change"],
		rows: changes.map(({ object, change }) => [codeCell(object), change ?? ""]),
		folded: true
	};
}
function behindTable$1({ leftBehind }) {
	return {
		title: "What stays behind in the schema",
		headers: ["Migration"],
		rows: leftBehind.map((id) => [codeCell(id)]),
		folded: true
	};
}
function commandTable({ rescue: { command } }) {
	return {
		title: "How the data comes back",
		headers: ["Command to copy"],
		rows: (command ?? "").split("\n").filter(Boolean).map((line) => [codeCell(line)])
	};
}
// src/report/commands/rollback.ts
const data = object({
	kind: _enum([
		"lossless",
		"lossy",
		"impossible"
	]),
	what: text
});
const line = object({
	migration: text,
	path: string().catch(""),
	line: number,
	statement: text,
	effect: _enum([
		"compatible",
		"breaks-start",
		"breaks-reads",
		"breaks-writes",
		"changes-meaning",
		"unknown"
	]).catch("unknown"),
	because: text,
	by: _enum(["rules", "queries"]).catch("rules"),
	byRules: text,
	data: data.optional().catch(void 0)
});
const details = fields({
	database: text,
	from: text,
	to: text,
	commit: text,
	shape: text,
	asked: text,
	by: text,
	dryRun: flag,
	recorded: flag,
	queries: fields({
		files: number,
		count: number
	}),
	lines: list(line),
	leftBehind: texts,
	source: fields({
		kind: text,
		text
	}),
	hotfix: fields({
		branch: text,
		commands: texts,
		checklist: texts
	}),
	checklist: texts,
	notes: texts
});
function rollbackDetail(command) {
	if (command.asked === "down-one") return rollbackDownDetail(command);
	const { database, from, to, commit, shape, asked, by, dryRun, recorded, queries, lines, leftBehind, hotfix, checklist, notes, ...more } = details.parse(command);
	const { source } = more;
	const told = issueDetail(command);
	const met = lines.filter(({ effect, byRules }) => effect !== "compatible" || byRules !== void 0);
	const count = queries.count === void 0 ? "" : ` (${queries.count} ${queries.count === 1 ? "query" : "queries"} in ${plural(queries.files ?? 0, "file")})`;
	return {
		word: command.verdict !== "pass" ? void 0 : asked === "hotfix" ? "Hotfix" : dryRun ? "Dry run" : void 0,
		what: [
			"rollback",
			...to === void 0 ? [] : [`to ${to}`],
			...command.environment === void 0 ? [] : [command.environment]
		].join(" ").concat(source.kind === void 0 ? "" : `, from the ${source.kind}`),
		facts: knownFacts([
			["Known from", source.text === void 0 || command.reason.includes(source.text) ? void 0 : `${source.text}, not from the database`],
			["Database", database],
			["From", codeCell(from)],
			["To", codeCell(commit === void 0 ? to : `${to} (${commit.slice(0, 12)})`)],
			["Shape", codeCell(shape)],
			["Decided by", by === void 0 ? void 0 : by === "queries" ? `the target's queries${count}` : "rules alone: no query of the target was given"],
			["Recorded", shape === void 0 ? void 0 : recorded ? "yes: the post phase stays shut until the next deploy is recorded" : "no"],
			...told.facts
		]),
		tables: [
			...met.length === 0 ? [] : [effectTable(met)],
			...forwardTable(hotfix.commands, hotfix.branch),
			...leftBehind.length === 0 ? [] : [behindTable(leftBehind, lines)],
			...told.tables
		],
		checkNames: /* @__PURE__ */ new Map([["target-ci", "Checks of the target on GitHub"]]),
		notes: [...notes, ...checklist.length > 0 ? checklist : hotfix.checklist]
	};
}
function effectTable(lines) {
	return {
		title: "What the older code meets",
		headers: [
			"Where",
			"Effect",
			"By",
			"Why",
			"Statement"
		],
		rows: lines.map(({ path, line: at, effect, by, byRules, because, statement }) => [
			codeCell(at === void 0 ? path : `${path}:${at}`),
			effect.replace("-", " "),
			byRules === void 0 ? by : `${by} (by rules: ${byRules.replace("-", " ")})`,
			because ?? "",
			codeCell(statement?.split("\n")[0]?.slice(0, 120))
		])
	};
}
function behindTable(ids, lines) {
	return {
		title: "What stays behind in the schema",
		headers: ["Migration", "The data, when it is taken back later"],
		rows: ids.map((id) => {
			const all = lines.flatMap((one) => one.migration === id && one.data !== void 0 && one.data.kind !== "lossless" ? [one.data] : []);
			return [codeCell(id), all.length === 0 ? "nothing is lost" : all.map(({ kind, what }) => `${kind}: ${what ?? ""}`).join("; ")];
		}),
		folded: true
	};
}
/** In a table, since a terminal shows it too. */
function forwardTable(commands, branch) {
	if (commands.length === 0) return [];
	return [{
		title: `The way forward${branch === void 0 ? "" : `, on ${branch}`}`,
		headers: ["Command to copy"],
		rows: commands.map((one) => [codeCell(one)])
	}];
}
// src/report/commands/index.ts
/** What each command adds to its report; a command that is not here shows its reason and its checks. */
const commandDetails = /* @__PURE__ */ new Map([
	["lint", lintDetail],
	["plan", planDetail],
	["backup", backupDetail],
	["verify-backup", backupDetail],
	["migrate", migrateDetail],
	["canary", canaryDetail],
	["restore-drill", drillDetail],
	["gate", gateDetail],
	["record", recordDetail],
	["rollback", rollbackDetail],
	["config-check", configCheckDetail],
	["ledger", ledgerDetail],
	["init", initDetail],
	["new", newDetail],
	["demo", demoDetail]
]);
// src/report/describe-command.ts
/** So many checks of one reason stand in one line. */
const manyAlike = 4;
/** A shorter text is in a sentence by chance. */
const worthTelling = 20;
const verdicts = {
	pass: {
		sign: "✔",
		word: "Passed"
	},
	fail: {
		sign: "✖",
		word: "Failed"
	},
	inconclusive: {
		sign: "?",
		word: "Could not tell"
	},
	promote: {
		sign: "✔",
		word: "Promote"
	},
	abort: {
		sign: "✖",
		word: "Abort"
	},
	hold: {
		sign: "?",
		word: "Hold"
	},
	"not-run": {
		sign: "–",
		word: "Not run"
	}
};
function describeCommand(command) {
	const detail = commandDetails.get(command.command)?.(command) ?? {};
	const { sign, word } = verdicts[command.verdict];
	const { environment, reason, error } = command;
	const tables = [...saidTable(command), ...detail.tables ?? []];
	return {
		sign,
		word: detail.word ?? word,
		what: detail.what ?? (environment === void 0 ? command.command : `${command.command} ${environment}`),
		reason: reason.trim() === "" || reason === error?.message ? void 0 : reason,
		error,
		facts: detail.facts ?? [],
		tables: [...tables.filter((one) => !one.folded), ...checkTable(command, detail)].map(withoutEmptyColumns),
		folded: tables.filter((one) => one.folded),
		notes: detail.notes ?? [],
		chart: detail.chart,
		chartGroup: detail.chartGroup,
		script: detail.script,
		findings: detail.findings ?? [],
		blocks: detail.blocks ?? [],
		brief: detail.brief ?? false,
		footer: footerOf(command)
	};
}
const saidLines = list(fields({
	at: text,
	text
}));
/** How far a command had come that was stopped from outside. */
function saidTable({ said }) {
	const rows = saidLines.parse(said).map(({ at, text }) => [moment(at) ?? "", text ?? ""]);
	return rows.length === 0 ? [] : [{
		title: "What it said last",
		headers: ["When", "Line"],
		rows
	}];
}
function checkTable({ checks, reason, error }, { checkNames, shownElsewhere, notes = [] }) {
	const said = [
		reason,
		error?.message ?? "",
		...notes
	];
	const listed = checks.filter(({ id, status }) => status !== "pass" || !shownElsewhere?.has(id));
	if (listed.length === 0) return [];
	return [{
		title: "Checks",
		headers: [
			"Check",
			"Result",
			"Evidence"
		],
		rows: gathered(listed).map(({ check, count }) => [
			count > 1 ? plural(count, "check") : checkNames?.get(check.id) ?? { code: check.id },
			statusOf(check),
			evidenceOf(check, said)
		])
	}];
}
/** Checks that were not made for one and the same reason are one line: a run that broke off has many. */
function gathered(checks) {
	const same = (check) => checks.filter((one) => one.status === "not-checked" && one.value === void 0 && one.limit === void 0 && one.message === check.message);
	return checks.flatMap((check) => {
		const alike = same(check);
		if (!alike.includes(check) || alike.length < manyAlike) return [{
			check,
			count: 1
		}];
		return alike[0] === check ? [{
			check,
			count: alike.length
		}] : [];
	});
}
function withoutEmptyColumns({ title, headers, rows }) {
	const used = headers.map((_, column) => column === 0 || rows.some((row) => row[column] !== void 0 && row[column] !== ""));
	return {
		title,
		headers: headers.filter((_, column) => used[column]),
		rows: rows.map((row) => row.filter((_, column) => used[column]))
	};
}
function statusOf({ status }) {
	return {
		pass: "✔ passed",
		fail: "✖ failed",
		"not-checked": "not checked"
	}[status];
}
/** What a sentence of the report says already is not said again. */
function evidenceOf({ value, limit, message = "" }, said) {
	const isNew = message.length < worthTelling || !said.some((one) => one.includes(message));
	return [[value, limit === void 0 ? void 0 : `limit ${limit}`].filter((part) => part !== void 0).join(", "), isNew ? message : ""].filter(Boolean).join(": ");
}
function footerOf({ tool, environment, release, run, startedAt, finishedAt }) {
	const ms = Date.parse(finishedAt ?? "") - Date.parse(startedAt ?? "");
	return [
		tool?.replace("/", " "),
		environment,
		release === void 0 ? void 0 : `release ${release}`,
		typeof run === "string" ? `run ${run}` : void 0,
		Number.isNaN(ms) || ms < 0 ? void 0 : formatDuration(ms),
		moment(finishedAt)
	].filter((part) => part !== void 0 && part !== "");
}
/** All that a brief report says beside its word. */
function briefText({ what, reason, notes }) {
	return [[what, reason].filter(Boolean).join(": "), ...notes].join(" ");
}
// src/report/finding-lines.ts
const width$1 = 80;
/** A long sentence is cut; the summary and the JSON result hold the whole of it. */
const mostOfOne = 2;
const heads = {
	error: {
		word: "✖ error",
		color: "red"
	},
	warning: {
		word: "! warning",
		color: "yellow"
	},
	advice: {
		word: "· advice",
		color: "grey"
	}
};
/** A finding for the terminal: where, the line with a mark below, and what to do, on eight lines at most. */
function findingLines(finding) {
	const { severity, at, message, harm, remedy } = finding;
	const { word, color } = heads[severity];
	const frame = frameOf(finding);
	const problem = wrapped(message, mostOfOne);
	const instead = wrapped(`Instead: ${remedy}`, mostOfOne);
	const left = 7 - frame.length - problem.length - instead.length;
	const who = [message, ""].includes(harm) ? [] : wrapped(harm, Math.min(left, mostOfOne));
	return [
		{ text: "" },
		{
			text: `${word}  ${oneLine(at)}`,
			color
		},
		...frame.map((text) => ({
			text,
			color: "grey"
		})),
		...[
			...problem,
			...who,
			...instead
		].map((text) => ({ text }))
	];
}
/** The line, and below it the mark and the rule's name; only the name where the line is not known. */
function frameOf({ source, rule }) {
	if (source === void 0) return [`  ${oneLine(rule)}`];
	const number = String(source.line);
	const room = width$1 - number.length - 5;
	const signs = [...visible(source.text.replaceAll("	", " "))];
	const name = oneLine(rule);
	const from = Math.min(source.from, signs.length);
	const cut = from + name.length + 5 > room ? Math.max(0, from - 10) : 0;
	const shown = signs.slice(cut, cut + room);
	const most = Math.min(shown.length - (from - cut), room - (from - cut) - name.length - 1);
	const marks = "^".repeat(Math.max(1, Math.min(source.width, most)));
	const indent = " ".repeat(number.length);
	return [`  ${number} │ ${shown.join("")}`, `  ${indent} │ ${" ".repeat(from - cut)}${marks} ${name}`];
}
/** Lines of words, indented. */
function wrapped(text, most) {
	const lines = [];
	let line = " ";
	for (const word of oneLine(text).split(" ")) {
		if ([...line].length + 1 + [...word].length > width$1 && line.trim() !== "") {
			lines.push(line);
			line = " ";
		}
		line += ` ${word}`;
	}
	lines.push(line);
	if (lines.length <= most) return lines;
	const last = [...lines[most - 1]].slice(0, 78).join("");
	return [...lines.slice(0, most - 1), `${last} …`];
}
// src/report/terminal.ts
/** More rows than this scroll the verdict away; the JSON result holds all. */
const mostRows = 200;
const mostFoldedRows = 10;
const mostFindings = 50;
const codes = {
	green: 32,
	red: 31,
	yellow: 33,
	grey: 90,
	bold: 1
};
const signColors = {
	"✔": "green",
	"✖": "red",
	"?": "yellow",
	"–": "grey"
};
/** What a person reads in the terminal or the job's log when the commands have ended. */
function renderTerminal(result, { color }) {
	return `${result.commands.map((command) => linesOf(describeCommand(command))).map((lines) => lines.map((line) => paint(line, color)).join("\n")).join("\n\n")}\n`;
}
/** The paragraphs for release notes, if a command of the result wrote some, as they are to be pasted. */
function releaseNotesIn(result) {
	return result.commands.flatMap(({ releaseNotes }) => typeof releaseNotes === "string" ? [releaseNotes] : []).map((text) => `${harmless(text)}\n`).join("\n");
}
function linesOf(report) {
	const { sign, word, what, reason, facts, tables, folded, notes, footer } = report;
	if (report.brief) return [{
		text: `${sign} ${word}  ${oneLine(briefText(report))}`,
		color: signColors[sign]
	}];
	return [
		{
			text: `${sign} ${word}  ${oneLine(what)}`,
			color: signColors[sign]
		},
		...reason === void 0 ? [] : [{
			text: reason,
			color: "bold"
		}],
		...report.findings.slice(0, mostFindings).flatMap(findingLines),
		...report.findings.length > mostFindings ? [{ text: "" }, { text: `… ${plural(report.findings.length - mostFindings, "more finding")} in the JSON result` }] : [],
		...tables.flatMap((table) => tableLines(table, mostRows)),
		...facts.length === 0 ? [] : [{ text: "" }, ...columns(facts.map(([name, value]) => [name, plain(value)])).map((text) => ({ text }))],
		...notes.length === 0 ? [] : [{ text: "" }, ...notes.map((text) => ({ text }))],
		...folded.filter(({ onlySummary }) => !onlySummary).flatMap((table) => tableLines(table, mostFoldedRows)),
		...errorLines(report),
		{ text: "" },
		{
			text: footer.map(oneLine).join(" · "),
			color: "grey"
		}
	];
}
function tableLines({ title, headers, rows }, most) {
	const shown = rows.slice(0, most);
	const [head, ...body] = columns([headers, ...shown.map((row) => row.map(plain))]);
	const rest = rows.length - shown.length;
	return [
		{ text: "" },
		{
			text: title,
			color: "bold"
		},
		{
			text: head,
			color: "grey"
		},
		...body.map((text) => ({ text })),
		...rest === 0 ? [] : [{ text: `  … ${plural(rest, "more row")} in the JSON result` }]
	];
}
function errorLines({ error, sign }) {
	if (error === void 0) return [];
	return [
		{ text: "" },
		{
			text: `${sign} ${error.code}  ${indented(error.message)}`,
			color: signColors[sign]
		},
		...error.at === void 0 || error.message.includes(error.at) ? [] : [{ text: `  at    ${oneLine(error.at)}` }],
		...error.hint === void 0 ? [] : [{ text: `  Next  ${indented(error.hint)}` }],
		{ text: `  see docs/errors.md#${error.code}` }
	];
}
/** Further lines of a text stand below its first. */
function indented(text) {
	return text.trim().split(/\r?\n/).join("\n    ");
}
/** Rows with each column as wide as its widest cell; the last column ends where its text ends. */
function columns(rows) {
	const widths = (rows[0] ?? []).map((_, column) => rows.reduce((widest, row) => Math.max(widest, width(row[column] ?? "")), 0));
	return rows.map((row) => `  ${widths.map((size, column) => (row[column] ?? "") + " ".repeat(size - width(row[column] ?? ""))).join("  ")}`.trimEnd());
}
function plain(cell) {
	return oneLine(typeof cell === "string" ? cell : cell.code);
}
function width(text) {
	return [...text].length;
}
function paint({ text, color }, colored) {
	const safe = harmless(text);
	if (!colored || color === void 0 || safe === "") return safe;
	return safe.replace(/^.+$/gm, (line) => `\u001b[${codes[color]}m${line}\u001b[0m`);
}
export { severityWords as a, describeCommand as i, renderTerminal as n, briefText as r, releaseNotesIn as t };
