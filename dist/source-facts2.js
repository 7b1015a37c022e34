import { Cn as headOfVersions, Dn as quoteText, En as quoteTable, Qt as versionsOfPrisma, wn as quoteName } from "./migrations.js";
// src/adapters/postgres/source-facts.ts
/** Version tables that are known by name, wherever they lie. */
const versionTables = ["goose_db_version", "goose_db_version_post"];
/** The same for a table whose rows are runs. */
const runLists = ["flyway_schema_history", "flyway_schema_history_post"];
/** The same for tables whose rows are versions; several tools use the name. */
const versionLists = [
	"schema_migrations",
	"schema_migrations_post",
	"_sqlx_migrations",
	"_sqlx_migrations_post",
	"__diesel_schema_migrations"
];
/** The same for tables that keep names of folders. */
const nameLists = ["_prisma_migrations"];
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
/** With the team's own table, and the one that its post migrations would have. */
function knownTables(project, table) {
	return {
		project,
		also: table === void 0 ? [] : [table, `${table}_post`]
	};
}
/** By which a version table is told from the team's own tables. */
function namesOfVersionTables({ also = [] }) {
	return [
		...versionTables,
		...runLists,
		...versionLists,
		...nameLists,
		...also
	];
}
/** A text for each version table that changes whenever the table does. */
async function readLedgerHeads(client, stateSchema, known = {}) {
	const heads = [];
	for (const { schema, table, kind, shared } of await findVersionTables(client, stateSchema, known.also ?? [])) {
		const read = async (where) => {
			const { rows } = await client.query(kind === "version" || kind === "migration_name" ? `select (${headOfVersions(`${kind === "version" ? `${quoteTable({
				schema,
				table
			})} t` : versionsOfPrisma({
				schema,
				table
			})} where ${where}`)}) as head` : `select pg_catalog.concat(pg_catalog.count(*), '/', ${lastOf[kind]}) as head from ${quoteTable({
				schema,
				table
			})} where ${where}`);
			return rows[0]?.head ?? "";
		};
		const { project } = known;
		const own = shared && project !== void 0 ? { ofProject: await read(`project operator(pg_catalog.=) ${quoteText(project)}`) } : {};
		heads.push({
			table: `${schema}.${table}`,
			head: await read("true"),
			...own
		});
	}
	return heads;
}
/** Its tables for a look from outside, where no layout says which ones are ours. */
async function readKnownTables(client, stateSchema, known) {
	return (await readLedgerHeads(client, stateSchema, known)).map(({ table, head, ofProject = head }) => ({
		table,
		head: ofProject,
		empty: ofProject.startsWith("0/")
	}));
}
/** The texts are those of the layouts, where one of ours keeps the table. */
const lastOf = {
	applied_at: "pg_catalog.date_part('epoch', pg_catalog.max(applied_at))",
	id: "pg_catalog.max(id)",
	installed_rank: "pg_catalog.max(installed_rank)"
};
/** Only those with the column that orders them, of its type: another tool's table may have the same name. */
async function findVersionTables(client, stateSchema, also) {
	const { rows } = await client.query(`with candidate as (select c.oid, c.relname, n.nspname,
        c.relname operator(pg_catalog.=) any ($3) or pg_catalog.concat(n.nspname, '.', c.relname) operator(pg_catalog.=) any ($3) as named
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
      where c.relkind in ('r', 'p') and c.relpersistence operator(pg_catalog.<>) 't')
     select distinct on (1, 2) c.nspname::text as schema, c.relname::text as table, a.attname::text as kind,
        exists (select from pg_catalog.pg_attribute p where p.attrelid operator(pg_catalog.=) c.oid and p.attname operator(pg_catalog.=) 'project'
          and not p.attisdropped and p.atttypid operator(pg_catalog.=) 'text'::pg_catalog.regtype) as shared
      from candidate c join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) c.oid and not a.attisdropped
      where (a.attname operator(pg_catalog.=) 'applied_at' and a.atttypid operator(pg_catalog.=) 'timestamptz'::pg_catalog.regtype
          and (c.named or c.nspname operator(pg_catalog.=) $1 and c.relname operator(pg_catalog.=) 'ledger'))
        or (a.attname operator(pg_catalog.=) 'id' and a.atttypid in ('int4'::pg_catalog.regtype, 'int8'::pg_catalog.regtype)
          and (c.named or c.relname operator(pg_catalog.=) any ($2)))
        or (a.attname operator(pg_catalog.=) 'installed_rank' and a.atttypid operator(pg_catalog.=) 'int4'::pg_catalog.regtype
          and (c.named or c.relname operator(pg_catalog.=) any ($6)))
        or (a.attname operator(pg_catalog.=) 'version' and a.atttypid in ('text'::pg_catalog.regtype, 'varchar'::pg_catalog.regtype, 'int8'::pg_catalog.regtype)
          and (c.named or c.relname operator(pg_catalog.=) any ($4)))
        or (a.attname operator(pg_catalog.=) 'migration_name' and a.atttypid operator(pg_catalog.=) 'varchar'::pg_catalog.regtype
          and (c.named or c.relname operator(pg_catalog.=) any ($5)))
      order by 1, 2, 3`, [
		stateSchema,
		versionTables,
		also,
		versionLists,
		nameLists,
		runLists
	]);
	return rows;
}
export { readLedgerHeads as a, readKnownTables as i, namesOfVersionTables as n, readStampId as o, readDatabaseFacts as r, knownTables as t };
