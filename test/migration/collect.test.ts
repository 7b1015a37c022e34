import { expect, test } from 'vitest'
import { collectMigrations } from '../../src/migration/collect.ts'
import type { Layout } from '../../src/migration/layout.ts'

const collect = (files: Readonly<Record<string, string>>, named?: Layout['name']) =>
  collectMigrations(
    {
      pre: {
        path: 'db/migrations',
        files: Object.entries(files).map(([name, text]) => ({ name, path: `db/migrations/${name}`, bytes: Buffer.from(text) })),
      },
      post: { path: 'db/post_migrations', files: undefined, named: false },
    },
    named,
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
    expect.objectContaining({
      message:
        'The files may be written for golang-migrate (1 of 2 files are numbered .up.sql and .down.sql files) or dbmate (1 of 2 files carry -- migrate:up).',
      hint: 'Set migrations.layout in shiplock.yml to golang-migrate or dbmate.',
    }),
  )
})

const gooseFile = '-- +goose Up\ncreate table a ();\n-- +goose Down\ndrop table a;\n'

test.each([
  ['golang-migrate', { '1_a.sql': gooseFile }, 'invalid-migration', 'goose (1 of 1 files carry -- +goose Up)'],
  ['diesel', { '1_a.sql': gooseFile }, 'migrations-not-found', 'goose (1 of 1 files carry -- +goose Up)'],
  ['goose', { '1_a/up.sql': 'select 1;' }, 'migrations-not-found', 'diesel (1 of 1 files are up.sql in a numbered folder)'],
  ['plain', { 'V1__a.sql': 'select 1;' }, 'invalid-migration', 'flyway (1 of 1 files'],
] as const)('says which layout files have that are none of %s, which was named', (named, files, code, shown) => {
  expect(() => collect(files, named)).toThrow(expect.objectContaining({ code, hint: expect.stringContaining(`look like ${shown}`) }))
})

test('leaves the hint alone where one file of the layout that was named is wrong', () => {
  const wrong = () => collect({ '1_a.sql': gooseFile, '2_b.sql': 'select 1;' }, 'goose')
  expect(wrong).toThrow(expect.objectContaining({ hint: expect.not.stringContaining('look like') }))
})

test('says by what the layout was found out, where a file does not fit it', () => {
  const taken = 'The files were taken for goose (1 of 2 files carry -- +goose Up); migrations.layout names another layout.'
  const wrong = () => collect({ '1_a.sql': gooseFile, '2_b.sql': 'select 1;' })
  expect(wrong).toThrow(expect.objectContaining({ hint: expect.stringContaining(taken) }))
})

test.each([
  ['sqlx', '1_a.sql'],
  ['golang-migrate', '1_a.up.sql'],
  ['diesel', '1_a/up.sql'],
  ['prisma', '1_a/migration.sql'],
  ['flyway', 'V1__a.sql'],
] as const)("%s never runs another tool's way back as a part of the file", (named, file) => {
  for (const text of [gooseFile, '-- migrate:up\ncreate table a ();\r\n-- migrate:down\r\ndrop table a;']) {
    expect(() => collect({ [file]: text }, named)).toThrow(expect.objectContaining({ code: 'unsupported-migration' }))
  }
  const changedTools = '-- +goose Up\ncreate table a ();\n-- +goose Down\n\n-- nothing\n'
  expect(collect({ [file]: changedTools }, named).migrations).toHaveLength(1)
})

test('one folder for both phases is refused as what it is', () => {
  const files = [{ name: '1_a.sql', path: 'db/migrations/1_a.sql', bytes: Buffer.from('') }]
  const folder = { path: 'db/migrations', files, named: true }
  expect(() => collectMigrations({ pre: folder, post: folder }, undefined, {})).toThrow('both phases read its folder')
})
