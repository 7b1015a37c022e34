import { lint } from '../lint/engine.ts'
import { severities } from '../lint/finding.ts'
import type { Review } from '../lint/review.ts'
import { rules } from '../lint/rules/index.ts'
import { activeRules } from '../lint/settings.ts'
import type { Migration } from '../migration/migration.ts'
import { plural } from '../units.ts'
import { defineCommand, type Outcome } from './command.ts'
import { readEachMigration } from './migration-state.ts'

export default defineCommand({
  summary: 'Check new migrations: what they lock, which code they break, and whether there is a way back.',
  inputs: [
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
  ],
  positional: 'paths',
  outputs: {
    errors: 'How many findings are errors.',
    warnings: 'How many are warnings.',
    files: 'How many new migrations were checked.',
  },

  async run(inputs, context): Promise<Outcome> {
    const { layout, migrations, refused } = await readEachMigration(inputs, context)
    const review = await context.openReview({ base: inputs.base })
    const isNew = newness(inputs, review)
    const active = activeRules(rules, inputs['lint-rules'] ?? new Map())
    const report = await lint({
      migrations,
      refused,
      isNew,
      layout,
      postgres: inputs.postgres ?? 13,
      review,
      rules: active,
      everyRule: rules,
    })
    const counts = severities.map((severity) => report.findings.filter((one) => one.severity === severity).length)
    const [errors = 0, warnings = 0] = counts
    const limit = inputs['fail-on']
    const failing = limit === 'never' ? 0 : counts.slice(0, severities.indexOf(limit) + 1).reduce((sum, count) => sum + count, 0)
    return {
      verdict: failing > 0 ? 'fail' : 'pass',
      reason:
        report.files.length === 0
          ? 'There is no new migration.'
          : `${plural(report.files.length, 'new migration')}, ${plural(report.findings.length, 'finding')}.`,
      outputs: { errors, warnings, files: report.files.length },
      details: { findings: report.findings, base: review.base },
    }
  },
})

/** Which migrations are checked: those that were named, else those that the review adds, behind the baseline. */
function newness(inputs: { paths?: readonly string[] | undefined; all: boolean; 'start-after'?: string | undefined }, review: Review) {
  const { paths, all, 'start-after': startAfter } = inputs
  const added = new Set(review.changes.filter(({ kind }) => kind === 'added').map(({ path }) => path))
  return ({ version, path }: Migration) => {
    if (startAfter !== undefined && BigInt(version) <= BigInt(startAfter)) return false
    if (paths !== undefined) return paths.includes(path)
    return all || review.base === undefined || added.has(path)
  }
}
