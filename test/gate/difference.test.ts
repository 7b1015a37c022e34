import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differencesOf, type PlanDifference } from '../../src/gate/difference.ts'
import { type ContractMigration, type PlanContract, planDigest } from '../../src/gate/digest.ts'
import { contractIn, keepContract } from '../../src/gate/kept-contract.ts'

const name = fc.constantFrom('app', 'db/migrations', 'billing', 'goose', 'staging')
const checksum = fc.constantFrom(...['a', 'b', 'c'].map((letter) => letter.repeat(64)))
const migration = fc.record({
  version: fc.integer({ min: 1, max: 6 }).map(String),
  phase: fc.constantFrom('pre' as const, 'post' as const),
  checksum,
  transactional: fc.boolean(),
})
const setting = fc.oneof(fc.boolean(), fc.integer({ min: 0, max: 3 }), fc.constantFrom('read-back', 'usable'))

const contract: fc.Arbitrary<PlanContract> = fc.record(
  {
    environment: name,
    phase: fc.constantFrom('pre', 'post'),
    layout: fc.constantFrom('plain', 'goose'),
    folders: fc.array(name, { maxLength: 2 }),
    tables: fc.uniqueArray(fc.record({ table: name, head: fc.constantFrom('none', '1/1', '2/7') }), {
      maxLength: 2,
      selector: ({ table }) => table,
    }),
    stamp: fc.option(fc.constantFrom('id-1', 'id-2'), { nil: null }),
    migrations: fc
      .uniqueArray(migration, { maxLength: 4, selector: ({ version }) => version })
      .map((all) => all.map((one) => ({ ...one, id: `${one.version}_name` }))),
    command: fc.array(name, { minLength: 1, maxLength: 2 }),
    policy: fc.dictionary(fc.constantFrom('lock-budget', 'allow-older', 'require-backup', 'constructor'), setting),
  },
  { requiredKeys: ['environment', 'phase', 'layout', 'folders', 'tables', 'stamp', 'migrations', 'policy'] },
)

test('two plans have the same digest exactly when no difference between them can be named', () => {
  fc.assert(
    fc.property(contract, contract, (one, other) => {
      expect(planDigest(one) === planDigest(other)).toBe(differencesOf(one, other).length === 0)
    }),
    { numRuns: 2000 },
  )
})

test('a repeatable that was edited, or takes other values, is one migration in both plans', () => {
  const plan = (version: string, letter: string): PlanContract => ({
    ...{ environment: 'production', phase: 'pre', layout: 'flyway', folders: [], tables: [], stamp: null, policy: {} },
    migrations: [{ id: 'R__v', version, phase: 'pre', checksum: letter.repeat(64), transactional: true }],
  })
  const texts = (now: PlanContract) => differencesOf(plan('R:v:1', 'a'), now).map(({ text }) => text)
  expect(texts(plan('R:v:2', 'b'))).toEqual(['R__v was edited: aaaaaaaaaaaa was approved, bbbbbbbbbbbb it is now'])
  expect(texts(plan('R:v:2', 'a'))).toEqual(['R__v takes other values from the environment than when it was approved'])
})

/** Every kind of change, as it is made, and what the difference has to say. */
type Change = (plan: PlanContract) => { plan: PlanContract; what: PlanDifference['what']; says: RegExp } | undefined

const firstOf = ({ migrations }: PlanContract) => migrations[0]
const replaceFirst = (plan: PlanContract, change: Partial<ContractMigration>) => ({
  ...plan,
  migrations: plan.migrations.map((one, index) => (index === 0 ? { ...one, ...change } : one)),
})
const withFirst = (change: (one: ContractMigration) => Partial<ContractMigration>, says: (one: ContractMigration) => RegExp): Change => {
  return (plan) => {
    const one = firstOf(plan)
    return one && { plan: replaceFirst(plan, change(one)), what: 'migration', says: says(one) }
  }
}

const changes: Readonly<Record<string, Change>> = {
  'another environment': (plan) => ({ plan: { ...plan, environment: 'other' }, what: 'environment', says: /it is other now/ }),
  'another phase': (plan) => ({ plan: { ...plan, phase: 'all' }, what: 'phase', says: /it is all now/ }),
  'another layout': (plan) => ({ plan: { ...plan, layout: 'prisma' }, what: 'layout', says: /it is prisma now/ }),
  'another folder': (plan) => ({ plan: { ...plan, folders: [...plan.folders, 'sql'] }, what: 'folders', says: /sql now/ }),
  'another command': (plan) => ({ plan: { ...plan, command: ['bin/migrate', 'up'] }, what: 'command', says: /bin\/migrate up now/ }),
  'another stamp': (plan) => ({ plan: { ...plan, stamp: 'id-3' }, what: 'stamp', says: /id-3/ }),
  'a moved head': (plan) =>
    plan.tables[0] && {
      plan: { ...plan, tables: plan.tables.map((one, index) => (index === 0 ? { ...one, head: '9/9' } : one)) },
      what: 'ledger',
      says: new RegExp(`version table ${plan.tables[0].table}: its head moved from ${plan.tables[0].head} to 9/9`),
    },
  'another version table': (plan) => ({
    plan: { ...plan, tables: [...plan.tables, { table: 'x', head: '1/1' }] },
    what: 'ledger',
    says: /table x/,
  }),
  'a changed setting': (plan) => ({
    plan: { ...plan, policy: { ...plan.policy, 'lock-budget': 99 } },
    what: 'setting',
    says: /lock-budget: from .* to 99 ms/,
  }),
  'a new setting': (plan) => ({
    plan: { ...plan, policy: { ...plan.policy, 'allow-x': true } },
    what: 'setting',
    says: /allow-x: from not set to true/,
  }),
  'an edited file': withFirst(
    () => ({ checksum: 'd'.repeat(64) }),
    ({ id, checksum }) => new RegExp(`${id} was edited: ${checksum.slice(0, 12)} was approved, d{12} it is now`),
  ),
  'a moved phase': withFirst(
    ({ phase }) => ({ phase: phase === 'pre' ? 'post' : 'pre' }),
    ({ id }) => new RegExp(`${id} moved from phase`),
  ),
  'another transaction mode': withFirst(
    ({ transactional }) => ({ transactional: !transactional }),
    ({ id }) => new RegExp(`${id} would run (in|outside) a transaction now`),
  ),
  'another number': withFirst(
    () => ({ version: '99', id: '99_name', checksum: 'd'.repeat(64) }),
    ({ id }) => new RegExp(`${id} was removed|${id} is 99_name now`),
  ),
  'an added migration': (plan) => ({
    plan: {
      ...plan,
      migrations: [...plan.migrations, { id: '77_new', version: '77', phase: 'pre', checksum: 'e'.repeat(64), transactional: true }],
    },
    what: 'migration',
    says: /77_new was added \(e{12}\)/,
  }),
  'a removed migration': (plan) =>
    firstOf(plan) && {
      plan: { ...plan, migrations: plan.migrations.slice(1) },
      what: 'migration',
      says: new RegExp(`${firstOf(plan)?.id} was removed`),
    },
  'another order': (plan) =>
    plan.migrations.length < 2
      ? undefined
      : { plan: { ...plan, migrations: plan.migrations.toReversed() }, what: 'order', says: /another order/ },
}

test.each(Object.entries(changes))('%s is another plan, and is named', (_, change) => {
  fc.assert(
    fc.property(contract, (approved) => {
      const changed = change(approved)
      fc.pre(changed !== undefined)
      expect(planDigest(changed.plan)).not.toBe(planDigest(approved))
      const found = differencesOf(approved, changed.plan)
      expect(
        found
          .filter(({ what }) => what === changed.what)
          .map(({ text }) => text)
          .join('\n'),
      ).toMatch(changed.says)
    }),
    { numRuns: 50 },
  )
})

test('nothing else is covered: names of files, further facts of a migration, the order of keys', () => {
  const reversed = <T extends object>(given: T) => Object.fromEntries(Object.entries(given).reverse()) as T
  fc.assert(
    fc.property(contract, fc.string(), fc.integer(), (approved, text, number) => {
      const same: PlanContract = reversed({
        ...approved,
        policy: reversed(approved.policy),
        tables: approved.tables.map((one) => reversed({ ...one, empty: true })),
        migrations: approved.migrations.map((one) =>
          reversed({ ...one, id: text, path: text, hotfix: true, major: true, durationMs: number, release: text, findings: [text] }),
        ),
        release: text,
        tool: text,
        startedAt: text,
        postDebts: number,
      })
      expect(planDigest(same)).toBe(planDigest(approved))
      expect(differencesOf(approved, same)).toEqual([])
    }),
  )
})

test('a plan that went through a result is found by its digest, and one that was changed on its way is not', () => {
  fc.assert(
    fc.property(contract, contract, (plan, other) => {
      const entry = { command: 'plan', contracts: { pre: keepContract(other), post: keepContract(plan) } }
      const digest = planDigest(plan)
      for (const text of [JSON.stringify(entry), JSON.stringify({ commands: [{ command: 'backup' }, entry] })]) {
        const found = contractIn(text, digest)
        expect(found && planDigest(found)).toBe(digest)
      }
      const damaged = JSON.stringify({ command: 'plan', contracts: { pre: { ...keepContract(plan), layout: 'masked' } } })
      expect(contractIn(damaged, digest)).toBeUndefined()
      expect(contractIn(JSON.stringify({ ...entry, command: 'gate' }), digest)).toBeUndefined()
    }),
  )
  expect(contractIn('not JSON', 'a')).toBeUndefined()
})

test('a migration that is gone is told from one that was applied, or that waits in the other phase', () => {
  const one = { id: '2_email', version: '2', phase: 'pre' as const, checksum: 'a'.repeat(64), transactional: true }
  const plan: PlanContract = {
    environment: 'p',
    phase: 'pre',
    layout: 'plain',
    folders: [],
    tables: [],
    stamp: null,
    migrations: [one],
    policy: {},
  }
  const texts = (elsewhere: Parameters<typeof differencesOf>[2]) =>
    differencesOf(plan, { ...plan, migrations: [] }, elsewhere).map(({ text }) => text)
  expect(texts({ pending: new Map([['2', 'pre']]), applied: new Map() })).toEqual(['2_email belongs to phase pre'])
  expect(texts({ pending: new Map([['2', 'post']]), applied: new Map() })).toEqual(['2_email moved from phase pre to phase post'])
  expect(texts({ pending: new Map(), applied: new Map([['2', 'another program']]) })).toEqual([
    '2_email is not pending any more: it was applied by another program',
  ])
})
