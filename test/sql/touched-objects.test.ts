import { describe, expect, test } from 'vitest'
import { parseStatements } from '../../src/sql/parse.ts'
import { type TouchedObject, touchedObjects, touchSame } from '../../src/sql/touched-objects.ts'

async function objectsIn(sql: string): Promise<readonly TouchedObject[]> {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) throw new Error(parsed.problem.message)
  return parsed.statements.flatMap(touchedObjects)
}

/** `schema.relation(columns)`, with an exclamation mark when the relation goes away. */
async function shownIn(sql: string): Promise<string[]> {
  return (await objectsIn(sql)).map(
    ({ schema, relation, columns, removes }) =>
      `${schema === undefined ? '' : `${schema}.`}${relation ?? '*'}${columns === undefined ? '' : `(${[...columns].sort().join(',')})`}${removes ? '!' : ''}`,
  )
}

test.each([
  ['alter table only public.users drop column name, add age int', ['public.users(age,name)']],
  ['alter table users alter name set not null, alter email type citext using lower(login)', ['users(email,login,name)']],
  ['alter table users add check (age > 0), add unique (email)', ['users(age,email)']],
  ['alter table users drop constraint users_name_key', ['users']],
  ['alter table users add column x int, enable row level security', ['users']],
  ['alter table orders add foreign key (user_id) references users (id)', ['orders(user_id)', 'users(id)']],
  ['alter table orders add foreign key (user_id) references users', ['orders(user_id)', 'users()']],
  ['create table orders (id int, name text, user_id int references app.users (id))', ['orders', 'app.users(id)']],
  ['alter table logs attach partition logs_1 for values in (1)', ['logs', 'logs_1']],
  ['alter table users rename name to full_name', ['users(full_name,name)']],
  ['alter table users rename to people', ['users!', 'people!']],
  ['alter table users rename constraint a to b', ['users']],
  ['alter table app.users set schema old', ['app.users!']],
  ['drop table if exists app.users, "Weird Name" cascade', ['app.users!', 'Weird Name!']],
  ['drop view v', ['v!']],
  ['drop index concurrently app.users_name', ['app.users_name!']],
  ['drop trigger t on app.users', ['app.users']],
  ['drop schema old cascade', ['old.*!']],
  ['drop function f(users)', []],
  ['create index on users (email, lower(name)) include (age) where active', ['users(active,age,email,name)']],
  ['create view v as select u.name from users u', ['v(name)', 'users(name)']],
  ['create view v as select * from users', ['v', 'users']],
  ['select u from users u', ['users']],
  ['update users set name = first || last where id = 1', ['users(first,id,last,name)']],
  ['insert into users (name) select title from people', ['users(name,title)', 'people(name,title)']],
  ['insert into users values (1)', ['users']],
  ['insert into users (id) values (1) on conflict (id) do update set name = excluded.name', ['users(id,name)']],
  [
    'with gone as (delete from users where old returning id) insert into archive (id) select id from gone',
    ['users(id,old)', 'archive(id,old)'],
  ],
  ['copy users (name) from program $$x$$', ['users(name)']],
  ['create trigger t before update of name on users execute function f()', ['users(name)']],
  ['truncate users', ['users']],
  ['vacuum users', ['users']],
  ['do $$ begin drop table users; end $$', []],
])('%s names %j', async (sql, expected) => {
  expect((await shownIn(sql)).sort()).toEqual([...expected].sort())
})

describe('two statements are about the same thing', () => {
  test.each([
    ['alter table users drop name', 'alter table users add check (name <> $$$$)', true],
    ['alter table users drop name', 'alter table users add column age int', false],
    ['alter table users drop name', 'alter table public.users alter name set not null', true],
    ['alter table app.users drop name', 'alter table public.users alter name set not null', false],
    ['alter table users drop name', 'create index on users (name)', true],
    ['alter table users drop name', 'create index on users (email)', false],
    ['alter table users drop name', 'alter table orders add name text', false],
    ['alter table users drop name', 'insert into users values (1)', true],
    ['alter table users drop name', 'create table orders (name text, user_id int references users (id))', false],
    ['alter table users drop name', 'create table names (name text references users (name))', true],
    ['drop table users', 'create table orders (user_id int references users)', true],
    ['drop table users', 'alter table users add age int', true],
    ['alter table users rename to people', 'alter table people add age int', true],
    ['alter table users rename to people', 'alter table users add age int', true],
    ['drop schema old cascade', 'alter table old.users add age int', true],
    ['drop schema old cascade', 'alter table users add age int', false],
    ['drop index users_name', 'drop index users_name', true],
  ])('%s / %s: %s', async (one, other, same) => {
    const [mine, theirs] = [await objectsIn(one), await objectsIn(other)]
    expect(mine.some((a) => theirs.some((b) => touchSame(a, b)))).toBe(same)
    expect(theirs.some((a) => mine.some((b) => touchSame(a, b)))).toBe(same)
  })
})
