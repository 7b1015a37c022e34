import type { Readable } from 'node:stream'
import type { SourceDatabase } from '../backup/dump.ts'
import type { DecodedArchive } from '../backup/read-back.ts'
import type { RunStarter } from '../backup/record.ts'
import type { Store } from '../backup/store.ts'
import type { Probes } from '../canary/probe.ts'
import type { SourcesWanted } from '../canary/sources.ts'
import type { Connection, TlsPolicy } from '../connection.ts'
import type { Stage } from '../demo/stage.ts'
import type { RoleFacts } from '../drill/roles.ts'
import type { ScratchCluster } from '../drill/scratch.ts'
import type { ReleaseError } from '../errors.ts'
import type { GitHubNames } from '../gate/config/sources.ts'
import type { Protection } from '../gate/protection/environment.ts'
import type { InputName, InputValues } from '../inputs.ts'
import type { Conversation } from '../lint/conversation.ts'
import type { Annotation } from '../lint/publish/annotations.ts'
import type { PullRequest, Review } from '../lint/review.ts'
import type { Live } from '../live-line.ts'
import type { CommitRelation } from '../migration/commit-order.ts'
import type { MigrationDatabase } from '../migration/database.ts'
import type { TableName } from '../migration/ledger.ts'
import type { SourceFile } from '../migration/migration.ts'
import type { NoRehearsal, Rehearsal } from '../migration/rehearsal.ts'
import type { CommandEnd } from '../migration/team-run.ts'
import type { InputSources } from '../resolve-inputs.ts'
import type { Check, Verdict } from '../result.ts'
import type { RescueSource } from '../rollback/down/rescue-source.ts'
import type { Prepared } from '../rollback/evidence.ts'
import type { Issues } from '../rollback/issues.ts'
import type { StoredRun } from '../rollback/known.ts'
import type { CommitChecks } from '../rollback/target-ci.ts'
import type { Schema } from '../sql/schema/schema.ts'
import type { SshHost } from '../ssh-host.ts'

/** What a command concluded, before the edges turn it into a result, outputs and an exit status. */
export interface Outcome {
  readonly verdict: Verdict
  /** One sentence: the reason for the verdict. */
  readonly reason: string
  readonly checks?: readonly Check[]
  /** Step outputs, named `<command>-<name>` outside: ids, digests and numbers, never free text. */
  readonly outputs?: Readonly<Record<string, string | number>>
  /** What the result says beyond the common fields. */
  readonly details?: Readonly<Record<string, unknown>>
  /** Set when an input says in so many words that the verdict does not fail the step. */
  readonly exitCode?: 0
  /** What GitHub shows beside lines of files, the most important first; never more than it shows. */
  readonly annotations?: readonly Annotation[]
  /** Set when the verdict comes from an error after part of the work was done. */
  readonly error?: ReleaseError
}

export interface Command<Name extends InputName = InputName, Optional extends InputName = InputName> {
  /** One line for the help. */
  readonly summary: string
  readonly inputs: readonly Name[]
  /** Those of them that may be missing here, although other commands need them. */
  readonly optional?: readonly Optional[]
  /** The input that a word after the command's name sets. */
  readonly positional?: InputName
  /** What each output holds. */
  readonly outputs: Readonly<Record<string, string>>
  /** Absent from the action. */
  readonly terminalOnly?: true
  run(inputs: Pick<InputValues, Exclude<Name, Optional>> & Partial<Pick<InputValues, Optional>>, context: Context): Promise<Outcome>
}

export function defineCommand<const Name extends InputName, const Optional extends InputName = never>(
  command: Command<Name, Optional>,
): Command<Name, Optional> {
  return command
}

/** Where a line of progress goes; foreign text is made harmless before it is printed. */
export interface Log {
  info(text: string): void
  warn(text: string): void
  /** Text from a database, a file or a child process. */
  foreign(text: string): void
  /** How far long work is: the newest line replaces the one before, and a kept log gets one now and then. */
  live(line: Live): void
}

export interface Clock {
  now(): Date
  /** Milliseconds that never run backwards. */
  monotonic(): number
  /** Ends early, without an error, when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** This start of Shiplock, as history rows and records name it. */
export interface RunIdentity {
  /** The run's number on GitHub, or the process id elsewhere. */
  readonly id: string
  readonly attempt: string
  readonly host: string
  readonly commit: string | undefined
  /** Absent outside of GitHub Actions. */
  readonly by?: RunStarter | undefined
}

/** How to reach and recognise a database. */
export interface DatabaseInputs {
  readonly connection: Connection
  readonly tls: TlsPolicy
  readonly role: string | undefined
  /** Absent where the database can be reached from here. */
  readonly tunnel?: Tunnel | undefined
}

/** A way to a database behind a firewall. It changes where clients connect, and nothing else: TLS, names and messages stay those of the real host. */
export interface Tunnel extends AsyncDisposable {
  readonly through: SshHost
  /** The end on this machine, opened first, or anew when the tunnel broke. Throws `ssh-failed`. */
  open(): Promise<{ readonly host: string; readonly port: number }>
  /** Why the connection that was made since then came to nothing, as far as the tunnel knows. */
  refusal(): Promise<ReleaseError | undefined>
}

export interface TunnelOptions {
  readonly through: SshHost
  readonly connection: Connection
  /** The text of a private key; without it ssh asks the agent and this user's files. */
  readonly key: string | undefined
  /** Lines of a known_hosts file; without them this user's counts. */
  readonly knownHosts: string | undefined
}

/** Everything that a command may touch. Only `adapters/context.ts` knows what serves it. */
export interface Context {
  readonly log: Log
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly run: RunIdentity
  readonly inAction: boolean
  /** The file that was started, for the demonstration, which starts the real commands. */
  readonly program: string
  /** The folder of `shiplock.yml`, or the working directory. */
  readonly baseDir: string
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly project: string
  /** Whether somebody named the project, rather than a repository or a folder. */
  readonly projectGiven: boolean
  readonly environment: string
  readonly release: string
  /** The store that somebody named, where records are kept too; a default of the surroundings does not count. */
  readonly storeUrl: string | undefined
  /** Where an S3 store is, as other programs need to be told. */
  readonly storeEndpoint: string | undefined

  /** Where this command's inputs come from, and the name of the configuration file, if there is one. */
  readonly sources: InputSources & { readonly configFile: string | undefined }

  /** The value with every known secret taken out of its texts: for what is written beside the result. */
  redact<T>(value: T): T

  /**
   * Files of one folder by name, without those of subfolders; `nested` adds those of migrations that have a folder of
   * their own, named by both. `undefined` when the folder does not exist.
   */
  readFolder(path: string, depth?: 'nested'): Promise<readonly SourceFile[] | undefined>
  /** A text that comes with Shiplock, by its path in the package. Throws `unreadable-file`. */
  readShipped(path: string): Promise<string>
  /** The answer of whoever sits at the terminal; `undefined` for none, or where nobody does. */
  ask(question: string): Promise<string | undefined>
  writeNewFile(path: string, text: string): Promise<void>
  /** Writes a file whole, in place of the one that may be there; a link is replaced, and not followed. */
  replaceFile(path: string, text: string): Promise<void>
  /** A file's text; `undefined` when there is none. */
  readText(path: string): Promise<string | undefined>
  /** Paths below a folder that any git ref holds or held; empty outside a repository. */
  gitPaths(folder: string): Promise<readonly string[]>
  /** The commit of a tag, a branch or a commit's name; `undefined` where git does not know it. */
  gitCommit(name: string): Promise<string | undefined>
  /** The same as a commit has them; `undefined` when it has no such folder. */
  gitFolder(commit: string, folder: string, depth?: 'nested'): Promise<readonly SourceFile[] | undefined>
  /** Files of a commit below the folder of `shiplock.yml` that are wanted, with their paths from there. */
  gitFiles(commit: string, isWanted: (path: string) => boolean): Promise<readonly SourceFile[]>
  /** Commits of any ref that added or changed a file, the newest first. */
  gitCommitsWith(path: string): Promise<readonly string[]>
  /** Paths below the folder of `shiplock.yml` that git knows; empty outside a repository. */
  trackedPaths(): Promise<readonly string[]>
  /** What the checkout holds of its repository: a clone may be cut off (`shallow`), and there may be none. */
  gitDepth(): Promise<'whole' | 'shallow' | 'none'>
  /** How this checkout's commit, or the one that is given, stands to another. */
  compareCommit(other: string, current?: string): Promise<CommitRelation>
  /** The changes that a new commit makes beside `base`, or beside what the event or the remote says. Throws `unknown-base`. */
  openReview(options: { readonly base: string | undefined; readonly token: string | undefined }): Promise<Review>
  /** The page of a pull request on GitHub. */
  openConversation(pullRequest: PullRequest, token: string): Promise<Conversation>
  /** What GitHub says of this repository's environments and runs. Throws `protection-unread` where the repository is not known. */
  openProtection(token: string): Promise<Protection>
  /** What GitHub shows beside a commit. */
  readCommitChecks(commit: string, options: RepositoryOptions): Promise<CommitChecks>
  openIssues(options: RepositoryOptions): Promise<Issues>
  /** The sources that a watch asks; nothing is opened before it is first used. */
  openProbes(wanted: SourcesWanted<DatabaseInputs>): Promise<Probes>
  /** A temporary folder, removed at the end of its scope, and after a crash by the next run. */
  makeFolder(): Promise<AsyncDisposable & { readonly path: string }>
  /** The text of a PEM file of authorities, for `decideTls`. */
  readAuthority(path: string | undefined): Promise<string | undefined>
  /** Nothing is opened before it is first used. */
  makeTunnel(options: TunnelOptions): Promise<Tunnel>
  openMigrationDatabase(database: DatabaseInputs, options: MigrationDatabaseOptions): Promise<MigrationDatabase>
  /** Runs the team's own command in the folder of `shiplock.yml`; its output goes to the log as it comes. Rejects when it could not be started. */
  runTeamProgram(command: readonly string[], options: { env: Readonly<Record<string, string>>; signal: AbortSignal }): Promise<CommandEnd>
  /** Hands over what a file holds, as it is read. Throws `unreadable-file`. */
  streamFile(path: string, take: (chunk: Uint8Array) => void): Promise<void>
  /** Hands over what a program of the team prints, and shows none of it. Rejects when it could not be started. */
  streamProgram(
    command: readonly string[],
    options: { env: Readonly<Record<string, string>>; signal: AbortSignal },
    take: (chunk: Uint8Array) => void,
  ): Promise<Pick<CommandEnd, 'exitCode' | 'signal'>>
  /** The names of the variables and secrets that a job of this environment has on GitHub. */
  namesOnGitHub(token: string): Promise<GitHubNames>
  /** The folder of `shiplock.yml` in its repository, such as `services/shop/`; empty at the root. */
  folderInRepository(): Promise<string>
  /** Asks the server to prepare queries; nothing is executed. */
  prepareQueries(database: DatabaseInputs, queries: readonly string[]): Promise<readonly Prepared[]>
  openSource(database: DatabaseInputs, options: SourceOptions): Promise<SourceDatabase>
  /** A snapshot of the live database, to count and copy what a down would lose; it lasts until disposal. */
  openRescue(database: DatabaseInputs, options: RescueOptions): Promise<RescueSource>
  openStore(url: string): Promise<Store>
  /** The history that a store holds of this environment, without the database; `undefined` when there is none. */
  readStoredRun(url: string): Promise<StoredRun | undefined>
  /** `pg_restore` reads a stored archive to its end; resolves with what was wrong, and the rows that it holds. */
  decodeArchive(archive: Readable, options: ToolOptions & { major: number }): Promise<DecodedArchive>
  makeScratchCluster(options: ScratchOptions): Promise<ScratchCluster>
  /** A database that somebody named, in place of a cluster. Throws `unsafe-target` where a drill could do harm. */
  openTarget(target: DatabaseInputs, options: TargetOptions): Promise<ScratchCluster>
  /** What the database holds, as `lint` models it; no row is read. */
  readSchema(database: DatabaseInputs, options: ToolOptions): Promise<Schema>
  /** An empty copy of the database's schema, to see what migrations lock; or why there is none. */
  makeRehearsal(database: DatabaseInputs, options: RehearsalOptions): Promise<Rehearsal | NoRehearsal>
  /** A server with a database of its own, a project folder and the real program, for the demonstration. */
  makeStage(options: ToolOptions): Promise<Stage>
}

interface RepositoryOptions {
  /** Such as `acme/shop`. */
  readonly repository: string
  readonly token: string
  /** Ends every question that is still open. */
  readonly signal: AbortSignal
}

export interface ToolOptions {
  readonly binDir: string | undefined
  readonly install: boolean
}

interface SourceOptions extends ToolOptions {
  readonly stateSchema: string
  /** The team's own version table, beside those that are known by name. */
  readonly versionTable?: string | undefined
}

interface RescueOptions extends ToolOptions {
  /** As `lostTables` names them. */
  readonly tables: readonly TableName[]
  /** How long to wait for tables that somebody locks, before the snapshot. */
  readonly lockWaitMs: number
}

/** Tools are looked for, and never installed. */
export interface RehearsalOptions extends Pick<ToolOptions, 'binDir'> {
  /** Longest time for everything from connecting to the last migration; a minute when left out. */
  readonly limitMs?: number
}

interface SourceOptions extends ToolOptions {
  readonly stateSchema: string
  /** How long to wait for tables that somebody locks, before the snapshot; absent where nothing will be dumped. */
  readonly lockWaitTimeoutMs?: number
}

interface MigrationDatabaseOptions {
  readonly stateSchema: string
  /** Whether a standby, where nothing can be written, will do; it is refused otherwise. */
  readonly acceptStandby?: boolean
  /** Where the state is kept; `store` needs a store that was named. */
  readonly history: 'database' | 'store'
}

export interface ScratchOptions extends ToolOptions {
  /** Major version of the server that wrote the archive; the cluster's is the same or newer. */
  readonly major: number
  readonly encoding: string
  readonly collate: string
  readonly ctype: string
  /**
   * Whether a manifest of ours describes the archive. Then owners and grants are restored, and a client with a known
   * hole is a warning; otherwise neither is restored, and such a client is refused.
   */
  readonly ours: boolean
  readonly allowUnsafeClient?: boolean
  /** What is known of the source's roles beyond what the archive names. */
  readonly roles?: RoleFacts
  /** Debian packages that the copy's extensions come from. */
  readonly packages?: readonly string[]
  /** Libraries for `shared_preload_libraries`. */
  readonly preload?: readonly string[]
  /** Files with SQL of the team's own, run as superuser before and after the archive is loaded. */
  readonly before?: string
  readonly after?: string
}

export interface TargetOptions extends Pick<ScratchOptions, 'binDir' | 'install' | 'major' | 'ours' | 'allowUnsafeClient'> {
  /** The server that the backup is from: as its manifest names it, and as it can be asked now. */
  readonly source: { readonly systemIdentifier: string | undefined; readonly database: DatabaseInputs | undefined }
}
