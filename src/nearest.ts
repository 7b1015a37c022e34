/** The candidate that a mistyped word most likely meant, or `undefined` when none is close. */
function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (best === undefined || distance < best.distance) best = { candidate, distance }
  }
  return best !== undefined && best.distance <= Math.max(2, word.length / 3) ? best.candidate : undefined
}

/** A sentence to append to an error about an unknown word; empty when nothing is close. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const candidate = nearest(word, candidates)
  return candidate === undefined ? '' : ` Did you mean ${candidate}?`
}

/** The candidates nearest to a word, the nearest first: close ones, and such that hold the word or are held by it. */
export function nearestWords(word: string, candidates: Iterable<string>, most: number): readonly string[] {
  const wanted = word.toLowerCase()
  const limit = Math.max(2, word.length / 3)
  const close: { readonly candidate: string; readonly distance: number }[] = []
  for (const candidate of candidates) {
    const other = candidate.toLowerCase()
    const holds = other.includes(wanted) || wanted.includes(other)
    // most of a long list is ruled out by its length alone
    if (!holds && Math.abs(other.length - wanted.length) > limit) continue
    const distance = editDistance(wanted, other)
    if (holds || distance <= limit) close.push({ candidate, distance })
  }
  return close
    .sort((one, other) => one.distance - other.distance)
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
