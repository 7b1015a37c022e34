import { namesIn } from '../../sql/names-in.ts'
import { openNode } from '../../sql/node.ts'
import type { Statement } from '../../sql/parse.ts'

/** What a statement may have left behind for those after it: every name in it, unless it only looks or sets something. */
export type Traces = ReadonlySet<string>

export function tracesOf(statement: Statement): Traces {
  return silent.has(openNode(statement.node).kind) ? new Set() : namesIn([statement])
}

const silent: ReadonlySet<string> = new Set(['SelectStmt', 'VariableSetStmt', 'CommentStmt', 'LockStmt', 'GrantStmt'])

/** The tables that a statement names anywhere in it. */
export function tablesIn(statement: Statement): ReadonlySet<string> {
  const found = new Set<string>()
  gather(statement.node, found)
  return found
}

function gather(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const one of value) gather(one, found)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      if (key === 'relname' && typeof one === 'string') found.add(one)
      else gather(one, found)
    }
  }
}
