import { z } from 'zod'

const count = z.int().nonnegative()

/**
 * How the rows of a table were hashed. A method never changes its meaning: another way gets another name.
 * `row-text-1`: the sum over all rows of the hash of the row's text, its columns in the order of their names.
 * `key-sample-64-1`: the same, over those rows alone whose primary key's hash is a multiple of 64.
 */
const fingerprintMethods = ['row-text-1', 'key-sample-64-1'] as const
export type FingerprintMethod = (typeof fingerprintMethods)[number]

export const tableSchema = z.object({
  name: z.string(),
  /** Exact rows under the snapshot; missing where nobody counted them. */
  rows: count.optional(),
  /** Who counted: the server under the snapshot, or whoever read the archive back. */
  counted: z.enum(['snapshot', 'archive']).optional(),
  method: z.enum(fingerprintMethods).optional(),
  fingerprint: z.string().optional(),
  /** Why the dump holds none of its rows. */
  notDumped: z.literal('unlogged on a standby').optional(),
  /** Of the table of an extension: only rows that the extension leaves to its users are in a dump, and counted here. */
  extension: z.string().optional(),
})
export type TableContent = Readonly<z.infer<typeof tableSchema>>

export const sequenceSchema = z.object({
  name: z.string(),
  /** A whole number as text: it may be greater than JSON's numbers hold. Sequences are outside of every snapshot. */
  lastValue: z.string().optional(),
  isCalled: z.boolean().optional(),
  /** Greatest value in the column that owns it, under the snapshot; missing where no index makes it cheap. */
  ownerMax: z.string().optional(),
  notDumped: z.literal('unlogged on a standby').optional(),
})
export type SequenceContent = Readonly<z.infer<typeof sequenceSchema>>

export const largeObjectsSchema = z.object({
  count,
  /** Missing where the time did not suffice. */
  bytes: count.optional(),
  method: z.enum(['piece-sha256-1', 'piece-sha256-sample-64-1']).optional(),
  fingerprint: z.string().optional(),
})
export type LargeObjects = Readonly<z.infer<typeof largeObjectsSchema>>

export const ledgerHeadSchema = z.object({
  table: z.string(),
  head: z.string(),
  /** Of the project's own rows, where several projects share a version table. */
  ofProject: z.string().optional(),
})
type RecordedHead = Readonly<z.infer<typeof ledgerHeadSchema>>

/** One thing of the catalog, by what people call it; facts that say nothing (no default, no option) are left out. */
export const catalogObjectSchema = z.object({
  kind: z.string(),
  name: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.boolean(), z.number(), z.array(z.string())])),
})
export type CatalogObject = Readonly<z.infer<typeof catalogObjectSchema>>

/** What a database holds. The source and a restored copy are read by the same functions, so that it can be compared. */
export interface Content {
  readonly tables: readonly TableContent[]
  /** Of extensions, as far as their rows are in a dump. */
  readonly extensionTables: readonly TableContent[]
  readonly sequences: readonly SequenceContent[]
  readonly largeObjects: LargeObjects
  /** Heads of the version tables that exist. */
  readonly ledgerHeads: readonly RecordedHead[]
  readonly catalog: readonly CatalogObject[]
  /** The session settings that the text of a row depends on. */
  readonly settings: Readonly<Record<string, string>>
}

/** What is read beside the counts. Only `auto` has a limit: what it does not reach is neither hashed nor counted. */
export interface FingerprintPolicy {
  readonly mode: 'auto' | 'counts' | 'sample' | 'full'
  readonly limitMs: number
}

/** How many objects of each kind there are. */
export function countKinds(catalog: readonly CatalogObject[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind } of catalog) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
