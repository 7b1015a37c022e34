import type { ReleaseError } from '../errors.ts'
import type { Effect } from '../sql/classify.ts'
import type { Step } from './books.ts'
import { buildIndex } from './concurrent/build-index.ts'
import { detachPartition } from './concurrent/detach-partition.ts'
import { dropIndex } from './concurrent/drop-index.ts'
import { rebuildIndexes } from './concurrent/rebuild-index.ts'
import { runPatiently } from './concurrent/run-patiently.ts'
import { withoutLimits } from './concurrent/send-watched.ts'
import type { Unit } from './script.ts'
import { doubt, type Job, noted, type StandAloneTools } from './stand-alone-job.ts'

/** Runs a statement whose record cannot commit with it: noted before and after, since only that tells later what became of it. */
export async function runAlone(
  unit: Unit,
  finished: Step,
  known: Step | undefined,
  tools: StandAloneTools,
): Promise<ReleaseError | undefined> {
  const job: Job = { unit, finished, known, tools }
  if (unit.concurrent) return withoutLimits(tools.executor, () => runConcurrent(job, unit.effect))
  if (known?.state === 'started' && (await tookEffect(job))) {
    await tools.executor.books.saveStep(tools.script.migration, finished)
    return undefined
  }
  return noted(job, async (begin) => {
    await begin()
    return tools.send(unit)
  })
}

async function runConcurrent(job: Job, effect: Effect | undefined): Promise<ReleaseError | undefined> {
  switch (effect?.kind) {
    case 'index-created':
      return buildIndex(job)
    case 'index-dropped':
      return dropIndex(job, effect.index)
    case 'index-rebuilt':
      return rebuildIndexes(job, effect.relation)
    case 'partition-detached':
      return detachPartition(job, effect.table, effect.partition)
    case 'repeatable':
      return runPatiently(job, { what: 'vacuuming', relations: [] })
    default: // the server refuses it at once
      return runPatiently(job, { what: 'running', relations: [] })
  }
}

/** Decides from the catalog about a statement that was under way when an earlier run ended. */
async function tookEffect(job: Job): Promise<boolean> {
  const { effect } = job.unit
  const { catalog } = job.tools.executor
  if (effect?.kind === 'object-created') return catalog.exists(effect.what, effect.name)
  if (effect?.kind === 'object-dropped') return !(await catalog.exists(effect.what, effect.name))
  if (effect?.kind === 'repeatable') return false
  throw doubt(job)
}
