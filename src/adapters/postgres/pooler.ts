import type pg from 'pg'
import { ReleaseError } from '../../errors.ts'

/** Who asks when. A pooler that hands out its last server process again, or each in turn, shows itself in any order like this one. */
const order = [0, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1] as const

/** How long a pool may keep a client waiting for a server process. */
const patienceMs = 5000

/**
 * Throws `pooler-detected` when two connections that are open at once do not keep a server process each. Changes
 * nothing in them: the server process may be somebody else's the next moment.
 */
export async function refuseSharedSessions(...clients: readonly [pg.Client, pg.Client]): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(noSecond()), patienceMs)
  })
  const seen = [new Set<number>(), new Set<number>()] as const
  try {
    for (const who of order) seen[who].add(await Promise.race([processOf(clients[who]), late]))
  } finally {
    clearTimeout(timer)
  }
  if (new Set([...seen[0], ...seen[1]]).size !== 2 || seen[0].size !== 1) throw sharedSessions()
}

async function processOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}

export function sharedSessions(): ReleaseError {
  return new ReleaseError(
    'pooler-detected',
    'Connections that are open at once share server processes: a pooler in transaction or statement mode stands in between.',
    {
      hint: 'Point database-url at the server itself, not at the pool, or at a pool in session mode; session locks, settings and snapshots do not hold behind a pooler that shares sessions.',
    },
  )
}

function noSecond(): ReleaseError {
  return new ReleaseError(
    'pooler-detected',
    `A pooler stands in between, and gives no second connection within ${patienceMs / 1000} s while one is open.`,
    { hint: 'Point database-url at the server itself, or give the pool (in session mode) room for three connections more.' },
  )
}
