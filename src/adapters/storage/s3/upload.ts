import type { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { PutObject } from '../../../backup/store.ts'
import { ReleaseError } from '../../../errors.ts'
import { formatSize } from '../../../units.ts'
import type { S3Connection } from './connection.ts'
import type { PartPlan } from './part-plan.ts'
import { UploadSender } from './upload-sender.ts'

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
  const { client, place } = connection
  const sender = new UploadSender(connection, key, source, signal)
  const stop = () => sender.fail(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    const { ETag, VersionId } = await new Upload({
      // the library sends through this and never learns of retries, conditions and the signal
      client: { config: client.config, send: (command: object) => sender.send(command) } as unknown as S3Client,
      params: { Bucket: place.bucket, Key: place.base + key, Body: source, ContentType: 'application/octet-stream' },
      partSize: plan.partSizeBytes,
      queueSize: plan.queueSize,
      leavePartsOnError: false,
    }).done()
    const { sizeBytes, partCount, isCompared } = sender
    return {
      key,
      sizeBytes,
      ...tags(ETag, VersionId),
      ...(partCount > 0 && isCompared ? { parts: { count: partCount, sizeBytes: plan.partSizeBytes } } : {}),
    }
  } catch (error) {
    source.destroy()
    throw withRemains(sender, cause(sender, error, plan), key)
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

function cause(sender: UploadSender, error: unknown, plan: PartPlan): unknown {
  if (sender.failure !== undefined) return sender.failure
  if (sender.partCount < mostParts) return error
  return new ReleaseError(
    'backup-failed',
    `The dump grew beyond ${formatSize(plan.partSizeBytes * mostParts)}, the most that was planned for.`,
    {
      hint: 'Run it again: the database is larger than its size promised.',
      cause: error,
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
