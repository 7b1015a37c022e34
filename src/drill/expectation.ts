import { plural } from '../units.ts'

const operators = ['=', '!=', '<', '<=', '>', '>='] as const
type Operator = (typeof operators)[number]

/** What a smoke query must answer. */
export type Expectation =
  | { readonly kind: 'rows'; readonly operator: Operator; readonly limit: number }
  /** The only column of the only row. */
  | { readonly kind: 'value'; readonly operator: Operator; readonly limit: string; readonly isNumber: boolean }

export interface Answer {
  /** The first rows, as text. */
  readonly rows: readonly (readonly (string | null)[])[]
  readonly rowCount: number
}

const number = String.raw`[-+]?\d+(?:\.\d+)?`

/** Reads ` expect: rows > 0`, the text of a comment; `undefined` when it is not understood. */
export function parseExpectation(comment: string): Expectation | undefined {
  const text = /^\s*expect\s*:\s*(.*?)\s*$/i.exec(comment)?.[1] ?? ''
  if (/^no\s+rows$/i.test(text)) return { kind: 'rows', operator: '=', limit: 0 }
  const rows = /^rows\s*(!=|<>|<=|>=|[=<>])\s*(\d+)$/i.exec(text)
  if (rows !== null) return { kind: 'rows', operator: operatorOf(rows[1] as string), limit: Number(rows[2]) }
  const value = new RegExp(`^value\\s*(!=|<>|<=|>=|[=<>])\\s*(?:(${number})|'((?:[^']|'')*)'|(true|false))$`, 'i').exec(text)
  if (value === null) return undefined
  const [, sign = '', digits, quoted, truth] = value
  const operator = operatorOf(sign)
  if (digits !== undefined) return { kind: 'value', operator, limit: digits, isNumber: true }
  if (operator !== '=' && operator !== '!=') return undefined // texts have no order that everybody would agree on
  const limit = quoted?.replaceAll("''", "'") ?? (truth?.toLowerCase() === 'true' ? 't' : 'f')
  return { kind: 'value', operator, limit, isNumber: false }
}

/** What is wrong with an answer, or `undefined`. Values are named only with `showData`: they may be personal data. */
export function judgeAnswer(expectations: readonly Expectation[], answer: Answer, showData: boolean): string | undefined {
  for (const expectation of expectations) {
    const complaint = expectation.kind === 'rows' ? judgeRows(expectation, answer) : judgeValue(expectation, answer, showData)
    if (complaint !== undefined) return complaint
  }
  return undefined
}

function judgeRows({ operator, limit }: Expectation & { kind: 'rows' }, { rowCount }: Answer): string | undefined {
  if (holds(rowCount - limit, operator)) return undefined
  const expected = operator === '=' && limit === 0 ? 'no rows' : `rows ${operator} ${limit}`
  return `expected ${expected}, found ${plural(rowCount, 'row')}`
}

function judgeValue(
  { operator, limit, isNumber }: Expectation & { kind: 'value' },
  { rows, rowCount }: Answer,
  showData: boolean,
): string | undefined {
  const expected = `expected value ${operator} ${isNumber ? limit : `'${limit}'`}`
  const columns = rows[0]?.length ?? 0
  if (rowCount !== 1 || columns !== 1)
    return `${expected}, found ${plural(rowCount, 'row')} of ${plural(columns, 'column')} instead of one value`
  const found = rows[0]?.[0]
  if (found === null || found === undefined) return `${expected}, found null`
  const shown = showData ? found : 'another value (show-data: true prints it)'
  if (!isNumber) return (found === limit) === (operator === '=') ? undefined : `${expected}, found ${shown}`
  if (!/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i.test(found))
    return `${expected}, found ${showData ? found : 'something that is not a number'}`
  return holds(order(found, limit), operator) ? undefined : `${expected}, found ${shown}`
}

/** Negative, zero or positive. Whole numbers of any size are compared exactly. */
function order(found: string, limit: string): number {
  const whole = (text: string) => /^[-+]?\d+$/.test(text)
  if (!whole(found) || !whole(limit)) return Number(found) - Number(limit)
  const exact = (text: string) => BigInt(text.replace(/^\+/, ''))
  const [a, b] = [exact(found), exact(limit)]
  return a === b ? 0 : a < b ? -1 : 1
}

function holds(order: number, operator: Operator): boolean {
  if (operator === '=') return order === 0
  if (operator === '!=') return order !== 0
  if (operator === '<') return order < 0
  if (operator === '<=') return order <= 0
  return operator === '>' ? order > 0 : order >= 0
}

function operatorOf(sign: string): Operator {
  return sign === '<>' ? '!=' : (operators.find((one) => one === sign) ?? '=')
}
