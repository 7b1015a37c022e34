import { expect, test } from 'vitest'
import { migrationWay } from '../../src/migration/team-command.ts'

const rails = ['bin/rails', 'db:migrate']
const post = ['bin/rails', 'db:migrate:post']

test('a command means the layout command, and runs both phases where no other is named for post', () => {
  expect(migrationWay({ 'migrate-command': rails })).toEqual({ kind: 'command', command: { pre: rails, post: rails } })
  expect(migrationWay({ layout: 'command', 'migrate-command': rails, 'migrate-command-post': post })).toEqual({
    kind: 'command',
    command: { pre: rails, post },
  })
})

test('without one the files are read', () => {
  expect(migrationWay({})).toEqual({ kind: 'files', layout: undefined })
  expect(migrationWay({ layout: 'goose' })).toEqual({ kind: 'files', layout: 'goose' })
})

test.each([
  [{ layout: 'command' as const }, /migrate-command is missing/],
  [{ 'migrate-command-post': post }, /migrate-command is missing/],
  [{ layout: 'plain' as const, 'migrate-command': rails }, /together with the layout plain/],
])('inputs that contradict each other are refused: %j', (inputs, message) => {
  expect(() => migrationWay(inputs)).toThrow(message)
})
