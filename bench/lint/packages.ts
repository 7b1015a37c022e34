import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { say } from '../clock.ts'

type Registry = 'npm' | 'PyPI' | 'Go' | 'crates'

/** A package that brings the migrations of its own tables along. */
export interface HistoryPackage {
  readonly name: string
  readonly registry: Registry
  readonly version: string
  /** Where the migrations lie in it. */
  readonly folder: string
  /** How its own tool writes them. */
  readonly form: 'files' | 'up-and-down' | 'prisma' | 'goose'
  /** Words that its own program replaces before it runs a file. */
  readonly placeholders?: Readonly<Record<string, string>>
}

export const historyPackages: readonly HistoryPackage[] = [
  {
    name: 'graphile-worker',
    registry: 'npm',
    version: '0.16.6',
    folder: 'sql',
    form: 'files',
    placeholders: { ':GRAPHILE_WORKER_SCHEMA': 'graphile_worker' },
  },
  { name: 'procrastinate', registry: 'PyPI', version: '3.10.0', folder: 'procrastinate/sql/migrations', form: 'files' },
  { name: 'litellm-proxy-extras', registry: 'PyPI', version: '0.4.110', folder: 'litellm_proxy_extras/migrations', form: 'prisma' },
  {
    name: 'github.com/riverqueue/river/riverdriver/riverpgxv5',
    registry: 'Go',
    version: 'v0.51.1',
    folder: 'migration/main',
    form: 'up-and-down',
  },
  { name: 'github.com/openfga/openfga', registry: 'Go', version: 'v1.22.1', folder: 'assets/migrations/postgres', form: 'goose' },
  { name: 'atuin-server-postgres', registry: 'crates', version: '18.20.1', folder: 'migrations', form: 'files' },
  { name: 'sqlxmq', registry: 'crates', version: '0.6.0', folder: 'migrations', form: 'up-and-down' },
  { name: 'underway', registry: 'crates', version: '0.2.0', folder: 'migrations', form: 'files' },
]

const clients: Readonly<Record<Registry, (one: HistoryPackage, folder: string) => string>> = {
  npm({ name, version }, folder) {
    run('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`])
    return join(folder, 'node_modules', name)
  },
  PyPI({ name, version }, folder) {
    run('pip', ['install', '--quiet', '--no-deps', '--disable-pip-version-check', '--target', folder, `${name}==${version}`])
    return folder
  },
  Go({ name, version }) {
    const { Dir } = JSON.parse(run('go', ['mod', 'download', '-json', `${name}@${version}`])) as { Dir: string }
    return Dir
  },
  crates({ name, version }) {
    run('cargo', ['info', '--quiet', `${name}@${version}`])
    const sources = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry/src')
    const [index = ''] = readdirSync(sources).filter((one) => readdirSync(join(sources, one)).includes(`${name}-${version}`))
    return join(sources, index, `${name}-${version}`)
  },
}

/** Fetches a package with its registry's own client, and says where its migrations are. */
export function fetchPackage(one: HistoryPackage, folder: string): string {
  say(`fetching ${one.name}@${one.version}`)
  return join(clients[one.registry](one, folder), one.folder)
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1e9 })
}
