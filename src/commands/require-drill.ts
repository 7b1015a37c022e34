import { type DrillSearch, drillRequired } from '../drill/required-drill.ts'
import { ReleaseError } from '../errors.ts'
import type { Waiver } from '../migration/history.ts'
import type { Check } from '../result.ts'
import { formatDuration } from '../units.ts'
import type { AboutToRun } from './backup-requirement.ts'
import type { Context } from './command.ts'
import { type DrillDemand, type DrillRequirementInputs, drillDemandOf, lookForDrill } from './drill-requirement.ts'

/** What a run that must have a drill goes by. */
interface DrillReliance {
  readonly check: Check
  /** Set when it goes on without one. */
  readonly waived?: Waiver
}

/**
 * The drill that a run may rely upon, or the waiver that it goes on with; `undefined` when none is required. Throws
 * `drill-required`. Takes the lock for granted, so that nothing moves until the run begins.
 */
export async function requireDrill(
  { database }: Pick<AboutToRun, 'database'>,
  inputs: DrillRequirementInputs,
  waiver: Waiver | undefined,
  context: Context,
): Promise<DrillReliance | undefined> {
  const demand = drillDemandOf(inputs)
  if (demand === undefined) return undefined
  if (await database.isFresh()) return { check: notChecked('the database holds no table, so there is nothing to lose') }
  const refusal = (looked: DrillSearch) => drillRequired(demand, looked, context)
  if (waiver === undefined) {
    const looked = await lookForDrill(database, demand, context)
    if (looked.found === undefined) throw refusal(looked)
    return reliance(looked, looked.found, demand, context)
  }
  try {
    const looked = await lookForDrill(database, demand, context)
    if (looked.found !== undefined) return reliance(looked, looked.found, demand, context)
    return waived(waiver, refusal(looked), context)
  } catch (error) {
    // a store that does not answer must not stop what a person has decided
    if (error instanceof ReleaseError) return waived(waiver, error, context)
    throw error
  }
}

function reliance(
  { refused }: DrillSearch,
  { drill, ageMs }: NonNullable<DrillSearch['found']>,
  { level }: DrillDemand,
  { log }: Context,
): DrillReliance {
  for (const { name, problem } of refused) log.warn(`the newest drill, ${name}, does not count: ${problem}`)
  const backup = drill.backupId ?? drill.dumpKey
  const age = formatDuration(Math.max(0, ageMs))
  log.info(`relying on the drill ${drill.id} of the backup ${backup} (${drill.levels.join(', ')}, ${age} ago)`)
  return {
    check: {
      id: 'drill',
      status: 'pass',
      value: `${drill.id}: ${drill.levels.join(', ')}`,
      limit: level,
      message: `of the backup ${backup}, ${age} ago`,
    },
  }
}

function waived(waiver: Waiver, { message }: ReleaseError, { log }: Context): DrillReliance {
  log.warn(`the drill is waived by ${waiver.by}: ${waiver.reason}. ${message}`)
  return { check: notChecked(`waived: ${waiver.reason}`), waived: waiver }
}

function notChecked(message: string): Check {
  return { id: 'drill', status: 'not-checked', message }
}
