import type { RefusedFile } from '../migration/collect.ts'
import type { Layout } from '../migration/layout.ts'
import { type Effects, statementEffects, type UnknownRelation } from '../sql/effects/effects.ts'
import type { MappedText } from '../sql/mapped-text.ts'
import { type Statement, withoutEnd } from '../sql/parse.ts'
import type { Origin, Relation, Schema } from '../sql/schema/schema.ts'
import type { LintFile } from './lint-file.ts'
import type { Review } from './review.ts'

/** What the whole release looks like to a rule. */
export interface ReleaseScope {
  /** New files in the order in which a release runs them: pre, the deploy, post. */
  readonly files: readonly LintFile[]
  /** All files, the released ones first. */
  readonly replayed: readonly LintFile[]
  /** The schema as the released files leave it. */
  readonly before: Schema
  /** The schema after the new ones. */
  readonly after: Schema
  /** Files that their layout does not accept. */
  readonly refused: readonly RefusedFile[]
  readonly layout: Pick<Layout, 'name' | 'toleratesHoles' | 'sharesTable' | 'outsideTransaction' | 'down'>
  /** Oldest major version of the server that the files may meet. */
  readonly postgres: number
  /** What the commits under review change; `undefined` when nothing tells. */
  readonly review?: Pick<Review, 'changes'> | undefined
  /** Files of the repository that may say what a service does when it starts. */
  readonly bootFiles?: readonly RepositoryFile[] | undefined
}

export interface RepositoryFile {
  readonly path: string
  readonly text: string
}

export interface FileScope {
  readonly file: LintFile
  readonly release: Omit<ReleaseScope, 'after'>
  /** Statements of the file, each with what it met, in their order. */
  readonly statements: readonly StatementScope[]
}

/** What a rule may ask about one statement. */
export class StatementScope {
  readonly statement: Statement
  /** The text that offsets and locations of the statement count in. */
  readonly text: MappedText
  readonly file: LintFile
  /** Its place in the file, from 0. */
  readonly index: number
  /** The schema just before it. Only valid while the statement is checked: what follows changes it. */
  readonly schema: Schema
  /** Whether it runs in a transaction together with others. */
  readonly inTransaction: boolean
  readonly release: Omit<ReleaseScope, 'after'>
  /** Whether it stands inside a DO block. */
  readonly nested: boolean
  readonly #effects: Effects
  readonly #transaction: readonly StatementScope[]
  readonly #before: number

  /** `transaction`: what the same transaction has run so far. */
  constructor(
    given: Pick<StatementScope, 'statement' | 'text' | 'file' | 'index' | 'schema' | 'inTransaction' | 'nested' | 'release'>,
    transaction: readonly StatementScope[],
  ) {
    this.statement = given.statement
    this.text = given.text
    this.file = given.file
    this.index = given.index
    this.schema = given.schema
    this.nested = given.nested
    this.#transaction = transaction
    this.#before = transaction.length
    this.inTransaction = given.inTransaction
    this.release = given.release
    this.#effects = statementEffects(given.statement, given.schema, { major: given.release.postgres })
  }

  /** What the statement locks, rewrites and scans. */
  get effects(): Effects {
    return this.#effects
  }

  /** Statements before it in the same transaction, in their order. */
  get earlier(): readonly StatementScope[] {
    return this.#transaction.slice(0, this.#before)
  }

  /** The statement before it in the same transaction. */
  get previous(): StatementScope | undefined {
    return this.#transaction[this.#before - 1]
  }

  get phase() {
    return this.file.migration.phase
  }

  get postgres(): number {
    return this.release.postgres
  }

  /** The statement's own words, without a comment behind them. */
  get sql(): string {
    return withoutEnd(this.text.text.slice(this.statement.start, this.statement.end))
  }

  /** Whether the release under review made it: nobody uses it yet, so nobody waits for it. What is not known is old. */
  isNew(what: Relation | UnknownRelation | { readonly origin: Origin } | undefined): boolean {
    const first = this.release.files[0]?.order
    return what !== undefined && 'origin' in what && first !== undefined && what.origin.file >= first
  }
}
