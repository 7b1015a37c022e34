import pg from 'pg'
import { messageOf } from '../../errors.ts'
import type { SendOutcome } from '../../migration/executor.ts'

/** Sends one simple-query message; what became of it is in the outcome, and nothing is thrown. */
export function sendMessage(client: pg.Client, sql: string): Promise<SendOutcome> {
  return new Promise((resolve) => {
    const query = new CountingQuery(sql)
    let value: string | undefined
    query.on('row', (row: Record<string, unknown>) => {
      const [first] = Object.values(row) // of a migration's own queries nothing else is kept
      value = typeof first === 'string' ? first : undefined
    })
    query.on('end', () => resolve({ state: 'done', value }))
    query.on('error', (error: unknown) => resolve(outcomeOf(error, query.completed, value)))
    client.query(query)
  })
}

/** What a signal that came before says of a message. */
export const notSent: SendOutcome = {
  state: 'failed',
  failure: { sqlstate: '57014', message: 'not started', detail: undefined, hint: undefined, position: undefined, completed: 0 },
  value: undefined,
}

/** `pg` keeps no count of the statements that ended before an error; this query does. */
class CountingQuery extends pg.Query {
  completed = 0

  handleCommandComplete(message: unknown, connection: unknown): void {
    this.completed++
    const parent = pg.Query.prototype as unknown as { handleCommandComplete(this: unknown, message: unknown, connection: unknown): void }
    parent.handleCommandComplete.call(this, message, connection)
  }
}

function outcomeOf(error: unknown, completed: number, value: string | undefined): SendOutcome {
  const fromServer = error instanceof pg.DatabaseError && !['FATAL', 'PANIC'].includes(error.severity ?? '')
  if (!fromServer) return { state: 'lost', reason: messageOf(error) }
  const position = error.position === undefined ? undefined : Number(error.position) - 1
  return {
    state: 'failed',
    failure: { sqlstate: error.code, message: error.message, detail: error.detail, hint: error.hint, position, completed },
    value,
  }
}
