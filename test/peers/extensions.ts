import { strict as assert } from 'node:assert'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { installPackages } from '../debian-packages.ts'
import { startServer, type TestServer, uniqueName } from '../postgres/server.ts'
import { makeProject, shiplock } from '../program.ts'

const run = promisify(execFile)
const say = (text: string) => process.stderr.write(`${text}\n`)

/** An extension that PostgreSQL does not ship, and a database that needs it. */
interface Recipe {
  readonly name: string
  package(serverMajor: number): string
  readonly sql: string
  readonly smoke: string
  readonly lacking: string
}

const recipes: readonly Recipe[] = [
  {
    name: 'PostGIS',
    package: (major) => `postgresql-${major}-postgis-3`,
    lacking: 'postgis',
    sql: `create extension postgis;
      create table places (id int generated always as identity primary key, at geography(point, 4326), area geometry(polygon, 3857));
      insert into places (at, area)
        select st_point(i % 180, i % 90)::geography, st_setsrid(st_makeenvelope(i, i, i + 10, i + 10), 3857) from generate_series(1, 2000) i;
      create index on places using gist (area);
      insert into spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text) values (990001, 'acme', 1, '', '+proj=longlat');
      create view near as select * from places where st_dwithin(at, st_point(10, 10)::geography, 1000000);`,
    smoke: `-- expect: rows > 0
      select * from near;
      -- expect: value = 1
      select count(*) from spatial_ref_sys where srid = 990001;`,
  },
  {
    name: 'pgvector',
    package: (major) => `postgresql-${major}-pgvector`,
    lacking: 'vector',
    sql: `create extension vector;
      create table items (id int primary key, embedding vector(3));
      insert into items select i, format('[%s,%s,%s]', i, i % 7, i % 11)::vector from generate_series(1, 2000) i;
      create index on items using ivfflat (embedding vector_l2_ops) with (lists = 10);`,
    smoke: `-- expect: rows > 0
      select id from items order by embedding <-> '[3,1,2]' limit 5;`,
  },
]

/** Proves that databases with extensions of other packages are drilled as docs/drills.md says, where Debian has the packages. */
async function main(): Promise<number> {
  const search = { binDir: process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined, install: true, env: process.env, say }
  const { major } = await findTools({ ...search, major: 13, set: 'server' })
  const possible = []
  for (const recipe of recipes) {
    const name = recipe.package(major)
    if (await isKnown(name)) possible.push(recipe)
    else process.stdout.write(`none  ${recipe.name}: this machine's apt knows no ${name}\n`)
  }
  if (possible.length > 0)
    await installPackages(
      possible.map((recipe) => recipe.package(major)),
      say,
    )
  await using server = await startServer()
  let failed = 0
  for (const recipe of possible) {
    const from = performance.now()
    try {
      await drills(recipe, server)
      process.stdout.write(`ok    ${recipe.name} (${Math.round(performance.now() - from)} ms)\n`)
    } catch (error) {
      failed++
      process.stdout.write(`FAIL  ${recipe.name}: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  return failed
}

async function isKnown(name: string): Promise<boolean> {
  return run('apt-cache', ['show', '--no-all-versions', name]).then(
    () => true,
    () => false,
  )
}

async function drills(recipe: Recipe, server: TestServer): Promise<void> {
  const name = uniqueName('extended')
  const url = await server.createDatabase(name)
  await server.query(recipe.sql, name)
  await using project = await makeProject({ 'smoke/queries.sql': recipe.smoke })
  const common = ['--project', 'shop', '--store', `file://${project.dir}/backups`]
  const env = { DATABASE_URL: url }
  const backup = await shiplock(['backup', ...common, '--fingerprint', 'full'], { cwd: project.dir, env })
  assert.equal(backup.exitCode, 0)

  const without = await shiplock(['restore-drill', ...common], { cwd: project.dir, env })
  assert.equal(without.exitCode, 3)
  assert.match(without.result.commands[0]?.error?.message ?? '', new RegExp(`\\b${recipe.lacking}\\b`))

  await project.write({ 'shiplock.yml': `drill:\n  packages: [${recipe.package(server.major)}]\n  smoke: smoke\n` })
  const drill = await shiplock(['restore-drill', ...common], { cwd: project.dir, env })
  assert.deepEqual([drill.exitCode, drill.result.commands[0]?.error], [0, undefined])
  assert.deepEqual(drill.result.commands[0]?.levels, ['restored', 'equal', 'usable'])
}

process.exitCode = (await main()) === 0 ? 0 : 1
