import { n as parseArgumentList } from "./argument-list.js";
import { t as checkSchema } from "./check.js";
import { a as parseConnection } from "./connection.js";
import { S as registry, f as object, g as string, i as array, r as _enum, w as NEVER } from "./schemas.js";
import { r as messageOf } from "./errors.js";
import { c as protectionRules, r as parseQuietHours, s as protectionLevels } from "./quiet-hours.js";
import { n as parseSshHost } from "./ssh-host.js";
import { o as parseDuration, s as parseSize } from "./units.js";
// src/input-types.ts
const duration = string().transform((text, context) => {
	const ms = parseDuration(text);
	if (ms === void 0) context.addIssue({
		code: "custom",
		message: "must be a duration with a unit, such as 500ms, 5s, 20m, 30h or 14d"
	});
	return ms ?? 0;
});
const size = string().transform((text, context) => {
	const bytes = parseSize(text);
	if (bytes === void 0) context.addIssue({
		code: "custom",
		message: "must be a size with a unit, such as 500KiB, 20MiB or 3GiB"
	});
	return bytes ?? 0;
});
/** As a share of 1. */
const percent = string().regex(/^(?:100|\d{1,2})%$/, "must be a percentage from 0% to 100%").transform((text) => Number.parseInt(text, 10) / 100);
const wholeNumber = string().regex(/^\d{1,6}$/, "must be a whole number").transform(Number);
const storeUrl = string().regex(/^(?:file:\/\/\/|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[A-Za-z0-9._/-]*)?$)/, "must be file:/// and a folder, such as file:///srv/backups, or s3://bucket/prefix");
const flag = string().toLowerCase().refine((text) => [
	"true",
	"false",
	"yes",
	"no",
	"1",
	"0"
].includes(text), "must be true or false").transform((text) => [
	"true",
	"yes",
	"1"
].includes(text));
const connection = string().transform((text, context) => {
	try {
		return parseConnection(text);
	} catch (error) {
		context.addIssue({
			code: "custom",
			message: messageOf(error)
		});
		return NEVER;
	}
});
const way = string().transform((text, context) => {
	try {
		return parseSshHost(text);
	} catch (error) {
		context.addIssue({
			code: "custom",
			message: messageOf(error)
		});
		return NEVER;
	}
});
const word = string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "must be a short name of letters, digits, dot, dash and underscore");
const identifier = string().regex(/^[A-Za-z_][A-Za-z0-9_$]{0,62}$/, "must be a plain SQL name");
const tableName = string().regex(/^[A-Za-z_][\w$]{0,62}(?:\.[A-Za-z_][\w$]{0,62})?$/, "must be a table name, with or without a schema");
const text = string().min(1);
const argumentList = string().transform((given, context) => {
	const list = parseArgumentList(given);
	if (typeof list !== "string") return list;
	context.addIssue({
		code: "custom",
		message: list
	});
	return NEVER;
});
/** One `name=value` a line; the names are checked where they are known. */
const severities = string().transform((given, context) => {
	const pairs = given.split("\n").flatMap((line) => line.trim() === "" ? [] : [line.split(/[=:]/).map((part) => part.trim())]);
	const isSeverity = (word) => [
		"error",
		"warning",
		"advice",
		"off"
	].includes(word ?? "");
	for (const [name = "", severity, ...rest] of pairs) {
		if (name !== "" && isSeverity(severity) && rest.length === 0) continue;
		const which = /^[\w-]{1,80}$/.test(name) ? `${name}: ` : "";
		context.addIssue({
			code: "custom",
			message: `${which}a rule counts for error, warning, advice or off, one rule a line`
		});
	}
	return new Map(pairs);
});
/** What JSON makes of them. */
const nothing = "must have a value; .inf and .nan are none";
function valueAt(value, path) {
	return path.reduce((one, key) => typeof one === "object" && one !== null ? one[key] : void 0, value);
}
const checks = string().transform((given, context) => {
	let value;
	try {
		value = JSON.parse(given);
	} catch {
		context.addIssue({
			code: "custom",
			message: "must be a JSON array of checks"
		});
		return NEVER;
	}
	if (!Array.isArray(value)) {
		context.addIssue({
			code: "custom",
			message: "must be a list of checks"
		});
		return NEVER;
	}
	const parsed = array(checkSchema).min(1, "must hold at least one check").max(200, "must hold at most 200 checks").safeParse(value);
	if (parsed.success) return parsed.data;
	for (const { path, message } of parsed.error.issues) {
		const id = value[Number(path[0])]?.id;
		const name = path.length === 0 ? "" : typeof id === "string" ? id : `check ${Number(path[0]) + 1}`;
		const said = path.length > 1 && valueAt(value, path) === null ? nothing : message;
		context.addIssue({
			code: "custom",
			message: [
				name,
				path.slice(1).join("."),
				said
			].filter(Boolean).join(": ")
		});
	}
	return NEVER;
});
/** One `Name: value` a line. */
const headers = string().transform((given, context) => {
	const pairs = given.split("\n").filter((line) => line.trim() !== "").map((line) => /^\s*([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*?)\s*$/.exec(line));
	if (pairs.some((pair) => pair === null)) context.addIssue({
		code: "custom",
		message: "must hold one header a line, as Name: value"
	});
	return Object.fromEntries(pairs.flatMap((pair) => pair === null ? [] : [[pair[1], pair[2]]]));
});
const httpUrl = string().regex(/^https?:\/\/[^\s@]+$/, "must be a URL without a user, such as https://prometheus.example.com");
/** A moment, or how long ago: `2026-11-21T14:00:00Z`, `45m`. */
const moment = string().transform((given, context) => {
	const ago = parseDuration(given);
	if (ago !== void 0) return { agoMs: ago };
	const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(given) ? Date.parse(given) : NaN;
	if (Number.isNaN(at)) context.addIssue({
		code: "custom",
		message: "must be a time with its zone, such as 2026-11-21T14:00:00Z, or a duration, such as 45m"
	});
	return { at };
});
/** Paths, one a line. */
const paths = string().transform((given, context) => {
	if (given.trimStart().startsWith("[\"")) {
		const list = parseArgumentList(given);
		if (typeof list !== "string") return list;
		context.addIssue({
			code: "custom",
			message: list
		});
	}
	return given.split("\n").map((line) => line.trim()).filter(Boolean);
});
/** Names, separated by commas or blanks. */
const names = string().transform((given) => {
	const list = given.trimStart().startsWith("[") ? parseArgumentList(given) : given.split(/[\s,]+/).filter(Boolean);
	return typeof list === "string" ? [given] : list;
});
const actionRef = string().regex(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v?\d[\w.-]*$/, "must be owner/repository@commit # version, with the 40 digits of the commit");
const metricName = string().regex(/^[A-Za-z_:][\w:]*$/, "must be the name of a metric, such as http_request_duration_seconds");
/** One `name=level` a line. */
const protection = string().transform((given, context) => {
	const known = ["all", ...protectionRules];
	const pairs = given.split("\n").flatMap((line) => line.trim() === "" ? [] : [line.split(/[=:]/).map((part) => part.trim())]);
	for (const [name = "", level = "", ...rest] of pairs) {
		if (known.includes(name) && protectionLevels.some((one) => one === level) && rest.length === 0) continue;
		const message = `each line is a name and ${protectionLevels.join(", ")}, such as admins=require; the names are ${known.join(", ")}`;
		context.addIssue({
			code: "custom",
			message
		});
		break;
	}
	return new Map(pairs);
});
/** Commands whose records say that a commit went well somewhere. */
const recordedCommands = [
	"lint",
	"plan",
	"backup",
	"verify-backup",
	"migrate",
	"restore-drill",
	"canary",
	"config-check",
	"gate"
];
const promoteRecords = argumentList.superRefine((names, context) => {
	if (names.every((name) => recordedCommands.includes(name))) return;
	context.addIssue({
		code: "custom",
		message: `must name commands that keep records: ${recordedCommands.join(", ")}`
	});
});
/** One `OTHER_NAME=NAME` a line: a further name of a key, and the key. */
const keyAliases = string().transform((given, context) => {
	const pairs = linesOf(given).map((line) => /^([A-Za-z_]\w*)\s*[=:]\s*([A-Za-z_]\w*)$/.exec(line));
	if (pairs.some((pair) => pair === null)) context.addIssue({
		code: "custom",
		message: "must hold one OTHER_NAME=NAME a line"
	});
	return new Map(pairs.flatMap((pair) => pair === null ? [] : [[pair[1], pair[2]]]));
});
/** One `condition=true` or `=false` a line; a condition may hold `==` itself. */
const conditionAnswers = string().transform((given, context) => {
	const pairs = linesOf(given).map((line) => /^(.*\S)\s*[=:]\s*(true|false)$/i.exec(line));
	if (pairs.some((pair) => pair === null)) context.addIssue({
		code: "custom",
		message: "must hold one condition=true or condition=false a line, with nothing else for a value"
	});
	return new Map(pairs.flatMap((pair) => pair === null ? [] : [[pair[1], /^true$/i.test(pair[2])]]));
});
function linesOf(text) {
	return text.split("\n").map((line) => line.trim()).filter(Boolean);
}
const quietHours = string().transform((given, context) => {
	const parsed = parseQuietHours(given.trim());
	if (typeof parsed !== "string") return parsed;
	context.addIssue({
		code: "custom",
		message: parsed
	});
	return NEVER;
});
// src/inputs.ts
/** The traits of each input, by the schema that reads it. */
const traits = registry();
function input(schema, description, given) {
	const described = schema.describe(description);
	traits.add(described, given);
	return described;
}
function toggle(description, given) {
	return input(flag.prefault("false"), description, {
		...given,
		switch: true
	});
}
/** The only list of inputs. Values are strings until they pass through here, once. */
const inputs = object({
	project: input(word, "Short name that is part of store keys, locks and history. Several services may share a database or a bucket.", {
		group: "common",
		otherwise: "the name of the repository or folder"
	}),
	environment: input(word.prefault("default"), "Environment that the database belongs to, such as staging or production. The first run stamps the database with it.", { group: "common" }),
	release: input(text.max(200), "Name of the release.", {
		group: "common",
		otherwise: "the tag, else the commit"
	}),
	"dry-run": toggle("Report what would run; change nothing.", {
		group: "common",
		config: null
	}),
	"show-data": toggle("Print values from the database in error details. They may be personal data.", { group: "common" }),
	"database-url": input(connection, "Connection string of the database; DATABASE_URL or the PG* variables work too.", {
		group: "database",
		secret: true,
		config: null,
		otherwise: "DATABASE_URL, else PGHOST, PGUSER …"
	}),
	"database-ca": input(text.optional(), "PEM file with the certificate authority of the server.", {
		group: "database",
		path: true
	}),
	"allow-insecure-tls": toggle("Accept a connection to a remote server that is not encrypted.", { group: "database" }),
	connect: input(way.optional(), "How to reach the database: direct, or through the ssh host ssh://user@host[:port].", {
		group: "database",
		otherwise: "direct"
	}),
	"ssh-key": input(text.optional(), "Private key for connect: its text, without a passphrase.", {
		group: "database",
		secret: true,
		config: null,
		otherwise: "SSH_KEY, else the agent and this user's keys"
	}),
	"ssh-known-hosts": input(text.optional(), "Host key of the ssh host, as lines of a known_hosts file. Required in GitHub Actions.", {
		group: "database",
		otherwise: "in the terminal this user's known_hosts"
	}),
	"expect-database": input(text.optional(), "Name that the database must have; anything else is refused before the first statement.", { group: "database" }),
	role: input(identifier.optional(), "Role to assume before any DDL (SET ROLE).", { group: "database" }),
	"state-schema": input(identifier.prefault("shiplock"), "Schema for the history of runs and the stamp of the database.", { group: "database" }),
	history: input(_enum(["database", "store"]).prefault("database"), "Where the history of runs and the stamp are kept: in the database, or in the store, so that a publication of all tables does not send them.", { group: "database" }),
	"publish-state": toggle("Write Shiplock's own tables although a publication covers them: every subscriber has them.", { group: "database" }),
	"on-locked": input(_enum([
		"wait",
		"fail",
		"take-over"
	]).prefault("wait"), "What to do while another run holds the lock: wait, fail, or end it (take-over).", { group: "database" }),
	"lock-wait": input(duration.prefault("10m"), "Longest time to wait for another run.", { group: "database" }),
	"pg-bin-dir": input(text.optional(), "Folder with PostgreSQL's programs (pg_dump, pg_restore, initdb …).", {
		group: "database",
		path: true,
		otherwise: "searched"
	}),
	"install-tools": input(flag, "Install PostgreSQL's programs with apt-get when a suitable version is missing.", {
		switch: true,
		group: "database",
		otherwise: "true in GitHub Actions, false in the terminal"
	}),
	store: input(storeUrl, "Where backups and records are kept: s3://bucket/prefix, or a folder such as file:///srv/backups.", {
		group: "store",
		otherwise: "in the terminal the folder .shiplock/"
	}),
	"s3-endpoint": input(text.regex(/^https?:\/\/[^/?#@]+\/?$/, "must be a URL without a path, such as https://nyc3.digitaloceanspaces.com").optional(), "Where the S3 store is: the URL of its region, without the bucket, such as https://nyc3.digitaloceanspaces.com.", {
		group: "store",
		otherwise: "AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, else Amazon S3"
	}),
	"s3-region": input(text.optional(), "Region that requests are signed for.", {
		group: "store",
		otherwise: "AWS_REGION, AWS_DEFAULT_REGION, else the first name of a DigitalOcean endpoint, else us-east-1"
	}),
	"s3-access-key-id": input(text.optional(), "Access key of the S3 store.", {
		group: "store",
		secret: true,
		config: null,
		otherwise: "AWS_ACCESS_KEY_ID"
	}),
	"s3-secret-access-key": input(text.optional(), "Secret key of the S3 store.", {
		group: "store",
		secret: true,
		config: null,
		otherwise: "AWS_SECRET_ACCESS_KEY"
	}),
	"s3-session-token": input(text.optional(), "Session token, with keys that last for some time only.", {
		group: "store",
		secret: true,
		config: null,
		otherwise: "AWS_SESSION_TOKEN, with AWS_ACCESS_KEY_ID"
	}),
	"s3-ca": input(text.optional(), "PEM file with the certificate authority of the S3 store.", {
		group: "store",
		path: true,
		otherwise: "AWS_CA_BUNDLE, else the public ones"
	}),
	"s3-force-path-style": toggle("Name the bucket in the path, https://host/bucket/key, and not in the host name.", { group: "store" }),
	"stall-timeout": input(duration.prefault("2m").refine((ms) => ms >= 1e3, "must be at least 1s"), "Longest silence of an S3 store in the middle of a transfer.", { group: "store" }),
	layout: input(_enum([
		"plain",
		"goose",
		"golang-migrate",
		"dbmate",
		"sqlx",
		"diesel",
		"prisma",
		"flyway",
		"rails",
		"command"
	]).optional(), "How the migration files are written; command when only the team's own program can run them.", {
		group: "migrations",
		config: "migrations.layout",
		otherwise: "detected from the files"
	}),
	"migrate-command": input(argumentList.optional(), "Command that runs the pre migrations, with SKIP_POST_DEPLOYMENT_MIGRATIONS set: a JSON array, or one argument a line. No shell.", {
		group: "migrations",
		config: "migrations.command",
		list: true
	}),
	"migrate-command-post": input(argumentList.optional(), "Command that runs the post migrations.", {
		group: "migrations",
		config: "migrations.command-post",
		list: true,
		otherwise: "migrate-command, without the variable"
	}),
	"migrate-command-down": input(argumentList.optional(), "Command that takes one migration back, with the layout rails; VERSION=… is added as the last argument.", {
		group: "migrations",
		config: "migrations.command-down",
		list: true,
		otherwise: "migrate-command with db:migrate:down"
	}),
	migrations: input(text.prefault("db/migrations"), "Folder of the pre migrations, which run before the new code; db/migrate with the layout rails.", {
		group: "migrations",
		path: true,
		config: "migrations.pre"
	}),
	"migrations-post": input(text.prefault("db/post_migrations"), "Folder of the post migrations, which run when no old code is left; db/post_migrate with the layout rails.", {
		group: "migrations",
		path: true,
		config: "migrations.post"
	}),
	"migrations-table": input(tableName.optional(), "Version table of the team's tool.", {
		group: "migrations",
		config: "migrations.table",
		otherwise: "the layout's own"
	}),
	"out-of-order": input(_enum(["refuse", "allow"]).prefault("refuse"), "Whether a migration older than one that has run may still run.", {
		group: "migrations",
		config: "migrations.out-of-order"
	}),
	phase: input(_enum([
		"pre",
		"post",
		"all"
	]), "Before the deploy, after it, or both at once on a fresh database; there is no default.", {
		group: "migrations",
		config: null
	}),
	"allow-unphased": toggle("Let phase all run on a database that has a history.", { group: "migrations" }),
	"max-post-debt": input(duration.prefault("14d"), "Longest time that a post migration of a deployed release may stay held back.", { group: "migrations" }),
	"max-post-debt-count": input(string().regex(/^\d{1,4}$/, "must be a number from 0 to 9999").transform(Number).prefault("10"), "How many post migrations of deployed releases may be held back before the next pre phase stops.", { group: "migrations" }),
	"allow-older": input(text.max(500).optional(), "Reason why a checkout that is older than the commit that ran here last may run; it is kept in the history.", {
		group: "migrations",
		config: null
	}),
	"lock-budget": input(duration.prefault("10m"), "Longest time to wait for the locks of one migration, all attempts together.", { group: "migrations" }),
	"long-migration": input(duration.prefault("30s"), "A pending migration that took longer than this elsewhere is marked as long.", { group: "migrations" }),
	"stall-budget": input(duration.prefault("1s").refine((ms) => ms >= 100, "must be at least 100ms"), "Longest time that the application may wait behind one attempt at a lock.", { group: "migrations" }),
	"rehearse-locks": input(_enum(["auto", "never"]).prefault("auto"), "Whether migrations whose text does not tell what they lock (a DO block, a function) are tried on an empty copy of the schema first.", { group: "migrations" }),
	paths: input(paths.optional(), "Migrations to check as new ones, in place of those that git shows.", {
		group: "lint",
		config: null,
		list: true,
		otherwise: "the files that the branch or the pull request adds"
	}),
	base: input(text.max(200).optional(), "Commit or branch that the new migrations are new to.", {
		group: "lint",
		config: null,
		otherwise: "the base of the pull request, else the remote's default branch"
	}),
	all: toggle("Check every migration behind start-after, and not only the new ones.", {
		group: "lint",
		config: null
	}),
	"fail-on": input(_enum([
		"error",
		"warning",
		"advice",
		"never"
	]).prefault("error"), "Least severity of a finding that fails the check.", {
		group: "lint",
		config: "lint.fail-on"
	}),
	postgres: input(_enum([
		"13",
		"14",
		"15",
		"16",
		"17",
		"18"
	]).transform(Number).optional(), "Oldest major version of the servers that run the migrations.", {
		group: "lint",
		config: "lint.postgres",
		otherwise: "13, and no statement is called a syntax error"
	}),
	"start-after": input(string().regex(/^\d{1,19}(?:\.\d{1,19})*$/, "must be the version of a migration").optional(), "Version of a migration: it and all before it are never checked, only replayed.", {
		group: "lint",
		config: "lint.start-after"
	}),
	"lint-rules": input(severities.optional(), "What findings of a rule count for: error, warning, advice or off, by the name of the rule.", {
		group: "lint",
		config: "lint.rules",
		map: true
	}),
	"squawk-config": input(text.optional(), "Settings of squawk to go on with: its rules and paths that were excluded.", {
		group: "lint",
		path: true,
		config: "lint.squawk-config",
		otherwise: ".squawk.toml, if it is there"
	}),
	"schema-from": input(_enum(["files", "database"]).prefault("files"), "What is there before the new migrations: what the files of earlier releases made, or what the database holds.", {
		group: "lint",
		config: "lint.schema-from"
	}),
	sarif: input(text.optional(), "File to write the findings to, for code scanning.", {
		group: "lint",
		path: true,
		config: "lint.sarif"
	}),
	comment: input(_enum([
		"on-findings",
		"always",
		"never"
	]).prefault("on-findings"), "When a comment stands under the pull request. It is one comment, kept up to date.", {
		group: "lint",
		config: "lint.comment"
	}),
	"github-token": input(text.optional(), "Token for GitHub's API: to read the changes of a shallow checkout, the protection of an environment and names of variables and secrets, to ask for the checks of a commit, to comment, and to open an issue.", {
		group: "lint",
		secret: true,
		config: null,
		otherwise: "GITHUB_TOKEN"
	}),
	class: input(word.prefault("releases"), "Class of the backup, a part of its key: releases, daily or another word.", {
		group: "backup",
		config: "backup.class"
	}),
	level: input(_enum(["landed", "read-back"]).prefault("read-back"), "How much to prove about the stored bytes.", {
		group: "backup",
		config: "backup.level"
	}),
	"lock-wait-timeout": input(duration.prefault("30s"), "Longest time that pg_dump waits for a table that somebody has locked.", {
		group: "backup",
		config: "backup.lock-wait-timeout"
	}),
	"backup-when": input(_enum(["major", "always"]).prefault("major"), "When a backup of the class releases is made: always, or (major) only before destructive or marked migrations, as long as a fresh backup of another class is there.", {
		group: "backup",
		config: "backup.when"
	}),
	fingerprint: input(_enum([
		"auto",
		"counts",
		"sample",
		"full"
	]).prefault("auto"), "What is read beside the dump to compare a restored copy with: row counts; hashes of a sample of the rows; hashes of all rows; or (auto) all that fits into fingerprint-time.", {
		group: "backup",
		config: "backup.fingerprint"
	}),
	"fingerprint-time": input(duration.prefault("5s"), "How long fingerprint: auto may read on the server.", {
		group: "backup",
		config: "backup.fingerprint-time"
	}),
	"include-roles": input(flag.prefault("true"), "Keep the names and attributes of the roles beside the dump, never their passwords.", {
		group: "backup",
		config: "backup.include-roles",
		switch: true
	}),
	"min-tables": input(wholeNumber.prefault("1"), "Fewest tables that a backup must hold.", {
		group: "backup",
		config: "backup.min-tables"
	}),
	"min-size": input(size.optional(), "Smallest dump that is plausible.", {
		group: "backup",
		config: "backup.min-size"
	}),
	"max-shrink": input(percent.prefault("50%"), "How much smaller than the previous backup of its environment one may be, in rows and in bytes.", {
		group: "backup",
		config: "backup.max-shrink"
	}),
	"max-duration": input(duration.optional(), "Longest time for a backup; one that would surely take longer is not started.", {
		group: "backup",
		config: "backup.max-duration"
	}),
	"max-standby-lag": input(duration.optional(), "Greatest lag of a standby that is dumped in place of the primary.", {
		group: "backup",
		config: "backup.max-standby-lag"
	}),
	"keep-last": input(wholeNumber.optional(), "How many backups of the class retention keeps at least.", {
		group: "backup",
		config: "backup.keep-last"
	}),
	"keep-days": input(wholeNumber.optional(), "For how many days retention keeps every backup of the class.", {
		group: "backup",
		config: "backup.keep-days"
	}),
	retention: input(_enum(["dry-run", "apply"]).prefault("dry-run"), "Whether older backups are deleted or only listed.", {
		group: "backup",
		config: "backup.retention"
	}),
	"require-backup": input(_enum(["landed", "read-back"]).optional(), "Refuse to migrate without a backup of this very database, as it stands now, of which at least this much is proved.", { group: "backup" }),
	"require-backup-age": input(duration.prefault("24h"), "Greatest age of the backup that require-backup accepts.", { group: "backup" }),
	"attest-command": input(argumentList.optional(), "Command that ends with 0 and prints its evidence when another kind of backup is there, such as a managed service's point-in-time recovery: a JSON array, or one argument a line. No shell.", {
		group: "backup",
		config: "backup.attest-command",
		list: true
	}),
	key: input(text.optional(), "Key or id of a backup in the store.", {
		group: "backup",
		config: null,
		otherwise: "the newest of the environment"
	}),
	"max-backup-age": input(duration.optional(), "Greatest age of a backup that still counts as fresh.", {
		group: "backup",
		config: "drill.max-backup-age"
	}),
	smoke: input(text.optional(), "Folder of smoke queries, *.sql, that must run without an error on the restored copy.", {
		group: "drill",
		path: true,
		config: "drill.smoke"
	}),
	"smoke-timeout": input(duration.prefault("30s"), "Longest time for one smoke query.", {
		group: "drill",
		config: "drill.smoke-timeout"
	}),
	"max-restore-time": input(duration.optional(), "Longest recovery time that is acceptable.", {
		group: "drill",
		config: "drill.max-restore-time"
	}),
	source: input(_enum(["stored", "fresh"]).prefault("stored"), "What is drilled: a backup of the store, or (fresh) the database as it is now, dumped for the drill alone.", {
		group: "drill",
		config: null
	}),
	file: input(text.optional(), "A dump in a file, in the custom format of pg_dump, in place of one in the store.", {
		group: "drill",
		path: true,
		config: null
	}),
	"target-url": input(connection.optional(), "Connection string of an empty database named drill_… to restore into, on a server of your own.", {
		group: "drill",
		secret: true,
		config: null,
		otherwise: "DRILL_DATABASE_URL, else a cluster that the drill makes"
	}),
	"max-data-loss": input(duration.optional(), "Greatest age of the data that may be lost: from the snapshot of the backup to now.", {
		group: "drill",
		config: "drill.max-data-loss"
	}),
	amcheck: input(_enum(["auto", "never"]).prefault("auto"), "Whether pg_amcheck looks at every table and index of the copy, where it is installed.", {
		group: "drill",
		config: "drill.amcheck"
	}),
	"drill-packages": input(argumentList.optional(), "Debian packages with the extensions that the copy needs, installed when install-tools allows it: a JSON array, or one a line.", {
		group: "drill",
		config: "drill.packages",
		list: true
	}),
	"drill-preload": input(argumentList.optional(), "Libraries for shared_preload_libraries of the scratch cluster: a JSON array, or one a line.", {
		group: "drill",
		config: "drill.preload",
		list: true
	}),
	"drill-before": input(text.optional(), "SQL file that is run as superuser of the scratch cluster before the dump is loaded, for extensions that need it.", {
		group: "drill",
		path: true,
		config: "drill.before"
	}),
	"drill-after": input(text.optional(), "SQL file that is run as superuser of the scratch cluster after the dump was loaded.", {
		group: "drill",
		path: true,
		config: "drill.after"
	}),
	"allow-unsafe-client": toggle("Let PostgreSQL programs with a known hole open an archive that has no manifest of Shiplock's.", {
		group: "drill",
		config: null
	}),
	"require-drill": input(_enum([
		"restored",
		"equal",
		"usable"
	]).optional(), "Refuse to migrate unless a drill of this environment has shown at least this much.", { group: "drill" }),
	"require-drill-age": input(duration.prefault("30d"), "Greatest age of the drill that require-drill accepts.", { group: "drill" }),
	waive: input(_enum(["drill"]).optional(), "Go on without a fitting drill this once; needs a reason, which is kept in the history.", {
		group: "drill",
		config: null
	}),
	keep: toggle("Keep the scratch cluster running and say where it is.", {
		group: "drill",
		config: null
	}),
	"canary-checks": input(checks, "What is watched: a list of checks, as docs/canary.md describes them.", {
		group: "canary",
		config: "canary.checks",
		json: true
	}),
	duration: input(duration.prefault("30m"), "How long the release is watched, after the warm-up.", {
		group: "canary",
		config: "canary.duration"
	}),
	warmup: input(duration.prefault("5m"), "Time after the deploy that is not judged.", {
		group: "canary",
		config: "canary.warmup"
	}),
	settle: input(duration.prefault("1m"), "How long to wait after a window for its data to arrive.", {
		group: "canary",
		config: "canary.settle"
	}),
	baseline: input(_enum([
		"days-and-before",
		"days",
		"before"
	]).prefault("days-and-before"), "What the watch is compared with: the same time of day on earlier days, the time just before the deploy, or both.", {
		group: "canary",
		config: "canary.baseline"
	}),
	"baseline-days": input(string().regex(/^(?:[1-9]|[12]\d|30)$/, "must be a number from 1 to 30").transform(Number).prefault("7"), "How many earlier days the baseline has.", {
		group: "canary",
		config: "canary.baseline-days"
	}),
	"deployed-at": input(moment.optional(), "When the new version went live: a time, or how long ago.", {
		group: "canary",
		config: null,
		otherwise: "now"
	}),
	since: input(moment.optional(), "Judge a watch that has passed already, from this time on: a time, or how long ago.", {
		group: "canary",
		config: null
	}),
	"check-only": toggle("Look whether every check can be judged, before anything is deployed.", {
		group: "canary",
		config: null
	}),
	backtest: toggle("Judge earlier times of day as if a release had been watched then, and count the false alarms.", {
		group: "canary",
		config: null
	}),
	traffic: input(argumentList.optional(), "Command that makes traffic during the watch: a JSON array, or one argument a line. No shell.", {
		group: "canary",
		config: "canary.traffic",
		list: true
	}),
	"on-hold": input(_enum(["fail", "warn"]).prefault("fail"), "Whether a hold fails the step; with warn it is only shown.", {
		group: "canary",
		config: "canary.on-hold"
	}),
	"allow-warnings": toggle("Judge answers that the source itself calls partial.", {
		group: "canary",
		config: "canary.allow-warnings"
	}),
	"prometheus-url": input(httpUrl.optional(), "Base URL of Prometheus, with its path where it has one.", {
		group: "canary",
		otherwise: "PROMETHEUS_URL",
		config: "canary.prometheus-url"
	}),
	"prometheus-token": input(text.optional(), "Bearer token for Prometheus.", {
		group: "canary",
		otherwise: "PROMETHEUS_TOKEN",
		secret: true,
		config: null
	}),
	"prometheus-user": input(text.optional(), "User for Prometheus; at Grafana Cloud the number of the instance.", {
		group: "canary",
		otherwise: "PROMETHEUS_USER",
		config: "canary.prometheus-user"
	}),
	"prometheus-password": input(text.optional(), "Password of prometheus-user.", {
		group: "canary",
		otherwise: "PROMETHEUS_PASSWORD",
		secret: true,
		config: null
	}),
	"prometheus-headers": input(headers.optional(), "More headers for Prometheus, one Name: value a line.", {
		group: "canary",
		otherwise: "PROMETHEUS_HEADERS",
		secret: true,
		config: null
	}),
	"prometheus-tenant": input(text.optional(), "Tenant at Prometheus, sent as X-Scope-OrgID.", {
		group: "canary",
		otherwise: "PROMETHEUS_TENANT",
		config: "canary.prometheus-tenant"
	}),
	"prometheus-ca": input(text.optional(), "PEM file with the certificate authority of Prometheus.", {
		group: "canary",
		path: true,
		config: "canary.prometheus-ca"
	}),
	"loki-url": input(httpUrl.optional(), "Base URL of Loki, with its path where it has one.", {
		group: "canary",
		otherwise: "LOKI_URL",
		config: "canary.loki-url"
	}),
	"loki-token": input(text.optional(), "Bearer token for Loki.", {
		group: "canary",
		otherwise: "LOKI_TOKEN",
		secret: true,
		config: null
	}),
	"loki-user": input(text.optional(), "User for Loki; at Grafana Cloud the number of the instance.", {
		group: "canary",
		otherwise: "LOKI_USER",
		config: "canary.loki-user"
	}),
	"loki-password": input(text.optional(), "Password of loki-user.", {
		group: "canary",
		otherwise: "LOKI_PASSWORD",
		secret: true,
		config: null
	}),
	"loki-headers": input(headers.optional(), "More headers for Loki, one Name: value a line.", {
		group: "canary",
		otherwise: "LOKI_HEADERS",
		secret: true,
		config: null
	}),
	"loki-tenant": input(text.optional(), "Tenant at Loki, sent as X-Scope-OrgID.", {
		group: "canary",
		otherwise: "LOKI_TENANT",
		config: "canary.loki-tenant"
	}),
	"loki-ca": input(text.optional(), "PEM file with the certificate authority of Loki.", {
		group: "canary",
		path: true,
		config: "canary.loki-ca"
	}),
	to: input(text.max(200).refine((name) => !name.startsWith("-"), "must be a tag or a commit"), "The release to go back to: its tag or its commit, as git knows it here.", {
		group: "rollback",
		config: null
	}),
	shape: input(_enum([
		"auto",
		"code-only",
		"hotfix",
		"down-one"
	]).prefault("auto"), "The way back that is asked for: auto and code-only fail where the older code would break (auto says what is open), hotfix prepares the way forward, down-one takes the newest migration back.", {
		group: "rollback",
		config: null
	}),
	migration: input(text.max(200).optional(), "The one migration that down-one takes back, the newest that has run, or that ledger marks, by its id or its version; there is no default.", {
		group: "rollback",
		config: null
	}),
	confirm: input(text.max(500).optional(), "The phrase that down-one prints, typed by whoever has read what would be lost. Without it nothing is changed.", {
		group: "rollback",
		config: null
	}),
	rescue: input(_enum(["copy", "backup"]).prefault("copy"), "What gives the data back that down-one loses: copy saves exactly that in the store first, backup relies on a fresh backup that was read back.", {
		group: "rollback",
		config: null
	}),
	queries: input(paths.optional(), "Files with the queries of the code, as globs one a line: plain SQL or sqlc's. They are read as the target release has them.", {
		group: "rollback",
		config: "rollback.queries",
		list: true
	}),
	"from-record": toggle("Decide from the last records in the store, without the database: for a server that is down. Nothing is written.", {
		group: "rollback",
		config: null
	}),
	"open-issue": input(_enum(["auto", "never"]).prefault("auto"), "Whether a rollback that was recorded, or a hotfix that was asked for, opens an issue on GitHub; auto does where github-token may.", {
		group: "rollback",
		config: "rollback.open-issue"
	}),
	workflows: input(names.optional(), "Workflows to write; those that most teams want when none is named.", {
		group: "terminal",
		terminal: true,
		config: null,
		list: true
	}),
	"deploy-command": input(text.max(500).optional(), "Deploy command for the workflows; {environment} stands for staging and production.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	"deploy-check-command": input(text.max(500).optional(), "Command that only checks the deploy, for the workflows.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	"deploy-tier-command": input(text.max(500).optional(), "Command that deploys to a part of production first, for the workflows.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	"action-ref": input(actionRef.optional(), "The action as workflows use it: owner/repository@commit, with # and the version behind it.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	histogram: input(metricName.optional(), "Histogram of the requests' time in Prometheus, for the first check of the canary.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	check: toggle("Only say which workflows are out of date.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	protection: input(protection.optional(), "What is asked of the protection of the environment on GitHub: require, warn or off, for each of reviewers, self-review, admins, branches, secrets, approval, re-run; all stands for the others.", {
		group: "gate",
		config: "gate.protection",
		map: true,
		otherwise: "docs/gates.md has the level of each"
	}),
	"github-environment": input(text.max(255).optional(), "Name of the environment on GitHub, where it is another.", {
		group: "gate",
		config: "gate.github-environment",
		otherwise: "environment"
	}),
	"second-person": input(_enum(["require", "off"]).prefault("off"), "Whether another person than the one whose run made the plan has to start this run: for repositories whose plan has no reviewers. Needs approved-digest, or planned-by-run.", {
		group: "gate",
		config: "gate.second-person"
	}),
	"planned-by-run": input(string().regex(/^\d{1,19}$/, "must be the number of a run").optional(), "Number of the run of GitHub Actions that made the plan.", {
		group: "gate",
		config: null,
		otherwise: "the plan's record in the store"
	}),
	"promote-from": input(word.optional(), "Environment that this very commit must have passed before, such as staging.", {
		group: "gate",
		config: "gate.promote-from"
	}),
	"promote-store": input(storeUrl.optional(), "Store that holds the records of promote-from, where each environment has a bucket of its own.", {
		group: "gate",
		config: "gate.promote-store",
		otherwise: "store"
	}),
	"promote-records": input(promoteRecords.prefault("[\"migrate\",\"canary\",\"restore-drill\"]"), "Commands whose newest record of the commit in promote-from must be a success: a JSON array, or one a line.", {
		group: "gate",
		config: "gate.promote-records",
		list: true
	}),
	"promote-age": input(duration.prefault("7d"), "Greatest age of the records that promote-from asks for.", {
		group: "gate",
		config: "gate.promote-age"
	}),
	"config-template": input(paths.optional(), "Templates of env files that say which keys the release needs, as paths or globs, one a line: .env.example, web.env.j2.", {
		group: "config",
		config: "config-contract.template",
		list: true
	}),
	"config-command": input(argumentList.optional(), "Command that prints the names of the keys that the release needs, one a line: a JSON array, or one argument a line. No shell.", {
		group: "config",
		config: "config-contract.command",
		list: true
	}),
	"config-base": input(text.max(200).optional(), "The release that is live, as a tag or a commit: a key that it needed too is not newly required, and only warns.", {
		group: "config",
		config: "config-contract.base"
	}),
	"config-have": input(paths.optional(), "Files with what the host has, one a line: env files, or lists of names. Values are never kept.", {
		group: "config",
		config: "config-contract.have",
		list: true
	}),
	"config-have-command": input(argumentList.optional(), "Command that prints the names that the host has, over ssh for example: a JSON array, or one argument a line. No shell.", {
		group: "config",
		config: "config-contract.have-command",
		list: true
	}),
	"config-have-github": toggle("Count the names of the variables and secrets of the environment on GitHub. Needs github-token.", {
		group: "config",
		config: "config-contract.have-github"
	}),
	"config-aliases": input(keyAliases.optional(), "Names that serve as well as another, one OTHER_NAME=NAME a line.", {
		group: "config",
		config: "config-contract.aliases",
		map: true
	}),
	"config-vars": input(conditionAnswers.optional(), "Whether conditions of the templates hold on the host, one condition=true or =false a line.", {
		group: "config",
		config: "config-contract.vars",
		map: true
	}),
	"config-ignore": input(paths.optional(), "Names on the host that are none of the release, as globs, one a line.", {
		group: "config",
		config: "config-contract.ignore",
		list: true
	}),
	format: input(_enum(["report", "release-notes"]).prefault("report"), "What plan writes: a report, or the paragraph for release notes that calls out long and destructive migrations.", {
		group: "gate",
		config: null
	}),
	"approved-digest": input(string().regex(/^(?:[0-9a-f]{64}|none)$/, "must be a digest that plan printed: 64 characters from 0-9 and a-f").optional(), "Digest of the plan that people approved: the gate is shut when the plan is another one now. Needs phase. none says that nobody approves plans here.", {
		group: "gate",
		config: null,
		otherwise: "required in the action where phase is given"
	}),
	"approved-plan": input(text.optional(), "JSON result of the plan that people approved, such as a downloaded artifact, to name what has changed since.", {
		group: "gate",
		path: true,
		config: null,
		otherwise: "the records of the commit in the store"
	}),
	"quiet-hours": input(quietHours.optional(), "When a long migration may begin: hours, days or both, and a time zone, such as 22:00-06:00 Europe/Berlin, or mon-fri 20:00-06:00, sat, sun.", {
		group: "gate",
		otherwise: "at any time"
	}),
	"allow-busy-hours": input(text.max(500).optional(), "Reason why a long migration may begin outside the quiet hours; it is kept in the record of the run.", {
		group: "gate",
		config: null
	}),
	name: input(string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, "must be a name such as add_users_email"), "Name of the new migration, such as add_users_email.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	post: toggle("Make it a post migration.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	hotfix: toggle("Make it a hotfix: with a number that no branch has taken, and a mark that lets older files run after it.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	action: input(_enum([
		"show",
		"adopt",
		"mark-applied",
		"mark-reverted",
		"clear-dirty"
	]), "What to do with the ledger: show which release is live; adopt, when the database was copied or has moved; mark-applied or mark-reverted, when a person ran a migration or took it back; clear-dirty, when the tool began one and a person has settled it.", {
		group: "common",
		config: null
	}),
	"settle-as": input(_enum(["applied", "reverted"]).optional(), "What clear-dirty writes of the migration that began and did not end: applied, when all of it is there; reverted, when nothing is.", {
		group: "common",
		config: null
	}),
	reason: input(text.max(500).optional(), "Why this is done; it is kept in the history.", {
		group: "common",
		config: null
	}),
	fact: input(_enum(["deployed", "promoted"]), "The fact to record: deployed, when the deploy command has ended with 0; promoted, when a person lets a release stay after a hold or an abort.", {
		group: "common",
		config: null
	}),
	break: input(_enum(["drop-early"]).optional(), "Show what happens when a rule is broken: drop-early drops the old column in the pre phase.", {
		group: "terminal",
		terminal: true,
		config: null
	}),
	rows: input(string().regex(/^[1-9]\d{2,6}$/, "must be a number from 100 to 9999999").transform(Number).prefault("100000"), "Rows in the demonstration table.", {
		group: "terminal",
		terminal: true,
		config: null
	})
});
const inputNames = Object.keys(inputs.shape);
/** What is known of an input beyond its type. */
function traitsOf(name) {
	return traits.get(inputs.shape[name]) ?? { group: "common" };
}
/** Where an input stands in `shiplock.yml`, as dotted path; `undefined` when it may not stand there. */
function configPathOf(name) {
	const { config } = traitsOf(name);
	return config === null ? void 0 : config ?? name;
}
function isInputName(name) {
	return Object.hasOwn(inputs.shape, name);
}
export { traitsOf as a, isInputName as i, inputNames as n, inputs as r, configPathOf as t };
