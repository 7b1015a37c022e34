import { expect, test } from 'vitest'
import type { History, HistoryRow } from '../../src/migration/history.ts'
import { golangMigrate } from '../../src/migration/layouts/golang-migrate.ts'
import type { LedgerEntry } from '../../src/migration/ledger.ts'
import { comparePhases } from '../../src/migration/plan.ts'

const migrations = golangMigrate.read(
  ['1_a.up.sql', '2_late.up.sql', '3_c.up.sql'].map((name) => ({ name, path: `db/${name}`, bytes: Buffer.from('select 1;') })),
  'pre',
  {},
)
// the table holds 3 alone, so that every lower file counts as run
const entries: LedgerEntry[] = migrations.map(({ version }) => ({ version, phase: 'pre', checksum: undefined, appliedAt: undefined }))
const deployed = (...versions: string[]): HistoryRow => ({
  event: 'deployed',
  release: 'v1',
  commit: undefined,
  at: new Date(0),
  migrations: migrations
    .filter(({ version }) => versions.includes(version))
    .map(({ version, phase, checksum, id }) => ({ version, phase, checksum, name: id })),
})

const compare = (rows: readonly HistoryRow[], outOfOrder: 'allow' | 'refuse' = 'refuse') => {
  const history: History = { rows, former: [] }
  return comparePhases(
    { migrations, entries, history, keepsNewest: true, gitVersions: async () => new Set(), now: new Date(0) },
    { outOfOrder },
  )
}

test('a file below the one number of the table is refused when a deployed release had a newer one without it', async () => {
  await expect(compare([deployed('1', '3')])).rejects.toMatchObject({
    code: 'out-of-order',
    message: 'db/2_late.up.sql is older than version 3, which has run, and has not run itself.',
  })
  await expect(compare([deployed('1', '3')], 'allow')).rejects.toMatchObject({ code: 'out-of-order' })
})

test('files that ran before Shiplock came, or were deployed, count as run', async () => {
  for (const rows of [[], [deployed('1', '2', '3')], [deployed('1')]]) expect((await compare(rows)).pre).toEqual([])
})
