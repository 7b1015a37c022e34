import { strict as assert } from 'node:assert'
import { type PeerSite, passed } from '../peer-bench.ts'
import { assertSame } from '../peer-cases.ts'
import type { PeerTool } from '../peer-tool.ts'
import { checkOut, filesOf, idsOf } from './checkout.ts'
import { dropName, orders, users } from './turns.ts'

type Down = NonNullable<PeerTool['down']>

/** Shiplock's way back leaves what the tool's own leaves, in both phases, and the tool applies it again. */
export async function takenBackByShiplock(tool: PeerTool, down: Down, site: PeerSite): Promise<void> {
  await using theirs = await checkOut(tool, site, [users, orders, dropName])
  await passed(tool.up(theirs, 'pre'))
  await passed(tool.up(theirs, 'post'))
  await using ours = await checkOut(tool, site, [users])
  await ours.deploy('v1')
  await ours.write(filesOf(tool, [orders, dropName]))
  await ours.deploy('v2')
  await ours.migrate('post')
  for (const { phase, number, name } of [dropName, orders]) {
    await passed(down(theirs, phase))
    await ours.takeBack(tool.id(number, name))
    assertSame(await ours.schema(), await theirs.schema())
    for (const each of ['pre', 'post'] as const) {
      assert.deepEqual(await tool.rows(ours, each), await tool.rows(theirs, each))
      assert.deepEqual(await tool.pending(ours, each), await tool.pending(theirs, each))
    }
    assert.deepEqual(await tool.pending(ours, phase), [number])
  }
  await passed(tool.up(ours, 'pre'))
  assert.deepEqual(await ours.pending(), { pre: [], post: idsOf(tool, [dropName]) })
}

/** What the tool took back is pending for Shiplock, which applies it again. */
export async function takenBackByTool(tool: PeerTool, down: Down, site: PeerSite): Promise<void> {
  await using bench = await checkOut(tool, site, [users, orders])
  await bench.migrate('pre')
  const before = [await bench.schema(), await tool.rows(bench, 'pre')]
  await passed(down(bench, 'pre'))
  assert.deepEqual(await bench.pending(), { pre: idsOf(tool, [orders]), post: [] })
  assert.deepEqual(await bench.migrate('pre'), idsOf(tool, [orders]))
  assert.deepEqual([await bench.schema(), await tool.rows(bench, 'pre')], before)
  assert.deepEqual(await tool.pending(bench, 'pre'), [])
}
