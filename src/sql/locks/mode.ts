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
 * The stronger of two modes. SHARE and SHARE UPDATE EXCLUSIVE stand in no order: together they ask for what conflicts
 * with either, which is SHARE ROW EXCLUSIVE.
 */
export function strongerMode(one: LockMode, other: LockMode): LockMode {
  if ((one === 'Share' && other === 'ShareUpdateExclusive') || (one === 'ShareUpdateExclusive' && other === 'Share')) {
    return 'ShareRowExclusive'
  }
  return lockModes.indexOf(one) >= lockModes.indexOf(other) ? one : other
}

/** `ACCESS EXCLUSIVE`, as LOCK TABLE spells it. */
export function modeInSql(mode: LockMode): string {
  return mode.replace(/(?<=.)[A-Z]/g, ' $&').toUpperCase()
}
