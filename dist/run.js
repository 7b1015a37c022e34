import { i as systemCode, r as messageOf, t as ReleaseError } from "./errors.js";
import { r as isReadBelow } from "./migration-path.js";
import { t as systemClock } from "./clock.js";
import { _ as repositoryName, c as compareCommits, d as filesOfCommit, f as git, g as repositoryDepth, h as pathsInHistory, i as firstKnown, l as currentCommit, m as originRepository, o as bytesOfObject, s as commitsWith, u as currentTag, v as trackedPaths } from "./git-changes.js";
import { n as describeError, r as interrupted, t as asReleaseError } from "./explain-error.js";
import { r as homeFolders } from "./release-name.js";
import { c as warmParser } from "./parse.js";
import { a as traitsOf, n as inputNames } from "./inputs.js";
import { t as didYouMean } from "./nearest.js";
import { n as redacted } from "./redact.js";
import { t as resolveInputs } from "./resolve-inputs.js";
import { a as verdicts, n as exitCodeOf } from "./result.js";
import { i as formatMoment } from "./units.js";
import { t as version } from "./version.js";
import { t as signalExitCode } from "./signals.js";
import { t as connectionFromVariables } from "./connection.js";
import { n as metricsVariables } from "./metrics-access.js";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, readdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { readFileSync, statSync } from "node:fs";
import { pid } from "node:process";
import { basename as basename$1, dirname as dirname$1 } from "node:path/posix";
// src/adapters/git-files.ts
/** Files directly in a folder of a commit. Paths count from `cwd`, as in the checkout. */
async function folderAt(commit, folder, cwd, variables, depth) {
	const home = folder === "" ? "." : folder;
	const entries = await filesOfCommit(commit, home, cwd, variables, depth);
	const nameOf = (path) => home === "." ? path : path.slice(home.length + 1);
	const own = entries?.filter(({ path }) => dirname$1(path) === home || depth === "nested" && isReadBelow(nameOf(path)));
	if (own === void 0 || own.length === 0) return void 0;
	return (await readAll(own, cwd, variables)).map((file) => ({
		...file,
		name: nameOf(file.path)
	}));
}
/** Files of a commit that are wanted, at any depth. */
async function filesAt(commit, isWanted, cwd, variables) {
	return readAll((await filesOfCommit(commit, void 0, cwd, variables) ?? []).filter(({ path }) => isWanted(path)), cwd, variables);
}
/** Some at a time: each is a program of its own. */
async function readAll(entries, cwd, variables) {
	const files = [];
	for (let at = 0; at < entries.length; at += 8) {
		const read = entries.slice(at, at + 8).map(async ({ path, object }) => {
			const bytes = await bytesOfObject(object, cwd, variables);
			if (bytes === void 0) throw missing(path);
			return {
				path,
				name: basename$1(path),
				bytes
			};
		});
		files.push(...await Promise.all(read));
	}
	return files;
}
function missing(path) {
	return new ReleaseError("unreadable-file", `git names ${path} in that commit and does not hold what is in it.`, { hint: "The clone leaves contents out: fetch it whole (fetch-depth: 0, without a filter)." });
}
// src/adapters/context.ts
/** Who runs this, as GitHub or the machine tells it. */
async function describeRun(variables, cwd) {
	const onGitHub = Boolean(variables.GITHUB_RUN_ID);
	const tag = variables.GITHUB_REF_TYPE === "tag" ? variables.GITHUB_REF_NAME : void 0;
	const [head, repository, named] = await Promise.all([
		currentCommit(cwd, variables),
		variables.GITHUB_REPOSITORY?.split("/").at(-1) ?? repositoryName(cwd, variables),
		tag ?? (onGitHub ? void 0 : currentTag(cwd, variables))
	]);
	return {
		id: variables.GITHUB_RUN_ID || String(pid),
		attempt: variables.GITHUB_RUN_ATTEMPT || "1",
		host: variables.RUNNER_NAME || hostname(),
		commit: head ?? (variables.GITHUB_SHA || void 0),
		by: onGitHub ? startedBy(variables) : void 0,
		repository,
		tag: named
	};
}
function startedBy(variables) {
	const { GITHUB_ACTOR: actor, GITHUB_ACTOR_ID: id, GITHUB_TRIGGERING_ACTOR: triggering, GITHUB_EVENT_NAME: event } = variables;
	if (!actor) return void 0;
	return {
		actor,
		actorId: id || void 0,
		triggeringActor: triggering || void 0,
		event: event || void 0
	};
}
/** The only place that knows which adapter serves what. Each is loaded when it is first needed. */
async function createContext(surroundings) {
	const { variables, baseDir, log, run, signal, storeAccess } = surroundings;
	const roots = [variables.RUNNER_TEMP, tmpdir()].filter((root) => Boolean(root));
	const say = (text) => log.info(text);
	const sweep = async () => {
		const { sweepWorkspaces } = await import("./workspace2.js");
		for (const path of await sweepWorkspaces(roots)) say(`removed ${path}, left behind by an earlier run`);
	};
	const makeFolder = async () => {
		const { makeWorkspace } = await import("./workspace2.js");
		await sweep();
		return makeWorkspace({ roots });
	};
	const tools = (given) => ({
		...given,
		env: variables,
		say
	});
	const openGitHub = async (token, limit = signal) => {
		const { GitHubClient } = await import("./client.js");
		return new GitHubClient({
			apiUrl: variables.GITHUB_API_URL || "https://api.github.com",
			token,
			signal: limit
		});
	};
	return {
		...surroundings,
		ask: surroundings.ask ?? (async () => void 0),
		readShipped: (path) => readShipped(path, surroundings.program),
		storeEndpoint: surroundings.storeAccess.endpoint,
		clock: systemClock,
		readFolder: (path, depth) => readFolder(path, baseDir, depth),
		writeNewFile: (path, text) => writeNewFile(path, text, baseDir),
		replaceFile: (path, text) => replaceFile(path, text, baseDir),
		readText: (path) => readText(path, baseDir),
		trackedPaths: () => trackedPaths(baseDir, variables),
		gitPaths: (folder) => pathsInHistory(folder, baseDir, variables),
		gitCommit: (name) => firstKnown([name], baseDir, variables),
		gitFolder: (commit, folder, depth) => folderAt(commit, relative(baseDir, folder), baseDir, variables, depth),
		gitFiles: (commit, isWanted) => filesAt(commit, isWanted, baseDir, variables),
		gitCommitsWith: (path) => commitsWith(path, baseDir, variables),
		gitDepth: () => repositoryDepth(baseDir, variables),
		compareCommit: (other, current = run.commit) => compareCommits(current, other, baseDir, variables),
		async openReview(options) {
			const { openReview } = await import("./review.js");
			const { base, token } = options;
			return openReview({ base }, {
				folder: baseDir,
				variables,
				github: token === void 0 ? void 0 : () => openGitHub(token)
			});
		},
		async openConversation(pullRequest, token) {
			const { openConversation } = await import("./conversation2.js");
			return openConversation(await openGitHub(token), pullRequest);
		},
		async openProtection(token) {
			const { openProtection } = await import("./environment.js");
			return openProtection(await openGitHub(token), variables.GITHUB_REPOSITORY || await originRepository(baseDir, variables));
		},
		async readCommitChecks(commit, { repository, token, signal: limit }) {
			const { readCommitChecks } = await import("./commit-checks.js");
			return readCommitChecks(await openGitHub(token, limit), repository, commit);
		},
		async openIssues({ repository, token, signal: limit }) {
			const { openIssues } = await import("./issues.js");
			return openIssues(await openGitHub(token, limit), repository);
		},
		async openProbes(wanted) {
			const { openProbes } = await import("./probes.js");
			const { applicationName } = await import("./session.js");
			return openProbes(wanted, {
				...systemClock,
				applicationName: applicationName(run)
			});
		},
		readAuthority,
		makeFolder,
		async makeTunnel(options) {
			const { makeTunnel } = await import("./tunnel.js");
			return makeTunnel({
				...options,
				env: variables,
				ownConfig: !surroundings.inAction,
				makeFolder,
				signal,
				say
			});
		},
		async openMigrationDatabase(database, options) {
			const { openMigrationDatabase } = await import("./migration-database.js");
			const { project, environment, release, storeUrl } = surroundings;
			const storedState = storeUrl === void 0 ? void 0 : openStoredState(storeUrl, storeAccess);
			return openMigrationDatabase({
				database,
				...options,
				run,
				project,
				environment,
				release,
				storedState,
				say,
				warn: (text) => log.warn(text),
				sayForeign: (text) => log.foreign(text)
			});
		},
		async runTeamProgram(command, options) {
			const { runTeamProgram } = await import("./team-command.js");
			return runTeamProgram(command, {
				...options,
				cwd: baseDir,
				onLine: (line) => log.foreign(line)
			});
		},
		async streamFile(path, take) {
			const { streamFile } = await import("./stream-names.js");
			return streamFile(path, relative(baseDir, path), take);
		},
		async streamProgram(command, options, take) {
			const { streamProgram } = await import("./stream-names.js");
			return streamProgram(command, {
				...options,
				cwd: baseDir
			}, take);
		},
		async namesOnGitHub(token) {
			const { namesOnGitHub } = await import("./config-names.js");
			return namesOnGitHub(await openGitHub(token), variables.GITHUB_REPOSITORY, surroundings.environment);
		},
		folderInRepository: async () => await git(["rev-parse", "--show-prefix"], baseDir, variables) ?? "",
		async prepareQueries(database, queries) {
			const { prepareQueries } = await import("./prepare-queries.js");
			const { applicationName } = await import("./session.js");
			return prepareQueries(queries, database, applicationName(run));
		},
		async openSource(database, options) {
			const { openSource } = await import("./source2.js");
			const { applicationName } = await import("./session.js");
			const { knownTables } = await import("./source-facts.js");
			await sweep();
			return openSource({
				database,
				tools: options,
				stateSchema: options.stateSchema,
				known: knownTables(surroundings.project, options.versionTable),
				env: variables,
				applicationName: applicationName(run),
				roots,
				say,
				now: () => systemClock.now(),
				lockWaitTimeoutMs: options.lockWaitTimeoutMs
			});
		},
		async openRescue(database, options) {
			const { openRescue } = await import("./source.js");
			const { applicationName } = await import("./session.js");
			await sweep();
			return openRescue({
				...options,
				database,
				applicationName: applicationName(run),
				roots,
				env: variables,
				say,
				signal
			});
		},
		openStore: (url) => openStore(url, storeAccess),
		async readStoredRun(url) {
			const { readStoredRun } = await import("./stored-run.js");
			return readStoredRun(await openStore(url, storeAccess), { ...surroundings }, () => systemClock.now());
		},
		async decodeArchive(archive, options) {
			const { findTools } = await import("./tools2.js");
			const { decodeArchive } = await import("./archive.js");
			return decodeArchive(archive, await findTools({
				...tools(options),
				major: options.major,
				set: "client"
			}), variables, signal);
		},
		async makeScratchCluster(options) {
			const { makeScratchCluster } = await import("./scratch2.js");
			return makeScratchCluster({
				...options,
				roots,
				env: variables,
				say,
				signal
			});
		},
		async openTarget(target, options) {
			const { openTarget } = await import("./target-database.js");
			const { applicationName } = await import("./session.js");
			await sweep();
			return openTarget({
				...options,
				target,
				applicationName: applicationName(run),
				roots,
				env: variables,
				say
			});
		},
		async readSchema(database, options) {
			const { readSchema } = await import("./read-schema.js");
			const { applicationName } = await import("./session.js");
			await sweep();
			return readSchema({
				...options,
				database,
				applicationName: applicationName(run),
				roots,
				env: variables,
				say,
				signal
			});
		},
		async makeRehearsal(database, options) {
			const { makeRehearsal } = await import("./rehearsal.js");
			const { applicationName } = await import("./session.js");
			return makeRehearsal({
				...options,
				database,
				applicationName: applicationName(run),
				roots,
				env: variables,
				say,
				signal
			});
		},
		async makeStage(options) {
			const { makeStage } = await import("./stage.js");
			return makeStage({
				tools: options,
				program: surroundings.program,
				env: variables,
				roots,
				signal,
				say
			});
		}
	};
}
async function openStore(url, access) {
	const now = () => systemClock.now();
	if (url.startsWith("s3:")) {
		const { s3Store } = await import("./store.js");
		return s3Store(url, access, now);
	}
	const { folderOfUrl, folderStore } = await import("./folder.js");
	return folderStore(folderOfUrl(url), now);
}
/** `plan` opens the store only when the history may be there. */
function openStoredState(url, access) {
	return async (scope, identity) => {
		const { StoredState } = await import("./stored-state2.js");
		return new StoredState(await openStore(url, access), scope, identity, () => systemClock.now());
	};
}
/** Larger files are no migrations and no queries. */
const largestFileBytes = 67108864;
async function readFolder(path, baseDir, depth) {
	try {
		const entries = await readdir(path, { withFileTypes: true });
		const flat = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
		const folders = depth === "nested" ? entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")) : [];
		const inner = await Promise.all(folders.map(async ({ name }) => (await readdir(join(path, name), { recursive: true })).map((file) => `${name}/${file}`)));
		return [...flat, ...inner.flat().filter(isReadBelow)].sort().map((name) => ({
			...readSourceFile(join(path, name), baseDir),
			name
		}));
	} catch (cause) {
		if (cause instanceof ReleaseError) throw cause;
		if (systemCode(cause) === "ENOENT") return void 0;
		throw new ReleaseError("unreadable-file", `${relative(baseDir, path)} cannot be read (${systemCode(cause)}).`, {
			hint: "It must be a folder that this user may read.",
			cause
		});
	}
}
/** Thousands of small files are read sooner one by one than by asking for each of them to be read. */
function readSourceFile(path, baseDir) {
	const shown = relative(baseDir, path);
	const facts = statSync(path);
	if (facts.isDirectory()) return {
		name: basename(path),
		path: shown,
		bytes: /* @__PURE__ */ new Uint8Array()
	};
	if (!facts.isFile() || facts.size > largestFileBytes) throw new ReleaseError("unreadable-file", `${shown} is ${facts.isFile() ? "larger than 64 MiB" : "no regular file"}.`, { hint: "Move it out of the folder." });
	return {
		name: basename(path),
		path: shown,
		bytes: readFileSync(path)
	};
}
async function writeNewFile(path, text, baseDir) {
	await mkdir(dirname(path), { recursive: true });
	try {
		await writeFile(path, text, { flag: "wx" });
	} catch (cause) {
		if (systemCode(cause) !== "EEXIST") throw cause;
		throw new ReleaseError("file-exists", `${relative(baseDir, path)} exists already.`, {
			hint: "Choose another name, or remove the file first: nothing is ever overwritten.",
			cause
		});
	}
}
/** The program may have been started through a link, as npm makes them. */
async function readShipped(path, program) {
	const file = join(dirname(await realpath(program)), "..", path);
	try {
		return await readFile(file, "utf8");
	} catch (cause) {
		if (systemCode(cause) !== "ENOENT") throw cause;
		throw new ReleaseError("unreadable-file", `${path} is not there: this installation of Shiplock is not whole.`, {
			hint: "Install the whole package again; the program alone does not hold the workflows.",
			cause
		});
	}
}
async function replaceFile(path, text, baseDir) {
	const fresh = `${path}.${randomBytes(6).toString("hex")}`;
	try {
		await mkdir(dirname(path), { recursive: true });
		await writeFile(fresh, text, { flag: "wx" });
		await rename(fresh, path);
	} catch (cause) {
		await rm(fresh, { force: true });
		if (systemCode(cause) === void 0) throw cause;
		throw new ReleaseError("unreadable-file", `${relative(baseDir, path)} cannot be written (${systemCode(cause)}).`, {
			hint: "Name a file in a folder that this user may write.",
			cause
		});
	}
}
async function readText(path, baseDir) {
	try {
		return await readFile(path, "utf8");
	} catch (cause) {
		if (systemCode(cause) === "ENOENT") return void 0;
		throw new ReleaseError("unreadable-file", `${relative(baseDir, path)} cannot be read (${systemCode(cause)}).`, {
			hint: "Check the path and the rights of this user.",
			cause
		});
	}
}
async function readAuthority(path) {
	if (path === void 0) return void 0;
	try {
		const pem = await readFile(path, "utf8");
		if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
	} catch (cause) {
		throw new ReleaseError("unreadable-file", `The authority ${path} cannot be read (${systemCode(cause)}).`, {
			hint: "database-ca (or sslrootcert) must name a PEM file.",
			cause
		});
	}
	throw new ReleaseError("unreadable-file", `${path} holds no certificate.`, { hint: "database-ca (or sslrootcert) must name a PEM file." });
}
// src/commands/index.ts
/** Every command, loaded only when it is named. */
const commands = {
	lint: () => {
		warmParser();
		return import("./lint.js");
	},
	plan: () => import("./plan.js"),
	backup: () => import("./backup.js"),
	"verify-backup": () => import("./verify-backup.js"),
	migrate: () => import("./migrate.js"),
	canary: () => import("./canary.js"),
	rollback: () => import("./rollback.js"),
	"config-check": () => import("./config-check.js"),
	"restore-drill": () => import("./restore-drill.js"),
	gate: () => import("./gate.js"),
	record: () => import("./record3.js"),
	ledger: () => import("./ledger2.js"),
	init: () => import("./init.js"),
	new: () => import("./new.js"),
	demo: () => import("./demo.js")
};
// src/store-access.ts
/** The inputs that say how to reach a store, whatever the command. */
const storeAccessNames = [
	"s3-endpoint",
	"s3-region",
	"s3-access-key-id",
	"s3-secret-access-key",
	"s3-session-token",
	"s3-ca",
	"s3-force-path-style",
	"stall-timeout"
];
/** A session token of the surroundings belongs to their key, and says nothing with another one. */
function storeAccess(inputs, given) {
	const ownKey = Boolean(given.get("s3-access-key-id"));
	return {
		endpoint: inputs["s3-endpoint"],
		region: inputs["s3-region"],
		accessKeyId: inputs["s3-access-key-id"],
		secretAccessKey: inputs["s3-secret-access-key"],
		sessionToken: ownKey && !given.get("s3-session-token") ? void 0 : inputs["s3-session-token"],
		ca: inputs["s3-ca"],
		forcePathStyle: inputs["s3-force-path-style"],
		stallTimeoutMs: inputs["stall-timeout"]
	};
}
// src/name-commands.ts
/** Throws `unknown-command`, `unknown-input` or `invalid-input`: nothing has been read or run yet. */
async function nameCommands(start) {
	if (start.usageProblem !== void 0) throw new ReleaseError("invalid-input", start.usageProblem, { hint: "shiplock --help shows how it is called." });
	if (start.commands.length === 0) throw new ReleaseError("unknown-command", "No command was named.", { hint: `Name one or more of ${Object.keys(commands).join(", ")}.` });
	const named = [];
	for (const line of start.commands) {
		const [name = "", ...words] = line.trim().split(/\s+/);
		const load = Object.hasOwn(commands, name) ? commands[name] : void 0;
		if (load === void 0) throw new ReleaseError("unknown-command", `There is no command ${JSON.stringify(name.slice(0, 40))}.${didYouMean(name, Object.keys(commands))}`, { hint: `Commands are ${Object.keys(commands).join(", ")}.` });
		const command = (await load()).default;
		if (command.terminalOnly && start.edge === "action") throw new ReleaseError("unknown-command", `${name} is a command of the terminal; the action does not have it.`, { hint: `Run it as: npx shiplock ${name}` });
		named.push({
			name,
			command,
			given: withPositional(name, command, words, start.given)
		});
	}
	refuseUnused(named, start.given);
	return named;
}
function withPositional(name, command, words, given) {
	if (words.length === 0) return given;
	const several = command.positional !== void 0 && traitsOf(command.positional).list === true;
	if (command.positional !== void 0 && words.length > 1 && !several) throw new ReleaseError("invalid-input", `${name} takes one word, and here are ${words.length}.`, { hint: `Join them, as in ${name} ${words.join("_").slice(0, 60)}; the rest are flags: shiplock ${name} --help shows them.` });
	if (command.positional === void 0) throw new ReleaseError("invalid-input", `${name} does not take the word ${JSON.stringify(String(words.at(-1)).slice(0, 40))}.`, { hint: `shiplock ${name} --help shows what it takes.` });
	return new Map(given).set(command.positional, words.join("\n"));
}
/** What every start may be given. */
const commonInputs = [
	"project",
	"environment",
	"release",
	"store",
	...storeAccessNames
];
/** An input that no named command uses would be a wish that nobody hears. */
function refuseUnused(named, given) {
	const used = /* @__PURE__ */ new Set([...commonInputs, ...named.flatMap(({ command }) => command.inputs)]);
	const problems = [...given].flatMap(([name, value]) => {
		if (value === "" || used.has(name)) return [];
		return [inputNames.some((one) => one === name) ? `${name} is not used by ${named.map((one) => one.name).join(", ")}.` : `there is no input ${JSON.stringify(name.slice(0, 60))}.${didYouMean(name, used)}`];
	});
	if (problems.length === 0) return;
	throw new ReleaseError("unknown-input", `${problems.length === 1 ? "One input" : `${problems.length} inputs`} cannot be used:\n  ${problems.join("\n  ")}`, { hint: `These commands take: ${[...used].sort().join(", ")}.` });
}
// src/result-so-far.ts
const safe = "a second run is safe: it looks at what is done, and does the rest.";
/** The result that counts when nothing more is heard of the start: what had ended, what was under way, and what had not begun. */
function resultSoFar({ ended, underWay, waiting }, said = []) {
	const next = ended.length === 0 ? "nothing has been done yet." : safe;
	return {
		schema: "shiplock/result@1",
		verdict: "inconclusive",
		exitCode: 3,
		commands: [
			...ended,
			...underWay === void 0 ? [] : [entryUnderWay(underWay, said)],
			...waiting.map((line, index) => entryNotBegun(line, underWay === void 0 && index === 0 ? next : void 0))
		]
	};
}
/** A word that is no command of ours may be anything, a secret too, and is not repeated. */
function resultHead(line) {
	const name = line.trim().split(/\s+/)[0] ?? "";
	return {
		tool: `shiplock/${version}`,
		command: Object.hasOwn(commands, name) ? name : "shiplock"
	};
}
function entryUnderWay({ name, ...known }, said) {
	const reason = `It began at ${formatMoment(known.startedAt)}, and the step was stopped before it ended.`;
	return {
		...resultHead(name),
		verdict: "inconclusive",
		reason,
		...known,
		checks: [],
		said,
		error: stopped(reason, safe)
	};
}
function entryNotBegun(line, next) {
	const reason = "The step was stopped before this began.";
	return {
		...resultHead(line),
		verdict: "not-run",
		reason,
		checks: [],
		...next === void 0 ? {} : { error: stopped(reason, next) }
	};
}
function stopped(message, next) {
	return describeError(new ReleaseError("interrupted", message, { hint: `Run the same step again; ${next}` }));
}
// src/surroundings.ts
/** The folder that paths are relative to: that of the configuration, whether or not the file is there. */
function configFolder({ cwd, configPath }) {
	return dirname(resolve(cwd, configPath ?? "shiplock.yml"));
}
/** The values of `shiplock.yml` and its folder; without the file, the working directory. */
async function readConfig(start) {
	const path = resolve(start.cwd, start.configPath ?? "shiplock.yml");
	try {
		const text = await readFile(path, "utf8");
		const { loadConfig } = await import("./load2.js");
		return {
			config: loadConfig(text, basename(path)),
			baseDir: configFolder(start),
			file: basename(path)
		};
	} catch (error) {
		if (error instanceof ReleaseError) throw error;
		if (systemCode(error) === "ENOENT" && start.configPath === void 0) return {
			config: /* @__PURE__ */ new Map(),
			baseDir: start.cwd,
			file: void 0
		};
		throw new ReleaseError("config-not-found", `The configuration ${start.configPath ?? "shiplock.yml"} cannot be read (${systemCode(error)}).`, {
			hint: "Check the input config; relative paths start in the working directory.",
			cause: error
		});
	}
}
/** Defaults that depend on the machine, the repository and the variables. */
function surroundingDefaults(start, baseDir, identity) {
	const { variables: env, edge } = start;
	const defaults = [
		["project", (identity.repository ?? basename(baseDir)).replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 63) || "project"],
		["release", identity.tag ?? identity.commit?.slice(0, 12) ?? "unversioned"],
		["database-url", env.DATABASE_URL || connectionFromVariables(env)],
		["target-url", env.DRILL_DATABASE_URL],
		["ssh-key", env.SSH_KEY],
		["github-token", env.GITHUB_TOKEN],
		...metricsVariables.map(([input, variable]) => [input, env[variable]]),
		["s3-endpoint", env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL],
		["s3-region", env.AWS_REGION || env.AWS_DEFAULT_REGION],
		["s3-access-key-id", env.AWS_ACCESS_KEY_ID],
		["s3-secret-access-key", env.AWS_SECRET_ACCESS_KEY],
		["s3-session-token", env.AWS_SESSION_TOKEN],
		["s3-ca", env.AWS_CA_BUNDLE],
		["install-tools", edge === "action" ? "true" : "false"],
		["store", edge === "terminal" ? `file://${resolve(baseDir, ".shiplock")}` : void 0]
	];
	return new Map(defaults.filter((pair) => Boolean(pair[1])));
}
// src/run.ts
/** Runs the named commands in order, stops at the first that does not pass, and always returns a result. */
async function run(start) {
	const entries = [];
	const outputs = /* @__PURE__ */ new Map();
	const annotations = [];
	let exitCode = 0;
	let bug;
	let names = start.commands;
	try {
		const described = describeRun(start.variables, configFolder(start));
		const named = await nameCommands(start);
		names = named.map(({ name }) => name);
		const prepared = await prepare(named, start, described);
		const { release, environment, clock } = prepared.context;
		for (const [index, { name, command }] of named.entries()) {
			if (exitCode !== 0) break;
			if (start.signal.aborted) throw interrupted(void 0);
			const underWay = {
				name,
				startedAt: clock.now().toISOString(),
				release,
				environment
			};
			await start.told?.({
				ended: [...entries],
				underWay,
				waiting: names.slice(index + 1)
			});
			const finished = await runOne(name, command, prepared, start, underWay.startedAt);
			bug ??= finished.bug;
			entries.push(finished.entry);
			exitCode = finished.exitCode;
			annotations.push(...finished.annotations);
			await start.told?.({
				ended: [...entries],
				waiting: names.slice(index + 1)
			});
			for (const [key, value] of Object.entries(finished.outputs)) outputs.set(`${name}-${key}`, String(value));
		}
	} catch (error) {
		const known = asReleaseError(error);
		if (known.code === "internal-error") bug = error;
		exitCode = known.exitCode;
		entries.push({
			...resultHead(names[entries.length] ?? "shiplock"),
			verdict: known.verdict,
			reason: known.message,
			checks: [],
			error: describeError(known)
		});
	}
	for (const name of names.slice(entries.length)) entries.push({
		...resultHead(name),
		verdict: "not-run",
		reason: "An earlier command did not pass.",
		checks: []
	});
	if (start.crash() === void 0 && start.signal.aborted && exitCode !== 0) exitCode = signalExitCode(start.signal);
	const result = {
		schema: "shiplock/result@1",
		verdict: overall(entries),
		exitCode,
		commands: entries
	};
	return {
		...redacted({
			result,
			annotations
		}, start.redactor),
		outputs,
		bug
	};
}
/** Reads the configuration and parses every command's inputs before the first command runs. */
async function prepare(named, start, described) {
	const { config, baseDir, file: configFile } = await readConfig(start);
	const identity = await described;
	const surroundings = surroundingDefaults(start, baseDir, identity);
	const parsed = /* @__PURE__ */ new Map();
	const allSources = /* @__PURE__ */ new Map();
	let common = {};
	for (const { name, command, given } of named) {
		const valueGiven = (one) => given.get(one) || config.get(one)?.value || void 0;
		const sources = {
			given,
			config,
			surroundings: new Map([...surroundings, ...await homeFolders(valueGiven, baseDir)]),
			baseDir,
			configFile
		};
		allSources.set(name, sources);
		const values = resolveInputs([.../* @__PURE__ */ new Set([...commonInputs.filter((one) => one !== "store"), ...command.inputs])], sources, command.optional);
		parsed.set(name, values);
		common = {
			...common,
			...values
		};
	}
	const recordStore = start.given.get("store") || config.get("store")?.value;
	return {
		inputs: parsed,
		sources: allSources,
		context: await createContext({
			...start,
			inAction: start.edge === "action",
			baseDir,
			run: identity,
			project: common.project,
			projectGiven: Boolean(start.given.get("project") || config.get("project")),
			environment: common.environment,
			release: common.release,
			storeUrl: recordStore,
			storeAccess: storeAccess(common, start.given)
		}),
		recordStore
	};
}
async function runOne(name, command, { inputs, sources, context, recordStore }, start, startedAt) {
	let outcome;
	let exitCode;
	let bug;
	try {
		const whole = {
			...context,
			sources: sources.get(name),
			redact: (value) => redacted(value, start.redactor)
		};
		outcome = await Promise.race([command.run(inputs.get(name), whole), lateAfter(start.signal)]);
		exitCode = outcome.error?.exitCode ?? outcome.exitCode ?? exitCodeOf(outcome.verdict);
	} catch (error) {
		const known = start.signal.aborted && !(error instanceof ReleaseError) ? interrupted(error) : asReleaseError(error);
		if (known.code === "internal-error") bug = error;
		outcome = {
			verdict: known.verdict,
			reason: firstLine(known.message),
			error: known
		};
		exitCode = known.exitCode;
	}
	if (start.crash() !== void 0) {
		bug = start.crash();
		const known = asReleaseError(bug);
		outcome = {
			...outcome,
			verdict: known.verdict,
			reason: firstLine(known.message),
			error: known
		};
		exitCode = known.exitCode;
	}
	const entry = {
		...resultHead(name),
		verdict: outcome.verdict,
		reason: outcome.reason,
		release: context.release,
		environment: context.environment,
		startedAt,
		finishedAt: context.clock.now().toISOString(),
		checks: [...outcome.checks ?? []],
		...outcome.details,
		...outcome.error === void 0 ? {} : { error: describeError(outcome.error) }
	};
	const { "dry-run": dryRun = false, "from-record": fromRecord = false } = inputs.get(name) ?? {};
	if (recordStore !== void 0 && !command.terminalOnly && !dryRun && !fromRecord) await keepRecord(entry, name, context, recordStore, start);
	return {
		entry,
		exitCode,
		bug,
		annotations: outcome.annotations ?? [],
		outputs: {
			verdict: outcome.verdict,
			...outcome.outputs
		}
	};
}
/** The result is kept beside the backups too; a store that fails here is told, and changes no verdict. */
async function keepRecord(entry, name, context, url, start) {
	const { keepResult } = await import("./record.js");
	try {
		await keepResult(redacted(entry, start.redactor), {
			name,
			...context,
			store: await context.openStore(url),
			at: context.clock.now()
		});
	} catch (error) {
		context.log.warn(`the record of this ${name} was not kept: ${start.redactor.redact(messageOf(error))}`);
	}
}
function overall(entries) {
	const decisive = entries.find((entry) => !["pass", "promote"].includes(entry.verdict));
	if (decisive === void 0) return entries.length === 1 && entries[0]?.verdict === "promote" ? "promote" : "pass";
	return verdicts.find((verdict) => verdict === decisive.verdict) ?? "inconclusive";
}
/** A runner kills us 7.5 s after its signal; the result is written before that, also when something does not end. */
const longestEndMs = 6e3;
function lateAfter(signal) {
	return new Promise((_, reject) => {
		const start = () => setTimeout(() => reject(interrupted(void 0)), longestEndMs).unref();
		if (signal.aborted) start();
		else signal.addEventListener("abort", start, { once: true });
	});
}
function firstLine(text) {
	return text.split("\n")[0];
}
export { resultSoFar as n, run as t };
