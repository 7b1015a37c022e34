import { isBlank } from '../../sql/parse.ts'
import { countedEvidence, invalidMigration, type Layout } from '../layout.ts'
import { quoteTable, quoteText, type TableName } from '../ledger.ts'
import type { Migration, Phase, SourceFile } from '../migration.ts'
import { folderVersion } from '../migration-path.ts'
import { runsInTransaction } from './diesel/metadata.ts'
import { markLine } from './marks.ts'
import { numberInText, textVersions } from './text-versions.ts'
import { filesByFolder, readOwnMarks, readWhole } from './whole-files.ts'

/** diesel: a folder for each migration, `2026-09-18-120000_add_email`, with `up.sql`, `down.sql` and `metadata.toml`. */
export const diesel: Layout = {
  name: 'diesel',
  nested: true,
  recognizes(files) {
    const ups = files.filter(({ name }) => name.endsWith('/up.sql'))
    return countedEvidence(
      ups.filter(({ name }) => folderVersion(name) !== undefined).length,
      ups.length,
      'are up.sql in a numbered folder',
    )
  },
  read: readDiesel,
  table: { schema: undefined, table: '__diesel_schema_migrations' },
  sharesTable: true,
  toleratesHoles: true,
  toleratesMissing: true,
  writtenByTool: true,
  ledger: {
    create: createTable,
    createEmpty: createTable,
    // diesel writes the time without a zone, in its session's
    select: (table) =>
      `select ${numberInText('version')} as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, run_on::timestamp with time zone as applied_at from ${quoteTable(table)}`,
    record: (table, { id }) => `insert into ${quoteTable(table)} (version) values (${quoteText(writtenVersion(id))})`,
    ...textVersions,
  },
  outsideTransaction: 'run_in_transaction = false in metadata.toml',
  down: { beside: (path) => path.replace(/up(?=\.sql$)/, 'down') },
  numbersByTime: true,
  newFile: (name, _phase, version, hotfix) => ({
    name: `${version.replace(/^(\d{4})(\d\d)(\d\d)(\d{6})$/, '$1-$2-$3-$4')}_${name}/up.sql`,
    text: hotfix ? markLine('hotfix') : '',
    beside: { name: 'down.sql', text: '' },
  }),
}

function createTable(table: TableName): string {
  return `create table if not exists ${quoteTable(table)} (version varchar(50) primary key, run_on timestamp not null default current_timestamp)`
}

function writtenVersion(id: string): string {
  return (id.split('_')[0] as string).replaceAll('-', '')
}

function readDiesel(files: readonly SourceFile[], phase: Phase): Migration[] {
  const migrations = [...filesByFolder(files)].map(([id, held]) => readMigration(id, held, phase))
  refuseOtherOrder(migrations)
  return migrations
}

function readMigration(id: string, held: ReadonlyMap<string, SourceFile>, phase: Phase): Migration {
  const [file, down] = [held.get('up.sql'), held.get('down.sql')]
  const [some] = held.values()
  if (file === undefined)
    throw invalidMigration(some?.path ?? id, 'stands in a folder without up.sql; diesel stops at it', 'Add up.sql, or delete the folder.')
  const version = folderVersion(id)
  if (version === undefined)
    throw invalidMigration(
      file.path,
      'has no version: the name of its folder does not start with a number',
      'Name the folder like 2026-09-18-120000_add_email.',
    )
  const whole = readWhole({ file, down }, 'diesel')
  if (isBlank(whole.file))
    throw invalidMigration(file.path, 'holds no statement; diesel stops at it', 'Write the statements, or delete the folder.')
  const { hotfix, major } = readOwnMarks(whole)
  return { version, id, phase, ...whole, transactional: runsInTransaction(held.get('metadata.toml')), hotfix, major }
}

/** diesel sorts versions as text: 10 comes before 9 there. */
function refuseOtherOrder(migrations: readonly Migration[]): void {
  const lengths = new Map(migrations.map((one) => [writtenVersion(one.id).length, one]))
  const [one, other] = lengths.values()
  if (one === undefined || other === undefined) return
  throw invalidMigration(
    other.path,
    `has a version of another length than ${one.id}: diesel runs them in the order of their letters, not of their numbers`,
    'Give all folders versions of one length; a folder that ran keeps its number in the table, so rename only what has not run.',
  )
}
