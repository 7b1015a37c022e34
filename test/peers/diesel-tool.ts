import type { Phase } from '../../src/migration/migration.ts'
import { type Ended, type PeerBench, passed } from './peer-bench.ts'
import { folders, type PeerTool } from './peer-tool.ts'
import { diesel as pinned } from './pins.ts'
import { installRustTool } from './rust-tool.ts'

const program = await installRustTool(pinned, (text) => process.stderr.write(`${text}\n`))

/** One command of `diesel migration` on the folder of a phase. */
export function runDiesel(bench: PeerBench, command: string, phase: Phase = 'pre'): Promise<Ended> {
  return bench.run(program, ['migration', '--migration-dir', folders[phase], command])
}

const idOf = (number: number, name: string) => `2026-01-01-${String(number).padStart(6, '0')}_${name}`

export const diesel: PeerTool = {
  layout: 'diesel',
  version: pinned.version,
  settings: { 'diesel.toml': `[migrations_directory]\ndir = "${folders.pre}"\n` },
  id: idOf,
  files: (number, name, { up, back = '', noTransaction }) => {
    const folder = idOf(number, name)
    const metadata = noTransaction ? { [`${folder}/metadata.toml`]: 'run_in_transaction = false\n' } : {}
    return { [`${folder}/up.sql`]: `${up}\n`, [`${folder}/down.sql`]: `${back}\n`, ...metadata }
  },
  up: (bench, phase) => runDiesel(bench, 'run', phase),
  down: (bench, phase) => runDiesel(bench, 'revert', phase),
  async pending(bench, phase) {
    const list = await passed(runDiesel(bench, 'list', phase))
    return [...list.matchAll(/^\s*\[ \] 2026-01-01-(\d{6})_/gm)].map((match) => Number(match[1]))
  },
  rows: (bench) => bench.query('select version from __diesel_schema_migrations order by 1'),
}
