import { m as didYouMean, un as ReleaseError } from "./start.js";
import { t as rules } from "./rules.js";
// src/lint/settings.ts
/**
* The rules that apply, and what their findings count for. Throws `invalid-input` for a name that no rule has.
* Squawk's names mean the rule that makes the same check.
*/
function activeRules(all, settings) {
	const byName = new Map(all.flatMap((rule) => [rule.name, ...rule.aliases ?? []].map((name) => [name, rule.name])));
	const wanted = /* @__PURE__ */ new Map();
	for (const [name, setting] of settings) {
		const known = byName.get(name);
		if (known === void 0) throw new ReleaseError("invalid-input", `There is no rule ${JSON.stringify(name)}.${didYouMean(name, byName.keys())}`, { hint: "docs/rules/README.md lists every rule; lint.rules in shiplock.yml and the input lint-rules name them." });
		wanted.set(known, setting);
	}
	return all.flatMap((rule) => {
		const setting = wanted.get(rule.name) ?? (rule.optIn ? "off" : rule.severity);
		return setting === "off" ? [] : [{
			rule,
			severity: setting
		}];
	});
}
// src/commands/squawk-settings.ts
/** What a team has told squawk, if anything: only then is loaded what reads it. Throws `invalid-config`. */
async function squawkSettings(text) {
	if (text === void 0) return void 0;
	const { readSquawkConfig } = await import("./squawk-config.js");
	return readSquawkConfig(text, ".squawk.toml", rules);
}
export { activeRules as n, squawkSettings as t };
