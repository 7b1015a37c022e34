import { nameOf, nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import type { Statement } from '../../sql/parse.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import { touchedObjects } from '../../sql/touched-objects.ts'
import { type Part, uses } from '../compatibility/part.ts'
import { statementsText } from '../compatibility/sql-text.ts'
import type { LintFile } from '../lint-file.ts'
import type { ReleaseProblem, ReleaseRule } from '../rule.ts'
import type { ReleaseScope } from '../scope.ts'
import { tableName } from '../wording.ts'

const rule: ReleaseRule = {
  name: 'require-order-of-phases',
  group: 'compatibility',
  severity: 'error',
  problem:
    'Pre migrations run before all post migrations of the release: what they need is not there yet, or what they add is gone at once.',
  remedy: 'Put what makes an object into a pre migration, and what takes it away into the post migrations of a later release.',
  because: 'A release runs every pre migration, deploys, and then runs every post migration, whatever their version numbers are.',
  examples: {
    bad: [
      { files: [{ phase: 'post', sql: 'create table carts (id bigint)' }, { sql: 'alter table carts add column total int' }] },
      {
        fails: true,
        files: [{ sql: 'create index users_kind_idx on users (kind)' }, { phase: 'post', sql: 'alter table users add column kind text' }],
      },
      { files: [{ sql: 'alter table users add column kind text' }, { phase: 'post', sql: 'alter table users drop column kind' }] },
      { files: [{ sql: 'create table carts (id bigint)' }, { phase: 'post', sql: 'drop table carts' }] },
    ],
    good: [
      {
        files: [
          { sql: 'create table carts (id bigint)' },
          { phase: 'post', sql: 'alter table carts add constraint positive check (id > 0)' },
        ],
      },
      { files: [{ sql: 'alter table users add column kind text' }, { phase: 'post', sql: 'alter table users drop column nickname' }] },
      { files: [{ phase: 'post', sql: 'create table keep (id int); drop table keep' }, { sql: 'create table carts (id bigint)' }] },
      { files: [{ sql: 'create index users_age_idx on users (age)' }, { phase: 'post', sql: 'alter table users add column kind text' }] },
    ],
  },
  checkRelease(scope) {
    const before = scope.files.filter(({ migration }) => migration.phase === 'pre')
    const after = scope.files.filter(({ migration }) => migration.phase === 'post')
    if (before.length === 0 || after.length === 0) return []
    return [...usedTooEarly(scope, before, after), ...goneAtOnce(scope, before, after)]
  },
}
export default rule

function usedTooEarly(scope: ReleaseScope, before: readonly LintFile[], after: readonly LintFile[]): ReleaseProblem[] {
  const early = before.flatMap((file) => file.up.statements.flatMap(made))
  const late = after.flatMap((file) =>
    file.up.statements.flatMap((statement) =>
      made(statement)
        .filter((part) => !isThere(scope, part) && !early.some((one) => isSame(one, part)))
        .map((part) => ({ part, file, statement })),
    ),
  )
  if (late.length === 0) return []
  return before.flatMap((file) =>
    file.up.statements.flatMap((statement) => {
      const touched = touchedObjects(statement)
      const found = late.find(({ part }) => touched.some((one) => uses(one, part)))
      if (found === undefined) return []
      return {
        path: file.migration.path,
        ...placeOf(file, statement),
        message: `This needs ${wordsFor(found.part)}, which only ${found.file.migration.path} makes, after the deploy.`,
        instead: [
          {
            phase: 'pre' as const,
            transactional: file.migration.transactional,
            sql: statementsText([textOf(found.file, found.statement), textOf(file, statement)]),
          },
        ],
      }
    }),
  )
}

function goneAtOnce(scope: ReleaseScope, before: readonly LintFile[], after: readonly LintFile[]): ReleaseProblem[] {
  const early = before.flatMap((file) => file.up.statements.flatMap((statement) => made(statement).map((part) => ({ part, file }))))
  return after.flatMap((file) =>
    file.up.statements.flatMap((statement) => {
      const gone = removed(statement)
      const found = early.find(({ part }) => gone.some((one) => isSame(one, part)) && !isThere(scope, part))
      if (found === undefined) return []
      return {
        path: file.migration.path,
        ...placeOf(file, statement),
        severity: 'warning' as const,
        message: `This takes away ${wordsFor(found.part)} again, which ${found.file.migration.path} of the same release makes: the new code runs in between.`,
        harm: 'The new code of this release finds it when it starts, and loses it while it runs.',
      }
    }),
  )
}

function made({ node }: Statement): Part[] {
  if ('CreateStmt' in node && node.CreateStmt.relation?.relpersistence !== 't')
    return [{ name: nameOf(node.CreateStmt.relation), column: undefined }]
  if ('CreateTableAsStmt' in node && node.CreateTableAsStmt.into?.rel?.relpersistence !== 't')
    return [{ name: nameOf(node.CreateTableAsStmt.into?.rel), column: undefined }]
  if ('ViewStmt' in node) return [{ name: nameOf(node.ViewStmt.view), column: undefined }]
  if (!('AlterTableStmt' in node)) return []
  const name = nameOf(node.AlterTableStmt.relation)
  return nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').flatMap(({ subtype, def }) =>
    subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def ? [{ name, column: def.ColumnDef.colname ?? '' }] : [],
  )
}

function removed({ node }: Statement): Part[] {
  if ('DropStmt' in node && (node.DropStmt.removeType === 'OBJECT_TABLE' || node.DropStmt.removeType === 'OBJECT_VIEW'))
    return (node.DropStmt.objects ?? []).map((object) => ({ name: nameOfWords(wordsOf(object)), column: undefined }))
  if (!('AlterTableStmt' in node)) return []
  const name = nameOf(node.AlterTableStmt.relation)
  return nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').flatMap(({ subtype, name: column }) =>
    subtype === 'AT_DropColumn' ? [{ name, column }] : [],
  )
}

function isThere({ before }: ReleaseScope, { name, column }: Part): boolean {
  const relation = findRelation(before, name)
  if (column === undefined || relation === undefined) return relation !== undefined
  return relation.kind !== 'table' || relation.columns.has(column)
}

function isSame(one: Part, other: Part): boolean {
  return (
    one.name.name === other.name.name && (one.name.schema ?? 'public') === (other.name.schema ?? 'public') && one.column === other.column
  )
}

function wordsFor({ name, column }: Part): string {
  return column === undefined ? tableName(name) : `${column} of ${tableName(name)}`
}

function placeOf({ up }: LintFile, { start }: Statement): { readonly offset?: number } {
  const offset = up.text.fileOffset(start)
  return offset === undefined ? {} : { offset }
}

function textOf({ up }: LintFile, { start, end }: Statement): string {
  return up.text.text.slice(start, end)
}
