import { shiplock } from '../program.ts'
import { makeRelease } from './release.ts'
import type { TestServer } from './server.ts'

export const refused = { exitCode: 1, code: 'backup-required' }

/** A checkout that must have a backup before it migrates, and a database with a table that no run of Shiplock has made. */
export async function makeGuarded(server: TestServer, files: Readonly<Record<string, string>>, config: string) {
  const release = await makeRelease(server, { ...files, 'shiplock.yml': config })
  await release.query('create table before (id int)')
  const runWith = async (variables: Readonly<Record<string, string>>, ...args: string[]) => {
    const ended = await shiplock([...args, '--project', 'shop'], { cwd: release.project.dir, env: { ...release.env, ...variables } })
    const [command] = ended.result.commands
    const checks = Object.fromEntries((command?.checks ?? []).map(({ id, status }) => [id, status]))
    return { ...ended, command, code: command?.error?.code, message: command?.error?.message, checks }
  }
  return { ...release, runWith, run: (...args: string[]) => runWith({}, ...args) }
}
