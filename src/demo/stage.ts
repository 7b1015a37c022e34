import type { Result } from '../result.ts'

/** What the demonstration runs on: a server of its own, a project folder beside it, and the real program. Disposal removes all of it. */
export interface Stage extends AsyncDisposable {
  readonly serverVersion: string
  /** A connection of the application to its database. It breaks when the run is stopped by a signal. */
  connect(applicationName: string): Promise<Session>
  /** Writes files below the project folder, by relative path. */
  writeFiles(files: ReadonlyMap<string, string>): Promise<void>
  /** Starts Shiplock in the project folder as a person would; the connection string is in its environment. */
  shiplock(args: readonly string[]): Promise<CommandRun>
  /** What is still there after disposal: paths and processes. */
  remains(): Promise<readonly string[]>
}

export interface Session extends AsyncDisposable {
  /** Rejects with the server's error, its SQLSTATE as `code`. */
  query(statement: Statement, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>
}

export interface Statement {
  readonly text: string
  /** Prepared under this name once a session, and only bound after that. */
  readonly name?: string
}

/** How one start of Shiplock ended. */
export interface CommandRun {
  readonly exitCode: number | undefined
  /** Absent when it wrote none that can be read. */
  readonly result: Result | undefined
  /** The end of what it wrote to standard error. */
  readonly said: string
}

export interface Time {
  now(): Date
  /** Milliseconds that never run backwards. */
  monotonic(): number
  /** Ends early, without an error, when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
