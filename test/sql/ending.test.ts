import { describe, expect, test } from 'vitest'
import { type Ending, endingOf } from '../../src/sql/ending.ts'

const cases: Record<Ending, readonly string[]> = {
  empty: ['', ' \n', '-- only a comment', '/* a /* nested */ one */'],
  complete: [
    'select 1;',
    'select 1; -- done',
    "select ';''';",
    'select ";""";',
    "select E'it\\'s';",
    "select E'a'\n'b\\'s';",
    "select 'C:\\';",
    'do $$ begin null; end $$;',
    'do $a$ $$ ; $a$;',
    'select $1;',
    'select a$b$c from t;',
    'create rule r as on insert to t do also (select 1; select 2);',
    'create function f() returns int language sql begin atomic select 1; select case when true then 1 end; end;',
    'create or replace procedure p(a int) begin atomic insert into t values (a); end;',
    'begin; select 1; end;',
    'select 1--2\n;',
  ],
  statement: ['select 1', 'select 1 --;', 'select 1; select 2', 'create function f() returns int language sql as $$ select 1; $$'],
  'a quoted text': ["select 'a;", 'select "a;', "select E'a\\';", 'do $$ begin null;', 'do $a$ null; $$;', "select E'a'\n'b\\';"],
  'a comment': ['/* select 1;', '/* /* */ select 1;'],
  parentheses: ['create rule r as on insert to t do also (select 1;'],
  'a function body': [
    'create function f() returns int language sql begin atomic select 1;',
    'create procedure p() begin atomic select case when true then 1 end;',
  ],
}

describe.each(Object.entries(cases))('%s', (ending, texts) => {
  test.each(texts)('is how this ends: %s', (sql) => {
    expect(endingOf(sql)).toBe(ending)
  })
})

test('reads a long text without running out of stack', () => {
  expect(endingOf(`select '${'x'.repeat(3_000_000)}', /*${'*'.repeat(1_000_000)}*/ 1;`)).toBe('complete')
})
