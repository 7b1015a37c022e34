import { strict as assert } from 'node:assert'
import type { Phase } from '../../../src/migration/migration.ts'
import { type PeerBench, type PeerSite, passed } from '../peer-bench.ts'
import { assertSame } from '../peer-cases.ts'
import type { PeerTool } from '../peer-tool.ts'
import { checkOut, filesOf, idsOf, layoutOf, type Step, tableStep } from './checkout.ts'

const pre = (number: number, name: string, up: string, back: string): Step => ({ phase: 'pre', number, name, change: { up, back } })
const post = (number: number, name: string, up: string, back: string): Step => ({ ...pre(number, name, up, back), phase: 'post' })
const outside = (step: Step): Step => ({ ...step, change: { ...step.change, noTransaction: true } })

export const users = pre(1, 'users', 'create table users (id bigint primary key, name text);', 'drop table users;')
export const orders = pre(
  2,
  'orders',
  "create table orders (id bigint primary key, note text);\ncomment on table orders is 'one;';",
  'drop table orders;',
)
export const dropName = post(3, 'drop_name', 'alter table users drop column name;', 'alter table users add column name text;')
const halves: Readonly<Record<Phase, readonly [readonly Step[], readonly Step[]]>> = {
  pre: [
    [users, orders],
    [
      outside(pre(4, 'by_note', 'create index concurrently orders_note on orders (note);', 'drop index concurrently orders_note;')),
      pre(5, 'total', 'alter table orders add column total int;', 'alter table orders drop column total;'),
    ],
  ],
  post: [[dropName], [post(6, 'drop_note', 'alter table orders drop column note;', 'alter table orders add column note text;')]],
}

type Who = 'tool' | 'shiplock'

/** One applies the first half of each phase, the other the rest; afterwards everything is as the tool alone leaves it. */
export async function tookTurns(tool: PeerTool, site: PeerSite, first: Who): Promise<{ pre: string; post: string }> {
  const second = first === 'tool' ? 'shiplock' : 'tool'
  await using alone = await checkOut(tool, site, [...halves.pre[0], ...halves.post[0]])
  await using bench = await checkOut(tool, site, [...halves.pre[0], ...halves.post[0]])
  for (const phase of ['pre', 'post'] as const) {
    const rest = filesOf(tool, halves[phase][1])
    await turn(tool, alone, 'tool', phase, halves[phase][0])
    await turn(tool, bench, first, phase, halves[phase][0])
    for (const one of [alone, bench]) await one.write(rest)
    await turn(tool, alone, 'tool', phase, halves[phase][1])
    await turn(tool, bench, second, phase, halves[phase][1])
    await same(tool, bench, alone, phase)
  }
  return { pre: 'agree', post: 'agree' }
}

async function turn(tool: PeerTool, bench: PeerBench, who: Who, phase: Phase, steps: readonly Step[]): Promise<void> {
  if (who === 'tool') {
    await passed(tool.up(bench, phase))
    return
  }
  if (phase === 'post') await deployed(bench)
  assert.deepEqual(await bench.migrate(phase), idsOf(tool, steps))
}

async function deployed(bench: PeerBench): Promise<void> {
  assert.deepEqual(await bench.migrate('pre'), [])
  await bench.shiplock('record', 'deployed')
}

/** Schemas, version tables and what both say is pending, after a phase. */
async function same(tool: PeerTool, ours: PeerBench, theirs: PeerBench, phase: Phase): Promise<void> {
  const { sharesTable, table } = layoutOf(tool)
  // whose table for post comes with the first post migration, and whose before, is no matter of the pre phase
  const left = phase === 'pre' && !sharesTable ? [`${table.table}_post`] : []
  assertSame(await ours.schema(...left), await theirs.schema(...left))
  const held = phase === 'pre' ? halves.post[0] : []
  for (const done of phase === 'pre' ? (['pre'] as const) : (['pre', 'post'] as const)) {
    assert.deepEqual(await tool.rows(ours, done), await tool.rows(theirs, done))
    assert.deepEqual(await tool.pending(ours, done), [], `what the status calls pending in ${done}`)
  }
  for (const bench of [ours, theirs]) assert.deepEqual(await bench.pending(), { pre: [], post: idsOf(tool, held) })
}

/** The tool's plain `up` runs what is new while a post migration waits, and again once it has run. */
export async function heldBack(tool: PeerTool, site: PeerSite): Promise<string> {
  await using bench = await checkOut(tool, site, [users, dropName])
  assert.deepEqual(await bench.migrate('pre'), idsOf(tool, [users]))
  await bench.write(filesOf(tool, [tableStep(4)]))
  await passed(tool.up(bench, 'pre'))
  assert.deepEqual(await tool.pending(bench, 'pre'), [])
  assert.deepEqual(await bench.pending(), { pre: [], post: idsOf(tool, [dropName]) })
  await deployed(bench)
  assert.deepEqual(await bench.migrate('post'), idsOf(tool, [dropName]))
  await bench.write(filesOf(tool, [tableStep(5)]))
  await passed(tool.up(bench, 'pre'))
  assert.deepEqual(await bench.query("select relname from pg_class where relname in ('t4', 't5') order by 1"), [
    { relname: 't4' },
    { relname: 't5' },
  ])
  return 'works'
}
