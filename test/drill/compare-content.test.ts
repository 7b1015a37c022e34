import { describe, expect, test } from 'vitest'
import type { Content, TableContent } from '../../src/backup/content.ts'
import { describeMismatch } from '../../src/drill/compare.ts'
import { compareContent, type Expectations, isFullyHashed } from '../../src/drill/compare-content.ts'

const content: Content = {
  tables: [
    { name: 'public.orders', rows: 3, method: 'row-text-1', fingerprint: '77' },
    { name: 'public.users', rows: 6400, method: 'key-sample-64-1', fingerprint: '-5' },
    { name: 'public.empty', rows: 0, method: 'row-text-1', fingerprint: '0' },
  ],
  extensionTables: [],
  sequences: [{ name: 'public.s', lastValue: '10', isCalled: true, ownerMax: '8' }],
  largeObjects: { count: 2, bytes: 6, method: 'piece-sha256-1', fingerprint: '9' },
  ledgerHeads: [],
  catalog: [],
  settings: {},
}

function compared(expected: Partial<Expectations>, found: Partial<Content>, leftOut: string[] = []) {
  const comparisons = compareContent(
    { ...content, serverMajor: 15, ...expected },
    { content: { ...content, ...found }, serverMajor: 15, leftOut, hasOwners: true, memberships: [], roles: undefined },
  )
  return {
    checks: Object.fromEntries(comparisons.map(({ check }) => [check.id, check])),
    failed: comparisons.flatMap(({ check }) => (check.status === 'fail' ? [check.id] : [])),
    mismatches: comparisons.flatMap(({ mismatches }) => mismatches.map(describeMismatch)),
  }
}

const but = (name: string, change: Partial<TableContent>) =>
  content.tables.map((table) => (table.name === name ? { ...table, ...change } : table))

describe('rows', () => {
  test('pass when they hash to the same, and the check says how many tables are known by a sample', () => {
    expect(compared({}, {})).toMatchObject({ failed: [], checks: { fingerprints: { value: '2 tables by all rows, 1 by a sample' } } })
  })

  test('differ where the hash does, although there are as many', () => {
    expect(compared({}, { tables: but('public.orders', { fingerprint: '78' }) })).toMatchObject({
      failed: ['fingerprints'],
      mismatches: ['content of public.orders: expected row-text-1 77, found row-text-1 78'],
    })
  })

  test('differ where the copy could not be hashed in the same way', () => {
    const { method: _, fingerprint: __, ...counted } = content.tables[1] as TableContent
    const tables = content.tables.map((table) => (table.name === 'public.users' ? counted : table))
    expect(compared({}, { tables }).mismatches).toEqual(['content of public.users: expected key-sample-64-1 -5, found no hash'])
  })

  test('of a table that is missing are told once, by the counts', () => {
    const tables = content.tables.filter(({ name }) => name !== 'public.orders')
    expect(compared({}, { tables })).toMatchObject({ failed: ['row-counts'], mismatches: ['public.orders: expected 3 rows, not found'] })
    expect(compared({}, { tables }, ['TABLE public orders']).failed).toEqual([])
    expect(compared({}, { tables }, ['TABLE public other']).failed).toEqual(['row-counts'])
  })

  test("of an extension's table may be missing where the extension is never made, and not otherwise", () => {
    const extensionTables = [{ name: 'cron.job', rows: 2, extension: 'pg_cron' }]
    expect(compared({ extensionTables }, {}, ['EXTENSION pg_cron'])).toMatchObject({
      failed: [],
      checks: { 'row-counts': { value: '6,403 rows in 3 tables; not restored: cron.job (2 rows)' } },
    })
    expect(compared({ extensionTables }, {}, ['TABLE cron job']).mismatches).toEqual(['cron.job: expected 2 rows, not found'])
    expect(isFullyHashed({ ...content, extensionTables })).toBe(false)
  })

  test('that were only counted have no fingerprint to compare', () => {
    const tables = content.tables.map(({ name, rows }) => ({ name, rows }))
    expect(compared({ tables }, {}).checks.fingerprints).toMatchObject({ status: 'not-checked' })
    const [orders = { name: '' }, ...others] = content.tables
    const some = [orders, ...others.map(({ name, rows }) => ({ name, rows }))]
    expect(compared({ tables: some }, {}).checks.fingerprints).toMatchObject({
      status: 'pass',
      value: '1 table by all rows, 1 only counted',
    })
  })

  test('are known to be equal only when every table that holds any was hashed', () => {
    const hashed = (...tables: TableContent[]) => isFullyHashed({ ...content, tables: [...content.tables, ...tables] })
    expect(hashed()).toBe(true)
    expect(hashed({ name: 'public.none', rows: 0 })).toBe(true)
    expect(hashed({ name: 'public.fleeting', notDumped: 'unlogged on a standby' })).toBe(true)
    expect(hashed({ name: 'public.counted', rows: 1 })).toBe(false)
    expect(hashed({ name: 'public.unknown' })).toBe(false)
    expect(isFullyHashed({ ...content, largeObjects: { count: 2, bytes: 6 } })).toBe(false)
    expect(isFullyHashed({ ...content, largeObjects: { count: 0, bytes: 0 } })).toBe(true)
  })
})

describe('a sequence', () => {
  const sequence = (lastValue: string, bounds = '1 to 9 from 1 by 1', ownerMax?: string, isCalled = true) => ({
    sequences: [{ name: 'public.s', lastValue, isCalled, ...(ownerMax === undefined ? {} : { ownerMax }) }],
    catalog: [{ kind: 'sequence', name: 'public.s', facts: { bounds } }],
  })

  test('may be further than when it was read, and must have reached what stands in its column', () => {
    expect(compared(sequence('10', undefined, '8'), sequence('12')).failed).toEqual([])
    expect(compared(sequence('10', undefined, '8'), sequence('8')).failed).toEqual([])
    expect(compared(sequence('10', undefined, '8'), sequence('7'))).toMatchObject({
      failed: ['sequences'],
      mismatches: ['sequence public.s: expected at least 8, found 7'],
    })
  })

  test('without a column must have reached what was read of it, beyond what numbers of JavaScript hold', () => {
    expect(compared(sequence('9007199254740993'), sequence('9007199254740993')).failed).toEqual([])
    expect(compared(sequence('9007199254740993'), sequence('9007199254740992')).failed).toEqual(['sequences'])
  })

  test('must not give again what it gave', () => {
    const [called, anew] = [sequence('1'), sequence('1', undefined, undefined, false)]
    expect(compared(called, anew)).toMatchObject({
      failed: ['sequences'],
      mismatches: ['sequence public.s: expected at least 1, found 1 as its next value'],
    })
    expect(compared(anew, called).failed).toEqual([])
    expect(compared(anew, anew).failed).toEqual([])
  })

  test('that begins anew at its end may be anywhere', () => {
    const catalog = [{ kind: 'sequence', name: 'public.s', facts: { bounds: '1 to 9 from 1 by 1', cycle: true } }]
    expect(compared({ ...sequence('9'), catalog }, { ...sequence('2'), catalog }).failed).toEqual([])
  })

  test('that counts down has reached less', () => {
    const down = '-9 to -1 from -1 by -1'
    expect(compared(sequence('-3', down), sequence('-4', down)).failed).toEqual([])
    expect(compared(sequence('-3', down), sequence('-2', down))).toMatchObject({
      failed: ['sequences'],
      mismatches: ['sequence public.s: expected at most -3, found -2'],
    })
  })
})

describe('large objects', () => {
  test.each([
    [{ count: 1 }, 'number of large objects: expected 2, found 1'],
    [{ bytes: 5 }, 'bytes of large objects: expected 6, found 5'],
    [{ fingerprint: '8' }, 'content of large objects: expected 9, found 8'],
  ])('are compared by number, size and content: %o', (change, difference) => {
    const largeObjects = { ...content.largeObjects, ...change }
    expect(compared({}, { largeObjects })).toMatchObject({ failed: ['large-objects'], mismatches: [difference] })
  })

  test('that were not hashed are only counted, and the check says so', () => {
    expect(compared({ largeObjects: { count: 2, bytes: 6 } }, {}).checks['large-objects']).toMatchObject({
      status: 'pass',
      value: '2 large objects, only counted',
    })
  })
})
