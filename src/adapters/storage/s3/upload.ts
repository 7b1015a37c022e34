import type { Readable } from 'node:stream'
import { type CompletedPart, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { PutObject } from '../../../backup/store.ts'
import { ReleaseError } from '../../../errors.ts'
import { formatSize } from '../../../units.ts'
import type { S3Connection } from './connection.ts'
import type { PartPlan } from './part-plan.ts'
import { inParts, type Part } from './parts.ts'
import { type Finished, UploadSender } from './upload-sender.ts'

const mostParts = 10_000

/**
 * Writes an object in parts; it appears when its source has ended. However it fails, the upload is aborted before this
 * rejects, and the source is destroyed.
 */
export async function upload(
  connection: S3Connection,
  key: string,
  source: Readable,
  signal: AbortSignal,
  plan: PartPlan,
): Promise<PutObject> {
  const sender = new UploadSender(connection, key, source, signal)
  const stop = () => sender.fail(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    const target = { Bucket: connection.place.bucket, Key: connection.place.base + key }
    const { ETag, VersionId } = await send(sender, target, source, plan)
    const { sizeBytes, partCount, isCompared } = sender
    return {
      key,
      sizeBytes,
      ...tags(ETag, VersionId),
      ...(partCount > 0 && isCompared ? { parts: { count: partCount, sizeBytes: plan.partSizeBytes } } : {}),
    }
  } catch (error) {
    source.destroy()
    throw withRemains(sender, sender.failure ?? error, key)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** What the store tells this content by; an unversioned bucket calls the only version "null". */
export function tags(etag: string | undefined, versionId: string | undefined): Pick<PutObject, 'etag' | 'versionId'> {
  return {
    ...(etag === undefined ? {} : { etag: etag.replaceAll('"', '') }),
    ...(versionId === undefined || versionId === 'null' ? {} : { versionId }),
  }
}

interface Target {
  readonly Bucket: string
  readonly Key: string
}

/** What fits into one part is put as one. */
async function send(sender: UploadSender, target: Target, source: Readable, plan: PartPlan): Promise<Finished> {
  const object = { ...target, ContentType: 'application/octet-stream' }
  const sent: CompletedPart[] = []
  const underWay: Promise<void>[] = []
  let UploadId: string | undefined
  const sendPart = async ({ number: PartNumber, bytes, md5, release }: Part) => {
    try {
      sent.push({ PartNumber, ETag: await sender.sendPart({ ...target, UploadId, PartNumber }, { bytes, md5 }) })
    } catch {
      // the source breaks with it, and the sender knows why
    } finally {
      release()
    }
  }
  try {
    for await (const part of inParts(source, plan)) {
      if (part.isWhole) return await sender.finish(new PutObjectCommand({ ...object, Body: part.bytes }))
      if (part.number > mostParts) throw grown(plan)
      UploadId ??= await sender.create(new CreateMultipartUploadCommand(object))
      underWay.push(sendPart(part))
    }
    await Promise.all(underWay)
    if (sender.failure !== undefined) throw sender.failure
    const Parts = sent.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0))
    return await sender.finish(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }))
  } catch (error) {
    sender.fail(error)
    await Promise.all(underWay)
    if (UploadId !== undefined) await sender.abort(UploadId)
    throw error
  }
}

function grown({ partSizeBytes }: PartPlan): ReleaseError {
  return new ReleaseError(
    'backup-failed',
    `The dump grew beyond ${formatSize(partSizeBytes * mostParts)}, the most that was planned for.`,
    {
      hint: 'Run it again: the database is larger than its size promised.',
    },
  )
}

/** Parts that could not be removed cost money until somebody removes them. */
function withRemains({ remains }: UploadSender, error: unknown, key: string): unknown {
  if (remains === undefined) return error
  const known = error instanceof ReleaseError ? error : undefined
  const message = error instanceof Error ? error.message : String(error)
  const rest = `Its upload ${remains} could not be aborted: parts of it stay in the store.`
  return new ReleaseError(known?.code ?? 'backup-failed', `${message}\n${rest}`, {
    hint: `${known?.hint ?? 'Run it again.'} A later backup aborts uploads of ${key.split('/')[0]} that are a day old.`,
    cause: error,
  })
}
