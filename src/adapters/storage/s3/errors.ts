import { ReleaseError, systemCode } from '../../../errors.ts'
import { formatDuration } from '../../../units.ts'
import { answerOf, describeAnswer, isAnswer, NotS3Error } from './answer.ts'
import type { S3Place } from './place.ts'
import { badDigests, isNetworkTrouble, isStall } from './retry.ts'

/** What was being done when a request failed. */
export interface Attempt {
  readonly right: keyof typeof rights
  readonly key: string
  /** Whether the same upload had been accepted so far: then the settings were right when it began. */
  readonly begun?: boolean
}

const rights = {
  read: { verb: 'read', name: 's3:GetObject' },
  write: { verb: 'write', name: 's3:PutObject' },
  delete: { verb: 'delete', name: 's3:DeleteObject' },
  list: { verb: 'list', name: 's3:ListBucket' },
} as const

interface Place {
  readonly place: Pick<S3Place, 'description' | 'bucket' | 'base' | 'region' | 'endpoint'>
  readonly stallTimeoutMs: number
}

/** Turns what a request to S3 ended with into an error with a next step. What is no error of a request stays as it is. */
export function explainS3(error: unknown, attempt: Attempt, where: Place): unknown {
  if (error instanceof ReleaseError) return error
  if (error instanceof NotS3Error) return notS3(error, where)
  if (isStall(error)) return stalled(error, where)
  return explainConnection(error, where) ?? (isAnswer(error) ? explainAnswer(error, attempt, where) : error)
}

function explainConnection(error: unknown, { place }: Place): ReleaseError | undefined {
  const { description, endpoint } = place
  const code = systemCode(error)
  if (code === 'ENOTFOUND') {
    return invalid(`The host of ${description} does not exist (ENOTFOUND).`, 'Check s3-endpoint, and the bucket in store.', error)
  }
  if (code === 'EPROTO' || code?.startsWith('ERR_SSL')) {
    return tlsFailed(`${endpoint} does not speak TLS as it should (${code}).`, 'Check the scheme and the port of s3-endpoint.', error)
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return tlsFailed(`The certificate of ${description} is for another name.`, 'Check s3-endpoint, or set s3-force-path-style.', error)
  }
  if (code !== undefined && certificateCodes.test(code)) {
    return tlsFailed(
      `The certificate of ${description} was not accepted (${code}).`,
      'Name the PEM file of the authority that signed it as s3-ca.',
      error,
    )
  }
  if (!isNetworkTrouble(error)) return undefined
  return new ReleaseError(
    'connection-lost',
    `The connection to ${description} could not be made or broke (${code ?? 'closed'}), every time.`,
    {
      hint: `Check that this machine reaches ${endpoint}, and run it again.`,
      cause: error,
    },
  )
}

const certificateCodes = /CERT|UNABLE_TO_|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED/

function explainAnswer(error: unknown, attempt: Attempt, where: Place): ReleaseError {
  const { name, status } = answerOf(error)
  const { description, bucket } = where.place
  const facts = describeAnswer(error)
  const of = (problem: string, hint: string) => invalid(`${problem} (${facts}).`, hint, error)
  if (name === 'InvalidAccessKeyId') {
    return of(`${description} does not know the access key`, 'Check s3-access-key-id (or AWS_ACCESS_KEY_ID) and s3-endpoint.')
  }
  if (name === 'SignatureDoesNotMatch') {
    const hint = 'Check s3-secret-access-key (or AWS_SECRET_ACCESS_KEY): it must belong to the access key, without blanks around it.'
    return of(`${description} refused the signature: the secret key is wrong`, hint)
  }
  if (expired.has(name)) return expiredCredentials(error, attempt, where)
  if (name === 'InvalidToken') return of(`${description} refused the session token`, 'Give the s3-session-token that came with the key.')
  if (skewed.has(name)) return skewedClock(error, where)
  if (wrongRegion.has(name) || (status !== undefined && status >= 300 && status < 400)) return inOtherRegion(error, where)
  if (name === 'NoSuchBucket') return of(`There is no bucket ${bucket} for ${description}`, 'Check store, s3-endpoint and s3-region.')
  if (full.has(name) || status === 507) {
    return failed(
      `${description} takes no more: a quota is reached (${facts}).`,
      'Make room in the bucket, or have the quota raised.',
      error,
    )
  }
  if (status === 401 || status === 403) return refused(error, attempt, where)
  if (badDigests.has(name)) {
    const problem = `Bytes of ${attempt.key} arrived changed at ${description}, every time (${facts}).`
    return failed(problem, 'Something between this machine and the store changes them: try another network.', error)
  }
  if (status === 429 || name === 'SlowDown' || (status !== undefined && status >= 500)) return overloaded(error, attempt, where)
  const message = `${description} refused to ${rights[attempt.right].verb} ${shown(attempt, where)} (${facts}).`
  const hint = 'Ask the provider with the request id, or try another store.'
  return attempt.right === 'write' ? failed(message, hint, error) : invalid(message, hint, error)
}

const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'RequestExpired'])
const skewed = new Set(['RequestTimeTooSkewed', 'RequestInTheFuture'])
const wrongRegion = new Set(['AuthorizationHeaderMalformed', 'PermanentRedirect', 'TemporaryRedirect', 'IncorrectEndpoint'])
const full = new Set(['QuotaExceeded', 'ServiceQuotaExceeded', 'StorageQuotaExceeded', 'AccountQuotaExceeded', 'TooManyBuckets'])

function shown({ key }: Attempt, { place }: Place): string {
  return place.base + key
}

function expiredCredentials(error: unknown, { begun }: Attempt, { place }: Place): ReleaseError {
  const facts = describeAnswer(error)
  const hint = 'Use keys that last longer than the dump takes, or get new ones just before it.'
  if (begun) return failed(`The keys of ${place.description} expired in the middle of the upload (${facts}).`, hint, error)
  return invalid(`The keys of ${place.description} have expired (${facts}).`, 'Get new ones: key, secret and s3-session-token.', error)
}

function skewedClock(error: unknown, { place }: Place): ReleaseError {
  const theirs = Date.parse(answerOf(error).headers.date ?? '')
  const difference = theirs - Date.now()
  const by = Number.isNaN(difference) ? '' : `: it is ${formatDuration(Math.abs(difference))} ${difference > 0 ? 'behind' : 'ahead'}`
  const problem = `${place.description} refuses the clock of this machine${by} (${describeAnswer(error)}).`
  return invalid(problem, 'Set the clock of this machine, with NTP.', error)
}

function inOtherRegion(error: unknown, { place }: Place): ReleaseError {
  const { headers } = answerOf(error)
  const right = (error as { Region?: string }).Region ?? headers['x-amz-bucket-region']
  return invalid(
    `The bucket ${place.bucket} is not in the region ${place.region} of ${place.description} (${describeAnswer(error)}).`,
    right === undefined ? 'Check s3-region and s3-endpoint.' : `Set s3-region to ${right}, and s3-endpoint to the one of that region.`,
    error,
  )
}

/** A key that was accepted until now was taken back, or ran out. */
function refused(error: unknown, attempt: Attempt, where: Place): ReleaseError {
  const { description, bucket, base } = where.place
  const { verb, name } = rights[attempt.right]
  const facts = describeAnswer(error)
  if (attempt.begun) {
    const problem = `${description} refused to go on with the upload of ${attempt.key} that it had let begin (${facts}).`
    return failed(problem, 'Was the key withdrawn, or did it expire? Run it again with one that lasts.', error)
  }
  const what = verb === 'list' ? `list what lies below ${base || 'the bucket'}` : `${verb} ${shown(attempt, where)}`
  return invalid(
    `The key may not ${what} in ${description} (${facts}).`,
    `Give it the right to ${verb} (${name}) in ${bucket}; read, write, delete and list below the prefix are all it needs.`,
    error,
  )
}

function overloaded(error: unknown, { right, key }: Attempt, { place }: Place): ReleaseError {
  const problem = `${place.description} could not ${rights[right].verb} ${key}: it was overloaded or failing, every time (${describeAnswer(error)}).`
  return new ReleaseError('connection-lost', problem, {
    hint: 'Run it again later; look at the status page of the provider.',
    cause: error,
  })
}

function stalled(cause: unknown, { place, stallTimeoutMs }: Place): ReleaseError {
  const problem = `${place.description} was silent for ${formatDuration(stallTimeoutMs)} in the middle of a transfer, and again when it was tried again.`
  return new ReleaseError('connection-lost', problem, {
    hint: 'Run it again; raise stall-timeout if the store is known to be slow.',
    cause,
  })
}

function notS3(cause: NotS3Error, { place }: Place): ReleaseError {
  const problem = `${place.endpoint} is no S3 server: it answered with a web page (${cause.message}).`
  return invalid(problem, 'Check s3-endpoint, and whether a proxy or a login page stands in between.', cause)
}

function invalid(message: string, hint: string, cause: unknown): ReleaseError {
  return new ReleaseError('invalid-store', message, { hint, cause })
}

function tlsFailed(message: string, hint: string, cause: unknown): ReleaseError {
  return new ReleaseError('tls-failed', message, { hint, cause })
}

function failed(message: string, hint: string, cause: unknown): ReleaseError {
  return new ReleaseError('backup-failed', message, { hint, cause })
}
