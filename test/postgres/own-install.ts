import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isExecutable } from '../../src/adapters/postgres/tools.ts'
import type { TestServer } from './server.ts'

const programs = ['postgres', 'initdb', 'pg_restore', 'pg_dump', 'pg_dumpall', 'psql', 'pg_amcheck']

/** PostgreSQL's programs as this server has them, in a folder of their own with further extensions: a server looks for them beside its program. */
export async function installWith(
  server: TestServer,
  extensionFiles: Readonly<Record<string, string>>,
): Promise<{ binDir: string } & AsyncDisposable> {
  const rows = await server.query<{ name: string; setting: string }>('select name, setting from pg_config()')
  const folderOf = (name: string) => rows.find((row) => row.name === name)?.setting ?? ''
  const [bin, share, modules, libraries] = ['BINDIR', 'SHAREDIR', 'PKGLIBDIR', 'LIBDIR'].map(folderOf) as [string, string, string, string]
  const linked = modules.startsWith(`${libraries}/`) ? [libraries] : [libraries, modules]
  const root = await mkdtemp(join(tmpdir(), 'install-'))
  await chmod(root, 0o755) // the server's account reads it
  for (const folder of [bin, join(share, 'extension'), ...linked.map(dirname)]) await mkdir(join(root, folder), { recursive: true })
  // a program that is a link would look beside what it points to
  for (const name of programs) if (isExecutable(join(bin, name))) await copyFile(join(bin, name), join(root, bin, name))
  for (const folder of linked) await symlink(folder, join(root, folder))
  for (const name of await readdir(share)) if (name !== 'extension') await symlink(join(share, name), join(root, share, name))
  for (const name of await readdir(join(share, 'extension'))) {
    await symlink(join(share, 'extension', name), join(root, share, 'extension', name))
  }
  for (const [name, content] of Object.entries(extensionFiles)) await writeFile(join(root, share, 'extension', name), content)
  return { binDir: join(root, bin), [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) }
}
