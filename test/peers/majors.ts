import { strict as assert } from 'node:assert'
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { runDrill } from '../drill/run-drill.ts'
import { makeBackup, storeHolding } from '../drill/stored-backup.ts'
import { richSchema } from '../postgres/rich-database.ts'
import { startServer, uniqueName } from '../postgres/server.ts'
import { installServers, majors } from './server-packages.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

/** What reads catalogs, and what PostgreSQL locks. */
const readings = ['postgres/content', 'postgres/locks']
/** What dumps, restores and compares: only where server and programs are of one version. */
const drills = ['postgres/drill-equal', 'postgres/drill-extension-tables', 'adapters/postgres/ownership', 'adapters/postgres/hostile-dump']

/** Runs the tests that depend on what a server's version knows on the oldest and on the newest majors, which Debian does not have. */
async function main(): Promise<number> {
  const search = { major: 13, binDir: undefined, install: true, env: process.env, say }
  const debian = await findTools({ ...search, set: 'server' })
  await using installs = await installServers(debian)
  const newest = Math.max(...majors)
  let failed = 0
  for (const major of majors) {
    say(`PostgreSQL ${major}`)
    failed += await runTests(installs.binDir(major), major < newest ? readings : [...readings, ...drills])
  }
  failed += await drillInNewer(13, { server: installs.binDir(13), newer: debian.binDir })
  failed += await drillInNewer(17, { server: installs.binDir(17), newer: installs.binDir(newest) })
  return failed === 0 ? 0 : 1
}

/** A backup of an older server, made and drilled with the programs of a newer one: nothing but the words of definitions may differ. */
async function drillInNewer(major: number, binDirs: { server: string; newer: string }): Promise<number> {
  const root = await mkdtemp(join(tmpdir(), 'older-'))
  await chmod(root, 0o711) // the server's account passes through
  try {
    await using server = await startServer({ binDir: binDirs.server })
    const [owner, guest] = [uniqueName('owner'), uniqueName('guest')]
    await server.query(`create role ${owner}; create role ${guest}; grant ${owner} to ${guest} with admin option`)
    await server.createDatabase('shop')
    await server.query(`${richSchema}; alter table app.twins owner to ${owner}; grant select on app.twins to ${guest}`, 'shop')
    const backup = await makeBackup(server, 'shop', { binDir: binDirs.newer })
    const { outcome, checks } = await runDrill({ root, store: await storeHolding(backup), inputs: { 'pg-bin-dir': binDirs.newer } })
    assert.equal(backup.manifest.source.serverMajor, major)
    assert.equal(outcome.verdict, 'pass', JSON.stringify([outcome.reason, outcome.details?.mismatches]))
    assert.equal(outcome.outputs?.level, 'equal')
    assert.equal(checks.memberships, 'pass')
    process.stdout.write(`ok    a backup of PostgreSQL ${major} is drilled in a newer server\n`)
    return 0
  } catch (error) {
    process.stdout.write(
      `FAIL  a backup of PostgreSQL ${major} in a newer server: ${error instanceof Error ? error.message : String(error)}\n`,
    )
    return 1
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

function runTests(binDir: string, tests: readonly string[]): Promise<number> {
  const env = { ...process.env, SHIPLOCK_TEST_PG_BIN_DIR: binDir }
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...tests.map((name) => `test/${name}.test.ts`), ...process.argv.slice(2)]
  const child = spawn(process.execPath, args, { stdio: 'inherit', env })
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code === 0 ? 0 : 1)))
}

process.exitCode = await main()
