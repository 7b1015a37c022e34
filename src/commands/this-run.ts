import { ReleaseError } from '../errors.ts'
import type { Protection, WorkflowRun } from '../gate/protection/environment.ts'
import { personOf } from '../gate/protection/person.ts'
import type { Context } from './command.ts'

/** The run of GitHub Actions that this is. */
export interface ThisRun {
  readonly run: WorkflowRun
  /** Why GitHub was not asked who started it; then it is known from the runner alone. */
  readonly unasked: string | undefined
}

/** `undefined` outside of GitHub Actions. GitHub is asked, since ids outlast names; the runner's word counts where it does not answer. */
export async function thisRun(protection: Protection | undefined, { run, variables }: Context): Promise<ThisRun | undefined> {
  if (variables.GITHUB_ACTIONS !== 'true' || !variables.GITHUB_RUN_ID) return undefined
  const { by } = run
  const people = [
    personOf(by?.actor, by?.actorId),
    by?.triggeringActor === by?.actor ? undefined : personOf(by?.triggeringActor, undefined),
  ]
  const told: WorkflowRun = {
    id: run.id,
    attempt: Number(run.attempt),
    event: by?.event,
    commit: run.commit,
    people: people.filter((one) => one !== undefined),
  }
  if (protection === undefined) return { run: told, unasked: 'there is no token' }
  try {
    return { run: await protection.run(run.id, told.attempt), unasked: undefined }
  } catch (error) {
    if (error instanceof ReleaseError) return { run: told, unasked: error.message }
    throw error
  }
}
