import { ReleaseError } from '../../errors.ts'
import { MappedText } from '../../sql/mapped-text.ts'
import { checksumOf, countedEvidence, type Layout, numberedName, textOf } from '../layout.ts'
import { butNot, type LedgerScope, quoteTable, quoteText, type TableName } from '../ledger.ts'
import type { Migration, Phase, SourceFile } from '../migration.ts'
import { markLine, readMarks } from './marks.ts'
import { refuseOtherTools } from './other-tools.ts'

/** Shiplock's own layout: `0007_add_email.sql`, and `0007_add_email.down.sql` beside it for the way back. */
export const plain: Layout = {
  name: 'plain',
  recognizes(files) {
    const sql = files.filter((file) => file.name.toLowerCase().endsWith('.sql'))
    const numbered = sql.filter((file) => numberedName(file.name) !== undefined)
    return countedEvidence(numbered.length, sql.length, 'have a number and the mark of no tool')
  },
  knownByNames: true,
  read: readPlain,
  table: { schema: 'state', table: 'ledger' },
  sharesTable: true,
  toleratesHoles: true,
  toleratesMissing: true,
  writtenByTool: false,
  ledger: {
    create: createTable,
    createEmpty: createTable,
    select: (table, scope) => `select version, phase, checksum, applied_at from ${quoteTable(table)} where ${ofProject(scope)}`,
    record: (table, migration, scope) =>
      `insert into ${quoteTable(table)} (project, version, name, phase, checksum) values (${[scope.project, migration.version, migration.id, migration.phase, migration.checksum].map(quoteText).join(', ')})`,
    erase: (table, { version }, scope) =>
      `delete from ${quoteTable(table)} where ${ofProject(scope)} and version operator(pg_catalog.=) ${quoteText(version)}`,
    head: (table, scope, without = []) =>
      `select pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.date_part('epoch', pg_catalog.max(applied_at))) from ${quoteTable(table)} where ${ofProject(scope)} and ${butNot('version', without)}`,
  },
  outsideTransaction: '-- shiplock: no-transaction',
  down: { beside: (path) => path.replace(/(\.sql)$/i, '.down$1') },
  newFile: (name, _phase, version, hotfix) => ({ name: `${version}_${name}.sql`, text: hotfix ? markLine('hotfix') : '' }),
}

function createTable(table: TableName): string {
  return `create table if not exists ${quoteTable(table)} (project text not null, version text not null, name text not null, phase text not null, checksum text not null, applied_at timestamptz not null default pg_catalog.clock_timestamp(), primary key (project, version))`
}

const downEnding = /\.down\.sql$/i

function readPlain(files: readonly SourceFile[], phase: Phase): Migration[] {
  const downs = new Map(files.filter((file) => downEnding.test(file.name)).map((file) => [file.name.replace(downEnding, ''), file]))
  const migrations: Migration[] = []
  for (const file of files) {
    if (downEnding.test(file.name) || !file.name.toLowerCase().endsWith('.sql')) continue
    const numbered = numberedName(file.name)
    if (numbered === undefined) {
      throw new ReleaseError('invalid-migration', `${file.path} has no version: its name does not start with a number.`, {
        hint: 'Name it like 0007_add_email.sql, or move it out of the folder.',
      })
    }
    const text = textOf(file)
    refuseOtherTools(file.path, text)
    const marks = readMarks(text, file.path, ['no-transaction', 'hotfix', 'major'])
    const down = downs.get(numbered.id)
    downs.delete(numbered.id)
    migrations.push({
      ...numbered,
      phase,
      path: file.path,
      checksum: checksumOf(file),
      file: text,
      up: MappedText.ofFile(text),
      down: down === undefined ? undefined : MappedText.ofFile(textOf(down)),
      downPath: down?.path,
      transactional: !marks.has('no-transaction'),
      hotfix: marks.has('hotfix'),
      major: marks.has('major'),
    })
  }
  const [orphan] = downs.values()
  if (orphan !== undefined) {
    throw new ReleaseError('invalid-migration', `${orphan.path} has no migration to take back.`, {
      hint: `Add ${orphan.name.replace(downEnding, '.sql')} beside it, or delete it.`,
    })
  }
  return migrations
}

function ofProject({ project }: LedgerScope): string {
  return `project operator(pg_catalog.=) ${quoteText(project)}`
}
