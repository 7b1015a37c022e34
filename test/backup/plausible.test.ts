import { describe, expect, test } from 'vitest'
import { checkPlausible, type Earlier, earlierOf, type Measured } from '../../src/backup/plausible.ts'
import { putBackup } from '../fakes/backup.ts'
import { memoryStore } from '../fakes/store.ts'

const compress = ['--format=custom', '--compress=gzip:1']
const given = { minTables: 1, minSizeBytes: undefined, maxShrink: 0.5, isNew: false }

/** A dump with rows by table; `null` where nobody counted them. */
function dump(rows: Record<string, number | null>, more: Partial<Measured> = {}): Measured {
  const tables = Object.entries(rows).map(([name, count]) => (count === null ? { name } : { name, rows: count }))
  return { tables, sizeBytes: 1_000_000, arguments: compress, ...more }
}

function earlier(rows: Record<string, number | null>, more: Partial<Measured> = {}): Earlier {
  return { ...dump(rows, more), id: '20261120T030000Z-1f0c2b7a', snapshotAt: '2026-11-20T03:00:00.000Z' }
}

function shrink(now: Measured, before: Earlier | undefined, maxShrink = 0.5) {
  return checkPlausible(now, before, { ...given, maxShrink })[2]
}

describe('the fewest tables', () => {
  test('keep an empty database from passing as a backup', () => {
    expect(checkPlausible(dump({}), undefined, given)[0]).toEqual({
      id: 'min-tables',
      status: 'fail',
      value: 0,
      limit: 1,
      message: 'the dump holds 0 tables, where min-tables asks for 1: is this the right database, and may the role see its tables?',
    })
  })

  test('are not asked of a new database, unless more than one is asked for', () => {
    const found = (minTables: number) => checkPlausible(dump({}), undefined, { ...given, minTables, isNew: true })[0]?.status

    expect([found(1), found(2)]).toEqual(['not-checked', 'fail'])
  })

  test('are reached with exactly as many', () => {
    const limits = { ...given, minTables: 2 }
    expect(checkPlausible(dump({ a: 0 }), undefined, limits)[0]).toMatchObject({ status: 'fail' })
    expect(checkPlausible(dump({ a: 0, b: 0 }), undefined, limits)[0]).toEqual({ id: 'min-tables', status: 'pass', value: 2, limit: 2 })
  })
})

describe('the smallest size', () => {
  test('is not checked unless somebody set one', () => {
    expect(checkPlausible(dump({}), undefined, given)[1]).toEqual({
      id: 'min-size',
      status: 'not-checked',
      value: '976.6 KiB',
      message: 'min-size is not set',
    })
  })

  test.each([
    [1_000_000, 'pass'],
    [1_000_001, 'fail'],
  ])('of %i bytes: %s', (minSizeBytes, status) => {
    expect(checkPlausible(dump({}), undefined, { ...given, minSizeBytes })[1]).toMatchObject({ status, limit: '976.6 KiB' })
  })
})

describe('a backup that shrank', () => {
  test('names the tables that lost most rows, at most three, and says what to do', () => {
    const before = earlier({ 'public.orders': 1_204_000, 'public.users': 5000, 'public.log': 900, 'public.tags': 20, 'public.jobs': 0 })
    const now = dump({ 'public.orders': 3, 'public.users': 4000, 'public.tags': 19, 'public.jobs': 40 })

    expect(shrink(now, before)).toEqual({
      id: 'shrink',
      status: 'fail',
      value: '99.6 %',
      limit: '50 %',
      message:
        'less than in the earlier backup 20261120T030000Z-1f0c2b7a of 2026-11-20 03:00:00 UTC: rows 1,209,920 → 4,062; most rows were lost by public.orders 1,204,000 → 3, public.users 5,000 → 4,000, public.log 900 → gone. When that is meant, set max-shrink higher for one backup: the next one is compared with it',
    })
  })

  test.each([
    [0.5, 50, 'pass'],
    [0.5, 49, 'fail'],
    [0, 100, 'pass'],
    [0, 99, 'fail'],
    [1, 0, 'pass'],
  ])('may lose a share of %d: %i of 100 rows left is a %s', (maxShrink, rows, status) => {
    expect(shrink(dump({ a: rows }), earlier({ a: 100 }), maxShrink)).toMatchObject({ status })
  })

  test('just beyond the limit says so, and is not said to have lost all while a row is left', () => {
    expect(shrink(dump({ a: 4999 }), earlier({ a: 10_000 }))).toMatchObject({ status: 'fail', value: 'more than 50 %' })
    expect(shrink(dump({ a: 1 }), earlier({ a: 1_000_000 }))).toMatchObject({ value: '99.9 %' })
  })

  test('in its bytes or its tables alone is noticed as well', () => {
    expect(shrink(dump({ a: 5 }, { sizeBytes: 10 }), earlier({ a: 5 }))).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('dump 976.6 KiB → 10 B. When'),
    })
    expect(shrink(dump({ a: 5 }), earlier({ a: 5, b: 0, c: 0 }))).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('tables 3 → 1. When'),
    })
  })

  test('only because it is compressed in another way is not', () => {
    const now = dump({ a: 5 }, { sizeBytes: 10, arguments: ['--format=custom', '--compress=zstd:3'] })

    expect(shrink(now, earlier({ a: 5 }))).toMatchObject({ status: 'pass', value: '0 %', message: 'rows 5 → 5, tables 1 → 1' })
  })

  test('is compared with one of an older client, whose snapshot and words differ', () => {
    const of = (snapshot: string, how: string) => ({ arguments: ['--format=custom', `--snapshot=${snapshot}`, `--compress=${how}`] })

    expect(shrink(dump({ a: 5 }, { ...of('2', 'gzip:1'), sizeBytes: 10 }), earlier({ a: 5 }, of('1', '1')))).toMatchObject({
      status: 'fail',
    })
  })
})

describe('rows that nobody counted', () => {
  test('then or now say nothing of a table', () => {
    expect(shrink(dump({ a: null, b: 10 }), earlier({ a: 9999, b: 10 }))).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('rows 10 → 10'),
    })
    expect(shrink(dump({ a: 0, b: 10 }), earlier({ a: null, b: 10 }))).toMatchObject({ status: 'pass' })
  })

  test('of any table leave the number of tables to compare', () => {
    const other = { arguments: [] }
    expect(shrink(dump({ a: null }, other), earlier({ a: null }))).toMatchObject({ status: 'pass', message: 'tables 1 → 1' })
  })
})

describe('nothing to compare with', () => {
  test('is the state of the first backup', () => {
    expect(shrink(dump({ a: 5 }), undefined)).toEqual({ id: 'shrink', status: 'not-checked', limit: '50 %', message: 'no earlier backup' })
  })

  test('is what an empty one gives', () => {
    expect(shrink(dump({ a: 5 }), earlier({}, { sizeBytes: 0 }))).toMatchObject({
      status: 'not-checked',
      message: 'the earlier backup 20261120T030000Z-1f0c2b7a has nothing to compare with',
    })
  })
})

test('the facts of an earlier backup are in its manifest', () => {
  const manifest = putBackup(memoryStore())

  expect(earlierOf(manifest)).toEqual({
    id: manifest.id,
    tables: [{ name: 'public.orders', rows: 1200 }],
    sizeBytes: 22,
    arguments: ['--format=custom'],
    snapshotAt: '2026-11-21T14:04:10.000Z',
  })
})
