import type { CatalogObject } from '../backup/content.ts'

/** Nothing of these kinds is made in a copy: they need a superuser, belong to the whole server, or reach out of it. */
const neverRestored = new Set([
  'setting',
  'publication',
  'subscription',
  'event trigger',
  'foreign data wrapper',
  'foreign server',
  'foreign table',
  'user mapping',
])
/** What stands below a relation, and goes with it. */
const partKinds = new Set(['column', 'constraint', 'index', 'trigger', 'rule', 'policy'])

/** Why the copy need not hold an object; `undefined` when it must. `leftOut` are entries of the archive as people know them: `TABLE public users`. */
export function whyAbsent({ kind, name, facts }: CatalogObject, leftOut: readonly string[]): string | undefined {
  if (neverRestored.has(kind)) return 'not restored'
  if (kind === 'index' && facts.invalid === true) return 'invalid in the source, so that pg_dump passes it over'
  const parts = partsOf(name)
  const relation = partKinds.has(kind)
    ? partsOf(typeof facts.table === 'string' ? facts.table : '')
        .concat(parts)
        .slice(0, 2)
    : parts
  const isNamed = (words: readonly string[]) => leftOut.some((entry) => entry.endsWith(` ${words.join(' ')}`))
  if (isNamed(parts) || (partKinds.has(kind) && isNamed(relation))) return 'not restored'
  const type = `${kind.toUpperCase()} `
  // entries of rare kinds do not spell names as the catalog does
  return isRare(kind) && leftOut.some((entry) => entry.startsWith(type)) ? 'not restored' : undefined
}

const spelled = new Set([
  'table',
  'partitioned table',
  'view',
  'materialized view',
  'sequence',
  'schema',
  'extension',
  'function',
  'procedure',
])

function isRare(kind: string): boolean {
  return !spelled.has(kind) && !partKinds.has(kind)
}

/** The names of a qualified one, without their quotes; what follows in parentheses belongs to the last. */
function partsOf(name: string): string[] {
  const parts: string[] = []
  for (let rest = name; rest !== ''; ) {
    const [whole = rest, quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^."(]+))(?:\.|(?=\()|$)/.exec(rest) ?? []
    parts.push(quoted?.replaceAll('""', '"') ?? plain ?? whole)
    rest = rest.slice(whole.length)
    if (!rest.startsWith('(')) continue
    parts.push(`${parts.pop() ?? ''}${rest}`)
    break
  }
  return parts
}
