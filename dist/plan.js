import { r as messageOf, t as ReleaseError } from "./errors.js";
import { L as lastDeployed, M as migrationsFor, _ as backupRequired, b as refuseTeamPhase, d as lookForDrill, f as drillRequired, g as standingsOf, i as prepareScripts, l as drillDemandOf, m as requirementOf, o as readMigrations, p as lookInStore, r as migrationInputNames, s as readState, y as migrationWay } from "./migration-state.js";
import { d as number, f as object, g as string, i as array, l as literal } from "./schemas.js";
import { t as datetime } from "./iso.js";
import { s as plural } from "./units.js";
import { t as defineCommand } from "./command.js";
import { s as databaseInputs } from "./drill-record.js";
import { t as openDatabase } from "./open-database.js";
import { n as publishedRefusal, t as newOnSubscribers } from "./publishing.js";
import { r as parseStatements } from "./parse.js";
import { n as readTeamState, t as commandFor } from "./team-state.js";
import { i as waiversOf, t as decideRun } from "./run-decision.js";
import { t as _usingCtx } from "./usingCtx.js";
import { text } from "node:stream/consumers";
// src/backup/recorded-durations.ts
/** Older records say little of the data of today, and a store may hold the results of years. */
const mostRecords = 200;
/** How many are read at once. */
const batchSize = 8;
const largestBytes = 4194304;
const record = object({
	command: literal("migrate"),
	environment: string(),
	release: string().optional(),
	finishedAt: datetime(),
	/** Absent when the run was refused before it applied anything. */
	applied: array(object({
		checksum: string().optional(),
		durationMs: number().nonnegative()
	})).default([])
});
/**
* Looks for these checksums in the results that `migrate` kept in the store, of all environments, the newest first,
* until each was found or the signal fires. Throws what the store throws when it cannot be listed.
*/
async function recordedDurations(store, project, checksums, signal) {
	const observed = [];
	const missing = new Set(checksums);
	let unreadable = 0;
	try {
		const records = newestRecords(await orAborted(store.list(`${project}/records/`), signal));
		for (let start = 0; start < records.length && missing.size > 0; start += batchSize) {
			const batch = await orAborted(Promise.all(records.slice(start, start + batchSize).map((one) => readRecord(store, one))), signal);
			for (const found of batch) {
				if (found === void 0) unreadable++;
				for (const one of found ?? []) if (checksums.has(one.checksum)) observed.push(one);
			}
			for (const { checksum } of observed) missing.delete(checksum);
		}
	} catch (error) {
		if (!signal.aborted) throw error;
		return {
			observed,
			problem: `${store.description} did not answer in time`
		};
	}
	return {
		observed,
		problem: unreadable === 0 ? void 0 : `${store.description} holds ${plural(unreadable, "record")} that cannot be read`
	};
}
/** Keys begin with the commit, so that only their stamps tell their age. */
function newestRecords(objects) {
	return objects.flatMap((object) => {
		const stamp = /\/(\d{8}T\d{6}Z)-migrate-[^/]*\.json$/.exec(object.key)?.[1];
		return stamp === void 0 ? [] : [{
			object,
			stamp
		}];
	}).sort((a, b) => a.stamp < b.stamp ? 1 : a.stamp > b.stamp ? -1 : 0).slice(0, mostRecords).map(({ object }) => object);
}
/** `undefined` for one that cannot be read; empty for one that was deleted since it was listed. */
async function readRecord(store, { key, sizeBytes }) {
	if (sizeBytes > largestBytes) return void 0;
	try {
		const { environment, release, finishedAt, applied } = record.parse(JSON.parse(await text(await store.get(key))));
		const at = new Date(finishedAt);
		return applied.flatMap(({ checksum, durationMs }) => checksum === void 0 ? [] : [{
			checksum,
			durationMs,
			environment,
			release,
			at
		}]);
	} catch (error) {
		return error instanceof ReleaseError && error.code === "backup-not-found" ? [] : void 0;
	}
}
/** A store has no way to be told to stop; what it still answers afterwards is not awaited. */
async function orAborted(work, signal) {
	const stop = new AbortController();
	const aborted = new Promise((_, reject) => {
		if (signal.aborted) reject(signal.reason);
		signal.addEventListener("abort", () => reject(signal.reason), {
			once: true,
			signal: stop.signal
		});
	});
	work.catch(() => {});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		stop.abort();
	}
}
// src/migration/durations.ts
/** The newest of each checksum, whatever the environment: it ran on the data that is most like today's. */
function newestDurations(observed) {
	const newest = /* @__PURE__ */ new Map();
	for (const one of observed) {
		const known = newest.get(one.checksum);
		if (known === void 0 || one.at > known.at) newest.set(one.checksum, one);
	}
	return newest;
}
// src/commands/expected-durations.ts
/** A plan is wanted now; what a slow store knows is not worth more. */
const longestMs = 2e4;
/** Looks into the history of the database and the records of the store. Whatever is wrong with the store is a warning. */
async function expectedDurations(pending, database, storeUrl, context) {
	if (pending.length === 0) return {
		byChecksum: /* @__PURE__ */ new Map(),
		problem: void 0
	};
	const checksums = new Set(pending.map(({ checksum }) => checksum));
	const here = await database.state.durations([...checksums]);
	const { observed, problem } = storeUrl === void 0 ? nothing : await fromStore(storeUrl, checksums, context);
	if (problem !== void 0) context.log.warn(`how long migrations took elsewhere is not fully known: ${problem}`);
	return {
		byChecksum: newestDurations([...here, ...observed]),
		problem
	};
}
const nothing = {
	observed: [],
	problem: void 0
};
async function fromStore(url, checksums, { clock, signal, project, openStore }) {
	const late = new AbortController();
	const ended = new AbortController();
	clock.sleep(longestMs, ended.signal).then(() => late.abort());
	try {
		return await recordedDurations(await openStore(url), project, checksums, AbortSignal.any([signal, late.signal]));
	} catch (error) {
		return {
			observed: [],
			problem: messageOf(error).replace(/\.$/, "")
		};
	} finally {
		ended.abort();
	}
}
// src/sql/additions.ts
/** Tables and columns that a statement adds, as people write them: whoever takes in a table's rows must have them first. */
function additionsOf({ node }) {
	if ("CreateStmt" in node) return tableOf(node.CreateStmt.relation);
	if ("CreateTableAsStmt" in node) return node.CreateTableAsStmt.objtype === "OBJECT_TABLE" ? tableOf(node.CreateTableAsStmt.into?.rel) : [];
	if ("SelectStmt" in node) return tableOf(node.SelectStmt.intoClause?.rel);
	if ("AlterTableStmt" in node) return addedColumns(node.AlterTableStmt.relation, node.AlterTableStmt.cmds ?? []);
	if ("RenameStmt" in node) {
		const { renameType, relation, newname } = node.RenameStmt;
		if (renameType === "OBJECT_COLUMN") return [`column ${nameOf(relation)}.${newname}`];
		return renameType === "OBJECT_TABLE" ? [`table ${nameOf({
			...relation,
			relname: newname ?? ""
		})}`] : [];
	}
	return [];
}
/** Temporary and unlogged tables are not replicated. */
function tableOf(relation) {
	return relation?.relpersistence === "p" ? [`table ${nameOf(relation)}`] : [];
}
function addedColumns(relation, commands) {
	return commands.flatMap((command) => {
		if (!("AlterTableCmd" in command) || command.AlterTableCmd.subtype !== "AT_AddColumn") return [];
		const { def } = command.AlterTableCmd;
		return def !== void 0 && "ColumnDef" in def ? [`column ${nameOf(relation)}.${def.ColumnDef.colname}`] : [];
	});
}
function nameOf(relation) {
	return [relation?.schemaname, relation?.relname].filter(Boolean).join(".");
}
// src/commands/replication.ts
async function replicationOf(publishing, allowed, pending) {
	const additions = publishing.takingNew.length === 0 ? [] : (await Promise.all(pending.map(additionsIn))).flat();
	const notes = [newOnSubscribers(publishing, additions)].filter((note) => note !== void 0);
	const refusal = publishedRefusal(publishing, allowed);
	if (refusal === void 0) return {
		notes,
		subscriberSql: []
	};
	const ways = `Run the SQL above there and set publish-state: true${publishing.state.length === 0 ? "" : ", or set history: store"}.`;
	return {
		notes: [`migrate would refuse: ${refusal.message} ${ways}`, ...notes],
		subscriberSql: publishing.subscriberSql
	};
}
async function additionsIn({ up }) {
	const parsed = await parseStatements(up.text);
	return "problem" in parsed ? [] : parsed.statements.flatMap(additionsOf);
}
// src/commands/backup-outlook.ts
const clear = {
	obstacles: [],
	notes: []
};
/** Looks as `migrate` would, and starts no command. A backup may still be made before the run: nothing here is a fault of the plan. */
async function backupOutlook(about, inputs, context) {
	try {
		const asked = requirementOf(inputs);
		if (asked === void 0 || await about.database.isFresh()) return clear;
		const standings = await standingsOf(about, [about.phase], inputs, context);
		const looked = await lookInStore(about.database, standings, asked, inputs, context);
		if (typeof looked !== "string" && looked.found !== void 0) return clear;
		const { message } = backupRequired(asked, looked, context);
		if (inputs["attest-command"] === void 0) return {
			obstacles: [`phase ${about.phase}: ${message}`],
			notes: []
		};
		return {
			obstacles: [],
			notes: [`No stored backup counts for phase ${about.phase} now: migrate would ask attest-command. ${message}`]
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		return {
			obstacles: [],
			notes: [`Whether a backup counts for phase ${about.phase} is not known: ${messageOf(error)}`]
		};
	}
}
// src/commands/drill-outlook.ts
/** Looks as `migrate` would. A drill may still be held before the run: nothing here is a fault of the plan. */
async function drillOutlook({ phase, database }, inputs, context) {
	try {
		const demand = drillDemandOf(inputs);
		if (demand === void 0 || await database.isFresh()) return {
			obstacles: [],
			notes: []
		};
		const looked = await lookForDrill(database, demand, context);
		if (looked.found !== void 0) return {
			obstacles: [],
			notes: []
		};
		return {
			obstacles: [`phase ${phase}: ${drillRequired(demand, looked, context).message}`],
			notes: []
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		return {
			obstacles: [],
			notes: [`Whether a drill counts for phase ${phase} is not known: ${messageOf(error)}`]
		};
	}
}
// src/commands/requirement-outlook.ts
/** What a run would lack now that has to be there before it begins. */
async function requirementOutlook(about, inputs, context) {
	const [backup, drill] = [await backupOutlook(about, inputs, context), await drillOutlook(about, inputs, context)];
	return {
		obstacles: [...backup.obstacles, ...drill.obstacles],
		notes: [...backup.notes, ...drill.notes]
	};
}
// src/commands/plan-by-command.ts
const phases = ["pre", "post"];
/** `plan` where only the team's own program knows its migrations. */
async function planByCommand(team, inputs, context) {
	try {
		var _usingCtx$2 = _usingCtx();
		const target = _usingCtx$2.a(await databaseInputs(inputs, context));
		const database = _usingCtx$2.a(await openDatabase(target, inputs, context));
		const state = await readTeamState(team, inputs, database, context);
		const outlooks = [];
		for (const phase of phases) {
			if (barredNow(phase, state, context) !== void 0) continue;
			const about = {
				phase,
				database,
				ledger: void 0,
				history: state.evidence.history
			};
			outlooks.push(await requirementOutlook(about, inputs, context));
		}
		const { notes: replicationNotes, ...replication } = await replicationOf(await database.publishing(), inputs["publish-state"], []);
		const digests = {
			pre: state.digest("pre"),
			post: state.digest("post")
		};
		return {
			verdict: "pass",
			reason: "The team's own command would run in each phase; which migrations it would apply is not known to Shiplock.",
			outputs: {
				"digest-pre": digests.pre,
				"digest-post": digests.post
			},
			details: {
				database: database.description,
				serverVersion: database.serverVersion,
				layout: "command",
				phases: phases.map((phase) => describePhase$1(phase, team, state, context)),
				digests,
				...replication,
				obstacles: outlooks.flatMap(({ obstacles }) => obstacles),
				notes: [
					...waiversOf(state.evidence.history, context),
					...outlooks.flatMap(({ notes }) => notes),
					...replicationNotes
				]
			}
		};
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
function describePhase$1(phase, team, state, context) {
	const last = state.evidence.history.findLast((row) => row.event === "command" && (row.phase === phase || row.phase === "all"));
	const barred = barredNow(phase, state, context);
	return {
		phase,
		pending: [],
		runs: commandFor(team, phase),
		...last?.event === "command" ? { last: {
			state: last.state,
			release: last.release,
			at: last.at.toISOString()
		} } : {},
		...barred === void 0 ? {} : {
			heldBack: true,
			warning: barred
		}
	};
}
/** Why `migrate` would refuse this phase now. */
function barredNow(phase, { evidence }, { release, run }) {
	try {
		refuseTeamPhase(phase, evidence, {
			release,
			commit: run.commit
		}, false);
		return;
	} catch (error) {
		return messageOf(error);
	}
}
// src/commands/plan.ts
var plan_default = defineCommand({
	summary: "List what would run in each phase now, with its digest. Changes nothing.",
	inputs: [
		...migrationInputNames,
		"store",
		"long-migration"
	],
	optional: ["store"],
	outputs: {
		pending: "Number of migrations that have not run, both phases together.",
		"digest-pre": "SHA-256 of the plan of the pre phase.",
		"digest-post": "SHA-256 of the plan of the post phase."
	},
	async run(inputs, context) {
		try {
			var _usingCtx$1 = _usingCtx();
			const way = migrationWay(inputs);
			if (way.kind === "command") return planByCommand(way.command, inputs, context);
			const read = await readMigrations(inputs, context);
			const target = _usingCtx$1.a(await databaseInputs(inputs, context));
			const database = _usingCtx$1.a(await openDatabase(target, inputs, context));
			const state = await readState(inputs, read, database, context);
			const pending = [...state.plans.pre, ...state.plans.post];
			return outcomeOf(state, database, {
				scripts: await prepareScripts(pending, database),
				steps: await database.state.finishedSteps(),
				durations: await expectedDurations(pending, database, inputs.store, context),
				longMs: inputs["long-migration"],
				outlook: await outlookOf(state, database, inputs, context),
				replication: await replicationOf(await database.publishing(state.ledger), state.ledger.publishState, pending)
			});
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
function outcomeOf(state, database, known) {
	const { plans } = state;
	const { durations, longMs } = known;
	const digests = {
		pre: state.digest("pre", plans.pre),
		post: state.digest("post", plans.post)
	};
	const pending = plans.pre.length + plans.post.length;
	return {
		verdict: "pass",
		reason: pending === 0 ? "Nothing is pending." : `${plural(plans.pre.length, "migration")} would run before the deploy, ${plans.post.length} after it.`,
		outputs: {
			pending,
			"digest-pre": digests.pre,
			"digest-post": digests.post
		},
		details: {
			database: database.description,
			serverVersion: database.serverVersion,
			layout: state.ledger.layout.name,
			applied: plans.applied,
			phases: [describePhase("pre", state, known), describePhase("post", state, known)],
			longMigrationMs: longMs,
			...durations.problem === void 0 ? {} : { durationsProblem: durations.problem },
			drift: {
				ahead: plans.ahead,
				unchecked: plans.unchecked
			},
			debts: plans.debts.map(({ migration, since, ageMs }) => ({
				id: migration.id,
				since: since.toISOString(),
				ageMs
			})),
			digests,
			...known.outlook,
			...known.replication,
			notes: [...known.outlook.notes, ...known.replication.notes]
		}
	};
}
async function outlookOf(state, database, inputs, context) {
	const obstacles = [];
	const notes = [...waiversOf(state.evidence.history.rows, context)];
	for (const phase of phasesToAsk(state)) try {
		const decision = await decideRun(phase, state, inputs, context);
		notes.push(...decision.notes);
		if (decision.run.length === 0) continue;
		const outlook = await requirementOutlook({
			phase,
			database,
			ledger: state.ledger,
			history: state.evidence.history.rows
		}, inputs, context);
		obstacles.push(...outlook.obstacles);
		notes.push(...outlook.notes);
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		obstacles.push(`phase ${phase}: ${error.message}`);
	}
	return {
		obstacles,
		notes
	};
}
/** Before the pre phase and the deploy, a refusal of the post phase says nothing. */
function phasesToAsk({ plans, evidence }) {
	return plans.pre.length > 0 || lastDeployed(evidence.history.rows) === void 0 ? ["pre"] : ["pre", "post"];
}
function describePhase(phase, state, { scripts, steps, durations, longMs }) {
	const heldBack = phase === "post" ? heldBackNow(state) : /* @__PURE__ */ new Set();
	return {
		phase,
		pending: state.plans[phase].map((migration) => {
			const script = scripts.find((one) => one.migration === migration);
			const warning = warningOf(script, steps.get(migration.version));
			const expected = durations.byChecksum.get(migration.checksum);
			return {
				id: migration.id,
				version: migration.version,
				path: migration.path,
				transactional: migration.transactional,
				expected: expected === void 0 ? null : describeDuration(expected),
				...expected !== void 0 && expected.durationMs > longMs ? { long: true } : {},
				...script?.unwrapped ? { unwrapped: true } : {},
				...warning === void 0 ? {} : { warning },
				...heldBack.has(migration) ? { heldBack: true } : {}
			};
		})
	};
}
function describeDuration({ durationMs, environment, release, at }) {
	return {
		durationMs,
		environment,
		...release === void 0 ? {} : { release },
		at: at.toISOString()
	};
}
function warningOf(script, finished) {
	if (finished !== void 0) return `${plural(finished, "statement")} ran in an earlier run; goes on after`;
	if (script?.unparsed !== void 0) return `not parsed, sent as one message: ${script.unparsed}`;
	return script?.units.length === 0 ? "holds no statement" : void 0;
}
/** Post migrations that `migrate --phase post` would not run now. */
function heldBackNow({ plans, evidence, policy }) {
	try {
		return new Set(migrationsFor("post", plans, evidence, policy).heldBack);
	} catch {
		return new Set(plans.post);
	}
}
export { plan_default as default };
