import { Jt as plural, Wt as formatDuration, fn as messageOf, un as ReleaseError } from "./start.js";
import { a as keepContract, n as notReadNotes, r as uncoveredNotes, t as expectedDurations } from "./expected-durations.js";
import { t as majorReason } from "./destructive2.js";
import { $ as lastDeployed, A as migrationWay, Ct as statementsOf, E as backupRequired, N as teamCommandOf, O as commandFor, S as requirementOf, W as migrationsFor, Z as appliedAttempts, _t as databaseInputs, a as prepareScripts, c as readState, et as newest, f as drillDemandOf, h as drillRequired, i as migrationInputNames, j as refuseTeamPhase, m as lookForDrill, s as readMigrations, w as standingsOf, x as lookInStore } from "./migrations.js";
import { n as noteLedger } from "./ledger-note.js";
import { h as renumbered, l as wayBackByCommand, m as settledElsewhere, n as decideRun, p as waiversOf, s as describeWayBack, t as skipUnheard, u as wayBackOf } from "./skip-unheard.js";
import { t as defineCommand } from "./command.js";
import { t as keysOf } from "./keys.js";
import { a as outsideChanges, t as liveRelease } from "./present.js";
import { t as openDatabase } from "./open-database.js";
import { n as publishedRefusal, t as newOnSubscribers } from "./publishing.js";
import { t as readTeamState } from "./team-state.js";
import { t as _usingCtx } from "./usingCtx.js";
// src/gate/release-notes.ts
/** What the people who run a release have to know of its migrations, in plain words: Markdown, a paragraph a matter. */
function releaseNotes({ release, longMs, migrations }) {
	if (migrations.length === 0) return `${release} changes nothing in the database.`;
	const of = (phase) => migrations.filter((one) => one.phase === phase).length;
	const parts = [of("pre") > 0 && `${of("pre")} before the deploy`, of("post") > 0 && `${of("post")} after ${of("pre") > 0 ? "it" : "the deploy"}, when no old code is left`];
	const [long, destructive] = [migrations.filter((one) => one.long), migrations.filter((one) => one.destructive !== void 0)];
	const unknown = migrations.filter((one) => one.expected === void 0);
	return [
		`**Database:** ${release} runs ${plural(migrations.length, "migration")}: ${parts.filter(Boolean).join(", ")}.`,
		...long.length === 0 ? [] : [`**Long migrations** (over ${formatDuration(longMs)}): ${long.map(longText).join("; ")}. Deploy off-peak, and expect a service that migrates when it starts to be away for as long.`],
		...destructive.length === 0 ? [] : [`**Destructive migrations:** ${destructive.map(destructiveText).join("; ")}. Whatever they remove or overwrite comes back only from a backup.`],
		...unknown.length === 0 ? [] : [`How long ${named(unknown)} ${unknown.length === 1 ? "takes" : "take"} has not been measured.`],
		...long.length + destructive.length + unknown.length === 0 ? ["None of them is long or destructive."] : []
	].join("\n\n");
}
/** Where only the team's own program knows its migrations. */
function notesOfCommand(release) {
	return `**Database:** ${release} runs the team's own migration command; which migrations it applies, and how long they take, is not known to Shiplock.`;
}
function longText({ id, phase, expected }) {
	return `\`${id}\`${expected === void 0 ? "" : ` took ${formatDuration(expected.durationMs)} in ${expected.environment}`} (${when(phase)})`;
}
function destructiveText({ id, phase, destructive }) {
	return `\`${id}\` (${when(phase)}): ${destructive}`;
}
function named(migrations) {
	return migrations.map(({ id }) => `\`${id}\``).join(", ");
}
function when(phase) {
	return phase === "pre" ? "before the deploy" : "after the deploy";
}
// src/commands/hazard-inputs.ts
/** The team's settings of lint that say which findings there are, and what they count for. */
const hazardInputNames = [
	"postgres",
	"start-after",
	"lint-rules",
	"squawk-config"
];
/** Where nothing is pending: then lint is not even loaded. */
const noHazards = {
	found: [],
	problem: void 0
};
// src/gate/config/changes.ts
/** What `plan` says about keys. A key that goes on under another of its names has not changed. */
function changesOfKeys(live, release) {
	const before = (names) => [...names].map((name) => live.of(name)).find((key) => key !== void 0);
	return {
		added: release.all.flatMap((key) => before(key.names) === void 0 ? [{
			name: key.name,
			need: needOf(key.required)
		}] : []),
		removed: live.all.filter(({ names }) => ![...names].some((name) => release.of(name) ?? release.matches(name))).map(({ name }) => name),
		becameRequired: release.all.flatMap((key) => {
			const old = before(key.names);
			return old !== void 0 && needOf(key.required) === "required" && needOf(old.required) !== "required" ? [key.name] : [];
		})
	};
}
function needOf(required) {
	if (required.kind !== "known") return "conditional";
	return required.value ? "required" : "optional";
}
// src/commands/key-changes.ts
const keyInputNames = ["config-template", "config-aliases"];
/** Compares the templates of the checkout with those of the live release. Throws nothing that a plan would have to fail for. */
async function changedKeys(history, { "config-template": globs, "config-aliases": aliases }, context) {
	if (globs === void 0) return {};
	const live = liveRelease(history);
	if (live === void 0) return { keysProblem: "the history does not tell which release is live" };
	if (live.commit === void 0) return { keysProblem: `the history does not tell which commit ${live.release} is` };
	try {
		const commit = await context.gitCommit(live.commit);
		if (commit === void 0) return { keysProblem: `git does not know ${live.release} (${live.commit.slice(0, 12)}) here; actions/checkout needs fetch-depth: 0` };
		const { contractsAt, contractsOfRelease } = await import("./config-release2.js");
		const release = await contractsOfRelease({
			"config-template": globs,
			"config-command": void 0
		}, context);
		const changes = changesOfKeys(keysOf(await contractsAt(commit, globs, context), aliases), keysOf(release, aliases));
		return { keys: {
			since: live.release,
			...changes
		} };
	} catch (error) {
		context.signal.throwIfAborted();
		return { keysProblem: messageOf(error).replace(/\.$/, "") };
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
	const parsed = await statementsOf(up);
	return "problem" in parsed ? [] : parsed.statements.flatMap(additionsOf);
}
// src/commands/backup-outlook.ts
const clear$1 = {
	obstacles: [],
	notes: [],
	relies: []
};
/** Looks as `migrate` would, and starts no command. A backup may still be made before the run: nothing here is a fault of the plan. */
async function backupOutlook(about, inputs, context) {
	try {
		const asked = requirementOf(inputs);
		if (asked === void 0 || await about.database.isFresh()) return clear$1;
		const standings = await standingsOf(about, [about.phase], inputs, context);
		const looked = await lookInStore(about.database, standings, asked, inputs, context);
		if (typeof looked !== "string" && looked.found !== void 0) {
			const { backup, ageMs } = looked.found;
			const { id, level } = backup.manifest;
			return {
				...clear$1,
				relies: [{
					what: "backup",
					phase: about.phase,
					id,
					level,
					ageMs: Math.max(0, ageMs)
				}]
			};
		}
		const { message } = backupRequired(asked, looked, context);
		if (inputs["attest-command"] === void 0) return {
			...clear$1,
			obstacles: [`phase ${about.phase}: ${message}`]
		};
		return {
			...clear$1,
			notes: [`No stored backup counts for phase ${about.phase} now: migrate would ask attest-command. ${message}`]
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		return {
			...clear$1,
			notes: [`Whether a backup counts for phase ${about.phase} is not known: ${messageOf(error)}`]
		};
	}
}
// src/commands/drill-outlook.ts
const clear = {
	obstacles: [],
	notes: [],
	relies: []
};
/** Looks as `migrate` would. A drill may still be held before the run: nothing here is a fault of the plan. */
async function drillOutlook({ phase, database }, inputs, context) {
	try {
		const demand = drillDemandOf(inputs);
		if (demand === void 0 || await database.isFresh()) return clear;
		const looked = await lookForDrill(database, demand, context);
		if (looked.found !== void 0) {
			const { drill, ageMs } = looked.found;
			return {
				...clear,
				relies: [{
					what: "drill",
					phase,
					id: drill.id,
					level: drill.levels.join(", "),
					ageMs: Math.max(0, ageMs)
				}]
			};
		}
		return {
			...clear,
			obstacles: [`phase ${phase}: ${drillRequired(demand, looked, context).message}`]
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		return {
			...clear,
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
		notes: [...backup.notes, ...drill.notes],
		relies: [...backup.relies, ...drill.relies]
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
		const lastRun = newest(state.evidence.history.filter((row) => row.event === "command"));
		const { outside, problem } = await outsideChanges(database, inputs["migrations-table"], lastRun?.at);
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
				contracts: {
					pre: keepContract(state.contract("pre")),
					post: keepContract(state.contract("post"))
				},
				...outside === void 0 ? {} : { outside },
				...problem === void 0 ? {} : { outsideProblem: problem },
				...await changedKeys(state.evidence.history, inputs, context),
				relies: outlooks.flatMap(({ relies }) => relies),
				...describeWayBack(wayBackByCommand),
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
		...hazardInputNames,
		...keyInputNames,
		"store",
		"long-migration",
		"format"
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
			if (way.kind === "command") {
				const outcome = await planByCommand(way.command, inputs, context);
				return inputs.format === "report" ? outcome : withText(outcome, notesOfCommand(context.release));
			}
			const read = await readMigrations(inputs, context);
			const target = _usingCtx$1.a(await databaseInputs(inputs, context));
			const database = _usingCtx$1.a(await openDatabase(target, inputs, context));
			const state = await readState(inputs, read, database, context);
			const pending = [...state.plans.pre, ...state.plans.post];
			const { runBy } = read.layout;
			const sql = pending.filter(({ notSql }) => notSql === void 0);
			const scripts = await prepareScripts(sql, database, state.ledger.layout);
			const steps = await database.state.finishedSteps();
			const durations = await expectedDurations(pending, database, inputs.store, context);
			const [outside, hazards] = await Promise.all([outsideOf(state, database, inputs), pending.length === 0 ? noHazards : import("./hazards.js").then(({ hazardsOf }) => hazardsOf(pending, read, inputs, context))]);
			const known = {
				layoutShownBy: read.shownBy,
				command: runBy === void 0 ? void 0 : teamCommandOf(inputs, runBy),
				unheard: runBy === void 0 ? [] : await skipUnheard("pre", state.plans.pre, state.plans.post, context),
				scripts,
				steps,
				durations,
				longMs: inputs["long-migration"],
				hazards,
				destructive: await destructiveParts(pending),
				outside,
				outlook: await outlookOf(state, database, inputs, context),
				keys: await changedKeys(state.evidence.history.rows, inputs, context),
				replication: await replicationOf(await database.publishing(state.ledger), state.ledger.publishState, pending),
				wayBack: describeWayBack(await wayBackOf(pending, state, database.serverMajor, inputs, context))
			};
			const outcome = outcomeOf(state, database, known);
			return inputs.format === "report" ? outcome : withReleaseNotes(outcome, pending, known, context);
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
function outcomeOf(state, database, known) {
	const { plans } = state;
	const { durations, longMs, hazards, outside } = known;
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
			...known.layoutShownBy === void 0 ? {} : { layoutShownBy: known.layoutShownBy },
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
			contracts: {
				pre: keepContract(state.contract("pre", plans.pre)),
				post: keepContract(state.contract("post", plans.post))
			},
			hazards: hazards.found,
			...outside.outside === void 0 ? {} : { outside: outside.outside },
			...outside.problem === void 0 ? {} : { outsideProblem: outside.problem },
			...known.keys,
			...known.wayBack,
			ledger: noteLedger(state.evidence, { begun: known.steps.keys() }, database.serverMajor),
			...known.outlook,
			...known.replication,
			notes: [
				...known.outlook.notes,
				...known.replication.notes,
				...known.unheard,
				...settledElsewhere(known.steps.keys(), state.evidence),
				...renumbered(state.evidence),
				...notReadNotes([...plans.pre, ...plans.post]),
				...uncoveredNotes([...plans.pre, ...plans.post]),
				...hazards.problem === void 0 ? [] : [`What lint says of these migrations is not known: ${hazards.problem}.`]
			]
		}
	};
}
async function destructiveParts(pending) {
	const parts = await Promise.all(pending.map(async (one) => [one.version, await majorReason(one)]));
	return new Map(parts.filter((part) => part[1] !== void 0));
}
function outsideOf({ evidence }, database, inputs) {
	const { rows } = evidence.history;
	const takenBack = rows.filter((row) => row.event === "reversal" && (row.state === "reverted" || row.state === "running"));
	const lastRunAt = newest([...appliedAttempts(rows), ...takenBack])?.at;
	return outsideChanges(database, inputs["migrations-table"], lastRunAt);
}
function withReleaseNotes(outcome, pending, known, { release }) {
	const { durations, longMs, destructive } = known;
	return withText(outcome, releaseNotes({
		release,
		longMs,
		migrations: pending.map(({ id, phase, version, checksum }) => {
			const expected = durations.byChecksum.get(checksum);
			return {
				id,
				phase,
				expected,
				long: expected !== void 0 && expected.durationMs > longMs,
				destructive: destructive.get(version)
			};
		})
	}));
}
function withText(outcome, text) {
	return {
		...outcome,
		details: {
			...outcome.details,
			releaseNotes: text
		}
	};
}
async function outlookOf(state, database, inputs, context) {
	const obstacles = [];
	const notes = [...waiversOf(state.evidence.history.rows, context)];
	const relies = [];
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
		relies.push(...outlook.relies);
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		obstacles.push(`phase ${phase}: ${error.message}`);
	}
	return {
		obstacles,
		notes,
		relies
	};
}
/** Before the pre phase and the deploy, a refusal of the post phase says nothing. */
function phasesToAsk({ plans, evidence }) {
	return plans.pre.length > 0 || lastDeployed(evidence.history.rows) === void 0 ? ["pre"] : ["pre", "post"];
}
function describePhase(phase, state, { command, scripts, steps, durations, longMs, destructive }) {
	const heldBack = phase === "post" ? heldBackNow(state) : /* @__PURE__ */ new Set();
	const pending = state.plans[phase].map((migration) => {
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
			...destructive.has(migration.version) ? { destructive: destructive.get(migration.version) } : {},
			...script?.unwrapped ? { unwrapped: true } : {},
			...warning === void 0 ? {} : { warning },
			...heldBack.has(migration) ? { heldBack: true } : {}
		};
	});
	return {
		phase,
		pending,
		...command === void 0 || pending.length === 0 ? {} : { runs: commandFor(command, phase) }
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
