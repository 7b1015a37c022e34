/** The middle value; of an even number, the mean of the two. NaN of none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((one, other) => one - other)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2
}

/** Median absolute deviation, times 1.4826 so that it estimates the standard deviation of normal values. */
export function spread(values: readonly number[]): number {
  const middle = median(values)
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)))
}

/** Median of the slopes between all pairs, in units a step: a trend that single outliers do not make (Theil, Sen). */
export function slope(values: readonly number[]): number {
  const slopes: number[] = []
  for (let one = 0; one < values.length; one++) {
    for (let other = one + 1; other < values.length; other++) {
      slopes.push(((values[other] as number) - (values[one] as number)) / (other - one))
    }
  }
  return slopes.length === 0 ? 0 : median(slopes)
}

/**
 * Probability of at least `count` of `total` events, when each falls into the watch with the probability `share`: the
 * exact conditional test of two Poisson rates (Przyborowski and Wilenski, 1940).
 */
export function chanceOfAtLeast(count: number, total: number, share: number): number {
  if (count <= 0) return 1
  let sum = 0
  for (let events = count; events <= total; events++) {
    const term = Math.exp(logBinomial(total, events) + events * Math.log(share) + (total - events) * Math.log1p(-share))
    sum += term
    // behind the most likely number the terms only shrink
    if (events > total * share && term < sum * 1e-12) break
  }
  return Math.min(1, sum)
}

function logBinomial(total: number, chosen: number): number {
  return logFactorial(total) - logFactorial(chosen) - logFactorial(total - chosen)
}

/** Stirling's series, exact to ten digits from 16 on. */
function logFactorial(value: number): number {
  if (value < 16) {
    let product = 1
    for (let factor = 2; factor <= value; factor++) product *= factor
    return Math.log(product)
  }
  const inverse = 1 / value
  return (value + 0.5) * Math.log(value) - value + 0.5 * Math.log(2 * Math.PI) + inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260
}
