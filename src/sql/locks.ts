import type { Statement } from './parse.ts'
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
export function conflictingModes(_mode: LockMode): readonly LockMode[] {
  return lockModes
}
export function strongerMode(one: LockMode, other: LockMode): LockMode {
  return lockModes.indexOf(one) > lockModes.indexOf(other) ? one : other
}
export function modeInSql(mode: LockMode): string {
  return mode.replace(/(?!^)([A-Z])/g, ' $1').toUpperCase()
}
export interface RelationLock {
  readonly schema: string | undefined
  readonly name: string
  readonly mode: LockMode
  readonly reach: readonly { readonly to: string; readonly mode: LockMode }[]
}
export interface StatementLocks {
  readonly locks: readonly RelationLock[]
  readonly creates: readonly { readonly schema: string | undefined; readonly name: string }[]
  readonly unknown: string | undefined
  readonly work: 'catalog' | 'rows'
  readonly definesOnly: boolean
}
export function statementLocks(_statement: Statement): StatementLocks {
  return { locks: [], creates: [], unknown: 'stub', work: 'rows', definesOnly: false }
}
