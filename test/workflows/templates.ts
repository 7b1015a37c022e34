import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')

export interface Step {
  readonly name?: string
  readonly id?: string
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, string>>
}

export interface Job {
  readonly name?: string
  readonly needs?: string | readonly string[]
  readonly if?: string
  readonly environment?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean; readonly queue?: string }
  readonly outputs?: Readonly<Record<string, string>>
  readonly 'runs-on': string
  readonly 'timeout-minutes'?: number
  readonly steps: readonly Step[]
}

export interface Template {
  readonly name: string
  readonly text: string
  readonly workflow: {
    readonly on: Readonly<Record<string, unknown>>
    readonly permissions: unknown
    readonly concurrency?: unknown
    readonly jobs: Readonly<Record<string, Job>>
  }
}

/** The workflows that teams copy. */
export const templates = workflowsOf('workflows')

/** Those of this repository. */
export const ownWorkflows = workflowsOf('.github/workflows').map((one) => ({ ...one, name: `own ${one.name}` }))

function workflowsOf(folder: string): Template[] {
  return readdirSync(join(root, folder)).map((file) => {
    const text = readFileSync(join(root, folder, file), 'utf8')
    return { name: file.replace(/\.yml$/, ''), text, workflow: parse(text) as Template['workflow'] }
  })
}

export function templateOf(name: string): Template {
  const found = templates.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no workflow ${name}`)
  return found
}

const jobsOf = (workflows: readonly Template[]) =>
  workflows.flatMap(({ name, workflow }) =>
    Object.entries(workflow.jobs).map(([id, job]) => ({ at: `${name}/${id}`, template: name, id, job })),
  )

export const jobs = jobsOf(templates)
export const ownJobs = jobsOf(ownWorkflows)

export const isOurs = ({ uses }: Step) => uses?.startsWith('OWNER/shiplock@') === true
