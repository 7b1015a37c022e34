import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { answerOf } from './answer.ts'
import type { S3Connection } from './connection.ts'

/**
 * Whether an object that the store refuses to show is simply not there. To a key that may list below its prefix alone, S3
 * says 403 in place of 404; the listing tells. `false` also when nobody can tell.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export async function isAbsent(
  { client, place, call }: S3Connection,
  key: string,
  refusal: unknown,
  signal?: AbortSignal,
): Promise<boolean> {
  if (answerOf(refusal).status !== 403) return false
  const Prefix = place.base + key
  const command = new ListObjectsV2Command({ Bucket: place.bucket, Prefix, MaxKeys: 1 })
  const answer = await call((options) => client.send(command, options), signal).catch(() => undefined)
  return answer !== undefined && answer.Contents?.[0]?.Key !== Prefix
}
