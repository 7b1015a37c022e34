import type { ColumnDef, Constraint } from '@pgsql/types'
import type { RelationName } from '../../sql/locks/names.ts'
import { nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable, findTypeKey, nameOfKey } from '../../sql/schema/schema.ts'
import type { Concern } from '../concern.ts'
import { foreignKeyConcern } from './constraints.ts'
import { concern, foreignCalls, type Meets, wasColumn } from './meets.ts'

/** A column that the target's code does not know. Whether it may be left out is for the rules of `lint` to say. */
export function newColumnConcerns(meets: Meets, table: RelationName, column: ColumnDef): readonly Concern[] {
  const { colname: name = '' } = column
  const constraints = nodesOf(column.constraints, 'Constraint')
  const writes = { by: 'writes', to: table.name } as const
  const hasDefault = constraints.some(({ contype }) => contype === 'CONSTR_DEFAULT')
  const found: Concern[] = []
  if (wasColumn(meets, findTable(meets.schema, table), name)) {
    const settling = { by: 'use', of: table.name, columns: [name] } as const
    found.push(concern('changes-meaning', `${name} of ${table.name} is another column than before.`, settling, [name]))
  }
  const others = othersWith(meets, table, name)
  if (others.length > 0) {
    const because = `${others[0]} has a column ${name} too: a query that joins it with ${table.name} and writes ${name} without its table becomes ambiguous.`
    found.push(concern('unknown', because, { by: 'names', bare: { of: table.name, column: name } }, [name]))
  }
  const sibling = siblingOf(meets, table)
  if (sibling !== undefined) {
    const because = `${sibling} has the same columns as ${table.name}: a query that copies or unites all columns of both no longer fits.`
    found.push(concern('unknown', because, { by: 'names' }, [table.name, sibling]))
  }
  const routine = routineNaming(meets, table.name, name)
  if (routine !== undefined) {
    const because = `The function ${routine} uses ${table.name} and has the word ${name}: inside of it the name may be ambiguous now.`
    found.push(concern('unknown', because, { by: 'use', of: routine }, [name]))
  }
  for (const constraint of constraints) found.push(...ofConstraint(meets, table.name, name, constraint, hasDefault))
  const type = nameOfWords(wordsOf(column.typeName?.names))
  if (meets.schema.types.get(findTypeKey(meets.schema, type) ?? '')?.kind === 'domain') {
    found.push(concern('unknown', `${name} has the domain ${type.name}, which may refuse what is left out.`, writes, [name, table.name]))
  }
  return found
}

function ofConstraint(
  meets: Meets,
  table: string,
  column: string,
  { contype, raw_expr, ...constraint }: Constraint,
  hasDefault: boolean,
): readonly Concern[] {
  const writes = { by: 'writes', to: table } as const
  const subjects = [column, table]
  switch (contype) {
    case 'CONSTR_DEFAULT': {
      const [call] = foreignCalls(raw_expr)
      return call === undefined ? [] : [concern('unknown', `Each insert calls ${call}() for ${column} now.`, writes, subjects)]
    }
    case 'CONSTR_GENERATED':
      return [concern('unknown', `Each write works out ${column}, and fails where that fails.`, writes, subjects)]
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
    case 'CONSTR_EXCLUSION':
      return hasDefault
        ? [concern('breaks-writes', `Every row that leaves ${column} out has the same value, and it is unique.`, writes, subjects)]
        : []
    case 'CONSTR_CHECK':
      return [concern('unknown', `The check of the new column ${column} may refuse rows that leave it out.`, writes, subjects)]
    case 'CONSTR_FOREIGN': {
      const own = hasDefault
        ? [concern('breaks-writes', `Rows that leave ${column} out need a partner for its default.`, writes, subjects)]
        : []
      return [...own, ...foreignKeyConcern(meets, constraint)]
    }
    default:
      return []
  }
}

/** Other relations of the target that have a column of that name. */
function othersWith({ target }: Meets, table: RelationName, column: string): readonly string[] {
  return [...target.relations.values()].flatMap((one) => {
    if (one.name === table.name) return []
    const has = one.kind === 'table' ? one.columns.has(column) : one.kind === 'view' && one.columns?.includes(column) === true
    return has ? [one.name] : []
  })
}

/** Another table of the target with the same columns, such as an archive. */
function siblingOf({ target }: Meets, table: RelationName): string | undefined {
  const own = findTable(target, table)
  if (own === undefined) return undefined
  const columns = [...own.columns.keys()].join()
  const siblings = [...target.relations.values()].filter((one) => one.kind === 'table' && one !== own && one.partitionOf === undefined)
  return siblings.find((one) => one.kind === 'table' && [...one.columns.keys()].join() === columns)?.name
}

/** A routine of the target whose text names both. */
function routineNaming({ target }: Meets, table: string, column: string): string | undefined {
  for (const [key, all] of target.functions) {
    for (const { body, language } of all) {
      if (language !== 'plpgsql' || body === undefined) continue
      const words = new Set(body.toLowerCase().match(/[\w$]+/g))
      if (words.has(table) && words.has(column)) return nameOfKey(key).name
    }
  }
  return undefined
}
