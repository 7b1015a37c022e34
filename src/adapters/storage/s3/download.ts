import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3'
import { ReleaseError } from '../../../errors.ts'
import { answerOf, NotS3Error } from './answer.ts'
import type { S3Connection } from './connection.ts'
import { explainS3 } from './errors.ts'
import { backOff, isNetworkTrouble, isStall } from './retry.ts'

/** So many times in a row may the body break off before a MiB more has come. */
const mostBreaks = 4
const progressBytes = 1024 * 1024
const bufferedBytes = 1024 * 1024

/**
 * The bytes of an object. A connection that breaks is made again at the byte that was reached, as long as the store
 * says that it is the same object; the stream never ends before the last byte.
 */
export async function download(connection: S3Connection, key: string): Promise<Readable> {
  const closed = new AbortController()
  const first = await open(connection, key, undefined, closed.signal)
  const out = new PassThrough({ highWaterMark: bufferedBytes })
  out.once('close', () => closed.abort())
  copy(connection, key, first, out, closed.signal).then(
    () => out.end(),
    (error: unknown) => out.destroy(asError(explainS3(error, { right: 'read', key }, connection))),
  )
  return out
}

/** Where a broken download goes on. */
interface Reached {
  readonly bytes: number
  readonly etag: string
}

async function copy(connection: S3Connection, key: string, first: GetObjectCommandOutput, out: PassThrough, signal: AbortSignal) {
  const { ContentLength: sizeBytes, ETag: etag } = first
  if (sizeBytes === undefined || etag === undefined) throw new NotS3Error('neither size nor tag of an object')
  let answer = first
  let bytes = 0
  for (let breaks = 0; ; ) {
    const before = bytes
    try {
      for await (const chunk of answer.Body as Readable) {
        bytes += chunk.length
        if (!out.write(chunk)) await once(out, 'drain', { signal })
      }
      if (bytes === sizeBytes) return
      if (bytes > sizeBytes) throw damaged(connection, key, `${bytes} bytes came, where it has ${sizeBytes}`)
    } catch (error) {
      if (signal.aborted || !isBroken(error)) throw error
      breaks = bytes - before >= progressBytes ? 1 : breaks + 1
      if (breaks > mostBreaks) throw error
    }
    await backOff(breaks, connection.delayMs, signal)
    answer = await open(connection, key, { bytes, etag }, signal)
  }
}

async function open({ client, place, call }: S3Connection, key: string, reached: Reached | undefined, signal: AbortSignal) {
  const input = { Bucket: place.bucket, Key: place.base + key }
  const rest = reached === undefined ? {} : { Range: `bytes=${reached.bytes}-`, IfMatch: reached.etag }
  const answer = await call((options) => client.send(new GetObjectCommand({ ...input, ...rest }), options), signal).catch(
    (error: unknown) => {
      if (reached !== undefined && answerOf(error).status === 412) throw damaged({ place }, key, 'it was replaced while it was read')
      throw error
    },
  )
  if (reached === undefined) return answer
  if (answer.ETag !== reached.etag) throw damaged({ place }, key, 'it was replaced while it was read')
  if (answer.ContentRange?.startsWith(`bytes ${reached.bytes}-`)) return answer
  throw new NotS3Error('a whole object where a part was asked for')
}

function isBroken(error: unknown): boolean {
  return isNetworkTrouble(error) || isStall(error)
}

function damaged({ place }: Pick<S3Connection, 'place'>, key: string, problem: string): ReleaseError {
  return new ReleaseError('backup-damaged', `${key} in ${place.description} is not what it was: ${problem}.`, {
    hint: 'Find out who writes to the bucket; make a new backup.',
  })
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
