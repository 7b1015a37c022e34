import { Ft as string, Nt as object, dt as runChild, fn as messageOf, kt as int, un as ReleaseError } from "./start.js";
import { t as _usingCtx } from "./usingCtx.js";
import { chmod, chown, lstat, mkdtemp, open, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { constants as constants$1, readFileSync, readdirSync, readlinkSync, realpathSync } from "node:fs";
// src/adapters/stray-servers.ts
const graceMs = 2e3;
/** Ends every PostgreSQL process whose data directory lies in this folder, and no other process. */
async function killServersIn(folder) {
	const home = realpathSync(folder);
	for (const pid of await serversIn(home)) signal(pid, "SIGQUIT");
	const deadline = performance.now() + graceMs;
	while ((await serversIn(home)).length > 0 && performance.now() < deadline) await pause(50);
	for (const pid of await serversIn(home)) signal(pid, "SIGKILL");
}
async function serversIn(home) {
	const everyone = processIds();
	return everyone === void 0 ? postmasterIn(home) : everyone.filter((pid) => isServerIn(pid, home));
}
/** `undefined` on systems without /proc. */
function processIds() {
	try {
		return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
	} catch {
		return;
	}
}
/** A postmaster and all its backends work in the data directory. */
function isServerIn(pid, home) {
	try {
		if (!readlinkSync(`/proc/${pid}/cwd`).startsWith(`${home}/`)) return false;
		return basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, "")) === "postgres";
	} catch {
		return false;
	}
}
/** The process that postmaster.pid names, when its command line says that it serves this very folder. */
async function postmasterIn(home) {
	const data = join(home, "data");
	const pid = Number(firstLine(join(data, "postmaster.pid")));
	if (!Number.isInteger(pid) || pid <= 1) return [];
	const { stdout } = await runChild("/bin/ps", [
		"-o",
		"command=",
		"-p",
		String(pid)
	], { env: {} });
	return /\bpostgres\b/.test(stdout) && stdout.includes(data) ? [pid] : [];
}
function firstLine(path) {
	try {
		return readFileSync(path, "utf8").split("\n")[0] ?? "";
	} catch {
		return "";
	}
}
function signal(pid, name) {
	try {
		process.kill(pid, name);
	} catch {}
}
function pause(ms) {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
// src/adapters/workspace.ts
const namePattern = /^shiplock-[A-Za-z0-9]{6}$/;
const ownerFile = "owner.json";
const lastRoots = ["/tmp", "/var/tmp"];
const ownerSchema = object({
	pid: int().positive(),
	/** Clock ticks since the machine started, where the system tells: process ids are used again. */
	startTime: string().optional(),
	/** Where the process id means something. */
	boot: string().optional(),
	pidNamespace: string().optional()
});
/** Makes a folder with mode 0700 below the first root that the account can reach. Throws `scratch-failed`. */
async function makeWorkspace({ roots, owner }) {
	const problems = [];
	for (const root of /* @__PURE__ */ new Set([...roots, ...lastRoots])) try {
		const home = await realpath(root);
		if (owner !== void 0 && !await isReachable(home, owner)) throw new Error(`user ${owner.uid} cannot enter it`);
		return await makeIn(home, owner);
	} catch (error) {
		problems.push(`${root}: ${messageOf(error)}`);
	}
	throw new ReleaseError("scratch-failed", `No temporary folder could be made (${problems.join("; ")}).`, { hint: "Set TMPDIR to a folder that may be written, on a disk with room." });
}
/**
* Removes the folders below these roots, `/tmp` and `/var/tmp` whose owner is dead, and stops the servers that still run in them. Returns what it removed.
* One folder that cannot be removed does not keep it from the others; one without a readable owner is not ours.
*/
async function sweepWorkspaces(roots) {
	const removed = [];
	for (const root of /* @__PURE__ */ new Set([...roots, ...lastRoots])) {
		const names = await readdir(root).catch(() => []);
		for (const name of names.filter((one) => namePattern.test(one))) {
			const path = join(root, name);
			try {
				const owner = await readOwner(path);
				if (owner === void 0 || mayBeAlive(owner)) continue;
				await killServersIn(path);
				await removeFolder(path);
				removed.push(path);
			} catch {}
		}
	}
	return removed;
}
/** Whether this very process made the folder that a file lies in. */
async function isInOwnWorkspace(file) {
	const folder = dirname(file);
	if (!namePattern.test(basename(folder))) return false;
	return (await readOwner(folder).catch(() => void 0))?.pid === process.pid;
}
async function makeIn(root, owner) {
	const path = await mkdtemp(join(root, "shiplock-"));
	const marker = join(path, ownerFile);
	let kept = false;
	try {
		await writeFile(marker, JSON.stringify(ourselves()), {
			flag: "wx",
			mode: 384
		});
		await chmod(path, 448);
		if (owner !== void 0) await chown(path, owner.uid, owner.gid);
	} catch (error) {
		await removeFolder(path);
		throw error;
	}
	return {
		path,
		keep: async () => {
			kept = true;
			await rm(marker, { force: true });
		},
		[Symbol.asyncDispose]: async () => {
			if (!kept) await removeFolder(path);
		}
	};
}
function removeFolder(path) {
	return rm(path, {
		recursive: true,
		force: true,
		maxRetries: 5,
		retryDelay: 50
	});
}
/** Whether an account can pass through each folder down to this one and write there. */
async function isReachable(path, account) {
	for (let folder = path;; folder = dirname(folder)) {
		const { mode, uid, gid } = await stat(folder);
		if ((mode >> (uid === account.uid ? 6 : gid === account.gid ? 3 : 0) & 1) === 0) return false;
		if (folder === dirname(folder)) return true;
	}
}
/** `undefined` when the folder is not one that we, and nobody else, could have made. */
async function readOwner(path) {
	try {
		var _usingCtx$1 = _usingCtx();
		const us = process.getuid?.();
		const folder = await lstat(path);
		if (!folder.isDirectory() || us !== 0 && folder.uid !== us) return void 0;
		const file = _usingCtx$1.a(await open(join(path, ownerFile), constants$1.O_RDONLY | constants$1.O_NOFOLLOW | constants$1.O_NONBLOCK));
		const facts = await file.stat();
		if (!facts.isFile() || facts.uid !== us || facts.size > 4096) return void 0;
		return ownerSchema.parse(JSON.parse(await file.readFile("utf8")));
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
function mayBeAlive(owner) {
	const here = ourselves();
	if (owner.boot !== here.boot) return false;
	if (owner.pidNamespace !== here.pidNamespace) return true;
	return isRunning(owner.pid) && (owner.startTime === void 0 || owner.startTime === startTimeOf(owner.pid));
}
function isRunning(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === "EPERM";
	}
}
function ourselves() {
	const { pid } = process;
	return {
		pid,
		startTime: startTimeOf(pid),
		boot: readable(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
		pidNamespace: readable(() => readlinkSync("/proc/self/ns/pid"))
	};
}
/** Field 22 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; a process name may hold blanks and brackets. */
function startTimeOf(pid) {
	return readable(() => {
		const line = readFileSync(`/proc/${pid}/stat`, "utf8");
		return line.slice(line.lastIndexOf(")") + 2).split(" ")[19];
	});
}
function readable(read) {
	try {
		return read();
	} catch {
		return;
	}
}
export { killServersIn as a, sweepWorkspaces as i, isReachable as n, makeWorkspace as r, isInOwnWorkspace as t };
