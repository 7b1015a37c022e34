import { ReleaseError } from '../errors.ts'
import { parseStatements } from '../sql/parse.ts'
import { positionFromUtf16 } from '../sql/position.ts'
import { type Expectation, parseExpectation } from './expectation.ts'

/** A query that must run without an error on the restored copy, and answer what its comment expects. */
export interface SmokeQuery {
  /** The file as people know it. */
  readonly file: string
  readonly line: number
  readonly sql: string
  readonly expectations: readonly Expectation[]
}

/** Reads one file of smoke queries. Throws `invalid-smoke-query` with the place of what cannot be understood. */
export async function parseSmokeFile(file: string, text: string): Promise<SmokeQuery[]> {
  const sql = await withoutClientCommands(file, text)
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) throw invalid(file, text, parsed.problem.offset, parsed.problem.message)
  const queries: SmokeQuery[] = []
  let end = 0
  for (const statement of parsed.statements) {
    const expectations = readGap(file, sql, end, statement.start)
    const query = sql.slice(statement.start, statement.end)
    refuse(file, sql, statement.start, query, Object.keys(statement.node)[0] as string)
    queries.push({ file, line: positionFromUtf16(sql, statement.start).line, sql: query, expectations })
    end = statement.end
  }
  const [dangling] = readGap(file, sql, end, sql.length)
  if (dangling !== undefined) throw invalid(file, sql, dangling.offset, 'this expectation has no statement after it')
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
  const inside = /--[ \t]*expect\b|\/\*\s*expect\b/i.exec(query)
  if (inside !== null) throw invalid(file, sql, start + inside.index, 'an expectation stands on a line of its own before its statement')
}

type Placed = Expectation & { readonly offset: number }

/** Between two statements stand only blanks, semicolons and comments; those that begin with "expect" are expectations. */
function readGap(file: string, sql: string, from: number, to: number): Placed[] {
  const found: Placed[] = []
  const piece = /--(?<line>[^\n]*)|\/\*(?<block>[\s\S]*?)\*\/|[^-/]+|./gy
  for (const match of sql.slice(from, to).matchAll(piece)) {
    const { line, block } = match.groups ?? {}
    const offset = from + match.index
    if (block !== undefined && /^\s*expect\b/i.test(block)) throw invalid(file, sql, offset, 'write an expectation as -- expect: …')
    if (line === undefined || !/^\s*expect\b/i.test(line)) continue
    const before = sql.slice(sql.lastIndexOf('\n', offset - 1) + 1, offset)
    if (before.trim() !== '') throw invalid(file, sql, offset, 'an expectation stands on a line of its own before its statement')
    const expectation = parseExpectation(line)
    if (expectation === undefined) {
      throw invalid(file, sql, offset, `this expectation is not understood: ${line.trim()}`)
    }
    found.push({ ...expectation, offset })
  }
  return found
}

/** Lines for psql that change nothing here become blanks, so that every position stays. */
async function withoutClientCommands(file: string, text: string): Promise<string> {
  for (let sql = text; ; ) {
    const parsed = await parseStatements(sql)
    if (!('problem' in parsed) || sql[parsed.problem.offset] !== '\\') return sql
    const { offset } = parsed.problem
    const start = sql.lastIndexOf('\n', offset) + 1
    const next = sql.indexOf('\n', offset)
    const end = next < 0 ? sql.length : next
    const line = sql.slice(start, end)
    if (!/^\s*\\(?:set +ON_ERROR_STOP +(?:on|1|true)|echo|qecho|timing|pset)\b[^\\]*$/i.test(line)) {
      throw invalid(file, sql, offset, `the psql command ${/\\\S*/.exec(line.slice(offset - start))?.[0]} cannot be run here`)
    }
    sql = sql.slice(0, start) + ' '.repeat(line.length) + sql.slice(end)
  }
}

function invalid(file: string, text: string, offset: number, problem: string): ReleaseError {
  const { line, column } = positionFromUtf16(text, offset)
  const at = `${file}:${line}:${column}`
  return new ReleaseError('invalid-smoke-query', `${at}: ${problem}.`, {
    at,
    hint: 'Expectations are "-- expect: rows > 0", "-- expect: value = 0" and "-- expect: no rows", with =, !=, <, <=, > or >=.',
  })
}
