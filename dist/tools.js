import { dt as runChild, un as ReleaseError } from "./start.js";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { accessSync, constants, readdirSync } from "node:fs";
// src/adapters/apt.ts
/** `undefined` where there is no apt-get. */
function findApt(env) {
	try {
		accessSync("/usr/bin/apt-get", constants.X_OK);
	} catch {
		return;
	}
	const sudo = userInfo().uid === 0 ? [] : ["sudo", "-n"];
	const run = async (...words) => {
		const [program = "", ...args] = [...sudo, ...words];
		return (await runChild(program, args, { env }).catch(() => void 0))?.exitCode === 0;
	};
	return {
		run,
		update: () => run("apt-get", "update"),
		install: (name) => run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes", "--no-install-recommends", name)
	};
}
// src/adapters/postgres/tools.ts
const programs = {
	client: ["pg_dump", "pg_restore"],
	server: [
		"initdb",
		"postgres",
		"pg_restore"
	]
};
/**
* The oldest installed version that is new enough: the server's own major when it is there.
* Installs Debian's package when allowed, saying so; throws `tool-not-found` naming the package otherwise.
*/
async function findTools(search) {
	const found = await installed(search);
	const best = suitable(found, search.major);
	if (best !== void 0) return best;
	if (search.install && search.binDir === void 0 && await installPackage(search)) {
		const fresh = suitable(await installed(search), search.major);
		if (fresh !== void 0) return fresh;
	}
	const seen = found.length === 0 ? "none is installed" : `only ${found.map((one) => one.version).join(", ")} found`;
	throw new ReleaseError("tool-not-found", `This step needs PostgreSQL's ${programs[search.set].join(", ")} of version ${search.major} or newer; ${seen}.`, { hint: `Install ${packageName(search)} (apt-get install ${packageName(search)}, or from apt.postgresql.org), name its folder with pg-bin-dir, or set install-tools: true.` });
}
/** The environment of PostgreSQL's programs: an allow list, so that no PG* variable of the runner changes the target. */
function toolEnvironment(env) {
	return Object.fromEntries([
		"PATH",
		"LANG",
		"LC_ALL",
		"TZ",
		"TMPDIR",
		"LD_LIBRARY_PATH"
	].flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]));
}
function suitable(found, major) {
	return found.filter((one) => one.major >= major).sort((a, b) => a.major - b.major)[0];
}
async function installed({ binDir, set, env }) {
	const folders = binDir === void 0 ? searchPath(env) : [binDir];
	const found = [];
	const seen = /* @__PURE__ */ new Set();
	for (const folder of folders) {
		if (seen.has(folder) || !programs[set].every((program) => isExecutable(join(folder, program)))) continue;
		seen.add(folder);
		const tools = await versionIn(folder, env);
		if (tools !== void 0) found.push(tools);
	}
	return found;
}
/** Versioned folders first: what stands in PATH on Debian is a wrapper that picks a version by itself. */
function searchPath(env) {
	return [
		...subfolders("/usr/lib/postgresql", "bin"),
		...subfolders("/usr/pgsql", "bin"),
		...subfolders("/opt/homebrew/opt", "bin", /^(?:postgresql|libpq)/),
		...subfolders("/usr/local/opt", "bin", /^(?:postgresql|libpq)/),
		...(env.PATH ?? "").split(delimiter).filter(Boolean)
	];
}
function subfolders(root, tail, pattern = /./) {
	try {
		return readdirSync(root).filter((name) => pattern.test(name)).map((name) => join(root, name, tail));
	} catch {
		return [];
	}
}
/** Whether this user may run it. */
function isExecutable(path) {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
async function versionIn(folder, env) {
	const { stdout } = await runChild(join(folder, "pg_restore"), ["--version"], { env: toolEnvironment(env) });
	const version = /(\d+)(?:\.\d+|\w+)*/.exec(stdout);
	return version === null ? void 0 : {
		binDir: folder,
		version: version[0],
		major: Number(version[1])
	};
}
function packageName({ set, major }) {
	return set === "client" ? `postgresql-client-${major}` : `postgresql-${major}`;
}
/** Whether a package could be installed; the newest one that Debian offers when the exact major is not there. */
async function installPackage(search) {
	const apt = findApt(toolEnvironment(search.env));
	if (apt === void 0) return false;
	search.say(`installing ${packageName(search)} or a newer one with apt-get, because no suitable PostgreSQL programs were found`);
	const names = [packageName(search), search.set === "client" ? "postgresql-client" : "postgresql"];
	for (const refresh of [false, true]) {
		if (refresh) await apt.update();
		if (search.set === "server" && await apt.install("postgresql-common")) await apt.run("sed", "-i", "s/^#\\?create_main_cluster.*/create_main_cluster = false/", "/etc/postgresql-common/createcluster.conf");
		for (const name of names) if (await apt.install(name)) return true;
	}
	return false;
}
export { findApt as i, isExecutable as n, toolEnvironment as r, findTools as t };
