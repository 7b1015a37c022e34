import { accessSync, constants } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { runChild } from '../src/adapters/process.ts'

const programs = ['ssh', 'ssh-add', 'ssh-agent', 'ssh-keygen', 'sshd'] as const
type Program = (typeof programs)[number]

/** The path of one of OpenSSH's programs; sshd is not in everybody's PATH. */
export function findProgram(name: Program): string {
  const path = search(name)
  if (path === undefined) throw new Error(`${name} is not installed`)
  return path
}

/** Installs Debian's packages when a program is missing. The server's own service is kept from starting: only the program is wanted. */
export async function installOpenSsh(say: (text: string) => void): Promise<void> {
  const missing = programs.filter((name) => search(name) === undefined)
  if (missing.length === 0) return
  say(`installing openssh-client and openssh-server with apt-get, because ${missing.join(', ')} is missing; the service stays masked`)
  if (missing.includes('sshd')) await asRoot('systemctl', 'mask', 'ssh.service', 'ssh.socket').catch(() => {}) // a container has none
  const install = () =>
    asRoot(
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      'install',
      '--yes',
      '--no-install-recommends',
      'openssh-client',
      'openssh-server',
    )
  await install().catch(async () => {
    await asRoot('apt-get', 'update')
    await install()
  })
}

async function asRoot(...words: string[]): Promise<void> {
  const [program = '', ...args] = [...(userInfo().uid === 0 ? [] : ['sudo', '-n']), ...words]
  const { exitCode, stderr } = await runChild(program, args, { env: { PATH: process.env.PATH ?? '' } })
  if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
}

function search(name: Program): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
