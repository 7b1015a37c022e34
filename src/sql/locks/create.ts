import type {
  AlterPublicationStmt,
  AlterSeqStmt,
  CreateFunctionStmt,
  CreatePolicyStmt,
  CreatePublicationStmt,
  CreateSeqStmt,
  CreateStatsStmt,
  CreateTrigStmt,
  IndexStmt,
  Node,
  RuleStmt,
  ViewStmt,
} from '@pgsql/types'
import { isOnly, nameOf, nameOfWords, optionsOf, wordsOf } from './names.ts'
import { queryLocks } from './query.ts'
import { combine, type Finding, lock, type StatementLocks } from './statement-locks.ts'

/** A plain build keeps writers out; CONCURRENTLY only other definitions. Functions in it are called for every row. */
export function createIndex({ relation, idxname, concurrent, if_not_exists, ...rest }: IndexStmt): StatementLocks {
  const mode = concurrent === true ? 'ShareUpdateExclusive' : 'Share'
  const partitions = isOnly(relation) ? [] : [{ to: 'partitions', mode } as const]
  const creates = if_not_exists === true || idxname === undefined ? [] : [{ schema: relation?.schemaname, name: idxname }]
  const { unknown } = queryLocks([rest.indexParams, rest.whereClause], 'run')
  return combine({ locks: [lock(nameOf(relation), mode, ...partitions)], creates, unknown, work: 'rows' })
}

/** OR REPLACE waits for everybody who uses the view. */
export function createView({ view, query, replace }: ViewStmt): StatementLocks {
  const own = replace === true ? { locks: [lock(nameOf(view), 'AccessExclusive')] } : { creates: [nameOf(view)] }
  return combine(own, queryLocks(query, 'analyzed'), { definesOnly: view?.relpersistence !== 't' })
}

/** A row trigger is made for every partition as well. */
export function createTrigger({ relation, row, constrrel }: CreateTrigStmt): StatementLocks {
  const mode = 'ShareRowExclusive'
  const reach = row === true ? [{ to: 'partitions', mode } as const] : []
  return combine({ locks: [lock(nameOf(relation), mode, ...reach)] }, constrrel === undefined ? {} : looksAt(constrrel))
}

export function createPolicy({ table, qual, with_check }: Pick<CreatePolicyStmt, 'table' | 'qual' | 'with_check'>): StatementLocks {
  return combine({ locks: [lock(nameOf(table), 'AccessExclusive')] }, queryLocks([qual, with_check], 'analyzed'))
}

export function createRule({ relation, actions, whereClause }: RuleStmt): StatementLocks {
  return combine({ locks: [lock(nameOf(relation), 'AccessExclusive')] }, queryLocks([actions, whereClause], 'analyzed'))
}

export function createSequence({ sequence, options, if_not_exists }: CreateSeqStmt): StatementLocks {
  const creates = if_not_exists === true ? {} : { creates: [nameOf(sequence)] }
  return combine(creates, ownerOf(options), { definesOnly: sequence?.relpersistence !== 't' })
}

export function alterSequence({ sequence, options }: AlterSeqStmt): StatementLocks {
  return combine({ locks: [lock(nameOf(sequence), 'ShareRowExclusive')] }, ownerOf(options))
}

/** `owned by table.column`, or `owned by none`. */
function ownerOf(options: readonly Node[] | undefined): Finding {
  const column = wordsOf(optionsOf(options).find(({ defname }) => defname === 'owned_by')?.arg)
  return column.length < 2 ? {} : { locks: [lock(nameOfWords(column.slice(0, -1)), 'AccessShare')] }
}

export function createStatistics({ relations }: CreateStatsStmt): StatementLocks {
  const tables = (relations ?? []).flatMap((one) => ('RangeVar' in one ? [one.RangeVar] : []))
  return combine({ locks: tables.map((one) => lock(nameOf(one), 'ShareUpdateExclusive')) })
}

export function createPublication({ pubobjects }: Pick<CreatePublicationStmt, 'pubobjects'>): StatementLocks {
  const tables = (pubobjects ?? []).flatMap((one) => ('PublicationObjSpec' in one ? (one.PublicationObjSpec.pubtable?.relation ?? []) : []))
  const mode = 'ShareUpdateExclusive'
  return combine({ locks: tables.map((one) => lock(nameOf(one), mode, ...(isOnly(one) ? [] : [{ to: 'children', mode } as const]))) })
}

/** SET locks the tables that leave the publication too, and does not name them. */
export function alterPublication(statement: AlterPublicationStmt): StatementLocks {
  const setsTables = statement.action === 'AP_SetObjects' && (statement.pubobjects ?? []).length > 0
  return combine(createPublication(statement), setsTables ? { unknown: 'it does not name the tables that leave the publication' } : {})
}

/** The body in a string is only checked; a language other than SQL and PL/pgSQL has a checker of its own. */
export function createFunction({ options, sql_body }: CreateFunctionStmt): StatementLocks {
  const [language = 'sql'] = wordsOf(optionsOf(options).find(({ defname }) => defname === 'language')?.arg)
  return combine(queryLocks(sql_body, 'analyzed'), { definesOnly: ['sql', 'plpgsql'].includes(language.toLowerCase()) })
}

function looksAt(relation: Parameters<typeof nameOf>[0]): Finding {
  return { locks: [lock(nameOf(relation), 'AccessShare')] }
}
