import type { AlterTableCmd, ColumnDef, Node } from '@pgsql/types'
import { type Column, indexesOf, type Schema, type Table, tableById } from '../../sql/schema/schema.ts'
import type { RemedyFile } from '../rule.ts'
import type { StatementScope } from '../scope.ts'
import { StatementText } from './alter-text.ts'
import type { OldTable } from './alterations.ts'
import { backfillFile } from './backfill.ts'
import { columnsIn, inTrigger } from './columns-in.ts'
import { notNullFiles } from './not-null.ts'
import { keepingTrigger } from './trigger.ts'
import { nameFrom, transaction, wordsLike, written } from './write.ts'

/**
 * Files that give a column another type while it is used. `undefined` when keys, indexes, views or defaults hang on it
 * that would have to be made again for the new column.
 */
export function newTypeFiles({ name = '', def }: AlterTableCmd, old: OldTable, scope: StatementScope): RemedyFile[] | undefined {
  const column = old.table?.columns.get(name)
  const definition = def !== undefined && 'ColumnDef' in def ? def.ColumnDef : undefined
  if (old.table === undefined || column === undefined || definition === undefined || isNeeded(column, old.table, scope.schema))
    return undefined
  const value = constantText(column.default)
  const type = typeText(definition, scope)
  const converted = conversion(name, type, definition, scope)
  if ((column.default !== undefined && value === undefined) || converted === undefined) return undefined
  const kw = wordsLike(scope)
  const { sql } = old
  const added = nameFrom(name, 'new')
  const [col, other] = [written(name), written(added)]
  const trigger = keepingTrigger({ table: old.table.name, sql, column: added, expression: converted.inTrigger }, scope)
  return [
    transaction('pre', [kw`alter table ${sql} add column ${other} ${type}`, ...trigger.create]),
    backfillFile(
      { sql, table: old.table, set: `${other} = ${converted.value}`, where: kw`${other} is null and ${col} is not null` },
      'pre',
      scope,
    ),
    ...(column.notNull ? notNullFiles({ sql, table: old.table.name, column: added }, 'pre', scope) : []),
    transaction(
      'post',
      [
        ...trigger.drop,
        kw`alter table ${sql} drop column ${col}`,
        kw`alter table ${sql} rename column ${other} to ${col}`,
        ...(value === undefined ? [] : [kw`alter table ${sql} alter column ${col} set default ${value}`]),
      ],
      `When no code is left that needs the old type of ${name}.`,
    ),
  ]
}

/** The type with its collation, as written. */
function typeText(definition: ColumnDef, scope: StatementScope): string {
  const text = new StatementText(scope)
  const location = definition.typeName?.location ?? 0
  return text.cut(text.inStatement(location), usingIn(text, location)?.start ?? text.endOfItem(location))
}

function conversion(name: string, type: string, { raw_default: using, collClause, typeName }: ColumnDef, scope: StatementScope) {
  const col = written(name)
  if (using === undefined) {
    const bare = collClause === undefined ? type : type.slice(0, type.toLowerCase().lastIndexOf('collate')).trim()
    return { value: `${col}::${bare}`, inTrigger: `new.${col}::${bare}` }
  }
  const text = new StatementText(scope)
  const word = usingIn(text, typeName?.location ?? 0)
  if (word === undefined) return undefined
  const end = text.endOfItem(typeName?.location ?? 0)
  const inRow = inTrigger(using, scope, word.end, end)?.trim()
  return inRow === undefined ? undefined : { value: `(${text.cut(word.end, end)})`, inTrigger: `(${inRow})` }
}

/** The word USING behind a type. */
function usingIn(text: StatementText, location: number) {
  const [start, end] = [text.inStatement(location), text.endOfItem(location)]
  return text.tokens.find((token) => token.start > start && token.start < end && token.text.toLowerCase() === 'using')
}

/** Whether something else is made of the column. */
function isNeeded(column: Column, table: Table, schema: Schema): boolean {
  const { name } = column
  const isIn = (node: Node | undefined) => columnsIn(node).some((one) => one.name === name)
  const inIndex = indexesOf(schema, table).some(
    ({ keys, include, predicate }) =>
      include.includes(name) || isIn(predicate) || keys.some((key) => key.column === name || isIn(key.expression)),
  )
  const inConstraint = [...table.constraints.values()].some(
    (one) => ('columns' in one && one.columns.includes(name)) || (one.kind === 'check' && isIn(one.expression)),
  )
  const inView = [...schema.relations.values()].some((one) => {
    const read = one.kind === 'view' ? one.reads.get(table.id) : undefined
    return read === 'all' || read?.has(name) === true
  })
  const inColumn = [...table.columns.values()].some(({ generated }) => isIn(generated?.expression))
  const inFamily = table.form === 'partitioned' || table.children.size > 0 || tableById(schema, table.partitionOf?.parent) !== undefined
  return (
    inIndex ||
    inConstraint ||
    inView ||
    inColumn ||
    inFamily ||
    column.generated !== undefined ||
    column.identity !== undefined ||
    column.type.serial
  )
}

/** A default that is a plain constant, or the time; `undefined` for any other. */
function constantText(node: Node | undefined): string | undefined {
  if (node !== undefined && 'FuncCall' in node)
    return (node.FuncCall.args ?? []).length === 0 && nameOfCall(node.FuncCall.funcname) === 'now' ? 'now()' : undefined
  if (node === undefined || !('A_Const' in node)) return undefined
  const { ival, fval, boolval, sval, isnull } = node.A_Const
  if (isnull === true) return 'null'
  if (ival !== undefined) return String(ival.ival ?? 0)
  if (fval !== undefined) return fval.fval
  if (boolval !== undefined) return String(boolval.boolval ?? false)
  return sval === undefined ? undefined : `'${(sval.sval ?? '').replaceAll("'", "''")}'`
}

function nameOfCall(words: readonly Node[] | undefined): string | undefined {
  const last = words?.at(-1)
  return last !== undefined && 'String' in last ? last.String.sval : undefined
}
