import { createHash } from 'node:crypto'
import { MappedText } from '../../sql/mapped-text.ts'
import { countedEvidence, invalidMigration, type Layout, textOf } from '../layout.ts'
import { type Migration, type Phase, repeatableVersion, type SourceFile } from '../migration.ts'
import { flywayChecksum } from './flyway/checksum.ts'
import { type FlywayName, flywayName } from './flyway/file-name.ts'
import { flywayLedger } from './flyway/ledger.ts'
import { lockKey } from './flyway/lock-key.ts'
import { type Replaced, replacePlaceholders, type Variables } from './flyway/placeholders.ts'
import { refuseUnread } from './flyway/refused.ts'
import { readScriptConfig } from './flyway/script-config.ts'
import { isTrue, refuseOtherSettings, refuseOtherVariables, settingsFiles, usualTable } from './flyway/settings.ts'
import { runsInTransaction } from './flyway/transaction.ts'
import { markLine, readMarks } from './marks.ts'
import { refuseWayBack } from './other-tools.ts'

/** Flyway: `V1.2__add_email.sql`, `U1.2__add_email.sql` for the way back, and `R__totals.sql`, which runs again when it changes. */
export const flyway: Layout = {
  name: 'flyway',
  nested: 'deep',
  recognizes(files) {
    const sql = files.filter(({ name }) => /\.sql$/i.test(name))
    const flat = sql.filter(({ name }) => !name.includes('/'))
    const shown = (flat.length === 0 ? sql : flat).map(({ name }) => name.split('/').at(-1) as string)
    const named = shown.filter((name) => name.includes('__') && flywayName(name) !== undefined)
    return countedEvidence(named.length, shown.length, 'are named V…__….sql or R__….sql')
  },
  read: readFlyway,
  settings: { files: settingsFiles, refuse: refuseOtherSettings },
  table: { schema: 'current', table: usualTable },
  tableVariable: 'FLYWAY_TABLE',
  tellTale: { columns: ['installed_rank', 'installed_by', 'execution_time', 'script'] },
  sharesTable: false,
  toleratesHoles: false,
  allowingHoles: 'flyway -outOfOrder=true migrate',
  toleratesMissing: 'newer',
  writtenByTool: true,
  hasBaseline: true,
  locks: (_database, table) => [lockKey(table)],
  ledger: flywayLedger,
  outsideTransaction: 'executeInTransaction=false in a .conf beside it',
  down: { beside: (path) => path.replace(/V(?=\d[^/]*$)/, 'U') },
  newFile: (name, _phase, version, hotfix) => ({ name: `V${version}__${name}.sql`, text: hotfix ? markLine('hotfix') : '' }),
}

interface NamedFile {
  readonly file: SourceFile
  readonly name: FlywayName
}

function readFlyway(files: readonly SourceFile[], phase: Phase, variables: Variables): Migration[] {
  refuseOtherVariables(variables)
  const configs = new Map(files.filter(({ name }) => /\.sql\.conf$/i.test(name)).map((file) => [file.name.slice(0, -'.conf'.length), file]))
  const named = files.flatMap((file): NamedFile[] => {
    const name = flywayName(file.name)
    if (name === undefined) refuseUnread(file)
    return name === undefined ? [] : [{ file, name }]
  })
  for (const { file, name } of named) refuseTooLong(file, name)
  const undos = new Map<string, SourceFile>()
  for (const { file, name } of named) {
    if (name.kind !== 'undo') continue
    const other = undos.get(name.version as string)
    if (other !== undefined)
      throw invalidMigration(file.path, `and ${other.path} are both the way back of version ${name.version}`, 'Keep one of them.')
    undos.set(name.version as string, file)
  }
  const migrations = named.filter(({ name }) => name.kind !== 'undo').map((one) => readMigration(one, { phase, variables, configs, undos }))
  refuseLeftOver(named, migrations, [...configs.values()])
  return migrations
}

interface Folder {
  readonly phase: Phase
  readonly variables: Variables
  readonly configs: ReadonlyMap<string, SourceFile>
  readonly undos: ReadonlyMap<string, SourceFile>
}

function readMigration({ file, name }: NamedFile, { phase, variables, configs, undos }: Folder): Migration {
  const config = configs.get(file.name)
  const up = readPart(file, config, variables)
  refuseWayBack(file.path, up.file, 'flyway')
  const undo = name.version === undefined ? undefined : undos.get(name.version)
  const down = undo && readPart(undo, configs.get(undo.name), variables)
  const marks = readMarks(up.file, file.path, ['hotfix', 'major'])
  const repeatable = name.version === undefined
  const kept = flywayChecksum(repeatable ? up.replaced.text.text : up.file)
  return {
    version: name.version ?? repeatableVersion(name.description, kept),
    id: name.id,
    phase,
    path: file.path,
    checksum: checksumOf(file, config),
    kept,
    keptName: name.description.replaceAll('_', ' '),
    file: up.file,
    // a placeholder may have lost its value when the migration has run
    get up() {
      return up.sql()
    },
    get down() {
      return down?.sql()
    },
    transactional: up.transactional,
    ...(down === undefined ? {} : { downTransactional: down.transactional }),
    downPath: undo?.path,
    hotfix: marks.has('hotfix'),
    major: marks.has('major'),
    ...(up.replaced.takesVariables || down?.replaced.takesVariables ? { takesVariables: true } : {}),
  }
}

interface Part {
  readonly file: string
  readonly replaced: Replaced
  readonly transactional: boolean
  /** Throws `missing-variable`, or `unsupported-migration` for a placeholder whose value Flyway alone knows. */
  sql(): MappedText
}

function readPart(file: SourceFile, config: SourceFile | undefined, variables: Variables): Part {
  const text = textOf(file)
  const { inTransaction, replaces } = readScriptConfig(config)
  const replaced: Replaced =
    (replaces ?? isTrue(variables.FLYWAY_PLACEHOLDER_REPLACEMENT || 'true'))
      ? replacePlaceholders({ path: file.path, name: file.name, text }, variables)
      : { text: MappedText.ofFile(text), takesVariables: false, missing: undefined }
  return {
    file: text,
    replaced,
    transactional: inTransaction ?? runsInTransaction(replaced.text, file.path, text, isTrue(variables.FLYWAY_MIXED)),
    sql() {
      if (replaced.missing !== undefined) throw replaced.missing
      return replaced.text
    },
  }
}

/** What an approval stands for: Flyway's own checksum can be met by another text. */
function checksumOf(file: SourceFile, config: SourceFile | undefined): string {
  const hash = createHash('sha256').update(file.bytes)
  return (config === undefined ? hash : hash.update('\0').update(config.bytes)).digest('hex')
}

function refuseTooLong({ path }: SourceFile, { written, description }: FlywayName): void {
  if (written.length > 50 || description.length > 200)
    throw invalidMigration(
      path,
      'has a name that the version table cannot hold',
      'A version has up to 50 characters, a description up to 200.',
    )
  if (/\s/.test(description)) throw invalidMigration(path, 'has white space in its name that is no plain space', 'Rename it.')
}

function refuseLeftOver(named: readonly NamedFile[], migrations: readonly Migration[], configs: readonly SourceFile[]): void {
  const undone = named.find(({ name }) => name.kind === 'undo' && !migrations.some(({ version }) => version === name.version))
  if (undone !== undefined)
    throw invalidMigration(undone.file.path, 'has no migration to take back', 'Add the V file of the same version, or delete it.')
  const config = configs.find(({ name }) => !named.some(({ file }) => name === `${file.name}.conf`))
  if (config !== undefined)
    throw invalidMigration(config.path, 'stands beside no file of its name', 'Name it like the migration, or delete it.')
  const repeatables = named.filter(({ name }) => name.kind === 'repeatable')
  const twice = repeatables.find(({ name }, at) => repeatables.slice(0, at).some((one) => one.name.description === name.description))
  if (twice !== undefined)
    throw invalidMigration(
      twice.file.path,
      'has the description of another repeatable migration, which Flyway refuses',
      'Rename one of them.',
    )
}
