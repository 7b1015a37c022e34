import { chown, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Content } from '../../backup/content.ts'
import type { Membership } from '../../backup/membership.ts'
import type { ScratchOptions } from '../../commands/command.ts'
import type { Answer } from '../../drill/expectation.ts'
import { type RoleFacts, stubNames } from '../../drill/roles.ts'
import type { AmcheckResult, ScratchCluster } from '../../drill/scratch.ts'
import type { Account, Workspace } from '../workspace.ts'
import { runAmcheck } from './amcheck.ts'
import type { OpenClient } from './client.ts'
import type { Cluster, Login } from './cluster.ts'
import { readContentLike } from './content/read-content.ts'
import { countRows } from './count-rows.ts'
import {
  createDrillDatabase,
  createExtensions,
  existingObjects,
  openExtensionTables,
  openPublicSchema,
  openToEverybody,
} from './drill-database.ts'
import { explained } from './explained.ts'
import { readMemberships } from './memberships.ts'
import { openArchive } from './open-archive.ts'
import { makeWay, newLogin, type OwnRoles } from './own-roles.ts'
import { type PreparedArchive, prepareArchive } from './restore.ts'
import { runReadOnly } from './smoke-session.ts'
import { createRoleStubs, giveSchemas, holdMaterializedViews, isOurs, openSchemas } from './stub-roles.ts'
import type { Tools } from './tools.ts'

const database = 'drill'

type Expected = Parameters<ScratchCluster['readContent']>[1]

/** A running server that belongs to one drill, and what it takes to work in it. */
export interface DrillParts {
  readonly say: (text: string) => void
  /** When it fires the server stops at once, and with it whatever runs there. */
  readonly signal: AbortSignal
  readonly tools: Tools
  readonly account: Account | undefined
  readonly workspaces: readonly [Workspace, ...Workspace[]]
  /** The folder of its socket. */
  readonly host: string
  readonly port: number
  readonly cluster: Cluster
  readonly superuser: Login
  readonly jobs: number
  readonly env: Readonly<Record<string, string>>
  readonly isolation: string
  /** Extensions that the team allowed by naming their packages. */
  readonly named: readonly string[]
  /** SQL of the team's own, run as superuser around the restore. */
  readonly before: string | undefined
  readonly after: string | undefined
  readonly ours: boolean
  readonly roles: RoleFacts
}

/** The cluster of one drill: a superuser prepares it, a plain role restores, and another one reads. */
export class DrillCluster implements ScratchCluster {
  readonly directory: string
  readonly version: string
  readonly isolation: string
  readonly #parts: DrillParts
  readonly #stopNow = () => void this.#parts.cluster.stop('immediate')
  #own: OwnRoles
  #ownership: 'nobody' | 'owners' | 'owners-and-grants'
  #archive: { readonly path: string; readonly prepared: PreparedArchive } | undefined
  /** SQL that takes back what owners have only while their objects are made. */
  #closing = ''
  #kept = false

  constructor(parts: DrillParts) {
    this.#parts = parts
    this.directory = parts.workspaces[0].path
    this.version = parts.tools.version
    this.isolation = parts.isolation
    this.#own = { superuser: parts.superuser, restorer: newLogin('drill_restorer'), reader: newLogin('drill_reader') }
    this.#ownership = parts.ours ? 'owners-and-grants' : 'nobody'
    parts.signal.addEventListener('abort', this.#stopNow, { once: true })
  }

  get hasOwners(): boolean {
    return this.#ownership === 'owners-and-grants'
  }

  async provision(options: ScratchOptions): Promise<void> {
    const { cluster, superuser } = this.#parts
    await using maintenance = await cluster.connect({ database: 'postgres', ...superuser })
    await createDrillDatabase(maintenance.client, database, options, this.#own)
    await using drill = await this.#asSuperuser()
    await openPublicSchema(drill.client, drill.serverMajor, this.#own.restorer.user)
  }

  async prepareExtensions(extensions: readonly { readonly name: string; readonly schema: string }[]): Promise<readonly string[]> {
    const { named, before } = this.#parts
    await using drill = await this.#asSuperuser()
    await explained('scratch-failed', 'An extension could not be made', () =>
      createExtensions(drill.client, extensions, { restorer: this.#own.restorer.user, named }),
    )
    await this.#runTeamSql('before', before)
    await openExtensionTables(drill.client, this.#own.restorer.user)
    const { extensions: present } = await existingObjects(drill.client)
    return extensions.map(({ name }) => name).filter((name) => !present.has(name))
  }

  /**
   * Makes these roles by name alone, in a copy that is open to all of them: what is restored from now on belongs to the
   * roles that it belonged to there, and grants are not restored.
   */
  async stubRoles(names: readonly string[]): Promise<void> {
    this.#ownership = 'owners'
    await this.#makeRoles(names)
    await using drill = await this.#asSuperuser()
    await explained('scratch-failed', 'The copy could not be opened', () => openToEverybody(drill.client, this.#own.restorer.user))
  }

  /** A session of the plain role that restores. */
  connect(): Promise<OpenClient> {
    return this.#connect(this.#own.restorer)
  }

  async notRestored(archive: string): Promise<readonly string[]> {
    return (await this.#prepared(archive)).contents.leftOut
  }

  async restore(archive: string, section: 'pre-data' | 'data' | 'post-data', signal: AbortSignal): Promise<void> {
    const prepared = await this.#prepared(archive)
    if (section === 'pre-data') await this.#makeReady(prepared, signal)
    await prepared.restore(section, signal)
    if (section === 'post-data') await this.#finish(prepared, signal)
  }

  async analyze(): Promise<void> {
    await using drill = await this.#connect(this.#own.restorer)
    await explained('restore-failed', 'The restored copy could not be analyzed', () => drill.client.query('analyze'))
  }

  async countRows(): Promise<ReadonlyMap<string, number>> {
    await using drill = await this.#connect(this.#own.reader)
    return await explained('restore-failed', 'The rows of the restored copy could not be counted', () => countRows(drill.client))
  }

  async readContent(stateSchema: string, expected: Expected): Promise<Content> {
    await using session = await this.#connect(this.#own.reader)
    const { client, serverMajor } = session
    const known = { also: expected.ledgerHeads.map(({ table }) => table) }
    return await explained('restore-failed', 'The restored copy could not be read', () =>
      readContentLike(client, { stateSchema, known, serverMajor, inRecovery: false }, expected),
    )
  }

  async readMemberships(): Promise<readonly Membership[]> {
    await using drill = await this.#asSuperuser()
    const memberships = await explained('scratch-failed', 'The memberships of the roles could not be read', () =>
      readMemberships(drill.client),
    )
    return memberships.filter((one) => !isOurs(one, this.#own, this.#parts.roles))
  }

  async query(sql: string, timeoutMs: number): Promise<Answer> {
    await using drill = await this.#connect(this.#own.reader)
    return await runReadOnly(drill.client, sql, timeoutMs)
  }

  async amcheck(): Promise<AmcheckResult> {
    const { tools, account, jobs, signal } = this.#parts
    return runAmcheck({
      tools,
      account,
      jobs,
      signal,
      database,
      folder: this.directory,
      env: this.#clientEnvironment(this.#own.superuser),
      connect: () => this.#asSuperuser(),
    })
  }

  keep(): void {
    this.#kept = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { cluster, workspaces, signal } = this.#parts
    signal.removeEventListener('abort', this.#stopNow)
    if (this.#kept && !signal.aborted) return this.#leaveRunning()
    await cluster.stop()
    for (const workspace of workspaces) await workspace[Symbol.asyncDispose]()
  }

  /** Everything that must be there before a plain role can make objects for others. */
  async #makeReady({ contents, restore }: PreparedArchive, signal: AbortSignal): Promise<void> {
    const isOwned = this.#ownership !== 'nobody'
    await this.#makeRoles(isOwned ? contents.roles : contents.policyRoles)
    await using drill = await this.#asSuperuser()
    if (isOwned) {
      await explained('scratch-failed', 'The schemas could not be given to their owners', () =>
        giveSchemas(drill.client, contents.schemaOwners),
      )
    }
    await restore('schemas', signal)
    if (this.#ownership === 'owners-and-grants') this.#closing = await openSchemas(drill.client, contents.roles)
  }

  async #makeRoles(names: readonly string[]): Promise<void> {
    this.#own = await makeWay(this.#parts.cluster, this.#own, stubNames(names, this.#parts.roles))
    await using drill = await this.#asSuperuser()
    const { serverMajor } = drill
    await explained('scratch-failed', 'The roles of the source could not be made', () =>
      createRoleStubs(drill.client, names, this.#parts.roles, { restorer: this.#own.restorer.user, serverMajor }),
    )
  }

  /** Grants come when no owner needs more than it had, and what reads other tables last. */
  async #finish({ contents, restore }: PreparedArchive, signal: AbortSignal): Promise<void> {
    await using drill = await this.#asSuperuser()
    await drill.client.query(this.#closing)
    if (this.#ownership === 'owners-and-grants') {
      await restore('grants', signal)
      await using grantor = await this.#connect(this.#own.restorer)
      for (const sql of contents.foreignGrants) {
        await explained('restore-failed', 'A grant that was not made by the owner could not be restored', () => grantor.client.query(sql))
      }
    }
    const giveBack = await holdMaterializedViews(drill.client, this.#own.restorer.user)
    await restore('refreshes', signal)
    await giveBack()
    await this.#runTeamSql('after', this.#parts.after)
  }

  /** Reviewed SQL of the team, which expects a session as psql would give it. */
  async #runTeamSql(when: 'before' | 'after', sql: string | undefined): Promise<void> {
    if (sql === undefined) return
    await using session = await this.#connect(this.#own.superuser)
    await explained('scratch-failed', `The SQL of drill-${when} failed`, () => session.client.query(sql))
  }

  async #prepared(path: string): Promise<PreparedArchive> {
    if (this.#archive?.path !== path) {
      const { tools, account, jobs, env } = this.#parts
      const reading = { tools, account, env, folder: this.directory }
      await using drill = await this.#connect(this.#own.restorer)
      const prepared = await prepareArchive(await openArchive(path, reading), await existingObjects(drill.client), {
        ...reading,
        jobs,
        database,
        withOwners: this.#ownership !== 'nobody',
        target: () => this.#clientEnvironment(this.#own.restorer),
      })
      this.#archive = { path, prepared }
    }
    return this.#archive.prepared
  }

  #clientEnvironment({ user, password }: Login): Record<string, string> {
    const { env, host, port } = this.#parts
    return { ...env, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGCONNECT_TIMEOUT: '30' }
  }

  /** In a restored copy, nothing that a dump brought may take the place of what we name. */
  async #asSuperuser(): Promise<OpenClient> {
    const session = await this.#connect(this.#own.superuser)
    await session.client.query('set search_path = pg_catalog')
    return session
  }

  #connect(login: Login): Promise<OpenClient> {
    return this.#parts.cluster.connect({ database, ...login })
  }

  async #leaveRunning(): Promise<void> {
    const { workspaces, host, account, say } = this.#parts
    const { user, password } = this.#own.restorer
    const passwordFile = join(this.directory, 'pgpass')
    await writeFile(passwordFile, `*:*:*:${user}:${password}\n`, { mode: 0o600 })
    if (account !== undefined) await chown(passwordFile, account.uid, account.gid)
    for (const workspace of workspaces) await workspace.keep()
    say(`the scratch cluster is kept: PGPASSFILE=${passwordFile} psql --host=${host} --username=${user} ${database}`)
    say(`to remove it: kill -INT $(head -1 ${this.directory}/data/postmaster.pid) && rm -r ${workspaces.map(({ path }) => path).join(' ')}`)
  }
}
