import { join } from 'node:path'
import type { Phase } from '../../src/migration/migration.ts'
import { cacheDir } from './cache-dir.ts'
import { buildGoProgram, installGoTool } from './go-tool.ts'
import { type Ended, type PeerBench, passed } from './peer-bench.ts'
import { folders, type PeerTool } from './peer-tool.ts'
import { goose as pinned } from './pins.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)
const program = await installGoTool(pinned, say)
const service = await buildGoProgram(join(import.meta.dirname, 'embedded-goose'), join(cacheDir(), 'embedded-goose'), say)

export const gooseTables: Readonly<Record<Phase, string>> = { pre: 'goose_db_version', post: 'goose_db_version_post' }
const padded = (number: number) => String(number).padStart(5, '0')

/** One command of goose on the folder and the table of a phase. */
export function runGoose(bench: PeerBench, command: string, phase: Phase = 'pre'): Promise<Ended> {
  const args = ['-env', 'none', '-dir', folders[phase], '-table', gooseTables[phase], command]
  return bench.run(program, args, { GOOSE_DRIVER: 'postgres', GOOSE_DBSTRING: bench.url })
}

export const goose: PeerTool = {
  layout: 'goose',
  version: pinned.version.slice(1),
  id: (number, name) => `${padded(number)}_${name}`,
  files: (number, name, { up, back = '', noTransaction }) => ({
    [`${padded(number)}_${name}.sql`]: `${noTransaction ? '-- +goose NO TRANSACTION\n' : ''}-- +goose Up\n${up}\n\n-- +goose Down\n${back}\n`,
  }),
  up: (bench, phase) => runGoose(bench, 'up', phase),
  boot: { name: 'with its session lock', run: (bench) => bench.run(service, [folders.pre]) },
  down: (bench, phase) => runGoose(bench, 'down', phase),
  async pending(bench, phase) {
    const status = await passed(runGoose(bench, 'status', phase))
    return [...status.matchAll(/ {4}Pending +-- (\d+)_.+\.sql$/gm)].map((match) => Number(match[1]))
  },
  rows: (bench, phase) => bench.query(`select version_id::text, is_applied from ${gooseTables[phase]} order by id`),
}
