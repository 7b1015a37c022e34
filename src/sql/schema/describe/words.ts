/** Puts an expression, a query or a definition into words, or says only that there is one. */
export type Text = (value: unknown) => string

export function joinWords(...words: readonly (string | false | undefined)[]): string {
  return words.filter((word) => word !== false && word !== undefined && word !== '').join(' ')
}
