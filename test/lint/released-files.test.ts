import { describe, expect, test } from 'vitest'
import { releasedChanges } from '../../src/lint/released-files.ts'
import type { Change } from '../../src/lint/review.ts'
import type { Migration, Phase } from '../../src/migration/migration.ts'
import { exampleMigration } from './lint-example.ts'

const at = (path: string, phase: Phase = 'pre'): Migration => {
  const version = Number(/\d+/.exec(path.split('/').at(-1) ?? '')?.[0])
  return { ...exampleMigration(version, { sql: 'select 1', phase }), path }
}
const migrations = [at('db/migrations/0001_users.sql'), at('db/migrations/0002_carts.sql'), at('db/post/0003_drop.sql', 'post')]
const changes = (...given: readonly Change[]) => releasedChanges(given, migrations)

describe('a change to a released file', () => {
  test('is told as an edit', () => {
    expect(changes({ kind: 'modified', path: 'db/migrations/0001_users.sql' })).toEqual([
      { kind: 'edited', path: 'db/migrations/0001_users.sql' },
    ])
  })

  test('is told as removed when nothing carries its number any more', () => {
    expect(changes({ kind: 'removed', path: 'db/migrations/0009_old.sql' })).toEqual([
      { kind: 'removed', path: 'db/migrations/0009_old.sql' },
    ])
    expect(changes({ kind: 'renamed', from: 'db/migrations/0009_old.sql', path: 'attic/0009_old.sql' })).toEqual([
      { kind: 'removed', path: 'db/migrations/0009_old.sql' },
    ])
  })

  test('is told as renamed, also when git sees a removed and a new file', () => {
    const renamed = { kind: 'renamed', from: 'db/migrations/0002_basket.sql', path: 'db/migrations/0002_carts.sql' }
    expect(changes(renamed as Change)).toEqual([renamed])
    expect(changes({ kind: 'removed', path: renamed.from }, { kind: 'added', path: renamed.path })).toEqual([renamed])
  })

  test('is told as renumbered, and as moved to the other phase', () => {
    expect(changes({ kind: 'renamed', from: 'db/migrations/0007_carts.sql', path: 'db/migrations/0002_carts.sql' })).toMatchObject([
      { kind: 'renumbered' },
    ])
    expect(changes({ kind: 'renamed', from: 'db/migrations/0003_drop.sql', path: 'db/post/0003_drop.sql' })).toMatchObject([
      { kind: 'moved' },
    ])
  })
})

describe('nothing is told of', () => {
  test.each<Change>([
    { kind: 'added', path: 'db/migrations/0002_carts.sql' },
    { kind: 'modified', path: 'db/migrations/README.md' },
    { kind: 'modified', path: 'db/migrations/0001_users.down.sql' },
    { kind: 'removed', path: 'db/migrations/0001_users.down.sql' },
    { kind: 'removed', path: 'db/seeds/0001_users.sql' },
    { kind: 'renamed', from: 'sql/0001_users.sql', path: 'db/migrations/0001_users.sql' },
    { kind: 'renamed', from: 'db/migrations/users.sql.draft', path: 'db/migrations/0001_users.sql' },
  ])('$kind $path', (change) => {
    expect(changes(change)).toEqual([])
  })
})
