import { type Check, withDefaults } from '../../canary/check.ts'
import { isScalar, type Selector, saturatedForm, selectorsOf } from './promql.ts'

/** The label that tells the parts of a query apart. */
export const partLabel = 'shiplock'

/** Series named in one query are looked at up to here, for the age of their newest sample. */
const mostSelectors = 6

/** A check's expression, with the length of its windows filled in. */
export function expressionOf(check: Check, part: 'prometheus' | 'control' | 'requests'): string | undefined {
  return check[part]?.replaceAll('$window', `${withDefaults(check).windowMs / 1000}s`)
}

/** The series of which the newest sample can be told: those read at the time of the evaluation. */
export function currentSelectors(check: Check, control: boolean): readonly Selector[] {
  const parts = control ? [expressionOf(check, 'control')] : [expressionOf(check, 'prometheus'), expressionOf(check, 'requests')]
  const found = parts.flatMap((part) => (part === undefined ? [] : selectorsOf(part))).filter(({ shifted }) => !shifted)
  return found.filter(({ text }, index) => found.findIndex((one) => one.text === text) === index).slice(0, mostSelectors)
}

/**
 * All that is asked about a check, as one query: its value, the requests, what the value would be beyond the largest
 * bucket, and the time of the newest sample of each selector. A label tells them apart, so that `or` keeps all of them.
 */
export function wholeQuery(check: Check, control: boolean): string {
  const value = expressionOf(check, control ? 'control' : 'prometheus') ?? ''
  const requests = control ? undefined : expressionOf(check, 'requests')
  const ceiling = saturatedForm(value)
  return union([
    ['value', value],
    ...(requests === undefined ? [] : [['requests', requests] as const]),
    ...(ceiling === undefined ? [] : [['ceiling', ceiling] as const]),
    ...currentSelectors(check, control).map(({ text }, index) => [`newest${index}`, `max(timestamp(${text}))`] as const),
  ])
}

export function union(parts: readonly (readonly [name: string, query: string])[]): string {
  return parts
    .map(([name, query]) => {
      // on lines of its own, a comment at its end takes nothing else with it
      const vector = isScalar(query) ? `vector(\n${query}\n)` : `(\n${query}\n)`
      return `label_replace(${vector}, "${partLabel}", "${name}", "", "")`
    })
    .join(' or ')
}
