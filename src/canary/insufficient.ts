import { type CheckVerdict, whyUnusable } from './verdict.ts'

type Seen = Pick<CheckVerdict, 'windows' | 'usable' | 'expected'>

/** Why nothing can be promoted yet, whatever the windows say: the watch is not over, or too few of them can be judged. */
export function insufficient({ windows, usable, expected }: Seen, what: 'value' | 'count') {
  if (windows.length < expected) {
    return {
      decision: 'hold',
      reason: `The watch is not over: ${windows.length} of ${expected} windows.`,
      otherwise: 'The rest of the watch.',
      pending: true,
    } as const
  }
  const needed = Math.ceil((expected * 5) / 6)
  if (usable >= needed && windows.at(-1)?.mark !== 'unusable') return undefined
  return {
    decision: 'hold',
    reason: `${usable} of ${expected} windows can be judged, ${needed} are needed${usable >= needed ? ', the last among them' : ''}: ${whyUnusable(windows)}.`,
    otherwise: `At least ${needed} windows with a ${what}, the last among them.`,
  } as const
}
