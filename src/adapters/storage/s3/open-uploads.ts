import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, ListPartsCommand, type MultipartUpload } from '@aws-sdk/client-s3'
import { answerOf } from './answer.ts'
import type { S3Connection } from './connection.ts'

/** An upload that was begun. */
export interface OpenUpload {
  readonly key: string
  readonly uploadId: string
}

const mostPages = 10
const mostRounds = 3

/**
 * Aborts an upload until none of its parts are left: a part that was still on its way can arrive after the first abort.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 */
export async function abortUpload(connection: S3Connection, upload: OpenUpload, signal: AbortSignal): Promise<void> {
  const { client, place } = connection
  const input = { Bucket: place.bucket, Key: upload.key, UploadId: upload.uploadId }
  for (let round = 1; round <= mostRounds; round++) {
    try {
      await connection.call((options) => client.send(new AbortMultipartUploadCommand(input), options), signal)
    } catch (error) {
      if (isGone(error)) return
      throw error
    }
    if (!(await hasParts(connection, upload, signal))) return
  }
}

/** Aborts uploads below the prefix that nobody has added to since a moment: their process died. Whatever forbids it is passed over. */
export async function abortStale(connection: S3Connection, before: Date, signal: AbortSignal): Promise<void> {
  const isOld = (moment: Date | undefined) => moment !== undefined && moment < before
  try {
    for (const upload of await openUploads(connection, connection.place.base, signal)) {
      if (!isOld(upload.Initiated) || !upload.Key || !upload.UploadId) continue
      const known = { key: upload.Key, uploadId: upload.UploadId }
      const newest = await newestPart(connection, known, signal)
      if (newest === undefined || isOld(newest)) await abortUpload(connection, known, signal)
    }
  } catch {
    // nothing depends on it, and the run itself will meet a store that fails
  }
}

/** Aborts the other uploads of a key: a request that began one may have been carried out though its answer was lost. */
export async function abortTwins(connection: S3Connection, key: string, own: string | undefined, signal: AbortSignal): Promise<void> {
  for (const { Key, UploadId } of await openUploads(connection, key, signal)) {
    if (Key === key && UploadId && UploadId !== own) await abortUpload(connection, { key, uploadId: UploadId }, signal)
  }
}

async function openUploads({ client, place, call }: S3Connection, prefix: string, signal: AbortSignal): Promise<MultipartUpload[]> {
  const found: MultipartUpload[] = []
  let marker: { KeyMarker?: string; UploadIdMarker?: string } = {}
  for (let page = 1; page <= mostPages; page++) {
    const command = new ListMultipartUploadsCommand({ Bucket: place.bucket, Prefix: prefix, ...marker })
    const answer = await call((options) => client.send(command, options), signal)
    found.push(...(answer.Uploads ?? []).filter(({ Key }) => Key?.startsWith(prefix)))
    if (!answer.IsTruncated || !answer.NextKeyMarker) break
    marker = { KeyMarker: answer.NextKeyMarker, ...(answer.NextUploadIdMarker ? { UploadIdMarker: answer.NextUploadIdMarker } : {}) }
  }
  return found
}

/** Parts come in the order of their numbers: the newest may stand on any page. */
async function newestPart({ client, place, call }: S3Connection, { key, uploadId }: OpenUpload, signal: AbortSignal) {
  let newest: Date | undefined
  let marker: string | undefined
  do {
    const input = { Bucket: place.bucket, Key: key, UploadId: uploadId, ...(marker ? { PartNumberMarker: marker } : {}) }
    const answer = await call((options) => client.send(new ListPartsCommand(input), options), signal)
    for (const { LastModified: at } of answer.Parts ?? []) if (at && (!newest || at > newest)) newest = at
    marker = answer.IsTruncated ? answer.NextPartNumberMarker : undefined
  } while (marker)
  return newest
}

/** A key that may not look, or a store that cannot tell, is taken at its word that the upload is gone. */
async function hasParts({ client, place, call }: S3Connection, { key, uploadId }: OpenUpload, signal: AbortSignal): Promise<boolean> {
  const command = new ListPartsCommand({ Bucket: place.bucket, Key: key, UploadId: uploadId })
  return call((options) => client.send(command, options), signal).then(
    () => true,
    () => false,
  )
}

function isGone(error: unknown): boolean {
  return answerOf(error).name === 'NoSuchUpload'
}
