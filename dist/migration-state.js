import { t as ReleaseError } from "./errors.js";
import { t as layouts } from "./layouts.js";
import { i as numberedPaths } from "./layout.js";
import { r as formatDuration, s as plural } from "./units.js";
import { i as statementHeads, n as parseStatements } from "./parse.js";
import { t as statementLocks } from "./locks.js";
import { t as refuseElsewhere } from "./state.js";
import { t as isSameRelease } from "./release-name.js";
import { n as decideTls, r as describeConnection } from "./connection.js";
import { n as readPrivateKey } from "./ssh-key.js";
import { createHash } from "node:crypto";
import { relative } from "node:path";
// src/known-hosts.ts
/**
* Lines of a known_hosts file, as ssh reads them. Throws `invalid-input` when there is none, or for the first that is
* no such line: ssh would pass over it in silence.
*/
function readKnownHosts(text) {
	const all = text.split(/\r?\n/).map((line) => line.trim());
	const lines = all.filter((line) => line !== "" && !line.startsWith("#"));
	const wrong = lines.find((line) => !knownHost.test(line));
	if (lines.length === 0 || wrong !== void 0) {
		const problem = wrong === void 0 ? "holds no line" : `holds a line, number ${all.indexOf(wrong) + 1}, that is none`;
		throw new ReleaseError("invalid-input", `ssh-known-hosts ${problem} of a known_hosts file.`, { hint: "A line is \"host type key\", such as \"bastion.example.net ssh-ed25519 AAAA…\", as ssh-keyscan prints it; a fingerprint is not enough." });
	}
	return `${lines.join("\n")}\n`;
}
/** https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT */
const knownHost = /^(?:@(?:cert-authority|revoked)\s+)?\S+\s+(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w.@-]+\s+AAAA[\w+/]+={0,2}(?:\s.*)?$/;
// src/commands/database-inputs.ts
/** The inputs that every command with a database has. */
const databaseInputNames = [
	"database-url",
	"database-ca",
	"allow-insecure-tls",
	"connect",
	"ssh-key",
	"ssh-known-hosts",
	"expect-database",
	"role",
	"state-schema",
	"history"
];
/** What the commands that take the lock let people say about it. */
const lockInputNames = ["on-locked", "lock-wait"];
function lockPolicy(inputs, { signal }) {
	return {
		onLocked: inputs["on-locked"],
		waitMs: inputs["lock-wait"],
		signal
	};
}
/**
* Where the database is, how it is reached and how the connection is protected. Disposal closes the tunnel, if there is one.
* Throws `wrong-database` when another name was expected, `insecure-tls` when nothing would protect it.
*/
async function databaseInputs(inputs, context) {
	const connection = inputs["database-url"];
	const expected = inputs["expect-database"];
	if (expected !== void 0 && expected !== connection.database) throw new ReleaseError("wrong-database", `expect-database names ${expected}, but the connection goes to ${describeConnection(connection)}.`, { hint: "Check which environment this URL belongs to. Nothing was sent to the server." });
	const named = inputs["database-ca"] ?? (connection.sslrootcert === "system" ? void 0 : connection.sslrootcert);
	const ca = await context.readAuthority(named);
	const tls = decideTls(connection, {
		ca,
		allowInsecure: inputs["allow-insecure-tls"]
	});
	if (tls.mode === "require") context.log.warn(`${describeConnection(connection)}: encrypted, but the server is not authenticated (sslmode=require)`);
	if (tls.mode === "prefer" || tls.mode === "off" && inputs["allow-insecure-tls"]) context.log.warn(`${describeConnection(connection)}: the connection may not be encrypted (allow-insecure-tls)`);
	const tunnel = await tunnelTo(connection, inputs, context);
	return {
		connection,
		tls,
		role: inputs.role,
		tunnel,
		[Symbol.asyncDispose]: async () => tunnel?.[Symbol.asyncDispose]()
	};
}
async function tunnelTo(connection, inputs, context) {
	const { connect: through, "ssh-key": key, "ssh-known-hosts": knownHosts } = inputs;
	if (through === void 0) return void 0;
	if (knownHosts === void 0 && context.inAction) throw new ReleaseError("invalid-input", "connect names an ssh host, and ssh-known-hosts does not say which host key it has.", { hint: `Print it with "ssh-keyscan ${through.host}", compare the fingerprint with the provider's, and give the line as ssh-known-hosts. It is no secret.` });
	return context.makeTunnel({
		through,
		connection,
		key: key === void 0 ? void 0 : readPrivateKey(key),
		knownHosts: knownHosts === void 0 ? void 0 : readKnownHosts(knownHosts)
	});
}
// src/gate/digest.ts
const schema = 1;
/** SHA-256, in hex, over canonical JSON: keys sorted, no white space. */
function planDigest(contract) {
	const { migrations, ...rest } = contract;
	const body = {
		schema,
		...rest,
		migrations: migrations.map(({ version, phase, checksum, transactional }) => ({
			version,
			phase,
			checksum,
			transactional
		}))
	};
	return createHash("sha256").update(canonicalJson(body)).digest("hex");
}
/** JSON with sorted keys and no white space. */
function canonicalJson(value) {
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	return `{${Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(",")}}`;
}
// src/migration/migration.ts
/** Orders by number, never by text: 2 comes before 10. */
function byVersion(a, b) {
	const difference = BigInt(a.version) - BigInt(b.version);
	return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
/** `path:line:column` of an offset in one of the migration's texts. */
function placeIn(migration, text, offset) {
	const position = text.filePosition(migration.file, offset);
	return position === void 0 ? migration.path : `${migration.path}:${position.line}:${position.column}`;
}
// src/migration/collect.ts
/**
* Reads both folders in the layout that is named, or that the files show.
* Throws `migrations-not-found`, `unknown-layout`, `duplicate-version` or what the layout finds.
*/
function collectMigrations(folders, layoutName, variables) {
	const { pre, post } = folders;
	if (pre.files === void 0) throw notFound(`There is no folder ${pre.path}.`);
	if (post.files === void 0 && post.named) throw notFound(`There is no folder ${post.path}.`);
	const layout = chooseLayout([...pre.files ?? [], ...post.files ?? []], layoutName);
	const migrations = [...layout.read(pre.files ?? [], "pre", variables), ...layout.read(post.files ?? [], "post", variables)].sort(byVersion);
	if (migrations.length === 0) throw notFound(`${pre.path} holds no migration; files in subfolders are not read.`);
	refuseDuplicates(migrations);
	return {
		layout,
		migrations
	};
}
function notFound(problem) {
	return new ReleaseError("migrations-not-found", problem, { hint: "Name the folders with migrations.pre and migrations.post in shiplock.yml, or with --migrations and --migrations-post; \"shiplock new <name>\" makes the first migration." });
}
function chooseLayout(files, name) {
	const found = layouts.find((layout) => name === void 0 ? layout.recognizes(files) : layout.name === name);
	if (found !== void 0) return found;
	if (files.every((file) => !file.name.toLowerCase().endsWith(".sql"))) return layouts.at(-1);
	throw new ReleaseError("unknown-layout", `The files do not show which tool they are written for (${files[0]?.path} and others).`, { hint: `Set migrations.layout in shiplock.yml to one of ${layouts.map((layout) => layout.name).join(", ")}.` });
}
function refuseDuplicates(sorted) {
	for (const [index, migration] of sorted.entries()) {
		const before = sorted[index - 1];
		if (before === void 0 || before.version !== migration.version) continue;
		throw new ReleaseError("duplicate-version", `${before.path} and ${migration.path} carry the same version, ${migration.version}.`, {
			at: migration.path,
			hint: "Give the newer one a number of its own; numbers are unique across both folders."
		});
	}
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
// src/migration/history.ts
/** The newest release that was recorded as deployed. */
function lastDeployed(history) {
	return newest(history.filter((row) => row.event === "deployed"));
}
/** Attempts after which the version table held the migration. */
function appliedAttempts(history) {
	return history.filter((row) => row.event === "migration").filter((row) => row.state === "applied" || row.state === "applied-unreported");
}
/** Every version that a run of Shiplock, or a release that it saw, has known. */
function knownVersions(history) {
	return new Set(history.flatMap((row) => row.event === "migration" ? [row.version] : row.event === "deployed" ? row.migrations.map((one) => one.version) : []));
}
/** The last of the newest: rows of one moment stand in their order. */
function newest(rows) {
	return rows.reduce((last, row) => last === void 0 || row.at >= last.at ? row : last, void 0);
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
		const { version, checksum, path } = migration;
		const entry = sides.applied.get(version);
		if (entry === void 0) continue;
		const recorded = checksumThatRan(sides, version);
		if (recorded === checksum) continue;
		const other = nameThatRan(sides, migration);
		const day = entry.appliedAt === void 0 ? "" : ` on ${entry.appliedAt.toISOString().slice(0, 10)}`;
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
	for (const { version, phase, path } of migrations) {
		const ran = applied.get(version)?.phase;
		if (ran === void 0 || ran === phase) continue;
		throw new ReleaseError("phase-moved", `${path} stands in the ${phase} folder, but version ${version} ran as a ${ran} migration.`, { hint: "Move the file back. If it is another migration, give it a number of its own." });
	}
}
/** Git is asked only about versions that the history does not know. */
async function refuseUnknown(ahead, { rows, former }, gitVersions) {
	const known = knownVersions([...former, ...rows]);
	let unknown = ahead.filter((entry) => !known.has(entry.version));
	if (unknown.length === 0) return;
	const inGit = await gitVersions();
	unknown = unknown.filter((entry) => !inGit.has(entry.version));
	if (unknown.length === 0) return;
	const list = unknown.map((entry) => entry.version).join(", ");
	throw new ReleaseError("unknown-version", `The ledger holds ${unknown.length === 1 ? "a version" : "versions"} of unknown origin: ${list}. No file, no history row and no git ref knows ${unknown.length === 1 ? "it" : "them"}.`, { hint: "Check that this is the right database and the right branch (fetch the whole history: fetch-depth: 0). Somebody may have run migrations from elsewhere." });
}
/** A hotfix took a number ahead of its turn on purpose: older files may still run after it. */
function refuseHoles(pending, { migrations, applied }, phase) {
	const newest = migrations.filter((migration) => migration.phase === phase && applied.has(migration.version) && !migration.hotfix).sort(byVersion).at(-1);
	const late = newest === void 0 ? void 0 : pending.find((migration) => byVersion(migration, newest) < 0);
	if (late === void 0 || newest === void 0) return;
	throw new ReleaseError("out-of-order", `${late.path} is older than ${newest.id}, which has run.`, {
		at: late.path,
		hint: `Give it a newer number. When ${newest.id} is a hotfix, the mark "-- shiplock: hotfix" at its top, made by "shiplock new --hotfix" before it ran, lets older ones follow; migrations.out-of-order: allow lets any.`
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
	const against = history.filter((row) => row.event === "rollback" || row.event === "canary" && row.verdict !== "promote");
	const last = newest([...deployed === void 0 ? [] : [deployed], ...against]);
	if (last === void 0 || last === deployed) return;
	const what = last.event === "canary" ? `A canary ended in ${last.verdict}` : "A rollback was recorded";
	throw new ReleaseError("post-not-allowed", `${what} for ${last.release} on ${last.at.toISOString().slice(0, 19).replace("T", " ")} UTC, after the last deploy${deployed === void 0 ? "" : ` (${deployed.release})`}: old code may be live again that needs what the post migrations remove.`, { hint: "Deploy the release that is to stay, run \"shiplock record deployed\" from its checkout, and then the post phase." });
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
	const files = new Set(migrations.map(({ version }) => version));
	refuseEdits(sides);
	refuseMoves(sides);
	const ahead = entries.filter((entry) => !files.has(entry.version)).sort(byVersion);
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
		ahead: ahead.map((entry) => entry.version),
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
async function prepareScript(migration, serverMajor) {
	const { up } = migration;
	const parsed = await parseStatements(up.text);
	if ("problem" in parsed) {
		const { offset, message } = parsed.problem;
		if (up.text[offset] === "\\") throw clientCommand(migration, offset, "a backslash command");
		const copy = /\bcopy\b[^;]*\bfrom\s+stdin\b[^;]*;[^;]*$/i.exec(up.text.slice(0, offset));
		if (copy !== null) throw clientCommand(migration, copy.index, "COPY FROM STDIN");
		const place = placeIn(migration, up, offset);
		if (serverMajor >= parserMajor) throw syntaxError(place, message);
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
	return migration.transactional ? transactionalScript(migration, statements) : statementScript(migration, statements);
}
/** What tells whether a statement was edited between two runs of a file. */
function hashOf({ sql }) {
	return createHash("sha256").update(sql.text).digest("hex");
}
/** The newest dialect that the parser speaks. */
const parserMajor = 18;
function syntaxError(place, message) {
	return new ReleaseError("syntax-error", `${place}: ${message}`, {
		at: place,
		hint: "Nothing was run. Correct the file and try again."
	});
}
function transactionalScript(migration, all) {
	const wrapped = isBegin(all[0]) && isCommit(all.at(-1));
	const inner = wrapped ? all.slice(1, -1) : all;
	for (const statement of inner) {
		if (kindOf(statement) === "TransactionStmt") throw transactionControl(migration, statement);
		const alone = standsAlone(statement);
		if (alone !== void 0) throw needsNoTransaction(migration, statement, alone);
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
function needsNoTransaction(migration, statement, what) {
	const at = placeIn(migration, migration.up, statement.start);
	return new ReleaseError("transaction-control", `${at}: ${what} cannot run inside a transaction.`, {
		at,
		hint: "Mark the file as running outside a transaction (plain: \"-- shiplock: no-transaction\", goose: \"-- +goose NO TRANSACTION\"), best with this statement alone."
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
	if (layout !== "command" && pre === void 0 && post === void 0) return {
		kind: "files",
		layout
	};
	if (pre === void 0) throw new ReleaseError("invalid-input", `migrate-command is missing: it names the program that the layout command runs.`, { hint: "Set migrations.command in shiplock.yml, such as [bin/rails, db:migrate], or --migrate-command with a JSON array." });
	throw new ReleaseError("invalid-input", `migrate-command was given together with the layout ${layout}, whose files Shiplock runs itself.`, { hint: "Take migrations.command out, or set migrations.layout to command." });
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
// src/commands/migration-state.ts
/** The inputs of every command that compares files and ledger. */
const migrationInputNames = [
	...databaseInputNames,
	"publish-state",
	"layout",
	"migrate-command",
	"migrate-command-post",
	"migrations",
	"migrations-post",
	"migrations-table",
	"out-of-order",
	"allow-unphased",
	"max-post-debt",
	"stall-budget",
	"max-post-debt-count",
	"allow-older",
	"lock-budget"
];
const defaultPostFolder = "db/post_migrations";
/** Reads the migrations of both folders. Throws `invalid-input` for the layout command, which has none that Shiplock reads. */
async function readMigrations(inputs, context) {
	const way = migrationWay(inputs);
	if (way.kind === "command") throw hasNoFiles();
	const [pre, post] = [inputs.migrations, inputs["migrations-post"]];
	const folder = async (path) => ({
		path: shown(path, context),
		files: await context.readFolder(path)
	});
	return collectMigrations({
		pre: await folder(pre),
		post: {
			...await folder(post),
			named: shown(post, context) !== defaultPostFolder
		}
	}, way.layout, context.variables);
}
/** Reads ledger and history and compares them with the files. Throws for states that no phase may run on. */
async function readState(inputs, read, database, context) {
	const ledger = {
		layout: read.layout,
		table: inputs["migrations-table"],
		hasPost: read.migrations.some(({ phase }) => phase === "post"),
		project: context.project,
		environment: context.environment,
		release: context.release,
		publishState: inputs["publish-state"]
	};
	const stamp = await checkIdentity(database, context);
	const evidence = {
		migrations: read.migrations,
		entries: await database.entries(ledger),
		history: await database.state.history(),
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
	return {
		ledger,
		evidence,
		policy,
		stamped: stamp !== void 0,
		plans: await comparePhases(evidence, policy),
		digest: (phase, run) => planDigest({
			environment: context.environment,
			phase,
			layout: read.layout.name,
			folders: [inputs.migrations, inputs["migrations-post"]].map((path) => shown(path, context)),
			tables,
			stamp: stamp?.id ?? null,
			migrations: run,
			policy: {
				"lock-budget": inputs["lock-budget"],
				"allow-unphased": inputs["allow-unphased"],
				"allow-older": inputs["allow-older"] !== void 0,
				"out-of-order": inputs["out-of-order"]
			}
		})
	};
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
async function prepareScripts(migrations, database) {
	const scripts = [];
	for (const migration of migrations) {
		const script = await prepareScript(migration, database.serverMajor);
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
export { databaseInputs as C, databaseInputNames as S, lockPolicy as T, lastDeployed as _, readState as a, placeIn as b, refuseTeamPhase as c, keyOf as d, lockNeeds as f, appliedAttempts as g, migrationsFor as h, readMigrations as i, refuseTeamRecord as l, unknownNeeds as m, migrationInputNames as n, refuseOtherProject as o, touchesOnly as p, prepareScripts as r, migrationWay as s, checkIdentity as t, hashOf as u, newest as v, lockInputNames as w, planDigest as x, planAdoption as y };
