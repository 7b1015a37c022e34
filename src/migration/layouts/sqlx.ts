import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { countedEvidence, invalidMigration, type Layout } from '../layout.ts'
import { butNot, clearDirtyCommand, headOfVersions, quoteTable, quoteText, type TableName } from '../ledger.ts'
import type { Migration, Phase, SourceFile } from '../migration.ts'
import { markLine } from './marks.ts'
import { sqlxSettings } from './sqlx/settings.ts'
import { readOwnMarks, readWhole } from './whole-files.ts'

/** sqlx: `20260918120000_add_email.sql`, or `….up.sql` with `….down.sql` beside it for the way back. */
export const sqlx: Layout = {
  name: 'sqlx',
  recognizes(files) {
    const named = files.filter(({ name }) => nameOf(name) !== undefined)
    const signed = named.filter(({ bytes }) => signs.test(new TextDecoder().decode(bytes)))
    return countedEvidence(signed.length, named.length, 'begin with a line of sqlx')
  },
  namedIn: { file: 'Cargo.toml', by: /^\s*(?:sqlx\b|\[[\w.-]*dependencies\.sqlx\])/m },
  read: readSqlx,
  table: { schema: undefined, table: '_sqlx_migrations' },
  settings: sqlxSettings,
  // flyway's has the same names
  tellTale: { columns: ['installed_on', 'success', 'checksum bytea', 'execution_time bigint'] },
  sharesTable: false,
  toleratesHoles: true,
  toleratesMissing: false,
  // migrate!() locks, the command line does not
  writtenByTool: true,
  locks: (database) => [String(0x3d32ad9en * BigInt(crc32(database)))],
  ledger: {
    create: createTable,
    createEmpty: createTable,
    select: (table) =>
      `select version::pg_catalog.text as version, null::pg_catalog.text as phase, pg_catalog.encode(checksum, 'hex') as checksum, installed_on as applied_at, not success as dirty from ${quoteTable(table)}`,
    // -1 is what sqlx itself writes where it took no time: the history has what a run took
    record: (table, { version, id, checksum }) =>
      `insert into ${quoteTable(table)} (version, description, success, checksum, execution_time) values (${BigInt(version)}, ${quoteText(descriptionOf(id))}, true, pg_catalog.decode(${quoteText(checksum)}, 'hex'), -1)`,
    erase,
    dirty: {
      explain: (version) => ({
        says: `version ${version} began and did not succeed`,
        hint: `sqlx stops at it too, and has no command for it. Make sure by hand that all of ${version} is there, or nothing of it, and say so: ${clearDirtyCommand(version)}`,
      }),
      // with the checksum of the file that is said to be there: sqlx stops at any other
      settle: (table, migration, as) =>
        as === 'reverted'
          ? erase(table, migration)
          : `update ${quoteTable(table)} set success = true, checksum = pg_catalog.decode(${quoteText(migration.checksum)}, 'hex') where version operator(pg_catalog.=) ${BigInt(migration.version)}::pg_catalog.int8`,
    },
    head: (table, _scope, without = []) => headOfVersions(`${quoteTable(table)} t where ${butNot('t.version::pg_catalog.text', without)}`),
  },
  outsideTransaction: '-- no-transaction',
  down: { beside: (path) => path.replace(/(?:\.up)?(\.sql)$/i, '.down$1') },
  numbersByTime: true,
  newFile: (name, _phase, version, hotfix) => ({
    name: `${version}_${name}.up.sql`,
    text: hotfix ? markLine('hotfix') : '',
    beside: { name: `${version}_${name}.down.sql`, text: '' },
  }),
}

/** What `sqlx migrate add` writes into a new file, and its own mark; the names alone could be those of other tools. */
const signs = /^-- (?:Add (?:up |down )?migration script here|no-transaction)/

const noTransaction = '-- no-transaction'

function createTable(table: TableName): string {
  return `create table if not exists ${quoteTable(table)} (version bigint primary key, description pg_catalog.text not null, installed_on timestamp with time zone not null default pg_catalog.now(), success boolean not null, checksum pg_catalog.bytea not null, execution_time bigint not null)`
}

function erase(table: TableName, { version }: Pick<Migration, 'version'>): string {
  return `delete from ${quoteTable(table)} where version operator(pg_catalog.=) ${BigInt(version)}::pg_catalog.int8`
}

type Kind = 'simple' | 'up' | 'down'

interface Named {
  readonly version: string
  readonly id: string
  readonly kind: Kind
}

function readSqlx(files: readonly SourceFile[], phase: Phase): Migration[] {
  const named = files.filter(isMigration).map((file) => ({ file, ...versionOf(file) }))
  const downs = new Map<string, SourceFile>()
  for (const { file, kind, version } of named) {
    if (kind !== 'down') continue
    const other = downs.get(version)
    if (other !== undefined)
      throw invalidMigration(file.path, `and ${other.path} are both the way back of version ${version}`, 'Keep one of them.')
    downs.set(version, file)
  }
  const migrations = named
    .filter(({ kind }) => kind !== 'down')
    .map(({ file, version, id }) => readMigration(file, { version, id, phase }, downs.get(version)))
  const orphan = named.find(({ kind, version }) => kind === 'down' && !migrations.some((one) => one.version === version))
  if (orphan !== undefined)
    throw invalidMigration(orphan.file.path, 'has no migration to take back', 'Add the .up.sql of the same version, or delete it.')
  return migrations
}

function readMigration(file: SourceFile, named: Pick<Migration, 'version' | 'id' | 'phase'>, down: SourceFile | undefined): Migration {
  const whole = readWhole({ file, down }, 'sqlx')
  const { hotfix, major } = readOwnMarks(whole)
  return {
    ...named,
    ...whole,
    checksum: createHash('sha384').update(file.bytes).digest('hex'),
    transactional: !whole.file.startsWith(noTransaction),
    ...(whole.down === undefined ? {} : { downTransactional: !whole.down.text.startsWith(noTransaction) }),
    hotfix,
    major,
  }
}

/** Whether sqlx would take the file. Throws for one that looks like a migration and would never run. */
function isMigration({ name, path }: SourceFile): boolean {
  if (nameOf(name) !== undefined) return true
  if (/^\+?\d.*\.sql$/i.test(name))
    throw invalidMigration(
      path,
      'would never run: sqlx leaves it out without a word',
      'Name it like 20260918120000_add_email.sql, with .sql in small letters.',
    )
  return false
}

/** What sqlx parts a name into: all before the first underscore, and the rest. */
function nameOf(fileName: string): { prefix: string; id: string; kind: Kind } | undefined {
  const at = fileName.indexOf('_')
  if (at < 0 || !fileName.slice(at + 1).endsWith('.sql')) return undefined
  const kind = fileName.endsWith('.up.sql') ? 'up' : fileName.endsWith('.down.sql') ? 'down' : 'simple'
  const id = fileName.replace({ simple: /(?:\.sql)+$/, up: /(?:\.up\.sql)+$/, down: /(?:\.down\.sql)+$/ }[kind], '')
  return { prefix: fileName.slice(0, at), id, kind }
}

function versionOf({ name, path }: SourceFile): Named {
  const { prefix, id, kind } = nameOf(name) as NonNullable<ReturnType<typeof nameOf>>
  const version = /^\+?\d+$/.test(prefix) ? BigInt(prefix) : undefined
  if (version === undefined || version >= 2n ** 63n)
    throw invalidMigration(
      path,
      'has no version: its name does not start with a number up to 9223372036854775807 and an underscore',
      'Name it like 20260918120000_add_email.sql, or move it out of the folder.',
    )
  return { version: version.toString(), id, kind }
}

function descriptionOf(id: string): string {
  return id.slice(id.indexOf('_') + 1).replaceAll('_', ' ')
}
