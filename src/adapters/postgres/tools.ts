import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ReleaseError } from '../../errors.ts'
import { findApt } from '../apt.ts'
import { runChild } from '../process.ts'

/** PostgreSQL's programs of one version, found in one folder. */
export interface Tools {
  readonly binDir: string
  /** As the program prints it, such as `15.18`. */
  readonly version: string
  readonly major: number
}

/** What a task needs to be installed. */
type ToolSet = 'client' | 'server'

interface ToolSearch {
  /** Least major version; clients older than the server cannot read it. */
  readonly major: number
  readonly set: ToolSet
  readonly binDir: string | undefined
  readonly install: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly say: (text: string) => void
}

const programs: Record<ToolSet, readonly string[]> = {
  client: ['pg_dump', 'pg_restore'],
  server: ['initdb', 'postgres', 'pg_restore'],
}

/**
 * The oldest installed version that is new enough: the server's own major when it is there.
 * Installs Debian's package when allowed, saying so; throws `tool-not-found` naming the package otherwise.
 */
export async function findTools(search: ToolSearch): Promise<Tools> {
  const found = await installed(search)
  const best = suitable(found, search.major)
  if (best !== undefined) return best
  if (search.install && search.binDir === undefined && (await installPackage(search))) {
    const fresh = suitable(await installed(search), search.major)
    if (fresh !== undefined) return fresh
  }
  const seen = found.length === 0 ? 'none is installed' : `only ${found.map((one) => one.version).join(', ')} found`
  throw new ReleaseError(
    'tool-not-found',
    `This step needs PostgreSQL's ${programs[search.set].join(', ')} of version ${search.major} or newer; ${seen}.`,
    {
      hint: `Install ${packageName(search)} (apt-get install ${packageName(search)}, or from apt.postgresql.org), name its folder with pg-bin-dir, or set install-tools: true.`,
    },
  )
}

/** The environment of PostgreSQL's programs: an allow list, so that no PG* variable of the runner changes the target. */
export function toolEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const allowed = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'LD_LIBRARY_PATH']
  return Object.fromEntries(allowed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}

function suitable(found: readonly Tools[], major: number): Tools | undefined {
  return found.filter((one) => one.major >= major).sort((a, b) => a.major - b.major)[0]
}

async function installed({ binDir, set, env }: ToolSearch): Promise<Tools[]> {
  const folders = binDir === undefined ? searchPath(env) : [binDir]
  const found: Tools[] = []
  const seen = new Set<string>()
  for (const folder of folders) {
    if (seen.has(folder) || !programs[set].every((program) => isExecutable(join(folder, program)))) continue
    seen.add(folder)
    const tools = await versionIn(folder, env)
    if (tools !== undefined) found.push(tools)
  }
  return found
}

/** Versioned folders first: what stands in PATH on Debian is a wrapper that picks a version by itself. */
function searchPath(env: Readonly<Record<string, string | undefined>>): string[] {
  return [
    ...subfolders('/usr/lib/postgresql', 'bin'),
    ...subfolders('/usr/pgsql', 'bin'),
    ...subfolders('/opt/homebrew/opt', 'bin', /^(?:postgresql|libpq)/),
    ...subfolders('/usr/local/opt', 'bin', /^(?:postgresql|libpq)/),
    ...(env.PATH ?? '').split(delimiter).filter(Boolean),
  ]
}

function subfolders(root: string, tail: string, pattern = /./): string[] {
  try {
    return readdirSync(root)
      .filter((name) => pattern.test(name))
      .map((name) => join(root, name, tail))
  } catch {
    return []
  }
}

/** Whether this user may run it. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function versionIn(folder: string, env: Readonly<Record<string, string | undefined>>): Promise<Tools | undefined> {
  const { stdout } = await runChild(join(folder, 'pg_restore'), ['--version'], { env: toolEnvironment(env) })
  const version = /(\d+)(?:\.\d+|\w+)*/.exec(stdout)
  return version === null ? undefined : { binDir: folder, version: version[0], major: Number(version[1]) }
}

function packageName({ set, major }: ToolSearch): string {
  return set === 'client' ? `postgresql-client-${major}` : `postgresql-${major}`
}

/** Whether a package could be installed; the newest one that Debian offers when the exact major is not there. */
async function installPackage(search: ToolSearch): Promise<boolean> {
  const apt = findApt(toolEnvironment(search.env))
  if (apt === undefined) return false
  search.say(`installing ${packageName(search)} or a newer one with apt-get, because no suitable PostgreSQL programs were found`)
  const names = [packageName(search), search.set === 'client' ? 'postgresql-client' : 'postgresql']
  for (const refresh of [false, true]) {
    if (refresh) await apt.update()
    // Debian makes and starts a cluster with each server package; only its programs are wanted
    if (search.set === 'server' && (await apt.install('postgresql-common'))) {
      await apt.run('sed', '-i', 's/^#\\?create_main_cluster.*/create_main_cluster = false/', '/etc/postgresql-common/createcluster.conf')
    }
    for (const name of names) if (await apt.install(name)) return true
  }
  return false
}
