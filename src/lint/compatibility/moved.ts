import type { AlterTableCmd, AlterTableStmt } from '@pgsql/types'
import { nodesOf } from '../../sql/node.ts'
import type { Statement } from '../../sql/parse.ts'
import type { RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { alterParts } from './alter-parts.ts'
import { statementsText } from './sql-text.ts'

/** What moves out of a statement, and what stays; both are whole statements. */
export interface Parting {
  readonly moved: readonly string[]
  readonly kept?: readonly string[]
}

/** The files when a statement, or a part of it, belongs behind the deploy. */
export function movedToPost(scope: StatementScope, { moved, kept = [] }: Parting = { moved: [scope.sql] }, before?: string): RemedyFile[] {
  const transactional = scope.file.migration.transactional
  const all = scope.file.up.statements
  const note = (text: string) => (before === undefined ? text : `${before} ${text}`)
  if (kept.length === 0 && !scope.nested && all.every(isRemoval)) {
    const sql = statementsText(all.map((one) => scope.text.text.slice(one.start, one.end)))
    return [
      { phase: 'post', transactional, sql, note: note('Move the whole file to the post migrations: it runs when no old code is left.') },
    ]
  }
  const whole = all.length === 1 && kept.length === 0 && !scope.nested
  return [
    ...(kept.length === 0 ? [] : [{ phase: scope.phase, transactional, sql: statementsText(kept), note: 'What stays of the statement.' }]),
    {
      phase: 'post',
      transactional,
      sql: statementsText(moved),
      note: note(
        whole
          ? 'Move the whole file to the post migrations: it runs when no old code is left.'
          : 'Take it out of this file, into a post migration: that runs when no old code is left.',
      ),
    },
  ]
}

/** Parts an ALTER TABLE: the commands that move, and those that stay. */
export function partAlter(
  scope: StatementScope,
  { cmds }: AlterTableStmt,
  moves: (command: AlterTableCmd, index: number) => boolean,
): Parting {
  const commands = nodesOf(cmds, 'AlterTableCmd')
  const parts = alterParts(scope.sql, commands.length)
  const going = commands.map(moves)
  if (parts === undefined || going.every(Boolean)) return { moved: [scope.sql] }
  const statement = (wanted: boolean) => `${parts.head} ${parts.commands.filter((_, index) => going[index] === wanted).join(', ')}`
  return { moved: [statement(true)], kept: [statement(false)] }
}

/** Whether a statement does nothing but take away. */
function isRemoval({ node }: Statement): boolean {
  if ('DropStmt' in node) return true
  if (!('AlterTableStmt' in node)) return false
  return nodesOf(node.AlterTableStmt.cmds, 'AlterTableCmd').every(({ subtype = '' }) => subtype.startsWith('AT_Drop'))
}
