import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { templateOf } from './templates.ts'

const run = promisify(execFile)
const [step] = templateOf('restore-drill').workflow.jobs.report?.steps ?? []
const env = {
  RUN: 'https://github.example.com/acme/shop/actions/runs/7',
  RESULTS: 'drill: failure, way-back: success, sources: $(touch x)',
}

/** Runs the step as the runner's shell does, beside a `gh` that writes down what it was asked and finds these issues. */
async function reported(found: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'report-'))
  try {
    const log = join(folder, 'log')
    await writeFile(join(folder, 'gh'), `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\n[ "$2" = list ] && printf '%s' '${found}'\nexit 0\n`)
    await chmod(join(folder, 'gh'), 0o755)
    const PATH = `${folder}:${process.env.PATH}`
    await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? 'exit 9'], { cwd: folder, env: { ...env, PATH } })
    return (await readFile(log, 'utf8')).trim().split('\n')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test('a weekly drill that failed opens an issue when there is none', async () => {
  const [asked, told] = await reported('')
  expect(asked).toContain('issue list --state open')
  expect(told).toBe(
    `issue create --title The weekly restore drill failed --body ${env.RESULTS}. What went wrong, and what to do, is in the summary of ${env.RUN}`,
  )
})

test('and adds to the one that is open', async () => {
  expect((await reported('12'))[1]).toBe(`issue comment 12 --body Again: ${env.RESULTS}. ${env.RUN}`)
})
