import { hostname, tmpdir } from 'node:os'
import { relative } from 'node:path'
import { pid } from 'node:process'
import type { RunStarter } from '../backup/record.ts'
import type { Store } from '../backup/store.ts'
import type { Context, Log, RunIdentity } from '../commands/command.ts'
import type { DatabaseIdentity } from '../migration/identity.ts'
import type { State, StateScope } from '../migration/state.ts'
import type { StoreAccess } from '../store-access.ts'
import { systemClock } from './clock.ts'
import {
  commitsWith,
  compareCommits,
  currentCommit,
  currentTag,
  git,
  originRepository,
  pathsInHistory,
  repositoryDepth,
  repositoryName,
  trackedPaths,
} from './git.ts'
import { firstKnown } from './git-changes.ts'
import { filesAt, folderAt } from './git-files.ts'
import { readAuthority, readFolder, readShipped, readText, replaceFile, writeNewFile } from './project-files.ts'

/** What the context is made from. */
interface Surroundings {
  readonly inAction: boolean
  readonly baseDir: string
  readonly run: RunIdentity
  readonly project: string
  readonly projectGiven: boolean
  readonly environment: string
  readonly release: string
  readonly storeUrl: string | undefined
  readonly storeAccess: StoreAccess
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly program: string
  readonly log: Log
  readonly signal: AbortSignal
  readonly ask?: (question: string) => Promise<string | undefined>
}

/** Who runs this, as GitHub or the machine tells it. */
export async function describeRun(
  variables: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<RunIdentity & { tag: string | undefined; repository: string | undefined }> {
  const onGitHub = Boolean(variables.GITHUB_RUN_ID)
  const tag = variables.GITHUB_REF_TYPE === 'tag' ? variables.GITHUB_REF_NAME : undefined
  const [head, repository, named] = await Promise.all([
    currentCommit(cwd, variables),
    variables.GITHUB_REPOSITORY?.split('/').at(-1) ?? repositoryName(cwd, variables),
    tag ?? (onGitHub ? undefined : currentTag(cwd, variables)),
  ])
  return {
    id: variables.GITHUB_RUN_ID || String(pid),
    attempt: variables.GITHUB_RUN_ATTEMPT || '1',
    host: variables.RUNNER_NAME || hostname(),
    // the commit that was checked out: the one that started a workflow by hand may be another
    commit: head ?? (variables.GITHUB_SHA || undefined),
    by: onGitHub ? startedBy(variables) : undefined,
    repository,
    tag: named,
  }
}

function startedBy(variables: Readonly<Record<string, string | undefined>>): RunStarter | undefined {
  const { GITHUB_ACTOR: actor, GITHUB_ACTOR_ID: id, GITHUB_TRIGGERING_ACTOR: triggering, GITHUB_EVENT_NAME: event } = variables
  if (!actor) return undefined
  return { actor, actorId: id || undefined, triggeringActor: triggering || undefined, event: event || undefined }
}

/** The only place that knows which adapter serves what. Each is loaded when it is first needed. */
export async function createContext(surroundings: Surroundings): Promise<Omit<Context, 'sources' | 'redact'>> {
  const { variables, baseDir, log, run, signal, storeAccess } = surroundings
  const roots = [variables.RUNNER_TEMP, tmpdir()].filter((root): root is string => Boolean(root))
  const say = (text: string) => log.info(text)
  // what a killed run left behind holds production data or a password: the next start that makes a folder removes it
  const sweep = async () => {
    const { sweepWorkspaces } = await import('./workspace.ts')
    for (const path of await sweepWorkspaces(roots)) say(`removed ${path}, left behind by an earlier run`)
  }
  const makeFolder = async () => {
    const { makeWorkspace } = await import('./workspace.ts')
    await sweep()
    return makeWorkspace({ roots })
  }
  const tools = (given: { binDir: string | undefined; install: boolean }) => ({ ...given, env: variables, say })
  const openGitHub = async (token: string, limit: AbortSignal = signal) => {
    const { GitHubClient } = await import('./github/client.ts')
    return new GitHubClient({ apiUrl: variables.GITHUB_API_URL || 'https://api.github.com', token, signal: limit })
  }
  return {
    ...surroundings,
    ask: surroundings.ask ?? (async () => undefined),
    readShipped: (path) => readShipped(path, surroundings.program),
    storeEndpoint: surroundings.storeAccess.endpoint,
    clock: systemClock,
    readFolder: (path, depth) => readFolder(path, baseDir, depth),
    writeNewFile: (path, text) => writeNewFile(path, text, baseDir),
    replaceFile: (path, text) => replaceFile(path, text, baseDir),
    readText: (path) => readText(path, baseDir),
    trackedPaths: () => trackedPaths(baseDir, variables),
    gitPaths: (folder) => pathsInHistory(folder, baseDir, variables),
    gitCommit: (name) => firstKnown([name], baseDir, variables),
    gitFolder: (commit, folder, depth) => folderAt(commit, relative(baseDir, folder), baseDir, variables, depth),
    gitFiles: (commit, isWanted) => filesAt(commit, isWanted, baseDir, variables),
    gitCommitsWith: (path) => commitsWith(path, baseDir, variables),
    gitDepth: () => repositoryDepth(baseDir, variables),
    compareCommit: (other, current = run.commit) => compareCommits(current, other, baseDir, variables),
    async openReview(options) {
      const { openReview } = await import('./review.ts')
      const { base, token } = options
      return openReview({ base }, { folder: baseDir, variables, github: token === undefined ? undefined : () => openGitHub(token) })
    },
    async openConversation(pullRequest, token) {
      const { openConversation } = await import('./github/conversation.ts')
      return openConversation(await openGitHub(token), pullRequest)
    },
    async openProtection(token) {
      const { openProtection } = await import('./github/environment.ts')
      return openProtection(await openGitHub(token), variables.GITHUB_REPOSITORY || (await originRepository(baseDir, variables)))
    },
    async readCommitChecks(commit, { repository, token, signal: limit }) {
      const { readCommitChecks } = await import('./github/commit-checks.ts')
      return readCommitChecks(await openGitHub(token, limit), repository, commit)
    },
    async openIssues({ repository, token, signal: limit }) {
      const { openIssues } = await import('./github/issues.ts')
      return openIssues(await openGitHub(token, limit), repository)
    },
    async openProbes(wanted) {
      const { openProbes } = await import('./metrics/probes.ts')
      const { applicationName } = await import('./postgres/session.ts')
      return openProbes(wanted, { ...systemClock, applicationName: applicationName(run) })
    },
    readAuthority,
    makeFolder,
    async makeTunnel(options) {
      const { makeTunnel } = await import('./ssh/tunnel.ts')
      return makeTunnel({ ...options, env: variables, ownConfig: !surroundings.inAction, makeFolder, signal, say })
    },
    async openMigrationDatabase(database, options) {
      const { openMigrationDatabase } = await import('./postgres/migration-database.ts')
      const { project, environment, release, storeUrl } = surroundings
      const storedState = storeUrl === undefined ? undefined : openStoredState(storeUrl, storeAccess)
      const given = { database, ...options, run, project, environment, release, storedState }
      return openMigrationDatabase({ ...given, say, warn: (text) => log.warn(text), sayForeign: (text) => log.foreign(text) })
    },
    async runTeamProgram(command, options) {
      const { runTeamProgram } = await import('./team-command.ts')
      return runTeamProgram(command, { ...options, cwd: baseDir, onLine: (line) => log.foreign(line) })
    },
    async streamFile(path, take) {
      const { streamFile } = await import('./stream-names.ts')
      return streamFile(path, relative(baseDir, path), take)
    },
    async streamProgram(command, options, take) {
      const { streamProgram } = await import('./stream-names.ts')
      return streamProgram(command, { ...options, cwd: baseDir }, take)
    },
    async namesOnGitHub(token) {
      const { namesOnGitHub } = await import('./github/config-names.ts')
      return namesOnGitHub(await openGitHub(token), variables.GITHUB_REPOSITORY, surroundings.environment)
    },
    folderInRepository: async () => (await git(['rev-parse', '--show-prefix'], baseDir, variables)) ?? '',
    async prepareQueries(database, queries) {
      const { prepareQueries } = await import('./postgres/prepare-queries.ts')
      const { applicationName } = await import('./postgres/session.ts')
      return prepareQueries(queries, database, applicationName(run))
    },
    async openSource(database, options) {
      const { openSource } = await import('./postgres/source.ts')
      const { applicationName } = await import('./postgres/session.ts')
      const { knownTables } = await import('./postgres/source-facts.ts')
      await sweep()
      return openSource({
        database,
        tools: options,
        stateSchema: options.stateSchema,
        known: knownTables(surroundings.project, options.versionTable),
        env: variables,
        applicationName: applicationName(run),
        roots,
        say,
        now: () => systemClock.now(),
        lockWaitTimeoutMs: options.lockWaitTimeoutMs,
      })
    },
    async openRescue(database, options) {
      const { openRescue } = await import('./postgres/rescue/source.ts')
      const { applicationName } = await import('./postgres/session.ts')
      await sweep()
      return openRescue({ ...options, database, applicationName: applicationName(run), roots, env: variables, say, signal })
    },
    openStore: (url) => openStore(url, storeAccess),
    async readStoredRun(url) {
      const { readStoredRun } = await import('./storage/stored-run.ts')
      return readStoredRun(await openStore(url, storeAccess), { ...surroundings }, () => systemClock.now())
    },
    async decodeArchive(archive, options) {
      const { findTools } = await import('./postgres/tools.ts')
      const { decodeArchive } = await import('./postgres/archive.ts')
      const found = await findTools({ ...tools(options), major: options.major, set: 'client' })
      return decodeArchive(archive, found, variables, signal)
    },
    async makeScratchCluster(options) {
      const { makeScratchCluster } = await import('./postgres/scratch.ts')
      return makeScratchCluster({ ...options, roots, env: variables, say, signal })
    },
    async openTarget(target, options) {
      const { openTarget } = await import('./postgres/target-database.ts')
      const { applicationName } = await import('./postgres/session.ts')
      await sweep()
      return openTarget({ ...options, target, applicationName: applicationName(run), roots, env: variables, say })
    },
    async readSchema(database, options) {
      const { readSchema } = await import('./postgres/read-schema.ts')
      const { applicationName } = await import('./postgres/session.ts')
      await sweep()
      return readSchema({ ...options, database, applicationName: applicationName(run), roots, env: variables, say, signal })
    },
    async makeRehearsal(database, options) {
      const { makeRehearsal } = await import('./postgres/rehearsal.ts')
      const { applicationName } = await import('./postgres/session.ts')
      return makeRehearsal({ ...options, database, applicationName: applicationName(run), roots, env: variables, say, signal })
    },
    async makeStage(options) {
      const { makeStage } = await import('./stage.ts')
      return makeStage({ tools: options, program: surroundings.program, env: variables, roots, signal, say })
    },
  }
}

async function openStore(url: string, access: StoreAccess): Promise<Store> {
  const now = () => systemClock.now()
  if (url.startsWith('s3:')) {
    const { s3Store } = await import('./storage/s3/store.ts')
    return s3Store(url, access, now)
  }
  const { folderOfUrl, folderStore } = await import('./storage/folder.ts')
  return folderStore(folderOfUrl(url), now)
}

/** `plan` opens the store only when the history may be there. */
function openStoredState(url: string, access: StoreAccess) {
  return async (scope: StateScope, identity: DatabaseIdentity): Promise<State> => {
    const { StoredState } = await import('./storage/stored-state.ts')
    return new StoredState(await openStore(url, access), scope, identity, () => systemClock.now())
  }
}
