import { expect, test } from 'vitest'
import { lint } from '../../src/lint/engine.ts'
import { rules } from '../../src/lint/rules/index.ts'
import { plain } from '../../src/migration/layouts/plain.ts'
import { exampleMigration } from './lint-example.ts'

const name = 'require-concurrent-index-creation'
const index = 'create index orders_total_idx on orders (total)'

async function lintText(sql: string) {
  const migrations = [exampleMigration(1, { sql: 'create table orders (id int primary key, total int)' }), exampleMigration(2, { sql })]
  const judged = ['unused-ignore', 'require-ignore-reason', name]
  const { findings, suppressed } = await lint({
    migrations,
    refused: [],
    isNew: ({ version }) => version === '2',
    layout: plain,
    postgres: 15,
    rules: rules.filter((rule) => judged.includes(rule.name)).map((rule) => ({ rule, severity: rule.severity })),
    everyRule: rules,
  })
  return { found: findings.map((one) => `${one.rule} ${one.start.line}:${one.start.column}`), suppressed }
}

test('a comment before the statement accepts its finding, with the reason', async () => {
  const { found, suppressed } = await lintText(`-- shiplock-ignore ${name}: ten rows\n${index};`)
  expect(found).toEqual([])
  expect(suppressed).toMatchObject([{ reason: 'ten rows', finding: { rule: name } }])
})

test.each([
  ['in the statement', `create index orders_total_idx -- shiplock-ignore ${name}: ten rows\n  on orders (total);`],
  ['behind it on the same line', `${index}; -- shiplock-ignore ${name}: ten rows`],
  ['as a block', `/* shiplock-ignore ${name}: ten rows */ ${index};`],
  ['for the whole file', `-- shiplock-ignore-file ${name}: ten rows\nselect 1;\n${index};`],
  ['among others', `-- one\n-- shiplock-ignore ${name}: ten rows\n-- two\n${index};`],
  ['in the words of squawk', `-- squawk-ignore ${name}\n${index};`],
  ['in the words of squawk, without a name', `-- squawk-ignore\n${index};`],
  ['in the words of squawk, for the file', `-- squawk-ignore-file\nselect 1;\n${index};`],
])('a comment counts %s', async (_, sql) => {
  expect((await lintText(sql)).found).toEqual([])
})

test('a comment at one statement accepts nothing of the next', async () => {
  const other = 'create index orders_id_idx on orders (id)'
  expect((await lintText(`-- shiplock-ignore ${name}: ten rows\n${index};\n${other};`)).found).toEqual([`${name} 3:1`])
  expect((await lintText(`${index}; -- shiplock-ignore ${name}: ten rows\n${other};`)).found).toEqual([`${name} 2:1`])
})

test('a comment without a reason accepts nothing, and is a finding', async () => {
  expect((await lintText(`-- shiplock-ignore ${name}\n${index};`)).found.sort()).toEqual([`${name} 2:1`, 'require-ignore-reason 1:1'])
})

test('a comment that accepts nothing is a finding, with the nearest name', async () => {
  expect((await lintText(`-- shiplock-ignore ${name}: ten rows\nselect 1;`)).found).toEqual(['unused-ignore 1:1'])
  expect((await lintText(`-- shiplock-ignore no-such-rule: ten rows\nselect 1;`)).found).toEqual(['unused-ignore 1:1'])
  expect((await lintText('-- squawk-ignore rule-of-squawk-alone\nselect 1;')).found).toEqual([])
})

test('the words inside of a text are no comment', async () => {
  const { found } = await lintText(`select '-- shiplock-ignore ${name}: ten rows';\n${index};`)
  expect(found).toEqual([`${name} 2:1`])
})
