import { n as startChild } from "./process.js";
import { t as ReleaseError } from "./errors.js";
import { n as toolEnvironment } from "./tools2.js";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { finished } from "node:stream/promises";
// src/adapters/postgres/server-account.ts
/**
* Whom PostgreSQL's programs run as when we are root, which its servers refuse: `postgres`, else `nobody`.
* `undefined` for an ordinary user, who runs them as himself.
*/
function serverAccount() {
	if (process.getuid?.() !== 0) return void 0;
	const accounts = readFileSync("/etc/passwd", "utf8").split("\n").map((line) => line.split(":"));
	for (const wanted of ["postgres", "nobody"]) {
		const [, , uid, gid] = accounts.find(([name]) => name === wanted) ?? [];
		if (uid !== void 0 && gid !== void 0 && uid !== "0") return {
			uid: Number(uid),
			gid: Number(gid)
		};
	}
	throw new ReleaseError("scratch-failed", "PostgreSQL refuses to run as root, and this machine has neither a user postgres nor nobody.", { hint: "Run Shiplock as an ordinary user, or add one: useradd --system postgres." });
}
// src/adapters/postgres/archive.ts
const keptLines = 5;
/**
* Lets `pg_restore` read an archive to its end and decode every byte. Resolves with an empty text when nothing was
* wrong, else with the first lines of what it said. The stream is always consumed, also when `pg_restore` dies early,
* so that whoever hashes it beside us gets all of it. Rejects when the stream fails or the signal fires.
*/
async function decodeArchive(archive, tools, env, signal) {
	const consumed = finished(archive, { writable: false });
	consumed.catch(() => {});
	const child = startChild(join(tools.binDir, "pg_restore"), ["--file=/dev/null"], {
		env: toolEnvironment(env),
		user: serverAccount(),
		input: archive,
		signal
	});
	child.stdout.resume();
	const { exitCode, signal: killedBy } = await child.ended;
	if (signal.aborted) {
		archive.destroy();
		throw signal.reason;
	}
	archive.unpipe();
	archive.resume();
	await consumed;
	if (exitCode === 0) return "";
	return firstLines(child.stderr()) || `pg_restore ended with ${killedBy ?? `exit status ${exitCode}`}`;
}
function firstLines(text) {
	return text.trim().split("\n").slice(0, keptLines).join("\n");
}
export { decodeArchive };
