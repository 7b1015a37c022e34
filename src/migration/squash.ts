import { plural } from '../units.ts'
import type { Migration } from './migration.ts'
import type { PhasePlans } from './plan.ts'

/** A warning where no file of what ran is left, as when a team has put its old migrations together into a new one. */
export function squashNote({ applied, ahead }: PhasePlans, run: readonly Pick<Migration, 'id'>[]): string | undefined {
  const [first] = run
  if (first === undefined || applied === 0 || ahead.length < applied) return undefined
  return `${plural(applied, 'migration')} ran here, and no file of ${applied === 1 ? 'it' : 'them'} is left. If ${first.id} stands for what ran, say so before it runs: shiplock ledger mark-applied --migration ${first.id} --reason "…"`
}
