import { ReleaseError } from '../../errors.ts'
import { all } from './formula.ts'
import { type Contract, type KeyLine, keyName } from './key-line.ts'
import { readMarks } from './marks.ts'
import { hasKey } from './template.ts'

/** The keys that the application prints: one name a line, with marks behind it. Throws `config-not-read`, without the text. */
export function readPrintedKeys(text: string): Contract {
  const lines: KeyLine[] = []
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const [, name = '', rest = ''] = /^(\S+)(?:\s+(.*))?$/.exec(raw.trim()) ?? []
    if (name === '' || name.startsWith('#')) continue
    const line = index + 1
    if (!keyName.test(name)) {
      const what = name.includes('=') ? 'has a value behind the name' : 'is no name of a key'
      throw new ReleaseError('config-not-read', `Line ${line} of what config-command prints ${what}.`, {
        hint: 'It must print one name a line, and behind it only marks: NAME optional. The text is not shown, since it may hold a value.',
      })
    }
    const { need = 'required', aliases, when } = readMarks(rest, `line ${line} of what config-command prints`)
    const condition = when.length === 0 ? undefined : when.map((key) => `the host has ${key}`).join(' and ')
    lines.push({ name, need, when: all(when.map(hasKey)), condition, aliases, path: undefined, line, comment: [] })
  }
  if (lines.length === 0) {
    throw new ReleaseError('config-not-read', 'config-command printed no name.', {
      hint: 'It must print the names of the keys, one a line, on standard output.',
    })
  }
  return { lines, patterns: [], settled: [], notes: [], unreadFiles: [] }
}
