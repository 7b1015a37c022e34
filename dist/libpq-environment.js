import { cn as settingOption, un as ReleaseError } from "./start.js";
import { r as toolEnvironment } from "./tools.js";
import { chmod, copyFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { rootCertificates } from "node:tls";
// src/adapters/postgres/libpq-environment.ts
/**
* The whole environment of a program that speaks libpq: the target, the password's file and the TLS policy in so many
* words, so that no variable and no file of this machine's user changes what they mean.
* https://www.postgresql.org/docs/current/libpq-envars.html
*/
async function libpqEnvironment(options) {
	const { connection, tunnel } = options.database;
	const end = await tunnel?.open();
	return {
		...toolEnvironment(options.env),
		PGHOST: connection.host,
		...end === void 0 ? {} : { PGHOSTADDR: end.host },
		PGPORT: String((end ?? connection).port),
		PGUSER: connection.user,
		PGDATABASE: connection.database,
		PGPASSFILE: await writePassword(options),
		PGAPPNAME: options.applicationName,
		PGCONNECT_TIMEOUT: String(Math.max(2, Math.ceil(connection.connectTimeoutMs / 1e3))),
		PGGSSENCMODE: "disable",
		...connection.settings.length === 0 ? {} : { PGOPTIONS: connection.settings.map(settingOption).join(" ") },
		...await tlsVariables(options)
	};
}
/** A file even without a password: an empty one keeps libpq from looking for ~/.pgpass. */
async function writePassword({ database: { connection }, folder }) {
	const path = join(folder, "pgpass");
	const { password = "" } = connection;
	if (/[\r\n\0]/.test(password)) throw new ReleaseError("invalid-input", "The password holds a line break, which PostgreSQL's own programs cannot be given.", { hint: "Check the password in DATABASE_URL, or choose another one." });
	const line = password === "" ? "" : `*:*:*:*:${password.replace(/[\\:]/g, "\\$&")}\n`;
	await writeFile(path, line, {
		flag: "wx",
		mode: 384
	});
	return path;
}
async function tlsVariables(options) {
	const mode = libpqMode(options);
	if (mode === "disable") return { PGSSLMODE: mode };
	const { connection } = options.database;
	const absent = join(options.folder, "absent");
	return {
		PGSSLMODE: mode,
		PGSSLROOTCERT: mode === "require" ? absent : await writeAuthorities(options),
		PGSSLCERT: connection.sslcert === void 0 ? absent : resolve(connection.sslcert),
		PGSSLKEY: connection.sslkey === void 0 ? absent : await copyKey(connection.sslkey, options.folder),
		PGSSLCRL: absent
	};
}
function libpqMode({ database: { tls }, encrypted }) {
	if (tls.mode === "off") return "disable";
	if (tls.mode === "prefer") return encrypted ? "require" : "disable";
	return tls.mode;
}
async function writeAuthorities({ database: { tls }, folder }) {
	const path = join(folder, "authorities.pem");
	await writeFile(path, tls.ca ?? rootCertificates.join("\n"), {
		flag: "wx",
		mode: 384
	});
	return path;
}
/** libpq refuses a key that others may read; node-postgres has just accepted it. */
async function copyKey(sslkey, folder) {
	const path = join(folder, "client.key");
	await copyFile(sslkey, path);
	await chmod(path, 384);
	return path;
}
export { libpqEnvironment as t };
