import type { Command } from './commands/command.ts'
import { commands } from './commands/index.ts'
import { ReleaseError } from './errors.ts'
import { type InputName, inputNames, traitsOf } from './inputs.ts'
import { didYouMean } from './nearest.ts'
import { storeAccessNames } from './store-access.ts'

/** What was asked for, before it is understood. */
export interface Asked {
  readonly edge: 'action' | 'terminal'
  /** Commands with the words that follow them, such as `record deployed`. */
  readonly commands: readonly string[]
  /** A mistake in how Shiplock was called, found before any command is known. */
  readonly usageProblem: string | undefined
  readonly given: ReadonlyMap<string, string>
}

/** A command that exists, and the inputs given to it. */
export interface Named {
  readonly name: string
  readonly command: Command
  readonly given: ReadonlyMap<string, string>
}

/** Throws `unknown-command`, `unknown-input` or `invalid-input`: nothing has been read or run yet. */
export async function nameCommands(start: Asked): Promise<Named[]> {
  if (start.usageProblem !== undefined)
    throw new ReleaseError('invalid-input', start.usageProblem, { hint: 'shiplock --help shows how it is called.' })
  if (start.commands.length === 0) {
    throw new ReleaseError('unknown-command', 'No command was named.', { hint: `Name one or more of ${Object.keys(commands).join(', ')}.` })
  }
  const named: Named[] = []
  for (const line of start.commands) {
    const [name = '', ...words] = line.trim().split(/\s+/)
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (load === undefined) {
      throw new ReleaseError(
        'unknown-command',
        `There is no command ${JSON.stringify(name.slice(0, 40))}.${didYouMean(name, Object.keys(commands))}`,
        {
          hint: `Commands are ${Object.keys(commands).join(', ')}.`,
        },
      )
    }
    const command = (await load()).default
    if (command.terminalOnly && start.edge === 'action') {
      throw new ReleaseError('unknown-command', `${name} is a command of the terminal; the action does not have it.`, {
        hint: `Run it as: npx shiplock ${name}`,
      })
    }
    named.push({ name, command, given: withPositional(name, command, words, start.given) })
  }
  refuseUnused(named, start.given)
  return named
}

function withPositional(
  name: string,
  command: Command,
  words: readonly string[],
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  if (words.length === 0) return given
  const several = command.positional !== undefined && traitsOf(command.positional).list === true
  if (command.positional !== undefined && words.length > 1 && !several) {
    throw new ReleaseError('invalid-input', `${name} takes one word, and here are ${words.length}.`, {
      hint: `Join them, as in ${name} ${words.join('_').slice(0, 60)}; the rest are flags: shiplock ${name} --help shows them.`,
    })
  }
  if (command.positional === undefined) {
    throw new ReleaseError('invalid-input', `${name} does not take the word ${JSON.stringify(String(words.at(-1)).slice(0, 40))}.`, {
      hint: `shiplock ${name} --help shows what it takes.`,
    })
  }
  return new Map(given).set(command.positional, words.join('\n'))
}

/** What every start may be given. */
export const commonInputs: readonly InputName[] = ['project', 'environment', 'release', 'store', ...storeAccessNames]

/** An input that no named command uses would be a wish that nobody hears. */
function refuseUnused(named: readonly Named[], given: ReadonlyMap<string, string>): void {
  const used = new Set<string>([...commonInputs, ...named.flatMap(({ command }) => command.inputs)])
  const problems = [...given].flatMap(([name, value]) => {
    if (value === '' || used.has(name)) return []
    const known = inputNames.some((one) => one === name)
    return [
      known
        ? `${name} is not used by ${named.map((one) => one.name).join(', ')}.`
        : `there is no input ${JSON.stringify(name.slice(0, 60))}.${didYouMean(name, used)}`,
    ]
  })
  if (problems.length === 0) return
  throw new ReleaseError(
    'unknown-input',
    `${problems.length === 1 ? 'One input' : `${problems.length} inputs`} cannot be used:\n  ${problems.join('\n  ')}`,
    {
      hint: `These commands take: ${[...used].sort().join(', ')}.`,
    },
  )
}
