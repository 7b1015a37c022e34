import type pg from 'pg'

interface UserObject {
  /** As `drop` names its kind. */
  readonly kind: string
  readonly identity: string
}

const userSchemas = `
  select n.oid, n.nspname::text as name from pg_catalog.pg_namespace n
  where not pg_catalog.starts_with(n.nspname::text, 'pg_') and n.nspname operator(pg_catalog.<>) 'information_schema'
    and not exists (select from pg_catalog.pg_depend d
      where d.classid operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass and d.objid operator(pg_catalog.=) n.oid and d.deptype operator(pg_catalog.=) 'e')`

/** Everything that lies in a schema of the users', without what belongs to an extension or is part of something else; tables first. */
export async function userObjects(client: pg.Client, limit = 1_000_000): Promise<readonly UserObject[]> {
  const { rows } = await client.query<UserObject>(
    `with found as (
       select distinct d.classid, d.objid from pg_catalog.pg_depend d join (${userSchemas}) s on s.oid operator(pg_catalog.=) d.refobjid
       where d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass and d.deptype operator(pg_catalog.=) 'n'
         and d.classid operator(pg_catalog.<>) 'pg_catalog.pg_extension'::pg_catalog.regclass
         and not exists (select from pg_catalog.pg_depend p
           where p.classid operator(pg_catalog.=) d.classid and p.objid operator(pg_catalog.=) d.objid and p.deptype in ('e', 'i')))
     select case o.type when 'composite type' then 'type' when 'statistics object' then 'statistics' else o.type end as kind, o.identity
     from found, lateral pg_catalog.pg_identify_object(found.classid, found.objid, 0) o
     where o.identity is not null
     order by o.type not in ('table', 'foreign table', 'view', 'materialized view'), found.objid
     limit $1`,
    [limit],
  )
  const { rows: large } = await client.query<UserObject>(
    `select 'large object' as kind, oid::text as identity from pg_catalog.pg_largeobject_metadata order by oid limit $1`,
    [limit],
  )
  return [...rows, ...large]
}

export async function schemaNames(client: pg.Client): Promise<readonly string[]> {
  return (await client.query<{ name: string }>(`select name from (${userSchemas}) s`)).rows.map(({ name }) => name)
}

/** In one transaction each: a lock is held for every object until it ends. */
const batchSize = 100

export async function dropObjects(client: pg.Client, objects: readonly UserObject[]): Promise<void> {
  for (let done = 0; done < objects.length; done += batchSize) {
    await client.query(
      objects
        .slice(done, done + batchSize)
        .map(dropping)
        .join(';\n'),
    )
  }
}

function dropping({ kind, identity }: UserObject): string {
  return kind === 'large object' ? `select pg_catalog.lo_unlink(${identity})` : `drop ${kind} if exists ${identity} cascade`
}
