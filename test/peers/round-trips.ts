import { goose } from './goose-tool.ts'
import type { PeerSite } from './peer-bench.ts'
import { type Cases, runCases } from './peer-cases.ts'
import type { PeerTool } from './peer-tool.ts'
import { heldBack, tookTurns } from './round-trips/turns.ts'

// Proves with each real tool that it and Shiplock agree, in both directions and both phases, on one real server.

const tools: readonly PeerTool[] = [goose]

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
}

const measured = new Map<PeerTool, Record<string, string>>(tools.map((tool) => [tool, {}]))
const cases: Cases = Object.fromEntries(
  tools.flatMap((tool) =>
    Object.entries(checks).map(([name, check]) => [
      `${tool.layout} ${tool.version}: ${name}`,
      async (site: PeerSite) => {
        const found = await check(tool, site)
        Object.assign(measured.get(tool) as object, found)
        return Object.values(found).join(', ')
      },
    ]),
  ),
)

process.exitCode = (await runCases('round trips', cases)) === 0 ? 0 : 1
