import { i as systemCode, r as messageOf, t as ReleaseError } from "./errors.js";
// src/explain-error.ts
/** An error as the result holds it. */
function describeError(error) {
	return {
		code: error.code,
		message: error.message,
		...error.hint === void 0 ? {} : { hint: error.hint },
		...error.at === void 0 ? {} : { at: error.at }
	};
}
/** Errors that Node and PostgreSQL throw for a user's mistake get a code and a next step; the rest is a bug. */
function asReleaseError(error) {
	if (error instanceof ReleaseError) return error;
	const code = systemCode(error) ?? "";
	const message = messageOf(error);
	if (code === "42501") return new ReleaseError("insufficient-rights", `${message}.`, {
		hint: "Grant the right to the role of the connection, or name another with the input role.",
		cause: error
	});
	if (/^(?:57P0|08)/.test(code) || [
		"ECONNRESET",
		"EPIPE",
		"ETIMEDOUT"
	].includes(code) || /^Connection terminated|^Query read timeout|not queryable|connection error/.test(message)) return new ReleaseError("connection-lost", `The connection to the server broke (${code || message}).`, {
		hint: "Run the same command again: the ledger says what was applied.",
		cause: error
	});
	if (code === "ENOSPC" || code === "EDQUOT") return new ReleaseError("disk-full", `There is no room left: ${message}.`, {
		hint: "Make room where this step writes: the store, or the folder for temporary files (TMPDIR, RUNNER_TEMP).",
		cause: error
	});
	if ([
		"EACCES",
		"EPERM",
		"ENOENT",
		"EISDIR",
		"ENOTDIR",
		"EROFS"
	].includes(code)) return new ReleaseError("unreadable-file", message, {
		hint: "Check the path, its rights and the space on the disk.",
		cause: error
	});
	if (/^[0-9A-Z]{5}$/.test(code) && typeof error === "object" && error !== null && "severity" in error) {
		const readOnly = code === "25006" ? "The database is read-only: a replica, a full disk of a managed service, or default_transaction_read_only." : "";
		return new ReleaseError("server-refused", `The server refused a statement of Shiplock: ${message} (SQLSTATE ${code}).`, {
			hint: readOnly || "Check state-schema, migrations-table and the rights of the role; the SQLSTATE says what the server objects to.",
			cause: error
		});
	}
	return new ReleaseError("internal-error", `Shiplock failed: ${message}`, {
		hint: "This is a bug of Shiplock. Please report it with the text above, without secrets.",
		cause: error
	});
}
/** What a start ends with when a signal stopped it. */
function interrupted(cause) {
	return new ReleaseError("interrupted", "The run was stopped by a signal.", {
		hint: "Run the same command again; a second run is safe.",
		cause
	});
}
export { describeError as n, interrupted as r, asReleaseError as t };
