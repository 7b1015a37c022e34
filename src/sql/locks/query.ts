import type {
  A_Expr,
  CommonTableExpr,
  DeleteStmt,
  FuncCall,
  InsertStmt,
  LockingClause,
  MergeStmt,
  Node,
  RangeVar,
  SelectStmt,
  UpdateStmt,
  WithClause,
} from '@pgsql/types'
import { isBuiltinOperator } from './builtins.ts'
import { callLocks, isVolatileCall } from './call.ts'
import type { LockMode } from './mode.ts'
import { isOnly, nameOf, wordsOf } from './names.ts'
import { combine, type Finding, lock, type ReachLock, type StatementLocks } from './statement-locks.ts'

/**
 * `analyzed`: the server looks its names up and keeps it, as it does with a view's query: nothing beneath is touched
 * and no function is called. `run`: it is carried out.
 */
export type Use = 'analyzed' | 'run'

/** What a query or an expression locks: anything that the parser made, or nothing. */
export function queryLocks(query: unknown, use: Use): StatementLocks {
  const found: Finding[] = []
  const reader = new Reader(use, found)
  reader.visit(query, outermost)
  return combine(...found)
}

/** Whether the expression gives another value for each row. */
export function isVolatileExpression(expression: unknown): boolean {
  if (typeof expression !== 'object' || expression === null) return false
  return Object.entries(expression).some(
    ([key, value]) => (key === 'FuncCall' && isVolatileCall(value as FuncCall)) || isVolatileExpression(value),
  )
}

interface Scope {
  /** Names of WITH queries, which hide tables. */
  readonly queries: ReadonlySet<string>
  /** Names that FOR UPDATE and its kin lock in the FROM clause being read. */
  readonly rowLocked: ReadonlySet<string> | 'all'
}

const outermost: Scope = { queries: new Set(), rowLocked: new Set() }

class Reader {
  readonly #use: Use
  readonly #found: Finding[]

  constructor(use: Use, found: Finding[]) {
    this.#use = use
    this.#found = found
  }

  visit(value: unknown, scope: Scope): void {
    if (typeof value !== 'object' || value === null) return
    for (const [key, child] of Object.entries(value)) {
      const visitor = visitors[key]
      if (visitor === undefined) this.visit(child, scope)
      else visitor(this, child as never, scope)
    }
  }

  select({ withClause, fromClause, lockingClause, intoClause, larg, rarg, ...rest }: SelectStmt, outer: Scope): void {
    const inner = this.#with(withClause, outer)
    for (const side of [larg, rarg]) if (side !== undefined) this.select(side, inner)
    const rowLocked = lockedNames(lockingClause) ?? (outer.rowLocked === 'all' ? 'all' : outermost.rowLocked)
    this.visit(fromClause, { ...inner, rowLocked })
    if (intoClause?.rel !== undefined) this.#found.push({ creates: [nameOf(intoClause.rel)] })
    this.visit(rest, { ...inner, rowLocked: outermost.rowLocked })
  }

  /** A statement that changes rows: its target, and then everything else in it. */
  change({ relation, withClause, ...rest }: Change, scope: Scope, beside: readonly ReachLock[]): void {
    const inner = this.#with(withClause, scope)
    const reach = [...(isOnly(relation) ? [] : [every('children', 'RowExclusive')]), every('underlying', 'RowExclusive'), ...beside]
    this.#lock(relation, 'RowExclusive', reach)
    this.visit(rest, inner)
  }

  relation(relation: RangeVar, { queries, rowLocked }: Scope): void {
    const name = relation.relname ?? ''
    if (relation.schemaname === undefined && queries.has(name)) return
    const isLocked = rowLocked === 'all' || rowLocked.has(relation.alias?.aliasname ?? name)
    const mode = isLocked ? 'RowShare' : 'AccessShare'
    this.#lock(relation, mode, [...(isOnly(relation) ? [] : [every('children', mode)]), every('underlying', mode)])
  }

  call(call: FuncCall, scope: Scope): void {
    if (this.#use === 'run') this.#found.push(callLocks(call))
    const { funcname: _, ...rest } = call
    this.visit(rest, scope)
  }

  operator({ name, kind, ...rest }: A_Expr, scope: Scope): void {
    const words = wordsOf(name)
    const isWord = /^[A-Z ]+$/.test(words.at(-1) ?? '') // BETWEEN and its kin
    if (this.#use === 'run' && !isWord && !isBuiltinOperator(words)) {
      this.#found.push({ unknown: `it uses the operator ${words.join('.')}, and what that locks is not written in the file` })
    }
    this.visit(rest, scope)
  }

  #lock(relation: RangeVar | undefined, mode: LockMode, reach: readonly ReachLock[]): void {
    const isRun = this.#use === 'run'
    this.#found.push({ locks: [lock(nameOf(relation), mode, ...(isRun ? reach : []))], ...(isRun ? { work: 'rows' } : {}) })
  }

  #with(clause: WithClause | undefined, scope: Scope): Scope {
    if (clause === undefined) return scope
    const queries = new Set(scope.queries)
    const named = (clause.ctes ?? []).flatMap((one) => ('CommonTableExpr' in one ? [one.CommonTableExpr] : []))
    if (clause.recursive === true) for (const { ctename } of named) queries.add(ctename ?? '')
    for (const { ctename, ctequery } of named as CommonTableExpr[]) {
      this.visit(ctequery, { queries: new Set(queries), rowLocked: outermost.rowLocked })
      queries.add(ctename ?? '')
    }
    return { ...scope, queries }
  }
}

type Change = InsertStmt | UpdateStmt | DeleteStmt | MergeStmt
type Visitor = (reader: Reader, node: never, scope: Scope) => void

/** Rows that foreign keys check: the keys that new rows need, the rows that would lose theirs. */
const checksReferenced = every('referenced', 'RowShare')
const checksReferencing = every('referencing', 'RowExclusive')
const drawsNumbers = every('sequences', 'RowExclusive')

const visitors: Readonly<Record<string, Visitor>> = {
  SelectStmt: (reader, node: SelectStmt, scope) => reader.select(node, scope),
  InsertStmt: (reader, node: InsertStmt, scope) =>
    reader.change(node, scope, [checksReferenced, drawsNumbers, ...(node.onConflictClause === undefined ? [] : [checksReferencing])]),
  UpdateStmt: (reader, node: UpdateStmt, scope) => reader.change(node, scope, [checksReferenced, checksReferencing, drawsNumbers]),
  DeleteStmt: (reader, node: DeleteStmt, scope) => reader.change(node, scope, [checksReferencing]),
  MergeStmt: (reader, node: MergeStmt, scope) => reader.change(node, scope, [checksReferenced, checksReferencing, drawsNumbers]),
  RangeVar: (reader, node: RangeVar, scope) => reader.relation(node, scope),
  FuncCall: (reader, node: FuncCall, scope) => reader.call(node, scope),
  A_Expr: (reader, node: A_Expr, scope) => reader.operator(node, scope),
}

function every(to: ReachLock['to'], mode: LockMode): ReachLock {
  return { to, mode }
}

function lockedNames(clauses: readonly Node[] | undefined): Scope['rowLocked'] | undefined {
  if (clauses === undefined || clauses.length === 0) return undefined
  const locking = clauses.flatMap((one): LockingClause[] => ('LockingClause' in one ? [one.LockingClause] : []))
  if (locking.some(({ lockedRels }) => lockedRels === undefined)) return 'all'
  const relations = locking.flatMap(({ lockedRels }) => lockedRels ?? [])
  return new Set(relations.flatMap((one) => ('RangeVar' in one ? [one.RangeVar.relname ?? ''] : [])))
}
