import { parseCondition } from './condition.ts'
import { any, atomsOf, decide, type Fact, type Formula } from './formula.ts'
import type { HostNames } from './host-names.ts'
import type { KeyLine } from './key-line.ts'
import type { Key, Keys } from './keys.ts'
import { type NearMiss, nearMisses } from './near-miss.ts'

interface Case {
  readonly release: Keys
  /** The keys of the release that is live; absent where nobody said which that is. */
  readonly live: Keys | undefined
  readonly host: HostNames
  /** Whether every place was read that the host's keys come from. */
  readonly complete: boolean
  /** Conditions that somebody answered, and flags that the templates set themselves. */
  readonly answers: readonly { readonly name: string; readonly value: boolean }[]
  readonly isIgnored: (name: string) => boolean
}

interface MissingKey {
  readonly key: Key
  /** The line that requires it. */
  readonly line: KeyLine
  /** Whether the live release can do without it. */
  readonly isNew: boolean
}

/** A condition that nobody can decide from here, and the keys that hang on it. */
interface Question {
  readonly condition: string
  /** What to answer with config-vars. */
  readonly answers: readonly string[]
  readonly keys: readonly MissingKey[]
}

export interface Judgement {
  readonly missing: readonly MissingKey[]
  readonly questions: readonly Question[]
  /** Conditional keys that the live release has under the same condition, and runs without. */
  readonly takenAsOff: readonly MissingKey[]
  /** Names that the live release knows and the new one does not. */
  readonly unused: readonly string[]
  readonly nearMisses: readonly NearMiss[]
  readonly counts: {
    readonly required: number
    readonly present: number
    readonly off: number
    readonly optional: number
    readonly unknown: number
  }
}

/** Which keys the release requires on this host, and which of them it has. */
export function judgeKeys(given: Case): Judgement {
  const { release, live, host } = given
  const has = (key: Key) => [...key.names].some((name) => host.names.has(name))
  const certain = [...answered(given), ...presence(given)]
  const likely = evidence(release, has)
  const decided = (formula: Formula) => decide(formula, certain, likely)
  const missing: MissingKey[] = []
  const open: MissingKey[] = []
  const takenAsOff: MissingKey[] = []
  const counts = { required: 0, present: 0, off: 0, optional: 0, unknown: 0 }
  for (const key of release.all) {
    const line = key.lines.find(({ need, when }) => need === 'required' && decided(when) !== false)
    const before = [...key.names].map((name) => live?.of(name)).find((one) => one !== undefined)
    const state = decided(key.required)
    if (line === undefined) {
      if (key.lines.some(({ need }) => need === 'required')) counts.off++
      else counts.optional++
      continue
    }
    if (state === true) counts.required++
    if (has(key)) counts.present++
    else if (state === true) missing.push({ key, line, isNew: before === undefined || decided(before.required) !== true })
    else if (before !== undefined && sameFormula(before.required, key.required)) takenAsOff.push({ key, line, isNew: false })
    else open.push({ key, line, isNew: before === undefined })
  }
  const unknown = [...host.names].filter((name) => release.of(name) === undefined && !release.matches(name) && !given.isIgnored(name))
  const unused = unknown.filter((name) => live?.of(name) !== undefined || live?.matches(name))
  const isMissing = new Set(missing.map(({ key }) => key))
  const targets = release.all.flatMap((key) => [...key.names].map((name) => ({ name, present: has(key), missing: isMissing.has(key) })))
  const near = nearMisses(unknown, targets).filter(({ found, meant }) => !unused.includes(found) || isMissing.has(release.of(meant) as Key))
  const spaced = [...host.spaced].filter((name) => release.of(name) !== undefined)
  return {
    missing,
    questions: questionsOf(open, decided),
    takenAsOff,
    unused,
    nearMisses: [
      ...near,
      ...spaced.map((name) => ({
        found: `${name} `,
        meant: name,
        why: 'a blank stands before the =, which a shell and docker do not take',
      })),
    ],
    counts: { ...counts, unknown: unknown.length - unused.length },
  }
}

function answered({ answers }: Case): Fact[] {
  return answers.map(({ name, value }) => ({ formula: parseCondition(name), value }))
}

/** Marks ask for keys of the host; that one is not there is known only where all was read. */
function presence({ release, host, complete }: Case): Fact[] {
  const atoms = release.all.flatMap(({ lines }) => lines.flatMap(({ when }) => atomsOf(when)))
  return [...new Map(atoms.map((atom) => [atom.text, atom])).values()].flatMap((formula) => {
    if (formula.key === undefined) return []
    const value = [...(release.of(formula.key)?.names ?? [formula.key])].some((name) => host.names.has(name))
    return value || complete ? [{ formula, value }] : []
  })
}

/** A key that stands on the host was written there: what it hangs on was true then. */
function evidence(release: Keys, has: (key: Key) => boolean): Fact[] {
  return release.all.flatMap((key) => {
    const written = any(key.lines.filter(({ mentioned }) => !mentioned).map(({ when }) => when))
    return written.kind === 'known' || !has(key) ? [] : [{ formula: written, value: true }]
  })
}

function sameFormula(one: Formula, other: Formula): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function questionsOf(open: readonly MissingKey[], decided: (formula: Formula) => boolean | undefined): Question[] {
  const conditions = new Set(open.map(({ line }) => line.condition ?? ''))
  return [...conditions].map((condition) => {
    const keys = open.filter(({ line }) => (line.condition ?? '') === condition)
    const own = parseCondition(condition)
    if (decided(own) === undefined) return { condition, answers: [own.kind === 'atom' ? own.text : condition], keys }
    const atoms = keys.flatMap(({ key }) => atomsOf(key.required)).filter((atom) => atom.key === undefined && decided(atom) === undefined)
    return { condition, answers: [...new Set(atoms.map(({ text }) => text))], keys }
  })
}
