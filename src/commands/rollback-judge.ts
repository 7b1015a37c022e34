import { type History, lastDeployed } from '../migration/history.ts'
import type { Layout } from '../migration/layout.ts'
import type { LedgerEntry } from '../migration/ledger.ts'
import type { Migration } from '../migration/migration.ts'
import { type Judgement, judgeSince } from '../rollback/judge.ts'
import { liveRelease, refuseForward, type Target } from '../rollback/present.ts'
import { type RanSince, type RunState, ranSince } from '../rollback/since.ts'
import type { Context } from './command.ts'
import { textsOf } from './rollback-target.ts'

type Folders = Parameters<typeof textsOf>[2]

/** The release that would come back, and what has run where it would. */
interface Standing {
  readonly target: Target
  readonly layout: Layout
  readonly migrations: readonly Migration[]
  readonly entries: readonly LedgerEntry[]
  readonly history: History
  /** Major version of the server. */
  readonly postgres: number
}

interface Release {
  readonly release: string
  readonly commit: string | undefined
}

/** What the rules say of all that ran since the target. */
export interface RulesAnswer {
  readonly live: Release | undefined
  /** The last that was deployed, also when a rollback came after it. */
  readonly deployed: Release | undefined
  readonly ran: RunState
  /** Versions whose text nobody has. */
  readonly lost: readonly RanSince[]
  readonly judgement: Judgement
  readonly notes: readonly string[]
}

/** Throws `target-is-live` and `target-newer`: then there is nothing to go back to. */
export async function judgeByRules(
  { target, layout, migrations, entries, history, postgres }: Standing,
  inputs: Folders,
  context: Context,
): Promise<RulesAnswer> {
  const live = liveRelease(history.rows)
  const relation = live?.commit === undefined ? undefined : await context.compareCommit(live.commit, target.commit)
  const order = refuseForward(target, live, relation)
  const ran = ranSince(migrations, entries, history, target.name)
  const { found, lost } = await textsOf(ran.since, layout, inputs, context)
  const judgement = await judgeSince({ target: migrations, since: found, layout, postgres })
  const deployed = lastDeployed(history.rows)
  return { live, deployed, ran, lost, judgement, notes: [...(order === undefined ? [] : [order]), ...ran.notes] }
}
