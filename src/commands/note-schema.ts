import { messageOf } from '../errors.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import { schemaChanges } from '../migration/schema-note.ts'
import type { Context } from './command.ts'

/** More than this is no list that somebody reads. */
const mostShown = 50

/**
 * Notes what the schema is made of when a run has ended, so that the next plan can tell what was changed by other hands.
 * The migrations are applied by now: a note that cannot be taken fails nothing.
 */
export async function noteSchema(database: MigrationDatabase, table: string | undefined, hasRun: boolean, context: Context): Promise<void> {
  if (context.signal.aborted) return
  try {
    // what other hands did stays visible until migrations run again
    if (!hasRun && (await database.state.lastSchema()) !== undefined) return
    await database.state.recordSchema(await database.schema(table))
  } catch (error) {
    context.log.warn(
      `what the schema is made of now was not noted, so the next plan cannot tell what changes outside Shiplock: ${messageOf(error)}`,
    )
  }
}

/** What changed outside Shiplock since the last run. */
export interface OutsideChanges {
  readonly outside?: {
    readonly since: { readonly release: string; readonly at: string }
    readonly count: number
    readonly changes: readonly string[]
  }
  /** Why it is not known. */
  readonly problem?: string
}

/** Compares the schema with the newest note. Throws nothing that a plan would have to fail for. */
export async function outsideChanges(
  database: MigrationDatabase,
  table: string | undefined,
  lastRunAt: Date | undefined,
): Promise<OutsideChanges> {
  try {
    const last = await database.state.lastSchema()
    if (last === undefined) return { problem: 'no run has noted yet what the schema is made of' }
    if (lastRunAt !== undefined && last.at < lastRunAt)
      return { problem: 'the last run did not note what the schema was made of at its end' }
    const changes = schemaChanges(last.note, await database.schema(table))
    return {
      outside: { since: { release: last.release, at: last.at.toISOString() }, count: changes.length, changes: changes.slice(0, mostShown) },
    }
  } catch (error) {
    return { problem: messageOf(error).replace(/\.$/, '') }
  }
}
