import type pg from 'pg'
import type { LedgerOptions } from '../../migration/database.ts'
import { quoteName, type TableName } from '../../migration/ledger.ts'
import type { LedgerTable } from '../../migration/ledger-texts.ts'
import type { Publishing } from '../../migration/publishing.ts'
import { publishedBy, readLogicalSlots, readPublications } from './publications.ts'
import { stateStatements, stateTables } from './state.ts'

/** The version tables of a run. */
interface Versions {
  readonly options: LedgerOptions
  readonly tables: readonly LedgerTable[]
}

/** What is asked about: the state schema, and whether the state is kept in it. */
interface Asked {
  readonly serverMajor: number
  readonly stateSchema: string
  readonly keepsState: boolean
}

const none: Publishing = { publications: [], state: [], versions: [], subscriberSql: [], takingNew: [], slots: [] }

/** What logical replication would do with the tables that a run makes and writes. */
export async function readPublishing(
  client: pg.Client,
  ledger: Versions | undefined,
  { serverMajor, stateSchema, keepsState }: Asked,
): Promise<Publishing> {
  const publications = await readPublications(client, serverMajor)
  if (publications.length === 0) return none
  const names = new Set<string>()
  const covered = async (table: TableName) => {
    const by = await publishedBy(client, publications, table)
    for (const name of by) names.add(name)
    return by.length > 0
  }
  const state = await filter(keepsState ? stateTables.map((table) => ({ schema: stateSchema, table })) : [], covered)
  const versions = await filter(
    ledger === undefined ? [] : ledger.tables.filter((one) => isOurs(one, ledger.options)).map(({ table }) => table),
    covered,
  )
  const made = [...state, ...versions].some(({ schema }) => schema === stateSchema)
  return {
    publications: [...names].sort(),
    state,
    versions,
    subscriberSql: [
      ...(made ? [`create schema if not exists ${quoteName(stateSchema)}`] : []),
      ...(state.length > 0 ? stateStatements(stateSchema) : []),
      ...(ledger === undefined ? [] : versions.map((table) => ledger.options.layout.ledger.createEmpty(table))),
    ],
    takingNew: publications.filter(({ everything, schemas }) => everything || schemas.length > 0).map(({ name }) => name),
    slots: await readLogicalSlots(client),
  }
}

/** A table that the team's own tool has been writing is where its subscribers know it; the others are our doing. */
function isOurs({ exists, phase }: LedgerTable, { layout, hasPost }: LedgerOptions): boolean {
  return layout.writtenByTool ? !exists && (phase !== 'post' || hasPost) : true
}

async function filter<T>(all: readonly T[], keeps: (one: T) => Promise<boolean>): Promise<T[]> {
  const kept: T[] = []
  for (const one of all) if (await keeps(one)) kept.push(one)
  return kept
}
