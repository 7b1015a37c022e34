import { a as isVolatile, i as isSerial, n as isBuiltinOperator, r as isBuiltinType, t as isBuiltinFunction } from "./builtins.js";
import { a as nameOfWords, i as nameOf, n as isOnly, o as optionsOf, r as nameInText, s as wordsOf, t as hasOption } from "./names.js";
// src/sql/locks/mode.ts
/** Table-level lock modes, weakest first. https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES */
const lockModes = [
	"AccessShare",
	"RowShare",
	"RowExclusive",
	"ShareUpdateExclusive",
	"Share",
	"ShareRowExclusive",
	"Exclusive",
	"AccessExclusive"
];
const conflicts = {
	AccessShare: ["AccessExclusive"],
	RowShare: ["Exclusive", "AccessExclusive"],
	RowExclusive: [
		"Share",
		"ShareRowExclusive",
		"Exclusive",
		"AccessExclusive"
	],
	ShareUpdateExclusive: [
		"ShareUpdateExclusive",
		"Share",
		"ShareRowExclusive",
		"Exclusive",
		"AccessExclusive"
	],
	Share: [
		"RowExclusive",
		"ShareUpdateExclusive",
		"ShareRowExclusive",
		"Exclusive",
		"AccessExclusive"
	],
	ShareRowExclusive: [
		"RowExclusive",
		"ShareUpdateExclusive",
		"Share",
		"ShareRowExclusive",
		"Exclusive",
		"AccessExclusive"
	],
	Exclusive: [
		"RowShare",
		"RowExclusive",
		"ShareUpdateExclusive",
		"Share",
		"ShareRowExclusive",
		"Exclusive",
		"AccessExclusive"
	],
	AccessExclusive: lockModes
};
/** Modes that conflict with a mode. */
function conflictingModes(mode) {
	return conflicts[mode];
}
/**
* The weakest mode that conflicts with all that either conflicts with. It may be a third one: SHARE lets other builders
* of indexes in, but stands in no order with ROW EXCLUSIVE and SHARE UPDATE EXCLUSIVE, which do not.
*/
function strongerMode(one, other) {
	if (one === other) return one;
	const all = [...conflicts[one], ...conflicts[other]];
	return lockModes.find((mode) => all.every((conflict) => conflicts[mode].includes(conflict))) ?? "AccessExclusive";
}
/** `ACCESS EXCLUSIVE`, as LOCK TABLE spells it. */
function modeInSql(mode) {
	return mode.replace(/(?<=.)[A-Z]/g, " $&").toUpperCase();
}
// src/sql/locks/statement-locks.ts
/**
* What is locked beside a relation that a statement names. "It" means the relation and, where `children` or
* `partitions` stands in the same list, those too.
*
* - `children`: partitions and inheritance children, at every level
* - `partitions`: partitions alone, at every level
* - `parent`: the table of which the named one is a partition, and the default partition beside it
* - `default`: the default partition of the named one, with everything below
* - `referenced`: tables to which its foreign keys refer, with their partitions
* - `referencing`: tables whose foreign keys refer to it, with their partitions
* - `referencing-chain`: those, the tables that refer to them, and so on: what TRUNCATE CASCADE empties
* - `table`: the table of an index
* - `indexes`, `sequences`: its indexes, the sequences that its columns own; those of `referencing-chain` too
* - `underlying`: what a view reads, at every level, with partitions and children
* - `source`: what a materialized view reads when it is filled, through views too
* - `parts`: what goes when it is dropped: indexes, sequences, and the tables on which its foreign keys keep triggers
* - `dependents`: parts, and everything that CASCADE takes along
*/
const reaches = [
	"children",
	"partitions",
	"parent",
	"default",
	"referenced",
	"referencing",
	"referencing-chain",
	"table",
	"indexes",
	"sequences",
	"underlying",
	"source",
	"parts",
	"dependents"
];
/** All parts together. What is unknown is neither instant nor harmless. */
function combine(...findings) {
	const unknown = findings.find((one) => one.unknown !== void 0)?.unknown;
	const renames = findings.flatMap((one) => one.renames ?? []);
	return {
		locks: mergeLocks(findings.flatMap((one) => one.locks ?? [])),
		creates: findings.flatMap((one) => one.creates ?? []),
		...renames.length === 0 ? {} : { renames },
		unknown,
		work: unknown !== void 0 || findings.some((one) => one.work === "rows") ? "rows" : "catalog",
		definesOnly: unknown === void 0 && findings.every((one) => one.definesOnly !== false)
	};
}
/** A lock, with nothing beside it unless told. */
function lock(relation, mode, ...reach) {
	return {
		schema: relation.schema,
		name: relation.name,
		mode,
		reach
	};
}
function mergeLocks(locks) {
	const merged = /* @__PURE__ */ new Map();
	for (const one of locks) {
		const key = JSON.stringify([one.schema, one.name]);
		const other = merged.get(key);
		const mode = other === void 0 ? one.mode : strongerMode(one.mode, other.mode);
		merged.set(key, lock(one, mode, ...mergeReach([...other?.reach ?? [], ...one.reach])));
	}
	return [...merged.values()];
}
function mergeReach(reach) {
	if (reach.length < 2) return reach;
	const merged = /* @__PURE__ */ new Map();
	for (const one of reach) {
		const key = JSON.stringify([
			one.to,
			one.only?.kind,
			one.only?.name
		]);
		merged.set(key, {
			...one,
			mode: strongerMode(one.mode, merged.get(key)?.mode ?? one.mode)
		});
	}
	return [...merged.values()];
}
// src/sql/locks/call.ts
/** What a call does to locks when it is carried out. */
function callLocks(call) {
	const words = wordsOf(call.funcname);
	const [first, second] = call.args ?? [];
	if (isCall(words, "nextval") || isCall(words, "setval") || isCall(words, "currval")) return sequenceCall(words, first);
	if (isCall(words, "pg_get_serial_sequence")) return {};
	if (isCall(words, "set_config")) return settingCall(literal(first), second);
	return isBuiltinFunction(words) ? {} : { unknown: `it calls ${words.join(".")}(), and what that locks is not written in the file` };
}
/** Whether a new column's default would have to be computed for each row. */
function isVolatileCall(call) {
	const words = wordsOf(call.funcname);
	return isVolatile(words) || !isBuiltinFunction(words);
}
function sequenceCall(words, argument) {
	const text = literal(argument);
	const sequence = text === void 0 ? void 0 : nameInText(text);
	if (sequence !== void 0) return { locks: [lock(sequence, "RowExclusive")] };
	return serialSequence(argument) ?? { unknown: `it calls ${words.join(".")}() on a sequence that is not named in the file` };
}
/** `pg_get_serial_sequence('table', 'column')`: the table's name is written as in SQL, the column's as it is. */
function serialSequence(node) {
	const call = node !== void 0 && "FuncCall" in node ? node.FuncCall : void 0;
	if (call === void 0 || !isCall(wordsOf(call.funcname), "pg_get_serial_sequence")) return void 0;
	const [table, column] = (call.args ?? []).map(literal);
	const relation = table === void 0 ? void 0 : nameInText(table);
	if (relation === void 0 || column === void 0) return void 0;
	return { locks: [lock(relation, "AccessShare", {
		to: "sequences",
		mode: "RowExclusive",
		only: {
			kind: "column",
			name: column
		}
	})] };
}
function settingCall(name, value) {
	return {
		definesOnly: false,
		...name === void 0 || value === void 0 ? { unknown: "it sets a setting that is not named in the file" } : settingLocks(name)
	};
}
/** Names that follow such a setting mean something else than they mean before it. */
function settingLocks(name) {
	return [
		"search_path",
		"role",
		"session_authorization"
	].includes(name.toLowerCase()) ? { unknown: `it sets ${name.toLowerCase()}, which decides what the names after it mean` } : {};
}
function isCall(words, name) {
	return words.at(-1) === name && (words.length === 1 || words[0] === "pg_catalog");
}
function literal(node) {
	if (node === void 0) return void 0;
	if ("TypeCast" in node) return literal(node.TypeCast.arg);
	if (!("A_Const" in node) || node.A_Const.sval === void 0) return void 0;
	return node.A_Const.sval.sval ?? "";
}
// src/sql/locks/query.ts
/** What a query or an expression locks: anything that the parser made, or nothing. */
function queryLocks(query, use) {
	const found = [];
	new Reader(use, found).visit(query, outermost);
	return combine(...found);
}
/** Whether the expression gives another value for each row. */
function isVolatileExpression(expression) {
	if (typeof expression !== "object" || expression === null) return false;
	return Object.entries(expression).some(([key, value]) => key === "FuncCall" && isVolatileCall(value) || isVolatileExpression(value));
}
const outermost = {
	queries: /* @__PURE__ */ new Set(),
	rowLocked: /* @__PURE__ */ new Set()
};
var Reader = class {
	#use;
	#found;
	constructor(use, found) {
		this.#use = use;
		this.#found = found;
	}
	visit(value, scope) {
		if (typeof value !== "object" || value === null) return;
		for (const [key, child] of Object.entries(value)) {
			const visitor = visitors[key];
			if (visitor === void 0) this.visit(child, scope);
			else visitor(this, child, scope);
		}
	}
	select({ withClause, fromClause, lockingClause, intoClause, larg, rarg, ...rest }, outer) {
		const inner = this.#with(withClause, outer);
		for (const side of [larg, rarg]) if (side !== void 0) this.select(side, inner);
		const rowLocked = lockedNames(lockingClause) ?? (outer.rowLocked === "all" ? "all" : outermost.rowLocked);
		this.visit(fromClause, {
			...inner,
			rowLocked
		});
		if (intoClause?.rel !== void 0) this.#found.push({ creates: [nameOf(intoClause.rel)] });
		this.visit(rest, {
			...inner,
			rowLocked: outermost.rowLocked
		});
	}
	/** A statement that changes rows: its target, and then everything else in it. */
	change({ relation, withClause, ...rest }, scope, beside) {
		const inner = this.#with(withClause, scope);
		const reach = [
			...isOnly(relation) ? [] : [every("children", "RowExclusive")],
			every("underlying", "RowExclusive"),
			...beside
		];
		this.#lock(relation, "RowExclusive", reach);
		this.visit(rest, inner);
	}
	relation(relation, { queries, rowLocked }) {
		const name = relation.relname ?? "";
		if (relation.schemaname === void 0 && queries.has(name)) return;
		const mode = rowLocked === "all" || rowLocked.has(relation.alias?.aliasname ?? name) ? "RowShare" : "AccessShare";
		this.#lock(relation, mode, [...isOnly(relation) ? [] : [every("children", mode)], every("underlying", mode)]);
	}
	call(call, scope) {
		if (this.#use === "run") this.#found.push(callLocks(call));
		const { funcname: _, ...rest } = call;
		this.visit(rest, scope);
	}
	operator({ name, kind, ...rest }, scope) {
		const words = wordsOf(name);
		const isWord = /^[A-Z ]+$/.test(words.at(-1) ?? "");
		if (this.#use === "run" && !isWord && !isBuiltinOperator(words)) this.#found.push({ unknown: `it uses the operator ${words.join(".")}, and what that locks is not written in the file` });
		this.visit(rest, scope);
	}
	#lock(relation, mode, reach) {
		const isRun = this.#use === "run";
		this.#found.push({
			locks: [lock(nameOf(relation), mode, ...isRun ? reach : [])],
			...isRun ? { work: "rows" } : {}
		});
	}
	#with(clause, scope) {
		if (clause === void 0) return scope;
		const queries = new Set(scope.queries);
		const named = (clause.ctes ?? []).flatMap((one) => "CommonTableExpr" in one ? [one.CommonTableExpr] : []);
		if (clause.recursive === true) for (const { ctename } of named) queries.add(ctename ?? "");
		for (const { ctename, ctequery } of named) {
			this.visit(ctequery, {
				queries: new Set(queries),
				rowLocked: outermost.rowLocked
			});
			queries.add(ctename ?? "");
		}
		return {
			...scope,
			queries
		};
	}
};
/** Rows that foreign keys check: the keys that new rows need, the rows that would lose theirs. */
const checksReferenced = every("referenced", "RowShare");
const checksReferencing = every("referencing", "RowExclusive");
const drawsNumbers = every("sequences", "RowExclusive");
const visitors = {
	SelectStmt: (reader, node, scope) => reader.select(node, scope),
	InsertStmt: (reader, node, scope) => reader.change(node, scope, [
		checksReferenced,
		drawsNumbers,
		...node.onConflictClause === void 0 ? [] : [checksReferencing]
	]),
	UpdateStmt: (reader, node, scope) => reader.change(node, scope, [
		checksReferenced,
		checksReferencing,
		drawsNumbers
	]),
	DeleteStmt: (reader, node, scope) => reader.change(node, scope, [checksReferencing]),
	MergeStmt: (reader, node, scope) => reader.change(node, scope, [
		checksReferenced,
		checksReferencing,
		drawsNumbers
	]),
	RangeVar: (reader, node, scope) => reader.relation(node, scope),
	FuncCall: (reader, node, scope) => reader.call(node, scope),
	A_Expr: (reader, node, scope) => reader.operator(node, scope)
};
function every(to, mode) {
	return {
		to,
		mode
	};
}
function lockedNames(clauses) {
	if (clauses === void 0 || clauses.length === 0) return void 0;
	const locking = clauses.flatMap((one) => "LockingClause" in one ? [one.LockingClause] : []);
	if (locking.some(({ lockedRels }) => lockedRels === void 0)) return "all";
	const relations = locking.flatMap(({ lockedRels }) => lockedRels ?? []);
	return new Set(relations.flatMap((one) => "RangeVar" in one ? [one.RangeVar.relname ?? ""] : []));
}
// src/sql/locks/constraint.ts
/** The table of another foreign key's end; its partitions get triggers too. */
function foreignKeyPartner(constraint) {
	return { locks: [lock(nameOf(constraint.pktable), "ShareRowExclusive", {
		to: "partitions",
		mode: "ShareRowExclusive"
	})] };
}
/** `ALTER TABLE … ADD CONSTRAINT`. Since PostgreSQL 18 it locks inheritance children whatever the kind. */
function addConstraint(constraint) {
	const checks = constraint.skip_validation !== true;
	switch (constraint.contype) {
		case "CONSTR_CHECK":
		case "CONSTR_NOTNULL": return {
			...checks ? queryLocks(constraint.raw_expr, "run") : queryLocks(constraint.raw_expr, "analyzed"),
			mode: "AccessExclusive",
			reach: [everyChild],
			work: checks ? "rows" : "catalog"
		};
		case "CONSTR_FOREIGN": {
			const reach = [{
				to: "children",
				mode: "ShareRowExclusive"
			}];
			return {
				...foreignKeyPartner(constraint),
				mode: "ShareRowExclusive",
				reach,
				work: checks ? "rows" : "catalog"
			};
		}
		case "CONSTR_PRIMARY":
		case "CONSTR_UNIQUE":
		case "CONSTR_EXCLUSION": return addKey(constraint);
		default: return {
			mode: "AccessExclusive",
			work: "rows",
			unknown: `it adds a constraint of the kind ${constraint.contype}`
		};
	}
}
/** A primary key makes its columns NOT NULL, and so has to look at the rows even when its index is there. */
function addKey(constraint) {
	const isPrimary = constraint.contype === "CONSTR_PRIMARY";
	const { indexname } = constraint;
	if (indexname === void 0) return {
		...queryLocks([constraint.exclusions, constraint.where_clause], "run"),
		mode: "AccessExclusive",
		reach: [everyChild],
		work: "rows"
	};
	return {
		mode: "AccessExclusive",
		reach: [everyChild, {
			to: "indexes",
			mode: "ShareUpdateExclusive",
			only: {
				kind: "index",
				name: indexname
			}
		}],
		work: isPrimary ? "rows" : "catalog"
	};
}
const everyChild = {
	to: "children",
	mode: "AccessExclusive"
};
const everyPartition = {
	to: "partitions",
	mode: "AccessExclusive"
};
const rebuildsIndexes = {
	to: "indexes",
	mode: "AccessExclusive"
};
/** `ALTER TABLE … ADD COLUMN`: instant as long as every row gets the same value and nothing has to be checked. */
function addColumn(column) {
	const constraints = constraintsOf(column.constraints);
	const isNull = !constraints.some((one) => [
		"CONSTR_DEFAULT",
		"CONSTR_GENERATED",
		"CONSTR_IDENTITY"
	].includes(one.contype ?? ""));
	const added = constraints.map((one) => columnConstraint(one, isNull));
	const rewrites = added.some((one) => one.reach?.includes(rebuildsIndexes)) || mustCompute(column);
	return [{
		mode: "AccessExclusive",
		reach: rewrites ? [everyChild, rebuildsIndexes] : [everyChild],
		work: rewrites ? "rows" : "catalog"
	}, ...added];
}
/** `serial` numbers the rows, and a domain may have checks: only the catalog knows which types are domains. */
function mustCompute({ typeName }) {
	const words = wordsOf(typeName?.names);
	return isSerial(words) || typeName?.pct_type === true || !isBuiltinType(words);
}
function columnConstraint(constraint, isNull) {
	const { contype, raw_expr } = constraint;
	switch (contype) {
		case "CONSTR_DEFAULT": return {
			...queryLocks(raw_expr, "run"),
			...isVolatileExpression(raw_expr) ? computed : { mode: "AccessExclusive" }
		};
		case "CONSTR_GENERATED": return {
			...queryLocks(raw_expr, "run"),
			...constraint.generated_kind === "v" ? { mode: "AccessExclusive" } : computed
		};
		case "CONSTR_IDENTITY": return computed;
		case "CONSTR_FOREIGN": return {
			...addConstraint(constraint),
			...isNull ? { work: "catalog" } : {}
		};
		case "CONSTR_NOTNULL": return {
			mode: "AccessExclusive",
			work: isNull ? "rows" : "catalog"
		};
		case "CONSTR_CHECK":
		case "CONSTR_PRIMARY":
		case "CONSTR_UNIQUE": return addConstraint(constraint);
		default: return { mode: "AccessExclusive" };
	}
}
const computed = {
	mode: "AccessExclusive",
	reach: [rebuildsIndexes],
	work: "rows"
};
function constraintsOf(nodes) {
	return (nodes ?? []).flatMap((one) => "Constraint" in one ? [one.Constraint] : []);
}
// src/sql/locks/partition.ts
/** A new partition gets the foreign keys of its parent, in both directions, and its indexes. */
const joinsFamily = [
	{
		to: "default",
		mode: "AccessExclusive"
	},
	{
		to: "referenced",
		mode: "ShareRowExclusive"
	},
	{
		to: "referencing",
		mode: "ShareRowExclusive"
	},
	{
		to: "indexes",
		mode: "ShareUpdateExclusive"
	}
];
/** What the parent of `CREATE TABLE … PARTITION OF` feels: rows that the default partition holds are checked. */
const partitionOf = {
	mode: "AccessExclusive",
	reach: joinsFamily
};
/** ATTACH and DETACH PARTITION; `undefined` for what is neither. */
function alterPartitions(subtype, { name, concurrent, bound }, isIndex) {
	const partition = nameOf(name);
	const own = [everyChild, rebuildsIndexes];
	switch (subtype) {
		case "AT_AttachPartition": {
			if (isIndex) return attachIndex(name);
			const { unknown, locks } = queryLocks(bound, "run");
			const attached = lock(partition, "AccessExclusive", ...own);
			return {
				mode: "ShareUpdateExclusive",
				reach: joinsFamily,
				locks: [...locks, attached],
				unknown,
				work: "rows"
			};
		}
		case "AT_DetachPartition": return {
			mode: concurrent === true ? "ShareUpdateExclusive" : "AccessExclusive",
			reach: [
				{
					to: "referenced",
					mode: "ShareRowExclusive"
				},
				{
					to: "referencing",
					mode: "AccessExclusive"
				},
				{
					to: "default",
					mode: "AccessExclusive"
				}
			],
			locks: [lock(partition, "AccessExclusive", ...own)]
		};
		case "AT_DetachPartitionFinalize": return {
			mode: "ShareUpdateExclusive",
			reach: [{
				to: "referenced",
				mode: "ShareRowExclusive"
			}],
			locks: [lock(partition, "AccessExclusive", ...own)]
		};
		default: return;
	}
}
/** ALTER INDEX … ATTACH PARTITION names the two indexes, and their tables are only looked at. */
function attachIndex(name) {
	const table = {
		to: "table",
		mode: "AccessShare"
	};
	return {
		mode: "ShareUpdateExclusive",
		reach: [table],
		locks: [lock(nameOf(name), "AccessExclusive", table)]
	};
}
// src/sql/locks/storage-options.ts
/**
* Storage parameters that only steer maintenance or later inserts; whatever else may be set needs the strongest lock.
* Source: the lock levels in PostgreSQL's reloptions.c, 13 to 18.
*/
const maintenance$1 = /* @__PURE__ */ new Set([
	"deduplicate_items",
	"fillfactor",
	"log_autoanalyze_min_duration",
	"log_autovacuum_min_duration",
	"parallel_workers",
	"toast_tuple_target",
	"vacuum_index_cleanup",
	"vacuum_max_eager_freeze_failure_rate",
	"vacuum_truncate"
]);
/** The lock for `SET (…)` and `RESET (…)`. */
function optionsMode(def) {
	return optionsOf(def !== void 0 && "List" in def ? def.List.items : void 0).reduce((mode, { defname = "" }) => strongerMode(mode, optionMode(defname)), "ShareUpdateExclusive");
}
function optionMode(name) {
	return maintenance$1.has(name) || name.startsWith("autovacuum_") ? "ShareUpdateExclusive" : "AccessExclusive";
}
// src/sql/locks/alter-table.ts
/**
* ALTER TABLE and its kin for indexes, sequences, views and types: one lock for all subcommands, the strongest.
* Source: AlterTableGetLockLevel in PostgreSQL 13 to 18, and locks read back from servers of these versions.
*/
function alterTable({ relation, cmds, objtype }) {
	const findings = (cmds ?? []).flatMap((one) => "AlterTableCmd" in one ? [one.AlterTableCmd] : []).flatMap((one) => alterations(one, relation, objtype));
	const mode = findings.reduce((strongest, one) => strongerMode(strongest, one.mode), "AccessShare");
	const reach = findings.flatMap((one) => one.reach ?? []).map((one) => isFamily(one) ? {
		...one,
		mode
	} : one);
	const kept = objtype === "OBJECT_INDEX" ? reach.filter((one) => !isFamily(one)) : reach;
	return combine({ locks: [lock(nameOf(relation), mode, ...kept)] }, ...findings);
}
/** Subcommands go down to children with the lock that the statement has. */
function isFamily({ to }) {
	return to === "children" || to === "partitions";
}
function alterations(command, relation, objtype) {
	if (objtype === "OBJECT_TYPE") return [alterComposite(command)];
	const found = alteration(command, objtype === "OBJECT_INDEX");
	if (!isOnly(relation) || ["AT_DropColumn", "AT_DropConstraint"].includes(command.subtype ?? "")) return found;
	return found.map((one) => ({
		...one,
		reach: (one.reach ?? []).filter((to) => !isFamily(to))
	}));
}
/** An attribute of a composite type; CASCADE goes on to the tables made OF the type. */
function alterComposite({ subtype, behavior }) {
	if (behavior !== "DROP_CASCADE") return { mode: "AccessExclusive" };
	return {
		mode: "AccessExclusive",
		reach: [{
			to: "dependents",
			mode: "AccessExclusive"
		}],
		work: subtype === "AT_AlterColumnType" ? "rows" : "catalog"
	};
}
function alteration(command, isIndex) {
	const { subtype = "", def } = command;
	const fixed = fixedAlterations[subtype];
	if (fixed !== void 0) return [fixed];
	const written = writtenAlterations[subtype];
	if (written !== void 0) return [written(command)];
	if (subtype === "AT_AddColumn" && def !== void 0 && "ColumnDef" in def) return addColumn(def.ColumnDef);
	if (subtype === "AT_AddConstraint" && def !== void 0 && "Constraint" in def) return [addConstraint(def.Constraint)];
	return [(def !== void 0 && "PartitionCmd" in def ? alterPartitions(subtype, def.PartitionCmd, isIndex) : void 0) ?? {
		mode: "AccessExclusive",
		unknown: `ALTER TABLE with the subcommand ${subtype} is not known`
	}];
}
const strongest = { mode: "AccessExclusive" };
const inFamily = {
	mode: "AccessExclusive",
	reach: [everyChild]
};
const maintenance = { mode: "ShareUpdateExclusive" };
const trigger = {
	mode: "ShareRowExclusive",
	reach: [{
		to: "partitions",
		mode: "ShareRowExclusive"
	}]
};
const logging = {
	mode: "AccessExclusive",
	work: "rows",
	reach: [
		rebuildsIndexes,
		{
			to: "sequences",
			mode: "AccessExclusive"
		},
		{
			to: "referenced",
			mode: "AccessShare"
		},
		{
			to: "referencing",
			mode: "AccessShare"
		}
	]
};
const owner = {
	mode: "AccessExclusive",
	reach: [rebuildsIndexes, {
		to: "sequences",
		mode: "AccessExclusive"
	}]
};
const fixedAlterations = {
	AT_ColumnDefault: inFamily,
	AT_DropNotNull: inFamily,
	AT_SetNotNull: {
		...inFamily,
		work: "rows"
	},
	AT_SetExpression: {
		mode: "AccessExclusive",
		reach: [everyChild, rebuildsIndexes],
		work: "rows"
	},
	AT_DropExpression: inFamily,
	AT_SetStatistics: {
		...maintenance,
		reach: [{
			to: "children",
			mode: "ShareUpdateExclusive"
		}]
	},
	AT_SetOptions: maintenance,
	AT_ResetOptions: maintenance,
	AT_SetStorage: inFamily,
	AT_SetCompression: strongest,
	AT_AddIdentity: {
		mode: "AccessExclusive",
		reach: [everyPartition]
	},
	AT_AlterColumnGenericOptions: strongest,
	AT_ChangeOwner: owner,
	AT_DropCluster: maintenance,
	AT_SetLogged: logging,
	AT_SetUnLogged: logging,
	AT_DropOids: strongest,
	AT_SetAccessMethod: {
		mode: "AccessExclusive",
		reach: [rebuildsIndexes],
		work: "rows"
	},
	AT_SetTableSpace: {
		...strongest,
		work: "rows"
	},
	AT_EnableTrig: trigger,
	AT_EnableAlwaysTrig: trigger,
	AT_EnableReplicaTrig: trigger,
	AT_DisableTrig: trigger,
	AT_EnableTrigAll: trigger,
	AT_DisableTrigAll: trigger,
	AT_EnableTrigUser: trigger,
	AT_DisableTrigUser: trigger,
	AT_EnableRule: strongest,
	AT_EnableAlwaysRule: strongest,
	AT_EnableReplicaRule: strongest,
	AT_DisableRule: strongest,
	AT_DropOf: strongest,
	AT_EnableRowSecurity: strongest,
	AT_DisableRowSecurity: strongest,
	AT_ForceRowSecurity: strongest,
	AT_NoForceRowSecurity: strongest,
	AT_GenericOptions: strongest
};
/** Those whose locks depend on what is written in them. */
const writtenAlterations = {
	AT_SetRelOptions: ({ def }) => ({ mode: optionsMode(def) }),
	AT_ResetRelOptions: ({ def }) => ({ mode: optionsMode(def) }),
	AT_AlterColumnType: alterColumnType,
	AT_DropColumn: ({ name = "", behavior }) => drops("column", name, behavior, everyChild),
	AT_DropConstraint: ({ name = "", behavior }) => {
		const only = {
			kind: "constraint",
			name
		};
		const referenced = {
			to: "referenced",
			mode: "AccessExclusive",
			only
		};
		return drops("constraint", name, behavior, {
			...everyChild,
			only
		}, referenced);
	},
	AT_ValidateConstraint: validateConstraint,
	AT_AlterConstraint: alterConstraint,
	AT_SetIdentity: ({ name = "" }) => identity(name, "ShareRowExclusive"),
	AT_DropIdentity: ({ name = "" }) => identity(name, "AccessExclusive"),
	AT_ClusterOn: ({ name = "" }) => ({
		mode: "ShareUpdateExclusive",
		reach: [index(name, "ShareUpdateExclusive")]
	}),
	AT_ReplicaIdentity: replicaIdentity,
	AT_AddInherit: ({ def }) => ({
		mode: "AccessExclusive",
		locks: [lock(parentIn(def), "ShareUpdateExclusive")]
	}),
	AT_DropInherit: ({ def }) => ({
		mode: "AccessExclusive",
		locks: [lock(parentIn(def), "AccessShare")]
	}),
	AT_AddOf: ({ def }) => ({
		mode: "AccessExclusive",
		locks: [lock(nameOfWords(wordsOf(def)), "AccessShare")]
	})
};
/** Indexes are built anew, and foreign keys at either end of the column are made anew. */
function alterColumnType({ name = "", def }) {
	const only = {
		kind: "column",
		name
	};
	const using = def !== void 0 && "ColumnDef" in def ? queryLocks(def.ColumnDef.raw_default, "run") : {};
	const reach = [
		everyChild,
		rebuildsIndexes,
		{
			to: "referenced",
			mode: "AccessExclusive",
			only
		},
		{
			to: "referencing",
			mode: "AccessExclusive",
			only
		},
		{
			to: "sequences",
			mode: "ShareRowExclusive",
			only
		}
	];
	return {
		...using,
		mode: "AccessExclusive",
		reach,
		work: "rows"
	};
}
function drops(kind, name, behavior, ...beside) {
	const to = behavior === "DROP_CASCADE" ? "dependents" : "parts";
	return {
		mode: "AccessExclusive",
		reach: [...beside, {
			to,
			mode: "AccessExclusive",
			only: {
				kind,
				name
			}
		}]
	};
}
function validateConstraint({ name = "" }) {
	const mode = "ShareUpdateExclusive";
	const only = {
		kind: "constraint",
		name
	};
	return {
		mode,
		reach: [
			{
				to: "children",
				mode,
				only
			},
			{
				to: "partitions",
				mode
			},
			{
				to: "referenced",
				mode: "RowShare",
				only
			}
		],
		work: "rows"
	};
}
/** ENFORCED makes or drops the triggers of a foreign key, at both ends. */
function alterConstraint({ def }) {
	if (def === void 0 || !("ATAlterConstraint" in def)) return {
		...inFamily,
		unknown: "ALTER CONSTRAINT does not say what it alters"
	};
	const { conname = "", alterEnforceability, is_enforced, alterInheritability } = def.ATAlterConstraint;
	const family = alterInheritability === true ? everyChild : everyPartition;
	if (alterEnforceability !== true) return {
		mode: "AccessExclusive",
		reach: [family]
	};
	return {
		mode: "AccessExclusive",
		reach: [family, {
			to: "referenced",
			mode: is_enforced === true ? "ShareRowExclusive" : "AccessExclusive",
			only: {
				kind: "constraint",
				name: conname
			}
		}],
		work: is_enforced === true ? "rows" : "catalog"
	};
}
function identity(name, mode) {
	return {
		mode: "AccessExclusive",
		reach: [everyPartition, {
			to: "sequences",
			mode,
			only: {
				kind: "column",
				name
			}
		}]
	};
}
function index(name, mode) {
	return {
		to: "indexes",
		mode,
		only: {
			kind: "index",
			name
		}
	};
}
function replicaIdentity({ def }) {
	const name = def !== void 0 && "ReplicaIdentityStmt" in def ? def.ReplicaIdentityStmt.name : void 0;
	return name === void 0 ? strongest : {
		mode: "AccessExclusive",
		reach: [index(name, "Share")]
	};
}
function parentIn(def) {
	return nameOf(def !== void 0 && "RangeVar" in def ? def.RangeVar : void 0);
}
// src/sql/locks/create.ts
/** A plain build keeps writers out; CONCURRENTLY only other definitions. Functions in it are called for every row. */
function createIndex({ relation, idxname, concurrent, if_not_exists, ...rest }) {
	const mode = concurrent === true ? "ShareUpdateExclusive" : "Share";
	const partitions = isOnly(relation) ? [] : [{
		to: "partitions",
		mode
	}];
	const creates = if_not_exists === true || idxname === void 0 ? [] : [{
		schema: relation?.schemaname,
		name: idxname
	}];
	const { unknown } = queryLocks([rest.indexParams, rest.whereClause], "run");
	return combine({
		locks: [lock(nameOf(relation), mode, ...partitions)],
		creates,
		unknown,
		work: "rows"
	});
}
/** OR REPLACE waits for everybody who uses the view. */
function createView({ view, query, replace }) {
	return combine(replace === true ? { locks: [lock(nameOf(view), "AccessExclusive")] } : { creates: [nameOf(view)] }, queryLocks(query, "analyzed"), { definesOnly: view?.relpersistence !== "t" });
}
/** A row trigger is made for every partition as well. */
function createTrigger({ relation, row, constrrel }) {
	const mode = "ShareRowExclusive";
	const reach = row === true ? [{
		to: "partitions",
		mode
	}] : [];
	return combine({ locks: [lock(nameOf(relation), mode, ...reach)] }, constrrel === void 0 ? {} : looksAt(constrrel));
}
function createPolicy({ table, qual, with_check }) {
	return combine({ locks: [lock(nameOf(table), "AccessExclusive")] }, queryLocks([qual, with_check], "analyzed"));
}
function createRule({ relation, actions, whereClause }) {
	return combine({ locks: [lock(nameOf(relation), "AccessExclusive")] }, queryLocks([actions, whereClause], "analyzed"));
}
function createSequence({ sequence, options, if_not_exists }) {
	return combine(if_not_exists === true ? {} : { creates: [nameOf(sequence)] }, ownerOf(options), { definesOnly: sequence?.relpersistence !== "t" });
}
function alterSequence({ sequence, options }) {
	return combine({ locks: [lock(nameOf(sequence), "ShareRowExclusive")] }, ownerOf(options));
}
/** `owned by table.column`, or `owned by none`. */
function ownerOf(options) {
	const column = wordsOf(optionsOf(options).find(({ defname }) => defname === "owned_by")?.arg);
	return column.length < 2 ? {} : { locks: [lock(nameOfWords(column.slice(0, -1)), "AccessShare")] };
}
function createStatistics({ relations }) {
	return combine({ locks: (relations ?? []).flatMap((one) => "RangeVar" in one ? [one.RangeVar] : []).map((one) => lock(nameOf(one), "ShareUpdateExclusive")) });
}
function createPublication({ pubobjects }) {
	const tables = (pubobjects ?? []).flatMap((one) => "PublicationObjSpec" in one ? one.PublicationObjSpec.pubtable?.relation ?? [] : []);
	const mode = "ShareUpdateExclusive";
	return combine({ locks: tables.map((one) => lock(nameOf(one), mode, ...isOnly(one) ? [] : [{
		to: "children",
		mode
	}])) });
}
/** SET locks the tables that leave the publication too, and does not name them. */
function alterPublication(statement) {
	const setsTables = statement.action === "AP_SetObjects" && (statement.pubobjects ?? []).length > 0;
	return combine(createPublication(statement), setsTables ? { unknown: "it does not name the tables that leave the publication" } : {});
}
/** The body in a string is only checked; a language other than SQL and PL/pgSQL has a checker of its own. */
function createFunction({ options, sql_body }) {
	const [language = "sql"] = wordsOf(optionsOf(options).find(({ defname }) => defname === "language")?.arg);
	return combine(queryLocks(sql_body, "analyzed"), { definesOnly: ["sql", "plpgsql"].includes(language.toLowerCase()) });
}
function looksAt(relation) {
	return { locks: [lock(nameOf(relation), "AccessShare")] };
}
// src/sql/locks/create-table.ts
/** CREATE TABLE: what it takes from others, a parent, a partner of a foreign key, a table that it is LIKE. */
function createTable(statement) {
	const { relation, tableElts, constraints, if_not_exists, ofTypename } = statement;
	const name = nameOf(relation);
	const found = combine({ ...if_not_exists === true ? {} : { creates: [name] } }, ...parents(statement), ...[...tableElts ?? [], ...constraints ?? []].map(element), ofTypename === void 0 ? {} : { locks: [lock(nameOfWords(wordsOf(ofTypename.names)), "AccessShare")] }, { definesOnly: relation?.relpersistence !== "t" });
	return {
		...found,
		locks: found.locks.filter((one) => !isSame(one, name))
	};
}
function isSame(one, other) {
	return one.name === other.name && one.schema === other.schema;
}
function parents({ inhRelations, partbound }) {
	const names = (inhRelations ?? []).flatMap((one) => "RangeVar" in one ? [nameOf(one.RangeVar)] : []);
	if (partbound === void 0) return names.map((one) => ({ locks: [lock(one, "ShareUpdateExclusive")] }));
	const { unknown, locks } = queryLocks(partbound, "run");
	const work = partbound.is_default === true ? "catalog" : "rows";
	return names.map((one) => ({
		unknown,
		work,
		locks: [...locks, lock(one, partitionOf.mode, ...partitionOf.reach ?? [])]
	}));
}
function element(node) {
	if ("TableLikeClause" in node) return { locks: [lock(nameOf(node.TableLikeClause.relation), "AccessShare")] };
	return combine(...("ColumnDef" in node ? constraintsOf(node.ColumnDef.constraints) : constraintsOf([node])).filter((one) => one.contype === "CONSTR_FOREIGN").map(foreignKeyPartner));
}
/** CREATE TABLE AS and CREATE MATERIALIZED VIEW; the views in the query may call whatever they like. */
function createTableAs({ query, into, if_not_exists }) {
	const creates = if_not_exists === true ? {} : { creates: [nameOf(into?.rel)] };
	if (query !== void 0 && "ExecuteStmt" in query) return combine(creates, { unknown: "it runs a prepared statement" });
	if (into?.skipData === true) return combine(creates, queryLocks(query, "analyzed"), { definesOnly: into.rel?.relpersistence !== "t" });
	return combine(creates, queryLocks(query, "run"), {
		work: "rows",
		definesOnly: false
	});
}
// src/sql/locks/describe.ts
/** COMMENT, and SECURITY LABEL, on a relation or on something in it. */
function comment({ objtype, object }) {
	const words = wordsOf(object);
	switch (objtype) {
		case "OBJECT_TABLE":
		case "OBJECT_FOREIGN_TABLE":
		case "OBJECT_VIEW":
		case "OBJECT_MATVIEW":
		case "OBJECT_SEQUENCE":
		case "OBJECT_INDEX": return combine({ locks: [lock(nameOfWords(words), "ShareUpdateExclusive")] });
		case "OBJECT_COLUMN": return combine({ locks: [lock(nameOfWords(words.slice(0, -1)), "ShareUpdateExclusive")] });
		case "OBJECT_TABCONSTRAINT":
		case "OBJECT_TRIGGER":
		case "OBJECT_RULE":
		case "OBJECT_POLICY": return combine({ locks: [lock(nameOfWords(words.slice(0, -1)), "AccessShare")] });
		default: return combine();
	}
}
/** GRANT and REVOKE look at what they name, since PostgreSQL 18 with a lock. */
function grant({ targtype, objtype, objects }) {
	if (targtype !== "ACL_TARGET_OBJECT" || !["OBJECT_TABLE", "OBJECT_SEQUENCE"].includes(objtype ?? "")) return combine();
	return combine({ locks: (objects ?? []).flatMap((one) => "RangeVar" in one ? [nameOf(one.RangeVar)] : []).map((one) => lock(one, "AccessShare")) });
}
// src/sql/locks/drop.ts
/** DROP of anything: relations are named; what else falls with CASCADE is for the catalog to name, or unknown. */
function drop({ removeType = "OBJECT_TABLE", objects, behavior, concurrent }) {
	const cascades = behavior === "DROP_CASCADE";
	const names = (objects ?? []).map(wordsOf);
	const dropped = droppers[removeType];
	if (dropped !== void 0) return combine(...names.map((words) => dropped(words, {
		cascades,
		concurrent: concurrent === true
	})));
	const what = removeType.replace("OBJECT_", "").replaceAll("_", " ");
	if (cascades) return combine({ unknown: `what falls with DROP ${what} CASCADE is not written in the file` });
	return withoutTable.has(removeType) ? combine() : combine({ unknown: `the tables that DROP ${what} locks are not written in the file` });
}
const droppers = {
	OBJECT_TABLE: dropTable,
	OBJECT_FOREIGN_TABLE: dropTable,
	OBJECT_VIEW: dropRelation,
	OBJECT_MATVIEW: dropRelation,
	OBJECT_SEQUENCE: dropRelation,
	OBJECT_INDEX: dropIndex,
	OBJECT_TRIGGER: (words) => dropPart("trigger", words),
	OBJECT_RULE: (words) => dropPart("rule", words),
	OBJECT_POLICY: (words) => dropPart("policy", words),
	OBJECT_TYPE: (words, { cascades }) => ({
		locks: [lock(nameOfWords(words), "AccessExclusive")],
		...cascades ? { unknown: "what falls with DROP TYPE CASCADE is not written in the file" } : {}
	})
};
function dropTable(words, { cascades }) {
	return { locks: [lock(nameOfWords(words), "AccessExclusive", goesWith(cascades), {
		to: "parent",
		mode: "AccessExclusive"
	})] };
}
function dropRelation(words, { cascades }) {
	return { locks: [lock(nameOfWords(words), "AccessExclusive", goesWith(cascades))] };
}
function dropIndex(words, { cascades, concurrent }) {
	const mode = concurrent ? "ShareUpdateExclusive" : "AccessExclusive";
	const reach = concurrent ? [] : [goesWith(cascades)];
	return { locks: [lock(nameOfWords(words), mode, {
		to: "table",
		mode
	}, ...reach)] };
}
function goesWith(cascades) {
	return {
		to: cascades ? "dependents" : "parts",
		mode: "AccessExclusive"
	};
}
/** `schema.table.trigger`: the table is only looked at when there is no such trigger, as IF EXISTS allows. */
function dropPart(kind, words) {
	const only = {
		kind,
		name: words.at(-1) ?? ""
	};
	return { locks: [lock(nameOfWords(words.slice(0, -1)), "AccessShare", {
		to: "parts",
		mode: "AccessExclusive",
		only
	})] };
}
/** Objects that no table holds on to, or whose DROP is refused while one does. */
const withoutTable = /* @__PURE__ */ new Set([
	"OBJECT_ACCESS_METHOD",
	"OBJECT_AGGREGATE",
	"OBJECT_CAST",
	"OBJECT_COLLATION",
	"OBJECT_CONVERSION",
	"OBJECT_DOMAIN",
	"OBJECT_EVENT_TRIGGER",
	"OBJECT_FDW",
	"OBJECT_FOREIGN_SERVER",
	"OBJECT_FUNCTION",
	"OBJECT_LANGUAGE",
	"OBJECT_OPCLASS",
	"OBJECT_OPERATOR",
	"OBJECT_OPFAMILY",
	"OBJECT_PROCEDURE",
	"OBJECT_PUBLICATION",
	"OBJECT_ROUTINE",
	"OBJECT_SCHEMA",
	"OBJECT_TRANSFORM",
	"OBJECT_TSCONFIGURATION",
	"OBJECT_TSDICTIONARY",
	"OBJECT_TSPARSER",
	"OBJECT_TSTEMPLATE"
]);
// src/sql/locks/maintenance.ts
/** Instant, since it makes new files; triggers for it may do anything. */
function truncate({ relations, restart_seqs, behavior }) {
	const beside = [
		rebuildsIndexes,
		...restart_seqs === true ? [{
			to: "sequences",
			mode: "AccessExclusive"
		}] : [],
		...behavior === "DROP_CASCADE" ? [{
			to: "referencing-chain",
			mode: "AccessExclusive"
		}] : []
	];
	return combine({
		locks: rangesIn(relations).map((one) => lock(nameOf(one), "AccessExclusive", ...family(one, "AccessExclusive"), ...beside)),
		definesOnly: false
	});
}
/** LOCK TABLE goes down to partitions and children, and through views to what they read. */
function lockTable({ relations, mode = 8 }) {
	const named = lockModes[mode - 1] ?? "AccessExclusive";
	return combine({ locks: rangesIn(relations).map((one) => lock(nameOf(one), named, ...family(one, named), {
		to: "underlying",
		mode: named
	})) });
}
/** Plain VACUUM gives way to everybody but definitions; FULL writes the table anew. */
function vacuum({ rels, options, is_vacuumcmd }) {
	const isFull = is_vacuumcmd === true && hasOption(options, "full");
	const mode = isFull ? "AccessExclusive" : "ShareUpdateExclusive";
	const tables = (rels ?? []).flatMap((one) => "VacuumRelation" in one ? one.VacuumRelation.relation ?? [] : []);
	return combine({
		locks: tables.map((one) => lock(nameOf(one), mode, ...family(one, mode), ...isFull ? [rebuildsIndexes] : [])),
		...onRows,
		...tables.length === 0 ? { unknown: "it goes through every table of the database" } : {}
	});
}
function cluster({ relation }) {
	if (relation === void 0) return combine({ unknown: "it goes through every table that was clustered before" });
	return combine({
		locks: [lock(nameOf(relation), "AccessExclusive", {
			to: "partitions",
			mode: "AccessExclusive"
		}, rebuildsIndexes)],
		...onRows
	});
}
/** Readers open every index of a table, so that a plain REINDEX keeps them out as well as writers. */
function reindex({ kind, relation, params }) {
	const concurrent = hasOption(params, "concurrently");
	const onTable = concurrent ? "ShareUpdateExclusive" : "Share";
	const onIndex = concurrent ? "ShareUpdateExclusive" : "AccessExclusive";
	switch (kind) {
		case "REINDEX_OBJECT_TABLE": {
			const reach = [{
				to: "partitions",
				mode: onTable
			}, {
				to: "indexes",
				mode: onIndex
			}];
			return combine({
				locks: [lock(nameOf(relation), onTable, ...reach)],
				...onRows
			});
		}
		case "REINDEX_OBJECT_INDEX": {
			const reach = [{
				to: "partitions",
				mode: onIndex
			}, {
				to: "table",
				mode: onTable
			}];
			return combine({
				locks: [lock(nameOf(relation), onIndex, ...reach)],
				...onRows
			});
		}
		default: return combine({ unknown: "it goes through every table of a schema or database" });
	}
}
function refresh({ relation, concurrent, skipData }) {
	const mode = concurrent === true ? "Exclusive" : "AccessExclusive";
	const reach = [...concurrent === true ? [] : [rebuildsIndexes], ...skipData === true ? [] : [{
		to: "source",
		mode: "AccessShare"
	}]];
	return combine({
		locks: [lock(nameOf(relation), mode, ...reach)],
		...onRows,
		work: skipData === true ? "catalog" : "rows"
	});
}
/** COPY into a table is an INSERT, out of it a SELECT. */
function copy({ relation, query, is_from, whereClause }) {
	return combine(queryLocks(is_from === true ? { InsertStmt: { relation } } : relation === void 0 ? query : { RangeVar: relation }, "run"), queryLocks(whereClause, "run"), onRows);
}
const onRows = {
	work: "rows",
	definesOnly: false
};
function family(relation, mode) {
	return isOnly(relation) ? [] : [{
		to: "children",
		mode
	}];
}
function rangesIn(nodes) {
	return (nodes ?? []).flatMap((one) => "RangeVar" in one ? [one.RangeVar] : []);
}
// src/sql/locks/rename.ts
/** RENAME of a relation or of something in it. An index alone can be renamed without stopping its readers. */
function rename({ renameType, relation, object, subname = "", newname = "", behavior }) {
	const name = nameOf(relation);
	switch (renameType) {
		case "OBJECT_TABLE":
		case "OBJECT_FOREIGN_TABLE":
		case "OBJECT_VIEW":
		case "OBJECT_MATVIEW":
		case "OBJECT_SEQUENCE":
		case "OBJECT_INDEX": return combine({
			locks: [lock(name, renameType === "OBJECT_INDEX" ? "ShareUpdateExclusive" : "AccessExclusive")],
			renames: [{
				from: name,
				to: {
					schema: name.schema,
					name: newname
				}
			}]
		});
		case "OBJECT_TYPE": {
			const from = nameOfWords(wordsOf(object));
			return combine({
				locks: [lock(from, "AccessExclusive")],
				renames: [{
					from,
					to: {
						schema: from.schema,
						name: newname
					}
				}]
			});
		}
		case "OBJECT_ATTRIBUTE": return combine({ locks: [lock(name, "AccessExclusive", ...behavior === "DROP_CASCADE" ? [dependents] : [])] });
		case "OBJECT_COLUMN": return combine({ locks: [lock(name, "AccessExclusive", ...isOnly(relation) ? [] : [everyChild])] });
		case "OBJECT_TABCONSTRAINT": {
			const only = {
				kind: "constraint",
				name: subname
			};
			const index = {
				to: "indexes",
				mode: "ShareUpdateExclusive",
				only
			};
			return combine({ locks: [lock(name, "AccessExclusive", {
				...everyChild,
				only
			}, index)] });
		}
		case "OBJECT_TRIGGER": return combine({ locks: [lock(name, "AccessExclusive", {
			to: "parts",
			mode: "AccessExclusive",
			only: {
				kind: "trigger",
				name: subname
			}
		})] });
		case "OBJECT_RULE":
		case "OBJECT_POLICY": return combine({ locks: [lock(name, "AccessExclusive")] });
		case "OBJECT_SCHEMA": return combine({ unknown: "it renames a schema, which names after it may mean" });
		default: return combine();
	}
}
const dependents = {
	to: "dependents",
	mode: "AccessExclusive"
};
/** SET SCHEMA of a relation takes its sequences along. */
function setSchema({ objectType, relation, newschema }) {
	if (objectType === "OBJECT_EXTENSION") return combine({ unknown: "the objects of the extension are not written in the file" });
	if (relation === void 0) return combine();
	const from = nameOf(relation);
	return combine({
		locks: [lock(from, "AccessExclusive", {
			to: "sequences",
			mode: "AccessExclusive"
		})],
		renames: [{
			from,
			to: {
				schema: newschema,
				name: from.name
			}
		}]
	});
}
/** Owners of relations are set by ALTER TABLE; of the rest only a composite type is one. */
function setOwner({ objectType, object }) {
	return objectType === "OBJECT_TYPE" ? combine({ locks: [lock(nameOfWords(wordsOf(object)), "AccessExclusive")] }) : combine();
}
/** DEPENDS ON EXTENSION. */
function setDependency({ objectType, relation }) {
	if (relation === void 0) return combine();
	return combine({ locks: [lock(nameOf(relation), objectType === "OBJECT_TRIGGER" ? "AccessShare" : "AccessExclusive")] });
}
// src/sql/locks.ts
/**
* Which locks a statement takes, on what, as far as its text tells. What only the catalog knows (partitions, partners
* of foreign keys) is named by `reach`; what nobody can know beforehand is `unknown`, never guessed.
*/
function statementLocks({ node }) {
	const [kind = "", content] = Object.entries(node)[0] ?? [];
	const judge = judges[kind];
	return judge?.(content) ?? combine({ unknown: `what ${kind} locks is not known` });
}
const nothing = () => combine();
/** It locks no table, but the session is another afterwards, or somebody else's code ran. */
const besideTables = () => combine({ definesOnly: false });
const elsewhere = () => combine({
	definesOnly: false,
	work: "rows"
});
const unknown = (reason) => () => combine({ unknown: reason });
const judges = {
	SelectStmt: (select) => combine(queryLocks({ SelectStmt: select }, "run"), { definesOnly: false }),
	InsertStmt: (insert) => combine(queryLocks({ InsertStmt: insert }, "run"), { definesOnly: false }),
	UpdateStmt: (update) => combine(queryLocks({ UpdateStmt: update }, "run"), { definesOnly: false }),
	DeleteStmt: (remove) => combine(queryLocks({ DeleteStmt: remove }, "run"), { definesOnly: false }),
	MergeStmt: (merge) => combine(queryLocks({ MergeStmt: merge }, "run"), { definesOnly: false }),
	ExplainStmt: ({ query }) => combine(query === void 0 ? {} : statementLocks({ node: query }), { definesOnly: false }),
	DeclareCursorStmt: ({ query }) => combine(queryLocks(query, "run"), { definesOnly: false }),
	PrepareStmt: ({ query }) => combine(queryLocks(query, "analyzed"), { definesOnly: false }),
	CopyStmt: copy,
	CreateStmt: createTable,
	CreateForeignTableStmt: ({ base }) => combine(createTable(base ?? {}), { definesOnly: false }),
	CreateTableAsStmt: createTableAs,
	CreateSchemaStmt: createSchema,
	IndexStmt: createIndex,
	ViewStmt: createView,
	CreateTrigStmt: createTrigger,
	CreatePolicyStmt: createPolicy,
	AlterPolicyStmt: createPolicy,
	RuleStmt: createRule,
	CreateSeqStmt: createSequence,
	AlterSeqStmt: alterSequence,
	CreateStatsStmt: createStatistics,
	AlterStatsStmt: nothing,
	CreatePublicationStmt: createPublication,
	AlterPublicationStmt: alterPublication,
	CreateFunctionStmt: createFunction,
	AlterFunctionStmt: nothing,
	CompositeTypeStmt: ({ typevar }) => combine({ creates: [nameOf(typevar)] }),
	CreateEnumStmt: nothing,
	AlterEnumStmt: nothing,
	CreateRangeStmt: nothing,
	AlterTypeStmt: nothing,
	CreateDomainStmt: nothing,
	AlterDomainStmt: ({ subtype, def }) => alterDomain(subtype, def),
	DefineStmt: ({ kind }) => kind === "OBJECT_TSDICTIONARY" ? besideTables() : combine(),
	CreateCastStmt: nothing,
	CreateTransformStmt: nothing,
	CreateOpClassStmt: nothing,
	CreateOpFamilyStmt: nothing,
	AlterOpFamilyStmt: nothing,
	AlterOperatorStmt: nothing,
	AlterCollationStmt: nothing,
	AlterTSConfigurationStmt: nothing,
	CreateRoleStmt: nothing,
	AlterRoleStmt: nothing,
	AlterRoleSetStmt: nothing,
	AlterDatabaseSetStmt: nothing,
	DropRoleStmt: nothing,
	GrantRoleStmt: nothing,
	AlterDefaultPrivilegesStmt: nothing,
	AlterTableStmt: alterTable,
	AlterTableMoveAllStmt: unknown("it moves every table of a tablespace"),
	RenameStmt: rename,
	AlterObjectSchemaStmt: setSchema,
	AlterOwnerStmt: setOwner,
	AlterObjectDependsStmt: setDependency,
	DropStmt: drop,
	CommentStmt: comment,
	SecLabelStmt: (label) => combine(comment(label), { definesOnly: false }),
	GrantStmt: grant,
	TruncateStmt: truncate,
	LockStmt: lockTable,
	VacuumStmt: vacuum,
	ClusterStmt: cluster,
	ReindexStmt: reindex,
	RefreshMatViewStmt: refresh,
	VariableSetStmt: ({ kind, name = "" }) => kind === "VAR_RESET_ALL" ? combine({ unknown: "it resets every setting, of which search_path decides what the names after it mean" }) : combine({ definesOnly: false }, settingLocks(name)),
	DiscardStmt: ({ target }) => target === "DISCARD_ALL" ? combine({ unknown: "it resets the session, and with it what the names after it mean" }) : besideTables(),
	ConstraintsSetStmt: ({ deferred }) => deferred === true ? besideTables() : combine({ unknown: "it runs the checks that were put off" }),
	VariableShowStmt: besideTables,
	TransactionStmt: besideTables,
	NotifyStmt: besideTables,
	ListenStmt: besideTables,
	UnlistenStmt: besideTables,
	DeallocateStmt: besideTables,
	ClosePortalStmt: besideTables,
	CreateEventTrigStmt: besideTables,
	AlterEventTrigStmt: besideTables,
	CreatePLangStmt: besideTables,
	CreateAmStmt: besideTables,
	CreateConversionStmt: besideTables,
	AlterTSDictionaryStmt: besideTables,
	CreateFdwStmt: besideTables,
	AlterFdwStmt: besideTables,
	CreateForeignServerStmt: besideTables,
	AlterForeignServerStmt: besideTables,
	CreateUserMappingStmt: besideTables,
	AlterUserMappingStmt: besideTables,
	DropUserMappingStmt: besideTables,
	AlterSystemStmt: besideTables,
	AlterTableSpaceOptionsStmt: besideTables,
	CreateTableSpaceStmt: besideTables,
	DropTableSpaceStmt: besideTables,
	AlterDatabaseStmt: elsewhere,
	AlterDatabaseRefreshCollStmt: elsewhere,
	CreatedbStmt: elsewhere,
	DropdbStmt: elsewhere,
	CheckPointStmt: elsewhere,
	DoStmt: unknown("what a DO block locks is not written in SQL"),
	CallStmt: unknown("what a procedure locks is not written in the file"),
	ExecuteStmt: unknown("it runs a prepared statement"),
	FetchStmt: unknown("it runs the query of a cursor"),
	LoadStmt: unknown("it loads a library"),
	CreateExtensionStmt: unknown("it runs the script of an extension"),
	AlterExtensionStmt: unknown("it runs the script of an extension"),
	AlterExtensionContentsStmt: unknown("what it adds to an extension may be a table"),
	ImportForeignSchemaStmt: unknown("the tables that it makes are not written in the file"),
	CreateSubscriptionStmt: unknown("the tables of a subscription are not written in the file"),
	AlterSubscriptionStmt: unknown("the tables of a subscription are not written in the file"),
	DropSubscriptionStmt: unknown("the tables of a subscription are not written in the file"),
	DropOwnedStmt: unknown("what a role owns is not written in the file"),
	ReassignOwnedStmt: unknown("what a role owns is not written in the file")
};
/** Whatever stands in it is made in the new schema. */
function createSchema({ schemaname, schemaElts }) {
	const found = combine(...(schemaElts ?? []).map((node) => statementLocks({ node })));
	const made = new Set(found.creates.map(({ name }) => name));
	const locks = found.locks.filter(({ schema, name }) => (schema ?? schemaname) !== schemaname || !made.has(name));
	return {
		...found,
		locks,
		creates: found.creates.map(({ schema, name }) => ({
			schema: schema ?? schemaname,
			name
		}))
	};
}
/** A new check is run on every table with a column of the domain. */
function alterDomain(subtype, def) {
	return subtype === "C" && !(def !== void 0 && "Constraint" in def && def.Constraint.skip_validation === true) || subtype === "O" || subtype === "V" ? combine({ unknown: "the tables that use the domain are not written in the file" }) : combine();
}
export { conflictingModes as a, strongerMode as c, reaches as i, constraintsOf as n, lockModes as o, queryLocks as r, modeInSql as s, statementLocks as t };
