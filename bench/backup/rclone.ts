import { execFileSync } from 'node:child_process'
import { installPackages } from '../../test/debian-packages.ts'
import { say } from '../clock.ts'
import type { Rival } from '../rivals.ts'

/** Debian's rclone, installed when it is missing. */
export async function installRclone(): Promise<Rival> {
  const found = askVersion()
  if (found !== undefined) return found
  await installPackages(['rclone'], say)
  const installed = askVersion()
  if (installed === undefined) throw new Error('rclone cannot be had')
  return installed
}

function askVersion(): Rival | undefined {
  try {
    const version = /^rclone v(\S+)/.exec(execFileSync('rclone', ['version'], { encoding: 'utf8' }))?.[1]
    return version === undefined ? undefined : { program: 'rclone', version }
  } catch {
    return undefined
  }
}
