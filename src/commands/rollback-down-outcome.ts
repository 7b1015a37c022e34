import { ReleaseError } from '../errors.ts'
import { type LedgerNote, noteLedger } from '../migration/ledger-note.ts'
import type { Migration } from '../migration/migration.ts'
import type { ReversalReport } from '../migration/reversal-run.ts'
import type { ClosedAttempt } from '../migration/state.ts'
import type { Decision } from '../rollback/decide.ts'
import { phraseOf } from '../rollback/down/confirm.ts'
import { isLost } from '../rollback/down/data-loss.ts'
import { notRescued } from '../rollback/down/rescue.ts'
import type { CountedLoss } from '../rollback/down/rescue-source.ts'
import { plural } from '../units.ts'
import type { Outcome } from './command.ts'
import type { DownDone } from './rollback-down-act.ts'
import type { DownLook } from './rollback-down-look.ts'
import type { DownInputs, DownState } from './rollback-down-state.ts'

/** What would happen, and the phrase that makes it happen. */
export function outcomeOfLook(look: DownLook, state: DownState, inputs: DownInputs): Outcome {
  const { migration } = look.text
  const phrase = phraseOf(look.confirmable)
  const stuck = failingOn(look)
  const reason =
    stuck === undefined
      ? `${migration.id} would be taken back, losing ${lossText(look)}; nothing was changed.`
      : `${migration.id} cannot be taken back as the data is: there are ${withCount(stuck)}, at ${stuck.place}. Nothing was changed.`
  const common = {
    reason,
    outputs: outputsOf('down-one', look.after, look, ''),
    details: { ...detailsOf(look, state), dryRun: inputs['dry-run'], phrase: stuck === undefined ? phrase : undefined, state: 'not-begun' },
  }
  if (stuck !== undefined) {
    const hint = 'Correct those values first, where that is right, and look again; or ship a hotfix: "shiplock rollback --shape hotfix".'
    return { ...common, verdict: 'fail', error: new ReleaseError('down-would-fail', reason, { at: stuck.place, hint }) }
  }
  if (inputs['dry-run']) return { ...common, verdict: 'pass' }
  return {
    ...common,
    verdict: 'fail',
    error: new ReleaseError('confirmation-required', `${reason} Read what would be lost, then type the phrase.`, {
      hint: `${waysOn(look, inputs, phrase)} ${afterWords(look.after, state)}`,
    }),
  }
}

/** What works when it is typed: where no copy can be made the phrase alone would be refused. */
function waysOn({ losses }: DownLook, { rescue }: DownInputs, phrase: string): string {
  const confirmed = `--confirm ${JSON.stringify(phrase)}`
  return rescue === 'copy' && notRescued(losses.filter(isLost)).length > 0
    ? `No copy can be made of all that: make a backup first (shiplock backup), and then run the same command with --rescue backup ${confirmed}.`
    : `Run the same command with ${confirmed}.`
}

export function outcomeOfReversal(look: DownLook, state: DownState, { report, rescue, closed, notes }: DownDone): Outcome {
  const { migration } = look.text
  const details = {
    ...detailsOf(look, state),
    state: report.state,
    durationMs: report.durationMs,
    attempts: report.attempts,
    sqlstate: report.sqlstate,
    blockers: report.blockers,
    rescue: rescue.details,
    closed,
    recorded: report.state === 'reverted',
    ledger: noteAfter(report, migration, state),
    notes: [...state.notes, ...(look.notes ?? []), ...rescue.notes, ...notes],
  }
  const key = rescue.savedIn?.key ?? ''
  if (report.error !== undefined) {
    const kept =
      { running: 'whether it was is not known', reverted: 'it was, and that is not all that changed' }[report.state as string] ??
      'it was not'
    const reason = `${migration.id} was to be taken back; ${kept}.`
    return { verdict: report.error.verdict, reason, error: report.error, outputs: outputsOf('down-one', look.after, look, key), details }
  }
  return {
    verdict: verdictOf(look.after),
    reason: `${migration.id} was taken back, losing ${lossText(look)}. ${afterWords(look.after, state)}`,
    outputs: outputsOf(look.after.shape, look.after, look, key),
    details,
  }
}

/** A finished step that is started again changes nothing, and says so. */
export function outcomeOfAlready(state: DownState, after: Decision, closed: readonly ClosedAttempt[], inputs: DownInputs): Outcome {
  const { named } = state
  const when = named.takenBackAt?.toISOString().slice(0, 19).replace('T', ' ')
  return {
    verdict: verdictOf(after),
    reason: `${named.name} has been taken back already, by the run of ${when} UTC; nothing was changed now. ${afterWords(after, state)}`,
    outputs: { shape: after.shape, deciding: placeOf(after.deciding), lost: '', rescue: '' },
    details: {
      ...commonDetails(state, after),
      dryRun: inputs['dry-run'],
      migration: { id: named.name, version: named.version },
      state: 'reverted-before',
      closed,
      ledger: noteLedger(state, { begun: [] }, state.postgres),
      notes: state.notes,
    },
  }
}

/** The version tables as they are now; where only a part of the way back has run, or nobody knows, the migration may stand or not. */
function noteAfter(
  { state: became }: ReversalReport,
  migration: Migration,
  { entries, history, migrations, postgres }: DownState,
): LedgerNote {
  const isUnsure = became === 'running' || (became === 'failed' && !migration.transactional)
  const left = isUnsure || became === 'reverted' ? entries.filter(({ version }) => version !== migration.version) : entries
  const seen = { migrations: [...migrations, migration], entries: left, history }
  return noteLedger(seen, { begun: isUnsure ? [migration.version] : [] }, postgres)
}

/** What deploys the older code next must not go on unless it works. */
function verdictOf({ shape }: Decision): Outcome['verdict'] {
  if (shape === 'code-only') return 'pass'
  return shape === 'undecided' ? 'inconclusive' : 'fail'
}

function detailsOf(look: DownLook, state: DownState) {
  const { text, losses, statements, changes, after } = look
  const { id, version, phase, path, transactional } = text.migration
  return {
    ...commonDetails(state, after),
    migration: { id, version, phase, path, transactional, commit: text.commit },
    losses: losses.map(describeLoss),
    total: look.confirmable.total?.toString(),
    statements,
    changes,
    notes: [...state.notes, ...(look.notes ?? [])],
  }
}

function commonDetails({ database, target, live, ran, named }: DownState, after: Decision) {
  const { deciding } = after
  return {
    database,
    from: live?.release,
    to: target.name,
    commit: target.commit,
    shape: 'down-one',
    asked: 'down-one',
    by: after.by,
    after: { shape: after.shape, deciding: deciding === undefined ? undefined : `${placeOf(deciding)}: ${deciding.because}` },
    leftBehind: ran.since.filter(({ version }) => version !== named.version).map(({ version, name }) => name ?? version),
  }
}

function describeLoss({ what, kind, unit, counted, place, statement, fails, copy }: CountedLoss) {
  return { what, kind, unit, count: counted?.toString(), place, statement, fails, copied: copy !== undefined }
}

function outputsOf(shape: string, { deciding }: Decision, { confirmable }: DownLook, rescue: string) {
  return { shape, deciding: placeOf(deciding), lost: confirmable.total?.toString() ?? '', rescue }
}

/** What the server would refuse, on the data as it was counted. */
export function failingOn({ losses }: DownLook): CountedLoss | undefined {
  return losses.find(({ fails, counted = 0n }) => fails && counted > 0n)
}

function lossText({ losses, confirmable: { total } }: DownLook): string {
  if (total === 0n) return 'nothing'
  const lost = losses.filter(({ fails, counted }) => !fails && counted !== 0n)
  return lost.map(withCount).join(', ')
}

function withCount({ what, counted, unit }: CountedLoss): string {
  return `${what} (${counted === undefined ? 'nobody can count them' : plural(Number(counted), unit.slice(0, -1))})`
}

/** Which code may run once it is taken back. */
function afterWords({ shape, deciding }: Decision, { target, live }: DownState): string {
  const other = live === undefined ? '' : ` The code of ${live.release} expects what is taken back: it must not go on running.`
  if (shape === 'code-only') return `Then the code of ${target.name} may be deployed (by rules).${other}`
  const because = deciding === undefined ? '' : ` ${placeOf(deciding)}: ${deciding.because}`
  if (shape === 'undecided') return `Whether the code of ${target.name} works then is not known.${because}${other}`
  return `Even then the code of ${target.name} does not work (by rules).${because}${other}`
}

function placeOf(line: Decision['deciding']): string {
  if (line === undefined) return ''
  return line.start === undefined ? line.path : `${line.path}:${line.start.line}`
}
