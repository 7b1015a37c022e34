import { readRecords } from '../backup/read-records.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { decide, lineByRules } from '../rollback/decide.ts'
import { attemptOf, countPerhaps, describeSource, entryOf, type Known, knownFrom, mayHaveRun } from '../rollback/known.ts'
import { lineOfRun, linesOfLost } from '../rollback/lost.ts'
import type { RecordedRun } from '../rollback/records.ts'
import { formatMoment } from '../units.ts'
import type { Context } from './command.ts'
import { judgeByRules } from './rollback-judge.ts'
import type { Decided } from './rollback-outcome.ts'
import { findTarget, migrationsAt } from './rollback-target.ts'

/** Lint takes the oldest server, too, where nobody says which one it is. */
const oldestPostgres = 13

type Inputs = Parameters<typeof migrationsAt>[1] & Pick<InputValues, 'to' | 'shape' | 'queries'> & Partial<Pick<InputValues, 'store'>>

/** Decides from what the store keeps, when the server cannot be asked. Nothing is written. Throws `record-not-found`. */
export async function decideFromRecord(inputs: Inputs, context: Context): Promise<Decided> {
  const url = storeOf(inputs)
  const target = await findTarget(inputs.to, context)
  const { layout, migrations } = await migrationsAt(target, inputs, context)
  const store = await context.openStore(url)
  const known = knownFrom(await readRecords(store, context), await context.readStoredRun(url), {
    environment: context.environment,
    place: store.description,
  })
  const text = describeSource(known.source, context.clock.now())
  const { found, unknown } = await filesOf(known.unaccounted, inputs, context)
  const unsure = [...known.perhaps, ...mayHaveRun(found, known.entries)]
  const perhaps = await saying(text, async () => countPerhaps(unsure, migrations, target.name))
  const entries = new Map([...known.entries, ...unsure.map(entryOf)].map((entry) => [entry.version, entry]))
  const postgres = known.postgres ?? oldestPostgres
  const attempts = unsure.flatMap((one) => attemptOf(one, { at: known.source.at, commit: undefined }))
  const history = { ...known.history, rows: [...known.history.rows, ...attempts] }
  const standing = { target, layout, migrations, entries: [...entries.values()], history, postgres }
  const { live, deployed, ran, lost, judgement, notes } = await saying(text, () => judgeByRules(standing, inputs, context))
  const lines = [...judgement.statements.map(lineByRules), ...linesOfLost(lost, ran.displaced), ...unknown.map(lineOfRun)]
  return {
    target,
    live,
    deployed,
    decision: decide(lines, 'rules'),
    ran,
    asked: inputs.shape,
    dryRun: true,
    recorded: false,
    generator: layout.runBy?.generator.pre,
    database: known.database,
    source: { kind: known.source.kind, at: known.source.at, text },
    notes: [...notesOf(known, inputs), ...perhaps, ...notes],
  }
}

/** A refusal tells what it goes by as well. */
async function saying<T>(source: string, decide: () => Promise<T>): Promise<T> {
  try {
    return await decide()
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    const { code, message, hint, at, cause } = error
    throw new ReleaseError(code, `From ${source}, not from the database: ${message}`, {
      ...(hint === undefined ? {} : { hint }),
      ...(at === undefined ? {} : { at }),
      cause,
    })
  }
}

function storeOf({ store }: Inputs): string {
  if (store !== undefined) return store
  throw new ReleaseError('invalid-input', 'from-record reads the records in the store, and no store was named.', {
    hint: 'Set store to the place that the releases of this environment name, such as s3://bucket/prefix.',
  })
}

/** The files of the commits whose runs leave it open what they did. */
async function filesOf(runs: readonly RecordedRun[], inputs: Inputs, context: Context) {
  const found: Awaited<ReturnType<typeof migrationsAt>>['migrations'][number][] = []
  const unknown: RecordedRun[] = []
  for (const run of runs) {
    const commit = run.commit === undefined ? undefined : await context.gitCommit(run.commit)
    if (commit === undefined) unknown.push(run)
    else found.push(...(await migrationsAt({ name: commit.slice(0, 12), commit }, inputs, context)).migrations)
  }
  return { found, unknown }
}

function notesOf({ notes, unaccounted }: Known, { queries = [] }: Inputs): readonly string[] {
  return [
    'Nobody asked the database: what ran after that moment, by hand or in a run that was killed, is not known here.',
    ...(queries.length === 0 ? [] : ["The target's queries were not asked: only a server can prepare them."]),
    ...unaccounted.map(
      ({ command, run, at }) =>
        `The later ${command} of ${formatMoment(at)} (run ${run}) does not say what it applied: all files of its commit count as run.`,
    ),
    ...notes,
  ]
}
