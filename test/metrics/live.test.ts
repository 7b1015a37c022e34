import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openProbes } from '../../src/adapters/metrics/probes.ts'
import { checkSchema } from '../../src/canary/check.ts'
import { startExporter } from './exporter.ts'
import { startPrometheus } from './prometheus.ts'

test('an application that is scraped has a value, and when it fails the last one is not repeated', async () => {
  await using exporter = await startExporter('queue_depth 7\n')
  await using prometheus = await startPrometheus({ scraped: [exporter.port] })
  const source = { url: prometheus.url, headers: {}, ca: undefined }
  await using probes = openProbes({ prometheus: source, loki: undefined, database: undefined, allowWarnings: false })
  const check = checkSchema.parse({ id: 'queue', kind: 'gauge', prometheus: 'queue_depth', window: '4s' })
  const ask = async () => {
    const endMs = Math.floor(Date.now() / 1000) * 1000
    const [one] = await probes
      .for(check)
      .sample(check, [{ startMs: endMs - 4000, endMs }], { control: false, signal: AbortSignal.timeout(10_000) })
    return one
  }
  const until = async (state: string) => {
    let seen = await ask()
    for (let tries = 0; tries < 100 && seen?.state !== state; tries++) {
      await sleep(200)
      seen = await ask()
    }
    return seen
  }
  expect(await until('value')).toEqual({ state: 'value', value: 7, requests: undefined })
  exporter.expose(undefined)
  expect(await until('empty')).toEqual({ state: 'empty' })
})
