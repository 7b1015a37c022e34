import type { Check } from './check.ts'

const queries = ['prometheus', 'requests', 'control', 'loki', 'live'] as const

/**
 * A check's queries with the name of the environment in the place of `$environment`: one list of checks serves all of them.
 * SQL asks the database of the environment, and needs none.
 */
export function inEnvironment(check: Check, environment: string): Check {
  const filled = queries.flatMap((part) => {
    const query = check[part]
    return query === undefined ? [] : [[part, query.replaceAll('$environment', () => environment)] as const]
  })
  return { ...check, ...Object.fromEntries(filled) }
}
