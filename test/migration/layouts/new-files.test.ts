import { expect, test } from 'vitest'
import { inputs } from '../../../src/inputs.ts'
import { nextVersion } from '../../../src/migration/layout.ts'
import { layouts } from '../../../src/migration/layouts/index.ts'
import { numberedPaths, readTyped, versionOfPath } from '../../../src/migration/migration-path.ts'

const now = new Date('2026-09-18T12:34:56Z')

/** The first file in an empty folder: by the time where the tool's own command does so, except goose's, which knows both ways. */
const firstNames: Readonly<Record<string, string>> = {
  plain: '0001_add_x.sql',
  goose: '0001_add_x.sql',
  'golang-migrate': '20260918123456_add_x.up.sql',
  dbmate: '20260918123456_add_x.sql',
  sqlx: '20260918123456_add_x.up.sql',
  diesel: '2026-09-18-123456_add_x/up.sql',
  prisma: '20260918123456_add_x/migration.sql',
  flyway: 'V0001__add_x.sql',
}

const written = layouts.filter(({ runBy }) => runBy === undefined)

test.each(written.map((layout) => [layout.name, layout] as const))('%s makes a first file that its own reader takes', (name, layout) => {
  const made = layout.newFile('add_x', 'pre', nextVersion([], now, layout.numbersByTime), false)
  expect(made.name).toBe(firstNames[name])
  const beside = made.beside === undefined ? [] : [{ ...made.beside, name: made.name.replace(/[^/]*$/, made.beside.name) }]
  const files = [made, ...beside].map((file) => ({
    path: `db/${file.name}`,
    name: file.name,
    bytes: Buffer.from(`${file.text}\nselect 1;\n`),
  }))
  const [migration] = layout.read(files, 'pre', {})
  expect(migration).toMatchObject({ path: `db/${made.name}` })
  if (made.beside === undefined || layout.down === undefined || 'section' in layout.down) return
  expect(layout.down.beside(`db/${made.name}`)).toBe(files[1]?.path)
  expect(migration?.downPath).toBe(files[1]?.path)
})

test.each(written.map((layout) => [layout.name, layout] as const))(
  '%s: the version is read from the path alone, as git and people name it',
  (name, layout) => {
    const path = `db/${firstNames[name]}`
    const text = layout.newFile('add_x', 'pre', nextVersion([], now, layout.numbersByTime), false).text
    const [migration] = layout.read([{ path, name: firstNames[name] as string, bytes: Buffer.from(`${text}\nselect 1;\n`) }], 'pre', {})
    expect(versionOfPath(path)).toBe(migration?.version)
    expect(numberedPaths([path])).toMatchObject([{ version: migration?.version }])
    expect(readTyped(migration?.id as string)).toMatchObject({ word: migration?.id, version: migration?.version })
    expect(readTyped(path.split('/')[1] as string).version).toBe(migration?.version)
  },
)

test('every layout that can be named is one, and plain comes last', () => {
  const named = inputs.shape.layout.unwrap().options
  expect([...layouts.map(({ name }) => name), 'command'].sort()).toEqual([...named].sort())
  expect(layouts.at(-1)?.name).toBe('plain')
})

test.each(layouts.map((layout) => [layout.name, layout] as const))(
  '%s says what a note of what did not end means, where its table has one',
  (_, { ledger }) => {
    const selected = ledger.select({ schema: 's', table: 't' }, { project: 'p', versions: [] })
    expect(/\bas dirty\b|\.dirty\b/.test(selected)).toBe(ledger.dirty !== undefined)
  },
)
