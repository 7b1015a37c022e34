import { nowMs, pause, say } from '../clock.ts'
import type { Executor } from '../executors.ts'
import { median } from '../median.ts'
import { goal, type Section } from '../report.ts'
import type { Place } from '../server.ts'
import type { Waits } from '../waits.ts'
import { type Arena, change } from './arena.ts'
import { attemptsOf, ms, waitCells, waitHeaders } from './cells.ts'
import { type Company, measure, measureNoise, type Scene, type Trial } from './trial.ts'

interface Report {
  readonly endedAt: number
  /** How much longer it took than it takes alone. */
  readonly delayMs: number
}

interface Reports extends Company {
  readonly over: Promise<readonly Report[]>
}

/** A report that reads the table for 20 s, begun a second before. */
export function oneReport(arena: Arena): Promise<Section> {
  return besideReports(arena, 'report', { startsMs: [0], lengthMs: arena.options.quick ? 4000 : 20_000 })
}

/** Three reports of 20 s that overlap, 30 s in all. */
export function threeReports(arena: Arena): Promise<Section> {
  return besideReports(
    arena,
    'reports',
    arena.options.quick ? { startsMs: [0, 2000, 4000], lengthMs: 4000 } : { startsMs: [0, 5000, 10_000], lengthMs: 20_000 },
  )
}

interface Timetable {
  readonly startsMs: readonly number[]
  readonly lengthMs: number
}

/** One executor beside the reports; of several runs, the median of each figure. */
interface Figures extends Waits {
  /** From the end of the last report that it let pass. */
  readonly afterReportMs: number
  readonly reportDelayMs: number
  readonly attempts: number | undefined
}

async function besideReports({ bench, plain, executors, options }: Arena, id: string, timetable: Timetable): Promise<Section> {
  const scene: Scene<Reports> = { template: plain, begin: (place) => beginReports(place, timetable) }
  const noise = await measureNoise(bench, scene, 0)
  say(`${id}: without a migration, longest wait ${ms(noise.longestMs)} ms`)
  const rows = [['no migration', ...waitCells(noise), '–', '–', '–']]
  const measured = new Map<Executor, Figures>()
  for (const executor of [executors.shiplock, ...executors.rivals]) {
    const runs = executor === executors.shiplock ? options.runs : 1
    const all: Figures[] = []
    for (let run = 1; run <= runs; run++) {
      const figures = await figuresOf(await measure(bench, scene, executor, 90_000))
      say(
        `${id}: ${executor.name}, run ${run} of ${runs}, longest wait ${ms(figures.longestMs)} ms, applied ${ms(figures.afterReportMs)} ms after the report`,
      )
      all.push(figures)
    }
    const figures = mediansOf(all)
    measured.set(executor, figures)
    const cells = [...waitCells(figures), ms(figures.afterReportMs), ms(figures.reportDelayMs), ms(figures.attempts)]
    rows.push([runs > 1 ? `${executor.name}, median of ${runs}` : executor.name, ...cells])
  }
  const ours = measured.get(executors.shiplock) as Figures
  const dbmates = measured.get(executors.dbmate) as Figures
  const count = timetable.startsMs.length
  const apartMs = timetable.startsMs[1] ?? 0
  return {
    title: count === 1 ? 'One long report' : `${count} overlapping reports`,
    text: `${count === 1 ? `A report reads the table for ${timetable.lengthMs / 1000} s` : `${count} reports read the table for ${timetable.lengthMs / 1000} s each, begun ${apartMs / 1000} s apart`}; the migration, \`${change.sql}\`, starts 1 s after the first. Shiplock: ${options.runs > 1 ? `medians of ${options.runs} runs` : 'one run'}; the others ran once.`,
    headers: ['executor', ...waitHeaders, "applied after the report's end ms", 'report delayed ms', 'attempts'],
    rows,
    goals: [
      goal(`${id}-longest-wait-over-noise-ms`, ours.longestMs - noise.longestMs, 100),
      goal(`${id}-longest-wait-percent-of-dbmate`, (100 * ours.longestMs) / dbmates.longestMs, 1),
      goal(`${id}-time-over-1s-ms`, ours.over1sMs, 0),
      goal(`${id}-failed-queries`, ours.failed, 0),
      goal(`${id}-applied-after-report-ms`, ours.afterReportMs, 250),
      goal(`${id}-report-delayed-ms`, ours.reportDelayMs, 100),
    ],
  }
}

async function beginReports(place: Place, { startsMs, lengthMs }: Timetable): Promise<Reports> {
  const over = Promise.all(startsMs.map((startMs) => read(place, startMs, lengthMs)))
  over.catch(() => {}) // whoever waits for it learns of it
  return { over, stop: async () => {} }
}

/** One message, so that its locks are gone when it has ended. */
async function read(place: Place, startMs: number, lengthMs: number): Promise<Report> {
  const client = await place.connect('report')
  await pause(startMs)
  const begunAt = nowMs()
  await client.query(`begin; select pg_sleep(${lengthMs / 1000}) from accounts limit 1; commit`)
  const endedAt = nowMs()
  return { endedAt, delayMs: endedAt - begunAt - lengthMs }
}

/** The column may be seen before the answer to a report that ended first. */
const slackMs = 50

async function figuresOf({ waits, seen, company, ended }: Trial<Reports>): Promise<Figures> {
  const { appliedAt = Number.POSITIVE_INFINITY } = seen
  const reports = await company.over
  const passed = reports.map(({ endedAt }) => endedAt).filter((endedAt) => endedAt <= appliedAt + slackMs)
  return {
    ...waits,
    afterReportMs: Math.max(0, appliedAt - Math.max(...passed)),
    reportDelayMs: Math.max(...reports.map(({ delayMs }) => delayMs)),
    attempts: attemptsOf(ended),
  }
}

function mediansOf(all: readonly Figures[]): Figures {
  const [first] = all
  const names = Object.keys(first ?? {}) as (keyof Figures)[]
  return Object.fromEntries(
    names.map((name) => [name, first?.[name] === undefined ? undefined : median(all.map((one) => one[name] ?? Number.NaN))]),
  ) as unknown as Figures
}
