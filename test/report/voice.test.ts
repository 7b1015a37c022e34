import { expect, test } from 'vitest'
import { renderSummary } from '../../src/report/summary.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { resultSchema } from '../../src/result.ts'
import { everyResult as results } from './every-result.ts'
import { nodesOf, parseGfm, textOf } from './gfm.ts'
import { resultOf } from './results.ts'

test.each(results)('%s reads as it is kept in voice/', async (name, entry) => {
  const result = resultOf(entry)
  const text = `${renderTerminal(result, { color: false })}\n${'-'.repeat(80)}\n\n${renderSummary(result)}`
  await expect(text).toMatchFileSnapshot(`voice/${name}.txt`)
})

test.each(results)('%s says its verdict in the first line and its reason in the second', (_, entry) => {
  const result = resultOf(entry)
  expect(resultSchema.safeParse(result).error).toBeUndefined()
  const [headline = '', , ...rest] = renderTerminal(result, { color: false }).split('\n')
  const word = '(Passed|Failed|Could not tell|Nothing to do|Dry run|Hotfix|Not run|Promote|Abort|Hold)'
  expect(headline).toMatch(new RegExp(`^[✔✖?–] ${word} {2}${entry.command}\\b`))
  const reason = entry.reason ?? ''
  expect(rest.filter((line) => line.trim() === reason)).toEqual([])
  const [title] = nodesOf(parseGfm(renderSummary(result)), 'heading')
  expect(title === undefined ? '' : textOf(title)).toBe(headline.replace(/ {2}/, ': '))
})

test('no report holds a moment in the form of machines, nor a word that promises more than was shown', () => {
  const shown = results.map(([, entry]) => renderTerminal(resultOf(entry), { color: false }) + renderSummary(resultOf(entry))).join('\n')
  // commands to copy hold the form that the command line takes
  expect(shown.replace(/--deployed-at \S+/g, '')).not.toMatch(/\d{4}-\d\d-\d\dT\d\d:/)
  expect(shown).not.toMatch(/\bverified\b|\bOK\b|\b1 \w+s (?:was|has)\b/)
})
