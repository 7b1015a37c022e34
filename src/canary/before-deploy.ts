import { formatMoment } from '../units.ts'
import type { WatchEnd } from './watch.ts'

/** Two machines' clocks may differ by so much. */
export const skewMs = 60_000

interface LiveRelease {
  readonly release: string
  readonly at: Date
}

/**
 * Why a watch says nothing of the release that is live: its windows begin before that was recorded as deployed, and show the
 * code of before. `undefined` when they do not.
 */
export function whyBeforeDeploy({ verdicts }: Pick<WatchEnd, 'verdicts'>, { release, at }: LiveRelease): string | undefined {
  const startMs = Math.min(...verdicts.flatMap(({ windows }) => windows[0]?.window.startMs ?? []))
  if (!(startMs < at.getTime() - skewMs)) return undefined
  return `The first window begins on ${formatMoment(new Date(startMs))}, before ${release} was recorded as deployed on ${formatMoment(at)}: it shows the code of before.`
}
