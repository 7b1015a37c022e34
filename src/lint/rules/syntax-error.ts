import { parserMajor } from '../../sql/parse.ts'
import type { FileRule } from '../rule.ts'

export default {
  name: 'syntax-error',
  group: 'robustness',
  severity: 'error',
  problem: 'The migration fails, and the release stops with it.',
  remedy: 'Correct the statement.',
  because: `Said only where every server is of version ${parserMajor}, whose parser this is; see not-parsed for the others.`,
  examples: {
    bad: [{ postgres: 18, files: [{ sql: 'create table carts (id bigint primary key' }] }],
    good: [{ postgres: 17, files: [{ sql: 'create table carts (id bigint primary key' }] }],
  },
  checkFile({ file, release }) {
    const { problem } = file.up
    if (problem === undefined || file.migration.notSql !== undefined || release.postgres < parserMajor) return undefined
    return { message: `PostgreSQL ${parserMajor} does not accept this: ${problem.message}.`, offset: problem.offset }
  },
} satisfies FileRule
