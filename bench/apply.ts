import { say } from './clock.ts'
import { type Change, type Executor, type Executors, installExecutors, versionsOf } from './executors.ts'
import { median } from './median.ts'
import { startProxy } from './proxy.ts'
import { goal, type Measured, type Options, type Section } from './report.ts'
import { type BenchServer, type Place, startBenchServer } from './server.ts'
import { startExecutor } from './start-executor.ts'

interface Course {
  readonly bench: BenchServer
  readonly executors: Executors
  readonly options: Options
}

type Run = (course: Course) => Promise<Section>
const courses: Readonly<Record<string, Run>> = { local, remote }
export const parts = Object.keys(courses)

/** How long many small migrations take on an empty database. */
export default async function apply(options: Options): Promise<Measured> {
  await using bench = await startBenchServer({ fsync: 'on' })
  const executors = await installExecutors(bench.server.major)
  const sections: Section[] = []
  for (const name of options.only) sections.push(await (courses[name] as Run)({ bench, executors, options }))
  return { sections, versions: { PostgreSQL: bench.version, ...versionsOf(executors) } }
}

/** No network in between: what a tool does beside the statements. */
async function local(course: Course): Promise<Section> {
  const count = course.options.quick ? 20 : 500
  const { rows, seconds } = await takeTurns(course, count, (place) => place.url)
  const { shiplock, psql, dbmate } = course.executors
  return {
    title: `${count} migrations on this machine`,
    text: `${aboutThem} Seconds of the whole command.`,
    headers,
    rows,
    goals: [
      goal('local-percent-of-dbmate', percent(seconds(shiplock), seconds(dbmate)), 100),
      goal('local-percent-of-psql', percent(seconds(shiplock), seconds(psql)), 130),
    ],
  }
}

const oneWayMs = 10

/** A server that is far away: what a tool asks and waits for. */
async function remote(course: Course): Promise<Section> {
  const count = course.options.quick ? 10 : 100
  await using proxy = await startProxy({ port: course.bench.server.port, delayMs: oneWayMs })
  const { rows, seconds } = await takeTurns(course, count, ({ url }) => {
    const far = new URL(url)
    far.port = String(proxy.port)
    return far.href
  })
  const { shiplock, dbmate } = course.executors
  return {
    title: `${count} migrations over ${2 * oneWayMs} ms`,
    text: `${aboutThem} Every byte takes ${oneWayMs} ms in each direction. Seconds of the whole command.`,
    headers,
    rows,
    goals: [goal('remote-percent-of-dbmate', percent(seconds(shiplock), seconds(dbmate)), 20)],
  }
}

const headers = ['executor', 'median s', 'min', 'max'] as const

const aboutThem =
  'Each second one creates a table, the next adds a column to it; the database is empty before each run. psql runs one file in one session: a transaction for each migration, with its row in a table of versions. node-pg-migrate puts all of them into one transaction; this is its default.'

function smallChanges(count: number): Change[] {
  return Array.from({ length: count }, (_, index) => {
    const table = `t${Math.floor(index / 2)}`
    return index % 2 === 0
      ? { name: `create_${table}`, sql: `create table ${table} (id bigint primary key, name text not null)` }
      : { name: `extend_${table}`, sql: `alter table ${table} add column note text` }
  })
}

/** Every executor once in each round, so that what the machine does besides touches all alike. */
async function takeTurns({ bench, executors, options }: Course, count: number, urlOf: (place: Place) => string) {
  const changes = smallChanges(count)
  const all = [executors.shiplock, ...executors.rivals].map((one) => (one === executors.psql ? inOneSession(one) : one))
  const samples = new Map(all.map(({ name }) => [name, [] as number[]]))
  for (let round = 1; round <= options.runs; round++) {
    for (const executor of all) {
      await using place = await bench.fresh()
      const took = await timed(executor, changes, place, urlOf(place))
      samples.get(executor.name)?.push(took)
      say(`${count} migrations, round ${round} of ${options.runs}: ${executor.name} ${took.toFixed(2)} s`)
    }
  }
  const seconds = ({ name }: Executor) => median(samples.get(name) ?? [])
  const rows = all.map((executor) => {
    const own = samples.get(executor.name) ?? []
    return [executor.name, ...[seconds(executor), Math.min(...own), Math.max(...own)].map((one) => one.toFixed(2))]
  })
  return { rows, seconds }
}

async function timed(executor: Executor, changes: readonly Change[], place: Place, url: string): Promise<number> {
  await using started = await startExecutor(executor, changes, url)
  const { exitCode, at, stdout, stderr } = await started.ended
  if (exitCode !== 0) throw new Error(`${executor.name} ended with ${exitCode}:\n${stdout}\n${stderr}`)
  const [row] = await place.query<{ extended: number }>(
    `select count(*)::int as extended from pg_attribute where attrelid::regclass::text like 't%' and attname = 'note' and not attisdropped`,
  )
  if (row?.extended !== Math.floor(changes.length / 2))
    throw new Error(`${executor.name} extended ${row?.extended} tables of ${changes.length / 2}`)
  return (at - started.at) / 1000
}

/** The least that a script of one's own would do. */
function inOneSession(psql: Executor): Executor {
  const recorded = ({ name, sql }: Change) => `begin;\n${sql};\ninsert into versions values ('${name}');\ncommit;\n`
  return {
    ...psql,
    files: (changes) => ({ 'changes.sql': `create table versions (version text primary key);\n${changes.map(recorded).join('')}` }),
  }
}

function percent(part: number, whole: number): number {
  return (100 * part) / whole
}
