import { ReleaseError } from '../../errors.ts'
import { checksumOf, countedEvidence, invalidMigration, type Layout, refuseByteOrderMark, textOf } from '../layout.ts'
import { quoteTable, quoteText, type TableName } from '../ledger.ts'
import type { Migration, Phase, SourceFile } from '../migration.ts'
import { holdsUp, readSections } from './dbmate/sections.ts'
import { markLine, readMarks } from './marks.ts'
import { misplacedByName } from './name-order.ts'
import { numberInText, textVersions } from './text-versions.ts'

/** dbmate: `20260131120000_add_email.sql`, with `-- migrate:up` and `-- migrate:down` in one file. */
export const dbmate: Layout = {
  name: 'dbmate',
  recognizes(files) {
    const sql = files.filter((file) => file.name.endsWith('.sql'))
    const marked = sql.filter((file) => holdsUp(new TextDecoder().decode(file.bytes)))
    return countedEvidence(marked.length, sql.length, 'carry -- migrate:up')
  },
  read: (files, phase) => files.filter(isMigration).map((file) => readMigration(file, phase)),
  refuseTogether: refuseOtherOrder,
  table: { schema: 'current', table: 'schema_migrations' },
  tableVariable: 'DBMATE_MIGRATIONS_TABLE',
  tellTale: { columns: ['version'], only: true },
  sharesTable: true,
  toleratesHoles: true,
  toleratesMissing: true,
  writtenByTool: true,
  ledger: {
    create: createTable,
    createEmpty: createTable,
    select: (table) =>
      `select ${numberInText('version')} as version, null::pg_catalog.text as phase, null::pg_catalog.text as checksum, null::timestamp with time zone as applied_at, version::pg_catalog.text as name from ${quoteTable(table)}`,
    record: (table, { id }) => `insert into ${quoteTable(table)} (version) values (${quoteText(digitsOf(id))})`,
    ...textVersions,
  },
  outsideTransaction: '-- migrate:up transaction:false',
  down: { section: '-- migrate:down' },
  numbersByTime: true,
  newFile: (name, _phase, version, hotfix) => ({
    name: `${version}_${name}.sql`,
    text: `${hotfix ? markLine('hotfix') : ''}-- migrate:up\n\n-- migrate:down\n`,
  }),
}

function createTable(table: TableName): string {
  return `create table if not exists ${quoteTable(table)} (version varchar primary key)`
}

function digitsOf(id: string): string {
  return /^\d+/.exec(id)?.[0] as string
}

/** Whether dbmate would take the file. Throws for one that has its marks and would never run. */
function isMigration(file: SourceFile): boolean {
  if (/^\d.*\.sql$/.test(file.name)) return true
  if (!/\.sql$/i.test(file.name) || !holdsUp(new TextDecoder().decode(file.bytes))) return false
  throw new ReleaseError(
    'invalid-migration',
    `${file.path} would never run: dbmate takes only names that start with a number and end with .sql.`,
    {
      at: file.path,
      hint: 'Name it like 20260131120000_add_email.sql, or move it out of the folder.',
    },
  )
}

/** dbmate sorts the names of all its folders together as text: 10_b.sql comes before 9_a.sql there. */
function refuseOtherOrder(migrations: readonly Migration[]): void {
  const found = misplacedByName(migrations)
  if (found === undefined) return
  throw invalidMigration(
    found.migration.path,
    `stands behind ${found.before.id}.sql, whose number is higher: dbmate runs them in the order of their letters, not of their numbers`,
    'Write the numbers with as many digits; where a file has run, change its version in the version table with it.',
  )
}

function readMigration(file: SourceFile, phase: Phase): Migration {
  refuseByteOrderMark(file, 'dbmate')
  const text = textOf(file)
  const id = file.name.slice(0, -'.sql'.length)
  const { up, down } = readSections(file.path, text)
  const marks = readMarks(text, file.path, ['hotfix', 'major'])
  return {
    version: BigInt(digitsOf(id)).toString(),
    keptName: digitsOf(id),
    id,
    phase,
    path: file.path,
    checksum: checksumOf(file),
    file: text,
    up: up.sql,
    down: down.sql,
    transactional: up.transactional,
    downTransactional: down.transactional,
    hotfix: marks.has('hotfix'),
    major: marks.has('major'),
  }
}
