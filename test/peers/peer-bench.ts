import { strict as assert } from 'node:assert'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { type TestServer, uniqueName } from '../postgres/server.ts'
import { makeProject, type Project, shiplock } from '../program.ts'

/** What every check of a tool needs. */
export interface PeerSite {
  readonly server: TestServer
  readonly pgDump: string
}

const run = promisify(execFile)

export type Files = Readonly<Record<string, string>>
export type Variables = Readonly<Record<string, string>>

/** A checkout and an empty database, with Shiplock at hand. */
export class PeerBench implements AsyncDisposable {
  protected readonly project: Project
  readonly database: string
  readonly #site: PeerSite
  readonly #variables: Variables
  /** The version tables, which a comparison of schemas leaves out. */
  readonly #own: readonly string[]

  static async place(site: PeerSite, files: Files): Promise<{ project: Project; database: string }> {
    const database = uniqueName('peer')
    await site.server.createDatabase(database)
    return { project: await makeProject(files), database }
  }

  constructor(
    site: PeerSite,
    { project, database }: { project: Project; database: string },
    own: readonly string[],
    variables: Variables = {},
  ) {
    this.#site = site
    this.project = project
    this.database = database
    this.#own = own
    this.#variables = variables
  }

  get url(): string {
    return `${this.#site.server.url(this.database)}?sslmode=disable`
  }

  write(files: Files): Promise<void> {
    return this.project.write(files)
  }

  remove(path: string): Promise<void> {
    return this.project.remove(path)
  }

  /** Commits everything under a tag, in a repository that is made when there is none. */
  async tag(name: string): Promise<void> {
    const { dir } = this.project
    const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: '1' }
    const identity = ['-c', 'user.name=Team', '-c', 'user.email=team@example.org']
    const commands = [
      ['init', '--quiet'],
      ['add', '--all'],
      [...identity, 'commit', '--quiet', '--message', name],
      ['tag', name],
    ]
    for (const args of commands) await run('git', args, { cwd: dir, env })
  }

  query<Row = Record<string, unknown>>(sql: string): Promise<Row[]> {
    return this.#site.server.query<Row>(sql, this.database)
  }

  /** The one command's result; it ends with 0 or this throws. */
  async shiplock(...args: string[]) {
    const ended = await this.tryShiplock(...args)
    assert.equal(
      ended.exitCode,
      0,
      `shiplock ${args.join(' ')} ended with ${ended.exitCode}: ${ended.command.error?.message ?? ended.command.reason}`,
    )
    return ended.command
  }

  async tryShiplock(...args: string[]) {
    const { exitCode, result } = await shiplock([...args, '--project', 'peer'], {
      cwd: this.project.dir,
      env: { ...this.#variables, DATABASE_URL: this.url },
    })
    const [command] = result.commands
    assert(command, 'the result holds no command')
    return { exitCode, command }
  }

  /** Ids that a plan would run, by phase. */
  async pending(): Promise<{ pre: string[]; post: string[] }> {
    const { phases } = (await this.shiplock('plan')) as unknown as { phases: { phase: 'pre' | 'post'; pending: { id: string }[] }[] }
    const of = (phase: string) => phases.find((one) => one.phase === phase)?.pending.map(({ id }) => id) ?? []
    return { pre: of('pre'), post: of('post') }
  }

  async migrate(phase: 'pre' | 'post'): Promise<string[]> {
    const { applied } = (await this.shiplock('migrate', '--phase', phase)) as unknown as { applied: { id: string }[] }
    return applied.map(({ id }) => id)
  }

  /** Everything that stands in the database except what Shiplock has for itself, as SQL. */
  async schema(): Promise<string> {
    const env = { ...toolEnvironment(process.env), PGPASSWORD: decodeURIComponent(new URL(this.#site.server.url()).password) }
    const args = [
      '--schema-only',
      '--exclude-schema=shiplock',
      ...this.#own.map((table) => `--exclude-table=*.${table}`),
      '-h',
      '127.0.0.1',
      '-p',
      String(this.#site.server.port),
      '-U',
      'postgres',
      '-d',
      this.database,
    ]
    const { stdout } = await run(this.#site.pgDump, args, { env, maxBuffer: 1 << 26 })
    return stdout.replace(/^\\(?:un)?restrict .*$/gm, '') // a random word in newer versions
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.project[Symbol.asyncDispose]()
    await this.#site.server.query(`drop database "${this.database}"`)
  }
}
