import { join, resolve } from 'node:path'
import { measure } from '../backup/step.ts'
import type { Place } from '../server.ts'

/** Backs a database up into a folder, with a hash of every row, and returns where the dump lies. */
export async function keepBackup(place: Place, store: string): Promise<string> {
  const { stdout } = await measure({
    program: process.execPath,
    args: [resolve('dist/cli.js'), 'backup', '--project', 'bench', '--store', `file://${store}`, '--fingerprint', 'full', '--json'],
    env: { DATABASE_URL: place.url },
    cwd: resolve('/'),
  })
  const { commands } = JSON.parse(stdout) as { commands: readonly [{ manifest: { object: { key: string } } }] }
  return join(store, commands[0].manifest.object.key)
}
