import { quoteName, quoteTable, quoteText } from '../../migration/ledger.ts'
import { anyValue, fromRows, ofRow } from './loss-queries.ts'
import type { ColumnsPart } from './rescue-part.ts'
import type { ColumnFacts, TableFacts } from './rescue-source.ts'
import {
  disableTriggers,
  enableTriggers,
  factsOf,
  matching,
  message,
  type Restoring,
  restoreDependent,
  setPosition,
  staging,
  unless,
} from './restore-pieces.ts'
import { block, whenMissing } from './when-missing.ts'

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
  const data = [
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
  const there = `${kept}_there`
  return {
    check: [refuseColumns(name, lost), `select ${countColumns(name, lost)} > 0 as ${there} \\gset`],
    types: [],
    stage: staging(kept, [...keys, ...lost], select, false),
    verify: [],
    data: [`\\if :${there}`, ...fillColumns(name, lost, match, kept), '\\endif', ...unless(there, data)],
    after: unless(there, [
      ...lost.flatMap((one) => asBefore(name, one)),
      ...facts.columns.filter(({ generated }) => generated !== undefined).map((one) => restoreGenerated(name, one)),
      ...facts.dependents.map(restoreDependent),
    ]),
  }
}

/**
 * The newer release has made the columns again. Where a row has nothing in them, or what every row got, it had the old value;
 * what somebody wrote since stays.
 */
function fillColumns(table: string, lost: readonly ColumnFacts[], match: string, kept: string): string[] {
  const text = (value: string) => `${value}::text collate "C"`
  const presets = lost.flatMap((one, index) => (one.default === undefined || one.sequence !== undefined ? [] : [{ one, index }]))
  const isOpen = (one: ColumnFacts) => {
    const live = `live.${quoteName(one.name)}`
    const preset = presets.find((found) => found.one === one)
    const isPreset = preset === undefined ? '' : ` or ${text(live)} is not distinct from preset_${preset.index}`
    return `(${live} is null${isPreset})`
  }
  const differs = (one: ColumnFacts) => `${text(`live.${quoteName(one.name)}`)} is distinct from ${text(`kept.${quoteName(one.name)}`)}`
  const set = lost.map((one) => {
    const column = quoteName(one.name)
    return `${column} = case when ${isOpen(one)} then kept.${column} else live.${column} end`
  })
  const change = lost.map((one) => `${isOpen(one)} and ${differs(one)}`).join(' or ')
  const names = message(lost.map(({ name }) => quoteName(name)).join(', '))
  return [
    disableTriggers(table),
    block(
      [
        ...presets.map(({ one, index }) => `  preset_${index} := (${one.default})::${one.type}::text;`),
        `  update ${table} as live set ${set.join(', ')} from pg_temp.${kept} as kept where ${match} and (${change});`,
        '  get diagnostics filled = row_count;',
        '  if filled = 0 then',
        `    raise exception 'Of ${message(table)} every value of ${names} that this rescue copy holds is there already, or others were written since.' using hint = 'Was it put back before, or has the down not run? Nothing was changed.';`,
        '  end if;',
        `  other := (select count(*) from ${table} as live join pg_temp.${kept} as kept on ${match} where ${lost.map(differs).join(' or ')});`,
        `  raise notice '% rows of ${message(table)} got their old values of ${names}; % have others, which were written since and stay.', filled, other;`,
      ],
      ['filled bigint', 'other bigint', ...presets.map(({ index }) => `preset_${index} text collate "C"`)],
    ),
    enableTriggers(),
  ]
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

function collation({ collation: name }: ColumnFacts): string {
  return name === undefined ? '' : ` collate ${name}`
}

/** An identity column takes no values from others. */
function refuseColumns(table: string, lost: readonly ColumnFacts[]): string {
  const names = message(lost.map(({ name }) => quoteName(name)).join(', '))
  const most = lost.some(({ identity }) => identity !== undefined) ? '> 0' : `not in (0, ${lost.length})`
  return block([
    `  if to_regclass(${quoteText(table)}) is null then`,
    `    raise exception 'The table ${message(table)} is not there.' using hint = 'This rescue copy holds columns of it, and not the table.';`,
    '  end if;',
    `  if ${countColumns(table, lost)} ${most} then`,
    `    raise exception 'Of ${names} of ${message(table)} some are there already.' using hint = 'Was this rescue copy put back before, or has the down not run? Nothing was changed.';`,
    '  end if;',
  ])
}

function countColumns(table: string, lost: readonly ColumnFacts[]): string {
  const names = lost.map(({ name }) => quoteText(name)).join(', ')
  return `(select count(*) from pg_attribute where attrelid = to_regclass(${quoteText(table)}) and attname in (${names}) and not attisdropped)`
}
