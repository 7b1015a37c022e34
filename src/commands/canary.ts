import { LiveTable } from '../canary/live-table.ts'
import { watch } from '../canary/watch.ts'
import { canaryBacktest } from './canary-backtest.ts'
import { canaryCheckOnly } from './canary-check-only.ts'
import { sampleLines } from './canary-lines.ts'
import { canaryOutcome, reasonOf } from './canary-outcome.ts'
import { canaryPlan, namedChecks } from './canary-plan.ts'
import { recordCanary } from './canary-record.ts'
import { sourceInputNames, sourcesFor } from './canary-sources.ts'
import { withTraffic } from './canary-traffic.ts'
import { defineCommand, type Outcome } from './command.ts'
import { databaseInputNames, databaseInputs, lockInputNames } from './database-inputs.ts'

export default defineCommand({
  summary: 'Watch a release on metrics, logs and SQL beside what was normal before: promote, hold or abort.',
  inputs: [
    ...databaseInputNames,
    ...lockInputNames,
    'canary-checks',
    ...sourceInputNames,
    'duration',
    'warmup',
    'settle',
    'baseline',
    'baseline-days',
    'deployed-at',
    'since',
    'check-only',
    'backtest',
    'traffic',
    'on-hold',
  ],
  optional: ['database-url', 'canary-checks'],
  outputs: {
    deciding: 'The check that decided; empty when all of them promote.',
    windows: 'How many windows were judged, of all checks together.',
  },

  async run(inputs, context): Promise<Outcome> {
    const checks = namedChecks(inputs['canary-checks'])
    const url = inputs['database-url']
    await using database = url === undefined ? undefined : await databaseInputs({ ...inputs, 'database-url': url }, context)
    await using probes = await context.openProbes(await sourcesFor(checks, inputs, database, context))
    const plan = canaryPlan(checks, inputs, context)
    if (inputs['check-only']) return canaryCheckOnly(plan, probes, context)
    if (inputs.backtest) return canaryBacktest(plan, probes, context)

    const { clock, signal, log } = context
    const table = new LiveTable(checks.map(({ id }) => id))
    const seen = (verdict: Parameters<LiveTable['linesOf']>[0]) => {
      for (const line of table.linesOf(verdict)) log.info(line)
    }
    const end = await withTraffic(inputs.traffic, context, () => watch(plan, { probes, clock, signal, seen }))
    const record = await recordCanary(end, reasonOf(end), database, inputs, context)
    const lines = new Map<string, readonly string[]>()
    for (const [index, verdict] of end.verdicts.entries()) {
      const check = plan.checks[index]
      if (check !== undefined) lines.set(check.id, await sampleLines(check, verdict, probes, context))
    }
    return canaryOutcome({ end, record, lines, onHold: inputs['on-hold'], hasDatabase: database !== undefined }, plan, probes, context)
  },
})
