import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { collectEach, collectMigrations } from '../../../src/migration/collect.ts'
import { prisma } from '../../../src/migration/layouts/prisma.ts'

const file = (name: string, text = 'select 1;') => ({ path: `db/${name}`, name, bytes: Buffer.from(text) })
const read = (...files: ReturnType<typeof file>[]) => prisma.read(files, 'pre', {})
const lock = (provider = 'postgresql') => file('migration_lock.toml', `# keep this file\nprovider = "${provider}"\n`)
const folders = (...files: ReturnType<typeof file>[]) => ({
  pre: { path: 'db', files },
  post: { path: 'db/post', files: undefined, named: false },
})

function refusal(...files: ReturnType<typeof file>[]) {
  try {
    return { code: 'accepted', ids: read(...files).map(({ id }) => id) }
  } catch (error) {
    return error as { code: string; message: string }
  }
}

const folder = '20260102030405_add_email'

describe('the folders', () => {
  test('reads migration.sql, the number of its folder, and the SHA-256 of its bytes with their line ends', () => {
    const text = 'alter table users\r\n  add column email text;\r\n'
    expect(read(lock(), file(`${folder}/migration.sql`, text), file('0_init/migration.sql', ''))).toMatchObject([
      {
        version: '20260102030405',
        id: folder,
        path: `db/${folder}/migration.sql`,
        checksum: createHash('sha256').update(text).digest('hex'),
        up: { text },
        down: undefined,
        transactional: true,
      },
      { version: '0', id: '0_init', up: { text: '' } },
    ])
  })

  test('takes down.sql, which many teams keep beside it, for the way back', () => {
    const down = 'drop index concurrently users_email;'
    expect(read(file(`${folder}/migration.sql`), file(`${folder}/down.sql`, down))).toMatchObject([
      { down: { text: down }, downPath: `db/${folder}/down.sql`, transactional: true, downTransactional: false },
    ])
    expect(prisma.down).toMatchObject({ beside: expect.any(Function) })
  })

  test.each([
    [[file(`${folder}/down.sql`)], 'without migration.sql'],
    [[file(`${folder}/Migration.sql`)], 'without migration.sql'],
    [[file(`users/${folder}/migration.sql`)], 'without migration.sql'],
    [[file('init/migration.sql')], 'no version'],
    [[file('20260102-add/migration.sql')], 'no version'],
    [[file('2026-01-02_add/migration.sql')], 'no version'],
    [[file(`${folder}/migration.sql`, '\uFEFFselect 1;')], 'byte order mark'],
    [[file('9_a/migration.sql'), file('10_b/migration.sql')], 'in the order of their letters'],
    [[file('0_init/migration.sql'), file('0001_b/migration.sql')], 'in the order of their letters'],
    [[file(`${folder}/migration.sql`, '-- shiplock: no-transactions\nselect 1;')], 'unknown mark'],
  ])('refuses %#', (files, problem) => {
    expect(refusal(...files)).toMatchObject({ code: 'invalid-migration', message: expect.stringContaining(problem) })
  })

  test.each([
    ['numbers of several lengths in the order of their letters', ['0_init', '20260102030405_a', '20260102030406']],
    ['names in any order, as the machine lists them', ['2_b', '1_a']],
  ])('takes %s', (_, ids) => {
    expect(refusal(...ids.map((id) => file(`${id}/migration.sql`)))).toEqual({ code: 'accepted', ids })
  })

  test('two folders of one number are named, which prisma would run in the order of their letters', () => {
    const both = folders(file('20260102_a/migration.sql'), file('20260102_b/migration.sql'))
    expect(() => collectMigrations(both, 'prisma', {})).toThrow(/20260102_a.*20260102_b.*same version/)
  })
})

describe('outside a transaction', () => {
  test.each([
    ['create index concurrently on users (email);', false],
    ['-- CreateIndex\nCREATE INDEX CONCURRENTLY "a;b" ON "users" ("email"); -- done\n', false],
    ['vacuum users', false],
    ['reindex (verbose) schema public;', false],
    ['alter table only p detach partition p1 concurrently;', false],
    ['cluster;', false],
    ['cluster users;', true],
    ['reindex table users;', true],
    ['-- shiplock: no-transaction\ncreate index concurrently a on t (a);\ncreate index concurrently b on t (b);', false],
    // one message of two statements is one transaction to the server
    ['create index concurrently a on t (a);\ncreate index concurrently b on t (b);', true],
    ['create index a on t (a);', true],
  ])('%j: in a transaction is %s', (text, transactional) => {
    expect(read(file(`${folder}/migration.sql`, text))).toMatchObject([{ transactional }])
  })
})

describe('migration_lock.toml', () => {
  test.each(['mysql', 'sqlite', 'cockroachdb', 'postgres'])('refuses the provider %s', (provider) => {
    expect(refusal(lock(provider), file(`${folder}/migration.sql`))).toMatchObject({
      code: 'unsupported-migration',
      message: expect.stringContaining(`"${provider}"`),
    })
  })

  test.each([
    '',
    'provider',
    'provider = 7',
    'provider = "postgresql',
    "provider = 'postgresql'",
    'provider="postgresql"',
    '  provider = "postgresql"',
    'provider = "postgresql" # ours',
    '\uFEFFprovider = "postgresql"',
    'provider = "mysql"\nprovider = "postgresql"',
  ])('refuses one in which prisma does not find it: %j', (text) => {
    expect(refusal(file('migration_lock.toml', text), file(`${folder}/migration.sql`))).toMatchObject({ code: 'unsupported-migration' })
  })

  test.each(['# ours\r\nprovider = "postgresql"\r\n', 'provider = postgresql', '\uFEFF# ours\nprovider = "postgresql"\nother = 1'])(
    'takes one in which prisma does: %j',
    (text) => expect(refusal(file('migration_lock.toml', text), file(`${folder}/migration.sql`))).toMatchObject({ code: 'accepted' }),
  )

  test('goes without the file, as prisma does', () => {
    expect(read(file(`${folder}/migration.sql`))).toHaveLength(1)
  })

  test('its refusal is one line of a report on every file', () => {
    const { migrations, refused } = collectEach(folders(lock('mysql'), file(`${folder}/migration.sql`)), 'prisma', {})
    expect([migrations.map(({ id }) => id), refused.map(({ path }) => path)]).toEqual([[folder], ['db/migration_lock.toml']])
  })

  test('shows the layout, and without it the files could be those of another tool', () => {
    const files = [file(`${folder}/migration.sql`), file('draft/migration.sql')]
    expect(prisma.recognizes([...files, lock()])).toBe('1 of 2 files are migration.sql in a numbered folder, beside migration_lock.toml')
    expect(prisma.recognizes(files)).toBeUndefined()
    expect(collectMigrations(folders(lock(), file(`${folder}/migration.sql`)), undefined, {}).layout).toBe(prisma)
    expect(() => collectMigrations(folders(file(`${folder}/migration.sql`)), undefined, {})).toThrow('do not show which tool')
  })
})
