import { dbmate } from './dbmate-tool.ts'
import { diesel } from './diesel-tool.ts'
import { flyway } from './flyway-tool.ts'
import { golangMigrate } from './golang-migrate-tool.ts'
import { goose } from './goose-tool.ts'
import type { PeerSite } from './peer-bench.ts'
import { type Cases, runCases } from './peer-cases.ts'
import type { PeerTool } from './peer-tool.ts'
import { adopted } from './round-trips/adoption.ts'
import { repeatableInTheMiddle, shiplockInTheMiddle, toolInTheMiddle } from './round-trips/at-once.ts'
import { comparePage, type Measured } from './round-trips/page.ts'
import { searchPath } from './round-trips/search-path.ts'
import { hole, missingFile } from './round-trips/tolerance.ts'
import { heldBack, tookTurns } from './round-trips/turns.ts'
import { takenBackByShiplock, takenBackByTool } from './round-trips/ways-back.ts'
import { sqlx } from './sqlx-tool.ts'

const tools: readonly PeerTool[] = [goose, golangMigrate, dbmate, sqlx, diesel, flyway]

/** What is shown of each tool: a check returns what it measured, and throws where something is not as promised. */
type Checks = Readonly<Record<string, (tool: PeerTool, site: PeerSite) => Promise<Measured>>>

const checks: Checks = {
  'one applies half, the other the rest, in both directions and phases': async (tool, site) => {
    await tookTurns(tool, site)
    return { toolFirstPre: 'agree', toolFirstPost: 'agree', shiplockFirstPre: 'agree', shiplockFirstPost: 'agree' }
  },
  "the tool's plain up works while a post migration is held back, and after it": async (tool, site) => {
    await heldBack(tool, site)
    return { heldBack: 'works' }
  },
  'what one takes back the other applies again': async (tool, site) => {
    const { down } = tool
    if (down === undefined) return { backByShiplock: '–', backByTool: '–' }
    await Promise.all([takenBackByShiplock(tool, down, site), takenBackByTool(tool, down, site)])
    return { backByShiplock: 'agree', backByTool: 'agree' }
  },
  'a file older than the newest that ran': async (tool, site) => ({ hole: await hole(tool, site) }),
  'a version whose file is missing': async (tool, site) => ({ missing: await missingFile(tool, site) }),
  'the schema of its version table': async (tool, site) => ({ table: await searchPath(tool, site) }),
  'a service that migrates at boot starts in the middle of migrate': async (tool, site) => ({
    toolInTheMiddle: await toolInTheMiddle(tool, site),
    repeatable: await repeatableInTheMiddle(tool, site),
  }),
  'migrate starts in the middle of its work': async (tool, site) => {
    const { lock, outcome } = await shiplockInTheMiddle(tool, site)
    return { lock, shiplockInTheMiddle: outcome }
  },
}

/** A write of anybody else would pass for one of ours. */
const quietChecks: Checks = {
  'a repository with 130 applied migrations is adopted, and given back': async (tool, site) => {
    await adopted(tool, site)
    return { adopted: 'nothing written' }
  },
}

const measured = new Map<PeerTool, Measured>(tools.map((tool) => [tool, {}]))

function casesOf(all: Checks): Cases {
  const ofTool = (tool: PeerTool) =>
    Object.entries(all).map(([name, check]) => [
      `${tool.layout} ${tool.version}: ${name}`,
      async (site: PeerSite) => {
        const found = await check(tool, site)
        measured.set(tool, { ...measured.get(tool), ...found })
        return [...new Set(Object.values(found))].join(', ')
      },
    ])
  return Object.fromEntries(tools.flatMap(ofTool))
}

const write = process.argv.includes('--write')
const compared: Cases = { 'docs/round-trips.md says what was measured': () => comparePage(measured, write) }
process.exitCode = (await runCases('round trips', casesOf(checks), { ...casesOf(quietChecks), ...compared })) === 0 ? 0 : 1
