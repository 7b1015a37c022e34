import { ReleaseError } from '../../errors.ts'
import { countedEvidence, type Layout } from '../layout.ts'
import { clearDirtyCommand, headOfVersions, type LedgerScope, quoteTable, quoteText, type TableName } from '../ledger.ts'
import type { Migration, Phase, SourceFile } from '../migration.ts'
import { lockKeys } from './golang-migrate/lock-keys.ts'
import { markLine } from './marks.ts'
import { readSentWhole } from './whole-files.ts'

/** golang-migrate: `000007_add_email.up.sql` with `000007_add_email.down.sql`, and a table of one row. */
export const golangMigrate: Layout = {
  name: 'golang-migrate',
  recognizes(files) {
    const sql = files.filter((file) => file.name.endsWith('.sql'))
    const named = sql.flatMap((file) => nameOf(file.name) ?? [])
    const found = named.some(({ direction }) => direction === 'up') ? named.length : 0 // plain has .down.sql files too
    return countedEvidence(found, sql.length, 'are numbered .up.sql and .down.sql files')
  },
  knownByNames: true,
  read: readFolder,
  table: { schema: 'current', table: 'schema_migrations' },
  tellTale: { columns: ['version', 'dirty'], only: true },
  sharesTable: false,
  toleratesHoles: false,
  toleratesMissing: false,
  writtenByTool: true,
  keepsNewest: true,
  locks: lockKeys,
  ledger: {
    create: createTable,
    createEmpty: createTable,
    select: (table, scope) =>
      `select known.version::pg_catalog.text as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, null::timestamp with time zone as applied_at, known.version::pg_catalog.float8 as place, exists (select from ${quoteTable(table)} own where own.dirty and own.version operator(pg_catalog.=) known.version) as dirty from (${known(table, scope)}) known where known.version operator(pg_catalog.<=) (select pg_catalog.max(version) from ${quoteTable(table)})`,
    record,
    erase,
    dirty: {
      explain,
      settle: (table, migration, as, scope) => (as === 'applied' ? record(table, migration) : erase(table, migration, scope)),
    },
    head(table, scope, without = []) {
      if (without.length === 0) return headOfVersions(`${quoteTable(table)} t`)
      const left = `select pg_catalog.max(known.version) as version, false as dirty from (${known(table, scope)}) known where known.version operator(pg_catalog.<=) (select pg_catalog.max(version) from ${quoteTable(table)}) and known.version::pg_catalog.text not in (${without.map(quoteText).join(', ')}) having pg_catalog.count(*) operator(pg_catalog.>) 0`
      return headOfVersions(`(${left}) t`)
    },
  },
  outsideTransaction: '-- shiplock: no-transaction',
  down: { beside: (path) => path.replace(/\.up(?=\.sql$)/, '.down') },
  numbersByTime: true,
  newFile: (name, _phase, version, hotfix) => ({
    name: `${version}_${name}.up.sql`,
    text: hotfix ? markLine('hotfix') : '',
    beside: { name: `${version}_${name}.down.sql`, text: '' },
  }),
}

function createTable(table: TableName): string {
  return `create table if not exists ${quoteTable(table)} (version bigint not null primary key, dirty boolean not null)`
}

/** As `migrate force V` leaves it. The tool itself empties the table, which takes a lock that even readers wait for. */
function record(table: TableName, { version }: Pick<Migration, 'version'>): string {
  return `with moved as (update ${quoteTable(table)} set version = ${BigInt(version)}, dirty = false returning 1) insert into ${quoteTable(table)} (version, dirty) select ${BigInt(version)}, false where not exists (select from moved)`
}

/** As `migrate force` with the number before leaves it, and `migrate force -- -1` where there is none. */
function erase(table: TableName, { version }: Pick<Migration, 'version'>, { versions = [] }: LedgerScope): string {
  const before = versions.map(BigInt).reduce<bigint | undefined>((last, one) => {
    return one < BigInt(version) && (last === undefined || one > last) ? one : last
  }, undefined)
  return before === undefined ? `delete from ${quoteTable(table)}` : `update ${quoteTable(table)} set version = ${before}, dirty = false`
}

/** The row, and every version that a file or the history knows. */
function known(table: TableName, { versions = [] }: LedgerScope): string {
  const listed = versions.map((version) => `select ${BigInt(version)}::pg_catalog.int8`)
  return [`select version from ${quoteTable(table)}`, ...new Set(listed)].join(' union ')
}

interface FileName {
  readonly version: string
  readonly id: string
  readonly direction: 'up' | 'down'
}

/** What the tool takes for a migration; whatever follows the direction is the ending to it. */
function nameOf(fileName: string): FileName | undefined {
  const [, digits = '', name = '', direction] = /^(\d+)_(.*)\.(up|down)\.sql$/.exec(fileName) ?? []
  if (direction !== 'up' && direction !== 'down') return undefined
  return { version: String(BigInt(digits)), id: `${digits}_${name}`, direction }
}

function readFolder(files: readonly SourceFile[], phase: Phase): Migration[] {
  const downs = new Map<string, SourceFile>()
  const ups: [FileName, SourceFile][] = []
  for (const file of files) {
    const name = nameOf(file.name)
    if (name === undefined) refuseUnread(file)
    else if (name.direction === 'up') ups.push([name, file])
    else if (downs.has(name.version)) throw twoDowns(downs.get(name.version) as SourceFile, file)
    else downs.set(name.version, file)
  }
  const migrations = ups.map(([name, file]) => {
    const down = downs.get(name.version)
    downs.delete(name.version)
    return readMigration(name, file, down, phase)
  })
  const [orphan] = downs.values()
  if (orphan !== undefined) {
    throw new ReleaseError('invalid-migration', `${orphan.path} has no migration to take back.`, {
      at: orphan.path,
      hint: `Add ${orphan.name.replace(/\.down\.sql$/, '.up.sql')} beside it, or delete it: golang-migrate would count its number as run.`,
    })
  }
  return migrations
}

function readMigration({ version, id }: FileName, file: SourceFile, downFile: SourceFile | undefined, phase: Phase): Migration {
  if (BigInt(version) >= 2n ** 63n) {
    throw new ReleaseError('invalid-migration', `${file.path} has a number that the version table cannot hold.`, {
      at: file.path,
      hint: 'Numbers end at 9223372036854775807.',
    })
  }
  return { version, id, phase, ...readSentWhole({ file, down: downFile }, 'golang-migrate') }
}

/** A name that looks like a migration and is none would never run; one that the tool takes beyond our reading would run unseen. */
function refuseUnread(file: SourceFile): void {
  const taken = /^\d+_.*\.(?:up|down)\./.test(file.name)
  const meant = /^\d+(?:[_.-].*)?\.sql$|\.(?:up|down)\.sql$/is.test(file.name)
  if (!taken && !meant) return
  throw new ReleaseError(
    taken ? 'unsupported-migration' : 'invalid-migration',
    taken
      ? `${file.path} is a migration to golang-migrate, and not an .sql file that Shiplock reads.`
      : `${file.path} would never run: golang-migrate takes only names such as 000007_add_email.up.sql.`,
    {
      at: file.path,
      hint: taken ? 'Move it out of the folder, or give it the ending .up.sql.' : 'Rename it, or move it out of the folder.',
    },
  )
}

function twoDowns(one: SourceFile, other: SourceFile): ReleaseError {
  return new ReleaseError('duplicate-version', `${one.path} and ${other.path} take back the same version.`, {
    at: other.path,
    hint: 'Keep the one that belongs to the migration.',
  })
}

/** It stands on the number before too, when a way back has not ended. */
function explain(version: string): { says: string; hint: string } {
  const [it, clear, force] =
    version === '-1'
      ? [
          'the first migration is there or gone',
          clearDirtyCommand('<the first>'),
          'migrate force with its number, or migrate force -- -1 when nothing of it is left',
        ]
      : [
          `all of ${version} is there, or nothing of it`,
          `${clearDirtyCommand(version)} (where a way back did not end, name the migration after ${version}, which it was to take back)`,
          `migrate force ${version}, or with the number before it`,
        ]
  return {
    says: `version ${version} is dirty: golang-migrate began a migration, or a way back to it, that has not ended`,
    hint: `When golang-migrate is at work just now, wait. Otherwise make sure by hand that ${it}, and say so: ${clear}. The tool's own word for it: ${force}. Nothing clears the mark by itself.`,
  }
}
