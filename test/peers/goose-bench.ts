import { strict as assert } from 'node:assert'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Files, PeerBench, type PeerSite, type Variables } from './peer-bench.ts'

/** What a check needs: the server and both programs. */
export interface Site extends PeerSite {
  readonly goose: string
}

const run = promisify(execFile)

/** A checkout and an empty database, with both tools at hand. */
export class Bench extends PeerBench {
  readonly #goose: string
  readonly #given: Variables

  static async of(site: Site, files: Files, variables: Variables = {}): Promise<Bench> {
    return new Bench(site, await PeerBench.place(site, files), variables)
  }

  constructor(site: Site, place: ConstructorParameters<typeof PeerBench>[1], variables: Variables) {
    super(site, place, ['goose_db_version_post'], variables)
    this.#goose = site.goose
    this.#given = variables
  }

  /** What goose prints; it ends with 0 or this throws. */
  async goose(command: string, { dir = 'db/migrations', table = 'goose_db_version' } = {}): Promise<string> {
    const ended = await this.tryGoose(command, { dir, table })
    assert.equal(ended.exitCode, 0, `goose ${command} failed: ${ended.output}`)
    return ended.output
  }

  async tryGoose(
    command: string,
    { dir = 'db/migrations', table = 'goose_db_version' } = {},
  ): Promise<{ exitCode: number; output: string }> {
    const env = { ...this.#given, PATH: process.env.PATH, HOME: this.project.dir, GOOSE_DRIVER: 'postgres', GOOSE_DBSTRING: this.url }
    try {
      const { stdout, stderr } = await run(this.#goose, ['-env', 'none', '-dir', dir, '-table', table, command], {
        cwd: this.project.dir,
        env,
      })
      return { exitCode: 0, output: stdout + stderr }
    } catch (error) {
      const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
      if (typeof code !== 'number') throw error
      return { exitCode: code, output: stdout + stderr }
    }
  }

  /** Files that goose reports as not applied. */
  async pendingForGoose(options = {}): Promise<string[]> {
    return [...(await this.goose('status', options)).matchAll(/ {4}Pending +-- (.+)\.sql$/gm)].map((match) => match[1] as string)
  }

  rows(table = 'goose_db_version'): Promise<{ version_id: string; is_applied: boolean }[]> {
    return this.query(`select version_id::text, is_applied from ${table} order by id`)
  }
}
