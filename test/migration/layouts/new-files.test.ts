import { expect, test } from 'vitest'
import { nextVersion } from '../../../src/migration/layout.ts'
import { layouts } from '../../../src/migration/layouts/index.ts'

const now = new Date('2026-09-18T12:34:56Z')

/** The first file in an empty folder is numbered as the tool's own command would. */
const firstNames: Readonly<Record<string, string>> = {
  plain: '0001_add_x.sql',
  goose: '20260918123456_add_x.sql',
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
