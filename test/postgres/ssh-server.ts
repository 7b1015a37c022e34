import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../src/adapters/free-port.ts'
import { runChild } from '../../src/adapters/process.ts'
import { findProgram } from '../openssh.ts'

/** A real OpenSSH server on 127.0.0.1, for the user who runs the tests. */
export interface SshServer extends AsyncDisposable {
  readonly port: number
  /** For the input `connect`. */
  readonly url: string
  /** The line that pins its host key. */
  readonly knownHosts: string
  /** The text of the private key that it accepts. */
  readonly key: string
  /** How many connections it has been asked to forward so far. */
  forwarded(): number
}

interface SshServerOptions {
  /** Lines of sshd_config. */
  readonly config?: readonly string[]
  /** What stands before the key in authorized_keys. */
  readonly restrictions?: string
}

export async function startSshServer({ config = [], restrictions = '' }: SshServerOptions = {}): Promise<SshServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sshd-'))
  const [host, user] = [await makeKey(folder, 'host'), await makeKey(folder, 'user')]
  await writeFile(join(folder, 'authorized_keys'), `${restrictions} ${user.publicKey}\n`.trimStart())
  if (userInfo().uid === 0) await mkdir('/run/sshd', { recursive: true })
  for (let tries = 1; ; tries++) {
    const port = await freePort()
    const lines = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${folder}/host`,
      `AuthorizedKeysFile ${folder}/authorized_keys`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no', // the folder lies below /tmp
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin prohibit-password',
      'LogLevel DEBUG1', // tells each forwarding
      ...config,
    ]
    await writeFile(join(folder, 'sshd_config'), `${lines.join('\n')}\n`)
    const server = await start(folder, port)
    if (server !== undefined) {
      const knownHosts = `[127.0.0.1]:${port} ${host.publicKey}`
      return { port, url: `ssh://${userInfo().username}@127.0.0.1:${port}`, knownHosts, key: user.privateKey, ...server }
    }
    if (tries === 3) throw new Error('sshd did not start')
  }
}

/** `undefined` when the port was taken meanwhile. */
async function start(folder: string, port: number) {
  const sshd = spawn(findProgram('sshd'), ['-D', '-e', '-f', join(folder, 'sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true, // its sessions are ended with it
  })
  let log = ''
  const ended = new Promise<void>((resolve) => sshd.once('exit', () => resolve()))
  const listens = await new Promise<boolean>((resolve, reject) => {
    sshd.once('error', reject)
    sshd.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text
      if (log.includes(`Server listening on 127.0.0.1 port ${port}`)) resolve(true)
    })
    void ended.then(() => (log.includes('Address already in use') ? resolve(false) : reject(new Error(log))))
  })
  if (!listens) return undefined
  return {
    forwarded: () => log.split('server_request_direct_').length - 1,
    async [Symbol.asyncDispose]() {
      if (sshd.pid !== undefined) process.kill(-sshd.pid, 'SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A pair of keys; the private one also as file of this name. */
export async function makeKey(folder: string, name: string, passphrase = ''): Promise<{ privateKey: string; publicKey: string }> {
  const path = join(folder, name)
  const { exitCode, stderr } = await runChild(findProgram('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', passphrase, '-C', '', '-f', path], {
    env: {},
  })
  if (exitCode !== 0) throw new Error(stderr)
  await chmod(path, 0o600)
  return { privateKey: await readFile(path, 'utf8'), publicKey: (await readFile(`${path}.pub`, 'utf8')).trim() }
}
