import { r as systemCode } from "./errors.js";
import { r as quoteTable, t as quoteName } from "./ledger.js";
// src/adapters/postgres/source-facts.ts
/** Version tables that are known by name, wherever they lie. */
const versionTables = ["goose_db_version", "goose_db_version_post"];
/** What the catalog says of the database, in the transaction that is open. */
async function readDatabaseFacts(client) {
	const { rows } = await client.query(`
    select datname::text as database, pg_catalog.pg_encoding_to_char(encoding)::text as encoding,
      datcollate::text as collate, datctype::text as ctype,
      case pg_catalog.to_jsonb(d) operator(pg_catalog.->>) 'datlocprovider' when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end as "localeProvider",
      pg_catalog.to_jsonb(d) operator(pg_catalog.->>) 'datcollversion' as "collationVersion", pg_catalog.pg_database_size(oid)::text as "sizeBytes"
    from pg_catalog.pg_database d where datname operator(pg_catalog.=) pg_catalog.current_database()`);
	const extensions = await client.query(`
    select e.extname::text as name, e.extversion as version, n.nspname::text as schema
    from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) e.extnamespace
    order by e.extname`);
	const [facts] = rows;
	if (facts === void 0) throw new Error("pg_database does not hold the current database");
	return {
		...facts,
		sizeBytes: Number(facts.sizeBytes),
		collationVersion: facts.collationVersion ?? void 0,
		extensions: extensions.rows
	};
}
/** The id in the state schema's stamp, where there is one that this role may read. */
async function readStampId(client, stateSchema) {
	if ((await client.query(`select from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
      join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) c.oid and a.attname operator(pg_catalog.=) 'id' and not a.attisdropped
      where n.nspname operator(pg_catalog.=) $1 and c.relname operator(pg_catalog.=) 'stamp' and c.relkind operator(pg_catalog.=) 'r'
        and pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select')`, [stateSchema])).rowCount === 0) return void 0;
	const { rows } = await client.query(`select id::text as id from ${quoteName(stateSchema)}.stamp`);
	return rows.length === 1 ? rows[0]?.id : void 0;
}
/** A text for each version table that changes whenever the table does. */
async function readLedgerHeads(client, stateSchema) {
	const heads = [];
	for (const { schema, table, newest } of await findVersionTables(client, stateSchema)) {
		const last = `pg_catalog.max(${quoteName(newest)})`;
		const text = newest === "applied_at" ? `pg_catalog.date_part('epoch', ${last})` : last;
		const { rows } = await client.query(`select pg_catalog.concat(pg_catalog.count(*), '/', ${text}) as head from ${quoteTable({
			schema,
			table
		})}`);
		heads.push({
			table: `${schema}.${table}`,
			head: rows[0]?.head ?? ""
		});
	}
	return heads;
}
/** Only those with the column that orders them, of its type: another tool's table may have the same name. */
async function findVersionTables(client, stateSchema) {
	const { rows } = await client.query(`select n.nspname::text as schema, c.relname::text as table, a.attname::text as newest
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
      join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) c.oid and not a.attisdropped
      where c.relkind in ('r', 'p') and c.relpersistence operator(pg_catalog.<>) 't'
        and ((n.nspname operator(pg_catalog.=) $1 and c.relname operator(pg_catalog.=) 'ledger' and a.attname operator(pg_catalog.=) 'applied_at' and a.atttypid operator(pg_catalog.=) 'timestamptz'::pg_catalog.regtype)
          or (c.relname operator(pg_catalog.=) any ($2) and a.attname operator(pg_catalog.=) 'id' and a.atttypid in ('int4'::pg_catalog.regtype, 'int8'::pg_catalog.regtype)))
      order by 1, 2`, [stateSchema, versionTables]);
	return rows;
}
// src/adapters/postgres/content/row-queries.ts
/**
* One query over several tables, each read once: its place in the list, its rows, and its fingerprint. `only`: what
* inherits from a table is read under its own name. Hashes are summed, so that the order of rows does not matter and
* two equal rows do not cancel each other out.
*/
function readingQuery(readings) {
	return readings.map(({ table, method }, place) => `select ${place} as place, count(*)::text as rows, ${fingerprint(table, method)} as fingerprint from only ${table.name}`).join("\nunion all ");
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
/** Counts and hashes tables, the smallest first, as far as the time suffices. The answer has the order of the list. */
async function readTables(client, tables, mode, limit) {
	const found = await readAll(client, tables.map((table) => ({
		table,
		method: methodFor(table, mode)
	})), limit);
	return tables.map(({ name }) => found.get(name) ?? { name });
}
async function readAll(client, readings, limit) {
	const found = /* @__PURE__ */ new Map();
	for (const batch of batches(readings)) {
		const rows = await limit.run(client, async () => {
			return (await client.query(readingQuery(batch))).rows;
		});
		if (rows === void 0) break;
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
// src/adapters/postgres/content/settings.ts
/** What the text of a value, and of a definition, depends on: the same on the source and on a restored copy. */
const pinned = {
	search_path: "pg_catalog, pg_temp",
	TimeZone: "UTC",
	DateStyle: "ISO, YMD",
	IntervalStyle: "postgres",
	bytea_output: "hex",
	extra_float_digits: "3",
	lc_monetary: "C",
	xmlbinary: "base64",
	xmloption: "content",
	quote_all_identifiers: "off",
	row_security: "off"
};
/** Sets what a session needs to read content, and returns it. Does not last beyond a rollback. */
async function pinSettings(client) {
	await client.query(Object.entries(pinned).map(([name, value]) => `set ${name} = ${value.split(", ").map(quoted).join(", ")}`).join("; "));
	return { ...pinned };
}
function quoted(value) {
	return `'${value}'`;
}
// src/adapters/postgres/content/tables.ts
/** Schemas of users. Needs a search path that begins with `pg_catalog`, as all that is read here. */
const ownSchema = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(toast_)?temp_'`;
/** Whether no extension brought this object along: those come back with their extension. */
function notOfExtension(catalog, oid) {
	return `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;
}
/** Ordinary tables and leaf partitions in the order of their names, without temporary ones and without those of extensions. */
async function listTables(client) {
	const { rows } = await client.query(`
    with columns as (
      select attrelid, array_agg(quote_ident(attname) order by attname) as names
      from pg_attribute where attnum > 0 and not attisdropped and attgenerated <> 'v' group by attrelid
    ), keys as (
      select i.indrelid, array_agg(quote_ident(a.attname) order by a.attname) as names
      from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
      where i.indisprimary group by i.indrelid
    )
    select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, coalesce(pg_table_size(c.oid), 0)::text as "sizeBytes",
      c.relpersistence = 'u' as unlogged, coalesce(columns.names, '{}') as columns, coalesce(keys.names, '{}') as "keyColumns"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join columns on columns.attrelid = c.oid left join keys on keys.indrelid = c.oid
    where c.relkind = 'r' and c.relpersistence <> 't' and ${ownSchema} and ${notOfExtension("pg_class", "c.oid")}
    order by n.nspname, c.relname`);
	return rows.map((row) => ({
		...row,
		sizeBytes: Number(row.sizeBytes)
	}));
}
// src/adapters/postgres/content/time-limit.ts
/** A time for several statements together. What runs when it is over is cancelled on the server. */
var TimeLimit = class {
	#endsAt;
	#now;
	/** `now` in milliseconds that never run backwards. Without a limit nothing is cancelled. */
	constructor(limitMs, now = () => performance.now()) {
		this.#now = now;
		this.#endsAt = limitMs === void 0 ? Number.POSITIVE_INFINITY : now() + limitMs;
	}
	/** Works in a transaction that is open, and leaves it usable. `undefined` when the time was over before the work. */
	async run(client, work) {
		const leftMs = Math.floor(this.#endsAt - this.#now());
		if (leftMs === Number.POSITIVE_INFINITY) return work();
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
export { pinSettings as a, readLedgerHeads as c, ownSchema as i, readStampId as l, listTables as n, readTables as o, notOfExtension as r, readDatabaseFacts as s, TimeLimit as t };
