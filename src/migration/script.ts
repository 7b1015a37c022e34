import { createHash } from 'node:crypto'
import { ReleaseError } from '../errors.ts'
import {
  bindsToSession,
  copiesFromClient,
  type Effect,
  effectOf,
  isBegin,
  isCommit,
  kindOf,
  mayCommit,
  setsSession,
  standsAlone,
  waitsByDesign,
} from '../sql/classify.ts'
import type { MappedText } from '../sql/mapped-text.ts'
import { parserMajor, type Statement, statementHeads } from '../sql/parse.ts'
import { statementsOf } from '../sql/parsed-text.ts'
import type { Layout } from './layout.ts'
import { type LockNeeds, lockNeeds, unknownNeeds } from './lock-needs.ts'
import { type Migration, placeIn } from './migration.ts'

/** What is sent to the server in one piece. */
export interface Unit {
  readonly sql: MappedText
  /** Statements in it, each by its offset in `sql`; empty when the text could not be split. */
  readonly statements: readonly number[]
  /** Whether it runs in a transaction together with its record. */
  readonly transactional: boolean
  /** Waits for others by design, and nobody waits behind it: a CONCURRENTLY of some kind, or a plain VACUUM. */
  readonly concurrent: boolean
  /** A setting of the session: sent again at each resume, and never recorded as done. */
  readonly session: boolean
  /** How the catalog can be asked afterwards whether it took effect, for a statement that runs alone. */
  readonly effect: Effect | undefined
  readonly needs: LockNeeds
}

/** A migration made ready to run. */
export interface Script {
  readonly migration: Migration
  readonly units: readonly Unit[]
  /** True when one outer `begin … commit` was taken off. */
  readonly unwrapped: boolean
  /** Why the text was not split: what the newest parser says. The server is to judge it. */
  readonly unparsed: string | undefined
  /** Set when the text takes the migration back. */
  readonly reversal?: Reversal | undefined
  /** Set when only the books are to change. */
  readonly mark?: Mark | undefined
}

/** What a person says of a migration. */
export interface Mark {
  readonly as: 'applied' | 'reverted'
  /** The row of the version table that is concerned: its own, the tool's note that it began, or none. */
  readonly row: 'own' | 'begun' | 'none'
}

/** The layout that a migration is written in. */
type Marked = Pick<Layout, 'outsideTransaction'>

interface Reversal {
  /** Selects that fail by a division by zero when what is lost is not what was looked at; asked under the locks. */
  readonly checks: readonly string[]
}

/**
 * Splits a migration into what is sent to the server.
 * Throws `client-command`, `transaction-control` or, on a server as new as the parser, `syntax-error`, with the place.
 */
export async function prepareScript(migration: Migration, serverMajor: number, layout: Marked): Promise<Script> {
  const { up, notSql } = migration
  if (notSql !== undefined) throw new Error(`${migration.path} is written in ${notSql}: there is nothing to send`)
  const parsed = await statementsOf(up)
  if ('problem' in parsed) {
    const { offset, message } = parsed.problem
    if (up.text[offset] === '\\') throw clientCommand(migration, offset, 'a backslash command')
    const copy = /\bcopy\b[^;]*\bfrom\s+stdin\b[^;]*;[^;]*$/i.exec(up.text.slice(0, offset))
    if (copy !== null) throw clientCommand(migration, copy.index, 'COPY FROM STDIN')
    const place = placeIn(migration, up, offset)
    if (serverMajor >= parserMajor) throw syntaxError(place, message)
    await refuseUnreadableTransactions(migration, place)
    const unit = {
      sql: up,
      statements: [],
      transactional: migration.transactional,
      concurrent: false,
      session: false,
      effect: undefined,
      needs: unknownNeeds('the parser does not read this text'),
    }
    return { migration, unwrapped: false, unparsed: `${place}: ${message}`, units: [unit] }
  }
  const { statements } = parsed
  const copy = statements.find(copiesFromClient)
  if (copy !== undefined) throw clientCommand(migration, copy.start, 'COPY FROM STDIN')
  return migration.transactional ? transactionalScript(migration, statements, layout) : statementScript(migration, statements)
}

/** What tells whether a statement was edited between two runs of a file. */
export function hashOf({ sql }: Unit): string {
  return createHash('sha256').update(sql.text).digest('hex')
}

export function syntaxError(place: string, message: string): ReleaseError {
  return new ReleaseError('syntax-error', `${place}: ${message}`, { at: place, hint: 'Nothing was run. Correct the file and try again.' })
}

function transactionalScript(migration: Migration, all: readonly Statement[], layout: Marked): Script {
  const wrapped = isBegin(all[0]) && isCommit(all.at(-1))
  const inner = wrapped ? all.slice(1, -1) : all
  for (const statement of inner) {
    if (kindOf(statement) === 'TransactionStmt') throw transactionControl(migration, statement)
    const alone = standsAlone(statement)
    if (alone !== undefined) throw needsNoTransaction(migration, statement, alone, layout)
  }
  const start = wrapped ? afterSemicolon(migration.up.text, (all[0] as Statement).end) : 0
  const end = wrapped ? (all.at(-1) as Statement).start : migration.up.text.length
  const sql = migration.up.slice(start, end)
  const units =
    inner.length === 0
      ? []
      : [
          {
            sql,
            statements: inner.map((one) => one.start - start),
            transactional: true,
            concurrent: false,
            session: false,
            effect: undefined,
            needs: lockNeeds(inner),
          },
        ]
  return { migration, unwrapped: wrapped, unparsed: undefined, units }
}

/** Outside a transaction each statement is a unit; `begin … commit` inside the file makes one of several. */
function statementScript(migration: Migration, statements: readonly Statement[]): Script {
  const units: Unit[] = []
  for (let index = 0; index < statements.length; index++) {
    const statement = statements[index] as Statement
    if (isBegin(statement)) {
      const end = statements.findIndex((one, at) => at > index && kindOf(one) === 'TransactionStmt')
      const closing = statements[end]
      if (!isCommit(closing)) throw transactionControl(migration, closing ?? statement)
      const block = statements.slice(index + 1, end)
      if (block.length > 0) units.push(unitOf(migration.up, block, true))
      index = end
    } else if (kindOf(statement) === 'TransactionStmt') {
      throw transactionControl(migration, statement)
    } else {
      const bound = bindsToSession(statement)
      if (bound !== undefined) throw sessionBound(migration, statement, bound)
      const session = setsSession(statement)
      const unit = unitOf(migration.up, [statement], !session && standsAlone(statement) === undefined && !mayCommit(statement))
      units.push({ ...unit, session })
    }
  }
  return { migration, unwrapped: false, unparsed: undefined, units }
}

function unitOf(text: MappedText, statements: readonly Statement[], transactional: boolean): Unit {
  const first = statements[0] as Statement
  return {
    sql: text.slice(first.start, (statements.at(-1) as Statement).end),
    statements: statements.map((one) => one.start - first.start),
    transactional,
    concurrent: !transactional && waitsByDesign(first),
    session: false,
    effect: transactional ? undefined : effectOf(first),
    needs: lockNeeds(statements),
  }
}

function afterSemicolon(text: string, from: number): number {
  const semicolon = text.indexOf(';', from)
  return semicolon < 0 ? text.length : semicolon + 1
}

function transactionControl(migration: Migration, statement: Statement): ReleaseError {
  const at = placeIn(migration, migration.up, statement.start)
  const word = migration.up.text.slice(statement.start, statement.end).split(/\s/)[0]?.toUpperCase()
  return new ReleaseError(
    'transaction-control',
    `${at}: ${word} controls a transaction; Shiplock opens and closes it together with the version row.`,
    {
      at,
      hint: migration.transactional
        ? 'Remove it, or split the file into several migrations. One begin at the top with one commit at the end is allowed.'
        : 'In a file without a transaction only whole begin … commit blocks are allowed.',
    },
  )
}

function needsNoTransaction(migration: Migration, statement: Statement, what: string, { outsideTransaction }: Marked): ReleaseError {
  const at = placeIn(migration, migration.up, statement.start)
  return new ReleaseError('transaction-control', `${at}: ${what} cannot run inside a transaction.`, {
    at,
    hint: `Let the file run outside a transaction (${outsideTransaction}), best with this statement alone.`,
  })
}

function sessionBound(migration: Migration, statement: Statement, what: string): ReleaseError {
  const at = placeIn(migration, migration.up, statement.start)
  return new ReleaseError(
    'unsupported-migration',
    `${at}: ${what} lasts as long as the session, and a file outside a transaction may have to go on in another one.`,
    {
      at,
      hint: 'Put it into a migration that runs in a transaction, or into one begin … commit block with the statements that need it.',
    },
  )
}

/** psql's backslash commands and `copy … from stdin` need a client that feeds them. */
function clientCommand(migration: Migration, offset: number, what: string): ReleaseError {
  const at = placeIn(migration, migration.up, offset)
  return new ReleaseError('client-command', `${at}: ${what} needs psql to carry it out; it is not SQL that a server runs.`, {
    at,
    hint: 'Write it as SQL: INSERT instead of COPY FROM STDIN, and no backslash commands.',
  })
}

/** What the parser cannot read it cannot check either: transaction control is looked for word by word. */
async function refuseUnreadableTransactions(migration: Migration, place: string): Promise<void> {
  const heads = await statementHeads(migration.up.text)
  const word = heads.find((head) =>
    ['begin', 'start', 'commit', 'rollback', 'abort', 'savepoint', 'release', 'end', 'prepare'].includes(head),
  )
  if (word === undefined) return
  throw new ReleaseError(
    'transaction-control',
    `${migration.path} cannot be split (the parser stops at ${place}), and it holds ${word.toUpperCase()}.`,
    {
      hint: 'Remove the transaction control; Shiplock opens and closes the transaction itself.',
    },
  )
}
