import { bn as optionsOf, cn as isBuiltinOperator, sn as isBuiltinFunction, xn as wordsOf } from "./migrations.js";
// src/sql/destructive/drop.ts
/** DROP of anything; with CASCADE nobody knows from the text what falls. */
function drop({ removeType = "OBJECT_TABLE", behavior }) {
	const cascades = behavior === "DROP_CASCADE";
	if (harmlessDrops.has(removeType) && !cascades) return void 0;
	return `DROP ${objectName(removeType)}${cascades ? " CASCADE" : ""}`;
}
/** `OBJECT_MATVIEW` as `MATERIALIZED VIEW`. */
function objectName(type) {
	return type.replace("OBJECT_", "").replace("MATVIEW", "MATERIALIZED VIEW").replaceAll("_", " ");
}
/** What no row lives in, or what is made anew from rows and from the team's files. */
const harmlessDrops = new Set(`ACCESS_METHOD AGGREGATE CAST COLLATION CONVERSION DOMAIN EVENT_TRIGGER FUNCTION INDEX LANGUAGE OPCLASS OPERATOR OPFAMILY
  POLICY PROCEDURE PUBLICATION ROUTINE RULE STATISTIC_EXT TRANSFORM TRIGGER TSCONFIGURATION TSDICTIONARY TSPARSER TSTEMPLATE VIEW`.split(/\s+/).map((type) => `OBJECT_${type}`));
// src/sql/destructive/query.ts
/** A query is looked through to its end: WITH may delete, and a function may do anything. */
function carriedOut(query) {
	if (typeof query !== "object" || query === null) return void 0;
	for (const [key, value] of Object.entries(query)) {
		const found = inQueries[key]?.(value) ?? carriedOut(value);
		if (found !== void 0) return found;
	}
}
const inQueries = {
	UpdateStmt: () => "UPDATE",
	DeleteStmt: () => "DELETE",
	MergeStmt: () => "MERGE",
	ExecuteStmt: () => "EXECUTE of a prepared statement",
	InsertStmt: ({ onConflictClause }) => onConflictClause?.action === "ONCONFLICT_UPDATE" ? "INSERT … ON CONFLICT DO UPDATE" : void 0,
	FuncCall: unknownCall,
	A_Expr: unknownOperator
};
function unknownCall({ funcname }) {
	const words = wordsOf(funcname);
	const isOfCatalog = words.length === 1 || words.length === 2 && words[0] === "pg_catalog";
	if (!(isOfCatalog && words.at(-1) === "setval") && (isBuiltinFunction(words) || isOfCatalog && harmlessCalls.has(words.at(-1) ?? ""))) return void 0;
	return `a call of ${words.join(".")}()`;
}
/** They look something up or change the session; `setval`, which a table may draw its numbers from, overwrites. */
const harmlessCalls = /* @__PURE__ */ new Set(["pg_get_serial_sequence", "set_config"]);
function unknownOperator({ name }) {
	const words = wordsOf(name);
	return /^[A-Z ]+$/.test(words.at(-1) ?? "") || isBuiltinOperator(words) ? void 0 : `the operator ${words.join(".")}`;
}
// src/sql/destructive/alter-table.ts
/** ALTER TABLE and its kin for views, sequences, indexes and types. */
function alterTable({ cmds, objtype }) {
	const what = objectName(objtype ?? "OBJECT_TABLE");
	for (const one of cmds ?? []) {
		const part = "AlterTableCmd" in one ? alteration(one.AlterTableCmd) : "something unknown";
		if (part !== void 0) return `ALTER ${what} … ${part}`;
	}
}
function alteration(command) {
	const { subtype = "", behavior, def } = command;
	if (behavior === "DROP_CASCADE") return `${namedAlterations[subtype] ?? words(subtype)} CASCADE`;
	if (subtype === "AT_SetIdentity") return restarts(def) ? "RESTART" : void 0;
	if (!harmlessAlterations.has(subtype)) return namedAlterations[subtype] ?? words(subtype);
	return carriedOut(def);
}
function restarts(def) {
	return def !== void 0 && "List" in def && optionsOf(def.List.items).some(({ defname }) => defname === "restart");
}
/** `AT_DropConstraint` as `DROP CONSTRAINT`. */
function words(subtype) {
	return subtype.replace("AT_", "").replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toUpperCase();
}
/** Subcommands that add, check or describe. */
const harmlessAlterations = new Set(`AddColumn ColumnDefault DropNotNull SetNotNull DropExpression SetStatistics SetOptions ResetOptions SetStorage SetCompression
  AddConstraint AlterConstraint ValidateConstraint DropConstraint ChangeOwner ClusterOn DropCluster SetLogged SetAccessMethod SetTableSpace
  SetRelOptions ResetRelOptions EnableTrig EnableAlwaysTrig EnableReplicaTrig DisableTrig EnableTrigAll DisableTrigAll
  EnableTrigUser DisableTrigUser EnableRule EnableAlwaysRule EnableReplicaRule DisableRule AddInherit AddOf DropOf
  ReplicaIdentity EnableRowSecurity DisableRowSecurity ForceRowSecurity NoForceRowSecurity AttachPartition AddIdentity
  AlterColumnGenericOptions GenericOptions`.split(/\s+/).map((name) => `AT_${name}`));
const namedAlterations = {
	AT_DropColumn: "DROP COLUMN",
	AT_AlterColumnType: "ALTER COLUMN TYPE",
	AT_DetachPartition: "DETACH PARTITION",
	AT_DetachPartitionFinalize: "DETACH PARTITION",
	AT_DropInherit: "NO INHERIT",
	AT_SetUnLogged: "SET UNLOGGED",
	AT_DropIdentity: "DROP IDENTITY",
	AT_SetExpression: "SET EXPRESSION"
};
// src/sql/destructive.ts
/**
* What of a statement may lose or overwrite data that only a backup brings back, in words; `undefined` when nothing
* does. Whatever is not known to be harmless counts, and so does code that the file does not show.
*/
function destructivePart({ node }) {
	const [kind = "", content] = Object.entries(node)[0] ?? [];
	const judge = judges[kind];
	if (judge !== void 0) return judge(content);
	return harmless.has(kind) ? void 0 : named[kind] ?? kind.replace(/Stmt$/, "");
}
const judges = {
	SelectStmt: carriedOut,
	InsertStmt: (insert) => carriedOut({ InsertStmt: insert }),
	ExplainStmt: carriedOut,
	CreateTableAsStmt: carriedOut,
	DeclareCursorStmt: carriedOut,
	CopyStmt: (copy) => copy.is_program === true ? "COPY … PROGRAM" : carriedOut(copy),
	AlterTableStmt: alterTable,
	AlterSeqStmt: ({ options }) => optionsOf(options).some(({ defname }) => defname === "restart") ? "ALTER SEQUENCE … RESTART" : void 0,
	DropStmt: drop,
	UpdateStmt: () => "UPDATE",
	DeleteStmt: () => "DELETE",
	MergeStmt: () => "MERGE",
	TruncateStmt: () => "TRUNCATE",
	DoStmt: () => "a DO block",
	CallStmt: () => "CALL of a procedure"
};
/** Names of kinds that count as destructive; others are called as the parser calls them. */
const named = {
	ExecuteStmt: "EXECUTE of a prepared statement",
	FetchStmt: "FETCH from a cursor",
	DropdbStmt: "DROP DATABASE",
	DropOwnedStmt: "DROP OWNED",
	DropRoleStmt: "DROP ROLE",
	DropTableSpaceStmt: "DROP TABLESPACE",
	DropSubscriptionStmt: "DROP SUBSCRIPTION",
	DropUserMappingStmt: "DROP USER MAPPING",
	AlterExtensionStmt: "ALTER EXTENSION … UPDATE",
	AlterExtensionContentsStmt: "ALTER EXTENSION",
	LoadStmt: "LOAD"
};
/** Kinds that add, describe or look: what they replace stands in another file of the team, and never in a row. */
const harmless = /* @__PURE__ */ new Set([
	"AlterCollationStmt",
	"AlterDatabaseRefreshCollStmt",
	"AlterDatabaseSetStmt",
	"AlterDatabaseStmt",
	"AlterDefaultPrivilegesStmt",
	"AlterDomainStmt",
	"AlterEnumStmt",
	"AlterEventTrigStmt",
	"AlterFdwStmt",
	"AlterForeignServerStmt",
	"AlterFunctionStmt",
	"AlterObjectDependsStmt",
	"AlterObjectSchemaStmt",
	"AlterOpFamilyStmt",
	"AlterOperatorStmt",
	"AlterOwnerStmt",
	"AlterPolicyStmt",
	"AlterPublicationStmt",
	"AlterRoleSetStmt",
	"AlterRoleStmt",
	"AlterStatsStmt",
	"AlterSystemStmt",
	"AlterTSConfigurationStmt",
	"AlterTSDictionaryStmt",
	"AlterTypeStmt",
	"CheckPointStmt",
	"ClosePortalStmt",
	"ClusterStmt",
	"CommentStmt",
	"CompositeTypeStmt",
	"ConstraintsSetStmt",
	"CreateAmStmt",
	"CreateCastStmt",
	"CreateConversionStmt",
	"CreateDomainStmt",
	"CreateEnumStmt",
	"CreateEventTrigStmt",
	"CreateExtensionStmt",
	"CreateFdwStmt",
	"CreateForeignServerStmt",
	"CreateForeignTableStmt",
	"CreateFunctionStmt",
	"CreateOpClassStmt",
	"CreateOpFamilyStmt",
	"CreatePLangStmt",
	"CreatePolicyStmt",
	"CreatePublicationStmt",
	"CreateRangeStmt",
	"CreateRoleStmt",
	"CreateSchemaStmt",
	"CreateSeqStmt",
	"CreateStatsStmt",
	"CreateStmt",
	"CreateTableSpaceStmt",
	"CreateTransformStmt",
	"CreateTrigStmt",
	"CreateUserMappingStmt",
	"CreatedbStmt",
	"DeallocateStmt",
	"DefineStmt",
	"DiscardStmt",
	"GrantRoleStmt",
	"GrantStmt",
	"ImportForeignSchemaStmt",
	"IndexStmt",
	"ListenStmt",
	"LockStmt",
	"NotifyStmt",
	"PrepareStmt",
	"ReassignOwnedStmt",
	"RefreshMatViewStmt",
	"ReindexStmt",
	"RenameStmt",
	"RuleStmt",
	"SecLabelStmt",
	"TransactionStmt",
	"UnlistenStmt",
	"VacuumStmt",
	"VariableSetStmt",
	"VariableShowStmt",
	"ViewStmt"
]);
export { carriedOut as n, objectName as r, destructivePart as t };
