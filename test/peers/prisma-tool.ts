import { strict as assert } from 'node:assert'
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Phase } from '../../src/migration/migration.ts'
import { type Ended, type PeerBench, passed, type Variables } from './peer-bench.ts'
import { folders, type PeerTool, stamp, unstamp } from './peer-tool.ts'

const run = promisify(execFile)

/** The last line of versions whose engine comes inside the package; the adapter of the next one knows more types. */
const version = '6.19.3'
const adapterVersion = '7.10.1'
const home = await installPrisma((text) => process.stderr.write(`${text}\n`))

/** From npm into the user's cache, once, without scripts: they would fetch an engine from elsewhere. */
async function installPrisma(say: (text: string) => void): Promise<string> {
  const cache =
    process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const folder = join(cache, 'shiplock-peers', `prisma-${version}`)
  const installed = async (name: string) => {
    const text = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8').catch(() => '{}')
    return (JSON.parse(text) as { version?: string }).version
  }
  if ((await installed('prisma')) !== version || (await installed('@prisma/adapter-pg')) !== adapterVersion) {
    say(`installing prisma ${version}, once`)
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
    const packages = [`prisma@${version}`, `@prisma/adapter-pg@${adapterVersion}`]
    await run('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...packages])
    assert.equal(await installed('prisma'), version)
  }
  await cp(join(import.meta.dirname, 'prisma'), folder, { recursive: true })
  await writeFile(join(folder, 'no-engine'), '', { mode: 0o755 }) // it looks for the native one also where it uses none
  return folder
}

/** One command of `prisma migrate` on the folder of a phase. */
export function runPrisma(bench: PeerBench, command: readonly string[], phase: Phase = 'pre', env: Variables = {}): Promise<Ended> {
  const engine = join(home, 'no-engine')
  return bench.run(
    process.execPath,
    [join(home, 'node_modules/prisma/build/index.js'), 'migrate', ...command, '--config', join(home, 'prisma.config.mjs')],
    {
      PRISMA_HOME: home,
      PRISMA_MIGRATIONS: folders[phase],
      PRISMA_QUERY_ENGINE_LIBRARY: engine,
      PRISMA_SCHEMA_ENGINE_BINARY: engine,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
      ...env,
    },
  )
}

/** Names that `migrate status` calls not yet applied. It says nothing of a migration of which only rolled-back rows are there. */
export async function pendingForPrisma(bench: PeerBench, phase: Phase = 'pre'): Promise<string[]> {
  const { exitCode, output } = await runPrisma(bench, ['status'], phase)
  assert.doesNotMatch(output, /have failed|P\d{4}/)
  const [, list = ''] = /have not yet been applied:\n([\s\S]*?)\n\n/.exec(output) ?? []
  const names = list.split('\n').filter((line) => line !== '')
  assert.equal(exitCode, names.length === 0 ? 0 : 1, output)
  return names
}

export const prisma: PeerTool = {
  layout: 'prisma',
  version,
  settings: { [`${folders.pre}/migration_lock.toml`]: 'provider = "postgresql"\n' },
  id: (number, name) => `${stamp(number)}_${name}`,
  files: (number, name, { up, back }) => {
    const folder = `${stamp(number)}_${name}`
    // a file of one statement runs outside a transaction by itself
    return { [`${folder}/migration.sql`]: `${up}\n`, ...(back === undefined ? {} : { [`${folder}/down.sql`]: `${back}\n` }) }
  },
  up: (bench, phase) => runPrisma(bench, ['deploy'], phase),
  pending: async (bench, phase) => (await pendingForPrisma(bench, phase)).map((name) => unstamp(name.split('_')[0] as string)),
  rows: (bench) => rowsOf(bench),
}

/** All that is in the table, without times. */
export function rowsOf(bench: PeerBench): Promise<Record<string, unknown>[]> {
  return bench.query(
    `select migration_name as name, checksum, applied_steps_count as steps, logs is null as silent, finished_at is not null as finished, rolled_back_at is not null as back
     from _prisma_migrations order by migration_name, started_at`,
  )
}

/** `prisma migrate deploy`, which must succeed. */
export const deployed = (bench: PeerBench, phase: Phase = 'pre'): Promise<string> => passed(runPrisma(bench, ['deploy'], phase))
