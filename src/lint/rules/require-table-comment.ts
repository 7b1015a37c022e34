import { nameOf, nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { openNode } from '../../sql/node.ts'
import type { FileRule } from '../rule.ts'
import { tableName } from '../wording.ts'

const rule: FileRule = {
  name: 'require-table-comment',
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'Whoever meets the table in a database without the code at hand has to guess what a row of it is.',
  remedy: 'Add COMMENT ON TABLE in the file that makes the table.',
  because: 'psql, pg_dump and most tools that draw schemas show the comment.',
  examples: {
    bad: ['create table carts (id bigint)'],
    good: [
      "create table carts (id bigint); comment on table carts is 'What a customer has gathered'",
      'create temporary table carts (id bigint)',
      "create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01')",
    ],
  },
  checkFile({ statements }) {
    const described = new Set<string>()
    for (const { statement } of statements) {
      const { node } = statement
      if ('CommentStmt' in node && node.CommentStmt.objtype === 'OBJECT_TABLE')
        described.add(nameOfWords(wordsOf(node.CommentStmt.object)).name)
    }
    return statements.flatMap(({ statement }) => {
      const { node } = statement
      if (openNode(node).kind !== 'CreateStmt' || !('CreateStmt' in node)) return []
      const { relation, partbound } = node.CreateStmt
      if (partbound !== undefined || relation?.relpersistence === 't' || described.has(relation?.relname ?? '')) return []
      return [{ message: `Nothing says what a row of ${tableName(nameOf(relation))} is.`, location: relation?.location }]
    })
  },
}

export default rule
