import { randomFillSync } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { s3Store } from '../../src/adapters/storage/s3/store.ts'
import { fingerprintStream } from '../../src/backup/fingerprint-stream.ts'
import type { StreamOrder } from './put-stream.ts'

// A program of its own, so that its memory is that of the store and of nothing else.

const { endpoint, ca, streamBytes, expectedBytes } = JSON.parse(process.argv[2] ?? '') as StreamOrder
const signal = new AbortController().signal
const access = {
  endpoint,
  ca,
  region: undefined,
  accessKeyId: 'bench',
  secretAccessKey: 'bench',
  sessionToken: undefined,
  forcePathStyle: true,
  stallTimeoutMs: 120_000,
}
const store = await s3Store('s3://bench/stream', access, () => new Date())
const { stream, result } = fingerprintStream()
const flow = pipeline(Readable.from(pieces()), stream)
const put = await store.put('generated.dump', stream, signal, { expectedBytes })
await flow
if (result().sizeBytes !== streamBytes || put.sizeBytes !== streamBytes) throw new Error(`${put.sizeBytes} bytes landed`)
process.stdout.write(JSON.stringify({ parts: put.parts }))

/** As they come out of a pipe: 64 KiB each, in memory of their own. */
function* pieces(): Generator<Buffer> {
  const noise = randomFillSync(Buffer.alloc(64 * 1024))
  for (let left = streamBytes; left > 0; left -= noise.length) yield Buffer.from(noise.subarray(0, Math.min(left, noise.length)))
}
