import { strict as assert } from 'node:assert'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Files, PeerBench, type PeerSite } from './peer-bench.ts'

/** What a check needs: the server and both programs. */
export interface Site extends PeerSite {
  readonly dbmate: string
}

const run = promisify(execFile)

/** A checkout and an empty database, with both tools at hand. */
export class Bench extends PeerBench {
  readonly #program: string

  static async of(site: Site, files: Files): Promise<Bench> {
    return new Bench(site, await PeerBench.place(site, files))
  }

  constructor(site: Site, place: ConstructorParameters<typeof PeerBench>[1]) {
    super(site, place, [])
    this.#program = site.dbmate
  }

  /** What the tool prints; it ends with 0 or this throws. */
  async tool(command: string, ...folders: readonly string[]): Promise<string> {
    const { exitCode, output } = await this.tryTool([command], folders)
    assert.equal(exitCode, 0, `dbmate ${command} failed: ${output}`)
    return output
  }

  async tryTool(command: readonly string[], folders: readonly string[] = []): Promise<{ exitCode: number; output: string }> {
    const dirs = (folders.length === 0 ? ['db/migrations'] : folders).flatMap((folder) => ['--migrations-dir', folder])
    try {
      const env = { PATH: process.env.PATH, HOME: this.project.dir, DATABASE_URL: this.url }
      const { stdout, stderr } = await run(this.#program, [...dirs, '--no-dump-schema', ...command], { cwd: this.project.dir, env })
      return { exitCode: 0, output: stdout + stderr }
    } catch (error) {
      const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
      if (typeof code !== 'number') throw error
      return { exitCode: code, output: stdout + stderr }
    }
  }

  /** Files that the tool reports as not applied. */
  async pendingForTool(...folders: readonly string[]): Promise<string[]> {
    return [...(await this.tool('status', ...folders)).matchAll(/^\[ \] (.+)\.sql$/gm)].map((match) => match[1] as string)
  }

  async rows(table = 'schema_migrations'): Promise<string[]> {
    return (await this.query<{ version: string }>(`select version from ${table} order by 1`)).map(({ version }) => version)
  }
}
