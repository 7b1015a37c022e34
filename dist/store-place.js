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
export { withHeartbeat as n, storePlace as t };
