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

/** One applies the first half of each phase, the other the rest, in both directions; all is as the tool alone leaves it. */
export async function tookTurns(tool: PeerTool, site: PeerSite): Promise<void> {
  const start = [...halves.pre[0], ...halves.post[0]]
  await using alone = await checkOut(tool, site, start)
  await using toolFirst = await checkOut(tool, site, start)
  await using shiplockFirst = await checkOut(tool, site, start)
  const flows: readonly (readonly [PeerBench, readonly [Who, Who]])[] = [
    [alone, ['tool', 'tool']],
    [toolFirst, ['tool', 'shiplock']],
    [shiplockFirst, ['shiplock', 'tool']],
  ]
  for (const phase of ['pre', 'post'] as const) {
    for (const [bench, turns] of flows)
      for (const [half, who] of turns.entries()) {
        const steps = halves[phase][half] as readonly Step[]
        await bench.write(filesOf(tool, steps))
        await turn(tool, bench, who, phase, steps)
      }
    const left = await leftBehind(tool, alone, phase)
    for (const bench of [toolFirst, shiplockFirst]) {
      const ours = await leftBehind(tool, bench, phase)
      assertSame(ours.schema, left.schema)
      assert.deepEqual(ours.rows, left.rows)
    }
  }
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

interface Left {
  readonly schema: string
  readonly rows: unknown
}

/** Schema and version tables after a phase, in which neither the tool nor Shiplock has anything left to do. */
async function leftBehind(tool: PeerTool, bench: PeerBench, phase: Phase): Promise<Left> {
  const { sharesTable, table } = layoutOf(tool)
  const done: readonly Phase[] = phase === 'pre' ? ['pre'] : ['pre', 'post']
  assert.deepEqual(await bench.pending(), { pre: [], post: phase === 'pre' ? idsOf(tool, halves.post[0]) : [] })
  const rows: unknown[] = []
  for (const one of done) {
    assert.deepEqual(await tool.pending(bench, one), [], `what the status calls pending in ${one}`)
    await passed(tool.up(bench, one))
    rows.push(await tool.rows(bench, one))
  }
  // whose table for post comes with the first post migration, and whose before, is no matter of the pre phase
  const without = phase === 'pre' && !sharesTable ? [`${table.table}_post`] : []
  return { schema: await bench.schema(...without), rows }
}

/** The tool's plain `up` runs what is new while a post migration waits, and again once it has run. */
export async function heldBack(tool: PeerTool, site: PeerSite): Promise<void> {
  await using bench = await checkOut(tool, site, [users, dropName])
  assert.deepEqual(await bench.migrate('pre'), idsOf(tool, [users]))
  await bench.write(filesOf(tool, [tableStep(4)]))
  await passed(tool.up(bench, 'pre'))
  assert.deepEqual(await tool.pending(bench, 'pre'), [])
  assert.deepEqual(await bench.pending(), { pre: [], post: idsOf(tool, [dropName]) })
  assert.deepEqual(await tool.pending(bench, 'post'), [dropName.number])
  await deployed(bench)
  assert.deepEqual(await bench.migrate('post'), idsOf(tool, [dropName]))
  await bench.write(filesOf(tool, [tableStep(5)]))
  await passed(tool.up(bench, 'pre'))
  assert.deepEqual(await bench.query("select relname from pg_class where relname in ('t4', 't5') order by 1"), [
    { relname: 't4' },
    { relname: 't5' },
  ])
}
