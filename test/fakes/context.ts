import type { Context } from '../../src/commands/command.ts'

/** A context without surroundings: what a test does not name may not be used. `lines` is what was logged. */
export function fakeContext(given: Partial<Context> = {}): { context: Context; lines: string[] } {
  const lines: string[] = []
  const context: Context = {
    log: {
      info: (text) => void lines.push(text),
      warn: (text) => void lines.push(`warning: ${text}`),
      foreign: (text) => void lines.push(`foreign: ${text}`),
      live: ({ text }) => void lines.push(`live: ${text}`),
    },
    clock: { now: () => new Date('2026-11-21T14:10:00Z'), monotonic: () => performance.now(), sleep },
    signal: new AbortController().signal,
    run: { id: '77', attempt: '1', host: 'runner-1', commit: '0123456789abcdef0123456789abcdef01234567' },
    inAction: false,
    program: 'shiplock',
    baseDir: '/srv/app',
    variables: {},
    project: 'shop',
    projectGiven: true,
    environment: 'production',
    release: 'v1.9',
    storeUrl: undefined,
    storeEndpoint: undefined,
    sources: { given: new Map(), config: new Map(), surroundings: new Map(), baseDir: '/srv/app', configFile: undefined },
    redact: (value) => value,
    readFolder: unused('readFolder'),
    readShipped: unused('readShipped'),
    ask: async () => undefined,
    writeNewFile: unused('writeNewFile'),
    replaceFile: unused('replaceFile'),
    readText: unused('readText'),
    trackedPaths: unused('trackedPaths'),
    gitPaths: unused('gitPaths'),
    gitCommit: unused('gitCommit'),
    gitFolder: unused('gitFolder'),
    gitFiles: unused('gitFiles'),
    gitCommitsWith: unused('gitCommitsWith'),
    gitDepth: unused('gitDepth'),
    compareCommit: unused('compareCommit'),
    openReview: unused('openReview'),
    openProbes: unused('openProbes'),
    openConversation: unused('openConversation'),
    openProtection: unused('openProtection'),
    readCommitChecks: unused('readCommitChecks'),
    openIssues: unused('openIssues'),
    makeFolder: unused('makeFolder'),
    makeTunnel: unused('makeTunnel'),
    makeStage: unused('makeStage'),
    readAuthority: async () => undefined,
    openMigrationDatabase: unused('openMigrationDatabase'),
    runTeamProgram: unused('runTeamProgram'),
    streamFile: unused('streamFile'),
    streamProgram: unused('streamProgram'),
    namesOnGitHub: unused('namesOnGitHub'),
    folderInRepository: async () => '',
    prepareQueries: unused('prepareQueries'),
    openSource: unused('openSource'),
    openRescue: unused('openRescue'),
    openStore: unused('openStore'),
    readStoredRun: unused('readStoredRun'),
    decodeArchive: unused('decodeArchive'),
    makeScratchCluster: unused('makeScratchCluster'),
    openTarget: unused('openTarget'),
    readSchema: unused('readSchema'),
    makeRehearsal: unused('makeRehearsal'),
    ...given,
  }
  return { context, lines }
}

function unused(name: string): () => never {
  return () => {
    throw new Error(`this test has no ${name}`)
  }
}

/** Real time: a command that has ended must not wait for it. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
