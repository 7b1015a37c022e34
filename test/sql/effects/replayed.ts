import { statementEffects } from '../../../src/sql/effects/effects.ts'
import { parseStatements, type Statement } from '../../../src/sql/parse.ts'
import { applyStatement } from '../../../src/sql/schema/replay.ts'
import { emptySchema, type Schema } from '../../../src/sql/schema/schema.ts'

/** The schema that statements make from nothing. */
export async function replayed(...texts: readonly string[]): Promise<Schema> {
  const schema = emptySchema()
  for (const [file, text] of texts.entries()) {
    for (const [index, statement] of (await parsed(text)).entries()) applyStatement(schema, statement, { file, statement: index })
  }
  return schema
}

async function parsed(sql: string): Promise<readonly Statement[]> {
  const found = await parseStatements(sql)
  if ('problem' in found) throw new Error(`${found.problem.message}: ${sql}`)
  return found.statements
}

/** What the statements do to relations, each by its name, as the model tells: one after the other, the schema with them. */
export async function effectsOn(schema: Schema, sql: string, major = 15) {
  const all = []
  for (const [index, statement] of (await parsed(sql)).entries()) {
    all.push(statementEffects(statement, schema, { major }))
    applyStatement(schema, statement, { file: 9, statement: index })
  }
  return all
}

/** Names of what is rewritten, scanned and built: `+t` for a new index of t. */
export async function workOn(given: string, sql: string, major = 15) {
  const all = await effectsOn(await replayed(given), sql, major)
  const names = (list: readonly { readonly name: string }[]) => [...new Set(list.map(({ name }) => name))].sort()
  const builds = all.flatMap((one) => one.builds.map((index) => ('kind' in index ? index.name : `+${index.table.name}`)))
  return { rewrites: names(all.flatMap((one) => one.rewrites)), scans: names(all.flatMap((one) => one.scans)), builds: builds.sort() }
}
