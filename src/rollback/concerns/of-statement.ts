import type { Node } from '@pgsql/types'
import { nameOf, nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { type ContentOf, type NodeKind, nodesOf, openNode } from '../../sql/node.ts'
import { findRelation } from '../../sql/schema/schema.ts'
import type { Concern } from '../concern.ts'
import { alterTableConcerns } from './alter-table.ts'
import { foreignKeyConcern } from './constraints.ts'
import { concern, foreignCalls, type Meets, oldRelation, oldTable, wasColumn } from './meets.ts'
import { limitsOfPart, newPartConcerns, oldParents } from './partition.ts'
import { publicationConcerns } from './publication.ts'
import { functionConcerns } from './routine.ts'
import { enumConcerns, typeConcerns } from './type.ts'
import { viewConcerns } from './view.ts'
import { writeConcerns } from './write.ts'

/**
 * What a statement may mean for the target's code where the rules of `lint` say nothing. What is not known here is
 * `unknown`: only what can be seen to leave old queries alone counts as compatible.
 */
export function concernsOf(node: Node, meets: Meets): readonly Concern[] {
  const { kind, content } = openNode(node)
  if (harmless.has(kind)) return []
  const judge = judges[kind] as ((content: unknown, meets: Meets) => readonly Concern[]) | undefined
  return judge?.(content, meets) ?? [concern('unknown', 'What this statement means for the older code is not judged.')]
}

/** What the rules of `lint` judge whole, and what no query notices. */
const harmless: ReadonlySet<NodeKind> = new Set<NodeKind>([
  'CheckPointStmt',
  'ClusterStmt',
  'CommentStmt',
  'ConstraintsSetStmt',
  'CreateExtensionStmt',
  'CreateStatsStmt',
  'DiscardStmt',
  'DoStmt', // what stands inside is judged by itself
  'DropdbStmt',
  'LockStmt',
  'NotifyStmt',
  'RefreshMatViewStmt',
  'ReindexStmt',
  'TransactionStmt',
  'TruncateStmt',
  'VacuumStmt',
  'VariableSetStmt',
  'VariableShowStmt',
])

const judges: { readonly [Kind in NodeKind]?: (content: ContentOf<Kind>, meets: Meets) => readonly Concern[] } = {
  AlterTableStmt: (alter, meets) => alterTableConcerns(meets, alter),
  AlterPublicationStmt: (alter, meets) => publicationConcerns(meets, alter),
  CreatePublicationStmt: (create, meets) => publicationConcerns(meets, create),
  CreateStmt: (create, meets) => {
    const { name, schema } = nameOf(create.relation)
    const constraints = [
      ...nodesOf(create.tableElts, 'Constraint'),
      ...nodesOf(create.tableElts, 'ColumnDef').flatMap((column) => nodesOf(column.constraints, 'Constraint')),
      ...nodesOf(create.constraints, 'Constraint'),
    ]
    const keys = constraints.filter(({ contype }) => contype === 'CONSTR_FOREIGN').flatMap((key) => foreignKeyConcern(meets, key))
    const parts = create.partbound === undefined ? [] : newPartConcerns(meets, create)
    const parents = create.partbound === undefined ? nodesOf(create.inhRelations, 'RangeVar') : []
    const inherits = parents
      .filter((parent) => oldTable(meets, nameOf(parent)) !== undefined)
      .map((parent) => {
        const of = nameOf(parent).name
        return concern('changes-meaning', `Rows of ${name} are rows of ${of} too.`, { by: 'use', of }, [of])
      })
    return [...shadow(meets, name, schema), ...keys, ...parts, ...inherits]
  },
  CreateTableAsStmt: (create, meets) => {
    const { name, schema } = nameOf(create.into?.rel)
    return [...shadow(meets, name, schema), ...calls(create.query), ...innerWrites(create.query, meets)]
  },
  CreateSchemaStmt: ({ schemaElts = [] }, meets) => schemaElts.flatMap((one) => concernsOf(one, meets)),
  CreateSeqStmt: ({ sequence }, meets) => shadow(meets, nameOf(sequence).name, nameOf(sequence).schema),
  ViewStmt: (view, meets) => viewConcerns(meets, view),
  IndexStmt: ({ relation, indexParams, whereClause, unique }, meets) => {
    const { name } = nameOf(relation)
    const worked = nodesOf(indexParams, 'IndexElem').some(({ expr }) => expr !== undefined) || whereClause !== undefined
    if (oldTable(meets, nameOf(relation)) === undefined) return unique === true || worked ? limitsOfPart(meets, nameOf(relation)) : []
    if (unique === true) return []
    return worked
      ? [
          concern(
            'unknown',
            `Each write to ${name} works out the expressions of the index, and fails where they fail.`,
            { by: 'writes', to: name },
            [name],
          ),
        ]
      : []
  },
  CreateTrigStmt: ({ relation, trigname = '' }, meets) => {
    const { name } = nameOf(relation)
    const written = oldRelation(meets, nameOf(relation)) === undefined ? oldParents(meets, nameOf(relation)) : [name]
    return written.map((to) =>
      concern('changes-meaning', `Writes to ${to} run the trigger ${trigname} now.`, { by: 'writes', to }, [to, trigname]),
    )
  },
  CompositeTypeStmt: ({ typevar }, meets) => typeConcerns(meets, nameOf(typevar)),
  CreateDomainStmt: ({ domainname }, meets) => typeConcerns(meets, nameOfWords(wordsOf(domainname))),
  CreateEnumStmt: ({ typeName }, meets) => typeConcerns(meets, nameOfWords(wordsOf(typeName))),
  CreateRangeStmt: ({ typeName }, meets) => typeConcerns(meets, nameOfWords(wordsOf(typeName))),
  AlterObjectSchemaStmt: ({ relation, object }, meets) => {
    const name = relation === undefined ? nameOfWords(wordsOf(object)) : nameOf(relation)
    if (relation !== undefined && oldRelation(meets, name) === undefined) return []
    return [concern('unknown', `${name.name} is in another schema than before.`, { by: 'names' }, [name.name])]
  },
  AlterDefaultPrivilegesStmt: ({ action }) =>
    action?.is_grant === true ? [] : [concern('breaks-reads', 'What is made from now on comes without rights that it had.')],
  GrantRoleStmt: ({ is_grant }) =>
    is_grant === true ? [] : [concern('breaks-reads', 'A role lost what another one gave it: queries of the older code may be refused.')],
  CreateFunctionStmt: (create, meets) => functionConcerns(meets, create),
  CreatePolicyStmt: ({ table, policy_name = '' }, meets) => policy(meets, nameOf(table), policy_name),
  AlterPolicyStmt: ({ table, policy_name = '' }, meets) => policy(meets, nameOf(table), policy_name),
  RuleStmt: ({ relation, rulename = '' }, meets) => {
    const { name } = nameOf(relation)
    if (oldRelation(meets, nameOf(relation)) === undefined) return []
    return [concern('changes-meaning', `The rule ${rulename} rewrites queries on ${name}.`, { by: 'use', of: name }, [name])]
  },
  AlterEnumStmt: (alter, meets) => enumConcerns(meets, alter),
  GrantStmt: ({ is_grant, objects, objtype }, _meets) => {
    if (is_grant === true) return []
    const [name] = (objects ?? []).flatMap((object) => ('RangeVar' in object ? [nameOf(object.RangeVar).name] : []))
    const settling = objtype === 'OBJECT_TABLE' && name !== undefined ? ({ by: 'use', of: name } as const) : ({ by: 'nothing' } as const)
    return [
      concern(
        'breaks-reads',
        `Rights are taken away${name === undefined ? '' : ` on ${name}`}: queries of the older code may be refused.`,
        settling,
        [],
      ),
    ]
  },
  RenameStmt: ({ renameType, relation, newname = '' }, meets) => renamed(meets, renameType, nameOf(relation), newname),
  DropStmt: ({ removeType, objects = [] }, meets) => dropped(meets, removeType, objects),
  InsertStmt: (node, meets) => [...writeConcerns(meets, { InsertStmt: node }), ...calls(node), ...innerWrites(node, meets)],
  UpdateStmt: (node, meets) => [...writeConcerns(meets, { UpdateStmt: node }), ...calls(node), ...innerWrites(node, meets)],
  DeleteStmt: (node, meets) => [...writeConcerns(meets, { DeleteStmt: node }), ...calls(node), ...innerWrites(node, meets)],
  MergeStmt: (node, meets) => [...writeConcerns(meets, { MergeStmt: node }), ...calls(node), ...innerWrites(node, meets)],
  SelectStmt: (select, meets) => [...calls(select), ...innerWrites(select, meets)],
}

/** A name that another schema has already: which of both is meant is up to the search path. */
function shadow(meets: Meets, name: string, schema: string | undefined): readonly Concern[] {
  const other = [...meets.target.relations.values()].find(
    (one) => one.name === name && one.schema !== (schema ?? meets.schema.searchPath[0]),
  )
  const same = schema === undefined ? findRelation(meets.target, { schema, name }) : undefined
  if (same !== undefined) return [concern('changes-meaning', `${name} is another relation than before.`, { by: 'use', of: name }, [name])]
  if (other === undefined) return []
  return [
    concern(
      'unknown',
      `${other.schema}.${name} exists too: which of both a query means is up to its search path.`,
      { by: 'use', of: name },
      [name],
    ),
  ]
}

function policy(meets: Meets, table: { schema: string | undefined; name: string }, name: string): readonly Concern[] {
  const old = oldTable(meets, table)
  if (old === undefined || (old.table !== undefined && !old.table.rowSecurity)) return []
  const because = `The policy ${name} shows and accepts other rows of ${table.name}.`
  return [concern('changes-meaning', because, { by: 'use', of: table.name }, [table.name])]
}

const unseenDrops: readonly (string | undefined)[] = ['OBJECT_INDEX', 'OBJECT_STATISTIC_EXT', 'OBJECT_PUBLICATION', 'OBJECT_EVENT_TRIGGER']
const lintDrops: readonly (string | undefined)[] = [
  'TABLE',
  'VIEW',
  'MATVIEW',
  'FUNCTION',
  'PROCEDURE',
  'ROUTINE',
  'SEQUENCE',
  'TYPE',
  'DOMAIN',
  'SCHEMA',
  'TRIGGER',
  'FOREIGN_TABLE',
  'AGGREGATE',
].map((name) => `OBJECT_${name}`)

/** Drops that the rules of `lint` do not judge, and views and routines that are made anew in the same file. */
function dropped(meets: Meets, type: string | undefined, objects: readonly Node[]): readonly Concern[] {
  if (unseenDrops.includes(type) || lintDrops.includes(type)) return []
  if (type === 'OBJECT_POLICY' || type === 'OBJECT_RULE') {
    return objects.flatMap((object) => {
      const of = wordsOf(object).at(-2) ?? ''
      return oldTable(meets, nameOfWords(wordsOf(object).slice(0, -1))) === undefined
        ? []
        : [concern('changes-meaning', `${of} shows and accepts other rows than before.`, { by: 'use', of }, [of])]
    })
  }
  return [concern('unknown', 'What the older code loses with this is not judged.', { by: 'names' })]
}

function renamed(
  meets: Meets,
  type: string | undefined,
  name: { schema: string | undefined; name: string },
  fresh: string,
): readonly Concern[] {
  if (type === 'OBJECT_INDEX' || type === 'OBJECT_TRIGGER' || type === 'OBJECT_POLICY') return []
  if (type === 'OBJECT_TABCONSTRAINT') {
    return [
      concern('unknown', `Code that knows a constraint of ${name.name} by its name does not find it.`, { by: 'writes', to: name.name }, [
        name.name,
      ]),
    ]
  }
  const old = oldRelation(meets, name)
  const taken = type === 'OBJECT_TABLE' || type === 'OBJECT_VIEW' ? findRelation(meets.target, { ...name, name: fresh }) : undefined
  if (taken !== undefined)
    return [concern('changes-meaning', `${fresh} is another relation than before.`, { by: 'use', of: fresh }, [fresh])]
  if (type === 'OBJECT_COLUMN' && wasColumn(meets, old?.relation ?? findRelation(meets.schema, name), fresh)) {
    const settling = { by: 'use', of: name.name, columns: [fresh] } as const
    return [concern('changes-meaning', `${fresh} of ${name.name} is another column than before.`, settling, [fresh])]
  }
  if ((type === 'OBJECT_TABLE' || type === 'OBJECT_COLUMN') && old !== undefined && old.relation?.kind !== 'index') {
    return [
      concern(
        'unknown',
        `What stands in the place of ${name.name} under its old names has rights and limits of its own.`,
        { by: 'names' },
        [name.name, fresh],
      ),
    ]
  }
  const isRelation = name.name !== ''
  return isRelation && old === undefined
    ? []
    : [concern('unknown', `What was ${fresh} before is not found under its old name.`, { by: 'names' }, [fresh])]
}

/** A statement of a migration that runs functions does what they do. */
function calls(value: unknown): readonly Concern[] {
  const [call] = foreignCalls(value)
  return call === undefined ? [] : [concern('unknown', `What ${call}() did is not judged.`)]
}

/** Writes in the WITH of a query. */
function innerWrites(value: unknown, meets: Meets): readonly Concern[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const own = /^(?:Insert|Update|Delete|Merge)Stmt$/.test(key)
      ? writeConcerns(meets, { [key]: inner } as Parameters<typeof writeConcerns>[1])
      : []
    return [...own, ...innerWrites(inner, meets)]
  })
}
