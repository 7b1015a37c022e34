import type { CreateFunctionStmt } from '@pgsql/types'
import { nameOfWords, wordsOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { nameOfKey } from '../../sql/schema/schema.ts'
import type { Concern } from '../concern.ts'
import { concern, type Meets } from './meets.ts'
import { mayBeServers } from './server-function.ts'

/** A routine under a name that the target has: another text of it, or a second one beside it. */
export function functionConcerns(meets: Meets, create: CreateFunctionStmt): readonly Concern[] {
  const { name } = nameOfWords(wordsOf(create.funcname))
  const before = [...meets.target.functions].filter(([key]) => nameOfKey(key).name === name).flatMap(([, all]) => all)
  if (before.length === 0)
    return mayBeServers(name)
      ? [
          concern(
            'unknown',
            `${name} has a name that PostgreSQL uses for functions of its own: calls of the older code may take the new one.`,
            { by: 'use', of: name },
            [name],
          ),
        ]
      : []
  const takes = nodesOf(create.parameters, 'FunctionParameter').filter(
    ({ mode = '' }) => !['FUNC_PARAM_OUT', 'FUNC_PARAM_TABLE'].includes(mode),
  ).length
  const same = before.filter((one) => one.arguments.length === takes)
  if (same.length > 0) {
    return [concern('changes-meaning', `${name}() does what its new text says.`, { by: 'use', of: name }, [name])]
  }
  const because = `${name}() has another signature than before: calls of the older code may not find it, or find two.`
  return [concern('breaks-reads', because, { by: 'names' }, [name])]
}
