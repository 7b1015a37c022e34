import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { CatalogObject } from '../../backup/content.ts'
import type { SchemaNote } from '../../migration/schema-note.ts'
import { relationQueries } from './content/catalog/relations.ts'
import { definitionQueries } from './content/catalog/schemas.ts'
import { pinSettings } from './content/settings.ts'

interface Reading {
  readonly serverMajor: number
  readonly stateSchema: string
  /** Version tables of tools, as `schema.table` or by name alone. */
  readonly versionTables: readonly string[]
}

/** Whose it is and who may use it, what an analysis found, and whether a view was filled are no part of the schema. */
const leftOut = new Set(['owner', 'grants', 'statistics', 'populated'])

/** Reads the catalog in one round trip, and no row of a table. */
export async function readSchemaNote(client: pg.Client, { serverMajor, stateSchema, versionTables }: Reading): Promise<SchemaNote> {
  const sql = [...definitionQueries, ...relationQueries].map((query) => `(${query(serverMajor)})`).join('\nunion all\n')
  await client.query('begin read only')
  let rows: CatalogObject[]
  try {
    await pinSettings(client)
    // definitions of what somebody alters, or waits to alter, wait too, and hold the locks that were taken before them
    await client.query("set local lock_timeout = '1s'")
    rows = (await client.query<CatalogObject>(sql)).rows
  } finally {
    await client.query('rollback') // and with it the settings
  }
  const objects: Record<string, Record<string, string>> = {}
  const partitions = new Map<string, string>()
  for (const row of rows) {
    const { of, part } = placeOf(row)
    if (isOurs(of, stateSchema) || versionTables.some((table) => isVersionTable(table, row, of))) continue
    const parts = Object.hasOwn(objects, of) ? (objects[of] as Record<string, string>) : {}
    parts[part] = hashOf(row.facts)
    const { partitionBound, parents } = row.facts
    if (partitionBound && Array.isArray(parents) && of === row.name) partitions.set(of, String(parents[0]))
    Object.defineProperty(objects, of, { value: parts, enumerable: true, configurable: true, writable: true })
  }
  return { serverMajor, objects, ...(partitions.size === 0 ? {} : { partitions: Object.fromEntries(partitions) }) }
}

const identifier = `(?:"(?:[^"]|"")+"|[^".]+)`
const partName = new RegExp(`^(${identifier}\\.${identifier})\\.(.+)$`, 's')
const partKinds = new Set(['column', 'constraint', 'trigger', 'rule', 'policy'])

/** The object that a part belongs to, and what the part is called there. An object is its own part. */
function placeOf({ kind, name, facts }: CatalogObject): { of: string; part: string } {
  if (kind === 'index' && typeof facts.table === 'string') return { of: facts.table, part: `index ${name}` }
  const [, of, own] = (partKinds.has(kind) && partName.exec(name)) || []
  return of === undefined ? { of: name, part: kind.replaceAll(' ', '-') } : { of, part: `${kind} ${own}` }
}

function isOurs(of: string, stateSchema: string): boolean {
  const quoted = /^[a-z_][a-z0-9_$]*$/.test(stateSchema) ? stateSchema : `"${stateSchema}"`
  return of === quoted || of.startsWith(`${quoted}.`)
}

/** Names of version tables are plain; those with capitals are quoted in the catalog. */
function isVersionTable(table: string, { kind, facts }: CatalogObject, of: string): boolean {
  const plain = (name: string) => name.replaceAll('"', '')
  const isIt = (name: string) => plain(name) === table || (!table.includes('.') && plain(name).endsWith(`.${table}`))
  if (kind !== 'sequence') return isIt(of)
  return typeof facts.ownedBy === 'string' && isIt(facts.ownedBy.slice(0, facts.ownedBy.lastIndexOf('.')))
}

function hashOf(facts: CatalogObject['facts']): string {
  const kept = Object.entries(facts).filter(([name]) => !leftOut.has(name))
  const sorted = kept.sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 8)
}
