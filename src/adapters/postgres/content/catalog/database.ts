import { type CatalogQuery, facts, flag, grants, sorted } from './query.ts'

/** The database itself, under no name of its own: a restored copy has another one. */
const database: CatalogQuery = () => `
  select 'database' as kind, 'database' as name,
    ${facts({
      owner: 'pg_get_userbyid(d.datdba)',
      grants: grants('d.datacl', 'd', 'd.datdba'),
      encoding: 'pg_encoding_to_char(d.encoding)',
      collate: 'd.datcollate',
      ctype: 'd.datctype',
      localeProvider: `case coalesce(j.row ->> 'datlocprovider', 'c') when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end`,
      locale: `coalesce(j.row ->> 'datlocale', j.row ->> 'daticulocale')`,
      collationVersion: `j.row ->> 'datcollversion'`,
      connectionLimit: 'nullif(d.datconnlimit, -1)',
      comment: `shobj_description(d.oid, 'pg_database')`,
    })}
  from pg_database d cross join lateral (select to_jsonb(d) as row) j where d.datname = current_database()`

const settings: CatalogQuery = () => `
  select 'setting' as kind, concat(case when s.setrole <> 0 then pg_get_userbyid(s.setrole) || ': ' end, split_part(item, '=', 1)) as name,
    ${facts({ value: `substr(item, strpos(item, '=') + 1)` })}
  from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase and d.datname = current_database() cross join unnest(s.setconfig) as item`

/** That there is one: its value may be a secret, and roles may be kept out of a backup. */
const roleSettings: CatalogQuery = () => `
  select 'role setting' as kind, concat(case s.setrole when 0 then 'all' else pg_get_userbyid(s.setrole) end, ': ', split_part(item, '=', 1)) as name, '{}'::jsonb as facts
  from pg_db_role_setting s cross join unnest(s.setconfig) as item where s.setdatabase = 0`

const parameterGrants: CatalogQuery = (serverMajor) => `
  select 'grants on parameter' as kind, p.parname as name, '{}'::jsonb as facts
  from ${serverMajor >= 15 ? 'pg_parameter_acl' : '(select null::text as parname limit 0)'} p`

const publications: CatalogQuery = (serverMajor) => `
  select 'publication' as kind, quote_ident(p.pubname) as name,
    ${facts({
      owner: 'pg_get_userbyid(p.pubowner)',
      allTables: flag('p.puballtables'),
      publishes: `concat_ws(', ', case when pubinsert then 'insert' end, case when pubupdate then 'update' end, case when pubdelete then 'delete' end, case when pubtruncate then 'truncate' end)`,
      viaRoot: flag('p.pubviaroot'),
      tables: `(select jsonb_agg(listed.entry order by listed.entry collate "C") from (
        select concat(r.prrelid::regclass, ${serverMajor >= 15 ? `' (' || (select string_agg(quote_ident(a.attname), ', ' order by a.attname) from pg_attribute a where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)) || ')', ' where ' || pg_get_expr(r.prqual, r.prrelid)` : 'null'}) as entry
        from pg_publication_rel r where r.prpubid = p.oid) listed)`,
      ...(serverMajor >= 15
        ? {
            schemas:
              '(select jsonb_agg(s.pnnspid::regnamespace::text order by s.pnnspid::regnamespace::text collate "C") from pg_publication_namespace s where s.pnpubid = p.oid)',
          }
        : {}),
    })}
  from pg_publication p`

/** Without what it connects with, which may be a password, and which only a superuser may read. */
const subscriptions: CatalogQuery = () => `
  select 'subscription' as kind, quote_ident(s.subname) as name,
    ${facts({ owner: 'pg_get_userbyid(s.subowner)', enabled: 's.subenabled', slot: 's.subslotname', publications: sorted('s.subpublications') })}
  from pg_subscription s join pg_database d on d.oid = s.subdbid and d.datname = current_database()`

const eventTriggers: CatalogQuery = () => `
  select 'event trigger' as kind, quote_ident(t.evtname) as name,
    ${facts({
      owner: 'pg_get_userbyid(t.evtowner)',
      event: 't.evtevent',
      tags: sorted('t.evttags'),
      function: 't.evtfoid::regprocedure::text',
      enabled: `case t.evtenabled when 'O' then 'yes' when 'D' then 'no' when 'R' then 'on a replica' else 'always' end`,
    })}
  from pg_event_trigger t
  where not exists (select from pg_depend e where e.classid = 'pg_event_trigger'::regclass and e.objid = t.oid and e.deptype = 'e')`

const foreignDataWrappers: CatalogQuery = () => `
  select 'foreign data wrapper' as kind, quote_ident(w.fdwname) as name,
    ${facts({ owner: 'pg_get_userbyid(w.fdwowner)', grants: grants('w.fdwacl', 'F', 'w.fdwowner'), handler: `nullif(w.fdwhandler::oid, 0)::regprocedure::text` })}
  from pg_foreign_data_wrapper w
  where not exists (select from pg_depend e where e.classid = 'pg_foreign_data_wrapper'::regclass and e.objid = w.oid and e.deptype = 'e')`

const foreignServers: CatalogQuery = () => `
  select 'foreign server' as kind, quote_ident(s.srvname) as name,
    ${facts({
      owner: 'pg_get_userbyid(s.srvowner)',
      grants: grants('s.srvacl', 'S', 's.srvowner'),
      wrapper: 'w.fdwname',
      type: 's.srvtype',
      version: 's.srvversion',
      options: sorted('s.srvoptions'),
    })}
  from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw`

/** That there is one: its options hold passwords. */
const userMappings: CatalogQuery = () => `
  select 'user mapping' as kind, concat(quote_ident(m.usename), ' on ', quote_ident(m.srvname)) as name, '{}'::jsonb as facts from pg_user_mappings m`

/** Whose they are, and who may do what with them: there may be too many to name each. */
const largeObjects: CatalogQuery = () => `
  select 'large objects' as kind, concat('of ', owned.owner, ' (', owned.rights, ')') as name, jsonb_build_object('count', sum(owned.count)) as facts
  from (
    select pg_get_userbyid(same.owner) as owner, same.count,
      (select string_agg(entry, '; ') from jsonb_array_elements_text(${grants('same.acl::aclitem[]', 'L', 'same.owner')}) as entry) as rights
    from (select lomowner as owner, lomacl::text as acl, count(*) as count from pg_largeobject_metadata group by 1, 2) as same
  ) as owned group by owned.owner, owned.rights`

export const databaseQueries: readonly CatalogQuery[] = [
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
  largeObjects,
]
