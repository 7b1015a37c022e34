import { ReleaseError } from '../errors.ts'
import { plural } from '../units.ts'
import type { TableName } from './ledger.ts'

/** What logical replication would do with the tables that a run makes and writes. */
export interface Publishing {
  /** Publications that cover any of those tables. */
  readonly publications: readonly string[]
  /** State tables that are covered; empty when the history is kept outside the database. */
  readonly state: readonly TableName[]
  /** Version tables that are covered and either not there yet or written by nobody but Shiplock. */
  readonly versions: readonly TableName[]
  /** Makes the covered tables, empty, where a publication is subscribed to. */
  readonly subscriberSql: readonly string[]
  /** Publications that take in tables as they are made. */
  readonly takingNew: readonly string[]
  /** Logical replication slots of the database: somebody subscribes, connected right now or not. */
  readonly slots: readonly string[]
}

/** Throws `publication-covers-state`. */
export function refusePublished(publishing: Publishing, allowed: boolean): void {
  const refusal = publishedRefusal(publishing, allowed)
  if (refusal !== undefined) throw refusal
}

/**
 * `publication-covers-state` where the first row that Shiplock writes would stop a subscriber: logical
 * replication ends at a table that the subscriber does not have, and begins again only when it is made there.
 * https://www.postgresql.org/docs/current/logical-replication-conflicts.html
 */
export function publishedRefusal(publishing: Publishing, allowed: boolean): ReleaseError | undefined {
  const { publications, state, versions, subscriberSql } = publishing
  if (allowed || publications.length === 0) return undefined
  const tables = [...state, ...versions].map(({ schema, table }) => `${schema}.${table}`)
  const covers = `The ${publications.length === 1 ? 'publication' : 'publications'} ${publications.join(', ')} ${publications.length === 1 ? 'covers' : 'cover'}`
  return new ReleaseError(
    'publication-covers-state',
    `${covers} ${plural(tables.length, 'table')} that Shiplock makes and writes (${tables.join(', ')}): the first row would stop every subscriber that does not have them.`,
    {
      hint: [
        'Nothing was created or written. Run this in every database that subscribes:',
        ...subscriberSql.map((statement) => `  ${statement};`),
        'Then set publish-state: true.',
        ...(state.length === 0 ? [] : [outside(versions)]),
      ].join('\n'),
    },
  )
}

function outside(versions: readonly TableName[]): string {
  const rest = versions.map(({ schema, table }) => `${schema}.${table}`).join(', ')
  const still = rest === '' ? '' : `; ${rest} stays in the database and needs the same SQL and publish-state: true all the same`
  return `Or set history: store, which keeps the history in the store, outside the database${still}.`
}

/** What has to be made on subscribers before a release, in a sentence; the tables and columns are the release's own. */
export function newOnSubscribers({ takingNew, slots }: Publishing, additions: readonly string[]): string | undefined {
  if (takingNew.length === 0 || slots.length === 0 || additions.length === 0) return undefined
  return `${takingNew.join(', ')} publishes new tables too, and somebody subscribes (${slots.join(', ')}): make these on every subscriber before the release, else replication stops there at their first row: ${additions.join(', ')}`
}
