import { describe, expect, test } from 'vitest'
import type { ExampleFile } from '../../src/lint/rule.ts'
import type { Layout } from '../../src/migration/layout.ts'
import { goose } from '../../src/migration/layouts/goose.ts'
import { plain } from '../../src/migration/layouts/plain.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { refusedAtBoot } from '../../src/rollback/boot.ts'
import { type AboutToRun, lookAhead } from '../../src/rollback/look-ahead.ts'
import { upTo } from '../../src/rollback/outlook.ts'
import { endingStatements, pointOfNoReturn, stillOpen } from '../../src/rollback/point-of-no-return.ts'
import { exampleMigration } from '../lint/lint-example.ts'

const users = exampleMigration(1, { sql: 'create table users (id bigint primary key, email text not null, phone text, nickname text);' })
const addCity = exampleMigration(7, { sql: 'alter table users add column city text;', down: 'alter table users drop column city;' })
const dropPhone = exampleMigration(9, {
  sql: '-- nobody reads it\n\nalter table users drop column phone;',
  down: 'alter table users add column phone text;',
  phase: 'post',
})

function ahead(run: AboutToRun['run'], given: Partial<AboutToRun> = {}) {
  return lookAhead({ to: 'v2.3', target: [users], ran: [], lost: [], boot: undefined, layout: plain, postgres: 16, ...given, run })
}

test('the first statement that the older code does not survive is the point of no return, and steps before it leave code-only open', async () => {
  const outlook = await ahead([addCity, dropPhone])
  expect(outlook.steps.map(({ migration, shape }) => [migration.id, shape])).toEqual([
    ['0007_example', 'code-only'],
    ['0009_example', 'hotfix'],
  ])
  expect(outlook.end).toMatchObject({
    migration: dropPhone,
    line: { path: 'db/0009_example.sql', start: { line: 3 }, effect: 'breaks-reads' },
  })
  expect(pointOfNoReturn(outlook)).toBe(
    `Point of no return: after 0009_example (post) the code of v2.3 no longer works (db/0009_example.sql:3: ${outlook.end?.line.because.replace(/\.$/, '')}); until then it may be deployed as it is: shiplock rollback --to v2.3.`,
  )
  expect(endingStatements(outlook)).toEqual([expect.stringMatching(/^0009_example \(post\), db\/0009_example\.sql:3: ends code-only\./)])
})

test('a release that only adds closes nothing, and says so', async () => {
  const outlook = await ahead([addCity])
  expect([outlook.end, outlook.doubt]).toEqual([undefined, undefined])
  expect(pointOfNoReturn(outlook)).toBe(
    'Nothing of this release closes the way back: by rules, the code of v2.3 works after its migration.',
  )
})

test('after a run only what has run counts', async () => {
  const outlook = await ahead([addCity, dropPhone])
  expect(stillOpen(upTo(outlook, new Set([addCity])))).toMatch(/^Code-only is open: .* shiplock rollback --to v2\.3\.$/)
  expect(stillOpen(upTo(outlook, new Set([addCity, dropPhone])))).toMatch(
    /^Code-only ended after 0009_example \(post\): .*0009_example\.sql:3/,
  )
})

test('one down is a way on only where the newest migration has one', async () => {
  const { down: _, ...bare } = dropPhone
  const ends = async (last: Migration) => {
    const outlook = await ahead([addCity, last])
    return stillOpen(upTo(outlook, new Set([addCity, last])))
  }
  expect(await ends(dropPhone)).toMatch(/hotfix is the way, or one down at a time\.$/)
  expect(await ends({ ...bare, down: undefined })).toMatch(/hotfix is the way\.$/)
})

test('what ran before this run has closed it already', async () => {
  const outlook = await ahead([addCity], { ran: [dropPhone] })
  expect(outlook.steps.map(({ shape }) => shape)).toEqual(['hotfix'])
  expect(pointOfNoReturn(outlook)).toMatch(/^The point of no return has been passed: the code of v2\.3 does not work/)
  expect(stillOpen(upTo(outlook, new Set([addCity])))).toMatch(/^Code-only was closed before this run/)
})

test('a statement that nobody can judge is no point of no return, and no clean bill either', async () => {
  const opaque = exampleMigration(8, { sql: "do $$ begin execute 'alter table ' || current_user; end $$;" })
  const outlook = await ahead([opaque, dropPhone])
  expect(outlook.steps.map(({ shape }) => shape)).toEqual(['undecided', 'hotfix'])
  expect(pointOfNoReturn(outlook)).toMatch(
    /after 0009_example .* no longer works .*; whether it works after 0008_example \(pre\) is not known/,
  )
  expect(pointOfNoReturn(await ahead([opaque]))).toMatch(
    /^Point of no return: not known\. Whether the code of v2\.3 works after 0008_example/,
  )
})

test('the order of the run counts, and not that of the numbers: a post migration meets what later pre migrations left', async () => {
  const post = exampleMigration(8, { sql: 'alter table users drop column city;', phase: 'post' })
  const pre = exampleMigration(9, { sql: 'alter table users add column city text;' })
  const outlook = await ahead([pre, post])
  expect(outlook.steps.map(({ migration, shape }) => [migration.version, shape])).toEqual([
    ['9', 'code-only'],
    ['8', 'code-only'],
  ])
})

test('a post migration that the older release contains takes nothing from its code, and its own way back is still said', async () => {
  const outlook = await ahead([dropPhone, addCity], { target: [users, dropPhone] })
  expect(outlook.steps.map(({ shape, down }) => [shape, down.kind])).toEqual([
    ['code-only', 'impossible'],
    ['code-only', 'lossy'],
  ])
})

describe('the way back of each migration', () => {
  const cases: readonly (readonly [string, ExampleFile, object])[] = [
    ['has none', { sql: 'alter table users add column city text' }, { kind: 'missing', exists: false, at: undefined }],
    [
      'loses nothing',
      { sql: 'create index users_email on users (email)', down: 'drop index users_email' },
      { kind: 'lossless', exists: true, at: undefined },
    ],
    [
      'loses what was written since',
      { sql: 'alter table users add column city text', down: '\nalter table users drop column city' },
      { kind: 'lossy', exists: true, what: 'the values of users.city', at: 'db/0007_example.down.sql:2' },
    ],
    [
      'brings nothing back',
      { sql: 'select 1;\nalter table users drop column phone', down: 'alter table users add column phone text' },
      { kind: 'impossible', exists: true, what: 'the values of users.phone are gone', at: 'db/0007_example.sql:2' },
    ],
    [
      'is gone with the data, and there is none',
      { sql: 'drop table users' },
      { kind: 'impossible', exists: false, at: 'db/0007_example.sql:1' },
    ],
    ['is not read', { sql: 'select 1', down: 'no sql' }, { kind: 'unread', exists: true }],
  ]
  test.each(cases)('%s', async (_, file, down) => {
    expect((await ahead([exampleMigration(7, file)])).steps[0]?.down).toMatchObject(down)
  })
})

describe('a tool that refuses a version table newer than its files', () => {
  const refusing: Layout = { ...goose, toleratesMissing: false }
  const unit = { path: 'deploy/shop.service', text: '[Service]\nExecStartPre=/opt/shop migrate up\nExecStart=/opt/shop\n' }

  test('leaves no code-only after any migration where the application migrates at boot', async () => {
    const outlook = await ahead([addCity], { layout: refusing, boot: refusedAtBoot(refusing, [unit]) })
    expect(outlook.steps.map(({ shape }) => shape)).toEqual(['hotfix'])
    expect(pointOfNoReturn(outlook)).toContain(
      'after 0007_example (pre) the code of v2.3 no longer works (deploy/shop.service:2: ExecStartPre starts "/opt/shop migrate up" at boot; goose refuses a version table that is newer than its files)',
    )
  })

  test('closes nothing where the application does not, nor with a tool that goes on', () => {
    const image = { path: 'Dockerfile', text: 'FROM a\nRUN migrate up\nCMD ["./shop"]\n' }
    expect(refusedAtBoot(refusing, [image])).toBeUndefined()
    expect(refusedAtBoot(refusing, [{ path: 'start.sh', text: 'shiplock migrate --phase all\n' }])).toBeUndefined()
    expect(refusedAtBoot(goose, [unit])).toBeUndefined()
    expect(refusedAtBoot(plain, [unit])).toBeUndefined()
  })

  test('counts a start that leaves post migrations out, and does not know what becomes of a step beside the deploy', () => {
    const skipping = { path: 'start.sh', text: 'export SKIP_POST_DEPLOYMENT_MIGRATIONS=1\nmigrate up\n' }
    expect(refusedAtBoot(refusing, [skipping])).toMatchObject({ effect: 'breaks-start', path: 'start.sh', start: { line: 2 } })
    const job = { path: 'Procfile', text: 'release: migrate up\nweb: ./shop\n' }
    expect(refusedAtBoot(refusing, [job])).toMatchObject({ effect: 'unknown' })
  })

  test('says nothing of a migration that the older code has as well', async () => {
    const boot = refusedAtBoot(refusing, [unit])
    const outlook = await ahead([dropPhone], { target: [users, dropPhone], layout: refusing, boot })
    expect(outlook.steps.map(({ shape }) => shape)).toEqual(['code-only'])
  })
})
