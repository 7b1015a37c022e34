import type { Tunnel } from '../../commands/command.ts'
import { describeConnection } from '../../connection.ts'
import type { ReleaseError } from '../../errors.ts'
import { describeSshHost, type SshHost } from '../../ssh-host.ts'
import { explainRefusal } from './explain.ts'
import { type Forwarding, type SshSurroundings, startForwarding } from './forwarding.ts'

interface TunnelSurroundings extends SshSurroundings {
  readonly say: (text: string) => void
}

/** A tunnel that the system's ssh keeps. Nothing is started before it is first used. */
export function makeTunnel(options: TunnelSurroundings): Tunnel {
  return new SshTunnel(options)
}

/** ssh writes its complaint before it closes the connection; the two reach us by different pipes. */
const lagMs = 500

class SshTunnel implements Tunnel {
  readonly through: SshHost
  readonly #options: TunnelSurroundings
  #opened: Promise<Forwarding> | undefined
  #forwarding: Forwarding | undefined
  /** Complaints that were there when the tunnel was last handed out. */
  #earlier = 0

  constructor(options: TunnelSurroundings) {
    this.#options = options
    this.through = options.through
  }

  async open(): Promise<{ readonly host: string; readonly port: number }> {
    this.#opened ??= this.#start()
    const { port } = await this.#opened
    this.#earlier = this.#complaints().length
    return { host: '127.0.0.1', port }
  }

  async refusal(): Promise<ReleaseError | undefined> {
    const deadline = performance.now() + lagMs
    for (;;) {
      const complaint = this.#complaints().slice(this.#earlier).at(-1)
      if (complaint !== undefined) return explainRefusal(complaint, { ...this.#options, hasKey: false, isPinned: false })
      if (performance.now() > deadline) return undefined
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#forwarding?.child.stop()
  }

  async #start(): Promise<Forwarding> {
    const { connection, say } = this.#options
    try {
      const forwarding = await startForwarding(this.#options)
      this.#forwarding = forwarding
      void forwarding.child.ended.then(() => {
        this.#opened = undefined // whoever comes next gets a new one
      })
      say(`${describeConnection(connection)} is reached through ${describeSshHost(this.through)}`)
      return forwarding
    } catch (error) {
      this.#opened = undefined
      throw error
    }
  }

  #complaints(): string[] {
    return this.#forwarding?.child.stderr().match(/^channel \d+: open failed: .*$/gm) ?? []
  }
}
