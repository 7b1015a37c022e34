import { expect, test } from 'vitest'
import { renderTerminal } from '../../src/report/terminal.ts'
import { drill, resultOf } from './results.ts'

const reason = 'the drill did not get this far'
const unreached = (...ids: string[]) => ids.map((id) => ({ id, status: 'not-checked' as const, message: reason }))
const printed = (ids: string[]) => {
  const checks = [{ id: 'restored', status: 'fail' as const, message: 'it broke' }, ...unreached(...ids)]
  return renderTerminal(resultOf({ ...drill, checks }), { color: false })
}

test('checks that one and the same reason kept from being made are one line', () => {
  const text = printed(['row-counts', 'fingerprints', 'sequences', 'schema', 'owners'])

  expect(text).toMatch(/^ {2}5 checks +not checked +the drill did not get this far$/m)
  expect(text.split(reason)).toHaveLength(2)
  expect(text).toContain('it broke')
})

test('a few of them keep their names', () => {
  expect(printed(['row-counts', 'fingerprints', 'sequences'])).toMatch(/^ {2}row counts +not checked/m)
})
