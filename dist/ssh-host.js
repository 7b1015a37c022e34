import { t as ReleaseError } from "./errors.js";
// src/ssh-host.ts
/**
* Reads `direct` as `undefined`, and `ssh://user@host[:port]`.
* Throws `invalid-input`; the error never holds any part of the text, since it may be a password.
*/
function parseSshHost(text) {
	if (text === "direct") return void 0;
	const [, login = "", host = "", port] = /^ssh:\/\/([^@/]*)@(\[[^\]]*\]|[^:/@]*)(?::([^/]*))?\/?$/.exec(text) ?? [];
	if (login.includes(":")) throw invalid("it holds a password; ssh logs in with a key (ssh-key, or an agent) and nothing else");
	if (!/^\w[\w.+-]*$/.test(login)) throw invalid("it is neither direct nor ssh://user@host");
	const name = host.startsWith("[") ? host.slice(1, -1) : host;
	if (!/^\w[\w.-]*$/.test(name) && !/^[\da-fA-F:.]*:[\da-fA-F:.]*$/.test(name)) throw invalid("its host is no name and no address");
	return {
		user: login,
		host: name,
		port: port === void 0 ? void 0 : portOf(port)
	};
}
/** The only form in which it is printed. */
function describeSshHost({ user, host, port }) {
	return `ssh://${user}@${host.includes(":") ? `[${host}]` : host}${port === void 0 ? "" : `:${port}`}`;
}
function portOf(text) {
	const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	if (number < 1 || number > 65535) throw invalid("its port is not a number from 1 to 65535");
	return number;
}
function invalid(problem) {
	return new ReleaseError("invalid-input", `The way to the database cannot be used: ${problem}.`, { hint: "The form is ssh://user@host or ssh://user@host:port; direct means without a tunnel." });
}
export { parseSshHost as n, describeSshHost as t };
