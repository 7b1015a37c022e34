import type { ColumnDef } from '@pgsql/types'
import { constraintsOf } from '../../sql/locks/constraint.ts'
import { columnType } from '../../sql/schema/column-type.ts'
import { type ColumnType, nameKey, type Schema } from '../../sql/schema/schema.ts'
import { addColumn, addedColumn, alteredOldTable, type Split, splitAlter } from '../remedy/alterations.ts'
import { ColumnText } from '../remedy/column-text.ts'
import { isNumbered } from '../remedy/numbered-column.ts'
import { transaction, wordsLike, written } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'adding-required-field',
  group: 'data',
  severity: 'error',
  problem: 'The statement fails on a table that has rows, and old code that does not know the column could not insert any more.',
  remedy: 'Give the column a default, and drop the default once no old code is left.',
  because:
    'ADD COLUMN … NOT NULL without a default puts a null into every row that is there, and PostgreSQL refuses it as soon as there is one row. A constant default is stored beside the table, without writing a row (PostgreSQL 11 and later).',
  yieldsTo: ['adding-serial-primary-key-field'],
  examples: {
    bad: [
      { fails: true, files: [{ sql: 'alter table users add column phone text not null' }] },
      {
        fails: true,
        files: [{ sql: 'ALTER TABLE public.orders ADD COLUMN IF NOT EXISTS weight numeric(8, 2) NOT NULL, ADD COLUMN memo text' }],
      },
      {
        fails: true,
        files: [
          {
            sql: 'alter table orders add column paid_on date constraint orders_paid_on_there not null, add column next_state order_state not null',
          },
        ],
      },
      { fails: true, files: [{ sql: 'alter table users add column shop_id bigint not null default null' }] },
    ],
    good: [
      "alter table users add column phone text not null default ''",
      'alter table users add column phone text',
      'create table carts (id bigint); alter table carts add column phone text not null',
      {
        given: "create domain phone_number as text default '' check (value is not null)",
        files: [{ sql: 'alter table users add column phone phone_number not null' }],
      },
      'alter table users add column if not exists nickname text not null',
      { files: [{ sql: 'alter table orders add column double_amount int not null generated always as (amount * 2) stored' }] },
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    if (old === undefined) return undefined
    return splitAlter(old, scope, (command): Split | undefined => {
      const column = addedColumn(command)
      if (column === undefined || !isRequired(column) || hasValue(column, scope.schema)) return undefined
      const name = column.colname ?? ''
      if (command.missing_ok === true && old.table?.columns.has(name)) return undefined
      const problem = {
        message: `Adding ${old.name}.${name} as NOT NULL without a default fails as soon as ${old.name} has a row.`,
        harm: `The release stops here, and code that inserts into ${old.name} without ${name} would fail.`,
      }
      const value = someValue(columnType(scope.schema, column.typeName), scope.schema)
      if (value === undefined) return { problem, follow: undefined }
      const kw = wordsLike(scope)
      return {
        problem,
        stays: `${addColumn(command, scope)} ${new ColumnText(column, scope).without('CONSTR_DEFAULT')} ${kw`default ${value}`}`,
        follow: [
          transaction(
            'post',
            kw`alter table ${old.sql} alter column ${written(name)} drop default`,
            `The value ${value} stands for what old rows, and rows of old code, shall have: put your own there.`,
          ),
        ],
      }
    })
  },
})

function isRequired({ constraints }: ColumnDef): boolean {
  return constraintsOf(constraints).some(({ contype }) => contype === 'CONSTR_NOTNULL' || contype === 'CONSTR_PRIMARY')
}

function hasValue(column: ColumnDef, schema: Schema): boolean {
  const given = constraintsOf(column.constraints).filter(({ contype }) => contype === 'CONSTR_DEFAULT' || contype === 'CONSTR_GENERATED')
  if (given.some(({ raw_expr }) => !(raw_expr !== undefined && 'A_Const' in raw_expr && raw_expr.A_Const.isnull === true))) return true
  return isNumbered(column) || (given.length === 0 && isDomain(columnType(schema, column.typeName), schema))
}

function userType(type: ColumnType, schema: Schema) {
  const spaces = type.schema === undefined ? schema.searchPath : [type.schema]
  return spaces.map((space) => schema.types.get(nameKey(space, type.name))).find((one) => one !== undefined)
}

function isDomain(type: ColumnType, schema: Schema): boolean {
  return userType(type, schema)?.kind === 'domain'
}

const numbers = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8']
const values: Readonly<Record<string, string>> = {
  ...Object.fromEntries(numbers.map((name) => [name, '0'])),
  ...Object.fromEntries(['text', 'varchar', 'bpchar', 'bytea'].map((name) => [name, "''"])),
  ...Object.fromEntries(['timestamp', 'timestamptz', 'date', 'time', 'timetz'].map((name) => [name, 'now()'])),
  bool: 'false',
  json: "'{}'",
  jsonb: "'{}'",
  interval: "'0'",
  uuid: "'00000000-0000-0000-0000-000000000000'",
}

/** A constant that the type accepts; `undefined` when none is known. */
function someValue(type: ColumnType, schema: Schema): string | undefined {
  if (type.array > 0) return "'{}'"
  const own = userType(type, schema)
  if (own?.kind === 'enum') return own.values[0] === undefined ? undefined : `'${own.values[0].replaceAll("'", "''")}'`
  return type.schema === undefined && own === undefined ? values[type.name] : undefined
}
