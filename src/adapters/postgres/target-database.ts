import { chown, readdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Content } from '../../backup/content.ts'
import type { DatabaseInputs, TargetOptions } from '../../commands/command.ts'
import { describeConnection } from '../../connection.ts'
import type { Answer } from '../../drill/expectation.ts'
import { clientProblem, refuseUnsafeClient } from '../../drill/safe-client.ts'
import type { AmcheckResult, ScratchCluster } from '../../drill/scratch.ts'
import { refuseTarget, type ServerFacts } from '../../drill/target.ts'
import { makeWorkspace, type Workspace } from '../workspace.ts'
import { type OpenClient, openClient } from './client.ts'
import { readContentLike } from './content/read-content.ts'
import { countRows } from './count-rows.ts'
import { existingObjects } from './drill-database.ts'
import { explained } from './explained.ts'
import { forceSecurity, liftForcedSecurity, withForcedSecurity } from './forced-security.ts'
import { libpqEnvironment } from './libpq-environment.ts'
import { openArchive } from './open-archive.ts'
import { type PreparedArchive, prepareArchive } from './restore.ts'
import { serverAccount } from './server-account.ts'
import { runReadOnly } from './smoke-session.ts'
import { createAsOwner, emptyDatabase, type TargetState, targetState } from './target-contents.ts'
import { readServerFacts, readTargetFacts } from './target-facts.ts'
import { findTools, type Tools, toolEnvironment } from './tools.ts'

type Expected = Parameters<ScratchCluster['readContent']>[1]

interface Surroundings extends TargetOptions {
  readonly target: DatabaseInputs
  readonly applicationName: string
  readonly roots: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (text: string) => void
}

/** Opens an empty database for one drill. Throws `unsafe-target` with the reason, before anything is written there. */
export async function openTarget(options: Surroundings): Promise<TargetDatabase> {
  const { roots, say } = options
  const asked = await askSource(options)
  const sources = [...asked, { systemIdentifier: options.source.systemIdentifier, startedAt: undefined }]
  const { encrypted, before, serverMajor } = await inspect(options, sources)
  const tools = await findTools({ ...options, major: Math.max(options.major, serverMajor), set: 'client' })
  refuseUnsafeClient(tools.version, { ours: options.ours, allowed: options.allowUnsafeClient ?? false })
  const warning = clientProblem(tools.version)
  if (warning !== undefined) say(`warning: ${warning}`)
  const workspace = await makeWorkspace({ roots, owner: serverAccount() })
  try {
    return new TargetDatabase({
      ...options,
      sources,
      encrypted,
      before,
      serverMajor,
      tools,
      workspace,
      libpq: await libpqOf(options, encrypted, workspace),
    })
  } catch (error) {
    await workspace[Symbol.asyncDispose]()
    throw error
  }
}

interface Parts extends Surroundings {
  readonly sources: readonly ServerFacts[]
  readonly encrypted: boolean
  /** What stood there before, and stays. */
  readonly before: TargetState
  readonly serverMajor: number
  readonly tools: Tools
  readonly workspace: Workspace
  readonly libpq: Readonly<Record<string, string>>
}

/** A database on a server of somebody's own: its owner restores, no role is made, and it is emptied at the end. */
export class TargetDatabase implements ScratchCluster {
  readonly directory: string
  readonly version: string
  readonly isolation = 'none'
  readonly hasOwners = false
  readonly #parts: Parts
  #prepared: { readonly path: string; readonly archive: PreparedArchive } | undefined
  /** Tables whose policies bind their owner, but not while the drill is at work. */
  #forced: readonly string[] = []
  #touched = false
  #kept = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.directory = describeConnection(parts.target.connection)
    this.version = String(parts.serverMajor)
  }

  async prepareExtensions(extensions: readonly { readonly name: string; readonly schema: string }[]): Promise<readonly string[]> {
    await this.#claim()
    await using session = await this.#connect()
    return await explained('scratch-failed', 'An extension could not be made', () => createAsOwner(session.client, extensions))
  }

  async restore(archive: string, section: 'pre-data' | 'data' | 'post-data', signal: AbortSignal): Promise<void> {
    const prepared = await this.#prepare(archive)
    if (section === 'pre-data') {
      await this.#claim()
      await prepared.restore('schemas', signal)
    }
    await prepared.restore(section, signal)
    if (section !== 'post-data') return
    await this.#liftForcedSecurity()
    await prepared.restore('refreshes', signal)
  }

  async notRestored(archive: string): Promise<readonly string[]> {
    return (await this.#prepare(archive)).contents.leftOut
  }

  async analyze(): Promise<void> {
    await using session = await this.#connect()
    await explained('restore-failed', 'The restored copy could not be analyzed', () => session.client.query('analyze'))
  }

  async countRows(): Promise<ReadonlyMap<string, number>> {
    await using session = await this.#connect()
    return await explained('restore-failed', 'The rows of the restored copy could not be counted', () => countRows(session.client))
  }

  async readContent(stateSchema: string, expected: Expected): Promise<Content> {
    await using session = await this.#connect()
    const { client, serverMajor } = session
    const known = { also: expected.ledgerHeads.map(({ table }) => table) }
    const content = await explained('restore-failed', 'The restored copy could not be read', () =>
      readContentLike(client, { stateSchema, known, serverMajor, inRecovery: false }, expected),
    )
    return { ...content, catalog: withForcedSecurity(content.catalog, this.#forced) }
  }

  async readMemberships() {
    return []
  }

  /** Nobody here may look as superuser. */
  async amcheck(): Promise<AmcheckResult> {
    return { missing: 'it needs a superuser, and target-url never is one' }
  }

  async query(sql: string, timeoutMs: number): Promise<Answer> {
    await using session = await this.#connect()
    return await runReadOnly(session.client, sql, timeoutMs)
  }

  keep(): void {
    this.#kept = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { workspace, say, before } = this.#parts
    try {
      if (!this.#touched) return
      await using session = await this.#connect()
      if (this.#kept) {
        await forceSecurity(session.client, this.#forced)
        return say(`the restored copy is kept in ${this.directory}`)
      }
      await explained('scratch-failed', `${this.directory} could not be emptied`, () => emptyDatabase(session.client, before))
    } finally {
      await workspace[Symbol.asyncDispose]()
    }
  }

  /** Right before the first write, everything is asked again: the name may lead elsewhere by now. */
  async #claim(): Promise<void> {
    if (this.#touched) return
    const asked = await askSource(this.#parts)
    await inspect(this.#parts, [...asked, ...this.#parts.sources])
    this.#touched = true
  }

  async #liftForcedSecurity(): Promise<void> {
    await using session = await this.#connect()
    this.#forced = await explained('scratch-failed', 'Forced row security could not be lifted', () => liftForcedSecurity(session.client))
  }

  async #prepare(path: string): Promise<PreparedArchive> {
    if (this.#prepared?.path !== path) {
      const { tools, env, workspace, target, libpq } = this.#parts
      const reading = { tools, account: serverAccount(), env: toolEnvironment(env), folder: workspace.path }
      await using session = await this.#connect()
      const existing = { ...(await existingObjects(session.client)), roles: await roleNames(session) }
      const archive = await prepareArchive(await openArchive(path, reading), existing, {
        ...reading,
        jobs: availableParallelism(),
        database: target.connection.database,
        withOwners: false,
        target: () => libpq,
      })
      this.#prepared = { path, archive }
    }
    return this.#prepared.archive
  }

  #connect(): Promise<OpenClient> {
    const { target, applicationName } = this.#parts
    return openClient({ ...target, applicationName })
  }
}

/** What the server of the source says now, where it can be asked. */
async function askSource({ source, applicationName }: Surroundings): Promise<readonly ServerFacts[]> {
  if (source.database === undefined) return []
  await using session = await openClient({ ...source.database, applicationName })
  return [await readServerFacts(session.client)]
}

async function inspect({ target, applicationName }: Surroundings, sources: readonly ServerFacts[]) {
  await using session = await openClient({ ...target, applicationName })
  refuseTarget(await readTargetFacts(session.client, target), sources)
  return { encrypted: session.encrypted, serverMajor: session.serverMajor, before: await targetState(session.client) }
}

/** For the account that opens the archive. */
async function libpqOf({ target, applicationName, env }: Surroundings, encrypted: boolean, { path }: Workspace) {
  const libpq = await libpqEnvironment({ database: target, encrypted, applicationName, env, folder: path })
  const account = serverAccount()
  if (account !== undefined) {
    for (const name of ['pgpass', 'authorities.pem', 'client.key']) {
      if ((await readdir(path)).includes(name)) await chown(join(path, name), account.uid, account.gid)
    }
  }
  return libpq
}

async function roleNames({ client }: OpenClient): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>('select rolname::text as name from pg_catalog.pg_roles')
  return new Set(rows.map(({ name }) => name))
}
