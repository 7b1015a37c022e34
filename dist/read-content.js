import { a as readLedgerHeads } from "./source-facts2.js";
import { a as facts, c as sorted, d as listTables, f as notOfExtension, i as relationQueries, l as isConfigured, o as flag, p as ownSchema, r as schemaQueries, s as grants, t as pinSettings, u as listExtensionTables } from "./settings.js";
import { pn as systemCode } from "./start.js";
// src/adapters/postgres/content/catalog/database.ts
/** The database itself, under no name of its own: a restored copy has another one. */
const database = () => `
  select 'database' as kind, 'database' as name,
    ${facts({
	owner: "pg_get_userbyid(d.datdba)",
	grants: grants("d.datacl", "d", "d.datdba"),
	encoding: "pg_encoding_to_char(d.encoding)",
	collate: "d.datcollate",
	ctype: "d.datctype",
	localeProvider: `case coalesce(j.row ->> 'datlocprovider', 'c') when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end`,
	locale: `coalesce(j.row ->> 'datlocale', j.row ->> 'daticulocale')`,
	collationVersion: `j.row ->> 'datcollversion'`,
	connectionLimit: "nullif(d.datconnlimit, -1)",
	comment: `shobj_description(d.oid, 'pg_database')`
})}
  from pg_database d cross join lateral (select to_jsonb(d) as row) j where d.datname = current_database()`;
const settings = () => `
  select 'setting' as kind, concat(case when s.setrole <> 0 then pg_get_userbyid(s.setrole) || ': ' end, split_part(item, '=', 1)) as name,
    ${facts({ value: `substr(item, strpos(item, '=') + 1)` })}
  from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase and d.datname = current_database() cross join unnest(s.setconfig) as item`;
/** That there is one: its value may be a secret, and roles may be kept out of a backup. */
const roleSettings = () => `
  select 'role setting' as kind, concat(case s.setrole when 0 then 'all' else pg_get_userbyid(s.setrole) end, ': ', split_part(item, '=', 1)) as name, '{}'::jsonb as facts
  from pg_db_role_setting s cross join unnest(s.setconfig) as item where s.setdatabase = 0`;
const parameterGrants = (serverMajor) => `
  select 'grants on parameter' as kind, p.parname as name, '{}'::jsonb as facts
  from ${serverMajor >= 15 ? "pg_parameter_acl" : "(select null::text as parname limit 0)"} p`;
const publications = (serverMajor) => `
  select 'publication' as kind, quote_ident(p.pubname) as name,
    ${facts({
	owner: "pg_get_userbyid(p.pubowner)",
	allTables: flag("p.puballtables"),
	publishes: `concat_ws(', ', case when pubinsert then 'insert' end, case when pubupdate then 'update' end, case when pubdelete then 'delete' end, case when pubtruncate then 'truncate' end)`,
	viaRoot: flag("p.pubviaroot"),
	tables: `(select jsonb_agg(listed.entry order by listed.entry collate "C") from (
        select concat(r.prrelid::regclass, ${serverMajor >= 15 ? `' (' || (select string_agg(quote_ident(a.attname), ', ' order by a.attname) from pg_attribute a where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)) || ')', ' where ' || pg_get_expr(r.prqual, r.prrelid)` : "null"}) as entry
        from pg_publication_rel r where r.prpubid = p.oid) listed)`,
	...serverMajor >= 15 ? { schemas: "(select jsonb_agg(s.pnnspid::regnamespace::text order by s.pnnspid::regnamespace::text collate \"C\") from pg_publication_namespace s where s.pnpubid = p.oid)" } : {}
})}
  from pg_publication p`;
/** Without what it connects with, which may be a password, and which only a superuser may read. */
const subscriptions = () => `
  select 'subscription' as kind, quote_ident(s.subname) as name,
    ${facts({
	owner: "pg_get_userbyid(s.subowner)",
	enabled: "s.subenabled",
	slot: "s.subslotname",
	publications: sorted("s.subpublications")
})}
  from pg_subscription s join pg_database d on d.oid = s.subdbid and d.datname = current_database()`;
const eventTriggers = () => `
  select 'event trigger' as kind, quote_ident(t.evtname) as name,
    ${facts({
	owner: "pg_get_userbyid(t.evtowner)",
	event: "t.evtevent",
	tags: sorted("t.evttags"),
	function: "t.evtfoid::regprocedure::text",
	enabled: `case t.evtenabled when 'O' then 'yes' when 'D' then 'no' when 'R' then 'on a replica' else 'always' end`
})}
  from pg_event_trigger t
  where not exists (select from pg_depend e where e.classid = 'pg_event_trigger'::regclass and e.objid = t.oid and e.deptype = 'e')`;
const foreignDataWrappers = () => `
  select 'foreign data wrapper' as kind, quote_ident(w.fdwname) as name,
    ${facts({
	owner: "pg_get_userbyid(w.fdwowner)",
	grants: grants("w.fdwacl", "F", "w.fdwowner"),
	handler: `nullif(w.fdwhandler::oid, 0)::regprocedure::text`
})}
  from pg_foreign_data_wrapper w
  where not exists (select from pg_depend e where e.classid = 'pg_foreign_data_wrapper'::regclass and e.objid = w.oid and e.deptype = 'e')`;
const foreignServers = () => `
  select 'foreign server' as kind, quote_ident(s.srvname) as name,
    ${facts({
	owner: "pg_get_userbyid(s.srvowner)",
	grants: grants("s.srvacl", "S", "s.srvowner"),
	wrapper: "w.fdwname",
	type: "s.srvtype",
	version: "s.srvversion",
	options: sorted("s.srvoptions")
})}
  from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw`;
/** That there is one: its options hold passwords. */
const userMappings = () => `
  select 'user mapping' as kind, concat(quote_ident(m.usename), ' on ', quote_ident(m.srvname)) as name, '{}'::jsonb as facts from pg_user_mappings m`;
/** Whose they are, and who may do what with them: there may be too many to name each. */
const largeObjects = () => `
  select 'large objects' as kind, concat('of ', owned.owner, ' (', owned.rights, ')') as name, jsonb_build_object('count', sum(owned.count)) as facts
  from (
    select pg_get_userbyid(same.owner) as owner, same.count,
      (select string_agg(entry, '; ') from jsonb_array_elements_text(${grants("same.acl::aclitem[]", "L", "same.owner")}) as entry) as rights
    from (select lomowner as owner, lomacl::text as acl, count(*) as count from pg_largeobject_metadata group by 1, 2) as same
  ) as owned group by owned.owner, owned.rights`;
const databaseQueries = [
	database,
	settings,
	roleSettings,
	parameterGrants,
	publications,
	subscriptions,
	eventTriggers,
	foreignDataWrappers,
	foreignServers,
	userMappings,
	largeObjects
];
// src/adapters/postgres/content/catalog/read-catalog.ts
/**
* Everything that a dump holds besides data, in a fixed order: never by column order, which a restored copy may not
* keep. Definitions are in the words of the server, which may change from one major version to the next.
*/
async function readCatalog(client, serverMajor) {
	const objects = [];
	for (const query of [
		...databaseQueries,
		...schemaQueries,
		...relationQueries
	]) {
		const { rows } = await client.query(query(serverMajor));
		objects.push(...rows);
	}
	return objects.sort(byKindAndName);
}
function byKindAndName(a, b) {
	return compare(a.kind, b.kind) || compare(a.name, b.name);
}
function compare(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}
// src/adapters/postgres/content/large-objects.ts
const pieceBytes = 1048576;
/** Counts, measures and hashes the large objects that are in the snapshot; every one must be readable. */
async function readLargeObjects(client, mode, limit) {
	return readLargeObjectsBy(client, {
		auto: "piece-sha256-1",
		full: "piece-sha256-1",
		sample: "piece-sha256-sample-64-1",
		counts: void 0
	}[mode], limit);
}
/** The same in a way that is given: what a restored copy is compared by. */
async function readLargeObjectsBy(client, method, limit) {
	const { rows } = await client.query("select count(*)::text as count from pg_largeobject_metadata");
	const count = Number(rows[0]?.count);
	if (count === 0) return {
		count,
		bytes: 0,
		...method === void 0 ? {} : {
			method,
			fingerprint: "0"
		}
	};
	return {
		count,
		...await limit.run(client, async () => {
			const bytes = await measure(client);
			return method === void 0 ? { bytes } : {
				bytes,
				method,
				fingerprint: await hash$1(client, method)
			};
		})
	};
}
/** Opened for reading (INV_READ), by which the server reads under the transaction's snapshot, and closed again: there may be many. */
const sizes = `
  select m.oid, s.bytes from pg_largeobject_metadata m
  cross join lateral (select lo_lseek64(o.fd, 0, 2) as bytes, lo_close(o.fd) as closed from lo_open(m.oid, 262144) as o (fd)) s
  where s.closed = 0`;
async function measure(client) {
	const { rows } = await client.query(`select coalesce(sum(bytes), 0)::text as bytes from (${sizes}) sized`);
	return Number(rows[0]?.bytes);
}
/** In pieces: an object may be larger than the memory that a value may take. */
async function hash$1(client, method) {
	const sample = method === "piece-sha256-1" ? "" : " and hashint8extended(m.oid::bigint, 0) & 63 = 0";
	const { rows } = await client.query(`
    select coalesce(sum(hashtextextended(
      concat(sized.oid, ' ', piece.start, ' ', encode(sha256(lo_get(sized.oid, piece.start, ${pieceBytes})), 'hex')) collate "C", 0)), 0)::text as fingerprint
    from (${sizes}${sample}) sized
    cross join lateral generate_series(0, greatest(sized.bytes - 1, 0), ${pieceBytes}) as piece (start)`);
	return rows[0]?.fingerprint ?? "0";
}
// src/adapters/postgres/content/row-queries.ts
/**
* One query over several tables, each read once: its place in the list, its rows, and its fingerprint. `only`: what
* inherits from a table is read under its own name. Hashes are summed, so that the order of rows does not matter and
* two equal rows do not cancel each other out.
*/
function readingQuery(readings) {
	return readings.map(({ table, method }, place) => `select ${place} as place, count(*)::text as rows, ${fingerprint(table, method)} as fingerprint from ${rowsOf(table)}`).join("\nunion all ");
}
/** As `pg_dump` reads them, which leaves it to an extension how its condition ends. */
function rowsOf({ name, condition = "" }) {
	return condition === "" ? `only ${name}` : `(select * from ${name} ${condition}) as configured`;
}
/** What a table is read by when a sample is wanted: without a key there is nothing that tells a row in every copy alike. */
function sampleMethod({ keyColumns }) {
	return keyColumns.length === 0 ? "row-text-1" : "key-sample-64-1";
}
function fingerprint({ columns, keyColumns }, method) {
	if (method === void 0) return "null";
	const sum = `coalesce(sum(${hash(columns)})`;
	if (method === "row-text-1") return `${sum}, 0)::text`;
	if (keyColumns.length === 0) return "null";
	return `${sum} filter (where ${hash(keyColumns)} & 63 = 0), 0)::text`;
}
/** Every type has a text, also those without an equality; the collation is named since some of them are not deterministic. */
function hash(columns) {
	return `hashtextextended(row(${columns.join(", ")})::text collate "C", 0)`;
}
// src/adapters/postgres/content/read-tables.ts
/** Small tables are read together: a thousand partitions are no thousand round trips. */
const batchBytes = 8388608;
const batchTables = 50;
/** One process hashes about as much of a table on a middling machine; a small table tells nothing of the speed. */
const assumedBytesPerMs = 35e3;
const telling = 4194304;
/** Counts and hashes tables, the smallest first, as far as the time suffices. The answer has the order of the list. */
async function readTables(client, tables, mode, limit) {
	const found = await readAll(client, tables.map((table) => ({
		table,
		method: methodFor(table, mode)
	})), limit);
	return tables.map(({ name }) => found.get(name) ?? { name });
}
/** Reads each table in the way that the expectation names, without a limit: what a restored copy is compared by. */
async function readTablesLike(client, tables, expected, limit) {
	const methods = new Map(expected.map(({ name, method }) => [name, method]));
	const found = await readAll(client, tables.map((table) => ({
		table,
		method: methods.get(table.name)
	})), limit);
	return tables.map(({ name }) => found.get(name) ?? { name });
}
async function readAll(client, readings, limit) {
	const found = /* @__PURE__ */ new Map();
	let bytesPerMs = assumedBytesPerMs;
	for (const batch of batches(readings)) {
		const sizeBytes = batch.reduce((sum, { table }) => sum + table.sizeBytes, 0);
		if (!limit.hasRoomFor(sizeBytes / bytesPerMs)) break;
		const started = performance.now();
		const rows = await limit.run(client, async () => {
			return (await client.query(readingQuery(batch))).rows;
		});
		if (rows === void 0) break;
		if (sizeBytes > telling) bytesPerMs = sizeBytes / (performance.now() - started);
		for (const { place, rows: count, fingerprint } of rows) {
			const { table, method } = batch[place];
			const hashed = method === void 0 || fingerprint === null ? {} : {
				method,
				fingerprint
			};
			found.set(table.name, {
				name: table.name,
				rows: Number(count),
				counted: "snapshot",
				...hashed
			});
		}
	}
	return found;
}
function methodFor(table, mode) {
	if (mode === "counts") return void 0;
	return mode === "sample" ? sampleMethod(table) : "row-text-1";
}
function batches(readings) {
	const list = [];
	let sizeBytes = Number.POSITIVE_INFINITY;
	for (const reading of [...readings].sort((a, b) => a.table.sizeBytes - b.table.sizeBytes)) {
		sizeBytes += reading.table.sizeBytes;
		const batch = list.at(-1);
		if (batch === void 0 || batch.length === batchTables || sizeBytes > batchBytes) {
			list.push([reading]);
			sizeBytes = reading.table.sizeBytes;
		} else batch.push(reading);
	}
	return list;
}
// src/adapters/postgres/content/sequences.ts
/** How many are read in one query. */
const batchSize = 100;
/** The state of every sequence at this moment, not at the snapshot's, and beside it what its column has reached under the snapshot. */
async function readSequences(client, readable) {
	const sequences = await listSequences(client);
	const found = /* @__PURE__ */ new Map();
	const wanted = sequences.filter(readable);
	for (let start = 0; start < wanted.length; start += batchSize) {
		const batch = wanted.slice(start, start + batchSize);
		const { rows } = await client.query(batch.map(query).join("\nunion all "));
		for (const { place, last, called, greatest } of rows) {
			const { name } = batch[place];
			found.set(name, {
				name,
				lastValue: last,
				isCalled: called,
				...greatest === null ? {} : { ownerMax: greatest }
			});
		}
	}
	return sequences.map(({ name }) => found.get(name) ?? {
		name,
		notDumped: "unlogged on a standby"
	});
}
function query({ name, source, column }, place) {
	return `select ${place} as place, last_value::text as last, is_called as called, ${source === null || column === null ? "null" : `(select max(${column})::text from ${source})`} as greatest from ${name}`;
}
/** One that counts down has no greatest value that would say anything. */
async function listSequences(client) {
	const { rows } = await client.query(`
    select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, c.relpersistence = 'u' as unlogged, owner.source, owner.column
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
    left join lateral (
      select case t.relkind when 'r' then 'only ' else '' end || quote_ident(tn.nspname) || '.' || quote_ident(t.relname) as source,
        quote_ident(a.attname) as column
      from pg_depend d
        join pg_class t on t.oid = d.refobjid join pg_namespace tn on tn.oid = t.relnamespace
        join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
        and d.deptype in ('a', 'i') and s.seqincrement > 0 and t.relkind in ('r', 'p')
        and exists (select from pg_index i join pg_class ic on ic.oid = i.indexrelid join pg_am m on m.oid = ic.relam
          where i.indrelid = t.oid and i.indkey[0] = a.attnum and i.indisvalid and i.indpred is null and m.amname = 'btree')
      limit 1) owner on true
    where c.relkind = 'S' and c.relpersistence <> 't' and (${ownSchema} and ${notOfExtension("pg_class", "c.oid")} or ${isConfigured})
    order by n.nspname, c.relname`);
	return rows;
}
// src/adapters/postgres/content/time-limit.ts
/** A time for several statements together, from the first one on. What runs when it is over is cancelled on the server. */
var TimeLimit = class {
	#limitMs;
	#now;
	#endsAt;
	/** `now` in milliseconds that never run backwards. Without a limit nothing is cancelled. */
	constructor(limitMs, now = () => performance.now()) {
		this.#limitMs = limitMs;
		this.#now = now;
	}
	/** Whether work of so many milliseconds would end in time: half a scan is worth nothing, and costs the server as much. */
	hasRoomFor(ms) {
		return this.#limitMs === void 0 || ms <= (this.#endsAt === void 0 ? this.#limitMs : this.#endsAt - this.#now());
	}
	/** Works in a transaction that is open, and leaves it usable. `undefined` when the time was over before the work. */
	async run(client, work) {
		if (this.#limitMs === void 0) return work();
		this.#endsAt ??= this.#now() + this.#limitMs;
		const leftMs = Math.floor(this.#endsAt - this.#now());
		if (leftMs < 1) return void 0;
		await client.query(`savepoint shiplock_limit; set local statement_timeout = ${Math.min(leftMs, 2147483647)}`);
		try {
			const result = await work();
			await client.query("release savepoint shiplock_limit; set local statement_timeout = 0");
			return result;
		} catch (error) {
			if (systemCode(error) !== "57014" || this.#now() < this.#endsAt) throw error;
			await client.query("rollback to savepoint shiplock_limit; set local statement_timeout = 0");
			return;
		}
	}
};
// src/adapters/postgres/content/read-content.ts
/** Reads a source, in a transaction that sees it as the dump does. */
async function readContent(client, reading, { mode, limitMs }) {
	const limit = new TimeLimit(mode === "auto" ? limitMs : void 0);
	return read(client, reading, {
		tables: (tables) => readTables(client, tables, mode, limit),
		largeObjects: () => readLargeObjects(client, mode, limit)
	});
}
/** Reads a restored copy, each table by the method that the expectation names: what is equal there is equal. */
async function readContentLike(client, reading, expected) {
	const limit = new TimeLimit(void 0);
	return read(client, reading, {
		tables: (tables) => readTablesLike(client, tables, [...expected.tables, ...expected.extensionTables ?? []], limit),
		largeObjects: () => readLargeObjectsBy(client, expected.largeObjects.method, limit)
	});
}
/** Tables come last: they take what is left of a limit. */
async function read(client, { stateSchema, known, serverMajor, inRecovery }, parts) {
	const settings = await pinSettings(client);
	const sequences = await readSequences(client, ({ unlogged }) => !(unlogged && inRecovery));
	const catalog = await readCatalog(client, serverMajor);
	const ledgerHeads = await readLedgerHeads(client, stateSchema, known);
	const largeObjects = await parts.largeObjects();
	const own = await listTables(client);
	const ofExtensions = await listExtensionTables(client);
	const readable = [...own, ...ofExtensions].filter(({ unlogged }) => !(unlogged && inRecovery));
	const tables = new Map((await parts.tables(readable)).map((table) => [table.name, table]));
	const contentOf = ({ name, extension }) => ({
		...tables.get(name) ?? {
			name,
			notDumped: "unlogged on a standby"
		},
		...extension === void 0 ? {} : { extension }
	});
	return {
		settings,
		sequences,
		catalog,
		ledgerHeads,
		largeObjects,
		tables: own.map(contentOf),
		extensionTables: ofExtensions.map(contentOf)
	};
}
export { readTables as i, readContentLike as n, TimeLimit as r, readContent as t };
