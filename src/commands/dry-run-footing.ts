import { ReleaseError } from '../errors.ts'
import type { Outcome } from './command.ts'
import { type Footing, noFooting } from './meet-requirements.ts'

interface DryRunFooting {
  readonly met: Footing
  /** Set where the run itself would be refused: it takes the place of a pass. */
  readonly refused?: Required<Pick<Outcome, 'verdict' | 'reason' | 'error'>>
}

/** A dry run says first what would run, and then that it would be refused. `what` would run, such as "2 migrations". */
export async function footingInDryRun(what: string, meet: () => Promise<Footing>): Promise<DryRunFooting> {
  try {
    return { met: await meet() }
  } catch (error) {
    const lack = error instanceof ReleaseError ? lacking(error) : undefined
    if (!(error instanceof ReleaseError) || lack === undefined) throw error
    return { met: noFooting, refused: { verdict: error.verdict, reason: `${what} would be refused for lack of ${lack}.`, error } }
  }
}

/** What the run would be refused for; `undefined` for an error of another kind. */
function lacking({ code }: ReleaseError): string | undefined {
  if (code === 'backup-required') return 'a backup'
  return code === 'drill-required' ? 'a drill' : undefined
}
