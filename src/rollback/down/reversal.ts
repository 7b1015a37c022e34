import { ReleaseError } from '../../errors.ts'
import { quoteText } from '../../migration/ledger.ts'
import type { Migration } from '../../migration/migration.ts'
import type { Script, Unit } from '../../migration/script.ts'
import type { LockMode, RelationLock } from '../../sql/locks.ts'
import { isBlank } from '../../sql/parse.ts'
import { isLost } from './data-loss.ts'
import type { CountedLoss } from './rescue-source.ts'

/** A migration whose text is the way back of another, under the same version. Throws `no-down`, also for the comment that a tool writes into a new file. */
export function wayBackOf(migration: Migration): Migration {
  const { down, downPath } = migration
  if (down === undefined || isBlank(down.text)) {
    throw new ReleaseError('no-down', `${migration.path} has no way back: nobody wrote a down for it.`, {
      at: migration.path,
      hint: 'Ship a hotfix: "shiplock rollback --shape hotfix" prepares it.',
    })
  }
  const beside = downPath === undefined ? {} : { path: downPath, file: down.text }
  const transactional = migration.downTransactional ?? migration.transactional
  return { ...migration, ...beside, transactional, up: down, down: undefined }
}

/** Throws `down-not-transactional`: outside a transaction nothing holds the data still between the count and the loss. */
export function refuseLossOutsideTransaction({ id, path, transactional }: Migration, losses: readonly CountedLoss[]): void {
  const [first] = losses.filter(isLost)
  if (transactional || first === undefined) return
  throw new ReleaseError(
    'down-not-transactional',
    `${id} is marked to run outside a transaction, and its way back loses ${first.what}: what is lost could change between the count and the statement.`,
    {
      at: path,
      hint: 'Stop the writers and take it back by hand with your own tool, or ship a hotfix: "shiplock rollback --shape hotfix".',
    },
  )
}

/** The script with what must still be so when its locks are held: each count and each mark as they were looked at. */
export function reversalScript(script: Script, losses: readonly CountedLoss[]): Script {
  const lost = losses.filter((loss) => !loss.fails)
  const checks = lost.flatMap(({ count, counted, mark, markedAs }) => [
    ...(count === undefined || counted === undefined
      ? []
      : [check(`(${count})::pg_catalog.int8 operator(pg_catalog.=) ${counted}::pg_catalog.int8`)]),
    ...(mark === undefined || markedAs === undefined
      ? []
      : [check(`(${mark})::pg_catalog.text operator(pg_catalog.=) ${quoteText(markedAs)}`)]),
  ])
  return { ...script, reversal: { checks }, units: lost.length === 0 ? script.units : script.units.map((unit) => holdingStill(unit, lost)) }
}

function check(condition: string): string {
  return `select pg_catalog.int4div(1, case when ${condition} then 1 else 0 end)`
}

/** All locks are taken at the start, and none that lets others write, so that nothing changes between the count and the loss. */
function holdingStill(unit: Unit, lost: readonly CountedLoss[]): Unit {
  const { needs } = unit
  const own = needs.locks.map((lock): RelationLock => (writesRows.includes(lock.mode) ? { ...lock, mode: 'ShareRowExclusive' } : lock))
  const named = lost.flatMap(({ table }): RelationLock[] => {
    return table === undefined
      ? []
      : [{ schema: table.schema, name: table.table, mode: 'ShareRowExclusive', reach: [{ to: 'children', mode: 'ShareRowExclusive' }] }]
  })
  const locks = [...own, ...named]
  return { ...unit, needs: { ...needs, locks, first: locks } }
}

const writesRows: readonly LockMode[] = ['RowShare', 'RowExclusive']
