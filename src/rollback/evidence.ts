import type { Schema } from '../sql/schema/schema.ts'
import { type Concern, type Effect, gravest, type Settling } from './concern.ts'
import { type DecidedLine, lineByRules } from './decide.ts'
import { type Footprint, footprintOf } from './footprint.ts'
import type { Judged } from './judge.ts'
import { keeps } from './kept-limit.ts'
import type { TargetQuery, UnreadQueries } from './queries.ts'

/** What the server says of a query that it was asked to prepare. */
export type Prepared =
  | { readonly state: 'prepared' }
  | { readonly state: 'failed'; readonly code: string; readonly message: string }
  /** It cannot be prepared as it stands, whatever the schema is. */
  | { readonly state: 'not-tried'; readonly because: string }

export interface AskedQuery {
  readonly query: TargetQuery
  readonly answer: Prepared
}

interface Asked extends AskedQuery {
  readonly uses: Footprint
}

/**
 * What the target's own queries say, in both directions: a query that fails breaks whatever the rules say, and a concern
 * that no query can meet is none.
 */
export function withQueries(
  judged: readonly Judged[],
  asked: readonly AskedQuery[],
  unread: readonly UnreadQueries[],
  schema: Schema,
): readonly DecidedLine[] {
  const all = asked.map((one): Asked => ({ ...one, uses: footprintOf(one.query.node, schema) }))
  const failed = all.filter(({ answer }) => answer.state === 'failed')
  const explained = new Set<Asked>()
  const lines = judged.map((one): DecidedLine => {
    const byRules = lineByRules(one)
    const met = failed.filter((query) => one.concerns.some((concern) => isAbout(query, concern)))
    for (const query of met) explained.add(query)
    if (met[0] !== undefined) return said(byRules, effectOf(met[0]), broken(met[0], met.length - 1))
    const open = one.concerns.filter((concern) => unread.length > 0 || !isSettled(concern, all, schema))
    const worst = gravest(open)
    if (worst === undefined) return said(byRules, 'compatible', `None of the target's queries meets it.`)
    return { ...byRules, effect: worst.effect, because: worst.because }
  })
  return [
    ...lines,
    ...failed.filter((query) => !explained.has(query)).map((query) => unexplained(query, judged)),
    ...unread.map(nobodyRead),
  ]
}

function said(line: DecidedLine, effect: Effect, because: string): DecidedLine {
  if (line.effect === effect && effect === 'compatible') return { ...line, by: 'queries' }
  return { ...line, effect, because, by: 'queries', ...(line.effect === effect ? {} : { byRules: line.effect }) }
}

function isSettled({ settling, subjects }: Concern, asked: readonly Asked[], schema: Schema): boolean {
  if (settling.by === 'nothing') return false
  if (settling.by === 'names') {
    const { star, bare, words = subjects } = settling
    if (bare !== undefined && asked.some(({ uses }) => uses.inScope.has(bare.of) && (uses.joinsByName || uses.bare.has(bare.column))))
      return false
    if (asked.some(({ uses }) => words.some((word) => uses.routineWords.has(word.toLowerCase())))) return false
    if (star !== undefined && asked.some(({ uses }) => uses.everyColumn && uses.names.has(star))) return false
    return asked.every((one) => one.answer.state === 'prepared' || !subjects.some((name) => mentions(one, name)))
  }
  return !asked.some(({ uses }) => meets(settling, uses, schema))
}

function meets(settling: Exclude<Settling, { by: 'nothing' | 'names' }>, uses: Footprint, schema: Schema): boolean {
  if (settling.by === 'use') {
    const { of, columns } = settling
    return uses.names.has(of) && (columns === undefined || uses.everyColumn || columns.some((one) => uses.columns.has(one)))
  }
  if (settling.by === 'rows') {
    const { to, limits } = settling
    return uses.writes.some((write) => write.relation === to && !limits.every((limit) => keeps(write, limit, schema)))
  }
  const { to, kinds, columns, without } = settling
  return uses.writes.some((write) => {
    if (write.relation !== to || (kinds !== undefined && !kinds.includes(write.kind))) return false
    if (without !== undefined && write.kind === 'insert') return write.columns === 'all' || !write.columns.has(without)
    // a row that is inserted has a value in every column, also where the query names none
    if (columns === undefined || write.columns === 'all' || write.kind !== 'update') return columns === undefined || write.kind !== 'delete'
    const { columns: changed } = write
    return columns.some((one) => changed.has(one))
  })
}

/** Whether a query failed because of what a concern is about. */
function isAbout(query: Asked, { subjects }: Concern): boolean {
  const { answer } = query
  const message = answer.state === 'failed' ? answer.message : ''
  const words = new Set(message.match(/[\w$]+/g))
  // where the message names nothing, such as for an operator that does not exist, the query's own names tell
  return subjects.some((name) => words.has(name) || (!message.includes('"') && mentions(query, name)))
}

function mentions({ uses }: Asked, name: string): boolean {
  return uses.names.has(name) || uses.columns.has(name)
}

function effectOf({ uses }: Asked): Effect {
  return uses.writes.length > 0 ? 'breaks-writes' : 'breaks-reads'
}

function broken({ query, answer }: AskedQuery, more: number): string {
  const why = answer.state === 'failed' ? `${answer.message} (${answer.code})` : ''
  return `${query.name} in ${query.path} cannot be prepared: ${why}${more > 0 ? `; ${more} more` : ''}.`
}

function unexplained(one: Asked, judged: readonly Judged[]): DecidedLine {
  const { query, answer } = one
  const message = answer.state === 'failed' ? answer.message : ''
  const named = [...message.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name.split('.').at(-1) as string)
  const by = judged.find(({ statement }) => named.some((name) => statement.match(/[\w$]+/g)?.includes(name)))
  const because = by === undefined ? '' : ` What it misses stands in ${by.path}:${by.start.line}.`
  return {
    migration: undefined,
    path: query.path,
    start: query.start,
    statement: query.sql,
    effect: effectOf(one),
    because: `${broken(one, 0)}${because}`,
    by: 'queries',
    data: { kind: 'lossless' },
  }
}

function nobodyRead({ path, because }: UnreadQueries): DecidedLine {
  return {
    migration: undefined,
    path,
    start: undefined,
    statement: '',
    effect: 'unknown',
    because: `The queries in ${path} are not read: ${because}.`,
    by: 'queries',
    data: { kind: 'lossless' },
  }
}
