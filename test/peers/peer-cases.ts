import { strict as assert } from 'node:assert'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { startServer } from '../postgres/server.ts'
import type { PeerSite } from './peer-bench.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

/** Each may return a note. */
export type Cases = Readonly<Record<string, (site: PeerSite) => Promise<unknown>>>

/** Most of a case is waiting: for processes that start, and for the server. */
const atOnce = 3

/**
 * Runs every case on one server, or those whose name holds the first argument that is no option, and says how each went; returns how many
 * failed. Those in `alone` run when nothing else does.
 */
export async function runCases(title: string, cases: Cases, alone: Cases = {}): Promise<number> {
  const search = { binDir: process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined, install: true, env: process.env, say }
  await findTools({ ...search, major: 13, set: 'server' })
  // what autovacuum writes would pass for a write of ours
  await using server = await startServer({ settings: { autovacuum: 'off' } })
  const { binDir } = await findTools({ ...search, major: server.major, set: 'client' })
  const site = { server, pgDump: `${binDir}/pg_dump` }
  say(`${title} against PostgreSQL ${server.major}`)
  let [passed, failed] = [0, 0]
  const runAll = async (queue: [string, Cases[string]][]) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [name, check] = next
      try {
        const note = await check(site)
        passed++
        console.log(`ok    ${name}${typeof note === 'string' ? `: ${note}` : ''}`)
      } catch (error) {
        failed++
        console.log(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
  const part = process.argv.slice(2).find((argument) => !argument.startsWith('-')) ?? ''
  const chosen = (all: Cases) => Object.entries(all).filter(([name]) => name.includes(part))
  const queue = chosen(cases)
  await Promise.all(Array.from({ length: atOnce }, () => runAll(queue)))
  await runAll(chosen(alone))
  console.log(`${passed} passed, ${failed} failed`)
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
