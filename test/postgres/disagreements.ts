import type { Effects, HeldLock } from '../../src/sql/effects/effects.ts'
import { conflictingModes, type LockMode, lockModes } from '../../src/sql/locks/mode.ts'
import type { Happened } from './footprint.ts'

/**
 * Where a server did something else than the effects say, in words; empty when they agree on
 * - locks on tables and views: whatever was taken is expected, but for ACCESS SHARE; whatever is expected from SHARE
 *   UPDATE EXCLUSIVE upwards was taken (which of the weaker ones are, depends on the rows)
 * - files: which relations got another one
 * - scans: which tables were read whole, those left out that are written anew as well
 */
export function disagreements(
  { there, empty, taken, held, rewritten, scanned }: Happened,
  effects: readonly Effects[],
  compared = { locks: true, scans: true, rewrites: true },
): string[] {
  const expected = new Map<string, LockMode[]>()
  for (const { relation, mode } of effects.flatMap((one) => one.locks).filter(isOnTable)) {
    expected.set(relation.name, [...(expected.get(relation.name) ?? []), mode])
  }
  const missed = [...taken].flatMap(([name, modes]) =>
    modes
      .filter((mode) => mode !== 'AccessShare' && !isCovered(mode, expected.get(name)))
      .map((mode) => `${mode} on ${name} was not expected`),
  )
  const excess = [...expected].flatMap(([name, modes]) => {
    if (!held.has(name)) return [] // made or dropped by the statement
    return modes.filter((mode) => isStrong(mode) && !isCovered(mode, held.get(name))).map((mode) => `${mode} on ${name} was not taken`)
  })
  const rewrites = namesOf(effects.flatMap((one) => one.rewrites))
  const scans = namesOf(effects.flatMap((one) => one.scans))
  const isThere = (name: string) => there.has(name)
  // the other end of a foreign key is not read for a table without rows
  const read = scans.some((name) => empty.has(name)) ? scans.filter((name) => scanned.includes(name)) : scans
  return [
    ...(compared.locks ? [...missed, ...excess] : []),
    ...differences(
      'rewritten',
      rewritten,
      rewrites.filter((name) => isThere(name) && (compared.rewrites || rewritten.includes(name))),
    ),
    ...(compared.scans ? differences('scanned', without(scanned, rewritten), without(read, rewritten).filter(isThere)) : []),
  ]
}

function isOnTable({ relation }: HeldLock): boolean {
  return relation.kind === 'table' || relation.kind === 'view'
}

function isCovered(mode: LockMode, by: readonly LockMode[] = []): boolean {
  const conflicts = new Set(by.flatMap(conflictingModes))
  return conflictingModes(mode).every((one) => conflicts.has(one))
}

const weakest = lockModes.indexOf('ShareUpdateExclusive')

function isStrong(mode: LockMode): boolean {
  return lockModes.indexOf(mode) >= weakest
}

function namesOf(relations: readonly { readonly name: string }[]): string[] {
  return [...new Set(relations.map(({ name }) => name))].sort()
}

function without(names: readonly string[], others: readonly string[]): string[] {
  return names.filter((name) => !others.includes(name))
}

function differences(what: string, happened: readonly string[], expected: readonly string[]): string[] {
  return [
    ...without(happened, expected).map((name) => `${name} was ${what}, which was not expected`),
    ...without(expected, happened).map((name) => `${name} was not ${what}`),
  ]
}
