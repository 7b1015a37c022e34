import { describe, expect, test } from 'vitest'
import { keepResult } from '../../src/backup/record.ts'
import { ReleaseError } from '../../src/errors.ts'
import { findPlanners } from '../../src/gate/planners.ts'
import { judgePromotion } from '../../src/gate/promotion.ts'
import type { CommandResult } from '../../src/result.ts'
import { formatDuration } from '../../src/units.ts'
import { type MemoryStore, memoryStore } from '../fakes/store.ts'

const commit = '5c1e0aa5c1e0aa5c1e0aa5c1e0aa5c1e0aa5c1e0'
const place = { project: 'shop', commit, environment: 'staging' }
const now = new Date('2026-11-21T14:10:00Z')
const day = 24 * 3600_000
const by = { actor: 'mona', actorId: '20', triggeringActor: 'mona', event: 'push' }

interface Kept extends Partial<CommandResult> {
  readonly at?: string
  readonly in?: Partial<typeof place>
  readonly run?: { id: string; attempt: string; by?: typeof by }
}

/** As a run keeps its result. */
async function keep(store: MemoryStore, command: string, { at = '2026-11-21T10:00:00Z', in: where, run, ...more }: Kept = {}) {
  const { project, environment, commit: of } = { ...place, ...where }
  const verdict = command === 'canary' ? 'promote' : 'pass'
  const entry: CommandResult = {
    tool: 'shiplock/1',
    command,
    verdict,
    reason: 'done',
    release: 'main',
    environment,
    finishedAt: at,
    checks: [],
    ...more,
  }
  await keepResult(entry, {
    store,
    name: command,
    project,
    environment,
    run: { id: '1', attempt: '1', ...run, commit: of },
    at: new Date(at),
  })
}

async function passed(): Promise<MemoryStore> {
  const store = memoryStore()
  for (const command of ['migrate', 'canary', 'restore-drill']) await keep(store, command)
  return store
}

const judge = (store: MemoryStore) =>
  judgePromotion(store, { place, commands: ['migrate', 'canary', 'restore-drill'], maxAgeMs: 7 * day, now })
const statuses = async (store: MemoryStore) =>
  (await judge(store)).map(({ check, unknown }) => (unknown === undefined ? check.status : 'unknown')).join(' ')

describe('a commit', () => {
  test('may go on when each step before went well, whatever it was called there', async () => {
    const store = await passed()
    expect(await statuses(store)).toBe('pass pass pass')
    await keep(store, 'migrate', { release: 'v1.9', at: '2026-11-21T11:00:00Z' })
    expect((await judge(store))[0]).toMatchObject({ check: { status: 'pass' }, record: { release: 'v1.9', verdict: 'pass' } })
  })

  test('may not go on without a record, which is named', async () => {
    const store = memoryStore()
    await keep(store, 'migrate')
    expect((await judge(store)).map(({ check }) => check.message)).toEqual([
      undefined,
      'canary has no record of 5c1e0aa5c1e0 in staging',
      'restore-drill has no record of 5c1e0aa5c1e0 in staging',
    ])
  })

  test.each<[string, Kept]>([
    ['another commit', { in: { commit: 'a'.repeat(40) } }],
    ['another environment', { in: { environment: 'canary' } }],
    ['another project', { in: { project: 'shop-2' } }],
  ])('has nothing from the records of %s', async (_, kept) => {
    const store = memoryStore()
    await keep(store, 'migrate', kept)
    expect((await judge(store))[0]?.check.status).toBe('fail')
  })

  const later = '2026-11-21T12:00:00Z'
  test.each<[string, string, Kept, string]>([
    ['a newer failure', 'migrate', { at: later, verdict: 'fail', reason: 'a lock' }, 'fail pass pass'],
    ['a newer run that could not tell', 'restore-drill', { at: later, verdict: 'inconclusive' }, 'pass pass fail'],
    ['an older failure', 'migrate', { at: '2026-11-21T09:00:00Z', verdict: 'fail' }, 'pass pass pass'],
    ['a newer hold', 'canary', { at: later, verdict: 'hold' }, 'pass fail pass'],
    ['a newer look at the checks', 'canary', { at: later, verdict: 'pass', checkOnly: true }, 'pass pass pass'],
    ['a newer backtest', 'canary', { at: later, verdict: 'pass', backtest: [] }, 'pass pass pass'],
    ['a deploy that was noted', 'record', { at: later, fact: 'deployed', verdict: 'fail' }, 'pass pass pass'],
    ['a clock that is ahead', 'migrate', { at: '2026-11-21T14:20:00Z' }, 'unknown pass pass'],
  ])('after %s of %s', async (_, command, kept, expected) => {
    const store = await passed()
    await keep(store, command, kept)
    expect(await statuses(store)).toBe(expected)
  })

  test('may go on after a hold that a person has accepted, until the next watch', async () => {
    const store = await passed()
    await keep(store, 'canary', { at: later, verdict: 'hold' })
    await keep(store, 'record', { at: '2026-11-21T12:30:00Z', fact: 'promoted' })
    expect(await statuses(store)).toBe('pass pass pass')
    await keep(store, 'canary', { at: '2026-11-21T13:00:00Z', verdict: 'abort' })
    expect(await statuses(store)).toBe('pass fail pass')
  })

  test('may not go on with records that are too old', async () => {
    const store = memoryStore()
    await keep(store, 'migrate', { at: '2026-11-14T14:09:00Z' })
    await keep(store, 'canary', { at: '2026-11-14T14:11:00Z' })
    expect((await judge(store))[0]?.check).toMatchObject({ status: 'fail', limit: formatDuration(7 * day) })
    expect((await judge(store))[1]?.check.status).toBe('pass')
  })

  test.each([
    ['{', 'it is no JSON'],
    ['[]', 'no object'],
    ['{"command":"migrate","verdict":"pass"}', 'reason'],
    [JSON.stringify({ command: 'plan', verdict: 'pass', reason: '', finishedAt: later }), 'another place'],
    [JSON.stringify({ command: 'migrate', verdict: 'pass', reason: '', finishedAt: later, environment: 'x' }), 'another place'],
    [' '.repeat(5 * 1024 * 1024), 'too large'],
  ])('is in doubt when the newest record is damaged: %.30s', async (content, why) => {
    const store = await passed()
    const key = `shop/records/${commit}/staging/20261121T120000Z-migrate-9.1.json`
    store.objects.set(key, Buffer.from(content))
    const [step] = await judge(store)
    expect(step).toMatchObject({ check: { status: 'not-checked' }, unknown: expect.stringContaining(key) })
    expect(step?.unknown).toContain(why)
  })

  test.each(['list', 'get'] as const)('is in doubt when the store does not answer to %s', async (operation) => {
    const refused = new ReleaseError('invalid-store', 'The key is refused.', { hint: 'Check the key.' })
    const store: MemoryStore = { ...(await passed()), [operation]: () => Promise.reject(refused) }
    await expect(judge(store)).rejects.toMatchObject({ code: 'records-unread', hint: 'Check the key.', verdict: 'inconclusive' })
  })
})

describe('the planners', () => {
  const digest = 'd'.repeat(64)
  const planned = {
    digests: { pre: digest, post: 'e'.repeat(64) },
    run: { id: '7', attempt: '2', by: { ...by, triggeringActor: 'hubot' } },
  }

  test('are those whose records of this commit hold the digest, with who ran them again', async () => {
    const store = memoryStore()
    await keep(store, 'plan', planned)
    await keep(store, 'plan', { ...planned, digests: { pre: 'f'.repeat(64) }, at: '2026-11-21T11:00:00Z' })
    expect(await findPlanners(store, place, digest)).toEqual({
      damaged: [],
      runs: [
        {
          id: '7',
          attempt: 2,
          event: 'push',
          commit,
          people: [
            { login: 'mona', id: 20, bot: false },
            { login: 'hubot', id: undefined, bot: false },
          ],
        },
      ],
    })
    expect(await findPlanners(store, { ...place, commit: 'a'.repeat(40) }, digest)).toEqual({ runs: [], damaged: [] })
  })

  test('are unknown in records of a laptop, and damaged records are named', async () => {
    const store = memoryStore()
    await keep(store, 'plan', { digests: { pre: digest } })
    const key = `shop/records/${commit}/staging/20261121T120000Z-plan-9.1.json`
    store.objects.set(key, Buffer.from('{'))
    expect(await findPlanners(store, place, digest)).toMatchObject({ runs: [{ people: [] }], damaged: [key] })
  })
})
