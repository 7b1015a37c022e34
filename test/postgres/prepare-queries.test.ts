import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { prepareQueries } from '../../src/adapters/postgres/prepare-queries.ts'
import { parseConnection } from '../../src/connection.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  await server.createDatabase('shop')
  await server.query(
    `create type color as enum ('red');
     create table t (id int primary key, a text, b int not null, st text check (st = 'x'), c color, g int generated always as identity);
     create view grouped as select count(*) as n from t;
     create function f(int) returns int language sql as 'select 1';
     create function f(int, int default 1) returns int language sql as 'select 1';
     create function late() returns int language plpgsql as 'begin return (select gone from t); end';
     create sequence s; create role guest; grant select (id) on t to guest`,
    'shop',
  )
})
afterAll(() => server?.stop())

async function ask(...queries: string[]) {
  const database = { connection: parseConnection(server.url('shop')), tls: { mode: 'off', ca: undefined } as const, role: undefined }
  return prepareQueries(queries, database, 'shiplock/test')
}

describe('preparing shows', () => {
  test.each([
    ['a column that is not there', 'select gone from t', '42703'],
    ['a table that is not there', 'select 1 from gone', '42P01'],
    ['a call that means two functions', 'select f(1)', '42725'],
    ['operands that do not fit', 'select a + 1 from t', '42883'],
    ['a sequence that is not there', "select nextval('gone')", '42P01'],
    ['a literal that an enum does not have', "select 1 from t where c = 'blue'", '22P02'],
    ['a value for a column that the server fills', 'insert into t (id, g) values (1, 2)', '428C9'],
    ['a view that cannot be written', 'insert into grouped values (1)', '55000'],
    ['more values than columns', 'insert into t (id) select id, a from t', '42601'],
    ['a constraint of ON CONFLICT that is not there', 'insert into t (id) values (1) on conflict on constraint gone do nothing', '42704'],
    [
      'columns of ON CONFLICT without an index, once it is planned',
      'insert into t (id, a) values ($1, $2) on conflict (a) do nothing',
      '42P10',
    ],
  ])('%s', async (_, sql, code) => {
    expect(await ask(sql)).toMatchObject([{ state: 'failed', code }])
  })
})

describe('preparing does not show', () => {
  test.each([
    ['a value that a check refuses', "insert into t (id, b, st) values (1, 1, 'y')"],
    ['NULL where it may not be', 'insert into t (id) values (1)'],
    ['a parameter that an enum does not have', 'update t set c = $1'],
    ['what a function does', 'select late()'],
    ['a number that is too large', 'update t set b = 99999999999'],
  ])('%s', async (_, sql) => {
    expect(await ask(sql)).toEqual([{ state: 'prepared' }])
  })
})

test('what is no query is not held against the schema', async () => {
  expect(await ask('truncate t', 'select $1 is null', 'select 1; select 2')).toMatchObject([
    { state: 'not-tried' },
    { state: 'not-tried' },
    { state: 'not-tried' },
  ])
})

test('nothing is executed, and nothing is left behind', async () => {
  await ask(
    'insert into t (id, b) values (1, 1)',
    "select nextval('s')",
    'insert into t (id, b) values (2, 2) on conflict (id) do nothing',
    'insert into t (id, b) values (3, 3); insert into t (id, b) values (4, 4)',
  )
  expect(await server.query('select (select count(*)::int from t) as rows, is_called from s', 'shop')).toEqual([
    { rows: 0, is_called: false },
  ])
})
