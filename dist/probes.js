import { n as withDefaults } from "./check.js";
// src/adapters/metrics/prometheus.ts
/** Prometheus, and whatever speaks its HTTP API (Mimir, VictoriaMetrics, Thanos). */
function prometheusProbe(source, _options) {
	return {
		async sample(check, windows, { control, signal }) {
			const [first, last] = [windows[0], windows.at(-1)];
			if (first === void 0 || last === void 0) return [];
			const query = (control ? check.control : check.prometheus)?.replaceAll("$window", `${withDefaults(check).windowMs / 1e3}s`) ?? "";
			const parameters = new URLSearchParams({
				query,
				start: String(first.endMs / 1e3),
				end: String(last.endMs / 1e3),
				step: String(withDefaults(check).windowMs / 1e3)
			});
			const body = await (await fetch(`${source.url}/api/v1/query_range`, {
				method: "POST",
				body: parameters,
				headers: source.headers,
				signal
			})).json();
			const values = new Map(body.data?.result?.[0]?.values.map(([at, value]) => [Math.round(at * 1e3), Number(value)]));
			return windows.map((window) => sampleOf(values, window));
		},
		examine: async () => ({
			problems: [],
			notes: [],
			series: []
		}),
		queryOf: (check) => check.prometheus ?? ""
	};
}
function sampleOf(values, { endMs }) {
	const value = values.get(endMs);
	if (value === void 0) return { state: "empty" };
	return Number.isNaN(value) ? { state: "nan" } : {
		state: "value",
		value
	};
}
// src/adapters/metrics/probes.ts
/** One probe a source, each opened when the first check asks it. */
function openProbes({ prometheus, allowWarnings }) {
	const opened = prometheus === void 0 ? void 0 : prometheusProbe(prometheus, { allowWarnings });
	return {
		for(check) {
			if (check.prometheus !== void 0 && opened !== void 0) return opened;
			throw new Error(`no source for the check ${check.id}`);
		},
		async [Symbol.asyncDispose]() {}
	};
}
export { openProbes };
