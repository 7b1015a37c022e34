import { t as require_dist } from "./dist.js";
import { basename } from "node:path/posix";
// src/lint/boot/containers.ts
var import_dist = require_dist();
/** Commands of containers, in files of Compose and of Kubernetes, templates of Helm among them. */
function containerStarts(text) {
	if (!/\b(?:command|entrypoint|args)\b/.test(text)) return [];
	return (0, import_dist.parseAllDocuments)(withoutTemplates(text)).flatMap((document) => {
		const { contents } = document;
		if (!(0, import_dist.isMap)(contents)) return [];
		const services = contents.get("services", true);
		if ((0, import_dist.isMap)(services)) return services.items.flatMap(({ key, value }) => serviceStart(String(key), value));
		return [...podStarts(contents, ["Job", "CronJob"].includes(String(contents.get("kind"))))];
	});
}
/** The words of a template's language are put out of the way; every other letter keeps its place. */
function withoutTemplates(text) {
	return text.replaceAll(/^[ \t]*\{\{.*\}\}[ \t]*$/gm, (line) => " ".repeat(line.length)).replaceAll(/\{\{.*?\}\}/g, (part) => "_".repeat(part.length));
}
function serviceStart(name, service) {
	return (0, import_dist.isMap)(service) ? containerStart(service, ["entrypoint", "command"], `service ${name}`, "job") : [];
}
function* podStarts(node, isJob) {
	if ((0, import_dist.isSeq)(node)) for (const item of node.items) yield* podStarts(item, isJob);
	if (!(0, import_dist.isMap)(node)) return;
	for (const { key, value } of node.items) {
		const list = String(key);
		if ((list === "initContainers" || list === "containers") && (0, import_dist.isSeq)(value)) for (const container of value.items) {
			if (!(0, import_dist.isMap)(container)) continue;
			yield* containerStart(container, ["command", "args"], `${list === "containers" ? "container" : "init container"} ${String(container.get("name") ?? "")}`.trim(), isJob ? "job" : "start");
		}
		else yield* podStarts(value, isJob);
	}
}
/** A list is run as it is, with the words of both keys; a text is read as a shell does. */
function containerStart(container, keys, place, alone) {
	const parts = keys.map((key) => container.get(key, true)).filter((part) => part !== void 0);
	const [first] = parts;
	if (first === void 0) return [];
	const words = parts.flatMap((part) => (0, import_dist.isSeq)(part) ? part.items.map((item) => String((0, import_dist.isScalar)(item) ? item.value : item)) : []);
	const texts = parts.flatMap((part) => (0, import_dist.isScalar)(part) && typeof part.value === "string" ? [part.value] : []);
	const offset = first.range?.[0] ?? 0;
	if (texts.length === 0) return [{
		offset,
		place,
		run: words,
		alone
	}];
	return [{
		offset,
		place,
		run: [...words.map(quoted), ...texts].join(" "),
		alone
	}];
}
function quoted(word) {
	return `'${word.replaceAll("'", "")}'`;
}
// src/lint/boot/dockerfile.ts
/** What a container of the last stage runs: ENTRYPOINT with the words of CMD, or each of them in its shell. */
function dockerfileStarts(text) {
	let entrypoint;
	let command;
	for (const one of instructions(text)) {
		if (one.name === "FROM") entrypoint = command = void 0;
		if (one.name === "ENTRYPOINT") entrypoint = one;
		if (one.name === "CMD") command = one;
	}
	const [program, rest] = [wordsOf(entrypoint), wordsOf(command)];
	if (entrypoint !== void 0 && program !== void 0 && rest !== void 0) return [{
		offset: entrypoint.offset,
		place: "ENTRYPOINT",
		run: [...program, ...rest],
		alone: "job"
	}];
	return [entrypoint, command].flatMap((one) => one === void 0 ? [] : [{
		offset: one.offset,
		place: one.name,
		run: wordsOf(one) ?? one.value,
		alone: "job"
	}]);
}
function instructions(text) {
	return [...text.matchAll(/^[ \t]*(FROM|ENTRYPOINT|CMD)[ \t]+((?:\\\r?\n|[^\n])*)/gim)].map((match) => {
		const [whole, name = "", value = ""] = match;
		return {
			name: name.toUpperCase(),
			value,
			offset: match.index + whole.length - value.length
		};
	});
}
/** The words of the form in brackets; `undefined` for the form that a shell reads. */
function wordsOf(instruction) {
	if (!instruction?.value.startsWith("[")) return void 0;
	try {
		const words = JSON.parse(instruction.value.replaceAll(/\\\r?\n/g, " "));
		return Array.isArray(words) ? words.map(String) : void 0;
	} catch {
		return;
	}
}
// src/lint/boot/package-scripts.ts
const startScripts = /^(?:pre|post)?(?:start|serve)(?::prod(?:uction)?)?$|^(?:pre|post)?install$|^(?:heroku-postbuild|vercel-build|(?:pre|post)?build)$/;
/** Scripts of `package.json` that run when a service is installed, built or started, with those that they call. */
function packageStarts(text) {
	const scripts = scriptsOf(text);
	return Object.keys(scripts).filter((name) => startScripts.test(name)).map((name) => {
		const run = expand(name, scripts, []);
		return {
			offset: Math.max(0, text.indexOf(`"${name}"`, text.indexOf("\"scripts\""))),
			place: `script ${name}`,
			run,
			alone: "start"
		};
	});
}
function scriptsOf(text) {
	try {
		const { scripts = {} } = JSON.parse(text);
		return Object.fromEntries(Object.entries(scripts).map(([name, run]) => [name, String(run)]));
	} catch {
		return {};
	}
}
/** A script with the text of those that it calls in their place. */
function expand(name, scripts, above) {
	if (above.includes(name)) return "";
	return (scripts[name] ?? "").replaceAll(/\b(?:npm run(?:-script)?|pnpm(?: run)?|yarn(?: run)?|bun run) ([\w:.-]+)/g, (call, other) => other in scripts ? expand(other, scripts, [...above, name]) : call);
}
// src/lint/boot/procfile.ts
/** Each process type of a Procfile; `release` runs once, before the new code. */
function procfileStarts(text) {
	return [...text.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)].map((match) => {
		const [whole, name = "", run = ""] = match;
		return {
			offset: match.index + whole.length - run.length,
			place: `process ${name}`,
			run,
			alone: name === "release" ? "job" : "start"
		};
	});
}
// src/lint/boot/shell.ts
/** Takes a shell's text apart at its operators and line ends. Variables stay as they are written; comments go. */
function shellCommands(text) {
	const commands = [];
	let words = [];
	const close = () => {
		const [first] = words;
		const last = words.at(-1);
		if (first !== void 0 && last !== void 0) commands.push({
			words: words.map((word) => word.text),
			start: first.start,
			end: last.end
		});
		words = [];
	};
	for (let at = 0; at < text.length;) {
		const letter = text[at];
		if (text.startsWith("\\\n", at) || text.startsWith("\\\r\n", at)) at = text.indexOf("\n", at) + 1;
		else if (letter === " " || letter === "	" || letter === "\r") at++;
		else if (letter === "#") at = lineEnd(text, at);
		else if (operators.includes(letter)) {
			close();
			at++;
		} else {
			const word = readWord(text, at);
			words.push(word);
			at = word.end;
		}
	}
	close();
	return commands;
}
const operators = "\n;&|(){}";
function lineEnd(text, from) {
	const end = text.indexOf("\n", from);
	return end < 0 ? text.length : end;
}
function readWord(text, start) {
	let word = "";
	let at = start;
	while (at < text.length) {
		const letter = text[at];
		if (letter === "'" || letter === "\"") {
			const [inner, end] = readQuoted(text, at);
			word += inner;
			at = end;
		} else if (text.startsWith("${", at) || text.startsWith("$(", at)) {
			const end = closing(text, at + 1);
			word += text.slice(at, end);
			at = end;
		} else if (letter === "\\") {
			word += text[at + 1] === "\n" ? "" : text[at + 1] ?? "";
			at += 2;
		} else if (/\s/.test(letter) || operators.includes(letter)) break;
		else {
			word += letter;
			at++;
		}
	}
	return {
		text: word,
		start,
		end: Math.min(at, text.length)
	};
}
function readQuoted(text, start) {
	const quote = text[start];
	let inner = "";
	let at = start + 1;
	while (at < text.length && text[at] !== quote) {
		if (quote === "\"" && text[at] === "\\") at++;
		inner += text[at] ?? "";
		at++;
	}
	return [inner, at + 1];
}
/** Behind the bracket that closes the one at `start`. */
function closing(text, start) {
	const [open, close] = text[start] === "{" ? "{}" : "()";
	let depth = 0;
	for (let at = start; at < text.length; at++) {
		if (text[at] === open) depth++;
		if (text[at] === close && --depth === 0) return at + 1;
	}
	return text.length;
}
// src/lint/boot/systemd.ts
/** ExecStart and its kin of a unit; lines that end with a backslash go on. */
function systemdStarts(text) {
	const isJob = /^Type\s*=\s*oneshot\s*$/m.test(text);
	return [...text.matchAll(/^(ExecStartPre|ExecStart|ExecStartPost|ExecCondition)[ \t]*=[ \t]*[-@:+!]*((?:\\\r?\n|[^\n])*)/gm)].map((match) => {
		const [whole, key = "", run = ""] = match;
		return {
			offset: match.index + whole.length - run.length,
			place: key,
			run,
			alone: isJob ? "job" : "start"
		};
	});
}
// src/lint/boot/tools.ts
/** The tool that a command calls to bring a database up to date, in both phases at once; `undefined` when it calls none. */
function migratingTool(words) {
	if (looksOnly.has(nameOf(words[0] ?? ""))) return void 0;
	for (const [index, word] of words.entries()) {
		const tool = nameOf(word);
		if (migrates[tool]?.(words.slice(index + 1)) === true) return tool;
	}
}
/** What names a tool and does not run it. */
const looksOnly = /* @__PURE__ */ new Set([
	"echo",
	"printf",
	"which",
	"command",
	"cp",
	"mv",
	"rm",
	"chmod",
	"install",
	"go",
	"apt-get",
	"apk",
	"curl",
	"wget",
	"test",
	"["
]);
function nameOf(word) {
	return word.slice(word.lastIndexOf("/") + 1);
}
const has = (...any) => (rest) => any.some((word) => rest.includes(word));
const begins = (...expected) => (rest) => {
	const words = rest.filter((word) => !word.startsWith("-"));
	return expected.every((word, index) => words[index] === word);
};
const either = (...calls) => (rest) => calls.some((call) => call(rest));
const rails = has("db:migrate", "db:prepare", "db:setup");
const migrates = {
	goose: has("up", "up-by-one", "up-to"),
	migrate: has("up", "goto"),
	dbmate: has("up", "migrate"),
	sqlx: begins("migrate", "run"),
	prisma: either(begins("migrate", "deploy"), begins("db", "push")),
	diesel: begins("migration", "run"),
	flyway: has("migrate"),
	liquibase: has("update"),
	rails,
	rake: rails,
	alembic: has("upgrade"),
	"manage.py": begins("migrate"),
	"django-admin": begins("migrate"),
	flask: begins("db", "upgrade"),
	artisan: begins("migrate"),
	sequelize: has("db:migrate"),
	"sequelize-cli": has("db:migrate"),
	knex: has("migrate:latest", "migrate:up"),
	typeorm: has("migration:run"),
	"typeorm-ts-node-commonjs": has("migration:run"),
	"typeorm-ts-node-esm": has("migration:run"),
	"node-pg-migrate": has("up"),
	"drizzle-kit": begins("migrate"),
	atlas: begins("migrate", "apply"),
	tern: begins("migrate"),
	"sql-migrate": begins("up"),
	mix: has("ecto.migrate"),
	shiplock: (rest) => rest.includes("migrate") && !isPhased(rest)
};
function isPhased(rest) {
	const at = rest.findIndex((word) => word === "--phase" || word.startsWith("--phase="));
	const phase = rest[at] === "--phase" ? rest[at + 1] : rest[at]?.slice(8);
	return at >= 0 && phase !== "all";
}
// src/lint/boot/boot-commands.ts
/** Finds services that migrate when they start: then nobody decides which phase runs when. */
function bootCommands(files) {
	return migrationsAtBoot(files.filter(({ text }) => !holdsPostBack(text)));
}
/** The same, whichever migrations the service leaves out. */
function migrationsAtBoot(files) {
	return files.flatMap(({ path, text }) => {
		const read = readerOf(path);
		if (read === void 0) return [];
		return read(text).flatMap((start) => {
			const commands = commandsOf(start.run);
			return commands.flatMap(({ words, start: at }) => {
				const tool = migratingTool(words);
				if (tool === void 0) return [];
				const offset = start.offset + (typeof start.run === "string" && text.startsWith(start.run, start.offset) ? at : 0);
				const when = commands.length === 1 ? start.alone : "start";
				return [{
					path,
					offset,
					line: text.slice(0, offset).split("\n").length,
					command: words.join(" "),
					tool,
					place: start.place,
					when
				}];
			});
		});
	});
}
/** Whether a file of a repository may say what runs when a service starts. */
function mayBootFile(path) {
	return !/(?:^|\/)(?:node_modules|vendor|\.git|\.github)\//.test(path) && readerOf(path) !== void 0;
}
function readerOf(path) {
	return readers.find(([pattern, folders]) => pattern.test(basename(path)) && (folders === void 0 || folders.test(path)))?.[2];
}
const readers = [
	[
		/\.service(?:\.\w+)?$/,
		void 0,
		systemdStarts
	],
	[
		/^(?:dockerfile|containerfile)(?:[.-].+)?$|\.(?:dockerfile|containerfile)$/i,
		void 0,
		dockerfileStarts
	],
	[
		/^(?:docker-)?compose[\w.-]*\.ya?ml$/,
		void 0,
		containerStarts
	],
	[
		/^package\.json$/,
		void 0,
		packageStarts
	],
	[
		/^Procfile(?:\.\w+)?$/,
		void 0,
		procfileStarts
	],
	[
		/^(?:[\w-]*entrypoint|start|boot|run|server)(?:\.(?:sh|bash))$/,
		void 0,
		scriptStarts
	],
	[
		/^(?:docker-)?entrypoint$|^(?:start|boot|server)$/,
		/(?:^|\/)(?:bin|scripts?|docker)\//,
		scriptStarts
	],
	[
		/\.ya?ml$/,
		/(?:^|\/)(?:k8s|kubernetes|kube|helm|charts?|templates|deploy(?:ments?)?|manifests?|kustomize|overlays|base|infra)\//i,
		containerStarts
	]
];
function scriptStarts(text) {
	return [{
		offset: 0,
		place: "the start script",
		run: text,
		alone: "start"
	}];
}
function holdsPostBack(text) {
	return /^(?!\s*#).*\bSKIP_POST_DEPLOYMENT_MIGRATIONS\b\W{0,5}\w/m.test(text);
}
function commandsOf(run) {
	return (typeof run === "string" ? shellCommands(run) : [{
		words: run,
		start: 0
	}]).flatMap((command) => {
		const script = scriptOf(command.words);
		return script === void 0 ? [command] : shellCommands(script).map(({ words }) => ({
			words,
			start: command.start
		}));
	});
}
/** What `sh -c "…"` runs. */
function scriptOf(words) {
	const shell = words.findIndex((word) => /^(?:\S*\/)?(?:sh|bash|ash|dash|zsh)$/.test(word));
	const flag = words.findIndex((word, index) => index > shell && /^-\w*c$/.test(word));
	return shell >= 0 && flag > shell ? words[flag + 1] : void 0;
}
export { mayBootFile as n, migrationsAtBoot as r, bootCommands as t };
