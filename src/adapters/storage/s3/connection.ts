import { readFile } from 'node:fs/promises'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { ReleaseError, systemCode } from '../../../errors.ts'
import type { StoreAccess } from '../../../store-access.ts'
import { isSuccess, NotS3Error } from './answer.ts'
import { type S3Place, s3Place } from './place.ts'
import { firstDelayMs, retrying } from './retry.ts'

/** What a request is sent with: nothing of it is left when this signal fires. */
interface SendOptions {
  readonly abortSignal: AbortSignal
}

/** A client for one bucket. */
export interface S3Connection {
  readonly client: S3Client
  readonly place: S3Place
  readonly stallTimeoutMs: number
  /** The first wait before a request is sent again. */
  readonly delayMs: number
  /** Whether a request succeeded already: then the bucket exists, and the keys are right. */
  isProven(): boolean
  /** Sends a request, again after a passing trouble; rejects with what the last try was answered. */
  call<T>(send: (options: SendOptions) => Promise<T>, signal?: AbortSignal): Promise<T>
}

const connectionTimeoutMs = 10_000
const mostSockets = 16

/** Nothing is sent yet. Throws `invalid-store`, `invalid-input` and `unreadable-file`. */
export async function connectS3(url: string, access: StoreAccess, delayMs = firstDelayMs): Promise<S3Connection> {
  const place = s3Place(url, access)
  const credentials = credentialsOf(access)
  const ca = await authorities(access.ca)
  const agent = { keepAlive: true, maxSockets: mostSockets, timeout: access.stallTimeoutMs }
  const client = quietly(
    () =>
      new S3Client({
        ...ownSettings,
        endpoint: place.endpoint,
        region: place.region,
        forcePathStyle: place.pathStyle,
        credentials,
        sigv4aSigningRegionSet: [place.region],
        requestHandler: {
          connectionTimeout: connectionTimeoutMs,
          socketTimeout: access.stallTimeoutMs,
          httpAgent: new HttpAgent(agent),
          httpsAgent: new HttpsAgent({ ...agent, ...(ca === undefined ? {} : { ca }) }),
          logger: silent,
        },
      }),
  )
  const contact = { made: false, isProven: false }
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args)
      contact.made = true
      NotS3Error.check(answer.response)
      contact.isProven ||= isSuccess(answer.response)
      return answer
    },
    { step: 'deserialize', priority: 'low', name: 'answerOfS3' },
  )
  const call: S3Connection['call'] = (send, signal = new AbortController().signal) =>
    retrying(() => send({ abortSignal: signal }), contact, delayMs, signal)
  return { client, place, stallTimeoutMs: access.stallTimeoutMs, delayMs, isProven: () => contact.isProven, call }
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** Whatever is left out here, the SDK would look up in the environment and in files of the home directory. */
const ownSettings = {
  // many stores refuse the checksums that the SDK adds otherwise
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
  maxAttempts: 1, // retries are ours: the SDK's own cannot be stopped in time
  retryMode: 'standard',
  defaultsMode: 'standard',
  authSchemePreference: [] as string[],
  disableS3ExpressSessionAuth: true,
  expectContinueHeader: false, // it costs a round trip a part
  useArnRegion: false,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: 'shiplock',
  logger: silent,
} satisfies S3ClientConfig

function credentialsOf({ accessKeyId, secretAccessKey, sessionToken }: StoreAccess) {
  const missing = [
    ...(accessKeyId ? [] : ['s3-access-key-id (or AWS_ACCESS_KEY_ID)']),
    ...(secretAccessKey ? [] : ['s3-secret-access-key (or AWS_SECRET_ACCESS_KEY)']),
  ]
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
  throw new ReleaseError('invalid-input', `A store in S3 needs ${missing.join(' and ')}.`, {
    hint: 'Give the key that may read, write, delete and list in the bucket; no other source of keys is ever tried.',
  })
}

async function authorities(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined
  const hint = 's3-ca (or AWS_CA_BUNDLE) must name a PEM file.'
  const pem = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ReleaseError('unreadable-file', `The authority ${path} cannot be read (${systemCode(cause)}).`, { hint, cause })
  })
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem
  throw new ReleaseError('unreadable-file', `${path} holds no certificate.`, { hint })
}

/** The SDK warns once of Node versions that its later releases leave behind: nothing that a user could act on. */
function quietly<T>(make: () => T): T {
  const name = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'
  const before = process.env[name]
  process.env[name] = 'true'
  try {
    return make()
  } finally {
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  }
}
