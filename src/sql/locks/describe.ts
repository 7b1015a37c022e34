import type { CommentStmt, GrantStmt, Node } from '@pgsql/types'
import { nameOf, nameOfWords, wordsOf } from './names.ts'
import { combine, lock, type StatementLocks } from './statement-locks.ts'

/** COMMENT, and SECURITY LABEL, on a relation or on something in it. */
export function comment({ objtype, object }: Pick<CommentStmt, 'objtype' | 'object'>): StatementLocks {
  const words = wordsOf(object)
  switch (objtype) {
    case 'OBJECT_TABLE':
    case 'OBJECT_FOREIGN_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_SEQUENCE':
    case 'OBJECT_INDEX':
      return combine({ locks: [lock(nameOfWords(words), 'ShareUpdateExclusive')] })
    case 'OBJECT_COLUMN':
      return combine({ locks: [lock(nameOfWords(words.slice(0, -1)), 'ShareUpdateExclusive')] })
    case 'OBJECT_TABCONSTRAINT':
    case 'OBJECT_TRIGGER':
    case 'OBJECT_RULE':
    case 'OBJECT_POLICY':
      return combine({ locks: [lock(nameOfWords(words.slice(0, -1)), 'AccessShare')] })
    default:
      return combine()
  }
}

/** GRANT and REVOKE look at what they name, since PostgreSQL 18 with a lock. */
export function grant({ targtype, objtype, objects }: GrantStmt): StatementLocks {
  if (targtype !== 'ACL_TARGET_OBJECT' || !['OBJECT_TABLE', 'OBJECT_SEQUENCE'].includes(objtype ?? '')) return combine()
  const relations = (objects ?? []).flatMap((one: Node) => ('RangeVar' in one ? [nameOf(one.RangeVar)] : []))
  return combine({ locks: relations.map((one) => lock(one, 'AccessShare')) })
}
