import { runChild } from '../../src/adapters/process.ts'
import { installPackages } from '../debian-packages.ts'

const packages = ['ceph-mon', 'ceph-osd', 'radosgw', 'ceph-common']
const programs = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph', 'monmaptool', 'ceph-authtool']

/** The version of Ceph, such as `16.2.15`; Debian's packages are installed when a program is missing. */
export async function installCeph(say: (text: string) => void): Promise<string> {
  const found = await askVersion()
  if (found !== undefined) return found
  await installPackages(packages, say)
  const installed = await askVersion()
  if (installed === undefined) throw new Error(`${packages.join(', ')} brought no ${programs.join(', ')}`)
  return installed
}

/** `undefined` when a program is missing. */
async function askVersion(): Promise<string | undefined> {
  const env = { PATH: process.env.PATH ?? '' }
  const which = await runChild('/bin/sh', ['-c', 'for one; do command -v "$one" || exit 1; done', 'sh', ...programs], { env })
  if (which.exitCode !== 0) return undefined
  const { stdout } = await runChild('radosgw', ['--version'], { env })
  return /ceph version (\S+)/.exec(stdout)?.[1]
}
