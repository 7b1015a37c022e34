import { r as messageOf, t as ReleaseError } from "./errors.js";
import { a as usualPostFolders, t as isSameRelease } from "./release-name.js";
import { c as flywayName, i as numberedPaths, n as isNested } from "./migration-path.js";
import { t as layouts } from "./layouts.js";
import { a as placeIn, i as lineageOf, n as isFileOf, r as isRepeatable, s as shownVersion, t as byVersion } from "./migration.js";
import { a as formatSize, c as plural, i as formatMoment, r as formatDuration, t as compactStamp } from "./units.js";
import { t as oneLine } from "./visible-text.js";
import { a as isCommit, c as setsSession, d as statementsOf, i as isBegin, l as standsAlone, n as copiesFromClient, o as kindOf, r as effectOf, s as mayCommit, t as bindsToSession, u as waitsByDesign } from "./classify.js";
import { o as statementHeads } from "./parse.js";
import { t as statementLocks } from "./locks.js";
import { n as refuseElsewhere } from "./state.js";
import { n as refuseOtherTarget } from "./team-environment.js";
import { i as recordsNewestFirst, n as recordKeyIn, o as databaseInputNames, p as failureWhenMade, t as readRecord, u as ageProblem, v as backupsNewestFirst, y as readManifest } from "./drill-record.js";
import { d as manifestKeyOf, l as isManifestKey, n as backupsPrefix, p as mayBeOfDatabase } from "./key.js";
import { createHash } from "node:crypto";
import { relative } from "node:path";
// src/backup/missing-dump.ts
/** Why a manifest describes no dump that is there: it outlives its dump where somebody, or a rule of the store, deletes by name. */
async function missingDump({ object }, store) {
	const stored = await store.head(object.key);
	if (stored === void 0) return "its dump is not in the store any more";
	if (stored.sizeBytes === object.sizeBytes) return void 0;
	return `its dump has ${formatSize(stored.sizeBytes)} in the store, where ${formatSize(object.sizeBytes)} were written`;
}
// src/backup/same-database.ts
/**
* Why a backup is not of this very database; `undefined` when it is. A stamp alone does not tell: a template copy and a
* restored backup carry it too, and a copy that was adopted as moved keeps it. So whatever both sides know must agree.
*/
function otherDatabase({ source }, live) {
	const { systemIdentifier, databaseOid, address } = live.identity;
	if (source.stamp !== void 0 && source.stamp !== live.stampId) return live.stampId === void 0 ? "it is of a database that carries a stamp, and this one carries none" : "it is of a database with another stamp";
	if (differ(source.systemIdentifier, systemIdentifier)) return "it is of another server cluster";
	if (differ(source.databaseOid, databaseOid)) return "it is of another database of this cluster";
	if (!source.inRecovery && differ(source.address, address)) return "it is of a database at another address";
	if (source.stamp !== void 0) return void 0;
	if (source.database !== live.database) return `it is of the database ${source.database}`;
	if (source.systemIdentifier === void 0 || systemIdentifier === void 0 || source.databaseOid === void 0) return "it was made before the database had a stamp, and nothing else tells which database it is of";
}
function differ(one, other) {
	return one !== void 0 && other !== void 0 && one !== other;
}
/** SHA-256, in hex, over canonical JSON: keys sorted, no white space. */
function planDigest(contract) {
	const { environment, phase, layout, folders, tables, stamp, migrations, command, policy } = contract;
	const body = {
		schema: 1,
		environment,
		phase,
		layout,
		folders,
		tables: tables.map(({ table, head }) => ({
			table,
			head
		})),
		stamp,
		migrations: migrations.map(({ version, phase, checksum, transactional }) => ({
			version,
			phase,
			checksum,
			transactional
		})),
		...command === void 0 ? {} : { command },
		policy
	};
	return createHash("sha256").update(canonicalJson(body)).digest("hex");
}
/** JSON with sorted keys and no white space. */
function canonicalJson(value) {
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	return `{${Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(",")}}`;
}
// src/migration/collect.ts
/**
* Reads both folders in the layout that is named, or that the files show.
* Throws `migrations-not-found`, `unknown-layout`, `duplicate-version` (unless they are to be kept) or what the layout finds.
*/
function collectMigrations(folders, layoutName, variables) {
	const { pre, post } = filesOf(folders);
	const { layout, shownBy } = chooseLayout([...pre, ...post], layoutName);
	const migrations = [...readOwn(layout, pre, "pre", variables), ...readOwn(layout, post, "post", variables)].sort(byVersion);
	if (migrations.length === 0) throw notFound(`${folders.pre.path} holds no migration; files in subfolders are not read.`);
	refuseDuplicates(migrations);
	layout.refuseTogether?.(migrations);
	return {
		layout,
		shownBy,
		migrations
	};
}
/** What a layout reads of a folder, given those of its files that can be the layout's. */
function readOwn(layout, files, phase, variables) {
	return layout.read(ownFiles(layout, files), phase, variables);
}
function ownFiles({ nested, folderFile }, files) {
	if (nested === "deep") return files.filter(({ name }) => !isNested(name));
	return files.filter(({ name }) => nested ? isNested(name) || name === folderFile : !name.includes("/"));
}
/**
* As `collectMigrations`, for whoever reports on every file: one that is malformed is refused by itself, and a version
* may stand there twice. Throws `migrations-not-found` or `unknown-layout`.
*/
function collectEach(folders, layoutName, variables) {
	const { pre, post } = filesOf(folders);
	const { layout, shownBy } = chooseLayout([...pre, ...post], layoutName);
	const read = (files, phase) => readEach(layout, files, phase, variables);
	const both = [read(pre, "pre"), read(post, "post")];
	const migrations = both.flatMap((one) => one.migrations).sort(byVersion);
	const refused = [...both.flatMap((one) => one.refused), ...refusedTogether(layout, migrations)];
	if (migrations.length + refused.length === 0) throw notFound(`${folders.pre.path} holds no migration; files in subfolders are not read.`);
	return {
		layout,
		shownBy,
		migrations,
		refused
	};
}
function refusedTogether(layout, migrations) {
	try {
		layout.refuseTogether?.(migrations);
		return [];
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		return [{
			path: error.at ?? migrations[0]?.path ?? "",
			error
		}];
	}
}
/** A mistyped folder must not read as "nothing is pending". */
function filesOf({ pre, post }) {
	if (pre.files === void 0) throw notFound(`There is no folder ${pre.path}.`);
	if (post.files === void 0 && post.named) throw notFound(`There is no folder ${post.path}.`);
	return {
		pre: pre.files,
		post: post.files ?? []
	};
}
/** The whole folder at once; when that fails, each migration with the files that go by its name. */
function readEach(layout, files, phase, variables) {
	try {
		return {
			migrations: readOwn(layout, files, phase, variables),
			refused: []
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		const [first, ...others] = groupsByName(files);
		if (first === void 0 || others.length === 0) return {
			migrations: [],
			refused: [{
				path: files[0]?.path ?? "",
				error
			}]
		};
		const parts = [first, ...others].map((group) => readEach(layout, group, phase, variables));
		return {
			migrations: parts.flatMap((one) => one.migrations),
			refused: parts.flatMap((one) => one.refused)
		};
	}
}
function groupsByName(files) {
	const groups = /* @__PURE__ */ new Map();
	for (const file of files) {
		const stem = flywayName(file.name.replace(/\.conf$/, ""))?.version ?? file.name.split(/[./]/)[0];
		const group = groups.get(stem);
		if (group === void 0) groups.set(stem, [file]);
		else group.push(file);
	}
	return [...groups.values()];
}
function notFound(problem) {
	return new ReleaseError("migrations-not-found", problem, { hint: "Name the folders with migrations.pre and migrations.post in shiplock.yml, or with --migrations and --migrations-post; \"shiplock new <name>\" makes the first migration." });
}
function chooseLayout(files, name) {
	const own = layouts.at(-1);
	if (name !== void 0) return {
		layout: layouts.find((layout) => layout.name === name) ?? own,
		shownBy: void 0
	};
	const shown = layouts.flatMap((layout) => {
		const shownBy = layout.recognizes(ownFiles(layout, files));
		return shownBy === void 0 ? [] : [{
			layout,
			shownBy
		}];
	});
	const [first, second] = shown.filter(({ layout }) => layout !== own);
	if (first !== void 0 && second !== void 0) throw unknownLayout(`The files may be written for ${[first, second].map(({ layout, shownBy }) => `${layout.name} (${shownBy})`).join(" or ")}.`);
	const found = first ?? shown[0];
	if (found !== void 0) return found;
	if (files.every((file) => !file.name.toLowerCase().endsWith(".sql"))) return {
		layout: own,
		shownBy: void 0
	};
	throw unknownLayout(`The files do not show which tool they are written for (${files[0]?.path} and others).`);
}
function unknownLayout(problem) {
	return new ReleaseError("unknown-layout", problem, { hint: `Set migrations.layout in shiplock.yml to one of ${layouts.map((layout) => layout.name).join(", ")}.` });
}
function refuseDuplicates(sorted) {
	for (const [index, migration] of sorted.entries()) {
		const before = sorted[index - 1];
		if (before === void 0 || lineageOf(before.version) !== lineageOf(migration.version)) continue;
		if (isRepeatable(migration)) throw new ReleaseError("duplicate-version", `${before.path} and ${migration.path} are repeatable migrations of one name.`, {
			at: migration.path,
			hint: "Rename one of them: nothing else tells whose turn it is."
		});
		throw new ReleaseError("duplicate-version", `${before.path} and ${migration.path} carry the same version, ${migration.version}.`, {
			at: migration.path,
			hint: "Give the newer one a number of its own; numbers are unique across both folders."
		});
	}
}
// src/migration/history.ts
/** The newest release that was recorded as deployed. */
function lastDeployed(history) {
	return newest(history.filter((row) => row.event === "deployed"));
}
/** Attempts after which the version table held the migration, and that no later run took back. */
function appliedAttempts(history) {
	const standing = /* @__PURE__ */ new Map();
	for (const row of history) {
		if (row.event === "reversal" && row.state === "reverted") standing.delete(row.version);
		if (row.event !== "migration" || row.state !== "applied" && row.state !== "applied-unreported") continue;
		standing.set(row.version, [...standing.get(row.version) ?? [], row]);
	}
	const kept = new Set([...standing.values()].flat());
	return history.filter((row) => row.event === "migration").filter((row) => kept.has(row));
}
/**
* Whether a row says that older code comes back: what a dead run did not live to record is known by what it took back. What
* a person took back says so only where the release that is live contains it: its code cannot be live without it.
*/
function isRollback(row, deployed) {
	if (row.event !== "reversal") return row.event === "rollback";
	if (row.state !== "reverted" || row.byHand === void 0) return row.state === "reverted";
	return row.byHand.wasApplied && deployed?.migrations.some(({ version }) => version === row.version) === true;
}
/** Every version that a run of Shiplock, or a release that it saw, has known. */
function knownVersions(history) {
	return new Set(history.flatMap((row) => row.event === "migration" ? [row.version] : row.event === "deployed" ? row.migrations.map((one) => one.version) : []));
}
/** The last of the newest: rows of one moment stand in their order. */
function newest(rows) {
	return rows.reduce((last, row) => last === void 0 || row.at >= last.at ? row : last, void 0);
}
/** Versions that the history takes for run, or for part of a release that was deployed, and that nobody took back since. */
function ranBefore({ rows, former }) {
	const known = /* @__PURE__ */ new Map();
	for (const row of [...former, ...rows]) {
		if (row.event === "deployed") for (const one of row.migrations) known.set(one.version, one);
		if (row.event === "reversal" && row.state === "reverted") known.delete(row.version);
		if (row.event === "migration" && (row.state === "applied" || row.state === "applied-unreported" || row.state === "running")) known.set(row.version, row);
	}
	return [...known.values()];
}
// src/migration/identity.ts
/**
* Throws `wrong-database` unless the stamp in the database says that it is the one of this environment, and not a
* fork, a template copy or a restored backup that carries somebody else's stamp.
*/
function checkStamp(stamp, identity, environment) {
	if (stamp === void 0) return;
	const adopt = `shiplock ledger adopt --environment ${environment} --reason "…"`;
	if (stamp.environment !== environment) throw new ReleaseError("wrong-database", `This database was stamped as ${stamp.environment}, and this run is for ${environment}.`, { hint: `Check database-url and environment. Nothing was changed. If this database, a copy perhaps, is to be ${environment} from now on: ${adopt}` });
	const differences = differencesOf(stamp, identity);
	if (differences.length === 0) return;
	throw new ReleaseError("wrong-database", `This database is a copy, or has moved: it carries the stamp of ${environment}, which was made for ${differences.join(" and ")}.`, { hint: `Check database-url. Nothing was changed. If it really is ${environment} now: ${adopt}` });
}
/** `undefined` when the stamp agrees already. Throws `not-stamped`. */
function planAdoption(stamp, identity, environment) {
	if (stamp === void 0) throw new ReleaseError("not-stamped", "This database carries no stamp: no run of Shiplock has changed it.", { hint: `There is nothing to adopt. The first "shiplock migrate --environment ${environment}" stamps it.` });
	const sameName = stamp.environment === environment;
	if (sameName && differencesOf(stamp, identity).length === 0) return void 0;
	return {
		kind: sameName ? "moved" : "copy",
		from: stamp,
		to: {
			...identity,
			environment
		}
	};
}
function differencesOf(stamp, identity) {
	return [
		stamp.systemIdentifier !== void 0 && identity.systemIdentifier !== void 0 && stamp.systemIdentifier !== identity.systemIdentifier && "another server cluster",
		stamp.databaseOid !== identity.databaseOid && "another database of that cluster",
		stamp.address !== identity.address && identity.standby !== true && "another address"
	].filter((one) => one !== false);
}
// src/migration/drift.ts
function sidesOf(migrations, entries, { rows, former }) {
	const history = [...former, ...rows];
	const contained = /* @__PURE__ */ new Map();
	for (const row of history) for (const one of row.event === "deployed" ? row.migrations : []) contained.set(one.version, [...contained.get(one.version) ?? [], one]);
	return {
		migrations,
		applied: new Map(entries.map((entry) => [entry.version, entry])),
		attempts: new Map(appliedAttempts(history).map((row) => [row.version, row])),
		contained
	};
}
/** SHA-256 of the file that ran under a version; `undefined` when nothing kept it. */
function checksumThatRan({ applied, attempts }, version) {
	return applied.get(version)?.checksum ?? attempts.get(version)?.checksum;
}
/** Throws `version-clash` when another file ran under a file's number, `checksum-mismatch` when the file itself changed. */
function refuseEdits(sides) {
	for (const migration of sides.migrations) {
		const { version, path } = migration;
		const entry = sides.applied.get(version);
		if (entry === void 0) continue;
		const recorded = checksumThatRan(sides, version);
		const renamed = entry.name !== void 0 && migration.keptName !== void 0 && entry.name !== migration.keptName;
		const isSame = recorded !== void 0 && isFileOf(migration, recorded);
		if (isSame && !renamed) continue;
		const day = entry.appliedAt === void 0 ? "" : ` on ${entry.appliedAt.toISOString().slice(0, 10)}`;
		if (isSame) throw new ReleaseError("version-clash", `${path} was renamed after it ran${day}: the version table has it as "${oneLine(entry.name ?? "")}".`, {
			at: path,
			hint: "Give the file its name back: the team's tool goes by it, and would run the file again or stop at it."
		});
		const other = renamed ? oneLine(entry.name ?? "") : nameThatRan(sides, migration);
		if (other !== void 0) throw new ReleaseError("version-clash", `Version ${version} ran as ${other}${day}, and ${path} carries the same number.`, {
			at: path,
			hint: `Give ${path} a number of its own, newer than both, and keep ${other} as it is: two branches took the same number. "shiplock new --hotfix" takes one that no branch has.`
		});
		if (recorded === void 0) continue;
		throw new ReleaseError("checksum-mismatch", `${path} was edited after it ran${day}.`, {
			at: path,
			hint: "Restore the file from version control, and put the change into a new migration."
		});
	}
}
/**
* The other file that ran under a migration's number. Without an attempt of our own the deployed releases say it: they
* held the number, and none held it under this name or with these contents.
*/
function nameThatRan({ attempts, contained }, { version, id, checksum }) {
	const attempt = attempts.get(version);
	if (attempt !== void 0) return attempt.name === id || attempt.name === "" ? void 0 : attempt.name;
	const known = contained.get(version) ?? [];
	if (known.some((one) => one.name === void 0 || one.name === id || one.checksum === checksum)) return void 0;
	return known.at(-1)?.name;
}
function refuseMoves({ migrations, applied }) {
	const phases = /* @__PURE__ */ new Map();
	for (const entry of applied.values()) {
		const lineage = lineageOf(entry.version);
		phases.set(lineage, [...phases.get(lineage) ?? [], entry.phase]);
	}
	for (const { version, phase, path } of migrations) {
		const [ran, ...others] = phases.get(lineageOf(version)) ?? [];
		if (ran === void 0 || [ran, ...others].includes(phase)) continue;
		const own = isRepeatable({ version }) ? "name" : "number";
		throw new ReleaseError("phase-moved", `${path} stands in the ${phase} folder, but version ${shownVersion(version)} ran as a ${ran} migration.`, { hint: `Move the file back. If it is another migration, give it a ${own} of its own.` });
	}
}
/** Git is asked only about versions that the history does not know. */
async function refuseUnknown(ahead, { rows, former }, gitVersions) {
	const known = new Set([...knownVersions([...former, ...rows])].map(lineageOf));
	let unknown = ahead.filter((entry) => !known.has(lineageOf(entry.version)));
	if (unknown.length === 0) return;
	const inGit = await gitVersions();
	unknown = unknown.filter((entry) => !inGit.has(lineageOf(entry.version)));
	if (unknown.length === 0) return;
	const list = unknown.map((entry) => shownVersion(entry.version)).join(", ");
	throw new ReleaseError("unknown-version", `The ledger holds ${unknown.length === 1 ? "a version" : "versions"} of unknown origin: ${list}. No file, no history row and no git ref knows ${unknown.length === 1 ? "it" : "them"}.`, { hint: "Check that this is the right database and the right branch (fetch the whole history: fetch-depth: 0). Somebody may have run migrations from elsewhere." });
}
/**
* Where the table keeps the newest version alone, a file that came too late counts as run and never runs. It shows when
* a release that was deployed had a newer one and not this one.
*/
function refuseSkipped({ migrations, applied, attempts, contained }) {
	const deployed = [...contained].map(([version, [one]]) => ({
		version,
		phase: one?.phase
	}));
	for (const migration of migrations) {
		const { version, phase, path } = migration;
		if (!applied.has(version) || attempts.has(version) || contained.has(version)) continue;
		const newer = deployed.find((one) => one.phase === phase && applied.has(one.version) && byVersion(one, migration) > 0);
		if (newer === void 0) continue;
		throw new ReleaseError("out-of-order", `${path} is older than version ${newer.version}, which has run, and has not run itself.`, {
			at: path,
			hint: "Give it a newer number: the version table keeps the newest number alone, and an older file can never run."
		});
	}
}
/** A hotfix took a number ahead of its turn on purpose: older files may still run after it. */
function refuseHoles(pending, { migrations, applied }, phase) {
	const newest = migrations.filter((migration) => migration.phase === phase && applied.has(migration.version) && !migration.hotfix && !isRepeatable(migration)).sort(byVersion).at(-1);
	const late = newest === void 0 ? void 0 : pending.find((migration) => byVersion(migration, newest) < 0);
	if (late === void 0 || newest === void 0) return;
	throw new ReleaseError("out-of-order", `${late.path} is older than ${newest.id}, which has run.`, {
		at: late.path,
		hint: `Give it a newer number. When ${newest.id} is a hotfix, the mark "${newest.notSql === void 0 ? "--" : "#"} shiplock: hotfix" at its top, ${newest.notSql === void 0 ? "made by \"shiplock new --hotfix\" before it ran" : "there before it ran"}, lets older ones follow; migrations.out-of-order: allow lets any.`
	});
}
// src/migration/post-rules.ts
/**
* The post migrations that the code that is live no longer needs held back.
* Throws `post-not-allowed` or `post-changed`.
*/
function postMigrationsToRun({ pre, post }, history) {
	const deployed = lastDeployed(history);
	if (deployed === void 0 && pre.length === 0) throw new ReleaseError("post-not-allowed", `${plural(post.length, "post migration")} would run, but no release has been recorded as deployed in this environment.`, { hint: "Run \"shiplock record deployed\" after the deploy command has ended with 0; then run the post phase." });
	refuseBarred(history, deployed);
	if (pre.length > 0) throw new ReleaseError("post-not-allowed", `${plural(pre.length, "pre migration")} of this release (${pre[0]?.id} first) has not run, so the code that is live cannot be the one that no longer needs the old objects.`, { hint: "Run the pre phase, deploy, record the deploy, and then run the post phase." });
	const contained = new Map(deployed?.migrations.map(({ version, checksum }) => [version, checksum]));
	const changed = post.find(({ version, checksum }) => contained.has(version) && contained.get(version) !== checksum);
	if (changed !== void 0) throw new ReleaseError("post-changed", `${changed.path} was changed after ${deployed?.release} was recorded as deployed.`, {
		at: changed.path,
		hint: "Deploy the release that holds the file as it is now, run \"shiplock record deployed\" from its checkout, and then the post phase."
	});
	return post.filter(({ version }) => contained.has(version));
}
/** Throws `post-not-allowed`: after a rollback, or a canary that did not like what it saw, the code that was recorded as live may be live no more. */
function refuseBarred(history, deployed) {
	const against = history.filter((row, index) => isAgainst(row, history.slice(index + 1), deployed));
	const last = newest([...deployed === void 0 ? [] : [deployed], ...against]);
	if (last === void 0 || last === deployed) return;
	const what = last.event === "canary" ? `A canary ended in ${last.verdict}` : last.event === "reversal" && last.byHand !== void 0 ? `${last.name}, which the release that is live contains, was marked as taken back` : "A rollback was recorded";
	throw new ReleaseError("post-not-allowed", `${what} for ${last.release} on ${formatMoment(last.at)}, after the last deploy${deployed === void 0 ? "" : ` (${deployed.release})`}: old code may be live again that needs what the post migrations remove.`, { hint: `Deploy the release that is to stay, run "shiplock record deployed" from its checkout, and then the post phase.${last.event === "canary" ? " When this one is to stay, a person decides it: \"shiplock record promoted --reason …\"." : ""}` });
}
/**
* After an abort the old code may be live again, so that only a person or a new deploy can tell otherwise; after a hold a
* watch of the same release with more to see can, too.
*/
function isAgainst(row, later, deployed) {
	if (isRollback(row, deployed)) return true;
	if (row.event !== "canary" || row.verdict === "promote") return false;
	return !later.some((one) => one.event === "canary" && one.verdict === "promote" && (one.accepted || row.verdict === "hold" && one.release === row.release));
}
/** Throws `post-debt` when post migrations have been held back for too long, or too many of them. */
function refuseDebts(debts, { maxPostDebtMs, maxPostDebtCount }) {
	const [oldest] = [...debts].sort((a, b) => b.ageMs - a.ageMs);
	if (oldest === void 0) return;
	if (oldest.ageMs > maxPostDebtMs) throw new ReleaseError("post-debt", `${oldest.migration.path} has been held back for ${formatDuration(oldest.ageMs)} since its release was deployed; the limit is ${formatDuration(maxPostDebtMs)}.`, { hint: "Run --phase post from the checkout of the deployed release first, or raise max-post-debt." });
	if (debts.length > maxPostDebtCount) throw new ReleaseError("post-debt", `${plural(debts.length, "post migration")} of deployed releases are held back, ${oldest.migration.path} for the longest; the limit is ${maxPostDebtCount}.`, { hint: "Run --phase post from the checkout of the deployed release first, or raise max-post-debt-count." });
}
function debtsOf(post, history, now) {
	const deploys = history.filter((row) => row.event === "deployed").sort((a, b) => a.at.getTime() - b.at.getTime());
	return post.flatMap((migration) => {
		const first = deploys.find((row) => row.migrations.some((one) => one.version === migration.version));
		return first === void 0 ? [] : [{
			migration,
			since: first.at,
			release: first.release,
			ageMs: now.getTime() - first.at.getTime()
		}];
	});
}
// src/migration/plan.ts
/**
* Compares ledger and files.
* Throws `version-clash`, `checksum-mismatch`, `phase-moved`, `unknown-version` or `out-of-order`: states that no phase
* may run on.
*/
async function comparePhases(evidence, policy) {
	const { migrations, entries, history } = evidence;
	const sides = sidesOf(migrations, entries, history);
	const files = new Set(migrations.map(({ version }) => lineageOf(version)));
	refuseEdits(sides);
	refuseMoves(sides);
	if (evidence.keepsNewest) refuseSkipped(sides);
	const ahead = entries.filter((entry) => !files.has(lineageOf(entry.version))).sort(byVersion);
	await refuseUnknown(ahead, history, evidence.gitVersions);
	const pending = migrations.filter((migration) => !sides.applied.has(migration.version)).sort(byVersion);
	const plans = {
		pre: ofPhase(pending, "pre"),
		post: ofPhase(pending, "post")
	};
	if (policy.outOfOrder === "refuse") refuseHoles(plans.pre, sides, "pre");
	if (policy.outOfOrder === "refuse") refuseHoles(plans.post, sides, "post");
	return {
		...plans,
		ahead: ahead.map((entry) => shownVersion(entry.version)),
		debts: debtsOf(plans.post, history.rows, evidence.now),
		unchecked: migrations.filter(({ version }) => sides.applied.has(version) && checksumThatRan(sides, version) === void 0).length,
		applied: entries.length
	};
}
/**
* What `migrate` runs in a phase, in order. Post migrations that the deployed release does not contain stay held back.
* Throws `post-not-allowed`, `post-changed`, `unphased-refused` or `post-debt`.
*/
function migrationsFor(phase, plans, evidence, policy) {
	if (phase === "all") return {
		run: bothPhases(plans, evidence, policy),
		heldBack: []
	};
	if (phase === "pre") {
		if (plans.pre.length > 0) refuseDebts(plans.debts, policy);
		return {
			run: plans.pre,
			heldBack: plans.post
		};
	}
	if (plans.post.length === 0) return {
		run: [],
		heldBack: []
	};
	const run = postMigrationsToRun(plans, evidence.history.rows);
	return {
		run,
		heldBack: plans.post.filter((migration) => !run.includes(migration))
	};
}
function bothPhases(plans, { entries }, policy) {
	const run = [...plans.pre, ...plans.post].sort(byVersion);
	if (run.length > 0 && entries.length > 0 && !policy.allowUnphased) throw new ReleaseError("unphased-refused", `Phase all runs pre and post migrations together, and this database has a history (${plural(entries.length, "applied migration")}): code may be live that needs what the post migrations remove.`, { hint: "Run --phase pre, deploy, then --phase post; or set allow-unphased when nothing is live." });
	return run;
}
function ofPhase(migrations, phase) {
	return migrations.filter((migration) => migration.phase === phase);
}
// src/migration/lock-needs.ts
const unknownNeeds = (why) => ({
	locks: [],
	first: [],
	creates: [],
	unknown: why,
	definesOnly: false
});
function lockNeeds(statements) {
	const locks = [];
	const first = [];
	const creates = [];
	const meanings = /* @__PURE__ */ new Map();
	let unknown;
	let definesOnly = true;
	let instant = true;
	for (const statement of statements) {
		const one = statementLocks(statement);
		const others = one.locks.flatMap((lock) => asBefore(lock, meanings));
		locks.push(...others);
		if (instant) first.push(...others);
		creates.push(...one.creates);
		for (const name of one.creates) meanings.set(keyOf(name), "made");
		for (const { from, to } of one.renames ?? []) meanings.set(keyOf(to), meanings.get(keyOf(from)) ?? from);
		unknown ??= one.unknown;
		definesOnly &&= one.definesOnly;
		instant &&= one.work === "catalog" && one.unknown === void 0;
	}
	return {
		locks,
		first,
		creates,
		unknown,
		definesOnly
	};
}
/** The lock under the name that the relation has before all statements; none on one that they made. */
function asBefore(lock, meanings) {
	const meant = meanings.get(keyOf(lock)) ?? lock;
	return meant === "made" ? [] : [{
		...lock,
		schema: meant.schema,
		name: meant.name
	}];
}
/** Whether every relation it locks was made by this run: nobody else can be using it. */
function touchesOnly(made, { locks, unknown, definesOnly }) {
	return definesOnly && unknown === void 0 && locks.every((lock) => made.has(keyOf(lock)));
}
/** A name as it is written: `accounts` and `public.accounts` may be two tables. */
function keyOf({ schema, name }) {
	return JSON.stringify([schema ?? null, name]);
}
// src/migration/script.ts
/**
* Splits a migration into what is sent to the server.
* Throws `client-command`, `transaction-control` or, on a server as new as the parser, `syntax-error`, with the place.
*/
async function prepareScript(migration, serverMajor, layout) {
	const { up, notSql } = migration;
	if (notSql !== void 0) throw new Error(`${migration.path} is written in ${notSql}: there is nothing to send`);
	const parsed = await statementsOf(up);
	if ("problem" in parsed) {
		const { offset, message } = parsed.problem;
		if (up.text[offset] === "\\") throw clientCommand(migration, offset, "a backslash command");
		const copy = /\bcopy\b[^;]*\bfrom\s+stdin\b[^;]*;[^;]*$/i.exec(up.text.slice(0, offset));
		if (copy !== null) throw clientCommand(migration, copy.index, "COPY FROM STDIN");
		const place = placeIn(migration, up, offset);
		if (serverMajor >= 18) throw syntaxError(place, message);
		await refuseUnreadableTransactions(migration, place);
		const unit = {
			sql: up,
			statements: [],
			transactional: migration.transactional,
			concurrent: false,
			session: false,
			effect: void 0,
			needs: unknownNeeds("the parser does not read this text")
		};
		return {
			migration,
			unwrapped: false,
			unparsed: `${place}: ${message}`,
			units: [unit]
		};
	}
	const { statements } = parsed;
	const copy = statements.find(copiesFromClient);
	if (copy !== void 0) throw clientCommand(migration, copy.start, "COPY FROM STDIN");
	return migration.transactional ? transactionalScript(migration, statements, layout) : statementScript(migration, statements);
}
/** What tells whether a statement was edited between two runs of a file. */
function hashOf({ sql }) {
	return createHash("sha256").update(sql.text).digest("hex");
}
function syntaxError(place, message) {
	return new ReleaseError("syntax-error", `${place}: ${message}`, {
		at: place,
		hint: "Nothing was run. Correct the file and try again."
	});
}
function transactionalScript(migration, all, layout) {
	const wrapped = isBegin(all[0]) && isCommit(all.at(-1));
	const inner = wrapped ? all.slice(1, -1) : all;
	for (const statement of inner) {
		if (kindOf(statement) === "TransactionStmt") throw transactionControl(migration, statement);
		const alone = standsAlone(statement);
		if (alone !== void 0) throw needsNoTransaction(migration, statement, alone, layout);
	}
	const start = wrapped ? afterSemicolon(migration.up.text, all[0].end) : 0;
	const end = wrapped ? all.at(-1).start : migration.up.text.length;
	const sql = migration.up.slice(start, end);
	return {
		migration,
		unwrapped: wrapped,
		unparsed: void 0,
		units: inner.length === 0 ? [] : [{
			sql,
			statements: inner.map((one) => one.start - start),
			transactional: true,
			concurrent: false,
			session: false,
			effect: void 0,
			needs: lockNeeds(inner)
		}]
	};
}
/** Outside a transaction each statement is a unit; `begin … commit` inside the file makes one of several. */
function statementScript(migration, statements) {
	const units = [];
	for (let index = 0; index < statements.length; index++) {
		const statement = statements[index];
		if (isBegin(statement)) {
			const end = statements.findIndex((one, at) => at > index && kindOf(one) === "TransactionStmt");
			const closing = statements[end];
			if (!isCommit(closing)) throw transactionControl(migration, closing ?? statement);
			const block = statements.slice(index + 1, end);
			if (block.length > 0) units.push(unitOf(migration.up, block, true));
			index = end;
		} else if (kindOf(statement) === "TransactionStmt") throw transactionControl(migration, statement);
		else {
			const bound = bindsToSession(statement);
			if (bound !== void 0) throw sessionBound(migration, statement, bound);
			const session = setsSession(statement);
			const unit = unitOf(migration.up, [statement], !session && standsAlone(statement) === void 0 && !mayCommit(statement));
			units.push({
				...unit,
				session
			});
		}
	}
	return {
		migration,
		unwrapped: false,
		unparsed: void 0,
		units
	};
}
function unitOf(text, statements, transactional) {
	const first = statements[0];
	return {
		sql: text.slice(first.start, statements.at(-1).end),
		statements: statements.map((one) => one.start - first.start),
		transactional,
		concurrent: !transactional && waitsByDesign(first),
		session: false,
		effect: transactional ? void 0 : effectOf(first),
		needs: lockNeeds(statements)
	};
}
function afterSemicolon(text, from) {
	const semicolon = text.indexOf(";", from);
	return semicolon < 0 ? text.length : semicolon + 1;
}
function transactionControl(migration, statement) {
	const at = placeIn(migration, migration.up, statement.start);
	const word = migration.up.text.slice(statement.start, statement.end).split(/\s/)[0]?.toUpperCase();
	return new ReleaseError("transaction-control", `${at}: ${word} controls a transaction; Shiplock opens and closes it together with the version row.`, {
		at,
		hint: migration.transactional ? "Remove it, or split the file into several migrations. One begin at the top with one commit at the end is allowed." : "In a file without a transaction only whole begin … commit blocks are allowed."
	});
}
function needsNoTransaction(migration, statement, what, { outsideTransaction }) {
	const at = placeIn(migration, migration.up, statement.start);
	return new ReleaseError("transaction-control", `${at}: ${what} cannot run inside a transaction.`, {
		at,
		hint: `Let the file run outside a transaction (${outsideTransaction}), best with this statement alone.`
	});
}
function sessionBound(migration, statement, what) {
	const at = placeIn(migration, migration.up, statement.start);
	return new ReleaseError("unsupported-migration", `${at}: ${what} lasts as long as the session, and a file outside a transaction may have to go on in another one.`, {
		at,
		hint: "Put it into a migration that runs in a transaction, or into one begin … commit block with the statements that need it."
	});
}
/** psql's backslash commands and `copy … from stdin` need a client that feeds them. */
function clientCommand(migration, offset, what) {
	const at = placeIn(migration, migration.up, offset);
	return new ReleaseError("client-command", `${at}: ${what} needs psql to carry it out; it is not SQL that a server runs.`, {
		at,
		hint: "Write it as SQL: INSERT instead of COPY FROM STDIN, and no backslash commands."
	});
}
/** What the parser cannot read it cannot check either: transaction control is looked for word by word. */
async function refuseUnreadableTransactions(migration, place) {
	const word = (await statementHeads(migration.up.text)).find((head) => [
		"begin",
		"start",
		"commit",
		"rollback",
		"abort",
		"savepoint",
		"release",
		"end",
		"prepare"
	].includes(head));
	if (word === void 0) return;
	throw new ReleaseError("transaction-control", `${migration.path} cannot be split (the parser stops at ${place}), and it holds ${word.toUpperCase()}.`, { hint: "Remove the transaction control; Shiplock opens and closes the transaction itself." });
}
// src/migration/team-command.ts
/** A command without a layout means the layout command. Throws `invalid-input` when the inputs contradict each other. */
function migrationWay({ layout, "migrate-command": pre, "migrate-command-post": post }) {
	if (pre !== void 0 && (layout === void 0 || layout === "command")) return {
		kind: "command",
		command: {
			pre,
			post: post ?? pre
		}
	};
	if (layout === "rails" || layout !== "command" && pre === void 0 && post === void 0) return {
		kind: "files",
		layout
	};
	if (pre === void 0) throw new ReleaseError("invalid-input", `migrate-command is missing: it names the program that the layout command runs.`, { hint: "Set migrations.command in shiplock.yml, such as [bin/rails, db:migrate], or --migrate-command with a JSON array." });
	throw new ReleaseError("invalid-input", `migrate-command was given together with the layout ${layout}, whose files Shiplock runs itself.`, { hint: "Take migrations.command out, or set migrations.layout to command." });
}
/** The program of a layout whose files Shiplock knows and does not run: as it was named, else as the layout has it. */
function teamCommandOf({ "migrate-command": pre, "migrate-command-post": post }, { command }) {
	return {
		pre: pre ?? command,
		post: post ?? pre ?? command
	};
}
/** What takes one version back: named, or made from the command that runs everything. Throws `invalid-input` where that cannot be. */
function downCommandOf(inputs, program, version) {
	const argument = program.versionArgument(version);
	const named = inputs["migrate-command-down"];
	if (named !== void 0) return [...named, argument];
	const { pre } = teamCommandOf(inputs, program);
	if (pre.at(-1) === program.command.at(-1)) return [
		...pre.slice(0, -1),
		program.downTask,
		argument
	];
	throw new ReleaseError("invalid-input", "migrate-command-down is missing: migrate-command does not tell how one version is taken back.", { hint: `Set migrations.command-down in shiplock.yml, such as [bin/rails, ${program.downTask}]; ${argument} is added behind it.` });
}
/** Both phases at once are what the post command does where nothing has run before. */
function commandFor(command, phase) {
	return command[phase === "pre" ? "pre" : "post"];
}
function hasNoFiles() {
	return new ReleaseError("invalid-input", "With the layout command the migrations are the team's own; Shiplock reads and writes none of their files.", { hint: "Make the file with the team's own tool, such as bin/rails generate migration." });
}
/**
* Throws `post-not-allowed` or `unphased-refused`. Without files nobody can tell what a release contains: its name or
* its commit must be that of the release which was recorded as deployed last.
*/
function refuseTeamPhase(phase, evidence, run, allowUnphased) {
	if (phase === "post") refuseOtherRelease(evidence.history, run);
	if (phase !== "all" || allowUnphased || evidence.isFresh && evidence.history.length === 0) return;
	throw new ReleaseError("unphased-refused", "Phase all runs pre and post migrations together, and this database has a history: code may be live that needs what the post migrations remove.", { hint: "Run --phase pre, deploy, then --phase post; or set allow-unphased when nothing is live." });
}
/** Throws unless a release with this name can have been deployed: `post-not-allowed`, or `invalid-input` without a name. */
function refuseTeamRecord(history, run) {
	if (run.release === "unversioned" && run.commit === void 0) throw nameless("invalid-input");
	const last = history.findLast((row) => row.event === "command" && row.phase !== "post");
	if (last?.event === "command" && last.state === "applied") return;
	const why = last?.event === "command" ? `The last run of the pre phase (${last.release}) ${endings[last.state]}` : "The pre phase has not run in this environment";
	throw new ReleaseError("post-not-allowed", `${why}, so the code that needs it cannot be live.`, { hint: "Run \"shiplock migrate --phase pre\", deploy, and then record the deploy." });
}
const endings = {
	running: "was cut off",
	unknown: "was cut off",
	failed: "failed",
	"not-applied": "could not be started",
	applied: "passed",
	"applied-unreported": "passed"
};
function refuseOtherRelease(history, run) {
	const deployed = lastDeployed(history);
	if (deployed === void 0) throw new ReleaseError("post-not-allowed", "Post migrations would run, but no release has been recorded as deployed in this environment.", { hint: "Run \"shiplock record deployed\" after the deploy command has ended with 0; then run the post phase." });
	refuseBarred(history, deployed);
	if (isSameRelease(deployed, run)) return;
	if (run.release === "unversioned") throw nameless("post-not-allowed");
	throw new ReleaseError("post-not-allowed", `${deployed.release} is recorded as deployed, and this run is of ${run.release}: its post migrations may remove what ${deployed.release} needs.`, { hint: `Deploy ${run.release} and run "shiplock record deployed"; or run the post phase from the checkout of ${deployed.release}.` });
}
function nameless(code) {
	return new ReleaseError(code, "This release has no name: there is neither a tag nor a commit, and the layout command has no files to compare.", { hint: "Name it the same in every step: --release v1.9." });
}
// src/backup/ledger-standing.ts
/** The moment whose version tables a backup holds, the first of those given; or what differs from the first, in a sentence's end. */
function standingOf(heads, standings) {
	for (const { when, heads: expected } of standings) if (differences(heads, expected).length === 0) return { when };
	const [first] = differences(heads, standings[0]?.heads ?? []);
	return { problem: first ?? "no version table is known to compare" };
}
/** No table in common says nothing: then there is one difference, that nothing was compared. */
function differences(heads, expected) {
	if (expected.length === 0) return ["no version table is known to compare"];
	return expected.flatMap(({ table, head, empty }) => {
		const found = heads.find((one) => one.table === table);
		const inBackup = found?.ofProject ?? found?.head;
		if (inBackup === head || inBackup === void 0 && empty) return [];
		return [`${table} is at ${empty ? "no migration" : head} now, and ${inBackup === void 0 ? "not in the backup" : `at ${inBackup} in the backup`}`];
	});
}
// src/backup/required-backup.ts
/** Looks for a backup that counts, the newest first; `candidates` come in this order. */
async function searchBackup(candidates, asked, measure, store) {
	const ignored = [];
	let newest;
	for await (const one of candidates) {
		if (!("manifest" in one)) {
			ignored.push(one);
			continue;
		}
		const ageMs = measure.now.getTime() - Date.parse(one.manifest.dump.snapshotAt);
		const judged = judge$1(one.manifest, asked, measure, ageMs);
		const problem = judged.problem ?? await missingDump(one.manifest, store);
		if (problem === void 0) return {
			found: {
				backup: one,
				ageMs,
				when: judged.when
			},
			newest,
			ignored
		};
		newest ??= {
			backup: one,
			problem
		};
		if (ageMs > asked.maxAgeMs) break;
	}
	return {
		found: void 0,
		newest,
		ignored
	};
}
const levels = ["landed", "read-back"];
const levelWords = {
	landed: "landed",
	"read-back": "read back"
};
function judge$1(manifest, asked, measure, ageMs) {
	const standing = standingOf(manifest.ledgerHeads, measure.standings);
	return {
		problem: failureWhenMade(manifest) ?? otherDatabase(manifest, measure) ?? ageProblem(ageMs, asked.maxAgeMs) ?? (levels.indexOf(manifest.level) < levels.indexOf(asked.level) ? `it is only ${levelWords[manifest.level]}, not ${levelWords[asked.level]}` : void 0) ?? ("problem" in standing ? `its version tables are not those of this database: ${standing.problem}` : void 0),
		when: "when" in standing ? standing.when : ""
	};
}
/** Says what was looked for, what there is, and what to type. */
function backupRequired(asked, looked, { environment }, attest, asker = "require-backup") {
	const wanted = `${asker} asks for a backup of this very database, as it stands now, ${levelWords[asked.level]} and at most ${formatDuration(asked.maxAgeMs)} old`;
	const attested = attest === void 0 ? "" : ` Nor was another kind of backup attested: ${attest}.`;
	return new ReleaseError("backup-required", `${wanted}. ${typeof looked === "string" ? looked : describeSearch$1(looked)}${attested}`, { hint: `Type: shiplock backup --environment ${environment}. Then run the same command again; nothing was changed.` });
}
function describeSearch$1({ newest, ignored }) {
	const unusable = ignored.map(({ manifestKey, problem }) => ` ${manifestKey} cannot be used: ${problem.replace(/\.$/, "")}.`).join("");
	if (newest === void 0) return `The store holds none of this environment.${unusable}`;
	const { id, dump } = newest.backup.manifest;
	return `The newest, ${id} (snapshot ${formatMoment(dump.snapshotAt)}), does not count: ${newest.problem}.${unusable}`;
}
// src/migration/before-release.ts
/**
* Versions that stand in the version table because of this very release: the last attempt that can have put them there is
* its own. What a person marked is none of them: nobody had approved that it would not run, and no backup was made for it.
*/
function versionsOfRelease(history, phase, release) {
	const last = /* @__PURE__ */ new Map();
	for (const row of history) if (row.event === "migration" && mayHaveApplied(row)) last.set(row.version, row);
	return [...last.values()].filter((row) => row.byHand === void 0 && (phase === "all" || row.phase === phase) && isSameRelease(row, release)).map(({ version }) => version);
}
/**
* How the version tables stood before the first of the release's runs of the team's own command, when no other run came
* in between: Shiplock does not know what such a command applies, so it is what was noted then.
*/
function headsBeforeRelease(history, phase, release) {
	let heads;
	for (const row of history.toReversed()) {
		if (row.event !== "command" && row.event !== "backup") continue;
		if (row.phase !== phase || !isSameRelease(row, release)) break;
		if (row.event === "backup") heads = row.heads;
	}
	return heads;
}
/** An open row is one of a run that died: its migration may have been applied. */
function mayHaveApplied({ state }) {
	return state === "applied" || state === "applied-unreported" || state === "running";
}
// src/commands/backup-requirement.ts
const backupRequirementNames = [
	"require-backup",
	"require-backup-age",
	"attest-command"
];
/** What of the requirement an approval covers. */
function requirementPolicy(inputs) {
	if (inputs["require-backup"] === void 0) return {};
	return {
		"require-backup": inputs["require-backup"],
		"require-backup-age": inputs["require-backup-age"],
		"attest-command": JSON.stringify(inputs["attest-command"] ?? [])
	};
}
/** How the version tables stand now, and how they stood before the first run of this release in each of the phases. */
async function standingsOf({ database, ledger, history }, phases, { "migrations-table": table }, { release, run }) {
	const standings = [{
		when: "stand now",
		heads: ledger === void 0 ? await database.knownStanding(table) : await database.standing(ledger, [])
	}];
	const name = {
		release,
		commit: run.commit
	};
	for (const phase of phases) {
		const when = `stood before phase ${phase} of ${release}`;
		const versions = versionsOfRelease(history, phase, name);
		if (ledger !== void 0 && versions.length > 0) standings.push({
			when,
			heads: await database.standing(ledger, versions)
		});
		const noted = ledger === void 0 ? headsBeforeRelease(history, phase, name) : void 0;
		if (noted !== void 0) standings.push({
			when,
			heads: noted
		});
	}
	return standings;
}
/** What is asked for, if anything. Throws `invalid-input` when nothing could ever meet it. */
function requirementOf(inputs) {
	const level = inputs["require-backup"];
	if (level === void 0) return void 0;
	if (inputs.store === void 0 && inputs["attest-command"] === void 0) throw new ReleaseError("invalid-input", "require-backup looks for a backup in the store, and no store was named.", { hint: "Set store to the place where the command backup puts them." });
	return {
		level,
		maxAgeMs: inputs["require-backup-age"]
	};
}
/** A text says why nothing was looked for: where the team's command may answer, that is no end. */
async function lookInStore(database, standings, asked, inputs, context) {
	if (inputs.store === void 0) return "No store was named.";
	if (standings[0]?.heads.length === 0) return unknownLedger;
	const measure = {
		database: database.database,
		identity: database.identity,
		stampId: (await database.state.stamp())?.id,
		now: await database.now(),
		standings
	};
	try {
		const store = await context.openStore(inputs.store);
		return await searchBackup(backupsNewestFirst(store, context), asked, measure, store);
	} catch (error) {
		if (!(error instanceof ReleaseError) || inputs["attest-command"] === void 0) throw error;
		return `The store could not be looked into: ${error.message}`;
	}
}
const unknownLedger = "Whether a migration ran since a backup was made cannot be told: this database holds no version table that Shiplock knows; name it with migrations.table, or let attest-command answer.";
// src/drill/required-drill.ts
/**
* Walks the drills of an environment, the newest first, to the first that says something of this database's backups. That one
* decides: a drill that failed cancels those before it, one that could not be held does not.
*/
async function searchDrill(store, scope, asked, measure) {
	const objects = await store.list(backupsPrefix(scope));
	const hasBackups = objects.some(({ key }) => isManifestKey(key));
	const tooOld = compactStamp(new Date(measure.now.getTime() - asked.maxAgeMs));
	let newest;
	for (const one of recordsNewestFirst(objects)) {
		if (newest !== void 0 && (recordKeyIn(one.key)?.id ?? "") < tooOld) break;
		const record = await readRecord(store, one);
		if (record === void 0) continue;
		const judged = await judge(record, scope, asked, measure, store);
		if (judged === void 0) {
			const drill = record;
			return {
				found: {
					drill,
					ageMs: measure.now.getTime() - drill.at.getTime()
				},
				refused: newest === void 0 ? [] : [newest],
				hasBackups
			};
		}
		const refused = {
			name: nameOf(record),
			problem: judged.problem
		};
		if (judged.isLast) return {
			found: void 0,
			refused: newest === void 0 ? [refused] : [newest, refused],
			hasBackups
		};
		newest ??= refused;
	}
	return {
		found: void 0,
		refused: newest === void 0 ? [] : [newest],
		hasBackups
	};
}
async function judge(record, scope, asked, measure, store) {
	const last = (problem) => ({
		problem,
		isLast: true
	});
	const over = (problem) => ({
		problem,
		isLast: false
	});
	const mayBeOurs = mayBeOfDatabase(record.dumpKey, measure.database);
	if ("problem" in record) return {
		problem: `its record ${record.recordKey} cannot be read: ${record.problem}`,
		isLast: mayBeOurs
	};
	const { verdict, reason, at, levels } = record;
	if (verdict === "inconclusive") return over(`it could not tell: ${oneLine(reason)}`);
	const failed = `it failed: ${oneLine(reason)}`;
	const manifest = await manifestOf(record, store);
	if (typeof manifest === "string") return {
		problem: verdict === "fail" ? failed : manifest,
		isLast: verdict === "fail" && mayBeOurs
	};
	const other = otherDatabase(manifest, measure);
	if (other !== void 0) return over(`${other.replace(/^it is/, "its backup is")}`);
	if (verdict === "fail") return last(failed);
	const place = {
		project: record.project ?? scope.project,
		environment: record.environment ?? scope.environment
	};
	if (place.project !== scope.project || place.environment !== scope.environment) return over(`it was held as ${place.project}, environment ${place.environment}`);
	const ageMs = measure.now.getTime() - at.getTime();
	if (ageMs < -3e5) return over("its end lies in the future");
	if (ageMs > asked.maxAgeMs) return last(`it is too old: ${formatDuration(ageMs)}, where ${formatDuration(asked.maxAgeMs)} is the limit`);
	if (levels.includes(asked.level)) return void 0;
	return last(`it shows ${levels.length === 0 ? "nothing" : `no more than ${levels.join(" and ")}`} of its backup, not ${asked.level}`);
}
/** A text says why nobody can tell which database was drilled. */
async function manifestOf({ dumpKey }, store) {
	try {
		return (await readManifest(store, manifestKeyOf(dumpKey))).manifest;
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		if (error.code === "backup-not-found") return "its backup has no manifest in the store any more, so nothing tells which database it is of";
		if (error.code === "backup-damaged") return `the manifest of its backup cannot be used: ${messageOf(error).replace(/\.$/, "")}`;
		throw error;
	}
}
function nameOf(record) {
	const backup = "problem" in record ? void 0 : record.backupId;
	return `${record.id} of the backup ${backup ?? record.dumpKey}`;
}
const wanted = {
	restored: "that it can be restored",
	equal: "that it is equal to what was dumped",
	usable: "that it is usable"
};
const advice = {
	restored: "",
	equal: " A backup made with fingerprint: full is sure to show equal.",
	usable: " usable needs smoke queries (smoke)."
};
/** Says what was looked for, what there is, and what to type. */
function drillRequired({ level, maxAgeMs }, looked, { environment }) {
	const asked = `require-drill asks for a drill of a backup of this very database, at most ${formatDuration(maxAgeMs)} old, that shows ${wanted[level]}`;
	const drill = `shiplock restore-drill --environment ${environment}`;
	const commands = looked.hasBackups ? drill : `shiplock backup --environment ${environment}, then ${drill}`;
	return new ReleaseError("drill-required", `${asked}. ${describeSearch(looked)}`, { hint: `Type: ${commands}.${advice[level]} Then run the same command again; nothing was changed. To go on without it this once: --waive drill --reason "…".` });
}
function describeSearch({ refused: [newest, deciding] }) {
	if (newest === void 0) return "The store holds no record of one in this environment.";
	const before = deciding === void 0 ? "" : ` Nor does the one that decides before it, ${deciding.name}: ${withoutStop(deciding.problem)}.`;
	return `The newest, ${newest.name}, does not count: ${withoutStop(newest.problem)}.${before}`;
}
function withoutStop(sentence) {
	return sentence.replace(/\.$/, "");
}
// src/commands/drill-requirement.ts
const drillRequirementNames = ["require-drill", "require-drill-age"];
/** What of the requirement an approval covers. */
function drillPolicy(inputs) {
	if (inputs["require-drill"] === void 0) return {};
	return {
		"require-drill": inputs["require-drill"],
		"require-drill-age": inputs["require-drill-age"]
	};
}
/** What is asked for, if anything. Throws `invalid-input` when nothing could ever meet it. */
function drillDemandOf(inputs) {
	const level = inputs["require-drill"];
	if (level === void 0) return void 0;
	if (inputs.store === void 0) throw new ReleaseError("invalid-input", "require-drill looks for the record of a drill in the store, and no store was named.", { hint: "Set store to the place where the command backup puts the backups; restore-drill keeps its records beside them." });
	return {
		level,
		maxAgeMs: inputs["require-drill-age"],
		store: inputs.store
	};
}
async function lookForDrill(database, demand, context) {
	const measure = {
		database: database.database,
		identity: database.identity,
		stampId: (await database.state.stamp())?.id,
		now: await database.now()
	};
	return searchDrill(await context.openStore(demand.store), context, demand, measure);
}
// src/commands/other-tool.ts
/**
* For a version table that says that nothing has run: throws `unknown-layout` when another tool's table in this database
* says otherwise and the layout was only found out from the files. Where somebody named it, the log has a warning.
*/
async function refuseOtherTool({ layout, shownBy }, table, database, log) {
	const own = table ?? layout.table.table;
	const isOwn = (name) => [own, `${own}_post`].some((one) => name === one || name.endsWith(`.${one}`));
	const other = (await database.knownStanding(void 0)).find((one) => !one.empty && !isOwn(one.table));
	if (other === void 0) return;
	if (shownBy === void 0) {
		log?.warn(`by ${own} nothing has run here, and ${other.table} says that another tool has migrated this database`);
		return;
	}
	throw new ReleaseError("unknown-layout", `The files look like ${layout.name} (${shownBy}), whose version table says that nothing has run, but ${other.table} says that another tool has migrated this database.`, { hint: `Set migrations.layout in shiplock.yml: to the tool that keeps ${other.table}, or to ${layout.name} when that table is another service's.` });
}
// src/commands/migration-state.ts
/** Where the migrations lie, and the version table that says which of them ran. */
const folderInputNames = [
	"layout",
	"migrate-command",
	"migrate-command-post",
	"migrations",
	"migrations-post",
	"migrations-table"
];
/** The inputs of every command that compares files and ledger. */
const migrationInputNames = [
	...databaseInputNames,
	"publish-state",
	...folderInputNames,
	"out-of-order",
	"allow-unphased",
	"max-post-debt",
	"stall-budget",
	"max-post-debt-count",
	"allow-older",
	"lock-budget",
	...backupRequirementNames,
	...drillRequirementNames
];
/** Reads the migrations of both folders. Throws `invalid-input` for the layout command, which has none that Shiplock reads. */
async function readMigrations(inputs, context) {
	const { folders, layout } = await readFolders(inputs, context);
	return collectMigrations(folders, layout, context.variables);
}
/** The same for whoever reports on every file: one that is malformed is refused by itself. */
async function readEachMigration(inputs, context) {
	const { folders, layout } = await readFolders(inputs, context);
	return collectEach(folders, layout, context.variables);
}
async function readFolders(inputs, context) {
	const way = migrationWay(inputs);
	if (way.kind === "command") throw hasNoFiles();
	const [pre, post] = [inputs.migrations, inputs["migrations-post"]];
	const folder = async (path) => ({
		path: shown(path, context),
		files: await context.readFolder(path, "nested")
	});
	return {
		folders: {
			pre: await folder(pre),
			post: {
				...await folder(post),
				named: !usualPostFolders.includes(shown(post, context))
			}
		},
		layout: way.layout
	};
}
function ledgerOptions(inputs, { layout, migrations }, { project, environment, release }, history = {
	rows: [],
	former: []
}) {
	const hasPost = migrations.some(({ phase }) => phase === "post");
	return {
		layout,
		versions: layout.keepsNewest || layout.hasBaseline ? [...migrations, ...ranBefore(history)] : [],
		table: inputs["migrations-table"],
		hasPost,
		project,
		environment,
		release,
		publishState: inputs["publish-state"]
	};
}
/** Reads ledger and history and compares them with the files. Throws for states that no phase may run on. */
async function readState(inputs, read, database, context) {
	const { runBy } = read.layout;
	if (runBy !== void 0) refuseOtherDatabase(inputs, context);
	const stamp = await checkIdentity(database, context);
	const history = await database.state.history();
	const ledger = ledgerOptions(inputs, read, context, history);
	const entries = await database.entries(ledger);
	if (entries.length === 0) await refuseOtherTool(read, inputs["migrations-table"], database, stamp === void 0 ? context.log : void 0);
	const evidence = {
		migrations: read.migrations,
		entries,
		history,
		keepsNewest: read.layout.keepsNewest === true,
		gitVersions: () => gitVersions([inputs.migrations, inputs["migrations-post"]], context),
		now: context.clock.now()
	};
	const policy = {
		outOfOrder: inputs["out-of-order"],
		allowUnphased: inputs["allow-unphased"],
		maxPostDebtMs: inputs["max-post-debt"],
		maxPostDebtCount: inputs["max-post-debt-count"]
	};
	const tables = await database.heads(ledger);
	const contract = (phase, run) => ({
		environment: context.environment,
		phase,
		layout: read.layout.name,
		folders: [inputs.migrations, inputs["migrations-post"]].map((path) => shown(path, context)),
		tables,
		stamp: stamp?.id ?? null,
		migrations: run,
		...runBy === void 0 ? {} : { command: commandFor(teamCommandOf(inputs, runBy), phase) },
		policy: {
			"lock-budget": inputs["lock-budget"],
			"allow-unphased": inputs["allow-unphased"],
			"allow-older": inputs["allow-older"] !== void 0,
			...requirementPolicy(inputs),
			...drillPolicy(inputs)
		}
	});
	return {
		ledger,
		evidence,
		policy,
		stamped: stamp !== void 0,
		plans: await comparePhases(evidence, policy),
		contract,
		digest: (phase, run) => planDigest(contract(phase, run))
	};
}
/** Throws `wrong-database` when the team's program would migrate another database than this one. */
function refuseOtherDatabase(inputs, { variables, log }) {
	if (refuseOtherTarget(variables.DATABASE_URL, inputs["database-url"])) return;
	log.warn("DATABASE_URL in the environment is of a form that cannot be compared: see to it that it names this database");
}
/** Throws `wrong-database`, `wrong-project` or `history-elsewhere`: whatever comes next would be filed or run under another name. */
async function checkIdentity(database, context) {
	refuseElsewhere(await database.stateElsewhere(), database.state);
	const stamp = await database.state.stamp();
	refuseOtherProject(context.projectGiven ? [] : await database.state.projects(), context);
	checkStamp(stamp, database.identity, context.environment);
	return stamp;
}
/** The name of a folder is a poor identity: a checkout under another name would run everything again. */
function refuseOtherProject(projects, { project, projectGiven }) {
	if (projectGiven || projects.length === 0 || projects.includes(project)) return;
	throw new ReleaseError("wrong-project", `This database has the history of ${projects.join(", ")}, and none of ${project}, which is only the name of this checkout.`, { hint: "Set project in shiplock.yml (or --project): to that name when this is the same service, to a new one when another service shares the database." });
}
/** Splits each migration, and asks the server about texts that the parser does not read. Nothing is run. */
async function prepareScripts(migrations, database, layout) {
	const scripts = [];
	for (const migration of migrations) {
		const script = await prepareScript(migration, database.serverMajor, layout);
		if (script.unparsed !== void 0) {
			const problem = await database.syntaxProblem(migration.up.text);
			if (problem !== void 0) throw syntaxError(placeIn(migration, migration.up, problem.offset), problem.message);
		}
		scripts.push(script);
	}
	return scripts;
}
async function gitVersions(folders, context) {
	const paths = (await Promise.all(folders.map((folder) => context.gitPaths(folder)))).flat();
	return new Set(numberedPaths(paths).map(({ version }) => version));
}
function shown(path, context) {
	return relative(context.baseDir, path) || ".";
}
export { lockNeeds as A, appliedAttempts as B, downCommandOf as C, teamCommandOf as D, refuseTeamRecord as E, checksumThatRan as F, readOwn as G, lastDeployed as H, refuseEdits as I, otherDatabase as J, canonicalJson as K, refuseMoves as L, unknownNeeds as M, migrationsFor as N, hashOf as O, refuseBarred as P, sidesOf as R, commandFor as S, refuseTeamPhase as T, newest as U, isRollback as V, collectMigrations as W, missingDump as Y, requirementPolicy as _, prepareScripts as a, backupRequired as b, readState as c, drillDemandOf as d, drillPolicy as f, requirementOf as g, lookInStore as h, migrationInputNames as i, touchesOnly as j, keyOf as k, refuseOtherDatabase as l, drillRequired as m, folderInputNames as n, readEachMigration as o, lookForDrill as p, planDigest as q, ledgerOptions as r, readMigrations as s, checkIdentity as t, refuseOtherProject as u, standingsOf as v, migrationWay as w, standingOf as x, versionsOfRelease as y, planAdoption as z };
