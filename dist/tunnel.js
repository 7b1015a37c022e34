import { an as describeConnection, ft as startChild, j as describeSshHost, un as ReleaseError } from "./start.js";
import { t as _usingCtx } from "./usingCtx.js";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createServer } from "node:net";
import { Readable } from "node:stream";
// src/adapters/ssh/explain.ts
/** Turns what ssh said before it ended into one error with a next step. */
function explainEnd(said, exitCode, attempt) {
	const { through } = attempt;
	const where = describeSshHost(through);
	if (exitCode === 127) return new ReleaseError("tool-not-found", `The tunnel through ${where} needs the program ssh, which is not installed.`, { hint: "Install OpenSSH: apt-get install openssh-client." });
	if (/HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY/.test(said)) return hostKeyChanged(said, attempt);
	if (/Host key verification failed|host key is known for/.test(said)) return hostKeyUnknown(attempt);
	if (/Permission denied|Too many authentication failures/.test(said)) return loginRefused(said, attempt);
	const line = lastLine(said);
	const reason = line === "" ? "" : `: ${line.replace(/[.:]+$/, "")}`;
	if (/Could not request local forwarding/.test(said)) return failed(`${where}: no port of this machine could be used for the tunnel${reason}.`, { hint: "Run it again. If it stays: the ssh configuration of this user may forward ports that are taken (LocalForward)." });
	return failed(`${where} could not be reached${reason}.`, { hint: `Check host, port and firewall; "ssh -N -v ${through.port === void 0 ? "" : `-p ${through.port} `}${through.user}@${through.host}" shows how far it comes.` });
}
/** Turns what ssh said about one connection through the tunnel into an error. */
function explainRefusal(complaint, { through, connection }) {
	const where = describeSshHost(through);
	if (/administratively prohibited/.test(complaint)) return failed(`${where} logged us in, but forwards nothing to ${connection.host}:${connection.port}.`, { hint: `Its sshd_config needs AllowTcpForwarding yes (or local), and the key's line in authorized_keys port-forwarding and, if it has one, permitopen="${connection.host}:${connection.port}".` });
	const reason = complaint.replace(/^.*open failed: (?:connect failed: )?/, "").replace(/[.:]+$/, "");
	return new ReleaseError("connection-failed", `${describeConnection(connection)} could not be reached from ${where} (${reason}).`, { hint: connection.host.startsWith("/") ? "The path is one on the ssh host, where this user must be able to use the socket and sshd must allow AllowStreamLocalForwarding." : "The name is looked up on the ssh host: check it there, and the database's firewall and trusted sources for that host." });
}
function hostKeyUnknown({ through, isPinned }) {
	const port = through.port === void 0 ? "" : `-p ${through.port} `;
	return failed(`The host key of ${describeSshHost(through)} is not known: ${isPinned ? "ssh-known-hosts" : "known_hosts of this user"} has no line for it.`, { hint: `Print it with "ssh-keyscan ${port}${through.host}", compare the fingerprint ("… | ssh-keygen -lf -") with the provider's, and only then put the line into ${isPinned ? "ssh-known-hosts" : "~/.ssh/known_hosts or ssh-known-hosts"}.` });
}
function hostKeyChanged(said, { through, isPinned }) {
	const shown = /SHA256:[\w+/]+/.exec(said)?.[0];
	return failed(`The host key of ${describeSshHost(through)} is not the one in ${isPinned ? "ssh-known-hosts" : "known_hosts of this user"}${shown === void 0 ? "" : `; it showed ${shown}`}. Another machine may stand in between.`, { hint: "Compare the fingerprint with the provider's. Only when the host really has a new key, replace the old line." });
}
function loginRefused(said, { through, hasKey }) {
	const where = describeSshHost(through);
	if (hasKey && /^Load key /m.test(said)) return failed(`${where}: ssh cannot read the private key in ssh-key.`, { hint: "It is the whole file with its line breaks; \"ssh-keygen -y -f file\" prints its public half when it is sound." });
	return failed(`${where} refused ${hasKey ? "the key in ssh-key" : "every key of this user and its agent"}.`, { hint: `The public half must stand in authorized_keys of ${through.user} there${hasKey ? "" : "; name a key with SSH_KEY, or load one into the agent (ssh-add)"}.` });
}
function failed(message, options) {
	return new ReleaseError("ssh-failed", message, options);
}
function lastLine(text) {
	return text.trim().split("\n").at(-1)?.trim().slice(0, 300) ?? "";
}
// src/adapters/free-port.ts
/** A port of 127.0.0.1 that nobody listens on at this moment; another process may take it before it is used. */
function freePort() {
	return new Promise((resolve, reject) => {
		const probe = createServer().once("error", reject);
		probe.listen(0, "127.0.0.1", () => {
			const address = probe.address();
			probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
		});
	});
}
// src/adapters/guarded-child.ts
/**
* A program without anything to lose that must not outlive this process, however this one ends. Its guard waits for the end
* of a pipe whose other end we hold and never write to: the kernel closes it for us, also after SIGKILL. The guard's text
* is fixed; the program and its arguments reach it as a list. A program that does not exist ends with 127.
*/
function startGuardedChild(program, args, options) {
	const child = startChild("/bin/sh", [
		"-c",
		guard,
		"guard",
		program,
		...args
	], {
		...options,
		input: new Readable({ read() {} })
	});
	return {
		...child,
		async stop() {
			child.kill("SIGKILL");
			await child.ended.catch(() => {});
		}
	};
}
/** `kill 0` reaches the process group, which is the guard's own: the program and what it started. */
const guard = `exec 3<&0
"$@" </dev/null 3<&- &
child=$!
(read -r _ <&3; kill -9 0) &
watch=$!
wait "$child"
status=$?
kill "$watch"
exit "$status"`;
// src/adapters/ssh/arguments.ts
/** What ssh prints once it has logged in and listens: LocalCommand runs after both. */
const openWord = "shiplock-tunnel-is-open";
/**
* The arguments of `ssh`. An option here goes before one of the same name in a configuration file. Files are named
* relative to the working directory: ssh would expand signs in a longer path. https://man.openbsd.org/ssh_config
*/
function sshArguments(call) {
	const { through, connection, port, hasKey, isPinned, ownConfig } = call;
	const options = {
		BatchMode: "yes",
		StrictHostKeyChecking: "yes",
		ExitOnForwardFailure: "yes",
		ConnectTimeout: String(Math.ceil(connection.connectTimeoutMs / 1e3)),
		ServerAliveInterval: "10",
		ServerAliveCountMax: "3",
		ControlMaster: "no",
		ControlPath: "none",
		ForwardAgent: "no",
		ForwardX11: "no",
		UpdateHostKeys: "no",
		LogLevel: "INFO",
		PermitLocalCommand: "yes",
		LocalCommand: `echo ${openWord}`,
		...isPinned ? {
			UserKnownHostsFile: "known_hosts",
			GlobalKnownHostsFile: "/dev/null",
			VerifyHostKeyDNS: "no"
		} : {},
		...hasKey ? {
			IdentitiesOnly: "yes",
			IdentityAgent: "none"
		} : {}
	};
	return [
		"-N",
		"-T",
		...ownConfig ? [] : ["-F", "/dev/null"],
		...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
		...hasKey ? ["-i", "key"] : [],
		...through.port === void 0 ? [] : ["-p", String(through.port)],
		"-L",
		`127.0.0.1:${port}:${target(connection)}`,
		"-l",
		through.user,
		"--",
		through.host
	];
}
/** The database as the ssh host names it: host and port, or the path of a socket there. */
function target(connection) {
	const { host, port } = connection;
	if (/^\/[\w./@+-]*$/.test(host)) return `${host.replace(/\/+$/, "")}/.s.PGSQL.${port}`;
	if (/^[\da-fA-F:.]+$/.test(host) && host.includes(":")) return `[${host}]:${port}`;
	if (/^\w[\w.-]*$/.test(host)) return `${host}:${port}`;
	throw new ReleaseError("invalid-input", `${describeConnection(connection)} cannot be the end of an ssh tunnel.`, { hint: "Its host may be a name, an address, or the folder of a socket without blanks and colons." });
}
// src/adapters/ssh/forwarding.ts
const longestTries = 3;
/** Starts ssh and waits until it listens. Throws `ssh-failed`, `tool-not-found` or `interrupted`. */
async function startForwarding(options) {
	try {
		var _usingCtx$1 = _usingCtx();
		const folder = _usingCtx$1.a(await options.makeFolder());
		const { key, knownHosts } = options;
		if (key !== void 0) await writeFile(join(folder.path, "key"), key, {
			flag: "wx",
			mode: 384
		});
		if (knownHosts !== void 0) await writeFile(join(folder.path, "known_hosts"), knownHosts, {
			flag: "wx",
			mode: 384
		});
		const facts = {
			...options,
			hasKey: key !== void 0,
			isPinned: knownHosts !== void 0
		};
		for (let tries = 1;; tries++) {
			const port = await freePort();
			const child = startGuardedChild("ssh", sshArguments({
				...facts,
				port
			}), {
				env: sshEnvironment(options.env),
				cwd: folder.path
			});
			const end = await opened(child, options);
			if (end === "open") return {
				child,
				port
			};
			await child.stop();
			if (end !== "ended") throw endedByUs(end, options);
			if (tries === longestTries || !/Address already in use/.test(child.stderr())) {
				const { exitCode } = await child.ended;
				throw explainEnd(child.stderr(), exitCode, facts);
			}
		}
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
/** Time for the login itself, which ConnectTimeout does not bound. */
const loginMs = 15e3;
function opened(child, { signal, connection }) {
	return new Promise((resolve) => {
		let said = "";
		const timer = setTimeout(() => finish("late"), connection.connectTimeoutMs + loginMs);
		const stop = () => finish("stopped");
		signal.addEventListener("abort", stop, { once: true });
		child.stdout.setEncoding("utf8").on("data", (text) => {
			said += text;
			if (said.includes("shiplock-tunnel-is-open")) finish("open");
		});
		child.ended.then(() => finish("ended"), () => finish("ended"));
		function finish(end) {
			clearTimeout(timer);
			signal.removeEventListener("abort", stop);
			resolve(end);
		}
	});
}
function endedByUs(end, { through }) {
	if (end === "stopped") return new ReleaseError("interrupted", "The run was stopped while the tunnel was being opened; nothing was done.", { hint: "Run the same command again." });
	return new ReleaseError("ssh-failed", `${describeSshHost(through)} did not finish the login in time.`, { hint: "Check its load and its logs; connect_timeout in the connection string allows it more." });
}
/** An allow list: ssh needs to find its agent and this user's files, and none of our secrets. */
function sshEnvironment(env) {
	return Object.fromEntries([
		"PATH",
		"HOME",
		"USER",
		"LOGNAME",
		"LANG",
		"LC_ALL",
		"TZ",
		"TMPDIR",
		"SSH_AUTH_SOCK",
		"XDG_RUNTIME_DIR",
		"KRB5CCNAME"
	].flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]));
}
// src/adapters/ssh/tunnel.ts
/** A tunnel that the system's ssh keeps. Nothing is started before it is first used. */
function makeTunnel(options) {
	return new SshTunnel(options);
}
/** ssh writes its complaint before it closes the connection; the two reach us by different pipes. */
const lagMs = 500;
var SshTunnel = class {
	through;
	#options;
	#opened;
	#forwarding;
	/** Complaints that were there when the tunnel was last handed out. */
	#earlier = 0;
	constructor(options) {
		this.#options = options;
		this.through = options.through;
	}
	async open() {
		this.#opened ??= this.#start();
		const { port } = await this.#opened;
		this.#earlier = this.#complaints().length;
		return {
			host: "127.0.0.1",
			port
		};
	}
	async refusal() {
		const deadline = performance.now() + lagMs;
		for (;;) {
			const complaint = this.#complaints().slice(this.#earlier).at(-1);
			if (complaint !== void 0) return explainRefusal(complaint, {
				...this.#options,
				hasKey: false,
				isPinned: false
			});
			if (performance.now() > deadline) return void 0;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}
	async [Symbol.asyncDispose]() {
		await this.#forwarding?.child.stop();
	}
	async #start() {
		const { connection, say } = this.#options;
		try {
			const forwarding = await startForwarding(this.#options);
			this.#forwarding = forwarding;
			forwarding.child.ended.then(() => {
				this.#opened = void 0;
			});
			say(`${describeConnection(connection)} is reached through ${describeSshHost(this.through)}`);
			return forwarding;
		} catch (error) {
			this.#opened = void 0;
			throw error;
		}
	}
	#complaints() {
		return this.#forwarding?.child.stderr().match(/^channel \d+: open failed: .*$/gm) ?? [];
	}
};
export { makeTunnel };
