import type { Phase } from '../../migration/migration.ts'
import type { RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { nameFrom, transaction, wordsLike, written } from './write.ts'

interface NullableColumn {
  /** The table's name for a statement, and alone. */
  readonly sql: string
  readonly table: string
  readonly column: string
  /** The name that the constraint is to have, where it keeps one. */
  readonly name?: string | undefined
  /** A check that says the same and was not validated so far. */
  readonly check?: string | undefined
}

/** Files that make a column NOT NULL while others read and write: the rows are read under a lock that stops no write. */
export function notNullFiles(
  { sql, table, column, check, name: wanted }: NullableColumn,
  phase: Phase,
  scope: StatementScope,
  note?: string,
): RemedyFile[] {
  const kw = wordsLike(scope)
  const name = written(wanted ?? nameFrom(table, column, 'not_null'))
  const col = written(column)
  if (check !== undefined) {
    const both = [kw`alter table ${sql} validate constraint ${written(check)}`, kw`alter table ${sql} alter column ${col} set not null`]
    return [transaction(phase, both, note)]
  }
  if (scope.postgres >= 18) {
    return [
      transaction(phase, kw`alter table ${sql} add constraint ${name} not null ${col} not valid`, note),
      transaction(phase, kw`alter table ${sql} validate constraint ${name}`),
    ]
  }
  return [
    transaction(phase, kw`alter table ${sql} add constraint ${name} check (${col} is not null) not valid`, note),
    transaction(phase, [
      kw`alter table ${sql} validate constraint ${name}`,
      kw`alter table ${sql} alter column ${col} set not null`,
      kw`alter table ${sql} drop constraint ${name}`,
    ]),
  ]
}
