import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers the two queries that a check of logs asks, from the lines of a file. */
export interface FakeLoki extends AsyncDisposable {
  readonly url: string
}

export async function startFakeLoki(fileOf: (app: string) => string): Promise<FakeLoki> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const form = new URLSearchParams(request.method === 'POST' ? body : (request.url ?? '').split('?')[1])
    const query = form.get('query') ?? ''
    const app = /app="(\w+)"/.exec(query)?.[1] ?? ''
    const lines = (await readFile(fileOf(app), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
    const data = query.includes('count_over_time') ? counts(lines, form) : newest(lines, form)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ status: 'success', data }))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

const milliseconds = (text: string | null) => Number(BigInt(text ?? '0') / 1_000_000n)

function counts(lines: readonly string[], form: URLSearchParams) {
  const [start, end, step] = [milliseconds(form.get('start')), milliseconds(form.get('end')), Number(form.get('step')) * 1000]
  const at = lines.map((line) => ({ ms: Date.parse(line.slice(0, 24)), isWanted: /panic|ERROR/.test(line) }))
  const values = (wanted: boolean) => {
    const points: [number, string][] = []
    for (let moment = start; moment < end; moment += step) {
      const found = at.filter(({ ms, isWanted }) => ms > moment - step && ms <= moment && (isWanted || !wanted)).length
      if (found > 0) points.push([moment / 1000, String(found)])
    }
    return points
  }
  const label = /"(\w+)", "lines"/.exec(form.get('query') ?? '')?.[1] ?? ''
  const series = ([name, points]: [string, [number, string][]]) => ({ metric: { [label]: name }, values: points })
  const all: [string, [number, string][]][] = [
    ['lines', values(true)],
    ['live', values(false)],
  ]
  return { resultType: 'matrix', result: all.filter(([, points]) => points.length > 0).map(series) }
}

function newest(lines: readonly string[], form: URLSearchParams) {
  const [start, end] = [milliseconds(form.get('start')), milliseconds(form.get('end'))]
  const values = lines
    .filter((line) => /panic|ERROR/.test(line))
    .map((line) => [Date.parse(line.slice(0, 24)), line] as const)
    .filter(([ms]) => ms >= start && ms < end)
    .map(([ms, line]) => [String(BigInt(ms) * 1_000_000n), line])
  return { resultType: 'streams', result: values.length === 0 ? [] : [{ stream: {}, values: values.slice(-Number(form.get('limit'))) }] }
}
