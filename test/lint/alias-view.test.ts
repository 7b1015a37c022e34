import { expect, test } from 'vitest'
import { rules } from '../../src/lint/rules/index.ts'
import { lintExample } from './lint-example.ts'

const found = async (view: string) => {
  const findings = await lintExample(`alter table users rename to people; create view users as ${view}`, rules)
  return findings.some(({ rule }) => rule === 'renaming-table')
}

test('a view under the old name stands in for a table with all of its columns and rows', async () => {
  expect(await found('select * from people')).toBe(false)
  expect(await found('select id, email from people')).toBe(true)
  for (const cut of ['where age > 3', 'limit 10', 'offset 1', 'union all select * from people']) {
    expect([cut, await found(`select * from people ${cut}`)]).toEqual([cut, true])
  }
  expect(await found('select distinct * from people')).toBe(true)
})
