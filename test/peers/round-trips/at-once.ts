import { strict as assert } from 'node:assert'
import { type Ended, type PeerBench, type PeerSite, passed } from '../peer-bench.ts'
import type { PeerTool } from '../peer-tool.ts'
import { checkOut, layoutOf } from './checkout.ts'
import { atGate, blocked, closeGate, gated, heldKeys, openGate, told } from './gate.ts'

interface Start {
  readonly name: string
  run(bench: PeerBench): Promise<Ended>
}

/** How the tool is started by hand, and how by a service, where these differ. */
const startsOf = (tool: PeerTool): readonly Start[] => [
  { name: 'command', run: (bench) => tool.up(bench, 'pre') },
  ...(tool.boot === undefined ? [] : [tool.boot]),
]

async function ofEach(tool: PeerTool, check: (start: Start) => Promise<string>): Promise<string> {
  const starts = startsOf(tool)
  const found: string[] = []
  for (const start of starts) found.push(`${starts.length === 1 ? '' : `${start.name}: `}${await check(start)}`)
  return found.join('; ')
}

/** The advisory lock that the tool holds while it works: the one that the layout names, and Shiplock respects it. */
export async function ownLock(tool: PeerTool, site: PeerSite): Promise<string> {
  const { locks, table } = layoutOf(tool)
  let isTaken = false
  const text = await ofEach(tool, async (start) => {
    await using bench = await checkOut(tool, site, gated)
    await closeGate(bench)
    await bench.shiplock('plan')
    const theirs = start.run(bench)
    await atGate(bench)
    const keys = await heldKeys(bench)
    if (keys.length > 0) {
      const named = locks?.(bench.database, { schema: 'public', table: table.table }) ?? []
      for (const key of keys) assert(named.includes(key), `the tool holds ${key}; the layout names ${named.join(', ') || 'none'}`)
      const { error } = (await bench.tryShiplock('migrate', '--phase', 'pre', '--on-locked', 'fail')).command
      assert.equal(error?.code, 'run-in-progress')
      assert(error?.message.startsWith(`${tool.layout} itself works on`), error?.message)
      isTaken = true
    }
    const ours = keys.length > 0 ? bench.migrate('pre') : []
    await openGate(bench)
    await passed(theirs)
    assert.deepEqual(await ours, [])
    assert.deepEqual(await told(bench), [1, 2, 3, 4])
    return keys.length > 0 ? 'advisory' : 'none'
  })
  assert.equal(isTaken, locks !== undefined, `the tool ${isTaken ? 'takes a' : 'takes no'} lock`)
  return text
}

/** A service that migrates when it starts, in the middle of ours: nothing runs twice or in another order, and both end well when run again. */
export function startedInTheMiddle(tool: PeerTool, site: PeerSite): Promise<string> {
  return ofEach(tool, async (start) => {
    await using bench = await checkOut(tool, site, gated)
    await closeGate(bench)
    const ours = bench.tryShiplock('migrate', '--phase', 'pre')
    await atGate(bench)
    let isOver = false
    const theirs = start.run(bench).finally(() => {
      isOver = true
    })
    await blocked(bench, () => isOver)
    await openGate(bench)
    const [{ exitCode, command }, them] = await Promise.all([ours, theirs])
    await bench.migrate('pre')
    await passed(start.run(bench))
    assert.deepEqual(await told(bench), [1, 2, 3, 4])
    assert.deepEqual(await tool.pending(bench, 'pre'), [])
    const rows = (await tool.rows(bench, 'pre')).map((row) => JSON.stringify(row))
    assert.equal(new Set(rows).size, rows.length, `a version stands twice: ${rows.join()}`)
    const shiplock = exitCode === 0 ? 'Shiplock passes' : `Shiplock stops (${command.error?.code})`
    return `${them.exitCode === 0 ? 'waits and passes' : 'stops'}, ${shiplock}`
  })
}
