import { describe, expect, test } from 'vitest'
import { kindOf } from '../../src/sql/classify.ts'
import { MappedText } from '../../src/sql/mapped-text.ts'
import { nestedStatements } from '../../src/sql/nested.ts'
import { parseStatements } from '../../src/sql/parse.ts'

/** What the last statement of a file runs inside, each as `line:column words`. */
async function inside(file: string, start = 0, end = file.length) {
  const text = MappedText.ofFile(file, start, end)
  const parsed = await parseStatements(text.text)
  const statement = 'problem' in parsed ? undefined : parsed.statements.at(-1)
  if (statement === undefined) throw new Error('The example cannot be read.')
  const { statements, unread } = await nestedStatements(statement, text)
  return {
    statements: statements.map((one) => {
      const at = one.text.filePosition(file, one.statement.start)
      return `${at?.line}:${at?.column} ${one.text.text.slice(one.statement.start, one.statement.end)}`
    }),
    batched: statements.filter((one) => one.batched).map((one) => kindOf(one.statement)),
    unread: unread.map(({ what, location }) => `${Buffer.from(text.text).subarray(location).toString().split('\n')[0]}: ${what}`),
  }
}

describe('what a DO block runs', () => {
  test('is found in conditions, loops and handlers, each at its own place in the file', async () => {
    const file = `-- été: a comment before it
select 1;
/* another */ do $block$
declare
  n int := (select count(*) from users);
begin
  -- drop table users
  if not exists (select from pg_class where relname = 'x') then alter table users
    add column a int; end if;
  for n in select id from users loop
    update users set a = 1 where id = n; -- twice
    update users set a = 1 where id = n;
  end loop;
  perform touch_all('é');
exception when others then
  begin  truncate orders; end;
end $block$;`
    expect((await inside(file)).statements).toEqual([
      '5:12 select (select count(*) from users)',
      "8:6 select not exists (select from pg_class where relname = 'x')",
      '8:65 alter table users\n    add column a int',
      '10:12 select id from users',
      '11:5 update users set a = 1 where id = n',
      '12:5 update users set a = 1 where id = n',
      "14:3 SELECT touch_all('é')",
      '16:10 truncate orders',
    ])
  })

  test('is told apart from the same words in a comment, and twice on a line', async () => {
    const { statements } = await inside(`do $$ begin /* é drop view v; */ drop view v; drop view v; -- drop view v
    drop view v; end $$`)
    expect(statements).toEqual(['1:34 drop view v', '1:47 drop view v', '2:5 drop view v'])
  })

  test('keeps its place where an INTO was taken out', async () => {
    const { statements } = await inside('do $$ declare n int; begin\n  select id into n from users; end $$')
    expect(statements).toEqual(['2:3 select id        from users'])
  })

  test('is told of a section of a file, too', async () => {
    const file = '-- +goose Up\ndo $$\nbegin\n  drop table users;\nend $$;\n-- +goose Down\n'
    expect((await inside(file, 13, file.indexOf('-- +goose Down'))).statements).toEqual(['4:3 drop table users'])
  })

  test('is told of a body between quotes, behind those that are written twice', async () => {
    const { statements } = await inside(`do 'begin\n  update users set name = ''x''; drop table users; end'`)
    expect(statements).toEqual(["2:3 update users set name = 'x'", '2:34 drop table users'])
  })

  test('points at the block where its text is written with escapes', async () => {
    const { statements } = await inside(`select 1;\ndo E'begin\\n  drop table users; end'`)
    expect(statements).toEqual(['2:4 drop table users'])
  })

  test('counts what EXECUTE is given as a constant', async () => {
    const { statements, unread } = await inside(`do $$
declare other constant text := 'orders';
begin
  execute 'drop table users; drop table "it''s"';
  execute $q$ truncate users $q$;
  execute format('alter table %I add column %s int default %L', 'users', 'b', 'it''s');
  execute 'drop table ' || quote_ident(other);
  execute 'do $x$ begin drop view v; end $x$';
end $$`)
    expect(statements).toEqual([
      '4:12 drop table users',
      `4:30 drop table "it's"`,
      '5:15 truncate users',
      `6:19 alter table "users" add column b int default 'it''s'`,
      '7:12 drop table "orders"',
      '8:12 do $x$ begin drop view v; end $x$',
      '8:25 drop view v',
    ])
    expect(unread).toEqual([])
  })

  test('counts each value that FOREACH takes', async () => {
    const { statements } = await inside(`do $$ declare t text; begin
  foreach t in array array['users', 'orders'] loop
    execute format('alter table %I add column note text', t);
  end loop; end $$`)
    expect(statements).toEqual(['3:21 alter table "users" add column note text', '3:21 alter table "orders" add column note text'])
  })

  test('names what only a run can tell', async () => {
    const { statements, unread } = await inside(`do $$ declare t text; begin
  for t in select relname from pg_class loop
    execute format('drop table %I', t);
  end loop;
  execute 'drop table ' || lower('USERS');
end $$`)
    expect(statements).toEqual(['2:12 select relname from pg_class'])
    expect(unread).toEqual([
      "format('drop table %I', t);: a text that is put together at run time",
      "'drop table ' || lower('USERS');: a text that is put together at run time",
    ])
  })

  test('names a block in another language, and one that cannot be read', async () => {
    expect((await inside('do language plperl $$ x $$')).unread).toEqual(['do language plperl $$ x $$: a block in plperl'])
    expect((await inside('do $$ beginn end $$')).unread).toEqual(['do $$ beginn end $$: a block that the parser does not read'])
  })

  test('knows which statements a loop commits as it goes', async () => {
    const block = (end: string) => `do $$ begin loop update users set a = 1 where a is null; exit when not found; ${end} end loop; end $$`
    expect((await inside(block('commit;'))).batched).toEqual(['UpdateStmt', 'TransactionStmt'])
    expect((await inside(block(''))).batched).toEqual([])
    expect((await inside(block('commit;'))).statements.at(-1)).toContain('commit')
  })

  test('is nothing for other statements', async () => {
    expect(await inside('create function f() returns void language sql as $$ drop table users $$')).toEqual({
      statements: [],
      batched: [],
      unread: [],
    })
  })
})
