import { expect, test } from 'vitest'
import { describeProgress, type Progress } from '../../src/migration/watch.ts'

const progress: Progress = { work: 'building', phase: '', subject: 'accounts_email_idx', indexOid: '1', share: 0.43 }
const described = (more: Partial<Progress>) => describeProgress({ ...progress, ...more }, 'building it', 65_400).text

test('how far a statement is is said in the words of the server, about the thing that it works on', () => {
  expect(described({ phase: 'initializing' })).toBe('building accounts_email_idx, initializing')
  expect(described({ phase: 'building index: scanning table' })).toBe('building accounts_email_idx, scanning table')
  expect(described({ phase: 'building index: loading tuples in tree' })).toBe('building accounts_email_idx, loading tuples in tree')
  expect(described({ phase: 'building index' })).toBe('building accounts_email_idx')
  expect(described({ phase: 'index validation: sorting tuples' })).toBe('checking accounts_email_idx, sorting tuples')
  expect(described({ phase: 'waiting for old snapshots' })).toBe('building accounts_email_idx, waiting for old snapshots')
  expect(described({ work: 'vacuuming', subject: 'accounts', phase: 'scanning heap' })).toBe('vacuuming accounts, scanning heap')
  expect(describeProgress(progress, 'building it', 0).share).toBe(0.43)
})

test('where the server does not say, the time is said', () => {
  expect(describeProgress(undefined, 'dropping i', 65_400)).toEqual({ text: 'dropping i for 1 min 5 s' })
})
