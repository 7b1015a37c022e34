import type { SourcePosition } from '../sql/position.ts'
import { type Concern, type Effect, effects, gravest } from './concern.ts'
import type { Judged } from './judge.ts'

/** The ways of going back, and `undecided` where not enough is known. */
export type Shape = 'code-only' | 'hotfix' | 'undecided'

/** A statement, or a query, that the decision is made of. */
export interface DecidedLine {
  readonly migration: Judged['migration'] | undefined
  readonly path: string
  readonly start: SourcePosition | undefined
  readonly statement: string
  readonly effect: Effect
  readonly because: string
  /** What says so: the rules alone, or the target's own queries. */
  readonly by: 'rules' | 'queries'
  /** What the rules alone say, where the queries say something else. */
  readonly byRules?: Effect
  readonly data: Judged['data']
}

export interface Decision {
  readonly shape: Shape
  readonly by: 'rules' | 'queries'
  readonly lines: readonly DecidedLine[]
  /** The gravest; `undefined` when all is compatible. */
  readonly deciding: DecidedLine | undefined
}

export function lineByRules(judged: Judged): DecidedLine {
  const worst: Concern | undefined = gravest(judged.concerns)
  const { migration, path, start, statement, data } = judged
  return { migration, path, start, statement, data, by: 'rules', effect: worst?.effect ?? 'compatible', because: worst?.because ?? '' }
}

/** The answer of a release is that of its worst statement. */
export function decide(lines: readonly DecidedLine[], by: Decision['by']): Decision {
  const worst = gravest(lines)
  const deciding = worst === undefined || worst.effect === 'compatible' ? undefined : worst
  return { shape: shapeOf(deciding?.effect), by, lines: [...lines].sort(byGravity), deciding }
}

/** `path:line`, as far as it is known. */
export function placeOf({ path, start }: Pick<DecidedLine, 'path' | 'start'>): string {
  return start === undefined ? path : `${path}:${start.line}`
}

function shapeOf(effect: Effect | undefined): Shape {
  if (effect === undefined) return 'code-only'
  return effect === 'unknown' ? 'undecided' : 'hotfix'
}

function byGravity(one: DecidedLine, other: DecidedLine): number {
  return effects.indexOf(one.effect) - effects.indexOf(other.effect)
}
