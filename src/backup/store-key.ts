import { ReleaseError } from '../errors.ts'

/** Keys are the same in every kind of store: relative, with `/` between plain names. Throws `invalid-store`. */
export function checkStoreKey(key: string): void {
  const problem = storeKeyProblem(key)
  if (problem === undefined) return
  throw new ReleaseError('invalid-store', `The key ${JSON.stringify(key)} cannot be used: ${problem}.`, {
    hint: 'A key reads like app/backups/production/….dump, relative to the store.',
  })
}

/** What keeps a text from being a key, if anything does. */
export function storeKeyProblem(key: string): string | undefined {
  if (key === '') return 'it is empty'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(key)) return 'it holds a control character or a backslash'
  if (key.startsWith('/')) return 'it is absolute'
  const names = key.split('/')
  if (names.includes('')) return 'it holds an empty name'
  if (names.includes('..') || names.includes('.')) return 'it leaves the store or names a folder twice'
  return undefined
}
