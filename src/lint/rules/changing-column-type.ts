import type { AlterTableCmd } from '@pgsql/types'
import type { Effects } from '../../sql/effects/effects.ts'
import { columnType } from '../../sql/schema/column-type.ts'
import type { Schema } from '../../sql/schema/schema.ts'
import { lostBy, spokenType } from '../column-width.ts'
import { alteredOldTable, effectsOf, type OldTable, type Split, splitAlter } from '../remedy/alterations.ts'
import { newTypeFiles } from '../remedy/new-type.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'changing-column-type',
  group: 'locks',
  severity: 'error',
  problem: 'Nobody can read or write the table while it, or an index of it, is written anew.',
  remedy:
    'Add a column of the new type, keep both in step with a trigger, fill the old rows in batches, and swap the two when no old code is left.',
  because:
    'ALTER COLUMN TYPE writes the table and its indexes anew under ACCESS EXCLUSIVE, unless the stored bytes mean the same in the new type: a longer varchar, varchar to text, more digits of a numeric at the same scale, timestamp to timestamptz in a session whose time zone is UTC. Another collation builds indexes anew.',
  examples: {
    bad: [
      'alter table orders alter column amount type bigint',
      'ALTER TABLE public.users ALTER name TYPE varchar(50)',
      'alter table users alter column score type numeric(12,4), alter column age set default 18',
      'alter table users alter column note type text',
      'alter table users alter column created_at type timestamptz',
      'alter table users alter column score type text using (score * 2)::text',
      'alter table products alter column id type bigint',
      'alter table users alter column name type varchar(100) collate "C"',
    ],
    good: [
      'alter table users alter column name type varchar(200)',
      'alter table users alter column name type text',
      'alter table users alter column score type numeric(12,2)',
      'alter table users alter column score type numeric',
      "set time zone 'UTC'; alter table users alter column created_at type timestamptz",
      'alter table users alter column seen_at type timestamptz(6)',
      'create table carts (id int); alter table carts alter id type bigint',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    if (old === undefined) return undefined
    return splitAlter(old, scope, (command): Split | undefined => {
      if (command.subtype !== 'AT_AlterColumnType') return undefined
      const work = workOf(effectsOf(command, alter, scope), old)
      return work === undefined
        ? undefined
        : { problem: problemOf(command, work, old, scope.schema), follow: newTypeFiles(command, old, scope) }
    })
  },
})

function workOf({ rewrites, scans, builds }: Effects, { name }: OldTable): string | undefined {
  if (rewrites.length > 0) return `writes all of ${name} anew`
  if (builds.length > 0) return `builds the indexes of ${name} anew that hold it`
  return scans.length > 0 ? `reads all of ${name}` : undefined
}

function problemOf({ name = '', def }: AlterTableCmd, work: string, old: OldTable, schema: Schema) {
  const to = columnType(schema, def !== undefined && 'ColumnDef' in def ? def.ColumnDef.typeName : undefined)
  const from = old.table?.columns.get(name)?.type
  const change = from === undefined ? `to ${spokenType(to)}` : `from ${spokenType(from)} to ${spokenType(to)}`
  const lost = from === undefined ? undefined : lostBy(from, to)
  return {
    message: `Changing ${old.name}.${name} ${change} ${work} while nobody else can read or write it.`,
    harm: `Every query on ${old.name} waits.${lost === undefined ? '' : ` The new type does not take ${lost}.`}`,
  }
}
