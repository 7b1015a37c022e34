import type pg from 'pg'
import type { RunIdentity } from '../../commands/command.ts'
import { ReleaseError, systemCode } from '../../errors.ts'
import type { LockPolicy } from '../../migration/database.ts'
import { quoteName, quoteText } from '../../migration/ledger.ts'
import { formatDuration } from '../../units.ts'
import { advisoryKey, applicationName } from './session.ts'

interface RunnerLock {
  readonly client: pg.Client
  readonly project: string
  readonly run: RunIdentity
  /** The database as it is printed. */
  readonly description: string
  readonly stateSchema: string
  readonly say: (text: string) => void
  /** The server process of our own connection that broke, when this is a second one. */
  readonly brokenPid?: number | undefined
}

interface Holder {
  readonly pid: number
  readonly application: string | null
  readonly address: string | null
  readonly since: Date | null
}

const pollMs = 500

/**
 * Takes the advisory lock that lets one run at a time work on a project's database. A holder's processes are ended only
 * when they belong to an earlier attempt of the same run, or when the policy says `take-over`.
 */
export async function takeRunnerLock(lock: RunnerLock, { onLocked, waitMs, signal }: LockPolicy): Promise<void> {
  const key = advisoryKey('runner', lock.project)
  const deadline = performance.now() + (onLocked === 'fail' ? 0 : waitMs)
  let told = false
  while (!(await tryLock(lock.client, key))) {
    const holder = await holderOf(lock.client, key)
    const mayEnd = holder !== undefined && (onLocked === 'take-over' || holder.pid === lock.brokenPid || isEarlierAttempt(holder, lock.run))
    if (mayEnd && (await succeed(lock, holder, key))) return
    if (signal.aborted)
      throw new ReleaseError('interrupted', 'The run was stopped while it waited for another run.', {
        hint: 'Run the same command again when the other run has ended.',
      })
    if (performance.now() >= deadline) {
      throw new ReleaseError('run-in-progress', `Another run works on ${lock.description}: ${await describe(lock, holder)}.`, {
        hint: 'Wait until it has ended and run the same command again. on-locked and lock-wait say how long to wait; on-locked: take-over ends the other run.',
      })
    }
    if (!told) {
      lock.say(`waiting up to ${formatDuration(waitMs)} for another run: ${await describe(lock, holder)}`)
      told = true
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(pollMs, Math.max(1, deadline - performance.now()))))
  }
}

async function tryLock(client: pg.Client, key: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_catalog.pg_try_advisory_lock($1::bigint) as taken', [key])
  return rows[0]?.taken === true
}

async function holderOf(client: pg.Client, key: string): Promise<Holder | undefined> {
  const { rows } = await client.query<Holder>(
    `select l.pid, a.application_name as application, a.client_addr::text as address, a.backend_start as since
     from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid::bigint = $1::bigint and l.objid::bigint = $2::bigint
       and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`,
    [((BigInt(key) >> 32n) & 0xffff_ffffn).toString(), (BigInt(key) & 0xffff_ffffn).toString()],
  )
  return rows[0]
}

/** A job that GitHub runs again, while the runner of its first attempt is gone but its connection still open. */
function isEarlierAttempt({ application }: Holder, { id, attempt }: RunIdentity): boolean {
  const [, otherId, otherAttempt] = /^shiplock\/(\d+)\.(\d+)$/.exec(application ?? '') ?? []
  return otherId === id && Number(otherAttempt) < Number(attempt)
}

/** How long the server may take to end a process. */
const succeedMs = 5000

/**
 * Ends every process of the holder's run, so that what its worker had under way is rolled back, and takes the lock.
 * Both in one message: our request stands in the queue before that run has connected again. False when it was not granted.
 */
async function succeed({ client, say, run }: RunnerLock, holder: Holder, key: string): Promise<boolean> {
  const others = holder.application === applicationName(run) ? '' : (holder.application ?? '') // our own worker may still be at work
  const message = [
    'begin',
    `set local lock_timeout = '${succeedMs}ms'`,
    `select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity
     where pid = ${holder.pid} or (application_name like 'shiplock/%' and datname = current_database()
        and (application_name = ${quoteText(others)} or starts_with(application_name, ${quoteText(`${others}/`)})))`,
    `select pg_catalog.pg_advisory_lock(${key})`,
    'commit',
  ]
  try {
    const answers = (await client.query(message.join(';\n'))) as unknown as pg.QueryResult[]
    say(`ended ${answers[2]?.rows.length ?? 0} server processes of ${holder.application || `process ${holder.pid}`}`)
    return true
  } catch (cause) {
    await client.query('rollback').catch(() => {})
    if (systemCode(cause) === '55P03') return false
    if (systemCode(cause) !== '42501') throw cause
    throw new ReleaseError('insufficient-rights', `This role may not end the other run's server process ${holder.pid}.`, {
      hint: `A DBA runs: select pg_terminate_backend(${holder.pid}), or: grant pg_signal_backend to the role of the connection.`,
      cause,
    })
  }
}

/** Run, host and since when, as far as this role may see. */
async function describe({ client, stateSchema }: RunnerLock, holder: Holder | undefined): Promise<string> {
  if (holder === undefined) return 'it has just ended'
  const host = await hostOf(client, stateSchema, holder.application)
  const facts = [
    `server process ${holder.pid}`,
    host === undefined ? undefined : `on ${host}`,
    holder.address === null ? undefined : `from ${holder.address}`,
    holder.since === null ? undefined : `since ${holder.since.toISOString()}`,
  ]
  return `${holder.application || 'an unnamed program'} (${facts.filter((one) => one !== undefined).join(', ')})`
}

async function hostOf(client: pg.Client, stateSchema: string, application: string | null): Promise<string | undefined> {
  const [, id, attempt] = /^shiplock\/(.+)\.([^.]+)$/.exec(application ?? '') ?? []
  if (id === undefined) return undefined
  const { rows } = await client
    .query<{ host: string }>(
      `select host from ${quoteName(stateSchema)}.history where run = $1 and attempt = $2 order by id desc limit 1`,
      [id, attempt],
    )
    .catch(() => ({ rows: [] })) // no history yet, or no right to read it
  return rows[0]?.host
}
