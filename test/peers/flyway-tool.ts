import { strict as assert } from 'node:assert'
import type { Phase } from '../../src/migration/migration.ts'
import { installMavenTool } from './maven-tool.ts'
import { type Ended, type PeerBench, passed, type Variables } from './peer-bench.ts'
import { folders, type PeerTool } from './peer-tool.ts'
import { flyway as pin } from './pins.ts'

const program = await installMavenTool(pin, (text) => process.stderr.write(`${text}\n`))

/** A JVM that only has to start soon; nothing is asked of the outside. */
const quick = {
  JAVA_ARGS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto',
  REDGATE_DISABLE_TELEMETRY: 'true',
  LC_ALL: 'C.UTF-8', // it reads its environment in the locale's encoding
}

/** One command of Flyway on the folder and the table of a phase; a database with tables gets a baseline below every version. */
export function runFlyway(bench: PeerBench, command: readonly string[], phase: Phase = 'pre', env: Variables = {}): Promise<Ended> {
  const { hostname, port, username, password } = new URL(bench.url)
  const connection = {
    FLYWAY_URL: `jdbc:postgresql://${hostname}:${port}/${bench.database}`,
    FLYWAY_USER: decodeURIComponent(username),
    FLYWAY_PASSWORD: decodeURIComponent(password),
    FLYWAY_LOCATIONS: `filesystem:${folders[phase]}`,
    FLYWAY_TABLE: `flyway_schema_history${phase === 'pre' ? '' : '_post'}`,
    FLYWAY_BASELINE_ON_MIGRATE: 'true',
    FLYWAY_BASELINE_VERSION: '0',
  }
  return bench.run(program, ['-skipCheckForUpdate', ...command], { ...quick, ...connection, ...env })
}

/** With Flyway's usual lock a concurrent build waits for Flyway's own transaction, and never ends. */
export const sessionLock = '-postgresql.transactional.lock=false'

interface Info {
  readonly migrations: readonly { readonly version: string; readonly state: string; readonly filepath: string }[]
}

/** What Flyway's own status says of each migration. */
export async function flywayInfo(bench: PeerBench, phase: Phase = 'pre', env: Variables = {}): Promise<Info['migrations']> {
  const output = await passed(runFlyway(bench, ['info', '-outputType=json'], phase, env))
  return (JSON.parse(output.slice(output.indexOf('{'))) as Info).migrations
}

export const flyway: PeerTool = {
  layout: 'flyway',
  version: pin.version,
  id: (number, name) => `V${number}__${name}`,
  files: (number, name, { up, back }) => ({
    [`V${number}__${name}.sql`]: `${up}\n`,
    ...(back === undefined ? {} : { [`U${number}__${name}.sql`]: `${back}\n` }),
  }),
  up: (bench, phase) => runFlyway(bench, [sessionLock, 'migrate'], phase),
  boot: { name: 'with its usual lock', run: (bench) => runFlyway(bench, ['migrate']) },
  async pending(bench, phase) {
    const migrations = await flywayInfo(bench, phase)
    const pending = migrations.filter(({ state }) => state === 'Pending')
    for (const { version, state } of migrations)
      assert(['Pending', 'Success', 'Baseline'].includes(state), `${version} is ${state} to Flyway`)
    return pending.map((one) => Number(one.version))
  },
  rows: (bench, phase) =>
    bench.query(
      `select version, description, type, script, checksum, installed_by, success from flyway_schema_history${phase === 'pre' ? '' : '_post'} where type <> 'BASELINE' order by installed_rank`,
    ),
}
