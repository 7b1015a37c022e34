import type { FuncCall, Node } from '@pgsql/types'
import { wordsOf } from '../locks/names.ts'
import { MappedText } from '../mapped-text.ts'
import { parseStatements, scanTokens } from '../parse.ts'
import type { Known } from './block.ts'
import { literalText } from './literal.ts'

/**
 * The texts that an expression gives, when its own text tells: a constant, constants put together, `format` of
 * constants. Several when a variable takes several values; `undefined` when only a run tells.
 */
export async function constantTexts(
  expression: MappedText,
  variables: ReadonlyMap<string, Known>,
): Promise<readonly MappedText[] | undefined> {
  const read = await readExpression(expression)
  if (read === undefined) return undefined
  const values = await valuesOf(variables, columnNames(read.node))
  const found = values?.map((known) => evaluate(read, read.node, known))
  return found?.every((one) => one !== undefined) ? found : undefined
}

interface Expression {
  readonly node: Node
  readonly text: MappedText
  /** The end of each token, by its beginning, in bytes. */
  readonly ends: ReadonlyMap<number, number>
}

type Values = ReadonlyMap<string, MappedText>

async function readExpression(expression: MappedText): Promise<Expression | undefined> {
  const text = MappedText.join(MappedText.generated('select ', expression.fileOffset(0)), expression)
  const parsed = await parseStatements(text.text)
  const node = 'problem' in parsed ? undefined : parsed.statements[0]?.node
  const target = node !== undefined && 'SelectStmt' in node ? node.SelectStmt.targetList?.[0] : undefined
  if (target === undefined || !('ResTarget' in target) || target.ResTarget.val === undefined) return undefined
  const ends = new Map((await scanTokens(text.text)).map(({ start, end }) => [start, end]))
  return { node: target.ResTarget.val, text, ends }
}

const mostTexts = 100

/** Every way to give the named variables their values; `undefined` when one of them has none that is known. */
async function valuesOf(variables: ReadonlyMap<string, Known>, names: ReadonlySet<string>): Promise<readonly Values[] | undefined> {
  let ways: readonly Values[] = [new Map()]
  for (const name of names) {
    const known = variables.get(name)
    const read = known === undefined ? undefined : await readExpression(MappedText.generated(known.expression))
    if (known === undefined || read === undefined) return undefined
    const nodes = known.each ? elementsOf(read.node) : [read.node]
    const texts = nodes?.map((node) => evaluate(read, node, new Map()))
    if (texts === undefined || texts.includes(undefined) || texts.length * ways.length > mostTexts) return undefined
    ways = ways.flatMap((way) => texts.map((text) => new Map([...way, [name, text as MappedText]])))
  }
  return ways
}

function elementsOf(node: Node): readonly Node[] | undefined {
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return elementsOf(node.TypeCast.arg)
  return 'A_ArrayExpr' in node ? (node.A_ArrayExpr.elements ?? []) : undefined
}

function columnNames(node: unknown): ReadonlySet<string> {
  if (typeof node !== 'object' || node === null) return new Set()
  const own = 'ColumnRef' in node ? [wordsOf((node as { ColumnRef: { fields?: Node[] } }).ColumnRef.fields).join('.')] : []
  return new Set([...own, ...Object.values(node).flatMap((inner) => [...columnNames(inner)])])
}

function evaluate(expression: Expression, node: Node, values: Values): MappedText | undefined {
  const inner = (one: Node | undefined) => (one === undefined ? undefined : evaluate(expression, one, values))
  if ('A_Const' in node) return constant(expression, node.A_Const)
  if ('ColumnRef' in node) return values.get(wordsOf(node.ColumnRef.fields).join('.'))
  if ('TypeCast' in node) return wordsOf(node.TypeCast.typeName?.names).at(-1) === 'text' ? inner(node.TypeCast.arg) : undefined
  if ('FuncCall' in node) return called(node.FuncCall, inner)
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP' || wordsOf(node.A_Expr.name).join('.') !== '||') return undefined
  const sides = [inner(node.A_Expr.lexpr), inner(node.A_Expr.rexpr)]
  return sides.every((one) => one !== undefined) ? MappedText.join(...sides) : undefined
}

function constant({ text, ends }: Expression, { sval, location = 0 }: { sval?: { sval?: string }; location?: number }) {
  const end = ends.get(location)
  if (sval === undefined || end === undefined) return undefined
  const utf16 = (bytes: number) => Buffer.from(text.text, 'utf8').toString('utf8', 0, bytes).length
  return literalText(text, utf16(location), utf16(end), sval.sval ?? '')
}

function called({ funcname, args = [] }: FuncCall, inner: (node: Node) => MappedText | undefined): MappedText | undefined {
  const name = wordsOf(funcname)
    .join('.')
    .replace(/^pg_catalog\./, '')
  const [first, ...others] = args.map(inner)
  if (first === undefined) return undefined
  if (name === 'quote_ident' && others.length === 0) return MappedText.generated(quoteName(first.text))
  if (name === 'quote_literal' && others.length === 0) return MappedText.generated(quoteValue(first.text))
  return name === 'format' ? formatted(first, others) : undefined
}

/** `%s`, `%I` and `%L`, one after the other; widths and positions are left to a run. */
function formatted(pattern: MappedText, values: readonly (MappedText | undefined)[]): MappedText | undefined {
  const parts: MappedText[] = []
  let from = 0
  let next = 0
  for (let at = pattern.text.indexOf('%'); at >= 0; at = pattern.text.indexOf('%', at + 2)) {
    parts.push(pattern.slice(from, at))
    from = at + 2
    const sign = pattern.text[at + 1] ?? ''
    const value = sign === '%' ? undefined : values[next++]
    if (sign === '%') parts.push(MappedText.generated('%'))
    else if (value === undefined || !['s', 'I', 'L'].includes(sign)) return undefined
    else parts.push(sign === 's' ? value : MappedText.generated(sign === 'I' ? quoteName(value.text) : quoteValue(value.text)))
  }
  return MappedText.join(...parts, pattern.slice(from))
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function quoteValue(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`
  return value.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted
}
