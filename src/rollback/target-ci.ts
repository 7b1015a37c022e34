import type { Check } from '../result.ts'
import { plural } from '../units.ts'

/** What GitHub shows beside a commit: a check of a workflow or an app, or a status that another system set. */
export interface CommitCheck {
  readonly name: string
  readonly state: 'green' | 'red' | 'pending'
  /** The run of a workflow that it belongs to. */
  readonly run: string | undefined
}

export interface CommitChecks {
  readonly checks: readonly CommitCheck[]
  /** Why some of them could not be read; empty when all could. */
  readonly problems: readonly string[]
}

/** Where people see them. */
interface Seen {
  /** The release, as somebody named it. */
  readonly name: string
  readonly page: string
  /** The run that asks: its own checks say nothing about the target. */
  readonly run: string
}

const id = 'target-ci'
/** Names that are shown, of as many as there are. */
const mostNames = 5

/** Whether the target was green. A red one forbids nothing: people decide. */
export function judgeTargetCi({ checks: all, problems }: CommitChecks, { name, page, run }: Seen): Check {
  const checks = all.filter((one) => one.run === undefined || one.run !== run)
  const [red, pending] = (['red', 'pending'] as const).map((state) => checks.filter((one) => one.state === state).map((one) => one.name))
  const of = `of ${plural(checks.length, 'check')} of ${name}`
  if (red !== undefined && red.length > 0)
    return { id, status: 'fail', value: `${red.length} ${of} failed`, message: `${listed(red)}. ${page}` }
  if (problems.length > 0) return notChecked(problems.join(' '))
  if (checks.length === 0) return notChecked(`GitHub has no checks of ${name}. ${page}`)
  if (pending !== undefined && pending.length > 0) return notChecked(`${pending.length} ${of} have not ended: ${listed(pending)}. ${page}`)
  return { id, status: 'pass', value: `${plural(checks.length, 'check')} of ${name}, none failed`, message: page }
}

export function notChecked(message: string): Check {
  return { id, status: 'not-checked', message }
}

function listed(names: readonly string[]): string {
  const shown = [...new Set(names)]
  const more = shown.length - mostNames
  return shown.slice(0, mostNames).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
