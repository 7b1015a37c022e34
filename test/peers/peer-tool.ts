import type { Layout } from '../../src/migration/layout.ts'
import type { Phase } from '../../src/migration/migration.ts'
import type { Ended, Files, PeerBench } from './peer-bench.ts'

/** Where the migrations of each phase stand in a checkout. */
export const folders: Readonly<Record<Phase, string>> = { pre: 'db/migrations', post: 'db/post_migrations' }

/** What one migration does, each statement on lines of its own and with its semicolon at the end of a line. */
export interface Change {
  readonly up: string
  readonly back?: string
  readonly noTransaction?: boolean
}

/**
 * A migration tool as the round trips drive it. Migrations are numbered 1, 2, 3 …; the driver writes the number as its
 * tool has versions, and reads it back.
 */
export interface PeerTool {
  readonly layout: Layout['name']
  /** Pinned, as the tool's own documentation writes it: without a v. */
  readonly version: string
  /** Files beside the migrations that the tool needs. */
  readonly settings?: Files
  /** How Shiplock calls the migration. */
  id(number: number, name: string): string
  /** The files of one migration, by path from the folder of its phase. */
  files(number: number, name: string, change: Change): Files
  /** Its plain `up` on the folder and the version table of a phase. Never throws for an exit code. */
  up(bench: PeerBench, phase: Phase): Promise<Ended>
  /** A service that migrates its pre phase when it starts, where that is not the same as `up`. */
  readonly boot?: { readonly name: string; run(bench: PeerBench): Promise<Ended> }
  /** Its own way back by one; missing where it has none. */
  down?(bench: PeerBench, phase: Phase): Promise<Ended>
  /** Numbers of the migrations that its own status calls pending. Throws when the status shows anything else that is wrong. */
  pending(bench: PeerBench, phase: Phase): Promise<readonly number[]>
  /** All that its version table of a phase keeps of the migrations, without times and durations. */
  rows(bench: PeerBench, phase: Phase): Promise<readonly unknown[]>
}

/** A time stamp of 14 digits for a number, and back. */
export const stamp = (number: number): string => String(20260101000000 + number)
export const unstamp = (version: string): number => Number(version) - 20260101000000
