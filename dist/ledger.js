import { Gt as formatMoment, J as readTyped, Jt as plural, _t as lineageOf, bt as shownVersion, gt as isRepeatable, mt as byVersion, un as ReleaseError } from "./start.js";
import { $ as lastDeployed, J as refuseMoves, K as checksumThatRan, X as planAdoption, Y as sidesOf, Z as appliedAttempts, _t as databaseInputs, d as refuseOtherTool, fn as closedState, gt as databaseInputNames, n as folderInputNames, pn as refuseElsewhere, pt as MappedText, q as refuseEdits, r as ledgerOptions, s as readMigrations, t as checkIdentity, u as refuseOtherProject, vt as lockInputNames, yt as lockPolicy } from "./migrations.js";
import { r as refusePublished } from "./publishing.js";
import { t as defineCommand } from "./command.js";
import { n as noteLedger } from "./ledger-note.js";
import { c as previewScript, l as MigrationRun, n as describeUnfinished, p as booksLost, t as runPolicy } from "./run-policy.js";
import { i as noteSchema, t as liveRelease } from "./present.js";
import { t as openDatabase } from "./open-database.js";
import { t as whoOf } from "./who.js";
import { t as _usingCtx } from "./usingCtx.js";
// src/migration/mark-run.ts
/**
* Changes the books of one migration and runs nothing of it. The history says so before the version table changes: a run
* that is killed in between leaves an open row, which the next run closes from the table. The look afterwards belongs to the mark:
* the history calls done only what the version table then shows.
*/
async function runMark(script, byHand, executor, policy, lookAfter) {
	const { migration, mark } = script;
	const { books } = executor;
	const id = await books.beginMark(migration, mark.as, byHand);
	let error;
	let after;
	try {
		error = await new MigrationRun(script, executor, policy, false).apply([]);
		if (error === void 0) after = await lookAfter();
		error ??= after?.error;
	} catch (cause) {
		error = booksLost(cause);
	}
	const state = await stateAfter(error, script, executor);
	books.end({
		id,
		state,
		error: error?.code
	});
	await books.flush().catch(() => {});
	return {
		error,
		after
	};
}
/** After a lost connection the version table decides. */
async function stateAfter(error, { migration, mark }, executor) {
	if (error === void 0) return mark.as;
	if (error.code !== "connection-lost") return "failed";
	try {
		const isInTable = (await executor.settle()).some(({ version }) => version === migration.version);
		return closedState(mark.as === "reverted", isInTable);
	} catch {
		return "running";
	}
}
// src/migration/marking.ts
/** Throws for what would leave books that are wrong, or that a later run stops at. */
function planMark(asked, evidence) {
	if (asked.action === "clear-dirty") return clearDirty(asked, evidence);
	return asked.action === "mark-applied" ? markApplied(asked, evidence) : markReverted(asked, evidence);
}
function markApplied({ typed, outOfOrder }, evidence) {
	const { entries, history, layout, steps } = evidence;
	const migration = fileOf(typed, evidence);
	const { id, version } = migration;
	if (entries.some((entry) => entry.version === version)) {
		const sides = sidesOf([migration], entries, history);
		refuseEdits(sides);
		refuseMoves(sides);
		if (!steps.has(version)) return { nothing: `${id} is in the version table already; nothing was changed.` };
		return {
			migration,
			mark: {
				as: "applied",
				row: "none"
			},
			wasApplied: true,
			notes: stepsNote(migration, evidence)
		};
	}
	const [older] = pendingOf(evidence).filter((one) => one.phase === migration.phase && isBefore(one, migration)).sort(byVersion);
	if (older !== void 0 && layout.keepsNewest) throw new ReleaseError("out-of-order", `${older.path} is older than ${id} and has not run.`, {
		at: older.path,
		hint: `The version table keeps the newest number alone: ${older.id} would count as run too. Run it first, or mark it first: shiplock ledger mark-applied --migration ${older.id} --reason "…"`
	});
	if (older !== void 0 && outOfOrder === "refuse" && !migration.hotfix) throw new ReleaseError("out-of-order", `${older.path} is older than ${id} and has not run: "migrate" would stop at it afterwards.`, {
		at: older.path,
		hint: `Run it first, or mark it first: shiplock ledger mark-applied --migration ${older.id} --reason "…". migrations.out-of-order: allow lets older files follow.`
	});
	return {
		migration,
		mark: {
			as: "applied",
			row: "own"
		},
		wasApplied: false,
		notes: [
			...stepsNote(migration, evidence),
			...postNote(migration, history),
			...older === void 0 ? [] : holeNote(older, layout)
		]
	};
}
function markReverted({ typed }, evidence) {
	const { entries, layout, steps } = evidence;
	const named = versionOf(typed, evidence);
	const entry = entries.find(({ version }) => lineageOf(version) === named.version);
	const noted = [...steps.keys()].find((version) => lineageOf(version) === named.version);
	const migration = asItRan({
		...named,
		version: noted ?? named.version
	}, entry, evidence);
	if (entry === void 0) {
		if (!steps.has(migration.version)) return { nothing: `${migration.id} is in no version table; nothing was changed.` };
		return {
			migration,
			mark: {
				as: "reverted",
				row: "none"
			},
			wasApplied: false,
			notes: stepsNote(migration, evidence)
		};
	}
	if (entry.covered) throw new ReleaseError("not-newest", `${migration.id} has no row of its own in the version table: a baseline stands for it.`, { hint: "Nothing takes one version out of a baseline. Put what is missing into a new migration." });
	const newer = entries.filter((one) => asItRan({
		version: one.version,
		word: one.version
	}, one, evidence).phase === migration.phase && isBefore(entry, one)).sort(byVersion);
	const [newest] = newer.slice(-1);
	if (newest !== void 0 && layout.keepsNewest) {
		const last = asItRan({
			version: newest.version,
			word: newest.version
		}, newest, evidence).id;
		throw new ReleaseError("not-newest", `${migration.id} is not the newest in the version table: ${last} is.`, { hint: `The version table keeps the newest number alone, so that no older one can be taken out. Take back ${last} first: shiplock ledger mark-reverted --migration ${last} --reason "…"` });
	}
	const [next] = newer;
	const inOrder = newer.find(({ version }) => evidence.migrations.some((one) => one.version === version && !one.hotfix));
	const stays = inOrder === void 0 ? [] : [`Version ${inOrder.version} is newer and stays applied: "migrate" stops at ${migration.id} as out of order until that is taken back too, or allowed.`];
	const hole = next === void 0 ? [] : holeNote(migration, layout);
	return {
		migration,
		mark: {
			as: "reverted",
			row: "own"
		},
		wasApplied: true,
		notes: [
			...stepsNote(migration, evidence),
			...stays,
			...hole
		]
	};
}
/** Throws `invalid-input` where the layout's tool notes nothing, or for another migration than the one that it notes. */
function clearDirty({ typed, settleAs }, evidence) {
	const { entries, layout } = evidence;
	if (layout.ledger.dirty === void 0) throw new ReleaseError("invalid-input", `${layout.name} notes in its version table no migration that began and did not end.`, { hint: "There is nothing to clear. \"shiplock ledger mark-applied\" and \"shiplock ledger mark-reverted\" mend what is wrong there." });
	if (settleAs === void 0) throw new Error("clear-dirty without settle-as");
	const dirty = entries.filter((entry) => entry.dirty);
	const [first] = dirty;
	if (first === void 0) return { nothing: "The version table says of no migration that it began and did not end; nothing was changed." };
	const { version } = readTyped(typed);
	const own = dirty.find((entry) => lineageOf(entry.version) === version);
	const before = own === void 0 && layout.keepsNewest ? dirty.find((entry) => followerOf(entry, evidence)?.version === version) : void 0;
	const entry = own ?? before;
	if (entry === void 0) throw notDirty(typed, first, evidence);
	const wasApplied = before !== void 0;
	const migration = settleAs === "applied" || wasApplied ? fileOf(typed, evidence) : asItRan(versionOf(typed, evidence), entry, evidence);
	const notes = [...stepsNote(migration, evidence), ...before === void 0 ? [] : [wayBackNote(migration, before)]];
	return {
		migration,
		mark: {
			as: settleAs,
			row: "begun"
		},
		wasApplied,
		notes
	};
}
/** The table would say the same of the older one's way there: whoever meant that has named the wrong one. */
function wayBackNote({ id }, { version }) {
	return `The mark is taken for a way back of ${id} that did not end${version === "-1" ? "" : `, which version ${shownVersion(version)} stands for too; where that one did not end, name it instead`}.`;
}
function notDirty(typed, dirty, evidence) {
	const follower = evidence.layout.keepsNewest ? followerOf(dirty, evidence) : void 0;
	const file = evidence.migrations.find(({ version }) => version === dirty.version);
	const names = [...dirty.version === "-1" ? [] : [`--migration ${file?.id ?? shownVersion(dirty.version)}, if it is that one`], ...follower === void 0 ? [] : [`--migration ${follower.id}, if its way back did not end`]];
	return new ReleaseError("invalid-input", `The version table says that version ${shownVersion(dirty.version)} is dirty, and not ${JSON.stringify(typed)}.`, { hint: `Name ${names.join("; ")}.` });
}
/** The next file of the same table. */
function followerOf(entry, { migrations }) {
	return migrations.filter((one) => one.phase === entry.phase && byVersion(one, entry) > 0).sort(byVersion)[0];
}
/** Throws `unknown-migration` unless this checkout holds it. */
function fileOf(typed, evidence) {
	const { word, version, isVersion } = readTyped(typed);
	const migration = evidence.migrations.find((one) => lineageOf(one.version) === version);
	if (migration !== void 0 && (isVersion || migration.id === word)) return migration;
	const [next] = pendingOf(evidence).sort(byVersion);
	const other = migration === void 0 ? "" : `: version ${version} is ${migration.id}`;
	throw new ReleaseError("unknown-migration", `${JSON.stringify(typed)} is no migration of this checkout${other}.`, { hint: `Its file says what is recorded, so run this where the file is${next === void 0 ? "" : `; the oldest that is pending here is --migration ${next.id}`}.` });
}
function pendingOf({ migrations, entries }) {
	const applied = new Set(entries.map(({ version }) => version));
	return migrations.filter(({ version }) => !applied.has(version));
}
/** Whether one comes before the other by its number; what is repeatable has none, and no turn among others. */
function isBefore(one, other) {
	return !isRepeatable(one) && !isRepeatable(other) && byVersion(one, other) < 0;
}
/** Throws `unknown-migration` for what no table, no file and no row of the history knows. */
function versionOf(typed, evidence) {
	const { word, version, isVersion } = readTyped(typed);
	const known = version === void 0 ? void 0 : nameOf(version, evidence);
	const isThere = evidence.entries.some((entry) => lineageOf(entry.version) === version);
	if (version !== void 0 && (isThere || known !== void 0) && (isVersion || known === void 0 || known === word)) return {
		version,
		word
	};
	const other = isVersion ? void 0 : known;
	const why = other === void 0 ? "no version table and no file here has it" : `version ${shownVersion(version ?? "")} is ${other}`;
	throw new ReleaseError("unknown-migration", `${JSON.stringify(typed)} is no migration that is known here: ${why}.`, { hint: `${other === void 0 ? "" : `Name --migration ${other}, if it is that one. `}An id begins with its number, as 0007_add_phone does; the number alone will do. "shiplock plan" lists what ran without a file here.` });
}
/** The name that it ran under, else that of its file. */
function nameOf(version, { migrations, history: { rows, former } }) {
	const all = [...former, ...rows];
	const attempt = appliedAttempts(all).findLast((row) => lineageOf(row.version) === version);
	const contained = all.flatMap((row) => row.event === "deployed" ? row.migrations : []).findLast((one) => lineageOf(one.version) === version);
	return attempt?.name || contained?.name || migrations.find((one) => lineageOf(one.version) === version)?.id;
}
/** A migration as the table and the history have it; its file may be another one now, or gone. */
function asItRan(named, entry, evidence) {
	const { migrations, entries, history } = evidence;
	const sides = sidesOf(migrations, entries, history);
	const version = entry?.version ?? named.version;
	const file = migrations.find((one) => lineageOf(one.version) === lineageOf(version));
	const known = sides.contained.get(version)?.at(-1);
	const nothing = MappedText.generated("");
	return {
		...file ?? {
			path: named.word,
			file: "",
			up: nothing,
			down: void 0,
			transactional: true,
			hotfix: false,
			major: false
		},
		version,
		id: nameOf(lineageOf(version), evidence) ?? named.word,
		phase: entry?.phase ?? sides.attempts.get(version)?.phase ?? known?.phase ?? file?.phase ?? "pre",
		checksum: checksumThatRan(sides, version) ?? known?.checksum ?? file?.checksum ?? ""
	};
}
function stepsNote({ id, version }, { steps }) {
	const count = steps.get(version);
	return count === void 0 ? [] : [`${plural(count, "statement")} of ${id} had been noted by earlier runs; that is settled with it.`];
}
/** What the tool itself does when a file is pending that is older than one that counts as applied. */
function holeNote({ id }, { name, toleratesHoles, allowingHoles }) {
	if (toleratesHoles) return [];
	return [`${name}'s own command stops at ${id} until it is applied, and with it a service that migrates at boot${allowingHoles === void 0 ? "" : `; ${allowingHoles} goes on`}.`];
}
/** What it removes may still be needed by the code that is live. */
function postNote({ id, phase, version }, { rows }) {
	const deployed = lastDeployed(rows);
	if (phase === "pre" || deployed?.migrations.some((one) => one.version === version)) return [];
	return [`${id} is a post migration, and ${deployed === void 0 ? "no release is recorded as deployed" : `${deployed.release}, which is recorded as deployed, does not contain it`}: the code that is live may need what it removed.`];
}
// src/commands/ledger-mark.ts
/** What only the marks use. */
const markInputNames = [
	...folderInputNames,
	"migration",
	"settle-as",
	"out-of-order",
	"lock-budget",
	"stall-budget"
];
/** Writes into version table and history what a person says of a migration. Nothing of the migration runs. */
async function markLedger(action, reason, inputs, context) {
	try {
		var _usingCtx$2 = _usingCtx();
		const asked = askedOf(action, inputs);
		const read = await readMigrations(inputs, context);
		const target = _usingCtx$2.a(await databaseInputs(inputs, context));
		const database = _usingCtx$2.a(await openDatabase(target, inputs, context));
		if (inputs["dry-run"]) return await show(asked, reason, read, database, inputs, context);
		await database.lock(context.project, lockPolicy(inputs, context), ledgerOptions(inputs, read, context));
		const first = await look(asked, read, database, inputs, context);
		if ("nothing" in first.marking) return nothingToDo(asked, first.marking.nothing, database);
		await database.requireRights(first.ledger, { erases: action !== "mark-applied" });
		await database.prepare(first.ledger);
		if (read.layout.runBy !== void 0) {
			const observer = await database.commandObserver();
			for (const one of await observer.closeUnfinished(0, context.signal)) context.log.warn(describeUnfinished(one));
		}
		const executor = _usingCtx$2.a(await database.executor(first.ledger));
		if (action !== "clear-dirty") await database.closeOpenAttempts(first.ledger);
		const { marking, ledger } = await look(asked, read, database, inputs, context, first);
		if ("nothing" in marking) return nothingToDo(asked, marking.nothing, database);
		for (const note of marking.notes) context.log.warn(note);
		const byHand = {
			action,
			reason,
			who: whoOf(context),
			wasApplied: marking.wasApplied
		};
		const policy = runPolicy({
			...inputs,
			"show-data": false
		}, context);
		const { error, after } = await runMark(scriptOf(marking), byHand, executor, policy, () => lookAfter(marking, read, ledger, database));
		const outcome = error === void 0 ? {
			verdict: "pass",
			reason: doneReason(marking, read)
		} : {
			verdict: error.verdict,
			reason: `${marking.migration.id} was not ${marked(asked, marking.mark)}.`,
			error
		};
		const details = detailsOf(asked, marking, database, reason);
		if (after === void 0) return {
			...outcome,
			details
		};
		await noteSchema(database, inputs["migrations-table"], true, context);
		const change = error === void 0 ? changeOf(marking) : void 0;
		return {
			...outcome,
			details: {
				...details,
				table: after.table,
				change,
				who: byHand.who,
				ledger: after.note
			}
		};
	} catch (_) {
		_usingCtx$2.e = _;
	} finally {
		await _usingCtx$2.d();
	}
}
/** What the version table shows when the mark is in it. */
async function lookAfter(marking, read, ledger, database) {
	const after = await evidenceOf(read, ledger, database);
	const heads = await database.heads(ledger);
	const table = (marking.migration.phase === "post" ? heads.at(-1) : heads[0])?.table;
	const dirty = after.entries.filter((entry) => entry.dirty).map(({ version }) => version);
	const known = {
		...after,
		entries: after.entries.filter((entry) => !entry.dirty)
	};
	return {
		error: unchangedError(marking, after, table),
		table,
		note: noteLedger(known, { begun: [...after.steps.keys(), ...dirty] }, database.serverMajor)
	};
}
/** What the real run would send; no lock is held and nothing is written. */
async function show(asked, reason, read, database, inputs, context) {
	try {
		var _usingCtx3 = _usingCtx();
		const { marking, ledger } = await look(asked, read, database, inputs, context);
		if ("nothing" in marking) return nothingToDo(asked, marking.nothing, database);
		refusePublished(await database.publishing(ledger), ledger.publishState);
		const preview = _usingCtx3.a(await database.preview(ledger));
		const statements = await previewScript(scriptOf(marking), preview, inputs["stall-budget"]);
		for (const sql of statements) context.log.foreign(sql);
		return {
			verdict: "pass",
			reason: `${marking.migration.id} would be ${marked(asked, marking.mark)}; nothing was changed.`,
			details: {
				...detailsOf(asked, marking, database, reason),
				dryRun: true,
				statements
			}
		};
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
function askedOf(action, inputs) {
	const { migration: typed, "settle-as": settleAs, "out-of-order": outOfOrder } = inputs;
	const words = `shiplock ledger ${action} --migration ${typed ?? "0007_add_phone"}${action === "clear-dirty" ? " --settle-as applied" : ""} --reason "…"`;
	if (typed === void 0) throw new ReleaseError("invalid-input", `ledger ${action} needs the migration that is meant.`, { hint: words });
	if (action === "clear-dirty" && settleAs === void 0) throw new ReleaseError("invalid-input", "ledger clear-dirty needs settle-as: whether all of the migration is there, or nothing of it.", { hint: `Make sure by hand which it is, applied or reverted: ${words}` });
	if (action !== "clear-dirty" && settleAs !== void 0) throw new ReleaseError("invalid-input", `ledger ${action} does not take settle-as: its own name says what the migration counts as.`, { hint: "settle-as belongs to ledger clear-dirty. Use \"ledger mark-applied\" or \"ledger mark-reverted\" without it." });
	return {
		action,
		typed,
		settleAs,
		outOfOrder
	};
}
/** Throws for a database or a migration that is not the one that is meant. What an earlier look asked of other tools is not asked again. */
async function look(asked, read, database, inputs, context, earlier) {
	const stamp = await checkIdentity(database, context);
	const history = await database.state.history();
	const ledger = ledgerOptions(inputs, read, context, history);
	const evidence = await evidenceOf(read, ledger, database, asked.action === "clear-dirty");
	if (evidence.entries.length === 0 && earlier === void 0) await refuseOtherTool(read, inputs["migrations-table"], database, {
		log: context.log,
		stamp,
		history
	});
	return {
		marking: planMark(asked, evidence),
		ledger
	};
}
async function evidenceOf({ layout, migrations }, ledger, database, withDirty = true) {
	const { state } = database;
	const steps = await state.stamp() === void 0 ? /* @__PURE__ */ new Map() : await state.books().steps();
	return {
		layout,
		migrations,
		entries: await database.entries(ledger, { withDirty }),
		history: await state.history(),
		steps: new Map([...steps].map(([version, { length }]) => [version, length]))
	};
}
function scriptOf({ migration, mark }) {
	return {
		migration,
		mark,
		units: [],
		unwrapped: false,
		unparsed: void 0
	};
}
function nothingToDo({ action }, reason, database) {
	return {
		verdict: "pass",
		reason,
		details: {
			action,
			database: database.description
		}
	};
}
function marked({ action }, { as }) {
	return action === "clear-dirty" ? `cleared as ${as}` : `marked as ${as}`;
}
function doneReason({ migration, mark }, { migrations }) {
	if (mark.as === "applied") return `${migration.id} counts as applied; nothing of it was run.`;
	const isHere = migrations.some(({ version }) => version === migration.version);
	return `${migration.id} counts as not applied${isHere ? ", and is pending again" : ""}; nothing of it was run.`;
}
/** Nothing is claimed that the version table does not show afterwards. */
function unchangedError({ migration: { id, version }, mark }, { entries }, table) {
	const isThere = entries.some((entry) => entry.version === version && !entry.dirty);
	if (mark.row === "none" || isThere === (mark.as === "applied")) return void 0;
	return new ReleaseError("ledger-moved", `${table ?? "The version table"} does not say of ${id} that it is ${mark.as}, although that was written.`, { hint: "Another program wrote there just now, or a row of another kind stands for this version, such as a baseline. Look at the table, and run \"shiplock plan\"." });
}
/** What became of the version table; the history has a row of it in any case. */
function changeOf({ mark, migration: { version } }) {
	if (mark.row === "none") return "as it was; what was noted of single statements is settled";
	if (mark.row === "begun") return `version ${lineageOf(version)} is no longer dirty`;
	return mark.as === "applied" ? `version ${lineageOf(version)} was written into it` : `version ${lineageOf(version)} was taken out of it`;
}
function detailsOf({ action }, { migration, mark, notes }, database, reason) {
	return {
		action,
		database: database.description,
		migration: migration.id,
		phase: migration.phase,
		as: mark.as,
		notes,
		...reason === "" ? {} : { why: reason }
	};
}
// src/commands/ledger-show.ts
/** Which release is live, which was before it, and what is held back, as the history of the environment has it. Changes nothing. */
async function showLedger(database, context) {
	await checkIdentity(database, context);
	const { rows } = await database.state.history();
	const live = liveRelease(rows);
	const deploys = rows.filter((row) => row.event === "deployed");
	const newest = deploys.at(-1);
	const before = previousOf(deploys);
	const ran = new Set(appliedAttempts(rows).map(({ version }) => version));
	const heldBack = newest?.migrations.filter(({ phase, version }) => phase === "post" && !ran.has(version)) ?? [];
	return {
		verdict: "pass",
		reason: sentenceOf(live?.release, newest, heldBack.length, context.environment),
		outputs: {
			release: live?.release ?? "",
			commit: live?.commit ?? "",
			previous: before?.release ?? "",
			"previous-commit": before?.commit ?? "",
			"held-back": live === void 0 ? 0 : heldBack.length
		},
		details: {
			action: "show",
			database: database.description,
			live: live === void 0 ? void 0 : shown(newest),
			previous: shown(before),
			heldBack: heldBack.map(({ version, name }) => name ?? version)
		}
	};
}
/** The newest deploy of another release than the newest of all. */
function previousOf(deploys) {
	const newest = deploys.at(-1);
	return deploys.findLast(({ release, commit }) => release !== newest?.release && (commit === void 0 || commit !== newest?.commit));
}
function shown(row) {
	return row === void 0 ? void 0 : {
		release: row.release,
		commit: row.commit,
		at: row.at.toISOString()
	};
}
function sentenceOf(live, newest, heldBack, environment) {
	if (newest === void 0) return `No release is recorded as deployed in ${environment}.`;
	if (live === void 0) return `A rollback was noted in ${environment}, or a migration of the live release taken back, and no deploy since: which code is live is not known, and the post phase is shut.`;
	const held = heldBack === 0 ? "nothing is held back" : `${plural(heldBack, "post migration")} held back`;
	return `${live} is live in ${environment}, deployed ${formatMoment(newest.at)}; ${held}.`;
}
// src/commands/ledger.ts
var ledger_default = defineCommand({
	summary: "Look at the books with \"ledger show\"; mend them by hand, with a reason: \"ledger adopt\" when the database was copied or has moved, \"ledger mark-applied\", \"mark-reverted\" and \"clear-dirty\" when the version table does not say what is there.",
	inputs: [
		...databaseInputNames,
		...markInputNames,
		"publish-state",
		"action",
		"reason",
		...lockInputNames,
		"dry-run"
	],
	positional: "action",
	outputs: {
		release: "show: the release that is live; empty where that is not known.",
		commit: "show: its commit.",
		previous: "show: the release that was live before it.",
		"previous-commit": "show: its commit.",
		"held-back": "show: how many post migrations of the live release have not run."
	},
	async run(inputs, context) {
		try {
			var _usingCtx$1 = _usingCtx();
			const { action } = inputs;
			const reason = action === "show" ? "" : reasonOf(inputs);
			if (action !== "show" && action !== "adopt") return await markLedger(action, reason, inputs, context);
			const target = _usingCtx$1.a(await databaseInputs(inputs, context));
			const database = _usingCtx$1.a(await openDatabase(target, inputs, context));
			if (action === "show") return await showLedger(database, context);
			await database.lock(context.project, lockPolicy(inputs, context));
			refusePublished(await database.publishing(), inputs["publish-state"]);
			return await adopt(database, {
				reason,
				dryRun: inputs["dry-run"]
			}, context);
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
/** A dry run only looks, and may be asked for before anybody knows the reason. */
function reasonOf({ action, reason, migration, "dry-run": dryRun }) {
	if (reason !== void 0 || dryRun) return reason ?? "";
	const which = action === "adopt" ? "" : ` --migration ${migration ?? "0007_add_phone"}`;
	throw new ReleaseError("invalid-input", `ledger ${action} needs a reason.`, { hint: `It is kept in the history: shiplock ledger ${action}${which} --reason "…". With --dry-run it shows what would change.` });
}
async function adopt(database, { reason, dryRun }, context) {
	refuseElsewhere(await database.stateElsewhere(), database.state);
	const stamp = await database.state.stamp();
	refuseOtherProject(context.projectGiven ? [] : await database.state.projects(), context);
	const adoption = planAdoption(stamp, database.identity, context.environment);
	const details = {
		action: "adopt",
		dryRun,
		database: database.description,
		stamp,
		found: {
			...database.identity,
			environment: context.environment
		}
	};
	if (adoption === void 0) return {
		verdict: "pass",
		reason: `The stamp says ${context.environment}, and this is that database; there is nothing to adopt.`,
		details
	};
	if (!dryRun) await database.state.adopt(adoption, reason);
	const done = dryRun ? "would be adopted; nothing was changed" : "is adopted";
	return {
		verdict: "pass",
		reason: `${database.description} ${done}: ${consequenceOf(adoption)}`,
		details: {
			...details,
			kind: adoption.kind,
			...reason === "" ? {} : { why: reason }
		}
	};
}
function consequenceOf({ kind, from, to }) {
	if (kind === "moved") return `it is ${to.environment} in another place, and its history goes on.`;
	return `it is ${to.environment} now, with a stamp of its own. The history of ${from.environment} no longer counts for its phases; the versions in its ledger stay known.`;
}
export { ledger_default as default };
