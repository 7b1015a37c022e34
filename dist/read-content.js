import { i as readLedgerHeads } from "./source-facts2.js";
import { i as systemCode } from "./errors.js";
// src/adapters/postgres/content/catalog/query.ts
/** A name with its schema, quoted only where needed. */
function qualified(schema, name) {
	return `quote_ident(${schema}) || '.' || quote_ident(${name})`;
}
function facts(given) {
	return `jsonb_strip_nulls(jsonb_build_object(${Object.entries(given).map(([name, expression]) => `'${name}', ${expression}`).join(", ")})) as facts`;
}
/** Who may do what, as a sorted list; what an owner and everybody may do by default is written out. A star: may pass it on. */
function grants(acl, kind, owner) {
	return grantList(`coalesce(${acl}, acldefault('${kind}', ${owner}))`);
}
/** The same for an access list that stands as it is; nothing at all when there is none. */
function grantList(acl) {
	return `(select jsonb_agg(listed.entry order by listed.entry collate "C") from (
    select concat(case granted.grantee when 0 then 'public' else pg_get_userbyid(granted.grantee) end, ': ',
      string_agg(granted.privilege_type || case when granted.is_grantable then '*' else '' end, ', ' order by granted.privilege_type collate "C"),
      ' by ', pg_get_userbyid(granted.grantor)) as entry
    from aclexplode(${acl}) as granted group by granted.grantee, granted.grantor) as listed)`;
}
/** A list of texts in an order that no storage decides. */
function sorted(array) {
	return `(select jsonb_agg(item order by item collate "C") from unnest(${array}) as item)`;
}
/** True, or left out. */
function flag(condition) {
	return `nullif(${condition}, false)`;
}
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
// src/adapters/postgres/content/tables.ts
/** Schemas of users. Needs a search path that begins with `pg_catalog`, as all that is read here. */
const ownSchema = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_(toast_)?temp_'`;
/** Whether no extension brought this object along: those come back with their extension. */
function notOfExtension(catalog, oid) {
	return `not exists (select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;
}
/** Whether an extension brought this relation along, and leaves its rows, or its value, to its users: these are in a dump. */
const isConfigured = "exists (select from pg_extension x where c.oid = any (x.extconfig))";
/** Ordinary tables and leaf partitions in the order of their names, without temporary ones and without those of extensions. */
function listTables(client) {
	return list(client, { where: `${ownSchema} and ${notOfExtension("pg_class", "c.oid")}` });
}
/** Tables of extensions with rows that only a dump brings back, such as one's own reference systems in PostGIS. */
function listExtensionTables(client) {
	return list(client, {
		what: ", x.extname::text as extension, x.condition",
		from: "join (select extname, unnest(extconfig) as oid, unnest(extcondition) as condition from pg_extension) x on x.oid = c.oid"
	});
}
async function list(client, { what = "", from = "", where = "true" }) {
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
      c.relpersistence = 'u' as unlogged, coalesce(columns.names, '{}') as columns, coalesce(keys.names, '{}') as "keyColumns"${what}
    from pg_class c join pg_namespace n on n.oid = c.relnamespace ${from}
      left join columns on columns.attrelid = c.oid left join keys on keys.indrelid = c.oid
    where c.relkind = 'r' and c.relpersistence <> 't' and ${where}
    order by n.nspname, c.relname`);
	return rows.map((row) => ({
		...row,
		sizeBytes: Number(row.sizeBytes)
	}));
}
// src/adapters/postgres/content/catalog/relations.ts
const ownRelation = `${ownSchema} and c.relpersistence <> 't' and ${notOfExtension("pg_class", "c.oid")}`;
/** Where it is not the one of the database. */
const tablespaceOf = (relation) => `(select s.spcname from pg_tablespace s where s.oid = ${relation}.reltablespace)`;
const tables = () => `
  select case c.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'f' then 'foreign table' when 'v' then 'view'
      else 'materialized view' end as kind, ${qualified("n.nspname", "c.relname")} as name,
    ${facts({
	owner: "pg_get_userbyid(c.relowner)",
	grants: grants("c.relacl", "r", "c.relowner"),
	unlogged: flag("c.relpersistence = 'u'"),
	options: sorted("c.reloptions"),
	toastOptions: sorted("toast.reloptions"),
	rowSecurity: flag("c.relrowsecurity"),
	forcedRowSecurity: flag("c.relforcerowsecurity"),
	partitionKey: `case c.relkind when 'p' then pg_get_partkeydef(c.oid) end`,
	partitionBound: "pg_get_expr(c.relpartbound, c.oid)",
	parents: `(select jsonb_agg(i.inhparent::regclass::text order by i.inhparent::regclass::text collate "C") from pg_inherits i where i.inhrelid = c.oid)`,
	accessMethod: `nullif(am.amname, 'heap')`,
	tablespace: tablespaceOf("c"),
	replicaIdentity: `case when c.relkind in ('r', 'p') then nullif(c.relreplident, 'd') end`,
	ofType: `case when c.reloftype <> 0 then c.reloftype::regtype::text end`,
	definition: `case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end`,
	populated: `case c.relkind when 'm' then c.relispopulated end`,
	server: "fs.srvname",
	serverOptions: sorted("ft.ftoptions")
})}
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_class toast on toast.oid = c.reltoastrelid left join pg_am am on am.oid = c.relam
    left join pg_foreign_table ft on ft.ftrelid = c.oid left join pg_foreign_server fs on fs.oid = ft.ftserver
  where c.relkind in ('r', 'p', 'f', 'v', 'm') and ${ownRelation}`;
const columns = (serverMajor) => `
  select 'column' as kind, ${qualified("n.nspname", "c.relname")} || '.' || quote_ident(a.attname) as name,
    ${facts({
	type: "format_type(a.atttypid, a.atttypmod)",
	notNull: flag("a.attnotnull"),
	default: `case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end`,
	generated: `case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end`,
	virtual: flag(`a.attgenerated = 'v'`),
	identity: `case a.attidentity when 'a' then 'always' when 'd' then 'by default' end`,
	collation: "case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end",
	storage: `case when c.relkind <> 'v' and a.attstorage <> t.typstorage then a.attstorage end`,
	...serverMajor >= 14 ? { compression: `nullif(a.attcompression, '')` } : {},
	statistics: "nullif(a.attstattarget, -1)",
	options: sorted("a.attoptions"),
	serverOptions: sorted("a.attfdwoptions"),
	grants: `case when a.attacl is not null then ${grantList("a.attacl")} end`
})}
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind in ('r', 'p', 'f', 'v', 'm') and ${ownRelation}`;
const sequences = () => `
  select 'sequence' as kind, ${qualified("n.nspname", "c.relname")} as name,
    ${facts({
	owner: "pg_get_userbyid(c.relowner)",
	grants: grants("c.relacl", "s", "c.relowner"),
	unlogged: flag("c.relpersistence = 'u'"),
	type: "s.seqtypid::regtype::text",
	bounds: `concat(s.seqmin, ' to ', s.seqmax, ' from ', s.seqstart, ' by ', s.seqincrement)`,
	cache: "s.seqcache::text",
	cycle: flag("s.seqcycle"),
	ownedBy: `(select d.refobjid::regclass::text || '.' || quote_ident(a.attname) from pg_depend d
        join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') limit 1)`
})}
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
  where c.relkind = 'S' and ${ownRelation}`;
/** What belongs to a table names it: two tables may have a constraint of the same name. */
const ofTable = `${qualified("n.nspname", "c.relname")}`;
/** NOT NULL stands with its column, under every version; a foreign key's parts on partitions are made by its parent's. */
const constraints = () => `
  select 'constraint' as kind, ${ofTable} || '.' || quote_ident(o.conname) as name,
    ${facts({
	definition: "pg_get_constraintdef(o.oid)",
	notValid: flag("not o.convalidated")
})}
  from pg_constraint o join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
  where o.contype in ('c', 'p', 'u', 'f', 'x') and not (o.contype = 'f' and o.conparentid <> 0) and ${ownRelation}`;
const indexes = () => `
  select 'index' as kind, ${qualified("n.nspname", "x.relname")} as name,
    ${facts({
	table: ofTable,
	definition: "pg_get_indexdef(i.indexrelid)",
	invalid: flag("not i.indisvalid"),
	tablespace: tablespaceOf("x"),
	clustered: flag("i.indisclustered"),
	replicaIdentity: flag("i.indisreplident")
})}
  from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
  where ${ownRelation}`;
const triggers = () => `
  select 'trigger' as kind, ${ofTable} || '.' || quote_ident(t.tgname) as name,
    ${facts({
	definition: "pg_get_triggerdef(t.oid)",
	enabled: `case t.tgenabled when 'O' then 'yes' when 'D' then 'no' when 'R' then 'on a replica' else 'always' end`
})}
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where not t.tgisinternal and ${ownRelation}`;
/** The rule that makes a view one is its definition. */
const rules = () => `
  select 'rule' as kind, ${ofTable} || '.' || quote_ident(r.rulename) as name,
    ${facts({
	definition: "pg_get_ruledef(r.oid)",
	enabled: `nullif(r.ev_enabled, 'O')`
})}
  from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
  where r.rulename <> '_RETURN' and ${ownRelation}`;
const policies = () => `
  select 'policy' as kind, ${ofTable} || '.' || quote_ident(p.polname) as name,
    ${facts({
	command: `case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end`,
	restrictive: flag("not p.polpermissive"),
	roles: sorted(`array(select case r when 0 then 'public' else pg_get_userbyid(r)::text end from unnest(p.polroles) as r)`),
	using: "pg_get_expr(p.polqual, p.polrelid)",
	check: "pg_get_expr(p.polwithcheck, p.polrelid)"
})}
  from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
  where ${ownRelation}`;
const relationQueries = [
	tables,
	columns,
	sequences,
	constraints,
	indexes,
	triggers,
	rules,
	policies
];
// src/adapters/postgres/content/catalog/schemas.ts
const schemas = () => `
  select 'schema' as kind, quote_ident(n.nspname) as name,
    ${facts({
	owner: "pg_get_userbyid(n.nspowner)",
	grants: grants("n.nspacl", "n", "n.nspowner")
})}
  from pg_namespace n where ${ownSchema} and ${notOfExtension("pg_namespace", "n.oid")}`;
const extensions = () => `
  select 'extension' as kind, quote_ident(e.extname) as name, ${facts({
	version: "e.extversion",
	schema: "n.nspname"
})}
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace`;
/** What the server says of a routine holds all of it but its owner. Those that come with a range type are not listed. */
const routines = () => `
  select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind, p.oid::regprocedure::text as name,
    ${facts({
	owner: "pg_get_userbyid(p.proowner)",
	grants: grants("p.proacl", "f", "p.proowner"),
	definition: `case p.prokind when 'a' then (
        select concat_ws(', ', 'sfunc ' || a.aggtransfn::regprocedure::text, 'stype ' || a.aggtranstype::regtype::text, 'finalfunc ' || nullif(a.aggfinalfn::oid, 0)::regprocedure::text,
          'combinefunc ' || nullif(a.aggcombinefn::oid, 0)::regprocedure::text, 'initcond ' || a.agginitval, 'sortop ' || nullif(a.aggsortop, 0)::regoperator::text)
        from pg_aggregate a where a.aggfnoid = p.oid) else pg_get_functiondef(p.oid) end`
})}
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ownSchema}
    and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype in ('e', 'i'))`;
/** Without the types that come with another one: of arrays, of multiranges, of the rows of tables. */
const types = () => `
  select case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range' when 'c' then 'composite type' else 'base type' end as kind,
    ${qualified("n.nspname", "t.typname")} as name,
    ${facts({
	owner: "pg_get_userbyid(t.typowner)",
	grants: grants("t.typacl", "T", "t.typowner"),
	labels: "(select jsonb_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)",
	base: `case t.typtype when 'd' then format_type(t.typbasetype, t.typtypmod) end`,
	notNull: flag(`t.typtype = 'd' and t.typnotnull`),
	default: `case t.typtype when 'd' then t.typdefault end`,
	collation: `case when t.typtype = 'd' and t.typcollation <> 0 then t.typcollation::regcollation::text end`,
	attributes: `(select jsonb_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) order by a.attnum)
        from pg_attribute a where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)`,
	range: `(select concat_ws(', ', r.rngsubtype::regtype, nullif(r.rngcollation, 0)::regcollation, nullif(r.rngcanonical::oid, 0)::regprocedure, nullif(r.rngsubdiff::oid, 0)::regprocedure)
        from pg_range r where r.rngtypid = t.oid)`
})}
  from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
  where t.typtype in ('b', 'e', 'd', 'r', 'c') and (t.typrelid = 0 or c.relkind = 'c') and t.typisdefined
    and not exists (select from pg_type element where element.typarray = t.oid) and ${ownSchema} and ${notOfExtension("pg_type", "t.oid")}`;
const domainConstraints = () => `
  select 'constraint' as kind, o.contypid::regtype::text || '.' || quote_ident(o.conname) as name,
    ${facts({
	definition: "pg_get_constraintdef(o.oid)",
	notValid: flag("not o.convalidated")
})}
  from pg_constraint o join pg_type t on t.oid = o.contypid join pg_namespace n on n.oid = t.typnamespace
  where o.contype = 'c' and ${ownSchema} and ${notOfExtension("pg_type", "t.oid")}`;
const defaultPrivileges = () => `
  select 'default privileges' as kind,
    concat(pg_get_userbyid(d.defaclrole), case when n.oid is not null then ' in ' || quote_ident(n.nspname) end, ' on ',
      case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types'
        when 'n' then 'schemas' when 'L' then 'large objects' else d.defaclobjtype::text end) as name,
    ${facts({ grants: `coalesce(${grantList("d.defaclacl")}, '[]')` })}
  from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace`;
/** Operators, collations, casts and whatever else is rare: that they are there, and whose they are. */
const others = () => `
  select identity.type as kind, identity.identity as name,
    ${facts({
	owner: "pg_get_userbyid(nullif(o.owner, 0))",
	definition: "o.definition"
})}
  from (
    select 'pg_language'::regclass as class, oid, lanowner as owner, null as definition from pg_language
    union all select 'pg_cast'::regclass, oid, 0, concat(castcontext, castmethod, ' ', nullif(castfunc, 0)::regprocedure) from pg_cast
    union all select 'pg_operator'::regclass, oid, oprowner, oprcode::regprocedure::text from pg_operator
    union all select 'pg_opclass'::regclass, oid, opcowner, null from pg_opclass
    union all select 'pg_opfamily'::regclass, oid, opfowner, null from pg_opfamily
    union all select 'pg_collation'::regclass, oid, collowner, concat_ws(' ', collprovider, collcollate, collctype,
      coalesce(to_jsonb(pg_collation) ->> 'colllocale', to_jsonb(pg_collation) ->> 'colliculocale'), case when not collisdeterministic then 'not deterministic' end) from pg_collation
    union all select 'pg_conversion'::regclass, oid, conowner, null from pg_conversion
    union all select 'pg_ts_config'::regclass, oid, cfgowner, null from pg_ts_config
    union all select 'pg_ts_dict'::regclass, oid, dictowner, dictinitoption from pg_ts_dict
    union all select 'pg_ts_parser'::regclass, oid, 0, null from pg_ts_parser
    union all select 'pg_ts_template'::regclass, oid, 0, null from pg_ts_template
    union all select 'pg_am'::regclass, oid, 0, amhandler::regproc::text from pg_am
    union all select 'pg_transform'::regclass, oid, 0, null from pg_transform
    union all select 'pg_statistic_ext'::regclass, oid, stxowner, pg_get_statisticsobjdef(oid) from pg_statistic_ext where oid >= 16384
  ) o cross join lateral pg_identify_object(o.class, o.oid, 0) as identity
  where o.oid >= 16384 and not exists (select from pg_depend e where e.classid = o.class and e.objid = o.oid and e.deptype in ('e', 'i'))`;
/** Of objects that somebody made; those of an extension come with it. */
const comments = () => `
  select 'comment' as kind, concat(identity.type, ' ', identity.identity) as name, ${facts({ text: "d.description" })}
  from pg_description d cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) as identity
  where d.objoid >= 16384 and d.classoid not in ('pg_extension'::regclass, 'pg_largeobject'::regclass)
    and not exists (select from pg_depend e where e.classid = d.classoid and e.objid = d.objoid and e.deptype = 'e')`;
const schemaQueries = [
	schemas,
	extensions,
	routines,
	types,
	domainConstraints,
	defaultPrivileges,
	others,
	comments
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
export { readTables as a, notOfExtension as c, pinSettings as i, ownSchema as l, readContentLike as n, isConfigured as o, TimeLimit as r, listTables as s, readContent as t };
