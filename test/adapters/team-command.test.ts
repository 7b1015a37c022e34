import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { runTeamProgram } from '../../src/adapters/team-command.ts'

const never = new AbortController().signal
const lines: string[] = []
afterEach(() => lines.splice(0))

function shell(script: string, signal = never, env: Record<string, string> = {}) {
  return runTeamProgram(['/bin/sh', '-c', script], {
    env: { PATH: '/usr/bin:/bin', ...env },
    cwd: '/tmp',
    signal,
    onLine: (line) => lines.push(line),
  })
}

test('hands over whole lines of both streams, with or without an end, and characters that come in two pieces', async () => {
  const end = await shell("printf 'a\\nb'; sleep 0.1; printf 'c\\r\\n\\303'; sleep 0.1; printf '\\244'; printf 'oops' >&2")
  expect(end).toMatchObject({ exitCode: 0, signal: undefined })
  expect([...lines].sort()).toEqual(['a', 'bc', 'oops', 'ä'])
})

test('keeps the last lines alone, and cuts one that does not end', async () => {
  const { lastLines } = await shell("seq 1 100; head -c 50000 /dev/zero | tr '\\0' x")
  expect(lines).toHaveLength(104)
  expect(lastLines.length).toBeLessThanOrEqual(20)
  expect(lastLines.at(-1)?.length).toBe(50_000 - 3 * 16_384)
})

test('sees its environment and nothing else, in the folder it was given', async () => {
  await shell('pwd; env | sort', never, { ONLY: 'this' })
  expect(lines).toEqual(['/tmp', 'ONLY=this', expect.stringMatching(/^PATH=/), expect.stringMatching(/^PWD=/)])
})

test('a program that it leaves running does not keep it', async () => {
  const started = performance.now()
  expect(await shell('sleep 8 & echo left')).toMatchObject({ exitCode: 0, lastLines: ['left'] })
  expect(performance.now() - started).toBeLessThan(5000)
})

test('what it started is stopped with it, also when the command itself has gone first', async () => {
  const file = join(tmpdir(), `survived-${process.pid}`)
  const stop = new AbortController()
  const stopping = shell(`(trap '' TERM; sleep 3.5; touch ${file}) & trap 'exit 5' TERM; echo ready; wait`, stop.signal)
  await expect.poll(() => lines.includes('ready')).toBe(true)
  stop.abort()
  expect(await stopping).toMatchObject({ exitCode: 5 })
  await sleep(2500)
  expect(existsSync(file)).toBe(false)
})

test('a program that is not there is an error', async () => {
  await expect(runTeamProgram(['./no-such'], { env: {}, cwd: '/tmp', signal: never, onLine: () => {} })).rejects.toMatchObject({
    code: 'ENOENT',
  })
})
