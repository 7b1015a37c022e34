import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheDir } from './cache-dir.ts'

const run = promisify(execFile)

/** A program that packages of npm bring along. */
export interface NpmTool {
  /** Versions by name; all that the tool needs are named. */
  readonly packages: Readonly<Record<string, string>>
  /** Below `node_modules`. */
  readonly program: string
}

/** Installs the pinned packages once, into the user's cache, and runs none of their scripts; returns the program's path. */
export async function installNpmTool({ packages, program }: NpmTool, say: (text: string) => void): Promise<string> {
  const named = Object.entries(packages).map(([name, version]) => `${name}@${version}`)
  const folder = join(cacheDir(), named.join('+').replaceAll('/', '-'))
  const path = join(folder, 'node_modules', program)
  if (existsSync(path)) return path
  say(`installing ${named.join(', ')} from npm, once`)
  await run('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', ...named])
  if (!existsSync(path)) throw new Error(`npm installed ${named.join(', ')}, and there is no ${path}`)
  return path
}
