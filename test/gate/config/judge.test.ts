import { describe, expect, test } from 'vitest'
import { changesOfKeys } from '../../../src/gate/config/changes.ts'
import { conclude } from '../../../src/gate/config/conclude.ts'
import { NameReader } from '../../../src/gate/config/host-names.ts'
import { judgeKeys } from '../../../src/gate/config/judge.ts'
import { keysOf } from '../../../src/gate/config/keys.ts'
import { readTemplate } from '../../../src/gate/config/template.ts'

const keys = (text: string, aliases: Readonly<Record<string, string>> = {}) =>
  keysOf([readTemplate('web.env.j2', text)], new Map(Object.entries(aliases)))

interface Given {
  readonly release: string
  readonly live?: string
  readonly has: string
  readonly answers?: Readonly<Record<string, boolean>>
  readonly aliases?: Readonly<Record<string, string>>
  readonly complete?: boolean
}

function judge({ release, live, has, answers = {}, aliases, complete = true }: Given) {
  const reader = new NameReader()
  reader.push(Buffer.from(has.replaceAll(' ', '\n')))
  return judgeKeys({
    release: keys(release, aliases),
    live: live === undefined ? undefined : keys(live, aliases),
    host: reader.end('the host'),
    complete,
    answers: Object.entries(answers).map(([name, value]) => ({ name, value })),
    isIgnored: (name) => name.startsWith('IGNORED_'),
  })
}

/** The verdict, with what is missing and whether it is new. */
function verdict(given: Given) {
  const judgement = judge(given)
  const unread = given.complete === false ? [{ what: 'secrets of the repository', because: 'HTTP 403', remedy: 'Give a right.' }] : []
  const { verdict, error } = conclude({ judgement, environment: 'production', unread, unreadFiles: [] })
  return [verdict, error?.code, judgement.missing.map(({ key, isNew }) => `${key.name} ${isNew ? 'new' : 'before'}`).join(', ')]
}

const block = '{% if on %}\nA_KEY=1\nB_KEY=1\n{% endif %}\nC_KEY=1'

describe('the verdict', () => {
  test.each<[string, Given, unknown[]]>([
    ['all there', { release: 'A=1\nB=1', has: 'A B C' }, ['pass', undefined, '']],
    ['one missing', { release: 'A=1\nB=1', has: 'A' }, ['fail', 'config-key-missing', 'B new']],
    ['one missing that the live release requires too', { release: 'A=1\nB=1', live: 'B=1', has: 'A' }, ['pass', undefined, 'B before']],
    ['one that became required', { release: 'A=1\nB=1', live: 'A=1\n#B=1', has: 'A' }, ['fail', 'config-key-missing', 'B new']],
    ['optional keys missing', { release: 'A=1\n#B=1\nC={{ c | default(1) }}', has: 'A' }, ['pass', undefined, '']],
    ['missing where a list was not read', { release: 'A=1\nB=1', has: 'A', complete: false }, ['inconclusive', undefined, 'B new']],
    ['all there although a list was not read', { release: 'A=1', has: 'A', complete: false }, ['pass', undefined, '']],
    ['an open condition', { release: block, has: 'C_KEY' }, ['inconclusive', undefined, '']],
    ['a condition that is false', { release: block, has: 'C_KEY', answers: { on: false } }, ['pass', undefined, '']],
    [
      'a condition that is true',
      { release: block, has: 'C_KEY', answers: { on: true } },
      ['fail', 'config-key-missing', 'A_KEY new, B_KEY new'],
    ],
    ['a condition that a key of the host decides', { release: block, has: 'C_KEY A_KEY' }, ['fail', 'config-key-missing', 'B_KEY new']],
    ['a condition that the live release has too', { release: block, live: block, has: 'C_KEY' }, ['pass', undefined, '']],
    ['a condition that changed', { release: block, live: block.replace('on', 'off'), has: 'C_KEY' }, ['inconclusive', undefined, '']],
    [
      'a key of a block that is new in it',
      { release: block, live: block.replace('B_KEY=1\n', ''), has: 'C_KEY A_KEY' },
      ['fail', 'config-key-missing', 'B_KEY new'],
    ],
    ['both branches need it', { release: '{% if a %}K=1{% else %}K=2{% endif %}', has: 'X' }, ['fail', 'config-key-missing', 'K new']],
    ['an alias of the settings', { release: 'NEW=1', has: 'OLD', aliases: { OLD: 'NEW' } }, ['pass', undefined, '']],
    ['an alias the other way round', { release: 'OLD=1', has: 'NEW', aliases: { OLD: 'NEW' } }, ['pass', undefined, '']],
    ['an alias of the template', { release: 'NEW=1 # shiplock: alias=OLD', has: 'OLD' }, ['pass', undefined, '']],
    ['a key that another one calls for', { release: 'A=1\nB=1 # shiplock: when=A', has: 'A' }, ['fail', 'config-key-missing', 'B new']],
    ['a key that nothing calls for', { release: '#A=1\nB=1 # shiplock: when=A', has: 'X' }, ['pass', undefined, '']],
    [
      'a call that a list which was not read may hold',
      { release: '#A=1\nB=1 # shiplock: when=A', has: 'X', complete: false },
      ['inconclusive', undefined, ''],
    ],
  ])('%s', (_, given, expected) => {
    expect(verdict(given)).toEqual(expected)
  })

  test('a template that includes what nobody named is not decided', () => {
    const judgement = judge({ release: 'A=1', has: 'A' })
    expect(conclude({ judgement, environment: 'production', unread: [], unreadFiles: ['more.env.j2'] })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'The templates include what was not read: more.env.j2. Name it in config-template too.',
    })
  })
})

test('what only the live release knows is no longer used; other names of the host are counted, and not named', () => {
  const judgement = judge({ release: 'A=1', live: 'A=1\nOLD_ONE=1', has: 'A OLD_ONE SOMETHING_ELSE IGNORED_THING' })
  expect(judgement).toMatchObject({ unused: ['OLD_ONE'], nearMisses: [], counts: { unknown: 1 } })
  expect(JSON.stringify(judgement)).not.toMatch(/SOMETHING_ELSE|IGNORED/)
})

test('a renamed key whose old name is on the host is a near miss of the new one', () => {
  const { nearMisses } = judge({ release: 'APP_MAIL__BACKEND=1', live: 'APP_MAIL_BACKEND=1', has: 'APP_MAIL_BACKEND' })
  expect(nearMisses).toMatchObject([{ found: 'APP_MAIL_BACKEND', meant: 'APP_MAIL__BACKEND' }])
})

test('the changes of two releases are added, removed and newly required keys', () => {
  const live = keys('A=1\n#B=1\nC=1\nOLD=1\nD=1')
  const release = keys('A=1\nB=1\n{% if x %}\nC=1\nE=1\n{% endif %}\n#F=1\nNEW=1\nG=1', { OLD: 'NEW' })
  expect(changesOfKeys(live, release)).toEqual({
    added: [
      { name: 'E', need: 'conditional' },
      { name: 'F', need: 'optional' },
      { name: 'G', need: 'required' },
    ],
    removed: ['D'],
    becameRequired: ['B'],
  })
})
