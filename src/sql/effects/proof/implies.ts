import { areDifferent, order } from './constant.ts'
import type { Formula, Operator } from './formula.ts'

/**
 * Whether the second is never false where the first is not, as the server proves it for CHECKs, which let nulls through.
 * https://github.com/postgres/postgres/blob/master/src/backend/optimizer/util/predtest.c
 */
export function implies(known: Formula, wanted: Formula): boolean {
  if (wanted.kind === 'and') return wanted.of.every((one) => implies(known, one))
  if (known.kind === 'or') {
    if (wanted.kind === 'or') return known.of.every((one) => wanted.of.some((other) => implies(one, other)))
    return known.of.every((one) => implies(one, wanted))
  }
  if (wanted.kind === 'or' && wanted.of.some((one) => implies(known, one))) return true
  if (known.kind === 'and') return known.of.some((one) => implies(one, wanted))
  return wanted.kind !== 'or' && impliesSimply(known, wanted)
}

function impliesSimply(known: Formula, wanted: Formula): boolean {
  if (known.kind === 'null' && wanted.kind === 'null') return known.operand === wanted.operand && known.isNull === wanted.isNull
  if (known.kind === 'other' && wanted.kind === 'other') return known.text === wanted.text
  if (known.kind !== 'compare' || wanted.kind !== 'compare' || known.operand !== wanted.operand) return false
  return follows[known.operator][wanted.operator]?.(known, wanted) === true
}

type Comparison = Extract<Formula, { kind: 'compare' }>
type Test = (known: Comparison, wanted: Comparison) => boolean

/** Tests of the constant of what is known against that of what is wanted. */
const test = (accepts: (sign: number) => boolean): Test => {
  return ({ value }, wanted) => {
    const sign = order(value, wanted.value)
    return sign !== undefined && accepts(sign)
  }
}
const less = test((sign) => sign < 0)
const atMost = test((sign) => sign <= 0)
const equal = test((sign) => sign === 0)
const atLeast = test((sign) => sign >= 0)
const greater = test((sign) => sign > 0)
const different: Test = ({ value }, wanted) => areDifferent(value, wanted.value)

/** `column < 5` is followed by `column <= 7`, and so on. */
const follows: Readonly<Record<Operator, Partial<Record<Operator, Test>>>> = {
  '<': { '<': atMost, '<=': atMost, '<>': atMost },
  '<=': { '<': less, '<=': atMost, '<>': less },
  '=': { '<': less, '<=': atMost, '=': equal, '>=': atLeast, '>': greater, '<>': different },
  '>=': { '>=': atLeast, '>': greater, '<>': greater },
  '>': { '>=': atLeast, '>': atLeast, '<>': atLeast },
  '<>': { '<>': equal },
}
