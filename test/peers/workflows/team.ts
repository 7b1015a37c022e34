import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../../src/adapters/free-port.ts'
import { startPrometheus, type TestPrometheus } from '../../metrics/prometheus.ts'
import { startServer, type TestServer } from '../../postgres/server.ts'
import { shiplock } from '../../program.ts'
import { makeRepository, type Repository } from '../../repository.ts'
import { startTeamGitHub, type TeamGitHub } from './github.ts'
import { type FakeLoki, startFakeLoki } from './loki.ts'
import { startTeamStore, storeKeys, type TeamStore } from './store.ts'
import { makeTraffic, type Traffic } from './traffic.ts'

const run = promisify(execFile)
const app = resolve(import.meta.dirname, 'app')

const environments = ['staging', 'production'] as const
export type Environment = (typeof environments)[number]

/** What a version of the service does. */
interface ServiceVersion {
  readonly version: string
  readonly sql: string
  /** How long a request takes in production beyond its query: real users do what nobody does in staging. */
  readonly delayMs?: number
  readonly panics?: boolean
}

/** A team with a repository, two environments, a bucket, Prometheus, logs and users who never stop. */
export interface Team extends AsyncDisposable {
  readonly repository: Repository
  readonly server: TestServer
  readonly store: TeamStore
  readonly github: TeamGitHub
  readonly traffic: Readonly<Record<Environment, Traffic>>
  /** The address for whoever may change the database. */
  url(environment: Environment): string
  /** The address for the reader, who may do nothing there before the rights are granted. */
  readerUrl(environment: Environment): string
  /** Gives the reader the rights that docs/roles.md has for it. */
  grantReader(environment: Environment): Promise<void>
  query<Row = Record<string, unknown>>(environment: Environment, sql: string): Promise<Row[]>
  /** The version that answers; `undefined` when nothing does. */
  live(environment: Environment): Promise<string | undefined>
  /** Commits a version and tags it. */
  release(service: ServiceVersion, files?: Readonly<Record<string, string>>): Promise<string>
  /** Somebody of the team at a terminal, with a release checked out. */
  shiplock(environment: Environment, ref: string, args: readonly string[]): Promise<void>
}

export async function makeTeam(): Promise<Team> {
  const owned = new Owned()
  try {
    const server = owned.use(await startServer())
    const store = owned.use(await startTeamStore())
    const github = owned.use(await startTeamGitHub())
    const hosts = await mkdtemp(join(tmpdir(), 'hosts-'))
    owned.defer(() => rm(hosts, { recursive: true, force: true }))
    const ports = { staging: await freePort(), production: await freePort() }
    const pgModule = createRequire(import.meta.url).resolve('pg')
    for (const environment of environments) await server.createDatabase(environment)
    const [createReader = '', ...readerGrants] = await readerStatements()
    await server.query(createReader)
    const hostOf = (environment: Environment) => ({ url: server.url(environment), port: ports[environment], pgModule })
    await writeFile(join(hosts, 'hosts.json'), JSON.stringify({ staging: hostOf('staging'), production: hostOf('production') }))
    await copyFile(join(app, 'server.cjs'), join(hosts, 'server.cjs'))
    owned.defer(() => stopServices(hosts))
    const prometheus = owned.use(await startPrometheus({ scraped: [ports.staging, ports.production], every: '250ms' }))
    const loki = owned.use(await startFakeLoki((environment) => join(hosts, `${environment}.log`)))
    const repository = owned.use(await makeRepository(repositoryFiles({ store, prometheus, loki, hosts })))
    await repository.git('remote', 'add', 'origin', 'https://github.com/acme/shop.git')
    const traffic = { staging: owned.use(makeTraffic(ports.staging)), production: owned.use(makeTraffic(ports.production)) }
    return {
      repository,
      server,
      store,
      github,
      traffic,
      url: (environment) => server.url(environment),
      readerUrl(environment) {
        const url = new URL(server.url(environment))
        return Object.assign(url, { username: 'shop_reader', password: 'change-me' }).href
      },
      async grantReader(environment) {
        const statements = readerGrants.map((one) =>
          one.replace('database shop ', `database ${environment} `).replace('role shop ', 'role postgres '),
        )
        await server.query(statements.join(';'), environment)
      },
      query: (environment, sql) => server.query(sql, environment),
      live: (environment) =>
        fetch(`http://127.0.0.1:${ports[environment]}/version`).then(
          (response) => response.text(),
          () => undefined,
        ),
      async release({ version, ...service }, files = {}) {
        await repository.git('checkout', '--quiet', 'main')
        const commit = await repository.commit({
          'release.json': JSON.stringify({ version, delayMs: 0, panics: false, ...service }),
          ...files,
        })
        await repository.git('tag', version)
        return commit
      },
      async shiplock(environment, ref, args) {
        await repository.git('checkout', '--quiet', ref)
        const env = {
          DATABASE_URL: server.url(environment),
          AWS_ACCESS_KEY_ID: storeKeys.STORE_KEY_ID,
          AWS_SECRET_ACCESS_KEY: storeKeys.STORE_SECRET,
        }
        const ended = await shiplock([...args, '--environment', environment], { cwd: repository.dir, env })
        if (ended.exitCode !== 0) throw new Error(`shiplock ${args.join(' ')} failed:\n${ended.stderr}`)
      },
      [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
    }
  } catch (error) {
    await owned[Symbol.asyncDispose]()
    throw error
  }
}

/** The statements of the reader's block in docs/roles.md; the first makes the role. */
async function readerStatements(): Promise<readonly string[]> {
  const text = await readFile(resolve(import.meta.dirname, '../../../docs/roles.md'), 'utf8')
  const block = /## The reader[\s\S]*?```sql\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
  return block.split(';').filter((one) => one.trim() !== '')
}

/** What was started, to be ended in the opposite order. */
class Owned implements AsyncDisposable {
  readonly #ends: (() => PromiseLike<unknown>)[] = []

  use<Resource extends AsyncDisposable>(resource: Resource): Resource {
    this.defer(() => resource[Symbol.asyncDispose]())
    return resource
  }

  defer(end: () => PromiseLike<unknown>): void {
    this.#ends.push(end)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end()
  }
}

interface Surroundings {
  readonly store: TeamStore
  readonly prometheus: TestPrometheus
  readonly loki: FakeLoki
  readonly hosts: string
}

function repositoryFiles({ store: { endpoint }, prometheus, loki, hosts }: Surroundings): Record<string, string> {
  const deploy = `${process.execPath} ${join(app, 'deploy.cjs')} ${hosts}`
  const own = '{env="$environment"}'
  const requests = `sum(increase(http_seconds_count${own}[$window]))`
  const watched = { requests, window: '2s', 'min-requests': 3 }
  return {
    Makefile: `.PHONY: deploy deploy-check\ndeploy-check:\n\t@echo "deploy-check $(ANSIBLE_INVENTORY)"\ndeploy:\n\t@${deploy} $(ANSIBLE_INVENTORY)\n`,
    '.gitignore': '.shiplock\n',
    'db/smoke/orders.sql': '-- expect: rows > 0\nselect id from orders;\n',
    'deploy/web.env.j2': 'DATABASE_URL={{ database_url }}\nPORT={{ port }}\n',
    'deploy/names.txt': 'DATABASE_URL\nPORT\n',
    'shiplock.yml': JSON.stringify({
      project: 'shop',
      store: 's3://backups/shop',
      's3-endpoint': endpoint,
      drill: { smoke: 'db/smoke' },
      'config-contract': { template: 'deploy/web.env.j2', have: 'deploy/names.txt' },
      canary: {
        'prometheus-url': prometheus.url,
        'loki-url': loki.url,
        // a deploy on a busy machine leaves one window without a value, not two
        duration: '12s',
        warmup: '1s',
        settle: '1s',
        baseline: 'before',
        checks: [
          {
            id: 'p95',
            kind: 'latency',
            prometheus: `histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket${own}[$window])))`,
            floor: 0.12,
            ...watched,
          },
          {
            id: 'db-calls',
            kind: 'per-request',
            prometheus: `sum(increase(db_queries_total${own}[$window])) / ${requests}`,
            ...watched,
          },
          { id: 'errors', kind: 'logs', loki: '{app="$environment"} |~ "panic|ERROR"', window: '2s' },
        ],
      },
    }),
  }
}

async function stopServices(hosts: string): Promise<void> {
  for (const environment of environments) {
    const pid = await readFile(join(hosts, `${environment}.pid`), 'utf8').catch(() => undefined)
    if (pid !== undefined) await run('kill', ['-9', pid]).catch(() => {})
  }
}
