import type pg from 'pg'
import type { Catalog } from '../../migration/executor.ts'
import { quoteName } from '../../migration/ledger.ts'
import type { Effect } from '../../sql/classify.ts'

/** The catalog as the worker's session sees it, in its own search path. */
export class PostgresCatalog implements Catalog {
  readonly #client: () => pg.Client

  constructor(client: () => pg.Client) {
    this.#client = client
  }

  async effectState(effect: Effect): Promise<'done' | 'absent' | 'invalid' | 'busy' | 'other'> {
    if (effect.kind === 'repeatable') return 'absent'
    const table = effect.kind === 'index-created' ? qualified({ schema: effect.schema, name: effect.table }) : null
    const { rows } = await this.#client().query<{ valid: boolean | null; same: boolean | null; busy: boolean }>(
      `select i.indisvalid as valid, $2::text is null or i.indrelid = pg_catalog.to_regclass($2) as same,
         exists (select from pg_catalog.pg_locks l where l.relation = c.oid and l.pid <> pg_catalog.pg_backend_pid()
           and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())) as busy
       from pg_catalog.pg_class c left join pg_catalog.pg_index i on i.indexrelid = c.oid where c.oid = pg_catalog.to_regclass($1)`,
      [qualified(effect), table],
    )
    const [row] = rows
    if (row === undefined) return 'absent'
    if (row.valid === null || row.same !== true) return 'other'
    if (row.valid) return 'done'
    return row.busy ? 'busy' : 'invalid'
  }

  async dropInvalidIndex(effect: Effect): Promise<void> {
    if (effect.kind === 'repeatable') return
    await this.#client().query(`drop index concurrently if exists ${qualified(effect)}`)
  }
}

function qualified({ schema, name }: { readonly schema: string | undefined; readonly name: string }): string {
  return schema === undefined ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`
}
