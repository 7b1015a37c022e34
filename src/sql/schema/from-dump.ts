import { parseStatements, type SyntaxProblem } from '../parse.ts'
import { applyStatement } from './replay.ts'
import { emptySchema, findRelation, type Schema } from './schema.ts'

/** What `pg_dump --schema-only` writes of a database, and what it leaves out. */
export interface DumpedSchema {
  readonly script: string
  /** Indexes that queries may not use, which `pg_dump` does not write. */
  readonly invalidIndexes: readonly { readonly schema: string; readonly name: string; readonly definition: string }[]
  /** Materialized views that were filled: the script makes all of them empty. */
  readonly filledViews: readonly { readonly schema: string; readonly name: string }[]
  /** What a new session starts with. */
  readonly searchPath: readonly string[]
  readonly timeZone: string | undefined
}

/** Everything in it is older than the first file. */
const before = { file: -1, statement: 0 }

/** The schema of a database as its dump tells it. */
export async function schemaFromDump(dump: DumpedSchema): Promise<{ readonly schema: Schema } | { readonly problem: SyntaxProblem }> {
  const schema = emptySchema()
  const problem = await replayText(schema, withoutClientCommands(dump.script))
  if (problem !== undefined) return { problem }
  for (const { schema: space, name, definition } of dump.invalidIndexes) {
    const again = await replayText(schema, definition)
    if (again !== undefined) return { problem: again }
    const index = findRelation(schema, { schema: space, name })
    if (index?.kind === 'index') index.valid = false
  }
  for (const name of dump.filledViews) {
    const view = findRelation(schema, name)
    if (view?.kind === 'view') view.populated = true
  }
  schema.session = { searchPath: dump.searchPath, timeZone: dump.timeZone }
  schema.searchPath = [...dump.searchPath]
  schema.timeZone = dump.timeZone
  return { schema }
}

async function replayText(schema: Schema, sql: string): Promise<SyntaxProblem | undefined> {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) return parsed.problem
  for (const statement of parsed.statements) applyStatement(schema, statement, before)
  return undefined
}

/** Newer programs put `\restrict` before the statements and `\unrestrict` behind them, which only psql understands. */
export function withoutClientCommands(script: string): string {
  const lines = script.split('\n')
  const first = lines.findIndex((line) => line.startsWith('\\restrict '))
  const key = lines[first]?.slice('\\restrict '.length)
  return first < 0 ? script : lines.filter((line, index) => index !== first && line !== `\\unrestrict ${key}`).join('\n')
}
