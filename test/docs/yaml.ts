import { parse } from 'yaml'
import type { Job } from '../workflows/templates.ts'

/** A part of a workflow, completed to a whole one. */
interface Workflow {
  readonly text: string
  readonly jobs: Readonly<Record<string, Job>>
}

const head = 'on: push\n'
const around = `jobs:\n  job:\n    runs-on: ubuntu-24.04\n    steps:\n`

/** What is no part of a workflow has to be shiplock.yml. */
export function snippetOf(text: string): Workflow | 'settings' {
  const filled = pinned(text)
  const value: unknown = parse(filled, { uniqueKeys: false })
  if (Array.isArray(value)) return workflow(head + around + filled.replace(/^(?=.)/gm, '      '))
  if (typeof value !== 'object' || value === null) return 'settings'
  if ('jobs' in value) return workflow(filled)
  if ('permissions' in value) return workflow(`${head}${filled}${around}      - run: 'true'\n`)
  const isJob = (one: unknown) => typeof one === 'object' && one !== null && 'steps' in one
  if (Object.values(value).every(isJob)) return workflow(`${head}jobs:\n${filled.replace(/^(?=.)/gm, '  ')}`)
  return 'settings'
}

function workflow(text: string): Workflow {
  return { text, jobs: (parse(text) as { jobs: Record<string, Job> }).jobs }
}

/** Names that a reader fills in, as the templates have them. */
function pinned(text: string): string {
  const commit = '0'.repeat(40)
  return text
    .replace(/uses: (?:<owner>|…|OWNER)\/shiplock@(?:<commit>|…|COMMIT)/g, `uses: OWNER/shiplock@${commit}`)
    .replace(/uses: \.\/ /g, `uses: OWNER/shiplock@${commit} `)
    .replace(/@(?:<commit>|…)(?=\s)/g, `@${commit}`)
}
