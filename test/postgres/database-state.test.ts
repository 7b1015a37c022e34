import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { DatabaseState } from '../../src/adapters/postgres/database-state.ts'
import { stateContract } from '../migration/state-contract.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
const clients: pg.Client[] = []
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  for (const client of clients) await client.end()
  await server.stop()
})

stateContract('a schema of the database', async () => {
  const client = new pg.Client(await server.createDatabase(uniqueName('state')))
  clients.push(client)
  await client.connect()
  await client.query('set search_path = pg_catalog, pg_temp')
  return {
    open: (scope, identity) => new DatabaseState(() => client, 'shiplock', scope, identity),
    carryOut: async (sql) => void (await client.query(sql)),
    isEmpty: async () => (await client.query("select from pg_namespace where nspname = 'shiplock'")).rowCount === 0,
  }
})
