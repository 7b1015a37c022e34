import type pg from 'pg'
import type { SourceFacts } from '../../backup/dump.ts'
import type { Obstacles } from '../../backup/preflight.ts'
import { isConfigured, notOfExtension, ownSchema } from './content/tables.ts'

/** What pg_dump opens: sequences too, and partitioned tables, which it locks. */
const dumped = `c.relpersistence <> 't' and (${ownSchema} and ${notOfExtension('pg_class', 'c.oid')} or ${isConfigured})`
const nameOf = `quote_ident(n.nspname) || '.' || quote_ident(c.relname)`

/** Asks for everything that would keep the role of this session from a whole dump. Needs the search path of `openSession`. */
export async function readObstacles(client: pg.Client, inRecovery: boolean): Promise<Obstacles> {
  const { rows } = await client.query<{ role: string }>('select quote_ident(current_user) as role')
  return {
    role: rows[0]?.role ?? '',
    unreadable: await names(
      client,
      `select name from (
         select 'schema ' || quote_ident(n.nspname) as name from pg_namespace n
           where ${ownSchema} and ${notOfExtension('pg_namespace', 'n.oid')} and not has_schema_privilege(n.oid, 'usage')
             and exists (select from pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'S'))
         union all select ${nameOf} from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p') and not has_table_privilege(c.oid, 'select') and ${dumped}
         union all select 'sequence ' || ${nameOf} from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where case when c.relkind = 'S' then not has_sequence_privilege(c.oid, 'select') else false end and ${dumped}) as unreadable
       order by name`,
    ),
    largeObjects: await names(client, unreadableLargeObjects),
    // the server's own rule, of owners, of forced policies and of BYPASSRLS alike
    filtered: (
      await client.query<Obstacles['filtered'][number]>(
        `select ${nameOf} as table, pg_get_userbyid(c.relowner)::text as owner, c.relforcerowsecurity as forced
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and c.relrowsecurity and row_security_active(c.oid) and ${dumped} order by 1`,
      )
    ).rows,
    otherDumps: (
      await client.query<Obstacles['otherDumps'][number]>(
        `select pid, usename::text as user, backend_start as since from pg_stat_activity
         where datname = current_database() and application_name in ('pg_dump', 'pg_dumpall') order by pid`,
      )
    ).rows,
    unlogged: inRecovery
      ? await names(
          client,
          `select ${nameOf} as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'S') and c.relpersistence = 'u' and ${ownSchema} order by 1`,
        )
      : [],
  }
}

/** There is no function that asks for the right before version 18. */
const unreadableLargeObjects = `
  select m.oid::text as name from pg_largeobject_metadata m
  where not current_setting('lo_compat_privileges')::boolean
    and not (select rolsuper from pg_roles where rolname = current_user)
    and not exists (select from aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) as granted
      where granted.privilege_type = 'SELECT' and (granted.grantee = 0 or pg_has_role(granted.grantee, 'usage')))
  order by m.oid`

async function names(client: pg.Client, sql: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(sql)
  return rows.map(({ name }) => name)
}

/**
 * Whether the server is a standby, and how far behind. One that streams and has applied all that it received is up to
 * date, however long its primary has been idle; any other is as old as the last commit that it applied, and so is every
 * one for a role that may not see whether it streams (`pg_read_all_stats`).
 */
export async function readRecovery(client: pg.Client): Promise<Pick<SourceFacts, 'inRecovery' | 'lagMs'>> {
  const { rows } = await client.query<{ recovering: boolean; lag: string | null }>(`
    select pg_is_in_recovery() as recovering, case when pg_is_in_recovery() then
      case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() and exists (select from pg_stat_wal_receiver where status = 'streaming') then 0
        else greatest(0, extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000) end end::text as lag`)
  const { recovering = false, lag = null } = rows[0] ?? {}
  return { inRecovery: recovering, lagMs: lag === null ? undefined : Math.round(Number(lag)) }
}
