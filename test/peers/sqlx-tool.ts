import { strict as assert } from 'node:assert'
import { join } from 'node:path'
import type { Phase } from '../../src/migration/migration.ts'
import { type Ended, type PeerBench, passed } from './peer-bench.ts'
import { folders, type PeerTool, stamp, unstamp } from './peer-tool.ts'
import { sqlx as pinned } from './pins.ts'
import { buildRustProgram, installRustTool } from './rust-tool.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)
const program = await installRustTool(pinned, say)
const service = await buildRustProgram(join(import.meta.dirname, 'embedded-sqlx'), 'embedded-sqlx', say)

/** One command of `sqlx migrate` on the folder and the table of a phase. */
export function runSqlx(bench: PeerBench, command: readonly string[], phase: Phase = 'pre'): Promise<Ended> {
  const table = phase === 'pre' ? [] : ['--config', 'post.toml']
  return bench.run(program, ['migrate', ...command, ...table, '--source', folders[phase]])
}

/** A service that migrates when it starts. */
export const runSqlxService = (bench: PeerBench): Promise<Ended> => bench.run(service, [folders.pre])

export const sqlx: PeerTool = {
  layout: 'sqlx',
  version: pinned.version,
  // sqlx takes its table from its configuration, from 0.9 on
  settings: { 'post.toml': '[migrate]\ntable-name = "_sqlx_migrations_post"\n' },
  id: (number, name) => `${stamp(number)}_${name}`,
  files: (number, name, { up, back = '', noTransaction }) => {
    const mark = noTransaction ? '-- no-transaction\n' : ''
    const id = `${stamp(number)}_${name}`
    return { [`${id}.up.sql`]: `${mark}${up}\n`, [`${id}.down.sql`]: `${mark}${back}\n` }
  },
  up: (bench, phase) => runSqlx(bench, ['run'], phase),
  boot: { name: '`migrate!()`', run: runSqlxService },
  down: (bench, phase) => runSqlx(bench, ['revert'], phase),
  async pending(bench, phase) {
    const info = await passed(runSqlx(bench, ['info'], phase))
    assert.doesNotMatch(info, /different checksum/)
    return [...info.matchAll(/^(\d+)\/pending/gm)].map((match) => unstamp(match[1] as string))
  },
  rows: (bench, phase) =>
    bench.query(
      `select version::text, description, success, encode(checksum, 'hex') as checksum from _sqlx_migrations${phase === 'pre' ? '' : '_post'} order by 1`,
    ),
}
