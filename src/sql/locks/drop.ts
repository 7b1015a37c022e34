import type { DropStmt } from '@pgsql/types'
import { nameOfWords, wordsOf } from './names.ts'
import { combine, type Finding, lock, type Part, type ReachLock, type StatementLocks } from './statement-locks.ts'

/** DROP of anything: relations are named; what else falls with CASCADE is for the catalog to name, or unknown. */
export function drop({ removeType = 'OBJECT_TABLE', objects, behavior, concurrent }: DropStmt): StatementLocks {
  const cascades = behavior === 'DROP_CASCADE'
  const names = (objects ?? []).map(wordsOf)
  const dropped = droppers[removeType]
  if (dropped !== undefined) return combine(...names.map((words) => dropped(words, { cascades, concurrent: concurrent === true })))
  const what = removeType.replace('OBJECT_', '').replaceAll('_', ' ')
  if (cascades) return combine({ unknown: `what falls with DROP ${what} CASCADE is not written in the file` })
  return withoutTable.has(removeType) ? combine() : combine({ unknown: `the tables that DROP ${what} locks are not written in the file` })
}

interface DropOptions {
  readonly cascades: boolean
  readonly concurrent: boolean
}

const droppers: Partial<Record<NonNullable<DropStmt['removeType']>, (words: readonly string[], options: DropOptions) => Finding>> = {
  OBJECT_TABLE: dropTable,
  OBJECT_FOREIGN_TABLE: dropTable,
  OBJECT_VIEW: dropRelation,
  OBJECT_MATVIEW: dropRelation,
  OBJECT_SEQUENCE: dropRelation,
  OBJECT_INDEX: dropIndex,
  OBJECT_TRIGGER: (words) => dropPart('trigger', words),
  OBJECT_RULE: (words) => dropPart('rule', words),
  OBJECT_POLICY: (words) => dropPart('policy', words),
  OBJECT_TYPE: (words, { cascades }) => ({
    locks: [lock(nameOfWords(words), 'AccessExclusive')], // a composite type is a relation too
    ...(cascades ? { unknown: 'what falls with DROP TYPE CASCADE is not written in the file' } : {}),
  }),
}

function dropTable(words: readonly string[], { cascades }: DropOptions): Finding {
  return { locks: [lock(nameOfWords(words), 'AccessExclusive', goesWith(cascades), { to: 'parent', mode: 'AccessExclusive' })] }
}

function dropRelation(words: readonly string[], { cascades }: DropOptions): Finding {
  return { locks: [lock(nameOfWords(words), 'AccessExclusive', goesWith(cascades))] }
}

function dropIndex(words: readonly string[], { cascades, concurrent }: DropOptions): Finding {
  const mode = concurrent ? 'ShareUpdateExclusive' : 'AccessExclusive'
  const reach = concurrent ? [] : [goesWith(cascades)]
  return { locks: [lock(nameOfWords(words), mode, { to: 'table', mode }, ...reach)] }
}

function goesWith(cascades: boolean): ReachLock {
  return { to: cascades ? 'dependents' : 'parts', mode: 'AccessExclusive' }
}

/** `schema.table.trigger`: the table is only looked at when there is no such trigger, as IF EXISTS allows. */
function dropPart(kind: Part['kind'], words: readonly string[]): Finding {
  const only = { kind, name: words.at(-1) ?? '' }
  return { locks: [lock(nameOfWords(words.slice(0, -1)), 'AccessShare', { to: 'parts', mode: 'AccessExclusive', only })] }
}

/** Objects that no table holds on to, or whose DROP is refused while one does. */
const withoutTable: ReadonlySet<string> = new Set([
  'OBJECT_ACCESS_METHOD',
  'OBJECT_AGGREGATE',
  'OBJECT_CAST',
  'OBJECT_COLLATION',
  'OBJECT_CONVERSION',
  'OBJECT_DOMAIN',
  'OBJECT_EVENT_TRIGGER',
  'OBJECT_FDW',
  'OBJECT_FOREIGN_SERVER',
  'OBJECT_FUNCTION',
  'OBJECT_LANGUAGE',
  'OBJECT_OPCLASS',
  'OBJECT_OPERATOR',
  'OBJECT_OPFAMILY',
  'OBJECT_PROCEDURE',
  'OBJECT_PUBLICATION',
  'OBJECT_ROUTINE',
  'OBJECT_SCHEMA',
  'OBJECT_TRANSFORM',
  'OBJECT_TSCONFIGURATION',
  'OBJECT_TSDICTIONARY',
  'OBJECT_TSPARSER',
  'OBJECT_TSTEMPLATE',
])
