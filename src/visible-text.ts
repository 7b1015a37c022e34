/** Controls (ESC, NUL …), formats (bidi marks, zero-width and soft hyphens) and lone surrogates: they hide or reorder text. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** The text with U+FFFD for each character that hides or reorders others; line ends count as such. */
export function visible(text: string): string {
  return text.replace(hidden, '\uFFFD')
}

/** The text on one line: each run of white space and line ends is a space. */
export function oneLine(text: string): string {
  return visible(text.replace(/[\s\u0085]+/g, ' ')).trim()
}
