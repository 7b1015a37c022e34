import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, type PlanContract, planDigest } from '../../src/gate/digest.ts'
import { plain } from '../../src/migration/layouts/plain.ts'

const migrations = plain.read([{ path: 'm/1_a.sql', name: '1_a.sql', bytes: Buffer.from('select 1;') }], 'pre', {})
const contract: PlanContract = {
  environment: 'production',
  phase: 'pre',
  layout: 'plain',
  folders: ['m', 'p'],
  tables: [{ table: 'shiplock.ledger', head: '3' }],
  stamp: 'a',
  migrations,
  policy: { 'lock-budget': 1 },
}

test('the digest stays the same for the same plan', () => {
  expect(planDigest({ ...contract })).toBe(planDigest(contract))
  expect(planDigest(contract)).toBe('eb3507dcb183189f458e148a61223fea6841e1544367bc24d8ae7066f42b0c21')
})

test.each([
  ['environment', { environment: 'staging' }],
  ['phase', { phase: 'post' }],
  ['layout', { layout: 'goose' }],
  ['folders', { folders: ['m', 'q'] }],
  ['ledger', { tables: [{ table: 'shiplock.ledger', head: '4' }] }],
  ['stamp', { stamp: null }],
  ['files', { migrations: plain.read([{ path: 'm/1_a.sql', name: '1_a.sql', bytes: Buffer.from('select 2;') }], 'pre', {}) }],
  [
    'transaction mode',
    {
      migrations: plain.read(
        [{ path: 'm/1_a.sql', name: '1_a.sql', bytes: Buffer.from('-- shiplock: no-transaction\nselect 1;') }],
        'pre',
        {},
      ),
    },
  ],
  ['policy', { policy: { 'lock-budget': 2 } }],
])('the digest changes with the %s', (_, change) => {
  expect(planDigest({ ...contract, ...change })).not.toBe(planDigest(contract))
})

test('canonical JSON does not depend on the order of keys, and reads back as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse())
      expect(canonicalJson(reversed)).toBe(canonicalJson(value))
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
