import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'

/** What tells one archive from another, whatever store it lies in. */
export interface Fingerprint {
  readonly sizeBytes: number
  readonly sha256: string
}

/** Counts and hashes what passes through. `result` holds only once the stream has ended. */
export function fingerprintStream(onBytes: (sizeBytes: number) => void = () => {}): {
  readonly stream: Transform
  readonly result: () => Fingerprint
} {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      sizeBytes += chunk.length
      onBytes(sizeBytes)
      done(null, chunk)
    },
  })
  return { stream, result: () => ({ sizeBytes, sha256: hash.copy().digest('hex') }) }
}
