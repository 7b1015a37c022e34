import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { MetricsSource } from '../../canary/sources.ts'
import { turns } from '../../canary/turns.ts'
import { messageOf, systemCode } from '../../errors.ts'

/** What a source did instead of giving data, in words that may be shown. */
export class SourceError extends Error {
  /** The status of the answer, where there was one. */
  readonly status: number | undefined

  constructor(message: string, status?: number) {
    super(message)
    this.name = 'SourceError'
    this.status = status
  }
}

export interface Answer {
  readonly body: string
  /** The server's clock, as its `Date` header tells it. */
  readonly dateMs: number | undefined
}

export interface MetricsClient {
  /** Sends a form; a server that takes none gets the same as a query. Throws `SourceError`. */
  ask(path: string, form: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer>
}

export interface ClientOptions {
  /** As people call the source. */
  readonly name: string
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** For one try, from the first byte out to the last byte in. */
  readonly timeoutMs?: number
}

const tries = 3
const largestBytes = 32 * 1024 * 1024
/** Who asks for more patience than this will not answer within this window. */
const longestWaitMs = 30_000
/** Hosted servers answer the fiftieth check at once with 429. */
const mostAtOnce = 6

export function metricsClient(source: MetricsSource, options: ClientOptions): MetricsClient {
  const { name, sleep, timeoutMs = 30_000 } = options
  const turn = turns(mostAtOnce)
  let method: 'POST' | 'GET' = 'POST'

  async function ask(path: string, form: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const end = await turn(() => attemptOnce(source, { method, path, form, timeoutMs }, signal))
      if (signal.aborted) throw new SourceError(`${name} was not asked to the end: the watch was stopped`)
      if (end.status === 405 && method === 'POST') {
        method = 'GET'
        attempt--
        continue
      }
      const failure = failureOf(end, name, source)
      if (failure === undefined) return { body: end.body, dateMs: end.dateMs }
      const waitMs = end.retryAfterMs ?? 500 * 2 ** (attempt - 1)
      const isPassing = end.status === undefined || end.status === 429 || end.status >= 500
      if (!isPassing || attempt === tries || waitMs > longestWaitMs) throw failure
      await sleep(waitMs, signal)
    }
  }
  return { ask }
}

interface Attempt {
  readonly method: 'POST' | 'GET'
  readonly path: string
  readonly form: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

interface End {
  /** Absent when there was no whole answer. */
  readonly status: number | undefined
  readonly body: string
  readonly type: string
  readonly dateMs: number | undefined
  readonly retryAfterMs: number | undefined
  /** Why there was none. */
  readonly broken?: string
}

function attemptOnce(source: MetricsSource, { method, path, form, timeoutMs }: Attempt, signal: AbortSignal): Promise<End> {
  const text = new URLSearchParams(form).toString()
  const url = new URL(`${source.url}${path}${method === 'GET' && text !== '' ? `?${text}` : ''}`)
  const start = url.protocol === 'https:' ? requestHttps : requestHttp
  const headers = {
    ...source.headers,
    accept: 'application/json',
    ...(method === 'POST'
      ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(text)) }
      : {}),
  }
  return new Promise((resolve) => {
    const stop = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const broken = (error: unknown) => {
      const why = signal.aborted ? 'stopped' : stop.aborted ? `no whole answer within ${timeoutMs / 1000} s` : networkFault(error)
      resolve({ status: undefined, body: '', type: '', dateMs: undefined, retryAfterMs: undefined, broken: why })
    }
    try {
      const ca = source.ca === undefined ? {} : { ca: [...rootCertificates, source.ca] }
      const sent = start(url, { method, headers, signal: stop, ...ca }, (response) => {
        readBody(response).then((body) => resolve({ ...factsOf(response), body }), broken)
      })
      sent.once('error', broken)
      sent.end(method === 'POST' ? text : undefined)
    } catch (error) {
      broken(error) // a header that HTTP does not allow
    }
  })
}

function readBody(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let bytes = 0
    response.on('data', (part: Buffer) => {
      parts.push(part)
      bytes += part.length
      if (bytes > largestBytes) response.destroy(new Error('the answer is larger than 32 MiB'))
    })
    response.once('error', reject)
    response.once('end', () => resolve(Buffer.concat(parts).toString('utf8')))
  })
}

function factsOf({ statusCode, headers }: IncomingMessage): Omit<End, 'body'> {
  const date = Date.parse(headers.date ?? '')
  const retryAfter = headers['retry-after']
  const seconds = retryAfter === undefined ? Number.NaN : Number(retryAfter)
  const until = retryAfter === undefined ? Number.NaN : Date.parse(retryAfter) - (Number.isNaN(date) ? Date.now() : date)
  const wait = Number.isNaN(seconds) ? until : seconds * 1000
  return {
    status: statusCode,
    type: headers['content-type'] ?? '',
    dateMs: Number.isNaN(date) ? undefined : date,
    retryAfterMs: Number.isNaN(wait) ? undefined : Math.max(0, wait),
  }
}

/** Names of the network and of TLS alone: a whole message may hold what was sent. */
function networkFault(error: unknown): string {
  const code = systemCode(error)
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_INVALID_HTTP_TOKEN') return 'a header holds a character that HTTP does not allow'
  if (code === 'ECONNRESET' || code === 'HPE_INVALID_CONSTANT') return `the connection broke before the answer was whole (${code})`
  return code ?? messageOf(error)
}

/** `undefined` for an answer that may be read as data. */
function failureOf({ status, body, type, retryAfterMs, broken }: End, name: string, source: MetricsSource): SourceError | undefined {
  const where = `${name} (${source.url.split('?')[0]})`
  if (status === undefined) return new SourceError(`${where} gave no answer: ${broken ?? 'unknown'}`)
  const said = whatItSaid(body, type, source)
  const detail = said === '' ? '' : `: ${said}`
  if (status === 401) return new SourceError(`${where} refused the sign-in (401)${detail}`, status)
  if (status === 403) return new SourceError(`${where} does not allow this query (403)${detail}`, status)
  if (status === 429) {
    const patience = retryAfterMs === undefined ? '' : `; it asks to wait ${Math.round(retryAfterMs / 1000)} s`
    return new SourceError(`${where} is asked too often (429)${detail}${patience}`, status)
  }
  if (status >= 300 && status < 400) {
    return new SourceError(`${where} sends on to another address (${status}): is there a sign-in page in front of it?`, status)
  }
  if (status !== 200) return new SourceError(`${where} answered ${status}${detail}`, status)
  if (type.includes('json')) return undefined
  const kind = type.split(';')[0] || 'no content type'
  return new SourceError(`${where} answered with ${kind} instead of data: is there a sign-in page in front of it?`, status)
}

const longestText = 300

/** The server's own words: of an error in JSON, or of plain text whatever it calls itself; never a page, never what we signed in with. */
function whatItSaid(body: string, type: string, { headers }: MetricsSource): string {
  if (type.includes('html') || body.trimStart().startsWith('<')) return ''
  let text = body
  try {
    const { error, message } = JSON.parse(body) as { error?: unknown; message?: unknown }
    text = typeof error === 'string' ? error : typeof message === 'string' ? message : ''
  } catch {} // Loki's errors are plain text
  return shown(text, headers)
}

/** A source's text on one line, short, and without anything of the headers. */
export function shown(text: string, headers: Readonly<Record<string, string>>): string {
  const secrets = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)])
  let clean = text
  for (const secret of secrets.filter(({ length }) => length >= 4).sort((one, other) => other.length - one.length)) {
    clean = clean.replaceAll(secret, '***')
  }
  const line = clean.replace(/\s+/g, ' ').trim()
  return line.length > longestText ? `${line.slice(0, longestText)} …` : line
}
