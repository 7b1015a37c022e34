import { whyBeforeDeploy } from '../canary/before-deploy.ts'
import type { WatchEnd } from '../canary/watch.ts'
import { messageOf, ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import { type HistoryRow, lastDeployed } from '../migration/history.ts'
import { refuseBarred } from '../migration/post-rules.ts'
import type { Context, DatabaseInputs } from './command.ts'
import { lockPolicy } from './database-inputs.ts'
import { checkIdentity } from './migration-state.ts'
import { openDatabase } from './open-database.ts'

type Given = Pick<InputValues, 'state-schema' | 'history' | 'on-locked' | 'lock-wait'>

/** What became of the verdict in the history, and what the history says of the release. */
export interface CanaryRecord {
  readonly noted: boolean
  /** Why not; for people. */
  readonly why: string | undefined
  /** Set when what was seen is from before the last deploy: a watch that would promote is a hold for that reason. */
  readonly beforeDeploy: string | undefined
  /** Whether the post phase is shut now; `undefined` when that is not known. */
  readonly postBarred: boolean | undefined
  /** The release that was recorded as deployed last, and the one before it. */
  readonly live: { readonly release: string; readonly at: string } | undefined
  readonly before: string | undefined
}

/** A runner kills us 7.5 s after its signal, and the result is written before. */
const graceMs = 3000

/**
 * Notes the verdict in the history, where an abort or a hold bars the post phase; a promote from windows of before the last
 * deploy is noted as a hold. Never rejects: a verdict that could not
 * be noted is a verdict all the same.
 */
export async function recordCanary(
  end: WatchEnd,
  reason: string,
  target: DatabaseInputs | undefined,
  inputs: Given,
  context: Context,
): Promise<CanaryRecord> {
  if (target === undefined) return { ...unknown, why: 'no database was given' }
  try {
    return await withinGrace(context, async (signal) => {
      await using database = await openDatabase(target, inputs, context)
      return await note(end, reason, database, inputs, { ...context, signal })
    })
  } catch (error) {
    const why = context.redact(messageOf(error))
    context.log.warn(`the verdict was not noted in the history: ${why}`)
    return { ...unknown, why }
  }
}

const unknown = {
  noted: false,
  why: undefined,
  beforeDeploy: undefined,
  postBarred: undefined,
  live: undefined,
  before: undefined,
} as const

async function note(end: WatchEnd, reason: string, database: MigrationDatabase, inputs: Given, context: Context): Promise<CanaryRecord> {
  if ((await checkIdentity(database, context)) === undefined) {
    return { ...unknown, postBarred: false, why: 'no migration has run here yet, so that there is no history' }
  }
  await database.lock(context.project, lockPolicy(inputs, context))
  // under the lock, so that no deploy can be recorded in between
  const live = lastDeployed((await database.state.history()).rows)
  const beforeDeploy = end.decision === 'promote' && live !== undefined ? whyBeforeDeploy(end, live) : undefined
  const verdict = beforeDeploy === undefined ? end.decision : 'hold'
  await database.state.recordCanary({ verdict, reason: context.redact(beforeDeploy ?? reason), accepted: false })
  const { rows } = await database.state.history()
  return {
    noted: true,
    why: undefined,
    beforeDeploy,
    postBarred: isBarred(rows),
    live: live === undefined ? undefined : { release: live.release, at: live.at.toISOString() },
    before: live === undefined ? undefined : lastDeployed(rows.filter((row) => row.release !== live.release))?.release,
  }
}

function isBarred(rows: readonly HistoryRow[]): boolean {
  try {
    refuseBarred(rows, lastDeployed(rows))
    return false
  } catch (error) {
    if (error instanceof ReleaseError) return true
    throw error
  }
}

/** Gives the work a few seconds more when a signal stops the run, or has stopped it. */
async function withinGrace<Result>({ signal, clock }: Context, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const [late, done] = [new AbortController(), new AbortController()]
  let begin = () => {}
  const givenUp = new Promise<never>((_, reject) => {
    begin = () =>
      void clock.sleep(graceMs, done.signal).then(() => {
        late.abort()
        reject(new Error('the run was stopped before it could be noted'))
      })
  })
  givenUp.catch(() => {})
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
  try {
    return await Promise.race([work(late.signal), givenUp])
  } finally {
    done.abort()
    signal.removeEventListener('abort', begin)
  }
}
