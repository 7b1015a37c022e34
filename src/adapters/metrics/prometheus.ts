import { type Check, withDefaults } from '../../canary/check.ts'
import type { Probe } from '../../canary/probe.ts'
import type { Sample, Window } from '../../canary/sample.ts'
import type { MetricsSource } from '../../canary/sources.ts'

interface Options {
  readonly allowWarnings: boolean
}

/** Prometheus, and whatever speaks its HTTP API (Mimir, VictoriaMetrics, Thanos). */
export function prometheusProbe(source: MetricsSource, _options: Options): Probe {
  return {
    async sample(check, windows, { control, signal }) {
      const [first, last] = [windows[0], windows.at(-1)]
      if (first === undefined || last === undefined) return []
      const query = (control ? check.control : check.prometheus)?.replaceAll('$window', `${withDefaults(check).windowMs / 1000}s`) ?? ''
      const parameters = new URLSearchParams({
        query,
        start: String(first.endMs / 1000),
        end: String(last.endMs / 1000),
        step: String(withDefaults(check).windowMs / 1000),
      })
      const response = await fetch(`${source.url}/api/v1/query_range`, {
        method: 'POST',
        body: parameters,
        headers: source.headers,
        signal,
      })
      const body = (await response.json()) as { data?: { result?: { values: [number, string][] }[] } }
      const values = new Map(body.data?.result?.[0]?.values.map(([at, value]) => [Math.round(at * 1000), Number(value)]))
      return windows.map((window) => sampleOf(values, window))
    },
    examine: async () => ({ problems: [], notes: [], series: [] }),
    queryOf: (check: Check) => check.prometheus ?? '',
  }
}

function sampleOf(values: ReadonlyMap<number, number>, { endMs }: Window): Sample {
  const value = values.get(endMs)
  if (value === undefined) return { state: 'empty' }
  return Number.isNaN(value) ? { state: 'nan' } : { state: 'value', value }
}
