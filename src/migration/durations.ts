/** How long one migration took in some environment. */
export interface ObservedDuration {
  /** SHA-256 of the file as it ran: staging runs a commit where production runs a tag, but the same bytes. */
  readonly checksum: string
  readonly durationMs: number
  readonly environment: string
  readonly release: string | undefined
  /** When it was applied. */
  readonly at: Date
}

/** The newest of each checksum, whatever the environment: it ran on the data that is most like today's. */
export function newestDurations(observed: readonly ObservedDuration[]): ReadonlyMap<string, ObservedDuration> {
  const newest = new Map<string, ObservedDuration>()
  for (const one of observed) {
    const known = newest.get(one.checksum)
    if (known === undefined || one.at > known.at) newest.set(one.checksum, one)
  }
  return newest
}
