import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'

// A store that takes an object of any size by S3's protocol, answers with the ETags that it should, and throws the bytes
// away: no disk holds what a benchmark of memory sends. In a process of its own, so that the program that is measured
// shares nothing with it.

interface Upload {
  readonly parts: Map<number, { readonly etag: Buffer; readonly sizeBytes: number }>
}

const [, , certificate = '', key = ''] = process.argv
const uploads = new Map<string, Upload>()
const objects = new Map<string, { readonly etag: string; readonly sizeBytes: number }>()

const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
  answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : undefined)
})
process.on('disconnect', () => process.exit())

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://sink')
  const upload = uploads.get(searchParams.get('uploadId') ?? '')
  const { etag, sizeBytes } = await swallow(request)
  const quoted = (text: string) => ({ etag: `"${text}"` })
  if (request.method === 'HEAD') {
    const object = objects.get(pathname)
    if (object === undefined) response.writeHead(404).end()
    else response.writeHead(200, { ...quoted(object.etag), 'content-length': object.sizeBytes }).end()
  } else if (request.method === 'GET' && searchParams.has('uploads')) {
    response.end('<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>')
  } else if (request.method === 'GET' && !objects.has(pathname)) {
    response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
  } else if (request.method === 'POST' && searchParams.has('uploads')) {
    const id = String(uploads.size + 1)
    uploads.set(id, { parts: new Map() })
    response.end(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`)
  } else if (request.method === 'PUT' && upload !== undefined) {
    upload.parts.set(Number(searchParams.get('partNumber')), { etag, sizeBytes })
    response.writeHead(200, quoted(etag.toString('hex'))).end()
  } else if (request.method === 'POST' && upload !== undefined) {
    const object = complete(upload)
    objects.set(pathname, object)
    response.end(`<CompleteMultipartUploadResult><ETag>"${object.etag}"</ETag></CompleteMultipartUploadResult>`)
  } else response.writeHead(501).end(`<Error><Code>NotImplemented</Code><Message>${request.method} ${request.url}</Message></Error>`)
}

async function swallow(request: IncomingMessage): Promise<{ readonly etag: Buffer; readonly sizeBytes: number }> {
  const hash = createHash('md5')
  let sizeBytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  return { etag: hash.digest(), sizeBytes }
}

/** The ETag of an object in parts is the hash of their hashes, and how many there are. */
function complete({ parts }: Upload): { readonly etag: string; readonly sizeBytes: number } {
  const inOrder = [...parts].sort(([one], [other]) => one - other).map(([, part]) => part)
  const hash = createHash('md5')
  for (const { etag } of inOrder) hash.update(etag)
  return { etag: `${hash.digest('hex')}-${inOrder.length}`, sizeBytes: inOrder.reduce((sum, part) => sum + part.sizeBytes, 0) }
}
