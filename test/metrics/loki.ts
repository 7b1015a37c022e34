import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Entry {
  readonly atMs: number
  readonly line: string
}

/** A stream of log lines by its labels. */
export interface Stream {
  readonly labels: Readonly<Record<string, string>>
  readonly entries: readonly Entry[]
}

interface Options {
  /** Tenants it knows; without any it asks for none. */
  readonly tenant?: string
  /** What it returns where there is nothing. */
  readonly empty?: null | []
}

export interface TestLoki extends AsyncDisposable {
  readonly url: string
}

/**
 * A small server that behaves as Loki does where it differs from what one expects: errors in plain text that call
 * themselves JSON, steps without lines that are missing, an end that is not part of a log query, limits, tenants. It
 * evaluates the queries that the probe sends, and refuses all others.
 */
export async function startLoki(streams: readonly Stream[], { tenant, empty = [] }: Options = {}): Promise<TestLoki> {
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const [path = '', query] = (incoming.url ?? '').split('?')
      const form = new URLSearchParams(query ?? Buffer.concat(parts).toString())
      const asked = incoming.headers['x-scope-orgid']
      if (tenant !== undefined && asked === undefined) return refuse(outgoing, 401, 'no org id')
      const own = tenant === undefined || asked === tenant ? streams : []
      try {
        const data = path.endsWith('/series') ? seriesOf(own, form) : rangeOf(own, form, empty)
        outgoing.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify({ status: 'success', data }))
      } catch (error) {
        refuse(outgoing, 400, (error as Error).message)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function refuse(outgoing: ServerResponse, status: number, text: string): void {
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(`${text}\n`)
}

function seriesOf(streams: readonly Stream[], form: URLSearchParams) {
  const { keep } = readSelection(form.get('match[]') ?? '')
  return streams.filter((stream) => keep(stream.labels)).map(({ labels }) => labels)
}

const dayMs = 86_400_000

function rangeOf(streams: readonly Stream[], form: URLSearchParams, empty: null | []) {
  const query = form.get('query') ?? ''
  const [startMs, endMs] = [Number(BigInt(form.get('start') ?? '0') / 1_000_000n), Number(BigInt(form.get('end') ?? '0') / 1_000_000n)]
  if (endMs - startMs > 30 * dayMs + 3_600_000)
    throw new Error('the query time range exceeds the limit (query length: 800h0m0s, limit: 30d1h)')
  const parts = [
    ...query.matchAll(/label_replace\(sum\(count_over_time\(([\s\S]*?)\n\[(\d+)s\]\)\), "(\w+)", "(\w+)", "", ""\)(?: or |$)/g),
  ]
  if (parts.length > 0 && parts.map(([text]) => text).join('') === query) {
    const stepMs = Number(form.get('step')) * 1000
    const steps = Math.floor((endMs - startMs) / stepMs) + 1
    if (steps > 11_000)
      throw new Error('exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)')
    const result = parts.flatMap(([, log = '', seconds, label = '', part]) => {
      const lines = linesOf(streams, log)
      const values = Array.from({ length: steps }, (_, step) => startMs + step * stepMs).flatMap((at) => {
        // the lines are read up to the end of the query, which is not part of it
        const count = lines.filter(({ atMs }) => atMs > at - Number(seconds) * 1000 && atMs <= at && atMs < endMs).length
        return count === 0 ? [] : [[at / 1000, String(count)]]
      })
      return values.length === 0 ? [] : [{ metric: { [label]: part }, values }]
    })
    return { resultType: 'matrix', result: result.length === 0 ? empty : result, stats: {} }
  }
  if (!query.startsWith('{')) throw new Error(`parse error at line 1, col 1: syntax error: unexpected IDENTIFIER`)
  const limit = Number(form.get('limit') ?? 100)
  if (limit > 5000) throw new Error('max entries limit per query exceeded, limit > max_entries_limit (9999 > 5000)')
  const found = linesOf(streams, query)
    .filter(({ atMs }) => atMs >= startMs && atMs < endMs)
    .sort((one, other) => other.atMs - one.atMs)
    .slice(0, limit)
  const values = found.map(({ atMs, line }) => [String(BigInt(atMs) * 1_000_000n), line])
  return { resultType: 'streams', result: values.length === 0 ? empty : [{ stream: {}, values }] }
}

function linesOf(streams: readonly Stream[], query: string): readonly Entry[] {
  const { keep, rest } = readSelection(query)
  const filters = [...rest.matchAll(/\s*(\|=|!=|\|~|!~)\s*("(?:\\.|[^"\\])*"|`[^`]*`)/g)]
  if (filters.map(([text]) => text).join('') !== rest)
    throw new Error(`parse error at line 1, col 9: syntax error: unexpected ${rest.trim()}`)
  const kept = (line: string) =>
    filters.every(([, operator, quoted = '']) => {
      const text = unquote(quoted)
      const found = operator?.endsWith('~') ? new RegExp(text).test(line) : line.includes(text)
      return operator?.startsWith('|') ? found : !found
    })
  return streams.filter(({ labels }) => keep(labels)).flatMap(({ entries }) => entries.filter(({ line }) => kept(line)))
}

function readSelection(query: string) {
  const matchers: (readonly [string, string])[] = []
  let rest = query
  const take = (pattern: RegExp) => {
    const found = pattern.exec(rest)
    if (found === null) throw new Error(`parse error at line 1, col 1: syntax error: unexpected ${rest.slice(0, 10)}`)
    rest = rest.slice(found[0].length)
    return found
  }
  take(/^\s*\{/)
  do {
    const [, label = '', quoted = ''] = take(/^\s*(\w+)\s*=\s*("(?:\\.|[^"\\])*"|`[^`]*`)\s*/)
    matchers.push([label, unquote(quoted)])
  } while (take(/^([,}])/)[1] === ',')
  return { keep: (labels: Readonly<Record<string, string>>) => matchers.every(([label, value]) => labels[label] === value), rest }
}

function unquote(quoted: string): string {
  return quoted.startsWith('`') ? quoted.slice(1, -1) : (JSON.parse(quoted) as string)
}
