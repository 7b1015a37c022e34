import { _n as nameInText, bn as optionsOf, ln as isBuiltinType, vn as nameOf, xn as wordsOf, yn as nameOfWords } from "./migrations.js";
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
		others: /* @__PURE__ */ new Map(),
		nextId: 1,
		session: {
			searchPath: ["public"],
			timeZone: void 0
		},
		beforeLocal: void 0,
		file: void 0,
		constraintNames: /* @__PURE__ */ new Map(),
		typeUsers: /* @__PURE__ */ new Map(),
		callers: /* @__PURE__ */ new Map()
	};
}
function nameKey(schema, name) {
	return `${schema}\0${name}`;
}
/** The relation that a name means, as the search path finds it. */
function findRelation(schema, { schema: space, name }) {
	if (space !== void 0) return relationOf(schema, space, name);
	const temporary = relationOf(schema, "pg_temp", name);
	if (temporary !== void 0) return temporary;
	for (const one of schema.searchPath) {
		const found = relationOf(schema, one, name);
		if (found !== void 0) return found;
	}
}
function relationOf(schema, space, name) {
	const id = schema.names.get(nameKey(space, name));
	return id === void 0 ? void 0 : schema.relations.get(id);
}
/** The key of the type that a name means; `undefined` for one that nothing has made. */
function findTypeKey(schema, { schema: space, name }) {
	return (space === void 0 ? schema.searchPath : [space]).map((one) => nameKey(one, name)).find((key) => schema.types.has(key));
}
/** The type that a column's type means, behind its schema and the search path; `undefined` for PostgreSQL's own. */
function findType(schema, name) {
	const key = findTypeKey(schema, name);
	return key === void 0 ? void 0 : schema.types.get(key);
}
/** The name that `nameKey` wrote. */
function nameOfKey(key) {
	const [schema = "", name = ""] = key.split("\0");
	return {
		schema,
		name
	};
}
/** The schema in which a statement makes something that has no schema in its name. */
function creationSchema(schema, name) {
	return name.schema ?? schema.searchPath.find((one) => one !== "$user") ?? "public";
}
function findTable(schema, name) {
	const found = findRelation(schema, name);
	return found?.kind === "table" ? found : void 0;
}
function tableById(schema, id) {
	const found = id === void 0 ? void 0 : schema.relations.get(id);
	return found?.kind === "table" ? found : void 0;
}
function viewById(schema, id) {
	const found = id === void 0 ? void 0 : schema.relations.get(id);
	return found?.kind === "view" ? found : void 0;
}
function indexesOf(schema, table) {
	return [...table.indexes].flatMap((id) => {
		const found = schema.relations.get(id);
		return found?.kind === "index" ? [found] : [];
	});
}
/** Partitions and other children at every level below a table. */
function childrenOf(schema, table) {
	return [...table.children].flatMap((id) => {
		const child = tableById(schema, id);
		return child === void 0 ? [] : [child, ...childrenOf(schema, child)];
	});
}
/** Foreign keys of other tables, and of itself, that refer to a table. */
function foreignKeysTo(schema, table) {
	return [...table.referencedBy].flatMap((id) => {
		const from = tableById(schema, id);
		return [...from?.constraints.values() ?? []].flatMap((key) => from !== void 0 && key.kind === "foreign" && key.references.id === table.id ? [{
			table: from,
			key
		}] : []);
	});
}
// src/sql/schema/column-type.ts
const serials = {
	serial: "int4",
	serial4: "int4",
	bigserial: "int8",
	serial8: "int8",
	smallserial: "int2",
	serial2: "int2"
};
/** A type as a definition writes it; one that the schema holds gets its schema. */
function columnType(schema, type) {
	const words = wordsOf(type?.names);
	const name = words.at(-1) ?? "";
	const written = words.at(-2);
	const serial = words.length === 1 ? serials[name] : void 0;
	const builtin = isBuiltinType(words) || written === "pg_catalog";
	const key = builtin || serial !== void 0 ? void 0 : findTypeKey(schema, {
		schema: written,
		name
	});
	return {
		name: serial ?? name,
		schema: key !== void 0 ? nameOfKey(key).schema : builtin ? void 0 : written,
		modifiers: (type?.typmods ?? []).flatMap((one) => "A_Const" in one && one.A_Const.ival !== void 0 ? [one.A_Const.ival.ival ?? 0] : []),
		array: type?.arrayBounds?.length ?? 0,
		serial: serial !== void 0
	};
}
/** One of PostgreSQL's own types. */
function plainType(name, array = 0) {
	return {
		name,
		schema: void 0,
		modifiers: [],
		array,
		serial: false
	};
}
/** A type in words, the same however it was written. */
function typeText({ name, schema, modifiers, array }) {
	const scaled = name === "numeric" && modifiers.length === 1 ? [...modifiers, 0] : modifiers;
	return `${schema === void 0 ? "" : `${schema}.`}${name}${scaled.length === 0 ? "" : `(${scaled.join(",")})`}${array > 0 ? "[]" : ""}`;
}
/** Remembers which tables use a type, for the day when it is renamed or dropped. */
function noteTypeUse(schema, table, type) {
	if (type.schema === void 0) return;
	const key = nameKey(type.schema, type.name);
	const users = schema.typeUsers.get(key);
	if (users === void 0) schema.typeUsers.set(key, /* @__PURE__ */ new Set([table]));
	else users.add(table);
}
// src/sql/schema/expression.ts
const nothing = {
	columns: /* @__PURE__ */ new Set(),
	functions: /* @__PURE__ */ new Set(),
	types: [],
	sequences: []
};
const known = /* @__PURE__ */ new WeakMap();
/** Reads an expression, once: the parser's nodes never change. */
function mentionsOf(node) {
	if (node === void 0) return nothing;
	const before = known.get(node);
	if (before !== void 0) return before;
	const found = {
		columns: /* @__PURE__ */ new Set(),
		functions: /* @__PURE__ */ new Set(),
		types: [],
		sequences: []
	};
	walk(node, (kind, content) => {
		if (kind === "ColumnRef") {
			const [last] = stringsOf(content.fields).slice(-1);
			if (last !== void 0) found.columns.add(last);
		}
		if (kind === "FuncCall") {
			const name = stringsOf(content.funcname).at(-1) ?? "";
			found.functions.add(name);
			if (name === "nextval" || name === "currval") found.sequences.push(...constantsOf(content.args));
		}
		if (kind === "typeName" || kind === "TypeName") found.types.push(stringsOf(content.names));
	});
	known.set(node, found);
	return found;
}
/** The expression with another name for a column; the same node when it does not name it. */
function withRenamedColumn(node, from, to) {
	return mentionsOf(node).columns.has(from) ? renamed$1(node, from, to) : node;
}
const places = /* @__PURE__ */ new Set([
	"location",
	"stmt_location",
	"stmt_len",
	"rexpr_list_start",
	"rexpr_list_end",
	"list_start",
	"list_end"
]);
/** An expression as text that is equal for equal ones, wherever they stand. */
function canonicalText(node) {
	return JSON.stringify(node, (key, value) => places.has(key) ? void 0 : value) ?? "";
}
/** Visits every object, with the key that it stands under. */
function walk(value, visit) {
	if (Array.isArray(value)) {
		for (const one of value) walk(one, visit);
		return;
	}
	if (typeof value !== "object" || value === null) return;
	for (const key in value) {
		const content = value[key];
		if (typeof content !== "object" || content === null) continue;
		if (!Array.isArray(content)) visit(key, content);
		walk(content, visit);
	}
}
function renamed$1(value, from, to) {
	if (Array.isArray(value)) return value.map((one) => renamed$1(one, from, to));
	if (typeof value !== "object" || value === null) return value;
	const copy = {};
	for (const [key, content] of Object.entries(value)) copy[key] = key === "ColumnRef" ? renamedReference(content, from, to) : renamed$1(content, from, to);
	return copy;
}
function renamedReference(reference, from, to) {
	const fields = reference.fields ?? [];
	const last = fields.at(-1);
	if (last === void 0 || !("String" in last) || last.String.sval !== from) return reference;
	return {
		...reference,
		fields: [...fields.slice(0, -1), { String: { sval: to } }]
	};
}
function stringsOf(nodes) {
	return (nodes ?? []).flatMap((one) => "String" in one ? [one.String.sval ?? ""] : []);
}
/** Constants among arguments, behind casts. */
function constantsOf(nodes) {
	return (nodes ?? []).flatMap((one) => {
		if ("TypeCast" in one) return constantsOf([one.TypeCast.arg]);
		return "A_Const" in one && one.A_Const.sval !== void 0 ? [one.A_Const.sval.sval ?? ""] : [];
	});
}
// src/sql/schema/names.ts
/** Bytes that a name may have. */
const longestName = 63;
/** A name of a relation that the server would choose: `table_column_suffix`, with a number when it is taken. */
function chooseRelationName(schema, space, [first, second, label], isConstraint = false) {
	const taken = (name) => {
		const key = nameKey(space, name);
		return schema.names.has(key) || isConstraint && schema.constraintNames.has(key);
	};
	return numbered(first, second, label, taken);
}
/** A name of a constraint that the server would choose; no other of the same schema has it. */
function chooseConstraintName(schema, space, [first, second, label]) {
	return numbered(first, second, label, (name) => schema.constraintNames.has(nameKey(space, name)));
}
/** Columns in a name that is made from several, up to where the server stops reading. */
function joinedColumns(columns) {
	let joined = "";
	for (const column of columns) {
		joined = joined === "" ? column : `${joined}_${column}`;
		if (!fits(joined)) break;
	}
	return joined;
}
/** Names of an index's own columns, each of which it has once. */
function ownColumnNames(wanted) {
	const names = [];
	for (const base of wanted) {
		let name = base;
		for (let number = 1; names.includes(name); number++) {
			const digits = String(number);
			name = clip(Buffer.from(base), longestName - digits.length) + digits;
		}
		names.push(name);
	}
	return names;
}
/** A name as the server keeps it. */
function clipped(name) {
	return fits(name) ? name : clip(Buffer.from(name), longestName);
}
function numbered(first, second, label, taken) {
	let name = compose(first, second, label);
	for (let number = 1; taken(name); number++) name = compose(first, second, `${label}${number}`);
	return name;
}
/** Shortens the longer of two parts until all of it fits. */
function compose(first, second, label) {
	const whole = second === void 0 ? `${first}_${label}` : `${first}_${second}_${label}`;
	if (fits(whole)) return whole;
	const parts = [Buffer.from(first), second === void 0 ? void 0 : Buffer.from(second)];
	const room = longestName - Buffer.byteLength(label) - 1 - (second === void 0 ? 0 : 1);
	let one = parts[0].length;
	let two = parts[1]?.length ?? 0;
	while (one + two > room) if (one > two) one--;
	else two--;
	return [
		clip(parts[0], one),
		...parts[1] === void 0 ? [] : [clip(parts[1], two)],
		label
	].join("_");
}
/** A character has at most three bytes for each of its UTF-16 units. */
function fits(name) {
	return name.length * 3 <= longestName || Buffer.byteLength(name) <= longestName;
}
/** Never cuts a character in two. */
function clip(bytes, length) {
	let end = Math.min(length, bytes.length);
	while (end > 0 && end < bytes.length && (bytes[end] & 192) === 128) end--;
	return bytes.toString("utf8", 0, end);
}
// src/sql/schema/add.ts
/** Adds a relation under a name in the first schema of the search path, unless it says its own. `undefined` when the name is taken. */
function addRelation(schema, name, origin, facts) {
	const space = creationSchema(schema, name);
	const kept = clipped(name.name);
	const key = nameKey(space, kept);
	if (schema.names.has(key)) return void 0;
	const id = schema.nextId++;
	const relation = Object.assign(facts, {
		id,
		schema: space,
		name: kept,
		origin
	});
	schema.relations.set(id, relation);
	schema.names.set(key, id);
	return relation;
}
function renameRelation(schema, relation, to) {
	schema.names.delete(nameKey(relation.schema, relation.name));
	relation.schema = to.schema ?? relation.schema;
	relation.name = clipped(to.name ?? relation.name);
	schema.names.set(nameKey(relation.schema, relation.name), relation.id);
}
/** Puts a constraint at a table; one of the same name is replaced. */
function setConstraint(schema, table, constraint) {
	if (!table.constraints.has(constraint.name)) countConstraint(schema, table.schema, constraint.name, 1);
	table.constraints.set(constraint.name, constraint);
}
/** Takes the entry of a constraint away, and nothing that belongs to it. */
function unsetConstraint(schema, table, name) {
	if (table.constraints.delete(name)) countConstraint(schema, table.schema, name, -1);
}
function countConstraint(schema, space, name, change) {
	const key = nameKey(space, name);
	const count = (schema.constraintNames.get(key) ?? 0) + change;
	if (count > 0) schema.constraintNames.set(key, count);
	else schema.constraintNames.delete(key);
}
/** Remembers which functions a relation calls, for the day when one is dropped. */
function noteCalls(schema, relation, ...expressions) {
	for (const expression of expressions) for (const name of mentionsOf(expression).functions) noteCall(schema, relation, name);
}
function noteCall(schema, { id }, name) {
	const callers = schema.callers.get(name);
	if (callers === void 0) schema.callers.set(name, /* @__PURE__ */ new Set([id]));
	else callers.add(id);
}
// src/sql/schema/remove.ts
/**
* Takes a relation away and what belongs to it: indexes, partitions, owned sequences, foreign keys of others that refer
* to it. Views that read it go only with `cascade`; without it they stay, and do not read it any more.
*/
function removeRelation(schema, relation, cascade = false) {
	if (!schema.relations.delete(relation.id)) return;
	schema.names.delete(nameKey(relation.schema, relation.name));
	if (relation.kind === "index") removeIndex(schema, relation);
	if (relation.kind === "table") removeTable(schema, relation, cascade);
	if (relation.kind === "view") removeView(schema, relation, cascade);
	if (relation.kind === "sequence") removeSequence(schema, relation);
}
/** Takes a constraint away, with its index, and from the tables below. */
function removeConstraint(schema, table, name, only = false) {
	const constraint = table.constraints.get(name);
	if (constraint === void 0) return;
	unsetConstraint(schema, table, name);
	if ("index" in constraint) {
		const index = schema.relations.get(constraint.index);
		if (index !== void 0) removeRelation(schema, index);
	}
	if (constraint.kind === "foreign") forgetReference(schema, table, constraint.references.id);
	for (const { child, copy } of constraintsBelow(schema, table, constraint)) {
		copy.inherited--;
		if (only) copy.local = true;
		else if (copy.inherited === 0 && !copy.local) removeConstraint(schema, child, copy.name);
	}
}
/** What the tables just below inherit of a check or a foreign key. */
function constraintsBelow(schema, table, { kind, name }) {
	if (kind !== "check" && kind !== "foreign") return [];
	return childTables(schema, table).flatMap((child) => {
		const copy = kind === "check" ? child.constraints.get(name) : [...child.constraints.values()].find((one) => one.kind === "foreign" && one.above === name);
		return copy === void 0 || copy.inherited === 0 ? [] : [{
			child,
			copy
		}];
	});
}
/** Takes a column away with the indexes, constraints and sequences that use it, and from the tables below. */
function removeColumn(schema, table, name, { cascade = false, only = false } = {}) {
	if (!table.columns.delete(name)) return;
	for (const index of indexesOf(schema, table)) if (indexUses(index, name)) removeRelation(schema, index);
	for (const [key, constraint] of table.constraints) {
		if (!("columns" in constraint && constraint.columns.includes(name) || constraint.kind === "check" && mentionsOf(constraint.expression).columns.has(name) || constraint.kind === "not-null" && constraint.column === name)) continue;
		if (constraint.kind === "check") unsetConstraint(schema, table, key);
		else removeConstraint(schema, table, key);
	}
	for (const { table: from, key } of foreignKeysTo(schema, table)) if (key.references.columns.includes(name)) removeConstraint(schema, from, key.name);
	removeOwned(schema, table, name);
	if (cascade) removeUsersOfColumn(schema, table, name);
	for (const child of childTables(schema, table)) leaveToChild(schema, child, name, {
		cascade,
		only
	});
	for (const id of table.readBy) {
		const view = viewById(schema, id);
		const columns = view?.reads.get(table.id);
		if (view === void 0 || columns === void 0) continue;
		if (columns === "all" || !columns.has(name)) continue;
		if (cascade) removeRelation(schema, view, true);
		else view.reads = new Map([...view.reads, [table.id, new Set([...columns].filter((one) => one !== name))]]);
	}
}
function childTables(schema, table) {
	return [...table.children].flatMap((id) => tableById(schema, id) ?? []);
}
/** The sequences that a column owns, gone with it. */
function removeOwned(schema, table, column, identityOnly = false) {
	for (const id of table.sequences) {
		const sequence = schema.relations.get(id);
		if (sequence?.kind !== "sequence" || sequence.ownedBy?.column !== column || identityOnly && !sequence.identity) continue;
		removeRelation(schema, sequence);
	}
}
function indexUses(index, column) {
	return index.include.includes(column) || mentionsOf(index.predicate).columns.has(column) || index.keys.some((key) => key.column === column || mentionsOf(key.expression).columns.has(column));
}
/** A table that has no foreign key to another any more is not among those that refer to it. */
function forgetReference(schema, table, to) {
	if (![...table.constraints.values()].some((one) => one.kind === "foreign" && one.references.id === to)) tableById(schema, to)?.referencedBy.delete(table.id);
}
function removeUsersOfColumn(schema, table, name) {
	for (const column of generatedFrom(table, name)) removeColumn(schema, table, column.name, { cascade: true });
	for (const [key, trigger] of table.triggers) if (trigger.columns.has(name)) table.triggers.delete(key);
	for (const [key, { using, check }] of table.policyTexts) {
		if (!mentionsOf(using).columns.has(name) && !mentionsOf(check).columns.has(name)) continue;
		table.policies.delete(key);
		table.policyTexts.delete(key);
	}
}
function generatedFrom(table, name) {
	return [...table.columns.values()].filter(({ generated }) => mentionsOf(generated?.expression).columns.has(name));
}
function leaveToChild(schema, child, name, { cascade, only }) {
	const column = child.columns.get(name);
	if (column === void 0 || column.inherited === 0) return;
	column.inherited--;
	if (only) column.local = true;
	else if (column.inherited === 0 && !column.local) removeColumn(schema, child, name, { cascade });
}
function removeIndex(schema, index) {
	const owner = schema.relations.get(index.table);
	if (owner?.kind === "view") owner.indexes.delete(index.id);
	if (owner?.kind !== "table") return;
	owner.indexes.delete(index.id);
	if (owner.replicaIdentity.kind === "index" && owner.replicaIdentity.index === index.id) owner.replicaIdentity = { kind: "nothing" };
	if (index.constraint !== void 0) unsetConstraint(schema, owner, index.constraint);
	for (const child of owner.form === "partitioned" ? childTables(schema, owner) : []) for (const part of indexesOf(schema, child)) if (part.parent === index.id) removeRelation(schema, part);
	if (!index.unique) return;
	for (const { table, key } of foreignKeysTo(schema, owner)) if (key.references.index === index.id) removeConstraint(schema, table, key.name);
}
function removeTable(schema, table, cascade) {
	for (const { table: from, key } of foreignKeysTo(schema, table)) if (from !== table) removeConstraint(schema, from, key.name);
	for (const child of childTables(schema, table)) if (child.partitionOf?.parent === table.id || cascade) removeRelation(schema, child, cascade);
	else child.parents.delete(table.id);
	for (const id of [...table.indexes, ...table.sequences]) {
		const part = schema.relations.get(id);
		if (part !== void 0) removeRelation(schema, part);
	}
	for (const constraint of table.constraints.values()) {
		countConstraint(schema, table.schema, constraint.name, -1);
		if (constraint.kind === "foreign") tableById(schema, constraint.references.id)?.referencedBy.delete(table.id);
	}
	for (const id of table.parents) tableById(schema, id)?.children.delete(table.id);
	tableById(schema, table.partitionOf?.parent)?.children.delete(table.id);
	for (const publication of schema.publications.values()) {
		publication.tables.delete(table.id);
		publication.details.delete(table.id);
	}
	removeReaders(schema, table, cascade);
}
function removeView(schema, view, cascade) {
	forgetReads(schema, view);
	for (const index of indexesOf(schema, view)) removeRelation(schema, index);
	removeReaders(schema, view, cascade);
}
/** Takes a view from the lists of those that read what it reads. */
function forgetReads(schema, view) {
	for (const id of view.reads.keys()) {
		const read = schema.relations.get(id);
		if (read?.kind === "table" || read?.kind === "view") read.readBy.delete(view.id);
	}
}
function removeReaders(schema, relation, cascade) {
	for (const id of relation.readBy) {
		const view = viewById(schema, id);
		if (view === void 0) continue;
		if (cascade) removeRelation(schema, view, true);
		else view.reads = new Map([...view.reads].filter(([read]) => read !== relation.id));
	}
}
function removeSequence(schema, sequence) {
	tableById(schema, sequence.ownedBy?.table)?.sequences.delete(sequence.id);
	for (const id of sequence.usedBy) for (const column of tableById(schema, id)?.columns.values() ?? []) {
		if (column.counter !== sequence.id) continue;
		column.counter = void 0;
		column.default = void 0;
	}
}
// src/sql/schema/replay/build-index.ts
const labels = {
	primary: "pkey",
	unique: "key",
	exclusion: "excl"
};
/** Makes an index and its constraint, and those of the partitions. `undefined` when its name is taken. */
function buildIndex(schema, owner, plan, origin, { only = false, parent } = {}) {
	const { constraint } = plan;
	const label = constraint === void 0 ? "idx" : labels[constraint.kind];
	const columns = constraint?.kind === "primary" ? void 0 : joinedColumns(plan.ownColumns);
	const name = plan.name ?? chooseRelationName(schema, owner.schema, [
		owner.name,
		columns,
		label
	], constraint !== void 0);
	const parts = owner.kind === "table" && owner.form === "partitioned" ? childTables(schema, owner) : [];
	const index = addRelation(schema, {
		schema: owner.schema,
		name
	}, origin, {
		kind: "index",
		table: owner.id,
		keys: plan.keys,
		include: plan.include,
		unique: plan.unique,
		nullsNotDistinct: plan.nullsNotDistinct,
		predicate: plan.predicate,
		method: plan.method,
		exclusions: plan.exclusions,
		ownColumns: plan.ownColumns,
		valid: !only || parts.length === 0,
		constraint: void 0,
		parent: parent?.id
	});
	if (index === void 0) return void 0;
	owner.indexes.add(index.id);
	noteCalls(schema, owner, index.predicate, ...index.keys.map(({ expression }) => expression));
	if (owner.kind === "table" && constraint !== void 0) holdConstraint(schema, owner, index, constraint, origin);
	if (!only) for (const part of parts) ensurePart(schema, index, part, origin);
	return index;
}
/** Makes an index the one of a constraint with its name. */
function holdConstraint(schema, table, index, constraint, origin) {
	const { kind, deferrable, initiallyDeferred } = constraint;
	const base = {
		name: index.name,
		index: index.id,
		valid: true,
		origin,
		inherited: index.parent === void 0 ? 0 : 1,
		local: true
	};
	const columns = index.keys.flatMap(({ column }) => column ?? []);
	index.constraint = index.name;
	if (kind === "exclusion") setConstraint(schema, table, {
		...base,
		kind
	});
	else setConstraint(schema, table, {
		...base,
		kind,
		columns,
		deferrable,
		initiallyDeferred
	});
	if (kind === "primary") requireValues(schema, table, columns);
}
/** Gives a partition the index that its parent has: one of its own that is equal, or a new one. */
function ensurePart(schema, index, part, origin) {
	const constraint = plannedConstraint(schema, index);
	const equal = indexesOf(schema, part).find((one) => {
		return (constraint === void 0 || plannedConstraint(schema, one) !== void 0) && one.parent === void 0 && one.valid && sameDefinition(one, index);
	});
	if (equal !== void 0) {
		equal.parent = index.id;
		const held = equal.constraint === void 0 ? void 0 : part.constraints.get(equal.constraint);
		if (held !== void 0) held.inherited = 1;
		return;
	}
	buildIndex(schema, part, {
		...index,
		name: void 0,
		constraint
	}, origin, { parent: index });
}
/** NOT NULL for columns of a table and of those below it. */
function requireValues(schema, table, columns) {
	for (const name of columns) {
		const column = table.columns.get(name);
		if (column !== void 0) column.notNull = true;
	}
	for (const child of childTables(schema, table)) requireValues(schema, child, columns);
}
function plannedConstraint(schema, index) {
	const table = schema.relations.get(index.table);
	const held = table?.kind === "table" && index.constraint !== void 0 ? table.constraints.get(index.constraint) : void 0;
	if (held?.kind === "exclusion") return {
		kind: "exclusion",
		deferrable: false,
		initiallyDeferred: false
	};
	if (held?.kind !== "primary" && held?.kind !== "unique") return void 0;
	return {
		kind: held.kind,
		deferrable: held.deferrable,
		initiallyDeferred: held.initiallyDeferred
	};
}
function sameDefinition(one, other) {
	const facts = ({ keys, include, unique, nullsNotDistinct, predicate, method, exclusions }) => canonicalText([
		keys,
		include,
		unique,
		nullsNotDistinct,
		predicate ?? null,
		method,
		exclusions
	]);
	return facts(one) === facts(other);
}
// src/sql/schema/replay/column.ts
/** Adds a column to a table, and says which constraints are written at it. One that was inherited becomes the table's own. */
function defineColumn(schema, table, definition, origin) {
	const name = definition.colname ?? "";
	const constraints = withAttributes(nodesOf(definition.constraints, "Constraint"));
	const of = (kind) => constraints.find(({ contype }) => contype === kind);
	const identity = of("CONSTR_IDENTITY");
	const generated = of("CONSTR_GENERATED");
	const notNull = [
		"CONSTR_NOTNULL",
		"CONSTR_PRIMARY",
		"CONSTR_IDENTITY"
	].some((kind) => of(kind) !== void 0);
	const before = table.columns.get(name);
	const type = definition.typeName === void 0 ? before?.type : columnType(schema, definition.typeName);
	const written = withoutNull(of("CONSTR_DEFAULT")?.raw_expr, type);
	const column = {
		name,
		type: type ?? columnType(schema, void 0),
		notNull: notNull || before?.notNull === true || type?.serial === true,
		default: written ?? before?.default,
		generated: generated === void 0 ? before?.generated : {
			kind: generated.generated_kind === "v" ? "virtual" : "stored",
			expression: generated.raw_expr
		},
		identity: identity === void 0 ? before?.identity : identity.generated_when === "a" ? "always" : "by default",
		collation: definition.collClause === void 0 ? before?.collation : wordsOf(definition.collClause.collname).at(-1),
		origin,
		inherited: before?.inherited ?? 0,
		local: definition.typeName !== void 0 || before === void 0 || before.local,
		counter: written === void 0 ? before?.counter : void 0
	};
	table.columns.set(name, column);
	if (type?.serial === true && definition.typeName !== void 0) column.default = nextValue(ownSequence(schema, table, column, origin));
	if (identity !== void 0) identitySequence(schema, table, column, identity, origin);
	noteColumn(schema, table, column);
	return constraints.map((constraint) => ({
		constraint,
		column: name
	}));
}
/** Gives the tables below a column that their parent got. */
function passColumnOn(schema, table, column) {
	for (const child of childTables(schema, table)) {
		const own = child.columns.get(column.name);
		if (own !== void 0) {
			own.inherited++;
			continue;
		}
		const copy = {
			...column,
			identity: void 0,
			inherited: 1,
			local: false
		};
		child.columns.set(column.name, copy);
		noteColumn(schema, child, copy);
		passColumnOn(schema, child, copy);
	}
}
/** Makes the sequence of an identity column, under the name that its options give. */
function identitySequence(schema, table, column, { options }, origin) {
	const given = optionsOf(options).find(({ defname }) => defname === "sequence_name");
	const sequence = ownSequence(schema, table, column, origin, given === void 0 ? void 0 : wordsOf(given.arg));
	if (sequence !== void 0) sequence.identity = true;
}
/** Sets a default, and remembers what it calls. */
function setDefault(schema, table, column, expression) {
	column.default = withoutNull(expression, column.type);
	column.counter = void 0;
	noteColumn(schema, table, column);
}
function noteColumn(schema, table, column) {
	noteTypeUse(schema, table.id, column.type);
	noteCalls(schema, table, column.default, column.generated?.expression);
	const [constant] = mentionsOf(column.default).sequences;
	const name = constant === void 0 ? void 0 : nameInText(constant);
	const sequence = name === void 0 ? void 0 : findRelation(schema, name);
	if (column.counter === void 0 && sequence?.kind === "sequence") column.counter = sequence.id;
	const counter = column.counter === void 0 ? void 0 : schema.relations.get(column.counter);
	if (counter?.kind === "sequence") counter.usedBy.add(table.id);
}
/** `default null` is none, unless the null has to be fitted into a length. */
function withoutNull(expression, type) {
	const value = expression !== void 0 && "TypeCast" in expression ? expression.TypeCast.arg : expression;
	return value !== void 0 && "A_Const" in value && value.A_Const.isnull === true && type?.modifiers.length === 0 ? void 0 : expression;
}
/** `deferrable` and the like stand behind the constraint of a column as if they were constraints themselves. */
function withAttributes(constraints) {
	const whole = [];
	for (const one of constraints) {
		const last = whole.at(-1);
		if (!one.contype?.startsWith("CONSTR_ATTR_")) whole.push(one);
		else if (last !== void 0) whole[whole.length - 1] = {
			...last,
			...attributes[one.contype]
		};
	}
	return whole;
}
const attributes = {
	CONSTR_ATTR_DEFERRABLE: { deferrable: true },
	CONSTR_ATTR_NOT_DEFERRABLE: { deferrable: false },
	CONSTR_ATTR_DEFERRED: {
		deferrable: true,
		initdeferred: true
	},
	CONSTR_ATTR_IMMEDIATE: { initdeferred: false }
};
function ownSequence(schema, table, { name, type }, origin, given) {
	const sequence = addRelation(schema, given === void 0 ? {
		schema: table.schema,
		name: chooseRelationName(schema, table.schema, [
			table.name,
			name,
			"seq"
		])
	} : {
		schema: table.schema,
		...definedName(given)
	}, origin, {
		kind: "sequence",
		ownedBy: {
			table: table.id,
			column: name
		},
		type: type.name,
		identity: false,
		usedBy: /* @__PURE__ */ new Set()
	});
	if (sequence !== void 0) table.sequences.add(sequence.id);
	return sequence;
}
function definedName(words) {
	const { schema, name } = nameOfWords(words);
	return schema === void 0 ? { name } : {
		schema,
		name
	};
}
function nextValue(sequence) {
	if (sequence === void 0) return void 0;
	return { FuncCall: {
		funcname: [{ String: { sval: "nextval" } }],
		args: [{ A_Const: { sval: { sval: [sequence.schema, sequence.name].map((word) => `"${word.replaceAll("\"", "\"\"")}"`).join(".") } } }]
	} };
}
// src/sql/schema/query/figure-name.ts
/** The name that the server gives to a column without one; `undefined` where it would be `?column?`. */
function figureName(node) {
	return figure(node).name;
}
const unnamed = {
	name: void 0,
	weak: true
};
const named$1 = (name) => ({
	name,
	weak: false
});
const fixed = {
	A_ArrayExpr: "array",
	RowExpr: "row",
	CoalesceExpr: "coalesce",
	GroupingFunc: "grouping",
	XmlSerialize: "xmlserialize",
	JsonParseExpr: "json",
	JsonScalarExpr: "json_scalar",
	JsonSerializeExpr: "json_serialize",
	JsonObjectConstructor: "json_object",
	JsonArrayConstructor: "json_array",
	JsonArrayQueryConstructor: "json_array",
	JsonObjectAgg: "json_objectagg",
	JsonArrayAgg: "json_arrayagg",
	MergeSupportFunc: "merge_action"
};
const valueFunctions$1 = {
	SVFOP_CURRENT_DATE: "current_date",
	SVFOP_CURRENT_TIME: "current_time",
	SVFOP_CURRENT_TIME_N: "current_time",
	SVFOP_CURRENT_TIMESTAMP: "current_timestamp",
	SVFOP_CURRENT_TIMESTAMP_N: "current_timestamp",
	SVFOP_LOCALTIME: "localtime",
	SVFOP_LOCALTIME_N: "localtime",
	SVFOP_LOCALTIMESTAMP: "localtimestamp",
	SVFOP_LOCALTIMESTAMP_N: "localtimestamp",
	SVFOP_CURRENT_ROLE: "current_role",
	SVFOP_CURRENT_USER: "current_user",
	SVFOP_USER: "user",
	SVFOP_SESSION_USER: "session_user",
	SVFOP_CURRENT_CATALOG: "current_catalog",
	SVFOP_CURRENT_SCHEMA: "current_schema"
};
const jsonFunctions = {
	JSON_EXISTS_OP: "json_exists",
	JSON_QUERY_OP: "json_query",
	JSON_VALUE_OP: "json_value"
};
function figure(node) {
	if ("ColumnRef" in node) return named$1(stringsOf(node.ColumnRef.fields).at(-1));
	if ("FuncCall" in node) return named$1(wordsOf(node.FuncCall.funcname).at(-1));
	if ("A_Indirection" in node) {
		const field = stringsOf(node.A_Indirection.indirection).at(-1);
		return field !== void 0 ? named$1(field) : node.A_Indirection.arg === void 0 ? unnamed : figure(node.A_Indirection.arg);
	}
	if ("CollateClause" in node) return node.CollateClause.arg === void 0 ? unnamed : figure(node.CollateClause.arg);
	if ("TypeCast" in node) {
		const inner = node.TypeCast.arg === void 0 ? unnamed : figure(node.TypeCast.arg);
		return inner.weak ? {
			name: wordsOf(node.TypeCast.typeName?.names).at(-1) ?? inner.name,
			weak: true
		} : inner;
	}
	if ("CaseExpr" in node) {
		const inner = node.CaseExpr.defresult === void 0 ? unnamed : figure(node.CaseExpr.defresult);
		return inner.weak ? {
			name: "case",
			weak: true
		} : inner;
	}
	if ("SubLink" in node) return figureSubLink(node.SubLink.subLinkType, node.SubLink.subselect);
	if ("A_Expr" in node) return node.A_Expr.kind === "AEXPR_NULLIF" ? named$1("nullif") : unnamed;
	if ("MinMaxExpr" in node) return named$1(node.MinMaxExpr.op === "IS_LEAST" ? "least" : "greatest");
	if ("SQLValueFunction" in node) return named$1(valueFunctions$1[node.SQLValueFunction.op ?? ""]);
	if ("XmlExpr" in node) return named$1(node.XmlExpr.op?.replace(/^IS_/, "").toLowerCase());
	if ("JsonFuncExpr" in node) return named$1(jsonFunctions[node.JsonFuncExpr.op ?? ""]);
	const name = fixed[openNode(node).kind];
	return name === void 0 ? unnamed : named$1(name);
}
function figureSubLink(type, subselect) {
	if (type === "EXISTS_SUBLINK") return named$1("exists");
	if (type === "ARRAY_SUBLINK") return named$1("array");
	if (type !== "EXPR_SUBLINK" || subselect === void 0 || !("SelectStmt" in subselect)) return unnamed;
	const [target] = nodesOf(firstSelect(subselect.SelectStmt).targetList, "ResTarget");
	if (target?.name !== void 0) return named$1(target.name);
	return target?.val === void 0 ? unnamed : figure(target.val);
}
function firstSelect(select) {
	return select.larg === void 0 ? select : firstSelect(select.larg);
}
// src/sql/schema/replay/create-index.ts
function createIndex(schema, statement, origin) {
	const owner = findRelation(schema, nameOf(statement.relation));
	if (owner?.kind !== "table" && owner?.kind !== "view") return;
	const elements = nodesOf(statement.indexParams, "IndexElem");
	const included = nodesOf(statement.indexIncludingParams, "IndexElem");
	const name = statement.idxname === void 0 || statement.idxname === "" ? void 0 : clipped(statement.idxname);
	if (name !== void 0 && schema.names.has(nameKey(owner.schema, name))) return;
	buildIndex(schema, owner, {
		name,
		keys: elements.map(indexKey),
		include: included.flatMap((one) => one.name ?? []),
		unique: statement.unique === true,
		nullsNotDistinct: statement.nulls_not_distinct === true,
		predicate: statement.whereClause,
		method: statement.accessMethod ?? "btree",
		exclusions: [],
		ownColumns: ownColumnNames([...elements, ...included].map(columnName)),
		constraint: void 0
	}, origin, { only: statement.relation?.inh !== true });
}
function indexKey({ name, expr, ordering, opclass, collation }) {
	return {
		column: name,
		expression: expr,
		descending: ordering === "SORTBY_DESC",
		opclass: wordsOf(opclass).at(-1),
		collation: wordsOf(collation).at(-1)
	};
}
/** What the server calls a column of an index; parts of names are made of it. */
function columnName({ name, expr }) {
	return name ?? (expr === void 0 ? void 0 : figureName(expr)) ?? "expr";
}
// src/sql/schema/replay/foreign-key.ts
const actions = {
	a: "no action",
	r: "restrict",
	c: "cascade",
	n: "set null",
	d: "set default"
};
/** Adds a foreign key to a table and its partitions; one that is made with its table has nothing to check. */
function addForeignKey(schema, table, { constraint, column }, origin, creating) {
	const columns = constraint.fk_attrs === void 0 ? column === void 0 ? [] : [column] : wordsOf(constraint.fk_attrs);
	const partner = findTable(schema, nameOf(constraint.pktable));
	const target = partner === void 0 ? void 0 : keyIndex(schema, partner, wordsOf(constraint.pk_attrs));
	const name = (constraint.conname === void 0 ? void 0 : clipped(constraint.conname)) ?? chooseConstraintName(schema, table.schema, [
		table.name,
		joinedColumns(columns),
		"fkey"
	]);
	if (table.constraints.has(name)) return;
	setForeignKey(schema, table, {
		kind: "foreign",
		name,
		columns,
		references: {
			id: partner?.id,
			name: nameOf(constraint.pktable),
			columns: target?.columns ?? wordsOf(constraint.pk_attrs),
			index: target?.index
		},
		onDelete: actions[constraint.fk_del_action ?? "a"] ?? "no action",
		onUpdate: actions[constraint.fk_upd_action ?? "a"] ?? "no action",
		deferral: constraint.deferrable !== true ? "not deferrable" : constraint.initdeferred === true ? "initially deferred" : "deferrable",
		valid: creating || constraint.skip_validation !== true,
		origin,
		inherited: 0,
		local: true,
		above: void 0
	});
}
/** What a foreign key leans on: the oldest unique index of the columns that it names, or the primary key. */
function keyIndex(schema, table, named) {
	if (named.length === 0) {
		const primary = [...table.constraints.values()].find((one) => one.kind === "primary");
		return {
			columns: primary?.columns ?? [],
			index: primary?.index
		};
	}
	const wanted = [...named].sort().join("\0");
	return {
		columns: named,
		index: indexesOf(schema, table).filter(({ unique, predicate, keys, constraint }) => {
			const held = constraint === void 0 ? void 0 : table.constraints.get(constraint);
			const deferrable = held !== void 0 && "deferrable" in held && held.deferrable;
			const columns = keys.map(({ column }) => column ?? "").sort();
			return unique && predicate === void 0 && !deferrable && columns.join("\0") === wanted;
		})[0]?.id
	};
}
function setForeignKey(schema, table, key) {
	setConstraint(schema, table, key);
	tableById(schema, key.references.id)?.referencedBy.add(table.id);
	if (table.form === "partitioned") for (const part of childTables(schema, table)) passForeignKeyOn(schema, part, key);
}
/** Gives a partition a foreign key of its parent: an equal one of its own, or a new one. */
function passForeignKeyOn(schema, part, key) {
	const text = ({ columns, references, onDelete, onUpdate, deferral }) => JSON.stringify([
		columns,
		references.id,
		references.columns,
		onDelete,
		onUpdate,
		deferral
	]);
	const equal = [...part.constraints.values()].find((one) => one.kind === "foreign" && one.inherited === 0 && one.valid && text(one) === text(key));
	if (equal !== void 0) {
		equal.inherited = 1;
		equal.local = false;
		equal.above = key.name;
		return;
	}
	const name = part.constraints.has(key.name) ? chooseConstraintName(schema, part.schema, [
		part.name,
		joinedColumns(key.columns),
		"fkey"
	]) : key.name;
	setForeignKey(schema, part, {
		...key,
		name,
		inherited: 1,
		local: false,
		above: key.name
	});
}
// src/sql/schema/replay/rename-index.ts
/** Renames an index and the constraint that it belongs to. */
function renameConstraintIndex(schema, index, to) {
	renameRelation(schema, index, { name: to });
	const table = tableById(schema, index.table);
	const constraint = index.constraint === void 0 ? void 0 : table?.constraints.get(index.constraint);
	if (table === void 0 || constraint === void 0) return;
	unsetConstraint(schema, table, constraint.name);
	constraint.name = index.name;
	index.constraint = index.name;
	setConstraint(schema, table, constraint);
}
// src/sql/schema/replay/constraint.ts
const ranks = new Map([
	"CONSTR_CHECK",
	"CONSTR_NOTNULL",
	"CONSTR_PRIMARY",
	"CONSTR_UNIQUE",
	"CONSTR_EXCLUSION",
	"CONSTR_FOREIGN"
].map((kind, rank) => [kind, kind === "CONSTR_EXCLUSION" ? rank - 1 : rank]));
/** Adds constraints in the order in which the server does, on which the names depend that it chooses. */
function addConstraints(schema, table, written, origin, where) {
	const known = written.filter(({ constraint }) => ranks.has(constraint.contype ?? ""));
	const rank = ({ constraint }) => ranks.get(constraint.contype ?? "") ?? 0;
	const keys = [];
	for (const one of known.sort((a, b) => rank(a) - rank(b))) {
		if (where.creating && isKey(one.constraint)) {
			const key = keyText(one);
			if (keys.includes(key)) continue;
			keys.push(key);
		}
		addConstraint(schema, table, one, origin, where);
	}
}
function addConstraint(schema, table, written, origin, where = {}) {
	const { constraint, column } = written;
	switch (constraint.contype) {
		case "CONSTR_CHECK":
			addCheck(schema, table, constraint, origin, where);
			return;
		case "CONSTR_NOTNULL":
			addNotNull(schema, table, constraint, origin, column);
			return;
		case "CONSTR_PRIMARY":
		case "CONSTR_UNIQUE":
		case "CONSTR_EXCLUSION":
			addKey(schema, table, written, origin, where);
			return;
		case "CONSTR_FOREIGN":
			addForeignKey(schema, table, written, origin, where.creating === true);
			return;
		default: return;
	}
}
function addCheck(schema, table, constraint, origin, { creating, only }) {
	const expression = constraint.raw_expr;
	if (expression === void 0) return;
	const columns = [...mentionsOf(expression).columns].filter((name) => table.columns.has(name));
	const second = columns.length === 1 ? columns[0] : void 0;
	const name = given(constraint) ?? chooseConstraintName(schema, table.schema, [
		table.name,
		second,
		"check"
	]);
	const check = {
		kind: "check",
		name,
		expression,
		noInherit: constraint.is_no_inherit === true,
		valid: creating === true || constraint.skip_validation !== true,
		origin,
		inherited: 0,
		local: true
	};
	const before = table.constraints.get(name);
	if (before !== void 0) {
		before.local = true;
		return;
	}
	setConstraint(schema, table, check);
	noteCalls(schema, table, expression);
	if (!only) passCheckOn(schema, table, check);
}
/** Gives the tables below a check that their parent has. */
function passCheckOn(schema, table, check) {
	if (check.noInherit) return;
	for (const child of childTables(schema, table)) {
		const own = child.constraints.get(check.name);
		if (own !== void 0) {
			own.inherited++;
			continue;
		}
		const copy = {
			...check,
			inherited: 1,
			local: false
		};
		setConstraint(schema, child, copy);
		noteCalls(schema, child, check.expression);
		passCheckOn(schema, child, copy);
	}
}
/** One without a name is a mark of its column, and nothing more. */
function addNotNull(schema, table, constraint, origin, at) {
	const column = at ?? wordsOf(constraint.keys)[0];
	const valid = constraint.skip_validation !== true;
	if (column === void 0 || !table.columns.has(column)) return;
	if (valid) requireValues(schema, table, [column]);
	const known = table.columns.get(column);
	if (known !== void 0 && valid) known.notNull = true;
	if (constraint.conname === void 0 && at !== void 0) return;
	setConstraint(schema, table, {
		kind: "not-null",
		name: given(constraint) ?? chooseConstraintName(schema, table.schema, [
			table.name,
			column,
			"not_null"
		]),
		column,
		valid,
		origin,
		inherited: 0,
		local: true
	});
}
function addKey(schema, table, { constraint, column }, origin, { only }) {
	const planned = {
		kind: constraint.contype === "CONSTR_PRIMARY" ? "primary" : constraint.contype === "CONSTR_UNIQUE" ? "unique" : "exclusion",
		deferrable: constraint.deferrable === true,
		initiallyDeferred: constraint.initdeferred === true
	};
	if (constraint.indexname !== void 0) {
		const index = findRelation(schema, {
			schema: table.schema,
			name: constraint.indexname
		});
		if (index?.kind !== "index") return;
		const name = given(constraint);
		if (name !== void 0) renameConstraintIndex(schema, index, name);
		holdConstraint(schema, table, index, planned, origin);
		return;
	}
	const excluded = (constraint.exclusions ?? []).flatMap((one) => "List" in one ? [one.List.items ?? []] : []);
	const elements = excluded.flatMap((items) => nodesOf(items, "IndexElem"));
	const columns = constraint.keys === void 0 ? column === void 0 ? [] : [column] : wordsOf(constraint.keys);
	const include = wordsOf(constraint.including);
	buildIndex(schema, table, {
		name: given(constraint),
		keys: planned.kind === "exclusion" ? elements.map(indexKey) : columns.map(plainKey),
		include,
		unique: planned.kind !== "exclusion",
		nullsNotDistinct: constraint.nulls_not_distinct === true,
		predicate: constraint.where_clause,
		method: constraint.access_method ?? "btree",
		exclusions: excluded.map((items) => nodesOf(items, "List").flatMap(({ items: words }) => wordsOf(words ?? []).slice(-1)).join()),
		ownColumns: ownColumnNames([...planned.kind === "exclusion" ? elements.map(columnName) : columns, ...include]),
		constraint: planned
	}, origin, { only: only === true });
}
function given({ conname }) {
	return conname === void 0 ? void 0 : clipped(conname);
}
function plainKey(column) {
	return {
		column,
		expression: void 0,
		descending: false,
		opclass: void 0,
		collation: void 0
	};
}
function isKey({ contype }) {
	return contype === "CONSTR_PRIMARY" || contype === "CONSTR_UNIQUE";
}
function keyText({ constraint, column }) {
	const columns = constraint.keys === void 0 ? [column] : wordsOf(constraint.keys);
	return JSON.stringify([
		columns,
		wordsOf(constraint.including),
		constraint.deferrable === true,
		constraint.initdeferred === true
	]);
}
// src/sql/schema/replay/alter-column.ts
const columnAlterations = {
	AT_AddColumn: ({ schema, table, origin, only }, { def }) => {
		if (def === void 0 || !("ColumnDef" in def) || table.columns.has(def.ColumnDef.colname ?? "")) return;
		const written = defineColumn(schema, table, def.ColumnDef, origin);
		const column = table.columns.get(def.ColumnDef.colname ?? "");
		if (column !== void 0 && !only) passColumnOn(schema, table, column);
		addConstraints(schema, table, written, origin, {
			creating: true,
			only
		});
	},
	AT_DropColumn: ({ schema, table, only }, { name = "", behavior }) => removeColumn(schema, table, name, {
		only,
		cascade: behavior === "DROP_CASCADE"
	}),
	AT_SetNotNull: ({ schema, table, only }, { name = "" }) => {
		if (!only) return requireValues(schema, table, [name]);
		const column = table.columns.get(name);
		if (column !== void 0) column.notNull = true;
	},
	AT_DropNotNull: (place, { name = "" }) => {
		for (const { table, column } of columnsBelow(place, name)) {
			column.notNull = false;
			for (const [key, one] of table.constraints) if (one.kind === "not-null" && one.column === name) table.constraints.delete(key);
		}
	},
	AT_ColumnDefault: (place, { name = "", def }) => {
		for (const { table, column } of columnsBelow(place, name)) setDefault(place.schema, table, column, def);
	},
	AT_AlterColumnType: (place, { name = "", def }) => {
		if (def === void 0 || !("ColumnDef" in def)) return;
		const { typeName, collClause } = def.ColumnDef;
		const type = columnType(place.schema, typeName);
		for (const { table, column } of columnsBelow(place, name)) {
			column.type = type;
			column.collation = collClause === void 0 ? void 0 : wordsOf(collClause.collname).at(-1);
			noteTypeUse(place.schema, table.id, type);
			for (const sequence of identitySequences(place.schema, table, name)) sequence.type = type.name;
			for (const index of indexesOf(place.schema, table)) if (indexUses(index, name)) rebuild(place, table, index);
			passValidityOn(place.schema, table, name);
		}
	},
	AT_AddIdentity: ({ schema, table, origin }, { name = "", def }) => {
		const column = table.columns.get(name);
		if (column === void 0 || def === void 0 || !("Constraint" in def)) return;
		column.identity = def.Constraint.generated_when === "a" ? "always" : "by default";
		identitySequence(schema, table, column, def.Constraint, origin);
	},
	AT_SetIdentity: ({ table }, { name = "", def }) => {
		const column = table.columns.get(name);
		const kind = generatedWhen(def);
		if (column !== void 0 && kind !== void 0) column.identity = kind;
	},
	AT_DropIdentity: ({ schema, table }, { name = "" }) => {
		const column = table.columns.get(name);
		if (column?.identity === void 0) return;
		column.identity = void 0;
		removeOwned(schema, table, name, true);
	},
	AT_SetExpression: (place, { name = "", def }) => {
		for (const { table, column } of columnsBelow(place, name)) {
			if (column.generated === void 0) continue;
			column.generated = {
				...column.generated,
				expression: def
			};
			noteColumn(place.schema, table, column);
		}
	},
	AT_DropExpression: (place, { name = "" }) => {
		for (const { column } of columnsBelow(place, name)) column.generated = void 0;
	}
};
/** A column in its table and, without ONLY, in those below. */
function columnsBelow({ schema, table, only }, name) {
	const found = [];
	collect(schema, table, name, only, found);
	return found;
}
function collect(schema, table, name, only, into) {
	const column = table.columns.get(name);
	if (column === void 0) return;
	into.push({
		table,
		column
	});
	if (!only) for (const child of childTables(schema, table)) collect(schema, child, name, only, into);
}
function identitySequences(schema, table, column) {
	return [...table.sequences].flatMap((id) => {
		const found = schema.relations.get(id);
		return found?.kind === "sequence" && found.identity && found.ownedBy?.column === column ? [found] : [];
	});
}
/** An index of a column that gets another type is built as if it were new: with other names of its own, valid, in all partitions. */
function rebuild({ schema, origin }, table, index) {
	index.ownColumns = ownColumnNames([...index.keys.map(({ column, expression }) => columnName({
		name: column,
		expr: expression
	})), ...index.include]);
	if (index.valid) return;
	index.valid = true;
	for (const part of table.form === "partitioned" ? childTables(schema, table) : []) if (!indexesOf(schema, part).some((one) => one.parent === index.id)) ensurePart(schema, index, part, origin);
}
/** So is a check: those below it are as valid as it is. */
function passValidityOn(schema, table, column) {
	for (const check of table.constraints.values()) {
		if (check.kind !== "check" || check.inherited > 0 || !mentionsOf(check.expression).columns.has(column)) continue;
		setValidityBelow(schema, table, check);
	}
}
function setValidityBelow(schema, table, check) {
	for (const { child, copy } of constraintsBelow(schema, table, check)) {
		copy.valid = check.valid;
		setValidityBelow(schema, child, copy);
	}
}
function generatedWhen(def) {
	const [option] = (def !== void 0 && "List" in def ? optionsOf(def.List.items) : []).filter(({ defname }) => defname === "generated");
	if (option?.arg === void 0 || !("Integer" in option.arg)) return void 0;
	return option.arg.Integer.ival === "a".charCodeAt(0) ? "always" : "by default";
}
// src/sql/schema/replay/alter-constraint.ts
const constraintAlterations = {
	AT_AddConstraint: ({ schema, table, origin, only }, { def }) => {
		if (def !== void 0 && "Constraint" in def) addConstraint(schema, table, {
			constraint: def.Constraint,
			column: void 0
		}, origin, { only });
	},
	AT_DropConstraint: (place, { name = "" }) => {
		const { schema, table, only } = place;
		const constraint = table.constraints.get(name);
		const column = constraint?.kind === "not-null" ? constraint.column : constraint === void 0 ? columnOfNotNull(table, name) : void 0;
		removeConstraint(schema, table, name, only);
		if (column !== void 0) for (const one of columnsBelow(place, column)) one.column.notNull = false;
	},
	AT_ValidateConstraint: ({ schema, table, only }, { name = "" }) => validate(schema, table, name, only),
	AT_AlterConstraint: ({ schema, table }, { def }) => {
		if (def === void 0 || !("ATAlterConstraint" in def)) return;
		const { conname = "", deferrable, initdeferred, alterDeferrability } = def.ATAlterConstraint;
		if (alterDeferrability === false) return;
		defer(schema, table, conname, initdeferred === true ? "initially deferred" : deferrable === true ? "deferrable" : "not deferrable");
	}
};
/** Since PostgreSQL 18 every NOT NULL is a constraint, with a name that nobody has to write. */
function columnOfNotNull(table, name) {
	return [...table.columns.keys()].find((column) => `${table.name}_${column}_not_null` === name);
}
function validate(schema, table, name, only) {
	const constraint = table.constraints.get(name);
	if (constraint === void 0) return;
	constraint.valid = true;
	if (constraint.kind === "not-null") requireValues(schema, table, [constraint.column]);
	if (only) return;
	for (const { child, copy } of constraintsBelow(schema, table, constraint)) validate(schema, child, copy.name, only);
}
function defer(schema, table, name, deferral) {
	const key = table.constraints.get(name);
	if (key?.kind !== "foreign") return;
	key.deferral = deferral;
	for (const { child, copy } of constraintsBelow(schema, table, key)) defer(schema, child, copy.name, deferral);
}
// src/sql/schema/replay/inherit.ts
/** Gives a new table the columns of one that it inherits from. */
function takeColumns(schema, parent, child, origin) {
	for (const column of parent.columns.values()) {
		const own = child.columns.get(column.name);
		if (own !== void 0) {
			own.inherited++;
			own.notNull ||= column.notNull;
			own.default ??= column.default;
			own.counter ??= column.counter;
			continue;
		}
		const copy = {
			...column,
			identity: void 0,
			inherited: 1,
			local: false,
			origin
		};
		child.columns.set(column.name, copy);
		noteColumn(schema, child, copy);
	}
}
/** Gives a new table the checks of one that it inherits from. */
function takeChecks(schema, parent, child) {
	for (const check of checksOf(parent)) {
		const own = child.constraints.get(check.name);
		if (own !== void 0) own.inherited++;
		else {
			setConstraint(schema, child, {
				...check,
				valid: true,
				inherited: 1,
				local: false
			});
			noteCalls(schema, child, check.expression);
		}
	}
}
function becomePartition(parent, child, bound) {
	parent.children.add(child.id);
	child.partitionOf = {
		parent: parent.id,
		bound: {
			isDefault: bound.is_default === true,
			node: { PartitionBoundSpec: bound }
		}
	};
}
/** Gives a partition the indexes, foreign keys and triggers that its parent has. */
function takeParts(schema, parent, child, origin) {
	for (const index of indexesOf(schema, parent)) ensurePart(schema, index, child, origin);
	for (const key of [...parent.constraints.values()]) if (key.kind === "foreign") passForeignKeyOn(schema, child, key);
	for (const [name, trigger] of parent.triggers) passTriggerOn(schema, child, name, trigger);
}
/** Triggers for each row fire in every partition. */
function passTriggerOn(schema, table, name, trigger) {
	if (!isForRows(trigger)) return;
	table.triggers.set(name, {
		...trigger,
		inherited: true
	});
	noteCall(schema, table, trigger.function.split(".").at(-1) ?? "");
	if (table.form === "partitioned") for (const child of childTables(schema, table)) passTriggerOn(schema, child, name, trigger);
}
/** Binds an existing table to one above it. */
function joinParent(parent, child, isPartition) {
	parent.children.add(child.id);
	for (const name of parent.columns.keys()) {
		const own = child.columns.get(name);
		if (own === void 0) continue;
		own.inherited++;
		if (isPartition) own.local = false;
	}
	for (const check of checksOf(parent)) {
		const own = child.constraints.get(check.name);
		if (own === void 0) continue;
		own.inherited++;
		if (isPartition) own.local = false;
	}
}
/** Cuts a table off from one above it. */
function leaveParent(schema, parent, child) {
	parent.children.delete(child.id);
	child.parents.delete(parent.id);
	for (const name of parent.columns.keys()) makeLocal(child.columns.get(name));
	for (const check of checksOf(parent)) makeLocal(child.constraints.get(check.name));
	if (child.partitionOf?.parent !== parent.id) return;
	child.partitionOf = void 0;
	for (const index of indexesOf(schema, child)) {
		if (index.parent === void 0) continue;
		index.parent = void 0;
		if (index.constraint !== void 0) makeLocal(child.constraints.get(index.constraint));
	}
	for (const key of child.constraints.values()) {
		if (key.kind !== "foreign" || key.above === void 0) continue;
		makeLocal(key);
		key.above = void 0;
	}
	dropInheritedTriggers(schema, child);
}
/** DETACH … CONCURRENTLY leaves a check of what the partition could hold. */
function keepBoundAsCheck(schema, parent, child, origin) {
	const args = (parent.partitionKey?.columns ?? []).flatMap((one) => typeof one === "string" ? [one] : []).map((name) => ({ NullTest: {
		arg: { ColumnRef: { fields: [{ String: { sval: name } }] } },
		nulltesttype: "IS_NOT_NULL"
	} }));
	if (args.length === 0) return;
	addConstraint(schema, child, {
		constraint: {
			contype: "CONSTR_CHECK",
			raw_expr: { BoolExpr: {
				boolop: "AND_EXPR",
				args
			} }
		},
		column: void 0
	}, origin);
}
function dropInheritedTriggers(schema, table) {
	for (const [name, trigger] of table.triggers) if (trigger.inherited) table.triggers.delete(name);
	for (const child of childTables(schema, table)) if (child.partitionOf !== void 0) dropInheritedTriggers(schema, child);
}
function isForRows({ definition }) {
	return "CreateTrigStmt" in definition && definition.CreateTrigStmt.row === true;
}
function makeLocal(part) {
	if (part === void 0 || part.inherited === 0) return;
	part.inherited--;
	if (part.inherited === 0) part.local = true;
}
function checksOf(table) {
	return [...table.constraints.values()].filter((one) => one.kind === "check" && !one.noInherit);
}
// src/sql/schema/replay/storage-options.ts
/** Options of a table, `name=value`, after some were set or reset. */
function optionTexts(before, set, reset = false) {
	const values = new Map(before.map((text) => [text.slice(0, text.indexOf("=")), text]));
	for (const option of optionsOf(set)) {
		const name = option.defnamespace === void 0 ? option.defname ?? "" : `${option.defnamespace}.${option.defname}`;
		if (reset) values.delete(name);
		else values.set(name, `${name}=${optionValue(option)}`);
	}
	return [...values.values()].sort();
}
/** The value of an option as text; `true` when it has none. */
function optionValue({ arg }) {
	if (arg === void 0) return "true";
	if ("Integer" in arg) return String(arg.Integer.ival ?? 0);
	if ("Float" in arg) return arg.Float.fval ?? "";
	if ("Boolean" in arg) return String(arg.Boolean.boolval === true);
	return wordsOf(arg).join(".");
}
// src/sql/schema/replay/alter-options.ts
const tableAlterations = {
	AT_AttachPartition: ({ schema, table, origin }, { def }) => {
		if (def === void 0 || !("PartitionCmd" in def)) return;
		const child = findTable(schema, nameOf(def.PartitionCmd.name));
		if (child === void 0 || child.partitionOf !== void 0) return;
		joinParent(table, child, true);
		becomePartition(table, child, def.PartitionCmd.bound ?? {});
		takeParts(schema, table, child, origin);
	},
	AT_DetachPartition: ({ schema, table, origin }, { def }) => {
		if (def === void 0 || !("PartitionCmd" in def)) return;
		const child = findTable(schema, nameOf(def.PartitionCmd.name));
		if (child?.partitionOf?.parent !== table.id) return;
		leaveParent(schema, table, child);
		if (def.PartitionCmd.concurrent) keepBoundAsCheck(schema, table, child, origin);
	},
	AT_AddInherit: ({ schema, table }, { def }) => {
		const parent = tableNamed(schema, def);
		if (parent === void 0 || table.parents.has(parent.id)) return;
		table.parents.add(parent.id);
		joinParent(parent, table, false);
	},
	AT_DropInherit: ({ schema, table }, { def }) => {
		const parent = tableNamed(schema, def);
		if (parent !== void 0) leaveParent(schema, parent, table);
	},
	AT_SetRelOptions: ({ table }, { def }) => {
		table.options = optionTexts(table.options, listed(def));
	},
	AT_ResetRelOptions: ({ table }, { def }) => {
		table.options = optionTexts(table.options, listed(def), true);
	},
	AT_ReplicaIdentity: ({ schema, table }, { def }) => {
		if (def === void 0 || !("ReplicaIdentityStmt" in def)) return;
		const { identity_type: type, name = "" } = def.ReplicaIdentityStmt;
		const index = type === "i" ? findRelation(schema, {
			schema: table.schema,
			name
		}) : void 0;
		if (index !== void 0) table.replicaIdentity = {
			kind: "index",
			index: index.id
		};
		else table.replicaIdentity = { kind: type === "f" ? "full" : type === "n" ? "nothing" : "default" };
	},
	AT_EnableRowSecurity: ({ table }) => {
		table.rowSecurity = true;
	},
	AT_DisableRowSecurity: ({ table }) => {
		table.rowSecurity = false;
	},
	AT_ForceRowSecurity: ({ table }) => {
		table.rowSecurityForced = true;
	},
	AT_NoForceRowSecurity: ({ table }) => {
		table.rowSecurityForced = false;
	},
	AT_SetLogged: ({ table }) => {
		if (table.form !== "partitioned") table.persistence = "permanent";
	},
	AT_SetUnLogged: ({ table }) => {
		if (table.form !== "partitioned") table.persistence = "unlogged";
	},
	AT_EnableTrig: ({ schema, table, only }, { name }) => switchTriggers(schema, table, name, true, only),
	AT_EnableAlwaysTrig: ({ schema, table, only }, { name }) => switchTriggers(schema, table, name, true, only),
	AT_EnableReplicaTrig: ({ schema, table, only }, { name }) => switchTriggers(schema, table, name, true, only),
	AT_DisableTrig: ({ schema, table, only }, { name }) => switchTriggers(schema, table, name, false, only),
	AT_EnableTrigAll: ({ schema, table, only }) => switchTriggers(schema, table, void 0, true, only),
	AT_EnableTrigUser: ({ schema, table, only }) => switchTriggers(schema, table, void 0, true, only),
	AT_DisableTrigAll: ({ schema, table, only }) => switchTriggers(schema, table, void 0, false, only),
	AT_DisableTrigUser: ({ schema, table, only }) => switchTriggers(schema, table, void 0, false, only)
};
function switchTriggers(schema, table, name, enabled, only) {
	for (const [key, trigger] of table.triggers) if (name === void 0 || key === name) trigger.enabled = enabled;
	if (only || table.form !== "partitioned") return;
	for (const child of childTables(schema, table)) for (const [key, trigger] of child.triggers) if (trigger.inherited && (name === void 0 || key === name)) switchTriggers(schema, child, key, enabled, only);
}
function tableNamed(schema, def) {
	return def !== void 0 && "RangeVar" in def ? findTable(schema, nameOf(def.RangeVar)) : void 0;
}
function listed(def) {
	return def !== void 0 && "List" in def ? def.List.items : void 0;
}
// src/sql/schema/replay/attach-index.ts
/** `ALTER INDEX … ATTACH PARTITION`: the index of a partitioned table is valid once every partition has its part. */
function attachIndex(schema, parent, def) {
	const name = def !== void 0 && "PartitionCmd" in def ? nameOf(def.PartitionCmd.name) : void 0;
	const part = name === void 0 ? void 0 : findRelation(schema, name);
	if (part?.kind !== "index") return;
	part.parent = parent.id;
	const table = tableById(schema, part.table);
	const held = part.constraint === void 0 ? void 0 : table?.constraints.get(part.constraint);
	if (held !== void 0) held.inherited = 1;
	judgeParent(schema, parent);
}
function judgeParent(schema, index) {
	const table = tableById(schema, index.table);
	if (table === void 0 || index.valid) return;
	if (!childTables(schema, table).every((child) => indexesOf(schema, child).some((one) => one.parent === index.id && one.valid))) return;
	index.valid = true;
	const above = index.parent === void 0 ? void 0 : schema.relations.get(index.parent);
	if (above?.kind === "index") judgeParent(schema, above);
}
// src/sql/schema/replay/alter-table.ts
function alterTable(schema, { relation, cmds, objtype }, origin) {
	const commands = nodesOf(cmds, "AlterTableCmd");
	if (objtype === "OBJECT_TYPE") {
		alterComposite(schema, nameOf(relation), commands);
		return;
	}
	const found = findRelation(schema, nameOf(relation));
	if (found?.kind === "index") {
		for (const { subtype, def } of commands) if (subtype === "AT_AttachPartition") attachIndex(schema, found, def);
	}
	if (found?.kind !== "table") return;
	const place = {
		schema,
		table: found,
		origin,
		only: relation?.inh !== true
	};
	const sorted = commands.map((command, index) => ({
		command,
		index,
		pass: passOf(command)
	}));
	for (const { command } of sorted.sort((a, b) => a.pass - b.pass || a.index - b.index)) alterations[command.subtype ?? ""]?.(place, command);
}
const alterations = {
	...columnAlterations,
	...constraintAlterations,
	...tableAlterations
};
/** The server sorts the subcommands of one statement into passes: what goes away first, constraints at the end. */
function passOf({ subtype, def }) {
	const named = passes[subtype ?? ""];
	if (named !== void 0) return named;
	if (subtype === "AT_ColumnDefault") return def === void 0 ? 0 : 5;
	if (subtype !== "AT_AddConstraint" || def === void 0 || !("Constraint" in def)) return 6;
	return [
		"CONSTR_PRIMARY",
		"CONSTR_UNIQUE",
		"CONSTR_EXCLUSION"
	].includes(def.Constraint.contype ?? "") ? 4 : 5;
}
const passes = {
	AT_DropColumn: 0,
	AT_DropConstraint: 0,
	AT_DropNotNull: 0,
	AT_DropIdentity: 0,
	AT_DropExpression: 0,
	AT_AlterColumnType: 1,
	AT_AddColumn: 2,
	AT_SetExpression: 2,
	AT_SetNotNull: 3,
	AT_AddIdentity: 5
};
/** ALTER TYPE of a composite type is an ALTER TABLE to the parser. */
function alterComposite(schema, name, commands) {
	const type = findType(schema, name);
	if (type?.kind !== "composite") return;
	for (const { subtype, name: attribute = "", def } of commands) {
		if (subtype === "AT_DropColumn") type.attributes.delete(attribute);
		if (def === void 0 || !("ColumnDef" in def)) continue;
		const changed = columnType(schema, def.ColumnDef.typeName);
		if (subtype === "AT_AddColumn") type.attributes.set(def.ColumnDef.colname ?? "", changed);
		if (subtype === "AT_AlterColumnType") type.attributes.set(attribute, changed);
	}
}
// src/sql/schema/replay/like.ts
/** Bits of INCLUDING, as the parser writes them. */
const constraints = 4;
const defaults = 8;
const generated = 16;
const identity = 32;
const indexes = 64;
/** Copies the columns of another table; what comes back copies its indexes once the table has its own. */
function likeTable(schema, table, clause, origin) {
	const source = findTable(schema, nameOf(clause.relation));
	const options = clause.options ?? 0;
	if (source === void 0) {
		table.complete = false;
		return () => {};
	}
	if (!source.complete) table.complete = false;
	for (const column of source.columns.values()) {
		const copy = {
			...column,
			default: options & defaults ? column.default : void 0,
			counter: options & defaults ? column.counter : void 0,
			generated: options & generated ? column.generated : void 0,
			identity: options & identity ? column.identity : void 0,
			inherited: 0,
			local: true,
			origin
		};
		table.columns.set(column.name, copy);
		if (copy.identity !== void 0) identitySequence(schema, table, {
			...copy,
			type: plainType("int8")
		}, {}, origin);
		noteColumn(schema, table, copy);
	}
	if (options & constraints) {
		for (const one of source.constraints.values()) if (one.kind === "check") setConstraint(schema, table, {
			...one,
			valid: true,
			inherited: 0,
			local: true,
			origin
		});
	}
	return () => {
		if (options & indexes) for (const index of indexesOf(schema, source)) copyIndex(schema, source, table, index.id, origin);
	};
}
function copyIndex(schema, source, table, id, origin) {
	const index = schema.relations.get(id);
	if (index?.kind !== "index") return;
	const held = index.constraint === void 0 ? void 0 : source.constraints.get(index.constraint);
	const constraint = held?.kind === "primary" || held?.kind === "unique" ? {
		kind: held.kind,
		deferrable: held.deferrable,
		initiallyDeferred: held.initiallyDeferred
	} : held?.kind === "exclusion" ? {
		kind: held.kind,
		deferrable: false,
		initiallyDeferred: false
	} : void 0;
	buildIndex(schema, table, {
		...index,
		name: void 0,
		constraint
	}, origin);
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
function createTable(schema, create, origin, form) {
	const { relation, tableElts, inhRelations, partspec, partbound, ofTypename } = create;
	const table = newTable(schema, create.relation, origin, form ?? (partspec === void 0 ? "ordinary" : "partitioned"));
	if (table === void 0) return;
	table.options = optionTexts([], create.options);
	if (partspec !== void 0) table.partitionKey = {
		strategy: strategies[partspec.strategy ?? "PARTITION_STRATEGY_RANGE"],
		columns: nodesOf(partspec.partParams, "PartitionElem").map(({ name, expr }) => name ?? expr ?? "")
	};
	const parents = nodesOf(inhRelations, "RangeVar").map((one) => findTable(schema, nameOf(one)));
	if (parents.includes(void 0)) table.complete = false;
	const known = parents.flatMap((parent) => parent ?? []);
	for (const parent of known) {
		if (!parent.complete) table.complete = false;
		takeColumns(schema, parent, table, origin);
	}
	if (ofTypename !== void 0) takeAttributes(schema, table, ofTypename, origin);
	const written = [];
	const after = [];
	for (const element of tableElts ?? []) {
		if ("ColumnDef" in element) written.push(...defineColumn(schema, table, element.ColumnDef, origin));
		if ("Constraint" in element) written.push({
			constraint: element.Constraint,
			column: void 0
		});
		if ("TableLikeClause" in element) after.push(likeTable(schema, table, element.TableLikeClause, origin));
	}
	for (const parent of known) takeChecks(schema, parent, table);
	for (const parent of known) if (partbound !== void 0) becomePartition(parent, table, partbound);
	else {
		parent.children.add(table.id);
		table.parents.add(parent.id);
	}
	if (partbound !== void 0 && known[0] !== void 0) takeParts(schema, known[0], table, origin);
	addConstraints(schema, table, written, origin, { creating: relation?.relpersistence !== void 0 });
	for (const work of after) work();
}
/** A table without columns; `undefined` when there is one of that name. */
function newTable(schema, relation, origin, form) {
	const persistence = persistences[relation?.relpersistence ?? "p"] ?? "permanent";
	const name = persistence === "temporary" ? {
		schema: "pg_temp",
		name: relation?.relname ?? ""
	} : nameOf(relation);
	if (persistence === "temporary") forgetEarlierSession(schema, name.name, origin);
	return addRelation(schema, name, origin, {
		kind: "table",
		form,
		persistence,
		columns: /* @__PURE__ */ new Map(),
		constraints: /* @__PURE__ */ new Map(),
		indexes: /* @__PURE__ */ new Set(),
		parents: /* @__PURE__ */ new Set(),
		children: /* @__PURE__ */ new Set(),
		referencedBy: /* @__PURE__ */ new Set(),
		partitionOf: void 0,
		partitionKey: void 0,
		triggers: /* @__PURE__ */ new Map(),
		rules: /* @__PURE__ */ new Map(),
		rowSecurity: false,
		rowSecurityForced: false,
		policies: /* @__PURE__ */ new Set(),
		policyTexts: /* @__PURE__ */ new Map(),
		readBy: /* @__PURE__ */ new Set(),
		sequences: /* @__PURE__ */ new Set(),
		replicaIdentity: { kind: "default" },
		options: [],
		complete: true
	});
}
/** A temporary table of another file ended with that file's session. */
function forgetEarlierSession(schema, name, origin) {
	const before = tableById(schema, schema.names.get(nameKey("pg_temp", name)));
	if (before !== void 0 && before.origin.file !== origin.file) removeRelation(schema, before, true);
}
function takeAttributes(schema, table, { names }, origin) {
	const words = (names ?? []).flatMap((one) => "String" in one ? [one.String.sval ?? ""] : []);
	const type = findType(schema, {
		schema: words.at(-2),
		name: words.at(-1) ?? ""
	});
	if (type?.kind !== "composite") {
		table.complete = false;
		return;
	}
	for (const [name, attribute] of type.attributes) {
		const column = {
			...emptyColumn(name, origin),
			type: attribute
		};
		table.columns.set(name, column);
		noteColumn(schema, table, column);
	}
}
function emptyColumn(name, origin) {
	return {
		name,
		type: plainType(""),
		notNull: false,
		default: void 0,
		generated: void 0,
		identity: void 0,
		collation: void 0,
		origin,
		inherited: 0,
		local: true,
		counter: void 0
	};
}
// src/sql/schema/replay/function.ts
function createFunction(schema, statement, origin) {
	const { funcname, parameters, returnType, options, sql_body, is_procedure, replace } = statement;
	const definitions = optionsOf(options);
	const of = (name) => definitions.find(({ defname }) => defname === name)?.arg;
	const all = nodesOf(parameters, "FunctionParameter");
	const outputs = all.filter(({ mode }) => mode !== void 0 && [
		"FUNC_PARAM_OUT",
		"FUNC_PARAM_TABLE",
		"FUNC_PARAM_INOUT"
	].includes(mode));
	const made = {
		arguments: inputTypes(schema, all, is_procedure === true),
		kind: is_procedure ? "procedure" : "function",
		returns: returnType === void 0 ? void 0 : `${returnType.setof ? "setof " : ""}${typeText(columnType(schema, returnType))}`,
		volatility: volatilityOf(of("volatility")),
		language: wordsOf(of("language"))[0] ?? "sql",
		body: sql_body === void 0 ? wordsOf(of("as")).join("\n") : canonicalText(sql_body),
		options: [
			...outputs.map((one) => `${one.name ?? ""} ${typeText(columnType(schema, one.argType))}`),
			...all.flatMap(({ name, defexpr }) => defexpr === void 0 ? [] : [`default of ${name ?? ""}`]),
			...otherOptions(definitions)
		].join(", "),
		origin
	};
	addFunction(schema, wordsOf(funcname), made, replace === true);
}
function createAggregate(schema, name, args, definition, origin) {
	const [list] = args ?? [];
	addFunction(schema, name, {
		arguments: inputTypes(schema, list !== void 0 && "List" in list ? nodesOf(list.List.items, "FunctionParameter") : [], false),
		kind: "aggregate",
		returns: void 0,
		volatility: "immutable",
		language: "internal",
		body: canonicalText(definition),
		options: "",
		origin
	}, true);
}
function alterFunction(schema, { func, actions }) {
	const found = findFunction(schema, func);
	if (found === void 0) return;
	const definitions = optionsOf(actions);
	const volatility = definitions.find(({ defname }) => defname === "volatility")?.arg;
	const changed = {
		...found.one,
		volatility: volatility === void 0 ? found.one.volatility : volatilityOf(volatility),
		options: [found.one.options, ...otherOptions(definitions)].filter((text) => text !== "").join(", ")
	};
	schema.functions.set(found.key, found.overloads.with(found.overloads.indexOf(found.one), changed));
}
/** The function that a name and argument types mean; without types the only one of its name. */
function findFunction(schema, object) {
	const { schema: space, name } = nameOfWords(wordsOf(object?.objname));
	const wanted = object?.args_unspecified ? void 0 : objectTypes(schema, object);
	for (const path of space === void 0 ? schema.searchPath : [space]) {
		const key = nameKey(path, name);
		const overloads = schema.functions.get(key) ?? [];
		const one = overloads.find((candidate) => wanted === void 0 || candidate.arguments.join() === wanted.join());
		if (one !== void 0) return {
			key,
			overloads,
			one
		};
	}
}
function setOverloads(schema, key, overloads) {
	if (overloads.length === 0) schema.functions.delete(key);
	else schema.functions.set(key, overloads);
}
function addFunction(schema, words, made, replace) {
	const name = nameOfWords(words);
	const key = nameKey(creationSchema(schema, name), name.name);
	const overloads = schema.functions.get(key) ?? [];
	const at = overloads.findIndex((one) => one.arguments.join() === made.arguments.join());
	if (at < 0) schema.functions.set(key, [...overloads, made]);
	else if (replace) schema.functions.set(key, overloads.with(at, made));
}
function objectTypes(schema, object) {
	const parameters = nodesOf(object?.objfuncargs, "FunctionParameter");
	if (parameters.length > 0) return inputTypes(schema, parameters, false);
	return (object?.objargs ?? []).flatMap((one) => "TypeName" in one ? [argumentText(schema, one.TypeName)] : []);
}
function inputTypes(schema, parameters, isProcedure) {
	return parameters.filter(({ mode }) => mode !== "FUNC_PARAM_TABLE" && (isProcedure || mode !== "FUNC_PARAM_OUT")).map(({ argType }) => argumentText(schema, argType));
}
/** Lengths of argument types are forgotten by the server. */
function argumentText(schema, type) {
	return typeText({
		...columnType(schema, type),
		modifiers: []
	});
}
function volatilityOf(arg) {
	const [word] = wordsOf(arg);
	return word === "immutable" || word === "stable" ? word : "volatile";
}
function otherOptions(definitions) {
	return definitions.filter(({ defname = "" }) => ![
		"as",
		"language",
		"volatility"
	].includes(defname)).map(({ defname, arg }) => `${defname} ${canonicalText(arg)}`).sort();
}
// src/sql/schema/replay/type.ts
function createEnum(schema, { typeName, vals }, origin) {
	add(schema, nameOfWords(wordsOf(typeName)), {
		kind: "enum",
		values: wordsOf(vals),
		origin
	});
}
function alterEnum(schema, statement) {
	const { typeName, oldVal, newVal = "", newValNeighbor, newValIsAfter } = statement;
	const type = findType(schema, nameOfWords(wordsOf(typeName)));
	if (type?.kind !== "enum") return;
	if (oldVal !== void 0 && oldVal !== "") {
		type.values = type.values.map((value) => value === oldVal ? newVal : value);
		return;
	}
	if (type.values.includes(newVal)) return;
	const neighbor = newValNeighbor === void 0 ? -1 : type.values.indexOf(newValNeighbor);
	const at = neighbor < 0 ? type.values.length : neighbor + (newValIsAfter === true ? 1 : 0);
	type.values = type.values.toSpliced(at, 0, newVal);
}
function createComposite(schema, { typevar, coldeflist }, origin) {
	const attributes = nodesOf(coldeflist, "ColumnDef").map((one) => [one.colname ?? "", columnType(schema, one.typeName)]);
	add(schema, nameOf(typevar), {
		kind: "composite",
		attributes: new Map(attributes),
		origin
	});
}
function createRange(schema, { typeName, params }, origin) {
	add(schema, nameOfWords(wordsOf(typeName)), {
		kind: "range",
		words: canonicalText(params),
		origin
	});
}
/** A base type, or a shell that becomes one. */
function defineType(schema, name, definition, origin) {
	const known = findType(schema, name);
	if (known !== void 0 && known.kind !== "other") return;
	schema.types.set(nameKey(creationSchema(schema, name), name.name), {
		kind: "other",
		words: canonicalText(definition),
		origin
	});
}
function createDomain(schema, { domainname, typeName, constraints }, origin) {
	const name = nameOfWords(wordsOf(domainname));
	const domain = {
		kind: "domain",
		base: columnType(schema, typeName),
		notNull: false,
		default: void 0,
		checks: /* @__PURE__ */ new Map(),
		origin
	};
	if (!add(schema, name, domain)) return;
	for (const one of nodesOf(constraints, "Constraint")) constrain(schema, domain, name, one, true);
}
function alterDomain(schema, { subtype, typeName, name = "", def }) {
	const words = nameOfWords(wordsOf(typeName));
	const domain = findType(schema, words);
	if (domain?.kind !== "domain") return;
	const check = domain.checks.get(name);
	if (subtype === "T") domain.default = def;
	if (subtype === "N") domain.notNull = false;
	if (subtype === "O") domain.notNull = true;
	if (subtype === "C" && def !== void 0 && "Constraint" in def) constrain(schema, domain, words, def.Constraint, false);
	if (subtype === "X" && domain.checks.delete(name)) countConstraint(schema, creationSchema(schema, words), name, -1);
	if (subtype === "V" && check !== void 0) check.valid = true;
}
function constrain(schema, domain, type, constraint, creating) {
	const { contype, conname, raw_expr: expression, skip_validation: unchecked } = constraint;
	if (contype === "CONSTR_NOTNULL") domain.notNull = true;
	if (contype === "CONSTR_DEFAULT") domain.default = expression;
	if (contype !== "CONSTR_CHECK" || expression === void 0) return;
	const space = creationSchema(schema, type);
	const name = conname === void 0 ? chooseConstraintName(schema, space, [
		type.name,
		void 0,
		"check"
	]) : clipped(conname);
	if (domain.checks.has(name)) return;
	domain.checks.set(name, {
		expression,
		valid: creating || unchecked !== true
	});
	countConstraint(schema, space, name, 1);
}
function add(schema, name, type) {
	const key = nameKey(creationSchema(schema, name), clipped(name.name));
	if (schema.types.has(key)) return false;
	schema.types.set(key, type);
	return true;
}
// src/sql/schema/replay/other.ts
/** CREATE of what is only counted: its kind, and where its statement keeps the name. */
const kinds = {
	CreateStatsStmt: ["OBJECT_STATISTIC_EXT", "defnames"],
	CreateCastStmt: ["OBJECT_CAST", ""],
	CreateTransformStmt: ["OBJECT_TRANSFORM", ""],
	CreateConversionStmt: ["OBJECT_CONVERSION", "conversion_name"],
	CreateOpClassStmt: ["OBJECT_OPCLASS", "opclassname"],
	CreateOpFamilyStmt: ["OBJECT_OPFAMILY", "opfamilyname"],
	CreateEventTrigStmt: ["OBJECT_EVENT_TRIGGER", "trigname"],
	CreateForeignServerStmt: ["OBJECT_FOREIGN_SERVER", "servername"],
	CreateFdwStmt: ["OBJECT_FDW", "fdwname"],
	CreateAmStmt: ["OBJECT_ACCESS_METHOD", "amname"],
	CreatePLangStmt: ["OBJECT_LANGUAGE", "plname"],
	CreateSubscriptionStmt: ["OBJECT_SUBSCRIPTION", "subname"]
};
function createOther(schema, node) {
	const { kind, content } = openNode(node);
	const [type, field] = kinds[kind] ?? [];
	if (type === void 0 || field === void 0) return;
	const facts = content;
	const key = field === "" ? `${type} ${canonicalText([
		facts.sourcetype,
		facts.targettype,
		facts.type_name,
		facts.lang
	])}` : void 0;
	schema.others.set(key ?? named(schema, type, facts[field]), canonicalText(withoutName(facts, field)));
}
const otherKinds = Object.keys(kinds);
/** CREATE of an aggregate, an operator, a type, a collation or a text search object. */
function define(schema, statement, origin) {
	const { kind = "", defnames, args, definition } = statement;
	if (kind === "OBJECT_AGGREGATE") {
		createAggregate(schema, wordsOf(defnames), args, definition, origin);
		return;
	}
	if (kind === "OBJECT_TYPE") {
		defineType(schema, nameOfWords(wordsOf(defnames)), definition, origin);
		return;
	}
	schema.others.set(named(schema, kind, defnames), canonicalText(definition));
}
/** The key of something that DROP or RENAME names. */
function otherKey(schema, kind, object) {
	if (kind === "OBJECT_CAST" && "List" in object) {
		const [from, to] = (object.List.items ?? []).map((one) => "TypeName" in one ? one.TypeName : void 0);
		return `${kind} ${canonicalText([
			from,
			to,
			void 0,
			void 0
		])}`;
	}
	if ("ObjectWithArgs" in object) return named(schema, kind, object.ObjectWithArgs.objname);
	return named(schema, kind, "String" in object ? object.String.sval : "List" in object ? object.List.items : []);
}
const withoutSchema = [
	"EVENT_TRIGGER",
	"FOREIGN_SERVER",
	"FDW",
	"ACCESS_METHOD",
	"LANGUAGE",
	"SUBSCRIPTION"
].map((one) => `OBJECT_${one}`);
function named(schema, kind, name) {
	const words = typeof name === "string" ? [name] : stringsOf(name);
	if (withoutSchema.includes(kind)) return `${kind} ${JSON.stringify([words.at(-1) ?? ""])}`;
	const { schema: space, name: last } = nameOfWords(words);
	return `${kind} ${JSON.stringify([creationSchema(schema, { schema: space }), last])}`;
}
function withoutName(facts, field) {
	const relations = (facts.relations ?? []).map((one) => "RangeVar" in one ? nameOf(one.RangeVar).name : "");
	return {
		...facts,
		[field]: void 0,
		if_not_exists: void 0,
		relations
	};
}
// src/sql/schema/replay/drop.ts
function drop(schema, { removeType, objects, behavior }) {
	const cascade = behavior === "DROP_CASCADE";
	for (const object of objects ?? []) (drops[removeType ?? ""] ?? dropOther)(schema, object, cascade, removeType ?? "");
}
const drops = {
	OBJECT_TABLE: dropRelation,
	OBJECT_INDEX: dropRelation,
	OBJECT_VIEW: dropRelation,
	OBJECT_MATVIEW: dropRelation,
	OBJECT_SEQUENCE: dropRelation,
	OBJECT_FOREIGN_TABLE: dropRelation,
	OBJECT_TYPE: dropType,
	OBJECT_DOMAIN: dropType,
	OBJECT_FUNCTION: dropFunction,
	OBJECT_PROCEDURE: dropFunction,
	OBJECT_ROUTINE: dropFunction,
	OBJECT_AGGREGATE: dropFunction,
	OBJECT_SCHEMA: (schema, object, cascade) => dropSchema(schema, wordsOf(object).at(-1) ?? "", cascade),
	OBJECT_EXTENSION: (schema, object) => void schema.extensions.delete(wordsOf(object).at(-1) ?? ""),
	OBJECT_PUBLICATION: (schema, object) => void schema.publications.delete(wordsOf(object).at(-1) ?? ""),
	OBJECT_TRIGGER: (schema, object) => dropTrigger(schema, wordsOf(object)),
	OBJECT_RULE: (schema, object) => {
		const { relation, name } = partOf(schema, object);
		if (relation?.kind === "table" || relation?.kind === "view") relation.rules.delete(name);
	},
	OBJECT_POLICY: (schema, object) => {
		const { relation, name } = partOf(schema, object);
		if (relation?.kind !== "table") return;
		relation.policies.delete(name);
		relation.policyTexts.delete(name);
	}
};
function dropRelation(schema, object, cascade) {
	const found = findRelation(schema, nameOfWords(wordsOf(object)));
	if (found !== void 0) removeRelation(schema, found, cascade);
}
function dropTrigger(schema, words) {
	const name = words.at(-1) ?? "";
	const relation = findRelation(schema, nameOfWords(words.slice(0, -1)));
	if (relation?.kind === "view") relation.triggers.delete(name);
	if (relation?.kind === "table") removeTrigger(schema, relation, name);
}
/** Triggers of a partitioned table go from its partitions too. */
function removeTrigger(schema, table, name) {
	table.triggers.delete(name);
	if (table.form !== "partitioned") return;
	for (const id of table.children) {
		const child = schema.relations.get(id);
		if (child?.kind === "table" && child.triggers.get(name)?.inherited) removeTrigger(schema, child, name);
	}
}
function partOf(schema, object) {
	const words = wordsOf(object);
	return {
		relation: findRelation(schema, nameOfWords(words.slice(0, -1))),
		name: words.at(-1) ?? ""
	};
}
function dropType(schema, object, cascade) {
	const key = findTypeKey(schema, nameOfWords(wordsOf(object)));
	if (key !== void 0) removeType(schema, key, cascade);
}
function removeType(schema, key, cascade) {
	const type = schema.types.get(key);
	if (type === void 0) return;
	const { schema: space, name } = nameOfKey(key);
	if (type.kind === "domain") for (const check of type.checks.keys()) countConstraint(schema, space, check, -1);
	schema.types.delete(key);
	if (!cascade) return;
	for (const id of schema.typeUsers.get(key) ?? []) {
		const table = schema.relations.get(id);
		if (table?.kind !== "table") continue;
		for (const column of table.columns.values()) if (column.type.schema === space && column.type.name === name) removeColumn(schema, table, column.name, { cascade });
	}
	for (const [other, { kind, ...facts }] of schema.types) if (kind === "domain" && "base" in facts && facts.base.schema === space && facts.base.name === name) removeType(schema, other, true);
	for (const [other, overloads] of schema.functions) {
		const kept = overloads.filter((one) => ![...one.arguments, one.returns].some((text) => text?.replace("[]", "") === `${space}.${name}`));
		if (kept.length < overloads.length) setOverloads(schema, other, kept);
	}
}
function dropFunction(schema, object, cascade) {
	const found = "ObjectWithArgs" in object ? findFunction(schema, object.ObjectWithArgs) : void 0;
	if (found === void 0) return;
	setOverloads(schema, found.key, found.overloads.filter((one) => one !== found.one));
	if (cascade && !schema.functions.has(found.key)) removeCalls(schema, nameOfKey(found.key).name);
}
/** What calls a function that CASCADE drops: triggers, defaults, checks, generated columns, indexes, views, policies. */
function removeCalls(schema, name) {
	for (const id of schema.callers.get(name) ?? []) {
		const relation = schema.relations.get(id);
		if (relation?.kind === "view" && mentionsOf(relation.query).functions.has(name)) removeRelation(schema, relation, true);
		else if (relation?.kind === "table") removeCallsOfTable(schema, relation, name);
		else if (relation?.kind === "view") removeTriggers(relation.triggers, name);
	}
	schema.callers.delete(name);
}
function removeCallsOfTable(schema, table, name) {
	removeTriggers(table.triggers, name);
	for (const column of table.columns.values()) {
		if (mentionsOf(column.default).functions.has(name)) column.default = void 0;
		if (mentionsOf(column.generated?.expression).functions.has(name)) removeColumn(schema, table, column.name, { cascade: true });
	}
	for (const one of table.constraints.values()) if (one.kind === "check" && mentionsOf(one.expression).functions.has(name)) removeConstraint(schema, table, one.name);
	for (const index of indexesOf(schema, table)) if (calls(index, name)) removeRelation(schema, index);
	for (const [key, { using, check }] of table.policyTexts) {
		if (!mentionsOf(using).functions.has(name) && !mentionsOf(check).functions.has(name)) continue;
		table.policies.delete(key);
		table.policyTexts.delete(key);
	}
}
function removeTriggers(triggers, name) {
	for (const [key, trigger] of triggers) if (trigger.function.split(".").at(-1) === name) triggers.delete(key);
}
function calls(index, name) {
	return mentionsOf(index.predicate).functions.has(name) || index.keys.some(({ expression }) => mentionsOf(expression).functions.has(name));
}
function dropSchema(schema, space, cascade) {
	schema.schemas.delete(space);
	if (!cascade) return;
	for (const relation of [...schema.relations.values()]) if (relation.schema === space) removeRelation(schema, relation, true);
	for (const key of [...schema.types.keys()]) if (nameOfKey(key).schema === space) removeType(schema, key, true);
	for (const key of [...schema.functions.keys()]) {
		if (nameOfKey(key).schema !== space) continue;
		schema.functions.delete(key);
		removeCalls(schema, nameOfKey(key).name);
	}
	for (const publication of schema.publications.values()) publication.schemas.delete(space);
	const inside = `${JSON.stringify([space]).slice(0, -1)},`;
	for (const key of schema.others.keys()) if (key.slice(key.indexOf(" ") + 1).startsWith(inside)) schema.others.delete(key);
}
function dropOther(schema, object, _cascade, kind) {
	schema.others.delete(otherKey(schema, kind, object));
}
// src/sql/schema/replay/publication.ts
function createPublication(schema, { pubname = "", pubobjects, for_all_tables, options }) {
	if (schema.publications.has(pubname)) return;
	const publication = {
		allTables: for_all_tables === true,
		tables: /* @__PURE__ */ new Set(),
		schemas: /* @__PURE__ */ new Set(),
		details: /* @__PURE__ */ new Map()
	};
	schema.publications.set(pubname, publication);
	change$2(schema, publication, pubobjects, "add");
	setOptions(publication, options);
}
function alterPublication(schema, { pubname = "", pubobjects, action, options, for_all_tables }) {
	const publication = schema.publications.get(pubname);
	if (publication === void 0) return;
	setOptions(publication, options);
	if (for_all_tables) publication.allTables = true;
	if (pubobjects === void 0) return;
	if (action === "AP_SetObjects") {
		publication.tables.clear();
		publication.schemas.clear();
		for (const key of publication.details.keys()) if (key !== "options") publication.details.delete(key);
	}
	change$2(schema, publication, pubobjects, action === "AP_DropObjects" ? "delete" : "add");
}
function change$2(schema, publication, objects, how) {
	let kind;
	for (const { pubobjtype, pubtable, name } of nodesOf(objects, "PublicationObjSpec")) {
		if (pubobjtype !== "PUBLICATIONOBJ_CONTINUATION") kind = pubobjtype;
		if (kind === "PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA") publication.schemas[how](schema.searchPath[0] ?? "public");
		if (kind === "PUBLICATIONOBJ_TABLES_IN_SCHEMA") publication.schemas[how](name ?? pubtable?.relation?.relname ?? "");
		if (kind !== "PUBLICATIONOBJ_TABLE") continue;
		const table = findTable(schema, pubtable === void 0 ? {
			schema: void 0,
			name: name ?? ""
		} : nameOf(pubtable.relation));
		if (table === void 0) continue;
		const details = pubtable?.columns !== void 0 || pubtable?.whereClause !== void 0 ? canonicalText([wordsOf(pubtable.columns).sort(), pubtable.whereClause]) : void 0;
		for (const { id } of withChildren(schema, table, pubtable?.relation)) {
			publication.tables[how](id);
			publication.details.delete(id);
			if (how === "add" && details !== void 0) publication.details.set(id, details);
		}
	}
}
/** Tables that inherit are published beside their parent; partitions are part of it. */
function withChildren(schema, table, relation) {
	return relation?.inh === true && table.form !== "partitioned" ? [table, ...childrenOf(schema, table)] : [table];
}
function setOptions(publication, options) {
	if (options !== void 0 && options.length > 0) publication.details.set("options", canonicalText(options));
}
// src/sql/schema/replay/reindex.ts
/** An index that is built again is valid afterwards. */
function reindex(schema, { relation }) {
	const found = relation === void 0 ? void 0 : findRelation(schema, nameOf(relation));
	if (found?.kind === "index") mend(schema, found);
	if (found?.kind === "table" || found?.kind === "view") for (const index of indexesOf(schema, found)) mend(schema, index);
}
/** That of a partitioned table has nothing to build. */
function mend(schema, index) {
	if (tableById(schema, index.table)?.form !== "partitioned") index.valid = true;
}
// src/sql/schema/replay/move.ts
function moveFunction(schema, found, to) {
	setOverloads(schema, found.key, found.overloads.filter((one) => one !== found.one));
	setOverloads(schema, to, [...schema.functions.get(to) ?? [], found.one]);
}
/** Foreign keys keep the name of the table that they refer to. */
function followReferences(schema, table) {
	for (const { key } of foreignKeysTo(schema, table)) key.references = {
		...key.references,
		name: {
			schema: table.schema,
			name: table.name
		}
	};
}
/** Keeps the order of the entries. */
function renameKey(map, from, to) {
	if (!map.has(from)) return;
	const entries = [...map];
	map.clear();
	for (const [key, value] of entries) map.set(key === from ? to : key, value);
}
// src/sql/schema/replay/rename-column.ts
/** Renames a column of a table or a view, and wherever else the server knows it by number. */
function renameColumn(schema, relation, from, to) {
	if (relation.kind === "view") relation.columns = relation.columns?.map((name) => name === from ? to : name);
	else renameTableColumn(schema, relation, from, to);
	for (const index of indexesOf(schema, relation)) {
		index.keys = index.keys.map((key) => ({
			...key,
			column: key.column === from ? to : key.column,
			expression: renamed(key.expression, from, to)
		}));
		index.include = index.include.map((name) => name === from ? to : name);
		index.predicate = renamed(index.predicate, from, to);
	}
	for (const id of relation.readBy) {
		const view = viewById(schema, id);
		const columns = view?.reads.get(relation.id);
		if (view === void 0 || columns === void 0 || columns === "all" || !columns.has(from)) continue;
		const changed = new Set([...columns].map((name) => name === from ? to : name));
		view.reads = new Map([...view.reads, [relation.id, changed]]);
	}
}
function renameTableColumn(schema, table, from, to) {
	if (!table.columns.has(from)) return;
	const columns = [...table.columns.values()];
	table.columns.clear();
	for (const column of columns) {
		if (column.name === from) column.name = to;
		if (column.generated !== void 0) column.generated = {
			...column.generated,
			expression: renamed(column.generated.expression, from, to)
		};
		table.columns.set(column.name, column);
	}
	for (const constraint of table.constraints.values()) {
		if ("columns" in constraint) constraint.columns = constraint.columns.map((one) => one === from ? to : one);
		if (constraint.kind === "check") constraint.expression = withRenamedColumn(constraint.expression, from, to);
		if (constraint.kind === "not-null" && constraint.column === from) constraint.column = to;
	}
	for (const { key } of foreignKeysTo(schema, table)) key.references = {
		...key.references,
		columns: key.references.columns.map((one) => one === from ? to : one)
	};
	for (const id of table.sequences) {
		const sequence = schema.relations.get(id);
		if (sequence?.kind === "sequence" && sequence.ownedBy?.column === from) sequence.ownedBy = {
			table: table.id,
			column: to
		};
	}
	for (const [name, policy] of table.policyTexts) table.policyTexts.set(name, {
		...policy,
		using: renamed(policy.using, from, to),
		check: renamed(policy.check, from, to)
	});
	for (const [name, trigger] of table.triggers) {
		if (!trigger.columns.has(from)) continue;
		table.triggers.set(name, {
			...trigger,
			columns: new Set([...trigger.columns].map((one) => one === from ? to : one))
		});
	}
	if (table.partitionKey !== void 0) {
		const changed = table.partitionKey.columns.map((one) => typeof one !== "string" ? withRenamedColumn(one, from, to) : one === from ? to : one);
		table.partitionKey = {
			...table.partitionKey,
			columns: changed
		};
	}
	for (const child of childTables(schema, table)) renameColumn(schema, child, from, to);
}
function renamed(node, from, to) {
	return node === void 0 ? void 0 : withRenamedColumn(node, from, to);
}
// src/sql/schema/replay/set-schema.ts
/** `ALTER … SET SCHEMA`. */
function setSchema(schema, { objectType, relation, object, newschema = "" }) {
	if (relation !== void 0) {
		const found = findRelation(schema, nameOf(relation));
		if (found !== void 0) moveRelation(schema, found, newschema);
		return;
	}
	if (object === void 0 || objectType === "OBJECT_EXTENSION") return;
	if (objectType === "OBJECT_TYPE" || objectType === "OBJECT_DOMAIN") {
		const key = findTypeKey(schema, nameOfWords(wordsOf(object)));
		if (key !== void 0) moveType(schema, key, {
			schema: newschema,
			name: nameOfKey(key).name
		});
		return;
	}
	const found = "ObjectWithArgs" in object ? findFunction(schema, object.ObjectWithArgs) : void 0;
	if (found !== void 0) {
		moveFunction(schema, found, nameKey(newschema, nameOfKey(found.key).name));
		return;
	}
	const key = otherKey(schema, objectType ?? "", object);
	const [kind = "", ...rest] = key.split(" ");
	const name = JSON.parse(rest.join(" ")).at(-1);
	renameKey(schema.others, key, `${kind} ${JSON.stringify([newschema, name])}`);
}
/** Gives a type another name, wherever it is used. */
function moveType(schema, key, to) {
	const type = schema.types.get(key);
	if (type === void 0) return;
	const from = nameOfKey(key);
	const target = nameKey(to.schema, to.name);
	schema.types.delete(key);
	schema.types.set(target, type);
	if (type.kind === "domain" && from.schema !== to.schema) moveConstraints(schema, type.checks.keys(), from.schema, to.schema);
	retype(schema, key, to);
	schema.typeUsers.delete(key);
	const [before, after] = [`${from.schema}.${from.name}`, `${to.schema}.${to.name}`];
	const changed = (text) => text === before || text === `${before}[]` ? after + text.slice(before.length) : text;
	for (const [name, overloads] of schema.functions) {
		if (!overloads.some((one) => [...one.arguments, one.returns ?? ""].some((text) => changed(text) !== text))) continue;
		schema.functions.set(name, overloads.map((one) => ({
			...one,
			arguments: one.arguments.map(changed),
			returns: one.returns === void 0 ? void 0 : changed(one.returns)
		})));
	}
	for (const [name, other] of schema.types) {
		if (other.kind === "domain" && other.base.schema === from.schema && other.base.name === from.name) schema.types.set(name, {
			...other,
			base: {
				...other.base,
				...to
			}
		});
		if (other.kind !== "composite") continue;
		for (const [attribute, one] of other.attributes) if (one.schema === from.schema && one.name === from.name) other.attributes.set(attribute, {
			...one,
			...to
		});
	}
}
/** `ALTER SCHEMA … RENAME`. */
function moveSchema(schema, from, to) {
	if (schema.schemas.delete(from)) schema.schemas.add(to);
	for (const relation of schema.relations.values()) if (relation.schema === from) moveOne(schema, relation, to);
	for (const key of [...schema.types.keys()]) {
		const { schema: space, name } = nameOfKey(key);
		if (space === from) moveType(schema, key, {
			schema: to,
			name
		});
	}
	for (const key of [...schema.functions.keys()]) {
		const { schema: space, name } = nameOfKey(key);
		if (space === from) renameKey(schema.functions, key, nameKey(to, name));
	}
	const [before, after] = [from, to].map((space) => `${JSON.stringify([space]).slice(0, -1)},`);
	for (const key of [...schema.others.keys()]) renameKey(schema.others, key, key.replace(` ${before}`, ` ${after}`));
	for (const publication of schema.publications.values()) if (publication.schemas.delete(from)) publication.schemas.add(to);
}
/** Indexes and owned sequences move with their table. */
function moveRelation(schema, relation, to) {
	if (relation.schema === to) return;
	const parts = relation.kind === "table" ? [...relation.indexes, ...relation.sequences] : relation.kind === "view" ? [...relation.indexes] : [];
	moveOne(schema, relation, to);
	for (const id of parts) {
		const part = schema.relations.get(id);
		if (part !== void 0) moveOne(schema, part, to);
	}
}
function moveOne(schema, relation, to) {
	const from = relation.schema;
	renameRelation(schema, relation, { schema: to });
	if (relation.kind !== "table") return;
	moveConstraints(schema, relation.constraints.keys(), from, to);
	followReferences(schema, relation);
}
function moveConstraints(schema, names, from, to) {
	for (const name of names) {
		countConstraint(schema, from, name, -1);
		countConstraint(schema, to, name, 1);
	}
}
/** Replaces a type in all columns that are of it. */
function retype(schema, key, to) {
	const from = nameOfKey(key);
	for (const id of schema.typeUsers.get(key) ?? []) {
		const table = schema.relations.get(id);
		if (table?.kind !== "table") continue;
		for (const column of table.columns.values()) {
			if (column.type.schema !== from.schema || column.type.name !== from.name) continue;
			column.type = {
				...column.type,
				...to
			};
			noteTypeUse(schema, id, column.type);
		}
	}
}
// src/sql/schema/replay/rename.ts
function rename(schema, statement) {
	const { renameType = "", relation, subname = "", object } = statement;
	const newname = clipped(statement.newname ?? "");
	const words = wordsOf(object);
	const found = relation === void 0 ? void 0 : findRelation(schema, nameOf(relation));
	switch (renameType) {
		case "OBJECT_COLUMN":
			if (found?.kind === "table" || found?.kind === "view") renameColumn(schema, found, subname, newname);
			return;
		case "OBJECT_TABCONSTRAINT":
			if (found?.kind === "table") renameConstraint(schema, found, subname, newname);
			return;
		case "OBJECT_ATTRIBUTE":
			renameAttribute(schema, nameOf(relation), subname, newname);
			return;
		case "OBJECT_DOMCONSTRAINT":
			renameCheck(schema, nameOfWords(words), subname, newname);
			return;
		case "OBJECT_TYPE":
		case "OBJECT_DOMAIN": {
			const key = findTypeKey(schema, nameOfWords(words));
			if (key !== void 0) moveType(schema, key, {
				schema: nameOfKey(key).schema,
				name: newname
			});
			return;
		}
		case "OBJECT_SCHEMA":
			moveSchema(schema, subname, newname);
			return;
		case "OBJECT_FUNCTION":
		case "OBJECT_PROCEDURE":
		case "OBJECT_ROUTINE":
		case "OBJECT_AGGREGATE": {
			const one = object !== void 0 && "ObjectWithArgs" in object ? findFunction(schema, object.ObjectWithArgs) : void 0;
			if (one !== void 0) moveFunction(schema, one, nameKey(nameOfKey(one.key).schema, newname));
			return;
		}
		case "OBJECT_TRIGGER":
			if (found?.kind === "table" || found?.kind === "view") renameTrigger(schema, found, subname, newname);
			return;
		case "OBJECT_RULE":
			if (found?.kind === "table" || found?.kind === "view") renameKey(found.rules, subname, newname);
			return;
		case "OBJECT_POLICY":
			if (found?.kind === "table" && found.policies.delete(subname)) {
				found.policies.add(newname);
				renameKey(found.policyTexts, subname, newname);
			}
			return;
		case "OBJECT_PUBLICATION":
			renameKey(schema.publications, words.at(-1) ?? "", newname);
			return;
		default: if (found !== void 0) renameFound(schema, found, newname);
		else if (object !== void 0) renameOther(schema, otherKey(schema, renameType, object), newname);
	}
}
function renameFound(schema, relation, newname) {
	if (relation.kind === "index") {
		renameConstraintIndex(schema, relation, newname);
		return;
	}
	renameRelation(schema, relation, { name: newname });
	if (relation.kind === "table") followReferences(schema, relation);
}
function renameConstraint(schema, table, from, to) {
	const constraint = table.constraints.get(from);
	if (constraint === void 0) return;
	const index = "index" in constraint ? schema.relations.get(constraint.index) : void 0;
	if (index?.kind === "index") {
		renameConstraintIndex(schema, index, to);
		return;
	}
	const below = constraintsBelow(schema, table, constraint);
	unsetConstraint(schema, table, from);
	constraint.name = to;
	setConstraint(schema, table, constraint);
	for (const { child, copy } of below) if (copy.kind === "foreign") copy.above = to;
	else renameConstraint(schema, child, from, to);
}
function renameAttribute(schema, name, from, to) {
	const type = findType(schema, name);
	if (type?.kind === "composite") renameKey(type.attributes, from, to);
}
function renameCheck(schema, name, from, to) {
	const type = findType(schema, name);
	if (type?.kind === "domain") renameKey(type.checks, from, to);
}
function renameTrigger(schema, relation, from, to) {
	renameKey(relation.triggers, from, to);
	if (relation.kind !== "table" || relation.form !== "partitioned") return;
	for (const child of childTables(schema, relation)) if (child.triggers.get(from)?.inherited) renameTrigger(schema, child, from, to);
}
function renameOther(schema, key, newname) {
	const [kind = "", ...rest] = key.split(" ");
	const names = JSON.parse(rest.join(" "));
	renameKey(schema.others, key, `${kind} ${JSON.stringify([...names.slice(0, -1), newname])}`);
}
// src/sql/schema/replay/sequence.ts
function createSequence(schema, { sequence, options }, origin) {
	const made = addRelation(schema, sequence?.relpersistence === "t" ? {
		schema: "pg_temp",
		name: sequence.relname ?? ""
	} : nameOf(sequence), origin, {
		kind: "sequence",
		ownedBy: void 0,
		type: "int8",
		identity: false,
		usedBy: /* @__PURE__ */ new Set()
	});
	if (made !== void 0) change$1(schema, made, options);
}
function alterSequence(schema, { sequence, options }) {
	const found = findRelation(schema, nameOf(sequence));
	if (found?.kind === "sequence") change$1(schema, found, options);
}
function change$1(schema, sequence, options) {
	for (const { defname, arg } of optionsOf(options)) {
		if (defname === "as" && arg !== void 0 && "TypeName" in arg) sequence.type = columnType(schema, arg.TypeName).name;
		if (defname !== "owned_by") continue;
		const words = wordsOf(arg);
		tableById(schema, sequence.ownedBy?.table)?.sequences.delete(sequence.id);
		const table = words.length > 1 ? findTable(schema, nameOfWords(words.slice(0, -1))) : void 0;
		sequence.ownedBy = table === void 0 ? void 0 : {
			table: table.id,
			column: words.at(-1) ?? ""
		};
		table?.sequences.add(sequence.id);
	}
}
// src/sql/schema/search-path.ts
/** The schemas of a path as it is written in one text. */
function searchPathOf(text) {
	const names = [];
	for (const piece of pieces(text)) {
		const word = piece.trim();
		names.push(word.startsWith("\"") ? word.slice(1, -1).replaceAll("\"\"", "\"") : word.toLowerCase());
	}
	return names.filter((name) => name !== "");
}
function pieces(text) {
	const found = [""];
	let quoted = false;
	for (const character of text) {
		if (character === "\"") quoted = !quoted;
		if (character === "," && !quoted) found.push("");
		else found[found.length - 1] += character;
	}
	return found;
}
// src/sql/schema/replay/session.ts
/** A file is run by a session of its own. */
function beginFile(schema, file) {
	if (schema.file === file) return;
	schema.file = file;
	resetSession(schema);
}
function resetSession(schema) {
	schema.beforeLocal = void 0;
	schema.searchPath = [...schema.session.searchPath];
	schema.timeZone = schema.session.timeZone;
}
function setVariable(schema, { kind, name, args, is_local }) {
	if (kind === "VAR_RESET_ALL") {
		resetSession(schema);
		return;
	}
	const values = kind === "VAR_SET_VALUE" ? constants(args) : void 0;
	if (kind === "VAR_SET_VALUE" && values?.length !== args?.length) return;
	change(schema, name ?? "", values, is_local === true);
}
/** `select set_config('search_path', …)`, as pg_dump writes it. */
function callSetConfig(schema, { targetList }) {
	for (const { val } of nodesOf(targetList, "ResTarget")) {
		if (val === void 0 || !("FuncCall" in val) || wordsOf(val.FuncCall.funcname).at(-1) !== "set_config") continue;
		const [name, value] = constants(val.FuncCall.args);
		if (name === void 0 || value === void 0) continue;
		const local = val.FuncCall.args?.[2];
		const isLocal = local !== void 0 && "A_Const" in local && local.A_Const.boolval?.boolval === true;
		change(schema, name, name === "search_path" ? searchPathOf(value) : [value], isLocal);
	}
}
function endTransaction(schema, { kind }) {
	if (kind !== "TRANS_STMT_COMMIT" && kind !== "TRANS_STMT_ROLLBACK") return;
	if (schema.beforeLocal === void 0) return;
	schema.searchPath = [...schema.beforeLocal.searchPath];
	schema.timeZone = schema.beforeLocal.timeZone;
	schema.beforeLocal = void 0;
}
function change(schema, name, values, isLocal) {
	const variable = name.toLowerCase();
	if (variable !== "search_path" && variable !== "timezone") return;
	if (isLocal) schema.beforeLocal ??= {
		searchPath: schema.searchPath,
		timeZone: schema.timeZone
	};
	if (variable === "timezone") schema.timeZone = values === void 0 ? schema.session.timeZone : values[0];
	else schema.searchPath = (values === void 0 ? [...schema.session.searchPath] : [...values]).filter((one) => one !== "");
}
function constants(args) {
	return (args ?? []).flatMap((one) => {
		const node = "TypeCast" in one ? one.TypeCast.arg : one;
		if (node === void 0 || !("A_Const" in node)) return [];
		const { sval, ival, fval } = node.A_Const;
		if (sval !== void 0) return [sval.sval ?? ""];
		return ival !== void 0 ? [String(ival.ival ?? 0)] : fval !== void 0 ? [fval.fval ?? ""] : [];
	});
}
// src/sql/schema/replay/trigger.ts
function createTrigger(schema, statement) {
	const relation = findRelation(schema, nameOf(statement.relation));
	const { trigname = "", replace } = statement;
	if (relation?.kind !== "table" && relation?.kind !== "view" || relation.triggers.has(trigname) && replace !== true) return;
	const called = wordsOf(statement.funcname);
	const trigger = {
		enabled: true,
		function: called.join("."),
		columns: /* @__PURE__ */ new Set([...wordsOf(statement.columns), ...mentionsOf(statement.whenClause).columns]),
		definition: { CreateTrigStmt: withoutNames(statement) },
		constraint: statement.isconstraint === true,
		inherited: false
	};
	relation.triggers.set(trigname, trigger);
	noteCall(schema, relation, called.at(-1) ?? "");
	if (relation.kind !== "table" || relation.form !== "partitioned") return;
	passTriggerOn(schema, relation, trigname, trigger);
	relation.triggers.set(trigname, trigger);
}
/** Both may be renamed; the trigger keeps what it does. */
function withoutNames({ trigname: _name, relation: _relation, replace: _replace, ...definition }) {
	return definition;
}
function createPolicy(schema, statement) {
	const { table: name, policy_name: policy = "", cmd_name, permissive, roles, qual, with_check } = statement;
	const table = findTable(schema, nameOf(name));
	if (table === void 0) return;
	table.policies.add(policy);
	table.policyTexts.set(policy, {
		command: cmd_name ?? "all",
		permissive: permissive === true,
		roles: roleNames(roles),
		using: qual,
		check: with_check
	});
	noteCalls(schema, table, qual, with_check);
}
function alterPolicy(schema, { table: name, policy_name: policy = "", roles, qual, with_check }) {
	const table = findTable(schema, nameOf(name));
	const before = table?.policyTexts.get(policy);
	if (table === void 0 || before === void 0) return;
	table.policyTexts.set(policy, {
		...before,
		roles: roles === void 0 ? before.roles : roleNames(roles),
		using: qual ?? before.using,
		check: with_check ?? before.check
	});
	noteCalls(schema, table, qual, with_check);
}
function createRule(schema, { relation: name, rulename = "", event, instead, actions, whereClause, replace }) {
	const relation = findRelation(schema, nameOf(name));
	if (relation?.kind !== "table" && relation?.kind !== "view" || relation.rules.has(rulename) && replace !== true) return;
	relation.rules.set(rulename, canonicalText([
		event,
		instead,
		actions,
		whereClause
	]));
}
function roleNames(roles) {
	return nodesOf(roles, "RoleSpec").map(roleName).sort();
}
function roleName({ roletype, rolename }) {
	if (rolename !== void 0) return rolename;
	return (roletype ?? "").replace("ROLESPEC_", "").toLowerCase();
}
// src/sql/schema/replay/unclear.ts
/**
* A DO block that puts statements together at run time: tables that it names anywhere may hold more than is known
* afterwards.
*/
function doBlock(schema, { args }) {
	const body = optionsOf(args).find(({ defname }) => defname === "as");
	const words = wordsIn(wordsOf(body?.arg).join("\n"));
	if (!words.some((word, index) => word.toLowerCase() === "execute" && isNoRoutine(words[index + 1]))) return;
	for (const word of words) {
		const table = findTable(schema, {
			schema: void 0,
			name: word
		});
		if (table !== void 0) table.complete = false;
	}
}
/** Foreign tables, whose columns another server knows. */
function importForeign(schema, statement, origin) {
	if (statement.list_type !== "FDW_IMPORT_SCHEMA_LIMIT_TO") return;
	for (const range of nodesOf(statement.table_list, "RangeVar")) {
		const relation = {
			...range,
			schemaname: statement.local_schema ?? "public",
			relpersistence: "p"
		};
		const table = newTable(schema, relation, origin, "foreign");
		if (table !== void 0) table.complete = false;
		else if (findTable(schema, nameOf(relation)) === void 0) return;
	}
}
/** `EXECUTE FUNCTION` of a trigger runs no text. */
function isNoRoutine(word) {
	return ![
		"function",
		"procedure",
		"on"
	].includes(word?.toLowerCase() ?? "");
}
/** Names and keywords of a text, whatever stands between them. */
function wordsIn(text) {
	const words = [];
	let word = "";
	for (const character of text) if (character === "_" || character === "$" || /[\p{L}\p{N}]/u.test(character)) word += character;
	else if (word !== "") {
		words.push(word);
		word = "";
	}
	return word === "" ? words : [...words, word];
}
// src/sql/schema/query/expression-type.ts
/** The type of an expression where its text tells it surely. */
function expressionType(reading, node) {
	if (node === void 0) return void 0;
	if ("ColumnRef" in node) return withoutSerial(reading.find(node.ColumnRef.fields ?? [])?.type);
	if ("TypeCast" in node) return withoutSerial(columnType(reading.schema, node.TypeCast.typeName));
	if ("A_Const" in node) return constantType(node.A_Const);
	if ("BoolExpr" in node || "NullTest" in node || "BooleanTest" in node) return plainType("bool");
	if ("SubLink" in node) return node.SubLink.subLinkType === "EXISTS_SUBLINK" ? plainType("bool") : void 0;
	if ("CollateClause" in node) return expressionType(reading, node.CollateClause.arg);
	if ("FuncCall" in node) return callType(reading, wordsOf(node.FuncCall.funcname), node.FuncCall.args ?? []);
	if ("SQLValueFunction" in node) return valueFunctions[node.SQLValueFunction.op ?? ""];
	if ("A_Expr" in node && comparisons.has(wordsOf(node.A_Expr.name).at(-1) ?? "") && node.A_Expr.kind !== "AEXPR_NULLIF") return plainType("bool");
}
function withoutSerial(type) {
	return type === void 0 ? void 0 : {
		...type,
		serial: false
	};
}
function constantType({ ival, sval, boolval, isnull }) {
	if (ival !== void 0) return plainType("int4");
	if (boolval !== void 0) return plainType("bool");
	return sval !== void 0 || isnull === true ? plainType("text") : void 0;
}
const comparisons = /* @__PURE__ */ new Set([
	"=",
	"<>",
	"<",
	">",
	"<=",
	">=",
	"~~",
	"!~~",
	"~~*",
	"!~~*"
]);
const valueFunctions = {
	SVFOP_CURRENT_DATE: plainType("date"),
	SVFOP_CURRENT_TIMESTAMP: plainType("timestamptz"),
	SVFOP_LOCALTIMESTAMP: plainType("timestamp"),
	SVFOP_CURRENT_USER: plainType("name")
};
const results = {
	count: "int8",
	now: "timestamptz",
	lower: "text",
	upper: "text",
	concat: "text",
	row_number: "int8",
	gen_random_uuid: "uuid",
	bool_and: "bool",
	bool_or: "bool",
	string_agg: "text"
};
const sums = {
	int2: "int8",
	int4: "int8",
	int8: "numeric",
	numeric: "numeric",
	float8: "float8"
};
const extremes = {
	int2: "int2",
	int4: "int4",
	int8: "int8",
	numeric: "numeric",
	float8: "float8",
	text: "text",
	varchar: "text",
	date: "date",
	timestamp: "timestamp",
	timestamptz: "timestamptz"
};
function callType(reading, words, args) {
	const name = words.at(-1) ?? "";
	if (words.length > 1 && words[0] !== "pg_catalog") return void 0;
	const known = results[name];
	if (known !== void 0) return plainType(known);
	const first = expressionType(reading, args[0]);
	if (first === void 0 || first.array > 0 || first.schema !== void 0) return void 0;
	const sum = name === "sum" ? sums[first.name] : void 0;
	if (sum !== void 0) return plainType(sum);
	const extreme = name === "min" || name === "max" ? extremes[first.name] : void 0;
	return extreme === void 0 ? void 0 : plainType(extreme);
}
// src/sql/schema/query/from-clause.ts
/** Reads one element of a FROM clause. */
function readRange(reading, node) {
	if ("RangeVar" in node) return single(namedRange(reading, node.RangeVar));
	if ("JoinExpr" in node) return joined(reading, node.JoinExpr);
	if ("RangeSubselect" in node) {
		const { subquery, alias } = node.RangeSubselect;
		const columns = subquery === void 0 ? void 0 : reading.nested(subquery);
		return single(aliased(alias?.aliasname, columns?.map(output), wordsOf(alias?.colnames)));
	}
	if ("RangeFunction" in node) return single(functionRange(reading, node.RangeFunction));
	if ("RangeTableSample" in node && node.RangeTableSample.relation !== void 0) return readRange(reading, node.RangeTableSample.relation);
	reading.expression(node);
	return single({
		alias: void 0,
		columns: void 0,
		relation: void 0
	});
}
/** A column that a nested query makes: naming it reads nothing more than the query does anyway. */
function output({ name, type }) {
	return {
		name,
		type,
		from: []
	};
}
function single(item) {
	return {
		items: [item],
		star: item.columns
	};
}
function aliased(alias, columns, names, relation) {
	return {
		alias,
		columns: columns?.map((column, index) => ({
			...column,
			name: names[index] ?? column.name
		})),
		relation
	};
}
function namedRange(reading, range) {
	const alias = range.alias?.aliasname ?? range.relname;
	const names = wordsOf(range.alias?.colnames);
	if (range.schemaname === void 0) {
		const table = reading.commonTable(range.relname ?? "");
		if (table !== void 0) return aliased(alias, table.columns?.map(output), names);
	}
	const relation = findRelation(reading.schema, nameOf(range));
	if (relation?.kind !== "table" && relation?.kind !== "view") return aliased(alias, void 0, names);
	reading.touch(relation.id);
	const columns = (relation.kind === "table" ? [...relation.columns.values()] : relation.columns?.map((name) => ({
		name,
		type: void 0
	})))?.map(({ name, type }) => ({
		name,
		type,
		from: [{
			relation: relation.id,
			column: name
		}]
	}));
	const open = relation.kind === "table" && !relation.complete;
	return {
		...aliased(alias, columns, names, relation.id),
		...open && columns?.length === 0 ? { columns: void 0 } : {}
	};
}
function functionRange(reading, range) {
	reading.expression(range.functions);
	const alias = range.alias?.aliasname;
	const names = wordsOf(range.alias?.colnames);
	const defined = nodesOf(range.coldeflist, "ColumnDef");
	if (defined.length > 0) return aliased(alias, defined.map(({ colname = "", typeName }) => ({
		name: colname,
		type: columnType(reading.schema, typeName),
		from: []
	})), names);
	const columns = names.map((name) => ({
		name,
		type: void 0,
		from: []
	}));
	return {
		alias,
		columns: names.length > 0 ? columns : void 0,
		relation: void 0
	};
}
function joined(reading, join) {
	const empty = {
		items: [],
		star: []
	};
	const left = join.larg === void 0 ? empty : readRange(reading, join.larg);
	const right = join.rarg === void 0 ? empty : readRange(reading, join.rarg);
	const items = [...left.items, ...right.items];
	const shared = join.isNatural ? common(left.star, right.star) : wordsOf(join.usingClause);
	reading.within({
		items,
		star: void 0
	}, () => reading.expression(join.quals));
	const star = merged(reading, left.star, right.star, shared);
	if (join.alias?.aliasname === void 0) return {
		items,
		star
	};
	return single(aliased(join.alias.aliasname, star, wordsOf(join.alias.colnames)));
}
function common(left, right) {
	const names = new Set(right?.map(({ name }) => name));
	return (left ?? []).map(({ name }) => name).filter((name) => names.has(name));
}
/** Columns of USING come first and once; both sides of each are read. */
function merged(reading, left, right, shared) {
	const both = shared.map((name) => {
		const sides = [left, right].flatMap((side) => side?.find((column) => column.name === name) ?? []);
		const from = sides.flatMap((side) => side.from);
		for (const { relation, column } of from) reading.read(relation, column);
		return {
			name,
			type: sides[0]?.type,
			from
		};
	});
	if (left === void 0 || right === void 0) return void 0;
	const rest = (side) => side.filter(({ name }) => !shared.includes(name));
	return [
		...both,
		...rest(left),
		...rest(right)
	];
}
// src/sql/schema/query/read-query.ts
/** Reads a query as the server does that stores it as a view: `*` means the columns that there are now. */
function readQuery(schema, query) {
	const reading = new Reading(schema);
	return {
		columns: query === void 0 ? void 0 : reading.nested(query),
		reads: reading.reads,
		calls: reading.calls
	};
}
/** A query that is being read: which names mean what at this place, and what was read so far. */
var Reading = class {
	schema;
	reads = /* @__PURE__ */ new Map();
	calls = /* @__PURE__ */ new Set();
	#levels = [];
	#tables = [];
	constructor(schema) {
		this.schema = schema;
	}
	touch(relation) {
		if (!this.reads.has(relation)) this.reads.set(relation, /* @__PURE__ */ new Set());
	}
	read(relation, column) {
		this.touch(relation);
		const columns = this.reads.get(relation);
		if (columns !== "all") columns?.add(column);
	}
	commonTable(name) {
		for (const tables of this.#tables.toReversed()) {
			const found = tables.get(name);
			if (found !== void 0) return found;
		}
	}
	/** Does something where the names of a range can be used. */
	within(range, work) {
		this.#levels.push(range);
		const result = work();
		this.#levels.pop();
		return result;
	}
	/** Reads a whole query; resolves with its columns. */
	nested(query) {
		if ("SelectStmt" in query) return this.#select(query.SelectStmt);
		this.expression(query);
	}
	/** Reads whatever stands in an expression, and the queries in it. */
	expression(value) {
		if (Array.isArray(value)) {
			for (const one of value) this.expression(one);
			return;
		}
		if (typeof value !== "object" || value === null) return;
		for (const key in value) {
			const content = value[key];
			if (key === "FuncCall") this.calls.add(wordsOf(content.funcname).at(-1) ?? "");
			if (key === "ColumnRef") this.#reference(content.fields ?? []);
			else if (key === "SelectStmt") this.#select(content);
			else if (typeof content === "object") this.expression(content);
		}
	}
	/** The column that a reference means, which has been read by it. */
	find(fields) {
		const words = stringsOf(fields);
		const name = words.at(-1) ?? "";
		const alias = words.at(-2);
		for (const level of this.#levels.toReversed()) {
			const items = alias === void 0 ? level.items : level.items.filter((item) => item.alias === alias);
			const found = (alias === void 0 ? level.star?.find((column) => column.name === name) : void 0) ?? items.flatMap(({ columns }) => columns?.find((column) => column.name === name) ?? [])[0];
			if (found !== void 0) return found;
			if (alias !== void 0 && items.length > 0) return void 0;
		}
	}
	#select(select) {
		const tables = /* @__PURE__ */ new Map();
		this.#tables.push(tables);
		for (const one of nodesOf(select.withClause?.ctes, "CommonTableExpr")) {
			const names = wordsOf(one.aliascolnames);
			const renamed = (columns) => ({ columns: columns?.map((column, index) => ({
				...column,
				name: names[index] ?? column.name
			})) });
			if (select.withClause?.recursive === true) tables.set(one.ctename ?? "", renamed(this.#firstColumns(one.ctequery)));
			tables.set(one.ctename ?? "", renamed(one.ctequery === void 0 ? void 0 : this.nested(one.ctequery)));
		}
		const columns = this.#body(select);
		this.#tables.pop();
		return columns;
	}
	/** A recursive query has the columns of its first part. */
	#firstColumns(query) {
		if (query === void 0 || !("SelectStmt" in query)) return void 0;
		return this.#select(query.SelectStmt.larg ?? query.SelectStmt);
	}
	#body(select) {
		if (select.larg !== void 0 && select.rarg !== void 0) {
			const columns = this.#select(select.larg);
			this.#select(select.rarg);
			return columns;
		}
		if (select.valuesLists !== void 0) {
			this.expression(select.valuesLists);
			const [row] = nodesOf(select.valuesLists, "List");
			return (row?.items ?? []).map((value, index) => ({
				name: `column${index + 1}`,
				type: expressionType(this, value)
			}));
		}
		const ranges = [];
		for (const node of select.fromClause ?? []) ranges.push(this.within(together(ranges), () => readRange(this, node)));
		return this.within(together(ranges), () => {
			const outputs = this.#targets(select.targetList ?? []);
			const names = new Set(outputs?.map(({ name }) => name));
			for (const part of [
				select.whereClause,
				select.groupClause,
				select.havingClause,
				select.windowClause,
				select.distinctClause
			]) this.expression(part);
			for (const { node } of nodesOf(select.sortClause, "SortBy")) if (!(node !== void 0 && "ColumnRef" in node && names.has(stringsOf(node.ColumnRef.fields)[0] ?? ""))) this.expression(node);
			this.expression([select.limitCount, select.limitOffset]);
			return outputs;
		});
	}
	#targets(nodes) {
		const columns = [];
		let known = true;
		for (const { name, val } of nodesOf(nodes, "ResTarget")) {
			if (val === void 0) continue;
			const fields = "ColumnRef" in val ? val.ColumnRef.fields ?? [] : [];
			const isStar = fields.length > 0 && "A_Star" in fields.at(-1);
			if (!isStar) this.expression(val);
			if (isStar) {
				const alias = stringsOf(fields).at(-1);
				this.#readAll(alias);
				const all = this.#starColumns(alias);
				if (all === void 0) known = false;
				else columns.push(...all);
			} else columns.push({
				name: name ?? figureName(val) ?? "?column?",
				type: expressionType(this, val)
			});
		}
		return known ? columns : void 0;
	}
	#starColumns(alias) {
		if (alias === void 0) return this.#levels.at(-1)?.star;
		return this.#item(alias)?.columns;
	}
	#item(alias) {
		for (const level of this.#levels.toReversed()) {
			const found = level.items.find((item) => item.alias === alias);
			if (found !== void 0) return found;
		}
	}
	#reference(fields) {
		const words = stringsOf(fields);
		const isRow = fields.length > words.length;
		const found = isRow ? void 0 : this.find(fields);
		if (found !== void 0) {
			for (const { relation, column } of found.from) this.read(relation, column);
			return;
		}
		const [whole, ...more] = isRow ? words.slice(-1) : words;
		const item = more.length === 0 && whole !== void 0 ? this.#item(whole) : void 0;
		if (item?.relation !== void 0) this.reads.set(item.relation, "all");
		else if (!isRow) this.#guess(words);
	}
	#readAll(alias) {
		const level = this.#levels.at(-1);
		const items = alias === void 0 ? level?.items ?? [] : [this.#item(alias)].flatMap((item) => item ?? []);
		for (const { columns, relation } of items) {
			for (const { from } of columns ?? []) for (const one of from) this.read(one.relation, one.column);
			if (relation !== void 0 && (columns === void 0 || tableById(this.schema, relation)?.complete === false)) this.reads.set(relation, "all");
		}
	}
	/** A column that nothing known has belongs to what is not known in full. */
	#guess(words) {
		const name = words.at(-1) ?? "";
		for (const { items } of this.#levels.toReversed()) {
			const open = items.filter(({ relation, columns, alias }) => relation !== void 0 && (words.length === 1 || alias === words.at(-2)) && (columns === void 0 || tableById(this.schema, relation)?.complete === false));
			for (const { relation } of open) if (relation !== void 0) this.read(relation, name);
			if (open.length > 0) return;
		}
	}
};
function together(ranges) {
	const star = [];
	let known = true;
	for (const range of ranges) if (range.star === void 0) known = false;
	else star.push(...range.star);
	return {
		items: ranges.flatMap(({ items }) => items),
		star: known ? star : void 0
	};
}
// src/sql/schema/replay/view.ts
function createView(schema, { view, query, aliases, replace }, origin) {
	const name = view?.relpersistence === "t" ? {
		schema: "pg_temp",
		name: view.relname ?? ""
	} : nameOf(view);
	const before = viewById(schema, schema.names.get(nameKey(creationSchema(schema, name), name.name)));
	if (before !== void 0 && replace === true) {
		forgetReads(schema, before);
		before.query = query;
		setReads(schema, before, wordsOf(aliases));
		return;
	}
	const made = newView(schema, name, "view", query, origin);
	if (made !== void 0) setReads(schema, made, wordsOf(aliases));
}
/** CREATE TABLE AS, and CREATE MATERIALIZED VIEW. */
function createTableAs(schema, { into, query, objtype }, origin) {
	if (objtype !== "OBJECT_MATVIEW") {
		fillTable(schema, into, query, origin);
		return;
	}
	const made = newView(schema, nameOf(into?.rel), "materialized", query, origin);
	if (made === void 0) return;
	made.populated = into?.skipData !== true;
	setReads(schema, made, wordsOf(into?.colNames));
}
/** SELECT … INTO makes a table too. */
function selectInto(schema, select, origin) {
	if (select.intoClause !== void 0) fillTable(schema, select.intoClause, { SelectStmt: select }, origin);
}
function refreshView(schema, { relation, skipData }) {
	const view = findRelation(schema, nameOf(relation));
	if (view?.kind === "view") view.populated = skipData !== true;
}
function fillTable(schema, into, query, origin) {
	const { columns } = readQuery(schema, query);
	const table = newTable(schema, into?.rel, origin, "ordinary");
	if (table === void 0) return;
	table.options = optionTexts([], into?.options);
	table.complete = columns !== void 0;
	const names = wordsOf(into?.colNames);
	for (const [index, { name, type }] of (columns ?? []).entries()) {
		const column = {
			...emptyColumn(names[index] ?? name, origin),
			type: type ?? plainType("")
		};
		if (type === void 0) table.complete = false;
		table.columns.set(column.name, column);
		noteColumn(schema, table, column);
	}
}
function newView(schema, name, form, query, origin) {
	return addRelation(schema, name, origin, {
		kind: "view",
		form,
		columns: void 0,
		reads: /* @__PURE__ */ new Map(),
		query,
		populated: true,
		indexes: /* @__PURE__ */ new Set(),
		triggers: /* @__PURE__ */ new Map(),
		rules: /* @__PURE__ */ new Map(),
		readBy: /* @__PURE__ */ new Set()
	});
}
function setReads(schema, view, names) {
	const { columns, reads, calls } = readQuery(schema, view.query);
	view.columns = columns?.map(({ name }, index) => names[index] ?? name);
	view.reads = reads;
	for (const name of calls) noteCall(schema, view, name);
	for (const id of reads.keys()) {
		const read = schema.relations.get(id);
		if (read?.kind === "table" || read?.kind === "view") read.readBy.add(view.id);
	}
}
// src/sql/schema/replay.ts
/**
* Carries a statement out on the schema. Never throws: what cannot be followed leaves the tables concerned marked as
* incomplete, and what exists already or does not exist stays as it is. A statement of another file than the one before
* meets a new session.
*/
function applyStatement(schema, { node }, origin) {
	beginFile(schema, origin.file);
	apply(schema, node, origin);
}
function apply(schema, node, origin) {
	const { kind, content } = openNode(node);
	const change = changes[kind];
	if (change !== void 0) change(schema, content, origin);
	else if (otherKinds.includes(kind)) createOther(schema, node);
}
const changes = {
	CreateStmt: createTable,
	CreateForeignTableStmt: (schema, { base }, origin) => {
		if (base !== void 0) createTable(schema, base, origin, "foreign");
	},
	CreateTableAsStmt: createTableAs,
	SelectStmt: (schema, select, origin) => {
		selectInto(schema, select, origin);
		callSetConfig(schema, select);
	},
	IndexStmt: createIndex,
	ReindexStmt: reindex,
	AlterTableStmt: alterTable,
	ViewStmt: createView,
	RefreshMatViewStmt: refreshView,
	CreateSeqStmt: createSequence,
	AlterSeqStmt: alterSequence,
	CreateEnumStmt: createEnum,
	AlterEnumStmt: alterEnum,
	CreateDomainStmt: createDomain,
	AlterDomainStmt: alterDomain,
	CompositeTypeStmt: createComposite,
	CreateRangeStmt: createRange,
	DefineStmt: define,
	CreateFunctionStmt: createFunction,
	AlterFunctionStmt: alterFunction,
	CreateTrigStmt: createTrigger,
	CreatePolicyStmt: createPolicy,
	AlterPolicyStmt: alterPolicy,
	RuleStmt: createRule,
	CreatePublicationStmt: createPublication,
	AlterPublicationStmt: alterPublication,
	CreateExtensionStmt: (schema, { extname }) => void schema.extensions.add(extname ?? ""),
	CreateSchemaStmt: createSchema,
	DropStmt: drop,
	RenameStmt: rename,
	AlterObjectSchemaStmt: setSchema,
	VariableSetStmt: setVariable,
	DiscardStmt: (schema, { target }) => {
		if (target === "DISCARD_ALL") resetSession(schema);
	},
	TransactionStmt: endTransaction,
	DoStmt: doBlock,
	ImportForeignSchemaStmt: importForeign,
	DropOwnedStmt: (schema) => {
		for (const relation of schema.relations.values()) if (relation.kind === "table") relation.complete = false;
	}
};
/** The elements of CREATE SCHEMA are made in it; those that others need come first. */
function createSchema(schema, statement, origin) {
	const { schemaname, authrole, schemaElts, if_not_exists } = statement;
	const name = schemaname ?? (authrole === void 0 ? "" : roleName(authrole));
	if (schema.schemas.has(name) && if_not_exists === true) return;
	schema.schemas.add(name);
	const path = schema.searchPath;
	schema.searchPath = [name, ...path];
	const rank = (node) => elementOrder.indexOf(openNode(node).kind);
	for (const element of [...schemaElts ?? []].sort((a, b) => rank(a) - rank(b))) apply(schema, element, origin);
	schema.searchPath = path;
}
const elementOrder = [
	"CreateSeqStmt",
	"CreateStmt",
	"ViewStmt",
	"IndexStmt",
	"CreateTrigStmt",
	"GrantStmt"
];
export { openNode as C, nodesOf as S, indexesOf as _, joinedColumns as a, tableById as b, columnType as c, emptySchema as d, findRelation as f, foreignKeysTo as g, findTypeKey as h, chooseRelationName as i, typeText as l, findType as m, searchPathOf as n, canonicalText as o, findTable as p, chooseConstraintName as r, stringsOf as s, applyStatement as t, childrenOf as u, nameKey as v, viewById as x, nameOfKey as y };
