// src/signals.ts
const exitCodes = {
	SIGINT: 130,
	SIGTERM: 143
};
/** A runner grants 7.5 s after SIGINT; what has not ended by then is given up, so that we end by ourselves. */
const longestMs = 7e3;
/**
* An abort signal that fires at SIGINT or SIGTERM, with the signal's name as reason. A second signal, or too long an
* end, stops the process at once.
*/
function watchSignals(process, told) {
	const controller = new AbortController();
	let last;
	const onSignal = (name) => {
		const code = exitCodes[name];
		if (controller.signal.aborted) process.exit(code);
		told();
		last = setTimeout(() => process.exit(code), longestMs);
		last.unref();
		controller.abort(name);
	};
	process.on("SIGINT", onSignal);
	process.on("SIGTERM", onSignal);
	return {
		signal: controller.signal,
		stop() {
			clearTimeout(last);
			process.off("SIGINT", onSignal);
			process.off("SIGTERM", onSignal);
		}
	};
}
export { watchSignals as t };
