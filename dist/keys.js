import { r as any } from "./formula.js";
// src/gate/config/keys.ts
/** Several templates and commands as one; `aliases` are further names, by name. */
function keysOf(contracts, aliases = /* @__PURE__ */ new Map()) {
	const lines = withoutExamples(contracts.flatMap((one) => one.lines));
	const patterns = contracts.flatMap((one) => one.patterns);
	const main = new Map([...aliases, ...lines.flatMap((line) => line.aliases.map((alias) => [alias, line.name]))]);
	const groups = /* @__PURE__ */ new Map();
	for (const line of lines) groups.set(mainName(line.name, main), [...groups.get(mainName(line.name, main)) ?? [], line]);
	const all = [...groups].map(([name, own]) => {
		const others = [...main.keys()].filter((alias) => mainName(alias, main) === name);
		const named = own.some((line) => line.name === name) ? name : own[0].name;
		const required = any(own.filter(({ need }) => need === "required").map(({ when }) => when));
		return {
			name: named,
			names: /* @__PURE__ */ new Set([
				named,
				name,
				...others
			]),
			required,
			lines: own
		};
	});
	const byName = new Map(all.flatMap((key) => [...key.names].map((name) => [name, key])));
	return {
		all,
		of: (name) => byName.get(name),
		matches: (name) => patterns.some((one) => one.test(name))
	};
}
/** The name without case and separators, which is how misspelt names are told. */
function squashed(name) {
	return name.replace(/[^A-Za-z0-9]/g, "").toUpperCase();
}
/** A comment that shows a wrong spelling of a key makes it no key. */
function withoutExamples(lines) {
	const active = new Map(lines.filter(({ mentioned }) => !mentioned).map(({ name }) => [squashed(name), name]));
	return lines.filter(({ name, mentioned }) => !mentioned || [void 0, name].includes(active.get(squashed(name))));
}
function mainName(name, main) {
	let found = name;
	for (let steps = main.size; steps > 0 && main.has(found); steps--) found = main.get(found);
	return found;
}
export { squashed as n, keysOf as t };
