import { D as isBegin, O as isCommit, P as byVersion, a as readEachMigration } from "./migration-state.js";
import { t as positionFromUtf16 } from "./position.js";
import { a as nameOfWords, i as nameOf, s as wordsOf } from "./names.js";
import { n as constraintsOf, t as statementLocks, u as isBuiltinType } from "./locks.js";
import { t as ReleaseError } from "./errors.js";
import { r as MappedText } from "./layouts.js";
import { n as parseStatements, r as scanComments } from "./parse.js";
import { t as didYouMean } from "./nearest.js";
import { s as plural } from "./units.js";
import { t as defineCommand } from "./command.js";
// src/sql/node.ts
/** The kind of a node and what it holds. */
function openNode(node) {
	const [kind, content] = Object.entries(node)[0] ?? [];
	return {
		kind,
		content
	};
}
/** Those of the nodes that are of a kind, opened. */
function nodesOf(nodes, kind) {
	return (nodes ?? []).flatMap((node) => kind in node ? [node[kind]] : []);
}
// src/sql/schema/copy.ts
/** A copy that shares nothing that changes; the parser's nodes are never changed, and are shared. */
function copySchema(schema) {
	return structuredClone(schema);
}
// src/sql/schema/schema.ts
function emptySchema() {
	return {
		searchPath: ["public"],
		timeZone: void 0,
		schemas: /* @__PURE__ */ new Set(["public"]),
		relations: /* @__PURE__ */ new Map(),
		names: /* @__PURE__ */ new Map(),
		types: /* @__PURE__ */ new Map(),
		functions: /* @__PURE__ */ new Map(),
		publications: /* @__PURE__ */ new Map(),
		extensions: /* @__PURE__ */ new Set(),
		nextId: 1
	};
}
function nameKey(schema, name) {
	return JSON.stringify([schema, name]);
}
/** The relation that a name means, as the search path finds it. */
function findRelation(schema, { schema: space, name }) {
	for (const one of space === void 0 ? schema.searchPath : [space]) {
		const id = schema.names.get(nameKey(one, name));
		if (id !== void 0) return schema.relations.get(id);
	}
}
function findTable(schema, name) {
	const found = findRelation(schema, name);
	return found?.kind === "table" ? found : void 0;
}
function indexesOf(schema, table) {
	return [...table.indexes].flatMap((id) => {
		const found = schema.relations.get(id);
		return found?.kind === "index" ? [found] : [];
	});
}
// src/sql/schema/add.ts
/** Adds a relation under a name in the first schema of the search path, unless it says its own. `undefined` when the name is taken. */
function addRelation(schema, name, origin, facts) {
	const space = name.schema ?? schema.searchPath[0] ?? "public";
	const key = nameKey(space, name.name);
	if (schema.names.has(key)) return void 0;
	const id = schema.nextId++;
	const relation = {
		...facts,
		id,
		schema: space,
		name: name.name,
		origin
	};
	schema.relations.set(id, relation);
	schema.names.set(key, id);
	return relation;
}
/** Takes a relation away, and what cannot be without it: a table's indexes, constraints that refer to it. */
function removeRelation(schema, relation) {
	schema.relations.delete(relation.id);
	schema.names.delete(nameKey(relation.schema, relation.name));
	if (relation.kind === "index") {
		const table = schema.relations.get(relation.table);
		if (table?.kind === "table") table.indexes.delete(relation.id);
	}
	if (relation.kind === "table") removeFromTables(schema, relation);
}
function removeFromTables(schema, table) {
	for (const id of [...table.indexes, ...table.children]) {
		const part = schema.relations.get(id);
		if (part?.kind === "index" || part?.kind === "table" && part.partitionOf?.parent === table.id) removeRelation(schema, part);
	}
	for (const id of table.parents) {
		const parent = schema.relations.get(id);
		if (parent?.kind === "table") parent.children.delete(table.id);
	}
	const parent = table.partitionOf === void 0 ? void 0 : schema.relations.get(table.partitionOf.parent);
	if (parent?.kind === "table") parent.children.delete(table.id);
	for (const id of table.referencedBy) {
		const from = schema.relations.get(id);
		if (from?.kind !== "table") continue;
		for (const [name, key] of from.constraints) if (key.kind === "foreign" && key.references.id === table.id) from.constraints.delete(name);
	}
}
function renameRelation(schema, relation, to) {
	schema.names.delete(nameKey(relation.schema, relation.name));
	relation.schema = to.schema ?? relation.schema;
	relation.name = to.name ?? relation.name;
	schema.names.set(nameKey(relation.schema, relation.name), relation.id);
}
/** A name that the server would choose: `table_column_suffix`, with a number when it is taken in the schema. */
function chooseName(schema, table, columns, suffix) {
	const base = [
		table.name,
		...columns,
		suffix
	].join("_").slice(0, 63);
	const taken = (name) => findRelation(schema, {
		schema: table.schema,
		name
	}) !== void 0 || table.constraints.has(name);
	let name = base;
	for (let number = 1; taken(name); number++) name = `${base}${number}`;
	return name;
}
// src/sql/schema/replay/column-type.ts
const serials = {
	serial: "int4",
	serial4: "int4",
	bigserial: "int8",
	serial8: "int8",
	smallserial: "int2",
	serial2: "int2"
};
/** A type as a column's definition writes it. */
function columnType(type) {
	const words = wordsOf(type?.names);
	const name = words.at(-1) ?? "";
	const serial = words.length === 1 ? serials[name] : void 0;
	const builtin = isBuiltinType(words);
	return {
		name: serial ?? name,
		schema: words.length > 1 && !builtin ? words.at(-2) : void 0,
		modifiers: (type?.typmods ?? []).flatMap((one) => "A_Const" in one && one.A_Const.ival !== void 0 ? [one.A_Const.ival.ival ?? 0] : []),
		array: type?.arrayBounds?.length ?? 0,
		serial: serial !== void 0
	};
}
// src/sql/schema/replay/constraint.ts
/** Adds a constraint to a table; `column` is that at which it is written. Those that only describe a column are left out. */
function addConstraint(schema, table, constraint, origin, column) {
	const made = makeConstraint(schema, table, constraint, origin, column);
	if (made !== void 0 && !table.constraints.has(made.name)) table.constraints.set(made.name, made);
}
function makeConstraint(schema, table, constraint, origin, column) {
	const at = column === void 0 ? [] : [column];
	const named = (columns, suffix) => constraint.conname ?? chooseName(schema, table, columns, suffix);
	const valid = constraint.skip_validation !== true;
	switch (constraint.contype) {
		case "CONSTR_CHECK": return {
			kind: "check",
			name: named(at, "check"),
			expression: constraint.raw_expr ?? { Null: {} },
			noInherit: constraint.is_no_inherit === true,
			valid,
			origin
		};
		case "CONSTR_NOTNULL": {
			const [name] = column === void 0 ? wordsOf(constraint.keys) : [column];
			const known = table.columns.get(name ?? "");
			if (known !== void 0 && valid) known.notNull = true;
			if (name === void 0 || constraint.conname === void 0 && column !== void 0) return void 0;
			return {
				kind: "not-null",
				name: named([name], "not_null"),
				column: name,
				valid,
				origin
			};
		}
		case "CONSTR_PRIMARY":
		case "CONSTR_UNIQUE": return makeKey(schema, table, constraint, origin, at);
		case "CONSTR_EXCLUSION": {
			const name = named([], "excl");
			const index = addRelation(schema, {
				schema: table.schema,
				name
			}, origin, indexFacts(table, [], constraint.access_method ?? "gist", name));
			if (index === void 0) return void 0;
			table.indexes.add(index.id);
			return {
				kind: "exclusion",
				name,
				index: index.id,
				valid: true,
				origin
			};
		}
		case "CONSTR_FOREIGN": return makeForeignKey(schema, table, constraint, origin, at);
		default: return;
	}
}
function makeKey(schema, table, constraint, origin, at) {
	const kind = constraint.contype === "CONSTR_PRIMARY" ? "primary" : "unique";
	const deferrable = constraint.deferrable === true;
	if (constraint.indexname !== void 0) {
		const index = findRelation(schema, {
			schema: table.schema,
			name: constraint.indexname
		});
		if (index?.kind !== "index") return void 0;
		const columns = index.keys.flatMap(({ column }) => column ?? []);
		const name = constraint.conname ?? index.name;
		index.constraint = name;
		if (kind === "primary") setNotNull(table, columns);
		return {
			kind,
			name,
			columns,
			index: index.id,
			deferrable,
			valid: true,
			origin
		};
	}
	const columns = constraint.keys === void 0 ? at : wordsOf(constraint.keys);
	const name = constraint.conname ?? (kind === "primary" ? chooseName(schema, table, [], "pkey") : chooseName(schema, table, columns, "key"));
	const index = addRelation(schema, {
		schema: table.schema,
		name
	}, origin, {
		...indexFacts(table, columns, "btree", name),
		unique: true,
		include: wordsOf(constraint.including)
	});
	if (index === void 0) return void 0;
	table.indexes.add(index.id);
	if (kind === "primary") setNotNull(table, columns);
	return {
		kind,
		name,
		columns,
		index: index.id,
		deferrable,
		valid: true,
		origin
	};
}
function indexFacts(table, columns, method, constraint) {
	const keys = columns.map((column) => ({
		column,
		expression: void 0,
		descending: false,
		opclass: void 0,
		collation: void 0
	}));
	return {
		kind: "index",
		table: table.id,
		keys,
		include: [],
		unique: false,
		predicate: void 0,
		method,
		valid: true,
		constraint,
		parent: void 0
	};
}
function setNotNull(table, columns) {
	for (const name of columns) {
		const column = table.columns.get(name);
		if (column !== void 0) column.notNull = true;
	}
}
const actions = {
	a: "no action",
	r: "restrict",
	c: "cascade",
	n: "set null",
	d: "set default"
};
function makeForeignKey(schema, table, constraint, origin, at) {
	const columns = constraint.fk_attrs === void 0 ? at : wordsOf(constraint.fk_attrs);
	const partner = findTable(schema, nameOf(constraint.pktable));
	partner?.referencedBy.add(table.id);
	const primary = [...partner?.constraints.values() ?? []].find(({ kind }) => kind === "primary");
	const named = wordsOf(constraint.pk_attrs);
	return {
		kind: "foreign",
		name: constraint.conname ?? chooseName(schema, table, columns, "fkey"),
		columns,
		references: {
			id: partner?.id,
			name: nameOf(constraint.pktable),
			columns: named.length > 0 ? named : primary?.kind === "primary" ? primary.columns : []
		},
		onDelete: actions[constraint.fk_del_action ?? "a"] ?? "no action",
		onUpdate: actions[constraint.fk_upd_action ?? "a"] ?? "no action",
		valid: constraint.skip_validation !== true,
		origin
	};
}
// src/sql/schema/replay/create-table.ts
const persistences = {
	p: "permanent",
	u: "unlogged",
	t: "temporary"
};
const strategies = {
	PARTITION_STRATEGY_LIST: "list",
	PARTITION_STRATEGY_RANGE: "range",
	PARTITION_STRATEGY_HASH: "hash"
};
function createTable(schema, create, origin) {
	const { relation, tableElts, inhRelations, partspec, partbound } = create;
	const table = addRelation(schema, nameOf(relation), origin, {
		kind: "table",
		form: partspec === void 0 ? "ordinary" : "partitioned",
		persistence: persistences[relation?.relpersistence ?? "p"] ?? "permanent",
		columns: /* @__PURE__ */ new Map(),
		constraints: /* @__PURE__ */ new Map(),
		indexes: /* @__PURE__ */ new Set(),
		parents: /* @__PURE__ */ new Set(),
		children: /* @__PURE__ */ new Set(),
		referencedBy: /* @__PURE__ */ new Set(),
		partitionOf: void 0,
		partitionKey: partspec === void 0 ? void 0 : {
			strategy: strategies[partspec.strategy ?? "PARTITION_STRATEGY_RANGE"],
			columns: nodesOf(partspec.partParams, "PartitionElem").map(({ name, expr }) => name ?? expr ?? "")
		},
		triggers: /* @__PURE__ */ new Map(),
		rowSecurity: false,
		policies: /* @__PURE__ */ new Set(),
		replicaIdentity: { kind: "default" },
		options: [],
		complete: true
	});
	if (table === void 0) return;
	const [parentName] = nodesOf(inhRelations, "RangeVar");
	const parent = parentName === void 0 ? void 0 : findTable(schema, nameOf(parentName));
	if (parentName !== void 0 && parent === void 0) table.complete = false;
	if (parent !== void 0) {
		parent.children.add(table.id);
		for (const column of parent.columns.values()) table.columns.set(column.name, {
			...column,
			origin
		});
		if (partbound === void 0) table.parents.add(parent.id);
		else table.partitionOf = {
			parent: parent.id,
			bound: {
				isDefault: partbound.is_default === true,
				node: { PartitionBoundSpec: partbound }
			}
		};
	}
	for (const column of nodesOf(tableElts, "ColumnDef")) addColumn(schema, table, column, origin);
	for (const constraint of nodesOf(tableElts, "Constraint")) addConstraint(schema, table, constraint, origin);
	if (nodesOf(tableElts, "TableLikeClause").length > 0) table.complete = false;
}
/** A column with the constraints that are written at it. */
function addColumn(schema, table, definition, origin) {
	const name = definition.colname ?? "";
	if (table.columns.has(name)) return;
	const type = columnType(definition.typeName);
	const constraints = constraintsOf(definition.constraints);
	const of = (kind) => constraints.find(({ contype }) => contype === kind);
	const generated = of("CONSTR_GENERATED");
	const identity = of("CONSTR_IDENTITY");
	const column = {
		name,
		type,
		notNull: type.serial || of("CONSTR_NOTNULL") !== void 0 || of("CONSTR_PRIMARY") !== void 0 || identity !== void 0,
		default: of("CONSTR_DEFAULT")?.raw_expr,
		generated: generated === void 0 ? void 0 : {
			kind: generated.generated_kind === "v" ? "virtual" : "stored",
			expression: generated.raw_expr
		},
		identity: identity === void 0 ? void 0 : identity.generated_when === "a" ? "always" : "by default",
		collation: definition.collClause === void 0 ? void 0 : wordsOf(definition.collClause.collname).join("."),
		origin
	};
	table.columns.set(name, column);
	for (const constraint of constraints) addConstraint(schema, table, constraint, origin, name);
}
// src/sql/schema/replay/alter-table.ts
function alterTable(schema, { relation, cmds }, origin) {
	const table = findTable(schema, nameOf(relation));
	if (table === void 0) return;
	for (const command of nodesOf(cmds, "AlterTableCmd")) alterations[command.subtype ?? ""]?.(schema, table, command, origin);
}
const alterations = {
	AT_AddColumn: (schema, table, { def }, origin) => {
		if (def !== void 0 && "ColumnDef" in def) addColumn(schema, table, def.ColumnDef, origin);
	},
	AT_DropColumn: (schema, table, { name = "" }) => dropColumn(schema, table, name),
	AT_AddConstraint: (schema, table, { def }, origin) => {
		if (def !== void 0 && "Constraint" in def) addConstraint(schema, table, def.Constraint, origin);
	},
	AT_DropConstraint: (schema, table, { name = "" }) => {
		const constraint = table.constraints.get(name);
		table.constraints.delete(name);
		if (constraint !== void 0 && "index" in constraint) {
			const index = schema.relations.get(constraint.index);
			if (index !== void 0) removeRelation(schema, index);
		}
		if (constraint?.kind === "not-null") withColumn(table, constraint.column, (column) => {
			column.notNull = false;
		});
	},
	AT_ValidateConstraint: (_, table, { name = "" }) => {
		const constraint = table.constraints.get(name);
		if (constraint !== void 0) constraint.valid = true;
		if (constraint?.kind === "not-null") withColumn(table, constraint.column, (column) => {
			column.notNull = true;
		});
	},
	AT_SetNotNull: (_, table, { name = "" }) => withColumn(table, name, (column) => {
		column.notNull = true;
	}),
	AT_DropNotNull: (_, table, { name = "" }) => withColumn(table, name, (column) => {
		column.notNull = false;
	}),
	AT_ColumnDefault: (_, table, { name = "", def }) => withColumn(table, name, (column) => {
		column.default = def;
	}),
	AT_AlterColumnType: (_, table, { name = "", def }) => withColumn(table, name, (column) => {
		if (def !== void 0 && "ColumnDef" in def) column.type = columnType(def.ColumnDef.typeName);
	}),
	AT_EnableRowSecurity: (_, table) => {
		table.rowSecurity = true;
	},
	AT_DisableRowSecurity: (_, table) => {
		table.rowSecurity = false;
	}
};
function withColumn(table, name, change) {
	const column = table.columns.get(name);
	if (column !== void 0) change(column);
}
function dropColumn(schema, table, name) {
	table.columns.delete(name);
	for (const index of indexesOf(schema, table)) if (index.keys.some(({ column }) => column === name)) removeRelation(schema, index);
	for (const [key, constraint] of table.constraints) if ("columns" in constraint && constraint.columns.includes(name)) table.constraints.delete(key);
}
// src/sql/schema/replay/create.ts
function createView(schema, { view, query }, origin) {
	addRelation(schema, nameOf(view), origin, {
		kind: "view",
		form: "view",
		columns: void 0,
		reads: /* @__PURE__ */ new Map(),
		query,
		populated: true
	});
}
function createEnum(schema, { typeName, vals }, origin) {
	const { schema: space, name } = nameOfWords(wordsOf(typeName));
	schema.types.set(nameKey(space ?? schema.searchPath[0] ?? "public", name), {
		kind: "enum",
		values: wordsOf(vals),
		origin
	});
}
// src/sql/schema/replay/create-index.ts
function createIndex(schema, statement, origin) {
	const relation = findRelation(schema, nameOf(statement.relation));
	if (relation === void 0 || relation.kind !== "table" && relation.kind !== "view") return;
	const keys = nodesOf(statement.indexParams, "IndexElem").map((one) => ({
		column: one.name,
		expression: one.expr,
		descending: one.ordering === "SORTBY_DESC",
		opclass: wordsOf(one.opclass).at(-1),
		collation: wordsOf(one.collation).at(-1)
	}));
	const columns = keys.map(({ column }) => column ?? "expr");
	const table = relation.kind === "table" ? relation : void 0;
	const name = statement.idxname ?? (table === void 0 ? `${relation.name}_${columns.join("_")}_idx` : chooseName(schema, table, columns, "idx"));
	const index = addRelation(schema, {
		schema: relation.schema,
		name
	}, origin, {
		kind: "index",
		table: relation.id,
		keys,
		include: nodesOf(statement.indexIncludingParams, "IndexElem").flatMap((one) => one.name ?? []),
		unique: statement.unique === true,
		predicate: statement.whereClause,
		method: statement.accessMethod ?? "btree",
		valid: !(table?.form === "partitioned" && statement.relation?.inh !== true),
		constraint: void 0,
		parent: void 0
	});
	if (index !== void 0) table?.indexes.add(index.id);
}
// src/sql/schema/replay/drop.ts
const relationTypes = [
	"OBJECT_TABLE",
	"OBJECT_INDEX",
	"OBJECT_VIEW",
	"OBJECT_MATVIEW",
	"OBJECT_SEQUENCE",
	"OBJECT_FOREIGN_TABLE"
];
function drop(schema, { removeType = "OBJECT_TABLE", objects }) {
	if (!relationTypes.includes(removeType)) return;
	for (const object of objects ?? []) {
		const found = findRelation(schema, nameOfWords(wordsOf(object)));
		if (found !== void 0) removeRelation(schema, found);
	}
}
// src/sql/schema/replay/rename.ts
function rename(schema, { renameType, relation, subname = "", newname = "" }) {
	if (renameType === "OBJECT_COLUMN") {
		const table = findTable(schema, nameOf(relation));
		if (table !== void 0) renameColumn(schema, table, subname, newname);
		return;
	}
	const found = relation === void 0 ? void 0 : findRelation(schema, nameOf(relation));
	if (found !== void 0 && [
		"OBJECT_TABLE",
		"OBJECT_INDEX",
		"OBJECT_VIEW",
		"OBJECT_MATVIEW",
		"OBJECT_SEQUENCE"
	].includes(renameType ?? "")) renameRelation(schema, found, { name: newname });
}
function renameColumn(schema, table, from, to) {
	const columns = [...table.columns.values()];
	table.columns.clear();
	for (const column of columns) {
		if (column.name === from) column.name = to;
		table.columns.set(column.name, column);
	}
	for (const index of indexesOf(schema, table)) index.keys = index.keys.map((key) => key.column === from ? {
		...key,
		column: to
	} : key);
	for (const constraint of table.constraints.values()) if ("columns" in constraint) constraint.columns = constraint.columns.map((one) => one === from ? to : one);
}
// src/sql/schema/replay.ts
/**
* Carries a statement out on the schema. Never throws: what cannot be followed leaves the tables concerned marked as
* incomplete, and what exists already or does not exist stays as it is.
*/
function applyStatement(schema, { node }, origin) {
	const { kind, content } = openNode(node);
	const change = changes[kind];
	change?.(schema, content, origin);
}
const changes = {
	CreateStmt: createTable,
	IndexStmt: createIndex,
	AlterTableStmt: alterTable,
	ViewStmt: createView,
	CreateEnumStmt: createEnum,
	DropStmt: drop,
	RenameStmt: rename,
	CreateSchemaStmt: (schema, { schemaname, schemaElts }, origin) => {
		schema.schemas.add(schemaname ?? "");
		for (const node of nodesOf(schemaElts, "CreateStmt")) createTable(schema, node, origin);
	}
};
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
// src/sql/nested.ts
/**
* SQL that a DO block runs as its text shows it: plain statements, and EXECUTE of a constant. What it puts together at
* run time is not among them. Conditions and loops are not followed: every statement counts as run, once, in its order.
*/
async function nestedStatements(_statement, _text) {
	return [];
}
// src/lint/lint-file.ts
async function openFile(migration, isNew, order) {
	try {
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
				problem: void 0
			},
			down: void 0
		};
	}
}
async function openPart(text) {
	const parsed = await parseStatements(text.text);
	if ("problem" in parsed) return {
		text,
		statements: [],
		nested: /* @__PURE__ */ new Map(),
		problem: parsed.problem
	};
	const nested = /* @__PURE__ */ new Map();
	for (const [index, statement] of parsed.statements.entries()) {
		const inner = await nestedStatements(statement, text);
		if (inner.length > 0) nested.set(index, inner);
	}
	return {
		text,
		statements: parsed.statements,
		nested,
		problem: void 0
	};
}
// src/sql/effects/effects.ts
/** Judges a statement by the schema as it stands before it. */
function statementEffects(statement, schema, _options) {
	const { locks, unknown } = statementLocks(statement);
	return {
		locks: locks.map((one) => ({
			relation: known(schema, one),
			mode: one.mode,
			named: true
		})),
		rewrites: [],
		scans: [],
		builds: [],
		unknown
	};
}
function known(schema, { schema: space, name }) {
	return findRelation(schema, {
		schema: space,
		name
	}) ?? {
		kind: "unknown",
		schema: space,
		name
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
	get phase() {
		return this.file.migration.phase;
	}
	get postgres() {
		return this.release.postgres;
	}
	/** The statement's own words. */
	get sql() {
		return this.text.text.slice(this.statement.start, this.statement.end);
	}
	/** Whether the release under review made it: nobody uses it yet, so nobody waits for it. What is not known is old. */
	isNew(what) {
		const first = this.release.files[0]?.order;
		return what !== void 0 && "origin" in what && first !== void 0 && what.origin.file >= first;
	}
};
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
				reason: target.ignore.reason
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
	if (added.length === 0 && input.refused.length === 0) return {
		files: [],
		findings: [],
		suppressed: []
	};
	const schema = input.start?.schema ?? emptySchema();
	const replayed = [];
	for (const migration of released) {
		const file = await openFile(migration, false, replayed.length);
		replayed.push(file);
		if (input.start?.holdsReleased !== true) replay(file, schema);
	}
	const files = [];
	for (const [index, migration] of added.entries()) files.push(await openFile(migration, true, released.length + index));
	const { layout, postgres, refused } = input;
	const release = {
		files,
		replayed: [...replayed, ...files],
		before: copySchema(schema),
		layout,
		postgres,
		refused
	};
	const findings = files.flatMap((file) => checkFile(file, schema, release, input.rules));
	const whole = {
		...release,
		after: schema
	};
	findings.push(...checkRelease(whole, input.rules));
	const judged = await suppress(findings, files, input.rules, input.everyRule);
	return {
		files,
		...judged,
		findings: [...judged.findings].sort(byGravity)
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
function replay(file, schema) {
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
	for (const active of rules) {
		if (!("checkFile" in active.rule) || !appliesTo(active.rule, file)) continue;
		for (const problem of problemsOf(active.rule.checkFile(scope))) findings.push(findingInFile(active, problem, file));
	}
	return findings;
}
function checkStatement(scope, rules) {
	const { kind, content } = openNode(scope.statement.node);
	const found = rules.flatMap((active) => {
		const { rule } = active;
		if (!("check" in rule) || !appliesTo(rule, scope.file)) return [];
		const { on, check } = rule;
		if (on !== "every-statement" && !on.includes(kind)) return [];
		return problemsOf(check.call(rule, content, scope)).map((problem) => ({
			rule,
			finding: findingAt(active, problem, scope.file, scope.text, scope.statement)
		}));
	});
	const names = new Set(found.map(({ rule }) => rule.name));
	return found.filter(({ rule }) => !rule.yieldsTo?.some((other) => names.has(other))).map(({ finding }) => finding);
}
function checkRelease(scope, rules) {
	return rules.flatMap((active) => {
		if (!("checkRelease" in active.rule)) return [];
		return active.rule.checkRelease(scope).map((problem) => {
			return findingOfRelease(active, problem, scope.replayed.find(({ migration }) => migration.path === problem.path));
		});
	});
}
function appliesTo({ phase }, { migration }) {
	return phase === void 0 || phase === migration.phase;
}
function problemsOf(found) {
	return found === void 0 ? [] : Array.isArray(found) ? found : [found];
}
function findingAt(active, problem, file, text, statement) {
	const { migration } = file;
	const at = offsetOf(problem, text.text) ?? statement.start;
	const start = text.fileOffset(at) ?? text.fileOffset(statement.start) ?? 0;
	const end = text.fileOffset(statement.end) ?? start;
	return {
		...common(active, problem),
		path: migration.path,
		phase: migration.phase,
		start: positionFromUtf16(migration.file, start),
		end: positionFromUtf16(migration.file, Math.max(start, end)),
		statement: text.text.slice(statement.start, statement.end)
	};
}
/** The parser's nodes count bytes. */
function offsetOf({ offset, location }, text) {
	if (location === void 0) return offset;
	return Buffer.from(text, "utf8").subarray(0, location).toString("utf8").length;
}
function findingInFile(active, problem, { migration, up }) {
	const at = up.text.fileOffset(offsetOf(problem, up.text.text) ?? 0) ?? 0;
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
	const start = positionFromUtf16(file?.migration.file ?? "", problem.offset ?? 0);
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
		if (problem === void 0 || release.postgres >= 18) return void 0;
		return {
			message: `The parser stops here: ${problem.message}. Nothing in this file was checked.`,
			offset: problem.offset
		};
	}
};
// src/lint/rule.ts
/** A rule on statements of some kinds; its check sees what such a node holds. */
function defineRule(rule) {
	return {
		...rule,
		on: typeof rule.on === "string" ? [rule.on] : rule.on
	};
}
// src/lint/wording.ts
/** A name for a sentence, as people write it: with its schema only where the migration says one. */
function tableName({ schema, name }) {
	return schema === void 0 ? name : `${schema}.${name}`;
}
/** A statement that builds an index, with CONCURRENTLY put behind the word INDEX. */
function concurrently(sql) {
	return sql.replace(/^(\s*create\s+(?:unique\s+)?index)\b/i, (words) => words.trimEnd() === words.trimEnd().toUpperCase() ? `${words} CONCURRENTLY` : `${words} concurrently`);
}
// src/lint/rules/require-concurrent-index-creation.ts
var require_concurrent_index_creation_default = defineRule({
	name: "require-concurrent-index-creation",
	group: "locks",
	severity: "error",
	problem: "Every write to the table waits until the index is built.",
	remedy: "Use CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction.",
	because: "CREATE INDEX holds SHARE on its table from its first row to its last; inserts, updates and deletes need ROW EXCLUSIVE.",
	examples: {
		bad: ["create index orders_total_idx on orders (total)", "create unique index users_nickname_key on users (nickname)"],
		good: [{ files: [{
			transaction: false,
			sql: "create index concurrently orders_total_idx on orders (total)"
		}] }, "create table carts (id bigint primary key, user_id bigint); create index carts_user_id_idx on carts (user_id)"]
	},
	on: "IndexStmt",
	check(index, scope) {
		if (index.concurrent === true) return void 0;
		const table = findTable(scope.schema, nameOf(index.relation));
		if (table?.form === "partitioned" || scope.isNew(table)) return void 0;
		const name = tableName(nameOf(index.relation));
		return {
			message: `Building ${index.idxname ? `the index ${index.idxname}` : "an index"} on ${name} holds back every write to it until the index is built.`,
			harm: `Every INSERT, UPDATE and DELETE on ${name} waits.`,
			instead: [{
				phase: scope.phase,
				transactional: false,
				sql: `${concurrently(scope.sql)};`
			}]
		};
	}
});
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
		if (problem === void 0 || release.postgres < 18) return void 0;
		return {
			message: `PostgreSQL 18 does not accept this: ${problem.message}.`,
			offset: problem.offset
		};
	}
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
	not_parsed_default,
	require_concurrent_index_creation_default,
	require_ignore_reason_default,
	syntax_error_default,
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
// src/lint/settings.ts
/**
* The rules that apply, and what their findings count for. Throws `invalid-input` for a name that no rule has.
* Squawk's names mean the rule that makes the same check.
*/
function activeRules(all, settings) {
	const byName = new Map(all.flatMap((rule) => [rule.name, ...rule.aliases ?? []].map((name) => [name, rule.name])));
	const wanted = /* @__PURE__ */ new Map();
	for (const [name, setting] of settings) {
		const known = byName.get(name);
		if (known === void 0) throw new ReleaseError("invalid-input", `There is no rule ${JSON.stringify(name)}.${didYouMean(name, byName.keys())}`, { hint: "docs/rules.md lists every rule; correct lint.rules in shiplock.yml." });
		wanted.set(known, setting);
	}
	return all.flatMap((rule) => {
		const setting = wanted.get(rule.name) ?? (rule.optIn ? "off" : rule.severity);
		return setting === "off" ? [] : [{
			rule,
			severity: setting
		}];
	});
}
// src/commands/lint.ts
var lint_default = defineCommand({
	summary: "Check new migrations: what they lock, which code they break, and whether there is a way back.",
	inputs: [
		"layout",
		"migrate-command",
		"migrate-command-post",
		"migrations",
		"migrations-post",
		"paths",
		"base",
		"all",
		"fail-on",
		"postgres",
		"start-after",
		"lint-rules",
		"squawk-config",
		"schema-from",
		"sarif",
		"comment",
		"github-token"
	],
	positional: "paths",
	outputs: {
		errors: "How many findings are errors.",
		warnings: "How many are warnings.",
		files: "How many new migrations were checked."
	},
	async run(inputs, context) {
		const { layout, migrations, refused } = await readEachMigration(inputs, context);
		const review = await context.openReview({ base: inputs.base });
		const isNew = newness(inputs, review);
		const active = activeRules(rules, inputs["lint-rules"] ?? /* @__PURE__ */ new Map());
		const report = await lint({
			migrations,
			refused,
			isNew,
			layout,
			postgres: inputs.postgres ?? 13,
			rules: active,
			everyRule: rules
		});
		const counts = severities.map((severity) => report.findings.filter((one) => one.severity === severity).length);
		const [errors = 0, warnings = 0] = counts;
		const limit = inputs["fail-on"];
		return {
			verdict: (limit === "never" ? 0 : counts.slice(0, severities.indexOf(limit) + 1).reduce((sum, count) => sum + count, 0)) > 0 ? "fail" : "pass",
			reason: report.files.length === 0 ? "There is no new migration." : `${plural(report.files.length, "new migration")}, ${plural(report.findings.length, "finding")}.`,
			outputs: {
				errors,
				warnings,
				files: report.files.length
			},
			details: {
				findings: report.findings,
				base: review.base
			}
		};
	}
});
/** Which migrations are checked: those that were named, else those that the review adds, behind the baseline. */
function newness(inputs, review) {
	const { paths, all, "start-after": startAfter } = inputs;
	const added = new Set(review.changes.filter(({ kind }) => kind === "added").map(({ path }) => path));
	return ({ version, path }) => {
		if (startAfter !== void 0 && BigInt(version) <= BigInt(startAfter)) return false;
		if (paths !== void 0) return paths.includes(path);
		return all || review.base === void 0 || added.has(path);
	};
}
export { lint_default as default };
