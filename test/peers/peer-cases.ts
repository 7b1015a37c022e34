import { strict as assert } from 'node:assert'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { startServer } from '../postgres/server.ts'
import type { PeerSite } from './peer-bench.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

/** Each may return a note. */
export type Cases = Readonly<Record<string, (site: PeerSite) => Promise<unknown>>>

/** Runs every case on one server, or those whose name holds the first argument, and says how each went; returns how many failed. */
export async function runCases(title: string, cases: Cases): Promise<number> {
  const search = { binDir: process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined, install: true, env: process.env, say }
  await findTools({ ...search, major: 13, set: 'server' })
  // what autovacuum writes would pass for a write of ours
  await using server = await startServer({ settings: { autovacuum: 'off' } })
  const { binDir } = await findTools({ ...search, major: server.major, set: 'client' })
  const site = { server, pgDump: `${binDir}/pg_dump` }
  say(`${title} against PostgreSQL ${server.major}`)
  const chosen = Object.entries(cases).filter(([name]) => name.includes(process.argv[2] ?? ''))
  let failed = 0
  for (const [name, check] of chosen) {
    try {
      const note = await check(site)
      console.log(`ok    ${name}${typeof note === 'string' ? `: ${note}` : ''}`)
    } catch (error) {
      failed++
      console.log(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed`)
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
