import { on as isLocal, pn as systemCode, un as ReleaseError } from "./start.js";
import { wn as quoteName } from "./migrations.js";
import { i as sharedSessions, t as openClient } from "./client3.js";
import { createHash } from "node:crypto";
// src/adapters/postgres/session.ts
/** The one name that travels in the start-up packet: it tells a DBA which run this is. */
function applicationName(run) {
	return `shiplock/${run.id}.${run.attempt}`.slice(0, 63);
}
/** A connection in the state that our own queries need: the role assumed, the search path pinned. */
async function openSession(database, applicationName, limits = {}) {
	const session = await openClient({
		...database,
		...limits,
		applicationName
	});
	try {
		await assumeRole(session.client, database.role);
		const lockLimit = limits.lockMs === void 0 ? "" : `; set lock_timeout = ${limits.lockMs}`;
		await session.client.query(`set search_path = pg_catalog, pg_temp${lockLimit}`);
		return session;
	} catch (error) {
		await session[Symbol.asyncDispose]();
		throw error;
	}
}
async function assumeRole(client, role) {
	if (role === void 0) return;
	try {
		await client.query(`set role ${quoteName(role)}`);
	} catch (error) {
		if (![
			"42501",
			"22023",
			"42704"
		].includes(systemCode(error) ?? "")) throw error;
		throw new ReleaseError("insufficient-rights", `The connection's user may not assume the role ${role}, or the role does not exist.`, {
			hint: `A DBA runs: grant ${quoteName(role)} to the user of the connection.`,
			cause: error
		});
	}
}
/**
* One query as the connection's own user, whatever role was assumed: only that user may cancel our other connection,
* and see how far it is. A message of several statements is one transaction, also when it fails.
*/
async function asLogin(client, sql) {
	return (await client.query(`set local role none; ${sql}`))[1]?.rows ?? [];
}
/** The key of an advisory lock; there is one of each kind for a project in a database. */
function advisoryKey(kind, project) {
	return createHash("sha256").update(`shiplock\0${kind}\0${project}`).digest().readBigInt64BE(0).toString();
}
/** What tells this database from others. The system identifier is missing where the role may not read it. */
async function readIdentity(client, database) {
	const { connection } = database;
	const { rows } = await client.query("select oid::text as oid from pg_catalog.pg_database where datname = pg_catalog.current_database()");
	return {
		systemIdentifier: (await client.query("select system_identifier::text as id from pg_catalog.pg_control_system()").catch(() => void 0))?.rows[0]?.id,
		databaseOid: rows[0]?.oid ?? "",
		address: createHash("sha256").update(`${placeOf(database)}\0${connection.port}\0${connection.database}`).digest("hex")
	};
}
/** Every name of this machine is one place. What is local to the ssh host, is the ssh host. */
function placeOf({ connection, tunnel }) {
	if (!isLocal(connection)) return connection.host;
	return tunnel === void 0 || isLocal(tunnel.through) ? "localhost" : tunnel.through.host;
}
/** Throws `pooler-detected` when two connections that are open at once turn out to be one server process. */
function refusePooler(one, other) {
	if (one.pid === other.pid) throw sharedSessions();
}
async function isStandby(client) {
	const { rows } = await client.query("select pg_catalog.pg_is_in_recovery() as recovering");
	return rows[0]?.recovering === true;
}
function isReplica(description) {
	return new ReleaseError("database-is-replica", `${description} is a read replica.`, { hint: "Point database-url at the primary." });
}
export { isReplica as a, readIdentity as c, assumeRole as i, refusePooler as l, applicationName as n, isStandby as o, asLogin as r, openSession as s, advisoryKey as t };
