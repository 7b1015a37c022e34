import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse, stringify } from 'yaml'
import { installGoTool } from '../go-tool.ts'
import { act as pinnedAct } from '../pins.ts'
import type { Person } from './github.ts'
import { killTree } from './kill-tree.ts'
import type { Team } from './team.ts'

const root = resolve(import.meta.dirname, '../../..')

/** A job of a workflow as YAML has it. */
interface Job {
  needs?: string | string[]
  if?: string
  environment?: unknown
  concurrency?: unknown
  outputs?: Record<string, string>
  steps: { id?: string; uses?: string }[]
}

interface Workflow {
  on: unknown
  jobs: Record<string, Job>
}

export interface Start {
  /** The tag or branch that it is started on. */
  readonly ref: string
  readonly event?: 'push' | 'workflow_dispatch' | 'schedule' | 'pull_request'
  /** What GitHub says of the event. */
  readonly payload?: Readonly<Record<string, unknown>>
  readonly inputs?: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  /** Variables of the repository. */
  readonly vars?: Readonly<Record<string, string>>
  readonly actor?: Person
  /** The run that is started again. */
  readonly again?: string
}

export interface Ended {
  /** Number of the run. */
  readonly run: string
  readonly succeeded: boolean
  readonly log: string
  /** Summaries of its steps, one after the other. */
  readonly summary: string
  /** Whether the condition of the job kept it from starting. */
  readonly skipped: boolean
  /** What a step said, by its id and the name of the output. */
  output(step: string, name: string): string
}

interface Started {
  /** Kills the runner and all that it started, as a machine that is switched off. */
  kill(): Promise<void>
  readonly ended: Promise<Ended>
}

/** Runs jobs of the workflows one at a time, as approvals would release them: a real runner knows no environments. */
export interface Runner extends AsyncDisposable {
  run(workflow: string, job: string, start: Start): Promise<Ended>
  begin(workflow: string, job: string, start: Start): Promise<Started>
}

export async function makeRunner(team: Team, say: (text: string) => void): Promise<Runner> {
  const act = await installGoTool(pinnedAct, say)
  const folder = await mkdtemp(join(tmpdir(), 'runner-'))
  const action = join(folder, 'action')
  // a folder with the program alone: what is beside it would be copied for each step
  await mkdir(action)
  await cp(join(root, 'action.yml'), join(action, 'action.yml'))
  await cp(join(root, 'dist'), join(action, 'dist'), { recursive: true })
  const checkout = resolve(import.meta.dirname, 'checkout')
  /** Outputs of jobs that have ended, by workflow, job and name. */
  const outputs = new Map<string, string>()
  let runs = 0

  const begin = async (workflow: string, job: string, start: Start): Promise<Started> => {
    const source = parse(await readFile(join(root, 'workflows', `${workflow}.yml`), 'utf8')) as Workflow
    const home = join(folder, `run-${++runs}`)
    await mkdir(home)
    const file = join(home, `${workflow}.yml`)
    await writeFile(file, stringify(oneJob(source, workflow, job, outputs)))
    const { event = 'push', ref, inputs = {}, secrets, vars = {}, actor = 'ann', again, payload = {} } = start
    const full = ref === 'main' ? 'refs/heads/main' : `refs/tags/${ref}`
    await writeFile(join(home, 'event.json'), JSON.stringify({ ref: full, inputs, ...payload }))
    await team.repository.git('checkout', '--quiet', ref)
    const flags = (name: string, values: readonly string[]) => values.flatMap((value) => [name, value])
    const local = actionsOf(source).map((uses) => `${uses}=${uses.startsWith('actions/checkout@') ? checkout : action}`)
    const run = { id: again ?? String(1000 + runs), attempt: again === undefined ? 1 : 2, actor, event }
    team.github.knows({ ...run, commit: await team.repository.git('rev-parse', 'HEAD') })
    const variables = {
      TEAM_ORIGIN: team.repository.dir,
      GITHUB_API_URL: team.github.url,
      GITHUB_REF_PROTECTED: 'true',
      GITHUB_RUN_ID: run.id,
      GITHUB_RUN_ATTEMPT: String(run.attempt),
    }
    const args = [
      ...[event, '--directory', team.repository.dir, '--workflows', file, '--eventpath', join(home, 'event.json'), '--actor', actor],
      ...['--platform', 'ubuntu-24.04=-self-hosted', '--json', '--no-skip-checkout'],
      ...flags('--secret', Object.keys(secrets)), // their values are taken from the surroundings
      ...flags('--local-repository', local),
      ...flags('--env', pairs(variables)),
      ...flags('--var', pairs(vars)),
    ]
    const surroundings = { ...secrets, PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: join(home, 'cache') }
    const child = spawn(act, args, { cwd: home, env: surroundings, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = follow(child, run.id).then((said) => {
      keepOutputs(source, workflow, job, said, outputs)
      return said
    })
    return { kill: () => killTree(child.pid as number), ended }
  }
  return {
    begin,
    run: async (workflow, job, start) => (await begin(workflow, job, start)).ended,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** The workflow with one job, which finds what earlier jobs said where it asks for it. What the runner does not know is left out. */
function oneJob({ on, jobs }: Workflow, workflow: string, name: string, outputs: ReadonlyMap<string, string>) {
  const { needs: _, environment: __, concurrency: ___, ...job } = jobs[name] as Job
  const known = JSON.stringify(job).replaceAll(/needs\.([\w-]+)\.outputs\.([\w-]+)/g, (_text, of: string, output: string) => {
    return `'${(outputs.get(`${workflow}/${of}/${output}`) ?? '').replaceAll("'", "''")}'`
  })
  return { name: workflow, on, permissions: {}, jobs: { [name]: JSON.parse(known) } }
}

function pairs(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map((pair) => pair.join('='))
}

function actionsOf({ jobs }: Workflow): string[] {
  const all = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []))
  return [...new Set(all)]
}

interface Line {
  readonly msg?: string
  readonly stepID?: readonly string[]
  readonly command?: string
  readonly name?: string
  readonly arg?: string
  readonly content?: string
}

function follow(child: ChildProcess, run: string): Promise<Ended> {
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  return new Promise((resolved) =>
    child.on('close', (code) => {
      const lines = text.split('\n').flatMap((line): Line[] => {
        try {
          return [JSON.parse(line) as Line]
        } catch {
          return line === '' ? [] : [{ msg: line }]
        }
      })
      const summary = lines.flatMap(({ command, content }) => (command === 'summary' ? (content ?? []) : [])).join('\n')
      resolved({
        run,
        succeeded: code === 0,
        skipped: !lines.some(({ stepID }) => stepID !== undefined),
        log: lines.map(({ msg }) => msg?.trimEnd()).join('\n'),
        summary,
        output: (step, name) => lines.findLast((line) => line.name === name && line.stepID?.[0] === step)?.arg ?? '',
      })
    }),
  )
}

function keepOutputs({ jobs }: Workflow, workflow: string, job: string, ended: Ended, outputs: Map<string, string>): void {
  for (const [name, text] of Object.entries(jobs[job]?.outputs ?? {})) {
    const [, step = '', output = ''] = /steps\.([\w-]+)\.outputs\.([\w-]+)/.exec(text) ?? []
    outputs.set(`${workflow}/${job}/${name}`, ended.output(step, output))
  }
}
