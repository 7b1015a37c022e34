import { describe, expect, test } from 'vitest'
import { additionsOf } from '../../src/sql/additions.ts'
import { parseStatements } from '../../src/sql/parse.ts'

async function additions(sql: string): Promise<readonly string[]> {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) throw new Error(parsed.problem.message)
  return parsed.statements.flatMap(additionsOf)
}

describe('what a statement adds', () => {
  test.each([
    ['create table t (a int)', ['table t']],
    ['create table app.t (a int)', ['table app.t']],
    ['create table p1 partition of p for values in (1)', ['table p1']],
    ['create table t as select 1 as a', ['table t']],
    ['select 1 as a into t', ['table t']],
    ['alter table t add column a int, drop column b, add c int', ['column t.a', 'column t.c']],
    ['alter table app.t rename column a to b', ['column app.t.b']],
    ['alter table t rename to u', ['table u']],
    ['create table t (a int); alter table t add b int', ['table t', 'column t.b']],
  ])('is found in: %s', async (sql, added) => {
    expect(await additions(sql)).toEqual(added)
  })

  test.each([
    'create temp table t (a int)',
    'create unlogged table t (a int)',
    'create temp table t as select 1 as a',
    'create materialized view v as select 1',
    'create view v as select 1',
    'create index i on t (a)',
    'select 1',
    'alter table t alter column a set not null',
    'alter index i rename to j',
  ])('is nothing that is replicated in: %s', async (sql) => {
    expect(await additions(sql)).toEqual([])
  })
})
