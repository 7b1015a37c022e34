import type { CountedLoss } from './rescue-source.ts'

/** Whether anything goes: a statement that would fail loses nothing, nor does one that finds nothing. */
export function isLost({ fails, counted }: Pick<CountedLoss, 'fails' | 'counted'>): boolean {
  return !fails && counted !== 0n
}

/** All that goes, as one number; `undefined` where a part of it cannot be counted. */
export function totalOf(losses: readonly CountedLoss[]): bigint | undefined {
  return losses.filter(isLost).reduce<bigint | undefined>((sum, { counted }) => {
    return sum === undefined || counted === undefined ? undefined : sum + counted
  }, 0n)
}
