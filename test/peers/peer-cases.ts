import { strict as assert } from 'node:assert'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { startServer } from '../postgres/server.ts'
import type { PeerSite } from './peer-bench.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

export type Cases<Site> = Readonly<Record<string, (site: Site) => Promise<unknown>>>

/** Runs every case on one server and says how each went; returns how many failed. */
export async function runCases<Own extends object>(title: string, own: Own, cases: Cases<PeerSite & Own>): Promise<number> {
  const search = { binDir: process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined, install: true, env: process.env, say }
  await findTools({ ...search, major: 13, set: 'server' })
  await using server = await startServer()
  const { binDir } = await findTools({ ...search, major: server.major, set: 'client' })
  const site = { server, pgDump: `${binDir}/pg_dump`, ...own }
  say(`${title} against PostgreSQL ${server.major}`)
  let failed = 0
  for (const [name, check] of Object.entries(cases)) {
    try {
      const note = await check(site)
      console.log(`ok    ${name}${typeof note === 'string' ? `: ${note}` : ''}`)
    } catch (error) {
      failed++
      console.log(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  console.log(`${Object.keys(cases).length - failed} passed, ${failed} failed`)
  return failed
}

export function assertSame(ours: string, theirs: string): void {
  const [mine, other] = [ours, theirs].map((text) => text.split('\n')) as [string[], string[]]
  const line = mine.findIndex((text, index) => text !== other[index])
  if (ours !== theirs)
    assert.fail(
      `the schemas differ: with us ${JSON.stringify(mine.slice(line, line + 4))}, with the tool ${JSON.stringify(other.slice(line, line + 4))}`,
    )
}
