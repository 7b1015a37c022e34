import { Gt as formatMoment, Jt as plural, bt as shownVersion, fn as messageOf, gt as isRepeatable, ht as isFileOf, r as isSameRelease, un as ReleaseError, vt as placeIn } from "./start.js";
import { $ as lastDeployed, Ct as statementsOf, W as migrationsFor, Y as sidesOf, Z as appliedAttempts, et as newest, lt as skipVariable } from "./migrations.js";
import { t as whoOf } from "./who.js";
import { n as touchedObjects, t as touchSame } from "./touched-objects.js";
import { t as liveRelease } from "./present.js";
import { f as linesOfLost, o as textsOf, p as bearsMissing, s as ranSince, u as quoted } from "./rollback-target.js";
import { r as placeOf } from "./decide.js";
import { join } from "node:path";
// src/migration/renumbered.ts
/** Warnings for pending files with just the text of a version that ran and has no file any more: under another number it would run again. */
function renumbered({ migrations, entries, history }) {
	const { applied, attempts } = sidesOf(migrations, entries, history);
	const here = new Set(migrations.map(({ version }) => version));
	const gone = [...attempts.values()].filter(({ version }) => applied.has(version) && !here.has(version));
	return migrations.filter((one) => !applied.has(one.version) && !isRepeatable(one)).flatMap((one) => {
		const ran = gone.find(({ checksum }) => isFileOf(one, checksum));
		return ran === void 0 ? [] : [`${one.path} is pending, and holds just what ran as ${ran.name}, whose file is gone: it would run again. If it only has another number now, give it the old one back, or say that it ran: shiplock ledger mark-applied --migration ${one.id} --reason "…"`];
	});
}
// src/migration/settled-elsewhere.ts
/**
* Warnings for versions that are in the version table while statements are still noted of them, from a run of ours that did
* not end: the tool has finished the file. Once it takes such a version back, our next run would go on behind those statements.
*/
function settledElsewhere(noted, { entries, history }) {
	const applied = new Set(entries.map(({ version }) => version));
	return [...noted].filter((version) => applied.has(version) && !isWayBack(version, history.rows)).map((version) => `${shownVersion(version)} stopped half-way here, and somebody else has finished it since; its statements are still noted. Say so before it is ever taken back: shiplock ledger mark-applied --migration ${shownVersion(version)} --reason "…"`);
}
/** Whether what is noted is of a way back that stopped half-way. */
function isWayBack(version, rows) {
	return newest(rows.filter((row) => (row.event === "migration" || row.event === "reversal") && row.version === version))?.event === "reversal";
}
// src/commands/waiver.ts
const waiverNames = ["waive", "reason"];
/** What a person waives for this run. Throws `invalid-input` when it lacks its reason, or the reason what it is for. */
function waiverOf(phase, { waive, reason }, context) {
	if (waive === void 0 && reason === void 0) return void 0;
	if (waive === void 0 || reason === void 0) {
		const problem = waive === void 0 ? "A reason was given, and nothing that it is the reason for." : `waive: ${waive} needs a reason, which is kept in the history.`;
		throw new ReleaseError("invalid-input", problem, { hint: "Give both: --waive drill --reason \"why this run cannot wait for a drill\"." });
	}
	return {
		what: waive,
		phase,
		reason,
		by: whoOf(context)
	};
}
/** A line for each waiver of this release so far. */
function waiversOf(history, { release, run }) {
	const name = {
		release,
		commit: run.commit
	};
	return history.flatMap((row) => row.event === "waived" && isSameRelease(row, name) ? [`${row.what} waived by ${row.by} on ${formatMoment(row.at)} for phase ${row.phase}: ${row.reason}`] : []);
}
// src/rollback/outlook.ts
/** The same outlook when only some of the steps are taken. */
function upTo(outlook, taken) {
	const steps = outlook.steps.filter(({ migration }) => taken.has(migration));
	const within = (closing) => closing?.migration === void 0 || taken.has(closing.migration) ? closing : void 0;
	return {
		...outlook,
		steps,
		doubt: within(outlook.doubt),
		end: within(outlook.end)
	};
}
// src/rollback/point-of-no-return.ts
/** Before a run: until when the older code may come back as it is. */
function pointOfNoReturn(outlook) {
	const { doubt, end, steps } = outlook;
	const code = codeOf(outlook);
	if (end !== void 0 && isPassed(outlook)) return `The point of no return has been passed: ${code} does not work on the schema as it is now (${reason(end)}).`;
	if (end !== void 0) return `Point of no return: after ${nameOf$1(end.migration)} ${code} no longer works (${reason(end)}); ${until(outlook, doubt)}`;
	if (doubt !== void 0) return `Point of no return: not known. ${doubtful(outlook, doubt)}`;
	if (steps.length === 0) return "";
	return `Nothing of this release closes the way back: by rules, ${code} works after ${steps.length === 1 ? "its migration" : `each of its ${plural(steps.length, "migration")}`}.`;
}
/** Whether the older code does not work already. */
function isPassed({ end }) {
	return end !== void 0 && end.migration === void 0;
}
/** After a run: what is still open. `outlook` holds the steps that were taken, and no others. */
function stillOpen(outlook) {
	const { doubt, end } = outlook;
	const code = codeOf(outlook);
	if (end?.migration !== void 0) return `Code-only ended after ${nameOf$1(end.migration)}: ${code} no longer works (${reason(end)}). ${forward(outlook)}`;
	if (end !== void 0) return `Code-only was closed before this run: ${code} does not work on this schema (${reason(end)}). ${forward(outlook)}`;
	if (doubt !== void 0) return doubtful(outlook, doubt);
	return `Code-only is open: by rules, ${code} works on the schema as it is now${command(outlook)}.`;
}
/** Before the post phase: each statement from which on the older code does not work. */
function endingStatements({ steps }) {
	return steps.flatMap(({ migration, against }) => against.map((line) => `${nameOf$1(migration)}, ${placeOf(line)}: ${line.effect === "unknown" ? "may end" : "ends"} code-only. ${line.because}`));
}
/** The newest would be the first to be taken back. */
function forward({ steps }) {
	return steps.at(-1)?.down.exists === true ? "From here a hotfix is the way, or one down at a time." : "From here a hotfix is the way.";
}
function until(outlook, doubt) {
	if (doubt === void 0) return `until then it may be deployed as it is${command(outlook)}.`;
	return `whether it works ${doubt.migration === void 0 ? "already now" : `after ${nameOf$1(doubt.migration)}`} is not known (${reason(doubt)}).`;
}
function doubtful(outlook, doubt) {
	const when = doubt.migration === void 0 ? "on the schema as it is now" : `after ${nameOf$1(doubt.migration)}`;
	const asking = outlook.to === void 0 ? "" : " \"shiplock rollback\" with the queries of that release can tell.";
	return `Whether ${codeOf(outlook)} works ${when} is not known by rules (${reason(doubt)}).${asking}`;
}
function codeOf({ to }) {
	return to === void 0 ? "older code that fits the schema before this run" : `the code of ${to}`;
}
function command({ to }) {
	return to === void 0 ? "" : `: shiplock rollback --to ${quoted(to)}`;
}
function nameOf$1(migration) {
	return migration === void 0 ? "" : `${migration.id} (${migration.phase})`;
}
/** Without the full stop, since it stands in brackets. */
function reason({ line }) {
	return `${placeOf(line)}: ${line.because.replace(/\.$/, "")}`;
}
// src/rollback/release-before.ts
/**
* The release whose code comes back when what is about to run turns out to be no good: the one that was deployed last and
* does not contain all of it. `undefined` where no record tells, or a rollback is newer than the last one.
*/
function releaseBefore(history, run) {
	if (liveRelease(history) === void 0) return void 0;
	return newest(history.filter((row) => row.event === "deployed").filter((row) => !run.every((one) => contains(row, one))));
}
function contains({ migrations }, { version, checksum }) {
	return migrations.some((one) => one.version === version && one.checksum === checksum);
}
// src/commands/way-back.ts
/** Where only the team's own program knows what runs. */
const wayBackByCommand = { notKnown: "with the layout command Shiplock reads no migration files" };
/** Judges what `rollback` would find after each migration of a run. Never throws. */
async function wayBackOf(run, state, postgres, inputs, context) {
	if (run.length === 0) return { nothing: "" };
	if (state.plans.applied === 0) return { nothing: "No migration has run here before: there is no older code to go back to." };
	try {
		const { layout } = state.ledger;
		const old = await olderCode(run, state, inputs, context);
		const boot = bearsMissing(layout, [...old.ran, ...run], old.target) ? void 0 : await (await import("./boot-files2.js")).bootRefusal(layout, old.commit, context);
		const { lookAhead } = await import("./look-ahead.js");
		return { outlook: await lookAhead({
			...old,
			run,
			boot,
			layout,
			postgres
		}) };
	} catch (error) {
		return { notKnown: messageOf(error).replace(/\.$/, "") };
	}
}
async function olderCode(run, { evidence, ledger }, inputs, context) {
	const { migrations, entries, history } = evidence;
	const before = releaseBefore(history.rows, run);
	if (before === void 0) {
		const applied = new Set(entries.map(({ version }) => version));
		return {
			to: void 0,
			commit: void 0,
			target: migrations.filter(({ version }) => applied.has(version)),
			ran: [],
			lost: []
		};
	}
	const texts = (wanted) => textsHere(wanted, migrations, ledger.layout, inputs, context);
	const target = await targetOf(before, migrations, texts);
	const { since, displaced } = ranSince(target, entries, history, before.release);
	const { found, lost } = await texts(since);
	return {
		to: before.release,
		commit: before.commit,
		target,
		ran: found,
		lost: linesOfLost(lost, displaced)
	};
}
/** The migrations of a release, as the checkout has them, else as git does. Throws when some are nowhere. */
async function targetOf(release, migrations, texts) {
	const here = migrations.filter((one) => contains(release, one));
	const versions = new Set(here.map(({ version }) => version));
	const commits = release.commit === void 0 ? [] : [release.commit];
	const { found, lost } = await texts(release.migrations.filter(({ version }) => !versions.has(version)).map(({ name, ...one }) => ({
		...one,
		name,
		commits
	})));
	if (lost.length === 0) return [...here, ...found];
	const [first] = lost;
	throw new Error(`neither this checkout nor git holds ${plural(lost.length, "migration")} of ${release.release}, such as ${first?.name ?? shownVersion(first?.version ?? "")}`);
}
/** Git is asked only for what the checkout does not hold. */
async function textsHere(wanted, migrations, layout, inputs, context) {
	const byVersion = new Map(migrations.map((one) => [one.version, one]));
	const here = wanted.map(({ version, checksum }) => {
		const one = byVersion.get(version);
		return one !== void 0 && (checksum === void 0 || isFileOf(one, checksum)) ? one : void 0;
	});
	const missing = wanted.filter((_, index) => here[index] === void 0);
	const { found, lost } = missing.length === 0 ? {
		found: [],
		lost: []
	} : await textsOf(missing, layout, inputs, context);
	const elsewhere = new Map(found.map((one) => [one.version, one]));
	return {
		found: wanted.flatMap(({ version }, index) => here[index] ?? elsewhere.get(version) ?? []),
		lost
	};
}
/** For a result: what would be open after each step, and one sentence. */
function describeWayBack(way, sentence = sentenceBefore(way)) {
	if (sentence === "") return {};
	if (!("outlook" in way)) return { wayBack: { sentence } };
	const { to, steps, end, doubt } = way.outlook;
	const closing = end ?? doubt;
	return { wayBack: {
		sentence,
		to: to ?? null,
		by: "rules",
		steps: steps.map(({ migration: { id, phase }, shape, against, down }) => {
			return {
				id,
				phase,
				shape,
				against: against.map(describeLine),
				down
			};
		}),
		pointOfNoReturn: closing === void 0 ? null : {
			after: closing.migration?.id ?? null,
			phase: closing.migration?.phase ?? null,
			known: end !== void 0,
			...describeLine(closing.line)
		}
	} };
}
function describeLine(line) {
	return {
		at: placeOf(line),
		effect: line.effect,
		because: line.because
	};
}
/** Before a run. */
function sentenceBefore(way) {
	if ("outlook" in way) return pointOfNoReturn(way.outlook);
	return "nothing" in way ? way.nothing : `The way back is not known: ${way.notKnown}.`;
}
/** After a run: `taken` are the migrations of which anything has run. */
function afterRun(way, taken) {
	if (!("outlook" in way) || taken.size === 0) return describeWayBack(way);
	const outlook = upTo(way.outlook, taken);
	return describeWayBack({ outlook }, stillOpen(outlook));
}
/** What stands in the log before the post phase sends anything. */
function warnBeforePost(way, { log }) {
	if (!("outlook" in way)) {
		const sentence = sentenceBefore(way);
		if ("notKnown" in way) log.warn(sentence);
		else if (sentence !== "") log.info(sentence);
		return;
	}
	const ending = endingStatements(way.outlook);
	if (ending.length === 0 || isPassed(way.outlook)) log.info(pointOfNoReturn(way.outlook));
	else log.warn(`from here code-only ${way.outlook.end === void 0 ? "may end" : "ends"} for ${codeOf(way.outlook)}, by rules:`);
	for (const one of ending) log.warn(one);
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
	const last = `${seen.commit.slice(0, 12)} (${seen.release}, ${formatMoment(seen.at)})`;
	if (relation === "same" || relation === "newer") return void 0;
	if (relation === "unknown") return `Whether this checkout is older than ${last}, the commit that ran here last, cannot be told: git does not know both commits. Fetch the whole history (fetch-depth: 0).`;
	if (relation === "diverged") return `This checkout is neither before nor after ${last}, the commit that ran here last: a hotfix branch or a rebase. Merge it into the main line before the next release.`;
	if (allowed !== void 0) return `This checkout is older than ${last}, the commit that ran here last; allowed: ${allowed}`;
	throw new ReleaseError("older-commit", `This checkout (${current?.slice(0, 12)}) is older than ${last}, the commit that ran here last.`, { hint: "Run the newer commit, or one after it. For a hotfix of an older release commit the fix on a branch from its tag: a branch with a commit of its own may run. When an older commit is really meant: allow-older with the reason." });
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
		const parsed = await statementsOf(migration.up);
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
// src/migration/squash.ts
/** A warning where no file of what ran is left, as when a team has put its old migrations together into a new one. */
function squashNote({ applied, ahead }, run) {
	const [first] = run;
	if (first === void 0 || applied === 0 || ahead.length < applied) return void 0;
	return `${plural(applied, "migration")} ran here, and no file of ${applied === 1 ? "it" : "them"} is left. If ${first.id} stands for what ran, say so before it runs: shiplock ledger mark-applied --migration ${first.id} --reason "…"`;
}
// src/commands/run-decision.ts
/** Throws what keeps the phase from running: the rules of phases, a conflict with a held-back migration, an older commit. */
async function decideRun(phase, { plans, evidence, policy }, { "allow-older": reason }, context) {
	const { run, heldBack } = migrationsFor(phase, plans, evidence, policy);
	if (phase === "pre") await refusePostConflicts(run, plans.debts);
	const standing = run.length === 0 ? void 0 : await commitStanding(phase, evidence, context);
	return {
		run,
		heldBack,
		notes: [standing === void 0 ? void 0 : refuseOlder(standing, reason), squashNote(plans, run)].filter((note) => note !== void 0),
		older: standing?.relation === "older" && reason !== void 0 ? {
			reason,
			than: standing.seen.commit
		} : void 0
	};
}
/** What would run if the rows of a dead run were closed already, which changes nothing here. */
function wouldRun(phase, { plans, evidence, policy }) {
	return mayRun(phase, plans) ? migrationsFor(phase, plans, evidence, policy).run : [];
}
/** Whether anything of the phase is pending: then the books must be open for writing before it begins. */
function mayRun(phase, { pre, post }) {
	return phase !== "post" && pre.length > 0 || phase !== "pre" && post.length > 0;
}
/** Why a run that does nothing does nothing. */
function nothingToRun(phase, heldBack) {
	if (phase !== "post" || heldBack === 0) return `Nothing is pending in phase ${phase}.`;
	return `Nothing runs: ${plural(heldBack, "post migration")} ${heldBack === 1 ? "stays" : "stay"} held back, because the release that is recorded as deployed does not contain ${heldBack === 1 ? "it" : "them"}.`;
}
async function commitStanding(phase, { history }, context) {
	const seen = commitSeen(history.rows, phase);
	return seen === void 0 ? void 0 : {
		seen,
		relation: await context.compareCommit(seen.commit),
		current: context.run.commit
	};
}
// src/commands/skip-unheard.ts
const folders = [
	"config",
	"config/environments",
	"config/initializers",
	"lib/tasks"
];
/**
* A warning where nothing that an application reads at its start names the variable: then it may run its post migrations
* in the pre phase. Only the version table can tell afterwards.
*/
async function skipUnheard(phase, run, heldBack, context) {
	if (phase !== "pre" || run.length === 0 || heldBack.length === 0) return [];
	try {
		for (const folder of folders) if ((await context.readFolder(join(context.baseDir, folder)) ?? []).some(({ bytes }) => Buffer.from(bytes).includes("SKIP_POST_DEPLOYMENT_MIGRATIONS"))) return [];
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		return [`whether the application honours ${skipVariable} was not looked at: ${error.message}`];
	}
	return [`no file in ${folders.join(", ")} names ${skipVariable}: ${plural(heldBack.length, "post migration")} may run before the deploy, or never; "shiplock init" prints the line that keeps ${heldBack.length === 1 ? "it" : "them"} back until then`];
}
export { wouldRun as a, warnBeforePost as c, waiverNames as d, waiverOf as f, renumbered as h, nothingToRun as i, wayBackByCommand as l, settledElsewhere as m, decideRun as n, afterRun as o, waiversOf as p, mayRun as r, describeWayBack as s, skipUnheard as t, wayBackOf as u };
