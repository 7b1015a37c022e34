import { r as __toESM } from "./rolldown-runtime.js";
import { t as require_picomatch } from "./picomatch.js";
import { ft as parse } from "./migrations.js";
import { Ft as string, Lt as union, Mt as number, Tt as array, fn as messageOf, jt as looseObject, un as ReleaseError } from "./start.js";
// src/lint/squawk-config.ts
var import_picomatch = /* @__PURE__ */ __toESM(require_picomatch(), 1);
const names = array(string()).default([]);
const schema = looseObject({
	excluded_rules: names,
	included_rules: names,
	excluded_paths: names,
	pg_version: union([string(), number()]).optional()
});
/** Reads the text of `.squawk.toml`. Throws `invalid-config` with the place. */
function readSquawkConfig(text, path, rules) {
	const given = schema.safeParse(parseToml(text, path));
	if (!given.success) {
		const { path: key, message } = given.error.issues[0] ?? {
			path: [],
			message: ""
		};
		throw new ReleaseError("invalid-config", `${path}: ${key.join(".")}: ${message}`, {
			at: path,
			hint: "Correct it as squawk describes."
		});
	}
	const { excluded_rules, included_rules, excluded_paths, pg_version } = given.data;
	const byName = new Map(rules.flatMap((rule) => [rule.name, ...rule.aliases ?? []].map((name) => [name, rule])));
	const settings = /* @__PURE__ */ new Map();
	for (const name of included_rules) {
		const rule = byName.get(name);
		if (rule !== void 0) settings.set(rule.name, rule.severity);
	}
	for (const name of excluded_rules) {
		const rule = byName.get(name);
		if (rule !== void 0) settings.set(rule.name, "off");
	}
	const major = Number.parseInt(String(pg_version ?? ""), 10);
	const excluded = (0, import_picomatch.default)(excluded_paths, { dot: true });
	return {
		rules: settings,
		postgres: Number.isNaN(major) ? void 0 : major,
		excludes: (file) => excluded_paths.length > 0 && excluded(file),
		unknown: [...excluded_rules, ...included_rules].filter((name) => !byName.has(name))
	};
}
function parseToml(text, path) {
	try {
		return parse(text);
	} catch (error) {
		const { line, column } = error;
		const at = line === void 0 ? path : `${path}:${line}:${column ?? 1}`;
		throw new ReleaseError("invalid-config", `${at}: ${messageOf(error).split("\n")[0]}`, {
			at,
			hint: "Correct the file; it is TOML.",
			cause: error
		});
	}
}
export { readSquawkConfig };
