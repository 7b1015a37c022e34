import { describe, expect, test } from 'vitest'
import { judgeWayBack } from '../../../src/lint/down/way-back.ts'
import { exampleSchema } from '../../../src/lint/example-schema.ts'
import { parseStatements, type Statement } from '../../../src/sql/parse.ts'
import { describeSchema } from '../../../src/sql/schema/describe.ts'
import { applyStatement } from '../../../src/sql/schema/replay.ts'
import { emptySchema } from '../../../src/sql/schema/schema.ts'

async function statements(sql: string): Promise<readonly Statement[]> {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) throw new Error(parsed.problem.message)
  return parsed.statements
}

async function judge(up: string, down?: string, given = '') {
  const schema = emptySchema()
  for (const [index, one] of (await statements(exampleSchema + given)).entries()) applyStatement(schema, one, { file: 0, statement: index })
  const before = describeSchema(schema)
  const judgement = judgeWayBack({ up: await statements(up), down: down === undefined ? undefined : await statements(down) }, () => schema)
  expect(describeSchema(schema)).toEqual(before)
  const { wayBack, remainders } = judgement
  return {
    kind: wayBack.kind,
    costs: wayBack.kind === 'lossy' ? wayBack.loses.map(({ what }) => what) : wayBack.kind === 'impossible' ? [wayBack.because] : [],
    remainders: remainders?.map(({ object, state }) => `${object}: ${state}`),
  }
}

describe('a way back is lossless', () => {
  test.each([
    ['an index', 'create index on orders (total)', 'drop index orders_total_idx'],
    ['a default', 'alter table users alter column age set default 1', 'alter table users alter column age drop default'],
    ['a rename', 'alter table users rename to people', 'alter table people rename to users'],
    ['a view', 'create view v as select 1', 'drop view v'],
    ['a longer varchar taken back into text', 'alter table users alter name type varchar(200)', 'alter table users alter name type text'],
    ['a generated column', 'alter table users add twice int generated always as (age * 2) stored', 'alter table users drop twice'],
    ['a temporary table', 'create temporary table t (id int)', 'drop table t'],
    ['a table that came and went', 'create table t (id int); drop table t', 'select 1'],
    ['rows of a table of its own', 'create table t (id int); delete from t', 'select 1'],
  ])('for %s', async (_, up, down) => {
    expect(await judge(up, down)).toMatchObject({ kind: 'lossless', costs: [] })
  })
})

describe('a way back is lossy, and says what it loses', () => {
  test.each([
    ['alter table users add phone text', 'alter table users drop phone', ['the values of users.phone']],
    ['create table carts (id int)', 'drop table carts', ['the rows of carts']],
    ['create table app.carts (id int)', 'drop table app.carts', ['the rows of app.carts']],
    [
      'alter table orders alter amount type bigint',
      'alter table orders alter amount type int',
      ['values of orders.amount that int4 does not hold: on them it fails'],
    ],
    ['select 1', 'update users set age = 0, note = null', ['the values of users.age, users.note that UPDATE overwrites']],
    ['update users set name = upper(name)', 'select 1', ['the values of users.name that UPDATE overwrites']],
    [
      'alter table products alter price type numeric(9,1)',
      'alter table products alter price type numeric(10,2)',
      ['what numeric(9,1) does not hold of the values of products.price'],
    ],
    ['select 1', 'truncate products', ['the rows that TRUNCATE takes out of products']],
    ['select count(*) from products', 'do $$ begin perform 1; end $$', ['what a DO block changes, which its text does not show']],
  ])('%s / %s', async (up, down, costs) => {
    expect(await judge(up, down)).toMatchObject({ kind: 'lossy', costs })
  })

  test('not by filling a column that the migration itself adds', async () => {
    const up = 'alter table users add label text; update users set label = name'
    expect(await judge(up, 'alter table users drop label')).toMatchObject({ costs: ['the values of users.label'] })
  })
})

describe('a way back is impossible', () => {
  test.each([
    ['a dropped column', 'alter table users drop nickname', 'alter table users add nickname text', 'the values of users.nickname are gone'],
    ['a dropped table', 'drop table products', 'create table products (id int)', 'the rows of products are gone'],
    ['a table that nobody knows', 'drop table legacy', undefined, 'the rows of legacy are gone'],
    ['deleted rows', 'delete from users', 'select 1', 'the rows that DELETE takes out of users are gone'],
    [
      'a new enum value',
      "alter type order_state add value 'back'",
      'select 1',
      "PostgreSQL cannot take 'back' out of the enum type order_state",
    ],
    ['a table that goes with another by CASCADE', 'drop table events cascade', 'select 1', 'the rows of events are gone'],
  ])('after %s', async (_, up, down, because) => {
    expect(await judge(up, down)).toMatchObject({ kind: 'impossible', costs: [because] })
  })

  test('unless the way back writes the values again: how many, its text does not show', async () => {
    const up = 'alter table users add label text; update users set label = name; alter table users drop name'
    const down = 'alter table users add name varchar(100); update users set name = label; alter table users drop label'
    expect(await judge(up, down)).toMatchObject({ kind: 'lossy' })
    expect(await judge('delete from products', "insert into products values (1, 'a', 1)")).toMatchObject({ kind: 'lossy' })
  })

  test('unless the enum type is made anew without the value', async () => {
    const down = `alter type order_state rename to old_state; create type order_state as enum ('new', 'paid', 'sent');
      alter table orders alter state drop default;
      alter table orders alter state type order_state using state::text::order_state; drop type old_state`
    expect((await judge("alter type order_state add value 'back'", down)).kind).not.toBe('impossible')
  })
})

test('a migration without a way back, or with an empty one, is told apart from one that cannot have any', async () => {
  expect(await judge('alter table users add phone text')).toMatchObject({ kind: 'missing', remainders: undefined })
  expect(await judge('alter table users add phone text', '-- later')).toMatchObject({ kind: 'missing' })
})

describe('what is not as it was is named', () => {
  test.each([
    ['left over', 'alter table users add phone text', 'select 1', ['column public.users.phone: left over']],
    ['missing', 'drop view active_users', 'select 1', ['view public.active_users: missing']],
    ['different', 'alter table users alter age set not null', 'select 1', ['column public.users.age: different']],
    ['a table, without each of its columns', 'create table carts (id int, note text)', 'select 1', ['table public.carts: left over']],
  ])('%s', async (_, up, down, remainders) => {
    expect(await judge(up, down)).toMatchObject({ remainders })
  })

  test('but not that constraints stay validated, and extensions installed', async () => {
    const given = 'alter table users add constraint adult check (age > 17) not valid;'
    expect(await judge('alter table users validate constraint adult', 'select 1', given)).toMatchObject({ remainders: [] })
    expect(await judge('create extension if not exists pg_trgm', 'select 1')).toMatchObject({ remainders: [] })
  })

  test('and nothing is claimed of a text that hides what it does', async () => {
    expect(await judge('alter table users add phone text', 'call undo()')).toMatchObject({ remainders: undefined })
  })
})
