import { expect, test } from 'vitest'
import { renderTerminal } from '../../../src/report/terminal.ts'
import { publishedPlan, resultOf } from '../results.ts'

test('a plan shows what replication needs first, each statement on a line that can be copied', () => {
  const printed = renderTerminal(resultOf(publishedPlan), { color: false })

  expect(printed).toContain('To be run in every database that subscribes')
  expect(printed).toContain('  create table if not exists "shiplock".stamp ( id uuid);\n')
  expect(printed).toContain('changes publishes new tables too, and somebody subscribes (copy)')
  expect(printed).toContain('Nothing has been changed.')
})
