import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface FakeComment {
  id: number
  /** Whether the token that asks wrote it. */
  own: boolean
  body: string
}

interface FakeFile {
  readonly filename: string
  readonly status: string
  readonly changes?: number
  readonly previous_filename?: string
}

/** What a fault answers in place of the API; `times` of them, then all is well again. */
interface Fault {
  readonly when: (method: string, path: string) => boolean
  readonly status: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  times: number
}

interface FakeReview {
  readonly commit_id: string
  readonly event: string
  readonly comments: readonly { path: string; line: number; start_line?: number; side: string; body: string }[]
}

interface FakeIssue {
  readonly number: number
  readonly title: string
  body: string
  /** Whether the token that asks wrote it. */
  own: boolean
  state: 'OPEN' | 'CLOSED'
  comments: string[]
}

interface FakeCheckRun {
  readonly name: string
  readonly status: string
  readonly conclusion: string | null
  readonly details_url: string | null
}

/** A small GitHub for one pull request and one commit, over real HTTP. */
export interface FakeGitHub extends AsyncDisposable {
  readonly url: string
  readonly requests: readonly { method: string; path: string; authorization: string | undefined }[]
  comments: FakeComment[]
  reviews: FakeReview[]
  /** Comments on lines that stand there already. */
  lineComments: { own: boolean; body: string }[]
  head: string
  mergeBase: string
  files: FakeFile[]
  /** The newest first. */
  issues: FakeIssue[]
  checkRuns: FakeCheckRun[]
  statuses: { context: string; state: string }[]
  /** Blobs by path, by commit. */
  trees: Record<string, Record<string, string>>
  /** Texts by `commit:path`. */
  texts: Record<string, string>
  /** Whole answers by path, as GitHub would give them; a list in one is cut into pages. */
  bodies: Record<string, unknown>
  fail(fault: Omit<Fault, 'times'> & { times?: number }): void
}

const pageSize = 100

export async function startGitHub(): Promise<FakeGitHub> {
  const faults: Fault[] = []
  const requests: { method: string; path: string; authorization: string | undefined }[] = []
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const state: FakeGitHub = {
    url,
    requests,
    comments: [],
    reviews: [],
    lineComments: [],
    head: '',
    mergeBase: 'b'.repeat(40),
    files: [],
    issues: [],
    checkRuns: [],
    statuses: [],
    trees: {},
    texts: {},
    bodies: {},
    fail: (fault) => void faults.push({ times: Number.POSITIVE_INFINITY, ...fault }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  let nextId = 1000

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<undefined> {
    const { method = 'GET' } = request
    const { pathname: asked, searchParams } = new URL(request.url ?? '/', url)
    const pathname = asked.replace(/^\/api(?:\/v3)?/, '') // as GitHub Enterprise Server has it
    requests.push({ method, path: request.url ?? '', authorization: request.headers.authorization })
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    const fault = faults.find((one) => one.times > 0 && one.when(method, pathname))
    if (fault !== undefined) {
      fault.times--
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers })
      response.end(fault.body ?? '{"message":"Resource not accessible by integration"}')
      return
    }
    const reply = (status: number, json: unknown, headers: Record<string, string> = {}): undefined => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(status === 204 ? undefined : JSON.stringify(json))
    }
    const body = text === '' ? undefined : JSON.parse(text)
    const [resource, ...rest] = pathname.split('/').slice(4) // behind /repos/owner/name
    if (method === 'GET' && pathname in state.bodies) return whole(state.bodies[pathname], Number(searchParams.get('page') ?? 1))
    if (pathname === '/graphql') return reply(200, { data: graphql(body.query, body.variables) })
    if (resource === 'compare') return reply(200, compare())
    const page = Number(searchParams.get('page') ?? 1)
    if (resource === 'pulls' && rest[1] === 'files') return list(page)
    if (resource === 'commits' && rest[1] === 'check-runs') return listed(state.checkRuns, page, (check_runs) => ({ check_runs }))
    if (resource === 'commits' && rest[1] === 'status') return listed(state.statuses, page, (statuses) => ({ state: 'success', statuses }))
    if (resource === 'issues' && rest.length === 0 && method === 'POST') return openIssue(body)
    const issue = resource === 'issues' ? state.issues.find(({ number }) => String(number) === rest[0]) : undefined
    if (issue !== undefined && rest[1] === 'comments' && method === 'POST') {
      issue.comments.push(body.body)
      return reply(201, {})
    }
    if (resource === 'pulls' && rest[1] === 'reviews' && method === 'POST') {
      state.reviews.push(body)
      return reply(200, { id: nextId++ })
    }
    if (resource === 'git' && rest[0] === 'trees') return reply(200, tree(rest[1] as string))
    if (resource === 'contents') return contents(rest.map(decodeURIComponent).join('/'), searchParams.get('ref') ?? '')
    if (resource === 'issues' && rest[1] === 'comments' && method === 'POST') return create(body.body)
    if (resource === 'issues' && rest[0] === 'comments') return change(Number(rest[1]))
    reply(404, { message: 'Not Found' })

    function whole(body: unknown, page: number): undefined {
      const entries: [string, unknown][] = typeof body === 'object' && body !== null && 'total_count' in body ? Object.entries(body) : []
      const [name, all] = (entries.find(([, value]) => Array.isArray(value)) ?? []) as [string?, unknown[]?]
      const size = Number(searchParams.get('per_page') ?? 30)
      if (name === undefined || all === undefined) return reply(200, body)
      const next = all.length > page * size ? { link: `<${url}${pathname}?per_page=${size}&page=${page + 1}>; rel="next"` } : {}
      reply(200, { ...(body as object), [name]: all.slice((page - 1) * size, page * size) }, next)
    }

    function compare() {
      return {
        merge_base_commit: { sha: state.mergeBase },
        files: state.files.slice(0, 300).map((file) => ({ changes: 1, ...file })),
      }
    }

    function list(page: number): undefined {
      const shown = state.files.slice((page - 1) * pageSize, page * pageSize).map((file) => ({ changes: 1, ...file }))
      const more = state.files.length > page * pageSize
      reply(200, shown, more ? { link: `<${url}${pathname}?per_page=100&page=${page + 1}>; rel="next"` } : {})
    }

    function listed<T>(all: readonly T[], at: number, wrap: (shown: readonly T[]) => object): undefined {
      const more = all.length > at * pageSize
      const link = `<${url}${pathname}?per_page=100&page=${at + 1}>; rel="next"`
      reply(200, { total_count: all.length, ...wrap(all.slice((at - 1) * pageSize, at * pageSize)) }, more ? { link } : {})
    }

    function openIssue({ title, body: text }: { title: string; body: string }): undefined {
      const number = nextId++
      state.issues.unshift({ number, title, body: text, own: true, state: 'OPEN', comments: [] })
      reply(201, { number, html_url: `https://github.com/acme/shop/issues/${number}` })
    }

    function contents(path: string, ref: string): undefined {
      const found = state.texts[`${ref}:${path}`]
      if (found === undefined) return reply(404, { message: 'Not Found' })
      response.writeHead(200, { 'content-type': 'application/vnd.github.raw+json' })
      response.end(found)
    }

    function create(text: string): undefined {
      if (text.length > 65_536) return reply(422, { message: 'Body is too long (maximum is 65536 characters)' })
      state.comments.push({ id: nextId++, own: true, body: text })
      reply(201, {})
    }

    function change(id: number): undefined {
      const found = state.comments.find((one) => one.id === id)
      if (found === undefined) return reply(404, { message: 'Not Found' })
      if (method === 'DELETE') {
        state.comments = state.comments.filter((one) => one !== found)
        return reply(204, undefined)
      }
      if (!found.own) return reply(403, { message: 'Forbidden' })
      found.body = body.body
      reply(200, {})
    }
  }

  function tree(commit: string) {
    const blobs = Object.entries(state.trees[commit] ?? {})
    return { truncated: false, tree: blobs.map(([path, sha]) => ({ path, sha, type: 'blob' })) }
  }

  function graphql(query: string, { after }: { after: string | null }) {
    const start = Number(after ?? 0)
    const page = <T>(all: readonly T[]) => ({
      nodes: all.slice(start, start + pageSize),
      pageInfo: { hasNextPage: all.length > start + pageSize, endCursor: String(start + pageSize) },
    })
    if (query.includes('issues(')) {
      const open = state.issues.filter((one) => one.state === 'OPEN')
      const nodes = open.map(({ number, own, body }) => ({
        number,
        url: `https://github.com/acme/shop/issues/${number}`,
        viewerDidAuthor: own,
        body,
      }))
      return { repository: { issues: page(nodes) } }
    }
    const threads = state.lineComments.map(({ own, body }) => ({ comments: { nodes: [{ viewerDidAuthor: own, body }] } }))
    const comments = state.comments.map(({ id, own, body }) => ({ databaseId: id, viewerDidAuthor: own, body }))
    const pullRequest = query.includes('reviewThreads')
      ? { reviewThreads: page(threads) }
      : { headRefOid: state.head, comments: page(comments) }
    return { repository: { pullRequest } }
  }

  return state
}
