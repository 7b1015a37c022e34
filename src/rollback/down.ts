import { downPlace } from '../lint/down/down-place.ts'
import { offsetOf } from '../lint/down/judge-files.ts'
import type { WayBack } from '../lint/down/way-back.ts'
import type { LintFile } from '../lint/lint-file.ts'
import type { Statement } from '../sql/parse.ts'
import { positionFromUtf16 } from '../sql/position.ts'

/** What the `down` of a migration does once it has run, and data has been written since. */
export interface Down {
  /** `impossible`: the schema comes back, and what stood in it does not; `unread` where the parser reads one of the two texts not. */
  readonly kind: 'lossless' | 'lossy' | 'impossible' | 'missing' | 'unread'
  /** Whether there is a text for the way back. */
  readonly exists: boolean
  /** What is lost, in words that follow "loses", or why nothing brings it back. */
  readonly what: string | undefined
  /** `path:line` of the statement that loses it. */
  readonly at: string | undefined
}

/** `wayBack` is what `judgeWayBack` says; `undefined` where a text is not read. */
export function downOf(file: LintFile, wayBack: WayBack | undefined): Down {
  const exists = (file.down?.statements.length ?? 0) > 0 || file.down?.problem !== undefined
  const down = (kind: Down['kind'], what?: string, by?: Statement): Down => {
    return { kind, exists, what, at: by === undefined ? undefined : placeOf(by, file) }
  }
  if (wayBack === undefined) return down('unread')
  if (wayBack.kind === 'impossible') return down('impossible', wayBack.because, wayBack.by)
  if (wayBack.kind === 'lossy') return down('lossy', wayBack.loses.map(({ what }) => what).join(', '), wayBack.loses[0]?.by)
  return down(wayBack.kind)
}

/** The statement may stand in either text. */
function placeOf(statement: Statement, file: LintFile): string {
  const { up, migration } = file
  const isUp = up.statements.includes(statement) || [...up.nested.values()].flat().some((one) => one.statement === statement)
  const {
    path,
    offset = 0,
    text = migration.file,
  } = isUp ? { path: migration.path, offset: offsetOf(up, statement) } : downPlace(file, statement)
  return `${path}:${positionFromUtf16(text, offset).line}`
}
