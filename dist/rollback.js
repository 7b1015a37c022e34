import { r as __toESM } from "./rolldown-runtime.js";
import { t as ReleaseError } from "./errors.js";
import { a as nameOfWords, i as nameOf, s as wordsOf } from "./names.js";
import { C as openNode, S as nodesOf, b as tableById, d as emptySchema, f as findRelation, g as foreignKeysTo, h as findTypeKey, p as findTable, t as applyStatement, y as nameOfKey } from "./replay.js";
import { a as readStatements, d as constantOf, l as implies, n as rules, o as judgeWayBack, p as copySchema, r as allowsAllOf, s as lint, t as require_picomatch, u as formulaOf } from "./picomatch.js";
import { a as scanTokens, i as scanComments, r as parseStatements } from "./parse.js";
import { t as positionFromUtf16 } from "./position.js";
import { t as isBuiltinFunction } from "./builtins.js";
import { n as touchedObjects } from "./touched-objects.js";
import { B as collectMigrations, F as sidesOf, I as appliedAttempts, L as lastDeployed, P as checksumThatRan, R as newest, V as byVersion, n as ledgerOptions, t as checkIdentity, y as migrationWay } from "./migration-state.js";
import { n as formatCount, s as plural } from "./units.js";
import { t as defineCommand } from "./command.js";
import { o as databaseInputNames, s as databaseInputs } from "./drill-record.js";
import { t as openDatabase } from "./open-database.js";
import { r as numberedName } from "./layout.js";
import { t as _usingCtx } from "./usingCtx.js";
import { relative } from "node:path";
// src/rollback/concern.ts
/** The gravest first: what is known to break comes before what nobody knows. */
const effects = [
	"breaks-reads",
	"breaks-writes",
	"changes-meaning",
	"unknown",
	"compatible"
];
function gravest(all) {
	return [...all].sort((one, other) => effects.indexOf(one.effect) - effects.indexOf(other.effect))[0];
}
// src/rollback/decide.ts
function lineByRules(judged) {
	const worst = gravest(judged.concerns);
	const { migration, path, start, statement, data } = judged;
	return {
		migration,
		path,
		start,
		statement,
		data,
		by: "rules",
		effect: worst?.effect ?? "compatible",
		because: worst?.because ?? ""
	};
}
/** The answer of a release is that of its worst statement. */
function decide(lines, by) {
	const worst = gravest(lines);
	const deciding = worst === void 0 || worst.effect === "compatible" ? void 0 : worst;
	return {
		shape: shapeOf(deciding?.effect),
		by,
		lines: [...lines].sort(byGravity),
		deciding
	};
}
function shapeOf(effect) {
	if (effect === void 0) return "code-only";
	return effect === "unknown" ? "undecided" : "hotfix";
}
function byGravity(one, other) {
	return effects.indexOf(one.effect) - effects.indexOf(other.effect);
}
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
			const worst = gravest(one.concerns.filter((concern) => unread.length > 0 || !isSettled(concern, all, schema)));
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
// src/rollback/hotfix.ts
/** A branch from the release that is live: the fix goes on top of the code that the schema belongs to. */
function hotfixOf({ deciding }, live) {
	const branch = `hotfix/${(live?.release ?? "HEAD").replaceAll(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+|[.]+$/g, "")}`;
	const base = live === void 0 ? "HEAD" : live.commit ?? live.release;
	const because = deciding === void 0 ? [] : [`Keep what makes going back impossible in mind: ${place(deciding)}.`];
	return {
		branch,
		commands: [
			`git switch --create ${quoted(branch)} ${quoted(base)}`,
			"shiplock new --hotfix <name>",
			"shiplock lint",
			"shiplock plan"
		],
		checklist: [
			"Turn the flags of the new features off, where there are any.",
			`Fix it on the branch ${branch}; a migration of its own gets its number from "shiplock new --hotfix".`,
			...because,
			"Release it as any other: backup, pre phase, deploy, \"shiplock record deployed\".",
			"Open an issue that says what went wrong, and merge the branch into the main line."
		]
	};
}
/** What people do next; for a hotfix it stands there. */
function checklistOf({ shape, by, deciding }, to) {
	if (shape === "code-only") return afterCodeOnly;
	if (shape === "hotfix" || deciding === void 0) return [];
	const command = `shiplock rollback --to ${quoted(to)}`;
	const byHand = `Judge it by hand: does the code of ${to} work after what stands in ${place(deciding)}? Deploy it only when you are sure.`;
	return [
		...by === "rules" ? [`Let the queries of ${to} decide: ${command} --dry-run --queries 'db/queries/**/*.sql', with your own path.`] : [],
		byHand,
		`Where it does not, go forward: ${command} --shape hotfix --dry-run shows how.`
	];
}
/** What people do around a rollback of the code. */
const afterCodeOnly = [
	"Look whether the tests of the target release were green.",
	"Turn the flags of the new features off, where there are any.",
	"Deploy the older code, then note it: \"shiplock record deployed\" from its checkout.",
	"Open an issue that says what went wrong, from which release to which."
];
function place({ path, start }) {
	return start === void 0 ? path : `${path}:${start.line}`;
}
/** A name for a shell. */
function quoted(text) {
	return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
// src/rollback/concerns/meets.ts
function isNew({ firstNew }, what) {
	return what !== void 0 && what.origin.file >= firstNew;
}
/** A relation that the target's code may use: old, or not known. */
function oldRelation(meets, name) {
	const relation = findRelation(meets.schema, name);
	return isNew(meets, relation) ? void 0 : { relation };
}
function oldTable(meets, name) {
	const old = oldRelation(meets, name);
	if (old === void 0) return void 0;
	return { table: old.relation?.kind === "table" ? old.relation : void 0 };
}
/** Whether the target knows a table with a column of that name, whatever the table is called now. */
function wasColumn({ target }, relation, column) {
	const before = relation === void 0 ? void 0 : target.relations.get(relation.id);
	return before?.kind === "table" && before.columns.has(column);
}
function concern(effect, because, settling = { by: "nothing" }, subjects = []) {
	return {
		effect,
		because,
		settling,
		subjects
	};
}
/** A relation that was made anew has none of the rights that were granted on the one before. */
function rightsConcern({ granted }, name) {
	if (granted.since.has(name) || granted.since.has("*") || granted.target.has("always")) return [];
	if (!granted.target.has(name) && !granted.target.has("*")) return [];
	return [concern("breaks-reads", `${name} was made anew, and nobody was given rights on it: the older code's role may be refused.`, {
		by: "use",
		of: name
	}, [])];
}
/** Functions that an expression calls; PostgreSQL's own that cannot fail and change nothing are left out. */
function foreignCalls(value) {
	if (typeof value !== "object" || value === null) return [];
	const { FuncCall: call } = value;
	const last = call?.funcname?.at(-1);
	const name = last !== void 0 && "String" in last ? last.String.sval ?? "" : void 0;
	return [...name === void 0 || harmless$1.has(name) ? [] : [name], ...Object.values(value).flatMap(foreignCalls)];
}
const harmless$1 = /* @__PURE__ */ new Set([
	"now",
	"clock_timestamp",
	"transaction_timestamp",
	"statement_timestamp",
	"timezone",
	"gen_random_uuid",
	"uuid_generate_v4",
	"random",
	"nextval",
	"lower",
	"upper",
	"coalesce",
	"length",
	"count",
	"sum",
	"min",
	"max",
	"avg",
	"set_config",
	"pg_sleep",
	"pg_notify"
]);
// src/rollback/concerns/of-finding.ts
const names = ({ columns, names: all }) => ({
	by: "names",
	words: columns.length > 0 ? columns : all
});
const starred = (subject) => {
	const { relation } = subject;
	return relation === void 0 ? names(subject) : {
		...names(subject),
		star: relation
	};
};
/** The table's writes, whatever columns they name. */
const anyWrite = ({ relation }) => relation === void 0 ? { by: "nothing" } : {
	by: "writes",
	to: relation
};
const use = ({ relation, columns }) => relation === void 0 ? { by: "nothing" } : {
	by: "use",
	of: relation,
	...columns.length === 0 ? {} : { columns }
};
const writes = ({ relation, columns }) => relation === void 0 ? { by: "nothing" } : {
	by: "writes",
	to: relation,
	...columns.length === 0 ? {} : { columns }
};
const inserts = ({ relation, columns }) => relation === void 0 ? { by: "nothing" } : {
	by: "writes",
	to: relation,
	kinds: ["insert"],
	...columns.length === 1 ? { without: columns[0] } : {}
};
/** What the rules of `lint` say of code that still runs, said of code that comes back. */
const meanings = {
	"ban-change-default": {
		effect: "changes-meaning",
		settling: inserts
	},
	"ban-drop-not-null": {
		effect: "changes-meaning",
		settling: use
	},
	"ban-drop-trigger": {
		effect: "changes-meaning",
		settling: anyWrite
	},
	"ban-disable-trigger": {
		effect: "changes-meaning",
		settling: anyWrite
	},
	"ban-drop-unique": {
		effect: "changes-meaning",
		settling: anyWrite
	},
	"ban-revoke": {
		effect: "breaks-reads",
		settling: use
	},
	"ban-truncate": {
		effect: "changes-meaning",
		settling: use
	},
	"ban-truncate-cascade": {
		effect: "changes-meaning",
		settling: () => ({ by: "nothing" })
	},
	"ban-detach-partition": {
		effect: "changes-meaning",
		settling: use
	},
	"ban-losing-replica-identity": {
		effect: "breaks-writes",
		settling: writes
	},
	"prefer-post-for-backfill": {
		effect: "changes-meaning",
		settling: use
	},
	"require-compatible-column-type": {
		effect: "breaks-reads",
		settling: use
	},
	"require-default-on-required-column": {
		effect: "breaks-writes",
		settling: inserts
	},
	"require-policy-with-row-security": {
		effect: "breaks-reads",
		settling: use
	},
	"require-post-for-constraints": {
		effect: "breaks-writes",
		settling: (subject) => {
			const { relation: to, limits } = subject;
			return to === void 0 || limits === void 0 ? writes(subject) : {
				by: "rows",
				to,
				limits
			};
		}
	},
	"ban-drop-column": {
		effect: "breaks-reads",
		settling: starred
	},
	"ban-drop-database": {
		effect: "breaks-reads",
		settling: () => ({ by: "nothing" })
	},
	"ban-drop-function": {
		effect: "breaks-reads",
		settling: names
	},
	"ban-drop-schema": {
		effect: "breaks-reads",
		settling: names
	},
	"ban-drop-sequence": {
		effect: "breaks-reads",
		settling: names
	},
	"ban-drop-table": {
		effect: "breaks-reads",
		settling: names
	},
	"ban-drop-type": {
		effect: "breaks-reads",
		settling: names
	},
	"ban-drop-view": {
		effect: "breaks-reads",
		settling: names
	},
	"ban-rename-object": {
		effect: "breaks-reads",
		settling: names
	},
	"ban-rename-view": {
		effect: "breaks-reads",
		settling: names
	},
	"ban-replace-view-columns": {
		effect: "breaks-reads",
		settling: names
	},
	"ban-replace-function-result": {
		effect: "breaks-reads",
		settling: names
	},
	"ban-set-schema": {
		effect: "breaks-reads",
		settling: names
	},
	"renaming-column": {
		effect: "breaks-reads",
		settling: starred
	},
	"renaming-table": {
		effect: "breaks-reads",
		settling: names
	}
};
/** About the order of a release, about what the server refuses, or judged in another place. */
const elsewhere = /* @__PURE__ */ new Set([
	"ban-rename-enum-value",
	"ban-drop-cascade",
	"require-dependents-first",
	"require-order-of-phases",
	"require-policy-on-new-table",
	"require-pre-for-additions"
]);
/** `undefined` for a finding that does not bear on the code of the target. A rule that is not known here breaks. */
function concernOf({ rule, message }, subject) {
	if (elsewhere.has(rule)) return void 0;
	const { effect, settling } = meanings[rule] ?? {
		effect: "breaks-reads",
		settling: () => ({ by: "nothing" })
	};
	return {
		effect,
		because: message,
		settling: settling(subject),
		subjects: subject.names
	};
}
/** Rules beside those of the group `compatibility` that say what old code meets. */
const furtherRules = ["ban-disable-trigger", "ban-truncate-cascade"];
// src/rollback/concerns/constraints.ts
/** A foreign key keeps rows of the table that it points to, unless it takes its own rows along. */
function foreignKeyConcern(meets, { pktable, fk_del_action }) {
	const name = nameOf(pktable);
	if (oldTable(meets, name) === void 0 || [
		"c",
		"n",
		"d"
	].includes(fk_del_action ?? "a")) return [];
	return [concern("breaks-writes", `Rows of ${name.name} can no longer be deleted while the new foreign key points to them.`, {
		by: "writes",
		to: name.name,
		kinds: ["delete", "truncate"]
	}, [name.name])];
}
// src/rollback/concerns/new-column.ts
/** A column that the target's code does not know. Whether it may be left out is for the rules of `lint` to say. */
function newColumnConcerns(meets, table, column) {
	const { colname: name = "" } = column;
	const constraints = nodesOf(column.constraints, "Constraint");
	const writes = {
		by: "writes",
		to: table.name
	};
	const hasDefault = constraints.some(({ contype }) => contype === "CONSTR_DEFAULT");
	const found = [];
	if (wasColumn(meets, findTable(meets.schema, table), name)) {
		const settling = {
			by: "use",
			of: table.name,
			columns: [name]
		};
		found.push(concern("changes-meaning", `${name} of ${table.name} is another column than before.`, settling, [name]));
	}
	const others = othersWith(meets, table, name);
	if (others.length > 0) {
		const because = `${others[0]} has a column ${name} too: a query that joins it with ${table.name} and writes ${name} without its table becomes ambiguous.`;
		found.push(concern("unknown", because, {
			by: "names",
			bare: {
				of: table.name,
				column: name
			}
		}, [name]));
	}
	const sibling = siblingOf(meets, table);
	if (sibling !== void 0) {
		const because = `${sibling} has the same columns as ${table.name}: a query that copies or unites all columns of both no longer fits.`;
		found.push(concern("unknown", because, { by: "names" }, [table.name, sibling]));
	}
	const routine = routineNaming(meets, table.name, name);
	if (routine !== void 0) {
		const because = `The function ${routine} uses ${table.name} and has the word ${name}: inside of it the name may be ambiguous now.`;
		found.push(concern("unknown", because, {
			by: "use",
			of: routine
		}, [name]));
	}
	for (const constraint of constraints) found.push(...ofConstraint(meets, table.name, name, constraint, hasDefault));
	const type = nameOfWords(wordsOf(column.typeName?.names));
	if (meets.schema.types.get(findTypeKey(meets.schema, type) ?? "")?.kind === "domain") found.push(concern("unknown", `${name} has the domain ${type.name}, which may refuse what is left out.`, writes, [name, table.name]));
	return found;
}
function ofConstraint(meets, table, column, { contype, raw_expr, ...constraint }, hasDefault) {
	const writes = {
		by: "writes",
		to: table
	};
	const subjects = [column, table];
	switch (contype) {
		case "CONSTR_DEFAULT": {
			const [call] = foreignCalls(raw_expr);
			return call === void 0 ? [] : [concern("unknown", `Each insert calls ${call}() for ${column} now.`, writes, subjects)];
		}
		case "CONSTR_GENERATED": return [concern("unknown", `Each write works out ${column}, and fails where that fails.`, writes, subjects)];
		case "CONSTR_UNIQUE":
		case "CONSTR_PRIMARY":
		case "CONSTR_EXCLUSION": return hasDefault ? [concern("breaks-writes", `Every row that leaves ${column} out has the same value, and it is unique.`, writes, subjects)] : [];
		case "CONSTR_CHECK": return [concern("unknown", `The check of the new column ${column} may refuse rows that leave it out.`, writes, subjects)];
		case "CONSTR_FOREIGN": return [...hasDefault ? [concern("breaks-writes", `Rows that leave ${column} out need a partner for its default.`, writes, subjects)] : [], ...foreignKeyConcern(meets, constraint)];
		default: return [];
	}
}
/** Other relations of the target that have a column of that name. */
function othersWith({ target }, table, column) {
	return [...target.relations.values()].flatMap((one) => {
		if (one.name === table.name) return [];
		return (one.kind === "table" ? one.columns.has(column) : one.kind === "view" && one.columns?.includes(column) === true) ? [one.name] : [];
	});
}
/** Another table of the target with the same columns, such as an archive. */
function siblingOf({ target }, table) {
	const own = findTable(target, table);
	if (own === void 0) return void 0;
	const columns = [...own.columns.keys()].join();
	return [...target.relations.values()].filter((one) => one.kind === "table" && one !== own && one.partitionOf === void 0).find((one) => one.kind === "table" && [...one.columns.keys()].join() === columns)?.name;
}
/** A routine of the target whose text names both. */
function routineNaming({ target }, table, column) {
	for (const [key, all] of target.functions) for (const { body, language } of all) {
		if (language !== "plpgsql" || body === void 0) continue;
		const words = new Set(body.toLowerCase().match(/[\w$]+/g));
		if (words.has(table) && words.has(column)) return nameOfKey(key).name;
	}
}
// src/rollback/concerns/partition.ts
/** A partition that is made with limits of its own refuses rows that its parent would take. */
function newPartConcerns(meets, { relation, inhRelations, tableElts, constraints, partspec }) {
	const { name } = nameOf(relation);
	const parents = nodesOf(inhRelations, "RangeVar").flatMap((one) => {
		const parent = findRelation(meets.schema, nameOf(one));
		return parent === void 0 ? [nameOf(one).name] : oldOnes(meets, withAncestors(meets, parent));
	});
	const refused = [
		...nodesOf(tableElts, "Constraint"),
		...nodesOf(constraints, "Constraint"),
		...nodesOf(tableElts, "ColumnDef").flatMap((column) => nodesOf(column.constraints, "Constraint"))
	].some(limits) ? parents.map((to) => limited(name, to)) : [];
	if (partspec === void 0) return refused;
	const divided = parents.map((to) => concern("unknown", `${name} is divided further: a row of ${to} that none of its parts takes is refused.`, {
		by: "writes",
		to
	}, [to]));
	return [...refused, ...divided];
}
/** What a limit on a new partition means for those who write the tables above it. */
function limitsOfPart(meets, name) {
	return oldParents(meets, name).map((to) => limited(name.name, to));
}
/** Names of the tables of the target that a new partition takes rows for. */
function oldParents(meets, name) {
	const part = findRelation(meets.schema, name);
	return part?.kind === "table" && isNew(meets, part) ? oldOnes(meets, withAncestors(meets, part)) : [];
}
function limited(part, to) {
	return concern("breaks-writes", `The new partition ${part} has limits of its own: rows that ${to} took may be refused.`, {
		by: "writes",
		to
	}, [to, part]);
}
/** Defaults of a partition do not count for rows that come through its parent. */
function limits({ contype }) {
	return contype !== "CONSTR_DEFAULT" && contype !== "CONSTR_NULL";
}
function withAncestors(meets, relation) {
	const parent = relation.kind === "table" ? tableById(meets.schema, relation.partitionOf?.parent) : void 0;
	return parent === void 0 ? [relation] : [relation, ...withAncestors(meets, parent)];
}
function oldOnes(meets, relations) {
	return relations.filter((one) => !isNew(meets, one)).map((one) => one.name);
}
// src/rollback/concerns/view.ts
/** A view under a name that the target has: its queries read what the new text says. */
function viewConcerns(meets, { view, query, options, withCheckOption }) {
	const { name, schema } = nameOf(view);
	const before = findRelation(meets.target, {
		schema,
		name
	});
	if (before === void 0) return [];
	const current = findRelation(meets.schema, {
		schema,
		name
	});
	const rights = current === void 0 || isNew(meets, current) ? rightsConcern(meets, name) : [];
	if (before.kind !== "view") return [...rights, concern("unknown", `The view ${name} stands in the place of a table: its rights, defaults and triggers are its own.`, { by: "names" }, [name])];
	const changed = [
		...rights,
		...meets.viewsWithOptions.has(name) ? [viewReplaced(name)] : [],
		...nodesOf(options, "DefElem").flatMap((option) => viewOption(name, option)),
		...withCheckOption === void 0 || withCheckOption === "NO_CHECK_OPTION" ? [] : viewOption(name, { defname: "check_option" })
	];
	if (before.query !== void 0 && query !== void 0 && appendsOnly(before.query, query)) return changed;
	return [...changed, concern("changes-meaning", `The view ${name} answers from another query than before.`, {
		by: "use",
		of: name
	}, [name])];
}
/** Options of a view; what is no table, or not known, is taken for one. */
function viewOptionConcerns(name, options) {
	const list = options !== void 0 && "List" in options ? options.List.items : [];
	return nodesOf(list, "DefElem").flatMap((option) => viewOption(name, option));
}
function viewReplaced(name) {
	return concern("unknown", `The view ${name} had options, and has only those of its new text: other rows may be shown or accepted.`, {
		by: "use",
		of: name
	}, [name]);
}
function viewOption(name, { defname }) {
	const use = {
		by: "use",
		of: name
	};
	switch (defname) {
		case "check_option": return [concern("breaks-writes", `Rows that the view ${name} does not show may no longer be written through it.`, {
			by: "writes",
			to: name
		}, [name])];
		case "security_invoker": return [concern("breaks-reads", `The view ${name} asks for the rights of another role than before: queries may be refused.`, use, [name])];
		default: return [concern("unknown", `What the option ${defname ?? ""} of ${name} means for older code is not judged.`, use, [name])];
	}
}
/** The same query, with more columns behind those that were there. */
function appendsOnly(before, after) {
	if (!("SelectStmt" in before) || !("SelectStmt" in after)) return false;
	const { targetList: was = [], ...rest } = before.SelectStmt;
	const { targetList: is = [], ...other } = after.SelectStmt;
	if (shape(rest) !== shape(other) || rest.distinctClause !== void 0 || rest.op !== "SETOP_NONE") return false;
	return was.length <= is.length && was.every((one, index) => shape(one) === shape(is[index])) && !isWorkedOut(is.slice(was.length));
}
/** An expression of its own may fail, or make one row of many. */
function isWorkedOut(added) {
	return !added.every((one) => "ResTarget" in one && one.ResTarget.val !== void 0 && "ColumnRef" in one.ResTarget.val);
}
/** Without the places in the text. */
function shape(value) {
	return JSON.stringify(value, (key, inner) => /location$|_len$/.test(key) ? void 0 : inner);
}
// src/rollback/concerns/alter-table.ts
/** What the rules of `lint` judge by themselves: without a finding these leave the target's code as it was. */
const judgedByLint = /* @__PURE__ */ new Set([
	"AT_SetNotNull",
	"AT_DropNotNull",
	"AT_DropColumn",
	"AT_AlterColumnType",
	"AT_ColumnDefault",
	"AT_DetachPartition"
]);
/** What no query notices. */
const unseen = new Set([
	"ValidateConstraint",
	"SetStatistics",
	"SetOptions",
	"ResetOptions",
	"SetStorage",
	"SetCompression",
	"SetTableSpace",
	"ClusterOn",
	"DropCluster",
	"SetLogged",
	"SetUnLogged",
	"ReplicaIdentity",
	"DetachPartitionFinalize"
].map((name) => `AT_${name}`));
function alterTableConcerns(meets, { relation, cmds, objtype }) {
	const name = nameOf(relation);
	const commands = nodesOf(cmds, "AlterTableCmd");
	if (objtype === "OBJECT_INDEX") return [];
	const old = oldTable(meets, name);
	if (old === void 0) {
		const limits = commands.some(({ subtype }) => subtype === "AT_AddConstraint" || subtype === "AT_SetNotNull");
		return [...commands.flatMap((command) => constraintOf(meets, command)), ...limits ? limitsOfPart(meets, name) : []];
	}
	return commands.flatMap((command) => ofCommand(meets, name, old.table, command));
}
function ofCommand(meets, name, table, command) {
	const { subtype = "", def, name: part = "" } = command;
	if (judgedByLint.has(subtype) || unseen.has(subtype)) return [];
	const writes = {
		by: "writes",
		to: name.name
	};
	const use = {
		by: "use",
		of: name.name
	};
	switch (subtype) {
		case "AT_SetRelOptions":
		case "AT_ResetRelOptions": return table === void 0 ? viewOptionConcerns(name.name, def) : [];
		case "AT_AddColumn": return def !== void 0 && "ColumnDef" in def ? newColumnConcerns(meets, name, def.ColumnDef) : [];
		case "AT_AddConstraint": return constraintOf(meets, command);
		case "AT_DropConstraint": return dropped$1(meets, name, table, part);
		case "AT_EnableRowSecurity":
		case "AT_ForceRowSecurity":
		case "AT_DisableRowSecurity":
		case "AT_NoForceRowSecurity": return [concern("changes-meaning", `Row security of ${name.name} shows and accepts other rows than before.`, use, [name.name])];
		case "AT_AddIdentity": return [concern("breaks-writes", `${part} of ${name.name} gets its values from the server now.`, writes, [part, name.name])];
		case "AT_EnableTrig":
		case "AT_EnableAlwaysTrig":
		case "AT_DisableTrig":
		case "AT_EnableTrigAll":
		case "AT_EnableTrigUser":
		case "AT_DisableTrigAll":
		case "AT_DisableTrigUser": return [concern("changes-meaning", `Triggers of ${name.name} run otherwise than before.`, writes, [name.name])];
		case "AT_AttachPartition":
		case "AT_AddInherit":
		case "AT_DropInherit": return [concern("changes-meaning", `${name.name} holds other rows than before.`, use, [name.name])];
		case "AT_ChangeOwner": return [concern("breaks-reads", `${name.name} belongs to another role now: its rights may be others.`, use, [name.name])];
		default: return [concern("unknown", `What this does to ${name.name} is not judged.`, use, [name.name])];
	}
}
/** The partner of a new foreign key; the table's own side is for the rules of `lint`. */
function constraintOf(meets, { def }) {
	if (def === void 0 || !("Constraint" in def) || def.Constraint.contype !== "CONSTR_FOREIGN") return [];
	return foreignKeyConcern(meets, def.Constraint);
}
/** What a constraint kept out may be read now. */
function dropped$1(meets, { name }, table, part) {
	const constraint = table?.constraints.get(part);
	if (constraint !== void 0 && isNew(meets, constraint)) return [];
	if (constraint?.kind === "primary" || constraint?.kind === "unique") return [];
	if (constraint !== void 0 && [...tableById(meets.now, table?.id)?.constraints.values() ?? []].some((one) => keepsOut(one, constraint))) return [];
	return [concern("changes-meaning", `${name} may hold rows that ${part === "" ? "the constraint" : part} kept out.`, {
		by: "use",
		of: name
	}, [part, name])];
}
/** Whether a constraint that is there keeps out all that another one did. */
function keepsOut(one, other) {
	if (one.kind === "check" && other.kind === "check") return allowsAllOf(other.expression, one.expression);
	if (one.kind !== "foreign" || other.kind !== "foreign") return false;
	const what = ({ columns, references, onDelete, onUpdate }) => JSON.stringify([
		columns,
		references.id,
		references.columns,
		onDelete,
		onUpdate
	]);
	return what(one) === what(other);
}
// src/rollback/concerns/publication.ts
/** The server refuses to update and delete rows of a published table when nothing tells one row from another. */
function publicationConcerns(meets, publication) {
	if ("action" in publication && publication.action === "AP_DropObjects") return [];
	const { pubname = "", pubobjects, options, for_all_tables: all = false } = publication;
	if (publishesInsertsOnly(options)) return [];
	const found = [];
	const tables = /* @__PURE__ */ new Set();
	for (const { pubobjtype, pubtable, name } of nodesOf(pubobjects, "PublicationObjSpec")) {
		if (pubtable?.relation === void 0) {
			for (const one of tablesOf(meets, pubobjtype === "PUBLICATIONOBJ_TABLES_IN_SCHEMA" ? name : void 0)) tables.add(one);
			continue;
		}
		const table = findTable(meets.schema, nameOf(pubtable.relation));
		const to = nameOf(pubtable.relation).name;
		if (table !== void 0 && pubtable.columns === void 0 && pubtable.whereClause === void 0) tables.add(table);
		else if (table === void 0 || !isNew(meets, table)) {
			const because = `Whether rows of ${to} can still be updated and deleted is up to its replica identity, which must hold what the publication ${pubname} names.`;
			found.push(concern("unknown", because, {
				by: "writes",
				to,
				kinds: ["update", "delete"]
			}, [to]));
		}
	}
	const known = "action" in publication && pubobjects === void 0 ? meets.schema.publications.get(pubname) : void 0;
	for (const id of known?.tables ?? []) {
		const table = tableById(meets.schema, id);
		if (table !== void 0) tables.add(table);
	}
	if (all || known?.allTables === true) for (const one of tablesOf(meets, void 0)) tables.add(one);
	for (const schema of known?.schemas ?? []) for (const one of tablesOf(meets, schema)) tables.add(one);
	const refused = new Set([...tables].flatMap((table) => refusedWith(meets, table)));
	return [...found, ...[...refused].map((to) => refusal(to, pubname))];
}
function refusal(to, publication) {
	return concern("breaks-writes", `Rows of ${to} can no longer be updated or deleted: ${publication} publishes it, and it has no key that tells its rows apart.`, {
		by: "writes",
		to,
		kinds: ["update", "delete"]
	}, [to]);
}
function publishesInsertsOnly(options) {
	const [publish] = nodesOf(options, "DefElem").filter(({ defname }) => defname === "publish");
	const value = publish?.arg !== void 0 && "String" in publish.arg ? publish.arg.String.sval : void 0;
	return value !== void 0 && !/update|delete/i.test(value);
}
/** Tables of the target that are there; of one schema, or all. */
function tablesOf({ schema, firstNew }, of) {
	return [...schema.relations.values()].filter((one) => one.kind === "table" && one.form !== "foreign" && one.persistence === "permanent" && one.origin.file < firstNew && (of === void 0 || one.schema === of));
}
/** Names of old tables whose rows are refused with those of this one: itself, its parts, and what it is a part of. */
function refusedWith(meets, table) {
	const parts = withParts(meets.now, tableById(meets.now, table.id) ?? table);
	if (parts.every((one) => hasIdentity(one))) return [];
	const above = [];
	for (let one = parentOf(meets.now, table); one !== void 0; one = parentOf(meets.now, one)) above.push(one);
	return [...parts, ...above].filter((one) => !isNew(meets, one)).map((one) => one.name);
}
function withParts(schema, table) {
	if (table.form !== "partitioned") return [table];
	return [table, ...[...table.children].flatMap((id) => withParts(schema, tableById(schema, id) ?? table).filter((one) => one !== table))];
}
function parentOf(schema, table) {
	return tableById(schema, table.partitionOf?.parent);
}
function hasIdentity({ form, replicaIdentity, constraints }) {
	if (form === "partitioned") return true;
	if (replicaIdentity.kind !== "default") return replicaIdentity.kind !== "nothing";
	return [...constraints.values()].some((one) => one.kind === "primary" && !one.deferrable);
}
// src/rollback/concerns/server-function.ts
/**
* Whether pg_catalog may have a function of that name: a second one in another schema takes those calls whose arguments
* fit it better. In doubt it has.
*/
function mayBeServers(name) {
	return isBuiltinFunction([name]) || families.test(name) || others.has(name);
}
/** How the server's own functions begin: the area that they are for, or the type that they work on. */
const families = /^(?:pg_|_pg_|jsonb?_|array_|regexp_|ts_|has_|inet_|xml|lo_|loread|lowrite|txid_|uuid|tsquery|tsvector|unicode|acl|any|bool|bpchar|bytea|cash_|cidr|circle|current_|date|euc_|enum_|float[48]|gin|gist|gts|hash|in_range|int[248]|interval_|multirange|network_|numeric_|oid|on_p|path_|percent|point_|poly_|range_|record_|reg[a-z]+(?:in|out|recv|send)$|ri_|row_|spg_|text|tid|time|ts[mq]_|tsvector|tuple|varbit|varchar|win[0-9]|xid|bit_?[a-z]*$|bt[a-z0-9_]+cmp$|brin|box_|line_|lseg_|char[a-z]+$|name[a-z]+$|dist_|close_|like|mac|amvalidate|binary_upgrade|shift_jis|utf8_to|[a-z0-9]+_to_(?:utf8|mic|xml)|to_ts)/i;
const others = new Set(`abbrev area bernoulli bound_box broadcast casefold crc32 crc32c cursor_to_xmlschema date_add date_bin date_subtract
  diagonal erf erfc family gamma getdatabaseencoding get_byte getpgusername isclosed isempty isfinite ishorizontal isopen
  isparallel isperp isvertical lgamma make_timestamptz mxid_age not notlike npoints numnode numrange_subdiff parse_ident
  pclose popen querytree random_normal row_security_active schema_to_xmlschema set_config setseed sha224 slope string_agg
  string_to_table substring_index system table_to_xmlschema to_bin to_oct to_reg to_regcollation trim_array unistr unnest
  get_current_ts_config nummultirange suppress_redundant_updates_trigger to_regoper to_regoperator tsmultirange tstzmultirange
  database_to_xml_and_xmlschema schema_to_xml_and_xmlschema table_to_xml_and_xmlschema lastval currval nextval setval`.split(/\s+/));
// src/rollback/concerns/routine.ts
/** A routine under a name that the target has: another text of it, or a second one beside it. */
function functionConcerns(meets, create) {
	const { name } = nameOfWords(wordsOf(create.funcname));
	const before = [...meets.target.functions].filter(([key]) => nameOfKey(key).name === name).flatMap(([, all]) => all);
	if (before.length === 0) return mayBeServers(name) ? [concern("unknown", `${name} has a name that PostgreSQL uses for functions of its own: calls of the older code may take the new one.`, {
		by: "use",
		of: name
	}, [name])] : [];
	const takes = nodesOf(create.parameters, "FunctionParameter").filter(({ mode = "" }) => !["FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"].includes(mode)).length;
	if (before.filter((one) => one.arguments.length === takes).length > 0) return [concern("changes-meaning", `${name}() does what its new text says.`, {
		by: "use",
		of: name
	}, [name])];
	return [concern("breaks-reads", `${name}() has another signature than before: calls of the older code may not find it, or find two.`, { by: "names" }, [name])];
}
// src/rollback/concerns/type.ts
/** A value that is new, or has another name, bears on whoever uses a column of the type. */
function enumConcerns({ target }, { typeName, newVal = "", oldVal }) {
	const { name } = nameOfWords(wordsOf(typeName));
	const because = oldVal === void 0 ? `The older code may read '${newVal}' from ${name}, a value that it does not know.` : `The older code knows '${newVal}' of ${name} as '${oldVal}'.`;
	return ofType(target, name, concern(oldVal === void 0 ? "changes-meaning" : "breaks-reads", because, {
		by: "use",
		of: name
	}, [name, oldVal ?? newVal]));
}
/** A type under a name that the target has is another one. */
function typeConcerns({ target }, name) {
	if (findTypeKey(target, name) === void 0) return [];
	const own = concern("changes-meaning", `The type ${name.name} is another one than before.`, {
		by: "use",
		of: name.name
	}, [name.name]);
	return ofType(target, name.name, own);
}
/** The same for what names the type, and for each column that has it. */
function ofType(target, name, own) {
	return [own, ...[...target.relations.values()].flatMap((one) => one.kind === "table" ? [...one.columns.values()].flatMap((column) => column.type.name === name ? [{
		table: one.name,
		column: column.name
	}] : []) : []).map(({ table, column }) => ({
		...own,
		settling: {
			by: "use",
			of: table,
			columns: [column]
		}
	}))];
}
// src/rollback/concerns/write.ts
/** Rows of the target that a migration changed. */
function writeConcerns(meets, node) {
	const { relation } = Object.values(node)[0] ?? {};
	const name = nameOf(relation);
	const old = oldTable(meets, name);
	if (old === void 0) return [];
	if ("UpdateStmt" in node) {
		const older = nodesOf(node.UpdateStmt.targetList, "ResTarget").map((one) => one.name ?? "").filter((one) => !isNew(meets, old.table?.columns.get(one)));
		const hasTriggers = (old.table?.triggers.size ?? 1) > 0;
		if (older.length === 0 && !hasTriggers) return [];
		const which = older.length === 0 || hasTriggers ? {} : { columns: older };
		return [concern("changes-meaning", `Rows of ${name.name} hold other values than before.`, {
			by: "use",
			of: name.name,
			...which
		}, [name.name])];
	}
	return [concern("changes-meaning", `${"DeleteStmt" in node ? "Rows are gone from" : "Rows are new in"} ${name.name}.`, {
		by: "use",
		of: name.name
	}, [name.name])];
}
// src/rollback/concerns/of-statement.ts
/**
* What a statement may mean for the target's code where the rules of `lint` say nothing. What is not known here is
* `unknown`: only what can be seen to leave old queries alone counts as compatible.
*/
function concernsOf(node, meets) {
	const { kind, content } = openNode(node);
	if (harmless.has(kind)) return [];
	const judge = judges[kind];
	return judge?.(content, meets) ?? [concern("unknown", "What this statement means for the older code is not judged.")];
}
/** What the rules of `lint` judge whole, and what no query notices. */
const harmless = /* @__PURE__ */ new Set([
	"CheckPointStmt",
	"ClusterStmt",
	"CommentStmt",
	"ConstraintsSetStmt",
	"CreateExtensionStmt",
	"CreateStatsStmt",
	"DiscardStmt",
	"DoStmt",
	"DropdbStmt",
	"LockStmt",
	"NotifyStmt",
	"RefreshMatViewStmt",
	"ReindexStmt",
	"TransactionStmt",
	"TruncateStmt",
	"VacuumStmt",
	"VariableSetStmt",
	"VariableShowStmt"
]);
const judges = {
	AlterTableStmt: (alter, meets) => alterTableConcerns(meets, alter),
	AlterPublicationStmt: (alter, meets) => publicationConcerns(meets, alter),
	CreatePublicationStmt: (create, meets) => publicationConcerns(meets, create),
	CreateStmt: (create, meets) => {
		const { name, schema } = nameOf(create.relation);
		const keys = [
			...nodesOf(create.tableElts, "Constraint"),
			...nodesOf(create.tableElts, "ColumnDef").flatMap((column) => nodesOf(column.constraints, "Constraint")),
			...nodesOf(create.constraints, "Constraint")
		].filter(({ contype }) => contype === "CONSTR_FOREIGN").flatMap((key) => foreignKeyConcern(meets, key));
		const parts = create.partbound === void 0 ? [] : newPartConcerns(meets, create);
		const inherits = (create.partbound === void 0 ? nodesOf(create.inhRelations, "RangeVar") : []).filter((parent) => oldTable(meets, nameOf(parent)) !== void 0).map((parent) => {
			const of = nameOf(parent).name;
			return concern("changes-meaning", `Rows of ${name} are rows of ${of} too.`, {
				by: "use",
				of
			}, [of]);
		});
		return [
			...shadow(meets, name, schema),
			...keys,
			...parts,
			...inherits
		];
	},
	CreateTableAsStmt: (create, meets) => {
		const { name, schema } = nameOf(create.into?.rel);
		return [
			...shadow(meets, name, schema),
			...calls(create.query),
			...innerWrites(create.query, meets)
		];
	},
	CreateSchemaStmt: ({ schemaElts = [] }, meets) => schemaElts.flatMap((one) => concernsOf(one, meets)),
	CreateSeqStmt: ({ sequence }, meets) => shadow(meets, nameOf(sequence).name, nameOf(sequence).schema),
	ViewStmt: (view, meets) => viewConcerns(meets, view),
	IndexStmt: ({ relation, indexParams, whereClause, unique }, meets) => {
		const { name } = nameOf(relation);
		const worked = nodesOf(indexParams, "IndexElem").some(({ expr }) => expr !== void 0) || whereClause !== void 0;
		if (oldTable(meets, nameOf(relation)) === void 0) return unique === true || worked ? limitsOfPart(meets, nameOf(relation)) : [];
		if (unique === true) return [];
		return worked ? [concern("unknown", `Each write to ${name} works out the expressions of the index, and fails where they fail.`, {
			by: "writes",
			to: name
		}, [name])] : [];
	},
	CreateTrigStmt: ({ relation, trigname = "" }, meets) => {
		const { name } = nameOf(relation);
		return (oldRelation(meets, nameOf(relation)) === void 0 ? oldParents(meets, nameOf(relation)) : [name]).map((to) => concern("changes-meaning", `Writes to ${to} run the trigger ${trigname} now.`, {
			by: "writes",
			to
		}, [to, trigname]));
	},
	CompositeTypeStmt: ({ typevar }, meets) => typeConcerns(meets, nameOf(typevar)),
	CreateDomainStmt: ({ domainname }, meets) => typeConcerns(meets, nameOfWords(wordsOf(domainname))),
	CreateEnumStmt: ({ typeName }, meets) => typeConcerns(meets, nameOfWords(wordsOf(typeName))),
	CreateRangeStmt: ({ typeName }, meets) => typeConcerns(meets, nameOfWords(wordsOf(typeName))),
	AlterObjectSchemaStmt: ({ relation, object }, meets) => {
		const name = relation === void 0 ? nameOfWords(wordsOf(object)) : nameOf(relation);
		if (relation !== void 0 && oldRelation(meets, name) === void 0) return [];
		return [concern("unknown", `${name.name} is in another schema than before.`, { by: "names" }, [name.name])];
	},
	AlterDefaultPrivilegesStmt: ({ action }) => action?.is_grant === true ? [] : [concern("breaks-reads", "What is made from now on comes without rights that it had.")],
	GrantRoleStmt: ({ is_grant }) => is_grant === true ? [] : [concern("breaks-reads", "A role lost what another one gave it: queries of the older code may be refused.")],
	CreateFunctionStmt: (create, meets) => functionConcerns(meets, create),
	CreatePolicyStmt: ({ table, policy_name = "" }, meets) => policy(meets, nameOf(table), policy_name),
	AlterPolicyStmt: ({ table, policy_name = "" }, meets) => policy(meets, nameOf(table), policy_name),
	RuleStmt: ({ relation, rulename = "" }, meets) => {
		const { name } = nameOf(relation);
		if (oldRelation(meets, nameOf(relation)) === void 0) return [];
		return [concern("changes-meaning", `The rule ${rulename} rewrites queries on ${name}.`, {
			by: "use",
			of: name
		}, [name])];
	},
	AlterEnumStmt: (alter, meets) => enumConcerns(meets, alter),
	GrantStmt: ({ is_grant, objects, objtype }, _meets) => {
		if (is_grant === true) return [];
		const [name] = (objects ?? []).flatMap((object) => "RangeVar" in object ? [nameOf(object.RangeVar).name] : []);
		const settling = objtype === "OBJECT_TABLE" && name !== void 0 ? {
			by: "use",
			of: name
		} : { by: "nothing" };
		return [concern("breaks-reads", `Rights are taken away${name === void 0 ? "" : ` on ${name}`}: queries of the older code may be refused.`, settling, [])];
	},
	RenameStmt: ({ renameType, relation, newname = "" }, meets) => renamed(meets, renameType, nameOf(relation), newname),
	DropStmt: ({ removeType, objects = [] }, meets) => dropped(meets, removeType, objects),
	InsertStmt: (node, meets) => [
		...writeConcerns(meets, { InsertStmt: node }),
		...calls(node),
		...innerWrites(node, meets)
	],
	UpdateStmt: (node, meets) => [
		...writeConcerns(meets, { UpdateStmt: node }),
		...calls(node),
		...innerWrites(node, meets)
	],
	DeleteStmt: (node, meets) => [
		...writeConcerns(meets, { DeleteStmt: node }),
		...calls(node),
		...innerWrites(node, meets)
	],
	MergeStmt: (node, meets) => [
		...writeConcerns(meets, { MergeStmt: node }),
		...calls(node),
		...innerWrites(node, meets)
	],
	SelectStmt: (select, meets) => [...calls(select), ...innerWrites(select, meets)]
};
/** A name that another schema has already: which of both is meant is up to the search path. */
function shadow(meets, name, schema) {
	const other = [...meets.target.relations.values()].find((one) => one.name === name && one.schema !== (schema ?? meets.schema.searchPath[0]));
	if ((schema === void 0 ? findRelation(meets.target, {
		schema,
		name
	}) : void 0) !== void 0) return [concern("changes-meaning", `${name} is another relation than before.`, {
		by: "use",
		of: name
	}, [name])];
	if (other === void 0) return [];
	return [concern("unknown", `${other.schema}.${name} exists too: which of both a query means is up to its search path.`, {
		by: "use",
		of: name
	}, [name])];
}
function policy(meets, table, name) {
	const old = oldTable(meets, table);
	if (old === void 0 || old.table !== void 0 && !old.table.rowSecurity) return [];
	return [concern("changes-meaning", `The policy ${name} shows and accepts other rows of ${table.name}.`, {
		by: "use",
		of: table.name
	}, [table.name])];
}
const unseenDrops = [
	"OBJECT_INDEX",
	"OBJECT_STATISTIC_EXT",
	"OBJECT_PUBLICATION",
	"OBJECT_EVENT_TRIGGER"
];
const lintDrops = [
	"TABLE",
	"VIEW",
	"MATVIEW",
	"FUNCTION",
	"PROCEDURE",
	"ROUTINE",
	"SEQUENCE",
	"TYPE",
	"DOMAIN",
	"SCHEMA",
	"TRIGGER",
	"FOREIGN_TABLE",
	"AGGREGATE"
].map((name) => `OBJECT_${name}`);
/** Drops that the rules of `lint` do not judge, and views and routines that are made anew in the same file. */
function dropped(meets, type, objects) {
	if (unseenDrops.includes(type) || lintDrops.includes(type)) return [];
	if (type === "OBJECT_POLICY" || type === "OBJECT_RULE") return objects.flatMap((object) => {
		const of = wordsOf(object).at(-2) ?? "";
		return oldTable(meets, nameOfWords(wordsOf(object).slice(0, -1))) === void 0 ? [] : [concern("changes-meaning", `${of} shows and accepts other rows than before.`, {
			by: "use",
			of
		}, [of])];
	});
	return [concern("unknown", "What the older code loses with this is not judged.", { by: "names" })];
}
function renamed(meets, type, name, fresh) {
	if (type === "OBJECT_INDEX" || type === "OBJECT_TRIGGER" || type === "OBJECT_POLICY") return [];
	if (type === "OBJECT_TABCONSTRAINT") return [concern("unknown", `Code that knows a constraint of ${name.name} by its name does not find it.`, {
		by: "writes",
		to: name.name
	}, [name.name])];
	const old = oldRelation(meets, name);
	if ((type === "OBJECT_TABLE" || type === "OBJECT_VIEW" ? findRelation(meets.target, {
		...name,
		name: fresh
	}) : void 0) !== void 0) return [concern("changes-meaning", `${fresh} is another relation than before.`, {
		by: "use",
		of: fresh
	}, [fresh])];
	if (type === "OBJECT_COLUMN" && wasColumn(meets, old?.relation ?? findRelation(meets.schema, name), fresh)) {
		const settling = {
			by: "use",
			of: name.name,
			columns: [fresh]
		};
		return [concern("changes-meaning", `${fresh} of ${name.name} is another column than before.`, settling, [fresh])];
	}
	if ((type === "OBJECT_TABLE" || type === "OBJECT_COLUMN") && old !== void 0 && old.relation?.kind !== "index") return [concern("unknown", `What stands in the place of ${name.name} under its old names has rights and limits of its own.`, { by: "names" }, [name.name, fresh])];
	return name.name !== "" && old === void 0 ? [] : [concern("unknown", `What was ${fresh} before is not found under its old name.`, { by: "names" }, [fresh])];
}
/** A statement of a migration that runs functions does what they do. */
function calls(value) {
	const [call] = foreignCalls(value);
	return call === void 0 ? [] : [concern("unknown", `What ${call}() did is not judged.`)];
}
/** Writes in the WITH of a query. */
function innerWrites(value, meets) {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) => {
		return [.../^(?:Insert|Update|Delete|Merge)Stmt$/.test(key) ? writeConcerns(meets, { [key]: inner }) : [], ...innerWrites(inner, meets)];
	});
}
// src/rollback/concerns/subject.ts
/** What statements are about: the relation and its columns, when it is only one, and every name that an error could hold. */
function subjectOf(statements) {
	const touched = statements.flatMap((one) => touchedObjects(one));
	const names = /* @__PURE__ */ new Set();
	for (const { relation, columns } of touched) {
		if (relation !== void 0) names.add(relation);
		for (const column of columns ?? []) names.add(column);
	}
	for (const { node } of statements) for (const name of namedIn(node)) names.add(name);
	const main = statements.flatMap(({ node }) => {
		const content = openNode(node).content;
		const range = content?.relation ?? content?.table;
		return range === void 0 ? touchedObjects({
			node,
			start: 0,
			end: 0
		}).flatMap(({ relation }) => relation ?? []).slice(0, 1) : [nameOf(range).name];
	});
	const relations = new Set(main);
	const only = relations.size === 1 ? [...relations][0] : void 0;
	const about = touched.filter(({ relation }) => relation === only);
	const columns = about.every((one) => one.columns !== void 0) ? about.flatMap((one) => [...one.columns ?? []]) : [];
	const limits = statements.length === 1 ? limitsOf(statements[0].node) : void 0;
	return {
		relation: only,
		columns: only === void 0 ? [] : [...new Set(columns)],
		names: [...names],
		limits
	};
}
/** Names of what is no relation: routines, types, schemas. */
function namedIn(node) {
	if ("DropStmt" in node) return (node.DropStmt.objects ?? []).flatMap((object) => "ObjectWithArgs" in object ? wordsOf(object.ObjectWithArgs.objname).slice(-1) : wordsOf(object).slice(-1));
	if ("RenameStmt" in node) {
		const { object, subname, newname, relation } = node.RenameStmt;
		return [
			...(object === void 0 ? [] : "ObjectWithArgs" in object ? wordsOf(object.ObjectWithArgs.objname) : wordsOf(object)).slice(-1),
			subname,
			newname,
			relation?.relname
		].filter((one) => one !== void 0);
	}
	if ("AlterObjectSchemaStmt" in node) return wordsOf(node.AlterObjectSchemaStmt.object).slice(-1);
	if ("AlterTableStmt" in node) return nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd").flatMap(({ name }) => name ?? []);
	return [];
}
/** `undefined` when the statement asks something of rows that a query's text cannot show to be kept. */
function limitsOf(node) {
	if (!("AlterTableStmt" in node)) return void 0;
	const limits = [];
	for (const { subtype, name = "", def } of nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd")) {
		if (subtype === "AT_SetNotNull") limits.push({
			kind: "not-null",
			column: name
		});
		if (subtype !== "AT_AddConstraint" || def === void 0 || !("Constraint" in def)) continue;
		const { contype, raw_expr: expression, skip_validation: old = false } = def.Constraint;
		if (contype !== "CONSTR_CHECK" || expression === void 0) return void 0;
		limits.push({
			kind: "check",
			expression,
			old
		});
	}
	return limits.length === 0 ? void 0 : limits;
}
// src/rollback/judge.ts
/** Replays the target's files and takes what ran since, statement by statement, for what a release would do before the deploy of the target's code. */
async function judgeSince({ target, since, layout, postgres }) {
	const added = since.map((migration) => ({
		...migration,
		phase: "pre"
	}));
	const phases = new Map(since.map(({ version, phase }) => [version, phase]));
	const isAdded = new Set(added);
	const active = rules.filter(({ name, group }) => group === "compatibility" || furtherRules.includes(name));
	const report = await lint({
		migrations: [...target, ...added],
		isNew: (one) => isAdded.has(one),
		refused: [],
		layout,
		postgres,
		rules: active.filter(({ severity }) => severity !== "advice").map((rule) => ({
			rule,
			severity: rule.severity
		})),
		everyRule: rules
	});
	const findings = [...report.findings, ...report.suppressed.map(({ finding }) => finding)];
	const before = await replayed(target);
	const schema = copySchema(before);
	const firstNew = target.length;
	const granted = {
		target: await grantsIn(target),
		since: await grantsIn(since)
	};
	const viewsWithOptions = await viewsWithOptionsIn(target);
	const now = copySchema(before);
	for (const { up, order } of report.files) for (const [index, outer] of up.statements.entries()) {
		const all = [outer, ...(up.nested.get(index) ?? []).map(({ statement }) => statement)];
		for (const one of all) applyStatement(now, one, {
			file: order,
			statement: index
		});
	}
	return {
		statements: report.files.flatMap((file) => {
			const own = findings.filter(({ path }) => path === file.migration.path);
			const phase = phases.get(file.migration.version) ?? "pre";
			return judgeFile(file, {
				schema,
				target: before,
				now,
				firstNew,
				granted,
				viewsWithOptions
			}, own, phase);
		}),
		schema
	};
}
async function replayed(target) {
	const schema = emptySchema();
	const sorted = [...target].sort((one, other) => BigInt(one.version) < BigInt(other.version) ? -1 : 1);
	for (const [file, { up }] of sorted.entries()) {
		const parsed = await parseStatements(up.text);
		const statements = "problem" in parsed ? [] : parsed.statements;
		for (const [statement, one] of statements.entries()) applyStatement(schema, one, {
			file,
			statement
		});
	}
	return schema;
}
/** Relations that GRANT names; `*` for all of a schema, `always` where whatever comes later gets its rights by default. */
async function grantsIn(migrations) {
	const names = /* @__PURE__ */ new Set();
	for (const { up } of migrations) {
		const parsed = await parseStatements(up.text);
		for (const { node } of "problem" in parsed ? [] : parsed.statements) {
			if ("AlterDefaultPrivilegesStmt" in node) names.add("always");
			if (!("GrantStmt" in node) || node.GrantStmt.is_grant !== true) continue;
			if (node.GrantStmt.targtype === "ACL_TARGET_ALL_IN_SCHEMA") names.add("*");
			for (const object of node.GrantStmt.objects ?? []) if ("RangeVar" in object) names.add(object.RangeVar.relname ?? "");
		}
	}
	return names;
}
/** Names of views that are made or altered with options: to replace such a view without them takes them away. */
async function viewsWithOptionsIn(migrations) {
	const names = /* @__PURE__ */ new Set();
	for (const { up } of migrations) {
		const parsed = await parseStatements(up.text);
		for (const { node } of "problem" in parsed ? [] : parsed.statements) {
			if ("ViewStmt" in node) {
				const { view, options, withCheckOption = "NO_CHECK_OPTION" } = node.ViewStmt;
				if (options !== void 0 || withCheckOption !== "NO_CHECK_OPTION") names.add(view?.relname ?? "");
			}
			if ("AlterTableStmt" in node && node.AlterTableStmt.objtype === "OBJECT_VIEW") names.add(node.AlterTableStmt.relation?.relname ?? "");
		}
	}
	return names;
}
function judgeFile(file, meets, findings, phase) {
	const { migration, up, down, refused } = file;
	const of = {
		id: migration.id,
		version: migration.version,
		phase
	};
	const begin = positionFromUtf16(migration.file, up.text.fileOffset(0) ?? 0);
	if (refused !== void 0 || up.problem !== void 0) {
		const concerns = [concern("unknown", refused?.message ?? `The parser does not read this file: ${up.problem?.message}.`)];
		return [{
			migration: of,
			path: migration.path,
			start: begin,
			statement: "",
			concerns,
			data: {
				kind: "impossible",
				what: "nobody knows"
			}
		}];
	}
	const wayBack = dataOf(file, meets.schema);
	const judged = [];
	for (const [index, outer] of up.statements.entries()) {
		const start = up.text.fileOffset(outer.start) ?? 0;
		const end = up.text.fileOffset(outer.end) ?? start;
		const here = findings.filter((one) => one.start.offset >= start && one.start.offset < Math.max(end, start + 1));
		const all = [outer, ...(up.nested.get(index) ?? []).map(({ statement }) => statement)];
		const subject = subjectOf(all);
		const concerns = here.flatMap((finding) => concernOf(finding, subject) ?? []);
		for (const statement of all) {
			concerns.push(...concernsOf(statement.node, meets));
			applyStatement(meets.schema, statement, {
				file: file.order,
				statement: index
			});
		}
		for (const { what } of up.unread.get(index) ?? []) concerns.push(concern("unknown", `It runs ${what}, which nobody can judge beforehand.`));
		const statement = up.text.text.slice(outer.start, outer.end);
		const data = worst(all.map((one) => wayBack(one)));
		judged.push({
			migration: of,
			path: migration.path,
			start: positionFromUtf16(migration.file, start),
			statement,
			concerns,
			data
		});
	}
	const stray = findings.filter((finding) => finding.statement === void 0).flatMap((finding) => concernOf(finding, subjectOf([])) ?? []);
	if (stray.length > 0 && judged[0] !== void 0) judged[0] = {
		...judged[0],
		concerns: [...judged[0].concerns, ...stray]
	};
	if (down?.problem !== void 0) return judged.map((one) => ({
		...one,
		data: {
			kind: "impossible",
			what: "its way back is not read"
		}
	}));
	return judged;
}
/** What going back would cost, by statement. */
function dataOf({ up, down }, schema) {
	const ways = {
		up: readStatements(up),
		down: down === void 0 ? void 0 : readStatements(down)
	};
	const { wayBack } = judgeWayBack(ways, schema);
	return (statement) => {
		if (wayBack.kind === "impossible") return wayBack.by === statement ? {
			kind: "impossible",
			what: wayBack.because
		} : { kind: "lossless" };
		if (wayBack.kind !== "lossy") return { kind: "lossless" };
		const lost = wayBack.loses.filter(({ by }) => by === statement).map(({ what }) => what);
		return lost.length === 0 ? { kind: "lossless" } : {
			kind: "lossy",
			what: lost.join(", ")
		};
	};
}
function worst(all) {
	return all.find(({ kind }) => kind === "impossible") ?? all.find(({ kind }) => kind === "lossy") ?? { kind: "lossless" };
}
// src/rollback/lost.ts
/** What ran and whose text nobody has: nobody can say what it means. */
function linesOfLost(lost, displaced) {
	return [...lost.map(({ version, name, phase, checksum }) => {
		const which = `version ${version}${name === void 0 ? "" : ` (${name})`}`;
		const because = `No file of this checkout and no commit that git knows holds ${which}${checksum === void 0 ? "" : " as it ran"}.`;
		return unknown({
			id: name ?? version,
			version,
			phase
		}, which, because);
	}), ...displaced.map(({ migration, ran }) => {
		const because = `Version ${migration.version} ran here as ${ran}; whether ${migration.path} of the target has run too is not known.`;
		return unknown(migration, migration.path, because);
	})];
}
function unknown(migration, path, because) {
	return {
		migration,
		path,
		start: void 0,
		statement: "",
		effect: "unknown",
		because,
		by: "rules",
		data: {
			kind: "impossible",
			what: "nobody knows"
		}
	};
}
// src/rollback/present.ts
/** The release that is live, as far as the history tells; after a rollback it does not. */
function liveRelease(history) {
	const deployed = lastDeployed(history);
	if (deployed === void 0) return void 0;
	return newest([deployed, ...history.filter(({ event }) => event === "rollback")]) === deployed ? {
		release: deployed.release,
		commit: deployed.commit
	} : void 0;
}
/** What the order of the commits says. Throws `target-is-live` or `target-newer`. Returns what is worth a note. */
function refuseForward({ name, commit }, live, relation) {
	if (live === void 0) return "No release is recorded as live here, so that nothing says whether the target is older: \"shiplock record deployed\" notes it after each deploy.";
	if (relation === "same" || live.commit === void 0 && live.release === name) throw new ReleaseError("target-is-live", `${name} (${commit.slice(0, 12)}) is the release that is live.`, { hint: "Name the release to go back to with --to, such as the tag before it." });
	if (relation === "newer") throw new ReleaseError("target-newer", `${name} (${commit.slice(0, 12)}) is newer than ${live.release}, the release that is live.`, { hint: "A rollback goes to an older release. To go forward, deploy it as usual." });
	if (relation === "diverged") return `${name} and ${live.release} lie on different lines of commits, as a hotfix of either does.`;
	if (relation === "unknown") return `Whether ${name} is older than ${live.release} cannot be told: git does not know both commits. Fetch the whole history (fetch-depth: 0).`;
}
/** Throws `half-applied` for files of which some statements have run, and no more. */
function refuseHalfApplied(steps, applied) {
	for (const [version, count] of steps) {
		if (applied.has(version)) continue;
		throw new ReleaseError("half-applied", `Version ${version} has run in part: ${count} of its statements ${count === 1 ? "has" : "have"} finished, and it is in no version table.`, { hint: "Finish it first: \"shiplock migrate\" from the checkout that holds it goes on after the last statement that finished." });
	}
}
// src/rollback/since.ts
/** What the version tables and the history say beside the target's files. Throws `target-not-run` when a pre migration of the target has not run. */
function ranSince(target, entries, history, name) {
	const sides = sidesOf(target, entries, history);
	const byNumber = new Map(target.map((migration) => [migration.version, migration]));
	const byChecksum = new Map(target.map((migration) => [migration.checksum, migration]));
	const contained = /* @__PURE__ */ new Set();
	const displaced = [];
	const since = [];
	const notes = [];
	let unchecked = 0;
	for (const entry of [...entries].sort(byVersion)) {
		const ran = checksumThatRan(sides, entry.version);
		const same = byNumber.get(entry.version);
		if (same !== void 0 && (ran === void 0 || ran === same.checksum)) {
			if (ran === void 0) unchecked++;
			contained.add(same);
			continue;
		}
		const renumbered = ran === void 0 ? void 0 : byChecksum.get(ran);
		if (renumbered !== void 0) {
			notes.push(`${renumbered.path} of ${name} ran here as version ${entry.version}.`);
			contained.add(renumbered);
			continue;
		}
		const attempt = sides.attempts.get(entry.version);
		const known = sides.contained.get(entry.version)?.at(-1);
		if (same !== void 0) displaced.push({
			migration: same,
			ran: attempt?.name || known?.name || "another file"
		});
		since.push({
			version: entry.version,
			phase: entry.phase ?? attempt?.phase ?? known?.phase ?? "pre",
			name: attempt?.name || known?.name,
			checksum: ran,
			commits: commitsOf(entry.version, history)
		});
	}
	const settled = /* @__PURE__ */ new Set([...contained, ...displaced.map(({ migration }) => migration)]);
	refuseMissing(target.filter((migration) => !settled.has(migration)), name);
	const applied = new Set(entries.map(({ version }) => version));
	for (const attempt of appliedAttempts(history.rows)) {
		if (applied.has(attempt.version)) continue;
		notes.push(`Version ${attempt.version} (${attempt.name}) ran here and is in no version table any more: somebody took it back.`);
	}
	return {
		since,
		displaced,
		unchecked,
		notes: [...new Set(notes)]
	};
}
/** Post migrations of the target may still be held back; without its pre migrations its code has never run here. */
function refuseMissing(missing, name) {
	const [first, ...others] = missing.filter(({ phase }) => phase === "pre");
	if (first === void 0) return;
	const more = others.length === 0 ? "" : ` and ${others.length} more`;
	throw new ReleaseError("target-newer", `${name} contains ${first.path}${more}, which has not run on this database: ${name} is newer than what is there.`, {
		at: first.path,
		hint: "A rollback goes to a release that was live here. To go forward, run \"shiplock migrate --phase pre\" from the checkout of the release."
	});
}
function commitsOf(version, { rows, former }) {
	const all = [...former, ...rows].filter((row) => row.event === "migration" ? row.version === version : row.event === "deployed" && row.migrations.some((one) => one.version === version));
	return [...new Set(all.reverse().flatMap(({ commit }) => commit ?? []))];
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
// src/commands/rollback-target.ts
/** The commit of the release that comes back. Throws `unknown-target`. */
async function findTarget(name, context) {
	const commit = await context.gitCommit(name);
	if (commit !== void 0) return {
		name,
		commit
	};
	const depth = await context.gitDepth();
	throw new ReleaseError("unknown-target", `git knows no tag and no commit ${JSON.stringify(name)} here.`, { hint: depth === "none" ? "Run it in a checkout of the repository: the files of the older release are read from git." : depth === "shallow" ? "This clone is cut off. In the workflow set fetch-depth: 0 and fetch-tags: true for actions/checkout; by hand: git fetch --unshallow --tags." : "Check its spelling, and fetch the tags: git fetch --tags." });
}
/** The migrations of both folders as the commit has them. */
async function migrationsAt({ name, commit }, inputs, context) {
	const way = migrationWay(inputs);
	if (way.kind === "command") throw new ReleaseError("invalid-input", "With the layout command Shiplock reads no migration files, and cannot say what the older code meets.", { hint: "Decide by hand: docs/rollback.md has the questions. \"shiplock backup\" and \"shiplock restore-drill\" work with every layout." });
	const [pre, post] = [inputs.migrations, inputs["migrations-post"]];
	const folder = async (path) => ({
		path: `${relative(context.baseDir, path) || "."} at ${name}`,
		files: await context.gitFolder(commit, path)
	});
	return collectMigrations({
		pre: await folder(pre),
		post: {
			...await folder(post),
			named: false
		}
	}, way.layout, context.variables);
}
/** The text of each version that ran since: of the checkout, else of a commit that the history names, else of any that git knows. */
async function textsOf(since, layout, inputs, context) {
	const found = [];
	const lost = [];
	const checkout = await readBoth((path) => context.readFolder(path), layout, inputs, context);
	const atCommit = /* @__PURE__ */ new Map();
	const migrationsOf = async (commit) => {
		const known = atCommit.get(commit) ?? await readBoth((path) => context.gitFolder(commit, path), layout, inputs, context);
		atCommit.set(commit, known);
		return known;
	};
	for (const ran of since) {
		let text = match(ran, checkout);
		for (const name of text === void 0 ? ran.commits : []) {
			const commit = await context.gitCommit(name);
			text ??= commit === void 0 ? void 0 : match(ran, await migrationsOf(commit));
		}
		for (const commit of text === void 0 ? await commitsHolding(ran, inputs, context) : []) text ??= match(ran, await migrationsOf(commit));
		if (text === void 0) lost.push(ran);
		else found.push({
			...text,
			version: ran.version,
			phase: ran.phase
		});
	}
	return {
		found,
		lost
	};
}
/** The file of a number; where the checksum of what ran is known, only that very file counts. */
function match({ version, checksum }, migrations) {
	if (checksum !== void 0) return migrations.find((one) => one.checksum === checksum);
	return migrations.find((one) => one.version === version);
}
async function commitsHolding({ version }, inputs, context) {
	const paths = (await Promise.all([inputs.migrations, inputs["migrations-post"]].map((path) => context.gitPaths(path)))).flat();
	const commits = [];
	for (const path of paths) if (numberedName(path.split("/").at(-1))?.version === version) commits.push(...await context.gitCommitsWith(path));
	return commits;
}
/** What the layout accepts of both folders; nothing where it does not read them. */
async function readBoth(read, layout, inputs, context) {
	const migrations = [];
	for (const phase of ["pre", "post"]) {
		const files = await read(phase === "pre" ? inputs.migrations : inputs["migrations-post"]) ?? [];
		try {
			migrations.push(...layout.read(files, phase, context.variables));
		} catch (error) {
			if (!(error instanceof ReleaseError)) throw error;
		}
	}
	return migrations;
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
			const order = refuseForward(target, live, live?.commit === void 0 ? void 0 : await context.compareCommit(live.commit, target.commit));
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
			const decision = decide([...evidence === void 0 ? judgement.statements.map(lineByRules) : withQueries(judgement.statements, evidence.asked, evidence.unread, judgement.schema), ...linesOfLost(lost, ran.displaced)], evidence === void 0 ? "rules" : "queries");
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
function placeOf({ path, start }) {
	return start === void 0 ? path : `${path}:${start.line}`;
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
