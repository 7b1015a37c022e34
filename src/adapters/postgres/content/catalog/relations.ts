import { notOfExtension, ownSchema } from '../tables.ts'
import { type CatalogQuery, facts, flag, grantList, grants, qualified, sorted } from './query.ts'

const ownRelation = `${ownSchema} and c.relpersistence <> 't' and ${notOfExtension('pg_class', 'c.oid')}`

/** Where it is not the one of the database. */
const tablespaceOf = (relation: string) => `(select s.spcname from pg_tablespace s where s.oid = ${relation}.reltablespace)`

const tables: CatalogQuery = () => `
  select case c.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'f' then 'foreign table' when 'v' then 'view'
      else 'materialized view' end as kind, ${qualified('n.nspname', 'c.relname')} as name,
    ${facts({
      owner: 'pg_get_userbyid(c.relowner)',
      grants: grants('c.relacl', 'r', 'c.relowner'),
      unlogged: flag("c.relpersistence = 'u'"),
      options: sorted('c.reloptions'),
      toastOptions: sorted('toast.reloptions'),
      rowSecurity: flag('c.relrowsecurity'),
      forcedRowSecurity: flag('c.relforcerowsecurity'),
      partitionKey: `case c.relkind when 'p' then pg_get_partkeydef(c.oid) end`,
      partitionBound: 'pg_get_expr(c.relpartbound, c.oid)',
      parents: `(select jsonb_agg(i.inhparent::regclass::text order by i.inhparent::regclass::text collate "C") from pg_inherits i where i.inhrelid = c.oid)`,
      accessMethod: `nullif(am.amname, 'heap')`,
      tablespace: tablespaceOf('c'),
      replicaIdentity: `case when c.relkind in ('r', 'p') then nullif(c.relreplident, 'd') end`,
      ofType: `case when c.reloftype <> 0 then c.reloftype::regtype::text end`,
      definition: `case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end`,
      populated: `case c.relkind when 'm' then c.relispopulated end`,
      server: 'fs.srvname',
      serverOptions: sorted('ft.ftoptions'),
    })}
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_class toast on toast.oid = c.reltoastrelid left join pg_am am on am.oid = c.relam
    left join pg_foreign_table ft on ft.ftrelid = c.oid left join pg_foreign_server fs on fs.oid = ft.ftserver
  where c.relkind in ('r', 'p', 'f', 'v', 'm') and ${ownRelation}`

const columns: CatalogQuery = (serverMajor) => `
  select 'column' as kind, ${qualified('n.nspname', 'c.relname')} || '.' || quote_ident(a.attname) as name,
    ${facts({
      type: 'format_type(a.atttypid, a.atttypmod)',
      notNull: flag('a.attnotnull'),
      default: `case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end`,
      generated: `case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end`,
      virtual: flag(`a.attgenerated = 'v'`),
      identity: `case a.attidentity when 'a' then 'always' when 'd' then 'by default' end`,
      collation: 'case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end',
      storage: `case when c.relkind <> 'v' and a.attstorage <> t.typstorage then a.attstorage end`,
      ...(serverMajor >= 14 ? { compression: `nullif(a.attcompression, '')` } : {}),
      statistics: 'nullif(a.attstattarget, -1)',
      options: sorted('a.attoptions'),
      serverOptions: sorted('a.attfdwoptions'),
      grants: `case when a.attacl is not null then ${grantList('a.attacl')} end`,
    })}
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind in ('r', 'p', 'f', 'v', 'm') and ${ownRelation}`

const sequences: CatalogQuery = () => `
  select 'sequence' as kind, ${qualified('n.nspname', 'c.relname')} as name,
    ${facts({
      owner: 'pg_get_userbyid(c.relowner)',
      grants: grants('c.relacl', 's', 'c.relowner'),
      unlogged: flag("c.relpersistence = 'u'"),
      type: 's.seqtypid::regtype::text',
      bounds: `concat(s.seqmin, ' to ', s.seqmax, ' from ', s.seqstart, ' by ', s.seqincrement)`,
      cache: 's.seqcache::text',
      cycle: flag('s.seqcycle'),
      ownedBy: `(select d.refobjid::regclass::text || '.' || quote_ident(a.attname) from pg_depend d
        join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') limit 1)`,
    })}
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_sequence s on s.seqrelid = c.oid
  where c.relkind = 'S' and ${ownRelation}`

/** What belongs to a table names it: two tables may have a constraint of the same name. */
const ofTable = `${qualified('n.nspname', 'c.relname')}`

/** NOT NULL stands with its column, under every version; a foreign key's parts on partitions are made by its parent's. */
const constraints: CatalogQuery = () => `
  select 'constraint' as kind, ${ofTable} || '.' || quote_ident(o.conname) as name,
    ${facts({ definition: 'pg_get_constraintdef(o.oid)', notValid: flag('not o.convalidated') })}
  from pg_constraint o join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
  where o.contype in ('c', 'p', 'u', 'f', 'x') and not (o.contype = 'f' and o.conparentid <> 0) and ${ownRelation}`

const indexes: CatalogQuery = () => `
  select 'index' as kind, ${qualified('n.nspname', 'x.relname')} as name,
    ${facts({
      table: ofTable,
      definition: 'pg_get_indexdef(i.indexrelid)',
      invalid: flag('not i.indisvalid'),
      tablespace: tablespaceOf('x'),
      clustered: flag('i.indisclustered'),
      replicaIdentity: flag('i.indisreplident'),
    })}
  from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
  where ${ownRelation}`

const triggers: CatalogQuery = () => `
  select 'trigger' as kind, ${ofTable} || '.' || quote_ident(t.tgname) as name,
    ${facts({
      definition: 'pg_get_triggerdef(t.oid)',
      enabled: `case t.tgenabled when 'O' then 'yes' when 'D' then 'no' when 'R' then 'on a replica' else 'always' end`,
    })}
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where not t.tgisinternal and ${ownRelation}`

/** The rule that makes a view one is its definition. */
const rules: CatalogQuery = () => `
  select 'rule' as kind, ${ofTable} || '.' || quote_ident(r.rulename) as name,
    ${facts({ definition: 'pg_get_ruledef(r.oid)', enabled: `nullif(r.ev_enabled, 'O')` })}
  from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
  where r.rulename <> '_RETURN' and ${ownRelation}`

const policies: CatalogQuery = () => `
  select 'policy' as kind, ${ofTable} || '.' || quote_ident(p.polname) as name,
    ${facts({
      command: `case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end`,
      restrictive: flag('not p.polpermissive'),
      roles: sorted(`array(select case r when 0 then 'public' else pg_get_userbyid(r)::text end from unnest(p.polroles) as r)`),
      using: 'pg_get_expr(p.polqual, p.polrelid)',
      check: 'pg_get_expr(p.polwithcheck, p.polrelid)',
    })}
  from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
  where ${ownRelation}`

export const relationQueries: readonly CatalogQuery[] = [tables, columns, sequences, constraints, indexes, triggers, rules, policies]
