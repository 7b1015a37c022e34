import { expect, test } from 'vitest'
import { compareLedgerHeads, compareRowCounts, describeMismatch } from '../../src/drill/compare.ts'

const manifest = [
  { name: 'public.orders', rows: 3 },
  { name: 'public."Users"', rows: 1 },
]

test('passes when every table has as many rows as the manifest says, and says how much was compared', () => {
  const found = new Map([
    ['public."Users"', 1],
    ['public.orders', 3],
  ])
  expect(compareRowCounts(manifest, found)).toEqual({
    check: { id: 'row-counts', status: 'pass', value: '4 rows in 2 tables' },
    mismatches: [],
  })
})

test('names each table whose count differs, that is missing, or that the manifest does not know', () => {
  const { check, mismatches } = compareRowCounts(
    manifest,
    new Map([
      ['public.orders', 2],
      ['public.extra', 0],
    ]),
  )
  expect(check).toEqual({
    id: 'row-counts',
    status: 'fail',
    value: 3,
    limit: 0,
    message: 'public."Users": expected 1 row, not found, and 2 others',
  })
  expect(mismatches.map(describeMismatch)).toEqual([
    'public."Users": expected 1 row, not found',
    'public.extra: found 0 rows, the manifest does not know it',
    'public.orders: expected 3 rows, found 2 rows',
  ])
})

test('passes for a database without tables', () => {
  expect(compareRowCounts([], new Map()).check).toMatchObject({ status: 'pass', value: '0 rows in 0 tables' })
})

test('compares the heads of version tables as they are', () => {
  const heads = [{ table: 'public.goose_db_version', head: '17' }]
  expect(compareLedgerHeads(heads, heads).check).toMatchObject({ id: 'ledger-heads', status: 'pass' })
  const { check } = compareLedgerHeads(heads, [{ table: 'public.goose_db_version', head: '16' }])
  expect(check).toMatchObject({ status: 'fail', message: 'head of public.goose_db_version: expected 17, found 16' })
})

test('does not claim to have compared heads where there is no version table', () => {
  expect(compareLedgerHeads([], []).check).toMatchObject({ status: 'not-checked' })
})

test('a table whose rows nobody counted is not compared, and the check says so', () => {
  const { check, mismatches } = compareRowCounts(
    [{ name: 'public.a', rows: 2 }, { name: 'public.large' }],
    new Map([
      ['public.a', 2],
      ['public.large', 7],
    ]),
  )

  expect(mismatches).toEqual([])
  expect(check).toMatchObject({ status: 'pass', value: '2 rows in 1 table; not counted: 1 table' })
})
