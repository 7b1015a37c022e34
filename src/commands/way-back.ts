import { messageOf } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { DeployRow } from '../migration/history.ts'
import type { Layout } from '../migration/layout.ts'
import { isFileOf, type Migration, shownVersion } from '../migration/migration.ts'
import { bearsMissing } from '../rollback/bears-missing.ts'
import { type DecidedLine, placeOf } from '../rollback/decide.ts'
import { linesOfLost } from '../rollback/lost.ts'
import { type Outlook, upTo } from '../rollback/outlook.ts'
import { codeOf, endingStatements, isPassed, pointOfNoReturn, stillOpen } from '../rollback/point-of-no-return.ts'
import { contains, releaseBefore } from '../rollback/release-before.ts'
import { type RanSince, ranSince } from '../rollback/since.ts'
import { plural } from '../units.ts'
import type { Context } from './command.ts'
import type { MigrationState } from './migration-state.ts'
import { textsOf } from './rollback-target.ts'

/** The ways back around a run, or why nobody knows them: what cannot be judged stops nothing. */
export type WayBack = { readonly outlook: Outlook } | { readonly notKnown: string } | { readonly nothing: string }

type Inputs = Pick<InputValues, 'migrations' | 'migrations-post' | 'layout' | 'migrate-command' | 'migrate-command-post'>

/** Where only the team's own program knows what runs. */
export const wayBackByCommand: WayBack = { notKnown: 'with the layout command Shiplock reads no migration files' }

/** Judges what `rollback` would find after each migration of a run. Never throws. */
export async function wayBackOf(
  run: readonly Migration[],
  state: Pick<MigrationState, 'evidence' | 'plans' | 'ledger'>,
  postgres: number,
  inputs: Inputs,
  context: Context,
): Promise<WayBack> {
  if (run.length === 0) return { nothing: '' }
  if (state.plans.applied === 0) return { nothing: 'No migration has run here before: there is no older code to go back to.' }
  try {
    const { layout } = state.ledger
    const old = await olderCode(run, state, inputs, context)
    // loaded only where they are needed: most plans have nothing pending
    const boot = bearsMissing(layout, [...old.ran, ...run], old.target)
      ? undefined
      : await (await import('./boot-files.ts')).bootRefusal(layout, old.commit, context)
    const { lookAhead } = await import('../rollback/look-ahead.ts')
    return { outlook: await lookAhead({ ...old, run, boot, layout, postgres }) }
  } catch (error) {
    return { notKnown: messageOf(error).replace(/\.$/, '') }
  }
}

interface OlderCode {
  readonly to: string | undefined
  readonly commit: string | undefined
  readonly target: readonly Migration[]
  readonly ran: readonly Migration[]
  readonly lost: readonly DecidedLine[]
}

async function olderCode(
  run: readonly Migration[],
  { evidence, ledger }: Pick<MigrationState, 'evidence' | 'ledger'>,
  inputs: Inputs,
  context: Context,
): Promise<OlderCode> {
  const { migrations, entries, history } = evidence
  const before = releaseBefore(history.rows, run)
  if (before === undefined) {
    const applied = new Set(entries.map(({ version }) => version))
    return { to: undefined, commit: undefined, target: migrations.filter(({ version }) => applied.has(version)), ran: [], lost: [] }
  }
  const texts = (wanted: readonly RanSince[]) => textsHere(wanted, migrations, ledger.layout, inputs, context)
  const target = await targetOf(before, migrations, texts)
  const { since, displaced } = ranSince(target, entries, history, before.release)
  const { found, lost } = await texts(since)
  return { to: before.release, commit: before.commit, target, ran: found, lost: linesOfLost(lost, displaced) }
}

type Texts = { readonly found: readonly Migration[]; readonly lost: readonly RanSince[] }

/** The migrations of a release, as the checkout has them, else as git does. Throws when some are nowhere. */
async function targetOf(
  release: DeployRow,
  migrations: readonly Migration[],
  texts: (wanted: readonly RanSince[]) => Promise<Texts>,
): Promise<readonly Migration[]> {
  const here = migrations.filter((one) => contains(release, one))
  const versions = new Set(here.map(({ version }) => version))
  const commits = release.commit === undefined ? [] : [release.commit]
  const missing = release.migrations
    .filter(({ version }) => !versions.has(version))
    .map(({ name, ...one }): RanSince => ({ ...one, name, commits }))
  const { found, lost } = await texts(missing)
  if (lost.length === 0) return [...here, ...found]
  const [first] = lost
  throw new Error(
    `neither this checkout nor git holds ${plural(lost.length, 'migration')} of ${release.release}, such as ${first?.name ?? shownVersion(first?.version ?? '')}`,
  )
}

/** Git is asked only for what the checkout does not hold. */
async function textsHere(
  wanted: readonly RanSince[],
  migrations: readonly Migration[],
  layout: Layout,
  inputs: Inputs,
  context: Context,
): Promise<Texts> {
  const byVersion = new Map(migrations.map((one) => [one.version, one]))
  const here = wanted.map(({ version, checksum }) => {
    const one = byVersion.get(version)
    return one !== undefined && (checksum === undefined || isFileOf(one, checksum)) ? one : undefined
  })
  const missing = wanted.filter((_, index) => here[index] === undefined)
  const { found, lost } = missing.length === 0 ? { found: [], lost: [] } : await textsOf(missing, layout, inputs, context)
  const elsewhere = new Map(found.map((one) => [one.version, one]))
  return { found: wanted.flatMap(({ version }, index) => here[index] ?? elsewhere.get(version) ?? []), lost }
}

/** For a result: what would be open after each step, and one sentence. */
export function describeWayBack(way: WayBack, sentence = sentenceBefore(way)) {
  if (sentence === '') return {}
  if (!('outlook' in way)) return { wayBack: { sentence } }
  const { to, steps, end, doubt } = way.outlook
  const closing = end ?? doubt
  return {
    wayBack: {
      sentence,
      to: to ?? null,
      by: 'rules',
      steps: steps.map(({ migration: { id, phase }, shape, against, down }) => {
        return { id, phase, shape, against: against.map(describeLine), down }
      }),
      pointOfNoReturn:
        closing === undefined
          ? null
          : {
              after: closing.migration?.id ?? null,
              phase: closing.migration?.phase ?? null,
              known: end !== undefined,
              ...describeLine(closing.line),
            },
    },
  }
}

function describeLine(line: DecidedLine) {
  return { at: placeOf(line), effect: line.effect, because: line.because }
}

/** Before a run. */
export function sentenceBefore(way: WayBack): string {
  if ('outlook' in way) return pointOfNoReturn(way.outlook)
  return 'nothing' in way ? way.nothing : `The way back is not known: ${way.notKnown}.`
}

/** After a run: `taken` are the migrations of which anything has run. */
export function afterRun(way: WayBack, taken: ReadonlySet<Migration>) {
  if (!('outlook' in way) || taken.size === 0) return describeWayBack(way)
  const outlook = upTo(way.outlook, taken)
  return describeWayBack({ outlook }, stillOpen(outlook))
}

/** What stands in the log before the post phase sends anything. */
export function warnBeforePost(way: WayBack, { log }: Pick<Context, 'log'>): void {
  if (!('outlook' in way)) {
    const sentence = sentenceBefore(way)
    if ('notKnown' in way) log.warn(sentence)
    else if (sentence !== '') log.info(sentence)
    return
  }
  const ending = endingStatements(way.outlook)
  if (ending.length === 0 || isPassed(way.outlook)) log.info(pointOfNoReturn(way.outlook))
  else log.warn(`from here code-only ${way.outlook.end === undefined ? 'may end' : 'ends'} for ${codeOf(way.outlook)}, by rules:`)
  for (const one of ending) log.warn(one)
}
