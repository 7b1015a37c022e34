import { describe, expect, test } from 'vitest'
import type { CatalogObject } from '../../src/backup/content.ts'
import { describeMismatch } from '../../src/drill/compare.ts'
import { type CatalogCase, compareCatalog } from '../../src/drill/compare-catalog.ts'

const object = (kind: string, name: string, facts: CatalogObject['facts'] = {}): CatalogObject => ({ kind, name, facts })
const database = (facts: CatalogObject['facts'] = {}) =>
  object('database', 'database', { encoding: 'UTF8', collate: 'C', ctype: 'C', owner: 'a', grants: ['a: CONNECT'], ...facts })
const orders = (facts: CatalogObject['facts'] = {}) =>
  object('table', 'public.orders', { owner: 'shop', grants: ['shop: INSERT, SELECT by shop'], ...facts })

function compared(expected: CatalogObject[], found: CatalogObject[], more: Partial<CatalogCase> = {}) {
  const comparisons = compareCatalog({
    ...{ leftOut: [], hasOwners: true, sameMajor: true },
    ...more,
    expected: [database(), ...expected],
    found: [database(), ...found],
  })
  return {
    checks: Object.fromEntries(comparisons.map(({ check }) => [check.id, check])),
    failed: comparisons.flatMap(({ check }) => (check.status === 'fail' ? [check.id] : [])),
    mismatches: comparisons.flatMap(({ mismatches }) => mismatches.map(describeMismatch)),
  }
}

describe('catalogs', () => {
  test('that are the same pass in every group, and say what was compared', () => {
    const { checks } = compared(
      [orders(), object('extension', 'hstore', { version: '1.8' })],
      [orders(), object('extension', 'hstore', { version: '1.8' })],
    )
    expect(checks).toEqual({
      schema: { id: 'schema', status: 'pass', value: '2 objects' },
      owners: { id: 'owners', status: 'pass', value: '2 objects' },
      grants: { id: 'grants', status: 'pass', value: '2 objects' },
      extensions: { id: 'extensions', status: 'pass', value: '1 extension' },
      locale: { id: 'locale', status: 'pass', value: 'UTF8, C, C' },
    })
  })

  test.each<[string, CatalogObject[], CatalogObject[], string]>([
    ['schema', [orders({ unlogged: true })], [orders()], 'unlogged of table public.orders: expected true, found false'],
    ['schema', [orders()], [], 'table public.orders: expected there, not found'],
    ['schema', [], [orders()], 'table public.orders: found there, the manifest does not know it'],
    ['owners', [orders()], [orders({ owner: 'other' })], 'owner of table public.orders: expected shop, found other'],
    [
      'grants',
      [orders({ grants: ['a: X', 'b: Y'] })],
      [orders({ grants: ['b: Y', 'c: Z'] })],
      'grants of table public.orders: expected a: X, found c: Z',
    ],
    ['grants', [object('default privileges', 'shop on tables')], [], 'default privileges shop on tables: expected there, not found'],
    [
      'extensions',
      [object('extension', 'hstore', { version: '1.7' })],
      [object('extension', 'hstore', { version: '1.8' })],
      'version of extension hstore: expected 1.7, found 1.8',
    ],
    ['extensions', [object('extension', 'hstore')], [], 'extension hstore: expected there, not found'],
  ])('that differ fail in the group of the difference: %s', (group, expected, found, difference) => {
    expect(compared(expected, found)).toMatchObject({ failed: [group], mismatches: [difference] })
  })

  test('are compared without owners and grants where a copy has none of the source', () => {
    const { checks, failed } = compared([orders(), object('default privileges', 'shop on tables')], [orders({ owner: 'me', grants: [] })], {
      hasOwners: false,
    })
    const status = { status: 'not-checked', message: 'owners and grants were not restored here' }
    expect(failed).toEqual([])
    expect(checks).toMatchObject({ owners: status, grants: status })
  })

  test('need not hold what was left out, and the check says how much that is', () => {
    const { checks, failed } = compared([orders(), object('publication', 'news'), object('setting', 'work_mem')], [orders()], {
      leftOut: ['PUBLICATION news'],
    })
    expect(failed).toEqual([])
    expect(checks.schema?.value).toBe('1 object, without 2 that a drill does not restore')
    expect(compared([orders(), object('publication', 'news')], [orders()]).failed).toEqual(['schema'])
  })
})

describe('servers of two major versions', () => {
  const other = { sameMajor: false }

  test('print definitions in their own ways, which are not compared, and the check says so', () => {
    const view = (definition: string) => object('view', 'public.v', { definition, options: ['security_barrier=true'] })
    expect(compared([view('SELECT t.a FROM t')], [view('SELECT a FROM t')]).failed).toEqual(['schema'])
    const { failed, checks } = compared([view('SELECT t.a FROM t')], [view('SELECT a FROM t')], other)
    expect(failed).toEqual([])
    expect(checks.schema?.value).toContain('without the words of their definitions')
  })

  test('give other rights to the owner of a table, and others to everybody on public', () => {
    const [old, young] = [orders(), orders({ grants: ['shop: INSERT, MAINTAIN, SELECT by shop'] })]
    const schema = (owner: string) => object('schema', 'public', { owner, grants: [`${owner}: USAGE`] })
    expect(compared([old, schema('postgres')], [young, schema('pg_database_owner')], other).failed).toEqual([])
    expect(compared([old], [orders({ grants: ['shop: MAINTAIN, SELECT by shop'] })], other).failed).toEqual(['grants'])
    expect(compared([old], [orders({ owner: 'me' })], other).failed).toEqual(['owners'])
    expect(compared([old], [], other).failed).toEqual(['schema'])
  })
})

describe('the database', () => {
  test('must be of the same encoding and locale', () => {
    const found = compareCatalog({
      expected: [database()],
      found: [database({ encoding: 'LATIN1' })],
      leftOut: [],
      hasOwners: true,
      sameMajor: true,
    })
    expect(found.find(({ check }) => check.id === 'locale')?.check).toMatchObject({
      status: 'fail',
      message: 'encoding of database database: expected UTF8, found LATIN1',
    })
  })

  test('may be on a machine whose collations are of another version, which is a note', () => {
    const [there, here] = [database({ collationVersion: '2.36' }), database({ collationVersion: '2.41' })]
    const found = compareCatalog({ expected: [there], found: [here], leftOut: [], hasOwners: true, sameMajor: true })
    expect(found.find(({ check }) => check.id === 'locale')?.check).toEqual({
      id: 'locale',
      status: 'pass',
      value: 'UTF8, C, C',
      message: 'collations are of version 2.36 there and 2.41 here, which may sort otherwise',
    })
  })

  test('has an owner, rights and a name of its own in a copy, which are not compared', () => {
    const found = compareCatalog({
      expected: [database()],
      found: [database({ owner: 'b', grants: [] })],
      leftOut: [],
      hasOwners: true,
      sameMajor: true,
    })
    expect(found.every(({ check }) => check.status === 'pass')).toBe(true)
  })
})
