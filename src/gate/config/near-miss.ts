import { squashed } from './keys.ts'

/** A name on the host that the release does not know, and the one that it most likely means. */
export interface NearMiss {
  readonly found: string
  readonly meant: string
  readonly why: string
}

interface Target {
  readonly name: string
  /** Whether the host has the key already, under its right name. */
  readonly present: boolean
  /** Whether the release cannot do without it here. */
  readonly missing: boolean
}

/** The near misses among names that the release does not know. */
export function nearMisses(unknown: readonly string[], targets: readonly Target[]): readonly NearMiss[] {
  const prefix = sharedPrefix(targets.map(({ name }) => name))
  return unknown.flatMap((found) => {
    const near = targets.flatMap((target) => {
      const likeness = compare(found, target, prefix)
      return likeness === undefined ? [] : [{ target, ...likeness }]
    })
    const rank = ({ target, distance }: (typeof near)[number]) => distance * 4 + (target.missing ? 0 : target.present ? 2 : 1)
    const [best] = near.sort((one, other) => rank(one) - rank(other))
    return best === undefined ? [] : [{ found, meant: best.target.name, why: best.why }]
  })
}

interface Likeness {
  readonly distance: number
  readonly why: string
}

/** Words shorter than this are too often near to others by chance. */
const shortestForOne = 5
const shortestForTwo = 12
const shortestTail = 8

function compare(found: string, { name, present, missing }: Target, prefix: string): Likeness | undefined {
  const [one, other] = [squashed(found), squashed(name)]
  if (one === other) return { distance: 0, why: differsIn(found, name) }
  // numbered names belong together, and differ on purpose
  if (one.replace(/\d/g, '') === other.replace(/\d/g, '')) return undefined
  const ownLength = squashed(name.startsWith(prefix) ? name.slice(prefix.length) : name).length
  const allowed = ownLength < shortestForOne ? 0 : ownLength < shortestForTwo || present ? 1 : 2
  const distance = Math.abs(one.length - other.length) > allowed ? Number.POSITIVE_INFINITY : editDistance(one, other)
  if (distance <= allowed) return { distance, why: distance === 1 ? 'one letter differs' : 'two letters differ' }
  if (present) return undefined
  if (wordsOf(found).sort().join(' ') === wordsOf(name).sort().join(' ')) return { distance: 2, why: 'its words stand in another order' }
  if (isShortened(wordsOf(found), wordsOf(name))) return { distance: 2, why: 'one word is shorter' }
  return otherPrefix(found, name, prefix, missing)
}

/** `APP_AUTH__KEY` for `SHITHUB_AUTH__KEY`; a name without any prefix is near only to one that is missing. */
function otherPrefix(found: string, name: string, prefix: string, missing: boolean): Likeness | undefined {
  if (prefix === '' || !name.startsWith(prefix)) return undefined
  const tail = squashed(name.slice(prefix.length))
  if (tail.length < shortestTail) return undefined
  if (squashed(found) === tail) return missing ? { distance: 2, why: `the prefix ${prefix} is missing` } : undefined
  const behindFirst = squashed(found.replace(/^[A-Za-z0-9]+[^A-Za-z0-9]+/, ''))
  return behindFirst === tail ? { distance: 2, why: `its prefix is not ${prefix}` } : undefined
}

function differsIn(found: string, name: string): string {
  const bare = (text: string) => text.replace(/[^A-Za-z0-9]/g, '')
  if (bare(found) !== bare(name)) return 'upper and lower case differ'
  return /^\w+$/.test(found) ? 'underscores differ' : 'it has other separators'
}

function wordsOf(name: string): string[] {
  return name
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter(Boolean)
}

/** `SMTP_ADDR` for `SMTP_ADDRESS`: all words but one are the same, and that one begins like the other. */
function isShortened(found: readonly string[], name: readonly string[]): boolean {
  if (found.length !== name.length || found.length < 3) return false
  const differing = found.flatMap((word, index) => (word === name[index] ? [] : [[word, name[index] as string] as const]))
  const [pair] = differing
  if (pair === undefined || differing.length > 1) return false
  const [short, long] = [...pair].sort((one, other) => one.length - other.length) as [string, string]
  return short.length >= 3 && long.startsWith(short)
}

/** The first word that most names have in common, with its separators. */
function sharedPrefix(names: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const name of names) {
    const first = /^[A-Za-z0-9]+_+/.exec(name)?.[0]
    if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1)
  }
  const [most] = [...counts].sort((one, other) => other[1] - one[1])
  return most !== undefined && most[1] >= 3 && most[1] >= names.length * 0.6 ? most[0] : ''
}

/** How many letters are added, dropped, replaced or swapped with their neighbour. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  const at = (row: number, column: number) => rows[row]?.[column] as number
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : replaced
      next.push(Math.min(replaced, swapped, at(i - 1, j) + 1, (next[j - 1] as number) + 1))
    }
    rows.push(next)
  }
  return at(a.length, b.length)
}
