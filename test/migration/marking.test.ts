import { describe, expect, test } from 'vitest'
import type { Layout } from '../../src/migration/layout.ts'
import { dbmate } from '../../src/migration/layouts/dbmate.ts'
import { flyway } from '../../src/migration/layouts/flyway.ts'
import { golangMigrate } from '../../src/migration/layouts/golang-migrate.ts'
import { goose } from '../../src/migration/layouts/goose.ts'
import { type AskedMark, planMark } from '../../src/migration/marking.ts'
import type { Phase } from '../../src/migration/migration.ts'

function evidenceOf(layout: Layout, files: Readonly<Record<string, string>>, applied: readonly string[]) {
  const read = (phase: Phase) =>
    layout.read(
      Object.entries(files)
        .filter(([name]) => name.startsWith(`${phase}/`))
        .map(([path, text]) => ({ path, name: path.slice(phase.length + 1), bytes: Buffer.from(text) })),
      phase,
      {},
    )
  const migrations = [...read('pre'), ...read('post')]
  const entries = applied.map((version) => ({ version, phase: undefined, checksum: undefined, appliedAt: undefined }))
  return { layout, migrations, entries, history: { rows: [], former: [] }, steps: new Map() }
}
const asked = (action: AskedMark['action'], typed: string): AskedMark => ({ action, typed, outOfOrder: 'refuse' })

describe('what a mark says of the next run', () => {
  test('a newer post migration in the same table does not stop an older one of the pre phase', () => {
    const file = '-- migrate:up\nselect 1;\n-- migrate:down\n'
    const evidence = evidenceOf(dbmate, { 'pre/1_a.sql': file, 'pre/2_b.sql': file, 'post/3_c.sql': file }, ['1', '2', '3'])
    expect(planMark(asked('mark-reverted', '2'), evidence)).toMatchObject({ notes: [] })
    expect(planMark(asked('mark-reverted', '1'), evidence)).toMatchObject({ notes: [expect.stringContaining('Version 2 is newer')] })
  })

  test('the own command of a tool that bears no hole stops at the older one, a hotfix or not', () => {
    const file = '-- +goose Up\nselect 1;\n'
    const hotfix = `-- shiplock: hotfix\n${file}`
    const files = { 'pre/1_a.sql': file, 'pre/2_b.sql': hotfix }
    const own = expect.stringMatching(/^goose's own command stops at 1_a .*; goose -allow-missing up goes on\.$/)
    expect(planMark(asked('mark-reverted', '1'), evidenceOf(goose, files, ['1', '2']))).toMatchObject({ notes: [own] })
    expect(planMark(asked('mark-applied', '2'), evidenceOf(goose, files, []))).toMatchObject({ notes: [own] })
    const late = evidenceOf(goose, { 'pre/1_a.sql': hotfix, 'pre/2_b.sql': file }, ['1', '2'])
    expect(planMark(asked('mark-reverted', '1'), late)).toMatchObject({ notes: [expect.stringContaining('Version 2 is newer'), own] })
    expect(planMark(asked('mark-reverted', '2'), late)).toMatchObject({ notes: [] })
  })

  test('a mark on the number before is taken for a way back, and said to be', () => {
    const files = { 'pre/1_a.up.sql': 'select 1;', 'pre/2_b.up.sql': 'select 1;' }
    const evidence = evidenceOf(golangMigrate, files, ['1'])
    const entries = evidence.entries.map((entry) => ({ ...entry, phase: 'pre' as const, dirty: true as const }))
    const clear = (typed: string) => planMark({ ...asked('clear-dirty', typed), settleAs: 'applied' }, { ...evidence, entries })
    expect(clear('1')).toMatchObject({ notes: [] })
    expect(clear('2')).toMatchObject({ notes: [expect.stringMatching(/way back of 2_b .* version 1 .* name it instead\.$/)] })
  })

  test('what is repeatable has no order to keep', () => {
    const files = { 'pre/V1.2__a.sql': 'select 1;', 'pre/R__first.sql': 'select 1;', 'pre/R__totals.sql': 'select 2;' }
    expect(planMark(asked('mark-applied', 'R__totals'), evidenceOf(flyway, files, []))).toMatchObject({ mark: { as: 'applied' } })
    expect(() => planMark(asked('mark-applied', 'V1.2__other'), evidenceOf(flyway, files, []))).toThrow('version 1.2 is V1.2__a')
  })
})
