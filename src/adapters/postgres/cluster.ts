import { chown, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, ReleaseError } from '../../errors.ts'
import { type Daemon, startDaemon } from '../daemon.ts'
import { runChild } from '../process.ts'
import { killServersIn } from '../stray-servers.ts'
import type { Account } from '../workspace.ts'
import { type OpenClient, openClient } from './client.ts'
import type { Tools } from './tools.ts'

export interface ClusterOptions {
  readonly tools: Tools
  /** A private folder that the account can enter; the cluster stands in `data` below it. */
  readonly folder: string
  readonly account: Account | undefined
  readonly superuser: string
  readonly password: string
  /** Where to connect: a folder for the socket, or a host that `settings` makes the server listen on. */
  readonly host: string
  readonly port: number
  readonly settings: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  /** A program and its arguments that run the server inside something. */
  readonly wrapper?: readonly string[]
  readonly signal?: AbortSignal
}

/** A server of our own, a direct child of this process. */
export interface Cluster {
  connect(login: Login & { readonly database: string }): Promise<OpenClient>
  /** Fast (or at once immediate), then by force; done within five seconds. */
  stop(first?: 'fast' | 'immediate'): Promise<void>
}

/** A role of the cluster. */
export interface Login {
  readonly user: string
  readonly password: string
}

const readyMs = 60_000
const graceMs = 1500

/** Makes a cluster with one superuser and starts it. Throws `scratch-failed` with what the server said. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  await makeCluster(options)
  const server = await startServer(options)
  try {
    await ready(server, options)
    return { connect: (login) => connect(options, login), stop: (first = 'fast') => stop(server, options, first) }
  } catch (error) {
    await stop(server, options, 'immediate')
    throw error
  }
}

async function makeCluster({ tools, folder, account, superuser, password, env, signal }: ClusterOptions): Promise<void> {
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, `${password}\n`, { flag: 'wx', mode: 0o600 })
  if (account !== undefined) await chown(passwordFile, account.uid, account.gid)
  const args = [
    `--pgdata=${join(folder, 'data')}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]
  const made = await runChild(join(tools.binDir, 'initdb'), args, { env, user: account, cwd: folder, ...(signal ? { signal } : {}) })
  await rm(passwordFile, { force: true })
  signal?.throwIfAborted()
  if (made.exitCode !== 0) throw failed('initdb could not make it', lastLines(made.stderr))
}

async function startServer({ tools, folder, account, port, settings, env, wrapper = [] }: ClusterOptions): Promise<Daemon> {
  const server = [join(tools.binDir, 'postgres'), '-D', join(folder, 'data'), '-p', String(port)]
  const configured = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [program = '', ...args] = [...wrapper, ...server, ...configured]
  try {
    return await startDaemon(program, args, { env, cwd: folder, logFile: logFile(folder), account })
  } catch (error) {
    throw failed('the server could not be started', messageOf(error))
  }
}

async function ready(server: Daemon, options: ClusterOptions): Promise<void> {
  const deadline = performance.now() + readyMs
  for (;;) {
    options.signal?.throwIfAborted()
    if (server.hasEnded()) throw failed('the server ended at once', lastLines(await readFile(logFile(options.folder), 'utf8')))
    try {
      const probe = await connect(options, { database: 'postgres', user: options.superuser, password: options.password })
      return await probe[Symbol.asyncDispose]()
    } catch (error) {
      if (!(error instanceof ReleaseError) || error.code !== 'connection-failed' || performance.now() > deadline) throw error
    }
    await pause(50)
  }
}

function connect({ host, port }: ClusterOptions, login: Login & { readonly database: string }): Promise<OpenClient> {
  return openClient({
    connection: {
      ...login,
      host,
      port,
      sslmode: undefined,
      sslrootcert: undefined,
      sslcert: undefined,
      sslkey: undefined,
      connectTimeoutMs: 15_000,
      settings: [],
    },
    tls: { mode: 'off', ca: undefined },
    applicationName: 'shiplock',
  })
}

async function stop(server: Daemon, { folder }: ClusterOptions, first: 'fast' | 'immediate'): Promise<void> {
  for (const signal of first === 'fast' ? (['SIGINT', 'SIGQUIT'] as const) : (['SIGQUIT'] as const)) {
    if (server.hasEnded()) break
    server.kill(signal)
    await server.ended(graceMs)
  }
  if (!server.hasEnded()) server.kill('SIGKILL')
  await killServersIn(folder)
}

function logFile(folder: string): string {
  return join(folder, 'server.log')
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n')
}

function failed(what: string, said: string): ReleaseError {
  return new ReleaseError(
    'scratch-failed',
    `No PostgreSQL cluster could be started on this machine: ${what}.${said === '' ? '' : `\n${said}`}`,
    {
      hint: 'Is there room in the temporary folder, and is the installation of PostgreSQL complete?',
    },
  )
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
