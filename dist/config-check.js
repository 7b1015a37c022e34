import { r as __toESM } from "./rolldown-runtime.js";
import { t as require_picomatch } from "./picomatch.js";
import { Jt as plural, m as didYouMean, un as ReleaseError, xt as nameCommand } from "./start.js";
import { i as parseCondition, n as contractsOfRelease, r as streamCommand, t as contractsAt } from "./config-release.js";
import { a as decide, i as atomsOf, r as any } from "./formula.js";
import { n as squashed, t as keysOf } from "./keys.js";
import { n as asManyAsShown } from "./annotations.js";
import { t as defineCommand } from "./command.js";
import { resolve } from "node:path";
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
			...describe(one),
			new: one.isNew
		})),
		questions: questions.map(({ condition, answers, keys }) => ({
			condition,
			answers,
			keys: keys.map(describe)
		})),
		takenAsOff: takenAsOff.map(describe),
		unused,
		nearMisses,
		paste: pasteBlock(missing.map(({ key, line }) => ({
			name: key.name,
			comment: line.comment
		})))
	};
}
function describe({ key, line }) {
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
		if (isUnconfigured(inputs)) return nothingToCompare;
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
/** The workflows that teams copy name this command, also where nobody has described a contract. */
function isUnconfigured(inputs) {
	return [
		"config-template",
		"config-command",
		"config-base",
		"config-have",
		"config-have-command"
	].every((name) => inputs[name] === void 0) && !inputs["config-have-github"];
}
const nothingToCompare = {
	verdict: "pass",
	reason: "No contract of configuration keys is described: nothing was checked.",
	checks: [{
		id: "required-keys",
		status: "not-checked",
		message: "nothing says which keys the release needs"
	}],
	outputs: {
		missing: "",
		undecided: "",
		"near-misses": ""
	},
	details: {
		unconfigured: true,
		notes: ["To have keys compared, say in shiplock.yml which a release needs and which the host has: config-contract: { template: .env.example, have: deploy/host-keys.txt }. docs/config-check.md has more ways."]
	}
};
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
