import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TunnelOptions } from '../../commands/command.ts'
import { ReleaseError } from '../../errors.ts'
import { describeSshHost } from '../../ssh-host.ts'
import { freePort } from '../free-port.ts'
import { type GuardedChild, startGuardedChild } from '../guarded-child.ts'
import { openWord, sshArguments } from './arguments.ts'
import { explainEnd } from './explain.ts'

export interface SshSurroundings extends TunnelOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether the ssh configuration of this user and machine counts. */
  readonly ownConfig: boolean
  /** A private folder for key and known hosts. */
  readonly makeFolder: () => Promise<AsyncDisposable & { readonly path: string }>
  readonly signal: AbortSignal
}

/** An ssh that has logged in and listens. */
export interface Forwarding {
  readonly child: GuardedChild
  readonly port: number
}

const longestTries = 3

/** Starts ssh and waits until it listens. Throws `ssh-failed`, `tool-not-found` or `interrupted`. */
export async function startForwarding(options: SshSurroundings): Promise<Forwarding> {
  await using folder = await options.makeFolder() // key and known hosts are read at the start alone, and go away after it
  const { key, knownHosts } = options
  if (key !== undefined) await writeFile(join(folder.path, 'key'), key, { flag: 'wx', mode: 0o600 })
  if (knownHosts !== undefined) await writeFile(join(folder.path, 'known_hosts'), knownHosts, { flag: 'wx', mode: 0o600 })
  const facts = { ...options, hasKey: key !== undefined, isPinned: knownHosts !== undefined }
  for (let tries = 1; ; tries++) {
    const port = await freePort()
    const child = startGuardedChild('ssh', sshArguments({ ...facts, port }), { env: sshEnvironment(options.env), cwd: folder.path })
    const end = await opened(child, options)
    if (end === 'open') return { child, port }
    await child.stop()
    if (end !== 'ended') throw endedByUs(end, options)
    // another process may have taken the port meanwhile
    if (tries === longestTries || !/Address already in use/.test(child.stderr())) {
      const { exitCode } = await child.ended
      throw explainEnd(child.stderr(), exitCode, facts)
    }
  }
}

/** Time for the login itself, which ConnectTimeout does not bound. */
const loginMs = 15_000

function opened(child: GuardedChild, { signal, connection }: SshSurroundings): Promise<'open' | 'ended' | 'late' | 'stopped'> {
  return new Promise((resolve) => {
    let said = ''
    const timer = setTimeout(() => finish('late'), connection.connectTimeoutMs + loginMs)
    const stop = () => finish('stopped')
    signal.addEventListener('abort', stop, { once: true })
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes(openWord)) finish('open')
    })
    child.ended.then(
      () => finish('ended'),
      () => finish('ended'),
    )
    function finish(end: 'open' | 'ended' | 'late' | 'stopped') {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve(end)
    }
  })
}

function endedByUs(end: 'late' | 'stopped', { through }: SshSurroundings): ReleaseError {
  if (end === 'stopped')
    return new ReleaseError('interrupted', 'The run was stopped while the tunnel was being opened; nothing was done.', {
      hint: 'Run the same command again.',
    })
  return new ReleaseError('ssh-failed', `${describeSshHost(through)} did not finish the login in time.`, {
    hint: 'Check its load and its logs; connect_timeout in the connection string allows it more.',
  })
}

/** An allow list: ssh needs to find its agent and this user's files, and none of our secrets. */
function sshEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const allowed = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SSH_AUTH_SOCK', 'XDG_RUNTIME_DIR', 'KRB5CCNAME']
  return Object.fromEntries(allowed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}
