import { fileURLToPath } from "node:url";
import { basename } from "node:path/posix";
// src/backup/restore-by-hand.ts
/**
* The commands that restore a backup without Shiplock, with PostgreSQL's own programs, into a new database beside the old one. The server is
* the one that `PGHOST` and the like name.
*/
function restoreByHand({ object, source, dump, roles }, place) {
	const file = localName(object.key);
	const copy = `${source.database}_restored`;
	const locale = [
		`--encoding=${source.encoding}`,
		`--lc-collate=${source.collate}`,
		`--lc-ctype=${source.ctype}`
	];
	return [
		fetch(object.key, place),
		`echo ${word(`${object.sha256}  ${file}`)} | sha256sum --check --strict`,
		..."key" in roles ? restoreRoles(roles.key, place) : [],
		command("createdb", "--template=template0", ...locale, "--", copy) + otherProvider(source),
		`${command("pg_restore", "--exit-on-error", "--jobs=4", `--dbname=${target(copy)}`, file)}  # ${majorOf(dump.clientVersion)} or newer`,
		command("psql", `--dbname=${target(copy)}`, "--command=analyze")
	];
}
/** One line that hands a stored SQL file to psql as it comes; what breaks off before its COMMIT changes nothing. */
function putBack(key, database, place) {
	const psql = (file) => command("psql", "-X", "-v", "ON_ERROR_STOP=1", `--dbname=${target(database)}`, `--file=${file}`);
	const { url, endpoint } = place;
	if (url.startsWith("file:")) return psql(pathIn(url, key));
	return `${command("aws", "s3", "cp", ...atEndpoint(endpoint), `${url.replace(/\/$/, "")}/${key}`, "-")} | ${psql("-")}`;
}
function restoreRoles(key, place) {
	return [fetch(key, place), `${command("psql", "--dbname=postgres", `--file=${localName(key)}`)}  # roles that are there already stay, with the attributes that they had then`];
}
function fetch(key, { url, endpoint }) {
	if (url.startsWith("file:")) return command("cp", pathIn(url, key), "./");
	const from = `${url.replace(/\/$/, "")}/${key}`;
	return command("aws", "s3", "cp", ...atEndpoint(endpoint), from, "./");
}
function pathIn(url, key) {
	return `${fileURLToPath(url).replace(/\/$/, "")}/${key}`;
}
function atEndpoint(endpoint) {
	return endpoint === void 0 ? [] : [`--endpoint-url=${endpoint}`];
}
/** Never an option, whatever the name begins with. */
function localName(key) {
	return `./${basename(key)}`;
}
/** A name that libpq would take for a connection string is put into one. https://www.postgresql.org/docs/current/libpq-connect.html */
function target(database) {
	if (!/=|^postgres(?:ql)?:\/\//.test(database)) return database;
	return `dbname='${database.replaceAll(/[\\']/g, "\\$&")}'`;
}
/** The name of its locale is not in the manifest. */
function otherProvider({ localeProvider }) {
	return localeProvider === "libc" ? "" : `  # sorts by ${localeProvider}: add --locale-provider=${localeProvider} and its locale`;
}
function majorOf(version) {
	return `pg_restore ${Number.parseInt(version, 10)}`;
}
function command(...words) {
	return words.map(word).join(" ");
}
/** A text as one word of a POSIX shell. */
function word(text) {
	return /^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
// src/commands/within-duration.ts
/** Does work that is stopped, by the signal that it gets, when its time is over; then `tooLate` takes the place of its own error. */
async function withinDuration(limitMs, { clock, signal }, tooLate, work) {
	if (limitMs === void 0) return work(signal);
	const late = new AbortController();
	const ended = new AbortController();
	clock.sleep(limitMs, ended.signal).then(() => {
		if (!ended.signal.aborted) late.abort();
	});
	try {
		return await work(AbortSignal.any([signal, late.signal]));
	} catch (error) {
		throw late.signal.aborted && !signal.aborted ? tooLate(error) : error;
	} finally {
		ended.abort();
	}
}
export { putBack as n, restoreByHand as r, withinDuration as t };
