/** A word of a Jinja expression. */
export interface Token {
  readonly kind: 'string' | 'number' | 'name' | 'sign'
  /** Of a string what stands between its quotes. */
  readonly text: string
}

/** The words of a Jinja expression; what is no word is left out. */
export function tokensOf(expression: string): readonly Token[] {
  const tokens: Token[] = []
  const pattern = /'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(==|!=|<=|>=|\/\/|\*\*|[^\s\w])/gs
  for (const [, single, double, number, name, sign] of expression.matchAll(pattern)) {
    const string = single ?? double
    if (string !== undefined) tokens.push({ kind: 'string', text: string })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else tokens.push({ kind: 'sign', text: sign as string })
  }
  return tokens
}

/** Words as one would type them. */
export function textOf(tokens: readonly Token[]): string {
  let text = ''
  for (const [index, { kind, text: word }] of tokens.entries()) {
    const before = tokens[index - 1]
    const tight = index === 0 || /^[.,)(\]['}]$/.test(word) || (before?.kind === 'sign' && /^[.([{]$/.test(before.text))
    text += (tight && kind !== 'string' ? '' : index === 0 || /[([{.]$/.test(text) ? '' : ' ') + (kind === 'string' ? `'${word}'` : word)
  }
  return text
}

/** Whether an expression has a value although nobody gave one. */
export function hasDefault(expression: string): boolean {
  const tokens = tokensOf(expression)
  const isFilter = (names: readonly string[]) =>
    tokens.some(({ kind, text }, index) => kind === 'name' && names.includes(text) && tokens[index - 1]?.text === '|')
  if (isFilter(['mandatory'])) return false
  if (isFilter(['default', 'd'])) return true
  const word = (text: string) => tokens.findIndex((one) => one.kind === 'name' && one.text === text)
  const literal = (index: number) => ['string', 'number'].includes(tokens[index]?.kind ?? '') && tokens.length === index + 1
  if (word('or') > 0 && literal(word('or') + 1)) return true
  return (
    word('if') > 0 && word('else') > word('if') && tokens.some((one, index) => one.text === 'defined' && tokens[index - 1]?.text === 'is')
  )
}
