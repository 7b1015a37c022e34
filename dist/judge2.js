import { a as readStatements, d as lint, g as openFile, i as offsetOf, n as allowsAllOf, o as judgeWayBack, r as downPlace, t as rules, v as copySchema } from "./rules.js";
import { T as positionFromUtf16, gt as isRepeatable, mt as byVersion } from "./start.js";
import { C as openNode, S as nodesOf, b as tableById, d as emptySchema, f as findRelation, h as findTypeKey, p as findTable, t as applyStatement, y as nameOfKey } from "./replay.js";
import { sn as isBuiltinFunction, vn as nameOf, xn as wordsOf, yn as nameOfWords } from "./migrations.js";
import { n as touchedObjects } from "./touched-objects.js";
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
// src/rollback/down.ts
/** `wayBack` is what `judgeWayBack` says; `undefined` where a text is not read. */
function downOf(file, wayBack) {
	const exists = (file.down?.statements.length ?? 0) > 0 || file.down?.problem !== void 0;
	const down = (kind, what, by) => {
		return {
			kind,
			exists,
			what,
			at: by === void 0 ? void 0 : placeOf(by, file)
		};
	};
	if (wayBack === void 0) return down("unread");
	if (wayBack.kind === "impossible") return down("impossible", wayBack.because, wayBack.by);
	if (wayBack.kind === "lossy") return down("lossy", wayBack.loses.map(({ what }) => what).join(", "), wayBack.loses[0]?.by);
	return down(wayBack.kind);
}
/** The statement may stand in either text. */
function placeOf(statement, file) {
	const { up, migration } = file;
	const { path, offset = 0, text = migration.file } = up.statements.includes(statement) || [...up.nested.values()].flat().some((one) => one.statement === statement) ? {
		path: migration.path,
		offset: offsetOf(up, statement)
	} : downPlace(file, statement);
	return `${path}:${positionFromUtf16(text, offset).line}`;
}
// src/rollback/judge.ts
/** Replays the target's files and takes what ran since, statement by statement, for what a release would do before the deploy of the target's code. */
async function judgeSince({ target, since, layout, postgres }) {
	if (since.length === 0) return {
		files: [],
		statements: [],
		schema: await replayed(target)
	};
	const numbered = target.filter((one) => !isRepeatable(one));
	const repeatable = target.filter(isRepeatable).sort(byVersion);
	const ordered = inOrder([...repeatable, ...since], numbered);
	const added = ordered.slice(repeatable.length);
	const originals = new Map(added.map(({ version }, index) => [version, since[index]]));
	const isAdded = new Set(added);
	const active = rules.filter(({ name, group }) => group === "compatibility" || furtherRules.includes(name));
	const report = await lint({
		migrations: [...numbered, ...ordered],
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
	const { released, before, after: now } = report;
	const schema = copySchema(before);
	const firstNew = target.length;
	const granted = {
		target: grantsIn(released),
		since: grantsIn(report.files)
	};
	const viewsWithOptions = viewsWithOptionsIn(released);
	const files = report.files.map((file) => {
		const own = findings.filter(({ path }) => path === file.migration.path);
		const migration = originals.get(file.migration.version);
		return judgeFile(file, {
			schema,
			target: before,
			now,
			firstNew,
			granted,
			viewsWithOptions
		}, own, migration);
	});
	return {
		files,
		statements: files.flatMap(({ statements }) => statements),
		schema
	};
}
/** As pre migrations that come after all of the target's, each after the one before it. */
function inOrder(since, target) {
	const newest = target.toSorted(byVersion).at(-1)?.version ?? "0";
	const last = BigInt(newest.split(".")[0]);
	return since.map((migration, index) => ({
		...migration,
		phase: "pre",
		version: String(last + BigInt(index + 1))
	}));
}
async function replayed(target) {
	const schema = emptySchema();
	for (const [file, migration] of [...target].sort(byVersion).entries()) {
		const { up } = await openFile(migration, false, file);
		for (const [statement, one] of up.statements.entries()) applyStatement(schema, one, {
			file,
			statement
		});
	}
	return schema;
}
/** Relations that GRANT names; `*` for all of a schema, `always` where whatever comes later gets its rights by default. */
function grantsIn(files) {
	const names = /* @__PURE__ */ new Set();
	for (const { node } of files.flatMap(({ up }) => up.statements)) {
		if ("AlterDefaultPrivilegesStmt" in node) names.add("always");
		if (!("GrantStmt" in node) || node.GrantStmt.is_grant !== true) continue;
		if (node.GrantStmt.targtype === "ACL_TARGET_ALL_IN_SCHEMA") names.add("*");
		for (const object of node.GrantStmt.objects ?? []) if ("RangeVar" in object) names.add(object.RangeVar.relname ?? "");
	}
	return names;
}
/** Names of views that are made or altered with options: to replace such a view without them takes them away. */
function viewsWithOptionsIn(files) {
	const names = /* @__PURE__ */ new Set();
	for (const { node } of files.flatMap(({ up }) => up.statements)) {
		if ("ViewStmt" in node) {
			const { view, options, withCheckOption = "NO_CHECK_OPTION" } = node.ViewStmt;
			if (options !== void 0 || withCheckOption !== "NO_CHECK_OPTION") names.add(view?.relname ?? "");
		}
		if ("AlterTableStmt" in node && node.AlterTableStmt.objtype === "OBJECT_VIEW") names.add(node.AlterTableStmt.relation?.relname ?? "");
	}
	return names;
}
function judgeFile(file, meets, findings, original) {
	const { migration, up, down, refused } = file;
	const of = {
		id: original.id,
		version: original.version,
		phase: original.phase
	};
	const begin = positionFromUtf16(migration.file, up.text.fileOffset(0) ?? 0);
	if (refused !== void 0 || up.problem !== void 0) {
		const concerns = [concern("unknown", refused?.message ?? `The parser does not read this file: ${up.problem?.message}.`)];
		return {
			migration: original,
			statements: [{
				migration: of,
				path: migration.path,
				start: begin,
				statement: "",
				concerns,
				data: {
					kind: "impossible",
					what: "nobody knows"
				}
			}],
			down: downOf(file, void 0)
		};
	}
	const ways = {
		up: readStatements(up),
		down: down === void 0 ? void 0 : readStatements(down)
	};
	const { wayBack } = judgeWayBack(ways, () => meets.schema);
	const judged = [];
	for (const [index, outer] of up.statements.entries()) {
		const start = up.text.fileOffset(outer.start) ?? 0;
		const end = up.text.fileOffset(outer.end) ?? start;
		const here = findings.filter((one) => one.start.offset >= start && one.start.offset < Math.max(end, start + 1));
		const all = [outer, ...(up.nested.get(index) ?? []).map(({ statement }) => statement)];
		const concerns = concernsOfFindings(here, all);
		for (const statement of all) {
			concerns.push(...concernsOf(statement.node, meets));
			applyStatement(meets.schema, statement, {
				file: file.order,
				statement: index
			});
		}
		for (const { what } of up.unread.get(index) ?? []) concerns.push(concern("unknown", `It runs ${what}, which nobody can judge beforehand.`));
		const statement = up.text.text.slice(outer.start, outer.end);
		const data = worst(all.map((one) => dataOf(one, wayBack)));
		judged.push({
			migration: of,
			path: migration.path,
			start: positionFromUtf16(migration.file, start),
			statement,
			concerns,
			data
		});
	}
	const stray = concernsOfFindings(findings.filter((finding) => finding.statement === void 0), []);
	if (stray.length > 0 && judged[0] !== void 0) judged[0] = {
		...judged[0],
		concerns: [...judged[0].concerns, ...stray]
	};
	const isRead = down?.problem === void 0;
	const lost = {
		kind: "impossible",
		what: "its way back is not read"
	};
	return {
		migration: original,
		statements: isRead ? judged : judged.map((one) => ({
			...one,
			data: lost
		})),
		down: downOf(file, isRead ? wayBack : void 0)
	};
}
function concernsOfFindings(findings, statements) {
	if (findings.length === 0) return [];
	const subject = subjectOf(statements);
	return findings.flatMap((finding) => concernOf(finding, subject) ?? []);
}
/** What going back would cost of a statement. */
function dataOf(statement, wayBack) {
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
}
function worst(all) {
	return all.find(({ kind }) => kind === "impossible") ?? all.find(({ kind }) => kind === "lossy") ?? { kind: "lossless" };
}
export { judgeSince as t };
