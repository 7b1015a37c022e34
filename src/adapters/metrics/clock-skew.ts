import { z } from 'zod'
import { formatDuration } from '../../units.ts'
import { dataOf, type HttpSource, numberOf } from './matrix.ts'

/** Windows are named by this machine's clock, and filled by the server's. */
export const mostSkewMs = 10_000

const point = z.tuple([z.number(), z.string()])
const timeAnswer = z.union([
  z.object({ resultType: z.literal('scalar'), result: point }),
  z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: point })).min(1) }),
])

/** Compares clocks: that of the server that evaluates, and that of whatever answers for it. */
export async function clockSkew(source: HttpSource, signal: AbortSignal): Promise<string[]> {
  const before = source.now().getTime()
  const answer = await source.client.ask('/api/v1/query', { query: 'time()', nocache: '1' }, signal)
  const after = source.now().getTime()
  const parsed = timeAnswer.safeParse(dataOf(answer, source))
  const text = parsed.success ? (parsed.data.resultType === 'scalar' ? parsed.data.result[1] : parsed.data.result[0]?.value[1]) : undefined
  return describeSkew(source.name, [text === undefined ? undefined : numberOf(text, source.name) * 1000, answer.dateMs], before, after)
}

/** A problem for clocks that differ by more than ten seconds from the time between two looks at ours. */
export function describeSkew(name: string, theirs: readonly (number | undefined)[], before: number, after: number): string[] {
  const apart = theirs.map((at) => (at === undefined ? 0 : at < before ? at - before : at > after ? at - after : 0))
  const worst = apart.reduce((one, other) => (Math.abs(other) > Math.abs(one) ? other : one), 0)
  if (Math.abs(worst) <= mostSkewMs) return []
  const way = worst > 0 ? 'ahead of' : 'behind'
  return [
    `The clock of ${name} is ${formatDuration(Math.abs(worst))} ${way} that of this machine: windows would be read at the wrong time.`,
  ]
}
