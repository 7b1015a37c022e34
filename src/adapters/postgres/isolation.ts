import { runChild } from '../process.ts'
import type { Account } from '../workspace.ts'

/** What stands between a server and the network, besides that it listens on none. */
export interface Isolation {
  /** A program and its arguments that run the server inside it. */
  readonly wrapper: readonly string[]
  readonly description: 'no network' | 'sockets only'
}

/** A network namespace of its own, without any device; a socket in the file system still reaches it. */
const ownNamespace = ['unshare', '--user', '--map-current-user', '--net', '--']

/** Not every machine lets an ordinary user make a namespace: trying tells. https://man7.org/linux/man-pages/man7/user_namespaces.7.html */
export async function findIsolation(account: Account | undefined, env: Readonly<Record<string, string>>): Promise<Isolation> {
  const [program = '', ...args] = ownNamespace
  const tried = await runChild(program, [...args, 'true'], { env, user: account, cwd: '/' }).catch(() => undefined)
  return tried?.exitCode === 0 ? { wrapper: ownNamespace, description: 'no network' } : { wrapper: [], description: 'sockets only' }
}
