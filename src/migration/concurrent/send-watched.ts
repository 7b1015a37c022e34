import type { Executor, SendOutcome } from '../executor.ts'
import type { Holder } from '../holder.ts'
import type { LockTarget } from '../lock-target.ts'
import { describeProgress, isWaiting, type Progress } from '../watch.ts'
import { Ages, type Blocker, quietMs, type WaitTools, waitingFor } from './waiting.ts'

interface Watched {
  readonly sql: string
  /** Such as `building accounts_email_idx`. */
  readonly what: string
  /** On which it waits for others. */
  readonly relations: readonly LockTarget[]
  /** How long others may have to queue behind it, where they do. */
  readonly stallBudgetMs?: number | undefined
}

export interface WatchedEnd {
  readonly outcome: SendOutcome
  /** Why it was cancelled from here: the budget has ended, or the application had to queue behind it. */
  readonly cancelled: 'budget' | 'queue' | undefined
  readonly blockers: readonly Blocker[]
  /** The index that the server said it was building. */
  readonly indexOid: string | undefined
}

const never = AbortSignal.any([])

/**
 * Sends a statement that may take its time, and watches it instead of limiting it. Only the time counts in which it
 * waits for others; when no budget is left it is cancelled on the server.
 */
export async function sendWatched(
  { sql, what, relations, stallBudgetMs = Number.POSITIVE_INFINITY }: Watched,
  tools: WaitTools & { readonly executor: Executor },
): Promise<WatchedEnd> {
  const { executor, budget, signal, id, now, sleep, live } = tools
  const over = new AbortController()
  const stop = new AbortController()
  const ages = new Ages()
  const from = now()
  const givenMs = budget.leftMs
  let cancelled: WatchedEnd['cancelled']
  let blockers: readonly Blocker[] = []
  let indexOid: string | undefined
  let queuedSince: number | undefined
  const sending = executor.send(sql, AbortSignal.any([signal, stop.signal])).finally(() => over.abort())
  for (let last = from; ; ) {
    await Promise.race([sleep(now() - from < 10_000 ? 250 : 1000, over.signal), sending])
    if (over.signal.aborted) break
    const seen = await look(executor, relations).catch(() => undefined) // a broken observer is noticed by its next entry in the books
    const at = now()
    const behind = ages.of(seen?.behind ?? [], at)
    if (behind.length > 0) blockers = [...behind].sort((a, b) => b.age - a.age)
    const waits = behind.length > 0 || isWaiting(seen?.progress)
    if (waits) budget.leftMs -= at - last
    last = at
    indexOid ??= seen?.progress?.indexOid
    queuedSince = seen?.queuesExclusively === true ? (queuedSince ?? at) : undefined
    if (waits && budget.leftMs <= 0) cancelled ??= 'budget'
    if (queuedSince !== undefined && at - queuedSince > stallBudgetMs) cancelled ??= 'queue'
    if (cancelled !== undefined) stop.abort()
    else if (behind.length > 0 && at - from > quietMs)
      live({ text: `${id}: ${what} waits ${waitingFor(blockers, givenMs - budget.leftMs, givenMs)}` })
    else if (at - from > quietMs) {
      const { text, share } = describeProgress(seen?.progress, what, at - from)
      live({ text: `${id}: ${text}`, share })
    }
  }
  const outcome = await sending
  if (signal.aborted || cancelled !== undefined) await settleCancel(executor)
  const byUs = outcome.state === 'failed' && outcome.failure.sqlstate === '57014'
  return { outcome, cancelled: byUs ? cancelled : undefined, blockers, indexOid }
}

interface Seen {
  readonly behind: readonly Holder[]
  readonly progress: Progress | undefined
  /** Whether nobody else gets past our place in the queue. */
  readonly queuesExclusively: boolean
}

async function look(executor: Executor, relations: readonly LockTarget[]): Promise<Seen> {
  const { behind, targets } = await executor.queue()
  const progress = await executor.watch.progress().catch(() => undefined) // it is only for show
  const relation = progress?.phase === 'waiting for old snapshots' ? 'an older snapshot' : (targets[0]?.name ?? relations[0]?.name)
  const named = behind.map((holder) => (relation === undefined ? holder : { ...holder, relation }))
  const prepared = behind.some(({ kind }) => kind === 'prepared')
    ? (await executor.holders(relations)).filter(({ kind }) => kind === 'prepared') // these have names
    : []
  return {
    behind: prepared.length > 0 ? [...named.filter(({ kind }) => kind !== 'prepared'), ...prepared] : named,
    progress,
    queuesExclusively: targets.some(({ mode }) => mode === 'AccessExclusive'),
  }
}

/** A cancellation may still be on its way: it must not meet the next statement. */
async function settleCancel(executor: Executor): Promise<void> {
  await executor.queue().catch(() => {})
  await executor.send('select 1', never)
}

/**
 * Takes the limits off the session for a while: a statement that waits by design would only be left half-done by one.
 * They are put back as they were, since the statements of the file that follow may count on them.
 */
export async function withoutLimits<Result>(executor: Executor, work: () => Promise<Result>): Promise<Result> {
  const names = "('lock_timeout', 'statement_timeout', 'transaction_timeout')"
  const read = await executor.send(
    `select pg_catalog.string_agg(name || '=' || setting, ' ') from pg_catalog.pg_settings where name in ${names}`,
    never,
  )
  await executor.send(`select pg_catalog.set_config(name, '0', false) from pg_catalog.pg_settings where name in ${names}`, never)
  try {
    return await work()
  } finally {
    const before = read.state === 'done' ? (read.value ?? '').split(' ') : []
    const settings = before.map((one) => one.split('=')).filter(([name]) => name)
    for (const [name, value] of settings) await executor.send(`select pg_catalog.set_config('${name}', '${Number(value)}', false)`, never)
  }
}
