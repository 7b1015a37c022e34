import { destructivePart } from '../../sql/destructive.ts'
import { nameOf, optionsOf } from '../../sql/locks/names.ts'
import { nodesOf, openNode } from '../../sql/node.ts'
import { findRelation, type Schema, type Sequence, tableById } from '../../sql/schema/schema.ts'
import type { DownStep } from './down-steps.ts'
import { type Draft, unknown } from './draft.ts'
import type { LiveNames } from './live-names.ts'

export function liveSequences(schema: Schema): readonly Sequence[] {
  return [...schema.relations.values()].flatMap((one) => (one.kind === 'sequence' ? [{ ...one }] : []))
}

/** What no row and no column tells: the position of a sequence, and statements that hide what they do. */
export function furtherLosses(
  schema: Schema,
  names: LiveNames,
  { statement, inBlock }: DownStep,
  sequences: readonly Sequence[],
  isExplained: boolean,
): readonly Draft[] {
  const lost = sequences.filter(({ id }) => !schema.relations.has(id) && names.sequence(id) !== undefined)
  const drafts = [...lost.flatMap((one) => gone(schema, one)), ...restarted(schema, names, statement.node)]
  const { kind } = openNode(statement.node)
  if (isExplained || drafts.length > 0) return drafts
  const hidden = hiding.has(kind) || isDropOfExtension(statement.node) || inBlock ? destructivePart(statement) : undefined
  return hidden === undefined || (plainKinds.has(kind) && !isDropOfExtension(statement.node))
    ? drafts
    : [unknown(`what ${hidden} changes, which its text does not show`)]
}

/** Those of a dropped table or column are copied with it. */
function gone(schema: Schema, { id, schema: space, name, ownedBy }: Sequence): readonly Draft[] {
  const what = `the last number of the sequence ${space === 'public' ? name : `${space}.${name}`}`
  if (ownedBy === undefined) return [{ kind: 'values', what, fails: false, about: { kind: 'sequence', id } }]
  const stays = tableById(schema, ownedBy.table)?.columns.has(ownedBy.column) === true
  return stays ? [{ kind: 'values', what, fails: false, about: undefined }] : []
}

function restarted(schema: Schema, names: LiveNames, node: DownStep['statement']['node']): readonly Draft[] {
  const again = (id: number | undefined): readonly Draft[] => {
    const sequence = id === undefined ? undefined : names.sequence(id)
    if (id === undefined || sequence === undefined) return []
    const what = `the last number of the sequence ${sequence.schema === 'public' ? sequence.table : `${sequence.schema}.${sequence.table}`}`
    return [{ kind: 'values', what, fails: false, about: { kind: 'position', id } }]
  }
  if ('AlterSeqStmt' in node) {
    const { sequence, options } = node.AlterSeqStmt
    return optionsOf(options).some(({ defname }) => defname === 'restart') ? again(findRelation(schema, nameOf(sequence))?.id) : []
  }
  if (!('AlterTableStmt' in node)) return []
  const table = findRelation(schema, nameOf(node.AlterTableStmt.relation))
  return nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').flatMap(({ subtype, name, def }) => {
    const restarts =
      subtype === 'AT_SetIdentity' &&
      def !== undefined &&
      'List' in def &&
      optionsOf(def.List.items).some(({ defname }) => defname === 'restart')
    if (!restarts || table?.kind !== 'table') return []
    return again(
      [...table.sequences].find((id) => {
        const sequence = schema.relations.get(id)
        return sequence?.kind === 'sequence' && sequence.ownedBy?.column === name
      }),
    )
  })
}

/** Statements whose text does not say which data they change. */
const hiding: ReadonlySet<string> = new Set([
  'AlterExtensionContentsStmt',
  'AlterExtensionStmt',
  'CallStmt',
  'CopyStmt',
  'CreateTableAsStmt',
  'DropOwnedStmt',
  'DropSubscriptionStmt',
  'DropdbStmt',
  'ExecuteStmt',
  'ExplainStmt',
  'FetchStmt',
  'InsertStmt',
  'LoadStmt',
  'SelectStmt',
])

/** The replay of the schema tells all that they take. */
const plainKinds: ReadonlySet<string> = new Set(['AlterTableStmt', 'DropStmt', 'AlterSeqStmt'])

/** Its tables hold rows that no text of the team names. */
function isDropOfExtension(node: DownStep['statement']['node']): boolean {
  return 'DropStmt' in node && node.DropStmt.removeType === 'OBJECT_EXTENSION'
}
