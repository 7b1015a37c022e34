import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readdirSync, readlinkSync } from 'node:fs'
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CommandResult, resultSchema } from '../../src/result.ts'

const program = join(import.meta.dirname, '../../dist/cli.js')
const longMs = 180_000

/** A temporary folder of its own, so that whatever is left behind can be seen. */
let home: string

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'demo-test-')))
  await chmod(home, 0o755) // as root the server runs as somebody else, who must get in
})

afterEach(async () => {
  await rm(home, { recursive: true, force: true })
})

interface Ended {
  readonly code: number | null
  readonly ms: number
  readonly entry: CommandResult
  readonly said: string
}

/** Runs the demonstration with few rows; `onLine` sees each line of progress. */
async function demo(
  args: readonly string[],
  onLine: (line: string, child: ChildProcessWithoutNullStreams) => void = () => {},
): Promise<Ended> {
  const started = performance.now()
  const binDir = process.env.SHIPLOCK_TEST_PG_BIN_DIR
  const child = spawn(
    process.execPath,
    [program, 'demo', '--rows', '2000', '--json', ...(binDir ? ['--pg-bin-dir', binDir] : []), ...args],
    {
      env: { PATH: process.env.PATH, TMPDIR: home },
      cwd: home,
    },
  )
  let [stdout, said] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
    for (const line of text.split('\n')) onLine(line, child)
  })
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  const { commands } = resultSchema.parse(JSON.parse(stdout))
  return { code, ms: performance.now() - started, entry: commands[0] as CommandResult, said }
}

interface ShownStep {
  readonly id: string
  readonly queries: number
  readonly failed: number
}

function stepsOf(entry: CommandResult): ShownStep[] {
  return entry.steps as ShownStep[]
}

/** Files below the private folder, and processes that work in it. */
function leftovers(): string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && folderOf(name)?.startsWith(home))
  return [...readdirSync(home), ...processes.map((pid) => `process ${pid}`)]
}

function folderOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined // it ended meanwhile
  }
}

test('a whole release passes in less than 90 s, no query of the application fails, and nothing is left behind', {
  timeout: longMs,
}, async () => {
  const { code, ms, entry, said } = await demo([])
  expect(entry.error, said).toBeUndefined()
  expect([code, entry.verdict]).toEqual([0, 'pass'])
  expect(entry.checks.filter(({ status }) => status !== 'pass')).toEqual([])
  const steps = stepsOf(entry)
  expect(steps.map(({ id }) => id)).toEqual([
    'before',
    'plan',
    'backup',
    'migrate-pre',
    'deploy',
    'record-deployed',
    'columns-equal',
    'migrate-post',
    'backup-after',
    'restore-drill',
    'after',
  ])
  for (const { id, queries, failed } of steps)
    expect({ id, failed, busy: id === 'columns-equal' || queries > 20 }).toEqual({ id, failed: 0, busy: true })
  expect(ms).toBeLessThan(90_000)
  expect(leftovers()).toEqual([])
})

test('with the column dropped early version 1 fails, and the release does not look like a good one', { timeout: longMs }, async () => {
  const { code, entry } = await demo(['--break', 'drop-early'])
  expect([code, entry.verdict, entry.error]).toEqual([1, 'fail', undefined])
  expect(entry.reason).toMatch(
    /^[\d,]+ (?:query|queries) of version 1 failed, as they would in production; .*column "total" (?:of relation "orders" )?does not exist \(SQLSTATE 42703\)/,
  )
  const failed = Object.fromEntries(stepsOf(entry).map((step) => [step.id, step.failed]))
  expect(failed).toMatchObject({ before: 0, plan: 0, backup: 0, after: 0 })
  expect(failed.deploy).toBeGreaterThan(0)
  expect(leftovers()).toEqual([])
})

test.each([
  ['a migration', '$ shiplock migrate --phase pre', 'SIGINT', 130],
  ['the restore drill', '$ shiplock restore-drill', 'SIGINT', 130],
  ['a backup', '$ shiplock backup', 'SIGTERM', 143],
] as const)(
  'stopped during %s it ends in time, writes its result, and leaves nothing behind',
  { timeout: longMs },
  async (_, command, signal, exit) => {
    let sentAt = 0
    const { code, entry } = await demo([], (line, child) => {
      if (line !== command || sentAt > 0) return
      sentAt = performance.now()
      setTimeout(() => child.kill(signal), 300)
    })
    expect(performance.now() - sentAt).toBeLessThan(7500)
    expect([code, entry.verdict, entry.error?.code]).toEqual([exit, 'inconclusive', 'interrupted'])
    expect(leftovers()).toEqual([])
  },
)

test('an impatient second Ctrl-C leaves nothing behind either', { timeout: longMs }, async () => {
  const started = demo([], (line, child) => {
    if (line !== '$ shiplock plan') return
    child.kill('SIGINT')
    setTimeout(() => child.kill('SIGINT'), 5)
  })
  await started.catch(() => {}) // ended at once, it may have written no result
  await expect.poll(leftovers, { timeout: 10_000 }).toEqual([])
})
