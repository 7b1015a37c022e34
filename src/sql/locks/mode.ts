/** Table-level lock modes, weakest first. https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES */
export const lockModes = [
  'AccessShare',
  'RowShare',
  'RowExclusive',
  'ShareUpdateExclusive',
  'Share',
  'ShareRowExclusive',
  'Exclusive',
  'AccessExclusive',
] as const

export type LockMode = (typeof lockModes)[number]

const conflicts: Readonly<Record<LockMode, readonly LockMode[]>> = {
  AccessShare: ['AccessExclusive'],
  RowShare: ['Exclusive', 'AccessExclusive'],
  RowExclusive: ['Share', 'ShareRowExclusive', 'Exclusive', 'AccessExclusive'],
  ShareUpdateExclusive: ['ShareUpdateExclusive', 'Share', 'ShareRowExclusive', 'Exclusive', 'AccessExclusive'],
  Share: ['RowExclusive', 'ShareUpdateExclusive', 'ShareRowExclusive', 'Exclusive', 'AccessExclusive'],
  ShareRowExclusive: ['RowExclusive', 'ShareUpdateExclusive', 'Share', 'ShareRowExclusive', 'Exclusive', 'AccessExclusive'],
  Exclusive: ['RowShare', 'RowExclusive', 'ShareUpdateExclusive', 'Share', 'ShareRowExclusive', 'Exclusive', 'AccessExclusive'],
  AccessExclusive: lockModes,
}

/** Modes that conflict with a mode. */
export function conflictingModes(mode: LockMode): readonly LockMode[] {
  return conflicts[mode]
}

/**
 * The weakest mode that conflicts with all that either conflicts with. It may be a third one: SHARE lets other builders
 * of indexes in, but stands in no order with ROW EXCLUSIVE and SHARE UPDATE EXCLUSIVE, which do not.
 */
export function strongerMode(one: LockMode, other: LockMode): LockMode {
  if (one === other) return one
  const all = [...conflicts[one], ...conflicts[other]]
  return lockModes.find((mode) => all.every((conflict) => conflicts[mode].includes(conflict))) ?? 'AccessExclusive'
}

/** `ACCESS EXCLUSIVE`, as LOCK TABLE spells it. */
export function modeInSql(mode: LockMode): string {
  return mode.replace(/(?<=.)[A-Z]/g, ' $&').toUpperCase()
}
