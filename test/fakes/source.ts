import { Readable } from 'node:stream'
import type { Content } from '../../src/backup/content.ts'
import type { RolesDump, SourceDatabase, SourceFacts } from '../../src/backup/dump.ts'

interface Given {
  readonly archive?: Buffer
  /** What `pg_dump` ends with after its bytes have come. */
  readonly failure?: Error
  readonly countFailure?: Error
  /** What `pg_dump` says although it ends with 0. */
  readonly said?: readonly string[]
  readonly warnings?: readonly string[]
  readonly content?: Partial<Content>
  readonly roles?: RolesDump
  readonly facts?: Partial<SourceFacts>
  readonly at?: Date
}

export const sourceFacts: SourceFacts = {
  serverVersion: '15.18',
  serverMajor: 15,
  database: 'shop',
  systemIdentifier: '7300000000000000001',
  encoding: 'UTF8',
  collate: 'C',
  ctype: 'C',
  localeProvider: 'libc',
  collationVersion: undefined,
  inRecovery: false,
  lagMs: undefined,
  sizeBytes: 8_000_000,
  extensions: [{ name: 'plpgsql', version: '1.0', schema: 'pg_catalog' }],
  stamp: undefined,
}

export const sourceContent: Content = {
  tables: [
    { name: 'public.orders', rows: 1200, counted: 'snapshot', method: 'row-text-1', fingerprint: '-42' },
    { name: 'public.users', rows: 30, counted: 'snapshot', method: 'row-text-1', fingerprint: '7' },
  ],
  sequences: [{ name: 'public.orders_id_seq', lastValue: '1200', isCalled: true, ownerMax: '1200' }],
  largeObjects: { count: 0, bytes: 0, method: 'piece-sha256-1', fingerprint: '0' },
  extensionTables: [],
  ledgerHeads: [{ table: 'public.goose_db_version', head: '3/3' }],
  catalog: [
    { kind: 'table', name: 'public.orders', facts: { owner: 'shop' } },
    { kind: 'table', name: 'public.users', facts: { owner: 'shop' } },
  ],
  settings: { TimeZone: 'UTC' },
}

/** A database whose dump is given; `disposed` tells whether it was let go. */
export function fakeSource(given: Given = {}): SourceDatabase & { disposed: boolean; lockWaitTimeoutMs: number | undefined } {
  const { archive = Buffer.from('PGDMP and all the rest'), failure, countFailure } = given
  return {
    disposed: false,
    lockWaitTimeoutMs: undefined,
    facts: { ...sourceFacts, ...given.facts },
    snapshot: { id: '00000003-0000001B-1', at: given.at ?? new Date('2026-11-21T14:04:10.250Z') },
    runnerAt: given.at ?? new Date('2026-11-21T14:04:10.270Z'),
    warnings: given.warnings ?? [],
    async dump({ lockWaitTimeoutMs, signal }) {
      this.lockWaitTimeoutMs = lockWaitTimeoutMs
      const finished = failure === undefined ? Promise.resolve(given.said ?? []) : Promise.reject(failure)
      finished.catch(() => {})
      signal.throwIfAborted()
      return {
        archive: Readable.from([archive], { objectMode: false }),
        clientVersion: '15.18',
        arguments: ['--format=custom'],
        compression: 'gzip:1',
        finished,
      }
    },
    async readContent() {
      if (countFailure !== undefined) throw countFailure
      return { ...sourceContent, ...given.content }
    },
    readRoles: async () => given.roles ?? { sql: 'CREATE ROLE shop;\n' },
    async [Symbol.asyncDispose]() {
      this.disposed = true
    },
  }
}
