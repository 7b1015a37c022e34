import type { Layout } from '../../migration/layout.ts'
import type { Statement } from '../../sql/parse.ts'
import type { LintFile } from '../lint-file.ts'
import type { ReleaseProblem } from '../rule.ts'
import type { ReleaseScope } from '../scope.ts'
import { offsetOf } from './judge-files.ts'

type Place = Pick<ReleaseProblem, 'path' | 'offset' | 'text'>

/** Where the way back of a migration stands, or one of its statements: in some layouts a file of its own. */
export function downPlace({ migration, down }: LintFile, { name }: ReleaseScope['layout'], statement?: Statement): Place {
  const first = statement ?? down?.statements[0]
  const offset = first === undefined ? 0 : offsetOf(down, first)
  if (!isApart(name) || down === undefined) return { path: migration.path, offset }
  return { path: downPath(migration.path), offset, text: down.text.text }
}

/** Whether the way back is a file of its own. */
export function isApart(name: Layout['name']): boolean {
  return name === 'plain' || name === 'golang-migrate' || name === 'sqlx' || name === 'diesel' || name === 'flyway'
}

/** The file beside a migration that takes it back. */
export function downPath(path: string): string {
  if (/(?:^|\/)up\.sql$/.test(path)) return path.replace(/up(?=\.sql$)/, 'down')
  if (/(?:^|\/)V\d[^/]*$/.test(path)) return path.replace(/V(?=\d[^/]*$)/, 'U')
  return path.replace(/(?:\.up)?(\.sql)$/i, '.down$1')
}
