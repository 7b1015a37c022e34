import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'

export type Operation =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'ListObjectsV2'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts'
  | 'ListMultipartUploads'

/** A request in the words of S3. */
export interface S3Request {
  readonly operation: Operation
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Whole; a body that was cut off never becomes a request. */
  readonly body: Buffer
}

export async function readRequest(message: IncomingMessage): Promise<S3Request> {
  const { pathname, searchParams: query } = new URL(message.url ?? '/', 'http://host')
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/.exec(decodeURIComponent(pathname)) ?? []
  const operation = operationOf(message.method ?? '', key, query)
  const headers = message.headers as Record<string, string | undefined>
  return { operation, bucket, key, query, headers, body: await buffer(message) }
}

function operationOf(method: string, key: string, query: URLSearchParams): Operation {
  const ofUpload = query.has('uploadId')
  const found = {
    PUT: ofUpload ? 'UploadPart' : 'PutObject',
    POST: ofUpload ? 'CompleteMultipartUpload' : 'CreateMultipartUpload',
    DELETE: ofUpload ? 'AbortMultipartUpload' : 'DeleteObject',
    HEAD: 'HeadObject',
    GET: ofUpload ? 'ListParts' : query.has('uploads') ? 'ListMultipartUploads' : key === '' ? 'ListObjectsV2' : 'GetObject',
  } as const satisfies Record<string, Operation>
  const operation = found[method as keyof typeof found]
  if (operation === undefined || (key === '' && !operation.startsWith('List')))
    throw new Error(`a call that a store does not need: ${method}`)
  return operation
}
