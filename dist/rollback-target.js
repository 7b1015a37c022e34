import { Gt as formatMoment, Y as versionOfPath, _t as lineageOf, bt as shownVersion, gt as isRepeatable, ht as isFileOf, mt as byVersion, un as ReleaseError } from "./start.js";
import { A as migrationWay, K as checksumThatRan, Y as sidesOf, Z as appliedAttempts, nt as readOwn, tt as collectMigrations } from "./migrations.js";
import { r as placeOf } from "./decide.js";
import { relative } from "node:path";
// src/rollback/bears-missing.ts
/** Whether the tool of older code goes on when these have run and it has no file of theirs. */
function bearsMissing({ toleratesMissing }, since, target) {
	if (toleratesMissing !== "newer") return toleratesMissing;
	const known = new Set(target.map(({ version }) => lineageOf(version)));
	const newest = target.filter((one) => !isRepeatable(one)).toSorted(byVersion).at(-1);
	return since.every((one) => known.has(lineageOf(one.version)) || !isRepeatable(one) && (newest === void 0 || byVersion(one, newest) > 0));
}
// src/rollback/lost.ts
/** What ran and whose text nobody has: nobody can say what it means. */
function linesOfLost(lost, displaced) {
	return [...lost.map(({ version, name, phase, checksum }) => {
		const repeatable = isRepeatable({ version });
		const which = repeatable ? name ?? shownVersion(version) : `version ${version}${name === void 0 ? "" : ` (${name})`}`;
		const because = `No file of this checkout and no commit that git knows holds ${which}${checksum === void 0 ? "" : " as it ran"}${repeatable ? "; where it takes placeholders, their values are those of this environment" : ""}.`;
		return unknown({
			id: name ?? shownVersion(version),
			version,
			phase
		}, which, because);
	}), ...displaced.map(({ migration, ran }) => {
		const because = `Version ${shownVersion(migration.version)} ran here as ${ran}; whether ${migration.path} of the target has run too is not known.`;
		return unknown(migration, migration.path, because);
	})];
}
/** A run that may have applied anything, of a commit whose files nobody has. */
function lineOfRun({ command, run, at, commit }) {
	const which = commit === void 0 ? "its commit is not known" : `git does not hold its commit ${commit.slice(0, 12)}`;
	const because = `The ${command} of ${formatMoment(at)} does not say what it applied, and ${which}.`;
	return unknown(void 0, `run ${run}`, because);
}
function unknown(migration, path, because) {
	return {
		migration,
		path,
		start: void 0,
		statement: "",
		effect: "unknown",
		because,
		by: "rules",
		data: {
			kind: "impossible",
			what: "nobody knows"
		}
	};
}
// src/rollback/hotfix.ts
const nothingDone = {
	testsSeen: false,
	issueOpen: false
};
/** A branch from the release that is live: the fix goes on top of the code that the schema belongs to. */
function hotfixOf({ deciding }, live, { issueOpen } = nothingDone, generator) {
	const branch = `hotfix/${(live?.release ?? "HEAD").replaceAll(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+|[.]+$/g, "")}`;
	const base = live === void 0 ? "HEAD" : live.commit ?? live.release;
	const because = deciding === void 0 ? [] : [`Keep what makes going back impossible in mind: ${placeOf(deciding)}.`];
	return {
		branch,
		commands: [
			`git switch --create ${quoted(branch)} ${quoted(base)}`,
			`${generator ?? "shiplock new --hotfix"} <name>`,
			"shiplock lint",
			"shiplock plan"
		],
		checklist: [
			"Turn the flags of the new features off, where there are any.",
			`Fix it on the branch ${branch}; ${generator === void 0 ? "a migration of its own gets its number from \"shiplock new --hotfix\"." : `a migration of its own is made by "${generator}", with the line "# shiplock: hotfix" at its top.`}`,
			...because,
			"Release it as any other: backup, pre phase, deploy, \"shiplock record deployed\".",
			issueOpen ? "Merge the branch into the main line." : "Open an issue that says what went wrong, and merge the branch into the main line."
		]
	};
}
/** What people do next; for a hotfix it stands there. */
function checklistOf({ shape, by, deciding }, to, done = nothingDone) {
	if (shape === "code-only") return afterCodeOnly(done);
	if (shape === "hotfix" || deciding === void 0) return [];
	const command = `shiplock rollback --to ${quoted(to)}`;
	const byHand = `Judge it by hand: does the code of ${to} work after what stands in ${placeOf(deciding)}? Deploy it only when you are sure.`;
	return [
		...by === "rules" ? [`Let the queries of ${to} decide: ${command} --dry-run --queries 'db/queries/**/*.sql', with your own path.`] : [],
		byHand,
		`Where it does not, go forward: ${command} --shape hotfix --dry-run shows how.`
	];
}
/** What people do around a rollback of the code. */
function afterCodeOnly({ testsSeen, issueOpen }) {
	return [
		...testsSeen ? [] : ["Look whether the tests of the target release were green."],
		"Turn the flags of the new features off, where there are any.",
		"Deploy the older code, then note it: \"shiplock record deployed\" from its checkout.",
		issueOpen ? "Say in the issue what went wrong." : "Open an issue that says what went wrong, from which release to which."
	];
}
/** A name for a shell. */
function quoted(text) {
	return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
// src/rollback/since.ts
/** What the version tables and the history say beside the target's files. Throws `target-not-run` when a pre migration of the target has not run. */
function ranSince(target, entries, history, name) {
	const sides = sidesOf(target, entries, history);
	const byNumber = new Map(target.map((migration) => [migration.version, migration]));
	const byChecksum = new Map(target.map((migration) => [migration.checksum, migration]));
	const contained = /* @__PURE__ */ new Set();
	const displaced = [];
	const since = [];
	const notes = [];
	let unchecked = 0;
	for (const entry of [...entries].sort(byVersion)) {
		const ran = checksumThatRan(sides, entry.version);
		const same = byNumber.get(entry.version);
		if (same !== void 0 && (ran === void 0 || isFileOf(same, ran))) {
			if (ran === void 0) unchecked++;
			contained.add(same);
			continue;
		}
		const renumbered = ran === void 0 ? void 0 : byChecksum.get(ran);
		if (renumbered !== void 0) {
			notes.push(`${renumbered.path} of ${name} ran here as version ${shownVersion(entry.version)}.`);
			contained.add(renumbered);
			continue;
		}
		const attempt = sides.attempts.get(entry.version);
		const known = sides.contained.get(entry.version)?.at(-1);
		if (same !== void 0) displaced.push({
			migration: same,
			ran: attempt?.name || known?.name || "another file"
		});
		since.push({
			version: entry.version,
			phase: entry.phase ?? attempt?.phase ?? known?.phase ?? "pre",
			name: attempt?.name || known?.name,
			checksum: ran,
			commits: commitsOf(entry.version, history)
		});
	}
	const applied = new Set(entries.map(({ version }) => lineageOf(version)));
	const replaced = target.filter((one) => isRepeatable(one) && applied.has(lineageOf(one.version)));
	const settled = /* @__PURE__ */ new Set([
		...contained,
		...replaced,
		...displaced.map(({ migration }) => migration)
	]);
	refuseMissing(target.filter((migration) => !settled.has(migration)), name);
	for (const attempt of appliedAttempts(history.rows)) {
		if (applied.has(lineageOf(attempt.version))) continue;
		notes.push(`Version ${shownVersion(attempt.version)} (${attempt.name}) ran here and is in no version table any more: somebody took it back.`);
	}
	return {
		since,
		displaced,
		unchecked,
		notes: [...new Set(notes)]
	};
}
/** Post migrations of the target may still be held back; without its pre migrations its code has never run here. */
function refuseMissing(missing, name) {
	const [first, ...others] = missing.filter(({ phase }) => phase === "pre");
	if (first === void 0) return;
	const more = others.length === 0 ? "" : ` and ${others.length} more`;
	throw new ReleaseError("target-newer", `${name} contains ${first.path}${more}, which has not run on this database: ${name} is newer than what is there.`, {
		at: first.path,
		hint: "A rollback goes to a release that was live here. To go forward, run \"shiplock migrate --phase pre\" from the checkout of the release."
	});
}
function commitsOf(version, { rows, former }) {
	const all = [...former, ...rows].filter((row) => row.event === "migration" ? row.version === version : row.event === "deployed" && row.migrations.some((one) => one.version === version));
	return [...new Set(all.reverse().flatMap(({ commit }) => commit ?? []))];
}
// src/commands/rollback-target.ts
/** The commit of the release that comes back. Throws `unknown-target`. */
async function findTarget(name, context) {
	const commit = await context.gitCommit(name);
	if (commit !== void 0) return {
		name,
		commit
	};
	const depth = await context.gitDepth();
	throw new ReleaseError("unknown-target", `git knows no tag and no commit ${JSON.stringify(name)} here.`, { hint: depth === "none" ? "Run it in a checkout of the repository: the files of the older release are read from git." : depth === "shallow" ? "This clone is cut off. In the workflow set fetch-depth: 0 and fetch-tags: true for actions/checkout; by hand: git fetch --unshallow --tags." : "Check its spelling, and fetch the tags: git fetch --tags." });
}
/** The migrations of both folders as the commit has them. */
async function migrationsAt({ name, commit }, inputs, context) {
	const way = migrationWay(inputs);
	if (way.kind === "command") throw new ReleaseError("invalid-input", "With the layout command Shiplock reads no migration files, and cannot say what the older code meets.", { hint: "Decide by hand: docs/rollback.md has the questions. \"shiplock backup\" and \"shiplock restore-drill\" work with every layout." });
	const [pre, post] = [inputs.migrations, inputs["migrations-post"]];
	const folder = async (path) => ({
		path: `${relative(context.baseDir, path) || "."} at ${name}`,
		files: await context.gitFolder(commit, path, "nested")
	});
	const folders = {
		pre: await folder(pre),
		post: {
			...await folder(post),
			named: false
		}
	};
	try {
		return collectMigrations(folders, way.layout, context.variables);
	} catch (error) {
		if (!(error instanceof ReleaseError) || error.code !== "migrations-not-found") throw error;
		throw new ReleaseError(error.code, error.message, { hint: `Name the folder as ${name} has it, with --migrations and --migrations-post, where it was renamed since: "git ls-tree -r --name-only ${quoted(name)}" lists what is there.` });
	}
}
/** The text of each version that ran since: of the checkout, else of a commit that the history names, else of any that git knows. */
async function textsOf(since, layout, inputs, context) {
	const found = [];
	const lost = [];
	const checkout = await filesOfCheckout(layout, inputs, context);
	const atCommit = /* @__PURE__ */ new Map();
	const migrationsOf = async (commit) => {
		const known = atCommit.get(commit) ?? await readBoth((path) => context.gitFolder(commit, path, "nested"), layout, inputs, context);
		atCommit.set(commit, known);
		return known;
	};
	for (const ran of since) {
		let text = match(ran, checkout);
		for (const name of text === void 0 ? ran.commits : []) {
			const commit = await context.gitCommit(name);
			text ??= commit === void 0 ? void 0 : match(ran, await migrationsOf(commit));
		}
		for (const commit of text === void 0 ? await commitsHolding(ran, inputs, context) : []) text ??= match(ran, await migrationsOf(commit));
		if (text === void 0) lost.push(ran);
		else found.push({
			...text,
			version: ran.version,
			phase: ran.phase
		});
	}
	return {
		found,
		lost
	};
}
/**
* The migration that ran, from a release that contains it, the last first, and never from the working folder: what stands
* there may be newer than what ran. Throws `checksum-mismatch` or `down-not-found`.
*/
async function releasedText(ran, layout, inputs, context) {
	const { version, name, checksum } = ran;
	let other;
	const named = (await Promise.all(ran.commits.map((commit) => context.gitCommit(commit)))).filter((commit) => commit !== void 0);
	for (const commit of /* @__PURE__ */ new Set([...named, ...await commitsHolding(ran, inputs, context)])) {
		const migrations = await readBoth((path) => context.gitFolder(commit, path, "nested"), layout, inputs, context);
		const text = checksum === void 0 ? void 0 : match(ran, migrations);
		if (text !== void 0) return {
			migration: {
				...text,
				version,
				phase: ran.phase
			},
			commit
		};
		other ??= migrations.find((one) => one.version === version)?.path;
	}
	const which = name ?? `version ${shownVersion(version)}`;
	if (checksum !== void 0 && other !== void 0) throw new ReleaseError("checksum-mismatch", `${other} is in no release as it ran here: its checksum is another in all that git knows.`, {
		at: other,
		hint: "The way back of another text may not fit. Fetch the branch that ran it (git fetch --all --tags), or ship a hotfix."
	});
	throw new ReleaseError("down-not-found", `The way back of ${which} cannot be trusted: ${checksum === void 0 ? "nothing kept the checksum of what ran" : "no release that git knows here holds it"}.`, { hint: "Fetch the whole history and the tags (fetch-depth: 0). Where the text is lost, ship a hotfix: \"shiplock rollback --shape hotfix\"." });
}
/** The file of a number; where the checksum of what ran is known, only that very file counts. */
function match({ version, checksum }, migrations) {
	if (checksum !== void 0) return migrations.find((one) => isFileOf(one, checksum) && (one.kept === void 0 || one.version === version));
	return migrations.find((one) => one.version === version);
}
async function commitsHolding({ version }, inputs, context) {
	const paths = (await Promise.all([inputs.migrations, inputs["migrations-post"]].map((path) => context.gitPaths(path)))).flat();
	const commits = [];
	for (const path of paths) if (versionOfPath(path) === lineageOf(version)) commits.push(...await context.gitCommitsWith(path));
	return commits;
}
/** Where the table keeps the newest version alone, the files of this checkout say what else has run. */
async function filesHere(layout, inputs, context) {
	return layout.keepsNewest || layout.hasBaseline ? filesOfCheckout(layout, inputs, context) : [];
}
function filesOfCheckout(layout, inputs, context) {
	return readBoth((path) => context.readFolder(path, "nested"), layout, inputs, context);
}
/** What the layout accepts of both folders; nothing where it does not read them. */
async function readBoth(read, layout, inputs, context) {
	const migrations = [];
	for (const phase of ["pre", "post"]) {
		const files = await read(phase === "pre" ? inputs.migrations : inputs["migrations-post"]) ?? [];
		try {
			migrations.push(...readOwn(layout, files, phase, context.variables));
		} catch (error) {
			if (!(error instanceof ReleaseError)) throw error;
		}
	}
	return migrations;
}
export { releasedText as a, checklistOf as c, lineOfRun as d, linesOfLost as f, migrationsAt as i, hotfixOf as l, filesOfCheckout as n, textsOf as o, bearsMissing as p, findTarget as r, ranSince as s, filesHere as t, quoted as u };
