import { type Entry, plan } from './results.ts'

const protection = 'How the environment is protected cannot be read: there is no token of GitHub.'

export const gateOpen: Entry = {
  command: 'gate',
  reason: 'The gate is open: 4 checks passed.',
  checks: [
    {
      id: 'approved-plan',
      status: 'pass',
      value: '7be1f4c940c9',
      message: 'the plan of phase pre is the one that was approved (2 migrations)',
    },
    { id: 'environment', status: 'pass', value: 'production' },
    { id: 'environment-reviewers', status: 'pass', value: 2, limit: 1, message: 'jane and the team acme/dba' },
    { id: 'promoted-migrate', status: 'pass', message: 'passed in staging 3 h ago' },
    { id: 'quiet-hours', status: 'not-checked', message: 'not asked for' },
  ],
  phase: 'pre',
  database: 'db-1:5432/shop',
  digest: '7be1f4c940c9'.padEnd(64, '0'),
  approvedDigest: '7be1f4c940c9'.padEnd(64, '0'),
  protection: { repository: 'acme/shop', name: 'production', approvedBy: ['jane'] },
  secondPerson: { planned: [{ run: '811.1', by: ['joe'] }], startedBy: ['jane'], event: 'workflow_dispatch' },
  promotion: {
    from: 'staging',
    commit: 'a'.repeat(40),
    records: [
      {
        command: 'migrate',
        status: 'pass',
        verdict: 'pass',
        finishedAt: '2026-11-21T11:02:10.000Z',
        release: 'v1.9',
        key: 'shop/records/x.json',
      },
    ],
  },
}

export const gateShut: Entry = {
  command: 'gate',
  verdict: 'fail',
  reason: 'The gate stays shut: the approved plan.',
  checks: [
    { id: 'approved-plan', status: 'fail', value: '02aa51c991fe', limit: '7be1f4c940c9', message: '1 difference' },
    ...['environment', 'environment-reviewers', 'approval', 're-run'].map((id) => ({
      id,
      status: 'not-checked' as const,
      message: protection,
    })),
  ],
  phase: 'pre',
  database: 'db-1:5432/shop',
  digest: '02aa51c991fe'.padEnd(64, '0'),
  approvedDigest: '7be1f4c940c9'.padEnd(64, '0'),
  contract: {
    phase: 'pre',
    layout: 'plain',
    migrations: [{ id: '2_email', checksum: 'b'.repeat(64) }],
    policy: { 'lock-budget': 600_000 },
  },
  differences: [{ what: 'migration', text: '2_email was edited' }],
  opensAt: '2026-11-21T21:00:00.000Z',
  busyHoursAllowed: { reason: 'urgent', by: 'jane' },
  notes: [`${protection} Give the input github-token.`],
  error: {
    code: 'plan-changed',
    message: 'The plan of phase pre is not the one that was approved.',
    hint: 'Have the digest of now approved.',
  },
}

export const gateUnknown: Entry = {
  command: 'gate',
  verdict: 'inconclusive',
  reason: 'The gate stays shut: what it asks could not be found out.',
  checks: gateShut.checks?.slice(1) ?? [],
  error: { code: 'protection-unread', message: protection, hint: 'Give the input github-token.' },
}

const key = { name: 'DATABASE_HOST', path: '.env.example', line: 2, condition: 'WITH_DB', new: true }

export const keysMissing: Entry = {
  command: 'config-check',
  verdict: 'fail',
  reason: '1 key that this release requires is missing in production: DATABASE_HOST.',
  checks: [
    { id: 'required-keys', status: 'fail', message: '1 of 2 are there' },
    { id: 'conditional-keys', status: 'not-checked', message: '1 condition is not decided' },
  ],
  base: 'c'.repeat(40),
  sources: [{ source: 'host.env', count: 2 }],
  counts: { required: 2, present: 1, off: 1, optional: 1, unknown: 1 },
  missing: [key],
  questions: [{ condition: 'WITH_MAIL', answers: ['WITH_MAIL'], keys: [{ ...key, name: 'SMTP_HOST', line: 7 }] }],
  takenAsOff: [{ ...key, name: 'LDAP_HOST', line: 9 }],
  unused: ['OLD_KEY'],
  nearMisses: [{ found: 'DATABASE_HSOT', meant: 'DATABASE_HOST', why: 'one letter differs' }],
  paste: 'DATABASE_HOST=\n',
  notes: ['config-ignore matches nothing: OLD_*.'],
  error: {
    code: 'config-key-missing',
    message: '1 key that this release requires is missing in production: DATABASE_HOST.',
    hint: 'The host has DATABASE_HSOT, which the release does not know: rename it to DATABASE_HOST.',
  },
}

export const keysThere: Entry = {
  command: 'config-check',
  reason: 'All 2 keys that this release requires are there.',
  checks: [{ id: 'required-keys', status: 'pass', message: '2 of 2 are there' }],
  sources: [{ source: 'host.env', count: 2 }],
  counts: { required: 2, present: 2, off: 0, optional: 0, unknown: 0 },
}

export const initialised: Entry = {
  command: 'init',
  reason: '1 file was written, 1 was there and was left alone.',
  written: ['.github/workflows/release.yml'],
  kept: ['shiplock.yml'],
  dryRun: false,
  files: [{ name: '.github/workflows/lint.yml', standing: 'out of date: written by 0.1.0' }],
  next: ['Look through shiplock.yml.', 'Commit, and run "shiplock gate --environment production".'],
}

const rollback = {
  command: 'rollback',
  database: 'db-1:5432/shop',
  from: 'v2',
  to: 'v1',
  commit: 'a'.repeat(40),
  issue: { number: 7, url: 'https://github.com/acme/shop/issues/7', isNew: true },
} as const

export const downOne: Entry = {
  ...rollback,
  verdict: 'fail',
  reason: '3_phone was not taken back: 12 values of users.phone would be lost, and nobody has confirmed it.',
  asked: 'down-one',
  shape: 'down-one',
  dryRun: false,
  recorded: false,
  state: 'not-begun',
  phrase: 'shop 3_phone loses 12 values',
  migration: { id: '3_phone', phase: 'pre', path: 'db/migrations/3_phone.down.sql', commit: 'b'.repeat(40), transactional: true },
  losses: [
    {
      what: 'values of users.phone',
      unit: 'values',
      count: '12',
      place: 'db/migrations/3_phone.down.sql:1',
      statement: 'alter table users drop column phone',
    },
  ],
  statements: ['alter table users drop column phone', 'drop index users_phone'],
  changes: [{ object: 'column users.phone', change: 'goes' }],
  after: { shape: 'code-only', deciding: 'db/migrations/4_x.sql:1' },
  durationMs: 42,
  attempts: 2,
  rescue: { key: 'shop/rescue/x.sql.gz', sha256: 'd'.repeat(64), rows: 12, command: 'gunzip --stdout x.sql.gz\npsql --file=-' },
  leftBehind: ['2_city'],
  closed: [{ version: '1', state: 'not-reverted' }],
  notes: ['The backup is 3 h old.'],
  error: {
    code: 'confirmation-required',
    message: 'Nobody has typed the phrase that confirms the loss.',
    hint: 'Run it again with --confirm "shop 3_phone loses 12 values".',
  },
}

export const takenBack: Entry = {
  ...downOne,
  verdict: 'pass',
  reason: '3_phone is taken back; the code of v1 may be deployed now.',
  recorded: true,
  state: 'reverted',
  error: undefined,
}

export const hotfixNeeded: Entry = {
  ...rollback,
  verdict: 'fail',
  reason: 'Ship a hotfix: the code of v1 does not work on this schema (by rules). db/post_migrations/5_drop.sql:1: users.name goes.',
  shape: 'hotfix',
  asked: 'auto',
  by: 'queries',
  queries: { files: 2, count: 14 },
  recorded: false,
  lines: [
    {
      migration: '5_drop',
      path: 'db/post_migrations/5_drop.sql',
      line: 1,
      statement: 'alter table users drop column name',
      effect: 'breaks-reads',
      because: 'users.name goes.',
      by: 'queries',
      byRules: 'compatible',
      data: { kind: 'impossible', what: 'the values of users.name are gone' },
    },
  ],
  leftBehind: ['5_drop'],
  hotfix: {
    branch: 'hotfix/v2',
    commands: ['git switch --create hotfix/v2', 'shiplock plan'],
    checklist: ['Fix it on the branch hotfix/v2.'],
  },
  checklist: [],
  notes: [],
}

export const wholePlan: Entry = {
  ...plan,
  hazards: [
    {
      rule: 'require-concurrent-index-creation',
      severity: 'error',
      path: 'db/migrations/0132_orders_idx.sql',
      line: 1,
      message: 'Every write to orders waits.',
    },
    {
      rule: 'prefer-reversible-migration',
      severity: 'advice',
      path: 'db/post_migrations/0129_drop_note.sql',
      line: 1,
      message: 'The values are gone.',
    },
  ],
  relies: [{ what: 'backup', phase: 'pre', id: '20261121T020410Z-9f3c0a11', level: 'read back', ageMs: 43_200_000 }],
  outside: { since: { release: 'v1.8', at: '2026-11-20T10:00:00.000Z' }, count: 3, changes: ['table public.outside was added'] },
  contracts: {
    pre: {
      phase: 'pre',
      layout: 'plain',
      folders: ['db/migrations'],
      stamp: null,
      tables: [{ table: 'shiplock.ledger', head: '130/1' }],
      policy: { 'lock-budget': 600_000 },
    },
  },
  wayBack: {
    sentence: 'Point of no return: after 0129_drop_note (post) the code of v1.8 no longer works.',
    to: 'v1.8',
    steps: [
      { id: '0131_orders_state', phase: 'pre', shape: 'code-only', against: [], down: { kind: 'lossless', exists: true } },
      {
        id: '0129_drop_note',
        phase: 'post',
        shape: 'hotfix',
        against: [{ at: 'db/post_migrations/0129_drop_note.sql:1', because: 'orders.note goes.' }],
        down: { kind: 'impossible', exists: false, what: 'the values of orders.note are gone' },
      },
    ],
  },
  releaseNotes: '## Database\n\n2 migrations run before the deploy.',
  obstacles: ['phase post: v1.9 is not recorded as deployed.'],
}

export const nothingPending: Entry = {
  command: 'plan',
  reason: 'Nothing is pending.',
  database: 'db-1:5432/shop',
  applied: 132,
  phases: [
    { phase: 'pre', pending: [] },
    { phase: 'post', pending: [] },
  ],
  digests: { pre: '7be1f4c940c9' },
}

export const teamCommand: Entry = {
  command: 'migrate',
  verdict: 'fail',
  reason: 'goose ended with 1.',
  phase: 'pre',
  runs: ['goose', 'up'],
  exitCode: 1,
  durationMs: 15_020,
  waits: [{ waitsFor: 'ACCESS EXCLUSIVE on orders', heldBy: ['process 71'], waitedMs: 4000, cancelled: true }],
  output: ['goose: error'],
  unfinished: [{ phase: 'pre', release: 'v1.8', startedAt: '2026-11-20T10:00:00.000Z' }],
  environmentAdded: { SKIP_POST_DEPLOYMENT_MIGRATIONS: '1' },
  environmentWithheld: ['INPUT_STORE'],
}

export const ledgerShown: Entry = {
  command: 'ledger',
  reason: 'v1.9 is live in production, deployed 2026-11-21 14:02:10 UTC; 1 post migration held back.',
  action: 'show',
  database: 'db-1:5432/shop',
  live: { release: 'v1.9', commit: 'a'.repeat(40), at: '2026-11-21T14:02:10.000Z' },
  previous: { release: 'v1.8', commit: 'b'.repeat(40), at: '2026-11-14T09:00:00.000Z' },
  heldBack: ['0129_drop_note'],
}

export const demonstrated: Entry = {
  command: 'demo',
  reason: 'The release went through: 1,204 queries of the application, none failed.',
  checks: [{ id: 'deploy', status: 'pass' }],
  serverVersion: '16.16',
  rows: 20_000,
  break: 'drop-early',
  steps: [{ id: 'plan', command: 'plan', ms: 412, verdict: 'pass', queries: 120, failed: 0, slowestMs: 9, slowest: 'select' }],
  application: { queries: 1204, failed: 1, slowestMs: 31, slowest: 'insert', firstError: 'column "name" does not exist' },
}

export const killed: Entry = {
  command: 'migrate',
  verdict: 'inconclusive',
  reason: 'It began at 2026-11-21 14:02:10 UTC, and the step was stopped before it ended.',
  said: [{ at: '2026-11-21T14:02:12.000Z', text: '0131_orders_state: applied in 12 ms' }],
  error: {
    code: 'interrupted',
    message: 'It began at 2026-11-21 14:02:10 UTC, and the step was stopped before it ended.',
    hint: 'Run the same step again; a second run is safe: it looks at what is done, and does the rest.',
  },
}
