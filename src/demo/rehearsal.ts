import { plural } from '../units.ts'
import { version1, version2 } from './application.ts'
import { projectFiles, shopBefore, unequalRows } from './shop.ts'
import type { Stage, Time } from './stage.ts'
import { type Ending, endingOf, type Step, takeStep } from './step.ts'
import { describeError, type Span } from './timeline.ts'
import { Traffic } from './traffic.ts'
import { replaceWorkers, startWorker, type Worker, type Workplace } from './workers.ts'

/** Everything that a rehearsal of the release needs. */
export interface Scene {
  readonly stage: Stage
  readonly time: Time
  readonly signal: AbortSignal
  /** Orders in the shop at the start. */
  readonly rows: number
  /** Moves the drop of the old column into the pre phase. */
  readonly dropEarly: boolean
  /** PostgreSQL's programs, for the commands, when a folder was named. */
  readonly binDir: string | undefined
  readonly say: (line: string) => void
  readonly warn: (line: string) => void
}

/** Each second worker prepares its statements once, as many drivers and pools do. */
const crew = [true, false, true, false]
const quietMs = 1500
const buildMs = 1000
const betweenWorkersMs = 400

/** Opens the shop and takes the release through its steps while the shop is busy; stops at the first that does not pass. */
export async function rehearse(scene: Scene): Promise<readonly Span[]> {
  const { stage, time, signal, rows, say } = scene
  const traffic = new Traffic()
  const workplace: Workplace = { stage, time, traffic, signal, rows }
  await openShop(scene)
  const shop = { workers: await Promise.all(crew.map((prepared) => startWorker(version1, prepared, workplace))) }
  say(`${crew.length} workers of version 1 are busy, ${crew.filter(Boolean).length} of them with prepared statements`)
  const spans: Span[] = []
  try {
    for (const step of stepsOf(scene, shop, workplace)) {
      const span = await takeStep(step, traffic, scene)
      spans.push(span)
      if (span.state !== 'passed') break
    }
  } finally {
    await closeShop(shop)
  }
  return spans
}

interface Shop {
  workers: readonly Worker[]
}

/** What the break shows is over as soon as version 1 is gone, so that its rehearsal ends with the deploy. */
function stepsOf(scene: Scene, shop: Shop, workplace: Workplace): readonly Step[] {
  const { stage, time, signal, dropEarly } = scene
  const shiplock = (id: Step['id'], ...args: readonly string[]): Step => ({
    id,
    command: `shiplock ${args.join(' ')}`,
    run: async () => endingOf(await stage.shiplock(args)),
  })
  const before = [
    { id: 'before', command: 'version 1 alone', run: () => wait(time, signal) },
    shiplock('plan', 'plan'),
    shiplock('backup', 'backup'),
    shiplock('migrate-pre', 'migrate', '--phase', 'pre'),
    { id: 'deploy', command: 'your own deploy command', run: () => deploy(scene, shop, workplace) },
  ] as const
  const rest = [
    shiplock('record-deployed', 'record', 'deployed'),
    { id: 'columns-equal', command: 'compare both columns', run: () => compareColumns(stage) },
    shiplock('migrate-post', 'migrate', '--phase', 'post'),
    shiplock('backup-after', 'backup'),
    shiplock('restore-drill', 'restore-drill'),
  ] as const
  const after = { id: 'after', command: 'version 2 alone', run: () => wait(time, signal).finally(() => closeShop(shop)) } as const
  return [...before, ...(dropEarly ? [] : rest), after]
}

async function openShop({ stage, rows, dropEarly, binDir, say }: Scene): Promise<void> {
  await stage.writeFiles(projectFiles({ dropEarly, binDir }))
  say(`filling the shop with ${plural(rows, 'order')}`)
  await using session = await stage.connect('shop set-up')
  for (const statement of shopBefore(rows)) await session.query(statement)
}

async function closeShop({ workers }: Shop): Promise<void> {
  await Promise.all(workers.map((worker) => worker.stop()))
}

async function wait(time: Time, signal: AbortSignal): Promise<Ending> {
  await time.sleep(quietMs, signal)
  return { passed: true, reason: '' }
}

/** What a team's deploy does: servers of the old version are replaced while the others go on. */
async function deploy({ time, signal, dropEarly, warn }: Scene, shop: Shop, workplace: Workplace): Promise<Ending> {
  await time.sleep(buildMs, signal) // the old version lives on the new schema until the new one is ready
  const { firstFailed } = workplace.traffic.now
  if (dropEarly && firstFailed !== undefined) warn(`version 1 fails while it is still live: ${describeError(firstFailed)}`)
  const old = shop.workers
  shop.workers = await replaceWorkers(old, version2, betweenWorkersMs, workplace)
  return { passed: true, reason: `${plural(old.length, 'worker')} of version 1 replaced by version 2, one after the other.` }
}

/** Both versions wrote to their own column; a row in which these differ is a lost write. */
async function compareColumns(stage: Stage): Promise<Ending> {
  await using session = await stage.connect('shop comparison')
  const [row] = await session.query(unequalRows)
  const unequal = Number(row?.unequal)
  return unequal === 0
    ? { passed: true, reason: 'Both columns say the same in every row.' }
    : { passed: false, reason: `The columns differ in ${plural(unequal, 'row')}: writes of one version were lost.` }
}
