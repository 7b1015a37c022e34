import type { CommandResult } from '../../result.ts'
import { type Cell, moment, type ReportTable } from '../command-report.ts'
import type { CanaryDetails } from './canary-details.ts'

/** What is live, and whether the post phase may run. */
export function factsAfter({ verdict, release }: CommandResult, { record }: CanaryDetails): [string, Cell | undefined][] {
  const { live, noted, why } = record
  const isAgainst = verdict === 'abort' || verdict === 'hold'
  const wasWatched = isAgainst || verdict === 'promote'
  const recorded = live.release === undefined ? undefined : `${live.release}, recorded as deployed ${moment(live.at) ?? ''}`.trim()
  const liveText = recorded ?? (release === undefined ? undefined : `${release}, as this run was told`)
  return [
    ['Live', isAgainst && liveText !== undefined ? `${liveText}; nothing was rolled back` : recorded],
    ['Compared with a deploy', wasWatched && live.release === undefined ? notCompared(why) : undefined],
    ['Post phase', postPhase(record, verdict)],
    ['History', noted === true ? 'the verdict is noted' : why === undefined ? undefined : `the verdict is not noted: ${why}`],
  ]
}

/** Nobody knows then whether the windows are those of the release. */
function notCompared(why: string | undefined): string {
  return `no: ${why ?? 'no release is recorded as deployed'}`
}

function postPhase({ postBarred: barred, noted }: CanaryDetails['record'], verdict: CommandResult['verdict']): string | undefined {
  if (barred === true)
    return verdict === 'promote' ? 'shut, by what came before this watch' : 'shut, until a person or a new deploy opens it'
  if (verdict !== 'abort' && verdict !== 'hold') return barred === false ? 'open' : undefined
  return isUnguarded(noted, barred) ? 'not barred by this verdict: do not run it' : 'not barred by this verdict'
}

/** Whether there may be a post phase that a verdict against the release does not shut. */
function isUnguarded(noted: boolean | undefined, barred: boolean | undefined): boolean {
  return noted !== true && barred === undefined
}

/** What can be typed now. Going back is the team's own deploy command, which nobody here knows. */
export function followTable(command: CommandResult, { record, deployedAt }: CanaryDetails): ReportTable {
  const { verdict, environment } = command
  const isAgainst = verdict === 'abort' || verdict === 'hold'
  const where = environment === undefined ? '' : ` --environment ${shellWord(environment)}`
  const rows: [string, Cell][] = []
  const again = (at: string) => `shiplock canary${where} --deployed-at ${shellWord(at)}`
  if (isAgainst && isUnguarded(record.noted, record.postBarred)) {
    rows.push(['Do not run the post phase: nothing bars it, since the history does not know of this verdict', ''])
    rows.push([
      'Have the verdict noted, which bars it: give database-url (as DATABASE_URL), and judge the same windows again',
      deployedAt === undefined ? '' : { code: again(deployedAt) },
    ])
  } else if (record.beforeDeploy !== undefined && record.live.at !== undefined) {
    rows.push(['Watch the release from when it was recorded as deployed', { code: again(record.live.at) }])
  } else if (verdict === 'hold' && deployedAt !== undefined) {
    rows.push(['Judge the same windows again, when the sources have what was missing', { code: again(deployedAt) }])
  }
  if (isAgainst || record.postBarred === true) {
    const before = record.before
    const release = before === undefined ? '' : ` --release ${shellWord(before)}`
    if (before !== undefined && record.noted === true) {
      rows.push([
        `See whether the code of ${before} works on this schema; changes nothing`,
        { code: `shiplock rollback${where} --to ${shellWord(before)} --dry-run` },
      ])
    }
    rows.push([
      `Go back: deploy ${before ?? 'the release before'} with your own command${record.noted === true ? ', then from its checkout' : ''}`,
      record.noted === true ? { code: `shiplock record deployed${where}${release}` } : '',
    ])
  }
  if (record.postBarred === true) {
    rows.push([
      'Let it stay all the same, which opens the post phase; the reason is kept',
      { code: `shiplock record promoted${where} --reason "…"` },
    ])
  }
  return { title: 'What can follow', headers: ['To', 'Type'], rows }
}

/** A word of a command line, quoted where a shell would read more into it. */
function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
