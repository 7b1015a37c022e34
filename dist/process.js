import { spawn } from "node:child_process";
// src/adapters/process.ts
/** After a polite signal, the child gets this long before it is killed; a runner grants 7.5 s in all. */
const graceMs = 2e3;
/** Starts a program with an argument list, never through a shell, in a process group of its own. */
function startChild(program, args, options) {
	const child = spawn(program, args, {
		env: options.env,
		stdio: [
			options.input === void 0 ? "ignore" : "pipe",
			"pipe",
			"pipe"
		],
		detached: true,
		...options.cwd === void 0 ? {} : { cwd: options.cwd },
		...options.user
	});
	let errors = "";
	child.stderr?.setEncoding("utf8").on("data", (text) => {
		errors = (errors + text).slice(-65536);
	});
	if (options.input !== void 0 && child.stdin !== null) {
		const { stdin } = child;
		options.input.on("error", () => child.kill("SIGTERM"));
		stdin.on("error", () => {});
		options.input.pipe(stdin);
	}
	let isClosed = false;
	const kill = (signal) => {
		if (!isClosed) killGroup(child, signal);
	};
	let forced;
	const abort = () => {
		kill("SIGTERM");
		forced = setTimeout(() => kill("SIGKILL"), graceMs);
	};
	const when = (event) => new Promise((resolve, reject) => {
		child.on("error", reject);
		child.on(event, (code, signal) => resolve({
			exitCode: code ?? void 0,
			signal: signal ?? void 0
		}));
	});
	child.on("close", () => {
		isClosed = true;
		clearTimeout(forced);
		options.signal?.removeEventListener("abort", abort);
	});
	const [exited, ended] = [when("exit"), when("close")];
	for (const promise of [exited, ended]) promise.catch(() => {});
	if (options.signal?.aborted) abort();
	options.signal?.addEventListener("abort", abort, { once: true });
	return {
		pid: child.pid,
		stdout: child.stdout,
		errors: child.stderr,
		stderr: () => errors,
		exited,
		ended,
		kill
	};
}
/** Runs a short program to its end and keeps what it said, the last 64 KiB of each stream. */
async function runChild(program, args, options) {
	const child = startChild(program, args, options);
	let stdout = "";
	child.stdout.setEncoding("utf8").on("data", (text) => {
		stdout = (stdout + text).slice(-65536);
	});
	const { exitCode, signal } = await child.ended;
	return {
		exitCode,
		signal,
		stdout,
		stderr: child.stderr()
	};
}
/** Also when the child itself has ended: what it started may be at work, and hold its streams. */
function killGroup(child, signal) {
	if (child.pid === void 0) return;
	try {
		process.kill(-child.pid, signal);
	} catch {
		child.kill(signal);
	}
}
export { startChild as n, runChild as t };
