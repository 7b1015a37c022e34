import { strict as assert } from 'node:assert'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { type Files, PeerBench, type PeerSite } from './peer-bench.ts'

/** What a check needs: the server and both programs. */
export interface Site extends PeerSite {
  readonly migrate: string
}

const run = promisify(execFile)

export const postFolder = { path: 'db/post_migrations', table: 'schema_migrations_post' }
const preFolder = { path: 'db/migrations', table: 'schema_migrations' }

/** A checkout and an empty database, with both tools at hand. */
export class Bench extends PeerBench {
  readonly #program: string

  static async of(site: Site, files: Files): Promise<Bench> {
    return new Bench(site, await PeerBench.place(site, files))
  }

  constructor(site: Site, place: ConstructorParameters<typeof PeerBench>[1]) {
    super(site, place, ['schema_migrations_post'])
    this.#program = site.migrate
  }

  #args(command: readonly string[], { path, table } = preFolder): string[] {
    const x = table === preFolder.table ? '' : `&x-migrations-table=${table}`
    return ['-path', path, '-database', `${this.url}${x}`, ...command]
  }

  /** What the tool prints; it ends with 0 or this throws. */
  async tool(command: readonly string[], folder = preFolder): Promise<string> {
    const { exitCode, output } = await this.tryTool(command, folder)
    assert.equal(exitCode, 0, `migrate ${command.join(' ')} failed: ${output}`)
    return output
  }

  async tryTool(command: readonly string[], folder = preFolder): Promise<{ exitCode: number; output: string }> {
    try {
      const { stdout, stderr } = await run(this.#program, this.#args(command, folder), { cwd: this.project.dir })
      return { exitCode: 0, output: stdout + stderr }
    } catch (error) {
      const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
      if (typeof code !== 'number') throw error
      return { exitCode: code, output: stdout + stderr }
    }
  }

  startTool(command: readonly string[]): ChildProcess {
    return spawn(this.#program, this.#args(command), { cwd: this.project.dir, stdio: 'ignore' })
  }

  /** `3`, or `3 (dirty)`. */
  async version(folder = preFolder): Promise<string> {
    return (await this.tool(['version'], folder)).trim()
  }

  rows(table = preFolder.table): Promise<{ version: string; dirty: boolean }[]> {
    return this.query(`select version::text, dirty from ${table}`)
  }
}
