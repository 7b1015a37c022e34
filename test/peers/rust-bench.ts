import { strict as assert } from 'node:assert'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type TestServer, uniqueName } from '../postgres/server.ts'
import { makeProject, type Project, shiplock } from '../program.ts'

const run = promisify(execFile)

export type Files = Readonly<Record<string, string>>

export interface Ended {
  readonly exitCode: number
  readonly output: string
}

/** A checkout and an empty database, and Shiplock with one layout. */
export class Bench implements AsyncDisposable {
  readonly #server: TestServer
  readonly #project: Project
  readonly #layout: string
  readonly database: string

  static async of(server: TestServer, layout: string, files: Files): Promise<Bench> {
    const database = uniqueName('peer')
    await server.createDatabase(database)
    return new Bench(server, await makeProject(files), layout, database)
  }

  private constructor(server: TestServer, project: Project, layout: string, database: string) {
    this.#server = server
    this.#project = project
    this.#layout = layout
    this.database = database
  }

  get url(): string {
    return `${this.#server.url(this.database)}?sslmode=disable`
  }

  write(files: Files): Promise<void> {
    return this.#project.write(files)
  }

  remove(path: string): Promise<void> {
    return this.#project.remove(path)
  }

  /** Commits everything under a tag, in a repository that is made when there is none. */
  async tag(name: string): Promise<void> {
    const { dir } = this.#project
    const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: '1' }
    const identity = ['-c', 'user.name=Team', '-c', 'user.email=team@example.org']
    const commands = [
      ['init', '--quiet'],
      ['add', '--all'],
      [...identity, 'commit', '--quiet', '--allow-empty', '--message', name],
      ['tag', name],
    ]
    for (const args of commands) await run('git', args, { cwd: dir, env })
  }

  query<Row = Record<string, unknown>>(sql: string): Promise<Row[]> {
    return this.#server.query<Row>(sql, this.database)
  }

  /** Runs a peer in the checkout, connected to the database. */
  async peer(program: string, ...args: string[]): Promise<Ended> {
    const env = { PATH: process.env.PATH, HOME: this.#project.dir, DATABASE_URL: this.url, NO_COLOR: '1' }
    try {
      const { stdout, stderr } = await run(program, args, { cwd: this.#project.dir, env })
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
    const { exitCode, result } = await shiplock([...args, '--project', 'peer', '--layout', this.#layout], {
      cwd: this.#project.dir,
      env: { DATABASE_URL: this.url },
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

  async migrate(phase: 'pre' | 'post' | 'all', ...more: string[]): Promise<string[]> {
    const { applied } = (await this.shiplock('migrate', '--phase', phase, ...more)) as unknown as { applied: { id: string }[] }
    return applied.map(({ id }) => id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#project[Symbol.asyncDispose]()
    await this.#server.query(`drop database "${this.database}" with (force)`)
  }
}
