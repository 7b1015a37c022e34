import { t as openClient } from "./client.js";
import { n as sweepWorkspaces, r as killServersIn, t as makeWorkspace } from "./workspace.js";
import { n as messageOf, t as ReleaseError } from "./errors.js";
import { t as runChild } from "./process.js";
import { t as serverAccount } from "./server-account.js";
import { n as toolEnvironment, t as findTools } from "./tools2.js";
import { randomBytes } from "node:crypto";
import { access, chown, mkdir, open, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
new RegExp(`^(?:${[
	"ACCESS METHOD",
	"EVENT TRIGGER",
	"EXTENSION",
	"FOREIGN DATA WRAPPER",
	"FOREIGN TABLE",
	"OPERATOR CLASS",
	"OPERATOR FAMILY",
	"PROCEDURAL LANGUAGE",
	"PUBLICATION",
	"PUBLICATION TABLE",
	"PUBLICATION TABLES IN SCHEMA",
	"SECURITY LABEL",
	"SERVER",
	"SUBSCRIPTION",
	"SUBSCRIPTION TABLE",
	"TEXT SEARCH PARSER",
	"TEXT SEARCH TEMPLATE",
	"USER MAPPING"
].join("|")}) `);
// src/drill/safe-client.ts
/**
* The first minor version of each major in which a crafted archive does not run code as the user of `pg_restore`
* (CVE-2026-116314). https://www.postgresql.org/support/security/
*/
const safeMinors = {
	14: 25,
	15: 20,
	16: 16,
	17: 12,
	18: 7
};
/** What to say of a client that a crafted archive can take over; `undefined` for a safe one. */
function unsafeClient(version) {
	const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
	const safe = safeMinors[major];
	if (safe === void 0 ? major > 18 : minor >= safe) return void 0;
	return `pg_restore ${version} is open to crafted archives (CVE-2026-116314); ${safe === void 0 ? "this major version gets no fixes" : `update to ${major}.${safe} or newer`}`;
}
// src/adapters/daemon.ts
/** Rejects when the program cannot be started at all. */
async function startDaemon(program, args, { env, cwd, logFile, account }) {
	const log = await open(logFile, "a", 384);
	try {
		const child = spawn(program, args, {
			env,
			cwd,
			stdio: [
				"ignore",
				log.fd,
				log.fd
			],
			detached: true,
			...account
		});
		await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
		child.unref();
		const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
		return {
			hasEnded,
			kill: (signal) => child.kill(signal),
			ended: (withinMs) => new Promise((resolve) => {
				const timer = setTimeout(done, withinMs);
				function done() {
					clearTimeout(timer);
					child.off("exit", done);
					resolve();
				}
				child.once("exit", done);
				if (hasEnded()) done();
			})
		};
	} finally {
		await log.close();
	}
}
// src/adapters/postgres/cluster.ts
const readyMs = 6e4;
/** Makes a cluster with one superuser and starts it. Throws `scratch-failed` with what the server said. */
async function startCluster(options) {
	await makeCluster(options);
	const server = await startServer(options);
	try {
		await ready(server, options);
		return {
			connect: (login) => connect(options, login),
			stop: () => stop(server, options)
		};
	} catch (error) {
		await stop(server, options);
		throw error;
	}
}
async function makeCluster({ tools, folder, account, superuser, password, env, signal }) {
	const passwordFile = join(folder, "password");
	await writeFile(passwordFile, `${password}\n`, {
		flag: "wx",
		mode: 384
	});
	if (account !== void 0) await chown(passwordFile, account.uid, account.gid);
	const args = [
		`--pgdata=${join(folder, "data")}`,
		`--username=${superuser}`,
		`--pwfile=${passwordFile}`,
		"--auth=scram-sha-256",
		"--encoding=UTF8",
		"--locale=C",
		"--no-sync"
	];
	const made = await runChild(join(tools.binDir, "initdb"), args, {
		env,
		user: account,
		cwd: folder,
		...signal ? { signal } : {}
	});
	await rm(passwordFile, { force: true });
	signal?.throwIfAborted();
	if (made.exitCode !== 0) throw failed("initdb could not make it", lastLines(made.stderr));
}
async function startServer({ tools, folder, account, port, settings, env, wrapper = [] }) {
	const server = [
		join(tools.binDir, "postgres"),
		"-D",
		join(folder, "data"),
		"-p",
		String(port)
	];
	const configured = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
	const [program = "", ...args] = [
		...wrapper,
		...server,
		...configured
	];
	try {
		return await startDaemon(program, args, {
			env,
			cwd: folder,
			logFile: logFile(folder),
			account
		});
	} catch (error) {
		throw failed("the server could not be started", messageOf(error));
	}
}
async function ready(server, options) {
	const deadline = performance.now() + readyMs;
	for (;;) {
		options.signal?.throwIfAborted();
		if (server.hasEnded()) throw failed("the server ended at once", lastLines(await readFile(logFile(options.folder), "utf8")));
		try {
			return await (await connect(options, {
				database: "postgres",
				user: options.superuser,
				password: options.password
			}))[Symbol.asyncDispose]();
		} catch (error) {
			if (!(error instanceof ReleaseError) || error.code !== "connection-failed" || performance.now() > deadline) throw error;
		}
		await pause(50);
	}
}
function connect({ host, port }, login) {
	return openClient({
		connection: {
			...login,
			host,
			port,
			sslmode: void 0,
			sslrootcert: void 0,
			sslcert: void 0,
			sslkey: void 0,
			connectTimeoutMs: 15e3,
			settings: []
		},
		tls: {
			mode: "off",
			ca: void 0
		},
		applicationName: "shiplock"
	});
}
async function stop(server, { folder }) {
	for (const [signal, graceMs] of [["SIGINT", 2e3], ["SIGQUIT", 1e3]]) {
		if (server.hasEnded()) break;
		server.kill(signal);
		await server.ended(graceMs);
	}
	if (!server.hasEnded()) server.kill("SIGKILL");
	await killServersIn(folder);
}
function logFile(folder) {
	return join(folder, "server.log");
}
function lastLines(text) {
	return text.trim().split("\n").slice(-5).join("\n");
}
function failed(what, said) {
	return new ReleaseError("scratch-failed", `No PostgreSQL cluster could be started on this machine: ${what}.${said === "" ? "" : `\n${said}`}`, { hint: "Is there room in the temporary folder, and is the installation of PostgreSQL complete?" });
}
function pause(ms) {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
// src/adapters/postgres/isolation.ts
/** A network namespace of its own, without any device; a socket in the file system still reaches it. */
const ownNamespace = [
	"unshare",
	"--user",
	"--map-current-user",
	"--net",
	"--"
];
/** Not every machine lets an ordinary user make a namespace: trying tells. https://man7.org/linux/man-pages/man7/user_namespaces.7.html */
async function findIsolation(account, env) {
	const [program = "", ...args] = ownNamespace;
	return (await runChild(program, [...args, "true"], {
		env,
		user: account,
		cwd: "/"
	}).catch(() => void 0))?.exitCode === 0 ? {
		wrapper: ownNamespace,
		description: "no network"
	} : {
		wrapper: [],
		description: "sockets only"
	};
}
// src/adapters/postgres/locales.ts
/**
* Compiles the locales that this machine lacks into a folder, from the sources that the system has; needs no rights.
* Returns the variables with which a server finds them. What cannot be compiled is left to the server to refuse.
*/
async function provideLocales(names, folder, env) {
	const known = await installedLocales(env);
	const missing = [...new Set(names)].filter((name) => !known.has(normalized(name)));
	const target = join(folder, "locales");
	let compiled = false;
	for (const name of missing) compiled = await compile(name, target, env) || compiled;
	return compiled ? { LOCPATH: target } : {};
}
async function installedLocales(env) {
	const listed = await runChild("locale", ["-a"], { env }).catch(() => void 0);
	return new Set([
		"C",
		"POSIX",
		...listed?.stdout.split("\n") ?? []
	].map(normalized));
}
async function compile(name, target, env) {
	const [, language, charset = "ISO-8859-1", variant = ""] = /^([a-z]{2,3}_[A-Z]{2})(?:\.([\w-]+))?(@\w+)?$/.exec(name) ?? [];
	if (language === void 0) return false;
	await mkdir(target, {
		recursive: true,
		mode: 493
	});
	const path = join(target, name);
	await runChild("localedef", [
		"--no-archive",
		"-c",
		"-i",
		`${language}${variant}`,
		"-f",
		charset.replace(/^utf-?8$/i, "UTF-8"),
		path
	], { env }).catch(() => void 0);
	return access(join(path, "LC_COLLATE")).then(() => true, () => false);
}
/** `en_US.UTF-8` and `en_US.utf8` are one locale. */
function normalized(name) {
	return name.toLowerCase().replace(/(?<=\.)[\w-]+/, (charset) => charset.replaceAll("-", ""));
}
// src/adapters/postgres/scratch-settings.ts
const mebibyte = 1024 ** 2;
/** Settings for loading once and throwing away: nothing survives a crash, and nothing needs to. */
async function scratchSettings(folder, socketDir, jobs) {
	const memory = Math.min(totalmem(), process.constrainedMemory?.() || Number.POSITIVE_INFINITY) / mebibyte;
	const { bavail, bsize } = await statfs(folder);
	return {
		listen_addresses: "",
		unix_socket_directories: socketDir,
		unix_socket_permissions: "0700",
		fsync: "off",
		synchronous_commit: "off",
		full_page_writes: "off",
		wal_level: "minimal",
		max_wal_senders: "0",
		max_wal_size: `${between(512, bavail * bsize / mebibyte / 10, 8192)}MB`,
		checkpoint_timeout: "1h",
		autovacuum: "off",
		shared_buffers: `${between(64, memory / 8, 1024)}MB`,
		maintenance_work_mem: `${between(32, memory / 8 / jobs, 1024)}MB`,
		dynamic_shared_memory_type: "mmap",
		jit: "off",
		log_min_messages: "error",
		log_min_error_statement: "panic",
		log_error_verbosity: "terse"
	};
}
function between(least, wanted, most) {
	return Math.round(Math.min(most, Math.max(least, wanted)));
}
// src/adapters/postgres/scratch.ts
const restorer = "drill_restorer";
const reader = "drill_reader";
const port = 5432;
/** A socket's path may have 107 bytes on Linux and 103 on macOS. */
const longestSocketPath = 100;
/** Makes a cluster for one drill, without network and tuned for throw-away loading. Throws `scratch-failed`. */
async function makeScratchCluster(options) {
	const { roots, env, say, signal } = options;
	for (const path of await sweepWorkspaces([
		...roots,
		"/tmp",
		"/var/tmp"
	])) say(`removed ${path}, left behind by an earlier run`);
	const tools = await findTools({
		...options,
		set: "server"
	});
	const warning = unsafeClient(tools.version);
	if (warning !== void 0) say(`warning: ${warning}`);
	const account = serverAccount();
	const workspaces = [await makeWorkspace({
		roots,
		owner: account
	})];
	try {
		const folder = workspaces[0].path;
		if (socketPath(folder).length > longestSocketPath) workspaces.push(await makeWorkspace({
			roots: ["/tmp"],
			owner: account
		}));
		const socketDir = workspaces.at(-1).path;
		const programEnv = toolEnvironment(env);
		const isolation = await findIsolation(account, programEnv);
		const logins = {
			superuser: login(`drill_${randomBytes(6).toString("hex")}`),
			restorer: login(restorer),
			reader: login(reader)
		};
		const jobs = availableParallelism();
		const cluster = await startCluster({
			tools,
			folder,
			account,
			superuser: logins.superuser.user,
			password: logins.superuser.password,
			host: socketDir,
			port,
			settings: await scratchSettings(folder, socketDir, jobs),
			env: {
				...programEnv,
				...tracking(env),
				...await provideLocales([options.collate, options.ctype], folder, programEnv)
			},
			wrapper: isolation.wrapper,
			signal
		});
		const scratch = new Scratch({
			...options,
			tools,
			account,
			workspaces,
			socketDir,
			cluster,
			logins,
			jobs,
			isolation: isolation.description
		});
		await scratch.provision(options);
		return scratch;
	} catch (error) {
		for (const workspace of workspaces) await workspace[Symbol.asyncDispose]();
		throw error;
	}
}
export { makeScratchCluster };
