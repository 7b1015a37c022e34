import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import type { Ceph } from '../../test/s3/ceph.ts'
import type { Rival } from '../rivals.ts'
import type { Place } from '../server.ts'
import { measure, type Step } from './step.ts'

/** Where everybody finds the same database and the same bucket, over TLS. */
export interface Site {
  readonly ceph: Ceph
  readonly bucket: string
  readonly place: Place
  readonly serverMajor: number
  /** For files of a contender's own. */
  readonly folder: string
}

/** A way to back a database up: the steps of one run, one after the other. */
export interface Contender {
  readonly name: string
  run(): Promise<readonly Step[]>
}

type Level = 'landed' | 'read-back'

/** Shiplock as people start it. */
export function shiplock({ ceph, bucket, place, folder }: Site, level: Level): Contender {
  const store = ['--store', `s3://${bucket}/shiplock`, '--s3-endpoint', ceph.tlsEndpoint, '--s3-ca', ceph.caPath, '--s3-force-path-style']
  const command = {
    program: process.execPath,
    args: [resolve('dist/cli.js'), 'backup', '--project', 'bench', '--level', level, '--json', ...store],
    env: { DATABASE_URL: place.url, AWS_ACCESS_KEY_ID: ceph.owner.accessKeyId, AWS_SECRET_ACCESS_KEY: ceph.owner.secretAccessKey },
    cwd: folder,
  }
  return { name: `Shiplock, ${level}`, run: async () => [await measure(command)] }
}

/** The least that a dump with Shiplock's own arguments takes: it goes nowhere. */
export async function bareDump(site: Site): Promise<Contender> {
  const [step] = await shiplock(site, 'landed').run()
  const args = dumpArguments(step?.stdout ?? '')
  const command = { program: await pgDump(site), args: [...args, `--dbname=${site.place.url}`] }
  const compression = args.find((one) => one.startsWith('--compress'))
  return { name: `pg_dump ${compression} to /dev/null`, run: async () => [await measure(command, 'discard')] }
}

/** What people write today: the default compression, a file, then the upload. */
export async function dumpThenUpload(site: Site, rclone: Rival): Promise<Contender> {
  const file = join(site.folder, 'today.dump')
  const dump = { program: await pgDump(site), args: ['-Fc', '-f', file, `--dbname=${site.place.url}`] }
  const { ceph, bucket } = site
  const upload = {
    program: rclone.program,
    args: ['copyto', file, `ceph:${bucket}/today.dump`, '--ca-cert', ceph.caPath],
    env: {
      HOME: site.folder,
      RCLONE_CONFIG_CEPH_TYPE: 's3',
      RCLONE_CONFIG_CEPH_PROVIDER: 'Ceph',
      RCLONE_CONFIG_CEPH_ENDPOINT: ceph.tlsEndpoint,
      RCLONE_CONFIG_CEPH_ACCESS_KEY_ID: ceph.owner.accessKeyId,
      RCLONE_CONFIG_CEPH_SECRET_ACCESS_KEY: ceph.owner.secretAccessKey,
    },
  }
  return {
    name: 'pg_dump -Fc to a file, then rclone',
    async run() {
      const steps = [await measure(dump), await measure(upload)]
      await rm(file)
      return steps
    },
  }
}

/** As the manifest has them, on a snapshot of its own. */
function dumpArguments(stdout: string): readonly string[] {
  const { commands } = JSON.parse(stdout) as { commands: readonly [{ manifest: { dump: { arguments: readonly string[] } } }] }
  return commands[0].manifest.dump.arguments.filter((one) => !one.startsWith('--snapshot='))
}

async function pgDump({ serverMajor }: Site): Promise<string> {
  const search = { major: serverMajor, set: 'client', binDir: undefined, install: false, env: process.env, say: () => {} } as const
  return join((await findTools(search)).binDir, 'pg_dump')
}
