// src/sql/touched-objects.ts
/** What a statement names, as far as its text shows: the bodies of functions and DO blocks are texts to the parser. */
function touchedObjects({ node }) {
	if ("DropStmt" in node) return dropped(node.DropStmt.removeType ?? "", node.DropStmt.objects ?? []);
	if ("RenameStmt" in node) return renamed(node);
	if ("AlterObjectSchemaStmt" in node) return objectsOf(node, void 0, true);
	if ("AlterTableStmt" in node) return [...objectsOf(withoutReferences(node), alteredColumns(node)), ...referenced(node)];
	if ("CreateStmt" in node) return [...objectsOf(withoutReferences(node), void 0), ...referenced(node)];
	return objectsOf(node, namedColumns(node));
}
/**
* Whether two statements are about the same thing: the same relation, and the same column when both name columns.
* A name without a schema may be that of any schema.
*/
function touchSame(one, other) {
	if (one.relation === void 0 || other.relation === void 0) return one.schema === other.schema;
	if (one.relation !== other.relation) return false;
	if (one.schema !== void 0 && other.schema !== void 0 && one.schema !== other.schema) return false;
	if (one.removes || other.removes || one.columns === void 0 || other.columns === void 0) return true;
	return [...one.columns].some((column) => other.columns?.has(column));
}
const relationTypes = [
	"TABLE",
	"VIEW",
	"MATVIEW",
	"INDEX",
	"SEQUENCE",
	"FOREIGN_TABLE"
].map((type) => `OBJECT_${type}`);
const partsOfTables = [
	"TRIGGER",
	"POLICY",
	"RULE"
].map((type) => `OBJECT_${type}`);
function dropped(type, objects) {
	const names = objects.map((object) => "List" in object ? textsOf(object.List.items) : textsOf([object]));
	if (type === "OBJECT_SCHEMA") return names.map(([schema]) => ({
		schema,
		relation: void 0,
		columns: void 0,
		removes: true
	}));
	const removes = relationTypes.includes(type);
	if (!removes && !partsOfTables.includes(type)) return [];
	return names.map((parts) => {
		const path = removes ? parts : parts.slice(0, -1);
		return {
			schema: path.at(-2),
			relation: path.at(-1),
			columns: void 0,
			removes
		};
	});
}
function renamed(node) {
	const { renameType = "", relation, subname, newname } = node.RenameStmt;
	if (relation === void 0) return [];
	const { schemaname: schema, relname } = relation;
	if (renameType === "OBJECT_COLUMN" || renameType === "OBJECT_ATTRIBUTE") return [{
		schema,
		relation: relname,
		columns: new Set([subname, newname].filter((name) => name !== void 0)),
		removes: false
	}];
	if (!relationTypes.includes(renameType)) return [{
		schema,
		relation: relname,
		columns: void 0,
		removes: false
	}];
	return [relname, newname].map((name) => ({
		schema,
		relation: name,
		columns: void 0,
		removes: true
	}));
}
/** Commands of ALTER TABLE whose name is that of a column; in the others it is a constraint, an owner, a trigger. */
const columnCommands = [
	"ColumnDefault",
	"DropNotNull",
	"SetNotNull",
	"SetExpression",
	"DropExpression",
	"SetStatistics",
	"SetOptions",
	"ResetOptions",
	"SetStorage",
	"SetCompression",
	"DropColumn",
	"AlterColumnType",
	"AddIdentity",
	"SetIdentity",
	"DropIdentity"
].map((name) => `AT_${name}`);
/** The columns of every command; `undefined` as soon as one is about the whole table. */
function alteredColumns(node) {
	const columns = /* @__PURE__ */ new Set();
	for (const item of node.AlterTableStmt.cmds ?? []) {
		if (!("AlterTableCmd" in item)) return void 0;
		const { subtype = "", name, def } = item.AlterTableCmd;
		const found = new Set(columnCommands.includes(subtype) && name !== void 0 ? [name] : []);
		if (def !== void 0 && "ColumnDef" in def && def.ColumnDef.colname !== void 0) found.add(def.ColumnDef.colname);
		if (def !== void 0 && "Constraint" in def) {
			const { keys, fk_attrs, including } = def.Constraint;
			for (const column of [
				...textsOf(keys),
				...textsOf(fk_attrs),
				...textsOf(including)
			]) found.add(column);
		}
		for (const column of namedColumns(withoutReferences(item)) ?? []) found.add(column);
		if (found.size === 0) return void 0;
		for (const column of found) columns.add(column);
	}
	return columns;
}
/** Tables that a foreign key points to, with the columns that it names: none of them is its primary key. */
function referenced(node) {
	const found = [];
	walk(node, (key, value) => {
		if (key !== "Constraint") return;
		const { pktable, pk_attrs } = value;
		if (pktable !== void 0) found.push({
			schema: pktable.schemaname,
			relation: pktable.relname,
			columns: new Set(textsOf(pk_attrs)),
			removes: false
		});
	});
	return found;
}
function withoutReferences(node) {
	return JSON.parse(JSON.stringify(node, (key, value) => key === "pktable" || key === "pk_attrs" ? void 0 : value));
}
/** Every relation in the text but names of WITH, all with the same columns: which belongs to which only a catalog tells. */
function objectsOf(node, columns, removes = false) {
	const local = /* @__PURE__ */ new Set();
	const relations = /* @__PURE__ */ new Map();
	walk(node, (key, value) => {
		if (key === "CommonTableExpr") local.add(value.ctename ?? "");
		const range = value;
		if (typeof range.relname === "string") relations.set(JSON.stringify([range.schemaname, range.relname]), range);
	});
	return [...relations.values()].filter(({ schemaname, relname }) => schemaname !== void 0 || !local.has(relname ?? "")).map(({ schemaname, relname }) => ({
		schema: schemaname,
		relation: relname,
		columns,
		removes
	}));
}
/** The columns that an expression, a list or a SET names; `undefined` when there is none, or a whole row. */
function namedColumns(node) {
	const columns = /* @__PURE__ */ new Set();
	const rows = /* @__PURE__ */ new Set();
	let whole = false;
	walk(node, (key, value) => {
		const { fields, name, targetList, cols, attlist, columns: listed, relname, alias } = value;
		if (key === "ColumnRef") {
			if (fields?.some((field) => "A_Star" in field)) whole = true;
			const column = textsOf(fields).at(-1);
			if (column !== void 0) columns.add(column);
		}
		if (key === "IndexElem" && name !== void 0) columns.add(name);
		if (key === "InsertStmt" && cols === void 0) whole = true;
		const targets = [...key === "UpdateStmt" || key === "OnConflictClause" ? targetList ?? [] : [], ...cols ?? []];
		for (const target of targets) if ("ResTarget" in target && target.ResTarget.name) columns.add(target.ResTarget.name);
		for (const column of [...textsOf(attlist), ...key === "CreateTrigStmt" ? textsOf(listed) : []]) columns.add(column);
		for (const row of [relname, alias?.aliasname]) if (row !== void 0) rows.add(row);
	});
	return whole || columns.size === 0 || [...columns].some((column) => rows.has(column)) ? void 0 : columns;
}
function textsOf(nodes) {
	return (nodes ?? []).flatMap((node) => "String" in node && node.String.sval !== void 0 ? [node.String.sval] : []);
}
/** Calls back with each object of the tree and the key that it stands under. */
function walk(value, visit, key = "") {
	if (Array.isArray(value)) for (const item of value) walk(item, visit, key);
	else if (typeof value === "object" && value !== null) {
		visit(key, value);
		for (const [name, inner] of Object.entries(value)) walk(inner, visit, name);
	}
}
export { touchedObjects as n, touchSame as t };
