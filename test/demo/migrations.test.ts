import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { demoMigrations } from '../../src/demo/migrations.ts'
import { projectFiles } from '../../src/demo/shop.ts'
import { plain } from '../../src/migration/layouts/plain.ts'
import type { Phase } from '../../src/migration/migration.ts'
import { prepareScript } from '../../src/migration/script.ts'

const drop = '0006_drop_orders_total.sql'

function names(dropEarly: boolean) {
  const { pre, post } = demoMigrations({ dropEarly })
  return { pre: pre.map(({ file }) => file), post: post.map(({ file }) => file) }
}

test('the old column is dropped in the post phase', () => {
  expect(names(false).post).toContain(drop)
  expect(names(false).pre).not.toContain(drop)
})

test('the break moves the drop, and nothing else, into the pre phase', () => {
  const [good, broken] = [names(false), names(true)]
  expect(broken.pre).toEqual([...good.pre, drop])
  expect(broken.post).toEqual(good.post.filter((file) => file !== drop))
})

describe.each(['pre', 'post'] as const)('%s', (phase: Phase) => {
  const files = demoMigrations({ dropEarly: false })[phase].map(({ file, text }) => ({ name: file, path: file, bytes: Buffer.from(text) }))

  test.each(plain.read(files, phase, {}).map((one) => [one.id, one] as const))(
    '%s is read and split as any other migration',
    async (_, migration) => {
      const script = await prepareScript(migration, 18, plain)
      expect(script.unparsed).toBeUndefined()
      expect(script.units.length).toBeGreaterThan(0)
    },
  )
})

test('the project holds a configuration that Shiplock reads, both folders and smoke queries', () => {
  const files = projectFiles({ dropEarly: false, binDir: '/opt/pg "17"/bin' })
  const config = loadConfig(files.get('shiplock.yml') as string, 'shiplock.yml')
  expect(Object.fromEntries([...config].map(([name, { value }]) => [name, value]))).toEqual({
    project: 'shop',
    environment: 'demo',
    release: 'v2',
    layout: 'plain',
    migrations: 'db/migrations',
    'migrations-post': 'db/post_migrations',
    smoke: 'db/smoke',
    'pg-bin-dir': '/opt/pg "17"/bin',
  })
  const folders = new Set([...files.keys()].map((path) => path.split('/').slice(0, -1).join('/')))
  expect(folders).toEqual(new Set(['', 'db/migrations', 'db/post_migrations', 'db/smoke']))
})
