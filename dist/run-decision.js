import { t as ReleaseError } from "./errors.js";
import { t as isSameRelease } from "./release-name.js";
import { n as parseStatements } from "./parse.js";
import { A as appliedAttempts, F as placeIn, M as newest, j as lastDeployed, k as migrationsFor } from "./migration-state.js";
// src/commands/waiver.ts
const waiverNames = ["waive", "reason"];
/** What a person waives for this run. Throws `invalid-input` when it lacks its reason, or the reason what it is for. */
function waiverOf(phase, { waive, reason }, { variables, run }) {
	if (waive === void 0 && reason === void 0) return void 0;
	if (waive === void 0 || reason === void 0) {
		const problem = waive === void 0 ? "A reason was given, and nothing that it is the reason for." : `waive: ${waive} needs a reason, which is kept in the history.`;
		throw new ReleaseError("invalid-input", problem, { hint: "Give both: --waive drill --reason \"why this run cannot wait for a drill\"." });
	}
	return {
		what: waive,
		phase,
		reason,
		by: variables.GITHUB_ACTOR || variables.USER || run.host
	};
}
/** A line for each waiver of this release so far. */
function waiversOf(history, { release, run }) {
	const name = {
		release,
		commit: run.commit
	};
	return history.flatMap((row) => row.event === "waived" && isSameRelease(row, name) ? [`${row.what} waived by ${row.by} on ${row.at.toISOString()} for phase ${row.phase}: ${row.reason}`] : []);
}
// src/migration/commit-order.ts
/**
* What a phase is measured against: the post phase belongs to the release that is live, the others come after whatever
* has run. `undefined` when no row names a commit.
*/
function commitSeen(history, phase) {
	const deployed = lastDeployed(history);
	const all = [...deployed === void 0 ? [] : [deployed], ...phase === "post" ? [] : appliedAttempts(history)];
	const last = newest(all.filter(({ commit }) => commit !== void 0));
	return last?.commit === void 0 ? void 0 : {
		commit: last.commit,
		release: last.release,
		at: last.at
	};
}
/**
* Throws `older-commit` when this checkout lies behind what has already run here, unless a reason allows it: an approval
* that waited too long, or a run started again. Returns what is worth a note.
*/
function refuseOlder({ relation, seen, current }, allowed) {
	const last = `${seen.commit.slice(0, 12)} (${seen.release}, ${seen.at.toISOString().slice(0, 19).replace("T", " ")} UTC)`;
	if (relation === "same" || relation === "newer") return void 0;
	if (relation === "unknown") return `Whether this checkout is older than ${last}, the commit that ran here last, cannot be told: git does not know both commits. Fetch the whole history (fetch-depth: 0).`;
	if (relation === "diverged") return `This checkout is neither before nor after ${last}, the commit that ran here last: a hotfix branch or a rebase. Merge it into the main line before the next release.`;
	if (allowed !== void 0) return `This checkout is older than ${last}, the commit that ran here last; allowed: ${allowed}`;
	throw new ReleaseError("older-commit", `This checkout (${current?.slice(0, 12)}) is older than ${last}, the commit that ran here last.`, { hint: "Run the newer commit, or one after it. For a hotfix of an older release commit the fix on a branch from its tag: a branch with a commit of its own may run. When an older commit is really meant: allow-older with the reason." });
}
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
// src/migration/post-conflict.ts
/**
* Throws `post-debt` when a pending pre migration touches what a held-back post migration of a deployed release touches:
* they were written to run the other way round.
*/
async function refusePostConflicts(pre, debts) {
	if (pre.length === 0 || debts.length === 0) return;
	const pending = (await Promise.all(pre.map(touchesOf))).flat();
	for (const debt of debts) for (const late of await touchesOf(debt.migration)) {
		const early = pending.find((touch) => touchSame(touch.object, late.object));
		if (early === void 0) continue;
		throw new ReleaseError("post-debt", `${early.place} touches ${nameOf(early.object, late.object)}, and so does ${late.place}, which has been held back since ${debt.release} was deployed.`, {
			at: early.place,
			hint: `Run --phase post from the checkout of ${debt.release} first: the two were written to run in that order.`
		});
	}
}
/** A text that cannot be read here touches nothing that could be named; it is refused where it is to run. */
async function touchesOf(migration) {
	try {
		const parsed = await parseStatements(migration.up.text);
		if ("problem" in parsed) return [];
		return parsed.statements.flatMap((statement) => touchedObjects(statement).map((object) => ({
			object,
			place: placeIn(migration, migration.up, statement.start)
		})));
	} catch (error) {
		if (error instanceof ReleaseError) return [];
		throw error;
	}
}
/** The column is named when both are about it. */
function nameOf(one, other) {
	const column = one.removes || other.removes ? void 0 : [...one.columns ?? []].find((name) => other.columns?.has(name));
	return [
		one.schema ?? other.schema,
		one.relation ?? other.relation,
		column
	].filter((part) => part !== void 0).join(".");
}
// src/commands/run-decision.ts
/** Throws what keeps the phase from running: the rules of phases, a conflict with a held-back migration, an older commit. */
async function decideRun(phase, { plans, evidence, policy }, { "allow-older": reason }, context) {
	const { run, heldBack } = migrationsFor(phase, plans, evidence, policy);
	if (phase === "pre") await refusePostConflicts(run, plans.debts);
	const standing = run.length === 0 ? void 0 : await commitStanding(phase, evidence, context);
	const note = standing === void 0 ? void 0 : refuseOlder(standing, reason);
	return {
		run,
		heldBack,
		notes: note === void 0 ? [] : [note],
		older: standing?.relation === "older" && reason !== void 0 ? {
			reason,
			than: standing.seen.commit
		} : void 0
	};
}
async function commitStanding(phase, { history }, context) {
	const seen = commitSeen(history.rows, phase);
	return seen === void 0 ? void 0 : {
		seen,
		relation: await context.compareCommit(seen.commit),
		current: context.run.commit
	};
}
export { waiversOf as i, waiverNames as n, waiverOf as r, decideRun as t };
