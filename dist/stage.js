import { ft as startChild, u as resultSchema } from "./start.js";
import { t as openClient } from "./client3.js";
import { t as startCluster } from "./cluster.js";
import { t as serverAccount } from "./server-account.js";
import { r as toolEnvironment, t as findTools } from "./tools.js";
import { i as sweepWorkspaces, r as makeWorkspace } from "./workspace.js";
import { t as _usingCtx } from "./usingCtx.js";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { existsSync, rmSync } from "node:fs";
// src/adapters/stage.ts
const oldestMajor = 13;
/** Where folders are made as well, when the roots cannot be used. */
const otherRoots = ["/tmp", "/var/tmp"];
const port = 5432;
/** A command that was asked to stop gets this long; we have seven seconds ourselves. */
const graceMs = 3e3;
/** Starts a server that only its own folder's socket reaches, with an empty database `shop` of a plain role. */
async function makeStage(options) {
	const { env, roots, signal, say } = options;
	for (const path of await sweepWorkspaces([...roots, ...otherRoots])) say(`removed what an earlier run had to leave behind: ${path}`);
	const server = await findTools({
		...options.tools,
		major: oldestMajor,
		set: "server",
		env,
		say
	});
	await findTools({
		...options.tools,
		major: server.major,
		set: "client",
		env,
		say
	});
	const account = serverAccount();
	const workspace = await makeWorkspace({
		roots,
		owner: account
	});
	const superuser = {
		database: "postgres",
		user: "postgres",
		password: randomBytes(16).toString("hex")
	};
	const shop = {
		database: "shop",
		user: "shop",
		password: randomBytes(16).toString("hex")
	};
	try {
		const cluster = await startCluster({
			tools: server,
			account,
			folder: workspace.path,
			superuser: superuser.user,
			password: superuser.password,
			host: workspace.path,
			port,
			settings: {
				listen_addresses: "",
				unix_socket_directories: JSON.stringify(workspace.path),
				fsync: "off",
				max_connections: "40"
			},
			env: toolEnvironment(env),
			signal
		});
		const pid = Number.parseInt(await readFile(join(workspace.path, "data", "postmaster.pid"), "utf8"), 10);
		const project = join(workspace.path, "project");
		const stage = new LocalStage({
			...options,
			workspace,
			cluster,
			pid,
			project,
			shop,
			serverVersion: server.version
		});
		try {
			try {
				var _usingCtx$1 = _usingCtx();
				await mkdir(project);
				const open = _usingCtx$1.a(await cluster.connect(superuser));
				await open.client.query(`create role shop login password '${shop.password}'`);
				await open.client.query("create database shop owner shop");
				return stage;
			} catch (_) {
				_usingCtx$1.e = _;
			} finally {
				await _usingCtx$1.d();
			}
		} catch (error) {
			await stage[Symbol.asyncDispose]();
			throw error;
		}
	} catch (error) {
		await workspace[Symbol.asyncDispose]();
		throw error;
	}
}
var LocalStage = class {
	#parts;
	#killedOne = false;
	constructor(parts) {
		this.#parts = parts;
		process.once("exit", this.#abandon);
	}
	get serverVersion() {
		return this.#parts.serverVersion;
	}
	async connect(applicationName) {
		const { workspace, shop, signal } = this.#parts;
		signal.throwIfAborted();
		const connection = {
			sslmode: void 0,
			sslrootcert: void 0,
			sslcert: void 0,
			sslkey: void 0,
			settings: [],
			...shop,
			host: workspace.path,
			port,
			connectTimeoutMs: 15e3
		};
		const open = await openClient({
			connection,
			tls: {
				mode: "off",
				ca: void 0
			},
			applicationName
		});
		const close = () => open[Symbol.asyncDispose]();
		signal.addEventListener("abort", close, { once: true });
		return {
			query: async ({ text, name }, values) => {
				const { rows } = await open.client.query({
					text,
					...name === void 0 ? {} : { name },
					...values === void 0 ? {} : { values: [...values] }
				});
				return rows ?? [];
			},
			async [Symbol.asyncDispose]() {
				signal.removeEventListener("abort", close);
				await close();
			}
		};
	}
	async writeFiles(files) {
		for (const [path, text] of files) {
			const whole = join(this.#parts.project, path);
			await mkdir(dirname(whole), { recursive: true });
			await writeFile(whole, text);
		}
	}
	async shiplock(args) {
		const { program, project, signal } = this.#parts;
		signal.throwIfAborted();
		const child = startChild(process.execPath, [
			...process.execArgv,
			program,
			...args,
			"--json"
		], {
			env: this.#environment(),
			cwd: project
		});
		let forced;
		const stop = () => {
			child.kill("SIGTERM");
			forced = setTimeout(() => {
				this.#killedOne = true;
				child.kill("SIGKILL");
			}, graceMs);
		};
		signal.addEventListener("abort", stop, { once: true });
		let stdout = "";
		child.stdout.setEncoding("utf8").on("data", (text) => {
			stdout += text;
		});
		const { exitCode } = await child.ended;
		clearTimeout(forced);
		signal.removeEventListener("abort", stop);
		return {
			exitCode,
			result: readResult(stdout),
			said: child.stderr()
		};
	}
	async remains() {
		const { workspace, pid } = this.#parts;
		const folder = existsSync(workspace.path) ? [workspace.path] : [];
		return isRunning(pid) ? [...folder, `process ${pid} (postgres)`] : folder;
	}
	async [Symbol.asyncDispose]() {
		const { cluster, workspace, roots } = this.#parts;
		await cluster.stop();
		await workspace[Symbol.asyncDispose]();
		if (this.#killedOne) await sweepWorkspaces([...roots, ...otherRoots]);
		process.off("exit", this.#abandon);
	}
	/** For a process that ends at once, as at the second Ctrl-C: nothing can be awaited any more. */
	#abandon = () => {
		const { pid, workspace } = this.#parts;
		try {
			process.kill(pid, "SIGQUIT");
		} catch {}
		rmSync(workspace.path, {
			recursive: true,
			force: true,
			maxRetries: 5,
			retryDelay: 50
		});
	};
	/** Nothing of the surroundings that would make the commands believe in another database, another folder or a pipeline. */
	#environment() {
		const { env, workspace, shop } = this.#parts;
		const home = env.HOME === void 0 ? {} : { HOME: env.HOME };
		return {
			...toolEnvironment(env),
			...home,
			DATABASE_URL: `postgres://${shop.user}:${shop.password}@${encodeURIComponent(workspace.path)}/${shop.database}`
		};
	}
};
function readResult(stdout) {
	try {
		return resultSchema.parse(JSON.parse(stdout));
	} catch {
		return;
	}
}
function isRunning(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
export { makeStage };
