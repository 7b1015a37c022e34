import { n as startChild } from "./process.js";
import { t as serverAccount } from "./server-account.js";
import { n as toolEnvironment } from "./tools2.js";
import { join } from "node:path";
import { finished } from "node:stream/promises";
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
		cwd: "/",
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
