import { describe, expect, test } from 'vitest'
import { nextVersion } from '../../../src/migration/layout.ts'
import { diesel } from '../../../src/migration/layouts/diesel.ts'
import { isNested, numberedPaths, partsOfPath, versionOfId, versionOfPath } from '../../../src/migration/migration-path.ts'

const file = (name: string, text = 'select 1;') => ({ path: `db/${name}`, name, bytes: Buffer.from(text) })
const read = (...files: ReturnType<typeof file>[]) => diesel.read(files, 'pre', {})

function refusal(...files: ReturnType<typeof file>[]) {
  try {
    return {
      code: 'accepted',
      message: read(...files)
        .map(({ id }) => id)
        .join(),
    }
  } catch (error) {
    return error as { code: string; message: string }
  }
}

const folder = '2026-01-02-030405_add_email'

describe('the folders', () => {
  test('reads both directions of a folder, and its number without dashes', () => {
    expect(
      read(file(`${folder}/up.sql`), file(`${folder}/down.sql`, 'select 2;'), file('00000000000000_diesel_initial_setup/up.sql')),
    ).toMatchObject([
      {
        version: '20260102030405',
        id: folder,
        path: `db/${folder}/up.sql`,
        up: { text: 'select 1;' },
        down: { text: 'select 2;' },
        transactional: true,
      },
      { version: '0', id: '00000000000000_diesel_initial_setup', down: undefined },
    ])
  })

  test.each([
    [[file(`${folder}/down.sql`)], 'without up.sql'],
    [[file('users/up.sql')], 'no version'],
    [[file(`${folder}/up.sql`), file('2026-02-03_b/UP.SQL')], 'without up.sql'],
    [[file(`${folder}/up.sql`), file('users/2026-02-03_b/up.sql')], 'without up.sql'],
    [[file(`${folder}/up.sql`, '')], 'holds no statement'],
    [[file(`${folder}/up.sql`, '-- Your SQL goes here\n;\n/* ; */')], 'holds no statement'],
    [[file(`${folder}/up.sql`, '\uFEFFselect 1;')], 'byte order mark'],
    [[file('9_a/up.sql'), file('10_b/up.sql')], 'in the order of their letters'],
    [[file(`${folder}/up.sql`), file(`${folder}/metadata.toml`, 'run_in_transaction = no')], 'cannot be read'],
    [[file(`${folder}/up.sql`), file(`${folder}/metadata.toml`, 'run_in_transaction = "false"')], 'cannot be read'],
  ])('refuses %#', (files, problem) => {
    expect(refusal(...files)).toMatchObject({ code: 'invalid-migration', message: expect.stringContaining(problem) })
  })

  test.each([
    ['run_in_transaction = true', true],
    ['run_in_transaction = false', false],
    ['', false],
  ])('metadata.toml with %j: in a transaction is %s', (metadata, transactional) => {
    expect(read(file(`${folder}/up.sql`), file(`${folder}/metadata.toml`, metadata))).toMatchObject([{ transactional }])
  })

  test('names a new folder by the time, also behind the first one of diesel setup', () => {
    const setup = { id: '00000000000000_diesel_initial_setup', version: '0' }
    const version = nextVersion([setup], new Date('2026-09-18T12:34:56Z'))
    expect(diesel.newFile('add_x', 'pre', version, false).name).toBe('2026-09-18-123456_add_x/up.sql')
  })
})

describe('paths', () => {
  test.each([
    ['db/2026-01-02-030405_a/up.sql', 'db', '2026-01-02-030405_a', '20260102030405'],
    ['20260102_a/migration.sql', '.', '20260102_a', '20260102'],
    ['db/0007_a.sql', 'db', '0007_a.sql', '7'],
    ['db/users/up.sql', 'db/users', 'up.sql', undefined],
    ['db/2026_old/notes.sql', 'db/2026_old', 'notes.sql', undefined],
  ])('%s', (path, home, name, version) => {
    expect([partsOfPath(path), versionOfPath(path)]).toEqual([{ folder: home, name }, version])
  })

  test('only files that make a migration are looked for in subfolders', () => {
    const all = [
      'a/up.sql',
      'a/down.sql',
      'a/metadata.toml',
      'a/migration.sql',
      'a/UP.SQL',
      'a/b/up.sql',
      'a/other.sql',
      '.a/up.sql',
      'up.sql',
    ]
    expect(all.filter(isNested)).toEqual(all.slice(0, 6))
  })

  test('finds the version of an id and of the paths of a repository', () => {
    expect(['2026-01-02-030405_a', '0007-2_fix', '0007_a', 'a'].map(versionOfId)).toEqual(['20260102030405', '7', '7', undefined])
    expect(numberedPaths(['db/2026-01-02-030405_a/up.sql', 'db/0007_a.sql', 'db/8_b.go', 'db/users/up.sql'])).toEqual([
      { version: '20260102030405', id: '2026-01-02-030405_a' },
      { version: '7', id: '0007_a' },
      { version: '8', id: '8_b' },
    ])
  })
})
