import { mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Redactor } from '../src/redact.ts'
import { resultSchema } from '../src/result.ts'
import { StepFiles } from '../src/step-files.ts'
import { migrated, resultOf } from './report/results.ts'

let folder: string
let summaryPath: string
let resultPath: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'step-'))
  summaryPath = join(folder, 'summary')
  resultPath = join(folder, 'result.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function filesOf(redactor = new Redactor()): StepFiles {
  return new StepFiles({ summaryPath, resultPath, redactor, now: () => new Date('2026-11-21T14:05:00Z') })
}

const underWay = { name: 'migrate', startedAt: '2026-11-21T14:04:10.000Z', release: 'v1.9', environment: 'production' }
const page = async () => (await readFile(summaryPath, 'utf8')).replace(/shiplock [\w.-]+/g, 'shiplock 1.4.0')
const result = async () => resultSchema.parse(JSON.parse(await readFile(resultPath, 'utf8')))

test('before a command begins each of them is told as not begun, and that nothing has been done', async () => {
  await filesOf().show({ ended: [], waiting: ['backup', 'record deployed'] })
  expect(await page()).toMatchInlineSnapshot(`
    "### – Not run: backup

    \`interrupted\`: The step was stopped before this began.

    **Next:** Run the same step again; nothing has been done yet.

    See \`docs/errors.md#interrupted\`.

    <sub>shiplock 1.4.0</sub>

    ### – Not run: record

    **The step was stopped before this began.**

    <sub>shiplock 1.4.0</sub>
    "
  `)
  expect(await result()).toMatchObject({ verdict: 'inconclusive', exitCode: 3 })
})

test('a command that is under way is told with since when, what it said last, and that a second run is safe', async () => {
  const files = filesOf()
  await files.show({ ended: resultOf(migrated).commands, underWay, waiting: ['canary'] })
  for (let line = 1; line <= 20; line++) files.say(`${line}_a: applied in 12 ms`)
  await expect.poll(page).toContain('20_a')
  expect((await page()).replace(/^.*### \? /s, '### ? ')).toMatchInlineSnapshot(`
    "### ? Could not tell: migrate production

    \`interrupted\`: It began at 2026-11-21 14:04:10 UTC, and the step was stopped before it ended.

    **Next:** Run the same step again; a second run is safe: it looks at what is done, and does the rest.

    See \`docs/errors.md#interrupted\`.

    **What it said last**

    | When | Line |
    | --- | --- |
    | 2026-11-21 14:05:00 UTC | 9_a: applied in 12 ms |
    | 2026-11-21 14:05:00 UTC | 10_a: applied in 12 ms |
    | 2026-11-21 14:05:00 UTC | 11_a: applied in 12 ms |
    | 2026-11-21 14:05:00 UTC | 12_a: applied in 12 ms |
    | 2026-11-21 14:05:00 UTC | 13_a: applied in 12 ms |
    | 2026-11-21 14:05:00 UTC | 14_a: applied in 12 ms |
    | 2026-11-21 14:05:00 UTC | 15_a: applied in 12 ms |
    | 2026-11-21 14:05:00 UTC | 16_a: applied in 12 ms |
    | 2026-11-21 14:05:00 UTC | 17_a: applied in 12 ms |
    | 2026-11-21 14:05:00 UTC | 18_a: applied in 12 ms |
    | 2026-11-21 14:05:00 UTC | 19_a: applied in 12 ms |
    | 2026-11-21 14:05:00 UTC | 20_a: applied in 12 ms |

    <sub>shiplock 1.4.0 · production · release v1.9</sub>

    ### – Not run: canary

    **The step was stopped before this began.**

    <sub>shiplock 1.4.0</sub>
    "
  `)
})

test('a killed step between two commands says what had ended and what to do', async () => {
  await filesOf().show({ ended: resultOf(migrated).commands, waiting: ['canary'] })
  expect((await page()).replace(/^.*### – /s, '### – ')).toMatchInlineSnapshot(`
    "### – Not run: canary

    \`interrupted\`: The step was stopped before this began.

    **Next:** Run the same step again; a second run is safe: it looks at what is done, and does the rest.

    See \`docs/errors.md#interrupted\`.

    <sub>shiplock 1.4.0</sub>
    "
  `)
})

test('nothing that is said after the end takes its place', async () => {
  const files = filesOf()
  await files.show({ ended: [], underWay, waiting: [] })
  files.say('one')
  await files.finish(resultOf(migrated))
  files.say('two')
  expect(await result()).toMatchObject({ verdict: 'pass' })
  expect(await page()).toMatch(/^### ✔ Passed: migrate production, phase pre/)
  expect(await readdir(folder)).toEqual(['result.json', 'summary'])
})

test('holds no secret, and the result is for its owner only', async () => {
  const redactor = new Redactor()
  redactor.add('hunter22')
  const files = filesOf(redactor)
  await files.show({ ended: [], underWay, waiting: [] })
  files.say('connected with hunter22')
  await expect.poll(page).toContain('connected with')
  expect((await page()) + JSON.stringify(await result())).not.toContain('hunter22')
  expect((await stat(resultPath)).mode & 0o777).toBe(0o600)
})

test('keeps the rights of the summary, and writes through a link instead of replacing it', async () => {
  await writeFile(summaryPath, '', { mode: 0o640 })
  await filesOf().show({ ended: [], waiting: ['backup'] })
  expect((await stat(summaryPath)).mode & 0o777).toBe(0o640)
  await rm(summaryPath)
  await symlink(join(folder, 'elsewhere'), summaryPath)
  await filesOf().show({ ended: [], waiting: ['backup'] })
  expect(await readlink(summaryPath)).toBe(join(folder, 'elsewhere'))
  expect(await readFile(join(folder, 'elsewhere'), 'utf8')).toContain('backup')
})
