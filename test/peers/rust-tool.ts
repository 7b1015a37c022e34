import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { installPackages } from '../debian-packages.ts'
import { answersVersion } from './answers-version.ts'
import { cacheDir } from './cache-dir.ts'

const run = promisify(execFile)

/** A program that cargo builds from its crate at one version, with the versions of everything below it that the crate names. */
export interface RustTool {
  readonly crate: string
  readonly program: string
  readonly version: string
  readonly features: string
  /** Debian's packages that it is built with. */
  readonly needs?: readonly string[]
}

/** The oldest Rust that builds these tools: sqlx-cli 0.9.0 asks for 1.94, diesel_cli 2.3.14 for 1.86. */
const oldestMinor = 94
/** A release that is asked of rustup where the machine has an older one. */
const fetchedRust = '1.95.0'

/** Not optimised and without what a debugger needs: a fifth of the time, and these programs have little to do. */
const quick = { CARGO_PROFILE_DEV_DEBUG: '0', CARGO_INCREMENTAL: '0' }

/** Builds the pinned tool once, into the user's cache; returns its path. Throws when that cannot be done. */
export async function installRustTool(tool: RustTool, say: (text: string) => void): Promise<string> {
  const { crate, program, version, features, needs = [] } = tool
  const root = join(cacheDir(), `${program}-${version}`)
  const path = join(root, 'bin', program)
  if (await answersVersion(path, ['--version'], version)) return path
  const cargo = await suitableCargo(say)
  if (needs.length > 0) await installPackages(needs, say)
  say(`building ${crate} ${version}, once`)
  const what = ['install', '--locked', '--force', '--debug', crate, '--version', version, '--bin', program]
  await cargo([...what, '--no-default-features', '--features', features, '--root', root], process.cwd())
  if (!(await answersVersion(path, ['--version'], version))) throw new Error(`${path} is not ${crate} ${version}`)
  return path
}

/** Builds the program of a folder with its own `Cargo.toml` and `Cargo.lock`; returns its path. */
export async function buildRustProgram(source: string, program: string, say: (text: string) => void): Promise<string> {
  const cargo = await suitableCargo(say)
  await cargo(['build', '--locked', '--quiet'], source)
  return join(targetDir(), 'debug', program)
}

/** Which crates both builds need is then compiled once. */
const targetDir = () => join(cacheDir(), 'cargo-target')

type Cargo = (args: readonly string[], cwd: string) => Promise<void>

async function suitableCargo(say: (text: string) => void): Promise<Cargo> {
  const found = (await findCargo()) ?? (await installCargo(say))
  return async ([command = '', ...args], cwd) => {
    const env = { ...process.env, ...quick, CARGO_TARGET_DIR: targetDir() }
    try {
      await run(found.program, [...found.before, command, ...args], { cwd, env, maxBuffer: 1 << 26 })
    } catch (cause) {
      const { stderr = '' } = cause as { stderr?: string }
      const why = stderr.split('\n').find((line) => line.startsWith('error'))
      throw new Error(`cargo ${command} ${args.find((one) => !one.startsWith('-')) ?? ''} failed: ${why ?? stderr.trim()}`, { cause })
    }
  }
}

interface Found {
  readonly program: string
  readonly before: readonly string[]
}

async function findCargo(): Promise<Found | undefined> {
  for (const program of ['cargo', '/usr/bin/cargo', join(homedir(), '.cargo', 'bin', 'cargo')])
    for (const before of [[], [`+${fetchedRust}`]]) if ((await minorOf({ program, before })) >= oldestMinor) return { program, before }
  return undefined
}

/** By rustup where it is at hand, as on GitHub's runners; else Debian's newer Rust, which its security updates bring for its browsers. */
async function installCargo(say: (text: string) => void): Promise<Found> {
  const byRustup = run('rustup', ['toolchain', 'install', fetchedRust, '--profile', 'minimal', '--no-self-update'])
  const cause = await byRustup.catch(() => installPackages(['cargo-web', 'rustc-web', 'gcc', 'libc6-dev'], say)).catch((error) => error)
  const found = await findCargo()
  if (found === undefined)
    throw new Error(
      `sqlx and diesel need cargo 1.${oldestMinor} or newer, and neither rustup nor Debian had one: install Rust ${fetchedRust}`,
      {
        cause,
      },
    )
  return found
}

/** 94 of `cargo 1.94.0`; 0 when there is no such program. */
async function minorOf({ program, before }: Found): Promise<number> {
  const { stdout } = await run(program, [...before, '--version']).catch(() => ({ stdout: '' }))
  return Number(/\b1\.(\d+)\./.exec(stdout)?.[1] ?? 0)
}
