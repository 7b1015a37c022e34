import { z } from 'zod'
import {
  actionRef,
  argumentList,
  checks,
  conditionAnswers,
  connection,
  duration,
  flag,
  headers,
  httpUrl,
  identifier,
  keyAliases,
  metricName,
  moment,
  names,
  paths,
  percent,
  promoteRecords,
  protection,
  quietHours,
  severities,
  size,
  storeUrl,
  tableName,
  text,
  way,
  wholeNumber,
  word,
} from './input-types.ts'

/** What an input is beyond its type; action.yml, the help and the reference are made from it. */
interface InputTraits {
  readonly group:
    | 'common'
    | 'database'
    | 'store'
    | 'migrations'
    | 'lint'
    | 'backup'
    | 'drill'
    | 'canary'
    | 'rollback'
    | 'config'
    | 'gate'
    | 'terminal'
  /** A value that is masked before anything else happens and never read from `shiplock.yml`. */
  readonly secret?: true
  /** A path; relative ones resolve against the folder of `shiplock.yml`. */
  readonly path?: true
  /** Where it stands in `shiplock.yml`, when not at the top level under its own name; `null`: not there at all. */
  readonly config?: string | null
  /** True or false; in the terminal the flag may stand without a value. */
  readonly switch?: true
  /** Structured: any value in `shiplock.yml`, JSON elsewhere. */
  readonly json?: true
  /** Free text that a history or a record keeps: a secret of the run that somebody pasted there would stay for good, and is taken out. */
  readonly kept?: true
  /** Several texts: a list in `shiplock.yml`. */
  readonly list?: true
  /** Values by name: a section with keys of its own in `shiplock.yml`, one `name=value` a line elsewhere. */
  readonly map?: true
  /** A flag of the terminal alone, absent from action.yml. */
  readonly terminal?: true
  /** What the default is when it depends on the surroundings. */
  readonly otherwise?: string
}

/** The traits of each input, by the schema that reads it. */
const traits = z.registry<InputTraits>()

function input<T extends z.ZodType>(schema: T, description: string, given: InputTraits): T {
  const described = schema.describe(description)
  traits.add(described, given)
  return described
}

function toggle(description: string, given: InputTraits) {
  return input(flag.prefault('false'), description, { ...given, switch: true })
}

/** The only list of inputs. Values are strings until they pass through here, once. */
export const inputs = z.object({
  project: input(word, 'Short name that is part of store keys, locks and history. Several services may share a database or a bucket.', {
    group: 'common',
    otherwise: 'the name of the repository or folder',
  }),
  environment: input(
    word.prefault('default'),
    'Environment that the database belongs to, such as staging or production. The first run stamps the database with it.',
    { group: 'common' },
  ),
  release: input(text.max(200), 'Name of the release.', { group: 'common', otherwise: 'the tag, else the commit' }),
  'dry-run': toggle('Report what would run; change nothing.', { group: 'common', config: null }),
  'show-data': toggle('Print values from the database in error details. They may be personal data.', { group: 'common' }),

  'database-url': input(connection, 'Connection string of the database; DATABASE_URL or the PG* variables work too.', {
    group: 'database',
    secret: true,
    config: null,
    otherwise: 'DATABASE_URL, else PGHOST, PGUSER …',
  }),
  'database-ca': input(text.optional(), 'PEM file with the certificate authority of the server.', { group: 'database', path: true }),
  'allow-insecure-tls': toggle('Accept a connection to a remote server that is not encrypted.', { group: 'database' }),
  connect: input(way.optional(), 'How to reach the database: direct, or through the ssh host ssh://user@host[:port].', {
    group: 'database',
    otherwise: 'direct',
  }),
  'ssh-key': input(text.optional(), 'Private key for connect: its text, without a passphrase.', {
    group: 'database',
    secret: true,
    config: null,
    otherwise: "SSH_KEY, else the agent and this user's keys",
  }),
  'ssh-known-hosts': input(text.optional(), 'Host key of the ssh host, as lines of a known_hosts file. Required in GitHub Actions.', {
    group: 'database',
    otherwise: "in the terminal this user's known_hosts",
  }),
  'expect-database': input(text.optional(), 'Name that the database must have; anything else is refused before the first statement.', {
    group: 'database',
  }),
  role: input(identifier.optional(), 'Role to assume before any DDL (SET ROLE).', { group: 'database' }),
  'state-schema': input(identifier.prefault('shiplock'), 'Schema for the history of runs and the stamp of the database.', {
    group: 'database',
  }),
  history: input(
    z.enum(['database', 'store']).prefault('database'),
    'Where the history of runs and the stamp are kept: in the database, or in the store, so that a publication of all tables does not send them.',
    { group: 'database' },
  ),
  'publish-state': toggle("Write Shiplock's own tables although a publication covers them: every subscriber has them.", {
    group: 'database',
  }),
  'on-locked': input(
    z.enum(['wait', 'fail', 'take-over']).prefault('wait'),
    'What to do while another run holds the lock: wait, fail, or end it (take-over).',
    {
      group: 'database',
    },
  ),
  'lock-wait': input(duration.prefault('10m'), 'Longest time to wait for another run.', { group: 'database' }),
  'pg-bin-dir': input(text.optional(), "Folder with PostgreSQL's programs (pg_dump, pg_restore, initdb …).", {
    group: 'database',
    path: true,
    otherwise: 'searched',
  }),
  'install-tools': input(flag, "Install PostgreSQL's programs with apt-get when a suitable version is missing.", {
    switch: true,
    group: 'database',
    otherwise: 'true in GitHub Actions, false in the terminal',
  }),

  store: input(storeUrl, 'Where backups and records are kept: s3://bucket/prefix, or a folder such as file:///srv/backups.', {
    group: 'store',
    otherwise: 'in the terminal the folder .shiplock/',
  }),
  's3-endpoint': input(
    text.regex(/^https?:\/\/[^/?#@]+\/?$/, 'must be a URL without a path, such as https://nyc3.digitaloceanspaces.com').optional(),
    'Where the S3 store is: the URL of its region, without the bucket, such as https://nyc3.digitaloceanspaces.com.',
    { group: 'store', otherwise: 'AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, else Amazon S3' },
  ),
  's3-region': input(text.optional(), 'Region that requests are signed for.', {
    group: 'store',
    otherwise: 'AWS_REGION, AWS_DEFAULT_REGION, else the first name of a DigitalOcean endpoint, else us-east-1',
  }),
  's3-access-key-id': input(text.optional(), 'Access key of the S3 store.', {
    group: 'store',
    secret: true,
    config: null,
    otherwise: 'AWS_ACCESS_KEY_ID',
  }),
  's3-secret-access-key': input(text.optional(), 'Secret key of the S3 store.', {
    group: 'store',
    secret: true,
    config: null,
    otherwise: 'AWS_SECRET_ACCESS_KEY',
  }),
  's3-session-token': input(text.optional(), 'Session token, with keys that last for some time only.', {
    group: 'store',
    secret: true,
    config: null,
    otherwise: 'AWS_SESSION_TOKEN, with AWS_ACCESS_KEY_ID',
  }),
  's3-ca': input(text.optional(), 'PEM file with the certificate authority of the S3 store.', {
    group: 'store',
    path: true,
    otherwise: 'AWS_CA_BUNDLE, else the public ones',
  }),
  's3-force-path-style': toggle('Name the bucket in the path, https://host/bucket/key, and not in the host name.', { group: 'store' }),
  'stall-timeout': input(
    duration.prefault('2m').refine((ms) => ms >= 1000, 'must be at least 1s'),
    'Longest silence of an S3 store in the middle of a transfer.',
    {
      group: 'store',
    },
  ),

  layout: input(
    z.enum(['plain', 'goose', 'golang-migrate', 'dbmate', 'sqlx', 'diesel', 'prisma', 'flyway', 'rails', 'command']).optional(),
    "How the migration files are written; command when only the team's own program can run them.",
    { group: 'migrations', config: 'migrations.layout', otherwise: 'detected from the files' },
  ),
  'migrate-command': input(
    argumentList.optional(),
    'Command that runs the pre migrations, with SKIP_POST_DEPLOYMENT_MIGRATIONS set: a JSON array, or one argument a line. No shell.',
    { group: 'migrations', config: 'migrations.command', list: true },
  ),
  'migrate-command-post': input(argumentList.optional(), 'Command that runs the post migrations.', {
    group: 'migrations',
    config: 'migrations.command-post',
    list: true,
    otherwise: 'migrate-command, without the variable',
  }),
  'migrate-command-down': input(
    argumentList.optional(),
    'Command that takes one migration back, with the layout rails; VERSION=… is added as the last argument.',
    { group: 'migrations', config: 'migrations.command-down', list: true, otherwise: 'migrate-command with db:migrate:down' },
  ),
  migrations: input(
    text.prefault('db/migrations'),
    'Folder of the pre migrations, which run before the new code; db/migrate with the layout rails.',
    {
      group: 'migrations',
      path: true,
      config: 'migrations.pre',
    },
  ),
  'migrations-post': input(
    text.prefault('db/post_migrations'),
    'Folder of the post migrations, which run when no old code is left; db/post_migrate with the layout rails.',
    {
      group: 'migrations',
      path: true,
      config: 'migrations.post',
    },
  ),
  'migrations-table': input(tableName.optional(), "Version table of the team's tool.", {
    group: 'migrations',
    config: 'migrations.table',
    otherwise: "the layout's own",
  }),
  'out-of-order': input(z.enum(['refuse', 'allow']).prefault('refuse'), 'Whether a migration older than one that has run may still run.', {
    group: 'migrations',
    config: 'migrations.out-of-order',
  }),
  phase: input(z.enum(['pre', 'post', 'all']), 'Before the deploy, after it, or both at once on a fresh database; there is no default.', {
    group: 'migrations',
    config: null,
  }),
  'allow-unphased': toggle('Let phase all run on a database that has a history.', { group: 'migrations' }),
  'max-post-debt': input(duration.prefault('14d'), 'Longest time that a post migration of a deployed release may stay held back.', {
    group: 'migrations',
  }),
  'max-post-debt-count': input(
    z
      .string()
      .regex(/^\d{1,4}$/, 'must be a number from 0 to 9999')
      .transform(Number)
      .prefault('10'),
    'How many post migrations of deployed releases may be held back before the next pre phase stops.',
    { group: 'migrations' },
  ),
  'allow-older': input(
    text.max(500).optional(),
    'Reason why a checkout that is older than the commit that ran here last may run; it is kept in the history.',
    { group: 'migrations', config: null, kept: true },
  ),
  'lock-budget': input(duration.prefault('10m'), 'Longest time to wait for the locks of one migration, all attempts together.', {
    group: 'migrations',
  }),
  'long-migration': input(duration.prefault('30s'), 'A pending migration that took longer than this elsewhere is marked as long.', {
    group: 'migrations',
  }),

  'stall-budget': input(
    duration.prefault('1s').refine((ms) => ms >= 100, 'must be at least 100ms'),
    'Longest time that the application may wait behind one attempt at a lock.',
    { group: 'migrations' },
  ),
  'rehearse-locks': input(
    z.enum(['auto', 'never']).prefault('auto'),
    'Whether migrations whose text does not tell what they lock (a DO block, a function) are tried on an empty copy of the schema first.',
    { group: 'migrations' },
  ),

  paths: input(paths.optional(), 'Migrations to check as new ones, in place of those that git shows.', {
    group: 'lint',
    config: null,
    list: true,
    otherwise: 'the files that the branch or the pull request adds',
  }),
  base: input(text.max(200).optional(), 'Commit or branch that the new migrations are new to.', {
    group: 'lint',
    config: null,
    otherwise: "the base of the pull request, else the remote's default branch",
  }),
  all: toggle('Check every migration behind start-after, and not only the new ones.', { group: 'lint', config: null }),
  'fail-on': input(z.enum(['error', 'warning', 'advice', 'never']).prefault('error'), 'Least severity of a finding that fails the check.', {
    group: 'lint',
    config: 'lint.fail-on',
  }),
  postgres: input(
    z.enum(['13', '14', '15', '16', '17', '18']).transform(Number).optional(),
    'Oldest major version of the servers that run the migrations.',
    { group: 'lint', config: 'lint.postgres', otherwise: '13, and no statement is called a syntax error' },
  ),
  'start-after': input(
    z
      .string()
      .regex(/^\d{1,19}(?:\.\d{1,19})*$/, 'must be the version of a migration')
      .optional(),
    'Version of a migration: it and all before it are never checked, only replayed.',
    { group: 'lint', config: 'lint.start-after' },
  ),
  'lint-rules': input(severities.optional(), 'What findings of a rule count for: error, warning, advice or off, by the name of the rule.', {
    group: 'lint',
    config: 'lint.rules',
    map: true,
  }),
  'squawk-config': input(text.optional(), 'Settings of squawk to go on with: its rules and paths that were excluded.', {
    group: 'lint',
    path: true,
    config: 'lint.squawk-config',
    otherwise: '.squawk.toml, if it is there',
  }),
  'schema-from': input(
    z.enum(['files', 'database']).prefault('files'),
    'What is there before the new migrations: what the files of earlier releases made, or what the database holds.',
    { group: 'lint', config: 'lint.schema-from' },
  ),
  sarif: input(text.optional(), 'File to write the findings to, for code scanning.', { group: 'lint', path: true, config: 'lint.sarif' }),
  comment: input(
    z.enum(['on-findings', 'always', 'never']).prefault('on-findings'),
    'When a comment stands under the pull request. It is one comment, kept up to date.',
    { group: 'lint', config: 'lint.comment' },
  ),
  'github-token': input(
    text.optional(),
    "Token for GitHub's API: to read the changes of a shallow checkout, the protection of an environment and names of variables and secrets, to ask for the checks of a commit, to comment, and to open an issue.",
    {
      group: 'lint',
      secret: true,
      config: null,
      otherwise: 'GITHUB_TOKEN',
    },
  ),

  class: input(word.prefault('releases'), 'Class of the backup, a part of its key: releases, daily or another word.', {
    group: 'backup',
    config: 'backup.class',
  }),
  level: input(z.enum(['landed', 'read-back']).prefault('read-back'), 'How much to prove about the stored bytes.', {
    group: 'backup',
    config: 'backup.level',
  }),
  'lock-wait-timeout': input(duration.prefault('30s'), 'Longest time that pg_dump waits for a table that somebody has locked.', {
    group: 'backup',
    config: 'backup.lock-wait-timeout',
  }),
  'backup-when': input(
    z.enum(['major', 'always']).prefault('major'),
    'When a backup of the class releases is made: always, or (major) only before destructive or marked migrations, as long as a fresh backup of another class is there.',
    { group: 'backup', config: 'backup.when' },
  ),
  fingerprint: input(
    z.enum(['auto', 'counts', 'sample', 'full']).prefault('auto'),
    'What is read beside the dump to compare a restored copy with: row counts; hashes of a sample of the rows; hashes of all rows; or (auto) all that fits into fingerprint-time.',
    { group: 'backup', config: 'backup.fingerprint' },
  ),
  'fingerprint-time': input(duration.prefault('5s'), 'How long fingerprint: auto may read on the server.', {
    group: 'backup',
    config: 'backup.fingerprint-time',
  }),
  'include-roles': input(flag.prefault('true'), 'Keep the names and attributes of the roles beside the dump, never their passwords.', {
    group: 'backup',
    config: 'backup.include-roles',
    switch: true,
  }),
  'min-tables': input(wholeNumber.prefault('1'), 'Fewest tables that a backup must hold.', {
    group: 'backup',
    config: 'backup.min-tables',
  }),
  'min-size': input(size.optional(), 'Smallest dump that is plausible.', { group: 'backup', config: 'backup.min-size' }),
  'max-shrink': input(
    percent.prefault('50%'),
    'How much smaller than the previous backup of its environment one may be, in rows and in bytes.',
    {
      group: 'backup',
      config: 'backup.max-shrink',
    },
  ),
  'max-duration': input(duration.optional(), 'Longest time for a backup; one that would surely take longer is not started.', {
    group: 'backup',
    config: 'backup.max-duration',
  }),
  'max-standby-lag': input(duration.optional(), 'Greatest lag of a standby that is dumped in place of the primary.', {
    group: 'backup',
    config: 'backup.max-standby-lag',
  }),
  'keep-last': input(wholeNumber.optional(), 'How many backups of the class retention keeps at least.', {
    group: 'backup',
    config: 'backup.keep-last',
  }),
  'keep-days': input(wholeNumber.optional(), 'For how many days retention keeps every backup of the class.', {
    group: 'backup',
    config: 'backup.keep-days',
  }),
  retention: input(z.enum(['dry-run', 'apply']).prefault('dry-run'), 'Whether older backups are deleted or only listed.', {
    group: 'backup',
    config: 'backup.retention',
  }),
  'require-backup': input(
    z.enum(['landed', 'read-back']).optional(),
    'Refuse to migrate without a backup of this very database, as it stands now, of which at least this much is proved.',
    { group: 'backup' },
  ),
  'require-backup-age': input(duration.prefault('24h'), 'Greatest age of the backup that require-backup accepts.', { group: 'backup' }),
  'attest-command': input(
    argumentList.optional(),
    "Command that ends with 0 and prints its evidence when another kind of backup is there, such as a managed service's point-in-time recovery: a JSON array, or one argument a line. No shell.",
    { group: 'backup', config: 'backup.attest-command', list: true },
  ),
  key: input(text.optional(), 'Key or id of a backup in the store.', {
    group: 'backup',
    config: null,
    otherwise: 'the newest of the environment',
  }),
  'max-backup-age': input(duration.optional(), 'Greatest age of a backup that still counts as fresh.', {
    group: 'backup',
    config: 'drill.max-backup-age',
  }),

  smoke: input(text.optional(), 'Folder of smoke queries, *.sql, that must run without an error on the restored copy.', {
    group: 'drill',
    path: true,
    config: 'drill.smoke',
  }),
  'smoke-timeout': input(duration.prefault('30s'), 'Longest time for one smoke query.', { group: 'drill', config: 'drill.smoke-timeout' }),
  'max-restore-time': input(duration.optional(), 'Longest recovery time that is acceptable.', {
    group: 'drill',
    config: 'drill.max-restore-time',
  }),
  source: input(
    z.enum(['stored', 'fresh']).prefault('stored'),
    'What is drilled: a backup of the store, or (fresh) the database as it is now, dumped for the drill alone.',
    { group: 'drill', config: null },
  ),
  file: input(text.optional(), 'A dump in a file, in the custom format of pg_dump, in place of one in the store.', {
    group: 'drill',
    path: true,
    config: null,
  }),
  'target-url': input(
    connection.optional(),
    'Connection string of an empty database named drill_… to restore into, on a server of your own.',
    { group: 'drill', secret: true, config: null, otherwise: 'DRILL_DATABASE_URL, else a cluster that the drill makes' },
  ),
  'max-data-loss': input(duration.optional(), 'Greatest age of the data that may be lost: from the snapshot of the backup to now.', {
    group: 'drill',
    config: 'drill.max-data-loss',
  }),
  amcheck: input(
    z.enum(['auto', 'never']).prefault('auto'),
    'Whether pg_amcheck looks at every table and index of the copy, where it is installed.',
    {
      group: 'drill',
      config: 'drill.amcheck',
    },
  ),
  'drill-packages': input(
    argumentList.optional(),
    'Debian packages with the extensions that the copy needs, installed when install-tools allows it: a JSON array, or one a line.',
    { group: 'drill', config: 'drill.packages', list: true },
  ),
  'drill-preload': input(
    argumentList.optional(),
    'Libraries for shared_preload_libraries of the scratch cluster: a JSON array, or one a line.',
    {
      group: 'drill',
      config: 'drill.preload',
      list: true,
    },
  ),
  'drill-before': input(
    text.optional(),
    'SQL file that is run as superuser of the scratch cluster before the dump is loaded, for extensions that need it.',
    {
      group: 'drill',
      path: true,
      config: 'drill.before',
    },
  ),
  'drill-after': input(text.optional(), 'SQL file that is run as superuser of the scratch cluster after the dump was loaded.', {
    group: 'drill',
    path: true,
    config: 'drill.after',
  }),
  'allow-unsafe-client': toggle("Let PostgreSQL programs with a known hole open an archive that has no manifest of Shiplock's.", {
    group: 'drill',
    config: null,
  }),
  'require-drill': input(
    z.enum(['restored', 'equal', 'usable']).optional(),
    'Refuse to migrate unless a drill of this environment has shown at least this much.',
    { group: 'drill' },
  ),
  'require-drill-age': input(duration.prefault('30d'), 'Greatest age of the drill that require-drill accepts.', { group: 'drill' }),
  waive: input(z.enum(['drill']).optional(), 'Go on without a fitting drill this once; needs a reason, which is kept in the history.', {
    group: 'drill',
    config: null,
  }),
  keep: toggle('Keep the scratch cluster running and say where it is.', { group: 'drill', config: null }),

  'canary-checks': input(checks, 'What is watched: a list of checks, as docs/canary.md describes them.', {
    group: 'canary',
    config: 'canary.checks',
    json: true,
  }),
  duration: input(duration.prefault('30m'), 'How long the release is watched, after the warm-up.', {
    group: 'canary',
    config: 'canary.duration',
  }),
  warmup: input(duration.prefault('5m'), 'Time after the deploy that is not judged.', { group: 'canary', config: 'canary.warmup' }),
  settle: input(duration.prefault('1m'), 'How long to wait after a window for its data to arrive.', {
    group: 'canary',
    config: 'canary.settle',
  }),
  baseline: input(
    z.enum(['days-and-before', 'days', 'before']).prefault('days-and-before'),
    'What the watch is compared with: the same time of day on earlier days, the time just before the deploy, or both.',
    { group: 'canary', config: 'canary.baseline' },
  ),
  'baseline-days': input(
    z
      .string()
      .regex(/^(?:[1-9]|[12]\d|30)$/, 'must be a number from 1 to 30')
      .transform(Number)
      .prefault('7'),
    'How many earlier days the baseline has.',
    { group: 'canary', config: 'canary.baseline-days' },
  ),
  'deployed-at': input(moment.optional(), 'When the new version went live: a time, or how long ago.', {
    group: 'canary',
    config: null,
    otherwise: 'now',
  }),
  since: input(moment.optional(), 'Judge a watch that has passed already, from this time on: a time, or how long ago.', {
    group: 'canary',
    config: null,
  }),
  'check-only': toggle('Look whether every check can be judged, before anything is deployed.', { group: 'canary', config: null }),
  backtest: toggle('Judge earlier times of day as if a release had been watched then, and count the false alarms.', {
    group: 'canary',
    config: null,
  }),
  traffic: input(argumentList.optional(), 'Command that makes traffic during the watch: a JSON array, or one argument a line. No shell.', {
    group: 'canary',
    config: 'canary.traffic',
    list: true,
  }),
  'on-hold': input(z.enum(['fail', 'warn']).prefault('fail'), 'Whether a hold fails the step; with warn it is only shown.', {
    group: 'canary',
    config: 'canary.on-hold',
  }),
  'allow-warnings': toggle('Judge answers that the source itself calls partial.', { group: 'canary', config: 'canary.allow-warnings' }),
  'prometheus-url': input(httpUrl.optional(), 'Base URL of Prometheus, with its path where it has one.', {
    group: 'canary',
    otherwise: 'PROMETHEUS_URL',
    config: 'canary.prometheus-url',
  }),
  'prometheus-token': input(text.optional(), 'Bearer token for Prometheus.', {
    group: 'canary',
    otherwise: 'PROMETHEUS_TOKEN',
    secret: true,
    config: null,
  }),
  'prometheus-user': input(text.optional(), 'User for Prometheus; at Grafana Cloud the number of the instance.', {
    group: 'canary',
    otherwise: 'PROMETHEUS_USER',
    config: 'canary.prometheus-user',
  }),
  'prometheus-password': input(text.optional(), 'Password of prometheus-user.', {
    group: 'canary',
    otherwise: 'PROMETHEUS_PASSWORD',
    secret: true,
    config: null,
  }),
  'prometheus-headers': input(headers.optional(), 'More headers for Prometheus, one Name: value a line.', {
    group: 'canary',
    otherwise: 'PROMETHEUS_HEADERS',
    secret: true,
    config: null,
  }),
  'prometheus-tenant': input(text.optional(), 'Tenant at Prometheus, sent as X-Scope-OrgID.', {
    group: 'canary',
    otherwise: 'PROMETHEUS_TENANT',
    config: 'canary.prometheus-tenant',
  }),
  'prometheus-ca': input(text.optional(), 'PEM file with the certificate authority of Prometheus.', {
    group: 'canary',
    path: true,
    config: 'canary.prometheus-ca',
  }),
  'loki-url': input(httpUrl.optional(), 'Base URL of Loki, with its path where it has one.', {
    group: 'canary',
    otherwise: 'LOKI_URL',
    config: 'canary.loki-url',
  }),
  'loki-token': input(text.optional(), 'Bearer token for Loki.', { group: 'canary', otherwise: 'LOKI_TOKEN', secret: true, config: null }),
  'loki-user': input(text.optional(), 'User for Loki; at Grafana Cloud the number of the instance.', {
    group: 'canary',
    otherwise: 'LOKI_USER',
    config: 'canary.loki-user',
  }),
  'loki-password': input(text.optional(), 'Password of loki-user.', {
    group: 'canary',
    otherwise: 'LOKI_PASSWORD',
    secret: true,
    config: null,
  }),
  'loki-headers': input(headers.optional(), 'More headers for Loki, one Name: value a line.', {
    group: 'canary',
    otherwise: 'LOKI_HEADERS',
    secret: true,
    config: null,
  }),
  'loki-tenant': input(text.optional(), 'Tenant at Loki, sent as X-Scope-OrgID.', {
    group: 'canary',
    otherwise: 'LOKI_TENANT',
    config: 'canary.loki-tenant',
  }),
  'loki-ca': input(text.optional(), 'PEM file with the certificate authority of Loki.', {
    group: 'canary',
    path: true,
    config: 'canary.loki-ca',
  }),

  to: input(
    text.max(200).refine((name) => !name.startsWith('-'), 'must be a tag or a commit'),
    'The release to go back to: its tag or its commit, as git knows it here.',
    { group: 'rollback', config: null },
  ),
  shape: input(
    z.enum(['auto', 'code-only', 'hotfix', 'down-one']).prefault('auto'),
    'The way back that is asked for: auto and code-only fail where the older code would break (auto says what is open), hotfix prepares the way forward, down-one takes the newest migration back.',
    { group: 'rollback', config: null },
  ),
  migration: input(
    text.max(200).optional(),
    'The one migration that down-one takes back, the newest that has run, or that ledger marks, by its id or its version; there is no default.',
    { group: 'rollback', config: null },
  ),
  confirm: input(
    text.max(500).optional(),
    'The phrase that down-one prints, typed by whoever has read what would be lost. Without it nothing is changed.',
    { group: 'rollback', config: null },
  ),
  rescue: input(
    z.enum(['copy', 'backup']).prefault('copy'),
    'What gives the data back that down-one loses: copy saves exactly that in the store first, backup relies on a fresh backup that was read back.',
    { group: 'rollback', config: null },
  ),
  queries: input(
    paths.optional(),
    "Files with the queries of the code, as globs one a line: plain SQL or sqlc's. They are read as the target release has them.",
    { group: 'rollback', config: 'rollback.queries', list: true },
  ),
  'from-record': toggle('Decide from the last records in the store, without the database: for a server that is down. Nothing is written.', {
    group: 'rollback',
    config: null,
  }),
  'open-issue': input(
    z.enum(['auto', 'never']).prefault('auto'),
    'Whether a rollback that was recorded, or a hotfix that was asked for, opens an issue on GitHub; auto does where github-token may.',
    { group: 'rollback', config: 'rollback.open-issue' },
  ),

  workflows: input(names.optional(), 'Workflows to write; those that most teams want when none is named.', {
    group: 'terminal',
    terminal: true,
    config: null,
    list: true,
  }),
  'deploy-command': input(text.max(500).optional(), 'Deploy command for the workflows; {environment} stands for staging and production.', {
    group: 'terminal',
    terminal: true,
    config: null,
  }),
  'deploy-check-command': input(text.max(500).optional(), 'Command that only checks the deploy, for the workflows.', {
    group: 'terminal',
    terminal: true,
    config: null,
  }),
  'deploy-tier-command': input(text.max(500).optional(), 'Command that deploys to a part of production first, for the workflows.', {
    group: 'terminal',
    terminal: true,
    config: null,
  }),
  'action-ref': input(actionRef.optional(), 'The action as workflows use it: owner/repository@commit, with # and the version behind it.', {
    group: 'terminal',
    terminal: true,
    config: null,
  }),
  histogram: input(metricName.optional(), "Histogram of the requests' time in Prometheus, for the first check of the canary.", {
    group: 'terminal',
    terminal: true,
    config: null,
  }),
  check: toggle('Only say which workflows are out of date.', { group: 'terminal', terminal: true, config: null }),
  protection: input(
    protection.optional(),
    'What is asked of the protection of the environment on GitHub: require, warn or off, for each of reviewers, self-review, admins, branches, secrets, approval, re-run; all stands for the others.',
    { group: 'gate', config: 'gate.protection', map: true, otherwise: 'docs/gates.md has the level of each' },
  ),
  'github-environment': input(text.max(255).optional(), 'Name of the environment on GitHub, where it is another.', {
    group: 'gate',
    config: 'gate.github-environment',
    otherwise: 'environment',
  }),
  'second-person': input(
    z.enum(['require', 'off']).prefault('off'),
    'Whether another person than the one whose run made the plan has to start this run: for repositories whose plan has no reviewers. Needs approved-digest, or planned-by-run.',
    { group: 'gate', config: 'gate.second-person' },
  ),
  'planned-by-run': input(
    z
      .string()
      .regex(/^\d{1,19}$/, 'must be the number of a run')
      .optional(),
    'Number of the run of GitHub Actions that made the plan.',
    { group: 'gate', config: null, otherwise: "the plan's record in the store" },
  ),
  'promote-from': input(word.optional(), 'Environment that this very commit must have passed before, such as staging.', {
    group: 'gate',
    config: 'gate.promote-from',
  }),
  'promote-store': input(
    storeUrl.optional(),
    'Store that holds the records of promote-from, where each environment has a bucket of its own.',
    {
      group: 'gate',
      config: 'gate.promote-store',
      otherwise: 'store',
    },
  ),
  'promote-records': input(
    promoteRecords.prefault('["migrate","canary","restore-drill"]'),
    'Commands whose newest record of the commit in promote-from must be a success: a JSON array, or one a line.',
    { group: 'gate', config: 'gate.promote-records', list: true },
  ),
  'promote-age': input(duration.prefault('7d'), 'Greatest age of the records that promote-from asks for.', {
    group: 'gate',
    config: 'gate.promote-age',
  }),

  'config-template': input(
    paths.optional(),
    'Templates of env files that say which keys the release needs, as paths or globs, one a line: .env.example, web.env.j2.',
    { group: 'config', config: 'config-contract.template', list: true },
  ),
  'config-command': input(
    argumentList.optional(),
    'Command that prints the names of the keys that the release needs, one a line: a JSON array, or one argument a line. No shell.',
    { group: 'config', config: 'config-contract.command', list: true },
  ),
  'config-base': input(
    text.max(200).optional(),
    'The release that is live, as a tag or a commit: a key that it needed too is not newly required, and only warns.',
    { group: 'config', config: 'config-contract.base' },
  ),
  'config-have': input(paths.optional(), 'Files with what the host has, one a line: env files, or lists of names. Values are never kept.', {
    group: 'config',
    config: 'config-contract.have',
    list: true,
  }),
  'config-have-command': input(
    argumentList.optional(),
    'Command that prints the names that the host has, over ssh for example: a JSON array, or one argument a line. No shell.',
    { group: 'config', config: 'config-contract.have-command', list: true },
  ),
  'config-have-github': toggle('Count the names of the variables and secrets of the environment on GitHub. Needs github-token.', {
    group: 'config',
    config: 'config-contract.have-github',
  }),
  'config-aliases': input(keyAliases.optional(), 'Names that serve as well as another, one OTHER_NAME=NAME a line.', {
    group: 'config',
    config: 'config-contract.aliases',
    map: true,
  }),
  'config-vars': input(
    conditionAnswers.optional(),
    'Whether conditions of the templates hold on the host, one condition=true or =false a line.',
    {
      group: 'config',
      config: 'config-contract.vars',
      map: true,
    },
  ),
  'config-ignore': input(paths.optional(), 'Names on the host that are none of the release, as globs, one a line.', {
    group: 'config',
    config: 'config-contract.ignore',
    list: true,
  }),
  format: input(
    z.enum(['report', 'release-notes']).prefault('report'),
    'What plan writes: a report, or the paragraph for release notes that calls out long and destructive migrations.',
    { group: 'gate', config: null },
  ),
  'approved-digest': input(
    z
      .string()
      .regex(/^(?:[0-9a-f]{64}|none)$/, 'must be a digest that plan printed: 64 characters from 0-9 and a-f')
      .optional(),
    'Digest of the plan that people approved: the gate is shut when the plan is another one now. Needs phase. none says that nobody approves plans here.',
    { group: 'gate', config: null, otherwise: 'required in the action where phase is given' },
  ),
  'approved-plan': input(
    text.optional(),
    'JSON result of the plan that people approved, such as a downloaded artifact, to name what has changed since.',
    { group: 'gate', path: true, config: null, otherwise: 'the records of the commit in the store' },
  ),
  'quiet-hours': input(
    quietHours.optional(),
    'When a long migration may begin: hours, days or both, and a time zone, such as 22:00-06:00 Europe/Berlin, or mon-fri 20:00-06:00, sat, sun.',
    { group: 'gate', otherwise: 'at any time' },
  ),
  'allow-busy-hours': input(
    text.max(500).optional(),
    'Reason why a long migration may begin outside the quiet hours; it is kept in the record of the run.',
    { group: 'gate', config: null, kept: true },
  ),

  name: input(
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'must be a name such as add_users_email'),
    'Name of the new migration, such as add_users_email.',
    { group: 'terminal', terminal: true, config: null },
  ),
  post: toggle('Make it a post migration.', { group: 'terminal', terminal: true, config: null }),
  hotfix: toggle('Make it a hotfix: with a number that no branch has taken, and a mark that lets older files run after it.', {
    group: 'terminal',
    terminal: true,
    config: null,
  }),
  action: input(
    z.enum(['show', 'adopt', 'mark-applied', 'mark-reverted', 'clear-dirty']),
    'What to do with the ledger: show which release is live; adopt, when the database was copied or has moved; mark-applied or mark-reverted, when a person ran a migration or took it back; clear-dirty, when the tool began one and a person has settled it.',
    {
      group: 'common',
      config: null,
    },
  ),
  'settle-as': input(
    z.enum(['applied', 'reverted']).optional(),
    'What clear-dirty writes of the migration that began and did not end: applied, when all of it is there; reverted, when nothing is.',
    { group: 'common', config: null },
  ),
  reason: input(text.max(500).optional(), 'Why this is done; it is kept in the history.', { group: 'common', config: null, kept: true }),
  fact: input(
    z.enum(['deployed', 'promoted']),
    'The fact to record: deployed, when the deploy command has ended with 0; promoted, when a person lets a release stay after a hold or an abort.',
    {
      group: 'common',
      config: null,
    },
  ),
  break: input(
    z.enum(['drop-early']).optional(),
    'Show what happens when a rule is broken: drop-early drops the old column in the pre phase.',
    { group: 'terminal', terminal: true, config: null },
  ),
  rows: input(
    z
      .string()
      .regex(/^[1-9]\d{2,6}$/, 'must be a number from 100 to 9999999')
      .transform(Number)
      .prefault('100000'),
    'Rows in the demonstration table.',
    { group: 'terminal', terminal: true, config: null },
  ),
})

/** Inputs that the edges read before any command is known. */
export const edgeInputs = {
  command: 'Commands to run in this order, one a line, such as backup and then migrate. The first that does not pass stops the rest.',
  config: 'Configuration file.',
} as const

export type InputName = keyof typeof inputs.shape
export type InputValues = z.output<typeof inputs>
export const inputNames = Object.keys(inputs.shape) as InputName[]

/** What is known of an input beyond its type. */
export function traitsOf(name: InputName): InputTraits {
  return traits.get(inputs.shape[name]) ?? { group: 'common' }
}

/** Where an input stands in `shiplock.yml`, as dotted path; `undefined` when it may not stand there. */
export function configPathOf(name: InputName): string | undefined {
  const { config } = traitsOf(name)
  return config === null ? undefined : (config ?? name)
}

export function isInputName(name: string): name is InputName {
  return Object.hasOwn(inputs.shape, name)
}
