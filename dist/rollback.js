import { r as __toESM } from "./rolldown-runtime.js";
import { At as literal, C as tokensOf, Ct as datetime, Et as boolean, Ft as string, Gt as formatMoment, Ht as compactStamp, J as readTyped, Jt as plural, Nt as object, Qt as oneLine, Rt as unknown$1, St as showArguments, T as positionFromUtf16, Tt as array, Ut as formatCount, Wt as formatDuration, _t as lineageOf, b as scanComments, bt as shownVersion, fn as messageOf, g as isBlank, gt as isRepeatable, kt as int, mt as byVersion, un as ReleaseError, x as scanTokens, xt as nameCommand, y as parseStatements } from "./start.js";
import { a as releasedText, c as checklistOf, d as lineOfRun, f as linesOfLost, i as migrationsAt, l as hotfixOf, n as filesOfCheckout, o as textsOf, p as bearsMissing, r as findTarget, s as ranSince, t as filesHere } from "./rollback-target.js";
import { i as gravest, n as lineByRules, r as placeOf$3, t as decide } from "./decide.js";
import { $ as lastDeployed, Dn as quoteText, E as backupRequired, En as quoteTable, K as checksumThatRan, Wt as keyLabel, Y as sidesOf, Z as appliedAttempts, _t as databaseInputs, a as prepareScripts, bn as optionsOf, et as newest, gt as databaseInputNames, k as downCommandOf, n as folderInputNames, r as ledgerOptions, t as checkIdentity, vn as nameOf, w as standingsOf, wn as quoteName, x as lookInStore, xn as wordsOf } from "./migrations.js";
import { C as openNode, S as nodesOf, b as tableById, f as findRelation, g as foreignKeysTo, p as findTable, t as applyStatement, v as nameKey, y as nameOfKey } from "./replay.js";
import { c as namesIn$1, g as openFile, h as constantOf, l as describeSchema, m as formulaOf, p as implies, s as carryOut, u as differences, v as copySchema } from "./rules.js";
import { i as noteSchema, n as refuseForward, r as refuseHalfApplied, t as liveRelease } from "./present.js";
import { n as bootRefusal } from "./boot-files.js";
import { t as defineCommand } from "./command.js";
import { t as openDatabase } from "./open-database.js";
import { a as refuseTunnel, c as previewScript, l as MigrationRun, n as describeUnfinished, o as runGuarded, p as booksLost, r as environmentOf, s as staysOpen, t as runPolicy } from "./run-policy.js";
import { a as ledgerMoved, n as rehearseLocks, t as rehearsalInputNames } from "./rehearse-locks.js";
import { n as carriedOut, t as destructivePart } from "./destructive.js";
import { t as fingerprintStream } from "./fingerprint-stream.js";
import { n as putBack, r as restoreByHand, t as withinDuration } from "./within-duration.js";
import { t as version } from "./version.js";
import { n as withoutClientCommands } from "./from-dump.js";
import { i as whenMissing, r as block, t as enumMoved } from "./restore-enum.js";
import { t as judgeSince } from "./judge2.js";
import { t as _usingCtx } from "./usingCtx.js";
import { t as whoOf } from "./who.js";
import { n as noteLedger, t as ledgerNote } from "./ledger-note.js";
import { t as ConversationError } from "./conversation.js";
import { t as urlPart } from "./url-path.js";
import { a as md, o as table, s as withinBudget, t as code } from "./markdown.js";
import { t as require_picomatch } from "./picomatch.js";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { buffer, text } from "node:stream/consumers";
// src/rollback/down/newest.ts
/**
* The migration that ran last, of both phases together. Within a table the order in which its rows were written counts,
* between two tables the time: that of our own attempt, which one clock tells, before that in the table. Where nothing
* tells, the larger number is the newer.
*/
function newestApplied(entries, { rows, former }) {
	const attempts = new Map(appliedAttempts([...former, ...rows]).map((row) => [row.version, row.at.getTime()]));
	const timeOf = ({ version, appliedAt }) => attempts.get(version) ?? appliedAt?.getTime();
	const isNewer = (one, other) => {
		if (one.phase === other.phase && one.place !== void 0 && other.place !== void 0) return one.place > other.place;
		const [time, otherTime] = [timeOf(one), timeOf(other)];
		if (time !== void 0 && otherTime !== void 0 && time !== otherTime) return time > otherTime;
		return byVersion(one, other) > 0;
	};
	const newestOf = (some) => some.reduce((last, one) => last === void 0 || isNewer(one, last) ? one : last, void 0);
	return newestOf([
		"pre",
		"post",
		void 0
	].map((phase) => newestOf(entries.filter((entry) => entry.phase === phase))).filter((entry) => entry !== void 0));
}
/** Throws `not-newest`: what ran later may stand on it. */
function refuseOlderThanNewest(named, newest, nameOf) {
	if (newest === void 0 || newest.version === named.version) return;
	const when = newest.appliedAt === void 0 ? "" : ` (${formatMoment(newest.appliedAt)})`;
	const [name, last] = [nameOf(named.version), nameOf(newest.version)];
	throw new ReleaseError("not-newest", `${name} is not the newest migration: ${last} ran after it${when}, and may stand on it.`, { hint: `${isRepeatable(newest) ? `${last} is repeatable and has no way back` : `One run takes back one migration, the newest: --migration ${last}`}. Where that is not what is wrong, ship a hotfix: --shape hotfix.` });
}
// src/rollback/down/named.ts
/** Finds what was named, by id or version. Throws `invalid-input` when nothing was, `unknown-migration` when it has not run. */
function findNamed(typed, known) {
	const { entries, history } = known;
	const newest = newestApplied(entries, history);
	const hint = newest === void 0 ? "No migration has run on this database." : `The newest that ran is --migration ${nameOfVersion(newest.version, known)}.`;
	if (typed === void 0) throw new ReleaseError("invalid-input", "migration is missing: down-one takes back the one migration that is named, and nothing else.", { hint });
	const { word, version, isVersion } = readTyped(typed);
	const entry = entries.find((one) => lineageOf(one.version) === version);
	const name = version === void 0 ? void 0 : knownName(version, known);
	const isOther = !isVersion && name !== void 0 && name !== word;
	if (version === void 0 || isOther) {
		const ran = isOther ? `version ${shownVersion(version ?? "")} ran here as ${name}` : "an id begins with its number, as 0007_add_phone does";
		throw new ReleaseError("unknown-migration", `${JSON.stringify(typed)} is no migration that has run here: ${ran}.`, { hint });
	}
	const takenBackAt = entry === void 0 ? lastReversal(version, history) : void 0;
	if (entry === void 0 && takenBackAt === void 0) throw new ReleaseError("unknown-migration", `${JSON.stringify(typed)} is no migration that has run here: no version table holds version ${shownVersion(version)}.`, { hint });
	if (entry?.covered) throw new ReleaseError("no-down", `${name ?? word} has no row of its own in the version table: a baseline stands for it.`, { hint: "Its way back would run, and it would count as applied all the same. Ship a hotfix: \"shiplock rollback --shape hotfix\"." });
	if (entry !== void 0 && isRepeatable(entry)) throw new ReleaseError("no-down", `${name ?? word} is repeatable: it has no way back.`, { hint: "Put the text that is to count into the file and release it, or ship a hotfix: \"shiplock rollback --shape hotfix\"." });
	return {
		version,
		name: name ?? word,
		entry,
		takenBackAt
	};
}
/** The migration's id where anything knows it. */
function nameOfVersion(version, known) {
	return knownName(version, known) ?? shownVersion(version);
}
function knownName(version, { history: { rows, former }, target }) {
	const all = [...former, ...rows];
	const attempt = appliedAttempts(all).findLast((row) => row.version === version);
	const reversal = all.findLast((row) => row.event === "reversal" && row.version === version);
	const contained = all.flatMap((row) => row.event === "deployed" ? row.migrations : []).findLast((one) => one.version === version);
	const reversed = reversal?.event === "reversal" ? reversal.name : void 0;
	return attempt?.name || reversed || contained?.name || target.find((one) => one.version === version)?.id;
}
/** When a run took the version back, of those that ended well or that nobody has closed yet: it is in no version table any more. */
function lastReversal(version, { rows }) {
	return rows.findLast((row) => row.event === "reversal" && row.version === version && (row.state === "reverted" || row.state === "running"))?.at;
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
// src/rollback/down/confirm.ts
function phraseOf({ database, migration, total }) {
	return `take back ${migration} on ${database}, losing ${lossWords(total)}`;
}
function lossWords(total) {
	if (total === void 0) return "an unknown amount";
	return total === 0n ? "nothing" : total.toString();
}
/** Throws `confirmation-wrong`, with what differs: it may have been typed for another moment, or another database. */
function refuseOtherPhrase(typed, confirmable) {
	const phrase = phraseOf(confirmable);
	const given = typed.trim().replaceAll(/\s+/g, " ");
	if (given === phrase.replaceAll(/\s+/g, " ")) return;
	const parts = partsOf(given, confirmable);
	const differing = parts === null ? ["it is not of the form \"take back <migration> on <database>, losing <count>\""] : [
		differs("the migration", parts[1], confirmable.migration),
		differs("the database", parts[2], confirmable.database),
		differs("what is lost", parts[3], lossWords(confirmable.total))
	].filter((part) => part !== void 0);
	throw new ReleaseError("confirmation-wrong", `The phrase is not the one for what would happen now: ${differing.join("; ")}. Nothing was changed.`, { hint: `Read again what would be lost. When that is what you want, type: ${phrase}` });
}
/** Names may hold the words between them: a part that is right is found first. */
function partsOf(given, { migration, database, total }) {
	const [one, two, three] = [
		migration,
		database,
		lossWords(total)
	].map((part) => {
		return `(${part.replaceAll(/\s+/g, " ").replaceAll(/[^\w ]/gu, (sign) => `\\u{${sign.codePointAt(0).toString(16)}}`)}|.+)`;
	});
	return new RegExp(`^take back ${one} on ${two}, losing ${three}$`, "u").exec(given);
}
function differs(what, typed, actual) {
	return typed === actual.replaceAll(/\s+/g, " ") ? void 0 : `${what} is ${actual}, and ${JSON.stringify(typed)} was typed`;
}
// src/migration/reversal-run.ts
/** Takes one migration back, by the rules that it was applied by. What was done is in the report, whatever happens. */
async function runReversal(script, rollback, executor, policy) {
	const { migration } = script;
	const { now, progress } = policy;
	const { books } = executor;
	const steps = (await books.steps()).get(migration.version) ?? [];
	const id = await books.beginReversal(migration, rollback);
	const started = now();
	progress(`${migration.id}: its way back started`);
	const run = new MigrationRun(script, executor, policy, false);
	let error;
	try {
		error = await run.apply(steps);
	} catch (cause) {
		error = booksLost(cause);
	}
	const state = await stateAfter(error, script, executor);
	const durationMs = now() - started;
	books.end({
		id,
		state,
		durationMs,
		error: error?.code
	});
	await books.flush().catch(() => {});
	const { attempts, sqlstate, blockers } = run;
	return {
		state,
		error: state === "reverted" ? void 0 : error,
		durationMs,
		attempts,
		sqlstate,
		blockers
	};
}
/** After a lost connection the version table decides. */
async function stateAfter(error, { migration }, executor) {
	if (error === void 0) return "reverted";
	if (error.code !== "connection-lost") return "failed";
	try {
		return (await executor.settle()).some(({ version }) => version === migration.version) ? "not-reverted" : "reverted";
	} catch {
		return "running";
	}
}
// src/rollback/down/data-loss.ts
/** Whether anything goes: a statement that would fail loses nothing, nor does one that finds nothing. */
function isLost({ fails, counted }) {
	return !fails && counted !== 0n;
}
/** All that goes, as one number; `undefined` where a part of it cannot be counted. */
function totalOf(losses) {
	return losses.filter(isLost).reduce((sum, { counted }) => {
		return sum === void 0 || counted === void 0 ? void 0 : sum + counted;
	}, 0n);
}
// src/migration/team-reversal.ts
/** Whether the team's program took a migration back: the version table decides; `entries` are missing where nobody could read it. */
function judgeReversal(command, { id, version }, { error, exitCode }, before, entries) {
	if (entries === void 0) return {
		state: "running",
		error: error ?? unread(command)
	};
	const moved = ledgerMoved(command, versionsOf(before), versionsOf(entries), [version]);
	if (!entries.some((entry) => entry.version === version)) return {
		state: "reverted",
		error: moved
	};
	if (error !== void 0) return {
		state: exitCode === void 0 ? "not-reverted" : "failed",
		error
	};
	return {
		state: "not-reverted",
		error: moved ?? new ReleaseError("migration-failed", `${nameCommand(command)} ended with exit status 0, and the version table still holds ${id}.`, { hint: "See to it that the command works on this database and reads both folders of migrations; then run the same command again." })
	};
}
function versionsOf(entries) {
	return new Set(entries.map(({ version }) => version));
}
function unread(command) {
	return new ReleaseError("connection-lost", `${nameCommand(command)} has ended, and the version table could not be read after it.`, { hint: "Run the same command again: it says what became of it." });
}
// src/rollback/down/changes.ts
/** What a text does to the schema; `undefined` for one that is not read, or that hides what it does. */
async function describeChanges(schema, text) {
	const parsed = await parseStatements(text);
	if ("problem" in parsed || parsed.statements.some(({ node }) => "DoStmt" in node || "CallStmt" in node)) return void 0;
	const after = copySchema(schema);
	for (const [index, statement] of parsed.statements.entries()) applyStatement(after, statement, {
		file: -1,
		statement: index
	});
	return differences(describeSchema(schema), describeSchema(after)).map(({ object, one, other }) => ({
		object,
		change: one === void 0 ? "comes" : other === void 0 ? "goes" : "changes"
	}));
}
// src/rollback/down/down-steps.ts
/** The statements of a migration's way back in their order; those that stand in DO blocks in the place of their block. */
async function readDown(migration) {
	const { down, refused } = await openFile(migration, true, 0);
	if (refused !== void 0) throw refused;
	if (down === void 0) return [];
	const locate = placeFinder(migration);
	if (down.problem !== void 0) {
		const hidden = `what the down changes, which the parser does not read (${down.problem.message})`;
		return [{
			...whereabouts({
				start: 0,
				end: down.text.text.length,
				node: { SelectStmt: {} }
			}, down.text, locate),
			inBlock: true,
			hidden
		}];
	}
	return down.statements.flatMap((statement, index) => {
		const nested = down.nested.get(index);
		const [unread] = down.unread.get(index) ?? [];
		const itself = whereabouts(statement, down.text, locate);
		if (unread !== void 0) return [{
			...itself,
			inBlock: true,
			hidden: `what a DO block changes, which its text does not show (${unread.what})`
		}];
		if (!("DoStmt" in statement.node)) return [{
			...itself,
			inBlock: false,
			hidden: void 0
		}];
		return (nested ?? []).map((one) => ({
			...whereabouts(one.statement, one.text, locate),
			inBlock: true,
			hidden: void 0
		}));
	});
}
function whereabouts(statement, text, locate) {
	const own = text.text.slice(statement.start, statement.end);
	return {
		statement,
		text: own,
		place: locate(text, statement.start),
		shown: own.replaceAll(/\s+/g, " ").trim()
	};
}
/** The way back is a file of its own, or a part of the migration's. */
function placeFinder({ path, downPath, file, down }) {
	const [place, whole] = downPath === void 0 ? [path, file] : [downPath, down?.text ?? ""];
	return (text, offset) => {
		const at = text.fileOffset(offset);
		return at === void 0 ? place : `${place}:${positionFromUtf16(whole, at).line}`;
	};
}
// src/rollback/down/draft.ts
function unknown(what) {
	return {
		kind: "unknown",
		what,
		fails: false,
		about: void 0
	};
}
// src/rollback/down/further-losses.ts
function liveSequences(schema) {
	return [...schema.relations.values()].flatMap((one) => one.kind === "sequence" ? [{ ...one }] : []);
}
/** What no row and no column tells: the position of a sequence, and statements that hide what they do. */
function furtherLosses(schema, names, { statement, inBlock }, sequences, isExplained) {
	const drafts = [...sequences.filter(({ id }) => !schema.relations.has(id) && names.sequence(id) !== void 0).flatMap((one) => gone(schema, one)), ...restarted(schema, names, statement.node)];
	const { kind } = openNode(statement.node);
	if (isExplained || drafts.length > 0) return drafts;
	const hidden = hiding.has(kind) || isDropOfExtension(statement.node) || inBlock ? destructivePart(statement) : void 0;
	return hidden === void 0 || plainKinds.has(kind) && !isDropOfExtension(statement.node) ? drafts : [unknown(`what ${hidden} changes, which its text does not show`)];
}
/** Those of a dropped table or column are copied with it. */
function gone(schema, { id, schema: space, name, ownedBy }) {
	const what = `the last number of the sequence ${space === "public" ? name : `${space}.${name}`}`;
	if (ownedBy === void 0) return [{
		kind: "values",
		what,
		fails: false,
		about: {
			kind: "sequence",
			id
		}
	}];
	return tableById(schema, ownedBy.table)?.columns.has(ownedBy.column) === true ? [{
		kind: "values",
		what,
		fails: false,
		about: void 0
	}] : [];
}
function restarted(schema, names, node) {
	const again = (id) => {
		const sequence = id === void 0 ? void 0 : names.sequence(id);
		if (id === void 0 || sequence === void 0) return [];
		return [{
			kind: "values",
			what: `the last number of the sequence ${sequence.schema === "public" ? sequence.table : `${sequence.schema}.${sequence.table}`}`,
			fails: false,
			about: {
				kind: "position",
				id
			}
		}];
	};
	if ("AlterSeqStmt" in node) {
		const { sequence, options } = node.AlterSeqStmt;
		return optionsOf(options).some(({ defname }) => defname === "restart") ? again(findRelation(schema, nameOf(sequence))?.id) : [];
	}
	if (!("AlterTableStmt" in node)) return [];
	const table = findRelation(schema, nameOf(node.AlterTableStmt.relation));
	return nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd").flatMap(({ subtype, name, def }) => {
		if (!(subtype === "AT_SetIdentity" && def !== void 0 && "List" in def && optionsOf(def.List.items).some(({ defname }) => defname === "restart")) || table?.kind !== "table") return [];
		return again([...table.sequences].find((id) => {
			const sequence = schema.relations.get(id);
			return sequence?.kind === "sequence" && sequence.ownedBy?.column === name;
		}));
	});
}
/** Statements whose text does not say which data they change. */
const hiding = /* @__PURE__ */ new Set([
	"AlterExtensionContentsStmt",
	"AlterExtensionStmt",
	"CallStmt",
	"CopyStmt",
	"CreateTableAsStmt",
	"DropOwnedStmt",
	"DropSubscriptionStmt",
	"DropdbStmt",
	"ExecuteStmt",
	"ExplainStmt",
	"FetchStmt",
	"InsertStmt",
	"LoadStmt",
	"SelectStmt"
]);
/** The replay of the schema tells all that they take. */
const plainKinds = /* @__PURE__ */ new Set([
	"AlterTableStmt",
	"DropStmt",
	"AlterSeqStmt"
]);
/** Its tables hold rows that no text of the team names. */
function isDropOfExtension(node) {
	return "DropStmt" in node && node.DropStmt.removeType === "OBJECT_EXTENSION";
}
// src/rollback/down/live-names.ts
/** How the live database names what the statements of a down rename on their way. Columns are objects that outlive renames. */
var LiveNames = class {
	#tables = /* @__PURE__ */ new Map();
	#sequences = /* @__PURE__ */ new Map();
	/** As the statement that comes next finds them. */
	#now = /* @__PURE__ */ new Map();
	constructor(schema) {
		for (const one of schema.relations.values()) {
			if (one.kind === "sequence") this.#sequences.set(one.id, {
				schema: one.schema,
				table: one.name
			});
			if (one.kind !== "table" || one.persistence === "temporary" || one.form === "foreign") continue;
			this.#tables.set(one.id, {
				name: {
					schema: one.schema,
					table: one.name
				},
				columns: new Map([...one.columns.values()].map((column) => [column, column.name])),
				form: one.form,
				keys: keysOf(schema, one),
				heirs: [...one.children].some((id) => tableById(schema, id)?.partitionOf === void 0),
				catalogTypes: [...one.columns.values()].some(({ type }) => /^reg/.test(type.name))
			});
		}
	}
	/** To be called before each statement. */
	note(schema) {
		this.#now = /* @__PURE__ */ new Map();
		for (const [id, { columns }] of this.#tables) {
			const table = tableById(schema, id);
			if (table === void 0) continue;
			this.#now.set(id, new Map([...table.columns.values()].map((one) => [one.name, {
				live: columns.get(one),
				type: one.type
			}])));
		}
	}
	table(id) {
		return this.#tables.get(id);
	}
	sequence(id) {
		return this.#sequences.get(id);
	}
	/** The live name of a column that the statement calls so; `undefined` for one that the down made. */
	column(id, name) {
		return this.#now.get(id)?.get(name)?.live;
	}
	type(id, name) {
		return this.#now.get(id)?.get(name)?.type;
	}
	/** Where the rows of a table are once all statements have run. */
	place(id, after) {
		const [live, now] = [this.#tables.get(id), tableById(after, id)];
		if (live === void 0 || now === void 0) return void 0;
		const changed = [...live.columns].filter(([column, name]) => column.name !== name).map(([column, name]) => [name, column.name]);
		return {
			target: {
				schema: now.schema,
				table: now.name
			},
			renamed: Object.fromEntries(changed)
		};
	}
};
/** Sets of columns that tell rows apart and are never null, the primary key first. */
function keysOf(schema, table) {
	const primary = [...table.constraints.values()].flatMap((one) => one.kind === "primary" ? [one.columns] : []);
	const unique = [...table.indexes].flatMap((id) => {
		const index = schema.relations.get(id);
		if (index?.kind !== "index" || !index.unique || !index.valid || index.predicate !== void 0) return [];
		const columns = index.keys.map(({ column }) => column);
		return columns.every((name) => name !== void 0 && table.columns.get(name)?.notNull === true) ? [columns] : [];
	});
	return [...primary, ...unique];
}
// src/rollback/down/rescue-part.ts
/** The name of a row in conditions. */
const liveRow = "shiplock_live";
// src/rollback/down/loss-queries.ts
/** All texts mean the same under any search path, except for conditions that a down holds itself. */
function countRows(rows) {
	return `select pg_catalog.count(*) from ${fromRows(rows)}`;
}
/** Values that are not null, of all columns together. */
function countValues(rows, columns) {
	return `select ${columns.map((column) => `pg_catalog.count(${ofRow(column)})`).join(" operator(pg_catalog.+) ")} from ${fromRows(rows)}`;
}
/** A text that changes when one of the rows does. Hashes are summed, so that the order of rows does not matter. */
function markRows(rows) {
	return `select ${mark(`row(${liveRow}.*)`)} from ${fromRows(rows)}`;
}
function markValues(rows, key, columns) {
	return `select ${mark(`row(${[...key, ...columns].map(ofRow).join(", ")})`)} from ${fromRows(rows)}`;
}
function fromRows({ table, only, where }) {
	const rows = `${only ? "only " : ""}${quoteTable(table)} as ${liveRow}`;
	return where === void 0 ? rows : `${rows} where ${where}`;
}
function ofRow(column) {
	return `${liveRow}.${quoteName(column)}`;
}
/** Counted as a whole: a composite value with an empty field is one all the same, which IS NOT NULL denies. */
function anyValue(columns) {
	return `(${columns.map((column) => `pg_catalog.num_nonnulls(${ofRow(column)}) operator(pg_catalog.>) 0`).join(" or ")})`;
}
/** Every type has a text; the collation is named since some of them are not deterministic. */
function mark(row) {
	return `pg_catalog.concat(pg_catalog.count(*), ' ', coalesce(pg_catalog.sum(${`pg_catalog.hashtextextended(${row}::pg_catalog.text collate pg_catalog."C", 0)`}), 0))`;
}
// src/rollback/down/measure.ts
/** How a loss is counted, recognised and copied. */
function measure({ about, ...draft }, { place, shown }, whole) {
	return {
		...draft,
		place,
		statement: shown,
		...about === void 0 ? nothing$1 : measured(about, whole)
	};
}
const nothing$1 = {
	table: void 0,
	columns: [],
	unit: "rows",
	count: void 0,
	mark: void 0,
	copy: void 0
};
function measured(about, whole) {
	if (isSequence(about)) return ofSequence(about, whole);
	const { names } = whole;
	const live = names.table(about.id);
	if (live === void 0) return nothing$1;
	const table = live.name;
	const where = "where" in about ? about.where : void 0;
	const rows = {
		table,
		only: about.kind === "table" && live.heirs,
		where
	};
	if (about.kind === "table") return {
		table,
		columns: [],
		unit: "rows",
		count: countRows(rows),
		mark: markRows(rows),
		copy: {
			kind: "table",
			table
		}
	};
	const place = live.heirs || live.catalogTypes && "ownPath" in about && about.ownPath ? void 0 : names.place(about.id, whole.after);
	if (about.kind === "rows") {
		const { ownPath, restarts } = about;
		const copy = place === void 0 ? void 0 : {
			kind: "rows",
			table,
			...place,
			where,
			ownPath,
			restarts
		};
		return {
			table,
			columns: [],
			unit: "rows",
			count: countRows(rows),
			mark: markRows(rows),
			copy
		};
	}
	const { columns } = about;
	const key = keyFor(about.id, whole);
	const met = about.kind === "columns" ? {
		...rows,
		where: anyValue(columns)
	} : {
		...rows,
		where: where ?? (about.retyped ? anyValue(columns) : void 0)
	};
	const found = {
		table,
		columns,
		unit: "values",
		count: countValues(met, columns),
		mark: markValues(met, key ?? [], columns)
	};
	if (place === void 0 || key === void 0) return {
		...found,
		copy: void 0
	};
	if (about.kind === "columns") return {
		...found,
		copy: {
			kind: "columns",
			table,
			...place,
			columns,
			key
		}
	};
	const { ownPath, retyped } = about;
	return {
		...found,
		copy: {
			kind: "values",
			table,
			...place,
			columns,
			key,
			where: met.where,
			ownPath,
			retyped
		}
	};
}
function isSequence(about) {
	return about.kind === "sequence" || about.kind === "position";
}
function keyFor(id, { names, lost }) {
	const gone = new Set(lost.flatMap((one) => one !== void 0 && one.id === id && "columns" in one ? one.columns : []));
	return names.table(id)?.keys.find((key) => !key.some((column) => gone.has(column)));
}
function ofSequence({ kind, id }, { names }) {
	const table = names.sequence(id);
	if (table === void 0) return nothing$1;
	const mark = `select pg_catalog.concat(last_value, ' ', is_called) from ${quoteTable(table)}`;
	const copy = {
		kind: kind === "position" ? "position" : "sequence",
		table
	};
	return {
		table,
		columns: [],
		unit: "values",
		count: `select pg_catalog.count(*) from ${quoteTable(table)}`,
		mark,
		copy
	};
}
// src/rollback/down/narrowing.ts
/** Which values a change of type cuts or refuses; `undefined` where only the change itself would tell. */
function narrowing(schema, change, statement, text) {
	const { to, column } = change;
	const value = ofRow(change.live);
	const using = usingOf(statement, column);
	const labels = enumLabels(schema, to);
	if (labels !== void 0) {
		if (using !== void 0 && !isCastOf(using, column)) return void 0;
		return {
			where: `not ${value}::pg_catalog.text operator(pg_catalog.=) any (array[${labels.map(quoteText).join(", ")}]::pg_catalog.text[])`,
			fails: true
		};
	}
	if (to.schema !== void 0 || to.array > 0 || change.from.array > 0) return void 0;
	if (using !== void 0 && !isCastOf(using, column)) return ofExpression(change, using, statement, text);
	const found = byType[to.name]?.(value, change);
	return found === void 0 ? void 0 : {
		where: found,
		fails: change.fails
	};
}
function enumLabels(schema, { schema: space, name, array }) {
	const type = space === void 0 ? void 0 : schema.types.get(nameKey(space, name));
	return type?.kind === "enum" && array === 0 ? type.values : void 0;
}
const texts = [
	"text",
	"varchar",
	"bpchar",
	"citext"
];
const wholes = {
	int2: ["-32768", "32767"],
	int4: ["-2147483648", "2147483647"],
	int8: ["-9223372036854775808", "9223372036854775807"]
};
const floats = ["float4", "float8"];
const byType = {
	varchar: tooLong,
	bpchar: tooLong,
	int2: outOfRange,
	int4: outOfRange,
	int8: outOfRange,
	numeric: tooManyDigits,
	date: changedByCast,
	timestamp: changedByCast,
	timestamptz: changedByCast
};
function tooLong(value, { from, to: { modifiers } }) {
	const [length] = modifiers;
	if (length === void 0 || !texts.includes(from.name)) return void 0;
	return `pg_catalog.char_length(${value}::pg_catalog.text) operator(pg_catalog.>) ${length}`;
}
function outOfRange(value, { from, to }) {
	const [least, most] = wholes[to.name] ?? [];
	if (least === void 0 || wholes[from.name] === void 0 && from.name !== "numeric" && !floats.includes(from.name)) return void 0;
	const number = `${value}::pg_catalog.numeric`;
	const outside = `(${number} operator(pg_catalog.<) '${least}'::pg_catalog.numeric or ${number} operator(pg_catalog.>) '${most}'::pg_catalog.numeric)`;
	return wholes[from.name] === void 0 ? `(pg_catalog.round(${number}) operator(pg_catalog.<>) ${number} or ${outside})` : outside;
}
function tooManyDigits(value, { from, to: { modifiers } }) {
	const [precision, scale = 0] = modifiers;
	if (precision === void 0 || from.name !== "numeric" && wholes[from.name] === void 0) return void 0;
	const number = `${value}::pg_catalog.numeric`;
	const rounded = `pg_catalog.round(${number}, ${scale})`;
	return `(${number} operator(pg_catalog.<>) 'NaN'::pg_catalog.numeric and (${rounded} operator(pg_catalog.<>) ${number} or pg_catalog.abs(${rounded}) operator(pg_catalog.>=) ${`pg_catalog.power(10::pg_catalog.numeric, (${precision - scale})::pg_catalog.numeric)`}))`;
}
const moments = [
	"date",
	"timestamp",
	"timestamptz"
];
/** The way there and back, in the time zone of the session as ALTER TABLE has it. */
function changedByCast(value, { from, to }) {
	if (!moments.includes(from.name)) return void 0;
	return `${`${value}::pg_catalog.${to.name}${to.modifiers.length === 0 ? "" : `(${to.modifiers.join(",")})`}`}::pg_catalog.${from.name} operator(pg_catalog.<>) ${value}`;
}
/** What an expression makes of a text can be seen beforehand, where it is written for one column and calls nothing of somebody's own. */
function ofExpression({ to, column, live }, using, { node }, text) {
	if (!texts.includes(to.name) || live !== column || carriedOut(using) !== void 0 || !("AlterTableStmt" in node)) return void 0;
	const token = tokensOf(text).filter((one) => one.text.toLowerCase() === "using" && one.keywordKind > 0);
	const [only] = token;
	if (node.AlterTableStmt.cmds?.length !== 1 || token.length !== 1 || only === void 0) return void 0;
	const made = `(${Buffer.from(text).toString("utf8", only.end)}\n)::pg_catalog.text`;
	const value = `${ofRow(live)}::pg_catalog.text`;
	return {
		where: `(${value} is not null and coalesce(${`${made} operator(pg_catalog.<>) ${value} collate pg_catalog."C"`}, true))`,
		fails: false
	};
}
function usingOf({ node }, column) {
	if (!("AlterTableStmt" in node)) return void 0;
	const command = nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd").find((one) => one.subtype === "AT_AlterColumnType" && one.name === column);
	return command?.def !== void 0 && "ColumnDef" in command.def ? command.def.ColumnDef.raw_default : void 0;
}
/** The column, cast to its new type, perhaps by way of its text. */
function isCastOf(using, column) {
	if ("ColumnRef" in using) return wordsOf(using.ColumnRef.fields).at(-1) === column;
	if (!("TypeCast" in using) || using.TypeCast.arg === void 0) return false;
	return isCastOf(using.TypeCast.arg, column);
}
// src/rollback/down/row-subset.ts
/**
* Rows that the statement meets, told with its own words; `undefined` where they cannot be told without doing what it does.
* The text of the statement is found by its tokens, since a name in it stays what it is.
*/
function rowsMet({ node }, text) {
	const change = "DeleteStmt" in node ? node.DeleteStmt : "UpdateStmt" in node ? node.UpdateStmt : void 0;
	if (change === void 0 || carriedOut(change) !== void 0) return void 0;
	const { whereClause } = change;
	if (whereClause !== void 0 && "CurrentOfExpr" in whereClause) return void 0;
	const joins = "DeleteStmt" in node ? node.DeleteStmt.usingClause : change.fromClause;
	const cuts = cutsOf(text, "DeleteStmt" in node ? "delete" : "update");
	if (cuts === void 0) return void 0;
	if (whereClause === void 0 && joins === void 0 && change.withClause === void 0 && isWhole$1(change)) return { where: void 0 };
	const alias = quoteName(change.relation?.alias?.aliasname ?? nameOf(change.relation).name);
	const from = [cuts.target, ...cuts.joins === void 0 ? [] : [cuts.joins]].join("\n, ");
	const condition = cuts.where === void 0 ? "" : `\nwhere ${cuts.where}`;
	const met = `${cuts.before}select ${alias}.tableoid as shiplock_table, ${alias}.ctid as shiplock_row from ${from}${condition}`;
	const where = (row) => `exists (select from (${met}\n) as shiplock_met where shiplock_met.shiplock_table operator(pg_catalog.=) ${row}.tableoid and shiplock_met.shiplock_row operator(pg_catalog.=) ${row}.ctid)`;
	return { where };
}
/** ONLY leaves rows out. */
function isWhole$1({ relation }) {
	return relation?.inh === true;
}
function cutsOf(text, verb) {
	const bytes = Buffer.from(text);
	const words = outerWords(tokensOf(text));
	const begin = words.findIndex((word) => word.text === verb);
	const start = verb === "delete" ? words[begin + 1] : words[begin];
	if (begin < 0 || start === void 0 || verb === "delete" && start.text !== "from") return void 0;
	const rest = words.slice(begin + (verb === "delete" ? 2 : 1));
	const set = verb === "update" ? rest.findIndex((word) => word.text === "set") : -1;
	const after = rest.slice(set + 1);
	const first = (name) => after.find((word, at) => word.text === name && after[at - 1]?.text !== "distinct");
	const [joins, where, returning] = [
		first(verb === "delete" ? "using" : "from"),
		first("where"),
		first("returning")
	];
	const end = (...next) => next.find((word) => word !== void 0)?.start ?? bytes.length;
	const cut = (from, to) => bytes.toString("utf8", from, to).trim();
	return {
		before: bytes.toString("utf8", 0, words[begin]?.start),
		target: cut(start.end, end(...set < 0 ? [] : [rest[set]], joins, where, returning)),
		joins: joins === void 0 ? void 0 : cut(joins.end, end(where, returning)),
		where: where === void 0 ? void 0 : cut(where.end, end(returning))
	};
}
/** Key words that stand in no parentheses, in lower case; all else keeps only its place. */
function outerWords(tokens) {
	let depth = 0;
	return tokens.flatMap(({ text, start, end, keywordKind }) => {
		if (text === ")" || text === "]") depth--;
		const isOuter = depth === 0;
		if (text === "(" || text === "[") depth++;
		return isOuter && text !== ";" ? [{
			text: keywordKind > 0 ? text.toLowerCase() : "",
			start,
			end
		}] : [];
	});
}
// src/rollback/down/traces.ts
function tracesOf(statement) {
	return silent.has(openNode(statement.node).kind) ? /* @__PURE__ */ new Set() : namesIn$1([statement]);
}
const silent = /* @__PURE__ */ new Set([
	"SelectStmt",
	"VariableSetStmt",
	"CommentStmt",
	"LockStmt",
	"GrantStmt"
]);
/** The tables that a statement names anywhere in it. */
function tablesIn(statement) {
	const found = /* @__PURE__ */ new Set();
	gather(statement.node, found);
	return found;
}
function gather(value, found) {
	if (Array.isArray(value)) for (const one of value) gather(one, found);
	else if (typeof value === "object" && value !== null) for (const [key, one] of Object.entries(value)) if (key === "relname" && typeof one === "string") found.add(one);
	else gather(one, found);
}
// src/rollback/down/row-changes.ts
/** What a statement that changes rows takes away, with what the server takes along; `undefined` for statements of other kinds. */
function rowChanges(schema, names, step, before, origin) {
	const { node } = step.statement;
	const isKnown = (table) => table !== void 0 && table.origin.file !== origin.file && names.table(table.id) !== void 0;
	const isOwn = (table) => table?.origin.file === origin.file || table?.persistence === "temporary";
	if ("TruncateStmt" in node) {
		const tables = nodesOf(node.TruncateStmt.relations, "RangeVar").map((one) => findTable(schema, nameOf(one)));
		if (step.inBlock || tables.some((one) => !isKnown(one) && !isOwn(one))) return [unknown(`the rows that ${step.shown} takes away`)];
		return truncated(schema, names, node.TruncateStmt, tables.filter(isKnown));
	}
	const [verb, name] = target(step);
	if (verb === void 0 || name === void 0) return void 0;
	const table = findTable(schema, name);
	if (isOwn(table)) return [];
	if (table === void 0 || !isKnown(table) || step.inBlock || verb === "MERGE" || verb === "INSERT") return verb === "INSERT" ? void 0 : [unknown(`what ${verb} changes in ${shown(name)}`)];
	const met = [...tablesIn(step.statement)].some((one) => before.some((traces) => traces.has(one))) ? void 0 : rowsMet(step.statement, step.text);
	const change = {
		schema,
		names,
		verb,
		met,
		seen: /* @__PURE__ */ new Set()
	};
	if (verb === "DELETE") return [...deleted(change, table, met?.where, `the rows that DELETE takes out of ${label(table)}`), ...fired(table, "DELETE")];
	return updated(change, table, step);
}
function target({ statement: { node } }) {
	if ("DeleteStmt" in node) return ["DELETE", nameOf(node.DeleteStmt.relation)];
	if ("UpdateStmt" in node) return ["UPDATE", nameOf(node.UpdateStmt.relation)];
	if ("MergeStmt" in node) return ["MERGE", nameOf(node.MergeStmt.relation)];
	if ("InsertStmt" in node) return ["INSERT", nameOf(node.InsertStmt.relation)];
	return [void 0, void 0];
}
/** With CASCADE goes every table that refers to one of them, and what refers to those. */
function truncated(schema, names, { behavior, restart_seqs }, named) {
	const all = new Set(named);
	if (behavior === "DROP_CASCADE") for (const table of all) for (const { table: from } of foreignKeysTo(schema, table)) all.add(from);
	return referredFirst(schema, [...all]).filter((table) => names.table(table.id) !== void 0 && !(table.partitionOf !== void 0 && all.has(schema.relations.get(table.partitionOf.parent)))).flatMap((table) => [{
		kind: "rows",
		what: `the rows that TRUNCATE takes out of ${label(table)}`,
		fails: false,
		about: {
			kind: "rows",
			id: table.id,
			where: void 0,
			ownPath: false,
			restarts: restart_seqs === true
		}
	}, ...fired(table, "TRUNCATE")]);
}
/** Tables that others refer to come before those; in a circle they stay as they are. */
function referredFirst(schema, tables) {
	const placed = [];
	let left = [...tables];
	while (left.length > 0) {
		const free = left.filter((one) => !left.some((other) => other !== one && foreignKeysTo(schema, other).some(({ table }) => table === one)));
		const next = free.length === 0 ? left : free;
		placed.push(...next);
		left = left.filter((one) => !next.includes(one));
	}
	return placed;
}
function deleted(change, table, where, what) {
	const { schema, met, names, seen } = change;
	if (met === void 0 || seen.has(table.id) || names.table(table.id) === void 0) return [unknown(what)];
	seen.add(table.id);
	return [{
		kind: "rows",
		what,
		fails: false,
		about: {
			kind: "rows",
			id: table.id,
			where: where?.(liveRow),
			ownPath: where !== void 0,
			restarts: false
		}
	}, ...foreignKeysTo(schema, table).flatMap(({ table: from, key }) => followed(change, table, from, key, where))];
}
/** What a foreign key does to the rows that refer to those that go. */
function followed(change, table, from, key, where) {
	const { names } = change;
	if (key.onDelete === "no action" || key.onDelete === "restrict" || from.partitionOf !== void 0) return [];
	const [parent, child] = [names.table(table.id), names.table(from.id)];
	const said = `ON DELETE ${key.onDelete.toUpperCase()}`;
	const what = key.onDelete === "cascade" ? `the rows that ${said} takes out of ${label(from)}` : `the values of ${list(from, key.columns)} that ${said} overwrites`;
	const columns = key.columns.map((one) => names.column(from.id, one));
	const referred = key.references.columns.map((one) => names.column(table.id, one));
	if (parent === void 0 || child === void 0 || [...columns, ...referred].includes(void 0)) return [unknown(what)];
	const above = `shiplock_above_${change.seen.size}`;
	const refers = (row) => {
		const condition = [...columns.map((column, at) => `${above}.${quoteName(referred[at])} operator(pg_catalog.=) ${row}.${quoteName(column)}`), ...where === void 0 ? [] : [where(above)]].join(" and ");
		return `exists (select from ${quoteTable(parent.name)} as ${above} where ${condition})`;
	};
	if (key.onDelete === "cascade") return deleted(change, from, refers, what);
	if (change.met === void 0) return [unknown(what)];
	return [{
		kind: "values",
		what,
		fails: false,
		about: {
			kind: "values",
			id: from.id,
			columns,
			retyped: false,
			where: refers(liveRow),
			ownPath: where !== void 0
		}
	}];
}
function updated({ schema, names, met }, table, { statement: { node }, shown: text }) {
	const written = "UpdateStmt" in node ? nodesOf(node.UpdateStmt.targetList, "ResTarget").map(({ name = "" }) => name) : [];
	const old = [...new Set(written)].filter((one) => names.column(table.id, one) !== void 0);
	const effects = fired(table, "UPDATE");
	if (old.length === 0) return effects;
	const what = `the values of ${list(table, old)} that UPDATE overwrites`;
	const along = foreignKeysTo(schema, table).filter(({ key }) => !["no action", "restrict"].includes(key.onUpdate) && key.references.columns.some((one) => old.includes(one))).map(({ table: from, key }) => unknown(`the values of ${list(from, key.columns)} that ON UPDATE overwrites with ${text}`));
	if (met === void 0) return [
		unknown(what),
		...along,
		...effects
	];
	const columns = old.map((one) => names.column(table.id, one));
	return [
		{
			kind: "values",
			what,
			fails: false,
			about: {
				kind: "values",
				id: table.id,
				columns,
				retyped: false,
				where: met.where?.(liveRow),
				ownPath: met.where !== void 0
			}
		},
		...along,
		...effects
	];
}
const eventBits = {
	DELETE: 8,
	UPDATE: 16,
	TRUNCATE: 32
};
/** Triggers and rules run what nobody follows. */
function fired(table, verb) {
	return [...[...table.triggers].filter(([, { enabled, definition }]) => {
		const { content } = openNode(definition);
		return enabled && (content.events ?? 0) & eventBits[verb];
	}).map(([name]) => unknown(`what the trigger ${name} of ${label(table)} changes when ${verb} fires it`)), ...[...table.rules.keys()].map((name) => unknown(`what the rule ${name} of ${label(table)} makes of ${verb}`))];
}
function label({ schema, name }) {
	return shown({
		schema,
		name
	});
}
function shown({ schema, name }) {
	return schema === void 0 || schema === "public" ? name : `${schema}.${name}`;
}
function list(table, columns) {
	return columns.map((column) => `${label(table)}.${column}`).join(", ");
}
// src/rollback/down/loss.ts
/** Every loss of a migration's way back, statement by statement, as the live database would suffer it. */
async function lossesOfDown(migration, live) {
	const schema = copySchema(live);
	const names = new LiveNames(schema);
	const found = [];
	const before = [];
	for (const [index, step] of (await readDown(migration)).entries()) {
		const origin = {
			file: 0,
			statement: index
		};
		found.push(...draftsOf(schema, names, step, before, origin).map((draft) => ({
			step,
			draft
		})));
		before.push(tracesOf(step.statement));
	}
	const lost = found.map(({ draft }) => draft.about);
	return found.map(({ step, draft }) => measure(draft, step, {
		names,
		lost,
		after: schema
	}));
}
function draftsOf(schema, names, step, before, origin) {
	if (step.hidden !== void 0) return [unknown(step.hidden)];
	names.note(schema);
	const rows = rowChanges(schema, names, step, before, origin);
	const sequences = liveSequences(schema);
	const plain = carryOut(schema, step.statement, origin);
	if (rows !== void 0) return rows;
	const drafts = plain.map((loss) => draftOf(schema, names, loss, step));
	return [...drafts, ...furtherLosses(schema, names, step, sequences, drafts.length > 0)];
}
function draftOf(schema, names, { id, kind, what, columns, fails }, step) {
	const live = id === void 0 ? void 0 : names.table(id);
	const [column = ""] = columns;
	if (id === void 0 || live === void 0 || kind === "unknown") return unknown(what);
	if (kind === "table") return {
		kind,
		what,
		fails,
		about: {
			kind,
			id
		}
	};
	const liveColumn = names.column(id, column);
	if (liveColumn === void 0) return unknown(what);
	if (kind === "column") return {
		kind,
		what,
		fails,
		about: {
			kind: "columns",
			id,
			columns: [liveColumn]
		}
	};
	const [from, to] = [names.type(id, column), tableById(schema, id)?.columns.get(column)?.type];
	if (kind !== "type" || from === void 0 || to === void 0) return unknown(what);
	const narrowed = narrowing(schema, {
		column,
		live: liveColumn,
		from,
		to,
		fails
	}, step.statement, step.text);
	const about = {
		kind: "values",
		id,
		columns: [liveColumn],
		retyped: true,
		where: narrowed?.where,
		ownPath: narrowed !== void 0
	};
	return {
		kind: "narrowed",
		what: narrowed?.fails === true && !fails ? `values of ${what.replace(/^.* of the values of /, "")} that the new type does not hold: on them it fails` : what,
		fails: narrowed?.fails ?? fails,
		about
	};
}
// src/rollback/down/dump-script.ts
/** Sorts what `pg_dump --schema-only` wrote of some tables. */
async function readDumpScript(script) {
	const text = withoutClientCommands(script);
	const parsed = await parseStatements(text);
	if ("problem" in parsed) throw new ReleaseError("rescue-failed", `The parser does not accept what pg_dump wrote (${parsed.problem.message}).`, { hint: "Nothing was changed. Make a whole backup instead." });
	const made = new Set(parsed.statements.flatMap(({ node }) => madeBy(node)));
	const sorted = {
		before: [],
		after: [],
		last: []
	};
	for (const statement of parsed.statements) {
		const place = placeOf$2(statement, made);
		if (place !== void 0) sorted[place].push(`${text.slice(statement.start, statement.end)};`);
	}
	return sorted;
}
function madeBy(node) {
	if ("CreateStmt" in node) return [keyOf(node.CreateStmt.relation)];
	if ("IndexStmt" in node) return [`${node.IndexStmt.relation?.schemaname ?? ""}.${node.IndexStmt.idxname ?? ""}`];
	if (!("AlterTableStmt" in node)) return [];
	const { relation, cmds } = node.AlterTableStmt;
	return nodesOf(cmds, "AlterTableCmd").flatMap(({ def }) => def !== void 0 && "Constraint" in def ? [`${relation?.schemaname ?? ""}.${def.Constraint.conname ?? ""}`] : []);
}
function placeOf$2({ node }, made) {
	if ("VariableSetStmt" in node) return node.VariableSetStmt.name?.startsWith("default_") ? "before" : void 0;
	if ("SelectStmt" in node) return void 0;
	if ("AlterTableStmt" in node) {
		const { relation, cmds } = node.AlterTableStmt;
		const commands = nodesOf(cmds, "AlterTableCmd");
		if (commands.some(({ subtype }) => subtype === "AT_AttachPartition")) return made.has(keyOf(relation)) ? node.AlterTableStmt.objtype === "OBJECT_INDEX" ? "after" : "before" : "last";
		return commands.every(({ subtype = "" }) => early.has(subtype)) ? "before" : "after";
	}
	if ("CommentStmt" in node) return lateComments.has(node.CommentStmt.objtype) ? "after" : "before";
	return "IndexStmt" in node || "CreateTrigStmt" in node || "CreatePolicyStmt" in node || "RuleStmt" in node || "CreateStatsStmt" in node ? "after" : "before";
}
function keyOf(relation) {
	const { schema, name } = nameOf(relation);
	return `${schema ?? ""}.${name}`;
}
/** What a column is, rather than what its values must keep. */
const early = /* @__PURE__ */ new Set([
	"AT_AddIdentity",
	"AT_ChangeOwner",
	"AT_ColumnDefault",
	"AT_SetStatistics",
	"AT_SetStorage",
	"AT_SetCompression",
	"AT_SetOptions"
]);
const lateComments = /* @__PURE__ */ new Set([
	"OBJECT_INDEX",
	"OBJECT_TABCONSTRAINT",
	"OBJECT_TRIGGER",
	"OBJECT_POLICY",
	"OBJECT_RULE",
	"OBJECT_STATISTIC_EXT"
]);
// src/rollback/down/restore-pieces.ts
/** Statements for psql to leave out where one of its variables is true; no rows may stand among them, which it would read as text. */
function unless(variable, statements) {
	return statements.length === 0 ? [] : [
		`\\if :${variable}`,
		"\\else",
		...statements,
		"\\endif"
	];
}
function staging(kept, columns, select, ownPath) {
	return [
		`create temporary table ${kept} (${columns.map((one) => `${quoteName(one.name)} ${one.type}`).join(", ")}) on commit drop;`,
		{
			into: `copy pg_temp.${kept} from stdin;`,
			select,
			ownPath
		},
		`analyze pg_temp.${kept};`
	];
}
function matching(keys, renamed, { equality }) {
	return keys.map((one) => `live.${quoteName(renamed[one.name] ?? one.name)} ${equality[one.name] ?? "="} kept.${quoteName(one.name)}`).join(" and ");
}
function factsOf({ columns }, name) {
	const found = columns.find((one) => one.name === name);
	if (found === void 0) throw new Error(`no column ${name}`);
	return found;
}
/** In the text of RAISE a percent sign is a place for a value. */
function message(name) {
	return quoteText(name).replace(/^E?'/, "").replace(/'$/, "").replaceAll("%", "%%").replaceAll(/[\r\n]/g, " ");
}
function setPosition({ name, last, called }, forwardOnly = false) {
	const set = `perform pg_catalog.setval(${quoteText(name)}, ${last}, ${called});`;
	return block(forwardOnly ? [
		`  if (select last_value from ${name}) < ${last} then`,
		`    ${set}`,
		"  end if;"
	] : [`  ${set}`]);
}
function restoreDependent({ kind, on, name, definition, comment }) {
	const remark = (what) => comment === void 0 ? [] : [`comment on ${what} is ${quoteText(comment)}`];
	if (kind === "index") return whenMissing("pg_catalog.to_regclass", name, [definition, ...remark(`index ${name}`)]);
	if (kind === "statistics") return block([
		`  if not exists (select from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where format('%I.%I', n.nspname, s.stxname) = ${quoteText(name)}) then`,
		`    execute ${quoteText(definition)};`,
		"  end if;"
	]);
	const constraint = quoteName(name);
	const statements = [`alter table ${on} add constraint ${constraint} ${definition}`, ...remark(`constraint ${constraint} on ${on}`)];
	return block([
		`  if to_regclass(${quoteText(on)}) is not null and not exists (select from pg_constraint where conrelid = to_regclass(${quoteText(on)}) and conname = ${quoteText(name)}) then`,
		...statements.map((one) => `    execute ${quoteText(one)};`),
		"  end if;"
	]);
}
/** What old values fire was fired when they were new. Each trigger gets the state back in which it was. */
function disableTriggers(table) {
	return block([
		"  create temporary table shiplock_rescue_triggers on commit drop as",
		"    select g.tgrelid::regclass as relation, g.tgname as name, g.tgenabled as state from pg_trigger g",
		`    where not g.tgisinternal and g.tgenabled in ('O', 'A') and g.tgrelid in (select to_regclass(${quoteText(table)})::oid`,
		`      union select relid::oid from pg_partition_tree(to_regclass(${quoteText(table)})));`,
		"  for found in select * from shiplock_rescue_triggers loop",
		"    execute format('alter table only %s disable trigger %I', found.relation, found.name);",
		"  end loop;"
	], ["found record"]);
}
function enableTriggers() {
	return block([
		"  for found in select * from shiplock_rescue_triggers loop",
		"    execute format('alter table only %s enable %s trigger %I', found.relation, case found.state when 'A' then 'always' else '' end, found.name);",
		"  end loop;",
		"  drop table shiplock_rescue_triggers;"
	], ["found record"]);
}
// src/rollback/down/restore-columns.ts
/** Columns that were dropped: made anew, filled by their key, and only then given what they had to keep. */
function restoreColumns({ table, target, renamed, columns, key }, facts, kept) {
	const name = quoteTable(target);
	const lost = columns.map((column) => factsOf(facts, column));
	const keys = key.map((column) => factsOf(facts, column));
	const presets = lost.filter((one) => one.default !== void 0 || one.identity !== void 0 || one.notNull);
	const where = presets.length === 0 ? anyValue(columns) : void 0;
	const select = `select ${[...key, ...columns].map(ofRow).join(", ")} from ${fromRows({
		table,
		only: false,
		where
	})}`;
	const match = matching(keys, renamed, facts);
	const isNew = `not exists (select from pg_temp.${kept} as kept where ${match})`;
	const data = [
		...lost.flatMap(({ sequence, identity }) => sequence === void 0 || identity !== void 0 ? [] : [whenMissing("pg_catalog.to_regclass", sequence.name, [`create sequence ${sequence.name} ${sequence.options}`]), setPosition(sequence)]),
		...lost.map((one) => `alter table ${name} add column ${quoteName(one.name)} ${one.type}${collation(one)};`),
		disableTriggers(name),
		`update ${name} as live set ${lost.map((one) => `${quoteName(one.name)} = kept.${quoteName(one.name)}`).join(", ")} from pg_temp.${kept} as kept where ${match};`,
		...presets.filter((one) => one.default !== void 0).map((one) => `update ${name} as live set ${quoteName(one.name)} = ${one.default} where ${isNew};`),
		enableTriggers()
	];
	const there = `${kept}_there`;
	return {
		check: [refuseColumns(name, lost), `select ${countColumns(name, lost)} > 0 as ${there} \\gset`],
		types: [],
		stage: staging(kept, [...keys, ...lost], select, false),
		verify: [],
		data: [
			`\\if :${there}`,
			...fillColumns(name, lost, match, kept),
			"\\endif",
			...unless(there, data)
		],
		after: unless(there, [
			...lost.flatMap((one) => asBefore(name, one)),
			...facts.columns.filter(({ generated }) => generated !== void 0).map((one) => restoreGenerated(name, one)),
			...facts.dependents.map(restoreDependent)
		])
	};
}
/**
* The newer release has made the columns again. Where a row has nothing in them, or what every row got, it had the old value;
* what somebody wrote since stays.
*/
function fillColumns(table, lost, match, kept) {
	const text = (value) => `${value}::text collate "C"`;
	const presets = lost.flatMap((one, index) => one.default === void 0 || one.sequence !== void 0 ? [] : [{
		one,
		index
	}]);
	const isOpen = (one) => {
		const live = `live.${quoteName(one.name)}`;
		const preset = presets.find((found) => found.one === one);
		return `(${live} is null${preset === void 0 ? "" : ` or ${text(live)} is not distinct from preset_${preset.index}`})`;
	};
	const differs = (one) => `${text(`live.${quoteName(one.name)}`)} is distinct from ${text(`kept.${quoteName(one.name)}`)}`;
	const set = lost.map((one) => {
		const column = quoteName(one.name);
		return `${column} = case when ${isOpen(one)} then kept.${column} else live.${column} end`;
	});
	const change = lost.map((one) => `${isOpen(one)} and ${differs(one)}`).join(" or ");
	const names = message(lost.map(({ name }) => quoteName(name)).join(", "));
	return [
		disableTriggers(table),
		block([
			...presets.map(({ one, index }) => `  preset_${index} := (${one.default})::${one.type}::text;`),
			`  update ${table} as live set ${set.join(", ")} from pg_temp.${kept} as kept where ${match} and (${change});`,
			"  get diagnostics filled = row_count;",
			"  if filled = 0 then",
			`    raise exception 'Of ${message(table)} every value of ${names} that this rescue copy holds is there already, or others were written since.' using hint = 'Was it put back before, or has the down not run? Nothing was changed.';`,
			"  end if;",
			`  other := (select count(*) from ${table} as live join pg_temp.${kept} as kept on ${match} where ${lost.map(differs).join(" or ")});`,
			`  raise notice '% rows of ${message(table)} got their old values of ${names}; % have others, which were written since and stay.', filled, other;`
		], [
			"filled bigint",
			"other bigint",
			...presets.map(({ index }) => `preset_${index} text collate "C"`)
		]),
		enableTriggers()
	];
}
function asBefore(table, one) {
	const column = `alter table ${table} alter column ${quoteName(one.name)}`;
	const { sequence } = one;
	return [
		...one.default === void 0 ? [] : [`${column} set default ${one.default};`],
		...one.notNull ? [requireValues(table, one)] : [],
		...one.identity !== void 0 || sequence === void 0 ? [] : [`alter sequence ${sequence.name} owned by ${table}.${quoteName(one.name)};`],
		...one.comment === void 0 ? [] : [`comment on column ${table}.${quoteName(one.name)} is ${quoteText(one.comment)};`],
		...one.grants.map((grant) => `${grant};`)
	];
}
/** A row that is new has no value for a column without a default: then the column keeps its nulls, rather than all staying lost. */
function requireValues(table, { name, identity, sequence }) {
	const column = quoteName(name);
	const alter = `alter table ${table} alter column ${column}`;
	const options = sequence?.options.replace(/^as \S+ /, "") ?? "";
	const counter = identity === void 0 ? void 0 : sequence;
	return block([
		`  if exists (select from ${table} where ${column} is null) then`,
		`    raise warning 'Rows of ${message(table)} that are new have no ${message(column)}: it is not made NOT NULL again.';`,
		"  else",
		`    execute ${quoteText(`${alter} set not null`)};`,
		...counter === void 0 ? [] : [`    execute ${quoteText(`${alter} add generated ${identity} as identity (sequence name ${counter.name} ${options})`)};`, `    perform pg_catalog.setval(${quoteText(counter.name)}, ${counter.last}, ${counter.called});`],
		"  end if;"
	]);
}
/** It fell with a column that it is computed from. */
function restoreGenerated(table, { name, type, generated }) {
	return block([
		`  if not exists (select from pg_attribute where attrelid = to_regclass(${quoteText(table)}) and attname = ${quoteText(name)} and not attisdropped) then`,
		`    execute ${quoteText(`alter table ${table} add column ${quoteName(name)} ${type} generated always as ${generated}`)};`,
		"  end if;"
	]);
}
function collation({ collation: name }) {
	return name === void 0 ? "" : ` collate ${name}`;
}
/** An identity column takes no values from others. */
function refuseColumns(table, lost) {
	const names = message(lost.map(({ name }) => quoteName(name)).join(", "));
	const most = lost.some(({ identity }) => identity !== void 0) ? "> 0" : `not in (0, ${lost.length})`;
	return block([
		`  if to_regclass(${quoteText(table)}) is null then`,
		`    raise exception 'The table ${message(table)} is not there.' using hint = 'This rescue copy holds columns of it, and not the table.';`,
		"  end if;",
		`  if ${countColumns(table, lost)} ${most} then`,
		`    raise exception 'Of ${names} of ${message(table)} some are there already.' using hint = 'Was this rescue copy put back before, or has the down not run? Nothing was changed.';`,
		"  end if;"
	]);
}
function countColumns(table, lost) {
	const names = lost.map(({ name }) => quoteText(name)).join(", ");
	return `(select count(*) from pg_attribute where attrelid = to_regclass(${quoteText(table)}) and attname in (${names}) and not attisdropped)`;
}
// src/rollback/down/restore-rows.ts
/** Rows that were deleted. Those that somebody made again since stay as they are now. */
function restoreRows({ table, target, renamed, where, ownPath, restarts }, facts, kept) {
	const name = quoteTable(target);
	const held = facts.columns.filter(({ generated }) => generated === void 0);
	const select = `select ${held.map((one) => ofRow(one.name)).join(", ")} from ${fromRows({
		table,
		only: false,
		where
	})}`;
	const named = held.map((one) => quoteName(renamed[one.name] ?? one.name)).join(", ");
	const source = held.map((one) => `kept.${quoteName(one.name)}`).join(", ");
	const isThere = `exists (select from ${name} as live where row(${held.map((one) => `live.${quoteName(renamed[one.name] ?? one.name)}`).join(", ")})::text collate "C" = row(${source})::text collate "C")`;
	const hasKey = Object.keys(facts.equality).length > 0 && !facts.deferrable;
	const insert = `insert into ${name} (${named}) overriding system value select ${source} from pg_temp.${kept} as kept`;
	return {
		check: [],
		types: [],
		stage: staging(kept, held, select, ownPath),
		verify: [],
		data: [
			disableTriggers(name),
			block([
				`  all_rows := (select count(*) from pg_temp.${kept});`,
				...hasKey ? [] : [`  put_back := (select count(*) from pg_temp.${kept} as kept where not ${isThere});`, refuseRows(name)],
				`  ${insert}${hasKey ? " on conflict do nothing" : ""};`,
				"  get diagnostics put_back = row_count;",
				...hasKey ? [refuseRows(name)] : [],
				"  if put_back < all_rows then",
				`    raise notice '% of % rows of ${message(name)} are there already, and stay as they are', all_rows - put_back, all_rows;`,
				"  end if;"
			], ["all_rows bigint", "put_back bigint"]),
			enableTriggers(),
			...restarts ? facts.sequences.map((one) => setPosition(one, true)) : []
		],
		after: []
	};
}
function refuseRows(name) {
	return `  if all_rows > 0 and put_back = 0 then
    raise exception 'Every row of this rescue copy is in ${message(name)} already.' using hint = 'Was it put back before? Nothing was changed.';
  end if;`;
}
/** Values that were overwritten, cut or changed by a change of type. */
function restoreValues(part, facts, kept) {
	const { table, target, renamed, columns, key, where, ownPath, retyped } = part;
	const name = quoteTable(target);
	const [lost, keys] = [columns, key].map((list) => list.map((column) => factsOf(facts, column)));
	const select = `select ${[...key, ...columns].map(ofRow).join(", ")} from ${fromRows({
		table,
		only: false,
		where
	})}`;
	const match = matching(keys, renamed, facts);
	const now = (one) => quoteName(renamed[one.name] ?? one.name);
	const differs = lost.map((one) => `live.${now(one)}::text collate "C" is distinct from kept.${quoteName(one.name)}::text collate "C"`);
	const refuse = block([
		`  if exists (select from pg_temp.${kept}) and not exists (select from ${name} as live join pg_temp.${kept} as kept on ${match} where ${differs.join(" or ")}) then`,
		`    raise exception 'Every value of this rescue copy is in ${message(name)} already.' using hint = 'Was it put back before? Nothing was changed.';`,
		"  end if;"
	]);
	const set = lost.map((one) => `${now(one)} = kept.${quoteName(one.name)}`).join(", ");
	return {
		check: [],
		types: retyped ? lost.map((one) => restoreType(name, renamed[one.name] ?? one.name, one)) : [],
		stage: staging(kept, [...keys, ...lost], select, ownPath),
		verify: retyped ? [] : [refuse],
		data: [
			disableTriggers(name),
			`update ${name} as live set ${set} from pg_temp.${kept} as kept where ${match};`,
			enableTriggers()
		],
		after: []
	};
}
/** An enum that got its values back has moved its columns already. */
function restoreType(table, name, { type, collation: collated, default: preset }) {
	const column = quoteName(name);
	const alter = `alter table ${table} alter column ${column}`;
	const current = `(select format_type(atttypid, atttypmod) from pg_attribute where attrelid = to_regclass(${quoteText(table)}) and attname = ${quoteText(name)})`;
	const isEnum = `exists (select from pg_type t left join pg_type e on e.oid = t.typelem where t.oid = to_regtype(${quoteText(type)}) and 'e' in (t.typtype, e.typtype))`;
	return block([
		`  if ${current} = ${quoteText(type)} then`,
		`    if not (${isEnum} and ${enumMoved}) then`,
		`      raise exception 'The column ${message(column)} of ${message(table)} has its type back already.' using hint = 'Was this rescue copy put back before? Nothing was changed.';`,
		"    end if;",
		"  else",
		`    execute ${quoteText(`${alter} drop default`)};`,
		`    execute ${quoteText(`${alter} type ${type}${collated === void 0 ? "" : ` collate ${collated}`} using ${column}::text::${type}`)};`,
		...preset === void 0 ? [] : [`    execute ${quoteText(`${alter} set default ${preset}`)};`],
		"  end if;"
	]);
}
// src/rollback/down/rescue-file.ts
/** The whole file, as pieces in their order: one transaction that psql runs from its beginning to its end. The parts come in the order in which they are put back. */
async function composeRescue(source, given, options) {
	const parts = withoutRepeats(given);
	const wholes = parts.filter(isWhole);
	const restoring = [];
	const columns = [];
	for (const [index, part] of parts.entries()) {
		const kept = `shiplock_rescue_${index + 1}`;
		if (isWhole(part)) continue;
		if (part.kind === "position") {
			const position = await source.position(quoteTable(part.table));
			restoring.push({
				...nothing,
				data: [setPosition(position, true)]
			});
			continue;
		}
		const facts = await source.describeTable(part.table, part.kind === "columns" ? part.columns : []);
		if (part.kind === "columns") restoring.unshift(restoreColumns(part, facts, kept));
		else restoring.push(part.kind === "rows" ? restoreRows(part, facts, kept) : restoreValues(part, facts, kept));
		const typed = part.kind === "rows" ? facts.columns.map(({ name }) => name) : [...part.columns, ...part.key];
		columns.push(...typed.map((column) => ({
			table: part.table,
			column
		})));
	}
	const whole = wholes.length === 0 ? nothing : await restoreWhole(source, wholes);
	const needed = await source.prerequisites(wholes.map(({ table }) => table), columns);
	return [
		heading(source.facts, options),
		checkDatabase(source.facts),
		...[whole, ...restoring].flatMap(({ check }) => check),
		...needed,
		...restoring.flatMap(({ types }) => types),
		...restoring.flatMap(({ stage }) => stage),
		...restoring.flatMap(({ verify }) => verify),
		...[whole, ...restoring].flatMap(({ data }) => data),
		...[...restoring, whole].flatMap(({ after }) => after),
		"commit;"
	];
}
function isWhole(part) {
	return part.kind === "table" || part.kind === "sequence";
}
const nothing = {
	check: [],
	types: [],
	stage: [],
	verify: [],
	data: [],
	after: []
};
/** A table that goes takes all its losses along; two columns of one table come back together. */
function withoutRepeats(parts) {
	const of = (part) => quoteTable(part.table);
	const gone = new Set(parts.filter(({ kind }) => kind === "table").map(of));
	const kept = [];
	const columns = /* @__PURE__ */ new Map();
	for (const part of parts) {
		if (part.kind !== "table" && gone.has(of(part))) continue;
		if (part.kind !== "columns") {
			kept.push(part);
			continue;
		}
		const before = columns.get(of(part));
		const all = [.../* @__PURE__ */ new Set([...before?.columns ?? [], ...part.columns])];
		columns.set(of(part), {
			...part,
			columns: all
		});
	}
	const left = kept.flatMap((part) => {
		const lost = part.kind === "values" ? columns.get(of(part))?.columns ?? [] : [];
		if (part.kind !== "values" || lost.length === 0) return [part];
		const rest = part.columns.filter((column) => !lost.includes(column));
		return rest.length === 0 ? [] : [{
			...part,
			columns: rest
		}];
	});
	const names = /* @__PURE__ */ new Set();
	return [...left.filter((part) => part.kind !== "table" || !names.has(of(part)) && names.add(of(part))), ...columns.values()];
}
async function restoreWhole(source, wholes) {
	const facts = await source.describeWhole(wholes);
	const script = await readDumpScript(facts.script);
	const rows = facts.leaves.filter(({ columns }) => columns.length > 0).flatMap(({ name, columns }) => {
		const list = columns.join(", ");
		const copy = {
			into: `copy ${name} (${list}) from stdin;`,
			select: `select ${list} from only ${name}`,
			ownPath: false
		};
		return [
			disableTriggers(name),
			copy,
			enableTriggers()
		];
	});
	const leaves = facts.leaves.map(({ name }) => name);
	const there = "shiplock_rescue_whole_there";
	return {
		...nothing,
		check: [refuseWhole(facts.names, leaves), `select ${countWhole(facts.names)} > 0 as ${there} \\gset`],
		data: [
			...unless(there, script.before),
			...rows,
			...facts.sequences.map((one) => setPosition(one))
		],
		after: unless(there, [
			...script.after,
			...facts.references.map(restoreDependent),
			...script.last
		])
	};
}
/** What the newer release has made again takes the rows, as long as nobody has written into it. */
function refuseWhole(names, leaves) {
	const there = `'Was this rescue copy put back before, or has the down not run? Nothing was changed.'`;
	return block([
		`  if ${countWhole(names)} = 0 then`,
		"    return;",
		"  end if;",
		...leaves.length > 0 ? [] : [`  raise exception '${names.map(message).join(", ")} is there already.' using hint = ${there};`],
		`  if ${countWhole(names)} < ${names.length} then`,
		`    raise exception 'Of ${names.map(message).join(", ")} some are there already.' using hint = ${there};`,
		"  end if;",
		...leaves.flatMap((name) => [
			`  if exists (select from only ${name}) then`,
			`    raise exception '${message(name)} is there already, and has rows.' using hint = 'Was this rescue copy put back before, has the down not run, or were rows written since? Nothing was changed.';`,
			"  end if;"
		])
	]);
}
function countWhole(names) {
	return `(select count(*) from unnest(array[${names.map(quoteText).join(", ")}]::text[]) as one (name) where to_regclass(name) is not null)`;
}
function heading({ database, serverVersion, timeZone, at }, { migration, tool, what }) {
	return `${[
		`Rescue copy of what the down of ${migration} takes away, made by ${tool} on ${at.toISOString()}.`,
		`Database ${database}, PostgreSQL ${serverVersion}. Large objects that a value refers to are not in it.`,
		...what.map((one) => `It holds ${one}.`),
		"Run it once, after the down, best when the corrected release has migrated again: psql -X -v ON_ERROR_STOP=1 -f <this file>"
	].map((line) => `-- ${line.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")}`).join("\n")}
\\set ON_ERROR_STOP on
set client_encoding = 'UTF8';
begin;
set local standard_conforming_strings = on;
set local check_function_bodies = off;
set local row_security = off;
set local statement_timeout = 0;
set local client_min_messages = notice;
set local datestyle = 'ISO, YMD';
set local intervalstyle = postgres;
set local lc_monetary = 'C';
set local timezone = ${quoteText(timeZone)};
set local search_path = pg_catalog, pg_temp;
set constraints all immediate;`;
}
/** Names come again on other servers; a database that was moved or restored is another one too, and may be meant. */
function checkDatabase({ database, systemIdentifier, databaseOid }) {
	const system = systemIdentifier === void 0 ? [] : [`      or system <> ${quoteText(systemIdentifier)}`];
	return block([
		"  begin",
		"    system := (select system_identifier::text from pg_control_system());",
		"  exception when insufficient_privilege then",
		"    system := null;",
		"  end;",
		`  if current_setting('shiplock.elsewhere', true) is distinct from 'on' and (current_database() <> ${quoteText(database)}`,
		`      or (select oid::text from pg_database where datname = current_database()) <> ${quoteText(databaseOid)}`,
		...system,
		"  ) then",
		`    raise exception 'This rescue copy is of another database than this one: of ${message(database)}, as it was.'`,
		`      using hint = 'Where a copy of that database is meant, run it with PGOPTIONS="-c shiplock.elsewhere=on". Nothing was changed.';`,
		"  end if;"
	], ["system text"]);
}
// src/rollback/down/rescue-key.ts
const fileEnd = ".sql";
/** `<project>/rescues/<environment>/<YYYY>/<MM>/<DD>/<database>-<stamp>-<migration>-<run>.<attempt>.sql` */
function rescueKey(name) {
	const stamp = compactStamp(name.at);
	const day = `${stamp.slice(0, 4)}/${stamp.slice(4, 6)}/${stamp.slice(6, 8)}`;
	return `${keyLabel(name.project)}/rescues/${keyLabel(name.environment)}/${day}/${keyLabel(name.database)}-${stamp}-${keyLabel(name.migration)}-${keyLabel(name.run.id)}.${keyLabel(name.run.attempt)}${fileEnd}`;
}
function rescueManifestKey(key) {
	return `${key.slice(0, -4)}.manifest.json`;
}
// src/rollback/down/rescue-manifest.ts
const count = string().regex(/^\d+$/);
/** The JSON that is written last, once the file was read back: without it, a file is no rescue copy. */
const rescueManifestSchema = object({
	schema: literal("shiplock/rescue-manifest@1"),
	tool: string(),
	project: string(),
	environment: string(),
	migration: string(),
	run: object({
		id: string(),
		attempt: string(),
		host: string()
	}),
	source: object({
		database: string(),
		serverVersion: string(),
		systemIdentifier: string().optional(),
		databaseOid: string(),
		snapshotAt: datetime()
	}),
	object: object({
		key: string(),
		sizeBytes: int().nonnegative(),
		sha256: string().regex(/^[0-9a-f]{64}$/),
		rows: count
	}),
	losses: array(object({
		what: string(),
		place: string(),
		count: count.optional(),
		mark: string().optional()
	})),
	/** One line for a shell. */
	command: string()
});
/** Throws `rescue-failed` when the store gives back something else than was written. */
async function writeRescueManifest(store, key, manifest, signal) {
	const bytes = Buffer.from(`${JSON.stringify(rescueManifestSchema.parse(manifest), void 0, 2)}\n`);
	await store.put(key, Readable.from([bytes]), signal);
	if ((await buffer(await store.get(key))).equals(bytes)) return;
	throw new ReleaseError("rescue-failed", `${key}: the store gives back something else than was written.`, { hint: "Nothing was changed in the database. Look after the store, and run it again." });
}
// src/rollback/down/rescue-rows.ts
const newline = 10;
/** The bytes of the file as they are made. A line with the tag announces rows, and says how many there must be. */
async function* rescueBytes(source, pieces, tag, expected) {
	let place = 0;
	for (const piece of pieces) {
		if (typeof piece === "string") {
			yield Buffer.from(`${piece}\n\n`);
			continue;
		}
		yield Buffer.from(`-- ${tag} ${expected[place]} rows\n${piece.into}\n`);
		yield* source.rows(piece.select, piece.ownPath);
		yield Buffer.from("\\.\n\n");
		place++;
	}
}
/** Counts the rows of each part in the bytes that come back. A row is one line, whatever it holds. */
var RescueRowCounter = class {
	counts = [];
	#tag;
	#state = "outside";
	#line = Buffer.alloc(0);
	#count = 0;
	constructor(tag) {
		this.#tag = Buffer.from(`-- ${tag} `);
	}
	write(chunk) {
		let at = 0;
		while (at < chunk.length) {
			const end = chunk.indexOf(newline, at);
			if (end < 0) break;
			this.#take(this.#line.length === 0 ? chunk.subarray(at, end) : Buffer.concat([this.#line, chunk.subarray(at, end)]));
			this.#line = Buffer.alloc(0);
			at = end + 1;
		}
		if (at < chunk.length && this.#line.length < longestLine) this.#line = Buffer.concat([this.#line, chunk.subarray(at)]);
	}
	/** Whether the bytes end where no row is open. */
	get isWhole() {
		return this.#state === "outside" && this.#line.length === 0;
	}
	#take(line) {
		if (this.#state === "outside" && line.subarray(0, this.#tag.length).equals(this.#tag)) this.#state = "opening";
		else if (this.#state === "opening" && line.toString("latin1").endsWith(" from stdin;")) {
			this.#state = "rows";
			this.#count = 0;
		} else if (this.#state === "rows" && line.equals(end)) {
			this.counts.push(BigInt(this.#count));
			this.#state = "outside";
		} else if (this.#state === "rows") this.#count++;
	}
};
const end = Buffer.from("\\.");
const longestLine = 1048576;
// src/rollback/down/rescue.ts
/** Counts every loss, and marks it, under the one snapshot of the source. A loss that nobody can count stays in the list. */
function countLosses(source, losses) {
	return source.count(losses);
}
/** The tables that a rescue source must lock before its snapshot. */
function lostTables(losses) {
	const tables = losses.flatMap(({ table, copy }) => table === void 0 || copy?.kind === "sequence" || copy?.kind === "position" ? [] : [table]);
	return tables.filter((one, index) => tables.findIndex((other) => other.schema === one.schema && other.table === one.table) === index);
}
/** The losses that a rescue copy cannot hold; it needs a whole backup while there is one. */
function notRescued(losses) {
	return losses.filter(({ copy }) => copy === void 0);
}
/**
* Copies what the losses are about into the store, and reads it back. Throws `rescue-incomplete` where a loss cannot be
* copied, and `rescue-failed` where the store does not give back what was written; then nothing of it is left there.
*/
async function saveRescue(work) {
	const { source, store, losses, signal, place } = work;
	const [missing] = notRescued(losses);
	if (missing !== void 0) throw new ReleaseError("rescue-incomplete", `No rescue copy can hold ${missing.what} (${missing.place}).`, { hint: "Only a whole backup does: make one with backup, or go forward with a hotfix." });
	const { database, at } = source.facts;
	const key = rescueKey({
		...work,
		database,
		at
	});
	const tag = `shiplock-rows-${key.slice(key.lastIndexOf("/") + 1)}`;
	const pieces = await composeRescue(source, inOrder(losses), {
		migration: work.migration,
		tool: `shiplock/${version}`,
		what: losses.map(({ what, counted }) => `${what}${counted === void 0 ? "" : ` (${counted})`}`)
	});
	const expected = await expectedRows(source, pieces);
	const { sizeBytes, sha256 } = await write(work, key, rescueBytes(source, pieces, tag, expected));
	const manifestKey = rescueManifestKey(key);
	const rows = expected.reduce((sum, one) => sum + one, 0n);
	const command = putBack(key, database, place);
	try {
		await readBack(work, key, {
			tag,
			expected,
			written: {
				sizeBytes,
				sha256
			}
		});
		await writeRescueManifest(store, manifestKey, {
			schema: "shiplock/rescue-manifest@1",
			tool: `shiplock/${version}`,
			project: work.project,
			environment: work.environment,
			migration: work.migration,
			run: work.run,
			source: {
				database,
				serverVersion: source.facts.serverVersion,
				...source.facts.systemIdentifier === void 0 ? {} : { systemIdentifier: source.facts.systemIdentifier },
				databaseOid: source.facts.databaseOid,
				snapshotAt: at.toISOString()
			},
			object: {
				key,
				sizeBytes,
				sha256,
				rows: String(rows)
			},
			losses: losses.map(({ what, place: at, counted, markedAs }) => ({
				what,
				place: at,
				...counted === void 0 ? {} : { count: String(counted) },
				...markedAs === void 0 ? {} : { mark: markedAs }
			})),
			command
		}, signal);
	} catch (error) {
		for (const one of [manifestKey, key]) await store.delete(one).catch(() => {});
		throw error;
	}
	return {
		key,
		bytes: sizeBytes,
		sha256,
		rows,
		manifestKey,
		command
	};
}
/** What went last comes back first, as foreign keys want it; what one statement takes is listed with what others lean on first. */
function inOrder(losses) {
	const statements = /* @__PURE__ */ new Map();
	for (const loss of losses) {
		const name = `${loss.place} ${loss.statement}`;
		statements.set(name, [...statements.get(name) ?? [], loss]);
	}
	return [...statements.values()].reverse().flatMap((of) => of.flatMap(({ copy }) => copy ?? []));
}
async function expectedRows(source, pieces) {
	const expected = [];
	for (const piece of pieces) if (typeof piece !== "string") expected.push(await source.countRows(piece.select, piece.ownPath));
	return expected;
}
/** The object appears only when the last byte was made. */
async function write({ store, signal, onBytes }, key, bytes) {
	const { stream, result } = fingerprintStream(onBytes);
	const flow = pipeline(Readable.from(bytes, { objectMode: false }), stream, { signal });
	flow.catch(() => {});
	try {
		await store.put(key, stream, signal);
		await flow;
		return result();
	} catch (error) {
		const cause = await flow.then(() => error, (why) => why instanceof ReleaseError ? why : error);
		if (!signal.aborted) throw cause;
		throw new ReleaseError("interrupted", "The run was stopped in the middle of the rescue copy; nothing of it was stored.", {
			hint: "Run the same command again; a second run is safe.",
			cause
		});
	}
}
/** Fetches the stored bytes anew, from the first to the last. */
async function readBack({ store, signal }, key, { tag, expected, written }) {
	const counter = new RescueRowCounter(tag);
	const { stream, result } = fingerprintStream();
	await pipeline(await store.get(key), stream, async (chunks) => {
		for await (const chunk of chunks) counter.write(chunk);
	}, { signal });
	const found = result();
	if (found.sha256 !== written.sha256 || found.sizeBytes !== written.sizeBytes) throw damaged(key, `the stored bytes are not those that were written (${`${found.sizeBytes} bytes were read, ${written.sizeBytes} were written`})`);
	const counts = counter.counts;
	if (!(counter.isWhole && counts.length === expected.length && counts.every((one, index) => one === expected[index]))) throw damaged(key, `it holds ${counts.join(" + ") || "no"} rows, where ${expected.join(" + ") || "none"} were counted`);
}
function damaged(key, problem) {
	return new ReleaseError("rescue-failed", `The rescue copy ${key} was not read back: ${problem}.`, { hint: "Nothing was changed in the database. Look after the store, and run it again; or make a whole backup." });
}
// src/rollback/down/reversal.ts
/** A migration whose text is the way back of another, under the same version. Throws `no-down`, also for the comment that a tool writes into a new file. */
function wayBackOf(migration) {
	const { down, downPath } = migration;
	if (down === void 0 || isBlank(down.text)) throw new ReleaseError("no-down", `${migration.path} has no way back: nobody wrote a down for it.`, {
		at: migration.path,
		hint: "Ship a hotfix: \"shiplock rollback --shape hotfix\" prepares it."
	});
	const beside = downPath === void 0 ? {} : {
		path: downPath,
		file: down.text
	};
	const transactional = migration.downTransactional ?? migration.transactional;
	return {
		...migration,
		...beside,
		transactional,
		up: down,
		down: void 0
	};
}
/** Throws `down-not-transactional`: outside a transaction nothing holds the data still between the count and the loss. */
function refuseLossOutsideTransaction({ id, path, transactional }, losses) {
	const [first] = losses.filter(isLost);
	if (transactional || first === void 0) return;
	throw new ReleaseError("down-not-transactional", `${id} is marked to run outside a transaction, and its way back loses ${first.what}: what is lost could change between the count and the statement.`, {
		at: path,
		hint: "Stop the writers and take it back by hand with your own tool, or ship a hotfix: \"shiplock rollback --shape hotfix\"."
	});
}
/** The script with what must still be so when its locks are held: each count and each mark as they were looked at. */
function reversalScript(script, losses) {
	const lost = losses.filter((loss) => !loss.fails);
	const checks = lost.flatMap(({ count, counted, mark, markedAs }) => [...count === void 0 || counted === void 0 ? [] : [check(`(${count})::pg_catalog.int8 operator(pg_catalog.=) ${counted}::pg_catalog.int8`)], ...mark === void 0 || markedAs === void 0 ? [] : [check(`(${mark})::pg_catalog.text operator(pg_catalog.=) ${quoteText(markedAs)}`)]]);
	return {
		...script,
		reversal: { checks },
		units: lost.length === 0 ? script.units : script.units.map((unit) => holdingStill(unit, lost))
	};
}
function check(condition) {
	return `select pg_catalog.int4div(1, case when ${condition} then 1 else 0 end)`;
}
/** All locks are taken at the start, and none that lets others write, so that nothing changes between the count and the loss. */
function holdingStill(unit, lost) {
	const { needs } = unit;
	const own = needs.locks.map((lock) => writesRows.includes(lock.mode) ? {
		...lock,
		mode: "ShareRowExclusive"
	} : lock);
	const named = lost.flatMap(({ table }) => {
		return table === void 0 ? [] : [{
			schema: table.schema,
			name: table.table,
			mode: "ShareRowExclusive",
			reach: [{
				to: "children",
				mode: "ShareRowExclusive"
			}]
		}];
	});
	const locks = [...own, ...named];
	return {
		...unit,
		needs: {
			...needs,
			locks,
			first: locks
		}
	};
}
const writesRows = ["RowShare", "RowExclusive"];
// src/commands/open-rescue.ts
/** One snapshot of the live database, with the tables locked that the losses are about: nobody changes their form meanwhile. */
function openRescueSource(losses, connection, inputs, context) {
	return context.openRescue(connection, {
		binDir: inputs["pg-bin-dir"],
		install: inputs["install-tools"],
		tables: lostTables(losses),
		lockWaitMs: inputs["lock-budget"]
	});
}
// src/commands/rollback-down-look.ts
/** Throws whatever speaks against it; nothing is changed. */
async function lookAtDown(state, ran, inputs, place, context) {
	try {
		var _usingCtx$4 = _usingCtx();
		const { connection, database } = place;
		const text = await releasedText({
			...ran,
			checksum: checksumOf(state, ran)
		}, state.layout, inputs, context);
		const wayBack = wayBackOf(text.migration);
		const [script] = await rehearseLocks(await prepareScripts([wayBack], database, state.layout), connection, inputs, context);
		const schema = await context.readSchema(connection, {
			binDir: inputs["pg-bin-dir"],
			install: inputs["install-tools"]
		});
		const losses = await countedLosses(await lossesOfDown(text.migration, schema), connection, inputs, context);
		refuseLossOutsideTransaction(wayBack, losses);
		const reversal = reversalScript(script, losses);
		const preview = _usingCtx$4.a(await database.preview(state.ledger));
		return {
			text,
			script: reversal,
			losses,
			confirmable: {
				database: database.database,
				migration: text.migration.id,
				total: totalOf(losses)
			},
			statements: await previewScript(reversal, preview, inputs["stall-budget"]),
			changes: await describeChanges(schema, wayBack.up.text),
			after: await decideWithout(ran.version, state, inputs, database.serverMajor, context)
		};
	} catch (_) {
		_usingCtx$4.e = _;
	} finally {
		await _usingCtx$4.d();
	}
}
async function countedLosses(losses, connection, inputs, context) {
	try {
		var _usingCtx3 = _usingCtx();
		if (losses.length === 0) return [];
		return await countLosses(_usingCtx3.a(await openRescueSource(losses, connection, inputs, context)), losses);
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
/** What the version table or an attempt kept, else what a release contained that was deployed here. */
function checksumOf({ entries, history }, { version }) {
	const sides = sidesOf([], entries, history);
	return checksumThatRan(sides, version) ?? sides.contained.get(version)?.at(-1)?.checksum;
}
/** Whether the target's code works with one migration gone: by rules, since the queries can only be asked of what is there. */
async function decideWithout(version, { ran, layout, migrations }, inputs, postgres, context) {
	const others = ran.since.filter((one) => one.version !== version);
	const { found, lost } = await textsOf(others, layout, inputs, context);
	const { statements } = await judgeSince({
		target: migrations,
		since: found,
		layout,
		postgres
	});
	return decide([...statements.map(lineByRules), ...linesOfLost(lost, ran.displaced)], "rules");
}
// src/commands/rollback-down-team.ts
/** What a way back would do that only the team's own program can run: nobody can say what it changes or loses. */
async function lookAtTeamDown(state, program, ran, inputs, { connection, database }, context) {
	refuseTunnel(connection);
	const text = await releasedText({
		...ran,
		checksum: checksumOf(state, ran)
	}, state.layout, inputs, context);
	const { migration, commit } = text;
	if ((await filesOfCheckout(state.layout, inputs, context)).find(({ version }) => version === ran.version)?.checksum !== migration.checksum) throw new ReleaseError("down-not-found", `${migration.path} does not stand in this checkout as it ran: the program would run another way back, or none.`, {
		at: migration.path,
		hint: `Run the same command in a checkout that holds it: git switch --detach ${commit.slice(0, 12)}.`
	});
	const shown = showArguments(downCommandOf(inputs, program, ran.version));
	return {
		text,
		script: {
			migration,
			units: [],
			unwrapped: false,
			unparsed: `it is written in ${migration.notSql}`
		},
		losses: [unknownLoss(migration.path, shown)],
		confirmable: {
			database: database.database,
			migration: migration.id,
			total: void 0
		},
		statements: [],
		changes: void 0,
		after: await decideWithout(ran.version, state, inputs, database.serverMajor, context),
		notes: [`${shown} takes it back. What that changes and loses is not known: ${migration.id} is written in ${migration.notSql}.`, ...inputs.rescue === "backup" ? [] : ["No copy can be made of what nobody knows: it needs a fresh backup, and --rescue backup."]]
	};
}
function unknownLoss(place, statement) {
	return {
		kind: "unknown",
		what: "whatever its way back removes or overwrites",
		place,
		statement,
		table: void 0,
		columns: [],
		unit: "rows",
		count: void 0,
		mark: void 0,
		copy: void 0,
		fails: false,
		counted: void 0,
		markedAs: void 0,
		markMs: 0
	};
}
/** Starts the program under the guard; the version table says whether it took the migration back. */
async function runTeamReversal({ script: { migration } }, fact, { ledger, entries: before }, program, inputs, { connection, database }, context) {
	const command = downCommandOf(inputs, program, migration.version);
	const observer = await database.commandObserver();
	for (const one of await observer.closeUnfinished(0, context.signal)) context.log.warn(describeUnfinished(one));
	const environment = environmentOf("post", observer, database, connection, inputs, context);
	const books = database.state.books();
	const id = await books.beginReversal(migration, fact);
	const report = await runGuarded({
		phase: migration.phase,
		command,
		environment
	}, observer, inputs, context);
	const judged = judgeReversal(command, migration, report, before, staysOpen(report) ? void 0 : await database.entries(ledger).catch(() => void 0));
	if (judged.state !== "running") books.end({
		id,
		state: judged.state,
		durationMs: report.durationMs,
		error: judged.error?.code
	});
	await books.flush().catch(() => {});
	return {
		...judged,
		durationMs: report.durationMs,
		attempts: 1,
		sqlstate: void 0,
		blockers: report.waits.flatMap(({ heldBy }) => heldBy)
	};
}
// src/commands/rollback-down-act.ts
/** Runs the way back as `migrate` runs a migration, and notes the rollback. */
async function actOnDown(look, state, rescue, inputs, place, context) {
	const { script, losses, after } = look;
	const { database } = place;
	const { target, live, reason } = state;
	const takenBack = {
		migration: script.migration.id,
		lost: losses.filter(isLost).map(({ what, counted, unit }) => ({
			what,
			count: counted?.toString(),
			unit
		})),
		savedIn: rescue.savedIn
	};
	const fact = {
		from: live?.release,
		to: target.name,
		toCommit: target.commit,
		shape: "down-one",
		by: after.by,
		reason,
		who: whoOf(context),
		takenBack
	};
	const { report, closed } = await takeBack(look, fact, state, inputs, place, context);
	if (report.state !== "reverted") return {
		report,
		rescue,
		closed,
		notes: []
	};
	const notes = [];
	try {
		await database.state.recordRollback(fact);
	} catch (error) {
		notes.push(`The rollback itself could not be noted in the history: ${messageOf(error)}`);
	}
	await noteSchema(database, inputs["migrations-table"], true, context);
	return {
		report,
		rescue,
		closed,
		notes
	};
}
async function takeBack(look, fact, state, inputs, place, context) {
	try {
		var _usingCtx$3 = _usingCtx();
		const { database } = place;
		const { ledger, layout } = state;
		if (layout.runBy !== void 0) {
			await database.prepareState(ledger.publishState);
			const closed = await database.closeOpenAttempts(ledger);
			await refuseMoved(state, database);
			return {
				closed,
				report: await runTeamReversal(look, fact, state, layout.runBy, inputs, place, context)
			};
		}
		await database.requireRights(ledger, { erases: true });
		await database.prepare(ledger);
		const executor = _usingCtx$3.a(await database.executor(ledger));
		const closed = await database.closeOpenAttempts(ledger);
		await refuseMoved(state, database);
		return {
			closed,
			report: await runReversal(look.script, fact, executor, runPolicy(inputs, context))
		};
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
/** Throws `ledger-moved` when anybody wrote the version tables since they were read. */
async function refuseMoved({ heads, ledger }, database) {
	const now = await database.heads(ledger);
	const moved = heads.find(({ table, head }) => now.some((one) => one.table === table && one.head !== head));
	if (moved === void 0) return;
	throw new ReleaseError("ledger-moved", `Another program changed ${moved.table} while this run looked at it; nothing was taken back.`, { hint: "A service that migrates at boot, or a run that was killed and ended late, may have done it. Start again without confirm, and look." });
}
// src/commands/rollback-down-outcome.ts
/** What would happen, and the phrase that makes it happen. */
function outcomeOfLook(look, state, inputs) {
	const { migration } = look.text;
	const phrase = phraseOf(look.confirmable);
	const stuck = failingOn(look);
	const reason = stuck === void 0 ? `${migration.id} would be taken back, losing ${lossText(look)}; nothing was changed.` : `${migration.id} cannot be taken back as the data is: there are ${withCount(stuck)}, at ${stuck.place}. Nothing was changed.`;
	const common = {
		reason,
		outputs: outputsOf("down-one", look.after, look, ""),
		details: {
			...detailsOf(look, state),
			dryRun: inputs["dry-run"],
			phrase: stuck === void 0 ? phrase : void 0,
			state: "not-begun"
		}
	};
	if (stuck !== void 0) {
		const hint = "Correct those values first, where that is right, and look again; or ship a hotfix: \"shiplock rollback --shape hotfix\".";
		return {
			...common,
			verdict: "fail",
			error: new ReleaseError("down-would-fail", reason, {
				at: stuck.place,
				hint
			})
		};
	}
	if (inputs["dry-run"]) return {
		...common,
		verdict: "pass"
	};
	return {
		...common,
		verdict: "fail",
		error: new ReleaseError("confirmation-required", `${reason} Read what would be lost, then type the phrase.`, { hint: `${waysOn(look, inputs, phrase)} ${afterWords(look.after, state)}` })
	};
}
/** What works when it is typed: where no copy can be made the phrase alone would be refused. */
function waysOn({ losses }, { rescue }, phrase) {
	const confirmed = `--confirm ${JSON.stringify(phrase)}`;
	return rescue === "copy" && notRescued(losses.filter(isLost)).length > 0 ? `No copy can be made of all that: make a backup first (shiplock backup), and then run the same command with --rescue backup ${confirmed}.` : `Run the same command with ${confirmed}.`;
}
function outcomeOfReversal(look, state, { report, rescue, closed, notes }) {
	const { migration } = look.text;
	const details = {
		...detailsOf(look, state),
		state: report.state,
		durationMs: report.durationMs,
		attempts: report.attempts,
		sqlstate: report.sqlstate,
		blockers: report.blockers,
		rescue: rescue.details,
		closed,
		recorded: report.state === "reverted",
		ledger: noteAfter(report, migration, state),
		notes: [
			...state.notes,
			...look.notes ?? [],
			...rescue.notes,
			...notes
		]
	};
	const key = rescue.savedIn?.key ?? "";
	if (report.error !== void 0) {
		const kept = {
			running: "whether it was is not known",
			reverted: "it was, and that is not all that changed"
		}[report.state] ?? "it was not";
		const reason = `${migration.id} was to be taken back; ${kept}.`;
		return {
			verdict: report.error.verdict,
			reason,
			error: report.error,
			outputs: outputsOf("down-one", look.after, look, key),
			details
		};
	}
	return {
		verdict: verdictOf$1(look.after),
		reason: `${migration.id} was taken back, losing ${lossText(look)}. ${afterWords(look.after, state)}`,
		outputs: outputsOf(look.after.shape, look.after, look, key),
		details
	};
}
/** A finished step that is started again changes nothing, and says so. */
function outcomeOfAlready(state, after, closed, inputs) {
	const { named } = state;
	const when = named.takenBackAt?.toISOString().slice(0, 19).replace("T", " ");
	return {
		verdict: verdictOf$1(after),
		reason: `${named.name} has been taken back already, by the run of ${when} UTC; nothing was changed now. ${afterWords(after, state)}`,
		outputs: {
			shape: after.shape,
			deciding: placeOf$1(after.deciding),
			lost: "",
			rescue: ""
		},
		details: {
			...commonDetails(state, after),
			dryRun: inputs["dry-run"],
			migration: {
				id: named.name,
				version: named.version
			},
			state: "reverted-before",
			closed,
			ledger: noteLedger(state, { begun: [] }, state.postgres),
			notes: state.notes
		}
	};
}
/** The version tables as they are now; where only a part of the way back has run, or nobody knows, the migration may stand or not. */
function noteAfter({ state: became }, migration, { entries, history, migrations, postgres }) {
	const isUnsure = became === "running" || became === "failed" && !migration.transactional;
	const left = isUnsure || became === "reverted" ? entries.filter(({ version }) => version !== migration.version) : entries;
	const seen = {
		migrations: [...migrations, migration],
		entries: left,
		history
	};
	return noteLedger(seen, { begun: isUnsure ? [migration.version] : [] }, postgres);
}
/** What deploys the older code next must not go on unless it works. */
function verdictOf$1({ shape }) {
	if (shape === "code-only") return "pass";
	return shape === "undecided" ? "inconclusive" : "fail";
}
function detailsOf(look, state) {
	const { text, losses, statements, changes, after } = look;
	const { id, version, phase, path, transactional } = text.migration;
	return {
		...commonDetails(state, after),
		migration: {
			id,
			version,
			phase,
			path,
			transactional,
			commit: text.commit
		},
		losses: losses.map(describeLoss),
		total: look.confirmable.total?.toString(),
		statements,
		changes,
		notes: [...state.notes, ...look.notes ?? []]
	};
}
function commonDetails({ database, target, live, ran, named }, after) {
	const { deciding } = after;
	return {
		database,
		from: live?.release,
		to: target.name,
		commit: target.commit,
		shape: "down-one",
		asked: "down-one",
		by: after.by,
		after: {
			shape: after.shape,
			deciding: deciding === void 0 ? void 0 : `${placeOf$1(deciding)}: ${deciding.because}`
		},
		leftBehind: ran.since.filter(({ version }) => version !== named.version).map(({ version, name }) => name ?? version)
	};
}
function describeLoss({ what, kind, unit, counted, place, statement, fails, copy }) {
	return {
		what,
		kind,
		unit,
		count: counted?.toString(),
		place,
		statement,
		fails,
		copied: copy !== void 0
	};
}
function outputsOf(shape, { deciding }, { confirmable }, rescue) {
	return {
		shape,
		deciding: placeOf$1(deciding),
		lost: confirmable.total?.toString() ?? "",
		rescue
	};
}
/** What the server would refuse, on the data as it was counted. */
function failingOn({ losses }) {
	return losses.find(({ fails, counted = 0n }) => fails && counted > 0n);
}
function lossText({ losses, confirmable: { total } }) {
	if (total === 0n) return "nothing";
	return losses.filter(({ fails, counted }) => !fails && counted !== 0n).map(withCount).join(", ");
}
function withCount({ what, counted, unit }) {
	return `${what} (${counted === void 0 ? "nobody can count them" : plural(Number(counted), unit.slice(0, -1))})`;
}
/** Which code may run once it is taken back. */
function afterWords({ shape, deciding }, { target, live }) {
	const other = live === void 0 ? "" : ` The code of ${live.release} expects what is taken back: it must not go on running.`;
	if (shape === "code-only") return `Then the code of ${target.name} may be deployed (by rules).${other}`;
	const because = deciding === void 0 ? "" : ` ${placeOf$1(deciding)}: ${deciding.because}`;
	if (shape === "undecided") return `Whether the code of ${target.name} works then is not known.${because}${other}`;
	return `Even then the code of ${target.name} does not work (by rules).${because}${other}`;
}
function placeOf$1(line) {
	if (line === void 0) return "";
	return line.start === void 0 ? line.path : `${line.path}:${line.start.line}`;
}
// src/commands/rollback-rescue.ts
/**
* Makes the copy, or finds the backup, that gives back what the way back takes. Throws `rescue-impossible`,
* `recount-too-slow` or `backup-required`.
*/
async function requireRescue(look, state, inputs, place, context) {
	const lost = look.losses.filter(isLost);
	refuseSlowRecount(look.losses, inputs["stall-budget"]);
	if (lost.length === 0) return {
		savedIn: void 0,
		details: void 0,
		notes: []
	};
	return inputs.rescue === "backup" ? relyOnBackup(state, inputs, place, context) : saveCopy(look, lost, inputs, place, context);
}
/** The count and the mark are asked again while the locks are held, and the application waits behind them. */
function refuseSlowRecount(losses, stallBudgetMs) {
	const ms = 2 * losses.filter(({ fails }) => !fails).reduce((sum, { markMs }) => sum + markMs, 0);
	if (ms <= stallBudgetMs) return;
	throw new ReleaseError("recount-too-slow", `Counting the loss took ${formatDuration(ms / 2)}. It is counted again under the locks, while the application waits, and stall-budget allows ${formatDuration(stallBudgetMs)}; up to twice the time is reckoned with.`, { hint: `Stop the writers of these tables first, and give --stall-budget ${Math.ceil(ms / 1e3)}s. Nothing was changed.` });
}
async function saveCopy(look, lost, inputs, { connection }, context) {
	try {
		var _usingCtx$2 = _usingCtx();
		const [uncopied] = notRescued(lost);
		if (uncopied !== void 0) throw new ReleaseError("rescue-impossible", `${uncopied.place}: no copy can be made of ${uncopied.what}.`, {
			at: uncopied.place,
			hint: "Make a backup (shiplock backup), then run the same command with --rescue backup. Nothing was changed."
		});
		const { store } = inputs;
		if (store === void 0) throw new ReleaseError("rescue-impossible", "A copy of what is lost is saved in the store first, and no store was named.", { hint: "Set store to a place that outlives this machine, such as s3://bucket/prefix. Nothing was changed." });
		const { id } = look.text.migration;
		context.log.info(`saving what ${id} loses, and reading it back`);
		const source = _usingCtx$2.a(await openRescueSource(lost, connection, inputs, context));
		const losses = await countLosses(source, lost);
		refuseChanged(lost, losses);
		const { project, environment, run, signal } = context;
		const { key, manifestKey, bytes, sha256, rows, command } = await saveRescue({
			source,
			store: await context.openStore(store),
			place: {
				url: store,
				endpoint: context.storeEndpoint
			},
			project,
			environment,
			migration: id,
			run,
			losses,
			signal
		});
		const details = {
			kind: "copy",
			key,
			manifestKey,
			bytes,
			sha256,
			rows: Number(rows),
			command
		};
		return {
			savedIn: {
				kind: "copy",
				key,
				command
			},
			details,
			notes: []
		};
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
/** Throws `loss-changed`: what is copied has to be what somebody confirmed. */
function refuseChanged(confirmed, now) {
	const changed = confirmed.find(({ counted, markedAs }, index) => counted !== now[index]?.counted || markedAs !== now[index]?.markedAs);
	if (changed === void 0) return;
	throw new ReleaseError("loss-changed", `${changed.what} are no longer what was counted: rows were written meanwhile. Nothing was taken back.`, { hint: "Stop the writers of these tables, then start again without confirm: it counts anew and shows the phrase to type." });
}
/** A backup that was read back, of this very database as it stands now, and not too old. */
async function relyOnBackup({ ledger, history }, inputs, { database }, context) {
	const asked = {
		level: "read-back",
		maxAgeMs: inputs["require-backup-age"]
	};
	const standings = await standingsOf({
		database,
		ledger,
		history: history.rows
	}, [], inputs, context);
	const looked = await lookInStore(database, standings, asked, {
		...inputs,
		"require-backup": void 0,
		"attest-command": void 0
	}, context);
	if (typeof looked === "string" || looked.found === void 0) throw backupRequired(asked, looked, context, void 0, "rescue: backup");
	const { manifest } = looked.found.backup;
	const { snapshotAt } = manifest.dump;
	const command = restoreByHand(manifest, {
		url: inputs.store,
		endpoint: context.storeEndpoint
	}).join("\n");
	return {
		savedIn: {
			kind: "backup",
			key: manifest.object.key,
			command
		},
		details: {
			kind: "backup",
			id: manifest.id,
			key: manifest.object.key,
			snapshotAt,
			command
		},
		notes: [`The backup ${manifest.id} is of ${formatMoment(snapshotAt)}: what was written since then is not in it, and would be lost for good.`]
	};
}
// src/commands/rollback-down.ts
/** Takes exactly one migration back: shows what that means, and does it once somebody has typed the phrase. */
async function takeBackOne(state, inputs, place, context) {
	const { database } = place;
	if (state.named.entry === void 0) {
		const closed = inputs["dry-run"] ? [] : await database.closeOpenAttempts(state.ledger);
		const after = await decideWithout(state.named.version, state, inputs, database.serverMajor, context);
		return {
			after,
			outcome: outcomeOfAlready(state, after, closed, inputs)
		};
	}
	const ran = refuseNotNext(state);
	const { runBy } = state.layout;
	const look = runBy === void 0 ? await lookAtDown(state, ran, inputs, place, context) : await lookAtTeamDown(state, runBy, ran, inputs, place, context);
	const { reason } = state;
	for (const sql of look.statements) context.log.foreign(sql);
	const { after } = look;
	if (reason === void 0 || inputs.confirm === void 0 || failingOn(look) !== void 0) return {
		after,
		outcome: outcomeOfLook(look, state, inputs)
	};
	refuseOtherPhrase(inputs.confirm, look.confirmable);
	const rescue = await requireRescue(look, state, inputs, place, context);
	return {
		after,
		outcome: outcomeOfReversal(look, state, await actOnDown(look, {
			...state,
			reason
		}, rescue, inputs, place, context))
	};
}
/** Throws `target-contains` or `not-newest`. */
function refuseNotNext({ target, entries, history, migrations, ran, named }) {
	const found = ran.since.find(({ version }) => version === named.version);
	if (found === void 0) throw new ReleaseError("target-contains", `${named.name} belongs to ${target.name}: its code needs what would be taken back.`, { hint: "Name the newest migration that the target does not contain, or a target that is older than this one." });
	refuseOlderThanNewest(named.entry, newestApplied(entries, history), (version) => nameOfVersion(version, {
		entries,
		history,
		target: migrations
	}));
	return found;
}
// src/commands/rollback-down-state.ts
/** What only the shape down-one uses. */
const downInputNames = [
	"migration",
	"migrate-command-down",
	"confirm",
	"rescue",
	"require-backup-age",
	"store",
	"lock-budget",
	"stall-budget",
	...rehearsalInputNames,
	"install-tools",
	"show-data"
];
// src/rollback/issue-text.ts
/** GitHub refuses 65,536 characters, and titles of more than 256. */
const budget = 6e4;
const longestTitle = 240;
const longestCell = 1e3;
/** Longer addresses are refused by servers and mangled by terminals. */
const longestLink = 4e3;
/** The issue is found again by it, together with its author. It holds nothing that could end the comment it is in. */
function issueMarker({ kind, project, environment, from, to }) {
	return `<!-- shiplock:${[
		kind,
		project,
		environment,
		from?.commit ?? from?.name ?? "unknown",
		to.commit
	].map((one) => urlPart(one).replaceAll("--", "-%2D")).join(":")} -->`;
}
/** Plain text: a title is no Markdown. */
function issueTitle({ kind, environment, from, to }) {
	const ends = `${from?.name ?? "what is live"} → ${to.name}`;
	const title = kind === "rollback" ? `Rollback of ${environment}: ${ends}` : `Hotfix needed: ${environment}, in place of ${ends}`;
	return oneLine(title).slice(0, longestTitle);
}
function issueBody(story) {
	const { sentence, leftBehind, checklist, links, tool } = story;
	const footer = [md(tool), ...links.run === void 0 ? [] : [`[run](${links.run})`]].join(" · ");
	const sections = [
		{ before: `${issueMarker(story)}\n**${md(clip(sentence))}**` },
		{ before: facts(story) },
		{
			before: "### To do\n",
			rows: checklist.map((one) => `- [ ] ${md(clip(one))}`)
		},
		...leftBehind.length === 0 ? [] : [{
			before: "### What stays behind in the schema\n",
			rows: leftBehind.map((one) => `- ${code(clip(one))}`)
		}],
		{ before: `<sub>${footer}</sub>` }
	];
	return `${withinBudget(sections, budget)}\n`;
}
/** What a second run of the same adds below the issue. */
function issueAgain({ kind, who, why, sentence, links, tool }) {
	const what = kind === "rollback" ? "The same rollback was decided again" : "The same hotfix was asked for again";
	const run = links.run === void 0 ? "" : ` · [run](${links.run})`;
	return `${what}, by ${code(who)}: ${md(clip(why))}\n\n${md(clip(sentence))}\n\n<sub>${md(tool)}${run}</sub>\n`;
}
/** An address where a person opens the issue by hand, with its text filled in; shorter texts where the whole one does not fit. */
function issueLink(story) {
	const { checklist, leftBehind } = story;
	const link = (one) => `${one.links.repository}/issues/new?title=${urlPart(issueTitle(one))}&body=${urlPart(issueBody(one))}`;
	return [
		story,
		{
			...story,
			leftBehind: leftBehind.slice(0, 5)
		},
		{
			...story,
			leftBehind: [],
			deciding: void 0
		}
	].map(link).find((one) => one.length <= longestLink) ?? `${story.links.repository}/issues/new?title=${urlPart(issueTitle({
		...story,
		checklist
	}))}`;
}
function facts({ project, environment, from, to, shape, who, why, deciding, tests, links }) {
	const release = (one) => one.commit === void 0 || !/^[0-9a-f]{40,64}$/.test(one.commit) ? code(clip(one.name)) : `${code(clip(one.name))} ([${one.commit.slice(0, 12)}](${links.repository}/commit/${one.commit}))`;
	const rows = [
		["Environment", code(clip(environment))],
		["Project", code(clip(project))],
		["From", from === void 0 ? void 0 : release(from)],
		["To", release(to)],
		["Shape", code(shape)],
		["Who", code(clip(who))],
		["Why", md(clip(why))],
		["Deciding line", deciding === void 0 ? void 0 : `${code(clip(deciding.place))}: ${code(clip(deciding.statement))}`],
		["Tests of the target", tests === void 0 ? void 0 : md(clip(tests))]
	];
	return table(["", ""], rows.flatMap(([name, value]) => value === void 0 ? [] : [[name, value]]));
}
function clip(text) {
	return text.length > longestCell ? `${text.slice(0, 999)}…` : text;
}
// src/rollback/issues.ts
/** Opens the issue, or writes below the one that an earlier run opened: people may have ticked its boxes. */
async function keepIssue(issues, { marker, title, body, again }) {
	const found = await issues.find(marker);
	if (found === void 0) return {
		...await issues.open({
			title,
			body
		}),
		isNew: true
	};
	await issues.comment(found.number, again);
	return {
		...found,
		isNew: false
	};
}
/** One sentence that says why there is no issue, with what would make it possible. */
function whyNoIssue({ message, forbidden }) {
	return `No issue was opened: ${message}.${forbidden ? " The job needs \"permissions: { contents: read, issues: write }\"." : ""}`;
}
// src/rollback/target-ci.ts
const id = "target-ci";
/** Names that are shown, of as many as there are. */
const mostNames = 5;
/** Whether the target was green. A red one forbids nothing: people decide. */
function judgeTargetCi({ checks: all, problems }, { name, page, run }) {
	const checks = all.filter((one) => one.run === void 0 || one.run !== run);
	const [red, pending] = ["red", "pending"].map((state) => checks.filter((one) => one.state === state).map((one) => one.name));
	const of = `of ${plural(checks.length, "check")} of ${name}`;
	if (red !== void 0 && red.length > 0) return {
		id,
		status: "fail",
		value: `${red.length} ${of} failed`,
		message: `${listed(red)}. ${page}`
	};
	if (problems.length > 0) return notChecked(problems.join(" "));
	if (checks.length === 0) return notChecked(`GitHub has no checks of ${name}. ${page}`);
	if (pending !== void 0 && pending.length > 0) return notChecked(`${pending.length} ${of} have not ended: ${listed(pending)}. ${page}`);
	return {
		id,
		status: "pass",
		value: `${plural(checks.length, "check")} of ${name}, none failed`,
		message: page
	};
}
function notChecked(message) {
	return {
		id,
		status: "not-checked",
		message
	};
}
function listed(names) {
	const shown = [...new Set(names)];
	const more = shown.length - mostNames;
	return shown.slice(0, mostNames).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
// src/commands/rollback-outcome.ts
function outcomeOf(decided, told) {
	if (decided.down !== void 0) return withFollowUp(decided.down, decided, told);
	const { check, issue, draft, notes: more } = told;
	const { target, live, decision, ran, asked, dryRun, recorded, database, notes, queries, source } = decided;
	const { deciding } = decision;
	const done = {
		testsSeen: check.status !== "not-checked",
		issueOpen: issue !== void 0
	};
	const sentence = sentenceOf(decision, asked, target.name, ran.since.length);
	return {
		verdict: verdictOf(decision.shape, asked),
		reason: source === void 0 ? sentence : `From ${source.text}, not from the database: ${sentence}`,
		checks: [check],
		outputs: {
			shape: decision.shape,
			deciding: deciding === void 0 ? "" : placeOf$3(deciding),
			source: source?.kind ?? "database",
			issue: issue?.number ?? ""
		},
		details: {
			database,
			from: live?.release,
			to: target.name,
			commit: target.commit,
			shape: decision.shape,
			asked,
			by: decision.by,
			...source === void 0 ? {} : { source: {
				kind: source.kind,
				at: source.at.toISOString(),
				text: source.text
			} },
			dryRun,
			...queries === void 0 ? {} : { queries },
			recorded,
			deciding: deciding === void 0 ? void 0 : describe(deciding),
			lines: decision.lines.map(describe),
			leftBehind: ran.since.map(({ version, name }) => name ?? version),
			hotfix: decision.shape === "hotfix" || asked === "hotfix" ? hotfixOf(decision, live, done, decided.generator) : void 0,
			checklist: asked === "hotfix" ? [] : checklistOf(decision, target.name, done),
			...issue === void 0 ? {} : { issue },
			...draft === void 0 ? {} : { issueDraft: draft },
			notes: [
				...notes,
				...unchecked(ran.unchecked),
				...more
			]
		}
	};
}
/** The same, with what GitHub says beside it. */
function withFollowUp(down, decided, { check, issue, draft, notes }) {
	const { ran, decision, target, recorded } = decided;
	const done = {
		testsSeen: check.status !== "not-checked",
		issueOpen: issue !== void 0
	};
	const { notes: said = [] } = down.details ?? {};
	return {
		...down,
		checks: [...down.checks ?? [], check],
		outputs: {
			...down.outputs,
			source: "database",
			issue: issue?.number ?? ""
		},
		details: {
			...down.details,
			...issue === void 0 ? {} : { issue },
			...draft === void 0 ? {} : { issueDraft: draft },
			checklist: recorded && down.error === void 0 ? checklistOf(decision, target.name, done) : [],
			notes: [
				...said,
				...unchecked(ran.unchecked),
				...notes
			]
		}
	};
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
	const because = `${placeOf$3(deciding)}: ${deciding.because}`;
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
// src/commands/rollback-follow-up.ts
/** People wait for the answer; GitHub may be down as well. */
const longestMs = 2e4;
/** Asks for the checks of the target, and opens the issue. Whatever GitHub answers, the decision stands. */
async function followUp(decided, inputs, context) {
	const check = await askTargetCi(decided, inputs, context);
	if (check.status === "fail") context.log.warn(`${check.value}: ${check.message}`);
	const told = await tellIssue(decided, check, inputs, context);
	for (const note of told.notes) context.log.warn(note);
	return {
		check,
		...told
	};
}
async function askTargetCi({ target }, inputs, context) {
	const token = inputs["github-token"];
	const repository = repositoryOf(context);
	if (token === void 0 || repository === void 0) return notChecked(`${token === void 0 ? "It needs the input github-token" : "Only a workflow knows the repository"}, and GitHub was not asked.`);
	try {
		const found = await inTime(context, (signal) => context.readCommitChecks(target.commit, {
			repository,
			token,
			signal
		}));
		const page = `${serverOf(context)}/${repository}/commit/${target.commit}/checks`;
		return judgeTargetCi(found, {
			name: target.name,
			page,
			run: context.run.id
		});
	} catch (error) {
		return notChecked(problemOf(error, context));
	}
}
async function tellIssue(decided, check, inputs, context) {
	const nothing = {
		issue: void 0,
		draft: void 0,
		notes: []
	};
	const repository = repositoryOf(context);
	const { recorded, asked, dryRun } = decided;
	if (!(inputs["open-issue"] === "auto" && (recorded || asked === "hotfix" && !dryRun)) || repository === void 0) return nothing;
	const token = inputs["github-token"];
	const story = storyOf(decided, check, {
		repository,
		why: inputs.reason ?? ""
	}, context);
	const draft = issueLink(story);
	if (token === void 0) return {
		...nothing,
		draft,
		notes: ["No issue was opened: it needs the input github-token."]
	};
	const text = {
		marker: issueMarker(story),
		title: issueTitle(story),
		body: issueBody(story),
		again: issueAgain(story)
	};
	try {
		const issue = await inTime(context, async (signal) => keepIssue(await context.openIssues({
			repository,
			token,
			signal
		}), text));
		return {
			...nothing,
			issue
		};
	} catch (error) {
		const note = error instanceof ConversationError ? whyNoIssue(error) : `No issue was opened: ${problemOf(error, context)}`;
		return {
			...nothing,
			draft,
			notes: [note]
		};
	}
}
function storyOf(decided, check, { repository, why }, context) {
	const { target, live, deployed, decision, ran, asked, down } = decided;
	const done = {
		testsSeen: check.status !== "not-checked",
		issueOpen: true
	};
	const base = `${serverOf(context)}/${repository}`;
	const { deciding } = decision;
	return {
		kind: asked === "hotfix" ? "hotfix" : "rollback",
		project: context.project,
		environment: context.environment,
		from: deployed === void 0 ? void 0 : {
			name: deployed.release,
			commit: deployed.commit
		},
		to: target,
		shape: down === void 0 ? decision.shape : "down-one",
		who: whoOf(context),
		why: context.redact(why),
		sentence: down === void 0 ? sentenceOf(decision, asked, target.name, ran.since.length) : context.redact(down.reason),
		deciding: deciding === void 0 ? void 0 : {
			place: placeOf$3(deciding),
			statement: context.redact(deciding.statement)
		},
		tests: check.status === "not-checked" ? void 0 : `${check.value}: ${check.message}`,
		leftBehind: ran.since.map(({ version: number, name }) => name ?? number),
		checklist: asked === "hotfix" ? hotfixOf(decision, live, done, decided.generator).checklist : checklistOf(decision, target.name, done),
		links: {
			repository: base,
			run: context.variables.GITHUB_RUN_ID ? `${base}/actions/runs/${context.run.id}` : void 0
		},
		tool: `shiplock ${version}`
	};
}
function inTime(context, work) {
	const tooLate = (cause) => new ReleaseError("github-unreachable", `GitHub did not answer within ${longestMs / 1e3} s.`, {
		hint: "Look on GitHub yourself, or run the same command again later.",
		cause
	});
	return withinDuration(longestMs, context, tooLate, work);
}
/** What is no answer of GitHub's is a bug, unless somebody stopped us: what was decided and recorded is still told. */
function problemOf(error, { signal }) {
	if (error instanceof ReleaseError) return error.message;
	if (signal.aborted) return "The run was stopped by a signal before GitHub answered.";
	throw error;
}
function repositoryOf({ variables }) {
	const name = variables.GITHUB_REPOSITORY ?? "";
	return /^[\w.-]+\/[\w.-]+$/.test(name) ? name : void 0;
}
function serverOf({ variables }) {
	return variables.GITHUB_SERVER_URL || "https://github.com";
}
// src/commands/rollback-judge.ts
/** Throws `target-is-live` and `target-newer`: then there is nothing to go back to. */
async function judgeByRules({ target, layout, migrations, entries, history, postgres }, inputs, context) {
	const live = liveRelease(history.rows);
	const relation = live?.commit === void 0 ? void 0 : await context.compareCommit(live.commit, target.commit);
	const order = refuseForward(target, live, relation);
	const ran = ranSince(migrations, entries, history, target.name);
	const { found, lost } = await textsOf(ran.since, layout, inputs, context);
	const judgement = await judgeSince({
		target: migrations,
		since: found,
		layout,
		postgres
	});
	return {
		live,
		deployed: lastDeployed(history.rows),
		ran,
		lost,
		judgement,
		notes: [...order === void 0 ? [] : [order], ...ran.notes]
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
// src/backup/read-records.ts
const largestBytes = 4194304;
/** Errors with which a run may end that had begun already. */
const cutShort = [
	"interrupted",
	"internal-error",
	"connection-lost"
];
const record = object({
	release: string().default(""),
	verdict: string(),
	finishedAt: datetime().transform((at) => new Date(at)),
	database: string().optional(),
	ledger: ledgerNote.optional(),
	applied: unknown$1().optional(),
	fact: string().optional(),
	recorded: boolean().optional(),
	error: object({ code: string() }).optional()
});
/** What the results that a store keeps say of an environment. Throws what the store throws when it cannot be listed or read. */
async function readRecords(store, scope) {
	const all = (await store.list(`${scope.project}/records/`)).flatMap((object) => placeOf(object, scope.project) ?? []);
	const here = all.filter(({ environment }) => environment === scope.environment);
	const { ledger, unaccounted } = await findLedger(store, here);
	const { live, liveUnread } = await findLive(store, here);
	return {
		ledger,
		unaccounted,
		live,
		liveUnread,
		environments: [...new Set(all.map(({ environment }) => environment))].sort()
	};
}
function placeOf(object, project) {
	const rest = object.key.slice(`${project}/records/`.length);
	const [, commit, environment, stamp, command, run] = /^([^/]+)\/([^/]+)\/(\d{8}T\d{6}Z)-([a-z]+(?:-[a-z]+)*)-([^/]+)\.json$/.exec(rest) ?? [];
	if (commit === void 0 || environment === void 0 || stamp === void 0 || command === void 0 || run === void 0) return void 0;
	return {
		object,
		environment,
		stamp,
		command,
		run,
		at: new Date(stamp.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5")),
		commit: commit === "no-commit" ? void 0 : commit
	};
}
async function findLedger(store, here) {
	const unaccounted = [];
	for await (const read of newestFirst(store, here, [
		"migrate",
		"plan",
		"record",
		"rollback",
		"ledger"
	])) {
		const { place } = read;
		if (!("verdict" in read)) {
			if ([
				"migrate",
				"rollback",
				"ledger"
			].includes(place.command)) unaccounted.push(place);
			continue;
		}
		if (read.ledger !== void 0) return {
			ledger: {
				...place,
				at: read.finishedAt,
				database: read.database,
				...read.ledger
			},
			unaccounted
		};
		const refused = read.error !== void 0 && read.applied === void 0 && !cutShort.includes(read.error.code);
		const isMark = place.command === "ledger" && cutShort.includes(read.error?.code ?? "");
		if (place.command === "migrate" && !refused || isMark) unaccounted.push({
			...place,
			at: read.finishedAt
		});
	}
	return {
		ledger: void 0,
		unaccounted
	};
}
async function findLive(store, here) {
	const rollbacks = [];
	let liveUnread = false;
	for await (const read of newestFirst(store, here, ["record", "rollback"])) {
		if (!("verdict" in read)) {
			liveUnread = true;
			continue;
		}
		const { release, finishedAt: at, place } = read;
		const common = {
			release,
			commit: place.commit,
			at
		};
		if (place.command === "rollback" && read.recorded === true) rollbacks.unshift({
			event: "rollback",
			...common
		});
		if (place.command !== "record" || read.fact !== "deployed" || read.verdict !== "pass") continue;
		return {
			live: [{
				event: "deployed",
				...common,
				migrations: []
			}, ...rollbacks],
			liveUnread
		};
	}
	return {
		live: rollbacks,
		liveUnread
	};
}
/** Keys tell the second, and the results themselves the moment; those of one second are read together. */
async function* newestFirst(store, here, commands) {
	const wanted = here.filter(({ command }) => commands.includes(command));
	const stamps = [...new Set(wanted.map(({ stamp }) => stamp))].sort().reverse();
	for (const stamp of stamps) {
		const places = wanted.filter((one) => one.stamp === stamp);
		const read = await Promise.all(places.map(async (place) => ({
			place,
			...await readOne(store, place)
		})));
		const moment = (one) => "finishedAt" in one ? one.finishedAt.getTime() : Number.POSITIVE_INFINITY;
		yield* read.sort((one, other) => moment(other) - moment(one));
	}
}
/** Nothing for an object that is no result. */
async function readOne(store, { object: { key, sizeBytes } }) {
	if (sizeBytes > largestBytes) return void 0;
	try {
		return record.safeParse(JSON.parse(await text(await store.get(key)))).data;
	} catch (error) {
		if (error instanceof SyntaxError || error instanceof ReleaseError && error.code === "backup-not-found") return void 0;
		throw error;
	}
}
// src/rollback/known.ts
/** The stored history goes before the results, which do not know of a run that was killed. Throws `record-not-found`. */
function knownFrom(records, stored, { environment, place }) {
	const { ledger } = records;
	if (stored !== void 0 && stored.history.rows.length > 0) return fromHistory(stored, records);
	if (ledger === void 0) throw notFound(records, environment, place);
	const { at, command, run, commit, postgres, database, ran, perhaps } = ledger;
	const attempts = ran.flatMap((one) => attemptOf(one, {
		at,
		commit
	}));
	return {
		entries: [...ran, ...perhaps].map(entryOf),
		history: {
			rows: [...attempts, ...records.liveUnread ? [] : records.live],
			former: []
		},
		perhaps,
		unaccounted: records.unaccounted,
		postgres,
		database,
		source: {
			kind: "record",
			at,
			run: `${command}, run ${run}`
		},
		notes: records.liveUnread ? ["A newer record of a deploy or a rollback cannot be read: another release may be live."] : []
	};
}
/** Versions from before the history began are in no row of it; a result may hold them. */
function fromHistory({ history, begun }, { ledger }) {
	const { rows } = history;
	const attempts = /* @__PURE__ */ new Map();
	const reversals = /* @__PURE__ */ new Map();
	for (const row of [...history.former, ...rows]) if (row.event === "migration") {
		attempts.set(row.version, row);
		if (row.state === "applied" || row.state === "applied-unreported") reversals.delete(row.version);
	} else if (row.event === "reversal" && (row.state === "reverted" || row.state === "running")) reversals.set(row.version, row);
	const entries = /* @__PURE__ */ new Map();
	const perhaps = [];
	const noted = ledger?.ran ?? [];
	const contained = rows.flatMap((row) => row.event === "deployed" ? row.migrations : []).filter(({ phase }) => phase === "pre");
	for (const { version, phase } of contained) entries.set(version, entryOf({
		version,
		phase,
		checksum: void 0,
		name: void 0
	}));
	for (const one of noted) entries.set(one.version, entryOf(one));
	for (const { version, phase, checksum, name, state } of attempts.values()) {
		const ended = state === "applied" || state === "applied-unreported";
		const one = {
			version,
			phase,
			checksum,
			name
		};
		if (!ended && (state === "running" || state === "unknown" || begun.has(version))) perhaps.push(one);
		if (ended || perhaps.includes(one)) entries.set(version, entryOf(one));
	}
	for (const version of begun) {
		if (attempts.has(version)) continue;
		perhaps.push({
			version,
			phase: void 0,
			checksum: void 0,
			name: void 0
		});
		entries.set(version, entryOf({
			version,
			phase: void 0,
			checksum: void 0,
			name: void 0
		}));
	}
	for (const { version, phase, checksum, name, state, at } of reversals.values()) {
		if ((ledger !== void 0 && ledger.at > at ? noted.find((one) => one.version === version) : void 0) !== void 0) continue;
		entries.delete(version);
		if (state === "reverted") continue;
		const one = {
			version,
			phase,
			checksum,
			name
		};
		perhaps.push(one);
		entries.set(version, entryOf(one));
	}
	const last = newest(rows);
	return {
		entries: [...entries.values()],
		history,
		perhaps,
		unaccounted: [],
		postgres: ledger?.postgres,
		database: ledger?.database,
		source: {
			kind: "history",
			at: last.at,
			run: void 0
		},
		notes: []
	};
}
/** Such as `the record of 2026-11-21 14:02:26 UTC (migrate, run 77.1), 3 h ago`. */
function describeSource({ kind, at, run }, now) {
	const moment = at.toISOString().slice(0, 19).replace("T", " ");
	const age = `${formatDuration(Math.max(0, now.getTime() - at.getTime()))} ago`;
	if (kind === "history") return `the stored history, last added to on ${moment} UTC, ${age}`;
	return `the record of ${moment} UTC (${run}), ${age}`;
}
/**
* Whatever may have run counts as run, unless it belongs to the target: then its code may miss what did not run.
* Throws `half-applied`. Returns what is worth a note.
*/
function countPerhaps(perhaps, target, name) {
	const own = perhaps.find(({ version }) => target.some((one) => one.version === version && one.phase === "pre"));
	if (own !== void 0) throw new ReleaseError("half-applied", `Version ${shownVersion(own.version)} of ${name} had begun when the run ended, and nothing tells whether it has finished.`, { hint: "Only the database knows: run the same command without --from-record when it can be reached again." });
	return perhaps.map(({ version, name: id }) => `Version ${shownVersion(version)}${id === void 0 ? "" : ` (${id})`} had begun, and may have run: it counts as run.`);
}
/** Versions of files that a run without an account may have applied. */
function mayHaveRun(migrations, known) {
	const there = new Set(known.map(({ version }) => version));
	return migrations.filter(({ version }) => !there.has(version)).map(({ version, phase, checksum, id }) => ({
		version,
		phase,
		checksum,
		name: id
	}));
}
function entryOf({ version, phase, checksum }) {
	return {
		version,
		phase,
		checksum,
		appliedAt: void 0
	};
}
/** A version as if an attempt of the run had applied it: that gives it its name, and a commit that may hold its text. */
function attemptOf({ version, phase = "pre", checksum, name = "" }, { at, commit }) {
	if (checksum === void 0) return [];
	return [{
		event: "migration",
		release: "",
		commit,
		at,
		phase,
		version,
		name,
		checksum,
		state: "applied"
	}];
}
function notFound({ environments, unaccounted }, environment, place) {
	const others = environments.filter((one) => one !== environment);
	const why = unaccounted.length > 0 ? `The records of ${environment} in ${place} do not say what had run.` : `${place} holds no record of ${environment} that says what had run.`;
	const named = others.length === 0 ? "" : ` Environments with records there: ${others.join(", ")}; --environment names one.`;
	return new ReleaseError("record-not-found", why, { hint: `Results of "plan", "migrate" and "record deployed" are kept where --store (or store in shiplock.yml) was named for them too.${named} Without a record only the database can tell: run the same command without --from-record.` });
}
// src/commands/rollback-record.ts
/** Lint takes the oldest server, too, where nobody says which one it is. */
const oldestPostgres = 13;
/** Decides from what the store keeps, when the server cannot be asked. Nothing is written. Throws `record-not-found`. */
async function decideFromRecord(inputs, context) {
	const url = storeOf(inputs);
	const target = await findTarget(inputs.to, context);
	const { layout, migrations } = await migrationsAt(target, inputs, context);
	const store = await context.openStore(url);
	const known = knownFrom(await readRecords(store, context), await context.readStoredRun(url), {
		environment: context.environment,
		place: store.description
	});
	const text = describeSource(known.source, context.clock.now());
	const { found, unknown } = await filesOf(known.unaccounted, inputs, context);
	const unsure = [...known.perhaps, ...mayHaveRun(found, known.entries)];
	const perhaps = await saying(text, async () => countPerhaps(unsure, migrations, target.name));
	const entries = new Map([...known.entries, ...unsure.map(entryOf)].map((entry) => [entry.version, entry]));
	const postgres = known.postgres ?? oldestPostgres;
	const attempts = unsure.flatMap((one) => attemptOf(one, {
		at: known.source.at,
		commit: void 0
	}));
	const history = {
		...known.history,
		rows: [...known.history.rows, ...attempts]
	};
	const standing = {
		target,
		layout,
		migrations,
		entries: [...entries.values()],
		history,
		postgres
	};
	const { live, deployed, ran, lost, judgement, notes } = await saying(text, () => judgeByRules(standing, inputs, context));
	const lines = [
		...judgement.statements.map(lineByRules),
		...linesOfLost(lost, ran.displaced),
		...unknown.map(lineOfRun)
	];
	return {
		target,
		live,
		deployed,
		decision: decide(lines, "rules"),
		ran,
		asked: inputs.shape,
		dryRun: true,
		recorded: false,
		generator: layout.runBy?.generator.pre,
		database: known.database,
		source: {
			kind: known.source.kind,
			at: known.source.at,
			text
		},
		notes: [
			...notesOf(known, inputs),
			...perhaps,
			...notes
		]
	};
}
/** A refusal tells what it goes by as well. */
async function saying(source, decide) {
	try {
		return await decide();
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		const { code, message, hint, at, cause } = error;
		throw new ReleaseError(code, `From ${source}, not from the database: ${message}`, {
			...hint === void 0 ? {} : { hint },
			...at === void 0 ? {} : { at },
			cause
		});
	}
}
function storeOf({ store }) {
	if (store !== void 0) return store;
	throw new ReleaseError("invalid-input", "from-record reads the records in the store, and no store was named.", { hint: "Set store to the place that the releases of this environment name, such as s3://bucket/prefix." });
}
/** The files of the commits whose runs leave it open what they did. */
async function filesOf(runs, inputs, context) {
	const found = [];
	const unknown = [];
	for (const run of runs) {
		const commit = run.commit === void 0 ? void 0 : await context.gitCommit(run.commit);
		if (commit === void 0) unknown.push(run);
		else found.push(...(await migrationsAt({
			name: commit.slice(0, 12),
			commit
		}, inputs, context)).migrations);
	}
	return {
		found,
		unknown
	};
}
function notesOf({ notes, unaccounted }, { queries = [] }) {
	return [
		"Nobody asked the database: what ran after that moment, by hand or in a run that was killed, is not known here.",
		...queries.length === 0 ? [] : ["The target's queries were not asked: only a server can prepare them."],
		...unaccounted.map(({ command, run, at }) => `The later ${command} of ${formatMoment(at)} (run ${run}) does not say what it applied: all files of its commit count as run.`),
		...notes
	];
}
// src/commands/rollback.ts
const rollbackInputNames = [
	...databaseInputNames,
	"publish-state",
	...folderInputNames,
	"to",
	"shape",
	"queries",
	"reason",
	"from-record",
	"open-issue",
	"github-token",
	"dry-run",
	...downInputNames
];
var rollback_default = defineCommand({
	summary: "Decide whether older code can run on the schema as it is, and record it.",
	inputs: rollbackInputNames,
	optional: ["database-url", "store"],
	outputs: {
		shape: "The way back that is open: code-only, hotfix, or undecided; down-one before a migration is taken back.",
		deciding: "Path and line of the statement that decides; empty when none speaks against code-only.",
		source: "What it was decided from: database, or without it record or history.",
		issue: "Number of the issue that was opened, or found; empty when there is none.",
		lost: "With down-one: how many rows and values the way back takes; empty where nobody can count them.",
		rescue: "With down-one: key of the copy, or id of the backup, that gives them back; empty where nothing is lost."
	},
	async run(inputs, context) {
		const reason = reasonOf(inputs);
		if (inputs["from-record"] && inputs.shape === "down-one") throw new ReleaseError("invalid-input", "from-record only decides; down-one changes the database, and needs it.", { hint: "Without the database ask for --shape auto --from-record; take a migration back when the server answers again." });
		const decided = inputs["from-record"] ? await decideFromRecord(inputs, context) : await decideOnDatabase(inputs, reason, context);
		return outcomeOf(decided, await followUp(decided, inputs, context));
	}
});
async function decideOnDatabase(inputs, reason, context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const target = await findTarget(inputs.to, context);
		const { layout, migrations } = await migrationsAt(target, inputs, context);
		const connection = _usingCtx$1.a(await databaseInputs({
			...inputs,
			"database-url": urlOf(inputs)
		}, context));
		const database = _usingCtx$1.a(await openDatabase(connection, inputs, context).catch(whenDown));
		const asFiles = ledgerOptions(inputs, {
			layout,
			migrations
		}, context);
		if (!inputs["dry-run"]) await database.lock(context.project, {
			onLocked: "fail",
			waitMs: 0,
			signal: context.signal
		}, asFiles);
		await checkIdentity(database, context);
		const history = await database.state.history();
		const ledger = ledgerOptions(inputs, {
			layout,
			migrations: [...migrations, ...await filesHere(layout, inputs, context)]
		}, context, history);
		const heads = await database.heads(ledger);
		const entries = await database.entries(ledger);
		const named = inputs.shape === "down-one" ? findNamed(inputs.migration, {
			entries,
			history,
			target: migrations
		}) : void 0;
		refuseHalfApplied(await database.state.finishedSteps(), new Set(entries.map(({ version }) => version)), named?.version);
		const standing = {
			target,
			layout,
			migrations,
			entries,
			history,
			postgres: database.serverMajor
		};
		const { live, deployed, ran, lost, judgement, notes } = await judgeByRules(standing, inputs, context);
		const about = {
			target,
			live,
			deployed,
			ran,
			asked: inputs.shape,
			dryRun: inputs["dry-run"],
			database: database.description,
			generator: layout.runBy?.generator.pre
		};
		if (named !== void 0) {
			const { outcome, after } = await takeBackOne({
				...standing,
				...about,
				ledger,
				heads,
				named,
				notes,
				reason
			}, inputs, {
				connection,
				database
			}, context);
			const recorded = outcome.details?.recorded === true;
			const left = ran.since.filter(({ version }) => !recorded || version !== named.version);
			return {
				...about,
				ran: {
					...ran,
					since: left
				},
				decision: after,
				recorded,
				notes: [],
				down: outcome
			};
		}
		const evidence = await askQueries(target, inputs.queries, connection, context);
		const judged = evidence === void 0 ? judgement.statements.map(lineByRules) : withQueries(judgement.statements, evidence.asked, evidence.unread, judgement.schema);
		const boot = bearsMissing(layout, ran.since, migrations) ? void 0 : await bootRefusal(layout, target.commit, context);
		const decision = decide([
			...judged,
			...linesOfLost(lost, ran.displaced),
			...boot === void 0 ? [] : [boot]
		], evidence === void 0 ? "rules" : "queries");
		const records = decision.shape === "code-only" && inputs.shape !== "hotfix" && reason !== void 0;
		if (records) {
			await database.prepareState(inputs["publish-state"]);
			const { name: to, commit: toCommit } = target;
			await database.state.recordRollback({
				from: live?.release,
				to,
				toCommit,
				shape: "code-only",
				by: decision.by,
				reason,
				who: whoOf(context)
			});
		}
		return {
			...about,
			decision,
			recorded: records,
			notes: [...notes, ...evidence?.notes ?? []],
			...evidence === void 0 ? {} : { queries: evidence.summary }
		};
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
/** Throws `invalid-input`: whoever reads the history next week asks why. */
function reasonOf({ reason, "dry-run": dryRun, "from-record": fromRecord }) {
	if (dryRun || fromRecord) return void 0;
	if (reason !== void 0) return reason;
	throw new ReleaseError("invalid-input", "reason is missing: it says why older code comes back.", { hint: "Run it again with --reason \"…\", which is kept in the history; or with --dry-run, which only decides." });
}
const recordHint = "When the server is down: the same command with --from-record decides from the records in the store.";
function whenDown(error) {
	if (!(error instanceof ReleaseError) || error.code !== "connection-failed") throw error;
	const hint = [error.hint, recordHint].filter(Boolean).join(" ");
	throw new ReleaseError(error.code, error.message, {
		hint,
		cause: error.cause
	});
}
function urlOf({ "database-url": url }) {
	if (url !== void 0) return url;
	throw new ReleaseError("invalid-input", "database-url is required; set the environment variable DATABASE_URL.", { hint: recordHint });
}
export { rollback_default as default };
