import type { CreateFunctionStmt, FuncCall } from '@pgsql/types'
import { nameOfWords, type RelationName, wordsOf } from '../sql/locks/names.ts'
import { MappedText } from '../sql/mapped-text.ts'
import { type NestedStatement, routineStatements, type Unread } from '../sql/nested.ts'
import { nodesOf } from '../sql/node.ts'
import type { Statement } from '../sql/parse.ts'
import type { LintFile } from './lint-file.ts'

/**
 * New files together with what the functions and procedures run that they call and that some migration before the call
 * creates: each such statement stands at the place of the call.
 */
export async function withCalledRoutines(files: readonly LintFile[], released: readonly LintFile[]): Promise<readonly LintFile[]> {
  const routines = [...released, ...files].flatMap(routinesOf)
  if (routines.length === 0) return files
  return Promise.all(files.map((file) => new CallReader(file, routines).read()))
}

interface Routine {
  readonly name: RelationName
  readonly definition: CreateFunctionStmt
  readonly statement: Statement
  readonly text: MappedText
  readonly file: number
  readonly index: number
}

function routinesOf({ up, order }: LintFile): readonly Routine[] {
  return up.statements.flatMap((statement, index) => {
    if (!('CreateFunctionStmt' in statement.node)) return []
    const definition = statement.node.CreateFunctionStmt
    return [{ name: nameOfWords(wordsOf(definition.funcname)), definition, statement, text: up.text, file: order, index }]
  })
}

class CallReader {
  readonly #file: LintFile
  readonly #routines: readonly Routine[]

  constructor(file: LintFile, routines: readonly Routine[]) {
    this.#file = file
    this.#routines = routines
  }

  async read(): Promise<LintFile> {
    const { up } = this.#file
    const nested = new Map(up.nested)
    const unread = new Map(up.unread)
    for (const [index, statement] of up.statements.entries()) {
      const found: NestedStatement[] = []
      const missed: Unread[] = [...(up.unread.get(index) ?? [])]
      const place = { index, location: Buffer.byteLength(up.text.text.slice(0, statement.start)), found, missed }
      await this.#follow(statement, up.text.fileOffset(statement.start), place, [])
      for (const inner of up.nested.get(index) ?? []) {
        found.push(inner)
        await this.#follow(inner.statement, inner.text.fileOffset(inner.statement.start), place, [])
      }
      if (found.length > 0) nested.set(index, found)
      if (missed.length > 0) unread.set(index, missed)
    }
    return { ...this.#file, up: { ...up, nested, unread } }
  }

  /** `open`: routines that are being read, which may call themselves. */
  async #follow(statement: Statement, at: number | undefined, place: Place, open: readonly Routine[]): Promise<void> {
    for (const call of callsOf(statement)) {
      const routine = this.#find(call, place.index)
      if (routine === undefined || open.includes(routine)) continue
      const { statements, unread } = await routineStatements(routine.statement, routine.text)
      for (const inner of statements) {
        place.found.push({ ...inner, text: MappedText.generated(inner.text.text, at) })
        await this.#follow(inner.statement, at, place, [...open, routine])
      }
      for (const { what } of unread) place.missed.push({ what: `${what}, in ${routine.name.name}()`, location: place.location })
    }
  }

  /** The last that was created before the call and takes as many arguments. */
  #find({ funcname, args = [] }: FuncCall, index: number): Routine | undefined {
    const { schema, name } = nameOfWords(wordsOf(funcname))
    const { order } = this.#file
    return this.#routines.findLast(
      (one) =>
        one.name.name === name &&
        (schema === undefined || one.name.schema === undefined || one.name.schema === schema) &&
        (one.file < order || (one.file === order && one.index < index)) &&
        takes(one.definition, args.length),
    )
  }
}

interface Place {
  readonly index: number
  /** Of the statement of the file, in bytes. */
  readonly location: number
  readonly found: NestedStatement[]
  readonly missed: Unread[]
}

const outputs = ['FUNC_PARAM_OUT', 'FUNC_PARAM_TABLE']

function takes({ parameters, is_procedure }: CreateFunctionStmt, count: number): boolean {
  const all = nodesOf(parameters, 'FunctionParameter')
  const inputs = is_procedure === true ? all : all.filter(({ mode = '' }) => !outputs.includes(mode))
  const needed = inputs.filter(({ defexpr, mode }) => defexpr === undefined && mode !== 'FUNC_PARAM_VARIADIC').length
  const isOpen = inputs.some(({ mode }) => mode === 'FUNC_PARAM_VARIADIC')
  return count >= needed && (isOpen || count <= inputs.length)
}

const running = ['CallStmt', 'SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CreateTableAsStmt', 'ExplainStmt']

function callsOf({ node }: Statement): readonly FuncCall[] {
  return running.some((kind) => kind in node) ? callsIn(node) : []
}

function callsIn(value: unknown): readonly FuncCall[] {
  if (typeof value !== 'object' || value === null) return []
  const { FuncCall: call, funccall } = value as { FuncCall?: FuncCall; funccall?: FuncCall }
  return [...[call, funccall].filter((one) => one !== undefined), ...Object.values(value).flatMap(callsIn)]
}
