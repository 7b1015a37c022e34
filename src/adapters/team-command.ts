import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CommandEnd } from '../migration/team-run.ts'
import { startChild } from './process.ts'

interface TeamCommandOptions {
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly signal: AbortSignal
  readonly onLine: (line: string) => void
}

const keptLines = 20
const keptLength = 64 * 1024
/** A line that does not end is handed over in pieces. */
const longestLine = 16 * 1024
/** Programs that the command leaves running may hold its streams for ever. */
const drainMs = 2500

/** Runs the team's own command, never through a shell, and hands over its output line by line as it comes. */
export async function runTeamProgram(
  [program = '', ...args]: readonly string[],
  { onLine, ...options }: TeamCommandOptions,
): Promise<CommandEnd> {
  const child = startChild(program, args, options)
  const lastLines: string[] = []
  let firstLine: string | undefined
  const take = (line: string) => {
    onLine(line)
    lastLines.push(line)
    while (lastLines.length > keptLines || lastLines.join('').length > keptLength) lastLines.shift()
  }
  const takeOutput = (line: string) => {
    firstLine ??= line
    take(line)
  }
  const streams = [child.stdout, child.errors]
  const flushes = [splitLines(child.stdout, takeOutput), splitLines(child.errors, take)]
  const giveUp = new AbortController()
  const drained = child.exited.then(() => sleep(drainMs, undefined, { signal: giveUp.signal })).then(() => child.exited)
  drained.catch(() => {})
  const ended = await Promise.race([child.ended, drained])
  giveUp.abort()
  for (const stream of streams) stream.destroy()
  for (const flush of flushes) flush()
  return { ...ended, lastLines, firstLine }
}

/** Returns what hands over the last line, which need not have an end. */
function splitLines(stream: Readable, take: (line: string) => void): () => void {
  let rest = ''
  const handOver = (text: string) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
    for (; rest.length > longestLine; rest = rest.slice(longestLine)) take(rest.slice(0, longestLine))
  }
  stream
    .setEncoding('utf8')
    .on('data', handOver)
    .on('error', () => {})
  return () => {
    if (rest !== '') take(rest)
    rest = ''
  }
}
