import { a as traitsOf, i as isInputName } from "./inputs.js";
import { t as LiveLine } from "./live-line.js";
import { r as secretForms, t as Redactor } from "./redact.js";
import { n as harmless, t as foreign } from "./foreign.js";
import { n as watchSignals } from "./signals.js";
// src/command-line.ts
const switches = ["json", "help"];
/** `shiplock backup,migrate --phase pre`: words before the flags name commands, flags are inputs. */
function readCommandLine(args) {
	const words = [];
	const flags = /* @__PURE__ */ new Map();
	let problem;
	for (let index = 0; index < args.length; index++) {
		const arg = args[index];
		if (arg !== "-h" && !arg.startsWith("--")) {
			words.push(arg);
			continue;
		}
		const [name = "", inline] = arg === "-h" ? ["help"] : splitFlag(arg.slice(2));
		const value = inline ?? (isSwitch(name) ? "true" : args[++index]);
		if (flags.has(name)) problem ??= `--${name.slice(0, 60)} stands twice.`;
		else if (!value || inline === void 0 && /^--\w/.test(value)) problem ??= `--${name.slice(0, 60)} needs a value.`;
		else flags.set(name, value);
	}
	const { command, config, json, help, ...given } = Object.fromEntries(flags);
	return {
		commands: split(command ?? words.join(" ")),
		given: new Map(Object.entries(given)),
		configPath: config,
		json: json !== void 0 && json !== "false",
		help: help !== void 0,
		problem
	};
}
/** `backup,migrate` names two commands; a word after the last one belongs to it, as in `record deployed`. */
function split(commands) {
	return commands.split(/[\n,]/).map((one) => one.trim()).filter(Boolean);
}
function splitFlag(flag) {
	const equals = flag.indexOf("=");
	return equals < 0 ? [flag] : [flag.slice(0, equals), flag.slice(equals + 1)];
}
/** Inputs that are true or false may stand without a value. */
function isSwitch(name) {
	return switches.includes(name) || isInputName(name) && traitsOf(name).switch === true;
}
// src/terminal.ts
/** Runs one start from a command line; resolves with the exit status. */
async function terminal(shell) {
	for (const stream of [shell.stdout, shell.stderr]) stream.on("error", () => {});
	const line = readCommandLine(shell.argv.slice(2));
	if (line.help || shell.argv.length === 2) {
		const { helpFor } = await import("./help.js");
		shell.stdout.write(helpFor(line.commands[0]));
		return line.help ? 0 : 2;
	}
	const { run } = await import("./run2.js");
	const { secretsOf } = await import("./secrets.js");
	const redactor = new Redactor();
	for (const secret of secretsOf(line.given, shell.env)) redactor.add(secret);
	const passwords = shell.argv.slice(2).filter((word) => /:\/\/[^/\s]*:[^@\s]+@|password=/i.test(word)).flatMap((word) => secretForms(word.replace(/^--[\w-]+=/, "")));
	for (const secret of passwords) redactor.add(secret);
	const onlyNotes = line.given.get("format") === "release-notes" && !line.json;
	const prose = line.json || onlyNotes ? shell.stderr : shell.stdout;
	const live = new LiveLine({
		write: (text) => prose.write(text),
		columns: () => prose.isTTY === true && shell.env.TERM !== "dumb" ? prose.columns ?? 80 : void 0,
		now: () => performance.now()
	});
	const log = lineLog(redactor, live, (line) => prose.write(`${line}\n`));
	if (passwords.length > 0) log.warn("a password on the command line can be read by every user of this machine; use DATABASE_URL (or DRILL_DATABASE_URL) instead");
	if (line.given.has("ssh-key")) log.warn("a private key on the command line can be read by every user of this machine; use SSH_KEY or the agent instead");
	const { signal, crash, stop } = watchSignals(shell, () => shell.stderr.write("stopping; a second Ctrl-C ends at once\n"));
	const { result, bug } = await run({
		edge: "terminal",
		commands: line.commands,
		given: line.given,
		configPath: line.configPath,
		variables: shell.env,
		cwd: shell.cwd(),
		program: shell.argv[1] ?? "",
		signal,
		crash,
		log,
		redactor,
		usageProblem: line.problem,
		...shell.stdin.isTTY === true && shell.stderr.isTTY === true ? { ask: (question) => answerOf(question, shell, signal) } : {}
	});
	live.clear();
	if (!signal.aborted) stop();
	const { releaseNotesIn, renderTerminal } = await import("./terminal2.js");
	if (line.json) shell.stdout.write(`${JSON.stringify(result, void 0, 2)}\n`);
	if (onlyNotes) shell.stdout.write(releaseNotesIn(result));
	const color = !line.json && !onlyNotes && shell.stdout.isTTY === true && !shell.env.NO_COLOR && shell.env.TERM !== "dumb";
	prose.write(renderTerminal(result, { color }));
	if (bug !== void 0) shell.stderr.write(`${foreign(redactor.redact(String(bug.stack ?? bug)))}\n`);
	return result.exitCode;
}
/** The line that somebody types; an empty one is no answer, and Ctrl-D none either. */
async function answerOf(question, shell, signal) {
	const { createInterface } = await import("node:readline/promises");
	const lines = createInterface({
		input: shell.stdin,
		output: shell.stderr
	});
	lines.on("SIGINT", () => shell.kill(shell.pid, "SIGINT"));
	const closed = new Promise((done) => lines.on("close", () => done("")));
	try {
		return (await Promise.race([lines.question(`${question}: `, { signal }), closed])).trim() || void 0;
	} finally {
		lines.close();
	}
}
function lineLog(redactor, live, write) {
	const keep = (line) => {
		live.clear();
		write(line);
	};
	return {
		info: (text) => keep(harmless(redactor.redact(text))),
		warn: (text) => keep(harmless(redactor.redact(`! ${text}`))),
		foreign: (text) => keep(foreign(redactor.redact(text))),
		live: (line) => live.show({
			...line,
			text: harmless(redactor.redact(line.text))
		})
	};
}
export { terminal };
