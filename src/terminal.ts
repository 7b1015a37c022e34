import type { Log } from './commands/command.ts'
import { isInputName, traitsOf } from './inputs.ts'
import { Redactor } from './redact.ts'
import { foreign, harmless } from './report/foreign.ts'
import type { Start } from './run.ts'
import { watchSignals } from './signals.ts'

/** What the terminal's edge uses of the process. */
type Terminal = Pick<NodeJS.Process, 'argv' | 'env' | 'cwd' | 'stdout' | 'stderr' | 'on' | 'off' | 'exit'>

/** Runs one start from a command line; resolves with the exit status. */
export async function terminal(shell: Terminal): Promise<number> {
  // a reader that goes away, as in `shiplock plan | head`, must not stop a migration half-way
  for (const stream of [shell.stdout, shell.stderr]) stream.on('error', () => {})
  const line = readCommandLine(shell.argv.slice(2))
  if (line.help || shell.argv.length === 2) {
    const { helpFor } = await import('./help.ts')
    shell.stdout.write(helpFor(line.commands[0]))
    return 0
  }
  const { run, secretsOf } = await import('./run.ts')
  const redactor = new Redactor()
  for (const secret of secretsOf(line.given, shell.env)) redactor.add(secret)
  const prose = line.json ? shell.stderr : shell.stdout
  const log = lineLog(redactor, (line) => prose.write(`${line}\n`))
  if (/:\/\/[^:/@]*:[^@]+@/.test(line.given.get('database-url') ?? '')) {
    log.warn('a password on the command line can be read by every user of this machine; use DATABASE_URL instead')
  }
  const { signal, stop } = watchSignals(shell, () => shell.stderr.write('stopping; a second Ctrl-C ends at once\n'))
  const start: Start = {
    edge: 'terminal',
    commands: line.commands,
    given: line.given,
    configPath: line.given.get('config'),
    variables: shell.env,
    cwd: shell.cwd(),
    program: shell.argv[1] ?? '',
    signal,
    log,
    redactor,
    usageProblem: line.problem,
  }
  const { result, bug } = await run(start)
  if (!signal.aborted) stop() // else the last resort stays: what does not end is ended
  const { renderTerminal } = await import('./report/terminal.ts')
  if (line.json) shell.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`)
  const color = !line.json && shell.stdout.isTTY === true && !shell.env.NO_COLOR && shell.env.TERM !== 'dumb'
  prose.write(renderTerminal(result, { color }))
  if (bug !== undefined) shell.stderr.write(`${foreign(redactor.redact(String((bug as Error).stack ?? bug)))}\n`)
  return result.exitCode
}

interface CommandLine {
  readonly commands: readonly string[]
  readonly given: ReadonlyMap<string, string>
  readonly json: boolean
  readonly help: boolean
  /** A mistake in the line itself. */
  readonly problem: string | undefined
}

const flagsWithoutValue = new Set(['json', 'help'])

/** `shiplock backup,migrate --phase pre`: words before the flags name commands, flags are inputs. */
function readCommandLine(args: readonly string[]): CommandLine {
  const words: string[] = []
  const given = new Map<string, string>()
  const switches = new Set<string>()
  let problem: string | undefined
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] as string
    if (arg === '-h') switches.add('help')
    else if (!arg.startsWith('--')) words.push(arg)
    else {
      const [name = '', inline] = splitFlag(arg.slice(2))
      if (flagsWithoutValue.has(name)) switches.add(name)
      else if (inline !== undefined) given.set(name, inline)
      else if (isSwitch(name)) given.set(name, 'true')
      else if (args[index + 1] === undefined || args[index + 1]?.startsWith('--')) problem ??= `--${name.slice(0, 60)} needs a value.`
      else given.set(name, args[++index] as string)
    }
  }
  const named = given.get('command')
  given.delete('command')
  const commands =
    named === undefined
      ? commandLines(words)
      : named
          .split(/[\n,]/)
          .map((one) => one.trim())
          .filter(Boolean)
  return { commands, given, json: switches.has('json'), help: switches.has('help'), problem }
}

/** `backup,migrate` names two commands; a word after the last one belongs to it, as in `record deployed`. */
function commandLines(words: readonly string[]): string[] {
  return words
    .join(' ')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
}

function splitFlag(flag: string): [string, string?] {
  const equals = flag.indexOf('=')
  return equals < 0 ? [flag] : [flag.slice(0, equals), flag.slice(equals + 1)]
}

/** Inputs that are true or false may stand without a value. */
function isSwitch(name: string): boolean {
  return isInputName(name) && traitsOf(name).switch === true
}

function lineLog(redactor: Redactor, write: (line: string) => void): Log {
  return {
    info: (text) => write(harmless(redactor.redact(text))),
    warn: (text) => write(harmless(redactor.redact(`! ${text}`))),
    foreign: (text) => write(foreign(redactor.redact(text))),
  }
}
