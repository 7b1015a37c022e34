import type pg from 'pg'
import type { DatabaseInputs } from '../../commands/command.ts'
import { describeConnection } from '../../connection.ts'
import type { ServerFacts, TargetFacts } from '../../drill/target.ts'
import { userObjects } from './user-objects.ts'

/** What this server tells of itself to any role. */
export async function readServerFacts(client: pg.Client): Promise<ServerFacts> {
  const system = await client
    .query<{ id: string }>('select system_identifier::text as id from pg_catalog.pg_control_system()')
    .catch(() => undefined)
  const { rows } = await client.query<{ at: string }>(
    `select pg_catalog.date_part('epoch', pg_catalog.pg_postmaster_start_time())::text as at`,
  )
  return { systemIdentifier: system?.rows[0]?.id, startedAt: rows[0]?.at }
}

export async function readTargetFacts(client: pg.Client, { connection }: DatabaseInputs): Promise<TargetFacts> {
  const { rows } = await client.query<{ database: string; isSuperuser: boolean; isOwner: boolean }>(
    `select d.datname::text as database,
       exists (select from pg_catalog.pg_roles mighty
         where (mighty.rolsuper or mighty.rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files'))
           and pg_catalog.pg_has_role(session_user, mighty.oid, 'member')) as "isSuperuser",
       d.datdba operator(pg_catalog.=) r.oid as "isOwner"
     from pg_catalog.pg_database d, pg_catalog.pg_roles r
     where d.datname operator(pg_catalog.=) pg_catalog.current_database() and r.rolname operator(pg_catalog.=) session_user`,
  )
  const { database = '', isSuperuser = true, isOwner = false } = rows[0] ?? {}
  const objects = (await userObjects(client, 4)).map(({ kind, identity }) => `${kind} ${identity}`)
  return { ...(await readServerFacts(client)), described: describeConnection(connection), database, isSuperuser, isOwner, objects }
}
