import { isBegin, isCommit } from '../sql/classify.ts'
import type { Problem } from './rule.ts'
import type { FileScope, StatementScope } from './scope.ts'

/** BEGIN, COMMIT and their kin where they do not belong, as a file's executor sees them. */
export interface TransactionProblems {
  /** A transaction that is opened and not closed. */
  readonly uncommitted: Problem | undefined
  /** The first that controls a transaction which is not the file's. */
  readonly nested: Problem | undefined
}

export function transactionProblems(scope: FileScope): TransactionProblems {
  const { transactional } = scope.file.migration
  const outer = scope.statements.filter(({ nested }) => !nested)
  const wrapped = transactional && isBegin(outer[0]?.statement) && isCommit(outer.at(-1)?.statement)
  const own = wrapped ? outer.slice(1, -1) : outer
  const controls = own.filter(isControl)
  const stray = transactional ? controls : outsideBlocks(own)
  const opened = controls.findLast(opens)
  // the COMMIT at the end of a whole file is the one that ends it
  const isOpen = !wrapped && opened !== undefined && !controls.slice(controls.indexOf(opened) + 1).some(closes)
  const uncommitted = isOpen ? opened : undefined
  return {
    uncommitted: uncommitted && {
      message: 'The transaction that is opened here is never committed.',
      location: locationOf(uncommitted, scope),
    },
    nested: strayProblem(stray.find((one) => one !== uncommitted) ?? commitsInside(scope), scope),
  }
}

function strayProblem(stray: StatementScope | undefined, scope: FileScope): Problem | undefined {
  if (stray === undefined) return undefined
  const { transactional } = scope.file.migration
  const word = (stray.sql.split(/\s/)[0] ?? '').toUpperCase()
  const location = locationOf(stray, scope)
  if (stray.nested) return { message: `${word} in a DO block or a procedure fails when it runs inside a transaction.`, location }
  return {
    message: transactional
      ? `${word} controls a transaction, and the file runs in one already.`
      : `${word} belongs to no whole BEGIN … COMMIT block of this file.`,
    location,
  }
}

/** Outside a transaction whole blocks are allowed, and nothing else. */
function outsideBlocks(own: readonly StatementScope[]): readonly StatementScope[] {
  const stray: StatementScope[] = []
  for (let index = 0; index < own.length; index++) {
    const one = own[index] as StatementScope
    if (!isControl(one)) continue
    const end = own.findIndex((other, at) => at > index && isControl(other))
    if (isBegin(one.statement) && isCommit(own[end]?.statement)) index = end
    else stray.push(one)
  }
  return stray
}

/** A DO block or a procedure may end a transaction only when it runs outside of one. */
function commitsInside(scope: FileScope): StatementScope | undefined {
  const blocks = scope.statements.filter(({ nested }) => !nested)
  return scope.statements.find((one) => {
    if (!one.nested || !isControl(one)) return false
    return blocks.some(({ index, inTransaction }) => index === one.index && inTransaction)
  })
}

function isControl({ statement }: StatementScope): boolean {
  return 'TransactionStmt' in statement.node
}

function opens({ statement: { node } }: StatementScope): boolean {
  return 'TransactionStmt' in node && ['TRANS_STMT_BEGIN', 'TRANS_STMT_START'].includes(node.TransactionStmt.kind ?? '')
}

function closes({ statement: { node } }: StatementScope): boolean {
  const kinds = ['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK', 'TRANS_STMT_PREPARE']
  return 'TransactionStmt' in node && kinds.includes(node.TransactionStmt.kind ?? '')
}

/** Where a statement of the file, or the block that it stands in, begins. */
function locationOf({ index }: StatementScope, { file: { up } }: FileScope): number {
  return Buffer.byteLength(up.text.text.slice(0, up.statements[index]?.start ?? 0))
}
