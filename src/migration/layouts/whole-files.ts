import { MappedText } from '../../sql/mapped-text.ts'
import { checksumOf, type Layout, refuseByteOrderMark, textOf } from '../layout.ts'
import type { Migration, SourceFile } from '../migration.ts'
import { isLoneStatement } from './lone-statement.ts'
import { type Mark, readMarks } from './marks.ts'
import { refuseOwnWayBack } from './own-way-back.ts'

/** The files of one migration: one is all its way there, and the other, where there is one, all its way back. */
interface WholeFiles {
  readonly file: SourceFile
  readonly down: SourceFile | undefined
}

/** What such files are for any tool that takes a byte order mark for a part of the first line. */
export function readWhole(
  { file, down }: WholeFiles,
  tool: Layout['name'],
): Pick<Migration, 'path' | 'checksum' | 'file' | 'up' | 'down' | 'downPath'> {
  const text = plainText(file, tool)
  refuseOwnWayBack(file.path, text)
  const back = down === undefined ? undefined : plainText(down, tool)
  return {
    path: file.path,
    checksum: checksumOf(file),
    file: text,
    up: MappedText.ofFile(text),
    down: back === undefined ? undefined : MappedText.ofFile(back),
    downPath: down?.path,
  }
}

/** What the marks at the top of the file say that every tool's files may have. */
export function readOwnMarks({ file, path }: Pick<Migration, 'file' | 'path'>, more: readonly Mark[] = []) {
  const marks = readMarks(file, path, [...more, 'hotfix', 'major'])
  return { marks, hotfix: marks.has('hotfix'), major: marks.has('major') }
}

/** The same with what runs in a transaction, for a tool that sends a file as one message and has no mark of its own. */
export function readSentWhole(files: WholeFiles, tool: Layout['name']) {
  const whole = readWhole(files, tool)
  const { marks, hotfix, major } = readOwnMarks(whole, ['no-transaction'])
  const inTransaction = (text: string, has: boolean) => !has && !isLoneStatement(text)
  const { down, downPath } = whole
  return {
    ...whole,
    transactional: inTransaction(whole.file, marks.has('no-transaction')),
    ...(down === undefined || downPath === undefined
      ? {}
      : { downTransactional: inTransaction(down.text, readMarks(down.text, downPath, ['no-transaction']).has('no-transaction')) }),
    hotfix,
    major,
  }
}

/** The files of each migration's own folder, by their names there. */
export function filesByFolder(files: readonly SourceFile[]): ReadonlyMap<string, ReadonlyMap<string, SourceFile>> {
  const folders = new Map<string, Map<string, SourceFile>>()
  for (const file of files) {
    const [folder = '', name = ''] = file.name.split('/')
    const held = folders.get(folder) ?? new Map<string, SourceFile>()
    folders.set(folder, held.set(name, file))
  }
  return folders
}

function plainText(file: SourceFile, tool: Layout['name']): string {
  refuseByteOrderMark(file, tool)
  return textOf(file)
}
