import type { StatementScope } from './scope.ts'

/**
 * What the statements before one, in its transaction, come to. Each is looked at once, however many ask: a file may hold
 * tens of thousands of them.
 */
export function foldEarlier<Result>(
  initial: Result,
  step: (result: Result, one: StatementScope) => Result,
): (scope: StatementScope) => Result {
  const known = new WeakMap<StatementScope, { readonly result: Result }>()
  return (scope) => {
    const unseen: StatementScope[] = []
    let at = scope.previous
    for (; at !== undefined && !known.has(at); at = at.previous) unseen.push(at)
    let result = at === undefined ? initial : (known.get(at) as { result: Result }).result
    for (const one of unseen.reverse()) {
      result = step(result, one)
      known.set(one, { result })
    }
    return result
  }
}
