import { formatDuration } from '../units.ts'

/** A transaction that holds, or waits for, a lock that conflicts with one a migration needs. */
export interface Holder {
  /** Tells transactions apart where the role may see nothing else of them. */
  readonly key: string
  /** `undefined` for a prepared transaction, which belongs to no process. */
  readonly pid: number | undefined
  readonly relation: string
  /** Age of its transaction in milliseconds; `undefined` where the role may not see it (no `pg_read_all_stats`). */
  readonly ageMs: number | undefined
  readonly kind: HolderKind
  readonly user: string | undefined
  readonly application: string | undefined
  /** `active`, `idle in transaction` …, as `pg_stat_activity` has it. */
  readonly state: string | undefined
  /** Name of a prepared transaction. */
  readonly prepared: string | undefined
}

type HolderKind = 'client' | 'autovacuum' | 'wraparound' | 'prepared'

/** One line that names a holder as what it is. `aged` is how long it has been seen, when its own age is hidden. */
export function describeHolder(holder: Holder, aged: number): string {
  const { pid, relation, ageMs, kind, prepared } = holder
  const since =
    ageMs === undefined
      ? `${aged > 0 ? `seen for ${formatDuration(aged)}; ` : ''}its age is hidden without pg_read_all_stats`
      : formatDuration(ageMs)
  if (kind === 'prepared') return `prepared transaction ${prepared ?? ''} on ${relation}, ${since}`
  if (kind === 'wraparound') return `autovacuum to prevent wraparound, which must not be cancelled, process ${pid} on ${relation}, ${since}`
  if (kind === 'autovacuum') return `autovacuum, process ${pid} on ${relation}, ${since}`
  return `${what(holder)}process ${pid}${who(holder)} on ${relation}, ${since}`
}

/** What a person can do about it, when it is of a kind that does not end by itself. */
export function adviceFor({ kind, state, pid, prepared, application }: Holder): string | undefined {
  if (kind === 'prepared') return `commit prepared '${prepared ?? ''}', or rollback prepared '${prepared ?? ''}', ends it.`
  if (kind === 'wraparound') return 'Let that vacuum end; it protects the database, and comes back when it is cancelled.'
  if (application === 'pg_dump') return 'Let the dump end, or run the migration at another hour than the backup.'
  if (state?.startsWith('idle in transaction'))
    return `Its transaction is open and does nothing: select pg_terminate_backend(${pid}) ends it, when its owner agrees.`
  return undefined
}

function what({ application, state }: Holder): string {
  if (application === 'pg_dump') return 'a running pg_dump, '
  return state?.startsWith('idle in transaction') ? 'a session that is idle in transaction, ' : ''
}

function who({ user, application }: Holder): string {
  const facts = [user && `user ${user}`, application && `application ${application}`].filter(Boolean)
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`
}
