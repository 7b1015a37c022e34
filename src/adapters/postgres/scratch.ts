import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { ScratchOptions } from '../../commands/command.ts'
import { clientProblem, refuseUnsafeClient } from '../../drill/safe-client.ts'
import { ReleaseError, systemCode } from '../../errors.ts'
import { makeWorkspace, sweepWorkspaces, type Workspace } from '../workspace.ts'
import { startCluster } from './cluster.ts'
import { DrillCluster } from './drill-cluster.ts'
import { provideExtensionPackages } from './extension-packages.ts'
import { findIsolation } from './isolation.ts'
import { provideLocales } from './locales.ts'
import { newLogin, newName } from './own-roles.ts'
import { scratchSettings } from './scratch-settings.ts'
import { serverAccount } from './server-account.ts'
import { findTools, toolEnvironment } from './tools.ts'

interface Surroundings extends ScratchOptions {
  /** Where temporary folders may be made, the best place first. */
  readonly roots: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (text: string) => void
  /** When it fires the server stops at once, and with it whatever runs there. */
  readonly signal: AbortSignal
}

const port = 5432
/** A socket's path may have 107 bytes on Linux and 103 on macOS. */
const longestSocketPath = 100

/** Makes a cluster for one drill: no listener, no superuser for the restore, tuned for throw-away loading. Throws `scratch-failed`. */
export async function makeScratchCluster(options: Surroundings): Promise<DrillCluster> {
  const { roots, env, say, signal } = options
  for (const path of await sweepWorkspaces(roots)) say(`removed ${path}, left behind by an earlier run`)
  const tools = await findTools({ ...options, set: 'server' })
  refuseUnsafeClient(tools.version, { ours: options.ours, allowed: options.allowUnsafeClient ?? false })
  const warning = clientProblem(tools.version)
  if (warning !== undefined) say(`warning: ${warning}`)
  const named = await provideExtensionPackages({ ...options, packages: options.packages ?? [], major: tools.major })
  const [before, after] = await Promise.all([readSql(options.before), readSql(options.after)])
  const account = serverAccount()
  const workspaces = [await makeWorkspace({ roots, owner: account })] as [Workspace, ...Workspace[]]
  try {
    const folder = workspaces[0].path
    const isTooLong = Buffer.byteLength(join(folder, `.s.PGSQL.${port}`)) > longestSocketPath
    if (isTooLong) workspaces.push(await makeWorkspace({ roots: ['/tmp'], owner: account }))
    const host = (workspaces.at(-1) as Workspace).path
    const programEnv = toolEnvironment(env)
    const isolation = await findIsolation(account, programEnv)
    const jobs = availableParallelism()
    const superuser = newLogin(newName('drill'))
    const cluster = await startCluster({
      tools,
      folder,
      account,
      superuser: superuser.user,
      password: superuser.password,
      host,
      port,
      settings: await scratchSettings({ folder, socketDir: host, jobs, preload: options.preload ?? [] }),
      env: { ...programEnv, ...tracking(env), ...(await provideLocales([options.collate, options.ctype], folder, programEnv)) },
      wrapper: isolation.wrapper,
      signal,
    })
    const scratch = new DrillCluster({
      tools,
      account,
      workspaces,
      host,
      port,
      cluster,
      superuser,
      jobs,
      env: programEnv,
      isolation: isolation.description,
      named,
      before,
      after,
      ours: options.ours,
      roles: options.roles ?? { superusers: [], replicators: [], memberships: [] },
      say,
      signal,
    })
    try {
      await scratch.provision(options)
      return scratch
    } catch (error) {
      await scratch[Symbol.asyncDispose]()
      throw error
    }
  } catch (error) {
    for (const workspace of workspaces) await workspace[Symbol.asyncDispose]()
    throw error
  }
}

/** With this variable the runner of GitHub finds what a job left running, and ends it. */
function tracking(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const id = env.RUNNER_TRACKING_ID
  return id === undefined ? {} : { RUNNER_TRACKING_ID: id }
}

async function readSql(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new ReleaseError('unreadable-file', `The SQL file ${path} cannot be read (${systemCode(cause)}).`, {
      hint: 'Check the inputs drill-before and drill-after.',
      cause,
    })
  }
}
