import type { Check } from '../../canary/check.ts'
import type { Probe, Probes } from '../../canary/probe.ts'
import type { SourcesWanted } from '../../canary/sources.ts'
import type { DatabaseInputs } from '../../commands/command.ts'
import { prometheusProbe } from './prometheus.ts'

/** One probe a source, each opened when the first check asks it. */
export function openProbes({ prometheus, allowWarnings }: SourcesWanted<DatabaseInputs>): Probes {
  const opened = prometheus === undefined ? undefined : prometheusProbe(prometheus, { allowWarnings })
  return {
    for(check: Check): Probe {
      if (check.prometheus !== undefined && opened !== undefined) return opened
      throw new Error(`no source for the check ${check.id}`)
    },
    async [Symbol.asyncDispose]() {},
  }
}
