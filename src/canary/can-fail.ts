import type { Check } from './check.ts'
import { judgeCheck } from './judge.ts'
import type { WindowSample } from './sample.ts'

/** Whether these windows would abort if every value were beyond the line: a check that cannot fail proves nothing. */
export function canFail(check: Check, windows: readonly WindowSample[]): boolean {
  const impossible: Check = {
    ...check,
    kind: check.kind === 'logs' ? 'logs' : 'gauge',
    direction: 'up',
    baseline: 'none',
    max: -Number.MAX_VALUE,
  }
  return judgeCheck({ check: impossible, baseline: [], windows, expected: windows.length }).decision === 'abort'
}
