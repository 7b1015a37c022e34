import { ReleaseError } from '../../errors.ts'
import { type OpenClient, openClient } from './client.ts'
import type { ExecutorSurroundings } from './executor-surroundings.ts'
import { advisoryKey, applicationName, assumeRole } from './session.ts'

/** How long the statement of a killed run may go on before nobody waits for it any more. */
const oldStatementMs = 90_000

/** Opens the connection that runs migrations, and waits for what a killed run left on the server. */
export async function openWorker(surroundings: ExecutorSurroundings): Promise<OpenClient> {
  const worker = await openClient({ ...surroundings.database, applicationName: applicationName(surroundings.run) })
  try {
    worker.client.on('notice', (notice) => surroundings.sayForeign(`${notice.severity ?? 'NOTICE'}: ${notice.message ?? ''}`))
    await assumeRole(worker.client, surroundings.database.role)
    await lockWorker(worker, surroundings)
    return worker
  } catch (error) {
    await worker[Symbol.asyncDispose]()
    throw error
  }
}

/**
 * The worker holds a lock of its own. The observer's ends at once when a runner is killed, while the statement it had
 * sent may still be running: whoever comes next waits for that, else it would run the same migration beside it.
 */
async function lockWorker(worker: OpenClient, { options, say }: ExecutorSurroundings): Promise<void> {
  const key = advisoryKey('worker', options.project)
  const deadline = performance.now() + oldStatementMs
  let told = false
  for (;;) {
    const { rows } = await worker.client.query<{ taken: boolean }>('select pg_catalog.pg_try_advisory_lock($1::bigint) as taken', [key])
    if (rows[0]?.taken === true) return
    if (performance.now() > deadline) {
      throw new ReleaseError('run-in-progress', 'The statement of an earlier run, which was killed, is still running on the server.', {
        hint: "Wait until it has ended, or cancel it: select pg_cancel_backend(pid) from pg_stat_activity where application_name like 'shiplock/%'.",
      })
    }
    if (!told) say('waiting for the statement of an earlier run that was killed')
    told = true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
