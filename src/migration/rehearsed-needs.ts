import type { RelationLock } from '../sql/locks.ts'
import type { RehearsalOutcome, RehearsedLock } from './rehearsal.ts'
import type { Script } from './script.ts'

/** Whether the text leaves open what a migration locks, so that a rehearsal can tell more. */
export function leavesOpen({ migration, units }: Script): boolean {
  return migration.transactional && units.some(({ needs }) => needs.unknown !== undefined)
}

/**
 * The script with what a rehearsal saw it lock. Those locks are looked out for, and not taken at the start: nobody
 * knows which statement takes them. What depends on rows was not seen, so the text still counts as open.
 */
export function withRehearsed(script: Script, outcome: RehearsalOutcome | undefined): Script {
  if (outcome === undefined || 'failed' in outcome || !leavesOpen(script)) return script
  const seen = outcome.locks.filter(({ kind }) => kind !== 'sequence').map(asLock)
  return { ...script, units: script.units.map((unit) => ({ ...unit, needs: { ...unit.needs, locks: [...unit.needs.locks, ...seen] } })) }
}

function asLock({ schema, name, mode }: RehearsedLock): RelationLock {
  return { schema, name, mode, reach: [] }
}
