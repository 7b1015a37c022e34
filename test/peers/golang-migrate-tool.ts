import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Phase } from '../../src/migration/migration.ts'
import { installGoTool } from './go-tool.ts'
import { type Ended, type PeerBench, passed } from './peer-bench.ts'
import { folders, type PeerTool } from './peer-tool.ts'
import { golangMigrate as pinned } from './pins.ts'

const program = await installGoTool(pinned, (text) => process.stderr.write(`${text}\n`))

/** One command of golang-migrate on the folder and the table of a phase. */
export function runMigrate(bench: PeerBench, command: readonly string[], phase: Phase = 'pre'): Promise<Ended> {
  const table = phase === 'pre' ? '' : '&x-migrations-table=schema_migrations_post'
  return bench.run(program, ['-path', folders[phase], '-database', `${bench.url}${table}`, ...command])
}

export const golangMigrate: PeerTool = {
  layout: 'golang-migrate',
  version: pinned.version.slice(1),
  id: (number, name) => `${number}_${name}`,
  files: (number, name, { up, back = '' }) => ({ [`${number}_${name}.up.sql`]: `${up}\n`, [`${number}_${name}.down.sql`]: `${back}\n` }),
  up: (bench, phase) => runMigrate(bench, ['up'], phase),
  down: (bench, phase) => runMigrate(bench, ['down', '1'], phase),
  /** Its status is one number, or that there is none; a mark after it says that it is dirty. */
  async pending(bench, phase) {
    const { output } = await runMigrate(bench, ['version'], phase)
    const newest = /^(?:error: no migration|(\d+))$/.exec(output.trim())
    if (newest === null) throw new Error(`migrate version says ${output}`)
    const numbers = (await readdir(join(bench.dir, folders[phase]))).flatMap((name) => /^(\d+)_.*\.up\.sql$/.exec(name)?.[1] ?? [])
    return numbers
      .map(Number)
      .filter((number) => number > Number(newest[1] ?? 0))
      .sort((a, b) => a - b)
  },
  rows: (bench, phase) => bench.query(`select version::text, dirty from schema_migrations${phase === 'pre' ? '' : '_post'}`),
}

/** `3`, or `3 (dirty)`. */
export const migrateVersion = async (bench: PeerBench): Promise<string> => (await passed(runMigrate(bench, ['version']))).trim()
