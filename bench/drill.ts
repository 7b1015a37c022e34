import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findTools } from '../src/adapters/postgres/tools.ts'
import { makeWorkspace } from '../src/adapters/workspace.ts'
import { fill, units } from './backup/database.ts'
import { say } from './clock.ts'
import type { Site } from './drill/contenders.ts'
import { keepBackup } from './drill/keep-backup.ts'
import { writeSmokeFile } from './drill/smoke.ts'
import { measureSpeed } from './drill/speed.ts'
import { shiplock } from './executors.ts'
import type { Measured, Options } from './report.ts'
import { startBenchServer } from './server.ts'

/** What a drill costs beside the script that people write today: from the stored dump to a copy that was looked at. */
export default async function drill({ runs, quick }: Options): Promise<Measured> {
  await using workspace = await makeWorkspace({ roots: [tmpdir()] })
  const tools = await findTools({ major: 13, set: 'server', binDir: undefined, install: true, env: process.env, say })
  const smoke = join(workspace.path, 'smoke')
  await mkdir(smoke)
  const store = join(workspace.path, 'store')
  const { sizeBytes, dump } = await makeBackup(store, quick ? units.small : units.large)
  const site: Site = { store, dump, smoke, smokeFile: await writeSmokeFile(smoke), binDir: tools.binDir, folder: workspace.path }
  const sections = await measureSpeed({ site, sizeBytes, runs })
  return { sections, versions: { PostgreSQL: tools.version, Shiplock: shiplock().version } }
}

/** The server that was backed up is gone when drills begin: it would take memory from them. */
async function makeBackup(store: string, count: number): Promise<{ readonly sizeBytes: number; readonly dump: string }> {
  await using bench = await startBenchServer({ ...forFilling, shared_buffers: '512MB' })
  await using place = await bench.fresh()
  say('making the database')
  const { sizeBytes } = await fill(place, count)
  say('backing it up')
  return { sizeBytes, dump: await keepBackup(place, store) }
}

const forFilling = { fsync: 'off', wal_level: 'minimal', max_wal_senders: '0', max_wal_size: '8GB', autovacuum: 'off' }
