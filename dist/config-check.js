import { r as __toESM } from "./rolldown-runtime.js";
import { t as require_picomatch } from "./picomatch.js";
import { i as systemCode, t as ReleaseError } from "./errors.js";
import { r as formatDuration, s as plural } from "./units.js";
import { t as didYouMean } from "./nearest.js";
import { n as asManyAsShown } from "./annotations.js";
import { t as defineCommand } from "./command.js";
import { t as nameCommand } from "./argument-list.js";
import { r as interrupted } from "./explain-error.js";
import { t as plainEnvironment } from "./team-environment.js";
import { join as join$1, relative, resolve } from "node:path";
// src/gate/config/conclude.ts
var import_picomatch = /* @__PURE__ */ __toESM(require_picomatch(), 1);
/** A missing key fails only where all was read that it could stand in. */
function conclude({ judgement, environment, unread, unreadFiles }) {
	const { missing, questions, counts } = judgement;
	const newly = missing.filter(({ isNew }) => isNew);
	const checks = checksOf({
		judgement,
		environment,
		unread,
		unreadFiles
	});
	if (newly.length > 0) {
		const names = listed(newly.map(({ key }) => key.name));
		const sentence = `${plural(newly.length, "key")} that this release requires ${newly.length === 1 ? "is" : "are"}`;
		if (unread.length > 0) return {
			verdict: "inconclusive",
			reason: `${sentence} nowhere that could be read: ${names}. ${sentenceOfUnread(unread)}`,
			checks
		};
		const reason = `${sentence} missing in ${environment}: ${names}.`;
		return {
			verdict: "fail",
			reason,
			error: new ReleaseError("config-key-missing", reason, { hint: hintFor(judgement) }),
			checks
		};
	}
	if (unreadFiles.length > 0) return {
		verdict: "inconclusive",
		reason: `The templates include what was not read: ${listed(unreadFiles)}. Name it in config-template too.`,
		checks
	};
	if (questions.length > 0) {
		const keys = questions.reduce((sum, one) => sum + one.keys.length, 0);
		const conditions = listed(questions.map(({ condition }) => condition));
		return {
			verdict: "inconclusive",
			reason: `${`${plural(keys, "key")} that the host lacks ${keys === 1 ? "hangs" : "hang"}`} on a condition that nobody decided: ${conditions}. Answer with config-vars.`,
			checks
		};
	}
	const older = missing.length === 0 ? "" : ` ${plural(missing.length, "key")} that the live release requires too ${missing.length === 1 ? "is" : "are"} missing.`;
	const near = judgement.nearMisses.length === 0 ? "" : ` ${plural(judgement.nearMisses.length, "name")} on the host ${judgement.nearMisses.length === 1 ? "looks" : "look"} misspelt.`;
	return {
		verdict: "pass",
		reason: `${missing.length === 0 ? `The host has all of the ${plural(counts.required, "key")} that this release requires.` : "No newly required key is missing."}${older}${near}`,
		checks
	};
}
function checksOf({ judgement, unread }) {
	const { missing, questions, counts } = judgement;
	const newly = missing.filter(({ isNew }) => isNew).length;
	const certain = newly === 0 ? "pass" : unread.length > 0 ? "not-checked" : "fail";
	const older = missing.length > newly ? `; the live release requires ${missing.length - newly} of the others too` : "";
	return [
		{
			id: "required-keys",
			status: certain,
			message: `${counts.required - missing.length} of ${counts.required} are there${older}`
		},
		{
			id: "conditional-keys",
			status: questions.length > 0 ? "not-checked" : "pass",
			message: questions.length > 0 ? `${plural(questions.length, "condition")} not decided` : "every condition is decided"
		},
		...unread.map(({ what, because, remedy }) => ({
			id: `read-${what.replace(/[^a-z]+/gi, "-").toLowerCase()}`,
			status: "not-checked",
			message: `${because}. ${remedy}`
		}))
	];
}
function sentenceOfUnread(unread) {
	const [first] = unread;
	return `Not read: ${listed(unread.map(({ what }) => what))} (${first.because}). ${first.remedy}`;
}
function hintFor({ missing, nearMisses }) {
	const lacking = new Set(missing.flatMap(({ key }) => [...key.names]));
	const near = nearMisses.find(({ meant }) => lacking.has(meant));
	return near === void 0 ? "Give it a value on the host. Where the application does without it, mark its line in the template: # shiplock: optional" : `The host has ${near.found}, which the release does not know: rename it to ${near.meant}. Where the application reads both names, set config-aliases: ${near.found}=${near.meant}`;
}
const mostListed = 5;
function listed(names) {
	const rest = names.length - mostListed;
	return rest > 0 ? `${names.slice(0, mostListed).join(", ")} and ${rest} more` : names.join(", ");
}
// src/gate/config/paste-block.ts
/** Lines for an env file: each name without a value, below what the template says about it. */
function pasteBlock(keys) {
	return keys.map(({ name, comment }) => [...comment.map((line) => `# ${line}`), `${name}=`].join("\n")).join("\n");
}
// src/gate/config/details.ts
/** What `config-check` adds to its entry in the JSON result. */
function detailsOf({ missing, questions, takenAsOff, unused, nearMisses, counts }) {
	return {
		counts,
		missing: missing.map((one) => ({
			...describe$1(one),
			new: one.isNew
		})),
		questions: questions.map(({ condition, answers, keys }) => ({
			condition,
			answers,
			keys: keys.map(describe$1)
		})),
		takenAsOff: takenAsOff.map(describe$1),
		unused,
		nearMisses,
		paste: pasteBlock(missing.map(({ key, line }) => ({
			name: key.name,
			comment: line.comment
		})))
	};
}
function describe$1({ key, line }) {
	const { path, line: at, condition } = line;
	return {
		name: key.name,
		otherNames: [...key.names].filter((name) => name !== key.name),
		path,
		line: at,
		condition
	};
}
/** Marks beside the lines of the templates; `folder` is that of `shiplock.yml` in its repository. */
function annotationsOfKeys({ missing, questions, nearMisses }, certain, folder) {
	const beside = ({ line }) => line.path === void 0 ? {} : {
		path: folder + line.path,
		startLine: line.line,
		endLine: line.line
	};
	const near = (names) => nearMisses.find(({ meant }) => names.has(meant));
	const lacking = new Set(missing.flatMap(({ key }) => [...key.names]));
	return [
		...missing.map((one) => {
			const likely = near(one.key.names);
			const message = `The host does not have ${one.key.name}.${likely === void 0 ? "" : ` It has ${likely.found}: ${likely.why}.`}`;
			return {
				...beside(one),
				severity: one.isNew && certain ? "error" : "warning",
				title: "config-key-missing",
				message
			};
		}),
		...nearMisses.filter(({ meant }) => !lacking.has(meant)).map(({ found, meant, why }) => {
			return {
				severity: "warning",
				title: "config-near-miss",
				message: `The host has ${JSON.stringify(found)}, which the application ignores: ${meant} is meant, it seems (${why}).`
			};
		}),
		...questions.flatMap(({ condition, keys }) => keys.slice(0, 1).map((one) => {
			const message = `${keys.map(({ key }) => key.name).join(", ")}: whether the host needs it hangs on "${condition}", which nobody decided.`;
			return {
				...beside(one),
				severity: "warning",
				title: "config-undecided",
				message
			};
		}))
	];
}
// src/gate/config/expression.ts
/** The words of a Jinja expression; what is no word is left out. */
function tokensOf(expression) {
	const tokens = [];
	for (const [, single, double, number, name, sign] of expression.matchAll(/'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(==|!=|<=|>=|\/\/|\*\*|[^\s\w])/gs)) {
		const string = single ?? double;
		if (string !== void 0) tokens.push({
			kind: "string",
			text: string
		});
		else if (number !== void 0) tokens.push({
			kind: "number",
			text: number
		});
		else if (name !== void 0) tokens.push({
			kind: "name",
			text: name
		});
		else tokens.push({
			kind: "sign",
			text: sign
		});
	}
	return tokens;
}
/** Words as one would type them. */
function textOf(tokens) {
	let text = "";
	for (const [index, { kind, text: word }] of tokens.entries()) {
		const before = tokens[index - 1];
		const tight = index === 0 || /^[.,)(\]['}]$/.test(word) || before?.kind === "sign" && /^[.([{]$/.test(before.text);
		text += (tight && kind !== "string" ? "" : index === 0 || /[([{.]$/.test(text) ? "" : " ") + (kind === "string" ? `'${word}'` : word);
	}
	return text;
}
/** Whether an expression has a value although nobody gave one. */
function hasDefault(expression) {
	const tokens = tokensOf(expression);
	const isFilter = (names) => tokens.some(({ kind, text }, index) => kind === "name" && names.includes(text) && tokens[index - 1]?.text === "|");
	if (isFilter(["mandatory"])) return false;
	if (isFilter(["default", "d"])) return true;
	const word = (text) => tokens.findIndex((one) => one.kind === "name" && one.text === text);
	const literal = (index) => ["string", "number"].includes(tokens[index]?.kind ?? "") && tokens.length === index + 1;
	if (word("or") > 0 && literal(word("or") + 1)) return true;
	return word("if") > 0 && word("else") > word("if") && tokens.some((one, index) => one.text === "defined" && tokens[index - 1]?.text === "is");
}
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
// src/gate/config/condition.ts
/** The condition of an `{% if %}`. A part that is not understood stays a question with its own text. */
function parseCondition(text) {
	const tokens = tokensOf(text);
	const reader = new Reader(tokens);
	try {
		const formula = reader.either();
		if (reader.isAtEnd) return formula;
	} catch (error) {
		if (!(error instanceof Unclear)) throw error;
	}
	return opaque(tokens);
}
var Unclear = class extends Error {};
/** Filters that leave it clear which variable is asked about. */
const plainFilters = [
	"default",
	"d",
	"bool",
	"lower",
	"trim",
	"string"
];
var Reader = class {
	#tokens;
	#at = 0;
	constructor(tokens) {
		this.#tokens = tokens;
	}
	get isAtEnd() {
		return this.#at >= this.#tokens.length;
	}
	either() {
		const parts = [this.#both()];
		while (this.#take("or")) parts.push(this.#both());
		return any(parts);
	}
	#both() {
		const parts = [this.#negated()];
		while (this.#take("and")) parts.push(this.#negated());
		return all(parts);
	}
	#negated() {
		return this.#take("not") ? not(this.#negated()) : this.#comparison();
	}
	#comparison() {
		const inBrackets = this.#brackets();
		if (inBrackets !== void 0) return inBrackets;
		const left = this.#operand();
		if (this.#take("==")) return equality(left, this.#operand());
		if (this.#take("!=")) return not(equality(left, this.#operand()));
		if (this.#take("is")) return this.#test(left);
		const negative = this.#peek(1) === "in" && this.#take("not");
		if (this.#take("in")) {
			const member = membership(left, this.#operand());
			return negative ? not(member) : member;
		}
		const sign = this.#peek();
		if (sign !== void 0 && [
			"<",
			">",
			"<=",
			">="
		].includes(sign)) {
			this.#at++;
			return opaque([
				...left.tokens,
				{
					kind: "sign",
					text: sign
				},
				...this.#operand().tokens
			]);
		}
		return truth(left);
	}
	/** A condition in brackets; `undefined` when they are part of a value. */
	#brackets() {
		const start = this.#at;
		if (!this.#take("(")) return void 0;
		try {
			const inner = this.either();
			const next = this.#take(")") ? this.#peek() ?? "end" : void 0;
			if (next !== void 0 && [
				"end",
				")",
				"and",
				"or"
			].includes(next)) return inner;
		} catch (error) {
			if (!(error instanceof Unclear)) throw error;
		}
		this.#at = start;
	}
	#test(left) {
		const negative = this.#take("not");
		const [test, ...rest] = this.#operand().tokens;
		const says = rest.length > 0 ? opaque([
			...left.tokens,
			word("is"),
			test,
			...rest
		]) : named(left, test?.text ?? "");
		return negative ? not(says) : says;
	}
	#operand() {
		const start = this.#at;
		let depth = 0;
		for (; !this.isAtEnd; this.#at++) {
			const { kind, text } = this.#tokens[this.#at];
			if (kind === "string") continue;
			if ("([{".includes(text)) depth++;
			else if (depth > 0 && ")]}".includes(text)) depth--;
			else if (depth === 0 && ends.includes(text)) break;
		}
		const tokens = this.#tokens.slice(start, this.#at);
		if (tokens.length === 0 || this.#peek() === "if" || depth > 0) throw new Unclear();
		return describe(tokens);
	}
	#peek(ahead = 0) {
		const token = this.#tokens[this.#at + ahead];
		return token?.kind === "string" ? void 0 : token?.text;
	}
	#take(text) {
		if (this.#peek() !== text) return false;
		this.#at++;
		return true;
	}
};
const ends = [
	"and",
	"or",
	"not",
	"in",
	"is",
	"if",
	"else",
	"==",
	"!=",
	"<",
	">",
	"<=",
	">=",
	")"
];
function describe(tokens) {
	const [first] = tokens;
	if (tokens.length === 1 && first?.kind === "string") return {
		tokens,
		literal: first.text
	};
	if (tokens.length === 1 && first?.kind === "number") return {
		tokens,
		literal: first.text
	};
	if (tokens.length === 1 && /^(?:true|false)$/i.test(first?.text ?? "")) return {
		tokens,
		literal: /^true$/i.test(first?.text ?? "")
	};
	if (first?.text === "[" || first?.text === "(" && first.kind === "sign") {
		const inner = tokens.slice(1, -1);
		return inner.every((one, index) => index % 2 === 0 ? ["string", "number"].includes(one.kind) : one.text === ",") ? {
			tokens,
			list: inner.filter((_, index) => index % 2 === 0).map(({ text }) => text)
		} : { tokens };
	}
	const pipe = tokens.findIndex(({ kind, text }) => kind === "sign" && text === "|");
	const path = pipe < 0 ? tokens : tokens.slice(0, pipe);
	const filters = tokens.filter((_, index) => index > 0 && tokens[index - 1]?.text === "|" && tokens[index - 1]?.kind === "sign");
	return path.every(({ kind, text }) => kind === "name" || kind === "string" || kind === "number" || ".[]".includes(text)) && first?.kind === "name" && filters.every(({ text }) => plainFilters.includes(text)) ? {
		tokens,
		variable: textOf(path)
	} : { tokens };
}
function truth({ tokens, variable, literal, list }) {
	if (literal !== void 0) return {
		kind: "known",
		value: literal !== "" && literal !== "0" && literal !== false
	};
	if (list !== void 0) return {
		kind: "known",
		value: list.length > 0
	};
	return variable === void 0 ? opaque(tokens) : {
		kind: "atom",
		text: variable,
		about: {
			variable,
			says: "true"
		}
	};
}
function equality(left, right) {
	const [subject, other] = left.variable === void 0 ? [right, left] : [left, right];
	const { variable } = subject;
	const { literal } = other;
	if (variable === void 0 || literal === void 0) return opaque([
		...left.tokens,
		{
			kind: "sign",
			text: "=="
		},
		...right.tokens
	]);
	if (typeof literal === "boolean") return literal ? truth(subject) : not(truth(subject));
	return equals$1(variable, literal);
}
function equals$1(variable, literal) {
	return {
		kind: "atom",
		text: `${variable} == '${literal}'`,
		about: {
			variable,
			says: { equals: literal }
		}
	};
}
function membership(left, right) {
	const { variable } = left;
	if (variable === void 0 || right.list === void 0) return opaque([
		...left.tokens,
		word("in"),
		...right.tokens
	]);
	return any(right.list.map((one) => equals$1(variable, one)));
}
function named(left, test) {
	const { variable } = left;
	if (variable !== void 0 && test === "defined") return {
		kind: "atom",
		text: `${variable} is defined`,
		about: {
			variable,
			says: "defined"
		}
	};
	if (variable !== void 0 && test === "undefined") return not(named(left, "defined"));
	if (test === "true" || test === "truthy") return truth(left);
	if (test === "false" || test === "falsy") return not(truth(left));
	return opaque([
		...left.tokens,
		word("is"),
		word(test)
	]);
}
function opaque(tokens) {
	return {
		kind: "atom",
		text: textOf(tokens)
	};
}
function word(text) {
	return {
		kind: "name",
		text
	};
}
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
// src/gate/config/near-miss.ts
/** The near misses among names that the release does not know. */
function nearMisses(unknown, targets) {
	const prefix = sharedPrefix(targets.map(({ name }) => name));
	return unknown.flatMap((found) => {
		const near = targets.flatMap((target) => {
			const likeness = compare(found, target, prefix);
			return likeness === void 0 ? [] : [{
				target,
				...likeness
			}];
		});
		const rank = ({ target, distance }) => distance * 4 + (target.missing ? 0 : target.present ? 2 : 1);
		const [best] = near.sort((one, other) => rank(one) - rank(other));
		return best === void 0 ? [] : [{
			found,
			meant: best.target.name,
			why: best.why
		}];
	});
}
/** Words shorter than this are too often near to others by chance. */
const shortestForOne = 5;
const shortestForTwo = 12;
const shortestTail = 8;
function compare(found, { name, present, missing }, prefix) {
	const [one, other] = [squashed(found), squashed(name)];
	if (one === other) return {
		distance: 0,
		why: differsIn(found, name)
	};
	if (one.replace(/\d/g, "") === other.replace(/\d/g, "")) return void 0;
	const ownLength = squashed(name.startsWith(prefix) ? name.slice(prefix.length) : name).length;
	const allowed = ownLength < shortestForOne ? 0 : ownLength < shortestForTwo || present ? 1 : 2;
	const distance = Math.abs(one.length - other.length) > allowed ? Number.POSITIVE_INFINITY : editDistance(one, other);
	if (distance <= allowed) return {
		distance,
		why: distance === 1 ? "one letter differs" : "two letters differ"
	};
	if (present) return void 0;
	if (wordsOf(found).sort().join(" ") === wordsOf(name).sort().join(" ")) return {
		distance: 2,
		why: "its words stand in another order"
	};
	if (isShortened(wordsOf(found), wordsOf(name))) return {
		distance: 2,
		why: "one word is shorter"
	};
	return otherPrefix(found, name, prefix, missing);
}
/** `APP_AUTH__KEY` for `SHITHUB_AUTH__KEY`; a name without any prefix is near only to one that is missing. */
function otherPrefix(found, name, prefix, missing) {
	if (prefix === "" || !name.startsWith(prefix)) return void 0;
	const tail = squashed(name.slice(prefix.length));
	if (tail.length < shortestTail) return void 0;
	if (squashed(found) === tail) return missing ? {
		distance: 2,
		why: `the prefix ${prefix} is missing`
	} : void 0;
	return squashed(found.replace(/^[A-Za-z0-9]+[^A-Za-z0-9]+/, "")) === tail ? {
		distance: 2,
		why: `its prefix is not ${prefix}`
	} : void 0;
}
function differsIn(found, name) {
	const bare = (text) => text.replace(/[^A-Za-z0-9]/g, "");
	if (bare(found) !== bare(name)) return "upper and lower case differ";
	return /^\w+$/.test(found) ? "underscores differ" : "it has other separators";
}
function wordsOf(name) {
	return name.toUpperCase().split(/[^A-Z0-9]+/).filter(Boolean);
}
/** `SMTP_ADDR` for `SMTP_ADDRESS`: all words but one are the same, and that one begins like the other. */
function isShortened(found, name) {
	if (found.length !== name.length || found.length < 3) return false;
	const differing = found.flatMap((word, index) => word === name[index] ? [] : [[word, name[index]]]);
	const [pair] = differing;
	if (pair === void 0 || differing.length > 1) return false;
	const [short, long] = [...pair].sort((one, other) => one.length - other.length);
	return short.length >= 3 && long.startsWith(short);
}
/** The first word that most names have in common, with its separators. */
function sharedPrefix(names) {
	const counts = /* @__PURE__ */ new Map();
	for (const name of names) {
		const first = /^[A-Za-z0-9]+_+/.exec(name)?.[0];
		if (first !== void 0) counts.set(first, (counts.get(first) ?? 0) + 1);
	}
	const [most] = [...counts].sort((one, other) => other[1] - one[1]);
	return most !== void 0 && most[1] >= 3 && most[1] >= names.length * .6 ? most[0] : "";
}
/** How many letters are added, dropped, replaced or swapped with their neighbour. */
function editDistance(a, b) {
	const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
	const at = (row, column) => rows[row]?.[column];
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
			const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : replaced;
			next.push(Math.min(replaced, swapped, at(i - 1, j) + 1, next[j - 1] + 1));
		}
		rows.push(next);
	}
	return at(a.length, b.length);
}
// src/gate/config/judge.ts
/** Which keys the release requires on this host, and which of them it has. */
function judgeKeys(given) {
	const { release, live, host } = given;
	const has = (key) => [...key.names].some((name) => host.names.has(name));
	const certain = [...answered(given), ...presence(given)];
	const likely = evidence(release, has);
	const decided = (formula) => decide(formula, certain, likely);
	const missing = [];
	const open = [];
	const takenAsOff = [];
	const counts = {
		required: 0,
		present: 0,
		off: 0,
		optional: 0,
		unknown: 0
	};
	for (const key of release.all) {
		const line = key.lines.find(({ need, when }) => need === "required" && decided(when) !== false);
		const before = [...key.names].map((name) => live?.of(name)).find((one) => one !== void 0);
		const state = decided(key.required);
		if (line === void 0) {
			if (key.lines.some(({ need }) => need === "required")) counts.off++;
			else counts.optional++;
			continue;
		}
		if (state === true) counts.required++;
		if (has(key)) counts.present++;
		else if (state === true) missing.push({
			key,
			line,
			isNew: before === void 0 || decided(before.required) !== true
		});
		else if (before !== void 0 && sameFormula(before.required, key.required)) takenAsOff.push({
			key,
			line,
			isNew: false
		});
		else open.push({
			key,
			line,
			isNew: before === void 0
		});
	}
	const unknown = [...host.names].filter((name) => release.of(name) === void 0 && !release.matches(name) && !given.isIgnored(name));
	const unused = unknown.filter((name) => live?.of(name) !== void 0 || live?.matches(name));
	const isMissing = new Set(missing.map(({ key }) => key));
	const near = nearMisses(unknown, release.all.flatMap((key) => [...key.names].map((name) => ({
		name,
		present: has(key),
		missing: isMissing.has(key)
	})))).filter(({ found, meant }) => !unused.includes(found) || isMissing.has(release.of(meant)));
	const spaced = [...host.spaced].filter((name) => release.of(name) !== void 0);
	return {
		missing,
		questions: questionsOf(open, decided),
		takenAsOff,
		unused,
		nearMisses: [...near, ...spaced.map((name) => ({
			found: `${name} `,
			meant: name,
			why: "a blank stands before the =, which a shell and docker do not take"
		}))],
		counts: {
			...counts,
			unknown: unknown.length - unused.length
		}
	};
}
function answered({ answers }) {
	return answers.map(({ name, value }) => ({
		formula: parseCondition(name),
		value
	}));
}
/** Marks ask for keys of the host; that one is not there is known only where all was read. */
function presence({ release, host, complete }) {
	const atoms = release.all.flatMap(({ lines }) => lines.flatMap(({ when }) => atomsOf(when)));
	return [...new Map(atoms.map((atom) => [atom.text, atom])).values()].flatMap((formula) => {
		if (formula.key === void 0) return [];
		const value = [...release.of(formula.key)?.names ?? [formula.key]].some((name) => host.names.has(name));
		return value || complete ? [{
			formula,
			value
		}] : [];
	});
}
/** A key that stands on the host was written there: what it hangs on was true then. */
function evidence(release, has) {
	return release.all.flatMap((key) => {
		const written = any(key.lines.filter(({ mentioned }) => !mentioned).map(({ when }) => when));
		return written.kind === "known" || !has(key) ? [] : [{
			formula: written,
			value: true
		}];
	});
}
function sameFormula(one, other) {
	return JSON.stringify(one) === JSON.stringify(other);
}
function questionsOf(open, decided) {
	return [...new Set(open.map(({ line }) => line.condition ?? ""))].map((condition) => {
		const keys = open.filter(({ line }) => (line.condition ?? "") === condition);
		const own = parseCondition(condition);
		if (decided(own) === void 0) return {
			condition,
			answers: [own.kind === "atom" ? own.text : condition],
			keys
		};
		const atoms = keys.flatMap(({ key }) => atomsOf(key.required)).filter((atom) => atom.key === void 0 && decided(atom) === void 0);
		return {
			condition,
			answers: [...new Set(atoms.map(({ text }) => text))],
			keys
		};
	});
}
// src/gate/config/unknown-names.ts
/**
* Throws `invalid-input` for an alias of a key that the release does not have: a typing error there would be a key that
* seems to be missing. Returns what to say of answers that no condition asks for.
*/
function refuseUnknownNames(release, aliases, answers) {
	const names = release.all.flatMap((key) => key.lines.map(({ name }) => name));
	for (const [alias, name] of aliases) {
		if (names.includes(alias) || names.includes(name)) continue;
		throw new ReleaseError("invalid-input", `config-aliases: the release has no key ${name}.${didYouMean(name, names)}`, { hint: "An alias stands before the key that it serves: OTHER_NAME=NAME." });
	}
	const atoms = new Set(release.all.flatMap(({ lines }) => lines.flatMap(({ when }) => atomsOf(when).map(({ text }) => text))));
	return [...answers.keys()].filter((name) => !atomsOf(parseCondition(name)).some(({ text }) => atoms.has(text))).map((name) => `config-vars answers ${name}, which no template asks.${didYouMean(name, atoms)}`);
}
// src/gate/config/host-names.ts
const longestName = 200;
/**
* Reads names out of an env file, of a list of names, or of a process's environment, byte by byte. A value is never
* kept, not even for a moment: the reader only knows whether it is inside of one, over lines, quotes and escapes.
*/
var NameReader = class {
	#state = "start";
	#quote = 0;
	#name = "";
	#assigned = /* @__PURE__ */ new Set();
	#bare = /* @__PURE__ */ new Set();
	#spaced = /* @__PURE__ */ new Set();
	#line = 1;
	#openedAt = 1;
	push(chunk) {
		for (const byte of chunk) {
			if (byte === newline) this.#line++;
			this.#state = this.#next(byte);
		}
	}
	/** `source` is for people. Throws `config-not-read` where a quote never closes: which names follow it nobody can say. */
	end(source) {
		if (this.#state === "quoted" || this.#state === "quoted-escape") throw new ReleaseError("config-not-read", `A quote opens on line ${this.#openedAt} of ${source} and never closes: the names behind it are not known.`, { hint: "Close it; or, where the file is for docker, which knows no quotes, name a command that prints its names." });
		this.#next(newline);
		return {
			names: this.#assigned.size > 0 ? this.#assigned : this.#bare,
			spaced: this.#spaced
		};
	}
	#next(byte) {
		if (byte === 0) return this.#endOfLine();
		switch (this.#state) {
			case "quoted":
				if (byte === this.#quote) return "closed-quote";
				return byte === backslash && this.#quote !== singleQuote ? "quoted-escape" : "quoted";
			case "quoted-escape": return "quoted";
			case "escape": return byte === carriageReturn ? "escaped-return" : "value";
			case "escaped-return": if (byte === newline) return "value";
		}
		if (byte === newline || byte === carriageReturn) return this.#endOfLine();
		const blank = byte === space || byte === tab;
		switch (this.#state) {
			case "start":
				if (blank || byteOrderMark.includes(byte)) return "start";
				this.#name = "";
				return this.#intoName(byte);
			case "name":
				if (byte === equals) return this.#assign(false);
				return blank ? "behind-name" : this.#intoName(byte);
			case "behind-name":
				if (blank) return "behind-name";
				if (byte === equals) return this.#assign(true);
				if (this.#name === "export") {
					this.#name = "";
					return this.#intoName(byte);
				}
				if (byte === hash) this.#endOfLine();
				return "rest";
			case "before-value":
			case "closed-quote":
				if (quotes.includes(byte)) {
					this.#quote = byte;
					this.#openedAt = this.#line;
					return "quoted";
				}
				if (blank) return this.#state === "before-value" ? "before-value" : "rest";
				return byte === backslash ? "escape" : "value";
			case "value":
			case "escaped-return": return byte === backslash ? "escape" : "value";
			default: return "rest";
		}
	}
	#intoName(byte) {
		const sign = String.fromCharCode(byte);
		if (!(this.#name === "" ? /[A-Za-z_]/.test(sign) : /[\w.-]/.test(sign)) || this.#name.length >= longestName) return "rest";
		this.#name += sign;
		return "name";
	}
	#assign(spaced) {
		this.#assigned.add(this.#name);
		if (spaced) this.#spaced.add(this.#name);
		return "before-value";
	}
	#endOfLine() {
		if (this.#state === "name" || this.#state === "behind-name") this.#bare.add(this.#name);
		this.#name = "";
		return "start";
	}
};
/** The names of several sources together. */
function unionOf(all) {
	return {
		names: new Set(all.flatMap(({ names }) => [...names])),
		spaced: new Set(all.flatMap(({ spaced }) => [...spaced]))
	};
}
const [tab, newline, carriageReturn, space, hash, equals, backslash, singleQuote] = [
	9,
	10,
	13,
	32,
	35,
	61,
	92,
	39
];
const quotes = [
	34,
	singleQuote,
	96
];
const byteOrderMark = [
	239,
	187,
	191
];
// src/commands/stream-command.ts
const longestMs = 6e4;
/** Reads what a command of the team prints, to its end. Nothing of it is shown, on success or on failure: it may hold values. */
async function streamCommand(command, context, take) {
	const late = new AbortController();
	const ended = new AbortController();
	context.clock.sleep(longestMs, ended.signal).then(() => late.abort());
	try {
		const env = plainEnvironment(context.variables);
		const end = await context.streamProgram(command, {
			env,
			signal: AbortSignal.any([context.signal, late.signal])
		}, take);
		if (context.signal.aborted) throw interrupted(void 0);
		if (end.exitCode === 0) return;
		const how = late.signal.aborted ? `was stopped after ${formatDuration(longestMs)}` : `ended with ${end.exitCode ?? end.signal ?? "a signal"}`;
		throw new ReleaseError("config-not-read", `${nameCommand(command)} ${how}: which keys there are is not known.`, { hint: "Run it by hand to see why. Its output is not shown here, since it may hold values." });
	} catch (cause) {
		const code = cause instanceof ReleaseError ? void 0 : systemCode(cause);
		if (code === void 0 || context.signal.aborted) throw cause;
		throw new ReleaseError("command-not-found", `${nameCommand(command)} could not be started (${code}).`, {
			hint: "A command is a program and its arguments, without a shell; it runs in the folder of shiplock.yml.",
			cause
		});
	} finally {
		ended.abort();
	}
}
// src/commands/config-host.ts
/** The names that the host has, from every place that was named. Throws where none was, and where one holds no name. */
async function namesOfHost(given, context) {
	const { "config-have": files = [], "config-have-command": command, "config-have-github": github, "github-token": token } = given;
	if (files.length === 0 && command === void 0 && !github) throw new ReleaseError("invalid-input", "Nothing says which keys the host has.", { hint: "Name a file with config-have, a command that prints the names with config-have-command, or set config-have-github." });
	const found = [];
	for (const file of files) found.push(await read(file, (reader) => context.streamFile(resolve(context.baseDir, file), (chunk) => reader.push(chunk))));
	if (command !== void 0) found.push(await read(`the output of ${nameCommand(command)}`, (reader) => streamCommand(command, context, (chunk) => reader.push(chunk))));
	const onGitHub = github ? await namesOnGitHub(token, context) : void 0;
	if (onGitHub !== void 0) found.push({
		source: "variables and secrets on GitHub",
		names: {
			names: new Set(onGitHub.names),
			spaced: /* @__PURE__ */ new Set()
		}
	});
	return {
		...unionOf(found.map(({ names }) => names)),
		sources: found.map(({ source, names: { names } }) => ({
			source,
			count: names.size
		})),
		unread: onGitHub?.unread ?? []
	};
}
async function read(source, stream) {
	const reader = new NameReader();
	await stream(reader);
	const names = reader.end(source);
	if (names.names.size > 0) return {
		source,
		names
	};
	throw new ReleaseError("config-not-read", `${source} holds no name of a key.`, { hint: "Lines such as NAME=value, or NAME alone, are read. A host that has no key yet gets its first before this check." });
}
async function namesOnGitHub(token, context) {
	if (token !== void 0) return context.namesOnGitHub(token);
	throw new ReleaseError("invalid-input", "config-have-github needs github-token.", { hint: "The GITHUB_TOKEN of a job may not read names of variables and secrets: give a fine-grained token, or one of an app, with the repository permissions \"Environments: read\", \"Variables: read\" and \"Secrets: read\"." });
}
// src/gate/config/key-line.ts
const keyName = /^[A-Za-z_][A-Za-z0-9_]*$/;
// src/gate/config/marks.ts
const noMarks = {
	aliases: [],
	when: []
};
/** The marks in a comment; `undefined` when it holds none. Throws `invalid-template`. */
function marksIn(comment, at) {
	const found = /(?:^|\s)shiplock:(.*)$/.exec(comment)?.[1];
	return found === void 0 ? void 0 : readMarks(found, at);
}
/** `required optional alias=NAME when=NAME`, with blanks or commas between. */
function readMarks(text, at) {
	let marks = noMarks;
	for (const word of text.split(/[\s,]+/).filter(Boolean)) {
		const [kind = "", name] = word.split("=");
		if ((word === "required" || word === "optional") && marks.need === void 0) marks = {
			...marks,
			need: word
		};
		else if (kind === "alias" && isName(name)) marks = {
			...marks,
			aliases: [...marks.aliases, name]
		};
		else if (kind === "when" && isName(name)) marks = {
			...marks,
			when: [...marks.when, name]
		};
		else throw unknownMark(kind, at);
	}
	return marks;
}
function joinMarks(one, other) {
	const need = other.need ?? one.need;
	const aliases = [...one.aliases, ...other.aliases];
	return {
		...need === void 0 ? {} : { need },
		aliases,
		when: [...one.when, ...other.when]
	};
}
function isName(text) {
	return text !== void 0 && keyName.test(text);
}
/** The word itself may be anything, a value too. */
function unknownMark(kind, at) {
	const known = [
		"required",
		"optional",
		"alias",
		"when"
	];
	const problem = known.includes(kind) ? `the mark ${kind} is not written as it should be` : `there is no such mark.${didYouMean(kind, known)}`;
	return new ReleaseError("invalid-template", `${at}: ${problem.replace(/\.$/, "")}.`, {
		hint: "Marks are required, optional, alias=NAME and when=NAME: # shiplock: optional alias=OLD_NAME",
		.../:\d+$/.test(at) ? { at: `${at}:1` } : {}
	});
}
// src/gate/config/pieces.ts
/** A file that no Jinja stands in is one text. Throws `invalid-template`. */
function piecesOf(text, path) {
	if (!isRendered(text, path)) return [{
		kind: "text",
		text,
		line: 1
	}];
	const pieces = [];
	let at = 0;
	let line = 1;
	const add = (kind, inner, end) => {
		if (inner !== "" || kind !== "text") pieces.push({
			kind,
			text: inner,
			line
		});
		line += text.slice(at, end).split("\n").length - 1;
		at = end;
	};
	while (at < text.length) {
		const open = text.slice(at).search(/\{[{%#]/);
		if (open < 0) {
			add("text", text.slice(at), text.length);
			break;
		}
		if (open > 0) add("text", text.slice(at, at + open), at + open);
		const kind = kinds[text[at + 1]];
		const end = endOf(text, at);
		if (end === void 0) throw invalidTemplate(path, line, "a brace of Jinja opens here and never closes.");
		const inner = text.slice(at + 2, end - 2).replace(/^[-+]|[-+]$/g, "").trim();
		if (kind === "statement" && inner === "raw") {
			const close = /\{%[-+]?\s*endraw\s*[-+]?%\}/.exec(text.slice(end));
			if (close === null) throw invalidTemplate(path, line, "raw opens here and never closes.");
			at = end;
			add("text", text.slice(end, end + close.index), end + close.index);
			at += close[0].length;
		} else add(kind, inner, end);
	}
	return pieces;
}
function isRendered(text, path) {
	return /\.(?:j2|jinja2?)$/.test(path) || /\{[{%]/.test(text);
}
function invalidTemplate(path, line, problem) {
	return new ReleaseError("invalid-template", `${path}:${line}: ${problem}`, {
		hint: "Env files and Jinja templates of them are read. Where the keys come from elsewhere, name a command that prints them: config-command.",
		at: `${path}:${line}:1`
	});
}
const kinds = {
	"{": "value",
	"%": "statement",
	"#": "comment"
};
/** Behind the braces that close; those in a string do not. */
function endOf(text, start) {
	const close = {
		"{": "}}",
		"%": "%}",
		"#": "#}"
	}[text[start + 1]];
	let quote;
	for (let at = start + 2; at < text.length; at++) {
		const sign = text[at];
		if (quote !== void 0) {
			if (sign === "\\") at++;
			else if (sign === quote) quote = void 0;
		} else if (text.startsWith(close, at)) return at + 2;
		else if (close !== "#}" && (sign === "'" || sign === "\"")) quote = sign;
	}
}
/** What is between these is not part of the output. */
const silent = {
	macro: "endmacro",
	set: "endset",
	call: "endcall"
};
/** The lines of a template, each with the condition that it stands under. Throws `invalid-template`. */
function templateLines(text, path) {
	const lines = [];
	const settled = [];
	const includes = [];
	const branches = [];
	let ending;
	let open;
	for (const { kind, text: inner, line } of piecesOf(text, path)) if (ending !== void 0) {
		if (kind === "statement" && inner === ending) ending = void 0;
	} else if (kind === "text") takeText(inner, line);
	else if (kind === "value") takeValue(inner, line);
	else if (kind === "comment") lineAt(line).comments.push(inner);
	else takeStatement(inner, line);
	if (open !== void 0) flush();
	const [left] = branches;
	if (left !== void 0) throw invalidTemplate(path, left.line, `${left.kind} opens here and never ends.`);
	return {
		lines,
		settled,
		includes
	};
	function takeText(inner, line) {
		for (const [index, part] of inner.split(/\r?\n/).entries()) {
			if (index > 0) {
				lineAt(line + index - 1);
				flush();
			}
			const current = lineAt(line + index);
			if (part.trim() !== "") begin(current, line + index);
			current.text += part;
		}
	}
	function takeValue(inner, line) {
		if (/^(?:if\b|(?:range|with|define|template)\s+[.$"]|(?:else|end)$)/.test(inner)) throw invalidTemplate(path, line, "this is a template of another language than Jinja.");
		const current = lineAt(line);
		begin(current, line);
		current.text += "";
		current.values.push(inner);
	}
	function takeStatement(inner, line) {
		const [word = ""] = inner.split(/\s/);
		const rest = inner.slice(word.length).trim();
		lineAt(line).hasStatement = true;
		const ends = [
			"elif",
			"else",
			"endif",
			"endfor"
		].includes(word);
		if (ends && open?.start !== void 0 && open.start.depth >= branches.length) flush();
		if (word === "if") branches.push({
			kind: "if",
			line,
			before: [],
			written: [],
			when: parseCondition(rest),
			condition: rest
		});
		else if (word === "for") branches.push({
			kind: "for",
			line,
			before: [],
			written: [],
			...loop(rest)
		});
		else if (ends) leave(word, rest, line);
		else if (word === "set" && rest.includes("=")) settle(rest);
		else if (["include", "extends"].includes(word)) includes.push({
			name: tokensOf(rest).find((one) => one.kind === "string")?.text,
			line
		});
		else if (silent[word] !== void 0) ending = silent[word];
	}
	function leave(word, rest, line) {
		const last = branches.pop();
		if (last === void 0 || word === "endfor" !== (last.kind === "for" && word !== "else")) throw invalidTemplate(path, line, `${word} stands here without its beginning.`);
		const next = {
			...last,
			before: [...last.before, last.when],
			written: [...last.written, last.condition]
		};
		const none = not(any(next.before));
		if (word === "elif") branches.push({
			...next,
			when: all([none, parseCondition(rest)]),
			condition: rest
		});
		if (word === "else") branches.push({
			...next,
			when: none,
			condition: `not (${next.written.join(" or ")})`
		});
	}
	/** A flag that is set whatever else holds. */
	function settle(rest) {
		const [, name, value] = /^(\w+)\s*=\s*(true|false)$/i.exec(rest) ?? [];
		if (name !== void 0 && value !== void 0 && branches.length === 0) settled.push({
			name,
			value: /true/i.test(value)
		});
	}
	function lineAt(line) {
		open ??= {
			text: "",
			line,
			values: [],
			comments: [],
			start: void 0,
			hasStatement: false
		};
		return open;
	}
	function begin(current, line) {
		if (current.start !== void 0) return;
		const condition = branches.map((one) => one.condition).join(" and ") || void 0;
		current.start = {
			when: all(branches.map(({ when }) => when)),
			condition,
			depth: branches.length
		};
		current.line = line;
	}
	function flush() {
		const { text: whole, line, values, comments, start, hasStatement } = open;
		lines.push({
			text: whole,
			line,
			values,
			comments,
			when: start?.when ?? always,
			condition: start?.condition,
			hasStatement
		});
		open = void 0;
	}
}
/** A loop over nothing writes nothing. */
function loop(rest) {
	const items = rest.slice(rest.search(/\bin\b/) + 2).replace(/\brecursive$/, "").trim();
	const tokens = tokensOf(items);
	if (tokens[0]?.text === "[" && tokens.at(-1)?.text === "]") return {
		when: tokens.length > 2 ? always : not(always),
		condition: items
	};
	const condition = `${items} is not empty`;
	return {
		when: parseCondition(condition),
		condition
	};
}
// src/gate/config/template.ts
/**
* The keys of an env template, with or without Jinja. Values are looked at for one thing: whether a line brings one of
* its own. Throws `invalid-template`.
*/
function readTemplate(path, text) {
	const template = templateLines(text.replace(/^\uFEFF/, ""), path);
	const rendered = isRendered(text, path);
	const keys = [];
	const patterns = [];
	const notes = [];
	let above = nothing;
	for (let index = 0; index < template.lines.length; index++) {
		const line = template.lines[index];
		const at = `${path}:${line.line}`;
		const own = commentsOf(line, at);
		const assignment = /^\s*(?:export\s+)?([A-Za-z_\u{F8FF}][\w.\u{F8FF}]*)[ \t]*=(.*)$/su.exec(line.text);
		const mention = mentioned.exec(line.text);
		if (assignment !== null) {
			const [, name = "", value = ""] = assignment;
			const marks = joinMarks(above.marks, own.marks);
			const trailing = /(?:^|\s)#\s?(.*)$/.exec(unquoted(value))?.[1] ?? "";
			const behind = marksIn(trailing, at);
			if (name.includes("")) patterns.push(patternOf(name));
			else {
				const need = isOptional(above.words, trailing, value) || rendered && bringsDefault(line, name) ? "optional" : "required";
				keys.push(keyLine({
					name,
					need,
					marks: behind === void 0 ? marks : joinMarks(marks, behind),
					comment: above.words,
					line,
					path
				}));
			}
			index = lastLineOf(template.lines, index, value);
			above = nothing;
		} else if (mention !== null) {
			keys.push({
				...keyLine({
					name: mention[1],
					need: "optional",
					marks: above.marks,
					comment: above.words,
					line,
					path
				}),
				mentioned: true
			});
			above = nothing;
		} else if (/^\s*#/.test(line.text) || line.text.trim() === "" && line.comments.length > 0) above = {
			marks: joinMarks(above.marks, own.marks),
			words: [...above.words, ...own.words]
		};
		else {
			above = nothing;
			if (line.values.length > 0) notes.push(`${at} writes lines that only a rendering shows.`);
		}
	}
	const unreadFiles = template.includes.map(({ name, line }) => name ?? `the file that ${path}:${line} includes`);
	return {
		lines: keys,
		patterns,
		settled: template.settled,
		notes,
		unreadFiles
	};
}
const nothing = {
	marks: noMarks,
	words: []
};
/** A key that is commented out, and not a sentence about one. */
const mentioned = /^\s*#\s?(?:export\s+)?([A-Z_][A-Z0-9_]*)=(?:\S*|"[^"]*"|'[^']*')(?:\s+#.*)?\s*$/;
function commentsOf({ text, comments }, at) {
	const all = [...comments, .../^\s*#/.test(text) ? [text.replace(/^\s*#+\s?/, "")] : []].flatMap((one) => one.split("\n"));
	let found = nothing;
	for (const one of all.map((text) => text.trim())) {
		const marks = marksIn(one, at);
		if (marks !== void 0) found = {
			...found,
			marks: joinMarks(found.marks, marks)
		};
		else if (one !== "" && !/^(?:export\s+)?[A-Za-z_]\w*\s*=/.test(one)) found = {
			...found,
			words: [...found.words, withoutValues(one)]
		};
	}
	return found;
}
/** A sentence may show an assignment, with a value that goes to its end. */
function withoutValues(text) {
	return text.replace(/\b([A-Z_][A-Z0-9_]*)\s*=.*$/, "$1=…");
}
function keyLine({ name, need, marks, comment, line, path }) {
	const condition = [line.condition, ...marks.when.map((key) => `the host has ${key}`)].filter(Boolean).join(" and ") || void 0;
	const when = all([line.when, ...marks.when.map(hasKey)]);
	return {
		name,
		need: marks.need ?? need,
		when,
		condition,
		aliases: marks.aliases,
		path,
		line: line.line,
		comment
	};
}
function hasKey(key) {
	return {
		kind: "atom",
		text: `the host has ${key}`,
		key
	};
}
/** A value that nobody has to give: each part of it that is filled in has a default. */
function bringsDefault({ values, text }, name) {
	const inValue = values.slice(text.slice(0, text.indexOf(name) + name.length).split("").length - 1);
	return inValue.length > 0 && inValue.every(hasDefault);
}
function isOptional(above, trailing, value) {
	const isEmpty = /^\s*(?:""|''|)\s*(?:#.*)?$/.test(value);
	const says = (text) => /\boptional\b/i.test(text) && !/\b(?:not|no longer|never|isn't) optional\b/i.test(text);
	if (says(trailing)) return true;
	return above.some((line) => says(line) && (isEmpty || /^\W*optional\b|\(optional\)|\boptional\W*$/i.test(line)));
}
/** What follows a value that stands in quotes, else the whole. */
function unquoted(value) {
	return value.replace(/^\s*(?:"(?:\\.|[^"\\])*"|'[^']*')/, "");
}
/** Where the value ends that begins on a line: a quote may close on a later one. */
function lastLineOf(lines, first, value) {
	const quote = /^\s*(["'`])/.exec(value)?.[1];
	if (quote === void 0 || closes(value.trimStart().slice(1), quote)) return first;
	for (let index = first + 1; index < lines.length; index++) if (closes(lines[index].text, quote)) return index;
	return first;
}
function closes(text, quote) {
	return (quote === "'" ? text : text.replace(/\\./g, "")).includes(quote);
}
function patternOf(name) {
	return new RegExp(`^${name.replaceAll(".", "\\.").replaceAll("", ".+")}$`);
}
// src/gate/config/printed-keys.ts
/** The keys that the application prints: one name a line, with marks behind it. Throws `config-not-read`, without the text. */
function readPrintedKeys(text) {
	const lines = [];
	for (const [index, raw] of text.split(/\r?\n/).entries()) {
		const [, name = "", rest = ""] = /^(\S+)(?:\s+(.*))?$/.exec(raw.trim()) ?? [];
		if (name === "" || name.startsWith("#")) continue;
		const line = index + 1;
		if (!keyName.test(name)) {
			const what = name.includes("=") ? "has a value behind the name" : "is no name of a key";
			throw new ReleaseError("config-not-read", `Line ${line} of what config-command prints ${what}.`, { hint: "It must print one name a line, and behind it only marks: NAME optional. The text is not shown, since it may hold a value." });
		}
		const { need = "required", aliases, when } = readMarks(rest, `line ${line} of what config-command prints`);
		const condition = when.length === 0 ? void 0 : when.map((key) => `the host has ${key}`).join(" and ");
		lines.push({
			name,
			need,
			when: all(when.map(hasKey)),
			condition,
			aliases,
			path: void 0,
			line,
			comment: []
		});
	}
	if (lines.length === 0) throw new ReleaseError("config-not-read", "config-command printed no name.", { hint: "It must print the names of the keys, one a line, on standard output." });
	return {
		lines,
		patterns: [],
		settled: [],
		notes: [],
		unreadFiles: []
	};
}
// src/commands/config-release.ts
/** What the checkout says about the keys that it needs. Throws where it says nothing. */
async function contractsOfRelease(given, context) {
	const { "config-template": globs, "config-command": command } = given;
	if (globs === void 0 && command === void 0) throw new ReleaseError("invalid-input", "Nothing says which keys the release needs.", { hint: "Name an env template with config-template, such as .env.example, or with config-command a command that prints the names." });
	const contracts = (globs === void 0 ? [] : await templatesOfCheckout(globs, context)).map(({ path, text }) => readTemplate(path, text));
	if (command === void 0) return contracts;
	let printed = "";
	const decoder = new TextDecoder();
	await streamCommand(command, context, (chunk) => {
		printed += decoder.decode(chunk, { stream: true });
	});
	context.log.info(`${nameCommand(command)} has printed the keys of the release`);
	return [...contracts, readPrintedKeys(printed)];
}
/** What another commit said about its keys, as far as templates do; a template that it does not have says nothing. */
async function contractsAt(commit, globs, context) {
	return (await context.gitFiles(commit, (0, import_picomatch.default)(paths(globs, context), { dot: true }))).map(({ path, bytes }) => readTemplate(path, new TextDecoder().decode(bytes)));
}
async function templatesOfCheckout(globs, context) {
	const found = /* @__PURE__ */ new Map();
	for (const glob of paths(globs, context)) {
		const named = import_picomatch.default.scan(glob).isGlob ? await tracked(glob, context) : [glob];
		const texts = await Promise.all(named.map((path) => context.readText(join$1(context.baseDir, path))));
		const here = named.flatMap((path, index) => texts[index] === void 0 ? [] : [[path, texts[index]]]);
		if (here.length === 0) throw new ReleaseError("unreadable-file", `config-template finds no file: ${glob}.`, { hint: "Paths count from the folder of shiplock.yml; a glob finds files that git knows." });
		for (const [path, text] of here) found.set(path, text);
	}
	return [...found].map(([path, text]) => ({
		path,
		text
	}));
}
/** As git names them. */
function paths(globs, { baseDir }) {
	return globs.map((glob) => relative(baseDir, resolve(baseDir, glob)));
}
async function tracked(glob, context) {
	const matches = (0, import_picomatch.default)(glob, { dot: true });
	return (await context.trackedPaths()).filter((path) => matches(path));
}
// src/commands/config-check.ts
var config_check_default = defineCommand({
	summary: "Compare the configuration keys that a release requires with those that a host has; names only, never values.",
	inputs: [
		"environment",
		"config-template",
		"config-command",
		"config-base",
		"config-have",
		"config-have-command",
		"config-have-github",
		"config-aliases",
		"config-vars",
		"config-ignore",
		"github-token"
	],
	outputs: {
		missing: "How many required keys the host lacks.",
		undecided: "How many conditions nobody decided.",
		"near-misses": "How many names on the host look misspelt."
	},
	async run(inputs, context) {
		const aliases = inputs["config-aliases"] ?? /* @__PURE__ */ new Map();
		const given = inputs["config-vars"] ?? /* @__PURE__ */ new Map();
		const contracts = await contractsOfRelease(inputs, context);
		const release = keysOf(contracts, aliases);
		const notes = refuseUnknownNames(release, aliases, given);
		const live = await liveContracts(inputs, context);
		const notCompared = inputs["config-base"] !== void 0 && inputs["config-command"] !== void 0 ? [printedAtCheckout] : [];
		const { sources, unread, ...host } = await namesOfHost(inputs, context);
		const isIgnored = (0, import_picomatch.default)([...inputs["config-ignore"] ?? []]);
		const settled = contracts.flatMap((one) => one.settled.filter(({ name }) => !given.has(name)));
		const answers = [...[...given].map(([name, value]) => ({
			name,
			value
		})), ...settled];
		const judgement = judgeKeys({
			release,
			live: live === void 0 ? void 0 : keysOf(live.contracts, aliases),
			host,
			complete: unread.length === 0,
			answers,
			isIgnored
		});
		const named = new Set(contracts.flatMap(({ lines }) => lines.map(({ path }) => path?.split("/").at(-1))));
		const unreadFiles = contracts.flatMap((one) => one.unreadFiles).filter((file) => !named.has(file.split("/").at(-1)));
		const { error, ...conclusion } = conclude({
			judgement,
			environment: inputs.environment,
			unread,
			unreadFiles
		});
		const annotations = annotationsOfKeys(judgement, unread.length === 0, await context.folderInRepository());
		return {
			...conclusion,
			...error === void 0 ? {} : { error },
			outputs: {
				missing: judgement.missing.length,
				undecided: judgement.questions.length,
				"near-misses": judgement.nearMisses.length
			},
			details: {
				base: live?.commit,
				sources,
				...detailsOf(judgement),
				notes: [
					...notes,
					...notCompared,
					...contracts.flatMap((one) => one.notes)
				]
			},
			annotations: asManyAsShown(annotations)
		};
	}
});
const printedAtCheckout = "config-command runs at the checkout only: each key that it prints counts as newly required.";
/** The contracts of the release that is live, where one was named. Throws `unknown-config-base`. */
async function liveContracts({ "config-base": base, "config-template": globs }, context) {
	if (base === void 0 || globs === void 0) return void 0;
	const commit = await context.gitCommit(base);
	if (commit !== void 0) return {
		commit,
		contracts: await contractsAt(commit, globs, context)
	};
	throw new ReleaseError("unknown-config-base", `git knows no tag and no commit ${JSON.stringify(base)} here, which config-base names.`, { hint: "Check its spelling. In the workflow set fetch-depth: 0 and fetch-tags: true for actions/checkout; by hand: git fetch --tags." });
}
export { config_check_default as default };
