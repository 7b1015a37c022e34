import { strict as assert } from 'node:assert'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import type { Phase } from '../../src/migration/migration.ts'
import { type TestServer, uniqueName } from '../postgres/server.ts'
import { makeProject, type Project, shiplock } from '../program.ts'

/** What every check of a tool needs. */
export interface PeerSite {
  readonly server: TestServer
  readonly pgDump: string
}

export interface Ended {
  readonly exitCode: number
  readonly output: string
}

export type Files = Readonly<Record<string, string>>
export type Variables = Readonly<Record<string, string>>

const run = promisify(execFile)

/** Where a tool and Shiplock meet. */
interface Place {
  readonly project: Project
  readonly database: string
}

/** A checkout and an empty database, with Shiplock at hand. */
export class PeerBench implements AsyncDisposable {
  readonly #site: PeerSite
  readonly #project: Project
  readonly #variables: Variables
  readonly database: string

  /** The variables are for Shiplock and for the tool. */
  static async of(site: PeerSite, files: Files, variables: Variables = {}): Promise<PeerBench> {
    return new PeerBench(site, await PeerBench.place(site, files), variables)
  }

  protected static async place(site: PeerSite, files: Files): Promise<Place> {
    const database = uniqueName('peer')
    await site.server.createDatabase(database)
    return { project: await makeProject({ 'shiplock.yml': 'project: peer\n', ...files }), database }
  }

  protected constructor(site: PeerSite, { project, database }: Place, variables: Variables) {
    this.#site = site
    this.#project = project
    this.database = database
    this.#variables = variables
  }

  get dir(): string {
    return this.#project.dir
  }

  get url(): string {
    return `${this.#site.server.url(this.database)}?sslmode=disable`
  }

  write(files: Files): Promise<void> {
    return this.#project.write(files)
  }

  remove(path: string): Promise<void> {
    return this.#project.remove(path)
  }

  /** Commits everything under a tag, in a repository that is made when there is none. */
  async tag(name: string): Promise<void> {
    const env = { PATH: process.env.PATH, HOME: this.dir, GIT_CONFIG_NOSYSTEM: '1' }
    const identity = ['-c', 'user.name=Team', '-c', 'user.email=team@example.org']
    const commands = [
      ['init', '--quiet'],
      ['add', '--all'],
      [...identity, 'commit', '--quiet', '--message', name],
      ['tag', name],
    ]
    for (const args of commands) await run('git', args, { cwd: this.dir, env })
  }

  query<Row = Record<string, unknown>>(sql: string): Promise<Row[]> {
    return this.#site.server.query<Row>(sql, this.database)
  }

  /** Runs a peer in the checkout, with the database in its environment. */
  async run(program: string, args: readonly string[], env: Variables = {}): Promise<Ended> {
    const all = { ...this.#variables, PATH: process.env.PATH, HOME: this.dir, DATABASE_URL: this.url, NO_COLOR: '1', ...env }
    try {
      const { stdout, stderr } = await run(program, args, { cwd: this.dir, env: all })
      return { exitCode: 0, output: stdout + stderr }
    } catch (error) {
      const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
      if (typeof code !== 'number') throw error
      return { exitCode: code, output: stdout + stderr }
    }
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
    const { exitCode, result } = await shiplock(args, { cwd: this.dir, env: { ...this.#variables, DATABASE_URL: this.url } })
    const [command] = result.commands
    assert(command, 'the result holds no command')
    return { exitCode, command }
  }

  /** Ids that a plan would run, by phase. */
  async pending(): Promise<{ pre: string[]; post: string[] }> {
    const { phases } = (await this.shiplock('plan')) as unknown as { phases: { phase: Phase; pending: { id: string }[] }[] }
    const of = (phase: Phase) => phases.find((one) => one.phase === phase)?.pending.map(({ id }) => id) ?? []
    return { pre: of('pre'), post: of('post') }
  }

  async migrate(phase: Phase, ...more: string[]): Promise<string[]> {
    const { applied } = (await this.shiplock('migrate', '--phase', phase, ...more)) as unknown as { applied: { id: string }[] }
    return applied.map(({ id }) => id)
  }

  /** One release of a repository: tagged, its pre phase run, and recorded as deployed. */
  async deploy(tag: string): Promise<void> {
    await this.tag(tag)
    await this.migrate('pre', '--release', tag)
    await this.shiplock('record', 'deployed', '--release', tag)
  }

  /** Takes one migration back to the release `v1`. */
  async takeBack(id: string): Promise<void> {
    const confirm = ['--confirm', `take back ${id} on ${this.database}, losing nothing`]
    await this.shiplock('rollback', '--to', 'v1', '--shape', 'down-one', '--migration', id, '--reason', 'peer', ...confirm)
  }

  /** Everything that stands in the database except what Shiplock has for itself, as SQL; the named tables are left out too. */
  async schema(...without: readonly string[]): Promise<string> {
    const { server, pgDump } = this.#site
    const env = { ...toolEnvironment(process.env), PGPASSWORD: decodeURIComponent(new URL(server.url()).password) }
    const left = ['--exclude-schema=shiplock', ...without.map((table) => `--exclude-table=*.${table}`)]
    const where = ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres', '-d', this.database]
    const { stdout } = await run(pgDump, ['--schema-only', ...left, ...where], { env, maxBuffer: 1 << 26 })
    return stdout.replace(/^\\(?:un)?restrict .*$/gm, '') // a random word in newer versions
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#project[Symbol.asyncDispose]()
    await this.#site.server.query(`drop database "${this.database}" with (force)`)
  }
}

/** What a peer printed; throws when it did not end with 0. */
export async function passed(ended: Promise<Ended>): Promise<string> {
  const { exitCode, output } = await ended
  assert.equal(exitCode, 0, `the tool ended with ${exitCode}: ${output}`)
  return output
}
