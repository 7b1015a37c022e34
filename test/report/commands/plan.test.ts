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

test('a plan says until when older code may come back, and what is open after each migration', () => {
  const line = { at: 'db/post/9_phone.sql:3', effect: 'breaks-reads', because: 'users.phone goes.' }
  const wayBack = {
    sentence: 'Point of no return: after 9_phone (post) …',
    to: 'v2.3',
    by: 'rules',
    steps: [
      {
        id: '8_city',
        phase: 'pre',
        shape: 'code-only',
        against: [],
        down: { kind: 'lossy', exists: true, what: 'the values of users.city', at: 'a.down.sql:1' },
      },
      {
        id: '9_phone',
        phase: 'post',
        shape: 'hotfix',
        against: [line],
        down: { kind: 'impossible', exists: false, what: 'the values of users.phone are gone' },
      },
      { id: '10_do', phase: 'post', shape: 'undecided', against: [], down: { kind: 'missing', exists: false } },
    ],
    pointOfNoReturn: { after: '9_phone', phase: 'post', known: true, ...line },
  }
  const printed = renderTerminal(resultOf({ ...publishedPlan, wayBack }), { color: false })
  expect(printed).toContain('The way back')
  expect(printed).toContain('Point of no return: after 9_phone (post)')
  expect(printed).toMatch(/8_city \(pre\) +code-only +loses the values of users\.city \(a\.down\.sql:1\)/)
  expect(printed).toMatch(
    /9_phone \(post\) +hotfix +none; brings not everything back: the values of users\.phone are gone +db\/post\/9_phone\.sql:3: users\.phone goes\./,
  )
  expect(printed).toMatch(/10_do \(post\) +not known +none/)
})
