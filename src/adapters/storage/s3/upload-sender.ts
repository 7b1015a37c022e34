import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandOutput,
  type CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandOutput,
  UploadPartCommand,
  type UploadPartCommandInput,
} from '@aws-sdk/client-s3'
import { ReleaseError } from '../../../errors.ts'
import { isAbsent } from './absent.ts'
import { answerOf, NotS3Error } from './answer.ts'
import type { S3Connection } from './connection.ts'
import { explainS3 } from './errors.ts'
import { graceAfter } from './grace.ts'
import { abortTwins, abortUpload } from './open-uploads.ts'
import type { Part } from './parts.ts'

/** A stopped process has 6 s: so long may the store take to say what became of a request that it has. */
const answerGraceMs = 2000
const abortGraceMs = 2500
const abortLimitMs = 60_000

export type Finished = Pick<CompleteMultipartUploadCommandOutput & PutObjectCommandOutput, 'ETag' | 'VersionId'>
type Bytes = Pick<Part, 'bytes' | 'md5'>
type Finishing = PutObjectCommand | CompleteMultipartUploadCommand

/** Sends the requests of one upload: with a checksum for each part, retries, and the promise never to overwrite. */
export class UploadSender {
  sizeBytes = 0
  partCount = 0
  /** Whether every part was tagged with the MD5 of what was sent; some stores tag otherwise, such as those that encrypt. */
  isCompared = true
  /** What went wrong first. */
  failure: unknown
  /** Id of the upload when it could not be aborted. */
  remains: string | undefined
  readonly #connection: S3Connection
  readonly #key: string
  readonly #source: Readable
  readonly #signal: AbortSignal
  readonly #failed = new AbortController()
  readonly #partTags = new Map<number, string>()

  constructor(connection: S3Connection, key: string, source: Readable, signal: AbortSignal) {
    this.#connection = connection
    this.#key = key
    this.#source = source
    this.#signal = signal
  }

  /** Ends the upload: its source is destroyed, so that nobody waits for more of it, and parts under way are dropped. */
  fail(error: unknown): void {
    this.failure ??= error
    this.#failed.abort(error)
    this.#source.destroy(error instanceof Error ? error : new Error(String(error)))
  }

  /** The answer is waited for, also when the run is stopped: without its id an upload cannot be aborted. */
  create(command: CreateMultipartUploadCommand): Promise<string> {
    return this.#explained(false, async () => {
      const { client, call } = this.#connection
      using grace = graceAfter(this.#failed.signal, answerGraceMs)
      let tries = 0
      let uploadId: string | undefined
      try {
        const answer = await call((options) => {
          tries++
          return client.send(command, options)
        }, grace.signal)
        uploadId = answer.UploadId
        if (uploadId === undefined) throw new NotS3Error('no upload id')
        return uploadId
      } finally {
        // what was carried out although no answer came
        if (tries > 1) await abortTwins(this.#connection, command.input.Key as string, uploadId, grace.signal).catch(() => {})
      }
    })
  }

  /** The bytes must stay as they are until this has ended. Resolves to the tag that the store gave the part. */
  sendPart(input: Omit<UploadPartCommandInput, 'Body'> & { readonly PartNumber: number }, { bytes, md5 }: Bytes): Promise<string> {
    return this.#explained(true, async () => {
      const { client, call } = this.#connection
      const checked = { ...input, ContentMD5: md5.toString('base64'), ContentLength: bytes.length }
      const answer = await call(async (options) => {
        const Body = Readable.from(slices(bytes))
        try {
          return await client.send(new UploadPartCommand({ ...checked, Body }), options)
        } finally {
          Body.destroy() // an early refusal does not keep it from being sent on
        }
      }, this.#failed.signal)
      if (answer.ETag === undefined) throw new NotS3Error('no tag of a part')
      if (bare(answer.ETag) !== md5.toString('hex')) this.isCompared = false
      this.#partTags.set(input.PartNumber, md5.toString('hex'))
      this.sizeBytes += bytes.length
      this.partCount++
      return answer.ETag
    })
  }

  /** Makes the object appear, unless the key is taken. */
  finish(command: Finishing): Promise<Finished> {
    return this.#explained(command instanceof CompleteMultipartUploadCommand, () => this.#finish(command))
  }

  /** Never rejects: what made the abort necessary is the error to report. */
  async abort(uploadId: string): Promise<void> {
    const { place } = this.#connection
    using grace = graceAfter(this.#signal, abortGraceMs)
    const signal = AbortSignal.any([grace.signal, AbortSignal.timeout(abortLimitMs)])
    try {
      await abortUpload(this.#connection, { key: place.base + this.#key, uploadId }, signal)
    } catch {
      this.remains = uploadId
    }
  }

  /** Whatever goes wrong ends the whole upload. */
  async #explained<T>(begun: boolean, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const known = explainS3(error, { right: 'write', key: this.#key, begun }, this.#connection)
      this.fail(known)
      throw known
    }
  }

  async #finish(command: Finishing): Promise<Finished> {
    const { client, call } = this.#connection
    const tag = command instanceof PutObjectCommand ? this.#digestWhole(command) : this.#tagOfParts()
    if ((await this.#head(this.#failed.signal)) !== undefined) throw taken(this.#connection, this.#key)
    this.#signal.throwIfAborted()
    using grace = graceAfter(this.#failed.signal, answerGraceMs)
    command.input.IfNoneMatch = '*'
    let isRepeated = false
    const answer = await call(async (options) => {
      // an earlier try may have been carried out although no answer came
      const own = isRepeated ? await this.#ownObject(tag, grace.signal) : undefined
      isRepeated = true
      return own ?? (await this.#sendConditionally(() => client.send(command as PutObjectCommand, options), command))
    }, grace.signal)
    if (answer.ETag === undefined) throw new NotS3Error('no tag of the object')
    if (bare(answer.ETag) !== '') return answer
    return (await this.#head(grace.signal)) ?? answer // Ceph leaves it empty for an object of several parts
  }

  /** Not every store knows the condition: one that refuses it gets the request without it. */
  async #sendConditionally(send: () => Promise<Finished>, command: Finishing): Promise<Finished> {
    try {
      return await send()
    } catch (error) {
      const { name, status } = answerOf(error)
      if (name === 'PreconditionFailed' || status === 412) throw taken(this.#connection, this.#key)
      if (command.input.IfNoneMatch === undefined || !unknownCondition.has(name)) throw error
      delete command.input.IfNoneMatch
      return await send()
    }
  }

  #digestWhole(command: PutObjectCommand): string {
    const body = command.input.Body as Buffer
    const md5 = createHash('md5').update(body).digest()
    command.input.ContentMD5 = md5.toString('base64')
    this.sizeBytes = body.length
    return md5.toString('hex')
  }

  /** The MD5 of the parts' MD5s, with their number: how S3 tags an object of several parts. */
  #tagOfParts(): string {
    const tags = [...this.#partTags].sort(([a], [b]) => a - b).map(([, tag]) => tag)
    return `${createHash('md5')
      .update(Buffer.from(tags.join(''), 'hex'))
      .digest('hex')}-${tags.length}`
  }

  async #ownObject(tag: string, signal: AbortSignal): Promise<Finished | undefined> {
    const found = await this.#head(signal)
    if (found === undefined) return undefined
    const isOwn = this.isCompared && found.ETag !== undefined ? bare(found.ETag) === tag : found.ContentLength === this.sizeBytes
    if (isOwn) return found
    throw taken(this.#connection, this.#key)
  }

  async #head(signal: AbortSignal) {
    const { client, place, call } = this.#connection
    const command = new HeadObjectCommand({ Bucket: place.bucket, Key: place.base + this.#key })
    return call((options) => client.send(command, options), signal).catch(async (error: unknown) => {
      if (answerOf(error).status === 404 || (await isAbsent(this.#connection, this.#key, error, signal))) return undefined
      throw error
    })
  }
}

const unknownCondition = new Set(['NotImplemented', 'InvalidArgument', 'InvalidRequest', 'UnsupportedHeader'])

/** The error for a key that is not free. */
export function taken({ place }: S3Connection, key: string): ReleaseError {
  return new ReleaseError('backup-exists', `${place.description} holds ${key} already, and nothing in it is ever overwritten.`, {
    hint: 'Run the command again: a new backup gets a key of its own.',
  })
}

const sliceBytes = 64 * 1024

/** What is written as one piece, TLS encrypts as one piece, into as much memory again. */
function* slices(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += sliceBytes) yield body.subarray(at, at + sliceBytes)
}

function bare(etag: string): string {
  return etag.replaceAll('"', '')
}
