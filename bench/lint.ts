import { tmpdir } from 'node:os'
import { makeWorkspace } from '../src/adapters/workspace.ts'
import { shiplock } from './executors.ts'
import { replayHistories } from './lint/histories.ts'
import { measureSpeed } from './lint/speed.ts'
import { installSquawk } from './lint/squawk.ts'
import type { Measured, Options, Section } from './report.ts'

export const parts = ['speed', 'histories'] as const

/** What a check of migrations costs, and what it finds in migrations that others wrote; both beside squawk. */
export default async function lint({ only, runs, quick }: Options): Promise<Measured> {
  await using workspace = await makeWorkspace({ roots: [tmpdir()] })
  const squawk = installSquawk(`${workspace.path}/squawk`)
  const sections: Section[] = []
  if (only.includes('speed')) sections.push(measureSpeed(squawk, `${workspace.path}/speed`, quick ? 1 : Math.max(runs, 7)))
  if (only.includes('histories')) sections.push(await replayHistories(squawk, `${workspace.path}/histories`))
  return { sections, versions: { Shiplock: shiplock().version, squawk: squawk.version } }
}
