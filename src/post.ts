import { tmpdir } from 'node:os'
import { sweepWorkspaces } from './adapters/workspace.ts'

// GitHub starts this file after the job, whatever happened: what a killed step left behind goes away.
// It needs no state and never fails the job.
const roots = [process.env.RUNNER_TEMP, tmpdir()].filter((root): root is string => Boolean(root))
for (const removed of await sweepWorkspaces(roots).catch(() => [])) {
  process.stdout.write(`removed what a stopped step left behind: ${removed}\n`)
}
