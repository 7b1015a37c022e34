/** How a comment's address calls what the catalog calls otherwise. */
const kindsOf: Readonly<Record<string, readonly string[]>> = {
  type: ['enum', 'range', 'composite type', 'base type', 'domain'],
  server: ['foreign server'],
  'foreign-data wrapper': ['foreign data wrapper'],
  table: ['table', 'partitioned table'],
}
const relations = ['table', 'partitioned table', 'foreign table', 'view', 'materialized view']
const types = [
  'access method',
  'aggregate',
  'cast',
  'collation',
  'conversion',
  'domain constraint',
  'event trigger',
  'foreign table column',
  'foreign table',
  'foreign-data wrapper',
  'function',
  'index',
  'language',
  'materialized view column',
  'materialized view',
  'operator class',
  'operator family',
  'operator',
  'policy',
  'procedure',
  'publication',
  'rule',
  'schema',
  'sequence',
  'server',
  'statistics object',
  'subscription',
  'table column',
  'table constraint',
  'table',
  'text search configuration',
  'text search dictionary',
  'text search parser',
  'text search template',
  'transform',
  'trigger',
  'type',
  'view column',
  'view',
]

/** The objects, each as kind and name, that a comment may go with: `table column app.t.id` goes with `table app.t`. */
export function commentTarget(address: string): string[] {
  const type = types.find((one) => address.startsWith(`${one} `))
  if (type === undefined) return []
  const name = address.slice(type.length + 1).replaceAll(/(?<=[(,])pg_catalog\./g, '')
  if (type.endsWith(' column')) return relations.map((kind) => `${kind} ${name.replace(/\.(?:"(?:[^"]|"")*"|[^."]+)$/, '')}`)
  const [, part, relation] = /^(.*?) on (\S.*)$/.exec(name) ?? []
  if (relation !== undefined && ['table constraint', 'trigger', 'rule', 'policy'].includes(type)) {
    return [...relations.map((kind) => `${kind} ${relation}`), `${type.replace('table ', '')} ${relation}.${part}`]
  }
  return (kindsOf[type] ?? [type]).map((kind) => `${kind} ${name}`)
}
