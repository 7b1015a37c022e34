import { backupRequired } from '../backup/required-backup.ts'
import { restoreByHand } from '../backup/restore-by-hand.ts'
import { ReleaseError } from '../errors.ts'
import type { TakenBack } from '../migration/history.ts'
import { isLost } from '../rollback/down/data-loss.ts'
import { countLosses, notRescued, saveRescue } from '../rollback/down/rescue.ts'
import type { CountedLoss } from '../rollback/down/rescue-source.ts'
import { formatDuration, formatMoment } from '../units.ts'
import { lookInStore, standingsOf } from './backup-requirement.ts'
import type { Context } from './command.ts'
import { openRescueSource } from './open-rescue.ts'
import type { DownLook } from './rollback-down-look.ts'
import type { DownInputs, DownPlace, DownState } from './rollback-down-state.ts'

/** What gives back what is lost, and what has to be said of it. */
export interface DownRescue {
  /** Missing where nothing is lost. */
  readonly savedIn: TakenBack['savedIn']
  readonly details: Readonly<Record<string, unknown>> | undefined
  readonly notes: readonly string[]
}

/**
 * Makes the copy, or finds the backup, that gives back what the way back takes. Throws `rescue-impossible`,
 * `recount-too-slow` or `backup-required`.
 */
export async function requireRescue(
  look: DownLook,
  state: DownState,
  inputs: DownInputs,
  place: DownPlace,
  context: Context,
): Promise<DownRescue> {
  const lost = look.losses.filter(isLost)
  refuseSlowRecount(look.losses, inputs['stall-budget'])
  if (lost.length === 0) return { savedIn: undefined, details: undefined, notes: [] }
  return inputs.rescue === 'backup' ? relyOnBackup(state, inputs, place, context) : saveCopy(look, lost, inputs, place, context)
}

/** The count and the mark are asked again while the locks are held, and the application waits behind them. */
function refuseSlowRecount(losses: readonly CountedLoss[], stallBudgetMs: number): void {
  const ms = 2 * losses.filter(({ fails }) => !fails).reduce((sum, { markMs }) => sum + markMs, 0)
  if (ms <= stallBudgetMs) return
  throw new ReleaseError(
    'recount-too-slow',
    `Counting the loss took ${formatDuration(ms / 2)}. It is counted again under the locks, while the application waits, and stall-budget allows ${formatDuration(stallBudgetMs)}; up to twice the time is reckoned with.`,
    { hint: `Stop the writers of these tables first, and give --stall-budget ${Math.ceil(ms / 1000)}s. Nothing was changed.` },
  )
}

async function saveCopy(
  look: DownLook,
  lost: readonly CountedLoss[],
  inputs: DownInputs,
  { connection }: DownPlace,
  context: Context,
): Promise<DownRescue> {
  const [uncopied] = notRescued(lost)
  if (uncopied !== undefined) {
    throw new ReleaseError('rescue-impossible', `${uncopied.place}: no copy can be made of ${uncopied.what}.`, {
      at: uncopied.place,
      hint: 'Make a backup (shiplock backup), then run the same command with --rescue backup. Nothing was changed.',
    })
  }
  const { store } = inputs
  if (store === undefined) {
    throw new ReleaseError('rescue-impossible', 'A copy of what is lost is saved in the store first, and no store was named.', {
      hint: 'Set store to a place that outlives this machine, such as s3://bucket/prefix. Nothing was changed.',
    })
  }
  const { id } = look.text.migration
  context.log.info(`saving what ${id} loses, and reading it back`)
  await using source = await openRescueSource(lost, connection, inputs, context)
  const losses = await countLosses(source, lost)
  refuseChanged(lost, losses)
  const { project, environment, run, signal } = context
  const saved = await saveRescue({
    source,
    store: await context.openStore(store),
    place: { url: store, endpoint: context.storeEndpoint },
    project,
    environment,
    migration: id,
    run,
    losses,
    signal,
  })
  const { key, manifestKey, bytes, sha256, rows, command } = saved
  const details = { kind: 'copy', key, manifestKey, bytes, sha256, rows: Number(rows), command }
  return { savedIn: { kind: 'copy', key, command }, details, notes: [] }
}

/** Throws `loss-changed`: what is copied has to be what somebody confirmed. */
function refuseChanged(confirmed: readonly CountedLoss[], now: readonly CountedLoss[]): void {
  const changed = confirmed.find(({ counted, markedAs }, index) => counted !== now[index]?.counted || markedAs !== now[index]?.markedAs)
  if (changed === undefined) return
  throw new ReleaseError(
    'loss-changed',
    `${changed.what} are no longer what was counted: rows were written meanwhile. Nothing was taken back.`,
    {
      hint: 'Stop the writers of these tables, then start again without confirm: it counts anew and shows the phrase to type.',
    },
  )
}

/** A backup that was read back, of this very database as it stands now, and not too old. */
async function relyOnBackup(
  { ledger, history }: DownState,
  inputs: DownInputs,
  { database }: DownPlace,
  context: Context,
): Promise<DownRescue> {
  const asked = { level: 'read-back', maxAgeMs: inputs['require-backup-age'] } as const
  const standings = await standingsOf({ database, ledger, history: history.rows }, [], inputs, context)
  const looked = await lookInStore(
    database,
    standings,
    asked,
    { ...inputs, 'require-backup': undefined, 'attest-command': undefined },
    context,
  )
  if (typeof looked === 'string' || looked.found === undefined) throw backupRequired(asked, looked, context, undefined, 'rescue: backup')
  const { manifest } = looked.found.backup
  const { snapshotAt } = manifest.dump
  const command = restoreByHand(manifest, { url: inputs.store as string, endpoint: context.storeEndpoint }).join('\n')
  return {
    savedIn: { kind: 'backup', key: manifest.object.key, command },
    details: { kind: 'backup', id: manifest.id, key: manifest.object.key, snapshotAt, command },
    notes: [
      `The backup ${manifest.id} is of ${formatMoment(snapshotAt)}: what was written since then is not in it, and would be lost for good.`,
    ],
  }
}
