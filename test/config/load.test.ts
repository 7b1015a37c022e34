import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { resolveInputs } from '../../src/resolve-inputs.ts'

const problems = (text: string) => {
  try {
    loadConfig(text, 'shiplock.yml')
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('shiplock.yml', () => {
  test('gives raw texts by input name, as they were written', () => {
    const config = loadConfig(
      'environment: 1.10\nmigrations:\n  pre: db/m # here\n  out-of-order: allow\nallow-insecure-tls: yes\n',
      'shiplock.yml',
    )
    expect(config.get('environment')).toEqual({ value: '1.10', at: 'shiplock.yml:1:14' })
    expect(config.get('migrations')).toEqual({ value: 'db/m', at: 'shiplock.yml:3:8' })
    expect(config.get('out-of-order')?.value).toBe('allow')
  })

  test('names every problem with line and column, and what was probably meant', () => {
    const text = problems('migration:\n  pre: x\nbackup:\n  levle: landed\n  class: [a]\nproject:\n')
    expect(text).toContain('shiplock.yml:1:1: unknown key "migration". Did you mean migrations?')
    expect(text).toContain('shiplock.yml:4:3: unknown key "backup.levle". Did you mean level?')
    expect(text).toContain('shiplock.yml:5:3: backup.class must be a single value')
    expect(text).toContain('shiplock.yml:6:1: project must be a single value')
  })

  test('takes a list where an input is one, as JSON, with each text as it was written', () => {
    const command = (text: string) => loadConfig(`migrations:\n  command: ${text}\n`, 'shiplock.yml').get('migrate-command')
    expect(command('[bin/rails, "db:migrate", 1.10]')).toEqual({ value: '["bin/rails","db:migrate","1.10"]', at: 'shiplock.yml:2:12' })
    expect(command('\n    - psql\n    - -c\n    - select 1')?.value).toBe('["psql","-c","select 1"]')
    expect(command('|\n    ./shop\n    migrate')?.value).toBe('./shop\nmigrate\n')
    for (const wrong of ['[a, [b]]', '[a, ]\n  command-post: {a: b}', '[a, null]', '{a: b}']) {
      expect(problems(`migrations:\n  command: ${wrong}\n`)).toMatch(
        /shiplock\.yml:\d:3: migrations\.command(?:-post)? must be a list of single values/,
      )
    }
    const sources = {
      given: new Map(),
      config: loadConfig('migrations: { command: [] }', 'shiplock.yml'),
      surroundings: new Map(),
      baseDir: '/',
    }
    expect(() => resolveInputs(['migrate-command'], sources)).toThrow(/migrate-command \(shiplock\.yml:1:24\): must name a program/)
  })

  test('is refused when it is no YAML, has a key twice, is no mapping, or holds a connection string', () => {
    expect(problems('a: [1\n')).toMatch(/shiplock\.yml:\d+:\d+/)
    expect(problems('project: a\nproject: b\n')).toContain('shiplock.yml:2:1')
    expect(problems('- a\n')).toContain('must hold keys and values')
    expect(problems('database-url: postgres://u:hunter2@h/d\n')).toContain('database-url does not belong in this file')
    expect(problems('database-url: postgres://u:hunter2@h/d\n')).not.toContain('hunter2')
  })

  test('cannot bring in names of the object prototype, nor a bomb of aliases', () => {
    expect(problems('__proto__: 1\n')).toContain('unknown key "__proto__"')
    expect(problems('constructor: 1\n')).toContain('unknown key "constructor"')
    const bomb = ['a0: &a0 x', ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`)].join('\n')
    expect(problems(bomb)).toContain('unknown key')
    expect(problems(`project: ${'x'.repeat(300_000)}`)).toContain('larger than')
  })

  test('has a schema for editors with every key', () => {
    const schema = JSON.parse(readFileSync('shiplock.schema.json', 'utf8'))
    expect(schema.properties.migrations.properties.layout.enum).toContain('goose')
    expect(schema.properties['database-url']).toBeUndefined()
    expect(schema.additionalProperties).toBe(false)
  })
})

describe('inputs', () => {
  const sources = { given: new Map(), config: new Map(), surroundings: new Map(), baseDir: '/base' }

  test('are merged as raw texts: given, then the file, then the surroundings, then the default', () => {
    const config = loadConfig('lock-budget: 2m\nmigrations:\n  pre: m\n', 'shiplock.yml')
    expect(resolveInputs(['lock-budget', 'migrations', 'lock-wait'], { ...sources, config })).toEqual({
      'lock-budget': 120_000,
      migrations: '/base/m',
      'lock-wait': 600_000,
    })
    expect(resolveInputs(['lock-budget'], { ...sources, config, given: new Map([['lock-budget', '5s'] as const]) })).toEqual({
      'lock-budget': 5000,
    })
    expect(resolveInputs(['lock-budget'], { ...sources, config, given: new Map([['lock-budget', ''] as const]) })).toEqual({
      'lock-budget': 120_000,
    })
  })

  test('are reported all together, by name and place, without their values', () => {
    const config = loadConfig('lock-budget: 5\n', 'shiplock.yml')
    const given = new Map([
      ['phase', 'hunter2'],
      ['allow-unphased', 'maybe'],
      ['database-url', 'postgres://u:hunter2@h:x/d'],
    ] as const)
    let message = ''
    try {
      resolveInputs(['lock-budget', 'phase', 'allow-unphased', 'database-url', 'project'], { ...sources, config, given })
    } catch (error) {
      message = (error as Error).message
    }
    expect(message).toContain('5 inputs cannot be used')
    expect(message).toContain('lock-budget (shiplock.yml:1:14): must be a duration')
    expect(message).toContain('phase: must be one of pre, post, all')
    expect(message).toContain('project is required')
    expect(message).not.toContain('hunter2')
  })
})
