import { describe, expect, test } from 'vitest'
import { calm, canaryInputs, nowMs, runCanary } from './canary-given.ts'

const inputs = canaryInputs({ traffic: ['./make-traffic', 'hard'] } as never)

describe('a command that makes traffic', () => {
  test('runs for as long as the watch, and is ended with it', async () => {
    const told: string[] = []
    const { outcome } = await runCanary({
      inputs,
      context: {
        runTeamProgram: (command, { signal }) => {
          told.push(command.join(' '))
          return new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              told.push('ended')
              resolve({ exitCode: undefined } as never)
            })
          })
        },
      },
    })
    expect([outcome.verdict, told]).toEqual(['promote', ['./make-traffic hard', 'ended']])
  })

  test('that cannot be started ends the watch at once, without a verdict', async () => {
    const context = { runTeamProgram: () => Promise.reject(new Error('ENOENT')) }
    await expect(runCanary({ inputs, context })).rejects.toThrow('ENOENT')
  })

  test('that ends before the watch is told, and the watch goes on', async () => {
    const context = { runTeamProgram: async () => ({ exitCode: 1 }) as never }
    const { outcome, lines } = await runCanary({ inputs, context })
    expect(outcome.verdict).toBe('promote')
    expect(lines.join('\n')).toContain('./make-traffic hard ended with 1 before the watch did')
  })

  test('that does not obey a signal keeps no result from being written', async () => {
    const { outcome, tookMs } = await runCanary({
      inputs,
      context: { runTeamProgram: () => new Promise(() => {}) },
      answer(window, _, { stop }) {
        if (window.startMs >= nowMs) stop()
        return calm
      },
    })
    expect(outcome).toMatchObject({ verdict: 'hold', details: { stopped: true } })
    expect(tookMs).toBeLessThanOrEqual(11 * 60_000 + 1000)
  })
})
