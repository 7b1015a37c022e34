/** Owners, grants and grantors of everything that no extension made: one text, to be compared between two databases. */
export const ownership = `
with owned (class, id, kind, name, owner, acl) as (
  select 'pg_namespace'::regclass, oid, 'n'::"char", 'schema ' || nspname, nspowner, nspacl from pg_namespace
    where nspname !~ '^pg_' and nspname <> 'information_schema'
  union all
  select 'pg_class'::regclass, oid, case relkind when 'S' then 's' else 'r' end::"char", 'relation ' || oid::regclass, relowner, relacl
    from pg_class where relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  union all
  select 'pg_proc'::regclass, oid, 'f', 'function ' || oid::regprocedure, proowner, proacl from pg_proc
  union all
  select 'pg_type'::regclass, t.oid, 'T', 'type ' || t.oid::regtype, typowner, typacl
    from pg_type t left join pg_class c on c.oid = typrelid where typtype in ('d', 'e', 'r') or (typtype = 'c' and c.relkind = 'c')
  union all
  select 'pg_largeobject'::regclass, oid, 'L', 'large object ' || oid, lomowner, lomacl from pg_largeobject_metadata
  union all
  select 'pg_operator'::regclass, oid, null, 'operator ' || oid::regoperator, oprowner, null from pg_operator
  union all
  select 'pg_ts_config'::regclass, oid, null, 'configuration ' || oid::regconfig, cfgowner, null from pg_ts_config
  union all
  select 'pg_ts_dict'::regclass, oid, null, 'dictionary ' || oid::regdictionary, dictowner, null from pg_ts_dict
  union all
  select 'pg_collation'::regclass, oid, null, 'collation ' || oid::regcollation, collowner, null from pg_collation
  union all
  select 'pg_conversion'::regclass, oid, null, 'conversion ' || conname, conowner, null from pg_conversion
  union all
  select 'pg_statistic_ext'::regclass, oid, null, 'statistics ' || stxname, stxowner, null from pg_statistic_ext
),
lines as (
  select name || ' of ' || pg_get_userbyid(owner) || coalesce(': ' || (
    select string_agg(concat_ws(' ', pg_get_userbyid(nullif(a.grantee, 0)), a.privilege_type, a.is_grantable, 'by', pg_get_userbyid(a.grantor)), ', '
      order by a.grantee::regrole::text, a.grantor::regrole::text, a.privilege_type)
    from aclexplode(coalesce(acl, acldefault(kind, owner))) a), '') as line
  from owned
  where (id >= 16384 or class in ('pg_namespace'::regclass, 'pg_largeobject'::regclass))
    and not exists (select from pg_depend d where d.classid = owned.class and d.objid = id and d.deptype in ('e', 'i')) -- the constructors of a range type are nobody's own
  union all
  select 'column ' || attrelid::regclass || '.' || attname || ': ' || array_to_string(array(select x::text from unnest(attacl) x order by 1), ', ')
  from pg_attribute where attacl is not null and attrelid >= 16384
  union all
  select concat_ws(' ', 'default', pg_get_userbyid(defaclrole), nullif(defaclnamespace, 0)::regnamespace, defaclobjtype, array(select x::text from unnest(defaclacl) x order by 1))
  from pg_default_acl
  union all
  select concat_ws(' ', 'policy', polname, polrelid::regclass, array(select pg_get_userbyid(r) from unnest(polroles) r order by 1)) from pg_policy
  union all
  select concat_ws(' ', 'comment on', pg_describe_object(classoid, objoid, objsubid), description) from pg_description
  where objoid >= 16384 and classoid not in ('pg_extension'::regclass, 'pg_event_trigger'::regclass, 'pg_publication'::regclass)
    and not exists (select from pg_depend d where d.classid = classoid and d.objid = objoid and d.deptype = 'e')
)
select string_agg(line, E'\\n' order by line collate "C") as ownership from lines`
