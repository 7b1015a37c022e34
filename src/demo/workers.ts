import { messageOf, systemCode } from '../errors.ts'
import type { Picked, Version } from './application.ts'
import { customersFor } from './shop.ts'
import type { Session, Stage, Statement, Time } from './stage.ts'
import type { Traffic } from './traffic.ts'

/** What workers need around them. */
export interface Workplace {
  readonly stage: Pick<Stage, 'connect'>
  readonly time: Time
  readonly traffic: Traffic
  readonly signal: AbortSignal
  /** Orders in the shop at the start. */
  readonly rows: number
}

/** One process of the application: a connection that asks again and again, with short pauses. */
export interface Worker {
  readonly version: Version
  readonly prepared: boolean
  /** Lets the operation under way end, then closes the connection. */
  stop(): Promise<void>
}

const longestPauseMs = 8

/** Starts a worker. A failing query is counted and the worker goes on, as a web server would; without its connection it ends. */
export async function startWorker(version: Version, prepared: boolean, workplace: Workplace): Promise<Worker> {
  const { stage, time, signal } = workplace
  const session = await stage.connect(`shop ${version.name}`)
  const stopping = new AbortController()
  const either = AbortSignal.any([signal, stopping.signal])
  const done = work()

  async function work(): Promise<void> {
    for (let turn = 0; !either.aborted; turn++) {
      const usable = await carryOut(turn, { version, prepared, session, workplace })
      if (!usable) return
      await time.sleep(Math.random() * longestPauseMs, either)
    }
  }

  return {
    version,
    prepared,
    async stop() {
      stopping.abort()
      await done
      await session[Symbol.asyncDispose]()
    },
  }
}

/** Replaces each worker by one of another version, one after the other; the old one goes when the new one is there. */
export async function replaceWorkers(old: readonly Worker[], version: Version, pauseMs: number, workplace: Workplace): Promise<Worker[]> {
  const fresh: Worker[] = []
  for (const worker of old) {
    if (workplace.signal.aborted) break
    fresh.push(await startWorker(version, worker.prepared, workplace))
    await worker.stop()
    await workplace.time.sleep(pauseMs, workplace.signal)
  }
  return fresh
}

interface Turn {
  readonly version: Version
  readonly prepared: boolean
  readonly session: Session
  readonly workplace: Workplace
}

/** One operation. Returns whether the connection can be used for the next. */
async function carryOut(turn: number, { version, prepared, session, workplace }: Turn): Promise<boolean> {
  const number = turn % version.operations.length
  const { what, statements } = version.operations[number] as Version['operations'][number]
  const picked = pick(version, workplace.rows)
  const inTransaction = statements.length > 1
  const asked = statements.map(({ text, values }, index) => ({
    statement: prepared ? { name: `${number}.${index}`, text } : { text },
    values: values.map((name) => picked[name]),
  }))
  const all = inTransaction ? [{ statement: begin, values: [] }, ...asked, { statement: commit, values: [] }] : asked
  for (const { statement, values } of all) {
    const outcome = await ask(statement, values, what, { version, session, workplace })
    if (outcome === 'lost') return false
    if (outcome === 'failed') return !inTransaction || (await ask(rollback, [], what, { version, session, workplace })) === 'done'
  }
  return true
}

const [begin, commit, rollback] = ['begin', 'commit', 'rollback'].map((text) => ({ text })) as [Statement, Statement, Statement]

async function ask(
  statement: Statement,
  values: readonly unknown[],
  what: string,
  { version, session, workplace: { time, traffic, signal } }: Pick<Turn, 'version' | 'session' | 'workplace'>,
): Promise<'done' | 'failed' | 'lost'> {
  const started = time.monotonic()
  const record = (error?: { message: string; sqlstate: string | undefined }) =>
    traffic.record({ version: version.name, what, ms: time.monotonic() - started, ...(error === undefined ? {} : { error }) })
  try {
    await session.query(statement, values)
    record()
    return 'done'
  } catch (error) {
    if (signal.aborted) return 'lost' // we closed the connection ourselves
    const code = systemCode(error)
    const sqlstate = code !== undefined && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined // EPIPE is none
    record({ message: messageOf(error), sqlstate })
    return sqlstate === undefined || /^(?:08|57P)/.test(sqlstate) ? 'lost' : 'failed'
  }
}

function pick(version: Version, rows: number): Picked {
  return {
    order: below(rows),
    customer: below(customersFor(rows)),
    amount: version.amount(below(100_000)),
  }
}

/** A whole number from 1 to this one. */
function below(most: number): number {
  return 1 + Math.floor(Math.random() * most)
}
