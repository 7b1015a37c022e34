import { utf16FromCodePoints } from '../sql/position.ts'
import type { SqlFailure } from './executor.ts'
import type { Message } from './message.ts'
import { placeIn } from './migration.ts'
import type { Script } from './script.ts'

/** Where in the file a message failed: the server's position when it gives one, else the statement after the last that ended. */
export function placeOf(failure: SqlFailure, { text, before }: Pick<Message, 'text' | 'before'>, { migration, units }: Script): string {
  if (failure.position !== undefined) {
    const offset = utf16FromCodePoints(text.text, failure.position)
    if (text.fileOffset(offset) !== undefined) return placeIn(migration, text, offset)
  }
  const unit = units.find((one) => text === one.sql || (before > 0 && text.text.includes(one.sql.text)))
  const statement = unit?.statements[failure.completed - before]
  return unit === undefined || statement === undefined ? migration.path : placeIn(migration, unit.sql, statement)
}
