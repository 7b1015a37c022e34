import type { Check } from '../canary/check.ts'
import type { Probes } from '../canary/probe.ts'
import type { Decision } from '../canary/verdict.ts'
import type { WatchEnd, WatchPlan } from '../canary/watch.ts'
import type { InputValues } from '../inputs.ts'
import { plural } from '../units.ts'
import type { CanaryRecord } from './canary-record.ts'
import type { Context, Outcome } from './command.ts'

/** The one reason for the verdict. */
export function reasonOf({ decision, deciding, verdicts, stopped }: WatchEnd): string {
  const reason =
    deciding !== undefined
      ? `${deciding.id}: ${deciding.reason}`
      : decision === 'promote'
        ? `${plural(verdicts.length, 'check')}, and none of them holds or aborts.`
        : stopped
          ? ''
          : 'No check counts for the verdict: all of them are dry runs.'
  return stopped ? `The watch was stopped by a signal. ${reason}`.trim() : reason
}

interface Ended {
  readonly end: WatchEnd
  readonly record: CanaryRecord
  /** Sample lines by the id of their check. */
  readonly lines: ReadonlyMap<string, readonly string[]>
  readonly onHold: InputValues['on-hold']
  /** Whether there was a place to note the verdict in. */
  readonly hasDatabase: boolean
}

export function canaryOutcome(
  ended: Ended,
  { checks, timeline, baseline, settleMs }: WatchPlan,
  probes: Probes,
  context: Context,
): Outcome {
  const { end, record, lines, onHold } = ended
  const { deciding, verdicts, complete, stopped } = end
  return {
    verdict: decisionOf(ended),
    reason: record.beforeDeploy ?? reasonOf(end),
    ...(isForgiven(ended) ? { exitCode: 0 as const } : {}),
    checks: verdicts.map((one, index) => ({
      id: one.id,
      status: checks[index]?.['dry-run'] || one.pending ? 'not-checked' : one.decision === 'promote' ? 'pass' : 'fail',
      message: one.reason,
    })),
    outputs: { deciding: deciding?.id ?? '', windows: verdicts.reduce((sum, { usable }) => sum + usable, 0) },
    details: {
      complete,
      stopped,
      onHold,
      deciding: deciding?.id,
      deployedAt: new Date(timeline.deployedMs).toISOString(),
      warmupMs: timeline.warmupMs,
      durationMs: timeline.durationMs,
      settleMs,
      baseline,
      watchedMs: watchedMs(end, timeline.deployedMs + timeline.warmupMs),
      record,
      watched: verdicts.map((one, index) => {
        const check = checks[index] as Check
        return {
          ...one,
          kind: check.kind,
          dryRun: check['dry-run'],
          direction: check.direction,
          query: probes.for(check).queryOf(check),
          sampleLines: (lines.get(one.id) ?? []).map((line) => context.redact(line)),
        }
      }),
    },
  }
}

function decisionOf({ end, record }: Ended): Decision {
  return record.beforeDeploy === undefined ? end.decision : 'hold'
}

/** A hold is let through only when it was noted: what bars the post phase must not get lost. A signal is never let through. */
function isForgiven(ended: Ended): boolean {
  const { end, record, onHold, hasDatabase } = ended
  const isKept = record.noted || record.postBarred === false || !hasDatabase
  return decisionOf(ended) === 'hold' && onHold === 'warn' && !end.stopped && isKept
}

function watchedMs({ verdicts }: WatchEnd, fromMs: number): number {
  return Math.max(0, ...verdicts.map(({ windows }) => (windows.at(-1)?.window.endMs ?? fromMs) - fromMs))
}
