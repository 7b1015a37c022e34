import type { DropStmt, Node } from '@pgsql/types'
import { objectName } from '../../sql/destructive/drop.ts'
import { nameOfWords, type RelationName, wordsOf } from '../../sql/locks/names.ts'
import { writtenRelation } from '../remedy/write.ts'
import type { StatementScope } from '../scope.ts'
import type { Parting } from './moved.ts'
import { oldRelation } from './old-objects.ts'

/** Relations that a DROP takes away and that code which still runs may use. */
export function droppedOld(scope: StatementScope, drop: DropStmt) {
  return (drop.objects ?? []).flatMap((object) => oldRelation(scope, nameOfObject(object)) ?? [])
}

export function nameOfObject(object: Node): RelationName {
  return nameOfWords(wordsOf(object))
}

/** A DROP of several, parted: those that move, and those that stay. */
export function partDrop(scope: StatementScope, drop: DropStmt, moves: readonly RelationName[]): Parting {
  const names = (drop.objects ?? []).map(nameOfObject)
  const going = new Set(moves.map(writtenRelation))
  const kept = names.filter((name) => !going.has(writtenRelation(name)))
  if (kept.length === 0) return { moved: [scope.sql] }
  const statement = (some: readonly RelationName[]) =>
    [
      `drop ${objectName(drop.removeType ?? 'OBJECT_TABLE').toLowerCase()}`,
      ...(drop.concurrent ? ['concurrently'] : []),
      ...(drop.missing_ok ? ['if exists'] : []),
      some.map(writtenRelation).join(', '),
      ...(drop.behavior === 'DROP_CASCADE' ? ['cascade'] : []),
    ].join(' ')
  return { moved: [statement(moves)], kept: [statement(kept)] }
}
