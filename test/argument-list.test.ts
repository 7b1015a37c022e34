import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nameCommand, parseArgumentList, showArguments } from '../src/argument-list.ts'

test.each([
  ['["bin/rails","db:migrate"]', ['bin/rails', 'db:migrate']],
  [' [ "psql", "-c", "select 1", "" ] ', ['psql', '-c', 'select 1', '']],
  ['bin/rails\ndb:migrate', ['bin/rails', 'db:migrate']],
  ['./shop\r\n\r\n  migrate up \r\n', ['./shop', 'migrate up']],
  ['./migrate.sh', ['./migrate.sh']],
])('%j is read as %j', (text, list) => {
  expect(parseArgumentList(text)).toEqual(list)
})

test.each([
  ['bin/rails db:migrate', 'there is no shell'],
  ['["bin/rails", 3]', 'must be a JSON array'],
  ['["bin/rails"', 'must be a JSON array'],
  ['[]', 'must name a program'],
  ['["", "x"]', 'must name a program'],
  ['["x", "a\\u0000b"]', 'NUL'],
])('%j is refused: %s', (text, problem) => {
  expect(parseArgumentList(text)).toContain(problem)
})

test('a list as JSON reads as itself', () => {
  const program = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0'))
  const rest = fc.array(fc.string().filter((text) => !text.includes('\0')))
  fc.assert(
    fc.property(program, rest, (first, others) => {
      expect(parseArgumentList(JSON.stringify([first, ...others]))).toEqual([first, ...others])
    }),
  )
})

test('is shown with quotes where an argument is no plain word, and cut in a sentence', () => {
  expect(showArguments(['bin/rails', 'db:migrate', 'a b', ''])).toBe('bin/rails db:migrate "a b" ""')
  expect(nameCommand(['x'.repeat(200)])).toHaveLength(80)
})
