import { randomUUID } from 'node:crypto'
import type { Store } from '../../backup/store.ts'
import type { Books } from '../../migration/books.ts'
import type { CommandBooks } from '../../migration/command-books.ts'
import type { ObservedDuration } from '../../migration/durations.ts'
import type { CanaryFact, ContainedMigration, History, HistoryRow, RollbackFact, Waiver } from '../../migration/history.ts'
import type { Adoption, DatabaseIdentity, Stamp } from '../../migration/identity.ts'
import type { RecordedSchema, SchemaNote } from '../../migration/schema-note.ts'
import { type ClosedAttempt, closedState, type ReliedBackup, type State, type StateScope, stampChanged } from '../../migration/state.ts'
import type { HistoryEvent } from './history-entry.ts'
import { HistoryLog } from './history-log.ts'
import { type Replayed, replay } from './replay.ts'
import { endedEvent, StoredBooks, type WritableHistory } from './stored-books.ts'
import { StoredCommandBooks } from './stored-command-books.ts'
import { StoredSchemas } from './stored-schemas.ts'
import { isStampOf, type PlacedStamp, StoredStamps } from './stored-stamps.ts'

/**
 * The state as objects of the store, below `<project>/history/<environment>/`: the entries of a log, and stamps. Objects
 * are added and never changed; the database's lock keeps two runs apart.
 */
export class StoredState implements State, WritableHistory {
  readonly home = 'store'
  readonly place: string
  readonly #store: Store
  readonly #scope: StateScope
  readonly #identity: DatabaseIdentity
  readonly #now: () => Date
  readonly #log: HistoryLog
  readonly #stamps: StoredStamps
  readonly #schemas: StoredSchemas
  #stampId: string | undefined

  constructor(store: Store, scope: StateScope, identity: DatabaseIdentity, now: () => Date) {
    this.#store = store
    this.#scope = scope
    this.#identity = identity
    this.#now = now
    this.#log = this.#logOf(scope.environment)
    this.#stamps = new StoredStamps(store)
    this.#schemas = new StoredSchemas(store, `${scope.project}/history/${scope.environment}/schema/`)
    this.place = `the store ${store.description}, below ${scope.project}/history/${scope.environment}/`
  }

  /** The last that was made for this very database, whatever its environment; else that of the environment. */
  async stamp(): Promise<Stamp | undefined> {
    const stamps = await this.#stamps.newest(this.#scope.project)
    const here = stamps.filter(({ stamp }) => isStampOf(stamp, this.#identity)).sort(byAge)
    return (here.at(-1) ?? this.#own(stamps))?.stamp
  }

  async projects(): Promise<readonly string[]> {
    const stamps = await this.#stamps.newest()
    return [...new Set(stamps.filter(({ stamp }) => isStampOf(stamp, this.#identity)).map(({ project }) => project))].sort()
  }

  async history(): Promise<History> {
    const current = await this.stamp()
    const { rows, adoptedFrom } = await this.replayed()
    const counts = ({ stamp }: { stamp: string }) => stamp === current?.id && current.environment === this.#scope.environment
    const others = [...new Set(adoptedFrom)].filter((environment) => environment !== this.#scope.environment)
    const former: HistoryRow[] = []
    for (const environment of others) former.push(...replay(await this.#logOf(environment).read()).rows.map(({ row }) => row))
    former.push(...rows.filter((one) => !counts(one)).map(({ row }) => row))
    return { rows: rows.filter(counts).map(({ row }) => row), former }
  }

  async finishedSteps(): Promise<ReadonlyMap<string, number>> {
    const { steps } = await this.replayed()
    const counts = [...steps].map(
      ([version, all]) => [version, [...all.values()].filter(({ state }) => state === 'finished').length] as const,
    )
    return new Map(counts.filter(([, done]) => done > 0))
  }

  async durations(checksums: readonly string[]): Promise<readonly ObservedDuration[]> {
    const { environment } = this.#scope
    const { timed } = await this.replayed()
    return timed.filter(({ checksum }) => checksums.includes(checksum)).map((one) => ({ ...one, environment }))
  }

  /** A folder of a store is made by its first object. */
  async create(): Promise<void> {}

  async makeStamp(): Promise<Stamp> {
    const existing = await this.stamp()
    if (existing !== undefined) return existing
    const { project, environment } = this.#scope
    const stamp = { id: randomUUID(), environment, ...this.#identity }
    await this.#stamps.put({ project, environment, number: 1, stamp, stampedAt: this.#now() }) // or that of a run that was faster
    return (await this.stamp()) as Stamp
  }

  async adopt({ kind, from, to }: Adoption, reason: string): Promise<void> {
    const { project, environment } = this.#scope
    const stamps = await this.#stamps.newest(project)
    if ((await this.stamp())?.id !== from.id) throw stampChanged()
    const stamp = { id: kind === 'copy' ? randomUUID() : from.id, ...to }
    const newest = Math.max(this.#now().getTime(), ...stamps.map(({ stampedAt }) => stampedAt.getTime() + 1)) // clocks of runners differ
    this.#stampId = stamp.id
    await this.append([{ event: 'adopted', reason, kind, from, to }]) // first: no stamp changes without a reason
    const number = (this.#own(stamps)?.number ?? 0) + 1
    if (!(await this.#stamps.put({ project, environment, number, stamp, stampedAt: new Date(newest) }))) throw stampChanged()
  }

  async closeOpenAttempts(applied: () => Promise<ReadonlySet<string>>): Promise<readonly ClosedAttempt[]> {
    const { open } = await this.replayed()
    if (open.size === 0) return []
    const versions = await applied()
    const closed = [...open].map(([attempt, { version, isReversal }]) => {
      return { attempt, version, state: closedState(isReversal, versions.has(version)) }
    })
    await this.append(closed.map(({ attempt, state }) => endedEvent({ id: attempt, state })))
    return closed.map(({ version, state }) => ({ version, state }))
  }

  async recordDeployed(migrations: readonly ContainedMigration[]): Promise<void> {
    await this.append([{ event: 'deployed', migrations: [...migrations] }])
  }

  async recordCanary(canary: CanaryFact): Promise<void> {
    await this.append([{ event: 'canary', ...canary }])
  }

  async recordRollback(rollback: RollbackFact): Promise<void> {
    await this.append([{ event: 'rollback', ...rollback }])
  }

  async recordOlderAllowed(older: { readonly reason: string; readonly than: string }): Promise<void> {
    await this.append([{ event: 'older-allowed', ...older }])
  }

  async recordBackup(relied: ReliedBackup): Promise<void> {
    await this.append([{ event: 'backup', ...relied, heads: [...relied.heads] }])
  }

  async recordWaiver(waiver: Waiver): Promise<void> {
    await this.append([{ event: 'waived', ...waiver }])
  }

  async recordSchema(note: SchemaNote): Promise<void> {
    const { project, release } = this.#scope
    await this.#schemas.put({ stamp: (await this.stamp())?.id ?? '', project, release, at: this.#now().toISOString(), note })
  }

  async lastSchema(): Promise<RecordedSchema | undefined> {
    const stamp = await this.stamp()
    return stamp === undefined ? undefined : this.#schemas.newest(stamp.id)
  }

  books(): Books {
    return new StoredBooks(this)
  }

  commandBooks(): CommandBooks {
    return new StoredCommandBooks(this)
  }

  async replayed(): Promise<Replayed> {
    return replay(await this.#log.read())
  }

  async append(events: readonly HistoryEvent[]): Promise<number> {
    const { release, run } = this.#scope
    this.#stampId ??= (await this.stamp())?.id
    if (this.#stampId === undefined) throw new Error('an entry of a history without a stamp')
    return this.#log.append({
      stamp: this.#stampId,
      release,
      ...(run.commit === undefined ? {} : { commit: run.commit }),
      run: { id: run.id, attempt: run.attempt, host: run.host },
      at: this.#now(),
      events,
    })
  }

  settlementOf(entry: number, settlement: 'finished' | 'failed'): string {
    return `${this.#log.settlementKey(entry, settlement)} into the store ${this.#store.description}`
  }

  #logOf(environment: string): HistoryLog {
    return new HistoryLog(this.#store, `${this.#scope.project}/history/${environment}/`)
  }

  #own(stamps: readonly PlacedStamp[]): PlacedStamp | undefined {
    return stamps.find(({ environment }) => environment === this.#scope.environment)
  }
}

function byAge(a: PlacedStamp, b: PlacedStamp): number {
  return a.stampedAt.getTime() - b.stampedAt.getTime()
}
