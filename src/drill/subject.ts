import type { Expectations } from './compare-content.ts'
import type { RoleFacts } from './roles.ts'

/** What is drilled, wherever it comes from: whatever comes after fetching it asks no more. */
export interface DrillSubject {
  readonly origin: Origin
  /** As people know it. */
  readonly name: string
  /** Absent for what no store holds. */
  readonly key: string | undefined
  /** Of a backup with a manifest. */
  readonly id: string | undefined
  /** As far as it is known before the archive is here. */
  readonly snapshotAt: Date | undefined
  /** What the drill writes on this machine, at most, as far as that can be told beforehand. */
  readonly neededBytes: number | undefined
  /** Brings the archive to this machine; what has to be written goes into the folder. */
  fetch(folder: string, signal: AbortSignal): Promise<Archive>
}

/** A backup with our manifest; a dump without one, in the store or in a file; or one that was made for this drill. */
export type Origin = 'backup' | 'dump' | 'file' | 'fresh'

/** An archive that lies on this machine, and what is known of it. */
export interface Archive {
  readonly path: string
  readonly sizeBytes: number
  readonly snapshotAt: Date
  /** The moment is by a clock whose time zone the archive does not name, read as UTC. */
  readonly zoneUnknown: boolean
  readonly source: SourceOfArchive
  /** Absent when nobody wrote down what a copy must hold: then nothing can be compared. */
  readonly expectations: Expectations | undefined
}

/** What the scratch cluster must be like. */
interface SourceOfArchive {
  /** Whether we wrote the archive ourselves: otherwise it may be crafted. */
  readonly ours: boolean
  /** Of the server that was dumped, where it is known. */
  readonly systemIdentifier: string | undefined
  /** The least major version of PostgreSQL that can load it. */
  readonly major: number
  readonly encoding: string
  readonly collate: string
  readonly ctype: string
  readonly extensions: readonly { readonly name: string; readonly schema: string }[]
  /** What is known of the roles that the archive names. */
  readonly roles?: RoleFacts
}
