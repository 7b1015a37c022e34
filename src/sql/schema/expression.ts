import type { Node } from '@pgsql/types'

/** What an expression names. */
export interface Mentions {
  /** Columns, without their tables. */
  readonly columns: ReadonlySet<string>
  /** Functions, without their schemas. */
  readonly functions: ReadonlySet<string>
  /** Types that it casts to, each as the words of its name. */
  readonly types: readonly (readonly string[])[]
  /** Constants that `nextval` and its kin are given. */
  readonly sequences: readonly string[]
}

const nothing: Mentions = { columns: new Set(), functions: new Set(), types: [], sequences: [] }
const known = new WeakMap<object, Mentions>()

/** Reads an expression, once: the parser's nodes never change. */
export function mentionsOf(node: Node | undefined): Mentions {
  if (node === undefined) return nothing
  const before = known.get(node)
  if (before !== undefined) return before
  const found = { columns: new Set<string>(), functions: new Set<string>(), types: [] as string[][], sequences: [] as string[] }
  walk(node, (kind, content) => {
    if (kind === 'ColumnRef') {
      const [last] = stringsOf(content.fields).slice(-1)
      if (last !== undefined) found.columns.add(last)
    }
    if (kind === 'FuncCall') {
      const name = stringsOf(content.funcname).at(-1) ?? ''
      found.functions.add(name)
      if (name === 'nextval' || name === 'currval') found.sequences.push(...constantsOf(content.args))
    }
    if (kind === 'typeName' || kind === 'TypeName') found.types.push(stringsOf(content.names))
  })
  known.set(node, found)
  return found
}

/** The expression with another name for a column; the same node when it does not name it. */
export function withRenamedColumn(node: Node, from: string, to: string): Node {
  return mentionsOf(node).columns.has(from) ? (renamed(node, from, to) as Node) : node
}

const places = new Set(['location', 'stmt_location', 'stmt_len', 'rexpr_list_start', 'rexpr_list_end', 'list_start', 'list_end'])

/** An expression as text that is equal for equal ones, wherever they stand. */
export function canonicalText(node: unknown): string {
  return JSON.stringify(node, (key, value) => (places.has(key) ? undefined : value)) ?? ''
}

type Content = Readonly<Record<string, unknown>>

/** Visits every object, with the key that it stands under. */
export function walk(value: unknown, visit: (kind: string, content: Content) => void): void {
  if (Array.isArray(value)) {
    for (const one of value) walk(one, visit)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const key in value) {
    const content = (value as Content)[key]
    if (typeof content !== 'object' || content === null) continue
    if (!Array.isArray(content)) visit(key, content as Content)
    walk(content, visit)
  }
}

function renamed(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, from, to))
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> = {}
  for (const [key, content] of Object.entries(value)) {
    copy[key] = key === 'ColumnRef' ? renamedReference(content as Content, from, to) : renamed(content, from, to)
  }
  return copy
}

function renamedReference(reference: Content, from: string, to: string): Content {
  const fields = (reference.fields ?? []) as readonly Node[]
  const last = fields.at(-1)
  if (last === undefined || !('String' in last) || last.String.sval !== from) return reference
  return { ...reference, fields: [...fields.slice(0, -1), { String: { sval: to } }] }
}

export function stringsOf(nodes: unknown): string[] {
  return ((nodes ?? []) as readonly Node[]).flatMap((one) => ('String' in one ? [one.String.sval ?? ''] : []))
}

/** Constants among arguments, behind casts. */
function constantsOf(nodes: unknown): string[] {
  return ((nodes ?? []) as readonly Node[]).flatMap((one) => {
    if ('TypeCast' in one) return constantsOf([one.TypeCast.arg])
    return 'A_Const' in one && one.A_Const.sval !== undefined ? [one.A_Const.sval.sval ?? ''] : []
  })
}
