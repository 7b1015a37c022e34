import { spawnSync } from 'node:child_process'
import { connect, createServer, type Socket } from 'node:net'

/** Stands between a client and a server on this machine. */
export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** From now on packets of both sides vanish: nobody is answered, not even by the operating system. */
  vanish(): void
}

/** Each byte arrives `delayMs` later than without the proxy; as many as wish are under way at once. */
export async function startProxy(target: { readonly port: number; readonly delayMs?: number }): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let vanished = false

  function later(act: () => void): void {
    if (target.delayMs === undefined) act()
    else setTimeout(() => !vanished && act(), target.delayMs)
  }

  function pass(from: Socket, to: Socket): void {
    sockets.add(from)
    from.setNoDelay(true)
    from.on('data', (bytes) => later(() => to.write(bytes)))
    from.on('end', () => later(() => to.end()))
    from.on('error', () => later(() => to.destroy()))
    from.on('close', () => sockets.delete(from))
  }

  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (vanished) {
      sockets.add(client.on('error', () => {}))
      return
    }
    const upstream = connect({ host: '127.0.0.1', port: target.port, allowHalfOpen: true })
    pass(client, upstream)
    pass(upstream, client)
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    vanish: () => {
      vanished = true
      dropPackets([...sockets])
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/**
 * Linux throws away what arrives for a socket before TCP sees it when a filter on the socket says so. Without that the
 * system would go on acknowledging packets and answering keepalives, as no broken network does.
 */
const filter = `
import ctypes, socket, struct, sys
SO_ATTACH_FILTER = 26
RETURN = 6
drop_all = ctypes.create_string_buffer(struct.pack("HBBI", RETURN, 0, 0, 0))
program = struct.pack("HL", 1, ctypes.addressof(drop_all))
for descriptor in range(3, 3 + int(sys.argv[1])):
    socket.socket(fileno=descriptor).setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
`

function dropPackets(sockets: readonly Socket[]): void {
  if (process.platform !== 'linux') throw new Error('Packets can be made to vanish on Linux alone.')
  const descriptors = sockets.map(descriptorOf)
  const { status, stderr, error } = spawnSync('python3', ['-c', filter, String(descriptors.length)], {
    stdio: ['ignore', 'ignore', 'pipe', ...descriptors],
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`python3 could not attach the filter that drops packets: ${error?.message ?? stderr}`)
}

function descriptorOf(socket: Socket): number {
  const { _handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } }
  if (_handle?.fd === undefined) throw new Error('The proxy has a socket without a descriptor.')
  return _handle.fd
}
