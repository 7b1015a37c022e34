import type { Statement } from '../../sql/parse.ts'
import type { LintFile } from '../lint-file.ts'
import type { ReleaseProblem } from '../rule.ts'
import { offsetOf } from './judge-files.ts'

type Place = Pick<ReleaseProblem, 'path' | 'offset' | 'text'>

/** Where the way back of a migration stands, or one of its statements: in some layouts a file of its own. */
export function downPlace({ migration, down }: LintFile, statement?: Statement): Place {
  const first = statement ?? down?.statements[0]
  const offset = first === undefined ? 0 : offsetOf(down, first)
  if (migration.downPath === undefined || down === undefined) return { path: migration.path, offset }
  return { path: migration.downPath, offset, text: down.text.text }
}
