import { describe, expect, test } from 'vitest'
import type { Example } from '../../src/lint/rule.ts'
import { rules } from '../../src/lint/rules/index.ts'
import { lintExample } from './lint-example.ts'

async function findings(name: string, example: Example) {
  return lintExample(
    example,
    rules.filter((rule) => rule.name === name),
  )
}

async function remedy(name: string, example: Example) {
  const [finding] = await findings(name, example)
  return finding?.instead.map(({ phase, transactional, sql }) => `${phase}${transactional ? '' : ', no transaction'}: ${sql}`)
}

describe('a table that no migration made counts as old and used', () => {
  test.each([
    ['require-concurrent-index-creation', 'create index visits_day_idx on visits (day)'],
    ['require-concurrent-index-deletion', 'drop index visits_day_idx'],
    ['require-concurrent-reindex', 'reindex table visits'],
    ['constraint-missing-not-valid', 'alter table visits add check (day is not null)'],
    ['adding-foreign-key-constraint', 'alter table visits add foreign key (user_id) references users (id)'],
    ['disallowed-unique-constraint', 'alter table visits add unique (day)'],
    ['adding-not-nullable-field', 'alter table visits alter column day set not null'],
    ['adding-required-field', 'alter table visits add column hour int not null'],
    ['changing-column-type', 'alter table visits alter column day type text'],
  ])('%s: %s', async (name, sql) => {
    expect(await findings(name, sql)).toHaveLength(1)
  })
})

describe('a remedy keeps what the author wrote', () => {
  test('names that need quotes keep them', async () => {
    const given = 'create table "Line Items" (id bigint, "Order" bigint)'
    expect(
      await remedy('constraint-missing-not-valid', { given, files: [{ sql: 'alter table "Line Items" add check ("Order" > 0)' }] }),
    ).toEqual([
      'pre: alter table "Line Items" add constraint "Line Items_Order_check" check ("Order" > 0) not valid;',
      'pre: alter table "Line Items" validate constraint "Line Items_Order_check";',
    ])
  })

  test('words of a statement in capitals are followed by capitals', async () => {
    expect(await remedy('disallowed-unique-constraint', 'ALTER TABLE users ADD CONSTRAINT nick UNIQUE (nickname)')).toEqual([
      'pre, no transaction: CREATE UNIQUE INDEX CONCURRENTLY nick ON users (nickname);',
      'pre: ALTER TABLE users ADD CONSTRAINT nick UNIQUE USING INDEX nick;',
    ])
  })

  test('comments, commas in brackets and letters beyond ASCII do not lead it astray', async () => {
    const sql = `-- für später, mit Komma
      alter table users /* die Käufer */
        add column größe numeric(8, 2), -- in Metern, gerundet
        add constraint größe_positiv check (größe > 0 and score in (1, 2)) -- immer`
    expect(await remedy('constraint-missing-not-valid', sql)).toEqual([
      'pre: alter table users add column größe numeric(8, 2), add constraint größe_positiv check (größe > 0 and score in (1, 2)) not valid;',
      'pre: alter table users validate constraint "größe_positiv";',
    ])
  })

  test('other subcommands of the statement stay with it', async () => {
    const sql = 'alter table if exists only users drop column age, add constraint nick unique (nickname), alter name set default null'
    expect(await remedy('disallowed-unique-constraint', sql)).toEqual([
      'pre: alter table if exists only users drop column age, alter name set default null;',
      'pre, no transaction: create unique index concurrently nick on users (nickname);',
      'pre: alter table users add constraint nick unique using index nick;',
    ])
  })

  test('a check that waits to be validated is used, and no second one is made', async () => {
    const given = 'alter table users add constraint nick_there check (nickname is not null) not valid'
    const sql = 'alter table users alter nickname set not null'
    expect(await remedy('adding-not-nullable-field', { given, files: [{ sql }] })).toEqual([
      'post: alter table users validate constraint nick_there;\nalter table users alter column nickname set not null;',
    ])
  })

  test('it stays in its phase where a default writes the column for old code', async () => {
    const given = "alter table users alter nickname set default ''"
    const files = await remedy('adding-not-nullable-field', { given, files: [{ sql: 'alter table users alter nickname set not null' }] })
    expect(files?.map((file) => file.slice(0, 4))).toEqual(['pre:', 'pre:'])
  })
})

test('of several names that are too long each is pointed at', async () => {
  const long = (letter: string) => letter.repeat(64)
  const found = await findings('identifier-too-long', `create table ${long('a')} (${long('b')} int)`)
  expect(found.map(({ start }) => start.column)).toEqual([14, 80])
})

test('a generated column becomes a virtual one from PostgreSQL 18 on, and a trigger before', async () => {
  const sql = 'alter table orders add column worth numeric generated always as (total * 2) stored'
  expect(await remedy('ban-stored-generated-column', { files: [{ sql }], postgres: 18 })).toEqual([
    'pre: alter table orders add column worth numeric generated always as (total * 2) virtual;',
  ])
  expect((await remedy('ban-stored-generated-column', { files: [{ sql }], postgres: 17 }))?.join('\n')).toContain(
    'new.worth := (new.total * 2);',
  )
})
