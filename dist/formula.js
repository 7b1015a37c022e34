// src/gate/config/formula.ts
const always = {
	kind: "known",
	value: true
};
function not(of) {
	if (of.kind === "known") return {
		kind: "known",
		value: !of.value
	};
	return of.kind === "not" ? of.of : {
		kind: "not",
		of
	};
}
function all(of) {
	return join("and", of);
}
function any(of) {
	return join("or", of);
}
function atomsOf(formula) {
	if (formula.kind === "atom") return [formula];
	if (formula.kind === "known") return [];
	return formula.kind === "not" ? atomsOf(formula.of) : formula.of.flatMap(atomsOf);
}
/** More than this is not tried through: two to the power of it. */
const mostAtoms = 14;
/**
* Whether the formula is true or false in every situation that the facts leave possible; `undefined` when both may be.
* What is only likely does not count where it contradicts itself or what is certain.
*/
function decide(formula, certain, likely = []) {
	const values = possibleValues(formula, [...certain, ...likely]);
	const counting = values.size === 0 ? possibleValues(formula, certain) : values;
	return counting.size === 1 ? counting.has(true) : void 0;
}
function possibleValues(formula, facts) {
	if (formula.kind === "known") return /* @__PURE__ */ new Set([formula.value]);
	const { atoms, related } = neighbourhood(formula, facts);
	if (atoms.length > mostAtoms) return /* @__PURE__ */ new Set([true, false]);
	const values = /* @__PURE__ */ new Set();
	for (let situation = 0; situation < 2 ** atoms.length && values.size < 2; situation++) {
		const isTrue = new Map(atoms.map(({ text }, index) => [text, (situation >> index & 1) === 1]));
		if (!isCoherent(atoms, isTrue) || related.some((fact) => evaluate(fact.formula, isTrue) !== fact.value)) continue;
		values.add(evaluate(formula, isTrue));
	}
	return values;
}
function join(kind, of) {
	const neutral = kind === "and";
	const parts = of.flatMap((one) => one.kind === kind ? one.of : [one]);
	if (parts.some((one) => one.kind === "known" && one.value !== neutral)) return {
		kind: "known",
		value: !neutral
	};
	const rest = parts.filter(({ kind: one }) => one !== "known");
	return rest.length === 1 ? rest[0] : rest.length === 0 ? {
		kind: "known",
		value: neutral
	} : {
		kind,
		of: rest
	};
}
/** The atoms that have to do with a formula, directly or through facts and variables, and those facts. */
function neighbourhood(formula, facts) {
	const atoms = new Map(atomsOf(formula).map((atom) => [atom.text, atom]));
	const open = new Set(facts);
	const variables = /* @__PURE__ */ new Set();
	for (let size = -1; size !== atoms.size + open.size;) {
		size = atoms.size + open.size;
		for (const { about } of atoms.values()) if (about !== void 0) variables.add(about.variable);
		for (const fact of open) {
			const own = atomsOf(fact.formula);
			if (!own.some(({ text, about }) => atoms.has(text) || about !== void 0 && variables.has(about.variable))) continue;
			open.delete(fact);
			for (const atom of own) atoms.set(atom.text, atom);
		}
	}
	return {
		atoms: [...atoms.values()],
		related: facts.filter((fact) => !open.has(fact))
	};
}
/** A variable has one value; what is true or equals something is defined. */
function isCoherent(atoms, isTrue) {
	const values = /* @__PURE__ */ new Map();
	for (const { text, about } of atoms) {
		if (about === void 0 || typeof about.says === "string" || !isTrue.get(text)) continue;
		if (values.has(about.variable)) return false;
		values.set(about.variable, about.says.equals);
	}
	return atoms.every(({ text, about }) => {
		if (about === void 0 || typeof about.says !== "string" || isTrue.get(text)) return true;
		const equal = values.get(about.variable);
		if (about.says === "true") return equal === void 0 || equal === "";
		return equal === void 0 && !atoms.some((one) => one.about?.variable === about.variable && one.about.says === "true" && isTrue.get(one.text));
	});
}
function evaluate(formula, isTrue) {
	switch (formula.kind) {
		case "known": return formula.value;
		case "atom": return isTrue.get(formula.text) ?? false;
		case "not": return !evaluate(formula.of, isTrue);
		case "and": return formula.of.every((one) => evaluate(one, isTrue));
		case "or": return formula.of.some((one) => evaluate(one, isTrue));
	}
}
export { decide as a, atomsOf as i, always as n, not as o, any as r, all as t };
