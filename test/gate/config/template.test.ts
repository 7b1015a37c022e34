import { describe, expect, test } from 'vitest'
import { keysOf } from '../../../src/gate/config/keys.ts'
import { readTemplate } from '../../../src/gate/config/template.ts'

/** Each key with what it is: required, optional, or the condition that it is required under. */
function keysIn(text: string, path = '.env.example'): Record<string, string> {
  const { lines } = readTemplate(path, text)
  return Object.fromEntries(
    lines.map(({ name, need, condition }) => [name, need === 'optional' || condition === undefined ? need : condition]),
  )
}

const jinja = (text: string) => keysIn(text, 'web.env.j2')

describe('a template without Jinja', () => {
  test.each([
    ['a key with a sample value is required', 'A=sample', { A: 'required' }],
    ['a key without a value is required', 'A=', { A: 'required' }],
    ['a key that is commented out is optional', '#A=1\n# B=2\n#C="two words"', { A: 'optional', B: 'optional', C: 'optional' }],
    ['a sentence about a key is none', '# with A=smtp mail is sent\n# A=smtp sends mail\nB=1', { B: 'required' }],
    ['an empty value with "optional" above it is optional', '# Optional: for reports.\nA=\nB=', { A: 'optional', B: 'required' }],
    ['a comment behind the value says "optional"', 'A=1 # optional\nB="x # optional"', { A: 'optional', B: 'required' }],
    ['a comment that says otherwise', '# not optional\nA=', { A: 'required' }],
    ['a comment is about the next line alone', '# optional\n\nA=', { A: 'required' }],
    ['a value over lines holds no keys', 'A="one\nB=2\nthree"\nC=3', { A: 'required', C: 'required' }],
    ['a quote in a sentence does not open a value', "A='tis\nB=2", { A: 'required', B: 'required' }],
    ['braces of other things', 'A={#1}\nB=$x{1', { A: 'required', B: 'required' }],
    [
      'marks',
      '# shiplock: optional\nA=1\nB=2 # shiplock: when=A\n# shiplock: required\n#C=',
      { A: 'optional', B: 'the host has A', C: 'required' },
    ],
  ])('%s', (_, text, expected) => {
    expect(keysIn(text)).toEqual(expected)
  })

  test('marks give further names', () => {
    const { lines } = readTemplate('.env', '# The old name works.\n# shiplock: alias=OLD, alias=OLDER\nNEW=1')
    expect(lines).toMatchObject([{ name: 'NEW', aliases: ['OLD', 'OLDER'], comment: ['The old name works.'], line: 3 }])
  })

  test.each([
    ['A=1 # shiplock: optionl', '.env:1: there is no such mark. Did you mean optional?'],
    ['# shiplock: alias=\nA=1', '.env:1: the mark alias is not written as it should be.'],
    ['# shiplock: value=s3cret\nA=1', '.env:1: there is no such mark.'],
  ])('a mark that does not exist is refused: %s', (text, message) => {
    expect(() => readTemplate('.env', text)).toThrow(message)
  })
})

describe('a template with Jinja', () => {
  test.each([
    ['a value without a default is required', 'A={{ a }}', { A: 'required' }],
    ['a value with a default is optional', "A={{ a | default('x') }}\nB={{ b|d(1)|int }}", { A: 'optional', B: 'optional' }],
    ['one part without a default is enough', "A={{ a | default('x') }}:{{ b }}", { A: 'required' }],
    [
      'a lookup is required, with a default optional',
      "A={{ lookup('env', 'A') }}\nB={{ lookup('env', 'B') | default('b', true) }}",
      { A: 'required', B: 'optional' },
    ],
    ['a fixed value is written on every host', 'A=1', { A: 'required' }],
    ['a condition inside of the value', "A={{ 'x' if a is defined else 'y' }}\nB={{ b if c else d }}", { A: 'optional', B: 'required' }],
    ['"default" in a text is none', "A={{ a ~ ' | default(1)' }}", { A: 'required' }],
    [
      'if, elif and else',
      '{% if a %}\nA=1\n{% elif b %}\nB=1\n{% else %}\nC=1\n{% endif %}\nD=1',
      { A: 'a', B: 'b', C: 'not (a or b)', D: 'required' },
    ],
    ['whitespace control', '{%- if a -%}\nA=1\n{%- endif +%}\nB={{- b -}}', { A: 'a', B: 'required' }],
    ['nested blocks', '{% if a %}{% if b %}\nA=1\n{% endif %}\nB=1\n{% endif %}', { A: 'a and b', B: 'a' }],
    ['branches on one line', '{% if a %}A=1{% else %}B=2{% endif %}\nC=3', { A: 'a', B: 'not (a)', C: 'required' }],
    ['a branch inside of a value', 'A={% if a %}1{% else %}2{% endif %}\nB=1', { A: 'required', B: 'required' }],
    ['a loop', '{% for x in xs %}\nA=1\n{% endfor %}\n{% for x in [1, 2] %}\nB=1\n{% endfor %}', { A: 'xs is not empty', B: '[1, 2]' }],
    ['comments of the template', '{# A=1\nB=2 #}C=3', { C: 'required' }],
    ['braces in a text', "A={{ '}}' }}\n{% if a == '%}' %}B=1{% endif %}", { A: 'required', B: "a == '%}'" }],
    ['raw text', '{% raw %}A={{ x }}\n{% if %}\n{% endraw %}B=1', { A: 'required', B: 'required' }],
    ['macros', '{% macro line(n) %}X=1{% endmacro %}\nA=1', { A: 'required' }],
    ['marks of the template', 'A={{ a }} {# shiplock: optional #}\n{# shiplock: alias=C #}\nB={{ b }}', { A: 'optional', B: 'required' }],
    ['an optional key in a block', "{% if a %}\nA={{ a | default('') }}\n{% endif %}", { A: 'optional' }],
  ])('%s', (_, text, expected) => {
    expect(jinja(text)).toEqual(expected)
  })

  test('names that are put together match what they may become', () => {
    const keys = keysOf([readTemplate('web.env.j2', '{% for x in xs %}\nAPP_{{ x }}_URL=1\n{% endfor %}')])
    expect([keys.matches('APP_MAIL_URL'), keys.matches('APP_URL'), keys.matches('MY_APP_MAIL_URL')]).toEqual([true, false, false])
  })

  test('flags that a template sets, what it includes and lines that cannot be read are told', () => {
    const read = readTemplate('web.env.j2', "{% set a = true %}\n{% include 'more.env.j2' %}\nA=1\n{{ extra }}")
    expect(read).toMatchObject({
      settled: [{ name: 'a', value: true }],
      unreadFiles: ['more.env.j2'],
      notes: ['web.env.j2:4 writes lines that only a rendering shows.'],
    })
  })

  test.each([
    ['{% if a %}\nA=1', 'web.env.j2:1: if opens here and never ends.'],
    ['A=1\n{% endif %}', 'web.env.j2:2: endif stands here without its beginning.'],
    ['{% if a %}{% endfor %}', 'web.env.j2:1: endfor stands here without its beginning.'],
    ['A=1\nB={{ b\n', 'web.env.j2:2: a brace of Jinja opens here and never closes.'],
    ['{{ if .A }}\nA=1\n{{ end }}', 'web.env.j2:1: this is a template of another language than Jinja.'],
  ])('what cannot be read is refused with its line: %s', (text, message) => {
    expect(() => readTemplate('web.env.j2', text)).toThrow(message)
  })
})

test('a comment that shows a wrong spelling does not make it a key', () => {
  const keys = keysOf([readTemplate('.env', '#APP_MAIL_BACKEND=smtp\nAPP_MAIL__BACKEND=1\n#APP_OTHER=1')])
  expect(keys.all.map(({ name }) => name)).toEqual(['APP_MAIL__BACKEND', 'APP_OTHER'])
})
