import { n as findBackup, r as newestBackup } from "./find-backup.js";
import { i as formatSize, r as formatDuration, s as plural, t as compactStamp } from "./units.js";
import { i as verdictOf } from "./result.js";
import { n as messageOf, r as systemCode, t as ReleaseError } from "./errors.js";
import { r as refuseMissingExtensions } from "./extensions.js";
import { n as withHeartbeat, r as fingerprintStream, t as storePlace } from "./store-place.js";
import { u as keyLabel } from "./key.js";
import { n as parseStatements } from "./parse.js";
import { t as positionFromUtf16 } from "./position.js";
import { t as asReleaseError } from "./explain-error.js";
import { a as textOf } from "./layout.js";
import { t as version } from "./version.js";
import { t as defineCommand } from "./command.js";
import { t as _usingCtx } from "./usingCtx.js";
import { statfs } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
// src/drill/compare.ts
/** Compares exact row counts, table by table, except those that `leftOut` names and those whose rows nobody counted. Equal counts say nothing about what stands in the rows. */
function compareRowCounts(expected, found, leftOut = []) {
	const absent = expected.filter(({ name }) => !found.has(name) && leftOut.includes(`TABLE ${name.replace(".", " ")}`));
	const known = expected.filter((table) => !absent.includes(table));
	const compared = known.flatMap(({ name, rows }) => rows === void 0 ? [] : [{
		name,
		rows
	}]);
	const uncounted = known.filter(({ rows }) => rows === void 0).map(({ name }) => name);
	const counted = new Map([...found].filter(([name]) => !uncounted.includes(name)));
	const mismatches = differences(new Map(compared.map(({ name, rows }) => [name, rows])), counted);
	const except = absent.length === 0 ? "" : `; not restored: ${absent.map(({ name, rows = 0 }) => `${name} (${plural(rows, "row")})`).join(", ")}`;
	const rows = compared.reduce((sum, table) => sum + table.rows, 0);
	return {
		check: checkOf("row-counts", mismatches, `${plural(rows, "row")} in ${plural(compared.length, "table")}${except}${uncounted.length === 0 ? "" : `; not counted: ${plural(uncounted.length, "table")}`}`),
		mismatches
	};
}
/** Compares the heads of the version tables; a database without one has nothing to compare. */
function compareLedgerHeads(expected, found) {
	if (expected.length === 0) return {
		check: {
			id: "ledger-heads",
			status: "not-checked",
			message: "the backup holds no version table"
		},
		mismatches: []
	};
	const heads = (list) => new Map(list.map(({ table, head }) => [table, head]));
	const mismatches = differences(heads(expected), heads(found)).map((one) => ({
		...one,
		object: `head of ${one.object}`
	}));
	return {
		check: checkOf("ledger-heads", mismatches, plural(expected.length, "version table")),
		mismatches
	};
}
/** One short line for people. */
function describeMismatch({ object, expected, found }) {
	if (expected === void 0) return `${object}: found ${show(found)}, the manifest does not know it`;
	if (found === void 0) return `${object}: expected ${show(expected)}, not found`;
	return `${object}: expected ${show(expected)}, found ${show(found)}`;
}
function differences(expected, found) {
	return [.../* @__PURE__ */ new Set([...expected.keys(), ...found.keys()])].filter((object) => expected.get(object) !== found.get(object)).sort().map((object) => ({
		object,
		expected: expected.get(object),
		found: found.get(object)
	}));
}
function checkOf(id, mismatches, compared) {
	const [first, ...others] = mismatches;
	if (first === void 0) return {
		id,
		status: "pass",
		value: compared
	};
	const more = others.length === 0 ? "" : `, and ${plural(others.length, "other")}`;
	return {
		id,
		status: "fail",
		value: mismatches.length,
		limit: 0,
		message: `${describeMismatch(first)}${more}`
	};
}
function show(value) {
	return typeof value === "number" ? plural(value, "row") : value ?? "nothing";
}
// src/drill/expectation.ts
const operators = [
	"=",
	"!=",
	"<",
	"<=",
	">",
	">="
];
const number = String.raw`[-+]?\d+(?:\.\d+)?`;
/** Reads ` expect: rows > 0`, the text of a comment; `undefined` when it is not understood. */
function parseExpectation(comment) {
	const text = /^\s*expect\s*:\s*(.*?)\s*$/i.exec(comment)?.[1] ?? "";
	if (/^no\s+rows$/i.test(text)) return {
		kind: "rows",
		operator: "=",
		limit: 0
	};
	const rows = /^rows\s*(!=|<>|<=|>=|[=<>])\s*(\d+)$/i.exec(text);
	if (rows !== null) return {
		kind: "rows",
		operator: operatorOf(rows[1]),
		limit: Number(rows[2])
	};
	const value = new RegExp(`^value\\s*(!=|<>|<=|>=|[=<>])\\s*(?:(${number})|'((?:[^']|'')*)'|(true|false))$`, "i").exec(text);
	if (value === null) return void 0;
	const [, sign = "", digits, quoted, truth] = value;
	const operator = operatorOf(sign);
	if (digits !== void 0) return {
		kind: "value",
		operator,
		limit: digits,
		isNumber: true
	};
	if (operator !== "=" && operator !== "!=") return void 0;
	return {
		kind: "value",
		operator,
		limit: quoted?.replaceAll("''", "'") ?? (truth?.toLowerCase() === "true" ? "t" : "f"),
		isNumber: false
	};
}
/** What is wrong with an answer, or `undefined`. Values are named only with `showData`: they may be personal data. */
function judgeAnswer(expectations, answer, showData) {
	for (const expectation of expectations) {
		const complaint = expectation.kind === "rows" ? judgeRows(expectation, answer) : judgeValue(expectation, answer, showData);
		if (complaint !== void 0) return complaint;
	}
}
function judgeRows({ operator, limit }, { rowCount }) {
	if (holds(rowCount - limit, operator)) return void 0;
	return `expected ${operator === "=" && limit === 0 ? "no rows" : `rows ${operator} ${limit}`}, found ${plural(rowCount, "row")}`;
}
function judgeValue({ operator, limit, isNumber }, { rows, rowCount }, showData) {
	const expected = `expected value ${operator} ${isNumber ? limit : `'${limit}'`}`;
	const columns = rows[0]?.length ?? 0;
	if (rowCount !== 1 || columns !== 1) return `${expected}, found ${plural(rowCount, "row")} of ${plural(columns, "column")} instead of one value`;
	const found = rows[0]?.[0];
	if (found === null || found === void 0) return `${expected}, found null`;
	const shown = showData ? found : "another value (show-data: true prints it)";
	if (!isNumber) return found === limit === (operator === "=") ? void 0 : `${expected}, found ${shown}`;
	if (!/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i.test(found)) return `${expected}, found ${showData ? found : "something that is not a number"}`;
	return holds(order(found, limit), operator) ? void 0 : `${expected}, found ${shown}`;
}
/** Negative, zero or positive. Whole numbers of any size are compared exactly. */
function order(found, limit) {
	const whole = (text) => /^[-+]?\d+$/.test(text);
	if (!whole(found) || !whole(limit)) return Number(found) - Number(limit);
	const exact = (text) => BigInt(text.replace(/^\+/, ""));
	const [a, b] = [exact(found), exact(limit)];
	return a === b ? 0 : a < b ? -1 : 1;
}
function holds(order, operator) {
	if (operator === "=") return order === 0;
	if (operator === "!=") return order !== 0;
	if (operator === "<") return order < 0;
	if (operator === "<=") return order <= 0;
	return operator === ">" ? order > 0 : order >= 0;
}
function operatorOf(sign) {
	return sign === "<>" ? "!=" : operators.find((one) => one === sign) ?? "=";
}
// src/drill/run-smoke.ts
/** Runs every query, also after one that failed. */
async function runSmoke(queries, cluster, policy) {
	const results = [];
	for (const { file, line, sql, expectations } of queries) results.push({
		file,
		line,
		...await runOne(sql, expectations, cluster, policy)
	});
	return results;
}
/** Queries that nobody wrote prove nothing. */
function smokeCheck(results) {
	if (results === void 0) return {
		id: "smoke",
		status: "not-checked",
		message: "no smoke queries are configured"
	};
	const failed = results.filter(({ status }) => status === "fail");
	const value = `${results.length - failed.length} of ${results.length} ${results.length === 1 ? "query" : "queries"}`;
	const [first] = failed;
	if (first === void 0) return {
		id: "smoke",
		status: "pass",
		value
	};
	return {
		id: "smoke",
		status: "fail",
		value,
		message: `${first.file}:${first.line}: ${first.message}`
	};
}
async function runOne(sql, expectations, cluster, { timeoutMs, showData, signal }) {
	signal.throwIfAborted();
	try {
		const complaint = judgeAnswer(expectations, await cluster.query(sql, timeoutMs), showData);
		return complaint === void 0 ? { status: "pass" } : {
			status: "fail",
			message: complaint
		};
	} catch (error) {
		signal.throwIfAborted();
		const sqlstate = sqlstateOf(error);
		if (sqlstate === void 0) throw error;
		return {
			status: "fail",
			sqlstate,
			message: `${showData || !mayQuoteData(sqlstate) ? messageOf(error) : "it failed (show-data: true prints why)"} (SQLSTATE ${sqlstate})`
		};
	}
}
/** Five characters that PostgreSQL puts on its errors. */
function sqlstateOf(error) {
	const code = systemCode(error);
	return code !== void 0 && /^[0-9A-Z]{5}$/.test(code) ? code : void 0;
}
/** Wrong names, missing rights, a division by zero, a time limit: these messages hold no values from rows. */
function mayQuoteData(sqlstate) {
	return !/^(?:42|0A|25|53|57|22012)/.test(sqlstate);
}
// src/drill/conclude.ts
/** Weighs what was found; what could not be looked at any more is not checked. */
function conclude(manifest, findings, limits, now) {
	const checks = [
		ageCheck(manifest.dump.snapshotAt, limits.maxAgeMs, now),
		restoredCheck(findings),
		findings.rowCounts?.check ?? notReached("row-counts"),
		findings.ledgerHeads?.check ?? notReached("ledger-heads"),
		{
			id: "contents",
			status: "not-checked",
			message: "what stands in the rows, owners and grants are not compared"
		},
		findings.recoveryTimeMs === void 0 ? notReached("smoke") : smokeCheck(findings.smoke),
		recoveryCheck(findings.recoveryTimeMs, limits.maxRecoveryMs)
	];
	return {
		verdict: findings.error?.verdict ?? verdictOf(checks),
		reason: reasonFor(manifest, findings, checks),
		checks,
		level: levelOf(findings, checks)
	};
}
/** An old or slow backup may be usable; one that lacks rows is not, whatever the smoke queries say. */
function levelOf({ restored }, checks) {
	if (restored === void 0) return void 0;
	const statusOf = (wanted) => checks.find(({ id }) => id === wanted)?.status;
	return ["row-counts", "ledger-heads"].every((id) => statusOf(id) !== "fail") && statusOf("smoke") === "pass" ? "usable" : "restored";
}
function ageCheck(snapshotAt, maxAgeMs, now) {
	const ageMs = now.getTime() - Date.parse(snapshotAt);
	if (ageMs < -3e5) return {
		id: "backup-age",
		status: "fail",
		value: snapshotAt,
		message: "the snapshot lies in the future: the clocks disagree"
	};
	const value = formatDuration(Math.max(0, ageMs));
	if (maxAgeMs === void 0) return {
		id: "backup-age",
		status: "not-checked",
		value,
		message: "max-backup-age is not configured"
	};
	return {
		id: "backup-age",
		status: ageMs <= maxAgeMs ? "pass" : "fail",
		value,
		limit: formatDuration(maxAgeMs)
	};
}
function restoredCheck({ restored, error }) {
	if (restored) return {
		id: "restored",
		status: "pass"
	};
	return error?.code === "restore-failed" || error?.code === "backup-damaged" ? {
		id: "restored",
		status: "fail",
		message: firstLine(error)
	} : notReached("restored");
}
function recoveryCheck(recoveryTimeMs, maxRecoveryMs) {
	const id = "recovery-time";
	if (recoveryTimeMs === void 0) return notReached(id);
	const value = formatDuration(recoveryTimeMs);
	if (maxRecoveryMs === void 0) return {
		id,
		status: "not-checked",
		value,
		message: "max-restore-time is not configured"
	};
	return {
		id,
		status: recoveryTimeMs <= maxRecoveryMs ? "pass" : "fail",
		value,
		limit: formatDuration(maxRecoveryMs)
	};
}
function notReached(id) {
	return {
		id,
		status: "not-checked",
		message: "the drill did not get this far"
	};
}
/** What people read first: what failed, else what was shown and how long it took. */
function reasonFor({ id }, findings, checks) {
	if (findings.error !== void 0) return `${id}: ${firstLine(findings.error)}`;
	const failed = checks.filter(({ status }) => status === "fail").map((check) => failures[check.id]?.(check) ?? check.id);
	if (failed.length > 0) return `${id}: ${failed.join("; ")}.`;
	const shown = (wanted) => checks.find((check) => check.id === wanted)?.value;
	const smoke = findings.smoke === void 0 ? "no smoke queries are configured" : `${shown("smoke")} passed`;
	return `${id} was restored in ${shown("recovery-time")} on this machine: ${shown("row-counts")}, as the manifest says; ${smoke}.`;
}
const failures = {
	"backup-age": ({ value, limit, message }) => message ?? `it is ${value} old, more than ${limit}`,
	"row-counts": ({ message }) => `row counts differ (${message})`,
	"ledger-heads": ({ message }) => `version tables differ (${message})`,
	smoke: ({ value, message }) => `smoke queries failed, ${value} passed (${message})`,
	"recovery-time": ({ value, limit }) => `the recovery took ${value}, more than ${limit}`
};
function firstLine(error) {
	return error.message.split("\n")[0];
}
// src/drill/fetch.ts
/**
* Downloads a dump into a new file that only we can read. Throws `backup-damaged` when the bytes are not those that
* the manifest describes: nothing may open it then, since a forged archive can run code in PostgreSQL's programs.
*/
async function fetchDump(store, expected, path, signal) {
	const { key, sizeBytes, sha256 } = expected;
	const { stream, result } = fingerprintStream((soFar) => {
		if (soFar > sizeBytes) stream.destroy(damaged(key, `it has more than the ${sizeBytes} bytes that the manifest says`));
	});
	await pipeline(await store.get(key), stream, createWriteStream(path, {
		flags: "wx",
		mode: 384
	}), { signal });
	const found = result();
	if (found.sizeBytes !== sizeBytes) throw damaged(key, `it has ${found.sizeBytes} bytes, where the manifest says ${sizeBytes}`);
	if (found.sha256 !== sha256) throw damaged(key, `its SHA-256 is ${found.sha256}, where the manifest says ${sha256}`);
}
function damaged(key, problem) {
	return new ReleaseError("backup-damaged", `${key} is not what was backed up: ${problem}. It was not opened.`, { hint: "Name another backup with key, make a new one, and find out who or what changed this one." });
}
// src/drill/phases.ts
/** Looking whether the copy is right is not a part of getting it back. */
const notRecovery = /* @__PURE__ */ new Set(["compare"]);
/** Measures the steps of a drill, also one that fails. */
var PhaseTimer = class {
	#now;
	#phases = [];
	constructor(now) {
		this.#now = now;
	}
	async time(name, work) {
		const started = this.#now();
		try {
			return await work();
		} finally {
			this.#phases.push({
				name,
				ms: Math.round(this.#now() - started)
			});
		}
	}
	get phases() {
		return this.#phases;
	}
	get recoveryTimeMs() {
		return this.#phases.filter(({ name }) => !notRecovery.has(name)).reduce((sum, { ms }) => sum + ms, 0);
	}
};
// src/drill/record.ts
const schemaName = "shiplock/drill@1";
/** Writes what a drill found beside the dump, so that whoever finds the backup sees when it was last restored. Returns the key. */
async function recordDrill(store, { object }, { run, at }, outcome, signal) {
	const key = `${object.key}.drill-${compactStamp(at)}-${keyLabel(run.id)}.${keyLabel(run.attempt)}.json`;
	const record = {
		schema: schemaName,
		...outcome
	};
	await store.put(key, Readable.from([`${JSON.stringify(record, void 0, 2)}\n`]), signal);
	return key;
}
// src/drill/smoke.ts
/** Reads one file of smoke queries. Throws `invalid-smoke-query` with the place of what cannot be understood. */
async function parseSmokeFile(file, text) {
	const sql = await withoutClientCommands(file, text);
	const parsed = await parseStatements(sql);
	if ("problem" in parsed) throw invalid(file, text, parsed.problem.offset, parsed.problem.message);
	const queries = [];
	let end = 0;
	for (const statement of parsed.statements) {
		const expectations = readGap(file, sql, end, statement.start);
		const query = sql.slice(statement.start, statement.end);
		refuse(file, sql, statement.start, query, Object.keys(statement.node)[0]);
		queries.push({
			file,
			line: positionFromUtf16(sql, statement.start).line,
			sql: query,
			expectations
		});
		end = statement.end;
	}
	const [dangling] = readGap(file, sql, end, sql.length);
	if (dangling !== void 0) throw invalid(file, sql, dangling.offset, "this expectation has no statement after it");
	if (queries.length === 0) throw invalid(file, text, 0, "the file holds no statement");
	return queries;
}
/** Settings and transactions would not reach the next statement, which has a session of its own. */
const refusedStatements = /* @__PURE__ */ new Map([
	["TransactionStmt", "each query runs in a read-only transaction of its own; leave transaction control out"],
	["VariableSetStmt", "a setting does not reach the next query, which has a session of its own; qualify the names instead"],
	["PrepareStmt", "each query has a session of its own; write the statement itself"]
]);
function refuse(file, sql, start, query, kind) {
	const problem = refusedStatements.get(kind);
	if (problem !== void 0) throw invalid(file, sql, start, problem);
	const inside = /--[ \t]*expect\b|\/\*\s*expect\b/i.exec(query);
	if (inside !== null) throw invalid(file, sql, start + inside.index, "an expectation stands on a line of its own before its statement");
}
/** Between two statements stand only blanks, semicolons and comments; those that begin with "expect" are expectations. */
function readGap(file, sql, from, to) {
	const found = [];
	for (const match of sql.slice(from, to).matchAll(/--(?<line>[^\n]*)|\/\*(?<block>[\s\S]*?)\*\/|[^-/]+|./gy)) {
		const { line, block } = match.groups ?? {};
		const offset = from + match.index;
		if (block !== void 0 && /^\s*expect\b/i.test(block)) throw invalid(file, sql, offset, "write an expectation as -- expect: …");
		if (line === void 0 || !/^\s*expect\b/i.test(line)) continue;
		if (sql.slice(sql.lastIndexOf("\n", offset - 1) + 1, offset).trim() !== "") throw invalid(file, sql, offset, "an expectation stands on a line of its own before its statement");
		const expectation = parseExpectation(line);
		if (expectation === void 0) throw invalid(file, sql, offset, `this expectation is not understood: ${line.trim()}`);
		found.push({
			...expectation,
			offset
		});
	}
	return found;
}
/** Lines for psql that change nothing here become blanks, so that every position stays. */
async function withoutClientCommands(file, text) {
	for (let sql = text;;) {
		const parsed = await parseStatements(sql);
		if (!("problem" in parsed) || sql[parsed.problem.offset] !== "\\") return sql;
		const { offset } = parsed.problem;
		const start = sql.lastIndexOf("\n", offset) + 1;
		const next = sql.indexOf("\n", offset);
		const end = next < 0 ? sql.length : next;
		const line = sql.slice(start, end);
		if (!/^\s*\\(?:set +ON_ERROR_STOP +(?:on|1|true)|echo|qecho|timing|pset)\b[^\\]*$/i.test(line)) throw invalid(file, sql, offset, `the psql command ${/\\\S*/.exec(line.slice(offset - start))?.[0]} cannot be run here`);
		sql = sql.slice(0, start) + " ".repeat(line.length) + sql.slice(end);
	}
}
function invalid(file, text, offset, problem) {
	const { line, column } = positionFromUtf16(text, offset);
	const at = `${file}:${line}:${column}`;
	return new ReleaseError("invalid-smoke-query", `${at}: ${problem}.`, {
		at,
		hint: "Expectations are \"-- expect: rows > 0\", \"-- expect: value = 0\" and \"-- expect: no rows\", with =, !=, <, <=, > or >=."
	});
}
var restore_drill_default = defineCommand({
	summary: "Restore a backup into a scratch cluster, compare it with its manifest, and run smoke queries on it.",
	inputs: [
		"store",
		"key",
		"max-backup-age",
		"smoke",
		"smoke-timeout",
		"max-restore-time",
		"keep",
		"pg-bin-dir",
		"install-tools",
		"show-data",
		"state-schema"
	],
	positional: "key",
	outputs: {
		"backup-id": "Id of the backup that was restored.",
		"recovery-seconds": "Seconds from looking for the backup to the last smoke query, on this machine.",
		level: "What was shown of the backup: restored, or usable when smoke queries passed."
	},
	async run(inputs, context) {
		const startedAt = context.clock.now();
		const queries = await readSmokeQueries(inputs.smoke, context);
		const store = await context.openStore(inputs.store);
		const timer = new PhaseTimer(() => context.clock.monotonic());
		const drill = {
			backup: await timer.time("locate", () => locate(store, inputs.key, context)),
			store,
			queries,
			timer,
			findings: {},
			details: {}
		};
		try {
			await restoreAndLook(drill, inputs, context);
		} catch (error) {
			drill.findings.error = knownError(error, context);
			if (context.signal.aborted) delete drill.details.kept;
		}
		const outcome = outcomeOf(drill, inputs, context);
		const record = context.signal.aborted ? void 0 : await keepRecord(drill, outcome, startedAt, context);
		return {
			...outcome,
			details: {
				...outcome.details,
				...record === void 0 ? {} : { record }
			}
		};
	}
});
/** Every mistake in the queries is known before anything is downloaded. */
async function readSmokeQueries(folder, { readFolder }) {
	if (folder === void 0) return void 0;
	const files = await readFolder(folder);
	if (files === void 0) throw new ReleaseError("unreadable-file", `The folder of smoke queries ${folder} does not exist.`, { hint: "Check the input smoke." });
	const queries = [];
	for (const file of files.filter(({ name }) => name.endsWith(".sql"))) queries.push(...await parseSmokeFile(file.path, textOf(file)));
	if (queries.length === 0) throw new ReleaseError("invalid-smoke-query", `${folder} holds no *.sql file.`, { hint: "Check the input smoke." });
	return queries;
}
async function locate(store, key, { project, environment, log }) {
	const scope = {
		project,
		environment
	};
	const backup = key === void 0 ? await newestBackup(store, scope) : await findBackup(store, scope, key);
	const { manifest, ignored } = backup;
	for (const { manifestKey, problem } of ignored) log.warn(`${manifestKey} was passed over: ${problem}`);
	if (manifest.project !== project || manifest.environment !== environment) log.warn(`this backup is of ${manifest.project}, environment ${manifest.environment}`);
	log.info(`${manifest.id}: ${formatSize(manifest.object.sizeBytes)} from ${manifest.dump.snapshotAt}`);
	return backup;
}
async function restoreAndLook(drill, inputs, context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { backup, store, queries, timer, findings, details } = drill;
		const { manifest } = backup;
		const { signal } = context;
		const time = (name, work) => timed(drill, name, work, context);
		const folder = _usingCtx$1.a(await context.makeFolder());
		await warnAboutRoom(manifest, folder.path, context);
		const archive = join(folder.path, "backup.dump");
		await time("fetch", () => fetchDump(store, manifest.object, archive, signal));
		const cluster = _usingCtx$1.a(await time("provision", () => context.makeScratchCluster({
			binDir: inputs["pg-bin-dir"],
			install: inputs["install-tools"],
			major: Math.max(manifest.source.serverMajor, Number.parseInt(manifest.dump.clientVersion, 10) || 0),
			encoding: manifest.source.encoding,
			collate: manifest.source.collate,
			ctype: manifest.source.ctype
		})));
		details.isolation = cluster.isolation;
		if (inputs.keep) {
			cluster.keep();
			details.kept = cluster.directory;
		}
		await time("extensions", async () => refuseMissingExtensions(await cluster.prepareExtensions(manifest.source.extensions)));
		for (const section of [
			"pre-data",
			"data",
			"post-data"
		]) await time(section, () => cluster.restore(archive, section, signal));
		findings.restored = true;
		details.notRestored = await cluster.notRestored(archive);
		await time("analyze", () => cluster.analyze());
		await time("compare", async () => {
			findings.rowCounts = compareRowCounts(manifest.tables, await cluster.countRows(), details.notRestored ?? []);
			findings.ledgerHeads = compareLedgerHeads(manifest.ledgerHeads, await cluster.ledgerHeads(inputs["state-schema"]));
		});
		if (queries !== void 0) {
			const policy = {
				timeoutMs: inputs["smoke-timeout"],
				showData: inputs["show-data"],
				signal
			};
			findings.smoke = await time("smoke", () => runSmoke(queries, cluster, policy));
		}
		findings.recoveryTimeMs = timer.recoveryTimeMs;
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function timed({ timer }, name, work, context) {
	context.signal.throwIfAborted();
	const started = context.clock.monotonic();
	const elapsed = () => formatDuration(context.clock.monotonic() - started);
	const result = await timer.time(name, () => withHeartbeat(context, () => `${name}: ${elapsed()} so far`, work));
	context.log.info(`${name}: ${elapsed()}`);
	return result;
}
/** The size on the source counts what a restore does not write, so too little room is a warning, not a refusal. */
async function warnAboutRoom({ object, source }, path, { log }) {
	const { bavail, bsize } = await statfs(path);
	const needed = object.sizeBytes + source.sizeBytes;
	const free = bavail * bsize;
	if (free < needed) log.warn(`${formatSize(free)} are free for temporary files; the drill may need ${formatSize(needed)}`);
}
function outcomeOf({ backup, timer, findings, details }, inputs, context) {
	const { manifest } = backup;
	const { verdict, reason, checks, level } = conclude(manifest, findings, {
		maxAgeMs: inputs["max-backup-age"],
		maxRecoveryMs: inputs["max-restore-time"]
	}, context.clock.now());
	const { recoveryTimeMs, rowCounts, ledgerHeads, smoke, error } = findings;
	return {
		verdict,
		reason: reason + storePlace(inputs.store, context),
		checks,
		outputs: {
			"backup-id": manifest.id,
			...recoveryTimeMs === void 0 ? {} : { "recovery-seconds": Math.round(recoveryTimeMs / 1e3) },
			...level === void 0 ? {} : { level }
		},
		details: {
			backup: {
				id: manifest.id,
				key: manifest.object.key,
				snapshotAt: manifest.dump.snapshotAt,
				sizeBytes: manifest.object.sizeBytes
			},
			...level === void 0 ? {} : { level },
			phases: timer.phases,
			...recoveryTimeMs === void 0 ? {} : { recoveryTimeMs },
			machine: {
				cpus: availableParallelism(),
				memoryBytes: totalmem()
			},
			...details,
			mismatches: [...rowCounts?.mismatches ?? [], ...ledgerHeads?.mismatches ?? []],
			...smoke === void 0 ? {} : { smoke }
		},
		...error === void 0 ? {} : { error }
	};
}
/** A reader's key is enough for a drill, so a record that cannot be written is a warning. */
async function keepRecord({ backup, store }, outcome, startedAt, context) {
	const { run, signal, clock, log } = context;
	const at = clock.now();
	const { details, error, outputs: _, ...rest } = outcome;
	const facts = {
		tool: `shiplock/${version}`,
		run,
		startedAt: startedAt.toISOString(),
		finishedAt: at.toISOString()
	};
	try {
		return await recordDrill(store, backup.manifest, {
			run,
			at
		}, {
			...facts,
			...rest,
			...details,
			...error === void 0 ? {} : { error: error.code }
		}, signal);
	} catch (problem) {
		log.warn(`the record of this drill was not kept beside the backup: ${messageOf(problem)}`);
		return;
	}
}
/** A signal ends whatever is under way, and each part dies of it in its own words. */
function knownError(error, { signal }) {
	if (signal.aborted) return new ReleaseError("interrupted", "The run was stopped by a signal; the scratch cluster is removed.", {
		hint: "Run the same command again; nothing outside of the scratch cluster was changed.",
		cause: error
	});
	const known = asReleaseError(error);
	if (known.code === "internal-error") throw error;
	return known;
}
export { restore_drill_default as default };
