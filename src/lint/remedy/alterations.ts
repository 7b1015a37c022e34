import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint } from '@pgsql/types'
import { type Effects, statementEffects } from '../../sql/effects/effects.ts'
import { nameOf } from '../../sql/locks/names.ts'
import { nodesOf } from '../../sql/node.ts'
import { findTable, type Table } from '../../sql/schema/schema.ts'
import type { Problem, RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { tableName } from '../wording.ts'
import { type AlterText, alterText } from './alter-text.ts'
import { transaction, wordsLike, writtenRelation } from './write.ts'

/** An ALTER TABLE on a table that is in use. */
export interface OldTable {
  /** `undefined` when nothing read so far made it. */
  readonly table: Table | undefined
  /** Its name for a sentence. */
  readonly name: string
  /** Its name for a statement. */
  readonly sql: string
  readonly commands: readonly AlterTableCmd[]
  readonly text: AlterText | undefined
}

/** `undefined` for a table of this release, which nobody waits for, and for what is no table. */
export function alteredOldTable(alter: AlterTableStmt, scope: StatementScope): OldTable | undefined {
  const { relation, cmds, objtype } = alter
  const name = nameOf(relation)
  const table = findTable(scope.schema, name)
  if (objtype !== 'OBJECT_TABLE' || scope.isNew(table) || table?.persistence === 'temporary') return undefined
  return {
    table,
    name: tableName(name),
    sql: writtenRelation(name),
    commands: nodesOf(cmds, 'AlterTableCmd'),
    text: alterText(alter, scope),
  }
}

export function addedConstraint({ subtype, def }: AlterTableCmd): Constraint | undefined {
  return subtype === 'AT_AddConstraint' && def !== undefined && 'Constraint' in def ? def.Constraint : undefined
}

export function addedColumn({ subtype, def }: AlterTableCmd): ColumnDef | undefined {
  return subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def ? def.ColumnDef : undefined
}

/** What one subcommand would do alone. */
export function effectsOf(command: AlterTableCmd, alter: AlterTableStmt, { schema, postgres }: StatementScope): Effects {
  return statementEffects({ node: { AlterTableStmt: { ...alter, cmds: [{ AlterTableCmd: command }] } } }, schema, { major: postgres })
}

/** The words before the definition of a new column. */
export function addColumn({ missing_ok }: AlterTableCmd, scope: StatementScope): string {
  const kw = wordsLike(scope)
  return missing_ok === true ? kw`add column if not exists` : kw`add column`
}

/** A problem of one subcommand, and how to take it out of its statement. */
export interface Split {
  readonly problem: Problem
  /** The subcommand that stays in its place; `undefined` when none does. */
  readonly stays?: string
  /** Files that follow it; `undefined` when nothing can be written without knowing more. */
  readonly follow: readonly RemedyFile[] | undefined
}

/** The problems of the subcommands; their remedies are one, since they share a statement. */
export function splitAlter(old: OldTable, scope: StatementScope, splitOf: (command: AlterTableCmd) => Split | undefined): Problem[] {
  const splits = old.commands.map(splitOf)
  const found = splits.filter((split) => split !== undefined)
  const { text } = old
  const isWhole = text !== undefined && found.every(({ follow }) => follow !== undefined)
  const kept = splits.flatMap((split, index) => (split === undefined ? (text?.commands[index] ?? []) : (split.stays ?? [])))
  const first = kept.length === 0 ? [] : [transaction(scope.phase, `${text?.head} ${kept.join(', ')}`)]
  const instead = isWhole ? [...first, ...mergeFiles(found.flatMap(({ follow }) => follow ?? []))] : []
  return found.map(({ problem }) => (instead.length === 0 ? problem : { ...problem, instead }))
}

/** Equal files once: several subcommands may ask for the same step. */
function mergeFiles(files: readonly RemedyFile[]): RemedyFile[] {
  return files.filter((one, index) => files.findIndex((other) => other.sql === one.sql && other.phase === one.phase) === index)
}
