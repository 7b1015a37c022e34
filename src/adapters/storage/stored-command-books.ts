import type { CommandBooks, OpenCommand } from '../../migration/command-books.ts'
import type { AttemptState } from '../../migration/history.ts'
import type { Phase } from '../../migration/migration.ts'
import { attemptId } from './replay.ts'
import type { WritableHistory } from './stored-books.ts'

/** Runs of the team's command as entries of the stored history. */
export class StoredCommandBooks implements CommandBooks {
  readonly #history: WritableHistory

  constructor(history: WritableHistory) {
    this.#history = history
  }

  async open(): Promise<readonly OpenCommand[]> {
    return (await this.#history.replayed()).openCommands
  }

  async begin(phase: Phase | 'all', program: string, application: string): Promise<string> {
    return attemptId(await this.#history.append([{ event: 'command', phase, program, application }]), 0)
  }

  async end(id: string, state: AttemptState, { durationMs, error }: { durationMs?: number; error?: string | undefined }): Promise<void> {
    await this.#history.append([
      {
        event: 'ended',
        attempt: id,
        state,
        ...(durationMs === undefined ? {} : { durationMs: Math.round(durationMs) }),
        ...(error === undefined ? {} : { error }),
      },
    ])
  }
}
