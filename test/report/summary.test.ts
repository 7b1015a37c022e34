import { expect, test } from 'vitest'
import { summaryBudget } from '../../src/markdown.ts'
import { renderSummary } from '../../src/report/summary.ts'
import { nodesOf, parseGfm, textOf } from './gfm.ts'
import { adopted, backup, drill, drillPassed, type Entry, hotfix, migrated, migrateHalfWay, plan, recorded, resultOf } from './results.ts'

function print(...commands: Entry[]): string {
  return renderSummary(resultOf(...commands))
}

test('a plan', () => {
  expect(print(plan)).toMatchInlineSnapshot(`
    "### ✔ Passed: plan production

    **2 migrations would run before the deploy, 1 after it.**

    **Phase pre, before the deploy**

    | \\# | Migration | Runs | Took elsewhere | Note |
    | --- | --- | --- | --- | --- |
    | 1 | \`db/migrations/0131_orders_state.sql\` | in a transaction | not known | its outer begin and commit are taken off |
    | 2 | \`db/migrations/0132_orders_idx.sql\` | outside a transaction | 4 min 2 s in staging, v1.9-rc.2 | long |

    **Phase post, when no old code is left**

    | \\# | Migration | Runs | Took elsewhere | Note |
    | --- | --- | --- | --- | --- |
    | 1 | \`db/post_migrations/0129_drop_note.sql\` | in a transaction | 40 ms in staging | held back |

    **Post migrations of a deployed release that have not run**

    | Migration | Deployed | Age |
    | --- | --- | --- |
    | \`0129_drop_note\` | 2026-11-14 09:00:00 UTC | 7 d 5 h |

    |  |  |
    | --- | --- |
    | Database | db-1:5432/shop |
    | Server | PostgreSQL 16.16 |
    | Applied so far | 130 |
    | Ahead of the files | 140, 141 |
    | Edits not checked | 12 applied migrations without a recorded checksum |
    | Long migrations (over 30 s) | 0132_orders_idx (4 min 2 s in staging, v1.9-rc.2) |
    | Digest, phase pre | \`7be1f4c940c9\` |
    | Digest, phase post | \`02aa51c991fe\` |

    Nothing has been changed.

    <sub>shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC</sub>
    "
  `)
})

test('a migration that failed half-way', () => {
  expect(print(migrateHalfWay)).toMatchInlineSnapshot(`
    "### ✖ Failed: migrate production, phase pre

    **1 of 3 applied; 0132_orders_idx was not, and 1 migration did not start.**

    \`lock-not-obtained\`

    \`\`\`text
    db/migrations/0132_orders_idx.sql:4:1: another session held a lock for longer than lock-budget (10 min, 3 attempts).
    The statement before it stays done.
    \`\`\`

    **Next:** See who holds it: select \\* from pg_stat_activity. Then run the same command again.

    See \`docs/errors.md#lock-not-obtained\`.

    **Migrations**

    | Migration | Result | Time | Attempts |
    | --- | --- | --- | --- |
    | \`0131_orders_state\` | applied | 12 ms | 1 |
    | \`0132_orders_idx\` | ✖ not finished, SQLSTATE 55P03; 1 statement before it stays done | 15.0 s | 3 |
    | \`0133_backfill\` | not run |  |  |
    | \`0129_drop_note\` | held back for phase post |  |  |

    **Left open by an earlier run, closed from the ledger**

    | Version | State |
    | --- | --- |
    | \`130\` | had been applied, but the run ended before it said so |

    |  |  |
    | --- | --- |
    | Database | db-1:5432/shop |
    | Plan digest | \`7be1f4c940c9\` |

    <sub>shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC</sub>
    "
  `)
})

test('a backup', () => {
  expect(print(backup)).toMatchInlineSnapshot(`
    "### ✔ Passed: backup production

    **The stored bytes were read back and decoded to the end.**

    **What is proved, and what is not**

    | The backup is | State | Which means |
    | --- | --- | --- |
    | dumped | ✔ reached | pg_dump ended with 0 |
    | landed | ✔ reached | size and part checksums agree |
    | read back | ✔ reached | SHA-256 of the stored bytes, and decoded to the end |
    | restored | not reached | loaded into a scratch cluster |
    | equal | not reached | holds what the manifest says |
    | usable | not reached | smoke queries pass |

    **Checks**

    | Check | Result | Evidence |
    | --- | --- | --- |
    | younger than the limit | not checked | max-backup-age is not set |

    |  |  |
    | --- | --- |
    | Backup | \`2026-11-21T14-04-10Z-9f3c\` |
    | Object | \`shop/backups/production/releases/2026/11/21/shop-20261121T140410Z-v1.9.dump\` |
    | Size | 962.5 MiB (1,009,254,400 bytes) |
    | SHA-256 | \`abababababababababababababababababababababababababababababababab\` |
    | Database | shop |
    | Versions | server 16.16, pg_dump 16.16 |
    | Holds the state of | 2026-11-21 14:04:10 UTC |
    | Content | 2 tables, 38,112,554 rows |

    It has not been restored yet: that is the drill's job.

    <details><summary>Rows of 2 tables</summary>

    | Table | Rows |
    | --- | --- |
    | \`public.orders\` | 38,112,554 |
    | \`public.order_lines\` | 0 |

    </details>

    <sub>shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC</sub>
    "
  `)
})

test('a drill, with its only chart after the tables', () => {
  expect(print(drill)).toMatchInlineSnapshot(`
    "### ✖ Failed: restore-drill production

    **One table does not hold what the manifest says, and 1 of 2 smoke queries failed.**

    **Not equal to the manifest**

    | Object | Expected | Found |
    | --- | --- | --- |
    | \`public.orders\` | 38112554 | 38112553 |

    **Smoke queries**

    | Query | Result | Message |
    | --- | --- | --- |
    | \`db/smoke/orders.sql:3\` | ✔ passed |  |
    | \`db/smoke/orders.sql:9\` | ✖ failed | expected more than 0 rows, found 0 |

    **Time of each phase, on this runner**

    | Phase | Time |
    | --- | --- |
    | fetch | 38.0 s |
    | restore | 4 min 51 s |
    | compare | 43.0 s |

    **Checks**

    | Check | Result | Evidence |
    | --- | --- | --- |
    | restored without an error | ✔ passed |  |
    | \`equal\` | ✖ failed | 1, limit 0 |
    | recovery time | ✔ passed | 6 min 12 s, limit 20 min |

    |  |  |
    | --- | --- |
    | Backup | \`2026-11-21T14-04-10Z-9f3c\` |
    | Holds the state of | 2026-11-21 14:04:10 UTC |
    | Machine | 4 CPUs, 16.0 GiB, on this runner |
    | Isolation | no network |
    | Reached | restored |

    Not restored, since it needs a superuser or belongs to a server: 2 objects, listed below.

    <details><summary>Not restored (2)</summary>

    | Object |
    | --- |
    | \`EXTENSION COMMENT pgcrypto\` |
    | \`PUBLICATION all_tables\` |

    </details>

    <details><summary>Where the recovery time went</summary>

    \`\`\`mermaid
    xychart-beta
      title "Where the recovery time went"
      x-axis ["fetch", "restore", "compare"]
      y-axis "seconds" 0 --> 291
      bar [38, 291, 43]
    \`\`\`

    </details>

    <sub>shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC</sub>
    "
  `)
})

test('a recorded fact', () => {
  expect(print(recorded)).toMatchInlineSnapshot(`
    "### ✔ Passed: record deployed production

    **v1.9 is recorded as deployed in production; 1 post migration may run now.**

    |  |  |
    | --- | --- |
    | Release | \`v1.9\` |
    | Migrations in it | 132 |

    <sub>shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC</sub>
    "
  `)
})

test('several commands: one part each, one chart at most', () => {
  const page = print(
    drill,
    { ...drill, verdict: 'pass' },
    { command: 'migrate', verdict: 'not-run', reason: 'restore-drill did not pass.' },
  )
  expect(nodesOf(parseGfm(page), 'heading').map(textOf)).toEqual([
    '✖ Failed: restore-drill production',
    '✔ Passed: restore-drill production',
    '– Not run: migrate production',
  ])
  expect(page.match(/```mermaid/g)).toHaveLength(1)
})

test('20,000 rows stay within the limit, and what is left out is counted', () => {
  const applied = Array.from({ length: 20_000 }, (_, index) => ({
    id: `${index}_add_a_column_with_a_long_name_to_a_table`,
    durationMs: 12,
    attempts: 1,
  }))
  const page = print({ ...migrated, applied, reason: '20,000 migrations applied in phase pre.' }, plan)
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(summaryBudget + 1)
  const shown = page.match(/^\| `\d+_add/gm)?.length ?? 0
  expect(shown).toBeGreaterThan(5000)
  expect(page).toContain(`**${(20_000 - shown).toLocaleString('en-US')} more rows** left out here`)
  expect(nodesOf(parseGfm(page), 'heading').map(textOf)).toEqual(['✔ Passed: migrate production, phase pre', '✔ Passed: plan production'])
  expect(page.endsWith('</sub>\n')).toBe(true)
})

test('one endless text does not take the room of the others', () => {
  const error = {
    code: 'migration-failed',
    message: `${'x'.repeat(2_000_000)}\nsecond line`,
    hint: '|'.repeat(2_000_000),
    at: 'a'.repeat(2_000_000),
  }
  const page = print({ ...migrateHalfWay, reason: '@'.repeat(2_000_000), error })
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(summaryBudget + 1)
  expect(page).toContain('| `0131_orders_state` | applied |')
  expect(page).toContain('<sub>shiplock 1.4.0')
})

test('a database that was adopted, with what the stamp says and what it is', () => {
  expect(print(adopted)).toMatchInlineSnapshot(`
    "### ✔ Passed: ledger adopt production

    **db-2:5432/shop is adopted: it is production in another place, and its history goes on.**

    **Which database this is**

    |  | Stamp | Database |  |
    | --- | --- | --- | --- |
    | Environment | \`production\` | \`production\` | same |
    | Server cluster (system identifier) | \`7443012345678901234\` |  | not known |
    | Database (oid) | \`16384\` | \`16384\` | same |
    | Address (hash of host, port and name) | \`abababababab\` | \`cdcdcdcdcdcd\` | differs |

    |  |  |
    | --- | --- |
    | Database | db-2:5432/shop |
    | Kind | \`moved\` |
    | Reason | moved to the new server |

    <sub>shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC</sub>
    "
  `)
})

test('a plan that migrate would refuse, and a new file with a note', () => {
  const refused = { ...plan, phases: [], debts: [], digests: {}, obstacles: ['phase pre: two things meet.'], notes: ['An older commit.'] }
  expect(print(refused, hotfix)).toMatchInlineSnapshot(`
    "### ✔ Passed: plan production

    **2 migrations would run before the deploy, 1 after it.**

    |  |  |
    | --- | --- |
    | Database | db-1:5432/shop |
    | Server | PostgreSQL 16.16 |
    | Applied so far | 130 |
    | Ahead of the files | 140, 141 |
    | Edits not checked | 12 applied migrations without a recorded checksum |

    migrate would refuse phase pre: two things meet.

    An older commit.

    Nothing has been changed.

    <sub>shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC</sub>

    ### ✔ Passed: new

    **db/migrations/0010_stop_leak.sql is there, to run before the new code.**

    |  |  |
    | --- | --- |
    | File | \`db/migrations/0010_stop_leak.sql\` |

    This clone is shallow: a number that only another branch holds was not seen.

    <sub>shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC</sub>
    "
  `)
})

test('a drill that passed, with the recovery times of the drills before it', () => {
  expect(print(drillPassed)).toMatchInlineSnapshot(`
    "### ✔ Passed: restore-drill production

    **20261121T020410Z-9f3c0a11 was restored in 6 min 12 s on this machine: 38,112,554 rows in 214 tables, as the manifest says; 5 of 5 queries passed.**

    **Checks**

    | Check | Result | Evidence |
    | --- | --- | --- |
    | age of the backup | ✔ passed | 12 h, limit 1 d 6 h |
    | recovery point | not checked | 12 h: max-data-loss is not set |
    | restored without an error | ✔ passed |  |
    | enough tables | ✔ passed | 214, limit 1 |
    | row counts | ✔ passed | 38,112,554 rows in 214 tables |
    | version tables | ✔ passed | 1 version table |
    | contents | not checked | rows, owners and grants not compared |
    | smoke queries | ✔ passed | 5 of 5 queries |
    | pg_amcheck | not checked | pg_amcheck 16 is not installed |
    | recovery time | ✔ passed | 6 min 12 s, limit 7 min |

    |  |  |
    | --- | --- |
    | Backup | \`20261121T020410Z-9f3c0a11\` |
    | Holds the state of | 2026-11-21 02:04:10 UTC |
    | Size | 962.5 MiB |
    | Machine | 4 CPUs, 16.0 GiB, on this runner |
    | Isolation | no network |
    | Reached | usable |

    The recovery took 6 min 12 s of the 7 min that max-restore-time allows: more than 80 % of it.

    <details><summary>Smoke queries</summary>

    | Query | Result | Message |
    | --- | --- | --- |
    | \`db/smoke/orders.sql:3\` | ✔ passed |  |

    </details>

    <details><summary>Time of each phase, on this runner</summary>

    | Phase | Time |
    | --- | --- |
    | locate | 1.0 s |
    | fetch | 2.0 s |
    | provision | 3.0 s |
    | extensions | 4.0 s |
    | pre-data | 5.0 s |
    | data | 6.0 s |
    | post-data | 7.0 s |
    | analyze | 8.0 s |
    | compare | 9.0 s |
    | smoke | 10.0 s |

    </details>

    <details><summary>The 3 drills before this one</summary>

    | When | Dump | Recovery time | Verdict | Machine |
    | --- | --- | --- | --- | --- |
    | 2026-11-20 03:15 UTC | 957.5 MiB |  | fail | 4 CPUs, 16.0 GiB |
    | 2026-11-19 03:15 UTC | 953.7 MiB | 6 min 1 s | pass, usable | 4 CPUs, 16.0 GiB |
    | 2026-11-18 03:15 UTC | 949.9 MiB | 5 min 58 s | pass, usable | 4 CPUs, 16.0 GiB |

    </details>

    <details><summary>Recovery time from drill to drill</summary>

    \`\`\`mermaid
    xychart-beta
      title "Recovery time from drill to drill"
      x-axis ["11-18", "11-19", "11-21"]
      y-axis "seconds" 0 --> 372
      bar [358, 361, 372]
    \`\`\`

    </details>

    <sub>shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC</sub>
    "
  `)
})
