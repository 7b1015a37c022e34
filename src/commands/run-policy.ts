import type { InputValues } from '../inputs.ts'
import type { RunPolicy } from '../migration/migration-run.ts'
import type { Context } from './command.ts'

/** How statements are run, whichever way they go. */
export function runPolicy(
  inputs: Pick<InputValues, 'lock-budget' | 'stall-budget' | 'show-data'>,
  { clock, log, signal }: Context,
): RunPolicy {
  return {
    lockBudgetMs: inputs['lock-budget'],
    signal,
    now: () => clock.monotonic(),
    sleep: (ms, until) => clock.sleep(ms, until),
    showData: inputs['show-data'],
    stallBudgetMs: inputs['stall-budget'],
    progress: (line) => log.info(line),
    live: (line) => log.live(line),
  }
}
