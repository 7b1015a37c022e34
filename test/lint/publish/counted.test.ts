import { expect, test } from 'vitest'
import { summarize } from '../../../src/lint/publish/counted.ts'
import { finding } from './finding.ts'

test.each([
  [[], 0, 'There is no new migration.'],
  [[], 3, '3 new migrations, no findings.'],
  [[finding()], 1, '1 error in 1 file; 1 new migration was checked.'],
  [
    [finding(), finding({ severity: 'warning', path: 'b' }), finding({ severity: 'advice' }), finding({ severity: 'advice' })],
    3,
    '1 error, 1 warning and 2 pieces of advice in 2 files; 3 new migrations were checked.',
  ],
  [[finding({ severity: 'warning' })], 0, '1 warning, and no new migration.'],
] as const)('%# says what was found in one sentence', (findings, checked, sentence) => {
  expect(summarize(findings, checked)).toBe(sentence)
})
