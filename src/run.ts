import { createContext, describeRun } from './adapters/context.ts'
import type { Command, Context, Log, Outcome } from './commands/command.ts'
import { messageOf, ReleaseError } from './errors.ts'
import { asReleaseError, describeError, interrupted } from './explain-error.ts'
import { homeFolders } from './home-folders.ts'
import { type InputName, type InputValues, traitsOf } from './inputs.ts'
import type { Annotation } from './lint/publish/annotations.ts'
import { type Asked, commonInputs, type Named, nameCommands } from './name-commands.ts'
import { type Redactor, redacted } from './redact.ts'
import { resolveInputs } from './resolve-inputs.ts'
import { type CommandResult, exitCodeOf, type Result, type Verdict, verdicts } from './result.ts'
import { type Progress, resultHead } from './result-so-far.ts'
import { signalExitCode } from './signals.ts'
import { storeAccess } from './store-access.ts'
import { configFolder, readConfig, surroundingDefaults } from './surroundings.ts'

/** One start of Shiplock, as an edge hands it over. */
export interface Start extends Asked {
  readonly configPath: string | undefined
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The file that was started, for the demonstration, which starts the real commands. */
  readonly program: string
  readonly signal: AbortSignal
  /** What was thrown where nobody could catch it. */
  readonly crash: () => unknown
  readonly log: Log
  readonly redactor: Redactor
  /** Told before the first command, and when one begins or ends. */
  readonly told?: (progress: Progress) => Promise<void>
  /** Asks whoever sits at the terminal; absent where nobody does. */
  readonly ask?: (question: string) => Promise<string | undefined>
}

/** Step outputs by name, `<command>-<name>`. */
export interface Finished {
  readonly result: Result
  readonly outputs: ReadonlyMap<string, string>
  readonly annotations: readonly Annotation[]
  /** What a bug threw, with its stack. */
  readonly bug: unknown
}

/** Runs the named commands in order, stops at the first that does not pass, and always returns a result. */
export async function run(start: Start): Promise<Finished> {
  const entries: CommandResult[] = []
  const outputs = new Map<string, string>()
  const annotations: Annotation[] = []
  let exitCode = 0
  let bug: unknown
  let names = start.commands
  try {
    const described = describeRun(start.variables, configFolder(start)) // git answers while the command is loaded
    const named = await nameCommands(start)
    names = named.map(({ name }) => name)
    const prepared = await prepare(named, start, described)
    const { release, environment, clock } = prepared.context
    for (const [index, { name, command }] of named.entries()) {
      if (exitCode !== 0) break
      if (start.signal.aborted) throw interrupted(undefined)
      const underWay = { name, startedAt: clock.now().toISOString(), release, environment }
      await start.told?.({ ended: [...entries], underWay, waiting: names.slice(index + 1) })
      const finished = await runOne(name, command, prepared, start, underWay.startedAt)
      bug ??= finished.bug
      entries.push(finished.entry)
      exitCode = finished.exitCode
      annotations.push(...finished.annotations)
      await start.told?.({ ended: [...entries], waiting: names.slice(index + 1) })
      for (const [key, value] of Object.entries(finished.outputs)) outputs.set(`${name}-${key}`, String(value))
    }
  } catch (error) {
    const known = asReleaseError(error)
    if (known.code === 'internal-error') bug = error
    exitCode = known.exitCode
    entries.push({
      ...resultHead(names[entries.length] ?? 'shiplock'),
      verdict: known.verdict,
      reason: known.message,
      checks: [],
      error: describeError(known),
    })
  }
  for (const name of names.slice(entries.length))
    entries.push({ ...resultHead(name), verdict: 'not-run', reason: 'An earlier command did not pass.', checks: [] })
  if (start.crash() === undefined && start.signal.aborted && exitCode !== 0) exitCode = signalExitCode(start.signal)
  const result: Result = { schema: 'shiplock/result@1', verdict: overall(entries), exitCode, commands: entries }
  return { ...redacted({ result, annotations }, start.redactor), outputs, bug }
}

interface Prepared {
  readonly sources: ReadonlyMap<string, Context['sources']>
  readonly inputs: ReadonlyMap<string, Partial<InputValues>>
  readonly context: Omit<Context, 'sources' | 'redact'>
  /** Where each result is kept as well, when a store was configured. */
  readonly recordStore: string | undefined
}

/** The values, with no secret of this run in a text that is kept. */
function withoutSecrets(values: Partial<InputValues>, redactor: Redactor): Partial<InputValues> {
  const clean = (name: string, value: unknown) =>
    typeof value === 'string' && traitsOf(name as InputName).kept === true ? redactor.redact(value) : value
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, clean(name, value)]))
}

/** Reads the configuration and parses every command's inputs before the first command runs. */
async function prepare(named: readonly Named[], start: Start, described: ReturnType<typeof describeRun>): Promise<Prepared> {
  const { config, baseDir, file: configFile } = await readConfig(start)
  const identity = await described
  const surroundings = surroundingDefaults(start, baseDir, identity)
  const parsed = new Map<string, Partial<InputValues>>()
  const allSources = new Map<string, Context['sources']>()
  let common: Partial<InputValues> = {}
  for (const { name, command, given } of named) {
    const valueGiven = (one: InputName) => given.get(one) || config.get(one)?.value || undefined
    const defaults = new Map([...surroundings, ...(await homeFolders(valueGiven, baseDir))])
    const sources = { given: given as ReadonlyMap<InputName, string>, config, surroundings: defaults, baseDir, configFile }
    allSources.set(name, sources)
    const values = resolveInputs(
      [...new Set<InputName>([...commonInputs.filter((one) => one !== 'store'), ...command.inputs])],
      sources,
      command.optional,
    )
    const clean = withoutSecrets(values, start.redactor)
    parsed.set(name, clean)
    common = { ...common, ...clean }
  }
  const recordStore = start.given.get('store') || config.get('store')?.value
  const context = await createContext({
    ...start,
    inAction: start.edge === 'action',
    baseDir,
    run: identity,
    project: common.project as string,
    projectGiven: Boolean(start.given.get('project') || config.get('project')),
    environment: common.environment as string,
    release: common.release as string,
    storeUrl: recordStore,
    storeAccess: storeAccess(common as InputValues, start.given),
  })
  return { inputs: parsed, sources: allSources, context, recordStore }
}

async function runOne(
  name: string,
  command: Command,
  { inputs, sources, context, recordStore }: Prepared,
  start: Start,
  startedAt: string,
) {
  let outcome: Outcome
  let exitCode: number
  let bug: unknown
  try {
    const whole: Context = {
      ...context,
      sources: sources.get(name) as Context['sources'],
      redact: (value) => redacted(value, start.redactor),
    }
    outcome = await Promise.race([command.run(inputs.get(name) as InputValues, whole), lateAfter(start.signal)])
    exitCode = outcome.error?.exitCode ?? outcome.exitCode ?? exitCodeOf(outcome.verdict)
  } catch (error) {
    const known = start.signal.aborted && !(error instanceof ReleaseError) ? interrupted(error) : asReleaseError(error)
    if (known.code === 'internal-error') bug = error
    outcome = { verdict: known.verdict, reason: firstLine(known.message), error: known }
    exitCode = known.exitCode
  }
  if (start.crash() !== undefined) {
    bug = start.crash()
    const known = asReleaseError(bug)
    outcome = { ...outcome, verdict: known.verdict, reason: firstLine(known.message), error: known }
    exitCode = known.exitCode
  }
  const entry: CommandResult = {
    ...resultHead(name),
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
  const { 'dry-run': dryRun = false, 'from-record': fromRecord = false } = inputs.get(name) ?? {}
  if (recordStore !== undefined && !command.terminalOnly && !dryRun && !fromRecord)
    await keepRecord(entry, name, context, recordStore, start)
  return { entry, exitCode, bug, annotations: outcome.annotations ?? [], outputs: { verdict: outcome.verdict, ...outcome.outputs } }
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

function overall(entries: readonly CommandResult[]): Verdict {
  const decisive = entries.find((entry) => !['pass', 'promote'].includes(entry.verdict))
  if (decisive === undefined) return entries.length === 1 && entries[0]?.verdict === 'promote' ? 'promote' : 'pass'
  return verdicts.find((verdict) => verdict === decisive.verdict) ?? 'inconclusive'
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

function firstLine(text: string): string {
  return text.split('\n')[0] as string
}
