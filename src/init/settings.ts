import { stringify } from 'yaml'

/** What `shiplock.yml` of a new project says. */
export interface Settings {
  readonly project: string
  readonly layout: string | undefined
  readonly pre: string
  readonly post: string
  readonly store: string | undefined
  readonly endpoint: string | undefined
  readonly prometheus: string | undefined
  /** A histogram of the time that requests take, in seconds. */
  readonly histogram: string | undefined
  readonly smoke: string | undefined
}

/** The text of `shiplock.yml`. */
export function settingsText({ project, layout, pre, post, store, endpoint, prometheus, histogram, smoke }: Settings): string {
  const checks =
    histogram === undefined
      ? []
      : [
          {
            id: 'p95',
            kind: 'latency',
            prometheus: `histogram_quantile(0.95, sum by (le) (rate(${histogram}_bucket[$window])))`,
            requests: `sum(increase(${histogram}_count[$window]))`,
          },
        ]
  const known = {
    project,
    migrations: { ...(layout === undefined ? {} : { layout }), pre, post },
    ...(store === undefined ? {} : { store }),
    ...(endpoint === undefined ? {} : { 's3-endpoint': endpoint }),
    ...(smoke === undefined ? {} : { drill: { smoke } }),
    ...(checks.length === 0 ? {} : { canary: { ...(prometheus === undefined ? {} : { 'prometheus-url': prometheus }), checks } }),
  }
  return `# Settings of Shiplock; docs/reference.md lists every key. Secrets never stand here.\n${stringify(known, { lineWidth: 0 })}`
}
