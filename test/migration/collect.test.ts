import { expect, test } from 'vitest'
import { collectMigrations } from '../../src/migration/collect.ts'
import type { Layout } from '../../src/migration/layout.ts'

const collect = (files: Readonly<Record<string, string>>, layout?: Layout['name']) =>
  collectMigrations(
    {
      pre: {
        path: 'db/migrations',
        files: Object.entries(files).map(([name, text]) => ({ name, path: `db/migrations/${name}`, bytes: Buffer.from(text) })),
      },
      post: { path: 'db/post_migrations', files: undefined, named: false },
    },
    layout,
    {},
  )

test.each([
  ['goose', { '1_a.sql': '-- +goose Up\n', '2_b.sql': '-- +goose Up\n' }, '2 of 2 files carry -- +goose Up'],
  ['dbmate', { '1_a.sql': '-- migrate:up\n-- migrate:down\n' }, '1 of 1 files carry -- migrate:up'],
  ['golang-migrate', { '1_a.up.sql': '', '1_a.down.sql': '' }, '2 of 2 files are numbered .up.sql and .down.sql files'],
  ['plain', { '1_a.sql': 'select 1;', '1_a.down.sql': '' }, '2 of 2 files have a number and the mark of no tool'],
])('finds %s out, and says by what', (name, files, shownBy) => {
  const found = collect(files)
  expect([found.layout.name, found.shownBy]).toEqual([name, shownBy])
})

test('does not guess between two tools: the wrong version table would say that nothing has run', () => {
  expect(() => collect({ '1_a.sql': '-- migrate:up\n-- migrate:down\n', '2_b.up.sql': '' })).toThrow(
    'The files may be written for golang-migrate (1 of 2 files are numbered .up.sql and .down.sql files) or dbmate (1 of 2 files carry -- migrate:up).',
  )
})

const goose = { '1_a.sql': '-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\n' }

test.each([
  ['sqlx', goose, 'is written for goose; sent whole'],
  ['sqlx', { '1_a.sql': '-- migrate:up\n-- migrate:down\n' }, 'is written for dbmate; sent whole'],
  ['golang-migrate', { '1_a.up.sql': goose['1_a.sql'] }, 'is written for goose; sent whole'],
  ['diesel', { '1_a/up.sql': goose['1_a.sql'] }, 'is written for goose; sent whole'],
  ['prisma', { '1_a/migration.sql': goose['1_a.sql'] }, 'is written for goose; sent whole'],
  ['flyway', { 'V1__a.sql': goose['1_a.sql'] }, 'is written for goose; sent whole'],
] as const)('%s refuses a file that holds its way back too: both would run', (layout, files, message) => {
  expect(() => collect(files, layout)).toThrow(message)
})

test.each([
  [{ ...goose, '2_b.sql': 'select 1;' }, undefined, 'The files were taken for goose (1 of 2 files carry -- +goose Up); migrations.layout'],
  [goose, 'dbmate', 'The files look like goose (1 of 1 files carry -- +goose Up), and are read as dbmate: check migrations.layout.'],
  [goose, 'diesel', 'and are read as diesel'],
] as const)('a refusal says what speaks for a layout: %o as %s', (files, layout, said) => {
  expect(() => collect(files, layout)).toThrow(expect.objectContaining({ hint: expect.stringContaining(said) }))
})

test('one folder for both phases is refused as what it is', () => {
  const files = [{ name: '1_a.sql', path: 'db/migrations/1_a.sql', bytes: Buffer.from('') }]
  const folder = { path: 'db/migrations', files, named: true }
  expect(() => collectMigrations({ pre: folder, post: folder }, undefined, {})).toThrow('both phases read its folder')
})
