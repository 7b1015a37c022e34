import { isInputName, traitsOf } from './inputs.ts'

/** A command line, read but not yet understood. */
export interface CommandLine {
  readonly commands: readonly string[]
  readonly given: ReadonlyMap<string, string>
  readonly configPath: string | undefined
  readonly json: boolean
  readonly help: boolean
  /** A mistake in the line itself. */
  readonly problem: string | undefined
}

const switches = ['json', 'help']

/** `shiplock backup,migrate --phase pre`: words before the flags name commands, flags are inputs. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const words: string[] = []
  const flags = new Map<string, string>()
  let problem: string | undefined
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] as string
    if (arg !== '-h' && !arg.startsWith('--')) {
      words.push(arg)
      continue
    }
    const [name = '', inline] = arg === '-h' ? ['help'] : splitFlag(arg.slice(2))
    const value = inline ?? (isSwitch(name) ? 'true' : args[++index])
    if (flags.has(name)) problem ??= `--${name.slice(0, 60)} stands twice.`
    // an empty value, as of an unset variable, must not switch a guard off
    else if (!value || (inline === undefined && /^--\w/.test(value))) problem ??= `--${name.slice(0, 60)} needs a value.`
    else flags.set(name, value)
  }
  const { command, config, json, help, ...given } = Object.fromEntries(flags)
  return {
    commands: split(command ?? words.join(' ')),
    given: new Map(Object.entries(given)),
    configPath: config,
    json: json !== undefined && json !== 'false',
    help: help !== undefined,
    problem,
  }
}

/** `backup,migrate` names two commands; a word after the last one belongs to it, as in `record deployed`. */
function split(commands: string): string[] {
  return commands
    .split(/[\n,]/)
    .map((one) => one.trim())
    .filter(Boolean)
}

function splitFlag(flag: string): [string, string?] {
  const equals = flag.indexOf('=')
  return equals < 0 ? [flag] : [flag.slice(0, equals), flag.slice(equals + 1)]
}

/** Inputs that are true or false may stand without a value. */
function isSwitch(name: string): boolean {
  return switches.includes(name) || (isInputName(name) && traitsOf(name).switch === true)
}
