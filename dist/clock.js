// src/adapters/clock.ts
/** The machine's own clock. */
const systemClock = {
	now: () => /* @__PURE__ */ new Date(),
	monotonic: () => performance.now(),
	sleep: (ms, signal) => new Promise((resolve) => {
		if (signal?.aborted) return resolve();
		const timer = setTimeout(done, ms);
		signal?.addEventListener("abort", done, { once: true });
		function done() {
			clearTimeout(timer);
			signal?.removeEventListener("abort", done);
			resolve();
		}
	})
};
export { systemClock as t };
