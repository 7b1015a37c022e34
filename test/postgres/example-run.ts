import pg from 'pg'
import { exampleSchema } from '../../src/lint/example-schema.ts'
import type { Example, ExampleFile, ExampleRelease } from '../../src/lint/rule.ts'
import { isBegin, isCommit, mayCommit, standsAlone } from '../../src/sql/classify.ts'
import { statementEffects } from '../../src/sql/effects/effects.ts'
import { MappedText } from '../../src/sql/mapped-text.ts'
import { nestedStatements } from '../../src/sql/nested.ts'
import { parseStatements, type Statement } from '../../src/sql/parse.ts'
import { copySchema } from '../../src/sql/schema/copy.ts'
import { applyStatement } from '../../src/sql/schema/replay.ts'
import { emptySchema, type Schema } from '../../src/sql/schema/schema.ts'
import { disagreements } from './disagreements.ts'
import { exampleRows } from './example-rows.ts'
import { between, lookAround, readWhole } from './footprint.ts'
import type { TestServer } from './server.ts'

/** What came of an example on a server. */
interface ExampleOutcome {
  /** Where the server did something else than the model tells, statement by statement. */
  readonly differences: readonly string[]
  /** What it refused, and why. */
  readonly refused: string | undefined
}

/** Runs examples on a server, each from the same start. */
export interface ExampleServer extends AsyncDisposable {
  run(example: Example): Promise<ExampleOutcome>
}

export async function exampleServer(server: TestServer): Promise<ExampleServer> {
  await server.createDatabase('example')
  await server.query(`${readWhole} ${exampleSchema} ${exampleRows}`, 'example')
  await server.query('create database shared template example')
  const start = emptySchema()
  await replay(start, await statementsOf(exampleSchema), 0)
  const shared = await connected(server, 'shared')
  let count = 0
  // copies the files, where the server would write every page into its log since PostgreSQL 15
  const strategy = server.major >= 15 ? 'strategy file_copy' : ''

  async function run(example: Example): Promise<ExampleOutcome> {
    const release: ExampleRelease = typeof example === 'string' ? { files: [{ sql: example }] } : example
    const files = await Promise.all(release.files.map(openFile))
    const [file] = files
    const schema = copySchema(start)
    // one transaction can be taken back; whatever else there is to run gets a database of its own
    const earlier = [release.given ?? '', ...(release.released ?? []).map(({ sql }) => sql)]
    const takenBack = files.length === 1 && earlier.every((sql) => sql === '') && file?.transaction !== false
    if (takenBack && file !== undefined && !file.statements.some((one) => 'TransactionStmt' in one.node)) {
      return await runInTransaction(new Run(shared, schema, server.major), file)
    }
    const database = `example_${count++}`
    await server.query(`create database ${database} template example ${strategy}`)
    const session = await connected(server, database)
    try {
      for (const sql of earlier) {
        await session.query(sql)
        await replay(schema, await statementsOf(sql), 1)
      }
      return await runRelease(new Run(session, schema, server.major), files)
    } finally {
      await session.end()
      await server.query(`drop database ${database}`)
    }
  }

  return { run, [Symbol.asyncDispose]: () => shared.end() }
}

interface OpenFile extends ExampleFile {
  readonly statements: readonly Statement[]
}

async function openFile(file: ExampleFile): Promise<OpenFile> {
  return { ...file, statements: await statementsOf(file.sql) }
}

async function runInTransaction(run: Run, file: OpenFile): Promise<ExampleOutcome> {
  await run.client.query('begin')
  try {
    for (const [index, statement] of file.statements.entries()) await run.step(file.sql, statement, index)
    await run.client.query('set constraints all immediate')
    return run.outcome(undefined)
  } catch (error) {
    return run.outcome(error)
  } finally {
    await run.client.query('rollback')
    await run.client.query('discard all')
    await run.client.query(readWhole)
  }
}

/** Files before the deploy, then those after it, each the way its layout runs it. */
async function runRelease(run: Run, files: readonly OpenFile[]): Promise<ExampleOutcome> {
  try {
    for (const file of [...files.filter(({ phase }) => phase !== 'post'), ...files.filter(({ phase }) => phase === 'post')]) {
      await runFile(run, file)
    }
    return run.outcome(undefined)
  } catch (error) {
    return run.outcome(error)
  }
}

async function runFile(run: Run, file: OpenFile): Promise<void> {
  let open = file.transaction !== false
  if (open) await run.client.query('begin')
  for (const [index, statement] of file.statements.entries()) {
    const alone = !open && !('TransactionStmt' in statement.node) && standsAlone(statement) === undefined && !mayCommit(statement)
    if (alone) await run.client.query('begin') // its locks are looked at before they are let go
    await run.step(file.sql, statement, index, !open && !alone)
    if (alone) await run.client.query('commit')
    if (isBegin(statement)) open = true
    if (isCommit(statement)) open = false
  }
  if (open) await run.client.query('commit')
}

/** One example while it runs: the server and the model, step by step. */
class Run {
  readonly client: pg.Client
  readonly #schema: Schema
  readonly #major: number
  readonly #differences: string[] = []
  #file = 2

  constructor(client: pg.Client, schema: Schema, major: number) {
    this.client = client
    this.#schema = schema
    this.#major = major
  }

  /** `unlocked`: its locks are gone before anybody can look at them. */
  async step(text: string, statement: Statement, index: number, unlocked = false): Promise<void> {
    const sql = text.slice(statement.start, statement.end)
    if (index === 0) this.#file++
    const effects = statementEffects(statement, this.#schema, { major: this.#major })
    const before = await lookAround(this.client)
    await this.client.query(sql).catch((error: Error) => {
      throw effects.locks.some(({ relation }) => relation.kind === 'unknown') && isMissing(error) ? new NotThere() : error
    })
    const after = await lookAround(this.client)
    if (effects.unknown === undefined) {
      const found = disagreements(between(before, after), [effects], {
        locks: !unlocked,
        scans: !isQuery(statement) && !('TruncateStmt' in statement.node),
        rewrites: !('TruncateStmt' in statement.node), // a table of the same transaction is emptied in place
      })
      this.#differences.push(...found.map((difference) => `${sql}\n    ${difference}`))
    }
    await apply(this.#schema, statement, text, { file: this.#file, statement: index })
  }

  outcome(error: unknown): ExampleOutcome {
    const refused = error === undefined || error instanceof NotThere ? undefined : (error as Error).message
    return { differences: this.#differences, refused }
  }
}

/** A relation that neither the model nor the server has: what an example shows of it cannot be run. */
class NotThere extends Error {}

function isMissing(error: Error): boolean {
  return 'code' in error && ['42P01', '3F000'].includes(error.code as string)
}

/** How rows are found is up to the planner, which knows how many there are. */
function isQuery({ node }: Statement): boolean {
  return ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CopyStmt', 'CreateTableAsStmt', 'ExplainStmt'].some(
    (kind) => kind in node,
  )
}

async function apply(schema: Schema, statement: Statement, text: string, origin: { file: number; statement: number }): Promise<void> {
  applyStatement(schema, statement, origin)
  for (const one of (await nestedStatements(statement, MappedText.ofFile(text))).statements) applyStatement(schema, one.statement, origin)
}

async function replay(schema: Schema, statements: readonly Statement[], file: number): Promise<void> {
  for (const [index, statement] of statements.entries()) applyStatement(schema, statement, { file, statement: index })
}

async function statementsOf(sql: string): Promise<readonly Statement[]> {
  const parsed = await parseStatements(sql)
  return 'problem' in parsed ? [] : parsed.statements
}

async function connected(server: TestServer, database: string): Promise<pg.Client> {
  const session = new pg.Client(server.url(database))
  await session.connect()
  await session.query(readWhole)
  return session
}
