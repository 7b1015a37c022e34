import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The goose that Shiplock is measured against. */
export const gooseVersion = 'v3.26.0'

/** The oldest Go that builds it, and the one that is fetched when the machine has only an older one. */
const oldestGo = 23
const fetchedGo = 'go1.23.12'

const onlyPostgres = 'no_clickhouse no_mssql no_mysql no_sqlite3 no_vertica no_ydb no_libsql'

/** Builds the pinned goose once, into the user's cache; returns its path. Throws when that cannot be done. */
export async function installGoose(say: (text: string) => void): Promise<string> {
  const binDir = join(cacheDir(), 'shiplock-peers', `goose-${gooseVersion}`)
  const goose = join(binDir, 'goose')
  if (await isPinned(goose)) return goose
  const folder = await mkdtemp(join(tmpdir(), 'goose-build-'))
  try {
    await writeFile(join(folder, 'go.mod'), 'module build\n\ngo 1.19\n') // `go mod download` wants one, and an old Go must be able to read it
    const go = await suitableGo(folder, say)
    say(`building goose ${gooseVersion}, once`)
    const env = { ...process.env, GOBIN: binDir, GOFLAGS: '', GOTOOLCHAIN: 'local', GOROOT: '' }
    await run(go, ['install', '-tags', onlyPostgres, `github.com/pressly/goose/v3/cmd/goose@${gooseVersion}`], { cwd: folder, env })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  if (!(await isPinned(goose))) throw new Error(`${goose} is not goose ${gooseVersion}`)
  return goose
}

async function isPinned(goose: string): Promise<boolean> {
  const { stdout } = await run(goose, ['-version']).catch(() => ({ stdout: '' }))
  return stdout.trim() === `goose version: ${gooseVersion}`
}

async function suitableGo(folder: string, say: (text: string) => void): Promise<string> {
  const go = (await findGo()) ?? (await installGo(say))
  if ((await minorOf(go)) >= oldestGo) return go
  say(`fetching ${fetchedGo}: the installed Go is too old for goose ${gooseVersion}`)
  return fetchGo(go, folder)
}

async function findGo(): Promise<string | undefined> {
  for (const go of ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go']) if ((await minorOf(go)) > 0) return go
  return undefined
}

/** 23 of `go1.23.12`; 0 when there is no such program. */
async function minorOf(go: string): Promise<number> {
  const { stdout } = await run(go, ['version'], { env: { ...process.env, GOTOOLCHAIN: 'local' } }).catch(() => ({ stdout: '' }))
  return Number(/\bgo1\.(\d+)/.exec(stdout)?.[1] ?? 0)
}

async function installGo(say: (text: string) => void): Promise<string> {
  say('installing golang-go')
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  for (const args of [['update', '-qq'], ['install', '-y', '-qq', '--no-install-recommends', 'golang-go']]) {
    const [program = '', ...rest] = [...sudo, 'apt-get', ...args]
    await run(program, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  }
  const go = await findGo()
  if (go === undefined) throw new Error('golang-go was installed, and there is still no go')
  return go
}

/** A Go release is a Go module too, which any older Go downloads and checks; its programs arrive without the right to run. */
async function fetchGo(go: string, folder: string): Promise<string> {
  const machine = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch
  const { stdout } = await run(go, ['mod', 'download', '-json', `golang.org/toolchain@v0.0.1-${fetchedGo}.${process.platform}-${machine}`], { cwd: folder, env: { ...process.env, GOFLAGS: '' } })
  const { Dir: dir } = JSON.parse(stdout) as { Dir: string }
  const tools = join(dir, 'pkg', 'tool', `${process.platform}_${machine}`)
  for (const program of [join(dir, 'bin', 'go'), ...(await readdir(tools)).map((name) => join(tools, name))]) await chmod(program, 0o555)
  return join(dir, 'bin', 'go')
}

function cacheDir(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  return process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
}
