import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readRecords } from '../../src/backup/read-records.ts'
import { keepResult } from '../../src/backup/record.ts'
import { noteLedger } from '../../src/migration/ledger-note.ts'
import type { CommandResult } from '../../src/result.ts'
import { memoryStore } from '../fakes/store.ts'

const scope = { project: 'shop', environment: 'production' }
const [old, live, next] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string]

interface Kept {
  readonly command: string
  readonly commit?: string
  readonly environment?: string
  readonly [key: string]: unknown
}

/** A store with results, one a minute. */
async function storeOf(...results: readonly Kept[]) {
  const store = memoryStore()
  for (const [index, { command, commit = live, environment = 'production', ...more }] of results.entries()) {
    const at = new Date(Date.UTC(2026, 10, 21, 14, index))
    const entry = {
      tool: 'shiplock',
      command,
      verdict: 'pass',
      reason: '',
      checks: [],
      release: 'v2',
      finishedAt: at.toISOString(),
      ...more,
    }
    const run = { id: `r${index}`, attempt: '1', commit }
    await keepResult(entry as CommandResult, { store, name: command, project: 'shop', environment, run, at })
  }
  return store
}

const ledger = (ran: readonly string[], perhaps: readonly string[] = []) => ({ ledger: { postgres: 16, ran, perhaps } })
const versions = (all: readonly { version: string }[] | undefined) => all?.map(({ version }) => version)

test('a note of the version tables is read as it was written', async () => {
  const entry = { version: '10', phase: 'pre' as const, checksum: undefined, appliedAt: undefined }
  const attempt = {
    event: 'migration' as const,
    release: 'v1',
    commit: old,
    at: new Date(0),
    phase: 'pre' as const,
    state: 'applied' as const,
  }
  const history = { rows: [{ ...attempt, version: '10', name: '10_a b', checksum: 'f00' }], former: [] }
  const entries = [entry, { version: '9', phase: undefined, checksum: undefined, appliedAt: undefined }]
  const note = noteLedger({ migrations: [], entries, history }, { begun: ['11', '10'] }, 16)
  const { ledger: read } = await readRecords(await storeOf({ command: 'plan', ledger: note }), scope)
  expect(read).toMatchObject({
    postgres: 16,
    command: 'plan',
    run: 'r0.1',
    ran: [
      { version: '9', phase: undefined, checksum: undefined, name: undefined },
      { version: '10', phase: 'pre', checksum: 'f00', name: '10_a b' },
    ],
    perhaps: [{ version: '11' }],
  })
})

test.each<[string, readonly Kept[], string[] | undefined, string[]]>([
  [
    'the newest note counts',
    [
      { command: 'migrate', ...ledger(['1 pre f a']) },
      { command: 'plan', commit: next, ...ledger(['2 pre f b']) },
    ],
    ['2'],
    [],
  ],
  [
    'a run that was refused changed nothing',
    [
      { command: 'migrate', ...ledger(['1 pre f a']) },
      { command: 'migrate', verdict: 'fail', error: { code: 'wrong-database' } },
    ],
    ['1'],
    [],
  ],
  [
    'a run that was stopped may have applied anything',
    [
      { command: 'migrate', ...ledger(['1 pre f a']) },
      { command: 'migrate', verdict: 'inconclusive', error: { code: 'interrupted' } },
    ],
    ['1'],
    ['r1.1'],
  ],
  [
    'so may one that does not say',
    [
      { command: 'migrate', ...ledger(['1 pre f a']) },
      { command: 'migrate', applied: [] },
    ],
    ['1'],
    ['r1.1'],
  ],
  [
    'and one whose note is malformed',
    [
      { command: 'plan', ...ledger(['1 pre f a']) },
      { command: 'migrate', ...ledger(['x']) },
    ],
    ['1'],
    ['r1.1'],
  ],
  ['a plan without a note changed nothing', [{ command: 'plan', ...ledger(['1 pre f a']) }, { command: 'plan' }], ['1'], []],
  ['others are not asked', [{ command: 'plan', ...ledger(['1 pre f a']) }, { command: 'backup' }, { command: 'restore-drill' }], ['1'], []],
  ['another environment says nothing', [{ command: 'plan', environment: 'staging', ...ledger(['1 pre f a']) }], undefined, []],
])('%s', async (_, results, ran, unaccounted) => {
  const read = await readRecords(await storeOf(...results), scope)
  expect(versions(read.ledger?.ran)).toEqual(ran)
  expect(read.unaccounted.map(({ run }) => run)).toEqual(unaccounted)
})

test('an object that is cut off is a run without an account', async () => {
  const store = await storeOf({ command: 'plan', ...ledger(['1 pre f a']) })
  await store.put(
    `shop/records/${next}/production/20261121T150000Z-migrate-9.1.json`,
    Readable.from(['{"tool":']),
    new AbortController().signal,
  )
  const read = await readRecords(store, scope)
  expect(read.unaccounted).toMatchObject([{ command: 'migrate', run: '9.1', commit: next }])
})

test('the last deploy is live, unless a rollback was recorded after it', async () => {
  const deployed = { command: 'record', fact: 'deployed' }
  const first = [
    { ...deployed, commit: old, release: 'v1' },
    { ...deployed, release: 'v2' },
    { ...deployed, release: 'v3', verdict: 'fail' },
    { command: 'record', fact: 'promoted', release: 'v4' },
    { command: 'rollback', recorded: false },
  ]
  expect((await readRecords(await storeOf(...first), scope)).live).toMatchObject([{ event: 'deployed', release: 'v2', commit: live }])
  const after = await readRecords(await storeOf(...first, { command: 'rollback', recorded: true }), scope)
  expect(after.live.map(({ event }) => event)).toEqual(['deployed', 'rollback'])
})

test('environments with records are named, and none is invented', async () => {
  const read = await readRecords(await storeOf({ command: 'plan', environment: 'staging' }, { command: 'backup' }), scope)
  expect(read).toMatchObject({ environments: ['production', 'staging'], ledger: undefined, live: [] })
  expect(await readRecords(memoryStore(), scope)).toMatchObject({ environments: [], ledger: undefined })
})
