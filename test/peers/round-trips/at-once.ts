import { strict as assert } from 'node:assert'
import { type Ended, type PeerBench, type PeerSite, passed } from '../peer-bench.ts'
import type { PeerTool } from '../peer-tool.ts'
import { checkOut, layoutOf } from './checkout.ts'
import { atGate, blocked, closeGate, gated, heldKeys, openGate, repeatable, told } from './gate.ts'

interface Start {
  readonly name: string
  run(bench: PeerBench): Promise<Ended>
}

/** How the tool is started by hand, and how by a service, where these differ. */
const startsOf = (tool: PeerTool): readonly Start[] => [
  { name: 'command line', run: (bench) => tool.up(bench, 'pre') },
  ...(tool.boot === undefined ? [] : [tool.boot]),
]

async function ofEach(tool: PeerTool, check: (start: Start) => Promise<string>): Promise<string> {
  const starts = startsOf(tool)
  const found: string[] = []
  for (const start of starts) found.push(`${starts.length === 1 ? '' : `${start.name}: `}${await check(start)}`)
  return found.join('; ')
}

/** A service that migrates when it starts, in the middle of ours: nothing runs in another order, or twice, and both end well when run again. */
export function toolInTheMiddle(tool: PeerTool, site: PeerSite): Promise<string> {
  return ofEach(tool, async (start) => {
    await using bench = await checkOut(tool, site, gated)
    const { us, them } = await startInTheMiddle(bench, start)
    await eachOnce(tool, bench, start)
    const shiplock = us.exitCode === 0 ? 'Shiplock passes' : `Shiplock stops (\`${us.command.error?.code}\`)`
    return `${them.exitCode === 0 ? 'waits' : 'stops'}, ${shiplock}`
  })
}

/** The same with changes that nothing keeps from running twice, but a lock of the tool or the key of its version table. */
export function repeatableInTheMiddle(tool: PeerTool, site: PeerSite): Promise<string> {
  return ofEach(tool, async (start) => {
    await using bench = await checkOut(tool, site, repeatable)
    await startInTheMiddle(bench, start)
    await bench.migrate('pre')
    await passed(start.run(bench))
    const numbers = await told(bench)
    assert.deepEqual([...new Set(numbers)], [1, 2, 3, 4])
    return numbers.length === 4 ? 'once' : '**twice**'
  })
}

async function startInTheMiddle(bench: PeerBench, start: Start) {
  await closeGate(bench)
  const ours = bench.tryShiplock('migrate', '--phase', 'pre')
  await atGate(bench)
  const theirs = watched(start.run(bench))
  await blocked(bench, 'tool', theirs.isOver)
  await openGate(bench)
  const [us, them] = await Promise.all([ours, theirs.ended])
  return { us, them }
}

/** Ours in the middle of the tool's, with the advisory lock that the tool holds meanwhile: the one that the layout names, and Shiplock respects it. */
export async function shiplockInTheMiddle(tool: PeerTool, site: PeerSite): Promise<{ lock: string; outcome: string }> {
  const { locks, table } = layoutOf(tool)
  const found = new Map<Start['name'], boolean>()
  const outcome = await ofEach(tool, async (start) => {
    await using bench = await checkOut(tool, site, gated)
    await closeGate(bench)
    const theirs = start.run(bench)
    await atGate(bench)
    const keys = await heldKeys(bench)
    const named = locks?.(bench.database, { schema: 'public', table: table.table }) ?? []
    for (const key of keys) assert(named.includes(key), `the tool holds ${key}; the layout names ${named.join(', ') || 'none'}`)
    found.set(start.name, keys.length > 0)
    if (keys.length > 0) {
      const { error } = (await bench.tryShiplock('migrate', '--phase', 'pre', '--on-locked', 'fail')).command
      assert.equal(error?.code, 'run-in-progress')
      assert(error?.message.startsWith(`${tool.layout} itself works on`), error?.message)
    }
    const ours = watched(bench.tryShiplock('migrate', '--phase', 'pre'))
    if (keys.length === 0) await blocked(bench, 'shiplock', ours.isOver)
    await openGate(bench)
    const [{ exitCode, command }] = await Promise.all([ours.ended, passed(theirs)])
    await eachOnce(tool, bench, start)
    return exitCode === 0 ? 'Shiplock waits' : `Shiplock stops (\`${command.error?.code}\`)`
  })
  const takesOne = [...found.values()].includes(true)
  assert.equal(takesOne, locks !== undefined, `the tool takes ${takesOne ? 'a' : 'no'} lock; the layout says otherwise`)
  const lock = (isHeld: boolean | undefined) => (isHeld ? 'advisory' : 'none')
  return { lock: await ofEach(tool, async ({ name }) => lock(found.get(name))), outcome }
}

function watched<Result>(running: Promise<Result>): { readonly ended: Promise<Result>; isOver(): boolean } {
  let isOver = false
  const ended = running.finally(() => {
    isOver = true
  })
  return { ended, isOver: () => isOver }
}

/** Both pass when they are run again, and each migration ran once, in its place. */
async function eachOnce(tool: PeerTool, bench: PeerBench, start: Start): Promise<void> {
  await bench.migrate('pre')
  await passed(start.run(bench))
  assert.deepEqual(await told(bench), [1, 2, 3, 4])
  assert.deepEqual(await tool.pending(bench, 'pre'), [])
  const rows = (await tool.rows(bench, 'pre')).map((row) => JSON.stringify(row))
  assert.equal(new Set(rows).size, rows.length, `a version stands twice: ${rows.join()}`)
}
