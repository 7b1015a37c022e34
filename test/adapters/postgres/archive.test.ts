import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { PassThrough, Readable, Transform } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeArchive } from '../../../src/adapters/postgres/archive.ts'
import { findTools, type Tools } from '../../../src/adapters/postgres/tools.ts'
import { dumpOf, type TestDump } from '../../postgres/dump.ts'
import { binDir, startServer, type TestServer } from '../../postgres/server.ts'

let server: TestServer
let dump: TestDump
let bytes: Buffer
let tools: Tools
beforeAll(async () => {
  server = await startServer()
  dump = await dumpOf(server, `create table t as select i, md5(i::text) as text from generate_series(1, 50000) i`)
  bytes = await readFile(dump.path)
  tools = await findTools({ major: server.major, set: 'client', binDir, install: false, env: process.env, say: () => {} })
})
afterAll(async () => {
  await dump[Symbol.asyncDispose]()
  await server.stop()
})

const decode = (archive: Readable, signal = new AbortController().signal) => decodeArchive(archive, tools, process.env, signal)
const pieces = (whole: Buffer) =>
  Readable.from(
    (function* () {
      for (let at = 0; at < whole.length; at += 65_536) yield whole.subarray(at, at + 65_536)
    })(),
    { objectMode: false },
  )

/** Counts what passes, as a hash beside the decoder would. */
function counted() {
  const counter = { bytes: 0 }
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      counter.bytes += chunk.length
      done(null, chunk)
    },
  })
  return { counter, stream }
}

describe('decoding an archive to its end', () => {
  test('says nothing of a whole one', async () => {
    expect(await decode(createReadStream(dump.path))).toEqual({ problem: '', rows: new Map([['"public"."t"', 50_000]]) })
  })

  test.each([0.1, 0.5, 0.9])('finds that one was cut at %f of its length', async (part) => {
    expect((await decode(pieces(bytes.subarray(0, Math.floor(bytes.length * part))))).problem).toMatch(/^pg_restore: error: /)
  })

  test('finds a single byte that is missing at the end', async () => {
    expect((await decode(pieces(bytes.subarray(0, -1)))).problem).toMatch(/^pg_restore: error: /)
  })

  test('reads the stream to its end although pg_restore gave up at once', async () => {
    const { counter, stream } = counted()
    const garbage = Buffer.alloc(3_000_000, 'x')
    expect((await decode(pieces(garbage).pipe(stream))).problem).toContain('does not appear to be a valid archive')
    expect(counter.bytes).toBe(garbage.length)
  })

  test('rejects with the error of the stream', async () => {
    const broken = new PassThrough()
    broken.write(bytes.subarray(0, 100_000))
    setTimeout(() => broken.destroy(new Error('connection reset')), 50)
    await expect(decode(broken)).rejects.toThrow('connection reset')
  })

  test('stops on a signal, also when the stream would never end', async () => {
    const controller = new AbortController()
    const endless = new PassThrough()
    endless.write(bytes.subarray(0, 100_000))
    setTimeout(() => controller.abort('SIGINT'), 50)
    await expect(decode(endless, controller.signal)).rejects.toBe('SIGINT')
    expect(endless.destroyed).toBe(true)
  })
})
