import { expect, test } from 'vitest'
import { requireRescue } from '../../src/commands/rollback-rescue.ts'
import { fakeContext } from '../fakes/context.ts'

type Given = Parameters<typeof requireRescue>

/** Where nothing is lost there is nothing to save: what is left is the count under the locks. */
const rescue = (markMs: readonly number[], stallBudgetMs: number, fails = false) => {
  const losses = markMs.map((ms) => ({ what: 'the rows of users', counted: 0n, markedAs: '0 0', markMs: ms, fails }))
  const [look, inputs] = [{ losses }, { 'stall-budget': stallBudgetMs }] as unknown as [Given[0], Given[2]]
  return requireRescue(look, {} as Given[1], inputs, {} as Given[3], fakeContext().context)
}

test('a count that the application cannot wait for under the locks stops before anything is saved, and says what to type', async () => {
  await expect(rescue([400, 200], 1000)).rejects.toMatchObject({
    code: 'recount-too-slow',
    message: expect.stringContaining('600 ms'),
    hint: expect.stringContaining('--stall-budget 2s'),
  })
  await expect(rescue([400, 100], 1000)).resolves.toMatchObject({ savedIn: undefined })
  await expect(rescue([4000], 1000, true)).resolves.toMatchObject({ savedIn: undefined })
})
