import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { fingerprintStream } from '../../src/backup/fingerprint-stream.ts'

test('counts and hashes what passes through, and changes none of it', async () => {
  const bytes = Buffer.from('a dump in three pieces')
  const { stream, result } = fingerprintStream()
  const passed = await buffer(Readable.from([bytes.subarray(0, 3), bytes.subarray(3, 4), bytes.subarray(4)]).pipe(stream))

  expect(passed).toEqual(bytes)
  expect(result()).toEqual({ sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
})

test('knows the fingerprint of nothing', () => {
  expect(fingerprintStream().result()).toEqual({ sizeBytes: 0, sha256: createHash('sha256').digest('hex') })
})
