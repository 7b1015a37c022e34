import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakePrometheus extends AsyncDisposable {
  readonly url: string
  /** Range queries so far. */
  readonly asked: () => number
}

/**
 * A server that answers range queries as Prometheus does: each part that a query names is a series, its value at a moment
 * is what the test says, with plenty of requests and fresh data. `undefined` is no sample.
 */
export async function fakePrometheus(valueAt: (seconds: number) => number | undefined): Promise<FakePrometheus> {
  let asked = 0
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part
    })
    request.on('end', () => {
      asked++
      const form = new URLSearchParams(body)
      const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(form.get(name))) as [number, number, number]
      const names = [...(form.get('query') ?? '').matchAll(/"shiplock", "(\w+)"/g)].map((match) => match[1] as string)
      const times = Array.from({ length: Math.floor((end - start) / step + 1e-6) + 1 }, (_, index) => start + index * step)
      const result = names
        .filter((name) => name !== 'ceiling')
        .map((name) => ({ metric: { shiplock: name }, values: times.flatMap((at) => sampleOf(name, at)) }))
        .filter(({ values }) => values.length > 0)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }))
    })
  })
  function sampleOf(name: string, at: number): [number, string][] {
    const value = valueAt(at)
    if (value === undefined) return []
    return [[at, String(name === 'value' ? value : name === 'requests' ? 5000 : at)]]
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
