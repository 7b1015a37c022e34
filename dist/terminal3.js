import { c as Redactor, n as watchSignals, o as isInputName, s as traitsOf } from "./signals.js";
import { n as harmless, t as foreign } from "./foreign.js";
// src/terminal.ts
/** Runs one start from a command line; resolves with the exit status. */
async function terminal(shell) {
	for (const stream of [shell.stdout, shell.stderr]) stream.on("error", () => {});
	const line = readCommandLine(shell.argv.slice(2));
	if (line.help || shell.argv.length === 2) {
		const { helpFor } = await import("./help.js");
		shell.stdout.write(helpFor(line.commands[0]));
		return 0;
	}
	const { run, secretsOf } = await import("./run2.js");
	const redactor = new Redactor();
	for (const secret of secretsOf(line.given, shell.env)) redactor.add(secret);
	const prose = line.json ? shell.stderr : shell.stdout;
	const log = lineLog(redactor, (line) => prose.write(`${line}\n`));
	if (/:\/\/[^:/@]*:[^@]+@/.test(line.given.get("database-url") ?? "")) log.warn("a password on the command line can be read by every user of this machine; use DATABASE_URL instead");
	const { signal, stop } = watchSignals(shell, () => shell.stderr.write("stopping; a second Ctrl-C ends at once\n"));
	const { result, bug } = await run({
		edge: "terminal",
		commands: line.commands,
		given: line.given,
		configPath: line.given.get("config"),
		variables: shell.env,
		cwd: shell.cwd(),
		program: shell.argv[1] ?? "",
		signal,
		log,
		redactor,
		usageProblem: line.problem
	});
	if (!signal.aborted) stop();
	const { renderTerminal } = await import("./terminal2.js");
	if (line.json) shell.stdout.write(`${JSON.stringify(result, void 0, 2)}\n`);
	const color = !line.json && shell.stdout.isTTY === true && !shell.env.NO_COLOR && shell.env.TERM !== "dumb";
	prose.write(renderTerminal(result, { color }));
	if (bug !== void 0) shell.stderr.write(`${foreign(redactor.redact(String(bug.stack ?? bug)))}\n`);
	return result.exitCode;
}
const flagsWithoutValue = /* @__PURE__ */ new Set(["json", "help"]);
/** `shiplock backup,migrate --phase pre`: words before the flags name commands, flags are inputs. */
function readCommandLine(args) {
	const words = [];
	const given = /* @__PURE__ */ new Map();
	const switches = /* @__PURE__ */ new Set();
	let problem;
	for (let index = 0; index < args.length; index++) {
		const arg = args[index];
		if (arg === "-h") switches.add("help");
		else if (!arg.startsWith("--")) words.push(arg);
		else {
			const [name = "", inline] = splitFlag(arg.slice(2));
			if (flagsWithoutValue.has(name)) switches.add(name);
			else if (inline !== void 0) given.set(name, inline);
			else if (isSwitch(name)) given.set(name, "true");
			else if (args[index + 1] === void 0 || args[index + 1]?.startsWith("--")) problem ??= `--${name.slice(0, 60)} needs a value.`;
			else given.set(name, args[++index]);
		}
	}
	const named = given.get("command");
	given.delete("command");
	return {
		commands: named === void 0 ? commandLines(words) : named.split(/[\n,]/).map((one) => one.trim()).filter(Boolean),
		given,
		json: switches.has("json"),
		help: switches.has("help"),
		problem
	};
}
/** `backup,migrate` names two commands; a word after the last one belongs to it, as in `record deployed`. */
function commandLines(words) {
	return words.join(" ").split(",").map((one) => one.trim()).filter(Boolean);
}
function splitFlag(flag) {
	const equals = flag.indexOf("=");
	return equals < 0 ? [flag] : [flag.slice(0, equals), flag.slice(equals + 1)];
}
/** Inputs that are true or false may stand without a value. */
function isSwitch(name) {
	return isInputName(name) && traitsOf(name).switch === true;
}
function lineLog(redactor, write) {
	return {
		info: (text) => write(harmless(redactor.redact(text))),
		warn: (text) => write(harmless(redactor.redact(`! ${text}`))),
		foreign: (text) => write(foreign(redactor.redact(text)))
	};
}
export { terminal };
