import type { Layout } from '../../../src/migration/layout.ts'
import { layouts } from '../../../src/migration/layouts/index.ts'
import type { Phase } from '../../../src/migration/migration.ts'
import { type Files, PeerBench, type PeerSite } from '../peer-bench.ts'
import { type Change, folders, type PeerTool } from '../peer-tool.ts'

/** One migration of the story that every tool has to tell. */
export interface Step {
  readonly phase: Phase
  readonly number: number
  readonly name: string
  readonly change: Change
}

/** A migration of one table. */
export const tableStep = (number: number): Step => ({
  phase: 'pre',
  number,
  name: `t${number}`,
  change: { up: `create table t${number} (id int);`, back: `drop table t${number};` },
})

export const filesOf = (tool: PeerTool, steps: readonly Step[]): Files =>
  Object.fromEntries(
    steps.flatMap(({ phase, number, name, change }) =>
      Object.entries(tool.files(number, name, change)).map(([path, text]) => [`${folders[phase]}/${path}`, text]),
    ),
  )

export const idsOf = (tool: PeerTool, steps: readonly Step[]): string[] => steps.map(({ number, name }) => tool.id(number, name))

/** A checkout of the tool's with these migrations, and an empty database. */
export function checkOut(tool: PeerTool, site: PeerSite, steps: readonly Step[]): Promise<PeerBench> {
  const settings = { 'shiplock.yml': `project: peer\nmigrations: { layout: ${tool.layout} }\n` }
  return PeerBench.of(site, { ...settings, ...tool.settings, ...filesOf(tool, steps) })
}

/** Takes a migration away, with the folder of its own that it may have. */
export async function removeStep(bench: PeerBench, tool: PeerTool, { phase, number, name, change }: Step): Promise<void> {
  const names = new Set(Object.keys(tool.files(number, name, change)).map((path) => path.split('/')[0]))
  for (const one of names) await bench.remove(`${folders[phase]}/${one}`)
}

export function layoutOf(tool: PeerTool): Layout {
  const found = layouts.find(({ name }) => name === tool.layout)
  if (found === undefined) throw new Error(`there is no layout ${tool.layout}`)
  return found
}
