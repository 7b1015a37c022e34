import { A as migrationWay, D as standingOf, Dt as newestBackup, Jt as stampIn, Tt as findBackup, _t as databaseInputs, bt as otherDatabase, g as readRecord, gt as databaseInputNames, n as folderInputNames, r as ledgerOptions, s as readMigrations, t as checkIdentity, v as recordPrefix, w as standingsOf, wt as checkMade, y as recordsNewestFirst } from "./migrations.js";
import { t as inspect } from "./read-back.js";
import { Gt as formatMoment, Ht as compactStamp, Kt as formatSize, Wt as formatDuration, un as ReleaseError } from "./start.js";
import { t as defineCommand } from "./command.js";
import { n as withHeartbeat, t as storePlace } from "./store-place.js";
import { t as openDatabase } from "./open-database.js";
import { t as _usingCtx } from "./usingCtx.js";
// src/drill/last-drill.ts
/** Reads the backup's own records, the newest first, and no more of them than it needs. */
async function lastDrill(store, dumpKey) {
	const objects = await store.list(recordPrefix(dumpKey));
	let inconclusive = 0;
	for (const one of recordsNewestFirst(objects)) {
		const drill = await readRecord(store, one);
		if (drill === void 0) continue;
		if ("problem" in drill || drill.verdict !== "inconclusive") return {
			drill,
			inconclusive
		};
		inconclusive++;
	}
	return {
		drill: void 0,
		inconclusive
	};
}
/** What a look at the backup says of it. */
function checkRestored({ drill, inconclusive }) {
	const id = "restored";
	if (drill === void 0) return {
		id,
		status: "not-checked",
		message: inconclusive === 0 ? "never drilled" : `never restored by a drill; ${inconclusive} could not tell`
	};
	if ("problem" in drill) return {
		id,
		status: "not-checked",
		message: `the record ${drill.recordKey} cannot be read: ${drill.problem}`
	};
	const when = formatMoment(drill.at);
	if (drill.verdict === "fail") return {
		id,
		status: "fail",
		message: `its drill of ${when} failed: ${drill.reason.replace(/\.$/, "")}`
	};
	if (drill.levels.length === 0) return {
		id,
		status: "not-checked",
		message: `its drill of ${when} does not say what it showed`
	};
	return {
		id,
		status: "pass",
		value: drill.levels.join(", "),
		message: `by its drill of ${when}`
	};
}
// src/commands/verify-live.ts
/** What a look at the database needs, and at the files that say which version tables are the project's. */
const liveInputNames = [...databaseInputNames, ...folderInputNames];
/** `undefined` when no database was given. Throws whatever keeps one that was given from being read. */
async function readLive(inputs, context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { "database-url": url } = inputs;
		if (url === void 0) return void 0;
		const ledger = await ledgerHere(inputs, context);
		const target = _usingCtx$1.a(await databaseInputs({
			...inputs,
			"database-url": url
		}, context));
		const database = _usingCtx$1.a(await openDatabase(target, inputs, context));
		const stamp = await checkIdentity(database, context);
		const history = (await database.state.history()).rows;
		return {
			database: database.database,
			identity: database.identity,
			stampId: stamp?.id,
			now: await database.now(),
			standings: await standingsOf({
				database,
				ledger,
				history
			}, [
				"pre",
				"post",
				"all"
			], inputs, context)
		};
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
/** Whether the backup is of this very database, and of its version tables as `require-backup` means it. */
function checkLive(manifest, live) {
	if (live === void 0) return notChecked("no database was given");
	const other = otherDatabase(manifest, live);
	if (other !== void 0) return [{
		id: "stamp",
		status: "fail",
		message: other
	}, {
		id: "ledger-heads",
		status: "not-checked",
		message: "it is of another database"
	}];
	const stamp = {
		id: "stamp",
		status: "pass",
		value: manifest.source.stamp ?? "same database, before its stamp"
	};
	if (live.standings[0]?.heads.length === 0) return [stamp, {
		id: "ledger-heads",
		status: "not-checked",
		message: "the database holds no version table that Shiplock knows"
	}];
	const standing = standingOf(manifest.ledgerHeads, live.standings);
	if ("problem" in standing) return [stamp, {
		id: "ledger-heads",
		status: "fail",
		message: `its version tables are not those of the database: ${standing.problem}`
	}];
	return [stamp, {
		id: "ledger-heads",
		status: "pass",
		value: `as they ${standing.when}`
	}];
}
function notChecked(message) {
	return ["stamp", "ledger-heads"].map((id) => ({
		id,
		status: "not-checked",
		message
	}));
}
/** Where no checkout is, every version table that is known by name is compared. */
async function ledgerHere(inputs, context) {
	if (migrationWay(inputs).kind === "command") return void 0;
	if (await context.readFolder(inputs.migrations) === void 0) return void 0;
	return ledgerOptions({
		...inputs,
		"publish-state": false
	}, await readMigrations(inputs, context), context);
}
// src/commands/verify-backup.ts
var verify_backup_default = defineCommand({
	summary: "Show that a stored backup is there, whole, fresh and of this environment; with a database also that it is of that one.",
	inputs: [
		"store",
		"key",
		"max-backup-age",
		"level",
		"pg-bin-dir",
		"install-tools",
		...liveInputNames
	],
	optional: ["database-url"],
	positional: "key",
	outputs: {
		id: "Id of the backup.",
		level: "What was shown of the stored bytes: landed or read-back.",
		sha256: "SHA-256 of the dump, as the manifest has it.",
		"size-bytes": "Size of the dump in bytes.",
		"age-seconds": "Age of the snapshot in seconds."
	},
	async run(inputs, context) {
		const live = await readLive(inputs, context);
		const store = await context.openStore(inputs.store);
		const backup = inputs.key === void 0 ? await newestBackup(store, context) : await findBackup(store, context, inputs.key);
		for (const { manifestKey, problem } of backup.ignored) context.log.warn(`passed over ${manifestKey}: ${problem}`);
		const { object, dump, tables, extensionTables } = backup.manifest;
		context.log.info(`looking at ${object.key} (${formatSize(object.sizeBytes)}, snapshot ${formatMoment(dump.snapshotAt)})`);
		const tools = {
			binDir: inputs["pg-bin-dir"],
			install: inputs["install-tools"],
			major: Number.parseInt(dump.clientVersion, 10)
		};
		const shown = await withHeartbeat(context, () => `reading ${formatSize(object.sizeBytes)} back`, () => inspect(store, {
			...object,
			tables,
			extensionTables
		}, inputs.level, (archive) => context.decodeArchive(archive, tools), context.signal));
		const ageMs = (live?.now ?? context.clock.now()).getTime() - Date.parse(dump.snapshotAt);
		const drilled = await lastDrill(store, object.key);
		const outcome = outcomeOf(backup, shown, [
			...shown.checks,
			...checkMade(backup.manifest),
			checkFresh(ageMs, inputs["max-backup-age"]),
			checkEnvironment(backup, context),
			...checkLive(backup.manifest, live),
			...checkNewest(backup),
			checkRestored(drilled)
		], ageMs, store.description);
		return {
			...outcome,
			details: {
				...outcome.details,
				...drillDetail(drilled)
			},
			reason: outcome.reason + storePlace(inputs.store, context)
		};
	}
});
/** A backup that failed a check when it was made stays one that failed, however whole its bytes are. */
function checkFresh(ageMs, limitMs) {
	const value = formatDuration(Math.max(0, ageMs));
	if (ageMs < -3e5) return {
		id: "fresh",
		status: "fail",
		value: formatDuration(-ageMs),
		message: "its snapshot lies in the future"
	};
	if (limitMs === void 0) return {
		id: "fresh",
		status: "not-checked",
		value,
		message: "max-backup-age is not set"
	};
	const limit = formatDuration(limitMs);
	return ageMs <= limitMs ? {
		id: "fresh",
		status: "pass",
		value,
		limit
	} : {
		id: "fresh",
		status: "fail",
		value,
		limit,
		message: "it is too old"
	};
}
function checkEnvironment({ manifest }, { project, environment }) {
	const value = `${manifest.project}/${manifest.environment}`;
	const limit = `${project}/${environment}`;
	if (value === limit) return {
		id: "environment",
		status: "pass",
		value
	};
	return {
		id: "environment",
		status: "fail",
		value,
		limit,
		message: "it is of another project or environment"
	};
}
/** A newer manifest that cannot be read means that the newest backup is not the one that was found. */
function checkNewest({ manifest, ignored }) {
	const found = compactStamp(new Date(manifest.dump.snapshotAt));
	const newer = ignored.filter(({ manifestKey }) => (stampIn(manifestKey) ?? found) >= found);
	if (newer.length === 0) return [];
	return [{
		id: "newest",
		status: "fail",
		value: newer.length,
		limit: 0,
		message: `a newer manifest cannot be used: ${newer.map((one) => one.manifestKey).join(", ")}`
	}];
}
/** What the newest drill that decides has shown, for a report. */
function drillDetail({ drill }) {
	if (drill === void 0 || "problem" in drill) return {};
	const { recordKey, at, verdict, levels } = drill;
	return { drill: {
		record: recordKey,
		at: at.toISOString(),
		verdict,
		levels
	} };
}
function outcomeOf(backup, shown, checks, ageMs, store) {
	const { manifest, manifestKey, manifestSha256, ignored } = backup;
	const common = {
		checks,
		outputs: {
			id: manifest.id,
			level: shown.level,
			sha256: manifest.object.sha256,
			"size-bytes": manifest.object.sizeBytes,
			"age-seconds": Math.max(0, Math.round(ageMs / 1e3))
		},
		details: {
			store,
			manifestKey,
			manifestSha256,
			manifest,
			ignored
		}
	};
	const failed = checks.filter(({ status }) => status === "fail");
	if (failed.length > 0) return {
		...common,
		...describeFaults(failed, manifest.object.key)
	};
	if (shown.hindrance !== void 0) return {
		...common,
		verdict: "inconclusive",
		reason: `The backup is in the store, but could not be read back: ${shown.hindrance}`
	};
	const what = shown.level === "landed" ? "is in the store with its full size; its bytes were not read back" : "was read back and decoded to its end";
	return {
		...common,
		verdict: "pass",
		reason: `${manifest.id} ${what}.`
	};
}
function describeFaults(failed, key) {
	const damaged = failed.some(({ id }) => [
		"landed",
		"sha256",
		"decoded",
		"archive-rows"
	].includes(id));
	const problems = failed.map(({ message }) => message).join("; ");
	const error = new ReleaseError(damaged ? "backup-damaged" : "backup-failed", `${key}: ${problems}.`, { hint: damaged ? "Do not rely on it: make a new one with backup, and check the store." : "Make a new one with backup." });
	const faults = failed.map(({ id, message }) => id === "decoded" ? "its bytes cannot be decoded to their end" : message).join("; ");
	return {
		verdict: "fail",
		reason: `${key} is ${damaged ? "damaged" : "refused"}: ${faults}.`,
		error
	};
}
export { verify_backup_default as default };
