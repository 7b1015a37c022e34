import { describe, expect, test } from 'vitest'
import { renderSummary } from '../../../src/report/summary.ts'
import { renderTerminal } from '../../../src/report/terminal.ts'
import { backup, type Entry, resultOf } from '../results.ts'

const print = (entry: Entry) => renderTerminal(resultOf(entry), { color: false })
const summarize = (entry: Entry) => renderSummary(resultOf(entry))

const dump = (day: number) => `shop/backups/production/releases/2026/11/${day}/shop-202611${day}T140410Z-v1.8.dump`
const second = {
  ...backup,
  manifest: { ...backup.manifest, source: { ...backup.manifest.source, sizeBytes: 9_000_000_000 } },
  previous: {
    id: '20261120T140410Z-1a2b3c4d',
    snapshotAt: '2026-11-20T14:04:10.000Z',
    sizeBytes: 1_009_254_400,
    databaseBytes: 8_000_000_000,
    tables: 1,
    rows: 40_000_000,
  },
  retention: {
    mode: 'dry-run',
    class: 'releases',
    database: 'shop',
    removed: [{ key: dump(18), snapshotAt: '2026-11-18T14:04:10.000Z', sizeBytes: 900_000_000, why: '2 newer ones can be counted on' }],
    kept: 3,
    keptBecause: [
      { why: 'just made', count: 1 },
      { why: 'among the newest 2 (keep-last)', count: 2 },
    ],
    leftovers: [{ key: dump(11), sizeBytes: 5_000_000, removed: false }],
    warnings: [`${dump(17)} is kept: its manifest cannot be used`],
    remaining: [],
  },
  restoreByHand: ['createdb -- shop_restored', 'pg_restore --dbname=shop_restored ./shop.dump'],
}

describe('a backup with one before it', () => {
  test('is compared with it in sizes, tables and rows', () => {
    expect(print(second)).toContain(`
Compared with the backup before, of 2026-11-20 14:04:10 UTC
                          This one    The one before  Change
  Dump                    962.5 MiB   962.5 MiB       none
  Database on the server  8.4 GiB     7.5 GiB         +12.5 %
  Tables                  2           1               +100.0 %
  Rows                    38,112,554  40,000,000      −4.7 %
`)
  })

  test('is not said to have lost rows that nobody counted', () => {
    const tables = [...backup.manifest.tables, { name: 'public.large' }]
    const printed = print({ ...second, manifest: { ...second.manifest, tables } } as Entry)

    expect(printed).toContain('  Content             3 tables, at least 38,112,554 rows\n')
    expect(printed).toContain('  Tables                  3          1               +200.0 %\n')
    expect(printed).toMatch(/^ {2}public\.large +not counted$/m)
    expect(printed).not.toMatch(/^ {2}Rows +38/m)
  })

  test('shows what retention would delete, folded, and what a person should look at, in the open', () => {
    const title = 'Older backups of releases: 1 would be deleted, 3 kept'
    expect(print(second)).toContain(`
${title}
  Backup                                                                       Size       What becomes of it  Why
  ${dump(18)}  858.3 MiB  would be deleted    2 newer ones can be counted on
  ${dump(11)}  4.8 MiB    left over           its run did not reach its end
  1 backup                                                                                kept                just made
  2 backups                                                                               kept                among the newest 2 (keep-last)
`)
    const summary = summarize(second)
    expect(summary).toContain(`<details><summary>${title}</summary>`)
    expect(summary.indexOf('is kept: its manifest cannot be used')).toBeLessThan(summary.indexOf('<details>'))
  })

  test('says deleted only where something was, and shows no table where nothing goes', () => {
    const applied = { ...second, retention: { ...second.retention, mode: 'apply' } }
    expect(print(applied)).toContain('Older backups of releases: 1 deleted, 3 kept')
    const kept = { ...second, retention: { ...second.retention, removed: [], leftovers: [] } }
    expect(print(kept)).not.toContain('Older backups')
  })

  test('has its commands in the summary, where they can be copied, and not in the log', () => {
    expect(summarize(second)).toContain(
      '<details><summary>How to restore it by hand, with plain PostgreSQL tools</summary>\n\n```sh\ncreatedb -- shop_restored\npg_restore --dbname=shop_restored ./shop.dump\n```',
    )
    expect(print(second)).not.toContain('createdb')
  })
})

test('a backup that was not needed says so and claims nothing', () => {
  const reason = 'No backup was made: no migration is pending, and the backup 20261121T090410Z-9cf71e92 of the class daily is 5 h old.'
  const printed = print({ command: 'backup', reason, made: false, checks: [] })

  expect(printed).toMatchInlineSnapshot(`
    "✔ Nothing to do  backup production
    No backup was made: no migration is pending, and the backup 20261121T090410Z-9cf71e92 of the class daily is 5 h old.

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
  expect(summarize({ command: 'backup', reason, made: false, checks: [] })).not.toMatch(/reached|proved|restored/)
})

test('a dry run is called one, and a failed one is not', () => {
  const entry = { command: 'backup', reason: 'shop would be dumped; nothing was written.', dryRun: true, checks: [] }
  expect(print(entry)).toMatch(/^✔ Dry run {2}backup production\n/)
  expect(print({ ...entry, verdict: 'fail' })).toMatch(/^✖ Failed/)
})
