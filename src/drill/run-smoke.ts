import { messageOf, systemCode } from '../errors.ts'
import type { Check } from '../result.ts'
import { judgeAnswer } from './expectation.ts'
import type { ScratchCluster } from './scratch.ts'
import type { SmokeQuery } from './smoke.ts'

export interface SmokeResult {
  readonly file: string
  readonly line: number
  readonly status: 'pass' | 'fail'
  readonly sqlstate?: string
  readonly message?: string
}

interface SmokePolicy {
  readonly timeoutMs: number
  /** Values and messages of errors may be personal data. */
  readonly showData: boolean
  readonly signal: AbortSignal
}

/** Runs every query, also after one that failed. */
export async function runSmoke(
  queries: readonly SmokeQuery[],
  cluster: Pick<ScratchCluster, 'query'>,
  policy: SmokePolicy,
): Promise<SmokeResult[]> {
  const results: SmokeResult[] = []
  for (const query of queries) results.push({ file: query.file, line: query.line, ...(await runOne(query, cluster, policy)) })
  return results
}

/** Queries that nobody wrote prove nothing. */
export function smokeCheck(results: readonly SmokeResult[] | undefined): Check {
  if (results === undefined) return { id: 'smoke', status: 'not-checked', message: 'no smoke queries are configured' }
  const failed = results.filter(({ status }) => status === 'fail')
  const value = `${results.length - failed.length} of ${results.length} ${results.length === 1 ? 'query' : 'queries'}`
  const [first] = failed
  if (first === undefined) return { id: 'smoke', status: 'pass', value }
  return { id: 'smoke', status: 'fail', value, message: `${first.file}:${first.line}: ${first.message}` }
}

async function runOne(
  { sql, expectations, timeoutMs: own }: SmokeQuery,
  cluster: Pick<ScratchCluster, 'query'>,
  { timeoutMs, showData, signal }: SmokePolicy,
): Promise<Pick<SmokeResult, 'status' | 'sqlstate' | 'message'>> {
  signal.throwIfAborted()
  try {
    const complaint = judgeAnswer(expectations, await cluster.query(sql, own ?? timeoutMs), showData)
    return complaint === undefined ? { status: 'pass' } : { status: 'fail', message: complaint }
  } catch (error) {
    signal.throwIfAborted()
    const sqlstate = sqlstateOf(error)
    if (sqlstate === undefined) throw error
    const message = showData || !mayQuoteData(sqlstate, error) ? messageOf(error) : 'it failed (show-data: true prints why)'
    return { status: 'fail', sqlstate, message: `${message} (SQLSTATE ${sqlstate})` }
  }
}

/** Five characters that PostgreSQL puts on its errors. */
function sqlstateOf(error: unknown): string | undefined {
  const code = systemCode(error)
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

/**
 * Missing rights, a division by zero, a time limit: these messages hold no values from rows. Wrong names hold none when
 * they stand in the query itself, which the server then points at; a name that was read from a row looks the same otherwise.
 */
function mayQuoteData(sqlstate: string, error: unknown): boolean {
  if (/^(?:25|53|57|22012|42501)/.test(sqlstate)) return false
  const inQuery = typeof error === 'object' && error !== null && 'position' in error && error.position !== undefined
  return !(inQuery && /^(?:42|0A)/.test(sqlstate))
}
