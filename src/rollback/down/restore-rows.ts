import { quoteName, quoteTable, quoteText } from '../../migration/ledger.ts'
import { fromRows, ofRow } from './loss-queries.ts'
import type { RowsPart, ValuesPart } from './rescue-part.ts'
import type { ColumnFacts, TableFacts } from './rescue-source.ts'
import { enumMoved } from './restore-enum.ts'
import { disableTriggers, enableTriggers, factsOf, matching, message, type Restoring, setPosition, staging } from './restore-pieces.ts'
import { block } from './when-missing.ts'

/** Rows that were deleted. Those that somebody made again since stay as they are now. */
export function restoreRows({ table, target, renamed, where, ownPath, restarts }: RowsPart, facts: TableFacts, kept: string): Restoring {
  const name = quoteTable(target)
  const held = facts.columns.filter(({ generated }) => generated === undefined)
  const select = `select ${held.map((one) => ofRow(one.name)).join(', ')} from ${fromRows({ table, only: false, where })}`
  const named = held.map((one) => quoteName(renamed[one.name] ?? one.name)).join(', ')
  const source = held.map((one) => `kept.${quoteName(one.name)}`).join(', ')
  const there = held.map((one) => `live.${quoteName(renamed[one.name] ?? one.name)}`).join(', ')
  const isThere = `exists (select from ${name} as live where row(${there})::text collate "C" = row(${source})::text collate "C")`
  const hasKey = Object.keys(facts.equality).length > 0 && !facts.deferrable
  const insert = `insert into ${name} (${named}) overriding system value select ${source} from pg_temp.${kept} as kept`
  return {
    check: [],
    types: [],
    stage: staging(kept, held, select, ownPath),
    verify: [],
    data: [
      disableTriggers(name),
      block(
        [
          `  all_rows := (select count(*) from pg_temp.${kept});`,
          ...(hasKey ? [] : [`  put_back := (select count(*) from pg_temp.${kept} as kept where not ${isThere});`, refuseRows(name)]),
          `  ${insert}${hasKey ? ' on conflict do nothing' : ''};`,
          '  get diagnostics put_back = row_count;',
          ...(hasKey ? [refuseRows(name)] : []),
          '  if put_back < all_rows then',
          `    raise notice '% of % rows of ${message(name)} are there already, and stay as they are', all_rows - put_back, all_rows;`,
          '  end if;',
        ],
        ['all_rows bigint', 'put_back bigint'],
      ),
      enableTriggers(),
      ...(restarts ? facts.sequences.map((one) => setPosition(one, true)) : []),
    ],
    after: [],
  }
}

function refuseRows(name: string): string {
  return `  if all_rows > 0 and put_back = 0 then
    raise exception 'Every row of this rescue copy is in ${message(name)} already.' using hint = 'Was it put back before? Nothing was changed.';
  end if;`
}

/** Values that were overwritten, cut or changed by a change of type. */
export function restoreValues(part: ValuesPart, facts: TableFacts, kept: string): Restoring {
  const { table, target, renamed, columns, key, where, ownPath, retyped } = part
  const name = quoteTable(target)
  const [lost, keys] = [columns, key].map((list) => list.map((column) => factsOf(facts, column))) as [ColumnFacts[], ColumnFacts[]]
  const select = `select ${[...key, ...columns].map(ofRow).join(', ')} from ${fromRows({ table, only: false, where })}`
  const match = matching(keys, renamed, facts)
  const now = (one: ColumnFacts) => quoteName(renamed[one.name] ?? one.name)
  const differs = lost.map((one) => `live.${now(one)}::text collate "C" is distinct from kept.${quoteName(one.name)}::text collate "C"`)
  const refuse = block([
    `  if exists (select from pg_temp.${kept}) and not exists (select from ${name} as live join pg_temp.${kept} as kept on ${match} where ${differs.join(' or ')}) then`,
    `    raise exception 'Every value of this rescue copy is in ${message(name)} already.' using hint = 'Was it put back before? Nothing was changed.';`,
    '  end if;',
  ])
  const set = lost.map((one) => `${now(one)} = kept.${quoteName(one.name)}`).join(', ')
  return {
    check: [],
    types: retyped ? lost.map((one) => restoreType(name, renamed[one.name] ?? one.name, one)) : [],
    stage: staging(kept, [...keys, ...lost], select, ownPath),
    verify: retyped ? [] : [refuse],
    data: [disableTriggers(name), `update ${name} as live set ${set} from pg_temp.${kept} as kept where ${match};`, enableTriggers()],
    after: [],
  }
}

/** An enum that got its values back has moved its columns already. */
function restoreType(table: string, name: string, { type, collation: collated, default: preset }: ColumnFacts): string {
  const column = quoteName(name)
  const alter = `alter table ${table} alter column ${column}`
  const current = `(select format_type(atttypid, atttypmod) from pg_attribute where attrelid = to_regclass(${quoteText(table)}) and attname = ${quoteText(name)})`
  const isEnum = `exists (select from pg_type t left join pg_type e on e.oid = t.typelem where t.oid = to_regtype(${quoteText(type)}) and 'e' in (t.typtype, e.typtype))`
  return block([
    `  if ${current} = ${quoteText(type)} then`,
    `    if not (${isEnum} and ${enumMoved}) then`,
    `      raise exception 'The column ${message(column)} of ${message(table)} has its type back already.' using hint = 'Was this rescue copy put back before? Nothing was changed.';`,
    '    end if;',
    '  else',
    `    execute ${quoteText(`${alter} drop default`)};`,
    `    execute ${quoteText(`${alter} type ${type}${collated === undefined ? '' : ` collate ${collated}`} using ${column}::text::${type}`)};`,
    ...(preset === undefined ? [] : [`    execute ${quoteText(`${alter} set default ${preset}`)};`]),
    '  end if;',
  ])
}
