import { createHash } from "node:crypto";
import { Transform } from "node:stream";
// src/backup/fingerprint-stream.ts
/** Counts and hashes what passes through. `result` holds only once the stream has ended. */
function fingerprintStream(onBytes = () => {}) {
	const hash = createHash("sha256");
	let sizeBytes = 0;
	return {
		stream: new Transform({ transform(chunk, _encoding, done) {
			hash.update(chunk);
			sizeBytes += chunk.length;
			onBytes(sizeBytes);
			done(null, chunk);
		} }),
		result: () => ({
			sizeBytes,
			sha256: hash.copy().digest("hex")
		})
	};
}
// src/commands/heartbeat.ts
/** Lines closer together would drown the log of a long dump; further apart, it would look as if nothing happened. */
const intervalMs = 1e4;
/** Says every ten seconds how far the work is, until it has ended. */
async function withHeartbeat({ clock, log }, line, work) {
	const ended = new AbortController();
	const beats = beat();
	try {
		return await work();
	} finally {
		ended.abort();
		await beats;
	}
	async function beat() {
		while (!ended.signal.aborted) {
			await clock.sleep(intervalMs, ended.signal);
			if (!ended.signal.aborted) log.info(line());
		}
	}
}
// src/commands/store-place.ts
/** What has to be said of a store in a folder of a runner, which is gone when the job is. Empty otherwise. */
function storePlace(url, { inAction }) {
	return inAction && url.startsWith("file:") ? " It lies on this runner only." : "";
}
export { withHeartbeat as n, fingerprintStream as r, storePlace as t };
