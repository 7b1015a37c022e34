import { ReleaseError } from '../errors.ts'
import { parseStatements } from '../sql/parse.ts'
import { positionFromUtf16 } from '../sql/position.ts'
import { parseDuration } from '../units.ts'
import { type Expectation, parseExpectation } from './expectation.ts'

/** A query that must run without an error on the restored copy, and answer what its comment expects. */
export interface SmokeQuery {
  /** The file as people know it. */
  readonly file: string
  readonly line: number
  readonly sql: string
  readonly expectations: readonly Expectation[]
  /** Its own time limit, in place of the one for all. */
  readonly timeoutMs?: number
}

/** The parser would need many seconds for a larger one, and again for each line that was written for psql. */
const longestFile = 1024 * 1024

/** Reads one file of smoke queries. Throws `invalid-smoke-query` with the place of what cannot be understood. */
export async function parseSmokeFile(file: string, text: string): Promise<SmokeQuery[]> {
  if (text.length > longestFile) throw invalid(file, '', 0, 'the file is larger than 1 MiB; smoke queries are short')
  const sql = await withoutClientCommands(file, text)
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) throw invalid(file, text, parsed.problem.offset, parsed.problem.message)
  const queries: SmokeQuery[] = []
  let end = 0
  for (const statement of parsed.statements) {
    const { expectations, timeoutMs } = readGap(file, sql, end, statement.start)
    const query = sql.slice(statement.start, statement.end)
    refuse(file, sql, statement.start, query, Object.keys(statement.node)[0] as string)
    const limit = timeoutMs === undefined ? {} : { timeoutMs }
    queries.push({ file, line: positionFromUtf16(sql, statement.start).line, sql: query, expectations, ...limit })
    end = statement.end
  }
  const { danglingAt } = readGap(file, sql, end, sql.length)
  if (danglingAt !== undefined) throw invalid(file, sql, danglingAt, 'this comment has no statement after it')
  if (queries.length === 0) throw invalid(file, text, 0, 'the file holds no statement')
  return queries
}

/** Settings and transactions would not reach the next statement, which has a session of its own. */
const refusedStatements = new Map([
  ['TransactionStmt', 'each query runs in a read-only transaction of its own; leave transaction control out'],
  ['VariableSetStmt', 'a setting does not reach the next query, which has a session of its own; qualify the names instead'],
  ['PrepareStmt', 'each query has a session of its own; write the statement itself'],
])

function refuse(file: string, sql: string, start: number, query: string, kind: string): void {
  const problem = refusedStatements.get(kind)
  if (problem !== undefined) throw invalid(file, sql, start, problem)
  const inside = /--[ \t]*(?:expect|timeout[ \t]*:)|\/\*\s*expect\b/i.exec(query)
  if (inside !== null) throw invalid(file, sql, start + inside.index, ownLine)
}

const ownLine = 'an expectation or a time limit stands on a line of its own before its statement'

interface Gap {
  readonly expectations: readonly Expectation[]
  readonly timeoutMs: number | undefined
  /** Where the first of them stands. */
  readonly danglingAt: number | undefined
}

/** Between two statements stand only blanks, semicolons and comments; those that begin with "expect" or "timeout:" say something. */
function readGap(file: string, sql: string, from: number, to: number): Gap {
  const expectations: Expectation[] = []
  let timeoutMs: number | undefined
  let danglingAt: number | undefined
  const piece = /--(?<line>[^\n]*)|\/\*(?<block>[\s\S]*?)\*\/|[^-/]+|./gy
  for (const match of sql.slice(from, to).matchAll(piece)) {
    const { line, block } = match.groups ?? {}
    const offset = from + match.index
    if (block !== undefined && /^\s*(?:expect\b|timeout\s*:)/i.test(block))
      throw invalid(file, sql, offset, 'write it as -- expect: … or -- timeout: …')
    const [, word] = /^\s*(expect|timeout(?=\s*:))\b/i.exec(line ?? '') ?? []
    if (line === undefined || word === undefined) continue
    const before = sql.slice(sql.lastIndexOf('\n', offset - 1) + 1, offset)
    if (before.trim() !== '') throw invalid(file, sql, offset, ownLine)
    danglingAt ??= offset
    if (word.toLowerCase() === 'expect') expectations.push(parseExpectation(line) ?? notUnderstood(file, sql, offset, 'expectation', line))
    else timeoutMs = parseTimeout(line) ?? notUnderstood(file, sql, offset, 'time limit', line)
  }
  return { expectations, timeoutMs, danglingAt }
}

function parseTimeout(comment: string): number | undefined {
  const ms = parseDuration(/:\s*(.*?)\s*$/.exec(comment)?.[1] ?? '')
  return ms === 0 ? undefined : ms // to the server, 0 means no limit
}

function notUnderstood(file: string, sql: string, offset: number, what: string, line: string): never {
  throw invalid(file, sql, offset, `this ${what} is not understood: ${line.trim()}`)
}

/** They stop at the first error, which we do anyway, or change how psql prints. */
const harmlessForPsql = /^\s*\\(?:set[ \t]+ON_ERROR_STOP(?:[ \t]+(?:on|1|true|yes))?[ \t]*$|(?:echo|qecho|timing|pset|x)(?:[ \t][^\\]*)?$)/i

/** Lines for psql that change nothing here become blanks, so that every position stays. */
async function withoutClientCommands(file: string, text: string): Promise<string> {
  for (let sql = text; ; ) {
    const parsed = await parseStatements(sql)
    if (!('problem' in parsed) || sql[parsed.problem.offset] !== '\\') return sql
    const { offset } = parsed.problem
    const start = sql.lastIndexOf('\n', offset) + 1
    const next = sql.indexOf('\n', offset)
    const end = next < 0 ? sql.length : next
    const line = sql.slice(start, end).trimEnd()
    if (!harmlessForPsql.test(line)) {
      throw invalid(file, sql, offset, `the psql command ${/\\\S*/.exec(line.slice(offset - start))?.[0]} cannot be run here`)
    }
    sql = sql.slice(0, start) + ' '.repeat(end - start) + sql.slice(end)
  }
}

function invalid(file: string, text: string, offset: number, problem: string): ReleaseError {
  const { line, column } = positionFromUtf16(text, offset)
  const at = `${file}:${line}:${column}`
  return new ReleaseError('invalid-smoke-query', `${at}: ${problem}.`, {
    at,
    hint: 'Before a statement may stand "-- expect: rows > 0", "-- expect: value = 0" or "-- expect: no rows", with =, !=, <, <=, > or >=, and "-- timeout: 5s".',
  })
}
