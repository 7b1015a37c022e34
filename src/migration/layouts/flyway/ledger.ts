import { butNot, clearDirtyCommand, type LedgerDialect, quoteName, quoteTable, quoteText, type TableName } from '../../ledger.ts'
import { isRepeatable, lineageOf, shownVersion } from '../../migration.ts'
import { flywayName } from './file-name.ts'

/**
 * A row for each run. The newest row of a version, and of a repeatable migration's description, counts, and one that failed
 * stops Flyway as long as it is there: `repair` adds
 * DELETE for a file that is gone, Flyway Teams UNDO_SQL for a way back. BASELINE stands for every version up to its own.
 */
export const flywayLedger: LedgerDialect = {
  create: createTable,
  createEmpty: createTable,
  select(table, { versions = [] }) {
    const rows = `select r.*, ${versionOf('r')} as known_as from ${quoteTable(table)} r where r.type operator(pg_catalog.<>) 'SCHEMA'`
    const lineage = `case when r.version is null then pg_catalog.concat('R:', r.description) else r.known_as end`
    const newest = `select distinct on (${lineage}) r.*, ${lineage} as lineage, pg_catalog.bool_and(r.success) over (partition by ${lineage}) as clean from (${rows}) r where r.type not like '%BASELINE' order by ${lineage}, r.installed_rank desc`
    const own = `select n.known_as as version, n.checksum::pg_catalog.text as checksum, n.installed_on, n.installed_rank, ${nameOf('n')} as name, false as covered, not n.clean as dirty from (${newest}) n where n.type not like 'UNDO%' and n.type operator(pg_catalog.<>) 'DELETE'`
    const numbered = [...new Set(versions.filter((version) => !isRepeatable({ version })))]
    const covered =
      numbered.length === 0
        ? ''
        : ` union all select k.version, null, b.installed_on, b.installed_rank, null, true, false from (values ${numbered.map((version) => `(${quoteText(version)})`).join(', ')}) k (version) cross join lateral (select * from (${rows}) r where r.type like '%BASELINE' order by r.installed_rank desc limit 1) b where ${numbers('k.version')} operator(pg_catalog.<=) ${numbers('b.known_as')} and not exists (select from (${rows}) o where o.known_as operator(pg_catalog.=) k.version and o.type not like '%BASELINE')`
    return `select e.version, null::pg_catalog.text as phase, e.checksum, e.installed_on::timestamp with time zone as applied_at, e.installed_rank::pg_catalog.float8 as place, e.name, e.covered, e.dirty from (${own}${covered}) e`
  },
  record(table, migration) {
    const written = flywayName(`${migration.id}.sql`)?.written ?? ''
    const version = isRepeatable(migration) ? 'null' : quoteText(written)
    const script = migration.path.split('/').at(-1) as string
    const values = [
      version,
      quoteText(migration.keptName ?? ''),
      `'SQL'`,
      quoteText(script),
      migration.kept === undefined ? 'null' : String(Number(migration.kept)),
      'current_user',
      '0',
      'true',
    ]
    return `insert into ${quoteTable(table)} (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) select coalesce(pg_catalog.max(installed_rank), 0) operator(pg_catalog.+) 1, ${values.join(', ')} from ${quoteTable(table)}`
  },
  // the community edition stops at a row UNDO_SQL, and Teams goes on without one
  erase: (table, { version }) =>
    `delete from ${quoteTable(table)} where installed_rank operator(pg_catalog.=) (select r.installed_rank from ${quoteTable(table)} r where ${versionOf('r')} operator(pg_catalog.=) ${quoteText(version)} and r.type not like '%BASELINE' order by r.installed_rank desc limit 1)`,
  dirty: {
    explain(version) {
      const name = shownVersion(version)
      return {
        says: `${isRepeatable({ version }) ? '' : 'version '}${name} began and did not succeed`,
        hint: `Flyway stops at it too. Make sure by hand that all of it is there, or nothing of it, and say so: ${clearDirtyCommand(name)}. Flyway's own word for the second: flyway repair.`,
      }
    },
    settle(table, { version, kept }, as) {
      // what failed may have been another text of a repeatable than the file is now
      const [row, own] = isRepeatable({ version }) ? [lineageIn('r'), lineageOf(version)] : [versionOf('r'), version]
      const where = `where not r.success and ${row} operator(pg_catalog.=) ${quoteText(own)}`
      const checksum = kept === undefined ? '' : `, checksum = ${Number(kept)}`
      return as === 'applied'
        ? `update ${quoteTable(table)} r set success = true${checksum} ${where}`
        : `delete from ${quoteTable(table)} r ${where}`
    },
  },
  head: (table, _scope, without = []) =>
    `select pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.max(r.installed_rank)) from ${quoteTable(table)} r where ${butNot(versionOf('r'), without)}`,
}

function createTable(table: TableName): string {
  const [pk, index] = ['pk', 's_idx'].map((end) => quoteName(`${table.table}_${end}`))
  const columns = [
    'installed_rank int not null',
    'version varchar(50)',
    'description varchar(200) not null',
    'type varchar(20) not null',
    'script varchar(1000) not null',
    'checksum integer',
    'installed_by varchar(100) not null',
    'installed_on timestamp not null default pg_catalog.now()',
    'execution_time integer not null',
    'success boolean not null',
    `constraint ${pk} primary key (installed_rank)`,
  ]
  return `create table if not exists ${quoteTable(table)} (${columns.join(', ')});\ncreate index if not exists ${index} on ${quoteTable(table)} (success)`
}

/** The version as Shiplock has it. */
function versionOf(row: string): string {
  const without = (text: string, pattern: string, by: string, flags: string) =>
    `pg_catalog.regexp_replace(${text}, ${quoteText(pattern)}, ${quoteText(by)}, ${quoteText(flags)})`
  const plain = without(`${row}.version::pg_catalog.text`, '(^|[.])0+(?=[0-9])', '\\1', 'g')
  const repeatable = `pg_catalog.concat(${lineageIn(row)}, ':', ${row}.checksum)`
  return `case when ${row}.version is null then ${repeatable} else ${without(plain, '([.]0)+$', '', '')} end`
}

/** Its description; what did not run as SQL is no file that is read here, whatever that is called, and Flyway stops at it. */
function nameOf(row: string): string {
  return `pg_catalog.concat(${row}.description, case when ${row}.type operator(pg_catalog.<>) 'SQL' then pg_catalog.concat(' (', ${row}.type, ')') end)`
}

/** What stays the same of a repeatable, and nothing for what has a number. */
function lineageIn(row: string): string {
  return `case when ${row}.version is null then pg_catalog.concat('R:', pg_catalog.replace(${row}.description::pg_catalog.text, ' ', '_')) end`
}

/** Its parts, which PostgreSQL compares one by one. */
function numbers(version: string): string {
  return `pg_catalog.string_to_array(${version}, '.')::pg_catalog.numeric[]`
}
