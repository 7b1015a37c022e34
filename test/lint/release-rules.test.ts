import { describe, expect, test } from 'vitest'
import { lint } from '../../src/lint/engine.ts'
import type { Change } from '../../src/lint/review.ts'
import { rules } from '../../src/lint/rules/index.ts'
import { goose } from '../../src/migration/layouts/goose.ts'
import { plain } from '../../src/migration/layouts/plain.ts'
import { rails } from '../../src/migration/layouts/rails.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { exampleMigration } from './lint-example.ts'

const users = exampleMigration(1, { sql: 'create table users (id bigint primary key, name text)' })

interface Given {
  readonly added?: readonly Migration[]
  readonly changes?: readonly Change[]
  readonly layout?: typeof plain
  readonly bootFiles?: readonly { readonly path: string; readonly text: string }[]
}

async function findings({ added = [], changes, layout = plain, bootFiles }: Given) {
  const review = changes === undefined ? undefined : { changes }
  const active = rules.filter((rule) => rule.optIn !== true).map((rule) => ({ rule, severity: rule.severity }))
  const input = {
    migrations: [users, ...added],
    isNew: (one: Migration) => added.includes(one),
    layout,
    postgres: 15,
    refused: [],
    rules: active,
    everyRule: rules,
    review,
    bootFiles,
  }
  const report = await lint(input)
  return report.findings.map(({ rule, path, start, severity }) => `${path}:${start.line}:${start.column} ${severity} ${rule}`)
}

function read(layout: typeof plain, files: Readonly<Record<string, string>>): readonly Migration[] {
  const sources = Object.entries(files).map(([name, text]) => ({ path: `db/${name}`, name, bytes: Buffer.from(text) }))
  return layout.read(sources, 'pre', {})
}

describe('a pull request without a new migration', () => {
  test('is stopped when it edits a released one', async () => {
    expect(await findings({ changes: [{ kind: 'modified', path: users.path }] })).toEqual([
      'db/0001_example.sql:1:1 error ban-released-migration-change',
    ])
  })

  test('hears of a file that would never run', async () => {
    expect(await findings({ changes: [{ kind: 'added', path: 'db/0002_carts.sgl' }] })).toEqual([
      'db/0002_carts.sgl:1:1 warning require-migration-name',
    ])
  })

  test('hears of SQL among migrations in Ruby, and of no file in Ruby', async () => {
    const added = read(rails, { '0002_carts.rb': 'class Carts < ActiveRecord::Migration[7.1]\nend\n' })
    const changes = ['db/0002_carts.rb', 'db/0003_total.sql'].map((path) => ({ kind: 'added', path }) as const)
    expect(await findings({ added, layout: rails, changes })).toEqual(['db/0003_total.sql:1:1 warning require-migration-name'])
  })

  test('passes when it changes nothing of the database', async () => {
    expect(await findings({ changes: [{ kind: 'modified', path: 'src/shop.ts' }] })).toEqual([])
  })
})

describe('a finding about the way back stands at its statement', () => {
  const up = 'alter table users add column phone text;\n'

  test('in the file beside the migration', async () => {
    const added = read(plain, { '0002_phone.sql': up, '0002_phone.down.sql': '-- takes it back\ndrop index concurrently users_idx;\n' })
    expect(await findings({ added })).toEqual([
      'db/0002_phone.down.sql:2:1 error ban-alone-statement-in-down',
      'db/0002_phone.down.sql:2:1 warning require-inverse-down',
    ])
  })

  test('in the section of a goose file', async () => {
    const added = read(goose, { '00002_phone.sql': `-- +goose Up\n${up}\n-- +goose Down\nselect 1;\n` })
    expect(await findings({ added, layout: goose })).toEqual(['db/00002_phone.sql:5:1 warning require-inverse-down'])
  })

  test('at the word that the parser does not read, which is an error where the server has the same grammar', async () => {
    const added = read(plain, { '0002_phone.sql': up, '0002_phone.down.sql': 'alter table users\n  drop colum phone text;\n' })
    expect(await findings({ added })).toEqual(['db/0002_phone.down.sql:2:14 warning require-readable-down'])
  })
})

test('the way back of each migration is judged from the schema that the ones before it leave', async () => {
  const added = [
    exampleMigration(2, { sql: 'create table carts (id bigint primary key)', down: 'drop table carts' }),
    exampleMigration(3, { sql: 'alter table carts add column note text', down: 'alter table carts drop column note' }),
    exampleMigration(4, { sql: 'drop table carts', phase: 'post', down: 'create table carts (id bigint primary key)' }),
  ]
  expect(await findings({ added })).toEqual([
    'db/0004_example.down.sql:1:1 warning require-inverse-down',
    'db/0004_example.sql:1:1 warning require-order-of-phases',
    'db/0004_example.sql:1:1 advice prefer-reversible-migration',
  ])
})

describe('a service that migrates when it starts', () => {
  const bootFiles = [{ path: 'Dockerfile', text: 'FROM a\nCMD goose up && ./shop\n' }]
  const post = exampleMigration(2, {
    sql: 'alter table users drop column name',
    phase: 'post',
    down: 'alter table users add column name text',
  })
  const told = (all: readonly string[]) => all.filter((one) => one.includes('boot'))

  test('is told of with each release that has a post migration, at its line', async () => {
    expect(told(await findings({ added: [post], bootFiles, changes: [] }))).toEqual(['Dockerfile:2:5 warning ban-migration-at-boot'])
  })

  test('is not told of again with each release that has none', async () => {
    const pre = exampleMigration(2, { sql: 'alter table users add column age int', down: 'alter table users drop column age' })
    expect(told(await findings({ added: [pre], bootFiles, changes: [] }))).toEqual([])
  })
})
