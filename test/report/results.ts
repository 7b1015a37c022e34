import type { CommandResult, Result } from '../../src/result.ts'

const common = {
  tool: 'shiplock 1.4.0',
  environment: 'production',
  release: 'v1.9',
  startedAt: '2026-11-21T14:02:10.000Z',
  finishedAt: '2026-11-21T14:02:26.200Z',
  checks: [],
} as const

export type Entry = Partial<CommandResult> & { command: string }

/** The result of a step, as `run.ts` writes it. */
export function resultOf(...commands: Entry[]): Result {
  const whole = commands.map(
    (command): CommandResult => ({ ...common, verdict: 'pass', reason: '', ...command, checks: command.checks ?? [] }),
  )
  const verdict = whole.find((one) => one.verdict !== 'pass')?.verdict ?? 'pass'
  return {
    schema: 'shiplock/result@1',
    verdict: verdict === 'not-run' ? 'fail' : verdict,
    exitCode: { pass: 0, fail: 1, inconclusive: 3, promote: 0, abort: 1, hold: 3, 'not-run': 1 }[verdict],
    commands: whole,
  }
}

export const plan = {
  command: 'plan',
  reason: '2 migrations would run before the deploy, 1 after it.',
  database: 'db-1:5432/shop',
  serverVersion: '16.16',
  applied: 130,
  phases: [
    {
      phase: 'pre',
      pending: [
        {
          id: '0131_orders_state',
          version: '131',
          path: 'db/migrations/0131_orders_state.sql',
          transactional: true,
          unwrapped: true,
          expected: null,
        },
        {
          id: '0132_orders_idx',
          version: '132',
          path: 'db/migrations/0132_orders_idx.sql',
          transactional: false,
          expected: { durationMs: 242_000, environment: 'staging', release: 'v1.9-rc.2', at: '2026-11-20T09:00:00.000Z' },
          long: true,
        },
      ],
    },
    {
      phase: 'post',
      pending: [
        {
          id: '0129_drop_note',
          version: '129',
          path: 'db/post_migrations/0129_drop_note.sql',
          transactional: true,
          heldBack: true,
          expected: { durationMs: 40, environment: 'staging', at: '2026-11-14T08:00:00.000Z' },
        },
      ],
    },
  ],
  drift: { ahead: ['140', '141'], unchecked: 12 },
  longMigrationMs: 30_000,
  debts: [{ id: '0129_drop_note', since: '2026-11-14T09:00:00.000Z', ageMs: 7.2 * 86_400_000 }],
  digests: { pre: '7be1f4c940c9', post: '02aa51c991fe' },
}

export const publishedPlan = {
  ...plan,
  notes: ['changes publishes new tables too, and somebody subscribes (copy): … : table fresh'],
  subscriberSql: ['create schema if not exists "shiplock"', 'create table if not exists "shiplock".stamp (\n      id uuid)'],
}

export const migrateHalfWay = {
  command: 'migrate',
  verdict: 'fail' as const,
  reason: '1 of 3 applied; 0132_orders_idx was not, and 1 migration did not start.',
  phase: 'pre',
  database: 'db-1:5432/shop',
  digest: '7be1f4c940c9',
  closed: [{ version: '130', state: 'applied-unreported' }],
  applied: [{ id: '0131_orders_state', version: '131', phase: 'pre', durationMs: 12, attempts: 1 }],
  failed: {
    id: '0132_orders_idx',
    path: 'db/migrations/0132_orders_idx.sql',
    message: 'see error',
    sqlstate: '55P03',
    attempts: 3,
    durationMs: 15_020,
    stepsDone: 1,
  },
  notRun: ['0133_backfill'],
  heldBack: ['0129_drop_note'],
  error: {
    code: 'lock-not-obtained',
    message:
      'db/migrations/0132_orders_idx.sql:4:1: another session held a lock for longer than lock-budget (10 min, 3 attempts).\nThe statement before it stays done.',
    hint: 'See who holds it: select * from pg_stat_activity. Then run the same command again.',
    at: 'db/migrations/0132_orders_idx.sql:4:1',
  },
}

export const migrated = {
  command: 'migrate',
  reason: '1 migration applied in phase pre.',
  phase: 'pre',
  applied: [{ id: '0131_orders_state', version: '131', phase: 'pre', durationMs: 12, attempts: 1 }],
  notRun: [],
  heldBack: [],
  closed: [],
}

export const backup = {
  command: 'backup',
  reason: 'The stored bytes were read back and decoded to the end.',
  checks: [
    { id: 'dump-exit', status: 'pass' as const, value: 0 },
    { id: 'landed', status: 'pass' as const, value: '962.5 MiB' },
    { id: 'sha256', status: 'pass' as const },
    { id: 'decoded', status: 'pass' as const, message: '2 tables' },
    { id: 'fresh', status: 'not-checked' as const, message: 'max-backup-age is not set' },
  ],
  durationMs: 41_000,
  manifest: {
    id: '2026-11-21T14-04-10Z-9f3c',
    level: 'read-back',
    object: {
      key: 'shop/backups/production/releases/2026/11/21/shop-20261121T140410Z-v1.9.dump',
      sizeBytes: 1_009_254_400,
      sha256: 'ab'.repeat(32),
    },
    source: { database: 'shop', serverVersion: '16.16' },
    dump: { clientVersion: '16.16', snapshotAt: '2026-11-21T14:04:10.000Z' },
    tables: [
      { name: 'public.orders', rows: 38_112_554 },
      { name: 'public.order_lines', rows: 0 },
    ],
  },
}

export const damagedBackup = {
  ...backup,
  command: 'verify-backup',
  verdict: 'fail' as const,
  reason: 'The stored bytes are not those that were written.',
  checks: [
    { id: 'landed', status: 'pass' as const },
    { id: 'sha256', status: 'fail' as const, message: 'differs from the manifest' },
    { id: 'decoded', status: 'not-checked' as const },
  ],
}

export const drill = {
  command: 'restore-drill',
  verdict: 'fail' as const,
  reason: 'One table does not hold what the manifest says, and 1 of 2 smoke queries failed.',
  checks: [
    { id: 'restored', status: 'pass' as const },
    { id: 'equal', status: 'fail' as const, value: 1, limit: 0 },
    { id: 'recovery-time', status: 'pass' as const, value: '6 min 12 s', limit: '20 min' },
  ],
  backup: { id: '2026-11-21T14-04-10Z-9f3c', key: 'shop/backups/x.dump', snapshotAt: '2026-11-21T14:04:10.000Z' },
  recoveryTimeMs: 372_000,
  machine: { cpus: 4, memoryBytes: 16 * 1024 ** 3 },
  isolation: 'no network',
  level: 'restored',
  phases: [
    { name: 'fetch', ms: 38_000 },
    { name: 'restore', ms: 291_000 },
    { name: 'compare', ms: 43_000 },
  ],
  mismatches: [{ object: 'public.orders', expected: '38112554', found: '38112553' }],
  smoke: [
    { file: 'db/smoke/orders.sql', line: 3, status: 'pass' },
    { file: 'db/smoke/orders.sql', line: 9, status: 'fail', message: 'expected more than 0 rows, found 0' },
  ],
  notRestored: ['EXTENSION COMMENT pgcrypto', 'PUBLICATION all_tables'],
}

const machine = { cpus: 4, memoryBytes: 16 * 1024 ** 3 }

export const drillPassed = {
  command: 'restore-drill',
  reason:
    '20261121T020410Z-9f3c0a11 was restored in 6 min 12 s on this machine: 38,112,554 rows in 214 tables, as the manifest says; 5 of 5 queries passed.',
  checks: [
    { id: 'backup-age', status: 'pass' as const, value: '12 h', limit: '1 d 6 h' },
    { id: 'recovery-point', status: 'not-checked' as const, value: '12 h', message: 'max-data-loss is not set' },
    { id: 'restored', status: 'pass' as const },
    { id: 'min-tables', status: 'pass' as const, value: 214, limit: 1 },
    { id: 'row-counts', status: 'pass' as const, value: '38,112,554 rows in 214 tables' },
    { id: 'ledger-heads', status: 'pass' as const, value: '1 version table' },
    { id: 'contents', status: 'not-checked' as const, message: 'rows, owners and grants not compared' },
    { id: 'smoke', status: 'pass' as const, value: '5 of 5 queries' },
    { id: 'amcheck', status: 'not-checked' as const, message: 'pg_amcheck 16 is not installed' },
    { id: 'recovery-time', status: 'pass' as const, value: '6 min 12 s', limit: '7 min' },
  ],
  backup: {
    origin: 'backup',
    id: '20261121T020410Z-9f3c0a11',
    name: '20261121T020410Z-9f3c0a11',
    key: 'shop/backups/x.dump',
    snapshotAt: '2026-11-21T02:04:10.000Z',
    sizeBytes: 1_009_254_400,
  },
  recoveryTimeMs: 372_000,
  recoveryPointMs: 43_200_000,
  machine,
  isolation: 'no network',
  level: 'usable',
  phases: ['locate', 'fetch', 'provision', 'extensions', 'pre-data', 'data', 'post-data', 'analyze', 'compare', 'smoke'].map(
    (name, index) => ({
      name,
      ms: (index + 1) * 1000,
    }),
  ),
  mismatches: [],
  smoke: [{ file: 'db/smoke/orders.sql', line: 3, status: 'pass' }],
  notRestored: [],
  history: [358_000, 361_000, undefined].map((recoveryTimeMs, index) => ({
    at: `2026-11-${18 + index}T03:15:00.000Z`,
    verdict: recoveryTimeMs === undefined ? 'fail' : 'pass',
    level: recoveryTimeMs === undefined ? undefined : 'usable',
    recoveryTimeMs,
    sizeBytes: 996_000_000 + index * 4_000_000,
    machine,
  })),
  notes: ['The recovery took 6 min 12 s of the 7 min that max-restore-time allows: more than 80 % of it.'],
}

export const recorded = {
  command: 'record',
  reason: 'v1.9 is recorded as deployed in production; 1 post migration may run now.',
  fact: 'deployed',
  release: 'v1.9',
  migrations: 132,
}

export const adopted = {
  command: 'ledger',
  reason: 'db-2:5432/shop is adopted: it is production in another place, and its history goes on.',
  action: 'adopt',
  dryRun: false,
  database: 'db-2:5432/shop',
  kind: 'moved',
  why: 'moved to the new server',
  stamp: {
    id: '5f0e3c1e-7b0c-4a53-9d2c-0f3a6d1c9b11',
    environment: 'production',
    systemIdentifier: '7443012345678901234',
    databaseOid: '16384',
    address: 'ab'.repeat(32),
  },
  found: { environment: 'production', databaseOid: '16384', address: 'cd'.repeat(32) },
}

export const hotfix = {
  command: 'new',
  reason: 'db/migrations/0010_stop_leak.sql is there, to run before the new code.',
  path: 'db/migrations/0010_stop_leak.sql',
  notes: ['This clone is shallow: a number that only another branch holds was not seen.'],
}

export const rolledBack = {
  command: 'rollback',
  verdict: 'pass',
  environment: 'production',
  reason:
    'From the record of 2026-11-21 14:02:26 UTC (migrate, run 77.1), 3 h 8 min ago, not from the database: The code of v1 may be deployed on the schema as it is (by rules); 1 migration stays behind.',
  checks: [
    {
      id: 'target-ci',
      status: 'fail',
      value: '1 of 14 checks of v1 failed',
      message: `lint. https://github.com/acme/shop/commit/${'a'.repeat(40)}/checks`,
    },
  ],
  database: 'db.example.org:5432/shop',
  from: 'v2',
  to: 'v1',
  commit: 'a'.repeat(40),
  shape: 'code-only',
  asked: 'auto',
  by: 'rules',
  source: {
    kind: 'record',
    at: '2026-11-21T14:02:26.000Z',
    text: 'the record of 2026-11-21 14:02:26 UTC (migrate, run 77.1), 3 h 8 min ago',
  },
  dryRun: true,
  recorded: false,
  lines: [],
  leftBehind: ['2_phone'],
  checklist: ['Turn the flags of the new features off, where there are any.'],
  issue: { number: 7, url: 'https://github.com/acme/shop/issues/7', isNew: true },
  issueDraft: 'https://github.com/acme/shop/issues/new?title=Rollback',
  notes: ['Version 3 (3_city) had begun, and may have run: it counts as run.'],
}

const writes = 'Every INSERT, UPDATE and DELETE on orders waits.'

export const linted = {
  command: 'lint',
  verdict: 'fail',
  reason: '1 error and 1 warning in 2 files; 3 new migrations were checked.',
  base: '1'.repeat(40),
  head: '2'.repeat(40),
  checked: 3,
  older: 212,
  findings: [
    {
      rule: 'require-concurrent-index-creation',
      severity: 'error',
      path: 'db/migrations/0132_orders_total_idx.sql',
      phase: 'pre',
      start: { offset: 30, line: 4, column: 3 },
      end: { offset: 80, line: 4, column: 50 },
      message: 'Building the index orders_total_idx on orders holds back every write to it until the index is built.',
      harm: writes,
      remedy: 'Use CREATE INDEX CONCURRENTLY, in a migration of its own that runs outside a transaction.',
      instead: [{ phase: 'pre', transactional: false, sql: 'create index concurrently orders_total_idx on orders (total);' }],
      source: { text: '  create index orders_total_idx on orders (total);', from: 2, width: 47 },
      fingerprint: 'f1',
    },
    {
      rule: 'drop-column',
      severity: 'warning',
      path: 'db/post_migrations/0133_drop_the_note_of_orders_and_all_that_hangs_on_it.sql',
      phase: 'post',
      start: { offset: 0, line: 1, column: 120 },
      end: { offset: 80, line: 1, column: 150 },
      message: 'x '.repeat(200).trim(),
      harm: 'y '.repeat(200).trim(),
      remedy: 'z '.repeat(200).trim(),
      instead: [],
      source: { text: `${'a, '.repeat(40)}drop column note`, from: 120, width: 30 },
      fingerprint: 'f2',
    },
  ],
  suppressed: [{ rule: 'drop-table', path: 'db/post_migrations/0134_a.sql', line: 3, reason: 'empty since 1.8' }],
  settings: [{ name: 'lint.fail-on', base: 'error', proposed: 'never' }],
  notes: ['There is no comment: it needs the input github-token.'],
} as const

const canaryWindow = (minute: number, sample: Record<string, unknown>, mark: string) => {
  const startMs = Date.parse('2026-11-21T14:05:00Z') + minute * 60_000
  return { window: { startMs, endMs: startMs + 300_000 }, sample, mark }
}

export const canaryAborted = {
  command: 'canary',
  verdict: 'abort' as const,
  reason: 'p95: Two windows in a row are beyond 200: 500 and 510.',
  checks: [{ id: 'p95', status: 'fail' as const, message: 'Two windows in a row are beyond 200: 500 and 510.' }],
  complete: false,
  stopped: true,
  onHold: 'fail',
  deciding: 'p95',
  deployedAt: '2026-11-21T14:00:00.000Z',
  warmupMs: 300_000,
  durationMs: 1_800_000,
  watchedMs: 600_000,
  record: { noted: true, why: 'because', postBarred: true, live: { release: 'v1.9', at: '2026-11-21T13:59:59.000Z' }, before: 'v1.8' },
  watched: [
    {
      id: 'p95',
      kind: 'latency',
      decision: 'abort',
      pending: false,
      otherwise: 'No two windows in a row beyond 200.',
      usable: 2,
      expected: 6,
      dryRun: false,
      direction: 'up',
      query: 'histogram_quantile(0.95, x)',
      ratio: 5.05,
      baseline: { windows: 48, asked: 48, median: 100, spread: 4, worst: 110, outliers: 0 },
      lines: { hold: 130, abort: 200 },
      windows: [
        canaryWindow(0, { state: 'value', value: 500, requests: 900 }, 'bad'),
        canaryWindow(5, { state: 'value', value: 510 }, 'bad'),
      ],
      sampleLines: [],
    },
    {
      id: 'errors',
      kind: 'logs',
      decision: 'hold',
      pending: false,
      otherwise: 'About 2 lines are usual in this time.',
      usable: 2,
      expected: 6,
      dryRun: false,
      query: '{app="shop"} |= "ERROR"',
      counted: { lines: 9, usual: 2, baselineLines: 8, baselineWindows: 48 },
      windows: [
        canaryWindow(0, { state: 'value', value: 4 }, 'good'),
        canaryWindow(5, { state: 'value', value: 5 }, 'good'),
        canaryWindow(10, { state: 'error', message: 'Loki answered 503' }, 'unusable'),
      ],
      sampleLines: ['ERROR no such column'],
    },
  ],
}

export const canaryChecked = {
  command: 'canary',
  verdict: 'inconclusive' as const,
  reason: '1 check of 1 cannot be judged: a watch could not end in promote.',
  checks: [{ id: 'p95', status: 'fail' as const, message: 'The metric http_x does not exist.' }],
  checkOnly: true,
  examined: [{ id: 'p95', query: 'http_x', windows: 0, notes: ['The scrape interval is 30 s.'], series: ['{route="/"}'], problems: [] }],
}

export const canaryTested = {
  command: 'canary',
  reason: '4 of 168 watches would have raised an alarm although nothing was released: 2.4 %.',
  days: 7,
  backtest: [{ id: 'p95', promote: 164, hold: 3, abort: 1, unknown: 0 }],
}
