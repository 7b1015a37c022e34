import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { StoreAccess } from '../../src/store-access.ts'
import { Bucket, type Habits } from './bucket.ts'
import { type Fault, flipBit, refuse, send } from './faults.ts'
import { type Operation, readRequest, type S3Request } from './request.ts'

interface ServerOptions extends Habits {
  /** How far the server's clock is ahead. */
  readonly clockAheadMs?: number
  /** PEM texts; plain HTTP without them. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** A rule for what goes wrong. */
interface Rule {
  readonly on: Operation
  readonly fault: Fault
  /** How often; forever when left out. */
  times?: number
  /** Only for this part of an upload. */
  readonly part?: number
}

/** An S3 server in this process, in whose bucket `backups` everything can be looked at, and everything can go wrong. */
export interface FaultyS3 extends AsyncDisposable {
  readonly endpoint: string
  readonly bucket: Bucket
  /** The operations that were asked for, in their order. */
  readonly asked: readonly Operation[]
  readonly requests: readonly S3Request[]
  /** What a store needs to reach it. */
  access(more?: Partial<StoreAccess>): StoreAccess
  fail(rule: Rule): void
  /** Changes one bit of a stored object. */
  flip(key: string): void
  /** Takes the last bytes from a stored object. */
  shorten(key: string, bytes: number): void
}

const tolerableSkewMs = 15 * 60 * 1000

export async function startFaultyS3({ clockAheadMs = 0, tls, ...habits }: ServerOptions = {}): Promise<FaultyS3> {
  const bucket = new Bucket('backups', habits)
  const rules: Rule[] = []
  const requests: S3Request[] = []

  const ruleFor = ({ operation, query }: S3Request) => {
    const found = rules.find(
      ({ on, times, part }) => on === operation && times !== 0 && (part === undefined || part === Number(query.get('partNumber'))),
    )
    if (found?.times !== undefined) found.times--
    return found
  }
  const serve = async (message: IncomingMessage, response: ServerResponse) => {
    const request = await readRequest(message)
    requests.push(request)
    response.setHeader('date', new Date(Date.now() + clockAheadMs).toUTCString())
    const carryOut = () => bucket.answer(request)
    if (isSkewed(request, clockAheadMs)) return refuse(403, 'RequestTimeTooSkewed')({ response, request, bucket, carryOut })
    const rule = ruleFor(request)
    if (rule !== undefined) return rule.fault({ response, request, bucket, carryOut })
    send(response, carryOut(), request.operation === 'HeadObject')
  }
  const listener = (message: IncomingMessage, response: ServerResponse) => {
    serve(message, response).catch(() => response.destroy())
  }
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const endpoint = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    endpoint,
    bucket,
    requests,
    get asked() {
      return requests.map(({ operation }) => operation)
    },
    access: (more) => ({ ...patience, endpoint, ...more }),
    fail: (rule) => void rules.push({ ...rule }),
    flip: (key) => flipBit(stored(bucket, key).bytes),
    shorten(key, bytes) {
      const object = stored(bucket, key)
      object.bytes = object.bytes.subarray(0, object.bytes.length - bytes)
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

const patience: Omit<StoreAccess, 'endpoint'> = {
  region: undefined,
  accessKeyId: 'AKIDOFATEST',
  secretAccessKey: 'secretOfATest',
  sessionToken: undefined,
  ca: undefined,
  forcePathStyle: false,
  stallTimeoutMs: 20_000,
}

function isSkewed({ headers }: S3Request, aheadMs: number): boolean {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers['x-amz-date'] ?? '') ?? []
  const [year = 0, month = 1, ...rest] = parts.map(Number)
  const signedAt = Date.UTC(year, month - 1, ...rest)
  return Math.abs(Date.now() + aheadMs - signedAt) > tolerableSkewMs
}

function stored(bucket: Bucket, key: string) {
  const object = bucket.objects.get(key)
  if (object === undefined) throw new Error(`there is no ${key}`)
  return object
}
