import type { Readable } from 'node:stream'
import type { Content, FingerprintPolicy } from './content.ts'
import type { Membership } from './membership.ts'

/** What the manifest says of the database that was dumped. */
export interface SourceFacts {
  readonly serverVersion: string
  readonly serverMajor: number
  readonly database: string
  readonly systemIdentifier: string | undefined
  readonly databaseOid?: string
  /** SHA-256 over host, port and name. */
  readonly address?: string
  readonly encoding: string
  readonly collate: string
  readonly ctype: string
  /** `libc`, `icu` or `builtin`. */
  readonly localeProvider: string
  /** What the operating system or ICU said of its collations when the database was made; not every one says something. */
  readonly collationVersion: string | undefined
  /** A standby was dumped in place of its primary. */
  readonly inRecovery: boolean
  /** How far the standby was behind its primary, as far as it can tell. */
  readonly lagMs: number | undefined
  readonly sizeBytes: number
  readonly extensions: readonly { readonly name: string; readonly version: string; readonly schema: string }[]
  /** Id of Shiplock's stamp of this database, when there is one. */
  readonly stamp: string | undefined
}

/** A `pg_dump` under way. */
export interface RunningDump {
  readonly archive: Readable
  readonly clientVersion: string
  readonly arguments: readonly string[]
  /** As the program was told, such as `gzip:1`. */
  readonly compression: string
  /** Resolves with the lines that it warned with when the program has ended with 0; rejects with `backup-failed` otherwise. */
  readonly finished: Promise<readonly string[]>
}

/**
 * What `pg_dumpall` says of the roles, without their passwords; or why it said nothing. Beside it their memberships as
 * the server told them at the same time; absent where they changed all the while.
 */
export type RolesDump = { readonly sql: string; readonly memberships?: readonly Membership[] } | { readonly notKept: string }

/** The database to back up, seen through one exported snapshot from start to end. */
export interface SourceDatabase extends AsyncDisposable {
  readonly facts: SourceFacts
  readonly snapshot: { readonly id: string; readonly at: Date }
  /** What the clock of this machine said at the moment of the snapshot. */
  readonly runnerAt: Date
  /** What is worth knowing before the dump, and does not keep it from being made. */
  readonly warnings: readonly string[]
  /** Streams `pg_dump --format=custom` of exactly this snapshot. */
  dump(options: { readonly lockWaitTimeoutMs: number; readonly signal: AbortSignal }): Promise<RunningDump>
  /** What the database holds under the same snapshot, read beside the dump. */
  readContent(policy: FingerprintPolicy): Promise<Content>
  /** Roles belong to the whole server, and to no snapshot. */
  readRoles(signal: AbortSignal): Promise<RolesDump>
}
