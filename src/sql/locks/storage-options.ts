import type { Node } from '@pgsql/types'
import { type LockMode, strongerMode } from './mode.ts'
import { optionsOf } from './names.ts'

/**
 * Storage parameters that only steer maintenance or later inserts; whatever else may be set needs the strongest lock.
 * Source: the lock levels in PostgreSQL's reloptions.c, 13 to 18.
 */
const maintenance = new Set([
  'deduplicate_items',
  'fillfactor',
  'log_autoanalyze_min_duration',
  'log_autovacuum_min_duration',
  'parallel_workers',
  'toast_tuple_target',
  'vacuum_index_cleanup',
  'vacuum_max_eager_freeze_failure_rate',
  'vacuum_truncate',
])

/** The lock for `SET (…)` and `RESET (…)`. */
export function optionsMode(def: Node | undefined): LockMode {
  const options = optionsOf(def !== undefined && 'List' in def ? def.List.items : undefined)
  return options.reduce<LockMode>((mode, { defname = '' }) => strongerMode(mode, optionMode(defname)), 'ShareUpdateExclusive')
}

function optionMode(name: string): LockMode {
  return maintenance.has(name) || name.startsWith('autovacuum_') ? 'ShareUpdateExclusive' : 'AccessExclusive'
}
