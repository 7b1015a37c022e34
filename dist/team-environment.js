import { a as parseConnection, i as isLocal, o as settingOption, r as describeConnection } from "./connection.js";
import { t as ReleaseError } from "./errors.js";
import { resolve } from "node:path";
// src/migration/team-environment.ts
const skipVariable = "SKIP_POST_DEPLOYMENT_MIGRATIONS";
/**
* The environment of the start, less what is not the command's: our inputs, the runner's tokens, the secrets of store
* and metrics, and the runner's command files, through which a migration could set the outputs of this step, a verdict
* included, or the PATH of the next one.
*/
function teamEnvironment(surroundings) {
	const { variables, phase, applicationName } = surroundings;
	const given = definedOf(variables);
	const isTaken = (name) => isWithheld(name) || name === "SKIP_POST_DEPLOYMENT_MIGRATIONS" && phase !== "pre";
	const url = variables.DATABASE_URL ? {} : { DATABASE_URL: connectionUrl(surroundings) };
	const added = {
		...phase === "pre" ? { [skipVariable]: "true" } : {},
		PGOPTIONS: sessionOptions(surroundings),
		PGAPPNAME: applicationName
	};
	return {
		variables: {
			...Object.fromEntries(given.filter(([name]) => !isTaken(name))),
			...added,
			...url
		},
		added: {
			...added,
			...url.DATABASE_URL === void 0 ? {} : { DATABASE_URL: `(to ${describeConnection(surroundings.connection)})` }
		},
		withheld: given.map(([name]) => name).filter(isTaken).sort()
	};
}
/** The environment of a command that works on no phase: the same, with nothing added. */
function plainEnvironment(variables) {
	return Object.fromEntries(definedOf(variables).filter(([name]) => !isWithheld(name)));
}
/**
* Throws `wrong-database` when the command would follow the environment's DATABASE_URL to another database than the
* one that this run has locked. Resolves to false when the string is of a kind that cannot be compared.
*/
function refuseOtherTarget(url, connection) {
	if (!url) return true;
	const target = tryParse(url);
	if (target === void 0) return false;
	if (addressOf(target) === addressOf(connection)) return true;
	throw new ReleaseError("wrong-database", `DATABASE_URL in the environment goes to ${describeConnection(target)}, and this run works on ${describeConnection(connection)}: the command would migrate another database.`, { hint: "Unset DATABASE_URL in this step, and the command gets the connection of this run; or make both the same." });
}
function definedOf(variables) {
	return Object.entries(variables).flatMap(([name, value]) => value === void 0 ? [] : [[name, value]]);
}
const withheldPrefixes = [
	"INPUT_",
	"ACTIONS_",
	"AWS_",
	"LOKI_",
	"PROMETHEUS_"
];
const withheldNames = [
	"GITHUB_OUTPUT",
	"GITHUB_ENV",
	"GITHUB_PATH",
	"GITHUB_STATE",
	"GITHUB_STEP_SUMMARY",
	"S3_ACCESS_KEY_ID",
	"S3_SECRET_ACCESS_KEY",
	"S3_SESSION_TOKEN"
];
function isWithheld(name) {
	return withheldNames.includes(name) || withheldPrefixes.some((prefix) => name.startsWith(prefix));
}
/** The last of two options with the same name counts, so the team's own stay and ours go before them. */
function sessionOptions({ variables, connection, role, serverMajor, stallBudgetMs }) {
	const ours = [
		...variables.DATABASE_URL ? [] : connection.settings,
		...role === void 0 ? [] : [["role", role]],
		["lock_timeout", `${Math.max(1, stallBudgetMs)}ms`]
	];
	if (serverMajor >= 14) ours.push(["client_connection_check_interval", "1s"]);
	return [variables.PGOPTIONS?.trim() ?? "", ...ours.map(settingOption)].filter(Boolean).join(" ");
}
/** In the form that every driver reads, with the decided protection in so many words. */
function connectionUrl({ connection, tls, encrypted, authority }) {
	const { host, port, user, password, database, sslcert, sslkey } = connection;
	const mode = {
		off: "disable",
		prefer: encrypted ? "require" : "disable"
	}[tls.mode] ?? tls.mode;
	const isSocket = host.startsWith("/");
	const query = [
		["host", isSocket ? host : void 0],
		["port", isSocket ? String(port) : void 0],
		["sslmode", mode],
		["sslrootcert", mode.startsWith("verify") ? pathOf(authority) : void 0],
		["sslcert", pathOf(sslcert)],
		["sslkey", pathOf(sslkey)]
	].flatMap(([name, value]) => value === void 0 ? [] : `${name}=${encodeURIComponent(value)}`);
	return `postgres://${encodeURIComponent(user) + (password === void 0 ? "" : `:${encodeURIComponent(password)}`)}@${isSocket ? "" : `${host.includes(":") ? `[${host}]` : host}:${port}`}/${encodeURIComponent(database)}?${query.join("&")}`;
}
function pathOf(file) {
	return file === void 0 || file === "system" ? file : resolve(file);
}
function tryParse(url) {
	try {
		return parseConnection(url);
	} catch {
		return;
	}
}
/** Every name of this machine is one place. */
function addressOf(connection) {
	return `${isLocal(connection) ? "localhost" : connection.host}\0${connection.port}\0${connection.database}`;
}
export { teamEnvironment as i, refuseOtherTarget as n, skipVariable as r, plainEnvironment as t };
