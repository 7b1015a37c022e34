import { parserMajor } from '../../sql/parse.ts'
import type { FileRule } from '../rule.ts'

export default {
  name: 'not-parsed',
  group: 'robustness',
  severity: 'warning',
  problem: 'Nothing in the file was checked.',
  remedy: 'Look at the place; when the server accepts the statement as it stands, check the file by hand.',
  because: `The parser is that of PostgreSQL ${parserMajor}. An older server may accept what it rejects, so only the server can say whether it is wrong.`,
  examples: {
    bad: ['create table carts (id bigint primary key', { postgres: 13, files: [{ sql: 'select 1 from from users' }] }],
    good: ['create table carts (id bigint primary key)'],
  },
  checkFile({ file, release }) {
    const { problem } = file.up
    if (problem === undefined || file.migration.notSql !== undefined || release.postgres >= parserMajor) return undefined
    return { message: `The parser stops here: ${problem.message}.`, offset: problem.offset }
  },
} satisfies FileRule
