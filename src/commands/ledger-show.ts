import type { MigrationDatabase } from '../migration/database.ts'
import { appliedAttempts, type HistoryRow } from '../migration/history.ts'
import { liveRelease } from '../rollback/present.ts'
import { formatMoment, plural } from '../units.ts'
import type { Context, Outcome } from './command.ts'
import { checkIdentity } from './migration-state.ts'

type DeployRow = Extract<HistoryRow, { event: 'deployed' }>

/** Which release is live, which was before it, and what is held back, as the history of the environment has it. Changes nothing. */
export async function showLedger(database: MigrationDatabase, context: Context): Promise<Outcome> {
  await checkIdentity(database, context)
  const { rows } = await database.state.history()
  const live = liveRelease(rows)
  const deploys = rows.filter((row) => row.event === 'deployed')
  const newest = deploys.at(-1)
  const before = previousOf(deploys)
  const ran = new Set(appliedAttempts(rows).map(({ version }) => version))
  const heldBack = newest?.migrations.filter(({ phase, version }) => phase === 'post' && !ran.has(version)) ?? []
  return {
    verdict: 'pass',
    reason: sentenceOf(live?.release, newest, heldBack.length, context.environment),
    outputs: {
      release: live?.release ?? '',
      commit: live?.commit ?? '',
      previous: before?.release ?? '',
      'previous-commit': before?.commit ?? '',
      'held-back': live === undefined ? 0 : heldBack.length,
    },
    details: {
      action: 'show',
      database: database.description,
      live: live === undefined ? undefined : shown(newest),
      previous: shown(before),
      heldBack: heldBack.map(({ version, name }) => name ?? version),
    },
  }
}

/** The newest deploy of another release than the newest of all. */
function previousOf(deploys: readonly DeployRow[]): DeployRow | undefined {
  const newest = deploys.at(-1)
  return deploys.findLast(({ release, commit }) => release !== newest?.release && (commit === undefined || commit !== newest?.commit))
}

function shown(row: DeployRow | undefined) {
  return row === undefined ? undefined : { release: row.release, commit: row.commit, at: row.at.toISOString() }
}

function sentenceOf(live: string | undefined, newest: DeployRow | undefined, heldBack: number, environment: string): string {
  if (newest === undefined) return `No release is recorded as deployed in ${environment}.`
  if (live === undefined)
    return `A rollback was noted in ${environment}, or a migration of the live release taken back, and no deploy since: which code is live is not known, and the post phase is shut.`
  const held = heldBack === 0 ? 'nothing is held back' : `${plural(heldBack, 'post migration')} held back`
  return `${live} is live in ${environment}, deployed ${formatMoment(newest.at)}; ${held}.`
}
