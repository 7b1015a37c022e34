import type { FuncCall } from '@pgsql/types'
import { isBuiltinFunction, isVolatile } from '../locks/builtins.ts'
import { wordsOf } from '../locks/names.ts'
import { nameKey, type Schema } from '../schema/schema.ts'

/** Whether an expression may give another value for each row: a function that nobody knows counts as volatile. */
export function isVolatileIn(schema: Schema, expression: unknown): boolean {
  if (typeof expression !== 'object' || expression === null) return false
  return Object.entries(expression).some(
    ([key, value]) => (key === 'FuncCall' && isVolatileCall(schema, value as FuncCall)) || isVolatileIn(schema, value),
  )
}

function isVolatileCall(schema: Schema, { funcname, args = [] }: FuncCall): boolean {
  const words = wordsOf(funcname)
  if (isBuiltinFunction(words)) return isVolatile(words)
  const name = words.at(-1) ?? ''
  const spaces = words.length > 1 ? [words.at(-2) ?? ''] : schema.searchPath
  const named = spaces.flatMap((space) => schema.functions.get(nameKey(space, name)) ?? [])
  // defaults of arguments make calls shorter than the function
  const fitting = named.filter((one) => one.arguments.length >= args.length)
  return (fitting.length > 0 ? fitting : named).some(({ volatility }) => volatility === 'volatile') || named.length === 0
}
