import { openFile } from '../../lint/lint-file.ts'
import type { Migration } from '../../migration/migration.ts'
import type { MappedText } from '../../sql/mapped-text.ts'
import type { Statement } from '../../sql/parse.ts'
import { positionFromUtf16 } from '../../sql/position.ts'

/** A statement of a down, with its place for people. */
export interface DownStep {
  readonly statement: Statement
  readonly text: string
  /** `path:line`. */
  readonly place: string
  /** The text in one line. */
  readonly shown: string
  /** Whether it stands in a block, whose conditions, loops and variables nobody follows. */
  readonly inBlock: boolean
  /** Why its text does not say what it does, in words that follow "loses". */
  readonly hidden: string | undefined
}

/** The statements of a migration's way back in their order; those that stand in DO blocks in the place of their block. */
export async function readDown(migration: Migration): Promise<readonly DownStep[]> {
  const { down, refused } = await openFile(migration, true, 0)
  if (refused !== undefined) throw refused
  if (down === undefined) return []
  const locate = placeFinder(migration)
  if (down.problem !== undefined) {
    const hidden = `what the down changes, which the parser does not read (${down.problem.message})`
    const nothing: Statement = { start: 0, end: down.text.text.length, node: { SelectStmt: {} } }
    return [{ ...whereabouts(nothing, down.text, locate), inBlock: true, hidden }]
  }
  return down.statements.flatMap((statement, index): DownStep[] => {
    const nested = down.nested.get(index)
    const [unread] = down.unread.get(index) ?? []
    const itself = whereabouts(statement, down.text, locate)
    if (unread !== undefined)
      return [{ ...itself, inBlock: true, hidden: `what a DO block changes, which its text does not show (${unread.what})` }]
    if (!('DoStmt' in statement.node)) return [{ ...itself, inBlock: false, hidden: undefined }]
    return (nested ?? []).map((one) => ({ ...whereabouts(one.statement, one.text, locate), inBlock: true, hidden: undefined }))
  })
}

type Locate = (text: MappedText, offset: number) => string

function whereabouts(statement: Statement, text: MappedText, locate: Locate): Pick<DownStep, 'statement' | 'text' | 'place' | 'shown'> {
  const own = text.text.slice(statement.start, statement.end)
  return { statement, text: own, place: locate(text, statement.start), shown: own.replaceAll(/\s+/g, ' ').trim() }
}

/** The way back is a file of its own, or a part of the migration's. */
function placeFinder({ path, downPath, file, down }: Migration): Locate {
  const [place, whole] = downPath === undefined ? [path, file] : [downPath, down?.text ?? '']
  return (text, offset) => {
    const at = text.fileOffset(offset)
    return at === undefined ? place : `${place}:${positionFromUtf16(whole, at).line}`
  }
}
