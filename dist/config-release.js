import { r as __toESM } from "./rolldown-runtime.js";
import { t as require_picomatch } from "./picomatch.js";
import { U as interrupted, Wt as formatDuration, m as didYouMean, pn as systemCode, un as ReleaseError, xt as nameCommand } from "./start.js";
import { n as always, o as not, r as any, t as all } from "./formula.js";
import { st as plainEnvironment } from "./migrations.js";
import { join, relative, resolve } from "node:path";
// src/gate/config/expression.ts
var import_picomatch = /* @__PURE__ */ __toESM(require_picomatch(), 1);
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
	return equals(variable, literal);
}
function equals(variable, literal) {
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
	return any(right.list.map((one) => equals(variable, one)));
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
		const texts = await Promise.all(named.map((path) => context.readText(join(context.baseDir, path))));
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
export { parseCondition as i, contractsOfRelease as n, streamCommand as r, contractsAt as t };
