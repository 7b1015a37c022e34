import type { CommandRun, Session, Stage, Statement, Time } from '../../src/demo/stage.ts'
import type { CommandResult, Result } from '../../src/result.ts'

/** What a fake application server answers; throws what a real one would say. */
export type Answer = (text: string) => readonly Record<string, unknown>[]

export interface FakeStage extends Stage {
  /** What was done with it, in order: connections, statements of the set-up, commands. */
  readonly log: string[]
  readonly files: Map<string, string>
  readonly open: Set<string>
  readonly prepared: Set<string>
}

/** A stage without a server and without processes. */
export function fakeStage({
  answer = () => [],
  command = passing,
}: {
  answer?: Answer
  command?: (args: readonly string[]) => CommandRun
} = {}): FakeStage {
  const log: string[] = []
  const open = new Set<string>()
  const prepared = new Set<string>()
  const files = new Map<string, string>()
  let connections = 0
  return {
    log,
    open,
    prepared,
    files,
    serverVersion: '15.18',
    async connect(applicationName): Promise<Session> {
      const name = `${applicationName} #${++connections}`
      open.add(name)
      log.push(`open ${name}`)
      return {
        async query({ text, name: statement }: Statement) {
          if (statement !== undefined) prepared.add(name)
          return answer(text)
        },
        async [Symbol.asyncDispose]() {
          open.delete(name)
          log.push(`close ${name}`)
        },
      }
    },
    async writeFiles(given) {
      for (const [path, text] of given) files.set(path, text)
    },
    async shiplock(args) {
      log.push(`shiplock ${args.join(' ')}`)
      await new Promise((resolve) => setTimeout(resolve, 2)) // time for the workers
      return command(args)
    },
    remains: async () => [],
    async [Symbol.asyncDispose]() {},
  }
}

export function passing(args: readonly string[]): CommandRun {
  return endedWith(0, { command: args[0] ?? '', verdict: 'pass', reason: `${args.join(' ')} was done.` })
}

export function endedWith(
  exitCode: number,
  entry: Pick<CommandResult, 'command' | 'verdict' | 'reason'> & Partial<CommandResult>,
): CommandRun {
  const verdict = entry.verdict === 'not-run' ? 'fail' : entry.verdict
  const result: Result = { schema: 'shiplock/result@1', verdict, exitCode, commands: [{ tool: 'shiplock/0', checks: [], ...entry }] }
  return { exitCode, result, said: '' }
}

/** A clock that goes on by what is slept, and lets others run meanwhile. */
export function quickTime(): Time {
  let now = 0
  return {
    now: () => new Date(now),
    monotonic: () => now,
    async sleep(ms, signal) {
      await new Promise((resolve) => setImmediate(resolve))
      if (!signal?.aborted) now += ms
    },
  }
}

/** An error as node-postgres makes it of a server's. */
export function serverError(message: string, code: string): Error {
  return Object.assign(new Error(message), { code })
}
