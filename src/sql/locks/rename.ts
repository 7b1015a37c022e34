import type { AlterObjectDependsStmt, AlterObjectSchemaStmt, AlterOwnerStmt, RenameStmt } from '@pgsql/types'
import { everyChild } from './constraint.ts'
import { isOnly, nameOf, nameOfWords, wordsOf } from './names.ts'
import { combine, lock, type ReachLock, type StatementLocks } from './statement-locks.ts'

/** RENAME of a relation or of something in it. An index alone can be renamed without stopping its readers. */
export function rename({ renameType, relation, object, subname = '', newname = '', behavior }: RenameStmt): StatementLocks {
  const name = nameOf(relation)
  switch (renameType) {
    case 'OBJECT_TABLE':
    case 'OBJECT_FOREIGN_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_SEQUENCE':
    case 'OBJECT_INDEX': {
      const mode = renameType === 'OBJECT_INDEX' ? 'ShareUpdateExclusive' : 'AccessExclusive'
      return combine({ locks: [lock(name, mode)], renames: [{ from: name, to: { schema: name.schema, name: newname } }] })
    }
    case 'OBJECT_TYPE': {
      const from = nameOfWords(wordsOf(object))
      return combine({ locks: [lock(from, 'AccessExclusive')], renames: [{ from, to: { schema: from.schema, name: newname } }] })
    }
    case 'OBJECT_ATTRIBUTE':
      return combine({ locks: [lock(name, 'AccessExclusive', ...(behavior === 'DROP_CASCADE' ? [dependents] : []))] })
    case 'OBJECT_COLUMN':
      return combine({ locks: [lock(name, 'AccessExclusive', ...(isOnly(relation) ? [] : [everyChild]))] })
    case 'OBJECT_TABCONSTRAINT': {
      const only = { kind: 'constraint', name: subname } as const
      const index = { to: 'indexes', mode: 'ShareUpdateExclusive', only } as const
      return combine({ locks: [lock(name, 'AccessExclusive', { ...everyChild, only }, index)] })
    }
    case 'OBJECT_TRIGGER': {
      const clones = { to: 'parts', mode: 'AccessExclusive', only: { kind: 'trigger', name: subname } } as const
      return combine({ locks: [lock(name, 'AccessExclusive', clones)] })
    }
    case 'OBJECT_RULE':
    case 'OBJECT_POLICY':
      return combine({ locks: [lock(name, 'AccessExclusive')] })
    case 'OBJECT_SCHEMA':
      return combine({ unknown: 'it renames a schema, which names after it may mean' })
    default:
      return combine()
  }
}

const dependents: ReachLock = { to: 'dependents', mode: 'AccessExclusive' }

/** SET SCHEMA of a relation takes its sequences along. */
export function setSchema({ objectType, relation, newschema }: AlterObjectSchemaStmt): StatementLocks {
  if (objectType === 'OBJECT_EXTENSION') return combine({ unknown: 'the objects of the extension are not written in the file' })
  if (relation === undefined) return combine()
  const from = nameOf(relation)
  const sequences = { to: 'sequences', mode: 'AccessExclusive' } as const
  return combine({ locks: [lock(from, 'AccessExclusive', sequences)], renames: [{ from, to: { schema: newschema, name: from.name } }] })
}

/** Owners of relations are set by ALTER TABLE; of the rest only a composite type is one. */
export function setOwner({ objectType, object }: AlterOwnerStmt): StatementLocks {
  return objectType === 'OBJECT_TYPE' ? combine({ locks: [lock(nameOfWords(wordsOf(object)), 'AccessExclusive')] }) : combine()
}

/** DEPENDS ON EXTENSION. */
export function setDependency({ objectType, relation }: AlterObjectDependsStmt): StatementLocks {
  if (relation === undefined) return combine()
  return combine({ locks: [lock(nameOf(relation), objectType === 'OBJECT_TRIGGER' ? 'AccessShare' : 'AccessExclusive')] })
}
