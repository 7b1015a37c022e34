import { expect, test } from 'vitest'
import { renderSummary } from '../../../src/report/summary.ts'
import { renderTerminal } from '../../../src/report/terminal.ts'
import { resultOf } from '../results.ts'

const contract = { phase: 'pre', layout: 'plain', migrations: [{ id: '2_email', checksum: 'b'.repeat(64) }], policy: { 'lock-budget': 1 } }
const shut = {
  tool: 'shiplock/1',
  command: 'gate',
  verdict: 'fail' as const,
  reason: 'The gate stays shut: the approved plan.',
  environment: 'production',
  checks: [
    { id: 'approved-plan', status: 'fail' as const, value: 'bbb', limit: 'aaa', message: '1 difference' },
    { id: 'quiet-hours', status: 'not-checked' as const, message: 'not asked for' },
  ],
  phase: 'pre',
  digest: 'bbb',
  approvedDigest: 'aaa',
  contract,
  differences: [{ what: 'migration', text: '2_email was edited' }],
  notes: [],
}

test('a gate that stays shut says why first, and names what changed', () => {
  const printed = renderTerminal(resultOf(shut), { color: false })

  expect(printed).toMatch(/^✖ Failed {2}gate production, phase pre\nThe gate stays shut: the approved plan\./)
  expect(printed).toMatch(/Changed since the approval\n.*\n {2}migration {2}2_email was edited/)
  expect(printed).toMatch(/quiet hours +not checked/)
  expect(printed).not.toContain('What the digest of phase pre covers')
})

test('where the difference cannot be named, what is covered now is shown, folded', () => {
  const summary = renderSummary(resultOf({ ...shut, differences: [] }))

  expect(summary).toMatch(/<details>\s*<summary>What the digest of phase pre covers/)
  expect(summary).toContain('2_email')
})
