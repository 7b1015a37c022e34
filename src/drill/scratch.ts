/** What the drill needs of a cluster of its own: removed at the end, on a signal, and after a crash by the next run. */
export interface ScratchCluster extends AsyncDisposable {
  readonly version: string
  /** Where it is, for `keep`. */
  readonly directory: string
  /** What the restored code could reach: `no network` or `sockets only`. */
  readonly isolation: string
  /** Makes the extensions that a plain role may not make, from a fixed list; returns those that are missing. */
  prepareExtensions(extensions: readonly { readonly name: string; readonly schema: string }[]): Promise<readonly string[]>
  /** Restores one section of an archive as a plain role, never as superuser. Throws `restore-failed`. */
  restore(archive: string, section: 'pre-data' | 'data' | 'post-data', signal: AbortSignal): Promise<void>
  /** Entries of the archive that need a superuser, left out by a fixed list. */
  notRestored(archive: string): Promise<readonly string[]>
  analyze(): Promise<void>
  /** Exact row counts by qualified table name. */
  countRows(): Promise<ReadonlyMap<string, number>>
  /** Heads of the version tables that exist, as the backup read them. */
  ledgerHeads(stateSchema: string): Promise<readonly { readonly table: string; readonly head: string }[]>
  /** Runs one query in a read-only session of a plain role; the first rows, as text, and how many there were. */
  query(sql: string, timeoutMs: number): Promise<{ readonly rows: readonly (readonly (string | null)[])[]; readonly rowCount: number }>
  /** Lets `pg_amcheck` look at every table and index as superuser, once nothing else needs the copy as it was restored. */
  amcheck(): Promise<AmcheckResult>
  /** Leaves the cluster running at disposal. */
  keep(): void
}

/** What `pg_amcheck` found; or why it did not look. */
export type AmcheckResult = { readonly passed: true } | { readonly problem: string } | { readonly missing: string }
