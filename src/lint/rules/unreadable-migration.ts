import type { ReleaseError } from '../../errors.ts'
import type { ReleaseProblem, ReleaseRule } from '../rule.ts'

export default {
  name: 'unreadable-migration',
  group: 'robustness',
  severity: 'error',
  problem: 'The release stops before its first migration, since the file is not one that the layout accepts.',
  remedy: 'Do as the message says, or move the file out of the folder.',
  because: 'Every run reads all files of both folders first, and refuses when one of them is malformed.',
  examples: { bad: [], good: ['create table carts (id bigint primary key)'] },
  checkRelease: ({ refused, files }) => [
    ...refused.map(({ path, error }) => problem(path, error)),
    ...files.flatMap((file) => (file.refused === undefined ? [] : [problem(file.migration.path, file.refused)])),
  ],
} satisfies ReleaseRule

function problem(path: string, { message, hint }: ReleaseError): ReleaseProblem {
  return { path, message, ...(hint === undefined ? {} : { harm: hint }) }
}
