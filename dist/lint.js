import { r as __toESM } from "./rolldown-runtime.js";
import { r as messageOf, t as ReleaseError } from "./errors.js";
import { c as hideLiterals, f as severities, i as mayBootFile, n as rules, s as lint, t as require_picomatch } from "./picomatch.js";
import { t as refuseForeignDatabase } from "./event.js";
import { s as plural } from "./units.js";
import { a as boolean, c as int, d as number, f as object, g as string, i as array, r as _enum, u as looseObject, v as union } from "./schemas.js";
import { t as didYouMean } from "./nearest.js";
import { t as version } from "./version.js";
import { t as defineCommand } from "./command.js";
import { o as databaseInputNames, s as databaseInputs } from "./drill-record.js";
import { a as readEachMigration } from "./migration-state.js";
import { t as ConversationError } from "./conversation.js";
import { a as md, n as codeBlock, o as table, r as folded, s as withinBudget, t as code } from "./markdown.js";
import { n as visible } from "./visible-text.js";
import { n as resolveInputs, t as loadConfig } from "./load.js";
import { a as traitsOf, t as configPathOf } from "./inputs.js";
import { t as _usingCtx } from "./usingCtx.js";
import { createHash } from "node:crypto";
import { dirname, join, relative, resolve } from "node:path";
// src/lint/publish/annotations.ts
/** GitHub shows ten of each kind for a step and drops the rest; the verdict is one of the errors. */
const mostShown = {
	error: 9,
	warning: 10,
	notice: 10
};
const longestMessage = 1e3;
/** The gravest first; what does not fit is counted in the last of its kind. */
function annotationsOf(findings, settings, place) {
	const all = [...settingAnnotations(settings, place), ...findings.map((finding) => annotationOf(finding, place.folder))];
	return [
		"error",
		"warning",
		"notice"
	].flatMap((severity) => {
		const these = all.filter((one) => one.severity === severity);
		if (these.length <= mostShown[severity]) return these;
		const shown = these.slice(0, mostShown[severity] - 1);
		const rest = plural(these.length - shown.length, `more ${severity}`);
		return [...shown, {
			severity,
			title: rest,
			message: `${rest}: the job summary and the JSON result hold all of them.`
		}];
	});
}
function annotationOf({ rule, severity, path, start, end, message, remedy }, folder) {
	const oneLine = end.line === start.line && end.column > start.column;
	return {
		severity: severity === "advice" ? "notice" : severity,
		path: folder + path,
		startLine: start.line,
		endLine: end.line,
		...oneLine ? {
			startColumn: start.column,
			endColumn: end.column
		} : {},
		title: rule,
		message: clip$1(`${message}\n${remedy}`)
	};
}
function settingAnnotations(settings, { folder, configFile }) {
	if (settings.length === 0) return [];
	const message = clip$1(`This changes ${settings.map(({ name }) => name).join(", ")}. Until it is merged the settings of the base count.`);
	return [{
		severity: "notice",
		...configFile === void 0 ? {} : { path: folder + configFile },
		title: "config-changed",
		message
	}];
}
function clip$1(text) {
	return text.length <= longestMessage ? text : `${text.slice(0, 998)} …`;
}
// src/lint/publish/counted.ts
const nouns = {
	error: "error",
	warning: "warning",
	advice: "piece of advice"
};
/** How many of each severity, such as `2 errors and 1 warning`. */
function countFindings(findings) {
	const parts = severities.flatMap((severity) => {
		const count = findings.filter((one) => one.severity === severity).length;
		if (count === 0) return [];
		return [severity === "advice" && count > 1 ? `${count} pieces of advice` : plural(count, nouns[severity])];
	});
	if (parts.length === 0) return "no findings";
	return parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
/** What was found, in one sentence. */
function summarize(findings, checked) {
	if (checked === 0) return findings.length === 0 ? "There is no new migration." : `${countFindings(findings)}, and no new migration.`;
	if (findings.length === 0) return `${plural(checked, "new migration")}, no findings.`;
	const files = new Set(findings.map(({ path }) => path)).size;
	const unread = unreadFiles(findings);
	const read = checked - unread;
	const rest = unread === 0 ? "" : `, ${unread} could not be read`;
	return `${countFindings(findings)} in ${plural(files, "file")}; ${plural(read, "new migration")} ${read === 1 ? "was" : "were"} checked${rest}.`;
}
/** New files of which the parser made nothing: no finding in them proves nothing. */
function unreadFiles(findings) {
	return new Set(findings.filter(({ rule }) => rule === "not-parsed").map(({ path }) => path)).size;
}
// src/lint/publish/details.ts
const position = object({
	offset: int(),
	line: int(),
	column: int()
});
/** A finding as it stands in the JSON result. */
const findingSchema = object({
	rule: string(),
	severity: _enum([
		"error",
		"warning",
		"advice"
	]),
	/** Below the folder of `shiplock.yml`. */
	path: string(),
	phase: _enum(["pre", "post"]).optional(),
	start: position,
	/** Behind the last character. */
	end: position,
	message: string(),
	harm: string(),
	remedy: string(),
	instead: array(object({
		phase: _enum(["pre", "post"]),
		transactional: boolean(),
		sql: string(),
		note: string().optional()
	})),
	replacement: string().optional(),
	statement: string().optional(),
	/** The first line, to be shown with a mark below: `from` and `width` count characters. */
	source: object({
		text: string(),
		from: int(),
		width: int()
	}).optional(),
	/** The same for the same statement, wherever it stands in the file. */
	fingerprint: string()
});
/** A setting that the changes under review would change. */
const settingSchema = object({
	name: string(),
	base: string().optional(),
	proposed: string().optional()
});
object({
	base: string().optional(),
	head: string().optional(),
	/** How many new migrations were checked, and how many older ones were not. */
	checked: int(),
	older: int(),
	findings: array(findingSchema),
	suppressed: array(object({
		rule: string(),
		path: string(),
		line: int(),
		reason: string()
	})),
	settings: array(settingSchema),
	notes: array(string())
});
/** Longer lines are not shown whole. */
const longestLine = 160;
/** Findings with the line that they are about, and a fingerprint each. `textOf` gives the text of a file, where it is known. */
function describeFindings(findings, textOf, hash) {
	const seen = /* @__PURE__ */ new Map();
	return findings.map((finding) => {
		const key = JSON.stringify([
			finding.rule,
			finding.path,
			(finding.statement ?? finding.message).replace(/\s+/g, " ")
		]);
		const number = (seen.get(key) ?? 0) + 1;
		seen.set(key, number);
		const { instead, ...rest } = finding;
		return {
			...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== void 0)),
			instead: instead.map((one) => ({ ...one })),
			source: sourceOf(finding, textOf(finding.path)),
			fingerprint: hash(`${key}${number}`).slice(0, 32)
		};
	});
}
function sourceOf({ start, end }, text) {
	const line = text?.split("\n")[start.line - 1]?.replace(/\r$/, "");
	if (line === void 0 || line.trim() === "") return void 0;
	const signs = [...line];
	const last = end.line === start.line ? end.column - 1 : signs.length;
	const from = start.column - 1;
	return {
		text: signs.slice(0, longestLine).join(""),
		from,
		width: Math.max(1, last - from)
	};
}
// src/lint/publish/url-path.ts
/** A path for a URL: nothing in it can end the link that it stands in, and a name that is no Unicode text does no harm. */
function urlPath(path) {
	return path.split("/").map(urlPart).join("/");
}
/** One name of a path. */
function urlPart(name) {
	const text = Buffer.from(name, "utf8").toString("utf8");
	return encodeURIComponent(text).replace(/[()'*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
// src/lint/publish/sarif.ts
/** GitHub keeps no more of one file. */
const mostResults = 5e3;
const levels = {
	error: "error",
	warning: "warning",
	advice: "note"
};
/** The findings as SARIF 2.1.0, the gravest first, for code scanning. Columns count characters. */
function sarifOf(input) {
	const { version, project, rules, findings, suppressed, settings, folder, configFile } = input;
	const results = [...findings.map((finding) => ({
		finding,
		suppressions: []
	})), ...suppressed.map(({ finding, reason }) => ({
		finding,
		suppressions: [{
			kind: "inSource",
			justification: reason
		}]
	}))].slice(0, mostResults);
	const used = new Set(results.map(({ finding }) => finding.rule));
	const described = rules.filter(({ name }) => used.has(name));
	const names = [...described.map(({ name }) => name), ...[...used].filter((name) => !described.some((rule) => rule.name === name))];
	const notices = settings.map(({ name, base, proposed }) => ({
		descriptor: { id: "config-changed" },
		level: "note",
		message: { text: `${name}: ${base ?? "not set"} counts until ${proposed ?? "not set"} is merged.` },
		...configFile === void 0 ? {} : { locations: [{ physicalLocation: { artifactLocation: locationOf(folder + configFile) } }] }
	}));
	const log = {
		$schema: "https://json.schemastore.org/sarif-2.1.0.json",
		version: "2.1.0",
		runs: [{
			tool: { driver: {
				name: "Shiplock",
				semanticVersion: version,
				rules: names.map((name) => describe(name, rules))
			} },
			automationDetails: { id: `shiplock-lint/${project}/` },
			columnKind: "unicodeCodePoints",
			invocations: [{
				executionSuccessful: true,
				toolConfigurationNotifications: notices
			}],
			originalUriBaseIds: { "%SRCROOT%": { description: { text: "The root of the repository." } } },
			results: results.map(({ finding, suppressions }) => resultOf(finding, suppressions, names, folder))
		}]
	};
	return `${JSON.stringify(log, void 0, 2)}\n`;
}
function describe(name, rules) {
	const rule = rules.find((one) => one.name === name);
	if (rule === void 0) return { id: name };
	const text = `${rule.problem} ${rule.remedy}\n\n${rule.because}`;
	return {
		id: name,
		shortDescription: { text: rule.problem },
		fullDescription: { text: rule.because },
		help: {
			text,
			markdown: text
		},
		defaultConfiguration: { level: levels[rule.severity] },
		properties: { tags: ["postgresql", rule.group] }
	};
}
function resultOf(finding, suppressions, names, folder) {
	const { rule, severity, path, start, end, message, harm, remedy, fingerprint } = finding;
	return {
		ruleId: rule,
		ruleIndex: names.indexOf(rule),
		level: levels[severity],
		message: { text: `${message} ${harm === message ? "" : `${harm} `}${remedy}` },
		locations: [{ physicalLocation: {
			artifactLocation: locationOf(folder + path),
			region: {
				startLine: start.line,
				startColumn: start.column,
				endLine: end.line,
				endColumn: end.column
			}
		} }],
		partialFingerprints: {
			primaryLocationLineHash: `${fingerprint}:1`,
			"shiplock/v1": fingerprint
		},
		...suppressions.length === 0 ? {} : { suppressions }
	};
}
function locationOf(path) {
	return {
		uri: urlPath(path),
		uriBaseId: "%SRCROOT%"
	};
}
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
// node_modules/smol-toml/dist/error.js
var import_picomatch = /* @__PURE__ */ __toESM(require_picomatch(), 1);
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function getLineColFromPtr(string, ptr) {
	let lines = string.slice(0, ptr).split(/\r?\n/);
	return [lines.length, lines.pop().length + 1];
}
function makeCodeBlock(string, line, column) {
	let lines = string.split(/\r?\n/);
	let codeblock = "";
	let numberLen = (Math.log10(line + 1) | 0) + 1;
	for (let i = line - 1; i <= line + 1; i++) {
		let l = lines[i - 1];
		if (!l) continue;
		codeblock += i.toString().padEnd(numberLen, " ");
		codeblock += ":  ";
		codeblock += l;
		codeblock += "\n";
		if (i === line) {
			codeblock += " ".repeat(numberLen + column + 2);
			codeblock += "^\n";
		}
	}
	return codeblock;
}
var TomlError = class TomlError extends Error {
	line;
	column;
	codeblock;
	constructor(message, options) {
		const [line, column] = getLineColFromPtr(options.toml, options.ptr);
		const codeblock = makeCodeBlock(options.toml, line, column);
		super(`Invalid TOML document: ${message}\n\n${codeblock}`, options);
		this.line = line;
		this.column = column;
		this.codeblock = codeblock;
	}
	/** @internal */
	static x(message, ctx, ptr) {
		throw new TomlError(message, {
			toml: ctx.s,
			ptr: ptr ?? ctx.p
		});
	}
};
// node_modules/smol-toml/dist/primitive.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
/** @internal */
function parseString(ctx) {
	let startPtr = ctx.p;
	let c = ctx.s.charCodeAt(ctx.p++);
	let first = c;
	let isLiteral = c === 39;
	let isMultiline = c === ctx.s.charCodeAt(ctx.p) && c === ctx.s.charCodeAt(ctx.p + 1);
	if (isMultiline) {
		if ((c = ctx.s.charCodeAt(ctx.p += 2)) === 10) ctx.p++;
		else if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10) ctx.p += 2;
	}
	let parsed = "";
	let sliceStart = ctx.p;
	let state = 0;
	for (; ctx.p < ctx.s.length; ctx.p++) {
		c = ctx.s.charCodeAt(ctx.p);
		if (isMultiline && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10)) state = state && 3;
		else if (c < 32 && c !== 9 || c === 127) TomlError.x("control characters are not allowed in strings", ctx);
		else if ((!state || state === 3) && c === first && (!isMultiline || ctx.s.charCodeAt(ctx.p + 1) === first && ctx.s.charCodeAt(ctx.p + 2) === first)) {
			if (isMultiline) {
				if (ctx.s.charCodeAt(ctx.p + 3) === first) ctx.p++;
				if (ctx.s.charCodeAt(ctx.p + 3) === first) ctx.p++;
			}
			if (!state) {
				let s = ctx.s.slice(sliceStart, ctx.p);
				parsed = parsed ? parsed + s : s;
			}
			ctx.p += isMultiline ? 3 : 1;
			return parsed;
		} else if (!state) {
			if (!isLiteral && c === 92) {
				parsed += ctx.s.slice(sliceStart, sliceStart = ctx.p);
				state = 1;
			}
		} else if (state === 1) {
			if (c === 120 || c === 117 || c === 85) {
				let errPtr = ctx.p++ - 1;
				let value = 0;
				let len = c === 120 ? 2 : c === 117 ? 4 : 8;
				for (let j = 0; j < len; j++, ctx.p++) {
					let hex = ctx.s.charCodeAt(ctx.p);
					let digit = hex >= 48 && hex <= 57 ? hex - 48 : hex >= 65 && hex <= 70 ? hex - 65 + 10 : hex >= 97 && hex <= 102 ? hex - 97 + 10 : -1;
					if (digit < 0) TomlError.x("invalid non-hex character in unicode escape", ctx);
					value = value << 4 | digit;
				}
				if (value < 0 || value > 1114111 || value >= 55296 && value <= 57343) TomlError.x("invalid unicode escape", ctx, errPtr);
				parsed += String.fromCodePoint(value);
				sliceStart = ctx.p--;
				state = 0;
			} else if (isMultiline && (c === 32 || c === 9)) state = 2;
			else {
				if (c === 98) parsed += "\b";
				else if (c === 116) parsed += "	";
				else if (c === 110) parsed += "\n";
				else if (c === 102) parsed += "\f";
				else if (c === 114) parsed += "\r";
				else if (c === 101) parsed += "\x1B";
				else if (c === 34) parsed += "\"";
				else if (c === 92) parsed += "\\";
				else TomlError.x("unrecognised escape sequence", ctx);
				sliceStart = ctx.p + 1;
				state = 0;
			}
		} else if (c !== 32 && c !== 9) {
			if (state === 2) TomlError.x("invalid escape: only line-ending whitespace may be escaped", ctx, sliceStart);
			state = !isLiteral && c === 92 ? 1 : 0;
			sliceStart = ctx.p;
		}
	}
	TomlError.x("unfinished string", ctx, startPtr);
}
// node_modules/smol-toml/dist/date.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
let DATE_TIME_RE = /^(\d{4}-\d{2}-\d{2})?[Tt ]?(?:(\d{2}):\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|z|[-+]\d{2}:\d{2})?$/i;
var TomlDate = class TomlDate extends Date {
	#hasDate = false;
	#hasTime = false;
	#offset = null;
	constructor(date, fasttype, unsafeDelim) {
		let hasDate = true;
		let hasTime = true;
		let offset = "Z";
		let c;
		if (typeof date === "string") {
			if (fasttype) prep: {
				if (fasttype < 3) {
					if (+date.slice(11, 13) > 23) {
						date = "";
						break prep;
					}
					if (fasttype === 2) {
						offset = null;
						date += "Z";
					} else if ((c = date.charCodeAt(date.length - 1)) !== 90 && c !== 122) offset = date.slice(date.length - 6);
					if (unsafeDelim) date = date.slice(0, 10) + "T" + date.slice(11);
				} else if (fasttype === 4) date = +date.slice(0, 2) > 23 ? "" : `0000-01-01T${date}Z`;
				hasDate = fasttype !== 4;
				hasTime = fasttype !== 3;
			}
			else {
				let match = date.match(DATE_TIME_RE);
				if (match) {
					if (!match[1]) {
						hasDate = false;
						date = `0000-01-01T${date}`;
					}
					hasTime = !!match[2];
					hasTime && date[10] === " " && (date = date.replace(" ", "T"));
					if (match[2] && +match[2] > 23) date = "";
					else {
						offset = match[3] || null;
						if (!offset && hasTime) date += "Z";
					}
				} else date = "";
			}
		}
		super(date);
		if (!isNaN(this.getTime())) {
			this.#hasDate = hasDate;
			this.#hasTime = hasTime;
			this.#offset = offset;
		}
	}
	isDateTime() {
		return this.#hasDate && this.#hasTime;
	}
	isLocal() {
		return !this.#hasDate || !this.#hasTime || !this.#offset;
	}
	isDate() {
		return this.#hasDate && !this.#hasTime;
	}
	isTime() {
		return this.#hasTime && !this.#hasDate;
	}
	isValid() {
		return this.#hasDate || this.#hasTime;
	}
	toISOString() {
		let iso = super.toISOString();
		if (this.isDate()) return iso.slice(0, 10);
		if (this.isTime()) return iso.slice(11, 23);
		if (this.#offset === null) return iso.slice(0, -1);
		if (this.#offset === "Z" || this.#offset === "z") return iso;
		let offset = +this.#offset.slice(1, 3) * 60 + +this.#offset.slice(4, 6);
		offset = this.#offset[0] === "-" ? offset : -offset;
		return (/* @__PURE__ */ new Date(this.getTime() - offset * 6e4)).toISOString().slice(0, -1) + this.#offset;
	}
	static wrapAsOffsetDateTime(jsDate, offset = "Z") {
		let date = new TomlDate(jsDate);
		date.#offset = offset;
		return date;
	}
	static wrapAsLocalDateTime(jsDate) {
		let date = new TomlDate(jsDate);
		date.#offset = null;
		return date;
	}
	static wrapAsLocalDate(jsDate) {
		let date = new TomlDate(jsDate);
		date.#hasTime = false;
		date.#offset = null;
		return date;
	}
	static wrapAsLocalTime(jsDate) {
		let date = new TomlDate(jsDate);
		date.#hasDate = false;
		date.#offset = null;
		return date;
	}
};
// node_modules/smol-toml/dist/extract.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function isDigit(char, base = 10) {
	return base === 16 ? char > 47 && char < 58 || char > 64 && char < 71 || char > 96 && char < 103 : char > 47 && char < 48 + base;
}
function isEndOfValue(char, delim) {
	return char === 32 || char === 9 || char === 10 || char === 13 || delim && (char === delim || char === 44) || char === 35;
}
/** @internal */
function extractValue(ctx, end) {
	let errPtr = ctx.p;
	let c = ctx.s.charCodeAt(ctx.p);
	if (c === 91 || c === 123) {
		ctx.d-- || TomlError.x("document contains excessively nested structures. aborting.", ctx);
		let value = c === 91 ? parseArray(ctx) : parseInlineTable(ctx);
		ctx.d++;
		return value;
	}
	if (c === 34 || c === 39) return parseString(ctx);
	if (c === 116) {
		if (ctx.s.charCodeAt(++ctx.p) !== 114 || ctx.s.charCodeAt(++ctx.p) !== 117 || ctx.s.charCodeAt(++ctx.p) !== 101) TomlError.x("invalid value", ctx, errPtr);
		return ctx.p++, true;
	}
	if (c === 102) {
		if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 108 || ctx.s.charCodeAt(++ctx.p) !== 115 || ctx.s.charCodeAt(++ctx.p) !== 101) TomlError.x("invalid value", ctx, errPtr);
		return ctx.p++, false;
	}
	if (c === 43 || c === 45) return parseNumber(ctx, ctx.p, ctx.s.charCodeAt(++ctx.p), 44 - c, end);
	if (ctx.s.charCodeAt(ctx.p + 4) === 45 && ctx.s.charCodeAt(ctx.p + 7) === 45) return parseDate(ctx, c, end);
	if (ctx.s.charCodeAt(ctx.p + 2) === 58) return parseTime(ctx, c, end);
	return parseNumber(ctx, ctx.p, c, 0, end);
}
function parseNumber(ctx, startPtr, startChr, sign, endChr) {
	let c = startChr;
	let state = 0;
	let hasUnderscores = false;
	if (c === 105) {
		if (ctx.s.charCodeAt(++ctx.p) !== 110 || ctx.s.charCodeAt(++ctx.p) !== 102) TomlError.x("invalid value", ctx, startPtr);
		return ctx.p++, (sign || 1) / 0;
	}
	if (c === 110) {
		if (ctx.s.charCodeAt(++ctx.p) !== 97 || ctx.s.charCodeAt(++ctx.p) !== 110) TomlError.x("invalid value", ctx, startPtr);
		return ctx.p++, NaN;
	}
	if (c === 48) {
		if (++ctx.p >= ctx.s.length || isEndOfValue(c = ctx.s.charCodeAt(ctx.p), endChr)) return ctx.bi === true ? 0n : 0;
		if (!sign) {
			if (c === 120) return parseIntegerBaseN(ctx, startPtr, 16, endChr);
			else if (c === 98) return parseIntegerBaseN(ctx, startPtr, 2, endChr);
			else if (c === 111) return parseIntegerBaseN(ctx, startPtr, 8, endChr);
		}
		if (c === 46) state = 2;
		else if (c === 101 || c === 69) state = 4;
		else TomlError.x("illegal leading zero", ctx, startPtr);
	} else if (!isDigit(c)) TomlError.x("invalid value", ctx, startPtr);
	while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) {
		if (!state) state = 1;
		if (c === 95) {
			if (!(state & 1)) TomlError.x("illegal underscore", ctx);
			state += 11;
			hasUnderscores = true;
		} else if (state === 1 && c === 46) state = 2;
		else if ((state === 1 || state === 3) && (c === 101 || c === 69)) state = 4;
		else if (state === 4 && (c === 43 || c === 45)) state = 6;
		else if (!isDigit(c)) TomlError.x(`illegal character in numeric literal`, ctx);
		else if (state > 9) state -= 11;
		else if (!(state & 1)) state++;
	}
	if (!state) {
		let val = (startChr - 48) * (sign || 1);
		return ctx.bi === true ? BigInt(val) : val;
	}
	if (!(state & 1)) TomlError.x("unfinished numeric value", ctx, startPtr);
	let str = ctx.s.slice(startPtr, ctx.p);
	if (hasUnderscores) str = str.replaceAll("_", "");
	return state > 1 ? parseFloat(str) : parseInteger(ctx, str, 10, startPtr);
}
function parseIntegerBaseN(ctx, startPtr, base, endChr) {
	let c, underscore = 1;
	while (++ctx.p < ctx.s.length && (c = ctx.s.charCodeAt(ctx.p), !isEndOfValue(c, endChr))) if (c === 95) {
		if (underscore & 1) TomlError.x("illegal underscore", ctx);
		underscore = 3;
	} else if (!isDigit(c, base)) TomlError.x(`illegal character in numeric literal`, ctx);
	else if (underscore & 1) underscore--;
	if (underscore & 1) TomlError.x("unfinished numeric value", ctx);
	let str = ctx.s.slice(startPtr + 2, ctx.p);
	if (underscore) str = str.replaceAll("_", "");
	return parseInteger(ctx, str, base, startPtr);
}
function parseInteger(ctx, str, base, startPtr) {
	if (ctx.bi !== true) int: {
		let val = parseInt(str, base);
		if (!Number.isSafeInteger(val)) {
			if (ctx.bi) break int;
			TomlError.x("integer value cannot be represented losslessly", ctx, startPtr);
		}
		return val;
	}
	return base === 10 ? BigInt(str) : BigInt((base === 2 ? "0b" : base === 8 ? "0o" : "0x") + str);
}
function parseDate(ctx, c, endChr) {
	let startPtr = ctx.p++, unsafeSeparator;
	if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++)) || !isDigit(ctx.s.charCodeAt(ctx.p++))) return parseNumber(ctx, ctx.p = startPtr, c, 0, endChr);
	ctx.p += 5;
	if (!isDigit(ctx.s.charCodeAt(ctx.p++))) TomlError.x("invalid date-time: date part is malformed", ctx, startPtr);
	if (ctx.p >= ctx.s.length || ((c = ctx.s.charCodeAt(ctx.p)) !== 32 || (unsafeSeparator = true, !isDigit(ctx.s.charCodeAt(ctx.p + 1)))) && c !== 84 && c !== 116) return readDate(ctx, ctx.s.slice(startPtr, ctx.p), 3, false, startPtr);
	if (ctx.s.charCodeAt(ctx.p += 3) !== 58) TomlError.x("invalid date-time: time part is malformed", ctx, startPtr);
	if (ctx.s.charCodeAt(ctx.p += 3) === 58) ctx.p += 3;
	if (ctx.s.charCodeAt(ctx.p) === 46) while (isDigit(ctx.s.charCodeAt(++ctx.p)));
	if (c = ctx.s.charCodeAt(ctx.p)) {
		if (c === 90 || c === 122) return readDate(ctx, ctx.s.slice(startPtr, ++ctx.p), 1, unsafeSeparator, startPtr, "[+00:00]");
		if (c === 43 || c === 45) return readDate(ctx, ctx.s.slice(startPtr, ctx.p += 6), 1, unsafeSeparator, startPtr, !ctx.ld && "[" + ctx.s.slice(ctx.p - 6, ctx.p) + "]");
	}
	return readDate(ctx, ctx.s.slice(startPtr, ctx.p), 2, unsafeSeparator, startPtr);
}
function parseTime(ctx, c, endChr) {
	let start = ctx.p;
	if (!isDigit(c) || !isDigit(ctx.s.charCodeAt(++ctx.p))) return parseNumber(ctx, --ctx.p, c, 0, endChr);
	if (ctx.s.charCodeAt(ctx.p += 4) === 58) ctx.p += 3;
	if (ctx.s.charCodeAt(ctx.p) === 46) while (isDigit(ctx.s.charCodeAt(++ctx.p)));
	return readDate(ctx, ctx.s.slice(start, ctx.p), 4, false, start);
}
function readDate(ctx, str, type, unsafeDelim, errPtr, temporalSuffix) {
	if (ctx.ld) {
		let date = new TomlDate(str, type, unsafeDelim);
		if (!date.isValid()) TomlError.x("invalid date", ctx, errPtr);
		return date;
	}
	try {
		if (temporalSuffix) str += temporalSuffix;
		switch (type) {
			case 1: return Temporal.ZonedDateTime.from(str);
			case 2: return Temporal.PlainDateTime.from(str);
			case 3: return Temporal.PlainDate.from(str);
			case 4: return Temporal.PlainTime.from(str);
		}
	} catch (e) {
		TomlError.x(e instanceof Error ? e.message : "" + e, ctx, errPtr);
	}
}
// node_modules/smol-toml/dist/util.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
/** @internal */
function skipComment(ctx) {
	for (; ctx.p < ctx.s.length; ctx.p++) {
		let c = ctx.s.charCodeAt(ctx.p);
		if (c === 10) break;
		if (c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10) {
			ctx.p++;
			break;
		}
		if (c < 32 && c !== 9 || c === 127) TomlError.x("control characters are not allowed in comments", ctx);
	}
}
/** @internal */
function skipVoid(ctx, banNewLines, banComments) {
	let c;
	while (ctx.p < ctx.s.length) {
		while (ctx.p < ctx.s.length && ((c = ctx.s.charCodeAt(ctx.p)) === 32 || c === 9 || !banNewLines && (c === 10 || c === 13 && ctx.s.charCodeAt(ctx.p + 1) === 10))) ctx.p++;
		if (banComments || c !== 35) break;
		skipComment(ctx);
	}
}
// node_modules/smol-toml/dist/struct.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
/** @internal */
function parseKey(ctx, end = 61) {
	let startPtr;
	let state = 0;
	let parsed = [];
	let sliceStart;
	let c = ctx.s.charCodeAt(startPtr = ctx.p);
	do
		if (c === end) {
			if (!state) TomlError.x("unexpected end of key", ctx);
			if (state === 1) parsed.push(ctx.s.slice(sliceStart, ctx.p));
			return ctx.p++, parsed;
		} else if (c === 46) {
			if (!state) TomlError.x("illegal empty bare key", ctx);
			if (state === 1) parsed.push(ctx.s.slice(sliceStart, ctx.p));
			state = 0;
		} else if (!state && (c === 34 || c === 39)) {
			if (c === ctx.s.charCodeAt(ctx.p + 1) && c === ctx.s.charCodeAt(ctx.p + 2)) TomlError.x("illegal quoted key: multiline strings are not allowed", ctx);
			parsed.push(parseString(ctx));
			state = 2;
			ctx.p--;
		} else if (c === 32 || c === 9) {
			if (state === 1) {
				parsed.push(ctx.s.slice(sliceStart, ctx.p));
				state = 2;
			}
		} else if (state === 2 || c < 48 && c !== 45 || c > 57 && c < 65 || c > 90 && c < 97 && c !== 95 || c > 122) TomlError.x("illegal character in key", ctx);
		else if (!state) {
			state = 1;
			sliceStart = ctx.p;
		}
	while (c = ctx.s.charCodeAt(++ctx.p));
	TomlError.x("incomplete key-value: cannot find end of key", ctx, startPtr);
}
/** @internal */
function parseInlineTable(ctx) {
	let startPtr = ctx.p++;
	let res = Object.create(null);
	let seen = /* @__PURE__ */ new Set();
	let c;
	while (ctx.p < ctx.s.length) {
		skipVoid(ctx);
		if ((c = ctx.s.charCodeAt(ctx.p)) === 125) {
			ctx.p++;
			return res;
		}
		let k;
		let t = res;
		let hasOwn = false;
		let errPtr = ctx.p;
		let key = parseKey(ctx);
		for (let i = 0; i < key.length; i++) {
			if (i) t = hasOwn ? t[k] : t[k] = Object.create(null);
			k = key[i];
			if ((hasOwn = Object.hasOwn(t, k)) && (typeof t[k] !== "object" || seen.has(t[k]))) TomlError.x("trying to redefine an already defined value", ctx, errPtr);
			let unsafe = k === "__proto__";
			if (ctx.uk && (unsafe || k === "constructor")) {
				t = ctx.uk !== 1 && TomlError.x("document contains an unsafe property", ctx, errPtr);
				break;
			}
			if (!hasOwn && unsafe) Object.defineProperty(t, k, {
				enumerable: true,
				configurable: true,
				writable: true
			});
		}
		if (hasOwn) TomlError.x("trying to redefine an already defined value", ctx, errPtr);
		skipVoid(ctx, true, true);
		let value = extractValue(ctx, 125);
		if (t && typeof (t[k] = value) === "object") seen.add(value);
		skipVoid(ctx);
		if ((c = ctx.s.charCodeAt(ctx.p++)) === 125) return res;
		if (c !== 44) TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
	}
	TomlError.x("unfinished table", ctx, startPtr);
}
/** @internal */
function parseArray(ctx) {
	let startPtr = ctx.p++;
	let res = [];
	let c;
	while (ctx.p < ctx.s.length) {
		skipVoid(ctx);
		if ((c = ctx.s.charCodeAt(ctx.p)) === 93) {
			ctx.p++;
			return res;
		}
		res.push(extractValue(ctx, 93));
		skipVoid(ctx);
		if ((c = ctx.s.charCodeAt(ctx.p++)) === 93) return res;
		if (c !== 44) TomlError.x("expected comma or end of structure", ctx, ctx.p - 1);
	}
	TomlError.x("unfinished array", ctx, startPtr);
}
// node_modules/smol-toml/dist/parse.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
function peekTable(ctx, key, table, meta, type) {
	let t = table;
	let m = meta;
	let k;
	let hasOwn = false;
	let state;
	for (let i = 0; i < key.length; i++) {
		if (i) {
			t = hasOwn ? t[k] : t[k] = Object.create(null);
			m = (state = m[k]).c;
			if (type === 0 && (state.t === 1 || state.t === 2)) return null;
			if (state.t === 2) {
				let l = t.length - 1;
				t = t[l];
				m = m[l].c;
			}
		}
		k = key[i];
		if ((hasOwn = Object.hasOwn(t, k)) && m[k]?.t === 0 && m[k]?.d) return null;
		if (!hasOwn) {
			let unsafe = k === "__proto__";
			if (ctx.uk && (unsafe || k === "constructor")) return false;
			if (unsafe) {
				Object.defineProperty(t, k, {
					enumerable: true,
					configurable: true,
					writable: true
				});
				Object.defineProperty(m, k, {
					enumerable: true,
					configurable: true,
					writable: true
				});
			}
			m[k] = {
				t: i < key.length - 1 && type === 2 ? 3 : type,
				d: false,
				i: 0,
				c: Object.create(null)
			};
		}
	}
	state = m[k];
	if (state.t !== type && !(type === 1 && state.t === 3)) return null;
	if (type === 2) {
		if (!state.d) {
			state.d = true;
			t[k] = [];
		}
		t[k].push(t = Object.create(null));
		state.c[state.i++] = state = {
			t: 1,
			d: false,
			i: 0,
			c: Object.create(null)
		};
	}
	if (state.d) return null;
	state.d = true;
	if (type === 1) t = hasOwn ? t[k] : t[k] = Object.create(null);
	else if (type === 0 && hasOwn) return null;
	return [
		k,
		t,
		state.c
	];
}
function validateTablePeek(ctx, peek, ptr) {
	if (peek === null || ctx.uk === 2) TomlError.x(peek === null ? "trying to redefine an already defined table or value" : "document contains an unsafe property", ctx, ptr);
}
function parse(toml, options = {}) {
	let ctx = {
		s: toml,
		p: 0,
		d: options.maxDepth ?? 1e3,
		bi: options.integersAsBigInt ?? false,
		ld: options.useLegacyDate ?? true,
		uk: options.unsafeKeyBehaviour === "throw" ? 2 : options.unsafeKeyBehaviour === "drop" ? 1 : 0
	};
	let res = Object.create(null);
	let meta = Object.create(null);
	let tmp;
	let skipping = false;
	let tbl = res;
	let m = meta;
	if (toml.charCodeAt(0) === 65279) ctx.p++;
	skipVoid(ctx);
	while (ctx.p < toml.length) {
		if (toml.charCodeAt(ctx.p) === 91) {
			let isTableArray = toml.charCodeAt(++ctx.p) === 91;
			tmp = ctx.p += +isTableArray;
			skipping = false;
			let k = parseKey(ctx, 93);
			if (isTableArray) {
				if (toml.charCodeAt(ctx.p) !== 93) TomlError.x("expected end of table array declaration", ctx);
				ctx.p++;
			}
			let p = peekTable(ctx, k, res, meta, isTableArray ? 2 : 1);
			if (!p) {
				validateTablePeek(ctx, p, tmp);
				skipping = true;
			} else {
				m = p[2];
				tbl = p[1];
			}
		} else {
			tmp = ctx.p;
			let p = peekTable(ctx, parseKey(ctx), tbl, m, 0);
			if (!p && !skipping) validateTablePeek(ctx, p, tmp);
			skipVoid(ctx, true, true);
			let v = extractValue(ctx, void 0);
			if (p && !skipping) p[1][p[0]] = v;
		}
		skipVoid(ctx, true);
		if (ctx.p < toml.length && (tmp = toml.charCodeAt(ctx.p)) !== 10 && (tmp !== 13 || toml.charCodeAt(ctx.p + 1) !== 10)) TomlError.x("each key-value declaration must be followed by an end-of-line", ctx);
		skipVoid(ctx);
	}
	return res;
}
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
"".isWellFormed;
// node_modules/smol-toml/dist/index.js
/*!
* Copyright (c) Squirrel Chat et al., All rights reserved.
* SPDX-License-Identifier: BSD-3-Clause
*
* Redistribution and use in source and binary forms, with or without
* modification, are permitted provided that the following conditions are met:
*
* 1. Redistributions of source code must retain the above copyright notice, this
*    list of conditions and the following disclaimer.
* 2. Redistributions in binary form must reproduce the above copyright notice,
*    this list of conditions and the following disclaimer in the
*    documentation and/or other materials provided with the distribution.
* 3. Neither the name of the copyright holder nor the names of its contributors
*    may be used to endorse or promote products derived from this software without
*    specific prior written permission.
*
* THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
* ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
* WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
* DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE
* FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
* DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
* SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER
* CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY,
* OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
* OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
*/
// src/lint/squawk-config.ts
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
// src/commands/boot-files.ts
/** Files that may say what runs when a service starts; read only where a migration could run ahead of its phase. */
async function bootFiles(migrations, isNew, { changes }, context) {
	const post = migrations.filter(({ phase }) => phase === "post");
	if (post.length === 0) return [];
	if (!post.some(isNew) && !changes.some(({ path }) => mayBootFile(path))) return [];
	const paths = (await context.trackedPaths()).filter(mayBootFile);
	const texts = await Promise.all(paths.map((path) => context.readText(join(context.baseDir, path))));
	return paths.flatMap((path, index) => texts[index] === void 0 ? [] : [{
		path,
		text: texts[index]
	}]);
}
// src/lint/publish/comment.ts
/** GitHub refuses 65,536 characters. */
const budget = 6e4;
/** Of that, for what is folded: the rows come first. */
const detailBudget = 25e3;
const longestCell = 500;
const longestSql = 4e3;
const words = {
	error: "✖ error",
	warning: "! warning",
	advice: "advice"
};
/** Found again by it, together with the author, since anyone may plant one. It holds nothing that could end the comment it is in. */
function commentMarker(project, folder) {
	const part = (text) => urlPart(text).replaceAll("--", "-%2D");
	return `<!-- shiplock:lint:${part(project)}:${part(folder)} -->`;
}
/** The comment under a pull request, in Markdown: the verdict first, and one line when there is nothing to do. */
function composeComment(input) {
	const { marker, verdict, reason, details } = input;
	const { findings, settings, notes } = details;
	const word = {
		pass: "✔ Migration lint: Passed",
		fail: "✖ Migration lint: Failed",
		inconclusive: "? Migration lint: Could not tell"
	}[verdict];
	const short = details.head === void 0 ? "" : ` · commit ${details.head.slice(0, 7)}`;
	if (findings.length === 0 && settings.length === 0) return `${marker}\n### ${word} · ${md(reason)}${short}\n`;
	const sections = [
		{ before: `${marker}\n### ${word}` },
		{ before: `**${md(reason)}**` },
		...settings.length === 0 ? [] : [settingSection(settings)],
		...findings.length === 0 ? [] : [findingSection(input)],
		...notes.map((note) => ({ before: md(note) })),
		...findings.length === 0 ? [] : [{ before: withinBudget(ruleSections(findings), detailBudget) }],
		{ before: `<sub>${footer(input).join(" · ")}</sub>` }
	];
	return `${withinBudget(sections, budget)}\n`;
}
function findingSection({ details, folder, links }) {
	const rows = details.findings.map((finding) => [
		words[finding.severity],
		where(finding, details.head, folder, links),
		md(clip(finding.message, longestCell)),
		md(clip(finding.harm, longestCell)),
		md(clip(finding.remedy, longestCell))
	]);
	const [head, rule, ...lines] = table([
		"",
		"Where",
		"Problem",
		"Who waits, or what breaks",
		"Instead"
	], rows).split("\n");
	return {
		before: `${head}\n${rule}`,
		rows: lines
	};
}
/** A link to the line as the commit under review has it. */
function where({ path, start }, head, folder, { repository }) {
	const name = code(`${path.split("/").at(-1)}:${start.line}`);
	if (head === void 0) return name;
	return `[${name}](${repository}/blob/${head}/${urlPath(folder + path)}#L${start.line})`;
}
function settingSection(settings) {
	const rows = settings.map(({ name, base, proposed }) => [
		code(name),
		value(base),
		value(proposed)
	]);
	const [head, rule, ...lines] = table([
		"Setting",
		"Of the base, which counts",
		"Of this pull request"
	], rows).split("\n");
	return {
		before: `${code("config-changed")}: until it is merged, the settings of the base are the ones that count.\n\n${head}\n${rule}`,
		rows: lines
	};
}
function value(text) {
	return text === void 0 ? "not set" : code(clip(text, 200));
}
/** For each rule why, and what to paste. */
function ruleSections(findings) {
	return [...new Set(findings.map(({ rule }) => rule))].map((rule) => {
		const these = findings.filter((one) => one.rule === rule);
		const parts = these.flatMap(({ path, start, instead }) => instead.map((file) => ({
			...file,
			at: `${path}:${start.line}`
		}))).map(({ at, phase, transactional, sql, note }) => {
			return `${`In place of ${code(at)}, a ${phase} migration${transactional ? "" : " that runs outside a transaction"}`}${note === void 0 ? "" : ` (${md(clip(note, longestCell))})`}:\n\n${codeBlock(clip(sql, longestSql), "sql")}`;
		});
		const [first = ""] = these.map(({ remedy }) => remedy);
		return folded(`${rule} (${plural(these.length, "finding")})`, { before: [
			md(first),
			...parts,
			`Accept one with a reason, on the line above the statement:\n\n${codeBlock(`-- shiplock-ignore ${rule}: why this is fine here`, "sql")}`
		].join("\n\n") });
	});
}
function footer({ details, links, tool }) {
	const { older, suppressed, head } = details;
	return [
		...older === 0 ? [] : [`${plural(older, "older file")} ${older === 1 ? "was" : "were"} left alone`],
		...suppressed.length === 0 ? [] : [`${plural(suppressed.length, "finding")} accepted in the files`],
		md(tool),
		...head === void 0 ? [] : [`commit ${head.slice(0, 7)}`],
		...links.run === void 0 ? [] : [`[run](${links.run})`]
	];
}
function clip(text, longest) {
	return text.length <= longest ? text : `${text.slice(0, longest)} … (cut)`;
}
// src/lint/publish/keep-comment.ts
/** One comment that says how it is now. Resolves with why it was left as it was, if it was. */
async function keepComment(conversation, { marker, body, head, wanted }) {
	const found = await conversation.ownComments(marker);
	if (head !== void 0 && found.head !== head) return "a newer commit has been pushed, and its own run will comment";
	const [first] = found.comments;
	if (first === void 0) {
		if (!wanted) return void 0;
		await conversation.write(body);
		return mergeDoubles(conversation, marker, body);
	}
	if (first.body.trim() !== body.trim()) await conversation.rewrite(first.id, body);
}
/** Two runs at once both find no comment, and both write one: then the older of the two stays, with the newer text. */
async function mergeDoubles(conversation, marker, body) {
	const [first, ...others] = (await conversation.ownComments(marker)).comments;
	if (first === void 0 || others.length === 0) return;
	if (first.body.trim() !== body.trim()) await conversation.rewrite(first.id, body);
	for (const { id } of others) await conversation.remove(id);
}
// src/lint/publish/suggestions.ts
/** More would bury the talk of people. */
const mostSuggestions = 10;
const marker = (fingerprint) => `<!-- shiplock:suggestion:${fingerprint} -->`;
/** One comment for each statement that another can take the place of, the gravest first; none twice. */
function suggestionsOf({ findings, isAdded, textOf, folder, posted }) {
	const taken = /* @__PURE__ */ new Set();
	return findings.flatMap((finding) => {
		const lines = isAdded(finding.path) ? linesWith(finding, textOf(finding.path)) : void 0;
		if (lines === void 0 || posted.some((body) => body.includes(marker(finding.fingerprint)))) return [];
		const place = `${finding.path}:${lines.startLine}`;
		if (taken.has(place)) return [];
		taken.add(place);
		const { startLine, endLine, text } = lines;
		const body = [
			marker(finding.fingerprint),
			md(finding.message),
			md(finding.harm),
			suggestionBlock(text)
		].join("\n\n");
		return [{
			path: folder + finding.path,
			startLine,
			endLine,
			body
		}];
	}).slice(0, mostSuggestions);
}
/** GitHub replaces whole lines, so what stands beside the statement on its lines is kept. */
function linesWith({ statement, replacement, end }, file) {
	if (statement === void 0 || replacement === void 0 || file === void 0) return void 0;
	const start = end.offset - statement.length;
	if (start < 0 || file.slice(start, end.offset) !== statement) return void 0;
	const lineStart = file.lastIndexOf("\n", start - 1) + 1;
	const lineEnd = file.indexOf("\n", end.offset);
	const after = file.slice(end.offset, lineEnd < 0 ? file.length : lineEnd);
	const text = (file.slice(lineStart, start) + replacement + after).replace(/\r$/gm, "");
	if (visible(text.replace(/[\n\t]/g, "")) !== text.replace(/[\n\t]/g, "")) return void 0;
	return {
		startLine: file.slice(0, start).split("\n").length,
		endLine: file.slice(0, end.offset).split("\n").length,
		text
	};
}
/** The text goes into the file as it stands here, tabs and all. */
function suggestionBlock(text) {
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
	const fence = "`".repeat(longest + 1);
	return `${fence}suggestion\n${text}\n${fence}`;
}
// src/commands/publish-review.ts
/** Comments on the pull request. What keeps it from doing so is told, and changes no verdict. Resolves with notes for people. */
async function publishReview(publication, context) {
	const { inputs, review, details } = publication;
	const { pullRequest } = review;
	if (pullRequest === void 0 || inputs.comment === "never") return [];
	if (pullRequest.fork) return ["There is no comment: the token of a pull request from a fork may only read."];
	const token = inputs["github-token"];
	if (token === void 0) return details.findings.length === 0 ? [] : ["There is no comment: it needs the input github-token."];
	try {
		const conversation = await context.openConversation(pullRequest, token);
		const left = await comment(publication, pullRequest, conversation, context);
		if (left === void 0) await suggest(publication, conversation);
		else context.log.info(`The comment was left as it is: ${left}.`);
		return [];
	} catch (error) {
		if (!(error instanceof ConversationError)) throw error;
		const cure = error.forbidden ? " Give the job these permissions:\n  permissions:\n    contents: read\n    pull-requests: write" : "";
		context.log.warn(`no comment was written: ${error.message}.${cure}`);
		return [`No comment was written: ${error.message}.${error.forbidden ? " The job needs \"permissions: { contents: read, pull-requests: write }\"." : ""}`];
	}
}
async function comment({ inputs, review, verdict, reason, details }, pullRequest, conversation, { project, variables, run }) {
	const marker = commentMarker(project, review.folder);
	const repository = `${variables.GITHUB_SERVER_URL || "https://github.com"}/${pullRequest.repository}`;
	const links = {
		repository,
		run: variables.GITHUB_RUN_ID ? `${repository}/actions/runs/${run.id}` : void 0
	};
	const body = composeComment({
		marker,
		verdict,
		reason,
		details,
		folder: review.folder,
		links,
		tool: `shiplock ${version}`
	});
	const wanted = inputs.comment === "always" || details.findings.length > 0 || details.settings.length > 0;
	return keepComment(conversation, {
		marker,
		body,
		head: review.head,
		wanted
	});
}
async function suggest({ review, details, texts }, conversation) {
	if (review.head === void 0 || !details.findings.some(({ replacement }) => replacement !== void 0)) return;
	const added = new Set(review.changes.flatMap(({ kind, path }) => kind === "added" ? [path] : []));
	const suggestions = suggestionsOf({
		findings: details.findings,
		isAdded: (path) => added.has(path),
		textOf: (path) => texts.get(path),
		folder: review.folder,
		posted: await conversation.ownLineComments()
	});
	if (suggestions.length > 0) await conversation.commentOnLines(review.head, suggestions);
}
// src/commands/review-settings.ts
/**
* The settings to judge by. A change that waits to be accepted is judged by those of its base, or it could switch off
* the rule that it breaks. What the workflow gives counts as given.
*/
async function reviewSettings(inputs, names, review, context) {
	const squawkPath = inputs["squawk-config"] ?? `${context.baseDir}/.squawk.toml`;
	if (!review.proposed) return {
		inputs,
		changed: [],
		notes: [],
		squawkText: await context.readText(squawkPath)
	};
	const { sources } = context;
	const judging = names.filter((name) => traitsOf(name).group === "lint" && configPathOf(name) !== void 0);
	const file = sources.configFile ?? "shiplock.yml";
	const { config, note } = readBase(await review.textAtBase(file), file);
	const rest = [...sources.config].filter(([name]) => !judging.includes(name));
	const settled = {
		...Object.fromEntries(Object.entries(inputs).filter(([name]) => !judging.includes(name))),
		...resolveInputs(judging, {
			...sources,
			config: new Map([...rest, ...config])
		})
	};
	const atBase = await review.textAtBase(relative(context.baseDir, settled["squawk-config"] ?? squawkPath));
	const here = await context.readText(settled["squawk-config"] ?? squawkPath);
	return {
		inputs: settled,
		changed: [...judging.flatMap((name) => changeOf(name, config.get(name), sources.config.get(name), sources.given)), ...atBase === here ? [] : [{
			name: ".squawk.toml",
			base: sizeOf(atBase),
			proposed: sizeOf(here)
		}].map(withoutAbsent)],
		notes: note === void 0 ? [] : [note],
		squawkText: atBase
	};
}
/** A file that cannot be read may be what the pull request mends. */
function readBase(text, file) {
	if (text === void 0) return { config: /* @__PURE__ */ new Map() };
	try {
		return { config: loadConfig(text, file) };
	} catch (error) {
		const [first] = messageOf(error).split("\n");
		return {
			config: /* @__PURE__ */ new Map(),
			note: `${file} of the base cannot be used, so the defaults count: ${first}`
		};
	}
}
function changeOf(name, base, proposed, given) {
	if (base?.value === proposed?.value || given.get(name)) return [];
	return [withoutAbsent({
		name: configPathOf(name),
		base: base?.value,
		proposed: proposed?.value
	})];
}
function withoutAbsent(change) {
	return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== void 0));
}
function sizeOf(text) {
	return text === void 0 ? void 0 : `${text.split("\n").length} lines`;
}
// src/commands/starting-schema.ts
/** The schema of the database, where that is what the new migrations meet; `undefined` when the released files tell. */
async function startingSchema(inputs, context) {
	try {
		var _usingCtx$1 = _usingCtx();
		if (inputs["schema-from"] === "files") return void 0;
		const url = inputs["database-url"];
		if (url === void 0) throw new ReleaseError("invalid-input", "schema-from: database needs database-url.", { hint: "Set the environment variable DATABASE_URL, or leave schema-from out: then the released files tell what is there." });
		const target = _usingCtx$1.a(await databaseInputs({
			...inputs,
			"database-url": url
		}, context));
		return {
			schema: await context.readSchema(target, {
				binDir: inputs["pg-bin-dir"],
				install: inputs["install-tools"]
			}),
			holdsReleased: true
		};
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
// src/commands/lint.ts
const inputNames = [
	...databaseInputNames,
	"pg-bin-dir",
	"install-tools",
	"layout",
	"migrate-command",
	"migrate-command-post",
	"migrations",
	"migrations-post",
	"paths",
	"base",
	"all",
	"fail-on",
	"postgres",
	"start-after",
	"lint-rules",
	"squawk-config",
	"schema-from",
	"sarif",
	"comment",
	"github-token"
];
var lint_default = defineCommand({
	summary: "Check new migrations: what they lock, which code they break, and whether there is a way back.",
	inputs: inputNames,
	optional: ["database-url"],
	positional: "paths",
	outputs: {
		errors: "How many findings are errors.",
		warnings: "How many are warnings.",
		files: "How many new migrations were checked.",
		sarif: "The SARIF file, when one was asked for."
	},
	async run(given, context) {
		const review = await context.openReview({
			base: given.base,
			token: given["github-token"]
		});
		const { inputs, changed, notes, squawkText } = await reviewSettings(given, inputNames, review, context);
		if (inputs["schema-from"] === "database") refuseForeignDatabase(review.pullRequest);
		const start = await startingSchema(inputs, context);
		const { layout, migrations, refused } = await readEachMigration(inputs, context);
		const squawk = squawkText === void 0 ? void 0 : readSquawkConfig(squawkText, ".squawk.toml", rules);
		const active = activeRules(rules, new Map([...squawk?.rules ?? [], ...inputs["lint-rules"] ?? []]));
		const wanted = newness({
			...inputs,
			paths: namedPaths(inputs.paths, migrations, context.baseDir)
		}, migrations, review);
		const startAfter = inputs["start-after"];
		const behind = startAfter === void 0 ? [] : migrations.filter((one) => isBefore(one, startAfter) && newness({
			...inputs,
			paths: void 0,
			"start-after": void 0
		}, migrations, review)(one));
		const leftOut = review.base === void 0 || behind.length === 0 ? [] : [`start-after leaves out ${plural(behind.length, "new migration")}, ${behind[0]?.path} first.`];
		const isNew = (migration) => wanted(migration) && squawk?.excludes(migration.path) !== true;
		const report = await lint({
			migrations,
			refused,
			isNew,
			layout,
			postgres: inputs.postgres ?? squawk?.postgres ?? 13,
			review,
			...start === void 0 ? {} : { start },
			bootFiles: await bootFiles(migrations, isNew, review, context),
			rules: active,
			everyRule: rules
		});
		const texts = new Map(migrations.map(({ path, file }) => [path, hideLiterals(file, report.secrets.get(path))]));
		const describe = (all) => context.redact(describeFindings(all, (path) => texts.get(path), sha256));
		const findings = describe(report.findings);
		const accepted = describe(report.suppressed.map(({ finding }) => finding));
		const details = {
			...review.base === void 0 ? {} : { base: review.base },
			...review.head === void 0 ? {} : { head: review.head },
			checked: report.files.length,
			older: migrations.length - report.files.length,
			findings,
			suppressed: report.suppressed.map(({ finding, reason }) => context.redact({
				rule: finding.rule,
				path: finding.path,
				line: finding.start.line,
				reason
			})),
			settings: [...context.redact(changed)],
			notes: [
				...review.note === void 0 ? [] : [review.note],
				...notes,
				...leftOut
			]
		};
		const unread = inputs["fail-on"] === "never" ? 0 : unreadFiles(findings);
		const verdict = isFailure(findings, inputs["fail-on"]) ? "fail" : unread > 0 ? "inconclusive" : "pass";
		const reason = summarize(findings, report.files.length);
		const { folder } = review;
		const { configFile } = context.sources;
		if (inputs.sarif !== void 0) {
			const suppressed = accepted.map((finding, index) => ({
				finding,
				reason: details.suppressed[index]?.reason ?? ""
			}));
			const { project } = context;
			const text = sarifOf({
				version,
				project,
				rules,
				findings,
				suppressed,
				settings: details.settings,
				folder,
				configFile
			});
			await context.replaceFile(inputs.sarif, text);
		}
		const published = await publishReview({
			inputs,
			review,
			verdict,
			reason,
			details,
			texts: new Map([...texts].filter(([path]) => !report.secrets.has(path)))
		}, context);
		const count = (severity) => findings.filter((one) => one.severity === severity).length;
		return {
			verdict,
			reason,
			outputs: {
				errors: count("error"),
				warnings: count("warning"),
				files: report.files.length,
				...inputs.sarif === void 0 ? {} : { sarif: inputs.sarif }
			},
			details: {
				...details,
				notes: [...details.notes, ...published]
			},
			annotations: annotationsOf(findings, details.settings, {
				folder,
				configFile
			})
		};
	}
});
function isBefore({ version }, startAfter) {
	return BigInt(version) <= BigInt(startAfter);
}
/** Which migrations are checked: those that were named, else those that the review adds, behind the baseline. */
function newness(inputs, migrations, review) {
	const { paths, all, "start-after": startAfter } = inputs;
	const folders = new Set(migrations.map(({ path }) => dirname(path)));
	const isNewThere = ({ kind, from }) => kind === "added" || kind === "renamed" && from !== void 0 && !folders.has(dirname(from));
	const added = new Set(review.changes.filter(isNewThere).map(({ path }) => path));
	return ({ version, path }) => {
		if (startAfter !== void 0 && isBefore({ version }, startAfter)) return false;
		if (paths !== void 0) return paths.has(path);
		return all || review.base === void 0 || added.has(path);
	};
}
/** Paths as the migrations have them; a folder stands for what it holds. Throws `invalid-input` for what is no migration. */
function namedPaths(named, migrations, baseDir) {
	if (named === void 0) return void 0;
	const found = /* @__PURE__ */ new Set();
	for (const name of named) {
		const path = relative(baseDir, resolve(baseDir, name));
		const these = migrations.filter((one) => one.path === path || path === "" || one.path.startsWith(`${path}/`));
		if (these.length === 0) throw new ReleaseError("invalid-input", `${name} is no migration, and no folder of migrations.`, { hint: "paths are relative to the folder of shiplock.yml, and name files in the folders of migrations." });
		for (const { path: one } of these) found.add(one);
	}
	return found;
}
function isFailure(findings, failOn) {
	return failOn !== "never" && findings.some(({ severity }) => severities.indexOf(severity) <= severities.indexOf(failOn));
}
function sha256(text) {
	return createHash("sha256").update(text).digest("hex");
}
export { lint_default as default };
