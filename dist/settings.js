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
/** Those of them that code goes by. */
const definitionQueries = [
	schemas,
	extensions,
	routines,
	types,
	domainConstraints
];
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
export { facts as a, sorted as c, listTables as d, notOfExtension as f, relationQueries as i, isConfigured as l, definitionQueries as n, flag as o, ownSchema as p, schemaQueries as r, grants as s, pinSettings as t, listExtensionTables as u };
