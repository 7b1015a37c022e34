import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { bearsMissing } from '../rollback/bears-missing.ts'
import { decide, lineByRules } from '../rollback/decide.ts'
import { findNamed } from '../rollback/down/named.ts'
import { withQueries } from '../rollback/evidence.ts'
import { linesOfLost } from '../rollback/lost.ts'
import { refuseHalfApplied } from '../rollback/present.ts'
import { bootRefusal } from './boot-files.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { databaseInputNames, databaseInputs } from './database-inputs.ts'
import { checkIdentity, folderInputNames, ledgerOptions } from './migration-state.ts'
import { openDatabase } from './open-database.ts'
import { takeBackOne } from './rollback-down.ts'
import { downInputNames } from './rollback-down-state.ts'
import { followUp } from './rollback-follow-up.ts'
import { judgeByRules } from './rollback-judge.ts'
import { type Decided, outcomeOf } from './rollback-outcome.ts'
import { askQueries } from './rollback-queries.ts'
import { decideFromRecord } from './rollback-record.ts'
import { filesHere, findTarget, migrationsAt } from './rollback-target.ts'
import { whoOf } from './who.ts'

const rollbackInputNames = [
  ...databaseInputNames,
  'publish-state',
  ...folderInputNames,
  'to',
  'shape',
  'queries',
  'reason',
  'from-record',
  'open-issue',
  'github-token',
  'dry-run',
  ...downInputNames,
] as const

type Optional = 'database-url' | 'store'
type Inputs = Pick<InputValues, Exclude<(typeof rollbackInputNames)[number], Optional>> & Partial<Pick<InputValues, Optional>>

export default defineCommand({
  summary: 'Decide whether older code can run on the schema as it is, and record it.',
  inputs: rollbackInputNames,
  optional: ['database-url', 'store'],
  outputs: {
    shape: 'The way back that is open: code-only, hotfix, or undecided; down-one before a migration is taken back.',
    deciding: 'Path and line of the statement that decides; empty when none speaks against code-only.',
    source: 'What it was decided from: database, or without it record or history.',
    issue: 'Number of the issue that was opened, or found; empty when there is none.',
    lost: 'With down-one: how many rows and values the way back takes; empty where nobody can count them.',
    rescue: 'With down-one: key of the copy, or id of the backup, that gives them back; empty where nothing is lost.',
  },

  async run(inputs, context): Promise<Outcome> {
    const reason = reasonOf(inputs)
    if (inputs['from-record'] && inputs.shape === 'down-one') {
      throw new ReleaseError('invalid-input', 'from-record only decides; down-one changes the database, and needs it.', {
        hint: 'Without the database ask for --shape auto --from-record; take a migration back when the server answers again.',
      })
    }
    const decided = inputs['from-record'] ? await decideFromRecord(inputs, context) : await decideOnDatabase(inputs, reason, context)
    return outcomeOf(decided, await followUp(decided, inputs, context))
  },
})

async function decideOnDatabase(inputs: Inputs, reason: string | undefined, context: Context): Promise<Decided> {
  const target = await findTarget(inputs.to, context)
  const { layout, migrations } = await migrationsAt(target, inputs, context)
  await using connection = await databaseInputs({ ...inputs, 'database-url': urlOf(inputs) }, context)
  await using database = await openDatabase(connection, inputs, context).catch(whenDown)
  // a rollback does not queue behind a release: whoever waits here at night is told who is at work
  const asFiles = ledgerOptions(inputs, { layout, migrations }, context)
  if (!inputs['dry-run']) await database.lock(context.project, { onLocked: 'fail', waitMs: 0, signal: context.signal }, asFiles)
  await checkIdentity(database, context)
  const history = await database.state.history()
  const ledger = ledgerOptions(
    inputs,
    { layout, migrations: [...migrations, ...(await filesHere(layout, inputs, context))] },
    context,
    history,
  )
  const heads = await database.heads(ledger) // before what is read of the tables: whatever moves later is noticed
  const entries = await database.entries(ledger)
  const named = inputs.shape === 'down-one' ? findNamed(inputs.migration, { entries, history, target: migrations }) : undefined
  refuseHalfApplied(await database.state.finishedSteps(), new Set(entries.map(({ version }) => version)), named?.version)
  const standing = { target, layout, migrations, entries, history, postgres: database.serverMajor }
  const byRules = await judgeByRules(standing, inputs, context)
  const { live, deployed, ran, lost, judgement, notes } = byRules
  const about = {
    ...{ target, live, deployed, ran, asked: inputs.shape, dryRun: inputs['dry-run'], database: database.description },
    generator: layout.runBy?.generator.pre,
  }
  if (named !== undefined) {
    const state = { ...standing, ...about, ledger, heads, named, notes, reason }
    const { outcome, after } = await takeBackOne(state, inputs, { connection, database }, context)
    const recorded = outcome.details?.recorded === true
    const left = ran.since.filter(({ version }) => !recorded || version !== named.version)
    return { ...about, ran: { ...ran, since: left }, decision: after, recorded, notes: [], down: outcome }
  }
  const evidence = await askQueries(target, inputs.queries, connection, context)
  const judged =
    evidence === undefined
      ? judgement.statements.map(lineByRules)
      : withQueries(judgement.statements, evidence.asked, evidence.unread, judgement.schema)
  const boot = bearsMissing(layout, ran.since, migrations) ? undefined : await bootRefusal(layout, target.commit, context)
  const decision = decide(
    [...judged, ...linesOfLost(lost, ran.displaced), ...(boot === undefined ? [] : [boot])],
    evidence === undefined ? 'rules' : 'queries',
  )
  const records = decision.shape === 'code-only' && inputs.shape !== 'hotfix' && reason !== undefined
  if (records) {
    await database.prepareState(inputs['publish-state'])
    const { name: to, commit: toCommit } = target
    await database.state.recordRollback({
      from: live?.release,
      to,
      toCommit,
      shape: 'code-only',
      by: decision.by,
      reason,
      who: whoOf(context),
    })
  }
  return {
    ...about,
    decision,
    recorded: records,
    notes: [...notes, ...(evidence?.notes ?? [])],
    ...(evidence === undefined ? {} : { queries: evidence.summary }),
  }
}

/** Throws `invalid-input`: whoever reads the history next week asks why. */
function reasonOf({ reason, 'dry-run': dryRun, 'from-record': fromRecord }: Inputs): string | undefined {
  if (dryRun || fromRecord) return undefined
  if (reason !== undefined) return reason
  throw new ReleaseError('invalid-input', 'reason is missing: it says why older code comes back.', {
    hint: 'Run it again with --reason "…", which is kept in the history; or with --dry-run, which only decides.',
  })
}

const recordHint = 'When the server is down: the same command with --from-record decides from the records in the store.'

function whenDown(error: unknown): never {
  if (!(error instanceof ReleaseError) || error.code !== 'connection-failed') throw error
  const hint = [error.hint, recordHint].filter(Boolean).join(' ')
  throw new ReleaseError(error.code, error.message, { hint, cause: error.cause })
}

function urlOf({ 'database-url': url }: Inputs): InputValues['database-url'] {
  if (url !== undefined) return url
  throw new ReleaseError('invalid-input', 'database-url is required; set the environment variable DATABASE_URL.', {
    hint: recordHint,
  })
}
