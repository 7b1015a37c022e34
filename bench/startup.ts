import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { startServer } from '../test/postgres/server.ts'
import { makeProject } from '../test/program.ts'
import { goal, type Measured, type Timing, timeCommands } from './report.ts'
import { installNpmRivals } from './rivals.ts'

const migrations = 300

/** What a person waits for before anything happens: `--version`, and `plan` on many migrations, beside other tools. */
export default async function startup(): Promise<Measured> {
  await using server = await startServer()
  const url = await server.createDatabase('bench')
  await using project = await makeProject(files())
  const cli = resolve('dist/cli.js')
  const { dbmate, nodePgMigrate } = await installNpmRivals()
  const env = { ...process.env, DATABASE_URL: url }
  execFileSync(process.execPath, [cli, 'migrate', '--phase', 'pre'], { cwd: project.dir, env, stdio: 'ignore' })
  execFileSync(dbmate.program, ['--url', `${url}?sslmode=disable`, '--migrations-dir', 'dbmate', '--no-dump-schema', 'up'], {
    cwd: project.dir,
    stdio: 'ignore',
  })
  const inProject = { cwd: project.dir, env }
  const connectScript = `import pg from ${JSON.stringify(resolve('node_modules/pg/esm/index.mjs'))}; const c = new pg.Client({ connectionString: process.env.DATABASE_URL }); await c.connect(); await c.query('select 1'); await c.end()`
  const quick = timeCommands(
    {
      'node -e 0': () => [process.execPath, ['-e', '0']],
      'shiplock --version': () => [process.execPath, [cli, '--version']],
      'dbmate --version': () => [dbmate.program, ['--version']],
    },
    31,
  )
  const planned = timeCommands(
    {
      'node, pg: connect, select 1': () => [process.execPath, ['--input-type=module', '-e', connectScript], inProject],
      'shiplock plan': () => [process.execPath, [cli, 'plan'], inProject],
      'dbmate status': () => [dbmate.program, ['--url', `${url}?sslmode=disable`, '--migrations-dir', 'dbmate', 'status'], inProject],
      'node-pg-migrate up --dry-run': () => [
        process.execPath,
        [nodePgMigrate.program, 'up', '--dry-run', '-m', 'pgm', '--no-check-order'],
        inProject,
      ],
    },
    11,
  )
  const versionMs = quick['shiplock --version'].median - quick['node -e 0'].median
  const planMs = planned['shiplock plan'].median - planned['node, pg: connect, select 1'].median
  return {
    sections: [
      {
        headers: ['command', 'median ms', 'min', 'max'],
        rows: [...Object.entries(quick), ...Object.entries(planned)].map(([name, timing]) => [`${name}`, ...figures(timing)]),
        goals: [goal('version-over-node-ms', versionMs, 60), goal(`plan-${migrations}-over-connection-ms`, planMs, 500)],
      },
    ],
    versions: { PostgreSQL: String(server.major), dbmate: dbmate.version, 'node-pg-migrate': nodePgMigrate.version },
  }
}

/** The same 300 migrations in each tool's form; half of them are pending for Shiplock's plan, so that they are parsed. */
function files(): Record<string, string> {
  const entries: [string, string][] = []
  for (let n = 1; n <= migrations; n++) {
    const number = String(n).padStart(4, '0')
    const up = `create table t${n} (id bigint primary key, name text not null, created_at timestamptz not null default now());\ncreate index t${n}_name on t${n} (name);\n`
    entries.push([`db/${n <= migrations / 2 ? 'migrations' : 'post_migrations'}/${number}_t${n}.sql`, up])
    entries.push([`dbmate/${number}_t${n}.sql`, `-- migrate:up\n${up.replaceAll(`t${n}`, `d${n}`)}\n-- migrate:down\ndrop table d${n};\n`])
    entries.push([
      `pgm/${1_700_000_000_000 + n}_t${n}.sql`,
      `-- Up Migration\n${up.replaceAll(`t${n}`, `p${n}`)}\n-- Down Migration\ndrop table p${n};\n`,
    ])
  }
  return Object.fromEntries(entries)
}

function figures({ median, min, max }: Timing): string[] {
  return [median, min, max].map((ms) => ms.toFixed(1))
}
