import { r as quoteTable, t as quoteName } from "./ledger.js";
// src/adapters/postgres/source-facts.ts
/** Version tables that are known by name, wherever they lie. */
const versionTables = ["goose_db_version", "goose_db_version_post"];
/** What the catalog says of the database, in the transaction that is open. */
async function readDatabaseFacts(client) {
	const { rows } = await client.query(`
    select datname::text as database, pg_catalog.pg_encoding_to_char(encoding)::text as encoding,
      datcollate::text as collate, datctype::text as ctype, pg_catalog.pg_database_size(oid)::text as "sizeBytes"
    from pg_catalog.pg_database where datname operator(pg_catalog.=) pg_catalog.current_database()`);
	const extensions = await client.query(`
    select e.extname::text as name, e.extversion as version, n.nspname::text as schema
    from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) e.extnamespace
    order by e.extname`);
	const [facts] = rows;
	if (facts === void 0) throw new Error("pg_database does not hold the current database");
	return {
		...facts,
		sizeBytes: Number(facts.sizeBytes),
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
// src/adapters/postgres/count-rows.ts
/** Ordinary tables and leaf partitions, without temporary ones and without those that an extension made. */
const countedTables = `
  select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) as name
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r'
    and c.relpersistence <> 't'
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
    and not exists (
      select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e'
    )
  order by n.nspname, c.relname`;
/**
* Exact row counts by `schema.table`, quoted only where needed, of everything that this session may see. The source
* and the restored copy are counted by this same function. Sets `search_path` and `row_security` of the session.
*/
async function countRows(client) {
	await client.query("set search_path = pg_catalog; set row_security = off; set quote_all_identifiers = off");
	const { rows } = await client.query(countedTables);
	const counts = /* @__PURE__ */ new Map();
	for (const { name } of rows) {
		const counted = await client.query(`select count(*) as rows from only ${name}`);
		counts.set(name, Number(counted.rows[0]?.rows));
	}
	return counts;
}
export { readStampId as i, readDatabaseFacts as n, readLedgerHeads as r, countRows as t };
