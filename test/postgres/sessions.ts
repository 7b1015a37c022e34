import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Running, startCli } from '../program.ts'
import { makeRelease } from './release.ts'
import type { TestServer } from './server.ts'

/** Somebody else's session. */
interface Session extends AsyncDisposable {
  readonly pid: number
  query<Row = Record<string, unknown>>(sql: string): Promise<Row[]>
}

async function openSession(server: TestServer, database: string, begin = 'select 1', application = 'reporting'): Promise<Session> {
  const client = new pg.Client({ connectionString: server.url(database), application_name: application })
  client.on('error', () => {})
  await client.connect()
  const query = async <Row>(sql: string) => {
    const answer = await client.query(sql)
    return (Array.isArray(answer) ? [] : answer.rows) as Row[]
  }
  const [own] = await query<{ pid: number }>('select pg_backend_pid() as pid')
  await query(begin)
  return { pid: own?.pid as number, query, [Symbol.asyncDispose]: () => client.end() }
}

/** One file outside a transaction, and a database made ready for it. */
export async function oneFile(server: TestServer, setup: string, file: string) {
  const release = await makeRelease(server, { 'db/migrations/1_x.sql': `-- shiplock: no-transaction\n${file}` })
  for (const statement of setup.split(/;\n/)) await release.query(statement)
  const args = ['migrate', '--phase', 'pre']
  const start = (...more: string[]): Running =>
    startCli([...args, ...more, '--json', '--project', 'shop'], { cwd: release.project.dir, env: release.env })
  return {
    ...release,
    start,
    migrate: async (...more: string[]) => (await release.run(...args, ...more)).result.commands[0],
    rewrite: (text: string) => release.project.write({ 'db/migrations/1_x.sql': `-- shiplock: no-transaction\n${text}` }),
    session: (begin?: string, application?: string) => openSession(server, release.database, begin, application),
    indexes: () =>
      release.query<{ name: string; valid: boolean }>(
        `select indexrelid::regclass::text as name, indisvalid as valid from pg_index
         where indrelid >= 16384 and indrelid::regclass::text not like 'shiplock.%' and indrelid::regclass::text not like 'pg_toast.%' order by 1`,
      ),
    /** Kills a run, and waits until the server has noticed. */
    kill: async (running: Running) => {
      running.child.kill('SIGKILL')
      await running.ended
      await until(
        async () =>
          (await release.query("select 1 from pg_stat_activity where application_name like 'shiplock/%' and datname = current_database()"))
            .length === 0,
      )
    },
    /** Waits until the build has come to a phase; returns the process. */
    phase: async (phase: string) => {
      let pid: number | undefined
      await until(async () => {
        const seen = await release.query<{ pid: number }>(
          `select pid from pg_stat_progress_create_index where phase like '${phase}%' and datname = current_database()`,
        )
        pid = seen[0]?.pid
        return pid !== undefined
      })
      return pid as number
    },
  }
}

/** A row takes a fifth of a second to be indexed with `slow`. */
export const slowFunction = `create function slow(int) returns int immutable language plpgsql as $$ begin perform pg_sleep(0.2); return $1; end $$;\n`

export async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 800; tries++) {
    if (await condition()) return
    await sleep(25)
  }
  throw new Error('it did not happen within 20 s')
}
