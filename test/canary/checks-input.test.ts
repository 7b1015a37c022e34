import { describe, expect, test } from 'vitest'
import canary from '../../src/commands/canary.ts'
import { loadConfig } from '../../src/config/load.ts'
import { checks } from '../../src/input-types.ts'
import { resolveInputs } from '../../src/resolve-inputs.ts'

const gauge = { id: 'queue', kind: 'gauge', prometheus: 'queue' }

function messagesOf(given: unknown): string[] {
  const parsed = checks.safeParse(typeof given === 'string' ? given : JSON.stringify(given))
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message)
}

describe('the list of checks', () => {
  test.each([
    ['a section', gauge, 'must be a list of checks'],
    ['a text', 'queue', 'must be a JSON array of checks'],
    ['nothing', 'null', 'must be a list of checks'],
    ['an empty list', [], 'must hold at least one check'],
    ['a window of no length', [{ ...gauge, window: '0s' }], 'queue: window: must be a duration of whole seconds, at least 1s, such as 5m'],
    ['half a second', [{ ...gauge, window: '500ms' }], 'queue: window: must be a duration of whole seconds, at least 1s, such as 5m'],
    ['no duration', [{ ...gauge, window: 'soon' }], 'queue: window: must be a duration of whole seconds, at least 1s, such as 5m'],
    [
      'an abort before the hold',
      [{ ...gauge, 'hold-ratio': 3, 'abort-ratio': 2 }],
      'queue: abort-ratio (2) must not be below hold-ratio (3)',
    ],
    [
      'an abort before the usual hold',
      [{ ...gauge, kind: 'per-request', requests: 'r', 'abort-ratio': 2 }],
      'queue: abort-ratio (2) must not be below hold-ratio (3)',
    ],
  ])('of %s is refused in one sentence', (_, given, message) => {
    expect(messagesOf(given)).toEqual([message])
  })

  test('takes a window of one second', () => {
    expect(messagesOf([{ ...gauge, window: '1s' }])).toEqual([])
  })

  test.each(['.inf', '-.inf', '.nan'])('names a limit of %s in shiplock.yml', (limit) => {
    const text = `canary:\n  checks:\n    - { id: queue, kind: gauge, prometheus: queue, max: ${limit} }\n`
    const value = loadConfig(text, 'shiplock.yml').get('canary-checks')?.value ?? ''
    expect(messagesOf(value)).toEqual(['queue: max: must have a value; .inf and .nan are none'])
  })

  test('may be missing from the inputs, so that the command itself says what to write', () => {
    const sources = { given: new Map(), config: new Map(), surroundings: new Map(), baseDir: '/' }
    expect(resolveInputs(canary.inputs, sources, canary.optional)['canary-checks']).toBeUndefined()
  })
})
