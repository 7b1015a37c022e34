import type pg from 'pg'
import type { CommandBooks, OpenCommand } from '../../migration/command-books.ts'
import type { AttemptState } from '../../migration/history.ts'
import { quoteName } from '../../migration/ledger.ts'
import type { Phase } from '../../migration/migration.ts'
import type { StateScope } from '../../migration/state.ts'

/** Runs of the team's command as rows of the history. */
export class PostgresCommandBooks implements CommandBooks {
  readonly #client: () => pg.Client
  readonly #schema: string
  readonly #scope: StateScope

  constructor(client: () => pg.Client, stateSchema: string, scope: StateScope) {
    this.#client = client
    this.#schema = quoteName(stateSchema)
    this.#scope = scope
  }

  async open(): Promise<readonly OpenCommand[]> {
    const { rows } = await this.#client().query<{ id: string; phase: Phase | 'all'; release: string; at: Date; name: string | null }>(
      `select id::text, phase, release, started_at as at, detail ->> 'application' as name from ${this.#schema}.history where project = $1 and event = 'command' and state = 'running' order by id`,
      [this.#scope.project],
    )
    return rows.map(({ id, phase, release, at, name }) => ({ id, phase, release, startedAt: at, applicationName: name ?? undefined }))
  }

  async begin(phase: Phase | 'all', program: string, applicationName: string): Promise<string> {
    const { project, environment, release, run } = this.#scope
    const { rows } = await this.#client().query<{ id: string }>(
      `insert into ${this.#schema}.history (project, environment, stamp, event, phase, name, state, release, commit, run, attempt, host, detail)
       select $1, $2, id, 'command', $3, $4, 'running', $5, $6, $7, $8, $9, $10::jsonb from ${this.#schema}.stamp returning id::text`,
      [
        project,
        environment,
        phase,
        program,
        release,
        run.commit ?? null,
        run.id,
        run.attempt,
        run.host,
        JSON.stringify({ application: applicationName }),
      ],
    )
    return (rows[0] as { id: string }).id
  }

  async end(id: string, state: AttemptState, { durationMs, error }: { durationMs?: number; error?: string | undefined }): Promise<void> {
    await this.#client().query(
      `update ${this.#schema}.history set state = $2, finished_at = clock_timestamp(), duration_ms = $3, error = $4 where id = $1::bigint`,
      [id, state, durationMs === undefined ? null : Math.round(durationMs), error ?? null],
    )
  }
}
