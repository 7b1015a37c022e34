import { tmpdir } from 'node:os'
import { findTools } from '../src/adapters/postgres/tools.ts'
import { sweepWorkspaces } from '../src/adapters/workspace.ts'
import { installOpenSsh } from './openssh.ts'
import { binDir } from './postgres/server.ts'

/** Tests run against a real PostgreSQL and a real OpenSSH: what is missing is installed, or the run fails. Nothing is skipped. */
export default async function setup(): Promise<void> {
  const say = (text: string) => process.stderr.write(`${text}\n`)
  for (const set of ['server', 'client'] as const) {
    await findTools({ major: 13, set, binDir, install: true, env: process.env, say })
  }
  await installOpenSsh(say)
  for (const path of await sweepWorkspaces([tmpdir()])) say(`removed ${path}, left behind by an earlier run`)
}
