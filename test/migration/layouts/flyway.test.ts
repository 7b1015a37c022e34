// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are Flyway's own
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { releasedChanges } from '../../../src/lint/released-files.ts'
import { duplicateVersions } from '../../../src/lint/versions.ts'
import { collectEach, collectMigrations } from '../../../src/migration/collect.ts'
import { refuseHoles, sidesOf } from '../../../src/migration/drift.ts'
import { nextVersion } from '../../../src/migration/layout.ts'
import { flyway } from '../../../src/migration/layouts/flyway.ts'
import { ledgerNote, noteLedger } from '../../../src/migration/ledger-note.ts'
import { planMark } from '../../../src/migration/marking.ts'
import { byVersion, lineageOf, type Migration } from '../../../src/migration/migration.ts'
import { comparePhases } from '../../../src/migration/plan.ts'
import { bearsMissing } from '../../../src/rollback/bears-missing.ts'
import { findNamed } from '../../../src/rollback/down/named.ts'
import { judgeSince } from '../../../src/rollback/judge.ts'
import { ranSince } from '../../../src/rollback/since.ts'
import { startServer, type TestServer } from '../../postgres/server.ts'

const file = (name: string, text = 'select 1;') => ({ path: `db/${name}`, name, bytes: Buffer.from(text) })
type File = ReturnType<typeof file>
const read = (files: readonly File[], variables: Record<string, string> = {}) => flyway.read(files, 'pre', variables)
const one = (name: string, text: string, variables?: Record<string, string>) => read([file(name, text)], variables)[0] as Migration

function refusal(act: () => unknown) {
  try {
    act()
    return { code: 'accepted' }
  } catch (error) {
    return error as { code: string; message: string }
  }
}
const refused = (...names: string[]) => refusal(() => read(names.map((name) => file(name))))

describe('which files it takes', () => {
  test.each([
    ['V1__a.sql', '1'],
    ['V011__a.sql', '11'],
    ['V1.2__a_b.sql', '1.2'],
    ['V1_2__a.sql', '1.2'],
    ['V12_0__a.sql', '12'],
    ['V12.0.1__a.sql', '12.0.1'],
    ['V0.0__a.sql', '0'],
    ['V13.sql', '13'],
    ['V14__.sql', '14'],
    ['V2___a.sql', '2'],
    ['V2__a.SQL', '2'],
    ['V99999999999999999999999__a.sql', '99999999999999999999999'],
  ])('takes %s for version %s', (name, version) => {
    expect(read([file(name)])).toMatchObject([{ version, id: name.slice(0, -4) }])
  })

  test.each([
    'v2__a.sql',
    'V2_a.sql',
    'Vfoo__a.sql',
    'V__a.sql',
    'V2-1__a.sql',
    'V2..3__a.sql',
    'V-2__a.sql',
    'R.sql',
    'R_a.sql',
    'notes.sql',
  ])('refuses %s, which Flyway would leave out without a word', (name) => {
    expect(refused(name)).toMatchObject({ code: 'invalid-migration', message: expect.stringContaining('never run') })
  })

  test.each([
    'beforeMigrate.sql',
    'afterEachMigrateStatement__log.sql',
    'createSchema.sql',
    'B2__base.sql',
    'V2__Change.java',
    'V2_1__Change.kt',
    'R__Views.java',
    'V2__load.py',
    'V2__load.sh',
    'V2__load.ps1',
    'more/V3__a.sql',
    'more/deep/R__a.sql',
    'V2__more/V3__a.sql',
    'R__views/R__a.sql',
  ])('refuses %s by its name, since Flyway would run it and Shiplock cannot', (name) => {
    expect(refused('V1__a.sql', name)).toMatchObject({ code: 'unsupported-migration', message: expect.stringContaining(name) })
  })

  test('leaves alone what Flyway leaves alone', () => {
    expect(read([file('V1__a.sql'), file('README.md'), file('flyway.toml'), file('V2__a.sql.bak')]).map(({ id }) => id)).toEqual(['V1__a'])
  })

  test('the way back of a version is its undo file, which is never without its migration and never there twice', () => {
    const back = file('U1.0__other_name.sql', 'drop table a;')
    expect(read([file('V1__a.sql'), back])).toMatchObject([{ version: '1', down: { text: 'drop table a;' } }])
    expect(refused('V2__a.sql', 'U1__a.sql')).toMatchObject({ message: 'db/U1__a.sql has no migration to take back.' })
    expect(refused('V1__a.sql', 'U1__a.sql', 'U1.0__b.sql')).toMatchObject({ code: 'invalid-migration' })
  })

  test('two spellings of one version are one version', () => {
    const folders = {
      pre: { path: 'db', files: [file('V1__a.sql'), file('V01.0__b.sql')] },
      post: { path: 'post', files: [], named: false },
    }
    expect(refusal(() => collectMigrations(folders, undefined, {}))).toMatchObject({ code: 'duplicate-version' })
  })

  test('recognizes a folder by its names, and reads the rest of a folder in which one file is refused', () => {
    const files = [file('V1.1__a.sql'), file('U1.1__undo_a.sql'), file('R__view.sql'), file('more/V3__a.sql')]
    const folders = { pre: { path: 'db', files }, post: { path: 'post', files: [], named: false } }
    const found = collectEach(folders, undefined, {})
    expect(found.shownBy).toBe('3 of 3 files are named V…__….sql or R__….sql')
    expect(found.migrations.map(({ id }) => id)).toEqual(['V1.1__a', 'R__view'])
    expect(found.refused.map(({ path }) => path)).toEqual(['db/more/V3__a.sql'])
  })
})

describe('the checksum', () => {
  test.each([
    ['select 1;\nselect 2;\n', '-593479011'],
    ['select 1;\r\nselect 2;\r\n', '-593479011'],
    ['select 1;\rselect 2;\r', '-593479011'],
    ['\uFEFFselect 1;\nselect 2;\n', '-593479011'],
    ['select 1;\nselect 2;', '-593479011'],
    ['select 1;\nselect 2;\n\n\n  \n', '-305076272'],
    ['', '0'],
    ["select 'ä😀\u2028x\u0085y\fz\x0b';\n", '-644338843'],
    ['select 1;\n--\uFEFFselect 2;\n\uFEFF\n', '1343215159'],
  ])('%j has the one that Flyway itself writes', (text, kept) => {
    expect(one('V1__a.sql', text)).toMatchObject({ kept })
  })

  test('an approval stands for the very bytes, and for the settings beside them', () => {
    const [lf, crlf] = ['select 1;\n', 'select 1;\r\n'].map((text) => one('V1__a.sql', text))
    expect(lf?.checksum).not.toBe(crlf?.checksum)
    const [configured] = read([file('V1__a.sql', 'select 1;\n'), file('V1__a.sql.conf', 'executeInTransaction=false')])
    expect(configured?.checksum).not.toBe(lf?.checksum)
  })

  test('another end of its lines is no edit to Flyway, and another word is one', async () => {
    const applied = one('V1__a.sql', 'select 1;\n')
    const compare = (text: string) =>
      comparePhases(
        {
          migrations: [one('V1__a.sql', text)],
          entries: [{ version: '1', phase: 'pre', checksum: applied.kept, appliedAt: undefined }],
          history: { rows: [], former: [] },
          gitVersions: async () => new Set(),
          now: new Date(0),
        },
        { outOfOrder: 'refuse' },
      )
    expect(await compare('select 1;\r\n')).toMatchObject({ pre: [], unchecked: 0 })
    await expect(compare('select 2;\n')).rejects.toMatchObject({ code: 'checksum-mismatch' })
  })
})

describe('placeholders', () => {
  const values = { FLYWAY_PLACEHOLDERS_APP: 'shop', FLYWAY_PLACEHOLDERS_EMPTY: '', FLYWAY_PLACEHOLDERS_NEXT: '${app}' }

  test.each([
    ["select '${app}' -- ${App}", "select 'shop' -- shop"],
    ['do $$ begin perform 1; -- ${APP}\nend $$', 'do $$ begin perform 1; -- shop\nend $$'],
    ["select '[${empty}]'", "select '[]'"],
    ["select '${next}'", "select '${app}'"],
    ["select '$${app}', '$$${app}', '\\${app}'", "select '$${app}', '$$shop', '\\shop'"],
    ["select '${flyway:filename}'", "select 'V1__a.sql'"],
  ])('%j becomes %j', (text, up) => {
    expect(one('V1__a.sql', text, values).up.text).toBe(up)
  })

  test.each([
    ['select 1;\n-- ${unknown}', 'missing-variable', 'db/V1__a.sql:2:4 '],
    ["select 'a' ~ 'b${1,2}'", 'invalid-migration', 'db/V1__a.sql:1:16 '],
    ["select '${app'", 'invalid-migration', 'db/V1__a.sql:1:9 '],
    ["select '${flyway:user}'", 'unsupported-migration', 'db/V1__a.sql:1:9:'],
  ])('%j is refused where it would run, with the line', (text, code, at) => {
    const migration = one('V1__a.sql', text, values)
    expect(refusal(() => migration.up)).toMatchObject({ code, message: expect.stringContaining(at) })
  })

  test('a place behind a value stays the place in the file', () => {
    const { up, file: text } = one('V1__a.sql', "select '${app}';\nselect x;", values)
    expect(up.filePosition(text, up.text.indexOf('x;'))).toMatchObject({ line: 2, column: 8 })
  })

  test('settings of Flyway under which the files would mean something else are refused', () => {
    const others = { FLYWAY_PLACEHOLDER_PREFIX: '<<', FLYWAY_ENCODING: 'ISO-8859-1', FLYWAY_TARGET: '7', FLYWAY_INIT_SQL: 'set role x' }
    for (const [name, value] of Object.entries(others)) {
      const act = () => read([file('V1__a.sql')], { [name]: value })
      expect(refusal(act)).toMatchObject({ code: 'unsupported-migration', message: expect.stringContaining(name) })
    }
    expect(read([file('V1__a.sql')], { FLYWAY_ENCODING: 'utf8', FLYWAY_TARGET: 'latest', FLYWAY_INIT_SQL: '' })).toHaveLength(1)
  })

  test.each([
    ['[flyway]\nplaceholderPrefix = "<<"', 'flyway.toml:2:1 sets placeholderPrefix '],
    ["[flyway]\r\nsqlMigrationSuffixes = ['.sql', '.ddl'] # both", 'flyway.toml:2:1 sets sqlMigrationSuffixes '],
    ['flyway.placeholderSuffix=>>', 'flyway.toml:1:1 sets placeholderSuffix '],
    ['# flyway.placeholderPrefix=<<\nflyway.placeholderPrefix=${\nflyway.sqlMigrationSuffixes=.sql', undefined],
    ['[flyway]\nplaceholderPrefix = "${" # usual\nsqlMigrationSuffixes = [".sql"]\ntable = "flyway_schema_history"', undefined],
    ['[flyway]\ntable = "x"', 'flyway.toml names the version table "x"'],
    ['[environments.dev]\ntable = "x"', undefined],
    ['[flyway.placeholders]\nplaceholderPrefix = "<<"\n[environments.dev]\nplaceholderSuffix = ">>"', undefined],
  ])('of %j in a file of settings it refuses: %s', (text, said) => {
    const found = refusal(() => flyway.settings?.refuse({ path: 'flyway.toml', text }, [], undefined))
    expect(found).toMatchObject(said === undefined ? { code: 'accepted' } : { message: expect.stringContaining(said) })
  })

  test.each([
    ['FALSE', undefined, false],
    ['false', 'true', true],
    ['true', 'False', false],
    ['', undefined, true],
  ])('with %j in the environment and %j beside the file they are replaced: %s', (replacement, beside, replaced) => {
    const config = beside === undefined ? [] : [file('V1__a.sql.conf', `placeholderReplacement=${beside}`)]
    const [migration] = read([file('V1__a.sql', '${app}'), ...config], { ...values, FLYWAY_PLACEHOLDER_REPLACEMENT: replacement })
    expect(migration?.up.text).toBe(replaced ? 'shop' : '${app}')
  })
})

test('a file that was renamed after it ran is refused, since Flyway stops at it', async () => {
  const entries = [{ version: '1', phase: 'pre' as const, checksum: one('V1__a_b.sql', '').kept, appliedAt: undefined, name: 'a b' }]
  const planOf = (name: string) =>
    comparePhases(
      { migrations: [one(name, '')], entries, history: { rows: [], former: [] }, gitVersions: async () => new Set(), now: new Date(0) },
      { outOfOrder: 'refuse' },
    )
  for (const same of ['V1__a_b.sql', 'V01__a b.sql']) expect((await planOf(same)).pre).toEqual([])
  await expect(planOf('V1__b.sql')).rejects.toMatchObject({ code: 'version-clash', message: expect.stringContaining('"a b"') })
})

describe('transactions', () => {
  test.each([
    ['create index concurrently i on t (a);\ndrop index concurrently j;', false],
    ['-- why; not\n/* a; b */ create unique index concurrently i on t (a);', false],
    ['create /* ; */ index -- ;\nconcurrently i on t (a);', false],
    ['vacuum t;', false],
    ['reindex table concurrently t;', true],
    ["create function f() returns int language sql as $a$ select 1; vacuum; $$ ; $$ $a$;\nselect ';vacuum;', e'\\';vacuum;';", true],
    ["alter type e add value 'b';", true],
    ['', true],
  ])('%j runs in a transaction: %s', (text, transactional) => {
    expect(one('V1__a.sql', text)).toMatchObject({ transactional })
  })

  test('a file with both kinds of statements is refused, as Flyway does, unless it is told to bear it', () => {
    const text = 'create table t (a int);\n\ncreate index concurrently i on t (a);'
    expect(refusal(() => one('V1__a.sql', text))).toMatchObject({ message: expect.stringContaining('db/V1__a.sql:3:1') })
    expect(one('V1__a.sql', text, { FLYWAY_MIXED: 'TRUE' }).transactional).toBe(false)
    expect(read([file('V1__a.sql', text), file('V1__a.sql.conf', ' executeInTransaction = False \n')])).toMatchObject([
      { transactional: false },
    ])
  })

  test('the undo file has a transaction of its own', () => {
    const files = [file('V1__a.sql'), file('U1__a.sql', 'drop index concurrently i;')]
    expect(read(files)).toMatchObject([{ transactional: true, downTransactional: false }])
  })

  test.each([
    ['placeholderReplacement: false\n# note\n! note\nencoding=UTF-8', 'accepted'],
    ['executeInTransaction=maybe', 'invalid-migration'],
    ['ExecuteInTransaction=false', 'unsupported-migration'],
    ['shouldExecute=false', 'unsupported-migration'],
    ['encoding=ISO-8859-1', 'unsupported-migration'],
  ])('settings %j beside a file: %s', (config, code) => {
    expect(refusal(() => read([file('V1__a.sql'), file('V1__a.sql.conf', config)])).code).toBe(code)
  })

  test('settings beside no file are refused', () => {
    expect(refused('V1__a.sql', 'V2__a.sql.conf')).toMatchObject({ code: 'invalid-migration' })
  })
})

describe('repeatable migrations', () => {
  const view = (text: string) => one('R__all_users.sql', text)
  const history = { rows: [], former: [] }
  const planOf = (migrations: readonly Migration[], applied: readonly string[]) =>
    comparePhases(
      {
        migrations,
        entries: applied.map((version) => ({ version, phase: 'pre' as const, checksum: undefined, appliedAt: undefined })),
        history,
        gitVersions: async () => new Set(),
        now: new Date(0),
      },
      { outOfOrder: 'refuse' },
    )

  test('an edited one is pending again, and what it was is no version of unknown origin', async () => {
    const [before, after] = [view('select 1;'), view('select 2;')]
    expect((await planOf([before], [before.version])).pre).toEqual([])
    expect(await planOf([after], [before.version])).toMatchObject({ pre: [{ id: 'R__all_users' }], ahead: [] })
    await expect(planOf([one('V1__a.sql', '')], ['1', before.version])).rejects.toMatchObject({ code: 'unknown-version' })
  })

  test('they come after every number, by their description, and make no hole', async () => {
    const files = ['R__b.sql', 'R__a_x.sql', 'R__aB.sql', 'R__A.sql', 'V20261122120000__a.sql', 'V3__a.sql'].map((name) => file(name))
    const migrations = read(files).sort(byVersion)
    expect(migrations.map(({ id }) => id)).toEqual(['V3__a', 'V20261122120000__a', 'R__A', 'R__a_x', 'R__aB', 'R__b'])
    const [late, , ran] = migrations as [Migration, Migration, Migration]
    const sides = sidesOf(migrations, [{ version: ran.version, phase: 'pre', checksum: undefined, appliedAt: undefined }], history)
    expect(() => refuseHoles([late], sides, 'pre')).not.toThrow()
  })

  test('what is put into it counts for its checksum, as it does for Flyway', () => {
    const text = "-- ${v}\nselect '${v}';\n"
    expect(one('R__b.sql', text, { FLYWAY_PLACEHOLDERS_V: 'hello' }).kept).toBe('-757752020')
    expect(lineageOf(one('R__b c.sql', text).version)).toBe('R:b_c')
  })

  test('two of one description are refused, also in different folders and with different texts', () => {
    expect(refused('R__a_b.sql', 'R__a b.sql')).toMatchObject({ code: 'invalid-migration' })
    const post = { ...file('R__a b.sql', 'select 2;'), path: 'post/R__a b.sql' }
    const folders = { pre: { path: 'db', files: [file('R__a_b.sql')] }, post: { path: 'post', files: [post], named: true } }
    const error = refusal(() => collectMigrations(folders, undefined, {}))
    expect(error).toMatchObject({ code: 'duplicate-version', message: expect.stringContaining('db/R__a_b.sql and post/R__a b.sql') })
    expect(duplicateVersions(collectEach(folders, undefined, {}).migrations)).toHaveLength(1)
  })

  test('one that moved to the other folder is refused, as an edited one too, and named as people know it', async () => {
    const [ran, edited] = [view('select 1;'), view('select 2;')]
    for (const now of [ran, edited]) {
      const moved = planOf([{ ...now, phase: 'post' }], [ran.version])
      await expect(moved).rejects.toMatchObject({ code: 'phase-moved', message: expect.stringContaining(' R__all_users ran') })
    }
    await expect(planOf([one('V1__a.sql', '')], [ran.version])).rejects.toThrow(/unknown origin: R__all_users\./)
  })

  test('one is marked by its name however that is written, whatever number is pending, and holds nothing up', () => {
    const [numbered, repeatable] = [one('V2__a.sql', ''), one('R__all users.sql', '')]
    const mark = (typed: string, action: 'mark-applied' | 'mark-reverted', ...ran: Migration[]) =>
      planMark(
        { action, typed, outOfOrder: 'refuse' },
        {
          layout: flyway,
          migrations: [numbered, repeatable],
          entries: ran.map(({ version, kept }) => ({ version, phase: 'pre' as const, checksum: kept, appliedAt: undefined })),
          history,
          steps: new Map(),
        },
      )
    expect(mark('R__all_users', 'mark-applied')).toMatchObject({ migration: { id: 'R__all users' }, notes: [] })
    expect(mark('V2__a', 'mark-reverted', numbered, repeatable)).toMatchObject({ migration: { id: 'V2__a' }, notes: [] })
    const covered = { version: '2', phase: 'pre' as const, checksum: undefined, appliedAt: undefined, covered: true as const }
    const evidence = { layout: flyway, migrations: [numbered], entries: [covered], history, steps: new Map() }
    const asked = { action: 'mark-reverted' as const, typed: 'V2__a', outOfOrder: 'refuse' as const }
    expect(
      refusal(() => planMark(asked, evidence)),
      'a baseline stays',
    ).toMatchObject({ code: 'not-newest' })
    expect(refusal(() => findNamed('2', { entries: [covered], history, target: [] }))).toMatchObject({ code: 'no-down' })
    expect(flyway.ledger.dirty?.explain(repeatable.version)).toMatchObject({
      says: 'R__all_users began and did not succeed',
      hint: expect.stringContaining('--migration R__all_users '),
    })
  })
})

describe('going back', () => {
  const history = { rows: [], former: [] }
  const entry = (version: string, checksum?: string) => ({ version, phase: 'pre' as const, checksum, appliedAt: undefined })
  const [users, email] = read([file('V1__users.sql'), file('V1.1__email.sql', 'alter table users add column email text;')]) as [
    Migration,
    Migration,
  ]
  const [before, after] = ['select 1 as a', 'select 2 as a'].map((text) => one('R__v.sql', `create or replace view v as ${text};`)) as [
    Migration,
    Migration,
  ]

  test('a repeatable that ran with another text since is no migration that the target lacks', () => {
    const { since, displaced } = ranSince(
      [users, before],
      [entry('1', users.kept), entry('1.1'), entry(after.version, after.kept)],
      history,
      'v1',
    )
    expect(since.map(({ version }) => version)).toEqual(['1.1', after.version])
    expect(displaced).toEqual([])
  })

  test('what ran since is judged behind every file of the target', async () => {
    const { files } = await judgeSince({ target: [users, before], since: [email, after], layout: flyway, postgres: 15 })
    expect(files.map(({ migration }) => migration.id)).toEqual(['V1.1__email', 'R__v'])
  })

  test('older code starts where all it lacks is newer, and not where it lacks a repeatable or an older number', () => {
    const target = [users, before, one('V2__a.sql', '')]
    const bears = (...since: Migration[]) => bearsMissing(flyway, since, target)
    expect(bears(one('V2.1__b.sql', ''), after)).toBe(true)
    expect(bears(one('R__other.sql', ''))).toBe(false)
    expect(bears(email)).toBe(false)
  })

  test.each([
    ['V1.1__email', 'V1.1__email'],
    ['1.1', 'V1.1__email'],
    ['1.10', undefined],
  ])('%s names the migration %s', (typed, name) => {
    const act = () => findNamed(typed, { entries: [entry('1'), entry('1.1')], history, target: [users, email] }).name
    if (name === undefined) expect(refusal(act)).toMatchObject({ code: 'unknown-migration' })
    else expect(act()).toBe(name)
  })

  test('a repeatable has no way back', () => {
    const act = () => findNamed('R__v', { entries: [entry('1'), entry(after.version)], history, target: [users, before] })
    expect(refusal(act)).toMatchObject({ code: 'no-down' })
  })

  test('a note of the version tables keeps each of them', () => {
    const entries = [entry('1.10', '5'), entry(after.version, after.kept), entry('1.9')]
    const note = noteLedger({ migrations: [after], entries, history }, { begun: [] }, 15)
    expect(ledgerNote.parse(note).ran.map(({ version, name }) => [version, name])).toEqual([
      ['1.9', undefined],
      ['1.10', undefined],
      [after.version, 'R__v'],
    ])
  })
})

test('an edited repeatable is no change of a released file, and one that is gone is', () => {
  const released = read([file('V1__a.sql'), file('R__v.sql'), file('V2__b.sql'), file('U2__b.sql')])
  const change = (kind: 'modified' | 'removed', path: string) => ({ kind, path })
  const changes = ['V1__a.sql', 'R__v.sql', 'U2__b.sql'].map((name) => change('modified', `db/${name}`))
  expect(releasedChanges([...changes, change('removed', 'db/R__w.sql')], released)).toEqual([
    { kind: 'edited', path: 'db/V1__a.sql' },
    { kind: 'removed', path: 'db/R__w.sql' },
  ])
})

test.each([
  [['V1__a.sql', 'R__b.sql'], '2'],
  [['V007__a.sql'], '008'],
  [['V1.9__a.sql', 'V1.10__b.sql'], '1.11'],
  [['V20250101000000__a.sql'], '20261122000000'],
])('after %j the next file has version %s', (names, version) => {
  expect(nextVersion(read(names.map((name) => file(name))), new Date('2026-11-22T00:00:00Z'))).toBe(version)
})

test('takes the advisory lock that Flyway takes for a table', () => {
  expect(flyway.locks?.('any', { schema: 'public', table: 'flyway_schema_history' })).toEqual(['77433833903597'])
})

describe('the version table', () => {
  const table = { schema: 'public', table: 'flyway_schema_history' }
  const scope = { project: 'p', versions: ['1', '1.5', '2', '2.1', 'R:x:7'] }
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server[Symbol.asyncDispose]())
  const rows = () => server.query(`select version, checksum, dirty from (${flyway.ledger.select(table, scope)}) e order by place, version`)

  test('the newest row of each version counts, and a baseline stands for what is below it', async () => {
    const row = (rank: number, version: string | null, type: string, more: { checksum?: number; name?: string; success?: boolean } = {}) =>
      `(${rank}, ${version === null ? 'null' : `'${version}'`}, '${more.name ?? 'a b'}', '${type}', 's', ${more.checksum ?? 'null'}, 'me', now(), 1, ${more.success ?? true})`
    const all = [
      row(0, null, 'SCHEMA'),
      row(1, '2.0', 'BASELINE'),
      row(2, '02.1', 'SQL', { checksum: 5 }),
      row(3, null, 'SQL', { checksum: 6 }),
      row(4, null, 'SQL', { checksum: 7 }),
      row(5, '3', 'SQL', { checksum: 8 }),
      row(6, '3', 'UNDO_SQL', { checksum: 9 }),
      row(7, '4', 'SQL', { checksum: 8 }),
      row(8, '4', 'DELETE', { checksum: 8 }),
      row(9, '4', 'SQL', { checksum: 10 }),
      row(10, '5.10', 'SQL', { checksum: 11, success: false }),
      row(11, '6', 'JDBC', { name: 'load' }),
      row(12, '7', 'SQL', { checksum: 12, success: false }),
      row(13, '7', 'SQL', { checksum: 13 }),
    ]
    await server.query(flyway.ledger.create(table))
    await server.query(`insert into flyway_schema_history values ${all.join(', ')}`)
    const covered = ['1', '1.5', '2'].map((version) => ({ version, checksum: null, dirty: false }))
    expect(await rows()).toEqual([
      ...covered,
      { version: '2.1', checksum: '5', dirty: false },
      { version: 'R:a_b:7', checksum: '7', dirty: false },
      { version: '4', checksum: '10', dirty: false },
      { version: '5.10', checksum: '11', dirty: true },
      { version: '6', checksum: null, dirty: false },
      { version: '7', checksum: '13', dirty: true },
    ])
    await server.query('delete from flyway_schema_history where installed_rank > 11')
  })

  test('tells the description, which Flyway goes by, and what a baseline stands for', async () => {
    const names = `select name, covered from (${flyway.ledger.select(table, scope)}) e where version in ('1', '2.1', '6') order by version`
    expect(await server.query(names)).toEqual([
      { name: null, covered: true },
      { name: 'a b', covered: false },
      { name: 'load (JDBC)', covered: false },
    ])
    await server.query('delete from flyway_schema_history where installed_rank = 11')
  })

  test('a failed run is settled as repair does, and a way back leaves no row that Flyway stops at', async () => {
    const failed = one('V5.10__f.sql', 'select 1;')
    await server.query(flyway.ledger.dirty?.settle(table, failed, 'applied', scope) as string)
    expect(await rows(), 'with the checksum of the file as it is now').toContainEqual({
      version: '5.10',
      checksum: failed.kept,
      dirty: false,
    })
    const edited = one('R__a b.sql', 'select 1;')
    await server.query("update flyway_schema_history set success = false where description = 'a b' and version is null")
    await server.query(flyway.ledger.dirty?.settle(table, edited, 'applied', scope) as string)
    expect(await rows()).toContainEqual({ version: edited.version, checksum: edited.kept, dirty: false })
    await server.query("update flyway_schema_history set checksum = 7 where description = 'a b' and version is null")
    await server.query('update flyway_schema_history set success = false where installed_rank = 10')
    await server.query(flyway.ledger.dirty?.settle(table, failed, 'reverted', scope) as string)
    await server.query(flyway.ledger.record(table, one('V6.0__add_it.sql', 'select 1;'), scope))
    const kept =
      'select installed_rank, version, description, type, script, checksum, success from flyway_schema_history order by 1 desc limit 1'
    expect(await server.query(kept)).toEqual([
      {
        installed_rank: 10,
        version: '6.0',
        description: 'add it',
        type: 'SQL',
        script: 'V6.0__add_it.sql',
        checksum: -690524359,
        success: true,
      },
    ])
    await server.query(flyway.ledger.erase(table, one('V6__add_it.sql', ''), scope))
    await server.query(flyway.ledger.erase(table, one('V4__a.sql', ''), scope))
    expect((await rows()).map((row) => row.version)).toEqual(['1', '1.5', '2', '2.1', 'R:a_b:7'])
    expect(await server.query("select 1 from flyway_schema_history where type = 'UNDO_SQL' and installed_rank > 6")).toEqual([])
  })
})
