import type { AttemptState } from './history.ts'
import type { Phase } from './migration.ts'

/** A run of the team's command that nothing has ended. */
export interface OpenCommand {
  readonly id: string
  readonly phase: Phase | 'all'
  readonly release: string
  readonly startedAt: Date
  /** The name that its connections carry. */
  readonly applicationName: string | undefined
}

/** Shiplock's own record of the runs of the team's command. */
export interface CommandBooks {
  open(): Promise<readonly OpenCommand[]>
  /** Writes that the command runs, with the program alone: arguments may hold secrets. Returns the id. */
  begin(phase: Phase | 'all', program: string, applicationName: string): Promise<string>
  end(id: string, state: AttemptState, facts: { readonly durationMs?: number; readonly error?: string | undefined }): Promise<void>
}
