/** What an S3 server says in an error, as far as it says anything: many leave the message empty. */
export interface Answer {
  readonly name: string
  /** Missing when no answer came. */
  readonly status: number | undefined
  readonly requestId: string | undefined
  readonly headers: Readonly<Record<string, string>>
  /** Whether the next request will be signed by another time, since the clocks differ. */
  readonly isClockCorrected: boolean
}

export function answerOf(error: unknown): Answer {
  const { name, Code, $metadata, $response } = (error ?? {}) as {
    name?: string
    Code?: string
    $metadata?: { httpStatusCode?: number; requestId?: string; clockSkewCorrected?: boolean }
    $response?: { statusCode?: number; headers?: Record<string, string> }
  }
  return {
    name: Code ?? name ?? 'Unknown',
    status: $metadata?.httpStatusCode ?? $response?.statusCode,
    requestId: $metadata?.requestId,
    headers: $response?.headers ?? {},
    isClockCorrected: $metadata?.clockSkewCorrected ?? false,
  }
}

/** Whether an error is the answer of a server that was reached. */
export function isAnswer(error: unknown): boolean {
  return answerOf(error).status !== undefined
}

/** Of a raw answer. */
export function isSuccess(response: unknown): boolean {
  const { statusCode = 0 } = response as { statusCode?: number }
  return statusCode >= 200 && statusCode < 300
}

/** `NoSuchBucket, HTTP 404, request tx0001`. */
export function describeAnswer(error: unknown): string {
  const { name, status, requestId } = answerOf(error)
  const known = [name === 'Unknown' ? undefined : name, status && `HTTP ${status}`, requestId && `request ${requestId}`]
  return known.filter(Boolean).join(', ')
}

/** A web page came back: a login page of a network, a console, a site that is no S3 server. */
export class NotS3Error extends Error {
  override readonly name = 'NotS3Error'

  /** Looks at a raw answer. A gateway's error page is left alone: the request may be tried again. */
  static check(response: unknown): void {
    const { statusCode = 0, headers = {} } = response as { statusCode?: number; headers?: Record<string, string> }
    const isPage = /^text\/html\b/i.test(headers['content-type'] ?? '')
    const isFromS3 = headers.etag !== undefined || headers['x-amz-request-id'] !== undefined
    if (isPage && !isFromS3 && statusCode < 500 && statusCode !== 429) throw new NotS3Error(`HTTP ${statusCode}, a web page`)
  }
}
