import type pg from 'pg'
import type { AttemptEnd, Books, Settling, Step } from '../../migration/books.ts'
import type { ByHand, RollbackFact } from '../../migration/history.ts'
import { quoteName, quoteText } from '../../migration/ledger.ts'
import { isRepeatable, lineageOf, type Migration } from '../../migration/migration.ts'
import type { StateScope } from '../../migration/state.ts'

/** Shiplock's books as tables of the state schema, written on the observer's connection. */
export class PostgresBooks implements Books {
  readonly #client: () => pg.Client
  readonly #schema: string
  readonly #scope: StateScope
  #ends: AttemptEnd[] = []

  constructor(client: () => pg.Client, stateSchema: string, scope: StateScope) {
    this.#client = client
    this.#schema = quoteName(stateSchema)
    this.#scope = scope
  }

  begin(migrations: readonly Migration[]): Promise<readonly string[]> {
    return this.#begin('migration', migrations)
  }

  async beginReversal(migration: Migration, rollback: RollbackFact): Promise<string> {
    const [id = ''] = await this.#begin('reversal', [migration], rollback)
    return id
  }

  async beginMark(migration: Migration, as: 'applied' | 'reverted', byHand: ByHand): Promise<string> {
    const [id = ''] = await this.#begin(as === 'applied' ? 'migration' : 'reversal', [migration], { byHand })
    return id
  }

  /** Rows need no flush of their own to disk: what the worker commits later takes them along. */
  async #begin(event: string, migrations: readonly Migration[], fact?: object): Promise<readonly string[]> {
    const { project, environment, release, run } = this.#scope
    const { commit, id, attempt, host } = run
    const detail = fact === undefined ? 'null' : `${quoteText(JSON.stringify(fact))}::pg_catalog.jsonb`
    const rows = migrations.map(
      ({ phase, version, id: name, checksum }) => `(${[phase, version, name, checksum].map(quoteText).join(', ')})`,
    )
    const common = [project, environment].map(quoteText).join(', ')
    const author = [release, commit, id, attempt, host].map((one) => (one === undefined ? 'null' : quoteText(one))).join(', ')
    const results = await this.#write(
      `insert into ${this.#schema}.history (project, environment, stamp, event, phase, version, name, checksum, state, release, commit, run, attempt, host, detail)
       select ${common}, stamp.id, ${quoteText(event)}, one.phase, one.version, one.name, one.checksum, 'running', ${author}, ${detail}
       from ${this.#schema}.stamp, (values ${rows.join(', ')}) as one (phase, version, name, checksum) returning id::pg_catalog.text`,
    )
    return results.map((row) => String(row.id))
  }

  end(end: AttemptEnd): void {
    this.#ends.push(end)
  }

  async flush(): Promise<void> {
    if (this.#ends.length > 0) await this.#write('')
  }

  async steps(): Promise<ReadonlyMap<string, readonly Step[]>> {
    const { rows } = await this.#client().query<Step & { version: string }>(
      `select version, index, hash, state from ${this.#schema}.step where project = $1 order by index`,
      [this.#scope.project],
    )
    const steps = new Map<string, Step[]>()
    for (const { version, ...step } of rows) steps.set(version, [...(steps.get(version) ?? []), step])
    return steps
  }

  recordStep({ version }: Migration, step: Step): string {
    const values = [this.#scope.project, version].map(quoteText)
    return `insert into ${this.#schema}.step (project, version, index, hash, state) values (${values.join(', ')}, ${step.index}, ${quoteText(step.hash)}, ${quoteText(step.state)}) on conflict (project, version, index) do update set state = excluded.state, hash = excluded.hash, at = pg_catalog.clock_timestamp()`
  }

  forgetSteps({ version }: Migration): string {
    const own = isRepeatable({ version })
      ? `pg_catalog.starts_with(version, ${quoteText(`${lineageOf(version)}:`)})`
      : `version operator(pg_catalog.=) ${quoteText(version)}`
    return `delete from ${this.#schema}.step where project operator(pg_catalog.=) ${quoteText(this.#scope.project)} and ${own}`
  }

  async saveStep(migration: Migration, step: Step): Promise<void> {
    await this.#client().query(this.recordStep(migration, step))
  }

  settling({ version }: Migration, index: number): Settling {
    const row = `project = ${quoteText(this.#scope.project)} and version = ${quoteText(version)} and index = ${index}`
    return {
      tookEffect: `update ${this.#schema}.step set state = 'finished' where ${row};`,
      didNot: `delete from ${this.#schema}.step where ${row};`,
    }
  }

  /** Sends what `end` noted and one statement more as one message; returns the last one's rows. */
  async #write(sql: string): Promise<readonly Record<string, unknown>[]> {
    const ends = this.#ends
    const texts = [...(ends.length === 0 ? [] : [this.#ending(ends)]), ...(sql === '' ? [] : [sql])]
    const settings = sql === '' ? [] : ['set local synchronous_commit = off']
    const client = this.#client()
    const message = client.query(['begin', ...settings, ...texts, 'commit'].join(';\n')).catch(async (error: unknown) => {
      await client.query('rollback').catch(() => {})
      throw error
    })
    const answer = (await message) as unknown as pg.QueryResult[] // a message of several statements has several answers
    this.#ends = this.#ends.slice(ends.length)
    return answer.at(-2)?.rows ?? []
  }

  #ending(ends: readonly AttemptEnd[]): string {
    const rows = ends.map(
      ({ id, state, durationMs, error }) =>
        `(${BigInt(id)}::pg_catalog.int8, ${quoteText(state)}, ${durationMs === undefined ? 'null' : Math.round(durationMs)}::pg_catalog.int8, ${error === undefined ? 'null' : quoteText(error)}::pg_catalog.text)`,
    )
    return `update ${this.#schema}.history as one set state = ended.state, finished_at = pg_catalog.clock_timestamp(), duration_ms = ended.duration_ms, error = ended.error
      from (values ${rows.join(', ')}) as ended (id, state, duration_ms, error) where one.id operator(pg_catalog.=) ended.id`
  }
}
