import { createServer, connect as dial, type Server, type Socket } from 'node:net'

/** A door in front of a server that counts who comes through. */
export async function startGate(target: number) {
  let count = 0
  const gate = await listen((socket) => {
    count++
    const on = dial(target, '127.0.0.1')
    socket.pipe(on).pipe(socket)
    socket.on('error', () => on.destroy())
    on.on('error', () => socket.destroy())
  })
  return { ...gate, connections: () => count }
}

/** An ssh host that never says a word. */
export async function startSilent() {
  let count = 0
  const silent = await listen((socket) => {
    count++
    socket.on('error', () => {})
  })
  return { ...silent, connections: () => count }
}

async function listen(onConnection: (socket: Socket) => void): Promise<AsyncDisposable & { port: number }> {
  const sockets = new Set<Socket>()
  const listener: Server = createServer((socket) => {
    sockets.add(socket)
    onConnection(socket)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}
