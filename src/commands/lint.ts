import { createHash } from 'node:crypto'
import { relative, resolve } from 'node:path'
import { ReleaseError } from '../errors.ts'
import { lint } from '../lint/engine.ts'
import { refuseForeignDatabase } from '../lint/event.ts'
import { severities } from '../lint/finding.ts'
import { annotationsOf } from '../lint/publish/annotations.ts'
import { summarize, unreadFiles } from '../lint/publish/counted.ts'
import { describeFindings, type FindingDetail, type LintDetails } from '../lint/publish/details.ts'
import { sarifOf } from '../lint/publish/sarif.ts'
import type { Review } from '../lint/review.ts'
import { rules } from '../lint/rules/index.ts'
import { hideLiterals } from '../lint/secret-literals.ts'
import { activeRules } from '../lint/settings.ts'
import { byVersion, type Migration } from '../migration/migration.ts'
import { partsOfPath } from '../migration/migration-path.ts'
import type { Check } from '../result.ts'
import { plural } from '../units.ts'
import { version } from '../version.ts'
import { bootFiles } from './boot-files.ts'
import { defineCommand, type Outcome } from './command.ts'
import { databaseInputNames } from './database-inputs.ts'
import { readEachMigration } from './migration-state.ts'
import { publishReview } from './publish-review.ts'
import { reviewSettings } from './review-settings.ts'
import { squawkSettings } from './squawk-settings.ts'
import { startingSchema } from './starting-schema.ts'

const inputNames = [
  ...databaseInputNames,
  'pg-bin-dir',
  'install-tools',
  'layout',
  'migrate-command',
  'migrate-command-post',
  'migrations',
  'migrations-post',
  'paths',
  'base',
  'all',
  'fail-on',
  'postgres',
  'start-after',
  'lint-rules',
  'squawk-config',
  'schema-from',
  'sarif',
  'comment',
  'github-token',
] as const

export default defineCommand({
  summary: 'Check new migrations: what they lock, which code they break, and whether there is a way back.',
  inputs: inputNames,
  optional: ['database-url'],
  positional: 'paths',
  outputs: {
    errors: 'How many findings are errors.',
    warnings: 'How many are warnings.',
    files: 'How many new migrations were checked.',
    sarif: 'The SARIF file, when one was asked for.',
  },

  async run(given, context): Promise<Outcome> {
    const review = await context.openReview({ base: given.base, token: given['github-token'] })
    const { inputs, changed, notes, squawkText } = await reviewSettings(given, inputNames, review, context)
    if (inputs['schema-from'] === 'database') refuseForeignDatabase(review.pullRequest)
    const start = await startingSchema(inputs, context)
    const { layout, migrations, refused } = await readEachMigration(inputs, context)
    const squawk = await squawkSettings(squawkText)
    const active = activeRules(rules, new Map([...(squawk?.rules ?? []), ...(inputs['lint-rules'] ?? [])]))
    const wanted = newness({ ...inputs, paths: namedPaths(inputs.paths, migrations, context.baseDir) }, migrations, review)
    const startAfter = inputs['start-after']
    const behind =
      startAfter === undefined
        ? []
        : migrations.filter(
            (one) =>
              isBefore(one, startAfter) && newness({ ...inputs, paths: undefined, 'start-after': undefined }, migrations, review)(one),
          )
    const leftOut =
      review.base === undefined || behind.length === 0
        ? []
        : [`start-after leaves out ${plural(behind.length, 'new migration')}, ${behind[0]?.path} first.`]
    const isNew = (migration: Migration) => wanted(migration) && squawk?.excludes(migration.path) !== true
    const report = await lint({
      migrations,
      refused,
      isNew,
      layout,
      postgres: inputs.postgres ?? squawk?.postgres ?? 13,
      review,
      ...(start === undefined ? {} : { start }),
      bootFiles: await bootFiles(migrations, isNew, review, context),
      rules: active,
      everyRule: rules,
    })

    const texts = new Map(migrations.map(({ path, file }) => [path, hideLiterals(file, report.secrets.get(path))]))
    const describe = (all: typeof report.findings) => context.redact(describeFindings(all, (path) => texts.get(path), sha256))
    const findings = describe(report.findings)
    const accepted = describe(report.suppressed.map(({ finding }) => finding))
    const details: LintDetails = {
      ...(review.base === undefined ? {} : { base: review.base }),
      ...(review.head === undefined ? {} : { head: review.head }),
      checked: report.files.length,
      older: migrations.length - report.files.length,
      findings,
      suppressed: report.suppressed.map(({ finding, reason }) =>
        context.redact({ rule: finding.rule, path: finding.path, line: finding.start.line, reason }),
      ),
      settings: [...context.redact(changed)],
      notes: [...(review.note === undefined ? [] : [review.note]), ...notes, ...leftOut],
    }
    const unread = inputs['fail-on'] === 'never' ? 0 : unreadFiles(findings)
    const verdict = isFailure(findings, inputs['fail-on']) ? 'fail' : unread > 0 ? 'inconclusive' : 'pass'
    const contents = contentsNotChecked(report.files.map(({ migration }) => migration))
    const reason = [summarize(findings, report.files.length), contents?.message].filter(Boolean).join(' ')
    const { folder } = review
    const { configFile } = context.sources
    if (inputs.sarif !== undefined) {
      const suppressed = accepted.map((finding, index) => ({ finding, reason: details.suppressed[index]?.reason ?? '' }))
      const { project } = context
      const text = sarifOf({ version, project, rules, findings, suppressed, settings: details.settings, folder, configFile })
      await context.replaceFile(inputs.sarif, text)
    }
    // what is proposed in place of whole lines must not hold a text that was made unreadable
    const whole = new Map([...texts].filter(([path]) => !report.secrets.has(path)))
    const published = await publishReview({ inputs, review, verdict, reason, details, texts: whole }, context)
    const count = (severity: string) => findings.filter((one) => one.severity === severity).length
    return {
      verdict,
      reason,
      outputs: {
        errors: count('error'),
        warnings: count('warning'),
        files: report.files.length,
        ...(inputs.sarif === undefined ? {} : { sarif: inputs.sarif }),
      },
      details: { ...details, notes: [...details.notes, ...published] },
      ...(contents === undefined ? {} : { checks: [contents] }),
      annotations: annotationsOf(findings, details.settings, { folder, configFile }),
    }
  },
})

/** Names and versions are judged in every language, and statements in SQL alone. */
function contentsNotChecked(migrations: readonly Migration[]): Check | undefined {
  const unread = migrations.filter(({ notSql }) => notSql !== undefined)
  const [first] = unread
  if (first === undefined) return undefined
  const which = unread.length === 1 ? first.path : `${unread.length} of them`
  return { id: 'contents', status: 'not-checked', message: `What ${which} would do was not checked: it is written in ${first.notSql}.` }
}

function isBefore({ version }: Pick<Migration, 'version'>, startAfter: string): boolean {
  return byVersion({ version }, { version: startAfter }) <= 0
}

/** Which migrations are checked: those that were named, else those that the review adds, behind the baseline. */
function newness(
  inputs: { paths: ReadonlySet<string> | undefined; all: boolean; 'start-after'?: string | undefined },
  migrations: readonly Migration[],
  review: Review,
) {
  const { paths, all, 'start-after': startAfter } = inputs
  // a draft that is moved into the folder is new there
  const folders = new Set(migrations.map(({ path }) => partsOfPath(path).folder))
  const isNewThere = ({ kind, from }: Review['changes'][number]) =>
    kind === 'added' || (kind === 'renamed' && from !== undefined && !folders.has(partsOfPath(from).folder))
  const added = new Set(review.changes.filter(isNewThere).map(({ path }) => path))
  return ({ version, path }: Migration) => {
    if (startAfter !== undefined && isBefore({ version }, startAfter)) return false
    if (paths !== undefined) return paths.has(path)
    return all || review.base === undefined || added.has(path)
  }
}

/** Paths as the migrations have them; a folder stands for what it holds. Throws `invalid-input` for what is no migration. */
function namedPaths(
  named: readonly string[] | undefined,
  migrations: readonly Migration[],
  baseDir: string,
): ReadonlySet<string> | undefined {
  if (named === undefined) return undefined
  const found = new Set<string>()
  for (const name of named) {
    const path = relative(baseDir, resolve(baseDir, name))
    const these = migrations.filter((one) => one.path === path || path === '' || one.path.startsWith(`${path}/`))
    if (these.length === 0) {
      throw new ReleaseError('invalid-input', `${name} is no migration, and no folder of migrations.`, {
        hint: 'paths are relative to the folder of shiplock.yml, and name files in the folders of migrations.',
      })
    }
    for (const { path: one } of these) found.add(one)
  }
  return found
}

function isFailure(findings: readonly FindingDetail[], failOn: (typeof severities)[number] | 'never'): boolean {
  return failOn !== 'never' && findings.some(({ severity }) => severities.indexOf(severity) <= severities.indexOf(failOn))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
