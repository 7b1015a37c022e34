import { r as parseStatements } from "./parse.js";
// src/sql/parsed-text.ts
const parsed = /* @__PURE__ */ new WeakMap();
/** The statements of a migration's text, parsed once however many ask. Nobody changes what the parser returned. */
function statementsOf(text) {
	const known = parsed.get(text) ?? parseStatements(text.text);
	parsed.set(text, known);
	return known;
}
// src/sql/classify.ts
/** Which kind of node a statement is, such as `IndexStmt`. */
function kindOf(statement) {
	return Object.keys(statement.node)[0] ?? "";
}
/** A setting of the session, which a later statement may depend on: never skipped when a file is resumed. */
function setsSession(statement) {
	return kindOf(statement) === "VariableSetStmt";
}
/** What lives and dies with the session and cannot be brought back when a file is resumed in another one. */
function bindsToSession({ node }) {
	if ("DiscardStmt" in node) return "DISCARD";
	if ("PrepareStmt" in node) return "PREPARE";
	if ("ListenStmt" in node) return "LISTEN";
	if ("DeclareCursorStmt" in node) return "DECLARE";
	if ("CreateStmt" in node) return node.CreateStmt.relation?.relpersistence === "t" ? "CREATE TEMPORARY TABLE" : void 0;
	if ("CreateTableAsStmt" in node) return node.CreateTableAsStmt.into?.rel?.relpersistence === "t" ? "CREATE TEMPORARY TABLE" : void 0;
}
/** `copy … from stdin` waits for a client to send rows. */
function copiesFromClient({ node }) {
	return "CopyStmt" in node && node.CopyStmt.is_from === true && !node.CopyStmt.filename && !node.CopyStmt.is_program;
}
/**
* Why a statement cannot run inside a transaction block, or `undefined` when it can.
* Source: the calls of PreventInTransactionBlock in PostgreSQL 13 to 18.
*/
function standsAlone({ node }) {
	if ("IndexStmt" in node) return node.IndexStmt.concurrent ? "CREATE INDEX CONCURRENTLY" : void 0;
	if ("DropStmt" in node) return node.DropStmt.concurrent ? "DROP INDEX CONCURRENTLY" : void 0;
	if ("VacuumStmt" in node) return node.VacuumStmt.is_vacuumcmd ? "VACUUM" : void 0;
	if ("ReindexStmt" in node) return reindexAlone(node.ReindexStmt);
	if ("ClusterStmt" in node) return node.ClusterStmt.relation === void 0 ? "CLUSTER of all tables" : void 0;
	if ("AlterDatabaseStmt" in node) return JSON.stringify(node).includes("\"tablespace\"") ? "ALTER DATABASE SET TABLESPACE" : void 0;
	if ("CreatedbStmt" in node) return "CREATE DATABASE";
	if ("DropdbStmt" in node) return "DROP DATABASE";
	if ("CreateTableSpaceStmt" in node) return "CREATE TABLESPACE";
	if ("DropTableSpaceStmt" in node) return "DROP TABLESPACE";
	if ("AlterSystemStmt" in node) return "ALTER SYSTEM";
	if ("DiscardStmt" in node) return node.DiscardStmt.target === "DISCARD_ALL" ? "DISCARD ALL" : void 0;
	if ("AlterTableStmt" in node) return detachesConcurrently(node.AlterTableStmt) ? "DETACH PARTITION CONCURRENTLY" : void 0;
	if ("CreateSubscriptionStmt" in node) return "CREATE SUBSCRIPTION";
	if ("AlterSubscriptionStmt" in node) return "ALTER SUBSCRIPTION";
	if ("DropSubscriptionStmt" in node) return "DROP SUBSCRIPTION";
}
function reindexAlone({ params, kind }) {
	if (isOn(params, "concurrently")) return "REINDEX CONCURRENTLY";
	return [
		"REINDEX_OBJECT_SCHEMA",
		"REINDEX_OBJECT_SYSTEM",
		"REINDEX_OBJECT_DATABASE"
	].includes(kind ?? "") ? "REINDEX of a schema or database" : void 0;
}
/** An option without a value is on; the last of several counts. */
function isOn(options, name) {
	const option = (options ?? []).map((one) => one.DefElem).findLast((one) => one?.defname === name);
	if (option === void 0) return false;
	const { String: word, Integer: number } = option.arg ?? {};
	if (word !== void 0) return !["off", "false"].includes(word.sval?.toLowerCase() ?? "");
	return number === void 0 || (number.ival ?? 0) !== 0;
}
function detachesConcurrently(alter) {
	return detachedPartition(alter) !== void 0;
}
function detachedPartition({ cmds }) {
	for (const cmd of cmds ?? []) {
		const { AlterTableCmd: one } = cmd;
		const partition = one?.def?.PartitionCmd;
		if (one?.subtype === "AT_DetachPartition" && partition?.concurrent === true) return nameOf(partition.name);
	}
}
function nameOf(range) {
	return range?.relname ? {
		schema: range.schemaname,
		name: range.relname
	} : void 0;
}
/**
* A statement that waits for others without anybody having to wait behind it: the application goes on meanwhile, and a
* short limit would only make it fail half-way.
*/
function waitsByDesign(statement) {
	const { node } = statement;
	if ("VacuumStmt" in node) return standsAlone(statement) !== void 0 && !isOn(node.VacuumStmt.options, "full");
	return standsAlone(statement)?.includes("CONCURRENTLY") === true;
}
/** A procedure or a DO block may commit by itself, which fails inside a transaction block. */
function mayCommit(statement) {
	return ["CallStmt", "DoStmt"].includes(kindOf(statement));
}
function effectOf({ node }) {
	if ("IndexStmt" in node) return { kind: "index-created" };
	if ("DropStmt" in node) return dropEffect(node.DropStmt.objects);
	if ("ReindexStmt" in node) return isOn(node.ReindexStmt.params, "concurrently") ? {
		kind: "index-rebuilt",
		relation: nameOf(node.ReindexStmt.relation)
	} : { kind: "repeatable" };
	if ("AlterTableStmt" in node) {
		const table = nameOf(node.AlterTableStmt.relation);
		const partition = detachedPartition(node.AlterTableStmt);
		return table === void 0 || partition === void 0 ? void 0 : {
			kind: "partition-detached",
			table,
			partition
		};
	}
	if ("VacuumStmt" in node || "ClusterStmt" in node || "AlterSystemStmt" in node || "AlterDatabaseStmt" in node) return { kind: "repeatable" };
	return objectEffect(node);
}
function dropEffect(objects) {
	const [only, ...others] = objects ?? [];
	const { items = [] } = only?.List ?? {};
	const names = items.map((item) => item.String?.sval ?? "");
	const name = names.at(-1);
	return name === void 0 || others.length > 0 ? void 0 : {
		kind: "index-dropped",
		index: {
			schema: names.at(-2),
			name
		}
	};
}
function objectEffect(node) {
	const of = (kind, what, name) => name ? {
		kind,
		what,
		name
	} : void 0;
	if ("CreatedbStmt" in node) return of("object-created", "database", node.CreatedbStmt.dbname);
	if ("DropdbStmt" in node) return of("object-dropped", "database", node.DropdbStmt.dbname);
	if ("CreateTableSpaceStmt" in node) return of("object-created", "tablespace", node.CreateTableSpaceStmt.tablespacename);
	if ("DropTableSpaceStmt" in node) return of("object-dropped", "tablespace", node.DropTableSpaceStmt.tablespacename);
	if ("CreateSubscriptionStmt" in node) return of("object-created", "subscription", node.CreateSubscriptionStmt.subname);
	if ("DropSubscriptionStmt" in node) return of("object-dropped", "subscription", node.DropSubscriptionStmt.subname);
}
/** A plain `begin`, without options that would be lost when it is taken off. */
function isBegin(statement) {
	const transaction = transactionOf(statement);
	return ["TRANS_STMT_BEGIN", "TRANS_STMT_START"].includes(transaction?.kind ?? "") && (transaction?.options ?? []).length === 0;
}
function isCommit(statement) {
	const transaction = transactionOf(statement);
	return transaction?.kind === "TRANS_STMT_COMMIT" && transaction.chain !== true;
}
function transactionOf(statement) {
	return statement !== void 0 && "TransactionStmt" in statement.node ? statement.node.TransactionStmt : void 0;
}
export { isCommit as a, setsSession as c, statementsOf as d, isBegin as i, standsAlone as l, copiesFromClient as n, kindOf as o, effectOf as r, mayCommit as s, bindsToSession as t, waitsByDesign as u };
