import type { AlterFunctionStmt, CreateFunctionStmt, DefElem, FunctionParameter, Node, ObjectWithArgs, TypeName } from '@pgsql/types'
import { nameOfWords, optionsOf, wordsOf } from '../../locks/names.ts'
import { nodesOf } from '../../node.ts'
import { columnType, typeText } from '../column-type.ts'
import { canonicalText } from '../expression.ts'
import { creationSchema, nameKey, type Origin, type Schema, type UserFunction } from '../schema.ts'

export function createFunction(schema: Schema, statement: CreateFunctionStmt, origin: Origin): void {
  const { funcname, parameters, returnType, options, sql_body, is_procedure, replace } = statement
  const definitions = optionsOf(options)
  const of = (name: string) => definitions.find(({ defname }) => defname === name)?.arg
  const all = nodesOf(parameters, 'FunctionParameter')
  const outputs = all.filter(({ mode }) => mode !== undefined && ['FUNC_PARAM_OUT', 'FUNC_PARAM_TABLE', 'FUNC_PARAM_INOUT'].includes(mode))
  const made: UserFunction = {
    arguments: inputTypes(schema, all, is_procedure === true),
    kind: is_procedure ? 'procedure' : 'function',
    returns: returnType === undefined ? undefined : `${returnType.setof ? 'setof ' : ''}${typeText(columnType(schema, returnType))}`,
    volatility: volatilityOf(of('volatility')),
    language: wordsOf(of('language'))[0] ?? 'sql',
    body: sql_body === undefined ? wordsOf(of('as')).join('\n') : canonicalText(sql_body),
    options: [
      ...outputs.map((one) => `${one.name ?? ''} ${typeText(columnType(schema, one.argType))}`),
      ...all.flatMap(({ name, defexpr }) => (defexpr === undefined ? [] : [`default of ${name ?? ''}`])),
      ...otherOptions(definitions),
    ].join(', '),
    origin,
  }
  addFunction(schema, wordsOf(funcname), made, replace === true)
}

export function createAggregate(
  schema: Schema,
  name: readonly string[],
  args: readonly Node[] | undefined,
  definition: readonly Node[] | undefined,
  origin: Origin,
): void {
  const [list] = args ?? []
  const parameters = list !== undefined && 'List' in list ? nodesOf(list.List.items, 'FunctionParameter') : []
  const made: UserFunction = {
    arguments: inputTypes(schema, parameters, false),
    kind: 'aggregate',
    returns: undefined,
    volatility: 'immutable',
    language: 'internal',
    body: canonicalText(definition),
    options: '',
    origin,
  }
  addFunction(schema, name, made, true)
}

export function alterFunction(schema: Schema, { func, actions }: AlterFunctionStmt): void {
  const found = findFunction(schema, func)
  if (found === undefined) return
  const definitions = optionsOf(actions)
  const volatility = definitions.find(({ defname }) => defname === 'volatility')?.arg
  const changed: UserFunction = {
    ...found.one,
    volatility: volatility === undefined ? found.one.volatility : volatilityOf(volatility),
    options: [found.one.options, ...otherOptions(definitions)].filter((text) => text !== '').join(', '),
  }
  schema.functions.set(found.key, found.overloads.with(found.overloads.indexOf(found.one), changed))
}

/** The function that a name and argument types mean; without types the only one of its name. */
export function findFunction(
  schema: Schema,
  object: ObjectWithArgs | undefined,
): { readonly key: string; readonly overloads: readonly UserFunction[]; readonly one: UserFunction } | undefined {
  const { schema: space, name } = nameOfWords(wordsOf(object?.objname))
  const wanted = object?.args_unspecified ? undefined : objectTypes(schema, object)
  for (const path of space === undefined ? schema.searchPath : [space]) {
    const key = nameKey(path, name)
    const overloads = schema.functions.get(key) ?? []
    const one = overloads.find((candidate) => wanted === undefined || candidate.arguments.join() === wanted.join())
    if (one !== undefined) return { key, overloads, one }
  }
  return undefined
}

export function setOverloads(schema: Schema, key: string, overloads: UserFunction[]): void {
  if (overloads.length === 0) schema.functions.delete(key)
  else schema.functions.set(key, overloads)
}

function addFunction(schema: Schema, words: readonly string[], made: UserFunction, replace: boolean): void {
  const name = nameOfWords(words)
  const key = nameKey(creationSchema(schema, name), name.name)
  const overloads = schema.functions.get(key) ?? []
  const at = overloads.findIndex((one) => one.arguments.join() === made.arguments.join())
  if (at < 0) schema.functions.set(key, [...overloads, made])
  else if (replace) schema.functions.set(key, overloads.with(at, made))
}

function objectTypes(schema: Schema, object: ObjectWithArgs | undefined): string[] {
  const parameters = nodesOf(object?.objfuncargs, 'FunctionParameter')
  if (parameters.length > 0) return inputTypes(schema, parameters, false)
  return (object?.objargs ?? []).flatMap((one) => ('TypeName' in one ? [argumentText(schema, one.TypeName)] : []))
}

function inputTypes(schema: Schema, parameters: readonly FunctionParameter[], isProcedure: boolean): string[] {
  return parameters
    .filter(({ mode }) => mode !== 'FUNC_PARAM_TABLE' && (isProcedure || mode !== 'FUNC_PARAM_OUT'))
    .map(({ argType }) => argumentText(schema, argType))
}

/** Lengths of argument types are forgotten by the server. */
function argumentText(schema: Schema, type: TypeName | undefined): string {
  return typeText({ ...columnType(schema, type), modifiers: [] })
}

function volatilityOf(arg: Node | undefined): UserFunction['volatility'] {
  const [word] = wordsOf(arg)
  return word === 'immutable' || word === 'stable' ? word : 'volatile'
}

function otherOptions(definitions: readonly DefElem[]): string[] {
  return definitions
    .filter(({ defname = '' }) => !['as', 'language', 'volatility'].includes(defname))
    .map(({ defname, arg }) => `${defname} ${canonicalText(arg)}`)
    .sort()
}
