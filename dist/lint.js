import { $t as visible, A as traitsOf, D as configPathOf, Et as boolean, Ft as string, Jt as plural, Nt as object, Tt as array, fn as messageOf, kt as int, mt as byVersion, p as resolveInputs, q as partsOfPath, un as ReleaseError, wt as _enum } from "./start.js";
import { _ as severities, d as lint, f as hideLiterals, t as rules } from "./rules.js";
import { t as refuseForeignDatabase } from "./event.js";
import { t as annotationsOf } from "./annotations.js";
import { n as urlPath, t as urlPart } from "./url-path.js";
import { n as activeRules, t as squawkSettings } from "./squawk-settings.js";
import { t as version } from "./version.js";
import { t as bootFiles } from "./boot-files.js";
import { t as defineCommand } from "./command.js";
import { _t as databaseInputs, gt as databaseInputNames, o as readEachMigration } from "./migrations.js";
import { t as ConversationError } from "./conversation.js";
import { a as md, n as codeBlock, o as table, r as folded, s as withinBudget, t as code } from "./markdown.js";
import { t as loadConfig } from "./load.js";
import { t as _usingCtx } from "./usingCtx.js";
import { createHash } from "node:crypto";
import { relative, resolve } from "node:path";
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
		const squawk = await squawkSettings(squawkText);
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
		const contents = contentsNotChecked(report.files.map(({ migration }) => migration));
		const reason = [summarize(findings, report.files.length), contents?.message].filter(Boolean).join(" ");
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
			...contents === void 0 ? {} : { checks: [contents] },
			annotations: annotationsOf(findings, details.settings, {
				folder,
				configFile
			})
		};
	}
});
/** Names and versions are judged in every language, and statements in SQL alone. */
function contentsNotChecked(migrations) {
	const unread = migrations.filter(({ notSql }) => notSql !== void 0);
	const [first] = unread;
	if (first === void 0) return void 0;
	return {
		id: "contents",
		status: "not-checked",
		message: `What ${unread.length === 1 ? first.path : `${unread.length} of them`} would do was not checked: it is written in ${first.notSql}.`
	};
}
function isBefore({ version }, startAfter) {
	return byVersion({ version }, { version: startAfter }) <= 0;
}
/** Which migrations are checked: those that were named, else those that the review adds, behind the baseline. */
function newness(inputs, migrations, review) {
	const { paths, all, "start-after": startAfter } = inputs;
	const folders = new Set(migrations.map(({ path }) => partsOfPath(path).folder));
	const isNewThere = ({ kind, from }) => kind === "added" || kind === "renamed" && from !== void 0 && !folders.has(partsOfPath(from).folder);
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
