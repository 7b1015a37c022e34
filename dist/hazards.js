import { fn as messageOf, mt as byVersion } from "./start.js";
import { d as lint, t as rules } from "./rules.js";
import { n as activeRules, t as squawkSettings } from "./squawk-settings.js";
import { t as bootFiles } from "./boot-files.js";
// src/commands/hazards.ts
/**
* What `lint` says of the migrations that are pending, which are the new ones here. A plan is shown also where they
* cannot be judged.
*/
async function hazardsOf(pending, { layout, migrations }, inputs, context) {
	try {
		const squawk = await squawkSettings(await context.readText(inputs["squawk-config"] ?? `${context.baseDir}/.squawk.toml`));
		const startAfter = inputs["start-after"];
		const versions = new Set(pending.map(({ version }) => version));
		const isNew = ({ version, path }) => versions.has(version) && (startAfter === void 0 || byVersion({ version }, { version: startAfter }) > 0) && squawk?.excludes(path) !== true;
		const { findings } = await lint({
			migrations,
			refused: [],
			isNew,
			layout,
			postgres: inputs.postgres ?? squawk?.postgres ?? 13,
			bootFiles: await bootFiles(migrations, isNew, { changes: [] }, context),
			rules: activeRules(rules, new Map([...squawk?.rules ?? [], ...inputs["lint-rules"] ?? []])),
			everyRule: rules
		});
		const ofPending = findings.filter(({ path }) => pending.some((one) => one.path === path));
		return {
			found: context.redact(ofPending.map(({ rule, severity, path, start, message }) => ({
				rule,
				severity,
				path,
				line: start.line,
				message
			}))),
			problem: void 0
		};
	} catch (error) {
		context.signal.throwIfAborted();
		return {
			found: [],
			problem: messageOf(error).replace(/\.$/, "")
		};
	}
}
export { hazardsOf };
