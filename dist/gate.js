import { Ct as datetime, F as asksNothing, Ft as string, Gt as formatMoment, I as levelsOf, Jt as plural, M as isQuiet, N as nextQuiet, Nt as object, P as wallTime, Qt as oneLine, St as showArguments, Wt as formatDuration, _t as lineageOf, bt as shownVersion, d as verdictOf, fn as messageOf, jt as looseObject, mt as byVersion, r as isSameRelease, un as ReleaseError } from "./start.js";
import { t as gateCheckNames } from "./check-names.js";
import { A as migrationWay, T as versionsOfRelease, Z as appliedAttempts, _t as databaseInputs, c as readState, ht as planDigest, i as migrationInputNames, mt as canonicalJson, s as readMigrations } from "./migrations.js";
import { a as keepContract, i as contractIn, r as uncoveredNotes, t as expectedDurations } from "./expected-durations.js";
import { t as openDatabase } from "./open-database.js";
import { t as readTeamState } from "./team-state.js";
import { t as whoOf } from "./who.js";
import { t as _usingCtx } from "./usingCtx.js";
import { t as defineCommand } from "./command.js";
import { n as recordsPrefix } from "./record2.js";
import { r as personOf, t as readingRight } from "./rights.js";
import { text } from "node:stream/consumers";
// src/gate/part.ts
/** All answers together: the worst of them counts. */
function concludeParts(parts) {
	const checks = parts.flatMap((part) => part.checks);
	const errors = parts.flatMap(({ error }) => error ?? []);
	const verdict = verdictOf(checks) === "fail" || errors.some((error) => error.verdict === "fail") ? "fail" : errors.length > 0 ? "inconclusive" : "pass";
	const [error, ...others] = errors.filter((one) => one.verdict === verdict);
	const unsaid = [...others, ...errors.filter((one) => one.verdict !== verdict)];
	return {
		verdict,
		reason: reasons[verdict](checks),
		checks,
		details: {
			...Object.assign({}, ...parts.map(({ details }) => details)),
			notes: [...parts.flatMap(({ notes }) => notes), ...unsaid.map(({ message, hint }) => [message, hint].filter(Boolean).join(" "))]
		},
		...error === void 0 ? {} : { error }
	};
}
const reasons = {
	pass: (checks) => `The gate is open: ${plural(checks.filter(({ status }) => status === "pass").length, "check")} passed.`,
	fail: (checks) => {
		const failed = checks.filter(({ status }) => status === "fail").map(({ id }) => gateCheckNames.get(id) ?? id);
		return `The gate stays shut${failed.length === 0 ? "" : `: ${failed.join(", ")}`}.`;
	},
	inconclusive: () => "The gate stays shut: what it asks could not be found out."
};
// src/gate/busy-hours.ts
const id$1 = "quiet-hours";
/** Whether long work may begin now. What nobody has measured is not called long. */
function judgeHours({ hours, pending, longMs, now, allowed }) {
	const long = pending.filter(({ durationMs }) => durationMs !== void 0 && durationMs > longMs);
	const unknown = pending.filter(({ durationMs }) => durationMs === void 0);
	const notes = unknown.length === 0 ? [] : [`How long ${unknown.map((one) => one.id).join(", ")} takes is not known: no run of it was recorded.`];
	const quiet = isQuiet(hours, now);
	const here = wallTime(hours, now);
	const details = { quietHours: {
		hours: hours.text,
		now: now.toISOString(),
		quiet,
		long: long.map((one) => one.id)
	} };
	if (long.length === 0) return {
		checks: [{
			id: id$1,
			status: "pass",
			value: here,
			message: `no pending migration is known to be long`
		}],
		notes,
		details
	};
	const names = long.map((one) => `${one.id} (${formatDuration(one.durationMs ?? 0)})`).join(", ");
	const totalMs = pending.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
	if (quiet) {
		const overrun = isQuiet(hours, new Date(now.getTime() + totalMs)) ? [] : [`What is pending is expected to take ${formatDuration(totalMs)}, and would end after the quiet hours (${hours.text}).`];
		return {
			checks: [{
				id: id$1,
				status: "pass",
				value: here,
				limit: hours.text,
				message: `${names} may begin now`
			}],
			notes: [...notes, ...overrun],
			details
		};
	}
	if (allowed !== void 0) {
		const message = `allowed outside ${hours.text} by ${allowed.by}: ${allowed.reason}`;
		return {
			checks: [{
				id: id$1,
				status: "not-checked",
				value: here,
				message
			}],
			notes: [...notes, `${names} may begin in busy hours, ${message}.`],
			details: {
				...details,
				busyHoursAllowed: allowed
			}
		};
	}
	const next = nextQuiet(hours, now);
	const opens = next === void 0 ? "they never come" : `they begin again at ${wallTime(hours, next)} (${formatMoment(next)})`;
	return {
		checks: [{
			id: id$1,
			status: "fail",
			value: here,
			limit: hours.text,
			message: names
		}],
		notes,
		details: {
			...details,
			...next === void 0 ? {} : { opensAt: next.toISOString() }
		},
		error: new ReleaseError("outside-quiet-hours", `It is ${here}, and ${names} would take longer than ${formatDuration(longMs)}: that is for the quiet hours (${hours.text}); ${opens}.`, { hint: "Run the same command again then. To go on now: allow-busy-hours: \"why this cannot wait\"; the reason is kept in the record." })
	};
}
// src/gate/difference.ts
const nowhere = {
	pending: /* @__PURE__ */ new Map(),
	applied: /* @__PURE__ */ new Map()
};
/** Everything that differs; nothing when the digests are the same. */
function differencesOf(approved, current, elsewhere = nowhere) {
	return [
		...valueDifferences("environment", approved.environment, current.environment),
		...valueDifferences("phase", approved.phase, current.phase),
		...valueDifferences("layout", approved.layout, current.layout),
		...valueDifferences("folders", approved.folders, current.folders, (paths) => paths.join(" and ")),
		...valueDifferences("command", approved.command, current.command, showArguments),
		...stampDifferences(approved.stamp, current.stamp),
		...ledgerDifferences(approved.tables, current.tables),
		...settingDifferences(approved.policy, current.policy),
		...migrationDifferences(approved.migrations, current.migrations, elsewhere)
	];
}
function valueDifferences(what, approved, current, show = String) {
	if (canonicalJson(approved ?? null) === canonicalJson(current ?? null)) return [];
	const shown = (value) => value === void 0 ? "nothing" : show(value);
	return [{
		what,
		text: `${what}: ${shown(approved)} was approved, and it is ${shown(current)} now`
	}];
}
function stampDifferences(approved, current) {
	if (approved === current) return [];
	return [{
		what: "stamp",
		text: approved === null ? `stamp: the database had none when the plan was made, and has ${current} now: a run has been here since` : current === null ? `stamp: the plan was made for the database with the stamp ${approved}, and this one has none` : `stamp: the plan was made for the database with the stamp ${approved}, and this one has ${current}`
	}];
}
function ledgerDifferences(approved, current) {
	const headOf = (tables, name) => tables.find(({ table }) => table === name)?.head;
	const texts = [...new Set([...approved, ...current].map(({ table }) => table))].flatMap((name) => {
		const [before, now] = [headOf(approved, name), headOf(current, name)];
		if (before === now) return [];
		if (before === void 0) return [`version table ${name} was not part of the plan, and is now, at ${now}`];
		if (now === void 0) return [`version table ${name} was part of the plan, and is not now`];
		return [`version table ${name}: its head moved from ${before} to ${now}`];
	});
	const order = (tables) => tables.map(({ table }) => table).join(" ");
	if (texts.length === 0 && order(approved) !== order(current)) texts.push("version tables: they stand in another order");
	return texts.map((text) => ({
		what: "ledger",
		text
	}));
}
function settingDifferences(approved, current) {
	return [.../* @__PURE__ */ new Set([...Object.keys(approved), ...Object.keys(current)])].sort().flatMap((name) => {
		const [before, now] = [approved, current].map((policy) => Object.hasOwn(policy, name) ? policy[name] : void 0);
		if (before === now) return [];
		const [from, to] = shownSettings(name, before, now);
		return [{
			what: "setting",
			text: `setting ${name}: from ${from} to ${to}`
		}];
	});
}
/** Durations are kept in milliseconds; two that read alike are shown so. */
function shownSettings(name, before, now) {
	const isDuration = /-(?:budget|age)$/.test(name);
	const show = (value, duration) => value === void 0 ? "not set" : typeof value === "number" && isDuration ? duration(value) : String(value);
	const [from, to] = [show(before, formatDuration), show(now, formatDuration)];
	return from === to ? [show(before, (ms) => `${ms} ms`), show(now, (ms) => `${ms} ms`)] : [from, to];
}
function migrationDifferences(approved, current, elsewhere) {
	const before = new Map(approved.map((one) => [lineageOf(one.version), one]));
	const now = new Map(current.map((one) => [lineageOf(one.version), one]));
	const texts = [...approved.flatMap((one) => {
		const found = now.get(lineageOf(one.version));
		return found === void 0 ? [goneText(one, current, before, elsewhere)] : changesOf(one, found);
	}), ...current.filter((one) => !before.has(lineageOf(one.version)) && renumbered(one, approved, now) === void 0).map(addedText)];
	if (texts.length > 0) return texts.map((text) => ({
		what: "migration",
		text
	}));
	const order = (all) => all.map(({ version }) => shownVersion(version)).join(" ");
	return order(approved) === order(current) ? [] : [{
		what: "order",
		text: `the migrations would run in another order: ${order(approved)} was approved, ${order(current)} it is now`
	}];
}
function goneText(one, current, before, { pending, applied }) {
	const other = renumbered(one, current, before);
	if (other !== void 0) return `${one.id} is ${other.id} now: it has another number`;
	const run = applied.get(one.version);
	if (run !== void 0) return `${one.id} is not pending any more: it was applied by ${run}`;
	const phase = pending.get(one.version);
	if (phase === one.phase) return `${one.id} belongs to phase ${phase}`;
	if (phase !== void 0) return `${one.id} moved from phase ${one.phase} to phase ${phase}`;
	return `${one.id} was removed (${short$1(one.checksum)})`;
}
function addedText(one) {
	return `${one.id} was added (${short$1(one.checksum)})`;
}
function changesOf(before, now) {
	return [
		...before.checksum === now.checksum ? [] : [`${now.id} was edited: ${short$1(before.checksum)} was approved, ${short$1(now.checksum)} it is now`],
		...before.version === now.version || before.checksum !== now.checksum ? [] : [`${now.id} takes other values from the environment than when it was approved`],
		...before.phase === now.phase ? [] : [`${now.id} moved from phase ${before.phase} to phase ${now.phase}`],
		...before.transactional === now.transactional ? [] : [`${now.id} would run ${mode(now)} now, and ${mode(before)} when it was approved`]
	];
}
/** The same text under a number that the other side does not have. */
function renumbered(one, others, taken) {
	return others.find((other) => other.version !== one.version && !taken.has(lineageOf(other.version)) && other.checksum === one.checksum && other.phase === one.phase);
}
function mode({ transactional }) {
	return transactional ? "in a transaction" : "outside a transaction";
}
function short$1(checksum) {
	return checksum.slice(0, 12);
}
// src/gate/recorded-contract.ts
/** A commit is planned a few times, not more. */
const mostRecords = 50;
const largestBytes$1 = 16777216;
/** The contract with this digest in the records that `plan` kept of a commit, the newest first. Throws what the store throws. */
async function recordedContract(store, { project, environment, commit }, digest) {
	const records = (await store.list(`${project}/records/${commit}/${environment}/`)).filter(isPlan).toReversed().slice(0, mostRecords);
	for (const { key } of records) {
		const contract = contractIn(await text(await store.get(key)), digest);
		if (contract !== void 0) return contract;
	}
}
function isPlan({ key, sizeBytes }) {
	return /\/\d{8}T\d{6}Z-plan-[^/]*\.json$/.test(key) && sizeBytes <= largestBytes$1;
}
// src/commands/approved-plan.ts
const id = "approved-plan";
/** Whether the phase is as it was approved, or as an earlier attempt of this release left the approved plan. */
async function compareWithApproved(approved, now, inputs, context) {
	const { contract } = now;
	const digest = planDigest(contract);
	const details = {
		approvedDigest: approved,
		contract: keepContract(contract)
	};
	if (digest === approved) {
		const message = `the plan of phase ${contract.phase} is the one that was approved (${plural(contract.migrations.length, "migration")})`;
		return {
			checks: [{
				id,
				status: "pass",
				value: short(digest),
				message
			}],
			notes: uncoveredNotes(now.pending),
			details
		};
	}
	const begun = await now.begunWith(approved);
	if (begun !== void 0) {
		const { applied, plan } = begun;
		const left = plan.migrations.length - applied.length;
		const message = `an earlier attempt of this release began the approved plan: ${applied.length} of its ${plural(plan.migrations.length, "migration")} ran${applied.length === 0 ? "" : ` (${applied.join(", ")})`}, ${left === 0 ? "and nothing is left" : `${left} of them remain`}`;
		return {
			checks: [{
				id,
				status: "pass",
				value: short(approved),
				message
			}],
			notes: [],
			details: {
				...details,
				begun: {
					applied,
					left
				}
			}
		};
	}
	const { found, problem } = await lookUp(approved, inputs, context);
	const known = found === void 0 ? [] : differencesOf(found, contract, now.elsewhere);
	const text = found === void 0 ? ` It had the digest ${short(approved)}, and has ${short(digest)} now. What changed cannot be named: ${problem}.` : `\n${known.map((one) => `  ${one.text}`).join("\n")}`;
	return {
		checks: [{
			id,
			status: "fail",
			value: short(digest),
			limit: short(approved),
			message: known.length === 0 ? problem : plural(known.length, "difference")
		}],
		notes: [],
		details: {
			...details,
			differences: known
		},
		error: new ReleaseError("plan-changed", `The plan of phase ${contract.phase} is not the one that was approved.${text}`, { hint: hintFor(contract.phase, known) })
	};
}
function hintFor(phase, differences) {
	const again = "Nothing was changed. Look at the plan as it is now (shiplock plan), and have its digest approved.";
	const isOnlyLedger = differences.length > 0 && differences.every(({ what }) => what === "ledger");
	return phase === "post" && isOnlyLedger ? `${again} A plan of phase post is made after phase pre has run.` : again;
}
/** The approved plan as it was: in the file that was named, else in the records of this commit. */
async function lookUp(digest, { "approved-plan": path, store }, { project, environment, run: { commit }, readText, openStore }) {
	if (path !== void 0) {
		const text = await readText(path);
		if (text === void 0) throw new ReleaseError("invalid-input", "approved-plan names a file that does not exist.", { hint: "Give the JSON result of the plan: the output \"result\" of that step, or what shiplock plan --json printed." });
		const found = contractIn(text, digest);
		if (found !== void 0) return {
			found,
			problem: ""
		};
	}
	const inFile = path === void 0 ? "approved-plan was not given" : "the file of approved-plan holds no plan with this digest";
	if (store === void 0) return {
		found: void 0,
		problem: `${inFile}, and no store was named`
	};
	if (commit === void 0) return {
		found: void 0,
		problem: `${inFile}, and the commit is not known, under which records are kept`
	};
	try {
		return {
			found: await recordedContract(await openStore(store), {
				project,
				environment,
				commit
			}, digest),
			problem: `${inFile}, and the store holds no record of a plan of this commit with it`
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		return {
			found: void 0,
			problem: `${inFile}, and the store could not be looked into (${error.message.replace(/\.$/, "")})`
		};
	}
}
function short(digest) {
	return digest.slice(0, 12);
}
// src/gate/earlier-attempt.ts
/** The plans that this release may have begun with, if what it did is taken back. One of them has the approved digest when nothing else has changed. */
function plansBefore(current, { applied, heads, isFirst }) {
	const plan = {
		...current,
		tables: heads.map(({ table, head }) => ({
			table,
			head
		})),
		migrations: [...applied, ...current.migrations].sort(byVersion)
	};
	if (!isFirst) return [plan];
	return [plan, {
		...plan,
		tables: heads.map(({ table, head, empty }) => ({
			table,
			head: empty ? "none" : head
		}))
	}].flatMap((one) => [one, {
		...one,
		stamp: null
	}]);
}
// src/commands/phase-now.ts
async function phaseOfFiles(phase, inputs, database, context) {
	const read = await readMigrations(inputs, context);
	const state = await readState(inputs, read, database, context);
	const pending = state.plans[phase];
	const contract = state.contract(phase, pending);
	return {
		contract,
		pending,
		elsewhere: elsewhereOf(state),
		async begunWith(digest) {
			const { rows } = state.evidence.history;
			const waiting = new Set(pending.map(({ version }) => version));
			const versions = new Set(versionsOfRelease(rows, phase, nameOf(context)));
			const ran = read.migrations.filter((one) => one.phase === phase && versions.has(one.version) && !waiting.has(one.version));
			for (let count = Math.min(1, ran.length); count <= ran.length; count++) {
				const applied = ran.slice(ran.length - count);
				const heads = await database.standing(state.ledger, applied.map(({ version }) => version));
				const plan = plansBefore(contract, {
					applied,
					heads,
					isFirst: isFirst(rows, context)
				}).find((one) => planDigest(one) === digest);
				if (plan !== void 0) return {
					plan,
					applied: applied.map(({ id }) => id)
				};
			}
		}
	};
}
/** Where the team's own program knows what it would run. */
async function phaseOfCommand(phase, command, inputs, database, context) {
	const state = await readTeamState(command, inputs, database, context);
	const contract = state.contract(phase);
	return {
		contract,
		pending: [],
		elsewhere: {
			pending: /* @__PURE__ */ new Map(),
			applied: /* @__PURE__ */ new Map()
		},
		async begunWith(digest) {
			const isFirstRun = isFirst(state.evidence.history, context);
			const plan = plansBefore(contract, {
				applied: [],
				heads: [],
				isFirst: isFirstRun
			}).find((one) => planDigest(one) === digest);
			return plan === void 0 ? void 0 : {
				plan,
				applied: []
			};
		}
	};
}
function elsewhereOf({ plans, evidence }) {
	const pending = [...plans.pre, ...plans.post].map(({ version, phase }) => [version, phase]);
	const runs = new Map(appliedAttempts(evidence.history.rows).map((row) => [row.version, `${row.release} on ${formatMoment(row.at)}`]));
	return {
		pending: new Map(pending),
		applied: new Map(evidence.entries.map(({ version }) => [version, runs.get(version) ?? "another program"]))
	};
}
function isFirst(rows, context) {
	return rows.every((row) => isSameRelease(row, nameOf(context)));
}
function nameOf({ release, run }) {
	return {
		release,
		commit: run.commit
	};
}
// src/commands/check-plan.ts
/** Whether the approved plan is still the plan, and whether it may begin now. Reads, and nothing else. */
async function checkPlan(questions, context) {
	try {
		var _usingCtx$1 = _usingCtx();
		const { phase, "database-url": url } = questions;
		if (phase !== "pre" && phase !== "post") throw new ReleaseError("invalid-input", "A plan has a digest for each phase: phase must be pre or post here.", { hint: "Give the phase that was approved: --phase pre, or --phase post." });
		if (url === void 0) throw new ReleaseError("invalid-input", "The plan cannot be made again without the database: database-url is missing.", { hint: "Set the environment variable DATABASE_URL." });
		const inputs = {
			...questions,
			"database-url": url
		};
		const way = migrationWay(inputs);
		const target = _usingCtx$1.a(await databaseInputs(inputs, context));
		const database = _usingCtx$1.a(await openDatabase(target, inputs, context));
		const now = way.kind === "command" ? await phaseOfCommand(phase, way.command, inputs, database, context) : await phaseOfFiles(phase, inputs, database, context);
		const { "approved-digest": approved, "quiet-hours": hours } = inputs;
		return [
			{
				checks: [],
				notes: [],
				details: {
					phase,
					database: database.description,
					digest: planDigest(now.contract)
				}
			},
			...approved === void 0 ? [] : [await compareWithApproved(approved, now, inputs, context)],
			...hours === void 0 ? [] : [await judgeBegin(hours, now, inputs, database, context)]
		];
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function judgeBegin(hours, { pending }, inputs, database, context) {
	const { byChecksum } = await expectedDurations(pending, database, inputs.store, context);
	const reason = inputs["allow-busy-hours"];
	return judgeHours({
		hours,
		pending: pending.map(({ id, checksum }) => ({
			id,
			durationMs: byChecksum.get(checksum)?.durationMs
		})),
		longMs: inputs["long-migration"],
		now: context.clock.now(),
		allowed: reason === void 0 ? void 0 : {
			reason,
			by: whoOf(context)
		}
	});
}
// src/gate/records.ts
const largestBytes = 4194304;
const recordSchema = looseObject({
	command: string(),
	environment: string().optional(),
	verdict: string(),
	reason: string(),
	release: string().optional(),
	finishedAt: datetime(),
	/** Older records do not say who ran them. */
	run: object({
		id: string(),
		attempt: string(),
		actor: string().optional(),
		actorId: string().optional(),
		triggeringActor: string().optional(),
		event: string().optional()
	}).optional()
});
/** Throws `records-unread` when the store cannot be asked. */
async function listRecords(store, { project, commit, environment }) {
	const prefix = recordsPrefix(project, commit, environment);
	const objects = await asked(store, () => store.list(prefix));
	return (command) => {
		const isOfCommand = (file) => /^\d{8}T\d{6}Z-/.test(file) && file.startsWith(`${command}-`, stampLength) && file.endsWith(".json");
		return objects.filter(({ key }) => isOfCommand(key.slice(prefix.length))).reverse();
	};
}
const stampLength = 17;
/** Throws `records-unread` when the store cannot be asked; what it holds may still be damaged. */
async function readRecord(store, { key, sizeBytes }, place) {
	if (sizeBytes > largestBytes) return {
		key,
		damaged: "it is too large for a record"
	};
	const content = await asked(store, async () => text(await store.get(key)));
	let json;
	try {
		json = JSON.parse(content);
	} catch {
		return {
			key,
			damaged: "it is no JSON"
		};
	}
	const record = recordSchema.safeParse(json);
	if (!record.success) return {
		key,
		damaged: `it lacks what a record has (${record.error.issues[0]?.path.join(".") || "no object"})`
	};
	const { environment = place.environment, command } = record.data;
	if (environment !== place.environment || !key.includes(`Z-${command}-`)) return {
		key,
		damaged: "it is of another place than its key says"
	};
	return {
		...record.data,
		key
	};
}
async function asked(store, ask) {
	try {
		return await ask();
	} catch (cause) {
		const hint = cause instanceof ReleaseError ? cause.hint : void 0;
		throw new ReleaseError("records-unread", `The records in ${store.description} cannot be read: ${messageOf(cause).replace(/\.$/, "")}.`, {
			hint: hint ?? "Check store and its keys; the gate reads what earlier steps of the release kept there.",
			cause
		});
	}
}
// src/gate/promotion.ts
/** Looks at each command's newest record of this very commit. Throws `records-unread`. */
async function judgePromotion(store, demand) {
	const list = await listRecords(store, demand.place);
	const steps = [];
	for (const command of demand.commands) steps.push(await judgeStep(command, list, store, demand));
	return steps;
}
async function judgeStep(command, list, store, demand) {
	const { environment, commit } = demand.place;
	for (const object of candidates(command, list)) {
		const record = await readRecord(store, object, demand.place);
		if ("damaged" in record) return undecided(command, `the record ${record.key} is damaged: ${record.damaged}`);
		if (!counts(record)) continue;
		return judged(command, record, demand);
	}
	const message = `${command} has no record of ${commit.slice(0, 12)} in ${environment}`;
	return {
		command,
		check: {
			id: idOf(command),
			status: "fail",
			message
		}
	};
}
/** A person who promotes after a hold notes it with `record`, whose records say so beside those of the canary. */
function candidates(command, list) {
	if (command !== "canary") return list(command);
	const stampOf = ({ key }) => key.slice(key.lastIndexOf("/") + 1);
	return [...list("canary"), ...list("record")].sort((one, other) => stampOf(one) < stampOf(other) ? 1 : -1);
}
/** A look at the checks beforehand or at earlier days is no watch, and a deploy that was noted is no promotion. */
function counts({ command, checkOnly, backtest, fact }) {
	if (command === "canary") return checkOnly !== true && backtest === void 0;
	return command !== "record" || fact === "promoted";
}
function judged(command, record, { place, maxAgeMs, now }) {
	const { key, verdict, finishedAt, release } = record;
	const facts = {
		command,
		record: {
			key,
			verdict,
			finishedAt,
			release
		}
	};
	const ageMs = now.getTime() - Date.parse(finishedAt);
	const age = formatDuration(Math.max(0, ageMs));
	const check = {
		id: idOf(command),
		value: `${verdict}, ${age} ago`
	};
	if (ageMs < -3e5) return {
		...facts,
		...undecided(command, `the record ${key} says that it is from the future`)
	};
	if (!succeeded(record)) {
		const message = `the newest ${command} in ${place.environment} ended in ${verdict}: ${record.reason}`;
		return {
			...facts,
			check: {
				...check,
				status: "fail",
				message: oneLine(message)
			}
		};
	}
	const limit = formatDuration(maxAgeMs);
	if (ageMs > maxAgeMs) {
		const message = `the newest ${command} in ${place.environment} is ${age} old, and ${limit} is the limit`;
		return {
			...facts,
			check: {
				...check,
				status: "fail",
				limit,
				message
			}
		};
	}
	return {
		...facts,
		check: {
			...check,
			status: "pass",
			limit
		}
	};
}
/** A watch ends well in one word alone; everything else in `pass`. */
function succeeded({ command, verdict }) {
	return verdict === (command === "canary" ? "promote" : "pass");
}
function undecided(command, why) {
	return {
		command,
		check: {
			id: idOf(command),
			status: "not-checked",
			message: oneLine(why)
		},
		unknown: oneLine(why)
	};
}
function idOf(command) {
	return `promoted-${command}`;
}
// src/commands/gate-promotion.ts
const promotionInputNames = [
	"promote-from",
	"promote-store",
	"promote-records",
	"promote-age",
	"store"
];
/** Ids of its checks. */
function promotionChecks(inputs) {
	return inputs["promote-records"].map((command) => `promoted-${command}`);
}
/** Whether the commit has passed the environment before this one. Throws `records-unread`, and `invalid-input` without a store. */
async function gatePromotion(inputs, context) {
	const { "promote-from": from, "promote-records": commands, "promote-age": maxAgeMs } = inputs;
	const url = inputs["promote-store"] ?? inputs.store;
	if (from === void 0) return {
		checks: [],
		notes: [],
		details: {}
	};
	if (url === void 0) throw new ReleaseError("invalid-input", "promote-from looks for records in the store, and no store was named.", { hint: "Set store to the place that the earlier steps of the release were given too." });
	const { project, clock, run } = context;
	if (run.commit === void 0) throw new ReleaseError("records-unread", "Nobody knows which commit is released, so that its records cannot be found.", { hint: "Check out the commit, or run it in GitHub Actions." });
	const place = {
		project,
		commit: run.commit,
		environment: from
	};
	const steps = await judgePromotion(await context.openStore(url), {
		place,
		commands,
		maxAgeMs,
		now: clock.now()
	});
	const records = steps.map(({ command, check, record }) => ({
		command,
		status: check.status,
		...record
	}));
	const error = errorOf$2(steps, from, run.commit);
	return {
		checks: steps.map(({ check }) => check),
		notes: [],
		details: { promotion: {
			from,
			commit: run.commit,
			records
		} },
		...error === void 0 ? {} : { error }
	};
}
function errorOf$2(steps, from, commit) {
	const failed = steps.filter(({ check }) => check.status === "fail");
	if (failed.length > 0) {
		const what = failed.map(({ check }) => check.message).join("; ");
		return new ReleaseError("not-promoted", `The commit ${commit.slice(0, 12)} has not passed ${from}: ${what}.`, { hint: `Release this very commit to ${from} first, with the same project and store; promote-records says what is asked for.` });
	}
	const unknown = steps.find((step) => step.unknown !== void 0)?.unknown;
	if (unknown === void 0) return void 0;
	return new ReleaseError("records-unread", `Whether the commit has passed ${from} cannot be told: ${unknown}.`, { hint: `Run that step in ${from} again; its new record is the one that counts.` });
}
// src/gate/protection/environment.ts
function isUnread(given) {
	return typeof given === "object" && given !== null && "unread" in given;
}
/** Names change, so ids decide where both are known. */
function samePerson(one, other) {
	if (one.id !== void 0 && other.id !== void 0) return one.id === other.id;
	return one.login.toLowerCase() === other.login.toLowerCase();
}
// src/gate/protection/finding.ts
/** A warning is no tick and no failure: the check stands as `not-checked`, since nobody required it. */
function graded(id, level, finding) {
	const none = {
		warning: void 0,
		unknown: void 0
	};
	if (level === "off") return {
		...none,
		check: {
			id,
			status: "not-checked",
			message: "switched off"
		}
	};
	if (finding.is === "good") {
		const message = finding.message === void 0 ? {} : { message: finding.message };
		return {
			...none,
			check: {
				id,
				status: "pass",
				value: finding.value,
				...message
			}
		};
	}
	const { is, message } = finding;
	if (level === "warn") return {
		...none,
		check: {
			id,
			status: "not-checked",
			message: `not required: ${message}`
		},
		warning: message
	};
	if (is === "bad") return {
		...none,
		check: {
			id,
			status: "fail",
			message
		}
	};
	return {
		...none,
		check: {
			id,
			status: "not-checked",
			message
		},
		unknown: message
	};
}
// src/gate/protection/judge-environment.ts
/** Compares what GitHub says of an environment with what is asked of it. */
function judgeEnvironment(environment, levels) {
	const { name, reviewers, preventsSelfReview, adminsBypass, branches } = environment;
	return [
		graded("environment-reviewers", levels.reviewers, reviewersOf(name, reviewers)),
		graded("environment-self-review", levels["self-review"], selfReview(name, reviewers, preventsSelfReview)),
		graded("environment-admins", levels.admins, admins(name, adminsBypass)),
		graded("environment-branches", levels.branches, branchLimit(name, branches))
	];
}
function reviewersOf(name, reviewers) {
	if (reviewers.length > 0) return {
		is: "good",
		value: oneLine(reviewers.join(", "))
	};
	return {
		is: "bad",
		message: `${name} has no required reviewers: its jobs start without being asked for. Add them in Settings, Environments; where the plan of a private repository has none, second-person: require takes their place`
	};
}
function selfReview(name, reviewers, prevented) {
	if (prevented && reviewers.length > 0) return {
		is: "good",
		value: "prevented"
	};
	return {
		is: "bad",
		message: `who starts a run may approve it for ${name}: "Prevent self-review" is not set`
	};
}
function admins(name, bypass) {
	if (bypass === false) return {
		is: "good",
		value: "may not bypass"
	};
	if (bypass === void 0) return {
		is: "unknown",
		message: `GitHub does not say whether administrators may bypass the rules of ${name}`
	};
	return {
		is: "bad",
		message: `administrators may bypass the rules of ${name}: "Allow administrators to bypass" is set`
	};
}
function branchLimit(name, branches) {
	const remedy = "Limit it under \"Deployment branches and tags\", to main and v* say";
	if (branches.kind === "any") return {
		is: "bad",
		message: `every branch and tag may use ${name}. ${remedy}`
	};
	if (branches.kind === "protected") {
		if (isUnread(branches.exists)) return {
			is: "unknown",
			message: `whether any branch is protected: ${branches.exists.unread}`
		};
		if (branches.exists) return {
			is: "good",
			value: "protected branches"
		};
		return {
			is: "bad",
			message: `${name} is limited to protected branches and the repository has none, so every branch may use it. Protect a branch, or name the branches`
		};
	}
	const { patterns } = branches;
	if (isUnread(patterns)) return {
		is: "unknown",
		message: `which branches and tags may use ${name}: ${patterns.unread}`
	};
	if (patterns.length === 0) return {
		is: "bad",
		message: `no branch and no tag may use ${name}: its list of names is empty. ${remedy}`
	};
	const open = patterns.find(matchesAll);
	if (open === void 0) return {
		is: "good",
		value: oneLine(patterns.map(({ type, name: one }) => `${type} ${one}`).join(", "))
	};
	return {
		is: "bad",
		message: oneLine(`the pattern ${open.name} lets every ${open.type} use ${name}. ${remedy}`)
	};
}
/** Nothing but wildcards, or sets of characters that leave one out or hold a span of letters. */
function matchesAll({ name }) {
	return name.includes("*") && /^(?:[*?/]|\[[!^][^\]]+\]|\[(?![!^])[^\]]*[a-z]-[a-z][^\]]*\])+$/i.test(name.trim());
}
/** Names of secrets are a side check: a token that may not list them leaves it open, and stops nothing. */
function judgeSecrets(environment, names, levels) {
	const { environment: own, repository, organization } = names;
	const unread = [own, repository].find(isUnread);
	const clashes = isUnread(own) ? [] : [...clashing(own, repository, "the repository"), ...clashing(own, organization, "the organization")];
	if (clashes.length > 0) {
		const message = `${clashes.join(", ")} ${clashes.length === 1 ? "reaches" : "reach"} jobs that do not wait for ${environment}: secrets of the same names, which no approval guards. Delete them there, after the environment has its own`;
		return graded("environment-secrets", levels.secrets, {
			is: "bad",
			message
		});
	}
	const { check, warning } = graded("environment-secrets", levels.secrets, unread !== void 0 ? {
		is: "unknown",
		message: unread.unread
	} : {
		is: "good",
		value: `${plural(own.length, "name")}, none of them elsewhere`,
		message: isUnread(organization) ? `not compared with those of the organization: ${organization.unread}` : void 0
	});
	return {
		check,
		warning,
		unknown: void 0
	};
}
function clashing(own, others, where) {
	if (isUnread(others)) return [];
	const there = new Set(others.map((name) => name.toUpperCase()));
	return own.filter((name) => there.has(name.toUpperCase())).map((name) => `${oneLine(name)} of ${where}`);
}
// src/gate/protection/judge-run.ts
/** Compares who approved this run with who started it. */
function judgeApprovals(environment, run, approvals, levels) {
	const approvers = approversOf(environment, approvals);
	const own = approvers.find((approver) => run.people.some((person) => samePerson(person, approver)));
	if (own !== void 0 && levels["self-review"] !== "off") {
		const message = `${oneLine(own.login)} started this run and approved it for ${environment}`;
		return graded("approval", levels["self-review"], {
			is: "bad",
			message
		});
	}
	if (approvers.length > 0) return graded("approval", levels.approval, {
		is: "good",
		value: oneLine(`by ${approvers.map(({ login }) => login).join(", ")}`)
	});
	return graded("approval", levels.approval, {
		is: "bad",
		message: `nobody has approved this run for ${environment}: this job does not name the environment, or its rules were passed over`
	});
}
/** Those who approved for the environment, each once. */
function approversOf(environment, approvals) {
	const all = approvals.filter(({ state, environments }) => state === "approved" && environments.some((one) => one.toLowerCase() === environment.toLowerCase())).map(({ by }) => by);
	return all.filter((one, index) => all.findIndex((other) => samePerson(one, other)) === index);
}
/** GitHub keeps approvals for a run and not for its attempts, so that an earlier one may be what let this attempt start. */
function judgeAttempt(attempt, levels) {
	return graded("re-run", levels["re-run"], attempt <= 1 ? {
		is: "good",
		value: "first attempt"
	} : {
		is: "bad",
		message: `this is attempt ${attempt} of the run: GitHub does not tell which attempt was approved. Start a new run in place of a re-run`
	});
}
// src/commands/this-run.ts
/** `undefined` outside of GitHub Actions. GitHub is asked, since ids outlast names; the runner's word counts where it does not answer. */
async function thisRun(protection, { run, variables }) {
	if (variables.GITHUB_ACTIONS !== "true" || !variables.GITHUB_RUN_ID) return void 0;
	const { by } = run;
	const people = [personOf(by?.actor, by?.actorId), by?.triggeringActor === by?.actor ? void 0 : personOf(by?.triggeringActor, void 0)];
	const told = {
		id: run.id,
		attempt: Number(run.attempt),
		event: by?.event,
		commit: run.commit,
		people: people.filter((one) => one !== void 0)
	};
	if (protection === void 0) return {
		run: told,
		unasked: "there is no token"
	};
	try {
		return {
			run: await protection.run(run.id, told.attempt),
			unasked: void 0
		};
	} catch (error) {
		if (error instanceof ReleaseError) return {
			run: told,
			unasked: error.message
		};
		throw error;
	}
}
// src/commands/gate-protection.ts
const protectionInputNames = [
	"environment",
	"github-environment",
	"protection",
	"second-person",
	"github-token"
];
/** Ids of its checks. */
const protectionChecks = [
	"environment",
	"environment-reviewers",
	"environment-self-review",
	"environment-admins",
	"environment-branches",
	"environment-secrets",
	"approval",
	"re-run"
];
/** In a workflow it is asked unless somebody switched it off; elsewhere whoever gives a token or a level asks for it. */
function asksProtection(inputs, { inAction, variables }) {
	if (asksNothing(levelsFor(inputs))) return false;
	return inAction || variables.GITHUB_ACTIONS === "true" || inputs["github-token"] !== void 0 || inputs.protection !== void 0 || inputs["second-person"] === "require";
}
function levelsFor(inputs) {
	return levelsOf(inputs.protection ?? /* @__PURE__ */ new Map(), inputs["second-person"] === "require");
}
/** Whether the environment on GitHub is protected as people think. Throws `protection-unread` and `github-unreachable`. */
async function gateProtection(inputs, context) {
	const name = inputs["github-environment"] ?? context.environment;
	const levels = levelsFor(inputs);
	const protection = await openProtection(inputs, context);
	const environment = await protection.environment(name);
	if (environment === void 0) return missing(name, protection.repository);
	const secrets = levels.secrets === "off" ? void 0 : await protection.secretNames(name);
	const passage = await judgePassage(name, levels, protection, context);
	const all = [
		...judgeEnvironment(environment, levels),
		...secrets === void 0 ? [] : [judgeSecrets(name, secrets, levels)],
		...passage.graded
	];
	const error = errorOf$1(name, all);
	return {
		checks: [{
			id: "environment",
			status: "pass",
			value: oneLine(environment.name)
		}, ...all.map(({ check }) => check)],
		notes: [...all.flatMap(({ warning }) => warning === void 0 ? [] : [`Warning: ${warning}.`]), ...notesOf(environment)],
		details: { protection: {
			repository: protection.repository,
			...environment,
			levels,
			approvedBy: passage.approvedBy
		} },
		...error === void 0 ? {} : { error }
	};
}
/** Throws `protection-unread` without a token. */
async function openProtection({ "github-token": token }, context) {
	if (token !== void 0) return context.openProtection(token);
	throw new ReleaseError("protection-unread", "How the environment is protected cannot be read: there is no token for GitHub's API.", { hint: `${readingRight}. In a terminal set GITHUB_TOKEN.` });
}
function missing(name, repository) {
	const message = `${repository} has no environment ${oneLine(name)}; a job that names it would make it on the fly, without protection`;
	return {
		checks: [{
			id: "environment",
			status: "fail",
			message
		}],
		notes: [],
		details: { protection: {
			repository,
			name,
			missing: true
		} },
		error: new ReleaseError("not-protected", `${message}.`, { hint: "Make it in Settings, Environments, or give its name there with github-environment. A private repository has environments from GitHub Pro and Team on." })
	};
}
/** How this run came through the rules; only a job on GitHub has a run to ask about. */
async function judgePassage(name, levels, protection, context) {
	const here = await thisRun(protection, context);
	if (here === void 0) return {
		graded: [],
		approvedBy: []
	};
	const attempt = judgeAttempt(here.run.attempt, levels);
	if (levels.approval === "off" && levels["self-review"] === "off") return {
		graded: [attempt],
		approvedBy: []
	};
	const approval = await judgeApproval(name, here, levels, protection);
	return {
		graded: [approval.graded, attempt],
		approvedBy: approval.approvedBy
	};
}
async function judgeApproval(name, { run }, levels, protection) {
	try {
		const approvals = await protection.approvals(run.id);
		const approvedBy = approversOf(name, approvals).map(({ login }) => login);
		return {
			graded: judgeApprovals(name, run, approvals, levels),
			approvedBy
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		const message = [error.message.replace(/\.$/, ""), error.hint].filter(Boolean).join(". ");
		const unknown = levels.approval === "require" ? message : void 0;
		return {
			graded: {
				check: {
					id: "approval",
					status: "not-checked",
					message
				},
				warning: void 0,
				unknown
			},
			approvedBy: []
		};
	}
}
function errorOf$1(name, all) {
	const failed = all.filter(({ check }) => verdictOf([check]) === "fail");
	if (failed.length > 0) {
		const why = failed.map(({ check }) => check.message).join(". ");
		return new ReleaseError("not-protected", `${oneLine(name)} is not protected as it has to be: ${why}.`, { hint: "Change it in Settings, Environments, or lower the level of a check with the input protection, such as admins=warn." });
	}
	const unknown = all.find((one) => one.unknown !== void 0)?.unknown;
	if (unknown === void 0) return void 0;
	return new ReleaseError("protection-unread", `Whether ${oneLine(name)} is protected cannot be told: ${unknown}.`, { hint: "Let the token read it, or say with the input protection that it is not required." });
}
function notesOf({ waitMinutes, customRules }) {
	return [...waitMinutes > 0 ? [`Jobs wait ${waitMinutes} min before they start.`] : [], ...isUnread(customRules) ? [`Rules of apps were not read: ${customRules.unread}.`] : customRules.length > 0 ? [oneLine(`Apps decide too: ${customRules.join(", ")}.`)] : []];
}
// src/gate/planners.ts
/** Every run that made the plan with this digest for this commit. Throws `records-unread`. */
async function findPlanners(store, place, digest) {
	const list = await listRecords(store, place);
	const runs = [];
	const damaged = [];
	for (const object of list("plan")) {
		const record = await readRecord(store, object, place);
		if ("damaged" in record) damaged.push(record.key);
		else if (holds(record, digest) && record.run !== void 0) runs.push(runOf(record.run, place.commit));
	}
	return {
		runs,
		damaged
	};
}
function holds({ digests }, digest) {
	return typeof digests === "object" && digests !== null && Object.values(digests).includes(digest);
}
function runOf(run, commit) {
	const { id, attempt, event, actor, actorId, triggeringActor } = run;
	const people = [personOf(actor, actorId), personOf(triggeringActor === actor ? void 0 : triggeringActor, void 0)];
	return {
		id,
		attempt: Number(attempt),
		event,
		commit,
		people: people.filter((one) => one !== void 0)
	};
}
// src/gate/protection/second-person.ts
/** Whether two persons stand behind a release: one whose run made the plan, another who started this run. */
function judgeSecondPerson({ planned, now, refProtected }) {
	const people = judgePeople(planned, now);
	const ref = judgeRef(refProtected);
	const unknown = [people, ref].find(({ status }) => status === "not-checked")?.message;
	return {
		checks: [people, ref],
		unknown
	};
}
function judgePeople(planned, now) {
	const check = (status, message) => ({
		id: "second-person",
		status,
		message: oneLine(message)
	});
	if (now === void 0 || now.people.length === 0) return check("not-checked", "nobody knows who started this run");
	const bot = now.people.find((person) => person.bot);
	if (bot !== void 0) return check("fail", `${bot.login} started this run, and a bot is no second person`);
	if (startedByNobody.includes(now.event ?? "")) return check("fail", `the event ${now.event} started this run, and no person`);
	const known = planned.filter(({ people }) => people.length > 0);
	if (known.length === 0) return check("not-checked", "nobody knows who made the plan");
	const byPeople = known.filter(({ people }) => !people.some((person) => person.bot));
	const others = byPeople.filter(({ people }) => !people.some((person) => now.people.some((one) => samePerson(one, person))));
	const other = others.find(({ weakly }) => weakly === void 0) ?? others[0];
	if (other !== void 0) return {
		id: "second-person",
		status: "pass",
		value: oneLine(`${names(other.people)} planned, ${names(now.people)} started`),
		message: oneLine(`plan of run ${other.id}${other.weakly === void 0 ? "" : `; ${other.weakly}`}`)
	};
	if (byPeople.length === 0) return check("fail", `the plan was made by ${names(known[0]?.people ?? [])}, and a bot is no person`);
	return check("fail", `${names(now.people)} made the plan and started this run too: another person has to start it`);
}
/** GitHub names somebody as their actor who may have done nothing for it. */
const startedByNobody = ["schedule", "workflow_run"];
function judgeRef(refProtected) {
	const id = "second-person-ref";
	if (refProtected === true) return {
		id,
		status: "pass",
		value: "protected"
	};
	if (refProtected === void 0) return {
		id,
		status: "not-checked",
		message: "nobody knows whether the branch or tag of this run is protected"
	};
	return {
		id,
		status: "fail",
		message: "no rule protects the branch or tag of this run, so one person alone may change what it runs. Protect it with a ruleset"
	};
}
function names(people) {
	const logins = people.map(({ login }) => login);
	return logins.filter((one, index) => logins.indexOf(one) === index).join(" and ");
}
// src/commands/gate-second-person.ts
const secondPersonInputNames = [
	"second-person",
	"planned-by-run",
	"github-token",
	"store"
];
const secondPersonChecks = ["second-person", "second-person-ref"];
/**
* Whether another person than the planner started this run. Its environment's branches and its attempt are checked with the
* protection. Throws `records-unread`, and `invalid-input` when nothing says which plan is meant.
*/
async function gateSecondPerson(inputs, context) {
	const { "github-token": token, "planned-by-run": byRun, "approved-digest": digest } = inputs;
	if (byRun === void 0 && digest === void 0) throw new ReleaseError("invalid-input", "second-person compares this run with the one that made the plan, and no plan was named.", { hint: "Give approved-digest, which the plan printed, or planned-by-run with the number of its run." });
	const protection = token === void 0 ? void 0 : await context.openProtection(token);
	const here = await thisRun(protection, context);
	const { runs, notes } = await findPlans(inputs, {
		protection,
		answers: here?.unasked === void 0
	}, context);
	const { checks, unknown } = judgeSecondPerson({
		planned: runs,
		now: here?.run,
		refProtected: refProtection(context)
	});
	const error = errorOf(checks.find((one) => verdictOf([one]) === "fail")?.message, unknown);
	return {
		checks,
		notes: [...notes, ...here?.unasked === void 0 ? [] : [`Who started this run is known from the runner alone: ${here.unasked}.`]],
		details: { secondPerson: {
			planned: runs.map(({ id, people }) => ({
				run: id,
				by: people.map(({ login }) => login)
			})),
			startedBy: here?.run.people.map(({ login }) => login) ?? [],
			event: here?.run.event
		} },
		...error === void 0 ? {} : { error }
	};
}
/** The runs that made the plan: what the store says, each as GitHub knows it, and the one that was named. */
async function findPlans({ "planned-by-run": byRun, "approved-digest": digest, store: url }, github, context) {
	const { project, environment, run } = context;
	if (run.commit === void 0) return {
		runs: [],
		notes: ["Nobody knows which commit is released."]
	};
	const notes = [];
	const recorded = [];
	const looked = digest !== void 0 && url !== void 0;
	if (looked) {
		const found = await findPlanners(await context.openStore(url), {
			project,
			commit: run.commit,
			environment
		}, digest);
		recorded.push(...found.runs.filter(({ id }) => byRun === void 0 || id === byRun));
		if (found.damaged.length > 0) notes.push(`Records of plans that cannot be read: ${found.damaged.join(", ")}.`);
	}
	const asked = [];
	for (const one of recorded) {
		const found = await askedOf(one, github, notes);
		if (found !== void 0) asked.push(found);
	}
	if (byRun === void 0 || recorded.length > 0) return {
		runs: asked,
		notes
	};
	if (looked) return {
		runs: [],
		notes: [...notes, `No record says that run ${byRun} made this plan.`]
	};
	const { protection } = github;
	if (protection === void 0) return {
		runs: [],
		notes: [...notes, `Run ${byRun} was not asked for: there is no token.`]
	};
	const named = await protection.run(byRun);
	if (named.commit === run.commit) return {
		runs: [{
			...named,
			weakly: "only the commit ties the plan to it"
		}],
		notes
	};
	return {
		runs: [],
		notes: [...notes, `Run ${byRun} is of another commit, ${named.commit?.slice(0, 12)}.`]
	};
}
/**
* The record is the store's word; whom GitHub names counts more. Where it answers, a run that it does not know made no plan:
* anybody who may write to the store could have made it up.
*/
async function askedOf(recorded, { protection, answers }, notes) {
	const byRecord = {
		...recorded,
		weakly: "known from its record alone"
	};
	if (protection === void 0) return byRecord;
	try {
		return await protection.run(recorded.id, recorded.attempt);
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		notes.push(`Who made the plan ${answers ? "is not known" : "is known from its record alone"}: ${error.message}`);
		return answers ? void 0 : byRecord;
	}
}
function refProtection({ variables }) {
	const said = variables.GITHUB_REF_PROTECTED;
	return said === "true" ? true : said === "false" ? false : void 0;
}
function errorOf(failure, unknown) {
	if (failure !== void 0) return new ReleaseError("no-second-person", `No second person stands behind this run: ${failure}.`, { hint: "Another person than the planner starts it anew, with \"Run workflow\", on a protected tag or branch." });
	if (unknown === void 0) return void 0;
	return new ReleaseError("second-person-unknown", `Whether a second person started this run cannot be told: ${unknown}.`, { hint: "Run it in GitHub Actions with github-token, after a plan of this commit that kept its record in the same store; or give planned-by-run." });
}
// src/commands/gate.ts
var gate_default = defineCommand({
	summary: "Check before a release goes on: the environment is protected, the plan is the one that was approved, staging was passed.",
	inputs: [
		...migrationInputNames,
		"phase",
		"approved-digest",
		"approved-plan",
		"quiet-hours",
		"allow-busy-hours",
		"long-migration",
		...protectionInputNames,
		...secondPersonInputNames,
		...promotionInputNames
	],
	optional: [
		"database-url",
		"phase",
		"store"
	],
	outputs: { digest: "SHA-256 of the plan of the phase, as it is now." },
	async run(given, context) {
		const inputs = {
			...given,
			"approved-digest": approvedDigest(given, context)
		};
		const { "approved-digest": approved, "quiet-hours": hours, phase } = inputs;
		const parts = [
			{
				checks: ["approved-plan", "quiet-hours"],
				asked: [approved !== void 0 && "approved-plan", hours !== void 0 && phase !== void 0 && "quiet-hours"].filter((one) => one !== false),
				how: ["--phase pre --approved-digest <digest of the plan>", "--phase pre --quiet-hours \"22:00-06:00 Europe/Berlin\""],
				run: () => checkPlan(inputs, context)
			},
			{
				checks: protectionChecks,
				asked: asksProtection(inputs, context) ? protectionChecks : [],
				how: ["--environment production   with GITHUB_TOKEN set"],
				run: async () => [await gateProtection(inputs, context)]
			},
			{
				checks: secondPersonChecks,
				asked: inputs["second-person"] === "require" ? secondPersonChecks : [],
				how: ["--second-person require --approved-digest <digest of the plan>"],
				run: async () => [await gateSecondPerson(inputs, context)]
			},
			{
				checks: promotionChecks(inputs),
				asked: inputs["promote-from"] === void 0 ? [] : promotionChecks(inputs),
				how: ["--promote-from staging"],
				run: async () => [await gatePromotion(inputs, context)]
			}
		];
		const asked = parts.filter((part) => part.asked.length > 0);
		if (asked.length === 0) throw nothingAsked(parts);
		const outcomes = [];
		for (const part of asked) outcomes.push(...await orRefusal(part));
		const unasked = parts.flatMap((part) => part.checks.filter((id) => !part.asked.includes(id)));
		const concluded = concludeParts(outcomes);
		const digest = concluded.details.digest;
		return {
			...concluded,
			checks: [...concluded.checks, ...unasked.map((id) => ({
				id,
				status: "not-checked",
				message: "not asked for"
			}))],
			...typeof digest === "string" ? { outputs: { digest } } : {}
		};
	}
});
/**
* Outputs of jobs that did not run are empty, and an empty input is one that was not given: the plan would be compared with
* nothing. Throws `invalid-input`.
*/
function approvedDigest({ "approved-digest": digest, phase }, { inAction, sources }) {
	const isEmpty = sources.given.get("approved-digest") === "" || inAction && phase !== void 0;
	if (digest !== void 0 || !isEmpty) return digest === "none" ? void 0 : digest;
	throw new ReleaseError("invalid-input", "approved-digest is empty, so that nothing says which plan was approved.", { hint: "An output is empty when its job did not run or did not hand it on. Where nobody approves plans, say approved-digest: none." });
}
/** A part that is refused does not keep the others from being asked. */
async function orRefusal({ asked, run }) {
	try {
		return await run();
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		const status = error.verdict === "fail" ? "fail" : "not-checked";
		return [{
			checks: asked.map((id) => ({
				id,
				status,
				message: error.message
			})),
			notes: [],
			details: {},
			error
		}];
	}
}
function nothingAsked(parts) {
	return new ReleaseError("invalid-input", "The gate was asked for nothing.", { hint: `It can be asked, together or alone:\n${parts.flatMap(({ how }) => how.map((one) => `  shiplock gate ${one}`)).join("\n")}` });
}
export { gate_default as default };
