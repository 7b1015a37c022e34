import { n as decideTls, r as describeConnection } from "./connection.js";
import { t as ReleaseError } from "./errors.js";
// src/commands/database-inputs.ts
/** The inputs that every command with a database has. */
const databaseInputNames = [
	"database-url",
	"database-ca",
	"allow-insecure-tls",
	"expect-database",
	"role",
	"state-schema"
];
/**
* Where the database is and how the connection is protected.
* Throws `wrong-database` when another name was expected, `insecure-tls` when nothing would protect it.
*/
async function databaseInputs(inputs, context) {
	const connection = inputs["database-url"];
	const expected = inputs["expect-database"];
	if (expected !== void 0 && expected !== connection.database) throw new ReleaseError("wrong-database", `expect-database names ${expected}, but the connection goes to ${describeConnection(connection)}.`, { hint: "Check which environment this URL belongs to. Nothing was sent to the server." });
	const named = inputs["database-ca"] ?? (connection.sslrootcert === "system" ? void 0 : connection.sslrootcert);
	const ca = await context.readAuthority(named);
	const tls = decideTls(connection, {
		ca,
		allowInsecure: inputs["allow-insecure-tls"]
	});
	if (tls.mode === "require") context.log.warn(`${describeConnection(connection)}: encrypted, but the server is not authenticated (sslmode=require)`);
	if (tls.mode === "prefer" || tls.mode === "off" && inputs["allow-insecure-tls"]) context.log.warn(`${describeConnection(connection)}: the connection may not be encrypted (allow-insecure-tls)`);
	return {
		connection,
		tls,
		role: inputs.role
	};
}
export { databaseInputs as n, databaseInputNames as t };
