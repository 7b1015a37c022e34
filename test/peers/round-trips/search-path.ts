import { strict as assert } from 'node:assert'
import { type PeerSite, passed } from '../peer-bench.ts'
import type { PeerTool } from '../peer-tool.ts'
import { checkOut, layoutOf, tableStep } from './checkout.ts'

/** Where the version table comes to stand when search_path names two schemas: Shiplock makes it there too, and each finds the other's. */
export async function searchPath(tool: PeerTool, site: PeerSite): Promise<string> {
  const { table } = layoutOf(tool)
  const places: unknown[] = []
  for (const first of ['tool', 'shiplock']) {
    await using bench = await checkOut(tool, site, [tableStep(1), tableStep(2)])
    await bench.query(`create schema app; alter database "${bench.database}" set search_path = app, public`)
    // a table of that name elsewhere belongs to somebody else, where the tool looks only where new tables go
    if (table.schema === 'current') await bench.query(`create table public.${table.table} (other int)`)
    if (first === 'tool') await passed(tool.up(bench, 'pre'))
    else await bench.migrate('pre')
    assert.deepEqual(await bench.pending(), { pre: [], post: [] })
    assert.deepEqual(await tool.pending(bench, 'pre'), [])
    const found = `select schemaname from pg_tables t where tablename = '${table.table}' and schemaname <> 'shiplock'
      and not exists (select from pg_attribute where attrelid = format('%I.%I', schemaname, tablename)::regclass and attname = 'other')`
    places.push(await bench.query(found))
  }
  assert.deepEqual(places[0], places[1])
  const [{ schemaname } = { schemaname: '' }, ...more] = places[0] as { schemaname: string }[]
  assert.equal(more.length, 0)
  return schemaname === 'app' ? 'in the first of `search_path`' : `in ${schemaname}`
}
