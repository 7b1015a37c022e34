import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as core from '@actions/core'
import type { Log } from './commands/command.ts'
import type { Annotation } from './lint/publish/annotations.ts'
import { LiveLine } from './live-line.ts'
import { Redactor } from './redact.ts'
import { foreign, harmless } from './report/foreign.ts'
import { renderSummary, summarySkeleton } from './report/summary.ts'
import { renderTerminal } from './report/terminal.ts'
import { type Finished, run } from './run.ts'
import { secretsOf } from './secrets.ts'
import { watchSignals } from './signals.ts'

/** What the action's edge uses of the process. */
type Runner = Pick<NodeJS.Process, 'env' | 'cwd' | 'on' | 'off' | 'exit'>

/** Runs one step; resolves with the exit status. Every workflow command goes through @actions/core, which escapes. */
export async function action(runner: Runner, program: string): Promise<number> {
  const given = readInputs(runner.env)
  const redactor = maskSecrets(given, runner.env)
  const log = actionLog(redactor)
  const commands = (given.get('command') ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const configPath = given.get('config') || undefined
  given.delete('command')
  given.delete('config')
  await writeSummary(runner.env, summarySkeleton(commands))
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
  })
  if (!signal.aborted) stop() // else the last resort stays: what does not end is ended
  await report(finished, redactor, runner.env)
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

async function report(
  { result, outputs, annotations, bug }: Finished,
  redactor: Redactor,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (bug !== undefined) core.info(foreign(redactor.redact(String((bug as Error).stack ?? bug))))
  const path = await writeResult(JSON.stringify(result, undefined, 2), env)
  core.setOutput('verdict', result.verdict)
  core.setOutput('result', path)
  for (const [name, value] of outputs) {
    if (redactor.has(value)) core.warning(`The output ${name} stays empty: its value holds a masked text, and GitHub would drop it.`)
    else core.setOutput(name, value)
  }
  await writeSummary(env, renderSummary(result))
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

async function writeResult(text: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const folder = join(env.RUNNER_TEMP || tmpdir(), 'shiplock-results')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${randomBytes(8).toString('hex')}.json`)
  await writeFile(path, `${text}\n`, { mode: 0o600, flag: 'wx' })
  return path
}

/** The summary file belongs to this step alone, so it is written anew each time. */
async function writeSummary(env: Readonly<Record<string, string | undefined>>, text: string): Promise<void> {
  if (env.GITHUB_STEP_SUMMARY) await writeFile(env.GITHUB_STEP_SUMMARY, text)
}

function withoutInputs(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('INPUT_')))
}

function actionLog(redactor: Redactor): Log {
  const kept = { write: (text: string) => core.info(text.trimEnd()), columns: () => undefined, now: () => performance.now() }
  const live = new LiveLine(kept)
  return {
    info: (text) => core.info(harmless(redactor.redact(text))),
    warn: (text) => core.info(harmless(redactor.redact(`! ${text}`))),
    foreign: (text) => core.info(foreign(redactor.redact(text))),
    live: (line) => live.show({ ...line, text: harmless(redactor.redact(line.text)) }),
  }
}
