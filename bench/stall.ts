import { say } from './clock.ts'
import { installExecutors, versionsOf } from './executors.ts'
import type { Measured, Options, Section } from './report.ts'
import { startBenchServer } from './server.ts'
import { type Arena, partitionedAccounts, plainAccounts, type Situation } from './stall/arena.ts'
import { idleInTransaction, plainVacuum, wraparoundVacuum } from './stall/blockers.ts'
import { busyTable } from './stall/busy.ts'
import { killedWhileWaiting } from './stall/killed.ts'
import { eightPartitions } from './stall/partitions.ts'
import { oneReport, threeReports } from './stall/reports.ts'
import { vanishedPackets } from './stall/vanished.ts'

const situations: Readonly<Record<string, Situation>> = {
  report: oneReport,
  reports: threeReports,
  busy: busyTable,
  autovacuum: plainVacuum,
  wraparound: wraparoundVacuum,
  idle: idleInTransaction,
  partitions: eightPartitions,
  killed: killedWhileWaiting,
  vanished: vanishedPackets,
}

export const parts = Object.keys(situations)

/** How long the application waits while a column is added to a table that somebody else holds. */
export default async function stall(options: Options): Promise<Measured> {
  await using bench = await startBenchServer({ shared_buffers: '512MB', max_wal_size: '8GB' })
  const executors = await installExecutors(bench.server.major)
  const rows = options.quick ? 50_000 : 1_000_000
  say(`making tables of ${rows} rows`)
  await using plain = await bench.fresh()
  await using partitioned = await bench.fresh()
  await using small = await bench.fresh()
  const arena: Arena = {
    bench,
    executors,
    options,
    plain: await plainAccounts(plain, rows),
    partitioned: await partitionedAccounts(partitioned, rows),
    small: await plainAccounts(small, 50_000),
  }
  const sections: Section[] = []
  for (const name of options.only) sections.push(await (situations[name] as Situation)(arena))
  return { sections, versions: { PostgreSQL: `${bench.version} (fsync off)`, ...versionsOf(executors) } }
}
