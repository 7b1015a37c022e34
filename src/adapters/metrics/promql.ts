/** A place in a query where series are named. */
export interface Selector {
  /** The name and the matchers, without range and offset. */
  readonly text: string
  readonly metric: string | undefined
  /** The length of its range, such as 5m. */
  readonly range: string | undefined
  /** Reads another time than that of the evaluation. */
  readonly shifted: boolean
}

interface Token {
  readonly text: string
  readonly at: number
}

const pattern = /#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|\d[\w.]*|[A-Za-z_:][\w:]*|\s+|[^\s]/g

/** Words, strings, numbers and single characters of a query; comments and space left out. */
function tokensOf(query: string): readonly Token[] {
  return [...query.matchAll(pattern)]
    .map((match) => ({ text: match[0], at: match.index }))
    .filter(({ text }) => !text.startsWith('#') && text.trim() !== '')
}

const aggregations = new Set([
  'sum',
  'min',
  'max',
  'avg',
  'group',
  'stddev',
  'stdvar',
  'count',
  'count_values',
  'bottomk',
  'topk',
  'quantile',
])
const groupings = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right'])
const otherWords = new Set(['and', 'or', 'unless', 'bool', 'offset', 'atan2', 'inf', 'nan'])
const isName = (text: string | undefined) => text !== undefined && /^[A-Za-z_:]/.test(text)

/** The series that a query reads. */
export function selectorsOf(query: string): readonly Selector[] {
  const tokens = tokensOf(query)
  const found: Selector[] = []
  for (let index = 0; index < tokens.length; index++) {
    const text = (tokens[index] as Token).text
    const next = tokens[index + 1]?.text
    const word = text.toLowerCase()
    if (groupings.has(word)) {
      if (next === '(') index = closing(tokens, index + 1)
      continue
    }
    const isCall = next === '(' || (aggregations.has(word) && groupings.has(next?.toLowerCase() ?? ''))
    const isMetric = isName(text) && !isCall && !otherWords.has(word)
    if (!isMetric && text !== '{') {
      if (text === '[') index = closing(tokens, index)
      continue
    }
    const matchers = isMetric ? (next === '{' ? index + 1 : undefined) : index
    let last = matchers === undefined ? index : closing(tokens, matchers)
    const end = tokens[last] as Token
    const selector = query.slice((tokens[index] as Token).at, end.at + end.text.length)
    let range: string | undefined
    if (tokens[last + 1]?.text === '[') {
      range = tokens[last + 2]?.text
      last = closing(tokens, last + 1)
    }
    const shifted = ['offset', '@'].includes(tokens[last + 1]?.text.toLowerCase() ?? '')
    found.push({ text: selector, metric: isMetric ? text : undefined, range, shifted })
    index = last
  }
  return found
}

/** Whether a query is a number and no series: those cannot be labelled. */
export function isScalar(query: string): boolean {
  const tokens = tokensOf(query)
  let numbers = 0
  for (let index = 0; index < tokens.length; index++) {
    const text = (tokens[index] as Token).text.toLowerCase()
    if (['scalar', 'time', 'pi'].includes(text) && tokens[index + 1]?.text === '(') {
      index = closing(tokens, index + 1)
      numbers++
    } else if (/^\d/.test(text) || text === 'inf' || text === 'nan') numbers++
    else if (isName(text) && text !== 'bool' && text !== 'atan2') return false
    else if ('{"\'`'.includes(text[0] as string)) return false
  }
  return numbers > 0
}

/** Whether a comparison leaves series out, as alerts are written: such a query has no value while all is well. */
export function hasFilter(query: string): boolean {
  const tokens = tokensOf(query)
  let depth = 0
  return tokens.some(({ text }, index) => {
    if (text === '{') depth++
    if (text === '}') depth--
    const before = tokens[index - 1]?.text
    const isComparison = text === '>' || text === '<' || (text === '=' && (before === '=' || before === '!'))
    const after = tokens[index + 1]?.text === '=' ? tokens[index + 2]?.text : tokens[index + 1]?.text
    return depth === 0 && isComparison && after?.toLowerCase() !== 'bool'
  })
}

/**
 * The same query with every observation beyond the largest bucket: what it returns when its quantiles are saturated, in
 * the same units and for the same series. `undefined` when it has no quantile of a histogram.
 */
export function saturatedForm(query: string): string | undefined {
  const tokens = tokensOf(query)
  const at = tokens.findIndex(({ text }, index) => text === 'histogram_quantile' && tokens[index + 1]?.text === '(')
  if (at === -1) return undefined
  const open = tokens[at + 1] as Token
  const last = closing(tokens, at + 1)
  const close = tokens[last] as Token
  const comma = commaOf(tokens, at + 1, last)
  if (comma === undefined) return undefined
  const quantile = query.slice(open.at + 1, comma.at)
  const buckets = query.slice(comma.at + 1, close.at)
  const beyond = `label_replace(vector(1e300), "le", "+Inf", "", "")`
  // histograms without buckets of their own have no le, and no bound either
  const all = `((\n${buckets}\n) + on (le) group_left () ${beyond}) or ((\n${buckets}\n) unless on (le) vector(0))`
  const rest = query.slice(close.at + 1)
  return `${query.slice(0, open.at + 1)}${quantile}, ${all})${saturatedForm(rest) ?? rest}`
}

function commaOf(tokens: readonly Token[], open: number, close: number): Token | undefined {
  for (let index = open + 1; index < close; index++) {
    const { text } = tokens[index] as Token
    if (text === ',') return tokens[index]
    if ('([{'.includes(text)) index = closing(tokens, index)
  }
  return undefined
}

const pairs: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** The index of the bracket that closes the one at `open`; the last token when none does. */
function closing(tokens: readonly Token[], open: number): number {
  const opener = tokens[open]?.text ?? ''
  let depth = 0
  for (let index = open; index < tokens.length; index++) {
    const { text } = tokens[index] as Token
    if (text === opener) depth++
    if (text === pairs[opener] && --depth === 0) return index
  }
  return tokens.length - 1
}
