import type { Readable } from 'node:stream'
import type { Manifest } from './manifest.ts'

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
  /** Resolves when the program has ended with 0; rejects with `backup-failed` otherwise. */
  readonly finished: Promise<void>
}

/** The database to back up, seen through one exported snapshot from start to end. */
export interface SourceDatabase extends AsyncDisposable {
  readonly facts: SourceFacts
  readonly snapshot: { readonly id: string; readonly at: Date }
  /** Streams `pg_dump --format=custom` of exactly this snapshot. */
  dump(options: { readonly lockWaitTimeoutMs: number; readonly signal: AbortSignal }): Promise<RunningDump>
  /** Exact row counts by qualified table name, under the same snapshot. */
  countRows(): Promise<ReadonlyMap<string, number>>
  /** Heads of the version tables that exist, under the same snapshot. */
  ledgerHeads(): Promise<Manifest['ledgerHeads']>
}
