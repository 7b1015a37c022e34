import { r as __toESM } from "./rolldown-runtime.js";
import { t as ReleaseError } from "./errors.js";
import { a as gravest, i as placeOf, n as decide, r as lineByRules, t as judgeSince } from "./judge2.js";
import { i as nameOf, s as wordsOf } from "./names.js";
import { S as nodesOf, g as foreignKeysTo, y as nameOfKey } from "./replay.js";
import { d as implies, f as formulaOf, p as constantOf } from "./rules.js";
import { a as checklistOf, c as linesOfLost, i as ranSince, n as migrationsAt, o as hotfixOf, r as textsOf, t as findTarget } from "./rollback-target.js";
import { n as refuseForward, r as refuseHalfApplied, t as liveRelease } from "./present.js";
import { n as formatCount, s as plural } from "./units.js";
import { n as bootRefusal } from "./boot-files.js";
import { t as defineCommand } from "./command.js";
import { o as databaseInputNames, s as databaseInputs } from "./drill-record.js";
import { n as ledgerOptions, t as checkIdentity } from "./migration-state.js";
import { t as openDatabase } from "./open-database.js";
import { t as require_picomatch } from "./picomatch.js";
import { a as scanTokens, i as scanComments, r as parseStatements } from "./parse.js";
import { t as positionFromUtf16 } from "./position.js";
import { t as _usingCtx } from "./usingCtx.js";
// src/rollback/footprint.ts
function footprintOf(node, schema) {
	const found = new Found();
	walk(node, found);
	for (const name of found.names) found.inScope.add(name);
	close(found, schema);
	return found;
}
var Found = class {
	names = /* @__PURE__ */ new Set();
	columns = /* @__PURE__ */ new Set();
	aliases = /* @__PURE__ */ new Set();
	routineWords = /* @__PURE__ */ new Set();
	bare = /* @__PURE__ */ new Set();
	inScope = /* @__PURE__ */ new Set();
	joinsByName = false;
	writes = [];
	everyColumn = false;
};
function walk(value, found) {
	if (Array.isArray(value)) {
		for (const one of value) walk(one, found);
		return;
	}
	if (typeof value !== "object" || value === null) return;
	for (const [key, inner] of Object.entries(value)) {
		note(key, inner, found);
		walk(inner, found);
	}
}
function note(key, inner, found) {
	const content = inner;
	switch (key) {
		case "RangeVar":
		case "relation":
			if (typeof content?.relname === "string") found.names.add(content.relname);
			break;
		case "Alias":
		case "alias":
			if (typeof content?.aliasname === "string") found.aliases.add(content.aliasname);
			break;
		case "ColumnRef":
			noteColumn(content.fields, found);
			break;
		case "JoinExpr":
			if (content.isNatural === true) found.joinsByName = true;
			break;
		case "FuncCall":
		case "funccall":
			found.names.add(wordsOf(content.funcname).at(-1) ?? "");
			break;
		case "TypeName":
		case "typeName":
			found.names.add(wordsOf(content.names).at(-1) ?? "");
			break;
		case "InsertStmt":
			noteWrite(content, "insert", found);
			break;
		case "UpdateStmt":
			noteWrite(content, "update", found);
			break;
		case "DeleteStmt":
			noteWrite(content, "delete", found);
			break;
		case "MergeStmt":
			for (const kind of [
				"insert",
				"update",
				"delete"
			]) found.writes.push({
				relation: relationOf(content),
				kind,
				columns: "all"
			});
			break;
		case "CopyStmt":
			if (content.is_from === true) found.writes.push({
				relation: relationOf(content),
				kind: "insert",
				columns: "all"
			});
			found.everyColumn = true;
			break;
		case "TruncateStmt": for (const one of nodesOf(content.relations, "RangeVar")) found.writes.push({
			relation: nameOf(one).name,
			kind: "truncate",
			columns: "all"
		});
	}
}
function noteColumn(fields, found) {
	const all = fields ?? [];
	if (all.some((field) => "A_Star" in field)) found.everyColumn = true;
	const [only] = all.length === 1 ? wordsOf(all) : [];
	if (only !== void 0) found.bare.add(only);
	for (const word of wordsOf(all)) if (word !== "") found.columns.add(word);
}
function noteWrite(content, kind, found) {
	const listed = kind === "insert" ? content.cols : content.targetList;
	const names = nodesOf(listed, "ResTarget").flatMap(({ name }) => name ?? []);
	const columns = kind === "delete" || kind === "insert" && names.length === 0 ? "all" : new Set(names);
	for (const name of names) found.columns.add(name);
	if (kind === "insert" && columns === "all") found.everyColumn = true;
	const rows = kind === "update" ? [assigned(listed)] : kind === "insert" ? insertedRows(content, names) : void 0;
	found.writes.push({
		relation: relationOf(content),
		kind,
		columns,
		...rows === void 0 ? {} : { rows }
	});
	const update = content.onConflictClause;
	if (update?.action !== "ONCONFLICT_UPDATE") return;
	const set = nodesOf(update.targetList, "ResTarget").flatMap(({ name }) => name ?? []);
	found.writes.push({
		relation: relationOf(content),
		kind: "update",
		columns: new Set(set),
		rows: [assigned(update.targetList)]
	});
}
function assigned(targets) {
	return new Map(nodesOf(targets, "ResTarget").flatMap(({ name, val }) => name === void 0 || val === void 0 ? [] : [[name, val]]));
}
/** The rows of VALUES, when the columns are named. */
function insertedRows({ selectStmt }, names) {
	if (selectStmt === void 0) return [/* @__PURE__ */ new Map()];
	const { valuesLists } = selectStmt.SelectStmt ?? {};
	if (valuesLists === void 0 || names.length === 0) return void 0;
	return valuesLists.map((list) => {
		const items = "List" in list ? list.List.items ?? [] : [];
		return new Map(items.flatMap((item, at) => names[at] === void 0 ? [] : [[names[at], item]]));
	});
}
function relationOf({ relation }) {
	return nameOf(relation).name;
}
/** Follows views to what they read, writes to triggers and to rows that go along, and routines to the names in their texts. */
function close(found, schema) {
	const relations = [...schema.relations.values()];
	if ([...found.columns].some((one) => found.aliases.has(one) || found.names.has(one))) found.everyColumn = true;
	const done = /* @__PURE__ */ new Set();
	for (;;) {
		const next = [...found.names].filter((name) => !done.has(name));
		const written = found.writes.length;
		for (const name of next) {
			done.add(name);
			for (const relation of relations) if (relation.name === name && relation.kind === "view") throughView(relation.reads.keys(), found, schema, name);
			for (const [key, all] of schema.functions) if (nameOfKey(key).name === name) for (const { body } of all) throughBody(body, found, schema, relations);
		}
		for (const write of [...found.writes]) throughWrite(write, found, schema, relations);
		if (next.length === 0 && found.writes.length === written) return;
	}
}
function throughView(reads, found, schema, view) {
	const writes = found.writes.filter(({ relation }) => relation === view);
	for (const id of reads) {
		const name = schema.relations.get(id)?.name;
		if (name === void 0) continue;
		found.names.add(name);
		found.everyColumn = true;
		for (const { kind } of writes) add(found, {
			relation: name,
			kind,
			columns: "all"
		});
	}
}
function throughBody(body, found, schema, relations) {
	const words = new Set((body ?? "").toLowerCase().match(/[\w$]+/g));
	for (const word of words) found.routineWords.add(word);
	const mayWrite = [
		"insert",
		"update",
		"delete",
		"merge",
		"truncate",
		"execute",
		"copy"
	].some((word) => words.has(word));
	found.everyColumn = true;
	for (const { name, kind } of relations) {
		if (!words.has(name.toLowerCase())) continue;
		found.names.add(name);
		if (mayWrite && kind !== "index") for (const one of [
			"insert",
			"update",
			"delete",
			"truncate"
		]) add(found, {
			relation: name,
			kind: one,
			columns: "all"
		});
	}
	for (const key of schema.functions.keys()) if (words.has(nameOfKey(key).name.toLowerCase())) found.names.add(nameOfKey(key).name);
}
function throughWrite({ relation, kind }, found, schema, relations) {
	found.names.add(relation);
	const tables = relations.filter((one) => one.name === relation && one.kind === "table");
	for (const table of tables) {
		for (const trigger of table.triggers.values()) found.names.add(trigger.function.split(".").at(-1));
		if (kind !== "delete" && kind !== "update") continue;
		for (const { table: child, key } of foreignKeysTo(schema, table)) {
			const action = kind === "delete" ? key.onDelete : key.onUpdate;
			if (action === "cascade" && kind === "delete") add(found, {
				relation: child.name,
				kind: "delete",
				columns: "all"
			});
			else if (action !== "no action" && action !== "restrict") add(found, {
				relation: child.name,
				kind: "update",
				columns: new Set(key.columns)
			});
		}
	}
}
function add(found, write) {
	if (!(found.writes.some(({ relation, kind, columns }) => relation === write.relation && kind === write.kind && (columns === "all" || columns === write.columns)) || found.writes.some((one) => one.relation === write.relation && one.kind === write.kind && one.columns !== "all" && write.columns !== "all" && [...write.columns].every((column) => one.columns.has(column))))) found.writes.push(write);
}
// src/rollback/kept-limit.ts
/** Whether a limit cannot refuse what a query writes, as far as its text shows the values. */
function keeps(write, limit, schema) {
	if (write.kind === "delete" || write.kind === "truncate") return true;
	const table = [...schema.relations.values()].find((one) => one.kind === "table" && one.name === write.relation);
	if (table === void 0 || table.triggers.size > 0) return false;
	const wanted = limit.kind === "check" ? formulaOf(limit.expression, table) : void 0;
	const asked = limit.kind === "not-null" ? [limit.column] : operandsOf(wanted);
	if (write.kind === "update" && write.columns !== "all" && !asked.some((one) => write.columns.has(one))) return limit.kind === "not-null" || !limit.old && asked.every((one) => table.columns.has(one));
	return write.rows?.every((row) => keepsRow(row, write.kind === "insert", limit, wanted, table)) ?? false;
}
function keepsRow(row, isWhole, limit, wanted, table) {
	const writtenTo = (column) => {
		const given = row.get(column);
		return given === void 0 || "SetToDefault" in given ? isWhole || given !== void 0 ? table.columns.get(column)?.default ?? "null" : void 0 : given;
	};
	if (limit.kind === "not-null") {
		const value = writtenTo(limit.column);
		return value !== void 0 && value !== "null" && !isNull(value) && constantOf(value, void 0) !== void 0;
	}
	if (wanted === void 0) return false;
	const known = [];
	const nulls = /* @__PURE__ */ new Set();
	for (const column of operandsOf(wanted)) {
		const value = writtenTo(column);
		if (value === void 0) continue;
		if (value === "null" || isNull(value)) nulls.add(column);
		else {
			const constant = constantOf(value, table.columns.get(column)?.type);
			if (constant !== void 0) known.push({
				kind: "compare",
				operand: column,
				operator: "=",
				value: constant
			});
		}
	}
	for (const column of nulls) known.push({
		kind: "null",
		operand: column,
		isNull: true
	});
	for (const { kind, ...one } of [...known]) if (kind === "compare") known.push({
		kind: "null",
		operand: one.operand,
		isNull: false
	});
	return implies({
		kind: "and",
		of: known
	}, withoutNulls(wanted, nulls));
}
/** A comparison with NULL is not false, and CHECK accepts what is not false. */
function withoutNulls(wanted, nulls) {
	if (wanted.kind === "and" || wanted.kind === "or") return {
		...wanted,
		of: wanted.of.map((one) => withoutNulls(one, nulls))
	};
	return wanted.kind === "compare" && nulls.has(wanted.operand) ? {
		kind: "and",
		of: []
	} : wanted;
}
function isNull(value) {
	return "A_Const" in value && value.A_Const.isnull === true;
}
function operandsOf(formula) {
	switch (formula.kind) {
		case "and":
		case "or": return formula.of.flatMap(operandsOf);
		case "other": return ["*"];
		default: return [formula.operand];
	}
}
// src/rollback/evidence.ts
/**
* What the target's own queries say, in both directions: a query that fails breaks whatever the rules say, and a concern
* that no query can meet is none.
*/
function withQueries(judged, asked, unread, schema) {
	const all = asked.map((one) => ({
		...one,
		uses: footprintOf(one.query.node, schema)
	}));
	const failed = all.filter(({ answer }) => answer.state === "failed");
	const explained = /* @__PURE__ */ new Set();
	return [
		...judged.map((one) => {
			const byRules = lineByRules(one);
			const met = failed.filter((query) => one.concerns.some((concern) => isAbout(query, concern)));
			for (const query of met) explained.add(query);
			if (met[0] !== void 0) return said(byRules, effectOf(met[0]), broken(met[0], met.length - 1));
			const open = one.concerns.filter((concern) => unread.length > 0 || !isSettled(concern, all, schema));
			const worst = gravest(open);
			if (worst === void 0) return said(byRules, "compatible", `None of the target's queries meets it.`);
			return {
				...byRules,
				effect: worst.effect,
				because: worst.because
			};
		}),
		...failed.filter((query) => !explained.has(query)).map((query) => unexplained(query, judged)),
		...unread.map(nobodyRead)
	];
}
function said(line, effect, because) {
	if (line.effect === effect && effect === "compatible") return {
		...line,
		by: "queries"
	};
	return {
		...line,
		effect,
		because,
		by: "queries",
		...line.effect === effect ? {} : { byRules: line.effect }
	};
}
function isSettled({ settling, subjects }, asked, schema) {
	if (settling.by === "nothing") return false;
	if (settling.by === "names") {
		const { star, bare, words = subjects } = settling;
		if (bare !== void 0 && asked.some(({ uses }) => uses.inScope.has(bare.of) && (uses.joinsByName || uses.bare.has(bare.column)))) return false;
		if (asked.some(({ uses }) => words.some((word) => uses.routineWords.has(word.toLowerCase())))) return false;
		if (star !== void 0 && asked.some(({ uses }) => uses.everyColumn && uses.names.has(star))) return false;
		return asked.every((one) => one.answer.state === "prepared" || !subjects.some((name) => mentions(one, name)));
	}
	return !asked.some(({ uses }) => meets(settling, uses, schema));
}
function meets(settling, uses, schema) {
	if (settling.by === "use") {
		const { of, columns } = settling;
		return uses.names.has(of) && (columns === void 0 || uses.everyColumn || columns.some((one) => uses.columns.has(one)));
	}
	if (settling.by === "rows") {
		const { to, limits } = settling;
		return uses.writes.some((write) => write.relation === to && !limits.every((limit) => keeps(write, limit, schema)));
	}
	const { to, kinds, columns, without } = settling;
	return uses.writes.some((write) => {
		if (write.relation !== to || kinds !== void 0 && !kinds.includes(write.kind)) return false;
		if (without !== void 0 && write.kind === "insert") return write.columns === "all" || !write.columns.has(without);
		if (columns === void 0 || write.columns === "all" || write.kind !== "update") return columns === void 0 || write.kind !== "delete";
		const { columns: changed } = write;
		return columns.some((one) => changed.has(one));
	});
}
/** Whether a query failed because of what a concern is about. */
function isAbout(query, { subjects }) {
	const { answer } = query;
	const message = answer.state === "failed" ? answer.message : "";
	const words = new Set(message.match(/[\w$]+/g));
	return subjects.some((name) => words.has(name) || !message.includes("\"") && mentions(query, name));
}
function mentions({ uses }, name) {
	return uses.names.has(name) || uses.columns.has(name);
}
function effectOf({ uses }) {
	return uses.writes.length > 0 ? "breaks-writes" : "breaks-reads";
}
function broken({ query, answer }, more) {
	const why = answer.state === "failed" ? `${answer.message} (${answer.code})` : "";
	return `${query.name} in ${query.path} cannot be prepared: ${why}${more > 0 ? `; ${more} more` : ""}.`;
}
function unexplained(one, judged) {
	const { query, answer } = one;
	const named = [...(answer.state === "failed" ? answer.message : "").matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name.split(".").at(-1));
	const by = judged.find(({ statement }) => named.some((name) => statement.match(/[\w$]+/g)?.includes(name)));
	const because = by === void 0 ? "" : ` What it misses stands in ${by.path}:${by.start.line}.`;
	return {
		migration: void 0,
		path: query.path,
		start: query.start,
		statement: query.sql,
		effect: effectOf(one),
		because: `${broken(one, 0)}${because}`,
		by: "queries",
		data: { kind: "lossless" }
	};
}
function nobodyRead({ path, because }) {
	return {
		migration: void 0,
		path,
		start: void 0,
		statement: "",
		effect: "unknown",
		because: `The queries in ${path} are not read: ${because}.`,
		by: "queries",
		data: { kind: "lossless" }
	};
}
// src/rollback/queries.ts
var import_picomatch = /* @__PURE__ */ __toESM(require_picomatch(), 1);
/** Reads plain statements, and those that are written for sqlc. */
async function readQueries(file) {
	const unread = (because) => ({
		queries: [],
		unread: [{
			path: file.path,
			because
		}]
	});
	let text;
	try {
		text = new TextDecoder("utf-8", { fatal: true }).decode(file.bytes);
	} catch {
		return unread("it is not UTF-8 text");
	}
	const numbered = await withNumbers(text);
	if (numbered === void 0) return unread("its words cannot be told apart");
	const parsed = await parseStatements(numbered);
	if ("problem" in parsed) return unread(parsed.problem.message);
	const names = await namesIn(numbered);
	let from = 0;
	return {
		queries: parsed.statements.map(({ start, end, node }, index) => {
			const name = names.findLast((one) => one.at >= from && one.at < start)?.name;
			from = end;
			return {
				name: name ?? `statement ${index + 1}`,
				path: file.path,
				start: positionFromUtf16(numbered, start),
				sql: numbered.slice(start, end),
				node
			};
		}),
		unread: []
	};
}
/** `sqlc.arg(name)`, `sqlc.narg(name)`, `sqlc.slice(name)` and `@name` become `$n`, one number a name and statement; `sqlc.embed(t)` becomes `t.*`. */
async function withNumbers(text) {
	let tokens;
	try {
		tokens = await scanTokens(text);
	} catch {
		return;
	}
	const bytes = Buffer.from(text, "utf8");
	let result = "";
	let copied = 0;
	let numbers = /* @__PURE__ */ new Map();
	const put = (from, to, instead) => {
		const lines = bytes.toString("utf8", from.start, to.end).replaceAll(/[^\n]/g, "");
		result += bytes.toString("utf8", copied, from.start) + instead + lines;
		copied = to.end;
	};
	const numberOf = (name, after) => {
		const known = numbers.get(name);
		if (known !== void 0) return known;
		const next = Math.max(0, after, ...numbers.values()) + 1;
		numbers.set(name, next);
		return next;
	};
	let largest = largestOf(tokens, 0);
	for (let at = 0; at < tokens.length; at++) {
		const token = tokens[at];
		const [one, two, three, four, five] = tokens.slice(at + 1, at + 6);
		if (token.text === ";") {
			numbers = /* @__PURE__ */ new Map();
			largest = largestOf(tokens, at + 1);
		} else if (token.text.toLowerCase() === "sqlc" && one?.text === "." && three?.text === "(" && four !== void 0 && five?.text === ")") {
			const kind = two.text.toLowerCase();
			const name = four.text.replaceAll(/^['"]|['"]$/g, "");
			if (kind === "embed") put(token, five, `${name}.*`);
			else if ([
				"arg",
				"narg",
				"slice"
			].includes(kind)) put(token, five, `$${numberOf(name, largest)}`);
			else continue;
			at += 5;
		} else if (token.text === "@" && one !== void 0 && one.start === token.end && /^[A-Za-z_]/.test(one.text)) {
			put(token, one, `$${numberOf(one.text, largest)}`);
			at++;
		}
	}
	return result + bytes.toString("utf8", copied);
}
/** The largest `$n` of the statement that begins at a token. */
function largestOf(tokens, from) {
	let largest = 0;
	for (const { text } of tokens.slice(from)) {
		if (text === ";") break;
		if (/^\$\d+$/.test(text)) largest = Math.max(largest, Number(text.slice(1)));
	}
	return largest;
}
async function namesIn(text) {
	const bytes = Buffer.from(text, "utf8");
	return (await scanComments(text)).flatMap(({ start, end }) => {
		const name = /^(?:--|\/\*)\s*name:\s*(\S+)/.exec(bytes.toString("utf8", start, end))?.[1];
		return name === void 0 ? [] : [{
			at: bytes.toString("utf8", 0, start).length,
			name
		}];
	});
}
// src/commands/rollback-queries.ts
/** The queries of the target release, and what the server says of each; `undefined` when none were named. Throws `invalid-input` when the globs find nothing. */
async function askQueries({ name, commit }, globs, database, context) {
	if (globs === void 0 || globs.length === 0) return void 0;
	const files = await context.gitFiles(commit, (0, import_picomatch.default)([...globs], { dot: true }));
	const queries = [];
	const unread = [];
	for (const file of files) {
		const read = await readQueries(file);
		queries.push(...read.queries);
		unread.push(...read.unread);
	}
	if (queries.length === 0 && unread.length === 0) throw new ReleaseError("invalid-input", `queries finds no query in the files of ${name}: ${globs.join(", ")}.`, { hint: "Globs count from the folder of shiplock.yml, such as db/queries/**/*.sql, and look at the files as that release had them. Without queries the rules decide alone." });
	context.log.info(`asking the server to prepare ${queries.length === 1 ? "1 query" : `${formatCount(queries.length)} queries`} of ${name}; nothing is executed`);
	const answers = await context.prepareQueries(database, queries.map(({ sql }) => sql));
	const asked = queries.map((query, index) => ({
		query,
		answer: answers[index] ?? {
			state: "not-tried",
			because: "no answer came"
		}
	}));
	const notTried = asked.flatMap(({ query, answer }) => answer.state === "not-tried" ? [`${query.name} in ${query.path} was not prepared: ${answer.because}.`] : []);
	const failed = asked.filter(({ answer }) => answer.state === "failed").length;
	return {
		asked,
		unread,
		summary: {
			files: files.length,
			count: queries.length,
			failed,
			notTried: notTried.length
		},
		notes: [`${plural(queries.length - failed - notTried.length, "statement")} of ${name} can be prepared. Whether rights, values and triggers let them run, preparing does not show.`, ...notTried]
	};
}
// src/commands/rollback.ts
var rollback_default = defineCommand({
	summary: "Decide whether older code can run on the schema as it is, and record it.",
	inputs: [
		...databaseInputNames,
		"publish-state",
		"layout",
		"migrate-command",
		"migrate-command-post",
		"migrations",
		"migrations-post",
		"migrations-table",
		"to",
		"shape",
		"queries",
		"reason",
		"dry-run"
	],
	outputs: {
		shape: "The way back that is open: code-only, hotfix, or undecided.",
		deciding: "Path and line of the statement that decides; empty when none speaks against code-only."
	},
	async run(inputs, context) {
		try {
			var _usingCtx$1 = _usingCtx();
			const reason = reasonOf(inputs);
			const target = await findTarget(inputs.to, context);
			const { layout, migrations } = await migrationsAt(target, inputs, context);
			const connection = _usingCtx$1.a(await databaseInputs(inputs, context));
			const database = _usingCtx$1.a(await openDatabase(connection, inputs, context));
			if (!inputs["dry-run"]) await database.lock(context.project, {
				onLocked: "fail",
				waitMs: 0,
				signal: context.signal
			});
			await checkIdentity(database, context);
			const ledger = ledgerOptions(inputs, {
				layout,
				migrations
			}, context);
			const entries = await database.entries(ledger);
			const history = await database.state.history();
			const live = liveRelease(history.rows);
			const relation = live?.commit === void 0 ? void 0 : await context.compareCommit(live.commit, target.commit);
			const order = refuseForward(target, live, relation);
			refuseHalfApplied(await database.state.finishedSteps(), new Set(entries.map(({ version }) => version)));
			const ran = ranSince(migrations, entries, history, target.name);
			const { found, lost } = await textsOf(ran.since, layout, inputs, context);
			const judgement = await judgeSince({
				target: migrations,
				since: found,
				layout,
				postgres: database.serverMajor
			});
			const evidence = await askQueries(target, inputs.queries, connection, context);
			const judged = evidence === void 0 ? judgement.statements.map(lineByRules) : withQueries(judgement.statements, evidence.asked, evidence.unread, judgement.schema);
			const boot = ran.since.length === 0 ? void 0 : await bootRefusal(layout, target.commit, context);
			const decision = decide([
				...judged,
				...linesOfLost(lost, ran.displaced),
				...boot === void 0 ? [] : [boot]
			], evidence === void 0 ? "rules" : "queries");
			const verdict = verdictOf(decision.shape, inputs.shape);
			const records = verdict === "pass" && decision.shape === "code-only" && inputs.shape !== "hotfix";
			if (records && reason !== void 0) {
				await database.prepareState(inputs["publish-state"]);
				const who = context.variables.GITHUB_ACTOR || context.variables.USER || context.run.host;
				const { name: to, commit: toCommit } = target;
				await database.state.recordRollback({
					from: live?.release,
					to,
					toCommit,
					shape: "code-only",
					by: decision.by,
					reason,
					who
				});
			}
			const { deciding } = decision;
			return {
				verdict,
				reason: sentenceOf(decision, inputs.shape, target.name, ran.since.length),
				outputs: {
					shape: decision.shape,
					deciding: deciding === void 0 ? "" : placeOf(deciding)
				},
				details: {
					database: database.description,
					from: live?.release,
					to: target.name,
					commit: target.commit,
					shape: decision.shape,
					asked: inputs.shape,
					by: decision.by,
					dryRun: inputs["dry-run"],
					...evidence === void 0 ? {} : { queries: evidence.summary },
					recorded: records && reason !== void 0,
					deciding: deciding === void 0 ? void 0 : describe(deciding),
					lines: decision.lines.map(describe),
					leftBehind: ran.since.map(({ version, name }) => name ?? version),
					hotfix: decision.shape === "hotfix" || inputs.shape === "hotfix" ? hotfixOf(decision, live) : void 0,
					checklist: inputs.shape === "hotfix" ? [] : checklistOf(decision, target.name),
					notes: [
						...order === void 0 ? [] : [order],
						...ran.notes,
						...evidence?.notes ?? [],
						...unchecked(ran.unchecked)
					]
				}
			};
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
/** Throws `invalid-input`: whoever reads the history next week asks why. */
function reasonOf({ reason, "dry-run": dryRun }) {
	if (dryRun) return void 0;
	if (reason !== void 0) return reason;
	throw new ReleaseError("invalid-input", "reason is missing: it says why older code comes back.", { hint: "Run it again with --reason \"…\", which is kept in the history; or with --dry-run, which only decides." });
}
function verdictOf(shape, asked) {
	if (asked === "hotfix") return "pass";
	if (shape === "undecided") return "inconclusive";
	return shape === "code-only" ? "pass" : "fail";
}
function sentenceOf({ shape, by, deciding }, asked, to, since) {
	const how = by === "rules" ? "by rules" : "by the target's queries";
	if (since === 0) return `No migration has run since ${to}: its code may be deployed.`;
	if (deciding === void 0) return `The code of ${to} may be deployed on the schema as it is (${how}); ${plural(since, "migration")} stay${since === 1 ? "s" : ""} behind.`;
	const because = `${placeOf(deciding)}: ${deciding.because}`;
	if (shape === "undecided") return `Whether the code of ${to} works on this schema is not known. ${because}`;
	return `${asked === "code-only" ? "code-only is not open" : "Ship a hotfix"}: the code of ${to} does not work on this schema (${how}). ${because}`;
}
function describe({ migration, path, start, statement, effect, because, by, byRules, data }) {
	return {
		migration: migration?.id,
		phase: migration?.phase,
		path,
		line: start?.line,
		statement,
		effect,
		because,
		by,
		...byRules === void 0 ? {} : { byRules },
		data
	};
}
function unchecked(count) {
	return count === 0 ? [] : [`Nothing kept the checksum of ${plural(count, "migration")} of the target: that they ran as the target has them is not checked.`];
}
export { rollback_default as default };
