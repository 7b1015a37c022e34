// src/metrics-access.ts
const sources = ["prometheus", "loki"];
const parts = [
	"url",
	"token",
	"user",
	"password",
	"headers",
	"tenant"
];
/** How to reach the sources of a watch, as the environment may say it: `PROMETHEUS_TOKEN`, `LOKI_URL` and their like. */
const metricsVariables = sources.flatMap((source) => parts.map((part) => [`${source}-${part}`, `${source}_${part}`.toUpperCase()]));
/** The texts that a value of such an input must not leave in a log: of headers, each value by itself. */
function metricsSecrets(input, value) {
	if (!/-(?:token|password|headers)$/.test(input)) return [];
	if (!input.endsWith("-headers")) return [value];
	return value.split("\n").flatMap((line) => {
		const header = line.slice(line.indexOf(":") + 1).trim();
		return [header, header.replace(/^(?:Basic|Bearer)\s+/i, "")];
	});
}
export { metricsVariables as n, metricsSecrets as t };
