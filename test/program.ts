import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type Result, resultSchema } from '../src/result.ts'
import { canBeWarm, type Ended, runWarm } from './warm-program.ts'

const dist = resolve(import.meta.dirname, '../dist')

/** A folder with files, as a team's checkout. */
export interface Project extends AsyncDisposable {
  readonly dir: string
  write(files: Readonly<Record<string, string>>): Promise<void>
  remove(path: string): Promise<void>
}

export async function makeProject(files: Readonly<Record<string, string>> = {}): Promise<Project> {
  const dir = await mkdtemp(join(tmpdir(), 'project-'))
  const write = async (more: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(more)) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), text)
    }
  }
  await write(files)
  return {
    dir,
    write,
    remove: (path) => rm(join(dir, path), { recursive: true }),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}

interface RunOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly node?: string
}

/** A program under way; `ended` never rejects. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when the text has been printed on either stream. */
  printed(text: string): Promise<void>
}

/** Starts the bundle's command line with nothing in its environment but PATH, HOME and what is given. */
export function startCli(args: readonly string[], options: RunOptions): Running {
  return start([join(dist, 'cli.js'), ...args], options)
}

export function start(args: readonly string[], { cwd, env, node }: RunOptions): Running {
  const child = spawn(node ?? process.execPath, args, { cwd, env: environment(cwd, env), stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const look of watchers) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const look of watchers) look()
  })
  const ended = new Promise<Ended>((done) => child.on('close', (exitCode, signal) => done({ exitCode, signal, stdout, stderr })))
  const printed = (text: string) =>
    new Promise<void>((done, fail) => {
      const look = () => {
        if (!stdout.includes(text) && !stderr.includes(text)) return
        watchers.delete(look)
        done()
      }
      watchers.add(look)
      look()
      void ended.then(() =>
        stdout.includes(text) || stderr.includes(text) ? done() : fail(new Error(`ended without printing ${text}:\n${stdout}\n${stderr}`)),
      )
    })
  return { child, ended, printed }
}

/** One command line with `--json`; the parsed result beside what was printed. */
export async function shiplock(args: readonly string[], options: RunOptions): Promise<Ended & { result: Result }> {
  const ended = await runCli([...args, '--json'], options)
  return { ...ended, result: resultOf(ended) }
}

/** One command line of the bundle from its start to its end. */
export function runCli(args: readonly string[], options: RunOptions): Promise<Ended> {
  const env = environment(options.cwd, options.env)
  if (options.node !== undefined || !canBeWarm(env)) return startCli(args, options).ended
  return runWarm(join(dist, 'cli.js'), { args, cwd: options.cwd, env })
}

function environment(cwd: string, given: RunOptions['env']): Record<string, string> {
  const all = { PATH: process.env.PATH, HOME: cwd, TMPDIR: process.env.TMPDIR, ...given }
  return Object.fromEntries(Object.entries(all).filter((one): one is [string, string] => one[1] !== undefined))
}

export function resultOf(ended: Ended): Result {
  try {
    return resultSchema.parse(JSON.parse(ended.stdout))
  } catch (cause) {
    throw new Error(`no result: exit ${ended.exitCode} ${ended.signal}\n${ended.stdout}\n${ended.stderr}`, { cause })
  }
}

/** What GitHub hands to a step and takes from it. */
export interface Step {
  readonly outputs: ReadonlyMap<string, string>
  readonly summary: string
  readonly result: Result | undefined
  readonly ended: Ended
}

/** Starts `dist/main.js` as a runner does: inputs in the environment, outputs and summary by files. */
export async function runStep(inputs: Readonly<Record<string, string>>, options: RunOptions): Promise<Step> {
  return (await startStep(inputs, options)).finish()
}

export async function startStep(
  inputs: Readonly<Record<string, string>>,
  options: RunOptions,
): Promise<{ running: Running; summary(): Promise<string>; finish(): Promise<Step> }> {
  const temp = await mkdtemp(join(tmpdir(), 'runner-'))
  const [output, summary, state] = ['output', 'summary', 'state'].map((name) => join(temp, name)) as [string, string, string]
  for (const path of [output, summary, state]) await writeFile(path, '')
  const env = {
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_ACTIONS: 'true',
    CI: 'true',
    GITHUB_WORKSPACE: options.cwd,
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_STATE: state,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_RUN_ID: '4711',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SHA: '5c1e0aa5c1e0aa5c1e0aa5c1e0aa5c1e0aa5c1e0',
    RUNNER_TEMP: temp,
    ...options.env,
  }
  const running = start([join(dist, 'main.js')], { ...options, env })
  const finish = async () => {
    const ended = await running.ended
    const outputs = parseOutputs(await readFile(output, 'utf8'))
    const path = outputs.get('result')
    const result = path === undefined ? undefined : resultSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    const step = { outputs, summary: await readFile(summary, 'utf8'), result, ended }
    await rm(temp, { recursive: true, force: true })
    return step
  }
  return { running, summary: () => readFile(summary, 'utf8'), finish }
}

/** The file command's format: `name<<delimiter`, lines, the delimiter. */
function parseOutputs(text: string): Map<string, string> {
  const outputs = new Map<string, string>()
  for (const match of text.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n\2$/gm)) outputs.set(match[1] as string, match[3] as string)
  return outputs
}
