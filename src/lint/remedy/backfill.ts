import type { Phase } from '../../migration/migration.ts'
import type { Table } from '../../sql/schema/schema.ts'
import type { RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { alone, wordsLike, written } from './write.ts'

interface Backfill {
  /** The table's name for a statement. */
  readonly sql: string
  readonly table: Table | undefined
  /** What stands behind SET. */
  readonly set: string
  /** Rows that are still to do; must be false for a row once it was written. */
  readonly where: string
}

/** A file that writes old rows a thousand at a time, each thousand committed before the next. */
export function backfillFile(backfill: Backfill, phase: Phase, scope: StatementScope): RemedyFile {
  const key = numberOfRow(backfill.table)
  return alone(
    phase,
    key === undefined ? byPlace(backfill, scope) : byKey(backfill, written(key), scope),
    'A thousand rows at a time; running it again does no harm.',
  )
}

function byKey({ sql, set, where }: Backfill, key: string, scope: StatementScope): string {
  const kw = wordsLike(scope)
  const [done, end, batch] = ['done_up_to', 'batch_end', 'batch']
  return kw`do $$
declare
  ${done} bigint;
  ${end} bigint;
begin
  loop
    select max(${key}) into ${end} from (
      select ${key} from ${sql} where ${done} is null or ${key} > ${done} order by ${key} limit 1000
    ) as ${batch};
    exit when ${end} is null;
    update ${sql} set ${set}
      where (${done} is null or ${key} > ${done}) and ${key} <= ${end} and ${where};
    commit;
    ${done} := ${end};
  end loop;
end $$`
}

function byPlace({ sql, set, where }: Backfill, scope: StatementScope): string {
  const kw = wordsLike(scope)
  return kw`do $$
begin
  loop
    update ${sql} set ${set} where ctid = any (array(select ctid from ${sql} where ${where} limit 1000));
    exit when not found;
    commit;
  end loop;
end $$`
}

/** A primary key of one whole number, by which rows can be gone through in order. */
function numberOfRow(table: Table | undefined): string | undefined {
  const primary = [...(table?.constraints.values() ?? [])].find(({ kind }) => kind === 'primary')
  const [only, ...others] = primary?.kind === 'primary' ? primary.columns : []
  const type = table?.columns.get(only ?? '')?.type
  return others.length === 0 && type?.array === 0 && ['int2', 'int4', 'int8'].includes(type.name) ? only : undefined
}
