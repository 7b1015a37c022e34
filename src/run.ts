import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { createContext, describeRun } from './adapters/context.ts'
import type { Command, Log, Outcome } from './commands/command.ts'
import { commands } from './commands/index.ts'
import { type ConfigValue, loadConfig } from './config/load.ts'
import { connectionFromVariables } from './connection.ts'
import { messageOf, ReleaseError, systemCode } from './errors.ts'
import { type InputName, type InputValues, inputNames, traitsOf } from './inputs.ts'
import { didYouMean } from './nearest.ts'
import { type Redactor, secretForms } from './redact.ts'
import { resolveInputs } from './resolve-inputs.ts'
import { type CommandResult, exitCodeOf, type Result, type Verdict, verdicts } from './result.ts'
import { signalExitCode } from './signals.ts'
import { version } from './version.ts'

/** One start of Shiplock, as an edge hands it over. */
export interface Start {
  readonly edge: 'action' | 'terminal'
  /** Commands with the words that follow them, such as `record deployed`. */
  readonly commands: readonly string[]
  /** A mistake in how Shiplock was called, found before any command is known. */
  readonly usageProblem: string | undefined
  readonly given: ReadonlyMap<string, string>
  readonly configPath: string | undefined
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The file that was started, for the demonstration, which starts the real commands. */
  readonly program: string
  readonly signal: AbortSignal
  readonly log: Log
  readonly redactor: Redactor
}

/** Step outputs by name, `<command>-<name>`. */
export interface Finished {
  readonly result: Result
  readonly outputs: ReadonlyMap<string, string>
  /** What a bug threw, with its stack. */
  readonly bug: unknown
}

interface Named {
  readonly name: string
  readonly command: Command
  readonly given: ReadonlyMap<string, string>
}

/** Runs the named commands in order, stops at the first that does not pass, and always returns a result. */
export async function run(start: Start): Promise<Finished> {
  const entries: CommandResult[] = []
  const outputs = new Map<string, string>()
  let exitCode = 0
  let bug: unknown
  let names = start.commands
  try {
    const named = await nameCommands(start)
    names = named.map(({ name }) => name)
    const prepared = await prepare(named, start)
    for (const { name, command } of named) {
      if (exitCode !== 0) break
      if (start.signal.aborted) throw interrupted(undefined)
      const finished = await runOne(name, command, prepared, start)
      bug ??= finished.bug
      entries.push(finished.entry)
      exitCode = finished.exitCode
      for (const [key, value] of Object.entries(finished.outputs)) outputs.set(`${name}-${key}`, String(value))
    }
  } catch (error) {
    const known = asReleaseError(error)
    if (known.code === 'internal-error') bug = error
    exitCode = known.exitCode
    entries.push({
      ...head(names[entries.length] ?? 'shiplock'),
      verdict: known.verdict,
      reason: known.message,
      checks: [],
      error: describeError(known),
    })
  }
  for (const name of names.slice(entries.length))
    entries.push({ ...head(name), verdict: 'not-run', reason: 'An earlier command did not pass.', checks: [] })
  if (start.signal.aborted && exitCode !== 0) exitCode = signalExitCode(start.signal)
  const result: Result = { schema: 'shiplock/result@1', verdict: overall(entries), exitCode, commands: entries }
  return { result: redacted(result, start.redactor), outputs, bug }
}

async function nameCommands(start: Start): Promise<Named[]> {
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
  if (command.positional === undefined || words.length > 1) {
    throw new ReleaseError('invalid-input', `${name} does not take the word ${JSON.stringify(String(words.at(-1)).slice(0, 40))}.`, {
      hint: `shiplock ${name} --help shows what it takes.`,
    })
  }
  return new Map(given).set(command.positional, words[0] as string)
}

const alwaysUsed: readonly InputName[] = ['project', 'environment', 'release', 'store']

/** An input that no named command uses would be a wish that nobody hears. */
function refuseUnused(named: readonly Named[], given: ReadonlyMap<string, string>): void {
  const used = new Set<string>([...alwaysUsed, ...named.flatMap(({ command }) => command.inputs)])
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

interface Prepared {
  readonly inputs: ReadonlyMap<string, Partial<InputValues>>
  readonly context: Awaited<ReturnType<typeof createContext>>
  /** Where each result is kept as well, when a store was configured. */
  readonly recordStore: string | undefined
}

/** Reads the configuration and parses every command's inputs before the first command runs. */
async function prepare(named: readonly Named[], start: Start): Promise<Prepared> {
  const { config, baseDir } = await readConfig(start)
  const identity = await describeRun(start.variables, baseDir)
  const surroundings = surroundingDefaults(start, baseDir, identity)
  const parsed = new Map<string, Partial<InputValues>>()
  let common: Partial<InputValues> = {}
  for (const { name, command, given } of named) {
    const sources = { given: given as ReadonlyMap<InputName, string>, config, surroundings, baseDir }
    const values = resolveInputs([...new Set<InputName>([...alwaysUsed.slice(0, 3), ...command.inputs])], sources)
    parsed.set(name, values)
    common = { ...common, ...values }
  }
  const context = await createContext({
    ...start,
    inAction: start.edge === 'action',
    baseDir,
    run: identity,
    project: common.project as string,
    projectGiven: Boolean(start.given.get('project') || config.get('project')),
    environment: common.environment as string,
    release: common.release as string,
  })
  return { inputs: parsed, context, recordStore: start.given.get('store') || config.get('store')?.value }
}

async function readConfig(start: Start): Promise<{ config: Map<InputName, ConfigValue>; baseDir: string }> {
  const path = resolve(start.cwd, start.configPath ?? 'shiplock.yml')
  try {
    const text = await readFile(path, 'utf8')
    return { config: loadConfig(text, basename(path)), baseDir: dirname(path) }
  } catch (error) {
    if (error instanceof ReleaseError) throw error
    if (systemCode(error) === 'ENOENT' && start.configPath === undefined) return { config: new Map(), baseDir: start.cwd }
    throw new ReleaseError(
      'config-not-found',
      `The configuration ${start.configPath ?? 'shiplock.yml'} cannot be read (${systemCode(error)}).`,
      {
        hint: 'Check the input config; relative paths start in the working directory.',
        cause: error,
      },
    )
  }
}

function surroundingDefaults(
  start: Start,
  baseDir: string,
  identity: { commit: string | undefined; tag: string | undefined; repository: string | undefined },
): Map<InputName, string> {
  const { variables: env, edge } = start
  const name = identity.repository ?? basename(baseDir)
  const defaults: [InputName, string | undefined][] = [
    [
      'project',
      name
        .replace(/[^A-Za-z0-9._-]+/g, '-')
        .replace(/^[^A-Za-z0-9]+/, '')
        .slice(0, 63) || 'project',
    ],
    ['release', identity.tag ?? identity.commit?.slice(0, 12) ?? 'unversioned'],
    ['database-url', env.DATABASE_URL || connectionFromVariables(env)],
    ['install-tools', edge === 'action' ? 'true' : 'false'],
    ['store', edge === 'terminal' ? `file://${resolve(baseDir, '.shiplock')}` : undefined],
  ]
  return new Map(defaults.filter((pair): pair is [InputName, string] => pair[1] !== undefined))
}

async function runOne(name: string, command: Command, { inputs, context, recordStore }: Prepared, start: Start) {
  const startedAt = context.clock.now().toISOString()
  let outcome: Outcome
  let exitCode: number
  let bug: unknown
  try {
    outcome = await Promise.race([command.run(inputs.get(name) as InputValues, context), lateAfter(start.signal)])
    exitCode = outcome.error?.exitCode ?? exitCodeOf(outcome.verdict)
  } catch (error) {
    const known = start.signal.aborted && !(error instanceof ReleaseError) ? interrupted(error) : asReleaseError(error)
    if (known.code === 'internal-error') bug = error
    outcome = { verdict: known.verdict, reason: firstLine(known.message), error: known }
    exitCode = known.exitCode
  }
  const entry: CommandResult = {
    ...head(name),
    verdict: outcome.verdict,
    reason: outcome.reason,
    release: context.release,
    environment: context.environment,
    startedAt,
    finishedAt: context.clock.now().toISOString(),
    checks: [...(outcome.checks ?? [])],
    ...outcome.details,
    ...(outcome.error === undefined ? {} : { error: describeError(outcome.error) }),
  }
  const dryRun = inputs.get(name)?.['dry-run'] === true
  if (recordStore !== undefined && !command.terminalOnly && !dryRun) await keepRecord(entry, name, context, recordStore, start)
  return { entry, exitCode, bug, outputs: { verdict: outcome.verdict, ...outcome.outputs } }
}

/** The result is kept beside the backups too; a store that fails here is told, and changes no verdict. */
async function keepRecord(entry: CommandResult, name: string, context: Prepared['context'], url: string, start: Start): Promise<void> {
  const { keepResult } = await import('./backup/record.ts')
  try {
    await keepResult(redacted(entry, start.redactor), { name, ...context, store: await context.openStore(url), at: context.clock.now() })
  } catch (error) {
    context.log.warn(`the record of this ${name} was not kept: ${start.redactor.redact(messageOf(error))}`)
  }
}

/** A word that is no command of ours may be anything, a secret too, and is not repeated. */
function head(line: string) {
  const name = line.trim().split(/\s+/)[0] ?? ''
  return { tool: `shiplock/${version}`, command: Object.hasOwn(commands, name) ? name : 'shiplock' }
}

function overall(entries: readonly CommandResult[]): Verdict {
  const decisive = entries.find((entry) => entry.verdict !== 'pass')
  if (decisive === undefined) return 'pass'
  return verdicts.find((verdict) => verdict === decisive.verdict) ?? 'inconclusive'
}

function describeError(error: ReleaseError) {
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.at === undefined ? {} : { at: error.at }),
  }
}

/** Errors that Node and PostgreSQL throw for a user's mistake get a code and a next step; the rest is a bug. */
function asReleaseError(error: unknown): ReleaseError {
  if (error instanceof ReleaseError) return error
  const code = systemCode(error) ?? ''
  const message = messageOf(error)
  if (code === '42501')
    return new ReleaseError('insufficient-rights', `${message}.`, {
      hint: 'Grant the right to the role of the connection, or name another with the input role.',
      cause: error,
    })
  if (/^(?:57P0|08)/.test(code) || ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(code) || /^Connection terminated/.test(message)) {
    return new ReleaseError('connection-lost', `The connection to the server broke (${code || message}).`, {
      hint: 'Run the same command again: the ledger says what was applied.',
      cause: error,
    })
  }
  if (['EACCES', 'EPERM', 'ENOENT', 'EISDIR', 'ENOTDIR', 'ENOSPC', 'EROFS'].includes(code)) {
    return new ReleaseError('unreadable-file', message, { hint: 'Check the path, its rights and the space on the disk.', cause: error })
  }
  if (/^[0-9A-Z]{5}$/.test(code) && typeof error === 'object' && error !== null && 'severity' in error) {
    const readOnly =
      code === '25006' ? 'The database is read-only: a replica, a full disk of a managed service, or default_transaction_read_only.' : ''
    return new ReleaseError('server-refused', `The server refused a statement of Shiplock: ${message} (SQLSTATE ${code}).`, {
      hint: readOnly || 'Check state-schema, migrations-table and the rights of the role; the SQLSTATE says what the server objects to.',
      cause: error,
    })
  }
  return new ReleaseError('internal-error', `Shiplock failed: ${message}`, {
    hint: 'This is a bug of Shiplock. Please report it with the text above, without secrets.',
    cause: error,
  })
}

/** A runner kills us 7.5 s after its signal; the result is written before that, also when something does not end. */
const longestEndMs = 6000

function lateAfter(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const start = () => setTimeout(() => reject(interrupted(undefined)), longestEndMs).unref()
    if (signal.aborted) start()
    else signal.addEventListener('abort', start, { once: true })
  })
}

function interrupted(cause: unknown): ReleaseError {
  return new ReleaseError('interrupted', 'The run was stopped by a signal.', {
    hint: 'Run the same command again; a second run is safe.',
    cause,
  })
}

function firstLine(text: string): string {
  return text.split('\n')[0] as string
}

/** Fields with words of our own: a password that happens to be "pass" must not blank a verdict. */
const ownWords = new Set(['schema', 'tool', 'command', 'verdict', 'status', 'code', 'startedAt', 'finishedAt'])

function redacted<T>(value: T, redactor: Redactor): T {
  const clean = (one: unknown, key: string): unknown => {
    if (typeof one === 'string') return ownWords.has(key) ? one : redactor.redact(one)
    if (Array.isArray(one)) return one.map((item) => clean(item, key))
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, clean(inner, name)]))
  }
  return clean(value, '') as T
}

/** The texts that must never be printed, found before anything is parsed. */
export function secretsOf(
  given: ReadonlyMap<string, string>,
  variables: Readonly<Record<string, string | undefined>>,
): ReadonlySet<string> {
  const secretInputs = inputNames.filter((name) => traitsOf(name).secret)
  const urls = [...secretInputs.map((name) => given.get(name)), variables.DATABASE_URL, connectionFromVariables(variables)]
  const forms = urls.filter((url): url is string => Boolean(url)).flatMap(secretForms)
  return new Set(variables.PGPASSWORD ? [...forms, variables.PGPASSWORD] : forms)
}
