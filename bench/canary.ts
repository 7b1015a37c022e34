import type { Decision } from '../src/canary/verdict.ts'
import { decideByRanks, decideByThreshold } from './canary/rivals.ts'
import { type Behaviour, decideByShiplock, type Series, simulate } from './canary/simulate.ts'
import { measureWatching } from './canary/watching.ts'
import { shiplock } from './executors.ts'
import { type Benchmark, type Goal, goal, type Section } from './report.ts'

const rules: readonly (readonly [name: string, decide: (series: Series) => Decision])[] = [
  ['Shiplock', decideByShiplock],
  ['1.5 × the half hour before, 3 minutes of 5', decideByThreshold],
  ['Mann-Whitney, minutes, 2 %', decideByRanks],
]

interface Change {
  readonly name: string
  readonly of: (window: number) => number
}

const changes: readonly Change[] = [
  { name: 'none', of: () => 1 },
  ...[1.15, 1.3, 1.5, 2, 3, 10].map((factor) => ({ name: `${factor} ×`, of: () => factor })),
  { name: 'one window at 5 ×', of: (window) => (window === 2 ? 5 : 1) },
  { name: 'two windows at 5 ×', of: (window) => (window === 2 || window === 3 ? 5 : 1) },
]

const noises = [0.1, 0.2]

export const parts = ['verdicts', 'watching'] as const

/** Which share of watches ends how, on the same simulated series for every rule; and what a watch takes. */
const canary: Benchmark = async ({ quick, only }) => {
  const watches = quick ? 200 : 4000
  const verdicts = only.includes('verdicts') ? noises.map((noise) => section({ noise, drift: 0.08, memory: 0.8 }, watches)) : []
  const watching = only.includes('watching') ? [await measureWatching({ quick })] : []
  return { sections: [...verdicts, ...watching], versions: { Shiplock: shiplock().version } }
}

export default canary

function section(behaviour: Behaviour, watches: number): Section {
  const percent = behaviour.noise * 100
  const goals: Goal[] = []
  const rows = changes.map(({ name, of }) => {
    const counts = rules.map(() => ({ promote: 0, hold: 0, abort: 0 }))
    for (let seed = 1; seed <= watches; seed++) {
      const series = simulate(seed, behaviour, of)
      for (const [index, [, decide]] of rules.entries()) (counts[index] as Record<Decision, number>)[decide(series)]++
    }
    const shares = counts.map(({ promote, hold, abort }) => [promote, hold, abort].map((count) => (100 * count) / watches))
    goals.push(...goalsOf(name, shares[0] as readonly number[], percent))
    return [name, ...shares.map((share) => share.map((one) => one.toFixed(1)).join(' / '))]
  })
  return {
    title: `canary: ${percent} % noise`,
    text: `${watches} simulated watches of 30 minutes for each row, seeds 1 to ${watches}: minute values with lognormal noise of ${percent} % and a correlation of ${behaviour.memory} from one to the next, a level of its own each day (${behaviour.drift * 100} %), seven earlier days and the half hour before as baseline. Shares in %: promote / hold / abort.`,
    headers: ['True change', ...rules.map(([name]) => name)],
    rows,
    goals,
  }
}

function goalsOf(change: string, [promote = 0, , abort = 0]: readonly number[], percent: number): Goal[] {
  if (change === 'none') return [goal(`clean-not-promoted-percent-noise-${percent}`, 100 - promote, 3)]
  if (change === '3 ×') return [goal(`threefold-not-aborted-percent-noise-${percent}`, 100 - abort, 2)]
  return change === '2 ×' ? [goal(`twofold-promoted-percent-noise-${percent}`, promote, 5)] : []
}
