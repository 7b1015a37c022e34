import pg from 'pg'
import { startServer, type TestServer, uniqueName } from '../test/postgres/server.ts'

/** A server of the benchmark's own, which ends with it, also on Ctrl-C. */
export interface BenchServer extends AsyncDisposable {
  readonly server: TestServer
  /** As the server says it, such as `15.18`. */
  readonly version: string
  /** An empty database, or a copy of another. */
  fresh(template?: string): Promise<Place>
}

/** A database that lasts for one measurement. */
export interface Place extends AsyncDisposable {
  readonly name: string
  readonly url: string
  /** A connection that `others` leaves out. */
  connect(purpose: string): Promise<pg.Client>
  /** One statement, on a connection that lasts no longer. */
  query<Row = unknown>(sql: string): Promise<Row[]>
}

/** Tells the benchmark's own connections from those of the program that is measured. */
export const others = `a.datname = current_database() and a.backend_type = 'client backend' and a.application_name not like 'bench: %'`

export async function startBenchServer(settings: Readonly<Record<string, string>>): Promise<BenchServer> {
  const server = await startServer({ settings })
  const interrupted = () => void server.stop().finally(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted)
  const [row] = await server.query<{ version: string }>(`select split_part(current_setting('server_version'), ' ', 1) as version`)
  return {
    server,
    version: row?.version ?? '',
    fresh: (template = 'template1') => fresh(server, template),
    [Symbol.asyncDispose]: async () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted)
      await server.stop()
    },
  }
}

async function fresh(server: TestServer, template: string): Promise<Place> {
  const name = uniqueName('bench')
  await server.query(`create database ${name} template ${template}`)
  const url = server.url(name)
  const clients: pg.Client[] = []
  return {
    name,
    url,
    connect: async (purpose) => {
      const client = await connect(url, purpose)
      clients.push(client)
      return client
    },
    query: async <Row>(sql: string) => {
      const client = await connect(url, 'setup')
      try {
        return (await client.query(sql)).rows as Row[]
      } finally {
        await client.end()
      }
    },
    [Symbol.asyncDispose]: async () => {
      await server.query(`drop database ${name} with (force)`) // a connection that still works would not end before its query
      await Promise.allSettled(clients.map((client) => client.end()))
    },
  }
}

async function connect(url: string, purpose: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: `bench: ${purpose}` })
  client.on('error', () => {}) // ended together with its database
  await client.connect()
  return client
}
