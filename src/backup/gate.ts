import { Transform } from 'node:stream'

/**
 * Passes bytes on at once, but their end only after `finished` has resolved; when it rejects, the stream breaks.
 *
 * A stream that ends looks the same whether its program finished or was killed, and an upload that sees its source
 * end completes the object. This gate is what keeps half a dump from becoming one.
 */
export function gate(finished: Promise<unknown>): Transform {
  const stream = new Transform({
    transform: (chunk, _encoding, done) => done(null, chunk),
    flush: (done) => void finished.then(() => done(), done),
  })
  finished.catch((error) => stream.destroy(error)) // also when the bytes never end
  stream.on('error', () => {}) // whoever reads the stream sees it; it may come before anybody reads
  return stream
}
