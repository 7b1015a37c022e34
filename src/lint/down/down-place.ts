import type { Statement } from '../../sql/parse.ts'
import type { LintFile } from '../lint-file.ts'
import type { ReleaseProblem } from '../rule.ts'
import type { ReleaseScope } from '../scope.ts'
import { offsetOf } from './judge-files.ts'

type Place = Pick<ReleaseProblem, 'path' | 'offset' | 'text'>

/** Where the way back of a migration stands, or one of its statements: a file of its own in Shiplock's own layout. */
export function downPlace({ migration, down }: LintFile, { name }: ReleaseScope['layout'], statement?: Statement): Place {
  const first = statement ?? down?.statements[0]
  const offset = first === undefined ? 0 : offsetOf(down, first)
  if (migration.downFile !== undefined && down !== undefined) return { path: migration.downFile.path, offset, text: down.text.text }
  if (name !== 'plain' || down === undefined) return { path: migration.path, offset }
  return { path: downPath(migration.path), offset, text: down.text.text }
}

/** The file beside a migration of Shiplock's own layout. */
export function downPath(path: string): string {
  return path.replace(/(\.sql)$/i, '.down$1')
}
