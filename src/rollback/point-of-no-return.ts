import type { Migration } from '../migration/migration.ts'
import { plural } from '../units.ts'
import { type DecidedLine, placeOf } from './decide.ts'
import { quoted } from './hotfix.ts'
import type { Closing, Outlook } from './outlook.ts'

/** Before a run: until when the older code may come back as it is. */
export function pointOfNoReturn(outlook: Outlook): string {
  const { doubt, end, steps } = outlook
  const code = codeOf(outlook)
  if (end !== undefined && isPassed(outlook))
    return `The point of no return has been passed: ${code} does not work on the schema as it is now (${reason(end)}).`
  if (end !== undefined)
    return `Point of no return: after ${nameOf(end.migration)} ${code} no longer works (${reason(end)}); ${until(outlook, doubt)}`
  if (doubt !== undefined) return `Point of no return: not known. ${doubtful(outlook, doubt)}`
  if (steps.length === 0) return ''
  return `Nothing of this release closes the way back: by rules, ${code} works after ${steps.length === 1 ? 'its migration' : `each of its ${plural(steps.length, 'migration')}`}.`
}

/** Whether the older code does not work already. */
export function isPassed({ end }: Outlook): boolean {
  return end !== undefined && end.migration === undefined
}

/** After a run: what is still open. `outlook` holds the steps that were taken, and no others. */
export function stillOpen(outlook: Outlook): string {
  const { doubt, end } = outlook
  const code = codeOf(outlook)
  if (end?.migration !== undefined)
    return `Code-only ended after ${nameOf(end.migration)}: ${code} no longer works (${reason(end)}). ${forward(outlook)}`
  if (end !== undefined)
    return `Code-only was closed before this run: ${code} does not work on this schema (${reason(end)}). ${forward(outlook)}`
  if (doubt !== undefined) return doubtful(outlook, doubt)
  return `Code-only is open: by rules, ${code} works on the schema as it is now${command(outlook)}.`
}

/** Before the post phase: each statement from which on the older code does not work. */
export function endingStatements({ steps }: Outlook): readonly string[] {
  return steps.flatMap(({ migration, against }) =>
    against.map(
      (line) => `${nameOf(migration)}, ${placeOf(line)}: ${line.effect === 'unknown' ? 'may end' : 'ends'} code-only. ${line.because}`,
    ),
  )
}

/** The newest would be the first to be taken back. */
function forward({ steps }: Outlook): string {
  return steps.at(-1)?.down.exists === true ? 'From here a hotfix is the way, or one down at a time.' : 'From here a hotfix is the way.'
}

function until(outlook: Outlook, doubt: Closing | undefined): string {
  if (doubt === undefined) return `until then it may be deployed as it is${command(outlook)}.`
  const from = doubt.migration === undefined ? 'already now' : `after ${nameOf(doubt.migration)}`
  return `whether it works ${from} is not known (${reason(doubt)}).`
}

function doubtful(outlook: Outlook, doubt: Closing): string {
  const when = doubt.migration === undefined ? 'on the schema as it is now' : `after ${nameOf(doubt.migration)}`
  const asking = outlook.to === undefined ? '' : ' "shiplock rollback" with the queries of that release can tell.'
  return `Whether ${codeOf(outlook)} works ${when} is not known by rules (${reason(doubt)}).${asking}`
}

export function codeOf({ to }: Outlook): string {
  return to === undefined ? 'older code that fits the schema before this run' : `the code of ${to}`
}

function command({ to }: Outlook): string {
  return to === undefined ? '' : `: shiplock rollback --to ${quoted(to)}`
}

function nameOf(migration: Migration | undefined): string {
  return migration === undefined ? '' : `${migration.id} (${migration.phase})`
}

/** Without the full stop, since it stands in brackets. */
function reason({ line }: { readonly line: DecidedLine }): string {
  return `${placeOf(line)}: ${line.because.replace(/\.$/, '')}`
}
