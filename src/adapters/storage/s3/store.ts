import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3'
import type { Store, StoredObject } from '../../../backup/store.ts'
import { checkStoreKey, storeKeyProblem } from '../../../backup/store-key.ts'
import { ReleaseError } from '../../../errors.ts'
import type { StoreAccess } from '../../../store-access.ts'
import { isAbsent } from './absent.ts'
import { answerOf } from './answer.ts'
import { connectS3, type S3Connection } from './connection.ts'
import { download } from './download.ts'
import { type Attempt, explainS3 } from './errors.ts'
import { abortStale } from './open-uploads.ts'
import { largestObjectBytes, partPlan } from './part-plan.ts'
import { tags, upload } from './upload.ts'
import { taken } from './upload-sender.ts'

/** An upload that nobody added to for so long belongs to a process that died. */
const staleMs = 24 * 60 * 60 * 1000

/** A store below a prefix of a bucket. Nothing is asked of the bucket itself. */
export async function s3Store(url: string, access: StoreAccess, now: () => Date, delayMs?: number): Promise<Store> {
  const connection = await connectS3(url, access, delayMs)
  const { place } = connection
  const explained = <T>(attempt: Attempt, work: Promise<T>) =>
    work.catch((error: unknown) => {
      throw explainS3(error, attempt, connection)
    })
  let swept: Promise<void> | undefined

  return {
    description: place.description,
    largestBytes: largestObjectBytes,

    async put(key, source, signal, options) {
      source.on('error', () => {}) // it may fail before the upload listens
      try {
        checkStoreKey(key)
        const plan = partPlan(options?.expectedBytes)
        signal.throwIfAborted()
        if ((await explained({ right: 'read', key }, head(connection, key, signal))) !== undefined) throw taken(connection, key)
        if (options?.expectedBytes !== undefined) swept ??= abortStale(connection, new Date(now().getTime() - staleMs), signal)
        const put = await upload(connection, key, source, signal, plan)
        await swept
        return put
      } catch (error) {
        source.destroy()
        throw error
      }
    },

    async get(key) {
      checkStoreKey(key)
      try {
        return await download(connection, key)
      } catch (error) {
        const isMissing = answerOf(error).name === 'NoSuchKey' || (await isAbsent(connection, key, error))
        if (!isMissing) throw explainS3(error, { right: 'read', key }, connection)
        throw new ReleaseError('backup-not-found', `${place.description} holds no object ${key}.`, { hint: 'Check the key and the store.' })
      }
    },

    async head(key) {
      checkStoreKey(key)
      return explained({ right: 'read', key }, head(connection, key))
    },

    async list(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
      if (folder !== '') checkStoreKey(folder.slice(0, -1))
      return explained({ right: 'list', key: prefix }, list(connection, prefix))
    },

    async delete(key) {
      checkStoreKey(key)
      const command = new DeleteObjectCommand({ Bucket: place.bucket, Key: place.base + key })
      await explained({ right: 'delete', key }, connection.call((options) => connection.client.send(command, options)).catch(passMissing))
    },
  }
}

/** The answer to HEAD has no body, so that the reason of a refusal is asked for with a GET of one byte. */
async function head(connection: S3Connection, key: string, signal?: AbortSignal): Promise<StoredObject | undefined> {
  const { client, place, call } = connection
  const input = { Bucket: place.bucket, Key: place.base + key }
  const ask = async () => {
    const answer = await call((options) => client.send(new HeadObjectCommand(input), options), signal)
    return { key, sizeBytes: answer.ContentLength ?? 0, ...tags(answer.ETag, answer.VersionId) }
  }
  try {
    return await ask()
  } catch (error) {
    if (answerOf(error).status === undefined) throw error
  }
  try {
    const command = new GetObjectCommand({ ...input, Range: 'bytes=0-0' })
    await call(async (options) => (await client.send(command, options)).Body?.transformToByteArray(), signal)
  } catch (error) {
    const { name, status } = answerOf(error)
    if (name === 'NoSuchKey' || (await isAbsent(connection, key, error, signal))) return undefined
    if (status !== 416) throw error // an empty object has no first byte
  }
  return ask() // it has just appeared, or the clock was wrong, which the SDK has set by the first answer
}

async function list({ client, place, call }: S3Connection, prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = []
  let next: string | undefined
  do {
    const input = { Bucket: place.bucket, Prefix: place.base + prefix, ...(next === undefined ? {} : { ContinuationToken: next }) }
    const answer: ListObjectsV2CommandOutput = await call((options) => client.send(new ListObjectsV2Command(input), options))
    for (const { Key = '', Size = 0, ETag } of answer.Contents ?? []) {
      const key = Key.slice(place.base.length)
      if (Key.startsWith(place.base + prefix) && storeKeyProblem(key) === undefined)
        found.push({ key, sizeBytes: Size, ...tags(ETag, undefined) })
    }
    next = answer.IsTruncated ? answer.NextContinuationToken : undefined
  } while (next !== undefined)
  return found.sort((a, b) => (a.key < b.key ? -1 : 1))
}

function passMissing(error: unknown): undefined {
  if (answerOf(error).name !== 'NoSuchKey') throw error
}
