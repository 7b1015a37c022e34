import type { CommandResult } from '../../result.ts'
import { formatDuration } from '../../units.ts'
import { type CommandDetail, codeCell, knownFacts, moment } from '../command-report.ts'
import { flag } from '../lenient.ts'
import { backtestDetail } from './canary-backtest.ts'
import { chartsOf } from './canary-chart.ts'
import { checkOnlyDetail } from './canary-check-only.ts'
import { type CanaryDetails, canaryDetails, type WatchedCheck } from './canary-details.ts'
import { factsAfter, followTable } from './canary-follow.ts'
import { queryBlocks } from './canary-queries.ts'
import { comparisonTable, lineTables, otherwiseTable, windowTable } from './canary-tables.ts'

const ranks = new Map([
  ['abort', 0],
  ['hold', 1],
])

/** A watch, a look before a deploy, or a backtest: each has a report of its own. */
export function canaryDetail(command: CommandResult): CommandDetail {
  if (flag.parse(command.checkOnly) === true) return checkOnlyDetail(command)
  if (command.backtest !== undefined) return backtestDetail(command)
  const given = canaryDetails.parse(command)
  const watched = [...given.watched].sort((one, other) => rankOf(one, given) - rankOf(other, given))
  const mattering = watched.filter((one) => one.id === given.deciding || isAgainst(one))
  return {
    what: whatOf(command, given),
    facts: knownFacts([
      ['Deployed', moment(given.deployedAt)],
      ['Warm-up, not judged', given.warmupMs === undefined ? undefined : formatDuration(given.warmupMs)],
      ['Deciding check', codeCell(given.deciding)],
      ...factsAfter(command, given),
    ]),
    tables: [
      comparisonTable(watched),
      otherwiseTable(mattering),
      ...lineTables(mattering),
      followTable(command, given),
      windowTable(watched),
    ].filter(({ rows }) => rows.length > 0),
    notes:
      given.stopped === true ? ['It was stopped from outside: what had not been seen by then is no evidence, and counts for nothing.'] : [],
    blocks: queryBlocks(watched),
    chartGroup: { title: 'Windows of each check that mattered', charts: chartsOf(mattering) },
  }
}

function isAgainst({ decision, dryRun, pending }: WatchedCheck): boolean {
  return decision !== 'promote' && dryRun !== true && pending !== true
}

/** The deciding check first, then the gravest; what is only shown comes last. */
function rankOf({ id, decision, dryRun }: WatchedCheck, { deciding }: CanaryDetails): number {
  if (dryRun === true) return 4
  return id !== undefined && id === deciding ? -1 : (ranks.get(decision ?? '') ?? 2)
}

function whatOf({ command, environment, release }: CommandResult, { watchedMs, durationMs, complete }: CanaryDetails): string {
  const where = [command, environment].filter(Boolean).join(' ')
  if (watchedMs === undefined || durationMs === undefined) return where
  const time = complete === true ? formatDuration(watchedMs) : `${formatDuration(watchedMs)} of ${formatDuration(durationMs)}`
  return `${where}: ${release ?? 'the release'} was watched for ${time}`
}
