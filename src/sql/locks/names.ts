import type { DefElem, Node, RangeVar } from '@pgsql/types'

/** A relation as a statement writes it; without a schema it is found by the search path. */
export interface RelationName {
  readonly schema: string | undefined
  readonly name: string
}

/** The name in a FROM clause or after TABLE. */
export function nameOf(relation: RangeVar | undefined): RelationName {
  return { schema: relation?.schemaname, name: relation?.relname ?? '' }
}

/** The words of a dotted name, wherever the parser keeps them: a list of strings, a list node or a type's name. */
export function wordsOf(node: Node | readonly Node[] | undefined): string[] {
  if (node === undefined) return []
  if (Array.isArray(node)) return node.map((one: Node) => ('String' in one ? (one.String.sval ?? '') : ''))
  const one = node as Node
  if ('List' in one) return wordsOf(one.List.items)
  if ('TypeName' in one) return wordsOf(one.TypeName.names)
  return 'String' in one ? [one.String.sval ?? ''] : []
}

/** The last two words of a dotted name. */
export function nameOfWords(words: readonly string[]): RelationName {
  return { schema: words.at(-2), name: words.at(-1) ?? '' }
}

/** `ONLY` leaves partitions and children out. */
export function isOnly(relation: RangeVar | undefined): boolean {
  return relation?.inh !== true
}

const identifier = '"(?:[^"]|"")+"|[a-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*'
const qualified = new RegExp(`^\\s*(?:(${identifier})\\s*\\.\\s*)?(${identifier})\\s*$`, 'i')

/** Reads a name that stands in a string constant, as `regclass` does; `undefined` when it is none. */
export function nameInText(text: string): RelationName | undefined {
  const [, schema, name] = qualified.exec(text) ?? []
  return name === undefined ? undefined : { schema: schema === undefined ? undefined : unquote(schema), name: unquote(name) }
}

function unquote(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toLowerCase()
}

/** An option in parentheses, such as `concurrently` of REINDEX: given, and not switched off. */
export function hasOption(options: readonly Node[] | undefined, name: string): boolean {
  const found = optionsOf(options).filter((option) => option.defname === name)
  return found.some(({ arg }) => arg === undefined || !['false', 'off', '0'].includes(textOf(arg)))
}

export function optionsOf(options: readonly Node[] | undefined): DefElem[] {
  return (options ?? []).flatMap((option) => ('DefElem' in option ? [option.DefElem] : []))
}

function textOf(node: Node): string {
  return 'Integer' in node ? String(node.Integer.ival ?? 0) : (wordsOf(node)[0] ?? '').toLowerCase()
}
