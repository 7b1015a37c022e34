import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { components } from '@octokit/openapi-types'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { GitHubClient } from '../../src/adapters/github/client.ts'
import { namesOnGitHub } from '../../src/adapters/github/config-names.ts'

type Variable = components['schemas']['actions-variable']
type Secret = components['schemas']['actions-secret']

const marker = 'pl4nted-m4rker-v4lue'
const at = { created_at: '2026-01-10T14:59:22Z', updated_at: '2026-01-11T14:59:22Z' }
const variable = (name: string): Variable => ({ name, value: marker, ...at })
const secret = (name: string): Secret => ({ name, ...at })

interface Answer {
  readonly status?: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

let lists: Record<string, readonly (Variable | Secret)[]>
let faults: Record<string, Answer>
let asked: string[]
let server: ReturnType<typeof createServer>
let url: string

const pathOf = (list: string) => `/repos/acme/shop/${list}`

/** Lists in pages as GitHub has them, over real HTTP. */
beforeEach(async () => {
  faults = {}
  asked = []
  lists = {
    'environments/production/variables': Array.from({ length: 65 }, (_, index) => variable(`VAR_${index}`)),
    'environments/production/secrets': [secret('DB_URL')],
    'actions/variables': [variable('SHARED')],
    'actions/secrets': [],
    'actions/organization-variables': [variable('ORG_VAR')],
    'actions/organization-secrets': [secret('ORG_SECRET')],
  }
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    const list = decodeURIComponent(pathname).slice(pathOf('').length)
    asked.push(pathname)
    const fault = faults[list]
    const all = lists[list]
    if (fault !== undefined || all === undefined) {
      response.writeHead(fault?.status ?? 404, { 'content-type': 'application/json', ...fault?.headers })
      response.end(fault?.body ?? '{"message":"Resource not accessible by personal access token"}')
      return
    }
    const [page, size] = [Number(searchParams.get('page') ?? 1), Number(searchParams.get('per_page'))]
    const more = all.length > page * size
    const link = more ? { link: `<${url}${pathname}?per_page=${size}&page=${page + 1}>; rel="next"` } : {}
    response.writeHead(200, { 'content-type': 'application/json', ...link })
    const shown = all.slice((page - 1) * size, page * size)
    response.end(JSON.stringify({ total_count: all.length, [list.endsWith('variables') ? 'variables' : 'secrets']: shown }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

function read(environment = 'production', repository: string | undefined = 'acme/shop') {
  return namesOnGitHub(
    new GitHubClient({ apiUrl: url, token: 'secret', signal: new AbortController().signal, delayMs: 1 }),
    repository,
    environment,
  )
}

test('names come from the environment, the repository and the organisation, page by page', async () => {
  const { names, unread } = await read()
  expect(unread).toEqual([])
  expect(names).toEqual(
    [
      ...(lists['environments/production/variables'] ?? []),
      { name: 'DB_URL' },
      { name: 'SHARED' },
      { name: 'ORG_VAR' },
      { name: 'ORG_SECRET' },
    ].map(({ name }) => name),
  )
})

test('values of variables do not leave the adapter', async () => {
  expect(JSON.stringify(await read())).not.toContain(marker)
})

test('the name of an environment is escaped', async () => {
  lists['environments/prod/eu west/variables'] = [variable('EU')]
  lists['environments/prod/eu west/secrets'] = []
  expect((await read('prod/eu west')).names).toContain('EU')
  expect(asked[0]).toBe(pathOf('environments/prod%2Feu%20west/variables'))
})

describe('a list that cannot be read is told, with what to do', () => {
  test.each<[string, Answer, string, string]>([
    ['environments/production/secrets', { status: 403 }, 'HTTP 403', 'Environments: read'],
    ['actions/secrets', { status: 403 }, 'HTTP 403', 'Secrets: read'],
    ['actions/organization-variables', { status: 403 }, 'HTTP 403', 'Variables: read'],
    [
      'environments/production/variables',
      { status: 404 },
      'HTTP 404: there is no such environment production, or the token may not see it',
      'Environments: read',
    ],
    ['actions/variables', { status: 404 }, 'HTTP 404: there is no such repository, or the token may not see it', 'Variables: read'],
    ['actions/variables', { status: 422 }, 'HTTP 422', 'Variables: read'],
    [
      'actions/variables',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'retry-after': '3600' } },
      'GitHub wants to be asked later',
      'Run it again later.',
    ],
    ['actions/variables', { status: 500 }, 'HTTP 500', 'Run it again later.'],
    [
      'actions/variables',
      { status: 200, body: `{"variables":"${marker}"}` },
      'GitHub answered in a shape that is not known',
      'Run it again later.',
    ],
    ['actions/variables', { status: 200, body: `<html>${marker}` }, 'HTTP 502', 'Run it again later.'],
  ])('%s, %j', async (list, fault, because, remedy) => {
    faults[list] = fault
    const { unread } = await read()
    expect(unread[0]).toMatchObject({ because, remedy: expect.stringContaining(remedy) })
    expect(JSON.stringify(unread)).not.toContain(marker)
  })
})

test("a repository that is nobody's but a person's has no lists of an organisation", async () => {
  delete lists['actions/organization-variables']
  delete lists['actions/organization-secrets']
  expect((await read()).unread).toEqual([])
})

test('a token that GitHub does not accept is refused', async () => {
  faults['environments/production/variables'] = { status: 401, body: '{"message":"Bad credentials"}' }
  await expect(read()).rejects.toMatchObject({ code: 'github-refused' })
})

test('without a repository nothing is asked', async () => {
  await expect(namesOnGitHub({} as GitHubClient, undefined, 'production')).rejects.toMatchObject({ code: 'invalid-input' })
})
