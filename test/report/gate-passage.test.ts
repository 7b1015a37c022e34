import { expect, test } from 'vitest'
import { passageDetail } from '../../src/report/commands/gate-passage.ts'

const command = { tool: 'shiplock/1', command: 'gate', verdict: 'pass' as const, reason: '', checks: [] }

test('who let a release through is named, and what its commit has passed before', () => {
  const record = { command: 'migrate', status: 'pass', verdict: 'pass', finishedAt: '2026-11-21T10:00:00Z', release: 'main', key: 'shop/…' }
  expect(
    passageDetail({
      ...command,
      protection: { repository: 'acme/shop', approvedBy: ['hubot'] },
      secondPerson: { planned: [{ run: '5', by: ['hubot'] }, { run: '4' }], startedBy: ['mona'] },
      promotion: { from: 'staging', commit: '5c1e0aa5c1e0aa5c', records: [record, { command: 'canary', status: 'fail' }] },
    }),
  ).toEqual({
    facts: [
      ['Repository', { code: 'acme/shop' }],
      ['Approved by', 'hubot'],
      ['Planned by', 'hubot (run 5), nobody knows (run 4)'],
      ['Started by', 'mona'],
    ],
    tables: [
      {
        title: 'What 5c1e0aa5c1e0 has passed in staging',
        headers: ['Command', 'Verdict', 'Ended', 'Release', 'Record'],
        rows: [
          [{ code: 'migrate' }, 'pass', '2026-11-21 10:00:00 UTC', { code: 'main' }, { code: 'shop/…' }],
          [{ code: 'canary' }, 'no record', '', '', ''],
        ],
        folded: true,
      },
    ],
  })
})

test('a gate that asked for nothing of it shows nothing', () => {
  expect(passageDetail(command)).toEqual({ facts: [], tables: [] })
})
