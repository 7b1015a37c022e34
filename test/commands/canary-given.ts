import type { Check } from '../../src/canary/check.ts'
import { checkSchema } from '../../src/canary/check.ts'
import type { Examination, Probe } from '../../src/canary/probe.ts'
import type { Sample, Window } from '../../src/canary/sample.ts'
import canary from '../../src/commands/canary.ts'
import type { Context, Outcome } from '../../src/commands/command.ts'
import { parseConnection } from '../../src/connection.ts'
import type { MigrationDatabase } from '../../src/migration/database.ts'
import type { CanaryFact, HistoryRow } from '../../src/migration/history.ts'
import { virtualClock } from '../fakes/clock.ts'
import { fakeContext } from '../fakes/context.ts'

export const nowMs = Date.parse('2026-11-21T14:00:00Z')
export const minute = 60_000

type Inputs = Parameters<typeof canary.run>[0]

/** Inputs of a watch of 30 minutes on one check of latency, with what a test says otherwise. */
export function canaryInputs(given: Partial<Inputs> & { checks?: readonly Record<string, unknown>[] } = {}): Inputs {
  const { checks = [{ id: 'p95', kind: 'latency', prometheus: 'p95', requests: 'requests' }], ...rest } = given
  return {
    'canary-checks': checks.map((one) => checkSchema.parse(one)),
    'prometheus-url': 'http://prometheus:9090',
    'loki-url': 'http://loki:3100',
    duration: 30 * minute,
    warmup: 5 * minute,
    settle: minute,
    baseline: 'days-and-before',
    'baseline-days': 7,
    'on-hold': 'fail',
    'check-only': false,
    backtest: false,
    'allow-warnings': false,
    'allow-insecure-tls': false,
    'state-schema': 'shiplock',
    history: 'database',
    'on-locked': 'wait',
    'lock-wait': 1000,
    ...rest,
  } as Inputs
}

interface Given {
  readonly inputs?: Inputs
  readonly answer?: (window: Window, check: Check, act: { stop(): void }) => Sample
  readonly examination?: Examination
  readonly lines?: Probe['lines']
  readonly database?: MigrationDatabase
  readonly context?: Partial<Context>
  /** When the command starts. */
  readonly startMs?: number
}

/** The command on a clock whose time passes at once. */
export async function runCanary(given: Given = {}): Promise<{ outcome: Outcome; lines: string[]; asked: number; tookMs: number }> {
  const time = virtualClock(given.startMs ?? nowMs)
  const controller = new AbortController()
  let asked = 0
  const probe: Probe = {
    async sample(check, windows) {
      asked++
      const answer = given.answer ?? (() => calm)
      return windows.map((window) => answer(window, check, { stop: () => controller.abort('SIGTERM') }))
    },
    examine: async () => given.examination ?? { problems: [], notes: [], series: ['{}'] },
    queryOf: (check) => check.prometheus ?? check.loki ?? check.sql ?? '',
    ...(given.lines === undefined ? {} : { lines: given.lines }),
  }
  const { context, lines } = fakeContext({
    clock: time.clock,
    signal: controller.signal,
    openProbes: async () => ({ for: () => probe, async [Symbol.asyncDispose]() {} }),
    ...(given.database === undefined ? {} : { openMigrationDatabase: async () => given.database as MigrationDatabase }),
    ...given.context,
  })
  const outcome = await time.pass(canary.run(given.inputs ?? canaryInputs(), context))
  return { outcome, lines, asked, tookMs: time.nowMs() - (given.startMs ?? nowMs) }
}

export const calm: Sample = { state: 'value', value: 100, requests: 5000 }
export const bad: Sample = { state: 'value', value: 500, requests: 5000 }

/** Calm before a moment, and something else from then on. */
export function from(startMs: number, sample: Sample): (window: Window) => Sample {
  return (window) => (window.startMs >= startMs ? sample : calm)
}

export const connection = parseConnection('postgres://u@127.0.0.1/shop')

/** A database whose history can be written, and takes what a watch ended in. */
export function historyOf(rows: readonly HistoryRow[] = [], faults: { stamp?: boolean; lock?: () => Promise<void> } = {}) {
  const recorded: CanaryFact[] = []
  let closed = false
  const stamp = { id: 's', environment: 'production', systemIdentifier: '1', databaseOid: 1, address: 'a', at: new Date(0) }
  const database = {
    identity: { systemIdentifier: '1', databaseOid: 1, address: 'a' },
    state: {
      home: 'database',
      place: 'the database',
      stamp: async () => (faults.stamp === false ? undefined : stamp),
      projects: async () => ['shop'],
      history: async () => ({
        rows: [
          ...rows,
          ...recorded.map((fact) => ({ event: 'canary' as const, release: 'v1.9', commit: undefined, at: new Date(nowMs + 1), ...fact })),
        ],
        former: [],
      }),
      async recordCanary(fact: CanaryFact) {
        for (let turn = 0; turn < 20; turn++) await null // as long as a server takes, without the clock
        if (closed) throw new Error('the connection is closed')
        recorded.push(fact)
      },
    },
    stateElsewhere: async () => undefined,
    lock: faults.lock ?? (async () => {}),
    async [Symbol.asyncDispose]() {
      closed = true
    },
  } as unknown as MigrationDatabase
  return { database, recorded }
}
