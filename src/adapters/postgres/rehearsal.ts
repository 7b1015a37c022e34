import { join } from 'node:path'
import pg from 'pg'
import type { DatabaseInputs, RehearsalOptions } from '../../commands/command.ts'
import { missingExtensions } from '../../drill/extensions.ts'
import { ReleaseError } from '../../errors.ts'
import { asReleaseError } from '../../explain-error.ts'
import type { NoRehearsal, Rehearsal, RehearsalOutcome } from '../../migration/rehearsal.ts'
import { parseStatements } from '../../sql/parse.ts'
import { type TimeLimit, timeLimit } from '../time-limit.ts'
import { makeWorkspace } from '../workspace.ts'
import { type OpenClient, openClient } from './client.ts'
import type { DrillCluster } from './drill-cluster.ts'
import { dumpSchema } from './dump-schema.ts'
import { heldLocks, userRelations } from './held-locks.ts'
import { libpqEnvironment } from './libpq-environment.ts'
import { withoutValue } from './restore-messages.ts'
import { readSchemaFacts, type SchemaFacts } from './schema-facts.ts'
import { makeScratchCluster } from './scratch.ts'
import { assumeRole } from './session.ts'
import { findTools } from './tools.ts'

interface Surroundings extends RehearsalOptions {
  readonly database: DatabaseInputs
  readonly applicationName: string
  /** Where temporary folders may be made, the best place first. */
  readonly roots: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (text: string) => void
  readonly signal: AbortSignal
}

const longestMs = 60_000

/**
 * Copies the schema, without a row, into a scratch cluster of the same major version. Reads from the database, and
 * never installs anything. Whatever keeps it from working is the answer; only a bug is thrown.
 */
export async function makeRehearsal(surroundings: Surroundings): Promise<Rehearsal | NoRehearsal> {
  const limit = timeLimit(surroundings.limitMs ?? longestMs, surroundings.signal)
  try {
    return await copySchema(surroundings, limit)
  } catch (error) {
    const reason = limit.reason() ?? reasonOf(error)
    limit[Symbol.dispose]()
    return { notPossible: reason }
  }
}

async function copySchema(surroundings: Surroundings, limit: TimeLimit): Promise<Rehearsal> {
  const { roots, env, say, binDir } = surroundings
  const { signal } = limit
  await using folder = await makeWorkspace({ roots })
  const archive = join(folder.path, 'schema')
  const { major, ...facts } = await dumpSource(surroundings, archive, signal)
  const { roles, ...place } = facts
  const cluster = await makeScratchCluster({ ...place, major, ours: true, binDir, install: false, roots, env, say, signal })
  try {
    await cluster.stubRoles(roles)
    const missing = missingExtensions(await cluster.prepareExtensions(facts.extensions))
    if (missing.length > 0) throw impossible(`the copy would lack extensions that are not to be had here: ${missing.join(', ')}`)
    await cluster.restore(archive, 'pre-data', signal)
    await cluster.restore(archive, 'post-data', signal)
    const leftOut = await cluster.notRestored(archive)
    if (leftOut.length > 0) say(`the copy for the rehearsal is without what only a superuser can make: ${leftOut.join(', ')}`)
    return new CopiedSchema(cluster, facts.searchPath, limit)
  } catch (error) {
    await cluster[Symbol.asyncDispose]()
    throw error
  }
}

/** Password and certificates are gone before anything that came from the database is run. */
async function dumpSource(
  { database, applicationName, roots, env, say, binDir }: Surroundings,
  archive: string,
  signal: AbortSignal,
): Promise<SchemaFacts & { major: number }> {
  await using source = await openClient({ ...database, applicationName })
  const major = source.serverMajor
  const giveUp = () => void source[Symbol.asyncDispose]()
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await assumeRole(source.client, database.role)
    const facts = await readSchemaFacts(source.client)
    const search = { binDir, install: false, major, env, say }
    const server = await findTools({ ...search, set: 'server' })
    if (server.major !== major) throw impossible(`this machine has PostgreSQL ${server.version}, and the server has ${major}`)
    const tools = await findTools({ ...search, set: 'client' })
    await using secrets = await makeWorkspace({ roots })
    const libpq = await libpqEnvironment({ database, encrypted: source.encrypted, applicationName, env, folder: secrets.path })
    const problem = await dumpSchema({ tools, archive, role: database.role, env: libpq, signal })
    if (problem !== undefined) throw impossible(problem)
    return { ...facts, major }
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

class CopiedSchema implements Rehearsal {
  readonly #cluster: DrillCluster
  readonly #searchPath: string
  readonly #limit: TimeLimit

  constructor(cluster: DrillCluster, searchPath: string, limit: TimeLimit) {
    this.#cluster = cluster
    this.#searchPath = searchPath
    this.#limit = limit
  }

  async run(migrations: Parameters<Rehearsal['run']>[0]): Promise<readonly RehearsalOutcome[]> {
    const outcomes: RehearsalOutcome[] = []
    for (const { sql, transactional } of migrations) {
      outcomes.push(await this.#failing(() => (transactional ? this.#locksOf(sql) : this.#runAlone(sql))))
    }
    return outcomes
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#limit[Symbol.dispose]()
    await this.#cluster[Symbol.asyncDispose]()
  }

  /** A second session looks, so that nothing which the migration did to its own can mislead us. */
  async #locksOf(sql: string): Promise<RehearsalOutcome> {
    await using observer = await this.#cluster.connect()
    const relations = await userRelations(observer.client)
    await using worker = await this.#worker()
    await worker.client.query(`begin;\n${sql}\n;set constraints all immediate`)
    const locks = await heldLocks(observer.client, worker.pid, relations)
    await worker.client.query('commit')
    return { locks }
  }

  async #runAlone(sql: string): Promise<RehearsalOutcome> {
    const parsed = await parseStatements(sql)
    const statements = 'statements' in parsed ? parsed.statements : []
    await using worker = await this.#worker()
    for (const { start, end } of statements) await worker.client.query(sql.slice(start, end))
    return { failed: 'runs outside a transaction' }
  }

  /** A session of its own for each, as a setting of one must not reach the next. */
  async #worker(): Promise<OpenClient> {
    const worker = await this.#cluster.connect()
    await worker.client.query({ text: `select pg_catalog.set_config('search_path', $1, false)`, values: [this.#searchPath] })
    return worker
  }

  async #failing(work: () => Promise<RehearsalOutcome>): Promise<RehearsalOutcome> {
    const over = this.#limit.reason()
    if (over !== undefined) return { failed: over }
    try {
      return await work()
    } catch (error) {
      return { failed: this.#limit.reason() ?? reasonOf(error) }
    }
  }
}

function impossible(reason: string): ReleaseError {
  return new ReleaseError('scratch-failed', reason)
}

/** One line, without a full stop. Throws what is a bug. */
function reasonOf(error: unknown): string {
  return textOf(error)
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '')
}

function textOf(error: unknown): string {
  if (error instanceof pg.DatabaseError) return `${withoutValue(error.message)} (SQLSTATE ${error.code})`
  const known = asReleaseError(error)
  if (known.code === 'internal-error') throw error
  return known.message
}
