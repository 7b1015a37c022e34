import { t as ReleaseError } from "./errors.js";
import { a as numberedName, n as countedEvidence, o as refuseByteOrderMark, r as invalidMigration, s as textOf, t as checksumOf$1 } from "./layout.js";
import { i as quoteName, n as clearDirtyCommand, o as quoteTable, r as headOfVersions, s as quoteText, t as butNot } from "./ledger.js";
import { t as MappedText } from "./mapped-text.js";
import { t as positionFromUtf16 } from "./position.js";
import { t as didYouMean } from "./nearest.js";
import { t as leadingBlank } from "./parse.js";
import { c as flywayName, t as folderVersion } from "./migration-path.js";
import { t as parse } from "./dist.js";
import { i as lineageOf, o as repeatableVersion, r as isRepeatable, s as shownVersion, t as byVersion } from "./migration.js";
import { t as prismaLedger } from "./version-table.js";
import { r as skipVariable } from "./team-environment.js";
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
// src/migration/layouts/dbmate/sections.ts
const blank$1 = "[\\t\\n\\f\\r ]";
const markerOf = (part) => new RegExp(`(?<![^\\n])--${blank$1}*migrate:${part}(?:${blank$1}*(?=\\n|$)|${blank$1}+[^\\t\\n\\f\\r ]+)`);
const [upMarker, downMarker] = [markerOf("up"), markerOf("down")];
/** Whether a text has the line that begins what is to run. */
function holdsUp$1(text) {
	return upMarker.test(text);
}
/** Cuts a file as dbmate does: the first marker of each part counts. Throws `invalid-migration` where dbmate refuses it. */
function readSections$1(path, text) {
	const [up, down] = [upMarker.exec(text)?.index, downMarker.exec(text)?.index];
	if (up === void 0) throw refused(path, "has no line \"-- migrate:up\"", "Begin what is to run with that line, at the start of a line.");
	if (down === void 0) throw refused(path, "has no line \"-- migrate:down\"", "dbmate wants one in each file; leave it empty when there is no way back.");
	if (up > down) throw refused(placeOf(path, text, down), "has \"-- migrate:down\" before \"-- migrate:up\"", "Put what is to run first.");
	refuseBefore(path, text, up);
	return {
		up: sectionOf(text, up, down),
		down: sectionOf(text, down, text.length)
	};
}
function sectionOf(text, start, end) {
	const [line = ""] = text.slice(start, end).split("\n", 1);
	const transaction = line.replace(/^--[\t\n\f\r ]*migrate:(?:up|down)/, "").trim().split(/[\t\n\f\r ]+/).map((option) => option.split(":")).findLast(([name, , more]) => name === "transaction" && more === void 0)?.[1];
	return {
		sql: MappedText.ofFile(text, start, end),
		transactional: transaction !== "false"
	};
}
/** Only blank lines and line comments may stand above the first marker. */
function refuseBefore(path, text, up) {
	let at = 0;
	for (const line of text.slice(0, up).split("\n")) {
		if (!/^[\t\n\f\r ]*(?:--|$)/.test(line)) throw refused(placeOf(path, text, at), "has a statement before \"-- migrate:up\"", "Move it below that line.");
		at += line.length + 1;
	}
}
function placeOf(path, text, offset) {
	const { line, column } = positionFromUtf16(text, offset);
	return `${path}:${line}:${column}`;
}
function refused(at, problem, hint) {
	return new ReleaseError("invalid-migration", `${at} ${problem}.`, {
		at,
		hint
	});
}
// src/migration/layouts/marks.ts
/** The `-- shiplock: …` lines of a file, in Ruby `# shiplock: …`. An unknown one is an error: a typo must not change how a file runs. */
function readMarks(text, path, known, comment = "--") {
	const found = /* @__PURE__ */ new Set();
	const begin = comment === "--" ? leadingBlank(text) : /^(?:[ \t]*(?:#.*)?\r?\n)*/.exec(text)[0].length;
	const lines = comment === "--" ? /^[ \t]*--[ \t]*shiplock:[ \t]*(.*?)[ \t]*$/gim : /^[ \t]*#[ \t]*shiplock:[ \t]*(.*?)[ \t\r]*$/gim;
	for (const match of text.matchAll(lines)) {
		const word = match[1].toLowerCase();
		const mark = known.find((one) => one === word);
		const { line, column } = positionFromUtf16(text, match.index);
		const at = `${path}:${line}:${column}`;
		if (mark === void 0) throw new ReleaseError("invalid-migration", `${at} has an unknown mark, "shiplock: ${word}".${didYouMean(word, known)}`, {
			at,
			hint: `Known marks: ${known.join(", ")}.`
		});
		if (begin < match.index) throw new ReleaseError("invalid-migration", `${at} stands after the first statement; it would go unseen.`, {
			at,
			hint: "Move the mark to the top of the file."
		});
		found.add(mark);
	}
	return found;
}
/** A mark as it stands at the top of a file. */
function markLine(mark) {
	return `-- shiplock: ${mark}\n`;
}
// src/migration/layouts/text-versions.ts
/** The number in a text that keeps the leading zeros of a file's name. */
function numberInText(column) {
	return `coalesce(nullif(pg_catalog.ltrim(${column}::pg_catalog.text, '0'), ''), '0')`;
}
/** What holds for each table with a row a version, where the version is such a text. */
const textVersions = {
	erase: (table, { version }) => `delete from ${quoteTable(table)} where ${numberInText("version")} operator(pg_catalog.=) ${quoteText(version)}`,
	head: (table, _scope, without = []) => headOfVersions(`${quoteTable(table)} t where ${butNot(numberInText("t.version"), without)}`)
};
// src/migration/layouts/dbmate.ts
/** dbmate: `20260131120000_add_email.sql`, with `-- migrate:up` and `-- migrate:down` in one file. */
const dbmate = {
	name: "dbmate",
	recognizes(files) {
		const sql = files.filter((file) => file.name.endsWith(".sql"));
		const marked = sql.filter((file) => holdsUp$1(new TextDecoder().decode(file.bytes)));
		return countedEvidence(marked.length, sql.length, "carry -- migrate:up");
	},
	read: (files, phase) => files.filter(isMigration$3).map((file) => readMigration$7(file, phase)),
	table: {
		schema: "current",
		table: "schema_migrations"
	},
	sharesTable: true,
	toleratesHoles: true,
	toleratesMissing: true,
	writtenByTool: true,
	ledger: {
		create: createTable$7,
		createEmpty: createTable$7,
		select: (table) => `select ${numberInText("version")} as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, null::timestamp with time zone as applied_at from ${quoteTable(table)}`,
		record: (table, { id }) => `insert into ${quoteTable(table)} (version) values (${quoteText(digitsOf(id))})`,
		...textVersions
	},
	outsideTransaction: "-- migrate:up transaction:false",
	down: { section: "-- migrate:down" },
	numbersByTime: true,
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version}_${name}.sql`,
		text: `${hotfix ? markLine("hotfix") : ""}-- migrate:up\n\n-- migrate:down\n`
	})
};
function createTable$7(table) {
	return `create table if not exists ${quoteTable(table)} (version varchar primary key)`;
}
function digitsOf(id) {
	return /^\d+/.exec(id)?.[0];
}
/** Whether dbmate would take the file. Throws for one that has its marks and would never run. */
function isMigration$3(file) {
	if (/^\d.*\.sql$/.test(file.name)) return true;
	if (!/\.sql$/i.test(file.name) || !holdsUp$1(new TextDecoder().decode(file.bytes))) return false;
	throw new ReleaseError("invalid-migration", `${file.path} would never run: dbmate takes only names that start with a number and end with .sql.`, {
		at: file.path,
		hint: "Name it like 20260131120000_add_email.sql, or move it out of the folder."
	});
}
function readMigration$7(file, phase) {
	refuseByteOrderMark(file, "dbmate");
	const text = textOf(file);
	const id = file.name.slice(0, -4);
	const { up, down } = readSections$1(file.path, text);
	const marks = readMarks(text, file.path, ["hotfix", "major"]);
	return {
		version: BigInt(digitsOf(id)).toString(),
		id,
		phase,
		path: file.path,
		checksum: checksumOf$1(file),
		file: text,
		up: up.sql,
		down: down.sql,
		transactional: up.transactional,
		downTransactional: down.transactional,
		hotfix: marks.has("hotfix"),
		major: marks.has("major")
	};
}
// src/migration/layouts/diesel/metadata.ts
/**
* What `metadata.toml` says, as diesel reads it: without the file a migration runs in a transaction, and with a file that
* does not name `run_in_transaction` outside of one. Throws where diesel would take the file for missing.
*/
function runsInTransaction$1(file) {
	if (file === void 0) return true;
	const { run_in_transaction: value = false } = parsed(file);
	if (typeof value === "boolean") return value;
	throw unread(file);
}
function parsed(file) {
	try {
		return parse(textOf(file));
	} catch (cause) {
		throw cause instanceof ReleaseError ? cause : unread(file, cause);
	}
}
function unread(file, cause) {
	return new ReleaseError("invalid-migration", `${file.path} cannot be read; diesel would go on as if it were not there, in a transaction.`, {
		at: file.path,
		hint: "Write \"run_in_transaction = false\" into it, or delete it.",
		cause
	});
}
// src/migration/layouts/lone-statement.ts
/**
* Whether a file is one statement that cannot stand in a transaction. A tool that sends a file as one message runs it: a
* lone statement has no transaction around it there; with a second one the server opens one.
*/
function isLoneStatement(text) {
	const statement = text.slice(leadingBlank(text));
	if (!/^(?:create\s+(?:unique\s+)?index\s+concurrently|drop\s+index\s+concurrently|reindex\b[^;]*\bconcurrently|vacuum|alter\s+system|(?:create|drop)\s+(?:database|tablespace))\b/i.test(statement)) return false;
	for (const { 0: piece, index } of statement.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\/|;/g)) if (piece === ";") return statement.slice(index + 1).length === leadingBlank(statement.slice(index + 1));
	return true;
}
// src/migration/layouts/whole-files.ts
/** What such files are for any tool that takes a byte order mark for a part of the first line. */
function readWhole({ file, down }, tool) {
	const text = plainText(file, tool);
	const back = down === void 0 ? void 0 : plainText(down, tool);
	return {
		path: file.path,
		checksum: checksumOf$1(file),
		file: text,
		up: MappedText.ofFile(text),
		down: back === void 0 ? void 0 : MappedText.ofFile(back),
		downPath: down?.path
	};
}
/** What the marks at the top of the file say that every tool's files may have. */
function readOwnMarks({ file, path }, more = []) {
	const marks = readMarks(file, path, [
		...more,
		"hotfix",
		"major"
	]);
	return {
		marks,
		hotfix: marks.has("hotfix"),
		major: marks.has("major")
	};
}
/** The same with what runs in a transaction, for a tool that sends a file as one message and has no mark of its own. */
function readSentWhole(files, tool) {
	const whole = readWhole(files, tool);
	const { marks, hotfix, major } = readOwnMarks(whole, ["no-transaction"]);
	const inTransaction = (text, has) => !has && !isLoneStatement(text);
	const { down, downPath } = whole;
	return {
		...whole,
		transactional: inTransaction(whole.file, marks.has("no-transaction")),
		...down === void 0 || downPath === void 0 ? {} : { downTransactional: inTransaction(down.text, readMarks(down.text, downPath, ["no-transaction"]).has("no-transaction")) },
		hotfix,
		major
	};
}
/** The files of each migration's own folder, by their names there. */
function filesByFolder(files) {
	const folders = /* @__PURE__ */ new Map();
	for (const file of files) {
		const [folder = "", name = ""] = file.name.split("/");
		const held = folders.get(folder) ?? /* @__PURE__ */ new Map();
		folders.set(folder, held.set(name, file));
	}
	return folders;
}
function plainText(file, tool) {
	refuseByteOrderMark(file, tool);
	return textOf(file);
}
// src/migration/layouts/diesel.ts
/** diesel: a folder for each migration, `2026-09-18-120000_add_email`, with `up.sql`, `down.sql` and `metadata.toml`. */
const diesel = {
	name: "diesel",
	nested: true,
	recognizes(files) {
		const ups = files.filter(({ name }) => name.endsWith("/up.sql"));
		return countedEvidence(ups.filter(({ name }) => folderVersion(name) !== void 0).length, ups.length, "are up.sql in a numbered folder");
	},
	read: readDiesel,
	table: {
		schema: void 0,
		table: "__diesel_schema_migrations"
	},
	sharesTable: true,
	toleratesHoles: true,
	toleratesMissing: true,
	writtenByTool: true,
	ledger: {
		create: createTable$6,
		createEmpty: createTable$6,
		select: (table) => `select ${numberInText("version")} as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, run_on::timestamp with time zone as applied_at from ${quoteTable(table)}`,
		record: (table, { id }) => `insert into ${quoteTable(table)} (version) values (${quoteText(writtenVersion(id))})`,
		...textVersions
	},
	outsideTransaction: "run_in_transaction = false in metadata.toml",
	down: { beside: (path) => path.replace(/up(?=\.sql$)/, "down") },
	numbersByTime: true,
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version.replace(/^(\d{4})(\d\d)(\d\d)(\d{6})$/, "$1-$2-$3-$4")}_${name}/up.sql`,
		text: hotfix ? markLine("hotfix") : "",
		beside: {
			name: "down.sql",
			text: ""
		}
	})
};
function createTable$6(table) {
	return `create table if not exists ${quoteTable(table)} (version varchar(50) primary key, run_on timestamp not null default current_timestamp)`;
}
function writtenVersion(id) {
	return id.split("_")[0].replaceAll("-", "");
}
function readDiesel(files, phase) {
	const migrations = [...filesByFolder(files)].map(([id, held]) => readMigration$6(id, held, phase));
	refuseOtherOrder$1(migrations);
	return migrations;
}
function readMigration$6(id, held, phase) {
	const [file, down] = [held.get("up.sql"), held.get("down.sql")];
	const [some] = held.values();
	if (file === void 0) throw invalidMigration(some?.path ?? id, "stands in a folder without up.sql; diesel stops at it", "Add up.sql, or delete the folder.");
	const version = folderVersion(id);
	if (version === void 0) throw invalidMigration(file.path, "has no version: the name of its folder does not start with a number", "Name the folder like 2026-09-18-120000_add_email.");
	if (file.bytes.length === 0) throw invalidMigration(file.path, "is empty; diesel stops at it", "Write the statements, or delete the folder.");
	const whole = readWhole({
		file,
		down
	}, "diesel");
	const { hotfix, major } = readOwnMarks(whole);
	return {
		version,
		id,
		phase,
		...whole,
		transactional: runsInTransaction$1(held.get("metadata.toml")),
		hotfix,
		major
	};
}
/** diesel sorts versions as text: 10 comes before 9 there. */
function refuseOtherOrder$1(migrations) {
	const [one, other] = new Map(migrations.map((one) => [writtenVersion(one.id).length, one])).values();
	if (one === void 0 || other === void 0) return;
	throw invalidMigration(other.path, `has a version of another length than ${one.id}: diesel runs them in the order of their letters, not of their numbers`, "Give all folders versions of one length; a folder that ran keeps its number in the table, so rename only what has not run.");
}
// src/migration/layouts/flyway/checksum.ts
/** Flyway's own checksum of a text: CRC-32 over its lines without what ends them, as a signed number. */
function flywayChecksum(text) {
	const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
	if (lines.at(-1) === "") lines.pop();
	return String(lines.reduce((sum, line) => crc32(line, sum), 0) | 0);
}
// src/migration/layouts/flyway/ledger.ts
/**
* A row for each run. The newest row of a version, and of a repeatable migration's description, counts: `repair` adds
* DELETE for a file that is gone, Flyway Teams UNDO_SQL for a way back. BASELINE stands for every version up to its own.
*/
const flywayLedger = {
	create: createTable$5,
	createEmpty: createTable$5,
	select(table, { versions = [] }) {
		const rows = `select r.*, ${versionOf$2("r")} as known_as from ${quoteTable(table)} r where r.type operator(pg_catalog.<>) 'SCHEMA'`;
		const lineage = `case when r.version is null then pg_catalog.concat('R:', r.description) else r.known_as end`;
		const own = `select n.known_as as version, n.checksum::pg_catalog.text as checksum, n.installed_on, n.installed_rank, n.description::pg_catalog.text as name, false as covered, not n.success as dirty from (${`select distinct on (${lineage}) r.*, ${lineage} as lineage from (${rows}) r where r.type not like '%BASELINE' order by ${lineage}, r.installed_rank desc`}) n where n.type not like 'UNDO%' and n.type operator(pg_catalog.<>) 'DELETE'`;
		const numbered = [...new Set(versions.filter((version) => !isRepeatable({ version })))];
		return `select e.version, null::pg_catalog.text as phase, e.checksum, e.installed_on::timestamp with time zone as applied_at, e.installed_rank::pg_catalog.float8 as place, e.name, e.covered, e.dirty from (${own}${numbered.length === 0 ? "" : ` union all select k.version, null, b.installed_on, b.installed_rank, null, true, false from (values ${numbered.map((version) => `(${quoteText(version)})`).join(", ")}) k (version) cross join lateral (select * from (${rows}) r where r.type like '%BASELINE' order by r.installed_rank desc limit 1) b where ${numbers("k.version")} operator(pg_catalog.<=) ${numbers("b.known_as")} and not exists (select from (${rows}) o where o.known_as operator(pg_catalog.=) k.version and o.type not like '%BASELINE')`}) e`;
	},
	record(table, migration) {
		const written = flywayName(`${migration.id}.sql`)?.written ?? "";
		const version = isRepeatable(migration) ? "null" : quoteText(written);
		const script = migration.path.split("/").at(-1);
		const values = [
			version,
			quoteText(migration.keptName ?? ""),
			`'SQL'`,
			quoteText(script),
			migration.kept === void 0 ? "null" : String(Number(migration.kept)),
			"current_user",
			"0",
			"true"
		];
		return `insert into ${quoteTable(table)} (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) select coalesce(pg_catalog.max(installed_rank), 0) operator(pg_catalog.+) 1, ${values.join(", ")} from ${quoteTable(table)}`;
	},
	erase: (table, { version }) => `delete from ${quoteTable(table)} where installed_rank operator(pg_catalog.=) (select r.installed_rank from ${quoteTable(table)} r where ${versionOf$2("r")} operator(pg_catalog.=) ${quoteText(version)} and r.type not like '%BASELINE' order by r.installed_rank desc limit 1)`,
	dirty(version) {
		const name = shownVersion(version);
		return {
			says: `${isRepeatable({ version }) ? "" : "version "}${name} began and did not succeed`,
			hint: `Flyway stops at it too. Make sure by hand that all of it is there, or nothing of it, and say so: ${clearDirtyCommand(name)}. Flyway's own word for the second: flyway repair.`
		};
	},
	settle(table, { version, kept }, as) {
		const [row, own] = isRepeatable({ version }) ? [lineageIn("r"), lineageOf(version)] : [versionOf$2("r"), version];
		const where = `where not r.success and ${row} operator(pg_catalog.=) ${quoteText(own)}`;
		const checksum = kept === void 0 ? "" : `, checksum = ${Number(kept)}`;
		return as === "applied" ? `update ${quoteTable(table)} r set success = true${checksum} ${where}` : `delete from ${quoteTable(table)} r ${where}`;
	},
	head: (table, _scope, without = []) => `select pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.max(r.installed_rank)) from ${quoteTable(table)} r where ${butNot(versionOf$2("r"), without)}`
};
function createTable$5(table) {
	const [pk, index] = ["pk", "s_idx"].map((end) => quoteName(`${table.table}_${end}`));
	const columns = [
		"installed_rank int not null",
		"version varchar(50)",
		"description varchar(200) not null",
		"type varchar(20) not null",
		"script varchar(1000) not null",
		"checksum integer",
		"installed_by varchar(100) not null",
		"installed_on timestamp not null default pg_catalog.now()",
		"execution_time integer not null",
		"success boolean not null",
		`constraint ${pk} primary key (installed_rank)`
	];
	return `create table if not exists ${quoteTable(table)} (${columns.join(", ")});\ncreate index if not exists ${index} on ${quoteTable(table)} (success)`;
}
/** The version as Shiplock has it. */
function versionOf$2(row) {
	const without = (text, pattern, by, flags) => `pg_catalog.regexp_replace(${text}, ${quoteText(pattern)}, ${quoteText(by)}, ${quoteText(flags)})`;
	const plain = without(`${row}.version::pg_catalog.text`, "(^|[.])0+(?=[0-9])", "\\1", "g");
	return `case when ${row}.version is null then ${`pg_catalog.concat(${lineageIn(row)}, ':', ${row}.checksum)`} else ${without(plain, "([.]0)+$", "", "")} end`;
}
/** What stays the same of a repeatable, and nothing for what has a number. */
function lineageIn(row) {
	return `case when ${row}.version is null then pg_catalog.concat('R:', pg_catalog.replace(${row}.description::pg_catalog.text, ' ', '_')) end`;
}
/** Its parts, which PostgreSQL compares one by one. */
function numbers(version) {
	return `pg_catalog.string_to_array(${version}, '.')::pg_catalog.numeric[]`;
}
// src/migration/layouts/flyway/lock-key.ts
/** The letters of "Flyway", as a number. */
const magic = 77431708279161n;
/** The key of the advisory lock that Flyway takes for a table, for a transaction or for a session: Java's hash of its quoted name. */
function lockKey(table) {
	let hash = 0;
	for (let at = 0, name = quoteTable(table); at < name.length; at++) hash = Math.imul(31, hash) + name.charCodeAt(at) | 0;
	return String(magic + BigInt(hash));
}
// src/migration/layouts/flyway/placeholders.ts
/**
* Puts values in the place of `${name}`, as Flyway does: everywhere, comments and dollar quotes included, and never after
* another dollar sign, since it reads `$$` as one. Values come from FLYWAY_PLACEHOLDERS_NAME.
*/
function replacePlaceholders({ path, name, text }, variables) {
	const values = placeholderValues(variables);
	const parts = [];
	let missing;
	let takesVariables = false;
	let plainFrom = 0;
	for (const { 0: found, 1: key, index } of text.matchAll(/\$\{([\s\S]*?)(?:\}|$(?![\s\S]))|\$[\s\S]/g)) {
		if (key === void 0) continue;
		const word = key.toLowerCase();
		const value = word === "flyway:filename" ? name : values.get(word);
		takesVariables ||= word !== "flyway:filename";
		if (value === void 0) missing ??= withoutValue(path, text, index, key);
		parts.push(MappedText.ofFile(text, plainFrom, index), MappedText.generated(value ?? "", index));
		plainFrom = index + found.length;
	}
	return {
		text: MappedText.join(...parts, MappedText.ofFile(text, plainFrom)),
		takesVariables,
		missing
	};
}
const prefix = "FLYWAY_PLACEHOLDERS_";
/** Names are the same in capitals and in small letters. */
function placeholderValues(variables) {
	return new Map(Object.entries(variables).flatMap(([name, value]) => value !== void 0 && name.startsWith(prefix) ? [[name.slice(20).toLowerCase(), value]] : []));
}
/** What stands for Flyway's own placeholders in SQL. */
const inSql = {
	"flyway:user": "current_user",
	"flyway:database": "current_database()",
	"flyway:defaultschema": "current_schema()"
};
function withoutValue(path, text, offset, key) {
	const { line, column } = positionFromUtf16(text, offset);
	const at = `${path}:${line}:${column}`;
	const word = key.toLowerCase();
	if (word.startsWith("flyway:")) {
		const sql = inSql[word];
		return new ReleaseError("unsupported-migration", `${at}: only Flyway itself knows the value of \${${key}}.`, {
			at,
			hint: `${sql === void 0 ? "" : `Write ${sql} instead. `}To have such files run by Flyway, use migrations.layout: command.`
		});
	}
	const shown = /^\w{1,60}$/.test(key) ? key : void 0;
	if (shown === void 0) return new ReleaseError("invalid-migration", `${at} begins a placeholder that Flyway has no value for.`, {
		at,
		hint: "Where no placeholder is meant, put placeholderReplacement=false into the file of the same name with .conf at its end."
	});
	return new ReleaseError("missing-variable", `${at} needs the placeholder \${${shown}}, which has no value.`, {
		at,
		hint: `Set FLYWAY_PLACEHOLDERS_${shown.toUpperCase()} in the step that runs this; what stands in flyway.toml or flyway.conf is read by Flyway alone.`
	});
}
// src/migration/layouts/flyway/refused.ts
const byCommand = "To have such files run by Flyway, use migrations.layout: command.";
/** Throws for what Flyway would run beyond our reading, and for a file that it would leave out without a word. */
function refuseUnread$1({ name, path }) {
	const last = name.split("/").at(-1);
	if (/\.sql\.conf$/i.test(last) && !name.includes("/")) return;
	const [kind] = kinds.find(([, pattern]) => pattern.test(last)) ?? [];
	if (kind !== void 0 || name.includes("/")) throw new ReleaseError("unsupported-migration", `${path} is ${kind ?? "in a folder of its own, which Flyway reads too"}; Shiplock does not run it.`, {
		at: path,
		hint: kind === void 0 ? `Move it into the folder of migrations. ${byCommand}` : byCommand
	});
	if (!/\.sql$/i.test(last)) return;
	throw new ReleaseError("invalid-migration", `${path} would never run: Flyway leaves it out, since its name is none of a migration.`, {
		at: path,
		hint: "Name it like V7__add_email.sql, V1.2__add_email.sql, U1.2__add_email.sql or R__totals.sql, or move it out of the folder."
	});
}
const kinds = [
	["a callback of Flyway", /^(?:before|after|create)[A-Z]\w*?(?:__.*)?\.(?:sql|ps1|bat|cmd|sh|bash|py|java|kt|class|groovy|scala)$/s],
	["a baseline migration", /^B\d.*\.(?:sql|ps1|bat|cmd|sh|bash|py)$/is],
	["a migration in Java or a language beside it", /^[VRUB](?:[\d_.]+|_)_.*\.(?:java|kt|class|groovy|scala)$/s],
	["a script that Flyway starts", /^[VRUB][\d._]*__.*\.(?:ps1|bat|cmd|sh|bash|py)$/s]
];
// src/migration/layouts/flyway/script-config.ts
/** Throws `unsupported-migration` for a setting that would change how the file runs, `invalid-migration` for what Flyway refuses. */
function readScriptConfig(file) {
	const settings = new Map(file === void 0 ? [] : linesOf$1(file));
	return {
		inTransaction: settings.get("executeInTransaction"),
		replaces: settings.get("placeholderReplacement") ?? true
	};
}
function linesOf$1(file) {
	return textOf(file).split(/\r\n|\r|\n/).flatMap((line, index) => {
		const text = line.trim();
		if (text === "" || /^[#!]/.test(text)) return [];
		const at = `${file.path}:${index + 1}:1`;
		const [, name = "", value = ""] = /^([^\s=:]+)\s*[=:]?\s*(.*)$/.exec(text) ?? [];
		if (name === "encoding" && /^utf-?8$/i.test(value)) return [];
		if (name !== "executeInTransaction" && name !== "placeholderReplacement") throw new ReleaseError("unsupported-migration", `${at} sets ${/^[\w.]{1,60}$/.test(name) ? name : "something"}, which Shiplock does not follow.`, {
			at,
			hint: "It follows executeInTransaction and placeholderReplacement. To have such files run by Flyway, use migrations.layout: command."
		});
		if (value !== "true" && value !== "false") throw new ReleaseError("invalid-migration", `${at} sets ${name} to something else than true or false, which Flyway refuses.`, {
			at,
			hint: `Write ${name}=true or ${name}=false.`
		});
		return [[name, value === "true"]];
	});
}
// src/migration/layouts/flyway/transaction.ts
/** The statements for which Flyway leaves its transaction out; others that cannot stand in one fail there. */
const alone = /^(?:(?:create|drop)\s+(?:database|tablespace|subscription)|alter\s+system|(?:create|drop)\s+(?:unique\s+)?index\s+concurrently|reindex\s+(?:verbose\s+)?(?:schema|database|system)|vacuum|discard\s+all)\b/i;
/**
* Whether Flyway runs the text in a transaction: not when its statements cannot stand in one.
* Throws `invalid-migration` for a text with both kinds, which Flyway refuses too.
*/
function runsInTransaction(text, path, file, mixed) {
	let first;
	let anyAlone = false;
	for (const { start, isAlone } of statementsOf(text.text)) {
		anyAlone ||= isAlone;
		if (first !== void 0 && first.isAlone !== isAlone && !mixed) throw mixedFile(text, start, path, file);
		first ??= { isAlone };
	}
	return !anyAlone;
}
function mixedFile(text, offset, path, file) {
	const place = positionFromUtf16(file, text.fileOffset(offset) ?? 0);
	const at = `${path}:${place.line}:${place.column}`;
	return new ReleaseError("invalid-migration", `${at}: statements that need a transaction and such that cannot stand in one do not go into one file; Flyway refuses it.`, {
		at,
		hint: `Give each kind a file of its own, or put executeInTransaction=false into ${path}.conf.`
	});
}
function statementsOf(text) {
	const statements = [];
	const end = (from, to) => {
		const start = from + leadingBlank(text.slice(from, to));
		if (start < to) statements.push({
			start,
			isAlone: alone.test(text.slice(start, to))
		});
	};
	let from = 0;
	for (const { 0: piece, index } of text.matchAll(pieces)) {
		if (piece !== ";") continue;
		end(from, index);
		from = index + 1;
	}
	end(from, text.length);
	return statements;
}
const pieces = /\be'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\/|;/gi;
// src/migration/layouts/flyway.ts
/** Flyway: `V1.2__add_email.sql`, `U1.2__add_email.sql` for the way back, and `R__totals.sql`, which runs again when it changes. */
const flyway = {
	name: "flyway",
	nested: "deep",
	recognizes(files) {
		const sql = files.filter(({ name }) => /\.sql$/i.test(name));
		const flat = sql.filter(({ name }) => !name.includes("/"));
		const shown = (flat.length === 0 ? sql : flat).map(({ name }) => name.split("/").at(-1));
		const named = shown.filter((name) => name.includes("__") && flywayName(name) !== void 0);
		return countedEvidence(named.length, shown.length, "are named V…__….sql or R__….sql");
	},
	read: readFlyway,
	table: {
		schema: "current",
		table: "flyway_schema_history"
	},
	tellTale: [
		"installed_rank",
		"installed_by",
		"execution_time",
		"script"
	],
	sharesTable: false,
	toleratesHoles: false,
	allowingHoles: "flyway -outOfOrder=true migrate",
	toleratesMissing: "newer",
	writtenByTool: true,
	hasBaseline: true,
	locks: (_database, table) => [lockKey(table)],
	ledger: flywayLedger,
	outsideTransaction: "executeInTransaction=false in a .conf beside it",
	down: { beside: (path) => path.replace(/V(?=\d[^/]*$)/, "U") },
	newFile: (name, _phase, version, hotfix) => ({
		name: `V${version}__${name}.sql`,
		text: hotfix ? markLine("hotfix") : ""
	})
};
function readFlyway(files, phase, variables) {
	refuseOtherSettings(variables);
	const configs = new Map(files.filter(({ name }) => /\.sql\.conf$/i.test(name)).map((file) => [file.name.slice(0, -5), file]));
	const named = files.flatMap((file) => {
		const name = flywayName(file.name);
		if (name === void 0) refuseUnread$1(file);
		return name === void 0 ? [] : [{
			file,
			name
		}];
	});
	for (const { file, name } of named) refuseTooLong(file, name);
	const undos = /* @__PURE__ */ new Map();
	for (const { file, name } of named) {
		if (name.kind !== "undo") continue;
		const other = undos.get(name.version);
		if (other !== void 0) throw invalidMigration(file.path, `and ${other.path} are both the way back of version ${name.version}`, "Keep one of them.");
		undos.set(name.version, file);
	}
	const migrations = named.filter(({ name }) => name.kind !== "undo").map((one) => readMigration$5(one, {
		phase,
		variables,
		configs,
		undos
	}));
	refuseLeftOver(named, migrations, [...configs.values()]);
	return migrations;
}
function readMigration$5({ file, name }, { phase, variables, configs, undos }) {
	const config = configs.get(file.name);
	const up = readPart(file, config, variables);
	const undo = name.version === void 0 ? void 0 : undos.get(name.version);
	const down = undo && readPart(undo, configs.get(undo.name), variables);
	const marks = readMarks(up.file, file.path, ["hotfix", "major"]);
	const kept = flywayChecksum(name.version === void 0 ? up.replaced.text.text : up.file);
	return {
		version: name.version ?? repeatableVersion(name.description, kept),
		id: name.id,
		phase,
		path: file.path,
		checksum: checksumOf(file, config),
		kept,
		keptName: name.description.replaceAll("_", " "),
		file: up.file,
		get up() {
			return up.sql();
		},
		get down() {
			return down?.sql();
		},
		transactional: up.transactional,
		...down === void 0 ? {} : { downTransactional: down.transactional },
		downPath: undo?.path,
		hotfix: marks.has("hotfix"),
		major: marks.has("major"),
		...up.replaced.takesVariables || down?.replaced.takesVariables ? { takesVariables: true } : {}
	};
}
function readPart(file, config, variables) {
	const text = textOf(file);
	const { inTransaction, replaces } = readScriptConfig(config);
	const replaced = replaces && variables.FLYWAY_PLACEHOLDER_REPLACEMENT !== "false" ? replacePlaceholders({
		path: file.path,
		name: file.name,
		text
	}, variables) : {
		text: MappedText.ofFile(text),
		takesVariables: false,
		missing: void 0
	};
	return {
		file: text,
		replaced,
		transactional: inTransaction ?? runsInTransaction(replaced.text, file.path, text, variables.FLYWAY_MIXED === "true"),
		sql() {
			if (replaced.missing !== void 0) throw replaced.missing;
			return replaced.text;
		}
	};
}
/** What an approval stands for: Flyway's own checksum can be met by another text. */
function checksumOf(file, config) {
	const hash = createHash("sha256").update(file.bytes);
	return (config === void 0 ? hash : hash.update("\0").update(config.bytes)).digest("hex");
}
function refuseTooLong({ path }, { written, description }) {
	if (written.length > 50 || description.length > 200) throw invalidMigration(path, "has a name that the version table cannot hold", "A version has up to 50 characters, a description up to 200.");
	if (/\s/.test(description)) throw invalidMigration(path, "has white space in its name that is no plain space", "Rename it.");
}
function refuseLeftOver(named, migrations, configs) {
	const undone = named.find(({ name }) => name.kind === "undo" && !migrations.some(({ version }) => version === name.version));
	if (undone !== void 0) throw invalidMigration(undone.file.path, "has no migration to take back", "Add the V file of the same version, or delete it.");
	const config = configs.find(({ name }) => !named.some(({ file }) => name === `${file.name}.conf`));
	if (config !== void 0) throw invalidMigration(config.path, "stands beside no file of its name", "Name it like the migration, or delete it.");
	const repeatables = named.filter(({ name }) => name.kind === "repeatable");
	const twice = repeatables.find(({ name }, at) => repeatables.slice(0, at).some((one) => one.name.description === name.description));
	if (twice !== void 0) throw invalidMigration(twice.file.path, "has the description of another repeatable migration, which Flyway refuses", "Rename one of them.");
}
/** Settings of Flyway's environment under which the files would mean something else. */
function refuseOtherSettings(variables) {
	for (const [name, usual] of Object.entries(usualSettings)) {
		const value = variables[name];
		if (value === void 0 || value === usual) continue;
		throw new ReleaseError("unsupported-migration", `${name} is set in the environment to something else than ${usual}, which Shiplock does not follow.`, { hint: "Leave it out, or have the files run by Flyway: migrations.layout: command." });
	}
}
const usualSettings = {
	FLYWAY_PLACEHOLDER_PREFIX: "${",
	FLYWAY_PLACEHOLDER_SUFFIX: "}",
	FLYWAY_SQL_MIGRATION_PREFIX: "V",
	FLYWAY_SQL_MIGRATION_SEPARATOR: "__",
	FLYWAY_SQL_MIGRATION_SUFFIXES: ".sql",
	FLYWAY_REPEATABLE_SQL_MIGRATION_PREFIX: "R"
};
// src/migration/layouts/golang-migrate/lock-keys.ts
const salt$1 = 1486364155;
/**
* The keys of the advisory locks that golang-migrate takes for a table: it hashes the schema, the table and the
* database, which is the path of a URL, slash included, for a tool that was given one, and the bare name for a program
* that hands over its own connection.
*/
function lockKeys(database, { schema, table }) {
	return [`/${database}`, database].map((name) => {
		const hash = crc32([
			schema,
			table,
			name
		].join("\0"));
		return String(Math.imul(hash, salt$1) >>> 0);
	});
}
// src/migration/layouts/golang-migrate.ts
/** golang-migrate: `000007_add_email.up.sql` with `000007_add_email.down.sql`, and a table of one row. */
const golangMigrate = {
	name: "golang-migrate",
	recognizes(files) {
		const sql = files.filter((file) => file.name.endsWith(".sql"));
		const named = sql.flatMap((file) => nameOf$1(file.name) ?? []);
		const found = named.some(({ direction }) => direction === "up") ? named.length : 0;
		return countedEvidence(found, sql.length, "are numbered .up.sql and .down.sql files");
	},
	read: readFolder,
	table: {
		schema: "current",
		table: "schema_migrations"
	},
	sharesTable: false,
	toleratesHoles: false,
	toleratesMissing: false,
	writtenByTool: true,
	keepsNewest: true,
	locks: lockKeys,
	ledger: {
		create: createTable$4,
		createEmpty: createTable$4,
		select: (table, scope) => `select known.version::pg_catalog.text as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, null::timestamp with time zone as applied_at, known.version::pg_catalog.float8 as place, exists (select from ${quoteTable(table)} own where own.dirty and own.version operator(pg_catalog.=) known.version) as dirty from (${known(table, scope)}) known where known.version operator(pg_catalog.<=) (select pg_catalog.max(version) from ${quoteTable(table)})`,
		record,
		erase: erase$1,
		dirty,
		settle: (table, migration, as, scope) => as === "applied" ? record(table, migration) : erase$1(table, migration, scope),
		head(table, scope, without = []) {
			if (without.length === 0) return headOfVersions(`${quoteTable(table)} t`);
			const left = `select pg_catalog.max(known.version) as version, false as dirty from (${known(table, scope)}) known where known.version operator(pg_catalog.<=) (select pg_catalog.max(version) from ${quoteTable(table)}) and known.version::pg_catalog.text not in (${without.map(quoteText).join(", ")}) having pg_catalog.count(*) operator(pg_catalog.>) 0`;
			return headOfVersions(`(${left}) t`);
		}
	},
	outsideTransaction: "-- shiplock: no-transaction",
	down: { beside: (path) => path.replace(/\.up(?=\.sql$)/, ".down") },
	numbersByTime: true,
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version}_${name}.up.sql`,
		text: hotfix ? markLine("hotfix") : "",
		beside: {
			name: `${version}_${name}.down.sql`,
			text: ""
		}
	})
};
function createTable$4(table) {
	return `create table if not exists ${quoteTable(table)} (version bigint not null primary key, dirty boolean not null)`;
}
/** As `migrate force V` leaves it. The tool itself empties the table, which takes a lock that even readers wait for. */
function record(table, { version }) {
	return `with moved as (update ${quoteTable(table)} set version = ${BigInt(version)}, dirty = false returning 1) insert into ${quoteTable(table)} (version, dirty) select ${BigInt(version)}, false where not exists (select from moved)`;
}
/** As `migrate force` with the number before leaves it, and `migrate force -- -1` where there is none. */
function erase$1(table, { version }, { versions = [] }) {
	const before = versions.map(BigInt).reduce((last, one) => {
		return one < BigInt(version) && (last === void 0 || one > last) ? one : last;
	}, void 0);
	return before === void 0 ? `delete from ${quoteTable(table)}` : `update ${quoteTable(table)} set version = ${before}, dirty = false`;
}
/** The row, and every version that a file or the history knows. */
function known(table, { versions = [] }) {
	const listed = versions.map((version) => `select ${BigInt(version)}::pg_catalog.int8`);
	return [`select version from ${quoteTable(table)}`, ...new Set(listed)].join(" union ");
}
/** What the tool takes for a migration; whatever follows the direction is the ending to it. */
function nameOf$1(fileName) {
	const [, digits = "", name = "", direction] = /^(\d+)_(.*)\.(up|down)\.sql$/.exec(fileName) ?? [];
	if (direction !== "up" && direction !== "down") return void 0;
	return {
		version: String(BigInt(digits)),
		id: `${digits}_${name}`,
		direction
	};
}
function readFolder(files, phase) {
	const downs = /* @__PURE__ */ new Map();
	const ups = [];
	for (const file of files) {
		const name = nameOf$1(file.name);
		if (name === void 0) refuseUnread(file);
		else if (name.direction === "up") ups.push([name, file]);
		else if (downs.has(name.version)) throw twoDowns(downs.get(name.version), file);
		else downs.set(name.version, file);
	}
	const migrations = ups.map(([name, file]) => {
		const down = downs.get(name.version);
		downs.delete(name.version);
		return readMigration$4(name, file, down, phase);
	});
	const [orphan] = downs.values();
	if (orphan !== void 0) throw new ReleaseError("invalid-migration", `${orphan.path} has no migration to take back.`, {
		at: orphan.path,
		hint: `Add ${orphan.name.replace(/\.down\.sql$/, ".up.sql")} beside it, or delete it: golang-migrate would count its number as run.`
	});
	return migrations;
}
function readMigration$4({ version, id }, file, downFile, phase) {
	if (BigInt(version) >= 2n ** 63n) throw new ReleaseError("invalid-migration", `${file.path} has a number that the version table cannot hold.`, {
		at: file.path,
		hint: "Numbers end at 9223372036854775807."
	});
	return {
		version,
		id,
		phase,
		...readSentWhole({
			file,
			down: downFile
		}, "golang-migrate")
	};
}
/** A name that looks like a migration and is none would never run; one that the tool takes beyond our reading would run unseen. */
function refuseUnread(file) {
	const taken = /^\d+_.*\.(?:up|down)\./.test(file.name);
	const meant = /^\d+[_-].*\.sql$/i.test(file.name);
	if (!taken && !meant) return;
	throw new ReleaseError(taken ? "unsupported-migration" : "invalid-migration", taken ? `${file.path} is a migration to golang-migrate, and not an .sql file that Shiplock reads.` : `${file.path} would never run: golang-migrate takes only names such as 000007_add_email.up.sql.`, {
		at: file.path,
		hint: taken ? "Move it out of the folder, or give it the ending .up.sql." : "Rename it, or move it out of the folder."
	});
}
function twoDowns(one, other) {
	return new ReleaseError("duplicate-version", `${one.path} and ${other.path} take back the same version.`, {
		at: other.path,
		hint: "Keep the one that belongs to the migration."
	});
}
/** It stands on the number before too, when a way back has not ended. */
function dirty(version) {
	const [it, clear, force] = version === "-1" ? [
		"the first migration is there or gone",
		clearDirtyCommand("<the first>"),
		"migrate force with its number, or migrate force -- -1 when nothing of it is left"
	] : [
		`all of ${version} is there, or nothing of it`,
		`${clearDirtyCommand(version)} (where a way back did not end, name the migration after ${version}, which it was to take back)`,
		`migrate force ${version}, or with the number before it`
	];
	return {
		says: `version ${version} is dirty: golang-migrate began a migration, or a way back to it, that has not ended`,
		hint: `When golang-migrate is at work just now, wait. Otherwise make sure by hand that ${it}, and say so: ${clear}. The tool's own word for it: ${force}. Nothing clears the mark by itself.`
	};
}
// src/migration/layouts/goose/booked-once.ts
/**
* goose reads its table once, runs a file, and only then adds the file's row, in one transaction: a row that is refused
* takes the file back with it. Old versions wrote a row for a way back too, and went on from the newest of a version.
*/
function bookedOnce(table) {
	const name = nameFor(table.table);
	const from = quoteTable(table);
	return {
		index: quoteTable({
			schema: table.schema,
			table: name
		}),
		make: `create unique index if not exists ${quoteName(name)} on ${from} (version_id) where is_applied and version_id operator(pg_catalog.>) 0`,
		obstacle: `select 'it holds rows of versions that were taken back, as old versions of goose write them' where exists (select from ${from} where not is_applied)`
	};
}
const explanation = "_applied_once_while_shiplock_runs";
/** What the server keeps of a name, in bytes. */
const longestName = 63;
function nameFor(table) {
	if (Buffer.byteLength(table + explanation) <= longestName) return table + explanation;
	const hash = `_${createHash("sha256").update(table).digest("hex").slice(0, 8)}`;
	let start = "";
	for (const character of table) {
		if (Buffer.byteLength(start + character + hash + explanation) > longestName) break;
		start += character;
	}
	return start + hash + explanation;
}
// src/migration/layouts/goose/lines.ts
function* linesOf(file) {
	for (let start = 0; start < file.length;) {
		const found = file.indexOf("\n", start);
		const newline = found < 0 ? file.length : found;
		const end = newline > start && file[newline - 1] === "\r" ? newline - 1 : newline;
		const next = Math.min(newline + 1, file.length);
		yield {
			text: file.slice(start, end),
			start,
			end,
			newline,
			next
		};
		start = next;
	}
}
const annotations = [
	"Up",
	"Down",
	"StatementBegin",
	"StatementEnd",
	"NO TRANSACTION",
	"ENVSUB ON",
	"ENVSUB OFF"
];
/** The annotation on a line, what is wrong with it, or `undefined` when the line has none. */
function readAnnotation(line) {
	if (!line.includes("+goose") || !isComment(line)) return void 0;
	if (line.startsWith(" ") || line.startsWith("	")) return { problem: "is indented; goose reads an annotation only at the start of its line." };
	const words = trimSpace(line.replaceAll("--", "").replace("+goose", ""));
	if (words.includes("+goose")) return { problem: "holds \"+goose\" twice." };
	if (words === "") return { problem: "holds \"+goose\" and no annotation." };
	return annotations.find((name) => new RegExp(`^${name}$`, "iu").test(words)) ?? {
		problem: `holds an annotation that goose does not know, "${words}".`,
		words
	};
}
function isComment(line) {
	return trimSpace(line).startsWith("--");
}
function isBlank(text) {
	return trimSpace(text) === "";
}
/** Whether goose takes a line for the last of a statement: by its last word before one that begins with dashes. */
function endsWithSemicolon(line) {
	let last = "";
	for (const word of line.split(spaces)) {
		if (word.startsWith("--")) break;
		if (word !== "") last = word;
	}
	return last.endsWith(";");
}
/** What Go counts as white space: not quite what JavaScript does. */
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const spaces = new RegExp(`${space.source}+`);
/** How much white space a text begins with. */
function leadingSpace(text) {
	let length = 0;
	while (length < text.length && space.test(text[length])) length++;
	return length;
}
/** How much white space a text ends with. */
function trailingSpace(text) {
	let length = 0;
	while (length < text.length && space.test(text[text.length - 1 - length])) length++;
	return length;
}
function trimSpace(text) {
	const start = leadingSpace(text);
	return text.slice(start, Math.max(start, text.length - trailingSpace(text)));
}
// src/sql/ending.ts
/**
* Reads a text as the server's lexer would (with `standard_conforming_strings` on) and says how it ends. A semicolon
* inside parentheses (CREATE RULE) or inside BEGIN ATOMIC … END ends no statement, as psql has it.
*/
function endingOf(sql) {
	let ending = "empty";
	let parentheses = 0;
	let blocks = 0;
	let words = [];
	for (let at = 0; at < sql.length;) {
		const { kind, end } = tokenAt(sql, at);
		if (end < 0) return kind === "a comment" ? "a comment" : "a quoted text";
		const token = sql.slice(at, Math.min(end, at + longestKeyword)).toLowerCase();
		at = end;
		if (kind === "blank" || kind === "a comment") continue;
		if (kind === "word" && words.length < 4) words.push(token);
		if (kind === "word" && parentheses === 0 && makesRoutine.test(words.join(" "))) blocks = Math.max(0, blocks + nesting(token, blocks));
		if (kind === "sign" && token === "(") parentheses++;
		if (kind === "sign" && token === ")") parentheses = Math.max(0, parentheses - 1);
		ending = kind === "sign" && token === ";" && parentheses === 0 && blocks === 0 ? "complete" : "statement";
		if (ending === "complete") words = [];
	}
	if (ending !== "statement") return ending;
	return parentheses > 0 ? "parentheses" : blocks > 0 ? "a function body" : "statement";
}
const longestKeyword = 10;
const makesRoutine = /^create (?:or replace )?(?:function|procedure)\b/;
/** CASE ends with END too, so it counts once a body is open. */
function nesting(word, blocks) {
	if (word === "begin" || word === "case" && blocks > 0) return 1;
	return word === "end" ? -1 : 0;
}
const blank = /[ \t\n\v\f\r]+/y;
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
function tokenAt(sql, at) {
	const pair = sql.slice(at, at + 2);
	if (pair === "--") return {
		kind: "a comment",
		end: sql.slice(at).search(/[\r\n]|$/) + at
	};
	if (pair === "/*") return {
		kind: "a comment",
		end: endOfBlockComment(sql, at)
	};
	if (pair === "e'" || pair === "E'") return {
		kind: "a quoted text",
		end: endOfEscapeString(sql, at + 1)
	};
	const sign = pair[0];
	if (sign === "'" || sign === "\"") return {
		kind: "a quoted text",
		end: endOfQuote(sql, at, false)
	};
	const tag = sign === "$" ? match(dollarTag, sql, at) : void 0;
	if (tag !== void 0) {
		const close = sql.indexOf(tag, at + tag.length);
		return {
			kind: "a quoted text",
			end: close < 0 ? -1 : close + tag.length
		};
	}
	const space = match(blank, sql, at);
	if (space !== void 0) return {
		kind: "blank",
		end: at + space.length
	};
	const name = match(word, sql, at);
	if (name !== void 0) return {
		kind: "word",
		end: at + name.length
	};
	return {
		kind: "sign",
		end: at + 1
	};
}
function match(sticky, text, at) {
	sticky.lastIndex = at;
	return sticky.exec(text)?.[0];
}
/** Block comments nest in PostgreSQL. */
function endOfBlockComment(sql, from) {
	let depth = 0;
	for (let at = from; at < sql.length; at++) {
		if (sql.startsWith("/*", at)) depth++;
		else if (sql.startsWith("*/", at)) depth--;
		else continue;
		at++;
		if (depth === 0) return at + 1;
	}
	return -1;
}
const continued = /[ \t\f\v\r]*\n\s*'/y;
/** A string goes on after a line break, with the same escapes: E'one' newline 'two\'s'. */
function endOfEscapeString(sql, from) {
	let end = endOfQuote(sql, from, true);
	for (let gap = match(continued, sql, end); end >= 0 && gap !== void 0; gap = match(continued, sql, end)) end = endOfQuote(sql, end + gap.length - 1, true);
	return end;
}
function endOfQuote(sql, from, escapes) {
	const quote = sql[from];
	for (let at = from + 1; at < sql.length; at++) if (escapes && sql[at] === "\\") at++;
	else if (sql[at] === quote && sql[at + 1] === quote) at++;
	else if (sql[at] === quote) return at + 1;
	return -1;
}
// src/migration/layouts/goose/envsub.ts
/**
* Puts the values of variables into one line, as goose does after `-- +goose ENVSUB ON`; what it puts in points at
* the dollar sign. The first variable without a value is returned as an error, since goose would quietly put nothing.
* Throws `invalid-migration` where goose fails, and `unsupported-migration` for `${NAME:offset}`.
* https://github.com/mfridman/interpolate
*/
function substitute(passage, variables) {
	const expansion = new Expansion(passage, variables);
	return {
		text: expansion.read(),
		missing: expansion.missing
	};
}
const identifier = /\p{L}[\p{L}\p{N}_]*/uy;
const substring = /:\s*[+-]?\d+\s*(?::\s*[+-]?\d+\s*)?\}/y;
var Expansion = class {
	missing;
	#passage;
	#variables;
	#at;
	constructor(passage, variables) {
		this.#passage = passage;
		this.#variables = variables;
		this.#at = passage.start;
	}
	/** Reads to the end, or up to the brace that closes a default. */
	read(stop) {
		const { file, end } = this.#passage;
		const parts = [];
		let plainFrom = this.#at;
		const keep = () => {
			if (plainFrom < this.#at) parts.push(MappedText.ofFile(file, plainFrom, this.#at));
		};
		const replace = (length, part) => {
			keep();
			this.#at += length;
			parts.push(part());
			plainFrom = this.#at;
		};
		while (this.#at < end && file[this.#at] !== stop) {
			const from = this.#at;
			const pair = file.slice(from, Math.min(from + 2, end));
			if (pair === "\\\\" || pair === "$(") this.#at += 2;
			else if (pair === "$$" || pair === "\\$") replace(2, () => MappedText.generated("$", from));
			else if (pair.length === 2 && pair[0] === "$") replace(1, () => this.#variable(from));
			else this.#at++;
		}
		keep();
		return MappedText.join(...parts);
	}
	/** What stands after a dollar sign: `NAME` or `{NAME…}`. */
	#variable(from) {
		const braced = this.#skip("{");
		const name = this.#match(identifier);
		if (name === void 0) throw this.#invalid(from, "is followed by no name of a variable");
		const value = Object.hasOwn(this.#variables, name) ? this.#variables[name] : void 0;
		if (!braced || this.#skip("}")) return this.#valueOf(name, value, from);
		if (this.#skip(":-")) return this.#orDefault(value || void 0, from);
		if (this.#skip("-")) return this.#orDefault(value, from);
		if (this.#skip("?")) {
			const reason = this.read("}").text;
			this.#close(from);
			return this.#valueOf(name, value, from, reason);
		}
		if (this.#match(substring) !== void 0) throw this.#unsupported(from);
		throw this.#invalid(from, `is not closed as \${${name}}, \${${name}:-default}, \${${name}-default} or \${${name}?reason}`);
	}
	#orDefault(value, from) {
		const missing = this.missing;
		const given = this.read("}");
		this.#close(from);
		if (value === void 0) return given;
		this.missing = missing;
		return MappedText.generated(value, from);
	}
	#valueOf(name, value, from, reason = "") {
		if (value === void 0) {
			const at = this.#passage.placeOf(from);
			this.missing ??= new ReleaseError("missing-variable", `${at} needs the environment variable ${name}, which is not set${reason && `: ${reason}`}.`, {
				at,
				hint: `Set ${name} in the step that runs this, or give it a default in the file: \${${name}:-default}. A .env file is read by goose alone.`
			});
		}
		return MappedText.generated(value ?? "", from);
	}
	#skip(expected) {
		const { file, end } = this.#passage;
		if (this.#at + expected.length > end || !file.startsWith(expected, this.#at)) return false;
		this.#at += expected.length;
		return true;
	}
	#match(sticky) {
		const { file, end } = this.#passage;
		sticky.lastIndex = this.#at;
		const found = sticky.exec(file)?.[0];
		if (found === void 0 || this.#at + found.length > end) return void 0;
		this.#at += found.length;
		return found;
	}
	#close(from) {
		if (!this.#skip("}")) throw this.#invalid(from, "has no closing brace on its line");
	}
	#invalid(from, problem) {
		const at = this.#passage.placeOf(from);
		return new ReleaseError("invalid-migration", `${at}: under ENVSUB ON this dollar sign ${problem}.`, {
			at,
			hint: "Write $$ for a dollar sign that stays, or put \"-- +goose ENVSUB OFF\" before the line."
		});
	}
	#unsupported(from) {
		const at = this.#passage.placeOf(from);
		const form = this.#passage.file.slice(from, this.#at);
		return new ReleaseError("unsupported-migration", `${at}: ${form} cuts a part out of a variable, which Shiplock does not do.`, {
			at,
			hint: "Give the part a variable of its own."
		});
	}
};
// src/migration/layouts/goose/section.ts
/** Space to Go that is none to the server, such as a no-break space that was copied from a page. */
const foreignSpace = /[^ \t\n\f\r]/;
/** The SQL of one direction, gathered line by line as goose sends it. */
var Section = class {
	#file;
	#placeOf;
	#variables;
	#parts = [];
	/** A stretch of the file that is taken over as it stands. */
	#run;
	/** How far the file has been taken over. */
	#fileEnd = 0;
	#missing;
	#joined;
	#unfinished;
	hasStatements = false;
	constructor(file, placeOf, variables) {
		this.#file = file;
		this.#placeOf = placeOf;
		this.#variables = variables;
	}
	/** Whether goose has gathered any line of a statement, be it a blank one. */
	get isGathering() {
		return this.#unfinished !== void 0;
	}
	/** Where a statement begins that has not ended. */
	get unfinishedAt() {
		return this.#unfinished?.isBlank === false ? this.#unfinished.start : void 0;
	}
	/** True when a variable without a value leaves open what the text says. */
	get isIncomplete() {
		return this.#missing !== void 0;
	}
	/** The whole text. Throws `missing-variable`: only a migration that is to run needs its variables. */
	sql() {
		if (this.#missing !== void 0) throw this.#missing;
		this.#endRun();
		this.#joined ??= joinAll(this.#parts);
		return this.#joined;
	}
	/** A comment or an empty line between statements, which goose leaves out. */
	keep(line) {
		this.#copy(afterForeignSpace(line), line.next);
	}
	/** A line of a statement; goose drops a carriage return at its end. Returns it with its variables replaced. */
	add(line, substitutes) {
		this.#unfinished ??= {
			lines: [],
			start: line.start,
			isBlank: true
		};
		const statement = this.#unfinished;
		const from = statement.isBlank ? afterForeignSpace(line) : line.start;
		const text = substitutes && line.text.includes("$") ? this.#substitute(from, line) : this.#take(from, line);
		this.#copy(line.newline, line.next);
		statement.lines.push(text + this.#file.slice(line.newline, line.next));
		if (statement.isBlank && !isBlank(text)) Object.assign(statement, {
			start: from,
			isBlank: false
		});
		return text;
	}
	/**
	* Ends the statement, with a semicolon where goose sent it without one. Returns what the server would find open,
	* if anything.
	*/
	finish() {
		if (this.#unfinished === void 0) return void 0;
		const gathered = this.#unfinished.lines.join("");
		const sent = gathered.slice(0, gathered.length - trailingSpace(gathered));
		if (foreignSpace.test(gathered.slice(sent.length))) {
			this.#dropEnd(gathered.length - sent.length);
			this.#insert("\n");
		}
		const ending = endingOf(sent);
		if (ending !== "empty") this.hasStatements = true;
		if (ending === "statement") this.#insert("\n;\n");
		this.#unfinished = void 0;
		return ending === "empty" || ending === "complete" || ending === "statement" || this.isIncomplete ? void 0 : ending;
	}
	#take(from, line) {
		this.#copy(from, line.end);
		return this.#file.slice(from, line.end);
	}
	#substitute(from, line) {
		const { text, missing } = substitute({
			file: this.#file,
			start: from,
			end: line.end,
			placeOf: this.#placeOf
		}, this.#variables);
		this.#missing ??= missing;
		this.#endRun();
		this.#parts.push(text);
		this.#fileEnd = line.end;
		return text.text;
	}
	#copy(start, end) {
		if (start === end) return;
		this.#fileEnd = end;
		if (this.#run?.end === start) this.#run.end = end;
		else {
			this.#endRun();
			this.#run = {
				start,
				end
			};
		}
	}
	/** Takes white space away that goose does not send, and the server would not take for space. */
	#dropEnd(length) {
		this.#endRun();
		for (let left = length; left > 0;) {
			const last = this.#parts.pop();
			if (last === void 0) return;
			if (last.text.length > left) this.#parts.push(last.slice(0, last.text.length - left));
			left -= last.text.length;
		}
	}
	#insert(text) {
		this.#endRun();
		this.#parts.push(MappedText.generated(text, this.#fileEnd));
	}
	#endRun() {
		if (this.#run !== void 0) this.#parts.push(MappedText.ofFile(this.#file, this.#run.start, this.#run.end));
		this.#run = void 0;
	}
};
/** Where a line begins for goose, when that is not where it begins for the server. */
function afterForeignSpace(line) {
	const length = leadingSpace(line.text);
	return foreignSpace.test(line.text.slice(0, length)) ? line.start + length : line.start;
}
/** A call takes only so many arguments. */
function joinAll(parts) {
	const batch = 1e4;
	const joined = [];
	for (let from = 0; from < parts.length; from += batch) joined.push(MappedText.join(...parts.slice(from, from + batch)));
	return MappedText.join(...joined);
}
// src/migration/layouts/goose/sections.ts
/**
* Reads a file as goose does, line by line, both directions at once. Throws `invalid-migration` where goose refuses
* the file, would cut a statement in two, or would drop a line.
* https://github.com/pressly/goose/blob/v3.26.0/internal/sqlparser/parser.go
*/
function readSections(path, file, variables) {
	const reader = new Reader(path, file, variables);
	for (const line of linesOf(file)) reader.take(line);
	return reader.end();
}
/** Longer lines overrun goose's buffer. */
const longestLine = 4194304;
var Reader = class {
	#path;
	#file;
	#variables;
	#up;
	#down;
	/** Where StatementBegin stands that waits for its end. */
	#begun;
	/** Between an empty pair of StatementBegin and StatementEnd and the next line that is no comment. */
	#afterEmptyBlock = false;
	#transactional = true;
	#substitutes = false;
	#takesVariables = false;
	constructor(path, file, variables) {
		this.#path = path;
		this.#file = file;
		this.#variables = variables;
	}
	take(line) {
		if (line.text.length * 3 >= longestLine && Buffer.byteLength(line.text) >= longestLine) throw this.#refuse(line.start, "is a line of 4 MiB or more, which goose cannot read.");
		const annotation = readAnnotation(line.text);
		if (annotation === void 0) this.#takeText(line);
		else if (typeof annotation === "string") this.#takeAnnotation(annotation, line.start);
		else throw this.#refuse(line.start, annotation.problem + (annotation.words === void 0 ? "" : didYouMean(annotation.words, annotations)), `Goose knows ${annotations.join(", ")}.`);
	}
	end() {
		if (this.#up === void 0) throw this.#refuse(0, "begins a file without \"-- +goose Up\".", "Put \"-- +goose Up\" on a line of its own before the first statement.");
		if (this.#begun !== void 0) throw this.#refuse(this.#begun, "has no \"-- +goose StatementEnd\".");
		this.#refuseUnfinished(this.#section);
		return {
			up: this.#up,
			down: this.#down?.hasStatements ? this.#down : void 0,
			transactional: this.#transactional,
			takesVariables: this.#takesVariables
		};
	}
	get #section() {
		return this.#down ?? this.#up;
	}
	#takeAnnotation(annotation, at) {
		if (annotation === "NO TRANSACTION") this.#transactional = false;
		else if (annotation === "ENVSUB ON" || annotation === "ENVSUB OFF") {
			this.#substitutes = annotation === "ENVSUB ON";
			this.#takesVariables ||= this.#substitutes;
		} else if (annotation === "Up") this.#beginUp(at);
		else if (annotation === "Down") this.#beginDown(at);
		else if (annotation === "StatementBegin") this.#beginStatement(at);
		else this.#endStatement(at);
	}
	#beginUp(at) {
		if (this.#up !== void 0) throw this.#refuse(at, "is a second \"-- +goose Up\"; a file has one.");
		this.#up = new Section(this.#file, (offset) => this.#place(offset), this.#variables);
	}
	#beginDown(at) {
		if (this.#up === void 0) throw this.#refuse(at, "stands before \"-- +goose Up\".", "Up comes first, then Down.");
		if (this.#down !== void 0) throw this.#refuse(at, "is a second \"-- +goose Down\"; a file has one.");
		if (this.#begun !== void 0) throw this.#refuse(this.#begun, "has no \"-- +goose StatementEnd\" before \"-- +goose Down\".");
		this.#refuseUnfinished(this.#up);
		this.#afterEmptyBlock = false;
		this.#down = new Section(this.#file, (offset) => this.#place(offset), this.#variables);
	}
	#beginStatement(at) {
		if (this.#section === void 0) throw this.#refuse(at, "stands before \"-- +goose Up\".");
		if (this.#begun !== void 0) throw this.#refuse(at, "stands inside another StatementBegin.", "Close the first with \"-- +goose StatementEnd\".");
		this.#begun = at;
		this.#afterEmptyBlock = false;
	}
	#endStatement(at) {
		const section = this.#section;
		if (section === void 0 || this.#begun === void 0) throw this.#refuse(at, "has no \"-- +goose StatementBegin\" before it.");
		this.#begun = void 0;
		this.#afterEmptyBlock = !section.isGathering;
		this.#finish(section, at);
	}
	#takeText(line) {
		const section = this.#section;
		if (section === void 0) {
			if (isBlank(line.text) || isComment(line.text)) return;
			throw this.#refuse(line.start, "stands before \"-- +goose Up\".", "Put \"-- +goose Up\" on a line of its own before the first statement; only comments may come earlier.");
		}
		if (this.#leavesOut(line, section)) {
			section.keep(line);
			return;
		}
		const added = section.add(line, this.#substitutes);
		if (this.#begun === void 0 && endsWithSemicolon(added)) this.#finish(section, line.end);
	}
	/** Whether goose passes over a line: comments and empty lines between statements, and one line behind an empty block. */
	#leavesOut(line, section) {
		if (!section.isGathering && (line.text === "" || isComment(line.text))) return true;
		if (!this.#afterEmptyBlock) return false;
		this.#afterEmptyBlock = false;
		if (isBlank(line.text)) return true;
		throw this.#refuse(line.start, "follows StatementBegin and StatementEnd with nothing in between; goose would leave this line out without a word.", "Remove the empty pair of annotations.");
	}
	/** Ends a statement where goose ends it; the server must see an end there too. */
	#finish(section, at) {
		const open = section.finish();
		if (open === void 0) return;
		throw this.#refuse(at, `ends a statement for goose, in the middle of ${open}.`, "Put the whole statement between \"-- +goose StatementBegin\" and \"-- +goose StatementEnd\".");
	}
	#refuseUnfinished(section) {
		if (section?.unfinishedAt === void 0 || section.isIncomplete) return;
		throw this.#refuse(section.unfinishedAt, "begins a statement that no semicolon at the end of a line ends.", "Goose ends a statement only at a line whose last word before any \"-- comment\" ends with a semicolon.");
	}
	#refuse(offset, problem, hint) {
		const at = this.#place(offset);
		return new ReleaseError("invalid-migration", `${at} ${problem}`, {
			at,
			...hint === void 0 ? {} : { hint }
		});
	}
	#place(offset) {
		const { line, column } = positionFromUtf16(this.#file, offset);
		return `${this.#path}:${line}:${column}`;
	}
};
// src/migration/layouts/goose.ts
/** goose: `00007_add_email.sql`, with `-- +goose Up` and `-- +goose Down` in one file. */
const goose = {
	name: "goose",
	recognizes(files) {
		const sql = files.filter((file) => file.name.endsWith(".sql"));
		return countedEvidence(sql.filter(holdsUp).length, sql.length, "carry -- +goose Up");
	},
	read: (files, phase, variables) => files.filter(isMigration$2).map((file) => readMigration$3(file, phase, variables)),
	table: {
		schema: void 0,
		table: "goose_db_version"
	},
	sharesTable: false,
	toleratesHoles: false,
	allowingHoles: "goose -allow-missing up",
	toleratesMissing: true,
	writtenByTool: true,
	locks: () => sessionLocks,
	ledger: {
		create: (table) => `${createTable$3(table)};\ninsert into ${quoteTable(table)} (version_id, is_applied) select 0, true where not exists (select from ${quoteTable(table)})`,
		createEmpty: createTable$3,
		select: (table) => `select version_id::pg_catalog.text as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, tstamp::timestamp with time zone as applied_at, id::pg_catalog.float8 as place from (select distinct on (version_id) version_id, is_applied, tstamp, id from ${quoteTable(table)} order by version_id, id desc) newest where is_applied and version_id operator(pg_catalog.<>) 0`,
		record: (table, { version }) => `insert into ${quoteTable(table)} (version_id, is_applied) values (${BigInt(version)}, true)`,
		erase: (table, { version }) => `delete from ${quoteTable(table)} where version_id operator(pg_catalog.=) ${BigInt(version)}::pg_catalog.int8`,
		onlyOnce: bookedOnce,
		head: (table, _scope, without = []) => `select pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.max(id)) from ${quoteTable(table)} where ${butNot("version_id::pg_catalog.text", without)}`
	},
	outsideTransaction: "-- +goose NO TRANSACTION",
	down: { section: "-- +goose Down" },
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version}_${name}.sql`,
		text: `${hotfix ? markLine("hotfix") : ""}-- +goose Up\n\n-- +goose Down\n`
	})
};
/**
* The key that a program takes that calls goose with a session lock and gives none of its own: since 3.26, and before.
* https://github.com/pressly/goose/blob/v3.26.0/lock/session_locker_options.go
*/
const sessionLocks = ["4097083626", "5887940537704921958"];
function createTable$3(table) {
	return `create table if not exists ${quoteTable(table)} (id integer primary key generated by default as identity, version_id bigint not null, is_applied boolean not null, tstamp timestamp not null default pg_catalog.now())`;
}
function holdsUp(file) {
	for (const { text } of linesOf(new TextDecoder().decode(file.bytes))) if (readAnnotation(text) === "Up") return true;
	return false;
}
/** Whether goose would take the file. Throws for one that only the team's own binary, or nobody, would run. */
function isMigration$2(file) {
	if (/\.sql$/i.test(file.name) && !file.name.endsWith(".sql")) throw new ReleaseError("invalid-migration", `${file.path} would never run: goose reads only names that end with .sql in small letters.`, { hint: "Rename it, or move it out of the folder." });
	if (file.name.endsWith(".go") && !file.name.endsWith("_test.go")) refuseGoMigration(file);
	return file.name.endsWith(".sql");
}
/** A Go file without a number is code beside the migrations, most often the one that embeds them, unless it registers some. */
function refuseGoMigration(file) {
	const registers = /\b(?:Add(?:Named)?Migration\w*|NewGoMigration)\b/.test(new TextDecoder().decode(file.bytes));
	if (versionOf$1(file.name) === void 0 && !registers) return;
	throw new ReleaseError("unsupported-migration", `${file.path} is a migration in Go; Shiplock does not run Go migrations.`, {
		at: file.path,
		hint: "It needs the team's own binary, which has it built in. Write it as SQL to release it with Shiplock."
	});
}
function readMigration$3(file, phase, variables) {
	const version = versionOf$1(file.name);
	if (version === void 0) throw new ReleaseError("invalid-migration", `${file.path} has no version: its name does not start with a number from 1 to 9223372036854775807 and an underscore.`, {
		at: file.path,
		hint: "Name it like 00007_add_email.sql, or move it out of the folder."
	});
	refuseByteOrderMark(file, "goose");
	const text = textOf(file);
	const { up, down, transactional, takesVariables } = readSections(file.path, text, variables);
	const marks = readMarks(text, file.path, ["hotfix", "major"]);
	return {
		version,
		id: file.name.slice(0, -4),
		phase,
		path: file.path,
		checksum: checksumOf$1(file),
		file: text,
		get up() {
			return up.sql();
		},
		get down() {
			return down?.sql();
		},
		transactional,
		hotfix: marks.has("hotfix"),
		major: marks.has("major"),
		...takesVariables ? { takesVariables } : {}
	};
}
/** The number before the first underscore, as Go reads it. */
function versionOf$1(fileName) {
	const digits = /^\+?(\d+)_/.exec(fileName)?.[1];
	if (digits === void 0) return void 0;
	const version = BigInt(digits);
	return version >= 1n && version < 2n ** 63n ? version.toString() : void 0;
}
// src/migration/layouts/plain.ts
/** Shiplock's own layout: `0007_add_email.sql`, and `0007_add_email.down.sql` beside it for the way back. */
const plain = {
	name: "plain",
	recognizes(files) {
		const sql = files.filter((file) => file.name.toLowerCase().endsWith(".sql"));
		const numbered = sql.filter((file) => numberedName(file.name) !== void 0);
		return countedEvidence(numbered.length, sql.length, "have a number and the mark of no tool");
	},
	read: readPlain,
	table: {
		schema: "state",
		table: "ledger"
	},
	sharesTable: true,
	toleratesHoles: true,
	toleratesMissing: true,
	writtenByTool: false,
	ledger: {
		create: createTable$2,
		createEmpty: createTable$2,
		select: (table, scope) => `select version, phase, checksum, applied_at from ${quoteTable(table)} where ${ofProject(scope)}`,
		record: (table, migration, scope) => `insert into ${quoteTable(table)} (project, version, name, phase, checksum) values (${[
			scope.project,
			migration.version,
			migration.id,
			migration.phase,
			migration.checksum
		].map(quoteText).join(", ")})`,
		erase: (table, { version }, scope) => `delete from ${quoteTable(table)} where ${ofProject(scope)} and version operator(pg_catalog.=) ${quoteText(version)}`,
		head: (table, scope, without = []) => `select pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.date_part('epoch', pg_catalog.max(applied_at))) from ${quoteTable(table)} where ${ofProject(scope)} and ${butNot("version", without)}`
	},
	outsideTransaction: "-- shiplock: no-transaction",
	down: { beside: (path) => path.replace(/(\.sql)$/i, ".down$1") },
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version}_${name}.sql`,
		text: hotfix ? markLine("hotfix") : ""
	})
};
function createTable$2(table) {
	return `create table if not exists ${quoteTable(table)} (project text not null, version text not null, name text not null, phase text not null, checksum text not null, applied_at timestamptz not null default pg_catalog.clock_timestamp(), primary key (project, version))`;
}
const downEnding = /\.down\.sql$/i;
function readPlain(files, phase) {
	const downs = new Map(files.filter((file) => downEnding.test(file.name)).map((file) => [file.name.replace(downEnding, ""), file]));
	const migrations = [];
	for (const file of files) {
		if (downEnding.test(file.name) || !file.name.toLowerCase().endsWith(".sql")) continue;
		const numbered = numberedName(file.name);
		if (numbered === void 0) throw new ReleaseError("invalid-migration", `${file.path} has no version: its name does not start with a number.`, { hint: "Name it like 0007_add_email.sql, or move it out of the folder." });
		const text = textOf(file);
		refuseOtherTools(file.path, text);
		const marks = readMarks(text, file.path, [
			"no-transaction",
			"hotfix",
			"major"
		]);
		const down = downs.get(numbered.id);
		downs.delete(numbered.id);
		migrations.push({
			...numbered,
			phase,
			path: file.path,
			checksum: checksumOf$1(file),
			file: text,
			up: MappedText.ofFile(text),
			down: down === void 0 ? void 0 : MappedText.ofFile(textOf(down)),
			downPath: down?.path,
			transactional: !marks.has("no-transaction"),
			hotfix: marks.has("hotfix"),
			major: marks.has("major")
		});
	}
	const [orphan] = downs.values();
	if (orphan !== void 0) throw new ReleaseError("invalid-migration", `${orphan.path} has no migration to take back.`, { hint: `Add ${orphan.name.replace(downEnding, ".sql")} beside it, or delete it.` });
	return migrations;
}
/** How other tools mark the way back in the same file: run as plain SQL, such a file would undo itself. */
const otherTools = [
	[
		/^[ \t]*--[ \t]*migrate:(?:up|down)\b/im,
		"dbmate",
		"dbmate"
	],
	[
		/^[ \t]*--[ \t]*\+goose\b/im,
		"goose",
		"goose"
	],
	[/^[ \t]*--[ \t]*\+migrate\b/im, "sql-migrate"],
	[/^[ \t]*--[ \t]*\+micrate\b/im, "micrate"],
	[/^[ \t]*--[ \t]*rambler[ \t]+(?:up|down)\b/im, "rambler"],
	[/^[ \t]*--[ \t]*down migration[ \t]*$/im, "node-pg-migrate"],
	[/^[ \t]*--[ \t]*\/\/[ \t]*@undo\b/im, "MyBatis Migrations"],
	[/^[ \t]*--[ \t]*liquibase formatted sql\b/im, "Liquibase"]
];
function refuseOtherTools(path, text) {
	const [, tool, layout] = /\.up\.sql$/i.test(path) ? [
		void 0,
		"a tool with .up.sql and .down.sql files",
		"golang-migrate"
	] : otherTools.find(([pattern]) => pattern.test(text)) ?? [];
	if (tool === void 0) return;
	throw new ReleaseError("unsupported-migration", `${path} is written for ${tool}; as plain SQL its way back would run too.`, {
		at: path,
		hint: layout === void 0 ? "Shiplock has no layout for it: keep running these files with their own tool (migrations.layout: command)." : `Set migrations.layout to ${layout}.`
	});
}
function ofProject({ project }) {
	return `project operator(pg_catalog.=) ${quoteText(project)}`;
}
// src/migration/layouts/prisma/provider.ts
/** Throws where `migration_lock.toml` names another database than PostgreSQL, by the one word that prisma takes for it. */
function refuseOtherProvider(file) {
	const provider = providerOf(file);
	if (provider === "postgresql") return;
	const problem = typeof provider === "string" ? `says that these migrations are for ${JSON.stringify(provider)}` : "names no provider";
	throw new ReleaseError("unsupported-migration", `${file.path} ${problem}; prisma stops at it too, and Shiplock runs PostgreSQL.`, {
		at: file.path,
		hint: "Restore the file from version control: prisma itself writes provider = \"postgresql\" there."
	});
}
function providerOf(file) {
	const text = textOf(file);
	try {
		return parse(text).provider;
	} catch {
		return;
	}
}
// src/migration/layouts/prisma.ts
const providerFile = "migration_lock.toml";
/** Prisma Migrate: a folder for each migration, `20260918120000_add_email`, with `migration.sql`. */
const prisma = {
	name: "prisma",
	nested: true,
	folderFile: providerFile,
	recognizes(files) {
		if (!files.some(({ name }) => name === providerFile)) return void 0;
		const all = files.filter(({ name }) => name.endsWith("/migration.sql"));
		const numbered = all.filter(({ name }) => versionOfFolder(folderOf(name)) !== void 0);
		return countedEvidence(numbered.length, all.length, `are migration.sql in a numbered folder, beside ${providerFile}`);
	},
	read: readPrisma,
	table: {
		schema: "asked",
		table: "_prisma_migrations"
	},
	tellTale: [
		"migration_name",
		"applied_steps_count",
		"rolled_back_at"
	],
	sharesTable: true,
	toleratesHoles: true,
	toleratesMissing: true,
	writtenByTool: true,
	locks: () => ["72707369"],
	ledger: prismaLedger,
	outsideTransaction: "-- shiplock: no-transaction",
	down: { beside: (path) => path.replace(/migration(?=\.sql$)/, "down") },
	numbersByTime: true,
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version}_${name}/migration.sql`,
		text: hotfix ? markLine("hotfix") : ""
	})
};
function readPrisma(files, phase) {
	for (const file of files) if (file.name === providerFile) refuseOtherProvider(file);
	const migrations = [...filesByFolder(files.filter(({ name }) => name !== providerFile))].map(([id, held]) => readMigration$2(id, held, phase));
	refuseOtherOrder(migrations);
	return migrations;
}
function readMigration$2(id, held, phase) {
	const [file, down] = [held.get("migration.sql"), held.get("down.sql")];
	const [some] = held.values();
	if (file === void 0) throw invalidMigration(some?.path ?? id, "stands in a folder without migration.sql; prisma stops at it", "Add migration.sql, or delete the folder.");
	const version = versionOfFolder(id);
	if (version === void 0) throw invalidMigration(file.path, "has no version: the name of its folder does not start with a number and an underscore, and prisma would run it in the order of letters", "Name the folder like 20260918120000_add_email. Where it has run, change migration_name in _prisma_migrations with it.");
	return {
		version,
		id,
		phase,
		keptName: id,
		...readSentWhole({
			file,
			down
		}, "prisma")
	};
}
/** prisma sorts whole names as text: 10_b comes before 9_a there. */
function refuseOtherOrder(migrations) {
	const asText = migrations.toSorted((a, b) => a.id < b.id ? -1 : 1);
	for (const [index, migration] of asText.entries()) {
		const before = asText[index - 1];
		if (before === void 0 || byVersion(before, migration) <= 0) continue;
		throw invalidMigration(migration.path, `stands behind ${before.id}, whose number is higher: prisma runs them in the order of their letters, not of their numbers`, "Write the numbers with as many digits; a folder that ran keeps its name in the table, so rename only what has not run.");
	}
}
function folderOf(name) {
	return name.split("/")[0];
}
function versionOfFolder(folder) {
	const digits = /^(\d{1,19})(?:_|$)/.exec(folder)?.[1];
	return digits === void 0 ? void 0 : String(BigInt(digits));
}
// src/migration/layouts/rails/post-migrations.ts
/** Stands in the class of config/application.rb, which every task loads before Rails makes its list of folders. */
const postFolderLine = `config.paths['db/migrate'] << 'db/post_migrate' if ENV['${skipVariable}'].blank?`;
const honourSkip = `Put this line into the class of config/application.rb: ${postFolderLine}`;
/** Stock Rails generates into db/migrate alone. */
const postGenerator = {
	path: "lib/generators/post_migration/post_migration_generator.rb",
	text: `require 'rails/generators/active_record/migration/migration_generator'

class PostMigrationGenerator < ActiveRecord::Generators::MigrationGenerator
  source_root ActiveRecord::Generators::MigrationGenerator.source_root

  private

  def db_migrate_path
    'db/post_migrate'
  end
end
`
};
// src/migration/layouts/rails.ts
const generator = {
	pre: "bin/rails generate migration",
	post: "bin/rails generate post_migration"
};
const salt = 2053462845n;
/** Rails: `20260101000001_create_users.rb`, in Ruby, which nobody but the application itself can run. */
const rails = {
	name: "rails",
	nested: "deep",
	runBy: {
		command: ["bin/rails", "db:migrate"],
		downTask: "db:migrate:down",
		generator,
		versionArgument: (version) => `VERSION=${version}`,
		honourSkip
	},
	recognizes(files) {
		if (files.map(({ name }) => name.toLowerCase()).some((name) => name.endsWith(".sql"))) return void 0;
		const ruby = files.filter(({ name }) => name.endsWith(".rb"));
		const own = ruby.filter((file) => partsOf(file) !== void 0 && isActiveRecord(file));
		return countedEvidence(own.length, ruby.length, "are migrations of ActiveRecord");
	},
	read: (files, phase) => {
		const migrations = files.filter(isMigration$1).map((file) => readMigration$1(file, phase));
		refuseSameClass(migrations);
		return migrations;
	},
	refuseTogether: refuseSameClass,
	table: {
		schema: void 0,
		table: "schema_migrations"
	},
	sharesTable: true,
	toleratesHoles: true,
	toleratesMissing: true,
	writtenByTool: true,
	locks: (database) => [String(salt * BigInt(crc32(database)))],
	ledger: {
		create: createTable$1,
		createEmpty: createTable$1,
		select: (table) => `select ${numberInText("version")} as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, null::timestamp with time zone as applied_at from ${quoteTable(table)}`,
		record: (table, { version }) => `insert into ${quoteTable(table)} (version) values (${quoteText(version)})`,
		...textVersions
	},
	outsideTransaction: "disable_ddl_transaction! in its class",
	numbersByTime: true,
	newFile: (name, phase, _version, hotfix) => {
		const printed = phase === "pre" ? "" : "; \"shiplock init\" prints that generator";
		const marked = hotfix ? ", and put the line \"# shiplock: hotfix\" at its top" : "";
		throw new ReleaseError("invalid-input", "Migrations of Rails are written in Ruby; Shiplock makes none.", { hint: `Make it with ${generator[phase]} ${name}${printed}${marked}.` });
	}
};
function createTable$1(table) {
	return `create table if not exists ${quoteTable(table)} (version varchar not null primary key)`;
}
function isActiveRecord({ bytes }) {
	return new TextDecoder().decode(bytes).includes("ActiveRecord::Migration");
}
/** What Rails parts a file's name into; the last is the engine that the file was copied from. */
function partsOf({ name }) {
	const fileName = name.split("/").at(-1);
	const [, version, snake = ""] = /^([0-9]+)_([_a-z0-9]*)\.?([_a-z0-9]*)?\.rb$/.exec(fileName) ?? [];
	if (version === void 0) return void 0;
	return {
		version: BigInt(version).toString(),
		className: camelized(snake),
		id: fileName.slice(0, -3)
	};
}
function camelized(snake) {
	return snake.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}
/** Whether Rails would take the file. Throws for one at which Rails stops, and for a migration that would never run. */
function isMigration$1(file) {
	if (partsOf(file) !== void 0) return true;
	const fileName = file.name.split("/").at(-1);
	const isTaken = /^[0-9].*_.*\.rb$/.test(fileName);
	if (!isTaken && !(fileName.endsWith(".rb") && isActiveRecord(file))) return false;
	throw new ReleaseError("invalid-migration", isTaken ? `${file.path} has a name at which Rails stops: only small letters, digits and underscores follow the number.` : `${file.path} would never run: Rails takes only names that start with a number and an underscore.`, {
		at: file.path,
		hint: "Name it like 20260131120000_add_email_to_users.rb, or move it out of the folder."
	});
}
function readMigration$1(file, phase) {
	const { version, id } = partsOf(file);
	const text = textOf(file);
	const marks = readMarks(text, file.path, ["hotfix", "major"], "#");
	return {
		version,
		id,
		phase,
		path: file.path,
		checksum: checksumOf$1(file),
		file: text,
		up: MappedText.ofFile(text, 0, 0),
		down: void 0,
		transactional: !/^[ \t]*disable_ddl_transaction!/m.test(text),
		hotfix: marks.has("hotfix"),
		major: marks.has("major"),
		notSql: "Ruby"
	};
}
/** Rails reads both folders at once and stops when two files stand for one class, whatever their numbers are. */
function refuseSameClass(migrations) {
	const seen = /* @__PURE__ */ new Map();
	for (const migration of migrations) {
		const { className } = partsOf({ name: `${migration.id}.rb` });
		const other = seen.get(className);
		seen.set(className, migration);
		if (other === void 0) continue;
		throw new ReleaseError("invalid-migration", `${other.path} and ${migration.path} are both of the class ${className}; Rails stops at it.`, {
			at: migration.path,
			hint: "Give the newer file and its class a name of their own."
		});
	}
}
// src/migration/layouts/sqlx.ts
/** sqlx: `20260918120000_add_email.sql`, or `….up.sql` with `….down.sql` beside it for the way back. */
const sqlx = {
	name: "sqlx",
	recognizes(files) {
		const named = files.filter(({ name }) => nameOf(name) !== void 0);
		const signed = named.filter(({ bytes }) => signs.test(new TextDecoder().decode(bytes)));
		return countedEvidence(signed.length, named.length, "begin with a line of sqlx");
	},
	read: readSqlx,
	table: {
		schema: void 0,
		table: "_sqlx_migrations"
	},
	sharesTable: false,
	toleratesHoles: true,
	toleratesMissing: false,
	writtenByTool: true,
	locks: (database) => [String(1026731422n * BigInt(crc32(database)))],
	ledger: {
		create: createTable,
		createEmpty: createTable,
		select: (table) => `select version::pg_catalog.text as version, null::pg_catalog.text as phase, pg_catalog.encode(checksum, 'hex') as checksum, installed_on as applied_at, not success as dirty from ${quoteTable(table)}`,
		record: (table, { version, id, checksum }) => `insert into ${quoteTable(table)} (version, description, success, checksum, execution_time) values (${BigInt(version)}, ${quoteText(descriptionOf(id))}, true, pg_catalog.decode(${quoteText(checksum)}, 'hex'), -1)`,
		erase,
		dirty: (version) => ({
			says: `version ${version} began and did not succeed`,
			hint: `sqlx stops at it too, and has no command for it. Make sure by hand that all of ${version} is there, or nothing of it, and say so: ${clearDirtyCommand(version)}`
		}),
		settle: (table, migration, as) => as === "reverted" ? erase(table, migration) : `update ${quoteTable(table)} set success = true, checksum = pg_catalog.decode(${quoteText(migration.checksum)}, 'hex') where version operator(pg_catalog.=) ${BigInt(migration.version)}::pg_catalog.int8`,
		head: (table, _scope, without = []) => headOfVersions(`${quoteTable(table)} t where ${butNot("t.version::pg_catalog.text", without)}`)
	},
	outsideTransaction: "-- no-transaction",
	down: { beside: (path) => path.replace(/(?:\.up)?(\.sql)$/i, ".down$1") },
	numbersByTime: true,
	newFile: (name, _phase, version, hotfix) => ({
		name: `${version}_${name}.up.sql`,
		text: hotfix ? markLine("hotfix") : "",
		beside: {
			name: `${version}_${name}.down.sql`,
			text: ""
		}
	})
};
/** What `sqlx migrate add` writes into a new file, and its own mark; the names alone could be those of other tools. */
const signs = /^-- (?:Add (?:up |down )?migration script here|no-transaction)/;
const noTransaction = "-- no-transaction";
function createTable(table) {
	return `create table if not exists ${quoteTable(table)} (version bigint primary key, description pg_catalog.text not null, installed_on timestamp with time zone not null default pg_catalog.now(), success boolean not null, checksum pg_catalog.bytea not null, execution_time bigint not null)`;
}
function erase(table, { version }) {
	return `delete from ${quoteTable(table)} where version operator(pg_catalog.=) ${BigInt(version)}::pg_catalog.int8`;
}
function readSqlx(files, phase) {
	const named = files.filter(isMigration).map((file) => ({
		file,
		...versionOf(file)
	}));
	const downs = /* @__PURE__ */ new Map();
	for (const { file, kind, version } of named) {
		if (kind !== "down") continue;
		const other = downs.get(version);
		if (other !== void 0) throw invalidMigration(file.path, `and ${other.path} are both the way back of version ${version}`, "Keep one of them.");
		downs.set(version, file);
	}
	const migrations = named.filter(({ kind }) => kind !== "down").map(({ file, version, id }) => readMigration(file, {
		version,
		id,
		phase
	}, downs.get(version)));
	const orphan = named.find(({ kind, version }) => kind === "down" && !migrations.some((one) => one.version === version));
	if (orphan !== void 0) throw invalidMigration(orphan.file.path, "has no migration to take back", "Add the .up.sql of the same version, or delete it.");
	return migrations;
}
function readMigration(file, named, down) {
	const whole = readWhole({
		file,
		down
	}, "sqlx");
	const { hotfix, major } = readOwnMarks(whole);
	return {
		...named,
		...whole,
		checksum: createHash("sha384").update(file.bytes).digest("hex"),
		transactional: !whole.file.startsWith(noTransaction),
		...whole.down === void 0 ? {} : { downTransactional: !whole.down.text.startsWith(noTransaction) },
		hotfix,
		major
	};
}
/** Whether sqlx would take the file. Throws for one that looks like a migration and would never run. */
function isMigration({ name, path }) {
	if (nameOf(name) !== void 0) return true;
	if (/^\+?\d.*\.sql$/i.test(name)) throw invalidMigration(path, "would never run: sqlx leaves it out without a word", "Name it like 20260918120000_add_email.sql, with .sql in small letters.");
	return false;
}
/** What sqlx parts a name into: all before the first underscore, and the rest. */
function nameOf(fileName) {
	const at = fileName.indexOf("_");
	if (at < 0 || !fileName.slice(at + 1).endsWith(".sql")) return void 0;
	const kind = fileName.endsWith(".up.sql") ? "up" : fileName.endsWith(".down.sql") ? "down" : "simple";
	const id = fileName.replace({
		simple: /(?:\.sql)+$/,
		up: /(?:\.up\.sql)+$/,
		down: /(?:\.down\.sql)+$/
	}[kind], "");
	return {
		prefix: fileName.slice(0, at),
		id,
		kind
	};
}
function versionOf({ name, path }) {
	const { prefix, id, kind } = nameOf(name);
	const version = /^\+?\d+$/.test(prefix) ? BigInt(prefix) : void 0;
	if (version === void 0 || version >= 2n ** 63n) throw invalidMigration(path, "has no version: its name does not start with a number up to 9223372036854775807 and an underscore", "Name it like 20260918120000_add_email.sql, or move it out of the folder.");
	return {
		version: version.toString(),
		id,
		kind
	};
}
function descriptionOf(id) {
	return id.slice(id.indexOf("_") + 1).replaceAll("_", " ");
}
// src/migration/layouts/index.ts
/** Every layout; the last is Shiplock's own, whose files have the mark of no other. */
const layouts = [
	goose,
	golangMigrate,
	dbmate,
	sqlx,
	diesel,
	prisma,
	flyway,
	rails,
	plain
];
export { plain as i, postFolderLine as n, postGenerator as r, layouts as t };
