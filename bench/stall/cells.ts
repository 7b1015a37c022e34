import { resultSchema } from '../../src/result.ts'
import type { Ended } from '../start-executor.ts'
import type { Waits } from '../waits.ts'
import type { Seen } from './watch.ts'

export const waitHeaders = ['longest wait ms', 'time over 1 s ms', 'time over 50 ms ms', 'p99 ms', 'failed'] as const

export function waitCells({ longestMs, over1sMs, over50Ms, p99Ms, failed }: Waits): string[] {
  return [longestMs, over1sMs, over50Ms, p99Ms, failed].map(ms)
}

/** A figure that may be missing. */
export function ms(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(0)
}

/** From the executor's first connection until the column was there. */
export function appliedMs({ appliedAt = Number.POSITIVE_INFINITY, connectedAt = 0 }: Seen): number {
  return appliedAt - connectedAt
}

/** Attempts at the locks, as Shiplock's result has them; `undefined` for a program that writes no such result. */
export function attemptsOf({ stdout }: Ended): number | undefined {
  const command = commandOf(stdout) as { applied?: { attempts?: number }[]; failed?: { attempts?: number } } | undefined
  return command?.failed?.attempts ?? command?.applied?.[0]?.attempts
}

/** What Shiplock says when it has stopped: the message and what to do about it. */
export function errorOf({ stdout }: Ended): string {
  const error = commandOf(stdout)?.error
  return error === undefined ? '' : `${error.message} ${error.hint ?? ''}`
}

function commandOf(stdout: string) {
  if (!stdout.trimStart().startsWith('{')) return undefined
  return resultSchema.parse(JSON.parse(stdout)).commands[0]
}
