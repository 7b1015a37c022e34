/** Where Prometheus or Loki is, and how to sign in. */
export interface MetricsSource {
  /** Its base, with the path where it has one; without a slash at the end. */
  readonly url: string
  /** All that goes with each request, signing in among it. */
  readonly headers: Readonly<Record<string, string>>
  /** PEM text of its authority. */
  readonly ca: string | undefined
}

/** What a watch needs to be open. */
export interface SourcesWanted<Database> {
  readonly prometheus: MetricsSource | undefined
  readonly loki: MetricsSource | undefined
  readonly database: Database | undefined
  /** Whether answers that the source calls partial are judged. */
  readonly allowWarnings: boolean
}
