import { expect, test } from 'vitest'
import type { Example } from '../../src/lint/rule.ts'
import { rules } from '../../src/lint/rules/index.ts'
import { lintExample } from './lint-example.ts'

const judged = [
  'ban-truncate',
  'ban-write-without-where',
  'prefer-static-sql',
  'ban-concurrent-index-creation-in-transaction',
  'transaction-nesting',
]

/** Findings as `line:column rule`. */
async function found(example: Example) {
  const findings = await lintExample(
    example,
    rules.filter(({ name }) => judged.includes(name)),
  )
  return findings.map(({ rule, start }) => `${start.line}:${start.column} ${rule}`)
}

const clear = 'create function clear_all() returns void language plpgsql as $$ begin truncate orders; end $$'

test('a function that a migration calls is judged at its call', async () => {
  expect(await found({ given: clear, files: [{ sql: 'select 1;\n  select clear_all()' }] })).toEqual(['2:3 ban-truncate'])
  expect(await found(`${clear};\nselect clear_all()`)).toEqual(['2:1 ban-truncate'])
  expect(await found({ given: clear, files: [{ sql: 'do $$\nbegin\n perform clear_all();\nend $$' }] })).toEqual(['3:2 ban-truncate'])
})

test('a function that nobody calls is not, and neither is a call before there is one', async () => {
  expect(await found(clear)).toEqual([])
  expect(await found(`select clear_all(); ${clear}`)).toEqual([])
  expect(await found({ given: clear, files: [{ sql: 'create view cleared as select clear_all()' }] })).toEqual([])
})

test('functions in SQL, procedures, and what they call in turn are read too', async () => {
  const empty = "create procedure empty() language sql as 'delete from users'"
  const both = `create procedure run_all() language plpgsql as $$ begin call empty(); perform clear_all(); call run_all(); end $$`
  expect(await found({ given: empty, files: [{ sql: 'call empty()' }] })).toEqual(['1:1 ban-write-without-where'])
  expect(await found({ given: `${clear}; ${empty}; ${both}`, files: [{ sql: 'call run_all()' }] })).toEqual([
    '1:1 ban-write-without-where',
    '1:1 ban-truncate',
  ])
  const bound = 'create procedure empty() language sql begin atomic delete from users; end'
  expect(await found({ given: bound, files: [{ sql: 'call empty()' }] })).toEqual(['1:1 ban-write-without-where'])
})

test('the newest definition with as many arguments is the one that is read', async () => {
  const harmless = "create or replace function clear_all() returns void language sql as 'select 1'"
  expect(await found({ given: `${clear}; ${harmless}`, files: [{ sql: 'select clear_all()' }] })).toEqual([])
  const other = "create function clear_all(name text) returns void language sql as 'select 1'"
  expect(await found({ given: `${clear}; ${other}`, files: [{ sql: 'select clear_all()' }] })).toEqual(['1:1 ban-truncate'])
  expect(await found({ given: `${clear}; ${other}`, files: [{ sql: "select clear_all('x')" }] })).toEqual([])
})

test('what depends on an argument is named as not checked', async () => {
  const drops = "create function drops(t text) returns void language plpgsql as $$ begin execute 'drop table ' || t; end $$"
  expect(await found({ given: drops, files: [{ sql: "select drops('users')" }] })).toEqual(['1:1 prefer-static-sql'])
})

test('a procedure that commits is refused inside a transaction', async () => {
  const commits = 'create procedure commits() language plpgsql as $$ begin commit; end $$'
  expect(await found({ given: commits, files: [{ sql: 'call commits()' }] })).toEqual(['1:1 transaction-nesting'])
  expect(await found({ given: commits, files: [{ sql: 'call commits()', transaction: false }] })).toEqual([])
})
