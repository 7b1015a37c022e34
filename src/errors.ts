/** What an error code means for the process: the exit status and the verdict that goes with it. */
type Exit = 'usage' | 'fault' | 'inconclusive'

interface CodeMeaning {
  readonly exit: Exit
  readonly meaning: string
}

/** Every code a user can meet. Codes are listed in docs/errors.md and never change their meaning. */
export const errorCodes = {
  // usage: exit 2
  'unknown-command': { exit: 'usage', meaning: 'The command does not exist.' },
  'unknown-input': { exit: 'usage', meaning: 'An input or flag does not exist, or no named command uses it.' },
  'invalid-input': { exit: 'usage', meaning: 'One or more inputs are missing, malformed or contradict each other.' },
  'invalid-config': { exit: 'usage', meaning: 'shiplock.yml is malformed or holds an unknown key.' },
  'config-not-found': { exit: 'usage', meaning: 'The configuration file that was named does not exist.' },
  'insecure-tls': { exit: 'usage', meaning: 'The connection to a remote server would not be authenticated.' },
  'ssh-failed': { exit: 'usage', meaning: 'The tunnel to the database could not be opened.' },
  'tls-failed': { exit: 'usage', meaning: 'The server offers no TLS, or its certificate was not accepted.' },
  'connection-failed': { exit: 'usage', meaning: 'The server could not be reached.' },
  'authentication-failed': { exit: 'usage', meaning: 'The server refused the user or the password.' },
  'database-not-found': { exit: 'usage', meaning: 'The server has no database of this name.' },
  'database-is-replica': { exit: 'usage', meaning: 'The server is a read replica.' },
  'pooler-detected': { exit: 'usage', meaning: 'A transaction-mode pooler stands between Shiplock and the server.' },
  'unsupported-server': { exit: 'usage', meaning: 'The server is older than PostgreSQL 13.' },
  'insufficient-rights': { exit: 'usage', meaning: 'The role lacks a right that this step needs.' },
  'wrong-database': { exit: 'usage', meaning: 'The database is not the one that was expected or stamped.' },
  'not-stamped': { exit: 'usage', meaning: 'The database carries no stamp that could be adopted.' },
  'wrong-project': { exit: 'usage', meaning: 'The database has the history of other projects only, and this one was not named.' },
  'state-newer': { exit: 'usage', meaning: 'The state schema was written by a newer Shiplock.' },
  'history-elsewhere': { exit: 'usage', meaning: 'The history of this environment is kept in another place than the one that was named.' },
  'publication-covers-state': {
    exit: 'usage',
    meaning: 'A publication covers tables that Shiplock makes and writes: the first row would stop subscribers that do not have them.',
  },
  'migrations-not-found': { exit: 'usage', meaning: 'The folder of migrations does not exist or is empty.' },
  'unknown-layout': { exit: 'usage', meaning: 'The layout of the migrations cannot be told from the files.' },
  'version-table-elsewhere': {
    exit: 'usage',
    meaning: "The version table is not there, and another place of the database holds one of the same tool's.",
  },
  'invalid-migration': { exit: 'usage', meaning: 'A migration file is malformed for its layout.' },
  'unsupported-migration': { exit: 'usage', meaning: 'A migration is of a kind that Shiplock cannot run.' },
  'duplicate-version': { exit: 'usage', meaning: 'Two migration files carry the same version.' },
  'syntax-error': { exit: 'usage', meaning: 'A migration holds SQL that the parser does not accept.' },
  'transaction-control': { exit: 'usage', meaning: 'A migration controls transactions where it must not.' },
  'client-command': { exit: 'usage', meaning: 'A migration holds a psql command or COPY FROM STDIN.' },
  'unknown-target': { exit: 'usage', meaning: 'The release that is to come back is no tag and no commit that git knows here.' },
  'unknown-migration': { exit: 'usage', meaning: 'The migration that was named is none that has run here, or none of this checkout.' },
  'unknown-base': { exit: 'usage', meaning: 'The commit that new migrations are new to cannot be found.' },
  'unsafe-event': { exit: 'usage', meaning: 'The event would give code of a pull request what only this repository may have.' },
  'wrong-checkout': { exit: 'usage', meaning: 'The checkout does not hold the commit that is under review.' },
  'github-refused': { exit: 'usage', meaning: 'GitHub does not allow what was asked, or does not know it.' },
  'invalid-template': { exit: 'usage', meaning: 'A template of an env file is malformed, or holds a mark that does not exist.' },
  'unknown-config-base': {
    exit: 'usage',
    meaning: 'The release that newly required keys are new to is no tag and no commit that git knows here.',
  },
  'missing-variable': { exit: 'usage', meaning: 'A migration names an environment variable that is not set.' },
  'file-exists': { exit: 'usage', meaning: 'The file to be written exists already.' },
  'unreadable-file': { exit: 'usage', meaning: 'A file or folder cannot be read, or is not UTF-8.' },
  'tool-not-found': { exit: 'usage', meaning: 'A program that this step needs is not installed, or not in a suitable version.' },
  'unsafe-client': { exit: 'usage', meaning: 'An archive of unknown origin would be opened by a program with a known hole.' },
  'unsafe-target': { exit: 'usage', meaning: 'The database that was named is not one that a drill may restore into.' },
  'command-not-found': { exit: 'usage', meaning: "The team's own command could not be started." },
  'invalid-store': { exit: 'usage', meaning: 'The store cannot be used as named.' },
  'backup-too-large': {
    exit: 'usage',
    meaning: 'The backup would surely take longer than max-duration allows, or be larger than the store takes; nothing was dumped.',
  },
  'invalid-smoke-query': { exit: 'usage', meaning: 'A smoke query file cannot be understood.' },

  // evidence of a fault: exit 1
  'unknown-version': { exit: 'fault', meaning: 'The ledger holds a version that no file, history row or git ref knows.' },
  'dirty-version': { exit: 'fault', meaning: "The tool's version table says that a migration began and did not end." },
  'checksum-mismatch': { exit: 'fault', meaning: 'A migration was edited after it ran.' },
  'version-clash': { exit: 'fault', meaning: 'Another file ran under the number of a migration.' },
  'out-of-order': { exit: 'fault', meaning: 'A pending migration is older than one that has run.' },
  'phase-moved': { exit: 'fault', meaning: 'A migration that ran in one phase stands in the other now.' },
  'unphased-refused': { exit: 'fault', meaning: 'Both phases at once were asked for on a database with a history.' },
  'post-not-allowed': {
    exit: 'fault',
    meaning: 'Post migrations were asked for before the release was recorded as deployed, or after a rollback, an abort or a hold.',
  },
  'target-newer': { exit: 'fault', meaning: 'The release that is to come back has migrations that have not run on the database.' },
  'target-is-live': { exit: 'fault', meaning: 'The release that is to come back is the one that is live.' },
  'target-contains': { exit: 'fault', meaning: 'The migration that is to be taken back belongs to the release that is to come back.' },
  'not-newest': { exit: 'fault', meaning: 'Another migration ran after the one that is to be taken back.' },
  'down-not-found': { exit: 'fault', meaning: 'The migration as it ran is in no release that git knows, so its way back is not known.' },
  'no-down': { exit: 'fault', meaning: 'The migration that is to be taken back has no way back.' },
  'down-not-transactional': { exit: 'fault', meaning: 'A way back that loses data runs outside a transaction.' },
  'down-would-fail': { exit: 'fault', meaning: 'The way back of a migration would fail on values that are in the database now.' },
  'confirmation-required': { exit: 'fault', meaning: 'A migration would be taken back, and nobody has typed the phrase that confirms it.' },
  'confirmation-wrong': { exit: 'fault', meaning: 'The phrase that was typed is not the one for this database, migration and loss.' },
  'rescue-impossible': { exit: 'fault', meaning: 'What a way back would lose cannot be copied, or there is no place for the copy.' },
  'recount-too-slow': { exit: 'fault', meaning: 'Counting the loss again under locks would keep the application waiting for too long.' },
  'loss-changed': { exit: 'fault', meaning: 'What a way back would lose changed between the look at it and the locks.' },
  'half-applied': { exit: 'fault', meaning: 'A migration has run in part: nobody can say what the schema is.' },
  'post-changed': { exit: 'fault', meaning: 'A post migration was changed after its release was recorded as deployed.' },
  'post-debt': {
    exit: 'fault',
    meaning: 'Post migrations of an older release have been held back for too long, or touch what the next pre phase touches.',
  },
  'older-commit': { exit: 'fault', meaning: 'The checkout is older than the commit that has already run in this environment.' },
  'migration-failed': { exit: 'fault', meaning: 'A statement of a migration failed.' },
  'post-ran-early': { exit: 'fault', meaning: "The team's own program ran post migrations that it was told to leave out." },
  'version-missing': {
    exit: 'fault',
    meaning: "The team's own program ended well, and the version table does not hold all that it was to run.",
  },
  'ledger-moved': { exit: 'fault', meaning: 'Another program changed the ledger during the run.' },
  'lock-not-obtained': { exit: 'fault', meaning: 'The locks of a migration were not granted within the lock budget.' },
  'invalid-index': {
    exit: 'fault',
    meaning: 'A half-built index stands where one is to be built, and it is not certain that it may be dropped.',
  },
  'in-doubt-statement': { exit: 'fault', meaning: 'A statement was under way when a run ended, and nothing tells whether it took effect.' },
  'history-damaged': { exit: 'fault', meaning: 'The history in the store is not whole.' },
  'backup-required': { exit: 'fault', meaning: 'require-backup is set, and no backup counts for this run.' },
  'drill-required': { exit: 'fault', meaning: 'require-drill is set, and no drill counts for this run.' },
  'backup-failed': { exit: 'fault', meaning: 'The backup was not made or does not hold what it should.' },
  'backup-damaged': { exit: 'fault', meaning: 'A stored backup is not whole.' },
  'backup-exists': { exit: 'fault', meaning: 'A stored object of this name exists and is never overwritten.' },
  'loss-not-counted': { exit: 'fault', meaning: 'What a down would lose could not be counted on the live database.' },
  'rescue-incomplete': { exit: 'fault', meaning: 'A down would lose something that no rescue copy can hold.' },
  'rescue-failed': { exit: 'fault', meaning: 'The rescue copy was not made, or the store does not hold what was written.' },
  'restore-failed': { exit: 'fault', meaning: 'The backup could not be restored without errors.' },
  'not-protected': { exit: 'fault', meaning: 'The environment is not protected as it has to be, or the run did not pass its rules.' },
  'no-second-person': { exit: 'fault', meaning: 'The person who made the plan carries it out too, or nobody does.' },
  'not-promoted': { exit: 'fault', meaning: 'The commit has not passed the environment before this one.' },
  'config-key-missing': { exit: 'fault', meaning: 'The host lacks a configuration key that the release requires.' },
  'plan-changed': { exit: 'fault', meaning: 'The plan is not the one that was approved.' },
  'outside-quiet-hours': { exit: 'fault', meaning: 'A long migration would begin outside the quiet hours.' },
  'demo-failed': { exit: 'fault', meaning: 'The demonstration did not end as it should.' },

  // not enough evidence: exit 3
  'schema-not-read': { exit: 'inconclusive', meaning: 'The schema of the database could not be read.' },
  'scratch-failed': { exit: 'inconclusive', meaning: 'The scratch cluster could not be made on this machine, or did not last.' },
  'restore-refused': {
    exit: 'inconclusive',
    meaning: "The drill's plain role may not make an object of the backup; nothing is said about the backup.",
  },
  'disk-full': { exit: 'inconclusive', meaning: 'There is no room left for what this step writes.' },
  'run-in-progress': {
    exit: 'inconclusive',
    meaning: 'Another run holds the lock of this database, or what a run left behind is still at work in it.',
  },
  'record-not-found': { exit: 'inconclusive', meaning: 'No record of the environment says what had run, and the database was not asked.' },
  'backup-not-found': { exit: 'inconclusive', meaning: 'The store holds no such backup.' },
  'connection-lost': {
    exit: 'inconclusive',
    meaning: 'The connection to the database or to the store broke; the ledger says what was applied.',
  },
  'config-not-read': {
    exit: 'inconclusive',
    meaning: 'The names of configuration keys could not be read from where they were said to be.',
  },
  'github-unreachable': { exit: 'inconclusive', meaning: 'GitHub did not answer, or wants to be asked later.' },
  'protection-unread': {
    exit: 'inconclusive',
    meaning: 'GitHub did not tell how the environment is protected, or who stands behind a run.',
  },
  'records-unread': { exit: 'inconclusive', meaning: 'The records of the release in the store could not be read.' },
  'second-person-unknown': { exit: 'inconclusive', meaning: 'Nobody can tell whether a second person started the run.' },
  'server-refused': { exit: 'inconclusive', meaning: "The server refused a statement of Shiplock's own." },
  'internal-error': { exit: 'inconclusive', meaning: 'Shiplock itself failed: a bug.' },
  interrupted: { exit: 'inconclusive', meaning: 'The run was stopped by a signal.' },
} as const satisfies Record<string, CodeMeaning>

export type ErrorCode = keyof typeof errorCodes

interface ErrorOptions {
  /** What the user should do next. */
  readonly hint?: string
  readonly cause?: unknown
  /** A place in a file, as `path:line:column`. */
  readonly at?: string
}

/** Something that the user can act on. Everything else that is thrown is a bug and keeps its stack. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly at: string | undefined

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.at = options.at
  }

  /** The verdict of a command that ends with this error. */
  get verdict(): 'fail' | 'inconclusive' {
    return errorCodes[this.code].exit === 'inconclusive' ? 'inconclusive' : 'fail'
  }

  /** The exit status of a process that ends with this error. */
  get exitCode(): 1 | 2 | 3 {
    return { usage: 2, fault: 1, inconclusive: 3 }[errorCodes[this.code].exit] as 1 | 2 | 3
  }
}

/** The text of any thrown value, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The `code` that Node and PostgreSQL put on their errors, such as `ENOENT` or `55P03`. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
