import { expect, test } from 'vitest'
import { lint } from '../../../src/lint/engine.ts'
import { describeFindings } from '../../../src/lint/publish/details.ts'
import { sarifOf } from '../../../src/lint/publish/sarif.ts'
import rule from '../../../src/lint/rules/require-concurrent-index-creation.ts'
import { plain } from '../../../src/migration/layouts/plain.ts'
import { exampleMigration } from '../lint-example.ts'
import { finding } from './finding.ts'

const given = {
  version: '1.4.0',
  project: 'shop',
  rules: [rule],
  suppressed: [],
  settings: [],
  folder: 'services/größe 1/',
  configFile: 'shiplock.yml',
}

function runOf(input: Partial<Parameters<typeof sarifOf>[0]>) {
  const log = JSON.parse(sarifOf({ ...given, findings: [], ...input }))
  expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0'), runs: [{}] })
  return log.runs[0]
}

test('has the shape that the schema requires: rules, results that point to them, places and columns', () => {
  const run = runOf({ findings: [finding(), finding({ rule: 'unheard-of', severity: 'advice' })] })
  expect(run.columnKind).toBe('unicodeCodePoints')
  expect(run.automationDetails.id).toBe('shiplock-lint/shop/')
  expect(run.tool.driver).toMatchObject({ name: 'Shiplock', semanticVersion: '1.4.0' })
  expect(run.tool.driver.rules).toEqual([
    expect.objectContaining({
      id: rule.name,
      shortDescription: { text: rule.problem },
      help: { text: expect.stringContaining(rule.remedy), markdown: expect.any(String) },
      defaultConfiguration: { level: 'error' },
    }),
    { id: 'unheard-of' },
  ])
  for (const result of run.results) {
    expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId)
    expect(result.message.text).not.toBe('')
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'services/gr%C3%B6%C3%9Fe%201/db/migrations/2_b.sql', uriBaseId: '%SRCROOT%' },
      region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 11 },
    })
  }
  expect(run.results.map(({ level }: { level: string }) => level)).toEqual(['error', 'note'])
})

test('holds what comments accept as suppressed, with the reason', () => {
  expect(runOf({ suppressed: [{ finding: finding(), reason: 'empty until 1.9' }] }).results[0].suppressions).toEqual([
    { kind: 'inSource', justification: 'empty until 1.9' },
  ])
})

test('holds 5,000 results at most, and none when there are none, which closes the old ones', () => {
  expect(runOf({ findings: Array.from({ length: 6000 }, () => finding()) }).results).toHaveLength(5000)
  expect(runOf({}).results).toEqual([])
})

test('tells of settings that do not count yet', () => {
  const run = runOf({ settings: [{ name: 'lint.fail-on', base: 'error', proposed: 'never' }] })
  expect(run.invocations[0].toolConfigurationNotifications).toMatchObject([{ descriptor: { id: 'config-changed' }, level: 'note' }])
})

test('a fingerprint stays when lines move or white space changes, and differs between two like statements', async () => {
  const fingerprints = async (sql: string) => {
    const migrations = [exampleMigration(1, { sql: 'create table t (a int);' }), exampleMigration(2, { sql })]
    const report = await lint({
      migrations,
      isNew: ({ version }) => version === '2',
      layout: plain,
      postgres: 15,
      refused: [],
      everyRule: [rule],
      rules: [{ rule, severity: 'error' }],
    })
    return describeFindings(
      report.findings,
      () => sql,
      (text) => Buffer.from(text).toString('hex').slice(-32),
    ).map((one) => one.fingerprint)
  }
  const first = await fingerprints('create index on t (a); create index on t (a);')
  expect(new Set(first).size).toBe(2)
  expect(await fingerprints('-- moved\n\ncreate  index\non t (a);\ncreate index on t (a);')).toEqual(first)
})
