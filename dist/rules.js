import { C as tokensOf, T as positionFromUtf16, Y as versionOfPath, _t as lineageOf, b as scanComments, et as nextVersion, gt as isRepeatable$1, m as didYouMean, mt as byVersion, q as partsOfPath, un as ReleaseError, v as parsePlpgsql, w as withoutEnd, x as scanTokens, y as parseStatements } from "./start.js";
import { $t as statementLocks, B as isCommit, Ct as statementsOf$1, H as standsAlone, U as waitsByDesign, V as kindOf$1, _n as nameInText, an as modeInSql, bn as optionsOf, dn as isVolatile, en as constraintsOf, gn as isOnly, hn as hasOption, in as lockModes, on as strongerMode, pt as MappedText, sn as isBuiltinFunction, tn as queryLocks, un as isSerial, vn as nameOf, xn as wordsOf, yn as nameOfWords, z as isBegin } from "./migrations.js";
import { C as openNode, S as nodesOf, _ as indexesOf, a as joinedColumns, b as tableById, c as columnType, d as emptySchema, f as findRelation, g as foreignKeysTo, i as chooseRelationName, l as typeText$3, m as findType$2, o as canonicalText, p as findTable, r as chooseConstraintName, s as stringsOf, t as applyStatement, u as childrenOf, v as nameKey, x as viewById, y as nameOfKey$2 } from "./replay.js";
import { r as objectName$1, t as destructivePart } from "./destructive.js";
import { t as bootCommands } from "./boot-commands.js";
import { n as touchedObjects } from "./touched-objects.js";
import { basename, dirname } from "node:path/posix";
// src/sql/schema/copy.ts
/**
* A copy that shares nothing that changes. Lists and the parser's nodes are never changed, only replaced, so that both
* may hold the same.
*/
function copySchema(schema) {
	return {
		...schema,
		searchPath: [...schema.searchPath],
		schemas: new Set(schema.schemas),
		relations: copyMap(schema.relations, copyRelation),
		names: new Map(schema.names),
		types: copyMap(schema.types, (type) => {
			if (type.kind === "domain") return {
				...type,
				checks: copyMap(type.checks, (check) => ({ ...check }))
			};
			return type.kind === "composite" ? {
				...type,
				attributes: new Map(type.attributes)
			} : { ...type };
		}),
		functions: copyMap(schema.functions, (overloads) => [...overloads]),
		publications: copyMap(schema.publications, (one) => ({
			...one,
			tables: new Set(one.tables),
			schemas: new Set(one.schemas),
			details: new Map(one.details)
		})),
		extensions: new Set(schema.extensions),
		others: new Map(schema.others),
		constraintNames: new Map(schema.constraintNames),
		typeUsers: copyMap(schema.typeUsers, (users) => new Set(users)),
		callers: copyMap(schema.callers, (users) => new Set(users))
	};
}
function copyRelation(relation) {
	switch (relation.kind) {
		case "index": return { ...relation };
		case "sequence": return {
			...relation,
			usedBy: new Set(relation.usedBy)
		};
		case "view": return {
			...relation,
			indexes: new Set(relation.indexes),
			triggers: copyMap(relation.triggers, (one) => ({ ...one })),
			rules: new Map(relation.rules),
			readBy: new Set(relation.readBy)
		};
		case "table": return {
			...relation,
			columns: copyMap(relation.columns, (one) => ({ ...one })),
			constraints: copyMap(relation.constraints, (one) => ({ ...one })),
			indexes: new Set(relation.indexes),
			parents: new Set(relation.parents),
			children: new Set(relation.children),
			referencedBy: new Set(relation.referencedBy),
			triggers: copyMap(relation.triggers, (one) => ({ ...one })),
			rules: new Map(relation.rules),
			policies: new Set(relation.policies),
			policyTexts: new Map(relation.policyTexts),
			readBy: new Set(relation.readBy),
			sequences: new Set(relation.sequences)
		};
	}
}
function copyMap(map, copy) {
	const copied = /* @__PURE__ */ new Map();
	for (const [key, value] of map) copied.set(key, copy(value));
	return copied;
}
// src/sql/nested/block.ts
/** Reads what the parser of PL/pgSQL makes of a block; `undefined` when it is no such thing. */
function partsOfBlock(parsed) {
	const body = parsed?.plpgsql_funcs?.[0]?.PLpgSQL_function;
	if (body?.action === void 0) return void 0;
	const datums = body.datums ?? [];
	const parts = [];
	const place = {
		line: 1,
		batched: false,
		variables: constantsOf(datums),
		declared: true
	};
	visit$1(datums, place, {
		parts,
		datums
	});
	visit$1(body.action, {
		...place,
		declared: false
	}, {
		parts,
		datums
	});
	return parts;
}
function visit$1(value, place, reading) {
	if (Array.isArray(value)) for (const one of value) visit$1(one, place, reading);
	else if (typeof value === "object" && value !== null) for (const [kind, content] of inOrder(value)) enter(kind, content, place, reading);
}
/** What a loop goes over is read before its body, and a handler after it. */
function inOrder(tree) {
	const rank = (key) => key === "exceptions" ? 2 : key === "body" ? 1 : 0;
	return Object.entries(tree).sort(([one], [other]) => rank(one) - rank(other));
}
function enter(kind, content, outer, reading) {
	if (typeof content !== "object" || content === null || kind === "var") return;
	const tree = content;
	const line = typeof tree.lineno === "number" ? tree.lineno : outer.line;
	const place = {
		...outer,
		line
	};
	const { parts } = reading;
	if (kind === "PLpgSQL_expr") return void parts.push({
		...place,
		kind: kindOf(tree),
		query: String(tree.query)
	});
	if (kind === "PLpgSQL_stmt_commit") return void parts.push({
		...place,
		kind: "commit",
		query: "commit"
	});
	if (kind === "PLpgSQL_stmt_rollback") return void parts.push({
		...place,
		kind: "rollback",
		query: "rollback"
	});
	if (kind === "PLpgSQL_stmt_perform") return void parts.push({
		...place,
		kind: "perform",
		query: queryOf(tree.expr)
	});
	const dynamic = kind === "PLpgSQL_stmt_dynexecute" || kind === "PLpgSQL_stmt_dynfors" ? tree.query : tree.dynquery;
	if (dynamic !== void 0) parts.push({
		...place,
		kind: "dynamic",
		query: queryOf(dynamic)
	});
	visit$1(dynamic === void 0 ? tree : {
		...tree,
		query: void 0,
		dynquery: void 0
	}, loops.has(kind) ? insideLoop(kind, tree, place, reading) : place, reading);
}
const loops = new Set([
	"loop",
	"while",
	"fori",
	"fors",
	"forc",
	"dynfors",
	"foreach_a"
].map((name) => `PLpgSQL_stmt_${name}`));
function insideLoop(kind, tree, place, { datums }) {
	const variables = new Map(place.variables);
	const { refname } = datums[Number(tree.varno)]?.PLpgSQL_var ?? {};
	if (kind === "PLpgSQL_stmt_foreach_a" && refname !== void 0) variables.set(refname, {
		expression: queryOf(tree.expr),
		each: true
	});
	return {
		...place,
		variables,
		batched: place.batched || JSON.stringify(tree.body ?? []).includes("\"PLpgSQL_stmt_commit\"")
	};
}
/** How the text is to be read: the parser's modes are 0 for a statement, 2 for an expression, and more for assignments. */
function kindOf({ parseMode }) {
	return parseMode === 0 ? "statement" : parseMode === 2 ? "expression" : "assignment";
}
function queryOf(expression) {
	return String(expression?.PLpgSQL_expr?.query ?? "");
}
function constantsOf(datums) {
	return new Map(datums.flatMap(({ PLpgSQL_var: variable }) => {
		const { refname, isconst, default_val } = variable ?? {};
		if (isconst !== true || refname === void 0 || default_val === void 0) return [];
		return [[refname, {
			expression: queryOf(default_val),
			each: false
		}]];
	}));
}
// src/sql/nested/literal.ts
/**
* What a string constant says, each character with its place. Where the constant is written with escapes, only its
* beginning is known.
*/
function literalText(source, start, end, value) {
	const found = source.text.slice(start, end).startsWith("$") ? betweenTags(source, start, end) : betweenQuotes(source, start, end);
	return found?.text === value ? found : MappedText.generated(value, source.fileOffset(start));
}
function betweenTags(source, start, end) {
	const tag = source.text.indexOf("$", start + 1) + 1 - start;
	return source.slice(start + tag, end - tag);
}
/** A quote is written twice; any other way of writing ends up with another value. */
function betweenQuotes(source, start, end) {
	if (source.text[start] !== "'") return void 0;
	const parts = [];
	let from = start + 1;
	for (let at = from; at < end - 1; at++) {
		if (source.text[at] !== "'") continue;
		parts.push(source.slice(from, at));
		from = ++at;
	}
	return MappedText.join(...parts, source.slice(from, end - 1));
}
// src/sql/nested/constant.ts
/**
* The texts that an expression gives, when its own text tells: a constant, constants put together, `format` of
* constants. Several when a variable takes several values; `undefined` when only a run tells.
*/
async function constantTexts(expression, variables) {
	const read = await readExpression(expression);
	if (read === void 0) return void 0;
	const found = (await valuesOf(variables, columnNames(read.node)))?.map((known) => evaluate(read, read.node, known));
	return found?.every((one) => one !== void 0) ? found : void 0;
}
async function readExpression(expression) {
	const text = MappedText.join(MappedText.generated("select ", expression.fileOffset(0)), expression);
	const parsed = await parseStatements(text.text);
	const node = "problem" in parsed ? void 0 : parsed.statements[0]?.node;
	const target = node !== void 0 && "SelectStmt" in node ? node.SelectStmt.targetList?.[0] : void 0;
	if (target === void 0 || !("ResTarget" in target) || target.ResTarget.val === void 0) return void 0;
	const ends = new Map((await scanTokens(text.text)).map(({ start, end }) => [start, end]));
	return {
		node: target.ResTarget.val,
		text,
		ends
	};
}
const mostTexts = 100;
/** Every way to give the named variables their values; `undefined` when one of them has none that is known. */
async function valuesOf(variables, names) {
	let ways = [/* @__PURE__ */ new Map()];
	for (const name of names) {
		const known = variables.get(name);
		const read = known === void 0 ? void 0 : await readExpression(MappedText.generated(known.expression));
		if (known === void 0 || read === void 0) return void 0;
		const texts = (known.each ? elementsOf(read.node) : [read.node])?.map((node) => evaluate(read, node, /* @__PURE__ */ new Map()));
		if (texts === void 0 || texts.includes(void 0) || texts.length * ways.length > mostTexts) return void 0;
		ways = ways.flatMap((way) => texts.map((text) => new Map([...way, [name, text]])));
	}
	return ways;
}
function elementsOf(node) {
	if ("TypeCast" in node && node.TypeCast.arg !== void 0) return elementsOf(node.TypeCast.arg);
	return "A_ArrayExpr" in node ? node.A_ArrayExpr.elements ?? [] : void 0;
}
function columnNames(node) {
	if (typeof node !== "object" || node === null) return /* @__PURE__ */ new Set();
	const own = "ColumnRef" in node ? [wordsOf(node.ColumnRef.fields).join(".")] : [];
	return /* @__PURE__ */ new Set([...own, ...Object.values(node).flatMap((inner) => [...columnNames(inner)])]);
}
function evaluate(expression, node, values) {
	const inner = (one) => one === void 0 ? void 0 : evaluate(expression, one, values);
	if ("A_Const" in node) return constant$1(expression, node.A_Const);
	if ("ColumnRef" in node) return values.get(wordsOf(node.ColumnRef.fields).join("."));
	if ("TypeCast" in node) return wordsOf(node.TypeCast.typeName?.names).at(-1) === "text" ? inner(node.TypeCast.arg) : void 0;
	if ("FuncCall" in node) return called(node.FuncCall, inner);
	if (!("A_Expr" in node) || node.A_Expr.kind !== "AEXPR_OP" || wordsOf(node.A_Expr.name).join(".") !== "||") return void 0;
	const sides = [inner(node.A_Expr.lexpr), inner(node.A_Expr.rexpr)];
	return sides.every((one) => one !== void 0) ? MappedText.join(...sides) : void 0;
}
function constant$1({ text, ends }, { sval, location = 0 }) {
	const end = ends.get(location);
	if (sval === void 0 || end === void 0) return void 0;
	const utf16 = (bytes) => Buffer.from(text.text, "utf8").toString("utf8", 0, bytes).length;
	return literalText(text, utf16(location), utf16(end), sval.sval ?? "");
}
function called({ funcname, args = [] }, inner) {
	const name = wordsOf(funcname).join(".").replace(/^pg_catalog\./, "");
	const [first, ...others] = args.map(inner);
	if (first === void 0) return void 0;
	if (name === "quote_ident" && others.length === 0) return MappedText.generated(quoteName(first.text));
	if (name === "quote_literal" && others.length === 0) return MappedText.generated(quoteValue(first.text));
	return name === "format" ? formatted(first, others) : void 0;
}
/** `%s`, `%I` and `%L`, one after the other; widths and positions are left to a run. */
function formatted(pattern, values) {
	const parts = [];
	let from = 0;
	let next = 0;
	for (let at = pattern.text.indexOf("%"); at >= 0; at = pattern.text.indexOf("%", at + 2)) {
		parts.push(pattern.slice(from, at));
		from = at + 2;
		const sign = pattern.text[at + 1] ?? "";
		const value = sign === "%" ? void 0 : values[next++];
		if (sign === "%") parts.push(MappedText.generated("%"));
		else if (value === void 0 || ![
			"s",
			"I",
			"L"
		].includes(sign)) return void 0;
		else parts.push(sign === "s" ? value : MappedText.generated(sign === "I" ? quoteName(value.text) : quoteValue(value.text)));
	}
	return MappedText.join(...parts, pattern.slice(from));
}
function quoteName(name) {
	return `"${name.replaceAll("\"", "\"\"")}"`;
}
function quoteValue(value) {
	const quoted = `'${value.replaceAll("'", "''")}'`;
	return value.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}
// src/sql/nested/locate.ts
/**
* Finds the parts of a body in its text, one after the other: PL/pgSQL's parser tells only their lines. Each keeps the
* words that the parser gives it, and the places where they stand.
*/
var Locator = class Locator {
	#body;
	#lines;
	#starts;
	#from = 0;
	/** Where in the text around the body the part that was located last stands. */
	last;
	constructor(body, starts) {
		this.#body = body;
		this.#starts = starts;
		this.#lines = [0, ...[...body.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
	}
	static async of(body) {
		return new Locator(body, await wordStarts(body.text));
	}
	/** Starts again from the top, for what stands behind the declarations. */
	rewind() {
		this.#from = 0;
	}
	locate({ kind, query, line }) {
		const word = kind === "perform" ? "perform" : kind === "commit" || kind === "rollback" ? kind : "";
		const first = Math.max(this.#from, this.#lines[line - 1] ?? 0);
		const rest = kind === "perform" ? query.slice(6) : word === "" ? query : "";
		const { text } = this.#body;
		for (let at = first; at + word.length + rest.length <= text.length; at++) {
			if (!this.#starts.has(at)) continue;
			if (text.slice(at, at + word.length).toLowerCase() !== word || !matches(text, at + word.length, rest)) continue;
			const behind = at + word.length;
			this.#from = behind + rest.length;
			this.last = this.#body.fileOffset(at);
			return MappedText.join(MappedText.generated(query.slice(0, query.length - rest.length), this.#body.fileOffset(at)), this.#words(rest, behind));
		}
		this.last = this.#body.fileOffset(0);
		return MappedText.generated(query, this.last);
	}
	/** The body's own characters, with blanks where the parser took an INTO out. */
	#words(query, at) {
		const parts = [];
		let from = 0;
		for (let index = 0; index < query.length; index++) {
			if (query[index] === this.#body.text[at + index]) continue;
			parts.push(this.#body.slice(at + from, at + index), MappedText.generated(" "));
			from = index + 1;
		}
		return MappedText.join(...parts, this.#body.slice(at + from, at + query.length));
	}
};
function matches(text, at, query) {
	for (let index = 0; index < query.length; index++) {
		const blanked = query[index] === " " && index > 0;
		if (query[index] !== text[at + index] && !blanked) return false;
	}
	return true;
}
/** Where words begin: a comment may say the same as a statement. */
async function wordStarts(text) {
	const bytes = Buffer.from(text, "utf8");
	const starts = /* @__PURE__ */ new Set();
	let byteAt = 0;
	let at = 0;
	for (const { start } of await scanTokens(text)) {
		at += bytes.toString("utf8", byteAt, start).length;
		byteAt = start;
		starts.add(at);
	}
	return starts;
}
// src/sql/nested.ts
/**
* SQL that a DO block runs as its text shows it: plain statements, queries in conditions, EXECUTE of what is constant.
* Conditions and loops are not followed: every statement counts as run, once, in its order.
*/
async function nestedStatements(statement, text) {
	if (!("DoStmt" in statement.node)) return nothing;
	return bodyStatements(statement, text, {
		options: optionsOf(statement.node.DoStmt.args),
		language: "plpgsql",
		what: "a block"
	});
}
/** SQL that a function or procedure runs when it is called, read in the same way from the statement that creates it. */
async function routineStatements(statement, text) {
	if (!("CreateFunctionStmt" in statement.node)) return nothing;
	const { options, sql_body } = statement.node.CreateFunctionStmt;
	if (sql_body === void 0) return bodyStatements(statement, text, {
		options: optionsOf(options),
		language: "sql",
		what: "a routine"
	});
	return {
		statements: ("List" in sql_body ? (sql_body.List.items ?? []).flatMap((one) => "List" in one ? one.List.items ?? [] : [one]) : [sql_body]).map((node) => ({
			statement: {
				...statement,
				node
			},
			text,
			batched: false
		})),
		unread: []
	};
}
async function bodyStatements(statement, text, given) {
	const of = (name) => given.options.find(({ defname }) => defname === name);
	const language = wordsOf(of("language")?.arg)[0]?.toLowerCase() ?? given.language;
	const start = bytesOf(text.text, statement.start);
	const unread = (what) => ({
		statements: [],
		unread: [{
			what,
			location: start
		}]
	});
	if (language !== "plpgsql" && language !== "sql") return unread(`${given.what} in ${language}`);
	const body = await bodyOf(MappedText.ofFile(text.text), statement, wordsOf(of("as")?.arg)[0] ?? "", of("as")?.location ?? 0);
	if (language === "sql") {
		const found = await statementsOf(body);
		if (found === void 0) return unread(`${given.what} that the parser does not read`);
		return {
			statements: found.map((one) => ({
				...one,
				text: one.text.through(text),
				batched: false
			})),
			unread: []
		};
	}
	const parts = partsOfBlock(await parsePlpgsql(text.text.slice(statement.start, statement.end)));
	return parts === void 0 ? unread(`${given.what} that the parser does not read`) : readParts(parts, body, text);
}
const nothing = {
	statements: [],
	unread: []
};
/** `location` is that of the text, or of the AS before it. */
async function bodyOf(text, { end }, value, location) {
	const start = Buffer.from(text.text, "utf8").toString("utf8", 0, location).length;
	const rest = text.text.slice(start, end);
	const token = (await scanTokens(rest)).find((one) => one.text.toLowerCase() !== "as");
	const utf16 = (bytes) => start + Buffer.from(rest, "utf8").toString("utf8", 0, bytes).length;
	return literalText(text, utf16(token?.start ?? 0), utf16(token?.end ?? 0), value);
}
async function readParts(parts, body, text) {
	const locator = await Locator.of(body);
	const statements = [];
	const unread = [];
	for (const [index, part] of parts.entries()) {
		if (!part.declared && parts[index - 1]?.declared === true) locator.rewind();
		const found = await readPart$1(part, locator.locate(part));
		if (typeof found === "string") {
			unread.push({
				what: found,
				location: bytesOf(text.text, locator.last ?? 0)
			});
			continue;
		}
		for (const one of found) {
			const inner = {
				...one,
				text: one.text.through(text),
				batched: part.batched
			};
			const deeper = await nestedStatements(inner.statement, inner.text);
			statements.push(inner, ...deeper.statements);
			for (const { what } of deeper.unread) unread.push({
				what,
				location: bytesOf(text.text, locator.last ?? 0)
			});
		}
	}
	return {
		statements,
		unread
	};
}
/** Its statements, or why they cannot be told. */
async function readPart$1(part, text) {
	switch (part.kind) {
		case "commit":
		case "rollback": {
			const node = { TransactionStmt: { kind: part.kind === "commit" ? "TRANS_STMT_COMMIT" : "TRANS_STMT_ROLLBACK" } };
			return [{
				statement: {
					start: 0,
					end: text.text.length,
					node
				},
				text
			}];
		}
		case "statement":
		case "perform": return await statementsOf(text) ?? "a statement that the parser does not read";
		case "dynamic": return dynamic(part, text);
		default: return queryIn(part, text);
	}
}
async function dynamic({ variables }, text) {
	const texts = await constantTexts(text, variables);
	if (texts === void 0) return "a text that is put together at run time";
	const found = [];
	for (const one of texts) {
		const statements = await statementsOf(one);
		if (statements === void 0) return "a text that the parser does not read";
		found.push(...statements);
	}
	return found;
}
/** A value counts as a statement when it asks a table. */
async function queryIn({ kind }, text) {
	const value = kind === "assignment" ? text.slice(text.text.indexOf("=") + 1) : text;
	return (await statementsOf(MappedText.join(MappedText.generated("select ", text.fileOffset(0)), value)) ?? []).filter(({ statement }) => JSON.stringify(statement.node).includes("\"SubLink\":"));
}
async function statementsOf(text) {
	const parsed = await parseStatements(text.text);
	return "problem" in parsed ? void 0 : parsed.statements.map((statement) => ({
		statement,
		text
	}));
}
function bytesOf(text, offset) {
	return Buffer.byteLength(text.slice(0, offset));
}
// src/lint/called-routines.ts
/**
* New files together with what the functions and procedures run that they call and that some migration before the call
* creates: each such statement stands at the place of the call.
*/
async function withCalledRoutines(files, released) {
	const routines = [...released, ...files].flatMap(routinesOf);
	if (routines.length === 0) return files;
	return Promise.all(files.map((file) => new CallReader(file, routines).read()));
}
function routinesOf({ up, order }) {
	return up.statements.flatMap((statement, index) => {
		if (!("CreateFunctionStmt" in statement.node)) return [];
		const definition = statement.node.CreateFunctionStmt;
		return [{
			name: nameOfWords(wordsOf(definition.funcname)),
			definition,
			statement,
			text: up.text,
			file: order,
			index
		}];
	});
}
var CallReader = class {
	#file;
	#routines;
	constructor(file, routines) {
		this.#file = file;
		this.#routines = routines;
	}
	async read() {
		const { up } = this.#file;
		const nested = new Map(up.nested);
		const unread = new Map(up.unread);
		for (const [index, statement] of up.statements.entries()) {
			const found = [];
			const missed = [...up.unread.get(index) ?? []];
			const place = {
				index,
				location: Buffer.byteLength(up.text.text.slice(0, statement.start)),
				found,
				missed
			};
			await this.#follow(statement, up.text.fileOffset(statement.start), place, []);
			for (const inner of up.nested.get(index) ?? []) {
				found.push(inner);
				await this.#follow(inner.statement, inner.text.fileOffset(inner.statement.start), place, []);
			}
			if (found.length > 0) nested.set(index, found);
			if (missed.length > 0) unread.set(index, missed);
		}
		return {
			...this.#file,
			up: {
				...up,
				nested,
				unread
			}
		};
	}
	/** `open`: routines that are being read, which may call themselves. */
	async #follow(statement, at, place, open) {
		for (const call of callsOf(statement)) {
			const routine = this.#find(call, place.index);
			if (routine === void 0 || open.includes(routine)) continue;
			const { statements, unread } = await routineStatements(routine.statement, routine.text);
			for (const inner of statements) {
				place.found.push({
					...inner,
					text: MappedText.generated(inner.text.text, at)
				});
				await this.#follow(inner.statement, at, place, [...open, routine]);
			}
			for (const { what } of unread) place.missed.push({
				what: `${what}, in ${routine.name.name}()`,
				location: place.location
			});
		}
	}
	/** The last that was created before the call and takes as many arguments. */
	#find({ funcname, args = [] }, index) {
		const { schema, name } = nameOfWords(wordsOf(funcname));
		const { order } = this.#file;
		return this.#routines.findLast((one) => one.name.name === name && (schema === void 0 || one.name.schema === void 0 || one.name.schema === schema) && (one.file < order || one.file === order && one.index < index) && takes(one.definition, args.length));
	}
};
const outputs = ["FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"];
function takes({ parameters, is_procedure }, count) {
	const all = nodesOf(parameters, "FunctionParameter");
	const inputs = is_procedure === true ? all : all.filter(({ mode = "" }) => !outputs.includes(mode));
	const needed = inputs.filter(({ defexpr, mode }) => defexpr === void 0 && mode !== "FUNC_PARAM_VARIADIC").length;
	const isOpen = inputs.some(({ mode }) => mode === "FUNC_PARAM_VARIADIC");
	return count >= needed && (isOpen || count <= inputs.length);
}
const running = [
	"CallStmt",
	"SelectStmt",
	"InsertStmt",
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt",
	"CreateTableAsStmt",
	"ExplainStmt"
];
function callsOf({ node }) {
	return running.some((kind) => kind in node) ? callsIn$1(node) : [];
}
function callsIn$1(value) {
	if (typeof value !== "object" || value === null) return [];
	const { FuncCall: call, funccall } = value;
	return [...[call, funccall].filter((one) => one !== void 0), ...Object.values(value).flatMap(callsIn$1)];
}
// src/lint/finding.ts
const severities = [
	"error",
	"warning",
	"advice"
];
/** The gravest first, then as they stand in the files. */
function byGravity(one, other) {
	return severities.indexOf(one.severity) - severities.indexOf(other.severity) || (one.path < other.path ? -1 : one.path > other.path ? 1 : 0) || one.start.offset - other.start.offset;
}
// src/lint/lint-file.ts
async function openFile(migration, isNew, order) {
	try {
		if (migration.notSql !== void 0) return unreadFile(migration, migration.notSql, isNew, order);
		const { up, down } = migration;
		return {
			migration,
			isNew,
			order,
			refused: void 0,
			up: await openPart(up),
			down: down === void 0 || !isNew ? void 0 : await openPart(down)
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		return {
			migration,
			isNew,
			order,
			refused: error,
			up: {
				text: MappedText.ofFile(""),
				statements: [],
				nested: /* @__PURE__ */ new Map(),
				unread: /* @__PURE__ */ new Map(),
				problem: void 0
			},
			down: void 0
		};
	}
}
/** What it does is as unknown as that of a text which the parser does not read. */
function unreadFile(migration, language, isNew, order) {
	const problem = {
		message: `it is written in ${language}`,
		offset: 0
	};
	const part = {
		text: migration.up,
		statements: [],
		nested: /* @__PURE__ */ new Map(),
		unread: /* @__PURE__ */ new Map(),
		problem
	};
	return {
		migration,
		isNew,
		order,
		refused: void 0,
		up: part,
		down: isNew ? part : void 0
	};
}
/** A plan looks at each text twice: for what lint says, and for the way back. Nobody changes what the parser returned. */
const parts = /* @__PURE__ */ new WeakMap();
function openPart(text) {
	const known = parts.get(text) ?? readPart(text);
	parts.set(text, known);
	return known;
}
async function readPart(text) {
	const parsed = await statementsOf$1(text);
	if ("problem" in parsed) return {
		text,
		statements: [],
		nested: /* @__PURE__ */ new Map(),
		unread: /* @__PURE__ */ new Map(),
		problem: parsed.problem
	};
	const nested = /* @__PURE__ */ new Map();
	const unread = /* @__PURE__ */ new Map();
	for (const [index, statement] of parsed.statements.entries()) {
		const inner = await nestedStatements(statement, text);
		if (inner.statements.length > 0) nested.set(index, inner.statements);
		if (inner.unread.length > 0) unread.set(index, inner.unread);
	}
	return {
		text,
		statements: parsed.statements,
		nested,
		unread,
		problem: void 0
	};
}
// src/lint/one-cause.ts
/** Leaves out what another finding about the same statement, or about its whole file, says already: one finding a cause. */
function oneFindingPerCause(findings, files, rules) {
	const yielding = new Map(rules.flatMap(({ name, yieldsTo }) => yieldsTo === void 0 ? [] : [[name, yieldsTo]]));
	const ofRelease = new Set(rules.flatMap((rule) => "checkRelease" in rule ? [rule.name] : []));
	const byPath = new Map(files.map((file) => [file.migration.path, file]));
	const placed = findings.map((finding) => ({
		finding,
		place: placeOf$3(finding, byPath.get(finding.path))
	}));
	const found = new Set(placed.map(({ finding, place }) => `${place} ${finding.rule}`));
	for (const { path, start, rule } of findings) if (ofRelease.has(rule) && start.offset === 0) found.add(`${path} whole ${rule}`);
	const isSaid = ({ path, rule }, place) => yielding.get(rule)?.some((other) => found.has(`${place} ${other}`) || found.has(`${path} whole ${other}`)) === true;
	return placed.filter(({ finding, place }) => !isSaid(finding, place)).map(({ finding }) => finding);
}
/** The file and where in it the statement ends; a finding about the file may stand at a statement too. */
function placeOf$3({ path, start, end, statement }, file) {
	if (statement !== void 0) return `${path} ${end.offset}`;
	const text = file?.up.text;
	const around = file?.up.statements.find((one) => (text?.fileOffset(one.start) ?? 0) <= start.offset && (text?.fileOffset(one.end) ?? 0) > start.offset);
	return `${path} ${around === void 0 ? "file" : text?.fileOffset(around.end) ?? "file"}`;
}
// src/lint/released-files.ts
/** Changes to migrations that the base has already. Files of the way back may be improved at any time. */
function releasedChanges(changes, migrations) {
	const byPath = new Map(migrations.map((migration) => [migration.path, migration]));
	const folders = foldersOf(migrations);
	const added = changes.flatMap(({ kind, path }) => kind === "added" ? byPath.get(path) ?? [] : []);
	return changes.flatMap((change) => {
		const { kind, path } = change;
		if (kind === "modified") return byPath.get(path) === void 0 || isRepeatable$1(byPath.get(path)) ? [] : [{
			kind: "edited",
			path
		}];
		if (kind === "renamed") return renamed$1(change.from ?? path, path, byPath.get(path), folders);
		if (kind === "added" || !isMigration(path, folders)) return [];
		const version = versionOfPath(path);
		const next = added.find((one) => lineageOf(one.version) === version);
		return next === void 0 ? [{
			kind: "removed",
			path
		}] : [{
			kind: "renamed",
			path: next.path,
			from: path
		}];
	});
}
function renamed$1(from, path, now, folders) {
	if (now === void 0) return isMigration(from, folders) ? [{
		kind: "removed",
		path: from
	}] : [];
	const version = versionOfPath(from);
	if (version === void 0 || isDown(from)) return [];
	if (version !== lineageOf(now.version)) return [{
		kind: "renumbered",
		path,
		from
	}];
	const phase = folders.get(partsOfPath(from).folder);
	if (phase !== void 0 && phase !== now.phase) return [{
		kind: "moved",
		path,
		from
	}];
	return partsOfPath(from).name === partsOfPath(path).name ? [] : [{
		kind: "renamed",
		path,
		from
	}];
}
/** The folders that hold migrations, and the phase of each. */
function foldersOf(migrations) {
	return new Map(migrations.map(({ path, phase }) => [partsOfPath(path).folder, phase]));
}
function isMigration(path, folders) {
	return folders.has(partsOfPath(path).folder) && versionOfPath(path) !== void 0 && !isDown(path);
}
/** Files beside a migration: its way back, and what says how it runs. */
function isDown(path) {
	return /[./]down\.sql$|\/metadata\.toml$|\/U\d[^/]*\.sql$|\.sql\.conf$/i.test(path);
}
function touchesFolders(paths, migrations) {
	const folders = [...foldersOf(migrations).keys()].map((folder) => folder === "." ? "" : `${folder}/`);
	return paths.some((path) => folders.some((folder) => path.startsWith(folder)));
}
// src/sql/effects/links.ts
/** Sequences that fall with the table's columns; those of one column when it is named. */
function ownedSequences(schema, table, column) {
	const owned = [...table.sequences].flatMap((id) => {
		const found = schema.relations.get(id);
		return found?.kind === "sequence" ? [found] : [];
	});
	return column === void 0 ? owned : owned.filter(({ ownedBy }) => ownedBy?.column === column);
}
/** Views whose queries name the relation; a column narrows it to those that name the column. */
function viewsReading(schema, relation, column) {
	if (relation.kind !== "table" && relation.kind !== "view") return [];
	return [...relation.readBy].flatMap((id) => {
		const view = viewById(schema, id);
		const columns = view?.reads.get(relation.id);
		if (view === void 0 || columns === void 0) return [];
		return column === void 0 || columns === "all" || columns.has(column) ? [view] : [];
	});
}
// src/sql/effects/work.ts
/** Collects what a statement reads and writes from end to end. */
var Work = class {
	#rewrites = /* @__PURE__ */ new Set();
	#scans = /* @__PURE__ */ new Set();
	#builds = /* @__PURE__ */ new Set();
	/** Locks that its text alone does not tell. */
	locks = [];
	#newIndexes = [];
	/** A new file. */
	rewrite(relation) {
		if (hasFile(relation)) this.#rewrites.add(relation);
	}
	scan(relation) {
		if (hasFile(relation)) this.#scans.add(relation);
	}
	/** An index that is not there yet; `reads` when it is built over rows. */
	build(table) {
		this.#newIndexes.push({ table });
		this.scan(table);
	}
	/** An index that is dropped and made again. */
	rebuild(index, table) {
		this.#builds.add(index);
		this.scan(table);
	}
	done() {
		return {
			rewrites: [...this.#rewrites].filter((one) => one.kind !== "index" || !this.#builds.has(one)),
			scans: [...this.#scans].filter((one) => !this.#rewrites.has(one)),
			builds: [...this.#builds, ...this.#newIndexes]
		};
	}
};
function hasFile(relation) {
	if (relation.kind === "table") return relation.form === "ordinary";
	return relation.kind !== "view" || relation.form === "materialized";
}
/** The table and all below it. */
function familyOf(schema, relation) {
	return relation.kind === "table" ? [relation, ...childrenOf(schema, relation)] : [relation];
}
/** The table, and its partitions at every level; its inheritance children are left out. */
function partitionsOf(schema, relation) {
	if (relation.kind !== "table" || relation.form !== "partitioned") return [relation];
	return [relation, ...[...relation.children].flatMap((id) => tableById(schema, id) ?? []).flatMap((part) => partitionsOf(schema, part))];
}
/** The indexes of a table or a materialized view. */
function indexesOn(schema, relation) {
	return relation.kind === "table" || relation.kind === "view" ? indexesOf(schema, relation) : [];
}
/** Writes a relation anew with all of its indexes. */
function rewriteWhole({ schema, work }, relation) {
	work.rewrite(relation);
	if (!hasFile(relation)) return;
	for (const index of indexesOn(schema, relation)) work.rewrite(index);
}
// src/sql/effects/falls.ts
/** Relations that are locked because a relation, or a part of it, is dropped: what goes with it, and what holds on to it. */
function fallsWith(schema, relation, only, fall) {
	const found = /* @__PURE__ */ new Set();
	if (only === void 0) dropWhole(schema, relation, fall.cascades, found);
	else if (relation.kind === "table") dropPart(schema, relation, only, fall.cascades, found);
	else if (only.kind === "column") dropViews(schema, relation, only.name, fall.cascades, found);
	else found.add(relation);
	return [...found];
}
function dropWhole(schema, relation, cascades, found) {
	if (found.has(relation)) return;
	found.add(relation);
	dropViews(schema, relation, void 0, cascades, found);
	if (relation.kind === "view") for (const index of indexesOf(schema, relation)) found.add(index);
	if (relation.kind === "index") dropIndex(schema, relation, cascades, found);
	if (relation.kind === "sequence" && cascades) for (const table of tablesDrawingFrom(schema, relation)) found.add(table);
	if (relation.kind !== "table") return;
	for (const index of indexesOf(schema, relation)) found.add(index);
	for (const sequence of ownedSequences(schema, relation)) found.add(sequence);
	for (const constraint of relation.constraints.values()) if (constraint.kind === "foreign") dropKey(schema, relation, constraint, found);
	for (const { table, key } of foreignKeysTo(schema, relation)) if (cascades || table === relation) dropKey(schema, table, key, found);
	const below = cascades ? [...relation.children] : [...relation.children].filter((id) => tableById(schema, id)?.partitionOf !== void 0);
	for (const id of below) {
		const child = tableById(schema, id);
		if (child !== void 0) dropWhole(schema, child, cascades, found);
	}
}
function dropPart(schema, table, { kind, name }, cascades, found) {
	if (kind === "column") dropColumn(schema, table, name, cascades, found);
	else if (kind === "constraint") dropConstraint(schema, table, name, cascades, found);
	else if (kind === "trigger") {
		for (const one of [table, ...childrenOf(schema, table)]) if (one.triggers.has(name)) found.add(one);
	} else if (kind !== "policy" || table.policies.has(name)) found.add(table);
}
function dropColumn(schema, table, column, cascades, found) {
	dropViews(schema, table, column, cascades, found);
	for (const sequence of ownedSequences(schema, table, column)) found.add(sequence);
	for (const index of indexesOf(schema, table)) if (index.keys.some((key) => key.column === column)) found.add(index);
	for (const constraint of table.constraints.values()) if (constraint.kind === "foreign" && constraint.columns.includes(column)) dropKey(schema, table, constraint, found);
	for (const { table: from, key } of foreignKeysTo(schema, table)) if (cascades && key.references.columns.includes(column)) dropKey(schema, from, key, found);
}
function dropConstraint(schema, table, name, cascades, found) {
	const constraint = table.constraints.get(name);
	if (constraint?.kind === "foreign") dropKey(schema, table, constraint, found);
	if (constraint === void 0 || !("index" in constraint)) return;
	const index = schema.relations.get(constraint.index);
	if (index?.kind === "index") dropIndex(schema, index, cascades, found);
}
/** With an index of a partitioned table go those of its partitions; with a key what refers to it. */
function dropIndex(schema, index, cascades, found) {
	found.add(index);
	const table = tableById(schema, index.table);
	if (table === void 0) return;
	for (const id of table.children) {
		const part = tableById(schema, id);
		for (const own of part === void 0 ? [] : indexesOf(schema, part)) {
			if (own.parent !== index.id) continue;
			found.add(part);
			dropIndex(schema, own, cascades, found);
		}
	}
	const constraint = index.constraint === void 0 ? void 0 : table.constraints.get(index.constraint);
	if (!cascades || constraint === void 0 || !("columns" in constraint)) return;
	for (const { table: from, key } of foreignKeysTo(schema, table)) if (isSameSet(key.references.columns, constraint.columns)) dropKey(schema, from, key, found);
}
/** A foreign key keeps triggers on both tables, and on their partitions. */
function dropKey(schema, table, key, found) {
	const partner = tableById(schema, key.references.id);
	for (const one of [table, partner]) for (const part of one === void 0 ? [] : partitionsOf(schema, one)) found.add(part);
}
function dropViews(schema, relation, column, cascades, found) {
	if (!cascades) return;
	for (const view of viewsReading(schema, relation, column)) dropWhole(schema, view, true, found);
}
function tablesDrawingFrom(schema, sequence) {
	return [...sequence.usedBy].flatMap((id) => tableById(schema, id) ?? []);
}
function isSameSet(one, other) {
	return one.length === other.length && one.every((name) => other.includes(name));
}
// src/sql/effects/reach.ts
/** What is locked beside a relation, as `ReachLock` explains it. */
function reachedFrom(schema, relation, reach) {
	const below = reach.flatMap((one) => familyBelow(schema, relation, one));
	const family = [relation, ...below.map((one) => one.relation)];
	const chain = reach.flatMap(({ to, mode }) => to === "referencing-chain" ? referencingChain(schema, family).map((one) => ({
		relation: one,
		mode
	})) : []);
	const start = {
		relation,
		family,
		emptied: [...family, ...chain.map((one) => one.relation)]
	};
	const beside = reach.flatMap(({ to, mode, only }) => (steps[to]?.(schema, start, only) ?? []).map((one) => ({
		relation: one,
		mode
	})));
	return [
		...below,
		...chain,
		...beside
	].filter((one) => one.relation !== relation || one.mode !== "AccessShare");
}
/** A narrowed wish for children is about a constraint: where the named one has none, they have none either. */
function familyBelow(schema, relation, { to, mode, only }) {
	if (to !== "children" && to !== "partitions") return [];
	if (relation.kind === "index") return to === "partitions" ? partsOfIndex(schema, relation.id, relation.table).map((one) => ({
		relation: one,
		mode
	})) : [];
	if (relation.kind !== "table") return [];
	if (to === "children" && only !== void 0 && !hasInherited(relation, only)) return [];
	return (to === "children" ? childrenOf(schema, relation) : partitionsOf(schema, relation).slice(1)).map((one) => ({
		relation: one,
		mode
	}));
}
function hasInherited(table, only) {
	const kind = table.constraints.get(only.name)?.kind;
	return kind === "check" || kind === "not-null";
}
/** Indexes of the partitions, and the partitions, which are reached by way of an index of their parent. */
function partsOfIndex(schema, index, table) {
	const owner = tableById(schema, table);
	if (owner === void 0) return [];
	return [...owner.children].flatMap((id) => tableById(schema, id) ?? []).flatMap((part) => indexesOf(schema, part).filter(({ parent }) => parent === index).flatMap((own) => [own, ...partsOfIndex(schema, own.id, part.id)]));
}
const steps = {
	parent: (schema, { relation }) => {
		const parent = relation.kind === "table" ? tableById(schema, relation.partitionOf?.parent) : void 0;
		return parent === void 0 ? [] : [parent, ...defaultOf(schema, parent)];
	},
	default: (schema, { relation }) => {
		return (relation.kind === "table" ? defaultOf(schema, relation) : []).flatMap((one) => [one, ...childrenOf(schema, one)]);
	},
	referenced: (schema, { family }, only) => tablesIn(family).flatMap((table) => keysFrom(table, only).flatMap(({ references }) => wholeTable(schema, tableById(schema, references.id)))),
	referencing: (schema, { family }, only) => tablesIn(family).flatMap((table) => foreignKeysTo(schema, table).filter(({ key }) => isWished(key, key.references.columns, only)).flatMap((one) => wholeTable(schema, one.table))),
	table: (schema, { family }) => family.flatMap((one) => one.kind === "index" ? schema.relations.get(one.table) ?? [] : []),
	indexes: (schema, { emptied }, only) => emptied.flatMap((one) => {
		const all = one.kind === "table" || one.kind === "view" ? indexesOf(schema, one) : [];
		if (only === void 0) return all;
		return all.filter((index) => (only.kind === "index" ? index.name : index.constraint) === only.name);
	}),
	sequences: (schema, { emptied }, only) => tablesIn(emptied).flatMap((table) => ownedSequences(schema, table, only?.kind === "column" ? only.name : void 0)),
	underlying: (schema, { family }) => family.flatMap((one) => underlying(schema, one, true)),
	source: (schema, { relation }) => underlying(schema, relation, false),
	parts: (schema, { relation, family }, only) => family.flatMap((one) => fallsWith(schema, one, only, {
		cascades: false,
		named: relation
	})),
	dependents: (schema, { relation, family }, only) => family.flatMap((one) => fallsWith(schema, one, only, {
		cascades: true,
		named: relation
	}))
};
function tablesIn(relations) {
	return relations.filter((one) => one.kind === "table");
}
function defaultOf(schema, parent) {
	return [...parent.children].flatMap((id) => tableById(schema, id) ?? []).filter((part) => part.partitionOf?.bound.isDefault === true);
}
function wholeTable(schema, table) {
	return table === void 0 ? [] : [table, ...childrenOf(schema, table)];
}
function keysFrom(table, only) {
	return [...table.constraints.values()].filter((one) => one.kind === "foreign").filter((key) => isWished(key, key.columns, only));
}
function isWished(key, columns, only) {
	if (only === void 0) return true;
	return only.kind === "column" ? columns.includes(only.name) : key.name === only.name;
}
function referencingChain(schema, from) {
	const found = /* @__PURE__ */ new Set();
	const follow = (table) => {
		for (const { table: other } of foreignKeysTo(schema, table)) for (const one of wholeTable(schema, other)) {
			if (found.has(one)) continue;
			found.add(one);
			follow(one);
		}
	};
	for (const table of tablesIn(from)) follow(table);
	return [...found];
}
/** What a view reads, through other views too; reading a materialized view touches nothing below it. */
function underlying(schema, relation, plainOnly) {
	if (relation.kind !== "view" || plainOnly && relation.form === "materialized") return [];
	return [...relation.reads.keys()].flatMap((id) => {
		const read = schema.relations.get(id);
		if (read === void 0 || read === relation) return [];
		return [read, ...read.kind === "table" ? childrenOf(schema, read) : underlying(schema, read, true)];
	});
}
// src/sql/effects/held-locks.ts
/** Locks on everything that is named and reached, each relation once with its strongest mode, the named ones first. */
function heldLocks(schema, locks, find, more) {
	const held = /* @__PURE__ */ new Map();
	const add = (relation, mode, named) => {
		const other = held.get(relation);
		held.set(relation, {
			mode: strongerMode(mode, other?.mode ?? mode),
			named: named || other?.named === true
		});
	};
	const found = locks.map((lock) => ({
		...lock,
		relation: find(lock)
	}));
	for (const { relation, mode } of found) add(relation, mode, true);
	for (const { relation, reach } of found) {
		if (relation.kind === "unknown" || reach.length === 0) continue;
		for (const other of reachedFrom(schema, relation, reach)) add(other.relation, other.mode, false);
	}
	for (const one of more) add(one.relation, one.mode, one.named);
	return [...held].map(([relation, lock]) => ({
		relation,
		...lock
	}));
}
// src/sql/effects/relation-finder.ts
function relationFinder(schema) {
	const unknown = /* @__PURE__ */ new Map();
	return (name) => {
		const found = findRelation(schema, name);
		if (found !== void 0) return found;
		const key = nameKey(name.schema ?? "", name.name);
		const other = unknown.get(key) ?? {
			kind: "unknown",
			schema: name.schema,
			name: name.name
		};
		unknown.set(key, other);
		return other;
	};
}
// src/sql/effects/version-locks.ts
/**
* The locks of a statement, as a server of a version takes them. Locks read from the text are those of the newest: until
* PostgreSQL 17 a new key, foreign key or NO INHERIT check left inheritance children alone, and until 13 a partition could
* be read while it was detached.
*/
function locksOfVersion(locks, node, { major, find }) {
	if (major < 14 && detaches(node)) return locks.map((one, index) => index === 0 ? one : {
		...one,
		mode: "ShareUpdateExclusive",
		reach: []
	});
	const added = major < 18 ? onlyConstraint(node) : void 0;
	if (added === void 0) return locks;
	const [target] = locks;
	const below = belowBefore18(added, target === void 0 ? void 0 : find(target));
	if (below === "as since") return locks;
	return locks.map((one, index) => index > 0 ? one : {
		...one,
		reach: one.reach.flatMap((to) => to.to === "children" ? below : to)
	});
}
function detaches(node) {
	if (!("AlterTableStmt" in node)) return false;
	return nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd").some(({ subtype }) => subtype === "AT_DetachPartition");
}
/** The constraint that an ALTER TABLE adds, when it does nothing else. */
function onlyConstraint(node) {
	if (!("AlterTableStmt" in node)) return void 0;
	const [command, ...more] = nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd");
	if (command?.def === void 0 || more.length > 0 || !("Constraint" in command.def)) return void 0;
	return command.subtype === "AT_AddConstraint" ? command.def.Constraint : void 0;
}
function belowBefore18(constraint, target) {
	const { contype, is_no_inherit } = constraint;
	switch (contype) {
		case "CONSTR_CHECK": return is_no_inherit === true ? [] : "as since";
		case "CONSTR_FOREIGN": return [{
			to: "partitions",
			mode: "ShareRowExclusive"
		}];
		case "CONSTR_PRIMARY": return isNotNull$1(constraint, target) ? onPartitions : "as since";
		case "CONSTR_UNIQUE":
		case "CONSTR_EXCLUSION": return onPartitions;
		default: return "as since";
	}
}
const onPartitions = [{
	to: "partitions",
	mode: "Share"
}];
function isNotNull$1({ keys }, target) {
	return target?.kind === "table" && wordsOf(keys).every((name) => target.columns.get(name)?.notNull === true);
}
// src/sql/effects/proof/constant.ts
const numbers = [
	"int2",
	"int4",
	"int8",
	"numeric",
	"float4",
	"float8",
	"oid"
];
const times = [
	"date",
	"timestamp",
	"timestamptz"
];
/** The value of a literal that is compared with a column of the type. */
function constantOf(node, type) {
	if ("TypeCast" in node && node.TypeCast.arg !== void 0) return castOf(node.TypeCast.arg, node.TypeCast.typeName, type);
	const text = literalOf(node);
	return text === void 0 ? void 0 : read$1(text, type?.name);
}
/** A cast to another type than the column's makes another comparison, of which nothing is known. */
function castOf(value, typeName, type) {
	const cast = wordsOf(typeName?.names).at(-1);
	const isSame = cast === type?.name || type === void 0 || isText(cast) && isText(type.name) || isNumber(cast) && isNumber(type.name);
	const text = literalOf(value);
	if (text === void 0 || !(isSame || cast === "date" && type?.name === "timestamp")) return void 0;
	return read$1(text, type?.name ?? cast);
}
function isText(name) {
	return name !== void 0 && [
		"text",
		"varchar",
		"bpchar"
	].includes(name);
}
function isNumber(name) {
	return name !== void 0 && [
		"int2",
		"int4",
		"int8"
	].includes(name);
}
function literalOf(node) {
	if ("Integer" in node) return String(node.Integer.ival ?? 0);
	if ("Float" in node) return node.Float.fval;
	if ("String" in node) return node.String.sval ?? "";
	if ("A_Expr" in node && node.A_Expr.lexpr === void 0 && wordsOf(node.A_Expr.name)[0] === "-" && node.A_Expr.rexpr !== void 0) {
		const value = literalOf(node.A_Expr.rexpr);
		return value === void 0 ? void 0 : `-${value}`;
	}
	if (!("A_Const" in node) || node.A_Const.isnull === true) return void 0;
	const { ival, fval, sval, boolval } = node.A_Const;
	if (ival !== void 0) return String(ival.ival ?? 0);
	if (fval !== void 0) return fval.fval;
	if (boolval !== void 0) return String(boolval.boolval ?? false);
	return sval === void 0 ? void 0 : sval.sval ?? "";
}
function read$1(text, type) {
	if (type === void 0 ? isNumeral(text) : numbers.includes(type)) return isNumeral(text) ? {
		kind: "number",
		value: text.trim()
	} : void 0;
	if (type !== void 0 && times.includes(type)) return readTime(text);
	if (type === "bool") return {
		kind: "text",
		value: String([
			"t",
			"true",
			"y",
			"yes",
			"on",
			"1"
		].includes(text.toLowerCase()))
	};
	return {
		kind: "text",
		value: type === "uuid" ? text.toLowerCase() : text
	};
}
function isNumeral(text) {
	return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(text);
}
const isoTime = /^(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?\s*(z|utc|[+-]00(?::?00)?)?$/i;
/** Dates as ISO 8601 writes them; of another zone than UTC nothing is known. */
function readTime(text) {
	const [, year, month = "", day = "", hour = "00", minute = "00", second = "00", fraction = "", zone] = isoTime.exec(text.trim()) ?? [];
	if (year === void 0) return void 0;
	const value = [
		year,
		month.padStart(2, "0"),
		day.padStart(2, "0"),
		hour,
		minute,
		second,
		fraction.padEnd(6, "0")
	].join("");
	return {
		kind: zone === void 0 ? "time" : "zoned time",
		value
	};
}
/** Negative, zero or positive, as the first is less than, equal to or greater than the other; `undefined` when nobody can tell. */
function order(one, other) {
	if (one.kind !== other.kind) return void 0;
	if (one.value === other.value) return 0;
	switch (one.kind) {
		case "number": return Math.sign(compareNumbers(one.value, other.value));
		case "text": return;
		default: return one.value < other.value ? -1 : 1;
	}
}
/** Exact, since a double would call two large keys equal. */
function compareNumbers(one, other) {
	const digits = Math.max(...[one, other].map((text) => (text.split(".")[1] ?? "").length));
	const scaled = (text) => {
		const [whole = "0", fraction = ""] = text.replace("+", "").split(".");
		return BigInt(`${whole}${fraction.padEnd(digits, "0")}`);
	};
	const difference = scaled(one) - scaled(other);
	return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
/** Whether two text constants are surely different values. */
function areDifferent(one, other) {
	if (one.kind === "text" && other.kind === "text") return one.value !== other.value;
	const found = order(one, other);
	return found !== void 0 && found !== 0;
}
// src/sql/effects/proof/formula.ts
const operators = [
	"<",
	"<=",
	"=",
	">=",
	">",
	"<>"
];
/** Reads a condition on the rows of a table. */
function formulaOf(node, table) {
	return read(node, table, false);
}
const negators = {
	"<": ">=",
	"<=": ">",
	"=": "<>",
	">=": "<",
	">": "<=",
	"<>": "="
};
const mirrored = {
	"<": ">",
	"<=": ">=",
	"=": "=",
	">=": "<=",
	">": "<",
	"<>": "<>"
};
/** NOT is carried down to the parts, as the planner does. */
function negated(formula) {
	switch (formula.kind) {
		case "and":
		case "or": return {
			kind: formula.kind === "and" ? "or" : "and",
			of: formula.of.map(negated)
		};
		case "null": return {
			...formula,
			isNull: !formula.isNull
		};
		case "compare": return {
			...formula,
			operator: negators[formula.operator]
		};
		case "other": return {
			kind: "other",
			text: `not ${formula.text}`
		};
	}
}
function read(node, table, isNegated) {
	const found = plain(node, table);
	return isNegated ? negated(found) : found;
}
function plain(node, table) {
	if ("BoolExpr" in node) return boolean(node.BoolExpr, table);
	if ("NullTest" in node && node.NullTest.arg !== void 0) return {
		kind: "null",
		operand: operandOf(node.NullTest.arg),
		isNull: node.NullTest.nulltesttype === "IS_NULL"
	};
	if ("FuncCall" in node) return {
		kind: "other",
		text: hashCall(node.FuncCall) ?? textOf$1(node)
	};
	if ("A_Expr" in node) return expression(node.A_Expr, table) ?? other(node);
	if ("ColumnRef" in node) return {
		kind: "compare",
		operand: operandOf(node),
		operator: "=",
		value: {
			kind: "text",
			value: "true"
		}
	};
	return other(node);
}
function boolean({ boolop, args = [] }, table) {
	if (boolop === "NOT_EXPR") return args[0] === void 0 ? {
		kind: "or",
		of: []
	} : read(args[0], table, true);
	return {
		kind: boolop === "OR_EXPR" ? "or" : "and",
		of: args.map((one) => plain(one, table))
	};
}
function expression({ kind, name, lexpr, rexpr }, table) {
	if (lexpr === void 0 || rexpr === void 0) return void 0;
	const word = wordsOf(name).at(-1) ?? "";
	const operator = word === "!=" ? "<>" : word;
	switch (kind) {
		case "AEXPR_OP": return compare$2(lexpr, operator, rexpr, table) ?? compare$2(rexpr, mirrored[operator], lexpr, table);
		case "AEXPR_IN": return each(lexpr, operator, itemsOf$1(rexpr), operator === "=" ? "or" : "and", table);
		case "AEXPR_OP_ANY": return each(lexpr, operator, itemsOf$1(rexpr), "or", table);
		case "AEXPR_OP_ALL": return each(lexpr, operator, itemsOf$1(rexpr), "and", table);
		case "AEXPR_BETWEEN": return between(lexpr, itemsOf$1(rexpr), table);
		case "AEXPR_NOT_BETWEEN": {
			const inside = between(lexpr, itemsOf$1(rexpr), table);
			return inside === void 0 ? void 0 : negated(inside);
		}
		default: return;
	}
}
function compare$2(operand, operator, value, table) {
	if (operator === void 0 || !operators.includes(operator)) return void 0;
	const name = columnBehindText(operand, table) ?? operandOf(operand);
	const constant = constantOf(value, table.columns.get(name)?.type);
	return constant === void 0 ? void 0 : {
		kind: "compare",
		operand: name,
		operator,
		value: constant
	};
}
/** A varchar is compared as text, cast or not. */
function columnBehindText(node, table) {
	if (!("TypeCast" in node) || wordsOf(node.TypeCast.typeName?.names).at(-1) !== "text") return void 0;
	const { arg } = node.TypeCast;
	if (arg === void 0 || !("ColumnRef" in arg)) return void 0;
	const column = operandOf(arg);
	return ["varchar", "text"].includes(table.columns.get(column)?.type.name ?? "") ? column : void 0;
}
function between(operand, [low, high], table) {
	const from = low === void 0 ? void 0 : compare$2(operand, ">=", low, table);
	const to = high === void 0 ? void 0 : compare$2(operand, "<=", high, table);
	return from === void 0 || to === void 0 ? void 0 : {
		kind: "and",
		of: [from, to]
	};
}
/** The planner takes no longer lists apart. */
const longestList = 100;
function each(operand, operator, items, kind, table) {
	if (items.length === 0 || items.length > longestList) return void 0;
	const of = items.flatMap((item) => compare$2(operand, operator, item, table) ?? []);
	return of.length === items.length ? {
		kind,
		of
	} : void 0;
}
function itemsOf$1(node) {
	if ("List" in node) return node.List.items ?? [];
	if ("A_ArrayExpr" in node) return node.A_ArrayExpr.elements ?? [];
	return "TypeCast" in node && node.TypeCast.arg !== void 0 ? itemsOf$1(node.TypeCast.arg) : [];
}
/** A column by its name, another expression by its text. */
function operandOf(node) {
	if ("ColumnRef" in node) return wordsOf(node.ColumnRef.fields).at(-1) ?? "";
	return textOf$1(node);
}
/** The check of a hash partition, which only an equal one implies. */
function hashText(parent, modulus, remainder, keys) {
	return JSON.stringify([
		"hash",
		parent,
		modulus,
		remainder,
		...keys
	]);
}
/** `satisfies_hash_partition('parent'::regclass, modulus, remainder, key)`, as a team may write it in a CHECK. */
function hashCall({ funcname, args = [] }) {
	if (wordsOf(funcname).at(-1) !== "satisfies_hash_partition") return void 0;
	const [parent, modulus, remainder, ...keys] = args;
	if (parent === void 0 || !("TypeCast" in parent) || parent.TypeCast.arg === void 0) return void 0;
	const { arg } = parent.TypeCast;
	const name = "A_Const" in arg ? nameInText(arg.A_Const.sval?.sval ?? "") : void 0;
	const [all, rest] = [modulus, remainder].map(integerOf);
	if (name === void 0 || all === void 0 || rest === void 0) return void 0;
	return hashText(name.name, all, rest, keys.map(operandOf));
}
function integerOf(node) {
	return node !== void 0 && "A_Const" in node && node.A_Const.ival !== void 0 ? node.A_Const.ival.ival ?? 0 : void 0;
}
function other(node) {
	return {
		kind: "other",
		text: textOf$1(node)
	};
}
/** Equal exactly for equal expressions, wherever they stand, and whether or not a column is named with its table. */
function textOf$1(node) {
	return JSON.stringify(node, (key, value) => {
		if (key === "location" || key.endsWith("_location") || key.startsWith("rexpr_list_")) return void 0;
		return key === "ColumnRef" ? wordsOf(value.fields).at(-1) : value;
	});
}
// src/sql/effects/proof/implies.ts
/**
* Whether the second is never false where the first is not, as the server proves it for CHECKs, which let nulls through.
* https://github.com/postgres/postgres/blob/master/src/backend/optimizer/util/predtest.c
*/
function implies(known, wanted) {
	if (wanted.kind === "and") return wanted.of.every((one) => implies(known, one));
	if (known.kind === "or") {
		if (wanted.kind === "or") return known.of.every((one) => wanted.of.some((other) => implies(one, other)));
		return known.of.every((one) => implies(one, wanted));
	}
	if (wanted.kind === "or" && wanted.of.some((one) => implies(known, one))) return true;
	if (known.kind === "and") return known.of.some((one) => implies(one, wanted));
	return wanted.kind !== "or" && impliesSimply(known, wanted);
}
function impliesSimply(known, wanted) {
	if (known.kind === "null" && wanted.kind === "null") return known.operand === wanted.operand && known.isNull === wanted.isNull;
	if (known.kind === "other" && wanted.kind === "other") return known.text === wanted.text;
	if (known.kind !== "compare" || wanted.kind !== "compare" || known.operand !== wanted.operand) return false;
	return follows[known.operator][wanted.operator]?.(known, wanted) === true;
}
/** Tests of the constant of what is known against that of what is wanted. */
const test = (accepts) => {
	return ({ value }, wanted) => {
		const sign = order(value, wanted.value);
		return sign !== void 0 && accepts(sign);
	};
};
const less = test((sign) => sign < 0);
const atMost = test((sign) => sign <= 0);
const equal = test((sign) => sign === 0);
const atLeast = test((sign) => sign >= 0);
const greater = test((sign) => sign > 0);
const different = ({ value }, wanted) => areDifferent(value, wanted.value);
/** `column < 5` is followed by `column <= 7`, and so on. */
const follows = {
	"<": {
		"<": atMost,
		"<=": atMost,
		"<>": atMost
	},
	"<=": {
		"<": less,
		"<=": atMost,
		"<>": less
	},
	"=": {
		"<": less,
		"<=": atMost,
		"=": equal,
		">=": atLeast,
		">": greater,
		"<>": different
	},
	">=": {
		">=": atLeast,
		">": greater,
		"<>": greater
	},
	">": {
		">=": atLeast,
		">": atLeast,
		"<>": atLeast
	},
	"<>": { "<>": equal }
};
// src/sql/effects/not-null.ts
/** Whether a valid CHECK of the table says that the column is never null, so that SET NOT NULL need not look. */
function isProvedNotNull(table, column, dropped) {
	return implies(knownOf(table, dropped), isNotNull(column));
}
/** What holds for every row of the table: its valid CHECKs, less those that are being dropped, and its NOT NULLs. */
function knownOf(table, dropped = /* @__PURE__ */ new Set()) {
	const checks = [...table.constraints.values()].flatMap((one) => one.kind === "check" && one.valid && !dropped.has(one.name) ? [formulaOf(one.expression, table)] : []);
	const notNull = [...table.columns.values()].filter((one) => one.notNull);
	return {
		kind: "and",
		of: [...checks, ...notNull.map(({ name }) => isNotNull(name))]
	};
}
function isNotNull(operand) {
	return {
		kind: "null",
		operand,
		isNull: false
	};
}
// src/sql/effects/constraint.ts
/** ADD CONSTRAINT; one that is NOT VALID, or NOT ENFORCED, looks at no row. */
function addConstraint(alteration, constraint) {
	const { contype } = constraint;
	const checks = constraint.skip_validation !== true && constraint.is_enforced !== false;
	if (contype === "CONSTR_PRIMARY" || contype === "CONSTR_UNIQUE" || contype === "CONSTR_EXCLUSION") addKey(alteration, constraint);
	else if (!checks) return;
	else if (contype === "CONSTR_CHECK") {
		const tables = constraint.is_no_inherit === true ? [alteration.target] : alteration.family;
		for (const table of tables) alteration.plans.of(table).scans = true;
	} else if (contype === "CONSTR_NOTNULL") for (const column of wordsOf(constraint.keys)) setNotNull(alteration, column);
	else if (contype === "CONSTR_FOREIGN") addForeignKey(alteration, constraint);
}
/** Partitions that have such a key already are not looked through: theirs becomes a part of the new one. */
function addForeignKey({ context, plans, target }, { fk_attrs, pktable }) {
	const referenced = context.find(nameOf(pktable));
	const columns = wordsOf(fk_attrs);
	for (const table of partitionsOf(context.schema, target)) if (table !== target && table.kind === "table" && referenced.kind === "table" && hasForeignKey(table, columns, referenced.id)) context.work.locks.push({
		relation: referenced,
		mode: "AccessExclusive",
		named: false
	});
	else if (table.kind !== "table" || table.form !== "partitioned") validateKey(context, plans, table, referenced);
}
/** Whether a table has a valid foreign key of its own from the columns. */
function hasForeignKey(table, columns, references) {
	return [...table.constraints.values()].some((one) => one.kind === "foreign" && one.valid && one.references.id === references && one.columns.join() === columns.join());
}
/** An index over all rows, unless it is there already; a primary key wants its columns NOT NULL as well. */
function addKey(alteration, constraint, column) {
	const { context, plans, target } = alteration;
	const { contype, indexname } = constraint;
	const tables = partitionsOf(context.schema, target).filter((table) => alteration.family.includes(table));
	if (indexname === void 0) for (const table of tables) plans.of(table).newIndexes++;
	if (contype !== "CONSTR_PRIMARY") return;
	const index = indexname === void 0 ? void 0 : findRelation(context.schema, {
		schema: schemaOf(target),
		name: indexname
	});
	const columns = index?.kind === "index" ? index.keys.flatMap((key) => key.column ?? []) : wordsOf(constraint.keys);
	for (const table of tables) for (const name of column === void 0 ? columns : []) checkNotNull(alteration, table, name);
}
function schemaOf(relation) {
	return relation.schema;
}
/** SET NOT NULL, and ADD CONSTRAINT … NOT NULL, which says the same. */
function setNotNull(alteration, column) {
	for (const table of alteration.family) checkNotNull(alteration, table, column);
}
function checkNotNull({ plans, dropped }, table, column) {
	if (table.kind === "table" && (table.columns.get(column)?.notNull === true || isProvedNotNull(table, column, dropped))) return;
	plans.of(table).scans = true;
}
/** VALIDATE CONSTRAINT: nothing to do where it is valid. */
function validateConstraint(alteration, name) {
	const { context, plans, target, family } = alteration;
	const constraint = target.kind === "table" ? target.constraints.get(name) : void 0;
	if (constraint?.valid === true) return;
	if (constraint?.kind === "not-null") for (const table of family) checkNotNull(alteration, table, constraint.column);
	else if (constraint?.kind === "foreign") {
		const { references } = constraint;
		validateKey(context, plans, target, context.schema.relations.get(references.id ?? -1) ?? context.find(references.name));
	} else for (const table of family) plans.of(table).scans = true;
}
/** The rows of both tables are joined. */
function validateKey(context, plans, from, to) {
	const tables = [from, ...to === void 0 ? [] : [to]];
	for (const table of tables) for (const part of partitionsOf(context.schema, table)) plans.of(part).scans = true;
}
// src/sql/effects/domain.ts
/** The type of somebody's own that a column has; `undefined` for the server's types, and for what is not known. */
function userType$1(schema, type) {
	return findType$2(schema, type);
}
/** Whether values of the type have to be checked: it, or a domain below it, has a NOT NULL or a CHECK. */
function hasDomainChecks(schema, type) {
	const found = userType$1(schema, type);
	if (found?.kind !== "domain") return false;
	return found.notNull || found.checks.size > 0 || hasDomainChecks(schema, found.base);
}
/** The type that a domain stands for at the bottom. */
function baseType(schema, type) {
	const found = type.array === 0 ? userType$1(schema, type) : void 0;
	return found?.kind === "domain" ? baseType(schema, found.base) : type;
}
// src/sql/effects/volatility.ts
/** Whether an expression may give another value for each row: a function that nobody knows counts as volatile. */
function isVolatileIn(schema, expression) {
	if (typeof expression !== "object" || expression === null) return false;
	return Object.entries(expression).some(([key, value]) => key === "FuncCall" && isVolatileCall(schema, value) || isVolatileIn(schema, value));
}
function isVolatileCall(schema, { funcname, args = [] }) {
	const words = wordsOf(funcname);
	if (isBuiltinFunction(words)) return isVolatile(words);
	const name = words.at(-1) ?? "";
	const named = (words.length > 1 ? [words.at(-2) ?? ""] : schema.searchPath).flatMap((space) => schema.functions.get(nameKey(space, name)) ?? []);
	const fitting = named.filter((one) => one.arguments.length >= args.length);
	return (fitting.length > 0 ? fitting : named).some(({ volatility }) => volatility === "volatile") || named.length === 0;
}
// src/sql/effects/add-column.ts
/** ADD COLUMN: a value that is the same for every row is kept once; any other one is written into each. */
function addColumn$1(alteration, column, { ifNotExists }) {
	const { context, plans, target, family } = alteration;
	const name = column.colname ?? "";
	if (ifNotExists && target.kind === "table" && target.columns.has(name)) return;
	const constraints = constraintsOf(column.constraints);
	const rewrites = isComputed(context.schema, column, constraints);
	for (const table of family) {
		if (table !== target && table.kind === "table" && table.columns.has(name)) continue;
		const plan = plans.of(table);
		if (rewrites) plan.rewrites = true;
		if (looksAtRows(constraints)) plan.scans = true;
	}
	const isAllNull = !columnType(context.schema, column.typeName).serial && !constraints.some(({ contype }) => contype === "CONSTR_DEFAULT" || contype === "CONSTR_GENERATED");
	for (const constraint of constraints) {
		if (constraint.contype === "CONSTR_PRIMARY" || constraint.contype === "CONSTR_UNIQUE") addKey(alteration, constraint, name);
		if (constraint.contype === "CONSTR_FOREIGN" && !isAllNull && constraint.is_enforced !== false) validateKey(context, plans, target, context.find(nameOf(constraint.pktable)));
	}
}
function isComputed(schema, { typeName }, constraints) {
	const type = columnType(schema, typeName);
	if (type.serial || hasDomainChecks(schema, type)) return true;
	return constraints.some(({ contype, raw_expr, generated_kind }) => {
		if (contype === "CONSTR_IDENTITY") return true;
		if (contype === "CONSTR_GENERATED") return generated_kind !== "v";
		return contype === "CONSTR_DEFAULT" && isVolatileIn(schema, raw_expr);
	});
}
/** A CHECK is run for each row even where all have the same value; NOT NULL only where no default fills the column. */
function looksAtRows(constraints) {
	const has = (kind) => constraints.some(({ contype }) => contype === kind);
	return constraints.some(({ contype, is_enforced }) => contype === "CONSTR_CHECK" && is_enforced !== false) || has("CONSTR_NOTNULL") && !hasDefault(constraints);
}
function hasDefault(constraints) {
	return constraints.some(({ contype, raw_expr }) => contype === "CONSTR_DEFAULT" && !isNullLiteral(raw_expr));
}
function isNullLiteral(node) {
	return node !== void 0 && "A_Const" in node && node.A_Const.isnull === true;
}
// src/sql/effects/columns-of.ts
/** Whether an expression names the column. */
function namesColumn(expression, column) {
	if (typeof expression !== "object" || expression === null) return false;
	return Object.entries(expression).some(([key, value]) => key === "ColumnRef" ? wordsOf(value.fields).at(-1) === column : namesColumn(value, column));
}
/** Indexes that fall, or are made again, with a column. */
function indexesOnColumn(schema, table, column) {
	return indexesOn(schema, table).filter(({ keys, include, predicate }) => include.includes(column) || namesColumn(predicate, column) || keys.some((key) => key.column === column || namesColumn(key.expression, column)));
}
/** Whether a CHECK that the rows were checked for names the column. */
function hasValidCheckOn(table, column) {
	if (table.kind !== "table") return false;
	return [...table.constraints.values()].some((one) => one.kind === "check" && one.valid && namesColumn(one.expression, column));
}
// src/sql/effects/type-change.ts
/**
* Whether the values of a column have to be computed anew when its type changes, as ATColumnChangeRequiresRewrite
* decides: it does not where the new type reads the stored bytes as they are.
*/
function needsRewrite(schema, column, from, to, using) {
	const value = using === void 0 ? from : readAs(schema, column, from, using);
	return value === void 0 || coerced(schema, value, to) === void 0;
}
/** The type that a USING expression gives to the stored bytes; `undefined` when it computes something. */
function readAs(schema, column, from, using) {
	if ("ColumnRef" in using) return wordsOf(using.ColumnRef.fields).at(-1) === column ? from : void 0;
	if ("CollateClause" in using) return using.CollateClause.arg === void 0 ? void 0 : readAs(schema, column, from, using.CollateClause.arg);
	if (!("TypeCast" in using) || using.TypeCast.arg === void 0) return void 0;
	const value = readAs(schema, column, from, using.TypeCast.arg);
	return value === void 0 ? void 0 : coerced(schema, value, columnType(schema, using.TypeCast.typeName));
}
/** The type afterwards; `undefined` when the bytes change, or have to be checked. */
function coerced(schema, from, to) {
	if (hasDomainChecks(schema, to)) return void 0;
	const [source, target] = [baseType(schema, from), baseType(schema, to)];
	const kept = isSameType(source, target) && source === from ? source.modifiers : [];
	if (!isSameType(source, target) && !isBinary(schema, source, target)) return void 0;
	return keepsLength(target, kept) ? to : void 0;
}
function isSameType(one, other) {
	return one.name === other.name && one.array > 0 === other.array > 0 && (one.schema ?? other.schema) === (other.schema ?? one.schema);
}
/** Types whose values are stored alike, from and to, as pg_cast says WITHOUT FUNCTION. */
const binary = {
	varchar: [
		"text",
		"bpchar",
		"citext"
	],
	text: [
		"varchar",
		"bpchar",
		"citext"
	],
	citext: [
		"text",
		"varchar",
		"bpchar"
	],
	xml: [
		"text",
		"varchar",
		"bpchar"
	],
	cidr: ["inet"],
	bit: ["varbit"],
	varbit: ["bit"],
	int4: [
		"oid",
		"regclass",
		"regproc",
		"regprocedure",
		"regtype",
		"regrole",
		"regnamespace"
	],
	oid: [
		"int4",
		"regclass",
		"regproc",
		"regprocedure",
		"regtype",
		"regrole",
		"regnamespace"
	],
	regclass: ["oid", "int4"]
};
const zones = {
	timestamp: "timestamptz",
	timestamptz: "timestamp"
};
function isBinary(schema, from, to) {
	if (from.array > 0 || to.array > 0 || userType$1(schema, from) !== void 0 || userType$1(schema, to) !== void 0) return false;
	if (zones[from.name] === to.name) return isUtc(schema.timeZone);
	return binary[from.name]?.includes(to.name) === true;
}
/** Zones that never had another offset, as the server asks for. */
const utc = /* @__PURE__ */ new Set([
	"utc",
	"gmt",
	"uct",
	"zulu",
	"universal",
	"greenwich",
	"gmt0",
	"gmt+0",
	"gmt-0",
	"z",
	"0",
	"00",
	"+00",
	"+00:00",
	"00:00"
]);
function isUtc(zone) {
	return zone !== void 0 && utc.has(zone.toLowerCase().replace(/^etc\//, ""));
}
/** Whether every value that was cut to the old length fits the new one untouched. */
function keepsLength(to, old) {
	const wanted = to.modifiers;
	if (wanted.length === 0) return true;
	if (wanted.length === old.length && wanted.every((one, index) => one === old[index])) return true;
	if (to.array > 0) return false;
	return fits$1[to.name]?.(wanted, old) === true;
}
const grows = ([wanted = 0], [old]) => old !== void 0 && wanted >= old;
const maxPrecision = 6;
const isFiner = ([wanted = 0], [old]) => wanted >= maxPrecision || old !== void 0 && wanted >= old;
const allFields = 32767;
const allDigits = 65535;
/** The smallest field that values have, from second to year, by the bits in which the parser writes fields. */
function leastField(fields) {
	return fields === allFields ? 0 : [
		12,
		11,
		10,
		3,
		1,
		2
	].findIndex((bit) => (fields & 1 << bit) !== 0);
}
const fits$1 = {
	varchar: grows,
	varbit: grows,
	numeric: ([precision = 0, scale = 0], [oldPrecision, oldScale = 0]) => oldPrecision !== void 0 && scale === oldScale && precision >= oldPrecision,
	time: isFiner,
	timetz: isFiner,
	timestamp: isFiner,
	timestamptz: isFiner,
	interval: ([fields = allFields, precision = allDigits], [oldFields = allFields, oldPrecision = allDigits]) => {
		if (leastField(fields) > leastField(oldFields)) return false;
		return leastField(oldFields) > 0 || precision >= maxPrecision || precision >= oldPrecision;
	}
};
/** Whether an index on the column orders its values as before, so that its file can be kept. */
function keepsOrder(schema, from, to) {
	const [source, target] = [baseType(schema, from), baseType(schema, to)];
	return isSameType(source, target) || familyOfType(source) === familyOfType(target);
}
/** Types that share a default operator class. */
function familyOfType({ name, array }) {
	return array > 0 ? `${name}[]` : name === "varchar" ? "text" : name === "cidr" ? "inet" : name;
}
// src/sql/effects/change-type.ts
/** ALTER COLUMN TYPE: the rows, the indexes of the column, the CHECKs that name it, the foreign keys at either end. */
function changeType(alteration, { name = "", def }) {
	if (def === void 0 || !("ColumnDef" in def)) return;
	const { typeName, raw_default: using, collClause } = def.ColumnDef;
	const { schema } = alteration.context;
	const to = columnType(schema, typeName);
	const collation = collClause === void 0 ? void 0 : wordsOf(collClause.collname).join(".");
	for (const table of alteration.family) {
		const column = table.kind === "table" ? table.columns.get(name) : void 0;
		const plan = alteration.plans.of(table);
		if (column === void 0 || needsRewrite(schema, name, column.type, to, using)) plan.rewrites = true;
		if (hasValidCheckOn(table, name)) plan.scans = true;
		const isSorted = column !== void 0 && keepsOrder(schema, column.type, to) && isSameCollation(column.collation, collation);
		alteration.plans.afterwards(() => {
			for (const index of indexesOnColumn(schema, table, name)) if (plan.rewrites || !isSorted || !canBeKept(index)) plan.remade.add(index);
		});
		if (table.kind === "table" && column !== void 0) remakeKeys(alteration, table, column, to);
	}
}
/** The server does not compare expressions, and so takes them for changed. */
function canBeKept({ predicate, keys, valid }) {
	return valid && predicate === void 0 && keys.every(({ expression }) => expression === void 0);
}
function isSameCollation(one, other) {
	return (one ?? "default") === (other ?? "default");
}
/** Foreign keys are looked through again when either table is written anew, or the two ends are compared another way. */
function remakeKeys({ context, plans }, table, column, to) {
	const { schema } = context;
	const isCompared = !keepsOrder(schema, column.type, to);
	for (const { from, key, referenced } of keysOfColumn(schema, table, column.name)) {
		if (!key.valid) continue;
		plans.afterwards(() => {
			if (!isCompared && !plans.isRewritten(table)) return;
			validateKey(context, plans, from, referenced);
		});
	}
}
function keysOfColumn(schema, table, column) {
	const own = [...table.constraints.values()].flatMap((key) => key.kind === "foreign" && key.columns.includes(column) ? [{
		from: table,
		key,
		referenced: schema.relations.get(key.references.id ?? -1)
	}] : []);
	const others = foreignKeysTo(schema, table).filter(({ key }) => key.references.columns.includes(column)).map(({ table: from, key }) => ({
		from,
		key,
		referenced: table
	}));
	return [...own, ...others];
}
// src/sql/effects/proof/partition-bound.ts
/** Whether the rows of a table surely belong into a partition, so that ATTACH need not look at them. */
function provesBound(schema, table, parent, bound) {
	const wanted = [boundFormula(schema, parent, bound), ...inheritedBounds(schema, parent)];
	const known = knownOf(table);
	return wanted.every((one) => one !== void 0 && implies(known, one));
}
/** Whether the rows of a default partition surely stay there when a partition with the bound comes beside it. */
function provesElsewhere(schema, rest, parent, bound) {
	const found = boundFormula(schema, parent, bound);
	return found !== void 0 && implies(knownOf(rest), negated(found));
}
/** What the parent's own place demands, when it is a partition itself. */
function inheritedBounds(schema, table) {
	const parent = tableById(schema, table.partitionOf?.parent);
	if (parent === void 0) return [];
	const bound = specOf(table);
	return [bound === void 0 ? void 0 : boundFormula(schema, parent, bound), ...inheritedBounds(schema, parent)];
}
function specOf({ partitionOf }) {
	const node = partitionOf?.bound.node;
	return node !== void 0 && "PartitionBoundSpec" in node ? node.PartitionBoundSpec : void 0;
}
/** The condition that every row of the partition meets; `undefined` when the text does not tell. */
function boundFormula(schema, parent, bound) {
	const key = parent.partitionKey;
	if (key === void 0) return void 0;
	if (bound.is_default === true) return defaultFormula(schema, parent);
	const keys = key.columns.map((one) => typeof one === "string" ? one : operandOf(one));
	switch (key.strategy) {
		case "list": return listFormula(parent, keys[0] ?? "", bound.listdatums ?? []);
		case "range": return rangeFormula(parent, keys, bound);
		default: return {
			kind: "other",
			text: hashText(parent.name, bound.modulus ?? 0, bound.remainder ?? 0, keys)
		};
	}
}
/** Whatever belongs into none of the others. */
function defaultFormula(schema, parent) {
	const bounds = [...parent.children].flatMap((id) => tableById(schema, id) ?? []).filter(({ partitionOf }) => partitionOf?.bound.isDefault === false).map(specOf).map((one) => one === void 0 ? void 0 : boundFormula(schema, parent, one));
	const known = bounds.filter((one) => one !== void 0);
	return known.length === bounds.length ? negated({
		kind: "or",
		of: known
	}) : void 0;
}
function listFormula(parent, operand, values) {
	const isNull = values.some((one) => "A_Const" in one && one.A_Const.isnull === true);
	const equal = values.filter((one) => !("A_Const" in one && one.A_Const.isnull === true)).map((one) => compare$1(parent, operand, "=", one));
	const known = equal.filter((one) => one !== void 0);
	if (known.length < equal.length) return void 0;
	const oneOf = {
		kind: "or",
		of: known
	};
	if (isNull) return {
		kind: "or",
		of: [{
			kind: "null",
			operand,
			isNull: true
		}, ...known]
	};
	return {
		kind: "and",
		of: [isNotNull(operand), oneOf]
	};
}
function rangeFormula(parent, keys, { lowerdatums = [], upperdatums = [] }) {
	const shared = keys.findIndex((_, index) => !isSameValue(lowerdatums[index], upperdatums[index]));
	const common = shared === -1 ? keys.length : shared;
	const parts = [
		...keys.map(isNotNull),
		...keys.slice(0, common).map((key, index) => compare$1(parent, key, "=", lowerdatums[index])),
		side(parent, keys.slice(common), lowerdatums.slice(common), {
			strict: ">",
			last: ">=",
			open: ">="
		}),
		side(parent, keys.slice(common), upperdatums.slice(common), {
			strict: "<",
			last: "<",
			open: "<="
		})
	];
	const known = parts.filter((one) => one !== void 0);
	return known.length === parts.length ? {
		kind: "and",
		of: known
	} : void 0;
}
/** `(a, b) >= (1, 5)` as the server writes it: `a > 1 or (a = 1 and b >= 5)`. */
function side(parent, keys, values, { strict, last, open }) {
	const end = values.findIndex(isUnbounded);
	const bounded = end === -1 ? keys : keys.slice(0, end);
	if (bounded.length === 0) return {
		kind: "and",
		of: []
	};
	const arms = bounded.map((key, arm) => {
		const operator = !(arm === bounded.length - 1) ? strict : end === -1 ? last : open;
		const conditions = [...bounded.slice(0, arm).map((before, index) => compare$1(parent, before, "=", values[index])), compare$1(parent, key, operator, values[arm])];
		const known = conditions.filter((one) => one !== void 0);
		return known.length === conditions.length ? {
			kind: "and",
			of: known
		} : void 0;
	});
	const known = arms.filter((one) => one !== void 0);
	return known.length === arms.length ? {
		kind: "or",
		of: known
	} : void 0;
}
function compare$1(parent, operand, operator, value) {
	const constant = value === void 0 ? void 0 : constantOf(value, parent.columns.get(operand)?.type);
	return constant === void 0 ? void 0 : {
		kind: "compare",
		operand,
		operator,
		value: constant
	};
}
/** MINVALUE and MAXVALUE look like columns to the parser. */
function isUnbounded(value) {
	return "ColumnRef" in value;
}
function isSameValue(one, other) {
	return one !== void 0 && other !== void 0 && !isUnbounded(one) && textOf$1(one) === textOf$1(other);
}
// src/sql/effects/partition.ts
/** ATTACH PARTITION: the rows must belong there, and the table gets the indexes and foreign keys of the parent. */
function attachPartition({ context, plans, target }, { name, bound }) {
	if (target.kind === "index") return;
	const partition = context.find(nameOf(name));
	if (target.kind !== "table" || partition.kind !== "table" || bound === void 0) {
		for (const table of partitionsOf(context.schema, partition)) plans.of(table).scans = true;
		return;
	}
	scanUnlessProved(context.schema, plans, partition, (table) => provesBound(context.schema, table, target, bound));
	checkDefault(context, target, bound, (table) => plans.of(table));
	for (const index of indexesOf(context.schema, target)) buildPart(context.schema, plans, index, partition);
	for (const key of target.constraints.values()) {
		if (key.kind !== "foreign") continue;
		const referenced = tableById(context.schema, key.references.id);
		if (!hasForeignKey(partition, key.columns, key.references.id)) validateKey(context, plans, partition, referenced);
		else if (referenced !== void 0) context.work.locks.push({
			relation: referenced,
			mode: "AccessExclusive",
			named: false
		});
	}
}
/** CREATE TABLE … PARTITION OF: the new table is empty, but the default partition may hold rows that belong into it. */
function createPartition(context, { inhRelations, partbound }) {
	const [parent] = inhRelations ?? [];
	if (partbound === void 0 || parent === void 0 || !("RangeVar" in parent)) return;
	const found = context.find(nameOf(parent.RangeVar));
	if (found.kind !== "table") return;
	for (const table of defaultTables(context.schema, found, partbound)) context.work.scan(table);
}
function checkDefault(context, parent, bound, planOf) {
	for (const table of defaultTables(context.schema, parent, bound)) planOf(table).scans = true;
}
/** Tables of the default partition that have to be looked through for rows of a new one. */
function defaultTables(schema, parent, bound) {
	if (bound.is_default === true) return [];
	const rest = [...parent.children].flatMap((id) => tableById(schema, id) ?? []).find(({ partitionOf }) => partitionOf?.bound.isDefault === true);
	if (rest === void 0 || provesElsewhere(schema, rest, parent, bound)) return [];
	return [rest, ...childrenOf(schema, rest)].filter((table) => table === rest || !provesElsewhere(schema, table, parent, bound));
}
/** A proof for a table holds for all below it. */
function scanUnlessProved(schema, plans, table, isProved) {
	if (isProved(table)) return;
	plans.of(table).scans = true;
	for (const id of table.children) {
		const child = tableById(schema, id);
		if (child !== void 0) scanUnlessProved(schema, plans, child, isProved);
	}
}
/** An index that serves is taken; for the rest one is built. */
function buildPart(schema, plans, index, table) {
	if (indexesOf(schema, table).some((one) => one.parent === void 0 && serves$1(one, index))) return;
	for (const part of partitionsOf(schema, table)) if (part.kind === "table" && part.form !== "foreign") plans.of(part).newIndexes++;
}
function serves$1(one, wanted) {
	return one.valid && one.unique === wanted.unique && one.method === wanted.method && (wanted.constraint === void 0 || one.constraint !== void 0) && keyText(one) === keyText(wanted);
}
function keyText({ keys, include, predicate }) {
	const parts = keys.map(({ column, expression, opclass, collation }) => [
		column,
		expression === void 0 ? void 0 : textOf$1(expression),
		opclass,
		collation
	]);
	return JSON.stringify([
		parts,
		include,
		predicate === void 0 ? void 0 : textOf$1(predicate)
	]);
}
// src/sql/effects/table-plan.ts
/** What the subcommands of one ALTER TABLE ask of a table: all of them together are one pass over its rows. */
var TablePlan = class {
	table;
	rewrites = false;
	scans = false;
	/** How many new indexes it gets. */
	newIndexes = 0;
	/** Indexes that are dropped and made again. */
	remade = /* @__PURE__ */ new Set();
	/** Indexes that are dropped. */
	gone = /* @__PURE__ */ new Set();
	constructor(table) {
		this.table = table;
	}
};
/** The plans of one statement, by table. */
var TablePlans = class {
	#plans = /* @__PURE__ */ new Map();
	/** What can be told only when it is known which tables are written anew. */
	#afterwards = [];
	of(table) {
		const plan = this.#plans.get(table) ?? new TablePlan(table);
		this.#plans.set(table, plan);
		return plan;
	}
	afterwards(look) {
		this.#afterwards.push(look);
	}
	carryOut({ schema, work }) {
		for (const look of this.#afterwards) look();
		for (const plan of this.#plans.values()) {
			const { table } = plan;
			if (plan.rewrites) work.rewrite(table);
			if (plan.scans) work.scan(table);
			for (let built = 0; built < plan.newIndexes; built++) work.build(table);
			for (const index of plan.remade) if (!plan.gone.has(index)) work.rebuild(index, table);
			if (!plan.rewrites || table.kind === "table" && table.form !== "ordinary") continue;
			for (const index of indexesOn(schema, table)) if (!plan.gone.has(index)) work.rewrite(index);
		}
	}
	isRewritten(table) {
		return this.#plans.get(table)?.rewrites === true;
	}
};
// src/sql/effects/alter-table.ts
/** ALTER TABLE and its kin. */
function alterTable$1(context, { relation, cmds, objtype }) {
	if (objtype !== void 0 && !withRows.has(objtype)) return;
	const target = context.find(nameOf(relation));
	const plans = new TablePlans();
	const family = isOnly(relation) ? [target] : familyOf(context.schema, target);
	const commands = nodesOf(cmds, "AlterTableCmd");
	const alteration = {
		context,
		plans,
		target,
		family,
		dropped: new Set(commands.flatMap(({ subtype, name }) => subtype === "AT_DropConstraint" ? name ?? [] : []))
	};
	for (const command of commands) alterations[command.subtype ?? ""]?.(alteration, command);
	plans.carryOut(context);
}
const withRows = /* @__PURE__ */ new Set([
	"OBJECT_TABLE",
	"OBJECT_MATVIEW",
	"OBJECT_INDEX"
]);
const alterations = {
	AT_AddColumn: (alteration, { def, missing_ok }) => {
		if (def === void 0 || !("ColumnDef" in def)) return;
		addColumn$1(alteration, def.ColumnDef, { ifNotExists: missing_ok === true });
	},
	AT_DropColumn: ({ context, plans, family }, { name = "" }) => {
		for (const table of family) for (const index of indexesOnColumn(context.schema, table, name)) plans.of(table).gone.add(index);
	},
	AT_DropConstraint: ({ context, plans, family }, { name = "" }) => {
		for (const table of family) for (const index of indexesOfConstraint(context.schema, table, name)) plans.of(table).gone.add(index);
	},
	AT_AddConstraint: (alteration, { def }) => {
		if (def !== void 0 && "Constraint" in def) addConstraint(alteration, def.Constraint);
	},
	AT_ValidateConstraint: (alteration, { name = "" }) => validateConstraint(alteration, name),
	AT_AlterConstraint: (alteration, { def }) => enforce(alteration, def),
	AT_SetNotNull: (alteration, { name = "" }) => setNotNull(alteration, name),
	AT_AlterColumnType: (alteration, command) => changeType(alteration, command),
	AT_SetExpression: setExpression,
	AT_SetLogged: (alteration) => setPersistence(alteration, "permanent"),
	AT_SetUnLogged: (alteration) => setPersistence(alteration, "unlogged"),
	AT_SetAccessMethod: ({ context, target }, { name }) => {
		if (name !== void 0 && name !== "heap") rewriteWhole(context, target);
	},
	AT_SetTableSpace: ({ context, target }) => context.work.rewrite(target),
	AT_AttachPartition: (alteration, { def }) => {
		if (def !== void 0 && "PartitionCmd" in def) attachPartition(alteration, def.PartitionCmd);
	}
};
function indexesOfConstraint(schema, table, name) {
	return indexesOn(schema, table).filter(({ constraint }) => constraint === name);
}
/** ENFORCED, since PostgreSQL 18, has the rows looked through again. */
function enforce({ context, plans, target }, def) {
	if (def === void 0 || !("ATAlterConstraint" in def) || def.ATAlterConstraint.alterEnforceability !== true) return;
	if (def.ATAlterConstraint.is_enforced !== true) return;
	const constraint = target.kind === "table" ? target.constraints.get(def.ATAlterConstraint.conname ?? "") : void 0;
	if (constraint?.kind !== "foreign") return;
	const { id, name } = constraint.references;
	validateKey(context, plans, target, context.schema.relations.get(id ?? -1) ?? context.find(name));
}
function setPersistence({ context, target }, persistence) {
	if (target.kind === "table" && target.persistence === persistence) return;
	rewriteWhole(context, target);
}
/** Stored values are computed anew; virtual ones have none, but NOT NULL is checked of them. */
function setExpression({ context, plans, family }, { name = "" }) {
	for (const table of family) {
		const column = table.kind === "table" ? table.columns.get(name) : void 0;
		const plan = plans.of(table);
		if (column?.generated?.kind !== "virtual") {
			plan.rewrites = true;
			for (const index of indexesOnColumn(context.schema, table, name)) plan.remade.add(index);
		} else if (column.notNull) plan.scans = true;
	}
}
// src/sql/effects/maintenance.ts
/** CREATE INDEX; with ONLY a partitioned table gets one that holds nothing yet. */
function createIndex$1(context, { relation, idxname, if_not_exists }) {
	const table = context.find(nameOf(relation));
	if (if_not_exists === true && idxname !== void 0 && findRelation(context.schema, {
		schema: table.schema,
		name: idxname
	})) return;
	const tables = isOnly(relation) ? [table] : partitionsOf(context.schema, table);
	for (const one of tables) context.work.build(one);
}
/** Every table gets an empty file, and so do its indexes. */
function truncate(context, { relations, behavior }) {
	for (const name of nodesOf(relations, "RangeVar")) {
		const relation = context.find(nameOf(name));
		const family = isOnly(name) ? [relation] : familyOf(context.schema, relation);
		const others = behavior === "DROP_CASCADE" && relation.kind !== "unknown" ? reachedFrom(context.schema, relation, cascade) : [];
		for (const one of [...family, ...others.map((other) => other.relation)]) rewriteWhole(context, one);
	}
}
const cascade = [{
	to: "children",
	mode: "AccessExclusive"
}, {
	to: "referencing-chain",
	mode: "AccessExclusive"
}];
function vacuum(context, { rels, options, is_vacuumcmd }) {
	if (is_vacuumcmd !== true || !hasOption(options, "full")) return;
	for (const { relation } of nodesOf(rels, "VacuumRelation")) {
		const found = context.find(nameOf(relation));
		for (const one of isOnly(relation) ? [found] : familyOf(context.schema, found)) rewriteWhole(context, one);
	}
}
function cluster(context, { relation }) {
	if (relation === void 0) return;
	for (const one of partitionsOf(context.schema, context.find(nameOf(relation)))) rewriteWhole(context, one);
}
/** REINDEX; CONCURRENTLY makes another index that takes the place of the old one. */
function reindex({ schema, find, work }, { kind, relation, params }) {
	const isConcurrent = hasOption(params, "concurrently");
	const again = (index, table) => {
		if (isConcurrent) work.rebuild(index, table);
		else work.rewrite(index);
		work.scan(table);
	};
	const found = find(nameOf(relation));
	if (kind === "REINDEX_OBJECT_TABLE") for (const table of partitionsOf(schema, found)) {
		if (table.kind === "unknown") work.scan(table);
		if (table.kind === "table" && table.form !== "ordinary") continue;
		for (const index of indexesOn(schema, table)) again(index, table);
	}
	else if (kind === "REINDEX_OBJECT_INDEX" && found.kind === "index") {
		const parts = reachedFrom(schema, found, [{
			to: "partitions",
			mode: "AccessExclusive"
		}]);
		for (const index of [found, ...parts.map((part) => part.relation)]) {
			const table = index.kind === "index" ? schema.relations.get(index.table) : void 0;
			if (index.kind !== "index" || table === void 0 || table.kind === "table" && table.form !== "ordinary") continue;
			again(index, table);
		}
	} else if (kind === "REINDEX_OBJECT_INDEX" && found.kind === "unknown") work.rewrite(found);
}
/** The query is run again; CONCURRENTLY compares its rows with those that are there. */
function refresh(context, { relation, concurrent, skipData }) {
	const view = context.find(nameOf(relation));
	if (concurrent === true) context.work.scan(view);
	else rewriteWhole(context, view);
	if (skipData === true || view.kind === "unknown") return;
	for (const read of underlying(context.schema, view, false)) context.work.scan(read);
}
/** A new materialized view is filled by its query. */
function fill(context, { query, into, objtype }) {
	if (objtype !== "OBJECT_MATVIEW" || into?.skipData === true) return;
	for (const name of queryLocks(query, "analyzed").locks) {
		const read = context.find(name);
		const whole = read.kind === "table" ? familyOf(context.schema, read) : [read];
		const beneath = read.kind === "view" && read.form === "view" ? underlying(context.schema, read, true) : [];
		for (const one of [...whole, ...beneath]) context.work.scan(one);
	}
}
/** Without a condition every row is changed; with one it depends on indexes and the planner. */
function change$1(context, { relation, whereClause }) {
	if (whereClause !== void 0) return;
	const table = context.find(nameOf(relation));
	for (const one of isOnly(relation) ? [table] : familyOf(context.schema, table)) context.work.scan(one);
}
// src/sql/effects/work-of-statement.ts
/** Adds what a statement reads, writes anew and builds to the work. */
function statementWork(context, node) {
	const { kind, content } = openNode(node);
	const judge = judges[kind];
	judge?.(context, content);
}
const judges = {
	AlterTableStmt: alterTable$1,
	CreateStmt: createPartition,
	CreateTableAsStmt: fill,
	IndexStmt: createIndex$1,
	TruncateStmt: truncate,
	VacuumStmt: vacuum,
	ClusterStmt: cluster,
	ReindexStmt: reindex,
	RefreshMatViewStmt: refresh,
	UpdateStmt: change$1,
	DeleteStmt: change$1
};
// src/sql/effects/effects.ts
/** Judges a statement by the schema as it stands before it. */
function statementEffects(statement, schema, { major }) {
	const { locks, unknown } = statementLocks(statement);
	const find = relationFinder(schema);
	const work = new Work();
	statementWork({
		schema,
		major,
		find,
		work
	}, statement.node);
	return {
		locks: heldLocks(schema, locksOfVersion(locks, statement.node, {
			major,
			find
		}), find, work.locks),
		...work.done(),
		unknown
	};
}
// src/lint/scope.ts
/** What a rule may ask about one statement. */
var StatementScope = class {
	statement;
	/** The text that offsets and locations of the statement count in. */
	text;
	file;
	/** Its place in the file, from 0. */
	index;
	/** The schema just before it. Only valid while the statement is checked: what follows changes it. */
	schema;
	/** Whether it runs in a transaction together with others. */
	inTransaction;
	release;
	/** Whether it stands inside a DO block. */
	nested;
	#effects;
	#transaction;
	#before;
	/** `transaction`: what the same transaction has run so far. */
	constructor(given, transaction) {
		this.statement = given.statement;
		this.text = given.text;
		this.file = given.file;
		this.index = given.index;
		this.schema = given.schema;
		this.nested = given.nested;
		this.#transaction = transaction;
		this.#before = transaction.length;
		this.inTransaction = given.inTransaction;
		this.release = given.release;
		this.#effects = statementEffects(given.statement, given.schema, { major: given.release.postgres });
	}
	/** What the statement locks, rewrites and scans. */
	get effects() {
		return this.#effects;
	}
	/** Statements before it in the same transaction, in their order. */
	get earlier() {
		return this.#transaction.slice(0, this.#before);
	}
	/** The statement before it in the same transaction. */
	get previous() {
		return this.#transaction[this.#before - 1];
	}
	get phase() {
		return this.file.migration.phase;
	}
	get postgres() {
		return this.release.postgres;
	}
	/** The statement's own words, without a comment behind them. */
	get sql() {
		return withoutEnd(this.text.text.slice(this.statement.start, this.statement.end));
	}
	/** Whether the release under review made it: nobody uses it yet, so nobody waits for it. What is not known is old. */
	isNew(what) {
		const first = this.release.files[0]?.order;
		return what !== void 0 && "origin" in what && first !== void 0 && what.origin.file >= first;
	}
};
// src/lint/secret-literals.ts
/** By path: quoted texts that hold a password, of the files that have findings. */
function secretsOf(findings, files) {
	const paths = new Set(findings.map(({ path }) => path));
	const found = files.filter(({ migration }) => paths.has(migration.path)).map((file) => [file.migration.path, secretLiterals(file)]);
	return new Map(found.filter(([, literals]) => literals.length > 0));
}
/** As they stand in the file; whether a rule is on does not matter. */
function secretLiterals({ migration, up, down }) {
	if (!/password|postgres(?:ql)?:/i.test(migration.file)) return [];
	const nested = [up, down].flatMap((part) => [...part?.nested.values() ?? []].flat().map(({ text }) => text.text));
	const texts = /* @__PURE__ */ new Set([
		migration.file,
		up.text.text,
		down?.text.text ?? "",
		...nested
	]);
	return [...new Set([...texts].flatMap(literalsIn))].sort((one, other) => other.length - one.length);
}
/** Connection strings have two forms: `key=value …`, and a URL. */
function passwordIn(conninfo) {
	return /(?:^|\s)password\s*=\s*(\S+)/.exec(conninfo ?? "")?.[1] ?? /^postgres(?:ql)?:\/\/[^/@:]*:([^/@]+)@/.exec(conninfo ?? "")?.[1];
}
/** The text with what stands between the quotes of these literals made unreadable; no place in it moves. */
function hideLiterals(text, literals = []) {
	return literals.reduce((shown, literal) => shown.replaceAll(literal, () => hidden(literal)), text);
}
/** A finding that shows none of the literals, wherever it quotes its statement. */
function hideInFinding(finding, literals) {
	if (literals.length === 0) return finding;
	const hide = (text) => hideLiterals(text, literals);
	const { message, harm, statement, replacement, instead } = finding;
	return {
		...finding,
		message: hide(message),
		harm: hide(harm),
		statement: statement === void 0 ? void 0 : hide(statement),
		replacement: replacement === void 0 ? void 0 : hide(replacement),
		instead: instead.map((file) => ({
			...file,
			sql: hide(file.sql)
		}))
	};
}
/** What follows the word PASSWORD, and connection strings with one; also in text that the literals hold in their turn. */
function literalsIn(text) {
	const tokens = tokensOrNone(text);
	if (tokens === void 0) return [...text.matchAll(/password\s*=?\s*([^\s;]+)/gi)].map(([, rest = ""]) => rest);
	return tokens.flatMap(({ text: literal }, index) => {
		const content = contentOf(literal);
		if (content === void 0) return [];
		if (tokens[index - 1]?.text.toLowerCase() === "password" || passwordIn(content) !== void 0) return [literal];
		return literalsIn(content).flatMap((inner) => [inner, inner.replaceAll("'", "''")]);
	});
}
function tokensOrNone(text) {
	try {
		return tokensOf(text);
	} catch {
		return;
	}
}
const form$1 = /^((?:[eun]&?)?'|\$[^$]*\$)(.*)('|\$[^$]*\$)$/is;
function contentOf(literal) {
	const [, quote = "", content] = form$1.exec(literal) ?? [];
	return quote.endsWith("'") ? content?.replaceAll("''", "'") : content;
}
function hidden(literal) {
	const [, open = "", content = literal, close = ""] = form$1.exec(literal) ?? [];
	return open + content.replace(/[^\n]/g, "*") + close;
}
// src/sql/comments.ts
/** The comments of a text, those inside of quoted texts left out. A text that even the scanner refuses has none. */
async function commentsOf(text) {
	const bytes = Buffer.from(text, "utf8");
	const utf16 = (offset) => bytes.toString("utf8", 0, offset).length;
	return (await scanComments(text)).map(({ start, end }) => ({
		text: bytes.toString("utf8", start, end),
		start: utf16(start),
		end: utf16(end)
	}));
}
// src/lint/ignores.ts
const form = /^(shiplock|squawk)-ignore(-file)?\b[ \t]*(.*)$/is;
/** The comments of a file that accept findings, in their order. Only a file that holds the word is scanned. */
async function ignoresOf({ file }) {
	if (!/(?:shiplock|squawk)-ignore/i.test(file)) return [];
	return (await commentsOf(file)).flatMap((comment) => {
		const body = comment.text.startsWith("--") ? comment.text.slice(2) : comment.text.slice(2, -2);
		const [, tool = "", scope, rest = ""] = form.exec(body.trim()) ?? [];
		if (tool === "") return [];
		const squawk = tool.toLowerCase() === "squawk";
		const colon = rest.indexOf(":");
		const names = colon < 0 ? rest : rest.slice(0, colon);
		const reason = colon < 0 ? "" : rest.slice(colon + 1).trim();
		return [{
			rules: names.split(/[\s,]+/).filter(Boolean),
			reason: reason === "" ? void 0 : reason,
			squawk,
			wholeFile: scope !== void 0,
			start: comment.start,
			end: comment.end
		}];
	});
}
// src/lint/suppress.ts
/**
* Takes out what comments accept. A comment counts for the statement that it stands before, in, or behind on the same
* line; before the first statement it counts for the findings about the file as well. A comment without a reason, and
* one that accepts nothing, are findings of their own.
*/
async function suppress(found, files, active, everyRule) {
	const findings = [];
	const suppressed = [];
	const byPath = groupByPath(found);
	const names = new Map(everyRule.flatMap((rule) => [rule.name, ...rule.aliases ?? []].map((name) => [name, rule.name])));
	const on = new Map(active.map((one) => [one.rule.name, one]));
	const checked = new Set(files.map(({ migration }) => migration.path));
	findings.push(...found.filter(({ path }) => !checked.has(path)));
	for (const file of files) {
		const targets = (await ignoresOf(file.migration)).map((ignore) => new Target(ignore, file, names));
		for (const finding of byPath.get(file.migration.path) ?? []) {
			const target = targets.find((one) => one.accepts(finding));
			if (target === void 0) findings.push(finding);
			else suppressed.push({
				finding,
				reason: target.ignore.reason ?? "none given, as squawk allows"
			});
		}
		for (const target of targets) findings.push(...complaints(target, file, on, names));
	}
	return {
		findings,
		suppressed
	};
}
function groupByPath(found) {
	const groups = /* @__PURE__ */ new Map();
	for (const finding of found) {
		const group = groups.get(finding.path);
		if (group === void 0) groups.set(finding.path, [finding]);
		else group.push(finding);
	}
	return groups;
}
/** A comment and what it stands at. */
var Target = class {
	ignore;
	#names;
	#statement;
	#first;
	#used = /* @__PURE__ */ new Set();
	constructor(ignore, { migration, up, down }, names) {
		this.ignore = ignore;
		this.#names = names;
		const statements = [...rangesOf(up), ...rangesOf(down)].sort((one, other) => one.start - other.start);
		const behind = statements.findLast(({ end }) => end <= ignore.start);
		const onSameLine = behind !== void 0 && !migration.file.slice(behind.end, ignore.start).includes("\n");
		this.#statement = onSameLine ? behind : statements.find(({ end }) => end > ignore.start);
		this.#first = statements.every(({ start }) => start > ignore.start);
	}
	accepts(finding) {
		const { rules, wholeFile, reason, squawk } = this.ignore;
		if (reason === void 0 && !squawk) return false;
		const named = rules.length === 0 ? finding.rule : rules.find((one) => this.#names.get(one) === finding.rule);
		if (named === void 0) return false;
		const statement = this.#statement;
		const at = finding.start.offset;
		const here = wholeFile || (finding.statement === void 0 ? this.#first : statement !== void 0 && at >= statement.start && at <= statement.end);
		if (here) this.#used.add(named);
		return here;
	}
	/** Names that accepted nothing. */
	unused() {
		return this.ignore.rules.filter((name) => !this.#used.has(name));
	}
};
function rangesOf(part) {
	return (part?.statements ?? []).flatMap(({ start, end }) => {
		const [from, to] = [part?.text.fileOffset(start), part?.text.fileOffset(end)];
		return from === void 0 || to === void 0 ? [] : [{
			start: from,
			end: to
		}];
	});
}
function complaints(target, file, on, names) {
	const { ignore } = target;
	const at = (active, message) => {
		if (active === void 0) return [];
		const { rule, severity } = active;
		const { migration } = file;
		const [start, end] = [ignore.start, ignore.end].map((offset) => positionFromUtf16(migration.file, offset));
		if (start === void 0 || end === void 0) return [];
		const { name, problem: harm, remedy } = rule;
		return [{
			path: migration.path,
			phase: migration.phase,
			start,
			end,
			statement: void 0,
			rule: name,
			severity,
			message,
			harm,
			remedy,
			instead: [],
			replacement: void 0
		}];
	};
	if (ignore.rules.length === 0 && !ignore.squawk) return at(on.get("unused-ignore"), "This comment names no rule, and accepts nothing.");
	if (ignore.reason === void 0 && !ignore.squawk) return at(on.get("require-ignore-reason"), `${ignore.rules.join(", ")} is not accepted: the comment does not say why.`);
	return target.unused().flatMap((name) => {
		const rule = names.get(name);
		if (rule === void 0) return ignore.squawk ? [] : at(on.get("unused-ignore"), `There is no rule ${name}.${didYouMean(name, names.keys())}`);
		return on.has(rule) ? at(on.get("unused-ignore"), `There is nothing to accept: ${name} finds no problem here.`) : [];
	});
}
// src/lint/engine.ts
/** Replays the released migrations into a model of the schema, and judges each new statement by what it meets there. */
async function lint(input) {
	const { released, added } = orderOfRun(input);
	if (added.length === 0 && input.refused.length === 0 && !touchesReleased(input)) return {
		files: [],
		released: [],
		before: emptySchema(),
		after: emptySchema(),
		findings: [],
		suppressed: [],
		secrets: /* @__PURE__ */ new Map()
	};
	const schema = input.start?.schema ?? emptySchema();
	const replayed = [];
	for (const migration of released) {
		const file = await openFile(migration, false, replayed.length);
		replayed.push(file);
		if (input.start?.holdsReleased !== true) replay$1(file, schema);
	}
	const opened = [];
	for (const [index, migration] of added.entries()) opened.push(await openFile(migration, true, released.length + index));
	const files = await withCalledRoutines(opened, replayed);
	const { layout, postgres, refused, review, bootFiles } = input;
	const release = {
		files,
		replayed: [...replayed, ...files],
		before: copySchema(schema),
		layout,
		postgres,
		refused,
		review,
		bootFiles
	};
	const byKind = new RulesByKind(input.rules);
	const findings = files.flatMap((file) => checkFile(file, schema, release, byKind));
	const whole = {
		...release,
		after: schema
	};
	findings.push(...checkRelease(whole, input.rules));
	const judged = await suppress(oneFindingPerCause(findings, files, input.everyRule), files, input.rules, input.everyRule);
	const secrets = secretsOf([...judged.findings, ...judged.suppressed.map(({ finding }) => finding)], release.replayed);
	const shown = (finding) => hideInFinding(finding, secrets.get(finding.path) ?? []);
	return {
		files,
		released: replayed,
		before: release.before,
		after: schema,
		findings: judged.findings.map(shown).sort(byGravity),
		suppressed: judged.suppressed.map(({ finding, reason }) => ({
			finding: shown(finding),
			reason
		})),
		secrets
	};
}
/** Released files by version, as every database has them by now; then the new ones, pre before post. */
function orderOfRun({ migrations, isNew }) {
	const sorted = [...migrations].sort(byVersion);
	const added = sorted.filter(isNew);
	return {
		released: sorted.filter((one) => !isNew(one)),
		added: [...added.filter(({ phase }) => phase === "pre"), ...added.filter(({ phase }) => phase === "post")]
	};
}
/** Whether a release without a new file is to be looked at: it changes released ones, or what a service does when it starts. */
function touchesReleased({ review, migrations, bootFiles = [] }) {
	const paths = (review?.changes ?? []).flatMap(({ path, from = path }) => [path, from]);
	const starts = new Set(bootFiles.map(({ path }) => path));
	return paths.some((path) => starts.has(path)) || touchesFolders(paths, migrations);
}
function replay$1(file, schema) {
	for (const index of file.up.statements.keys()) for (const { statement } of withNested(file, index)) applyStatement(schema, statement, {
		file: file.order,
		statement: index
	});
}
/** A statement, and what stands inside of it, in the order in which it is read. */
function withNested({ up }, index) {
	const inner = up.nested.get(index) ?? [];
	return [{
		statement: up.statements[index],
		text: up.text,
		nested: false
	}, ...inner.map((one) => ({
		...one,
		nested: true
	}))];
}
/** The active rules, so that a statement meets only those that are about its kind. */
var RulesByKind = class {
	ofFiles;
	#ofStatements;
	#known = /* @__PURE__ */ new Map();
	constructor(rules) {
		this.ofFiles = rules.filter((one) => "checkFile" in one.rule);
		this.#ofStatements = rules.filter((one) => "check" in one.rule);
	}
	of(kind) {
		const known = this.#known.get(kind);
		if (known !== void 0) return known;
		const found = this.#ofStatements.filter(({ rule: { on } }) => on === "every-statement" || on.includes(kind));
		this.#known.set(kind, found);
		return found;
	}
};
function checkFile(file, schema, release, rules) {
	const findings = [];
	const statements = [];
	let transaction = [];
	let open = false;
	for (const [index, outer] of file.up.statements.entries()) {
		const inTransaction = file.migration.transactional || open;
		if (isBegin(outer)) open = true;
		if (isCommit(outer)) open = false;
		if (!inTransaction) transaction = [];
		for (const { statement, text, nested } of withNested(file, index)) {
			const scope = new StatementScope({
				statement,
				text,
				file,
				index,
				schema,
				inTransaction: inTransaction || nested,
				nested,
				release
			}, transaction);
			findings.push(...checkStatement(scope, rules));
			statements.push(scope);
			transaction.push(scope);
			applyStatement(schema, statement, {
				file: file.order,
				statement: index
			});
		}
	}
	const scope = {
		file,
		release,
		statements
	};
	for (const active of rules.ofFiles) {
		if (!appliesTo(active.rule, file)) continue;
		for (const problem of problemsOf(active.rule.checkFile(scope))) findings.push(findingInFile(active, problem, file));
	}
	return findings;
}
function checkStatement(scope, rules) {
	const { kind, content } = openNode(scope.statement.node);
	return rules.of(kind).flatMap((active) => {
		const { rule } = active;
		if (!appliesTo(rule, scope.file)) return [];
		return problemsOf(rule.check(content, scope)).map((problem) => findingAt(active, problem, scope));
	});
}
function checkRelease(scope, rules) {
	const byPath = new Map(scope.replayed.map((file) => [file.migration.path, file]));
	return rules.flatMap((active) => {
		if (!("checkRelease" in active.rule)) return [];
		return active.rule.checkRelease(scope).map((problem) => findingOfRelease(active, problem, byPath.get(problem.path)));
	});
}
function appliesTo({ phase }, { migration }) {
	return phase === void 0 || phase === migration.phase;
}
function problemsOf(found) {
	return found === void 0 ? [] : Array.isArray(found) ? found : [found];
}
function findingAt(active, problem, scope) {
	const { file, text, statement } = scope;
	const { migration } = file;
	const at = offsetOf$1(problem, text.text) ?? statement.start;
	const start = text.fileOffset(at) ?? text.fileOffset(statement.start) ?? 0;
	const end = text.fileOffset(statement.end) ?? start;
	return {
		...common(active, problem),
		replacement: problem.replacement ?? replacementOf(problem, scope),
		path: migration.path,
		phase: migration.phase,
		start: positionFromUtf16(migration.file, start),
		end: positionFromUtf16(migration.file, Math.max(start, end)),
		statement: text.text.slice(statement.start, statement.end)
	};
}
/** A remedy of one statement that may stand in the very same place takes the place of this one. */
function replacementOf({ instead = [] }, { file, inTransaction, nested, sql }) {
	const [only, ...others] = instead;
	if (only === void 0 || others.length > 0 || only.note !== void 0 || nested) return void 0;
	if (only.phase !== file.migration.phase || only.transactional !== inTransaction) return void 0;
	const statement = withoutEnd(only.sql);
	return statement === sql || tokensOf(statement).some(({ text }) => text === ";") ? void 0 : statement;
}
/** The parser's nodes count bytes. */
function offsetOf$1({ offset, location }, text) {
	if (location === void 0) return offset;
	return Buffer.from(text, "utf8").subarray(0, location).toString("utf8").length;
}
function findingInFile(active, problem, { migration, up }) {
	const at = up.text.fileOffset(offsetOf$1(problem, up.text.text) ?? 0) ?? 0;
	const start = positionFromUtf16(migration.file, at);
	return {
		...common(active, problem),
		path: migration.path,
		phase: migration.phase,
		start,
		end: start,
		statement: void 0
	};
}
function findingOfRelease(active, problem, file) {
	const start = positionFromUtf16(problem.text ?? file?.migration.file ?? "", problem.offset ?? 0);
	return {
		...common(active, problem),
		path: problem.path,
		phase: file?.migration.phase,
		start,
		end: start,
		statement: void 0
	};
}
function common({ rule, severity }, problem) {
	return {
		rule: rule.name,
		severity: problem.severity ?? severity,
		message: problem.message,
		harm: problem.harm ?? rule.problem,
		remedy: rule.remedy,
		instead: problem.instead ?? [],
		replacement: problem.replacement
	};
}
// src/lint/wording.ts
/** A name for a sentence, as people write it: with its schema only where the migration says one. */
function tableName({ schema, name }) {
	return schema === void 0 ? name : `${schema}.${name}`;
}
/** An object as people call it: the schema that everybody means is left out. */
function objectName(described) {
	return described.replaceAll(" public.", " ");
}
/** The first few of many things, and how many more there are. */
function enumerate(things, most = 4) {
	const shown = things.length > most + 1 ? things.slice(0, most) : things;
	return shown.join(", ") + (shown.length < things.length ? `, and ${things.length - shown.length} more` : "");
}
// src/lint/remedy/alter-text.ts
/** `undefined` when the text does not come apart as its tree does. */
function alterText({ relation, cmds }, scope) {
	const text = new StatementText(scope);
	const name = text.tokens.findIndex(({ start }) => start >= text.inStatement(relation?.location ?? 0));
	let behind = name + 1;
	while (text.tokens[behind]?.text === ".") behind += 2;
	if (text.tokens[behind]?.text === "*" || text.tokens[behind]?.text === ")") behind++;
	const groups = [];
	let depth = 0;
	for (const token of text.tokens.slice(behind)) {
		if (token.text === "(" || token.text === "[") depth++;
		if (token.text === ")" || token.text === "]") depth--;
		const isSeparator = token.text === "," && depth === 0;
		if (isSeparator || groups.length === 0) groups.push({
			start: isSeparator ? token.end : token.start,
			end: token.end
		});
		const group = groups.at(-1);
		if (group !== void 0 && !isSeparator) group.end = token.end;
	}
	if (name < 0 || groups.length !== (cmds ?? []).length) return void 0;
	return {
		head: text.cut(0, text.tokens[behind - 1]?.end ?? 0),
		commands: groups.map(({ start, end }) => text.cut(start, end))
	};
}
/** A statement's text by the parser's locations, which count bytes from the beginning of the whole text. */
var StatementText = class {
	tokens;
	#bytes;
	#before;
	constructor({ sql, text, statement }) {
		this.tokens = tokensOf(sql);
		this.#bytes = Buffer.from(sql, "utf8");
		this.#before = Buffer.byteLength(text.text.slice(0, statement.start), "utf8");
	}
	/** A location, counted from the beginning of the statement. */
	inStatement(location) {
		return location - this.#before;
	}
	/** What stands between two places of the statement, without the blanks and comments around it. */
	cut(start, end) {
		const inside = this.tokens.filter((token) => token.start >= start && token.end <= end);
		return this.raw(inside[0]?.start ?? end, inside.at(-1)?.end ?? end);
	}
	raw(start, end) {
		return this.#bytes.toString("utf8", start, end);
	}
	/** Where the subcommand or item that a location stands in ends: before the next comma, or bracket that closes, of its level. */
	endOfItem(location) {
		const from = this.inStatement(location);
		let depth = 0;
		let end = from;
		for (const token of this.tokens) {
			if (token.start < from) continue;
			if (token.text === "(" || token.text === "[") depth++;
			if (token.text === ")" || token.text === "]") depth--;
			if (depth < 0 || depth === 0 && token.text === ",") break;
			end = token.end;
		}
		return end;
	}
	/** From a location to the end of its subcommand. */
	itemAt(location) {
		return this.cut(this.inStatement(location), this.endOfItem(location));
	}
};
// src/lint/remedy/write.ts
/** A template whose own words are written as a statement writes its: large when it begins large. Values stay as they are. */
function wordsLike({ sql }) {
	const isLarge = /^[A-Z]{2}/.test(sql);
	return (parts, ...values) => parts.map((part, index) => `${isLarge ? part.toUpperCase() : part}${values[index] ?? ""}`).join("");
}
/** A name as a statement has to write it: between quotes only when it would mean something else without. */
function written(name) {
	return /^[a-z_][a-z0-9_$]*$/.test(name) && (tokensOf(name)[0]?.keywordKind ?? 0) < 2 ? name : `"${name.replaceAll("\"", "\"\"")}"`;
}
function writtenRelation({ schema, name }) {
	return schema === void 0 ? written(name) : `${written(schema)}.${written(name)}`;
}
function writtenList(names) {
	return names.map(written).join(", ");
}
/** A file that runs as one transaction. */
function transaction(phase, statements, note) {
	return remedyFile(phase, true, statements, note);
}
/** A file that runs outside a transaction. */
function alone(phase, statements, note) {
	return remedyFile(phase, false, statements, note);
}
function remedyFile(phase, transactional, statements, note) {
	return {
		phase,
		transactional,
		sql: [statements].flat().map((one) => `${one};`).join("\n"),
		...note === void 0 ? {} : { note }
	};
}
/** Words joined by an underscore, as short as the server wants a name; the last of them is kept whole. */
function nameFrom(...words) {
	const end = `_${words.at(-1)}`;
	return `${Buffer.from(words.slice(0, -1).join("_"), "utf8").subarray(0, 63 - Buffer.byteLength(end)).toString("utf8").replace(/\ufffd+$/, "")}${end}`;
}
// src/lint/remedy/alterations.ts
/** `undefined` for a table of this release, which nobody waits for, and for what is no table. */
function alteredOldTable$1(alter, scope) {
	const { relation, cmds, objtype } = alter;
	const name = nameOf(relation);
	const table = findTable(scope.schema, name);
	if (objtype !== "OBJECT_TABLE" || scope.isNew(table) || table?.persistence === "temporary") return void 0;
	return {
		table,
		name: tableName(name),
		sql: writtenRelation(name),
		commands: nodesOf(cmds, "AlterTableCmd"),
		text: alterText(alter, scope)
	};
}
function addedConstraint({ subtype, def }) {
	return subtype === "AT_AddConstraint" && def !== void 0 && "Constraint" in def ? def.Constraint : void 0;
}
function addedColumn({ subtype, def }) {
	return subtype === "AT_AddColumn" && def !== void 0 && "ColumnDef" in def ? def.ColumnDef : void 0;
}
/** What one subcommand would do alone. */
function effectsOf(command, alter, { schema, postgres }) {
	return statementEffects({ node: { AlterTableStmt: {
		...alter,
		cmds: [{ AlterTableCmd: command }]
	} } }, schema, { major: postgres });
}
/** The words before the definition of a new column. */
function addColumn({ missing_ok }, scope) {
	const kw = wordsLike(scope);
	return missing_ok === true ? kw`add column if not exists` : kw`add column`;
}
/** The problems of the subcommands; their remedies are one, since they share a statement. */
function splitAlter(old, scope, splitOf) {
	const splits = old.commands.map(splitOf);
	const found = splits.filter((split) => split !== void 0);
	const { text } = old;
	const isWhole = text !== void 0 && found.every(({ follow }) => follow !== void 0);
	const kept = splits.flatMap((split, index) => split === void 0 ? text?.commands[index] ?? [] : split.stays ?? []);
	const first = kept.length === 0 ? [] : [transaction(scope.phase, `${text?.head} ${kept.join(", ")}`)];
	const instead = isWhole ? [...first, ...mergeFiles(found.flatMap(({ follow }) => follow ?? []))] : [];
	return found.map(({ problem }) => instead.length === 0 ? problem : {
		...problem,
		instead
	});
}
/** Equal files once: several subcommands may ask for the same step. */
function mergeFiles(files) {
	return files.filter((one, index) => files.findIndex((other) => other.sql === one.sql && other.phase === one.phase) === index);
}
// src/lint/remedy/backfill.ts
/** A file that writes old rows a thousand at a time, each thousand committed before the next. */
function backfillFile(backfill, phase, scope) {
	const key = numberOfRow(backfill.table);
	return alone(phase, key === void 0 ? byPlace(backfill, scope) : byKey(backfill, written(key), scope), "A thousand rows at a time; running it again does no harm.");
}
function byKey({ sql, set, where }, key, scope) {
	const kw = wordsLike(scope);
	const [done, end, batch] = [
		"done_up_to",
		"batch_end",
		"batch"
	];
	return kw`do $$
declare
  ${done} bigint;
  ${end} bigint;
begin
  loop
    select max(${key}) into ${end} from (
      select ${key} from ${sql} where ${done} is null or ${key} > ${done} order by ${key} limit 1000
    ) as ${batch};
    exit when ${end} is null;
    update ${sql} set ${set}
      where (${done} is null or ${key} > ${done}) and ${key} <= ${end} and ${where};
    commit;
    ${done} := ${end};
  end loop;
end $$`;
}
function byPlace({ sql, set, where }, scope) {
	return wordsLike(scope)`do $$
begin
  loop
    update ${sql} set ${set} where ctid = any (array(select ctid from ${sql} where ${where} limit 1000));
    exit when not found;
    commit;
  end loop;
end $$`;
}
/** A primary key of one whole number, by which rows can be gone through in order. */
function numberOfRow(table) {
	const primary = [...table?.constraints.values() ?? []].find(({ kind }) => kind === "primary");
	const [only, ...others] = primary?.kind === "primary" ? primary.columns : [];
	const type = table?.columns.get(only ?? "")?.type;
	return others.length === 0 && type?.array === 0 && [
		"int2",
		"int4",
		"int8"
	].includes(type.name) ? only : void 0;
}
// src/lint/remedy/column-text.ts
/** The text of a column's definition, which can be written again without some of its parts. */
var ColumnText = class {
	#text;
	#column;
	#parts;
	constructor(column, scope) {
		this.#text = new StatementText(scope);
		this.#column = column;
		const end = this.#text.endOfItem(column.location ?? 0);
		const parts = [
			{
				start: this.#text.inStatement(column.location ?? 0),
				constraint: void 0
			},
			...column.collClause === void 0 ? [] : [{
				start: this.#text.inStatement(column.collClause.location ?? 0),
				constraint: void 0
			}],
			...constraintsOf(column.constraints).map((constraint) => ({
				start: this.#text.inStatement(constraint.location ?? 0),
				constraint
			}))
		].sort((one, other) => one.start - other.start);
		this.#parts = parts.map((part, index) => ({
			...part,
			end: parts[index + 1]?.start ?? end
		}));
	}
	/** Its type as it is written. */
	get type() {
		const start = this.#text.inStatement(this.#column.typeName?.location ?? 0);
		const part = this.#parts.find((one) => one.start <= start && start < one.end);
		return this.#text.cut(start, part?.end ?? start);
	}
	/** All of it but the parts of some kinds, and what describes those parts. */
	without(...kinds) {
		return this.#join((constraint) => !kinds.includes(constraint.contype));
	}
	/** One of its constraints as a table would have it, with what describes it. */
	only(wanted) {
		return this.#join((constraint) => constraint === wanted, false);
	}
	#join(keep, keepRest = true) {
		let kept = keepRest;
		const pieces = [];
		for (const { start, end, constraint } of this.#parts) {
			if (constraint === void 0) kept = keepRest;
			else if (!constraint.contype?.startsWith("CONSTR_ATTR")) kept = keep(constraint);
			if (kept) pieces.push(this.#text.cut(start, end));
		}
		return pieces.join(" ");
	}
};
// src/lint/remedy/not-null.ts
/** Files that make a column NOT NULL while others read and write: the rows are read under a lock that stops no write. */
function notNullFiles({ sql, table, column, check, name: wanted }, phase, scope, note) {
	const kw = wordsLike(scope);
	const name = written(wanted ?? nameFrom(table, column, "not_null"));
	const col = written(column);
	if (check !== void 0) return [transaction(phase, [kw`alter table ${sql} validate constraint ${written(check)}`, kw`alter table ${sql} alter column ${col} set not null`], note)];
	if (scope.postgres >= 18) return [transaction(phase, kw`alter table ${sql} add constraint ${name} not null ${col} not valid`, note), transaction(phase, kw`alter table ${sql} validate constraint ${name}`)];
	return [transaction(phase, kw`alter table ${sql} add constraint ${name} check (${col} is not null) not valid`, note), transaction(phase, [
		kw`alter table ${sql} validate constraint ${name}`,
		kw`alter table ${sql} alter column ${col} set not null`,
		kw`alter table ${sql} drop constraint ${name}`
	])];
}
// src/lint/rule.ts
/** A rule on statements of some kinds; its check sees what such a node holds. */
function defineRule(rule) {
	return {
		...rule,
		on: typeof rule.on === "string" ? [rule.on] : rule.on
	};
}
// src/lint/rules/adding-field-with-default.ts
var adding_field_with_default_default = defineRule({
	name: "adding-field-with-default",
	group: "locks",
	severity: "error",
	problem: "Nobody can read or write the table while the default is computed for every row and the table is written anew.",
	remedy: "Add the column without a default, set the default for new rows, and fill the old rows in batches.",
	because: "A default that is computed for each row, such as gen_random_uuid(), makes ADD COLUMN write the whole table and all of its indexes anew under ACCESS EXCLUSIVE. Constants and now() are computed once and stored beside the table (PostgreSQL 11 and later).",
	examples: {
		bad: [
			"alter table users add column token uuid default gen_random_uuid()",
			"ALTER TABLE public.users ADD COLUMN IF NOT EXISTS luck double precision NOT NULL DEFAULT random() * 10, ADD COLUMN city text",
			"alter table events add column seen timestamptz default clock_timestamp()"
		],
		good: [
			"alter table users add column joined timestamptz not null default now()",
			"alter table users add column plan text not null default 'free'",
			"alter table users alter column nickname set default md5(random()::text)",
			"create table carts (id bigint); alter table carts add column token uuid default gen_random_uuid()"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		if (old === void 0) return void 0;
		return splitAlter(old, scope, (command) => {
			const column = addedColumn(command);
			const constraints = constraintsOf(column?.constraints);
			const value = constraints.find(({ contype }) => contype === "CONSTR_DEFAULT");
			if (column === void 0 || value === void 0 || effectsOf(command, alter, scope).rewrites.length === 0) return void 0;
			const kw = wordsLike(scope);
			const name = column.colname ?? "";
			const col = written(name);
			const text = new ColumnText(column, scope);
			const isRequired = constraints.some(({ contype }) => contype === "CONSTR_NOTNULL");
			const fill = backfillFile({
				sql: old.sql,
				table: old.table,
				set: kw`${col} = default`,
				where: kw`${col} is null`
			}, scope.phase, scope);
			return {
				problem: {
					message: `Adding ${old.name}.${name} computes its default for every row and writes all of ${old.name} anew while nobody can read or write it.`,
					harm: `Every query on ${old.name} waits.`
				},
				stays: `${addColumn(command, scope)} ${text.without("CONSTR_DEFAULT", "CONSTR_NOTNULL")}, ${kw`alter column ${col} set`} ${text.only(value)}`,
				follow: [fill, ...isRequired ? notNullFiles({
					sql: old.sql,
					table: old.table?.name ?? old.name,
					column: name
				}, scope.phase, scope) : []]
			};
		});
	}
});
// src/lint/remedy/index-text.ts
function indexText(scope, tableLocation) {
	const text = new StatementText(scope);
	const { tokens } = text;
	const words = tokens.map((token) => token.text.toLowerCase());
	const table = text.inStatement(tableLocation);
	const at = tokens.findIndex(({ start }) => start >= table);
	const on = words.lastIndexOf("on", at);
	const tail = tokens.findIndex(({ text: word, start }) => start > table && (word === "(" || word.toLowerCase() === "using"));
	const named = !["index", "concurrently"].includes(words[on - 1] ?? "");
	return {
		unique: words[1] === "unique",
		name: named ? tokens[on - 1]?.text : void 0,
		tail: text.cut(tokens[tail]?.start ?? 0, tokens.at(-1)?.end ?? 0)
	};
}
/** The statement again, on another table or built in another way; never with IF NOT EXISTS. */
function createIndex(index, scope, { on, name = index.name, concurrent, only = false }) {
	const kw = wordsLike(scope);
	return `${index.unique ? kw`create unique index` : kw`create index`}${concurrent ? kw` concurrently` : ""}${name === void 0 ? "" : ` ${name}`}${only ? kw` on only` : kw` on`} ${on} ${index.tail}`;
}
// src/lint/remedy/partitioned-index.ts
/**
* An index of a partitioned table without a lock that lasts: an empty one on the table itself, one on each partition
* built beside the writes, and then all of them joined.
*/
function partitionedIndexFiles(index, table, on, scope) {
	const kw = wordsLike(scope);
	const parts = partitionsBelow(scope.schema, table);
	const stem = stemOf(index, table);
	const top = index.name ?? nameFrom(table.name, stem);
	const names = new Map(parts.map(({ part }) => [part.id, freeName$1(scope.schema, part, stem)]));
	const nameOf = (part) => writtenRelation({
		schema: part.schema === "public" ? void 0 : part.schema,
		name: names.get(part.id) ?? ""
	});
	const empty = parts.filter(({ part }) => part.form === "partitioned");
	const leaves = parts.filter(({ part }) => part.form !== "partitioned");
	const built = (part, concurrent) => createIndex(index, scope, {
		on: writtenPart(part),
		name: writtenRelation({
			schema: void 0,
			name: names.get(part.id) ?? ""
		}),
		concurrent,
		only: !concurrent
	});
	return [
		transaction(scope.phase, [createIndex(index, scope, {
			on,
			name: top,
			concurrent: false,
			only: true
		}), ...empty.map(({ part }) => built(part, false))]),
		...leaves.map(({ part }) => alone(scope.phase, built(part, true))),
		transaction(scope.phase, parts.map(({ part, parent }) => kw`alter index ${names.has(parent.id) ? nameOf(parent) : inSchemaOf(table, top)} attach partition ${nameOf(part)}`), table.complete ? void 0 : "Partitions that no migration made need the same two steps.")
	];
}
function writtenPart(part) {
	return writtenRelation({
		schema: part.schema === "public" ? void 0 : part.schema,
		name: part.name
	});
}
function inSchemaOf(table, written) {
	return table.schema === "public" ? written : `${writtenRelation({
		schema: void 0,
		name: table.schema
	})}.${written}`;
}
/** Partitions at every level, those above before those below. */
function partitionsBelow(schema, table) {
	return [...table.children].flatMap((id) => {
		const part = tableById(schema, id);
		return part === void 0 ? [] : [{
			part,
			parent: table
		}, ...partitionsBelow(schema, part)];
	});
}
/** What an index is called behind the name of its table. */
function stemOf({ name }, table) {
	const bare = name?.replace(/^"(.*)"$/, "$1") ?? "idx";
	return bare.startsWith(`${table.name}_`) ? bare.slice(table.name.length + 1) : bare;
}
function freeName$1(schema, part, stem) {
	const isTaken = (name) => findRelation(schema, {
		schema: part.schema,
		name
	}) !== void 0;
	const name = nameFrom(part.name, stem);
	return isTaken(name) ? nameFrom(part.name, stem, "new") : name;
}
// src/lint/rules/adding-foreign-key-constraint.ts
var adding_foreign_key_constraint_default = defineRule({
	name: "adding-foreign-key-constraint",
	group: "locks",
	severity: "error",
	problem: "Every write to both tables waits while all rows of the one are looked up in the other.",
	remedy: "Add the foreign key NOT VALID, and run VALIDATE CONSTRAINT in the next migration.",
	because: "ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on both tables and reads both. With NOT VALID it reads nothing and holds the locks for an instant; VALIDATE CONSTRAINT takes SHARE UPDATE EXCLUSIVE on the one and ROW SHARE on the other. A partitioned table takes NOT VALID since PostgreSQL 18; before, its partitions take it one by one, and the table itself then finds their keys and reads nothing.",
	examples: {
		bad: [
			"alter table orders add constraint orders_product_fk foreign key (product_id) references products (id) on delete cascade",
			"ALTER TABLE orders ADD FOREIGN KEY (product_id) REFERENCES public.products",
			"create table shops (id int primary key); insert into shops values (1); alter table users add column shop_id int default 1 references shops (id)",
			"alter table events add constraint events_id_fkey foreign key (id) references orders (id)"
		],
		good: [
			"alter table orders add constraint orders_product_fk foreign key (product_id) references products (id) not valid",
			{
				given: "alter table orders add constraint orders_product_fk foreign key (product_id) references products (id) not valid",
				files: [{ sql: "alter table orders validate constraint orders_product_fk" }]
			},
			"create table carts (id bigint primary key, user_id bigint); alter table carts add foreign key (user_id) references users (id)",
			"alter table users add column product_id int references products (id)",
			{
				given: "alter table events_2025 add constraint events_id_fkey foreign key (id) references orders (id); alter table events_2026 add constraint events_id_fkey foreign key (id) references orders (id)",
				files: [{ sql: "alter table events add constraint events_id_fkey foreign key (id) references orders (id)" }]
			}
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		if (old === void 0) return void 0;
		return splitAlter(old, scope, (command) => {
			const constraint = addedConstraint(command);
			if (constraint?.contype === "CONSTR_FOREIGN") return splitTableKey(constraint, old, scope);
			const column = addedColumn(command);
			const key = constraintsOf(column?.constraints).find(({ contype }) => contype === "CONSTR_FOREIGN");
			if (column === void 0 || key === void 0 || !constraintsOf(column.constraints).some(isValue)) return void 0;
			const kw = wordsLike(scope);
			const text = new ColumnText(column, scope);
			const columns = [column.colname ?? ""];
			const name = nameOfKey$1(key, columns, old, scope.schema);
			const definition = text.only(key);
			const reference = definition.slice(definition.toLowerCase().indexOf("references"));
			return {
				problem: problemOf$5(name, key, old),
				stays: `${addColumn(command, scope)} ${text.without("CONSTR_FOREIGN")}`,
				follow: [transaction(scope.phase, kw`alter table ${old.sql} add constraint ${written(name)} foreign key (${written(columns[0] ?? "")}) ${reference} not valid`), validation$1(old.sql, name, scope)]
			};
		});
	}
});
/** A column full of nulls refers to nothing, and is not checked. */
function isValue({ contype, raw_expr }) {
	if (contype !== "CONSTR_DEFAULT") return contype === "CONSTR_GENERATED" || contype === "CONSTR_IDENTITY";
	return !(raw_expr !== void 0 && "A_Const" in raw_expr && raw_expr.A_Const.isnull === true);
}
function splitTableKey(constraint, old, scope) {
	if (constraint.skip_validation === true || constraint.is_enforced === false) return void 0;
	const kw = wordsLike(scope);
	const columns = wordsOf(constraint.fk_attrs);
	const name = nameOfKey$1(constraint, columns, old, scope.schema);
	const text = new StatementText(scope).itemAt(constraint.location ?? 0);
	const whole = constraint.conname === void 0 ? kw`constraint ${written(name)} ${text}` : text;
	const problem = problemOf$5(name, constraint, old);
	if (old.table?.form !== "partitioned" || scope.postgres >= 18) return {
		problem,
		stays: kw`add ${whole} not valid`,
		follow: [validation$1(old.sql, name, scope)]
	};
	const leaves = partitionsBelow(scope.schema, old.table).filter(({ part }) => part.form !== "partitioned");
	if (old.table.complete && leaves.every(({ part }) => hasKey(part, constraint, columns, scope.schema))) return void 0;
	return {
		problem,
		follow: [...leaves.flatMap(({ part }) => [transaction(scope.phase, kw`alter table ${writtenPart(part)} add ${whole} not valid`), validation$1(writtenPart(part), name, scope)]), transaction(scope.phase, kw`alter table ${old.sql} add ${whole}`)]
	};
}
/** Whether the server finds the same key on a partition, and so has nothing to read there. */
function hasKey(part, constraint, columns, schema) {
	const partner = findTable(schema, nameOf(constraint.pktable));
	return [...part.constraints.values()].some((one) => one.kind === "foreign" && one.valid && one.references.id === partner?.id && one.columns.join() === columns.join());
}
function problemOf$5(name, { pktable }, old) {
	const partner = tableName(nameOf(pktable));
	return {
		message: `Adding the foreign key ${name} holds back writes to ${old.name} and ${partner} while every row of ${old.name} is looked up.`,
		harm: `Every INSERT, UPDATE and DELETE on ${old.name} and on ${partner} waits.`
	};
}
function validation$1(table, name, scope) {
	return transaction(scope.phase, wordsLike(scope)`alter table ${table} validate constraint ${written(name)}`);
}
function nameOfKey$1({ conname }, columns, { table, name }, schema) {
	return conname ?? (table === void 0 ? nameFrom(name, ...columns, "fkey") : chooseConstraintName(schema, table.schema, [
		table.name,
		joinedColumns(columns),
		"fkey"
	]));
}
// src/lint/rules/adding-not-nullable-field.ts
var adding_not_nullable_field_default = defineRule({
	name: "adding-not-nullable-field",
	group: "locks",
	severity: "error",
	problem: "Nobody can read or write the table while all of its rows are searched for nulls.",
	remedy: "Add a CHECK (… IS NOT NULL) NOT VALID, validate it in the next migration, and run SET NOT NULL behind it.",
	because: "SET NOT NULL reads the whole table under ACCESS EXCLUSIVE, unless a validated CHECK proves that there is no null (PostgreSQL 12 and later). PostgreSQL 18 has ADD CONSTRAINT … NOT NULL … NOT VALID for it.",
	examples: {
		bad: [
			"alter table users alter column nickname set not null",
			{ files: [{
				phase: "post",
				sql: "ALTER TABLE public.users ALTER age SET NOT NULL, ALTER COLUMN name SET NOT NULL"
			}] },
			{
				given: "alter table users add constraint nickname_there check (nickname is not null) not valid",
				files: [{ sql: "alter table users alter nickname set not null" }]
			},
			{ files: [{
				phase: "post",
				sql: "alter table events alter column kind set not null"
			}] },
			{
				files: [{
					phase: "post",
					sql: "alter table users alter column nickname set not null"
				}],
				postgres: 18
			},
			{
				files: [{
					phase: "post",
					sql: "alter table users add constraint nickname_there not null nickname"
				}],
				postgres: 18
			}
		],
		good: [
			{
				given: "alter table users add constraint nickname_there check (nickname is not null) not valid; alter table users validate constraint nickname_there",
				files: [{
					phase: "post",
					sql: "alter table users alter nickname set not null; alter table users drop constraint nickname_there"
				}]
			},
			{
				given: "alter table users add constraint users_whole check (age > 17 and nickname is not null)",
				files: [{
					phase: "post",
					sql: "alter table users alter nickname set not null"
				}]
			},
			{ files: [{ sql: "alter table users alter column email set not null" }] },
			{
				files: [{ sql: "alter table users add constraint nickname_there not null nickname not valid" }],
				postgres: 18
			},
			"create table carts (id bigint, note text); alter table carts alter note set not null"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		if (old === void 0) return void 0;
		return splitAlter(old, scope, (command) => {
			const constraint = addedConstraint(command);
			const isNamed = constraint?.contype === "CONSTR_NOTNULL" && constraint.skip_validation !== true;
			const column = command.subtype === "AT_SetNotNull" ? command.name : isNamed ? wordsOf(constraint.keys)[0] : void 0;
			if (column === void 0 || effectsOf(command, alter, scope).scans.length === 0) return void 0;
			return {
				problem: problemOf$4(column, old),
				follow: filesFor$2(column, constraint?.conname, old, scope)
			};
		});
	}
});
function problemOf$4(column, old) {
	return {
		message: `Making ${old.name}.${column} NOT NULL reads all of ${old.name} while nobody else can read or write it.`,
		harm: `Every query on ${old.name} waits.`
	};
}
/** Old code that leaves the column out writes nulls, unless there is a default. */
function filesFor$2(column, name, old, scope) {
	const hasDefault = old.table?.columns.get(column)?.default !== void 0;
	const table = old.table?.name ?? old.name;
	const what = {
		sql: old.sql,
		table,
		column,
		name,
		check: name === void 0 ? checkOf(column, old) : void 0
	};
	return hasDefault ? notNullFiles(what, scope.phase, scope) : notNullFiles(what, "post", scope, `After a deploy whose code always writes ${column}, and after its nulls were filled.`);
}
/** A check of the column that only waits to be validated. */
function checkOf(column, { table }) {
	return [...table?.constraints.values() ?? []].find((one) => {
		if (one.kind !== "check" || one.valid || !("NullTest" in one.expression)) return false;
		const { nulltesttype, arg } = one.expression.NullTest;
		return nulltesttype === "IS_NOT_NULL" && arg !== void 0 && "ColumnRef" in arg && wordsOf(arg.ColumnRef.fields).at(-1) === column;
	})?.name;
}
// src/lint/remedy/numbered-column.ts
const integers$2 = {
	smallserial: "smallint",
	serial2: "smallint",
	serial: "integer",
	serial4: "integer",
	bigserial: "bigint",
	serial8: "bigint"
};
/** Whether the server fills it with numbers by itself. */
function isNumbered({ typeName, constraints }) {
	return isSerial(wordsOf(typeName?.names)) || constraintsOf(constraints).some(({ contype }) => contype === "CONSTR_IDENTITY");
}
/** Files that add a serial or identity column: new rows are numbered at once, old rows bit by bit. */
function numberedColumnFiles(column, old, scope) {
	const kw = wordsLike(scope);
	const name = column.colname ?? "";
	const table = old.table?.name ?? old.name;
	const identity = constraintsOf(column.constraints).find(({ contype }) => contype === "CONSTR_IDENTITY");
	if ((identity?.options ?? []).length > 0 || old.name.includes(".")) return void 0;
	const serial = wordsOf(column.typeName?.names).at(-1) ?? "";
	const type = identity === void 0 ? kw`${integers$2[serial] ?? "bigint"}` : new ColumnText(column, scope).type;
	const col = written(name);
	const sequence = written(nameFrom(table, name, identity === void 0 ? "seq" : "numbers"));
	const start = transaction(scope.phase, [
		kw`alter table ${old.sql} add column ${col} ${type}`,
		kw`create sequence ${sequence} as ${type} owned by ${old.sql}.${col}`,
		kw`alter table ${old.sql} alter column ${col} set default nextval(${quoted(sequence)})`
	]);
	const fill = backfillFile({
		sql: old.sql,
		table: old.table,
		set: kw`${col} = default`,
		where: kw`${col} is null`
	}, scope.phase, scope);
	const notNull = notNullFiles({
		sql: old.sql,
		table,
		column: name
	}, scope.phase, scope);
	if (identity === void 0) return [
		start,
		fill,
		...notNull
	];
	const when = identity.generated_when === "a" ? kw`always` : kw`by default`;
	const finish = transaction(scope.phase, [
		kw`alter table ${old.sql} alter column ${col} drop default`,
		kw`alter table ${old.sql} alter column ${col} add generated ${when} as identity`,
		kw`select setval(pg_get_serial_sequence(${quoted(old.sql)}, ${quoted(name)}), nextval(${quoted(sequence)}))`,
		kw`drop sequence ${sequence}`
	]);
	return [
		start,
		fill,
		...notNull,
		finish
	];
}
function quoted(text) {
	return `'${text.replaceAll("'", "''")}'`;
}
// src/lint/rules/adding-required-field.ts
var adding_required_field_default = defineRule({
	name: "adding-required-field",
	group: "data",
	severity: "error",
	problem: "The statement fails on a table that has rows, and old code that does not know the column could not insert any more.",
	remedy: "Give the column a default, and drop the default once no old code is left.",
	because: "ADD COLUMN … NOT NULL without a default puts a null into every row that is there, and PostgreSQL refuses it as soon as there is one row. A constant default is stored beside the table, without writing a row (PostgreSQL 11 and later).",
	yieldsTo: ["adding-serial-primary-key-field"],
	examples: {
		bad: [
			{
				fails: true,
				files: [{ sql: "alter table users add column phone text not null" }]
			},
			{
				fails: true,
				files: [{ sql: "ALTER TABLE public.orders ADD COLUMN IF NOT EXISTS weight numeric(8, 2) NOT NULL, ADD COLUMN memo text" }]
			},
			{
				fails: true,
				files: [{ sql: "alter table orders add column paid_on date constraint orders_paid_on_there not null, add column next_state order_state not null" }]
			},
			{
				fails: true,
				files: [{ sql: "alter table users add column shop_id bigint not null default null" }]
			}
		],
		good: [
			"alter table users add column phone text not null default ''",
			"alter table users add column phone text",
			"create table carts (id bigint); alter table carts add column phone text not null",
			{
				given: "create domain phone_number as text default '' check (value is not null)",
				files: [{ sql: "alter table users add column phone phone_number not null" }]
			},
			"alter table users add column if not exists nickname text not null",
			{ files: [{ sql: "alter table orders add column double_amount int not null generated always as (amount * 2) stored" }] }
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		if (old === void 0) return void 0;
		return splitAlter(old, scope, (command) => {
			const column = addedColumn(command);
			if (column === void 0 || !isRequired$1(column) || hasValue$1(column, scope.schema)) return void 0;
			const name = column.colname ?? "";
			if (command.missing_ok === true && old.table?.columns.has(name)) return void 0;
			const problem = {
				message: `Adding ${old.name}.${name} as NOT NULL without a default fails as soon as ${old.name} has a row.`,
				harm: `The release stops here, and code that inserts into ${old.name} without ${name} would fail.`
			};
			const value = someValue(columnType(scope.schema, column.typeName), scope.schema);
			if (value === void 0) return {
				problem,
				follow: void 0
			};
			const kw = wordsLike(scope);
			return {
				problem,
				stays: `${addColumn(command, scope)} ${new ColumnText(column, scope).without("CONSTR_DEFAULT")} ${kw`default ${value}`}`,
				follow: [transaction("post", kw`alter table ${old.sql} alter column ${written(name)} drop default`, `The value ${value} stands for what old rows, and rows of old code, shall have: put your own there.`)]
			};
		});
	}
});
function isRequired$1({ constraints }) {
	return constraintsOf(constraints).some(({ contype }) => contype === "CONSTR_NOTNULL" || contype === "CONSTR_PRIMARY");
}
function hasValue$1(column, schema) {
	const given = constraintsOf(column.constraints).filter(({ contype }) => contype === "CONSTR_DEFAULT" || contype === "CONSTR_GENERATED");
	if (given.some(({ raw_expr }) => !(raw_expr !== void 0 && "A_Const" in raw_expr && raw_expr.A_Const.isnull === true))) return true;
	return isNumbered(column) || given.length === 0 && isDomain(columnType(schema, column.typeName), schema);
}
function userType(type, schema) {
	return (type.schema === void 0 ? schema.searchPath : [type.schema]).map((space) => schema.types.get(nameKey(space, type.name))).find((one) => one !== void 0);
}
function isDomain(type, schema) {
	return userType(type, schema)?.kind === "domain";
}
const values = {
	...Object.fromEntries([
		"int2",
		"int4",
		"int8",
		"numeric",
		"float4",
		"float8"
	].map((name) => [name, "0"])),
	...Object.fromEntries([
		"text",
		"varchar",
		"bpchar",
		"bytea"
	].map((name) => [name, "''"])),
	...Object.fromEntries([
		"timestamp",
		"timestamptz",
		"date",
		"time",
		"timetz"
	].map((name) => [name, "now()"])),
	bool: "false",
	json: "'{}'",
	jsonb: "'{}'",
	interval: "'0'",
	uuid: "'00000000-0000-0000-0000-000000000000'"
};
/** A constant that the type accepts; `undefined` when none is known. */
function someValue(type, schema) {
	if (type.array > 0) return "'{}'";
	const own = userType(type, schema);
	if (own?.kind === "enum") return own.values[0] === void 0 ? void 0 : `'${own.values[0].replaceAll("'", "''")}'`;
	return type.schema === void 0 && own === void 0 ? values[type.name] : void 0;
}
// src/lint/remedy/key-files.ts
/** The name that a UNIQUE or PRIMARY KEY has, or gets from the server. */
function nameOfKey({ conname, contype, including }, columns, { table, name }, scope) {
	const isPrimary = contype === "CONSTR_PRIMARY";
	const words = isPrimary ? [] : [...columns, ...wordsOf(including)];
	const suffix = isPrimary ? "pkey" : "key";
	if (conname !== void 0) return conname;
	if (table === void 0) return nameFrom(name, ...words, suffix);
	const second = words.length === 0 ? void 0 : joinedColumns(words);
	return chooseRelationName(scope.schema, table.schema, [
		table.name,
		second,
		suffix
	], true);
}
/** Files that build the index of a key beside the writes, and then make it the key's. `undefined` when no such way is known. */
function keyFiles(constraint, columns, old, scope) {
	if (constraint.without_overlaps === true || (constraint.options ?? []).length > 0 || columns.length === 0) return void 0;
	const name = nameOfKey(constraint, columns, old, scope);
	if (old.table?.form !== "partitioned") return keyOfTable(constraint, columns, name, old.sql, scope);
	const parts = partitionsBelow(scope.schema, old.table);
	if (parts.some(({ part }) => part.form === "partitioned")) return void 0;
	const kw = wordsLike(scope);
	const kind = constraint.contype === "CONSTR_PRIMARY" ? kw`primary key` : kw`unique`;
	return [
		transaction(scope.phase, kw`alter table only ${old.sql} add constraint ${written(name)} ${kind} (${writtenList(columns)})`),
		...parts.flatMap(({ part }) => keyOfTable(constraint, columns, partName(part.name, columns, constraint), writtenPart(part), scope)),
		transaction(scope.phase, parts.map(({ part }) => kw`alter index ${written(name)} attach partition ${written(partName(part.name, columns, constraint))}`))
	];
}
function partName(part, columns, { contype }) {
	return contype === "CONSTR_PRIMARY" ? nameFrom(part, "pkey") : nameFrom(part, ...columns, "key");
}
function keyOfTable(constraint, columns, name, table, scope) {
	const kw = wordsLike(scope);
	const kind = constraint.contype === "CONSTR_PRIMARY" ? kw`primary key` : kw`unique`;
	const including = wordsOf(constraint.including);
	const index = [
		kw`create unique index concurrently ${written(name)} on ${table} (${writtenList(columns)})`,
		...including.length === 0 ? [] : [kw`include (${writtenList(including)})`],
		...constraint.nulls_not_distinct === true ? [kw`nulls not distinct`] : [],
		...constraint.indexspace === void 0 ? [] : [kw`tablespace ${written(constraint.indexspace)}`]
	];
	const deferred = constraint.initdeferred === true ? kw` initially deferred` : constraint.deferrable === true ? kw` deferrable` : "";
	return [alone(scope.phase, index.join(" ")), transaction(scope.phase, `${kw`alter table ${table} add constraint ${written(name)} `}${kind}${kw` using index `}${written(name)}${deferred}`)];
}
// src/lint/rules/adding-serial-primary-key-field.ts
var adding_serial_primary_key_field_default = defineRule({
	name: "adding-serial-primary-key-field",
	group: "locks",
	severity: "error",
	problem: "Nobody can read or write the table until the index of the primary key is built.",
	remedy: "Build the index with CREATE UNIQUE INDEX CONCURRENTLY, and add the primary key with USING INDEX in the next migration.",
	because: "ADD PRIMARY KEY builds its index under ACCESS EXCLUSIVE, and reads all rows for nulls where the columns are not NOT NULL; a serial or identity column writes the whole table anew before it. With USING INDEX over columns that are NOT NULL it is done in an instant.",
	examples: {
		bad: [
			{
				given: "create table logs (id bigint not null, line text)",
				files: [{ sql: "alter table logs add primary key (id)" }]
			},
			{
				given: "create table logs (shop int, line int)",
				files: [{ sql: "ALTER TABLE logs ADD CONSTRAINT logs_key PRIMARY KEY (shop, line)" }]
			},
			{
				given: "create table logs (line text)",
				files: [{ sql: "alter table logs add column id bigserial primary key" }]
			},
			{
				given: "create table logs (line text)",
				files: [{ sql: "alter table logs add column id bigint generated always as identity primary key, add column kind text" }]
			},
			{ files: [{ sql: "alter table events add primary key (id, at)" }] }
		],
		good: [{
			given: "create table logs (id bigint not null, line text)",
			files: [{
				transaction: false,
				sql: "create unique index concurrently logs_pkey on logs (id)"
			}, { sql: "alter table logs add constraint logs_pkey primary key using index logs_pkey" }]
		}, "create table carts (id bigint); alter table carts add primary key (id)"]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		if (old === void 0 || old.table?.form === "partitioned" && alter.relation?.inh !== true) return void 0;
		return splitAlter(old, scope, (command) => {
			const problem = {
				message: `Adding a primary key to ${old.name} builds its index while nobody can read or write the table.`,
				harm: `Every query on ${old.name} waits.`
			};
			const constraint = addedConstraint(command);
			if (constraint?.contype === "CONSTR_PRIMARY" && constraint.indexname === void 0) {
				const columns = wordsOf(constraint.keys);
				const key = keyFiles(constraint, columns, old, scope);
				return {
					problem,
					follow: key === void 0 ? void 0 : [...nullableFirst(columns, old, scope), ...key]
				};
			}
			const column = addedColumn(command);
			const primary = constraintsOf(column?.constraints).find(({ contype }) => contype === "CONSTR_PRIMARY");
			if (column === void 0 || primary === void 0) return void 0;
			const name = column.colname ?? "";
			const key = keyFiles(primary, [name], old, scope);
			if (isNumbered(column)) {
				const numbered = numberedColumnFiles(column, old, scope);
				return {
					problem,
					follow: numbered === void 0 || key === void 0 ? void 0 : [...numbered, ...key]
				};
			}
			return {
				problem,
				stays: `${addColumn(command, scope)} ${new ColumnText(column, scope).without("CONSTR_PRIMARY", "CONSTR_NOTNULL")}`,
				follow: key === void 0 ? void 0 : [...nullableFirst([name], old, scope), ...key]
			};
		});
	}
});
function nullableFirst(columns, { sql, name, table }, scope) {
	const nullable = columns.filter((column) => table?.columns.get(column)?.notNull !== true);
	const note = "After a deploy whose code always writes it, and after its nulls were filled.";
	return nullable.flatMap((column) => notNullFiles({
		sql,
		table: table?.name ?? name,
		column
	}, scope.phase, scope, note));
}
// src/lint/rules/ban-adding-serial-column.ts
var ban_adding_serial_column_default = defineRule({
	name: "ban-adding-serial-column",
	group: "locks",
	severity: "error",
	problem: "Nobody can read or write the table while every row gets its number and the table is written anew.",
	remedy: "Add a plain column, let a sequence number new rows by a default, and number the old rows in batches.",
	because: "A serial or identity column has another value in each row, so that ADD COLUMN writes the whole table and all of its indexes anew under ACCESS EXCLUSIVE.",
	yieldsTo: ["adding-serial-primary-key-field"],
	examples: {
		bad: [
			"alter table orders add column number bigserial",
			"ALTER TABLE orders ADD COLUMN number bigint GENERATED BY DEFAULT AS IDENTITY",
			"alter table orders add column memo text, add column number integer generated always as identity"
		],
		good: [
			"create table carts (id bigint); alter table carts add column number bigserial",
			"alter table orders add column number bigint",
			{
				given: "create table carts (id bigint, number bigserial)",
				files: [{ sql: "alter table carts add column memo text" }]
			}
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		if (old === void 0) return void 0;
		return splitAlter(old, scope, (command) => {
			const column = addedColumn(command);
			if (column === void 0 || !isNumbered(column) || effectsOf(command, alter, scope).rewrites.length === 0) return void 0;
			return {
				problem: {
					message: `Adding ${old.name}.${column.colname}, which numbers the rows, writes all of ${old.name} anew while nobody can read or write it.`,
					harm: `Every query on ${old.name} waits.`
				},
				follow: numberedColumnFiles(column, old, scope)
			};
		});
	}
});
// src/sql/schema/describe/expression.ts
/** An expression in SQL's words where it is a simple one, and else as its nodes say it; equal for equal ones. */
function describeExpression(value) {
	if (typeof value === "string") return value;
	return simple(value) ?? canonicalText(value);
}
function simple(node) {
	if (node === void 0) return void 0;
	if ("ColumnRef" in node) {
		const { fields = [] } = node.ColumnRef;
		return fields.every((one) => "String" in one) ? stringsOf(fields).join(".") : void 0;
	}
	if ("A_Const" in node) return constant(node.A_Const);
	if ("SQLValueFunction" in node) return node.SQLValueFunction.typmod === -1 ? functionName(node.SQLValueFunction.op) : void 0;
	if ("FuncCall" in node) return call(node.FuncCall);
	if ("A_Expr" in node) return operation(node.A_Expr);
	if ("NullTest" in node) {
		const arg = simple(node.NullTest.arg);
		return arg === void 0 ? void 0 : `${arg} is ${node.NullTest.nulltesttype === "IS_NULL" ? "" : "not "}null`;
	}
	if (!("BoolExpr" in node)) return void 0;
	const args = all(node.BoolExpr.args);
	if (args === void 0) return void 0;
	if (node.BoolExpr.boolop === "NOT_EXPR") return `not (${args[0]})`;
	return args.map((one) => `(${one})`).join(node.BoolExpr.boolop === "AND_EXPR" ? " and " : " or ");
}
function constant({ ival, sval, boolval, fval, isnull }) {
	if (isnull === true) return "null";
	if (ival !== void 0) return String(ival.ival ?? 0);
	if (fval !== void 0) return fval.fval;
	if (boolval !== void 0) return String(boolval.boolval === true);
	return sval === void 0 ? void 0 : `'${(sval.sval ?? "").replaceAll("'", "''")}'`;
}
function functionName(op) {
	return op?.replace("SVFOP_", "").toLowerCase();
}
/** Nothing but a name and arguments; what an aggregate may have besides is left to the nodes. */
function call({ args, funcname, ...rest }) {
	const plain = Object.keys(rest).every((key) => key === "location" || key === "funcformat");
	const texts = all(args);
	return plain && texts !== void 0 ? `${wordsOf(funcname).join(".")}(${texts.join(", ")})` : void 0;
}
function operation({ kind, name, lexpr, rexpr }) {
	if (kind !== "AEXPR_OP" || lexpr === void 0) return void 0;
	const [left, right] = [simple(lexpr), simple(rexpr)];
	return left === void 0 || right === void 0 ? void 0 : `${nested(lexpr, left)} ${wordsOf(name).join(".")} ${nested(rexpr, right)}`;
}
function nested(node, text) {
	return node !== void 0 && ("A_Expr" in node || "BoolExpr" in node) ? `(${text})` : text;
}
function all(nodes) {
	const texts = (nodes ?? []).map(simple);
	return texts.includes(void 0) ? void 0 : texts;
}
// src/sql/schema/describe/words.ts
function joinWords(...words) {
	return words.filter((word) => word !== false && word !== void 0 && word !== "").join(" ");
}
// src/sql/schema/describe/table.ts
/** Puts a table into words: itself, its columns, constraints, triggers, rules and policies. */
function describeTable(schema, table, text, words) {
	const name = `${table.schema}.${table.name}`;
	words.set(`table ${name}`, describeSelf(schema, table, text));
	for (const column of table.columns.values()) words.set(`column ${name}.${column.name}`, describeColumn(schema, column, text));
	for (const constraint of table.constraints.values()) {
		const described = describeConstraint(schema, constraint, text);
		if (described !== void 0) words.set(`constraint ${name}.${constraint.name}`, described);
	}
	for (const [trigger, { enabled, definition }] of table.triggers) words.set(`trigger ${name}.${trigger}`, joinWords(enabled ? "enabled" : "disabled", text(definition)));
	for (const [rule, definition] of table.rules) words.set(`rule ${name}.${rule}`, text(definition));
	for (const [policy, one] of table.policyTexts) words.set(`policy ${name}.${policy}`, describePolicy(one, text));
}
function describeSelf(schema, table, text) {
	const named = (id) => {
		const other = schema.relations.get(id);
		return `${other?.schema}.${other?.name}`;
	};
	const { partitionKey, partitionOf, replicaIdentity } = table;
	const key = partitionKey?.columns.map((one) => typeof one === "string" ? one : `(${text(one)})`);
	const parents = [...table.parents].map(named).sort();
	return joinWords(table.persistence === "unlogged" && "unlogged", table.form === "foreign" ? "foreign table" : "table", key !== void 0 && `partitioned by ${partitionKey?.strategy} (${key.join(", ")})`, partitionOf !== void 0 && `partition of ${named(partitionOf.parent)} ${partitionOf.bound.isDefault ? "default" : text(partitionOf.bound.node)}`, parents.length > 0 && `inherits ${parents.join(", ")}`, table.options.length > 0 && `with (${table.options.join(", ")})`, table.rowSecurity && "row level security", table.rowSecurityForced && "forced", replicaIdentity.kind === "index" ? `replica identity ${named(replicaIdentity.index)}` : replicaIdentity.kind !== "default" && `replica identity ${replicaIdentity.kind}`);
}
function describeColumn(schema, column, text) {
	const counter = column.counter === void 0 ? void 0 : schema.relations.get(column.counter);
	const value = counter === void 0 ? text(column.default) : `nextval of ${counter.schema}.${counter.name}`;
	return joinWords(typeText$3(column.type), column.collation !== void 0 && `collate ${column.collation}`, column.notNull && "not null", column.default !== void 0 && `default ${value}`, column.generated !== void 0 && `generated ${column.generated.kind} ${text(column.generated.expression)}`, column.identity !== void 0 && `generated ${column.identity} as identity`, !column.local && "inherited");
}
/** NOT NULL is described with its column, unless old rows may violate it. */
function describeConstraint(schema, constraint, text) {
	const validity = !constraint.valid && "not valid";
	switch (constraint.kind) {
		case "not-null": return constraint.valid ? void 0 : joinWords(`not null ${constraint.column}`, validity);
		case "check": return joinWords(`check (${text(constraint.expression)})`, constraint.noInherit && "no inherit", validity, !constraint.local && "inherited");
		case "foreign": return joinWords(describeForeignKey(schema, constraint), validity);
		case "exclusion": return "exclude";
		default: return joinWords(constraint.kind === "primary" ? "primary key" : "unique", `(${constraint.columns.join(", ")})`, constraint.deferrable && "deferrable", constraint.initiallyDeferred && "initially deferred");
	}
}
function describeForeignKey(schema, { columns, references, onDelete, onUpdate, deferral }) {
	const target = references.id === void 0 ? void 0 : schema.relations.get(references.id);
	const name = target === void 0 ? references.name.name : `${target.schema}.${target.name}`;
	return joinWords(`foreign key (${columns.join(", ")}) references ${name} (${references.columns.join(", ")})`, onDelete !== "no action" && `on delete ${onDelete}`, onUpdate !== "no action" && `on update ${onUpdate}`, deferral !== "not deferrable" && deferral);
}
function describePolicy({ command, permissive, roles, using, check }, text) {
	return joinWords(permissive ? "permissive" : "restrictive", `for ${command} to ${roles.join(", ")}`, using !== void 0 && `using (${text(using)})`, check !== void 0 && `with check (${text(check)})`);
}
// src/sql/schema/describe.ts
/**
* All that the schema holds, in words that are equal exactly when it is; origins and numbers are left out, and so are
* temporary objects, the order of columns, and names of constraints that only say NOT NULL.
*/
function describeSchema(schema, { withoutTexts = false } = {}) {
	const words = /* @__PURE__ */ new Map();
	const text = (value) => value === void 0 || value === "" ? "" : withoutTexts ? "…" : describeExpression(value);
	for (const one of schema.schemas) words.set(`schema ${one}`, "exists");
	for (const one of schema.extensions) words.set(`extension ${one}`, "exists");
	for (const relation of schema.relations.values()) {
		if (relation.schema === "pg_temp") continue;
		const name = `${relation.schema}.${relation.name}`;
		if (relation.kind === "table") describeTable(schema, relation, text, words);
		if (relation.kind === "index") words.set(`index ${name}`, describeIndex(schema, relation, text));
		if (relation.kind === "view") describeView(schema, relation, name, text, words);
		if (relation.kind === "sequence") words.set(`sequence ${name}`, describeSequence(schema, relation));
	}
	for (const [key, type] of schema.types) words.set(`type ${dotted(key)}`, describeType(type, text));
	for (const [key, overloads] of schema.functions) for (const one of overloads) words.set(`function ${dotted(key)}(${one.arguments.join(", ")})`, describeFunction(one, withoutTexts));
	for (const [name, publication] of schema.publications) words.set(`publication ${name}`, describePublication(schema, publication, withoutTexts));
	for (const [key, definition] of schema.others) words.set(key.replace(/^OBJECT_(\w+)/, (_, kind) => kind.toLowerCase().replaceAll("_", " ")), text(definition));
	return words;
}
/** Objects that two descriptions do not share. */
function differences(one, other) {
	return [.../* @__PURE__ */ new Set([...one.keys(), ...other.keys()])].filter((object) => one.get(object) !== other.get(object)).map((object) => ({
		object,
		one: one.get(object),
		other: other.get(object)
	}));
}
function dotted(key) {
	const { schema, name } = nameOfKey$2(key);
	return `${schema}.${name}`;
}
function describeIndex(schema, index, text) {
	const owner = schema.relations.get(index.table);
	const above = index.parent === void 0 ? void 0 : schema.relations.get(index.parent);
	const keys = index.keys.map((key, at) => joinWords(key.column ?? (key.expression === void 0 ? "" : `(${text(key.expression)})`), key.collation !== void 0 && `collate ${key.collation}`, key.opclass, key.descending && "desc", index.exclusions[at] !== void 0 && `with ${index.exclusions[at]}`));
	return joinWords(index.unique && "unique", `on ${owner?.schema}.${owner?.name} using ${index.method} (${keys.join(", ")})`, index.include.length > 0 && `include (${index.include.join(", ")})`, index.nullsNotDistinct && "nulls not distinct", index.predicate !== void 0 && `where ${text(index.predicate)}`, above !== void 0 && `part of ${above.schema}.${above.name}`, !index.valid && "invalid");
}
function describeView(schema, view, name, text, words) {
	const reads = [...view.reads].map(([id, columns]) => {
		const read = schema.relations.get(id);
		return `${read?.schema}.${read?.name}(${columns === "all" ? "*" : [...columns].sort().join(", ")})`;
	});
	const columns = view.columns === void 0 ? "?" : view.columns.join(", ");
	const form = view.form === "view" ? "view" : "materialized view";
	words.set(`${form} ${name}`, joinWords(`(${columns})`, `reads ${reads.sort().join(", ")}`, !view.populated && "not filled", text(view.query)));
	for (const [trigger, one] of view.triggers) words.set(`trigger ${name}.${trigger}`, joinWords(one.enabled ? "enabled" : "disabled", text(one.definition)));
	for (const [rule, definition] of view.rules) words.set(`rule ${name}.${rule}`, text(definition));
}
function describeSequence(schema, { type, ownedBy, identity }) {
	const owner = tableById(schema, ownedBy?.table);
	return joinWords(identity ? "as identity" : `as ${type}`, owner !== void 0 && `owned by ${owner.schema}.${owner.name}.${ownedBy?.column}`);
}
function describeType(type, text) {
	switch (type.kind) {
		case "enum": return `enum (${type.values.map((value) => `'${value.replaceAll("'", "''")}'`).join(", ")})`;
		case "domain": {
			const checks = [...type.checks].map(([name, check]) => joinWords(`${name} check (${text(check.expression)})`, !check.valid && "not valid"));
			return joinWords(`domain over ${typeText$3(type.base)}`, type.notNull && "not null", type.default !== void 0 && `default ${text(type.default)}`, ...checks.sort());
		}
		case "composite": return `(${[...type.attributes].map(([name, attribute]) => `${name} ${typeText$3(attribute)}`).join(", ")})`;
		default: return joinWords(type.kind, text(type.words));
	}
}
function describeFunction({ kind, returns, volatility, language, body, options }, withoutTexts) {
	const head = joinWords(kind, returns !== void 0 && `returns ${returns}`, `language ${language}`, volatility);
	return withoutTexts ? head : joinWords(head, options, body);
}
function describePublication(schema, { allTables, tables, schemas, details }, withoutTexts) {
	const named = [...tables].map((id) => {
		const table = tableById(schema, id);
		return joinWords(`${table?.schema}.${table?.name}`, details.has(id) && (withoutTexts ? "…" : details.get(id)));
	});
	const options = details.get("options");
	return joinWords(allTables && "for all tables", named.length > 0 && `for ${named.sort().join(", ")}`, schemas.size > 0 && `for schemas ${[...schemas].sort().join(", ")}`, !withoutTexts && options);
}
// src/sql/names-in.ts
/** Every word that statements hold in quotes or as a name: whatever they touch by name is among them. */
function namesIn$1(statements) {
	const found = /* @__PURE__ */ new Set();
	for (const { node } of statements) gather(node, found);
	return found;
}
/** Names of enum members, such as `OBJECT_TABLE`, come along; they harm nobody. */
function gather(value, found) {
	if (typeof value === "string") found.add(value);
	else if (Array.isArray(value)) for (const one of value) gather(one, found);
	else if (typeof value === "object" && value !== null) for (const one of Object.values(value)) gather(one, found);
}
// src/sql/schema/part.ts
/**
* A copy of what statements can touch, to try them on: a copy of all of it for each of many migrations would cost their
* number squared. All of it is copied where a statement reaches what it does not name.
*/
function copyPart(schema, statements) {
	const names = namesIn$1(statements);
	if (reachesFurther.some((word) => names.has(word))) return copySchema(schema);
	const relations = /* @__PURE__ */ new Map();
	const whole = /* @__PURE__ */ new Set();
	for (const relation of named$1(schema, names)) include(schema, relation, relations, whole);
	for (const table of usersOfTypes(schema, names)) include(schema, table, relations, whole);
	return copySchema({
		...schema,
		relations,
		names: new Map([...relations.values()].map(({ schema: space, name, id }) => [nameKey(space, name), id])),
		functions: new Map([...schema.functions].filter(([key]) => names.has(nameOfKey$2(key).name)))
	});
}
const reachesFurther = [
	"DROP_CASCADE",
	"OBJECT_SCHEMA",
	"DropOwnedStmt"
];
function* named$1(schema, names) {
	for (const space of schema.schemas) for (const name of names) {
		const id = schema.names.get(nameKey(space, name));
		const relation = id === void 0 ? void 0 : schema.relations.get(id);
		if (relation !== void 0) yield relation;
	}
}
/** Tables with a column of a type of somebody's own that is named. */
function* usersOfTypes(schema, names) {
	const types = new Set([...schema.types.keys()].map((key) => nameOfKey$2(key).name).filter((name) => names.has(name)));
	if (types.size === 0) return;
	for (const relation of schema.relations.values()) if (relation.kind === "table" && [...relation.columns.values()].some(({ type }) => types.has(type.name))) yield relation;
}
/**
* A relation with what hangs on it: its table or indexes, its sequences, tables at both ends of its foreign keys, parents
* and partitions. `whole`: those that came with all of this.
*/
function include(schema, relation, into, whole) {
	if (whole.has(relation.id)) return;
	whole.add(relation.id);
	into.set(relation.id, relation);
	const add = (id) => {
		const found = id === void 0 ? void 0 : schema.relations.get(id);
		if (found !== void 0) into.set(found.id, found);
	};
	const includeAll = (ids) => {
		for (const id of ids) {
			const found = schema.relations.get(id);
			if (found !== void 0) include(schema, found, into, whole);
		}
	};
	if (relation.kind === "index") includeAll([relation.table]);
	if (relation.kind === "sequence") add(relation.ownedBy?.table);
	if (relation.kind !== "table") return;
	for (const id of [
		...relation.indexes,
		...relation.sequences,
		...relation.referencedBy
	]) add(id);
	includeAll([
		...relation.children,
		...relation.parents,
		relation.partitionOf?.parent ?? 0
	]);
	for (const constraint of relation.constraints.values()) if (constraint.kind === "foreign") add(constraint.references.id);
}
// src/lint/down/type-change.ts
const wholeNumbers = [
	"int2",
	"int4",
	"int8"
];
const texts$2 = [
	"varchar",
	"text",
	"citext"
];
function typeChange(from, to, conversion) {
	const change = conversion === "expression" ? "changes" : changeOf(from, to);
	return change === "fits-or-fails" && conversion === "cast" && texts$2.includes(to.name) ? "changes" : change;
}
function changeOf(from, to) {
	if (from.array !== to.array || from.schema !== to.schema) return "changes";
	const width = wholeNumbers.indexOf(to.name);
	if (wholeNumbers.includes(from.name)) {
		if (width >= 0) return width >= wholeNumbers.indexOf(from.name) ? "keeps" : "fits-or-fails";
		if (to.name === "numeric") return to.modifiers.length === 0 ? "keeps" : "fits-or-fails";
		return texts$2.includes(to.name) && to.modifiers.length === 0 ? "keeps" : "changes";
	}
	if (texts$2.includes(from.name) && texts$2.includes(to.name)) return lengthChange(from, to);
	if (from.name === "numeric" && to.name === "numeric") return numericChange(from, to);
	if (from.name === to.name && same(from.modifiers, to.modifiers)) return "keeps";
	return widenings.has(`${from.name} ${to.name}`) && to.modifiers.length === 0 ? "keeps" : "changes";
}
const widenings = /* @__PURE__ */ new Set([
	"float4 float8",
	"date timestamp",
	"date timestamptz",
	"timestamp timestamptz",
	"timestamptz timestamp",
	"timestamp timestamp",
	"timestamptz timestamptz",
	"uuid text",
	"json text",
	"bool text",
	"bpchar text"
]);
function lengthChange(from, to) {
	const [room = Number.POSITIVE_INFINITY] = to.modifiers;
	const [held = Number.POSITIVE_INFINITY] = from.modifiers;
	return room >= held ? "keeps" : "fits-or-fails";
}
/** Too many digits before the point fail; too many behind it are rounded away. */
function numericChange(from, to) {
	if (to.modifiers.length === 0) return "keeps";
	if (from.modifiers.length === 0) return "changes";
	const [precision = 0, scale = 0] = from.modifiers;
	const [newPrecision = 0, newScale = 0] = to.modifiers;
	if (newScale < scale) return "changes";
	return newPrecision - newScale >= precision - scale ? "keeps" : "fits-or-fails";
}
function same(one, other) {
	return one.length === other.length && one.every((value, index) => value === other[index]);
}
// src/lint/down/losses.ts
/** Carries a statement out on the schema, and tells which data it costs. */
function carryOut(schema, statement, origin) {
	const changed = rowChange(schema, statement, origin);
	const tables = new Map([...dataTables(schema)].map((table) => [table.id, contentsOf(table)]));
	const unknown = unknownTarget(schema, statement);
	applyStatement(schema, statement, origin);
	if (changed !== void 0) return changed;
	const lost = [...tables].flatMap(([id, contents]) => missing$1(schema, id, contents, statement, origin, tables));
	return lost.length > 0 ? lost : unknown;
}
/** Tables whose rows outlive a session. */
function* dataTables(schema) {
	for (const relation of schema.relations.values()) if (relation.kind === "table" && relation.persistence !== "temporary" && relation.form !== "foreign") yield relation;
}
function contentsOf({ id, schema, name, origin, columns, partitionOf }) {
	const held = [...columns.values()].map((one) => [one.name, {
		type: one.type,
		origin: one.origin,
		generated: one.generated
	}]);
	return {
		table: {
			id,
			schema,
			name,
			origin
		},
		parent: partitionOf?.parent,
		columns: new Map(held)
	};
}
function missing$1(schema, id, { table, parent, columns }, statement, origin, before) {
	if (table.origin.file === origin.file) return [];
	const name = shown$1(table);
	const now = schema.relations.get(id);
	if (now?.kind !== "table") return parent !== void 0 && before.has(parent) && !schema.relations.has(parent) ? [] : [{
		kind: "table",
		what: `the rows of ${name}`,
		table: table.name,
		id,
		columns: [],
		fails: false
	}];
	if ("RenameStmt" in statement.node || parent !== void 0 && before.has(parent)) return [];
	return [...columns].flatMap(([column, old]) => {
		if (old.origin.file === origin.file || old.generated !== void 0) return [];
		const place = {
			table: table.name,
			id,
			columns: [column]
		};
		const kept = now.columns.get(column);
		if (kept === void 0) return [{
			kind: "column",
			what: `the values of ${name}.${column}`,
			...place,
			fails: false
		}];
		const change = kept.type === old.type ? "keeps" : typeChange(old.type, kept.type, conversionOf(statement, column));
		if (change === "keeps") return [];
		const [what, fails] = change === "changes" ? [`what ${typeText$2(kept.type)} does not hold of the values of ${name}.${column}`, false] : [`values of ${name}.${column} that ${typeText$2(kept.type)} does not hold: on them it fails`, true];
		return [{
			kind: "type",
			what,
			...place,
			fails
		}];
	});
}
function conversionOf({ node }, column) {
	if (!("AlterTableStmt" in node)) return "none";
	const { def } = nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd").find((one) => one.subtype === "AT_AlterColumnType" && one.name === column) ?? {};
	const using = def !== void 0 && "ColumnDef" in def ? def.ColumnDef.raw_default : void 0;
	if (using === void 0) return "none";
	const cast = "TypeCast" in using ? using.TypeCast.arg : void 0;
	return cast !== void 0 && "ColumnRef" in cast && wordsOf(cast.ColumnRef.fields).at(-1) === column ? "cast" : "expression";
}
function typeText$2({ name, modifiers }) {
	return modifiers.length === 0 ? name : `${name}(${modifiers.join(",")})`;
}
function shown$1({ schema, name }) {
	return schema === "public" ? name : `${schema}.${name}`;
}
/** What UPDATE, DELETE and their kin do to rows; `undefined` for statements of other kinds. */
function rowChange(schema, statement, origin) {
	const { kind, content } = openNode(statement.node);
	const change = rowChanges[kind];
	if (change === void 0) return void 0;
	return change(content).flatMap(({ name, columns, verb }) => {
		const table = findTable(schema, name);
		if (table?.origin.file === origin.file || table?.persistence === "temporary") return [];
		const old = columns.filter((column) => table?.columns.get(column)?.origin.file !== origin.file);
		if (columns.length > 0 && old.length === 0) return [];
		const of = name.schema === void 0 ? name.name : `${name.schema}.${name.name}`;
		return columns.length === 0 ? [{
			kind: "rows",
			what: `the rows that ${verb} takes out of ${of}`,
			table: name.name,
			id: table?.id,
			columns,
			fails: false
		}] : [{
			kind: "values",
			what: `the values of ${list(of, old)} that ${verb} overwrites`,
			table: name.name,
			id: table?.id,
			columns: old,
			fails: false
		}];
	});
}
const rowChanges = {
	UpdateStmt: ({ relation, targetList }) => [{
		name: nameOf(relation),
		columns: nodesOf(targetList, "ResTarget").map(({ name = "" }) => name),
		verb: "UPDATE"
	}],
	DeleteStmt: ({ relation }) => [{
		name: nameOf(relation),
		columns: [],
		verb: "DELETE"
	}],
	MergeStmt: ({ relation }) => [{
		name: nameOf(relation),
		columns: [],
		verb: "MERGE"
	}],
	TruncateStmt: ({ relations }) => nodesOf(relations, "RangeVar").map((relation) => ({
		name: nameOf(relation),
		columns: [],
		verb: "TRUNCATE"
	})),
	InsertStmt: ({ relation, onConflictClause }) => onConflictClause?.action !== "ONCONFLICT_UPDATE" ? [] : [{
		name: nameOf(relation),
		columns: nodesOf(onConflictClause.targetList, "ResTarget").map(({ name = "" }) => name),
		verb: "INSERT … ON CONFLICT DO UPDATE"
	}]
};
function list(table, columns) {
	return columns.map((column) => `${table}.${column}`).join(", ");
}
/** A table that the schema does not know is old; one that may be missing is taken at its word. */
function unknownTarget(schema, statement) {
	const { node } = statement;
	if ("DropStmt" in node) {
		const { removeType, objects, missing_ok } = node.DropStmt;
		if (removeType !== "OBJECT_TABLE" || missing_ok === true) return [];
		return (objects ?? []).map((object) => nameOfWords(wordsOf(object))).filter((name) => findTable(schema, name) === void 0).map(({ name }) => ({
			kind: "table",
			what: `the rows of ${name}`,
			table: name,
			id: void 0,
			columns: [],
			fails: false
		}));
	}
	if ("AlterTableStmt" in node) {
		const { relation, cmds } = node.AlterTableStmt;
		const { name } = nameOf(relation);
		if (findTable(schema, nameOf(relation)) !== void 0) return [];
		return nodesOf(cmds, "AlterTableCmd").filter(({ subtype, missing_ok }) => subtype === "AT_DropColumn" && missing_ok !== true).map(({ name: column = "" }) => ({
			kind: "column",
			what: `the values of ${name}.${column}`,
			table: name,
			id: void 0,
			columns: [column],
			fails: false
		}));
	}
	const part = opaqueKinds.has(openNode(node).kind) ? destructivePart(statement) : void 0;
	return part === void 0 ? [] : [{
		kind: "unknown",
		what: `what ${part} changes, which its text does not show`,
		table: "",
		id: void 0,
		columns: [],
		fails: false
	}];
}
const opaqueKinds = /* @__PURE__ */ new Set([
	"DoStmt",
	"CallStmt",
	"SelectStmt",
	"ExecuteStmt",
	"CreateTableAsStmt"
]);
// src/lint/down/only-adds.ts
/** Whether a statement takes nothing away, whatever it meets. */
function onlyAdds({ node }) {
	const { kind } = openNode(node);
	if (!("AlterTableStmt" in node)) return addingKinds.has(kind);
	return nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd").every(({ subtype = "" }) => addingCommands.has(subtype));
}
const addingKinds = /* @__PURE__ */ new Set([
	"CreateStmt",
	"IndexStmt",
	"ViewStmt",
	"CreateFunctionStmt",
	"CreateTrigStmt",
	"CreateSeqStmt",
	"CreateEnumStmt",
	"CreateSchemaStmt",
	"CreateExtensionStmt",
	"CommentStmt",
	"GrantStmt"
]);
const addingCommands = /* @__PURE__ */ new Set([
	"AT_AddColumn",
	"AT_AddConstraint",
	"AT_ValidateConstraint",
	"AT_ColumnDefault",
	"AT_SetNotNull",
	"AT_DropNotNull"
]);
// src/lint/down/way-back.ts
/** Carries a migration out and takes it back on a copy of the schema that it meets, which is asked for only where that can tell more. */
function judgeWayBack({ up, down = [] }, before) {
	if (down.length === 0 && up.every(onlyAdds)) return {
		wayBack: { kind: "missing" },
		remainders: void 0
	};
	const schema = copyPart(before(), [...up, ...down]);
	countAsChecked(schema);
	const original = down.length === 0 ? void 0 : describeSchema(schema);
	const enums = enumValues(schema);
	const taken = up.flatMap((by, statement) => carryOut(schema, by, {
		file: way.up,
		statement
	}).map((loss) => ({
		...loss,
		by
	})));
	const given = down.flatMap((by, statement) => carryOut(schema, by, {
		file: way.down,
		statement
	}).map((loss) => ({
		...loss,
		by
	})));
	const added = up.find((by) => "AlterEnumStmt" in by.node && enumGrew(enums, enumValues(schema)));
	const wayBack = conclude(taken, given, added, down);
	countAsChecked(schema);
	if ([...up, ...down].some(({ node }) => ["DoStmt", "CallStmt"].includes(openNode(node).kind)) || taken.some(isHidden) || original === void 0) return {
		wayBack,
		remainders: void 0
	};
	const incomplete = [...schema.relations.values()].flatMap((one) => one.kind === "table" && !one.complete ? `${one.schema}.${one.name}` : []);
	return {
		wayBack,
		remainders: withoutParts(differences(original, describeSchema(schema)).filter(({ object }) => !object.startsWith("extension ") && !(added !== void 0 && object.startsWith("type "))).filter(({ object }) => !incomplete.some((name) => object.includes(name))).map(({ object, one, other }) => {
			return {
				object,
				state: one === void 0 ? "left over" : other === void 0 ? "missing" : "different"
			};
		}))
	};
}
/** Numbers that no file has. */
const way = {
	up: -1,
	down: -2
};
function conclude(taken, given, added, down) {
	const lost = taken.filter((loss) => !loss.fails);
	const forGood = lost.find((loss) => gone.has(loss.kind) && !isRestored(loss, down));
	if (forGood !== void 0) return {
		kind: "impossible",
		because: `${forGood.what} are gone`,
		by: forGood.by
	};
	if (added !== void 0) return {
		kind: "impossible",
		because: enumReason(added),
		by: added
	};
	if (down.length === 0) return { kind: "missing" };
	const loses = [...lost, ...given].map(({ what, by, fails }) => ({
		what,
		by,
		fails
	}));
	return loses.length === 0 ? { kind: "lossless" } : {
		kind: "lossy",
		loses
	};
}
function enumReason({ node }) {
	const { typeName, newVal = "" } = "AlterEnumStmt" in node ? node.AlterEnumStmt : {};
	return `PostgreSQL cannot take '${newVal}' out of the enum type ${wordsOf(typeName).join(".")}`;
}
/** Nothing of it is left, unlike values that were overwritten from others or made to fit. */
const gone = /* @__PURE__ */ new Set([
	"table",
	"column",
	"rows"
]);
/** Whether the way back writes something where the data stood: how much of it comes back, its text does not show. */
function isRestored({ table, columns, kind }, down) {
	return down.some(({ node }) => {
		if ("DoStmt" in node || "CallStmt" in node) return true;
		if ("InsertStmt" in node) return nameOf(node.InsertStmt.relation).name === table;
		if ("CreateTableAsStmt" in node) return nameOf(node.CreateTableAsStmt.into?.rel).name === table;
		if (!("UpdateStmt" in node) || kind !== "column") return false;
		const written = nodesOf(node.UpdateStmt.targetList, "ResTarget").map(({ name }) => name);
		return nameOf(node.UpdateStmt.relation).name === table && columns.some((column) => written.includes(column));
	});
}
function isHidden({ kind }) {
	return kind === "unknown";
}
/** VALIDATE needs no way back: that old rows were looked at stays true. */
function countAsChecked(schema) {
	for (const relation of schema.relations.values()) {
		if (relation.kind === "index") relation.valid = true;
		if (relation.kind === "table") for (const constraint of relation.constraints.values()) constraint.valid = true;
	}
}
function enumValues(schema) {
	return new Map([...schema.types].flatMap(([key, type]) => type.kind === "enum" ? [[key, type.values]] : []));
}
/** Whether a type that was there has as many values more: a way back that makes the type anew has taken them out. */
function enumGrew(before, after) {
	return [...before].some(([key, values]) => (after.get(key)?.length ?? 0) > values.length);
}
/** A table that is left over or missing speaks for its columns and indexes. */
function withoutParts(remainders) {
	const tables = remainders.flatMap(({ object, state }) => object.startsWith("table ") && state !== "different" ? object.slice(6) : []);
	return remainders.filter(({ object }) => !tables.some((table) => object !== `table ${table}` && belongsTo(object, table)));
}
function belongsTo(object, table) {
	return object.includes(` ${table}.`) || object.endsWith(` of ${table}`) || /^(?:index|sequence) /.test(object) && object.includes(` ${table}_`);
}
// src/lint/down/judge-files.ts
const judged$1 = /* @__PURE__ */ new WeakMap();
/** The way back of each new file, from the schema that it leaves. Several rules ask; it is worked out once. */
function judgeFiles(scope) {
	const known = judged$1.get(scope);
	if (known !== void 0) return known;
	let schema;
	let next = 0;
	const schemaBefore = (index) => {
		schema ??= copySchema(scope.before);
		for (const file of scope.files.slice(next, index)) replay(file, schema);
		next = index;
		return schema;
	};
	const found = scope.files.map((file, index) => {
		const up = readStatements(file.up);
		return {
			file,
			judgement: file.up.problem === void 0 && file.down?.problem === void 0 ? judgeWayBack({
				up,
				down: file.down === void 0 ? void 0 : readStatements(file.down)
			}, () => schemaBefore(index)) : void 0
		};
	});
	judged$1.set(scope, found);
	return found;
}
function replay({ up, order }, schema) {
	for (const [statement, one] of readStatements(up).entries()) applyStatement(schema, one, {
		file: order,
		statement
	});
}
/** Statements in their order; those inside a DO block stand in its place. */
function readStatements({ statements, nested }) {
	return statements.flatMap((statement, index) => nested.get(index)?.map((inner) => inner.statement) ?? [statement]);
}
/** Where a statement begins in its file; the file's beginning for what is in none of its texts. */
function offsetOf(part, statement) {
	if (part === void 0) return 0;
	if (part.statements.includes(statement)) return part.text.fileOffset(statement.start) ?? 0;
	for (const inner of part.nested.values()) for (const one of inner) if (one.statement === statement) return one.text.fileOffset(statement.start) ?? 0;
	return 0;
}
// src/lint/down/down-place.ts
/** Where the way back of a migration stands, or one of its statements: in some layouts a file of its own. */
function downPlace({ migration, down }, statement) {
	const first = statement ?? down?.statements[0];
	const offset = first === void 0 ? 0 : offsetOf(down, first);
	if (migration.downPath === void 0 || down === void 0) return {
		path: migration.path,
		offset
	};
	return {
		path: migration.downPath,
		offset,
		text: down.text.text
	};
}
// src/lint/rules/ban-alone-statement-in-down.ts
const rule$35 = {
	name: "ban-alone-statement-in-down",
	group: "robustness",
	severity: "error",
	problem: "The way back fails on the day on which it is needed.",
	remedy: "Leave CONCURRENTLY out of the way back, or mark the migration to run outside a transaction.",
	because: "CONCURRENTLY, VACUUM, CREATE DATABASE and a few more refuse to run in a transaction block (SQLSTATE 25001), and a way back runs in its migration’s mode.",
	examples: {
		bad: [{ files: [{
			sql: "create table carts (id bigint, user_id bigint); create index carts_user_id_idx on carts (user_id)",
			down: "drop index concurrently carts_user_id_idx; drop table carts"
		}] }],
		good: [{ files: [{
			transaction: false,
			sql: "create index concurrently orders_total_idx on orders (total)",
			down: "drop index concurrently orders_total_idx"
		}] }, { files: [{
			sql: "create index orders_total_idx on orders (total)",
			down: "drop index orders_total_idx"
		}] }]
	},
	checkRelease: (scope) => scope.files.flatMap((file) => {
		if (!(file.migration.downTransactional ?? file.migration.transactional)) return [];
		return (file.down?.statements ?? []).flatMap((statement) => {
			const what = standsAlone(statement);
			if (what === void 0) return [];
			const message = `The way back of ${file.migration.id} runs in a transaction, where ${what} is refused.`;
			return [{
				...downPlace(file, statement),
				message
			}];
		});
	})
};
// src/lint/rules/ban-alter-domain-with-add-constraint.ts
var ban_alter_domain_with_add_constraint_default = defineRule({
	name: "ban-alter-domain-with-add-constraint",
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "Every table with a column of the domain is read from one end to the other while its writers wait.",
	remedy: "Add the constraint NOT VALID, and validate it in a migration of its own.",
	because: "ALTER DOMAIN … ADD CONSTRAINT takes SHARE on each of these tables and keeps it to the end of the transaction; NOT VALID looks at no row.",
	examples: {
		bad: ["alter domain email_address add constraint email_short check (length(value) < 255)", "alter domain email_address set not null"],
		good: ["alter domain email_address add constraint email_short check (length(value) < 255) not valid", "alter domain email_address drop not null"]
	},
	on: "AlterDomainStmt",
	check({ subtype, typeName, def }) {
		if (!(subtype === "C" && def !== void 0 && "Constraint" in def && def.Constraint.skip_validation !== true) && subtype !== "O") return void 0;
		return { message: `Every table that uses the domain ${wordsOf(typeName).join(".")} is read for the new constraint.` };
	}
});
// src/lint/rules/ban-autovacuum-off.ts
var ban_autovacuum_off_default = defineRule({
	name: "ban-autovacuum-off",
	group: "robustness",
	severity: "warning",
	problem: "Dead rows pile up in the table and its statistics grow old, until queries are slow for everybody.",
	remedy: "Leave autovacuum on; make it run more often with autovacuum_vacuum_scale_factor when the table needs that.",
	because: "With autovacuum_enabled = false only the vacuum against transaction ID wraparound visits the table, and nothing tells when somebody forgets to switch it on again.",
	examples: {
		bad: ["alter table users set (autovacuum_enabled = false)", "create table carts (id bigint) with (autovacuum_enabled = off)"],
		good: ["alter table users set (autovacuum_enabled = true)", "alter table users set (autovacuum_vacuum_scale_factor = 0.01)"]
	},
	on: ["AlterTableStmt", "CreateStmt"],
	check(content, _scope) {
		const options = "cmds" in content ? setOptions(content.cmds) : "options" in content ? content.options ?? [] : [];
		return optionsOf(options).find(({ defname, arg }) => defname === "autovacuum_enabled" && isOff(arg)) && { message: `Autovacuum is switched off for ${tableName(nameOf(content.relation))}.` };
	}
});
function setOptions(cmds) {
	return nodesOf(cmds, "AlterTableCmd").flatMap(({ subtype, def }) => subtype === "AT_SetRelOptions" && def !== void 0 && "List" in def ? def.List.items ?? [] : []);
}
/** The server takes any beginning of a word that is clear. */
function isOff(arg) {
	if (arg === void 0) return false;
	if ("Integer" in arg) return (arg.Integer.ival ?? 0) === 0;
	return [
		"f",
		"fa",
		"fal",
		"fals",
		"false",
		"n",
		"no",
		"of",
		"off",
		"0"
	].includes((wordsOf(arg)[0] ?? "").toLowerCase());
}
// src/lint/fold-earlier.ts
/**
* What the statements before one, in its transaction, come to. Each is looked at once, however many ask: a file may hold
* tens of thousands of them.
*/
function foldEarlier(initial, step) {
	const known = /* @__PURE__ */ new WeakMap();
	return (scope) => {
		const unseen = [];
		let at = scope.previous;
		for (; at !== void 0 && !known.has(at); at = at.previous) unseen.push(at);
		let result = at === void 0 ? initial : known.get(at).result;
		for (const one of unseen.reverse()) {
			result = step(result, one);
			known.set(one, { result });
		}
		return result;
	};
}
// src/lint/held-locks.ts
const stopsWrites = [
	"Share",
	"ShareRowExclusive",
	"Exclusive",
	"AccessExclusive"
];
/** Locks of a statement on tables that are in use, for which at least their writers wait. */
function strongLocks(scope) {
	return scope.effects.locks.filter(({ relation, mode }) => stopsWrites.includes(mode) && isUsed$1(relation, scope));
}
/** The strong lock that the transaction took before a statement and still holds; a DO block may have committed what went before. */
const heldBefore = foldEarlier(void 0, (held, one) => one.nested && "TransactionStmt" in one.statement.node ? void 0 : held ?? strongLocks(one)[0]);
/** Whether others may be using a table, or a materialized view. */
function isUsed$1(relation, scope) {
	if (scope.isNew(relation) || relation.kind === "index" || relation.kind === "sequence") return false;
	if (relation.kind === "table") return relation.persistence !== "temporary";
	return relation.kind === "unknown" || relation.form === "materialized";
}
/** A relation for a sentence; `public` goes without saying. */
function relationName$1({ schema, name }) {
	return tableName({
		schema: schema === "public" ? void 0 : schema,
		name
	});
}
/** Who waits for a lock: `every query`, or only `every write`. */
function whoWaits(mode) {
	return mode === "AccessExclusive" ? "query" : "write";
}
// src/lint/bulk-write.ts
function bulkWrite(scope) {
	const { node } = scope.statement;
	if (scope.file.up.nested.get(scope.index)?.some((one) => one.statement === scope.statement && one.batched) === true) return void 0;
	const found = writeIn(node, scope);
	return found === void 0 || !isUsedTable(found.relation, scope) ? void 0 : {
		verb: found.verb,
		table: nameOf(found.relation)
	};
}
function writeIn(node, scope) {
	if ("UpdateStmt" in node) {
		const { relation, whereClause } = node.UpdateStmt;
		return isBounded(whereClause, relation, scope) ? void 0 : {
			verb: "UPDATE",
			relation
		};
	}
	if ("DeleteStmt" in node) {
		const { relation, whereClause } = node.DeleteStmt;
		return isBounded(whereClause, relation, scope) ? void 0 : {
			verb: "DELETE",
			relation
		};
	}
	if ("InsertStmt" in node) {
		const { relation, selectStmt } = node.InsertStmt;
		const query = selectStmt !== void 0 && "SelectStmt" in selectStmt ? selectStmt.SelectStmt : void 0;
		return query !== void 0 && readsUsedTable(query, scope) ? {
			verb: "INSERT",
			relation
		} : void 0;
	}
	return "MergeStmt" in node ? {
		verb: "MERGE",
		relation: node.MergeStmt.relation
	} : void 0;
}
/** What others may be using, by its name where the statement stands. */
function isUsedTable(range, scope) {
	if (range === void 0) return false;
	return isUsed$1(findRelation(scope.schema, nameOf(range)) ?? {
		kind: "unknown",
		schema: range.schemaname,
		name: range.relname ?? ""
	}, scope);
}
function readsUsedTable({ fromClause, larg, rarg, limitCount, withClause }, scope) {
	if (limitCount !== void 0) return false;
	const local = nodesOf(withClause?.ctes, "CommonTableExpr").map(({ ctename }) => ctename);
	return rangesIn(fromClause).some((range) => !local.includes(range.relname ?? "") && isUsedTable(range, scope)) || [larg, rarg].some((side) => side !== void 0 && readsUsedTable(side, scope));
}
function rangesIn(value) {
	if (typeof value !== "object" || value === null) return [];
	if ("RangeVar" in value) return [value.RangeVar];
	return Object.values(value).flatMap(rangesIn);
}
/** Whether a condition picks rows by a unique key, one by one, or as many as a LIMIT allows. */
function isBounded(condition, target, scope) {
	const parts = conjuncts(condition);
	if (parts.some(isLimited$1)) return true;
	const fixed = new Set(parts.flatMap((part) => fixedColumn(part, target)));
	const relation = findRelation(scope.schema, nameOf(target));
	if (relation?.kind !== "table") return false;
	return indexesOf(scope.schema, relation).some(({ unique, predicate, keys }) => unique && predicate === void 0 && keys.every(({ column }) => column !== void 0 && fixed.has(column)));
}
function conjuncts(condition) {
	if (condition === void 0) return [];
	return "BoolExpr" in condition && condition.BoolExpr.boolop === "AND_EXPR" ? (condition.BoolExpr.args ?? []).flatMap(conjuncts) : [condition];
}
/** `column = constant` or `column in (constants)`. */
function fixedColumn(part, target) {
	if (!("A_Expr" in part) || wordsOf(part.A_Expr.name).at(-1) !== "=") return [];
	const { kind, lexpr, rexpr } = part.A_Expr;
	if (kind !== "AEXPR_OP" && kind !== "AEXPR_IN") return [];
	const sides = [lexpr, rexpr];
	const [column] = sides.filter((side) => side !== void 0 && "ColumnRef" in side);
	const others = sides.filter((side) => side !== column);
	if (column === void 0 || !("ColumnRef" in column) || !others.every((side) => side !== void 0 && isConstant$1(side))) return [];
	const words = wordsOf(column.ColumnRef.fields);
	return [target?.alias?.aliasname ?? target?.relname, void 0].includes(words.at(-2)) ? words.slice(-1) : [];
}
function isConstant$1(node) {
	const { kind } = openNode(node);
	if (kind === "A_Const" || kind === "ParamRef") return true;
	if ("TypeCast" in node) return node.TypeCast.arg !== void 0 && isConstant$1(node.TypeCast.arg);
	return "List" in node && (node.List.items ?? []).every(isConstant$1);
}
/** `… in (select … limit 1000)`, and `= any (array(select … limit 1000))`. */
function isLimited$1(part) {
	if ("SubLink" in part) return part.SubLink.subLinkType === "ANY_SUBLINK" && hasLimit(part.SubLink.subselect);
	if (!("A_Expr" in part) || part.A_Expr.kind !== "AEXPR_OP_ANY") return false;
	const { rexpr } = part.A_Expr;
	return rexpr !== void 0 && "SubLink" in rexpr && rexpr.SubLink.subLinkType === "ARRAY_SUBLINK" && hasLimit(rexpr.SubLink.subselect);
}
function hasLimit(query) {
	return query !== void 0 && "SelectStmt" in query && query.SelectStmt.limitCount !== void 0;
}
// src/lint/rules/ban-backfill-with-ddl.ts
const rule$34 = {
	name: "ban-backfill-with-ddl",
	group: "locks",
	severity: "error",
	problem: "Whoever uses the table that was altered waits until the last row is written.",
	remedy: "Write the rows in a migration of its own, after the one that alters the table, and in batches.",
	because: "A lock is held until its transaction ends: ALTER TABLE takes an instant, and the rows that are written behind it in the same transaction keep its lock for as long as they take.",
	examples: {
		bad: [
			"alter table users add column points int; update users set points = 0 where points is null",
			"alter table orders add column note text; delete from users where age is null",
			"do $$ begin alter table users add column points int; update users set points = 0 where points is null; end $$"
		],
		good: [
			{ files: [{ sql: "alter table users add column points int" }, {
				phase: "post",
				sql: "update users set points = 0 where points is null"
			}] },
			"alter table users add column points int; update users set points = 0 where id = 1",
			"create table carts (id bigint primary key); insert into carts select id from users",
			{ files: [{
				transaction: false,
				sql: "alter table users add column points int; update users set points = 0 where points is null"
			}] }
		]
	},
	on: [
		"UpdateStmt",
		"DeleteStmt",
		"InsertStmt",
		"MergeStmt"
	],
	check(_, scope) {
		const write = bulkWrite(scope);
		const held = heldBefore(scope);
		if (write === void 0 || held === void 0 || scope.earlier.some(isSuch)) return void 0;
		const altered = relationName$1(held.relation);
		return {
			message: `This ${write.verb} of ${tableName(write.table)} runs while the transaction keeps ${altered} locked.`,
			harm: `Every ${whoWaits(held.mode)} of ${altered} waits until all rows are written.`,
			instead: scope.nested ? [] : [{
				phase: "post",
				transactional: true,
				sql: `${scope.sql};`,
				note: "After the migration that alters the table; in batches when there are many rows."
			}]
		};
	}
};
/** One finding tells of all of them. */
function isSuch(scope) {
	return heldBefore(scope) !== void 0 && bulkWrite(scope) !== void 0;
}
// src/lint/rules/ban-blocking-rewrite.ts
var ban_blocking_rewrite_default = defineRule({
	name: "ban-blocking-rewrite",
	aliases: ["prefer-repack"],
	group: "locks",
	severity: "error",
	problem: "Nobody reads or writes the table until the last row was copied into a new file.",
	remedy: "Leave it out of the release: use pg_repack, or a maintenance window; plain VACUUM makes room for new rows without stopping anybody.",
	because: "VACUUM FULL, CLUSTER, SET LOGGED, SET UNLOGGED, SET TABLESPACE and SET ACCESS METHOD write the whole table, and all but SET TABLESPACE its indexes too, under ACCESS EXCLUSIVE.",
	examples: {
		bad: [
			{ files: [{
				transaction: false,
				sql: "vacuum full users"
			}] },
			{ files: [{
				transaction: false,
				sql: "vacuum (full, analyze) orders"
			}] },
			{ files: [{
				transaction: false,
				sql: "vacuum full"
			}] },
			"cluster users using users_name_idx",
			"alter table products set unlogged",
			{
				given: "create unlogged table carts (id bigint)",
				files: [{ sql: "alter table carts set logged" }]
			}
		],
		good: [
			{ files: [{
				transaction: false,
				sql: "vacuum users"
			}] },
			{ files: [{
				transaction: false,
				sql: "vacuum (full off, analyze) users"
			}] },
			"alter table users set logged",
			"create table carts (id bigint); alter table carts set unlogged",
			"alter table users cluster on users_name_idx"
		]
	},
	on: [
		"VacuumStmt",
		"ClusterStmt",
		"AlterTableStmt",
		"AlterTableMoveAllStmt"
	],
	check(_, scope) {
		const { node } = scope.statement;
		if ("VacuumStmt" in node) return vacuumFull(node.VacuumStmt, scope);
		if ("AlterTableStmt" in node) return altered(node.AlterTableStmt, scope);
		if ("AlterTableMoveAllStmt" in node) return { message: `Every table of ${node.AlterTableMoveAllStmt.orig_tablespacename} is copied, and nobody reads or writes it meanwhile.` };
		const relation = "ClusterStmt" in node ? node.ClusterStmt.relation : void 0;
		if (relation === void 0) return { message: "CLUSTER writes every table anew that was clustered before." };
		return isRewritten(nameOf(relation), scope) ? told("CLUSTER", nameOf(relation)) : void 0;
	}
});
function vacuumFull({ options, rels, is_vacuumcmd }, scope) {
	if (is_vacuumcmd !== true || !hasOption(options, "full")) return void 0;
	const names = nodesOf(rels, "VacuumRelation").map(({ relation }) => nameOf(relation));
	if (names.length === 0) return { message: "VACUUM FULL writes every table of the database anew, one after the other." };
	const used = names.find((name) => isRewritten(name, scope));
	return used && told("VACUUM FULL", used);
}
const actions = {
	AT_SetLogged: "SET LOGGED",
	AT_SetUnLogged: "SET UNLOGGED",
	AT_SetTableSpace: "SET TABLESPACE",
	AT_SetAccessMethod: "SET ACCESS METHOD"
};
function altered({ cmds, relation }, scope) {
	const name = nameOf(relation);
	const action = nodesOf(cmds, "AlterTableCmd").flatMap(({ subtype }) => actions[subtype ?? ""] ?? [])[0];
	if (action === void 0 || !isRewritten(name, scope) || isAlready(action, name, scope)) return void 0;
	return told(action, name);
}
/** A partitioned table has no file of its own; an index is used as its table is. */
function isRewritten(name, scope) {
	const found = findRelation(scope.schema, name);
	if (found?.kind === "index") return !scope.isNew(found);
	if (found?.kind === "table" && found.form === "partitioned") return scope.effects.rewrites.length > 0;
	return isUsed$1(found ?? {
		kind: "unknown",
		...name
	}, scope);
}
/** A table that is what it shall become is left alone. */
function isAlready(action, name, { schema }) {
	const found = findRelation(schema, name);
	const persistence = found?.kind === "table" ? found.persistence : void 0;
	return action === "SET LOGGED" && persistence === "permanent" || action === "SET UNLOGGED" && persistence === "unlogged";
}
function told(action, name) {
	return { message: `${action} writes all of ${tableName(name)} anew, and nobody reads or writes it meanwhile.` };
}
// src/lint/compatibility/old-objects.ts
/** `undefined` for what this release makes. */
function oldRelation(scope, name) {
	const relation = findRelation(scope.schema, name);
	return scope.isNew(relation) || isTemporary(relation) ? void 0 : {
		name,
		relation
	};
}
/** A table that code which still runs may use, by its name in a statement. */
function oldTable(scope, range) {
	const old = oldRelation(scope, nameOf(range));
	if (old === void 0) return void 0;
	return {
		name: old.name,
		table: old.relation?.kind === "table" ? old.relation : void 0
	};
}
/** Whether code that still runs may use a column. One that a table is known not to have is used by nobody. */
function isOldColumn(scope, table, name) {
	const column = table?.columns.get(name);
	if (column !== void 0) return !scope.isNew(column);
	return table === void 0 || !table.complete;
}
function findType$1(schema, { schema: space, name }) {
	for (const one of space === void 0 ? schema.searchPath : [space]) {
		const found = schema.types.get(nameKey(one, name));
		if (found !== void 0) return found;
	}
}
function isTemporary(relation) {
	return relation?.kind === "table" && relation.persistence === "temporary";
}
// src/lint/compatibility/altered-table.ts
/** A table that an ALTER TABLE changes and that code which still runs may use; `undefined` for anything else. */
function alteredOldTable(scope, { relation, objtype, cmds }) {
	if (objtype !== "OBJECT_TABLE" && objtype !== "OBJECT_FOREIGN_TABLE") return void 0;
	const old = oldTable(scope, relation);
	return old === void 0 ? void 0 : {
		...old,
		commands: nodesOf(cmds, "AlterTableCmd")
	};
}
// src/lint/compatibility/alter-parts.ts
/**
* The commands of an ALTER TABLE as its text writes them, and what stands before the first; `undefined` when the text
* does not fall apart into as many commands as the parser has counted.
*/
function alterParts(sql, count) {
	const words = wordsWithDepth(sql);
	const is = (word) => words[at]?.text.toLowerCase() === word;
	let at = 2;
	if (is("if")) at += 2;
	if (is("only")) at++;
	at++;
	while (is(".")) at += 2;
	if (is("*")) at++;
	const groups = [[]];
	for (const word of words.slice(at)) if (word.text === "," && word.depth === 0) groups.push([]);
	else groups.at(-1)?.push(word);
	const bytes = Buffer.from(sql);
	const cut = (part) => bytes.toString("utf8", part[0]?.start ?? 0, part.at(-1)?.end ?? 0);
	return groups.length === count && groups.every(({ length }) => length > 0) ? {
		head: cut(words.slice(0, at)),
		commands: groups.map(cut)
	} : void 0;
}
function wordsWithDepth(sql) {
	let depth = 0;
	return tokensOf(sql).map(({ text, start, end }) => {
		if (text === ")" || text === "]") depth--;
		const word = {
			text,
			start,
			end,
			depth
		};
		if (text === "(" || text === "[") depth++;
		return word;
	});
}
// src/lint/compatibility/sql-text.ts
/** Names for a sentence: `a`, `a and b`, `a, b and c`. */
function listed(names) {
	const all = [...new Set(names)];
	const last = all.at(-1) ?? "";
	return all.length < 2 ? last : `${all.slice(0, -1).join(", ")} and ${last}`;
}
/** Statements, one a line, each with its semicolon. */
function statementsText(statements) {
	return statements.map((one) => `${withoutEnd(one.trim())};`).join("\n");
}
// src/lint/compatibility/moved.ts
/** The files when a statement, or a part of it, belongs behind the deploy. */
function movedToPost(scope, { moved, kept = [] } = { moved: [scope.sql] }, before) {
	const transactional = scope.file.migration.transactional;
	const all = scope.file.up.statements;
	const note = (text) => before === void 0 ? text : `${before} ${text}`;
	if (kept.length === 0 && !scope.nested && all.every(isRemoval)) return [{
		phase: "post",
		transactional,
		sql: statementsText(all.map((one) => scope.text.text.slice(one.start, one.end))),
		note: note("Move the whole file to the post migrations: it runs when no old code is left.")
	}];
	const whole = all.length === 1 && kept.length === 0 && !scope.nested;
	return [...kept.length === 0 ? [] : [{
		phase: scope.phase,
		transactional,
		sql: statementsText(kept),
		note: "What stays of the statement."
	}], {
		phase: "post",
		transactional,
		sql: statementsText(moved),
		note: note(whole ? "Move the whole file to the post migrations: it runs when no old code is left." : "Take it out of this file, into a post migration: that runs when no old code is left.")
	}];
}
/** Parts an ALTER TABLE: the commands that move, and those that stay. */
function partAlter(scope, { cmds }, moves) {
	const commands = nodesOf(cmds, "AlterTableCmd");
	const parts = alterParts(scope.sql, commands.length);
	const going = commands.map(moves);
	if (parts === void 0 || going.every(Boolean)) return { moved: [scope.sql] };
	const statement = (wanted) => `${parts.head} ${parts.commands.filter((_, index) => going[index] === wanted).join(", ")}`;
	return {
		moved: [statement(true)],
		kept: [statement(false)]
	};
}
/** Whether a statement does nothing but take away. */
function isRemoval({ node }) {
	if ("DropStmt" in node) return true;
	if (!("AlterTableStmt" in node)) return false;
	return nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd").every(({ subtype = "" }) => subtype.startsWith("AT_Drop"));
}
// src/lint/compatibility/same-node.ts
/** Whether two nodes say the same, wherever they stand. */
function sameNode(one, other) {
	return text(one) === text(other);
}
function text(node) {
	return JSON.stringify(node, (key, value) => key === "location" || key.endsWith("_location") ? void 0 : value) ?? "";
}
// src/lint/compatibility/what-follows.ts
/** Statements that the same transaction runs after this one: others see both or none. */
function followingInTransaction(scope) {
	if (!scope.inTransaction) return [];
	const { statements, nested } = scope.file.up;
	const inner = scope.nested ? (nested.get(scope.index) ?? []).map(({ statement }) => statement) : [];
	const rest = [...inner.slice(inner.indexOf(scope.statement) + 1), ...statements.slice(scope.index + 1)];
	const end = rest.findIndex(isCommit);
	return end === -1 ? rest : rest.slice(0, end);
}
/** The schema that others see once the statement's transaction has ended. */
function schemaWhenDone(scope) {
	const schema = copySchema(scope.schema);
	const origin = {
		file: scope.file.order,
		statement: scope.index
	};
	for (const statement of [scope.statement, ...followingInTransaction(scope)]) applyStatement(schema, statement, origin);
	return schema;
}
/** The schema just after the statement. */
function schemaAfter(scope) {
	const schema = copySchema(scope.schema);
	applyStatement(schema, scope.statement, {
		file: scope.file.order,
		statement: scope.index
	});
	return schema;
}
/** The schema once the whole file has run, in as many transactions as it likes. */
function schemaAfterFile(scope) {
	const following = restOfFile(scope);
	const schema = copyPart(scope.schema, following.map(({ one }) => one));
	for (const { one, index } of following) applyStatement(schema, one, {
		file: scope.file.order,
		statement: index
	});
	return schema;
}
/** Whether nothing that the statement makes can be gone once the whole file has run. */
function onlyAddsToItsEnd(scope) {
	return restOfFile(scope).every(({ one }) => onlyAdds(one));
}
/** The statement and all behind it, with what stands inside of them. */
function restOfFile({ file, index: from }) {
	const { statements, nested } = file.up;
	return statements.flatMap((statement, index) => index < from ? [] : [statement, ...(nested.get(index) ?? []).map((inner) => inner.statement)].map((one) => ({
		one,
		index
	})));
}
// src/lint/rules/ban-change-default.ts
var ban_change_default_default = defineRule({
	name: "ban-change-default",
	group: "compatibility",
	severity: "warning",
	phase: "pre",
	problem: "Inserts of the code that still runs leave the column to its default, and now mean something else, or fail.",
	remedy: "Let the new code write the column itself, and change the default in a post migration.",
	because: "A default counts at the moment of the insert. Without one, a column that is NOT NULL must be written, or the insert fails with 23502.",
	examples: {
		bad: [
			"alter table orders alter column amount drop default",
			"alter table orders alter column state set default 'paid'",
			"alter table users alter column age set default 18",
			"alter table users alter column id drop identity",
			"alter table products alter column id add generated always as identity"
		],
		good: [
			{ files: [{
				phase: "post",
				sql: "alter table orders alter column amount drop default"
			}] },
			"alter table orders alter column amount set default 1",
			"alter table products alter column title set default ''",
			"alter table users alter column age drop default",
			"alter table orders alter column state drop default; alter table orders alter column state set default 'new'",
			"alter table users add column rank int default 0; alter table users alter column rank set default 1"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const altered = alteredOldTable(scope, alter);
		if (altered === void 0 || !altered.commands.some(({ subtype = "" }) => subjects.has(subtype))) return void 0;
		const { name, table, commands } = altered;
		const later = table === void 0 ? void 0 : tableById(schemaWhenDone(scope), table.id);
		return commands.map((command) => subjects.has(command.subtype ?? "") && isOldColumn(scope, table, command.name ?? "") ? change(command, scope, table, later) : void 0).flatMap((one, index) => {
			if (one === void 0) return [];
			const column = commands[index]?.name ?? "";
			return {
				message: `${one.message(column, tableName(name))}`,
				severity: one.severity,
				instead: movedToPost(scope, partAlter(scope, alter, (_, at) => at === index), `The code of this release writes ${column} in every insert.`)
			};
		});
	}
});
const subjects = /* @__PURE__ */ new Set([
	"AT_ColumnDefault",
	"AT_DropIdentity",
	"AT_AddIdentity",
	"AT_SetIdentity"
]);
const fails = {
	severity: "error",
	message: (column, table) => `Without its default, ${column} must be written: inserts of the old code on ${table} that leave it out fail.`
};
const nulls = {
	severity: "warning",
	message: (column, table) => `Without its default, ${column} becomes NULL in the rows that the old code inserts into ${table} and leaves it out.`
};
const differs = {
	severity: "warning",
	message: (column, table) => `Rows that the old code inserts into ${table} get another value in ${column} than it counts on.`
};
const refused = {
	severity: "error",
	message: (column, table) => `The old code writes ${column} itself: its inserts into ${table} are refused once the column is GENERATED ALWAYS.`
};
function change({ subtype, name = "", def }, scope, table, later) {
	const before = table?.columns.get(name);
	if (subtype === "AT_DropIdentity") return table !== void 0 && before?.identity === void 0 ? void 0 : fails;
	if (subtype === "AT_AddIdentity" || subtype === "AT_SetIdentity") return (later?.columns.get(name)?.identity ?? (JSON.stringify(def ?? {}).includes("\"a\"") ? "always" : void 0)) === "always" && before?.identity !== "always" && before?.default === void 0 ? refused : void 0;
	if (before === void 0) return def === void 0 ? nulls : differs;
	const released = tableById(scope.release.before, table?.id)?.columns.get(name);
	if (sameNode((later?.columns.get(name) ?? { default: def }).default, released?.default)) return void 0;
	return ofDefault(before, def !== void 0);
}
function ofDefault(before, sets) {
	if (!sets) return before.default === void 0 ? void 0 : before.notNull ? fails : nulls;
	return before.default === void 0 && before.notNull ? void 0 : differs;
}
// src/lint/written-columns.ts
function writtenColumns(schema, statement) {
	const { relation } = statement;
	return ("cmds" in statement ? nodesOf(statement.cmds, "AlterTableCmd").flatMap(({ subtype, name, def }) => def !== void 0 && "ColumnDef" in def && ["AT_AddColumn", "AT_AlterColumnType"].includes(subtype ?? "") ? [{
		...def.ColumnDef,
		colname: def.ColumnDef.colname ?? name ?? ""
	}] : []) : nodesOf("tableElts" in statement ? statement.tableElts : [], "ColumnDef")).map((definition) => ({
		table: nameOf(relation),
		name: definition.colname ?? "",
		type: columnType(schema, definition.typeName),
		location: definition.location ?? definition.typeName?.location,
		definition
	}));
}
// src/lint/rules/ban-char-field.ts
var ban_char_field_default = defineRule({
	name: "ban-char-field",
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "Values come back padded with spaces, and comparisons ignore spaces that were meant.",
	remedy: "Use text.",
	because: "char(n) is stored with its padding, takes no less room than text and is no faster.",
	examples: {
		bad: ["create table carts (code char(10))", "alter table users add column country character(2)"],
		good: [
			"create table carts (code text)",
			"create table carts (code varchar(10))",
			"create table carts (mark \"char\")"
		]
	},
	on: ["CreateStmt", "AlterTableStmt"],
	check: (statement, scope) => writtenColumns(scope.schema, statement).filter(({ type }) => type.name === "bpchar").map(({ table, name, type, location }) => ({
		message: `${tableName(table)}.${name} is a char${type.modifiers.length === 0 ? "" : `(${type.modifiers.join()})`}, padded with spaces.`,
		location
	}))
});
// src/lint/rules/ban-concurrent-index-creation-in-transaction.ts
const rule$33 = {
	name: "ban-concurrent-index-creation-in-transaction",
	group: "robustness",
	severity: "error",
	problem: "The server refuses the statement, and the release stops there.",
	remedy: "Put the statement into a migration of its own, with the mark of your layout that lets it run outside a transaction; the finding names it.",
	because: "Statements that commit as they go (everything CONCURRENTLY but REFRESH, VACUUM, REINDEX of a schema or of a partitioned table) or that no rollback can undo (CREATE DATABASE, ALTER SYSTEM) check that no transaction block, function or DO block is around them.",
	examples: {
		bad: [
			{
				fails: true,
				files: [{ sql: "create index concurrently orders_total_idx on orders (total)" }]
			},
			{
				fails: true,
				files: [{ sql: "drop index concurrently users_name_idx" }]
			},
			{
				fails: true,
				files: [{ sql: "reindex table concurrently users" }]
			},
			{
				fails: true,
				files: [{ sql: "alter table events detach partition events_2025 concurrently" }]
			},
			{
				fails: true,
				files: [{ sql: "vacuum analyze users" }]
			},
			{
				fails: true,
				files: [{ sql: "alter system set work_mem = '64MB'" }]
			},
			{
				fails: true,
				files: [{ sql: "reindex table events" }]
			},
			{
				fails: true,
				files: [{
					transaction: false,
					sql: "begin; create index concurrently orders_total_idx on orders (total); commit"
				}]
			},
			{
				fails: true,
				files: [{
					transaction: false,
					sql: "do $$ begin create index concurrently orders_total_idx on orders (total); end $$"
				}]
			}
		],
		good: [
			{ files: [{
				transaction: false,
				sql: "create index concurrently orders_total_idx on orders (total)"
			}] },
			{ files: [{
				transaction: false,
				sql: "begin; select 1; commit; vacuum users"
			}] },
			"refresh materialized view concurrently sales",
			"analyze users",
			"reindex table users"
		]
	},
	on: "every-statement",
	check(_, scope) {
		const what = standsAlone(scope.statement) ?? partitionedReindex(scope);
		if (what === void 0 || !scope.inTransaction) return void 0;
		if (scope.nested) return { message: `${what} fails inside a DO block, which is always part of a transaction.` };
		return {
			message: `${what} fails here: ${scope.file.migration.transactional ? `the file runs in a transaction; mark it with ${scope.release.layout.outsideTransaction}.` : "it stands between BEGIN and COMMIT."}`,
			instead: [{
				phase: scope.phase,
				transactional: false,
				sql: `${scope.sql};`
			}]
		};
	}
};
/** From version 14 on it goes partition by partition, each in a transaction of its own; before that it fails anyway. */
function partitionedReindex({ statement: { node }, schema }) {
	if (!("ReindexStmt" in node)) return void 0;
	const relation = findRelation(schema, nameOf(node.ReindexStmt.relation));
	const table = relation?.kind === "index" ? schema.relations.get(relation.table) : relation;
	return table?.kind === "table" && table.form === "partitioned" ? "REINDEX of a partitioned table" : void 0;
}
// src/lint/rules/ban-concurrent-index-if-not-exists.ts
var ban_concurrent_index_if_not_exists_default = defineRule({
	name: "ban-concurrent-index-if-not-exists",
	group: "robustness",
	severity: "warning",
	problem: "After a build that failed, the next run takes the invalid index for the wanted one, and queries go on without it.",
	remedy: "Leave IF NOT EXISTS out, and drop what a failed build left with DROP INDEX CONCURRENTLY IF EXISTS before it.",
	because: "A CREATE INDEX CONCURRENTLY that fails or is cancelled leaves an index that pg_index marks as not valid: writes keep it up, no query uses it, a unique one may refuse rows. IF NOT EXISTS looks at the name alone. Shiplock finds such an index and builds it again; other tools do not.",
	yieldsTo: ["ban-concurrent-index-on-partitioned-table"],
	examples: {
		bad: [{ files: [{
			transaction: false,
			sql: "create index concurrently if not exists orders_total_idx on orders (total)"
		}] }, { files: [{
			transaction: false,
			sql: "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"Orders Key\" ON public.orders (id) WHERE total > 0"
		}] }],
		good: [
			{ files: [{
				transaction: false,
				sql: "create index concurrently orders_total_idx on orders (total)"
			}] },
			{ files: [{
				transaction: false,
				sql: "drop index concurrently if exists orders_total_idx; create index concurrently if not exists orders_total_idx on orders (total)"
			}] },
			"create table carts (id bigint); create index if not exists carts_id_idx on carts (id)"
		]
	},
	on: "IndexStmt",
	check(index, scope) {
		if (index.concurrent !== true || index.if_not_exists !== true || index.idxname === void 0) return void 0;
		if (isDroppedFirst(index, scope)) return void 0;
		const named = nameOf(index.relation);
		const kw = wordsLike(scope);
		const name = writtenRelation({
			schema: named.schema,
			name: index.idxname
		});
		const text = indexText(scope, index.relation?.location ?? 0);
		return {
			message: `When a build of ${index.idxname} on ${tableName(named)} fails, IF NOT EXISTS takes the invalid index that it leaves for the finished one.`,
			instead: [alone(scope.phase, kw`drop index concurrently if exists ${name}`), alone(scope.phase, createIndex({
				...text,
				name: written(index.idxname)
			}, scope, {
				on: writtenRelation(named),
				concurrent: true
			}))]
		};
	}
});
/** Whether a statement before it in the release took away what a failed build may have left. */
function isDroppedFirst({ idxname }, { release, file, index }) {
	return release.files.filter(({ order }) => order <= file.order).some(({ up, order }) => up.statements.slice(0, order === file.order ? index : void 0).some(({ node }) => "DropStmt" in node && node.DropStmt.removeType === "OBJECT_INDEX" && (node.DropStmt.objects ?? []).some((object) => "List" in object && lastWord(object.List.items) === idxname)));
}
function lastWord(items) {
	return (items?.at(-1))?.String?.sval;
}
// src/lint/rules/ban-concurrent-index-on-partitioned-table.ts
var ban_concurrent_index_on_partitioned_table_default = defineRule({
	name: "ban-concurrent-index-on-partitioned-table",
	group: "robustness",
	severity: "error",
	problem: "The server refuses the statement, and the release stops at this migration.",
	remedy: "Make the index ON ONLY the partitioned table, build one on each partition with CONCURRENTLY, and attach them.",
	because: "PostgreSQL up to 18 has no CONCURRENTLY for the indexes of a partitioned table itself, neither to create nor to drop one; it has it for each partition.",
	examples: {
		bad: [
			{
				fails: true,
				files: [{
					transaction: false,
					sql: "create index concurrently events_kind_idx on events (kind)"
				}]
			},
			{
				fails: true,
				files: [{
					transaction: false,
					sql: "create index concurrently if not exists events_at_idx on events using brin (at)"
				}]
			},
			{
				fails: true,
				given: "create index events_kind_idx on events (kind)",
				files: [{
					transaction: false,
					phase: "post",
					sql: "drop index concurrently events_kind_idx"
				}]
			},
			{
				fails: true,
				given: "create table logs (id bigint, region text, at date) partition by list (region); create table logs_eu partition of logs for values in ('eu') partition by range (at); create table logs_eu_old partition of logs_eu for values from (minvalue) to ('2026-01-01'); create table logs_us partition of logs for values in ('us')",
				files: [{
					transaction: false,
					sql: "create index concurrently logs_id_idx on logs (id)"
				}]
			}
		],
		good: [
			{ files: [{
				transaction: false,
				sql: "create index concurrently events_2025_kind_idx on events_2025 (kind)"
			}] },
			"create index events_kind_idx on only events (kind)",
			{ files: [{
				transaction: false,
				phase: "post",
				sql: "drop index concurrently users_name_idx"
			}] }
		]
	},
	on: ["IndexStmt", "DropStmt"],
	check(_, scope) {
		const { node } = scope.statement;
		if ("IndexStmt" in node) return created(node.IndexStmt, scope);
		return "DropStmt" in node ? dropped(node.DropStmt, scope) : void 0;
	}
});
function created(index, scope) {
	const named = nameOf(index.relation);
	const table = findTable(scope.schema, named);
	if (index.concurrent !== true || table?.form !== "partitioned") return void 0;
	const text = indexText(scope, index.relation?.location ?? 0);
	const on = writtenRelation(named);
	const message = `${tableName(named)} is partitioned, and CREATE INDEX CONCURRENTLY cannot build an index on it.`;
	return scope.isNew(table) || table.children.size === 0 ? {
		message,
		replacement: createIndex(text, scope, {
			on,
			concurrent: false
		})
	} : {
		message,
		instead: partitionedIndexFiles(text, table, on, scope)
	};
}
function dropped({ removeType, objects, concurrent }, scope) {
	if (removeType !== "OBJECT_INDEX" || concurrent !== true) return void 0;
	const named = nameOfWords(wordsOf(objects?.[0]));
	const index = findRelation(scope.schema, named);
	const table = index?.kind === "index" ? tableById(scope.schema, index.table) : void 0;
	if (table?.form !== "partitioned") return void 0;
	const kw = wordsLike(scope);
	return {
		message: `${tableName(named)} is an index of the partitioned table ${table.name}, and DROP INDEX CONCURRENTLY cannot drop it.`,
		replacement: kw`drop index ${writtenRelation(named)}`
	};
}
// src/lint/rules/ban-constraint-gap.ts
var ban_constraint_gap_default = defineRule({
	name: "ban-constraint-gap",
	group: "data",
	severity: "warning",
	problem: "Rows that break the constraint come in while it is gone, and then it cannot be added any more.",
	remedy: "Add the new constraint under another name first, and drop the old one after it; or do both in one transaction.",
	because: "Each transaction is seen by the application as soon as it is committed: between one that drops a constraint and one that adds it again nothing checks what is written.",
	examples: {
		bad: [{ files: [{ sql: "alter table orders drop constraint orders_user_id_fkey" }, { sql: "alter table orders add constraint orders_user_id_fkey foreign key (user_id) references users on delete cascade not valid" }] }, {
			given: "alter table orders add constraint orders_amount_check check (amount > 0)",
			files: [{
				transaction: false,
				sql: "alter table orders drop constraint orders_amount_check; alter table orders add constraint orders_amount_check check (amount >= 0) not valid"
			}]
		}],
		good: [
			"alter table orders drop constraint orders_user_id_fkey; alter table orders add constraint orders_user_id_fkey foreign key (user_id) references users on delete cascade not valid",
			"alter table orders drop constraint orders_user_id_fkey",
			{ files: [{ sql: "alter table orders add constraint orders_user_fkey foreign key (user_id) references users on delete cascade not valid" }, { sql: "alter table orders drop constraint orders_user_id_fkey" }] }
		]
	},
	on: "AlterTableStmt",
	check({ relation, cmds }, scope) {
		const table = findTable(scope.schema, nameOf(relation));
		if (scope.isNew(table)) return void 0;
		const name = nodesOf(cmds, "AlterTableCmd").flatMap(({ subtype, name }) => subtype === "AT_DropConstraint" && name !== void 0 ? [name] : []).find((one) => isConstraint(table?.constraints.get(one)) && isAddedAfter(one, relation, scope));
		return name === void 0 ? void 0 : { message: `Until ${name} is added again, nothing keeps rows out of ${tableName(nameOf(relation))} that break it.` };
	}
});
/** A constraint that is not known is one all the same. */
function isConstraint(constraint) {
	return constraint?.kind !== "not-null";
}
/** In a transaction that comes later: of this file, or of one behind it. */
function isAddedAfter(name, relation, { file, index, inTransaction, release }) {
	const rest = inTransaction ? [] : file.up.statements.slice(index + 1);
	const files = release.files.slice(release.files.indexOf(file) + 1);
	return [...rest, ...files.flatMap(({ up }) => up.statements)].some(({ node }) => {
		if (!("AlterTableStmt" in node) || node.AlterTableStmt.relation?.relname !== relation?.relname) return false;
		return nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd").some(({ def }) => def !== void 0 && "Constraint" in def && def.Constraint.conname === name);
	});
}
// src/lint/rules/ban-create-domain-with-constraint.ts
var ban_create_domain_with_constraint_default = defineRule({
	name: "ban-create-domain-with-constraint",
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "Changing the constraint later reads every table that uses the domain, while their writers wait.",
	remedy: "Put the CHECK on the column of each table, where it can be added NOT VALID and validated.",
	because: "ALTER DOMAIN … ADD CONSTRAINT takes SHARE on every table with a column of the domain and scans them all in one statement.",
	examples: {
		bad: ["create domain amount as int check (value > 0)", "create domain label as text not null"],
		good: ["create domain amount as int", "create domain amount as int default 1"]
	},
	on: "CreateDomainStmt",
	check({ domainname, constraints }) {
		const binding = constraintsOf(constraints).find(({ contype }) => contype === "CONSTR_CHECK" || contype === "CONSTR_NOTNULL");
		if (binding === void 0) return void 0;
		const what = binding.contype === "CONSTR_CHECK" ? "a CHECK" : "NOT NULL";
		return { message: `The domain ${wordsOf(domainname).join(".")} carries ${what}, which every table that uses it is read for when it changes.` };
	}
});
// src/lint/rules/ban-detach-partition.ts
var ban_detach_partition_default = defineRule({
	name: "ban-detach-partition",
	group: "compatibility",
	severity: "error",
	phase: "pre",
	problem: "The rows vanish from the partitioned table while the old code still reads them there, and its writes for them fail.",
	remedy: "Ship code that does without these rows, and detach the partition in a post migration.",
	because: "A detached partition is a table of its own; an insert of a row that no partition takes fails with 23514.",
	examples: {
		bad: ["alter table events detach partition events_2025", { files: [{
			transaction: false,
			sql: "alter table events detach partition events_2025 concurrently"
		}] }],
		good: [
			{ files: [{
				phase: "post",
				transaction: false,
				sql: "alter table events detach partition events_2025 concurrently"
			}] },
			"alter table events detach partition events_2025; alter table events attach partition events_2025 for values from ('2024-01-01') to ('2026-01-01')",
			"create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01'); alter table events detach partition events_2027"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const altered = alteredOldTable(scope, alter);
		const [command] = altered?.commands ?? [];
		if (altered === void 0 || command?.subtype !== "AT_DetachPartition") return void 0;
		const range = command.def !== void 0 && "PartitionCmd" in command.def ? command.def.PartitionCmd.name : void 0;
		const partition = findTable(scope.schema, nameOf(range));
		if (scope.isNew(partition)) return void 0;
		const [name, parent] = [tableName(nameOf(range)), tableName(altered.name)];
		const later = findTable(schemaWhenDone(scope), nameOf(range));
		if (later?.partitionOf !== void 0 && later.partitionOf.parent === altered.table?.id) return void 0;
		return {
			message: `Detaching ${name} takes its rows out of ${parent} while the old code still reads and writes them there.`,
			instead: movedToPost(scope, void 0, `The code of this release asks ${parent} no longer for the rows of ${name}.`)
		};
	}
});
// src/lint/rules/ban-disable-trigger.ts
var ban_disable_trigger_default = defineRule({
	name: "ban-disable-trigger",
	group: "data",
	severity: "error",
	problem: "Rows come in that break foreign keys, or that a trigger never saw, and nobody finds them afterwards.",
	remedy: "Leave the triggers on; when one has to rest, disable it by name and enable it again in the same transaction.",
	because: "DISABLE TRIGGER ALL switches off foreign keys too, and needs a superuser; ENABLE checks no row that came in meanwhile. Inside one transaction nobody else writes the table in between, because DISABLE TRIGGER takes SHARE ROW EXCLUSIVE.",
	examples: {
		bad: ["alter table orders disable trigger all", { files: [{
			transaction: false,
			sql: "alter table orders disable trigger orders_touch; select 1; alter table orders enable trigger orders_touch"
		}] }],
		good: [
			"alter table orders disable trigger orders_touch; update orders set amount = 1 where id = 1; alter table orders enable trigger orders_touch",
			"alter table orders disable trigger orders_touch",
			"create table carts (id bigint); alter table carts disable trigger all"
		]
	},
	on: "AlterTableStmt",
	check({ relation, cmds }, scope) {
		const off = nodesOf(cmds, "AlterTableCmd").find(({ subtype }) => subtype?.startsWith("AT_DisableTrig"));
		if (off === void 0 || !isUsedTable(relation, scope)) return void 0;
		const table = tableName(nameOf(relation));
		if (off.subtype === "AT_DisableTrigAll") return { message: `Foreign keys of ${table} are not checked while ALL its triggers are off.` };
		if (scope.inTransaction || !isEnabledLater$1(relation, scope)) return void 0;
		return { message: `Rows that the application writes to ${table} before the trigger is on again are never seen by it.` };
	}
});
function isEnabledLater$1(relation, { file, index }) {
	return file.up.statements.slice(index + 1).some(({ node }) => {
		if (!("AlterTableStmt" in node) || node.AlterTableStmt.relation?.relname !== relation?.relname) return false;
		return nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd").some(({ subtype }) => subtype?.startsWith("AT_EnableTrig"));
	});
}
// src/lint/remedy/columns-in.ts
/** The columns that an expression names, in the order of its tree. */
function columnsIn(node) {
	const found = [];
	visit(node, found);
	return found;
}
function visit(value, found) {
	if (Array.isArray(value)) for (const one of value) visit(one, found);
	else if (typeof value === "object" && value !== null) for (const [key, content] of Object.entries(value)) if (key === "ColumnRef") {
		const { fields, location = 0 } = content;
		const words = wordsOf(fields);
		found.push({
			name: words.at(-1) ?? "",
			isQualified: words.length > 1,
			location
		});
	} else visit(content, found);
}
/**
* The text of an expression with `new.` before each column, as a trigger has to write it; `undefined` when it names
* tables. The bounds count bytes of the statement.
*/
function inTrigger(node, scope, start, end) {
	const mentions = columnsIn(node);
	if (mentions.some(({ isQualified }) => isQualified)) return void 0;
	const text = new StatementText(scope);
	const cuts = [
		start,
		...mentions.map(({ location }) => text.inStatement(location)).sort((one, other) => one - other),
		end
	];
	return cuts.slice(1).reduce((written, place, index) => {
		const piece = text.raw(cuts[index] ?? start, place);
		return index === 0 ? piece : `${written}new.${piece}`;
	}, "");
}
// src/lint/compatibility/dependents.ts
/** What depends on the objects of a DROP, and is not among them. */
function dependentsOfDrop(schema, { removeType, objects }) {
	const names = (objects ?? []).map((object) => nameOfWords(wordsOf(object)));
	if (removeType === "OBJECT_SCHEMA") return names.flatMap(({ name }) => inSchema(schema, name));
	if (removeType === "OBJECT_TYPE" || removeType === "OBJECT_DOMAIN") return names.flatMap((name) => columnsOfType(schema, name));
	const gone = new Set(names.flatMap((name) => findRelation(schema, name) ?? []));
	return distinct([...gone].flatMap((relation) => {
		if (relation.kind === "sequence") return ownerOf(schema, relation);
		return [...viewsOf(schema, relation).filter((view) => !gone.has(view)).map(viewDependent), ...relation.kind === "table" ? tableDependents(schema, relation, gone) : []];
	}));
}
/** What depends on what a command of ALTER TABLE takes away or changes. */
function dependentsOfCommand(schema, table, { subtype, name = "" }) {
	if (subtype === "AT_DropConstraint") {
		const key = table.constraints.get(name);
		if (key?.kind !== "primary" && key?.kind !== "unique") return [];
		return foreignKeysTo(schema, table).filter(({ key: foreign }) => sameSet(foreign.references.columns, key.columns)).map(foreignDependent);
	}
	if (subtype !== "AT_DropColumn" && subtype !== "AT_AlterColumnType") return [];
	const views = viewsOf(schema, table, name).map(viewDependent);
	const generated = [...table.columns.values()].filter((column) => column.name !== name && columnsIn(column.generated?.expression).some((one) => one.name === name)).map((column) => ({
		what: `the generated column ${column.name}`,
		drop: `alter table ${relationName(table)} drop column ${writtenRelation({
			schema: void 0,
			name: column.name
		})}`
	}));
	if (subtype === "AT_AlterColumnType") return distinct([...views, ...generated]);
	const keys = foreignKeysTo(schema, table).filter(({ key, table: from }) => from !== table && key.references.columns.includes(name));
	return distinct([
		...views,
		...generated,
		...keys.map(foreignDependent)
	]);
}
function viewsOf(schema, relation, column) {
	return ("readBy" in relation ? [...relation.readBy].sort((one, other) => one - other) : []).flatMap((id) => {
		const view = schema.relations.get(id);
		if (view?.kind !== "view" || view === relation) return [];
		const reads = view.reads.get(relation.id);
		return reads !== void 0 && (column === void 0 || reads === "all" || reads.has(column)) ? [view] : [];
	});
}
function tableDependents(schema, table, gone) {
	const keys = foreignKeysTo(schema, table).filter(({ table: from }) => from !== table && !gone.has(from));
	const children = [...table.children].flatMap((id) => {
		const child = schema.relations.get(id);
		return child?.kind === "table" && child.partitionOf?.parent !== table.id && !gone.has(child) ? [{
			what: `the table ${child.name}, which inherits from it`,
			drop: `alter table ${relationName(child)} no inherit ${relationName(table)}`
		}] : [];
	});
	return [...keys.map(foreignDependent), ...children];
}
function ownerOf(schema, { ownedBy }) {
	const table = ownedBy === void 0 ? void 0 : schema.relations.get(ownedBy.table);
	if (table?.kind !== "table" || table.columns.get(ownedBy?.column ?? "")?.default === void 0) return [];
	const column = writtenRelation({
		schema: void 0,
		name: ownedBy?.column ?? ""
	});
	return [{
		what: `the default of ${table.name}.${ownedBy?.column}`,
		drop: `alter table ${relationName(table)} alter column ${column} drop default`
	}];
}
function inSchema(schema, space) {
	return [...schema.relations.values()].filter((one) => one.schema === space && (one.kind === "table" || one.kind === "view" || one.kind === "sequence")).map((one) => one.kind === "view" ? viewDependent(one) : {
		what: `the ${one.kind} ${one.schema}.${one.name}`,
		drop: `drop ${one.kind} ${writtenRelation(one)}`
	});
}
function columnsOfType(schema, type) {
	return [...schema.relations.values()].flatMap((table) => table.kind !== "table" ? [] : [...table.columns.values()].filter((column) => isOfType(column, type)).map((column) => ({
		what: `the column ${table.name}.${column.name}`,
		drop: `alter table ${relationName(table)} drop column ${writtenRelation({
			schema: void 0,
			name: column.name
		})}`
	})));
}
function isOfType({ type }, { schema, name }) {
	return type.name === name && (type.schema ?? schema ?? "public") === (schema ?? type.schema ?? "public");
}
function viewDependent(view) {
	const kind = view.form === "materialized" ? "materialized view" : "view";
	return {
		what: `the ${kind} ${view.name}`,
		drop: `drop ${kind} ${relationName(view)}`
	};
}
function foreignDependent({ table, key }) {
	return {
		what: `the foreign key ${key.name} of ${table.name}`,
		drop: `alter table ${relationName(table)} drop constraint ${writtenRelation({
			schema: void 0,
			name: key.name
		})}`
	};
}
/** As a migration would write it. */
function relationName({ schema, name }) {
	return writtenRelation({
		schema: schema === "public" ? void 0 : schema,
		name
	});
}
function sameSet(one, other) {
	return one.length === other.length && one.every((item) => other.includes(item));
}
function distinct(found) {
	return [...new Map(found.map((one) => [one.what, one])).values()];
}
/** The node of a statement's name for a sentence. */
function objectsText(objects) {
	return (objects ?? []).map((object) => wordsOf(object).join(".")).filter((name) => name !== "");
}
// src/lint/compatibility/dropped.ts
/** Relations that a DROP takes away and that code which still runs may use. */
function droppedOld(scope, drop) {
	return (drop.objects ?? []).flatMap((object) => oldRelation(scope, nameOfObject(object)) ?? []);
}
function nameOfObject(object) {
	return nameOfWords(wordsOf(object));
}
/** A DROP of several, parted: those that move, and those that stay. */
function partDrop(scope, drop, moves) {
	const names = (drop.objects ?? []).map(nameOfObject);
	const going = new Set(moves.map(writtenRelation));
	const kept = names.filter((name) => !going.has(writtenRelation(name)));
	if (kept.length === 0) return { moved: [scope.sql] };
	const statement = (some) => [
		`drop ${objectName$1(drop.removeType ?? "OBJECT_TABLE").toLowerCase()}`,
		...drop.concurrent ? ["concurrently"] : [],
		...drop.missing_ok ? ["if exists"] : [],
		some.map(writtenRelation).join(", "),
		...drop.behavior === "DROP_CASCADE" ? ["cascade"] : []
	].join(" ");
	return {
		moved: [statement(moves)],
		kept: [statement(kept)]
	};
}
// src/lint/rules/ban-drop-cascade.ts
var ban_drop_cascade_default = defineRule({
	name: "ban-drop-cascade",
	group: "compatibility",
	severity: "warning",
	problem: "CASCADE takes away everything that depends on it, also what nobody has in mind.",
	remedy: "Drop what depends on it by name, in statements of its own, and leave CASCADE out.",
	because: "CASCADE follows dependencies to their end: views, foreign keys, defaults, generated columns and triggers go without being named.",
	examples: {
		bad: [
			{ files: [{
				phase: "post",
				sql: "drop table orders cascade"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table users drop column email cascade"
			}] },
			{ files: [{
				phase: "post",
				sql: "drop type order_state cascade"
			}] },
			{ files: [{
				phase: "post",
				sql: "drop table if exists somewhere.unknown cascade"
			}] }
		],
		good: [
			{ files: [{
				phase: "post",
				sql: "drop table products"
			}] },
			"create table carts (id int); drop table carts cascade",
			{ files: [{
				phase: "post",
				sql: "alter table users drop column nickname restrict"
			}] }
		]
	},
	on: ["DropStmt", "AlterTableStmt"],
	check(statement, scope) {
		if ("cmds" in statement) {
			const table = findTable(scope.schema, nameOf(statement.relation));
			const commands = nodesOf(statement.cmds, "AlterTableCmd");
			const cascading = commands.filter(({ behavior }) => behavior === "DROP_CASCADE");
			if (cascading.length === 0) return void 0;
			const found = table === void 0 ? [] : cascading.flatMap((command) => dependentsOfCommand(scope.schema, table, command));
			if (found.length === 0 && oldTable(scope, statement.relation) === void 0) return void 0;
			return problem$4(scope, found, listed(cascading.map(({ name = "" }) => name)), alterParts(scope.sql, commands.length));
		}
		if (!("removeType" in statement) || statement.behavior !== "DROP_CASCADE") return void 0;
		const found = dependentsOfDrop(scope.schema, statement);
		if (found.length === 0 && isRelation(statement.removeType) && droppedOld(scope, statement).length === 0) return void 0;
		return problem$4(scope, found, listed(objectsText(statement.objects)));
	}
});
function isRelation(type) {
	return [
		"OBJECT_TABLE",
		"OBJECT_VIEW",
		"OBJECT_MATVIEW",
		"OBJECT_SEQUENCE",
		"OBJECT_INDEX",
		"OBJECT_FOREIGN_TABLE"
	].includes(type ?? "");
}
function problem$4(scope, found, what, parts) {
	const without = parts === void 0 ? withoutCascade(scope.sql) : `${parts.head} ${parts.commands.map(withoutCascade).join(", ")}`;
	if (found.length === 0) return {
		message: `CASCADE takes away what depends on ${what}; the migrations show nothing that does, and the database may have more.`,
		replacement: without
	};
	return {
		message: `CASCADE also takes away ${listed(found.map((one) => one.what))}.`,
		severity: "error",
		instead: [{
			phase: scope.phase,
			transactional: scope.file.migration.transactional,
			sql: statementsText([...found.map(({ drop }) => drop), without]),
			note: "Make again, behind it, what is still used."
		}]
	};
}
/** CASCADE is the last word of a command. */
function withoutCascade(sql) {
	const [before, last] = tokensOf(sql).slice(-2);
	return last?.text.toLowerCase() === "cascade" ? Buffer.from(sql).toString("utf8", 0, before?.end) : sql;
}
// src/lint/rules/ban-drop-column.ts
var ban_drop_column_default = defineRule({
	name: "ban-drop-column",
	group: "compatibility",
	severity: "error",
	phase: "pre",
	problem: "The code that still runs names the column in its queries, and they fail.",
	remedy: "Ship code that does not use the column, and drop it in a post migration.",
	because: "A query that names a dropped column fails with 42703; a prepared SELECT * fails with \"cached plan must not change result type\".",
	examples: {
		bad: [
			"alter table users drop column nickname",
			"alter table users drop column if exists nickname, drop column score, add column handle text",
			"alter table somewhere.unknown drop column a"
		],
		good: [
			{ files: [{
				phase: "post",
				sql: "alter table users drop column nickname"
			}] },
			"create table carts (id bigint primary key, note text); alter table carts drop column note",
			"alter table users add column helper text; alter table users drop column helper",
			"alter table users drop column if exists no_such_column"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const altered = alteredOldTable(scope, alter);
		if (altered === void 0) return void 0;
		const { name, table, commands } = altered;
		const isViolation = ({ subtype, name: column = "" }) => subtype === "AT_DropColumn" && isOldColumn(scope, table, column);
		const columns = commands.filter(isViolation).map((command) => command.name ?? "");
		if (columns.length === 0) return void 0;
		const from = tableName(name);
		return {
			message: `Dropping ${listed(columns)} from ${from} breaks the code that still runs.`,
			harm: `Queries of the old code that name ${listed(columns)}, and prepared SELECT * on ${from}, fail until the deploy is done.`,
			instead: movedToPost(scope, partAlter(scope, alter, isViolation), `The code of this release neither reads nor writes ${listed(columns)} any more; it does not select * either.`)
		};
	}
});
// src/lint/rules/ban-drop-database.ts
var ban_drop_database_default = defineRule({
	name: "ban-drop-database",
	group: "compatibility",
	severity: "error",
	problem: "Everybody who uses the database loses it, with every row in it.",
	remedy: "Drop a database by hand, after a backup, and never in a migration.",
	because: "DROP DATABASE removes the files at once and cannot be rolled back; it fails while anybody is connected, unless FORCE ends their sessions.",
	examples: {
		bad: [{ files: [{
			transaction: false,
			sql: "drop database if exists shop"
		}] }, { files: [{
			transaction: false,
			phase: "post",
			sql: "drop database if exists shop with (force)"
		}] }],
		good: ["drop table if exists pg_temp.shop"]
	},
	on: "DropdbStmt",
	check: ({ dbname = "" }) => ({ message: `Dropping the database ${dbname} takes everything from everybody who uses it.` })
});
// src/lint/compatibility/functions.ts
/** Functions of a name, whatever their arguments. */
function findFunctions(schema, { schema: space, name }) {
	return (space === void 0 ? schema.searchPath : [space]).flatMap((one) => schema.functions.get(nameKey(one, name)) ?? []);
}
// src/lint/rules/ban-drop-function.ts
var ban_drop_function_default = defineRule({
	name: "ban-drop-function",
	group: "compatibility",
	severity: "error",
	phase: "pre",
	problem: "The code that still runs calls the function, and its queries fail.",
	remedy: "Ship code that does not call the function, and drop it in a post migration.",
	because: "A call of a dropped function fails with 42883. Dropped and made again in one transaction, others never miss it.",
	examples: {
		bad: [{
			given: "create function tax(int) returns int language sql as 'select 1'",
			files: [{ sql: "drop function tax(int)" }]
		}, "drop procedure if exists billing.settle(int)"],
		good: [
			{
				given: "create function tax(int) returns int language sql as 'select 1'",
				files: [{
					phase: "post",
					sql: "drop function tax"
				}]
			},
			{
				given: "create function tax(int) returns int language sql as 'select 1'",
				files: [{ sql: "drop function tax(int); create function tax(net int) returns bigint language sql as 'select 2::bigint'" }]
			},
			"create function helper() returns int language sql as 'select 1'; drop function helper()",
			"drop trigger orders_touch on orders; drop function touch()"
		]
	},
	on: "DropStmt",
	check(drop, scope) {
		if (![
			"OBJECT_FUNCTION",
			"OBJECT_PROCEDURE",
			"OBJECT_ROUTINE",
			"OBJECT_AGGREGATE"
		].includes(drop.removeType ?? "")) return void 0;
		const old = (drop.objects ?? []).map(nameOfRoutine).filter((name) => isUsed(scope, name));
		if (old.length === 0) return void 0;
		const names = listed(old.map(tableName));
		return {
			message: `Dropping ${names} breaks the code that still runs and calls it.`,
			harm: `Every query of the old code that calls ${names} fails until the deploy is done.`,
			instead: movedToPost(scope, { moved: [scope.sql] }, `The code of this release does not call ${names} any more.`)
		};
	}
});
function nameOfRoutine(object) {
	return nameOfWords("ObjectWithArgs" in object ? wordsOf(object.ObjectWithArgs.objname) : wordsOf(object));
}
/** Code cannot call a function that returns a trigger. */
function isUsed(scope, name) {
	const found = findFunctions(scope.schema, name);
	if (found.length > 0 && found.every((one) => scope.isNew(one) || one.returns === "trigger")) return false;
	return found.length === 0 || findFunctions(schemaWhenDone(scope), name).length < found.length;
}
// src/lint/rules/ban-drop-not-null.ts
var ban_drop_not_null_default = defineRule({
	name: "ban-drop-not-null",
	group: "compatibility",
	severity: "warning",
	phase: "pre",
	problem: "As soon as somebody writes a NULL, code that still runs reads one where it has never met any.",
	remedy: "Ship code that reads NULL first; drop NOT NULL in the post migrations of that release, and write NULL from the next one on.",
	because: "DROP NOT NULL changes no row; what follows from it is up to the code that writes.",
	examples: {
		bad: ["alter table users alter column email drop not null", "alter table somewhere.unknown alter column a drop not null"],
		good: [
			{ files: [{
				phase: "post",
				sql: "alter table users alter email drop not null"
			}] },
			"alter table users alter column nickname drop not null",
			"alter table users add column kind text not null default 'a'; alter table users alter column kind drop not null"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const altered = alteredOldTable(scope, alter);
		if (altered === void 0) return void 0;
		const { name, table, commands } = altered;
		const isViolation = ({ subtype, name: column = "" }) => subtype === "AT_DropNotNull" && isOldColumn(scope, table, column) && table?.columns.get(column)?.notNull !== false;
		const columns = listed(commands.filter(isViolation).map((command) => command.name ?? ""));
		if (columns === "") return void 0;
		return {
			message: `Without NOT NULL on ${columns} of ${tableName(name)}, the new code may write a NULL that the old code reads.`,
			instead: movedToPost(scope, partAlter(scope, alter, isViolation), `The code of this release reads NULL in ${columns}, and writes none yet.`)
		};
	}
});
// src/lint/rules/ban-drop-owned.ts
var ban_drop_owned_default = defineRule({
	name: "ban-drop-owned",
	group: "compatibility",
	severity: "error",
	problem: "Everything that the role owns is gone, and every right that it has, whatever that is on the day of the release.",
	remedy: "Name the objects, each in a DROP or REVOKE of its own.",
	because: "DROP OWNED looks the objects up when it runs: tables, views, functions and rights of the role in this database, with CASCADE those of others too.",
	examples: {
		bad: [{
			fails: true,
			files: [{ sql: "drop owned by current_user cascade" }]
		}, {
			fails: true,
			files: [{
				phase: "post",
				sql: "drop owned by current_user"
			}]
		}],
		good: [{ files: [{
			phase: "post",
			sql: "drop view active_users"
		}] }]
	},
	on: "DropOwnedStmt",
	check({ roles, behavior }) {
		const names = nodesOf(roles, "RoleSpec").map(({ rolename, roletype }) => rolename ?? (roletype === "ROLESPEC_CSTRING" ? "" : "the current role"));
		const beyond = behavior === "DROP_CASCADE" ? ", and what others have built on it" : "";
		return { message: `DROP OWNED takes away all that ${names.join(" and ")} owns here${beyond}.` };
	}
});
// src/lint/rules/ban-drop-schema.ts
var ban_drop_schema_default = defineRule({
	name: "ban-drop-schema",
	group: "compatibility",
	severity: "error",
	phase: "pre",
	problem: "The code that still runs uses what is in the schema, and its queries fail.",
	remedy: "Ship code that does not use the schema, and drop it in a post migration.",
	because: "Without CASCADE the server drops a schema only when it is empty; a query that names a schema which is gone fails with 3F000 or 42P01.",
	examples: {
		bad: [{
			given: "create schema billing",
			files: [{ sql: "drop schema billing" }]
		}, {
			given: "create schema billing; create table billing.invoices (id int)",
			files: [{ sql: "drop schema if exists billing cascade" }]
		}],
		good: [{
			given: "create schema billing",
			files: [{
				phase: "post",
				sql: "drop schema billing"
			}]
		}, "create schema scratch; drop schema scratch"]
	},
	on: "DropStmt",
	check(drop, scope) {
		if (drop.removeType !== "OBJECT_SCHEMA") return void 0;
		const old = (drop.objects ?? []).map((object) => wordsOf(object)[0] ?? "").filter((schema) => scope.release.before.schemas.has(schema) || !scope.schema.schemas.has(schema));
		if (old.length === 0) return void 0;
		return {
			message: `Dropping the schema ${listed(old)} breaks the code that still runs.`,
			instead: movedToPost(scope, { moved: [scope.sql] }, `The code of this release uses nothing of ${listed(old)} any more.`)
		};
	}
});
// src/lint/rules/ban-drop-sequence.ts
var ban_drop_sequence_default = defineRule({
	name: "ban-drop-sequence",
	group: "compatibility",
	severity: "error",
	phase: "pre",
	problem: "The code that still runs takes its numbers from the sequence, and its inserts fail.",
	remedy: "Ship code that does not use the sequence, and drop it in a post migration.",
	because: "nextval() of a dropped sequence fails with 42P01.",
	examples: {
		bad: [{
			given: "create sequence invoice_numbers",
			files: [{ sql: "drop sequence invoice_numbers" }]
		}],
		good: [{
			given: "create sequence invoice_numbers",
			files: [{
				phase: "post",
				sql: "drop sequence invoice_numbers"
			}]
		}, "create sequence scratch_numbers; drop sequence scratch_numbers"]
	},
	on: "DropStmt",
	check(drop, scope) {
		if (drop.removeType !== "OBJECT_SEQUENCE") return void 0;
		const old = droppedOld(scope, drop);
		if (old.length === 0) return void 0;
		const names = listed(old.map(({ name }) => tableName(name)));
		return {
			message: `Dropping the sequence ${names} breaks the code that still runs.`,
			instead: movedToPost(scope, partDrop(scope, drop, old.map(({ name }) => name)), `The code of this release does not use ${names} any more.`)
		};
	}
});
// src/lint/rules/ban-drop-table.ts
var ban_drop_table_default = defineRule({
	name: "ban-drop-table",
	group: "compatibility",
	severity: "error",
	phase: "pre",
	problem: "The code that still runs uses the table, and every query on it fails.",
	remedy: "Ship code that does not use the table, and drop it in a post migration.",
	because: "A query on a dropped table fails with 42P01; the rows of a dropped partition vanish from its parent.",
	examples: {
		bad: [
			"drop table products",
			"drop table if exists somewhere.unknown",
			"drop table events_2025",
			"create table carts (id int); drop table carts, products"
		],
		good: [
			{ files: [{
				phase: "post",
				sql: "drop table products"
			}] },
			"create table carts (id bigint); drop table carts",
			"create temporary table todo as select id from users; drop table todo"
		]
	},
	on: "DropStmt",
	check(drop, scope) {
		if (drop.removeType !== "OBJECT_TABLE" && drop.removeType !== "OBJECT_FOREIGN_TABLE") return void 0;
		const old = droppedOld(scope, drop);
		if (old.length === 0) return void 0;
		const names = listed(old.map(({ name }) => tableName(name)));
		const parents = old.map(({ relation }) => relation?.kind === "table" ? tableById(scope.schema, relation.partitionOf?.parent) : void 0);
		const [parent] = parents;
		const arePartitions = parent !== void 0 && parents.every((one) => one === parent);
		return {
			message: arePartitions ? `Dropping ${names} takes its rows out of ${parent.name} while the old code still reads them.` : `Dropping ${names} breaks the code that still runs.`,
			harm: arePartitions ? `The old code misses the rows, and its writes for that part of ${parent.name} fail.` : `Every query of the old code on ${names} fails until the deploy is done.`,
			instead: movedToPost(scope, partDrop(scope, drop, old.map(({ name }) => name)), `The code of this release does not use ${names} any more.`)
		};
	}
});
// src/lint/rules/ban-drop-trigger.ts
var ban_drop_trigger_default = defineRule({
	name: "ban-drop-trigger",
	group: "compatibility",
	severity: "warning",
	phase: "pre",
	problem: "The code that still runs counts on what the trigger does, and its writes go on without it.",
	remedy: "Ship code that does not need the trigger, and drop it in a post migration.",
	because: "From the commit on, writes no longer fire it; what it would have filled, counted or refused is not made up for later.",
	yieldsTo: ["ban-disable-trigger"],
	examples: {
		bad: [
			"drop trigger orders_touch on orders",
			"alter table orders disable trigger orders_touch",
			"alter table orders disable trigger all"
		],
		good: [
			{ files: [{
				phase: "post",
				sql: "drop trigger orders_touch on orders"
			}] },
			"drop trigger orders_touch on orders; create trigger orders_touch before insert or update on orders for each row execute function touch()",
			"create trigger helper before insert on users for each row execute function touch(); drop trigger helper on users",
			"alter table orders disable trigger orders_touch; update orders set amount = 2 where id = 1; alter table orders enable trigger orders_touch"
		]
	},
	on: ["DropStmt", "AlterTableStmt"],
	check(statement, scope) {
		if ("cmds" in statement) {
			const altered = alteredOldTable(scope, statement);
			const disables = ({ subtype }) => subtype === "AT_DisableTrig" || subtype === "AT_DisableTrigAll" || subtype === "AT_DisableTrigUser";
			const command = altered?.commands.find(disables);
			if (altered === void 0 || command === void 0 || isEnabledLater(scope, altered.table, command)) return void 0;
			const what = command.subtype === "AT_DisableTrig" ? `the trigger ${command.name}` : "the triggers";
			return {
				message: `Writes of the old code to ${tableName(altered.name)} go on without ${what} once disabled.`,
				instead: movedToPost(scope, partAlter(scope, statement, disables), `The code of this release does not need ${what}.`)
			};
		}
		if (!("removeType" in statement) || statement.removeType !== "OBJECT_TRIGGER") return void 0;
		const words = wordsOf(statement.objects?.[0]);
		const trigger = words.at(-1) ?? "";
		const old = oldRelation(scope, nameOfWords(words.slice(0, -1)));
		if (old === void 0 || isNewTrigger(scope, old.relation?.kind === "table" ? old.relation : void 0, trigger)) return void 0;
		if (findTable(schemaWhenDone(scope), old.name)?.triggers.has(trigger)) return void 0;
		return {
			message: `Writes of the old code to ${tableName(old.name)} go on without the trigger ${trigger} once dropped.`,
			instead: movedToPost(scope, void 0, `The code of this release does not need ${trigger}.`)
		};
	}
});
function isNewTrigger(scope, table, trigger) {
	if (table === void 0 || !table.triggers.has(trigger)) return false;
	return tableById(scope.release.before, table.id)?.triggers.has(trigger) === false;
}
function isEnabledLater(scope, table, { subtype, name = "" }) {
	const later = tableById(schemaWhenDone(scope), table?.id);
	if (later === void 0) return false;
	return (subtype === "AT_DisableTrig" ? [later.triggers.get(name)] : [...later.triggers.values()]).every((one) => one?.enabled === true);
}
// src/lint/rules/ban-drop-type.ts
var ban_drop_type_default = defineRule({
	name: "ban-drop-type",
	group: "compatibility",
	severity: "warning",
	phase: "pre",
	problem: "Code that still runs and casts to the type, or looks it up when it connects, fails.",
	remedy: "Ship code that does not use the type, and drop it in a post migration.",
	because: "A cast to a dropped type fails with 42704, and so does a prepared statement with a parameter of it; columns of the type keep the server from dropping it.",
	examples: {
		bad: [
			{
				given: "create type color as enum ('red')",
				files: [{ sql: "drop type color" }]
			},
			{
				given: "create domain age as int",
				files: [{ sql: "drop domain if exists age" }]
			},
			{
				given: "create type address as (street text, town text)",
				files: [{ sql: "alter type address drop attribute town" }]
			}
		],
		good: [
			{
				given: "create type color as enum ('red')",
				files: [{
					phase: "post",
					sql: "drop type color"
				}]
			},
			"create type scratch as enum ('a'); drop type scratch",
			"create type pair as (a int, b int); alter type pair drop attribute b"
		]
	},
	on: ["DropStmt", "AlterTableStmt"],
	check(statement, scope) {
		if ("cmds" in statement) {
			if (statement.objtype !== "OBJECT_TYPE" || scope.isNew(findType$1(scope.schema, nameOf(statement.relation)))) return void 0;
			const gone = nodesOf(statement.cmds, "AlterTableCmd").flatMap(({ subtype, name }) => subtype === "AT_DropColumn" ? name ?? [] : []);
			if (gone.length === 0) return void 0;
			return {
				message: `Dropping ${listed(gone)} from the type ${tableName(nameOf(statement.relation))} changes what the code that still runs reads and writes.`,
				instead: movedToPost(scope)
			};
		}
		if (!("removeType" in statement) || statement.removeType !== "OBJECT_TYPE" && statement.removeType !== "OBJECT_DOMAIN") return void 0;
		const old = (statement.objects ?? []).map(nameOfObject).filter((name) => !scope.isNew(findType$1(scope.schema, name)));
		if (old.length === 0) return void 0;
		const names = listed(old.map(tableName));
		return {
			message: `Dropping the type ${names} breaks code that still runs and casts to it.`,
			instead: movedToPost(scope, partDrop(scope, statement, old), `The code of this release does not use ${names} any more.`)
		};
	}
});
// src/lint/rules/ban-drop-unique.ts
var ban_drop_unique_default = defineRule({
	name: "ban-drop-unique",
	group: "compatibility",
	severity: "warning",
	phase: "pre",
	problem: "INSERT … ON CONFLICT of the code that still runs fails, and code that counts on the server to refuse a second row gets one.",
	remedy: "Ship code that does not count on it, and drop it in a post migration.",
	because: "ON CONFLICT (columns) without a unique index on exactly these columns fails with 42P10.",
	examples: {
		bad: [
			"drop index users_email_key",
			{ files: [{
				transaction: false,
				sql: "drop index concurrently users_email_key"
			}] },
			"alter table products drop constraint products_pkey",
			"drop index users_email_key; create unique index users_email_name_key on users (email, name)"
		],
		good: [
			{ files: [{
				phase: "post",
				sql: "drop index users_email_key"
			}] },
			"drop index users_name_idx",
			"drop index users_email_key; create unique index users_email_unique on users (email)",
			"alter table products drop constraint products_pkey, add constraint products_key primary key (id)",
			{ files: [{
				transaction: false,
				sql: "create unique index concurrently again on users (email); drop index concurrently users_email_key"
			}] }
		]
	},
	on: ["DropStmt", "AlterTableStmt"],
	check(statement, scope) {
		return "cmds" in statement ? inTable$1(statement, scope) : "removeType" in statement ? inDrop(statement, scope) : void 0;
	}
});
function inDrop(drop, scope) {
	if (drop.removeType !== "OBJECT_INDEX") return void 0;
	return problem$3(scope, droppedOld(scope, drop).flatMap(({ relation }) => relation?.kind === "index" && relation.unique ? [relation] : []), { moved: [scope.sql] });
}
function inTable$1(alter, scope) {
	const altered = alteredOldTable(scope, alter);
	const drops = (altered?.commands ?? []).map(({ subtype, name = "" }) => {
		const constraint = subtype === "AT_DropConstraint" ? altered?.table?.constraints.get(name) : void 0;
		const index = constraint !== void 0 && "index" in constraint ? scope.schema.relations.get(constraint.index) : void 0;
		return index?.kind === "index" && !scope.isNew(index) ? index : void 0;
	});
	const indexes = drops.flatMap((index) => index ?? []);
	if (indexes.length === 0) return void 0;
	return problem$3(scope, indexes, partAlter(scope, alter, (_, at) => drops[at] !== void 0));
}
function problem$3(scope, indexes, parting) {
	if (indexes.length === 0) return void 0;
	const after = schemaWhenDone(scope);
	const lost = indexes.flatMap((index) => {
		const table = tableById(scope.schema, index.table);
		return table !== void 0 && !isStillUnique(after, table, index) ? [{
			index,
			table
		}] : [];
	});
	const [first] = lost;
	if (first === void 0) return void 0;
	const keys = listed(first.index.keys.map(({ column }) => column ?? "an expression"));
	return {
		message: `Without ${listed(lost.map(({ index }) => index.name))}, ${first.table.name} takes a second row with the same ${keys}, and ON CONFLICT (${keys}) fails.`,
		harm: `INSERT … ON CONFLICT of the old code into ${first.table.name} fails until the deploy is done.`,
		instead: movedToPost(scope, parting, `The code of this release neither names ${keys} in ON CONFLICT nor counts on a refusal.`)
	};
}
function isStillUnique(after, { id }, index) {
	const table = tableById(after, id);
	if (table === void 0) return true;
	const columns = (one) => one.keys.map(({ column, expression }) => column ?? JSON.stringify(expression)).sort();
	return indexesOf(after, table).some((one) => one.id !== index.id && one.unique && sameNode(columns(one), columns(index)) && sameNode(one.predicate, index.predicate));
}
// src/lint/rules/ban-drop-view.ts
var ban_drop_view_default = defineRule({
	name: "ban-drop-view",
	group: "compatibility",
	severity: "error",
	phase: "pre",
	problem: "The code that still runs reads the view, and its queries fail.",
	remedy: "Ship code that does not read the view, and drop it in a post migration.",
	because: "A query on a dropped view fails with 42P01. Dropped and made again in one transaction, with all its columns, others never miss it.",
	examples: {
		bad: [
			"drop view active_users",
			"drop materialized view sales",
			{ files: [{
				transaction: false,
				sql: "drop view active_users; create view active_users as select id, email from users"
			}] },
			"drop view active_users; create view active_users as select id from users"
		],
		good: [
			{ files: [{
				phase: "post",
				sql: "drop view active_users"
			}] },
			"drop view active_users; create view active_users as select id, email from users where age > 1",
			"create view names as select name from users; drop view names"
		]
	},
	on: "DropStmt",
	check(drop, scope) {
		if (drop.removeType !== "OBJECT_VIEW" && drop.removeType !== "OBJECT_MATVIEW") return void 0;
		const old = droppedOld(scope, drop);
		if (old.length === 0) return void 0;
		const after = schemaWhenDone(scope);
		const lost = old.flatMap(({ name, relation }) => {
			const again = findRelation(after, name);
			if (again === void 0) return [{
				name,
				columns: void 0
			}];
			if (again.kind !== "view" || relation?.kind !== "view") return [];
			const columns = relation.columns?.filter((column) => again.columns !== void 0 && !again.columns.includes(column)) ?? [];
			return columns.length > 0 ? [{
				name,
				columns
			}] : [];
		});
		const [first] = lost;
		if (first === void 0) return void 0;
		if (first.columns !== void 0) {
			const view = tableName(first.name);
			return {
				message: `${view} is made again without ${listed(first.columns)}, which the code that still runs may read.`,
				harm: `Queries of the old code that read ${listed(first.columns)} of ${view} fail.`,
				instead: movedToPost(scope, { moved: [scope.sql, ...followingInTransaction(scope).map((one) => scope.text.text.slice(one.start, one.end))] }, `The code of this release does not read ${listed(first.columns)} of ${view} any more.`)
			};
		}
		const names = listed(lost.map(({ name }) => tableName(name)));
		return {
			message: `Dropping ${names} breaks the code that still runs.`,
			harm: `Every query of the old code on ${names} fails until the deploy is done.`,
			instead: movedToPost(scope, partDrop(scope, drop, lost.map(({ name }) => name)), `The code of this release does not read ${names} any more.`)
		};
	}
});
// src/lint/rules/ban-duplicate-column-assignments.ts
const rule$32 = {
	name: "ban-duplicate-column-assignments",
	group: "robustness",
	severity: "error",
	problem: "The server refuses the statement, and the release stops there.",
	remedy: "Name each column once.",
	because: "A column can get one value only: the server answers \"multiple assignments to same column\" or \"column specified more than once\". Fields of a composite and elements of an array may be assigned one by one.",
	examples: {
		bad: [
			{
				fails: true,
				files: [{ sql: "update users set age = 1, name = null, age = 2 where id = 1" }]
			},
			{
				fails: true,
				files: [{ sql: "insert into users (email, email) values ('a', 'b')" }]
			},
			{
				fails: true,
				files: [{ sql: "insert into users (id, email) values (1, 'a') on conflict (id) do update set age = 1, age = 2" }]
			}
		],
		good: ["update users set age = 1, name = null where id = 1", "insert into users (email, name) values ('a@example.org', 'b')"]
	},
	on: ["UpdateStmt", "InsertStmt"],
	check(_, { statement: { node } }) {
		const twice = ("UpdateStmt" in node ? [assigned(node.UpdateStmt.targetList)] : "InsertStmt" in node ? [assigned(node.InsertStmt.cols), assigned(node.InsertStmt.onConflictClause?.targetList)] : []).map(firstTwice).find((name) => name !== void 0);
		return twice === void 0 ? void 0 : { message: `The column ${twice} is named twice.` };
	}
};
function assigned(targets) {
	return nodesOf(targets, "ResTarget").flatMap(({ name, indirection }) => name === void 0 || indirection !== void 0 ? [] : [name]);
}
function firstTwice(names) {
	return names.find((name, index) => names.indexOf(name) < index);
}
// src/lint/rules/ban-duplicate-name.ts
var ban_duplicate_name_default = defineRule({
	name: "ban-duplicate-name",
	group: "robustness",
	severity: "error",
	problem: "The server refuses the statement, and the release stops at this migration.",
	remedy: "Choose another name, or drop or rename what has the name first.",
	because: "Tables, views, indexes and sequences of a schema share one set of names; a table cannot have two columns, nor two constraints, of one name.",
	yieldsTo: ["ban-concurrent-index-if-not-exists"],
	examples: {
		bad: [
			{
				fails: true,
				files: [{ sql: "create table orders (id bigint)" }]
			},
			{
				fails: true,
				files: [{ sql: "create table carts (id bigint, memo text, id int)" }]
			},
			{
				fails: true,
				files: [{ sql: "alter table users add column nickname text" }]
			},
			{
				fails: true,
				files: [{ sql: "create index orders_user_id_idx on orders (placed_at)" }]
			},
			{
				fails: true,
				given: "alter table orders add constraint orders_amount check (amount > 0)",
				files: [{ sql: "alter table orders add constraint orders_amount check (amount < 100) not valid" }]
			}
		],
		good: [
			"create table if not exists orders (id bigint)",
			"alter table users add column if not exists nickname text",
			"alter table users rename column nickname to handle; alter table users add column nickname text",
			"drop table products; create table products (id bigint)",
			"create schema archive; create table archive.orders (id bigint)",
			"alter table users drop column nickname, add column nickname text",
			"create temporary table orders (id bigint)",
			{
				given: "create table logs (like users including all)",
				files: [{ sql: "alter table logs add column memo text" }]
			}
		]
	},
	on: [
		"CreateStmt",
		"IndexStmt",
		"AlterTableStmt"
	],
	check(_, { statement: { node }, schema }) {
		if ("AlterTableStmt" in node) return inAlter(node.AlterTableStmt, schema);
		if ("IndexStmt" in node) return ofIndex(node.IndexStmt, schema);
		return "CreateStmt" in node ? ofTable(node.CreateStmt, schema) : void 0;
	}
});
function ofTable({ relation, if_not_exists, tableElts }, schema) {
	const named = nameOf(relation);
	const taken = relation?.relpersistence !== "t" && if_not_exists !== true && isTaken(schema, named.schema, named.name);
	const columns = nodesOf(tableElts, "ColumnDef");
	const twice = columns.filter(({ colname }, index) => columns.findIndex((one) => one.colname === colname) < index);
	return [...taken ? [{
		message: `${tableName(named)} exists already.`,
		location: relation?.location
	}] : [], ...twice.map(({ colname, location }) => ({
		message: `${tableName(named)} would have two columns ${colname}.`,
		location
	}))];
}
function ofIndex({ relation, idxname, if_not_exists }, schema) {
	const target = findRelation(schema, nameOf(relation));
	if (idxname === void 0 || if_not_exists === true || target === void 0 || !isTaken(schema, target.schema, idxname)) return void 0;
	return { message: `${idxname} exists already.` };
}
/** The name, in the schema where the statement would make it. */
function isTaken({ names, searchPath }, space, name) {
	return names.has(nameKey(space ?? searchPath[0] ?? "public", name));
}
function inAlter({ relation, cmds, missing_ok }, schema) {
	const table = findTable(schema, nameOf(relation));
	if (table === void 0 || missing_ok === true) return void 0;
	const commands = nodesOf(cmds, "AlterTableCmd");
	const dropped = new Set(commands.filter(({ subtype }) => subtype === "AT_DropColumn" || subtype === "AT_DropConstraint").map(({ name }) => name));
	return commands.flatMap((command) => {
		const column = addedColumn(command);
		if (column?.colname !== void 0 && command.missing_ok !== true && table.columns.has(column.colname) && !dropped.has(column.colname)) return {
			message: `${table.name} has a column ${column.colname} already.`,
			location: column.location
		};
		const constraint = addedConstraint(command);
		return constraint?.conname !== void 0 && table.constraints.has(constraint.conname) && !dropped.has(constraint.conname) ? {
			message: `${table.name} has a constraint ${constraint.conname} already.`,
			location: constraint.location
		} : [];
	});
}
// src/lint/versions.ts
/** Migrations that share a version with another, by version; those of one version in the order in which they were read. */
function duplicateVersions(migrations) {
	const byNumber = /* @__PURE__ */ new Map();
	for (const migration of [...migrations].sort(byVersion)) {
		const lineage = lineageOf(migration.version);
		const same = byNumber.get(lineage);
		if (same === void 0) byNumber.set(lineage, [migration]);
		else same.push(migration);
	}
	return [...byNumber.values()].filter((same) => same.length > 1);
}
/** The first number behind all of them, written as the folders write theirs. */
function freeVersion(migrations) {
	return nextVersion(migrations, /* @__PURE__ */ new Date(0));
}
/** Released ones marked as a hotfix took their number ahead of their turn: older ones may follow them. */
function lateMigrations(migrations, isNew) {
	return ["pre", "post"].flatMap((phase) => {
		const ofPhase = migrations.filter((one) => one.phase === phase && !isRepeatable$1(one)).sort(byVersion);
		const behind = ofPhase.filter((one) => !isNew(one) && !one.hotfix).at(-1);
		if (behind === void 0) return [];
		return ofPhase.filter((one) => isNew(one) && byVersion(one, behind) < 0).map((late) => ({
			late,
			behind
		}));
	});
}
// src/lint/rules/ban-duplicate-version.ts
const rule$31 = {
	name: "ban-duplicate-version",
	group: "robustness",
	severity: "error",
	problem: "One of the two would never run: the version table holds a version once.",
	remedy: "Give the newer file the next free number; numbers are unique across the folders of both phases.",
	because: "Two branches that were open at the same time often take the same next number, and git merges both files without a conflict.",
	examples: {
		bad: [{
			released: [{
				sql: "select 1",
				version: 50
			}],
			files: [{
				sql: "alter table users add column phone text",
				version: 50
			}]
		}, { files: [{
			sql: "alter table users add column phone text",
			version: 50
		}, {
			phase: "post",
			sql: "alter table users drop column nickname",
			version: 50
		}] }],
		good: [{
			released: [{
				sql: "select 1",
				version: 50
			}],
			files: [{
				sql: "alter table users add column phone text",
				version: 51
			}]
		}]
	},
	checkRelease({ replayed, files }) {
		const migrations = replayed.map(({ migration }) => migration);
		const added = new Set(files.map(({ migration }) => migration));
		const free = freeVersion(migrations);
		return duplicateVersions(migrations).flatMap((same) => {
			const [first, ...others] = [...same.filter((one) => !added.has(one)), ...same.filter((one) => added.has(one))];
			return others.map(({ path, version }) => ({
				path,
				message: isRepeatable$1({ version }) ? `${first?.path} and ${path} are repeatable migrations of one name; one of them needs another.` : `${first?.path} and ${path} carry the same version, ${version}; the next free one is ${free}.`
			}));
		});
	}
};
// src/lint/rules/ban-enum.ts
var ban_enum_default = defineRule({
	name: "ban-enum",
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "A value that is no longer wanted stays in the type for good, and no way back takes a new one out.",
	remedy: "Use text with a CHECK, or a small table that a foreign key refers to.",
	because: "ALTER TYPE can add and rename values of an enum, and has no statement that removes or reorders them.",
	examples: {
		bad: ["create type cart_state as enum ('open', 'closed')"],
		good: ["create table carts (state text check (state in ('open', 'closed')))", "create type place as (x int, y int)"]
	},
	on: "CreateEnumStmt",
	check: ({ typeName }) => ({ message: `${wordsOf(typeName).join(".")} is an enum: no value ever leaves it.` })
});
// src/lint/rules/ban-enum-value-in-same-transaction.ts
const rule$30 = {
	name: "ban-enum-value-in-same-transaction",
	group: "robustness",
	severity: "error",
	problem: "The server refuses the statement, and the release stops there.",
	remedy: "Add the value in a migration of its own, before the one that uses it.",
	because: "ALTER TYPE … ADD VALUE may run in a transaction since version 12, and the value is \"unsafe\" until that transaction is committed; from version 17 on a type that the same transaction created is free of it.",
	examples: {
		bad: [
			{
				fails: true,
				files: [{ sql: "alter type order_state add value 'lost'; update orders set state = 'lost' where id = 1" }]
			},
			{
				fails: true,
				files: [{ sql: "alter type order_state add value 'lost'; alter table orders alter column state set default 'lost'" }]
			},
			{
				fails: true,
				files: [{ sql: "alter type order_state add value 'lost'; select 'lost'::order_state" }]
			},
			{
				fails: true,
				files: [{ sql: "create type size as enum ('s'); alter type size add value 'm'; select 'm'::size" }]
			}
		],
		good: [
			"alter type order_state add value 'lost'",
			{ files: [{ sql: "alter type order_state add value 'lost'" }, { sql: "update orders set state = 'lost' where id = 1" }] },
			"alter type order_state add value 'lost'; update users set name = 'lost' where id = 1",
			{ files: [{
				transaction: false,
				sql: "alter type order_state add value 'lost'; update orders set state = 'lost' where id = 1"
			}] },
			{
				postgres: 17,
				files: [{ sql: "create type size as enum ('s'); alter type size add value 'm'; select 'm'::size" }]
			}
		]
	},
	on: "every-statement",
	check(_, scope) {
		for (const { type, value } of addedBefore(scope)) {
			if (!hasConstant(scope.statement.node, value) || !isAbout(scope, type)) continue;
			return { message: `The value '${value}' of ${type.name} cannot be used in the transaction that adds it.` };
		}
	}
};
const additionsBefore = foldEarlier([], (found, one) => {
	const { node } = one.statement;
	return "AlterEnumStmt" in node && node.AlterEnumStmt.oldVal === void 0 ? [...found, one] : found;
});
function addedBefore(scope) {
	return additionsBefore(scope).flatMap(({ statement: { node } }) => {
		if (!("AlterEnumStmt" in node)) return [];
		const type = nameOfWords(wordsOf(node.AlterEnumStmt.typeName));
		const made = findType(scope.schema, type)?.origin;
		return scope.postgres >= 17 && made?.file === scope.file.order && scope.earlier.some(({ index }) => index === made.statement) ? [] : [{
			type,
			value: node.AlterEnumStmt.newVal ?? ""
		}];
	});
}
function findType(schema, { schema: space, name }) {
	return (space === void 0 ? schema.searchPath : [space]).flatMap((one) => schema.types.get(nameKey(one, name)) ?? [])[0];
}
function hasConstant(value, text) {
	if (typeof value !== "object" || value === null) return false;
	const { sval } = "A_Const" in value ? value.A_Const : {};
	return sval?.sval === text || Object.values(value).some((inner) => hasConstant(inner, text));
}
/** Whether a statement casts to the type, or names a relation with a column of it. */
function isAbout({ statement, schema }, { name }) {
	return namesIn(statement.node).some((one) => {
		if ("type" in one) return one.type === name;
		const relation = findRelation(schema, nameOf(one.range));
		return relation?.kind === "table" && [...relation.columns.values()].some(({ type }) => type.name === name);
	});
}
function namesIn(value) {
	if (typeof value !== "object" || value === null) return [];
	const { relname, names } = value;
	const range = typeof relname === "string" ? [{ range: value }] : [];
	const type = Array.isArray(names) ? [{ type: wordsOf(names).at(-1) ?? "" }] : [];
	return [
		...range,
		...type,
		...Object.values(value).flatMap(namesIn)
	];
}
// src/lint/rules/ban-exclusion-constraint.ts
var ban_exclusion_constraint_default = defineRule({
	name: "ban-exclusion-constraint",
	group: "locks",
	severity: "error",
	problem: "Nobody can read or write the table until the index of the constraint is built.",
	remedy: "Make a new table with the constraint and move the rows over, or accept it in quiet hours with a suppression that says so.",
	because: "ADD CONSTRAINT … EXCLUDE builds its index under ACCESS EXCLUSIVE. No PostgreSQL up to 18 has a way around it: neither NOT VALID nor USING INDEX knows exclusion constraints.",
	examples: {
		bad: ["alter table orders add constraint orders_no_overlap exclude using gist (int8range(id, id + amount) with &&)", "alter table users add exclude (email with =)"],
		good: ["create table bookings (room int4range, exclude using gist (room with &&))", "create table bookings (room int4range); alter table bookings add exclude using gist (room with &&)"]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		return old?.commands.flatMap((command) => addedConstraint(command) ?? []).filter(({ contype }) => contype === "CONSTR_EXCLUSION").map(({ conname, location }) => ({
			message: `Adding the exclusion constraint${conname === void 0 ? "" : ` ${conname}`} builds its index while nobody can read or write ${old.name}.`,
			harm: `Every query on ${old.name} waits.`,
			location
		}));
	}
});
// src/lint/rules/ban-explicit-lock.ts
var ban_explicit_lock_default = defineRule({
	name: "ban-explicit-lock",
	group: "locks",
	severity: "warning",
	problem: "Whoever uses the table waits from here to the end of the transaction.",
	remedy: "Leave LOCK TABLE out: each statement takes the lock that it needs, when it needs it.",
	because: "A lock is held until its transaction ends; LOCK TABLE takes ACCESS EXCLUSIVE, which even readers wait for, unless it names another mode.",
	examples: {
		bad: [
			"lock table users",
			"lock table orders, products in share row exclusive mode",
			"do $$ begin lock users in exclusive mode; end $$"
		],
		good: [
			"lock table users in row exclusive mode",
			"lock table users in share update exclusive mode",
			"create table carts (id bigint); lock table carts"
		]
	},
	on: "LockStmt",
	check({ relations, mode = 8 }, scope) {
		const named = lockModes[mode - 1] ?? "AccessExclusive";
		const used = nodesOf(relations, "RangeVar").filter((range) => isUsedTable(range, scope));
		if (used.length === 0 || mode <= lockModes.indexOf("ShareUpdateExclusive") + 1) return void 0;
		const names = used.map((range) => tableName(nameOf(range))).join(", ");
		return { message: `LOCK TABLE holds ${modeInSql(named)} on ${names} until the transaction ends.` };
	}
});
// src/lint/rules/ban-grant-to-public.ts
var ban_grant_to_public_default = defineRule({
	name: "ban-grant-to-public",
	group: "data",
	severity: "warning",
	problem: "Every role that can connect to the database, now and later, gets at the data.",
	remedy: "Grant it to the role that needs it.",
	because: "PUBLIC is every role, those that are created later too. What functions, types and languages give to PUBLIC by themselves is not meant here.",
	examples: {
		bad: [
			"grant select on users to public",
			"grant all on all tables in schema public to public",
			"grant create on schema public to public",
			"alter default privileges in schema public grant select on tables to public"
		],
		good: [
			"grant select on users to current_user",
			"revoke all on users from public",
			"grant usage on schema public to public",
			"grant execute on function touch() to public"
		]
	},
	on: ["GrantStmt", "AlterDefaultPrivilegesStmt"],
	check(content) {
		const { is_grant, grantees, objtype = "", objects, privileges } = ("action" in content ? content.action : content) ?? {};
		const isPublic = nodesOf(grantees, "RoleSpec").some(({ roletype }) => roletype === "ROLESPEC_PUBLIC");
		if (is_grant !== true || !isPublic) return void 0;
		const words = nodesOf(privileges, "AccessPriv").map(({ priv_name = "all" }) => priv_name.toUpperCase());
		const what = words.length === 0 ? "ALL" : words.join(", ");
		if (objtype === "OBJECT_SCHEMA" ? what === "USAGE" : !["OBJECT_TABLE", "OBJECT_SEQUENCE"].includes(objtype)) return void 0;
		const on = (objects ?? []).map((object) => "RangeVar" in object ? tableName(nameOf(object.RangeVar)) : wordsOf(object).join(".")).filter((name) => name !== "").join(", ");
		return { message: `${what}${on === "" ? "" : ` on ${on}`} is granted to every role of the server.` };
	}
});
// src/lint/rules/ban-late-version.ts
const rule$29 = {
	name: "ban-late-version",
	group: "robustness",
	severity: "error",
	problem: "The release stops before the file: its number is lower than one that has run, so no database would have both in one order.",
	remedy: "Give the file the next free number, which is what happens to a branch that is merged later than it was begun.",
	because: "goose refuses a file below the newest version that ran (\"missing migrations\"); Shiplock refuses it too (out-of-order), since new databases would run it before and old ones after.",
	examples: {
		bad: [{
			released: [{
				sql: "select 1",
				version: 50
			}],
			files: [{
				sql: "alter table users add column phone text",
				version: 40
			}]
		}, {
			released: [{
				phase: "post",
				sql: "select 1",
				version: 50
			}],
			files: [{
				phase: "post",
				sql: "alter table users drop column nickname",
				version: 40
			}]
		}],
		good: [{
			released: [{
				sql: "select 1",
				version: 50
			}],
			files: [{
				sql: "alter table users add column phone text",
				version: 60
			}]
		}, {
			released: [{
				phase: "post",
				sql: "select 1",
				version: 50
			}],
			files: [{
				sql: "alter table users add column phone text",
				version: 40
			}]
		}]
	},
	checkRelease({ replayed, files, layout }) {
		const migrations = replayed.map(({ migration }) => migration);
		const added = new Set(files.map(({ migration }) => migration));
		const free = freeVersion(migrations);
		return lateMigrations(migrations, (one) => added.has(one)).map(({ late, behind }) => ({
			path: late.path,
			message: `${late.path} is numbered below ${behind.id}, which is released already; the next free number is ${free}.`,
			...layout.toleratesHoles ? {} : { harm: `${layout.name}'s own "up" stops at the hole, and with it a service that migrates when it starts.` }
		}));
	}
};
// src/lint/rules/ban-losing-replica-identity.ts
var ban_losing_replica_identity_default = defineRule({
	name: "ban-losing-replica-identity",
	group: "compatibility",
	severity: "error",
	problem: "Every UPDATE and DELETE on the published table fails.",
	remedy: "Name another unique index with REPLICA IDENTITY USING INDEX before, or set REPLICA IDENTITY FULL in the same transaction.",
	because: "A table in a publication that publishes updates needs a replica identity: without its primary key or its index they fail with 55000.",
	examples: {
		bad: [
			{
				given: "create publication feed for table products",
				files: [{
					phase: "post",
					sql: "alter table products drop constraint products_pkey"
				}]
			},
			{
				given: "create publication feed for all tables",
				files: [{
					phase: "post",
					sql: "alter table products drop column id"
				}]
			},
			{
				given: "create publication feed for table products",
				files: [{ sql: "alter table products replica identity nothing" }]
			}
		],
		good: [
			{ files: [{
				phase: "post",
				sql: "alter table products drop constraint products_pkey"
			}] },
			{
				given: "create publication feed for table products",
				files: [{
					phase: "post",
					sql: "alter table products drop constraint products_pkey; alter table products replica identity full"
				}]
			},
			{
				given: "create publication feed for table products",
				files: [{
					phase: "post",
					sql: "alter table products drop constraint products_pkey, add primary key (id, title)"
				}]
			}
		]
	},
	on: ["AlterTableStmt", "DropStmt"],
	check(_, scope) {
		if (scope.schema.publications.size === 0) return void 0;
		const published = [...scope.schema.relations.values()].filter((one) => one.kind === "table" && isPublished$1(scope.schema, one) && hasIdentity$1(scope.schema, one));
		if (published.length === 0) return void 0;
		const after = schemaWhenDone(scope);
		const [lost] = published.flatMap((one) => {
			const later = tableById(after, one.id);
			return later === void 0 || hasIdentity$1(after, later) ? [] : [later];
		});
		if (lost === void 0 || !touches(scope, lost)) return void 0;
		return {
			message: `${lost.name} is published and loses its replica identity: its rows can no longer be updated or deleted.`,
			harm: `Every UPDATE and DELETE on ${lost.name} fails.`,
			instead: [{
				phase: scope.phase,
				transactional: true,
				sql: `${scope.sql};\nalter table ${writtenRelation({
					schema: void 0,
					name: lost.name
				})} replica identity full;`,
				note: "FULL sends whole rows and makes the subscriber search them: a unique index over NOT NULL columns, named with REPLICA IDENTITY USING INDEX, is cheaper."
			}]
		};
	}
});
/** Only the statement that takes it away is told of, not those before it in the transaction. */
function touches(scope, { id }) {
	const table = tableById(scope.schema, id);
	return scope.effects.locks.some(({ relation }) => relation === table || relation.kind === "index" && relation.table === id);
}
function isPublished$1(schema, table) {
	return [...schema.publications.values()].some((one) => one.allTables || one.tables.has(table.id) || one.schemas.has(table.schema));
}
function hasIdentity$1(schema, table) {
	const { replicaIdentity: identity } = table;
	if (identity.kind === "full") return true;
	if (identity.kind === "index") return schema.relations.has(identity.index);
	return identity.kind === "default" && [...table.constraints.values()].some(({ kind }) => kind === "primary");
}
// src/lint/rules/ban-migration-at-boot.ts
const drop = {
	phase: "post",
	sql: "alter table users drop column nickname"
};
const rule$28 = {
	name: "ban-migration-at-boot",
	group: "robustness",
	severity: "warning",
	problem: "Whenever a copy of the service starts, the tool runs what is pending, whether or not its turn in the release has come.",
	remedy: "Take the call out and let the release run the phases; until then set SKIP_POST_DEPLOYMENT_MIGRATIONS where the service starts.",
	because: "A tool’s own \"up\" knows no phases and no lock budget: a restart, a second copy or a rollback to older code decides when tables are locked, and a failed migration keeps the service down.",
	examples: {
		bad: [
			{
				files: [drop],
				bootFiles: [{
					path: "Dockerfile",
					text: "FROM alpine\nCMD goose -dir db up && ./shop\n"
				}]
			},
			{
				files: [drop],
				bootFiles: [{
					path: "deploy/shop.service",
					text: "[Service]\nExecStartPre=/usr/bin/dbmate up\nExecStart=/opt/shop\n"
				}]
			},
			{
				files: [drop],
				bootFiles: [{
					path: "package.json",
					text: "{\"scripts\": {\"start\": \"prisma migrate deploy && node shop.js\"}}"
				}]
			}
		],
		good: [
			{
				files: [drop],
				bootFiles: [{
					path: "Dockerfile",
					text: "FROM alpine\nRUN goose -dir db up\nCMD [\"./shop\"]\n"
				}]
			},
			{
				files: [drop],
				bootFiles: [{
					path: "deploy/shop.service",
					text: "[Service]\nEnvironment=SKIP_POST_DEPLOYMENT_MIGRATIONS=1\nExecStartPre=bin/rails db:migrate\nExecStart=/opt/shop\n"
				}]
			},
			{
				files: [drop],
				bootFiles: [{
					path: "Dockerfile",
					text: "FROM node\nCMD shiplock migrate --phase pre && ./shop\n"
				}]
			},
			{
				files: [{ sql: "alter table users add column phone text" }],
				bootFiles: [{
					path: "Dockerfile",
					text: "FROM alpine\nCMD goose -dir db up && ./shop\n"
				}]
			}
		]
	},
	checkRelease({ replayed, files, review, bootFiles = [] }) {
		if (!replayed.some(({ migration }) => migration.phase === "post")) return [];
		const bringsPost = review === void 0 || files.some(({ migration }) => migration.phase === "post");
		const changed = new Set(review?.changes.map(({ path }) => path));
		const looked = bootFiles.filter(({ path }) => bringsPost || changed.has(path));
		const texts = new Map(looked.map(({ path, text }) => [path, text]));
		return bootCommands(looked).map(({ path, offset, command, place, when }) => {
			const at = {
				path,
				offset,
				text: texts.get(path) ?? ""
			};
			if (when === "start") return {
				...at,
				message: `${place} runs "${command}" when the service starts: post migrations would run with the others.`
			};
			return {
				...at,
				severity: "advice",
				message: `${place} runs "${command}" in one go: post migrations would run before the new code is everywhere.`,
				harm: "Old code that is still running loses what the post migrations remove."
			};
		});
	}
};
// src/lint/column-width.ts
const integers$1 = [
	"int2",
	"int4",
	"int8"
];
const texts$1 = [
	"varchar",
	"bpchar",
	"text"
];
const moments = ["timestamp", "timestamptz"];
const spoken$1 = {
	int2: "smallint",
	int4: "integer",
	int8: "bigint",
	bpchar: "char",
	bool: "boolean",
	float4: "real",
	float8: "double precision"
};
/** A type as people write it. */
function spokenType({ name, modifiers, array }) {
	const isPlain = modifiers.length === 0 || name === "interval";
	return `${spoken$1[name] ?? name}${isPlain ? "" : `(${modifiers.join(",")})`}${array > 0 ? "[]" : ""}`;
}
/** Whether the first is a whole number that cannot hold all that the other does. */
function isShorterInteger(one, other) {
	const [short = -1, long = -1] = [one, other].map(({ name, array }) => array > 0 ? -1 : integers$1.indexOf(name));
	return short >= 0 && long > short;
}
/** Which values of the one type the other does not take, or takes with less in them; `undefined` when it takes all. */
function lostBy(from, to) {
	if (from.array > 0 || to.array > 0) return void 0;
	if (isShorterInteger(to, from)) return `numbers beyond ${spokenType(to)}`;
	if (texts$1.includes(from.name) && texts$1.includes(to.name)) return lostText(from, to);
	if (from.name === "numeric" && to.name === "numeric") return lostDigits(from.modifiers, to.modifiers);
	if ([
		"numeric",
		"float4",
		"float8"
	].includes(from.name) && integers$1.includes(to.name)) return "fractions, and numbers beyond its range";
	if (from.name === "float8" && to.name === "float4") return "digits behind the sixth";
	if (moments.includes(from.name) && to.name === "date") return "the time of day";
	if (moments.includes(from.name) && from.name === to.name && precisionOf(to) < precisionOf(from)) return "fractions of a second";
	if (texts$1.includes(from.name) && !texts$1.includes(to.name) && !["citext", "name"].includes(to.name)) return `text that is no ${spokenType(to)}`;
}
function lostText(from, to) {
	const longest = ({ name, modifiers }) => name === "text" ? Number.POSITIVE_INFINITY : modifiers[0] ?? (name === "bpchar" ? 1 : Number.POSITIVE_INFINITY);
	return longest(to) < longest(from) ? `text of more than ${longest(to)} characters` : void 0;
}
function lostDigits(from, to) {
	const [precision, scale = 0] = to;
	if (precision === void 0) return void 0;
	const [oldPrecision = Number.POSITIVE_INFINITY, oldScale = from.length === 0 ? Number.POSITIVE_INFINITY : 0] = from;
	if (oldPrecision === Number.POSITIVE_INFINITY || oldPrecision - oldScale > precision - scale) return `numbers with more than ${precision - scale} digits before the point`;
	return oldScale > scale ? `digits behind the ${scale === 0 ? "point" : `${scale} after the point`}` : void 0;
}
function precisionOf({ modifiers }) {
	return modifiers[0] ?? 6;
}
// src/lint/new-foreign-keys.ts
/** Foreign keys that the release adds and keeps. */
function newForeignKeys({ files, after }) {
	const byOrder = new Map(files.map((file) => [file.order, file]));
	return [...after.relations.values()].flatMap((table) => {
		if (table.kind !== "table" || table.partitionOf !== void 0) return [];
		return [...table.constraints.values()].flatMap((key) => {
			const file = byOrder.get(key.origin.file);
			if (key.kind !== "foreign" || file === void 0) return [];
			const start = file.up.statements[key.origin.statement]?.start ?? 0;
			return [{
				table,
				key,
				file,
				offset: file.up.text.fileOffset(start) ?? 0
			}];
		});
	});
}
// src/lint/rules/ban-mismatched-foreign-key-type.ts
var ban_mismatched_foreign_key_type_default = {
	name: "ban-mismatched-foreign-key-type",
	group: "data",
	severity: "warning",
	problem: "Inserts fail on the day when the numbers of the other table outgrow this column.",
	remedy: "Give the column the type of the column that it refers to.",
	because: "A foreign key may join whole numbers of different size. A row of the other table whose number is out of range for this column cannot be referred to: the insert fails with \"integer out of range\". A wider column than the other does no harm.",
	examples: {
		bad: ["create table carts (id bigint primary key, user_id int references users (id)); create index on carts (user_id)", "alter table users add column last_order smallint references orders (id)"],
		good: [
			"create table carts (id bigint primary key, user_id bigint references users (id))",
			"create table stock (product_id bigint primary key references products (id))",
			{
				given: "create table carts (id bigint primary key, user_id int references users (id))",
				files: [{ sql: "alter table carts add column memo text" }]
			}
		]
	},
	checkRelease(scope) {
		return newForeignKeys(scope).flatMap(({ table, key, file, offset }) => pairs(table, key, scope).filter(({ own, other }) => isShorterInteger(own.type, other.type)).map(({ own, other }) => ({
			path: file.migration.path,
			offset,
			message: `${table.name}.${own.name} is ${spokenType(own.type)}, but ${key.references.name.name}.${other.name}, which it refers to, is ${spokenType(other.type)}.`
		})));
	}
};
function pairs(table, { columns, references }, { after }) {
	const partner = tableById(after, references.id);
	return columns.flatMap((name, index) => {
		const own = table.columns.get(name);
		const other = partner?.columns.get(references.columns[index] ?? "");
		return own === void 0 || other === void 0 ? [] : [{
			own,
			other
		}];
	});
}
// src/lint/rules/ban-narrowing-column-type.ts
var ban_narrowing_column_type_default = defineRule({
	name: "ban-narrowing-column-type",
	group: "data",
	severity: "error",
	problem: "The statement fails on rows whose value does not fit, or cuts the value, and code that writes such values fails from then on.",
	remedy: "Add a column of the new type, decide what becomes of the values that do not fit, and drop the old one when no code uses it.",
	because: "PostgreSQL refuses a number out of range and text that is too long, and silently rounds fractions. A blank at the end of a text is cut without a word.",
	yieldsTo: ["changing-column-type"],
	examples: {
		bad: [
			{ files: [{
				phase: "post",
				sql: "alter table users alter column name type varchar(20)"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table users alter column score type numeric(10,0)"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table orders alter column amount type smallint"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table users alter column created_at type date"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table users alter column nickname type int using length(nickname)"
			}] }
		],
		good: [
			"alter table users alter column name type varchar(200)",
			"alter table users alter column score type numeric(12,2)",
			"alter table orders alter column amount type bigint",
			"create table carts (id bigint); alter table carts alter id type int"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		return old?.commands.flatMap(({ subtype, name = "", def }) => {
			const from = old.table?.columns.get(name)?.type;
			if (subtype !== "AT_AlterColumnType" || from === void 0 || def === void 0 || !("ColumnDef" in def)) return [];
			const to = columnType(scope.schema, def.ColumnDef.typeName);
			const lost = lostBy(from, to);
			if (lost === void 0) return [];
			return { message: `${old.name}.${name} loses ${lost} when it changes from ${spokenType(from)} to ${spokenType(to)}, or the change fails.` };
		});
	}
});
// src/lint/orders.ts
/** Compares where the orders end in which databases may run the files. Differences that the released files have already are left out. */
function compareOrders(files) {
	const sorted = [...files].sort((a, b) => byVersion(a.migration, b.migration));
	const released = sorted.filter((one) => !one.isNew);
	const inTurn = [...released, ...byFolder(sorted.filter((one) => one.isNew))];
	const orders = {
		"by-number": sorted,
		"by-folder": byFolder(sorted)
	};
	const others = Object.keys(orders).filter((order) => !isSame$1(orders[order], inTurn));
	if (others.length === 0) return [];
	const ends = endsOf([
		inTurn,
		released,
		byFolder(released),
		...others.map((order) => orders[order])
	]);
	const [end, releasedEnd, beforeEnd] = ends;
	const old = new Set(differences(releasedEnd, beforeEnd).map(({ object }) => object));
	const told = /* @__PURE__ */ new Set();
	return others.flatMap((order, index) => {
		const objects = differences(end, ends[index + 3]).map(({ object }) => object).filter((object) => !told.has(object) && (order === "by-number" || !old.has(object)));
		for (const object of objects) told.add(object);
		return objects.length === 0 ? [] : [{
			order,
			objects
		}];
	});
}
function byFolder(sorted) {
	return [...sorted.filter(({ migration }) => migration.phase === "pre"), ...sorted.filter(({ migration }) => migration.phase === "post")];
}
function isSame$1(one, other) {
	return one.every((file, index) => file === other[index]);
}
/** What all of them begin with is carried out once. */
function endsOf(sequences) {
	const [first = []] = sequences;
	const differs = first.findIndex((file, index) => sequences.some((one) => one[index] !== file));
	const common = differs < 0 ? first.length : differs;
	const start = emptySchema();
	for (const file of first.slice(0, common)) run(file);
	return sequences.map((sequence) => {
		const schema = copySchema(start);
		for (const file of sequence.slice(common)) run(file, schema);
		return describeSchema(schema);
	});
	function run({ statements }, schema = start) {
		for (const [statement, one] of statements.entries()) applyStatement(schema, one, {
			file: 0,
			statement
		});
	}
}
// src/lint/rules/ban-order-dependent-schema.ts
const rule$27 = {
	name: "ban-order-dependent-schema",
	group: "robustness",
	severity: "error",
	problem: "Test databases and new environments get another schema than production, or fail half-way.",
	remedy: "Give the file a number and a phase with which it runs behind all that it builds on, in every order; or use a name that nothing removes later.",
	because: "Production runs the pre files of a release, then its post files; a new database runs all by number (--phase all), and the tool itself runs one folder after the other.",
	yieldsTo: ["require-order-of-phases", "ban-late-version"],
	examples: {
		bad: [
			{
				released: [{
					phase: "post",
					sql: "alter table users drop column nickname"
				}],
				files: [{ sql: "alter table users add column nickname varchar(40)" }]
			},
			{ files: [{
				phase: "post",
				sql: "create table carts (id bigint primary key)",
				version: 101
			}, {
				sql: "alter table carts add column note text",
				version: 102
			}] },
			{
				fails: true,
				released: [{
					sql: "alter table users rename column nickname to handle",
					version: 50
				}],
				files: [{
					sql: "alter table users drop column nickname",
					version: 40
				}]
			}
		],
		good: [
			{ files: [{
				sql: "alter table users add column label text",
				version: 101
			}, {
				phase: "post",
				sql: "alter table users drop column nickname",
				version: 102
			}] },
			{
				released: [{
					phase: "post",
					sql: "alter table users drop column nickname"
				}],
				files: [{ sql: "alter table users add column handle varchar(40)" }]
			},
			{
				released: [{
					phase: "post",
					sql: "alter table users drop column nickname"
				}, { sql: "alter table users add column nickname varchar(40)" }],
				files: [{ sql: "alter table users add column handle varchar(40)" }]
			}
		]
	},
	checkRelease({ replayed, files }) {
		if (replayed.some(({ up }) => up.problem !== void 0)) return [];
		return compareOrders(replayed.map(({ migration, isNew, up }) => ({
			migration,
			isNew,
			statements: readStatements(up)
		}))).map(({ order, objects }) => ({
			...placeOf$2(objects, files),
			message: `${enumerate(objects.map(objectName))} would not be the same in a database that takes each release in turn and in ${newDatabase[order]}.`
		}));
	}
};
const newDatabase = {
	"by-number": "a new one that runs all files by number (--phase all)",
	"by-folder": "a new one that runs the pre folder and then the post folder"
};
/** The first statement of the new files that speaks of one of the objects. */
function placeOf$2(objects, files) {
	const words = objects.map((object) => object.split(/[ .]/).at(-1) ?? "");
	for (const { migration, up } of files) for (const [index, outer] of up.statements.entries()) {
		const names = namesIn$1([outer, ...(up.nested.get(index) ?? []).map(({ statement }) => statement)]);
		if (words.some((word) => names.has(word))) return {
			path: migration.path,
			offset: up.text.fileOffset(outer.start) ?? 0
		};
	}
	return { path: files[0]?.migration.path ?? "" };
}
// src/lint/rules/ban-password-literal.ts
const rule$26 = {
	name: "ban-password-literal",
	group: "data",
	severity: "error",
	problem: "Everybody who can read the repository, its history or the log of the server has the password.",
	remedy: "Take it out, change it, and set it outside of migrations: with psql's \\password, or from the secret store.",
	because: "The statement is kept in version control for good, and the server writes it to its log whenever it logs statements or an error. A SCRAM verifier is no password, but it can be guessed from at leisure.",
	examples: {
		bad: [
			"create role reader login password 'example'",
			"create role writer; alter role writer with encrypted password 'example'",
			"do $$ begin execute 'create user auditor password ''example'''; end $$",
			{
				given: "create foreign data wrapper files; create server files foreign data wrapper files",
				files: [{ sql: "create user mapping for current_user server files options (user 'a', password 'example')" }]
			},
			"create subscription copies connection 'host=db password=example' publication shop with (connect = false)",
			"create subscription copies connection 'postgres://a:example@db/shop' publication shop with (connect = false)"
		],
		good: [
			"create role keeper login",
			"create role guest; alter role guest password null",
			"create subscription copies connection 'service=db' publication shop with (connect = false)",
			"create subscription copies connection 'postgres://a@db/shop' publication shop with (connect = false)"
		]
	},
	on: [
		"CreateRoleStmt",
		"AlterRoleStmt",
		"CreateUserMappingStmt",
		"AlterUserMappingStmt",
		"CreateSubscriptionStmt",
		"AlterSubscriptionStmt"
	],
	check(content) {
		const password = optionsOf(content.options).find(({ defname }) => defname === "password")?.arg;
		const text = password === void 0 ? passwordIn(content.conninfo) : wordsOf(password)[0];
		if (text === void 0) return void 0;
		return text.startsWith("SCRAM-SHA-256$") ? {
			message: "The verifier of a password stands in the migration.",
			severity: "warning"
		} : { message: "A password stands in the migration." };
	}
};
// src/lint/rules/ban-post-hole.ts
const rule$25 = {
	name: "ban-post-hole",
	group: "robustness",
	severity: "error",
	problem: "While the post migration is held back the version table has a hole, and the tool refuses to go on.",
	remedy: "Give the post migration a number above every pre migration of the release, or a version table of its own.",
	because: "Both phases write one version table here, and a tool such as goose or golang-migrate takes a lower version that has not run for a mistake.",
	examples: {
		bad: [{
			layout: {
				sharesTable: true,
				toleratesHoles: false
			},
			files: [{
				phase: "post",
				sql: "alter table users drop column nickname",
				version: 50
			}, {
				sql: "alter table users add column phone text",
				version: 51
			}]
		}],
		good: [
			{
				layout: {
					sharesTable: true,
					toleratesHoles: false
				},
				files: [{
					sql: "alter table users add column phone text",
					version: 50
				}, {
					phase: "post",
					sql: "alter table users drop column nickname",
					version: 51
				}]
			},
			{
				layout: {
					sharesTable: false,
					toleratesHoles: false
				},
				files: [{
					phase: "post",
					sql: "alter table users drop column nickname",
					version: 50
				}, {
					sql: "alter table users add column phone text",
					version: 51
				}]
			},
			{ files: [{
				phase: "post",
				sql: "alter table users drop column nickname",
				version: 50
			}, {
				sql: "alter table users add column phone text",
				version: 51
			}] }
		]
	},
	checkRelease({ replayed, files, layout }) {
		if (layout.toleratesHoles || !layout.sharesTable) return [];
		const newest = replayed.map(({ migration }) => migration).filter(({ phase }) => phase === "pre").sort(byVersion).at(-1);
		if (newest === void 0) return [];
		return files.filter(({ migration }) => migration.phase === "post" && byVersion(migration, newest) < 0).map(({ migration }) => ({
			path: migration.path,
			message: `${migration.path} is held back while ${newest.id}, a pre migration with a higher number, runs: ${layout.name} does not bear the hole.`
		}));
	}
};
// src/lint/rules/ban-released-migration-change.ts
const rule$24 = {
	name: "ban-released-migration-change",
	group: "robustness",
	severity: "error",
	problem: "Databases that have run the file keep the old schema, new ones get another, and the next release stops at the checksum.",
	remedy: "Restore the file from version control, and put the change into a new migration.",
	because: "A version runs once; Shiplock keeps a SHA-256 over the raw bytes of each file, as Flyway, sqlx and Prisma keep theirs, so that a comment or a space counts too.",
	examples: {
		bad: [
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "modified",
					path: "db/0002_example.sql"
				}]
			},
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "removed",
					path: "db/0003_carts.sql"
				}]
			},
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "renamed",
					from: "db/0001_example.sql",
					path: "db/0002_example.sql"
				}]
			}
		],
		good: [
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "added",
					path: "db/0101_example.sql"
				}]
			},
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "modified",
					path: "db/0002_example.down.sql"
				}]
			},
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "renamed",
					from: "sql/0002_example.sql",
					path: "db/0002_example.sql"
				}]
			}
		]
	},
	checkRelease({ replayed, review }) {
		const migrations = replayed.map(({ migration }) => migration);
		return releasedChanges(review?.changes ?? [], migrations).map((change) => {
			const message = messageOf(change, () => freeVersion(migrations));
			return {
				path: change.path,
				message,
				...change.kind === "removed" ? { severity: "warning" } : {}
			};
		});
	}
};
function messageOf({ kind, path, from }, free) {
	switch (kind) {
		case "edited": return `${path} is released, and was edited; put what is to change into a new migration, such as number ${free()}.`;
		case "removed": return `${path} is released, and was removed: a new database no longer gets what it makes.`;
		case "renamed": return `${from} is released, and is called ${path} now: databases that ran it take that for another migration of the same version.`;
		case "renumbered": return `${from} is released, and was renumbered to ${path}: every database would run it once more.`;
		case "moved": return `${from} is released, and was moved to ${path}: it ran in the other phase.`;
	}
}
// src/lint/rules/ban-rename-enum-value.ts
var ban_rename_enum_value_default = defineRule({
	name: "ban-rename-enum-value",
	group: "compatibility",
	severity: "error",
	problem: "Code that writes or compares with the old value fails as soon as it is renamed, and reads a value that it does not know.",
	remedy: "Add the new value, let the code read both and write the new one, and change the old rows in a post migration.",
	because: "RENAME VALUE changes the word in every row at once; the old word is then rejected with 22P02, before the rename the new one is.",
	examples: {
		bad: ["alter type order_state rename value 'new' to 'open'", { files: [{
			phase: "post",
			sql: "alter type order_state rename value 'new' to 'open'"
		}] }],
		good: ["create type color as enum ('red', 'blu'); alter type color rename value 'blu' to 'blue'", "alter type order_state add value 'open'"]
	},
	on: "AlterEnumStmt",
	check({ typeName, oldVal, newVal = "" }, scope) {
		if (oldVal === void 0) return void 0;
		const name = nameOfWords(wordsOf(typeName));
		const type = findType$1(scope.schema, name);
		if (scope.isNew(type) || type?.kind === "enum" && isAddedHere(type.values, oldVal, findType$1(scope.release.before, name))) return void 0;
		return {
			message: `Renaming the value ${oldVal} of ${tableName(name)} to ${newVal} breaks the old code, or the new code, until the deploy is done.`,
			harm: `Queries that write or compare with '${oldVal}' fail as soon as it is renamed; those with '${newVal}' fail before.`,
			instead: recipe$1(scope.schema, name, oldVal, newVal)
		};
	}
});
function isAddedHere(values, value, released) {
	return values.includes(value) && released?.kind === "enum" && !released.values.includes(value);
}
function recipe$1(schema, name, from, to) {
	const [old, fresh] = [from, to].map((value) => `'${value.replaceAll("'", "''")}'`);
	const columns = [...schema.relations.values()].flatMap((relation) => relation.kind === "table" ? [...relation.columns.values()].flatMap(({ name: column, type }) => type.name === name.name && type.array === 0 ? [{
		table: relation,
		column
	}] : []) : []);
	const add = {
		phase: "pre",
		transactional: true,
		sql: `alter type ${writtenRelation(name)} add value ${fresh};`,
		note: `The code of this release reads both values, and still writes ${old}.`
	};
	if (columns.length === 0) return [add];
	return [add, {
		phase: "post",
		transactional: true,
		sql: columns.map(({ table, column }) => `update ${writtenRelation({
			schema: name.schema,
			name: table.name
		})} set ${written(column)} = ${fresh} where ${written(column)} = ${old};`).join("\n"),
		note: `In a later release, whose code writes ${fresh}; in batches where there are many rows. The old value stays: PostgreSQL cannot drop one.`
	}];
}
// src/lint/compatibility/alias-view.ts
/** A table or a view under a new name, with a view under its old one until no old code is left. */
function aliasView(scope, moves, old, fresh, relation) {
	const secured = relation?.kind === "table" && relation.rowSecurity && scope.postgres >= 15;
	return [{
		phase: "pre",
		transactional: true,
		sql: `${moves};\ncreate view ${writtenRelation(old)}${secured ? " with (security_invoker = true)" : ""} as select * from ${writtenRelation(fresh)};`,
		note: `Both in one transaction: the old code goes on with the view, also when it writes. Grant on ${writtenRelation(old)} what its role may do on ${writtenRelation(fresh)}.`
	}, {
		phase: "post",
		transactional: true,
		sql: `drop view ${writtenRelation(old)};`,
		note: `The code of this release uses ${writtenRelation(fresh)} only.`
	}];
}
/** Whether the same transaction leaves a new view under a name, with every row and these columns as far as they are known. */
function hasAliasView(scope, name, columns = []) {
	const view = findRelation(schemaWhenDone(scope), name);
	if (view?.kind !== "view" || !scope.isNew(view) || !keepsRows(view.query)) return false;
	return view.columns === void 0 || columns.every((column) => view.columns?.includes(column));
}
/** The columns that code may ask of a relation. */
function columnsOf$1(relation) {
	if (relation?.kind === "table") return [...relation.columns.keys()];
	return relation?.kind === "view" ? relation.columns ?? [] : [];
}
/** A query of one table, in which nothing leaves rows out or puts them together. */
function keepsRows(query) {
	if (query === void 0 || !("SelectStmt" in query)) return false;
	const { op, fromClause, whereClause, groupClause, havingClause, distinctClause, limitCount, limitOffset } = query.SelectStmt;
	const cuts = [
		whereClause,
		groupClause,
		havingClause,
		distinctClause,
		limitCount,
		limitOffset
	];
	return op === "SETOP_NONE" && fromClause?.length === 1 && cuts.every((clause) => clause === void 0);
}
// src/lint/rules/ban-rename-object.ts
var ban_rename_object_default = defineRule({
	name: "ban-rename-object",
	group: "compatibility",
	severity: "error",
	problem: "From the rename to the end of the deploy, either the old code or the new code names something that is not there.",
	remedy: "Make the new one beside the old one, change the code over, and drop the old one in a post migration.",
	because: "Names in queries are looked up when a query is planned: from the moment the rename is committed the old name is unknown, before it the new one.",
	examples: {
		bad: [
			{
				given: "create schema billing; create table billing.invoices (id int)",
				files: [{ sql: "alter schema billing rename to finance" }]
			},
			"alter type order_state rename to state_of_order",
			"alter domain email_address rename to mail_address",
			{
				given: "create sequence invoice_numbers",
				files: [{
					phase: "post",
					sql: "alter sequence invoice_numbers rename to bill_numbers"
				}]
			},
			{
				given: "create function tax(int) returns int language sql as 'select 1'",
				files: [{ sql: "alter function tax(int) rename to vat" }]
			},
			{
				given: "create type address as (street text)",
				files: [{ sql: "alter type address rename attribute street to road" }]
			}
		],
		good: [
			"create schema billing; alter schema billing rename to finance",
			{
				given: "create schema billing; create table billing.invoices (id int)",
				files: [{ sql: "alter schema billing rename to finance; create schema billing; create view billing.invoices as select * from finance.invoices" }]
			},
			"create type color as enum ('red'); alter type color rename to colour",
			"alter function touch() rename to touch_row",
			"alter index users_name_idx rename to users_by_name",
			"create sequence invoice_numbers; alter sequence invoice_numbers rename to bill_numbers"
		]
	},
	on: "RenameStmt",
	check(rename, scope) {
		const found = renamed(rename, scope);
		if (found === void 0) return void 0;
		const { newname = "" } = rename;
		return {
			message: `Renaming ${found.what} to ${newname} breaks the old code, or the new code, until the deploy is done.`,
			...found.instead === void 0 ? {} : { instead: found.instead }
		};
	}
});
function renamed({ renameType, relation, object, subname = "", newname = "" }, scope) {
	switch (renameType) {
		case "OBJECT_SCHEMA": return isOldSchema(scope, subname) && !hasSchemaOfViews(scope, subname) ? {
			what: `the schema ${subname}`,
			instead: schemaOfViews(scope, subname, newname)
		} : void 0;
		case "OBJECT_SEQUENCE": {
			const old = oldRelation(scope, nameOf(relation));
			return old === void 0 ? void 0 : { what: `the sequence ${tableName(old.name)}` };
		}
		case "OBJECT_TYPE":
		case "OBJECT_DOMAIN": {
			const name = nameOfWords(wordsOf(object));
			return scope.isNew(findType$1(scope.schema, name)) ? void 0 : { what: `the type ${tableName(name)}` };
		}
		case "OBJECT_ATTRIBUTE": {
			const name = nameOf(relation);
			return scope.isNew(findType$1(scope.schema, name)) ? void 0 : { what: `the attribute ${subname} of the type ${tableName(name)}` };
		}
		case "OBJECT_FUNCTION":
		case "OBJECT_PROCEDURE":
		case "OBJECT_ROUTINE":
		case "OBJECT_AGGREGATE": return routine(scope, object);
		default: return;
	}
}
/** Nobody but triggers, which know it by its number, can call a function that returns a trigger. */
function routine(scope, object) {
	if (object === void 0 || !("ObjectWithArgs" in object)) return void 0;
	const name = nameOfWords(wordsOf(object.ObjectWithArgs.objname));
	const found = findFunctions(scope.schema, name);
	if (found.length > 0 && found.every((one) => scope.isNew(one) || one.returns === "trigger")) return void 0;
	return { what: `the function ${tableName(name)}` };
}
function isOldSchema(scope, name) {
	return scope.release.before.schemas.has(name) || !scope.schema.schemas.has(name);
}
/** Whether the same transaction leaves a view under the old name of each table and view. */
function hasSchemaOfViews(scope, from) {
	const names = relationsIn(scope.schema, from);
	return names.length > 0 && names.every((name) => hasAliasView(scope, {
		schema: from,
		name
	}));
}
function schemaOfViews(scope, from, to) {
	const names = relationsIn(scope.schema, from);
	const views = names.map((name) => `create view ${writtenRelation({
		schema: from,
		name
	})} as select * from ${writtenRelation({
		schema: to,
		name
	})};`);
	return [{
		phase: "pre",
		transactional: true,
		sql: [
			`${scope.sql};`,
			`create schema ${written(from)};`,
			...views
		].join("\n"),
		note: `All in one transaction: the old code goes on with the views. Grant on ${from} what its role may do on ${to}; functions and types need a twin too.`
	}, {
		phase: "post",
		transactional: true,
		sql: [...names.map((name) => `drop view ${writtenRelation({
			schema: from,
			name
		})};`), `drop schema ${written(from)};`].join("\n"),
		note: `The code of this release uses ${to} only.`
	}];
}
function relationsIn(schema, space) {
	return [...schema.relations.values()].filter((one) => one.schema === space && (one.kind === "table" || one.kind === "view")).map(({ name }) => name);
}
// src/lint/rules/ban-rename-view.ts
var ban_rename_view_default = defineRule({
	name: "ban-rename-view",
	group: "compatibility",
	severity: "error",
	problem: "From the rename to the end of the deploy, either the old code or the new code asks for a view that is not there.",
	remedy: "Leave a view under the old name in the same transaction, and drop it in a post migration.",
	because: "A query on the old name fails with 42P01 from the moment the rename is committed.",
	examples: {
		bad: ["alter view active_users rename to grown_users", { files: [{
			phase: "post",
			sql: "alter materialized view sales rename to sold"
		}] }],
		good: ["alter view active_users rename to grown_users; create view active_users as select * from grown_users", "create view names as select name from users; alter view names rename to user_names"]
	},
	on: "RenameStmt",
	check({ renameType, relation, newname = "" }, scope) {
		if (renameType !== "OBJECT_VIEW" && renameType !== "OBJECT_MATVIEW") return void 0;
		const old = oldRelation(scope, nameOf(relation));
		if (old === void 0 || hasAliasView(scope, old.name, columnsOf$1(old.relation))) return void 0;
		const name = tableName(old.name);
		return {
			message: `Renaming the view ${name} to ${newname} breaks the old code, or the new code, until the deploy is done.`,
			harm: `Queries on ${name} fail as soon as it is renamed; those on ${newname} fail before.`,
			instead: aliasView(scope, scope.sql, old.name, {
				schema: old.name.schema,
				name: newname
			})
		};
	}
});
// src/lint/rules/ban-replace-function-result.ts
var ban_replace_function_result_default = defineRule({
	name: "ban-replace-function-result",
	group: "compatibility",
	severity: "error",
	problem: "The migration fails: a function that is replaced keeps the type of its result.",
	remedy: "Give the new function another name, and drop the old one in a post migration.",
	because: "CREATE OR REPLACE FUNCTION with the same arguments and another result is refused with 42P13.",
	examples: {
		bad: [{
			fails: true,
			given: "create function tax(int) returns int language sql as 'select 1'",
			files: [{ sql: "create or replace function tax(int) returns text language sql as 'select ''1'''" }]
		}],
		good: [{
			given: "create function tax(int) returns int language sql as 'select 1'",
			files: [{ sql: "create or replace function tax(net int) returns int language sql as 'select 2'" }]
		}, {
			given: "create function tax(int) returns int language sql as 'select 1'",
			files: [{ sql: "create or replace function tax(text) returns text language sql as 'select $1'" }]
		}]
	},
	on: "CreateFunctionStmt",
	check({ replace, funcname }, scope) {
		const name = nameOfWords(wordsOf(funcname));
		const before = replace === true ? findFunctions(scope.schema, name) : [];
		if (before.length === 0) return void 0;
		const changed = findFunctions(schemaAfter(scope), name).find((one) => before.some((old) => old.arguments.join() === one.arguments.join() && old.returns !== void 0 && one.returns !== void 0 && old.returns !== one.returns));
		return changed === void 0 ? void 0 : { message: `${tableName(name)} cannot be replaced: its result would become ${changed.returns}.` };
	}
});
// src/lint/rules/ban-replace-view-columns.ts
var ban_replace_view_columns_default = defineRule({
	name: "ban-replace-view-columns",
	group: "compatibility",
	severity: "error",
	problem: "The migration fails: a view that is replaced keeps its columns, in their order.",
	remedy: "Add new columns at the end, or drop the view and create it again in the same transaction.",
	because: "CREATE OR REPLACE VIEW may only add columns behind those that are there; a name that changes, moves or is left out is refused with 42P16.",
	examples: {
		bad: [
			{
				fails: true,
				files: [{ sql: "create or replace view active_users as select id from users" }]
			},
			{
				fails: true,
				files: [{ sql: "create or replace view active_users as select email, id from users" }]
			},
			{
				fails: true,
				files: [{
					phase: "post",
					sql: "create or replace view active_users as select id, name, email from users"
				}]
			}
		],
		good: [
			"create or replace view active_users as select id, email, name from users",
			"create or replace view names as select name from users",
			"drop view active_users; create or replace view active_users as select id from users"
		]
	},
	on: "ViewStmt",
	check({ replace, view: range }, scope) {
		const name = nameOf(range);
		const view = findRelation(scope.schema, name);
		if (replace !== true || view?.kind !== "view" || view.columns === void 0) return void 0;
		const origin = {
			file: scope.file.order,
			statement: scope.index
		};
		const after = copySchema(scope.schema);
		const items = [view.schema, view.name].map((sval) => ({ String: { sval } }));
		applyStatement(after, { node: { DropStmt: {
			removeType: "OBJECT_VIEW",
			behavior: "DROP_CASCADE",
			objects: [{ List: { items } }]
		} } }, origin);
		applyStatement(after, scope.statement, origin);
		const next = findRelation(after, name);
		const columns = next?.kind === "view" ? next.columns : void 0;
		if (columns === void 0) return void 0;
		const wrong = view.columns.filter((column, index) => columns[index] !== column);
		if (wrong.length === 0) return void 0;
		const loses = !scope.isNew(view) && view.columns.some((column) => !columns.includes(column));
		return {
			message: `${tableName(name)} cannot be replaced: ${listed(wrong)} would go, move or get another name.`,
			instead: [{
				phase: loses ? "post" : scope.phase,
				transactional: true,
				sql: `drop view ${writtenRelation(name)};\n${scope.sql};`,
				note: `${loses ? "The code of this release does not read the columns that go. " : ""}In one transaction, so that nobody misses the view; grant again what was granted on it.`
			}]
		};
	}
});
// src/lint/rules/ban-revoke.ts
var ban_revoke_default = defineRule({
	name: "ban-revoke",
	group: "compatibility",
	severity: "warning",
	phase: "pre",
	problem: "Queries of the code that still runs as this role are refused.",
	remedy: "Ship code that does without the right, and revoke it in a post migration.",
	because: "Rights are checked for each query anew, for sessions that are connected too: without them it fails with 42501.",
	examples: {
		bad: [
			"revoke insert on users from public",
			"revoke all on all tables in schema public from public",
			"revoke pg_monitor from current_user"
		],
		good: [
			{ files: [{
				phase: "post",
				sql: "revoke insert on users from public"
			}] },
			"create table carts (id bigint); revoke all on carts from public",
			"grant select on users to public",
			"revoke all on users from public; grant all on users to public"
		]
	},
	on: ["GrantStmt", "GrantRoleStmt"],
	check(statement, scope) {
		if (statement.is_grant === true) return void 0;
		if ("granted_roles" in statement) {
			const roles = nodesOf(statement.granted_roles, "AccessPriv").flatMap(({ priv_name }) => priv_name ?? []);
			return {
				message: `${listed(nodesOf(statement.grantee_roles, "RoleSpec").map((one) => one.rolename ?? "the current role"))} loses the rights of ${listed(roles)} while the old code still uses them.`,
				instead: movedToPost(scope)
			};
		}
		if (!("grantees" in statement) || isOnNewOnly(statement, scope) || isGrantedAgain(statement, scope)) return void 0;
		const rights = nodesOf(statement.privileges, "AccessPriv").flatMap(({ priv_name }) => priv_name?.toUpperCase() ?? []);
		const what = rights.length === 0 ? "all rights" : listed(rights);
		const from = nodesOf(statement.grantees, "RoleSpec").map((one) => one.rolename ?? (one.roletype === "ROLESPEC_PUBLIC" ? "everybody" : "the current role"));
		const on = listed(nodesOf(statement.objects, "RangeVar").flatMap(({ relname }) => relname ?? []));
		return {
			message: `Taking ${what}${on === "" ? "" : ` on ${on}`} from ${listed(from)} may refuse what the code that still runs does.`,
			instead: movedToPost(scope, void 0, "The code of this release does without the right.")
		};
	}
});
function isOnNewOnly({ objects, targtype }, scope) {
	if (targtype !== "ACL_TARGET_OBJECT") return false;
	return (objects ?? []).every((object) => {
		if ("RangeVar" in object) return scope.isNew(findRelation(scope.schema, nameOf(object.RangeVar)));
		if (!("ObjectWithArgs" in object)) return scope.isNew(findType$1(scope.schema, nameOfWords(wordsOf(object))));
		const found = findFunctions(scope.schema, nameOfWords(wordsOf(object.ObjectWithArgs.objname)));
		return found.length > 0 && found.every((one) => scope.isNew(one));
	});
}
/** The usual way to set rights: all taken, and the wanted ones given, in one transaction. */
function isGrantedAgain({ objects, grantees }, scope) {
	return followingInTransaction(scope).some(({ node }) => "GrantStmt" in node && node.GrantStmt.is_grant === true && sameNode(node.GrantStmt.objects, objects) && sameNode(node.GrantStmt.grantees, grantees));
}
// src/lint/rules/ban-rule.ts
var ban_rule_default = defineRule({
	name: "ban-rule",
	group: "compatibility",
	severity: "error",
	problem: "The queries of running code are rewritten without a word: writes may vanish, or run twice.",
	remedy: "Use a trigger where something is to happen beside a write, and a view with INSTEAD OF triggers where a name is to stay.",
	because: "A rule replaces the query before it is planned: DO INSTEAD NOTHING makes an INSERT succeed that stores no row, and expressions such as nextval are evaluated again.",
	examples: {
		bad: ["create rule quiet as on insert to users do instead nothing", { files: [{
			phase: "post",
			sql: "create rule twice as on insert to orders do also select 1"
		}] }],
		good: ["create table carts (id bigint); create rule quiet as on insert to carts do instead nothing"]
	},
	on: "RuleStmt",
	check({ rulename = "", relation, instead }, scope) {
		const named = nameOf(relation);
		if (scope.isNew(findRelation(scope.schema, named))) return void 0;
		return { message: `The rule ${rulename} ${instead === true ? "takes the place of" : "runs beside"} what code writes to or reads from ${tableName(named)}.` };
	}
});
// src/lint/rules/ban-session-setting.ts
const rule$23 = {
	name: "ban-session-setting",
	group: "robustness",
	severity: "warning",
	problem: "The files that run after this one on the same connection meet another setting than they were written for.",
	remedy: "Use SET LOCAL, which ends with the transaction, or RESET it at the end of the file.",
	because: "SET lasts until the session ends, even after COMMIT. Shiplock resets its session behind each file; other programs run all their files in one session, and a pooler hands it on to somebody else.",
	examples: {
		bad: [
			"set lock_timeout = '2s'; alter table users add column points int",
			"set search_path = public, shop; create table carts (id bigint)",
			"select pg_catalog.set_config('search_path', '', false)",
			{ files: [{
				transaction: false,
				sql: "set statement_timeout = 0; vacuum users"
			}] },
			"set role pg_monitor; reset all",
			"do $$ begin set lock_timeout = '2s'; end $$"
		],
		good: [
			"set local lock_timeout = '2s'; alter table users add column points int",
			"select set_config('search_path', '', true)",
			{ files: [{
				transaction: false,
				sql: "set statement_timeout = 0; vacuum users; reset statement_timeout"
			}] },
			"set lock_timeout = '2s'; set work_mem = '64MB'; reset all",
			"set role pg_monitor; reset role",
			"set transaction read only"
		]
	},
	checkFile({ file, statements }) {
		const left = /* @__PURE__ */ new Map();
		for (const one of statements) for (const change of changesOf(one)) apply(change, left, one);
		const [first] = left.values();
		if (first === void 0) return void 0;
		const { text, statements: outer } = file.up;
		return {
			message: `The file leaves ${[...left.keys()].join(", ")} set for whatever the session runs next.`,
			location: Buffer.byteLength(text.text.slice(0, outer[first.index]?.start ?? 0))
		};
	}
};
function changesOf({ statement: { node } }) {
	if ("VariableSetStmt" in node) return setting(node.VariableSetStmt);
	if ("DiscardStmt" in node && node.DiscardStmt.target === "DISCARD_ALL") return [{
		name: void 0,
		lasts: false
	}, ...own.map((name) => ({
		name,
		lasts: false
	}))];
	return "SelectStmt" in node ? callsIn(node).flatMap(configured) : [];
}
/** These RESET ALL leaves as they are. */
const own = ["role", "session_authorization"];
function setting({ kind, name = "", is_local }) {
	if (kind === "VAR_RESET_ALL") return [{
		name: void 0,
		lasts: false
	}];
	if (kind === "VAR_RESET" || kind === "VAR_SET_DEFAULT") return [{
		name,
		lasts: false
	}];
	return is_local === true || name === "TRANSACTION" || name === "TRANSACTION SNAPSHOT" ? [] : [{
		name,
		lasts: true
	}];
}
function apply({ name, lasts }, left, at) {
	if (name === void 0) for (const one of [...left.keys()].filter((key) => !own.includes(key))) left.delete(one);
	else if (lasts) left.set(name, left.get(name) ?? at);
	else left.delete(name);
}
function configured({ funcname, args = [] }) {
	const [name, , local] = args;
	const isLocal = local !== void 0 && "A_Const" in local && local.A_Const.boolval?.boolval === true;
	if (wordsOf(funcname).at(-1) !== "set_config" || name === void 0 || !("A_Const" in name) || isLocal) return [];
	return [{
		name: name.A_Const.sval?.sval ?? "",
		lasts: true
	}];
}
function callsIn(value) {
	if (typeof value !== "object" || value === null) return [];
	return [..."FuncCall" in value ? [value.FuncCall] : [], ...Object.values(value).flatMap(callsIn)];
}
// src/lint/rules/ban-set-schema.ts
var ban_set_schema_default = defineRule({
	name: "ban-set-schema",
	group: "compatibility",
	severity: "error",
	problem: "Code finds the object in one schema only: from the move to the end of the deploy the old or the new code fails.",
	remedy: "Leave a view under the old name in the same transaction, and drop it in a post migration.",
	because: "SET SCHEMA changes the qualified name at once, and the search path finds an object only in the schemas that it lists.",
	examples: {
		bad: [{
			given: "create schema shop",
			files: [{ sql: "alter table products set schema shop" }]
		}, {
			given: "create schema shop",
			files: [{
				phase: "post",
				sql: "alter type order_state set schema shop"
			}]
		}],
		good: [{
			given: "create schema shop",
			files: [{ sql: "alter table products set schema shop; create view products as select * from shop.products" }]
		}, {
			given: "create schema shop",
			files: [{ sql: "create table carts (id int); alter table carts set schema shop" }]
		}]
	},
	on: "AlterObjectSchemaStmt",
	check({ objectType = "OBJECT_TABLE", relation, object, newschema = "" }, scope) {
		if (relation !== void 0) {
			const old = oldRelation(scope, nameOf(relation));
			if (old === void 0 || hasAliasView(scope, old.name, columnsOf$1(old.relation))) return void 0;
			const isTable = objectType !== "OBJECT_SEQUENCE";
			return {
				message: `Moving ${tableName(old.name)} to the schema ${newschema} breaks the old code, or the new code, until the deploy is done.`,
				...isTable ? { instead: aliasView(scope, scope.sql, old.name, {
					schema: newschema,
					name: old.name.name
				}, old.relation) } : {}
			};
		}
		const words = object !== void 0 && "ObjectWithArgs" in object ? wordsOf(object.ObjectWithArgs.objname) : wordsOf(object);
		const name = nameOfWords(words);
		if (objectType === "OBJECT_EXTENSION" || scope.isNew(findType$1(scope.schema, name))) return void 0;
		const functions = findFunctions(scope.schema, name);
		if (functions.length > 0 && functions.every((one) => scope.isNew(one) || one.returns === "trigger")) return void 0;
		return { message: `Moving the ${objectName$1(objectType).toLowerCase()} ${tableName(name)} to the schema ${newschema} breaks the old code, or the new code, until the deploy is done.` };
	}
});
// src/lint/rules/ban-slow-work-under-lock.ts
const rule$22 = {
	name: "ban-slow-work-under-lock",
	group: "locks",
	severity: "error",
	problem: "Whoever uses the table that was locked before waits for work that needs no such lock.",
	remedy: "Put the slow statement into a migration of its own, behind the one that takes the lock.",
	because: "A lock is held until its transaction ends, so whatever else the transaction reads or builds keeps it: VALIDATE CONSTRAINT alone lets everybody go on, and behind an ALTER TABLE in the same transaction nobody.",
	yieldsTo: ["ban-backfill-with-ddl"],
	examples: {
		bad: [{
			given: "alter table orders add constraint orders_amount_check check (amount > 0) not valid",
			files: [{ sql: "alter table users add column points int; alter table orders validate constraint orders_amount_check" }]
		}],
		good: [
			{
				given: "alter table orders add constraint orders_amount_check check (amount > 0) not valid",
				files: [{ sql: "alter table orders validate constraint orders_amount_check" }]
			},
			{
				given: "alter table orders add constraint orders_amount_check check (amount > 0) not valid",
				files: [{ sql: "alter table users add column points int" }, { sql: "alter table orders validate constraint orders_amount_check" }]
			},
			"alter table users add column points int; alter table users add column level int"
		]
	},
	on: "every-statement",
	check(_, scope) {
		const slow = slowWork(scope);
		const held = slow === void 0 ? void 0 : heldBefore(scope);
		if (slow === void 0 || held === void 0 || scope.earlier.some((one) => slowWork(one) !== void 0 && heldBefore(one) !== void 0)) return void 0;
		const locked = relationName$1(held.relation);
		return {
			message: `This statement goes through all of ${relationName$1(slow)} while the transaction keeps ${locked} locked.`,
			harm: `Every ${whoWaits(held.mode)} of ${locked} waits until it is done.`,
			instead: scope.nested ? [] : [{
				phase: scope.phase,
				transactional: true,
				sql: `${scope.sql};`
			}]
		};
	}
};
/**
* What a statement goes through although it stops nobody by itself: one that does is a finding of its own, and so is
* the validation of a constraint that the same transaction adds.
*/
function slowWork(scope) {
	if (strongLocks(scope).length > 0 || validatesOwn(scope)) return void 0;
	const { scans, rewrites, builds } = scope.effects;
	const built = builds.map((one) => typeof one.table === "number" ? scope.schema.relations.get(one.table) : one.table);
	return [
		...scans,
		...rewrites,
		...built
	].find((relation) => relation !== void 0 && isUsed$1(relation, scope));
}
function validatesOwn({ statement: { node }, earlier }) {
	if (!("AlterTableStmt" in node)) return false;
	const validated = commandsOf(node.AlterTableStmt.cmds).flatMap(({ subtype, name }) => subtype === "AT_ValidateConstraint" ? [name] : []);
	const added = earlier.flatMap(({ statement }) => {
		return ("AlterTableStmt" in statement.node ? commandsOf(statement.node.AlterTableStmt.cmds) : []).flatMap(({ def }) => def !== void 0 && "Constraint" in def ? [def.Constraint.conname] : []);
	});
	return validated.some((name) => added.includes(name));
}
function commandsOf(cmds) {
	return nodesOf(cmds, "AlterTableCmd");
}
// src/lint/remedy/trigger.ts
/** Statements that make and take away a trigger which computes a column in every row that is written. */
function keepingTrigger({ table, sql, column, expression }, scope) {
	const kw = wordsLike(scope);
	const name = written(nameFrom("keep", table, column));
	return {
		create: [kw`create function ${name}() returns trigger language plpgsql as $$
begin
  new.${written(column)} := ${expression};
  return new;
end $$`, kw`create trigger ${name} before insert or update on ${sql} for each row execute function ${name}()`],
		drop: [kw`drop trigger ${name} on ${sql}`, kw`drop function ${name}()`]
	};
}
// src/lint/rules/ban-stored-generated-column.ts
var ban_stored_generated_column_default = defineRule({
	name: "ban-stored-generated-column",
	group: "locks",
	severity: "error",
	problem: "Nobody can read or write the table while the column is computed for every row and the table is written anew.",
	remedy: "Add a plain column, let a trigger compute it for new rows, and fill the old rows in batches; from PostgreSQL 18 on write VIRTUAL instead of STORED.",
	because: "ADD COLUMN … GENERATED ALWAYS AS … STORED writes the whole table and all of its indexes anew under ACCESS EXCLUSIVE. A virtual column, which PostgreSQL 18 has, is computed when it is read.",
	examples: {
		bad: [
			"alter table orders add column worth numeric generated always as (total * amount) stored",
			"ALTER TABLE users ADD COLUMN lower_email text GENERATED ALWAYS AS (lower(email)) STORED NOT NULL",
			{
				files: [{ sql: "alter table orders add column worth numeric generated always as (total * amount) stored" }],
				postgres: 18
			}
		],
		good: ["create table carts (id bigint, double_id bigint generated always as (id * 2) stored)", {
			files: [{ sql: "alter table orders add column worth numeric generated always as (total * amount) virtual" }],
			postgres: 18
		}]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		if (old === void 0) return void 0;
		return splitAlter(old, scope, (command) => {
			const column = addedColumn(command);
			const generated = constraintsOf(column?.constraints).find(({ contype }) => contype === "CONSTR_GENERATED");
			if (column === void 0 || generated === void 0 || effectsOf(command, alter, scope).rewrites.length === 0) return void 0;
			const problem = {
				message: `Adding ${old.name}.${column.colname} computes it for every row and writes all of ${old.name} anew while nobody can read or write it.`,
				harm: `Every query on ${old.name} waits.`
			};
			const text = new ColumnText(column, scope);
			const prefix = addColumn(command, scope);
			if (scope.postgres >= 18) {
				const virtual = text.only(generated).replace(/stored$/i, wordsLike(scope)`virtual`);
				return {
					problem,
					stays: `${prefix} ${text.without("CONSTR_GENERATED")} ${virtual}`,
					follow: []
				};
			}
			return {
				problem,
				stays: `${prefix} ${text.without("CONSTR_GENERATED", "CONSTR_NOTNULL")}`,
				follow: filesFor$1(column, generated, old, scope)
			};
		});
	}
});
function filesFor$1(column, { location = 0, raw_expr }, old, scope) {
	const kw = wordsLike(scope);
	const text = new StatementText(scope);
	const tokens = text.tokens.filter(({ start }) => start >= text.inStatement(location));
	const open = tokens.find(({ text: word }) => word === "(");
	const close = tokens.find(({ text: word }) => word.toLowerCase() === "stored");
	const end = tokens[tokens.indexOf(close) - 1];
	if (open === void 0 || end === void 0) return void 0;
	const name = column.colname ?? "";
	const col = written(name);
	const expression = text.cut(open.start, end.end);
	const computed = inTrigger(raw_expr, scope, open.start, end.end);
	if (computed === void 0) return void 0;
	const table = old.table?.name ?? old.name;
	const isRequired = constraintsOf(column.constraints).some(({ contype }) => contype === "CONSTR_NOTNULL");
	return [
		transaction(scope.phase, keepingTrigger({
			table,
			sql: old.sql,
			column: name,
			expression: computed
		}, scope).create),
		backfillFile({
			sql: old.sql,
			table: old.table,
			set: `${col} = ${expression}`,
			where: kw`${col} is distinct from ${expression}`
		}, scope.phase, scope),
		...isRequired ? notNullFiles({
			sql: old.sql,
			table,
			column: name
		}, scope.phase, scope) : []
	];
}
// src/lint/rules/ban-truncate.ts
var ban_truncate_default = defineRule({
	name: "ban-truncate",
	group: "compatibility",
	severity: "error",
	phase: "pre",
	problem: "The code that still runs finds the table empty.",
	remedy: "Ship code that does without the rows, and empty the table in a post migration.",
	because: "TRUNCATE takes every row at once, and for readers with an older snapshot too: it is not safe for MVCC.",
	yieldsTo: ["ban-truncate-cascade"],
	examples: {
		bad: ["truncate orders", "truncate table products, somewhere.unknown"],
		good: [
			{ files: [{
				phase: "post",
				sql: "truncate orders"
			}] },
			"create table carts (id bigint); truncate carts",
			"create temporary table todo (id bigint); truncate todo"
		]
	},
	on: "TruncateStmt",
	check({ relations }, scope) {
		const old = nodesOf(relations, "RangeVar").flatMap((range) => oldRelation(scope, nameOf(range)) ?? []);
		if (old.length === 0) return void 0;
		const names = listed(old.map(({ name }) => tableName(name)));
		return {
			message: `Truncating ${names} takes the rows away from the code that still runs.`,
			instead: movedToPost(scope, void 0, `The code of this release does without the rows of ${names}.`)
		};
	}
});
// src/lint/rules/ban-truncate-cascade.ts
var ban_truncate_cascade_default = defineRule({
	name: "ban-truncate-cascade",
	group: "data",
	severity: "error",
	problem: "Tables that the statement does not name are emptied too, and only a backup brings their rows back.",
	remedy: "Name every table that is meant, and leave CASCADE out.",
	because: "CASCADE empties every table with a foreign key to a named one, the tables that refer to those, and so on, whatever ON DELETE says.",
	examples: {
		bad: ["truncate users cascade", "truncate products restart identity cascade"],
		good: ["truncate orders", "create table carts (id bigint primary key); truncate carts cascade"]
	},
	on: "TruncateStmt",
	check({ relations, behavior }, scope) {
		if (behavior !== "DROP_CASCADE") return void 0;
		const ranges = nodesOf(relations, "RangeVar");
		const named = ranges.flatMap((range) => findTable(scope.schema, nameOf(range)) ?? []);
		const beside = referring(scope.schema, named).filter((table) => !named.includes(table));
		if (!ranges.some((range) => isUsedTable(range, scope)) && beside.every((table) => scope.isNew(table))) return void 0;
		const names = ranges.map((range) => tableName(nameOf(range))).join(", ");
		const others = beside.map(relationName$1).join(", ");
		return { message: `TRUNCATE ${names} CASCADE also empties ${others === "" ? "every table that refers to it by then" : others}.` };
	}
});
function referring(schema, tables) {
	const found = new Set(tables);
	for (const table of found) for (const { table: from } of foreignKeysTo(schema, table)) found.add(from);
	return [...found];
}
// src/lint/transaction-control.ts
function transactionProblems(scope) {
	const { transactional } = scope.file.migration;
	const outer = scope.statements.filter(({ nested }) => !nested);
	const wrapped = transactional && isBegin(outer[0]?.statement) && isCommit(outer.at(-1)?.statement);
	const own = wrapped ? outer.slice(1, -1) : outer;
	const controls = own.filter(isControl);
	const stray = transactional ? controls : outsideBlocks(own);
	const opened = controls.findLast(opens);
	const uncommitted = !wrapped && opened !== void 0 && !controls.slice(controls.indexOf(opened) + 1).some(closes) ? opened : void 0;
	return {
		uncommitted: uncommitted && {
			message: "The transaction that is opened here is never committed.",
			location: locationOf(uncommitted, scope)
		},
		nested: strayProblem(stray.find((one) => one !== uncommitted) ?? commitsInside(scope), scope)
	};
}
function strayProblem(stray, scope) {
	if (stray === void 0) return void 0;
	const { transactional } = scope.file.migration;
	const word = (stray.sql.split(/\s/)[0] ?? "").toUpperCase();
	const location = locationOf(stray, scope);
	if (stray.nested) return {
		message: `${word} in a DO block or a procedure fails when it runs inside a transaction.`,
		location
	};
	return {
		message: transactional ? `${word} controls a transaction, and the file runs in one already.` : `${word} belongs to no whole BEGIN … COMMIT block of this file.`,
		location
	};
}
/** Outside a transaction whole blocks are allowed, and nothing else. */
function outsideBlocks(own) {
	const stray = [];
	for (let index = 0; index < own.length; index++) {
		const one = own[index];
		if (!isControl(one)) continue;
		const end = own.findIndex((other, at) => at > index && isControl(other));
		if (isBegin(one.statement) && isCommit(own[end]?.statement)) index = end;
		else stray.push(one);
	}
	return stray;
}
/** A DO block or a procedure may end a transaction only when it runs outside of one. */
function commitsInside(scope) {
	const blocks = scope.statements.filter(({ nested }) => !nested);
	return scope.statements.find((one) => {
		if (!one.nested || !isControl(one)) return false;
		return blocks.some(({ index, inTransaction }) => index === one.index && inTransaction);
	});
}
function isControl({ statement }) {
	return "TransactionStmt" in statement.node;
}
function opens({ statement: { node } }) {
	return "TransactionStmt" in node && ["TRANS_STMT_BEGIN", "TRANS_STMT_START"].includes(node.TransactionStmt.kind ?? "");
}
function closes({ statement: { node } }) {
	return "TransactionStmt" in node && [
		"TRANS_STMT_COMMIT",
		"TRANS_STMT_ROLLBACK",
		"TRANS_STMT_PREPARE"
	].includes(node.TransactionStmt.kind ?? "");
}
/** Where a statement of the file, or the block that it stands in, begins. */
function locationOf({ index }, { file: { up } }) {
	return Buffer.byteLength(up.text.text.slice(0, up.statements[index]?.start ?? 0));
}
// src/lint/rules/ban-uncommitted-transaction.ts
const rule$21 = {
	name: "ban-uncommitted-transaction",
	group: "robustness",
	severity: "error",
	problem: "What the migration does is rolled back when its connection ends, or the release refuses the file.",
	remedy: "Add COMMIT at the end of the file, or remove BEGIN.",
	because: "A transaction that nobody commits is rolled back with its session; until then it keeps every lock that it took.",
	examples: {
		bad: ["begin; alter table users add column a int", { files: [{
			transaction: false,
			sql: "start transaction; alter table users add column a int"
		}] }],
		good: ["begin; alter table users add column a int; commit", "alter table users add column a int"]
	},
	checkFile: (scope) => transactionProblems(scope).uncommitted
};
// src/lint/rules/ban-validate-in-same-transaction.ts
var ban_validate_in_same_transaction_default = defineRule({
	name: "ban-validate-in-same-transaction",
	group: "locks",
	severity: "error",
	problem: "The lock of the statement that added the constraint is held until all rows are checked, as if NOT VALID had not been there.",
	remedy: "Put VALIDATE CONSTRAINT into a migration of its own, behind the one that adds the constraint.",
	because: "Locks are held to the end of the transaction: ADD CONSTRAINT … NOT VALID takes ACCESS EXCLUSIVE for a check, and SHARE ROW EXCLUSIVE on both tables for a foreign key; VALIDATE CONSTRAINT reads the table under it.",
	examples: {
		bad: [
			"alter table orders add constraint orders_amount_positive check (amount > 0) not valid; alter table orders validate constraint orders_amount_positive",
			"ALTER TABLE orders ADD CONSTRAINT product_fk FOREIGN KEY (product_id) REFERENCES products NOT VALID; ALTER TABLE public.orders VALIDATE CONSTRAINT product_fk",
			"alter table orders add constraint orders_amount_positive check (amount > 0) not valid, validate constraint orders_amount_positive"
		],
		good: [
			{ files: [{ sql: "alter table orders add constraint orders_amount_positive check (amount > 0) not valid" }, { sql: "alter table orders validate constraint orders_amount_positive" }] },
			{ files: [{
				transaction: false,
				sql: "alter table orders add constraint orders_amount_positive check (amount > 0) not valid; alter table orders validate constraint orders_amount_positive"
			}] },
			{
				given: "alter table orders add constraint orders_amount_positive check (amount > 0) not valid",
				files: [{ sql: "alter table orders validate constraint orders_amount_positive" }]
			},
			"create table carts (id bigint); alter table carts add constraint carts_id check (id > 0) not valid; alter table carts validate constraint carts_id"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		if (old === void 0) return void 0;
		const added = [...old.commands, ...earlierCommands(scope, nameOf(alter.relation).name)].flatMap((command) => notValidOf(command) ?? []);
		return splitAlter(old, scope, ({ subtype, name = "" }) => {
			if (subtype !== "AT_ValidateConstraint" || !added.includes(name)) return void 0;
			return {
				problem: {
					message: `Validating ${name} in the transaction that adds it keeps ${old.name} locked until all of it was read.`,
					harm: `Every write to ${old.name} waits, and for a check every read too.`
				},
				follow: [transaction(scope.phase, wordsLike(scope)`alter table ${old.sql} validate constraint ${written(name)}`, "In a file of its own, behind the one that adds the constraint.")]
			};
		});
	}
});
/** What the same transaction did before to a table of this name. */
function earlierCommands(scope, table) {
	return scope.earlier.flatMap(({ statement: { node } }) => "AlterTableStmt" in node && nameOf(node.AlterTableStmt.relation).name === table ? nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd") : []);
}
function notValidOf(command) {
	const constraint = addedConstraint(command);
	return constraint?.skip_validation === true ? constraint.conname : void 0;
}
// src/lint/rules/ban-write-without-where.ts
var ban_write_without_where_default = defineRule({
	name: "ban-write-without-where",
	group: "data",
	severity: "error",
	problem: "Every row of the table is deleted or overwritten, and only a backup brings back what it said.",
	remedy: "Say with WHERE which rows are meant.",
	because: "Without WHERE, and with WHERE true, a DELETE or UPDATE is about all rows. A column that the release itself adds holds nothing to lose yet.",
	examples: {
		bad: [
			"delete from orders",
			"update users set age = 0",
			"update users set age = 0 where true",
			"alter table users add column points int; update users set points = 1, age = 2",
			"do $$ begin delete from orders; end $$"
		],
		good: [
			"delete from orders where id = 1",
			"alter table users add column points int; update users set points = 0",
			"create table carts (id bigint primary key); delete from carts",
			"update orders set amount = 0 from users where users.id = orders.user_id and users.id = 1"
		]
	},
	on: ["DeleteStmt", "UpdateStmt"],
	check({ relation, whereClause, ...rest }, scope) {
		if (whereClause !== void 0 && !isTrue(whereClause) || !isUsedTable(relation, scope)) return void 0;
		const name = tableName(nameOf(relation));
		if (!("targetList" in rest)) return { message: `This DELETE empties ${name}.` };
		if (onlyNewColumns(rest, nameOf(relation), scope)) return void 0;
		return { message: `This UPDATE overwrites ${nodesOf(rest.targetList, "ResTarget").map((target) => target.name).join(", ")} in every row of ${name}.` };
	}
});
function isTrue(condition) {
	return "A_Const" in condition && condition.A_Const.boolval?.boolval === true;
}
function onlyNewColumns({ targetList }, name, scope) {
	const table = findTable(scope.schema, name);
	return nodesOf(targetList, "ResTarget").every((target) => scope.isNew(table?.columns.get(target.name ?? "")));
}
// src/lint/remedy/new-type.ts
/**
* Files that give a column another type while it is used. `undefined` when keys, indexes, views or defaults hang on it
* that would have to be made again for the new column.
*/
function newTypeFiles({ name = "", def }, old, scope) {
	const column = old.table?.columns.get(name);
	const definition = def !== void 0 && "ColumnDef" in def ? def.ColumnDef : void 0;
	if (old.table === void 0 || column === void 0 || definition === void 0 || isNeeded(column, old.table, scope.schema)) return void 0;
	const value = constantText(column.default);
	const type = typeText$1(definition, scope);
	const converted = conversion(name, type, definition, scope);
	if (column.default !== void 0 && value === void 0 || converted === void 0) return void 0;
	const kw = wordsLike(scope);
	const { sql } = old;
	const added = nameFrom(name, "new");
	const [col, other] = [written(name), written(added)];
	const trigger = keepingTrigger({
		table: old.table.name,
		sql,
		column: added,
		expression: converted.inTrigger
	}, scope);
	return [
		transaction("pre", [kw`alter table ${sql} add column ${other} ${type}`, ...trigger.create]),
		backfillFile({
			sql,
			table: old.table,
			set: `${other} = ${converted.value}`,
			where: kw`${other} is null and ${col} is not null`
		}, "pre", scope),
		...column.notNull ? notNullFiles({
			sql,
			table: old.table.name,
			column: added
		}, "pre", scope) : [],
		transaction("post", [
			...trigger.drop,
			kw`alter table ${sql} drop column ${col}`,
			kw`alter table ${sql} rename column ${other} to ${col}`,
			...value === void 0 ? [] : [kw`alter table ${sql} alter column ${col} set default ${value}`]
		], `When no code is left that needs the old type of ${name}.`)
	];
}
/** The type with its collation, as written. */
function typeText$1(definition, scope) {
	const text = new StatementText(scope);
	const location = definition.typeName?.location ?? 0;
	return text.cut(text.inStatement(location), usingIn(text, location)?.start ?? text.endOfItem(location));
}
function conversion(name, type, { raw_default: using, collClause, typeName }, scope) {
	const col = written(name);
	if (using === void 0) {
		const bare = collClause === void 0 ? type : type.slice(0, type.toLowerCase().lastIndexOf("collate")).trim();
		return {
			value: `${col}::${bare}`,
			inTrigger: `new.${col}::${bare}`
		};
	}
	const text = new StatementText(scope);
	const word = usingIn(text, typeName?.location ?? 0);
	if (word === void 0) return void 0;
	const end = text.endOfItem(typeName?.location ?? 0);
	const inRow = inTrigger(using, scope, word.end, end)?.trim();
	return inRow === void 0 ? void 0 : {
		value: `(${text.cut(word.end, end)})`,
		inTrigger: `(${inRow})`
	};
}
/** The word USING behind a type. */
function usingIn(text, location) {
	const [start, end] = [text.inStatement(location), text.endOfItem(location)];
	return text.tokens.find((token) => token.start > start && token.start < end && token.text.toLowerCase() === "using");
}
/** Whether something else is made of the column. */
function isNeeded(column, table, schema) {
	const { name } = column;
	const isIn = (node) => columnsIn(node).some((one) => one.name === name);
	const inIndex = indexesOf(schema, table).some(({ keys, include, predicate }) => include.includes(name) || isIn(predicate) || keys.some((key) => key.column === name || isIn(key.expression)));
	const inConstraint = [...table.constraints.values()].some((one) => "columns" in one && one.columns.includes(name) || one.kind === "check" && isIn(one.expression));
	const inView = [...schema.relations.values()].some((one) => {
		const read = one.kind === "view" ? one.reads.get(table.id) : void 0;
		return read === "all" || read?.has(name) === true;
	});
	const inColumn = [...table.columns.values()].some(({ generated }) => isIn(generated?.expression));
	const inFamily = table.form === "partitioned" || table.children.size > 0 || tableById(schema, table.partitionOf?.parent) !== void 0;
	return inIndex || inConstraint || inView || inColumn || inFamily || column.generated !== void 0 || column.identity !== void 0 || column.type.serial;
}
/** A default that is a plain constant, or the time; `undefined` for any other. */
function constantText(node) {
	if (node !== void 0 && "FuncCall" in node) return (node.FuncCall.args ?? []).length === 0 && nameOfCall(node.FuncCall.funcname) === "now" ? "now()" : void 0;
	if (node === void 0 || !("A_Const" in node)) return void 0;
	const { ival, fval, boolval, sval, isnull } = node.A_Const;
	if (isnull === true) return "null";
	if (ival !== void 0) return String(ival.ival ?? 0);
	if (fval !== void 0) return fval.fval;
	if (boolval !== void 0) return String(boolval.boolval ?? false);
	return sval === void 0 ? void 0 : `'${(sval.sval ?? "").replaceAll("'", "''")}'`;
}
function nameOfCall(words) {
	const last = words?.at(-1);
	return last !== void 0 && "String" in last ? last.String.sval : void 0;
}
// src/lint/rules/changing-column-type.ts
var changing_column_type_default = defineRule({
	name: "changing-column-type",
	group: "locks",
	severity: "error",
	problem: "Nobody can read or write the table while it, or an index of it, is written anew.",
	remedy: "Add a column of the new type, keep both in step with a trigger, fill the old rows in batches, and swap the two when no old code is left.",
	because: "ALTER COLUMN TYPE writes the table and its indexes anew under ACCESS EXCLUSIVE, unless the stored bytes mean the same in the new type: a longer varchar, varchar to text, more digits of a numeric at the same scale, timestamp to timestamptz in a session whose time zone is UTC. Another collation builds indexes anew.",
	examples: {
		bad: [
			"alter table orders alter column amount type bigint",
			"ALTER TABLE public.users ALTER name TYPE varchar(50)",
			"alter table users alter column score type numeric(12,4), alter column age set default 18",
			"alter table users alter column note type text",
			"alter table users alter column created_at type timestamptz",
			"alter table users alter column score type text using (score * 2)::text",
			"alter table products alter column id type bigint",
			"alter table users alter column name type varchar(100) collate \"C\""
		],
		good: [
			"alter table users alter column name type varchar(200)",
			"alter table users alter column name type text",
			"alter table users alter column score type numeric(12,2)",
			"alter table users alter column score type numeric",
			"set time zone 'UTC'; alter table users alter column created_at type timestamptz",
			"alter table users alter column seen_at type timestamptz(6)",
			"create table carts (id int); alter table carts alter id type bigint"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		if (old === void 0) return void 0;
		return splitAlter(old, scope, (command) => {
			if (command.subtype !== "AT_AlterColumnType") return void 0;
			const work = workOf(effectsOf(command, alter, scope), old);
			return work === void 0 ? void 0 : {
				problem: problemOf$3(command, work, old, scope.schema),
				follow: newTypeFiles(command, old, scope)
			};
		});
	}
});
function workOf({ rewrites, scans, builds }, { name }) {
	if (rewrites.length > 0) return `writes all of ${name} anew`;
	if (builds.length > 0) return `builds the indexes of ${name} anew that hold it`;
	return scans.length > 0 ? `reads all of ${name}` : void 0;
}
function problemOf$3({ name = "", def }, work, old, schema) {
	const to = columnType(schema, def !== void 0 && "ColumnDef" in def ? def.ColumnDef.typeName : void 0);
	const from = old.table?.columns.get(name)?.type;
	const change = from === void 0 ? `to ${spokenType(to)}` : `from ${spokenType(from)} to ${spokenType(to)}`;
	const lost = from === void 0 ? void 0 : lostBy(from, to);
	return {
		message: `Changing ${old.name}.${name} ${change} ${work} while nobody else can read or write it.`,
		harm: `Every query on ${old.name} waits.${lost === void 0 ? "" : ` The new type does not take ${lost}.`}`
	};
}
// src/lint/rules/constraint-missing-not-valid.ts
var constraint_missing_not_valid_default = defineRule({
	name: "constraint-missing-not-valid",
	group: "locks",
	severity: "error",
	problem: "Nobody can read or write the table while all of its rows are checked.",
	remedy: "Add the constraint NOT VALID, and run VALIDATE CONSTRAINT in the next migration.",
	because: "ADD CONSTRAINT … CHECK reads the whole table under ACCESS EXCLUSIVE. With NOT VALID it reads nothing and is kept for new rows at once; VALIDATE CONSTRAINT reads the rows under SHARE UPDATE EXCLUSIVE, which stops no read and no write.",
	examples: {
		bad: [
			"alter table orders add constraint orders_amount_positive check (amount > 0)",
			"ALTER TABLE public.orders ADD CHECK (amount > 0 AND amount < 1000)",
			"alter table users add column phone text check (phone <> '')",
			"alter table users add column city text, add constraint users_age_check check (age between 0 and 200)",
			"alter table events add constraint events_id_check check (id > 0)"
		],
		good: [
			"alter table orders add constraint orders_amount_positive check (amount > 0) not valid",
			{
				given: "alter table orders add constraint orders_amount_positive check (amount > 0) not valid",
				files: [{ sql: "alter table orders validate constraint orders_amount_positive" }]
			},
			"create table carts (id bigint, amount int); alter table carts add check (amount > 0)",
			"create table carts (id bigint, amount int check (amount > 0))"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		if (old === void 0) return void 0;
		return splitAlter(old, scope, (command) => {
			const constraint = addedConstraint(command);
			if (constraint?.contype === "CONSTR_CHECK" && constraint.skip_validation !== true && constraint.is_enforced !== false) {
				const kw = wordsLike(scope);
				const name = nameOfCheck(constraint, old, scope);
				const text = new StatementText(scope).itemAt(constraint.location ?? 0);
				return splitCheck(old, scope, name, kw`add ${named(text, constraint, name, scope)} not valid`);
			}
			const column = addedColumn(command);
			const checks = constraintsOf(column?.constraints).filter(({ contype }) => contype === "CONSTR_CHECK");
			const [first] = checks;
			if (column === void 0 || first === void 0) return void 0;
			const kw = wordsLike(scope);
			const text = new ColumnText(column, scope);
			const names = checks.map((one) => nameOfCheck(one, old, scope, column.colname));
			const added = checks.map((one, index) => kw`add ${named(text.only(one), one, names[index] ?? "", scope)} not valid`);
			return {
				...splitCheck(old, scope, names[0] ?? "", [`${addColumn(command, scope)} ${text.without("CONSTR_CHECK")}`, ...added].join(", ")),
				follow: names.flatMap((name) => validation(old, scope, name))
			};
		});
	}
});
function splitCheck(old, scope, name, stays) {
	return {
		problem: {
			message: `Adding the check ${name} to ${old.name} reads all of it while nobody else can read or write it.`,
			harm: `Every query on ${old.name} waits.`
		},
		stays,
		follow: validation(old, scope, name)
	};
}
function validation(old, scope, name) {
	return [transaction(scope.phase, wordsLike(scope)`alter table ${old.sql} validate constraint ${written(name)}`)];
}
function nameOfCheck({ conname, raw_expr }, old, { schema }, column) {
	if (conname !== void 0) return conname;
	const mentioned = new Set(columnsIn(raw_expr).map(({ name }) => name));
	const columns = column !== void 0 ? [column] : mentioned.size === 1 ? [...mentioned] : [];
	return old.table === void 0 ? nameFrom(old.name, ...columns, "check") : chooseConstraintName(schema, old.table.schema, [
		old.table.name,
		joinedColumns(columns),
		"check"
	]);
}
function named(text, { conname }, name, scope) {
	return conname === void 0 ? wordsLike(scope)`constraint ${written(name)} ${text}` : text;
}
// src/lint/rules/disallowed-unique-constraint.ts
var disallowed_unique_constraint_default = defineRule({
	name: "disallowed-unique-constraint",
	group: "locks",
	severity: "error",
	problem: "Nobody can read or write the table until the index of the constraint is built.",
	remedy: "Build the index with CREATE UNIQUE INDEX CONCURRENTLY, and add the constraint with USING INDEX in the next migration.",
	because: "ADD CONSTRAINT … UNIQUE builds its index under ACCESS EXCLUSIVE. With USING INDEX it only takes over an index that is there. A partitioned table has neither CONCURRENTLY nor USING INDEX; its partitions have both.",
	examples: {
		bad: [
			"alter table users add constraint users_nickname_key unique (nickname)",
			"ALTER TABLE orders ADD UNIQUE (user_id, placed_at) INCLUDE (total) DEFERRABLE INITIALLY DEFERRED",
			"alter table users add column phone text unique",
			"alter table users add column if not exists phone text constraint users_phone unique default null, add column city text",
			"alter table events add constraint events_id_at_key unique (id, at)"
		],
		good: [
			{ files: [{
				transaction: false,
				sql: "create unique index concurrently users_nickname_key on users (nickname)"
			}, { sql: "alter table users add constraint users_nickname_key unique using index users_nickname_key" }] },
			"create table carts (id bigint); alter table carts add unique (id)",
			"alter table only events add unique (id, at)"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		if (old === void 0 || old.table?.form === "partitioned" && alter.relation?.inh !== true) return void 0;
		return splitAlter(old, scope, (command) => {
			const constraint = addedConstraint(command);
			if (constraint?.contype === "CONSTR_UNIQUE" && constraint.indexname === void 0) {
				const columns = wordsOf(constraint.keys);
				return {
					problem: problemOf$2(nameOfKey(constraint, columns, old, scope), old),
					follow: keyFiles(constraint, columns, old, scope)
				};
			}
			const column = addedColumn(command);
			const definitions = constraintsOf(column?.constraints);
			const unique = definitions.find(({ contype }) => contype === "CONSTR_UNIQUE");
			if (column === void 0 || unique === void 0 || old.table?.columns.has(column.colname ?? "")) return void 0;
			const columns = [column.colname ?? ""];
			const isOf = (kind) => definitions.some(({ contype }) => contype === kind);
			const whole = {
				...unique,
				deferrable: isOf("CONSTR_ATTR_DEFERRABLE"),
				initdeferred: isOf("CONSTR_ATTR_DEFERRED")
			};
			return {
				problem: problemOf$2(nameOfKey(unique, columns, old, scope), old),
				stays: `${addColumn(command, scope)} ${new ColumnText(column, scope).without("CONSTR_UNIQUE")}`,
				follow: keyFiles(whole, columns, old, scope)
			};
		});
	}
});
function problemOf$2(name, old) {
	return {
		message: `Adding the unique constraint ${name} builds its index while nobody can read or write ${old.name}.`,
		harm: `Every query on ${old.name} waits.`
	};
}
// src/lint/rules/identifier-too-long.ts
/** NAMEDATALEN is 64, of which the last byte ends the name. */
const longest = 63;
var identifier_too_long_default = {
	name: "identifier-too-long",
	group: "robustness",
	severity: "warning",
	problem: "The server cuts the name without an error, so that it is not the one that is written, and two such names may become the same.",
	remedy: "Choose a name of at most 63 bytes.",
	because: "PostgreSQL keeps 63 bytes of a name and cuts the rest, with no more than a notice. Letters beyond ASCII count two bytes or more.",
	examples: {
		bad: ["alter table orders add column the_reason_why_the_customer_sent_the_order_back_to_us_in_his_own_words text", "create table \"Bestellungen die der Käufer während des Prüfzeitraumes zurückgab\" (id bigint)"],
		good: [
			"alter table orders add column the_reason_why_the_customer_sent_the_order_back text",
			"comment on table orders is 'a comment may be longer than any name, since it is a text that nobody has to type again'",
			"alter table orders add column memo text default 'AVeryLongWordWithoutAnySpaceInItWhichIsNoNameButAConstantOfTheColumnItself'"
		]
	},
	on: "every-statement",
	check(_, scope) {
		if (!mayHold(scope.sql)) return void 0;
		const before = Buffer.byteLength(scope.text.text.slice(0, scope.statement.start), "utf8");
		const names = new StatementText(scope).tokens.filter(({ isIdentifier, text }) => isIdentifier && Buffer.byteLength(nameIn(text), "utf8") > longest);
		return [...new Map(names.map((token) => [token.text, token])).values()].map(({ text, start }) => ({
			message: `The name ${text} has ${Buffer.byteLength(nameIn(text), "utf8")} bytes, and the server keeps ${longest} of them.`,
			location: before + start
		}));
	}
};
function nameIn(token) {
	return token.startsWith("\"") ? token.slice(1, -1).replaceAll("\"\"", "\"") : token;
}
/** Most statements hold no run of characters that could be such a name, and need no scanner. */
function mayHold(sql) {
	return /[^\s"(),;]{32}|"[^"]{32}/.test(sql) && Buffer.byteLength(sql, "utf8") > longest;
}
// src/lint/rules/not-parsed.ts
var not_parsed_default = {
	name: "not-parsed",
	group: "robustness",
	severity: "warning",
	problem: "Nothing in the file was checked.",
	remedy: "Look at the place; when the server accepts the statement as it stands, check the file by hand.",
	because: `The parser is that of PostgreSQL 18. An older server may accept what it rejects, so only the server can say whether it is wrong.`,
	examples: {
		bad: ["create table carts (id bigint primary key", {
			postgres: 13,
			files: [{ sql: "select 1 from from users" }]
		}],
		good: ["create table carts (id bigint primary key)"]
	},
	checkFile({ file, release }) {
		const { problem } = file.up;
		if (problem === void 0 || file.migration.notSql !== void 0 || release.postgres >= 18) return void 0;
		return {
			message: `The parser stops here: ${problem.message}.`,
			offset: problem.offset
		};
	}
};
// src/lint/rules/prefer-attach-partition.ts
var prefer_attach_partition_default = defineRule({
	name: "prefer-attach-partition",
	group: "locks",
	severity: "advice",
	problem: "Every query of the partitioned table waits until the transaction that makes its new partition has ended.",
	remedy: "Create the table by itself with LIKE, and take it in with ALTER TABLE … ATTACH PARTITION.",
	because: "CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE on the parent, and ATTACH PARTITION of a new, empty table only SHARE UPDATE EXCLUSIVE.",
	yieldsTo: ["require-partition-check"],
	examples: {
		bad: ["create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')"],
		good: ["create table events_2027 (like events including all); alter table events attach partition events_2027 for values from ('2027-01-01') to ('2028-01-01')", "create table logs (at date) partition by range (at); create table logs_1 partition of logs for values from ('2025-01-01') to ('2026-01-01')"]
	},
	on: "CreateStmt",
	check({ relation, inhRelations, partbound }, scope) {
		const [parent] = nodesOf(inhRelations, "RangeVar");
		if (partbound === void 0 || parent === void 0 || !isUsedTable(parent, scope)) return void 0;
		const [name, whole] = [relation, parent].map((range) => tableName(nameOf(range)));
		return { message: `Creating ${name} as a partition holds back every query of ${whole} until the transaction ends.` };
	}
});
// src/lint/rules/prefer-bigint-over-int.ts
var prefer_bigint_over_int_default = defineRule({
	name: "prefer-bigint-over-int",
	aliases: ["prefer-big-int"],
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "An int runs out at 2,147,483,647, and every insert fails from then on.",
	remedy: "Use bigint.",
	because: "int4 holds 32 bits; changing the type later writes the whole table anew under ACCESS EXCLUSIVE.",
	examples: {
		bad: [
			"create table carts (id int primary key)",
			"alter table users add column visits integer",
			"create table carts (id serial primary key)"
		],
		good: [
			"create table carts (id bigint primary key)",
			"alter table users add column visits bigint",
			"create table carts (id bigserial primary key)"
		]
	},
	on: ["CreateStmt", "AlterTableStmt"],
	check: (statement, scope) => writtenColumns(scope.schema, statement).filter(({ type }) => type.name === "int4").map(({ table, name, type, location }) => ({
		message: `${tableName(table)}.${name} is ${type.serial ? "a serial" : "an int"}, which ends at 2,147,483,647.`,
		location
	}))
});
// src/lint/rules/prefer-bigint-over-smallint.ts
var prefer_bigint_over_smallint_default = defineRule({
	name: "prefer-bigint-over-smallint",
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "A smallint runs out at 32,767, and every insert fails from then on.",
	remedy: "Use bigint.",
	because: "int2 holds 16 bits, and what it saves is most often lost to alignment; changing the type later writes the whole table anew.",
	examples: {
		bad: ["create table carts (id smallint primary key)", "alter table users add column rank int2"],
		good: ["create table carts (id bigint primary key)"]
	},
	on: ["CreateStmt", "AlterTableStmt"],
	check: (statement, scope) => writtenColumns(scope.schema, statement).filter(({ type }) => type.name === "int2").map(({ table, name, type, location }) => ({
		message: `${tableName(table)}.${name} is a ${type.serial ? "smallserial" : "smallint"}, which ends at 32,767.`,
		location
	}))
});
// src/lint/rules/prefer-foreign-key-alone.ts
var prefer_foreign_key_alone_default = defineRule({
	name: "prefer-foreign-key-alone",
	group: "locks",
	severity: "advice",
	optIn: true,
	problem: "Writes to the table that is referred to wait until the transaction ends, though nothing of it is read.",
	remedy: "Make the table or column without the reference, and add the foreign key NOT VALID in a migration that does nothing else.",
	because: "A foreign key puts triggers on the table that it refers to, under SHARE ROW EXCLUSIVE; the lock stays until the transaction ends. For a new table or a column full of nulls no row is read.",
	examples: {
		bad: [
			"create table carts (id bigint primary key, user_id bigint references users (id)); create index on carts (user_id)",
			"alter table users add column favourite int references products (id)",
			"create table carts (id bigint, user_id bigint, foreign key (user_id) references users)"
		],
		good: ["create table carts (id bigint primary key); create table cart_items (cart_id bigint references carts (id))", "alter table orders add foreign key (product_id) references products (id) not valid"]
	},
	on: ["CreateStmt", "AlterTableStmt"],
	check(_, scope) {
		return [...new Set(keysOf$2(scope.statement.node).map(({ pktable }) => nameOf(pktable)).filter((name) => isOld(name, scope)).map(tableName))].map((partner) => ({
			message: `The reference to ${partner} holds back writes to ${partner} until the transaction ends.`,
			harm: `Every INSERT, UPDATE and DELETE on ${partner} waits that long.`
		}));
	}
});
/** Foreign keys that are written in the definition of a table or a column. */
function keysOf$2(node) {
	const commands = "AlterTableStmt" in node ? nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd") : [];
	const elements = "CreateStmt" in node ? node.CreateStmt.tableElts : [];
	const columns = [...commands.flatMap((command) => addedColumn(command) ?? []), ...nodesOf(elements, "ColumnDef")].flatMap(({ constraints }) => constraintsOf(constraints));
	const own = nodesOf(elements, "Constraint");
	return [...columns, ...own].filter(({ contype }) => contype === "CONSTR_FOREIGN");
}
function isOld(name, scope) {
	return !scope.isNew(findTable(scope.schema, name));
}
// src/lint/rules/prefer-identity.ts
var prefer_identity_default = defineRule({
	name: "prefer-identity",
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "A serial column leaves a sequence with rights and an owner of its own behind, which are forgotten.",
	remedy: "Use bigint generated by default as identity.",
	because: "serial makes a sequence and a default; whoever may insert needs a right on the sequence too, and a default can be dropped by mistake. Identity columns are standard SQL.",
	examples: {
		bad: ["create table carts (id bigserial primary key)", "alter table users add column number serial"],
		good: ["create table carts (id bigint generated by default as identity primary key)"]
	},
	on: ["CreateStmt", "AlterTableStmt"],
	check: (statement, scope) => writtenColumns(scope.schema, statement).filter(({ type }) => type.serial).map(({ table, name, type, location }) => ({
		message: `${tableName(table)}.${name} is a serial column; ${type.name === "int8" ? "bigint" : "int"} generated by default as identity does the same.`,
		location
	}))
});
// src/lint/rules/prefer-jsonb.ts
var prefer_jsonb_default = defineRule({
	name: "prefer-jsonb",
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "SELECT DISTINCT, GROUP BY and UNION fail on the column, and every access reads the text anew.",
	remedy: "Use jsonb.",
	because: "json has no equality operator and no index of its own; it keeps the text as it came, with spaces and double keys.",
	examples: {
		bad: ["create table carts (items json)", "alter table users add column settings json"],
		good: ["create table carts (items jsonb)"]
	},
	on: ["CreateStmt", "AlterTableStmt"],
	check: (statement, scope) => writtenColumns(scope.schema, statement).filter(({ type }) => type.name === "json" && type.schema === void 0).map(({ table, name, type, location }) => ({
		message: `${tableName(table)}.${name} is ${type.name}, which has no equality and no index.`,
		location
	}))
});
// src/lint/rules/prefer-late-enum-value.ts
var prefer_late_enum_value_default = defineRule({
	name: "prefer-late-enum-value",
	group: "compatibility",
	severity: "advice",
	optIn: true,
	phase: "pre",
	problem: "As soon as the new code writes the value, the code that still runs reads one that it does not know.",
	remedy: "Ship code that reads the value first, and write it from the next release on.",
	because: "ADD VALUE changes no row and nothing that is there; a value cannot be taken away again.",
	examples: {
		bad: ["alter type order_state add value 'returned'"],
		good: ["create type color as enum ('red'); alter type color add value 'blue'", { files: [{
			phase: "post",
			sql: "alter type order_state add value 'returned'"
		}] }]
	},
	on: "AlterEnumStmt",
	check({ typeName, oldVal, newVal }, scope) {
		const name = nameOfWords(wordsOf(typeName));
		if (oldVal !== void 0 || scope.isNew(findType$1(scope.schema, name))) return void 0;
		return { message: `The code that still runs may read ${newVal} of ${tableName(name)}, which it does not know.` };
	}
});
// src/lint/rules/prefer-lossless-down.ts
const rule$20 = {
	name: "prefer-lossless-down",
	group: "data",
	severity: "advice",
	optIn: true,
	problem: "Taking the migration back throws away what users have entered since it ran.",
	remedy: "Say in the release notes what is lost, or let the way back copy it to a table that stays.",
	because: "DROP COLUMN and DROP TABLE free their rows at once, UPDATE keeps no old value, and a narrower type fails on values that do not fit.",
	examples: {
		bad: [
			{ files: [{
				sql: "alter table users add column phone text",
				down: "alter table users drop column phone"
			}] },
			{ files: [{
				sql: "create table carts (id bigint primary key)",
				down: "drop table carts"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table orders alter column amount type bigint",
				down: "alter table orders alter column amount type int"
			}] },
			{ files: [{
				sql: "update users set nickname = lower(nickname)",
				down: "select 1"
			}] }
		],
		good: [
			{ files: [{
				sql: "alter table users alter column nickname set default now()::text",
				down: "alter table users alter column nickname drop default"
			}] },
			{ files: [{
				sql: "create index orders_total_idx on orders (total)",
				down: "drop index orders_total_idx"
			}] },
			{ files: [{
				sql: "create view big_orders as select * from orders where total > 1000",
				down: "drop view big_orders"
			}] },
			{ files: [{
				sql: "alter table users alter column name type varchar(200)",
				down: "alter table users alter column name type text"
			}] }
		]
	},
	checkRelease: (scope) => judgeFiles(scope).flatMap(({ file, judgement }) => {
		if (judgement?.wayBack.kind !== "lossy") return [];
		return judgement.wayBack.loses.map(({ what, by, fails }) => {
			const place = file.down !== void 0 && !file.up.statements.includes(by) ? downPlace(file, by) : {
				path: file.migration.path,
				offset: offsetOf(file.up, by)
			};
			const message = fails ? `The way back of ${file.migration.id} meets ${what}.` : `Going back behind ${file.migration.id} loses ${what}.`;
			return {
				...place,
				message
			};
		});
	})
};
// src/lint/rules/prefer-new-function.ts
var prefer_new_function_default = defineRule({
	name: "prefer-new-function",
	group: "compatibility",
	severity: "advice",
	optIn: true,
	phase: "pre",
	problem: "The code that still runs calls the function, directly or through a trigger, and now gets what the new text does.",
	remedy: "Make a function with a new name for the new code, and drop the old one in a post migration.",
	because: "Every call after the commit runs the new text.",
	examples: {
		bad: ["create or replace function touch() returns trigger language plpgsql as 'begin new.placed_at := now(); return new; end'"],
		good: ["create function mark() returns trigger language plpgsql as 'begin return new; end'", { files: [{
			phase: "post",
			sql: "create or replace function touch() returns trigger language plpgsql as 'begin return null; end'"
		}] }]
	},
	on: "CreateFunctionStmt",
	check({ replace, funcname }, scope) {
		const name = nameOfWords(wordsOf(funcname));
		return (replace === true ? findFunctions(scope.release.before, name) : []).length === 0 ? void 0 : { message: `${tableName(name)} is replaced while the old code still runs it.` };
	}
});
// src/lint/rules/prefer-new-view.ts
var prefer_new_view_default = defineRule({
	name: "prefer-new-view",
	group: "compatibility",
	severity: "advice",
	optIn: true,
	phase: "pre",
	problem: "The code that still runs reads other rows or values from the view than it counts on.",
	remedy: "Make a view with a new name for the new code, and drop the old one in a post migration.",
	because: "Queries meet the new text of a view as soon as it is committed, prepared ones too.",
	examples: {
		bad: ["create or replace view active_users as select id, email from users where age > 17"],
		good: [
			"create or replace view active_users as select id, email from users where age > 0",
			"create view grown_users as select id, email from users where age > 17",
			{ files: [{
				phase: "post",
				sql: "create or replace view active_users as select id, email from users"
			}] }
		]
	},
	on: "ViewStmt",
	check({ replace, view: range, query }, scope) {
		const view = findRelation(scope.schema, nameOf(range));
		if (replace !== true || view?.kind !== "view" || scope.isNew(view) || sameNode(view.query, query)) return void 0;
		return { message: `${tableName(nameOf(range))} gets another query while the old code still reads it.` };
	}
});
// src/lint/rules/prefer-one-alter-table.ts
var prefer_one_alter_table_default = defineRule({
	name: "prefer-one-alter-table",
	group: "locks",
	severity: "advice",
	optIn: true,
	problem: "The table is locked, and where it must be read also read, once for each statement.",
	remedy: "Write the changes into one ALTER TABLE, with commas between them.",
	because: "Several changes of one ALTER TABLE share its lock and go through the rows together.",
	examples: {
		bad: ["alter table users add column a int; alter table users add column b int"],
		good: [
			"alter table users add column a int, add column b int",
			"alter table users add column a int; alter table orders add column b int",
			"create table carts (id bigint); alter table carts add column a int; alter table carts add column b int",
			"alter table users rename column age to years; alter table users add column b int"
		]
	},
	on: "AlterTableStmt",
	check({ relation, cmds }, scope) {
		const before = scope.earlier.at(-1)?.statement.node;
		if (before === void 0 || !("AlterTableStmt" in before) || !canJoin(cmds) || !canJoin(before.AlterTableStmt.cmds)) return void 0;
		const [one, other] = [before.AlterTableStmt.relation, relation];
		if (one?.relname !== other?.relname || one?.schemaname !== other?.schemaname) return void 0;
		return isUsedTable(relation, scope) ? { message: `${tableName(nameOf(relation))} is altered twice in a row.` } : void 0;
	}
});
/** Partitions are attached and detached one at a time, and validated behind what adds. */
function canJoin(cmds) {
	return nodesOf(cmds, "AlterTableCmd").every(({ subtype }) => !/^AT_(?:Attach|Detach|Validate)/.test(subtype ?? ""));
}
// src/lint/rules/prefer-one-foreign-key-per-transaction.ts
var prefer_one_foreign_key_per_transaction_default = defineRule({
	name: "prefer-one-foreign-key-per-transaction",
	group: "locks",
	severity: "advice",
	optIn: true,
	problem: "The transaction holds one busy table locked while it waits for the next, and an application that takes them in another order ends in a deadlock.",
	remedy: "Add each foreign key in a migration of its own.",
	because: "Each foreign key takes SHARE ROW EXCLUSIVE on both of its tables, and keeps it to the end of the transaction.",
	examples: {
		bad: ["create table carts (id bigint, user_id bigint references users (id), product_id int references products (id))", "create table carts (id bigint references orders (id)); alter table orders add foreign key (product_id) references products (id) not valid"],
		good: [
			"create table carts (id bigint, user_id bigint references users (id), giver_id bigint references users (id))",
			{ files: [{ sql: "create table carts (id bigint references orders (id))" }, { sql: "create table lists (id int references products (id))" }] },
			"alter table orders add foreign key (product_id) references products (id) not valid"
		]
	},
	on: ["CreateStmt", "AlterTableStmt"],
	check(_, scope) {
		const own = partnersOf(scope);
		if (own.length === 0) return void 0;
		const earlier = scope.earlier.flatMap(partnersOf);
		const names = [.../* @__PURE__ */ new Set([...earlier, ...own])];
		if (names.length < 2 || own.every((name) => earlier.includes(name))) return void 0;
		return { message: `The transaction adds foreign keys to ${names.join(" and ")} and holds all of them locked until it ends.` };
	}
});
/** Old tables that foreign keys of a statement refer to. */
function partnersOf(scope) {
	const { node } = scope.statement;
	const own = "AlterTableStmt" in node ? node.AlterTableStmt.relation?.relname : void 0;
	if (!("CreateStmt" in node) && !("AlterTableStmt" in node)) return [];
	return scope.effects.locks.filter(({ mode, relation, named }) => mode === "ShareRowExclusive" && named && relation.name !== own && !scope.isNew(relation)).map(({ relation }) => relation.name);
}
// src/lint/rules/prefer-one-table-per-transaction.ts
const rule$19 = {
	name: "prefer-one-table-per-transaction",
	group: "locks",
	severity: "advice",
	optIn: true,
	problem: "The first table stays locked while the transaction waits for the second, and with an application that takes them the other way round it is a deadlock.",
	remedy: "Give each table a migration of its own.",
	because: "Locks are taken one after the other and kept until the transaction ends; the server ends one of two transactions that wait for each other, after deadlock_timeout.",
	examples: {
		bad: ["alter table users add column a int; alter table orders add column b int"],
		good: [
			"alter table users add column a int; alter table users add column b int",
			{ files: [{ sql: "alter table users add column a int" }, { sql: "alter table orders add column b int" }] },
			"create table carts (id bigint); alter table users add column a int"
		]
	},
	on: "every-statement",
	check(_, scope) {
		const second = secondTable(scope);
		if (second === void 0 || scope.earlier.some((one) => secondTable(one) !== void 0)) return void 0;
		return { message: `This waits for ${second.next} while the transaction keeps ${second.held} locked.` };
	}
};
function secondTable(scope) {
	const before = heldBefore(scope);
	if (before === void 0) return void 0;
	const held = relationName$1(before.relation);
	const next = strongLocks(scope).filter(({ named }) => named).map(({ relation }) => relationName$1(relation)).find((name) => name !== held);
	return next === void 0 ? void 0 : {
		held,
		next
	};
}
// src/lint/rules/prefer-post-for-backfill.ts
var prefer_post_for_backfill_default = defineRule({
	name: "prefer-post-for-backfill",
	group: "compatibility",
	severity: "warning",
	phase: "pre",
	problem: "The deploy waits for the backfill, and what the code that still runs writes after it is left out.",
	remedy: "Change rows in a post migration, in batches; what the new code reads at once is kept up to date by a trigger or by the code meanwhile.",
	because: "Pre migrations end before the new code starts: rows that old code inserts or changes between the two are not seen by a backfill that has run.",
	yieldsTo: [
		"ban-backfill-with-ddl",
		"ban-write-without-where",
		"require-batched-backfill"
	],
	examples: {
		bad: [
			"alter table users add column kind text; update users set kind = nickname",
			"update orders set amount = 1 where amount is null",
			"create table names as select id from users; insert into names select id from users where age > 3",
			"delete from orders where placed_at < now()"
		],
		good: [
			{ files: [{
				phase: "post",
				transaction: false,
				sql: "update orders set amount = 1 where amount is null"
			}] },
			"update products set stock = 3 where id = 7",
			"update users set name = 'a' where email in ('a@b', 'c@d')",
			"create table carts (id bigint, total int); update carts set total = 0",
			"insert into products (id, title, price) values (1001, 'a', 2)",
			"delete from products where id = 3"
		]
	},
	on: [
		"UpdateStmt",
		"InsertStmt",
		"DeleteStmt"
	],
	check(_, scope) {
		const message = judged(scope);
		return message === void 0 ? void 0 : {
			message,
			instead: movedToPost(scope, void 0, "In batches where there are many rows, each in a transaction of its own.")
		};
	}
});
function judged(scope) {
	const { node } = scope.statement;
	if ("UpdateStmt" in node) {
		const { relation, whereClause, targetList } = node.UpdateStmt;
		const old = oldTable(scope, relation);
		if (old === void 0 || isPoint(scope, old.table, whereClause)) return void 0;
		const name = tableName(old.name);
		const fresh = nodesOf(targetList, "ResTarget").flatMap((one) => scope.isNew(old.table?.columns.get(one.name ?? "")) ? one.name ?? [] : []);
		if (fresh.length === 0) return `Rows of ${name} change while the old code still reads and writes them.`;
		if (hasNewTrigger$1(scope, old.table)) return `The deploy waits until ${listed(fresh)} is filled in every row of ${name}.`;
		return `Rows that the old code writes to ${name} after this are left without ${listed(fresh)}.`;
	}
	if ("DeleteStmt" in node) {
		const old = oldTable(scope, node.DeleteStmt.relation);
		if (old === void 0 || isPoint(scope, old.table, node.DeleteStmt.whereClause)) return void 0;
		return `Rows of ${tableName(old.name)} are deleted while the old code still reads and writes them.`;
	}
	if (!("InsertStmt" in node)) return void 0;
	const { selectStmt, relation } = node.InsertStmt;
	const copied = (selectStmt === void 0 || !("SelectStmt" in selectStmt) ? [] : nodesOf(selectStmt.SelectStmt.fromClause, "RangeVar")).flatMap((range) => source(scope, range));
	if (copied.length === 0 || relation?.relpersistence === "t") return void 0;
	return `Rows that the old code writes to ${listed(copied.map(tableName))} after this are missing in ${tableName(nameOf(relation))}.`;
}
/** A table that the old code writes to, unless a trigger of this release carries its writes over. */
function source(scope, range) {
	const old = oldTable(scope, range);
	return old === void 0 || hasNewTrigger$1(scope, old.table) ? [] : [old.name];
}
/** Whether the condition names single rows, by a unique column. */
function isPoint(scope, table, condition) {
	if (condition === void 0) return false;
	if ("BoolExpr" in condition) return condition.BoolExpr.boolop === "AND_EXPR" && (condition.BoolExpr.args ?? []).some((one) => isPoint(scope, table, one));
	if (!("A_Expr" in condition) || wordsOf(condition.A_Expr.name).at(-1) !== "=") return false;
	const { kind, lexpr, rexpr } = condition.A_Expr;
	if (kind !== "AEXPR_OP" && kind !== "AEXPR_IN" || lexpr === void 0 || !("ColumnRef" in lexpr) || !isConstant(rexpr)) return false;
	const column = wordsOf(lexpr.ColumnRef.fields).at(-1) ?? "";
	if (table === void 0) return column === "id";
	return indexesOf(scope.schema, table).some(({ unique, keys, predicate }) => unique && predicate === void 0 && keys.length === 1 && keys[0]?.column === column);
}
function isConstant(node) {
	if (node === void 0) return false;
	if ("List" in node) return (node.List.items ?? []).every(isConstant);
	if ("TypeCast" in node) return isConstant(node.TypeCast.arg);
	return "A_Const" in node;
}
function hasNewTrigger$1(scope, table) {
	const released = tableById(scope.release.before, table?.id);
	return [...table?.triggers.keys() ?? []].some((trigger) => released?.triggers.has(trigger) === false);
}
// src/lint/rules/prefer-reconnect-after-column-change.ts
const rule$18 = {
	name: "prefer-reconnect-after-column-change",
	group: "compatibility",
	severity: "advice",
	optIn: true,
	problem: "A connection of the running application that has prepared SELECT * from the table fails with \"cached plan must not change result type\" until it is opened anew.",
	remedy: "Name the columns in prepared queries, or have the application open its connections anew after the release.",
	because: "A prepared statement promises the columns of its result; after a column was added, removed or retyped the server plans it again and refuses a result that is another one.",
	examples: {
		bad: [
			"alter table users add column points int",
			"alter table users drop column nickname",
			"alter table users alter column score type numeric"
		],
		good: ["create table carts (id bigint); alter table carts add column note text", "alter table users alter column age set default 0"]
	},
	checkRelease({ files, before }) {
		const changed = files.flatMap((file) => file.up.statements.flatMap(({ node, start }) => {
			const alter = "AlterTableStmt" in node ? node.AlterTableStmt : void 0;
			const table = alter === void 0 || !changesColumns(alter.cmds) ? void 0 : findTable(before, nameOf(alter.relation));
			return table === void 0 ? [] : [{
				name: relationName$1(table),
				path: file.migration.path,
				offset: file.up.text.fileOffset(start) ?? 0
			}];
		}));
		const [first] = changed;
		if (first === void 0) return [];
		const names = [...new Set(changed.map(({ name }) => name))].join(", ");
		return [{
			path: first.path,
			offset: first.offset,
			message: `The columns of ${names} change: connections with a prepared SELECT * of it fail.`
		}];
	}
};
function changesColumns(cmds) {
	const kinds = [
		"AT_AddColumn",
		"AT_DropColumn",
		"AT_AlterColumnType"
	];
	return nodesOf(cmds, "AlterTableCmd").some(({ subtype = "" }) => kinds.includes(subtype));
}
// src/lint/rules/prefer-reversible-migration.ts
const rule$17 = {
	name: "prefer-reversible-migration",
	group: "data",
	severity: "advice",
	problem: "Once the migration has run, only a backup or a fix forward helps.",
	remedy: "Keep a copy of what goes until nobody can want it back, or release with the knowledge that this is the point of no return.",
	because: "A way back makes a column or a table again, but not its values; and PostgreSQL has no statement that takes a value out of an enum type.",
	examples: {
		bad: [
			"alter type order_state add value 'refunded'",
			{ files: [{
				phase: "post",
				sql: "alter table users drop column nickname",
				down: "alter table users add column nickname text"
			}] },
			{ files: [{
				phase: "post",
				sql: "delete from users where email = ''"
			}] },
			{ files: [{
				phase: "post",
				sql: "drop table products"
			}] }
		],
		good: [
			{ files: [{
				sql: "alter table users add column phone text",
				down: "alter table users drop column phone"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table users add column label text; update users set label = name; alter table users drop column name",
				down: "alter table users add column name varchar(100); update users set name = label; alter table users drop column label"
			}] },
			"create table carts (id bigint primary key, note text); alter table carts drop column note"
		]
	},
	checkRelease: (scope) => judgeFiles(scope).flatMap(({ file, judgement }) => {
		if (judgement?.wayBack.kind !== "impossible") return [];
		const { because, by } = judgement.wayBack;
		const message = `Nothing takes ${file.migration.id} back in full: ${because}.`;
		return [{
			path: file.migration.path,
			offset: offsetOf(file.up, by),
			message
		}];
	})
};
// src/lint/repeatable.ts
/**
* Whether a statement may run a second time: `yes`, `with-if` when only IF EXISTS or IF NOT EXISTS is missing, or the
* words that say OR REPLACE; `no` for what has no such words.
*/
function repeatable(statement) {
	const { node } = statement;
	if (always.has(kindOf$1(statement))) return "yes";
	const tolerant = toleranceOf(node);
	if (tolerant !== void 0) return tolerant ? "yes" : "with-if";
	return "AlterTableStmt" in node ? alterTable(node.AlterTableStmt.cmds) : "no";
}
const always = /* @__PURE__ */ new Set([
	"SelectStmt",
	"VariableSetStmt",
	"VariableShowStmt",
	"VacuumStmt",
	"ReindexStmt",
	"ClusterStmt",
	"RefreshMatViewStmt",
	"CommentStmt",
	"GrantStmt",
	"AlterSystemStmt",
	"AlterRoleSetStmt",
	"AlterDatabaseSetStmt",
	"TruncateStmt",
	"DeleteStmt",
	"CheckPointStmt",
	"ExplainStmt",
	"NotifyStmt"
]);
/** Whether it bears what is there, or what is gone; `undefined` for what has no words for it. */
function toleranceOf(node) {
	if ("CreateStmt" in node) return node.CreateStmt.if_not_exists === true;
	if ("CreateTableAsStmt" in node) return node.CreateTableAsStmt.if_not_exists === true;
	if ("CreateSchemaStmt" in node) return node.CreateSchemaStmt.if_not_exists === true;
	if ("CreateExtensionStmt" in node) return node.CreateExtensionStmt.if_not_exists === true;
	if ("CreateSeqStmt" in node) return node.CreateSeqStmt.if_not_exists === true;
	if ("AlterEnumStmt" in node && node.AlterEnumStmt.oldVal === void 0) return node.AlterEnumStmt.skipIfNewValExists === true;
	if ("IndexStmt" in node) return node.IndexStmt.if_not_exists === true;
	if ("ViewStmt" in node) return node.ViewStmt.replace === true;
	if ("CreateFunctionStmt" in node) return node.CreateFunctionStmt.replace === true;
	if ("DropStmt" in node) return node.DropStmt.missing_ok === true;
}
const tolerantCommands = [
	"AT_AddColumn",
	"AT_DropColumn",
	"AT_DropConstraint",
	"AT_DropExpression",
	"AT_DropIdentity"
];
const repeatableCommands = /^AT_(?:ColumnDefault|DropNotNull|SetNotNull|SetStatistics|SetOptions|ResetOptions|SetStorage|AlterColumnType|ValidateConstraint|SetRelOptions|ResetRelOptions|ReplaceRelOptions|ChangeOwner|ReplicaIdentity|(?:En|Dis)able\w+|(?:No)?ForceRowSecurity|Set(?:Un)?Logged|SetTableSpace|ClusterOn|DropCluster)$/;
function alterTable(cmds) {
	const answers = nodesOf(cmds, "AlterTableCmd").map(({ subtype = "", missing_ok }) => {
		if (tolerantCommands.includes(subtype)) return missing_ok === true ? "yes" : "with-if";
		return repeatableCommands.test(subtype) ? "yes" : "no";
	});
	return answers.includes("no") ? "no" : answers.includes("with-if") ? "with-if" : "yes";
}
// src/lint/rules/prefer-robust-stmts.ts
const rule$16 = {
	name: "prefer-robust-stmts",
	group: "robustness",
	severity: "advice",
	optIn: true,
	problem: "When a later statement of the file fails, a second run stops at this one.",
	remedy: "Add IF EXISTS or IF NOT EXISTS, or OR REPLACE.",
	because: "Outside a transaction each statement stays done when the next one fails. Shiplock goes on where it stopped; other programs begin again. IF NOT EXISTS is no help for an index that is built concurrently: it accepts the invalid one of a build that failed.",
	examples: {
		bad: [
			{ files: [{
				transaction: false,
				sql: "alter table users add column points int; vacuum users"
			}] },
			{ files: [{
				transaction: false,
				sql: "create table carts (id bigint); vacuum users"
			}] },
			{ files: [{
				transaction: false,
				sql: "drop view active_users; vacuum users"
			}] }
		],
		good: [
			"alter table users add column points int; select 1",
			{ files: [{
				transaction: false,
				sql: "alter table users add column if not exists points int; vacuum users"
			}] },
			{ files: [{
				transaction: false,
				sql: "vacuum users; alter table users add column points int"
			}] },
			{ files: [{
				transaction: false,
				sql: "create index concurrently orders_total_idx on orders (total); vacuum users"
			}] },
			{ files: [{
				transaction: false,
				sql: "begin; create table carts (id bigint); commit; vacuum users"
			}] }
		]
	},
	on: "every-statement",
	check(_, { statement, file, index, inTransaction }) {
		const isLast = index === file.up.statements.length - 1;
		const isIndex = "IndexStmt" in statement.node || "DropStmt" in statement.node && statement.node.DropStmt.removeType === "OBJECT_INDEX";
		if (inTransaction || isLast || isIndex || repeatable(statement) !== "with-if") return void 0;
		return { message: "This statement fails when the file is run a second time, because what it makes or removes is done." };
	}
};
// src/lint/rules/prefer-short-trigger-lock.ts
var prefer_short_trigger_lock_default = defineRule({
	name: "prefer-short-trigger-lock",
	group: "locks",
	severity: "advice",
	optIn: true,
	problem: "Whoever uses the table waits until the transaction ends.",
	remedy: "Put it at the end of its migration, or into one of its own.",
	because: "CREATE TRIGGER takes SHARE ROW EXCLUSIVE, which writers wait for; ENABLE ROW LEVEL SECURITY and CREATE POLICY take ACCESS EXCLUSIVE.",
	examples: {
		bad: ["create trigger users_touch before update on users for each row execute function touch(); select 1", "alter table users enable row level security; create table carts (id bigint)"],
		good: [
			"create table carts (id bigint); create trigger carts_touch before update on carts for each row execute function touch(); select 1",
			"select 1; create trigger users_touch before update on users for each row execute function touch()",
			{ files: [{
				transaction: false,
				sql: "alter table users enable row level security; select 1"
			}] }
		]
	},
	on: [
		"CreateTrigStmt",
		"AlterTableStmt",
		"CreatePolicyStmt"
	],
	check(content, scope) {
		const range = "table" in content ? content.table : "relation" in content ? content.relation : void 0;
		const what = wordOf(content);
		if (what === void 0 || !isUsedTable(range, scope) || !isFollowed(scope)) return void 0;
		return { message: `${what} on ${tableName(nameOf(range))} is followed by other statements, which keep its lock.` };
	}
});
function wordOf(content) {
	if ("trigname" in content) return `The trigger ${content.trigname}`;
	if ("policy_name" in content) return `The policy ${content.policy_name}`;
	return "cmds" in content && nodesOf(content.cmds, "AlterTableCmd").some(({ subtype }) => subtype === "AT_EnableRowSecurity") ? "Row level security" : void 0;
}
function isFollowed({ inTransaction, file, index, statement }) {
	const next = file.up.statements[index + 1];
	const closes = next !== void 0 && "TransactionStmt" in next.node;
	return inTransaction && next !== void 0 && next !== statement && !closes;
}
// src/lint/rules/prefer-single-statement-outside-transaction.ts
const rule$15 = {
	name: "prefer-single-statement-outside-transaction",
	group: "robustness",
	severity: "warning",
	problem: "When a statement in the middle fails, the first half of the file is done and its record is not.",
	remedy: "Give each statement that runs outside a transaction a migration of its own, and the others one that runs inside.",
	because: "Without a transaction there is nothing to roll back. Shiplock goes on behind the last statement that was done; other programs run the file again from its beginning, and fail at what is done.",
	examples: {
		bad: [{ files: [{
			transaction: false,
			sql: "alter table users add column points int; create index concurrently users_points_idx on users (points)"
		}] }, { files: [{
			transaction: false,
			sql: "create index concurrently orders_total_idx on orders (total); create index concurrently orders_state_idx on orders (state)"
		}] }],
		good: [
			{ files: [{
				transaction: false,
				sql: "create index concurrently orders_total_idx on orders (total)"
			}] },
			{ files: [{
				transaction: false,
				sql: "drop index concurrently if exists orders_total_idx; create index concurrently orders_total_idx on orders (total)"
			}] },
			{ files: [{
				transaction: false,
				sql: "set statement_timeout = 0; vacuum users; reset statement_timeout"
			}] },
			{ files: [{
				transaction: false,
				sql: "begin; alter table users add column points int; alter table users add column level int; commit"
			}] },
			"alter table users add column points int; alter table users add column level int"
		]
	},
	checkFile(scope) {
		if (scope.file.migration.transactional) return void 0;
		const units = unitsOf(scope);
		const undone = units.find((unit, index) => index < units.length - 1 && !isRepeatable(unit, scope));
		if (undone === void 0) return void 0;
		const { text, statements } = scope.file.up;
		return {
			message: `The file has ${units.length} steps and no transaction: when a later one fails, this one is done and cannot be done again.`,
			location: Buffer.byteLength(text.text.slice(0, statements[undone[0]?.index ?? 0]?.start ?? 0))
		};
	}
};
/** What succeeds or fails in one piece: a statement, or all from BEGIN to COMMIT. */
function unitsOf({ statements }) {
	const units = [];
	for (const one of statements) {
		if (one.nested || "VariableSetStmt" in one.statement.node) continue;
		if (one.inTransaction) units.at(-1)?.push(one);
		else units.push([one]);
	}
	return units;
}
/** A DO block that commits as it goes is made to be run again. */
function isRepeatable(unit, { file }) {
	return unit.every(({ statement, index }) => {
		if ("DoStmt" in statement.node) return file.up.nested.get(index)?.some(({ batched }) => batched) === true;
		return repeatable(statement) === "yes";
	});
}
// src/lint/rules/prefer-snake-case-names.ts
var prefer_snake_case_names_default = defineRule({
	name: "prefer-snake-case-names",
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "Whoever types the name without quotes gets \"does not exist\".",
	remedy: "Use small letters, digits and underscores.",
	because: "PostgreSQL turns a name without quotes into small letters, and a name with any other letter has to be quoted for ever.",
	examples: {
		bad: [
			"create table \"Carts\" (id bigint)",
			"alter table users add column \"phoneNumber\" text",
			"create index \"idx users\" on users (age)"
		],
		good: [
			"create table carts (id bigint, user_id bigint)",
			"create table Carts (id bigint)",
			"alter table users alter column name type text"
		]
	},
	on: [
		"CreateStmt",
		"AlterTableStmt",
		"IndexStmt"
	],
	check(statement, scope) {
		if ("idxname" in statement) return problemOf$1("index", statement.idxname);
		const columns = "indexParams" in statement ? [] : writtenColumns(scope.schema, statement);
		return [..."relation" in statement && !("cmds" in statement) ? problemOf$1("table", nameOf(statement.relation).name) : [], ...columns.flatMap(({ name, location }) => problemOf$1("column", name, location))];
	}
});
function problemOf$1(what, name, location) {
	if (name === void 0 || /^[a-z_][a-z0-9_]*$/.test(name)) return [];
	return [{
		message: `The ${what} "${name}" has to be quoted wherever it is named.`,
		location
	}];
}
// src/lint/rules/prefer-sorted-names.ts
const rule$14 = {
	name: "prefer-sorted-names",
	group: "robustness",
	severity: "advice",
	optIn: true,
	problem: "Whatever reads the folder by name, such as a shell loop or a seed script, runs the files in another order than the release.",
	remedy: "Write the number with as many digits as the others have.",
	because: "By text 10_b.sql comes before 2_a.sql; Shiplock, goose and golang-migrate compare numbers; dbmate, ls and psql in a loop compare text.",
	examples: {
		bad: [{ files: [{
			sql: "select 1",
			version: 99999
		}, {
			sql: "select 1",
			version: 1e5
		}] }],
		good: [{ files: [{
			sql: "select 1",
			version: 101
		}, {
			sql: "select 1",
			version: 1010
		}] }]
	},
	checkRelease({ replayed, files }) {
		return files.flatMap(({ migration }) => {
			const name = basename(migration.path);
			const trap = replayed.find(({ migration: other }) => other.phase === migration.phase && !isRepeatable$1(migration) && byVersion(other, migration) < 0 && basename(other.path) > name);
			if (trap === void 0) return [];
			return [{
				path: migration.path,
				message: `By name ${name} comes before ${basename(trap.migration.path)}, by number behind it.`
			}];
		});
	}
};
// src/lint/rules/prefer-static-sql.ts
const rule$13 = {
	name: "prefer-static-sql",
	group: "robustness",
	severity: "advice",
	problem: "What it runs was not checked: it may lock, change or remove anything.",
	remedy: "Write the statements out, or give EXECUTE a text without variables.",
	because: "EXECUTE runs a text that exists only at run time; constants, FORMAT of constants and FOREACH over an array of constants are read as if they stood there.",
	examples: {
		bad: ["do $$ declare t text; begin for t in select relname from pg_class where relname = 'events_2025' loop execute format('drop table %I', t); end loop; end $$"],
		good: ["do $$ begin execute 'alter table users add column points int'; end $$", "do $$ declare t text; begin foreach t in array array['users', 'orders'] loop execute format('alter table %I add column points int', t); end loop; end $$"]
	},
	checkFile: ({ file }) => [...file.up.unread.values()].flat().map(({ what, location }) => ({
		message: `This runs ${what}, which was not checked.`,
		location
	}))
};
// src/lint/rules/prefer-text-field.ts
var prefer_text_field_default = defineRule({
	name: "prefer-text-field",
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "A longer text than somebody once thought of is refused, and the insert fails.",
	remedy: "Use text, with a CHECK where a limit is meant.",
	because: "varchar(n) and text are stored alike; a CHECK can be changed without a lock on readers, by NOT VALID and VALIDATE.",
	examples: {
		bad: [
			"create table carts (note varchar(80))",
			"alter table users add column phone varchar(20)",
			"alter table users alter column name type varchar(200)"
		],
		good: ["create table carts (note text)", "create table carts (note varchar)"]
	},
	on: ["CreateStmt", "AlterTableStmt"],
	check: (statement, scope) => writtenColumns(scope.schema, statement).filter(({ type }) => type.name === "varchar" && type.modifiers.length > 0).map(({ table, name, type, location }) => ({
		message: `${tableName(table)}.${name} is a varchar(${type.modifiers.join()}): longer texts are refused.`,
		location
	}))
});
// src/lint/rules/prefer-timestamp-tz.ts
var prefer_timestamp_tz_default = defineRule({
	name: "prefer-timestamp-tz",
	aliases: ["prefer-timestamptz"],
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "The same moment is stored as another one by a client in another time zone.",
	remedy: "Use timestamptz.",
	because: "timestamp keeps the digits and forgets the zone that they were meant in; timestamptz keeps the moment, in the same eight bytes.",
	examples: {
		bad: ["create table carts (made_at timestamp)", "alter table users add column left_at timestamp without time zone"],
		good: ["create table carts (made_at timestamptz)", "create table carts (made_at timestamp with time zone)"]
	},
	on: ["CreateStmt", "AlterTableStmt"],
	check: (statement, scope) => writtenColumns(scope.schema, statement).filter(({ type }) => type.name === "timestamp").map(({ table, name, type, location }) => ({
		message: `${tableName(table)}.${name} is a ${type.name} without a time zone: it is a wall clock, and no moment.`,
		location
	}))
});
// src/lint/rules/prefer-unique-checked-first.ts
var prefer_unique_checked_first_default = defineRule({
	name: "prefer-unique-checked-first",
	group: "data",
	severity: "advice",
	optIn: true,
	problem: "The statement fails when the rows hold duplicates, and the release stops at this migration.",
	remedy: "Look for duplicates on the live database before the release, with the query that the finding shows.",
	because: "A unique index is refused with the first two rows that are equal; one that is built with CONCURRENTLY is left behind as invalid, and refuses new duplicates all the same.",
	examples: {
		bad: [{ files: [{
			transaction: false,
			sql: "create unique index concurrently users_nickname_key on users (nickname)"
		}] }, "alter table orders add constraint orders_key unique (user_id, placed_at)"],
		good: [
			{ files: [{
				transaction: false,
				sql: "create index concurrently users_nickname_idx on users (nickname)"
			}] },
			"create table carts (id bigint); create unique index on carts (id)",
			{ files: [{
				transaction: false,
				sql: "create unique index concurrently users_id_name_key on users (id, name)"
			}] }
		]
	},
	on: ["IndexStmt", "AlterTableStmt"],
	check(_, scope) {
		const { node } = scope.statement;
		const relation = "IndexStmt" in node ? node.IndexStmt.relation : "AlterTableStmt" in node ? node.AlterTableStmt.relation : void 0;
		return keysOf$1(node).flatMap((columns) => problemOf(columns, nameOf(relation), scope) ?? []);
	}
});
function keysOf$1(node) {
	if ("IndexStmt" in node) {
		const { indexParams, unique, whereClause } = node.IndexStmt;
		const keys = nodesOf(indexParams, "IndexElem").map(({ name }) => name);
		return unique === true && whereClause === void 0 && keys.every((key) => key !== void 0) ? [keys] : [];
	}
	return nodesOf("AlterTableStmt" in node ? node.AlterTableStmt.cmds : [], "AlterTableCmd").flatMap((command) => addedConstraint(command) ?? []).filter(({ contype, indexname }) => ["CONSTR_UNIQUE", "CONSTR_PRIMARY"].includes(contype ?? "") && indexname === void 0).map(({ keys }) => wordsOf(keys));
}
function problemOf(columns, named, scope) {
	const table = findTable(scope.schema, named);
	if (columns.length === 0 || scope.isNew(table) || isUniqueAlready(columns)) return void 0;
	const kw = wordsLike(scope);
	const list = writtenList(columns);
	const query = kw`select ${list}, count(*) from ${writtenRelation(named)} group by ${list} having count(*) > 1`;
	return { message: `The statement fails when two rows of ${tableName(named)} have the same ${columns.join(", ")}; this shows them: ${query}.` };
	/** Columns that are unique by themselves stay so with others beside them. */
	function isUniqueAlready(wanted) {
		return [...table?.constraints.values() ?? []].some((one) => (one.kind === "primary" || one.kind === "unique") && one.columns.every((column) => wanted.includes(column)));
	}
}
// src/lint/compatibility/second-column.ts
/** Two columns with the same values: both are written, the new one is filled, code changes over, the old one goes. */
function secondColumn({ table, column, fresh, type }) {
	const on = writtenRelation(table);
	const [old, next] = [written(column), written(fresh)];
	const same = writtenRelation({
		schema: table.schema,
		name: `${table.name}_${column}_is_${fresh}`.slice(0, 63)
	});
	const trigger = written(`${table.name}_${column}_is_${fresh}`.slice(0, 63));
	return [
		{
			phase: "pre",
			transactional: true,
			sql: `alter table ${on} add column ${next} ${type};
create function ${same}() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.${next} is null then new.${next} := new.${old}; else new.${old} := new.${next}; end if;
  elsif new.${next} is distinct from old.${next} then
    new.${old} := new.${next};
  else
    new.${next} := new.${old};
  end if;
  return new;
end
$$;
create trigger ${trigger} before insert or update on ${on} for each row execute function ${same}();`,
			note: `In this release: ${fresh} stands beside ${column}, and a trigger writes both. The code stays as it is.`
		},
		{
			phase: "post",
			transactional: false,
			sql: `do $$
begin
  loop
    update ${on} set ${next} = ${old}
    where ctid = any (array(select ctid from ${on} where ${next} is null and ${old} is not null limit 5000));
    exit when not found;
    commit;
  end loop;
end
$$;`,
			note: `Fills the rows that were there before. Give ${fresh} the default, the constraints and the indexes that ${column} has.`
		},
		{
			phase: "post",
			transactional: true,
			sql: `drop trigger ${trigger} on ${on};
drop function ${same}();
alter table ${on} drop column ${old};`,
			note: `In a later release, whose code uses ${fresh} and no longer ${column}.`
		}
	];
}
// src/lint/compatibility/type-text.ts
/** A column's type as a definition writes it. */
function typeText({ name, schema, modifiers, array }) {
	return `${schema === void 0 ? spoken[name] ?? writtenRelation({
		schema,
		name
	}) : writtenRelation({
		schema,
		name
	})}${modifiers.length > 0 ? `(${modifiers.join(", ")})` : ""}${"[]".repeat(array)}`;
}
/** Names that people write for those of the catalog. */
const spoken = {
	int2: "smallint",
	int4: "int",
	int8: "bigint",
	bool: "boolean",
	bpchar: "char",
	float4: "real",
	float8: "double precision"
};
// src/lint/rules/renaming-column.ts
var renaming_column_default = defineRule({
	name: "renaming-column",
	group: "compatibility",
	severity: "error",
	problem: "From the rename to the end of the deploy, either the old code or the new code asks for a column that is not there.",
	remedy: "Add a second column, keep both equal with a trigger, change the code over, and drop the old column in a later release.",
	because: "A query that names the old column fails with 42703 from the moment the rename is committed; there is no moment at which both names work.",
	examples: {
		bad: [
			"alter table users rename column nickname to handle",
			{ files: [{
				phase: "post",
				sql: "alter table users rename nickname to handle"
			}] },
			"alter table somewhere.unknown rename column a to b",
			"alter view active_users rename column email to address"
		],
		good: [
			"create table carts (id bigint, note text); alter table carts rename note to remark",
			"alter table users add column helper text; alter table users rename helper to hint",
			`alter table users rename to people;
alter table people rename nickname to handle;
create view users as select id, email, handle as nickname from people`
		]
	},
	on: "RenameStmt",
	check({ renameType, relation: range, subname: column = "", newname: fresh = "" }, scope) {
		const old = renameType === "OBJECT_COLUMN" ? oldRelation(scope, nameOf(range)) : void 0;
		if (old === void 0) return void 0;
		const { relation } = old;
		const table = relation?.kind === "table" ? relation : void 0;
		if (table !== void 0 && !isOldColumn(scope, table, column)) return void 0;
		const released = relation === void 0 ? void 0 : scope.release.before.relations.get(relation.id);
		if (hasAliasView(scope, released === void 0 ? old.name : {
			schema: released.schema,
			name: released.name
		}, [column])) return void 0;
		const known = table?.columns.get(column);
		return {
			message: `Renaming ${column} of ${tableName(old.name)} to ${fresh} breaks the old code, or the new code, until the deploy is done.`,
			harm: `Queries that name ${column} fail as soon as it is renamed; those that name ${fresh} fail before.`,
			...known === void 0 ? {} : { instead: secondColumn({
				table: old.name,
				column,
				fresh,
				type: typeText(known.type)
			}) }
		};
	}
});
// src/lint/rules/renaming-table.ts
var renaming_table_default = defineRule({
	name: "renaming-table",
	group: "compatibility",
	severity: "error",
	problem: "From the rename to the end of the deploy, either the old code or the new code asks for a table that is not there.",
	remedy: "Leave a view under the old name in the same transaction, and drop it in a post migration.",
	because: "A query on the old name fails with 42P01 from the moment the rename is committed. A view that selects all columns of one table can be written like the table, ON CONFLICT and RETURNING included.",
	examples: {
		bad: [
			"alter table users rename to people",
			{ files: [{
				phase: "post",
				sql: "alter table users rename to people"
			}] },
			{ files: [{
				transaction: false,
				sql: "alter table users rename to people; create view users as select * from people"
			}] },
			"alter table if exists somewhere.unknown rename to known"
		],
		good: ["alter table users rename to people; create view users as select * from people", "create table carts (id bigint); alter table carts rename to baskets"]
	},
	on: "RenameStmt",
	check({ renameType, relation: range, newname = "" }, scope) {
		if (renameType !== "OBJECT_TABLE" && renameType !== "OBJECT_FOREIGN_TABLE") return void 0;
		const old = oldRelation(scope, nameOf(range));
		if (old === void 0 || old.relation?.kind === "index" || hasAliasView(scope, old.name, columnsOf$1(old.relation))) return void 0;
		const name = tableName(old.name);
		return {
			message: `Renaming ${name} to ${newname} breaks the old code, or the new code, until the deploy is done.`,
			harm: `Queries on ${name} fail as soon as it is renamed; those on ${newname} fail before.`,
			instead: aliasView(scope, scope.sql, old.name, {
				schema: old.name.schema,
				name: newname
			}, old.relation)
		};
	}
});
// src/lint/rules/require-batched-backfill.ts
const rule$12 = {
	name: "require-batched-backfill",
	group: "locks",
	severity: "warning",
	problem: "Every row that was written stays locked until the last one is, and the application waits for the rows that it needs.",
	remedy: "Write the rows in batches that commit as they go, in a post migration that runs outside a transaction.",
	because: "An UPDATE, DELETE or INSERT … SELECT is one transaction: its row locks, the dead rows that vacuum may not take away and the delay of replicas grow with the table. A DO block outside a transaction may COMMIT after each batch.",
	yieldsTo: ["ban-backfill-with-ddl", "ban-write-without-where"],
	examples: {
		bad: [
			"update users set nickname = lower(name) where nickname is null",
			"delete from orders where placed_at < now() - interval '5 years'",
			"update orders set state = 'paid' from users where users.id = orders.user_id and users.age > 90",
			"insert into orders (user_id, amount) select id, 1 from users",
			{ files: [{
				phase: "post",
				sql: "update users set age = 0 where age is null"
			}] },
			"do $$ begin update users set age = 0 where age is null; end $$"
		],
		good: [
			"update products set price = 10 where id = 7",
			"update users set age = 0 where email in ('a@example.org', 'b@example.org')",
			"delete from orders where id in (select id from orders where amount = 0 limit 1000)",
			"insert into products (id, title, price) values (1001, 'Tea', 2)",
			"create table carts (id bigint primary key); insert into carts select id from users; update carts set id = -id where id > 5",
			{ files: [{
				phase: "post",
				transaction: false,
				sql: "do $$ begin loop update users set age = 0 where id in (select id from users where age is null limit 1000); exit when not found; commit; end loop; end $$"
			}] },
			{ files: [{
				phase: "post",
				transaction: false,
				sql: "do $$ declare at bigint := 0; begin while at < 100000 loop update users set age = 0 where age is null and id >= at and id < at + 1000; commit; at := at + 1000; end loop; end $$"
			}] }
		]
	},
	on: [
		"UpdateStmt",
		"DeleteStmt",
		"InsertStmt",
		"MergeStmt"
	],
	check(_, scope) {
		const write = bulkWrite(scope);
		if (write === void 0) return void 0;
		const name = tableName(write.table);
		return {
			message: `This ${write.verb} writes the rows of ${name} in one go, however many there are.`,
			harm: `The application waits for rows of ${name} that are written already, until the last one is.`,
			instead: scope.nested ? [] : recipe(write, scope)
		};
	}
};
const integers = [
	"int2",
	"int4",
	"int8"
];
/** Batches by the primary key, where it is one number and the statement can be narrowed by adding to its end. */
function recipe({ table }, { statement: { node }, sql, schema }) {
	const change = "UpdateStmt" in node ? node.UpdateStmt : "DeleteStmt" in node ? node.DeleteStmt : void 0;
	const known = findTable(schema, table);
	if (change === void 0 || known === void 0 || change.returningClause !== void 0) return [];
	const { whereClause, relation } = change;
	if (whereClause !== void 0 && "BoolExpr" in whereClause && whereClause.BoolExpr.boolop === "OR_EXPR") return [];
	const [first, ...others] = indexesOf(schema, known).find(({ id }) => isPrimary(id, known.constraints.values()))?.keys ?? [];
	const type = known.columns.get(first?.column ?? "")?.type;
	if (first?.column === void 0 || others.length > 0 || type === void 0 || !integers.includes(type.name)) return [];
	const column = `${relation?.alias?.aliasname ?? tableName(table)}.${first.column}`;
	const batch = `${sql}\n      ${whereClause === void 0 ? "where" : "and"} ${column} >= at and ${column} < at + 10000`;
	return [{
		phase: "post",
		transactional: false,
		sql: [
			"do $$",
			"declare",
			`  at bigint := (select min(${first.column}) from ${tableName(table)});`,
			`  last bigint := (select max(${first.column}) from ${tableName(table)});`,
			"begin",
			"  while at <= last loop",
			`    ${batch};`,
			"    commit;",
			"    at := at + 10000;",
			"  end loop;",
			"end $$;"
		].join("\n")
	}];
}
function isPrimary(index, constraints) {
	return [...constraints].some((one) => one.kind === "primary" && one.index === index);
}
// src/lint/rules/require-compatible-column-type.ts
var require_compatible_column_type_default = defineRule({
	name: "require-compatible-column-type",
	group: "compatibility",
	severity: "error",
	phase: "pre",
	problem: "The code that still runs sends and reads the old type: its prepared queries fail, its driver reads other values, or its values no longer fit.",
	remedy: "Add a second column of the new type, keep both equal with a trigger, change the code over, and drop the old column in a later release.",
	because: "A prepared query whose result changes its type fails with \"cached plan must not change result type\"; a driver gives a bigint, a timestamptz or a jsonb to the program as something else than an int, a timestamp or a json.",
	yieldsTo: ["changing-column-type"],
	examples: {
		bad: [
			"alter table users alter column score type double precision",
			"alter table users alter column created_at type timestamptz",
			"alter table users alter column name type varchar(50)",
			"alter table somewhere.unknown alter column a type bigint"
		],
		good: [
			{ files: [{
				phase: "post",
				sql: "alter table orders alter column amount type bigint"
			}] },
			"alter table users alter column name type varchar(200)",
			"alter table users alter column name type text",
			"alter table users alter column score type numeric(12,2)",
			"alter table users alter column nickname type varchar",
			"alter table users add column rank int; alter table users alter column rank type bigint"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const altered = alteredOldTable(scope, alter);
		if (altered === void 0) return void 0;
		const { name, table, commands } = altered;
		if (!commands.some(({ subtype }) => subtype === "AT_AlterColumnType")) return void 0;
		const later = table === void 0 ? void 0 : tableById(schemaAfter(scope), table.id);
		return commands.flatMap(({ subtype, name: column = "" }, index) => {
			if (subtype !== "AT_AlterColumnType" || !isOldColumn(scope, table, column)) return [];
			const of = `${column} of ${tableName(name)}`;
			const [before, type] = [table, later].map((one) => one?.columns.get(column)?.type);
			if (before === void 0 || type === void 0) return {
				message: `${of} changes its type: the code that still runs sends and reads the old one.`,
				severity: "warning"
			};
			const change = compare(before, type);
			if (change === "compatible") return [];
			const [was, becomes] = [typeText(before), typeText(type)];
			return {
				message: change === "narrower" ? `${of} becomes ${becomes} and was ${was}: longer values that the code that still runs writes are refused.` : `${of} becomes ${becomes} and was ${was}: the code that still runs sends and reads the old type.`,
				severity: change === "other" ? "error" : "warning",
				instead: change === "narrower" ? movedToPost(scope, partAlter(scope, alter, (_, at) => at === index), "The code of this release writes no longer value; rows that do not fit are put right first.") : secondColumn({
					table: name,
					column,
					fresh: `${column}_new`,
					type: becomes
				})
			};
		});
	}
});
const texts = /* @__PURE__ */ new Set(["text", "varchar"]);
/** How clients see it: what they read looks the same, and what they write still fits. */
function compare(before, after) {
	if (before.array !== after.array) return "other";
	if (before.schema !== after.schema && before.schema !== void 0 && after.schema !== void 0) return "other";
	if (before.name !== after.name && !(texts.has(before.name) && texts.has(after.name))) return "other";
	return fits(before, after) ? "compatible" : "narrower";
}
function fits(before, after) {
	const [was, becomes] = [before.modifiers, after.modifiers];
	if (becomes.length === 0) return true;
	if (was.length === 0) return false;
	const [length = 0, scale = 0] = was;
	const [newLength = 0, newScale = 0] = becomes;
	return newScale >= scale && newLength - newScale >= length - scale;
}
// src/lint/rules/require-concurrent-index-creation.ts
var require_concurrent_index_creation_default = defineRule({
	name: "require-concurrent-index-creation",
	group: "locks",
	severity: "error",
	problem: "Every write to the table waits until the index is built.",
	remedy: "Use CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction.",
	because: "CREATE INDEX holds SHARE on its table from its first row to its last; inserts, updates and deletes need ROW EXCLUSIVE. On a partitioned table it holds it on every partition until the last one is done. CREATE INDEX CONCURRENTLY takes SHARE UPDATE EXCLUSIVE, which stops no write.",
	examples: {
		bad: [
			"create index orders_total_idx on orders (total)",
			"create unique index users_nickname_key on users (nickname)",
			"CREATE INDEX IF NOT EXISTS users_age_idx ON users USING btree (age DESC) WHERE age > 17",
			"create index on public.users (lower(email))",
			"create index sales_sold_idx on sales (sold)",
			"create index events_kind_idx on events (kind)"
		],
		good: [
			{ files: [{
				transaction: false,
				sql: "create index concurrently orders_total_idx on orders (total)"
			}] },
			"create table carts (id bigint primary key, user_id bigint); create index carts_user_id_idx on carts (user_id)",
			{ files: [{ sql: "create table carts (id bigint)" }, { sql: "create index carts_id_idx on carts (id)" }] },
			"create index if not exists users_name_idx on users (name)",
			"create index events_kind_idx on only events (kind)",
			"create temporary table picked (id bigint); create index picked_id_idx on picked (id)",
			{
				given: "create table visits (day date) partition by range (day)",
				files: [{ sql: "create index visits_day_idx on visits (day)" }]
			}
		]
	},
	on: "IndexStmt",
	check(index, scope) {
		if (index.concurrent === true) return void 0;
		const named = nameOf(index.relation);
		const target = findRelation(scope.schema, named);
		const isThere = index.if_not_exists === true && findRelation(scope.schema, {
			schema: target?.schema,
			name: index.idxname ?? ""
		});
		if (scope.isNew(target) || isThere || target?.kind === "table" && target.persistence === "temporary") return void 0;
		const name = tableName(named);
		const text = indexText(scope, index.relation?.location ?? 0);
		const on = writtenRelation(named);
		const what = index.idxname ? `the index ${index.idxname}` : "an index";
		if (target?.kind === "table" && target.form === "partitioned") {
			if (index.relation?.inh !== true || target.children.size === 0 && target.complete) return void 0;
			return {
				message: `Building ${what} on ${name} holds back every write to all of its partitions until the last of them is done.`,
				harm: `Every INSERT, UPDATE and DELETE on ${name} and its partitions waits.`,
				instead: partitionedIndexFiles(text, target, on, scope)
			};
		}
		const instead = [alone(scope.phase, createIndex(text, scope, {
			on,
			concurrent: true
		}))];
		if (target?.kind === "view") return {
			message: `Building ${what} on the materialized view ${name} holds back every REFRESH of it until the index is built.`,
			harm: `Every REFRESH MATERIALIZED VIEW ${name} waits; queries do not.`,
			severity: "warning",
			instead
		};
		return {
			message: `Building ${what} on ${name} holds back every write to it until the index is built.`,
			harm: `Every INSERT, UPDATE and DELETE on ${name} waits.`,
			instead
		};
	}
});
// src/lint/rules/require-concurrent-index-deletion.ts
var require_concurrent_index_deletion_default = defineRule({
	name: "require-concurrent-index-deletion",
	group: "locks",
	severity: "warning",
	problem: "Every query on the table waits behind the drop, which itself waits for every transaction that has touched the table.",
	remedy: "Use DROP INDEX CONCURRENTLY, one index in a migration of its own that runs outside a transaction.",
	because: "DROP INDEX takes ACCESS EXCLUSIVE on the index and on its table. With CONCURRENTLY it takes SHARE UPDATE EXCLUSIVE and waits for old transactions without holding anybody back. It takes one index at a time, no CASCADE, no index of a constraint and none of a partitioned table.",
	examples: {
		bad: ["drop index users_name_idx", { files: [{
			phase: "post",
			sql: "DROP INDEX IF EXISTS public.users_name_idx, orders_user_id_idx"
		}] }],
		good: [
			{ files: [{
				phase: "post",
				transaction: false,
				sql: "drop index concurrently users_name_idx"
			}] },
			"create table carts (id bigint); create index carts_id_idx on carts (id); drop index carts_id_idx",
			{
				given: "create index events_kind_idx on events (kind)",
				files: [{
					phase: "post",
					sql: "drop index events_kind_idx"
				}]
			},
			{
				given: "alter table users add constraint users_name_key unique (name)",
				files: [{
					phase: "post",
					sql: "alter table users drop constraint users_name_key"
				}]
			}
		]
	},
	on: "DropStmt",
	check({ removeType, objects, concurrent, missing_ok }, scope) {
		if (removeType !== "OBJECT_INDEX" || concurrent === true) return void 0;
		const old = (objects ?? []).map((object) => nameOfWords(wordsOf(object))).filter((name) => {
			const index = findRelation(scope.schema, name);
			if (index?.kind !== "index") return index === void 0;
			const target = scope.schema.relations.get(index.table);
			return !(target?.kind === "table" && target.form === "partitioned") && index.constraint === void 0 && !scope.isNew(target);
		});
		if (old.length === 0) return void 0;
		const kw = wordsLike(scope);
		return {
			message: `Dropping ${old.map(tableName).join(", ")} locks ${tablesOf(old).join(" and ")} against every reader and writer.`,
			instead: old.map((name) => alone("post", missing_ok === true ? kw`drop index concurrently if exists ${writtenRelation(name)}` : kw`drop index concurrently ${writtenRelation(name)}`))
		};
		function tablesOf(names) {
			const tables = names.map((name) => {
				const index = findRelation(scope.schema, name);
				return (index?.kind === "index" ? scope.schema.relations.get(index.table)?.name : void 0) ?? `the table of ${tableName(name)}`;
			});
			return [...new Set(tables)];
		}
	}
});
// src/lint/rules/require-concurrent-partition-detach.ts
var require_concurrent_partition_detach_default = defineRule({
	name: "require-concurrent-partition-detach",
	group: "locks",
	severity: "warning",
	problem: "Every query of the partitioned table waits until the transaction that detaches a part of it has ended.",
	remedy: "Use DETACH PARTITION … CONCURRENTLY, in a migration of its own that runs outside a transaction.",
	because: "DETACH PARTITION takes ACCESS EXCLUSIVE on the parent and the partition. CONCURRENTLY, from version 14 on, takes SHARE UPDATE EXCLUSIVE on the parent; it is refused when the parent has a default partition.",
	examples: {
		bad: ["alter table events detach partition events_2025"],
		good: [
			{ files: [{
				transaction: false,
				sql: "alter table events detach partition events_2025 concurrently"
			}] },
			{
				postgres: 13,
				files: [{ sql: "alter table events detach partition events_2025" }]
			},
			{
				given: "create table events_rest partition of events default",
				files: [{ sql: "alter table events detach partition events_2025" }]
			},
			"create table logs (at date) partition by range (at); create table logs_1 partition of logs for values from ('2025-01-01') to ('2026-01-01'); alter table logs detach partition logs_1"
		]
	},
	on: "AlterTableStmt",
	check({ relation, cmds }, scope) {
		const [detach] = nodesOf(cmds, "AlterTableCmd").filter(({ subtype }) => subtype === "AT_DetachPartition");
		const command = detach?.def !== void 0 && "PartitionCmd" in detach.def ? detach.def.PartitionCmd : void 0;
		if (command === void 0 || command.concurrent === true || scope.postgres < 14 || !isUsedTable(relation, scope)) return void 0;
		if ([...findTable(scope.schema, nameOf(relation))?.children ?? []].some((id) => tableById(scope.schema, id)?.partitionOf?.bound.isDefault)) return void 0;
		const [name, part] = [relation, command.name].map((range) => tableName(nameOf(range)));
		return {
			message: `Detaching ${part} holds back every query of ${name} until the transaction ends.`,
			instead: [{
				phase: scope.phase,
				transactional: false,
				sql: `alter table ${name} detach partition ${part} concurrently;`
			}]
		};
	}
});
// src/lint/rules/require-concurrent-refresh.ts
var require_concurrent_refresh_default = defineRule({
	name: "require-concurrent-refresh",
	group: "locks",
	severity: "error",
	problem: "Nobody reads the materialized view until its query has ended.",
	remedy: "Use REFRESH MATERIALIZED VIEW CONCURRENTLY; the view needs a unique index over whole columns for it.",
	because: "A plain REFRESH holds ACCESS EXCLUSIVE while it runs the query and builds the indexes anew; CONCURRENTLY holds EXCLUSIVE, which lets readers go on, and may run inside a transaction. It works on a view that was filled before.",
	examples: {
		bad: [
			"refresh materialized view sales",
			"refresh materialized view sales with no data",
			"do $$ begin refresh materialized view sales; end $$"
		],
		good: ["refresh materialized view concurrently sales", "create materialized view totals as select sum(total) as total from orders; refresh materialized view totals"]
	},
	on: "RefreshMatViewStmt",
	check({ relation, concurrent, skipData }, scope) {
		const view = findRelation(scope.schema, nameOf(relation));
		if (concurrent === true || !isUsed$1(view ?? {
			kind: "unknown",
			...nameOf(relation)
		}, scope)) return void 0;
		const name = tableName(nameOf(relation));
		if (skipData === true) return { message: `WITH NO DATA empties ${name}: every query of it fails until it is filled again.` };
		if (view?.kind === "view" && (!view.populated || view.form === "view")) return void 0;
		const needsIndex = view?.kind === "view" && !hasWholeKey(scope.schema, view);
		return {
			message: `Refreshing ${name} holds back every query of it until its rows are computed.${needsIndex ? ` CONCURRENTLY needs a unique index on ${name} first.` : ""}`,
			...needsIndex ? {} : { replacement: `refresh materialized view concurrently ${name}` }
		};
	}
});
/** Whether rows can be told from each other by an index over plain columns and all rows. */
function hasWholeKey(schema, view) {
	return [...schema.relations.values()].some((one) => one.kind === "index" && one.table === view.id && one.unique && one.predicate === void 0 && one.keys.every(({ column }) => column !== void 0));
}
// src/lint/rules/require-concurrent-reindex.ts
const objects = {
	REINDEX_OBJECT_SCHEMA: "the schema",
	REINDEX_OBJECT_DATABASE: "the database"
};
var require_concurrent_reindex_default = defineRule({
	name: "require-concurrent-reindex",
	group: "locks",
	severity: "error",
	problem: "Every write to the table, and every query that looks at its indexes, waits until they are built again.",
	remedy: "Use REINDEX … CONCURRENTLY, in a migration of its own that runs outside a transaction.",
	because: "REINDEX holds SHARE on the table and ACCESS EXCLUSIVE on each index that it builds; planning any query opens every index of its tables. CONCURRENTLY, since PostgreSQL 12, takes SHARE UPDATE EXCLUSIVE; the catalogs themselves and indexes of exclusion constraints have no such way.",
	examples: {
		bad: [
			"reindex table orders",
			"REINDEX (VERBOSE) INDEX users_name_idx",
			{ files: [{
				transaction: false,
				sql: "reindex schema public"
			}] }
		],
		good: [
			{ files: [{
				transaction: false,
				sql: "reindex table concurrently orders"
			}] },
			{ files: [{
				transaction: false,
				sql: "reindex (concurrently, verbose) index users_name_idx"
			}] },
			"create table carts (id bigint primary key); reindex table carts"
		]
	},
	on: "ReindexStmt",
	check({ kind = "", relation, params, name }, scope) {
		if (hasOption(params, "concurrently") || kind === "REINDEX_OBJECT_SYSTEM") return void 0;
		const found = relation === void 0 ? void 0 : findRelation(scope.schema, nameOf(relation));
		const target = found?.kind === "index" ? scope.schema.relations.get(found.table) : found;
		if (scope.isNew(target) || isExclusion(found, scope)) return void 0;
		return {
			message: `Rebuilding the indexes of ${relation === void 0 ? `${objects[kind] ?? ""} ${name ?? ""}`.trim() : tableName(nameOf(relation))} holds back every write, and the queries that would use them, until it is done.`,
			instead: [alone(scope.phase, concurrentReindex(scope))]
		};
	}
});
function isExclusion(found, { schema }) {
	if (found?.kind !== "index" || found.constraint === void 0) return false;
	const table = schema.relations.get(found.table);
	return table?.kind === "table" && table.constraints.get(found.constraint)?.kind === "exclusion";
}
/** CONCURRENTLY stands behind INDEX, TABLE, SCHEMA or DATABASE, the first word behind REINDEX and its options. */
function concurrentReindex(scope) {
	const text = new StatementText(scope);
	const close = text.tokens[1]?.text === "(" ? text.tokens.findIndex(({ text: word }) => word === ")") : 0;
	const object = text.tokens[close + 1]?.end ?? 0;
	const end = text.tokens.at(-1)?.end ?? object;
	return `${text.cut(0, object)}${wordsLike(scope)` concurrently`} ${text.cut(object, end)}`;
}
// src/lint/compatibility/late-constraint.ts
/** NOT NULL behind the deploy, without a lock during the scan. */
function lateNotNull(table, column, before, scope) {
	return notNullFiles({
		sql: writtenRelation(table),
		table: table.name,
		column
	}, "post", scope, before);
}
/** A constraint behind the deploy: rows are looked at in a file of their own. `add` is the whole ALTER TABLE. */
function validatedFiles(table, add, name, before) {
	if (name === void 0) return [{
		phase: "post",
		transactional: true,
		sql: `${add};`,
		note: before
	}];
	return [{
		phase: "post",
		transactional: true,
		sql: `${add} not valid;`,
		note: before
	}, {
		phase: "post",
		transactional: true,
		sql: `alter table ${writtenRelation(table)} validate constraint ${written(name)};`,
		note: "A file behind the one before: the scan then holds back nobody."
	}];
}
/** A unique constraint behind the deploy: its index is built beside the traffic. */
function uniqueFiles(table, columns, name, kind, before) {
	const [on, word] = [writtenRelation(table), written(name)];
	return [{
		phase: "post",
		transactional: false,
		sql: `create unique index concurrently ${word} on ${on} (${columns.map(written).join(", ")});`,
		note: before
	}, {
		phase: "post",
		transactional: true,
		sql: `alter table ${on} add constraint ${word} ${kind} using index ${word};`,
		note: "A file behind the one before."
	}];
}
// src/lint/rules/require-default-on-required-column.ts
var require_default_on_required_column_default = defineRule({
	name: "require-default-on-required-column",
	group: "compatibility",
	severity: "error",
	phase: "pre",
	problem: "The code that still runs does not know the column and leaves it out, and its inserts fail.",
	remedy: "Keep a default until no old code is left, or add the column without NOT NULL and make it NOT NULL in a post migration.",
	because: "An insert that leaves out a NOT NULL column without a default fails with 23502.",
	yieldsTo: ["adding-required-field"],
	examples: {
		bad: [
			{
				fails: true,
				files: [{ sql: "alter table users add column kind text not null" }]
			},
			"alter table users add column kind text not null default 'a'; alter table users alter column kind drop default",
			"alter table users add column kind text; update users set kind = 'a'; alter table users alter column kind set not null",
			{ files: [{ sql: "alter table users add column kind text; update users set kind = 'a'" }, { sql: "alter table users alter column kind set not null" }] }
		],
		good: [
			"alter table users add column kind text not null default 'a'",
			"alter table users add column kind text",
			"alter table users add column serial_number bigserial not null",
			"alter table users add column number bigint generated always as identity",
			"alter table users add column shout text generated always as (upper(email)) stored not null",
			"alter table users add column kind text default 'a'; alter table users alter column kind set not null",
			{ files: [
				{ sql: "alter table users add column kind text" },
				{
					phase: "post",
					sql: "update users set kind = 'a' where kind is null"
				},
				{
					phase: "post",
					sql: "alter table users alter column kind set not null"
				}
			] },
			"create table carts (id bigint); alter table carts add column kind text not null"
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const altered = alteredOldTable(scope, alter);
		if (altered === void 0) return void 0;
		const { name, table, commands } = altered;
		const suspects = commands.flatMap((command) => columnsOf(command).map((column) => ({
			column,
			command
		})));
		if (suspects.length === 0) return void 0;
		const [after, later] = table === void 0 ? [] : [schemaAfter(scope), schemaWhenDone(scope)].map((one) => tableById(one, table.id));
		const required = suspects.filter(({ column, command }) => table === void 0 ? isRequired(command) : isNewColumn(scope, table, column) && [after, later].every((one) => lacksDefault(one, column)));
		if (required.length === 0 || hasNewTrigger(scope, later)) return void 0;
		const columns = listed(required.map(({ column }) => column));
		return {
			message: `Inserts of the old code into ${tableName(name)} leave out ${columns}, which is NOT NULL and has no default: they fail.`,
			harm: `Every INSERT of the old code into ${tableName(name)} fails until the deploy is done.`,
			instead: required.flatMap(({ column, command }) => files(column, command))
		};
		function files(column, command) {
			const { subtype } = command;
			if (subtype === "AT_ColumnDefault") return movedToPost(scope, partAlter(scope, alter, (one) => one === command), `The code of this release writes ${column} in every insert.`);
			const type = subtype === "AT_AddColumn" ? later?.columns.get(column)?.type : void 0;
			const sql = type === void 0 ? void 0 : `alter table ${writtenRelation(name)} add column ${written(column)} ${typeText(type)};`;
			const note = `The code of this release writes ${column} in every insert.`;
			return [...sql === void 0 ? [] : [{
				phase: "pre",
				transactional: true,
				sql,
				note
			}], ...lateNotNull(name, column, `Fill ${column} in the rows that have none, in batches.`, scope)];
		}
	}
});
/** Columns that a command may make required. */
function columnsOf({ subtype, name = "", def }) {
	if (subtype === "AT_AddColumn") return def !== void 0 && "ColumnDef" in def ? [def.ColumnDef.colname ?? ""] : [];
	if (subtype === "AT_SetNotNull") return [name];
	if (subtype === "AT_ColumnDefault") return def === void 0 ? [name] : [];
	if (subtype !== "AT_AddConstraint" || def === void 0 || !("Constraint" in def)) return [];
	const { contype, keys } = def.Constraint;
	return contype === "CONSTR_PRIMARY" || contype === "CONSTR_NOTNULL" ? wordsOf(keys) : [];
}
/** Of a table that is not known: the column's definition alone tells. */
function isRequired({ subtype, def }) {
	if (subtype !== "AT_AddColumn" || def === void 0 || !("ColumnDef" in def)) return false;
	const kinds = constraintsOf(def.ColumnDef.constraints).map(({ contype }) => contype ?? "");
	const isFilled = kinds.some((kind) => [
		"CONSTR_DEFAULT",
		"CONSTR_IDENTITY",
		"CONSTR_GENERATED"
	].includes(kind));
	return kinds.some((kind) => ["CONSTR_NOTNULL", "CONSTR_PRIMARY"].includes(kind)) && !isFilled && !wordsOf(def.ColumnDef.typeName?.names).some((word) => word.includes("serial"));
}
function isNewColumn(scope, table, column) {
	return table.columns.has(column) ? !isOldColumn(scope, table, column) : true;
}
function lacksDefault(later, name) {
	const column = later?.columns.get(name);
	if (column === void 0 || column.default !== void 0 || column.generated !== void 0 || column.identity !== void 0) return false;
	const isChecked = [...later?.constraints.values() ?? []].some((one) => one.kind === "not-null" && one.column === name);
	return (column.notNull || isChecked) && !column.type.serial;
}
/** A trigger of this release may fill the column: its text does not tell. */
function hasNewTrigger(scope, later) {
	const released = tableById(scope.release.before, later?.id);
	return [...later?.triggers.keys() ?? []].some((trigger) => released?.triggers.has(trigger) === false);
}
// src/lint/rules/require-dependents-first.ts
var require_dependents_first_default = defineRule({
	name: "require-dependents-first",
	group: "compatibility",
	severity: "error",
	problem: "The migration fails in the middle of the release, since something else still needs what it takes away.",
	remedy: "Take away what depends on it first, by name, and make again what is still needed.",
	because: "Without CASCADE the server refuses to drop what a view, a foreign key or a generated column uses (2BP01), and to change the type of a column that a view uses (0A000).",
	examples: {
		bad: [
			{
				fails: true,
				files: [{
					phase: "post",
					sql: "alter table users drop column email"
				}]
			},
			{
				fails: true,
				files: [{
					phase: "post",
					sql: "drop table orders"
				}]
			},
			{
				fails: true,
				files: [{
					phase: "post",
					sql: "drop table users"
				}]
			},
			{
				fails: true,
				files: [{
					phase: "post",
					sql: "alter table users alter column email type varchar(200)"
				}]
			},
			{
				fails: true,
				files: [{
					phase: "post",
					sql: "alter table users drop constraint users_pkey"
				}]
			},
			{
				fails: true,
				files: [{
					phase: "post",
					sql: "drop type order_state"
				}]
			},
			{
				fails: true,
				given: "create schema billing; create table billing.bills (id int)",
				files: [{
					phase: "post",
					sql: "drop schema billing"
				}]
			}
		],
		good: [
			{ files: [{
				phase: "post",
				sql: "drop view active_users; alter table users drop column age"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table users drop column nickname"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table orders drop constraint orders_user_id_fkey; alter table users drop constraint users_pkey"
			}] },
			{ files: [{
				phase: "post",
				sql: "drop materialized view sales; drop table orders"
			}] },
			{ files: [{
				phase: "post",
				sql: "drop table products"
			}] },
			"create table a (id int primary key); create table b (a int references a); drop table a, b"
		]
	},
	on: ["DropStmt", "AlterTableStmt"],
	check(statement, scope) {
		if ("cmds" in statement) {
			const table = findTable(scope.schema, nameOf(statement.relation));
			if (table === void 0) return void 0;
			return nodesOf(statement.cmds, "AlterTableCmd").flatMap((command) => {
				if (command.behavior === "DROP_CASCADE") return [];
				const found = dependentsOfCommand(scope.schema, table, command);
				const does = command.subtype === "AT_AlterColumnType" ? "The type cannot change" : "The drop fails";
				return found.length === 0 ? [] : problem$2(scope, `${does}: ${listed(found.map(({ what }) => what))} still uses ${command.name} of ${table.name}.`, found);
			});
		}
		if (!("removeType" in statement) || statement.behavior === "DROP_CASCADE") return void 0;
		const found = dependentsOfDrop(scope.schema, statement);
		if (found.length === 0) return void 0;
		return problem$2(scope, `The drop of ${listed(objectsText(statement.objects))} fails: ${listed(found.map(({ what }) => what))} still depends on it.`, found);
	}
});
function problem$2(scope, message, found) {
	return {
		message,
		instead: [{
			phase: scope.phase,
			transactional: scope.file.migration.transactional,
			sql: statementsText([...found.map(({ drop }) => drop), scope.sql]),
			note: scope.phase === "pre" ? "Make again, behind it, what the old code still uses." : "Make again, behind it, what the new code still uses."
		}]
	};
}
// src/lint/rules/require-down.ts
const rule$11 = {
	name: "require-down",
	group: "data",
	severity: "warning",
	problem: "Whoever has to take the migration back in a hurry writes the statements for it then, untried.",
	remedy: "Write the way back beside the migration, or switch this rule off where a team only ever goes forward.",
	because: "A rollback to code that does not run on the new schema needs the schema taken back first; PostgreSQL keeps no record from which the statements could be made.",
	examples: {
		bad: [
			"alter table users add column phone text",
			{ files: [{
				sql: "alter table users add column phone text",
				down: "-- not yet"
			}] },
			{ files: [{ sql: "update users set nickname = name where nickname is null" }] }
		],
		good: [
			{ files: [{
				sql: "alter table users add column phone text",
				down: "alter table users drop column phone"
			}] },
			"analyze users",
			{ files: [{
				phase: "post",
				sql: "alter table users drop column nickname"
			}] }
		]
	},
	checkRelease(scope) {
		const place = scope.layout.down;
		if (place === void 0) return [];
		return judgeFiles(scope).flatMap(({ file, judgement }) => {
			if (judgement?.wayBack.kind !== "missing" || isRepeatable$1(file.migration) || file.up.statements.every(changesNothing)) return [];
			return [{
				...downPlace(file),
				message: missing(file, place),
				...file.up.statements.every(changesRows) ? { severity: "advice" } : {}
			}];
		});
	}
};
function missing({ migration, down }, place) {
	if ("section" in place) return `${migration.id} has no statement under "${place.section}": nothing takes it back.`;
	return down === void 0 ? `${migration.id} has no way back: there is no ${place.beside(migration.path)}.` : `${migration.downPath} holds no statement: nothing takes ${migration.id} back.`;
}
const lookers = [
	"VacuumStmt",
	"ReindexStmt",
	"ClusterStmt",
	"RefreshMatViewStmt",
	"VariableSetStmt",
	"TransactionStmt",
	"CheckPointStmt"
];
const writers = [
	"InsertStmt",
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt",
	"TruncateStmt",
	"SelectStmt",
	"CopyStmt"
];
/** Leaves objects and rows as they are, or makes the same of them again. */
function changesNothing({ node }) {
	if ("AlterTableStmt" in node) return node.AlterTableStmt.cmds?.every((one) => "AlterTableCmd" in one && one.AlterTableCmd.subtype === "AT_ValidateConstraint") === true;
	return lookers.some((kind) => kind in node);
}
function changesRows(statement) {
	return changesNothing(statement) || writers.some((kind) => kind in statement.node);
}
// src/lint/rules/require-foreign-key-drop-first.ts
var require_foreign_key_drop_first_default = defineRule({
	name: "require-foreign-key-drop-first",
	group: "locks",
	severity: "warning",
	problem: "Nobody can read or write the tables that it refers to while the statement waits for the last of them.",
	remedy: "Drop its foreign keys first, each in a migration of its own, and then the table.",
	because: "DROP TABLE takes ACCESS EXCLUSIVE on the table and on every table that its foreign keys refer to, one after the other, and holds them together.",
	examples: {
		bad: [{
			given: "alter table orders add constraint orders_product_fk foreign key (product_id) references products",
			files: [{
				phase: "post",
				sql: "drop table orders cascade"
			}]
		}, {
			given: "create table likes (user_id bigint references users, product_id int references products)",
			files: [{
				phase: "post",
				sql: "DROP TABLE IF EXISTS likes"
			}]
		}],
		good: [
			{
				given: "create table likes (user_id bigint references users)",
				files: [{
					phase: "post",
					sql: "drop table likes"
				}]
			},
			{
				given: "create table likes (user_id bigint references users, product_id int references products)",
				files: [
					{
						phase: "post",
						sql: "alter table likes drop constraint likes_user_id_fkey"
					},
					{
						phase: "post",
						sql: "alter table likes drop constraint likes_product_id_fkey"
					},
					{
						phase: "post",
						sql: "drop table likes"
					}
				]
			},
			"create table likes (user_id bigint references users, product_id int references products); drop table likes"
		]
	},
	on: "DropStmt",
	check({ removeType, objects }, scope) {
		if (removeType !== "OBJECT_TABLE") return void 0;
		const keys = (objects ?? []).flatMap((object) => {
			const table = findTable(scope.schema, nameOfWords(wordsOf(object)));
			return table === void 0 || scope.isNew(table) ? [] : keysOf(table, scope);
		});
		const partners = [...new Set(keys.map(({ partner }) => partner))];
		if (partners.length < 2) return void 0;
		const kw = wordsLike(scope);
		return {
			message: `Dropping ${(objects ?? []).map((object) => tableName(nameOfWords(wordsOf(object)))).join(", ")} locks ${partners.join(" and ")} together against every reader and writer.`,
			instead: [...keys.map(({ table, key }) => transaction("post", kw`alter table ${writtenRelation({
				schema: table.schema === "public" ? void 0 : table.schema,
				name: table.name
			})} drop constraint ${written(key.name)}`)), transaction("post", scope.sql)]
		};
	}
});
/** Foreign keys to other tables that are in use. */
function keysOf(table, scope) {
	return [...table.constraints.values()].flatMap((key) => {
		if (key.kind !== "foreign" || key.references.id === table.id) return [];
		return scope.isNew(tableById(scope.schema, key.references.id)) ? [] : [{
			table,
			key,
			partner: key.references.name.name
		}];
	});
}
// src/lint/rules/require-foreign-key-index.ts
var require_foreign_key_index_default = {
	name: "require-foreign-key-index",
	group: "locks",
	severity: "warning",
	problem: "Every DELETE and every change of a key in the other table reads this whole table, once for each row.",
	remedy: "Add an index that begins with the columns of the foreign key, in a migration of the same release.",
	because: "PostgreSQL makes no index for a foreign key. To delete or change a row that is referred to it looks for rows that refer to it, and without an index whose first columns are those of the key it reads the table from one end to the other, with the lock on the deleted row held.",
	examples: {
		bad: [
			"alter table orders add constraint orders_product_fk foreign key (product_id) references products not valid",
			"create table carts (id bigint primary key, user_id bigint references users (id))",
			"create table carts (id bigint primary key, user_id bigint references users (id)); create index carts_open_idx on carts (user_id) where id > 5",
			"create table carts (id bigint primary key, user_id bigint references users (id)); create index carts_user_idx on carts (id, user_id)"
		],
		good: [
			"create table carts (id bigint primary key, user_id bigint references users (id)); create index on carts (user_id)",
			"create table carts (id bigint primary key, user_id bigint references users (id)); create index on carts (user_id) where user_id is not null",
			"create table profiles (user_id bigint primary key references users (id))",
			{ files: [{ sql: "alter table orders add foreign key (product_id) references products not valid" }, {
				transaction: false,
				phase: "post",
				sql: "create index concurrently orders_product_id_idx on orders (product_id, state)"
			}] },
			{
				given: "create table tags (shop int, name text, primary key (shop, name)); create table taggings (name text, shop int); create index on taggings (name, shop)",
				files: [{ sql: "alter table taggings add foreign key (shop, name) references tags not valid" }]
			},
			"create table carts (id bigint primary key, user_id bigint references users (id)); alter table carts drop column user_id"
		]
	},
	checkRelease(scope) {
		return newForeignKeys(scope).filter(({ table, key }) => table.complete && !indexesOf(scope.after, table).some((index) => serves(index, key, table))).map(({ table, key, file, offset }) => ({
			path: file.migration.path,
			offset,
			message: `The foreign key ${key.name} of ${table.name} (${key.columns.join(", ")}) has no index, so that a DELETE in ${key.references.name.name} reads all of ${table.name}.`,
			instead: remedyFiles(table, key, scope)
		}));
	}
};
/** Whether looking up the key's columns can go by the index. */
function serves({ keys, predicate, valid, method }, key, table) {
	const isLeading = keys.slice(0, key.columns.length).every(({ column, collation }) => column !== void 0 && key.columns.includes(column) && (collation === void 0 || collation === table.columns.get(column)?.collation));
	return valid && isLeading && method !== "brin" && method !== "gin" && (predicate === void 0 || holdsForKey(predicate, key));
}
/** A row that is looked up has no null in the key. */
function holdsForKey(predicate, { columns }) {
	if (!("NullTest" in predicate) || predicate.NullTest.nulltesttype !== "IS_NOT_NULL") return false;
	const { arg } = predicate.NullTest;
	return arg !== void 0 && "ColumnRef" in arg && columns.includes(wordsOf(arg.ColumnRef.fields).at(-1) ?? "");
}
function remedyFiles(table, { columns }, { before, files, after }) {
	const name = nameFrom(table.name, ...columns, "idx");
	const on = writtenRelation({
		schema: table.schema === "public" ? void 0 : table.schema,
		name: table.name
	});
	const list = writtenList(columns);
	if (!before.relations.has(table.id)) return [transaction("pre", `create index ${written(name)} on ${on} (${list})`, "In the file that makes the table.")];
	if (table.form !== "partitioned") return [alone("pre", `create index concurrently ${written(name)} on ${on} (${list})`)];
	return partitionedIndexFiles({
		unique: false,
		name: written(name),
		tail: `(${list})`
	}, table, on, {
		schema: after,
		phase: "pre",
		sql: "",
		postgres: 0,
		files
	});
}
// src/lint/rules/require-ignore-reason.ts
var require_ignore_reason_default = {
	name: "require-ignore-reason",
	group: "robustness",
	severity: "error",
	problem: "Whoever reads the migration later cannot tell whether the danger was seen or only silenced.",
	remedy: "Write why behind a colon: -- shiplock-ignore rule: reason.",
	because: "A comment without a reason accepts nothing; those written for squawk need none.",
	examples: {
		bad: ["-- shiplock-ignore require-concurrent-index-creation\ncreate index orders_total_idx on orders (total)"],
		good: ["-- shiplock-ignore require-concurrent-index-creation: nobody writes orders on Sundays\ncreate index orders_total_idx on orders (total)", "-- squawk-ignore require-concurrent-index-creation\ncreate index orders_total_idx on orders (total)"]
	},
	on: "comments"
};
// src/lint/rules/require-inverse-down.ts
const rule$10 = {
	name: "require-inverse-down",
	group: "data",
	severity: "warning",
	problem: "After the way back the schema is one that no release was ever tested on, and the migration may fail when it runs again.",
	remedy: "Let the way back drop what the migration makes and make again what it drops, in the opposite order.",
	because: "The way back is replayed behind its migration, on a model of the schema; both schemas are compared by tables, columns with type, default and NOT NULL, constraints, indexes and the rest.",
	examples: {
		bad: [
			{ files: [{
				sql: "alter table users add column phone text, add column fax text",
				down: "alter table users drop column phone"
			}] },
			{ files: [{
				sql: "create index orders_total_idx on orders (total)",
				down: "drop index if exists orders_total_index"
			}] },
			{ files: [{
				sql: "alter table users alter column nickname set not null",
				down: "alter table users alter column name drop not null"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table users drop column name",
				down: "alter table users add column name text"
			}] }
		],
		good: [
			{ files: [{
				sql: "create table carts (id bigint primary key); create index carts_id_idx on carts (id)",
				down: "drop table carts"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table users drop column name",
				down: "alter table users add column name varchar(100); create index users_name_idx on users (name)"
			}] },
			{ files: [{
				sql: "alter table users rename column name to label",
				down: "alter table users rename column label to name"
			}] },
			"alter table users add column phone text",
			{
				given: "create table steps (id bigserial primary key, name text)",
				files: [{
					phase: "post",
					sql: "alter table steps rename to steps_old; create table steps (name text primary key); insert into steps select name from steps_old; drop table steps_old",
					down: "alter table steps rename to steps_old; create table steps (id bigserial primary key, name text); insert into steps (name) select name from steps_old; drop table steps_old"
				}]
			},
			{
				given: "create table carts (id bigint primary key); create table cart_items (cart_id bigint primary key references carts (id))",
				files: [{
					phase: "post",
					sql: "drop table cart_items; drop table carts",
					down: "create table carts (id bigint primary key); create table cart_items (cart_id bigint primary key references carts (id))"
				}]
			}
		]
	},
	checkRelease: (scope) => judgeFiles(scope).flatMap(({ file, judgement }) => {
		const remainders = judgement?.remainders ?? [];
		if (remainders.length === 0) return [];
		const message = `The way back of ${file.migration.id} does not undo it: ${enumerate(remainders.map(remainderText))}.`;
		return [{
			...downPlace(file),
			message
		}];
	})
};
function remainderText({ object, state }) {
	const verb = {
		"left over": "stays behind",
		missing: "is missing",
		different: "is not as it was"
	}[state];
	return `${objectName(object)} ${verb}`;
}
// src/lint/timeouts.ts
/** Whether a limit holds where a statement runs: a statement of the file before it has set it. */
function isLimited(setting, scope) {
	const { file, index, inTransaction } = scope;
	const before = file.up.statements.slice(0, index).map(({ node }) => node);
	const inside = scope.earlier.filter(({ nested }) => nested).map(({ statement }) => statement.node);
	const last = [...before, ...inside].flatMap((node) => "VariableSetStmt" in node ? [node.VariableSetStmt] : []).findLast(({ name }) => name === setting);
	return last !== void 0 && last.kind === "VAR_SET_VALUE" && (last.is_local !== true || inTransaction) && !isZero(last);
}
/** Zero switches the limit off, with and without a unit. */
function isZero({ args }) {
	const [value] = args ?? [];
	if (value === void 0 || !("A_Const" in value)) return false;
	const { ival, sval } = value.A_Const;
	return ival !== void 0 ? (ival.ival ?? 0) === 0 : Number.parseFloat(sval?.sval ?? "") === 0;
}
// src/lint/rules/require-lock-timeout.ts
const rule$9 = {
	name: "require-lock-timeout",
	aliases: ["require-timeout-settings"],
	group: "locks",
	severity: "warning",
	optIn: true,
	problem: "While the statement waits for its lock, everybody else who wants the table waits behind it.",
	remedy: "Begin the file with SET LOCAL lock_timeout = '2s', and run it again when it fails.",
	because: "A lock that is waited for stands in the queue like one that is held. Shiplock sets a limit for every statement and tries again by itself: the rule is for files that another program runs as well. CONCURRENTLY waits by design, and a limit would only leave an invalid index.",
	examples: {
		bad: [
			"alter table users add column points int",
			"set lock_timeout = '0'; alter table users add column points int",
			"alter table users add column points int; set lock_timeout = '2s'",
			"create index orders_total_idx on orders (total)"
		],
		good: [
			"set local lock_timeout = '2s'; alter table users add column points int",
			"set lock_timeout = 2000; alter table users add column points int; alter table orders add column note text",
			"create table carts (id bigint); alter table carts add column note text",
			{ files: [{
				transaction: false,
				sql: "create index concurrently orders_total_idx on orders (total)"
			}] }
		]
	},
	on: "every-statement",
	check(_, scope) {
		const lock = unlimited$1(scope);
		if (lock === void 0 || scope.earlier.some((one) => unlimited$1(one) !== void 0)) return void 0;
		return { message: `Nothing limits how long this waits for ${modeInSql(lock.mode)} on ${relationName$1(lock.relation)}.` };
	}
};
function unlimited$1(scope) {
	return waitsByDesign(scope.statement) || isLimited("lock_timeout", scope) ? void 0 : strongLocks(scope)[0];
}
// src/lint/rules/require-migration-name.ts
const rule$8 = {
	name: "require-migration-name",
	group: "robustness",
	severity: "warning",
	problem: "The file is passed over without a word, and the release goes out without its change.",
	remedy: "Give the name the ending .sql and put the file straight into the folder, or move it elsewhere; among migrations in Ruby, make it one of them.",
	because: "Only files that end with .sql are read, and no subfolders; a number at the beginning says that the file was meant to run.",
	examples: {
		bad: [
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "added",
					path: "db/0102_add_phone.sgl"
				}]
			},
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "added",
					path: "db/0102_add_phone.sql.txt"
				}]
			},
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "added",
					path: "db/users/0102_add_phone.sql"
				}]
			}
		],
		good: [
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "added",
					path: "db/0101_example.sql"
				}]
			},
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "added",
					path: "db/0101_example.down.sql"
				}]
			},
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "added",
					path: "db/README.md"
				}]
			},
			{
				files: [{ sql: "select 1" }],
				changes: [{
					kind: "added",
					path: "docs/0102_decision.md"
				}]
			}
		]
	},
	checkRelease({ replayed, review }) {
		const migrations = replayed.map(({ migration }) => migration);
		const folders = foldersOf(migrations);
		const isRuby = migrations.some(({ notSql }) => notSql === "Ruby");
		return (review?.changes ?? []).flatMap(({ kind, path }) => {
			if (kind !== "added" || !/^\d+[_-]/.test(basename(path))) return [];
			const isSql = path.toLowerCase().endsWith(".sql");
			if (isRuby) return isSql && isIn(path, folders) ? [{
				path,
				message: `${path} stands among migrations in Ruby, of which only the files that end with .rb are run: it would never run.`
			}] : [];
			if (folders.has(dirname(path))) return isSql || path.endsWith(".go") ? [] : [{
				path,
				message: `${path} has a number and does not end with .sql: it would never run.`
			}];
			const above = folderAbove(path, folders);
			if (!isSql || above === void 0) return [];
			return [{
				path,
				message: `${path} stands in a subfolder of ${above}, which is not read: it would never run.`
			}];
		});
	}
};
function isIn(path, folders) {
	return folders.has(dirname(path)) || folderAbove(path, folders) !== void 0;
}
function folderAbove(path, folders) {
	return [...folders.keys()].find((folder) => folder !== "." && path.startsWith(`${folder}/`));
}
// src/lint/rules/require-not-null-before-primary-key.ts
var require_not_null_before_primary_key_default = defineRule({
	name: "require-not-null-before-primary-key",
	group: "locks",
	severity: "error",
	problem: "Nobody can read or write the table while all of its rows are searched for nulls, though the index is there already.",
	remedy: "Make the columns NOT NULL by a validated check first, and add the primary key in a migration behind it.",
	because: "ADD PRIMARY KEY USING INDEX makes the columns NOT NULL on its way, which reads the whole table under ACCESS EXCLUSIVE; it reads nothing when they are NOT NULL already.",
	examples: {
		bad: [{
			given: "create table logs (id bigint, line text); create unique index logs_pkey on logs (id)",
			files: [{ sql: "alter table logs add constraint logs_pkey primary key using index logs_pkey" }]
		}],
		good: [{
			given: "create table logs (id bigint not null, line text); create unique index logs_pkey on logs (id)",
			files: [{ sql: "alter table logs add constraint logs_pkey primary key using index logs_pkey" }]
		}, {
			given: "create table logs (id bigint check (id is not null), line text); create unique index logs_pkey on logs (id)",
			files: [{ sql: "alter table logs add primary key using index logs_pkey" }]
		}]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const old = alteredOldTable$1(alter, scope);
		if (old === void 0) return void 0;
		return splitAlter(old, scope, (command) => {
			const constraint = addedConstraint(command);
			if (constraint?.contype !== "CONSTR_PRIMARY" || constraint.indexname === void 0) return void 0;
			if (effectsOf(command, alter, scope).scans.length === 0) return void 0;
			const index = findRelation(scope.schema, {
				schema: old.table?.schema,
				name: constraint.indexname
			});
			const nullable = (index?.kind === "index" ? index.keys.flatMap(({ column }) => column ?? []) : []).filter((column) => old.table?.columns.get(column)?.notNull !== true);
			const note = "After a deploy whose code always writes it, and after its nulls were filled.";
			const files = nullable.flatMap((column) => notNullFiles({
				sql: old.sql,
				table: old.table?.name ?? old.name,
				column
			}, scope.phase, scope, note));
			const written = old.text?.commands[old.commands.indexOf(command)];
			return {
				problem: {
					message: `Making ${constraint.indexname} the primary key of ${old.name} reads all of ${old.name} for nulls in ${nullable.join(", ") || "its columns"} while nobody else can use it.`,
					harm: `Every query on ${old.name} waits.`
				},
				follow: nullable.length === 0 ? void 0 : [...files, transaction(scope.phase, `${old.text?.head} ${written}`)]
			};
		});
	}
});
// src/lint/compatibility/part.ts
/** Whether a statement that touches this needs that. */
function uses(touched, { name, column }) {
	if (touched.relation !== name.name || (touched.schema ?? "public") !== (name.schema ?? "public")) return false;
	return column === void 0 || touched.columns?.has(column) === true;
}
// src/lint/rules/require-order-of-phases.ts
const rule$7 = {
	name: "require-order-of-phases",
	group: "compatibility",
	severity: "error",
	problem: "Pre migrations run before all post migrations of the release: what they need is not there yet, or what they add is gone at once.",
	remedy: "Put what makes an object into a pre migration, and what takes it away into the post migrations of a later release.",
	because: "A release runs every pre migration, deploys, and then runs every post migration, whatever their version numbers are.",
	examples: {
		bad: [
			{ files: [{
				phase: "post",
				sql: "create table carts (id bigint)"
			}, { sql: "alter table carts add column total int" }] },
			{
				fails: true,
				files: [{ sql: "create index users_kind_idx on users (kind)" }, {
					phase: "post",
					sql: "alter table users add column kind text"
				}]
			},
			{ files: [{ sql: "alter table users add column kind text" }, {
				phase: "post",
				sql: "alter table users drop column kind"
			}] },
			{ files: [{ sql: "create table carts (id bigint)" }, {
				phase: "post",
				sql: "drop table carts"
			}] }
		],
		good: [
			{ files: [{ sql: "create table carts (id bigint)" }, {
				phase: "post",
				sql: "alter table carts add constraint positive check (id > 0)"
			}] },
			{ files: [{ sql: "alter table users add column kind text" }, {
				phase: "post",
				sql: "alter table users drop column nickname"
			}] },
			{ files: [{
				phase: "post",
				sql: "create table keep (id int); drop table keep"
			}, { sql: "create table carts (id bigint)" }] },
			{ files: [{ sql: "create index users_age_idx on users (age)" }, {
				phase: "post",
				sql: "alter table users add column kind text"
			}] }
		]
	},
	checkRelease(scope) {
		const before = scope.files.filter(({ migration }) => migration.phase === "pre");
		const after = scope.files.filter(({ migration }) => migration.phase === "post");
		if (before.length === 0 || after.length === 0) return [];
		return [...usedTooEarly(scope, before, after), ...goneAtOnce(scope, before, after)];
	}
};
function usedTooEarly(scope, before, after) {
	const early = before.flatMap((file) => file.up.statements.flatMap(made));
	const late = after.flatMap((file) => file.up.statements.flatMap((statement) => made(statement).filter((part) => !isThere(scope, part) && !early.some((one) => isSame(one, part))).map((part) => ({
		part,
		file,
		statement
	}))));
	if (late.length === 0) return [];
	return before.flatMap((file) => file.up.statements.flatMap((statement) => {
		const touched = touchedObjects(statement);
		const found = late.find(({ part }) => touched.some((one) => uses(one, part)));
		if (found === void 0) return [];
		return {
			path: file.migration.path,
			...placeOf$1(file, statement),
			message: `This needs ${wordsFor(found.part)}, which only ${found.file.migration.path} makes, after the deploy.`,
			instead: [{
				phase: "pre",
				transactional: file.migration.transactional,
				sql: statementsText([textOf(found.file, found.statement), textOf(file, statement)])
			}]
		};
	}));
}
function goneAtOnce(scope, before, after) {
	const early = before.flatMap((file) => file.up.statements.flatMap((statement) => made(statement).map((part) => ({
		part,
		file
	}))));
	return after.flatMap((file) => file.up.statements.flatMap((statement) => {
		const gone = removed(statement);
		const found = early.find(({ part }) => gone.some((one) => isSame(one, part)) && !isThere(scope, part));
		if (found === void 0) return [];
		return {
			path: file.migration.path,
			...placeOf$1(file, statement),
			severity: "warning",
			message: `This takes away ${wordsFor(found.part)} again, which ${found.file.migration.path} of the same release makes: the new code runs in between.`,
			harm: "The new code of this release finds it when it starts, and loses it while it runs."
		};
	}));
}
function made({ node }) {
	if ("CreateStmt" in node && node.CreateStmt.relation?.relpersistence !== "t") return [{
		name: nameOf(node.CreateStmt.relation),
		column: void 0
	}];
	if ("CreateTableAsStmt" in node && node.CreateTableAsStmt.into?.rel?.relpersistence !== "t") return [{
		name: nameOf(node.CreateTableAsStmt.into?.rel),
		column: void 0
	}];
	if ("ViewStmt" in node) return [{
		name: nameOf(node.ViewStmt.view),
		column: void 0
	}];
	if (!("AlterTableStmt" in node)) return [];
	const name = nameOf(node.AlterTableStmt.relation);
	return nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd").flatMap(({ subtype, def }) => subtype === "AT_AddColumn" && def !== void 0 && "ColumnDef" in def ? [{
		name,
		column: def.ColumnDef.colname ?? ""
	}] : []);
}
function removed({ node }) {
	if ("DropStmt" in node && (node.DropStmt.removeType === "OBJECT_TABLE" || node.DropStmt.removeType === "OBJECT_VIEW")) return (node.DropStmt.objects ?? []).map((object) => ({
		name: nameOfWords(wordsOf(object)),
		column: void 0
	}));
	if (!("AlterTableStmt" in node)) return [];
	const name = nameOf(node.AlterTableStmt.relation);
	return nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd").flatMap(({ subtype, name: column }) => subtype === "AT_DropColumn" ? [{
		name,
		column
	}] : []);
}
function isThere({ before }, { name, column }) {
	const relation = findRelation(before, name);
	if (column === void 0 || relation === void 0) return relation !== void 0;
	return relation.kind !== "table" || relation.columns.has(column);
}
function isSame(one, other) {
	return one.name.name === other.name.name && (one.name.schema ?? "public") === (other.name.schema ?? "public") && one.column === other.column;
}
function wordsFor({ name, column }) {
	return column === void 0 ? tableName(name) : `${column} of ${tableName(name)}`;
}
function placeOf$1({ up }, { start }) {
	const offset = up.text.fileOffset(start);
	return offset === void 0 ? {} : { offset };
}
function textOf({ up }, { start, end }) {
	return up.text.text.slice(start, end);
}
// src/lint/rules/require-partition-check.ts
var require_partition_check_default = defineRule({
	name: "require-partition-check",
	group: "locks",
	severity: "error",
	problem: "Nobody uses the table whose rows are checked until the last one was read.",
	remedy: "Add a CHECK with the same bound as NOT VALID and validate it in earlier migrations; for a default partition, a CHECK that no row belongs into the new partition.",
	because: "ATTACH PARTITION reads every row of the table under ACCESS EXCLUSIVE unless a valid CHECK proves that they fit the bound, and a new partition has every row of the default partition read unless a CHECK there proves that none belongs into it.",
	examples: {
		bad: [{
			given: "create table events_2027 (id bigint not null, kind text, at timestamptz not null)",
			files: [{ sql: "alter table events attach partition events_2027 for values from ('2027-01-01') to ('2028-01-01')" }]
		}, {
			given: "create table events_rest partition of events default",
			files: [{ sql: "create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')" }]
		}],
		good: ["create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')", "create table events_2027 (id bigint not null, kind text, at timestamptz not null); alter table events attach partition events_2027 for values from ('2027-01-01') to ('2028-01-01')"]
	},
	on: ["AlterTableStmt", "CreateStmt"],
	check(content, scope) {
		const attached = "cmds" in content ? attachedTo(content.cmds) : void 0;
		const creates = "partbound" in content && content.partbound !== void 0;
		if (attached === void 0 && !creates) return void 0;
		const read = scope.effects.scans.filter((relation) => isUsed$1(relation, scope));
		if (read.length === 0) return void 0;
		const table = attached === void 0 ? void 0 : findTable(scope.schema, nameOf(attached));
		const own = read.find(({ name }) => name === attached?.relname);
		const partition = tableName(nameOf(attached ?? content.relation));
		return own !== void 0 || table !== void 0 && read.includes(table) ? { message: `Attaching ${partition} reads every row of it, and nobody uses ${partition} meanwhile.` } : { message: `The new partition ${partition} has every row of ${read.map(relationName$1).join(", ")} read, and nobody uses it meanwhile.` };
	}
});
function attachedTo(cmds) {
	const [attach] = nodesOf(cmds, "AlterTableCmd").filter(({ subtype }) => subtype === "AT_AttachPartition");
	return attach?.def !== void 0 && "PartitionCmd" in attach.def ? attach.def.PartitionCmd.name : void 0;
}
// src/lint/rules/require-policy-on-new-table.ts
const rule$6 = {
	name: "require-policy-on-new-table",
	group: "compatibility",
	severity: "error",
	problem: "Every role but the owner finds the table empty, and none of its rows can be written.",
	remedy: "Add CREATE POLICY for the roles that use the table, before row level security is enabled.",
	because: "With row level security enabled and no policy the server denies every row to everybody but the owner, superusers and roles with BYPASSRLS, without an error on reading.",
	examples: {
		bad: ["create table carts (id bigint primary key); alter table carts enable row level security"],
		good: [
			"create table carts (id bigint primary key); create policy carts_own on carts using (true); alter table carts enable row level security",
			"create table carts (id bigint primary key); alter table carts enable row level security; create policy carts_own on carts using (true)",
			"create table carts (id bigint primary key); alter table carts enable row level security; alter table carts disable row level security",
			"alter table users enable row level security"
		]
	},
	checkRelease: ({ files, after, before }) => files.flatMap((file) => file.up.statements.flatMap(({ node, start }) => {
		const table = "AlterTableStmt" in node && enables(node.AlterTableStmt.cmds) ? findTable(after, nameOf(node.AlterTableStmt.relation)) : void 0;
		if (table === void 0 || before.relations.has(table.id) || !isLocked(table)) return [];
		const name = relationName$1(table);
		const offset = file.up.text.fileOffset(start) ?? 0;
		return [{
			path: file.migration.path,
			offset,
			message: `Row level security is enabled on ${name}, and no policy lets anybody at its rows.`
		}];
	}))
};
function enables(cmds) {
	return nodesOf(cmds, "AlterTableCmd").some(({ subtype }) => subtype === "AT_EnableRowSecurity");
}
/** A table that was touched by what cannot be read may have a policy that is not known. */
function isLocked({ rowSecurity, policies, complete }) {
	return rowSecurity && policies.size === 0 && complete;
}
// src/lint/rules/require-policy-with-row-security.ts
var require_policy_with_row_security_default = defineRule({
	name: "require-policy-with-row-security",
	group: "compatibility",
	severity: "error",
	problem: "Every role but the owner sees an empty table, and its inserts are refused.",
	remedy: "Create a policy for the role of the application in the same transaction, before ENABLE ROW LEVEL SECURITY.",
	because: "With row security and no permissive policy the server shows no row and takes none (42501); the owner and superusers are exempt, unless FORCE is set.",
	examples: {
		bad: [
			"alter table users enable row level security",
			{ files: [{
				phase: "post",
				sql: "alter table orders enable row level security"
			}] },
			"create policy own on users as restrictive using (true); alter table users enable row level security"
		],
		good: [
			"create policy everything on users using (true); alter table users enable row level security",
			"alter table users enable row level security; create policy everything on users using (true)",
			"create table carts (id bigint); alter table carts enable row level security",
			{ files: [{ sql: "create policy everything on users using (true)" }, { sql: "alter table users enable row level security" }] },
			{
				given: "create policy everything on users using (true)",
				files: [{ sql: "alter table users enable row level security" }]
			}
		]
	},
	on: "AlterTableStmt",
	check(alter, scope) {
		const altered = alteredOldTable(scope, alter);
		if (altered === void 0 || !altered.commands.some(({ subtype }) => subtype === "AT_EnableRowSecurity")) return void 0;
		const released = tableById(scope.release.before, altered.table?.id);
		if (altered.table?.rowSecurity === true || (released?.policies.size ?? 0) > 0 || hasPermissive(altered.table)) return void 0;
		if ([...scope.file.up.statements.slice(0, scope.index), ...followingInTransaction(scope)].map(({ node }) => openNode(node)).some(({ kind, content }) => {
			const policy = content;
			return kind === "CreatePolicyStmt" && policy.permissive === true && nameOf(policy.table).name === altered.name.name;
		})) return void 0;
		const name = tableName(altered.name);
		const policy = written(`${altered.name.name}_all`);
		return {
			message: `With row security and no policy, every role but the owner of ${name} sees it empty.`,
			harm: `Code that runs as another role than the owner reads no row of ${name} and cannot insert any.`,
			instead: [{
				phase: scope.phase,
				transactional: true,
				sql: `create policy ${policy} on ${writtenRelation(altered.name)} using (true) with check (true);\n${scope.sql};`,
				note: "Lets everybody go on as before; narrower policies take its place, in a post migration once the code sets what they ask for."
			}]
		};
	}
});
function hasPermissive(table) {
	return [...table?.policyTexts.values() ?? []].some(({ permissive }) => permissive);
}
// src/lint/compatibility/may-be-false.ts
/**
* Whether a row that old code writes may violate a CHECK: only FALSE does, NULL passes. `put` tells what it puts
* into a column; what `fits` passes every comparison, as the rows do that the server has looked at.
*/
function mayBeFalse(expression, put) {
	return outcomes(expression, put).has("false");
}
const anyOutcome = /* @__PURE__ */ new Set([
	"true",
	"false",
	"null"
]);
const only = (outcome) => /* @__PURE__ */ new Set([outcome]);
function outcomes(node, put) {
	if ("BoolExpr" in node) return combined(node.BoolExpr.boolop ?? "", (node.BoolExpr.args ?? []).map((one) => outcomes(one, put)));
	if ("NullTest" in node) {
		const value = node.NullTest.arg === void 0 ? "anything" : writtenTo(node.NullTest.arg, put);
		if (value === "anything") return /* @__PURE__ */ new Set(["true", "false"]);
		return only(value === "null" === (node.NullTest.nulltesttype === "IS_NULL") ? "true" : "false");
	}
	if ("A_Expr" in node && strict.has(node.A_Expr.kind ?? "")) {
		const values = [node.A_Expr.lexpr, node.A_Expr.rexpr].flatMap((one) => one === void 0 ? [] : [writtenTo(one, put)]);
		if (values.includes("null")) return only("null");
		return values.includes("fits") && !values.includes("anything") ? only("true") : anyOutcome;
	}
	if ("ColumnRef" in node) {
		const value = writtenTo(node, put);
		return value === "null" ? only("null") : value === "fits" ? only("true") : anyOutcome;
	}
	return refersOnlyToFitting(node, put) ? only("true") : anyOutcome;
}
/** Operators of the server are NULL when an operand is. */
const strict = /* @__PURE__ */ new Set([
	"AEXPR_OP",
	"AEXPR_OP_ANY",
	"AEXPR_IN",
	"AEXPR_LIKE",
	"AEXPR_ILIKE",
	"AEXPR_SIMILAR",
	"AEXPR_BETWEEN",
	"AEXPR_NOT_BETWEEN"
]);
function writtenTo(node, put) {
	if ("A_Const" in node) return node.A_Const.isnull ? "null" : "not null";
	if ("ColumnRef" in node) return put(wordsOf(node.ColumnRef.fields).at(-1) ?? "");
	if ("TypeCast" in node && node.TypeCast.arg !== void 0) return writtenTo(node.TypeCast.arg, put);
	const { kind, content } = openNode(node);
	if (kind === "List") return (content.items ?? []).every((one) => writtenTo(one, put) === "not null") ? "not null" : "anything";
	if (kind === "A_Expr" && outcomes(node, put).size === 1 && outcomes(node, put).has("null")) return "null";
	return refersOnlyToFitting(node, put) ? "fits" : "anything";
}
/** Of a call, or of what is not taken apart: whether every column in it fits. */
function refersOnlyToFitting(node, put) {
	const columns = columnsIn(node).map(({ name }) => name);
	return columns.length > 0 && columns.every((column) => put(column) === "fits");
}
function combined(operator, parts) {
	const [first] = parts;
	if (operator === "NOT_EXPR" && first !== void 0) return new Set([...first].map((one) => one === "true" ? "false" : one === "false" ? "true" : "null"));
	const order = operator === "AND_EXPR" ? [
		"false",
		"null",
		"true"
	] : [
		"true",
		"null",
		"false"
	];
	return parts.reduce((one, other) => {
		const both = /* @__PURE__ */ new Set();
		for (const left of one) for (const right of other) both.add(order.indexOf(left) < order.indexOf(right) ? left : right);
		return both;
	});
}
// src/lint/compatibility/widens.ts
/** Whether a CHECK allows all that another one allows: the same, or a longer list, or a further limit. */
function allowsAllOf(check, other) {
	if (sameNode(check, other)) return true;
	if (!("A_Expr" in check) || !("A_Expr" in other)) return false;
	const [one, two] = [check.A_Expr, other.A_Expr];
	if (!sameNode(one.lexpr, two.lexpr) || operatorOf(one) !== operatorOf(two)) return false;
	if (one.kind === "AEXPR_IN" && two.kind === "AEXPR_IN" && operatorOf(one) === "=") {
		const allowed = itemsOf(one.rexpr);
		return itemsOf(two.rexpr).every((item) => allowed.some((same) => sameNode(same, item)));
	}
	const [limit, before] = [numberOf(one.rexpr), numberOf(two.rexpr)];
	if (one.kind !== "AEXPR_OP" || limit === void 0 || before === void 0) return false;
	return operatorOf(one).startsWith("<") ? limit >= before : operatorOf(one).startsWith(">") && limit <= before;
}
function operatorOf({ name }) {
	const operator = wordsOf(name).at(-1) ?? "";
	return [
		"=",
		"<",
		"<=",
		">",
		">="
	].includes(operator) ? operator : `other ${operator}`;
}
function itemsOf(node) {
	return node !== void 0 && "List" in node ? node.List.items ?? [] : [];
}
function numberOf(node) {
	if (node === void 0 || !("A_Const" in node)) return void 0;
	const { ival, fval } = node.A_Const;
	return ival !== void 0 ? ival.ival ?? 0 : fval?.fval === void 0 ? void 0 : Number(fval.fval);
}
// src/lint/compatibility/new-constraint.ts
/** What a command of ALTER TABLE forbids on an old table; `undefined` when the old code cannot meet it. */
function newLimit(scope, table, { subtype, name = "", def }) {
	if (subtype === "AT_SetNotNull") return notNull(scope, table, [name]);
	if (subtype !== "AT_AddConstraint" || def === void 0 || !("Constraint" in def)) return void 0;
	return ofConstraint(scope, table, def.Constraint);
}
function ofConstraint(scope, table, constraint) {
	const columns = wordsOf(constraint.keys);
	switch (constraint.contype) {
		case "CONSTR_NOTNULL": return notNull(scope, table, columns);
		case "CONSTR_CHECK": return check(scope, table, constraint);
		case "CONSTR_PRIMARY":
		case "CONSTR_UNIQUE": return key(scope, table, constraint, columns);
		case "CONSTR_FOREIGN": return foreign(scope, table, constraint);
		case "CONSTR_EXCLUSION": return {
			kind: "exclusion",
			severity: "warning",
			columns: [],
			forbids: "rows that exclude each other"
		};
		default: return;
	}
}
function notNull(scope, table, names) {
	const columns = names.filter((name) => {
		if (!isOldColumn(scope, table, name)) return false;
		return table?.columns.get(name)?.notNull !== true && !isCheckedNotNull(table, name);
	});
	if (columns.length === 0) return void 0;
	return {
		kind: "not null",
		severity: "error",
		columns,
		forbids: `NULL in ${listed(columns)}`
	};
}
/** A check that forbids NULL was told of when it came, or came in an earlier release. */
function isCheckedNotNull(table, column) {
	return [...table?.constraints.values() ?? []].some((one) => one.kind === "not-null" && one.column === column || one.kind === "check" && isDefinitelyFalse(one.expression, (name) => name === column ? "null" : "fits"));
}
function isDefinitelyFalse(expression, put) {
	return mayBeFalse(expression, put) && !mayBeTrue(expression, put);
}
function mayBeTrue(expression, put) {
	return mayBeFalse({ BoolExpr: {
		boolop: "NOT_EXPR",
		args: [expression]
	} }, put);
}
function check(scope, table, { raw_expr: expression }) {
	if (expression === void 0) return void 0;
	if ([...tableById(scope.release.before, table?.id)?.constraints.values() ?? []].some((one) => one.kind === "check" && allowsAllOf(expression, one.expression))) return void 0;
	if (!mayBeFalse(expression, (name) => writtenByOldCode(scope, table, name))) return void 0;
	return {
		kind: "check",
		severity: "warning",
		columns: [],
		forbids: "what it does not allow"
	};
}
function writtenByOldCode(scope, table, name) {
	const column = table?.columns.get(name);
	if (column === void 0) return "anything";
	if (!scope.isNew(column)) return "anything";
	return column.default !== void 0 || column.generated !== void 0 || column.identity !== void 0 || column.type.serial ? "fits" : "null";
}
function key(scope, table, { contype, indexname }, keys) {
	const index = indexname === void 0 || table === void 0 ? void 0 : indexesOf(scope.schema, table).find((one) => one.name === indexname);
	const columns = index === void 0 ? keys : index.keys.flatMap(({ column }) => column ?? []);
	const primary = contype === "CONSTR_PRIMARY";
	const nulls = primary ? notNull(scope, table, columns) : void 0;
	const limit = indexname !== void 0 ? void 0 : uniqueLimit(scope, table, columns);
	if (limit === void 0 && nulls === void 0) return void 0;
	const forbids = [nulls?.forbids, limit?.forbids].filter((one) => one !== void 0).join(" and ");
	return {
		kind: primary ? "primary" : "unique",
		severity: nulls?.severity ?? "warning",
		columns,
		forbids
	};
}
/**
* Rows that are the same in these columns, where the index has them (`predicate`); `undefined` when they could not be
* before, or the old code writes no such row.
*/
function uniqueLimit(scope, table, columns, predicate) {
	const written = (name) => writtenByOldCode(scope, table, name);
	if (columns.some((name) => table !== void 0 && written(name) === "null")) return void 0;
	if (predicate !== void 0 && !mayBeTrue(predicate, written)) return void 0;
	const released = tableById(scope.release.before, table?.id);
	if (released?.complete && columns.some((name) => isOldColumn(scope, table, name) && !released.columns.has(name))) return void 0;
	return released !== void 0 && indexesOf(scope.release.before, released).some((one) => one.unique && (one.predicate === void 0 || sameNode(one.predicate, predicate)) && one.keys.every(({ column }) => column !== void 0 && columns.includes(column))) ? void 0 : {
		kind: "unique",
		severity: "warning",
		columns,
		forbids: `a second row with the same ${listed(columns)}`
	};
}
function foreign(scope, table, constraint) {
	const columns = wordsOf(constraint.fk_attrs);
	if (columns.some((name) => table !== void 0 && !isOldColumn(scope, table, name))) return void 0;
	const partner = findTable(scope.schema, nameOf(constraint.pktable));
	const released = tableById(scope.release.before, table?.id);
	const same = (one) => one.kind === "foreign" && one.references.id === partner?.id && partner !== void 0 && one.columns.join() === columns.join();
	if ([...released?.constraints.values() ?? []].some(same)) return void 0;
	const other = tableName(nameOf(constraint.pktable));
	return {
		kind: "foreign",
		severity: "warning",
		columns,
		forbids: `${listed(columns)} without its row in ${other}, and the removal of rows of ${other} that are referred to`
	};
}
// src/lint/rules/require-post-for-constraints.ts
var require_post_for_constraints_default = defineRule({
	name: "require-post-for-constraints",
	group: "compatibility",
	severity: "warning",
	phase: "pre",
	problem: "The code that still runs does not know the constraint: what it writes may be refused.",
	remedy: "Ship code that keeps the constraint first, and add it in a post migration of that release.",
	because: "A constraint counts for every write from the moment it is added, also when it is NOT VALID: that only leaves out the rows which are there.",
	examples: {
		bad: [
			"alter table users alter column nickname set not null",
			"alter table users add constraint users_age_check check (age >= 0)",
			"alter table users add constraint users_age_check check (age >= 0) not valid",
			"alter table users add constraint users_nickname_key unique (nickname)",
			"alter table orders add constraint orders_product_id_fkey foreign key (product_id) references products (id) not valid",
			"alter table orders add constraint orders_apart exclude using btree (placed_at with =)",
			{ files: [{
				transaction: false,
				sql: "create unique index concurrently users_nickname_key on users (nickname)"
			}] },
			{
				given: "create unique index orders_open_key on orders (user_id) where placed_at is null",
				files: [{ sql: "drop index orders_open_key; create unique index on orders (user_id, product_id)" }]
			},
			"alter domain email_address add constraint short check (length(value) < 100)",
			{
				given: "alter table users add constraint kinds check (name in ('a', 'b')) not valid",
				files: [{ sql: "alter table users drop constraint kinds; alter table users add constraint kinds check (name in ('a', 'c')) not valid" }]
			}
		],
		good: [
			{ files: [{
				phase: "post",
				sql: "alter table users alter column nickname set not null"
			}] },
			"alter table users alter column email set not null",
			{
				given: "alter table users add constraint age_known check (age is not null) not valid",
				files: [{ sql: "alter table users validate constraint age_known; alter table users alter column age set not null" }]
			},
			"alter table users add column rank int; alter table users add constraint rank_check check (rank > 0)",
			"alter table users add column kind text default 'a'; alter table users add constraint kind_check check (kind in ('a', 'b'))",
			"alter table users add column boss bigint; alter table users add foreign key (boss) references users (id) not valid",
			"alter table users add column code text; create unique index users_code_key on users (code)",
			"create table carts (id bigint); alter table carts add primary key (id)",
			{
				given: "alter table users add constraint kinds check (name in ('a', 'b')) not valid",
				files: [{ sql: "alter table users drop constraint kinds; alter table users add constraint kinds check (name in ('a', 'b', 'c')) not valid" }]
			},
			{
				given: "alter table users add constraint ages check (age <= 120)",
				files: [{ sql: "alter table users drop constraint ages, add constraint ages check (age <= 150)" }]
			},
			"alter table users add constraint users_email_unique unique using index users_email_key",
			"create unique index users_email_name_key on users (email, name)",
			{
				given: "create unique index orders_open_key on orders (user_id) where placed_at is null",
				files: [{ sql: "drop index orders_open_key; create unique index orders_open_product_key on orders (user_id, product_id) where placed_at is null" }]
			},
			{
				given: "alter table users add constraint users_nickname_key unique (nickname)",
				files: [{ sql: "alter table users rename column nickname to handle; alter table users drop constraint users_nickname_key, add unique (handle)" }]
			},
			"alter table users add column phone text; create unique index on users (nickname) where phone is not null and age > 3",
			"alter table orders drop constraint orders_user_id_fkey, add foreign key (user_id) references users (id) on delete cascade not valid"
		]
	},
	on: [
		"AlterTableStmt",
		"IndexStmt",
		"AlterDomainStmt"
	],
	check(statement, scope) {
		if ("cmds" in statement) return inTable(statement, scope);
		if ("indexParams" in statement) return inIndex(statement, scope);
		return "subtype" in statement ? inDomain(statement, scope) : void 0;
	}
});
function inTable(alter, scope) {
	const altered = alteredOldTable(scope, alter);
	if (altered === void 0) return [];
	const name = tableName(altered.name);
	return altered.commands.flatMap((command, index) => {
		const limit = newLimit(scope, altered.table, command);
		if (limit === void 0) return [];
		return {
			message: `${limit.kind === "not null" ? "NOT NULL" : "The new constraint"} on ${name} forbids ${limit.forbids}, which the code that still runs may write.`,
			harm: `Writes of the old code to ${name} that break it fail until the deploy is done.`,
			severity: limit.severity,
			instead: files(alter, scope, command, index, limit)
		};
	});
}
function files(alter, scope, command, index, limit) {
	const altered = alteredOldTable(scope, alter);
	const parting = partAlter(scope, alter, (_, at) => at === index);
	const [add = scope.sql] = parting.moved;
	const before = "The code of this release keeps the constraint; rows that break it are put right first.";
	const kept = (parting.kept ?? []).map((sql) => ({
		phase: "pre",
		transactional: scope.file.migration.transactional,
		sql: `${sql};`
	}));
	if (altered === void 0) return [];
	const constraint = command.def !== void 0 && "Constraint" in command.def ? command.def.Constraint : void 0;
	if (command.subtype === "AT_SetNotNull") return [...kept, ...lateNotNull(altered.name, command.name ?? "", before, scope)];
	const made = nameOfNew(scope, altered.table?.id, constraint?.conname, index);
	if (constraint?.skip_validation !== true && (limit.kind === "check" || limit.kind === "foreign") && altered.table?.form !== "partitioned") return [...kept, ...validatedFiles(altered.name, add, made, before)];
	if ((limit.kind === "unique" || limit.kind === "primary") && made !== void 0 && constraint?.indexname === void 0 && altered.table?.form !== "partitioned") return [...kept, ...uniqueFiles(altered.name, limit.columns, made, limit.kind === "primary" ? "primary key" : "unique", before)];
	return movedToPost(scope, parting, before);
}
/** The name that the server will choose, when the text has none. */
function nameOfNew(scope, id, given, index) {
	if (given !== void 0 || id === void 0) return given;
	const known = new Set(tableById(scope.schema, id)?.constraints.keys());
	const added = [...tableById(schemaWhenDone(scope), id)?.constraints.keys() ?? []].filter((one) => !known.has(one));
	return index === 0 || added.length === 1 ? added[0] : void 0;
}
function inIndex(index, scope) {
	const old = index.unique === true ? oldTable(scope, index.relation) : void 0;
	if (old === void 0) return void 0;
	const keys = nodesOf(index.indexParams, "IndexElem").flatMap(({ name }) => name ?? []);
	const isPlain = keys.length === (index.indexParams ?? []).length;
	const limit = isPlain ? uniqueLimit(scope, old.table, keys, index.whereClause) : void 0;
	if (isPlain && limit === void 0) return void 0;
	const what = limit?.forbids ?? "a second row with the same values";
	return {
		message: `The unique index on ${tableName(old.name)} forbids ${what}, which the code that still runs may write.`,
		harm: `Writes of the old code to ${tableName(old.name)} that break it fail until the deploy is done.`,
		instead: movedToPost(scope, void 0, "The code of this release writes no such row; those that are there are put right first.")
	};
}
function inDomain({ subtype, typeName }, scope) {
	const name = nameOfWords(wordsOf(typeName));
	if (subtype !== "C" && subtype !== "O" || scope.isNew(findType$1(scope.schema, name))) return void 0;
	return {
		message: `The domain ${tableName(name)} will refuse values that the code that still runs may write.`,
		instead: movedToPost(scope, void 0, "The code of this release keeps the constraint; rows that break it are put right first.")
	};
}
// src/lint/rules/require-pre-for-additions.ts
var require_pre_for_additions_default = defineRule({
	name: "require-pre-for-additions",
	group: "compatibility",
	severity: "warning",
	phase: "post",
	problem: "The new code of this release runs before it is there: what it needs of it fails until the post migrations have run.",
	remedy: "Move what is added into a pre migration; old code does not mind what it does not know.",
	because: "Post migrations run when the new code has taken over; until then a query on what they add fails with 42P01, 42703, 42883 or 22P02.",
	examples: {
		bad: [
			{ files: [{
				phase: "post",
				sql: "create table carts (id bigint primary key)"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table users add column kind text, drop column nickname"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter type order_state add value 'returned'"
			}] },
			{ files: [{
				phase: "post",
				sql: "create view names as select name from users"
			}] },
			{ files: [{
				phase: "post",
				sql: "create function tax(int) returns int language sql as 'select 1'"
			}] },
			{ files: [{
				phase: "post",
				sql: "create type color as enum ('red')"
			}] }
		],
		good: [
			"create table carts (id bigint primary key)",
			{ files: [{
				phase: "post",
				sql: "create table keep as select id from users; drop table keep"
			}] },
			{ files: [{
				phase: "post",
				sql: "create temporary table keep as select id from users"
			}] },
			{ files: [{
				phase: "post",
				sql: "create index users_age_idx on users (age)"
			}] },
			{ files: [{
				phase: "post",
				sql: "drop view active_users; create view active_users as select id from users"
			}] },
			{ files: [{
				phase: "post",
				sql: "create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')"
			}] },
			{ files: [{
				phase: "post",
				sql: "alter table users add column helper text; alter table users drop column helper"
			}] },
			{ files: [{
				phase: "post",
				sql: "create or replace function touch() returns trigger language plpgsql as 'begin return new; end'"
			}] }
		]
	},
	on: [
		"CreateStmt",
		"CreateTableAsStmt",
		"ViewStmt",
		"CreateSeqStmt",
		"AlterTableStmt",
		"AlterEnumStmt",
		"CreateEnumStmt",
		"CompositeTypeStmt",
		"CreateDomainStmt",
		"CreateFunctionStmt"
	],
	check(_, scope) {
		const added = addition(scope);
		if (added === void 0 || !staysNew(scope, added) || isNeededBefore(scope, added)) return void 0;
		const parting = added.kind === "columns" ? partAlter(scope, added.alter, ({ subtype }) => subtype === "AT_AddColumn") : { moved: [scope.sql] };
		return problem$1(scope, added.what, parting);
	}
});
function addition({ statement }) {
	const { node } = statement;
	if ("CreateStmt" in node) return node.CreateStmt.partbound === void 0 ? relation("the table", node.CreateStmt.relation) : void 0;
	if ("CreateTableAsStmt" in node) return relation("the table", node.CreateTableAsStmt.into?.rel);
	if ("ViewStmt" in node) return relation("the view", node.ViewStmt.view);
	if ("CreateSeqStmt" in node) return relation("the sequence", node.CreateSeqStmt.sequence);
	if ("AlterTableStmt" in node) return columns(node.AlterTableStmt);
	if ("AlterEnumStmt" in node) {
		const { typeName, newVal = "", oldVal } = node.AlterEnumStmt;
		const name = nameOfWords(wordsOf(typeName));
		return oldVal === void 0 ? {
			kind: "value",
			what: `the value ${newVal} of ${tableName(name)}`,
			name,
			value: newVal
		} : void 0;
	}
	if ("CreateFunctionStmt" in node) {
		const name = nameOfWords(wordsOf(node.CreateFunctionStmt.funcname));
		return wordsOf(node.CreateFunctionStmt.returnType?.names).at(-1) === "trigger" ? void 0 : {
			kind: "function",
			what: `the function ${tableName(name)}`,
			name
		};
	}
	const content = openNode(node).content;
	const name = content.typevar === void 0 ? nameOfWords(wordsOf(content.typeName ?? content.domainname)) : nameOf(content.typevar);
	return {
		kind: "type",
		what: `the type ${tableName(name)}`,
		name
	};
}
function relation(kind, range) {
	return range?.relpersistence === "t" ? void 0 : {
		kind: "relation",
		what: `${kind} ${tableName(nameOf(range))}`,
		name: nameOf(range)
	};
}
function columns(alter) {
	const added = nodesOf(alter.cmds, "AlterTableCmd").flatMap(({ subtype, def }) => subtype === "AT_AddColumn" && def !== void 0 && "ColumnDef" in def ? [def.ColumnDef.colname ?? ""] : []);
	const name = nameOf(alter.relation);
	return added.length === 0 ? void 0 : {
		kind: "columns",
		what: `${listed(added)} of ${tableName(name)}`,
		name,
		columns: added,
		alter
	};
}
/** Not there before the release, and not taken away again by the same file. */
function staysNew(scope, added) {
	const { before } = scope.release;
	switch (added.kind) {
		case "relation": return findRelation(before, added.name) === void 0 && stays(scope, (after) => findRelation(after, added.name) !== void 0);
		case "type": return findType$1(before, added.name) === void 0 && stays(scope, (after) => findType$1(after, added.name) !== void 0);
		case "function": return findFunctions(before, added.name).length === 0 && stays(scope, (after) => findFunctions(after, added.name).length > 0);
		case "value": return !isMadeInPost(scope, findType$1(scope.schema, added.name)) && !hasValue(before, added);
		case "columns": {
			const [old, table] = [findTable(before, added.name), findTable(scope.schema, added.name)];
			if (isMadeInPost(scope, table)) return false;
			const fresh = added.columns.filter((column) => old?.columns.has(column) !== true);
			if (table === void 0 || fresh.length === 0) return fresh.length > 0;
			return stays(scope, (after) => fresh.some((column) => findTable(after, added.name)?.columns.has(column) === true));
		}
	}
}
/** Looks at what the file leaves, where any of it could take something away. */
function stays(scope, isThere) {
	return onlyAddsToItsEnd(scope) || isThere(schemaAfterFile(scope));
}
/** Then require-order-of-phases tells of the statement that needs it. */
function isNeededBefore(scope, added) {
	const parts = added.kind === "columns" ? added.columns : added.kind === "relation" ? [void 0] : [];
	const touched = parts.length === 0 ? [] : touchedInPre(scope.release);
	return parts.some((column) => touched.some((one) => uses(one, {
		name: added.name,
		column
	})));
}
const touchedBy = /* @__PURE__ */ new WeakMap();
/** What the pre migrations of a release touch; each addition in post asks. */
function touchedInPre(release) {
	const statements = () => release.files.filter(({ migration }) => migration.phase === "pre").flatMap(({ up }) => up.statements);
	const known = touchedBy.get(release) ?? statements().flatMap(touchedObjects);
	touchedBy.set(release, known);
	return known;
}
function hasValue(schema, { name, value }) {
	const type = findType$1(schema, name);
	return type?.kind === "enum" && type.values.includes(value);
}
/** Then that was told of already. */
function isMadeInPost(scope, what) {
	return scope.release.files.some(({ order, migration }) => order === what?.origin.file && migration.phase === "post");
}
function problem$1(scope, what, { moved, kept = [] }) {
	const { transactional } = scope.file.migration;
	return {
		message: `The new code of this release runs before ${what} is there.`,
		instead: [{
			phase: "pre",
			transactional,
			sql: statementsText(moved),
			note: "Take it out of this file, into a pre migration: the old code does not mind it."
		}, ...kept.length > 0 ? [{
			phase: "post",
			transactional,
			sql: statementsText(kept),
			note: "What stays of the statement."
		}] : []]
	};
}
// src/lint/rules/require-primary-key.ts
const rule$5 = {
	name: "require-primary-key",
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "A row that stands twice in the table cannot be told from its double, by nobody and by no tool.",
	remedy: "Give the table a primary key.",
	because: "Logical replication, rescue copies and most tools that move rows in portions go by the primary key.",
	examples: {
		bad: ["create table visits (user_id bigint, at timestamptz)"],
		good: [
			"create table visits (id bigint primary key)",
			"create table visits (user_id bigint, at timestamptz); alter table visits add primary key (user_id, at)",
			"create temporary table visits (user_id bigint)",
			"create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')"
		]
	},
	checkRelease({ files, after }) {
		const byOrder = new Map(files.map((file) => [file.order, file]));
		return [...after.relations.values()].flatMap((table) => {
			const file = byOrder.get(table.origin.file);
			if (file === void 0 || table.kind !== "table" || table.persistence === "temporary" || table.form === "foreign") return [];
			if (table.partitionOf !== void 0 || table.parents.size > 0 || !table.complete) return [];
			if ([...table.constraints.values()].some(({ kind }) => kind === "primary")) return [];
			const { migration, up } = file;
			const offset = up.text.fileOffset(up.statements[table.origin.statement]?.start ?? 0) ?? 0;
			const name = tableName({
				schema: table.schema === "public" ? void 0 : table.schema,
				name: table.name
			});
			return [{
				path: migration.path,
				offset,
				message: `${name} has no primary key.`
			}];
		});
	}
};
// src/lint/rules/require-readable-down.ts
const rule$4 = {
	name: "require-readable-down",
	group: "data",
	severity: "warning",
	problem: "Nobody runs the way back before it is needed, so a slip of the pen in it shows on the worst day.",
	remedy: "Correct the statement, or try it on a server of the version that you run.",
	because: "It is read by the parser of PostgreSQL 18; an older server may accept words that a newer one has reserved since.",
	examples: {
		bad: [{ files: [{
			sql: "alter table users add column phone text",
			down: "alter table users drop colum phone text"
		}] }],
		good: [{ files: [{
			sql: "alter table users add column phone text",
			down: "alter table users drop column phone"
		}] }]
	},
	checkRelease: (scope) => scope.files.flatMap((file) => {
		const { down, migration } = file;
		if (down?.problem === void 0 || migration.notSql !== void 0) return [];
		const { message, offset } = down.problem;
		return [{
			...downPlace(file),
			offset: down.text.fileOffset(offset) ?? 0,
			message: `The way back of ${migration.id} is not read: ${message}.`,
			...scope.postgres >= 18 ? { severity: "error" } : {}
		}];
	})
};
// src/lint/rules/require-replacement-index-first.ts
var require_replacement_index_first_default = defineRule({
	name: "require-replacement-index-first",
	group: "locks",
	severity: "error",
	problem: "Between the drop of the old index and the end of the build of the new one, every query that needs one of them reads the whole table.",
	remedy: "Build the new index first, under another name, and drop the old one behind it.",
	because: "A build with CONCURRENTLY may take hours, and may fail; the old index serves queries until it is dropped.",
	examples: {
		bad: [{ files: [{
			transaction: false,
			sql: "drop index concurrently users_name_idx"
		}, {
			transaction: false,
			sql: "create index concurrently users_name_idx on users (name, id)"
		}] }, { files: [{
			transaction: false,
			sql: "DROP INDEX CONCURRENTLY orders_user_id_idx"
		}, {
			transaction: false,
			sql: "CREATE INDEX CONCURRENTLY orders_user_state_idx ON orders (user_id, state)"
		}] }],
		good: [
			{ files: [{
				transaction: false,
				sql: "create index concurrently users_name_id_idx on users (name, id)"
			}, {
				transaction: false,
				phase: "post",
				sql: "drop index concurrently users_name_idx"
			}] },
			{ files: [{
				transaction: false,
				sql: "drop index concurrently users_name_idx"
			}, {
				transaction: false,
				sql: "create index concurrently users_nickname_idx on users (nickname)"
			}] },
			{
				given: "create index users_name_age_idx on users (name, age)",
				files: [{
					transaction: false,
					sql: "drop index concurrently users_name_idx"
				}, {
					transaction: false,
					sql: "create index concurrently users_name_idx on users (name, id)"
				}]
			},
			{ files: [{
				transaction: false,
				sql: "drop index concurrently if exists users_seen_at_idx"
			}, {
				transaction: false,
				sql: "create index concurrently users_seen_at_idx on users (seen_at)"
			}] },
			"drop index users_name_idx; create index users_name_idx on users (name, id)",
			{
				given: "alter table users add constraint users_nickname_key unique (nickname)",
				files: [{ sql: "alter table users drop constraint users_nickname_key; create index users_nickname_idx on users (nickname, id)" }]
			}
		]
	},
	on: "IndexStmt",
	check(index, scope) {
		const named = nameOf(index.relation);
		const table = findTable(scope.schema, named);
		const first = nodesOf(index.indexParams, "IndexElem")[0]?.name;
		if (table === void 0 || first === void 0 || scope.isNew(table)) return void 0;
		const leads = (one) => one.keys[0]?.column === first && one.predicate === void 0 && one.valid;
		if (indexesOf(scope.schema, table).some(leads)) return void 0;
		const before = tableById(scope.release.before, table.id);
		const dropped = before === void 0 ? void 0 : indexesOf(scope.release.before, before).find((one) => leads(one) && !scope.schema.relations.has(one.id));
		if (dropped === void 0 || scope.earlier.some((one) => drops(one, dropped))) return void 0;
		return {
			message: `${dropped.name} is dropped before ${index.idxname ?? "the new index"} on ${table.name} (${first} …) is built, and queries by ${first} have no index in between.`,
			harm: `Every query on ${table.name} by ${first} reads the whole table.`,
			instead: filesFor(index.idxname, dropped, writtenRelation(named), index.relation?.location ?? 0, scope)
		};
	}
});
function drops({ statement: { node } }, index) {
	if ("DropStmt" in node) return nodesOf(node.DropStmt.objects, "List").some(({ items }) => nameOfWords(wordsOf(items)).name === index.name);
	if (!("AlterTableStmt" in node)) return false;
	return nodesOf(node.AlterTableStmt.cmds, "AlterTableCmd").some(({ subtype, name }) => subtype === "AT_DropConstraint" && name === index.constraint);
}
function filesFor(name, dropped, on, location, scope) {
	const kw = wordsLike(scope);
	const takesOver = name === void 0 || name === dropped.name;
	const own = takesOver ? freeName(dropped, scope) : name;
	const inSchema = (word) => writtenRelation({
		schema: dropped.schema === "public" ? void 0 : dropped.schema,
		name: word
	});
	return [
		alone(scope.phase, createIndex({
			...indexText(scope, location),
			name: written(own)
		}, scope, {
			on,
			concurrent: true
		})),
		alone("post", kw`drop index concurrently ${inSchema(dropped.name)}`),
		...takesOver && name !== void 0 ? [transaction("post", kw`alter index ${inSchema(own)} rename to ${written(name)}`)] : []
	];
}
function freeName({ schema, name }, scope) {
	const wanted = nameFrom(name, "new");
	return findRelation(scope.schema, {
		schema,
		name: wanted
	}) === void 0 ? wanted : nameFrom(name, "next");
}
// src/lint/rules/require-replica-identity.ts
const rule$3 = {
	name: "require-replica-identity",
	group: "data",
	severity: "error",
	problem: "Every UPDATE and DELETE on the table fails, for the application that writes it.",
	remedy: "Give the table a primary key, or say which rows are meant with ALTER TABLE … REPLICA IDENTITY.",
	because: "A publication of updates or deletes tells subscribers which row is meant by its replica identity, by default the primary key; without one the server refuses the statement (SQLSTATE 55000).",
	examples: {
		bad: [
			{
				given: "create publication feed for all tables",
				files: [{ sql: "create table visits (user_id bigint, at timestamptz)" }]
			},
			{
				given: "create table visits (user_id bigint)",
				files: [{ sql: "create publication feed for table visits" }]
			},
			{
				given: "create publication feed for tables in schema public",
				files: [{ sql: "create table visits (user_id bigint)" }]
			}
		],
		good: [
			{
				given: "create publication feed for all tables",
				files: [{ sql: "create table visits (id bigint primary key)" }]
			},
			{
				given: "create publication feed for all tables",
				files: [{ sql: "create table visits (user_id bigint); alter table visits add primary key (user_id)" }]
			},
			{
				given: "create publication feed for table users",
				files: [{ sql: "create table visits (user_id bigint)" }]
			},
			{
				given: "create publication feed for all tables",
				files: [{ sql: "create unlogged table visits (user_id bigint)" }]
			},
			"create table visits (user_id bigint, at timestamptz)"
		]
	},
	checkRelease(scope) {
		const before = new Set([...tablesWithoutIdentity(scope.before)].map(({ table }) => table.id));
		return [...tablesWithoutIdentity(scope.after)].filter(({ table }) => !before.has(table.id) && !isPublished(scope.before, table.id)).map(({ table, publication }) => ({
			...placeOf(table, publication, scope),
			message: `${shown(table)} has no primary key, and the publication ${publication} publishes it: every UPDATE and DELETE on it fails.`
		}));
	}
};
/** Then the statement that takes its identity away is told of. */
function isPublished(schema, id) {
	const table = tableById(schema, id);
	return table !== void 0 && publisherOf(schema, table) !== void 0;
}
function* tablesWithoutIdentity(schema) {
	if (schema.publications.size === 0) return;
	for (const table of schema.relations.values()) {
		if (table.kind !== "table" || table.persistence !== "permanent" || table.form === "foreign") continue;
		if (table.partitionOf !== void 0 || !table.complete || hasIdentity(table)) continue;
		const publication = publisherOf(schema, table);
		if (publication !== void 0) yield {
			table,
			publication
		};
	}
}
function hasIdentity({ replicaIdentity, constraints }) {
	if (replicaIdentity.kind !== "default") return replicaIdentity.kind !== "nothing";
	return [...constraints.values()].some(({ kind }) => kind === "primary");
}
function publisherOf(schema, table) {
	const ids = [table, ...childrenOf(schema, table)].map(({ id }) => id);
	for (const [name, { allTables, schemas, tables }] of schema.publications) if (allTables || schemas.has(table.schema) || ids.some((id) => tables.has(id))) return name;
}
/** The statement that made the table when the release did, else the first file that speaks of either of them. */
function placeOf(table, publication, scope) {
	const maker = scope.files.find(({ order }) => order === table.origin.file);
	if (maker !== void 0) {
		const start = maker.up.statements[table.origin.statement]?.start ?? 0;
		return {
			path: maker.migration.path,
			offset: maker.up.text.fileOffset(start) ?? 0
		};
	}
	const names = (one) => scope.files.find(({ up }) => namesIn$1(readStatements(up)).has(one));
	return { path: (names(publication) ?? names(table.name) ?? scope.files[0])?.migration.path ?? "" };
}
function shown({ schema, name }) {
	return tableName({
		schema: schema === "public" ? void 0 : schema,
		name
	});
}
// src/lint/rules/require-search-path-for-security-definer.ts
var require_search_path_for_security_definer_default = defineRule({
	name: "require-search-path-for-security-definer",
	group: "data",
	severity: "warning",
	problem: "Whoever calls the function can make it run a function or read a table of their own with the rights of its owner.",
	remedy: "Add SET search_path = pg_catalog, pg_temp and the schemas that it needs, or write schemas in front of all names.",
	because: "A SECURITY DEFINER function finds the names in its body by the search path of its caller, who may put a schema of theirs in front. A body in SQL (BEGIN ATOMIC) is bound when it is created.",
	examples: {
		bad: ["create function total() returns bigint language sql security definer as 'select count(*) from users'"],
		good: [
			"create function total() returns bigint language sql security definer set search_path = public, pg_temp as 'select count(*) from users'",
			"create function total() returns bigint language sql as 'select count(*) from users'",
			"create function total() returns bigint language sql security definer begin atomic select count(*) from users; end"
		]
	},
	on: "CreateFunctionStmt",
	check({ options, funcname, sql_body }) {
		const given = optionsOf(options);
		const definer = given.some(({ defname, arg }) => defname === "security" && arg !== void 0 && "Boolean" in arg && arg.Boolean.boolval === true);
		const path = given.some(({ arg }) => arg !== void 0 && "VariableSetStmt" in arg && arg.VariableSetStmt.name === "search_path");
		if (!definer || path || sql_body !== void 0) return void 0;
		return { message: `${wordsOf(funcname).join(".")} runs with its owner's rights and its caller's search path.` };
	}
});
// src/lint/rules/require-statement-timeout.ts
const rule$2 = {
	name: "require-statement-timeout",
	group: "locks",
	severity: "advice",
	optIn: true,
	problem: "A statement that takes longer than anybody thought keeps its lock until somebody ends it by hand.",
	remedy: "Begin the file with SET LOCAL statement_timeout = '30s'.",
	because: "statement_timeout ends a statement that runs too long and gives its locks back; lock_timeout counts only the time that it waits.",
	examples: {
		bad: ["alter table users add column points int", "set local lock_timeout = '2s'; alter table users add column points int"],
		good: ["set local statement_timeout = '30s'; alter table users add column points int", "create table carts (id bigint); alter table carts add column note text"]
	},
	on: "every-statement",
	check(_, scope) {
		const lock = unlimited(scope);
		if (lock === void 0 || scope.earlier.some((one) => unlimited(one) !== void 0)) return void 0;
		return { message: `Nothing limits how long this keeps ${relationName$1(lock.relation)} locked.` };
	}
};
function unlimited(scope) {
	return waitsByDesign(scope.statement) || isLimited("statement_timeout", scope) ? void 0 : strongLocks(scope)[0];
}
// src/lint/rules/require-table-comment.ts
const rule$1 = {
	name: "require-table-comment",
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "Whoever meets the table in a database without the code at hand has to guess what a row of it is.",
	remedy: "Add COMMENT ON TABLE in the file that makes the table.",
	because: "psql, pg_dump and most tools that draw schemas show the comment.",
	examples: {
		bad: ["create table carts (id bigint)"],
		good: [
			"create table carts (id bigint); comment on table carts is 'What a customer has gathered'",
			"create temporary table carts (id bigint)",
			"create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')"
		]
	},
	checkFile({ statements }) {
		const described = /* @__PURE__ */ new Set();
		for (const { statement } of statements) {
			const { node } = statement;
			if ("CommentStmt" in node && node.CommentStmt.objtype === "OBJECT_TABLE") described.add(nameOfWords(wordsOf(node.CommentStmt.object)).name);
		}
		return statements.flatMap(({ statement }) => {
			const { node } = statement;
			if (openNode(node).kind !== "CreateStmt" || !("CreateStmt" in node)) return [];
			const { relation, partbound } = node.CreateStmt;
			if (partbound !== void 0 || relation?.relpersistence === "t" || described.has(relation?.relname ?? "")) return [];
			return [{
				message: `Nothing says what a row of ${tableName(nameOf(relation))} is.`,
				location: relation?.location
			}];
		});
	}
};
// src/lint/rules/require-table-schema.ts
var require_table_schema_default = defineRule({
	name: "require-table-schema",
	group: "style",
	severity: "advice",
	optIn: true,
	problem: "The search path of whoever runs the migration decides which table it changes.",
	remedy: "Write the schema before the name of the table.",
	because: "A name without a schema is looked up along search_path, which roles and databases set each for themselves.",
	examples: {
		bad: [
			"create table carts (id bigint)",
			"alter table users add column phone text",
			"create index carts_idx on users (age)"
		],
		good: [
			"create table public.carts (id bigint)",
			"alter table public.users add column phone text",
			"create temporary table carts (id bigint)"
		]
	},
	on: [
		"CreateStmt",
		"AlterTableStmt",
		"IndexStmt",
		"CreateTrigStmt"
	],
	check({ relation }) {
		const { schema, name } = nameOf(relation);
		if (schema !== void 0 || relation?.relpersistence === "t") return void 0;
		return {
			message: `${name} is named without its schema.`,
			location: relation?.location
		};
	}
});
// src/lint/rules/syntax-error.ts
var syntax_error_default = {
	name: "syntax-error",
	group: "robustness",
	severity: "error",
	problem: "The migration fails, and the release stops with it.",
	remedy: "Correct the statement.",
	because: `Said only where every server is of version 18, whose parser this is; see not-parsed for the others.`,
	examples: {
		bad: [{
			postgres: 18,
			files: [{ sql: "create table carts (id bigint primary key" }]
		}],
		good: [{
			postgres: 17,
			files: [{ sql: "create table carts (id bigint primary key" }]
		}]
	},
	checkFile({ file, release }) {
		const { problem } = file.up;
		if (problem === void 0 || file.migration.notSql !== void 0 || release.postgres < 18) return void 0;
		return {
			message: `PostgreSQL 18 does not accept this: ${problem.message}.`,
			offset: problem.offset
		};
	}
};
// src/lint/rules/transaction-nesting.ts
const rule = {
	name: "transaction-nesting",
	group: "robustness",
	severity: "error",
	problem: "Half of the migration is committed without its record, or the release refuses the file.",
	remedy: "Remove BEGIN, COMMIT and their kin, or split the file into several migrations.",
	because: "Shiplock and the other tools open a transaction around a file and record the migration in it: a second BEGIN is only a warning to the server, and the first COMMIT ends the outer one. One BEGIN at the top with one COMMIT at the end is taken off.",
	examples: {
		bad: [
			"alter table users add column a int; commit; alter table users add column b int",
			"begin; alter table users add column a int; commit; begin; alter table users add column b int; commit",
			"savepoint one; update users set age = 1 where id = 1; release one",
			{ files: [{
				transaction: false,
				sql: "begin; alter table users add column a int; rollback"
			}] },
			{
				fails: true,
				files: [{ sql: "do $$ begin update users set age = 1 where id = 1; commit; end $$" }]
			}
		],
		good: [
			"begin; alter table users add column a int; commit",
			{ files: [{
				transaction: false,
				sql: "begin; alter table users add column a int; commit; vacuum users"
			}] },
			{ files: [{
				transaction: false,
				sql: "do $$ begin update users set age = 1 where id = 1; commit; end $$"
			}] }
		]
	},
	checkFile: (scope) => transactionProblems(scope).nested
};
// src/lint/rules/unreadable-migration.ts
var unreadable_migration_default = {
	name: "unreadable-migration",
	group: "robustness",
	severity: "error",
	problem: "The release stops before its first migration, since the file is not one that the layout accepts.",
	remedy: "Do as the message says, or move the file out of the folder.",
	because: "Every run reads all files of both folders first, and refuses when one of them is malformed.",
	examples: {
		bad: [],
		good: ["create table carts (id bigint primary key)"]
	},
	checkRelease: ({ refused, files }) => [...refused.map(({ path, error }) => problem(path, error)), ...files.flatMap((file) => file.refused === void 0 ? [] : [problem(file.migration.path, file.refused)])]
};
function problem(path, { message, hint }) {
	return {
		path,
		message,
		...hint === void 0 ? {} : { harm: hint }
	};
}
// src/lint/rules/index.ts
/** Every rule, by name. */
const rules = [
	adding_field_with_default_default,
	adding_foreign_key_constraint_default,
	adding_not_nullable_field_default,
	adding_required_field_default,
	adding_serial_primary_key_field_default,
	ban_adding_serial_column_default,
	rule$35,
	ban_alter_domain_with_add_constraint_default,
	ban_autovacuum_off_default,
	rule$34,
	ban_blocking_rewrite_default,
	ban_change_default_default,
	ban_char_field_default,
	rule$33,
	ban_concurrent_index_if_not_exists_default,
	ban_concurrent_index_on_partitioned_table_default,
	ban_constraint_gap_default,
	ban_create_domain_with_constraint_default,
	ban_detach_partition_default,
	ban_disable_trigger_default,
	ban_drop_cascade_default,
	ban_drop_column_default,
	ban_drop_database_default,
	ban_drop_function_default,
	ban_drop_not_null_default,
	ban_drop_owned_default,
	ban_drop_schema_default,
	ban_drop_sequence_default,
	ban_drop_table_default,
	ban_drop_trigger_default,
	ban_drop_type_default,
	ban_drop_unique_default,
	ban_drop_view_default,
	rule$32,
	ban_duplicate_name_default,
	rule$31,
	ban_enum_default,
	rule$30,
	ban_exclusion_constraint_default,
	ban_explicit_lock_default,
	ban_grant_to_public_default,
	rule$29,
	ban_losing_replica_identity_default,
	rule$28,
	ban_mismatched_foreign_key_type_default,
	ban_narrowing_column_type_default,
	rule$27,
	rule$26,
	rule$25,
	rule$24,
	ban_rename_enum_value_default,
	ban_rename_object_default,
	ban_rename_view_default,
	ban_replace_function_result_default,
	ban_replace_view_columns_default,
	ban_revoke_default,
	ban_rule_default,
	rule$23,
	ban_set_schema_default,
	rule$22,
	ban_stored_generated_column_default,
	ban_truncate_default,
	ban_truncate_cascade_default,
	rule$21,
	ban_validate_in_same_transaction_default,
	ban_write_without_where_default,
	changing_column_type_default,
	constraint_missing_not_valid_default,
	disallowed_unique_constraint_default,
	identifier_too_long_default,
	not_parsed_default,
	prefer_attach_partition_default,
	prefer_bigint_over_int_default,
	prefer_bigint_over_smallint_default,
	prefer_foreign_key_alone_default,
	prefer_identity_default,
	prefer_jsonb_default,
	prefer_late_enum_value_default,
	rule$20,
	prefer_new_function_default,
	prefer_new_view_default,
	prefer_one_alter_table_default,
	prefer_one_foreign_key_per_transaction_default,
	rule$19,
	prefer_post_for_backfill_default,
	rule$18,
	rule$17,
	rule$16,
	prefer_short_trigger_lock_default,
	rule$15,
	prefer_snake_case_names_default,
	rule$14,
	rule$13,
	prefer_text_field_default,
	prefer_timestamp_tz_default,
	prefer_unique_checked_first_default,
	renaming_column_default,
	renaming_table_default,
	rule$12,
	require_compatible_column_type_default,
	require_concurrent_index_creation_default,
	require_concurrent_index_deletion_default,
	require_concurrent_partition_detach_default,
	require_concurrent_refresh_default,
	require_concurrent_reindex_default,
	require_default_on_required_column_default,
	require_dependents_first_default,
	rule$11,
	require_foreign_key_drop_first_default,
	require_foreign_key_index_default,
	require_ignore_reason_default,
	rule$10,
	rule$9,
	rule$8,
	require_not_null_before_primary_key_default,
	rule$7,
	require_partition_check_default,
	rule$6,
	require_policy_with_row_security_default,
	require_post_for_constraints_default,
	require_pre_for_additions_default,
	rule$5,
	rule$4,
	require_replacement_index_first_default,
	rule$3,
	require_search_path_for_security_definer_default,
	rule$2,
	rule$1,
	require_table_schema_default,
	syntax_error_default,
	rule,
	unreadable_migration_default,
	{
		name: "unused-ignore",
		group: "robustness",
		severity: "warning",
		problem: "A comment that accepts nothing hides the next problem of its kind from whoever reviews it.",
		remedy: "Delete the comment, or correct the name of the rule.",
		because: "A comment accepts a finding of the statement that it stands at, and one that once did may have outlived the statement.",
		examples: {
			bad: ["-- shiplock-ignore require-concurrent-index-creation: the table is small\nselect 1", "-- shiplock-ignore require-concurent-index-creation: the table is small\ncreate index orders_total_idx on orders (total)"],
			good: ["-- shiplock-ignore require-concurrent-index-creation: the table is small\ncreate index orders_total_idx on orders (total)"]
		},
		on: "comments"
	}
];
export { severities as _, readStatements as a, namesIn$1 as c, lint as d, hideLiterals as f, openFile as g, constantOf as h, offsetOf as i, describeSchema as l, formulaOf as m, allowsAllOf as n, judgeWayBack as o, implies as p, downPlace as r, carryOut as s, rules as t, differences as u, copySchema as v };
