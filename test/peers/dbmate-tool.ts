import type { Phase } from '../../src/migration/migration.ts'
import { installNpmTool } from './npm-tool.ts'
import { type Ended, type PeerBench, passed } from './peer-bench.ts'
import { folders, type PeerTool, stamp, unstamp } from './peer-tool.ts'
import { dbmate as pinned } from './pins.ts'

const program = await installNpmTool(pinned, (text) => process.stderr.write(`${text}\n`))

/** One command of dbmate; its post phase has both folders, as the one table has both. */
export function runDbmate(bench: PeerBench, command: readonly string[], phase: Phase = 'pre'): Promise<Ended> {
  const dirs = (phase === 'pre' ? [folders.pre] : [folders.pre, folders.post]).flatMap((folder) => ['--migrations-dir', folder])
  return bench.run(program, [...dirs, '--no-dump-schema', ...command])
}

export const dbmate: PeerTool = {
  layout: 'dbmate',
  version: pinned.packages.dbmate,
  id: (number, name) => `${stamp(number)}_${name}`,
  files: (number, name, { up, back = '', noTransaction }) => {
    const how = noTransaction ? ' transaction:false' : ''
    return { [`${stamp(number)}_${name}.sql`]: `-- migrate:up${how}\n${up}\n\n-- migrate:down${how}\n${back}\n` }
  },
  up: (bench, phase) => runDbmate(bench, ['up'], phase),
  down: (bench, phase) => runDbmate(bench, ['rollback'], phase),
  async pending(bench, phase) {
    const status = await passed(runDbmate(bench, ['status'], phase))
    return [...status.matchAll(/^\[ \] (\d+)_.+\.sql$/gm)].map((match) => unstamp(match[1] as string))
  },
  rows: (bench) => bench.query('select version from schema_migrations order by 1'),
}
