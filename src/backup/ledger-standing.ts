import type { LedgerHead } from '../migration/ledger.ts'
import type { Manifest } from './manifest.ts'

/** Version tables as they stand, or stood at a moment that a backup may be of. */
export interface LedgerStanding {
  /** Completes "as they …". */
  readonly when: string
  readonly heads: readonly LedgerHead[]
}

type Heads = Manifest['ledgerHeads']

/** The moment whose version tables a backup holds, the first of those given; or what differs from the first, in a sentence's end. */
export function standingOf(heads: Heads, standings: readonly LedgerStanding[]): { when: string } | { problem: string } {
  for (const { when, heads: expected } of standings) if (differences(heads, expected).length === 0) return { when }
  const [first] = differences(heads, standings[0]?.heads ?? [])
  return { problem: first ?? 'no version table is known to compare' }
}

/** No table in common says nothing: then there is one difference, that nothing was compared. */
function differences(heads: Heads, expected: readonly LedgerHead[]): string[] {
  if (expected.length === 0) return ['no version table is known to compare']
  return expected.flatMap(({ table, head, empty }) => {
    const found = heads.find((one) => one.table === table)
    const inBackup = found?.ofProject ?? found?.head
    if (inBackup === head || (inBackup === undefined && empty)) return []
    return [
      `${table} is at ${empty ? 'no migration' : head} now, and ${inBackup === undefined ? 'not in the backup' : `at ${inBackup} in the backup`}`,
    ]
  })
}
