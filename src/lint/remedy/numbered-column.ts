import type { ColumnDef } from '@pgsql/types'
import { isSerial } from '../../sql/locks/builtins.ts'
import { constraintsOf } from '../../sql/locks/constraint.ts'
import { wordsOf } from '../../sql/locks/names.ts'
import type { RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import type { OldTable } from './alterations.ts'
import { backfillFile } from './backfill.ts'
import { ColumnText } from './column-text.ts'
import { notNullFiles } from './not-null.ts'
import { nameFrom, transaction, wordsLike, written } from './write.ts'

const integers: Readonly<Record<string, string>> = {
  smallserial: 'smallint',
  serial2: 'smallint',
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
}

/** Whether the server fills it with numbers by itself. */
export function isNumbered({ typeName, constraints }: ColumnDef): boolean {
  return isSerial(wordsOf(typeName?.names)) || constraintsOf(constraints).some(({ contype }) => contype === 'CONSTR_IDENTITY')
}

/** Files that add a serial or identity column: new rows are numbered at once, old rows bit by bit. */
export function numberedColumnFiles(column: ColumnDef, old: OldTable, scope: StatementScope): RemedyFile[] | undefined {
  const kw = wordsLike(scope)
  const name = column.colname ?? ''
  const table = old.table?.name ?? old.name
  const identity = constraintsOf(column.constraints).find(({ contype }) => contype === 'CONSTR_IDENTITY')
  if ((identity?.options ?? []).length > 0 || old.name.includes('.')) return undefined
  const serial = wordsOf(column.typeName?.names).at(-1) ?? ''
  const type = identity === undefined ? kw`${integers[serial] ?? 'bigint'}` : new ColumnText(column, scope).type
  const col = written(name)
  const sequence = written(nameFrom(table, name, identity === undefined ? 'seq' : 'numbers'))
  const start = transaction(scope.phase, [
    kw`alter table ${old.sql} add column ${col} ${type}`,
    kw`create sequence ${sequence} as ${type} owned by ${old.sql}.${col}`,
    kw`alter table ${old.sql} alter column ${col} set default nextval(${quoted(sequence)})`,
  ])
  const fill = backfillFile({ sql: old.sql, table: old.table, set: kw`${col} = default`, where: kw`${col} is null` }, scope.phase, scope)
  const notNull = notNullFiles({ sql: old.sql, table, column: name }, scope.phase, scope)
  if (identity === undefined) return [start, fill, ...notNull]
  const when = identity.generated_when === 'a' ? kw`always` : kw`by default`
  const finish = transaction(scope.phase, [
    kw`alter table ${old.sql} alter column ${col} drop default`,
    kw`alter table ${old.sql} alter column ${col} add generated ${when} as identity`,
    kw`select setval(pg_get_serial_sequence(${quoted(old.sql)}, ${quoted(name)}), nextval(${quoted(sequence)}))`,
    kw`drop sequence ${sequence}`,
  ])
  return [start, fill, ...notNull, finish]
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
