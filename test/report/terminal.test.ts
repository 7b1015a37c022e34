import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { renderTerminal } from '../../src/report/terminal.ts'
import {
  adopted,
  backup,
  damagedBackup,
  drill,
  drillPassed,
  type Entry,
  hotfix,
  migrated,
  migrateHalfWay,
  plan,
  recorded,
  resultOf,
} from './results.ts'

function print(...commands: Entry[]): string {
  return renderTerminal(resultOf(...commands), { color: false })
}

test('a plan lists what would run in each phase, what the ledger says, and the digests', () => {
  expect(print(plan)).toMatchInlineSnapshot(`
    "✔ Passed  plan production
    2 migrations would run before the deploy, 1 after it.

    Phase pre, before the deploy
      #  Migration                            Runs                   Took elsewhere                   Note
      1  db/migrations/0131_orders_state.sql  in a transaction       not known                        its outer begin and commit are taken off
      2  db/migrations/0132_orders_idx.sql    outside a transaction  4 min 2 s in staging, v1.9-rc.2  long

    Phase post, when no old code is left
      #  Migration                              Runs              Took elsewhere    Note
      1  db/post_migrations/0129_drop_note.sql  in a transaction  40 ms in staging  held back

    Post migrations of a deployed release that have not run
      Migration       Deployed                 Age
      0129_drop_note  2026-11-14 09:00:00 UTC  7 d 5 h

      Database                     db-1:5432/shop
      Server                       PostgreSQL 16.16
      Applied so far               130
      Ahead of the files           140, 141
      Edits not checked            12 applied migrations without a recorded checksum
      Long migrations (over 30 s)  0132_orders_idx (4 min 2 s in staging, v1.9-rc.2)
      Digest, phase pre            7be1f4c940c9
      Digest, phase post           02aa51c991fe

    Nothing has been changed.

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('a plan says why durations may be missing, and shows none where an older version looked for none', () => {
  const phases = plan.phases.map(({ phase, pending }) => ({
    phase,
    pending: pending.map(({ expected: _, ...rest }) => ({ ...rest, long: false })),
  }))
  const said = print({ ...plan, phases, durationsProblem: 'file:///srv/store did not answer in time' })
  expect(said).toContain('Took elsewhere      not fully known: file:///srv/store did not answer in time')
  expect(said).not.toMatch(/Runs +Took elsewhere|not known|Long/)
})

test('a migration that failed half-way: what ran, what did not, why, and what to do', () => {
  expect(print(migrateHalfWay)).toMatchInlineSnapshot(`
    "✖ Failed  migrate production, phase pre
    1 of 3 applied; 0132_orders_idx was not, and 1 migration did not start.

    Migrations
      Migration          Result                                                            Time    Attempts
      0131_orders_state  applied                                                           12 ms   1
      0132_orders_idx    ✖ not finished, SQLSTATE 55P03; 1 statement before it stays done  15.0 s  3
      0133_backfill      not run
      0129_drop_note     held back for phase post

    Left open by an earlier run, closed from the ledger
      Version  State
      130      had been applied, but the run ended before it said so

      Database     db-1:5432/shop
      Plan digest  7be1f4c940c9

    ✖ lock-not-obtained  db/migrations/0132_orders_idx.sql:4:1: another session held a lock for longer than lock-budget (10 min, 3 attempts).
        The statement before it stays done.
      Next  See who holds it: select * from pg_stat_activity. Then run the same command again.
      see docs/errors.md#lock-not-obtained

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('a migration without anything pending says so', () => {
  expect(print({ ...migrated, applied: [], reason: 'Nothing is pending in phase pre.' })).toMatchInlineSnapshot(`
    "✔ Nothing to do  migrate production, phase pre
    Nothing is pending in phase pre.

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('a dry run lists what would run', () => {
  expect(
    print({
      ...migrated,
      applied: [],
      dryRun: true,
      notRun: ['0131_orders_state'],
      heldBack: ['0129_drop_note'],
      reason: '1 migration would run; nothing was changed.',
    }),
  ).toMatchInlineSnapshot(`
    "✔ Dry run  migrate production, phase pre
    1 migration would run; nothing was changed.

    Migrations
      Migration          Result
      0131_orders_state  would run
      0129_drop_note     held back for phase post

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('a backup shows each step of the proof, also those that it did not reach', () => {
  expect(print(backup)).toMatchInlineSnapshot(`
    "✔ Passed  backup production
    The stored bytes were read back and decoded to the end.

    What is proved, and what is not
      The backup is  State        Which means
      dumped         ✔ reached    pg_dump ended with 0
      landed         ✔ reached    size and part checksums agree
      read back      ✔ reached    SHA-256 of the stored bytes, and decoded to the end
      restored       not reached  loaded into a scratch cluster
      equal          not reached  holds what the manifest says
      usable         not reached  smoke queries pass

    Checks
      Check                   Result       Evidence
      younger than the limit  not checked  max-backup-age is not set

      Backup              2026-11-21T14-04-10Z-9f3c
      Object              shop/backups/production/releases/2026/11/21/shop-20261121T140410Z-v1.9.dump
      Size                962.5 MiB (1,009,254,400 bytes)
      SHA-256             abababababababababababababababababababababababababababababababab
      Database            shop
      Versions            server 16.16, pg_dump 16.16
      Holds the state of  2026-11-21 14:04:10 UTC
      Content             2 tables, 38,112,554 rows

    It has not been restored yet: that is the drill's job.

    Rows of 2 tables
      Table               Rows
      public.orders       38,112,554
      public.order_lines  0

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('a damaged backup is neither read back nor anything above', () => {
  expect(print(damagedBackup)).toMatchInlineSnapshot(`
    "✖ Failed  verify-backup production
    The stored bytes are not those that were written.

    What is proved, and what is not
      The backup is  State        Which means
      dumped         ✔ reached    pg_dump ended with 0
      landed         ✔ reached    size and part checksums agree
      read back      ✖ failed     SHA-256 of the stored bytes, and decoded to the end
      restored       not checked  loaded into a scratch cluster
      equal          not checked  holds what the manifest says
      usable         not checked  smoke queries pass

    Checks
      Check                        Result       Evidence
      SHA-256 of the stored bytes  ✖ failed     differs from the manifest
      decoded to the last byte     not checked

      Backup              2026-11-21T14-04-10Z-9f3c
      Object              shop/backups/production/releases/2026/11/21/shop-20261121T140410Z-v1.9.dump
      Size                962.5 MiB (1,009,254,400 bytes)
      SHA-256             abababababababababababababababababababababababababababababababab
      Database            shop
      Versions            server 16.16, pg_dump 16.16
      Holds the state of  2026-11-21 14:04:10 UTC
      Content             2 tables, 38,112,554 rows

    Rows of 2 tables
      Table               Rows
      public.orders       38,112,554
      public.order_lines  0

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('whether an older backup can be restored is neither claimed nor denied', () => {
  const lines = print({ ...backup, command: 'verify-backup' }).split('\n')
  expect(lines).toContain('  restored       not checked  loaded into a scratch cluster')
  expect(lines).toContain('Whether it can be restored is for the drill to show.')
})

test('a backup that only landed claims no more', () => {
  const checks = [
    ...backup.checks.slice(0, 2),
    { id: 'sha256', status: 'not-checked' as const },
    { id: 'decoded', status: 'not-checked' as const },
  ]
  const page = print({ ...backup, manifest: { ...backup.manifest, level: 'landed' }, checks })
  expect(page).toContain('  landed         ✔ reached    size')
  expect(page).toContain('  read back      not checked  SHA-256')
})

test('a drill shows what differs, which queries failed, and the time on this runner', () => {
  expect(print(drill)).toMatchInlineSnapshot(`
    "✖ Failed  restore-drill production
    One table does not hold what the manifest says, and 1 of 2 smoke queries failed.

    Not equal to the manifest
      Object         Expected  Found
      public.orders  38112554  38112553

    Smoke queries
      Query                  Result    Message
      db/smoke/orders.sql:3  ✔ passed
      db/smoke/orders.sql:9  ✖ failed  expected more than 0 rows, found 0

    Time of each phase, on this runner
      Phase    Time
      fetch    38.0 s
      restore  4 min 51 s
      compare  43.0 s

    Checks
      Check                      Result    Evidence
      restored without an error  ✔ passed
      equal                      ✖ failed  1, limit 0
      recovery time              ✔ passed  6 min 12 s, limit 20 min

      Backup              2026-11-21T14-04-10Z-9f3c
      Holds the state of  2026-11-21 14:04:10 UTC
      Machine             4 CPUs, 16.0 GiB, on this runner
      Isolation           no network
      Reached             restored

    Not restored, since it needs a superuser or belongs to a server: 2 objects, listed below.

    Not restored (2)
      Object
      EXTENSION COMMENT pgcrypto
      PUBLICATION all_tables

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('a recorded fact', () => {
  expect(print(recorded)).toMatchInlineSnapshot(`
    "✔ Passed  record deployed production
    v1.9 is recorded as deployed in production; 1 post migration may run now.

      Release           v1.9
      Migrations in it  132

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('an error before anything ran is told once', () => {
  const error = { code: 'connection-failed', message: 'db-1:5432 could not be reached.', hint: 'Check the host and the firewall.' }
  expect(
    print(
      { command: 'backup', verdict: 'fail', reason: error.message, error },
      { command: 'migrate', verdict: 'not-run', reason: 'backup did not pass.' },
    ),
  ).toMatchInlineSnapshot(`
    "✖ Failed  backup production

    ✖ connection-failed  db-1:5432 could not be reached.
      Next  Check the host and the firewall.
      see docs/errors.md#connection-failed

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC

    – Not run  migrate production
    backup did not pass.

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('a command without a report of its own shows its reason and its checks', () => {
  const checks = [
    { id: 'clients', status: 'not-checked' as const },
    { id: 'disk', status: 'fail' as const, value: '1 GiB', limit: '5 GiB', message: 'too little' },
  ]
  expect(
    print({ command: 'doctor', verdict: 'inconclusive', reason: 'The store could not be asked.', run: '812.1', checks }),
  ).toMatchInlineSnapshot(`
    "? Could not tell  doctor production
    The store could not be asked.

    Checks
      Check    Result       Evidence
      clients  not checked
      disk     ✖ failed     1 GiB, limit 5 GiB: too little

    shiplock 1.4.0 · production · release v1.9 · run 812.1 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

describe('colors', () => {
  test('repeat what the words say, and are all that makes the difference', () => {
    const result = resultOf(migrateHalfWay, plan)
    const colored = renderTerminal(result, { color: true })
    expect(colored).toContain('\u001b[31m✖ Failed  migrate production, phase pre\u001b[0m\n')
    expect(stripVTControlCharacters(colored)).toBe(renderTerminal(result, { color: false }))
  })
})

test('a long list does not scroll the verdict away', () => {
  const notRun = Array.from({ length: 20_000 }, (_, index) => `migration_${index}`)
  const lines = print({ ...migrateHalfWay, notRun }).split('\n')
  expect(lines.length).toBeLessThan(230)
  expect(lines).toContain('  … 19,803 more rows in the JSON result')
})

test('a database that was adopted, with what the stamp says and what it is', () => {
  expect(print(adopted)).toMatchInlineSnapshot(`
    "✔ Passed  ledger adopt production
    db-2:5432/shop is adopted: it is production in another place, and its history goes on.

    Which database this is
                                             Stamp                Database
      Environment                            production           production    same
      Server cluster (system identifier)     7443012345678901234                not known
      Database (oid)                         16384                16384         same
      Address (hash of host, port and name)  abababababab         cdcdcdcdcdcd  differs

      Database  db-2:5432/shop
      Kind      moved
      Reason    moved to the new server

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('a plan that migrate would refuse, and a new file with a note', () => {
  const refused = { ...plan, phases: [], debts: [], digests: {}, obstacles: ['phase pre: two things meet.'], notes: ['An older commit.'] }
  expect(print(refused, hotfix)).toMatchInlineSnapshot(`
    "✔ Passed  plan production
    2 migrations would run before the deploy, 1 after it.

      Database            db-1:5432/shop
      Server              PostgreSQL 16.16
      Applied so far      130
      Ahead of the files  140, 141
      Edits not checked   12 applied migrations without a recorded checksum

    migrate would refuse phase pre: two things meet.
    An older commit.
    Nothing has been changed.

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC

    ✔ Passed  new
    db/migrations/0010_stop_leak.sql is there, to run before the new code.

      File  db/migrations/0010_stop_leak.sql

    This clone is shallow: a number that only another branch holds was not seen.

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})

test('a drill that passed tells what was shown and what was not, and details come last', () => {
  expect(print(drillPassed)).toMatchInlineSnapshot(`
    "✔ Passed  restore-drill production
    20261121T020410Z-9f3c0a11 was restored in 6 min 12 s on this machine: 38,112,554 rows in 214 tables, as the manifest says; 5 of 5 queries passed.

    Checks
      Check                      Result       Evidence
      age of the backup          ✔ passed     12 h, limit 1 d 6 h
      recovery point             not checked  12 h: max-data-loss is not set
      restored without an error  ✔ passed
      enough tables              ✔ passed     214, limit 1
      row counts                 ✔ passed     38,112,554 rows in 214 tables
      version tables             ✔ passed     1 version table
      contents                   not checked  rows, owners and grants not compared
      smoke queries              ✔ passed     5 of 5 queries
      pg_amcheck                 not checked  pg_amcheck 16 is not installed
      recovery time              ✔ passed     6 min 12 s, limit 7 min

      Backup              20261121T020410Z-9f3c0a11
      Holds the state of  2026-11-21 02:04:10 UTC
      Size                962.5 MiB
      Machine             4 CPUs, 16.0 GiB, on this runner
      Isolation           no network
      Reached             usable

    The recovery took 6 min 12 s of the 7 min that max-restore-time allows: more than 80 % of it.

    Smoke queries
      Query                  Result    Message
      db/smoke/orders.sql:3  ✔ passed

    Time of each phase, on this runner
      Phase       Time
      locate      1.0 s
      fetch       2.0 s
      provision   3.0 s
      extensions  4.0 s
      pre-data    5.0 s
      data        6.0 s
      post-data   7.0 s
      analyze     8.0 s
      compare     9.0 s
      smoke       10.0 s

    The 3 drills before this one
      When                  Dump       Recovery time  Verdict       Machine
      2026-11-20 03:15 UTC  957.5 MiB                 fail          4 CPUs, 16.0 GiB
      2026-11-19 03:15 UTC  953.7 MiB  6 min 1 s      pass, usable  4 CPUs, 16.0 GiB
      2026-11-18 03:15 UTC  949.9 MiB  5 min 58 s     pass, usable  4 CPUs, 16.0 GiB

    shiplock 1.4.0 · production · release v1.9 · 16.2 s · 2026-11-21 14:02:26 UTC
    "
  `)
})
