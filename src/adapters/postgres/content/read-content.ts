import type pg from 'pg'
import type { Content, FingerprintPolicy, TableContent } from '../../../backup/content.ts'
import { type KnownTables, readLedgerHeads } from '../source-facts.ts'
import { readCatalog } from './catalog/read-catalog.ts'
import { readLargeObjects, readLargeObjectsBy } from './large-objects.ts'
import { readTables, readTablesLike } from './read-tables.ts'
import { readSequences } from './sequences.ts'
import { pinSettings } from './settings.ts'
import { listExtensionTables, listTables, type StoredTable } from './tables.ts'
import { TimeLimit } from './time-limit.ts'

interface Reading {
  readonly stateSchema: string
  readonly known?: KnownTables | undefined
  readonly serverMajor: number
  readonly inRecovery: boolean
}

/** Reads a source, in a transaction that sees it as the dump does. */
export async function readContent(client: pg.Client, reading: Reading, { mode, limitMs }: FingerprintPolicy): Promise<Content> {
  const limit = new TimeLimit(mode === 'auto' ? limitMs : undefined)
  return read(client, reading, {
    tables: (tables) => readTables(client, tables, mode, limit),
    largeObjects: () => readLargeObjects(client, mode, limit),
  })
}

/** What a copy is read by; an older manifest does not know tables of extensions. */
type ExpectedContent = Pick<Content, 'tables' | 'largeObjects'> & { readonly extensionTables?: Content['extensionTables'] | undefined }

/** Reads a restored copy, each table by the method that the expectation names: what is equal there is equal. */
export async function readContentLike(client: pg.Client, reading: Reading, expected: ExpectedContent): Promise<Content> {
  const limit = new TimeLimit(undefined)
  return read(client, reading, {
    tables: (tables) => readTablesLike(client, tables, [...expected.tables, ...(expected.extensionTables ?? [])], limit),
    largeObjects: () => readLargeObjectsBy(client, expected.largeObjects.method, limit),
  })
}

interface Parts {
  readonly tables: (tables: readonly StoredTable[]) => Promise<Content['tables']>
  readonly largeObjects: () => Promise<Content['largeObjects']>
}

/** Tables come last: they take what is left of a limit. */
async function read(client: pg.Client, { stateSchema, known, serverMajor, inRecovery }: Reading, parts: Parts): Promise<Content> {
  const settings = await pinSettings(client)
  const sequences = await readSequences(client, ({ unlogged }) => !(unlogged && inRecovery))
  const catalog = await readCatalog(client, serverMajor)
  const ledgerHeads = await readLedgerHeads(client, stateSchema, known)
  const largeObjects = await parts.largeObjects()
  const own = await listTables(client)
  const ofExtensions = await listExtensionTables(client)
  const readable = [...own, ...ofExtensions].filter(({ unlogged }) => !(unlogged && inRecovery))
  const tables = new Map((await parts.tables(readable)).map((table) => [table.name, table]))
  const contentOf = ({ name, extension }: StoredTable): TableContent => ({
    ...(tables.get(name) ?? { name, notDumped: 'unlogged on a standby' }),
    ...(extension === undefined ? {} : { extension }),
  })
  return {
    settings,
    sequences,
    catalog,
    ledgerHeads,
    largeObjects,
    tables: own.map(contentOf),
    extensionTables: ofExtensions.map(contentOf),
  }
}
