import type { Check } from './check.ts'
import type { Sample, Window } from './sample.ts'

/** A source of numbers: Prometheus, Loki or the database. Each call is one request, repeated only when it failed. */
export interface Probe {
  /**
   * What a check measures in each of several windows, which have one length and follow one another without a gap. As many
   * samples as windows. Never rejects for what the source says or does not say: that is a state of the samples.
   * `control`: the same of the old version, which runs beside the new one.
   */
  sample(
    check: Check,
    windows: readonly Window[],
    options: { readonly control: boolean; readonly signal: AbortSignal },
  ): Promise<readonly Sample[]>
  /** Looks at a check before anything is deployed, in as many requests as it takes. */
  examine(check: Check, windows: readonly Window[], signal: AbortSignal): Promise<Examination>
  /** The query as it is sent, for people. */
  queryOf(check: Check): string
  /** Lines that a check of kind logs counted, at most `limit`. */
  lines?(check: Check, window: Window, limit: number, signal: AbortSignal): Promise<readonly string[]>
}

/** What was found out about a check before a deploy. */
export interface Examination {
  /** Why the check could not be judged; empty when it can. */
  readonly problems: readonly string[]
  /** What people should know all the same. */
  readonly notes: readonly string[]
  /** Series that the query returned, by their labels. */
  readonly series: readonly string[]
}

/** The sources of a watch, opened when first used. */
export interface Probes extends AsyncDisposable {
  for(check: Check): Probe
}
