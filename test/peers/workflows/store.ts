import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { buildApp } from 'fauxqs'

export const storeKeys = { STORE_KEY_ID: 'key-of-the-store', STORE_SECRET: 'secret-of-the-store' }

/** A real S3 server whose administrator can take the right to write away. */
export interface TeamStore extends AsyncDisposable {
  readonly endpoint: string
  refuseWrites(isRefused: boolean): void
  keys(prefix: string): Promise<readonly string[]>
  text(key: string): Promise<string>
}

const refusal =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>1</RequestId></Error>'

export async function startTeamStore(): Promise<TeamStore> {
  const app = buildApp({ logger: false })
  const behind = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  let isRefused = false
  const front = createServer((asked, answer) => {
    if (isRefused && asked.method !== 'GET' && asked.method !== 'HEAD') {
      asked.resume().on('end', () => answer.writeHead(403, { 'content-type': 'application/xml' }).end(refusal))
      return
    }
    const { method, url: path, headers } = asked
    const onward = request({ host: behind.hostname, port: behind.port, method, path, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.rawHeaders)
      got.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  })
  await new Promise<void>((listening) => front.listen(0, '127.0.0.1', listening))
  const endpoint = `http://127.0.0.1:${(front.address() as AddressInfo).port}`
  const credentials = { accessKeyId: storeKeys.STORE_KEY_ID, secretAccessKey: storeKeys.STORE_SECRET }
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
  await client.send(new CreateBucketCommand({ Bucket: 'backups' }))
  return {
    endpoint,
    refuseWrites(refused) {
      isRefused = refused
    },
    async keys(prefix) {
      const { Contents: found = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'backups', Prefix: prefix }))
      return found.map(({ Key: key = '' }) => key)
    },
    async text(key) {
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket: 'backups', Key: key }))
      return (await body?.transformToString()) ?? ''
    },
    async [Symbol.asyncDispose]() {
      client.destroy()
      const closed = new Promise((done) => front.close(done))
      front.closeAllConnections()
      await closed
      await app.close()
    },
  }
}
