import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Frames } from './frames.ts'

/** Something that goes wrong on the connection that sent a statement. */
export interface Fault {
  /** The statement, as the client sent it. */
  readonly on: RegExp
  /** Before the statement reaches the server, at its n-th `CommandComplete` (from 1), at that of a COMMIT, or at the end of its answer. */
  readonly at: 'request' | 'commit' | 'ready' | number
  /** Whether that part of the answer still reaches the client. */
  readonly answered?: boolean
  /** An end by RST on both sides; packets that vanish both ways while both sockets stay open; or a wait for `release`. */
  readonly what: 'cut' | 'drop' | 'hold'
  /** Which of the matching statements of all connections, from 1. */
  readonly occurrence?: number
}

interface ArmedFault {
  readonly happened: Promise<void>
  /** Matching statements seen so far. */
  seen(): number
  /** Lets what was held go on. */
  release(): void
}

/** The network between a client and a server on 127.0.0.1, which can do anything. */
export interface TestProxy extends AsyncDisposable {
  /** The same connection, by way of the proxy. */
  url(connectionString: string): string
  /** Client connections that were opened so far. */
  opened(): number
  arm(fault: Fault): ArmedFault
  /** From now on the packets of every open connection vanish; `all` makes those of new ones vanish too. */
  drop(all?: 'all'): void
  /** New connections work again. */
  heal(): void
}

/** Forgets a connection, as a firewall does, on which no byte came for `silenceMs`. */
export async function startProxy(serverPort: number, { silenceMs }: { silenceMs?: number } = {}): Promise<TestProxy> {
  const links = new Set<Link>()
  const faults = new Set<Armed>()
  let isDown = false
  let opened = 0
  const server = createServer((client) => {
    opened++
    const link = new Link(client, serverPort, faults, silenceMs)
    links.add(link)
    if (isDown) link.drop()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: (connectionString) => `${connectionString.replace(`:${serverPort}/`, `:${port}/`)}?sslmode=disable`,
    opened: () => opened,
    arm(fault) {
      const armed = new Armed(fault)
      faults.add(armed)
      return armed
    },
    drop(all) {
      isDown = all === 'all'
      for (const link of links) link.drop()
    },
    heal() {
      isDown = false
    },
    async [Symbol.asyncDispose]() {
      for (const link of links) link.end()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

class Armed implements ArmedFault {
  readonly fault: Fault
  readonly happened: Promise<void>
  readonly released: Promise<void>
  readonly happen: () => void
  readonly release: () => void
  #seen = 0

  constructor(fault: Fault) {
    this.fault = fault
    let happen = () => {}
    let release = () => {}
    this.happened = new Promise((resolve) => {
      happen = resolve
    })
    this.released = new Promise((resolve) => {
      release = resolve
    })
    this.happen = happen
    this.release = release
  }

  seen(): number {
    return this.#seen
  }

  /** Counts a statement; whether it is the one that is meant. */
  meets(statement: string): boolean {
    return this.fault.on.test(statement) && ++this.#seen === (this.fault.occurrence ?? 1)
  }
}

/** One client's connection and the one that it stands for. */
class Link {
  readonly #client: Socket
  readonly #server: Socket
  readonly #faults: ReadonlySet<Armed>
  readonly #silence: NodeJS.Timeout | undefined
  #isDropped = false
  /** The faults that await something of the statement under way. */
  #due: Armed[] = []
  #completed = 0
  /** Each direction keeps its order while something is held. */
  #toServer = Promise.resolve()
  #toClient = Promise.resolve()

  constructor(client: Socket, serverPort: number, faults: ReadonlySet<Armed>, silenceMs: number | undefined) {
    this.#client = client
    this.#faults = faults
    this.#server = connect(serverPort, '127.0.0.1')
    if (silenceMs !== undefined) this.#silence = setTimeout(() => this.drop(), silenceMs)
    const requests = new Frames('client')
    const answers = new Frames('server')
    this.#read(client, (bytes) => {
      for (const frame of requests.take(bytes)) this.#toServer = this.#toServer.then(() => this.#request(frame.bytes, frame.statement))
    })
    this.#read(this.#server, (bytes) => {
      for (const frame of answers.take(bytes)) this.#toClient = this.#toClient.then(() => this.#answer(frame.bytes, frame.type))
    })
    client.on('close', () => this.#isDropped || this.#server.destroy())
    this.#server.on('close', () => this.#isDropped || client.destroy())
  }

  drop(): void {
    this.#isDropped = true
  }

  cut(): void {
    for (const socket of [this.#client, this.#server]) socket.resetAndDestroy()
  }

  end(): void {
    clearTimeout(this.#silence)
    for (const socket of [this.#client, this.#server]) socket.destroy()
  }

  #read(socket: Socket, take: (bytes: Buffer) => void): void {
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      if (this.#isDropped) return
      this.#silence?.refresh()
      take(bytes)
    })
  }

  async #request(bytes: Buffer, statement: string | undefined): Promise<void> {
    if (statement !== undefined) {
      this.#completed = 0
      this.#due = [...this.#faults].filter((one) => one.meets(statement))
      await this.#strike((at) => at === 'request', false)
    }
    if (!this.#isDropped) this.#server.write(bytes)
  }

  async #answer(bytes: Buffer, type: string): Promise<void> {
    if (type === 'C') this.#completed++
    const isDue = (at: Fault['at']) =>
      (type === 'C' && (at === this.#completed || (at === 'commit' && bytes.toString('latin1', 5) === 'COMMIT\0'))) ||
      (type === 'Z' && at === 'ready')
    await this.#strike(isDue, false)
    if (!this.#isDropped) this.#client.write(bytes)
    await this.#strike(isDue, true)
  }

  async #strike(isDue: (at: Fault['at']) => boolean, answered: boolean): Promise<void> {
    for (const one of this.#due.filter(({ fault }) => isDue(fault.at) && (fault.answered ?? false) === answered)) {
      if (answered && one.fault.what !== 'hold') await sleep(30) // a reset would overtake what was just written
      if (one.fault.what === 'cut') this.cut()
      if (one.fault.what === 'drop') this.drop()
      one.happen()
      if (one.fault.what === 'hold') await one.released
    }
  }
}
