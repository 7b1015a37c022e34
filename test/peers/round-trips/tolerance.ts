import { strict as assert } from 'node:assert'
import { type PeerBench, type PeerSite, passed } from '../peer-bench.ts'
import type { PeerTool } from '../peer-tool.ts'
import { checkOut, filesOf, layoutOf, removeStep, tableStep } from './checkout.ts'

async function hasRun(bench: PeerBench, table: string): Promise<boolean> {
  return (await bench.query(`select 1 from pg_class where relname = '${table}'`)).length > 0
}

/** What the tool's plain `up` does with a file that is older than the newest that ran. */
export async function hole(tool: PeerTool, site: PeerSite): Promise<string> {
  await using bench = await checkOut(tool, site, [tableStep(1), tableStep(3)])
  await passed(tool.up(bench, 'pre'))
  await bench.write(filesOf(tool, [tableStep(2)]))
  const { exitCode } = await tool.up(bench, 'pre')
  const isRun = await hasRun(bench, 't2')
  assert.equal(layoutOf(tool).toleratesHoles, exitCode === 0 && isRun, 'the layout says otherwise')
  if (isRun) return 'runs it'
  return exitCode === 0 ? 'never runs it, without a word' : 'refuses'
}

/** What it does on a version table that is newer than its files, as an older release has them; and then with a new file. */
export async function missingFile(tool: PeerTool, site: PeerSite): Promise<string> {
  await using bench = await checkOut(tool, site, [tableStep(1), tableStep(2), tableStep(3)])
  await bench.migrate('pre')
  await removeStep(bench, tool, tableStep(3))
  assert.deepEqual(await bench.migrate('pre'), [], 'Shiplock goes on with every tool')
  const { exitCode } = await tool.up(bench, 'pre')
  await bench.write(filesOf(tool, [tableStep(4)]))
  const next = await tool.up(bench, 'pre')
  const goesOn = next.exitCode === 0 && (await hasRun(bench, 't4'))
  const tolerates = exitCode !== 0 ? false : goesOn ? true : 'newer'
  assert.equal(layoutOf(tool).toleratesMissing, tolerates, 'the layout says otherwise')
  return tolerates === 'newer' ? 'goes on with a newer one, refuses an older one' : goesOn ? 'goes on' : 'refuses'
}
