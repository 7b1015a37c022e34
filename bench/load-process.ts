import pg from 'pg'
import { nowMs } from './clock.ts'
import type { Asked, LoadOrder } from './load.ts'

// The application, in a process of its own: what the rest of a benchmark does must not make its queries look slow.

const read = { name: 'read', text: 'select owner, balance from accounts where id = $1' }
const write = { name: 'write', text: 'update accounts set balance = balance + 1 where id = $1' }

process.on('disconnect', () => process.exit())
process.once('message', (order: LoadOrder) => void ask(order))

async function ask({ url, perSecond, connections, rows }: LoadOrder): Promise<void> {
  const idle = await Promise.all(Array.from({ length: connections }, () => connect(url)))
  const queue: number[] = []
  const asked = { planned: [] as number[], done: [] as number[], errors: [] as string[] }
  let next = nowMs()
  let timer: NodeJS.Timeout | undefined

  function plan(): void {
    for (const now = nowMs(); next <= now; next += 1000 / perSecond) queue.push(next)
    send()
    timer = setTimeout(plan, Math.max(1, next - nowMs()))
  }

  function send(): void {
    while (idle.length > 0 && queue.length > 0) void query(idle.pop() as pg.Client, queue.shift() as number)
  }

  async function query(client: pg.Client, planned: number): Promise<void> {
    const statement = asked.planned.length % 4 === 0 ? write : read
    const index = asked.planned.push(planned) - 1
    try {
      await client.query({ ...statement, values: [1 + Math.floor(Math.random() * rows)] })
    } catch (error) {
      asked.errors.push(error instanceof Error ? error.message : String(error))
    }
    asked.done[index] = nowMs()
    idle.push(client)
    send()
    if (timer === undefined) endWhenAnswered()
  }

  function endWhenAnswered(): void {
    if (idle.length < connections || queue.length > 0) return
    const all: Asked = { planned: Float64Array.from(asked.planned), done: Float64Array.from(asked.done), errors: asked.errors }
    process.send?.(all, () => process.exit())
  }

  process.once('message', () => {
    clearTimeout(timer)
    timer = undefined
    endWhenAnswered()
  })
  plan()
  process.send?.('ready')
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'bench: application' })
  client.on('error', () => process.exit(1))
  await client.connect()
  for (const statement of [read, write]) await client.query({ ...statement, values: [1] })
  return client
}
