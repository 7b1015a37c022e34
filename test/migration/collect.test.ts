import { expect, test } from 'vitest'
import { collectMigrations } from '../../src/migration/collect.ts'

const collect = (files: Readonly<Record<string, string>>) =>
  collectMigrations(
    {
      pre: {
        path: 'db/migrations',
        files: Object.entries(files).map(([name, text]) => ({ name, path: `db/migrations/${name}`, bytes: Buffer.from(text) })),
      },
      post: { path: 'db/post_migrations', files: undefined, named: false },
    },
    undefined,
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
