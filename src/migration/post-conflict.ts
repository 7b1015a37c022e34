import { ReleaseError } from '../errors.ts'
import { statementsOf } from '../sql/parsed-text.ts'
import { type TouchedObject, touchedObjects, touchSame } from '../sql/touched-objects.ts'
import { type Migration, placeIn } from './migration.ts'
import type { Debt } from './post-rules.ts'

/**
 * Throws `post-debt` when a pending pre migration touches what a held-back post migration of a deployed release touches:
 * they were written to run the other way round.
 */
export async function refusePostConflicts(pre: readonly Migration[], debts: readonly Debt[]): Promise<void> {
  if (pre.length === 0 || debts.length === 0) return
  const pending = (await Promise.all(pre.map(touchesOf))).flat()
  for (const debt of debts) {
    for (const late of await touchesOf(debt.migration)) {
      const early = pending.find((touch) => touchSame(touch.object, late.object))
      if (early === undefined) continue
      throw new ReleaseError(
        'post-debt',
        `${early.place} touches ${nameOf(early.object, late.object)}, and so does ${late.place}, which has been held back since ${debt.release} was deployed.`,
        {
          at: early.place,
          hint: `Run --phase post from the checkout of ${debt.release} first: the two were written to run in that order.`,
        },
      )
    }
  }
}

interface Touch {
  readonly object: TouchedObject
  readonly place: string
}

/** A text that cannot be read here touches nothing that could be named; it is refused where it is to run. */
async function touchesOf(migration: Migration): Promise<readonly Touch[]> {
  try {
    const parsed = await statementsOf(migration.up)
    if ('problem' in parsed) return []
    return parsed.statements.flatMap((statement) =>
      touchedObjects(statement).map((object) => ({ object, place: placeIn(migration, migration.up, statement.start) })),
    )
  } catch (error) {
    if (error instanceof ReleaseError) return [] // a variable of the file is not set
    throw error
  }
}

/** The column is named when both are about it. */
function nameOf(one: TouchedObject, other: TouchedObject): string {
  const column = one.removes || other.removes ? undefined : [...(one.columns ?? [])].find((name) => other.columns?.has(name))
  return [one.schema ?? other.schema, one.relation ?? other.relation, column].filter((part) => part !== undefined).join('.')
}
