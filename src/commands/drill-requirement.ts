import { type DrillRequirement, type DrillSearch, searchDrill } from '../drill/required-drill.ts'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import type { Context } from './command.ts'

export const drillRequirementNames = ['require-drill', 'require-drill-age'] as const

export type DrillRequirementInputs = Pick<InputValues, (typeof drillRequirementNames)[number]> & { readonly store?: string | undefined }

/** A drill that is asked for, and the store where its record has to be. */
export interface DrillDemand extends DrillRequirement {
  readonly store: string
}

/** What of the requirement an approval covers. */
export function drillPolicy(inputs: DrillRequirementInputs): Readonly<Record<string, string | number>> {
  if (inputs['require-drill'] === undefined) return {}
  return { 'require-drill': inputs['require-drill'], 'require-drill-age': inputs['require-drill-age'] }
}

/** What is asked for, if anything. Throws `invalid-input` when nothing could ever meet it. */
export function drillDemandOf(inputs: DrillRequirementInputs): DrillDemand | undefined {
  const level = inputs['require-drill']
  if (level === undefined) return undefined
  if (inputs.store === undefined) {
    throw new ReleaseError('invalid-input', 'require-drill looks for the record of a drill in the store, and no store was named.', {
      hint: 'Set store to the place where the command backup puts the backups; restore-drill keeps its records beside them.',
    })
  }
  return { level, maxAgeMs: inputs['require-drill-age'], store: inputs.store }
}

export async function lookForDrill(database: MigrationDatabase, demand: DrillDemand, context: Context): Promise<DrillSearch> {
  const measure = {
    database: database.database,
    identity: database.identity,
    stampId: (await database.state.stamp())?.id,
    now: await database.now(),
  }
  return searchDrill(await context.openStore(demand.store), context, demand, measure)
}
