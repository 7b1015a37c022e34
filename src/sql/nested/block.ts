/** One thing in a PL/pgSQL body that is SQL, in the order in which it is read. */
export interface BodyPart {
  /**
   * - `statement`: SQL as it stands there; `perform` is one whose first word the language changed
   * - `expression`, `assignment`: a value, behind its target in the latter
   * - `dynamic`: an expression that gives the text to run
   * - `commit`, `rollback`: the end of a transaction
   */
  readonly kind: 'statement' | 'perform' | 'expression' | 'assignment' | 'dynamic' | 'commit' | 'rollback'
  readonly query: string
  /** Line of the body, from 1. */
  readonly line: number
  /** Whether a loop runs it that commits as it goes. */
  readonly batched: boolean
  /** Variables whose values are known, by name: that of a constant, or one after the other of FOREACH. */
  readonly variables: ReadonlyMap<string, Known>
  /** Whether it stands among the declarations. */
  readonly declared: boolean
}

/** An expression that gives the value of a variable, or for `each` the array that its values come from. */
export interface Known {
  readonly expression: string
  readonly each: boolean
}

type Tree = { readonly [key: string]: unknown }
type Place = Pick<BodyPart, 'line' | 'batched' | 'variables' | 'declared'>

/** Reads what the parser of PL/pgSQL makes of a block; `undefined` when it is no such thing. */
export function partsOfBlock(parsed: unknown): readonly BodyPart[] | undefined {
  const body = (parsed as { plpgsql_funcs?: readonly { PLpgSQL_function?: Tree }[] } | undefined)?.plpgsql_funcs?.[0]?.PLpgSQL_function
  if (body?.action === undefined) return undefined
  const datums = (body.datums ?? []) as readonly Tree[]
  const parts: BodyPart[] = []
  const place = { line: 1, batched: false, variables: constantsOf(datums), declared: true }
  visit(datums, place, { parts, datums })
  visit(body.action, { ...place, declared: false }, { parts, datums })
  return parts
}

interface Reading {
  readonly parts: BodyPart[]
  readonly datums: readonly Tree[]
}

function visit(value: unknown, place: Place, reading: Reading): void {
  if (Array.isArray(value)) for (const one of value) visit(one, place, reading)
  else if (typeof value === 'object' && value !== null)
    for (const [kind, content] of inOrder(value as Tree)) enter(kind, content, place, reading)
}

/** What a loop goes over is read before its body, and a handler after it. */
function inOrder(tree: Tree): [string, unknown][] {
  const rank = (key: string) => (key === 'exceptions' ? 2 : key === 'body' ? 1 : 0)
  return Object.entries(tree).sort(([one], [other]) => rank(one) - rank(other))
}

function enter(kind: string, content: unknown, outer: Place, reading: Reading): void {
  if (typeof content !== 'object' || content === null || kind === 'var') return
  const tree = content as Tree
  const line = typeof tree.lineno === 'number' ? tree.lineno : outer.line
  const place = { ...outer, line }
  const { parts } = reading
  if (kind === 'PLpgSQL_expr') return void parts.push({ ...place, kind: kindOf(tree), query: String(tree.query) })
  if (kind === 'PLpgSQL_stmt_commit') return void parts.push({ ...place, kind: 'commit', query: 'commit' })
  if (kind === 'PLpgSQL_stmt_rollback') return void parts.push({ ...place, kind: 'rollback', query: 'rollback' })
  if (kind === 'PLpgSQL_stmt_perform') return void parts.push({ ...place, kind: 'perform', query: queryOf(tree.expr) })
  const dynamic = kind === 'PLpgSQL_stmt_dynexecute' || kind === 'PLpgSQL_stmt_dynfors' ? tree.query : tree.dynquery
  if (dynamic !== undefined) parts.push({ ...place, kind: 'dynamic', query: queryOf(dynamic) })
  const rest = dynamic === undefined ? tree : { ...tree, query: undefined, dynquery: undefined }
  visit(rest, loops.has(kind) ? insideLoop(kind, tree, place, reading) : place, reading)
}

const loops = new Set(['loop', 'while', 'fori', 'fors', 'forc', 'dynfors', 'foreach_a'].map((name) => `PLpgSQL_stmt_${name}`))

function insideLoop(kind: string, tree: Tree, place: Place, { datums }: Reading): Place {
  const variables = new Map(place.variables)
  const { refname } = (datums[Number(tree.varno)]?.PLpgSQL_var ?? {}) as { refname?: string }
  if (kind === 'PLpgSQL_stmt_foreach_a' && refname !== undefined) variables.set(refname, { expression: queryOf(tree.expr), each: true })
  return { ...place, variables, batched: place.batched || JSON.stringify(tree.body ?? []).includes('"PLpgSQL_stmt_commit"') }
}

/** How the text is to be read: the parser's modes are 0 for a statement, 2 for an expression, and more for assignments. */
function kindOf({ parseMode }: Tree): BodyPart['kind'] {
  return parseMode === 0 ? 'statement' : parseMode === 2 ? 'expression' : 'assignment'
}

function queryOf(expression: unknown): string {
  return String((expression as { PLpgSQL_expr?: { query?: string } } | undefined)?.PLpgSQL_expr?.query ?? '')
}

function constantsOf(datums: readonly Tree[]): ReadonlyMap<string, Known> {
  return new Map(
    datums.flatMap(({ PLpgSQL_var: variable }) => {
      const { refname, isconst, default_val } = (variable ?? {}) as { refname?: string; isconst?: boolean; default_val?: unknown }
      if (isconst !== true || refname === undefined || default_val === undefined) return []
      return [[refname, { expression: queryOf(default_val), each: false }] as const]
    }),
  )
}
