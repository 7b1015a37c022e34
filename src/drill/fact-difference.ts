import type { CatalogObject } from '../backup/content.ts'

type Fact = CatalogObject['facts'][string] | undefined

/** More than this is too much for one line. */
const shownCharacters = 100
/** What stands before the first difference, so that it can be found. */
const contextCharacters = 20

/** Both sides of a difference as people read them, without what they share where that is long. `undefined`: they do not differ. */
export function differenceOf(expected: Fact, found: Fact): { readonly expected: string; readonly found: string } | undefined {
  if (textOf(expected) === textOf(found)) return undefined
  if (Array.isArray(expected) || Array.isArray(found)) return differenceOfLists(listOf(expected), listOf(found))
  if (typeof expected === 'boolean' || typeof found === 'boolean') {
    return { expected: String(expected ?? false), found: String(found ?? false) }
  }
  return differenceOfTexts(oneLine(expected), oneLine(found))
}

function differenceOfLists(expected: readonly string[], found: readonly string[]) {
  const lacking = expected.filter((item) => !found.includes(item))
  const extra = found.filter((item) => !expected.includes(item))
  // the same in another order
  if (lacking.length + extra.length === 0) return differenceOfTexts(expected.join('; '), found.join('; '))
  return differenceOfTexts(lacking.join('; ') || 'nothing', extra.join('; ') || 'nothing')
}

function differenceOfTexts(expected: string, found: string) {
  if (Math.max(expected.length, found.length) <= shownCharacters) return { expected, found }
  let shared = 0
  while (shared < expected.length && expected[shared] === found[shared]) shared++
  const start = Math.max(0, shared - contextCharacters)
  return { expected: excerpt(expected, start), found: excerpt(found, start) }
}

function excerpt(text: string, start: number): string {
  const end = start + shownCharacters
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`
}

function oneLine(fact: Fact): string {
  return fact === undefined ? 'nothing' : String(fact).replaceAll('\n', ' ')
}

function listOf(fact: Fact): readonly string[] {
  if (fact === undefined) return []
  return Array.isArray(fact) ? fact : [String(fact)]
}

function textOf(fact: Fact): string {
  return JSON.stringify(fact ?? null)
}
