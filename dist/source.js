import { n as refuseObstacles, t as preflightWarnings } from "./preflight.js";
import { r as describeConnection } from "./connection.js";
import { n as messageOf, r as systemCode, t as ReleaseError } from "./errors.js";
import { n as makeWorkspace } from "./workspace.js";
import { a as pinSettings, c as readLedgerHeads, i as ownSchema, l as readStampId, n as listTables, o as readTables, r as notOfExtension, s as readDatabaseFacts, t as TimeLimit } from "./time-limit.js";
import { n as startChild, t as runChild } from "./process.js";
import { t as libpqEnvironment } from "./libpq-environment.js";
import { n as toolEnvironment, t as findTools } from "./tools2.js";
import { c as readIdentity, l as refusePooler, r as asLogin, s as openSession } from "./session2.js";
import { join } from "node:path";
import { accessSync, constants } from "node:fs";
import { text } from "node:stream/consumers";
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
const databaseQueries = [
	database,
	settings,
	publications,
	subscriptions,
	eventTriggers,
	foreignDataWrappers,
	foreignServers,
	userMappings
];
// src/adapters/postgres/content/catalog/relations.ts
const ownRelation = `${ownSchema} and c.relpersistence <> 't' and ${notOfExtension("pg_class", "c.oid")}`;
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
/** What the server says of a routine holds all of it but its owner. */
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
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ownSchema} and ${notOfExtension("pg_proc", "p.oid")}`;
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
  where o.oid >= 16384 and not exists (select from pg_depend e where e.classid = o.class and e.objid = o.oid and e.deptype = 'e')`;
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
				fingerprint: await hash(client, method)
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
async function hash(client, method) {
	const sample = method === "piece-sha256-1" ? "" : " and hashint8extended(m.oid::bigint, 0) & 63 = 0";
	const { rows } = await client.query(`
    select coalesce(sum(hashtextextended(
      concat(sized.oid, ' ', piece.start, ' ', encode(sha256(lo_get(sized.oid, piece.start, ${pieceBytes})), 'hex')) collate "C", 0)), 0)::text as fingerprint
    from (${sizes}${sample}) sized
    cross join lateral generate_series(0, greatest(sized.bytes - 1, 0), ${pieceBytes}) as piece (start)`);
	return rows[0]?.fingerprint ?? "0";
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
    where c.relkind = 'S' and c.relpersistence <> 't' and ${ownSchema} and ${notOfExtension("pg_class", "c.oid")}
    order by n.nspname, c.relname`);
	return rows;
}
// src/adapters/postgres/content/read-content.ts
/** Reads a source, in a transaction that sees it as the dump does. */
async function readContent(client, reading, { mode, limitMs }) {
	const limit = new TimeLimit(mode === "auto" ? limitMs : void 0);
	return read(client, reading, {
		tables: (tables) => readTables(client, tables, mode, limit),
		largeObjects: () => readLargeObjects(client, mode, limit)
	});
}
/** Tables come last: they take what is left of a limit. */
async function read(client, { stateSchema, serverMajor, inRecovery }, parts) {
	const settings = await pinSettings(client);
	const sequences = await readSequences(client, ({ unlogged }) => !(unlogged && inRecovery));
	const catalog = await readCatalog(client, serverMajor);
	const ledgerHeads = await readLedgerHeads(client, stateSchema);
	const largeObjects = await parts.largeObjects();
	const listed = await listTables(client);
	const readable = listed.filter(({ unlogged }) => !(unlogged && inRecovery));
	const tables = new Map((await parts.tables(readable)).map((table) => [table.name, table]));
	return {
		settings,
		sequences,
		catalog,
		ledgerHeads,
		largeObjects,
		tables: listed.map(({ name }) => tables.get(name) ?? {
			name,
			notDumped: "unlogged on a standby"
		})
	};
}
// src/adapters/postgres/dump-roles.ts
/** Names, attributes, memberships and settings of the server's roles: `pg_dump` leaves them out, and a restore needs them. */
async function dumpRoles({ tools, database, role, env, signal }) {
	const program = join(tools.binDir, "pg_dumpall");
	if (!isExecutable(program)) return { notKept: `pg_dumpall is not installed in ${tools.binDir}` };
	const args = [
		"--roles-only",
		"--no-role-passwords",
		"--no-password",
		`--database=${connectionText(database)}`,
		...role === void 0 ? [] : [`--role=${role}`]
	];
	const child = startChild(program, args, {
		env,
		signal
	});
	try {
		const [sql, { exitCode, signal: endedBy }] = await Promise.all([text(child.stdout), child.ended]);
		if (exitCode === 0) return { sql };
		return { notKept: child.stderr().trim().split("\n")[0] || `pg_dumpall was ended by ${endedBy ?? `exit status ${exitCode}`}` };
	} catch (error) {
		return { notKept: `pg_dumpall could not be started: ${messageOf(error)}` };
	}
}
/** It ignores PGDATABASE, and would take some names for whole connection strings. */
function connectionText(database) {
	return `dbname='${database.replace(/[\\']/g, "\\$&")}'`;
}
function isExecutable(path) {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
// src/adapters/postgres/pg-dump.ts
const keptLines = 5;
/** Starts `pg_dump` on an exported snapshot. It says nowhere on its command line where, or as whom, it connects. */
async function startPgDump(options) {
	const { tools, env, signal } = options;
	const compress = await compression(tools, env);
	const args = dumpArguments(options, compress);
	const child = startChild(join(tools.binDir, "pg_dump"), args, {
		env,
		signal
	});
	const finished = awaitSuccess(child, signal);
	finished.catch(() => {});
	return {
		archive: child.stdout,
		clientVersion: tools.version,
		arguments: args,
		compression: compress === "1" ? "gzip:1" : compress,
		finished,
		child
	};
}
function dumpArguments({ tools, snapshot, role, lockWaitTimeoutMs }, compress) {
	return [
		"--format=custom",
		`--snapshot=${snapshot}`,
		"--no-password",
		`--lock-wait-timeout=${lockWaitTimeoutMs}`,
		`--compress=${compress}`,
		...role === void 0 ? [] : [`--role=${role}`],
		...tools.major >= 18 ? ["--no-statistics"] : []
	];
}
/** The fastest that this client surely has: both SHA-256 and a full decode look for damage, so speed may decide. */
async function compression({ binDir, major }, env) {
	if (major < 16) return "1";
	return (await runChild(join(binDir, "pg_config"), ["--configure"], { env: toolEnvironment(env) }).catch(() => void 0))?.stdout.includes("--with-zstd") ? "zstd:3" : "gzip:1";
}
async function awaitSuccess(child, signal) {
	const { exitCode, signal: endedBy } = await child.ended.catch((cause) => {
		throw new ReleaseError("backup-failed", `pg_dump could not be started: ${messageOf(cause)}.`, { cause });
	});
	if (exitCode === 0) return child.stderr().split("\n").map((line) => line.trim()).filter(Boolean);
	if (signal.aborted) throw new ReleaseError("interrupted", "The run was stopped; pg_dump was ended and nothing was stored.");
	const said = child.stderr().trim();
	const how = endedBy === void 0 ? `with exit status ${exitCode}` : `by ${endedBy}`;
	const killed = endedBy === void 0 ? void 0 : "Somebody or the system ended it, perhaps for lack of memory. Run the backup again.";
	const hint = hints.find(([pattern]) => pattern.test(said))?.[1] ?? killed;
	const lines = said.split("\n").slice(0, keptLines).join("\n");
	throw new ReleaseError("backup-failed", `pg_dump was ended ${how}; nothing was stored.${lines === "" ? "" : `\n${lines}`}`, hint === void 0 ? {} : { hint });
}
/** What the frequent failures need. They are English unless LC_ALL says otherwise; then the text alone must do. */
const hints = [
	[/lock timeout|could not obtain lock/, "Somebody holds a lock on a table. Run it again when they are done, or wait longer with lock-wait-timeout."],
	[/row-level security/, "Back up as a role that owns the tables or has BYPASSRLS: otherwise rows would be missing."],
	[/permission denied/, "Back up as a role that may read every object, such as the owner or a member of pg_read_all_data."],
	[/conflict with recovery/, "The standby had to apply what its primary removed. Set hot_standby_feedback = on there, raise max_standby_streaming_delay, or dump the primary."],
	[/server version mismatch/, "Name a newer pg_dump with pg-bin-dir, or set install-tools: true."],
	[/terminating connection|server closed the connection|connection to server/, "The connection broke. Run it again."]
];
// src/adapters/postgres/snapshot.ts
const tries = 3;
/**
* Exports a snapshot and opens the reader's transaction on it. The tables are locked before the snapshot is taken:
* TRUNCATE, and whatever rewrites a table, leave nothing in it for older snapshots, so that a dump that begins a moment
* later would miss its rows without an error. https://www.postgresql.org/docs/current/mvcc-caveats.html
*/
async function openSnapshot(sessions) {
	const { owner, reader, now, lockWaitTimeoutMs } = sessions;
	await pinSettings(reader);
	await reader.query(`set lock_timeout = ${Math.trunc(lockWaitTimeoutMs ?? 0)}`);
	if (lockWaitTimeoutMs === void 0) await reader.query(begin);
	else await lockTables(reader);
	await owner.query(begin);
	const runnerAt = now();
	const { rows } = await owner.query("select pg_catalog.pg_export_snapshot() as id, pg_catalog.statement_timestamp() as at");
	const [snapshot] = rows;
	if (snapshot === void 0) throw new Error("pg_export_snapshot() returned nothing");
	await reader.query(`set transaction snapshot '${snapshot.id}'`);
	return {
		snapshot,
		runnerAt
	};
}
const begin = "begin isolation level repeatable read, read only";
/** Leaves a transaction that has locks and no snapshot yet. A table that was dropped since it was listed is looked for again. */
async function lockTables(client) {
	for (let attempt = 1;; attempt++) {
		const tables = await listTables(client);
		await client.query(begin);
		try {
			if (tables.length > 0) await client.query(`lock table ${tables.map(({ name }) => `only ${name}`).join(", ")} in access share mode`);
			return;
		} catch (error) {
			await client.query("rollback");
			if (systemCode(error) !== "42P01" || attempt === tries) throw error;
		}
	}
}
// src/adapters/postgres/source-preflight.ts
/** What pg_dump opens: sequences too, and partitioned tables, which it locks. */
const dumped = `c.relpersistence <> 't' and ${ownSchema} and ${notOfExtension("pg_class", "c.oid")}`;
const nameOf = `quote_ident(n.nspname) || '.' || quote_ident(c.relname)`;
/** Asks for everything that would keep the role of this session from a whole dump. Needs the search path of `openSession`. */
async function readObstacles(client, inRecovery) {
	const { rows } = await client.query("select quote_ident(current_user) as role");
	return {
		role: rows[0]?.role ?? "",
		unreadable: await names(client, `select name from (
         select 'schema ' || quote_ident(n.nspname) as name from pg_namespace n
           where ${ownSchema} and ${notOfExtension("pg_namespace", "n.oid")} and not has_schema_privilege(n.oid, 'usage')
             and exists (select from pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'S'))
         union all select ${nameOf} from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p') and not has_table_privilege(c.oid, 'select') and ${dumped}
         union all select 'sequence ' || ${nameOf} from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where case when c.relkind = 'S' then not has_sequence_privilege(c.oid, 'select') else false end and ${dumped}) as unreadable
       order by name`),
		largeObjects: await names(client, unreadableLargeObjects),
		filtered: (await client.query(`select ${nameOf} as table, pg_get_userbyid(c.relowner)::text as owner, c.relforcerowsecurity as forced
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and c.relrowsecurity and row_security_active(c.oid) and ${dumped} order by 1`)).rows,
		otherDumps: (await client.query(`select pid, usename::text as user, backend_start as since from pg_stat_activity
         where datname = current_database() and application_name in ('pg_dump', 'pg_dumpall') order by pid`)).rows,
		unlogged: inRecovery ? await names(client, `select ${nameOf} as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'S') and c.relpersistence = 'u' and ${ownSchema} order by 1`) : []
	};
}
/** There is no function that asks for the right before version 18. */
const unreadableLargeObjects = `
  select m.oid::text as name from pg_largeobject_metadata m
  where not current_setting('lo_compat_privileges')::boolean
    and not (select rolsuper from pg_roles where rolname = current_user)
    and not exists (select from aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) as granted
      where granted.privilege_type = 'SELECT' and (granted.grantee = 0 or pg_has_role(granted.grantee, 'usage')))
  order by m.oid`;
async function names(client, sql) {
	const { rows } = await client.query(sql);
	return rows.map(({ name }) => name);
}
/**
* Whether the server is a standby, and how far behind. One that streams and has applied all that it received is up to
* date, however long its primary has been idle; any other is as old as the last commit that it applied.
*/
async function readRecovery(client) {
	const { rows } = await client.query(`
    select pg_is_in_recovery() as recovering, case when pg_is_in_recovery() then
      case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() and exists (select from pg_stat_wal_receiver where pid is not null) then 0
        else greatest(0, extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000) end end::text as lag`);
	const { recovering = false, lag = null } = rows[0] ?? {};
	return {
		inRecovery: recovering,
		lagMs: lag === null ? void 0 : Math.round(Number(lag))
	};
}
// src/adapters/postgres/source.ts
/**
* Connects and exports a snapshot. The transaction that exports it stays open until disposal: everything read here,
* and the dump, see the database as it was at this one moment. Throws for what would keep the dump from being whole.
*/
async function openSource(options) {
	const { database, stateSchema } = options;
	const session = await openSession(database, options.applicationName);
	let reader;
	try {
		const { client, serverVersion, serverMajor } = session;
		reader = await openSession(database, options.applicationName);
		refusePooler(session, reader);
		const tools = await findTools({
			...options.tools,
			major: serverMajor,
			set: "client",
			env: options.env,
			say: options.say
		});
		const { systemIdentifier } = await readIdentity(client, database);
		const recovery = await readRecovery(client);
		const obstacles = await readObstacles(client, recovery.inRecovery);
		refuseObstacles(obstacles, describeConnection(database.connection));
		const moment = await openSnapshot({
			...options,
			owner: client,
			reader: reader.client
		});
		const facts = {
			...await readDatabaseFacts(client),
			...recovery,
			serverVersion,
			serverMajor,
			systemIdentifier,
			stamp: await readStampId(client, stateSchema)
		};
		return new PostgresSource(options, {
			session,
			reader,
			tools
		}, {
			...moment,
			facts,
			warnings: preflightWarnings(obstacles, facts)
		});
	} catch (error) {
		await reader?.[Symbol.asyncDispose]();
		await session[Symbol.asyncDispose]();
		throw explainFailure("preparing the dump", error, describeConnection(database.connection));
	}
}
/** A program that is still running, because something else failed, ends here. */
async function stopChild(child) {
	child.kill("SIGTERM");
	child.stdout.destroy();
	const forced = setTimeout(() => child.kill("SIGKILL"), 2e3);
	await child.ended.catch(() => {});
	clearTimeout(forced);
}
var PostgresSource = class {
	facts;
	snapshot;
	runnerAt;
	warnings;
	#options;
	#parts;
	#workspace;
	#env;
	#reading = false;
	#disposed = false;
	#stopDump = async () => {};
	constructor(options, parts, { facts, snapshot, runnerAt, warnings }) {
		this.#options = options;
		this.#parts = parts;
		this.facts = facts;
		this.snapshot = snapshot;
		this.runnerAt = runnerAt;
		this.warnings = warnings;
	}
	async dump({ lockWaitTimeoutMs, signal }) {
		const { session, tools } = this.#parts;
		const { child, ...dump } = await startPgDump({
			tools,
			snapshot: this.snapshot.id,
			role: this.#options.database.role,
			lockWaitTimeoutMs,
			env: await this.#environment(),
			signal
		});
		child.stdout.on("error", () => {});
		session.client.once("end", () => {
			child.kill("SIGTERM");
			child.stdout.destroy(this.#explainLoss("dumping", void 0));
		});
		this.#stopDump = () => stopChild(child);
		const finished = dump.finished.catch((error) => Promise.reject(this.#explainLoss("dumping", error) ?? error));
		finished.catch(() => {});
		return {
			...dump,
			finished
		};
	}
	async readContent(policy) {
		const { client } = this.#parts.reader;
		const { stateSchema } = this.#options;
		const { serverMajor, inRecovery } = this.facts;
		this.#reading = true;
		try {
			const content = await readContent(client, {
				stateSchema,
				serverMajor,
				inRecovery
			}, policy);
			await client.query("commit");
			return content;
		} catch (error) {
			const what = "reading beside the dump";
			throw this.#explainLoss(what, error) ?? explainFailure(what, error, this.#description);
		} finally {
			this.#reading = false;
		}
	}
	async readRoles(signal) {
		const { connection, role } = this.#options.database;
		return dumpRoles({
			tools: this.#parts.tools,
			database: connection.database,
			role,
			env: await this.#environment(),
			signal
		});
	}
	async [Symbol.asyncDispose]() {
		const { session, reader } = this.#parts;
		this.#disposed = true;
		await this.#stopDump();
		if (this.#reading) await asLogin(session.client, `select pg_catalog.pg_cancel_backend(${reader.pid})`).catch(() => {});
		await reader[Symbol.asyncDispose]();
		await session[Symbol.asyncDispose]();
		await this.#workspace?.[Symbol.asyncDispose]();
	}
	get #description() {
		return describeConnection(this.#options.database.connection);
	}
	/** Its files can be written only once. */
	#environment() {
		this.#env ??= this.#makeEnvironment();
		return this.#env;
	}
	async #makeEnvironment() {
		const { database, applicationName, env, roots } = this.#options;
		this.#workspace = await makeWorkspace({ roots });
		return libpqEnvironment({
			database,
			encrypted: this.#parts.session.encrypted,
			applicationName,
			env,
			folder: this.#workspace.path
		});
	}
	#explainLoss(what, cause) {
		const lost = this.#parts.session.lost() ?? this.#parts.reader.lost();
		if (lost === void 0 || this.#disposed) return void 0;
		return new ReleaseError("connection-lost", `${this.#description}: the connection broke while ${what} (${lost}); nothing was stored.`, {
			hint: "Run it again.",
			cause
		});
	}
};
/** What the server refuses while a source is read. */
function explainFailure(what, cause, description) {
	const code = systemCode(cause);
	const message = `${description}: ${messageOf(cause)}, while ${what}.`;
	if (code === "42501") return new ReleaseError("insufficient-rights", message, {
		hint: "Back up as a role that may read every row: the owner, or a member of pg_read_all_data with BYPASSRLS.",
		cause
	});
	const hint = failureHints[code ?? ""];
	return hint === void 0 ? cause : new ReleaseError("backup-failed", message, {
		hint,
		cause
	});
}
const changed = "Somebody locks or changes tables at this moment. Run it again when they are done.";
/** By SQLSTATE. An object that is dropped while its definition is read is an internal error to the server. */
const failureHints = {
	"55P03": `${changed} Or wait longer with lock-wait-timeout.`,
	"42P01": changed,
	XX000: changed,
	"57014": "Somebody cancelled our query. Run it again.",
	"53200": "The server has no room for more locks: raise max_locks_per_transaction there.",
	"40001": "The standby had to apply what its primary removed. Set hot_standby_feedback = on there, or dump the primary."
};
export { openSource };
