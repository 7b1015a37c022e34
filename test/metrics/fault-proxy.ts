import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the proxy treats the next requests instead of passing them on. */
type Fault =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string; readonly type?: string }
  /** Answers nothing. */
  | 'silence'
  /** Ends the connection in the middle of the body. */
  | 'cut'
  /** The real answer, with a warning in it. */
  | 'warning'

export interface FaultProxy extends AsyncDisposable {
  readonly url: string
  /** Each request takes one fault; when there is none, it goes through. */
  next(...faults: readonly (Fault | undefined)[]): void
  /** What was asked since the last look. */
  asked(): readonly { readonly path: string; readonly form: URLSearchParams; readonly headers: Record<string, unknown> }[]
}

/** Stands in front of a metrics server and fails as told. */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  let faults: (Fault | undefined)[] = []
  let seen: { path: string; form: URLSearchParams; headers: Record<string, unknown> }[] = []
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const body = Buffer.concat(parts)
      const [path = '', query] = (incoming.url ?? '').split('?')
      seen.push({ path, form: new URLSearchParams(query ?? body.toString()), headers: incoming.headers })
      const fault = faults.shift()
      if (fault === 'silence') return
      if (typeof fault === 'object') {
        outgoing.writeHead(fault.status, { 'content-type': fault.type ?? 'text/plain', ...fault.headers }).end(fault.body ?? '')
        return
      }
      const { host: _, ...headers } = incoming.headers
      const passed = request(`${upstream}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
        const pieces: Buffer[] = []
        answer.on('data', (part: Buffer) => pieces.push(part))
        answer.on('end', () => {
          let text = Buffer.concat(pieces)
          if (fault === 'warning')
            text = Buffer.from(JSON.stringify({ ...JSON.parse(text.toString()), warnings: ['one store did not answer'] }))
          const { 'transfer-encoding': _chunked, ...received } = answer.headers
          outgoing.writeHead(answer.statusCode ?? 500, { ...received, 'content-length': String(text.length) })
          if (fault !== 'cut') return outgoing.end(text)
          outgoing.write(text.subarray(0, text.length >> 1), () => outgoing.destroy())
        })
      })
      passed.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next(...given) {
      faults = [...given]
      seen = []
    },
    asked() {
      const before = seen
      seen = []
      return before
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
