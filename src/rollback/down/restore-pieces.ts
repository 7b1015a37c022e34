import { quoteName, quoteText } from '../../migration/ledger.ts'
import type { ColumnFacts, Dependent, SequencePosition, TableFacts } from './rescue-source.ts'
import { block, whenMissing } from './when-missing.ts'

/** A piece of the file: SQL, or rows that stand between two lines of their own. */
export type Piece = string | RowsPiece

interface RowsPiece {
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

/** Statements for psql to leave out where one of its variables is true; no rows may stand among them, which it would read as text. */
export function unless(variable: string, statements: readonly string[]): readonly string[] {
  return statements.length === 0 ? [] : [`\\if :${variable}`, '\\else', ...statements, '\\endif']
}

export function staging(kept: string, columns: readonly ColumnFacts[], select: string, ownPath: boolean): Piece[] {
  const definitions = columns.map((one) => `${quoteName(one.name)} ${one.type}`).join(', ')
  return [
    `create temporary table ${kept} (${definitions}) on commit drop;`,
    { into: `copy pg_temp.${kept} from stdin;`, select, ownPath },
    `analyze pg_temp.${kept};`,
  ]
}

export function matching(keys: readonly ColumnFacts[], renamed: Readonly<Record<string, string>>, { equality }: TableFacts): string {
  return keys
    .map((one) => `live.${quoteName(renamed[one.name] ?? one.name)} ${equality[one.name] ?? '='} kept.${quoteName(one.name)}`)
    .join(' and ')
}

export function factsOf({ columns }: TableFacts, name: string): ColumnFacts {
  const found = columns.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no column ${name}`)
  return found
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
export function disableTriggers(table: string): string {
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

export function enableTriggers(): string {
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
