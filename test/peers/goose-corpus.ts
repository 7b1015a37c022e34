// biome-ignore-all lint/suspicious/noTemplateCurlyInString: goose writes its variables like this
/** A folder of migrations, and what becomes of it. */
export interface Sample {
  readonly name: string
  /** Files of the folder; a text alone stands for one file with a good name. */
  readonly files: string | Readonly<Record<string, string>>
  readonly variables?: Readonly<Record<string, string>>
  /** The code with which Shiplock refuses what goose takes, on purpose. Without it both must say the same. */
  readonly stricter?: 'missing-variable' | 'unsupported-migration' | 'invalid-migration'
}

const up = (...lines: string[]) => ['-- +goose Up', ...lines, ''].join('\n')
const block = (...lines: string[]) => ['-- +goose StatementBegin', ...lines, '-- +goose StatementEnd'].join('\n')
const envsub = (...lines: string[]) => up('-- +goose ENVSUB ON', ...lines)
const table = 'create table t (a int);'
const body = (eol: string) => ['create function f() returns int language plpgsql as $$', 'begin', '  return 1;', 'end $$;'].join(eol)

/** Awkward forms. What goose makes of each is measured, not written down here. */
export const corpus: readonly Sample[] = [
  { name: 'lower case', files: '-- +goose up\ncreate table t (a int);\n-- +goose down\ndrop table t;\n' },
  { name: 'upper case and spaces', files: '--   +goose   UP   \ncreate table t (a int);\n' },
  { name: 'no space', files: '--+goose Up\ncreate table t (a int);\n' },
  { name: 'four dashes', files: '---- +goose Up\ncreate table t (a int);\n' },
  { name: 'three dashes', files: '--- +goose Up\ncreate table t (a int);\n' },
  { name: 'words the other way round', files: '-- Up +goose\ncreate table t (a int);\n' },
  { name: '+GOOSE', files: '-- +GOOSE Up\ncreate table t (a int);\n' },
  { name: 'indented Up', files: '  -- +goose Up\ncreate table t (a int);\n' },
  { name: 'no-break space before Up', files: '\u00a0-- +goose Up\ncreate table t (a int);\n' },
  { name: 'indented StatementBegin', files: up('  -- +goose StatementBegin', table, '-- +goose StatementEnd') },
  { name: 'unknown annotation', files: up(table, '-- +goose Upwards') },
  { name: 'annotation in prose', files: up('-- see the +goose docs', table) },
  { name: 'annotation with a comment', files: '-- +goose Up -- first\ncreate table t (a int);\n' },
  { name: 'annotation twice on a line', files: '-- +goose Up -- +goose Up\ncreate table t (a int);\n' },
  { name: 'long s in StatementBegin', files: up('-- +goose \u017ftatementBegin', table, '-- +goose StatementEnd') },
  {
    name: 'no transaction in small letters',
    files: `-- +goose no transaction\n${up('create table t (a int);', 'create index concurrently i on t (a);')}`,
  },
  { name: 'NO TRANSACTION with two spaces', files: `-- +goose NO  TRANSACTION\n${up(table)}` },
  {
    name: 'NO TRANSACTION in Down',
    files: up(
      'create table t (a int);',
      'create index concurrently i on t (a);',
      '-- +goose Down',
      '-- +goose NO TRANSACTION',
      'drop table t;',
    ),
  },
  { name: 'concurrently without NO TRANSACTION', files: up('create table t (a int);', 'create index concurrently i on t (a);') },
  { name: 'no annotation', files: 'create table t (a int);\n' },
  { name: 'empty file', files: '' },
  { name: 'Up alone', files: '-- +goose Up' },
  { name: 'empty sections', files: up('', '-- +goose Down', '') },
  { name: 'Down first', files: '-- +goose Down\ndrop table t;\n-- +goose Up\ncreate table t (a int);\n' },
  { name: 'Down alone', files: '-- +goose Down\n' },
  { name: 'two Ups', files: up(table, '-- +goose Up', 'create table u ();') },
  { name: 'two Downs', files: up(table, '-- +goose Down', 'drop table t;', '-- +goose Down') },
  { name: 'comment before Up', files: `-- why\n\n${up(table)}` },
  { name: 'our mark before Up', files: `-- shiplock: hotfix\n${up(table)}` },
  { name: 'block comment before Up', files: `/* why */\n${up(table)}` },
  { name: 'SQL before Up', files: `create table u ();\n${up(table)}` },
  { name: 'byte order mark', files: `\uFEFF${up(table)}` },
  { name: 'carriage returns', files: up(block(body('\r\n'))).replaceAll(/\r?\n/g, '\r\n') },
  { name: 'no line end at the end', files: '-- +goose Up\ncreate table t (a int);' },
  { name: 'statement without semicolon', files: up('create table t (a int)') },
  { name: 'statement without semicolon before Down', files: up('create table t (a int)', '-- +goose Down', 'drop table t;') },
  { name: 'semicolon before a glued comment', files: up('create table t (a int);--done') },
  { name: 'semicolon before a comment', files: up('create table t (a int); -- done') },
  { name: 'semicolon before a block comment', files: up('create table t (a int); /* done */') },
  { name: 'semicolon in a comment ends it', files: up('create table t (a int)--;', 'create table u ();') },
  { name: 'semicolon in a spaced comment', files: up('create table t (a int) -- one;', ';') },
  { name: 'no-break space behind the semicolon', files: up('create table t (a int);\u00a0', 'create table u ();') },
  { name: 'no-break space before the statement', files: up('\u00a0create table t (a int);') },
  { name: 'two statements on a line', files: up('create table t (a int); create table u ();') },
  { name: 'lone semicolons', files: up(';', 'create table t (a int);', ';;') },
  { name: 'comment at the end', files: up(table, '-- done') },
  { name: 'blank line and comment at the end', files: up(table, '   ', '-- done') },
  { name: 'block comment at the end', files: up(table, '/* done */') },
  { name: 'function without StatementBegin', files: up(body('\n')) },
  { name: 'function on one line', files: up("create function f() returns int language sql as 'select 1;';") },
  { name: 'string with a semicolon at the line end', files: up('create table t (a text);', "insert into t values ('a;", "b');") },
  { name: 'comment with a semicolon at the line end', files: up('/* one;', 'two */', table) },
  { name: 'rule with two actions', files: up(table, 'create rule r as on insert to t do also (select 1;', 'select 2);') },
  {
    name: 'block without a semicolon',
    files: up(block('create table t (a int)'), block('create table u () -- last;'), 'create table v ();'),
  },
  { name: 'block with two statements', files: up(block('create table t (a int);', 'create table u ();')) },
  { name: 'statement begun before its block', files: up('create table', block('t (a int);')) },
  {
    name: 'annotations inside a function',
    files: envsub(block('create function f() returns text language sql as $$$$', "select '${WHO}'", '-- +goose ENVSUB OFF', '$$')),
    variables: { WHO: 'me' },
  },
  { name: 'block inside a block', files: up(block('select 1;', '-- +goose StatementBegin', 'select 2;')) },
  { name: 'block that is never closed', files: up('-- +goose StatementBegin', table) },
  { name: 'block closed by Down', files: up('-- +goose StatementBegin', table, '-- +goose Down', 'drop table t;') },
  { name: 'end without a block', files: up(table, '-- +goose StatementEnd') },
  { name: 'empty block at the end', files: up(table, block('-- nothing'), '-- +goose Down', block()) },
  { name: 'empty block before a statement', files: up(block(), 'create table lost ();', table), stricter: 'invalid-migration' },
  { name: 'begin and commit around it', files: up('begin;', table, 'commit;') },
  { name: 'syntax error', files: up('create tabel t (a int);') },

  { name: 'ENVSUB: name in braces', files: envsub('create table ${NAME} (a int);'), variables: { NAME: 'thing' } },
  { name: 'ENVSUB: bare name', files: envsub('create table $NAME (a int);'), variables: { NAME: 'thing' } },
  {
    name: 'ENVSUB: default',
    files: envsub('create table ${NAME:-other} (a int);', 'create table ${EMPTY:-none} ();', 'create table x${EMPTY-none} ();'),
    variables: { EMPTY: '' },
  },
  { name: 'ENVSUB: default in a default', files: envsub('create table ${NAME:-${OTHER:-x}${THING}} (a int);'), variables: { THING: 'y' } },
  { name: 'ENVSUB: required and set', files: envsub('create table ${NAME?say it} (a int);'), variables: { NAME: 'thing' } },
  { name: 'ENVSUB: required and not set', files: envsub('create table ${NAME?say it} (a int);') },
  { name: 'ENVSUB: a whole statement', files: envsub('${SQL}'), variables: { SQL: 'create table t (a int);' } },
  {
    name: 'ENVSUB: a value with line breaks',
    files: envsub("create table t (a text default '${LINES}');"),
    variables: { LINES: 'one\ntwo' },
  },
  { name: 'ENVSUB: nothing at all', files: envsub(table, '${SQL}'), variables: { SQL: '' } },
  { name: 'ENVSUB: dollar in the value', files: envsub("create table t (a text default '${COST}');"), variables: { COST: '$5 ${NAME}' } },
  {
    name: 'ENVSUB: escaped dollars',
    files: envsub("create table t (a text default '$$5', b text default '\\$6', c text default '\\\\$(x)');"),
  },
  { name: 'ENVSUB: dollar quotes', files: envsub(block('do $$ begin', 'execute $x$ create table t () $x$;', 'end $$;')) },
  {
    name: 'ENVSUB: doubled dollar quotes',
    files: envsub(block('do $$$$ begin', 'create table ${NAME} (a int);', 'end $$$$;')),
    variables: { NAME: 'thing' },
  },
  { name: 'ENVSUB: a parameter', files: envsub('create function f(int) returns int language sql return $1;') },
  { name: 'ENVSUB: an open brace', files: envsub('create table ${NAME (a int);'), variables: { NAME: 'thing' } },
  { name: 'ENVSUB: bash form', files: envsub('create table ${NAME:?no} (a int);'), variables: { NAME: 'thing' } },
  { name: 'ENVSUB: leading underscore', files: envsub('create table ${_NAME} (a int);'), variables: { _NAME: 'thing' } },
  { name: 'ENVSUB: off again', files: envsub('-- +goose ENVSUB OFF', "create table t (a text default '${NAME}');") },
  { name: 'ENVSUB: in comments', files: envsub('-- ${NAME $1', 'create table t (a int);') },
  { name: 'ENVSUB: broken in Down', files: envsub(table, '-- +goose Down', 'select $1;') },
  { name: 'ENVSUB: not set', files: envsub("create table t (a text default '${NAME}');"), stricter: 'missing-variable' },
  {
    name: 'ENVSUB: a part of a variable',
    files: envsub('create table ${NAME:0:3} (a int);'),
    variables: { NAME: 'thing' },
    stricter: 'unsupported-migration',
  },

  { name: 'names: without a number', files: { '00001_t.sql': up(table), 'schema.sql': up(table) } },
  { name: 'names: with a dash', files: { '00001-t.sql': up(table) } },
  { name: 'names: zero', files: { '00000_t.sql': up(table) } },
  { name: 'names: too great', files: { '9223372036854775808_t.sql': up(table) } },
  { name: 'names: greatest', files: { '9223372036854775807_t.sql': up(table) } },
  { name: 'names: plus sign', files: { '+7_t.sql': up(table) } },
  { name: 'names: duplicate', files: { '00001_t.sql': up(table), '1_u.sql': up('create table u ();') } },
  { name: 'names: ten after nine', files: { '9_t.sql': up(table), '10_u.sql': up('alter table t add column b int;') } },
  {
    name: 'names: other files beside',
    files: {
      '00001_t.sql': up(table),
      'README.md': '# notes',
      'embed.go': 'package migrations\n',
      '00002_t_test.go': 'package migrations\n',
      '00003_t.sql.bak': 'x',
    },
  },
  { name: 'names: a Go migration', files: { '00001_t.sql': up(table), '00002_u.go': 'package migrations\n' } },
  {
    name: 'names: SQL in capitals',
    files: { '00001_t.sql': up(table), '00002_u.SQL': up('create table u ();') },
    stricter: 'invalid-migration',
  },
]
