import { notOfExtension, ownSchema } from '../tables.ts'
import { type CatalogQuery, facts, flag, grantList, grants, qualified } from './query.ts'

const schemas: CatalogQuery = () => `
  select 'schema' as kind, quote_ident(n.nspname) as name,
    ${facts({ owner: 'pg_get_userbyid(n.nspowner)', grants: grants('n.nspacl', 'n', 'n.nspowner') })}
  from pg_namespace n where ${ownSchema} and ${notOfExtension('pg_namespace', 'n.oid')}`

const extensions: CatalogQuery = () => `
  select 'extension' as kind, quote_ident(e.extname) as name, ${facts({ version: 'e.extversion', schema: 'n.nspname' })}
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace`

/** What the server says of a routine holds all of it but its owner. Those that come with a range type are not listed. */
const routines: CatalogQuery = () => `
  select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind, p.oid::regprocedure::text as name,
    ${facts({
      owner: 'pg_get_userbyid(p.proowner)',
      grants: grants('p.proacl', 'f', 'p.proowner'),
      definition: `case p.prokind when 'a' then (
        select concat_ws(', ', 'sfunc ' || a.aggtransfn::regprocedure::text, 'stype ' || a.aggtranstype::regtype::text, 'finalfunc ' || nullif(a.aggfinalfn::oid, 0)::regprocedure::text,
          'combinefunc ' || nullif(a.aggcombinefn::oid, 0)::regprocedure::text, 'initcond ' || a.agginitval, 'sortop ' || nullif(a.aggsortop, 0)::regoperator::text)
        from pg_aggregate a where a.aggfnoid = p.oid) else pg_get_functiondef(p.oid) end`,
    })}
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${ownSchema}
    and not exists (select from pg_depend e where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype in ('e', 'i'))`

/** Without the types that come with another one: of arrays, of multiranges, of the rows of tables. */
const types: CatalogQuery = () => `
  select case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range' when 'c' then 'composite type' else 'base type' end as kind,
    ${qualified('n.nspname', 't.typname')} as name,
    ${facts({
      owner: 'pg_get_userbyid(t.typowner)',
      grants: grants('t.typacl', 'T', 't.typowner'),
      labels: '(select jsonb_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)',
      base: `case t.typtype when 'd' then format_type(t.typbasetype, t.typtypmod) end`,
      notNull: flag(`t.typtype = 'd' and t.typnotnull`),
      default: `case t.typtype when 'd' then t.typdefault end`,
      collation: `case when t.typtype = 'd' and t.typcollation <> 0 then t.typcollation::regcollation::text end`,
      attributes: `(select jsonb_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) order by a.attnum)
        from pg_attribute a where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)`,
      range: `(select concat_ws(', ', r.rngsubtype::regtype, nullif(r.rngcollation, 0)::regcollation, nullif(r.rngcanonical::oid, 0)::regprocedure, nullif(r.rngsubdiff::oid, 0)::regprocedure)
        from pg_range r where r.rngtypid = t.oid)`,
    })}
  from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
  where t.typtype in ('b', 'e', 'd', 'r', 'c') and (t.typrelid = 0 or c.relkind = 'c') and t.typisdefined
    and not exists (select from pg_type element where element.typarray = t.oid) and ${ownSchema} and ${notOfExtension('pg_type', 't.oid')}`

const domainConstraints: CatalogQuery = () => `
  select 'constraint' as kind, o.contypid::regtype::text || '.' || quote_ident(o.conname) as name,
    ${facts({ definition: 'pg_get_constraintdef(o.oid)', notValid: flag('not o.convalidated') })}
  from pg_constraint o join pg_type t on t.oid = o.contypid join pg_namespace n on n.oid = t.typnamespace
  where o.contype = 'c' and ${ownSchema} and ${notOfExtension('pg_type', 't.oid')}`

const defaultPrivileges: CatalogQuery = () => `
  select 'default privileges' as kind,
    concat(pg_get_userbyid(d.defaclrole), case when n.oid is not null then ' in ' || quote_ident(n.nspname) end, ' on ',
      case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types'
        when 'n' then 'schemas' when 'L' then 'large objects' else d.defaclobjtype::text end) as name,
    ${facts({ grants: `coalesce(${grantList('d.defaclacl')}, '[]')` })}
  from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace`

/** Operators, collations, casts and whatever else is rare: that they are there, and whose they are. */
const others: CatalogQuery = () => `
  select identity.type as kind, identity.identity as name,
    ${facts({ owner: 'pg_get_userbyid(nullif(o.owner, 0))', definition: 'o.definition' })}
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
  where o.oid >= 16384 and not exists (select from pg_depend e where e.classid = o.class and e.objid = o.oid and e.deptype in ('e', 'i'))`

/** Of objects that somebody made; those of an extension come with it. */
const comments: CatalogQuery = () => `
  select 'comment' as kind, concat(identity.type, ' ', identity.identity) as name, ${facts({ text: 'd.description' })}
  from pg_description d cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) as identity
  where d.objoid >= 16384 and d.classoid not in ('pg_extension'::regclass, 'pg_largeobject'::regclass)
    and not exists (select from pg_depend e where e.classid = d.classoid and e.objid = d.objoid and e.deptype = 'e')`

export const schemaQueries: readonly CatalogQuery[] = [
  schemas,
  extensions,
  routines,
  types,
  domainConstraints,
  defaultPrivileges,
  others,
  comments,
]

/** Those of them that code goes by. */
export const definitionQueries: readonly CatalogQuery[] = [schemas, extensions, routines, types, domainConstraints]
