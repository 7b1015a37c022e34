import { tmpdir } from 'node:os'
import { makeWorkspace } from '../src/adapters/workspace.ts'
import { startCeph } from '../test/s3/ceph.ts'
import { installCeph } from '../test/s3/install-ceph.ts'
import type { Site } from './backup/contenders.ts'
import { fill, units } from './backup/database.ts'
import { measureMemory } from './backup/memory.ts'
import { installRclone } from './backup/rclone.ts'
import { measureSpeed } from './backup/speed.ts'
import { say } from './clock.ts'
import { shiplock } from './executors.ts'
import type { Measured, Options, Section } from './report.ts'
import { startBenchServer } from './server.ts'

export const parts = ['speed', 'memory'] as const

/** What a backup into a bucket costs: time beside the bare dump and beside what people write today, and memory. */
export default async function backup({ only, runs, quick }: Options): Promise<Measured> {
  const rclone = await installRclone()
  const ceph = await installCeph(say)
  await using bench = await startBenchServer({ ...forFilling, shared_buffers: '512MB' })
  await using gateway = await startCeph({ store: 'bluestore' })
  await using workspace = await makeWorkspace({ roots: [tmpdir()] })
  say('making the databases')
  await using large = await bench.fresh()
  await using medium = await bench.fresh()
  const site: Site = {
    ceph: gateway,
    bucket: await gateway.createBucket(),
    place: large,
    serverMajor: bench.server.major,
    folder: workspace.path,
  }
  const { sizeBytes } = await fill(large, quick ? units.small : units.large)
  const sections: Section[] = []
  if (only.includes('speed')) sections.push(...(await measureSpeed({ site, rclone, sizeBytes, runs })))
  if (only.includes('memory')) {
    const less = await fill(medium, quick ? units.small : units.medium)
    const databases = [
      { site: { ...site, place: medium }, ...less },
      { site, sizeBytes },
    ]
    sections.push(await measureMemory({ databases, streamBytes: quick ? 1e9 : 20e9 }))
  }
  const versions = { PostgreSQL: bench.version, Ceph: ceph, Shiplock: shiplock().version, rclone: rclone.version }
  return { sections, versions }
}

/** Nothing here outlives the benchmark, and no vacuum may begin in the middle of it. */
const forFilling = { fsync: 'off', wal_level: 'minimal', max_wal_senders: '0', max_wal_size: '8GB', autovacuum: 'off' }
