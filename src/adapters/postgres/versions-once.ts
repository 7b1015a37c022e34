import pg from 'pg'
import { messageOf, systemCode } from '../../errors.ts'
import type { OnlyOnce } from '../../migration/ledger.ts'
import type { Phase } from '../../migration/migration.ts'
import { oneLine } from '../../visible-text.ts'
import type { ExecutorSurroundings } from './executor-surroundings.ts'

/** How long others may have to wait behind one attempt of ours. */
const lockMs = 200
const attempts = 5
const pauseMs = 100

/** How long a transaction that may be the tool's is waited for. */
const othersMs = 2000

/** Holds version tables to one row a version for the time of a run, where the layout knows how. */
export class VersionsOnce {
  readonly #surroundings: ExecutorSurroundings
  readonly #tables: readonly (OnlyOnce & { readonly phase: Phase | undefined })[]
  readonly #made = new Set<OnlyOnce>()

  constructor(surroundings: ExecutorSurroundings) {
    const { tables, options } = surroundings
    this.#surroundings = surroundings
    this.#tables = tables.flatMap(({ table, exists, phase }) => {
      const once = exists ? options.layout.ledger.onlyOnce?.(table) : undefined
      return once === undefined ? [] : [{ ...once, phase }]
    })
  }

  async begin(phases: ReadonlySet<Phase>): Promise<void> {
    const reasons: string[] = []
    for (const one of this.#tables.filter(({ phase }) => phase === undefined || phases.has(phase))) {
      const reason = await this.#make(one)
      if (reason === undefined) this.#made.add(one)
      else reasons.push(`${one.index} could not be made: ${reason}`)
    }
    if (reasons.length === 0) return
    const { name } = this.#surroundings.options.layout
    this.#surroundings.warn(
      `${reasons.join('; ')}. A ${name} that starts meanwhile could run a migration twice: start no service that migrates at boot before this run has ended.`,
    )
  }

  /** Drops what this run made, and what one that was killed has left. */
  async end(): Promise<void> {
    const there: OnlyOnce[] = []
    for (const one of this.#tables) if (await this.#isThere(one)) there.push(one)
    if (there.length === 0) return
    const reason = (await this.#othersAtWork()) ?? (await this.#drop(there))
    if (reason === undefined) return
    const drop = `drop index ${there.map(({ index }) => index).join(', ')}`
    this.#surroundings.warn(
      `What keeps a version from being recorded twice stays in the version table until the next run: ${reason}. To drop it by hand: ${drop};`,
    )
  }

  async #make(one: OnlyOnce): Promise<string | undefined> {
    const obstacle = await this.#obstacle(one)
    const reason = obstacle ?? (await this.#change(one.make))
    if (reason !== undefined) await this.#drop([one]) // one that was left would refuse rows of ours
    return reason
  }

  async #obstacle({ obstacle }: OnlyOnce): Promise<string | undefined> {
    try {
      const { rows } = await this.#client.query<Record<string, string>>(obstacle)
      return Object.values(rows[0] ?? {})[0]
    } catch (error) {
      return reasonOf(error)
    }
  }

  /** After a broken connection nobody can look: then what was made is still there. */
  async #isThere(one: OnlyOnce): Promise<boolean> {
    try {
      const { rows } = await this.#client.query<{ there: boolean }>('select pg_catalog.to_regclass($1) is not null as there', [one.index])
      return rows[0]?.there === true
    } catch {
      return this.#made.has(one)
    }
  }

  #drop(indexes: readonly OnlyOnce[]): Promise<string | undefined> {
    return this.#change(`drop index if exists ${indexes.map(({ index }) => index).join(', ')}`)
  }

  /** Why it could not be done. */
  async #change(sql: string): Promise<string | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#client.query(`set local lock_timeout = '${lockMs}ms'; ${sql}`)
        return undefined
      } catch (error) {
        if (systemCode(error) !== '55P03' || tries === attempts) return reasonOf(error)
        await pause(pauseMs)
      }
    }
  }

  /**
   * A tool that read the table before our last migration may still be at that migration, and adds its row when it has
   * ended. It holds nothing of the version table before, and so each transaction that was open and has written, or
   * waits for a lock, could be the one.
   */
  async #othersAtWork(): Promise<string | undefined> {
    try {
      let open = await this.#writers()
      for (let waited = 0; open.size > 0 && waited < othersMs; waited += pauseMs) {
        await pause(pauseMs)
        const now = await this.#writers()
        open = new Map([...open].filter(([transaction]) => now.has(transaction)))
      }
      const processes = [...new Set(open.values())].join(', ')
      return open.size === 0
        ? undefined
        : `a transaction is open that could be a ${this.#surroundings.options.layout.name}'s (${processes})`
    } catch (error) {
      return reasonOf(error)
    }
  }

  /** Transactions of other sessions, with their processes. Everybody may read this much of the views. */
  async #writers(): Promise<Map<string, string>> {
    const { rows } = await this.#client.query<{ transaction: string; pid: number; application: string | null }>(
      `select distinct l.virtualtransaction as transaction, l.pid, a.application_name as application
       from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
       where a.datname = pg_catalog.current_database() and a.usesysid is not null and l.pid <> pg_catalog.pg_backend_pid()
         and (not l.granted or (l.locktype = 'transactionid' and l.mode = 'ExclusiveLock'))`,
    )
    return new Map(
      rows.map(({ transaction, pid, application }) => [transaction, `process ${pid}${application ? `, ${oneLine(application)}` : ''}`]),
    )
  }

  get #client(): pg.Client {
    return this.#surroundings.observer().client
  }
}

function reasonOf(error: unknown): string {
  const detail = error instanceof pg.DatabaseError && error.code === '23505' ? `; ${error.detail ?? ''}` : ''
  return oneLine(`${messageOf(error)}${detail}`)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
