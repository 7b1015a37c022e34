import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { systemClock } from '../../src/adapters/clock.ts'
import type { CommandObserver, LockWait, QueueView } from '../../src/migration/command-observer.ts'
import { LockGuard } from '../../src/migration/lock-guard.ts'

const wait: LockWait = { pid: 7, key: '7/a', kind: 'queue', waitsFor: 'AccessExclusiveLock on t', heldBy: ['server process 8'] }

/** A guard over views that are told beforehand, 100 ms apart; an error stands for a look that failed. */
function guardOver(views: readonly (QueueView | Error)[], refused: readonly number[] = []) {
  const lines: string[] = []
  const cancelled: number[][] = []
  const stop = new AbortController()
  let now = 0
  const left = [...views]
  const observer = {
    look: async () => {
      const view = left.shift() ?? quiet
      if (view instanceof Error) throw view
      return view
    },
    cancel: async (pids: readonly number[]) => {
      cancelled.push([...pids])
      return refused
    },
  } as unknown as CommandObserver
  const guard = new LockGuard(observer, {
    stallBudgetMs: 250,
    lockBudgetMs: 500,
    now: () => now,
    sleep: async () => {},
    progress: (line) => lines.push(line),
    warn: (line) => lines.push(`! ${line}`),
  })
  const look = async (times: number) => {
    for (let turn = 0; turn < times; turn++) {
      await guard.look(stop)
      now += 100
    }
  }
  return { guard, look, lines, cancelled, stop }
}

const here = { pids: [7], elsewhere: new Map() }
const waiting: QueueView = { ...here, waits: [wait] }
const quiet: QueueView = { ...here, waits: [] }

test('a wait is cancelled once, when it has lasted for the stall budget, and told when it is over', async () => {
  const { guard, look, lines, cancelled } = guardOver([waiting, waiting, waiting, waiting, waiting, quiet])
  await look(3)
  expect(cancelled).toEqual([])
  await look(3)
  expect(cancelled).toEqual([[7]])
  expect(lines).toEqual([
    'server process 7 of the command waited 500 ms for AccessExclusiveLock on t, held by server process 8; its statement was cancelled',
  ])
  expect(guard.report).toMatchObject({ guarded: 1, cancelled: 1, waitedMs: 400, wasBlind: false })
})

test('another wait of the same process begins at nought', async () => {
  const other = { ...here, waits: [{ ...wait, key: '7/b' }] }
  const { look, cancelled, lines } = guardOver([waiting, waiting, other, other, quiet])
  await look(5)
  expect(cancelled).toEqual([])
  expect(lines).toHaveLength(2) // both were longer than half of the budget
})

test('connections to another database are told apart, and it is said when all of them were', async () => {
  const elsewhere = { pids: [8], elsewhere: new Map([[8, 'other']]), waits: [] }
  const { guard, look } = guardOver([elsewhere, elsewhere, quiet])
  await look(2)
  expect(guard.report).toMatchObject({ guarded: 1, elsewhere: ['other'], onlyElsewhere: true })
  await look(1)
  expect(guard.report).toMatchObject({ guarded: 2, elsewhere: ['other'], onlyElsewhere: false })
})

test('a right that is missing is told once, and nothing counts as cancelled', async () => {
  const { guard, look, lines } = guardOver([waiting, waiting, waiting, waiting, waiting, quiet], [7])
  await look(6)
  expect(lines[0]).toContain('! the role of this run may not cancel')
  expect(lines).toHaveLength(2)
  expect(guard.report).toMatchObject({ cancelled: 0, waits: [{ cancelled: false }] })
})

test('all waits together use up the lock budget, and then everything of the command is cancelled', async () => {
  const short = [waiting, waiting, waiting, quiet]
  const { look, stop, cancelled } = guardOver([...short, ...short, ...short, quiet])
  await look(10)
  expect(stop.signal.aborted).toBe(false)
  await look(2)
  expect(stop.signal.aborted).toBe(true)
  expect(cancelled).toEqual([[7]])
})

test('a look that fails is told once, and the guard goes on; time in which it was blind does not count', async () => {
  const lost = new Error('lost')
  const { guard, look, lines } = guardOver([waiting, lost, lost, waiting, waiting])
  await look(5)
  expect(lines).toEqual(['! the queue for locks cannot be watched at the moment: lost'])
  expect(guard.report).toMatchObject({ wasBlind: true, waitedMs: 100 })
})

test('a statement counts as cancelled also when the command is gone before the cancel is answered', async () => {
  let finish = () => {}
  const ended = new Promise<void>((resolve) => {
    finish = resolve
  })
  const observer = {
    look: async () => waiting,
    cancel: async () => {
      finish()
      await sleep(30)
      return []
    },
  } as unknown as CommandObserver
  const guard = new LockGuard(observer, {
    stallBudgetMs: 0,
    lockBudgetMs: 10_000,
    now: () => performance.now(),
    sleep: systemClock.sleep,
    progress: () => {},
    warn: () => {},
  })
  await guard.watch(ended, new AbortController())
  expect(guard.report).toMatchObject({ cancelled: 1, waits: [{ cancelled: true }] })
})
