import { At as literal, Ct as datetime, Ft as string, Gt as formatMoment, H as asReleaseError, Ht as compactStamp, Jt as plural, Kt as formatSize, Mt as number$1, Nt as object, T as positionFromUtf16, Ut as formatCount, Wt as formatDuration, d as verdictOf, fn as messageOf, in as decideTls, m as didYouMean, pn as systemCode, qt as parseDuration, rt as textOf$1, un as ReleaseError, y as parseStatements, zt as ZodError } from "./start.js";
import { Dt as newestBackup, Ht as isDumpKey, Mt as readBeside, Nt as readContents, Rt as backupsPrefix, Tt as findBackup, Wt as keyLabel, Xt as membershipKey, _t as databaseInputs, b as schemaName, gt as databaseInputNames } from "./migrations.js";
import { n as isReplayed, r as parseRoles } from "./roles.js";
import { r as refuseMissingExtensions } from "./extensions.js";
import { t as defineCommand } from "./command.js";
import { t as version } from "./version.js";
import { t as _usingCtx } from "./usingCtx.js";
import { t as fingerprintStream } from "./fingerprint-stream.js";
import { n as storeKeyProblem } from "./store-key.js";
import { o as writeDump, r as fingerprintPolicy } from "./dump-into.js";
import { n as withHeartbeat, t as storePlace } from "./store-place.js";
import { open, stat, statfs } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { basename as basename$1, join } from "node:path";
import { Readable } from "node:stream";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
// src/drill/compare.ts
/** Compares exact row counts, table by table, except those that may be absent and those whose rows nobody counted. Equal counts say nothing about what stands in the rows. */
function compareRowCounts(expected, found, mayLack = () => false) {
	const absent = expected.filter((table) => !found.has(table.name) && mayLack(table));
	const known = expected.filter((table) => !absent.includes(table));
	const compared = known.flatMap(({ name, rows }) => rows === void 0 ? [] : [{
		name,
		rows
	}]);
	const uncounted = known.filter(({ rows }) => rows === void 0).map(({ name }) => name);
	const counted = new Map([...found].filter(([name]) => !uncounted.includes(name)));
	const mismatches = differences(new Map(compared.map(({ name, rows }) => [name, rows])), counted);
	const except = absent.length === 0 ? "" : `; not restored: ${absent.map(({ name, rows = 0 }) => `${name} (${plural(rows, "row")})`).join(", ")}`;
	const rows = compared.reduce((sum, table) => sum + table.rows, 0);
	return comparisonOf("row-counts", mismatches, `${plural(rows, "row")} in ${plural(compared.length, "table")}${except}${uncounted.length === 0 ? "" : `; not counted: ${plural(uncounted.length, "table")}`}`);
}
/** Compares the heads of the version tables; a database without one has nothing to compare. */
function compareLedgerHeads(expected, found) {
	if (expected.length === 0) return {
		check: {
			id: "ledger-heads",
			status: "not-checked",
			message: "the backup holds no version table"
		},
		mismatches: []
	};
	const heads = (list) => new Map(list.map(({ table, head }) => [table, head]));
	return comparisonOf("ledger-heads", differences(heads(expected), heads(found)).map((one) => ({
		...one,
		object: `head of ${one.object}`
	})), plural(expected.length, "version table"));
}
/** One short line for people. */
function describeMismatch({ object, expected, found }) {
	if (expected === void 0) return `${object}: found ${show(found)}, the manifest does not know it`;
	if (found === void 0) return `${object}: expected ${show(expected)}, not found`;
	return `${object}: expected ${show(expected)}, found ${show(found)}`;
}
function differences(expected, found) {
	return [.../* @__PURE__ */ new Set([...expected.keys(), ...found.keys()])].filter((object) => expected.get(object) !== found.get(object)).sort().map((object) => ({
		object,
		expected: expected.get(object),
		found: found.get(object)
	}));
}
/** A check of what was compared, which names the first place that differs. */
function comparisonOf(id, mismatches, compared) {
	const [first, ...others] = mismatches;
	if (first === void 0) return {
		check: {
			id,
			status: "pass",
			value: compared
		},
		mismatches
	};
	const more = others.length === 0 ? "" : `, and ${plural(others.length, "other")}`;
	return {
		check: {
			id,
			status: "fail",
			value: mismatches.length,
			limit: 0,
			message: `${describeMismatch(first)}${more}`
		},
		mismatches
	};
}
function show(value) {
	return typeof value === "number" ? plural(value, "row") : value ?? "nothing";
}
// src/drill/fact-difference.ts
/** More than this is too much for one line. */
const shownCharacters = 100;
/** What stands before the first difference, so that it can be found. */
const contextCharacters = 20;
/** Both sides of a difference as people read them, without what they share where that is long. `undefined`: they do not differ. */
function differenceOf(expected, found) {
	if (textOf(expected) === textOf(found)) return void 0;
	if (Array.isArray(expected) || Array.isArray(found)) return differenceOfLists(listOf(expected), listOf(found));
	if (typeof expected === "boolean" || typeof found === "boolean") return {
		expected: String(expected ?? false),
		found: String(found ?? false)
	};
	return differenceOfTexts(oneLine(expected), oneLine(found));
}
function differenceOfLists(expected, found) {
	const lacking = expected.filter((item) => !found.includes(item));
	const extra = found.filter((item) => !expected.includes(item));
	if (lacking.length + extra.length === 0) return differenceOfTexts(expected.join("; "), found.join("; "));
	return differenceOfTexts(lacking.join("; ") || "nothing", extra.join("; ") || "nothing");
}
function differenceOfTexts(expected, found) {
	if (Math.max(expected.length, found.length) <= shownCharacters) return {
		expected,
		found
	};
	let shared = 0;
	while (shared < expected.length && expected[shared] === found[shared]) shared++;
	const start = Math.max(0, shared - contextCharacters);
	return {
		expected: excerpt(expected, start),
		found: excerpt(found, start)
	};
}
function excerpt(text, start) {
	const end = start + shownCharacters;
	return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}
function oneLine(fact) {
	return fact === void 0 ? "nothing" : String(fact).replaceAll("\n", " ");
}
function listOf(fact) {
	if (fact === void 0) return [];
	return Array.isArray(fact) ? fact : [String(fact)];
}
function textOf(fact) {
	return JSON.stringify(fact ?? null);
}
// src/drill/comment-target.ts
/** How a comment's address calls what the catalog calls otherwise. */
const kindsOf = {
	type: [
		"enum",
		"range",
		"composite type",
		"base type",
		"domain"
	],
	server: ["foreign server"],
	"foreign-data wrapper": ["foreign data wrapper"],
	table: ["table", "partitioned table"]
};
const relations = [
	"table",
	"partitioned table",
	"foreign table",
	"view",
	"materialized view"
];
const types = [
	"access method",
	"aggregate",
	"cast",
	"collation",
	"conversion",
	"domain constraint",
	"event trigger",
	"foreign table column",
	"foreign table",
	"foreign-data wrapper",
	"function",
	"index",
	"language",
	"materialized view column",
	"materialized view",
	"operator class",
	"operator family",
	"operator",
	"policy",
	"procedure",
	"publication",
	"rule",
	"schema",
	"sequence",
	"server",
	"statistics object",
	"subscription",
	"table column",
	"table constraint",
	"table",
	"text search configuration",
	"text search dictionary",
	"text search parser",
	"text search template",
	"transform",
	"trigger",
	"type",
	"view column",
	"view"
];
/** The objects, each as kind and name, that a comment may go with: `table column app.t.id` goes with `table app.t`. */
function commentTarget(address) {
	const type = types.find((one) => address.startsWith(`${one} `));
	if (type === void 0) return [];
	const name = address.slice(type.length + 1).replaceAll(/(?<=[(,])pg_catalog\./g, "");
	if (type.endsWith(" column")) return relations.map((kind) => `${kind} ${name.replace(/\.(?:"(?:[^"]|"")*"|[^."]+)$/, "")}`);
	const [, part, relation] = /^(.*?) on (\S.*)$/.exec(name) ?? [];
	if (relation !== void 0 && [
		"table constraint",
		"trigger",
		"rule",
		"policy"
	].includes(type)) return [...relations.map((kind) => `${kind} ${relation}`), `${type.replace("table ", "")} ${relation}.${part}`];
	return (kindsOf[type] ?? [type]).map((kind) => `${kind} ${name}`);
}
// src/drill/left-out.ts
/** No archive brings these into a copy: they go with the server, and `pg_dump` passes subscriptions over unless it is a superuser. */
const neverDumped = /* @__PURE__ */ new Set([
	"setting",
	"role setting",
	"grants on parameter",
	"subscription"
]);
/** How entries of an archive call what the catalog calls otherwise. */
const otherTypes = {
	"partitioned table": ["TABLE"],
	enum: ["TYPE"],
	range: ["TYPE"],
	"composite type": ["TYPE"],
	"base type": ["TYPE", "SHELL TYPE"],
	constraint: [
		"CONSTRAINT",
		"FK CONSTRAINT",
		"CHECK CONSTRAINT"
	],
	"foreign server": ["SERVER"],
	language: ["PROCEDURAL LANGUAGE"],
	"statistics object": ["STATISTICS"]
};
const relationTypes = [
	"TABLE",
	"FOREIGN TABLE",
	"VIEW",
	"MATERIALIZED VIEW",
	"DOMAIN"
];
/** What stands below a relation, and goes with it. */
const partKinds = /* @__PURE__ */ new Set([
	"column",
	"constraint",
	"index",
	"trigger",
	"rule",
	"policy"
]);
/** Facts that an entry of their own makes, by the kind of their object. */
const factEntries = {
	"column default": "DEFAULT",
	"sequence ownedBy": "SEQUENCE OWNED BY",
	"table parents": "TABLE ATTACH",
	"table partitionBound": "TABLE ATTACH",
	"partitioned table parents": "TABLE ATTACH",
	"partitioned table partitionBound": "TABLE ATTACH",
	"materialized view populated": "MATERIALIZED VIEW DATA"
};
/** `leftOut` are entries of the archive as people know them: `TABLE public users`. What is absent without one of them is lost. */
function absencesOf(leftOut, objects) {
	const entries = new Set(leftOut.map(plainSignature));
	const isLeftOut = (types, names) => types.some((type) => entries.has([type, ...names].join(" ")));
	const excusesItself = (object) => isNeverDumped(object) || isInvalidIndex(object) || isNamed(object, isLeftOut);
	const absent = new Set(objects.filter(excusesItself).map(({ kind, name }) => `${kind} ${name}`));
	return {
		excuses: (object) => excusesItself(object) || object.kind === "comment" && commentTarget(object.name).some((target) => absent.has(target)),
		excusesFact({ kind, name }, fact) {
			if (fact === "tablespace") return true;
			const type = factEntries[`${kind} ${fact}`];
			return type !== void 0 && isLeftOut([type], partsOf(name));
		}
	};
}
/** What belongs to the server, or to no archive, as people know it. */
function undumped(objects) {
	return objects.flatMap((object) => {
		if (object.kind === "database") return ofDatabase(object.facts);
		const tablespace = object.facts.tablespace === void 0 ? [] : [`tablespace of ${object.kind} ${object.name}`];
		if (!isNeverDumped(object) && !isInvalidIndex(object)) return tablespace;
		return [`${object.kind} ${object.name}${isInvalidIndex(object) ? " (invalid)" : ""}`];
	});
}
function isNeverDumped({ kind }) {
	return neverDumped.has(kind);
}
/** A copy is another database, with another owner: the same rights would be those of somebody else. */
function ofDatabase({ owner, grants, comment, connectionLimit }) {
	const usual = [`${owner}: CONNECT, CREATE, TEMPORARY by ${owner}`, `public: CONNECT, TEMPORARY by ${owner}`];
	const isUsual = Array.isArray(grants) && grants.length === usual.length && usual.every((entry) => grants.includes(entry));
	return [
		...owner === void 0 ? [] : ["owner of the database"],
		...grants === void 0 || isUsual ? [] : ["grants on the database"],
		...comment === void 0 ? [] : ["comment on the database"],
		...connectionLimit === void 0 ? [] : ["connection limit of the database"]
	];
}
/** `pg_dump` passes it over. */
function isInvalidIndex({ kind, facts }) {
	return kind === "index" && facts.invalid === true;
}
function isNamed({ kind, name, facts }, isLeftOut) {
	const types = otherTypes[kind] ?? [kind.toUpperCase()];
	const parts = partsOf(kind === "user mapping" ? mappingTag(name) : name);
	if (isLeftOut(types, parts)) return true;
	if (kind === "operator") return isLeftOut(types, partsOf(name.replace(/\([^(]*\)$/, "")));
	if (kind === "operator class" || kind === "operator family") return isLeftOut(types, partsOf(name.replace(/ USING \S+$/, "")));
	if (kind === "cast") return isLeftOut(types, [`CAST ${name.replaceAll("pg_catalog.", "")}`]);
	if (kind === "transform") return isLeftOut(types, [`TRANSFORM ${name.replace(/^for /, "FOR ").replace(" on language ", " LANGUAGE ")}`]);
	if (!partKinds.has(kind)) return false;
	const relation = kind === "index" && typeof facts.table === "string" ? partsOf(facts.table) : parts.slice(0, 2);
	return isLeftOut(relationTypes, relation) || kind === "index" && isLeftOut(["CONSTRAINT"], [...relation, ...parts.slice(1)]);
}
/** The catalog says `someone on server`. */
function mappingTag(name) {
	const [user = "", server = ""] = name.split(" on ").map((part) => partsOf(part).join("."));
	return `USER MAPPING ${user} SERVER ${server}`;
}
/** The names of a qualified one, without their quotes; what follows in parentheses belongs to the last. */
function partsOf(name) {
	const parts = [];
	for (let rest = name; rest !== "";) {
		const [whole = rest, quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^."(]+))(?:\.|(?=\()|$)/.exec(rest) ?? [];
		parts.push(quoted?.replaceAll("\"\"", "\"") ?? plain ?? whole);
		rest = rest.slice(whole.length);
		if (!rest.startsWith("(")) continue;
		parts.push(plainSignature(`${parts.pop() ?? ""}${rest}`));
		break;
	}
	return parts;
}
/** Catalog and archive write the arguments of a function in two ways. */
function plainSignature(text) {
	return text.replace(/\(.*\)$/, (list) => list.replaceAll(", ", ",").replace(/^\(\*\)$/, "()"));
}
// src/drill/compare-catalog.ts
const localeFacts = /* @__PURE__ */ new Set([
	"encoding",
	"collate",
	"ctype",
	"localeProvider",
	"locale"
]);
/** Views and expressions are printed by the server, and newer ones print some of them differently. */
const wordedFacts = /* @__PURE__ */ new Set([
	"definition",
	"default",
	"generated",
	"partitionBound",
	"partitionKey"
]);
/** Compares what both catalogs hold, object by object and fact by fact, in the groups that people ask for. Never by the order of columns. */
function compareCatalog(given) {
	const absences = absencesOf(given.leftOut, given.expected);
	const differences = differencesOf(given, absences);
	const of = (group) => differences.filter((one) => one.group === group).map(({ mismatch }) => mismatch);
	const objects = given.expected.filter(({ kind }) => kind !== "database");
	const restored = objects.filter((object) => !absences.excuses(object));
	const count = plural(restored.length, "object");
	const except = restored.length === objects.length ? "" : `, without ${formatCount(objects.length - restored.length)} that a drill does not restore`;
	const words = given.sameMajor ? "" : ", without the words of their definitions, which another major version prints in its own way";
	const owners = "owners and grants were not restored here";
	return [
		comparisonOf("schema", of("schema"), `${count}${except}${words}`),
		given.hasOwners ? comparisonOf("owners", of("owners"), count) : notCompared$1("owners", owners),
		given.hasOwners ? comparisonOf("grants", of("grants"), count) : notCompared$1("grants", owners),
		comparisonOf("extensions", of("extensions"), plural(given.expected.filter(({ kind }) => kind === "extension").length, "extension")),
		withNote(comparisonOf("locale", of("locale"), describeLocale(given.expected)), collationNote(given))
	];
}
function differencesOf({ expected, found, hasOwners, sameMajor }, absences) {
	const key = ({ kind, name }) => `${kind} ${name}`;
	const here = new Map(found.map((object) => [key(object), object]));
	const there = new Set(expected.map(key));
	const isCompared = ({ kind }) => hasOwners || !isOwnership(kind);
	const differences = expected.filter(isCompared).flatMap((object) => {
		const copy = here.get(key(object));
		if (copy !== void 0) return factDifferences(object, copy, {
			absences,
			sameMajor
		});
		return absences.excuses(object) ? [] : [{
			group: groupOf(object, ""),
			mismatch: {
				object: key(object),
				expected: "there",
				found: void 0
			}
		}];
	});
	const isKnown = ({ kind }) => kind !== "large objects" || expected.some((object) => object.kind === kind);
	const extra = found.filter((object) => isCompared(object) && isKnown(object) && !there.has(key(object)));
	return [...differences, ...extra.map((object) => ({
		group: groupOf(object, ""),
		mismatch: {
			object: key(object),
			expected: void 0,
			found: "there"
		}
	}))].filter(({ group }) => group !== "none");
}
function factDifferences(object, copy, { absences, sameMajor }) {
	return [.../* @__PURE__ */ new Set([...Object.keys(object.facts), ...Object.keys(copy.facts)])].flatMap((fact) => {
		if (absences.excusesFact(object, fact) || !sameMajor && isWorded(object, fact)) return [];
		const [expected, found] = [object, copy].map(({ facts }) => sameMajor ? facts[fact] : oldRights(facts[fact], fact));
		const difference = differenceOf(expected, found);
		if (difference === void 0) return [];
		return [{
			group: groupOf(object, fact),
			mismatch: {
				object: `${fact} of ${object.kind} ${object.name}`,
				...difference
			}
		}];
	});
}
function groupOf(object, fact) {
	const { kind } = object;
	if (isNeverDumped(object)) return "none";
	if (kind === "database") return localeFacts.has(fact) ? "locale" : "none";
	if (kind === "extension") return "extensions";
	if (isOwnership(kind) || fact === "grants") return "grants";
	return fact === "owner" ? "owners" : "schema";
}
function isOwnership(kind) {
	return kind === "default privileges" || kind === "large objects";
}
/** The schema public has another owner, and other rights, from 15 on. */
function isWorded({ kind, name }, fact) {
	if (wordedFacts.has(fact)) return true;
	return kind === "schema" && name === "public" && (fact === "owner" || fact === "grants");
}
/** Without the right that is new in 17, and that every owner has there. */
function oldRights(value, fact) {
	return fact === "grants" && Array.isArray(value) ? value.map((entry) => entry.replace(/\bMAINTAIN\*?, /, "")) : value;
}
function describeLocale(objects) {
	const facts = objects.find(({ kind }) => kind === "database")?.facts ?? {};
	return [
		facts.encoding,
		facts.collate,
		facts.ctype
	].filter(Boolean).join(", ");
}
/** Other libraries may sort otherwise, which is a matter of the machine and not of the backup. */
function collationNote({ expected, found }) {
	const [there, here] = [expected, found].map((objects) => objects.find(({ kind }) => kind === "database")?.facts.collationVersion);
	return there === here || there === void 0 || here === void 0 ? void 0 : `collations are of version ${there} there and ${here} here, which may sort otherwise`;
}
function withNote({ check, mismatches }, note) {
	return {
		check: note === void 0 || check.status !== "pass" ? check : {
			...check,
			message: note
		},
		mismatches
	};
}
function notCompared$1(id, message) {
	return {
		check: {
			id,
			status: "not-checked",
			message
		},
		mismatches: []
	};
}
// src/drill/compare-memberships.ts
/**
* Compares who is a member of what: as the copy has it, and where a copy never gets a membership as the roles beside the
* dump say it, from which people would restore it.
*/
function compareMemberships({ expected, found, roles, hasOwners }) {
	if (!hasOwners) return notCompared("roles were not restored here");
	if (roles === void 0) return notCompared("no roles are kept beside the dump");
	if (expected === void 0) return notCompared("the backup does not tell them");
	const textOnly = roles.memberships.filter((one) => !isReplayed(one, roles));
	const there = byPair(expected);
	const here = byPair([...found, ...textOnly]);
	const mismatches = [.../* @__PURE__ */ new Set([...there.keys(), ...here.keys()])].filter((pair) => describeOptions(there.get(pair)) !== describeOptions(here.get(pair))).sort().map((pair) => ({
		object: describeMembership(there.get(pair) ?? here.get(pair)),
		expected: describeOptions(there.get(pair)),
		found: describeOptions(here.get(pair))
	}));
	const asText = expected.filter((one) => !isReplayed(one, roles)).length;
	const except = asText === 0 ? "" : `, ${asText} of them as text alone`;
	return comparisonOf("memberships", mismatches, `${plural(expected.length, "membership")}${except}`);
}
/** Memberships that a copy never gets, as people know them. */
function unreplayed(expected = [], roles) {
	return roles === void 0 ? [] : expected.filter((one) => !isReplayed(one, roles)).map(describeMembership);
}
function byPair(memberships) {
	return new Map(memberships.map((one) => [membershipKey(one), one]));
}
function describeMembership({ role, member }) {
	return `membership of ${member} in ${role}`;
}
function describeOptions(membership) {
	if (membership === void 0) return void 0;
	return membership.options.length === 0 ? "there" : `there, with ${[...membership.options].sort().join(", ")}`;
}
function notCompared(message) {
	return {
		check: {
			id: "memberships",
			status: "not-checked",
			message
		},
		mismatches: []
	};
}
// src/drill/compare-content.ts
/** Everything that can be compared, check by check. */
function compareContent(expected, copy) {
	const { content, serverMajor, leftOut, hasOwners } = copy;
	const { serverMajor: major, catalog } = expected;
	const tables = allTables(expected);
	const copied = allTables({
		...content,
		extensionTables: expected.extensionTables && content.extensionTables
	});
	const rows = new Map(copied.map((table) => [table.name, table.rows ?? 0]));
	const absences = absencesOf(leftOut, catalog);
	return [
		compareRowCounts(tables, rows, ({ name, extension }) => absences.excuses(extension === void 0 ? {
			kind: "table",
			name,
			facts: {}
		} : {
			kind: "extension",
			name: extension,
			facts: {}
		})),
		compareFingerprints(tables, copied),
		compareSequences(expected, content.sequences),
		compareLargeObjects(expected.largeObjects, content.largeObjects),
		compareLedgerHeads(expected.ledgerHeads, content.ledgerHeads),
		...compareCatalog({
			expected: catalog,
			found: content.catalog,
			leftOut,
			hasOwners,
			sameMajor: major === serverMajor
		}),
		compareMemberships({
			expected: expected.memberships,
			found: copy.memberships,
			roles: copy.roles,
			hasOwners
		})
	];
}
/** Whether what stands in every table and large object was hashed, or a sample of it: less is not called equal. */
function isFullyHashed({ largeObjects, ...expected }) {
	const isHashed = ({ rows, fingerprint, notDumped }) => rows === 0 || fingerprint !== void 0 || notDumped !== void 0;
	return allTables(expected).every(isHashed) && (largeObjects.count === 0 || largeObjects.fingerprint !== void 0);
}
function allTables({ tables, extensionTables = [] }) {
	return [...tables, ...extensionTables];
}
/** Compares what stands in the rows. Tables that were only counted say nothing; those that are missing are told by the counts. */
function compareFingerprints(expected, found) {
	const here = new Map(found.map((table) => [table.name, table]));
	const hashed = expected.filter(({ name, fingerprint }) => fingerprint !== void 0 && here.has(name));
	if (hashed.length === 0) return {
		check: {
			id: "fingerprints",
			status: "not-checked",
			message: "the backup has none (fingerprint: full hashes every row)"
		},
		mismatches: []
	};
	const mismatches = hashed.flatMap(({ name, fingerprint, method }) => {
		const copy = here.get(name);
		return copy?.method === method && copy?.fingerprint === fingerprint ? [] : [{
			object: `content of ${name}`,
			expected: `${method} ${fingerprint}`,
			found: `${copy?.method ?? "no"} ${copy?.fingerprint ?? "hash"}`
		}];
	});
	const sampled = hashed.filter(({ method }) => method !== "row-text-1").length;
	const counted = expected.filter(({ rows, fingerprint }) => rows !== 0 && fingerprint === void 0).length;
	return comparisonOf("fingerprints", mismatches, [
		`${plural(hashed.length - sampled, "table")} by all rows`,
		...sampled === 0 ? [] : [`${sampled} by a sample`],
		...counted === 0 ? [] : [`${counted} only counted`]
	].join(", "));
}
/**
* A sequence is outside of the snapshot, so that the dump may have a later value: it must have reached what stands in its
* column, or without one what was read of it beside the dump. One that begins anew at its end may be anywhere.
*/
function compareSequences({ sequences, catalog }, found) {
	const here = new Map(found.map((sequence) => [sequence.name, sequence]));
	const facts = new Map(catalog.filter(({ kind }) => kind === "sequence").map((object) => [object.name, object.facts]));
	const known = sequences.filter(({ name, lastValue }) => lastValue !== void 0 && here.has(name) && facts.get(name)?.cycle !== true);
	return comparisonOf("sequences", known.flatMap(({ name, lastValue, ownerMax, isCalled }) => {
		const copy = here.get(name);
		const least = ownerMax ?? lastValue;
		const down = / by -\d+$/.test(String(facts.get(name)?.bounds));
		if (copy?.lastValue === void 0 || least === void 0) return [];
		const repeats = copy.lastValue === least && copy.isCalled === false && isCalled === true;
		if (hasReached(copy.lastValue, least, down) && !repeats) return [];
		const expected = `at ${down ? "most" : "least"} ${least}`;
		return [{
			object: `sequence ${name}`,
			expected,
			found: repeats ? `${least} as its next value` : copy.lastValue
		}];
	}), plural(known.length, "sequence"));
}
function hasReached(value, least, down) {
	return down ? BigInt(value) <= BigInt(least) : BigInt(value) >= BigInt(least);
}
function compareLargeObjects(expected, found) {
	const differ = (object, one, other) => one === void 0 || one === other ? [] : [{
		object,
		expected: String(one),
		found: other === void 0 ? void 0 : String(other)
	}];
	const mismatches = [
		...differ("number of large objects", expected.count, found.count),
		...differ("bytes of large objects", expected.bytes, found.bytes),
		...differ("content of large objects", expected.fingerprint, found.fingerprint)
	];
	const hashed = expected.count === 0 || expected.fingerprint !== void 0 ? "" : ", only counted";
	return comparisonOf("large-objects", mismatches, `${plural(expected.count, "large object")}${hashed}`);
}
// src/drill/expectation.ts
const operators = [
	"=",
	"!=",
	"<",
	"<=",
	">",
	">="
];
const number = String.raw`[-+]?\d+(?:\.\d+)?`;
/** Reads ` expect: rows > 0`, the text of a comment; `undefined` when it is not understood. */
function parseExpectation(comment) {
	const text = /^\s*expect\s*:\s*(.*?)\s*$/i.exec(comment)?.[1] ?? "";
	if (/^no\s+rows$/i.test(text)) return {
		kind: "rows",
		operator: "=",
		limit: 0
	};
	const rows = /^rows\s*(!=|<>|<=|>=|[=<>])\s*(\d+)$/i.exec(text);
	if (rows !== null) return {
		kind: "rows",
		operator: operatorOf(rows[1]),
		limit: Number(rows[2])
	};
	const value = new RegExp(`^value\\s*(!=|<>|<=|>=|[=<>])\\s*(?:(${number})|'((?:[^']|'')*)'|(true|false))$`, "i").exec(text);
	if (value === null) return void 0;
	const [, sign = "", digits, quoted, truth] = value;
	const operator = operatorOf(sign);
	if (digits !== void 0) return {
		kind: "value",
		operator,
		limit: digits,
		isNumber: true
	};
	if (operator !== "=" && operator !== "!=") return void 0;
	return {
		kind: "value",
		operator,
		limit: quoted?.replaceAll("''", "'") ?? (truth?.toLowerCase() === "true" ? "t" : "f"),
		isNumber: false
	};
}
/** What is wrong with an answer, or `undefined`. Values are named only with `showData`: they may be personal data. */
function judgeAnswer(expectations, answer, showData) {
	for (const expectation of expectations) {
		const complaint = expectation.kind === "rows" ? judgeRows(expectation, answer) : judgeValue(expectation, answer, showData);
		if (complaint !== void 0) return complaint;
	}
}
function judgeRows({ operator, limit }, { rowCount }) {
	if (holds(rowCount - limit, operator)) return void 0;
	return `expected ${operator === "=" && limit === 0 ? "no rows" : `rows ${operator} ${limit}`}, found ${plural(rowCount, "row")}`;
}
function judgeValue({ operator, limit, isNumber }, { rows, rowCount }, showData) {
	const expected = `expected value ${operator} ${isNumber ? limit : `'${limit}'`}`;
	const columns = rows[0]?.length ?? 0;
	if (rowCount !== 1 || columns !== 1) return `${expected}, found ${plural(rowCount, "row")} of ${plural(columns, "column")} instead of one value`;
	const found = rows[0]?.[0];
	if (found === null || found === void 0) return `${expected}, found null`;
	const shown = showData ? found : "another value (show-data: true prints it)";
	if (!isNumber) return found === limit === (operator === "=") ? void 0 : `${expected}, found ${shown}`;
	if (!/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i.test(found)) return `${expected}, found ${showData ? found : "something that is not a number"}`;
	return holds(order(found, limit), operator) ? void 0 : `${expected}, found ${shown}`;
}
/** Negative, zero or positive. Whole numbers of any size are compared exactly. */
function order(found, limit) {
	const whole = (text) => /^[-+]?\d+$/.test(text);
	if (!whole(found) || !whole(limit)) return Number(found) - Number(limit);
	const exact = (text) => BigInt(text.replace(/^\+/, ""));
	const [a, b] = [exact(found), exact(limit)];
	return a === b ? 0 : a < b ? -1 : 1;
}
function holds(order, operator) {
	if (operator === "=") return order === 0;
	if (operator === "!=") return order !== 0;
	if (operator === "<") return order < 0;
	if (operator === "<=") return order <= 0;
	return operator === ">" ? order > 0 : order >= 0;
}
function operatorOf(sign) {
	return sign === "<>" ? "!=" : operators.find((one) => one === sign) ?? "=";
}
// src/drill/run-smoke.ts
/** Runs every query, also after one that failed. */
async function runSmoke(queries, cluster, policy) {
	const results = [];
	for (const query of queries) results.push({
		file: query.file,
		line: query.line,
		...await runOne(query, cluster, policy)
	});
	return results;
}
/** Queries that nobody wrote prove nothing. */
function smokeCheck(results) {
	if (results === void 0) return {
		id: "smoke",
		status: "not-checked",
		message: "no smoke queries are configured"
	};
	const failed = results.filter(({ status }) => status === "fail");
	const value = `${results.length - failed.length} of ${results.length} ${results.length === 1 ? "query" : "queries"}`;
	const [first] = failed;
	if (first === void 0) return {
		id: "smoke",
		status: "pass",
		value
	};
	return {
		id: "smoke",
		status: "fail",
		value,
		message: `${first.file}:${first.line}: ${first.message}`
	};
}
async function runOne({ sql, expectations, timeoutMs: own }, cluster, { timeoutMs, showData, signal }) {
	signal.throwIfAborted();
	try {
		const complaint = judgeAnswer(expectations, await cluster.query(sql, own ?? timeoutMs), showData);
		return complaint === void 0 ? { status: "pass" } : {
			status: "fail",
			message: complaint
		};
	} catch (error) {
		signal.throwIfAborted();
		const sqlstate = sqlstateOf(error);
		if (sqlstate === void 0) throw error;
		return {
			status: "fail",
			sqlstate,
			message: `${showData || !mayQuoteData(sqlstate, error) ? messageOf(error) : "it failed (show-data: true prints why)"} (SQLSTATE ${sqlstate})`
		};
	}
}
/** Five characters that PostgreSQL puts on its errors. */
function sqlstateOf(error) {
	const code = systemCode(error);
	return code !== void 0 && /^[0-9A-Z]{5}$/.test(code) ? code : void 0;
}
/**
* Missing rights, a division by zero, a time limit: these messages hold no values from rows. Wrong names hold none when
* they stand in the query itself, which the server then points at; a name that was read from a row looks the same otherwise.
*/
function mayQuoteData(sqlstate, error) {
	if (/^(?:25|53|57|22012|42501)/.test(sqlstate)) return false;
	return !(typeof error === "object" && error !== null && "position" in error && error.position !== void 0 && /^(?:42|0A)/.test(sqlstate));
}
// src/drill/conclude.ts
/** The clocks of the earth are at most so far ahead of UTC. */
const furthestZoneMs = 504e5;
/** Weighs what was found; what could not be looked at any more is not checked. */
function conclude(drilled, findings, limits, now) {
	const checks = [
		ageCheck("backup-age", "max-backup-age", drilled, limits.maxAgeMs, now),
		ageCheck("recovery-point", "max-data-loss", drilled, limits.maxDataLossMs, now),
		restoredCheck(findings),
		tablesCheck(findings, limits.minTables),
		...comparisonChecks(drilled, findings),
		findings.recoveryTimeMs === void 0 ? notReached("smoke") : smokeCheck(findings.smoke),
		amcheckCheck(findings),
		recoveryCheck(findings.recoveryTimeMs, limits.maxRecoveryMs)
	];
	const levels = levelsOf(drilled, findings, checks);
	return {
		verdict: findings.error?.verdict ?? verdictFor(drilled, findings, checks),
		reason: reasonFor(drilled, findings, checks),
		checks,
		level: levels.at(-1),
		levels,
		recoveryPointMs: ageOf(drilled, now)
	};
}
/** A copy that nothing says anything about, and that nobody asked anything, proves too little either way. */
function verdictFor({ origin }, { smoke }, checks) {
	const verdict = verdictOf(checks);
	return verdict === "pass" && isForeign(origin) && smoke === void 0 ? "inconclusive" : verdict;
}
function isForeign(origin) {
	return origin === "dump" || origin === "file";
}
/** An old or slow backup may be usable; one that lacks rows is not, whatever the smoke queries say. */
function levelsOf({ origin }, { restored, allHashed }, checks) {
	if (restored === void 0) return [];
	const statusOf = (wanted) => checks.find(({ id }) => id === wanted)?.status;
	const holds = [
		"min-tables",
		"amcheck",
		...comparisonIds
	].every((id) => statusOf(id) !== "fail");
	return [
		"restored",
		...holds && !isForeign(origin) && allHashed === true && comparedIds.every((id) => statusOf(id) === "pass") ? ["equal"] : [],
		...holds && statusOf("smoke") === "pass" ? ["usable"] : []
	];
}
/** Without any of these, nothing is called equal; a database may have no version table, and older backups tell no memberships. */
const comparedIds = [
	"row-counts",
	"sequences",
	"large-objects",
	"schema",
	"owners",
	"grants",
	"extensions",
	"locale"
];
const comparisonIds = [
	...comparedIds,
	"fingerprints",
	"ledger-heads",
	"memberships"
];
/** Of what was dumped for the drill, the age says nothing about the backups. */
function ageOf({ origin, snapshotAt }, now) {
	return origin === "fresh" || snapshotAt === void 0 ? void 0 : Math.max(0, now.getTime() - snapshotAt.getTime());
}
function ageCheck(id, input, drilled, limitMs, now) {
	const { origin, snapshotAt, zoneUnknown } = drilled;
	if (origin === "fresh") return {
		id,
		status: "not-checked",
		message: "the dump was made for this drill"
	};
	const ageMs = ageOf(drilled, now);
	if (snapshotAt === void 0 || ageMs === void 0) return notReached(id);
	if (snapshotAt.getTime() - now.getTime() > 3e5 + (zoneUnknown ? furthestZoneMs : 0)) return {
		id,
		status: "fail",
		value: formatMoment(snapshotAt),
		message: "the snapshot lies in the future: the clocks disagree"
	};
	const value = formatDuration(ageMs);
	if (limitMs === void 0) return {
		id,
		status: "not-checked",
		value,
		message: `${input} is not set`
	};
	const clock = zoneUnknown ? { message: "by the clock of the machine that wrote it, read as UTC" } : {};
	return {
		id,
		status: ageMs <= limitMs ? "pass" : "fail",
		value,
		limit: formatDuration(limitMs),
		...clock
	};
}
function restoredCheck({ restored, error }) {
	const id = "restored";
	if (restored) return {
		id,
		status: "pass"
	};
	return error?.code === "restore-failed" || error?.code === "backup-damaged" ? {
		id,
		status: "fail",
		message: firstLine(error)
	} : notReached(id);
}
function tablesCheck({ counted }, least) {
	const id = "min-tables";
	if (counted === void 0) return notReached(id);
	return {
		id,
		status: counted.size >= least ? "pass" : "fail",
		value: counted.size,
		limit: least
	};
}
function comparisonChecks({ origin }, { counted, comparisons }) {
	if (comparisons !== void 0) return comparisons.map(({ check }) => check);
	if (counted === void 0 || !isForeign(origin)) return comparisonIds.map(notReached);
	const message = "no manifest";
	return comparisonIds.map((id) => ({
		id,
		status: "not-checked",
		message,
		...id === "row-counts" ? { value: rowsIn(counted) } : {}
	}));
}
function rowsIn(counted) {
	const rows = [...counted.values()].reduce((sum, count) => sum + count, 0);
	return `${plural(rows, "row")} in ${plural(counted.size, "table")}`;
}
function amcheckCheck({ amcheck, recoveryTimeMs }) {
	const id = "amcheck";
	if (amcheck === void 0) return recoveryTimeMs === void 0 ? notReached(id) : {
		id,
		status: "not-checked",
		message: "amcheck: never"
	};
	if ("missing" in amcheck) return {
		id,
		status: "not-checked",
		message: amcheck.missing
	};
	return "problem" in amcheck ? {
		id,
		status: "fail",
		message: amcheck.problem
	} : {
		id,
		status: "pass"
	};
}
function recoveryCheck(recoveryTimeMs, maxRecoveryMs) {
	const id = "recovery-time";
	if (recoveryTimeMs === void 0) return notReached(id);
	const value = formatDuration(recoveryTimeMs);
	if (maxRecoveryMs === void 0) return {
		id,
		status: "not-checked",
		value,
		message: "max-restore-time is not set"
	};
	return {
		id,
		status: recoveryTimeMs <= maxRecoveryMs ? "pass" : "fail",
		value,
		limit: formatDuration(maxRecoveryMs)
	};
}
function notReached(id) {
	return {
		id,
		status: "not-checked",
		message: "the drill did not get this far"
	};
}
/** What people read first: what failed, else what was shown and how long it took. */
function reasonFor({ origin, name }, findings, checks) {
	if (findings.error !== void 0) return `${name}: ${firstLine(findings.error)}`;
	const failed = checks.filter(({ status }) => status === "fail").map((check) => failures[check.id]?.(check) ?? check.id);
	if (failed.length > 0) return `${name}: ${[...new Set(failed)].join("; ")}.`;
	const shown = (wanted) => checks.find((check) => check.id === wanted)?.value;
	const restored = `${name} was restored in ${shown("recovery-time")} on this machine: ${shown("row-counts")}`;
	if (isForeign(origin)) {
		const known = `${restored}, and no manifest says whether that is all`;
		return findings.smoke === void 0 ? `${known}; nobody checked it, since no smoke queries are configured.` : `${known}; ${shown("smoke")} passed.`;
	}
	const smoke = findings.smoke === void 0 ? "no smoke queries are configured" : `${shown("smoke")} passed`;
	const equal = levelsOf({ origin }, findings, checks).includes("equal") ? "; it is equal to what was dumped" : "";
	return `${restored}, as ${origin === "fresh" ? "in the snapshot that was dumped" : "the manifest says"}${equal}; ${smoke}.`;
}
const failures = {
	"backup-age": ({ value, limit, message }) => limit === void 0 ? message ?? "" : `it is ${value} old, more than ${limit}`,
	"recovery-point": ({ value, limit, message }) => limit === void 0 ? message ?? "" : `what was written in the last ${value} would be lost, more than ${limit}`,
	"min-tables": ({ value, limit }) => `it holds ${plural(Number(value), "table")}, fewer than ${formatCount(Number(limit))}`,
	"row-counts": ({ message }) => `row counts differ (${message})`,
	"ledger-heads": ({ message }) => `version tables differ (${message})`,
	fingerprints: ({ message }) => `rows differ (${message})`,
	sequences: ({ message }) => `sequences fell back (${message})`,
	"large-objects": ({ message }) => `large objects differ (${message})`,
	schema: ({ message }) => `the schema differs (${message})`,
	owners: ({ message }) => `owners differ (${message})`,
	grants: ({ message }) => `grants differ (${message})`,
	memberships: ({ message }) => `memberships of roles differ (${message})`,
	extensions: ({ message }) => `extensions differ (${message})`,
	locale: ({ message }) => `encoding or locale differ (${message})`,
	smoke: ({ value, message }) => `smoke queries failed, ${value} passed (${message})`,
	amcheck: ({ message }) => `pg_amcheck found a fault (${message?.split("\n")[0]})`,
	"recovery-time": ({ value, limit }) => `the recovery took ${value}, more than ${limit}`
};
function firstLine(error) {
	return error.message.split("\n")[0];
}
// src/drill/earlier-drills.ts
/** What of a record is needed here. */
const recordSchema = object({
	schema: literal("shiplock/drill@1"),
	finishedAt: datetime(),
	verdict: string(),
	level: string().optional(),
	recoveryTimeMs: number$1().nonnegative().optional(),
	backup: object({ sizeBytes: number$1().nonnegative().optional() }).optional(),
	machine: object({
		cpus: number$1(),
		memoryBytes: number$1()
	}).optional(),
	environment: string().optional(),
	project: string().optional()
});
const recordKey = /\.drill-(\d{8}T\d{6}Z)-[^/]*\.json$/;
const largestBytes = 4194304;
const batchSize = 5;
/**
* The newest drills of an environment, from the records beside its backups and, for a dump that another tool left in the
* store, beside its neighbours. What cannot be read is told, and is no error: the drill itself does not depend on it.
*/
async function readEarlierDrills(store, scope, foreignKey) {
	try {
		const prefixes = [backupsPrefix(scope), ...foreignKey?.includes("/") ? [`${foreignKey.split("/")[0]}/`] : []];
		const keys = /* @__PURE__ */ new Set();
		for (const prefix of prefixes) for (const { key } of await store.list(prefix)) if (recordKey.test(key)) keys.add(key);
		return await readRecords(store, scope, [...keys].sort(byStamp).slice(-20));
	} catch (error) {
		return {
			drills: [],
			problem: `The records of earlier drills cannot be listed: ${messageOf(error)}`
		};
	}
}
async function readRecords(store, scope, keys) {
	const drills = [];
	const problems = [];
	for (let start = 0; start < keys.length; start += batchSize) await Promise.all(keys.slice(start, start + batchSize).map(read));
	drills.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
	const [problem] = problems;
	return problem === void 0 ? { drills } : {
		drills,
		problem: `${problems.length} of ${keys.length} records of earlier drills cannot be read: ${problem}`
	};
	async function read(key) {
		try {
			const record = recordSchema.parse(JSON.parse(await readText(store, key)));
			if ((record.environment ?? scope.environment) !== scope.environment || (record.project ?? scope.project) !== scope.project) return;
			const { finishedAt: at, verdict, level, recoveryTimeMs, machine, backup } = record;
			drills.push({
				at,
				verdict,
				level,
				recoveryTimeMs,
				machine,
				sizeBytes: backup?.sizeBytes
			});
		} catch (error) {
			problems.push(`${key}: ${error instanceof ZodError ? "it is no record of a drill" : messageOf(error)}`);
		}
	}
}
async function readText(store, key) {
	const chunks = [];
	let sizeBytes = 0;
	for await (const chunk of await store.get(key)) {
		sizeBytes += chunk.length;
		if (sizeBytes > largestBytes) throw new Error("it is too large");
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString();
}
function byStamp(a, b) {
	const [stampA = "", stampB = ""] = [recordKey.exec(a)?.[1], recordKey.exec(b)?.[1]];
	return stampA < stampB ? -1 : stampA > stampB ? 1 : 0;
}
// src/drill/phases.ts
/** Looking whether the copy is right is not a part of getting it back; nor is making the dump that is drilled. */
const notRecovery = /* @__PURE__ */ new Set([
	"dump",
	"compare",
	"amcheck"
]);
/** Measures the steps of a drill, also one that fails. */
var PhaseTimer = class {
	#now;
	#phases = [];
	constructor(now) {
		this.#now = now;
	}
	async time(name, work) {
		const started = this.#now();
		try {
			return await work();
		} finally {
			this.#phases.push({
				name,
				ms: Math.round(this.#now() - started)
			});
		}
	}
	get phases() {
		return this.#phases;
	}
	get recoveryTimeMs() {
		return this.#phases.filter(({ name }) => !notRecovery.has(name)).reduce((sum, { ms }) => sum + ms, 0);
	}
};
// src/drill/trend.ts
const fewestPoints = 4;
const dayMs = 864e5;
const horizonDays = 30;
const nearShare = .8;
/** The memory that a machine shows varies a little from start to start. */
const memoryTolerance = .1;
/**
* What has to be said when the recovery time comes near its limit: because this drill took most of it, or because the line
* through the drills that passed on machines of this size reaches it soon. The last drill is the one that has just passed.
*/
function trendWarning(drills, limitMs) {
	const newest = drills.at(-1);
	if (newest?.recoveryTimeMs === void 0 || newest.verdict !== "pass" || newest.recoveryTimeMs > limitMs) return void 0;
	const shares = `${formatDuration(newest.recoveryTimeMs)} of the ${formatDuration(limitMs)} that max-restore-time allows`;
	const days = daysUntil(measured(drills, newest.machine), limitMs);
	if (days !== void 0 && days <= horizonDays) return `The recovery takes longer from drill to drill: now ${shares}. At this pace the limit is reached ${days < 1 ? "within a day" : `in about ${plural(Math.round(days), "day")}`}.`;
	if (newest.recoveryTimeMs <= nearShare * limitMs) return void 0;
	return `The recovery took ${shares}: more than ${nearShare * 100} % of it.`;
}
function measured(drills, machine) {
	return drills.flatMap(({ at, recoveryTimeMs, verdict, machine: other }) => verdict === "pass" && recoveryTimeMs !== void 0 && isSameSize(machine, other) ? [{
		atMs: Date.parse(at),
		recoveryTimeMs
	}] : []);
}
function isSameSize(a, b) {
	if (a === void 0 || b === void 0) return false;
	return a.cpus === b.cpus && Math.abs(a.memoryBytes - b.memoryBytes) <= memoryTolerance * a.memoryBytes;
}
/** By least squares, from the last point on; `undefined` when the line does not rise or there are too few points. */
function daysUntil(points, limitMs) {
	const [first, last] = [points[0], points.at(-1)];
	if (first === void 0 || last === void 0 || points.length < fewestPoints) return void 0;
	if (last.atMs - first.atMs < dayMs) return void 0;
	const meanAt = mean(points.map(({ atMs }) => atMs));
	const meanTime = mean(points.map(({ recoveryTimeMs }) => recoveryTimeMs));
	const spread = sum(points.map(({ atMs }) => (atMs - meanAt) ** 2));
	const slope = sum(points.map(({ atMs, recoveryTimeMs }) => (atMs - meanAt) * (recoveryTimeMs - meanTime))) / spread;
	if (slope <= 0) return void 0;
	const reachedAt = meanAt + (limitMs - meanTime) / slope;
	return Math.max(0, (reachedAt - last.atMs) / dayMs);
}
function mean(values) {
	return sum(values) / values.length;
}
function sum(values) {
	return values.reduce((total, value) => total + value, 0);
}
// src/commands/drill-place.ts
/** The inputs that say where a copy is made, and with what. */
const placeInputNames = [
	"target-url",
	"database-ca",
	"allow-insecure-tls",
	"pg-bin-dir",
	"install-tools",
	"drill-packages",
	"drill-preload",
	"drill-before",
	"drill-after",
	"allow-unsafe-client"
];
/** A cluster of the drill's own, or the database that somebody named. Throws `unsafe-target`, `unsafe-client` or `scratch-failed`. */
async function openDrillPlace(inputs, restored, context) {
	const { systemIdentifier, database, ...facts } = restored;
	const tools = {
		binDir: inputs["pg-bin-dir"],
		install: inputs["install-tools"],
		allowUnsafeClient: inputs["allow-unsafe-client"]
	};
	const target = await namedTarget(inputs, context);
	if (target === void 0) return context.makeScratchCluster({
		...facts,
		...tools,
		...additions(inputs)
	});
	const { major, ours } = facts;
	return context.openTarget(target, {
		...tools,
		major,
		ours,
		source: {
			systemIdentifier,
			database
		}
	});
}
/** What the team adds to a cluster that lacks it. */
function additions(inputs) {
	const { "drill-packages": packages, "drill-preload": preload, "drill-before": before, "drill-after": after } = inputs;
	return {
		...packages === void 0 ? {} : { packages },
		...preload === void 0 ? {} : { preload },
		...before === void 0 ? {} : { before },
		...after === void 0 ? {} : { after }
	};
}
/** Throws `invalid-input` where a named target is to be prepared in a way that only a cluster of the drill's own can be. */
function refusePreparedTarget(inputs) {
	const [addition] = Object.keys(additions(inputs));
	if (inputs["target-url"] === void 0 || addition === void 0) return;
	throw new ReleaseError("invalid-input", `target-url and drill-${addition} exclude each other.`, { hint: "Set up a server of your own beforehand; only a cluster that the drill makes can be prepared by it." });
}
async function namedTarget(inputs, { readAuthority }) {
	const connection = inputs["target-url"];
	if (connection === void 0) return void 0;
	const named = inputs["database-ca"] ?? (connection.sslrootcert === "system" ? void 0 : connection.sslrootcert);
	return {
		connection,
		tls: decideTls(connection, {
			ca: await readAuthority(named),
			allowInsecure: inputs["allow-insecure-tls"]
		}),
		role: void 0
	};
}
// src/drill/record.ts
/** Writes what a drill found beside the dump, so that whoever finds the backup sees when it was last restored. Returns the key. */
async function recordDrill(store, dumpKey, { run, at }, outcome, signal) {
	const key = `${dumpKey}.drill-${compactStamp(at)}-${keyLabel(run.id)}.${keyLabel(run.attempt)}.json`;
	const record = {
		schema: schemaName,
		...outcome
	};
	await store.put(key, Readable.from([`${JSON.stringify(record, void 0, 2)}\n`]), signal);
	return key;
}
// src/commands/drill-record.ts
/**
* Keeps what a drill found beside the dump and returns the key; what no store holds has no place for it. A reader's key is
* enough for a drill, so a record that cannot be written is a warning.
*/
async function keepDrillRecord(store, dumpKey, outcome, startedAt, context) {
	const { run, signal, clock, log, project, environment } = context;
	const at = clock.now();
	const { details, error, outputs: _, ...rest } = outcome;
	const { history: __, ...kept } = details ?? {};
	const facts = {
		tool: `shiplock/${version}`,
		project,
		environment,
		run,
		startedAt: startedAt.toISOString(),
		finishedAt: at.toISOString()
	};
	try {
		const content = {
			...facts,
			...rest,
			...kept,
			...error === void 0 ? {} : { error: error.code }
		};
		return await recordDrill(store, dumpKey, {
			run,
			at
		}, content, signal);
	} catch (problem) {
		log.warn(`the record of this drill was not kept beside the backup: ${messageOf(problem)}`);
		return;
	}
}
// src/drill/archive-kind.ts
const packed = [
	["compressed with gzip", [31, 139]],
	["compressed with zstd", [
		40,
		181,
		47,
		253
	]],
	["compressed with lz4", [
		4,
		34,
		77,
		24
	]],
	["compressed with xz", [
		253,
		55,
		122,
		88,
		90
	]],
	["compressed with bzip2", [
		66,
		90,
		104
	]],
	["a zip file", [
		80,
		75,
		3,
		4
	]],
	["encrypted with age", [...Buffer.from("age-encryption.org/")]]
];
const custom = 1;
/**
* Only the custom format of `pg_dump` goes on: whatever else it is, nothing of PostgreSQL opens it, and psql least of all.
* Throws `invalid-input` when it is something else that people keep, `backup-damaged` when it is nothing that can be restored.
*/
function refuseOtherFormats(name, start) {
	if (start.length === 0) throw new ReleaseError("backup-damaged", `${name} is empty.`, { hint: "See why the tool that wrote it failed; it is no backup." });
	if (start.subarray(0, 5).toString("latin1") === "PGDMP") {
		if (start.length > 10 && start[10] !== custom) throw refused(name, "the table of contents of a dump in the directory or tar format");
		return;
	}
	if (start.subarray(257, 262).toString("latin1") === "ustar") throw refused(name, "a dump in the tar format, or another tar archive");
	const [kind] = packed.find(([, bytes]) => bytes.every((byte, index) => start[index] === byte)) ?? [];
	if (kind !== void 0) throw refused(name, kind, "Unpack or decrypt it first, and name the file with file.");
	if (isText(start)) throw refused(name, "plain SQL or another text");
	throw new ReleaseError("backup-damaged", `${name} does not begin as a dump of pg_dump does.`, { hint: "Is it the right file? Its first bytes must be PGDMP." });
}
function isText(start) {
	return start.every((byte) => byte >= 32 || byte >= 9 && byte <= 13);
}
function refused(name, kind, hint = "Make the dump with pg_dump --format=custom; that is what a drill restores.") {
	return new ReleaseError("invalid-input", `${name} is ${kind}, and a drill restores only the custom format of pg_dump.`, { hint });
}
// src/drill/archive-header.ts
/** Since PostgreSQL 9.0; with 17 it got its newest form. */
const oldest = 12;
const newest = 16;
const first = 65536;
/** A table of contents with hundreds of thousands of entries is smaller. */
const largest = 536870912;
/** Throws `invalid-input` when it is in another format, `backup-damaged` when it ends before its data begin. */
async function readArchiveHeader(path, name) {
	try {
		var _usingCtx$3 = _usingCtx();
		const file = _usingCtx$3.a(await open(path));
		const { size } = await file.stat();
		for (let wanted = first;; wanted *= 4) {
			const length = Math.min(wanted, size);
			const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
			const start = buffer.subarray(0, bytesRead);
			refuseOtherFormats(name, start.subarray(0, 512));
			try {
				return parseArchiveHeader(start, name);
			} catch (error) {
				if (!(error instanceof EndOfBytes)) throw error;
				if (length < size && length < largest) continue;
				throw damaged$1(name, "its table of contents is cut off");
			}
		}
	} catch (_) {
		_usingCtx$3.e = _;
	} finally {
		await _usingCtx$3.d();
	}
}
/** The least major version whose `pg_restore` reads the archive, and whose server takes what that one had. */
function leastMajor({ archiveVersion, serverVersion, clientVersion }) {
	const format = Number(archiveVersion.split(".")[1]?.split("-")[0]);
	return Math.max(format >= 16 ? 17 : format >= 15 ? 16 : 0, ...[serverVersion, clientVersion].map((version) => Number.parseInt(version, 10) || 0));
}
var EndOfBytes = class extends Error {};
function parseArchiveHeader(bytes, name) {
	const reader = new Reader(bytes, name);
	reader.skip(5);
	const [major, minor, revision] = [
		reader.byte(),
		reader.byte(),
		reader.byte()
	];
	const archiveVersion = `${major}.${minor}${revision === 0 ? "" : `-${revision}`}`;
	if (major !== 1 || minor < oldest || minor > newest) throw new ReleaseError("tool-not-found", `${name} has the archive version ${archiveVersion}; 1.${oldest} to 1.${newest} can be restored.`, { hint: "Dump with a pg_dump of PostgreSQL 13 to 18, or update Shiplock." });
	reader.intSize = reader.byte();
	const offsetSize = reader.byte();
	if (reader.intSize < 1 || reader.intSize > 6 || offsetSize > 16) throw damaged$1(name, "its header makes no sense");
	reader.skip(1);
	if (minor >= 15) reader.skip(1);
	else reader.int();
	const [second, minute, hour, day, month, year] = [
		reader.int(),
		reader.int(),
		reader.int(),
		reader.int(),
		reader.int(),
		reader.int()
	];
	reader.int();
	const writtenAt = new Date(Date.UTC(year + 1900, month, day, hour, minute, second));
	if (Number.isNaN(writtenAt.getTime())) throw damaged$1(name, "its header makes no sense");
	const [database, serverVersion, clientVersion] = [
		reader.text(),
		reader.text(),
		reader.text()
	];
	let encoding;
	const extensions = [];
	for (let left = reader.int(); left > 0; left--) {
		const entry = readEntry(reader, minor, offsetSize);
		if (entry.type === "ENCODING") encoding = /client_encoding = '([^']+)'/.exec(entry.definition)?.[1];
		if (entry.type === "EXTENSION") extensions.push({
			name: entry.tag,
			schema: schemaOf(entry.definition)
		});
	}
	return {
		archiveVersion,
		database,
		serverVersion,
		clientVersion,
		writtenAt,
		encoding,
		extensions
	};
}
function readEntry(reader, minor, offsetSize) {
	reader.int();
	reader.int();
	reader.text();
	reader.text();
	const tag = reader.text();
	const type = reader.text();
	reader.int();
	const definition = reader.text();
	reader.text();
	reader.text();
	reader.text();
	reader.text();
	if (minor >= 14) reader.text();
	if (minor >= 16) reader.int();
	reader.text();
	reader.text();
	while (reader.textOrEnd() !== void 0);
	reader.skip(1 + offsetSize);
	return {
		tag,
		type,
		definition
	};
}
/** Where an extension lies is said only by the statement that makes it. */
function schemaOf(definition) {
	const [, quoted, plain] = /\bWITH SCHEMA (?:"((?:[^"]|"")+)"|([^\s;"]+))/i.exec(definition) ?? [];
	return quoted?.replaceAll("\"\"", "\"") ?? plain ?? "public";
}
var Reader = class {
	intSize = 4;
	#bytes;
	#name;
	#at = 0;
	constructor(bytes, name) {
		this.#bytes = bytes;
		this.#name = name;
	}
	skip(count) {
		this.#at += count;
		if (this.#at > this.#bytes.length) throw new EndOfBytes();
	}
	byte() {
		this.skip(1);
		return this.#bytes[this.#at - 1];
	}
	/** A sign, then the bytes, the least first. */
	int() {
		const negative = this.byte() !== 0;
		this.skip(this.intSize);
		const value = this.#bytes.readUIntLE(this.#at - this.intSize, this.intSize);
		return negative ? -value : value;
	}
	/** An absent text reads as an empty one. */
	text() {
		return this.textOrEnd() ?? "";
	}
	textOrEnd() {
		const length = this.int();
		if (length < 0) return void 0;
		if (length > largest) throw damaged$1(this.#name, "its table of contents makes no sense");
		const from = this.#at;
		this.skip(length);
		return this.#bytes.toString("utf8", from, this.#at);
	}
};
function damaged$1(name, problem) {
	return new ReleaseError("backup-damaged", `${name} is not whole: ${problem}.`, { hint: "Name another one, make a new dump, and find out why this one was not written to its end." });
}
// src/drill/fetch.ts
/**
* Downloads a dump into a new file that only we can read. Throws `backup-damaged` when the bytes are not those that
* the manifest describes: nothing may open it then, since a forged archive can run code in PostgreSQL's programs.
*/
async function fetchDump(store, expected, path, signal) {
	const { key, sizeBytes, sha256 } = expected;
	const { stream, result } = fingerprintStream((soFar) => {
		if (soFar > sizeBytes) stream.destroy(damaged(key, `it has more than the ${sizeBytes} bytes that the manifest says`));
	});
	await pipeline(await store.get(key), stream, createWriteStream(path, {
		flags: "wx",
		mode: 384
	}), { signal });
	const found = result();
	if (found.sizeBytes !== sizeBytes) throw damaged(key, `it has ${found.sizeBytes} bytes, where the manifest says ${sizeBytes}`);
	if (found.sha256 !== sha256) throw damaged(key, `its SHA-256 is ${found.sha256}, where the manifest says ${sha256}`);
}
function damaged(key, problem) {
	return new ReleaseError("backup-damaged", `${key} is not what was backed up: ${problem}. It was not opened.`, { hint: "Name another backup with key, make a new one, and find out who or what changed this one." });
}
// src/drill/backup-subject.ts
/** A backup whose manifest says what its bytes are and what they must hold. */
function backupSubject(store, manifest) {
	const { id, object, source, dump } = manifest;
	const snapshotAt = new Date(dump.snapshotAt);
	return {
		origin: "backup",
		name: id,
		id,
		key: object.key,
		snapshotAt,
		neededBytes: object.sizeBytes + source.sizeBytes,
		async fetch(folder, signal) {
			const path = join(folder, "backup.dump");
			await fetchDump(store, object, path, signal);
			const roles = await rolesOf(store, manifest);
			const { objects, serverMajor, memberships } = await readContents(store, manifest.contents);
			const written = leastMajor(await readArchiveHeader(path, id));
			const major = Math.max(source.serverMajor, written, Number.parseInt(dump.clientVersion, 10) || 0);
			return {
				path,
				sizeBytes: object.sizeBytes,
				snapshotAt,
				zoneUnknown: false,
				source: {
					...source,
					systemIdentifier: source.systemIdentifier,
					ours: true,
					major,
					...roles
				},
				expectations: {
					...manifest,
					catalog: objects,
					serverMajor,
					memberships
				}
			};
		}
	};
}
async function rolesOf(store, { roles }) {
	return "key" in roles ? { roles: parseRoles((await readBeside(store, roles)).toString()) } : {};
}
// src/drill/find-foreign.ts
/** Of our own layout: such a dump without its manifest belongs to a run that did not reach its end. */
const ownLayout = /(?:^|\/)backups\/[^/]+\/[^/]+\/\d{4}\/\d\d\/\d\d\/[^/]+\.dump$/;
const dumpNames = /\.(?:dump|backup|pgdump|dmp|bak|custom)$/i;
/** A backup by its key or id, or a dump that another tool left under this key, without a manifest. Throws `backup-not-found`. */
async function findBackupOrDump(store, scope, key) {
	try {
		return { backup: await findBackup(store, scope, key) };
	} catch (error) {
		if (!(error instanceof ReleaseError) || error.code !== "backup-not-found") throw error;
		if (ownLayout.test(key) && isDumpKey(key)) throw error;
		const dump = storeKeyProblem(key) === void 0 ? await store.head(key) : void 0;
		if (dump !== void 0) return { dump };
		throw new ReleaseError("backup-not-found", `${store.description} holds no backup and no dump ${key}.${await suggestion(store, key)}`, {
			...error.hint === void 0 ? {} : { hint: error.hint },
			cause: error
		});
	}
}
/** Names that lie nearby: in the folder of the key, else in those above it; never in the whole store. */
async function suggestion(store, key) {
	const folders = key.split("/").slice(0, -1);
	if (storeKeyProblem(key) !== void 0) return "";
	for (; folders.length > 0; folders.pop()) {
		const dumps = (await store.list(`${folders.join("/")}/`)).map((one) => one.key).filter((name) => dumpNames.test(name));
		const last = dumps.at(-1);
		if (last !== void 0) return didYouMean(key, dumps) || ` The last one in ${folders.join("/")}/ is ${last}.`;
	}
	return "";
}
// src/drill/stamped-moment.ts
/** Clocks on earth show no two times that are further apart, with some hours for a dump that takes long. */
const furthestMs = 72e6;
/**
* When a foreign dump was made. An archive holds the time of its machine's clock without the time zone, so a stamp in its
* name (`…20261120T020000Z…`) counts, unless it cannot be that of this archive. Without a stamp the clock is read as UTC.
*/
function stampedMoment(name, writtenAt) {
	const [, year, month, day, hour, minute, second] = /(?<!\d)(\d{4})-?(\d\d)-?(\d\d)T(\d\d)[:-]?(\d\d)[:-]?(\d\d)(?:\.\d+)?Z/.exec(basename(name)) ?? [];
	const byItsClock = {
		snapshotAt: writtenAt,
		zoneUnknown: true
	};
	if (second === void 0) return byItsClock;
	const stamped = /* @__PURE__ */ new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
	return Math.abs(stamped.getTime() - writtenAt.getTime()) <= furthestMs ? {
		snapshotAt: stamped,
		zoneUnknown: false
	} : byItsClock;
}
function basename(name) {
	return name.slice(name.lastIndexOf("/") + 1);
}
// src/drill/foreign-subject.ts
/** How much larger than its dump a database may be, where nothing tells. */
const usualGrowth = 4;
/** A dump that another tool left in the store. Only the archive itself says where it comes from, and nothing says whether it is whole. */
function foreignSubject(store, { key, sizeBytes }) {
	return {
		origin: "dump",
		name: key,
		id: void 0,
		key,
		snapshotAt: void 0,
		neededBytes: sizeBytes * 5,
		async fetch(folder, signal) {
			const path = join(folder, "backup.dump");
			await pipeline(await store.get(key), createWriteStream(path, {
				flags: "wx",
				mode: 384
			}), { signal });
			return describe(path, key);
		}
	};
}
/** A dump in a file of this machine, which stays where and as it is. Throws `unreadable-file` or `invalid-input`. */
async function fileSubject(path) {
	const facts = await stat(path).catch((cause) => {
		throw new ReleaseError("unreadable-file", `The file ${path} cannot be read (${systemCode(cause)}).`, {
			hint: "Check the input file.",
			cause
		});
	});
	if (!facts.isFile()) {
		const what = facts.isDirectory() ? "a folder, perhaps a dump in the directory format" : "no regular file";
		throw new ReleaseError("invalid-input", `${path} is ${what}, and a drill restores only the custom format of pg_dump.`, { hint: "Make the dump with pg_dump --format=custom." });
	}
	return {
		origin: "file",
		name: basename$1(path),
		id: void 0,
		key: void 0,
		snapshotAt: void 0,
		neededBytes: facts.size * usualGrowth,
		fetch: () => describe(path, basename$1(path))
	};
}
async function describe(path, name) {
	const header = await readArchiveHeader(path, name);
	return {
		path,
		sizeBytes: (await stat(path)).size,
		...stampedMoment(name, header.writtenAt),
		source: {
			ours: false,
			systemIdentifier: void 0,
			major: leastMajor(header),
			encoding: encodingOf(header, name),
			collate: "C",
			ctype: "C",
			extensions: header.extensions
		},
		expectations: void 0
	};
}
function encodingOf({ encoding }, name) {
	if (encoding !== void 0) return encoding;
	throw new ReleaseError("backup-damaged", `${name} does not say which encoding its texts have.`, { hint: "A dump of a whole database does. Was it made from a part of another archive?" });
}
// src/drill/fresh-subject.ts
/** The database as it is now, dumped for this drill alone: what a copy must hold is read under the dump's own snapshot. */
function freshSubject({ database, lockWaitTimeoutMs, fingerprint, withSource }) {
	return {
		origin: "fresh",
		name: `A fresh dump of ${database}`,
		id: void 0,
		key: void 0,
		snapshotAt: void 0,
		neededBytes: void 0,
		fetch: (folder, signal) => withSource(async (source) => {
			const { facts, snapshot } = source;
			const path = join(folder, "backup.dump");
			const store = folderFor(path);
			const expectedBytes = facts.sizeBytes;
			const dump = await writeDump({
				source,
				store,
				key: "backup.dump",
				lockWaitTimeoutMs,
				fingerprint,
				expectedBytes,
				signal,
				onBytes: () => {}
			});
			const roles = await source.readRoles(signal);
			return {
				path,
				sizeBytes: dump.sizeBytes,
				snapshotAt: snapshot.at,
				zoneUnknown: false,
				source: {
					...facts,
					ours: true,
					major: Math.max(facts.serverMajor, Number.parseInt(dump.clientVersion, 10) || 0),
					..."sql" in roles ? { roles: parseRoles(roles.sql) } : {}
				},
				expectations: {
					...dump,
					serverMajor: facts.serverMajor,
					..."sql" in roles && { memberships: roles.memberships }
				}
			};
		})
	};
}
/** Takes the one object that a fresh dump is. */
function folderFor(path) {
	return { async put(key, source, signal) {
		const file = createWriteStream(path, {
			flags: "wx",
			mode: 384
		});
		await pipeline(source, file, { signal });
		return {
			key,
			sizeBytes: file.bytesWritten
		};
	} };
}
// src/commands/drill-source.ts
const sourceInputNames = [
	...databaseInputNames,
	"store",
	"key",
	"file",
	"source",
	"pg-bin-dir",
	"install-tools",
	"lock-wait-timeout",
	"fingerprint",
	"fingerprint-time"
];
const optionalSourceInputs = ["database-url", "store"];
/** What is drilled, before anything of it is fetched. Throws `invalid-input` for inputs that contradict each other. */
async function findSubject(inputs, store, context) {
	if (inputs.source === "fresh") return fresh(inputs, context);
	if (inputs.file !== void 0) return fileSubject(inputs.file);
	if (store === void 0) throw new ReleaseError("invalid-input", "restore-drill needs a backup, and no store was named.", { hint: "Set store to the place of the backups; or drill a file (file: shop.dump) or the database as it is now (source: fresh)." });
	return stored(inputs.key, store, context);
}
/** One place alone can be meant. Throws `invalid-input`. */
function refuseSeveralSources({ source, key, file }) {
	const given = [
		source === "fresh" ? "source: fresh" : void 0,
		key === void 0 ? void 0 : "key",
		file === void 0 ? void 0 : "file"
	].filter((one) => one !== void 0);
	if (given.length < 2) return;
	throw new ReleaseError("invalid-input", `${given.join(" and ")} name different things to drill.`, { hint: "Give one of them: key for an object of the store, file for a file of this machine, or source: fresh for the database as it is now." });
}
async function stored(key, store, { project, environment, log }) {
	const scope = {
		project,
		environment
	};
	const found = key === void 0 ? { backup: await newestBackup(store, scope) } : await findBackupOrDump(store, scope, key);
	if ("dump" in found) {
		log.warn(`${found.dump.key} has no manifest of Shiplock: nothing says what it must hold`);
		return foreignSubject(store, found.dump);
	}
	const { manifest, ignored } = found.backup;
	for (const { manifestKey, problem } of ignored) log.warn(`${manifestKey} was passed over: ${problem}`);
	if (manifest.project !== project || manifest.environment !== environment) log.warn(`this backup is of ${manifest.project}, environment ${manifest.environment}`);
	log.info(`${manifest.id}: ${formatSize(manifest.object.sizeBytes)} of ${formatMoment(manifest.dump.snapshotAt)}`);
	return backupSubject(store, manifest);
}
function fresh(inputs, context) {
	const url = inputs["database-url"];
	if (url === void 0) throw new ReleaseError("invalid-input", "source: fresh dumps the database as it is now, and no database was named.", { hint: "Set the environment variable DATABASE_URL, or leave source out to drill the newest backup." });
	const { "pg-bin-dir": binDir, "install-tools": install, "state-schema": stateSchema } = inputs;
	return freshSubject({
		database: url.database,
		lockWaitTimeoutMs: inputs["lock-wait-timeout"],
		fingerprint: fingerprintPolicy(inputs),
		async withSource(work) {
			try {
				var _usingCtx$2 = _usingCtx();
				const database = _usingCtx$2.a(await databaseInputs({
					...inputs,
					"database-url": url
				}, context));
				return await work(_usingCtx$2.a(await context.openSource(database, {
					binDir,
					install,
					stateSchema
				})));
			} catch (_) {
				_usingCtx$2.e = _;
			} finally {
				await _usingCtx$2.d();
			}
		}
	});
}
// src/drill/smoke.ts
/** The parser would need many seconds for a larger one, and again for each line that was written for psql. */
const longestFile = 1048576;
/** Reads one file of smoke queries. Throws `invalid-smoke-query` with the place of what cannot be understood. */
async function parseSmokeFile(file, text) {
	if (text.length > longestFile) throw invalid(file, "", 0, "the file is larger than 1 MiB; smoke queries are short");
	const sql = await withoutClientCommands(file, text);
	const parsed = await parseStatements(sql);
	if ("problem" in parsed) throw invalid(file, text, parsed.problem.offset, parsed.problem.message);
	const queries = [];
	let end = 0;
	for (const statement of parsed.statements) {
		const { expectations, timeoutMs } = readGap(file, sql, end, statement.start);
		const query = sql.slice(statement.start, statement.end);
		refuse(file, sql, statement.start, query, Object.keys(statement.node)[0]);
		const limit = timeoutMs === void 0 ? {} : { timeoutMs };
		queries.push({
			file,
			line: positionFromUtf16(sql, statement.start).line,
			sql: query,
			expectations,
			...limit
		});
		end = statement.end;
	}
	const { danglingAt } = readGap(file, sql, end, sql.length);
	if (danglingAt !== void 0) throw invalid(file, sql, danglingAt, "this comment has no statement after it");
	if (queries.length === 0) throw invalid(file, text, 0, "the file holds no statement");
	return queries;
}
/** Settings and transactions would not reach the next statement, which has a session of its own. */
const refusedStatements = /* @__PURE__ */ new Map([
	["TransactionStmt", "each query runs in a read-only transaction of its own; leave transaction control out"],
	["VariableSetStmt", "a setting does not reach the next query, which has a session of its own; qualify the names instead"],
	["PrepareStmt", "each query has a session of its own; write the statement itself"]
]);
function refuse(file, sql, start, query, kind) {
	const problem = refusedStatements.get(kind);
	if (problem !== void 0) throw invalid(file, sql, start, problem);
	const inside = /--[ \t]*(?:expect|timeout[ \t]*:)|\/\*\s*expect\b/i.exec(query);
	if (inside !== null) throw invalid(file, sql, start + inside.index, ownLine);
}
const ownLine = "an expectation or a time limit stands on a line of its own before its statement";
/** Between two statements stand only blanks, semicolons and comments; those that begin with "expect" or "timeout:" say something. */
function readGap(file, sql, from, to) {
	const expectations = [];
	let timeoutMs;
	let danglingAt;
	for (const match of sql.slice(from, to).matchAll(/--(?<line>[^\n]*)|\/\*(?<block>[\s\S]*?)\*\/|[^-/]+|./gy)) {
		const { line, block } = match.groups ?? {};
		const offset = from + match.index;
		if (block !== void 0 && /^\s*(?:expect\b|timeout\s*:)/i.test(block)) throw invalid(file, sql, offset, "write it as -- expect: … or -- timeout: …");
		const [, word] = /^\s*(expect|timeout(?=\s*:))\b/i.exec(line ?? "") ?? [];
		if (line === void 0 || word === void 0) continue;
		if (sql.slice(sql.lastIndexOf("\n", offset - 1) + 1, offset).trim() !== "") throw invalid(file, sql, offset, ownLine);
		danglingAt ??= offset;
		if (word.toLowerCase() === "expect") expectations.push(parseExpectation(line) ?? notUnderstood(file, sql, offset, "expectation", line));
		else timeoutMs = parseTimeout(line) ?? notUnderstood(file, sql, offset, "time limit", line);
	}
	return {
		expectations,
		timeoutMs,
		danglingAt
	};
}
function parseTimeout(comment) {
	const ms = parseDuration(/:\s*(.*?)\s*$/.exec(comment)?.[1] ?? "");
	return ms === 0 ? void 0 : ms;
}
function notUnderstood(file, sql, offset, what, line) {
	throw invalid(file, sql, offset, `this ${what} is not understood: ${line.trim()}`);
}
/** They stop at the first error, which we do anyway, or change how psql prints. */
const harmlessForPsql = /^\s*\\(?:set[ \t]+ON_ERROR_STOP(?:[ \t]+(?:on|1|true|yes))?[ \t]*$|(?:echo|qecho|timing|pset|x)(?:[ \t][^\\]*)?$)/i;
/** Lines for psql that change nothing here become blanks, so that every position stays. */
async function withoutClientCommands(file, text) {
	for (let sql = text;;) {
		const parsed = await parseStatements(sql);
		if (!("problem" in parsed) || sql[parsed.problem.offset] !== "\\") return sql;
		const { offset } = parsed.problem;
		const start = sql.lastIndexOf("\n", offset) + 1;
		const next = sql.indexOf("\n", offset);
		const end = next < 0 ? sql.length : next;
		const line = sql.slice(start, end).trimEnd();
		if (!harmlessForPsql.test(line)) throw invalid(file, sql, offset, `the psql command ${/\\\S*/.exec(line.slice(offset - start))?.[0]} cannot be run here`);
		sql = sql.slice(0, start) + " ".repeat(end - start) + sql.slice(end);
	}
}
function invalid(file, text, offset, problem) {
	const { line, column } = positionFromUtf16(text, offset);
	const at = `${file}:${line}:${column}`;
	return new ReleaseError("invalid-smoke-query", `${at}: ${problem}.`, {
		at,
		hint: "Before a statement may stand \"-- expect: rows > 0\", \"-- expect: value = 0\" or \"-- expect: no rows\", with =, !=, <, <=, > or >=, and \"-- timeout: 5s\"."
	});
}
// src/commands/smoke-queries.ts
/** The queries of every `*.sql` in a folder, in the order of their names; every mistake in them is known before anything is fetched. */
async function readSmokeQueries(folder, { readFolder }) {
	if (folder === void 0) return void 0;
	const files = await readFolder(folder);
	if (files === void 0) throw new ReleaseError("unreadable-file", `The folder of smoke queries ${folder} does not exist.`, { hint: "Check the input smoke." });
	const queries = [];
	for (const file of files.filter(({ name }) => name.endsWith(".sql"))) queries.push(...await parseSmokeFile(file.path, textOf$1(file)));
	if (queries.length === 0) throw new ReleaseError("invalid-smoke-query", `${folder} holds no *.sql file.`, { hint: "Check the input smoke." });
	return queries;
}
// src/commands/restore-drill.ts
const ownInputNames = [
	"max-backup-age",
	"max-data-loss",
	"max-restore-time",
	"min-tables",
	"smoke",
	"smoke-timeout",
	"amcheck",
	"keep",
	"show-data",
	...placeInputNames
];
var restore_drill_default = defineCommand({
	summary: "Restore a backup into a scratch cluster, compare it with its manifest, and run smoke queries on it.",
	inputs: [...sourceInputNames, ...ownInputNames],
	optional: optionalSourceInputs,
	positional: "key",
	outputs: {
		"backup-id": "Id of the backup that was restored, when it has a manifest.",
		"recovery-seconds": "Seconds from looking for the backup to the last smoke query, on this machine.",
		"recovery-point-seconds": "Seconds from the snapshot of the backup to now: what would be lost.",
		level: "The most that was shown of the backup: restored, equal when it holds what was dumped, or usable when smoke queries passed."
	},
	async run(inputs, context) {
		const startedAt = context.clock.now();
		refuseSeveralSources(inputs);
		refusePreparedTarget(inputs);
		const queries = await readSmokeQueries(inputs.smoke, context);
		const store = inputs.store === void 0 ? void 0 : await context.openStore(inputs.store);
		const timer = new PhaseTimer(() => context.clock.monotonic());
		const subject = await timer.time("locate", () => findSubject(inputs, store, context));
		const drill = {
			subject,
			queries,
			timer,
			findings: {},
			details: {}
		};
		try {
			await restoreAndLook(drill, inputs, context);
		} catch (error) {
			drill.findings.error = knownError(error, drill, context);
			if (context.signal.aborted) delete drill.details.kept;
		}
		const outcome = outcomeOf(drill, inputs, context);
		if (store === void 0 || context.signal.aborted) return outcome;
		const past = await lookBack(outcome, drill, store, inputs, context);
		const record = subject.key === void 0 ? void 0 : await keepDrillRecord(store, subject.key, outcome, startedAt, context);
		return {
			...outcome,
			details: {
				...outcome.details,
				...past,
				...record === void 0 ? {} : { record }
			}
		};
	}
});
async function restoreAndLook(drill, inputs, context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { subject, queries, timer, findings, details } = drill;
		const { signal } = context;
		const time = (name, work) => timed(drill, name, work, context);
		const folder = _usingCtx$1.a(await context.makeFolder());
		await warnAboutRoom(subject, folder.path, context);
		const archive = await time(subject.origin === "fresh" ? "dump" : "fetch", () => subject.fetch(folder.path, signal));
		drill.archive = archive;
		const source = _usingCtx$1.a(await sourceBeside(inputs, context));
		const restored = {
			...archive.source,
			database: source
		};
		const cluster = _usingCtx$1.a(await time("provision", () => openDrillPlace(inputs, restored, context)));
		details.isolation = cluster.isolation;
		if (inputs.keep) {
			cluster.keep();
			details.kept = cluster.directory;
		}
		await time("extensions", async () => refuseMissingExtensions(await cluster.prepareExtensions(archive.source.extensions)));
		for (const section of [
			"pre-data",
			"data",
			"post-data"
		]) await time(section, () => cluster.restore(archive.path, section, signal));
		findings.restored = true;
		details.notRestored = await cluster.notRestored(archive.path);
		await time("analyze", () => cluster.analyze());
		await time("compare", () => compare(archive, cluster, drill, inputs["state-schema"]));
		if (queries !== void 0) {
			const policy = {
				timeoutMs: inputs["smoke-timeout"],
				showData: inputs["show-data"],
				signal
			};
			findings.smoke = await time("smoke", () => runSmoke(queries, cluster, policy));
		}
		findings.recoveryTimeMs = timer.recoveryTimeMs;
		if (inputs.amcheck !== "never") findings.amcheck = await time("amcheck", () => cluster.amcheck());
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
/** A named target may be the very server that the archive is from: that server is asked where it was given. */
async function sourceBeside(inputs, context) {
	const { "database-url": url, "target-url": target } = inputs;
	return url === void 0 || target === void 0 ? void 0 : databaseInputs({
		...inputs,
		"database-url": url
	}, context);
}
async function compare({ expectations, source }, cluster, { findings, details }, stateSchema) {
	if (expectations === void 0) {
		findings.counted = await cluster.countRows();
		return;
	}
	const content = await cluster.readContent(stateSchema, expectations);
	findings.counted = new Map(content.tables.map(({ name, rows }) => [name, rows ?? 0]));
	const { hasOwners, version } = cluster;
	const memberships = await cluster.readMemberships();
	const leftOut = details.notRestored ?? [];
	findings.comparisons = compareContent(expectations, {
		content,
		serverMajor: Number.parseInt(version, 10),
		leftOut,
		hasOwners,
		memberships,
		roles: source.roles
	});
	details.notRestored = [
		...leftOut,
		...undumped(expectations.catalog),
		...unreplayed(expectations.memberships, source.roles)
	];
	findings.allHashed = isFullyHashed(expectations);
}
async function timed({ timer }, name, work, context) {
	context.signal.throwIfAborted();
	const started = context.clock.monotonic();
	const elapsed = () => formatDuration(context.clock.monotonic() - started);
	const result = await timer.time(name, () => withHeartbeat(context, () => `${name}: ${elapsed()} so far`, work));
	context.log.info(`${name}: ${elapsed()}`);
	return result;
}
/** The size on the source counts what a restore does not write, so too little room is a warning, not a refusal. */
async function warnAboutRoom({ neededBytes }, path, { log }) {
	const { bavail, bsize } = await statfs(path);
	const free = bavail * bsize;
	if (neededBytes === void 0 || free >= neededBytes) return;
	log.warn(`${formatSize(free)} are free for temporary files; the drill may need ${formatSize(neededBytes)}`);
}
function outcomeOf({ subject, archive, timer, findings, details }, inputs, context) {
	const { origin, name, id, key } = subject;
	const snapshotAt = archive?.snapshotAt ?? subject.snapshotAt;
	const { verdict, reason, checks, level, levels, recoveryPointMs } = conclude({
		origin,
		name,
		snapshotAt,
		zoneUnknown: archive?.zoneUnknown ?? false
	}, findings, {
		maxAgeMs: inputs["max-backup-age"],
		maxDataLossMs: inputs["max-data-loss"],
		maxRecoveryMs: inputs["max-restore-time"],
		minTables: inputs["min-tables"]
	}, context.clock.now());
	const { recoveryTimeMs, comparisons = [], smoke, error } = findings;
	return {
		verdict,
		reason: reason + (key === void 0 || inputs.store === void 0 ? "" : storePlace(inputs.store, context)),
		checks,
		outputs: {
			...id === void 0 ? {} : { "backup-id": id },
			...recoveryTimeMs === void 0 ? {} : { "recovery-seconds": Math.round(recoveryTimeMs / 1e3) },
			...recoveryPointMs === void 0 ? {} : { "recovery-point-seconds": Math.round(recoveryPointMs / 1e3) },
			...level === void 0 ? {} : { level }
		},
		details: {
			backup: {
				origin,
				id,
				name,
				key,
				snapshotAt: snapshotAt?.toISOString(),
				sizeBytes: archive?.sizeBytes
			},
			...level === void 0 ? {} : {
				level,
				levels
			},
			phases: timer.phases,
			...recoveryTimeMs === void 0 ? {} : { recoveryTimeMs },
			...recoveryPointMs === void 0 ? {} : { recoveryPointMs },
			machine: thisMachine(),
			...details,
			mismatches: comparisons.flatMap(({ mismatches }) => mismatches),
			...smoke === void 0 ? {} : { smoke }
		},
		...error === void 0 ? {} : { error }
	};
}
function thisMachine() {
	return {
		cpus: availableParallelism(),
		memoryBytes: totalmem()
	};
}
/** Earlier drills beside this one, and whether the recovery time comes near its limit. */
async function lookBack(outcome, { subject, archive, findings }, store, inputs, context) {
	const { drills, problem } = await readEarlierDrills(store, context, subject.origin === "dump" ? subject.key : void 0);
	const { verdict } = outcome;
	const now = {
		at: context.clock.now().toISOString(),
		verdict,
		level: void 0,
		recoveryTimeMs: findings.recoveryTimeMs,
		sizeBytes: archive?.sizeBytes,
		machine: thisMachine()
	};
	const limitMs = inputs["max-restore-time"];
	const warning = limitMs === void 0 ? void 0 : trendWarning([...drills, now], limitMs);
	if (problem !== void 0) context.log.warn(problem);
	if (warning !== void 0) context.log.warn(warning);
	return {
		history: drills,
		notes: [warning, problem].filter((note) => note !== void 0)
	};
}
/** A signal ends whatever is under way, and each part dies of it in its own words. */
function knownError(error, { details }, { signal }) {
	if (signal.aborted) return new ReleaseError("interrupted", "The run was stopped by a signal; the scratch cluster is removed.", {
		hint: "Run the same command again; nothing outside of the scratch cluster was changed.",
		cause: error
	});
	const known = asReleaseError(error);
	if (known.code === "internal-error") throw error;
	if (details.isolation !== void 0 && (known.code === "connection-lost" || known.code === "connection-failed")) return new ReleaseError("scratch-failed", "The scratch server ended while the drill was at work in it.", {
		hint: "Is there enough memory on this machine, and room for temporary files (TMPDIR, RUNNER_TEMP)? Nothing is said about the backup.",
		cause: error
	});
	return known;
}
export { restore_drill_default as default };
