import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NameReader } from '../../../src/gate/config/host-names.ts'

function namesIn(text: string | Uint8Array, chunk = Number.POSITIVE_INFINITY) {
  const reader = new NameReader()
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  for (let at = 0; at < bytes.length; at += chunk) reader.push(bytes.subarray(at, at + chunk))
  return reader.end('web.env')
}

const names = (text: string) => [...namesIn(text).names]

describe('an env file', () => {
  test.each([
    ['plain lines', 'A=1\nB=\nC=x=y', ['A', 'B', 'C']],
    ['export in front', 'export A=1\n  export   B=2', ['A', 'B']],
    ['CRLF and a byte order mark', '\uFEFFA=1\r\nB="2"\r\n', ['A', 'B']],
    ['comments, also with a key in them', '# A=1\n; B=2\n  # C=3\nD=4 # E=5', ['D']],
    ['a value in double quotes over lines', 'A="one\nB=2\nthree"\nC=3', ['A', 'C']],
    ['a value in single quotes over lines', "A='one\nB=2\n'\nC=3", ['A', 'C']],
    ['a value in backticks over lines', 'A=`one\nB=2`\nC=3', ['A', 'C']],
    ['an escaped quote in double quotes', 'A="one\\"\nB=2\n"\nC=3', ['A', 'C']],
    ['no escape in single quotes', "A='one\\'\nB=2", ['A', 'B']],
    ['quotes that follow each other', 'A="one"\'\nB=2\'\nC=3', ['A', 'C']],
    ['a quote inside of a plain value', 'A=it\'s\nB=5" disk', ['A', 'B']],
    ['a quote in a comment behind a value', 'A="1" # it\'s\nB=2', ['A', 'B']],
    ['a line that goes on behind a backslash', 'A=one \\\nB=2 \\\r\nC=3\nD=4', ['A', 'D']],
    ['a value that begins behind a backslash', 'A=\\\nB=2\nC=3', ['A', 'C']],
    ['lines that set nothing', 'A=1\nB\nsome words\n[section]\nC: 3\n-X=1\n9=2', ['A']],
    ['the environment of a process', 'A=1\0B="x\0C=a\nb\0', ['A', 'B', 'C']],
  ])('%s', (_, text, expected) => {
    expect(names(text)).toEqual(expected)
  })

  test('names with a blank before the = are told apart', () => {
    expect([...namesIn('A =1\nB=2\nexport C =3').spaced]).toEqual(['A', 'C'])
  })

  test('a quote that never closes is an error that says where, and holds no value', () => {
    expect(() => namesIn('A=1\nB="s3cret\nC=s3cret=s3cret\n')).toThrow(
      'A quote opens on line 2 of web.env and never closes: the names behind it are not known.',
    )
  })
})

test('a list of names has one name a line', () => {
  expect(names('A\n  B  \r\n# C\nexport D\nE # note\nno name\n')).toEqual(['A', 'B', 'D', 'E'])
})

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/).filter((one) => one !== 'export')
const anyText = fc.string({ unit: 'binary', maxLength: 40 })
/** What was written, and what stands behind the name. */
const entry = fc.oneof(
  fc.tuple(name, anyText).map(([key, value]) => ({ key, text: `${key}=${plain(value)}`, value: plain(value) })),
  fc
    .tuple(name, anyText)
    .map(([key, value]) => ({ key, text: `export ${key}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\0', '')}"`, value })),
  fc.tuple(name, anyText).map(([key, value]) => ({ key, text: `${key}='${value.replace(/['\0]/g, '')}' # it's`, value })),
  anyText.map((value) => ({ key: undefined, text: `# ${value.replace(/[\r\n\0]/g, '')}`, value })),
  fc.constant({ key: undefined, text: '', value: '' }),
)

/** As one may write it without quotes. */
function plain(value: string): string {
  return value.replace(/[\r\n\0\\]/g, '').replace(/^[\s"'`]+/, '')
}

test('names are read as they were written, whatever the values are and wherever the file is cut', () => {
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 12 }),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 9 }),
      (entries, end, chunk) => {
        const text = entries.map((one) => one.text + end).join('')
        const written = [...new Set(entries.flatMap(({ key }) => (key === undefined ? [] : [key])))]
        expect([...namesIn(text, chunk).names]).toEqual(written)
      },
    ),
    { numRuns: 500 },
  )
})

test('whatever bytes a file holds, a name of it stands in front of an = or alone on its line', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const reader = new NameReader()
      reader.push(bytes)
      let found: Iterable<string>
      try {
        found = reader.end('web.env').names
      } catch {
        return
      }
      const text = Buffer.from(bytes).toString('latin1')
      for (const one of found) expect(text).toMatch(new RegExp(`(?:^|[^\\w.-])${one.replaceAll('.', '\\.')}[ \\t]*(?:[=#\\r\\n\\0]|$)`))
    }),
    { numRuns: 500 },
  )
})
