import { Transform } from 'node:stream'

/** `PGDMP`, and three bytes of version. */
const headerBytes = 8

/** Lets an archive pass, and keeps the version of its format, such as `1.14.0`; `undefined` when it does not begin as one. */
export function headerStream(): { readonly stream: Transform; readonly version: () => string | undefined } {
  let header = Buffer.alloc(0)
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (header.length < headerBytes) header = Buffer.concat([header, chunk.subarray(0, headerBytes - header.length)])
      done(null, chunk)
    },
  })
  const version = () =>
    header.length < headerBytes || header.toString('latin1', 0, 5) !== 'PGDMP' ? undefined : [...header.subarray(5)].join('.')
  return { stream, version }
}
