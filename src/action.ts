import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as core from '@actions/core'
import type { Log } from './commands/command.ts'
import { messageOf } from './errors.ts'
import type { Annotation } from './lint/publish/annotations.ts'
import { LiveLine } from './live-line.ts'
import { Redactor } from './redact.ts'
import { foreign, harmless } from './report/foreign.ts'
import { renderTerminal } from './report/terminal.ts'
import { type Finished, run } from './run.ts'
import { secretsOf } from './secrets.ts'
import { watchSignals } from './signals.ts'
import { StepFiles } from './step-files.ts'

/** What the action's edge uses of the process. */
type Runner = Pick<NodeJS.Process, 'env' | 'cwd' | 'on' | 'off' | 'exit'>

/** Runs one step; resolves with the exit status. Every workflow command goes through @actions/core, which escapes. */
export async function action(runner: Runner, program: string): Promise<number> {
  const given = readInputs(runner.env)
  const redactor = maskSecrets(given, runner.env)
  const files = new StepFiles({
    resultPath: await placeForResult(runner.env),
    summaryPath: runner.env.GITHUB_STEP_SUMMARY || undefined,
    redactor,
    now: () => new Date(),
  })
  const log = actionLog(redactor, files)
  const commands = (given.get('command') ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const configPath = given.get('config') || undefined
  given.delete('command')
  given.delete('config')
  await files.show({ ended: [], waiting: commands })
  // of a step that is killed these stay
  core.setOutput('verdict', 'inconclusive')
  core.setOutput('result', files.resultPath)
  const { signal, crash, stop } = watchSignals(runner, () => log.warn('the step was cancelled; stopping'))
  const finished = await run({
    edge: 'action',
    commands,
    usageProblem: undefined,
    given,
    configPath,
    variables: withoutInputs(runner.env),
    cwd: runner.env.GITHUB_WORKSPACE || runner.cwd(),
    program,
    signal,
    crash,
    log,
    redactor,
    told: (progress) =>
      files.show(progress).catch((error) => log.warn(`how far this step has come could not be written: ${messageOf(error)}`)),
  })
  if (!signal.aborted) stop() // else the last resort stays: what does not end is ended
  await report(finished, redactor, files)
  return finished.result.exitCode
}

/** `INPUT_DATABASE-URL` and the like; an input that was left out arrives as the empty text. */
function readInputs(env: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const pairs = Object.entries(env).filter(([name, value]) => name.startsWith('INPUT_') && value)
  return new Map(pairs.map(([name, value]) => [name.slice('INPUT_'.length).toLowerCase().replaceAll('_', '-'), (value as string).trim()]))
}

/** Before anything else, so that no later message can hold a secret. */
function maskSecrets(given: ReadonlyMap<string, string>, env: Readonly<Record<string, string | undefined>>): Redactor {
  const redactor = new Redactor()
  const secrets = [...secretsOf(given, env)]
  for (const secret of secrets.filter((one) => one.length >= Redactor.shortest)) {
    core.setSecret(secret)
    redactor.add(secret)
  }
  if (secrets.some((one) => one.length < Redactor.shortest)) {
    core.warning(`A secret shorter than ${Redactor.shortest} characters is not masked: it would blank half the log.`)
  }
  return redactor
}

async function report({ result, outputs, annotations, bug }: Finished, redactor: Redactor, files: StepFiles): Promise<void> {
  if (bug !== undefined) core.info(foreign(redactor.redact(String((bug as Error).stack ?? bug))))
  await files.finish(result)
  core.setOutput('verdict', result.verdict)
  for (const [name, value] of outputs) {
    if (redactor.has(value)) core.warning(`The output ${name} stays empty: its value holds a masked text, and GitHub would drop it.`)
    else core.setOutput(name, value)
  }
  core.info(renderTerminal(result, { color: false })) // made harmless by the renderer
  for (const annotation of annotations) annotate(annotation)
  for (const { command, verdict, reason, error } of result.commands) {
    if (verdict === 'pass' || verdict === 'not-run') continue
    core.error(harmless(error === undefined ? `${command}: ${reason}` : `${command}: ${error.code}: ${error.message}`), place(error?.at))
  }
}

/** The message may have several lines: @actions/core escapes their ends. */
function annotate({ severity, path, title, message, ...lines }: Annotation): void {
  const show = { error: core.error, warning: core.warning, notice: core.notice }[severity]
  show(harmless(message), { ...lines, title: harmless(title), ...(path === undefined ? {} : { file: harmless(path) }) })
}

/** The file and line of an annotation. */
function place(at: string | undefined): core.AnnotationProperties {
  const match = /^(.*?):(\d+):(\d+)$/.exec(at ?? '')
  if (match === null) return at === undefined ? {} : { file: at }
  return { file: match[1] as string, startLine: Number(match[2]), startColumn: Number(match[3]) }
}

async function placeForResult(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const folder = join(env.RUNNER_TEMP || tmpdir(), 'shiplock-results')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return join(folder, `${randomBytes(8).toString('hex')}.json`)
}

function withoutInputs(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('INPUT_')))
}

function actionLog(redactor: Redactor, files: StepFiles): Log {
  const kept = { write: (text: string) => core.info(text.trimEnd()), columns: () => undefined, now: () => performance.now() }
  const live = new LiveLine(kept)
  const say = (text: string) => {
    files.say(text)
    core.info(harmless(redactor.redact(text)))
  }
  return {
    info: say,
    warn: (text) => say(`! ${text}`),
    foreign: (text) => core.info(foreign(redactor.redact(text))),
    live: (line) => live.show({ ...line, text: harmless(redactor.redact(line.text)) }),
  }
}
