import { describe, expect, test } from 'vitest'
import { restoreByHand } from '../../src/backup/restore-by-hand.ts'
import { putBackup } from '../fakes/backup.ts'
import { memoryStore } from '../fakes/store.ts'

const manifest = putBackup(memoryStore())
const key = 'shop/backups/production/releases/2026/11/21/shop-20261121T140410Z-v1.9.dump'

describe('the commands that restore a backup by hand', () => {
  test('fetch the object, check its hash, and load it into a new database', () => {
    const lines = restoreByHand(manifest, { url: 's3://acme/app/', endpoint: 'https://nyc3.digitaloceanspaces.com' })

    expect(lines).toEqual([
      `aws s3 cp --endpoint-url=https://nyc3.digitaloceanspaces.com s3://acme/app/${key} ./`,
      `echo '${manifest.object.sha256}  ./shop-20261121T140410Z-v1.9.dump' | sha256sum --check --strict`,
      'createdb --template=template0 --encoding=UTF8 --lc-collate=C --lc-ctype=C -- shop_restored',
      'pg_restore --exit-on-error --jobs=4 --dbname=shop_restored ./shop-20261121T140410Z-v1.9.dump  # pg_restore 15 or newer',
      'psql --dbname=shop_restored --command=analyze',
    ])
  })

  test('restore the roles first, where they were kept', () => {
    const roles = { key: key.replace('.dump', '.roles.sql'), sizeBytes: 7, sha256: manifest.object.sha256, count: 1 }
    const lines = restoreByHand({ ...manifest, roles }, { url: 'file:///srv/back%20ups', endpoint: undefined })

    expect(lines[0]).toBe(`cp '/srv/back ups/${key}' ./`)
    expect(lines.slice(2, 4)).toEqual([
      `cp '/srv/back ups/${key.replace('.dump', '.roles.sql')}' ./`,
      'psql --dbname=postgres --file=./shop-20261121T140410Z-v1.9.roles.sql  # roles that are there already stay, with the attributes that they had then',
    ])
  })

  test('take a database whose name a shell would read as something else', () => {
    const source = { ...manifest.source, database: "-f $(id) '" }
    const lines = restoreByHand({ ...manifest, source }, { url: 'file:///srv', endpoint: undefined })

    expect(lines[2]).toContain(" -- '-f $(id) '\\''_restored'")
    expect(lines[3]).toContain(" '--dbname=-f $(id) '\\''_restored' ")
  })

  test.each([
    ['host=evil.example', String.raw`'--dbname=dbname='\''host=evil.example_restored'\'''`],
    ['postgres://evil.example/x', String.raw`'--dbname=dbname='\''postgres://evil.example/x_restored'\'''`],
    [String.raw`a='b\c`, String.raw`'--dbname=dbname='\''a=\'\''b\\c_restored'\'''`],
  ])('take a database whose name libpq would read as a connection string: %s', (database, option) => {
    const lines = restoreByHand({ ...manifest, source: { ...manifest.source, database } }, { url: 'file:///srv', endpoint: undefined })

    expect(lines[3]).toContain(` ${option} `)
    expect(lines[4]).toContain(` ${option} `)
  })

  test('say what is missing where the database does not sort by the C library', () => {
    const source = { ...manifest.source, localeProvider: 'icu' }
    const lines = restoreByHand({ ...manifest, source }, { url: 'file:///srv', endpoint: undefined })

    expect(lines[2]).toMatch(/ -- shop_restored {2}# sorts by icu: add --locale-provider=icu and its locale$/)
  })
})
