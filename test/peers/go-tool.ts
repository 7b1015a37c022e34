import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { installPackages } from '../debian-packages.ts'
import { answersVersion } from './answers-version.ts'
import { cacheDir } from './cache-dir.ts'

const run = promisify(execFile)

/** A program that is built from its module at one version. */
export interface GoTool {
  readonly name: string
  /** The package of its command. */
  readonly command: string
  readonly version: string
  readonly tags?: string
  /** Flags for the linker, where only they give the program its version. */
  readonly ldflags?: string
  /** How it is asked for its version. */
  readonly ask: readonly string[]
}

/** The oldest Go that builds these tools, and the one that is fetched when the machine has only an older one. */
const oldestGo = 23
const fetchedGo = 'go1.23.12'

/** Builds the pinned tool once, into the user's cache; returns its path. Throws when that cannot be done. */
export async function installGoTool(tool: GoTool, say: (text: string) => void): Promise<string> {
  const { name, version } = tool
  const binDir = join(cacheDir(), `${name}-${version}`)
  const program = join(binDir, name)
  if (await answersVersion(program, tool.ask, version)) return program
  const folder = await mkdtemp(join(tmpdir(), `${name}-build-`))
  try {
    await writeFile(join(folder, 'go.mod'), 'module build\n\ngo 1.19\n') // `go mod download` wants one, and an old Go must be able to read it
    const go = await suitableGo(folder, `${name} ${version}`, say)
    say(`building ${name} ${version}, once`)
    const env = { ...process.env, GOBIN: binDir, GOFLAGS: '', GOTOOLCHAIN: 'local', GOROOT: '' }
    await run(go, ['install', '-tags', tool.tags ?? '', '-ldflags', tool.ldflags ?? '', `${tool.command}@${version}`], { cwd: folder, env })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  if (!(await answersVersion(program, tool.ask, version))) throw new Error(`${program} is not ${name} ${version}`)
  return program
}

/** Builds the program in a folder with its own `go.mod`; returns its path, below `target`. */
export async function buildGoProgram(source: string, target: string, say: (text: string) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'go-build-'))
  try {
    await writeFile(join(folder, 'go.mod'), 'module build\n\ngo 1.19\n')
    const go = await suitableGo(folder, source, say)
    const program = join(target, 'program')
    await run(go, ['build', '-o', program, '.'], { cwd: source, env: { ...process.env, GOFLAGS: '', GOTOOLCHAIN: 'local', GOROOT: '' } })
    return program
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function suitableGo(folder: string, what: string, say: (text: string) => void): Promise<string> {
  const go = (await findGo()) ?? (await installGo(say))
  if ((await minorOf(go)) >= oldestGo) return go
  say(`fetching ${fetchedGo}: the installed Go is too old for ${what}`)
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
  await installPackages(['golang-go'], say)
  const go = await findGo()
  if (go === undefined) throw new Error('golang-go was installed, and there is still no go')
  return go
}

/** A Go release is a Go module too, which any older Go downloads and checks; its programs arrive without the right to run. */
async function fetchGo(go: string, folder: string): Promise<string> {
  const machine = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch
  const { stdout } = await run(
    go,
    ['mod', 'download', '-json', `golang.org/toolchain@v0.0.1-${fetchedGo}.${process.platform}-${machine}`],
    { cwd: folder, env: { ...process.env, GOFLAGS: '' } },
  )
  const { Dir: dir } = JSON.parse(stdout) as { Dir: string }
  const tools = join(dir, 'pkg', 'tool', `${process.platform}_${machine}`)
  for (const program of [join(dir, 'bin', 'go'), ...(await readdir(tools)).map((name) => join(tools, name))]) await chmod(program, 0o555)
  return join(dir, 'bin', 'go')
}
