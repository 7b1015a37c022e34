import { expect, test } from 'vitest'
import { attest } from '../../src/commands/attest.ts'
import type { CommandEnd } from '../../src/migration/team-run.ts'
import { fakeContext } from '../fakes/context.ts'

const clockThatRuns = { now: () => new Date(0), monotonic: () => 0, sleep: async () => {} }

test('a command that does not answer is stopped after a minute, and attests nothing even if it then ends with 0', async () => {
  const asked: number[] = []
  const clock = { ...clockThatRuns, sleep: async (ms: number) => void asked.push(ms) }
  const runTeamProgram = async (_: readonly string[], { signal }: { signal: AbortSignal }): Promise<CommandEnd> => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    return { exitCode: 0, signal: undefined, lastLines: ['snapshot'], firstLine: 'snapshot' }
  }
  const { context } = fakeContext({ clock, runTeamProgram })
  expect(await attest(['bin/attest'], context)).toEqual({ refused: 'bin/attest was stopped after 1 min without an answer' })
  expect(asked).toEqual([60_000])
})

test('a run that is stopped by a signal is interrupted, and refused for nothing', async () => {
  const stop = new AbortController()
  const runTeamProgram = async (): Promise<CommandEnd> => {
    stop.abort()
    return { exitCode: undefined, signal: 'SIGTERM', lastLines: [] }
  }
  const { context } = fakeContext({ signal: stop.signal, runTeamProgram })
  await expect(attest(['bin/attest'], context)).rejects.toMatchObject({ code: 'interrupted' })
})

test('evidence is one line of 200 characters at most', async () => {
  const runTeamProgram = async (): Promise<CommandEnd> => ({
    exitCode: 0,
    signal: undefined,
    lastLines: [],
    firstLine: `\u202e${'ä'.repeat(300)}`,
  })
  const { context } = fakeContext({ runTeamProgram })
  expect(await attest(['bin/attest'], context)).toEqual({ evidence: `\uFFFD${'ä'.repeat(199)}` })
})
