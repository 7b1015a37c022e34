import { commands } from './commands/index.ts'
import { ReleaseError } from './errors.ts'
import { describeError } from './explain-error.ts'
import type { CommandResult, Result } from './result.ts'
import { formatMoment } from './units.ts'
import { version } from './version.ts'

/** How far a start has come. */
export interface Progress {
  readonly ended: readonly CommandResult[]
  readonly underWay?: UnderWay
  /** Commands that have not begun, with the words that follow them. */
  readonly waiting: readonly string[]
}

interface UnderWay {
  readonly name: string
  readonly startedAt: string
  readonly release: string
  readonly environment: string
}

/** A line of the log, and when it was said. */
export interface Said {
  readonly at: string
  readonly text: string
}

const safe = 'a second run is safe: it looks at what is done, and does the rest.'

/** The result that counts when nothing more is heard of the start: what had ended, what was under way, and what had not begun. */
export function resultSoFar({ ended, underWay, waiting }: Progress, said: readonly Said[] = []): Result {
  const next = ended.length === 0 ? 'nothing has been done yet.' : safe
  return {
    schema: 'shiplock/result@1',
    verdict: 'inconclusive',
    exitCode: 3,
    commands: [
      ...ended,
      ...(underWay === undefined ? [] : [entryUnderWay(underWay, said)]),
      ...waiting.map((line, index) => entryNotBegun(line, underWay === undefined && index === 0 ? next : undefined)),
    ],
  }
}

/** A word that is no command of ours may be anything, a secret too, and is not repeated. */
export function resultHead(line: string) {
  const name = line.trim().split(/\s+/)[0] ?? ''
  return { tool: `shiplock/${version}`, command: Object.hasOwn(commands, name) ? name : 'shiplock' }
}

function entryUnderWay({ name, ...known }: UnderWay, said: readonly Said[]): CommandResult {
  const reason = `It began at ${formatMoment(known.startedAt)}, and the step was stopped before it ended.`
  return { ...resultHead(name), verdict: 'inconclusive', reason, ...known, checks: [], said, error: stopped(reason, safe) }
}

function entryNotBegun(line: string, next: string | undefined): CommandResult {
  const reason = 'The step was stopped before this began.'
  return { ...resultHead(line), verdict: 'not-run', reason, checks: [], ...(next === undefined ? {} : { error: stopped(reason, next) }) }
}

function stopped(message: string, next: string) {
  return describeError(new ReleaseError('interrupted', message, { hint: `Run the same step again; ${next}` }))
}
