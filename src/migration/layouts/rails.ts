import { crc32 } from 'node:zlib'
import { ReleaseError } from '../../errors.ts'
import { MappedText } from '../../sql/mapped-text.ts'
import { checksumOf, countedEvidence, type Layout, textOf } from '../layout.ts'
import { quoteTable, quoteText, type TableName } from '../ledger.ts'
import type { Migration, Phase, SourceFile } from '../migration.ts'
import { readMarks } from './marks.ts'
import { honourSkip } from './rails/post-migrations.ts'
import { numberInText, textVersions } from './text-versions.ts'

const generator = { pre: 'bin/rails generate migration', post: 'bin/rails generate post_migration' }
const salt = 2053462845n

/** Rails: `20260101000001_create_users.rb`, in Ruby, which nobody but the application itself can run. */
export const rails: Layout = {
  name: 'rails',
  nested: 'deep',
  runBy: {
    command: ['bin/rails', 'db:migrate'],
    downTask: 'db:migrate:down',
    generator,
    versionArgument: (version) => `VERSION=${version}`,
    targetVariable: 'VERSION',
    honourSkip,
  },
  recognizes(files) {
    const names = files.map(({ name }) => name.toLowerCase())
    // one stray file must not take a folder of SQL for its own
    if (names.some((name) => name.endsWith('.sql'))) return undefined
    const ruby = files.filter(({ name }) => name.endsWith('.rb'))
    const own = ruby.filter((file) => partsOf(file) !== undefined && isActiveRecord(file))
    return countedEvidence(own.length, ruby.length, 'are migrations of ActiveRecord')
  },
  read: (files, phase) => {
    const migrations = files.filter(isMigration).map((file) => readMigration(file, phase))
    refuseSameClass(migrations)
    return migrations
  },
  refuseTogether: refuseSameClass,
  table: { schema: undefined, table: 'schema_migrations' },
  tellTale: { columns: ['version'], only: true },
  sharesTable: true,
  toleratesHoles: true,
  toleratesMissing: true,
  writtenByTool: true,
  locks: (database) => [String(salt * BigInt(crc32(database)))],
  ledger: {
    create: createTable,
    createEmpty: createTable,
    select: (table) =>
      `select ${numberInText('version')} as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, null::timestamp with time zone as applied_at from ${quoteTable(table)}`,
    // Rails writes the number, without the leading zeros of the file's name
    record: (table, { version }) => `insert into ${quoteTable(table)} (version) values (${quoteText(version)})`,
    ...textVersions,
  },
  outsideTransaction: 'disable_ddl_transaction! in its class',
  numbersByTime: true,
  newFile: (name, phase, _version, hotfix) => {
    const printed = phase === 'pre' ? '' : '; "shiplock init" prints that generator'
    const marked = hotfix ? ', and put the line "# shiplock: hotfix" at its top' : ''
    throw new ReleaseError('invalid-input', 'Migrations of Rails are written in Ruby; Shiplock makes none.', {
      hint: `Make it with ${generator[phase]} ${name}${printed}${marked}.`,
    })
  },
}

function createTable(table: TableName): string {
  return `create table if not exists ${quoteTable(table)} (version varchar not null primary key)`
}

function isActiveRecord({ bytes }: SourceFile): boolean {
  return new TextDecoder().decode(bytes).includes('ActiveRecord::Migration')
}

/** What Rails parts a file's name into; the last is the engine that the file was copied from. */
function partsOf({ name }: SourceFile): { version: string; className: string; id: string } | undefined {
  const fileName = name.split('/').at(-1) as string
  const [, version, snake = ''] = /^([0-9]+)_([_a-z0-9]*)\.?([_a-z0-9]*)?\.rb$/.exec(fileName) ?? []
  if (version === undefined) return undefined
  return { version: BigInt(version).toString(), className: camelized(snake), id: fileName.slice(0, -'.rb'.length) }
}

function camelized(snake: string): string {
  return snake
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

/** Whether Rails would take the file. Throws for one at which Rails stops, and for a migration that would never run. */
function isMigration(file: SourceFile): boolean {
  if (partsOf(file) !== undefined) return true
  const fileName = file.name.split('/').at(-1) as string
  const isTaken = /^[0-9].*_.*\.rb$/.test(fileName)
  if (!isTaken && !(fileName.endsWith('.rb') && isActiveRecord(file))) return false
  throw new ReleaseError(
    'invalid-migration',
    isTaken
      ? `${file.path} has a name at which Rails stops: only small letters, digits and underscores follow the number.`
      : `${file.path} would never run: Rails takes only names that start with a number and an underscore.`,
    { at: file.path, hint: 'Name it like 20260131120000_add_email_to_users.rb, or move it out of the folder.' },
  )
}

function readMigration(file: SourceFile, phase: Phase): Migration {
  const { version, id } = partsOf(file) as NonNullable<ReturnType<typeof partsOf>>
  const text = textOf(file)
  const marks = readMarks(text, file.path, ['hotfix', 'major'], '#')
  return {
    version,
    id,
    phase,
    path: file.path,
    checksum: checksumOf(file),
    file: text,
    up: MappedText.ofFile(text, 0, 0),
    down: undefined,
    transactional: !/^[ \t]*disable_ddl_transaction!/m.test(text),
    hotfix: marks.has('hotfix'),
    major: marks.has('major'),
    notSql: 'Ruby',
  }
}

/** Rails reads both folders at once and stops when two files stand for one class, whatever their numbers are. */
function refuseSameClass(migrations: readonly Migration[]): void {
  const seen = new Map<string, Migration>()
  for (const migration of migrations) {
    const { className } = partsOf({ name: `${migration.id}.rb` } as SourceFile) as NonNullable<ReturnType<typeof partsOf>>
    const other = seen.get(className)
    seen.set(className, migration)
    if (other === undefined) continue
    throw new ReleaseError(
      'invalid-migration',
      `${other.path} and ${migration.path} are both of the class ${className}; Rails stops at it.`,
      {
        at: migration.path,
        hint: 'Give the newer file and its class a name of their own.',
      },
    )
  }
}
