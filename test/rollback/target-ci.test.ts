import { expect, test } from 'vitest'
import { type CommitCheck, judgeTargetCi } from '../../src/rollback/target-ci.ts'

const seen = { name: 'v1', page: 'https://github.com/acme/shop/commit/c/checks', run: '77' }
const check = (name: string, state: CommitCheck['state'], run?: string): CommitCheck => ({ name, state, run })
const judge = (checks: CommitCheck[], problems: string[] = []) => judgeTargetCi({ checks, problems }, seen)

test.each<[string, CommitCheck[], string[], object]>([
  ['all green', [check('test', 'green'), check('lint', 'green')], [], { status: 'pass', value: '2 checks of v1, none failed' }],
  [
    'one red',
    [check('test', 'red'), check('lint', 'green')],
    [],
    { status: 'fail', value: '1 of 2 checks of v1 failed', message: `test. ${seen.page}` },
  ],
  ['a red one beside what could not be read', [check('test', 'red')], ['statuses: no'], { status: 'fail' }],
  ['green as far as could be read', [check('test', 'green')], ['statuses: no.'], { status: 'not-checked', message: 'statuses: no.' }],
  ['one that has not ended', [check('test', 'pending'), check('lint', 'green')], [], { status: 'not-checked' }],
  ['none at all', [], [], { status: 'not-checked', message: expect.stringContaining('has no checks') }],
  ['only those of the run that asks', [check('rollback', 'pending', '77')], [], { status: 'not-checked' }],
  ['those of the run that asks beside others', [check('rollback', 'pending', '77'), check('test', 'green', '5')], [], { status: 'pass' }],
])('the target with %s', (_, checks, problems, expected) => {
  expect(judge(checks, problems)).toMatchObject({ id: 'target-ci', ...expected })
})

test('names a few of many failures', () => {
  const all = Array.from({ length: 9 }, (_, index) => check(`t${index}`, 'red'))
  expect(judge(all).message).toBe(`t0, t1, t2, t3, t4 and 4 more. ${seen.page}`)
})
