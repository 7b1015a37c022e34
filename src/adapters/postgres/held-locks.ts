import type pg from 'pg'
import { coveringMode, type RehearsedLock, type RelationKind } from '../../migration/rehearsal.ts'
import { type LockMode, lockModes } from '../../sql/locks.ts'

const kinds: Readonly<Record<string, RelationKind>> = {
  r: 'table',
  p: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  i: 'index',
  I: 'index',
  S: 'sequence',
}

type Relation = Pick<RehearsedLock, 'schema' | 'name' | 'kind'>

/** The relations of user schemas by object id: what has been dropped can be named by such a list alone. */
export async function userRelations(client: pg.Client): Promise<ReadonlyMap<string, Relation>> {
  const { rows } = await client.query<{ id: string; schema: string; name: string; kind: string }>(
    `select c.oid::text as id, n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
     where c.relkind::text operator(pg_catalog.=) any ($1::text[])
       and not pg_catalog.starts_with(n.nspname::text, 'pg_') and n.nspname operator(pg_catalog.<>) 'information_schema'`,
    [Object.keys(kinds)],
  )
  return new Map(rows.map(({ id, kind, ...named }) => [id, { ...named, kind: kinds[kind] as RelationKind }]))
}

/** What a transaction of another session holds at this moment of these relations, one entry each. */
export async function heldLocks(
  client: pg.Client,
  pid: number,
  relations: ReadonlyMap<string, Relation>,
): Promise<readonly RehearsedLock[]> {
  const { rows } = await client.query<{ id: string; mode: string }>(
    `select l.relation::text as id, l.mode from pg_catalog.pg_locks l
     where l.pid operator(pg_catalog.=) $1 and l.granted and l.locktype operator(pg_catalog.=) 'relation'
       and l.database operator(pg_catalog.=) (select d.oid from pg_catalog.pg_database d where d.datname operator(pg_catalog.=) pg_catalog.current_database())`,
    [pid],
  )
  const modes = new Map<string, LockMode[]>()
  for (const { id, mode } of rows) {
    const known = lockModes.find((one) => `${one}Lock` === mode) // not SIReadLock, which blocks nobody
    if (known !== undefined) modes.set(id, [...(modes.get(id) ?? []), known])
  }
  return [...relations].flatMap(([id, relation]) => {
    const taken = modes.get(id)
    return taken === undefined ? [] : [{ ...relation, mode: coveringMode(taken) }]
  })
}
