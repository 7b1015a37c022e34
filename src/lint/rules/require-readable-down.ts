import { parserMajor } from '../../sql/parse.ts'
import { downPlace } from '../down/down-place.ts'
import type { ReleaseProblem, ReleaseRule } from '../rule.ts'

const rule: ReleaseRule = {
  name: 'require-readable-down',
  group: 'data',
  severity: 'warning',
  problem: 'Nobody runs the way back before it is needed, so a slip of the pen in it shows on the worst day.',
  remedy: 'Correct the statement, or try it on a server of the version that you run.',
  because: 'It is read by the parser of PostgreSQL 18; an older server may accept words that a newer one has reserved since.',
  examples: {
    bad: [{ files: [{ sql: 'alter table users add column phone text', down: 'alter table users drop colum phone text' }] }],
    good: [{ files: [{ sql: 'alter table users add column phone text', down: 'alter table users drop column phone' }] }],
  },
  checkRelease: (scope) =>
    scope.files.flatMap((file): ReleaseProblem[] => {
      const { down, migration } = file
      if (down?.problem === undefined || migration.notSql !== undefined) return []
      const { message, offset } = down.problem
      return [
        {
          ...downPlace(file),
          offset: down.text.fileOffset(offset) ?? 0,
          message: `The way back of ${migration.id} is not read: ${message}.`,
          ...(scope.postgres >= parserMajor ? { severity: 'error' } : {}),
        },
      ]
    }),
}

export default rule
