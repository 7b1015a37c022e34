import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  type CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandOutput,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandOutput,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { ReleaseError } from '../../../errors.ts'
import { isAbsent } from './absent.ts'
import { answerOf, NotS3Error } from './answer.ts'
import type { S3Connection } from './connection.ts'
import { explainS3 } from './errors.ts'
import { graceAfter } from './grace.ts'
import { abortTwins, abortUpload } from './open-uploads.ts'

/** A stopped process has 6 s: so long may the store take to say what became of a request that it has. */
const answerGraceMs = 2000
const abortGraceMs = 2500
const abortLimitMs = 60_000

type Finished = Pick<CompleteMultipartUploadCommandOutput & PutObjectCommandOutput, 'ETag' | 'VersionId'>
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

  async send(command: object): Promise<unknown> {
    if (command instanceof AbortMultipartUploadCommand) return this.#abort(command.input.UploadId as string)
    try {
      if (command instanceof CreateMultipartUploadCommand) return await this.#create(command)
      if (command instanceof UploadPartCommand) return await this.#sendPart(command)
      return await this.#finish(command as Finishing)
    } catch (error) {
      const begun = !(command instanceof CreateMultipartUploadCommand || command instanceof PutObjectCommand)
      const known = explainS3(error, { right: 'write', key: this.#key, begun }, this.#connection)
      this.fail(known)
      throw known
    }
  }

  /** The answer is waited for, also when the run is stopped: without its id an upload cannot be aborted. */
  async #create(command: CreateMultipartUploadCommand) {
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
      return answer
    } finally {
      // what was carried out although no answer came
      if (tries > 1) await abortTwins(this.#connection, command.input.Key as string, uploadId, grace.signal).catch(() => {})
    }
  }

  async #sendPart(command: UploadPartCommand) {
    const { client, call } = this.#connection
    const body = command.input.Body as Buffer
    const md5 = createHash('md5').update(body).digest()
    command.input.ContentMD5 = md5.toString('base64')
    command.input.ContentLength = body.length
    const answer = await call((options) => {
      command.input.Body = Readable.from(slices(body))
      return client.send(command, options)
    }, this.#failed.signal)
    if (answer.ETag === undefined) throw new NotS3Error('no tag of a part')
    if (bare(answer.ETag) !== md5.toString('hex')) this.isCompared = false
    this.#partTags.set(command.input.PartNumber as number, md5.toString('hex'))
    this.sizeBytes += body.length
    this.partCount++
    return answer
  }

  /** Makes the object appear, unless the key is taken. */
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

  /** Never rejects: what made the abort necessary is the error to report. */
  async #abort(uploadId: string): Promise<void> {
    const { place } = this.#connection
    using grace = graceAfter(this.#signal, abortGraceMs)
    const signal = AbortSignal.any([grace.signal, AbortSignal.timeout(abortLimitMs)])
    try {
      await abortUpload(this.#connection, { key: place.base + this.#key, uploadId }, signal)
    } catch {
      this.remains = uploadId
    }
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
