import type { RelationName } from '../../sql/locks/names.ts'
import { notNullFiles } from '../remedy/not-null.ts'
import { written, writtenRelation } from '../remedy/write.ts'
import type { RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

/** NOT NULL behind the deploy, without a lock during the scan. */
export function lateNotNull(table: RelationName, column: string, before: string, scope: StatementScope): RemedyFile[] {
  return notNullFiles({ sql: writtenRelation(table), table: table.name, column }, 'post', scope, before)
}

/** A constraint behind the deploy: rows are looked at in a file of their own. `add` is the whole ALTER TABLE. */
export function validatedFiles(table: RelationName, add: string, name: string | undefined, before: string): RemedyFile[] {
  if (name === undefined) return [{ phase: 'post', transactional: true, sql: `${add};`, note: before }]
  return [
    { phase: 'post', transactional: true, sql: `${add} not valid;`, note: before },
    {
      phase: 'post',
      transactional: true,
      sql: `alter table ${writtenRelation(table)} validate constraint ${written(name)};`,
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
  const [on, word] = [writtenRelation(table), written(name)]
  return [
    {
      phase: 'post',
      transactional: false,
      sql: `create unique index concurrently ${word} on ${on} (${columns.map(written).join(', ')});`,
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
