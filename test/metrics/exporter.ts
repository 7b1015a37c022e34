import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Exporter extends AsyncDisposable {
  readonly port: number
  /** What it exposes from now on; `undefined`: it fails. */
  expose(text: string | undefined): void
}

/** A tiny application that Prometheus scrapes. */
export async function startExporter(first: string): Promise<Exporter> {
  let text: string | undefined = first
  const server = createServer((_, outgoing) => {
    if (text === undefined) return outgoing.writeHead(500).end()
    return outgoing.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    expose(next) {
      text = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
