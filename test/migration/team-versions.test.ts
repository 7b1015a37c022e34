import { describe, expect, test } from 'vitest'
import { ReleaseError } from '../../src/errors.ts'
import { rails } from '../../src/migration/layouts/rails.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { downCommandOf } from '../../src/migration/team-command.ts'
import { judgeReversal } from '../../src/migration/team-reversal.ts'
import { endsOf, judgeByVersions, mayHaveRunEarly } from '../../src/migration/team-versions.ts'

const migration = (version: string, phase: 'pre' | 'post' = 'pre') =>
  rails.read(
    [{ path: `db/${version}_m${version}.rb`, name: `${version}_m${version}.rb`, bytes: Buffer.from('x') }],
    phase,
    {},
  )[0] as Migration
const [one, two, post] = [migration('1'), migration('2'), migration('3', 'post')]
const command = ['bin/rails', 'db:migrate']
const program = rails.runBy as NonNullable<typeof rails.runBy>
const failed = new ReleaseError('migration-failed', 'it failed')
const elsewhere = new ReleaseError('wrong-database', 'it worked elsewhere')
const missing = new ReleaseError('command-not-found', 'there is no such program')

describe('what the version table says after the program', () => {
  test.each([
    ['all of it', ['0', '1', '2'], { exitCode: 0, error: undefined }, ['applied', 'applied'], undefined],
    ['a part, and a good end', ['0', '1'], { exitCode: 0, error: undefined }, ['applied', 'not-applied'], 'version-missing'],
    ['nothing, and a good end', ['0'], { exitCode: 0, error: undefined }, ['not-applied', 'not-applied'], 'version-missing'],
    ['nothing, and work elsewhere', ['0'], { exitCode: 0, error: elsewhere }, ['not-applied', 'not-applied'], 'wrong-database'],
    ['all of it, whatever was seen elsewhere', ['0', '1', '2'], { exitCode: 0, error: elsewhere }, ['applied', 'applied'], undefined],
    ['a part, and a bad end', ['1'], { exitCode: 1, error: failed }, ['applied', 'failed'], 'migration-failed'],
    ['all of it, and a bad end', ['1', '2'], { exitCode: 1, error: failed }, ['applied', 'applied'], 'migration-failed'],
    ['nothing, since the program is not there', [], { error: missing }, ['not-applied', 'not-applied'], 'command-not-found'],
    ['more than the phase has', ['0', '1', '2', '3'], { exitCode: 0, error: undefined }, ['applied', 'applied'], 'post-ran-early'],
    ['what no file here has', ['0', '1', '2', '777'], { exitCode: 0, error: undefined }, ['applied', 'applied'], 'ledger-moved'],
    ['that an older one is gone', ['1', '2'], { exitCode: 0, error: undefined }, ['applied', 'applied'], 'ledger-moved'],
  ] as const)('decides: %s', (_, versions, end, states, code) => {
    const report = { signal: undefined, exitCode: undefined, durationMs: 900, ...end }
    const judged = judgeByVersions(
      { command, run: [one, two], heldBack: [post], before: new Set(['0']), versions: new Set(versions), report },
      program,
    )
    expect(judged.error?.code).toBe(code)
    const ends = endsOf(judged, [one, two], ['10', '11'], report)
    expect(ends.map(({ state }) => state)).toEqual(states)
    expect(ends.every(({ durationMs }) => durationMs === undefined)).toBe(true)
  })
})

test('a post migration that nobody says to have run is named after a killed run, and one of the live release is not', () => {
  const entries = [{ version: '3', phase: undefined, checksum: undefined, appliedAt: undefined }]
  const evidence = (rows: readonly object[]) => ({ migrations: [one, post], entries, history: { rows: rows as never, former: [] } })
  expect(mayHaveRunEarly(evidence([])).join()).toContain('1 post migration (3_m3)')
  expect(mayHaveRunEarly(evidence([{ event: 'migration', state: 'applied', version: '3' }]))).toEqual([])
  expect(mayHaveRunEarly(evidence([{ event: 'deployed', id: '1', at: new Date(0), migrations: [{ version: '3' }] }]))).toEqual([])
})

describe('a way back', () => {
  test.each([
    ['gone from the table', { exitCode: 0, error: undefined }, ['0'], 'reverted', undefined],
    ['gone, and another with it', { exitCode: 0, error: undefined }, [], 'reverted', 'ledger-moved'],
    ['still there, and another is gone', { exitCode: 0, error: undefined }, ['1'], 'not-reverted', 'ledger-moved'],
    ['gone, although the program ended badly', { exitCode: 1, error: failed }, ['0'], 'reverted', undefined],
    ['still there after a good end', { exitCode: 0, error: undefined }, ['0', '1'], 'not-reverted', 'migration-failed'],
    ['still there after a bad end', { exitCode: 1, error: failed }, ['1'], 'failed', 'migration-failed'],
    ['not to be read', { exitCode: 0, error: undefined }, undefined, 'running', 'connection-lost'],
  ] as const)('has run when the version is gone: %s', (_, end, versions, state, code) => {
    const entriesOf = (all: readonly string[]) =>
      all.map((version) => ({ version, phase: undefined, checksum: undefined, appliedAt: undefined }))
    const judged = judgeReversal(command, one, end, entriesOf(['0', '1']), versions && entriesOf(versions))
    expect([judged.state, judged.error?.code]).toEqual([state, code])
  })

  test('is started by the command that is named, else by one made from what runs everything', () => {
    expect(downCommandOf({}, program, '7')).toEqual(['bin/rails', 'db:migrate:down', 'VERSION=7'])
    expect(downCommandOf({ 'migrate-command': ['docker', 'run', 'shop', 'rake', 'db:migrate'] }, program, '7')).toEqual([
      ...['docker', 'run', 'shop', 'rake', 'db:migrate:down', 'VERSION=7'],
    ])
    expect(downCommandOf({ 'migrate-command': ['bin/rails', 'db:migrate:primary'] }, program, '7')).toEqual([
      ...['bin/rails', 'db:migrate:down:primary', 'VERSION=7'],
    ])
    expect(downCommandOf({ 'migrate-command': ['bin/migrate'], 'migrate-command-down': ['bin/down'] }, program, '7')).toEqual([
      'bin/down',
      'VERSION=7',
    ])
    expect(() => downCommandOf({ 'migrate-command': ['bin/migrate'] }, program, '7')).toThrow(/migrate-command-down is missing/)
  })
})
