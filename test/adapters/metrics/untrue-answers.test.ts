import { describe, expect, test } from 'vitest'
import { prometheusProbe } from '../../../src/adapters/metrics/prometheus.ts'
import { check, onTime, windowsUntil } from './given.ts'

const endMs = Date.parse('2026-11-21T14:00:00Z')
const windows = windowsUntil(endMs, 1)
const given = { kind: 'latency', prometheus: 'p95', requests: 'requests' }
const honest = { value: '0.2', requests: '5000', newest0: String(endMs / 1000) }

/** What is made of an answer that says this of the last window. */
async function sampleOf(parts: Readonly<Record<string, string>>, otherwise: Record<string, unknown> = {}) {
  const result = Object.entries(parts).map(([part, text]) => ({ metric: { shiplock: part }, values: [[endMs / 1000, text]] }))
  const body = JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } })
  const source = { url: 'http://prometheus', headers: {}, ca: undefined }
  const client = { ask: async () => ({ body, dateMs: undefined }) }
  const probe = prometheusProbe({ name: 'Prometheus', source, allowWarnings: false, client, now: () => new Date(endMs) })
  return (await probe.sample(check({ ...given, ...otherwise }), windows, onTime))[0]
}

describe('an answer that cannot be true', () => {
  test.each(['0.2', '1e+06', '-3', '.5', '2.'])('is not one whose value is %s', async (value) => {
    expect(await sampleOf({ ...honest, value })).toEqual({ state: 'value', value: Number(value), requests: 5000 })
  })

  test.each(['', ' ', '0x0', '0b1', ' 1', '1_0', 'Infinity', 'null'])('is one whose value is "%s"', async (value) => {
    expect(await sampleOf({ ...honest, value })).toMatchObject({ state: 'error', message: expect.stringContaining('not a number') })
  })

  test.each(['NaN', '+Inf', '-Inf', 'Inf'])('is no number when its value is %s', async (value) => {
    expect(await sampleOf({ ...honest, value })).toEqual({ state: 'nan' })
  })

  test.each(['NaN', '+Inf', '-Inf', String(endMs / 1000 + 11)])('is one whose newest data is from %s', async (newest0) => {
    expect(await sampleOf({ ...honest, newest0 })).toMatchObject({ state: 'error' })
  })

  test('is not one whose clock is a few seconds ahead', async () => {
    expect(await sampleOf({ ...honest, newest0: String(endMs / 1000 + 10) })).toMatchObject({ state: 'value' })
  })

  test.each(['NaN', '+Inf', '-Inf'])('is one with %s requests, also where none are needed', async (requests) => {
    expect(await sampleOf({ ...honest, requests })).toMatchObject({ state: 'error' })
    expect(await sampleOf({ ...honest, requests }, { kind: 'gauge' })).toMatchObject({ state: 'error' })
  })
})
