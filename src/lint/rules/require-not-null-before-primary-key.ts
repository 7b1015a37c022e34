import { findRelation } from '../../sql/schema/schema.ts'
import { addedConstraint, alteredOldTable, effectsOf, type Split, splitAlter } from '../remedy/alterations.ts'
import { notNullFiles } from '../remedy/not-null.ts'
import { transaction } from '../remedy/write.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'require-not-null-before-primary-key',
  group: 'locks',
  severity: 'error',
  problem: 'Nobody can read or write the table while all of its rows are searched for nulls, though the index is there already.',
  remedy: 'Make the columns NOT NULL by a validated check first, and add the primary key in a migration behind it.',
  because:
    'ADD PRIMARY KEY USING INDEX makes the columns NOT NULL on its way, which reads the whole table under ACCESS EXCLUSIVE; it reads nothing when they are NOT NULL already.',
  examples: {
    bad: [
      {
        given: 'create table logs (id bigint, line text); create unique index logs_pkey on logs (id)',
        files: [{ sql: 'alter table logs add constraint logs_pkey primary key using index logs_pkey' }],
      },
    ],
    good: [
      {
        given: 'create table logs (id bigint not null, line text); create unique index logs_pkey on logs (id)',
        files: [{ sql: 'alter table logs add constraint logs_pkey primary key using index logs_pkey' }],
      },
      {
        given: 'create table logs (id bigint check (id is not null), line text); create unique index logs_pkey on logs (id)',
        files: [{ sql: 'alter table logs add primary key using index logs_pkey' }],
      },
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    if (old === undefined) return undefined
    return splitAlter(old, scope, (command): Split | undefined => {
      const constraint = addedConstraint(command)
      if (constraint?.contype !== 'CONSTR_PRIMARY' || constraint.indexname === undefined) return undefined
      if (effectsOf(command, alter, scope).scans.length === 0) return undefined
      const index = findRelation(scope.schema, { schema: old.table?.schema, name: constraint.indexname })
      const columns = index?.kind === 'index' ? index.keys.flatMap(({ column }) => column ?? []) : []
      const nullable = columns.filter((column) => old.table?.columns.get(column)?.notNull !== true)
      const note = 'After a deploy whose code always writes it, and after its nulls were filled.'
      const files = nullable.flatMap((column) =>
        notNullFiles({ sql: old.sql, table: old.table?.name ?? old.name, column }, scope.phase, scope, note),
      )
      const written = old.text?.commands[old.commands.indexOf(command)]
      return {
        problem: {
          message: `Making ${constraint.indexname} the primary key of ${old.name} reads all of ${old.name} for nulls in ${nullable.join(', ') || 'its columns'} while nobody else can use it.`,
          harm: `Every query on ${old.name} waits.`,
        },
        follow: nullable.length === 0 ? undefined : [...files, transaction(scope.phase, `${old.text?.head} ${written}`)],
      }
    })
  },
})
