import { readFile } from 'node:fs/promises'
import { createServer as createHttp, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { metricsClient } from '../../../src/adapters/metrics/http.ts'
import { makeWorkspace } from '../../../src/adapters/workspace.ts'
import { makeAuthority, makeCertificate } from '../../postgres/certificates.ts'
import { fakeClock, noSignal } from './given.ts'

async function listen(server: Server) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

function client(url: string, { ca, headers = {} }: { ca?: string; headers?: Record<string, string> } = {}) {
  return metricsClient({ url, headers, ca }, { name: 'Prometheus', sleep: fakeClock().sleep, timeoutMs: 300 })
}

const answer: RequestListener = (_, outgoing) =>
  outgoing.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end('{}')

test('a server whose certificate is of an own authority is trusted when that is named, and by its own name alone', async () => {
  await using folder = await makeWorkspace({ roots: [tmpdir()] })
  const ca = await makeAuthority(folder.path, 'own')
  await makeCertificate(folder.path, 'server', 'own', 'IP:127.0.0.1')
  const [cert, key] = await Promise.all(['crt', 'key'].map((kind) => readFile(join(folder.path, `server.${kind}`))))
  await using server = await listen(createHttps({ cert, key }, answer))
  expect((await client(`https://127.0.0.1:${server.port}`, { ca }).ask('/x', {}, noSignal)).body).toBe('{}')
  const refused = { message: expect.stringMatching(/gave no answer: (?:UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/) }
  await expect(client(`https://127.0.0.1:${server.port}`).ask('/x', {}, noSignal)).rejects.toMatchObject(refused)
  const other = { message: expect.stringMatching(/ERR_TLS_CERT_ALTNAME_INVALID/) }
  await expect(client(`https://localhost:${server.port}`, { ca }).ask('/x', {}, noSignal)).rejects.toMatchObject(other)
})

test('an answer that does not come, or does not end, is not waited for', async () => {
  await using silent = await listen(createHttp(() => {}))
  await using endless = await listen(
    createHttp((_, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).write('{')
    }),
  )
  for (const { port } of [silent, endless]) {
    const late = { message: expect.stringMatching(/no whole answer within 0\.3 s/) }
    await expect(client(`http://127.0.0.1:${port}`).ask('/x', {}, noSignal)).rejects.toMatchObject(late)
  }
})

test('an answer that is too large is given up, and not kept', async () => {
  const part = Buffer.alloc(1024 * 1024, ' ')
  await using server = await listen(
    createHttp((_, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'application/json' })
      const more = () => outgoing.destroyed || outgoing.write(part, more)
      more()
    }),
  )
  const slow = metricsClient(
    { url: `http://127.0.0.1:${server.port}`, headers: {}, ca: undefined },
    { name: 'Loki', sleep: fakeClock().sleep },
  )
  await expect(slow.ask('/x', {}, noSignal)).rejects.toMatchObject({ message: expect.stringMatching(/larger than 32 MiB/) })
})

test('of many questions at once only a few are under way', async () => {
  let [working, most, answered] = [0, 0, 0]
  await using server = await listen(
    createHttp((incoming, outgoing) => {
      most = Math.max(most, ++working)
      setTimeout(() => {
        working--
        answered++
        answer(incoming, outgoing as never)
      }, 5)
    }),
  )
  const one = client(`http://127.0.0.1:${server.port}`)
  await Promise.all(Array.from({ length: 50 }, () => one.ask('/x', {}, noSignal)))
  expect([most, answered]).toEqual([6, 50])
})

test('a header that HTTP does not allow is told without what it holds', async () => {
  const asked = client('http://127.0.0.1:1', { headers: { authorization: 'Bearer s3cr3t\nword' } }).ask('/x', {}, noSignal)
  await expect(asked).rejects.toMatchObject({ message: expect.stringMatching(/a header holds a character/) })
})

test('what a server repeats of the headers is not shown, and a long text is cut', async () => {
  await using server = await listen(
    createHttp((incoming, outgoing) => outgoing.writeHead(400).end(`${incoming.headers.authorization} ${'x'.repeat(5000)}`)),
  )
  const asked = client(`http://127.0.0.1:${server.port}`, { headers: { authorization: 'Bearer s3cr3t-word' } }).ask('/x', {}, noSignal)
  const { message } = await asked.then(
    () => new Error('no refusal'),
    (error: Error) => error,
  )
  expect(message).not.toContain('s3cr3t')
  expect(message.length).toBeLessThan(500)
})
