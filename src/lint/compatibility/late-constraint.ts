import type { RelationName } from '../../sql/locks/names.ts'
import type { RemedyFile } from '../rule.ts'
import { sqlName, sqlWord } from './sql-text.ts'

/** NOT NULL behind the deploy, without a lock during the scan. */
export function notNullFiles(table: RelationName, column: string, before: string): RemedyFile[] {
  const [on, word] = [sqlName(table), sqlWord(column)]
  const check = sqlWord(`${table.name}_${column}_not_null`.slice(0, 63))
  return [
    {
      phase: 'post',
      transactional: true,
      sql: `alter table ${on} add constraint ${check} check (${word} is not null) not valid;`,
      note: before,
    },
    {
      phase: 'post',
      transactional: false,
      sql: `alter table ${on} validate constraint ${check};\nalter table ${on} alter column ${word} set not null;\nalter table ${on} drop constraint ${check};`,
      note: 'A file behind the one before: the scan then holds back nobody.',
    },
  ]
}

/** A constraint behind the deploy: rows are looked at in a file of their own. `add` is the whole ALTER TABLE. */
export function validatedFiles(table: RelationName, add: string, name: string | undefined, before: string): RemedyFile[] {
  if (name === undefined) return [{ phase: 'post', transactional: true, sql: `${add};`, note: before }]
  return [
    { phase: 'post', transactional: true, sql: `${add} not valid;`, note: before },
    {
      phase: 'post',
      transactional: true,
      sql: `alter table ${sqlName(table)} validate constraint ${sqlWord(name)};`,
      note: 'A file behind the one before: the scan then holds back nobody.',
    },
  ]
}

/** A unique constraint behind the deploy: its index is built beside the traffic. */
export function uniqueFiles(
  table: RelationName,
  columns: readonly string[],
  name: string,
  kind: 'unique' | 'primary key',
  before: string,
): RemedyFile[] {
  const [on, word] = [sqlName(table), sqlWord(name)]
  return [
    {
      phase: 'post',
      transactional: false,
      sql: `create unique index concurrently ${word} on ${on} (${columns.map(sqlWord).join(', ')});`,
      note: before,
    },
    {
      phase: 'post',
      transactional: true,
      sql: `alter table ${on} add constraint ${word} ${kind} using index ${word};`,
      note: 'A file behind the one before.',
    },
  ]
}
