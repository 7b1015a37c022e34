import { t as ReleaseError } from "./errors.js";
import { t as ZodEnum } from "./schemas.js";
import { a as traitsOf, r as inputs } from "./inputs.js";
import { isAbsolute, resolve } from "node:path";
// src/resolve-inputs.ts
/**
* Merges the sources and parses the named inputs once; optional ones may be missing whatever their schema says.
* Throws `invalid-input` with every problem, by name and never with the value, which may be a password.
*/
function resolveInputs(names, sources, optional = []) {
	const raw = {};
	for (const name of names) {
		const value = sources.given.get(name) || sources.config.get(name)?.value || sources.surroundings.get(name);
		if (value) raw[name] = value;
	}
	const parsed = inputs.pick(maskOf(names)).partial(maskOf(optional)).safeParse(raw);
	if (!parsed.success) throw invalidInputs(parsed.error.issues, raw, sources);
	return absolutePaths(parsed.data, sources.baseDir);
}
function maskOf(names) {
	return Object.fromEntries(names.map((name) => [name, true]));
}
function invalidInputs(issues, raw, sources) {
	const problems = issues.map((issue) => {
		const name = String(issue.path[0]);
		if (raw[name] === void 0) return `${name} is required${requiredHint(name)}`;
		const origin = sources.given.get(name) ? void 0 : sources.config.get(name)?.at;
		const problem = issue.code === "invalid_value" ? `must be one of ${issue.values?.join(", ")}` : issue.message;
		return `${name}${origin === void 0 ? "" : ` (${origin})`}: ${problem}`;
	});
	return new ReleaseError("invalid-input", `${problems.length === 1 ? "One input" : `${problems.length} inputs`} cannot be used:\n  ${problems.join("\n  ")}`, { hint: "The help of the command (--help) and docs/reference.md describe each input." });
}
function requiredHint(name) {
	const { secret, otherwise } = traitsOf(name);
	if (secret) return `; set the environment variable ${name.toUpperCase().replaceAll("-", "_")}`;
	const schema = inputs.shape[name];
	if (schema instanceof ZodEnum) return `: ${schema.options.join(" or ")}`;
	return otherwise === void 0 ? "" : ` (otherwise: ${otherwise})`;
}
function absolutePaths(values, baseDir) {
	const entries = Object.entries(values).map(([name, value]) => {
		return [name, traitsOf(name).path && typeof value === "string" && !isAbsolute(value) ? resolve(baseDir, value) : value];
	});
	return Object.fromEntries(entries);
}
export { resolveInputs as t };
