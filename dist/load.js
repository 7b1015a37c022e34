import { t as require_dist } from "./dist.js";
import { A as traitsOf, D as configPathOf, O as inputNames, k as isInputName, m as didYouMean, un as ReleaseError } from "./start.js";
// src/config/keys.ts
var import_dist = require_dist();
/** Built from the inputs, so that a new input has its key at once. */
function configKeys() {
	const root = /* @__PURE__ */ new Map();
	for (const name of inputNames) {
		const path = configPathOf(name);
		if (path === void 0) continue;
		const steps = path.split(".");
		let section = root;
		for (const step of steps.slice(0, -1)) {
			const next = section.get(step) ?? /* @__PURE__ */ new Map();
			section.set(step, next);
			section = next;
		}
		section.set(steps.at(-1), name);
	}
	return root;
}
// src/config/load.ts
/** Larger files are not configuration; the limit also bounds what a hostile file can cost. */
const largestBytes = 262144;
/**
* Reads the text of `shiplock.yml` into raw strings by input name.
* Throws `invalid-config` with all problems together, each with file, line and column.
*/
function loadConfig(text, path) {
	if (text.length > largestBytes) throw new ReleaseError("invalid-config", `${path} is larger than ${largestBytes / 1024} KiB.`, { hint: "Keep only settings of Shiplock in it; the input config names another file." });
	const lines = new import_dist.LineCounter();
	const document = (0, import_dist.parseDocument)(text, {
		lineCounter: lines,
		prettyErrors: false,
		uniqueKeys: true
	});
	const at = (offset) => {
		const { line, col } = lines.linePos(offset);
		return `${path}:${line}:${col}`;
	};
	const problems = document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`);
	const values = /* @__PURE__ */ new Map();
	if (problems.length === 0 && document.contents !== null) {
		if ((0, import_dist.isMap)(document.contents)) readSection(document.contents, configKeys(), "");
		else problems.push(`${path}:1:1: the file must hold keys and values`);
	}
	if (problems.length > 0) throw new ReleaseError("invalid-config", `The configuration cannot be used:\n  ${problems.join("\n  ")}`, {
		hint: "docs/reference.md lists every key.",
		...problems.length === 1 ? { at: problems[0].split(": ")[0] } : {}
	});
	return values;
	function readSection(section, keys, prefix) {
		for (const pair of section.items) readPair(pair, keys, prefix);
	}
	function readPair(pair, keys, prefix) {
		const offset = (0, import_dist.isScalar)(pair.key) ? pair.key.range?.[0] ?? 0 : 0;
		const name = (0, import_dist.isScalar)(pair.key) ? String(pair.key.value) : "";
		const known = keys.get(name);
		if (known === void 0) {
			const elsewhere = prefix === "" && isInputName(name) && !(0, import_dist.isMap)(pair.value);
			problems.push(elsewhere ? `${at(offset)}: ${name} does not belong in this file; give it as flag, input or environment variable.` : `${at(offset)}: unknown key ${JSON.stringify(prefix + name)}.${didYouMean(name, keys.keys())}`);
		} else if (typeof known !== "string") {
			if ((0, import_dist.isMap)(pair.value)) readSection(pair.value, known, `${prefix}${name}.`);
			else problems.push(`${at(offset)}: ${prefix}${name} must be a section with keys of its own`);
		} else if ((0, import_dist.isScalar)(pair.value) && pair.value.value !== null && !traitsOf(known).map && !traitsOf(known).json) values.set(known, {
			value: scalarText(pair.value),
			at: at(pair.value.range?.[0] ?? offset)
		});
		else if (traitsOf(known).json) {
			if ((0, import_dist.isMap)(pair.value) || (0, import_dist.isSeq)(pair.value)) values.set(known, {
				value: JSON.stringify(pair.value.toJS(document)),
				at: at(pair.value.range?.[0] ?? offset)
			});
			else problems.push(`${at(offset)}: ${prefix}${name} must be a list or a section`);
		} else if (traitsOf(known).map) {
			const value = (0, import_dist.isMap)(pair.value) ? mapText(pair.value) : void 0;
			if (value === void 0) problems.push(`${at(offset)}: ${prefix}${name} must be a section of single values`);
			else values.set(known, {
				value,
				at: at(pair.value.range?.[0] ?? offset)
			});
		} else if (traitsOf(known).list) {
			const value = (0, import_dist.isSeq)(pair.value) ? listText(pair.value) : void 0;
			if (value === void 0) problems.push(`${at(offset)}: ${prefix}${name} must be a list of single values`);
			else values.set(known, {
				value,
				at: at(pair.value.range?.[0] ?? offset)
			});
		} else problems.push(`${at(offset)}: ${prefix}${name} must be a single value`);
	}
}
/** A list as a JSON array of its texts; `undefined` when it holds anything but single values. */
function listText({ items }) {
	if (!items.every((item) => (0, import_dist.isScalar)(item) && item.value !== null)) return void 0;
	return JSON.stringify(items.map((item) => scalarText(item)));
}
/** A section as lines of `name=value`; `undefined` when it holds anything but single values. */
function mapText({ items }) {
	const isSingle = (node) => (0, import_dist.isScalar)(node) && node.value !== null;
	if (!items.every(({ key, value }) => isSingle(key) && isSingle(value))) return void 0;
	return items.map(({ key, value }) => `${scalarText(key)}=${scalarText(value)}`).join("\n");
}
/** The text as it was written: `1.10` stays `1.10`. */
function scalarText(scalar) {
	return typeof scalar.value === "string" ? scalar.value : scalar.source ?? String(scalar.value);
}
export { loadConfig as t };
