import type { Check } from '../../canary/check.ts'
import type { Probe, Probes } from '../../canary/probe.ts'
import type { MetricsSource, SourcesWanted } from '../../canary/sources.ts'
import type { Clock, DatabaseInputs } from '../../commands/command.ts'
import { systemClock } from '../clock.ts'
import { metricsClient } from './http.ts'
import { lokiProbe } from './loki.ts'
import { prometheusProbe } from './prometheus.ts'
import { sqlProbe } from './sql.ts'

type Surroundings = Pick<Clock, 'now' | 'sleep'> & { readonly applicationName?: string }

/** One probe a source. Each connects when a check asks it, and holds nothing in between. */
export function openProbes(wanted: SourcesWanted<DatabaseInputs>, surroundings: Surroundings = systemClock): Probes {
  const { now, sleep, applicationName = 'shiplock' } = surroundings
  const { allowWarnings, database } = wanted
  const overHttp = (name: string, source: MetricsSource) => ({
    name,
    source,
    allowWarnings,
    now,
    client: metricsClient(source, { name, sleep }),
  })
  const probes: Partial<Record<'prometheus' | 'loki' | 'sql', Probe>> = {
    ...(wanted.prometheus === undefined ? {} : { prometheus: prometheusProbe(overHttp('Prometheus', wanted.prometheus)) }),
    ...(wanted.loki === undefined ? {} : { loki: lokiProbe(overHttp('Loki', wanted.loki)) }),
    ...(database === undefined ? {} : { sql: sqlProbe({ database, applicationName, now }) }),
  }
  return {
    for(check: Check): Probe {
      const probe = probes[check.prometheus !== undefined ? 'prometheus' : check.loki !== undefined ? 'loki' : 'sql']
      if (probe === undefined) throw new Error(`no source for the check ${check.id}`)
      return probe
    },
    async [Symbol.asyncDispose]() {},
  }
}
