import { expect, test } from 'vitest'
import { readQueries } from '../../src/rollback/queries.ts'

async function read(text: string) {
  const { queries, unread } = await readQueries({ path: 'q.sql', name: 'q.sql', bytes: Buffer.from(text) })
  return { unread, queries: queries.map(({ name, sql, start }) => ({ name, sql, line: start.line })) }
}

test('plain statements are numbered, and comments are left out', async () => {
  expect((await read('-- one\nselect 1;\n\nselect $1::int;')).queries).toEqual([
    { name: 'statement 1', sql: 'select 1', line: 2 },
    { name: 'statement 2', sql: 'select $1::int', line: 4 },
  ])
})

test("sqlc's names and parameters become what the server reads: one number a name, anew in each statement", async () => {
  const text = `-- name: GetUser :one
select sqlc.embed(users), id from users where email = sqlc.arg(email) or email = @email and age > sqlc.narg('age');

-- name: SetName :exec
update users set name = @name::text where id = any(sqlc.slice(ids));`
  expect((await read(text)).queries).toEqual([
    { name: 'GetUser', sql: 'select users.*, id from users where email = $1 or email = $1 and age > $2', line: 2 },
    { name: 'SetName', sql: 'update users set name = $1::text where id = any($2)', line: 5 },
  ])
})

test.each([
  ['an operator', "select a from t where tags @> '{x}' and b @@ to_tsquery('y')"],
  ['a string', "select 'mail @name sqlc.arg(x)' from t"],
  ['a dollar quote', 'select $q$ @name $q$ from t'],
  ['an absolute value', 'select @ -5'],
])('%s is no parameter', async (_, sql) => {
  expect((await read(sql)).queries.map((one) => one.sql)).toEqual([sql])
})

test('a name goes on behind the numbers that the statement has', async () => {
  expect((await read('select $2::int, @more::int; select @more::int')).queries.map((one) => one.sql)).toEqual([
    'select $2::int, $3::int',
    'select $1::int',
  ])
})

test('what the parser does not read is no query, and is told of', async () => {
  expect(await read('select * from users where id = :id')).toEqual({
    queries: [],
    unread: [{ path: 'q.sql', because: expect.stringContaining('syntax error') }],
  })
})
