import { expect, test } from 'vitest'
import { backupDetail } from '../../../src/report/commands/backup.ts'
import type { CommandResult } from '../../../src/result.ts'
import { backup, damagedBackup } from '../results.ts'

const verified = { ...backup, tool: 'shiplock', command: 'verify-backup', verdict: 'pass' as const }
const drill = (verdict: string, ...levels: string[]) => ({ drill: { at: '2026-11-21T15:00:00.000Z', verdict, levels } })

function ladder(command: CommandResult): unknown[] {
  const [table] = backupDetail(command).tables ?? []
  return (table?.rows ?? []).map(([, state]) => state).slice(2)
}

test.each([
  ['that nobody drilled', {}, ['not checked', 'not checked', 'not checked']],
  ['whose drill passed', drill('pass', 'restored', 'equal', 'usable'), ['✔ reached', '✔ reached', '✔ reached']],
  ['whose drill compared a sample of the rows', drill('pass', 'restored', 'usable'), ['✔ reached', 'not checked', '✔ reached']],
  ['whose drill failed after the restore', drill('fail', 'restored'), ['✔ reached', 'not reached', 'not reached']],
  ['that could not be restored', drill('fail'), ['✖ failed', 'not reached', 'not reached']],
])('the ladder of a backup %s', (_, more, states) => {
  expect(ladder({ ...verified, ...more })).toEqual(['✔ reached', ...states])
})

test('a drill of bytes that have changed since then proves nothing of them', () => {
  const damaged = { ...damagedBackup, tool: 'shiplock', ...drill('pass', 'restored', 'equal') }
  expect(ladder(damaged)).toEqual(['✖ failed', 'not reached', 'not reached', 'not checked'])
})

test('the moment of the last restore is told', () => {
  expect(backupDetail({ ...verified, ...drill('pass', 'restored') }).notes).toEqual([
    'It was last restored by the drill of 2026-11-21 15:00:00 UTC.',
  ])
  expect(backupDetail(verified).notes).toEqual(['Whether it can be restored is for the drill to show.'])
})
