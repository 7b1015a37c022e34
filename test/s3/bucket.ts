import { createHash, randomBytes } from 'node:crypto'
import type { S3Request } from './request.ts'

export interface KeptObject {
  bytes: Buffer
  etag: string
}

export interface KeptUpload {
  readonly key: string
  initiated: Date
  readonly parts: Map<number, KeptObject & { modified: Date }>
}

export interface S3Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

/** How stores differ from each other. */
export interface Habits {
  /** Tags that are no MD5, as a store that encrypts gives them. */
  readonly oddTags?: boolean
  /** What becomes of the header If-None-Match. */
  readonly conditions?: 'honoured' | 'ignored' | 'refused'
  readonly pageSize?: number
}

/** One bucket in memory, with the answers of S3 to the calls that a store needs. */
export class Bucket {
  readonly objects = new Map<string, KeptObject>()
  readonly uploads = new Map<string, KeptUpload>()
  readonly #name: string
  readonly #habits: Habits

  constructor(name: string, habits: Habits) {
    this.#name = name
    this.#habits = habits
  }

  answer(request: S3Request): S3Answer {
    if (request.bucket !== this.#name) return failure(404, 'NoSuchBucket')
    return this[request.operation](request)
  }

  PutObject(request: S3Request): S3Answer {
    const refusal = this.#refuseTaken(request) ?? checkDigest(request)
    if (refusal !== undefined) return refusal
    const etag = this.#tag(md5(request.body))
    this.objects.set(request.key, { bytes: request.body, etag })
    return { status: 200, headers: { etag: `"${etag}"` } }
  }

  HeadObject({ key }: S3Request): S3Answer {
    const object = this.objects.get(key)
    if (object === undefined) return { status: 404 }
    return { status: 200, headers: { etag: `"${object.etag}"`, 'content-length': String(object.bytes.length) } }
  }

  GetObject({ key, headers }: S3Request): S3Answer {
    const object = this.objects.get(key)
    if (object === undefined) return failure(404, 'NoSuchKey')
    const { bytes, etag } = object
    if (headers['if-match'] !== undefined && headers['if-match'] !== `"${etag}"`) return failure(412, 'PreconditionFailed')
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
    if (from === undefined) return { status: 200, headers: { etag: `"${etag}"` }, body: bytes }
    if (Number(from) >= bytes.length) return failure(416, 'InvalidRange')
    const end = to ? Math.min(Number(to) + 1, bytes.length) : bytes.length
    const range = `bytes ${from}-${end - 1}/${bytes.length}`
    return { status: 206, headers: { etag: `"${etag}"`, 'content-range': range }, body: bytes.subarray(Number(from), end) }
  }

  DeleteObject({ key }: S3Request): S3Answer {
    this.objects.delete(key)
    return { status: 204 }
  }

  ListObjectsV2({ query }: S3Request): S3Answer {
    const after = query.get('continuation-token') ?? ''
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after).sort()
    const page = keys.slice(0, this.#habits.pageSize ?? 1000)
    const next = page.length < keys.length ? xml('NextContinuationToken', page.at(-1)) : ''
    const contents = page.map((key) => {
      const { bytes, etag } = this.objects.get(key) as KeptObject
      return xml('Contents', xml('Key', escaped(key)) + xml('Size', bytes.length) + xml('ETag', `"${etag}"`))
    })
    return document('ListBucketResult', contents.join('') + xml('IsTruncated', next !== '') + next)
  }

  CreateMultipartUpload({ key }: S3Request): S3Answer {
    const id = randomBytes(6).toString('hex')
    this.uploads.set(id, { key, initiated: new Date(), parts: new Map() })
    return document('InitiateMultipartUploadResult', xml('Key', escaped(key)) + xml('UploadId', id))
  }

  UploadPart(request: S3Request): S3Answer {
    const upload = this.#uploadOf(request)
    if (upload === undefined) return failure(404, 'NoSuchUpload')
    const refusal = checkDigest(request)
    if (refusal !== undefined) return refusal
    const etag = this.#tag(md5(request.body))
    upload.parts.set(Number(request.query.get('partNumber')), { bytes: request.body, etag, modified: new Date() })
    return { status: 200, headers: { etag: `"${etag}"` } }
  }

  CompleteMultipartUpload(request: S3Request): S3Answer {
    const upload = this.#uploadOf(request)
    if (upload === undefined) return failure(404, 'NoSuchUpload')
    const refusal = this.#refuseTaken(request)
    if (refusal !== undefined) return refusal
    const named = [...request.body.toString().matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: /<ETag>(?:"|&quot;)?([^"&<]+)/.exec(part)?.[1],
    }))
    const parts = named.map(({ number }) => upload.parts.get(number))
    if (parts.some((part, index) => part === undefined || part.etag !== named[index]?.etag)) return failure(400, 'InvalidPart')
    const bytes = parts.flatMap((part) => part?.bytes ?? [])
    const etag = this.#tag(`${md5(Buffer.concat(bytes.map((one) => Buffer.from(md5(one), 'hex'))))}-${parts.length}`)
    this.objects.set(request.key, { bytes: Buffer.concat(bytes), etag })
    this.uploads.delete(request.query.get('uploadId') ?? '')
    return document('CompleteMultipartUploadResult', xml('Key', escaped(request.key)) + xml('ETag', `"${etag}"`))
  }

  AbortMultipartUpload(request: S3Request): S3Answer {
    return this.uploads.delete(request.query.get('uploadId') ?? '') ? { status: 204 } : failure(404, 'NoSuchUpload')
  }

  ListParts(request: S3Request): S3Answer {
    const upload = this.#uploadOf(request)
    if (upload === undefined) return failure(404, 'NoSuchUpload')
    const parts = [...upload.parts].map(([number, { modified }]) =>
      xml('Part', xml('PartNumber', number) + xml('LastModified', modified.toISOString())),
    )
    return document('ListPartsResult', xml('IsTruncated', false) + parts.join(''))
  }

  ListMultipartUploads({ query }: S3Request): S3Answer {
    const found = [...this.uploads].filter(([, { key }]) => key.startsWith(query.get('prefix') ?? ''))
    const uploads = found.map(([id, { key, initiated }]) =>
      xml('Upload', xml('Key', escaped(key)) + xml('UploadId', id) + xml('Initiated', initiated.toISOString())),
    )
    return document('ListMultipartUploadsResult', xml('IsTruncated', false) + uploads.join(''))
  }

  #uploadOf({ key, query }: S3Request): KeptUpload | undefined {
    const upload = this.uploads.get(query.get('uploadId') ?? '')
    return upload?.key === key ? upload : undefined
  }

  #refuseTaken({ key, headers }: S3Request): S3Answer | undefined {
    if (headers['if-none-match'] === undefined || this.#habits.conditions === 'ignored') return undefined
    if (this.#habits.conditions === 'refused') return failure(501, 'NotImplemented')
    return this.objects.has(key) ? failure(412, 'PreconditionFailed') : undefined
  }

  #tag(tag: string): string {
    return this.#habits.oddTags ? randomBytes(16).toString('hex') : tag
  }
}

export function failure(status: number, code: string): S3Answer {
  return document('Error', xml('Code', code) + xml('RequestId', 'tx0001'), status)
}

function document(name: string, content: string, status = 200): S3Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>${xml(name, content)}`
  return { status, headers: { 'content-type': 'application/xml', 'x-amz-request-id': 'tx0001' }, body }
}

function xml(name: string, content: unknown): string {
  return `<${name}>${content}</${name}>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

function checkDigest({ headers, body }: S3Request): S3Answer | undefined {
  const given = headers['content-md5']
  return given === undefined || given === createHash('md5').update(body).digest('base64') ? undefined : failure(400, 'BadDigest')
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex')
}
