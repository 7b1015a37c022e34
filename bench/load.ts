import { type ChildProcess, fork } from 'node:child_process'

export interface LoadOrder {
  readonly url: string
  readonly perSecond: number
  readonly connections: number
  /** The queries go to the rows 1 to this one of `accounts`. */
  readonly rows: number
}

/** Every query of a load, on the clock of `nowMs`: when it should have started, and when its answer was there. */
export interface Asked {
  readonly planned: Float64Array
  readonly done: Float64Array
  readonly errors: readonly string[]
}

/** An application at work. Its queries start when they are due, whether or not earlier ones have been answered. */
export interface Load extends AsyncDisposable {
  /** Starts no more queries, waits for the answers of those under way, and ends. */
  stop(): Promise<Asked>
}

export async function startLoad(order: LoadOrder): Promise<Load> {
  const child = fork(new URL('./load-process.ts', import.meta.url), { serialization: 'advanced' })
  child.send(order)
  await messageOf(child)
  return {
    stop: () => {
      child.send('stop')
      return messageOf<Asked>(child)
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
    },
  }
}

function messageOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the load ended with ${code}`))
    child.once('exit', ended).once('message', (message) => {
      child.off('exit', ended)
      resolve(message as T)
    })
  })
}
