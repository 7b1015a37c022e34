import { dt as runChild, fn as messageOf, un as ReleaseError } from "./start.js";
import { a as killServersIn } from "./workspace.js";
import { t as openClient } from "./client3.js";
import { chown, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { spawn } from "node:child_process";
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
const graceMs = 1500;
/** Makes a cluster with one superuser and starts it. Throws `scratch-failed` with what the server said. */
async function startCluster(options) {
	await makeCluster(options);
	const server = await startServer(options);
	try {
		await ready(server, options);
		return {
			connect: (login) => connect(options, login),
			stop: (first = "fast") => stop(server, options, first)
		};
	} catch (error) {
		await stop(server, options, "immediate");
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
async function stop(server, { folder }, first) {
	for (const signal of first === "fast" ? ["SIGINT", "SIGQUIT"] : ["SIGQUIT"]) {
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
export { startCluster as t };
