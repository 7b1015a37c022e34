import { strict as assert } from 'node:assert'
import { type PeerSite, passed } from '../peer-bench.ts'
import type { PeerTool } from '../peer-tool.ts'
import { checkOut, layoutOf, tableStep } from './checkout.ts'

const [one, two] = [tableStep(1), tableStep(2)]
export const because = ['--reason', 'done by hand']

/** What is marked as applied is applied for the tool too, and its next `up` runs what is marked as reverted. */
export async function marked(tool: PeerTool, site: PeerSite): Promise<void> {
  await using theirs = await checkOut(tool, site, [one, two])
  await passed(tool.up(theirs, 'pre'))
  await using ours = await checkOut(tool, site, [one, two])
  const differs = layoutOf(tool).ledger.mark !== undefined
  const compare = async () => assert.deepEqual(await tool.rows(ours, 'pre'), await tool.rows(theirs, 'pre'))
  for (const { number, name, change } of [one, two]) {
    await ours.query(change.up)
    await ours.shiplock('ledger', 'mark-applied', '--migration', tool.id(number, name), ...because)
  }
  assert.deepEqual(await tool.pending(ours, 'pre'), [])
  await passed(tool.up(ours, 'pre'))
  // some tools note a mark in another way than a run; their own peer compares it then
  if (!differs) await compare()
  await ours.query(two.change.back ?? '')
  await ours.shiplock('ledger', 'mark-reverted', '--migration', tool.id(two.number, two.name), ...because)
  assert.deepEqual(await tool.pending(ours, 'pre'), [two.number])
  await passed(tool.up(ours, 'pre'))
  assert.deepEqual(await ours.query("select to_regclass('t2') is not null as made"), [{ made: true }])
  if (!differs) await compare()
}
