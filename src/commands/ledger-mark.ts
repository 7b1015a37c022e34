import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { ReadFolders } from '../migration/collect.ts'
import type { LedgerOptions, MigrationDatabase } from '../migration/database.ts'
import type { ByHand } from '../migration/history.ts'
import { noteLedger } from '../migration/ledger-note.ts'
import { runMark } from '../migration/mark-run.ts'
import { type AskedMark, type MarkEvidence, type Marking, type PlannedMark, planMark } from '../migration/marking.ts'
import { lineageOf } from '../migration/migration.ts'
import { previewScript } from '../migration/preview.ts'
import { refusePublished } from '../migration/publishing.ts'
import type { Mark, Script } from '../migration/script.ts'
import type { Context, Outcome } from './command.ts'
import { type databaseInputNames, databaseInputs, type lockInputNames, lockPolicy } from './database-inputs.ts'
import { describeUnfinished } from './guarded-program.ts'
import { checkIdentity, folderInputNames, ledgerOptions, readMigrations } from './migration-state.ts'
import { noteSchema } from './note-schema.ts'
import { openDatabase } from './open-database.ts'
import { refuseOtherTool } from './other-tool.ts'
import { runPolicy } from './run-policy.ts'
import { whoOf } from './who.ts'

/** What only the marks use. */
export const markInputNames = [...folderInputNames, 'migration', 'settle-as', 'out-of-order', 'lock-budget', 'stall-budget'] as const

type MarkInputs = Pick<
  InputValues,
  | (typeof databaseInputNames)[number]
  | (typeof markInputNames)[number]
  | (typeof lockInputNames)[number]
  | 'publish-state'
  | 'reason'
  | 'dry-run'
>

/** Writes into version table and history what a person says of a migration. Nothing of the migration runs. */
export async function markLedger(action: ByHand['action'], reason: string, inputs: MarkInputs, context: Context): Promise<Outcome> {
  const asked = askedOf(action, inputs)
  const read = await readMigrations(inputs, context)
  await using target = await databaseInputs(inputs, context)
  await using database = await openDatabase(target, inputs, context)
  if (inputs['dry-run']) return await show(asked, reason, read, database, inputs, context)
  await database.lock(context.project, lockPolicy(inputs, context), ledgerOptions(inputs, read, context))
  const first = await look(asked, read, database, inputs, context)
  if ('nothing' in first.marking) return nothingToDo(asked, first.marking.nothing, database)
  await database.requireRights(first.ledger, { erases: action !== 'mark-applied' })
  await database.prepare(first.ledger)
  if (read.layout.runBy !== undefined) {
    const observer = await database.commandObserver()
    for (const one of await observer.closeUnfinished(0, context.signal)) context.log.warn(describeUnfinished(one))
  }
  await using executor = await database.executor(first.ledger) // waits for what a killed run left on the server
  if (action !== 'clear-dirty') await database.closeOpenAttempts(first.ledger)
  const { marking, ledger } = await look(asked, read, database, inputs, context, first)
  if ('nothing' in marking) return nothingToDo(asked, marking.nothing, database)
  for (const note of marking.notes) context.log.warn(note)
  const byHand: ByHand = { action, reason, who: whoOf(context), wasApplied: marking.wasApplied }
  const policy = runPolicy({ ...inputs, 'show-data': false }, context)
  const { error, after } = await runMark(scriptOf(marking), byHand, executor, policy, () => lookAfter(marking, read, ledger, database))
  const outcome: Outcome =
    error === undefined
      ? { verdict: 'pass', reason: doneReason(marking, read) }
      : { verdict: error.verdict, reason: `${marking.migration.id} was not ${marked(asked, marking.mark)}.`, error }
  const details = detailsOf(asked, marking, database, reason)
  if (after === undefined) return { ...outcome, details }
  await noteSchema(database, inputs['migrations-table'], true, context) // or the next plan takes what was done by hand for an accident
  const change = error === undefined ? changeOf(marking) : undefined
  return { ...outcome, details: { ...details, table: after.table, change, who: byHand.who, ledger: after.note } }
}

/** What the version table shows when the mark is in it. */
async function lookAfter(marking: PlannedMark, read: ReadFolders, ledger: LedgerOptions, database: MigrationDatabase) {
  const after = await evidenceOf(read, ledger, database)
  const heads = await database.heads(ledger)
  const table = (marking.migration.phase === 'post' ? heads.at(-1) : heads[0])?.table
  const dirty = after.entries.filter((entry) => entry.dirty).map(({ version }) => version)
  const known = { ...after, entries: after.entries.filter((entry) => !entry.dirty) }
  return {
    error: unchangedError(marking, after, table),
    table,
    note: noteLedger(known, { begun: [...after.steps.keys(), ...dirty] }, database.serverMajor),
  }
}

/** What the real run would send; no lock is held and nothing is written. */
async function show(
  asked: AskedMark,
  reason: string,
  read: ReadFolders,
  database: MigrationDatabase,
  inputs: MarkInputs,
  context: Context,
): Promise<Outcome> {
  const { marking, ledger } = await look(asked, read, database, inputs, context)
  if ('nothing' in marking) return nothingToDo(asked, marking.nothing, database)
  refusePublished(await database.publishing(ledger), ledger.publishState)
  await using preview = await database.preview(ledger)
  const statements = await previewScript(scriptOf(marking), preview, inputs['stall-budget'])
  for (const sql of statements) context.log.foreign(sql)
  return {
    verdict: 'pass',
    reason: `${marking.migration.id} would be ${marked(asked, marking.mark)}; nothing was changed.`,
    details: { ...detailsOf(asked, marking, database, reason), dryRun: true, statements },
  }
}

function askedOf(action: ByHand['action'], inputs: MarkInputs): AskedMark {
  const { migration: typed, 'settle-as': settleAs, 'out-of-order': outOfOrder } = inputs
  const words = `shiplock ledger ${action} --migration ${typed ?? '0007_add_phone'}${action === 'clear-dirty' ? ' --settle-as applied' : ''} --reason "…"`
  if (typed === undefined) throw new ReleaseError('invalid-input', `ledger ${action} needs the migration that is meant.`, { hint: words })
  if (action === 'clear-dirty' && settleAs === undefined) {
    throw new ReleaseError(
      'invalid-input',
      'ledger clear-dirty needs settle-as: whether all of the migration is there, or nothing of it.',
      {
        hint: `Make sure by hand which it is, applied or reverted: ${words}`,
      },
    )
  }
  if (action !== 'clear-dirty' && settleAs !== undefined) {
    throw new ReleaseError('invalid-input', `ledger ${action} does not take settle-as: its own name says what the migration counts as.`, {
      hint: 'settle-as belongs to ledger clear-dirty. Use "ledger mark-applied" or "ledger mark-reverted" without it.',
    })
  }
  return { action, typed, settleAs, outOfOrder }
}

interface Look {
  readonly marking: Marking
  readonly ledger: LedgerOptions
}

/** Throws for a database or a migration that is not the one that is meant. What an earlier look asked of other tools is not asked again. */
async function look(
  asked: AskedMark,
  read: ReadFolders,
  database: MigrationDatabase,
  inputs: MarkInputs,
  context: Context,
  earlier?: Look,
): Promise<Look> {
  const stamp = await checkIdentity(database, context)
  const history = await database.state.history()
  const ledger = ledgerOptions(inputs, read, context, history)
  const evidence = await evidenceOf(read, ledger, database, asked.action === 'clear-dirty')
  if (evidence.entries.length === 0 && earlier === undefined)
    await refuseOtherTool(read, inputs['migrations-table'], database, { log: context.log, stamp, history })
  return { marking: planMark(asked, evidence), ledger }
}

async function evidenceOf(
  { layout, migrations }: ReadFolders,
  ledger: LedgerOptions,
  database: MigrationDatabase,
  withDirty = true,
): Promise<MarkEvidence> {
  const { state } = database
  const steps = (await state.stamp()) === undefined ? new Map<string, readonly unknown[]>() : await state.books().steps()
  return {
    layout,
    migrations,
    entries: await database.entries(ledger, { withDirty }),
    history: await state.history(),
    steps: new Map([...steps].map(([version, { length }]) => [version, length])),
  }
}

function scriptOf({ migration, mark }: PlannedMark): Script & { readonly mark: Mark } {
  return { migration, mark, units: [], unwrapped: false, unparsed: undefined }
}

function nothingToDo({ action }: AskedMark, reason: string, database: MigrationDatabase): Outcome {
  return { verdict: 'pass', reason, details: { action, database: database.description } }
}

function marked({ action }: AskedMark, { as }: Mark): string {
  return action === 'clear-dirty' ? `cleared as ${as}` : `marked as ${as}`
}

function doneReason({ migration, mark }: PlannedMark, { migrations }: ReadFolders): string {
  if (mark.as === 'applied') return `${migration.id} counts as applied; nothing of it was run.`
  const isHere = migrations.some(({ version }) => version === migration.version)
  return `${migration.id} counts as not applied${isHere ? ', and is pending again' : ''}; nothing of it was run.`
}

/** Nothing is claimed that the version table does not show afterwards. */
function unchangedError({ migration: { id, version }, mark }: PlannedMark, { entries }: MarkEvidence, table: string | undefined) {
  const isThere = entries.some((entry) => entry.version === version && !entry.dirty)
  if (mark.row === 'none' || isThere === (mark.as === 'applied')) return undefined
  return new ReleaseError(
    'ledger-moved',
    `${table ?? 'The version table'} does not say of ${id} that it is ${mark.as}, although that was written.`,
    {
      hint: 'Another program wrote there just now, or a row of another kind stands for this version, such as a baseline. Look at the table, and run "shiplock plan".',
    },
  )
}

/** What became of the version table; the history has a row of it in any case. */
function changeOf({ mark, migration: { version } }: PlannedMark): string {
  if (mark.row === 'none') return 'as it was; what was noted of single statements is settled'
  if (mark.row === 'begun') return `version ${lineageOf(version)} is no longer dirty`
  return mark.as === 'applied' ? `version ${lineageOf(version)} was written into it` : `version ${lineageOf(version)} was taken out of it`
}

function detailsOf({ action }: AskedMark, { migration, mark, notes }: PlannedMark, database: MigrationDatabase, reason: string) {
  return {
    action,
    database: database.description,
    migration: migration.id,
    phase: migration.phase,
    as: mark.as,
    notes,
    ...(reason === '' ? {} : { why: reason }),
  }
}
