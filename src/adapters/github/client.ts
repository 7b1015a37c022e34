import { systemClock } from '../clock.ts'

export interface GitHubOptions {
  /** Such as `https://api.github.com`, or `https://github.example.org/api/v3`. */
  readonly apiUrl: string
  readonly token: string
  readonly signal: AbortSignal
  /** How long the first wait before another try is; later ones double. */
  readonly delayMs?: number
  readonly timeoutMs?: number
}

/** An answer that is not the one that was wanted, or none. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError'
  /** `undefined` when there was no answer. */
  readonly status: number | undefined

  constructor(message: string, status: number | undefined, options: ErrorOptions = {}) {
    super(message, options)
    this.status = status
  }
}

interface Request {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  readonly accept?: string
  /** Whether sending it twice does no more than sending it once. */
  readonly repeatable?: boolean
}

const mostAttempts = 4
/** GitHub may ask for a wait of an hour; a check is not held up that long. */
const longestWaitMs = 60_000

/** GitHub's API over HTTP, with patience: what may pass is tried again, as GitHub asks for. */
export class GitHubClient {
  readonly #options: Required<GitHubOptions>

  constructor(options: GitHubOptions) {
    this.#options = { delayMs: 1000, timeoutMs: 30_000, ...options, apiUrl: options.apiUrl.replace(/\/+$/, '') }
  }

  async json(path: string, request: Request = {}): Promise<unknown> {
    return (await this.#answer(path, request)).json
  }

  async text(path: string): Promise<string> {
    return (await this.#answer(path, { accept: 'application/vnd.github.raw+json' })).text
  }

  /** Every page of a list, as the links of its answers lead. */
  async *pages(path: string): AsyncGenerator<unknown> {
    for (let next: string | undefined = path; next !== undefined; ) {
      const answer: Answer = await this.#answer(next, {})
      yield answer.json
      next = nextPage(answer.link, this.#options.apiUrl)
    }
  }

  async graphql(query: string, variables: Readonly<Record<string, unknown>>): Promise<unknown> {
    const path = this.#options.apiUrl.endsWith('/api/v3') ? `${this.#options.apiUrl.slice(0, -'/v3'.length)}/graphql` : '/graphql'
    const answer = (await this.json(path, { method: 'POST', body: { query, variables }, repeatable: true })) as {
      data?: unknown
      errors?: readonly { message?: string; type?: string }[]
    }
    const [problem] = answer.errors ?? []
    if (problem !== undefined) {
      throw new GitHubError(problem.message ?? 'the query failed', { FORBIDDEN: 403, NOT_FOUND: 404 }[problem.type ?? ''] ?? 422)
    }
    return answer.data
  }

  async #answer(path: string, request: Request): Promise<Answer> {
    const { signal, delayMs } = this.#options
    const { method = 'GET', repeatable = method !== 'POST' } = request
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted()
      const tried = await this.#send(path, method, request)
      if (!('problem' in tried)) return tried
      const waitMs = tried.waitMs ?? delayMs * 2 ** (attempt - 1)
      // a limit that was hit means that nothing was done; else an answer may have been lost on its way
      const again = tried.limited || (repeatable && (tried.problem.status === undefined || tried.problem.status >= 500))
      if (!again || attempt >= mostAttempts || waitMs > longestWaitMs) throw tried.problem
      await systemClock.sleep(waitMs, signal)
    }
  }

  async #send(path: string, method: string, { body, accept }: Request): Promise<Answer | Refusal> {
    const { apiUrl, token, signal, timeoutMs } = this.#options
    try {
      const response = await fetch(path.startsWith('http') ? path : apiUrl + path, {
        method,
        headers: {
          accept: accept ?? 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'user-agent': 'shiplock',
          'x-github-api-version': '2022-11-28',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) return refusal(response, text, this.#options.delayMs)
      const link = response.headers.get('link') ?? ''
      if (accept !== undefined || text === '') return { text, link, json: undefined }
      return { text, link, json: JSON.parse(text) }
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof SyntaxError) return { problem: new GitHubError('the answer is no JSON', 502, { cause }), limited: false }
      const timedOut = cause instanceof Error && cause.name === 'TimeoutError'
      const reason = timedOut ? `no answer within ${timeoutMs / 1000} s` : 'the connection failed'
      return { problem: new GitHubError(reason, undefined, { cause }), limited: false }
    }
  }
}

interface Answer {
  readonly json: unknown
  readonly text: string
  readonly link: string
}

interface Refusal {
  readonly problem: GitHubError
  readonly waitMs?: number
  /** Whether GitHub only wants to be asked more slowly. */
  readonly limited: boolean
}

/** A secondary limit is told in words alone; a minute is what GitHub asks for then. */
const secondaryWait = 60

function refusal(response: Response, text: string, delayMs: number): Refusal {
  const { status, headers } = response
  const message = messageIn(text)
  const secondary = status === 403 && /secondary rate limit/i.test(message)
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN)
  const spent = headers.get('x-ratelimit-remaining') === '0'
  const limited = status === 429 || secondary || (status === 403 && (spent || !Number.isNaN(retryAfter)))
  const resetMs = Number(headers.get('x-ratelimit-reset')) * 1000 - Date.parse(headers.get('date') ?? '')
  const unasked = limited && spent && resetMs > 0 ? resetMs : secondary ? delayMs * secondaryWait : undefined
  const waitMs = Number.isNaN(retryAfter) ? unasked : retryAfter * 1000
  const problem = new GitHubError(`HTTP ${status}: ${message}`, limited ? 429 : status)
  return { problem, limited, ...(waitMs === undefined ? {} : { waitMs }) }
}

/** An error may come from a proxy, as a page for people. */
function messageIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return String(message ?? 'no reason given').slice(0, 300)
  } catch {
    return 'no reason given'
  }
}

/** A link to another server would be sent the token. */
function nextPage(link: string, apiUrl: string): string | undefined {
  const url = /<([^>]+)>;\s*rel="next"/.exec(link)?.[1]
  return url !== undefined && new URL(url).origin === new URL(apiUrl).origin ? url : undefined
}
