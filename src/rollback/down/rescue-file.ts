import { quoteTable, quoteText } from '../../migration/ledger.ts'
import { readDumpScript } from './dump-script.ts'
import type { ColumnsPart, RescuePart, WholePart } from './rescue-part.ts'
import type { ColumnName, RescueFacts, RescueSource } from './rescue-source.ts'
import { restoreColumns } from './restore-columns.ts'
import {
  disableTriggers,
  enableTriggers,
  message,
  type Piece,
  type Restoring,
  restoreDependent,
  setPosition,
  unless,
} from './restore-pieces.ts'
import { restoreRows, restoreValues } from './restore-rows.ts'
import { block } from './when-missing.ts'

interface FileOptions {
  readonly migration: string
  readonly tool: string
  readonly what: readonly string[]
}

/** The whole file, as pieces in their order: one transaction that psql runs from its beginning to its end. The parts come in the order in which they are put back. */
export async function composeRescue(source: RescueSource, given: readonly RescuePart[], options: FileOptions): Promise<readonly Piece[]> {
  const parts = withoutRepeats(given)
  const wholes = parts.filter(isWhole)
  const restoring: Restoring[] = []
  const columns: ColumnName[] = []
  for (const [index, part] of parts.entries()) {
    const kept = `shiplock_rescue_${index + 1}`
    if (isWhole(part)) continue
    if (part.kind === 'position') {
      const position = await source.position(quoteTable(part.table))
      restoring.push({ ...nothing, data: [setPosition(position, true)] })
      continue
    }
    const facts = await source.describeTable(part.table, part.kind === 'columns' ? part.columns : [])
    if (part.kind === 'columns') restoring.unshift(restoreColumns(part, facts, kept))
    else restoring.push(part.kind === 'rows' ? restoreRows(part, facts, kept) : restoreValues(part, facts, kept))
    const typed = part.kind === 'rows' ? facts.columns.map(({ name }) => name) : [...part.columns, ...part.key]
    columns.push(...typed.map((column) => ({ table: part.table, column })))
  }
  const whole = wholes.length === 0 ? nothing : await restoreWhole(source, wholes)
  const needed = await source.prerequisites(
    wholes.map(({ table }) => table),
    columns,
  )
  return [
    heading(source.facts, options),
    checkDatabase(source.facts),
    ...[whole, ...restoring].flatMap(({ check }) => check),
    ...needed,
    ...restoring.flatMap(({ types }) => types),
    ...restoring.flatMap(({ stage }) => stage),
    ...restoring.flatMap(({ verify }) => verify),
    ...[whole, ...restoring].flatMap(({ data }) => data),
    ...[...restoring, whole].flatMap(({ after }) => after),
    'commit;',
  ]
}

function isWhole(part: RescuePart): part is WholePart {
  return part.kind === 'table' || part.kind === 'sequence'
}

const nothing: Restoring = { check: [], types: [], stage: [], verify: [], data: [], after: [] }

/** A table that goes takes all its losses along; two columns of one table come back together. */
function withoutRepeats(parts: readonly RescuePart[]): readonly RescuePart[] {
  const of = (part: RescuePart) => quoteTable(part.table)
  const gone = new Set(parts.filter(({ kind }) => kind === 'table').map(of))
  const kept: RescuePart[] = []
  const columns = new Map<string, ColumnsPart>()
  for (const part of parts) {
    if (part.kind !== 'table' && gone.has(of(part))) continue
    if (part.kind !== 'columns') {
      kept.push(part)
      continue
    }
    const before = columns.get(of(part))
    const all = [...new Set([...(before?.columns ?? []), ...part.columns])]
    columns.set(of(part), { ...part, columns: all })
  }
  const left = kept.flatMap((part): readonly RescuePart[] => {
    const lost = part.kind === 'values' ? (columns.get(of(part))?.columns ?? []) : []
    if (part.kind !== 'values' || lost.length === 0) return [part]
    const rest = part.columns.filter((column) => !lost.includes(column))
    return rest.length === 0 ? [] : [{ ...part, columns: rest }]
  })
  const names = new Set<string>()
  const once = left.filter((part) => part.kind !== 'table' || (!names.has(of(part)) && names.add(of(part))))
  return [...once, ...columns.values()]
}

async function restoreWhole(source: RescueSource, wholes: readonly WholePart[]): Promise<Restoring> {
  const facts = await source.describeWhole(wholes)
  const script = await readDumpScript(facts.script)
  const rows = facts.leaves
    .filter(({ columns }) => columns.length > 0)
    .flatMap(({ name, columns }): readonly Piece[] => {
      const list = columns.join(', ')
      const copy = { into: `copy ${name} (${list}) from stdin;`, select: `select ${list} from only ${name}`, ownPath: false }
      return [disableTriggers(name), copy, enableTriggers()]
    })
  const leaves = facts.leaves.map(({ name }) => name)
  const there = 'shiplock_rescue_whole_there'
  return {
    ...nothing,
    check: [refuseWhole(facts.names, leaves), `select ${countWhole(facts.names)} > 0 as ${there} \\gset`],
    data: [...unless(there, script.before), ...rows, ...facts.sequences.map((one) => setPosition(one))],
    after: unless(there, [...script.after, ...facts.references.map(restoreDependent), ...script.last]),
  }
}

/** What the newer release has made again takes the rows, as long as nobody has written into it. */
function refuseWhole(names: readonly string[], leaves: readonly string[]): string {
  const there = `'Was this rescue copy put back before, or has the down not run? Nothing was changed.'`
  return block([
    `  if ${countWhole(names)} = 0 then`,
    '    return;',
    '  end if;',
    ...(leaves.length > 0 ? [] : [`  raise exception '${names.map(message).join(', ')} is there already.' using hint = ${there};`]),
    `  if ${countWhole(names)} < ${names.length} then`,
    `    raise exception 'Of ${names.map(message).join(', ')} some are there already.' using hint = ${there};`,
    '  end if;',
    ...leaves.flatMap((name) => [
      `  if exists (select from only ${name}) then`,
      `    raise exception '${message(name)} is there already, and has rows.' using hint = 'Was this rescue copy put back before, has the down not run, or were rows written since? Nothing was changed.';`,
      '  end if;',
    ]),
  ])
}

function countWhole(names: readonly string[]): string {
  return `(select count(*) from unnest(array[${names.map(quoteText).join(', ')}]::text[]) as one (name) where to_regclass(name) is not null)`
}

function heading({ database, serverVersion, timeZone, at }: RescueFacts, { migration, tool, what }: FileOptions): string {
  const about = [
    `Rescue copy of what the down of ${migration} takes away, made by ${tool} on ${at.toISOString()}.`,
    `Database ${database}, PostgreSQL ${serverVersion}. Large objects that a value refers to are not in it.`,
    ...what.map((one) => `It holds ${one}.`),
    'Run it once, after the down, best when the corrected release has migrated again: psql -X -v ON_ERROR_STOP=1 -f <this file>',
  ]
  return `${about.map((line) => `-- ${line.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`).join('\n')}
\\set ON_ERROR_STOP on
set client_encoding = 'UTF8';
begin;
set local standard_conforming_strings = on;
set local check_function_bodies = off;
set local row_security = off;
set local statement_timeout = 0;
set local client_min_messages = notice;
set local datestyle = 'ISO, YMD';
set local intervalstyle = postgres;
set local lc_monetary = 'C';
set local timezone = ${quoteText(timeZone)};
set local search_path = pg_catalog, pg_temp;
set constraints all immediate;`
}

/** Names come again on other servers; a database that was moved or restored is another one too, and may be meant. */
function checkDatabase({ database, systemIdentifier, databaseOid }: RescueFacts): string {
  const system = systemIdentifier === undefined ? [] : [`      or system <> ${quoteText(systemIdentifier)}`]
  return block(
    [
      '  begin',
      '    system := (select system_identifier::text from pg_control_system());',
      '  exception when insufficient_privilege then',
      '    system := null;',
      '  end;',
      `  if current_setting('shiplock.elsewhere', true) is distinct from 'on' and (current_database() <> ${quoteText(database)}`,
      `      or (select oid::text from pg_database where datname = current_database()) <> ${quoteText(databaseOid)}`,
      ...system,
      '  ) then',
      `    raise exception 'This rescue copy is of another database than this one: of ${message(database)}, as it was.'`,
      `      using hint = 'Where a copy of that database is meant, run it with PGOPTIONS="-c shiplock.elsewhere=on". Nothing was changed.';`,
      '  end if;',
    ],
    ['system text'],
  )
}
