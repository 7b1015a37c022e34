import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { type DecidedLine, type Decision, decide, lineByRules, placeOf, type Shape } from '../rollback/decide.ts'
import { findNamed } from '../rollback/down/named.ts'
import { withQueries } from '../rollback/evidence.ts'
import { checklistOf, hotfixOf } from '../rollback/hotfix.ts'
import { judgeSince } from '../rollback/judge.ts'
import { linesOfLost } from '../rollback/lost.ts'
import { liveRelease, refuseForward, refuseHalfApplied } from '../rollback/present.ts'
import { ranSince } from '../rollback/since.ts'
import { plural } from '../units.ts'
import { bootRefusal } from './boot-files.ts'
import { defineCommand, type Outcome } from './command.ts'
import { databaseInputNames, databaseInputs } from './database-inputs.ts'
import { checkIdentity, ledgerOptions } from './migration-state.ts'
import { openDatabase } from './open-database.ts'
import { takeBackOne } from './rollback-down.ts'
import { downInputNames } from './rollback-down-act.ts'
import { askQueries } from './rollback-queries.ts'
import { findTarget, migrationsAt, textsOf } from './rollback-target.ts'
import { whoOf } from './who.ts'

export default defineCommand({
  summary: 'Decide whether older code can run on the schema as it is, and record it.',
  inputs: [
    ...databaseInputNames,
    'publish-state',
    'layout',
    'migrate-command',
    'migrate-command-post',
    'migrations',
    'migrations-post',
    'migrations-table',
    'to',
    'shape',
    'queries',
    'reason',
    'dry-run',
    ...downInputNames,
  ],
  optional: ['store'],
  outputs: {
    shape: 'The way back that is open: code-only, hotfix, or undecided; down-one before a migration is taken back.',
    deciding: 'Path and line of the statement that decides; empty when none speaks against code-only.',
    lost: 'With down-one: how many rows and values the way back takes; empty where nobody can count them.',
    rescue: 'With down-one: key of the copy, or id of the backup, that gives them back; empty where nothing is lost.',
  },

  async run(inputs, context): Promise<Outcome> {
    const reason = reasonOf(inputs)
    const target = await findTarget(inputs.to, context)
    const { layout, migrations } = await migrationsAt(target, inputs, context)
    await using connection = await databaseInputs(inputs, context)
    await using database = await openDatabase(connection, inputs, context)
    // a rollback does not queue behind a release: whoever waits here at night is told who is at work
    if (!inputs['dry-run']) await database.lock(context.project, { onLocked: 'fail', waitMs: 0, signal: context.signal })
    await checkIdentity(database, context)
    const ledger = ledgerOptions(inputs, { layout, migrations }, context)
    const heads = await database.heads(ledger) // before what is read of the tables: whatever moves later is noticed
    const entries = await database.entries(ledger)
    const history = await database.state.history()
    const live = liveRelease(history.rows)
    const relation = live?.commit === undefined ? undefined : await context.compareCommit(live.commit, target.commit)
    const order = refuseForward(target, live, relation)
    const named = inputs.shape === 'down-one' ? findNamed(inputs.migration, { entries, history, target: migrations }) : undefined
    refuseHalfApplied(await database.state.finishedSteps(), new Set(entries.map(({ version }) => version)), named?.version)
    const ran = ranSince(migrations, entries, history, target.name)
    if (named !== undefined) {
      const notes = [...(order === undefined ? [] : [order]), ...ran.notes, ...unchecked(ran.unchecked)]
      const state = {
        database: database.description,
        target,
        layout,
        migrations,
        ledger,
        heads,
        entries,
        history,
        live,
        ran,
        named,
        notes,
        reason,
      }
      return await takeBackOne(state, inputs, { connection, database }, context)
    }
    const { found, lost } = await textsOf(ran.since, layout, inputs, context)
    const judgement = await judgeSince({ target: migrations, since: found, layout, postgres: database.serverMajor })
    const evidence = await askQueries(target, inputs.queries, connection, context)
    const judged =
      evidence === undefined
        ? judgement.statements.map(lineByRules)
        : withQueries(judgement.statements, evidence.asked, evidence.unread, judgement.schema)
    const boot = ran.since.length === 0 ? undefined : await bootRefusal(layout, target.commit, context)
    const decision = decide(
      [...judged, ...linesOfLost(lost, ran.displaced), ...(boot === undefined ? [] : [boot])],
      evidence === undefined ? 'rules' : 'queries',
    )
    const verdict = verdictOf(decision.shape, inputs.shape)
    const records = verdict === 'pass' && decision.shape === 'code-only' && inputs.shape !== 'hotfix'
    if (records && reason !== undefined) {
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
    const { deciding } = decision
    return {
      verdict,
      reason: sentenceOf(decision, inputs.shape, target.name, ran.since.length),
      outputs: { shape: decision.shape, deciding: deciding === undefined ? '' : placeOf(deciding) },
      details: {
        database: database.description,
        from: live?.release,
        to: target.name,
        commit: target.commit,
        shape: decision.shape,
        asked: inputs.shape,
        by: decision.by,
        dryRun: inputs['dry-run'],
        ...(evidence === undefined ? {} : { queries: evidence.summary }),
        recorded: records && reason !== undefined,
        deciding: deciding === undefined ? undefined : describe(deciding),
        lines: decision.lines.map(describe),
        leftBehind: ran.since.map(({ version, name }) => name ?? version),
        hotfix: decision.shape === 'hotfix' || inputs.shape === 'hotfix' ? hotfixOf(decision, live) : undefined,
        checklist: inputs.shape === 'hotfix' ? [] : checklistOf(decision, target.name),
        notes: [...(order === undefined ? [] : [order]), ...ran.notes, ...(evidence?.notes ?? []), ...unchecked(ran.unchecked)],
      },
    }
  },
})

/** Throws `invalid-input`: whoever reads the history next week asks why. */
function reasonOf({ reason, 'dry-run': dryRun }: Pick<InputValues, 'reason' | 'dry-run'>): string | undefined {
  if (dryRun) return undefined
  if (reason !== undefined) return reason
  throw new ReleaseError('invalid-input', 'reason is missing: it says why older code comes back.', {
    hint: 'Run it again with --reason "…", which is kept in the history; or with --dry-run, which only decides.',
  })
}

function verdictOf(shape: Shape, asked: InputValues['shape']): Outcome['verdict'] {
  if (asked === 'hotfix') return 'pass'
  if (shape === 'undecided') return 'inconclusive'
  // what deploys the older code next must not go on
  return shape === 'code-only' ? 'pass' : 'fail'
}

function sentenceOf({ shape, by, deciding }: Decision, asked: InputValues['shape'], to: string, since: number): string {
  const how = by === 'rules' ? 'by rules' : "by the target's queries"
  if (since === 0) return `No migration has run since ${to}: its code may be deployed.`
  if (deciding === undefined)
    return `The code of ${to} may be deployed on the schema as it is (${how}); ${plural(since, 'migration')} stay${since === 1 ? 's' : ''} behind.`
  const because = `${placeOf(deciding)}: ${deciding.because}`
  if (shape === 'undecided') return `Whether the code of ${to} works on this schema is not known. ${because}`
  return `${asked === 'code-only' ? 'code-only is not open' : 'Ship a hotfix'}: the code of ${to} does not work on this schema (${how}). ${because}`
}

function describe({ migration, path, start, statement, effect, because, by, byRules, data }: DecidedLine) {
  return {
    migration: migration?.id,
    phase: migration?.phase,
    path,
    line: start?.line,
    statement,
    effect,
    because,
    by,
    ...(byRules === undefined ? {} : { byRules }),
    data,
  }
}

function unchecked(count: number): string[] {
  return count === 0
    ? []
    : [`Nothing kept the checksum of ${plural(count, 'migration')} of the target: that they ran as the target has them is not checked.`]
}
