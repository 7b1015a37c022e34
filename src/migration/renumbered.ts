import { sidesOf } from './drift.ts'
import { isFileOf, isRepeatable } from './migration.ts'
import type { PlanEvidence } from './plan.ts'

/** Warnings for pending files with just the text of a version that ran and has no file any more: under another number it would run again. */
export function renumbered({ migrations, entries, history }: Pick<PlanEvidence, 'migrations' | 'entries' | 'history'>): readonly string[] {
  const { applied, attempts } = sidesOf(migrations, entries, history)
  const here = new Set(migrations.map(({ version }) => version))
  const gone = [...attempts.values()].filter(({ version }) => applied.has(version) && !here.has(version))
  return migrations
    .filter((one) => !applied.has(one.version) && !isRepeatable(one))
    .flatMap((one) => {
      const ran = gone.find(({ checksum }) => isFileOf(one, checksum))
      return ran === undefined
        ? []
        : [
            `${one.path} is pending, and holds just what ran as ${ran.name}, whose file is gone: it would run again. If it only has another number now, give it the old one back, or say that it ran: shiplock ledger mark-applied --migration ${one.id} --reason "…"`,
          ]
    })
}
