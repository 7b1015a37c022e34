import { describe, expect, test } from 'vitest'
import { dumpArguments } from '../../../src/adapters/postgres/pg-dump.ts'

const given = { snapshot: '00000003-0000001B-1', role: undefined, lockWaitTimeoutMs: 30_000 }
const tools = (major: number) => ({ binDir: '/usr/bin', version: `${major}.1`, major })

describe('the arguments of pg_dump', () => {
  test('name the snapshot and the limits, and nobody and nowhere', () => {
    expect(dumpArguments({ ...given, tools: tools(15) }, '1')).toEqual([
      '--format=custom',
      '--snapshot=00000003-0000001B-1',
      '--no-password',
      '--lock-wait-timeout=30000',
      '--compress=1',
    ])
  })

  test('leave the statistics out where a client would dump them', () => {
    expect(dumpArguments({ ...given, tools: tools(17) }, 'zstd:3')).not.toContain('--no-statistics')
    expect(dumpArguments({ ...given, tools: tools(18) }, 'zstd:3')).toContain('--no-statistics')
  })

  test('assume the role', () => {
    expect(dumpArguments({ ...given, role: 'owner', tools: tools(15) }, '1')).toContain('--role=owner')
  })

  test('never let rows go missing', () => {
    const all = dumpArguments({ ...given, role: 'owner', tools: tools(18) }, 'zstd:3').join(' ')

    expect(all).not.toMatch(/row-security|schema|exclude|no-unlogged|table=|-n |-t /)
  })
})
