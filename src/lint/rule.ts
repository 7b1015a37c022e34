import type { Phase } from '../migration/migration.ts'
import type { ContentOf, NodeKind } from '../sql/node.ts'
import type { Change } from './review.ts'
import type { FileScope, ReleaseScope, RepositoryFile, StatementScope } from './scope.ts'

/** How much a finding matters: an error stops a release, a warning and advice are for people to weigh. */
export type Severity = 'error' | 'warning' | 'advice'

/**
 * What a rule is about: `locks` (who has to wait), `compatibility` (which code breaks), `data` (what is lost or may
 * fail), `robustness` (what a second run or another order of runs does), `style`.
 */
export type Group = 'locks' | 'compatibility' | 'data' | 'robustness' | 'style'

/** One check on migrations: its test, its documentation and its message at once. */
export type Rule = StatementRule | FileRule | ReleaseRule | CommentRule

interface RuleFacts {
  /** `require-…` demands something, `ban-…` forbids something, `prefer-…` advises; squawk's name where the check is the same. */
  readonly name: string
  /** Other names that squawk has for it, which `.squawk.toml` and `-- squawk-ignore` may use. */
  readonly aliases?: readonly string[]
  readonly group: Group
  readonly severity: Severity
  /** Off unless the settings name it. */
  readonly optIn?: true
  /** The phases in which it is a problem; both when left out. */
  readonly phase?: Phase
  /** The harm and who suffers it, in one sentence. */
  readonly problem: string
  /** What to type, in one sentence. */
  readonly remedy: string
  /** What PostgreSQL does, measured or from its manual, with the versions where they differ. */
  readonly because: string
  /** Rules whose finding on the same statement says it already. */
  readonly yieldsTo?: readonly string[]
  readonly examples: { readonly bad: readonly Example[]; readonly good: readonly Example[] }
}

export interface StatementRule extends RuleFacts {
  readonly on: readonly NodeKind[] | 'every-statement'
  /** Reads one statement; `content` is what its node holds. */
  check(content: never, scope: StatementScope): Found
}

export interface FileRule extends RuleFacts {
  /** Reads one new file, after its statements. */
  checkFile(scope: FileScope): Found
}

export interface ReleaseRule extends RuleFacts {
  /** Reads the new files together. Each problem says which file it is in. */
  checkRelease(scope: ReleaseScope): readonly ReleaseProblem[]
}

/** About the comments that accept findings, which are read when all other findings are there. */
export interface CommentRule extends RuleFacts {
  readonly on: 'comments'
}

export type Found = Problem | readonly Problem[] | undefined

/** One place where a rule is violated. */
export interface Problem {
  /** What is wrong, in one sentence with the names of the migration. */
  readonly message: string
  /** Who waits, or what breaks; the rule's own sentence when left out. */
  readonly harm?: string
  /** Where in the text of the statement's file, as the parser's nodes say it (bytes); the statement's beginning when left out. */
  readonly location?: number | undefined
  /** The same in UTF-16 units, for what is no node. */
  readonly offset?: number
  /** What to write instead, file by file, ready to paste. */
  readonly instead?: readonly RemedyFile[]
  /** One statement that can take the place of this one, without a semicolon. */
  readonly replacement?: string
  /** Weaker or stronger than the rule's own. */
  readonly severity?: Severity
}

/** Its offset counts in the file, and is the file's beginning when left out. */
export interface ReleaseProblem extends Problem {
  readonly path: string
  /** What stands in the file, when it is none of the migrations. */
  readonly text?: string
}

/** A migration that a remedy proposes. */
export interface RemedyFile {
  readonly phase: Phase
  readonly transactional: boolean
  /** Statements, each with its semicolon. */
  readonly sql: string
  /** What has to happen before it, such as a deploy or a backfill. */
  readonly note?: string
}

/** SQL of one new pre migration, which meets the tables of `exampleSchema`; or all of it, file by file. */
export type Example = string | ExampleRelease

export interface ExampleRelease {
  /** Ran in earlier releases, after `exampleSchema`. */
  readonly given?: string
  readonly files: readonly ExampleFile[]
  /** Ran in earlier releases, after `given`. */
  readonly released?: readonly ExampleFile[]
  /** Major version of the server. */
  readonly postgres?: number
  /** What the commits under review change, beside adding the files. */
  readonly changes?: readonly Change[]
  readonly bootFiles?: readonly RepositoryFile[]
  /** What the tool's version table can bear, when it is not that of Shiplock's own layout. */
  readonly layout?: Partial<ReleaseScope['layout']>
  /** The server refuses one of its statements, which is what the rule is about. */
  readonly fails?: true
}

export interface ExampleFile {
  readonly sql: string
  readonly phase?: Phase
  /** False for a file that runs outside a transaction. */
  readonly transaction?: false
  readonly down?: string
  /** Its number; the next one when left out. */
  readonly version?: number
}

/** A rule on statements of some kinds; its check sees what such a node holds. */
export function defineRule<const Kind extends NodeKind>(
  rule: Omit<StatementRule, 'on' | 'check'> & { on: Kind | readonly Kind[]; check(content: ContentOf<Kind>, scope: StatementScope): Found },
): StatementRule {
  return { ...rule, on: (typeof rule.on === 'string' ? [rule.on] : rule.on) as readonly NodeKind[] } as StatementRule
}
