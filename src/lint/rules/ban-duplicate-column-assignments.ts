import { type ContentOf, nodesOf } from '../../sql/node.ts'
import type { StatementRule } from '../rule.ts'

type Targets = ContentOf<'UpdateStmt'>['targetList']

const rule: StatementRule = {
  name: 'ban-duplicate-column-assignments',
  group: 'robustness',
  severity: 'error',
  problem: 'The server refuses the statement, and the release stops there.',
  remedy: 'Name each column once.',
  because:
    'A column can get one value only: the server answers "multiple assignments to same column" or "column specified more than once". Fields of a composite and elements of an array may be assigned one by one.',
  examples: {
    bad: [
      { fails: true, files: [{ sql: 'update users set age = 1, name = null, age = 2 where id = 1' }] },
      { fails: true, files: [{ sql: "insert into users (email, email) values ('a', 'b')" }] },
      { fails: true, files: [{ sql: "insert into users (id, email) values (1, 'a') on conflict (id) do update set age = 1, age = 2" }] },
    ],
    good: ['update users set age = 1, name = null where id = 1', "insert into users (email, name) values ('a@example.org', 'b')"],
  },
  on: ['UpdateStmt', 'InsertStmt'],
  check(_, { statement: { node } }) {
    const lists =
      'UpdateStmt' in node
        ? [assigned(node.UpdateStmt.targetList)]
        : 'InsertStmt' in node
          ? [assigned(node.InsertStmt.cols), assigned(node.InsertStmt.onConflictClause?.targetList)]
          : []
    const twice = lists.map(firstTwice).find((name) => name !== undefined)
    return twice === undefined ? undefined : { message: `The column ${twice} is named twice.` }
  },
}

export default rule

function assigned(targets: Targets): readonly string[] {
  return nodesOf(targets, 'ResTarget').flatMap(({ name, indirection }) => (name === undefined || indirection !== undefined ? [] : [name]))
}

function firstTwice(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) < index)
}
