import { Readable } from 'node:stream'
import type { SourceDatabase, SourceFacts } from '../../src/backup/dump.ts'

interface Given {
  readonly archive?: Buffer
  /** What `pg_dump` ends with after its bytes have come. */
  readonly failure?: Error
  readonly countFailure?: Error
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
  sizeBytes: 8_000_000,
  extensions: [{ name: 'plpgsql', version: '1.0', schema: 'pg_catalog' }],
  stamp: undefined,
}

/** A database whose dump is given; `disposed` tells whether it was let go. */
export function fakeSource(given: Given = {}): SourceDatabase & { disposed: boolean; lockWaitTimeoutMs: number | undefined } {
  const { archive = Buffer.from('PGDMP and all the rest'), failure, countFailure } = given
  return {
    disposed: false,
    lockWaitTimeoutMs: undefined,
    facts: { ...sourceFacts, ...given.facts },
    snapshot: { id: '00000003-0000001B-1', at: given.at ?? new Date('2026-11-21T14:04:10.250Z') },
    async dump({ lockWaitTimeoutMs, signal }) {
      this.lockWaitTimeoutMs = lockWaitTimeoutMs
      const finished = failure === undefined ? Promise.resolve() : Promise.reject(failure)
      finished.catch(() => {})
      signal.throwIfAborted()
      return { archive: Readable.from([archive], { objectMode: false }), clientVersion: '15.18', arguments: ['--format=custom'], finished }
    },
    async countRows() {
      if (countFailure !== undefined) throw countFailure
      return new Map([
        ['public.orders', 1200],
        ['public.users', 30],
      ])
    },
    ledgerHeads: async () => [{ table: 'public.goose_db_version', head: '3/3' }],
    async [Symbol.asyncDispose]() {
      this.disposed = true
    },
  }
}
