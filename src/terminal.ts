import { readCommandLine } from './command-line.ts'
import type { Log } from './commands/command.ts'
import { LiveLine } from './live-line.ts'
import { Redactor, secretForms } from './redact.ts'
import { foreign, harmless } from './report/foreign.ts'
import type { Start } from './run.ts'
import { watchSignals } from './signals.ts'

/** What the terminal's edge uses of the process. */
type Terminal = Pick<NodeJS.Process, 'argv' | 'env' | 'cwd' | 'stdin' | 'stdout' | 'stderr' | 'on' | 'off' | 'exit' | 'kill' | 'pid'>

/** Runs one start from a command line; resolves with the exit status. */
export async function terminal(shell: Terminal): Promise<number> {
  // a reader that goes away, as in `shiplock plan | head`, must not stop a migration half-way
  for (const stream of [shell.stdout, shell.stderr]) stream.on('error', () => {})
  const line = readCommandLine(shell.argv.slice(2))
  if (line.help || shell.argv.length === 2) {
    const { helpFor } = await import('./help.ts')
    shell.stdout.write(helpFor(line.commands[0]))
    return line.help ? 0 : 2 // a forgotten command must not pass
  }
  const { run } = await import('./run.ts')
  const { secretsOf } = await import('./secrets.ts')
  const redactor = new Redactor()
  for (const secret of secretsOf(line.given, shell.env)) redactor.add(secret)
  // a connection string in the wrong place is a secret all the same
  const strings = shell.argv.slice(2).filter((word) => /:\/\/[^/\s]*:[^@\s]+@|password=/i.test(word))
  const passwords = strings.flatMap((word) => secretForms(word.replace(/^--[\w-]+=/, '')))
  for (const secret of passwords) redactor.add(secret)
  const onlyNotes = line.given.get('format') === 'release-notes' && !line.json
  const prose = line.json || onlyNotes ? shell.stderr : shell.stdout
  const live = new LiveLine({
    write: (text) => prose.write(text),
    columns: () => (prose.isTTY === true && shell.env.TERM !== 'dumb' ? (prose.columns ?? 80) : undefined),
    now: () => performance.now(),
  })
  const log = lineLog(redactor, live, (line) => prose.write(`${line}\n`))
  if (passwords.length > 0) {
    log.warn('a password on the command line can be read by every user of this machine; use DATABASE_URL (or DRILL_DATABASE_URL) instead')
  }
  if (line.given.has('ssh-key')) {
    log.warn('a private key on the command line can be read by every user of this machine; use SSH_KEY or the agent instead')
  }
  const { signal, crash, stop } = watchSignals(shell, () => shell.stderr.write('stopping; a second Ctrl-C ends at once\n'))
  const start: Start = {
    edge: 'terminal',
    commands: line.commands,
    given: line.given,
    configPath: line.configPath,
    variables: shell.env,
    cwd: shell.cwd(),
    program: shell.argv[1] ?? '',
    signal,
    crash,
    log,
    redactor,
    usageProblem: line.problem,
    ...(shell.stdin.isTTY === true && shell.stderr.isTTY === true ? { ask: (question: string) => answerOf(question, shell, signal) } : {}),
  }
  const { result, bug } = await run(start)
  live.clear()
  if (!signal.aborted) stop() // else the last resort stays: what does not end is ended
  const { releaseNotesIn, renderTerminal } = await import('./report/terminal.ts')
  if (line.json) shell.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`)
  if (onlyNotes) shell.stdout.write(releaseNotesIn(result))
  const color = !line.json && !onlyNotes && shell.stdout.isTTY === true && !shell.env.NO_COLOR && shell.env.TERM !== 'dumb'
  prose.write(renderTerminal(result, { color }))
  if (bug !== undefined) shell.stderr.write(`${foreign(redactor.redact(String((bug as Error).stack ?? bug)))}\n`)
  return result.exitCode
}

/** The line that somebody types; an empty one is no answer, and Ctrl-D none either. */
async function answerOf(question: string, shell: Terminal, signal: AbortSignal): Promise<string | undefined> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: shell.stdin, output: shell.stderr })
  // who asks reads each key, so that Ctrl-C is no signal yet
  lines.on('SIGINT', () => shell.kill(shell.pid, 'SIGINT'))
  const closed = new Promise<string>((done) => lines.on('close', () => done('')))
  try {
    return (await Promise.race([lines.question(`${question}: `, { signal }), closed])).trim() || undefined
  } finally {
    lines.close()
  }
}

function lineLog(redactor: Redactor, live: LiveLine, write: (line: string) => void): Log {
  const keep = (line: string) => {
    live.clear()
    write(line)
  }
  return {
    info: (text) => keep(harmless(redactor.redact(text))),
    warn: (text) => keep(harmless(redactor.redact(`! ${text}`))),
    foreign: (text) => keep(foreign(redactor.redact(text))),
    live: (line) => live.show({ ...line, text: harmless(redactor.redact(line.text)) }),
  }
}
