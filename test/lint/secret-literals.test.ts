import { describe, expect, test } from 'vitest'
import { lint } from '../../src/lint/engine.ts'
import { describeFindings } from '../../src/lint/publish/details.ts'
import { rules } from '../../src/lint/rules/index.ts'
import { hideLiterals } from '../../src/lint/secret-literals.ts'
import { plain } from '../../src/migration/layouts/plain.ts'
import { exampleMigration } from './lint-example.ts'

/** All that any output is made of. */
async function outputOf(sql: string, without: readonly string[] = [], down?: string) {
  const migration = exampleMigration(1, { sql, ...(down === undefined ? {} : { down }) })
  const report = await lint({
    migrations: [migration],
    refused: [],
    isNew: () => true,
    layout: plain,
    postgres: 15,
    rules: rules.filter(({ name }) => !without.includes(name)).map((rule) => ({ rule, severity: rule.severity })),
    everyRule: rules,
  })
  const all = [...report.findings, ...report.suppressed.map(({ finding }) => finding)]
  const text = (path: string) => hideLiterals(migration.file, report.secrets.get(path))
  return describeFindings(all, text, (key) => key)
}

describe('a password is in no finding, whichever rule it is of', () => {
  test.each([
    ['of a role', "create role reader login password 'hunter2'"],
    ['of a role, in an escaped text', "alter role reader encrypted password E'hunter2'"],
    ['of a role, between dollars', 'alter role reader password $pw$hunter2$pw$'],
    ['on a line of its own', "alter role reader\n  password\n  'hunter2'"],
    ['of a user mapping', "create user mapping for current_user server files options (user 'a', password 'hunter2')"],
    ['of a subscription', "create subscription copies connection 'host=db password=hunter2' publication shop"],
    ['of a URL', "create subscription copies connection 'postgres://a:hunter2@db/shop' publication shop"],
    ['in a DO block', "do $$ begin execute 'create user auditor password ''hunter2'''; end $$"],
    ['in a DO block that puts it together', "do $$ begin execute 'create user auditor password ' || quote_literal('hunter2'); end $$"],
    ['in text that is not parsed', "create role reader login password 'hunter2' bogus bogus"],
    ['in text whose quote is never closed', "create role reader login password 'hunter2"],
    ['of a statement whose finding is accepted', "-- shiplock-ignore ban-password-literal: a test\ncreate role reader password 'hunter2'"],
  ])('%s', async (_, sql) => {
    for (const without of [[], ['ban-password-literal']]) {
      const found = await outputOf(sql, without)
      expect(found.length).toBeGreaterThan(0)
      expect(JSON.stringify(found)).not.toContain('hunter2')
    }
  })

  test('of the way back', async () => {
    const found = await outputOf('drop role reader', [], "create role reader password 'hunter2'")
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })

  test('with a quote in it', async () => {
    const found = await outputOf("do $$ begin execute 'create user auditor password ''hunt''''er2'''; end $$")
    expect(JSON.stringify(found)).not.toMatch(/hunt|er2'/)
  })
})

test('places stay, and the rest of the line is shown', async () => {
  const [found] = await outputOf("create role reader login password 'hunter2'; select 1")
  expect(found?.source?.text).toBe("create role reader login password '*******'; select 1")
  expect(found?.statement).toBe("create role reader login password '*******'")
  expect(found?.end.column).toBe(44)
})

test('a remedy for another cause does not repeat it', async () => {
  const found = await outputOf("create subscription copies connection 'host=db password=hunter2' publication shop")
  const other = found.find(({ rule }) => rule === 'ban-concurrent-index-creation-in-transaction')
  expect(other?.instead[0]?.sql).toBe(`create subscription copies connection '${'*'.repeat(24)}' publication shop;`)
})

test('the same word elsewhere stays readable', async () => {
  const found = await outputOf("create role hunter password 'hunter'; drop table hunter_games")
  expect(found.some(({ message }) => message.includes('hunter_games'))).toBe(true)
})
