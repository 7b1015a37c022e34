import { strict as assert } from 'node:assert'
import { type PeerBench, type PeerSite, passed } from '../peer-bench.ts'
import type { PeerTool } from '../peer-tool.ts'
import { checkOut, filesOf, idsOf, tableStep } from './checkout.ts'

const applied = 130

/** The next number of a transaction on the server, where nothing else works: whoever writes takes one. And all sequences, which need none. */
const footprint = (bench: PeerBench) =>
  bench.query(
    "select pg_snapshot_xmax(pg_current_snapshot())::text as next, (select string_agg(s::text, ';' order by s::text) from pg_sequences s) as sequences",
  )

/** A repository with many applied migrations: `plan` writes nothing, one more is applied, and without Shiplock the tool goes on. */
export async function adopted(tool: PeerTool, site: PeerSite): Promise<void> {
  await using bench = await checkOut(
    tool,
    site,
    Array.from({ length: applied }, (_, at) => tableStep(at + 1)),
  )
  await passed(tool.up(bench, 'pre'))
  const before = await footprint(bench)
  assert.deepEqual(await bench.pending(), { pre: [], post: [] })
  assert.deepEqual(await footprint(bench), before)
  assert.deepEqual(await bench.query("select 1 from pg_namespace where nspname = 'shiplock'"), [])

  await bench.write(filesOf(tool, [tableStep(applied + 1)]))
  assert.deepEqual(await bench.migrate('pre'), idsOf(tool, [tableStep(applied + 1)]))

  await bench.query('drop schema shiplock cascade')
  await bench.remove('shiplock.yml')
  await bench.write(filesOf(tool, [tableStep(applied + 2)]))
  await passed(tool.up(bench, 'pre'))
  assert.deepEqual(await tool.pending(bench, 'pre'), [])
  assert.equal((await bench.query("select 1 from pg_class where relname ~ '^t[0-9]+$'")).length, applied + 2)
}
