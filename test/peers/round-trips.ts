import { dbmate } from './dbmate-tool.ts'
import { diesel } from './diesel-tool.ts'
import { golangMigrate } from './golang-migrate-tool.ts'
import { goose } from './goose-tool.ts'
import type { PeerSite } from './peer-bench.ts'
import { type Cases, runCases } from './peer-cases.ts'
import type { PeerTool } from './peer-tool.ts'
import { sqlx } from './sqlx-tool.ts'
import { adopted } from './round-trips/adoption.ts'
import { ownLock, startedInTheMiddle } from './round-trips/at-once.ts'
import { hole, missingFile } from './round-trips/tolerance.ts'
import { heldBack, tookTurns } from './round-trips/turns.ts'
import { takenBackByTool, takenBackByUs } from './round-trips/ways-back.ts'

// Proves with each real tool that it and Shiplock agree, in both directions and both phases, on one real server.

const tools: readonly PeerTool[] = [goose, golangMigrate, dbmate, sqlx, diesel]

/** What is shown of each tool; a check returns what was measured by column, and throws where something is not as promised. */
const checks: Readonly<Record<string, (tool: PeerTool, site: PeerSite) => Promise<Readonly<Record<string, string>>>>> = {
  'the tool applies half, Shiplock the rest': async (tool, site) => {
    const { pre, post } = await tookTurns(tool, site, 'tool')
    return { 'tool, then Shiplock: pre': pre, 'tool, then Shiplock: post': post }
  },
  'Shiplock applies half, the tool the rest': async (tool, site) => {
    const { pre, post } = await tookTurns(tool, site, 'shiplock')
    return { 'Shiplock, then tool: pre': pre, 'Shiplock, then tool: post': post }
  },
  "the tool's plain up works while a post migration is held back, and after it": async (tool, site) => ({
    'up, post held back': await heldBack(tool, site),
  }),
  'each way back is good for the other': async (tool, site) => {
    if (tool.down === undefined) return { 'back by Shiplock': '–', 'back by the tool': '–' }
    return { 'back by Shiplock': await takenBackByUs(tool, tool.down, site), 'back by the tool': await takenBackByTool(tool, tool.down, site) }
  },
  'a hole': async (tool, site) => ({ hole: await hole(tool, site) }),
  'a missing file': async (tool, site) => ({ 'missing file': await missingFile(tool, site) }),
  'its own lock': async (tool, site) => ({ lock: await ownLock(tool, site) }),
  'a service that migrates at boot starts in the middle of migrate': async (tool, site) => ({
    'in the middle': await startedInTheMiddle(tool, site),
  }),
}

/** A write of anybody else would pass for one of ours. */
const quietChecks: typeof checks = {
  'a repository with 130 applied migrations is adopted, and given back': async (tool, site) => ({ '130 applied': await adopted(tool, site) }),
}

const measured = new Map<PeerTool, Record<string, string>>(tools.map((tool) => [tool, {}]))

const ofEveryTool = (all: typeof checks): Cases =>
  Object.fromEntries(
    tools.flatMap((tool) =>
      Object.entries(all).map(([name, check]) => [
        `${tool.layout} ${tool.version}: ${name}`,
        async (site: PeerSite) => {
          const found = await check(tool, site)
          Object.assign(measured.get(tool) as object, found)
          return Object.values(found).join(', ')
        },
      ]),
    ),
  )

process.exitCode = (await runCases('round trips', ofEveryTool(checks), ofEveryTool(quietChecks))) === 0 ? 0 : 1
