import { expect, test } from 'vitest'
import { lockNeeds } from '../../src/migration/lock-needs.ts'
import { parseStatements } from '../../src/sql/parse.ts'

async function names(sql: string): Promise<string[]> {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) throw new Error(parsed.problem.message)
  return lockNeeds(parsed.statements).locks.map(({ schema, name, mode }) => `${schema === undefined ? '' : `${schema}.`}${name} ${mode}`)
}

test("what a file makes itself is in nobody's way", async () => {
  expect(
    await names(
      'create table a (id integer); create index on a (id); create table b (id integer references a); alter table c add x integer',
    ),
  ).toEqual(['c AccessExclusive'])
})

test('a relation that a file renames is looked for under its old name', async () => {
  expect(await names('alter index app.i rename to j; drop index app.j')).toEqual(['app.i ShareUpdateExclusive', 'app.i AccessExclusive'])
  expect(await names('alter table a set schema old; alter table old.a rename to b; drop table old.b')).toEqual([
    'a AccessExclusive',
    'a AccessExclusive',
    'a AccessExclusive',
  ])
})

test('a table that takes the place of another is told from it', async () => {
  expect(
    await names(
      'create table fresh (id integer); alter table t rename to stale; alter table fresh rename to t; create index on t (id); drop table stale',
    ),
  ).toEqual(['t AccessExclusive', 't AccessExclusive'])
})
