import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { buildApp } from 'fauxqs'
import { freePort } from '../../../src/adapters/free-port.ts'
import { startPrometheus, type TestPrometheus } from '../../metrics/prometheus.ts'
import { startServer, type TestServer } from '../../postgres/server.ts'
import { makeRepository, type Repository } from '../../repository.ts'
import { type FakeLoki, startFakeLoki } from './loki.ts'
import { makeTraffic, type Traffic } from './traffic.ts'

const run = promisify(execFile)
const app = resolve(import.meta.dirname, 'app')

export const environments = ['staging', 'production'] as const
export type Environment = (typeof environments)[number]

/** What a version of the service does. */
interface ServiceVersion {
  readonly version: string
  readonly sql: string
  readonly queries?: number
  readonly delayMs?: number
  readonly panics?: boolean
}

/** A team with a repository, two environments, a bucket, Prometheus, logs and users who never stop. */
export interface Team extends AsyncDisposable {
  readonly repository: Repository
  readonly server: TestServer
  readonly storeUrl: string
  readonly traffic: Readonly<Record<Environment, Traffic>>
  url(environment: Environment): string
  query<Row = Record<string, unknown>>(environment: Environment, sql: string): Promise<Row[]>
  /** The version that answers; `undefined` when nothing does. */
  live(environment: Environment): Promise<string | undefined>
  /** Commits a version and tags it. */
  release(service: ServiceVersion, files?: Readonly<Record<string, string>>): Promise<void>
}

export async function makeTeam(): Promise<Team> {
  const owned = new Owned()
  try {
    const server = owned.use(await startServer())
    const store = buildApp({ logger: false })
    const endpoint = await store.listen({ host: '127.0.0.1', port: 0 })
    owned.defer(() => store.close())
    const credentials = { accessKeyId: 'key-of-the-store', secretAccessKey: 'secret-of-the-store' }
    const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
    await client.send(new CreateBucketCommand({ Bucket: 'backups' }))
    const hosts = await mkdtemp(join(tmpdir(), 'hosts-'))
    owned.defer(() => rm(hosts, { recursive: true, force: true }))
    const ports = { staging: await freePort(), production: await freePort() }
    const pgModule = createRequire(import.meta.url).resolve('pg')
    for (const environment of environments) await server.createDatabase(environment)
    const hostOf = (environment: Environment) => ({ url: server.url(environment), port: ports[environment], pgModule })
    await writeFile(join(hosts, 'hosts.json'), JSON.stringify({ staging: hostOf('staging'), production: hostOf('production') }))
    await copyFile(join(app, 'server.cjs'), join(hosts, 'server.cjs'))
    owned.defer(() => stopServices(hosts))
    const prometheus = owned.use(await startPrometheus({ scraped: [ports.staging, ports.production], every: '250ms' }))
    const loki = owned.use(await startFakeLoki((environment) => join(hosts, `${environment}.log`)))
    const repository = owned.use(await makeRepository(repositoryFiles({ endpoint, prometheus, loki, hosts, ports })))
    await repository.git('remote', 'add', 'origin', 'https://github.com/acme/shop.git')
    const traffic = { staging: owned.use(makeTraffic(ports.staging)), production: owned.use(makeTraffic(ports.production)) }
    return {
      repository,
      server,
      storeUrl: endpoint,
      traffic,
      url: (environment) => server.url(environment),
      query: (environment, sql) => server.query(sql, environment),
      live: (environment) =>
        fetch(`http://127.0.0.1:${ports[environment]}/version`).then(
          (response) => response.text(),
          () => undefined,
        ),
      async release({ version, ...service }, files = {}) {
        const release = { version, queries: 1, delayMs: 0, panics: false, ...service }
        await repository.commit({ 'release.json': JSON.stringify(release), ...files })
        await repository.git('tag', version)
      },
      [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
    }
  } catch (error) {
    await owned[Symbol.asyncDispose]()
    throw error
  }
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
  readonly endpoint: string
  readonly prometheus: TestPrometheus
  readonly loki: FakeLoki
  readonly hosts: string
  readonly ports: Readonly<Record<Environment, number>>
}

function repositoryFiles({ endpoint, prometheus, loki, hosts, ports }: Surroundings): Record<string, string> {
  const deploy = `${process.execPath} ${join(app, 'deploy.cjs')} ${hosts}`
  const instance = `instance="127.0.0.1:${ports.production}"`
  const requests = `sum(increase(http_seconds_count{${instance}}[$window]))`
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
      canary: {
        'prometheus-url': prometheus.url,
        'loki-url': loki.url,
        duration: '8s',
        warmup: '1s',
        settle: '1s',
        baseline: 'before',
        checks: [
          {
            id: 'p95',
            kind: 'latency',
            prometheus: `histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket{${instance}}[$window])))`,
            requests,
            window: '2s',
            'min-requests': 10,
            floor: 0.1,
          },
          {
            id: 'db-calls',
            kind: 'per-request',
            prometheus: `sum(increase(db_queries_total{${instance}}[$window])) / ${requests}`,
            requests,
            window: '2s',
            'min-requests': 10,
          },
          { id: 'errors', kind: 'logs', loki: '{app="production"} |~ "panic|ERROR"', window: '2s' },
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
