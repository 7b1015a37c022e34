import { readFileSync } from "node:fs";
// src/signals.ts
const exitCodes = {
	SIGHUP: 129,
	SIGINT: 130,
	SIGTERM: 143
};
/** A crash is no evidence of anything. */
const crashExitCode = 3;
/** The exit status of a start that a signal ended. */
function signalExitCode(signal) {
	return exitCodes[signal.reason] ?? 130;
}
/** A runner grants 7.5 s after SIGINT; what has not ended by then is given up, so that we end by ourselves. */
const longestMs = 7e3;
/**
* An abort signal that fires at SIGINT, SIGTERM or SIGHUP (a terminal that was closed), with the signal's name as reason. A second signal, or too long an
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
	let crash;
	const onCrash = (error) => {
		crash ??= error;
		last ??= setTimeout(() => process.exit(crashExitCode), longestMs).unref();
		controller.abort("crash");
	};
	process.on("uncaughtException", onCrash);
	const watched = Object.keys(exitCodes).filter((name) => name !== "SIGHUP" || !ignoresHangUp());
	for (const name of watched) process.on(name, onSignal);
	return {
		signal: controller.signal,
		crash: () => crash,
		stop() {
			process.off("uncaughtException", onCrash);
			clearTimeout(last);
			for (const name of watched) process.off(name, onSignal);
		}
	};
}
/** Under `nohup` the signal is ignored, and must stay so. */
function ignoresHangUp() {
	try {
		const mask = /^SigIgn:\s*([0-9a-f]+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
		return mask !== void 0 && (BigInt(`0x${mask}`) & 1n) === 1n;
	} catch {
		return false;
	}
}
export { watchSignals as n, signalExitCode as t };
