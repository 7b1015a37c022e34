import type { Live } from '../live-line.ts'
import { formatDuration, wholeSeconds } from '../units.ts'
import type { Executor, Queue, SendOutcome, SqlFailure } from './executor.ts'
import { adviceFor, describeHolder, type Holder } from './holder.ts'
import type { LockNeeds } from './lock-needs.ts'
import type { LockTarget } from './lock-target.ts'
import type { AttemptLimits, Message } from './message.ts'
import { Traffic } from './traffic.ts'

/** What an attempt works with. */
export interface AttemptTools {
  readonly executor: Executor
  readonly signal: AbortSignal
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** What the application may wait behind one attempt. */
  readonly stallBudgetMs: number
  /** A line worth keeping. */
  readonly progress: (line: string) => void
  /** A line that the next one replaces. */
  readonly live: (line: Live) => void
}

/** Waiting time that is left, all statements of a migration together. */
export interface Budget {
  leftMs: number
}

/** What waits for locks, and how. */
export interface Request {
  readonly id: string
  readonly needs: LockNeeds
  readonly budget: Budget
  /** The message for an attempt; `targets` are those to be locked by name at its start. */
  compose(limits: AttemptLimits, targets: readonly LockTarget[]): Message
  /** Prepares the session for a message that cannot carry its own limits. */
  limitSession?(limitMs: number): Promise<void>
}

export interface AttemptsEnd {
  readonly outcome: SendOutcome
  readonly message: Message
  readonly attempts: number
  /** Who was in the way when the budget ended; empty for any other end. */
  readonly blockers: readonly string[]
  readonly advice: string | undefined
  /** Set when the budget ended. */
  readonly exhausted: boolean
  /** Relations that were not there before, and that the message makes. */
  readonly makes: LockNeeds['creates']
}

/** What takes no longer is not worth a line. */
const quietMs = 1000
const pollMs = 50

/**
 * Sends a message when nobody is in the way of its locks. While somebody is, no request of ours stands in a queue, so
 * that nobody queues behind it; each attempt's limit is learnt from the relations' own traffic.
 */
export async function sendWhenFree(request: Request, tools: AttemptTools): Promise<AttemptsEnd> {
  const { executor, signal, now } = tools
  const survey = await executor.survey(request.needs.locks, request.needs.creates)
  const watched = new Map(survey.targets.map((target) => [target.oid, target]))
  const first = lockable(await firstOf(request, executor, survey.targets))
  const traffic = new Traffic(tools.stallBudgetMs, watched.size)
  let behind: readonly Holder[] = []
  if (lockable(survey.targets).length === 0) traffic.notDisplaced()
  for (let attempts = 1; ; attempts++) {
    const from = now()
    const gap = await waitForGap(request, traffic, [...watched.values()], tools)
    request.budget.leftMs -= now() - from
    const displace = gap.act === 'displace' ? { ms: executor.deadlockTimeoutMs + 500, targets: lockable([...watched.values()]) } : undefined
    const limits = { limitMs: gap.limitMs, displace }
    const message = request.compose(limits, first)
    if (gap.act === 'stop') return { ...stopped(message, traffic, behind), attempts: attempts - 1, makes: [] }
    await request.limitSession?.(limits.limitMs)
    const sent = now()
    const seen = (queue: Queue) => {
      for (const target of queue.targets) if (!watched.has(target.oid)) watched.set(target.oid, target)
      if (queue.behind.length > 0) behind = queue.behind
    }
    const outcome = await watching(executor.send(message.text.text, signal), seen, request, tools)
    if (outcome.state === 'failed' && message.before > 0) await executor.send('rollback', AbortSignal.any([]))
    const refused = outcome.state === 'failed' && isRefusal(outcome.failure, message)
    if (!refused || signal.aborted) {
      const makes = survey.taken ? [] : request.needs.creates
      return { outcome, message, attempts, blockers: [], advice: undefined, exhausted: false, makes }
    }
    request.budget.leftMs -= now() - sent
    if (message.displacedAt !== undefined && outcome.failure.completed < message.displacedAt) traffic.notDisplaced()
    traffic.refused(now(), limits.limitMs)
    const gaveUp = `attempt ${attempts} was given up after ${formatDuration(now() - sent)}, so that nobody waits longer behind it`
    tools.live({ text: `${request.id}: ${gaveUp}` })
  }
}

/** Locks at the start are a courtesy: whoever needs them later asks with the same limit. */
async function firstOf({ needs }: Request, executor: Executor, all: readonly LockTarget[]): Promise<readonly LockTarget[]> {
  if (needs.first.length === needs.locks.length) return all
  return needs.first.length === 0 ? [] : (await executor.survey(needs.first, [])).targets
}

function lockable(targets: readonly LockTarget[]): readonly LockTarget[] {
  return targets.filter((target) => target.lockable)
}

type Gap = { readonly act: 'ask' | 'displace' | 'stop'; readonly limitMs: number }

async function waitForGap(
  { id, budget }: Request,
  traffic: Traffic,
  targets: readonly LockTarget[],
  { executor, signal, now, sleep, live }: AttemptTools,
): Promise<Gap> {
  const deadline = now() + budget.leftMs
  const from = now()
  for (;;) {
    if (targets.length > 0) traffic.sample(await executor.holders(targets), now())
    else traffic.sample([], now())
    const advice = traffic.advise()
    if (signal.aborted || now() > deadline) return { act: 'stop', limitMs: traffic.limitMs }
    if (advice.act !== 'wait') return { act: advice.act, limitMs: advice.limitMs }
    const [oldest, ...others] = traffic.inTheWay
    if (oldest !== undefined && now() - from > quietMs) {
      const more = others.length > 0 ? `, and ${others.length} more` : ''
      const waited = `${formatDuration(wholeSeconds(now() - from))} of at most ${formatDuration(wholeSeconds(budget.leftMs))}`
      live({ text: `${id}: waits without queueing for ${describeHolder(oldest.holder, oldest.age)}${more} (${waited})` })
    }
    await sleep(Math.min(advice.pollMs, Math.max(1, deadline - now())), signal)
  }
}

/** Who is in the way now, else those behind whom the last attempt waited. */
function stopped(message: Message, traffic: Traffic, behind: readonly Holder[]): Omit<AttemptsEnd, 'attempts' | 'makes'> {
  const now = traffic.inTheWay
  const blockers = now.length > 0 ? now : behind.map((holder) => ({ holder, age: 0 }))
  return {
    outcome: {
      state: 'failed',
      failure: {
        sqlstate: '55P03',
        message: 'not attempted',
        detail: undefined,
        hint: undefined,
        position: undefined,
        completed: message.before,
      },
      value: undefined,
    },
    message,
    blockers: blockers.map(({ holder, age }) => describeHolder(holder, age)),
    advice: blockers.map(({ holder }) => adviceFor(holder)).find((one) => one !== undefined),
    exhausted: true,
  }
}

/** Lock timeout, the bound over several locks, and a deadlock take the whole transaction back: trying again is safe. */
function isRefusal(failure: SqlFailure, message: Message): boolean {
  if (failure.sqlstate === '55P03') return true
  if (message.before === 0) return false
  return failure.sqlstate === '40P01' || (failure.sqlstate === '57014' && failure.completed < message.before)
}

/** Learns for what the statement queues while it is under way, and shows that it is. */
async function watching(
  sending: Promise<SendOutcome>,
  seen: (queue: Queue) => void,
  { id }: Request,
  { executor, now, sleep, live }: AttemptTools,
): Promise<SendOutcome> {
  const over = new AbortController()
  const outcome = sending.finally(() => over.abort())
  const from = now()
  for (let pause = 20; ; pause = now() - from > 2 * quietMs ? 1000 : pollMs) {
    await Promise.race([sleep(pause, over.signal), outcome.catch(() => {})])
    if (over.signal.aborted) return outcome
    await executor.queue().then(seen, () => {}) // a broken observer is noticed by its next entry in the books
    if (over.signal.aborted) return outcome
    if (now() - from > 2 * quietMs) live({ text: `${id}: running for ${formatDuration(wholeSeconds(now() - from))}` })
  }
}
