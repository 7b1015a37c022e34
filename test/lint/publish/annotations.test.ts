import { expect, test } from 'vitest'
import { annotationsOf } from '../../../src/lint/publish/annotations.ts'
import { finding } from './finding.ts'

const place = { folder: 'services/shop/', configFile: 'shiplock.yml' }
const many = (count: number, severity: 'error' | 'warning' | 'advice') => Array.from({ length: count }, () => finding({ severity }))

test('names the file from the root of the repository, with columns', () => {
  expect(annotationsOf([finding()], [], place)).toEqual([
    {
      severity: 'error',
      path: 'services/shop/db/migrations/2_b.sql',
      startLine: 1,
      endLine: 1,
      startColumn: 1,
      endColumn: 11,
      title: 'require-concurrent-index-creation',
      message: 'Building the index i on orders holds back every write.\nUse CREATE INDEX CONCURRENTLY.',
    },
  ])
})

test('gives no columns to a place on several lines, which GitHub would not take', () => {
  const [mark] = annotationsOf([finding({ end: { offset: 30, line: 3, column: 4 } })], [], place)
  expect(mark).toMatchObject({ startLine: 1, endLine: 3 })
  expect(mark).not.toHaveProperty('startColumn')
})

test.each([
  ['error', 9, 'error'],
  ['warning', 10, 'warning'],
  ['advice', 10, 'notice'],
] as const)('shows so many %ss: %i, and counts the rest in the last', (severity, most, kind) => {
  expect(annotationsOf(many(most, severity), [], place)).toHaveLength(most)
  const cut = annotationsOf(many(most + 5, severity), [], place)
  expect(cut).toHaveLength(most)
  expect(cut.at(-1)).toMatchObject({ severity: kind, title: `6 more ${kind}s` })
  expect(cut.at(-1)).not.toHaveProperty('path')
})

test('a changed setting is a notice, and the first of them', () => {
  const marks = annotationsOf(many(20, 'advice'), [{ name: 'lint.fail-on', base: 'error', proposed: 'never' }], place)
  expect(marks[0]).toMatchObject({ severity: 'notice', title: 'config-changed', path: 'services/shop/shiplock.yml' })
  expect(marks).toHaveLength(10)
})

test('cuts a message that is longer than people read', () => {
  const [mark] = annotationsOf([finding({ message: 'x'.repeat(5000) })], [], place)
  expect(mark?.message).toHaveLength(1000)
})
