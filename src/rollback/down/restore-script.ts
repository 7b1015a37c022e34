import { quoteName, quoteTable, quoteText } from '../../migration/ledger.ts'
import { anyValue, fromRows, ofRow } from './loss-queries.ts'
import type { ColumnsPart, RowsPart, ValuesPart } from './rescue-part.ts'
import type { ColumnFacts, Dependent, SequencePosition, TableFacts } from './rescue-source.ts'
import { enumMoved } from './restore-enum.ts'
import { block, whenMissing } from './when-missing.ts'

/** A piece of the file: SQL, or rows that stand between two lines of their own. */
export type Piece = string | RowsPiece

export interface RowsPiece {
  /** COPY … FROM stdin. */
  readonly into: string
  readonly select: string
  readonly ownPath: boolean
}

/** What puts one part back, by when it belongs. */
export interface Restoring {
  readonly check: readonly string[]
  /** Types of columns, as they were. */
  readonly types: readonly string[]
  /** Rows in tables of the session's own, before anything else is changed. */
  readonly stage: readonly Piece[]
  /** Refusals that need them. */
  readonly verify: readonly string[]
  readonly data: readonly Piece[]
  readonly after: readonly string[]
}

/** Columns that were dropped: made anew, filled by their key, and only then given what they had to keep. */
export function restoreColumns({ table, target, renamed, columns, key }: ColumnsPart, facts: TableFacts, kept: string): Restoring {
  const name = quoteTable(target)
  const lost = columns.map((column) => factsOf(facts, column))
  const keys = key.map((column) => factsOf(facts, column))
  const presets = lost.filter((one) => one.default !== undefined || one.identity !== undefined || one.notNull)
  // a row that had null and a row that is new look alike, unless all rows are in the copy
  const where = presets.length === 0 ? anyValue(columns) : undefined
  const select = `select ${[...key, ...columns].map(ofRow).join(', ')} from ${fromRows({ table, only: false, where })}`
  const match = matching(keys, renamed, facts)
  const isNew = `not exists (select from pg_temp.${kept} as kept where ${match})`
  const data: Piece[] = [
    ...lost.flatMap(({ sequence, identity }) =>
      sequence === undefined || identity !== undefined
        ? []
        : [
            whenMissing('pg_catalog.to_regclass', sequence.name, [`create sequence ${sequence.name} ${sequence.options}`]),
            setPosition(sequence),
          ],
    ),
    ...lost.map((one) => `alter table ${name} add column ${quoteName(one.name)} ${one.type}${collation(one)};`),
    disableTriggers(name),
    `update ${name} as live set ${lost.map((one) => `${quoteName(one.name)} = kept.${quoteName(one.name)}`).join(', ')} from pg_temp.${kept} as kept where ${match};`,
    ...presets
      .filter((one) => one.default !== undefined)
      .map((one) => `update ${name} as live set ${quoteName(one.name)} = ${one.default} where ${isNew};`),
    enableTriggers(),
  ]
  return {
    check: lost.map((one) => refuseColumn(name, one.name)),
    types: [],
    stage: staging(kept, [...keys, ...lost], select, false),
    verify: [],
    data,
    after: [
      ...lost.flatMap((one) => asBefore(name, one)),
      ...facts.columns.filter(({ generated }) => generated !== undefined).map((one) => restoreGenerated(name, one)),
      ...facts.dependents.map(restoreDependent),
    ],
  }
}

function asBefore(table: string, one: ColumnFacts): string[] {
  const column = `alter table ${table} alter column ${quoteName(one.name)}`
  const { sequence } = one
  return [
    ...(one.default === undefined ? [] : [`${column} set default ${one.default};`]),
    ...(one.notNull ? [requireValues(table, one)] : []),
    ...(one.identity !== undefined || sequence === undefined
      ? []
      : [`alter sequence ${sequence.name} owned by ${table}.${quoteName(one.name)};`]),
    ...(one.comment === undefined ? [] : [`comment on column ${table}.${quoteName(one.name)} is ${quoteText(one.comment)};`]),
    ...one.grants.map((grant) => `${grant};`),
  ]
}

/** A row that is new has no value for a column without a default: then the column keeps its nulls, rather than all staying lost. */
function requireValues(table: string, { name, identity, sequence }: ColumnFacts): string {
  const column = quoteName(name)
  const alter = `alter table ${table} alter column ${column}`
  const options = sequence?.options.replace(/^as \S+ /, '') ?? ''
  const counter = identity === undefined ? undefined : sequence
  return block([
    `  if exists (select from ${table} where ${column} is null) then`,
    `    raise warning 'Rows of ${message(table)} that are new have no ${message(column)}: it is not made NOT NULL again.';`,
    '  else',
    `    execute ${quoteText(`${alter} set not null`)};`,
    ...(counter === undefined
      ? []
      : [
          `    execute ${quoteText(`${alter} add generated ${identity} as identity (sequence name ${counter.name} ${options})`)};`,
          `    perform pg_catalog.setval(${quoteText(counter.name)}, ${counter.last}, ${counter.called});`,
        ]),
    '  end if;',
  ])
}

/** It fell with a column that it is computed from. */
function restoreGenerated(table: string, { name, type, generated }: ColumnFacts): string {
  return block([
    `  if not exists (select from pg_attribute where attrelid = to_regclass(${quoteText(table)}) and attname = ${quoteText(name)} and not attisdropped) then`,
    `    execute ${quoteText(`alter table ${table} add column ${quoteName(name)} ${type} generated always as ${generated}`)};`,
    '  end if;',
  ])
}

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

function staging(kept: string, columns: readonly ColumnFacts[], select: string, ownPath: boolean): Piece[] {
  const definitions = columns.map((one) => `${quoteName(one.name)} ${one.type}`).join(', ')
  return [
    `create temporary table ${kept} (${definitions}) on commit drop;`,
    { into: `copy pg_temp.${kept} from stdin;`, select, ownPath },
    `analyze pg_temp.${kept};`,
  ]
}

function matching(keys: readonly ColumnFacts[], renamed: Readonly<Record<string, string>>, { equality }: TableFacts): string {
  return keys
    .map((one) => `live.${quoteName(renamed[one.name] ?? one.name)} ${equality[one.name] ?? '='} kept.${quoteName(one.name)}`)
    .join(' and ')
}

function factsOf({ columns }: TableFacts, name: string): ColumnFacts {
  const found = columns.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no column ${name}`)
  return found
}

function collation({ collation: name }: ColumnFacts): string {
  return name === undefined ? '' : ` collate ${name}`
}

function refuseColumn(table: string, column: string): string {
  return block([
    `  if to_regclass(${quoteText(table)}) is null then`,
    `    raise exception 'The table ${message(table)} is not there.' using hint = 'This rescue copy holds columns of it, and not the table.';`,
    '  end if;',
    `  if exists (select from pg_attribute where attrelid = to_regclass(${quoteText(table)}) and attname = ${quoteText(column)} and not attisdropped) then`,
    `    raise exception 'The column ${message(quoteName(column))} of ${message(table)} is there already.' using hint = 'Was this rescue copy put back before? Nothing was changed.';`,
    '  end if;',
  ])
}

/** In the text of RAISE a percent sign is a place for a value. */
export function message(name: string): string {
  return quoteText(name)
    .replace(/^E?'/, '')
    .replace(/'$/, '')
    .replaceAll('%', '%%')
    .replaceAll(/[\r\n]/g, ' ')
}

export function setPosition({ name, last, called }: SequencePosition, forwardOnly = false): string {
  const set = `perform pg_catalog.setval(${quoteText(name)}, ${last}, ${called});`
  return block(forwardOnly ? [`  if (select last_value from ${name}) < ${last} then`, `    ${set}`, '  end if;'] : [`  ${set}`])
}

export function restoreDependent({ kind, on, name, definition, comment }: Dependent): string {
  const remark = (what: string) => (comment === undefined ? [] : [`comment on ${what} is ${quoteText(comment)}`])
  if (kind === 'index') return whenMissing('pg_catalog.to_regclass', name, [definition, ...remark(`index ${name}`)])
  if (kind === 'statistics') {
    return block([
      `  if not exists (select from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where format('%I.%I', n.nspname, s.stxname) = ${quoteText(name)}) then`,
      `    execute ${quoteText(definition)};`,
      '  end if;',
    ])
  }
  const constraint = quoteName(name)
  const statements = [`alter table ${on} add constraint ${constraint} ${definition}`, ...remark(`constraint ${constraint} on ${on}`)]
  return block([
    `  if to_regclass(${quoteText(on)}) is not null and not exists (select from pg_constraint where conrelid = to_regclass(${quoteText(on)}) and conname = ${quoteText(name)}) then`,
    ...statements.map((one) => `    execute ${quoteText(one)};`),
    '  end if;',
  ])
}

/** What old values fire was fired when they were new. Each trigger gets the state back in which it was. */
function disableTriggers(table: string): string {
  return block(
    [
      '  create temporary table shiplock_rescue_triggers on commit drop as',
      '    select g.tgrelid::regclass as relation, g.tgname as name, g.tgenabled as state from pg_trigger g',
      `    where not g.tgisinternal and g.tgenabled in ('O', 'A') and g.tgrelid in (select to_regclass(${quoteText(table)})::oid`,
      `      union select relid::oid from pg_partition_tree(to_regclass(${quoteText(table)})));`,
      '  for found in select * from shiplock_rescue_triggers loop',
      "    execute format('alter table only %s disable trigger %I', found.relation, found.name);",
      '  end loop;',
    ],
    ['found record'],
  )
}

function enableTriggers(): string {
  return block(
    [
      '  for found in select * from shiplock_rescue_triggers loop',
      "    execute format('alter table only %s enable %s trigger %I', found.relation, case found.state when 'A' then 'always' else '' end, found.name);",
      '  end loop;',
      '  drop table shiplock_rescue_triggers;',
    ],
    ['found record'],
  )
}
