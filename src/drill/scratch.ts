import type { Content } from '../backup/content.ts'
import type { Membership } from '../backup/membership.ts'

/** What the drill needs of a place to restore into: a cluster of its own, which is removed at the end, on a signal, and after a crash by the next run; or a database that somebody named, which is emptied. */
export interface ScratchCluster extends AsyncDisposable {
  /** Of its server; it begins with the major version. */
  readonly version: string
  /** Where it is, for `keep`. */
  readonly directory: string
  /** What the restored code could reach: `no network` or `sockets only`; `none` in a database that somebody named. */
  readonly isolation: string
  /** Whether owners, grants and default privileges are those of the archive; otherwise they cannot be compared. */
  readonly hasOwners: boolean
  /** Makes the extensions that a plain role may not make, from a fixed list; returns those that are missing. */
  prepareExtensions(extensions: readonly { readonly name: string; readonly schema: string }[]): Promise<readonly string[]>
  /** Restores one section of an archive as a plain role, never as superuser. Throws `restore-failed`. */
  restore(archive: string, section: 'pre-data' | 'data' | 'post-data', signal: AbortSignal): Promise<void>
  /** Entries of the archive that need a superuser, left out by a fixed list. */
  notRestored(archive: string): Promise<readonly string[]>
  analyze(): Promise<void>
  /** Exact row counts by qualified table name. */
  countRows(): Promise<ReadonlyMap<string, number>>
  /** What the copy holds, each table read by the method that the expectation names. */
  readContent(
    stateSchema: string,
    expected: Pick<Content, 'tables' | 'largeObjects' | 'ledgerHeads'> & {
      readonly extensionTables?: Content['extensionTables'] | undefined
    },
  ): Promise<Content>
  /** Of the roles of the source; none where no role is made. */
  readMemberships(): Promise<readonly Membership[]>
  /** Runs one query in a read-only session of a plain role; the first rows, as text, and how many there were. */
  query(sql: string, timeoutMs: number): Promise<{ readonly rows: readonly (readonly (string | null)[])[]; readonly rowCount: number }>
  /** Lets `pg_amcheck` look at every table and index as superuser, once nothing else needs the copy as it was restored. */
  amcheck(): Promise<AmcheckResult>
  /** Leaves the cluster running at disposal. */
  keep(): void
}

/** What `pg_amcheck` found; or why it did not look. */
export type AmcheckResult = { readonly passed: true } | { readonly problem: string } | { readonly missing: string }
