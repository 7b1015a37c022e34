import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The versions of Node that the bundle must run on: the oldest supported one, and the action's runtime. */
export const nodeVersions = ['20.20.2', '24.21.0'] as const

/** The path of a Node of exactly this version, installed from its npm package when it is missing. */
export function nodeBinary(version: (typeof nodeVersions)[number]): string {
  if (process.version === `v${version}`) return process.execPath
  const folder = resolve(import.meta.dirname, `../node_modules/.cache/node-${version}`)
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const binary = join(folder, 'node_modules', name, 'bin/node')
  if (!existsSync(binary)) {
    execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`], {
      stdio: 'pipe',
    })
  }
  return binary
}
