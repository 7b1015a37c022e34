import type { Layout } from '../../migration/layout.ts'
import { isRepeatable } from '../../migration/migration.ts'
import type { Statement } from '../../sql/parse.ts'
import { downPlace } from '../down/down-place.ts'
import { judgeFiles } from '../down/judge-files.ts'
import type { LintFile } from '../lint-file.ts'
import type { ReleaseProblem, ReleaseRule } from '../rule.ts'

const rule: ReleaseRule = {
  name: 'require-down',
  group: 'data',
  severity: 'warning',
  problem: 'Whoever has to take the migration back in a hurry writes the statements for it then, untried.',
  remedy: 'Write the way back beside the migration, or switch this rule off where a team only ever goes forward.',
  because:
    'A rollback to code that does not run on the new schema needs the schema taken back first; PostgreSQL keeps no record from which the statements could be made.',
  examples: {
    bad: [
      'alter table users add column phone text',
      { files: [{ sql: 'alter table users add column phone text', down: '-- not yet' }] },
      { files: [{ sql: 'update users set nickname = name where nickname is null' }] },
    ],
    good: [
      { files: [{ sql: 'alter table users add column phone text', down: 'alter table users drop column phone' }] },
      'analyze users',
      { files: [{ phase: 'post', sql: 'alter table users drop column nickname' }] },
    ],
  },
  checkRelease(scope) {
    const place = scope.layout.down
    // nothing can be asked for where the tool knows no way back
    if (place === undefined) return []
    return judgeFiles(scope).flatMap(({ file, judgement }): ReleaseProblem[] => {
      if (judgement?.wayBack.kind !== 'missing' || isRepeatable(file.migration) || file.up.statements.every(changesNothing)) return []
      return [
        {
          ...downPlace(file),
          message: missing(file, place),
          ...(file.up.statements.every(changesRows) ? { severity: 'advice' } : {}),
        },
      ]
    })
  },
}

export default rule

function missing({ migration, down }: LintFile, place: NonNullable<Layout['down']>): string {
  if ('section' in place) return `${migration.id} has no statement under "${place.section}": nothing takes it back.`
  return down === undefined
    ? `${migration.id} has no way back: there is no ${place.beside(migration.path)}.`
    : `${migration.downPath} holds no statement: nothing takes ${migration.id} back.`
}

const lookers = ['VacuumStmt', 'ReindexStmt', 'ClusterStmt', 'RefreshMatViewStmt', 'VariableSetStmt', 'TransactionStmt', 'CheckPointStmt']
const writers = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'TruncateStmt', 'SelectStmt', 'CopyStmt']

/** Leaves objects and rows as they are, or makes the same of them again. */
function changesNothing({ node }: Statement): boolean {
  if ('AlterTableStmt' in node)
    return (
      node.AlterTableStmt.cmds?.every((one) => 'AlterTableCmd' in one && one.AlterTableCmd.subtype === 'AT_ValidateConstraint') === true
    )
  return lookers.some((kind) => kind in node)
}

function changesRows(statement: Statement): boolean {
  return changesNothing(statement) || writers.some((kind) => kind in statement.node)
}
