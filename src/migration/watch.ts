import type { Live } from '../live-line.ts'
import { formatDuration, wholeSeconds } from '../units.ts'
import type { Holder } from './holder.ts'

/** What the observer sees of the worker's statement, and of those that it would have to outlive. */
export interface Watch {
  /** `undefined` where the server tells no progress, or not to this role. */
  progress(): Promise<Progress | undefined>
  /** Others' open transactions in this database whose snapshot a concurrent build waits for. */
  snapshots(): Promise<readonly Holder[]>
}

/** How far a statement is, in the server's words. */
export interface Progress {
  readonly work: 'building' | 'rebuilding' | 'vacuuming' | 'clustering' | 'analyzing'
  readonly phase: string
  /** The index, or the table. */
  readonly subject: string | undefined
  /** Of the index that is being built. */
  readonly indexOid: string | undefined
  /** Done of this phase, 0 to 1. */
  readonly share: number | undefined
}

/** A phase in which nothing is done until others have ended. */
export function isWaiting(progress: Progress | undefined): boolean {
  return progress?.phase.startsWith('waiting for') === true
}

/** `what` is said where the server tells no progress. */
export function describeProgress(progress: Progress | undefined, what: string, forMs: number): Live {
  if (progress?.subject === undefined) return { text: `${what} for ${formatDuration(wholeSeconds(forMs))}` }
  const { work, phase, subject, share } = progress
  const [, stage, step] = /^(index validation|building index): (.*)$/.exec(phase) ?? []
  const doing = `${stage === 'index validation' ? 'checking' : work} ${subject}`
  return { text: phase === 'building index' ? doing : `${doing}, ${step ?? phase}`, share }
}
